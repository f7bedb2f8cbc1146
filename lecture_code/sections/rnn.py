"""The simple RNN: one matrix, one bias, one activation, repeated over time."""

from lecture_code.core.checks import checked
from lecture_code.core.ops import Array, affine, concat, relu, sigmoid, tanh
from lecture_code.core.weights import Bias, Matrix, Weights, container


@container(h="hidden")
class RNNWeights(Weights):
    """Weights of a simple RNN.

    Attributes:
        W: matrix that reads $[X_t, h_{t-1}]$, shape `(hidden, input + hidden)`.
        b: bias, shape `(hidden,)`.
    """

    W: Matrix
    b: Bias


@checked
def rnn_step(x: Array, h: Array, weights: RNNWeights) -> Array:
    r"""One step of the simple RNN, as one product with the concatenated input and state.

    $$
    h_t = \tanh(W [X_t, h_{t-1}] + b)
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.
        weights: `RNNWeights(W, b)`.

    Returns:
        The new state $h_t$, shape `(..., hidden)`.
    """
    W, b = weights
    h_next = tanh(affine(W, concat(x, h), b))
    return h_next


@checked
def rnn_relu_step(x: Array, h: Array, weights: RNNWeights) -> Array:
    r"""One step of the simple RNN with a rectifier in place of tanh, as torch offers it too.

    $$
    h_t = \operatorname{ReLU}(W [X_t, h_{t-1}] + b)
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.
        weights: `RNNWeights(W, b)`.

    Returns:
        The new state $h_t$, shape `(..., hidden)`.
    """
    W, b = weights
    h_next = relu(affine(W, concat(x, h), b))
    return h_next


@checked
def rnn_sigmoid_step(x: Array, h: Array, weights: RNNWeights) -> Array:
    r"""One step of the simple RNN with the slides' σ read to the letter, as the logistic function.

    $$
    h_t = \sigma(W [X_t, h_{t-1}] + b)
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.
        weights: `RNNWeights(W, b)`.

    Returns:
        The new state $h_t$, shape `(..., hidden)`.
    """
    W, b = weights
    h_next = sigmoid(affine(W, concat(x, h), b))
    return h_next

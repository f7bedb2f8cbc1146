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

    Examples:
        >>> import numpy as np
        >>> from lecture_code import RNNWeights
        >>> RNNWeights(W=np.zeros((4, 7)), b=np.zeros(4)).sizes()
        {'hidden': 4, 'input': 3}
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

    Examples:
        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_step
        >>> weights = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1))
        >>> rnn_step(np.array([0.3]), np.array([0.2]), weights).round(3)  # tanh(1/2)
        array([0.462])
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

    Examples:
        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_relu_step
        >>> weights = RNNWeights(W=np.array([[1.0, -1.0]]), b=np.zeros(1))
        >>> rnn_relu_step(np.array([[3.0], [1.0]]), np.array([[1.0], [3.0]]), weights)
        array([[2.],
               [0.]])
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

    Examples:
        Where tanh gives 0, σ gives 1/2:

        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_sigmoid_step
        >>> weights = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1))
        >>> rnn_sigmoid_step(np.array([0.3]), np.array([-0.3]), weights)
        array([0.5])
    """
    W, b = weights
    h_next = sigmoid(affine(W, concat(x, h), b))
    return h_next

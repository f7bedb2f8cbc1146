"""A new state from the input and the old state: two ways to write it, one result."""

from typing import Annotated

from lecture_code.core.checks import checked
from lecture_code.core.layers import DenseWeights
from lecture_code.core.ops import Array, affine, linear, sigmoid, tanh
from lecture_code.core.weights import Bias, Weights, container


@container(h="hidden")
class RNNSplitWeights(Weights):
    """Weights of a simple RNN with one matrix for the input and one for the state.

    Attributes:
        W_x: matrix that reads $X_t$, shape `(hidden, input)`.
        W_h: matrix that reads $h_{t-1}$, shape `(hidden, hidden)`.
        b: bias, shape `(hidden,)`.

    Examples:
        >>> from lecture_code import RNNSplitWeights
        >>> weights = RNNSplitWeights.init(input_size=3, hidden_size=4, seed=1)
        >>> weights.W_x.shape, weights.W_h.shape
        ((4, 3), (4, 4))
    """

    W_x: Annotated[Array, "hidden, input"]
    W_h: Annotated[Array, "hidden, hidden"]
    b: Bias


def dense(X: Array, weights: DenseWeights) -> Array:
    r"""A dense layer: an affine map, then the logistic function.

    $$
    y = \sigma(W X + b)
    $$

    Args:
        X: input $X$, shape `(..., input)`.
        weights: `DenseWeights(W, b)`.

    Returns:
        The output $y$, shape `(..., hidden)`.

    Raises:
        ValueError: if `X` does not have as many features as `W` has columns.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import DenseWeights, dense
        >>> weights = DenseWeights(W=np.array([[1.0, -1.0]]), b=np.zeros(1))
        >>> dense(np.array([2.0, 2.0]), weights)
        array([0.5])
    """
    W, b = weights
    y = sigmoid(affine(W, X, b))
    return y


@checked
def rnn_split_step(x: Array, h: Array, weights: RNNSplitWeights) -> Array:
    r"""One step of the simple RNN, as two products: one with the input, one with the state.

    $$
    h_t = \tanh(W_x X_t + W_h h_{t-1} + b)
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.
        weights: `RNNSplitWeights(W_x, W_h, b)`.

    Returns:
        The new state $h_t$, shape `(..., hidden)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import RNNSplitWeights, rnn_split_step
        >>> weights = RNNSplitWeights(W_x=np.ones((1, 1)), W_h=np.ones((1, 1)), b=np.zeros(1))
        >>> rnn_split_step(np.array([0.3]), np.array([0.2]), weights).round(3)  # tanh(1/2)
        array([0.462])
    """
    W_x, W_h, b = weights
    h_next = tanh(linear(W_x, x) + linear(W_h, h) + b)
    return h_next

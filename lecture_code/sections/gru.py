"""The full GRU: one gate for what the state keeps, one for what the candidate may read."""

from typing import Annotated

from lecture_code.core.checks import checked
from lecture_code.core.ops import Array, affine, concat, sigmoid, tanh
from lecture_code.core.weights import Bias, Matrix, Weights, container


@container(h="hidden")
class GRUWeights(Weights):
    r"""Weights of the GRU of the slides, which resets the state before the product.

    Attributes:
        W_u: matrix of the update gate, shape `(hidden, input + hidden)`.
        b_u: bias of the update gate, shape `(hidden,)`.
        W_r: matrix of the reset gate, shape `(hidden, input + hidden)`.
        b_r: bias of the reset gate, shape `(hidden,)`.
        W_h: matrix of the candidate state, shape `(hidden, input + hidden)`.
        b_h: bias of the candidate state, shape `(hidden,)`.

    Examples:
        Three matrices and three biases: 3 × (4 × 7 + 4) numbers.

        >>> from lecture_code import GRUWeights
        >>> weights = GRUWeights.init(input_size=3, hidden_size=4, seed=1)
        >>> weights.W_u.shape, sum(array.size for array in weights)
        ((4, 7), 96)
    """

    W_u: Matrix
    b_u: Bias
    W_r: Matrix
    b_r: Bias
    W_h: Matrix
    b_h: Bias


@container(h="hidden")
class GRUResetAfterWeights(Weights):
    r"""Weights of the GRU of torch and cuDNN, which resets after the product.

    The candidate has its input part and its state part apart, each with a bias. The bias $b_{hh}$
    stands inside what the reset gate multiplies, so the two cannot be added into one. (torch calls
    it the last third of `bias_hh_l0`, and in its formula $b_{hn}$.)

    Attributes:
        W_u: matrix of the update gate, shape `(hidden, input + hidden)`.
        b_u: bias of the update gate, shape `(hidden,)`.
        W_r: matrix of the reset gate, shape `(hidden, input + hidden)`.
        b_r: bias of the reset gate, shape `(hidden,)`.
        W_hx: matrix of the candidate that reads the input, shape `(hidden, input)`.
        b_hx: bias of the candidate outside the reset, shape `(hidden,)`.
        W_hh: matrix of the candidate that reads the state, shape `(hidden, hidden)`.
        b_hh: bias of the candidate inside the reset, shape `(hidden,)`.

    Examples:
        The second bias of the candidate makes it 4 numbers more than in `GRUWeights`:

        >>> from lecture_code import GRUResetAfterWeights
        >>> weights = GRUResetAfterWeights.init(input_size=3, hidden_size=4, seed=1)
        >>> sum(array.size for array in weights)
        100
    """

    W_u: Matrix
    b_u: Bias
    W_r: Matrix
    b_r: Bias
    W_hx: Annotated[Array, "hidden, input"]
    b_hx: Bias
    W_hh: Annotated[Array, "hidden, hidden"]
    b_hh: Bias


@checked
def gru_step(x: Array, h: Array, weights: GRUWeights) -> Array:
    r"""One step of the full GRU as the slides have it: the reset comes before the product.

    $$
    \begin{aligned}
    \Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\
    \Gamma_r &= \sigma(W_r [X_t, h_{t-1}] + b_r) \\
    \tilde{h}_t &= \tanh(W_h [X_t, \Gamma_r \otimes h_{t-1}] + b_h) \\
    h_t &= \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u) \otimes \tilde{h}_t
    \end{aligned}
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.
        weights: `GRUWeights(W_u, b_u, W_r, b_r, W_h, b_h)`.

    Returns:
        The new state $h_t$, shape `(..., hidden)`.

    Examples:
        With weights of 0 the update gate is 1/2 and the candidate 0, so half of the state stays:

        >>> import numpy as np
        >>> from lecture_code import GRUWeights, gru_step
        >>> weights = GRUWeights(*[np.zeros((1, 2)), np.zeros(1)] * 3)
        >>> gru_step(np.ones(1), np.array([0.8]), weights)
        array([0.4])
    """
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    update = sigmoid(affine(W_u, concat(x, h), b_u))
    reset = sigmoid(affine(W_r, concat(x, h), b_r))
    candidate = tanh(affine(W_h, concat(x, reset * h), b_h))
    h_next = update * h + (1 - update) * candidate
    return h_next


@checked
def gru_reset_after_step(x: Array, h: Array, weights: GRUResetAfterWeights) -> Array:
    r"""One step of the GRU as torch and cuDNN have it: the reset comes after the product.

    $$
    \begin{aligned}
    \Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\
    \Gamma_r &= \sigma(W_r [X_t, h_{t-1}] + b_r) \\
    \tilde{h}_t &= \tanh(W_{hx} X_t + b_{hx} + \Gamma_r \otimes (W_{hh} h_{t-1} + b_{hh})) \\
    h_t &= \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u) \otimes \tilde{h}_t
    \end{aligned}
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.
        weights: `GRUResetAfterWeights(W_u, b_u, W_r, b_r, W_hx, b_hx, W_hh, b_hh)`.

    Returns:
        The new state $h_t$, shape `(..., hidden)`.

    Examples:
        An update gate of 1 keeps the state:

        >>> import numpy as np
        >>> from lecture_code import GRUResetAfterWeights, gru_reset_after_step
        >>> weights = GRUResetAfterWeights.init(input_size=1, hidden_size=1, seed=1)
        >>> weights = weights._replace(b_u=np.array([1000.0]))
        >>> gru_reset_after_step(np.ones(1), np.array([0.8]), weights)
        array([0.8])
    """
    W_u, b_u, W_r, b_r, W_hx, b_hx, W_hh, b_hh = weights
    update = sigmoid(affine(W_u, concat(x, h), b_u))
    reset = sigmoid(affine(W_r, concat(x, h), b_r))
    candidate = tanh(affine(W_hx, x, b_hx) + reset * affine(W_hh, h, b_hh))
    h_next = update * h + (1 - update) * candidate
    return h_next

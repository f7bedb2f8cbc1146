"""The full GRU with packed weights: one dense layer gives both gates at once."""

from typing import Annotated

from lecture_code.core.checks import checked
from lecture_code.core.ops import Array, affine, concat, sigmoid, split, tanh
from lecture_code.core.weights import Bias, Weights, container


@container(h="hidden")
class GRUPackedWeights(Weights):
    r"""Weights of the GRU in Trax's layout: two dense layers, features in rows, units in columns.

    Attributes:
        W_1: both gates side by side, update first, shape `(input + hidden, hidden + hidden)`.
        b_1: biases of both gates, update first, shape `(hidden + hidden,)`.
        W_2: the candidate state, shape `(input + hidden, hidden)`.
        b_2: bias of the candidate state, shape `(hidden,)`.

    Examples:
        >>> from lecture_code import GRUPackedWeights
        >>> weights = GRUPackedWeights.init(input_size=3, hidden_size=4, seed=1)
        >>> weights.W_1.shape, weights.W_2.shape
        ((7, 8), (7, 4))
    """

    W_1: Annotated[Array, "input + hidden, hidden + hidden"]
    b_1: Annotated[Array, "hidden + hidden"]
    W_2: Annotated[Array, "input + hidden, hidden"]
    b_2: Bias


@checked
def gru_packed_step(x: Array, h: Array, weights: GRUPackedWeights) -> Array:
    r"""One step of the full GRU with both gates from one product.

    $$
    \begin{aligned}
    [\Gamma_u, \Gamma_r] &= \sigma(W_1^\top [X_t, h_{t-1}] + b_1) \\
    \tilde{h}_t &= \tanh(W_2^\top [X_t, \Gamma_r \otimes h_{t-1}] + b_2) \\
    h_t &= \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u) \otimes \tilde{h}_t
    \end{aligned}
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.
        weights: `GRUPackedWeights(W_1, b_1, W_2, b_2)`.

    Returns:
        The new state $h_t$, shape `(..., hidden)`.

    Examples:
        The first half of `b_1` is the update gate's. At 1 this gate keeps the state:

        >>> import numpy as np
        >>> from lecture_code import GRUPackedWeights, gru_packed_step
        >>> weights = GRUPackedWeights.init(input_size=1, hidden_size=1, seed=1)
        >>> weights = weights._replace(b_1=np.array([1000.0, 0.0]))
        >>> gru_packed_step(np.ones(1), np.array([0.8]), weights)
        array([0.8])
    """
    W_1, b_1, W_2, b_2 = weights
    update, reset = split(sigmoid(affine(W_1.T, concat(x, h), b_1)))
    candidate = tanh(affine(W_2.T, concat(x, reset * h), b_2))
    h_next = update * h + (1 - update) * candidate
    return h_next

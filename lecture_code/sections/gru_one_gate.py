"""The GRU with one gate: keep the old state, or take a new one."""

from lecture_code.core.checks import checked
from lecture_code.core.ops import Array, affine, concat, sigmoid, tanh
from lecture_code.core.weights import Bias, Matrix, Weights, container


@container(h="hidden")
class OneGateGRUWeights(Weights):
    r"""Weights of the GRU with one gate.

    Attributes:
        W_g: matrix of the gate, $W_\Gamma$, shape `(hidden, input + hidden)`.
        b_g: bias of the gate, $b_\Gamma$, shape `(hidden,)`.
        W_h: matrix of the candidate state, shape `(hidden, input + hidden)`.
        b_h: bias of the candidate state, shape `(hidden,)`.

    Examples:
        A bias of 40 holds the gate at 1:

        >>> import numpy as np
        >>> from lecture_code import OneGateGRUWeights
        >>> weights = OneGateGRUWeights.init(input_size=3, hidden_size=2, seed=1)
        >>> weights._replace(b_g=np.array([40.0, 40.0])).b_g
        array([40., 40.])
    """

    W_g: Matrix
    b_g: Bias
    W_h: Matrix
    b_h: Bias


@checked
def gru_one_gate_step(x: Array, h: Array, weights: OneGateGRUWeights) -> Array:
    r"""One step of the GRU with one gate: a mixture of the old state and a candidate.

    $$
    \begin{aligned}
    \Gamma &= \sigma(W_{\Gamma} [X_t, h_{t-1}] + b_{\Gamma}) \\
    \tilde{h}_t &= \tanh(W_h [X_t, h_{t-1}] + b_h) \\
    h_t &= \Gamma \otimes h_{t-1} + (1 - \Gamma) \otimes \tilde{h}_t
    \end{aligned}
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.
        weights: `OneGateGRUWeights(W_g, b_g, W_h, b_h)`.

    Returns:
        The new state $h_t$, shape `(..., hidden)`.

    Examples:
        With weights of 0 the gate is 1/2 and the candidate 0, so half of the state stays:

        >>> import numpy as np
        >>> from lecture_code import OneGateGRUWeights, gru_one_gate_step
        >>> weights = OneGateGRUWeights(*[np.zeros((1, 2)), np.zeros(1)] * 2)
        >>> gru_one_gate_step(np.ones(1), np.array([0.8]), weights)
        array([0.4])
    """
    W_g, b_g, W_h, b_h = weights
    gate = sigmoid(affine(W_g, concat(x, h), b_g))
    candidate = tanh(affine(W_h, concat(x, h), b_h))
    h_next = gate * h + (1 - gate) * candidate
    return h_next

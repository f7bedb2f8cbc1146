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
    """
    W_g, b_g, W_h, b_h = weights
    gate = sigmoid(affine(W_g, concat(x, h), b_g))
    candidate = tanh(affine(W_h, concat(x, h), b_h))
    h_next = gate * h + (1 - gate) * candidate
    return h_next

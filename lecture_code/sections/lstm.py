"""The LSTM: a memory that is only added to, and three gates around it."""

from typing import Annotated

from lecture_code.core.checks import checked
from lecture_code.core.ops import Array, affine, concat, linear, sigmoid, tanh
from lecture_code.core.weights import Bias, Matrix, Weights, container


@container(h="hidden", c="hidden")
class LSTMWeights(Weights):
    r"""Weights of the LSTM.

    Attributes:
        W_u: matrix of the update gate (elsewhere: output gate), shape `(hidden, input + hidden)`.
        b_u: bias of the update gate, shape `(hidden,)`.
        W_i: matrix of the input gate, shape `(hidden, input + hidden)`.
        b_i: bias of the input gate, shape `(hidden,)`.
        W_f: matrix of the forget gate, shape `(hidden, input + hidden)`.
        b_f: bias of the forget gate, shape `(hidden,)`.
        W_c: matrix of the candidate, shape `(hidden, input + hidden)`.
        b_c: bias of the candidate, shape `(hidden,)`.

    Examples:
        Four matrices and four biases: 4 × (4 × 7 + 4) numbers.

        >>> from lecture_code import LSTMWeights
        >>> weights = LSTMWeights.init(input_size=3, hidden_size=4, seed=1)
        >>> weights.W_f.shape, sum(array.size for array in weights)
        ((4, 7), 128)
    """

    W_u: Matrix
    b_u: Bias
    W_i: Matrix
    b_i: Bias
    W_f: Matrix
    b_f: Bias
    W_c: Matrix
    b_c: Bias


ProjectedMatrix = Annotated[Array, "hidden, input + projection"]


@container(h="projection", c="hidden")
class LSTMProjectedWeights(Weights):
    r"""Weights of the LSTM whose hidden state is a projection, torch's `proj_size`.

    Attributes:
        W_u: matrix of the update gate, shape `(hidden, input + projection)`.
        b_u: bias of the update gate, shape `(hidden,)`.
        W_i: matrix of the input gate, shape `(hidden, input + projection)`.
        b_i: bias of the input gate, shape `(hidden,)`.
        W_f: matrix of the forget gate, shape `(hidden, input + projection)`.
        b_f: bias of the forget gate, shape `(hidden,)`.
        W_c: matrix of the candidate, shape `(hidden, input + projection)`.
        b_c: bias of the candidate, shape `(hidden,)`.
        W_p: matrix that projects the output, shape `(projection, hidden)`.

    Examples:
        >>> from lecture_code import LSTMProjectedWeights
        >>> weights = LSTMProjectedWeights.init(input_size=3, hidden_size=4, projection=2, seed=1)
        >>> weights.W_f.shape, weights.W_p.shape
        ((4, 5), (2, 4))
    """

    W_u: ProjectedMatrix
    b_u: Bias
    W_i: ProjectedMatrix
    b_i: Bias
    W_f: ProjectedMatrix
    b_f: Bias
    W_c: ProjectedMatrix
    b_c: Bias
    W_p: Annotated[Array, "projection, hidden"]


@checked
def lstm_step(x: Array, state: tuple[Array, Array], weights: LSTMWeights) -> tuple[Array, Array]:
    r"""One step of the LSTM: forget, add, and show a part.

    $$
    \begin{aligned}
    \Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\
    \Gamma_i &= \sigma(W_i [X_t, h_{t-1}] + b_i) \\
    \Gamma_f &= \sigma(W_f [X_t, h_{t-1}] + b_f) \\
    \tilde{h} &= \Gamma_i \otimes \tanh(W_c [X_t, h_{t-1}] + b_c) \\
    C_t &= \Gamma_f \otimes C_{t-1} + \tilde{h} \\
    h_t &= \Gamma_u \otimes \tanh C_t
    \end{aligned}
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        state: hidden state $h_{t-1}$ and memory $C_{t-1}$, each of shape `(..., hidden)`.
        weights: `LSTMWeights(W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c)`.

    Returns:
        The new state $(h_t, C_t)$, each of shape `(..., hidden)`.

    Examples:
        With weights of 0 every gate is 1/2, and half of the memory stays:

        >>> import numpy as np
        >>> from lecture_code import LSTMWeights, lstm_step
        >>> weights = LSTMWeights(*[np.zeros((1, 2)), np.zeros(1)] * 4)
        >>> h, c = lstm_step(np.ones(1), (np.zeros(1), np.ones(1)), weights)
        >>> print(h.round(3), c)  # 1/2 tanh(1/2), 1/2
        [0.231] [0.5]
    """
    W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c = weights
    h, c = state
    update = sigmoid(affine(W_u, concat(x, h), b_u))
    input_ = sigmoid(affine(W_i, concat(x, h), b_i))
    forget = sigmoid(affine(W_f, concat(x, h), b_f))
    candidate = input_ * tanh(affine(W_c, concat(x, h), b_c))
    c_next = forget * c + candidate
    h_next = update * tanh(c_next)
    return h_next, c_next


@checked
def lstm_literal_step(
    x: Array, state: tuple[Array, Array], weights: LSTMWeights
) -> tuple[Array, Array]:
    r"""One step of the LSTM with the slide read to the letter: the memory handed on is a tanh.

    $$
    \begin{aligned}
    \Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\
    \Gamma_i &= \sigma(W_i [X_t, h_{t-1}] + b_i) \\
    \Gamma_f &= \sigma(W_f [X_t, h_{t-1}] + b_f) \\
    \tilde{h} &= \Gamma_i \otimes \tanh(W_c [X_t, h_{t-1}] + b_c) \\
    \tilde{C} &= \tanh(\Gamma_f \otimes C + \tilde{h}) \\
    h_t &= \Gamma_u \otimes \tilde{C}
    \end{aligned}
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        state: hidden state $h_{t-1}$ and context $C$, each of shape `(..., hidden)`.
        weights: `LSTMWeights(W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c)`.

    Returns:
        The new state $(h_t, \tilde{C})$, each of shape `(..., hidden)`.

    Examples:
        With weights of 0 every gate is 1/2, and the tanh of half of the context is handed on:

        >>> import numpy as np
        >>> from lecture_code import LSTMWeights, lstm_literal_step
        >>> weights = LSTMWeights(*[np.zeros((1, 2)), np.zeros(1)] * 4)
        >>> h, c = lstm_literal_step(np.ones(1), (np.zeros(1), np.ones(1)), weights)
        >>> print(h.round(3), c.round(3))  # 1/2 tanh(1/2), tanh(1/2)
        [0.231] [0.462]
    """
    W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c = weights
    h, c = state
    update = sigmoid(affine(W_u, concat(x, h), b_u))
    input_ = sigmoid(affine(W_i, concat(x, h), b_i))
    forget = sigmoid(affine(W_f, concat(x, h), b_f))
    candidate = input_ * tanh(affine(W_c, concat(x, h), b_c))
    c_next = tanh(forget * c + candidate)
    h_next = update * c_next
    return h_next, c_next


@checked
def lstm_projected_step(
    x: Array, state: tuple[Array, Array], weights: LSTMProjectedWeights
) -> tuple[Array, Array]:
    r"""One step of the LSTM with a projected hidden state: fewer numbers to hand on and to read.

    $$
    \begin{aligned}
    \Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\
    \Gamma_i &= \sigma(W_i [X_t, h_{t-1}] + b_i) \\
    \Gamma_f &= \sigma(W_f [X_t, h_{t-1}] + b_f) \\
    \tilde{h} &= \Gamma_i \otimes \tanh(W_c [X_t, h_{t-1}] + b_c) \\
    C_t &= \Gamma_f \otimes C_{t-1} + \tilde{h} \\
    h_t &= W_p (\Gamma_u \otimes \tanh C_t)
    \end{aligned}
    $$

    Source: Sak, Senior and Beaufays (2014), without their peepholes.

    Args:
        x: input $X_t$, shape `(..., input)`.
        state: hidden state $h_{t-1}$, shape `(..., projection)`, and memory $C_{t-1}$, shape
            `(..., hidden)`.
        weights: `LSTMProjectedWeights(W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c, W_p)`.

    Returns:
        The new state $(h_t, C_t)$, of shapes `(..., projection)` and `(..., hidden)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import LSTMProjectedWeights, lstm_projected_step
        >>> weights = LSTMProjectedWeights.init(input_size=3, hidden_size=4, projection=2, seed=1)
        >>> h, c = lstm_projected_step(np.ones(3), (np.zeros(2), np.zeros(4)), weights)
        >>> h.shape, c.shape
        ((2,), (4,))
    """
    W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c, W_p = weights
    h, c = state
    update = sigmoid(affine(W_u, concat(x, h), b_u))
    input_ = sigmoid(affine(W_i, concat(x, h), b_i))
    forget = sigmoid(affine(W_f, concat(x, h), b_f))
    candidate = input_ * tanh(affine(W_c, concat(x, h), b_c))
    c_next = forget * c + candidate
    h_next = linear(W_p, update * tanh(c_next))
    return h_next, c_next

r"""How a recurrent network learns: the gradient, step by step from the end to the beginning.

The forward pass keeps what each step computed. Backpropagation through time reads it from the last
step to the first: a step gets $\partial L / \partial h_t$ and hands $\partial L / \partial h_{t-1}$
to the step before it. The weights are the same at each step, so that their gradients are sums over
time.
"""

from typing import Any, NamedTuple

from lecture_code.core.checks import check_same_shape, check_step, wrong_shape
from lecture_code.core.ops import Array, affine, concat, linear, namespace, sigmoid, tanh
from lecture_code.core.state import State


def rnn_backward(dh: Array, h_next: Array, W_h: Array) -> tuple[Array, Array]:
    r"""One step back through the simple RNN.

    $$
    \begin{aligned}
    \Delta_t &= \frac{\partial L}{\partial h_t} \otimes (1 - h_t \otimes h_t) \\
    \frac{\partial L}{\partial h_{t-1}} &= W_h^\top \Delta_t
    \end{aligned}
    $$

    Args:
        dh: gradient $\partial L / \partial h_t$, from the loss at this step and from all later
            steps, shape `(..., hidden)`.
        h_next: state $h_t$ that the forward pass kept, shape `(..., hidden)`.
        W_h: the columns of $W$ that read the state, shape `(hidden, hidden)`.

    Returns:
        $\Delta_t$, the gradient before the tanh, and $\partial L / \partial h_{t-1}$, both of shape
        `(..., hidden)`.

    Raises:
        ValueError: if the shapes do not fit.

    Examples:
        A state of 0.6 lets 1 - 0.36 = 0.64 of the gradient through its tanh:

        >>> import numpy as np
        >>> from lecture_code.sections.learning import rnn_backward
        >>> delta, before = rnn_backward(np.ones(1), np.array([0.6]), np.array([[0.5]]))
        >>> print(delta, before)
        [0.64] [0.32]
    """
    check_same_shape("dh", dh, "h_next", h_next)
    _check_square("W_h", W_h, h_next)
    delta = dh * (1 - h_next * h_next)
    dh_before = linear(W_h.T, delta)
    return delta, dh_before


class GRUKept(NamedTuple):
    r"""What one step of the GRU keeps for the way back.

    Attributes:
        h: state $h_{t-1}$ before the step, shape `(..., hidden)`.
        update: $\Gamma_u$, shape `(..., hidden)`.
        reset: $\Gamma_r$, shape `(..., hidden)`.
        candidate: $\tilde{h}_t$, shape `(..., hidden)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.learning import GRUKept
        >>> GRUKept(*np.zeros((4, 3))).update.shape
        (3,)
    """

    h: Array
    update: Array
    reset: Array
    candidate: Array


def gru_backward(
    dh: Array, kept: GRUKept, W_uh: Array, W_rh: Array, W_hh: Array
) -> tuple[Array, Array, Array, Array]:
    r"""One step back through the full GRU of the slides.

    $$
    \begin{aligned}
    \Delta_u &= \frac{\partial L}{\partial h_t}
        \otimes (h_{t-1} - \tilde{h}_t) \otimes \Gamma_u \otimes (1 - \Gamma_u) \\
    \Delta_h &= \frac{\partial L}{\partial h_t}
        \otimes (1 - \Gamma_u) \otimes (1 - \tilde{h}_t \otimes \tilde{h}_t) \\
    D &= W_{hh}^\top \Delta_h \\
    \Delta_r &= D \otimes h_{t-1} \otimes \Gamma_r \otimes (1 - \Gamma_r) \\
    \frac{\partial L}{\partial h_{t-1}} &= \frac{\partial L}{\partial h_t} \otimes \Gamma_u
        + D \otimes \Gamma_r + W_{uh}^\top \Delta_u + W_{rh}^\top \Delta_r
    \end{aligned}
    $$

    Args:
        dh: gradient $\partial L / \partial h_t$, shape `(..., hidden)`.
        kept: what the forward pass kept of this step.
        W_uh: the columns of $W_u$ that read the state, shape `(hidden, hidden)`.
        W_rh: the columns of $W_r$ that read the state, shape `(hidden, hidden)`.
        W_hh: the columns of $W_h$ that read the state, shape `(hidden, hidden)`.

    Returns:
        $\Delta_u$, $\Delta_r$ and $\Delta_h$, the gradients before the three activations, and
        $\partial L / \partial h_{t-1}$, each of shape `(..., hidden)`.

    Raises:
        ValueError: if the shapes do not fit.

    Examples:
        With an update gate of 1 the gradient passes as if the step were not there:

        >>> import numpy as np
        >>> from lecture_code.sections.learning import GRUKept, gru_backward
        >>> kept = GRUKept(*np.array([[0.5], [1.0], [0.5], [0.2]]))
        >>> *_, before = gru_backward(np.array([3.0]), kept, *np.ones((3, 1, 1)))
        >>> before
        array([3.])
    """
    _check_kept(dh, kept)
    for name, matrix in (("W_uh", W_uh), ("W_rh", W_rh), ("W_hh", W_hh)):
        _check_square(name, matrix, dh)
    h, update, reset, candidate = kept
    delta_u = dh * (h - candidate) * update * (1 - update)
    delta_h = dh * (1 - update) * (1 - candidate * candidate)
    d_seen = linear(W_hh.T, delta_h)
    delta_r = d_seen * h * reset * (1 - reset)
    dh_before = dh * update + d_seen * reset + linear(W_uh.T, delta_u) + linear(W_rh.T, delta_r)
    return delta_u, delta_r, delta_h, dh_before


class LSTMKept(NamedTuple):
    r"""What one step of the LSTM keeps for the way back.

    Attributes:
        c: memory $C_{t-1}$ before the step, shape `(..., hidden)`.
        update: $\Gamma_u$, shape `(..., hidden)`.
        input_: $\Gamma_i$, shape `(..., hidden)`.
        forget: $\Gamma_f$, shape `(..., hidden)`.
        new: $G = \tanh(W_c [X_t, h_{t-1}] + b_c)$, shape `(..., hidden)`.
        c_next: memory $C_t$ after the step, shape `(..., hidden)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.learning import LSTMKept
        >>> LSTMKept(*np.zeros((6, 3))).forget.shape
        (3,)
    """

    c: Array
    update: Array
    input_: Array
    forget: Array
    new: Array
    c_next: Array


def lstm_backward(
    dh: Array, dc: Array, kept: LSTMKept, W_uh: Array, W_ih: Array, W_fh: Array, W_ch: Array
) -> tuple[Array, ...]:
    r"""One step back through the LSTM.

    $$
    \begin{aligned}
    S &= \tanh C_t \\
    \Delta_u &= \frac{\partial L}{\partial h_t} \otimes S \otimes \Gamma_u \otimes (1 - \Gamma_u) \\
    E &= \frac{\partial L}{\partial C_t}
        + \frac{\partial L}{\partial h_t} \otimes \Gamma_u \otimes (1 - S \otimes S) \\
    \Delta_i &= E \otimes G \otimes \Gamma_i \otimes (1 - \Gamma_i) \\
    \Delta_f &= E \otimes C_{t-1} \otimes \Gamma_f \otimes (1 - \Gamma_f) \\
    \Delta_c &= E \otimes \Gamma_i \otimes (1 - G \otimes G) \\
    \frac{\partial L}{\partial C_{t-1}} &= E \otimes \Gamma_f \\
    \frac{\partial L}{\partial h_{t-1}} &= W_{uh}^\top \Delta_u + W_{ih}^\top \Delta_i
        + W_{fh}^\top \Delta_f + W_{ch}^\top \Delta_c
    \end{aligned}
    $$

    Args:
        dh: gradient $\partial L / \partial h_t$, shape `(..., hidden)`.
        dc: the part of $\partial L / \partial C_t$ that comes from the step after this one, shape
            `(..., hidden)`.
        kept: what the forward pass kept of this step.
        W_uh: the columns of $W_u$ that read the state, shape `(hidden, hidden)`.
        W_ih: the columns of $W_i$ that read the state, shape `(hidden, hidden)`.
        W_fh: the columns of $W_f$ that read the state, shape `(hidden, hidden)`.
        W_ch: the columns of $W_c$ that read the state, shape `(hidden, hidden)`.

    Returns:
        $\Delta_u$, $\Delta_i$, $\Delta_f$ and $\Delta_c$, the gradients before the activations,
        then $\partial L / \partial h_{t-1}$ and $\partial L / \partial C_{t-1}$, each of shape
        `(..., hidden)`.

    Raises:
        ValueError: if the shapes do not fit.

    Examples:
        The memory's gradient is multiplied by the forget gate, and by nothing else:

        >>> import numpy as np
        >>> from lecture_code.sections.learning import LSTMKept, lstm_backward
        >>> kept = LSTMKept(*np.full((6, 1), 0.5))
        >>> *_, dc_before = lstm_backward(np.zeros(1), np.array([4.0]), kept, *np.ones((4, 1, 1)))
        >>> dc_before
        array([2.])
    """
    _check_kept(dh, kept)
    check_same_shape("dc", dc, "dh", dh)
    for name, matrix in (("W_uh", W_uh), ("W_ih", W_ih), ("W_fh", W_fh), ("W_ch", W_ch)):
        _check_square(name, matrix, dh)
    c, update, input_, forget, new, c_next = kept
    shown = tanh(c_next)
    delta_u = dh * shown * update * (1 - update)
    d_memory = dc + dh * update * (1 - shown * shown)
    delta_i = d_memory * new * input_ * (1 - input_)
    delta_f = d_memory * c * forget * (1 - forget)
    delta_c = d_memory * input_ * (1 - new * new)
    dc_before = d_memory * forget
    dh_before = (
        linear(W_uh.T, delta_u)
        + linear(W_ih.T, delta_i)
        + linear(W_fh.T, delta_f)
        + linear(W_ch.T, delta_c)
    )
    return delta_u, delta_i, delta_f, delta_c, dh_before, dc_before


def sum_over_time(delta: Array, V: Array) -> tuple[Array, Array]:
    r"""The gradients of one affine map's matrix and bias: every step and every sequence adds to it.

    $$
    \begin{aligned}
    \frac{\partial L}{\partial W_{i,j}} &= \sum_t \sum_n \Delta_{t,n,i} V_{t,n,j} \\
    \frac{\partial L}{\partial b_i} &= \sum_t \sum_n \Delta_{t,n,i}
    \end{aligned}
    $$

    Args:
        delta: gradient $\Delta$ of what the map gives, shape `(time, batch, hidden)`.
        V: what the map read, shape `(time, batch, read)`; for most maps $[X_t, h_{t-1}]$.

    Returns:
        $\partial L / \partial W$, shape `(hidden, read)`, and $\partial L / \partial b$, shape
        `(hidden,)`.

    Raises:
        ValueError: if the two are not of three axes each, or differ in time or batch.

    Examples:
        Two steps of one sequence: 2 · 5 + 3 · 7, and 2 + 3.

        >>> import numpy as np
        >>> from lecture_code.sections.learning import sum_over_time
        >>> print(*sum_over_time(np.array([[[2.0]], [[3.0]]]), np.array([[[5.0]], [[7.0]]])))
        [[31.]] [5.]
    """
    _check_time(delta, V)
    dL_dW = (delta[..., :, None] * V[..., None, :]).sum((0, 1))
    dL_db = delta.sum((0, 1))
    return dL_dW, dL_db


def rnn_jacobians(h: Array, W: Array, n_x: int) -> Array:
    r"""How each state of the simple RNN depends on the state before it: a matrix for each step.

    $$
    J_{t,i,j} = (1 - h_{t,i}^2) W_{i,d+j}
    $$

    Args:
        h: the states $h_t$ after each step, shape `(time, hidden)`.
        W: matrix of the RNN, shape `(hidden, input + hidden)`.
        n_x: input size $d$: how many columns of $W$ read the input.

    Returns:
        $J_t = \partial h_t / \partial h_{t-1}$ for each step, shape `(time, hidden, hidden)`.

    Raises:
        ValueError: if the shapes do not fit.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.learning import rnn_jacobians
        >>> print(rnn_jacobians(np.array([[0.6], [0.8]]), np.array([[1.0, 0.5]]), n_x=1).ravel())
        [0.32 0.18]
    """
    if len(h.shape) != 2 or tuple(W.shape) != (h.shape[1], n_x + h.shape[1]):
        raise ValueError(
            "W: expected shape (hidden, n_x + hidden) for h of shape (time, hidden), got "
            f"{tuple(W.shape)} for {tuple(h.shape)} and n_x = {n_x}"
        )
    J = (1 - h[:, :, None] ** 2) * W[:, n_x:]
    return J


def chain(J: Array, dh_dk: Array) -> Array:
    r"""The chain rule over one more step: how a state depends on one of long ago.

    Started from the identity matrix and repeated, it gives the product of the Jacobians,
    $J_t J_{t-1} \cdots J_{k+1}$, the last step on the left.

    $$
    \frac{\partial h_t}{\partial h_k} = J_t \frac{\partial h_{t-1}}{\partial h_k}
    $$

    Args:
        J: $J_t = \partial h_t / \partial h_{t-1}$, shape `(hidden, hidden)`.
        dh_dk: $\partial h_{t-1} / \partial h_k$, shape `(hidden, hidden)`.

    Returns:
        $\partial h_t / \partial h_k$, shape `(hidden, hidden)`.

    Raises:
        ValueError: if the two are not square matrices of one size.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.learning import chain
        >>> print(chain(np.array([[0.18]]), np.array([[0.5]])))
        [[0.09]]
    """
    check_same_shape("dh_dk", dh_dk, "J", J)
    _check_square("J", J, J)
    dh_next_dk = J @ dh_dk
    return dh_next_dk


class Gradients(NamedTuple):
    r"""What backpropagation through time gives.

    Attributes:
        weights: the gradient for each of the cell's arrays, in the class of its weights.
        state: the gradient for the state before the first step, as the cell has it: an array, or
            for the LSTM the pair of $\partial L / \partial h_0$ and $\partial L / \partial C_0$.
        states: the gradient for the state after each step, each array of shape
            `(time, batch, hidden)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import RNNWeights
        >>> from lecture_code.sections.learning import rnn_through_time
        >>> weights = RNNWeights.init(input_size=3, hidden_size=4, seed=1)
        >>> inputs, slopes = np.ones((5, 2, 3)), np.ones((5, 2, 4))
        >>> found = rnn_through_time(inputs, np.zeros((2, 4)), weights, slopes)
        >>> found.weights.W.shape, found.state.shape, found.states.shape
        ((4, 7), (2, 4), (5, 2, 4))
    """

    weights: Any
    state: State
    states: State


def rnn_through_time(inputs: Array, h: Array, weights: Any, slopes: Array) -> Gradients:
    r"""Backpropagation through time for the simple RNN, over a sequence of any length.

    Args:
        inputs: sequence $X$, shape `(time, batch, input)`.
        h: state before the first step, shape `(batch, hidden)`.
        weights: `RNNWeights(W, b)`.
        slopes: $\partial L_t / \partial h_t$, what the loss at each step says of the state at that
            step, shape `(time, batch, hidden)`; 0 where a step has no loss.

    Returns:
        The gradients for weights and state.

    Raises:
        TypeError: if the weights are of another cell.
        ValueError: if a shape does not fit, or there is no time step.

    Examples:
        One step, weights of 1 and a state of 0: the tanh of 0 lets all of the gradient through.

        >>> import numpy as np
        >>> from lecture_code import RNNWeights
        >>> from lecture_code.sections.learning import rnn_through_time
        >>> weights, one = RNNWeights(np.ones((1, 2)), np.zeros(1)), np.ones((1, 1, 1))
        >>> print(rnn_through_time(0 * one, np.zeros((1, 1)), weights, one).weights.b)
        [1.]
    """
    W, b = _arrays(weights, "W", "b")
    _check_sequence(inputs, h, weights, slopes)
    n_x, read, kept = inputs.shape[-1], [], []
    for x in inputs:
        read.append(concat(x, h))
        h = tanh(affine(W, read[-1], b))
        kept.append(h)

    dh, deltas, states = 0 * h, [], []
    for t in reversed(range(len(inputs))):
        states.append(slopes[t] + dh)
        delta, dh = rnn_backward(states[-1], kept[t], W[:, n_x:])
        deltas.append(delta)
    sums = sum_over_time(_in_order(deltas), namespace(h).stack(read))
    return Gradients(type(weights)(*sums), dh, _in_order(states))


def gru_through_time(inputs: Array, h: Array, weights: Any, slopes: Array) -> Gradients:
    r"""Backpropagation through time for the full GRU of the slides, over a sequence of any length.

    Args:
        inputs: sequence $X$, shape `(time, batch, input)`.
        h: state before the first step, shape `(batch, hidden)`.
        weights: `GRUWeights(W_u, b_u, W_r, b_r, W_h, b_h)`.
        slopes: $\partial L_t / \partial h_t$ of each step, shape `(time, batch, hidden)`.

    Returns:
        The gradients for weights and state.

    Raises:
        TypeError: if the weights are of another cell.
        ValueError: if a shape does not fit, or there is no time step.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import GRUWeights
        >>> from lecture_code.sections.learning import gru_through_time
        >>> weights = GRUWeights(*[np.zeros((1, 2)), np.zeros(1)] * 3)
        >>> slopes = np.array([[[0.0]], [[1.0]]])  # a loss at the second step alone
        >>> print(gru_through_time(np.ones((2, 1, 1)), np.zeros((1, 1)), weights, slopes).state)
        [[0.25]]
    """
    W_u, b_u, W_r, b_r, W_h, b_h = _arrays(weights, "W_u", "b_u", "W_r", "b_r", "W_h", "b_h")
    _check_sequence(inputs, h, weights, slopes)
    n_x, read, read_after_reset, kept = inputs.shape[-1], [], [], []
    for x in inputs:
        read.append(concat(x, h))
        update = sigmoid(affine(W_u, read[-1], b_u))
        reset = sigmoid(affine(W_r, read[-1], b_r))
        read_after_reset.append(concat(x, reset * h))
        candidate = tanh(affine(W_h, read_after_reset[-1], b_h))
        kept.append(GRUKept(h, update, reset, candidate))
        h = update * h + (1 - update) * candidate

    of_state = [W[:, n_x:] for W in (W_u, W_r, W_h)]
    dh, deltas, states = 0 * h, [], []
    for t in reversed(range(len(inputs))):
        states.append(slopes[t] + dh)
        *before_activation, dh = gru_backward(states[-1], kept[t], *of_state)
        deltas.append(before_activation)
    of_u, of_r, of_h = map(_in_order, zip(*deltas, strict=True))
    V, R = (namespace(h).stack(one) for one in (read, read_after_reset))
    sums = *sum_over_time(of_u, V), *sum_over_time(of_r, V), *sum_over_time(of_h, R)
    return Gradients(type(weights)(*sums), dh, _in_order(states))


def lstm_through_time(
    inputs: Array, state: tuple[Array, Array], weights: Any, slopes: Array
) -> Gradients:
    r"""Backpropagation through time for the LSTM, over a sequence of any length.

    Args:
        inputs: sequence $X$, shape `(time, batch, input)`.
        state: hidden state and memory before the first step, each of shape `(batch, hidden)`.
        weights: `LSTMWeights(W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c)`.
        slopes: $\partial L_t / \partial h_t$ of each step, shape `(time, batch, hidden)`.

    Returns:
        The gradients for weights and state.

    Raises:
        TypeError: if the weights are of another cell.
        ValueError: if a shape does not fit, or there is no time step.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import LSTMWeights
        >>> from lecture_code.sections.learning import lstm_through_time
        >>> weights, zero = LSTMWeights(*[np.zeros((1, 2)), np.zeros(1)] * 4), np.zeros((1, 1))
        >>> found = lstm_through_time(np.ones((3, 1, 1)), (zero, zero), weights, np.ones((3, 1, 1)))
        >>> [float(one[0, 0]) for one in found.state]
        [0.0, 0.4375]
    """
    W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c = _arrays(
        weights, "W_u", "b_u", "W_i", "b_i", "W_f", "b_f", "W_c", "b_c"
    )
    _check_sequence(inputs, state, weights, slopes)
    h, c = state
    n_x, read, kept = inputs.shape[-1], [], []
    for x in inputs:
        read.append(concat(x, h))
        update = sigmoid(affine(W_u, read[-1], b_u))
        input_ = sigmoid(affine(W_i, read[-1], b_i))
        forget = sigmoid(affine(W_f, read[-1], b_f))
        new = tanh(affine(W_c, read[-1], b_c))
        c_next = forget * c + input_ * new
        kept.append(LSTMKept(c, update, input_, forget, new, c_next))
        h, c = update * tanh(c_next), c_next

    of_state = [W[:, n_x:] for W in (W_u, W_i, W_f, W_c)]
    dh, dc, deltas, states, memories = 0 * h, 0 * c, [], [], []
    for t in reversed(range(len(inputs))):
        states.append(slopes[t] + dh)
        memories.append(dc)
        *before_activation, dh, dc = lstm_backward(states[-1], dc, kept[t], *of_state)
        deltas.append(before_activation)
    V = namespace(h).stack(read)
    sums = [sum_over_time(_in_order(one), V) for one in zip(*deltas, strict=True)]
    pairs = [array for pair in sums for array in pair]
    after_each_step = _in_order(states), _in_order(memories)
    return Gradients(type(weights)(*pairs), (dh, dc), after_each_step)


def _in_order(backwards: Any) -> Array:
    """One array with time first, from a list that was filled from the last step to the first."""
    return namespace(backwards[0]).stack(list(backwards)[::-1])


def _arrays(weights: Any, *names: str) -> Any:
    """The arrays of a cell's weights, if it is the right cell."""
    if getattr(weights, "_fields", None) != names:
        raise TypeError(
            f"weights: expected the arrays {', '.join(names)}, got {type(weights).__name__}"
        )
    return weights


def _check_sequence(inputs: Array, state: State, weights: Any, slopes: Array) -> None:
    shape = tuple(getattr(inputs, "shape", ()))
    if len(shape) != 3 or shape[0] == 0:
        found = f"{shape or inputs!r:.80}"
        raise ValueError(wrong_shape("inputs", ["time", "batch", "input"], None, found))
    check_step(inputs[0], state, weights, x_name="inputs at each time step")
    h = state[0] if isinstance(state, tuple) else state
    expected = (shape[0], *h.shape)
    if tuple(slopes.shape) != expected:
        axes = ["time", "batch", "hidden"]
        raise ValueError(wrong_shape("slopes", axes, expected, tuple(slopes.shape)))


def _check_kept(dh: Array, kept: tuple[Array, ...]) -> None:
    for name, array in zip(type(kept).__dict__["_fields"], kept, strict=True):
        check_same_shape(f"kept.{name}", array, "dh", dh)


def _check_square(name: str, matrix: Array, h: Array) -> None:
    """Raise unless a matrix maps states to states."""
    expected = (h.shape[-1], h.shape[-1])
    if tuple(matrix.shape) != expected:
        raise ValueError(wrong_shape(name, ["hidden", "hidden"], expected, tuple(matrix.shape)))


def _check_time(delta: Array, V: Array) -> None:
    if len(delta.shape) != 3 or tuple(V.shape[:-1]) != tuple(delta.shape[:-1]):
        raise ValueError(
            "V: expected shape (time, batch, read) beside delta of shape (time, batch, hidden), "
            f"got {tuple(V.shape)} and {tuple(delta.shape)}"
        )

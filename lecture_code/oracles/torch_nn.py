"""torch.nn as a judge, in float64: modules that hold the lecture's weights.

torch stacks its gates in one matrix, the GRU's as r, z, n and the LSTM's as i, f, g, o. Its z is
the slides' update gate, its n and g are the candidates, and its o is the update gate of the slides'
LSTM. Where torch has two biases and the lecture one, torch's second is 0.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import torch

from lecture_code.core.layers import DenseWeights
from lecture_code.oracles.layout import Gate, saturated_gate, stack, unpack
from lecture_code.sections.gates import GateWeights
from lecture_code.sections.gru import GRUResetAfterWeights, GRUWeights
from lecture_code.sections.gru_one_gate import OneGateGRUWeights
from lecture_code.sections.gru_packed import GRUPackedWeights
from lecture_code.sections.lstm import LSTMProjectedWeights, LSTMWeights
from lecture_code.sections.new_state import RNNSplitWeights
from lecture_code.sections.rnn import RNNWeights

States = list[np.ndarray]

_Net = TypeVar("_Net", bound=torch.nn.RNNBase)


def rnn(weights: RNNWeights, nonlinearity: str = "tanh") -> torch.nn.RNN:
    """The simple RNN.

    Args:
        weights: the lecture's weights.
        nonlinearity: `tanh` or `relu`; torch has no others.

    Returns:
        A module with these weights.
    """
    return _module(torch.nn.RNN, weights, [weights], nonlinearity=nonlinearity)


def rnn_split(weights: RNNSplitWeights) -> torch.nn.RNN:
    """The simple RNN with two matrices, which is how torch keeps them.

    Args:
        weights: the lecture's weights.

    Returns:
        A module with these weights.
    """
    W_x, W_h, b = weights
    return rnn(RNNWeights(np.concatenate([W_x, W_h], axis=1), b))


def gru_reset_after(weights: GRUResetAfterWeights) -> torch.nn.GRU:
    """The GRU of torch itself.

    Args:
        weights: the lecture's weights.

    Returns:
        A module with these weights.
    """
    W_u, b_u, W_r, b_r, W_hx, b_hx, W_hh, b_hh = weights
    gates = [(W_r, b_r), (W_u, b_u), (np.concatenate([W_hx, W_hh], axis=1), b_hx)]
    return _module(torch.nn.GRU, weights, gates, candidate_bias=b_hh)


def gru_same_numbers(weights: GRUWeights) -> torch.nn.GRU:
    """The numbers of the slides' GRU in torch's, which resets elsewhere and answers otherwise.

    Args:
        weights: the lecture's weights.

    Returns:
        A module with these weights.
    """
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    return _module(torch.nn.GRU, weights, [(W_r, b_r), (W_u, b_u), (W_h, b_h)])


def gru_same_numbers_packed(weights: GRUPackedWeights) -> torch.nn.GRU:
    """The numbers of the packed GRU in torch's.

    Args:
        weights: the lecture's weights.

    Returns:
        A module with these weights.
    """
    return gru_same_numbers(unpack(weights))


def gru_one_gate(weights: OneGateGRUWeights) -> torch.nn.GRU:
    """The GRU with one gate: torch's, with a reset gate that is exactly 1.

    Args:
        weights: the lecture's weights.

    Returns:
        A module with these weights.
    """
    W_g, b_g, W_h, b_h = weights
    return _module(torch.nn.GRU, weights, [saturated_gate(W_g), (W_g, b_g), (W_h, b_h)])


def lstm(weights: LSTMWeights) -> torch.nn.LSTM:
    """The LSTM.

    Args:
        weights: the lecture's weights.

    Returns:
        A module with these weights.
    """
    return _module(torch.nn.LSTM, weights, _lstm_gates(weights))


def lstm_projected(weights: LSTMProjectedWeights) -> torch.nn.LSTM:
    """The LSTM with a projected hidden state. torch wants the projection smaller than the state.

    Args:
        weights: the lecture's weights.

    Returns:
        A module with these weights.
    """
    return _module(
        torch.nn.LSTM,
        weights,
        _lstm_gates(weights),
        projection=weights.W_p,
        proj_size=len(weights.W_p),
    )


def run(
    make: Callable[[Any], torch.nn.Module], weights: Any, inputs: np.ndarray, *states: np.ndarray
) -> tuple[np.ndarray, States]:
    """Let a module run over a sequence.

    Args:
        make: one of the functions above.
        weights: the lecture's weights.
        inputs: sequence, shape `(time, batch, input)`.
        *states: the state before the first time step, one array or two of shape `(batch, hidden)`.

    Returns:
        The outputs, shape `(time, batch, hidden)`, and the final states.
    """
    first = [_tensor(state)[None] for state in states]
    with torch.no_grad():
        outputs, last = make(weights)(_tensor(inputs), tuple(first) if len(first) > 1 else first[0])
    last = last if isinstance(last, tuple) else (last,)
    return outputs.numpy(), [state[0].numpy() for state in last]


def run_rnn_rescaled(
    weights: RNNWeights, inputs: np.ndarray, h: np.ndarray
) -> tuple[np.ndarray, States]:
    r"""The RNN with a logistic function, by way of torch's RNN with a tanh.

    $\sigma(x) = (1 + \tanh(x/2))/2$, so with $g = 2h - 1$ the step $h_t = \sigma(W_x X_t + W_h
    h_{t-1} + b)$ is $g_t = \tanh(W_x X_t/2 + W_h g_{t-1}/4 + b/2 + W_h 1/4)$.

    Args:
        weights: the lecture's weights.
        inputs: sequence, shape `(time, batch, input)`.
        h: the state before the first time step, shape `(batch, hidden)`.

    Returns:
        The outputs, shape `(time, batch, hidden)`, and the final state.
    """
    W_x, W_h, b = stack([weights], inputs.shape[-1])
    rescaled = RNNSplitWeights(W_x / 2, W_h / 4, b / 2 + W_h.sum(axis=1) / 4)
    outputs, [last] = run(rnn_split, rescaled, inputs, 2 * h - 1)
    return (1 + outputs) / 2, [(1 + last) / 2]


def run_lstm_literal(
    weights: LSTMWeights, inputs: np.ndarray, h: np.ndarray, c: np.ndarray
) -> tuple[np.ndarray, States]:
    """The slides' LSTM read to the letter: torch's cell hands on the tanh of its memory.

    Args:
        weights: the lecture's weights.
        inputs: sequence, shape `(time, batch, input)`.
        h: the hidden state before the first time step, shape `(batch, hidden)`.
        c: the memory before the first time step, shape `(batch, hidden)`.

    Returns:
        The outputs, shape `(time, batch, hidden)`, and the final hidden state and memory.
    """
    cell = torch.nn.LSTMCell(inputs.shape[-1], h.shape[-1], dtype=torch.float64, device="meta")
    layer = lstm(weights).state_dict()
    cell.load_state_dict({name.removesuffix("_l0"): layer[name] for name in layer}, assign=True)
    state, memory, outputs = _tensor(h), _tensor(c), []
    with torch.no_grad():
        for x in _tensor(inputs):
            state, memory = cell(x, (state, memory))
            memory = torch.tanh(memory)
            outputs.append(state)
    return torch.stack(outputs).numpy(), [state.numpy(), memory.numpy()]


def run_dense(weights: GateWeights | DenseWeights, *inputs: np.ndarray) -> np.ndarray:
    """A gate or another dense layer: a linear layer and a logistic function.

    Args:
        weights: the lecture's weights.
        *inputs: what the layer reads, arrays of shape `(..., features)`, side by side.

    Returns:
        What the layer gives, shape `(..., hidden)`.
    """
    W, b = map(_tensor, weights)
    layer = torch.nn.Linear(W.shape[1], W.shape[0], dtype=torch.float64, device="meta")
    layer.load_state_dict({"weight": W, "bias": b}, assign=True)
    with torch.no_grad():
        return torch.sigmoid(layer(torch.cat([_tensor(array) for array in inputs], -1))).numpy()


def _lstm_gates(weights: LSTMWeights | LSTMProjectedWeights) -> list[Gate]:
    W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c = weights[:8]
    return [(W_i, b_i), (W_f, b_f), (W_c, b_c), (W_u, b_u)]


def _module(
    kind: type[_Net],
    weights: Any,
    gates: Sequence[Gate],
    candidate_bias: np.ndarray | None = None,
    projection: np.ndarray | None = None,
    **options: Any,
) -> _Net:
    """Make a module without drawing random numbers, and put the gates into it in this order."""
    sizes = weights.sizes()
    W_x, W_h, b = stack(gates, sizes["input"])
    second_bias = np.zeros_like(b)
    if candidate_bias is not None:
        second_bias[-len(candidate_bias) :] = candidate_bias
    parameters = {
        "weight_ih_l0": W_x,
        "weight_hh_l0": W_h,
        "bias_ih_l0": b,
        "bias_hh_l0": second_bias,
    }
    if projection is not None:
        parameters["weight_hr_l0"] = projection
    module = kind(sizes["input"], sizes["hidden"], dtype=torch.float64, device="meta", **options)
    tensors = {name: _tensor(array) for name, array in parameters.items()}
    module.load_state_dict(tensors, assign=True)
    return module


def _tensor(array: np.ndarray) -> torch.Tensor:
    return torch.tensor(np.ascontiguousarray(array, np.float64))

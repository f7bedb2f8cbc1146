r"""The bridge to torch: the lecture's cells with the weights of a `torch.nn` module, and back.

torch and the lecture write the same equations with other words and in another order:

| torch | lecture |
|---|---|
| `weight_ih`, `weight_hh`, for $X_t$ and $h_{t-1}$ | one matrix for $[X_t, h_{t-1}]$ |
| `bias_ih`, `bias_hh` | one bias, their sum |
| GRU, rows r, z, n | $\Gamma_r$, $\Gamma_u$ (which keeps the old state), $\tilde{h}_t$ |
| LSTM, rows i, f, g, o | $\Gamma_i$, $\Gamma_f$, the tanh in $\tilde{h}$, $\Gamma_u$ |
| LSTM, `weight_hr` | $W_p$ |

Only the candidate state of the GRU keeps two biases; `from_torch` says why.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from lecture_code.core.checks import wrong_shape
from lecture_code.core.state import State, state_of
from lecture_code.core.unroll import unroll_layers
from lecture_code.core.weights import Weights
from lecture_code.frameworks.table import convention
from lecture_code.sections.gru import GRUResetAfterWeights, GRUWeights, gru_reset_after_step
from lecture_code.sections.gru_one_gate import OneGateGRUWeights
from lecture_code.sections.gru_packed import GRUPackedWeights
from lecture_code.sections.lstm import (
    LSTMProjectedWeights,
    LSTMWeights,
    lstm_projected_step,
    lstm_step,
)
from lecture_code.sections.new_state import RNNSplitWeights
from lecture_code.sections.rnn import RNNWeights, rnn_relu_step, rnn_step

_LAYERED = (nn.RNN, nn.GRU, nn.LSTM)
_CELLS = (nn.RNNCell, nn.GRUCell, nn.LSTMCell)
_RNN_STEPS = {"tanh": rnn_step, "relu": rnn_relu_step}
_GRU_ORDER = convention("torch", "gru").order
_LSTM_ORDER = convention("torch", "lstm").order

_ALWAYS_OPEN = 40.0
"""A bias at which the logistic function is exactly 1: from 36.74 in float64, 16.64 in float32."""


def from_torch(module: nn.Module) -> "LectureRun":
    r"""The lecture's computation of a torch module: called like the module, it returns the same.

    The weights are read from the module's parameters at every call, as expressions that can be
    differentiated: gradients reach the parameters, and a module in training is followed.

    torch has two biases where an equation has one, which is their sum. Only those of the GRU's
    candidate, $\tanh(W_{hx} X_t + b_{hx} + \Gamma_r \otimes (W_{hh} h_{t-1} + b_{hh}))$, cannot be
    added: the reset gate, another one at every time step, multiplies $b_{hh}$ (torch: $b_{hn}$) and
    not $b_{hx}$ (torch: $b_{in}$), so no single bias has the effect of both.

    Args:
        module: a `torch.nn.RNN`, `GRU`, `LSTM`, `RNNCell`, `GRUCell` or `LSTMCell`, with any
            options. Dropout between layers must be off (`module.eval()`).

    Returns:
        A `LectureRun`.

    Raises:
        TypeError: if `module` is of another type, or has a `forward` of its own.
        ValueError: if its activation is neither tanh nor ReLU.

    Examples:
        >>> import torch
        >>> from lecture_code import from_torch
        >>> module, inputs = torch.nn.GRU(3, 4), torch.ones(5, 3)
        >>> difference = from_torch(module)(inputs)[0] - module(inputs)[0]
        >>> bool(difference.abs().max() < 1e-6)
        True
    """
    return LectureRun(module)


class LectureRun:
    """A torch module's computation by the lecture's step functions; `from_torch` makes it.

    Examples:
        >>> import torch
        >>> from lecture_code import from_torch
        >>> run = from_torch(torch.nn.LSTM(3, 4))
        >>> output, (h_n, c_n) = run(torch.ones(5, 3))
        >>> tuple(output.shape), tuple(h_n.shape)
        ((5, 4), (1, 4))
    """

    def __init__(self, module: nn.Module) -> None:
        """Take a module; see `from_torch`."""
        _check_module(module)
        self.module = module

    def __repr__(self) -> str:
        """The call that makes this object."""
        return f"from_torch({self.module!r})"

    @property
    def weights(self) -> list[list[Any]]:
        """The lecture's weights, by layer and by direction, as they are now."""
        return weights_from_torch(self.module)

    def __call__(self, input: Tensor | PackedSequence, state: State = None) -> tuple | Tensor:
        """Compute what the module computes.

        Args:
            input: for a cell, shape `(batch, input)` or `(input,)`. Otherwise a sequence, shape
                `(time, batch, input)`, `(batch, time, input)` with `batch_first`, or
                `(time, input)`; or a `PackedSequence`.
            state: for a cell, shape `(batch, hidden)` or `(hidden,)`. Otherwise shape
                `(layers * directions, batch, hidden)` or `(layers * directions, hidden)`. The LSTM
                takes a tuple `(h_0, c_0)`. Zeros if omitted.

        Returns:
            The output and the final state; for a cell, the new state. Shapes, order and types are
            the module's.

        Raises:
            TypeError: if an argument is not of the expected type.
            ValueError: if a shape, dtype or device does not fit, if the sequence is empty, or if
                the module would drop out values at random.
        """
        module = self.module
        _check_dropout(module)
        if isinstance(module, _CELLS):
            return _run_cell(module, input, state)
        if isinstance(input, PackedSequence):
            return _run_packed(module, input, state)
        return _run_sequence(module, input, state)


def weights_from_torch(module: nn.Module) -> list[list[Any]]:
    """The lecture's weights of a torch module, as differentiable expressions of its parameters.

    Args:
        module: a `torch.nn.RNN`, `GRU`, `LSTM`, `RNNCell`, `GRUCell` or `LSTMCell`.

    Returns:
        A list for each layer: the forward weights, and the backward weights if there are.
        `RNNWeights`, `GRUResetAfterWeights`, `LSTMWeights` or `LSTMProjectedWeights`.

    Raises:
        TypeError: if `module` is of another type.
        ValueError: if its parameters have more than one dtype.

    Examples:
        >>> import torch
        >>> from lecture_code import weights_from_torch
        >>> [[weights]] = weights_from_torch(torch.nn.LSTM(3, 4))
        >>> type(weights).__name__, weights.sizes()
        ('LSTMWeights', {'hidden': 4, 'input': 3})
    """
    _check_module(module)
    if isinstance(module, _CELLS):
        return [[_read(module, "")]]
    assert isinstance(module, _LAYERED)  # `_check_module` lets nothing else pass
    directions = 2 if module.bidirectional else 1
    return [
        [_read(module, _suffix(layer, direction)) for direction in range(directions)]
        for layer in range(module.num_layers)
    ]


def to_torch(weights: Any, *, nonlinearity: str = "tanh", batch_first: bool = False) -> nn.Module:
    """Make the torch module that computes what a cell of the lecture computes.

    The module gets a copy of the weights, in their dtype. The lecture's one bias becomes `bias_ih`;
    `bias_hh` is 0 but for the GRU's candidate.

    | weights | module |
    |---|---|
    | `RNNWeights`, `RNNSplitWeights` | `nn.RNN` |
    | `GRUResetAfterWeights` | `nn.GRU` |
    | `OneGateGRUWeights` | `nn.GRU`, its reset gate held at exactly 1 by a bias of 40 |
    | `LSTMWeights` (for `lstm_step`) | `nn.LSTM` |
    | `LSTMProjectedWeights` | `nn.LSTM` with `proj_size` |

    Args:
        weights: a cell's weights, of numpy or torch; or several cells' as `weights_from_torch`
            gives them: a list for each layer, of the forward weights and perhaps the backward ones.
        nonlinearity: for an RNN, `"tanh"` (`rnn_step`) or `"relu"` (`rnn_relu_step`).
        batch_first: whether the module takes its input as `(batch, time, input)`.

    Returns:
        The module.

    Raises:
        TypeError: if `weights` are not a cell's weights, or lists of them.
        ValueError: if torch has no module with this equation, as for `GRUWeights` and
            `GRUPackedWeights`, or if the weights of the layers do not fit each other.

    Examples:
        >>> from lecture_code import LSTMWeights, to_torch
        >>> to_torch(LSTMWeights.init(3, 4, seed=1))
        LSTM(3, 4)
    """
    layers = [
        [_as_torch_computes(cell) for cell in directions] for directions in _by_layer(weights)
    ]
    _check_layers(layers)
    first, sizes = layers[0][0], layers[0][0].sizes()
    is_rnn = isinstance(first, RNNWeights)
    if nonlinearity not in (_RNN_STEPS if is_rnn else ["tanh"]):
        raise ValueError(
            "nonlinearity: expected 'tanh', or 'relu' for the weights of an RNN, "
            f"got {nonlinearity!r} for {type(first).__name__}"
        )
    options: dict[str, Any] = {"nonlinearity": nonlinearity} if is_rnn else {}
    if "projection" in sizes:
        options["proj_size"] = sizes["projection"]
    # Made on the device that holds no numbers, so that torch's random generator stays as it was.
    module = _MODULES[type(first)](
        sizes["input"],
        sizes["hidden"],
        num_layers=len(layers),
        bidirectional=len(layers[0]) == 2,
        batch_first=batch_first,
        dtype=first[0].dtype,
        device="meta",
        **options,
    ).to_empty(device=first[0].device)
    module.load_state_dict(
        {
            name + _suffix(layer, direction): value
            for layer, directions in enumerate(layers)
            for direction, cell in enumerate(directions)
            for name, value in _write(cell).items()
        }
    )
    return module


# FROM TORCH


def _suffix(layer: int, direction: int) -> str:
    """How torch ends the names of a layer's parameters."""
    return f"_l{layer}" + ("_reverse" if direction else "")


def _read(module: nn.Module, suffix: str) -> Any:
    """One cell's weights. None shares memory with a parameter: what was read stays as it was."""
    names = ["weight_ih", "weight_hh"] + ["bias_ih", "bias_hh"] * bool(module.bias)
    parameters = [getattr(module, name + suffix) for name in names]
    dtypes = sorted({str(parameter.dtype) for parameter in parameters})
    if len(dtypes) > 1:
        raise ValueError(f"module: expected parameters of one dtype, got {' and '.join(dtypes)}")
    weight_ih, weight_hh, *biases = parameters
    W = torch.cat([weight_ih, weight_hh], 1)
    bias_ih, bias_hh = biases or W.new_zeros(2, len(W))
    b = bias_ih + bias_hh

    if isinstance(module, nn.RNN | nn.RNNCell):
        return RNNWeights(W, b)
    if isinstance(module, nn.GRU | nn.GRUCell):
        Ws, bs = _by_gate(_GRU_ORDER, W), _by_gate(_GRU_ORDER, b)
        W_hx, W_hh = Ws["h"].tensor_split([weight_ih.shape[1]], 1)
        b_hx, b_hh = (_by_gate(_GRU_ORDER, bias)["h"].clone() for bias in (bias_ih, bias_hh))
        return GRUResetAfterWeights(Ws["u"], bs["u"], Ws["r"], bs["r"], W_hx, b_hx, W_hh, b_hh)
    Ws, bs = _by_gate(_LSTM_ORDER, W), _by_gate(_LSTM_ORDER, b)
    gates = {f"W_{gate}": Ws[gate] for gate in Ws} | {f"b_{gate}": bs[gate] for gate in bs}
    if _is_projected(module):
        return LSTMProjectedWeights(**gates, W_p=getattr(module, "weight_hr" + suffix).clone())
    return LSTMWeights(**gates)


def _by_gate(order: str, rows: Tensor) -> dict[str, Tensor]:
    """The rows of each gate, by its letter."""
    return dict(zip(order, rows.chunk(len(order)), strict=True))


def _is_projected(module: nn.Module) -> bool:
    return getattr(module, "proj_size", 0) > 0


def _step(module: nn.Module) -> Callable[[Tensor, State, Any], State]:
    """The lecture's step that a module takes."""
    if isinstance(module, nn.RNN | nn.RNNCell):
        return _RNN_STEPS[module.nonlinearity]
    if isinstance(module, nn.GRU | nn.GRUCell):
        return gru_reset_after_step
    return lstm_projected_step if _is_projected(module) else lstm_step


def _run_cell(module: nn.Module, input: Any, state: State) -> State:
    [[weights]] = weights_from_torch(module)
    axes = _check_input(input, weights, ["input"], ["batch", "input"])
    arrays = _check_state(state, weights, axes[:-1], input.shape[:-1])
    return _step(module)(input, state_of(arrays), weights)


def _run_sequence(module: nn.Module, input: Tensor, state: State) -> tuple[Tensor, State]:
    layers = weights_from_torch(module)
    batched = ["batch", "time", "input"] if module.batch_first else ["time", "batch", "input"]
    axes = _check_input(input, layers[0][0], ["time", "input"], batched)
    turned = axes[0] == "batch"
    sequence = input.transpose(0, 1) if turned else input
    if len(sequence) == 0:
        raise ValueError(f"input: expected at least one time step, got shape {tuple(input.shape)}")
    arrays = _check_stacked_state(state, layers, sequence.shape[1:-1])
    output, arrays = _run_layers(module, layers, sequence, arrays)
    return output.transpose(0, 1) if turned else output, state_of(arrays)


def _run_packed(
    module: nn.Module, input: PackedSequence, state: State
) -> tuple[PackedSequence, State]:
    layers = weights_from_torch(module)
    data, batch_sizes, order, back = input
    if len(batch_sizes) == 0:
        raise ValueError("input: expected at least one time step, got an empty PackedSequence")
    _check_input(data, layers[0][0], ["packed time and batch", "input"], name="input.data")
    arrays = _check_stacked_state(state, layers, batch_sizes[:1].tolist())
    # Sequences are packed from longest to shortest; the states are in the order they had before.
    if order is not None:
        arrays = [array.index_select(1, order) for array in arrays]
    sequence, lengths = pad_packed_sequence(PackedSequence(data, batch_sizes))
    output, arrays = _run_layers(module, layers, sequence, arrays, lengths.tolist())
    if back is not None:
        arrays = [array.index_select(1, back) for array in arrays]
    packed = pack_padded_sequence(output, lengths).data
    return PackedSequence(packed, batch_sizes, order, back), state_of(arrays)


def _run_layers(
    module: nn.Module,
    layers: list[list[Any]],
    sequence: Tensor,
    arrays: list[Tensor],
    lengths: list[int] | None = None,
) -> tuple[Tensor, list[Tensor]]:
    """Run `unroll_layers` with torch's states, which are stacked: layer by layer, both directions.

    Args:
        module: the module.
        layers: its weights.
        sequence: shape `(time, ..., input)`.
        arrays: the initial state's, each of shape `(layers * directions, ..., size)`.
        lengths: how many time steps of each sequence count.

    Returns:
        The outputs, and the final state's arrays.
    """
    cells = zip(*arrays, strict=True)
    states = [[state_of(next(cells)) for _ in directions] for directions in layers]
    output, states = unroll_layers(_step(module), sequence, states, layers, lengths)
    last = [state for directions in states for state in directions]
    if len(arrays) == 1:
        return output, [torch.stack(last)]
    return output, [torch.stack(array) for array in zip(*last, strict=True)]


# TO TORCH

_MODULES: dict[type[Weights], Callable[..., nn.RNNBase]] = {
    RNNWeights: nn.RNN,
    GRUResetAfterWeights: nn.GRU,
    LSTMWeights: nn.LSTM,
    LSTMProjectedWeights: nn.LSTM,
}


def _by_layer(weights: Any) -> Sequence[Sequence[Any]]:
    """Weights as a list over layers of lists over directions; one cell is one layer."""
    if hasattr(weights, "sizes"):
        return [[weights]]
    for part in [weights, *weights] if isinstance(weights, list | tuple) else [weights]:
        if not isinstance(part, list | tuple) or not part or hasattr(part, "sizes"):
            raise TypeError(
                "weights: expected a cell's weights, such as LSTMWeights, or a list over layers of "
                "lists over directions, such as [[forward, backward]], got "
                + (_type_name(part) if part is weights else f"a list with {_type_name(part)}")
            )
    return weights


def _as_torch_computes(cell: Any) -> Any:
    """A cell's weights as tensors, in the class of the equation that torch computes."""
    if isinstance(cell, GRUWeights | GRUPackedWeights):
        raise ValueError(
            f"weights: torch has no module for {type(cell).__name__}. The slides' GRU resets the "
            "state before the product, W_h [x, reset * h]; torch.nn.GRU resets after it, "
            "reset * (W_hh h + b_hh), which is another function. Judge this cell by ONNX's GRU "
            "with linear_before_reset=0, or use GRUResetAfterWeights."
        )
    kinds: tuple[type[Weights], ...] = (*_MODULES, RNNSplitWeights, OneGateGRUWeights)
    if not isinstance(cell, kinds):
        raise TypeError(
            "weights: expected RNNWeights, RNNSplitWeights, GRUResetAfterWeights, "
            "OneGateGRUWeights, LSTMWeights or LSTMProjectedWeights, "
            f"got {type(cell).__name__}"
        )
    cell = type(cell)(*map(_tensor, cell))
    if isinstance(cell, RNNSplitWeights):
        return RNNWeights(torch.cat([cell.W_x, cell.W_h], 1), cell.b)
    if isinstance(cell, OneGateGRUWeights):
        W_g, b_g, W_h, b_h = cell
        W_hx, W_hh = W_h.tensor_split([cell.sizes()["input"]], 1)
        W_r, b_r = torch.zeros_like(W_g), torch.full_like(b_g, _ALWAYS_OPEN)
        return GRUResetAfterWeights(W_g, b_g, W_r, b_r, W_hx, b_h, W_hh, torch.zeros_like(b_h))
    return cell


def _tensor(array: Any) -> Tensor:
    try:
        tensor = array if isinstance(array, Tensor) else torch.from_numpy(np.array(array))
    except (TypeError, ValueError) as error:
        raise ValueError(f"weights: expected a dtype that torch has, got {array.dtype}") from error
    if not tensor.is_floating_point():
        raise ValueError(f"weights: expected floating-point numbers, got {array.dtype}")
    return tensor.detach()


def _write(cell: Any) -> dict[str, Tensor]:
    """A cell's weights by torch's names. The one bias is `bias_ih`; `bias_hh` is 0 beside it."""
    inputs, b_hh = cell.sizes()["input"], None
    if isinstance(cell, RNNWeights):
        W, b = cell
    elif isinstance(cell, GRUResetAfterWeights):
        W_h = torch.cat([cell.W_hx, cell.W_hh], 1)
        W = _packed(_GRU_ORDER, {"u": cell.W_u, "r": cell.W_r, "h": W_h})
        b = _packed(_GRU_ORDER, {"u": cell.b_u, "r": cell.b_r, "h": cell.b_hx})
        zeros = torch.zeros_like(cell.b_hh)
        b_hh = _packed(_GRU_ORDER, {"u": zeros, "r": zeros, "h": cell.b_hh})
    else:
        W, b = (
            _packed(_LSTM_ORDER, {gate: getattr(cell, f"{kind}_{gate}") for gate in _LSTM_ORDER})
            for kind in "Wb"
        )
    parameters = {
        "weight_ih": W[:, :inputs],
        "weight_hh": W[:, inputs:],
        "bias_ih": b,
        "bias_hh": torch.zeros_like(b) if b_hh is None else b_hh,
    }
    return parameters | ({"weight_hr": cell.W_p} if hasattr(cell, "W_p") else {})


def _packed(order: str, gates: dict[str, Tensor]) -> Tensor:
    """The gates' rows below each other."""
    return torch.cat([gates[gate] for gate in order])


# WHAT IS CHECKED


def _check_module(module: nn.Module) -> None:
    kind = next((kind for kind in _LAYERED + _CELLS if isinstance(module, kind)), None)
    if kind is None or type(module).forward is not kind.forward:
        names = ", ".join(f"torch.nn.{kind.__name__}" for kind in _LAYERED + _CELLS)
        why = "" if kind is None else ", which has a forward() of its own"
        raise TypeError(f"module: expected one of {names}, got {type(module).__name__}{why}")
    if getattr(module, "nonlinearity", "tanh") not in _RNN_STEPS:
        raise ValueError(
            f"module: expected nonlinearity 'tanh' or 'relu', got {module.nonlinearity!r}"
        )


def _check_dropout(module: nn.Module) -> None:
    drops = isinstance(module, _LAYERED) and module.dropout > 0 and module.num_layers > 1
    if drops and module.training:
        raise ValueError(
            f"module: expected no dropout, got dropout={module.dropout} in training mode, whose "
            "random masks no second computation can repeat; call module.eval() first"
        )


def _check_input(input: Any, weights: Any, *ranks: list[str], name: str = "input") -> list[str]:
    """Raise unless an input fits the first layer's weights; tell which of the axes it has."""
    shapes = " or ".join(f"({', '.join(axes)})" for axes in ranks)
    if not isinstance(input, Tensor):
        packed = " or a PackedSequence" if "time" in shapes else ""
        raise TypeError(
            f"{name}: expected a torch.Tensor of shape {shapes}{packed}, got {_type_name(input)}"
        )
    axes = next((axes for axes in ranks if len(axes) == input.ndim), None)
    if axes is None:
        raise ValueError(f"{name}: expected shape {shapes}, got {tuple(input.shape)}")
    shape = (*input.shape[:-1], weights.sizes()["input"])
    _check_tensor(name, input, axes, shape, weights[0])
    return axes


def _check_stacked_state(
    state: State, layers: list[list[Any]], batch: Sequence[int]
) -> list[Tensor]:
    """Check the state of a stack of layers; `batch` is empty where there is no batch."""
    cells = sum(len(directions) for directions in layers)
    axes = ["layers * directions", *["batch"] * len(batch)]
    return _check_state(state, layers[0][0], axes, (cells, *batch))


def _check_state(
    state: State, weights: Any, axes: list[str], leading: Sequence[int]
) -> list[Tensor]:
    """The arrays of a state, each of shape `(*leading, size)`: zeros if there is none."""
    names, sizes = list(weights.state), weights.sizes()
    shapes = [(*leading, sizes[size]) for size in weights.state.values()]
    if state is None:
        return [weights[0].new_zeros(shape) for shape in shapes]
    if len(names) == 1:
        arrays, called = [state], ["state"]
    elif isinstance(state, tuple | list) and len(state) == len(names):
        arrays, called = list(state), [f"state[{i}] ({name}_0)" for i, name in enumerate(names)]
    else:
        expected = ", ".join(f"{name}_0" for name in names)
        raise TypeError(f"state: expected a tuple ({expected}), got {_type_name(state)}")
    for i, size in enumerate(weights.state.values()):
        _check_tensor(called[i], arrays[i], [*axes, size], shapes[i], weights[0])
    return arrays


def _check_tensor(
    name: str, tensor: Any, axes: list[str], shape: tuple[int, ...], like: Tensor
) -> None:
    shape = tuple(shape)
    if not isinstance(tensor, Tensor):
        found = _type_name(tensor)
        raise TypeError(wrong_shape(name, axes, shape, found, kind="a torch.Tensor"))
    if tuple(tensor.shape) != shape:
        raise ValueError(wrong_shape(name, axes, shape, tuple(tensor.shape)))
    for what in ("dtype", "device"):
        wanted, found = getattr(like, what), getattr(tensor, what)
        if wanted != found:
            raise ValueError(
                f"{name}: expected {what} {wanted}, as the module's weights have, got {found}"
            )


def _check_layers(layers: list[list[Any]]) -> None:
    """Raise unless the cells of all layers make one torch module."""
    first, directions = layers[0][0], len(layers[0])
    sizes = first.sizes()
    output = sizes.get("projection", sizes["hidden"])
    if directions > 2:
        raise ValueError(f"weights: expected one or two directions, got {directions} in layer 0")
    if "projection" in sizes and output >= sizes["hidden"]:
        raise ValueError(
            "weights: torch.nn.LSTM only projects to fewer features than the hidden size, "
            f"got projection = {output}, hidden = {sizes['hidden']}"
        )
    for layer, cells in enumerate(layers):
        if len(cells) != directions:
            raise ValueError(
                f"weights: expected {directions} direction{'s' * (directions > 1)} in every layer, "
                f"as in layer 0, got {len(cells)} in layer {layer}"
            )
        expected = sizes | ({"input": directions * output} if layer else {})
        for direction, cell in enumerate(cells):
            wanted = (type(first).__name__, expected, first[0].dtype, first[0].device)
            found = (type(cell).__name__, cell.sizes(), cell[0].dtype, cell[0].device)
            if wanted != found:
                raise ValueError(
                    f"weights: expected {_describe(*wanted)} in layer {layer}, direction "
                    f"{direction}, got {_describe(*found)}"
                )


def _describe(name: str, sizes: dict[str, int], dtype: torch.dtype, device: torch.device) -> str:
    numbers = ", ".join(f"{size} = {sizes[size]}" for size in sorted(sizes))
    return f"{name} with {numbers} ({dtype}, {device})"


def _type_name(value: Any) -> str:
    length = f" of length {len(value)}" if isinstance(value, tuple | list) else ""
    return type(value).__name__ + length

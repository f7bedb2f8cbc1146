r"""How frameworks and papers write the same cells, and how weights move from one to another.

A `Convention` says in a few words what varies: where the reset stands, what the update gate
multiplies, how gates are packed, which way round a matrix lies, how many biases there are. Weights
go from one to another through the parts that all of them have: for each gate a matrix for the
input, a matrix for the state, and a bias beside each.

Gates have the lecture's letters: `u`, `r` and `h` (the candidate) in the GRU; `u` (elsewhere: the
output gate), `i`, `f` and `c` in the LSTM.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lecture_code.core.ops import Array, namespace
from lecture_code.core.state import State
from lecture_code.core.unroll import unroll
from lecture_code.sections.gru import (
    GRUResetAfterWeights,
    GRUWeights,
    gru_reset_after_step,
    gru_step,
)
from lecture_code.sections.lstm import LSTMWeights, lstm_literal_step, lstm_step
from lecture_code.sections.rnn import RNNWeights, rnn_sigmoid_step, rnn_step


class Place(NamedTuple):
    r"""One array of a convention.

    Attributes:
        name: what its owner calls it.
        gates: the letters of the gates that are packed in it, in order.
        part: what it holds of each: `W_x`, `W_h`, or `W` for both side by side; `b_x`, `b_h`, or
            `b` for their sum; `b_x; b_h` for one above the other, and `b_x, b_h` for one behind the
            other.
    """

    name: str
    gates: str
    part: str


@dataclass(frozen=True)
class Convention:
    r"""What varies between two programs that both have the cell.

    Attributes:
        name: its name here.
        cell: `gru`, `lstm` or `rnn`.
        title: who has it.
        source: where it is written down.
        places: its arrays.
        reset: for a GRU whether the reset comes `before` or `after` the product with the state.
        update: for a GRU whether the update gate `keeps` the old state or `takes` the candidate.
        transposed: whether features stand in rows and units in columns.
        state_first: whether a matrix that reads both has the state's columns before the input's, as
            in $[h_{t-1}, X_t]$.
        leading: whether every array has one more axis in front, for the direction.
        hands_on: for an LSTM what goes to the next step: the `memory`, or its `tanh`.
        forget_bias: a number that is added to the forget gate's bias while the cell runs.
        activation: for an RNN its function.
        weights: the lecture's class for these weights, if it is the lecture's convention.
    """

    name: str
    cell: str
    title: str
    source: str
    places: tuple[Place, ...]
    reset: str = ""
    update: str = ""
    transposed: bool = False
    state_first: bool = False
    leading: bool = False
    hands_on: str = ""
    forget_bias: float = 0.0
    activation: str = ""
    weights: type | None = None

    @property
    def gates(self) -> tuple[str, ...]:
        """The order in which gates are packed: one text for each packing."""
        packed = {place.gates: None for place in self.places if place.part.startswith("W")}
        return tuple(packed)

    @property
    def equation(self) -> tuple[str, str, str, str]:
        """What of its equation varies: the rest of the description is layout."""
        return self.reset, self.update, self.hands_on, self.activation

    @property
    def is_packed(self) -> bool:
        """Whether one matrix reads input and state."""
        return any(place.part == "W" for place in self.places)

    @property
    def biases(self) -> int:
        """How many biases a gate has: 0, 1 or 2; a candidate may have more than the gates."""
        return max(len(self.biases_of(gate)) for gate in _GATES[self.cell])

    def biases_of(self, gate: str) -> tuple[str, ...]:
        """The biases that a gate has.

        Args:
            gate: its letter.

        Returns:
            `("b",)` for one that is the sum, `("b_x", "b_h")` for two, or nothing.
        """
        parts = [place.part for place in self.places if gate in place.gates]
        found = [one for part in parts if part.startswith("b") for one in re.split("[;,] ", part)]
        return tuple(found)


class Term(NamedTuple):
    """Numbers that a cell has to learn.

    Attributes:
        name: the array, as its owner calls it.
        shape: its shape.
        count: how many numbers it holds.
        meaning: what they are for.
    """

    name: str
    shape: tuple[int, ...]
    count: int
    meaning: str


class ConversionError(ValueError):
    """Weights that have no equivalent in another convention; the message names the term."""


class Parts(NamedTuple):
    """What every convention has of a gate.

    Attributes:
        W_x: matrix that reads the input, shape `(hidden, input)`.
        W_h: matrix that reads the state, shape `(hidden, hidden)`.
        b_x: bias beside the input's product, shape `(hidden,)`.
        b_h: bias beside the state's product; 0 where there is one bias only.
    """

    W_x: Array
    W_h: Array
    b_x: Array
    b_h: Array


_GATES = {"gru": "urh", "lstm": "uifc", "rnn": "h"}


def convert(weights: Any, source: str, target: str, cell: str = "gru") -> Any:
    r"""Turn the weights of one convention into those of another that computes the same.

    The way back gives the same numbers, bit for bit, where the target has a place for each of them.
    Where it has one bias for the source's two, it gets their sum; the way back then has the sum in
    the first and 0 in the second. That is the same cell, and from then on each round trip is exact.
    A convention that adds a constant to the forget gate's bias (TensorFlow 1) gets it subtracted:
    that bias is exact up to the rounding of this sum.

    Args:
        weights: the source's arrays by its own names, numpy's or torch's; for the lecture's own
            conventions also its weights, such as `GRUWeights`.
        source: the name of a convention in `CONVENTIONS[cell]`.
        target: the name of another one.
        cell: `gru`, `lstm` or `rnn`.

    Returns:
        The target's arrays by its own names; for the lecture's own conventions its weights.

    Raises:
        ConversionError: if the target has no place for a term of the source's equation.
        ValueError: if a name is unknown, an array is missing or too many, or a shape or a dtype
            does not fit.
    """
    given, wanted = convention(source, cell), convention(target, cell)
    parts = _read(given, weights)
    _check_same_equation(given, wanted)
    return _write(wanted, parts, given)


def convention(name: str, cell: str) -> Convention:
    """Look a convention up.

    Args:
        name: its name.
        cell: `gru`, `lstm` or `rnn`.

    Returns:
        The convention.

    Raises:
        ValueError: if there is none of this name.
    """
    if cell not in CONVENTIONS:
        raise ValueError(f"cell: expected {', '.join(CONVENTIONS)}, got {cell!r}")
    if name not in CONVENTIONS[cell]:
        raise ValueError(
            f"convention: expected one of {', '.join(CONVENTIONS[cell])}, got {name!r}"
        )
    return CONVENTIONS[cell][name]


def run(
    weights: Any, name: str, inputs: Array, state: State, cell: str = "gru"
) -> tuple[Array, State]:
    """Run a sequence through a cell whose weights are those of a convention.

    Args:
        weights: the convention's arrays by their own names.
        name: the convention.
        inputs: sequence, shape `(time, ..., input)`.
        state: the state before the first step, shape `(..., hidden)`, or `(h, c)`.
        cell: `gru`, `lstm` or `rnn`.

    Returns:
        The outputs, shape `(time, ..., hidden)`, and the last state: by the lecture's step that
        has the same equation.

    Raises:
        ValueError: as `convert`, or as `unroll`.
    """
    chosen = convention(name, cell)
    key = (cell, chosen.reset or chosen.hands_on or chosen.activation)
    step, own = _STEPS[key]
    return unroll(step, inputs, state, convert(weights, name, own, cell))


def parameters(name: str, input_size: int, hidden_size: int, cell: str = "gru") -> list[Term]:
    """Count the numbers that a cell has to learn, array by array.

    Args:
        name: the convention.
        input_size: features of the input.
        hidden_size: units.
        cell: `gru`, `lstm` or `rnn`.

    Returns:
        A term for each array.
    """
    chosen = convention(name, cell)
    terms = []
    for place in chosen.places:
        shape = _shape(chosen, place, input_size, hidden_size)
        terms.append(Term(place.name, shape, int(np.prod(shape)), _meaning(chosen, place)))
    return terms


def draw(
    name: str, input_size: int, hidden_size: int, *, seed: int, cell: str = "gru"
) -> dict[str, Array]:
    """Draw random weights in a convention's own layout, all of them different from 0.

    Args:
        name: the convention.
        input_size: features of the input.
        hidden_size: units.
        seed: the same seed draws the same numbers.
        cell: `gru`, `lstm` or `rnn`.

    Returns:
        Arrays in float64 by the owner's names.
    """
    random = np.random.default_rng(seed)
    return {
        term.name: random.uniform(-1, 1, term.shape)
        for term in parameters(name, input_size, hidden_size, cell)
    }


# READING AND WRITING ARRAYS


def _read(chosen: Convention, weights: Any) -> dict[str, Parts]:
    """The parts of each gate, with the update gate turned to keep the old state."""
    arrays = _arrays(chosen, weights)
    found: dict[str, dict[str, Array]] = {gate: {} for gate in _GATES[chosen.cell]}
    hidden = _hidden_size(chosen, arrays)
    for place in chosen.places:
        for part, rows in _unpacked(chosen, place, arrays[place.name], hidden):
            for number, gate in enumerate(place.gates):
                found[gate][part] = rows[number * hidden : (number + 1) * hidden]
    parts = {}
    for gate, one in found.items():
        zeros = one["W_h"][:, 0] * 0
        first = one.get("b", one.get("b_x", zeros))
        parts[gate] = Parts(one["W_x"], one["W_h"], first, one.get("b_h", zeros))
    return _turned(chosen, parts)


def _write(wanted: Convention, parts: dict[str, Parts], given: Convention) -> Any:
    parts = _turned(wanted, parts)
    # The candidate's first: its bias inside the reset is the one that surprises.
    for gate, one in reversed(parts.items()):
        _check_biases(wanted, gate, one, given)
    if given.forget_bias != wanted.forget_bias:
        more = given.forget_bias - wanted.forget_bias
        parts = parts | {"f": parts["f"]._replace(b_x=parts["f"].b_x + more)}
    arrays = {}
    for place in wanted.places:
        xp = namespace(parts[place.gates[0]].W_x)
        both = []
        for part in re.split("[;,] ", place.part):
            both.append(xp.concat([_part(wanted, parts[gate], part) for gate in place.gates]))
        array = both[0] if len(both) == 1 else (xp.stack if ";" in place.part else xp.concat)(both)
        if place.part.startswith("W") and wanted.transposed:
            array = array.T
        arrays[place.name] = array[None] if wanted.leading else array
    return wanted.weights(**arrays) if wanted.weights else arrays


def _turned(chosen: Convention, parts: dict[str, Parts]) -> dict[str, Parts]:
    """Turn an update gate that takes the candidate, for 1 - σ(a) = σ(-a)."""
    if chosen.update != "takes":
        return parts
    return parts | {"u": Parts(*(-array for array in parts["u"]))}


def _part(wanted: Convention, parts: Parts, part: str) -> Array:
    if part == "W":
        both = [parts.W_h, parts.W_x] if wanted.state_first else [parts.W_x, parts.W_h]
        return namespace(parts.W_x).concat(both, axis=1)
    return parts.b_x + parts.b_h if part == "b" else getattr(parts, part)


def _unpacked(
    chosen: Convention, place: Place, array: Array, hidden: int
) -> Iterator[tuple[str, Array]]:
    """The parts that an array holds, each with its gates below each other."""
    array = array[0] if chosen.leading else array
    if place.part.startswith("W"):
        rows = array.T if chosen.transposed else array
        if place.part == "W":
            size = hidden if chosen.state_first else rows.shape[1] - hidden
            first, second = ("W_h", "W_x") if chosen.state_first else ("W_x", "W_h")
            yield first, rows[:, :size]
            yield second, rows[:, size:]
        else:
            yield place.part, rows
    elif ", " in place.part:
        size = hidden * len(place.gates)
        yield "b_x", array[:size]
        yield "b_h", array[size:]
    elif "; " in place.part:
        yield "b_x", array[0]
        yield "b_h", array[1]
    else:
        yield place.part, array


# CHECKS


def _arrays(chosen: Convention, weights: Any) -> dict[str, Array]:
    """The arrays by name; shapes, names and dtypes are checked."""
    own = chosen.weights
    if own and isinstance(weights, own):
        weights = weights._asdict()
    if not isinstance(weights, Mapping):
        kinds = f"{own.__name__} or a dictionary" if own else "a dictionary"
        raise TypeError(
            f"weights: {chosen.name} expects {kinds} of arrays, got {type(weights).__name__}"
        )
    names = [place.name for place in chosen.places]
    missing = [name for name in names if name not in weights]
    unknown = [name for name in weights if name not in names]
    if missing or unknown:
        said = [f"missing: {', '.join(missing)}"] * bool(missing)
        said += [f"unknown: {', '.join(map(str, unknown))}"] * bool(unknown)
        raise ValueError(f"weights: {chosen.name} has {', '.join(names)}; {'; '.join(said)}")
    first = weights[names[0]]
    for name in names:
        if not hasattr(weights[name], "shape"):
            raise TypeError(f"{name}: expected an array, got {type(weights[name]).__name__}")
        if weights[name].dtype != first.dtype:
            raise ValueError(
                f"{name}: expected dtype {first.dtype}, as {names[0]} has, "
                f"got {weights[name].dtype}"
            )
    _check_shapes(chosen, weights)
    return {name: weights[name] for name in names}


def _check_shapes(chosen: Convention, weights: Mapping[str, Array]) -> None:
    hidden = _hidden_size(chosen, weights)
    features = _features(chosen, weights, hidden)
    for place in chosen.places:
        expected = _shape(chosen, place, features, hidden)
        found = tuple(weights[place.name].shape)
        if found != expected or min(expected) < 1:
            raise ValueError(
                f"{place.name}: expected shape {expected} for input size {features} and hidden "
                f"size {hidden}, got {found}"
            )


def _hidden_size(chosen: Convention, arrays: Mapping[str, Array]) -> int:
    """The hidden size: the matrix for the state has it, or what is packed has a multiple of it."""
    place = next(place for place in chosen.places if place.part in ("W_h", "W"))
    shape = _axes(chosen, place, arrays[place.name])
    units = shape[1 if chosen.transposed else 0]
    if units % len(place.gates):
        raise ValueError(
            f"{place.name}: expected {len(place.gates)} gates of one size, got shape "
            f"{tuple(arrays[place.name].shape)}"
        )
    return units // len(place.gates)


def _features(chosen: Convention, arrays: Mapping[str, Array], hidden: int) -> int:
    place = next(place for place in chosen.places if place.part in ("W_x", "W"))
    shape = _axes(chosen, place, arrays[place.name])
    columns = shape[0 if chosen.transposed else 1]
    return columns - hidden if place.part == "W" else columns


def _axes(chosen: Convention, place: Place, array: Array) -> tuple[int, ...]:
    shape = tuple(array.shape)
    expected = 3 if chosen.leading else 2
    if len(shape) != expected:
        raise ValueError(f"{place.name}: expected {expected} axes, got shape {shape}")
    return shape[1:] if chosen.leading else shape


def _shape(chosen: Convention, place: Place, features: int, hidden: int) -> tuple[int, ...]:
    units = hidden * len(place.gates)
    columns = {"W_x": features, "W_h": hidden, "W": features + hidden}
    if place.part in columns:
        shape = (units, columns[place.part])
        shape = shape[::-1] if chosen.transposed else shape
    else:
        shape = {";": (2, units), ",": (2 * units,)}.get(place.part[3:4], (units,))
    return (1, *shape) if chosen.leading else shape


def _check_same_equation(given: Convention, wanted: Convention) -> None:
    if given.reset != wanted.reset:
        terms = {
            "after": "Γ_r ⊗ (W_hh h + b_hh), a reset after the product",
            "before": "W_h [x, Γ_r ⊗ h], a reset before the product",
        }
        raise ConversionError(
            f"{wanted.name} has no place for {terms[given.reset]}: it resets {wanted.reset} it, "
            "and in general no weights make the two equal"
        )
    if given.hands_on != wanted.hands_on:
        terms = {
            "tanh": "tanh(Γ_f ⊗ C + h̃), a memory handed on after the tanh",
            "memory": "Γ_f ⊗ C + h̃, a memory handed on as it is",
        }
        raise ConversionError(
            f"{wanted.name} has no place for {terms[given.hands_on]}: in general no weights make "
            "the two equal"
        )
    if given.activation != wanted.activation:
        raise ConversionError(
            f"{wanted.name} has {wanted.activation} where {given.name} has {given.activation}: its "
            "states lie in another range, and no weights make the two equal"
        )


def _check_biases(wanted: Convention, gate: str, parts: Parts, given: Convention) -> None:
    have = wanted.biases_of(gate)
    inside = gate == "h" and wanted.reset == "after"
    if inside and "b_h" not in have and bool((parts.b_h != 0).any()):
        raise ConversionError(
            f"{wanted.name} has no place for Γ_r ⊗ b_hh, the bias of {given.name} inside the reset"
        )
    if not have and bool((parts.b_x + parts.b_h != 0).any()):
        symbol = {"h": "b_h", "c": "b_c"}.get(gate, f"b_{gate}")
        raise ConversionError(
            f"{wanted.name} has no biases, and so no place for {symbol} of {given.name}, which is "
            "not 0"
        )


def _meaning(chosen: Convention, place: Place) -> str:
    words = {
        "u": "update gate",
        "r": "reset gate",
        "h": "candidate",
        "i": "input gate",
        "f": "forget gate",
        "c": "candidate",
    }
    parts = {
        "W_x": "what reads the input",
        "W_h": "what reads the state",
        "W": "what reads input and state",
        "b_x": "bias beside the input",
        "b_h": "bias beside the state",
        "b": "bias",
        "b_x; b_h": "two biases",
        "b_x, b_h": "two biases",
    }
    if len(place.gates) == len(_GATES[chosen.cell]):
        return parts[place.part]
    return f"{parts[place.part]}, {' and '.join(words[gate] for gate in place.gates)}"


# THE CONVENTIONS


def _per_gate(gates: str) -> tuple[Place, ...]:
    """A matrix and a bias for each gate, as the lecture has them."""
    return tuple(
        place
        for gate in gates
        for place in (Place(f"W_{gate}", gate, "W"), Place(f"b_{gate}", gate, "b"))
    )


def _apart(gates: str, names: str, biases: tuple[str, ...] = ("b_x; b_h",)) -> tuple[Place, ...]:
    """One matrix for the input and one for the state, all gates packed in each."""
    kernel, recurrent, *bias = names.split()
    return (
        Place(kernel, gates, "W_x"),
        Place(recurrent, gates, "W_h"),
        *(Place(name, gates, part) for name, part in zip(bias, biases, strict=True)),
    )


def _paper(gates: Mapping[str, tuple[str, str]]) -> tuple[Place, ...]:
    """Matrices for input and state, and no biases."""
    return tuple(
        place
        for gate, (W, U) in gates.items()
        for place in (Place(W, gate, "W_x"), Place(U, gate, "W_h"))
    )


_TORCH = "weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0"
_KERAS = "kernel recurrent_kernel bias"
_PAPER = _paper({"u": ("W_z", "U_z"), "r": ("W_r", "U_r"), "h": ("W", "U")})

_CONVENTIONS = (
    Convention(
        "slides",
        "gru",
        "The slides",
        "the lecture's GRU, full",
        _per_gate("urh"),
        "before",
        "keeps",
        weights=GRUWeights,
    ),
    Convention(
        "slides-reset-after",
        "gru",
        "The slides' symbols, reset after",
        "gru_reset_after_step",
        (
            *_per_gate("ur"),
            Place("W_hx", "h", "W_x"),
            Place("b_hx", "h", "b_x"),
            Place("W_hh", "h", "W_h"),
            Place("b_hh", "h", "b_h"),
        ),
        "after",
        "keeps",
        weights=GRUResetAfterWeights,
    ),
    Convention(
        "cho2014-v1",
        "gru",
        "Cho et al. (2014), version 1",
        "arXiv 1406.1078v1",
        _PAPER,
        "after",
        "keeps",
    ),
    Convention(
        "cho2014-v3",
        "gru",
        "Cho et al. (2014), version 3",
        "arXiv 1406.1078v3",
        _PAPER,
        "before",
        "keeps",
    ),
    Convention(
        "chung2014", "gru", "Chung et al. (2014)", "arXiv 1412.3555", _PAPER, "before", "takes"
    ),
    Convention(
        "torch",
        "gru",
        "PyTorch and cuDNN",
        "torch.nn.GRU",
        _apart("ruh", _TORCH, ("b_x", "b_h")),
        "after",
        "keeps",
    ),
    Convention(
        "keras",
        "gru",
        "Keras, reset_after=False",
        "keras.layers.GRU",
        _apart("urh", _KERAS, ("b",)),
        "before",
        "keeps",
        transposed=True,
    ),
    Convention(
        "keras-reset-after",
        "gru",
        "Keras, reset_after=True",
        "keras.layers.GRU",
        _apart("urh", _KERAS),
        "after",
        "keeps",
        transposed=True,
    ),
    Convention(
        "onnx",
        "gru",
        "ONNX, linear_before_reset=0",
        "operator GRU",
        _apart("urh", "W R B", ("b_x, b_h",)),
        "before",
        "keeps",
        leading=True,
    ),
    Convention(
        "onnx-linear-before-reset",
        "gru",
        "ONNX, linear_before_reset=1",
        "operator GRU",
        _apart("urh", "W R B", ("b_x, b_h",)),
        "after",
        "keeps",
        leading=True,
    ),
    Convention(
        "trax",
        "gru",
        "Trax",
        "trax.layers.GRUCell",
        (
            Place("W_1", "ur", "W"),
            Place("b_1", "ur", "b"),
            Place("W_2", "h", "W"),
            Place("b_2", "h", "b"),
        ),
        "before",
        "keeps",
        transposed=True,
    ),
    Convention(
        "flax",
        "gru",
        "Flax",
        "flax.linen.GRUCell",
        (
            Place("ir/kernel", "r", "W_x"),
            Place("ir/bias", "r", "b"),
            Place("iz/kernel", "u", "W_x"),
            Place("iz/bias", "u", "b"),
            Place("in/kernel", "h", "W_x"),
            Place("in/bias", "h", "b_x"),
            Place("hr/kernel", "r", "W_h"),
            Place("hz/kernel", "u", "W_h"),
            Place("hn/kernel", "h", "W_h"),
            Place("hn/bias", "h", "b_h"),
        ),
        "after",
        "keeps",
        transposed=True,
    ),
    Convention(
        "slides",
        "lstm",
        "The slides, as meant",
        "the lecture's LSTM",
        _per_gate("uifc"),
        hands_on="memory",
        weights=LSTMWeights,
    ),
    Convention(
        "slides-literal",
        "lstm",
        "The slides, to the letter",
        "lstm_literal_step",
        _per_gate("uifc"),
        hands_on="tanh",
        weights=LSTMWeights,
    ),
    Convention(
        "torch",
        "lstm",
        "PyTorch and cuDNN",
        "torch.nn.LSTM",
        _apart("ifcu", _TORCH, ("b_x", "b_h")),
        hands_on="memory",
    ),
    Convention(
        "keras",
        "lstm",
        "Keras",
        "keras.layers.LSTM",
        _apart("ifcu", _KERAS, ("b",)),
        transposed=True,
        hands_on="memory",
    ),
    Convention(
        "onnx",
        "lstm",
        "ONNX",
        "operator LSTM",
        _apart("iufc", "W R B", ("b_x, b_h",)),
        leading=True,
        hands_on="memory",
    ),
    Convention(
        "trax",
        "lstm",
        "Trax",
        "trax.layers.LSTMCell",
        (Place("w", "icfu", "W"), Place("b", "icfu", "b")),
        transposed=True,
        hands_on="memory",
    ),
    Convention(
        "tf1",
        "lstm",
        "TensorFlow 1",
        "tf.nn.rnn_cell.BasicLSTMCell",
        (Place("kernel", "icfu", "W"), Place("bias", "icfu", "b")),
        transposed=True,
        hands_on="memory",
        forget_bias=1.0,
    ),
    Convention(
        "olah2015",
        "lstm",
        "Olah (2015)",
        "Understanding LSTM Networks",
        tuple(
            place
            for letter, gate in zip("fiCo", "ficu", strict=True)
            for place in (Place(f"W_{letter}", gate, "W"), Place(f"b_{letter}", gate, "b"))
        ),
        state_first=True,
        hands_on="memory",
    ),
    Convention(
        "flax",
        "lstm",
        "Flax",
        "flax.linen.LSTMCell",
        tuple(
            place
            for letter, gate in zip("ifgo", "ifcu", strict=True)
            for place in (
                Place(f"i{letter}/kernel", gate, "W_x"),
                Place(f"h{letter}/kernel", gate, "W_h"),
                Place(f"h{letter}/bias", gate, "b"),
            )
        ),
        transposed=True,
        hands_on="memory",
    ),
    Convention(
        "slides",
        "rnn",
        "The slides, with tanh",
        "the lecture's RNN",
        (Place("W", "h", "W"), Place("b", "h", "b")),
        activation="tanh",
        weights=RNNWeights,
    ),
    Convention(
        "slides-literal",
        "rnn",
        "The slides, to the letter",
        "rnn_sigmoid_step",
        (Place("W", "h", "W"), Place("b", "h", "b")),
        activation="σ",
        weights=RNNWeights,
    ),
    Convention(
        "torch",
        "rnn",
        "PyTorch and cuDNN",
        "torch.nn.RNN",
        _apart("h", _TORCH, ("b_x", "b_h")),
        activation="tanh",
    ),
    Convention(
        "keras",
        "rnn",
        "Keras",
        "keras.layers.SimpleRNN",
        _apart("h", _KERAS, ("b",)),
        transposed=True,
        activation="tanh",
    ),
    Convention(
        "onnx",
        "rnn",
        "ONNX",
        "operator RNN",
        _apart("h", "W R B", ("b_x, b_h",)),
        leading=True,
        activation="tanh",
    ),
    Convention(
        "flax",
        "rnn",
        "Flax",
        "flax.linen.SimpleCell",
        (Place("i/kernel", "h", "W_x"), Place("i/bias", "h", "b"), Place("h/kernel", "h", "W_h")),
        transposed=True,
        activation="tanh",
    ),
)

CONVENTIONS: dict[str, dict[str, Convention]] = {
    cell: {one.name: one for one in _CONVENTIONS if one.cell == cell} for cell in _GATES
}
"""The conventions by cell and name."""

_STEPS: dict[tuple[str, str], tuple[Callable, str]] = {
    ("gru", "before"): (gru_step, "slides"),
    ("gru", "after"): (gru_reset_after_step, "slides-reset-after"),
    ("lstm", "memory"): (lstm_step, "slides"),
    ("lstm", "tanh"): (lstm_literal_step, "slides-literal"),
    ("rnn", "tanh"): (rnn_step, "slides"),
    ("rnn", "σ"): (rnn_sigmoid_step, "slides-literal"),
}
"""The lecture's step with a convention's equation, and the convention of its weights."""

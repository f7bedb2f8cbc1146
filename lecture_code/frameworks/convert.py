"""Weights from one convention to another, and a sequence through the weights of any.

Weights go from one to another through what all conventions have: for each gate a matrix for the
input, a matrix for the state, and a bias beside each. `table.py` lists the conventions, and
`description.py` says what differs between them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from lecture_code.core.ops import Array, namespace
from lecture_code.core.state import State
from lecture_code.core.unroll import unroll
from lecture_code.frameworks.description import Convention, Join, Part, Place
from lecture_code.frameworks.table import convention, lecture_convention


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
    count: int  # type: ignore[assignment]  # hides tuple.count, which no term needs
    meaning: str


class ConversionError(ValueError):
    """Weights that have no equivalent in another convention; the message names the term.

    Attributes:
        target: the convention that has no place for it.
        source: the convention whose weights they are.
        term: the term of the source's equation.
        reason: what the target has instead, or that it has no place; without the names of the two.
    """

    def __init__(self, target: str, source: str, term: str, has: str) -> None:
        """Take what went wrong.

        Args:
            target: the convention that has no place.
            source: the other one.
            term: what it has no place for.
            has: what the target has, as `reason`; with `{source}` or `{of_source}` where the
                message names the source.
        """
        super().__init__(target, source, term, has)
        self.target, self.source, self.term, self._has = target, source, term, has
        self.reason = has.format(source="the other", of_source="")

    def __str__(self) -> str:
        """The reason, with the names of the two."""
        has = self._has.format(source=self.source, of_source=f" of {self.source}")
        return f"{self.target} has {has}"


class GateWeights(NamedTuple):
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
    gates = _read(given, weights)
    _check_same_equation(given, wanted)
    return _write(wanted, gates, given)


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
    own = lecture_convention(convention(name, cell))
    assert own.step  # the lecture's own conventions have one
    return unroll(own.step, inputs, state, convert(weights, name, own.name, cell))


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


def _read(chosen: Convention, weights: Any) -> dict[str, GateWeights]:
    """The weights of each gate, with the update gate turned to keep the old state."""
    arrays = _arrays(chosen, weights)
    found: dict[str, dict[Part, Array]] = {gate: {} for gate in chosen.cell.gates}
    hidden = _hidden_size(chosen, arrays)
    for place in chosen.places:
        for part, rows in _unpacked(chosen, place, arrays[place.name], hidden):
            for number, gate in enumerate(place.gates):
                found[gate][part] = rows[number * hidden : (number + 1) * hidden]
    gates = {}
    for gate, one in found.items():
        zeros = one["W_h"][:, 0] * 0
        first = one.get("b", one.get("b_x", zeros))
        gates[gate] = GateWeights(one["W_x"], one["W_h"], first, one.get("b_h", zeros))
    return _turned(chosen, gates)


def _write(wanted: Convention, gates: dict[str, GateWeights], given: Convention) -> Any:
    gates = _turned(wanted, gates)
    # The candidate's first: its bias inside the reset is the one that surprises.
    for gate, one in reversed(gates.items()):
        _check_biases(wanted, gate, one, given)
    for gate, one in gates.items():
        if more := given.adds(gate) - wanted.adds(gate):
            gates = gates | {gate: one._replace(b_x=one.b_x + more)}
    arrays = {}
    for place in wanted.places:
        array = _packed(place, [gates[gate] for gate in place.gates])
        if place.is_matrix and wanted.transposed:
            array = array.T
        arrays[place.name] = array[None] if wanted.leading else array
    return wanted.weights(**arrays) if wanted.weights else arrays


def _turned(chosen: Convention, gates: dict[str, GateWeights]) -> dict[str, GateWeights]:
    """Turn a gate that takes the candidate, for 1 - σ(a) = σ(-a)."""
    if chosen.update != "takes":
        return gates
    mixes = chosen.cell.mixes
    return gates | {mixes: GateWeights(*(-array for array in gates[mixes]))}


def _packed(place: Place, gates: list[GateWeights]) -> Array:
    """The array of a place, with units in rows."""
    xp = namespace(gates[0].W_x)
    held = [xp.concat([_part(one, part) for one in gates]) for part in place.parts]
    if place.join is None:
        return held[0]
    if place.join is Join.SIDE_BY_SIDE:
        return xp.concat(held, axis=1)
    if place.join is Join.STACKED:
        return xp.stack(held)
    return xp.concat(held)


def _part(gate: GateWeights, part: Part) -> Array:
    return gate.b_x + gate.b_h if part == "b" else getattr(gate, part)


def _unpacked(
    chosen: Convention, place: Place, array: Array, hidden: int
) -> Iterator[tuple[Part, Array]]:
    """The parts that an array holds, each with its gates below each other."""
    array = array[0] if chosen.leading else array
    if place.is_matrix and chosen.transposed:
        array = array.T
    if place.join is None:
        yield place.parts[0], array
    elif place.join is Join.SIDE_BY_SIDE:
        first, second = place.parts
        size = hidden if first == "W_h" else array.shape[1] - hidden
        yield first, array[:, :size]
        yield second, array[:, size:]
    elif place.join is Join.STACKED:
        yield from zip(place.parts, array, strict=True)
    else:
        size = hidden * len(place.gates)
        for number, part in enumerate(place.parts):
            yield part, array[number * size : (number + 1) * size]


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
    place = next(place for place in chosen.places if "W_h" in place.parts)
    shape = _axes(chosen, place, arrays[place.name])
    units = shape[1 if chosen.transposed else 0]
    if units % len(place.gates):
        raise ValueError(
            f"{place.name}: expected {len(place.gates)} gates of one size, got shape "
            f"{tuple(arrays[place.name].shape)}"
        )
    return units // len(place.gates)


def _features(chosen: Convention, arrays: Mapping[str, Array], hidden: int) -> int:
    place = next(place for place in chosen.places if "W_x" in place.parts)
    shape = _axes(chosen, place, arrays[place.name])
    columns = shape[0 if chosen.transposed else 1]
    return columns - hidden if "W_h" in place.parts else columns


def _axes(chosen: Convention, place: Place, array: Array) -> tuple[int, ...]:
    shape = tuple(array.shape)
    expected = 3 if chosen.leading else 2
    if len(shape) != expected:
        raise ValueError(f"{place.name}: expected {expected} axes, got shape {shape}")
    return shape[1:] if chosen.leading else shape


def _shape(chosen: Convention, place: Place, features: int, hidden: int) -> tuple[int, ...]:
    units = hidden * len(place.gates)
    shape: tuple[int, ...]
    if place.is_matrix:
        shape = (units, sum(features if part == "W_x" else hidden for part in place.parts))
        shape = shape[::-1] if chosen.transposed else shape
    elif place.join is Join.STACKED:
        shape = (len(place.parts), units)
    else:
        shape = (len(place.parts) * units,)
    return (1, *shape) if chosen.leading else shape


def _check_same_equation(given: Convention, wanted: Convention) -> None:
    if given.computes_like(wanted):
        return
    if given.reset != wanted.reset:
        term = {
            "after": "Γ_r ⊗ (W_hh h + b_hh), a reset after the product",
            "before": "W_h [x, Γ_r ⊗ h], a reset before the product",
        }[given.reset]
        has = (
            f"no place for {term}: it resets {wanted.reset} it, and in general no weights make "
            "the two equal"
        )
    elif given.hands_on != wanted.hands_on:
        term = {
            "tanh": "tanh(Γ_f ⊗ C + h̃), a memory handed on after the tanh",
            "memory": "Γ_f ⊗ C + h̃, a memory handed on as it is",
        }[given.hands_on]
        has = f"no place for {term}: in general no weights make the two equal"
    else:
        term = given.activation
        has = (
            f"{wanted.activation} where {{source}} has {term}: its states lie in another range, "
            "and no weights make the two equal"
        )
    raise ConversionError(wanted.name, given.name, term, has)


def _check_biases(wanted: Convention, gate: str, weights: GateWeights, given: Convention) -> None:
    have = wanted.biases_of(gate)
    inside = gate == "h" and wanted.reset == "after"
    if inside and "b_h" not in have and bool((weights.b_h != 0).any()):
        term = "Γ_r ⊗ b_hh"
        has = f"no place for {term}, the bias{{of_source}} inside the reset"
        raise ConversionError(wanted.name, given.name, term, has)
    if not have and bool((weights.b_x + weights.b_h != 0).any()):
        term = f"b_{gate}"
        has = f"no biases, and so no place for {term}{{of_source}}, which is not 0"
        raise ConversionError(wanted.name, given.name, term, has)


_MEANINGS = {
    frozenset({"W_x"}): "what reads the input",
    frozenset({"W_h"}): "what reads the state",
    frozenset({"W_x", "W_h"}): "what reads input and state",
    frozenset({"b_x"}): "bias beside the input",
    frozenset({"b_h"}): "bias beside the state",
    frozenset({"b"}): "bias",
    frozenset({"b_x", "b_h"}): "two biases",
}


def _meaning(chosen: Convention, place: Place) -> str:
    meaning, words = _MEANINGS[frozenset(place.parts)], chosen.cell.gates
    if len(place.gates) == len(words):
        return meaning
    return f"{meaning}, {' and '.join(words[gate] for gate in place.gates)}"

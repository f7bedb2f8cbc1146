r"""What a cell's equation becomes by the usual mistakes of `catalogue.py`, alone and two together.

A mistake is an equation like any other here. It is evaluated with the numbers that the student's
function got, so a student who made it returns the same numbers, up to rounding.
"""

import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from lecture_code.checker.catalogue import (
    FIRST_UNIT,
    LAYER,
    MEAN,
    OF_BIASES,
    OF_CELL,
    OF_LAYERS,
    Mistake,
    Slip,
)
from lecture_code.checker.changes import Change, ChangeAll, Exchange
from lecture_code.core.ops import Array
from lecture_code.course.cells import CELLS, Cell
from lecture_code.equations.evaluator import results_of
from lecture_code.equations.expressions import Call, Equation
from lecture_code.equations.language import ACTIVATIONS, FUNCTIONS
from lecture_code.equations.parser import canonical
from lecture_code.equations.roles import MATRIX, VECTOR
from lecture_code.pairing.functions import arguments_of, pair_lines
from lecture_code.rewriting.patterns import NoPlaceError, Rule, find, part_of
from lecture_code.rewriting.rules import drop_the_bias
from lecture_code.rewriting.trees import with_right

CHECKED = {name: CELLS[name] for name in OF_CELL}
"""The cells whose usual mistakes are known, by their names."""


class Variant(NamedTuple):
    """An equation that may be wrong.

    Attributes:
        lines: its lines.
        returns: the symbols whose values are returned.
    """

    lines: tuple[Equation, ...]
    returns: tuple[str, ...]

    def compute(self, known: dict[str, Any], computed: dict | None = None) -> tuple[Array, ...]:
        """Evaluate the lines one after the other.

        Args:
            known: values by symbol, from `symbols`.
            computed: what the first lines of other cells gave with the same `known`, by those
                lines; this cell's are added. Thousands of variants share most of their lines.

        Returns:
            The values of `returns`.

        Raises:
            ValueError: if the shapes do not fit, as where a matrix that is not square is turned.
        """
        computed = {} if computed is None else computed
        for count in range(1, len(self.lines) + 1):
            first = self.lines[:count]
            if first not in computed:
                computed[first] = known | results_of(first[-1], known, roles_of(known))
            known = computed[first]
        return tuple(known[canonical(symbol)] for symbol in self.returns)

    def with_mistake(self, mistake: Mistake) -> "Variant":
        """Make a mistake in the equation.

        Args:
            mistake: the mistake.

        Returns:
            The equation with it.

        Raises:
            NoPlaceError: if the equation has no place for it.
        """
        lines = self.lines
        for change in mistake.changes:
            lines = change(lines)
        return Variant(lines, mistake.returns or self.returns)

    def lines_other_than(self, other: "Variant") -> list[int]:
        """Compare with another variant of the same equation.

        Args:
            other: the other one.

        Returns:
            The numbers of the lines that differ, from 0.
        """
        both = zip(self.lines, other.lines, strict=True)
        return [number for number, (one, two) in enumerate(both) if one != two]


@cache
def right_variant(cell: Cell) -> Variant:
    """The lecture's equation.

    Args:
        cell: one of `CHECKED`.

    Returns:
        Its lines, and what it returns.
    """
    lines = (pair.equation for pair in pair_lines(cell.step))
    return Variant(tuple(with_right(line, line.right) for line in lines), cell.returns)


def roles_of(known: Mapping[str, Any]) -> dict[str, str]:
    """What the values hold that equations of cells and of mistakes are made from.

    Args:
        known: values by canonical symbol.

    Returns:
        The role of each: a matrix if it begins with W.
    """
    return {name: MATRIX if name.startswith("W") else VECTOR for name in known}


def symbols(cell: Cell, x: Array, state: Any, weights: Any) -> dict[str, Any]:
    r"""The values that the equations of a cell and of its mistakes are made from.

    Args:
        cell: one of `CHECKED`.
        x: input, shape `(..., input)`.
        state: as the lecture's step takes it.
        weights: the lecture's weights.

    Returns:
        By canonical symbol the arguments, and each matrix in two: of `W_u` the part $W_{ux}$ that
        reads the input, and $W_{uh}$ that reads the state.
    """
    given = arguments_of(cell.step, x, state, weights)
    known = {canonical(symbol): value for symbol, value in given.items()}
    for name in [name for name in known if name.startswith("W")]:
        known[part_of(name, "x").name] = known[name][:, : x.shape[-1]]
        known[part_of(name, "h").name] = known[name][:, x.shape[-1] :]
    known[FIRST_UNIT] = lambda gate: gate[..., :1] + 0 * gate
    known[MEAN] = lambda gate: gate.mean(-1, keepdims=True) + 0 * gate
    return known


@cache
def mistakes(cell: Cell) -> tuple[Mistake, ...]:
    """The mistakes that are looked for, the likelier ones first.

    Args:
        cell: one of `CHECKED`.

    Returns:
        Mistakes whose equations all differ from the right one and from each other.

    Raises:
        ValueError: if the equation has no place for one of them.
    """
    right = right_variant(cell)
    layers = list(_layers(cell))
    found: dict[Variant, Mistake] = {right: Mistake("")}
    for mistake in [
        *OF_CELL[cell.name],
        *_of_all_layers(layers),
        *_exchanges(layers),
        *_of_each_layer(layers),
    ]:
        try:
            found.setdefault(right.with_mistake(mistake), mistake)
        except NoPlaceError as error:
            raise ValueError(
                f"{cell.name}: the equation has no place for: {mistake.sentence} ({error})"
            ) from error
    return tuple(found.values())[1:]


def variants(cell: Cell) -> Iterator[tuple[tuple[Mistake, ...], Variant]]:
    """Every mistake alone, and then every two together.

    Args:
        cell: one of `CHECKED`.

    Yields:
        The mistakes and their equation. Two that touch one line come last; where the first leaves
        no place for the second, there is no such pair.
    """
    right = right_variant(cell)
    alone = {mistake: right.with_mistake(mistake) for mistake in mistakes(cell)}
    for mistake, wrong in alone.items():
        yield (mistake,), wrong
    concerned = {mistake: set(wrong.lines_other_than(right)) for mistake, wrong in alone.items()}
    on_one_line = []
    for one, two in itertools.combinations(alone, 2):
        if concerned[one] & concerned[two]:
            on_one_line.append((one, two))
        else:
            yield (one, two), alone[one].with_mistake(two)
    for one, two in on_one_line:
        try:
            both = alone[one].with_mistake(two)
        except NoPlaceError:
            continue
        if both not in (right, alone[one], alone[two]):
            yield (one, two), both


def changed(cell: Cell, made: tuple[Mistake, ...]) -> Variant:
    """The equation with mistakes in it.

    Args:
        cell: one of `CHECKED`.
        made: the mistakes, in the order in which they are made.

    Returns:
        The equation.

    Raises:
        NoPlaceError: if one of them leaves no place for the next.
    """
    wrong = right_variant(cell)
    for mistake in made:
        wrong = wrong.with_mistake(mistake)
    return wrong


# MISTAKES THAT EVERY LAYER CAN HAVE: \sigma(W_u [X_t, h_{t-1}] + b_u)


class _Layer(NamedTuple):
    """A layer in a line: what the line computes, what that is called, and the layer itself."""

    line: str
    name: str
    call: Call

    @property
    def slips(self) -> tuple[Slip, ...]:
        has_bias = find(self.call.argument, drop_the_bias.old)
        return (*OF_BIASES, *OF_LAYERS) if has_bias else OF_LAYERS


def _layers(cell: Cell) -> Iterator[_Layer]:
    for line in right_variant(cell).lines:
        [left] = line.left
        names = {canonical(symbol): words for symbol, words in cell.quantities.items()}
        for part in line.right.walk():
            if isinstance(part, Call) and find(part.argument, LAYER):
                yield _Layer(left.latex, names[left.name], part)


def _of_each_layer(layers: list[_Layer]) -> Iterator[Mistake]:
    for layer in layers:
        yield from _other_activations(layer)
        for slip in layer.slips:
            yield Mistake(slip.of_one.format(layer.name), (Change(layer.line, slip.rule),))


_FUNCTIONS = {latex: FUNCTIONS[latex].text for latex in ACTIVATIONS} | {"": "nothing"}


def _other_activations(layer: _Layer) -> Iterator[Mistake]:
    right = layer.call.function
    for function, word in _FUNCTIONS.items():
        if function != right:
            clause = f"{layer.name} has {word} where {_FUNCTIONS[right]} belongs"
            rule = Rule(f"{right}(a)", f"{function}(a)")
            yield Mistake(clause, (Change(layer.line, rule),))


def _of_all_layers(layers: list[_Layer]) -> Iterator[Mistake]:
    if len(layers) > 1:
        for slip in layers[0].slips:
            lines = tuple(layer.line for layer in layers if slip in layer.slips)
            yield Mistake(slip.of_all, (ChangeAll(lines, slip.rule),))


def _exchanges(layers: list[_Layer]) -> Iterator[Mistake]:
    """The weights of two layers exchanged: both, the matrices alone, or the biases alone."""
    for one, two in itertools.combinations(layers, 2):
        for kinds, what in (("Wb", "weights"), ("W", "matrices"), ("b", "biases")):
            yield Mistake(
                f"{one.name} and {two.name} have exchanged their {what}",
                (Exchange(one.line, two.line, kinds),),
            )

"""What a mutation is, and which quantities can be mistaken for one another."""

from collections.abc import Callable
from typing import Any, NamedTuple

from lecture_code.course.notation import Quantity
from lecture_code.pairing.functions import Line, pair_lines


class Mutation(NamedTuple):
    """One change of one function, or of the equation in its docstring.

    Attributes:
        function: the function of the lecture.
        of: `code` or `text`.
        kind: the rule that made it, such as `drop a bias`.
        detail: the changed lines, as they read now.
        changed: the function's source, or the equation's lines in LaTeX.
    """

    function: Callable[..., Any]
    of: str
    kind: str
    detail: str
    changed: str | tuple[str, ...]

    @property
    def name(self) -> str:
        """The mutation in one line, for a reader who has to find it."""
        return f"{self.function.__name__}, {self.of}, {self.kind}: {self.detail}"


FAMILIES = {
    "weight": "another weight",
    "gate": "another gate",
    "index": "another index",
    **dict.fromkeys(("input", "state", "candidate", "output"), "another state"),
}
"""The kind of an exchange, by the role of the quantity that is exchanged."""


def alike(one: tuple[str, Quantity], other: tuple[str, Quantity]) -> bool:
    """Whether one quantity can be written in the place of another, by mistake.

    Args:
        one: a canonical symbol and its row of the notation.
        other: another one.

    Returns:
        True for two matrices, two other weights, two gates, two indices, or two of all the rest.
    """
    return FAMILIES[one[1].role] == FAMILIES[other[1].role] and _is_upper(one) == _is_upper(other)


def _is_upper(entry: tuple[str, Quantity]) -> bool:
    # Only weights and indices are told apart so: T is a length, and t counts.
    symbol, row = entry
    return row.role in ("weight", "index") and symbol[0].isupper()


def exchanges(function: Callable) -> list[dict[str, list[tuple[str, Quantity]]]]:
    """What each symbol could be mistaken for, line by line.

    Args:
        function: a function with an equation in its docstring.

    Returns:
        For each line the other quantities by canonical symbol: those that have a value there.
    """
    lines = pair_lines(function)
    rows = {symbol: row for line in lines for symbol, row in line.quantities.items()}
    given = _given(lines)
    found, known = [], dict(given)
    for line in lines:
        found.append(
            {
                symbol: [
                    (name, row)
                    for name, row in known.items()
                    if name != symbol and alike((symbol, rows[symbol]), (name, row))
                ]
                for symbol in line.quantities
            }
        )
        known |= {symbol.name: rows[symbol.name] for symbol in line.equation.left}
    return found


def _given(lines: tuple[Line, ...]) -> dict[str, Quantity]:
    """The quantities that the equation reads before it computes them."""
    given: dict[str, Quantity] = {}
    computed: set[str] = set()
    for line in lines:
        end = line.equation.left[-1].span[1]
        right = [symbol.name for symbol in line.equation.symbols if symbol.span[0] >= end]
        given |= {name: line.quantities[name] for name in right if name not in computed}
        computed |= {symbol.name for symbol in line.equation.left}
    return given

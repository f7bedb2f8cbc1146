"""Places in a tree, and trees that were not read from a source."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from lecture_code.equations.expressions import (
    Composition,
    Equation,
    Expression,
    Indexed,
    Operation,
    Symbol,
)
from lecture_code.equations.writer import write

Put = Callable[[Expression], Expression]


def operation(operator: str, *operands: Expression) -> Operation:
    """An operation that was not read from a source.

    Args:
        operator: its name in the grammar.
        *operands: its operands.

    Returns:
        The operation, without LaTeX of its own.
    """
    return Operation("", operator, operands)


def put(parts: tuple[Any, ...], n: int, new: Any) -> tuple[Any, ...]:
    """Put something in a place of a tuple.

    Args:
        parts: the tuple.
        n: the place.
        new: what comes there.

    Returns:
        The new tuple.
    """
    return (*parts[:n], new, *parts[n + 1 :])


def places(part: Expression) -> Iterator[tuple[Expression, Put]]:
    """Go through the parts of an expression, from the whole to its smallest ones.

    Args:
        part: the expression.

    Yields:
        A part, and a function that puts another one in its place and returns the whole.
    """
    yield part, lambda new: new
    for n, child in enumerate(part.children):
        for place, within in places(child):
            yield place, partial(_put_within, part, n, within)


def _put_within(part: Expression, n: int, within: Put, new: Expression) -> Expression:
    """An expression whose child number `n` has something new in one of its own places."""
    return part.with_children(*put(part.children, n, within(new)))


def renamed(part: Expression, names: Mapping[str, Symbol]) -> Expression:
    """Write other symbols in an expression.

    Args:
        part: the expression.
        names: the new symbols, by the canonical names of the old ones.

    Returns:
        The expression with all of them exchanged at once.
    """
    match part:
        case Symbol():
            return _named(part, names)
        case Indexed(symbol=symbol):
            part = replace(part, symbol=_named(symbol, names))
        case Composition(functions=functions):
            return replace(
                part,
                functions=tuple(
                    one if isinstance(one, str) else _named(one, names) for one in functions
                ),
            )
    return part.with_children(*(renamed(child, names) for child in part.children))


def _named(symbol: Symbol, names: Mapping[str, Symbol]) -> Symbol:
    return replace(names.get(symbol.name, symbol), bracketed=symbol.bracketed)


def with_right(equation: Equation, right: Expression) -> Equation:
    """An equation with another right-hand side.

    Args:
        equation: the equation.
        right: what is computed now.

    Returns:
        The equation, its LaTeX written anew.
    """
    on_the_left = len(equation.symbols) - len(equation.right.symbols)
    return replace(
        equation,
        right=right,
        latex=f"{left_of(equation)} = {write(right)}",
        symbols=(*equation.symbols[:on_the_left], *right.symbols),
    )


def left_of(equation: Equation) -> str:
    """The left-hand side of an equation.

    Args:
        equation: the equation.

    Returns:
        LaTeX.
    """
    # A sum's limits hold an equals sign too, but further right.
    return equation.latex.replace(r"\leftarrow", "=").split("=")[0].strip()


def line_of(equation: Equation) -> str:
    """An equation as one line of LaTeX, its right-hand side written anew.

    Args:
        equation: the equation.

    Returns:
        LaTeX that `parse` takes.
    """
    return with_right(equation, equation.right).latex

r"""Other ways to write an entry: $p(x)$, $y[i]$ and $x^{(i)}$, where the line counts the letter.

A parser cannot tell them from a product and from a name; the values can. So `evaluate` asks here
for the line with entries in their place, before it computes it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lecture_code.equations.expressions import (
    Defined,
    Equation,
    Expression,
    Indexed,
    Operation,
    Sum,
    Symbol,
    factors,
)
from lecture_code.equations.indices import is_whole
from lecture_code.equations.limits import from_inside
from lecture_code.equations.names import AmbiguousError
from lecture_code.equations.roles import shape_of

_LABEL = re.compile(r"(.+)\^\{\((\\?[a-zA-Z]+)\)\}")
"""A name such as x^{(i)}, and the letter in it."""


def with_entries(equation: Equation, known: Mapping[str, Any]) -> Equation:
    """Read what stands for an entry as one.

    Args:
        equation: a line.
        known: values by the canonical name of their symbol.

    Returns:
        The line with its entries as such: $p_x$ for $p(x)$. Where a left-hand side such as $w(i)$
        has a letter in brackets that the right counts, $w$ is an array with that index.

    Raises:
        AmbiguousError: if letters above and below an array may be its indices in either order.
    """
    [left, *_] = equation.left
    letters = _letters_in_brackets(left)
    free = {letter.name for letter in letters} - set(known)
    sides = (equation.right, *equation.others)
    parts = [part for side in sides for part in side.walk()]
    counted = {part.index.name for part in parts if isinstance(part, Sum)}
    counted |= {letter.name for letter in equation.indices}
    if not counted and not free:
        return equation
    reader = _Places(known, counted | free)
    right, *others = map(reader.read, sides)
    if isinstance(left, Defined) and free and free <= reader.used:
        symbol = replace(Symbol(left.latex, left.function), start=left.start)
        equation = replace(equation, left=(symbol,), indices=tuple(letters))
    elif not counted:
        return equation
    return replace(equation, right=right, others=tuple(others))


def _letters_in_brackets(left: Symbol) -> list[Symbol]:
    """What may be the letters of a left-hand side such as w(i) and f(x_i)."""
    if not isinstance(left, Defined):
        return []
    found: list[Expression] = []
    for one in left.arguments:
        found += one.children if isinstance(one, Indexed) else [one]
    letters = [one for one in found if isinstance(one, Symbol)]
    return letters if len(letters) == len(found) else []


class _Places:
    """Puts entries in the place of what is written like a product, a power or a name."""

    def __init__(self, known: Mapping[str, Any], letters: set[str]):
        self.known, self.letters = known, letters
        self.used: set[str] = set()
        self.ready: dict[int, Expression] = {}

    def read(self, expression: Expression) -> Expression:
        return from_inside(self.with_read_children, self.ready, expression)

    def with_read_children(self, expression: Expression) -> Expression:
        children = expression.children
        read = [self.read(child) for child in children]
        if any(new is not old for new, old in zip(read, children, strict=True)):
            expression = expression.with_children(*read)
        return self.entry(expression) or expression

    def entry(self, expression: Expression) -> Expression | None:
        """The entry that an expression stands for, or one with it in front; mostly none."""
        match expression:
            case Indexed(indices=indices) if expression.symbol.name in self.known:
                self.used |= {symbol.name for index in indices for symbol in index.symbols}
            case Operation(operator="juxtaposition", sign="", operands=(Symbol() as array, beside)):
                return self.in_brackets(expression, array, beside)
            case Operation(operator="power", operands=(Symbol() as array, Symbol() as letter)):
                if letter.name in self.letters and self.axes(array.name):
                    raise AmbiguousError(
                        f"`{expression.latex}`: a power, or an entry? For the entry write "
                        f"`{array.latex}_{{{letter.latex}}}`; for the power give {array.latex} an "
                        "index"
                    )
            case Operation(operator="power", operands=(Indexed() as part, Symbol() as letter)):
                axes = self.axes(part.symbol.name)
                if letter.name in self.letters and axes > len(part.indices):
                    raise _in_either_order(expression, part.symbol, *part.indices, letter)
            case Indexed(symbol=Symbol(name=name)) if name not in self.known:
                if found := self.labelled(name):
                    symbol, letter = found
                    raise _in_either_order(expression, symbol, *expression.indices, letter)
            case Symbol(name=name) if name not in self.known:
                if found := self.labelled(name):
                    return self.made(expression, *found)
        return None

    def in_brackets(
        self, product: Expression, array: Symbol, beside: Expression
    ) -> Expression | None:
        """The entry p(x) of an array, with what stands behind it."""
        place, *rest = factors(beside)
        raised: Operation | None = None
        if isinstance(place, Operation) and place.operator == "power":
            raised, place = place, place.operands[0]
        if not place.bracketed or not self.axes(array.name):
            return None
        is_list = isinstance(place, Operation) and place.operator == "arguments"
        indices = place.children if is_list else (place,)
        names = {symbol.name for index in indices for symbol in index.symbols}
        if not all(name in self.letters or is_whole(self.known.get(name)) for name in names):
            return None
        if not names & self.letters and self.axes(array.name) != len(indices):
            return None
        entry: Expression = self.made(product, array, *indices)
        if raised:
            entry = raised.with_children(entry, *raised.operands[1:])
        return product.with_children(entry, *rest) if rest else entry

    def labelled(self, name: str) -> tuple[Symbol, Symbol] | None:
        """The array and the letter of a name such as x^{(i)}, where only x has a value."""
        found = _LABEL.fullmatch(name)
        if not found or found[2] not in self.letters or not self.axes(found[1]):
            return None
        return Symbol(found[1], found[1]), Symbol(found[2], found[2])

    def made(self, place: Expression, array: Symbol, *indices: Expression) -> Indexed:
        self.used |= {symbol.name for index in indices for symbol in index.symbols}
        return Indexed(place.latex, array, indices, start=place.start, bracketed=place.bracketed)

    def axes(self, name: str) -> int:
        value = self.known.get(name)
        return 0 if callable(value) else len(shape_of(value))


def _in_either_order(
    expression: Expression, array: Symbol, below: Expression, *others: Expression
) -> AmbiguousError:
    """The error of an array with indices both below and above it."""
    orders = [(below, *others), (*others, below)]
    written = (f"{array.latex}_{{{','.join(one.latex for one in order)}}}" for order in orders)
    return AmbiguousError(
        f"`{expression.latex}`: which index comes first? Write `{'` or `'.join(written)}`"
    )

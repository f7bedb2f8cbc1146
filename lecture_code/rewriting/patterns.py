r"""Rules in LaTeX: what is looked for in an expression, and what comes in its place.

A letter without a subscript matches anything, and the same thing wherever a rule repeats it:
`a - c` finds $1 - \Gamma_u$. `W` matches only a matrix (a symbol that begins with W), `b` only a
bias, and `g` only a gate. Every other symbol matches itself. The order of summands and factors
makes no difference, and others may stand beside them: `\Gamma_u \otimes a` finds
$h_{t-1} \otimes \Gamma_u$.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import NamedTuple, TypeGuard

from lecture_code.equations.expressions import Expression, Operation, Symbol
from lecture_code.equations.parser import canonical, parse
from lecture_code.equations.writer import write
from lecture_code.rewriting.trees import operation, places

Bound = Mapping[str, Expression]
"""What the letters of a rule stand for."""


class Part(NamedTuple):
    """A summand or a factor.

    Attributes:
        sign: 1, or -1 for what is subtracted.
        value: the part without its sign.
    """

    sign: int
    value: Expression


class NoPlaceError(ValueError):
    """A rule that finds no place in an expression.

    Attributes:
        old: what was looked for, in LaTeX.
        searched: where, in LaTeX.
    """

    def __init__(self, old: str, searched: str):
        """Say what was looked for, and where."""
        self.old, self.searched = old, searched
        super().__init__(f"`{searched}` has no place for a rule that looks for `{old}`")


@dataclass(frozen=True)
class Rule:
    r"""Something that can be written in the place of something else.

    Attributes:
        old: LaTeX of what is looked for.
        new: LaTeX of what comes there. `W_{input}` and `W_{state}` are the parts of the matrix `W`
            that read input and state: of $W_u$ they are $W_{ux}$ and $W_{uh}$.
    """

    old: str
    new: str

    def __call__(self, part: Expression) -> Iterator[Expression]:
        """Apply the rule to an expression as a whole, and to no part of it.

        Args:
            part: the expression.

        Yields:
            What can come in its place; nothing where the rule does not fit.
        """
        new = _read(self.new)
        for bound, beside in _found(_read(self.old), part):
            yield beside(_filled(new, bound))


def find(part: Expression, old: str) -> Bound | None:
    """Look for a pattern in an expression.

    Args:
        part: the expression.
        old: LaTeX, as a rule has it.

    Returns:
        What its letters stand for in the first place that fits, or None.
    """
    pattern = _read(old)
    return next((bound for one in part.walk() for bound, *_ in _found(pattern, one)), None)


def bound_symbol(bound: Bound, letter: str) -> Symbol:
    """What a letter of a rule stands for, where it stands for a symbol only.

    Args:
        bound: what the letters stand for.
        letter: `W`, `b` or `g`.

    Returns:
        The symbol.
    """
    found = bound[letter]
    assert isinstance(found, Symbol)  # `_begins` lets nothing else pass
    return found


def rewrite(whole: Expression, rule: Rule, everywhere: bool = False) -> Expression:
    """Apply a rule where it fits.

    Args:
        whole: an expression.
        rule: the rule.
        everywhere: whether to apply it in every place, in contrast to the first.

    Returns:
        The changed expression.

    Raises:
        NoPlaceError: if it fits nowhere.
    """
    if everywhere:
        changed = _everywhere(whole, rule)
        if changed != whole:
            return changed
    else:
        for part, within in places(whole):
            for new in rule(part):
                return within(new)
    raise NoPlaceError(rule.old, write(whole))


def _everywhere(part: Expression, rule: Rule) -> Expression:
    for new in rule(part):
        return new
    return part.with_children(*(_everywhere(child, rule) for child in part.children))


def part_of(matrix: str, reads: str) -> Symbol:
    r"""The columns of a matrix that read the input, or the state.

    Args:
        matrix: its canonical name, such as `W_u`.
        reads: `x` or `h`.

    Returns:
        For example $W_{ux}$; of $W$ it is $W_x$.
    """
    return symbol(f"W_{{{matrix.removeprefix('W').strip('_{}')}{reads}}}")


@cache
def symbol(latex: str) -> Symbol:
    r"""A symbol that was not read from an equation, written without needless braces.

    Args:
        latex: the symbol in any spelling, such as `W_{u}`.

    Returns:
        The symbol: $W_u$.
    """
    name = canonical(latex)
    return Symbol(name, name)


@cache
def _read(latex: str) -> Expression:
    [equation] = parse(f"y = {latex}")
    return equation.right


# WHAT A RULE FINDS


def _found(
    pattern: Expression, part: Expression
) -> Iterator[tuple[Bound, Callable[[Expression], Expression]]]:
    """What the letters stand for, and a function that adds the summands or factors beside."""
    row = _ROWS.get(_kind(pattern))
    if not row:
        yield from ((bound, lambda new: new) for bound in _match(pattern, part, {}))
        return
    parts = row.apart(part)
    for bound, left in _match_row(row, row.apart(pattern), list(enumerate(parts)), {}):
        yield bound, partial(_with_left, row, dict(left))


def _with_left(row: "_Row", left: dict[int, Part], new: Expression) -> Expression:
    """A row in which something new stands in the place of what is not left."""
    if not left:
        return new
    first = next(n for n in range(len(left) + 1) if n not in left)
    before = [part for n, part in left.items() if n < first]
    after = [part for n, part in left.items() if n > first]
    return row.together([*before, *row.apart(new), *after])


def _match(pattern: Expression, part: Expression, bound: Bound) -> Iterator[Bound]:
    if isinstance(pattern, Symbol) and pattern.name in bound:
        yield from [bound] * (bound[pattern.name] == part)
    elif _is_letter(pattern):
        if pattern.name not in _BEGIN or _begins(part, _BEGIN[pattern.name]):
            yield {**bound, pattern.name: part}
    elif row := _ROWS.get(_kind(pattern)):
        found = _match_row(row, row.apart(pattern), list(enumerate(row.apart(part))), bound)
        yield from (one for one, left in found if not left)
    elif type(part) is type(pattern) and len(part.children) == len(pattern.children):
        # With the same children, only what they are children of is compared.
        if pattern.with_children(*part.children) == part:
            yield from _match_all(pattern.children, part.children, bound)


def _match_all(
    patterns: tuple[Expression, ...], parts: tuple[Expression, ...], bound: Bound
) -> Iterator[Bound]:
    if not patterns:
        yield bound
        return
    for found in _match(patterns[0], parts[0], bound):
        yield from _match_all(patterns[1:], parts[1:], found)


def _match_row(
    row: "_Row", patterns: list[Part], parts: list[tuple[int, Part]], bound: Bound
) -> Iterator[tuple[Bound, list[tuple[int, Part]]]]:
    """Find a part for each pattern; the last letter that stands for anything takes all the rest.

    Yields:
        What the letters stand for, and the numbered parts that are left.
    """
    if not patterns:
        yield bound, parts
        return
    # What stands for itself comes first: it leaves the letters less to try.
    (sign, pattern), *others = sorted(patterns, key=lambda one: _takes_anything(one.value, bound))
    if not others and sign > 0 and _takes_anything(pattern, bound):
        if any(part.sign > 0 for _, part in parts):
            yield {**bound, pattern.name: row.together([part for _, part in parts])}, []
        return
    for n, (_, part) in enumerate(parts):
        if part.sign == sign:
            for found in _match(pattern, part.value, bound):
                yield from _match_row(row, others, parts[:n] + parts[n + 1 :], found)


_BEGIN = {"W": "W", "b": "b", "g": r"\Gamma"}
"""Letters that stand for symbols of one kind only, and how these begin."""


def _is_letter(pattern: Expression) -> TypeGuard[Symbol]:
    return isinstance(pattern, Symbol) and len(pattern.name) == 1


def _takes_anything(pattern: Expression, bound: Bound) -> TypeGuard[Symbol]:
    return _is_letter(pattern) and pattern.name not in bound and pattern.name not in _BEGIN


def _begins(part: Expression, letter: str) -> bool:
    return isinstance(part, Symbol) and part.name.startswith(letter)


def _filled(new: Expression, bound: Bound) -> Expression:
    """What comes in the place: its letters are what they were found to stand for."""
    if isinstance(new, Symbol):
        found = bound.get(new.name) or _half(new, bound) or new
        return replace(found, bracketed=found.bracketed or new.bracketed)
    return new.with_children(*(_filled(child, bound) for child in new.children))


_HALVES = {canonical("W_{input}"): "x", canonical("W_{state}"): "h"}


def _half(new: Symbol, bound: Bound) -> Symbol | None:
    if new.name not in _HALVES:
        return None
    return part_of(bound_symbol(bound, "W").name, _HALVES[new.name])


# ROWS: SUMS AND PRODUCTS, WHOSE ORDER MAKES NO DIFFERENCE


class _Row(NamedTuple):
    """How a chain of operations is taken apart, and put together again."""

    apart: Callable[[Expression], list[Part]]
    together: Callable[[list[Part]], Expression]


def _kind(part: Expression) -> str:
    return part.operator if isinstance(part, Operation) else ""


def _summands(part: Expression) -> list[Part]:
    match part:
        case Operation(operator="sum", operands=(left, right)):
            return [*_summands(left), *_summands(right)]
        case Operation(operator="difference", operands=(left, right)):
            return [*_summands(left), *map(_turned, _summands(right))]
        case Operation(operator="negation", operands=(operand,)):
            return [*map(_turned, _summands(operand))]
    return [Part(1, part)]


def _turned(part: Part) -> Part:
    return Part(-part.sign, part.value)


def _sum(parts: list[Part]) -> Expression:
    (sign, whole), *rest = parts
    whole = whole if sign > 0 else operation("negation", whole)
    for sign, value in rest:
        whole = operation("sum" if sign > 0 else "difference", whole, value)
    return whole


def _factors(part: Expression) -> list[Part]:
    match part:
        case Operation(operator="product", operands=(left, right)):
            return [*_factors(left), *_factors(right)]
    return [Part(1, part)]


def _product(parts: list[Part]) -> Expression:
    whole, *rest = (part.value for part in parts)
    for value in rest:
        whole = operation("product", whole, value)
    return whole


_ROWS = {
    **dict.fromkeys(("sum", "difference", "negation"), _Row(_summands, _sum)),
    "product": _Row(_factors, _product),
}
"""Rows by the operators that they are made with, as the grammar names these."""

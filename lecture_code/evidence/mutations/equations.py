r"""Mutations of the equations: one change in the parsed LaTeX, written as LaTeX again."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from lecture_code.equations.expressions import Composition, Equation, Expression, Indexed, Symbol
from lecture_code.evidence.mutations.equation_rules import with_line
from lecture_code.evidence.mutations.kinds import KINDS, WHOLE
from lecture_code.evidence.mutations.mutation import FAMILIES, Mutation, exchanges
from lecture_code.pairing.functions import equations_of, pair_lines
from lecture_code.rewriting.rules import AnyRule
from lecture_code.rewriting.trees import line_of, places, put, with_right


def text_mutations(function: Callable) -> list[Mutation]:
    """Every mutation of the equation in a function's docstring.

    Args:
        function: a function with an equation.

    Returns:
        The mutations; `changed` holds the equation's lines in LaTeX, one of them another one, or
        two where two are exchanged.
    """
    equations = equations_of(function)
    lines = tuple(map(line_of, equations))
    changes = [
        (kind.name, changed)
        for kind in KINDS
        for rule in kind.text
        for changed in _everywhere(rule, equations)
    ]
    changes += [(kind.name, changed) for kind in WHOLE for changed in kind.text(equations)]
    changes += _exchanged(function, equations)
    found: dict[tuple[str, ...], Mutation] = {}
    for kind, changed in changes:
        texts = tuple(changed)
        detail = "; ".join(new for old, new in zip(lines, texts, strict=True) if old != new)
        # Two rules may make the same text; it counts once.
        found.setdefault(texts, Mutation(function, "text", kind, detail, texts))
    return list(found.values())


def _everywhere(rule: AnyRule, equations: list[Equation]) -> Iterator[list[str]]:
    """Apply a rule to every part of every line in turn."""
    for n, equation in enumerate(equations):
        for part, within in places(equation.right):
            for changed in rule(part):
                yield with_line(equations, n, with_right(equation, within(changed)))


# --- One quantity for another


def _exchanged(function: Callable, equations: list[Equation]) -> Iterator[tuple[str, list[str]]]:
    """Write another quantity of the same family in the place of each symbol in turn."""
    lines = zip(exchanges(function), pair_lines(function), strict=True)
    for n, (others, line) in enumerate(lines):
        for part, within in places(equations[n].right):
            for new, name in _renamed(part, others):
                kind = FAMILIES[line.quantities[name].role]
                yield kind, with_line(equations, n, with_right(equations[n], within(new)))


def _renamed(part: Expression, others: dict) -> Iterator[tuple[Expression, str]]:
    """A symbol, the array of an entry, or a function of a composition, exchanged."""
    match part:
        case Symbol():
            yield from _exchanged_symbol(part, others)
        case Indexed(symbol=symbol):
            for new, name in _exchanged_symbol(symbol, others):
                # The indices of a derivative stand inside its symbol: none can be written behind.
                if r"\frac" not in new.name:
                    yield replace(part, symbol=new), name
        case Composition(functions=functions):
            for n, function in enumerate(functions):
                if isinstance(function, Symbol):
                    for new, name in _exchanged_symbol(function, others):
                        yield replace(part, functions=put(functions, n, new)), name


def _exchanged_symbol(symbol: Symbol, others: dict) -> Iterator[tuple[Symbol, str]]:
    name = symbol.name
    yield from ((replace(symbol, latex=other, name=other), name) for other, _ in others[name])

"""The rules that change an equation as a whole: of mutations, on its parsed lines."""

import itertools
from collections.abc import Iterator

from lecture_code.equations.expressions import Call, Equation
from lecture_code.equations.parser import canonical
from lecture_code.equations.writer import write
from lecture_code.rewriting.patterns import bound_symbol, find
from lecture_code.rewriting.rules import LAYER
from lecture_code.rewriting.trees import left_of, line_of, renamed, with_right


def with_line(equations: list[Equation], n: int, changed: Equation) -> list[str]:
    """The lines of an equation, one of them another one.

    Args:
        equations: the lines.
        n: the number of the one that is changed, from 0.
        changed: what stands there now.

    Returns:
        Each line in LaTeX.
    """
    return [line_of(changed if n == m else equation) for m, equation in enumerate(equations)]


def swap_two_gates(equations: list[Equation]) -> Iterator[list[str]]:
    """Exchange the weights of two lines, or two gates that come from one line."""
    layers = [
        (n, (bound_symbol(found, "W"), bound_symbol(found, "b")))
        for n, line in enumerate(equations)
        if (found := find(line.right, LAYER))
    ]
    for (n, one), (m, other) in itertools.combinations(layers, 2):
        if len(equations[n].left) == len(equations[m].left):
            lines = list(map(line_of, equations))
            for at, old, new in ((n, one, other), (m, other, one)):
                names = {symbol.name: put for symbol, put in zip(old, new, strict=True)}
                lines[at] = with_right(equations[at], renamed(equations[at].right, names)).latex
            yield lines
    for n, equation in enumerate(equations):
        if len(equation.left) > 1:
            gates = ", ".join(symbol.latex for symbol in reversed(equation.left))
            lines = list(map(line_of, equations))
            lines[n] = f"[{gates}] = {write(equation.right)}"
            yield lines


def swap_the_results(equations: list[Equation]) -> Iterator[list[str]]:
    """Exchange what two last lines compute, where none of them needs the other."""
    if len(equations) > 1:
        one, other = equations[-2:]
        if one.left[0].name not in {symbol.name for symbol in other.symbols}:
            lines = list(map(line_of, equations))
            lines[-2:] = [
                f"{left_of(other)} = {write(one.right)}",
                f"{left_of(one)} = {write(other.right)}",
            ]
            yield lines


def hand_on_the_tanh(equations: list[Equation]) -> Iterator[list[str]]:
    """Hand on the tanh of the memory in its place."""
    for n, equation in enumerate(equations):
        if equation.left[0].name == canonical("C_t"):
            tanh = Call("", r"\tanh", equation.right)
            yield with_line(equations, n, with_right(equation, tanh))

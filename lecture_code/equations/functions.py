"""A function and the equation in its docstring: which lines belong together, and what they give.

A lecture function assigns one variable for each line of its equation, in the same order. This
module relies on that, and says so where a function breaks the rule.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from lecture_code.equations.evaluator import evaluate
from lecture_code.equations.notation import NOTATION, Quantity
from lecture_code.equations.parser import Equation, canonical, parse

QUANTITIES: dict[str, Quantity] = {canonical(quantity.latex): quantity for quantity in NOTATION}
"""The notation by canonical symbol."""


class Line(NamedTuple):
    """One line of an equation and the statement that computes it.

    Attributes:
        equation: the parsed line.
        code: the statement, as it stands in the function.
    """

    equation: Equation
    code: str


class MismatchError(ValueError):
    """A function's statements do not follow its equation."""


def quantity(symbol: str) -> Quantity:
    """Look a symbol up in the notation.

    Args:
        symbol: LaTeX, in any spelling.

    Returns:
        Its row of the notation table.

    Raises:
        KeyError: if the notation does not have it.
    """
    name = canonical(symbol)
    if name not in QUANTITIES:
        raise KeyError(f"the notation has no symbol {symbol}: add it to equations/notation.py")
    return QUANTITIES[name]


def latex_of(function: Callable) -> str:
    """The equation in a function's docstring.

    Args:
        function: a function whose docstring has one `$$` block.

    Returns:
        The LaTeX between the fences.

    Raises:
        MismatchError: if there is not exactly one such block.
    """
    blocks = re.findall(r"\$\$(.*?)\$\$", inspect.getdoc(function) or "", re.DOTALL)
    if len(blocks) != 1:
        raise MismatchError(
            f"{function.__name__}: expected one $$ block in the docstring, found {len(blocks)}"
        )
    return blocks[0].strip()


@cache
def pair_lines(function: Callable) -> tuple[Line, ...]:
    """Put each line of a function's equation beside its statement.

    Args:
        function: a lecture function.

    Returns:
        The lines in order.

    Raises:
        MismatchError: if the statements are not one for each line, in the same order, each
            assigning the variable of the line's left-hand side and using the variables of the
            line's symbols, and no others.
    """
    name, equations = function.__name__, parse(latex_of(function))
    statements = _statements(function)
    if len(statements) != len(equations):
        raise MismatchError(
            f"{name}: the equation has {len(equations)} lines, "
            f"the code {len(statements)} statements"
        )
    known = {quantity.variable for quantity in NOTATION}
    lines = []
    for equation, (code, statement) in zip(equations, statements, strict=True):
        assigned = [quantity(symbol.name).variable for symbol in equation.left]
        if _names(statement.targets[0]) != assigned:
            raise MismatchError(f"{name}: {equation.latex} must assign {assigned}, but has {code}")
        expected = {quantity(symbol.name).variable for symbol in equation.symbols} - set(assigned)
        found = set(_names(statement.value)) & known
        if found != expected:
            raise MismatchError(
                f"{name}: {equation.latex} has the variables {sorted(expected)}, but {code} has "
                f"{sorted(found)}"
            )
        lines.append(Line(equation, code))
    return tuple(lines)


def evaluate_text(function: Callable, *arguments: Any) -> Any:
    """Evaluate the equation in a function's docstring with the arguments that the function takes.

    Args:
        function: a lecture function.
        *arguments: its arguments.

    Returns:
        What the function returns, computed from the LaTeX alone.
    """
    variables = dict(zip(inspect.signature(function).parameters, arguments, strict=True))
    tree = _tree(function)
    for statement in tree.body:
        if _unpacks(statement):
            names = _names(statement.targets[0])
            variables.update(zip(names, variables[statement.value.id], strict=True))
    lines = pair_lines(function)
    symbols = {symbol.name for line in lines for symbol in line.equation.symbols}
    results = evaluate(
        latex_of(function),
        {
            symbol: variables[quantity(symbol).variable]
            for symbol in symbols
            if quantity(symbol).variable in variables
        },
    )
    by_variable = {quantity(symbol).variable: value for symbol, value in results.items()}
    returned = tree.body[-1].value
    values = tuple(by_variable[name] for name in _names(returned))
    return values if isinstance(returned, ast.Tuple) else values[0]


def source_of(function: Callable) -> str:
    """A function's source without its docstring: what a reader copies.

    Args:
        function: a lecture function.

    Returns:
        Python source.
    """
    tree = _tree(function)
    lines = textwrap.dedent(inspect.getsource(inspect.unwrap(function))).splitlines()
    docstring = tree.body[0]
    return "\n".join(lines[: docstring.lineno - 1] + lines[docstring.end_lineno :])


@cache
def _tree(function: Callable) -> ast.FunctionDef:
    return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function)))).body[0]


def _statements(function: Callable) -> list[tuple[str, ast.Assign]]:
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    return [
        (ast.get_source_segment(source, statement), statement)
        for statement in _tree(function).body
        if isinstance(statement, ast.Assign) and not _unpacks(statement)
    ]


def _unpacks(statement: ast.stmt) -> bool:
    """Whether a statement only names the parts of an argument: `h, c = state`."""
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Tuple)
        and isinstance(statement.value, ast.Name)
    )


def _names(node: ast.AST) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]

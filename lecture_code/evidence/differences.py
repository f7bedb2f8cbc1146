"""Where a function's code and its equation first disagree: the page, the line, the statement."""

import ast
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from lecture_code.equations.evaluator import results_of
from lecture_code.pairing.functions import (
    Line,
    body_of,
    pair_lines,
    place_of,
    quantity,
    roles_in,
    section_of,
)

SIDES = ("its equation", "the code")


class IncomparableError(ValueError):
    """Two answers that have no distance: their shapes differ, or a number is nan or infinite."""


def distance(one: Any, other: Any, names: tuple[str, str]) -> float:
    """The largest absolute difference between two answers.

    Args:
        one: an array, a number, or a tuple of them, which may be nested.
        other: what it is compared with.
        names: what the message calls the two.

    Returns:
        The difference, in float64, so that the difference of two float32 numbers is not rounded.

    Raises:
        IncomparableError: if the shapes differ or a number is not finite; the message says where.
    """
    if isinstance(one, tuple):
        if not isinstance(other, tuple | list) or len(one) != len(other):
            raise IncomparableError(f"{names[0]} and {names[1]} give different numbers of results")
        return max(distance(*pair, names) for pair in zip(one, other, strict=True))
    arrays = np.asarray(one, "float64"), np.asarray(other, "float64")
    if arrays[0].shape != arrays[1].shape:
        raise IncomparableError(
            f"{names[0]} gives the shape {arrays[0].shape}, {names[1]} {arrays[1].shape}"
        )
    for name, array in zip(names, arrays, strict=True):
        _check_finite(name, array)
    return float(np.abs(arrays[0] - arrays[1]).max())


def _check_finite(name: str, array: np.ndarray) -> None:
    lost = np.argwhere(~np.isfinite(array))
    if len(lost):
        at = tuple(map(int, lost[0]))
        place = f" at {list(at)}, in an array of shape {array.shape}" if at else ""
        raise IncomparableError(f"{name} gives {array[at]}{place}")


def explain(
    function: Callable, arguments: tuple, tolerance: float, error: Exception | None = None
) -> str:
    """Find the first line on which a function's code and its equation disagree.

    Each line is computed from the text and from its statement, both with what the text gave for the
    lines above: a wrong line is not blamed on those below it.

    Args:
        function: a lecture function.
        arguments: what it was called with where the two disagreed.
        tolerance: the largest absolute difference that is rounding.
        error: what was raised there, if something was.

    Returns:
        A message that begins with page, function, line of the equation, and line of the code.
    """
    scope = _scope(function)
    variables = dict(zip(inspect.signature(function).parameters, arguments, strict=True))
    lines = {line.row: line for line in pair_lines(function)}
    for statement, row in body_of(function):
        line = lines.get(row)
        problem = (
            _disagreement(function, line, statement, scope, variables, tolerance)
            if line
            else _run(statement, scope, variables)
        )
        if problem:
            return f"{place_of(function, line or statement)}; {problem}{_above(line)}"
    found = described(error) if error else f"what is returned differs by more than {tolerance:g}"
    return f"{place_of(function, statement)}; every line agrees with its statement, but {found}."


def _scope(function: Callable) -> dict[str, Any]:
    """What the names that a function takes from outside are bound to."""
    plain = inspect.unwrap(function)
    return {**plain.__globals__, **inspect.getclosurevars(plain).nonlocals}


def _run(statement: ast.stmt, scope: dict, variables: dict) -> str:
    """Run a statement in a function's place; returns what is wrong with it."""
    if any(isinstance(part, ast.Return) for part in ast.walk(statement)):
        return ""
    # As globals, because a generator expression sees no other names than these and its own.
    namespace = scope | variables
    try:
        exec(compile(ast.Module([statement], []), "the code", "exec"), namespace)
    except Exception as error:
        return f"the code raises {described(error)}"
    stored = {
        part.id
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
    variables |= {name: namespace[name] for name in stored if name in namespace}
    return ""


def _disagreement(
    function: Callable,
    line: Line,
    statement: ast.stmt,
    scope: dict,
    variables: dict,
    tolerance: float,
) -> str:
    """What is wrong with a line or its statement; else its variables get what the text gives."""
    known = {
        symbol: variables[row.variable]
        for symbol, row in line.quantities.items()
        if row.variable in variables
    }
    try:
        results = results_of(line.equation, known, roles_in(section_of(function)))
    except Exception as error:
        return f"the equation cannot be computed: {described(error)}"
    if problem := _run(statement, scope, variables):
        return problem
    section = section_of(function)
    by_text = {quantity(symbol, section).variable: value for symbol, value in results.items()}
    by_code = tuple(variables[name] for name in by_text)
    try:
        apart = distance(tuple(by_text.values()), by_code, SIDES)
    except IncomparableError as error:
        return f"{error}."
    variables |= by_text
    return f"they differ by {apart:.2g}, allowed {tolerance:g}." if apart > tolerance else ""


def _above(line: Line | None) -> str:
    return "\nEvery line above it agrees." if line and line.number > 1 else ""


def described(error: Exception) -> str:
    """An error in words.

    Args:
        error: what was raised.

    Returns:
        Its message, behind the name of its class where that says more.
    """
    return (
        str(error) if isinstance(error, IncomparableError) else f"{type(error).__name__}: {error}"
    )

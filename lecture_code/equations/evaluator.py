"""From equations to values: what the lecture's LaTeX computes on numpy arrays and torch tensors."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lecture_code.equations.parser import (
    Call,
    Equation,
    Expression,
    Number,
    Operation,
    Symbol,
    canonical,
    parse,
)
from lecture_code.ops import Array, concat, linear, namespace, relu, sigmoid, split, tanh


class UnknownSymbolError(ValueError):
    """A symbol or a function in an equation that has no value."""


def evaluate(latex: str, values: Mapping[str, Any]) -> dict[str, Any]:
    r"""Compute the equations of a LaTeX source, one after the other.

    Features stand on the last axis, so every array may have batch axes in front. Symbols side by
    side are a matrix product where the left one is a matrix: it has two axes, and an upper-case
    letter unless a single vector stands on the right. What stands on the right is a vector or a
    batch of vectors, never a second matrix. Elementwise operations take equal shapes, a number, or
    a bias that has the last axes of the other operand.

    Args:
        latex: the equations, as `parse` takes them.
        values: the known symbols in LaTeX and their values, arrays or numbers. Spaces and braces
            that LaTeX does not need make no difference.

    Returns:
        The value of every left-hand side, under the LaTeX that the source has for it.

    Raises:
        EquationSyntaxError: if the source cannot be read.
        UnknownSymbolError: if a symbol has no value.
        TypeError: if a given value is neither an array nor a number.
        ValueError: if shapes do not fit, or two keys are spellings of one symbol.
    """
    known = _by_name(values)
    results = {}
    for equation in parse(latex):
        value = _value(equation.right, known)
        for symbol, part in zip(equation.left, _parts(equation, value), strict=True):
            known[symbol.name] = results[symbol.latex] = part
    return results


def _by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    known = {}
    for latex, value in values.items():
        name = canonical(latex)
        if name in known:
            raise ValueError(f"`{latex}`: another key is the same symbol, `{name}`")
        if not hasattr(value, "shape") and not isinstance(value, int | float):
            raise TypeError(f"`{latex}`: expected an array or a number, got {type(value).__name__}")
        known[name] = value
    return known


def _parts(equation: Equation, value: Any) -> tuple[Any, ...]:
    """One value for each symbol on the left."""
    count, shape = len(equation.left), _shape(value)
    if count == 1:
        return (value,)
    if not shape or shape[-1] % count:
        raise ValueError(
            f"`{equation.latex}`: a value of shape {shape} has no {count} equal parts "
            "along its last axis"
        )
    return split(value, count)


def _value(expression: Expression, known: Mapping[str, Any]) -> Any:
    match expression:
        case Number():
            return expression.value
        case Symbol():
            return _find("symbol", expression.latex, expression.name, known)
        case Call():
            function = _find("function", expression.function, expression.function, FUNCTIONS)
            return _apply(function, _value(expression.argument, known))
        case Operation():
            values = [_value(operand, known) for operand in expression.operands]
            return _OPERATIONS[expression.operator](expression, *values)


def _find(kind: str, latex: str, name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        names = ", ".join(f"`{known_name}`" for known_name in known) or "none"
        raise UnknownSymbolError(f"unknown {kind} `{latex}`; known: {names}")
    return known[name]


def _apply(function: Callable, value: Any) -> Any:
    if type(value) in (int, float):
        # As an array of its own it would take part in the choice of dtype.
        return float(function(np.asarray(float(value))))
    return function(value)


def _exp(x: Array) -> Array:
    return namespace(x).exp(x)


def _log(x: Array) -> Array:
    return namespace(x).log(x)


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    r"\sigma": sigmoid,
    r"\tanh": tanh,
    r"\exp": _exp,
    r"\log": _log,
    r"\operatorname{ReLU}": relu,
}


def _elementwise(compute: Callable) -> Callable:
    """An operation that refuses to broadcast, but for numbers and biases."""

    def operation(expression: Operation, left: Any, right: Any) -> Any:
        short, long = sorted((_shape(left), _shape(right)), key=len)
        if short != long[len(long) - len(short) :]:
            raise _misfit(expression, "shapes differ", left, right)
        return compute(left, right)

    return operation


def _negate(expression: Operation, value: Any) -> Any:
    return -value


def _juxtapose(expression: Operation, left: Any, right: Any) -> Any:
    if not _shape(left) or not _shape(right):
        return left * right
    if not _is_application(expression, left, right):
        problem = (
            r"neither a matrix and a vector nor a number and an array; write \odot for the "
            "elementwise product, matrices in upper case, and W_1 (W_2 x) for two of them"
        )
        raise _misfit(expression, problem, left, right)
    if left.shape[1] != right.shape[-1]:
        raise _misfit(expression, "the matrix has another number of columns", left, right)
    return linear(left, right)


def _is_application(expression: Operation, left: Array, right: Array) -> bool:
    """Whether juxtaposition means that a matrix is applied to a vector or a batch of vectors."""
    matrix, vector = expression.operands
    if len(left.shape) != 2:
        return False
    if len(right.shape) == 1:
        # In (W_1 W_2) x the bracket would be W_1 applied to the rows of W_2: W_1 (W_2 x) is right.
        return not _holds_juxtaposition(matrix)
    # A transpose on the right is a matrix, no batch: its rows are not the vectors.
    return _is_matrix(matrix) and not _is_transpose(vector)


def _holds_juxtaposition(expression: Expression) -> bool:
    match expression:
        case Call():
            return _holds_juxtaposition(expression.argument)
        case Operation():
            return expression.operator == "juxtaposition" or any(
                map(_holds_juxtaposition, expression.operands)
            )
    return False


def _is_matrix(expression: Expression) -> bool:
    """Whether this is a symbol, maybe transposed, whose letter is upper-case and Latin."""
    if _is_transpose(expression):
        return _is_matrix(expression.operands[0])
    if not isinstance(expression, Symbol):
        return False
    # Accents and fonts stand before the letter; a derivative begins with \frac.
    return bool(re.match(r"(?!\\frac)(\\[a-z]+[ {])*[A-Z]", expression.name))


def _is_transpose(expression: Expression) -> bool:
    return isinstance(expression, Operation) and expression.operator == "transpose"


def _concatenate(expression: Operation, *values: Any) -> Array:
    leading = {_shape(value)[:-1] if _shape(value) else None for value in values}
    if len(leading) > 1 or None in leading:
        raise _misfit(expression, "they differ on an axis before the last", *values)
    return concat(*values)


def _transpose(expression: Operation, value: Any) -> Array:
    if len(_shape(value)) != 2:
        raise _misfit(expression, "only a matrix, an array with two axes, is transposed", value)
    return value.T


def _power(expression: Operation, base: Any, exponent: int | float) -> Any:
    if len(_shape(base)) == 2 and _is_matrix(expression.operands[0]):
        problem = r"a power of a matrix; write \odot for the elementwise product"
        raise _misfit(expression, problem, base)
    return base**exponent


_OPERATIONS: dict[str, Callable] = {
    "sum": _elementwise(operator.add),
    "difference": _elementwise(operator.sub),
    "product": _elementwise(operator.mul),
    "quotient": _elementwise(operator.truediv),
    "negation": _negate,
    "juxtaposition": _juxtapose,
    "concatenation": _concatenate,
    "transpose": _transpose,
    "power": _power,
}


def _shape(value: Any) -> tuple[int, ...]:
    return tuple(getattr(value, "shape", ()))


def _misfit(expression: Operation, problem: str, *values: Any) -> ValueError:
    """The error of operands that do not fit, which names them and their shapes."""
    operands = zip(expression.operands, values, strict=False)
    shapes = " and ".join(f"`{operand.latex}` of shape {_shape(v)}" for operand, v in operands)
    return ValueError(f"`{expression.latex}`: {shapes}: {problem}")

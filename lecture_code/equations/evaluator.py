"""From equations to values: what the lecture's LaTeX computes on numpy arrays and torch tensors."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeGuard

import numpy as np

from lecture_code.core.ops import (
    Array,
    compose,
    concat,
    linear,
    namespace,
    split,
)
from lecture_code.equations.indices import (
    Ranges,
    find_ranges,
    has_indices,
    letters_of,
    limits_of,
    pick,
)
from lecture_code.equations.language import FUNCTIONS, OPERATORS
from lecture_code.equations.parser import (
    Call,
    Composition,
    Equation,
    Expression,
    Indexed,
    Number,
    Operation,
    Sum,
    Symbol,
    canonical,
    parse,
)


class UnknownSymbolError(ValueError):
    """A symbol or a function in an equation that has no value.

    Examples:
        >>> from lecture_code.equations import UnknownSymbolError, evaluate
        >>> try:
        ...     evaluate("y = w x + b", {"w": 2.0, "x": 3.0})
        ... except UnknownSymbolError as error:
        ...     print(error)
        unknown symbol `b`; known: `w`, `x`
    """


def evaluate(latex: str, values: Mapping[str, Any]) -> dict[str, Any]:
    r"""Compute the equations of a LaTeX source, one after the other.

    Features stand on the last axis, so every array may have batch axes in front. Symbols side by
    side are a matrix product where the left one is a matrix: it has two axes, and an upper-case
    letter unless a single vector stands on the right. What stands on the right is a vector or a
    batch of vectors, never a second matrix. Elementwise operations take equal shapes, a number, or
    a bias that has the last axes of the other operand. Functions apply to what stands in brackets.

    In a line with indices, such as $y_{i,j} = \sum_n a_{n,i} b_{n,j}$, every array carries indices
    and stands for one of its entries: symbols side by side are a product of numbers. Indices count
    from 0 and stand for the last axes.

    Args:
        latex: the equations, as `parse` takes them.
        values: the known symbols in LaTeX and their values: arrays, numbers, or functions of one
            array. Spaces and braces that LaTeX does not need make no difference.

    Returns:
        The value of every left-hand side, under the LaTeX that the source has for it; of an array
        with indices, under its canonical name without them.

    Raises:
        EquationSyntaxError: if the source cannot be read.
        UnknownSymbolError: if a symbol has no value.
        TypeError: if a given value is no array, no number and no function, or a function stands
            where an array or a number should, or the other way round.
        ValueError: if shapes do not fit, or two keys are spellings of one symbol.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.equations import evaluate
        >>> W, x = np.array([[1.0, 2.0]]), np.array([3.0, 4.0])
        >>> evaluate(r"y = W x \\ z = y^2", {"W": W, "x": x})
        {'y': array([11.]), 'z': array([121.])}
    """
    known = _by_name(values)
    results = {}
    for equation in parse(latex):
        found = results_of(equation, known)
        known |= found
        for symbol in equation.left:
            results[symbol.name if equation.indices else symbol.latex] = found[symbol.name]
    return results


def results_of(equation: Equation, known: Mapping[str, Any]) -> dict[str, Any]:
    """Compute one equation.

    Args:
        equation: the equation, as `parse` makes it.
        known: the values of its symbols, by their canonical names.

    Returns:
        The value of every symbol on its left, by its canonical name.

    Raises:
        UnknownSymbolError, TypeError, ValueError: as `evaluate`.
    """
    found = _right_side(equation, known)
    names = [symbol.name for symbol in equation.left]
    return dict(zip(names, _parts(equation, found), strict=True))


def _by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    known = {}
    for latex, value in values.items():
        name = canonical(latex)
        if name in known:
            raise ValueError(f"`{latex}`: another key is the same symbol, `{name}`")
        if not (hasattr(value, "shape") or isinstance(value, int | float) or callable(value)):
            raise TypeError(
                f"`{latex}`: expected an array, a number or a function, got {type(value).__name__}"
            )
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


def _right_side(equation: Equation, known: Mapping[str, Any]) -> Any:
    if has_indices(equation):
        return _Entries(equation, known).result()
    return value(equation.right, known)


def value(expression: Expression, known: Mapping[str, Any]) -> Any:
    """Compute a part of an equation without indices.

    Args:
        expression: the part, as `parse` makes it.
        known: the values of its symbols, by their canonical names.

    Returns:
        Its value: an array or a number, or of functions in a row a function.

    Raises:
        UnknownSymbolError: if a symbol has no value.
        TypeError: if a function is used as an array or a number, or the reverse.
        ValueError: if shapes do not fit.

    Examples:
        >>> from lecture_code.equations import parse, value
        >>> [equation] = parse("y = w x + b")
        >>> value(equation.right, {"w": 2.0, "x": 3.0, "b": 1.0})
        7.0
    """
    match expression:
        case Number():
            return expression.value
        case Symbol():
            return _find("symbol", expression.latex, expression.name, known)
        case Call():
            function = _function(expression.function, known)
            return _apply(function, _operand(expression.argument, known))
        case Composition():
            return compose(*(_function(function, known) for function in expression.functions))
        case Operation(operator="juxtaposition", operands=(function, argument)):
            left = value(function, known)
            if callable(left):
                return _applied(expression, left, argument, known)
            return _juxtapose(expression, left, _operand(argument, known))
        case Operation():
            values = [_operand(operand, known) for operand in expression.operands]
            return _OPERATIONS[expression.operator](expression, *values)


def _operand(expression: Expression, known: Mapping[str, Any]) -> Any:
    """The value of what an operator or a function takes, which is no function itself."""
    found = value(expression, known)
    if callable(found):
        raise _no_number(expression)
    return found


def _no_number(expression: Expression) -> TypeError:
    return TypeError(
        f"`{expression.latex}`: expected an array or a number, got a function; what it is applied "
        "to stands in brackets after it"
    )


def _function(function: Symbol | str, known: Mapping[str, Any]) -> Callable:
    if isinstance(function, str):
        return _find("function", function, function, FUNCTIONS).compute
    found = _find("function", function.latex, function.name, known)
    if not callable(found):
        raise TypeError(f"`{function.latex}`: expected a function, got {type(found).__name__}")
    return found


def _applied(
    expression: Operation, function: Callable, argument: Expression, known: Mapping[str, Any]
) -> Any:
    """A function of what stands in the brackets that follow it: f(x), and in f(x) y the f(x)."""
    if argument.bracketed:
        return _apply(function, _operand(argument, known))
    match argument:
        case Operation(operator="juxtaposition", operands=(first, rest)) if first.bracketed:
            applied = Expression(f"{expression.operands[0].latex}({first.latex})")
            product = replace(expression, operands=(applied, rest))
            value = _apply(function, _operand(first, known))
            return _juxtapose(product, value, _operand(rest, known))
    raise ValueError(f"`{expression.latex}`: what a function is applied to stands in brackets")


def _find(kind: str, latex: str, name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        names = ", ".join(f"`{known_name}`" for known_name in known) or "none"
        raise UnknownSymbolError(f"unknown {kind} `{latex}`; known: {names}")
    return known[name]


def _apply(function: Callable, value: Any) -> Any:
    if type(value) in (int, float):
        result = function(np.asarray(float(value)))
        # As an array of its own a number would take part in the choice of dtype.
        return result if _shape(result) else float(result)
    return function(value)


def _sqrt(x: Array) -> Array:
    return namespace(x).sqrt(x)


def _elementwise(name: str) -> Callable:
    """An operation that refuses to broadcast, but for numbers and biases."""
    compute = OPERATORS[name].of_numbers
    assert compute  # the four below are operations on numbers

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
    return any(
        isinstance(part, Operation) and part.operator == "juxtaposition"
        for part in expression.walk()
    )


def _is_matrix(expression: Expression) -> bool:
    """Whether this is a symbol, maybe transposed, whose letter is upper-case and Latin."""
    if _is_transpose(expression):
        return _is_matrix(expression.operands[0])
    if not isinstance(expression, Symbol):
        return False
    # Accents and fonts stand before the letter; a derivative begins with \frac.
    return bool(re.match(r"(?!\\frac)(\\[a-z]+[ {])*[A-Z]", expression.name))


def _is_transpose(expression: Expression) -> TypeGuard[Operation]:
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


CONVOLUTION = r"Y_{i,j} = \sum_m \sum_n w_{m,n} X_{i+m,j+n}"
"""What $w * X$ means: the cross-correlation, which deep learning calls convolution."""


def _convolve(expression: Operation, kernel: Any, image: Any) -> Array:
    if len(_shape(kernel)) != 2 or len(_shape(image)) < 2:
        problem = "a convolution takes a kernel with two axes and an image with two or more"
        raise _misfit(expression, problem, kernel, image)
    if kernel.shape[0] > image.shape[-2] or kernel.shape[1] > image.shape[-1]:
        raise _misfit(expression, "the kernel is larger than the image", kernel, image)
    return evaluate(CONVOLUTION, {"w": kernel, "X": image})["Y"]


def _root(expression: Operation, value: Any) -> Any:
    return _apply(_sqrt, value)


_OPERATIONS: dict[str, Callable] = {
    **{name: _elementwise(name) for name in ("sum", "difference", "product", "quotient")},
    "negation": _negate,
    "juxtaposition": _juxtapose,
    "concatenation": _concatenate,
    "convolution": _convolve,
    "transpose": _transpose,
    "power": _power,
    "root": _root,
}


class _Entries:
    """The value of a line with indices: one axis, at the end, for each index in force."""

    def __init__(self, equation: Equation, known: Mapping[str, Any]):
        letters = letters_of(equation)
        # A letter that the line counts hides a value of the same name.
        self.known = {name: value for name, value in known.items() if name not in letters}
        self.ranges = find_ranges(equation, self.known)
        self.equation = equation

    def result(self) -> Any:
        free = {letter.name: self.ranges[letter.name] for letter in self.equation.indices}
        return self.value(self.equation.right, free)

    def value(self, expression: Expression, scope: Ranges) -> Any:
        match expression:
            case Number():
                return expression.value
            case Symbol(latex=latex, name=name):
                value = _find("symbol", latex, name, self.known)
                if callable(value):
                    raise TypeError(
                        f"`{latex}`: expected a number, got a function: a line with indices takes "
                        "the language's own functions only"
                    )
                if _shape(value):
                    raise ValueError(
                        f"`{latex}` of shape {_shape(value)}: in a line with indices every array "
                        "needs them"
                    )
                return value
            case Indexed(symbol=symbol):
                array = _find("symbol", symbol.latex, symbol.name, self.known)
                return pick(expression, array, scope, self.known)
            case Sum():
                return self.sum(expression, scope)
            case Call():
                function = _function(expression.function, self.known)
                return _apply(function, self.value(expression.argument, scope))
            case Operation(operator="root", operands=(operand,)):
                return _root(expression, self.value(operand, scope))
            case Operation() if compute := OPERATORS[expression.operator].of_numbers:
                return compute(*(self.value(operand, scope) for operand in expression.operands))
        raise ValueError(f"`{expression.latex}`: a line with indices computes with numbers only")

    def sum(self, expression: Sum, scope: Ranges) -> Any:
        letter = expression.index.name
        if letter in scope:
            raise ValueError(f"`{expression.latex}`: the index {letter} is in use around this sum")
        values = limits_of(expression, self.ranges, self.known)
        term = self.value(expression.term, {**scope, letter: values})
        # A number, the same for every value of the index, has no axis for it.
        return term.sum(-1) if _shape(term) else len(values) * term


def _shape(value: Any) -> tuple[int, ...]:
    return tuple(getattr(value, "shape", ()))


def _misfit(expression: Operation, problem: str, *values: Any) -> ValueError:
    """The error of operands that do not fit, which names them and their shapes."""
    operands = zip(expression.operands, values, strict=False)
    shapes = " and ".join(f"`{operand.latex}` of shape {_shape(v)}" for operand, v in operands)
    return ValueError(f"`{expression.latex}`: {shapes}: {problem}")

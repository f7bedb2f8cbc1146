"""What names stand for: values, functions and constants, and what is said where there is none."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from lecture_code.core.ops import Array, namespace
from lecture_code.equations.expressions import Expression, Operation, Symbol
from lecture_code.equations.language import FUNCTIONS
from lecture_code.equations.limits import (
    MOST_BITS,
    check,
    computing,
)
from lecture_code.equations.roles import (
    shape_of,
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


class AmbiguousError(ValueError):
    """An equation whose value depends on what its arrays hold, which nobody has declared.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.equations import AmbiguousError, evaluate
        >>> W, X = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 1.0], [0.0, 1.0]])
        >>> try:
        ...     evaluate("y = W X + b", {"W": W, "X": X, "b": np.ones(2)}, {"W": "matrix"})
        ... except AmbiguousError as error:
        ...     print(str(error).split(":")[0])
        `W X`

    Attributes:
        names: what has to be declared, if that is known.
    """

    def __init__(self, message: str, names: Iterable[str] = ()):
        """Say what is ambiguous, and what would decide it."""
        super().__init__(message)
        self.names = tuple(names)


CONSTANTS = {r"\pi": math.pi}
"""Numbers with a name, which a given value takes precedence over."""

SOFTMAX = r"\operatorname{softmax}"
"""The function that takes the features of a vector together."""


def find(kind: str, latex: str, name: str, known: Mapping[str, Any], hint: str = "") -> Any:
    """Look something up by its name.

    Args:
        kind: what it is, in words.
        latex: how it is written.
        name: its canonical name.
        known: what there is.
        hint: what would make it work, for the message.

    Returns:
        What stands under the name.

    Raises:
        UnknownSymbolError: if there is nothing.
    """
    if name not in known:
        names = ", ".join(f"`{known_name}`" for known_name in known) or "none"
        raise UnknownSymbolError(f"unknown {kind} `{latex}`; known: {names}{hint}")
    return known[name]


def hint_for(symbol: Symbol, known: Mapping[str, Any], whole: str) -> str:
    """What would make an unknown symbol work, where its name tells."""
    if r"\frac" in symbol.name and r"\partial" not in symbol.name:
        return f"; a derivative has a value of its own, under `{symbol.name}`"
    if re.match(r"\\(sigma|tanh|operatorname)", symbol.name) and "_" in symbol.name:
        return f"; if it is a function, give it under `{symbol.name}`"
    if any(name.startswith(f"{symbol.name}_") for name in known):
        return f"; its subscript is an index here: give the whole array under `{symbol.name}`"
    if any(name.startswith(f"{symbol.name}(") for name in known):
        return ""
    base, _, below = symbol.name.partition("_")
    letters = re.findall(r"\\[a-zA-Z]+|[a-zA-Z]", below)
    if len(shape_of(known.get(base))) == len(letters) > 0 and not set(letters) & set(known):
        return f"; for its entries sum over {' and '.join(letters)}, or write them on the left, too"
    if below in known and len(shape_of(known.get(base))) > 0:
        return f'; for an entry write `{base}({below})` and declare roles={{"{base}": "sequence"}}'
    for word in re.finditer(r"(?<![a-zA-Z\\{])[a-zA-Z]{2,}", whole):
        if word.start() <= symbol.start < word.end():
            if re.match(r"\s*\(", whole[word.end() :]):
                return f"; if `{word[0]}` is a function, give it under this name"
            return (
                f"; if `{word[0]}` is one name, give its value under it, or write "
                f"`\\mathrm{{{word[0]}}}`"
            )
    return ""


def function_named(function: Symbol | str, known: Mapping[str, Any]) -> Callable:
    """A function of the language, or one that is given under its name."""
    if isinstance(function, str):
        if callable(known.get(function)):
            return known[function]
        if function in known:
            raise TypeError(
                f"`{function}`: its value is no function, and it stands like one; for a product "
                f'write `{function} \\cdot`, or declare it, roles={{"{function}": "number"}}'
            )
        hint = "; give it as a value under this key" if function not in FUNCTIONS else ""
        return find("function", function, function, FUNCTIONS, hint).compute
    found = find("function", function.latex, function.name, known)
    if not callable(found):
        raise TypeError(
            f"`{function.latex}`: expected a function, got {type(found).__name__}; a function of "
            r"what stands behind it is f(x), and \odot is the product entry by entry"
        )
    return found


def apply(function: Callable, value: Any) -> Any:
    """A function of an array or a number; a number stays one."""
    if type(value) in (int, float):
        with computing(str(value)):
            number = float(value)
        result = function(np.asarray(number))
        # As an array of its own a number would take part in the choice of dtype.
        return result if shape_of(result) else float(result)
    return function(value)


def arranged(numbers: list[Any]) -> Array:
    """An array of numbers, of the library that one of them belongs to."""
    arrays = [one for one in numbers if hasattr(one, "dtype")]
    xp = namespace(arrays[0]) if arrays else np
    return xp.stack([xp.asarray(one) for one in numbers])


def in_floats(value: Any) -> Any:
    """An array of whole numbers as one of floats, in which products do not run over."""
    if not shape_of(value) or "int" not in str(getattr(value, "dtype", "")):
        return value
    return value * 1.0 if isinstance(value, np.ndarray) else value.to(namespace(value).float64)


def matrix_power(matrix: Array, number: int) -> Array:
    """A square matrix times itself, so often."""
    return namespace(matrix).linalg.matrix_power(matrix, number)


def square_root(x: Array) -> Array:
    """The square root, entry by entry."""
    return namespace(x).sqrt(x)


def is_number(value: Any) -> bool:
    """Whether a value is one number."""
    return value is not None and not callable(value) and not shape_of(value)


def check_number(expression: Expression, value: Any) -> None:
    """Python's whole numbers have no end."""
    if type(value) is int:
        check("a number of at most {} bits", MOST_BITS, value.bit_length(), expression.latex)


def misfit(expression: Operation, problem: str, *values: Any) -> ValueError:
    """The error of operands that do not fit, which names them and their shapes."""
    operands = zip(expression.operands, values, strict=False)
    shapes = " and ".join(f"`{operand.latex}` of shape {shape_of(v)}" for operand, v in operands)
    return ValueError(f"`{expression.latex}`: {shapes}: {problem}")

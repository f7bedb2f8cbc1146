"""From equations to values: what the lecture's LaTeX computes on numpy arrays and torch tensors."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lecture_code.core.ops import Array, compose, namespace, split
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
from lecture_code.equations.roles import (
    COLUMNS,
    FUNCTION,
    KERNEL,
    NUMBER,
    ROLES,
    SIDE_BY_SIDE,
    VECTOR,
    Reading,
    Readings,
    Roles,
    combined,
    every,
    is_square,
    is_upper_case,
    joined,
    multiplied,
    readings_of,
    shape_of,
    transposed,
    values_of,
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
    """


def evaluate(
    latex: str, values: Mapping[str, Any], roles: Mapping[str, str] | None = None
) -> dict[str, Any]:
    r"""Compute the equations of a LaTeX source, one after the other.

    What symbols side by side mean depends on what they hold: `W x` is a matrix applied to column
    vectors, `x W` are row vectors times a matrix. An array may have any role that its letter and
    its axes allow, as long as all of them that fit give the same value; if they differ, the
    equation is refused, and `roles` declares what is meant. An upper-case letter may stand for a
    matrix. Elementwise operations take equal shapes, a number, or a bias that has the last axes of
    the other operand. Functions apply to what stands in brackets.

    In a line with indices, such as $y_{i,j} = \sum_n a_{n,i} b_{n,j}$, every array carries indices
    and stands for one of its entries: symbols side by side are a product of numbers. Indices count
    from 0 and stand for the last axes, or for the first ones of a sequence. A sum from 1 to $n$
    counts from 1 where the arrays have $n$ entries.

    Args:
        latex: the equations, as `parse` takes them.
        values: the known symbols in LaTeX and their values: arrays, numbers, or functions of one
            array. Spaces and braces that LaTeX does not need make no difference.
        roles: what symbols hold, in the words of `ROLES`: `{"X": "rows", "w": "kernel"}`. With
            `{"*": "convolution"}` every `*` is one, with the kernel in front.

    Returns:
        The value of every left-hand side, under the LaTeX that the source has for it; of an array
        with indices, under its canonical name without them.

    Raises:
        EquationSyntaxError: if the source cannot be read.
        UnknownSymbolError: if a symbol has no value.
        AmbiguousError: if the readings that fit have different values.
        TypeError: if a given value is no array, no number and no function, or a function stands
            where an array or a number should, or the other way round.
        ValueError: if shapes do not fit, two keys are spellings of one symbol, or a role is none.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.equations import evaluate
        >>> W, x = np.array([[1.0, 2.0]]), np.array([3.0, 4.0])
        >>> evaluate(r"y = W x \\ z = y^2", {"W": W, "x": x})
        {'y': array([11.]), 'z': array([121.])}
        >>> evaluate("y = x W", {"W": W.T, "x": x}, roles={"x": "rows"})
        {'y': array([11.])}
    """
    known = _by_name(values)
    declared = _declared(roles or {})
    equations = parse(latex, declared, known)
    _check_roles(declared, known, equations)
    kinds: dict[str, Readings] = {}
    results = {}
    for equation in equations:
        found = _results(equation, known, declared, kinds)
        known |= found
        for symbol in equation.left:
            results[symbol.name if equation.indices else symbol.latex] = found[symbol.name]
    return results


def results_of(
    equation: Equation, known: Mapping[str, Any], roles: Roles | None = None
) -> dict[str, Any]:
    """Compute one equation.

    Args:
        equation: the equation, as `parse` makes it.
        known: the values of its symbols, by their canonical names.
        roles: what they hold, by their canonical names.

    Returns:
        The value of every symbol on its left, by its canonical name.

    Raises:
        UnknownSymbolError, AmbiguousError, TypeError, ValueError: as `evaluate`.
    """
    return _results(equation, known, roles or {}, {})


def value(expression: Expression, known: Mapping[str, Any], roles: Roles | None = None) -> Any:
    """Compute a part of an equation without indices.

    Args:
        expression: the part, as `parse` makes it.
        known: the values of its symbols, by their canonical names.
        roles: what they hold, by their canonical names.

    Returns:
        Its value: an array or a number, or of functions in a row a function.

    Raises:
        UnknownSymbolError, AmbiguousError, TypeError, ValueError: as `evaluate`.

    Examples:
        >>> from lecture_code.equations import parse, value
        >>> [equation] = parse("y = w x + b")
        >>> value(equation.right, {"w": 2.0, "x": 3.0, "b": 1.0})
        7.0
    """
    return _Arrays(known, roles or {}, {}).value(expression)


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


def _declared(roles: Mapping[str, str]) -> dict[str, str]:
    """The roles by the canonical names of their symbols."""
    declared = {}
    for latex, role in roles.items():
        words = ("convolution",) if latex == "*" else tuple(ROLES)
        if role not in words:
            raise ValueError(
                f"roles: `{latex}`: expected {', '.join(map(repr, words))}, got {role!r}"
            )
        declared["*" if latex == "*" else canonical(latex)] = role
    return declared


def _check_roles(declared: Roles, known: Mapping[str, Any], equations: list[Equation]) -> None:
    names = {symbol.name for equation in equations for symbol in equation.symbols} | set(known)
    for name in declared:
        if name != "*" and name not in names:
            raise ValueError(f"roles: `{name}` is a symbol of no equation")


def _results(
    equation: Equation, known: Mapping[str, Any], roles: Roles, kinds: dict[str, Readings]
) -> dict[str, Any]:
    """The values of one equation's left; `kinds` gets what they may hold."""
    names = [symbol.name for symbol in equation.left]
    if has_indices(equation):
        found = _Entries(equation, known, roles).result()
        readings: Readings = ()
    else:
        arrays = _Arrays(known, roles, kinds)
        readings = arrays.readings(equation.right)
        found = arrays.only(equation.right, readings)
    parts = dict(zip(names, _parts(equation, found, readings), strict=True))
    for name, part in parts.items():
        kinds.pop(name, None)
        if readings:
            kinds[name] = tuple(replace_value(reading, part) for reading in readings)
    return parts


def replace_value(reading: Reading, value: Any) -> Reading:
    """The same reading of another value."""
    return reading._replace(value=value)


def _parts(equation: Equation, value: Any, readings: Iterable[Reading]) -> tuple[Any, ...]:
    """One value for each symbol on the left."""
    count, shape = len(equation.left), shape_of(value)
    if count == 1:
        return (value,)
    if any(reading.kind == COLUMNS for reading in readings):
        raise ValueError(f"`{equation.latex}`: only features on the last axis are split")
    if not shape or shape[-1] % count:
        raise ValueError(
            f"`{equation.latex}`: a value of shape {shape} has no {count} equal parts "
            "along its last axis"
        )
    return split(value, count)


def _find(kind: str, latex: str, name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        names = ", ".join(f"`{known_name}`" for known_name in known) or "none"
        raise UnknownSymbolError(f"unknown {kind} `{latex}`; known: {names}")
    return known[name]


def _function(function: Symbol | str, known: Mapping[str, Any]) -> Callable:
    if isinstance(function, str):
        return _find("function", function, function, FUNCTIONS).compute
    found = _find("function", function.latex, function.name, known)
    if not callable(found):
        raise TypeError(f"`{function.latex}`: expected a function, got {type(found).__name__}")
    return found


def _apply(function: Callable, value: Any) -> Any:
    if type(value) in (int, float):
        result = function(np.asarray(float(value)))
        # As an array of its own a number would take part in the choice of dtype.
        return result if shape_of(result) else float(result)
    return function(value)


def _sqrt(x: Array) -> Array:
    return namespace(x).sqrt(x)


CONVOLUTION = r"Y_{i,j} = \sum_m \sum_n w_{m,n} X_{i+m,j+n}"
"""What $w * X$ means: the cross-correlation, which deep learning calls convolution."""

OF_MATRICES = (r"\exp", r"\log", r"\sqrt")
"""Functions of which there is another one for matrices, of the same name."""

OF_A_MATRIX = (
    r"a {} of a matrix is one thing and that of its entries another; write "
    r"A A or A \odot A, or give its entries indices"
)


class _Arrays:
    """The values of a line without indices, in every reading that fits."""

    def __init__(self, known: Mapping[str, Any], roles: Roles, kinds: Mapping[str, Readings]):
        self.known, self.roles, self.kinds = known, roles, kinds
        self.doubt = ""
        """Where readings first differed, and what they are."""

    def value(self, expression: Expression) -> Any:
        return self.only(expression, self.readings(expression))

    def only(self, expression: Expression, readings: Readings) -> Any:
        """The value that all readings share."""
        values = values_of(readings) if len(readings) > 1 else [readings[0].value]
        if len(values) > 1:
            raise AmbiguousError(self.doubt or f"`{expression.latex}` can be read in several ways")
        return values[0]

    def operand(self, expression: Expression) -> Readings:
        """The readings of what an operator or a function takes, which is no function itself."""
        found = self.readings(expression)
        if found[0].kind == FUNCTION:
            raise TypeError(
                f"`{expression.latex}`: expected an array or a number, got a function; what it is "
                "applied to stands in brackets after it"
            )
        return found

    def readings(self, expression: Expression) -> Readings:
        match expression:
            case Number():
                return (Reading(NUMBER, expression.value),)
            case Symbol():
                return self.symbol(expression)
            case Call():
                function = _function(expression.function, self.known)
                return self.entrywise(
                    expression, expression.function, function, self.operand(expression.argument)
                )
            case Composition():
                functions = (_function(function, self.known) for function in expression.functions)
                return (Reading(FUNCTION, compose(*functions)),)
            case Operation(operator="juxtaposition", operands=(function, argument)):
                left = self.readings(function)
                if left[0].kind == FUNCTION:
                    return self.applied(expression, left[0].value, argument)
                return self.product(expression, left, self.operand(argument))
            case Operation():
                operands = [self.operand(operand) for operand in expression.operands]
                return self.operation(expression, *operands)
        raise ValueError(f"`{expression.latex}`: stands in a line with indices only")

    def symbol(self, symbol: Symbol) -> Readings:
        found = _find("symbol", symbol.latex, symbol.name, self.known)
        role = self.roles.get(symbol.name)
        if role is None and symbol.name in self.kinds:
            return self.kinds[symbol.name]
        if role == FUNCTION and not callable(found):
            raise TypeError(f"`{symbol.latex}`: expected a function, got {type(found).__name__}")
        return readings_of(symbol.name, found, role)

    def operation(self, expression: Operation, *operands: Readings) -> Readings:
        match expression.operator:
            case "concatenation":
                return self.every(expression, lambda *parts: joined(parts), operands)
            case "convolution":
                return (self.convolution(expression, *operands),)
            case "transpose":
                return self.transpose(expression, *operands)
            case "power":
                return self.power(expression, *operands)
            case "root":
                return self.entrywise(expression, r"\sqrt", _sqrt, *operands)
            case "negation":
                return tuple(one._replace(value=-one.value) for one in operands[0])
        compute = OPERATORS[expression.operator].of_numbers
        assert compute  # what is left are operations on numbers

        def entry_by_entry(left: Reading, right: Reading) -> Reading:
            return combined(compute, left, right)

        return self.every(expression, entry_by_entry, operands)

    def every(
        self, expression: Operation, compute: Callable[..., Reading], operands: tuple[Readings, ...]
    ) -> Readings:
        """An operation in every reading of its operands; the error of what has none."""
        found, misfits = every(compute, *operands)
        if not found:
            by_size = [misfit for misfit in misfits if misfit.is_size]
            problem = (by_size or misfits)[0].problem
            if expression.operator == "product" and re.search(r"\*|\\ast", expression.latex):
                problem += '; if * is a convolution, declare its kernel: roles={"w": "kernel"}'
            raise _misfit(expression, problem, *(one[0].value for one in operands))
        if not self.doubt and len(values_of(found)) > 1:
            self.doubt = _doubt(expression, *(one[0].value for one in operands))
        return found

    def product(self, expression: Operation, left: Readings, right: Readings) -> Readings:
        """Two values side by side."""
        shape = shape_of(left[0].value)
        nobody_says = len(left) > 1 and len(right) > 1 and not _is_concatenation(expression)
        if nobody_says and len(shape) > 1 and shape == shape_of(right[0].value):
            # Gates and states are written so, and meant entry by entry.
            raise _misfit(expression, SIDE_BY_SIDE, left[0].value, right[0].value)
        return self.every(expression, multiplied, (left, right))

    def transpose(self, expression: Operation, operand: Readings) -> Readings:
        symbol = expression.operands[0]
        if len(operand) > 1 and len(shape_of(operand[0].value)) > 1:
            name = symbol.name if isinstance(symbol, Symbol) else "A"
            # An upper-case letter is no column vector, so its transpose is none on its side.
            operand = tuple(
                one for one in operand if not (is_upper_case(name) and one.kind == VECTOR)
            )
        return self.every(expression, transposed, (operand,))

    def power(self, expression: Operation, base: Readings, exponent: Readings) -> Readings:
        number = exponent[0].value
        if any(map(is_square, base)):
            problem = OF_A_MATRIX.format("power")
            raise _misfit(expression, problem, base[0].value)
        return tuple(one._replace(value=one.value**number) for one in base)

    def entrywise(
        self,
        expression: Expression,
        name: str,
        function: Callable,
        argument: Readings,
    ) -> Readings:
        """A function of the language, entry by entry."""
        if name in OF_MATRICES and any(map(is_square, argument)):
            raise ValueError(
                f"`{expression.latex}`: of shape {shape_of(argument[0].value)}: "
                + OF_A_MATRIX.format("function")
            )
        values: dict[int, Any] = {}
        for one in argument:
            if id(one.value) not in values:
                values[id(one.value)] = _apply(function, one.value)
        return tuple(one._replace(value=values[id(one.value)]) for one in argument)

    def convolution(self, expression: Operation, left: Readings, right: Readings) -> Reading:
        """A kernel slid over an image; the kernel is the one that was declared, or the first."""
        kernel, image = left[0].value, right[0].value
        first, second = expression.operands
        if not self.holds_kernel(first) and self.holds_kernel(second):
            kernel, image = image, kernel
        if len(shape_of(kernel)) != 2 or len(shape_of(image)) < 2:
            problem = "a convolution takes a kernel with two axes and an image with two or more"
            raise _misfit(expression, problem, left[0].value, right[0].value)
        if kernel.shape[0] > image.shape[-2] or kernel.shape[1] > image.shape[-1]:
            problem = "the kernel is larger than the image"
            raise _misfit(expression, problem, left[0].value, right[0].value)
        return Reading(VECTOR, evaluate(CONVOLUTION, {"w": kernel, "X": image})["Y"], True)

    def holds_kernel(self, expression: Expression) -> bool:
        return any(self.roles.get(symbol.name) == KERNEL for symbol in expression.symbols)

    def applied(self, expression: Operation, function: Callable, argument: Expression) -> Readings:
        """A function of the brackets that follow it: of f(x) y the f(x), and of f(x)^2 the same."""
        name = expression.operands[0].latex
        match argument:
            case _ if argument.bracketed:
                return self.result(function, argument)
            case Operation(operator="juxtaposition", operands=(first, rest)) if _opens(first):
                applied = Expression(f"{name}({first.latex})")
                whole = replace(expression, operands=(applied, rest))
                return self.product(
                    whole, self.applied(expression, function, first), self.operand(rest)
                )
            case Operation(operator="power" | "transpose", operands=(first, *rest)) if (
                first.bracketed
            ):
                found = self.result(function, first)
                if argument.operator == "transpose":
                    return self.transpose(argument, found)
                return self.power(argument, found, self.operand(rest[0]))
        raise ValueError(f"`{expression.latex}`: what a function is applied to stands in brackets")

    def result(self, function: Callable, argument: Expression) -> Readings:
        """What a caller's own function gives, which may be anything."""
        given = self.operand(argument)
        value = _apply(function, self.only(argument, given))
        if shape_of(value) == shape_of(given[0].value) and not callable(value):
            return tuple(one._replace(value=value) for one in given)
        return tuple(one._replace(is_product=True) for one in readings_of("", value))


def _is_concatenation(product: Operation) -> bool:
    """Whether the second factor is a concatenation, in front of which nobody writes a gate."""
    second = product.operands[1]
    return isinstance(second, Operation) and second.operator == "concatenation"


def _opens(expression: Expression) -> bool:
    """Whether an expression begins with a bracket."""
    return expression.bracketed or (
        isinstance(expression, Operation)
        and expression.operator in ("power", "transpose")
        and expression.operands[0].bracketed
    )


def _named(expression: Operation) -> str:
    """A symbol in an operation, the last one, as an example."""
    symbols = expression.symbols
    return symbols[-1].latex if symbols else "X"


def _doubt(expression: Operation, *values: Any) -> str:
    return str(
        _misfit(
            expression,
            "what they hold decides what this is: several readings fit these sizes: "
            f'roles={{"{_named(expression)}": "rows"}}, or {", ".join(ROLES)}',
            *values,
        )
    )


class _Entries:
    """The value of a line with indices: one axis, at the end, for each index in force."""

    def __init__(self, equation: Equation, known: Mapping[str, Any], roles: Roles):
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
                if shape_of(value):
                    raise ValueError(
                        f"`{latex}` of shape {shape_of(value)}: in a line with indices every array "
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
                return _apply(_sqrt, self.value(operand, scope))
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
        return term.sum(-1) if shape_of(term) else len(values) * term


def _misfit(expression: Operation, problem: str, *values: Any) -> ValueError:
    """The error of operands that do not fit, which names them and their shapes."""
    operands = zip(expression.operands, values, strict=False)
    shapes = " and ".join(f"`{operand.latex}` of shape {shape_of(v)}" for operand, v in operands)
    return ValueError(f"`{expression.latex}`: {shapes}: {problem}")

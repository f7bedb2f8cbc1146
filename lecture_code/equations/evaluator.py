"""From equations to values: what the lecture's LaTeX computes on numpy arrays and torch tensors."""

import contextlib
import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lecture_code.core.ops import Array, compose, namespace, split
from lecture_code.equations.indices import (
    Ranges,
    find_ranges,
    has_indices,
    is_whole,
    letters_of,
    limits_of,
    pick,
)
from lecture_code.equations.language import EXTREMES, FUNCTIONS, OPERATORS, REDUCTIONS, softmax
from lecture_code.equations.limits import (
    DEEPEST,
    MOST_BITS,
    MOST_CALLS,
    chain,
    check,
    check_depth,
    check_entries,
    computing,
    depth,
    from_inside,
    power,
)
from lecture_code.equations.parser import (
    Call,
    Composition,
    Defined,
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
    EXAMPLE,
    FUNCTION,
    KERNEL,
    MATRIX,
    NUMBER,
    ROLES,
    ROWS,
    SEQUENCE,
    SIDE_BY_SIDE,
    VECTOR,
    Reading,
    Readings,
    Roles,
    combined,
    every,
    is_same,
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

    Attributes:
        names: what has to be declared, if that is known.
    """

    def __init__(self, message: str, names: Iterable[str] = ()):
        """Say what is ambiguous, and what would decide it."""
        super().__init__(message)
        self.names = tuple(names)


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
        EquationSizeError: if it is too long or too deep, or if a number, a sum or what the indices
            count would be too large.
        UnknownSymbolError: if a symbol has no value.
        AmbiguousError: if the readings that fit have different values.
        TypeError: if a given value is no array, no number and no function, or a function stands
            where an array or a number should, or the other way round.
        ValueError: if shapes do not fit, two keys are spellings of one symbol, a role is none, or
            numbers have no result, as in a division by 0; arrays give `inf` and `nan` then.

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
    check_depth(expression)
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
        known[name] = _wide(value)
    return known


def _wide(value: Any) -> Any:
    """An array of truth values or of short whole numbers as one in which sums do not run over."""
    kind = str(getattr(value, "dtype", "")).removeprefix("torch.")
    if not re.fullmatch(r"bool|u?int(8|16|32)|uint64", kind):
        return value
    wide = "float64" if kind == "uint64" else "int64"
    has_own = hasattr(value, "astype")
    return value.astype(wide) if has_own else value.to(getattr(namespace(value), wide))


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
    _check_calls(equation, known)
    function = _definition(equation, known, roles, kinds)
    if function and equation.others and not _has_arguments(equation, known):
        raise ValueError(
            f"`{equation.latex}`: of what it is defined there is no value; one function has one "
            "right-hand side"
        )
    if function and not _has_arguments(equation, known):
        return dict.fromkeys((names[0], _defined(equation).function), function)
    found, readings = _right_side(equation, known, roles, kinds)
    for other in equation.others:
        value, _ = _right_side(replace(equation, right=other), known, roles, kinds)
        if not is_same(value, found):
            raise ValueError(
                f"`{equation.latex}`: `{equation.right.latex}` and `{other.latex}` differ"
            )
    parts = dict(zip(names, _parts(equation, found, readings), strict=True))
    for name, part in parts.items():
        kinds.pop(name, None)
        if readings:
            kinds[name] = tuple(reading._replace(value=part) for reading in readings)
    if function:
        parts.setdefault(_defined(equation).function, function)
    return parts


def _right_side(
    equation: Equation, known: Mapping[str, Any], roles: Roles, kinds: dict[str, Readings]
) -> tuple[Any, Readings]:
    """The value of a right-hand side, and what it may hold."""
    if has_indices(equation):
        return _of_entries(equation, known, roles), ()
    arrays = _Arrays(known, roles, kinds, equation.latex)
    readings = arrays.readings(equation.right)
    return arrays.only(equation.right, readings), readings


def _of_entries(equation: Equation, known: Mapping[str, Any], roles: Roles) -> Any:
    """The value of a line with indices, whether the first axes have them or the last ones."""
    try:
        return _Entries(equation, known, roles).result()
    except AmbiguousError as error:
        if not error.names:
            raise
        values, doubt = [], error
    for role in (SEQUENCE, VECTOR):
        more = dict.fromkeys(doubt.names, role)
        with contextlib.suppress(ValueError):
            values.append(_Entries(equation, known, {**more, **roles}).result())
    if len(values) == 1 or (len(values) == 2 and is_same(*values)):
        return values[0]
    raise doubt


def _defined(equation: Equation) -> Defined:
    left = equation.left[0]
    assert isinstance(left, Defined)  # `_definition` has given a function
    return left


def _definition(
    equation: Equation, known: Mapping[str, Any], roles: Roles, kinds: Mapping[str, Readings]
) -> Callable | None:
    """The function that a line such as $f(x) = x^2$ defines; None of any other line."""
    [left, *others] = equation.left
    if others or not isinstance(left, Defined) or has_indices(equation):
        return None
    if not all(isinstance(argument, Symbol) for argument in left.arguments):
        return None
    names = [argument.name for argument in left.arguments if isinstance(argument, Symbol)]
    return _Function(names, equation.right, dict(known), roles, dict(kinds))


class _Function:
    """What a line such as $f(x) = x^2$ defines."""

    def __init__(
        self,
        names: list[str],
        right: Expression,
        known: Mapping[str, Any],
        roles: Roles,
        kinds: Mapping[str, Readings],
    ):
        self.names, self.right = names, right
        self.known, self.roles, self.kinds = known, roles, kinds
        self.levels, self.calls = _load(right, known)

    def __call__(self, *values: Any) -> Any:
        given = dict(zip(self.names, values, strict=True))
        kinds = {name: one for name, one in self.kinds.items() if name not in given}
        return _Arrays({**self.known, **given}, self.roles, kinds).value(self.right)

    def of(self, *arguments: Readings) -> Readings:
        """What it gives of arguments that hold what they hold, whatever their names here."""
        given = dict(zip(self.names, arguments, strict=True))
        known = {**self.known, **{name: one[0].value for name, one in given.items()}}
        for name, readings in given.items():
            # The role of a name that has a value besides is that value's.
            if len(readings) > 1 and name in self.roles and name not in self.known:
                given[name] = readings_of(name, readings[0].value, self.roles[name])
        roles = {name: role for name, role in self.roles.items() if name not in given}
        return _Arrays(known, roles, {**self.kinds, **given}).readings(self.right)


def _load(right: Expression, known: Mapping[str, Any]) -> tuple[int, int]:
    """How deep a line is with the functions of other lines, and how often it calls them."""
    used = [known[symbol.name] for symbol in right.symbols if symbol.name in known]
    levels = max((getattr(one, "levels", 0) for one in used if callable(one)), default=0)
    calls = sum(getattr(one, "calls", 0) for one in used if callable(one))
    return levels + depth(right), calls + 1


def _check_calls(equation: Equation, known: Mapping[str, Any]) -> None:
    levels, calls = _load(equation.right, known)
    check("at most {} levels inside each other", DEEPEST, levels, equation.latex)
    check("at most {} calls of functions", MOST_CALLS, calls, equation.latex)


def _has_arguments(equation: Equation, known: Mapping[str, Any]) -> bool:
    """Whether what a function is defined of has values, or is not needed."""
    left = _defined(equation)
    needed = {symbol.name for symbol in equation.right.symbols}
    names = {symbol.name for argument in left.arguments for symbol in argument.symbols}
    return names & needed <= set(known)


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


def _find(kind: str, latex: str, name: str, known: Mapping[str, Any], hint: str = "") -> Any:
    if name not in known:
        names = ", ".join(f"`{known_name}`" for known_name in known) or "none"
        raise UnknownSymbolError(f"unknown {kind} `{latex}`; known: {names}{hint}")
    return known[name]


def _hint(symbol: Symbol, known: Mapping[str, Any], whole: str) -> str:
    """What would make an unknown symbol work, where its name tells."""
    if r"\frac" in symbol.name and r"\partial" not in symbol.name:
        return f"; a derivative has a value of its own, under `{symbol.name}`"
    if re.match(r"\\(sigma|tanh|operatorname)", symbol.name) and "_" in symbol.name:
        return f"; if it is a function, give it under `{symbol.name}`"
    if any(name.startswith(f"{symbol.name}_") for name in known):
        return f"; its subscript is an index here: give the whole array under `{symbol.name}`"
    if any(name.startswith(f"{symbol.name}(") for name in known):
        return ""
    for word in re.finditer(r"(?<![a-zA-Z\\{])[a-zA-Z]{2,}", whole):
        if word.start() <= symbol.start < word.end():
            if re.match(r"\s*\(", whole[word.end() :]):
                return f"; for a function write `\\operatorname{{{word[0]}}}`, the key of its value"
            return f"; for one name of several letters write `\\mathrm{{{word[0]}}}`"
    return ""


def _function(function: Symbol | str, known: Mapping[str, Any]) -> Callable:
    if isinstance(function, str):
        if callable(known.get(function)):
            return known[function]
        if function in known:
            raise TypeError(
                f"`{function}`: its value is no function, and it stands like one; "
                f"for a product write `{function} \\cdot`"
            )
        hint = "; give it as a value under this key" if function not in FUNCTIONS else ""
        return _find("function", function, function, FUNCTIONS, hint).compute
    found = _find("function", function.latex, function.name, known)
    if not callable(found):
        raise TypeError(f"`{function.latex}`: expected a function, got {type(found).__name__}")
    return found


def _apply(function: Callable, value: Any) -> Any:
    if type(value) in (int, float):
        with computing(str(value)):
            number = float(value)
        result = function(np.asarray(number))
        # As an array of its own a number would take part in the choice of dtype.
        return result if shape_of(result) else float(result)
    return function(value)


def _sqrt(x: Array) -> Array:
    return namespace(x).sqrt(x)


CONVOLUTION = r"Y_{i,j} = \sum_m \sum_n w_{m,n} X_{i+m,j+n}"
"""What $w * X$ means: the cross-correlation, which deep learning calls convolution."""

SOFTMAX = r"\operatorname{softmax}"

NORMS: dict[str, Callable[[Array], Array]] = {
    "1": lambda x: abs(x).sum(-1),
    "2": lambda x: _sqrt((x * x).sum(-1)),
}
"""Lengths of vectors, by what stands below the bars."""

CONSTANTS = {r"\pi": math.pi}
"""Numbers with a name, which a given value takes precedence over."""

OF_MATRICES = (r"\exp", r"\log", r"\sqrt")
"""Functions of which there is another one for matrices, of the same name."""

OF_A_MATRIX = "a {} of a matrix is one thing and that of its entries another; {}"
A_POWER = r'write A A or A \odot A; for the inverse declare a matrix: roles={"A": "matrix"}'
A_FUNCTION = "for the entries, write them with indices: A_{i,j}"


class _Arrays:
    """The values of a line without indices, in every reading that fits."""

    def __init__(
        self,
        known: Mapping[str, Any],
        roles: Roles,
        kinds: Mapping[str, Readings],
        whole: str = "",
    ):
        self.known, self.roles, self.kinds, self.whole = known, roles, kinds, whole
        self.ready: dict[int, Readings] = {}
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
        return self.no_function(expression, self.readings(expression))

    def no_function(self, expression: Expression, found: Readings) -> Readings:
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
                return self.call(expression)
            case Composition():
                return self.composition(expression)
            case Operation(operator="power", operands=(Symbol(name="e"), exponent)) if (
                "e" not in self.known
            ):
                exp = FUNCTIONS[r"\exp"].compute
                return self.entrywise(expression, r"\exp", exp, self.operand(exponent))
            case Operation(operator="juxtaposition"):
                return self.row(expression)
            case Operation(operator="norm", operands=(operand, order)):
                return self.norm(expression, self.operand(operand), order.latex)
            case Operation():
                return from_inside(self.operated, self.ready, expression)
        raise ValueError(f"`{expression.latex}`: stands in a line with indices only")

    def operated(self, expression: Any) -> Readings:
        operands = [self.operand(operand) for operand in expression.operands]
        return self.operation(expression, *operands)

    def row(self, expression: Operation) -> Readings:
        """What stands side by side: functions are applied, then factors taken from the last on."""
        factors: list[tuple[Operation, Readings]] = []
        rest: Expression | None = expression
        while isinstance(rest, Operation) and rest.operator == "juxtaposition":
            whole, (first, argument) = rest, rest.operands
            left = self.readings(first)
            self.check_constant(first, argument)
            if left[0].kind == FUNCTION:
                whole, left, rest = self.applied(rest, left[0].value, argument)
            elif found := self.at_time(rest):
                whole, left, rest = found
            else:
                rest = argument
            factors.append((whole, left))
            if rest and rest.bracketed:
                break
        right = self.operand(rest) if rest else factors.pop()[1]
        for whole, left in reversed(factors):
            right = self.product(whole, left, self.no_function(whole.operands[1], right))
        return right

    def call(self, call: Call) -> Readings:
        """A function of the language, or one that is known under its name."""
        function = _function(call.function, self.known)
        argument = call.argument
        if function is not getattr(FUNCTIONS.get(call.function), "compute", None):
            return self.result(function, argument)
        if isinstance(argument, Operation) and argument.operator == "arguments":
            if call.function not in EXTREMES:
                raise ValueError(f"`{call.latex}`: {call.function} takes one argument")
            first, *others = (self.operand(part) for part in argument.operands)
            for other in others:
                # Like every operation on entries it takes equal shapes, numbers and biases.
                first = self.every(argument, partial(combined, function), (first, other))
            return first
        return self.entrywise(call, call.function, function, self.operand(argument))

    def composition(self, composition: Composition) -> Readings:
        """Functions one after the other; arrays in a row are multiplied entry by entry."""
        names = [one for one in composition.functions if isinstance(one, Symbol)]
        readings = [self.readings(name) for name in names]
        if len(names) == len(composition.functions) and FUNCTION not in {
            r[0].kind for r in readings
        }:
            first, *others = readings
            for other in others:
                multiply = partial(combined, operator.mul)
                product = Operation(composition.latex, "product", tuple(names))
                first = self.every(product, multiply, (first, other))
            return first
        functions = (_function(function, self.known) for function in composition.functions)
        return (Reading(FUNCTION, compose(*functions)),)

    def at_time(self, product: Operation) -> "_Factor | None":
        """What h(t-1) is: not h times t-1, but an entry of a sequence, or nothing that is clear."""
        first, second = product.operands
        inner, *rest = (
            second.operands
            if isinstance(second, Operation)
            and second.operator == "juxtaposition"
            and not second.bracketed
            else (second,)
        )
        sign = product.latex[len(first.latex) :].lstrip()
        if not isinstance(first, Symbol) or sign.startswith(r"\cdot"):
            return None
        array: Any = self.known.get(first.name)
        if not _is_time(inner) and not (shape_of(array) and self.is_place(inner)):
            return None
        place = self.value(inner)
        name = f"{first.latex}({inner.latex})"
        if self.roles.get(first.name) != SEQUENCE:
            raise AmbiguousError(
                f"`{name}`: {first.latex} at time {inner.latex}, or {first.latex} times "
                f"{inner.latex}? Give its value under the key `{name}`, declare a sequence, "
                f'roles={{"{first.latex}": "sequence"}}, or write '
                f"`{first.latex} \\cdot ({inner.latex})`"
            )
        if place != int(place) or not 0 <= place < len(array):
            raise ValueError(f"`{name}`: time {place} of a sequence of {len(array)}, from 0")
        entry = readings_of("", array[int(place)], VECTOR)
        if not rest:
            return product, entry, None
        return replace(product, operands=(Symbol(name, name), rest[0])), entry, rest[0]

    def is_place(self, expression: Expression) -> bool:
        """Whether it counts: what stands in brackets behind an array, as in x(n-1) and x[0]."""
        parts = list(expression.walk())
        counts = ("sum", "difference", "negation", "juxtaposition")
        return expression.bracketed and all(
            isinstance(part.value, int)
            if isinstance(part, Number)
            else is_whole(self.known.get(part.name))
            if isinstance(part, Symbol)
            else isinstance(part, Operation) and part.operator in counts
            for part in parts
        )

    def check_constant(self, first: Expression, second: Expression) -> None:
        """A number with a name does not stand like a function: a policy is called pi, too."""
        if not isinstance(first, Symbol) or first.name not in CONSTANTS:
            return
        if first.name not in self.known and (second.bracketed or _begins_with_bracket(second)):
            raise AmbiguousError(
                f"`{first.latex}({second.latex})`: the number, or a function? Give a function as a "
                f"value; for the number write `{first.latex} \\cdot (...)` with it as a value"
            )

    def symbol(self, symbol: Symbol) -> Readings:
        if symbol.name in CONSTANTS and symbol.name not in self.known:
            return (Reading(NUMBER, CONSTANTS[symbol.name]),)
        if symbol.name not in self.known:
            hint = _hint(symbol, self.known, self.whole)
            _find("symbol", symbol.latex, symbol.name, self.known, hint)
        found = self.known[symbol.name]
        if isinstance(found, _Function) and symbol.name.endswith(")"):
            # What was defined before its argument had a value: f(x) = x^2, x = 3, y = f(x).
            return found.of(*(self.symbol(Symbol(name, name)) for name in found.names))
        role = self.roles.get(symbol.name)
        if role is None and symbol.name in self.kinds:
            return self.kinds[symbol.name]
        if role == FUNCTION and not callable(found):
            raise TypeError(f"`{symbol.latex}`: expected a function, got {type(found).__name__}")
        return readings_of(symbol.name, found, role)

    def operation(self, expression: Operation, *operands: Readings) -> Readings:
        match expression.operator:
            case "concatenation":
                declared = [one[0].kind for one in operands if len(one) == 1]
                if ";" in expression.latex and MATRIX in declared:
                    raise ValueError(
                        f"`{expression.latex}`: matrices below each other; only features are "
                        "joined, and matrices side by side"
                    )
                return self.every(expression, lambda *parts: joined(parts), operands)
            case "convolution":
                return (self.convolution(expression, *operands),)
            case "transpose":
                return self.transpose(expression, *operands)
            case "power":
                return self.power(expression, *operands)
            case "absolute":
                return self.entrywise(expression, "|", abs, *operands)
            case "root":
                return self.entrywise(expression, r"\sqrt", _sqrt, *operands)
            case "negation":
                return tuple(one._replace(value=-one.value) for one in operands[0])
        if expression.operator == "arguments":
            raise ValueError(
                f"`({expression.latex})`: several arguments stand behind a function only"
            )
        compute = OPERATORS[expression.operator].of_numbers
        assert compute  # what is left are operations on numbers

        def entry_by_entry(left: Reading, right: Reading) -> Reading:
            return combined(compute, left, right)

        return self.every(expression, entry_by_entry, operands)

    def every(
        self, expression: Operation, compute: Callable[..., Reading], operands: tuple[Readings, ...]
    ) -> Readings:
        """An operation in every reading of its operands; the error of what has none."""
        with computing(expression.latex):
            found, misfits = every(compute, *operands)
        for one in found:
            _check_number(expression, one.value)
        if not found:
            by_size = [misfit for misfit in misfits if misfit.is_size]
            problem = (by_size or misfits)[0].problem
            if expression.operator == "product" and re.search(r"\*|\\ast", expression.latex):
                problem += '; if * is a convolution, declare its kernel: roles={"w": "kernel"}'
            problem = problem.replace(EXAMPLE, _declaring(expression))
            raise _misfit(expression, problem, *(one[0].value for one in operands))
        if not self.doubt and len(values_of(found)) > 1:
            self.doubt = _doubt(expression, *(one[0].value for one in operands))
        return found

    def product(self, expression: Operation, left: Readings, right: Readings) -> Readings:
        """Two values side by side."""
        shape = shape_of(left[0].value)
        several = [len(one) > 1 for one in (left, right)]
        declares = any(symbol.name in self.roles for symbol in expression.symbols)
        nobody_says = all(several) or (any(several) and not declares)
        nobody_says = nobody_says and not _is_concatenation(expression)
        if nobody_says and len(shape) > 1 and shape == shape_of(right[0].value):
            # Gates and states are written so, and meant entry by entry.
            problem = SIDE_BY_SIDE.replace(EXAMPLE, _declaring(expression))
            raise _misfit(expression, problem, left[0].value, right[0].value)
        return self.every(expression, multiplied, (left, right))

    def transpose(self, expression: Operation, operand: Readings) -> Readings:
        [inner] = expression.operands
        if re.search(r"\^\s*(T|\{\s*T\s*\})$", expression.latex) and _is_number(
            self.known.get("T")
        ):
            raise AmbiguousError(
                f"`{expression.latex}`: the transpose, or the power T? For the transpose write "
                r"\top, for the power another letter"
            )
        if len(operand) > 1 and len(shape_of(operand[0].value)) > 1:
            # An upper-case letter is no column vector, so its transpose is none on its side.
            is_upper = all(is_upper_case(symbol.name) for symbol in inner.symbols)
            operand = tuple(one for one in operand if not (is_upper and one.kind == VECTOR))
        return self.every(expression, transposed, (operand,))

    def power(self, expression: Operation, base: Readings, exponent: Readings) -> Readings:
        number = exponent[0].value
        first, above = expression.operands
        if shape_of(base[0].value) and isinstance(first, Symbol) and not first.bracketed:
            if {symbol.name for symbol in above.symbols} & {*TIMES, "l"}:
                raise AmbiguousError(
                    f"`{expression.latex}`: a power, or {first.latex} at {above.latex}? A power is "
                    f"`({first.latex})^{{{above.latex}}}`; a name is the key of its own value"
                )
        if any(map(is_square, (*base, *exponent))):
            if len(base) > 1 or shape_of(number) or number != -1:
                problem = OF_A_MATRIX.format("power", A_POWER)
                raise _misfit(expression, problem, base[0].value)
            inverse = namespace(base[0].value).linalg.inv(base[0].value)
            return (base[0]._replace(value=inverse),)
        if len(base) == 1 and base[0].kind == MATRIX:
            raise _misfit(expression, OF_A_MATRIX.format("power", A_POWER), base[0].value)
        if exponent[0].kind == NUMBER and not shape_of(number):
            return tuple(one._replace(value=power(one.value, number)) for one in base)
        return self.every(expression, partial(combined, power), (base, exponent))

    def entrywise(
        self,
        expression: Any,
        name: str,
        function: Callable,
        argument: Readings,
    ) -> Readings:
        """A function of the language, entry by entry."""
        if name in OF_MATRICES and any(map(is_square, argument)):
            raise ValueError(
                f"`{expression.latex}`: of shape {shape_of(argument[0].value)}: "
                + OF_A_MATRIX.format("function", A_FUNCTION)
            )
        if name == SOFTMAX and any(one.kind == COLUMNS for one in argument):
            if len(argument) > 1:
                raise AmbiguousError(f"`{expression.latex}`: over rows or columns? Declare it")
            return (argument[0]._replace(value=softmax(argument[0].value, -2)),)
        if name == SOFTMAX and any(one.kind == NUMBER for one in argument):
            raise ValueError(
                f"`{expression.latex}`: of numbers, one for each sample, it has no features to run "
                "over; write out its sum over an index"
            )
        if name == SOFTMAX and argument[0].kind == MATRIX and COLUMNS in self.roles.values():
            raise AmbiguousError(
                f"`{expression.latex}`: over the rows of a matrix or over its columns? Transpose "
                'what stands in columns, and declare "rows"'
            )
        values: dict[int, Any] = {}
        for one in argument:
            if id(one.value) not in values:
                values[id(one.value)] = _apply(function, one.value)
        return tuple(one._replace(value=values[id(one.value)]) for one in argument)

    def norm(self, expression: Operation, operand: Readings, order: str) -> Readings:
        """The length of a vector, or of each vector of a batch."""
        if order not in NORMS:
            raise ValueError(
                f"`{expression.latex}`: expected {', '.join(NORMS)} below, got {order}"
            )
        if any(one.kind in (MATRIX, COLUMNS) for one in operand):
            raise AmbiguousError(
                f"`{expression.latex}`: of a matrix there are several; of row vectors it is the "
                f'length of each, roles={{"{_named(expression)}": "rows"}}'
            )
        value = operand[0].value
        return (Reading(NUMBER, NORMS[order](value) if shape_of(value) else abs(value), True),)

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
        return Reading(
            VECTOR, evaluate(CONVOLUTION, {"w": kernel, "X": image}, {"X": VECTOR})["Y"], True
        )

    def holds_kernel(self, expression: Expression) -> bool:
        return any(self.roles.get(symbol.name) == KERNEL for symbol in expression.symbols)

    def applied(self, expression: Operation, function: Callable, argument: Expression) -> "_Factor":
        """A function of the brackets that follow it: of f(x) y the f(x), and of f(x)^2 the same."""
        name = expression.operands[0].latex
        match argument:
            case _ if argument.bracketed:
                return expression, self.result(function, argument), None
            case Operation(operator="juxtaposition", operands=(first, rest)) if _opens(first):
                applied = Expression(f"{name}({first.latex})")
                whole = replace(expression, operands=(applied, rest))
                return whole, self.applied(expression, function, first)[1], rest
            case Operation(operator="power" | "transpose", operands=(first, *rest)) if (
                first.bracketed
            ):
                found = self.result(function, first)
                if argument.operator == "transpose":
                    return expression, self.transpose(argument, found), None
                return expression, self.power(argument, found, self.operand(rest[0])), None
        raise ValueError(f"`{expression.latex}`: what a function is applied to stands in brackets")

    def result(self, function: Callable, argument: Expression) -> Readings:
        """What a caller's own function gives, which may be anything."""
        if isinstance(function, _Function):
            is_list = isinstance(argument, Operation) and argument.operator == "arguments"
            parts = argument.children if is_list else (argument,)
            return function.of(*map(self.operand, parts))
        if isinstance(argument, Operation) and argument.operator == "arguments":
            values = [self.value(part) for part in argument.operands]
            value = function(*values)
            return tuple(one._replace(is_product=True) for one in readings_of("", value))
        given = self.operand(argument)
        value = _apply(function, self.only(argument, given))
        if shape_of(value) == shape_of(given[0].value) and not callable(value):
            return tuple(one._replace(value=value) for one in given)
        return tuple(one._replace(is_product=True) for one in readings_of("", value))


_Factor = tuple[Operation, Readings, Expression | None]
"""A product whose first factor is the value of a function, that value, and what is behind it."""


def _is_concatenation(product: Operation) -> bool:
    """Whether the second factor is a concatenation, in front of which nobody writes a gate."""
    second = product.operands[1]
    return isinstance(second, Operation) and second.operator == "concatenation"


def _is_number(value: Any) -> bool:
    return value is not None and not callable(value) and not shape_of(value)


def _check_number(expression: Expression, value: Any) -> None:
    """Python's whole numbers have no end."""
    if type(value) is int:
        check("a number of at most {} bits", MOST_BITS, value.bit_length(), expression.latex)


def _is_time(expression: Expression) -> bool:
    r"""Whether this is t, or t with a number added: what stands in brackets behind a name."""
    if not expression.bracketed:
        return False
    match expression:
        case Operation(operator="sum" | "difference", operands=(Symbol(name=name), Number())):
            return name in TIMES
        case Symbol(name=name):
            return name in TIMES
    return False


TIMES = ("t", r"\tau")
"""The letters of time."""


def _begins_with_bracket(expression: Expression) -> bool:
    return (
        isinstance(expression, Operation)
        and expression.operator == "juxtaposition"
        and _opens(expression.operands[0])
    )


def _opens(expression: Expression) -> bool:
    """Whether an expression begins with a bracket."""
    return expression.bracketed or (
        isinstance(expression, Operation)
        and expression.operator in ("power", "transpose")
        and expression.operands[0].bracketed
    )


def _named(expression: Expression) -> str:
    """A symbol in an expression, the last one, as an example."""
    symbols = expression.symbols
    return symbols[-1].latex if symbols else "X"


def _declaring(product: Operation) -> str:
    """How to declare what two factors hold, with their own names."""
    first, second = map(_named, (product.operands[0], product.operands[-1]))
    if first == second:
        return f'roles={{"{first}": "matrix"}}'
    return (
        f'roles={{"{first}": "matrix", "{second}": "vector"}}, or '
        f'{{"{first}": "rows", "{second}": "matrix"}}'
    )


def _doubt(expression: Operation, *values: Any) -> str:
    problem = "several readings fit these sizes; declare what they hold: "
    return str(_misfit(expression, problem + _declaring(expression), *values))


class _Entries:
    """The value of a line with indices: one axis, at the end, for each index in force."""

    def __init__(self, equation: Equation, known: Mapping[str, Any], roles: Roles):
        letters = letters_of(equation)
        # A letter that the line counts hides a value of the same name.
        self.known = {name: value for name, value in known.items() if name not in letters}
        self.features = self._put_features_in_front(equation, roles)
        self.ranges = find_ranges(equation, self.known)
        self.equation, self.whole = equation, equation.latex

    def _put_features_in_front(self, equation: Equation, roles: Roles) -> int:
        """Let indices stand for the first axes of a sequence; returns how many axes are behind."""
        axes = {}
        for part in equation.right.walk():
            if isinstance(part, Indexed) and part.symbol.name in self.known:
                axes[part.symbol.name] = len(part.indices)
        more = {
            name: len(shape_of(self.known[name])) - count
            for name, count in axes.items()
            if len(shape_of(self.known[name])) > count
        }
        undeclared = [name for name in more if name not in roles]
        for name, count in more.items():
            if name not in roles:
                raise AmbiguousError(
                    f"`{equation.latex}`: `{name}` of shape {shape_of(self.known[name])} has "
                    f"{axes[name]} of {axes[name] + count} axes with an index; if the first ones "
                    f'have it, declare a sequence, roles={{"{name}": "sequence"}}; if the last '
                    f'ones, roles={{"{name}": "vector"}}',
                    undeclared,
                )
        entries = {name: count for name, count in more.items() if roles[name] in (SEQUENCE, ROWS)}
        self.entries = set(entries)
        if not entries:
            return 0
        if entries.keys() != more.keys() or len(set(entries.values())) > 1:
            raise ValueError(f"`{equation.latex}`: batch axes beside the entries of a sequence")
        for name in entries:
            array, first = self.known[name], list(range(axes[name]))
            places = [place - len(first) for place in first]
            self.known[name] = namespace(array).moveaxis(array, first, places)
        return next(iter(entries.values()))

    def result(self) -> Any:
        free = {letter.name: self.ranges[letter.name] for letter in self.equation.indices}
        check_entries(self.whole, free.values())
        found = self.value(self.equation.right, free)
        if not self.features or not free:
            return found
        first = list(range(self.features))
        return namespace(found).moveaxis(found, first, [place - len(first) for place in first])

    def value(self, expression: Expression, scope: Ranges) -> Any:
        match expression:
            case Number():
                return expression.value
            case Symbol(name=name) if name in scope:
                return self.counted(name, scope)
            case Symbol(name=name) if name in CONSTANTS and name not in self.known:
                return CONSTANTS[name]
            case Symbol(latex=latex, name=name):
                hint = "" if name in self.known else _hint(expression, self.known, self.whole)
                value = _find("symbol", latex, name, self.known, hint)
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
                hint = "" if symbol.name in self.known else _hint(symbol, self.known, self.whole)
                array = _find("symbol", symbol.latex, symbol.name, self.known, hint)
                return pick(expression, array, scope, self.known)
            case Sum():
                return self.sum(expression, scope)
            case Call():
                return self.call(expression, scope)
            case Operation(operator="power", operands=(Symbol(name="e"), exponent)) if (
                "e" not in self.known
            ):
                return _apply(FUNCTIONS[r"\exp"].compute, self.value(exponent, scope))
            case Operation(operator="absolute", operands=(operand,)):
                return abs(self.value(operand, scope))
            case Operation(operator="root", operands=(operand,)):
                return _apply(_sqrt, self.value(operand, scope))
            case Operation() if OPERATORS[expression.operator].of_numbers:
                found: dict[int, Any] = {}
                for link in reversed(chain(expression)):
                    self.check_product(link)
                    compute = (
                        power if link.operator == "power" else OPERATORS[link.operator].of_numbers
                    )
                    assert compute
                    operands = [
                        found.pop(id(one)) if id(one) in found else self.value(one, scope)
                        for one in link.operands
                    ]
                    with computing(link.latex):
                        found[id(link)] = compute(*operands)
                    _check_number(link, found[id(link)])
                return found[id(expression)]
        raise ValueError(f"`{expression.latex}`: a line with indices computes with numbers only")

    def check_product(self, expression: Operation) -> None:
        if expression.operator == "juxtaposition" and all(
            self.entries & _names(factor) for factor in expression.operands
        ):
            raise ValueError(
                f"`{expression.latex}`: two vectors side by side; write \\odot for the elementwise "
                "product, or give their features an index"
            )

    def call(self, call: Call, scope: Ranges) -> Any:
        function = _function(call.function, self.known)
        if call.function == SOFTMAX:
            raise ValueError(f"`{call.latex}`: over which index? Write out its sum")
        if isinstance(call.argument, Operation) and call.argument.operator == "arguments":
            return function(*(self.value(part, scope) for part in call.argument.operands))
        return _apply(function, self.value(call.argument, scope))

    def counted(self, letter: str, scope: Ranges) -> Any:
        """An index as a number, one for each of its values."""
        axis = list(scope).index(letter)
        shape = tuple(len(one) for one in scope.values())
        values = np.asarray(scope[letter], dtype="float64")
        values = values.reshape([-1 if n == axis else 1 for n in range(len(shape))])
        return np.broadcast_to(values, shape)

    def sum(self, expression: Sum, scope: Ranges) -> Any:
        letter = expression.index.name
        if letter in scope:
            raise ValueError(f"`{expression.latex}`: the index {letter} is in use around this sum")
        values = limits_of(expression, self.ranges, self.known)
        last = _last_factor(expression.term)
        if expression.reduction != r"\sum" and last and letter not in _names(last):
            raise ValueError(
                f"`{expression.latex}`: does {last.latex} belong to what {expression.reduction} "
                "takes? Write it in front, or brackets"
            )
        inner = {**scope, letter: values}
        check_entries(expression.latex, inner.values())
        term = self.value(expression.term, inner)
        if shape_of(term):
            if not values and expression.reduction in EXTREMES:
                raise ValueError(f"`{expression.latex}`: of no values there is none")
            return REDUCTIONS[expression.reduction].compute(term)
        # A number, the same for every value of the index, has no axis for it.
        return {r"\sum": len(values) * term, r"\prod": power(term, len(values))}.get(
            expression.reduction, term
        )


def _names(expression: Expression) -> set[str]:
    return {symbol.name for symbol in expression.symbols}


def _last_factor(term: Expression) -> Expression | None:
    """What stands last in a product of symbols side by side."""
    last = None
    while isinstance(term, Operation) and term.operator == "juxtaposition" and not term.bracketed:
        last = term = term.operands[1]
    return last


def _misfit(expression: Operation, problem: str, *values: Any) -> ValueError:
    """The error of operands that do not fit, which names them and their shapes."""
    operands = zip(expression.operands, values, strict=False)
    shapes = " and ".join(f"`{operand.latex}` of shape {shape_of(v)}" for operand, v in operands)
    return ValueError(f"`{expression.latex}`: {shapes}: {problem}")

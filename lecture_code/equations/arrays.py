"""Lines without indices: whole arrays, in every reading that fits what they hold."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial, reduce
from itertools import pairwise
from typing import Any

import numpy as np

from lecture_code.core.ops import Array, compose, namespace
from lecture_code.equations.cases import by_cases, check_same, places_that_hold
from lecture_code.equations.entries import Entries
from lecture_code.equations.expressions import (
    Call,
    Cases,
    Comparison,
    Composition,
    Expression,
    Matrix,
    Number,
    Operation,
    Symbol,
    factors,
)
from lecture_code.equations.indices import (
    is_whole,
)
from lecture_code.equations.language import EXTREMES, FUNCTIONS, OPERATORS, RELATIONS, softmax
from lecture_code.equations.limits import (
    computing,
    depth,
    from_inside,
    power,
)
from lecture_code.equations.names import (
    CONSTANTS,
    SOFTMAX,
    AmbiguousError,
    apply,
    arranged,
    check_number,
    find,
    function_named,
    hint_for,
    in_floats,
    is_number,
    matrix_power,
    misfit,
    square_root,
)
from lecture_code.equations.parser import parse
from lecture_code.equations.roles import (
    COLUMNS,
    COVECTOR,
    DECLARE,
    EXAMPLE,
    FROM_1,
    FUNCTION,
    GATE,
    KERNEL,
    MATRIX,
    NO_BIAS,
    NO_PRODUCT,
    NUMBER,
    OF_TWO_MATRICES,
    REDUCED,
    ROWS,
    SEQUENCE,
    VECTOR,
    Reading,
    Readings,
    Roles,
    combined,
    dotted,
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

CONVOLUTION = r"Y_{i,j} = \sum_m \sum_n w_{m,n} X_{i+m,j+n}"
"""What $w * X$ means: the cross-correlation, which deep learning calls convolution."""

NORMS: dict[str, Callable[[Array], Array]] = {
    "1": lambda x: abs(x).sum(-1),
    "2": lambda x: square_root((x * x).sum(-1)),
    r"\infty": lambda x: namespace(x).amax(abs(x), -1),
}
"""Norms of vectors, by the subscript of the bars."""

DIAGONAL, DETERMINANT = r"\operatorname{diag}", r"\det"
"""The functions that make a matrix of a vector, and a number of a matrix."""

OF_MATRICES = (r"\exp", r"\log", r"\sqrt")
"""Functions of which there is another one for matrices, of the same name."""

OF_A_MATRIX = "a {} of a matrix is one thing and that of its entries another; {}"
A_POWER = (
    r"for the entries write {0} \odot {0} or {0}_{{i,j}}^n; for products and the inverse declare a "
    r'matrix, roles={{"{0}": "matrix"}}'
)
A_FUNCTION = "for the entries, write them with indices: A_{i,j}"

TIMES = ("t", r"\tau")
"""The letters of time."""


class Arrays:
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
        """The value of an expression, if all its readings share one."""
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
        """Refuse a function where an array or a number is expected."""
        if found[0].kind == FUNCTION:
            raise TypeError(
                f"`{expression.latex}`: expected an array or a number, got a function; write "
                "its argument in brackets after it"
            )
        return found

    def readings(self, expression: Expression) -> Readings:
        """All that an expression can be, given what its symbols hold."""
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
            case Cases():
                return self.cases(expression)
            case Matrix():
                return self.matrix(expression)
            case Comparison(operands=operands):
                return self.comparison(expression, tuple(map(self.operand, operands)))
            case Operation(operator="juxtaposition"):
                return self.row(expression)
            case Operation(operator="norm", operands=(operand, order)):
                return self.norm(expression, self.operand(operand), order.latex)
            case Operation():
                return from_inside(self.operated, self.ready, expression)
        raise ValueError(f"`{expression.latex}`: this belongs in a line with indices")

    def operated(self, expression: Any) -> Readings:
        """An operation on its operands."""
        operands = [self.operand(operand) for operand in expression.operands]
        return self.operation(expression, *operands)

    def row(self, expression: Operation) -> Readings:
        """What stands side by side: functions first, then the product from the last factor on."""
        taken: list[tuple[Operation, Readings]] = []
        rest: Expression | None = expression
        while isinstance(rest, Operation) and rest.operator == "juxtaposition":
            whole, (first, argument) = rest, rest.operands
            left = self.readings(first)
            self.check_constant(rest)
            if left[0].kind == FUNCTION:
                whole, left, rest = self.applied(rest, left[0].value, argument)
            elif found := self.at_time(rest):
                whole, left, rest = found
            else:
                rest = argument
            taken.append((whole, left))
            if rest and rest.bracketed:
                break
        right = self.operand(rest) if rest else taken.pop()[1]
        for whole, left in reversed(taken):
            right = self.product(whole, left, self.no_function(whole.operands[1], right))
        return right

    def call(self, call: Call) -> Readings:
        """A function of the language, or one that is known under its name."""
        function = function_named(call.function, self.known)
        argument = call.argument
        if function is not getattr(FUNCTIONS.get(call.function), "compute", None):
            return self.result(function, argument)
        if re.search(r"\^\s*\{?\s*\+", call.latex[-6:]) and any(
            one.kind == MATRIX and len(shape_of(one.value)) > 1 for one in self.operand(argument)
        ):
            raise AmbiguousError(
                f"`{call.latex}`: the positive part, or the pseudo-inverse? Write \\max(0, A), or "
                "give the inverse a name"
            )
        if call.function in (DIAGONAL, DETERMINANT):
            kind = MATRIX if call.function == DIAGONAL else NUMBER
            return (Reading(kind, function(self.value(argument)), True),)
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
        functions = (function_named(function, self.known) for function in composition.functions)
        return (Reading(FUNCTION, compose(*functions)),)

    def at_time(self, product: Operation) -> "_Factor | None":
        """What h(t-1) is: not h times t-1, but an entry of a sequence, or nothing that is clear."""
        first, second = product.operands
        inner, *rest = factors(second)
        raised = inner if isinstance(inner, Operation) and _is_raised(inner) else None
        inner = raised.operands[0] if raised else inner
        if not isinstance(first, Symbol) or product.sign == r"\cdot":
            return None
        array: Any = self.known.get(first.name)
        if not _is_time(inner) and not (shape_of(array) and self.is_place(inner)):
            return None
        place = self.value(inner)
        name = f"{first.latex}({inner.latex})"
        role = self.roles.get(first.name)
        if role not in (SEQUENCE, FROM_1):
            raise AmbiguousError(
                f"`{name}`: {first.latex} at time {inner.latex}, or {first.latex} times "
                f"{inner.latex}? Give its value under the key `{name}`, declare a sequence, "
                f'roles={{"{first.latex}": "sequence"}}, or write '
                f"`{first.latex} \\cdot ({inner.latex})`"
            )
        begin = int(role == FROM_1)
        if place != int(place) or not 0 <= place - begin < len(array):
            raise ValueError(f"`{name}`: time {place} of a sequence of {len(array)}, from {begin}")
        entry = readings_of("", array[int(place) - begin], VECTOR)
        if raised:
            entry = self.raised(raised, entry)
        if not rest:
            return product, entry, None
        assert isinstance(second, Operation)  # it has two factors
        operands = (Symbol(name, name), rest[0])
        return replace(product, operands=operands, sign=second.sign), entry, rest[0]

    def is_place(self, expression: Expression) -> bool:
        """Whether what stands in brackets is a position, as in x(n-1) and x[0]."""
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

    def check_constant(self, product: Operation) -> None:
        """Refuse a number with a name where a function may be meant: a policy is called pi, too."""
        first, second = product.operands
        if not isinstance(first, Symbol) or first.name not in CONSTANTS or product.sign == r"\cdot":
            return
        if first.name not in self.known and _opens(factors(second)[0]):
            raise AmbiguousError(
                f"`{product.latex}`: the number {first.latex}, or a function? Give the function a "
                f"value, or write `{first.latex} \\cdot` for the number"
            )

    def symbol(self, symbol: Symbol) -> Readings:
        """What stands under a name."""
        if symbol.name in CONSTANTS and symbol.name not in self.known:
            return (Reading(NUMBER, CONSTANTS[symbol.name]),)
        function, bracket, _ = symbol.name.partition("(")
        if symbol.name not in self.known and bracket and callable(self.known.get(function)):
            # It had a value where the line was read: that of f(x) for another x.
            [equation] = parse(f"y = {symbol.latex}", names=self.known)
            return self.readings(equation.right)
        if symbol.name not in self.known:
            hint = hint_for(symbol, self.known, self.whole)
            find("symbol", symbol.latex, symbol.name, self.known, hint)
        found = self.known[symbol.name]
        if isinstance(found, DefinedFunction) and symbol.name.endswith(")"):
            # What was defined before its argument had a value: f(x) = x^2, x = 3, y = f(x).
            return found.of(*(self.symbol(Symbol(name, name)) for name in found.names))
        found = in_floats(found)
        role = self.roles.get(symbol.name)
        if role is None and symbol.name in self.kinds:
            return self.kinds[symbol.name]
        if role == FUNCTION and not callable(found):
            raise TypeError(f"`{symbol.latex}`: expected a function, got {type(found).__name__}")
        return readings_of(symbol.name, found, role)

    def operation(self, expression: Operation, *operands: Readings) -> Readings:
        """An operation on operands that have been read."""
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
                if any(map(is_square, operands[0])):
                    problem = f"absolute values, or the determinant, \\det {_named(expression)}"
                    raise misfit(expression, problem, operands[0][0].value)
                return self.entrywise(expression, "|", abs, *operands)
            case "root":
                return self.entrywise(expression, r"\sqrt", square_root, *operands)
            case "inner":
                if any(one.kind == MATRIX for readings in operands for one in readings) or any(
                    not _as_vectors(readings) for readings in operands
                ):
                    problem = "angle brackets are for two vectors; declare them"
                    raise misfit(expression, problem, *(one[0].value for one in operands))
                return self.every(expression, dotted, tuple(map(_as_vectors, operands)))
            case "conjunction":
                return self.every(expression, _all_of, operands)
            case "negation":
                return tuple(one._replace(value=-one.value) for one in operands[0])
        if expression.operator == "arguments":
            raise ValueError(f"`({expression.latex})`: several arguments belong behind a function")
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
            check_number(expression, one.value)
        if not found:
            by_size = [misfit for misfit in misfits if misfit.is_size]
            no_bias = [misfit for misfit in misfits if misfit.problem == NO_BIAS]
            problem = (no_bias or by_size or misfits)[0].problem
            if expression.operator == "product" and re.search(r"\*|\\ast", expression.latex):
                problem += '; if * is a convolution, declare its kernel: roles={"w": "kernel"}'
            values = [one[0].value for one in operands]
            raise misfit(expression, _with_names(problem, expression, *values), *values)
        if not self.doubt and len(values_of(found)) > 1:
            self.doubt = _doubt(expression, *(one[0].value for one in operands))
        return found

    def product(self, expression: Operation, left: Readings, right: Readings) -> Readings:
        """Two values side by side, or with a dot or a cross between them."""
        values = left[0].value, right[0].value
        if expression.sign == r"\times" and NUMBER not in (left[0].kind, right[0].kind):
            raise misfit(expression, r"\times is for a number and an array", *values)
        is_dot = expression.sign == r"\cdot"
        if is_dot:
            self.check_dots(expression, left, right)
        compute = dotted if is_dot and self.declares_vectors(expression) else multiplied
        if _is_gated_row(expression.operands[1], self.roles) and MATRIX in {
            one.kind for one in left
        }:
            raise AmbiguousError(
                f"`{expression.latex}`: does the gate close what comes out of the matrix, or what "
                "goes in? Write brackets"
            )
        per_sample = right[0].kind == NUMBER and shape_of(right[0].value)
        if per_sample and any(one.kind == MATRIX for one in left):
            problem = "a matrix, and one number for each sample; declare the matrix's role, or rows"
            raise misfit(expression, problem, *values)
        if left[0].kind == GATE and self.is_open_product(expression.operands[1], right):
            raise AmbiguousError(
                f"`{expression.latex}`: does the gate close a factor, or what comes of the "
                "product? Write brackets"
            )
        shape = shape_of(values[0])
        several = [len(one) > 1 for one in (left, right)]
        declares = any(symbol.name in self.roles for symbol in expression.symbols)
        nobody_says = all(several) or (any(several) and not declares)
        nobody_says = nobody_says and not _is_concatenation(expression)
        same = shape == shape_of(values[1])
        if nobody_says and shape and same and (len(shape) > 1 or is_dot):
            # Gates and states are written so, and meant entry by entry.
            raise misfit(expression, self.undeclared(expression, left, right), *values)
        try:
            return self.every(expression, compute, (left, right))
        except ValueError:
            if not same or not _are_vectors(left, right):
                raise
            raise misfit(expression, self.undeclared(expression, left, right), *values) from None

    def is_open_product(self, second: Expression, found: Readings) -> bool:
        """Whether a gate's neighbour is a product of arrays that no matrix begins."""
        if not isinstance(second, Operation) or second.bracketed or not found[0].is_product:
            return False
        first, *_ = factors(second)
        is_row = second.operator == "juxtaposition" and isinstance(first, Symbol)
        value = self.known.get(first.name) if isinstance(first, Symbol) else None
        return is_row and 0 < len(shape_of(value)) and not is_upper_case(first.latex)

    def declares_vectors(self, product: Operation) -> bool:
        """Whether both factors are made of declared vectors, and of nothing that makes a gate."""
        for factor in product.operands:
            arrays = [one for one in factor.symbols if shape_of(self.known.get(one.name))]
            parts = list(factor.walk())
            if any(isinstance(part, Call | Cases | Matrix) for part in parts):
                return False
            if any(isinstance(part, Operation) and part.operator == "transpose" for part in parts):
                return False
            if not arrays or any(self.roles.get(one.name) != VECTOR for one in arrays):
                return False
        return True

    def check_dots(self, product: Operation, left: Readings, right: Readings) -> None:
        """Refuse three vectors with dots: of the first two, or of the last two?"""
        second = product.operands[1]
        is_row = isinstance(second, Operation) and second.sign == r"\cdot" and not second.bracketed
        is_number = right[0].kind == NUMBER and left[0].kind != NUMBER
        if isinstance(second, Operation) and is_row and is_number and self.declares_vectors(second):
            raise AmbiguousError(
                f"`{product.latex}`: the inner product of which two? Write brackets around them"
            )

    def undeclared(self, expression: Operation, left: Readings, right: Readings) -> str:
        """What may be meant by two arrays of one shape, and how to say it."""
        first, second = map(_named, (expression.operands[0], expression.operands[-1]))
        gate = f'roles={{"{first}": "gate"}}'
        ways = [rf"write \odot for the elementwise product, or declare a gate, {gate}"]
        if expression.sign == r"\cdot":
            names = ", ".join(f'"{name}": "vector"' for name in dict.fromkeys((first, second)))
            ways.append(f"declare vectors for the inner product, roles={{{names}}}")
        if len(shape_of(left[0].value)) > 1:
            ways.append(OF_TWO_MATRICES.replace(EXAMPLE, _declaring(expression)))
        return NO_PRODUCT + "; ".join(ways)

    def comparison(self, comparison: Comparison, operands: tuple[Readings, ...]) -> Readings:
        """Whether each pair of neighbours is related as the signs between them say."""
        whole = Operation(comparison.latex, "conjunction", comparison.operands)
        answers = []
        for sign, pair in zip(comparison.relations, pairwise(operands), strict=True):
            ask, _ = RELATIONS[sign]
            answers.append(self.every(whole, partial(combined, ask), pair))
        return self.every(whole, _all_of, tuple(answers))

    def cases(self, cases: Cases) -> Readings:
        """The value whose condition holds, for each entry."""
        whole = Operation(cases.latex, "conjunction", cases.values)
        conditions = tuple(map(self.readings, cases.conditions))
        if not any(shape_of(one[0].value) for one in conditions):
            # A value whose condition does not hold need not exist: 1 / x where x is not 0.
            answers = [bool(one[0].value) for one in conditions]
            places = places_that_hold(cases.latex, answers, len(cases.values) > len(answers))
            found = [self.operand(cases.values[place]) for place in places]
            check_same(cases.latex, [one[0].value for one in found])
            return found[0]
        with np.errstate(all="ignore"):  # what does not hold need not exist
            values = list(map(self.operand, cases.values))

        def choose(*readings: Reading) -> Reading:
            return by_cases(cases.latex, readings[: len(conditions)], readings[len(conditions) :])

        return self.every(whole, choose, (*conditions, *values))

    def matrix(self, matrix: Matrix) -> Readings:
        """Numbers in rows and columns, or arrays in one row or one column, which are joined."""
        entries = tuple(map(self.operand, matrix.entries))
        rows = len(entries) // matrix.columns
        if all(one[0].kind == NUMBER and not shape_of(one[0].value) for one in entries):
            numbers = [one[0].value for one in entries]
            if r"{pmatrix}" in matrix.latex and len(entries) == 2 and rows == 2:
                if all(type(one) is int for one in numbers):
                    raise AmbiguousError(
                        f"`{matrix.latex}`: a vector, or a binomial coefficient? For the vector "
                        r"write \begin{bmatrix}"
                    )
            value = arranged(numbers)
            if matrix.columns == 1:
                return (Reading(VECTOR, value),)
            return (Reading(MATRIX, value.reshape(rows, matrix.columns)),)
        if min(rows, matrix.columns) > 1:
            raise ValueError(f"`{matrix.latex}`: a matrix of arrays; its entries may be numbers")
        unfit = (COVECTOR,) if rows > 1 else (VECTOR, ROWS, GATE)
        if any(one[0].kind in unfit for one in entries):
            raise ValueError(
                f"`{matrix.latex}`: a matrix of vectors; below each other stand columns, which are "
                "joined, and side by side stand matrices and transposed vectors"
            )
        sign = ";" if rows > 1 else ","
        side_by_side = Operation(f"{matrix.latex}{sign}", "concatenation", matrix.entries)
        return self.operation(side_by_side, *entries)

    def transpose(self, expression: Operation, operand: Readings) -> Readings:
        """A transpose; of a batch it depends on what its samples are."""
        [inner] = expression.operands
        if re.search(r"\^\s*(T|\{\s*T\s*\})$", expression.latex) and is_number(self.known.get("T")):
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
        """A power entry by entry, or the inverse of a matrix."""
        number = exponent[0].value
        first, above = expression.operands
        if shape_of(base[0].value) and isinstance(first, Symbol) and not first.bracketed:
            if {symbol.name for symbol in above.symbols} & {*TIMES, "l"}:
                raise AmbiguousError(
                    f"`{expression.latex}`: a power, or {first.latex} at {above.latex}? A power is "
                    f"`({first.latex})^{{{above.latex}}}`; a name is the key of its own value"
                )
        if any(map(is_square, (*base, *exponent))):
            declared = isinstance(first, Symbol) and self.roles.get(first.name) == MATRIX
            if len(base) == 1 and number == -1:
                with computing(expression.latex):
                    inverse = namespace(base[0].value).linalg.inv(base[0].value)
                return (base[0]._replace(value=inverse),)
            if declared and type(number) is int and number > 0:
                return (base[0]._replace(value=matrix_power(base[0].value, number)),)
            raise misfit(expression, _of_a_matrix(expression), base[0].value)
        if len(base) == 1 and base[0].kind == MATRIX:
            raise misfit(expression, _of_a_matrix(expression), base[0].value)
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
                raise AmbiguousError(
                    f"`{expression.latex}`: over rows or columns? Declare what it is made of, "
                    f'roles={{"{_named(expression)}": "rows"}}'
                )
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
                values[id(one.value)] = apply(function, one.value)
        return tuple(one._replace(value=values[id(one.value)]) for one in argument)

    def norm(self, expression: Operation, operand: Readings, order: str) -> Readings:
        """The length of a vector, or of each vector of a batch."""
        if order == "F":
            return (Reading(NUMBER, self.size_of_matrix(expression, operand), True),)
        norm = NORMS.get(order) or self.norm_of_order(expression, order)
        if any(one.kind in (MATRIX, COLUMNS) for one in operand):
            raise AmbiguousError(
                f"`{expression.latex}`: of a matrix there are several; of row vectors it is the "
                f'length of each, roles={{"{_named(expression)}": "rows"}}'
            )
        value = operand[0].value
        return (Reading(NUMBER, norm(value) if shape_of(value) else abs(value), True),)

    def size_of_matrix(self, expression: Operation, operand: Readings) -> Any:
        """The Frobenius norm, whatever the rows and columns hold."""
        value = operand[0].value
        if len(shape_of(value)) != 2:
            raise misfit(expression, "the Frobenius norm is that of one matrix", value)
        return square_root((value * value).sum())

    def norm_of_order(self, expression: Operation, order: str) -> Callable[[Array], Array]:
        """The p-norm of vectors, for a number p or the name of one."""
        is_written = order.replace(".", "").isdigit()
        number: Any = float(order) if is_written else self.known.get(order)
        if not is_number(number) or not number > 0:
            raise ValueError(
                f"`{expression.latex}`: expected a number above 0 below, {', '.join(NORMS)}, F or "
                f"the name of a number, got {order}"
            )
        return lambda x: (abs(x) ** number).sum(-1) ** (1 / number)

    def convolution(self, expression: Operation, left: Readings, right: Readings) -> Reading:
        """A kernel slid over an image; the kernel is the one that was declared, or the first."""
        kernel, image = left[0].value, right[0].value
        first, second = expression.operands
        if not self.holds_kernel(first) and self.holds_kernel(second):
            kernel, image = image, kernel
        if len(shape_of(kernel)) != 2 or len(shape_of(image)) < 2:
            problem = "a convolution takes a kernel with two axes and an image with two or more"
            raise misfit(expression, problem, left[0].value, right[0].value)
        if kernel.shape[0] > image.shape[-2] or kernel.shape[1] > image.shape[-1]:
            problem = "the kernel is larger than the image"
            raise misfit(expression, problem, left[0].value, right[0].value)
        [equation] = parse(CONVOLUTION)
        slid = Entries(equation, {"w": kernel, "X": image}, {"X": VECTOR}).result()
        return Reading(VECTOR, slid, True)

    def holds_kernel(self, expression: Expression) -> bool:
        """Whether a kernel is in an expression."""
        return any(self.roles.get(symbol.name) == KERNEL for symbol in expression.symbols)

    def applied(self, expression: Operation, function: Callable, argument: Expression) -> "_Factor":
        """A function of the brackets that follow it: of f(x) y the f(x), and of f(x)^2 the same."""
        name = expression.operands[0].latex
        match argument:
            case _ if argument.bracketed:
                return expression, self.result(function, argument), None
            case Operation(operator="juxtaposition", operands=(first, rest)) if _opens(first):
                applied = Expression(f"{name}({first.latex})")
                whole = replace(expression, operands=(applied, rest), sign=argument.sign)
                return whole, self.applied(expression, function, first)[1], rest
            case Operation() if _is_raised(argument):
                found = self.result(function, argument.operands[0])
                return expression, self.raised(argument, found), None
        raise ValueError(f"`{expression.latex}`: what a function is applied to stands in brackets")

    def raised(self, expression: Operation, base: Readings) -> Readings:
        """A value under a transpose or a power that was written behind its brackets."""
        if expression.operator == "transpose":
            return self.transpose(expression, base)
        return self.power(expression, base, self.operand(expression.operands[1]))

    def result(self, function: Callable, argument: Expression) -> Readings:
        """What a caller's own function gives, which may be anything."""
        if isinstance(function, DefinedFunction):
            is_list = isinstance(argument, Operation) and argument.operator == "arguments"
            parts = argument.children if is_list else (argument,)
            return function.of(*map(self.operand, parts))
        if isinstance(argument, Operation) and argument.operator == "arguments":
            values = [self.value(part) for part in argument.operands]
            value = function(*values)
            return tuple(one._replace(is_product=True) for one in readings_of("", value))
        given = self.operand(argument)
        value = apply(function, self.only(argument, given))
        if shape_of(value) == shape_of(given[0].value) and not callable(value):
            return tuple(one._replace(value=value) for one in given)
        if _is_reduced(shape_of(value), shape_of(given[0].value)):
            return (Reading(REDUCED, value),)
        return tuple(one._replace(is_product=True) for one in readings_of("", value))


_Factor = tuple[Operation, Readings, Expression | None]
"""A product whose first factor is the value of a function, that value, and what is behind it."""


class DefinedFunction:
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
        self.levels, self.calls = load(right, known)

    def __call__(self, *values: Any) -> Any:
        """The value of the right-hand side with these arguments."""
        given = dict(zip(self.names, values, strict=True))
        known = without_values(self.known, self.names)
        kinds = {name: one for name, one in self.kinds.items() if name not in given}
        return Arrays({**known, **given}, self.roles, kinds).value(self.right)

    def of(self, *arguments: Readings) -> Readings:
        """What it gives of arguments that hold what they hold, whatever their names here."""
        given = dict(zip(self.names, arguments, strict=True))
        known = without_values(self.known, self.names)
        known |= {name: one[0].value for name, one in given.items()}
        for name, readings in given.items():
            # The role of a name that has a value besides is that value's.
            if len(readings) > 1 and name in self.roles and name not in self.known:
                given[name] = readings_of(name, readings[0].value, self.roles[name])
        roles = {name: role for name, role in self.roles.items() if name not in given}
        return Arrays(known, roles, {**self.kinds, **given}).readings(self.right)


def without_values(known: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Leave out the values of functions at names that are about to stand for something else.

    Args:
        known: values by the canonical name of their symbol.
        names: the names that get new values.

    Returns:
        What is known but for $f(x)$, where $f$ is a function and $x$ is among the names.
    """
    changed = set(names)

    def is_stale(name: str) -> bool:
        function, bracket, inside = name.partition("(")
        letters = set(re.findall(r"\\[a-zA-Z]+|[a-zA-Z]", inside))
        return bool(bracket) and callable(known.get(function)) and bool(letters & changed)

    return {name: value for name, value in known.items() if not is_stale(name)}


def load(right: Expression, known: Mapping[str, Any]) -> tuple[int, int]:
    """How deep a line is with the functions of other lines, and how often it calls them."""
    used = [known[symbol.name] for symbol in right.symbols if symbol.name in known]
    levels = max((getattr(one, "levels", 0) for one in used if callable(one)), default=0)
    calls = sum(getattr(one, "calls", 0) for one in used if callable(one))
    return levels + depth(right), calls + 1


def _is_concatenation(product: Operation) -> bool:
    """Whether the second factor is a concatenation, in front of which nobody writes a gate."""
    second = product.operands[1]
    return isinstance(second, Operation) and second.operator == "concatenation"


def _is_reduced(shape: tuple[int, ...], whole: tuple[int, ...]) -> bool:
    """Whether a shape is that of a mean over some axes, which are kept with the length 1."""
    return len(shape) == len(whole) > 1 and all(
        length in (1, full) for length, full in zip(shape, whole, strict=True)
    )


def _of_a_matrix(expression: Operation) -> str:
    return OF_A_MATRIX.format("power", A_POWER.format(_named(expression.operands[0])))


def _is_gated_row(product: Expression, roles: Roles) -> bool:
    """Whether a product without brackets ends in a gate."""
    if not isinstance(product, Operation) or product.operator != "juxtaposition":
        return False
    last = product.operands[1]
    return not product.bracketed and isinstance(last, Symbol) and roles.get(last.name) == GATE


def _all_of(*answers: Reading) -> Reading:
    """Where every condition holds."""
    return reduce(partial(combined, operator.and_), answers)


def _are_vectors(*operands: Readings) -> bool:
    """Whether nothing here can be a matrix."""
    return all(one.kind in (VECTOR, ROWS) for readings in operands for one in readings)


def _as_vectors(readings: Readings) -> Readings:
    """What stands in angle brackets, which holds vectors."""
    return tuple(one._replace(kind=VECTOR) for one in readings if one.kind in (VECTOR, GATE, ROWS))


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


def _is_raised(expression: Operation) -> bool:
    """Whether a transpose or a power stands on a closing bracket."""
    return expression.operator in ("power", "transpose") and expression.operands[0].bracketed


def _opens(expression: Expression) -> bool:
    """Whether an expression begins with a bracket."""
    return expression.bracketed or (isinstance(expression, Operation) and _is_raised(expression))


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


def _with_names(problem: str, expression: Operation, *values: Any) -> str:
    """A problem with the names to declare, if an array has axes enough to be a matrix."""
    if all(len(shape_of(value)) < 2 for value in values):
        return problem.removesuffix(DECLARE)
    return problem.replace(EXAMPLE, _declaring(expression))


def _doubt(expression: Operation, *values: Any) -> str:
    problem = "several readings fit these sizes; declare what they hold: "
    return str(misfit(expression, problem + _declaring(expression), *values))

"""Lines with indices: every array stands for one of its entries."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from lecture_code.core.ops import namespace
from lecture_code.equations.expressions import (
    Call,
    Equation,
    Expression,
    Indexed,
    Number,
    Operation,
    Sum,
    Symbol,
)
from lecture_code.equations.indices import (
    Ranges,
    find_ranges,
    letters_of,
    limits_of,
    pick,
)
from lecture_code.equations.language import EXTREMES, FUNCTIONS, OPERATORS, REDUCTIONS
from lecture_code.equations.limits import (
    chain,
    check_entries,
    computing,
    power,
)
from lecture_code.equations.names import (
    CONSTANTS,
    SOFTMAX,
    AmbiguousError,
    apply,
    check_number,
    find,
    function_named,
    hint_for,
    square_root,
)
from lecture_code.equations.roles import (
    ROWS,
    SEQUENCE,
    Roles,
    shape_of,
)


class Entries:
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
        """The value of the right-hand side: the free indices are its last axes."""
        free = {letter.name: self.ranges[letter.name] for letter in self.equation.indices}
        check_entries(self.whole, free.values())
        found = self.value(self.equation.right, free)
        if not self.features or not free:
            return found
        first = list(range(self.features))
        return namespace(found).moveaxis(found, first, [place - len(first) for place in first])

    def value(self, expression: Expression, scope: Ranges) -> Any:
        """The values of a part, an axis for each index in force."""
        match expression:
            case Number():
                return expression.value
            case Symbol(name=name) if name in scope:
                return self.counted(name, scope)
            case Symbol(name=name) if name in CONSTANTS and name not in self.known:
                return CONSTANTS[name]
            case Symbol(latex=latex, name=name):
                hint = "" if name in self.known else hint_for(expression, self.known, self.whole)
                value = find("symbol", latex, name, self.known, hint)
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
                hint = "" if symbol.name in self.known else hint_for(symbol, self.known, self.whole)
                array = find("symbol", symbol.latex, symbol.name, self.known, hint)
                return pick(expression, array, scope, self.known)
            case Sum():
                return self.sum(expression, scope)
            case Call():
                return self.call(expression, scope)
            case Operation(operator="power", operands=(Symbol(name="e"), exponent)) if (
                "e" not in self.known
            ):
                return apply(FUNCTIONS[r"\exp"].compute, self.value(exponent, scope))
            case Operation(operator="absolute", operands=(operand,)):
                return abs(self.value(operand, scope))
            case Operation(operator="root", operands=(operand,)):
                return apply(square_root, self.value(operand, scope))
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
                    check_number(link, found[id(link)])
                return found[id(expression)]
        raise ValueError(f"`{expression.latex}`: a line with indices computes with numbers only")

    def check_product(self, expression: Operation) -> None:
        """Refuse two vectors side by side, which is no product of numbers."""
        if expression.operator == "juxtaposition" and all(
            self.entries & _names(factor) for factor in expression.operands
        ):
            raise ValueError(
                f"`{expression.latex}`: two vectors side by side; write \\odot for the elementwise "
                "product, or give their features an index"
            )

    def call(self, call: Call, scope: Ranges) -> Any:
        """A function of entries."""
        function = function_named(call.function, self.known)
        if call.function == SOFTMAX:
            raise ValueError(f"`{call.latex}`: over which index? Write out its sum")
        if isinstance(call.argument, Operation) and call.argument.operator == "arguments":
            return function(*(self.value(part, scope) for part in call.argument.operands))
        return apply(function, self.value(call.argument, scope))

    def counted(self, letter: str, scope: Ranges) -> Any:
        """An index as a number, one for each of its values."""
        axis = list(scope).index(letter)
        shape = tuple(len(one) for one in scope.values())
        values = np.asarray(scope[letter], dtype="float64")
        values = values.reshape([-1 if n == axis else 1 for n in range(len(shape))])
        return np.broadcast_to(values, shape)

    def sum(self, expression: Sum, scope: Ranges) -> Any:
        """What takes all values of an index together."""
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

"""Lines with indices: every array stands for one of its entries."""

import operator
import re
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

from lecture_code.core.ops import namespace
from lecture_code.equations.cases import check_same, chosen, places_that_hold
from lecture_code.equations.expressions import (
    Call,
    Cases,
    Comparison,
    Equation,
    Expression,
    Indexed,
    Number,
    Operation,
    Sum,
    Symbol,
    factors,
)
from lecture_code.equations.indices import (
    Counts,
    Ranges,
    find_ranges,
    letters_of,
    limits_of,
    pick,
)
from lecture_code.equations.language import (
    EXTREMES,
    FUNCTIONS,
    OPERATORS,
    REDUCTIONS,
    RELATIONS,
    softmax,
)
from lecture_code.equations.limits import (
    MOST_CALLS,
    chain,
    check,
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
    in_floats,
    is_number,
    misfit,
    square_root,
)
from lecture_code.equations.roles import (
    FROM_1,
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
        self.counts = Counts(
            frozenset(name for name, role in roles.items() if role == FROM_1),
            frozenset(name for name, role in roles.items() if role == SEQUENCE),
        )
        self.features = self._put_features_in_front(equation, roles)
        self.ranges = find_ranges(equation, self.known, self.counts)
        self.equation, self.whole = equation, equation.latex

    def _put_features_in_front(self, equation: Equation, roles: Roles) -> int:
        """Let indices stand for the first axes of a sequence; returns how many axes are behind."""
        axes: dict[str, int] = {}
        for part in equation.right.walk():
            if isinstance(part, Indexed) and part.symbol.name in self.known:
                name = part.symbol.name
                if axes.setdefault(name, len(part.indices)) != len(part.indices):
                    raise ValueError(
                        f"`{equation.latex}`: `{part.symbol.latex}` has {axes[name]} indices in "
                        f"one place and {len(part.indices)} in another; give each its own name"
                    )
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
        entries = {
            name: count for name, count in more.items() if roles[name] in (SEQUENCE, FROM_1, ROWS)
        }
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
                        f"`{latex}`: expected a number, got a function; in a line with indices it "
                        "takes one entry in brackets"
                    )
                if counted := _letters_in(name) & set(scope):
                    raise AmbiguousError(
                        f"`{latex}` has one value for every {', '.join(sorted(counted))}; give the "
                        "whole array without the index, or write another letter"
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
                return in_floats(pick(expression, array, scope, self.known, self.counts))
            case Cases():
                return self.cases(expression, scope)
            case Comparison(operands=operands, relations=relations):
                compared = [self.value(one, scope) for one in operands]
                pairs = zip(relations, pairwise(compared), strict=True)
                return reduce(operator.and_, (RELATIONS[sign][0](*pair) for sign, pair in pairs))
            case Operation(operator="conjunction", operands=operands):
                return reduce(operator.and_, (self.value(one, scope) for one in operands))
            case Operation(
                operator="juxtaposition",
                operands=(Indexed(symbol=Symbol(name=name)) as first, beside),
            ) if name == SOFTMAX:
                return self.softmax(expression, first, beside, scope)
            case Operation() if self.is_own(expression):
                return self.own(expression, scope)
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
            case Operation(operator="transpose") if is_number(self.known.get("T")):
                raise AmbiguousError(
                    f"`{expression.latex}`: the transpose, or the power T? In a line with indices "
                    "nothing is transposed; for the power write another letter"
                )
            case Operation() if OPERATORS[expression.operator].of_numbers:
                found: dict[int, Any] = {}
                for link in reversed(chain(expression)):
                    if self.is_own(link):
                        found[id(link)] = self.own(link, scope)
                        continue
                    self.check_product(link)
                    compute = (
                        power if link.operator == "power" else OPERATORS[link.operator].of_numbers
                    )
                    assert compute
                    taken = [
                        found.pop(id(one)) if id(one) in found else self.value(one, scope)
                        for one in link.operands
                    ]
                    check_batches(link, taken, len(scope))
                    with computing(link.latex):
                        found[id(link)] = compute(*taken)
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
        is_own = function is not getattr(FUNCTIONS.get(call.function), "compute", None)
        if call.function == SOFTMAX:
            raise ValueError(f"`{call.latex}`: over which index? Write out its sum")
        if isinstance(call.argument, Operation) and call.argument.operator == "arguments":
            if is_own:
                raise ValueError(
                    f"`{call.latex}`: in a line with indices your own function takes one entry"
                )
            return function(*(self.value(part, scope) for part in call.argument.operands))
        argument = self.value(call.argument, scope)
        return self.each(function, argument, scope) if is_own else apply(function, argument)

    def cases(self, cases: Cases, scope: Ranges) -> Any:
        """The value whose condition holds, for each value of the indices in force."""
        answers = [self.value(condition, scope) for condition in cases.conditions]
        if not any(shape_of(answer) for answer in answers):
            holds = [bool(answer) for answer in answers]
            places = places_that_hold(cases.latex, holds, len(cases.values) > len(answers))
            values = [self.value(cases.values[place], scope) for place in places]
            check_same(cases.latex, values)
            return values[0]
        with np.errstate(all="ignore"):  # what does not hold need not exist
            values = [self.value(value, scope) for value in cases.values]
        return chosen(cases.latex, answers, values)

    def softmax(
        self, expression: Operation, function: Indexed, beside: Expression, scope: Ranges
    ) -> Any:
        """A softmax over the index below it, and what stands behind its brackets."""
        argument, *rest = factors(beside)
        letters = [one.name for one in function.indices if isinstance(one, Symbol)]
        if not argument.bracketed or len(letters) != 1 or letters[0] not in scope:
            raise ValueError(
                f"`{expression.latex}`: expected one index of the line below the softmax, and "
                "brackets after it"
            )
        term = self.value(argument, scope)
        axes = len(scope)
        if len(shape_of(term)) < axes:
            raise ValueError(f"`{expression.latex}`: the softmax of what is the same everywhere")
        found = softmax(term, list(scope).index(letters[0]) - axes)
        return found * self.value(rest[0], scope) if rest else found

    def is_own(self, expression: Operation) -> bool:
        """Whether this is a function of the caller's with what it is applied to."""
        first = expression.operands[0]
        return (
            expression.operator == "juxtaposition"
            and isinstance(first, Symbol)
            and callable(self.known.get(first.name))
            and _opens(expression.operands[1])
        )

    def own(self, expression: Operation, scope: Ranges) -> Any:
        """A function of the caller's, under a power if there is one, and what stands behind it."""
        name, beside = expression.operands
        assert isinstance(name, Symbol)  # it is a function's
        argument, *rest = factors(beside)
        exponent = None
        if isinstance(argument, Operation) and argument.operator == "power":
            argument, exponent = argument.operands
        found = self.each(self.known[name.name], self.value(argument, scope), scope)
        if exponent is not None:
            found = power(found, self.value(exponent, scope))
        return found * self.value(rest[0], scope) if rest else found

    def each(self, function: Callable, value: Any, scope: Ranges) -> Any:
        """A caller's own function of each entry: what it does with many at once, nobody knows."""
        shape = shape_of(value)[len(shape_of(value)) - len(scope) :] if shape_of(value) else ()
        check("at most {} calls of functions", MOST_CALLS, int(np.prod(shape, dtype=int)))
        if not shape:
            return apply(function, value)
        results = [apply(function, value[(..., *place)]) for place in np.ndindex(*shape)]
        if not results:
            return value
        first = shape_of(results[0])
        if any(callable(one) or shape_of(one) != first for one in results):
            raise TypeError("expected an array or a number of each entry")
        xp = namespace(value)
        stacked = xp.stack([xp.asarray(one) for one in results], -1)
        return stacked.reshape((*first, *shape))

    def counted(self, letter: str, scope: Ranges) -> Any:
        """An index as a number, one for each of its values."""
        axis = list(scope).index(letter)
        shape = tuple(len(one) for one in scope.values())
        values = np.asarray(scope[letter], dtype="float64")
        values = values.reshape([-1 if n == axis else 1 for n in range(len(shape))])
        return self.as_array(np.broadcast_to(values, shape))

    def as_array(self, values: np.ndarray) -> Any:
        """Counted numbers as an array of the library and the precision of the line's arrays."""
        arrays = [self.known.get(symbol.name) for symbol in self.equation.right.symbols]
        likes = (one for one in arrays if shape_of(one) and not isinstance(one, np.ndarray))
        like: Any = next(likes, None)
        if like is None:
            return values
        xp = namespace(like)
        dtype = like.dtype if xp.isdtype(like.dtype, "real floating") else xp.float64
        return xp.asarray(values.copy(), dtype=dtype, device=like.device)

    def sum(self, expression: Sum, scope: Ranges) -> Any:
        """What takes all values of an index together."""
        letter = expression.index.name
        if letter in scope:
            raise ValueError(f"`{expression.latex}`: the index {letter} is in use around this sum")
        values = limits_of(expression, self.ranges, self.known, self.counts)
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


def check_batches(expression: Operation, operands: list[Any], indices: int) -> None:
    """Check that the axes in front of the indices agree, where two operands have some."""
    shapes = [shape_of(one) for one in operands]
    batches = {shape[: len(shape) - indices] for shape in shapes if len(shape) > indices}
    if len(batches) > 1:
        raise misfit(expression, "the axes without an index differ", *operands)


def _letters_in(name: str) -> set[str]:
    """The letters below, above and in brackets behind a name, which may be indices."""
    _, *behind = re.split(r"[_^(]", name, maxsplit=1)
    return set(re.findall(r"\\[a-zA-Z]+|(?<![a-zA-Z\\])[a-zA-Z](?![a-zA-Z])", "".join(behind)))


def _names(expression: Expression) -> set[str]:
    return {symbol.name for symbol in expression.symbols}


def _opens(expression: Expression) -> bool:
    """Whether the first factor of what stands behind a name is in brackets, of one argument."""
    first, *_ = factors(expression)
    if isinstance(first, Operation) and first.operator == "power" and not first.bracketed:
        first = first.operands[0]
    is_list = isinstance(first, Operation) and first.operator == "arguments"
    return first.bracketed and not is_list


def _last_factor(term: Expression) -> Expression | None:
    """What stands last in a product of symbols side by side."""
    last = None
    while isinstance(term, Operation) and term.operator == "juxtaposition" and not term.bracketed:
        last = term = term.operands[1]
    return last

"""From equations to values: what the lecture's LaTeX computes on numpy arrays and torch tensors."""

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lecture_code.core.ops import namespace, split
from lecture_code.equations.arrays import Arrays, DefinedFunction, load, without_values
from lecture_code.equations.entries import Entries
from lecture_code.equations.expressions import Defined, Equation, Expression, Indexed, Symbol
from lecture_code.equations.indices import (
    has_indices,
)
from lecture_code.equations.limits import (
    DEEPEST,
    MOST_CALLS,
    check,
    check_depth,
)
from lecture_code.equations.names import AmbiguousError
from lecture_code.equations.parser import canonical, parse
from lecture_code.equations.places import with_entries
from lecture_code.equations.roles import (
    COLUMNS,
    FROM_1,
    NUMBER,
    ROLES,
    ROWS,
    SEQUENCE,
    VECTOR,
    Reading,
    Readings,
    Roles,
    is_same,
    shape_of,
)


def evaluate(
    latex: str, values: Mapping[str, Any], roles: Mapping[str, str] | None = None
) -> dict[str, Any]:
    r"""Compute the equations of a LaTeX source, one after the other.

    What symbols side by side mean depends on what they hold: `W x` is a matrix applied to column
    vectors, `x W` are row vectors times a matrix. An array may have any role that its letter and
    its axes allow, as long as all of them that fit give the same value; if they differ, the
    equation is refused, and `roles` declares what is meant. An upper-case letter may stand for a
    matrix. Elementwise operations take equal shapes, a number, or a bias that has the last axes of
    the other operand. Functions apply to what stands in brackets. A line that needs what a later
    one defines waits for it.

    In a line with indices, such as $y_{i,j} = \sum_n a_{n,i} b_{n,j}$, every array carries indices
    and stands for one of its entries: symbols side by side are a product of numbers. Indices count
    from 0 and stand for the last axes, or for the first ones of a sequence. A sum from 1 to $n$
    counts from 1 where the arrays have $n$ entries, and so does what is declared to.

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
    found: dict[int, dict[str, Any]] = {}
    given = dict(known)
    for place in _in_order_of_need(equations, known):
        results = _results(equations[place], known, declared, kinds)
        declared |= dict.fromkeys(_counted_from_1(equations[place], declared), FROM_1)
        _check_taken(equations, place, given, results)
        known = without_values(known, results) | results
        found[place] = _by_latex(equations[place], results)
    return {latex: value for place in sorted(found) for latex, value in found[place].items()}


def _check_taken(
    equations: list[Equation], place: int, given: Mapping[str, Any], results: Mapping[str, Any]
) -> None:
    r"""Refuse y = a x, where a = 3, with another value for a; $a \leftarrow 3$ is a new a."""
    equation = equations[place]
    own = {symbol.name for symbol in equation.left}
    is_update = bool(own & {symbol.name for symbol in equation.right.symbols})
    if is_update or re.search(r"arrow|\\gets", equation.latex):
        return
    used = {symbol.name for line in equations[:place] for symbol in line.right.symbols}
    for name in used & set(given) & set(results):
        old, new = given[name], results[name]
        if not (callable(old) or callable(new) or is_same(old, new)):
            raise AmbiguousError(
                f"`{equation.latex}`: a line above takes the value that is given for `{name}`, and "
                r"this one gives another; leave one out, or write \leftarrow for a new value"
            )


def _counted_from_1(equation: Equation, roles: Roles) -> set[str]:
    """The array on the left, if what it is made of is counted from 1."""
    entries = (part for part in equation.right.walk() if isinstance(part, Indexed))
    from_1 = any(roles.get(part.symbol.name) == FROM_1 for part in entries)
    return {symbol.name for symbol in equation.left} if from_1 and equation.indices else set()


def _by_latex(equation: Equation, results: Mapping[str, Any]) -> dict[str, Any]:
    """The results of one line as `evaluate` gives them."""
    if isinstance(equation.left[0], Defined) and equation.left[0].name not in results:
        return {name: results[name] for name in (equation.left[0].function,)}
    named = [one for one in equation.others if isinstance(one, Symbol) and one.name in results]
    named += [equation.right] if isinstance(equation.right, Symbol) else []
    return {
        symbol.name if equation.indices else symbol.latex: results[symbol.name]
        for symbol in (*equation.left, *named)
        if symbol.name in results
    }


def _in_order_of_need(equations: list[Equation], known: Mapping[str, Any]) -> Iterator[int]:
    """The places of the lines as they stand, but a line waits for what a later one defines."""
    lefts = [_lefts(equation) for equation in equations]
    needs = [
        {symbol.name for symbol in equation.right.symbols} - left - set(known)
        for equation, left in zip(equations, lefts, strict=True)
    ]
    waiting = list(range(len(equations)))
    to_come = Counter(name for left in lefts for name in left)
    while waiting:
        ready = (one for one in waiting if not any(to_come[name] for name in needs[one]))
        place = next(ready, waiting[0])
        yield place
        waiting.remove(place)
        for name in lefts[place]:
            to_come[name] = 0  # it has a value now, whoever gives it another one


def _lefts(equation: Equation) -> set[str]:
    names = {symbol.name for symbol in equation.left}
    return names | {one.function for one in equation.left if isinstance(one, Defined)}


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
    return Arrays(known, roles or {}, {}).value(expression)


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
    equation = with_entries(_with_all_names(equation, known), known)
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
    for symbol in equation.also:
        parts[symbol.name] = found
    if function:
        parts.setdefault(_defined(equation).function, function)
    return parts


def _with_all_names(equation: Equation, known: Mapping[str, Any]) -> Equation:
    """The equation with what has no value yet on its left: of a = b = c the b as well as the a."""
    sides = (equation.right, *equation.others)
    named = [one for one in sides if isinstance(one, Symbol) and one.name not in known]
    others = [one for one in sides if one not in named]
    if not named or not others or len(equation.left) > 1 or equation.indices:
        return equation
    return replace(equation, also=tuple(named), right=others[0], others=tuple(others[1:]))


def _right_side(
    equation: Equation, known: Mapping[str, Any], roles: Roles, kinds: dict[str, Readings]
) -> tuple[Any, Readings]:
    """The value of a right-hand side, and what it may hold."""
    if has_indices(equation):
        found = _of_entries(equation, known, roles)
        return found, _batch_of(found, equation, known, roles)
    arrays = Arrays(known, roles, kinds, equation.latex)
    readings = arrays.readings(equation.right)
    return arrays.only(equation.right, readings), readings


def _batch_of(found: Any, equation: Equation, known: Mapping[str, Any], roles: Roles) -> Readings:
    """What a line with indices gives for each sample of a batch; nothing if there is none."""
    arrays = {part.symbol.name for part in equation.right.walk() if isinstance(part, Indexed)}
    batch = len(shape_of(found)) - len(equation.indices)
    if batch < 1 or any(
        roles.get(name) in (SEQUENCE, FROM_1, ROWS) for name in arrays & set(known)
    ):
        return ()
    if not equation.indices:
        return (Reading(NUMBER, found, True),)
    kinds = (VECTOR, ROWS) if len(equation.indices) == 1 else ()
    return tuple(Reading(kind, found) for kind in kinds)


def _of_entries(equation: Equation, known: Mapping[str, Any], roles: Roles) -> Any:
    """The value of a line with indices, whether the first axes have them or the last ones."""
    try:
        return Entries(equation, known, roles).result()
    except AmbiguousError as error:
        if not error.names:
            raise
        values, doubt = [], error
    for role in (SEQUENCE, VECTOR):
        more = dict.fromkeys(doubt.names, role)
        with contextlib.suppress(ValueError):
            values.append(Entries(equation, known, {**more, **roles}).result())
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
    if any(name.startswith(f"{left.function}(") for name in known if name != left.name):
        return None  # its values have names of their own: P(B|A)
    names = [argument.name for argument in left.symbols_in_brackets]
    return DefinedFunction(names, equation.right, dict(known), roles, dict(kinds))


def _check_calls(equation: Equation, known: Mapping[str, Any]) -> None:
    levels, calls = load(equation.right, known)
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

r"""Indices: which values they run over, and which entries of an array they pick.

Indices count from 0, as in the code, but for a sum from 1 to n over arrays of n entries, which
counts from 1, and for arrays that are declared to be counted so. A sum with limits runs over these;
every other index runs over all the places that there are: the length of an axis where the index
stands alone ($w_m$), and else as far as the array goes ($X_{i+m}$, once the range of $m$ is known).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from lecture_code.core.ops import Array
from lecture_code.equations.expressions import (
    Equation,
    Expression,
    Indexed,
    Number,
    Operation,
    Sum,
    Symbol,
)
from lecture_code.equations.roles import FROM_1

Ranges = dict[str, range]
"""The values of each letter."""


class Counts(NamedTuple):
    """Names of the arrays that were declared to be sequences.

    Attributes:
        from_1: those whose first entry has the number 1.
        from_0: those whose first entry has the number 0.
    """

    from_1: frozenset[str] = frozenset()
    from_0: frozenset[str] = frozenset()


NO_COUNTS = Counts()


def has_indices(equation: Equation) -> bool:
    """Whether a line counts: it has an index on the left, or an entry or a sum on the right.

    Args:
        equation: the line.

    Returns:
        False for a line in which every symbol stands for a whole array.
    """
    return bool(equation.indices) or any(
        isinstance(part, Indexed | Sum) for part in _parts(equation.right)
    )


def letters_of(equation: Equation) -> list[str]:
    """The letters that a line counts: those on the left, then those of its sums.

    Args:
        equation: the line.

    Returns:
        Each letter once.
    """
    sums = (part.index for part in _parts(equation.right) if isinstance(part, Sum))
    return list(dict.fromkeys(letter.name for letter in (*equation.indices, *sums)))


def find_ranges(equation: Equation, known: Mapping[str, Any], counts: Counts = NO_COUNTS) -> Ranges:
    """Find the values of every index in a line.

    Args:
        equation: a line with indices.
        known: values by the canonical name of their symbol.
        counts: which arrays were declared to count from 1, and which from 0.

    Returns:
        The range of each letter.

    Raises:
        ValueError: if the arrays do not settle a range, or contradict each other.
    """
    parts, letters = list(_parts(equation.right)), letters_of(equation)
    sums = [part for part in parts if isinstance(part, Sum)]
    unlimited = {part.index.name for part in sums if not part.limits}
    ranges: Ranges = {}
    for part in sums:
        if part.limits:
            if part.index.name in unlimited:
                raise ValueError(
                    f"`{equation.latex}`: the index {part.index.name} has limits in one sum and "
                    "none in another; write both sums' limits, or take another letter"
                )
            values = limits_of(part, {}, known, counts)
            before = ranges.get(part.index.name, values)
            ranges[part.index.name] = range(
                min(before.start, values.start), max(before.stop, values.stop)
            )
    entries = [part for part in parts if isinstance(part, Indexed)]
    inside = [part for entry in entries for index in entry.indices for part in index.walk()]
    entries += [part for part in inside if isinstance(part, Indexed)]
    slots = [slot for part in entries for slot in _slots(part, known, counts)]
    for count in (_length_of_axis, _room_in_axis):
        for letter in [letter for letter in letters if letter not in ranges]:
            counted = (count(letter, *slot, ranges, known) for slot in slots)
            found = {values for values in counted if values is not None}
            if len(found) > 1:
                short, *_, long = sorted(found, key=lambda one: (len(one), one.start))
                raise ValueError(
                    f"`{equation.latex}`: the index {letter} runs over {len(short)} values"
                    f"{_from(short, long)} in one place and over {len(long)}{_from(long, short)} "
                    "in another; write the sum's limits, or give arrays that fit"
                )
            if found:
                [ranges[letter]] = found
    if any(
        part.limits and limits_of(part, {}, known, counts) != _limits(part, known) for part in sums
    ):
        _check_counted_from_1(equation, parts, letters)
    for letter in letters:
        if letter not in ranges:
            raise ValueError(
                f"`{equation.latex}`: nothing tells which values the index {letter} runs over"
                f"{_without_value(parts, known)}"
            )
    return ranges


def _from(values: range, other: range) -> str:
    """Where an index begins, if it begins elsewhere in another place."""
    return f", from {values.start} on," if values.start != other.start else ""


def _check_counted_from_1(equation: Equation, parts: list[Expression], letters: list[str]) -> None:
    """Where one sum counts from 1, whatever else counts must not show that here it is from 0."""
    indices = [index for part in parts if isinstance(part, Indexed) for index in part.indices]
    fixed = [index for index in indices if not _has_any(index, letters)]
    limited = {part.index.name for part in parts if isinstance(part, Sum) and part.limits}
    counted = set(letters) - limited
    numbers = [part for part in parts if isinstance(part, Symbol) and part.name in counted]
    for one in (*fixed, *numbers):
        raise ValueError(
            f"`{equation.latex}`: a sum counts from 1, and {one.latex} from 0; shift the sum, so "
            "that it counts from 0: 0 below, one less above"
        )


def _has_any(expression: Expression, letters: list[str]) -> bool:
    return any(_has(expression, letter) for letter in letters)


def limits_of(
    part: Sum, ranges: Ranges, known: Mapping[str, Any], counts: Counts = NO_COUNTS
) -> range:
    """The values over which one sum runs.

    Args:
        part: the sum.
        ranges: the ranges of the line.
        known: values by the canonical name of their symbol.
        counts: which arrays were declared to count from 1, and which from 0.

    Returns:
        Its own limits, or else the range of its index.
    """
    if not part.limits:
        return ranges[part.index.name]
    values = _limits(part, known)
    first = part.limits[0]
    if not isinstance(first, Number) or values.start < 1 or not values:
        return values
    return _counted_from_1(part, values, known, counts)


def _counted_from_1(part: Sum, values: range, known: Mapping[str, Any], counts: Counts) -> range:
    """The range of a sum that does not begin at 0, in places that count from 0.

    In a text that counts from 1 it means other entries than in one that counts from 0. The lengths
    of the arrays tell which one it is, if the index does nothing but pick their entries.
    """
    letter = part.index.name
    entries = [one for one in _parts(part.term) if isinstance(one, Indexed)]
    entries = [one for one in entries if any(_has(index, letter) for index in one.indices)]
    if any(one.symbol.name in counts.from_1 for one in entries):
        for one in entries:
            if one.symbol.name not in counts.from_1 | counts.from_0:
                raise ValueError(
                    f"`{part.latex}`: other arrays count from 1; declare whether "
                    f'`{one.symbol.latex}` does, roles={{"{one.symbol.latex}": "{FROM_1}"}}, or '
                    'counts from 0, "sequence"'
                )
        return values
    slots = [slot for one in entries for slot in _slots(one, known, counts)]
    using = [(index, len(axis)) for index, axis in slots if _has(index, letter)]
    is_value = any(isinstance(one, Symbol) and one.name == letter for one in _parts(part.term))
    if not using:
        return values
    if not is_value and all(isinstance(index, Symbol) for index, _ in using):
        if {length for _, length in using} == {values.stop - 1}:
            return range(values.start - 1, values.stop - 1)
    lengths = " and ".join(sorted({str(length) for _, length in using}))
    raise ValueError(
        f"`{part.latex}`: the index {letter} begins at {values.start}, and it is not clear whether "
        f"the first entry of the arrays has number 0 or 1: it ends at {values.stop - 1}, and they "
        f"have {lengths} entries{'; it is also a number here' if is_value else ''}; declare what "
        f'counts from 1, roles={{"{entries[0].symbol.latex}": "{FROM_1}"}}, or shift it, so that '
        f"it counts from 0: `{letter}={values.start - 1}` below, one less above, and {letter}+1 "
        "where it is a number"
    )


def _has(expression: Expression, letter: str) -> bool:
    return any(symbol.name == letter for symbol in expression.symbols)


def pick(
    part: Indexed,
    array: Array,
    scope: Ranges,
    known: Mapping[str, Any],
    counts: Counts = NO_COUNTS,
) -> Array:
    """The entries of an array for all values of the indices in force.

    Args:
        part: the array's symbol with its indices.
        array: shape `(..., axes that are indexed)`.
        scope: the indices in force, in the order of their axes in the result.
        known: values by the canonical name of their symbol.
        counts: which arrays were declared to count from 1, and which from 0.

    Returns:
        Array of shape `(..., one axis for each index in force)`.

    Raises:
        ValueError: if the array has fewer axes than indices, or an index leads outside of it.
    """
    # Of a range without values, numpy would make floats.
    grid = np.meshgrid(*(np.asarray(values, int) for values in scope.values()), indexing="ij")
    counted = dict(zip(scope, grid, strict=True))
    shape = tuple(len(one) for one in scope.values())
    places = []
    for index, axis in _slots(part, known, counts):
        place = np.array(np.broadcast_to(_whole(index, part, counted, known, counts), shape))
        if place.size and not axis.start <= place.min() <= place.max() < axis.stop:
            declare = f', roles={{"{part.symbol.latex}": "{FROM_1}"}}' if not axis.start else ""
            raise ValueError(
                f"`{part.latex}`: the index {index.latex} runs from {place.min()} to "
                f"{place.max()}, on an axis of length {len(axis)} (indices count from "
                f"{axis.start}{'; declare what counts from 1' + declare if declare else ''})"
            )
        places.append(place - axis.start)
    return array[(..., *places)]


def _parts(expression: Expression) -> Iterator[Expression]:
    """An expression and everything in it, but for indices and limits."""
    rest = [expression]
    while rest:
        part = rest.pop()
        yield part
        if isinstance(part, Sum):
            rest.append(part.term)
        elif not isinstance(part, Indexed):
            rest += reversed(part.children)


def _limits(part: Sum, known: Mapping[str, Any]) -> range:
    first, last = (int(_whole(limit, part, {}, known)) for limit in part.limits)
    return range(first, last + 1)


def _without_value(parts: list[Expression], known: Mapping[str, Any]) -> str:
    """Says which arrays have no value, if there are any."""
    names = [part.symbol for part in parts if isinstance(part, Indexed)]
    unknown = {f"`{symbol.latex}`": None for symbol in names if symbol.name not in known}
    return f"; no value is given for {', '.join(unknown)}" if unknown else ""


def _slots(
    part: Indexed, known: Mapping[str, Any], counts: Counts
) -> list[tuple[Expression, range]]:
    """Each index of an entry, and the numbers of the places on the axis on which it stands."""
    shape = tuple(getattr(known.get(part.symbol.name), "shape", ()))
    if part.symbol.name in known and len(shape) < len(part.indices):
        raise ValueError(
            f"`{part.latex}`: {len(part.indices)} indices, but `{part.symbol.latex}` has shape "
            f"{shape}"
        )
    first = int(part.symbol.name in counts.from_1)
    axes = (range(first, first + length) for length in shape[-len(part.indices) :])
    return list(zip(part.indices, axes, strict=False))


def _length_of_axis(
    letter: str, index: Expression, axis: range, ranges: Ranges, known: Mapping[str, Any]
) -> range | None:
    """The values that a letter has where it stands alone."""
    return axis if isinstance(index, Symbol) and index.name == letter else None


def _room_in_axis(
    letter: str, index: Expression, axis: range, ranges: Ranges, known: Mapping[str, Any]
) -> range | None:
    """The values that a letter can have beside others, such as i in i + m, before the axis ends."""
    others = {name: values.stop - 1 for name, values in ranges.items() if name != letter}
    start = axis.start
    try:
        first, second = (
            int(_whole(index, index, {**others, letter: start + n}, known)) for n in (0, 1)
        )
    except ValueError:
        return None  # another letter is not known yet
    step = second - first
    return range(start, start + (axis.stop - 1 - first) // step + 1) if step > 0 else None


_WHOLE: dict[str, Callable[..., Any]] = {
    "sum": lambda a, b: a + b,
    "difference": lambda a, b: a - b,
    "product": lambda a, b: a * b,
    "juxtaposition": lambda a, b: a * b,
    "negation": lambda a: -a,
}


def _whole(
    expression: Expression,
    whole: Expression,
    counted: Mapping[str, Any],
    known: Mapping[str, Any],
    counts: Counts = NO_COUNTS,
) -> Any:
    """The value of an index or of a sum's limit: whole numbers, or an array of them."""
    match expression:
        case Number(value=int(value)):
            return value
        case Symbol(name=name) if name in counted:
            return counted[name]
        case Symbol(name=name) if is_whole(known.get(name)):
            return int(known[name])
        case Symbol(latex=latex) if isinstance(whole, Sum):
            raise ValueError(
                f"`{whole.latex}`: no whole number is given for {latex}; a limit cannot depend on "
                "an index"
            )
        case Symbol(latex=latex):
            raise ValueError(
                f"`{whole.latex}`: the index {latex} is on no sum around it and on no array on the "
                "left, and no whole number is given for it"
            )
        case Indexed(symbol=symbol, indices=indices) if _is_whole_array(known.get(symbol.name)):
            array = np.asarray(known[symbol.name])
            first = int(symbol.name in counts.from_1)
            places = [_whole(part, whole, counted, known, counts) - first for part in indices]
            for place, length in zip(places, array.shape[-len(places) :], strict=True):
                if np.size(place) and not 0 <= np.min(place) <= np.max(place) < length:
                    raise ValueError(f"`{expression.latex}`: an index outside of {symbol.latex}")
            return array[(..., *places)]
        case Operation(operator=operator) if operator in _WHOLE:
            operands = [_whole(part, whole, counted, known, counts) for part in expression.operands]
            return _WHOLE[operator](*operands)
    raise ValueError(
        f"`{whole.latex}`: `{expression.latex}` is no index; one is made of letters and whole "
        "numbers by +, - and products"
    )


def _is_whole_array(value: Any) -> bool:
    return bool(re.search(r"int(8|16|32|64)", str(getattr(value, "dtype", ""))))


def is_whole(value: Any) -> bool:
    """Whether a value is one whole number, which can be an index."""
    if isinstance(value, int):
        return True
    is_array = bool(getattr(value, "shape", None))
    return not is_array and _is_whole_array(value)

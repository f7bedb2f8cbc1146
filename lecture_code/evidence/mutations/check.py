"""Whether a mutation is noticed: the check that the suite makes of every function.

A mutated function runs over a random case. It must part from every judge that agrees with the
function, and from the text of its equation. A mutated text is evaluated with the same arrays, and
must part from what the function returns. What raises an error has been noticed too, and so has a
number that is none. That code and text no longer have the same quantities line by line is reported
beside, and excuses nothing.
"""

from ast import unparse
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from lecture_code.core.unroll import unroll
from lecture_code.equations.evaluator import results_of
from lecture_code.equations.grammar import EquationSyntaxError
from lecture_code.equations.parser import canonical, parse
from lecture_code.evidence.judges import JUDGES
from lecture_code.evidence.measure import TEXT_TOLERANCE, is_step, random_case
from lecture_code.evidence.mutations.code import code_mutations, compiled, tree_of
from lecture_code.evidence.mutations.equations import text_mutations
from lecture_code.evidence.mutations.mutation import Mutation
from lecture_code.pairing.functions import (
    MismatchError,
    arguments_of,
    equations_of,
    evaluate_text,
    pair,
    returned_by,
    roles_in,
    section_of,
    source_of,
)
from lecture_code.rewriting.trees import line_of

SIZE = (6, 3, 2, 5)
"""What the mutations run on: (time, batch, input, hidden), all different."""

ERRORS = (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError)
"""What a changed function or text may raise. Any other error is one of this program."""

Arrays = tuple[np.ndarray, ...]


class Verdict(NamedTuple):
    """What became of one mutation.

    Attributes:
        mutation: the mutation.
        raised: the name of the error that it raised, if it did.
        unnoticed: the names of those that saw no difference.
        noticed: the names of those that saw one.
        structure: whether code and text part in their quantities too.
    """

    mutation: Mutation
    raised: str
    unnoticed: tuple[str, ...]
    noticed: tuple[str, ...]
    structure: bool

    @property
    def survived(self) -> bool:
        """Whether somebody who should have noticed did not."""
        return bool(self.unnoticed)


@cache
def mutations(function: Callable) -> tuple[Mutation, ...]:
    """Every mutation of a function: of its code, and of its text.

    Args:
        function: a function with an equation in its docstring.

    Returns:
        The mutations.
    """
    return (*code_mutations(function), *text_mutations(function))


def outcomes(function: Callable) -> Iterator[Verdict]:
    """Try every mutation of a function.

    Args:
        function: a function with an equation in its docstring.

    Yields:
        The outcomes, one by one.
    """
    yield from map(outcome, mutations(function))


def outcome(mutation: Mutation, size: tuple[int, int, int, int] = SIZE) -> Verdict:
    """Try one mutation.

    Args:
        mutation: the mutation.
        size: (time, batch, input, hidden) of the random case.

    Returns:
        Who noticed, and who did not.
    """
    raised = ""
    noticed: list[str] = []
    unnoticed: list[str] = []
    try:
        with np.errstate(all="ignore"):
            compared = list(_compared(mutation, size))
    except ERRORS as error:
        raised = type(error).__name__
        compared = []
    for name, ours, theirs, tolerance in compared:
        (noticed if differ(ours, theirs, tolerance) else unnoticed).append(name)
    return Verdict(mutation, raised, tuple(unnoticed), tuple(noticed), _structure_parts(mutation))


def differ(ours: Arrays, theirs: Arrays, tolerance: float) -> bool:
    """Whether two answers differ by more than rounding.

    Args:
        ours: the arrays of one answer.
        theirs: those of the other one.
        tolerance: the largest absolute difference that is rounding.

    Returns:
        True if their shapes or their numbers differ, or a number is NaN in one of them.
    """
    return len(ours) != len(theirs) or not all(
        a.shape == b.shape and np.abs(a - b).max() <= tolerance
        for a, b in zip(ours, theirs, strict=True)
    )


def _compared(mutation: Mutation, size: tuple) -> Iterator[tuple[str, Arrays, Arrays, float]]:
    """The answers of a mutation, and what each should differ from."""
    function, changed = mutation.function, mutation.changed
    case = _case(function, size)
    step = _first_step(function, case)
    if isinstance(changed, tuple):
        ours = _arrays(_evaluate_lines(function, changed, step))
        yield "the code", ours, _by_code(function, size), TEXT_TOLERANCE
        return
    mutated = compiled(function, changed)
    yield "the text", _arrays(mutated(*step)), _by_text(function, size), TEXT_TOLERANCE
    ours = _arrays(unroll(mutated, *case) if is_step(function) else mutated(*case))
    for name, theirs, tolerance in _by_judges(function, size):
        yield name, ours, theirs, tolerance


def _first_step(function: Callable, case: tuple) -> tuple:
    """The arguments of one call: of a sequence, the first time step."""
    inputs, *rest = case
    return (inputs[0], *rest) if is_step(function) else case


def _evaluate_lines(function: Callable, lines: tuple[str, ...], arguments: tuple) -> Any:
    """What a function would return if its equation were these lines."""
    given = arguments_of(function, *arguments)
    values = {canonical(symbol): value for symbol, value in given.items()}
    results: dict[str, Any] = {}
    roles = roles_in(section_of(function))
    for line in lines:  # one by one, so that only the changed one is parsed anew
        [equation] = parse(line, roles)
        found = results_of(equation, values, roles)
        values |= found
        results |= found
    return returned_by(function, results)


@cache
def _case(function: Callable, size: tuple) -> tuple:
    return random_case(function, size, "float64")


@cache
def _by_code(function: Callable, size: tuple) -> Arrays:
    return _arrays(function(*_first_step(function, _case(function, size))))


@cache
def _by_text(function: Callable, size: tuple) -> Arrays:
    return _arrays(evaluate_text(function, *_first_step(function, _case(function, size))))


@cache
def _by_judges(function: Callable, size: tuple) -> list[tuple[str, Arrays, float]]:
    case = _case(function, size)
    inputs, *rest = case
    in_order = (rest[-1], inputs, *rest[:-1]) if is_step(function) else case
    return [
        (judge.name, _arrays(judge.run(*in_order)), judge.tolerance)
        for judge in JUDGES.get(function, ())
        if judge.agrees
    ]


def _arrays(answer: Any) -> Arrays:
    """The arrays of an answer: outputs and states of a sequence, or results, in one row."""
    if isinstance(answer, tuple):
        return tuple(array for one in answer for array in _arrays(one))
    return (np.asarray(answer, "float64"),)


def _structure_parts(mutation: Mutation) -> bool:
    """Whether code and text part in the quantities of a line."""
    function, changed = mutation.function, mutation.changed
    try:
        if isinstance(changed, tuple):
            pair(
                function,
                [parse(line, roles_in(section_of(function)))[0] for line in changed],
                source_of(function),
            )
        else:
            pair(function, equations_of(function), changed)
    except (MismatchError, EquationSyntaxError, KeyError):
        return True
    return False


def unchanged(function: Callable) -> list[Mutation]:
    """A function and its text, taken apart and put together again without a change.

    Args:
        function: a function with an equation in its docstring.

    Returns:
        Two mutations that nobody may notice.
    """
    lines = tuple(map(line_of, equations_of(function)))
    return [
        Mutation(function, "code", "no change", "", unparse(tree_of(function))),
        Mutation(function, "text", "no change", "", lines),
    ]

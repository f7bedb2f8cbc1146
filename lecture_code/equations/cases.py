"""Values by cases: for each entry the one whose condition holds."""

from itertools import combinations
from typing import Any

from lecture_code.core.ops import namespace
from lecture_code.equations.language import where
from lecture_code.equations.limits import shortened
from lecture_code.equations.roles import NUMBER, Misfit, Reading, is_same, joint_kind, shape_of


def places_that_hold(latex: str, answers: list[bool], has_other: bool) -> list[int]:
    """Find the cases that hold, where no condition is about the entries of an array.

    Args:
        latex: all the cases, for the message.
        answers: whether the condition of each holds.
        has_other: whether there is one more for what meets none of them.

    Returns:
        Their places.

    Raises:
        ValueError: if none holds.
    """
    places = [place for place, holds in enumerate(answers) if holds]
    if not places and not has_other:
        raise ValueError(f"`{shortened(latex)}`: none of the conditions holds")
    return places or [len(answers)]


def check_same(latex: str, values: list[Any]) -> None:
    """Check that where several conditions hold, their values are one.

    Args:
        latex: all the cases, for the message.
        values: the values whose conditions hold.

    Raises:
        ValueError: if they differ.
    """
    if any(not is_same(values[0], other) for other in values[1:]):
        raise ValueError(
            f"`{shortened(latex)}`: two conditions hold, and their values differ; write conditions "
            "of which one holds, or `otherwise` for the last one"
        )


def chosen(latex: str, answers: list[Any], values: list[Any]) -> Any:
    """Choose a value for each entry.

    Args:
        latex: all the cases, for messages.
        answers: where the condition of each holds, arrays of one shape or truth values.
        values: the values, one for each answer, and perhaps one for what meets none.

    Returns:
        An array.

    Raises:
        ValueError: if for an entry no condition holds, or several do whose values differ.
    """
    has_other = len(values) > len(answers)
    for (first, a), (second, b) in combinations(zip(answers, values, strict=False), 2):
        both = first & second
        if bool(namespace(both).any(both) if shape_of(both) else both):
            check_same(latex, [where(both, one, 0) for one in (a, b)])
    found = values[-1]
    covered = answers[-1]
    for answer, value in reversed(list(zip(answers, values, strict=False))):
        covered = covered | answer
        found = where(answer, value, found)
    if not has_other and not bool(covered.all() if shape_of(covered) else covered):
        raise ValueError(
            f"`{shortened(latex)}`: for some entries none of the conditions holds; add a line with "
            r"\text{otherwise}"
        )
    return found


def by_cases(latex: str, conditions: tuple[Reading, ...], values: tuple[Reading, ...]) -> Reading:
    """Choose a value for each entry of what is read in one way.

    Args:
        latex: all the cases, for messages.
        conditions: where each of them holds.
        values: the values, one for each condition, and perhaps one for what meets none.

    Returns:
        The result, which holds what the values hold.

    Raises:
        Misfit: if their shapes differ, or they hold different things.
        ValueError: if for an entry no condition holds, or several do whose values differ.
    """
    shapes = {shape_of(one.value) for one in (*conditions, *values)} - {()}
    if len(shapes) > 1:
        raise Misfit("shapes differ", is_size=True)
    kinds = [one.kind for one in (*values, *conditions) if one.kind != NUMBER]
    found = chosen(latex, [one.value for one in conditions], [one.value for one in values])
    return Reading(joint_kind(*kinds) if kinds else NUMBER, found)

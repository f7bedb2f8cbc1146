"""All mutations of the lecture, tried and counted."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from lecture_code.evidence.measure import functions_with_equations
from lecture_code.evidence.mutations.check import outcomes
from lecture_code.evidence.mutations.equivalent import equivalent_of
from lecture_code.pairing.functions import section_of


class Tally(NamedTuple):
    """What became of the mutations of one function.

    Attributes:
        function: the function's name.
        stem: the section that it belongs to.
        kinds: how many mutations there were, by what was changed (`code` or `text`) and kind.
        by_value: how many were noticed because another number, or another shape, came out.
        by_error: how many could not be computed.
        by_structure: how many of those by value have other quantities in a line of the code than in
            its equation too, so that the pairing of the two would have told.
        equivalent: how many change nothing, by proof.
        survivors: the names of those that nobody noticed, and who should have.
    """

    function: str
    stem: str
    kinds: Counter
    by_value: int
    by_error: int
    by_structure: int
    equivalent: int
    survivors: tuple[str, ...]

    def total(self, of: str) -> int:
        """How many mutations there were.

        Args:
            of: `code` or `text`.

        Returns:
            Their number.
        """
        return sum(count for (changed, _), count in self.kinds.items() if changed == of)

    @property
    def noticed(self) -> int:
        """How many were noticed."""
        return self.by_value + self.by_error


def tally(function: Callable) -> Tally:
    """Try every mutation of one function and count.

    Args:
        function: a function with an equation in its docstring.

    Returns:
        The counts.
    """
    kinds: Counter[tuple[str, str]] = Counter()
    counts: Counter[str] = Counter()
    survivors = []
    for outcome in outcomes(function):
        mutation = outcome.mutation
        kinds[mutation.of, mutation.kind] += 1
        if not outcome.survived:
            counts["error" if outcome.raised else "value"] += 1
            counts["structure"] += outcome.structure and not outcome.raised
        elif equivalent_of(mutation):
            counts["equivalent"] += 1
        else:
            survivors.append(f"{mutation.name} [not noticed by {', '.join(outcome.unnoticed)}]")
    return Tally(
        function.__name__,
        section_of(function),
        kinds,
        counts["value"],
        counts["error"],
        counts["structure"],
        counts["equivalent"],
        tuple(survivors),
    )


def survey(sources: str) -> tuple[Tally, ...]:
    """Try every mutation of every function.

    Args:
        sources: a fingerprint of what is mutated, so that the result is kept until that changes.

    Returns:
        The counts, function by function, in the lecture's order.
    """
    return tuple(map(tally, functions_with_equations()))

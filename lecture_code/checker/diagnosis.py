"""From what a function returned to a sentence about it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from lecture_code.checker.calling import Outcome, Variable
from lecture_code.checker.cases import Case, draw_cases, expected
from lecture_code.checker.catalogue import Mistake
from lecture_code.checker.mistakes import (
    changed,
    right_variant,
    roles_of,
    symbols,
    variants,
)
from lecture_code.checker.result import CheckResult, LineFound
from lecture_code.core.ops import Array
from lecture_code.core.tolerances import TOLERANCES
from lecture_code.course.cells import Cell
from lecture_code.equations.evaluator import results_of
from lecture_code.frameworks.table import CONVENTIONS
from lecture_code.pairing.functions import quantity, section_of

Run = tuple[Case, Outcome]


def diagnose(
    function: str,
    cell: Cell,
    seed: int,
    outcomes: list[Outcome],
    variables: list[Variable],
    notes: Iterable[str] = (),
) -> CheckResult:
    """Compare what a step returned with the lecture's step, and explain the difference.

    Args:
        function: the function's name.
        cell: the lecture's cell.
        seed: the seed of the cases.
        outcomes: what came of the cases of `draw_cases`, in their order.
        variables: what the function's variables held in the first case.
        notes: what else was noticed.

    Returns:
        The finding.
    """
    runs = list(zip(draw_cases(cell, seed), outcomes, strict=True))
    kinds = {
        name: [run for run in runs if run[0].name == name] for name in ("vector", "batch", "square")
    }
    returned = [name for name in kinds if all(outcome.arrays for _, outcome in kinds[name])]
    notes = (*notes, *_notes(runs), *_refused(kinds, returned))
    if not returned:
        problem = next(outcome.problem for _, outcome in runs if outcome.problem)
        return CheckResult(function, cell.name, "cannot be run", _sentence(problem), notes=notes)
    first, *others = returned
    found = _explain(function, cell, kinds[first], variables if first == "vector" else [])
    if found.verdict == "right":
        wrong = _not_in_general(cell, first, [run for name in others for run in kinds[name]])
        found = replace(found, verdict="differs", sentence=wrong) if wrong else found
    return replace(found, notes=notes)


def _explain(function: str, cell: Cell, runs: list[Run], variables: list[Variable]) -> CheckResult:
    if wrong := next(filter(None, (_wrong_shape(cell, run) for run in runs)), ""):
        return CheckResult(function, cell.name, "differs", wrong)
    difference = max(_difference(run, expected(cell, run[0])) for run in runs)
    if difference <= _tolerance(runs):
        sentence = f"It computes the lecture's {cell.name.upper()}.{_also(cell)}"
        return CheckResult(function, cell.name, "right", sentence, difference=difference)
    if not np.isfinite(difference):
        sentence, lines = _first_line_that_differs(cell, runs[0], variables)
        return CheckResult(
            function, cell.name, "differs", sentence.replace(_UNKNOWN, _NOT_FINITE), (), lines
        )
    made = next(_explanations(cell, runs), ())
    if made:
        return CheckResult(
            function,
            cell.name,
            "differs",
            _said(made),
            tuple(mistake.sentence for mistake in made),
            tuple(_changed_lines(cell, made)),
            difference,
        )
    sentence, lines = _first_line_that_differs(cell, runs[0], variables)
    return CheckResult(function, cell.name, "differs", sentence, (), lines, difference)


def _also(cell: Cell) -> str:
    """Who else has the lecture's equation, as a sentence."""
    conventions = CONVENTIONS.get(cell.name, {}).values()
    lectures = [one.equation for one in conventions if one.step is cell.step]
    titles = [
        one.title
        for one in conventions
        if not one.step and one.biases and not one.added and one.equation in lectures
    ]
    return f" So do: {'; '.join(titles)}." if titles else ""


# WHICH CELL WAS WRITTEN


def _explanations(cell: Cell, runs: list[Run]) -> Iterator[tuple[Mistake, ...]]:
    """The mistakes, alone and then in pairs, that give every number that was returned."""
    known = [symbols(cell, case.x, case.state, case.weights) for case, _ in runs]
    computed: list[dict] = [{} for _ in runs]
    tolerance = _tolerance(runs)
    for made, wrong in variants(cell):
        try:
            if all(
                _difference(run, wrong.compute(*given)) <= tolerance
                for run, *given in zip(runs, known, computed, strict=True)
            ):
                yield made
        except ValueError:  # a matrix that is not square, turned round
            continue


def _said(made: tuple[Mistake, ...]) -> str:
    clauses = [
        f"{one.sentence} ({one.elsewhere})" if one.elsewhere else one.sentence for one in made
    ]
    count = "Two things differ: " if len(made) > 1 else ""
    return _sentence(count + "; and ".join(clauses))


def _changed_lines(cell: Cell, made: tuple[Mistake, ...]) -> Iterator[LineFound]:
    right, wrong = right_variant(cell), changed(cell, made)
    for number in wrong.lines_other_than(right):
        lecture, written = right.lines[number].latex, wrong.lines[number].latex
        yield LineFound(number + 1, lecture, written)


# NO EXPLANATION: WHERE THE NUMBERS PART

_UNKNOWN = "No mistake that is known here explains it, alone or with another."

_NOT_FINITE = "It returned NaN or infinity, and all that it got is finite."


def _first_line_that_differs(
    cell: Cell, run: Run, variables: list[Variable]
) -> tuple[str, tuple[LineFound, ...]]:
    """The first line of the equation whose value none of the function's variables has."""
    case, outcome = run
    known = symbols(cell, case.x, case.state, case.weights)
    given = [value for value in known.values() if hasattr(value, "shape")]
    tolerance = _tolerance([run])
    returned = [Variable("what is returned", 0, array) for array in outcome.arrays]
    lines = right_variant(cell).lines
    matched = [*given]
    for number, line in enumerate(lines):
        results = results_of(line, known, roles_of(known))
        known |= results
        [(symbol, value)] = results.items()
        if any(_near(one.value, value, tolerance) for one in (*variables, *returned)):
            matched.append(value)
            continue
        name = quantity(symbol, section_of(cell.step)).variable
        seen = [one for one in variables if one.value.shape == value.shape]
        own = [one for one in seen if one.name == name]
        fresh = [
            one for one in seen if not any(_near(one.value, old, tolerance) for old in matched)
        ]
        if own or fresh:
            nearest = (own or [min(fresh, key=lambda one: _distance(one.value, value))])[-1]
            place = f"`{nearest.name}` after line {nearest.line} of the file"
            sentence = f"{_UNKNOWN} Line {number + 1} is the first whose value differs."
            found = f"{_numbers(nearest.value)} ({place})"
            return sentence, (LineFound(number + 1, line.latex, "", _numbers(value), found),)
    last = len(lines) - 1
    sentence = (
        f"{_UNKNOWN} None of the function's variables shows where: give each line of the equation "
        "a variable of its own."
    )
    found = _numbers(outcome.arrays[0])
    wanted = _numbers(expected(cell, case)[0])
    return sentence, (LineFound(last + 1, lines[last].latex, "", wanted, found),)


# WHAT HOLDS FOR SOME SHAPES ONLY


def _not_in_general(cell: Cell, first: str, others: list[Run]) -> str:
    """What a step that is right in its first kind of cases does wrong in the others, or nothing."""
    if first == "square":
        return "It is right only where input and state are of one size."
    for run in others:
        wrong = _wrong_shape(cell, run)
        if not wrong and _difference(run, expected(cell, run[0])) <= _tolerance([run]):
            continue
        if run[0].name == "batch":
            reason = wrong or "Rows of the batch mix, by broadcasting or by a wrong axis."
            return f"It is right for a single vector, but not for a batch. {reason}"
        return (
            "It is right, but not where input and state are of one size. "
            f"{wrong or 'A matrix is turned round there.'}"
        )
    return ""


def _refused(kinds: dict[str, list[Run]], returned: list[str]) -> Iterator[str]:
    """The cases that a step does not take, though it takes others."""
    if not returned:
        return
    vector, batch = (kinds[name][0][1].problem for name in ("vector", "batch"))
    if returned[0] == "square":
        yield f"it runs only where input and state are of one size; elsewhere {vector}"
    elif returned[0] == "batch":
        yield f"it takes a batch only; for a single vector {vector}"
    elif "batch" not in returned:
        yield (
            f"it takes single vectors only; for a batch {batch:.150}. Features stand on the last "
            "axis: `v @ W.T`, and `np.concatenate([x, h], -1)`"
        )


# SMALL THINGS


def _notes(runs: list[Run]) -> Iterator[str]:
    returned = [(case, outcome) for case, outcome in runs if outcome.arrays]
    changed_arguments = {name: None for _, outcome in returned for name in outcome.changed}
    if changed_arguments:
        yield (
            f"it writes into its argument {', '.join(changed_arguments)}: the caller's array is "
            "changed; work on a copy"
        )
    dtypes = {array.dtype.name for _, outcome in returned for array in outcome.arrays}
    if dtypes - {"float64"}:
        yield (
            f"it returned {' and '.join(sorted(dtypes))} where float64 came in, and is compared to "
            f"{max(TOLERANCES.get(name, 0) for name in dtypes):.0e} only; keep the dtype of the "
            "input"
        )


def _wrong_shape(cell: Cell, run: Run) -> str:
    case, outcome = run
    for name, array, right in zip(
        case.weights.state, outcome.arrays, expected(cell, case), strict=True
    ):
        if array.shape != right.shape:
            axes = "(hidden,)" if right.ndim == 1 else "(batch, hidden)"
            hint = ""
            if array.ndim > right.ndim:
                hint = ": a column and a row were joined by broadcasting; give a vector one axis"
            elif array.ndim < right.ndim:
                hint = ": something was summed over an axis that should stay"
            wanted = f"expected {axes} = {right.shape}"
            return f"It returned shape {array.shape} for {name}, {wanted}{hint}."
    return ""


def _difference(run: Run, right: tuple[Array, ...]) -> float:
    return max(_distance(a, b) for a, b in zip(run[1].arrays, right, strict=True))


def _distance(one: Array, other: Array) -> float:
    """The largest absolute difference; infinite where a number is NaN."""
    distance = float(np.max(np.abs(np.asarray(one, np.float64) - other)))
    return distance if np.isfinite(distance) else float("inf")


def _near(one: Array, other: Array, tolerance: float) -> bool:
    return one.shape == other.shape and _distance(one, other) <= tolerance


def _tolerance(runs: list[Run]) -> float:
    dtypes = {array.dtype.name for _, outcome in runs for array in outcome.arrays}
    return max(TOLERANCES.get(name, TOLERANCES["float64"]) for name in dtypes)


def _numbers(array: Array) -> str:
    # + 0.0 turns -0.0 into 0.0.
    rounded = np.asarray(np.round(array, 4) + 0.0)
    return np.array2string(rounded, separator=", ", floatmode="fixed", precision=4)


def _sentence(clause: str) -> str:
    text = clause[0].upper() + clause[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."

"""Evidence: how far text, code and judges are apart, measured when a page asks for it."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from lecture_code.core.tolerances import TOLERANCES
from lecture_code.core.unroll import unroll
from lecture_code.course.sections import SECTIONS
from lecture_code.evidence.cases import CASES
from lecture_code.evidence.differences import SIDES, described, distance, explain
from lecture_code.evidence.judges import JUDGES, Judge
from lecture_code.pairing.functions import MismatchError, evaluate_text, place_of

SEED = 20250513
"""The seed of everything random in the evidence: the day of the lecture."""

SIZES = ((1, 1, 1, 1), (6, 3, 2, 5), (20, 2, 5, 3), (200, 4, 3, 8))
"""What the evidence is measured on: (time, batch, input, hidden)."""

TEXT_TOLERANCE = TOLERANCES["float64"]


class EvidenceError(AssertionError):
    """A measured distance is not what the project claims."""


class Evidence(NamedTuple):
    """One comparison of a function with another way to compute the same.

    Attributes:
        name: what the function was compared with.
        dtype: the precision of the comparison.
        error: largest absolute difference over all sizes, time steps and entries.
        tolerance: the largest difference allowed; where the two differ on purpose, the least.
        agrees: whether the two are meant to agree.
        note: why they differ.
    """

    name: str
    dtype: str
    error: float
    tolerance: float
    agrees: bool = True
    note: str = ""


@cache
def evidence(function: Callable) -> tuple[Evidence, ...]:
    """Compare a lecture function with its own text and with every judge of it.

    Args:
        function: a function with an equation in its docstring.

    Returns:
        The comparisons: first the text, then the judges.

    Raises:
        MismatchError: if the code does not follow the equation line for line.
        EvidenceError: if a difference is above its tolerance, two that differ on purpose do not, or
            one of them cannot be computed or is not finite. The message begins with the page, the
            function and, where code and equation disagree, the first line on which they do.
    """
    text = Evidence("its own LaTeX", "float64", _text_error(function), TEXT_TOLERANCE)
    return (text, *(_judged(function, judge) for judge in JUDGES.get(function, ())))


def functions_with_equations() -> list[Callable]:
    """Every function of the lecture's modules whose docstring holds an equation.

    Returns:
        The functions, in the lecture's order.
    """
    stems = [section.stem for section in SECTIONS if section.has_module and not section.to_come]
    modules = [importlib.import_module(f"lecture_code.sections.{stem}") for stem in stems]
    return [
        function
        for module in modules
        for function in vars(module).values()  # in the order in which they were defined
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and "$$" in (function.__doc__ or "")
    ]


def random_case(function: Callable, size: tuple[int, int, int, int], dtype: str) -> tuple:
    """Draw arguments for a function: for a step, weights, inputs and a state that is not zero.

    Args:
        function: a function with an equation in its docstring.
        size: (time, batch, input, hidden).
        dtype: `float64` or `float32`.

    Returns:
        The arguments in order. The input of a step function is a sequence, shape
        `(time, batch, input)`; other functions get what `CASES` draws, or else arrays of shape
        `(batch, input)`.
    """
    time, batch, features, hidden = size
    random = np.random.default_rng([SEED, *size])
    parameters = inspect.signature(function).parameters

    def draw(*shape: int) -> np.ndarray:
        return random.uniform(-1, 1, shape).astype(dtype)

    if function in CASES:
        return CASES[function](draw, size)
    if "weights" not in parameters:
        return tuple(draw(batch, features) for _ in parameters)
    make = parameters["weights"].annotation
    extra = {}
    if "projection" in make.state.values():
        hidden = max(hidden, 2)  # a projection has fewer units than the memory
        extra["projection"] = hidden - 1
    weights = make.init(features, hidden, seed=SEED, dtype=dtype, **extra)
    inputs = draw(time, batch, features) if is_step(function) else draw(batch, features)
    state = tuple(draw(batch, weights.sizes()[name]) for name in make.state.values())
    return inputs, *((state,) if len(state) > 1 else state), weights


def is_step(function: Callable) -> bool:
    """Whether a function is one step of a recurrence, by its name.

    Args:
        function: a lecture function.

    Returns:
        True for `rnn_step`, False for `gate`.
    """
    return function.__name__.endswith("_step")


def _text_error(function: Callable) -> float:
    return max(error for size in SIZES for error in _text_errors(function, size))


def _text_errors(function: Callable, size: tuple[int, int, int, int]) -> Iterator[float]:
    """How far text and code are apart; for a step at each time step, from the same state."""
    case = random_case(function, size, "float64")
    if not is_step(function):
        yield _against_text(function, case)[0]
        return
    inputs, state, weights = case
    for x in inputs:
        error, state = _against_text(function, (x, state, weights))
        yield error


def _against_text(function: Callable, arguments: tuple) -> tuple[float, Any]:
    """How far text and code are apart, and what the code answers."""
    try:
        text, code = evaluate_text(function, *arguments), function(*arguments)
        error = distance(text, code, SIDES)
    except MismatchError:
        raise
    except Exception as problem:
        message = explain(function, arguments, TEXT_TOLERANCE, problem)
        if not (is_step(function) or function in CASES):
            message += "\nAll arguments had one shape; lecture_code/evidence/cases.py draws others."
        raise EvidenceError(message) from problem
    if error > TEXT_TOLERANCE:
        raise EvidenceError(explain(function, arguments, TEXT_TOLERANCE))
    return error, code


def _judged(function: Callable, judge: Judge) -> Evidence:
    """Ask a judge, once code and text are known to agree."""
    try:
        error = max(_judge_error(function, judge, size) for size in SIZES)
    except ImportError:  # no judge, no verdict: what is missing is said where it is imported
        raise
    except Exception as problem:
        raise EvidenceError(_against_judge(function, judge, described(problem))) from problem
    if (error <= judge.tolerance) != judge.agrees:
        limit = "allowed" if judge.agrees else "expected more than"
        apart = f"they differ by {error:.2g}, {limit} {judge.tolerance:g}"
        raise EvidenceError(_against_judge(function, judge, apart))
    return Evidence(judge.name, judge.dtype, error, judge.tolerance, judge.agrees, judge.note)


def _against_judge(function: Callable, judge: Judge, problem: str) -> str:
    return (
        f"{place_of(function)}; code and equation agree with each other, but not with their judge "
        f"{judge.name} ({judge.dtype}): {problem}.\n"
        "Either both have the same mistake, or the judge has one: lecture_code/evidence/judges.py."
        if judge.agrees
        else f"{place_of(function)}; against the judge {judge.name} ({judge.dtype}), which differs "
        f"on purpose ({judge.note}): {problem}."
    )


def _judge_error(function: Callable, judge: Judge, size: tuple[int, int, int, int]) -> float:
    case = random_case(function, size, judge.dtype)
    names = "the code", judge.name
    if not is_step(function):
        return distance(function(*case), judge.run(*case), names)
    inputs, state, weights = case
    ours = unroll(function, inputs, state, weights)
    return distance(ours, judge.run(weights, inputs, state), names)

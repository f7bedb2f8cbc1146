"""Evidence: how far text, code and judges are apart, measured when a page asks for it."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from lecture_code.equations.functions import evaluate_text
from lecture_code.oracles import JUDGES, Judge
from lecture_code.publish.cases import CASES
from lecture_code.publish.sections import SECTIONS
from lecture_code.unroll import unroll

SEED = 20250513
"""The seed of everything random in the evidence: the day of the lecture."""

SIZES = ((1, 1, 1, 1), (6, 3, 2, 5), (20, 2, 5, 3), (200, 4, 3, 8))
"""What the evidence is measured on: (time, batch, input, hidden)."""

TEXT_TOLERANCE = 1e-12


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
        EvidenceError: if a difference is above its tolerance, or two that differ on purpose do not.
    """
    compared = [
        Evidence("its own LaTeX", "float64", _text_error(function), TEXT_TOLERANCE),
        *(_judged(function, judge) for judge in JUDGES.get(function, ())),
    ]
    for item in compared:
        if (item.error <= item.tolerance) != item.agrees or np.isnan(item.error):
            raise EvidenceError(
                f"{function.__name__} against {item.name} ({item.dtype}): expected a difference of "
                f"at {'most' if item.agrees else 'least'} {item.tolerance:g}, "
                f"measured {item.error:.3g}"
            )
    return tuple(compared)


def functions_with_equations() -> list[Callable]:
    """Every function of the lecture's modules whose docstring holds an equation.

    Returns:
        The functions, in the lecture's order.
    """
    stems = [section.stem for section in SECTIONS if section.has_module and not section.to_come]
    modules = [importlib.import_module(f"lecture_code.{stem}") for stem in stems]
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
    return max(_distance(*pair) for size in SIZES for pair in _text_and_code(function, size))


def _text_and_code(function: Callable, size: tuple[int, int, int, int]) -> Iterator[tuple]:
    """What the text and the code answer; for a step at each time step, from the same state."""
    case = random_case(function, size, "float64")
    if not is_step(function):
        yield evaluate_text(function, *case), function(*case)
        return
    inputs, state, weights = case
    for x in inputs:
        result = function(x, state, weights)
        yield evaluate_text(function, x, state, weights), result
        state = result


def _judged(function: Callable, judge: Judge) -> Evidence:
    error = max(_judge_error(function, judge, size) for size in SIZES)
    return Evidence(judge.name, judge.dtype, error, judge.tolerance, judge.agrees, judge.note)


def _judge_error(function: Callable, judge: Judge, size: tuple[int, int, int, int]) -> float:
    case = random_case(function, size, judge.dtype)
    if not is_step(function):
        return _distance(function(*case), judge.run(*case))
    inputs, state, weights = case
    return _distance(unroll(function, inputs, state, weights), judge.run(weights, inputs, state))


def _distance(ours: Any, theirs: Any) -> float:
    """The largest absolute difference between two arrays, or two tuples of arrays."""
    if isinstance(ours, tuple):
        return max(_distance(*pair) for pair in zip(ours, theirs, strict=True))
    if np.shape(ours) != np.shape(theirs):
        raise EvidenceError(f"shapes differ: {np.shape(ours)} and {np.shape(theirs)}")
    # In float64, so that the difference of two float32 numbers is not rounded.
    return float(np.max(np.abs(np.asarray(ours, "float64") - np.asarray(theirs, "float64"))))

"""What a step is tried on: weights, inputs and states for which no two variants of a cell agree."""

from typing import Any, NamedTuple

import numpy as np

from lecture_code.core.ops import Array
from lecture_code.core.state import arrays_of, state_of
from lecture_code.course.cells import Cell

INPUT, HIDDEN, BATCH = 3, 4, 5
"""Sizes that differ, so that no axis can stand in for another."""

SPREAD = 3.0
"""How much larger the weights are than a new cell's: with small ones every gate is near 1/2."""


class Case(NamedTuple):
    """One call of a step.

    Attributes:
        name: what is special about it: `vector`, `batch` or `square`.
        x: input, shape `(input,)` or `(batch, input)`.
        state: what the lecture's step takes: `h`, or `(h, c)`.
        weights: the lecture's weights.
    """

    name: str
    x: Array
    state: Any
    weights: Any


def draw_cases(cell: Cell, seed: int) -> list[Case]:
    """Draw what a step is tried on.

    States are random and not zero, since a zero state hides every mistake in a gate that multiplies
    it; biases differ, and input and hidden size too.

    Args:
        cell: the lecture's cell.
        seed: the same seed draws the same numbers.

    Returns:
        Three single vectors, a batch, and two vectors for a cell whose input is as large as its
        state: there a matrix can be turned round without an error.
    """
    random = np.random.default_rng(seed)
    vectors = [_draw(random, cell, "vector", INPUT, ()) for _ in range(3)]
    return [
        *vectors,
        _draw(random, cell, "batch", INPUT, (BATCH,)),
        *(_draw(random, cell, "square", HIDDEN, ()) for _ in range(2)),
    ]


def expected(cell: Cell, case: Case) -> tuple[Array, ...]:
    """What the lecture's step returns.

    Args:
        cell: the lecture's cell.
        case: a case of `draw_cases`.

    Returns:
        The new state's arrays.
    """
    return arrays_of(cell.step(case.x, case.state, case.weights))


def _draw(
    random: np.random.Generator, cell: Cell, name: str, features: int, batch: tuple[int, ...]
) -> Case:
    drawn = cell.weights.init(features, HIDDEN, seed=int(random.integers(2**32)))
    weights = drawn._replace(**{field: SPREAD * W for field, W in drawn._asdict().items()})
    x = random.normal(size=(*batch, features))
    states = tuple(random.normal(size=(*batch, HIDDEN)) for _ in weights.state)
    return Case(name, x, state_of(states), weights)

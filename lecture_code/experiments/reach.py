"""How far a cell reaches: what is left of a state in later ones, and of a gradient in earlier ones.

The matrices that read the state are orthogonal ones times a number. So all their singular values
are that number, the largest as well.
"""

from typing import NamedTuple

import numpy as np

from lecture_code.core.state import arrays_of, state_of
from lecture_code.core.unroll import unroll
from lecture_code.core.weights import Weights
from lecture_code.course.cells import CELLS, cell_named
from lecture_code.sections.learning import gru_through_time, lstm_through_time, rnn_through_time

THROUGH_TIME = {"rnn": rnn_through_time, "gru": gru_through_time, "lstm": lstm_through_time}
"""The way back through each cell that is measured."""

HELD_BY = {"gru": "b_u", "lstm": "b_f"}
"""The bias of the gate that keeps the past, by the name of the cell."""


class Reach(NamedTuple):
    """What is left after so many steps, in both directions of time.

    Attributes:
        forward: the distance between two runs that differ in their first state alone, over the
            distance of these, shape `(steps + 1,)`.
        backward: the largest singular value of the derivative of the last state for the state so
            many steps before, shape `(steps + 1,)`.
    """

    forward: np.ndarray
    backward: np.ndarray


def reach(
    cell: str, largest: float, steps: int, hidden: int, draws: int, gate: float = 0.0
) -> Reach:
    """Measure how far memory and gradient of a random cell reach.

    Args:
        cell: `rnn`, `gru` or `lstm`.
        largest: the largest singular value of every matrix that reads the state.
        steps: how many time steps, each with a random input.
        hidden: how many units.
        draws: how many random cells; of each number the median is taken.
        gate: the bias of the update gate of a GRU, or of the forget gate of an LSTM.

    Returns:
        What is left after 0 to `steps` steps.

    Raises:
        ValueError: if there is no such cell, or `largest` is below 0, or the cell has no such gate.
    """
    kind = cell_named(cell, {name: CELLS[name] for name in THROUGH_TIME}).weights
    if not largest >= 0:
        raise ValueError(f"largest: expected a singular value from 0 on, got {largest}")
    if gate and cell not in HELD_BY:
        raise ValueError(f"gate: {cell} has no gate that keeps its state, got {gate}")
    both = []
    for seed in range(draws):
        random = np.random.default_rng([7, seed])
        weights = with_largest(kind.init(4, hidden, seed=seed), largest, random)
        if gate:
            weights = weights._replace(**{HELD_BY[cell]: np.full(hidden, float(gate))})
        inputs = random.normal(size=(steps, 4))
        both.append((_forward(cell, weights, inputs, random), _backward(cell, weights, inputs)))
    return Reach(*np.median(both, axis=0))


def with_largest(weights: Weights, largest: float, random: np.random.Generator) -> Weights:
    """Set every singular value of the matrices that read the state.

    Args:
        weights: a cell's weights, whose matrices read the input first and then the state.
        largest: the value.
        random: what draws the orthogonal matrices.

    Returns:
        Weights of the same class. The columns that read the input, and the biases, stay.
    """
    changed = {}
    for name, array in weights._asdict().items():
        if array.ndim == 2:
            hidden = len(array)
            orthogonal, _ = np.linalg.qr(random.normal(size=(hidden, hidden)))
            changed[name] = np.hstack([array[:, :-hidden], largest * orthogonal])
    return weights._replace(**changed)


def _forward(
    cell: str, weights: Weights, inputs: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """The distance between two runs from different states, beginning with that of the states."""
    hidden = weights.sizes()["hidden"]
    starts = [random.uniform(-0.5, 0.5, (2, hidden)) for _ in weights.state]
    states = [state_of(starts)]
    for x in inputs:
        _, state = unroll(CELLS[cell].step, np.stack([[x, x]]), states[-1], weights)
        states.append(state)
    apart = np.array([_distance(state) for state in states])
    return apart / apart[0]


def _distance(state: np.ndarray | tuple[np.ndarray, ...]) -> float:
    return float(np.linalg.norm(np.concatenate([one[0] - one[1] for one in arrays_of(state)])))


def _backward(cell: str, weights: Weights, inputs: np.ndarray) -> np.ndarray:
    """The norm of the derivative of the last hidden state for each state before it."""
    hidden = weights.sizes()["hidden"]
    # One sequence for each unit of the last state, and its derivative at the end: the identity.
    slopes = np.zeros((len(inputs), hidden, hidden))
    slopes[-1] = np.eye(hidden)
    start = state_of([np.zeros((hidden, hidden)) for _ in weights.state])
    same = np.repeat(inputs[:, None], hidden, axis=1)
    found = THROUGH_TIME[cell](same, start, weights, slopes)
    after_each_step = np.concatenate(arrays_of(found.states), axis=-1)
    before_the_first = np.concatenate(arrays_of(found.state), axis=-1)
    derivatives = np.concatenate([before_the_first[None], after_each_step])
    return np.linalg.norm(derivatives, ord=2, axis=(-2, -1))[::-1]

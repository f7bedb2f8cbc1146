r"""What varies between two programs that both have a cell.

A `Convention` says it in a few words: where the reset stands, what the update gate multiplies, how
gates are packed, which way round a matrix lies, how many biases there are. `table.py` has a row for
each convention, and `convert.py` moves weights from one to another.

Gates have the lecture's letters: `u`, `r` and `h` (the candidate) in the GRU; `u` (elsewhere: the
output gate), `i`, `f` and `c` in the LSTM.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from lecture_code.core.weights import Weights
from lecture_code.course.cells import Cell

Part = Literal["W_x", "W_h", "b_x", "b_h", "b"]
"""What a gate has: a matrix for the input and one for the state, and a bias beside each; or `b`,
the sum of the two biases."""

MATRICES = ("W_x", "W_h")
"""The parts that are matrices."""


VARIES = {
    "reset": ("before", "after"),
    "update": ("keeps", "takes"),
    "hands_on": ("memory", "tanh"),
    "activation": ("tanh", "σ"),
}
"""What varies between equations of one cell: the fields of a convention, and their values."""


class Join(Enum):
    """How an array holds two parts."""

    SIDE_BY_SIDE = "side by side"
    """Two matrices: the columns of the second follow those of the first."""

    STACKED = "stacked"
    """Two biases: the rows of a matrix."""

    END_TO_END = "end to end"
    """Two biases: one vector."""


@dataclass(frozen=True)
class Place:
    """One array of a convention.

    Attributes:
        name: what its owner calls it.
        gates: the letters of the gates that are packed in it, in order.
        parts: what it holds of each gate: one part or two, in order.
        join: how it holds two parts; None where it holds one.
    """

    name: str
    gates: str
    parts: tuple[Part, ...]
    join: Join | None = None

    @property
    def is_matrix(self) -> bool:
        """Whether it holds matrices, and not biases."""
        return self.parts[0] in MATRICES


@dataclass(frozen=True)
class Convention:
    r"""What varies between two programs that both have the cell.

    Attributes:
        name: its name here.
        cell: the lecture's cell.
        title: who has it.
        source: where it is written down.
        places: its arrays.
        owner: who has it, in the middle of a sentence; for who packs all gates into one array.
        letters: what this owner calls the gates, in the order in which they are packed; empty if
            it takes the letters of another owner who has the same order.
        reset: for a GRU whether the reset comes `before` or `after` the product with the state.
        update: whether the gate that mixes `keeps` the old state or `takes` the candidate.
        transposed: whether features stand in rows and units in columns.
        leading: whether every array has one more axis in front, for the direction.
        hands_on: for an LSTM what goes to the next step: the `memory`, or its `tanh`.
        added: numbers that are added to biases while the cell runs, by the letter of the gate.
        activation: for an RNN its function.
        step: the lecture's step with this equation, if it is the lecture's convention.
        weights: the class of this step's weights.
    """

    name: str
    cell: Cell
    title: str
    source: str
    places: tuple[Place, ...]
    owner: str = ""
    letters: str = ""
    reset: str = ""
    update: str = ""
    transposed: bool = False
    leading: bool = False
    hands_on: str = ""
    added: Mapping[str, float] = field(default_factory=dict)
    activation: str = ""
    step: Callable | None = None
    weights: type[Weights] | None = None

    @property
    def gates(self) -> tuple[str, ...]:
        """The order in which gates are packed: one text for each packing."""
        return tuple(dict.fromkeys(place.gates for place in self.places if place.is_matrix))

    @property
    def order(self) -> str:
        """The order in which one array packs all gates; empty if none does."""
        whole = (gates for gates in self.gates if len(gates) == len(self.cell.gates))
        return next(whole, "")

    def adds(self, gate: str) -> float:
        """What is added to a gate's bias while the cell runs.

        Args:
            gate: its letter.

        Returns:
            A number, mostly 0.
        """
        return self.added.get(gate, 0.0)

    @property
    def equation(self) -> tuple[str, str, str, str]:
        """What of its equation varies: the rest of the description is layout."""
        return self.reset, self.update, self.hands_on, self.activation

    @property
    def is_packed(self) -> bool:
        """Whether one matrix reads input and state."""
        return any(place.join is Join.SIDE_BY_SIDE for place in self.places)

    @property
    def state_first(self) -> bool:
        r"""Whether a matrix that reads both begins with the state, as in $[h_{t-1}, X_t]$."""
        return any(place.parts == ("W_h", "W_x") for place in self.places)

    @property
    def biases(self) -> int:
        """How many biases a gate has: 0, 1 or 2; a candidate may have more than the gates."""
        return max(len(self.biases_of(gate)) for gate in self.cell.gates)

    def biases_of(self, gate: str) -> tuple[Part, ...]:
        """The biases that a gate has.

        Args:
            gate: its letter.

        Returns:
            `("b",)` for one that is the sum, `("b_x", "b_h")` for two, or nothing.
        """
        return tuple(
            part
            for place in self.places
            if gate in place.gates and not place.is_matrix
            for part in place.parts
        )

    def computes_like(self, other: "Convention") -> bool:
        """Whether weights can be moved from one to the other, but for biases that have no place.

        An update gate with the opposite meaning is no obstacle: its weights change their sign.

        Args:
            other: a convention of the same cell.

        Returns:
            Whether reset, activation, and what is handed on are the same.
        """
        mine = self.reset, self.hands_on, self.activation
        return mine == (other.reset, other.hands_on, other.activation)


# HOW ARRAYS ARE OFTEN LAID OUT


def both_matrices(name: str, gates: str, *, state_first: bool = False) -> Place:
    """A matrix that reads input and state.

    Args:
        name: what its owner calls it.
        gates: the letters of its gates, in order.
        state_first: whether the state's columns come before the input's.

    Returns:
        The place.
    """
    parts: tuple[Part, ...] = ("W_h", "W_x") if state_first else ("W_x", "W_h")
    return Place(name, gates, parts, Join.SIDE_BY_SIDE)


def each_alone(
    gates: Iterable[str], letters: Iterable[str] | None = None, *, state_first: bool = False
) -> tuple[Place, ...]:
    """A matrix `W_g` that reads input and state, and a bias `b_g`, for each gate `g`.

    Args:
        gates: the letters of the gates, in order.
        letters: what the owner calls them, in the same order; the lecture's letters if omitted.
        state_first: whether the state's columns come before the input's.

    Returns:
        The places, gate by gate.
    """
    return tuple(
        place
        for gate, letter in zip(gates, letters or gates, strict=True)
        for place in (
            both_matrices(f"W_{letter}", gate, state_first=state_first),
            Place(f"b_{letter}", gate, ("b",)),
        )
    )

"""A cell's state: one array, or a tuple of several."""

from collections.abc import Sequence
from typing import Any

from lecture_code.core.ops import Array

State = Any
"""A hidden state, or a tuple of arrays such as the LSTM's `(h, c)`, the hidden state first."""


def arrays_of(state: State) -> tuple[Array, ...]:
    """The arrays of a state.

    Args:
        state: as a step takes it or returns it.

    Returns:
        One array or several, the hidden state first.
    """
    return state if isinstance(state, tuple) else (state,)


def state_of(arrays: Sequence[Array]) -> State:
    """Make a state of arrays.

    Args:
        arrays: one or several.

    Returns:
        What a step takes: one array alone, several as a tuple.
    """
    return tuple(arrays) if len(arrays) > 1 else arrays[0]

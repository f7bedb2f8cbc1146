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

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.state import arrays_of
        >>> h, c = np.zeros(4), np.ones(4)
        >>> len(arrays_of(h)), len(arrays_of((h, c)))
        (1, 2)
    """
    return state if isinstance(state, tuple) else (state,)


def state_of(arrays: Sequence[Array]) -> State:
    """Make a state of arrays.

    Args:
        arrays: one or several.

    Returns:
        What a step takes: one array alone, several as a tuple.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.state import state_of
        >>> h, c = np.zeros(1), np.ones(1)
        >>> state_of([h]), state_of([h, c])
        (array([0.]), (array([0.]), array([1.])))
    """
    return tuple(arrays) if len(arrays) > 1 else arrays[0]

"""Concatenation: the input and the old state in one array, so that one matrix reads both."""

from lecture_code.core.ops import Array, concat


def joined(x: Array, h: Array) -> Array:
    r"""Put the features of the input and of the state side by side.

    $$
    V_t = [X_t, h_{t-1}]
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.

    Returns:
        $V_t$, shape `(..., input + hidden)`, the input first.

    Raises:
        ValueError: if the two differ on an axis other than the last.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import joined
        >>> joined(np.array([1.0, 2.0]), np.array([3.0]))
        array([1., 2., 3.])
    """
    joined = concat(x, h)
    return joined

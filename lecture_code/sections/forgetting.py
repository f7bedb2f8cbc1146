"""Forgetting on purpose: a gate decides which part of the past stays."""

from lecture_code.core.checks import check_same_shape
from lecture_code.core.ops import Array


def retain(h: Array, gate: Array) -> Array:
    r"""What a gate leaves of the past.

    $$
    h_t = \Gamma \otimes h_{t-1}
    $$

    Args:
        h: state $h_{t-1}$, any shape.
        gate: the gate $\Gamma$, the same shape: 1 keeps an entry, 0 forgets it.

    Returns:
        The part that stays, $h_t$, the same shape.

    Raises:
        ValueError: if the shapes differ.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import retain
        >>> retain(np.array([4.0, 4.0, 4.0]), np.array([0.0, 0.5, 1.0]))
        array([0., 2., 4.])
    """
    check_same_shape("gate", gate, "h", h)
    h_next = gate * h
    return h_next

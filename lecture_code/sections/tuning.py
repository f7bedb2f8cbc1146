r"""Tuning by hand: is one setting better than another, or was it the seed?"""

from lecture_code.core.checks import check_finite, check_same_shape
from lecture_code.core.ops import Array


def gain_over_seeds(a: Array, b: Array) -> tuple[Array, Array, Array]:
    r"""The mean gain of one setting over another, how sure it is, and the ratio of the two.

    Both settings are trained from the same seeds, and compared seed by seed.

    $$
    \begin{aligned}
    g &= \frac{1}{N} \sum_{n=0}^{N-1} (a_n - b_n) \\
    s &= \sqrt{\frac{1}{N (N-1)} \sum_{n=0}^{N-1} (a_n - b_n - g)^2} \\
    t &= \frac{g}{s}
    \end{aligned}
    $$

    Args:
        a: errors $a$ of the one setting, one for each seed, shape `(seeds,)`.
        b: errors $b$ of the other, from the same seeds in the same order.

    Returns:
        The gain $g$, by how much the error of `b` is smaller on average; its standard error $s$,
        how far $g$ would typically be off with other seeds; and $t$, how many of them it is.

    Raises:
        ValueError: if the shapes differ, a number is not finite, there are fewer than two seeds, or
            all the differences are equal.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.tuning import gain_over_seeds
        >>> g, s, t = gain_over_seeds(np.array([5.0, 7.0, 9.0]), np.array([4.0, 4.0, 4.0]))
        >>> print(f"{g:.2f} {s:.2f} {t:.2f}")  # differences 1, 3, 5
        3.00 1.15 2.60
    """
    check_finite("a", a, ["seed"])
    check_same_shape("b", b, "a", a)
    check_finite("b", b, ["seed"])
    N = len(a)
    if N < 2:
        raise ValueError(f"a: expected the errors of at least 2 seeds, got {N}: no spread is seen")
    g = 1 / N * (a - b).sum()
    s = (1 / (N * (N - 1)) * ((a - b - g) ** 2).sum()) ** 0.5
    _check_spread(s)
    t_value = g / s
    return g, s, t_value


def _check_spread(s: Array) -> None:
    if not s > 0:
        raise ValueError(
            "a, b: expected differences that vary with the seed, got equal ones; is the seed used?"
        )

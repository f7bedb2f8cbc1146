"""Windows: pairs of past and future cut from a series, without letting the future into the past."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from lecture_code.core.checks import check_series
from lecture_code.core.ops import Array, namespace


def standardize(x: Array, T: int) -> Array:
    r"""Scale a series by the mean and the deviation of its first $T$ values: its training part.

    $$
    \begin{aligned}
    \mu &= \frac{1}{T} \sum_{t=0}^{T-1} x_t \\
    s &= \sqrt{\frac{1}{T} \sum_{t=0}^{T-1} (x_t - \mu)^2} \\
    y &= \frac{x - \mu}{s}
    \end{aligned}
    $$

    In a table, each column is a series and has a mean and a deviation of its own.

    Args:
        x: series $x$, shape `(time,)`, or a table, shape `(time, columns)`.
        T: how many values count as known, at least 2.

    Returns:
        $y$, the shape of `x`: the first `T` values of each column have mean 0 and deviation 1, the
        others need not.

    Raises:
        ValueError: if `T` is below 2 or longer than the series, the first `T` values of a column
            are equal, a value is not a finite number, or `x` has another number of axes.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.windowing import standardize
        >>> standardize(np.array([1.0, 3.0, 5.0]), T=2)
        array([-1.,  1.,  3.])
        >>> standardize(np.array([[0.0, 0.0], [2.0, 20.0], [4.0, 40.0]]), T=2)
        array([[-1., -1.],
               [ 1.,  1.],
               [ 3.,  3.]])
    """
    check_series(x)
    if not 2 <= T <= len(x):
        raise ValueError(f"T: expected from 2 to {len(x)} known values, got {T}")
    mean = 1 / T * x[:T].sum(0)
    deviation = (1 / T * ((x[:T] - mean) ** 2).sum(0)) ** 0.5
    _check_deviation(deviation, T)
    y = (x - mean) / deviation
    return y


def _check_deviation(deviation: Array, T: int) -> None:
    """Raise if a column does not vary; none of several may hide behind the others."""
    still = [column for column, value in enumerate(deviation.reshape(-1)) if not value > 0]
    if still:
        column = f" in column {still[0]}" if len(deviation.shape) else ""
        raise ValueError(f"x: expected values that differ, got {T} equal ones{column}")


class Windows(NamedTuple):
    """Pairs of past and future.

    Attributes:
        inputs: what is known, shape `(pairs, window)`; of a table `(pairs, window, columns)`.
        targets: what is to be predicted, shape `(pairs, horizon)`; of a table
            `(pairs, horizon, columns)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.windowing import windows
        >>> pairs = windows(np.arange(6), window=3, horizon=2)
        >>> pairs.inputs.shape, pairs.targets.shape
        ((2, 3), (2, 2))
    """

    inputs: Array
    targets: Array


def windows(x: Array, window: int, horizon: int, times: Any = None) -> Windows:
    """Cut a series into every pair of a past and the future that follows it.

    Args:
        x: series, shape `(time,)`, or a table, shape `(time, columns)`, whose columns are cut in
            the same places.
        window: how many values of the past, in time steps.
        horizon: how many values of the future, in time steps.
        times: when each value was measured, shape `(time,)`, numbers or dates. They are only
            checked: a pair means nothing if the rows are not in order of time.

    Returns:
        The pairs in order of time; there are `time - window - horizon + 1` of them.

    Raises:
        ValueError: if the window or the horizon is below 1, the series is shorter than both, a
            value is not a finite number, or the times do not rise or do not fit the series.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.windowing import windows
        >>> for past, future in zip(*windows(np.arange(5), window=3, horizon=1)):
        ...     print(past, future)
        [0 1 2] [3]
        [1 2 3] [4]
        >>> table = np.arange(10).reshape(5, 2)
        >>> pairs = windows(table, window=3, horizon=1)
        >>> pairs.inputs.shape, pairs.targets.shape
        ((2, 3, 2), (2, 1, 2))
    """
    for name, size in (("window", window), ("horizon", horizon)):
        if not isinstance(size, int | np.integer) or size < 1:
            raise ValueError(
                f"{name}: expected a whole number of time steps from 1 on, got {size!r}"
            )
    check_series(x, times)
    pairs = len(x) - window - horizon + 1
    if pairs < 1:
        raise ValueError(
            f"x: expected at least {window + horizon} time steps, for a window of {window} and a "
            f"horizon of {horizon}, got {len(x)}"
        )
    places = np.arange(pairs)[:, None] + np.arange(window + horizon)
    both = x[namespace(x).asarray(places)]
    return Windows(both[:, :window], both[:, window:])


def split_in_time(x: Array, *fractions: float) -> tuple[Array, ...]:
    """Cut a series into consecutive parts: training first, then validation, then test.

    Windows are cut from each part on its own, so that no window reaches into the next part.

    Args:
        x: series, shape `(time, ...)`.
        *fractions: share of each part but the last, such as `0.6, 0.2`; together below 1.

    Returns:
        One part more than there are fractions, in order of time.

    Raises:
        ValueError: if a fraction is not above 0, they come to 1 or more, or a part would be empty.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.windowing import split_in_time
        >>> print(*split_in_time(np.arange(10), 0.6, 0.2))
        [0 1 2 3 4 5] [6 7] [8 9]
    """
    ends = [round(end * len(x)) for end in np.cumsum(fractions)]
    if not fractions or min(fractions) <= 0 or sum(fractions) >= 1:
        raise ValueError(
            f"fractions: expected shares above 0 that come to less than 1, got {fractions}"
        )
    bounds = [0, *ends, len(x)]
    parts = tuple(x[start:end] for start, end in pairwise(bounds))
    if any(len(part) == 0 for part in parts):
        raise ValueError(f"x: {len(x)} time steps are too few for the parts {fractions}")
    return parts

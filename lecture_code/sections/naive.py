"""Naive forecasts, which need no training, and the score that measures a forecast by them."""

import numpy as np

from lecture_code.core.checks import check_finite, check_same_shape, check_series
from lecture_code.core.ops import Array, namespace


def naive(X: Array) -> Array:
    r"""Repeat the last value: what was seen last is what is to come, at every step ahead.

    $$
    \hat{y}_n = X_{n,T-1}
    $$

    Args:
        X: windows of the past $X$, shape `(pairs, window)`.

    Returns:
        $\hat{y}$, shape `(pairs,)`: one value, for however many steps ahead; see `over_horizon`.

    Raises:
        ValueError: if `X` has other axes, or a number in it is not finite.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.naive import naive
        >>> naive(np.array([[1.0, 5.0, 2.0]]))
        array([2.])
    """
    check_finite("X", X, ["pair", "time step"])
    T = X.shape[1]
    y_hat = X[:, T - 1]
    return y_hat


def seasonal_naive(X: Array, m: int) -> Array:
    r"""Repeat the last season: what was seen $m$ time steps earlier.

    $$
    \hat{Y}_{n,k} = X_{n,T-m+k}
    $$

    Args:
        X: windows of the past $X$, shape `(pairs, window)`.
        m: length $m$ of a season, in time steps: 12 for months, 7 for days of a week.

    Returns:
        $\hat{Y}$, shape `(pairs, m)`: the next season, step by step; see `over_horizon`.

    Raises:
        ValueError: if the window does not hold a season, `X` has other axes, or a number in it is
            not finite.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.naive import seasonal_naive
        >>> seasonal_naive(np.array([[1.0, 5.0, 2.0]]), m=2)
        array([[5., 2.]])
    """
    check_finite("X", X, ["pair", "time step"])
    T = X.shape[1]
    _check_season(m, T, "the window")
    Y_hat = X[:, T - m :]
    return Y_hat


def drift(X: Array, h: Array) -> Array:
    r"""Go on along the straight line through the first and the last value.

    $$
    \hat{Y}_{n,k} = X_{n,T-1} + \frac{X_{n,T-1} - X_{n,0}}{T-1} h_k
    $$

    Args:
        X: windows of the past $X$, shape `(pairs, window)`, of two time steps at least.
        h: steps ahead $h$, shape `(horizon,)`, such as 1, 2, 3.

    Returns:
        $\hat{Y}$, shape `(pairs, horizon)`.

    Raises:
        ValueError: if the window has one time step, `X` or `h` has other axes, or a number in them
            is not finite.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.naive import drift
        >>> drift(np.array([[1.0, 5.0, 2.0]]), h=np.array([1, 2]))
        array([[2.5, 3. ]])
    """
    check_finite("X", X, ["pair", "time step"])
    check_finite("h", h, ["step ahead"])
    T = X.shape[1]
    if T < 2:
        raise ValueError(f"X: expected windows of at least 2 time steps, got {T}: no line is drawn")
    Y_hat = X[:, T - 1 :] + (X[:, T - 1 :] - X[:, :1]) / (T - 1) * h
    return Y_hat


def naive_scale(x: Array, m: int) -> Array:
    r"""How wrong the naive forecast is, one season ahead, within the series itself.

    $$
    s = \frac{1}{T-m} \sum_{t=m}^{T-1} \sqrt{(x_t - x_{t-m})^2}
    $$

    The root of a square is the absolute value.

    Args:
        x: series $x$, shape `(time,)`: the training part.
        m: length $m$ of a season, in time steps; 1 for the naive forecast without one.

    Returns:
        $s$, the mean absolute error, a number in units of the series.

    Raises:
        ValueError: if the series is no longer than a season, is a table, or has a number that is
            not finite.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.naive import naive_scale
        >>> print(naive_scale(np.array([1.0, 5.0, 2.0]), m=1))  # (4 + 3) / 2
        3.5
    """
    check_series(x)
    check_finite("x", x, ["time step"])
    T = len(x)
    _check_season(m, T - 1, "the series less one")
    s = 1 / (T - m) * abs(x[m:] - x[: T - m]).sum()
    return s


def mase(Y: Array, Y_hat: Array, s: float) -> Array:
    r"""The mean absolute scaled error: 1 is as wrong as the naive forecast that gave the scale.

    $$
    \begin{aligned}
    e &= \frac{1}{N H} \sum_{n,k} \sqrt{(Y_{n,k} - \hat{Y}_{n,k})^2} \\
    \mathrm{MASE} &= \frac{e}{s}
    \end{aligned}
    $$

    Source: Hyndman and Koehler (2006), Another look at measures of forecast accuracy. The root of
    a square is the absolute value.

    Args:
        Y: what came $Y$, shape `(pairs, horizon)`.
        Y_hat: what was forecast $\hat{Y}$, the same shape.
        s: the scale $s$: the mean absolute error of a naive forecast, such as `naive_scale` gives.

    Returns:
        The MASE, a number without a unit.

    Raises:
        ValueError: if the shapes differ, a number is not finite, or the scale is not above 0.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.naive import mase
        >>> print(mase(np.array([[3.0, 5.0]]), np.array([[2.0, 2.0]]), s=4.0))  # (1 + 3) / 2 / 4
        0.5
    """
    check_finite("Y", Y, ["pair", "step ahead"])
    check_same_shape("Y_hat", Y_hat, "Y", Y)
    check_finite("Y_hat", Y_hat, ["pair", "step ahead"])
    if not s > 0:
        raise ValueError(f"s: expected a scale above 0, got {s}: the naive forecast made no error")
    N, H = Y.shape
    e = 1 / (N * H) * abs(Y - Y_hat).sum()
    scaled = e / s
    return scaled


def over_horizon(season: Array, horizon: int) -> Array:
    """Repeat a forecast until it reaches the horizon.

    Args:
        season: what repeats, shape `(pairs, m)`, or `(pairs,)` for a single value.
        horizon: how many steps ahead, at least 1.

    Returns:
        The forecast, shape `(pairs, horizon)`.

    Raises:
        ValueError: if the horizon is no whole number from 1 on.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.naive import over_horizon
        >>> over_horizon(np.array([[5.0, 2.0]]), 3)
        array([[5., 2., 5.]])
        >>> over_horizon(np.array([2.0]), 3)
        array([[2., 2., 2.]])
    """
    if not isinstance(horizon, int | np.integer) or horizon < 1:
        raise ValueError(
            f"horizon: expected a whole number of time steps from 1 on, got {horizon!r}"
        )
    if len(season.shape) == 1:
        season = season[:, None]
    places = np.arange(horizon) % season.shape[1]
    return season[:, namespace(season).asarray(places)]


def _check_season(m: int, longest: int, of: str) -> None:
    if not isinstance(m, int | np.integer) or not 1 <= m <= longest:
        raise ValueError(
            f"m: expected a season from 1 to {longest} time steps, the length of {of}, got {m!r}"
        )

r"""Several steps ahead: all at once or one after the other, and where such forecasts go wrong."""

from collections.abc import Callable

import numpy as np

from lecture_code.core.checks import check_finite, check_same_shape
from lecture_code.core.layers import DenseWeights
from lecture_code.core.ops import Array, affine, concat, namespace


def direct_forecast(X: Array, weights: DenseWeights) -> Array:
    r"""Forecast all steps at once: one row of weights for each step ahead.

    $$
    \hat{Y} = W X + b
    $$

    Args:
        X: windows of the past $X$, shape `(pairs, window)`.
        weights: `DenseWeights(W, b)`, with shapes `(horizon, window)` and `(horizon,)`.

    Returns:
        $\hat{Y}$, shape `(pairs, horizon)`.

    Raises:
        ValueError: if the window does not fit the weights, or a number in it is not finite.

    Examples:
        The last value, and the last value plus the last change:

        >>> import numpy as np
        >>> from lecture_code import DenseWeights
        >>> from lecture_code.sections.several_steps import direct_forecast
        >>> weights = DenseWeights(W=np.array([[0.0, 1.0], [-1.0, 2.0]]), b=np.zeros(2))
        >>> direct_forecast(np.array([[3.0, 5.0]]), weights)
        array([[5., 7.]])
    """
    _check_windows(X, weights)
    W, b = weights
    Y_hat = affine(W, X, b)
    return Y_hat


def move_on(X: Array, weights: DenseWeights) -> tuple[Array, Array]:
    r"""Forecast one step, and put the forecast into the window in place of the oldest value.

    $$
    \begin{aligned}
    \hat{Y} &= W X + b \\
    V_{n,j} &= X_{n,j+1} \\
    U &= [V, \hat{Y}]
    \end{aligned}
    $$

    Args:
        X: windows of the past $X$, shape `(pairs, window)`.
        weights: `DenseWeights(W, b)` for one step ahead, with shapes `(1, window)` and `(1,)`.

    Returns:
        The forecast $\hat{Y}$, shape `(pairs, 1)`, and the window one step later $U$, shape
        `(pairs, window)`.

    Raises:
        ValueError: if the weights are not for one step, the window does not fit them, or a number
            in it is not finite.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import DenseWeights
        >>> from lecture_code.sections.several_steps import move_on
        >>> next_one = DenseWeights(W=np.array([[-1.0, 2.0]]), b=np.zeros(1))
        >>> move_on(np.array([[3.0, 5.0]]), next_one)
        (array([[7.]]), array([[5., 7.]]))
    """
    _check_windows(X, weights)
    if len(weights.b) != 1:
        raise ValueError(f"weights: expected those of one step ahead, got {len(weights.b)} steps")
    W, b = weights
    Y_hat = affine(W, X, b)
    V = X[:, 1:]
    U = concat(V, Y_hat)
    return Y_hat, U


def recursive_forecast(
    X: Array, forecast: DenseWeights | Callable[[Array], Array], horizon: int
) -> Array:
    """Forecast one step at a time: each forecast is an input of the next.

    Args:
        X: windows of the past, shape `(pairs, window)`.
        forecast: weights for one step ahead, as in `move_on`; or a function that takes windows and
            returns the next values, shape `(pairs, 1)`, such as a trained network.
        horizon: how many steps ahead, at least 1.

    Returns:
        The forecast, shape `(pairs, horizon)`.

    Raises:
        ValueError: if the horizon is no whole number from 1 on, or `forecast` gives another shape
            or numbers that are not finite.

    Examples:
        A line goes on as a line:

        >>> import numpy as np
        >>> from lecture_code import DenseWeights
        >>> from lecture_code.sections.several_steps import recursive_forecast
        >>> next_one = DenseWeights(W=np.array([[-1.0, 2.0]]), b=np.zeros(1))
        >>> recursive_forecast(np.array([[3.0, 5.0]]), next_one, horizon=3)
        array([[ 7.,  9., 11.]])
    """
    if not isinstance(horizon, int | np.integer) or horizon < 1:
        raise ValueError(
            f"horizon: expected a whole number of time steps from 1 on, got {horizon!r}"
        )
    steps = []
    for _ in range(horizon):
        if isinstance(forecast, DenseWeights):
            Y_hat, X = move_on(X, forecast)
        else:
            Y_hat = forecast(X)
            check_finite("what forecast returns", Y_hat, ["pair", "step ahead"])
            if tuple(Y_hat.shape) != (len(X), 1):
                raise ValueError(
                    f"forecast: expected it to return the shape ({len(X)}, 1), one step ahead, "
                    f"got {tuple(Y_hat.shape)}"
                )
            X = concat(X[:, 1:], Y_hat)
        steps.append(Y_hat)
    return namespace(X).concat(steps, axis=1)


def step_errors(Y: Array, Y_hat: Array) -> Array:
    r"""The root mean square error of each step ahead, over all pairs.

    $$
    e_k = \sqrt{\frac{1}{N} \sum_{n=0}^{N-1} (Y_{n,k} - \hat{Y}_{n,k})^2}
    $$

    Args:
        Y: what came $Y$, shape `(pairs, horizon)`.
        Y_hat: what was forecast $\hat{Y}$, the same shape.

    Returns:
        $e$, shape `(horizon,)`.

    Raises:
        ValueError: if the shapes differ, or a number is not finite.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.several_steps import step_errors
        >>> step_errors(np.array([[1.0, 2.0], [1.0, 4.0]]), np.array([[1.0, 1.0], [1.0, 5.0]]))
        array([0., 1.])
    """
    check_finite("Y", Y, ["pair", "step ahead"])
    check_same_shape("Y_hat", Y_hat, "Y", Y)
    check_finite("Y_hat", Y_hat, ["pair", "step ahead"])
    N = len(Y)
    e = (1 / N * ((Y - Y_hat) ** 2).sum(0)) ** 0.5
    return e


def late_error(y: Array, y_hat: Array, s: int) -> Array:
    r"""The mean square error of a forecast against what came $s$ steps before.

    $$
    e = \frac{1}{T-s} \sum_{t=s}^{T-1} (y_{t-s} - \hat{y}_t)^2
    $$

    Args:
        y: what came $y$, shape `(time,)`.
        y_hat: the forecast of each time step $\hat{y}$, shape `(time,)`.
        s: how late $s$, in time steps; with 0 it is the error of the forecast.

    Returns:
        $e$, a number. If it is smallest at 1, the forecast is a copy of the last value.

    Raises:
        ValueError: if the shapes differ, a number is not finite, or `s` is not from 0 to one less
            than the length.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.several_steps import late_error
        >>> y, y_hat = np.array([1.0, 5.0, 2.0]), np.array([1.0, 1.0, 5.0])
        >>> print([round(float(late_error(y, y_hat, s)), 2) for s in (0, 1)])
        [8.33, 0.0]
    """
    check_finite("y", y, ["time step"])
    check_same_shape("y_hat", y_hat, "y", y)
    check_finite("y_hat", y_hat, ["time step"])
    T = len(y)
    if not isinstance(s, int | np.integer) or not 0 <= s < T:
        raise ValueError(f"s: expected a number of time steps from 0 to {T - 1}, got {s!r}")
    e = 1 / (T - s) * ((y[: T - s] - y_hat[s:]) ** 2).sum()
    return e


def _check_windows(X: Array, weights: DenseWeights) -> None:
    check_finite("X", X, ["pair", "time step"])
    window = weights.W.shape[1]
    if X.shape[1] != window:
        raise ValueError(
            f"X: expected windows of {window} time steps, as the weights have, got {X.shape[1]}"
        )

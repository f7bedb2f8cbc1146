"""Several steps ahead: by hand, against torch and statsmodels, and what is refused."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from statsmodels.tools.eval_measures import rmse
from statsmodels.tsa.ar_model import AutoReg

from lecture_code import DenseWeights
from lecture_code.publish.series import sunspots
from lecture_code.sections.several_steps import (
    direct_forecast,
    late_error,
    move_on,
    recursive_forecast,
    step_errors,
)

TOLERANCE = 1e-12
LINE = DenseWeights(W=np.array([[-1.0, 2.0]]), b=np.zeros(1))


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_a_step_by_hand():
    forecast, window = move_on(np.array([[1.0, 2.0, 3.0]]), DenseWeights(np.ones((1, 3)), draw(1)))
    assert_allclose(forecast, 6 + draw(1)[None])
    assert_array_equal(window, [[2, 3, forecast[0, 0]]])


def test_a_line_goes_on():
    X = np.array([[3.0, 5.0], [0.0, -1.0]])
    assert_array_equal(recursive_forecast(X, LINE, 4), [[7, 9, 11, 13], [-2, -3, -4, -5]])


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 7))
def test_direct_is_torchs_linear_layer(pairs, window, horizon):
    X, weights = draw(pairs, window), DenseWeights(draw(horizon, window), draw(horizon))
    layer = torch.nn.functional.linear(*map(torch.tensor, (X, *weights)))
    assert_allclose(direct_forecast(X, weights), layer, rtol=0, atol=TOLERANCE)


@given(st.integers(1, 6), st.integers(1, 9))
def test_recursive_is_a_power_of_the_matrix_that_moves_on(window, horizon):
    X, W = draw(3, window), draw(1, window, seed=window) / window
    matrix = np.vstack((np.eye(window)[1:], W))
    powers = [np.linalg.matrix_power(matrix, k + 1)[-1] for k in range(horizon)]
    ours = recursive_forecast(X, DenseWeights(W, np.zeros(1)), horizon)
    assert_allclose(ours, X @ np.transpose(powers), rtol=0, atol=1e-10)


def test_recursive_is_what_statsmodels_forecasts():
    """An autoregression of nine lags, fitted by statsmodels, on the sunspots."""
    x = sunspots().values
    model = AutoReg(x, lags=9).fit()
    bias, *lags = model.params  # the newest lag first
    weights = DenseWeights(W=np.array([lags[::-1]]), b=np.array([bias]))
    ours = recursive_forecast(x[None, -9:], weights, 20)
    assert_allclose(ours[0], model.forecast(20), rtol=0, atol=1e-9)


def test_a_function_forecasts_as_weights_do():
    X = draw(4, 2)
    by_function = recursive_forecast(X, lambda window: direct_forecast(window, LINE), 5)
    assert_array_equal(by_function, recursive_forecast(X, LINE, 5))


@given(st.integers(1, 9), st.integers(1, 9))
def test_the_errors_of_the_steps_are_statsmodels(pairs, horizon):
    Y, Y_hat = draw(pairs, horizon), draw(pairs, horizon, seed=1)
    assert_allclose(step_errors(Y, Y_hat), rmse(Y, Y_hat, axis=0), rtol=0, atol=TOLERANCE)


def test_a_copy_of_the_last_value_is_one_step_late():
    y = draw(50).cumsum()
    errors = [late_error(y[1:], y[:-1], s) for s in range(4)]
    assert errors[1] == 0 and np.argmin(errors) == 1
    assert_allclose(errors[0], (np.diff(y) ** 2).mean(), rtol=0, atol=TOLERANCE)


def test_tensors_stay_tensors():
    X, weights = draw(4, 3), DenseWeights(draw(1, 3), draw(1))
    tensors = torch.tensor(X), DenseWeights(*map(torch.tensor, weights))
    for ours, theirs in (
        (recursive_forecast(X, weights, 5), recursive_forecast(*tensors, 5)),
        (step_errors(X, 2 * X), step_errors(tensors[0], 2 * tensors[0])),
        (late_error(X[:, 0], X[:, 1], 1), late_error(tensors[0][:, 0], tensors[0][:, 1], 1)),
    ):
        assert isinstance(theirs, torch.Tensor)
        assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(
    "attempt, message",
    [
        (lambda: direct_forecast(draw(4, 3), LINE), "X: expected windows of 2 time steps, as the"),
        (
            lambda: direct_forecast(draw(4), LINE),
            "X: expected an array with one axis for each pair",
        ),
        (
            lambda: move_on(np.array([[1.0, np.nan]]), LINE),
            "X: expected finite numbers, got nan at pair 0, time step 1",
        ),
        (
            lambda: move_on(draw(4, 2), DenseWeights(draw(3, 2), draw(3))),
            "weights: expected those of one step ahead, got 3 steps",
        ),
        (
            lambda: recursive_forecast(draw(4, 2), lambda X: X, 3),
            r"forecast: expected it to return the shape \(4, 1\), one step ahead, got \(4, 2\)",
        ),
        (lambda: recursive_forecast(draw(4, 2), LINE, 0), "horizon: expected a whole number of"),
        (lambda: step_errors(draw(4, 2), draw(4, 3)), "Y_hat: expected the shape of Y"),
        (lambda: late_error(draw(4), draw(4, 1), 0), "y_hat: expected the shape of y"),
        (lambda: late_error(draw(4), draw(4), 4), "s: expected a number of time steps from 0 to 3"),
        (
            lambda: late_error(draw(4), draw(4), -1),
            "s: expected a number of time steps from 0 to 3",
        ),
    ],
)
def test_what_does_not_fit_is_refused(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt()


def test_a_forecast_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="what forecast returns: expected finite numbers, got inf"):
        recursive_forecast(draw(4, 2), lambda X: X[:, :1] * 0 + np.inf, 3)

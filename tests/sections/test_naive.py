"""Naive forecasts and MASE: by hand, against their judges, and the three scales of the sunspots."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.evidence.judges import JUDGES
from lecture_code.publish.series import sunspots
from lecture_code.sections.naive import (
    drift,
    mase,
    naive,
    naive_scale,
    over_horizon,
    seasonal_naive,
)
from lecture_code.sections.windowing import split_in_time, windows

TOLERANCE = 1e-12
PAST = np.array([[1.0, 5.0, 2.0, 8.0], [0.0, 0.0, 3.0, -3.0]])


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def judged(function, *arguments):
    """What each judge of a function says."""
    return [judge.run(*arguments) for judge in JUDGES[function]]


def test_the_forecasts_by_hand():
    assert_array_equal(naive(PAST), [8, -3])
    assert_array_equal(seasonal_naive(PAST, 3), [[5, 2, 8], [0, 3, -3]])
    # From 1 to 8 in three steps: 7/3 a step.
    assert_allclose(drift(PAST[:1], np.array([3, 6])), [[15, 22]], rtol=0, atol=TOLERANCE)


def test_the_naive_forecast_is_seasonal_with_a_season_of_one_and_drift_at_no_step():
    assert_array_equal(naive(PAST)[:, None], seasonal_naive(PAST, 1))
    assert_array_equal(naive(PAST)[:, None], drift(PAST, np.array([0])))


@given(st.integers(1, 5), st.integers(1, 30), st.integers(1, 9), st.data())
def test_forecasts_are_the_judges(pairs, window, horizon, data):
    X = draw(pairs, window, seed=window)
    m = data.draw(st.integers(1, window))
    cases = [(naive, X), (seasonal_naive, X, m)]
    if window > 1:
        cases.append((drift, X, np.arange(1, horizon + 1)))
    for function, *arguments in cases:
        for theirs in judged(function, *arguments):
            assert_allclose(function(*arguments), theirs, rtol=0, atol=1e-11)


@given(st.integers(2, 60), st.data())
def test_scale_and_score_are_the_judges(length, data):
    m = data.draw(st.integers(1, length - 1))
    x, Y, Y_hat = draw(length), draw(4, 3, seed=1), draw(4, 3, seed=2)
    for theirs in judged(naive_scale, x, m):
        assert_allclose(naive_scale(x, m), theirs, rtol=0, atol=TOLERANCE)
    for theirs in judged(mase, Y, Y_hat, 0.3):
        assert_allclose(mase(Y, Y_hat, 0.3), theirs, rtol=0, atol=TOLERANCE)


def test_score_by_hand():
    assert naive_scale(np.array([2.0, 4.0, 3.0, 6.0]), 1) == 2
    assert naive_scale(np.array([2.0, 4.0, 3.0, 6.0]), 2) == 1.5
    assert mase(np.array([[5.0, 9.0]]), np.array([[6.0, 6.0]]), 2.0) == 1


def test_the_naive_forecast_scores_1_on_what_gave_the_scale():
    x = draw(50).cumsum()
    past, future = windows(x, 1, 1)
    assert_allclose(mase(future, naive(past)[:, None], naive_scale(x, 1)), 1, atol=TOLERANCE)


def test_the_unit_does_not_count():
    x, Y, Y_hat = draw(30), draw(4, 3, seed=1), draw(4, 3, seed=2)
    one = mase(Y, Y_hat, naive_scale(x, 2))
    assert_allclose(mase(7 * Y, 7 * Y_hat, naive_scale(7 * x, 2)), one, rtol=0, atol=TOLERANCE)


def test_three_conventions_of_the_sunspots():
    """Window 12, horizon 3, the first 70 percent; known from before this page was written."""
    train = split_in_time(sunspots().values, 0.7)[0]
    past, future = windows(train, 12, 3)
    scales = (
        naive_scale(train, 1),
        abs(future - past[:, -3:]).mean(),
        abs(future - over_horizon(naive(past), 3)).mean(),
    )
    assert [round(float(s), 1) for s in scales] == [16.0, 39.6, 28.4]


@given(st.integers(1, 7), st.integers(1, 20))
def test_a_season_is_repeated_until_the_horizon(m, horizon):
    season = draw(3, m)
    filled = over_horizon(season, horizon)
    assert filled.shape == (3, horizon)
    for k in range(horizon):
        assert_array_equal(filled[:, k], season[:, k % m])


def test_tensors_stay_tensors():
    X, h = torch.tensor(PAST), torch.arange(1, 4)
    for ours, theirs in (
        (naive(PAST), naive(X)),
        (seasonal_naive(PAST, 3), seasonal_naive(X, 3)),
        (drift(PAST, h.numpy()), drift(X, h)),
        (over_horizon(PAST, 6), over_horizon(X, 6)),
        (naive_scale(PAST[0], 1), naive_scale(X[0], 1)),
        (mase(PAST, 2 * PAST, 3.0), mase(X, 2 * X, 3.0)),
    ):
        assert isinstance(theirs, torch.Tensor)
        assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("forecast", [naive, lambda X: seasonal_naive(X, 1), lambda X: drift(X, H)])
@pytest.mark.parametrize(
    "X, message",
    [
        (np.ones(4), r"X: expected an array with one axis for each pair, time step.*got.*\(4,\)"),
        (np.ones((3, 0)), r"none of them empty, got the shape \(3, 0\)"),
        (np.array([[1.0, np.nan]]), "X: expected finite numbers, got nan at pair 0, time step 1"),
    ],
)
def test_what_is_no_window_is_refused(forecast, X, message):
    with pytest.raises(ValueError, match=message):
        forecast(X)


H = np.arange(1, 4)


@pytest.mark.parametrize("m", [0, 5, 1.0])
def test_a_season_longer_than_the_window_is_refused(m):
    with pytest.raises(ValueError, match="m: expected a season from 1 to 4 time steps, the length"):
        seasonal_naive(PAST, m)
    with pytest.raises(ValueError, match="m: expected a season from 1 to 4 time steps, the length"):
        naive_scale(np.arange(5.0), m)


def test_a_line_through_one_point_is_refused():
    with pytest.raises(ValueError, match="X: expected windows of at least 2 time steps, got 1"):
        drift(PAST[:, :1], H)


@pytest.mark.parametrize(
    "Y_hat, s, message",
    [
        (PAST[:, 0], 1.0, r"Y_hat: expected the shape of Y, \(2, 4\), got \(2,\)"),
        (PAST, 0.0, "s: expected a scale above 0, got 0.0"),
        (PAST, np.nan, "s: expected a scale above 0, got nan"),
        (
            np.full((2, 4), np.inf),
            1.0,
            "Y_hat: expected finite numbers, got inf at pair 0, step ahead 0",
        ),
    ],
)
def test_a_score_of_what_does_not_fit_is_refused(Y_hat, s, message):
    with pytest.raises(ValueError, match=message):
        mase(PAST, Y_hat, s)


def test_a_scale_of_a_table_is_refused():
    with pytest.raises(ValueError, match="x: expected an array with one axis for each time step"):
        naive_scale(PAST, 1)


@pytest.mark.parametrize("horizon", [0, -1, 2.5])
def test_a_horizon_that_is_no_whole_number_from_1_is_refused(horizon):
    with pytest.raises(ValueError, match="horizon: expected a whole number of time steps from 1"):
        over_horizon(PAST, horizon)

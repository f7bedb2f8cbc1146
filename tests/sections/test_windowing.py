"""Windows: what they hold, and that the future does not reach into the past."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import zmap

from lecture_code.experiments.tasks import scaling_error
from lecture_code.pairing.functions import evaluate_text
from lecture_code.sections.windowing import Windows, split_in_time, standardize, windows

TOLERANCE = 1e-12


def series(length=60, seed=0):
    return np.random.default_rng(seed).normal(size=length).cumsum()


def honest(x, share=0.7):
    """Training windows, scaled by the training part."""
    known = len(split_in_time(x, share)[0])
    return windows(split_in_time(standardize(x, known), share)[0], 5, 2)


def scaled_with_everything(x, share=0.7):
    return windows(split_in_time(standardize(x, len(x)), share)[0], 5, 2)


def cut_before_the_split(x, share=0.7):
    pairs = windows(x, 5, 2)
    return Windows(*(split_in_time(array, share)[0] for array in pairs))


def with_another_future(x, seed, share=0.7):
    known = len(split_in_time(x, share)[0])
    changed = x.copy()
    changed[known:] = np.random.default_rng(seed).normal(scale=100, size=len(x) - known)
    return changed


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(30, 80))
def test_another_future_changes_no_training_pair(seed, other, length):
    x = series(length, seed)
    for before, after in zip(honest(x), honest(with_another_future(x, other)), strict=True):
        assert_array_equal(before, after)


@pytest.mark.parametrize("leaky", [scaled_with_everything, cut_before_the_split])
def test_that_test_sees_a_leak(leaky):
    """The mirror of the test above: leaky preparations fail it."""
    x = series()
    before, after = leaky(x), leaky(with_another_future(x, seed=1))
    assert any((a != b).any() for a, b in zip(before, after, strict=True))


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 30))
def test_windows_are_numpys(window, horizon, more):
    x = series(window + horizon + more)
    view = sliding_window_view(x, window + horizon)
    pairs = windows(x, window, horizon)
    assert_array_equal(pairs.inputs, view[:, :window])
    assert_array_equal(pairs.targets, view[:, window:])


def test_windows_by_hand():
    inputs, targets = windows(np.arange(5), 2, 1)
    assert_array_equal(inputs, [[0, 1], [1, 2], [2, 3]])
    assert_array_equal(targets, [[2], [3], [4]])


def test_windows_of_a_tensor_are_tensors():
    x = torch.arange(7.0)
    pairs = windows(x, 3, 2)
    assert all(isinstance(array, torch.Tensor) for array in pairs)
    assert_array_equal(pairs.inputs, windows(x.numpy(), 3, 2).inputs)


def test_windows_are_copies():
    x = series()
    pairs = windows(x, 5, 2)
    pairs.inputs[0, 0] = 1e9
    assert x[0] != 1e9


@pytest.mark.parametrize("size", [0, -1, 2.5])
@pytest.mark.parametrize("name", ["window", "horizon"])
def test_a_size_that_is_no_whole_number_from_1_is_refused(name, size):
    sizes = {"window": 3, "horizon": 3, name: size}
    with pytest.raises(ValueError, match=f"{name}: expected a whole number of time steps from 1"):
        windows(series(), **sizes)


def test_a_series_shorter_than_window_and_horizon_is_refused():
    message = "x: expected at least 7 time steps, for a window of 5 and a horizon of 2, got 6"
    with pytest.raises(ValueError, match=message):
        windows(series(6), 5, 2)


@pytest.mark.parametrize("shape", [(), (9, 9, 1), (9, 0)])
@pytest.mark.parametrize("use", [lambda x: windows(x, 2, 1), lambda x: standardize(x, 3)])
def test_what_is_no_series_and_no_table_is_refused(use, shape):
    message = r"x: expected a series of shape \(time,\) or a table of shape \(time, columns\), got"
    with pytest.raises(ValueError, match=message):
        use(np.zeros(shape))


def test_a_list_is_refused_by_name():
    with pytest.raises(TypeError, match=r"x: expected an array, got \[1, 2, 3\]"):
        windows([1, 2, 3], 1, 1)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 4), st.booleans())
def test_the_pairs_of_a_table_are_those_of_its_columns(window, horizon, columns, as_tensor):
    x = np.random.default_rng(columns).normal(size=(window + horizon + 7, columns))
    pairs = windows(torch.tensor(x) if as_tensor else x, window, horizon)
    for column in range(columns):
        for both, alone in zip(pairs, windows(x[:, column], window, horizon), strict=True):
            assert_array_equal(both[..., column], alone)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("use", [lambda x: windows(x, 2, 1), lambda x: standardize(x, 3)])
@pytest.mark.parametrize("kind", [np.array, torch.tensor])
def test_a_gap_is_refused_with_its_place(use, bad, kind):
    x = series(9)
    x[4] = bad
    with pytest.raises(ValueError, match=f"x: expected finite numbers, got {bad} at time step 4$"):
        use(kind(x))
    table = np.ones((9, 3)) * np.arange(9)[:, None]
    table[6, 2] = bad
    with pytest.raises(ValueError, match=f"got {bad} at time step 6, column 2$"):
        use(kind(table))


def test_times_that_rise_are_taken_numbers_and_dates():
    x = series(5)
    dates = np.array(["2020-01-01", "2020-01-02", "2020-01-05"], "datetime64[D]")
    assert_array_equal(windows(x, 2, 1, times=range(1700, 1705)).inputs, windows(x, 2, 1).inputs)
    assert len(windows(x[:3], 1, 1, times=dates).inputs) == 2


@pytest.mark.parametrize(
    "times, message",
    [
        ([1, 2, 4, 3, 5], "times: expected later and later times, got 3 after 4 at time step 3"),
        ([1, 2, 2, 3, 4], "got 2 after 2 at time step 2; sort the rows"),
        ([1, 2, 3, np.nan, 5], "got nan after 3.0 at time step 3"),
        (range(4), r"times: expected one for each time step of x, shape \(5,\), got \(4,\)"),
    ],
)
def test_times_out_of_order_or_of_another_length_are_refused(times, message):
    with pytest.raises(ValueError, match=message):
        windows(series(5), 2, 1, times=times)


def test_the_columns_of_a_table_are_scaled_one_by_one():
    """By hand: means 1 and 10, deviations 1 and 10."""
    table = np.array([[0.0, 0.0], [2.0, 20.0], [4.0, 40.0]])
    assert_array_equal(standardize(table, 2), [[-1, -1], [1, 1], [3, 3]])


@given(st.integers(0, 1000), st.integers(2, 20), st.integers(1, 4), st.booleans())
def test_each_column_of_a_table_is_scaled_by_the_equation(seed, T, columns, as_tensor):
    x = np.random.default_rng(seed).normal(size=(20, columns)) * 10.0 ** np.arange(columns)
    scaled = standardize(torch.tensor(x) if as_tensor else x, T)
    assert tuple(scaled.shape) == x.shape
    for column in range(columns):
        text = evaluate_text(standardize, x[:, column], T)
        assert_allclose(scaled[:, column], text, rtol=0, atol=1e-10)


def test_a_column_that_does_not_vary_is_named():
    x = np.stack((series(6), np.ones(6)), axis=1)
    with pytest.raises(ValueError, match="values that differ, got 4 equal ones in column 1"):
        standardize(x, 4)


@given(st.integers(0, 1000), st.integers(2, 40))
def test_scaling_is_scipys_zmap_on_the_training_part(seed, T):
    x = series(40, seed)
    assert_allclose(standardize(x, T), zmap(x, x[:T]), rtol=1e-12, atol=1e-10)


def test_only_the_known_part_has_mean_0_and_deviation_1():
    y = standardize(series() + np.arange(60), 40)
    assert abs(y[:40].mean()) < TOLERANCE and abs(y[:40].std() - 1) < TOLERANCE
    assert y[40:].mean() > 1


def test_scaling_a_tensor_is_scaling_the_array():
    x = series()
    theirs = standardize(torch.tensor(x), 30)
    assert_allclose(standardize(x, 30), theirs, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("T", [0, 1, 61])
def test_too_few_or_too_many_known_values_are_refused(T):
    with pytest.raises(ValueError, match=f"T: expected from 2 to 60 known values, got {T}"):
        standardize(series(), T)


def test_a_constant_training_part_is_refused():
    x = np.r_[np.ones(5), series(5)]
    with pytest.raises(ValueError, match="x: expected values that differ, got 5 equal ones"):
        standardize(x, 5)


def test_the_parts_follow_each_other_and_nothing_is_lost():
    x = series(10)
    parts = split_in_time(x, 0.5, 0.3)
    assert [len(part) for part in parts] == [5, 3, 2]
    assert_array_equal(np.concatenate(parts), x)


@pytest.mark.parametrize("fractions", [(), (0.0,), (-0.5, 0.7), (1.0,), (0.6, 0.4), (0.9, 0.3)])
def test_shares_that_leave_nothing_are_refused(fractions):
    with pytest.raises(ValueError, match="fractions: expected shares above 0 that come to less"):
        split_in_time(series(), *fractions)


def test_a_series_that_is_too_short_for_its_parts_is_refused():
    with pytest.raises(ValueError, match="x: 3 time steps are too few for the parts"):
        split_in_time(series(3), 0.1, 0.1)


@pytest.mark.parametrize("known", [160, 200])
def test_the_error_after_scaling_is_in_the_units_of_the_series(known):
    x = np.cumsum(series(200))
    one = scaling_error(x, known, steps=5, seed=1)
    assert one == scaling_error(x, known, steps=5, seed=1)
    assert_allclose(scaling_error(10 * x + 3, known, steps=5, seed=1), 10 * one, rtol=1e-6)
    # Untrained, the network says about the mean of what is known: the error is that of the mean.
    guess = scaling_error(x, known, steps=1, seed=1)
    spread = np.sqrt(((x[160:] - x[:known].mean()) ** 2).mean())
    assert abs(guess / spread - 1) < 0.5

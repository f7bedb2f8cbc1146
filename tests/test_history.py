"""Hopfield's memory, and the time line."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.linalg import hadamard

from lecture_code.history import recall, store
from lecture_code.publish.timeline import EVENTS, timeline


def draw(patterns=3, units=30, seed=0):
    return np.random.default_rng(seed).choice([-1.0, 1.0], size=(patterns, units))


def energy(h, W):
    return -h @ W @ h / 2


@given(st.integers(1, 6), st.integers(1, 20), st.integers(0, 100))
def test_storing_is_the_mean_of_outer_products(patterns, units, seed):
    X = draw(patterns, units, seed)
    expected = sum(np.outer(pattern, pattern) for pattern in X) / units
    assert_allclose(store(X), expected, rtol=0, atol=1e-14)


def test_patterns_at_right_angles_stand_still():
    X = hadamard(16)[1:5].astype(float)
    assert_array_equal(recall(X, store(X)), X)


@pytest.mark.parametrize("unit", range(16))
def test_one_unit_that_is_turned_over_is_mended_in_one_step(unit):
    X = hadamard(16)[1:4].astype(float)
    damaged = X[0].copy()
    damaged[unit] *= -1
    assert_array_equal(recall(damaged, store(X)), X[0])


def test_the_negative_of_a_pattern_stands_still_too():
    X = hadamard(16)[1:5].astype(float)
    assert_array_equal(recall(-X, store(X)), -X)


@given(st.integers(0, 200))
def test_one_unit_at_a_time_the_energy_never_rises(seed):
    random = np.random.default_rng(seed)
    W = store(draw(8, 20, seed))
    np.fill_diagonal(W, 0)
    h = random.choice([-1.0, 1.0], 20)
    for unit in random.permutation(20):
        following = h.copy()
        new = recall(h, W)[unit]
        following[unit] = new or h[unit]  # a sum of 0 leaves the unit as it is
        assert energy(following, W) <= energy(h, W) + 1e-12
        h = following


def test_all_at_once_a_state_can_go_to_and_fro():
    W = np.array([[0.0, -1.0], [-1.0, 0.0]])
    h = np.array([1.0, 1.0])
    assert_array_equal(recall(h, W), -h)
    assert_array_equal(recall(recall(h, W), W), h)


def test_torch_computes_what_numpy_computes():
    X = draw()
    W = store(X)
    assert_allclose(store(torch.tensor(X)), W, rtol=0, atol=1e-15)
    assert_array_equal(recall(torch.tensor(X), torch.tensor(W)), recall(X, W))


def test_the_time_line_has_each_event_once_with_its_source():
    drawn = timeline()
    assert drawn.count("<li ") == len(EVENTS)
    years = re.findall(r'class="timeline-year">(\d+)<', drawn)
    assert years == [str(event.year) for event in EVENTS]
    for event in EVENTS:
        assert event.link.startswith("https://") and f'href="{event.link}"' in drawn
        assert event.source and event.who


def test_the_time_line_has_every_date_of_the_slides():
    on_slides = " ".join(event.slide for event in EVENTS)
    for date in ("1982", "1995", "1999", "2009", "2013", "2014", "2017"):
        assert date in on_slides
    for forecaster in ("DeepAR", "MQRNN", "TFT"):
        assert f"2017, {forecaster}" in on_slides


def test_the_distances_are_the_years_between():
    first, second = EVENTS[0], EVENTS[2]
    assert f"--years: {second.year - first.year}" in timeline((first, second))


def test_events_out_of_order_are_refused():
    with pytest.raises(ValueError, match="events: expected the order of time, got the years"):
        timeline(EVENTS[::-1])

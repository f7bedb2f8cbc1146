"""The gain over seeds: by hand, against scipy, and what is refused."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import sem, ttest_rel

from lecture_code.sections.tuning import gain_over_seeds

TOLERANCE = 1e-12


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_by_hand():
    """Differences 1, 1, 3, 1: mean 1.5, squares of the deviations 3, and the root of 3 / 12."""
    old, new = np.array([10.0, 12.0, 11.0, 13.0]), np.array([9.0, 11.0, 8.0, 12.0])
    assert gain_over_seeds(old, new) == (1.5, 0.5, 3.0)


@given(st.integers(2, 40), st.integers(0, 100))
def test_it_is_scipys_paired_test(seeds, seed):
    a, b = draw(2, seeds, seed=seed)
    g, s, t = gain_over_seeds(a, b)
    assert_allclose(g, (a - b).mean(), rtol=0, atol=TOLERANCE)
    assert_allclose(s, sem(a - b), rtol=0, atol=TOLERANCE)
    assert_allclose(t, ttest_rel(a, b).statistic, rtol=1e-9)


def test_the_other_way_round_only_the_sign_changes():
    a, b = draw(2, 7)
    there, back = gain_over_seeds(a, b), gain_over_seeds(b, a)
    assert_allclose(there, [-back[0], back[1], -back[2]], rtol=0, atol=TOLERANCE)


def test_what_every_seed_adds_to_both_does_not_count():
    a, b, luck = draw(3, 9)
    assert_allclose(gain_over_seeds(a + luck, b + luck), gain_over_seeds(a, b), rtol=1e-9)


def test_tensors_stay_tensors():
    a, b = draw(2, 5)
    theirs = gain_over_seeds(torch.tensor(a), torch.tensor(b))
    assert all(isinstance(value, torch.Tensor) for value in theirs)
    assert_allclose(gain_over_seeds(a, b), theirs, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(
    "a, b, message",
    [
        (draw(1), draw(1, seed=1), "a: expected the errors of at least 2 seeds, got 1"),
        (draw(3), draw(2), r"b: expected the shape of a, \(3,\), got \(2,\)"),
        (draw(3, 2), draw(3, 2), "a: expected an array with one axis for each seed"),
        (draw(3), np.array([1.0, np.nan, 2.0]), "b: expected finite numbers, got nan at seed 1"),
        (np.full(3, 2.0), np.full(3, 1.0), "a, b: expected differences that vary with the seed"),
    ],
)
def test_what_does_not_fit_is_refused(a, b, message):
    with pytest.raises(ValueError, match=message):
        gain_over_seeds(a, b)

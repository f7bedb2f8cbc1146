"""What a bag loses, and the autocorrelation against statsmodels."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from statsmodels.tsa.stattools import acf

from lecture_code import RNNWeights, rnn_step, unroll
from lecture_code.sections.sequences import autocorrelation, bag_of_words

TOLERANCE = 1e-12


def series(length=50, seed=0):
    return np.random.default_rng(seed).normal(size=length).cumsum()


def test_a_bag_counts_each_word():
    words = np.eye(3)[[0, 2, 2, 0, 2]]
    assert_array_equal(bag_of_words(words), [2, 0, 3])


@given(st.permutations(range(6)))
def test_a_bag_does_not_know_the_order(order):
    # Whole numbers, so that their sum does not depend on who is added first.
    X = np.random.default_rng(0).integers(-9, 9, (6, 4))
    assert_array_equal(bag_of_words(X[order]), bag_of_words(X))


def test_a_state_knows_the_order():
    X = np.random.default_rng(0).normal(size=(6, 4))
    weights = RNNWeights.init(4, 3, seed=1)
    one, other = (unroll(rnn_step, order, np.zeros(3), weights)[1] for order in (X, X[::-1]))
    assert abs(one - other).max() > 0.1


def test_a_bag_of_tensors_is_a_tensor():
    X = torch.arange(6.0).reshape(3, 2)
    assert torch.equal(bag_of_words(X), torch.tensor([6.0, 9.0]))


@given(st.integers(0, 1000), st.integers(2, 60))
def test_the_autocorrelation_is_statsmodels(seed, length):
    x = series(length, seed)
    theirs = acf(x, nlags=length - 1, fft=False)
    ours = [autocorrelation(x, k) for k in range(length)]
    assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


def test_by_hand():
    # Mean 2; deviations -1, 1, -1, 1: three products of -1 at lag 1, over four squares of 1.
    x = np.array([1.0, 3.0, 1.0, 3.0])
    assert [autocorrelation(x, k) for k in range(4)] == [1, -0.75, 0.5, -0.25]


def test_neither_height_nor_unit_count():
    x = series()
    assert_allclose(autocorrelation(5 * x - 70, 3), autocorrelation(x, 3), rtol=0, atol=TOLERANCE)


def test_torch_computes_what_numpy_computes():
    x = series()
    theirs = autocorrelation(torch.tensor(x), 4)
    assert_allclose(autocorrelation(x, 4), theirs, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("k", [-1, 50, 51])
def test_a_lag_outside_the_series_is_refused(k):
    with pytest.raises(ValueError, match=f"k: expected a lag from 0 to 49, got {k}"):
        autocorrelation(series(), k)

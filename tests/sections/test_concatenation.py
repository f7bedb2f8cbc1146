"""Concatenation: the slides' picture, and the array that a matrix reads."""

import re

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from lecture_code import joined
from lecture_code.pairing.functions import evaluate_text

X = np.array(
    [
        [0.0, 1.0, 0.0, 0.0, 0.0],
        [1.0, -1.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, -1.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, -1.0, 0.0, 0.0],
    ]
)
H = np.array([1.0, 1.0, -1.0, 0.0, 1.0])

both = pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])


@both
def test_the_picture_of_the_slides(convert):
    """Five vectors stand in columns there, and the state has one number for each."""
    columns = joined(convert(X).T, convert(H)[:, None]).T
    assert_array_equal(
        columns,
        [
            [0, 1, 0, 0, 0],
            [1, -1, 1, 0, 0],
            [0, 0, 0, 0, 0],
            [0, -1, 0, 0, 0],
            [0, 1, -1, 0, 0],
            [1, 1, -1, 0, 1],
        ],
    )


@both
def test_one_vector_and_its_state(convert):
    assert_array_equal(joined(convert(X)[1], convert(H)), [1, -1, 1, 0, 0, 1, 1, -1, 0, 1])


@both
@pytest.mark.parametrize("batch", [(), (1,), (4,), (2, 3)], ids=str)
@pytest.mark.parametrize("features, hidden", [(1, 1), (3, 1), (1, 4), (3, 2)])
def test_the_input_comes_first(features, hidden, batch, convert):
    random = np.random.default_rng(0)
    x, h = random.normal(size=(*batch, features)), random.normal(size=(*batch, hidden))
    originals = x.copy(), h.copy()
    V = joined(convert(x), convert(h))
    assert V.dtype == convert(x).dtype and V.shape == (*batch, features + hidden)
    assert_array_equal(V[..., :features], x)
    assert_array_equal(V[..., features:], h)
    assert_array_equal(V, evaluate_text(joined, x, h))
    assert_array_equal(x, originals[0])
    assert_array_equal(h, originals[1])


def test_arguments_have_names():
    assert_array_equal(joined(h=H[:2], x=X[0, :2]), [0, 1, 1, 1])


def test_one_matrix_reads_both():
    """The reason to concatenate: one product in place of two."""
    random = np.random.default_rng(0)
    W = random.normal(size=(4, 10))
    apart = X @ W[:, :5].T + np.broadcast_to(H, (5, 5)) @ W[:, 5:].T
    together = joined(X, np.broadcast_to(H, (5, 5))) @ W.T
    np.testing.assert_allclose(together, apart, rtol=0, atol=1e-14)


def test_gradients_go_to_the_part_that_they_belong_to():
    x, h = torch.zeros(2, requires_grad=True), torch.zeros(3, requires_grad=True)
    (joined(x, h) * torch.tensor([1.0, 2, 3, 4, 5])).sum().backward()
    assert_array_equal(x.grad, [1, 2])
    assert_array_equal(h.grad, [3, 4, 5])


@both
@pytest.mark.parametrize(
    "x_shape, h_shape",
    [((5, 5), (5,)), ((5, 5), (1, 5)), ((2, 5), (3, 5)), ((3, 2, 5), (2, 5)), ((), ())],
    ids=str,
)
def test_a_state_for_another_batch_is_refused(x_shape, h_shape, convert):
    expected = f"agree on every axis but the last, got shapes {x_shape} and {h_shape}"
    with pytest.raises(ValueError, match=re.escape(expected)):
        joined(convert(np.ones(x_shape)), convert(np.ones(h_shape)))

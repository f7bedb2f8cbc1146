"""A new state in two ways, with two matrices or with one: the same result."""

import numpy as np
import pytest
import torch
from cells import SIZES, CellTests, GradientTests, draw, judges, largest_difference, to_torch
from numpy.testing import assert_allclose

from lecture_code import (
    DenseWeights,
    RNNSplitWeights,
    RNNWeights,
    dense,
    rnn_split_step,
    rnn_step,
    unroll,
)
from lecture_code.oracles import torch_nn


@pytest.mark.parametrize("step", [rnn_split_step])
class TestCell(CellTests):
    pass


@pytest.mark.parametrize("step, module", [(rnn_split_step, torch_nn.rnn_split)])
class TestGradients(GradientTests):
    pass


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_split_and_concatenated_are_equal(sizes):
    weights, inputs, h = draw(rnn_step, *sizes)
    features = inputs.shape[-1]
    split = RNNSplitWeights(weights.W[:, :features], weights.W[:, features:], weights.b)
    one, two = unroll(rnn_step, inputs, h, weights), unroll(rnn_split_step, inputs, h, split)
    assert largest_difference(one, two) <= 1e-14


def test_one_step_by_hand():
    weights = RNNSplitWeights(
        W_x=np.array([[2.0], [1.0]]),
        W_h=np.array([[-1.0, 3.0], [0.0, -8.0]]),
        b=np.array([-0.5, 0.25]),
    )
    h_next = rnn_split_step(np.array([0.5]), np.array([0.75, 0.25]), weights)
    assert_allclose(h_next, np.tanh([0.5, -1.25]), rtol=0, atol=1e-15)


def dense_case(batch=(2,), features=3, hidden=4):
    weights = DenseWeights.init(features, hidden, seed=0)
    return np.random.default_rng(1).normal(size=(*batch, features)), weights


@pytest.mark.parametrize("batch", [(), (1,), (5,), (2, 3)], ids=str)
@pytest.mark.parametrize("features, hidden", [(1, 1), (3, 1), (1, 3), (4, 3)])
def test_a_dense_layer_is_that_of_the_judges(batch, features, hidden):
    X, weights = dense_case(batch, features, hidden)
    y = dense(X, weights)
    for judge in judges(dense, agree=True):
        assert largest_difference(y, judge.run(X, weights)) <= judge.tolerance, judge.name
    assert_allclose(dense(torch.tensor(X), to_torch(weights)), y, rtol=0, atol=1e-15)


def test_a_dense_layer_does_not_mix_features_and_units():
    X, weights = dense_case()
    with pytest.raises(ValueError, match=r"takes arrays of shape \(\.\.\., 3\).*, got \(2, 2\)"):
        dense(X[:, :2], weights)


def test_gradients_of_a_dense_layer():
    X, weights = dense_case()
    arrays = [array.requires_grad_() for array in (torch.tensor(X), *to_torch(weights))]
    assert torch.autograd.gradcheck(lambda X, W, b: dense(X, DenseWeights(W, b)), arrays)


def test_a_recurrent_step_is_a_dense_layer_over_input_and_state():
    weights, inputs, h = draw(rnn_step)
    # tanh(v) = 2σ(2v) - 1
    twice = DenseWeights(2 * weights.W, 2 * weights.b)
    y = dense(np.concatenate([inputs[0], h], axis=-1), twice)
    h_next = rnn_step(inputs[0], h, RNNWeights(weights.W, weights.b))
    assert_allclose(2 * y - 1, h_next, rtol=0, atol=1e-15)

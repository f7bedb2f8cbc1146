"""The simple RNN, with tanh, with a rectifier, and with the slides' σ."""

from math import exp, tanh

import numpy as np
import pytest
from cells import CellTests, GradientTests, draw
from numpy.testing import assert_allclose

from lecture_code import RNNWeights, rnn_relu_step, rnn_sigmoid_step, rnn_step, unroll
from lecture_code.oracles import torch_nn


@pytest.mark.parametrize("step", [rnn_step, rnn_relu_step, rnn_sigmoid_step])
class TestCell(CellTests):
    pass


def relu_module(weights):
    return torch_nn.rnn(weights, nonlinearity="relu")


@pytest.mark.parametrize("step, module", [(rnn_step, torch_nn.rnn), (rnn_relu_step, relu_module)])
class TestGradients(GradientTests):
    pass


@pytest.mark.parametrize(
    "step, expected",
    [
        (rnn_step, [tanh(0.5), tanh(-1.5)]),
        (rnn_relu_step, [0.5, 0.0]),
        (rnn_sigmoid_step, [1 / (1 + exp(-0.5)), 1 / (1 + exp(1.5))]),
    ],
)
def test_one_step_by_hand(step, expected):
    # 2 * 0.5 - 1 * 0.75 + 3 * 0.25 - 0.5 = 0.5, and 1 * 0.5 + 0 * 0.75 - 8 * 0.25 + 0 = -1.5
    weights = RNNWeights(W=np.array([[2.0, -1.0, 3.0], [1.0, 0.0, -8.0]]), b=np.array([-0.5, 0.0]))
    x, h = np.array([0.5]), np.array([0.75, 0.25])
    assert_allclose(step(x, h, weights), expected, rtol=0, atol=1e-15)


def test_the_rectifier_leaves_positive_sums_as_they_are():
    weights, inputs, h = draw(rnn_relu_step)
    weights = weights._replace(W=np.abs(weights.W), b=np.abs(weights.b))
    inputs, h = np.abs(inputs), np.abs(h)
    W_x, W_h = weights.W[:, :3], weights.W[:, 3:]
    outputs, _ = unroll(rnn_relu_step, inputs[:1], h, weights)
    assert_allclose(outputs[0], inputs[0] @ W_x.T + h @ W_h.T + weights.b, rtol=0, atol=1e-14)


def test_a_plain_rnn_forgets_whatever_comes():
    # With a recurrent weight of 0.5 two different pasts are one after 60 steps.
    weights = RNNWeights(W=np.array([[1.0, 0.5]]), b=np.array([0.0]))
    inputs = np.random.default_rng(0).normal(size=(60, 2, 1))
    inputs[:, 1] = inputs[:, 0]
    outputs, _ = unroll(rnn_step, inputs, np.array([[1.0], [-1.0]]), weights)
    assert abs(outputs[0, 0] - outputs[0, 1]) > 0.1
    assert_allclose(outputs[-1, 0], outputs[-1, 1], rtol=0, atol=1e-15)

"""The GRU with one gate: keep the old state, take a new one, or mix the two."""

from math import exp, tanh

import numpy as np
import pytest
from cells import SIZES, CellTests, GradientTests, draw, largest_difference
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import (
    GRUWeights,
    OneGateGRUWeights,
    RNNWeights,
    gru_one_gate_step,
    gru_step,
    rnn_step,
    unroll,
)
from lecture_code.oracles import torch_nn

ALWAYS_OPEN = 40.0


@pytest.mark.parametrize("step", [gru_one_gate_step])
class TestCell(CellTests):
    pass


@pytest.mark.parametrize("step, module", [(gru_one_gate_step, torch_nn.gru_one_gate)])
class TestGradients(GradientTests):
    pass


def test_one_step_by_hand():
    weights = OneGateGRUWeights(
        W_g=np.array([[1.0, -2.0]]),
        b_g=np.array([0.25]),
        W_h=np.array([[-1.0, 4.0]]),
        b_h=np.array([0.75]),
    )
    gate, candidate = 1 / (1 + exp(-(0.5 - 2 * 0.3 + 0.25))), tanh(-0.5 + 4 * 0.3 + 0.75)
    h_next = gru_one_gate_step(np.array([0.5]), np.array([0.3]), weights)
    assert_allclose(h_next, [gate * 0.3 + (1 - gate) * candidate], rtol=0, atol=1e-15)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_it_is_the_full_gru_with_the_reset_at_1(sizes):
    weights, inputs, h = draw(gru_one_gate_step, *sizes)
    W_g, b_g, W_h, b_h = weights
    full = GRUWeights(W_g, b_g, 0 * W_g, 0 * b_g + ALWAYS_OPEN, W_h, b_h)
    one, two = unroll(gru_one_gate_step, inputs, h, weights), unroll(gru_step, inputs, h, full)
    assert largest_difference(one, two) <= 1e-15


def always(weights, bias):
    return weights._replace(W_g=0 * weights.W_g, b_g=0 * weights.b_g + bias)


def test_a_gate_of_1_remembers_everything():
    weights, inputs, h = draw(gru_one_gate_step)
    outputs, last = unroll(gru_one_gate_step, inputs, h, always(weights, ALWAYS_OPEN))
    assert_array_equal(last, h)
    assert_array_equal(outputs, [h] * len(inputs))


def test_a_gate_of_0_forgets_everything_but_the_candidate():
    weights, inputs, h = draw(gru_one_gate_step)
    ours = unroll(gru_one_gate_step, inputs, h, always(weights, -ALWAYS_OPEN))
    plain = unroll(rnn_step, inputs, h, RNNWeights(weights.W_h, weights.b_h))
    assert largest_difference(ours, plain) <= 1e-15


def test_a_gate_of_a_half_takes_the_mean():
    weights, inputs, h = draw(gru_one_gate_step)
    h_next = gru_one_gate_step(inputs[0], h, always(weights, 0.0))
    candidate = rnn_step(inputs[0], h, RNNWeights(weights.W_h, weights.b_h))
    assert_allclose(h_next, (h + candidate) / 2, rtol=0, atol=1e-15)

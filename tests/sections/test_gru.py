"""The full GRU: the reset before the product, as on the slides, and after it, as in torch."""

from math import exp, tanh

import numpy as np
import pytest
from cells import CellTests, GradientTests, draw, largest_difference
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import (
    GRUResetAfterWeights,
    GRUWeights,
    gru_reset_after_step,
    gru_step,
    unroll,
)
from lecture_code.evidence.reset_position import agreement
from lecture_code.oracles import torch_nn

ALWAYS_OPEN = 40.0


@pytest.mark.parametrize("step", [gru_step, gru_reset_after_step])
class TestCell(CellTests):
    pass


@pytest.mark.parametrize("step, module", [(gru_reset_after_step, torch_nn.gru_reset_after)])
class TestGradients(GradientTests):
    pass


def sigma(x):
    return 1 / (1 + exp(-x))


def test_one_step_by_hand():
    gates = {
        "W_u": np.array([[1.0, -2.0]]),
        "b_u": np.array([0.25]),
        "W_r": np.array([[3.0, 1.0]]),
        "b_r": np.array([-0.5]),
    }
    x, h = np.array([0.5]), np.array([0.3])
    update, reset = sigma(0.5 - 2 * 0.3 + 0.25), sigma(3 * 0.5 + 0.3 - 0.5)

    before = GRUWeights(**gates, W_h=np.array([[-1.0, 4.0]]), b_h=np.array([0.75]))
    candidate = tanh(-0.5 + 4 * (reset * 0.3) + 0.75)
    expected = update * 0.3 + (1 - update) * candidate
    assert_allclose(gru_step(x, h, before), [expected], rtol=0, atol=1e-15)

    after = GRUResetAfterWeights(
        **gates,
        W_hx=np.array([[-1.0]]),
        b_hx=np.array([0.75]),
        W_hh=np.array([[4.0]]),
        b_hh=np.array([-0.125]),
    )
    candidate = tanh(-0.5 + 0.75 + reset * (4 * 0.3 - 0.125))
    expected = update * 0.3 + (1 - update) * candidate
    assert_allclose(gru_reset_after_step(x, h, after), [expected], rtol=0, atol=1e-15)


@pytest.mark.parametrize("seed", range(10))
def test_when_the_place_of_the_reset_matters(seed):
    differences = dict(agreement(seed))
    agrees = {
        "any weights": False,
        "$W_{hh}$ diagonal, $b_{hh} = 0$": True,
        r"$W_{hh}$ diagonal, $b_{hh} \neq 0$": False,
        "$b_{hh} = 0$": False,
        "reset gate 1": True,
        "one reset gate for all units, $b_{hh} = 0$": True,
        "first step from a zero state, $b_{hh} = 0$": True,
        r"first step from a zero state, $b_{hh} \neq 0$": False,
    }
    assert list(differences) == list(agrees)
    for condition, difference in differences.items():
        if agrees[condition]:
            assert difference <= 1e-12, condition
        else:
            assert difference > 1e-3, condition


def fixed(weights, gate, bias):
    """Weights whose gate is the same whatever it reads."""
    W, b = f"W_{gate}", f"b_{gate}"
    return weights._replace(**{W: 0 * getattr(weights, W), b: 0 * getattr(weights, b) + bias})


@pytest.mark.parametrize("step", [gru_step, gru_reset_after_step])
def test_an_update_gate_of_1_updates_nothing(step):
    weights, inputs, h = draw(step)
    outputs, last = unroll(step, inputs, h, fixed(weights, "u", ALWAYS_OPEN))
    assert_array_equal(last, h)
    assert_array_equal(outputs, [h] * len(inputs))


@pytest.mark.parametrize("step", [gru_step, gru_reset_after_step])
def test_both_gates_at_0_leave_nothing_of_the_past(step):
    weights, inputs, h = draw(step)
    weights = fixed(fixed(weights, "u", -800.0), "r", -800.0)
    ours = unroll(step, inputs, h, weights)
    other_past = unroll(step, inputs, -3 * h, weights)
    assert largest_difference(ours, other_past) <= 1e-15
    features = inputs.shape[-1]
    W_x, b_x = (
        (weights.W_h[:, :features], weights.b_h)
        if step is gru_step
        else (weights.W_hx, weights.b_hx)
    )
    assert_allclose(ours[0], np.tanh(inputs @ W_x.T + b_x), rtol=0, atol=1e-15)


def test_with_the_reset_at_1_its_place_does_not_matter():
    weights, inputs, h = draw(gru_reset_after_step)
    W_u, b_u, W_r, b_r, W_hx, b_hx, W_hh, b_hh = fixed(weights, "r", ALWAYS_OPEN)
    before = GRUWeights(W_u, b_u, W_r, b_r, np.hstack([W_hx, W_hh]), b_hx + b_hh)
    one = unroll(gru_step, inputs, h, before)
    two = unroll(gru_reset_after_step, inputs, h, fixed(weights, "r", ALWAYS_OPEN))
    assert largest_difference(one, two) <= 1e-14

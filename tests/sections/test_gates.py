"""Gates: the slides' example, and a learned gate."""

import numpy as np
import pytest
import torch
from cells import SIZES, StepTests, draw, judges, largest_difference, to_torch
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import GateWeights, apply_gate, gate

X = np.array(
    [
        [0.0, 1.0, 0.0, 0.0],
        [1.0, -1.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 0.0],
        [0.0, -1.0, 0.0, 0.0],
    ]
)


@pytest.mark.parametrize("step", [gate])
class TestGate(StepTests):
    @pytest.mark.parametrize("sizes", SIZES, ids=str)
    def test_values_are_those_of_the_judges(self, step, sizes):
        weights, inputs, h = draw(step, *sizes)
        ours = gate(inputs[0], h, weights)
        for judge in judges(gate, agree=True):
            difference = largest_difference(ours, judge.run(inputs[0], h, weights))
            assert difference <= judge.tolerance, f"{judge.name}: {difference:.1e}"

    def test_gradients_are_those_of_torch(self, step):
        weights, inputs, h = draw(step)
        ours, theirs = ([array.requires_grad_() for array in to_torch(weights)] for _ in range(2))
        x, h = torch.tensor(inputs[0]), torch.tensor(h)
        cotangent = torch.tensor(np.random.default_rng(1).normal(size=h.shape))
        (gate(x, h, GateWeights(*ours)) * cotangent).sum().backward()
        linear = torch.nn.functional.linear(torch.cat([x, h], -1), *theirs)
        (torch.sigmoid(linear) * cotangent).sum().backward()
        for a, b in zip(ours, theirs, strict=True):
            assert_allclose(a.grad, b.grad, rtol=0, atol=1e-10)


def test_the_gate_has_the_shape_of_the_state_and_lies_between_0_and_1():
    weights, inputs, h = draw(gate)
    values = gate(inputs[0], h, weights)
    assert values.shape == h.shape
    assert (values > 0).all() and (values < 1).all()


@pytest.mark.parametrize("bias, expected", [(40.0, 1.0), (0.0, 0.5), (-800.0, 0.0)])
def test_a_bias_alone_opens_or_closes_a_gate(bias, expected):
    weights, inputs, h = draw(gate)
    weights = GateWeights(0 * weights.W, 0 * weights.b + bias)
    assert_allclose(gate(inputs[0], h, weights), expected + 0 * h, rtol=0, atol=1e-300)


@pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])
@pytest.mark.parametrize("opening", [0.0, 1.0, 0.5])
def test_the_gates_of_the_slides(opening, convert):
    Y = apply_gate(convert(X), convert(np.full((4, 4), opening)))
    assert_array_equal(Y, opening * X)


def test_a_closed_gate_keeps_the_sign_of_what_it_stops():
    # The slides print 0; in floating point two of the sixteen are -0.
    assert np.signbit(apply_gate(X, 0 * np.abs(X))).sum() == 2


def test_every_entry_has_its_own_gate():
    random = np.random.default_rng(0)
    values, opening = random.normal(size=(2, 3)), random.uniform(size=(2, 3))
    Y = apply_gate(values, opening)
    for place in np.ndindex(2, 3):
        assert Y[place] == values[place] * opening[place]


def test_nan_passes_a_closed_gate():
    assert np.isnan(apply_gate(np.array([np.nan, 1.0]), np.zeros(2))).tolist() == [True, False]


@pytest.mark.parametrize("shape", [(4,), (1, 4), (4, 1), (3, 4), ()], ids=str)
def test_a_gate_of_another_shape_is_refused(shape):
    # All but one of these numpy would broadcast.
    with pytest.raises(ValueError, match=r"gate: expected the shape of X, \(4, 4\), got \("):
        apply_gate(X, np.ones(shape))

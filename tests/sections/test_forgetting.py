"""Forgetting on purpose: what a gate leaves of the past."""

import re

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from lecture_code import retain
from lecture_code.pairing.functions import evaluate_text

H = np.array([1.0, 1.0, -1.0, 0.0, 1.0])

both = pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])


@both
@pytest.mark.parametrize(
    "gate, left",
    [
        ([1.0, 1.0, 1.0, 1.0, 1.0], [1, 1, -1, 0, 1]),
        ([0.0, 0.0, 0.0, 0.0, 0.0], [0, 0, 0, 0, 0]),
        ([0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, -0.5, 0, 0.5]),
        ([1.0, 0.0, 0.25, 0.75, 0.125], [1, 0, -0.25, 0, 0.125]),
    ],
    ids=["keep all", "forget all", "half", "each its own"],
)
def test_what_a_gate_leaves_of_the_state_of_the_slides(gate, left, convert):
    assert_array_equal(retain(convert(H), convert(gate)), left)


@both
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(), (4,), (3, 1), (2, 3, 4)], ids=str)
def test_every_entry_has_its_own_gate(shape, dtype, convert):
    random = np.random.default_rng(0)
    h = random.normal(size=shape).astype(dtype)
    gate = random.uniform(size=shape).astype(dtype)
    originals = h.copy(), gate.copy()
    ours = retain(convert(h), convert(gate))
    assert ours.dtype == convert(h).dtype and ours.shape == shape
    for place in np.ndindex(*shape):
        assert ours[place] == h[place] * gate[place]
    assert_array_equal(ours, evaluate_text(retain, h, gate))
    assert_array_equal(h, originals[0])
    assert_array_equal(gate, originals[1])


def test_arguments_have_names():
    assert_array_equal(retain(gate=np.full(5, 0.5), h=H), [0.5, 0.5, -0.5, 0, 0.5])


def test_nan_passes_a_closed_gate():
    assert_array_equal(retain(np.array([np.nan, 3.0]), np.zeros(2)), [np.nan, 0])


@pytest.mark.parametrize("steps", [1, 2, 50])
def test_a_constant_gate_forgets_geometrically(steps):
    h, gate = H, np.array([1.0, 0.5, 0.5, 0.5, 0.0])
    for _ in range(steps):
        h = retain(h, gate)
    assert_array_equal(h, [1, 0.5**steps, -(0.5**steps), 0, 0])


def test_gradients_reach_the_state_and_the_gate():
    h = torch.tensor(H, requires_grad=True)
    gate = torch.tensor([0.25, 0.5, 0.75, 1.0, 0.0], requires_grad=True)
    retain(h, gate).sum().backward()
    assert_array_equal(h.grad, gate.detach())
    assert_array_equal(gate.grad, h.detach())


@both
@pytest.mark.parametrize("shape", [(1,), (4,), (1, 5), (5, 5), ()], ids=str)
def test_a_gate_of_another_shape_is_refused(shape, convert):
    # All but one of these would be broadcast.
    expected = f"gate: expected the shape of h, (5,), got {shape}"
    with pytest.raises(ValueError, match=re.escape(expected)):
        retain(convert(H), convert(np.ones(shape)))


@pytest.mark.parametrize(
    "h, gate, message",
    [
        (H, 0.5, "gate: expected an array, got 0.5"),
        (H, [0.5, 1, 0], "gate: expected an array, got [0.5, 1, 0]"),
        (H, None, "gate: expected an array, got None"),
        ([1, 0], H, "h: expected an array, got [1, 0]"),
    ],
    ids=["number", "list", "None", "list of state"],
)
def test_what_is_no_array_is_refused(h, gate, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        retain(h, gate)

"""A neuron: by hand, against torch, and where it is undecided."""

from math import exp

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.sections.neuron import predict

NUMBERS = st.floats(-20, 20)


def test_by_hand():
    assert_allclose(predict(0.5, 3.0, -1.0), 1 / (1 + exp(-0.5)), rtol=0, atol=1e-16)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_it_is_torchs_linear_layer_and_sigmoid(x, w, b):
    layer = torch.nn.Linear(1, 1).double()
    with torch.no_grad():
        layer.weight.fill_(w)
        layer.bias.fill_(b)
        theirs = torch.sigmoid(layer(torch.tensor([x], dtype=torch.float64))).item()
    assert_allclose(predict(x, w, b), theirs, rtol=0, atol=1e-15)


@pytest.mark.parametrize("w, b", [(1.0, 0.0), (4.0, -4.0), (-0.5, 3.0)])
def test_it_is_undecided_at_minus_bias_over_weight(w, b):
    assert predict(-b / w, w, b) == 0.5


@pytest.mark.parametrize("w", [0.1, 3.0, -3.0])
def test_it_rises_or_falls_everywhere_by_the_sign_of_the_weight(w):
    steps = np.diff(predict(np.linspace(-5, 5, 101), w, 0.3))
    assert (np.sign(steps) == np.sign(w)).all()


def test_a_weight_and_bias_with_the_other_sign_give_the_complement():
    x = np.linspace(-5, 5, 11)
    assert_allclose(predict(x, 2.0, 0.5) + predict(x, -2.0, -0.5), 1, rtol=0, atol=1e-15)


@pytest.mark.parametrize("shape", [(), (3,), (2, 4)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_shape_dtype_and_library_stay(shape, dtype):
    x = np.ones(shape, dtype)
    ours = predict(x, np.asarray(2.0, dtype), np.asarray(-1.0, dtype))
    theirs = predict(torch.tensor(x), 2.0, -1.0)
    assert ours.shape == shape and ours.dtype == dtype
    assert isinstance(theirs, torch.Tensor) and theirs.dtype == getattr(torch, dtype)
    assert_allclose(ours, theirs, rtol=0, atol=1e-7)


def test_far_out_it_is_exactly_0_or_1_and_never_warns():
    assert_array_equal(predict(np.array([-1e5, 1e5]), 1.0, 0.0), [0, 1])

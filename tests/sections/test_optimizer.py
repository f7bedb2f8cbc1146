"""Gradient descent: against torch.optim.SGD step by step, and which way the loss goes."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.core.layers import DenseWeights
from lecture_code.oracles.functions import sgd
from lecture_code.sections.loss import gradient, layer_gradient, squared_error
from lecture_code.sections.neuron import predict
from lecture_code.sections.optimizer import ascend, descend, descend_on_batch

NUMBERS = st.floats(-3, 3)
SIGNS = pytest.mark.parametrize("step, maximize", [(descend, False), (ascend, True)])


def test_by_hand():
    assert descend(1.0, 2.0, 4.0, -8.0, 0.25) == (0.0, 4.0)
    assert ascend(1.0, 2.0, 4.0, -8.0, 0.25) == (2.0, 0.0)


def distance_from_torch(step, maximize, learning_rate, dtype="float64", steps=50):
    """The largest difference in any step, of a layer that is trained by both."""
    random = np.random.default_rng(0)
    X, Y = random.normal(size=(10, 4)).astype(dtype), random.uniform(size=(10, 3)).astype(dtype)
    ours = DenseWeights.init(4, 3, seed=1, dtype=dtype)
    theirs = [torch.tensor(array) for array in ours]
    sgd = torch.optim.SGD(theirs, lr=learning_rate, maximize=maximize)
    largest = 0.0
    for _ in range(steps):
        slopes = layer_gradient(X, Y, ours)
        for array, slope in zip(theirs, slopes, strict=True):
            array.grad = torch.tensor(slope)
        sgd.step()
        ours = DenseWeights(*step(*ours, *slopes, learning_rate))
        for array, other in zip(ours, theirs, strict=True):
            largest = max(largest, abs(array - other.numpy()).max())
    return largest


@SIGNS
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("learning_rate", [2.0**-3, 2.0**-10])
def test_it_is_sgd_step_by_step_exactly(step, maximize, dtype, learning_rate):
    """A power of two makes the product exact, so that it does not matter who rounds when."""
    assert distance_from_torch(step, maximize, learning_rate, dtype) == 0


@SIGNS
def test_with_another_learning_rate_only_rounding_differs(step, maximize):
    assert distance_from_torch(step, maximize, 0.1) <= 1e-15


@given(NUMBERS, st.floats(0, 1), NUMBERS, NUMBERS)
def test_a_small_step_down_lowers_the_loss_and_the_printed_one_raises_it(x, y, w, b):
    slopes = gradient(x, y, w, b)
    assume(max(map(abs, slopes)) > 1e-3)

    def loss(w, b):
        return squared_error(y, predict(x, w, b))

    assert loss(*descend(w, b, *slopes, 1e-3)) < loss(w, b) < loss(*ascend(w, b, *slopes, 1e-3))


@SIGNS
def test_the_judge_is_what_torchs_optimizer_does(step, maximize):
    arrays = [np.random.default_rng(seed).normal(size=(2, 3)) for seed in range(4)]
    w, b, dz_dw, dz_db = map(torch.tensor, arrays)
    w.grad, b.grad = dz_dw, dz_db
    torch.optim.SGD([w, b], lr=0.1, maximize=maximize).step()
    for ours, theirs in zip(sgd(maximize)(*arrays, 0.1), (w, b), strict=True):
        assert_array_equal(ours, theirs)


def test_a_flat_place_is_left_alone():
    assert descend(1.5, -2.0, 0.0, 0.0, 0.5) == (1.5, -2.0)


@pytest.mark.parametrize("share, grows", [(0.9, False), (1.1, True)])
def test_on_a_parabola_the_limit_is_two_over_the_curvature(share, grows):
    x, y, w = 1.5, 0.9, 0.0
    distances = []
    for _ in range(10):
        w, _ = descend(w, 0.0, -2 * (y - w * x) * x, 0.0, share / x**2)
        distances.append(abs(w - y / x))
    assert (np.diff(distances) > 0).all() if grows else (np.diff(distances) < 0).all()


def test_what_was_given_stays_as_it_is():
    w, slope = np.ones((2, 3)), np.full((2, 3), 4.0)
    new, _ = descend(w, np.zeros(2), slope, np.zeros(2), 0.25)
    assert_array_equal(w, np.ones((2, 3)))
    assert_array_equal(new, np.zeros((2, 3)))


@SIGNS
def test_torch_computes_what_numpy_computes(step, maximize):
    arrays = [np.random.default_rng(seed).normal(size=(2, 3)) for seed in range(4)]
    theirs = step(*map(torch.tensor, arrays), 0.25)
    for ours, other in zip(step(*arrays, 0.25), theirs, strict=True):
        assert isinstance(other, torch.Tensor)
        assert_array_equal(ours, other)


def test_a_batch_by_hand():
    new = descend_on_batch(np.array([1.0, 2.0]), np.array([[4.0, 0.0], [0.0, -8.0]]), 0.5)
    assert_array_equal(new, [0.0, 4.0])


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_a_batch_is_torchs_step_after_a_mean(batch):
    random = np.random.default_rng(batch)
    inputs, targets, w = random.normal(size=(batch, 3)), random.normal(size=batch), np.ones(3)
    theirs = torch.tensor(w, requires_grad=True)
    optimizer = torch.optim.SGD([theirs], lr=0.1)
    (torch.tensor(targets) - torch.tensor(inputs) @ theirs).square().mean().backward()
    optimizer.step()
    slopes = -2 * (targets - inputs @ w)[:, None] * inputs
    ours = descend_on_batch(w, slopes, 0.1)
    assert_allclose(ours, theirs.detach(), rtol=0, atol=1e-12)


def test_batches_of_all_samples_have_the_mean_of_their_gradients():
    slopes = np.random.default_rng(0).normal(size=(8, 2))
    whole = descend_on_batch(np.zeros(2), slopes, 1.0)
    parts = [descend_on_batch(np.zeros(2), part, 1.0) for part in np.split(slopes, 4)]
    assert_allclose(np.mean(parts, axis=0), whole, rtol=0, atol=1e-15)


@pytest.mark.parametrize("shape", [(0, 2), (3, 1), (2,)])
def test_gradients_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"slopes: expected shape \(batch, parameters = 2\), got"):
        descend_on_batch(np.zeros(2), np.zeros(shape), 0.1)

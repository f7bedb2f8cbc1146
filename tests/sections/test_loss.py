"""Loss and gradient: by hand, by trying, and against torch.autograd."""

from math import exp

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.core.layers import DenseWeights
from lecture_code.sections.loss import gradient, layer_gradient, squared_error
from lecture_code.sections.neuron import predict

NUMBERS = st.floats(-5, 5)
TOLERANCE = 1e-12


def layer_case(samples=6, features=4, outputs=3, seed=0):
    random = np.random.default_rng(seed)
    X, Y = random.normal(size=(samples, features)), random.normal(size=(samples, outputs))
    return X, Y, DenseWeights.init(features, outputs, seed=seed)


def test_the_loss_by_hand():
    assert_array_equal(squared_error(np.array([1.0, 0.0]), np.array([0.5, 3.0])), [0.25, 9])


def test_the_loss_is_torchs_without_its_mean():
    random = np.random.default_rng(0)
    y, y_hat = random.normal(size=(2, 4, 3))
    theirs = torch.nn.functional.mse_loss(*map(torch.tensor, (y_hat, y)), reduction="none")
    assert_array_equal(squared_error(y, y_hat), theirs)


def test_one_target_serves_many_predictions():
    assert_array_equal(squared_error(1.0, np.array([1.0, 3.0])), [0, 4])
    assert squared_error(1.0, 0.5) == 0.25


def test_a_target_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"y_hat: expected the shape of y, \(3,\), got \(3, 1\)"):
        squared_error(np.zeros(3), np.zeros((3, 1)))


def test_the_gradient_by_hand():
    y_hat = 1 / (1 + exp(-(0.5 * 2 - 0.25)))
    slope = 2 * (y_hat - 1) * y_hat * (1 - y_hat)
    assert_allclose(gradient(0.5, 1.0, 2.0, -0.25), [slope * 0.5, slope], rtol=0, atol=1e-15)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_the_gradient_is_autograds(x, y, w, b):
    leaves = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (w, b)]
    (y - torch.sigmoid(leaves[0] * x + leaves[1])).square().backward()
    theirs = [leaf.grad.item() for leaf in leaves]
    assert_allclose(gradient(x, y, w, b), theirs, rtol=0, atol=TOLERANCE)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_the_gradient_is_what_trying_finds(x, y, w, b):
    def loss(w, b):
        return squared_error(y, predict(x, w, b))

    step = 1e-5
    tried = (
        (loss(w + step, b) - loss(w - step, b)) / (2 * step),
        (loss(w, b + step) - loss(w, b - step)) / (2 * step),
    )
    # A difference quotient keeps about half of the digits of numbers up to 36, the largest loss.
    assert_allclose(gradient(x, y, w, b), tried, rtol=0, atol=1e-7)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (6, 4, 3), (50, 7, 2)])
def test_a_layers_gradient_is_autograds(sizes):
    X, Y, weights = layer_case(*sizes)
    leaves = [torch.tensor(array, requires_grad=True) for array in weights]
    Y_hat = torch.sigmoid(torch.nn.functional.linear(torch.tensor(X), *leaves))
    (torch.tensor(Y) - Y_hat).square().sum().backward()
    for ours, leaf in zip(layer_gradient(X, Y, weights), leaves, strict=True):
        assert ours.shape == tuple(leaf.shape)
        assert_allclose(ours, leaf.grad, rtol=0, atol=TOLERANCE)


def test_a_layer_of_one_neuron_and_one_sample_is_the_neuron():
    x, y, w, b = 0.7, 0.2, -1.5, 0.4
    weights = DenseWeights(np.array([[w]]), np.array([b]))
    layer = layer_gradient(np.array([[x]]), np.array([[y]]), weights)
    ours = [array.item() for array in layer]
    assert_allclose(ours, gradient(x, y, w, b), rtol=0, atol=1e-16)


def test_the_samples_are_summed():
    X, Y, weights = layer_case()
    alone = [layer_gradient(X[i : i + 1], Y[i : i + 1], weights) for i in range(len(X))]
    for together, parts in zip(
        layer_gradient(X, Y, weights), zip(*alone, strict=True), strict=True
    ):
        assert_allclose(together, sum(parts), rtol=0, atol=1e-15)


def test_torch_computes_what_numpy_computes():
    X, Y, weights = layer_case()
    tensors = torch.tensor(X), torch.tensor(Y), DenseWeights(*map(torch.tensor, weights))
    pairs = zip(layer_gradient(X, Y, weights), layer_gradient(*tensors), strict=True)
    for ours, theirs in pairs:
        assert isinstance(theirs, torch.Tensor)
        assert_allclose(ours, theirs, rtol=0, atol=1e-15)


def test_a_layers_target_of_another_shape_is_refused():
    X, Y, weights = layer_case()
    with pytest.raises(ValueError, match=r"Y: expected the shape of the layer's output, \(6, 3\)"):
        layer_gradient(X, Y[:, :1], weights)


@pytest.mark.parametrize("w", [-20.0, 20.0])
def test_a_saturated_neuron_has_no_gradient_though_it_is_wrong(w):
    y = 0.0 if w > 0 else 1.0
    assert squared_error(y, predict(2.0, w, 0.0)) > 0.999
    assert max(map(abs, gradient(2.0, y, w, 0.0))) < 1e-15

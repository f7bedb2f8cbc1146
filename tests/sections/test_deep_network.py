"""Deep networks: against torch's Sequential, and what the zigzag's layers do."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.core.layers import Affine
from lecture_code.core.ops import relu
from lecture_code.sections.deep_network import deep, network, random_layers, train, zigzag


def sequential(layers, activation):
    """The same network, of torch's modules."""
    modules = []
    for W, b in layers:
        linear = torch.nn.Linear(*reversed(W.shape)).double()
        linear.load_state_dict({"weight": torch.tensor(W), "bias": torch.tensor(b)})
        modules += [linear, activation]
    return torch.nn.Sequential(*modules[:-1])


@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (3, 5, 4, 2), (8, 30, 20, 3)])
def test_two_hidden_layers_are_torchs_sequential(sizes):
    layers = random_layers(sizes, seed=1)
    X = np.random.default_rng(2).normal(size=(6, sizes[0]))
    with torch.no_grad():
        theirs = sequential(layers, torch.nn.ReLU())(torch.tensor(X))
    assert_allclose(deep(X, *layers), theirs, rtol=0, atol=1e-14)
    assert_array_equal(network(layers)(X), deep(X, *layers))


def test_by_hand():
    add, double = (lambda x: x + 1), (lambda x: 2 * x)
    assert deep(np.array(-3.0), add, double, add) == 1
    assert deep(np.array(3.0), add, double, add) == 9


@pytest.mark.parametrize("depth", [0, 1, 4])
def test_a_network_of_any_depth_is_torchs(depth):
    layers = random_layers([3] + [6] * depth + [2], seed=depth)
    X = np.random.default_rng(0).normal(size=(5, 3))
    with torch.no_grad():
        theirs = sequential(layers, torch.nn.Tanh())(torch.tensor(X))
    assert_allclose(network(layers, np.tanh)(X), theirs, rtol=0, atol=1e-14)


def test_a_network_of_no_layer_is_refused():
    with pytest.raises(ValueError, match="layers: expected at least one affine map, got none"):
        network(())


@pytest.mark.parametrize("depth", [1, 2, 5, 9])
def test_the_zigzag_is_the_interval_folded(depth):
    x = np.linspace(0, 1, 2 ** (depth + 3) + 1)
    expected = x
    for _ in range(depth):
        expected = np.minimum(2 * expected, 2 - 2 * expected)
    assert_array_equal(network(zigzag(depth))(x[:, None])[:, 0], expected)


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_each_fold_doubles_the_slopes_and_costs_six_weights(depth):
    x = np.linspace(0, 1, 2**10 + 1)
    steps = np.diff(network(zigzag(depth))(x[:, None])[:, 0])
    assert 1 + np.count_nonzero(np.diff(np.sign(steps))) == 2**depth
    assert sum(array.size for layer in zigzag(depth) for array in layer) == 6 * depth + 1


def test_a_zigzag_of_no_fold_is_refused():
    with pytest.raises(ValueError, match="depth: expected at least 1 hidden layer, got 0"):
        zigzag(0)


@pytest.mark.parametrize("seed", range(5))
def test_one_layer_with_as_many_weights_misses_by_a_half(seed):
    layers = random_layers((1, 10, 1), seed)
    assert sum(array.size for layer in layers for array in layer) == 31
    x = np.linspace(0, 1, 33)[:, None]  # the turning points of five folds
    hidden = np.column_stack((relu(layers[0](x)), np.ones(33)))
    target = network(zigzag(5))(x)
    best = hidden @ np.linalg.lstsq(hidden, target, rcond=None)[0]
    assert abs(best - target).max() >= 0.5 - 1e-12


def test_without_a_bend_depth_is_one_affine_map():
    f_1, f_2 = random_layers((4, 8, 3), seed=0)
    once = Affine(f_2.W @ f_1.W, f_2(f_1.b))
    X = np.random.default_rng(1).normal(size=(7, 4))
    assert_allclose(network((f_1, f_2), lambda v: v)(X), once(X), rtol=0, atol=1e-14)


def test_random_maps_are_within_torchs_bounds_and_the_same_again():
    maps = random_layers((9, 400, 4), seed=5)
    for (W, b), inputs in zip(maps, (9, 400), strict=True):
        largest = max(abs(W).max(), abs(b).max())
        assert 0.9 * inputs**-0.5 < largest <= inputs**-0.5
    assert_array_equal(maps[0].W, random_layers((9, 400, 4), seed=5)[0].W)


def test_training_lowers_the_error_of_an_easy_zigzag():
    x = np.linspace(0, 1, 101)[:, None]

    def error(layers):
        return ((network(layers)(x) - network(zigzag(1))(x)) ** 2).mean()

    start, end = (train((1, 8, 1), depth=1, steps=steps, seed=0) for steps in (1, 300))
    assert error(end) < error(start) / 4

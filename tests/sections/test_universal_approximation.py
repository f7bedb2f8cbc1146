"""Shallow networks: against torch, and how near they come to a function."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.core.layers import Affine
from lecture_code.core.ops import sigmoid
from lecture_code.sections.universal_approximation import (
    ShallowWeights,
    shallow,
    shallow_network,
    staircase,
    train_wave,
    wave,
)

# What the logistic function still lacks fifteen pieces away is far below this.
TAILS = 1e-12

FUNCTIONS = {
    "wave": (wave, -1.0),
    "kink": (lambda x: abs(x - 0.3), -1.0),
    "root": (np.sqrt, -0.5),
}


def worst(weights, function, a=0.0, b=1.0):
    x = np.linspace(a, b, 2001)
    return abs(shallow_network(x[:, None], weights)[:, 0] - function(x)).max()


def draw(features=3, hidden=5, outputs=2, seed=0):
    weights = ShallowWeights.init(features, hidden, output=outputs, seed=seed)
    return np.random.default_rng(seed).normal(size=(4, 6, features)), weights


def test_by_hand():
    weights = ShallowWeights(
        W_1=np.array([[0.0], [0.0]]),
        b_1=np.array([0.0, 50.0]),
        W_2=np.array([[2.0, 3.0]]),
        b_2=np.array([-1.0]),
    )
    assert_allclose(shallow_network(np.array([7.0]), weights), [2 / 2 + 3 - 1], rtol=0, atol=1e-15)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (3, 5, 2), (8, 40, 3)])
def test_it_is_torchs_sequential(sizes):
    X, (W_1, b_1, W_2, b_2) = draw(*sizes)
    model = torch.nn.Sequential(
        torch.nn.Linear(*sizes[:2]), torch.nn.Sigmoid(), torch.nn.Linear(*sizes[1:])
    ).double()
    arrays = {"0.weight": W_1, "0.bias": b_1, "2.weight": W_2, "2.bias": b_2}
    model.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    with torch.no_grad():
        theirs = model(torch.tensor(X))
    ours = shallow_network(X, ShallowWeights(W_1, b_1, W_2, b_2))
    assert_allclose(ours, theirs, rtol=0, atol=1e-14)


def test_the_composition_is_the_network_with_its_weights():
    X, weights = draw()
    W_1, b_1, W_2, b_2 = weights
    assert_array_equal(shallow(X, Affine(W_1, b_1), Affine(W_2, b_2)), shallow_network(X, weights))


def test_the_composition_takes_any_functions():
    assert shallow(0.0, lambda x: x + 3, lambda x: 10 * x) == 10 * sigmoid(3.0)


def test_torch_computes_what_numpy_computes():
    X, weights = draw()
    theirs = shallow_network(torch.tensor(X), ShallowWeights(*map(torch.tensor, weights)))
    assert_allclose(shallow_network(X, weights), theirs, rtol=0, atol=1e-15)


@pytest.mark.parametrize("function, rate", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_error_falls_with_the_width_as_fast_as_the_function_is_smooth(function, rate):
    widths = np.array([20, 40, 80, 160])
    errors = [worst(staircase(function, 0, 1, width), function) for width in widths]
    measured = np.polyfit(np.log(widths), np.log(errors), 1)[0]
    assert_allclose(measured, rate, rtol=0, atol=0.05)


def test_each_step_is_in_the_middle_of_its_piece():
    """On a straight line the steps before and behind a piece's end cancel, far from the borders."""
    ends = np.linspace(0, 1, 41)[15:26]
    outputs = shallow_network(ends[:, None], staircase(lambda x: x, 0, 1, 40))[:, 0]
    assert_allclose(outputs, ends, rtol=0, atol=TAILS)


def test_any_interval_will_do():
    weights = staircase(np.cos, -3, 8, 400)
    assert worst(weights, np.cos, -3, 8) < 0.02 < worst(weights, np.cos, -3, 20)


@pytest.mark.parametrize("width", [10, 100, 1000])
def test_at_a_jump_the_error_stays_one_half_or_more(width):
    x = np.linspace(0.3699, 0.3701, 2001)  # around the jump
    outputs = shallow_network(x[:, None], staircase(lambda x: 1.0 * (x > 0.37), 0, 1, width))[:, 0]
    assert abs(outputs - (x > 0.37)).max() > 0.49


def test_an_interval_of_no_length_is_refused():
    with pytest.raises(ValueError, match=r"b: expected an end above a = 1, got 1"):
        staircase(np.cos, 1, 1, 5)


def test_a_width_of_0_is_refused():
    with pytest.raises(ValueError, match="width: expected at least 1 hidden unit, got 0"):
        staircase(np.cos, 0, 1, 0)


def test_training_comes_nearer_and_gives_the_same_again():
    before, after = (train_wave(5, steps=steps, seed=1) for steps in (1, 800))
    assert worst(after, wave) < worst(before, wave) / 2
    for ours, again in zip(after, train_wave(5, steps=800, seed=1), strict=True):
        assert_array_equal(ours, again)

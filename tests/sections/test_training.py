"""Training in practice: the losses against torch's, and what the small trainings show."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.experiments.practice import (
    Forecaster,
    carried,
    forget_bias,
    padded,
    sunspot_forecast,
    train_by_epochs,
)
from lecture_code.sections.training import clip_by_norm, cross_entropy, mask, masked_error

TOLERANCE = 1e-12


# --- cross-entropy


def test_the_cross_entropy_by_hand():
    """Odds of 3 to 1: the probabilities are 3/4 and 1/4."""
    loss, slope = cross_entropy(np.array([[np.log(3), 0.0]]), np.array([[0.0, 1.0]]))
    assert_allclose(loss, np.log(4), rtol=0, atol=1e-15)
    assert_allclose(slope, [[0.75, -0.75]], rtol=0, atol=1e-15)


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 1000))
def test_loss_and_gradient_are_torchs(samples, classes, seed):
    random = np.random.default_rng(seed)
    Z, right = random.normal(0, 5, size=(samples, classes)), random.integers(classes, size=samples)
    ours, slope = cross_entropy(Z, np.eye(classes)[right])
    leaf = torch.tensor(Z, requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(leaf, torch.tensor(right))
    theirs.backward()
    assert_allclose(ours, theirs.item(), rtol=0, atol=TOLERANCE)
    assert_allclose(slope, leaf.grad, rtol=0, atol=TOLERANCE)


def test_the_gradient_is_what_trying_finds():
    random = np.random.default_rng(0)
    Z, Y = random.normal(size=(3, 4)), np.eye(4)[[2, 0, 2]]
    _, slope = cross_entropy(Z, Y)
    for place in np.ndindex(Z.shape):
        up, down = Z.copy(), Z.copy()
        up[place] += 1e-5
        down[place] -= 1e-5
        tried = (cross_entropy(up, Y)[0] - cross_entropy(down, Y)[0]) / 2e-5
        assert_allclose(slope[place], tried, rtol=0, atol=1e-9)  # losses near 1


@pytest.mark.parametrize(
    "Y, message",
    [
        (np.eye(3)[[0]], "Y: expected the shape of Z"),
        (np.zeros((2, 3)), "Y: expected rows that add up to 1, .* got sums from 0 to 0"),
        (2 * np.eye(3)[:2], "got sums from 2 to 2"),
    ],
)
def test_targets_that_are_no_classes_are_refused(Y, message):
    with pytest.raises(ValueError, match=message):
        cross_entropy(np.zeros((2, 3)), Y)


# --- masks


def test_a_mask_by_hand():
    assert_array_equal(mask(np.array([2, 1, 3]), 3), [[1, 1, 1], [1, 0, 1], [0, 0, 1]])
    theirs = mask(torch.tensor([2, 1, 3]), 3)
    assert isinstance(theirs, torch.Tensor)
    assert_array_equal(theirs, mask(np.array([2, 1, 3]), 3))


@pytest.mark.parametrize("lengths", [[0, 2], [4, 1], [1.5, 2.0]])
def test_lengths_that_do_not_fit_are_refused(lengths):
    with pytest.raises(ValueError, match=r"lengths: expected shape \(batch,\) and whole numbers"):
        mask(np.array(lengths), 3)


@given(st.integers(1, 7), st.integers(1, 4), st.integers(0, 1000))
def test_the_masked_error_is_that_of_the_sequences_cut_to_their_lengths(time, batch, seed):
    random = np.random.default_rng(seed)
    lengths = random.integers(1, time + 1, size=batch)
    Y, Y_hat = random.normal(size=(2, time, batch))
    cut = [(Y[:n, i] - Y_hat[:n, i]) ** 2 for i, n in enumerate(lengths)]
    ours = masked_error(Y, Y_hat, mask(lengths, time))
    assert_allclose(ours, np.concatenate(cut).mean(), rtol=0, atol=TOLERANCE)


def test_what_is_in_the_padding_does_not_matter():
    random = np.random.default_rng(0)
    Y, Y_hat = random.normal(size=(2, 5, 3))
    there = mask(np.array([5, 2, 1]), 5)
    other = np.where(there == 1, Y, 1e6)
    assert masked_error(Y, Y_hat, there) == masked_error(other, Y_hat, there)


@pytest.mark.parametrize("M", [np.zeros((2, 3)), np.full((2, 3), 0.5)])
def test_a_mask_of_nothing_or_of_parts_is_refused(M):
    with pytest.raises(ValueError, match="M: expected a mask of 0 and 1, with a 1 at least once"):
        masked_error(np.zeros((2, 3)), np.zeros((2, 3)), M)


def test_shapes_that_would_broadcast_are_refused():
    with pytest.raises(ValueError, match="Y_hat: expected the shape of Y"):
        masked_error(np.zeros((2, 3)), np.zeros((2, 1)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="M: expected the shape of Y"):
        masked_error(np.zeros((2, 3)), np.zeros((2, 3)), np.ones((2, 1)))


# --- clipping


@given(st.integers(1, 8), st.floats(0.01, 100), st.integers(0, 1000))
def test_clipping_is_torchs(parameters, largest, seed):
    g = np.random.default_rng(seed).normal(0, 3, size=(3, parameters))
    for row, shortened in zip(g, clip_by_norm(g, largest), strict=True):
        theirs = torch.zeros(parameters, dtype=torch.float64)
        theirs.grad = torch.tensor(row)
        torch.nn.utils.clip_grad_norm_([theirs], largest)
        assert_allclose(shortened, theirs.grad, rtol=0, atol=TOLERANCE)


def test_several_parameters_are_one_vector():
    random = np.random.default_rng(0)
    arrays = [random.normal(size=shape) for shape in ((3, 4), (3,), (2, 2))]
    whole = clip_by_norm(np.concatenate([array.ravel() for array in arrays])[None], 0.5)[0]
    theirs = [torch.zeros(array.shape, dtype=torch.float64) for array in arrays]
    for leaf, array in zip(theirs, arrays, strict=True):
        leaf.grad = torch.tensor(array)
    torch.nn.utils.clip_grad_norm_(theirs, 0.5)
    together = np.concatenate([leaf.grad.numpy().ravel() for leaf in theirs])
    assert_allclose(whole, together, rtol=0, atol=TOLERANCE)


def test_clipping_refuses_what_is_no_norm_and_no_rows():
    with pytest.raises(ValueError, match=r"largest: expected a norm above 0, got 0\.0"):
        clip_by_norm(np.ones((1, 2)), 0.0)
    with pytest.raises(ValueError, match=r"g: expected shape \(models, parameters\)"):
        clip_by_norm(np.ones(2), 1.0)


# --- epochs and early stopping


def forecast(**changed):
    x = np.sin(np.arange(150.0)) + np.random.default_rng(0).normal(size=150)
    return sunspot_forecast(x, **{"hidden": 4, "epochs": 6, "patience": 6, "seed": 1} | changed)


def test_the_same_seed_trains_the_same_and_another_one_does_not():
    one, two, other = forecast(), forecast(), forecast(seed=2)
    assert_array_equal(one.history.train, two.history.train)
    assert one.test == two.test
    assert one.history.train[0] != other.history.train[0]


def test_the_best_weights_are_those_of_the_best_epoch():
    long = forecast(epochs=40, patience=40, hidden=24)
    best = long.history.best
    assert long.history.validation[best] == long.history.validation.min()
    short = forecast(epochs=best + 1, patience=40, hidden=24)
    assert short.last_test == long.test != long.last_test
    for name, array in long.history.weights.items():
        assert_array_equal(array, short.history.last_weights[name])


@pytest.mark.parametrize("patience", [1, 3])
def test_it_stops_when_patience_is_over(patience):
    history = forecast(epochs=80, patience=patience, hidden=24).history
    assert len(history.train) == len(history.validation) == history.best + patience + 1 < 80


def test_persistence_says_the_last_value():
    x = np.arange(100.0)
    known = x[:60]
    persistence = forecast_of(x).persistence
    assert_allclose(persistence, 1 / known.var(), rtol=1e-5)  # float32


def forecast_of(x):
    return sunspot_forecast(x, hidden=2, epochs=1, patience=1, seed=0)


def test_the_training_errors_are_those_of_a_plain_loop():
    """One batch an epoch, so that the order does not matter: Adam, step by step."""
    torch.manual_seed(0)
    one, two = Forecaster(3), Forecaster(3)
    two.load_state_dict(one.state_dict())
    random = torch.Generator().manual_seed(1)
    data = torch.randn(20, 5, generator=random), torch.randn(20, 1, generator=random)
    history = train_by_epochs(one, data, data, epochs=4, patience=9, seed=0)
    adam = torch.optim.Adam(two.parameters(), lr=0.003)
    for epoch in range(4):
        loss = ((two(data[0]) - data[1]) ** 2).mean()
        assert_allclose(history.train[epoch], loss.item(), rtol=1e-5)  # float32
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(two.parameters(), 1.0)
        adam.step()
        after = ((two(data[0]) - data[1]) ** 2).mean().item()
        assert_allclose(history.validation[epoch], after, rtol=1e-5)  # float32


@pytest.mark.parametrize("name", ["epochs", "patience"])
def test_no_epoch_and_no_patience_are_refused(name):
    with pytest.raises(ValueError, match=f"{name}: expected at least 1, got 0"):
        forecast(**{name: 0})


# --- what the page's small trainings show


def test_a_carried_state_needs_its_order():
    right = {way: carried(way, passes=3, seed=5) for way in ("carried", "zeros", "shuffled")}
    assert right["carried"] > 0.95
    assert max(right["zeros"], right["shuffled"]) < 0.85


def test_another_way_to_begin_is_refused():
    with pytest.raises(ValueError, match="way: expected carried, zeros or shuffled, got 'random'"):
        carried("random", 1, 0)


def test_without_a_mask_the_loss_flatters_and_the_error_is_larger():
    (said, error), (flattered, worse) = (padded(masked, 400, seed=7) for masked in (True, False))
    assert abs(said - error) < 0.3 * error
    assert flattered < 0.8 * worse
    assert worse > 2 * error


def test_the_forget_gates_bias_decides_whether_a_long_lag_is_learned():
    closed, opened = (forget_bias(bias, lag=30, steps=150, seed=3) for bias in (0.0, 4.0))
    assert closed.shape == (150,)
    assert opened[-20:].mean() < 0.8 * closed[-20:].mean()
    assert_allclose(closed[-20:].mean(), np.log(4), rtol=0, atol=0.1)

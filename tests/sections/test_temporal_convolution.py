"""Convolution over time: by hand, against torch and numpy, and without a look ahead."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.experiments.forecasting import train_forecaster
from lecture_code.sections.convolution import convolve
from lecture_code.sections.temporal_convolution import (
    ConvolutionWeights,
    causal_convolution,
    convolve_time,
    receptive_field,
    silence,
)
from lecture_code.sections.windowing import Windows, windows

TOLERANCE = 1e-12


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def kernels(hidden=3, channels=2, width=3, seed=1):
    return ConvolutionWeights(draw(hidden, channels, width, seed=seed), draw(hidden, seed=seed + 1))


def test_one_channel_by_hand():
    X = np.array([[1.0, 4.0, 9.0, 16.0]])
    assert_array_equal(convolve_time(X, np.array([1.0, 0.0, 2.0])), [[19, 36]])


@given(st.integers(1, 4), st.integers(1, 6), st.integers(0, 9))
def test_one_channel_is_torchs_numpys_and_an_image_of_one_row(batch, width, more):
    X, w = draw(batch, width + more), draw(width, seed=width)
    ours = convolve_time(X, w)
    theirs = torch.conv1d(torch.tensor(X)[:, None], torch.tensor(w)[None, None])[:, 0]
    assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)
    assert_allclose(ours[0], np.correlate(X[0], w, mode="valid"), rtol=0, atol=TOLERANCE)
    assert_allclose(ours, convolve(X[:, None], w[None])[:, 0], rtol=0, atol=TOLERANCE)


def test_channels_by_hand():
    """Two channels in, one out, width 2, dilation 2: 1 x_{t-2} + 2 x_t + 3 z_{t-2} + 4 z_t + 10."""
    weights = ConvolutionWeights(np.array([[[1.0, 2.0], [3.0, 4.0]]]), np.array([10.0]))
    X = np.array([[[1.0, 0.0, 5.0], [0.0, 1.0, 0.0]]])
    V = np.array([[[7.0, 0.0], [0.0, 1.0]]])
    assert_array_equal(causal_convolution(X, V, weights, 2), [[[19, 17, 21]]])


@given(
    st.integers(1, 3), st.integers(1, 3), st.integers(1, 4), st.integers(1, 3), st.integers(1, 9)
)
def test_several_channels_are_torchs(batch, channels, width, d, time):
    X, weights = draw(batch, channels, time), kernels(3, channels, width)
    layer = torch.nn.Conv1d(channels, 3, width, dilation=d, dtype=torch.float64)
    layer.load_state_dict({"weight": torch.tensor(weights.W), "bias": torch.tensor(weights.b)})
    padded = torch.nn.functional.pad(torch.tensor(X), (d * (width - 1), 0))
    ours = causal_convolution(X, silence(X, weights, d), weights, d)
    assert_allclose(ours, layer(padded).detach(), rtol=0, atol=TOLERANCE)


@given(st.integers(0, 11), st.integers(1, 4), st.integers(1, 3))
def test_no_output_reads_ahead(at, width, d):
    X, weights = draw(2, 2, 12), kernels(width=width)
    V = silence(X, weights, d)
    before = causal_convolution(X, V, weights, d)
    changed = X.copy()
    changed[:, :, at] += 1
    moved = abs(causal_convolution(changed, V, weights, d) - before).max((0, 1))
    reached = {at + d * m for m in range(width)} & set(range(12))
    assert set(np.flatnonzero(moved)) == reached


def test_that_test_sees_a_look_ahead():
    """The mirror of the test above: torch's `padding="same"` fails it."""
    layer = torch.nn.Conv1d(2, 3, 3, padding="same", dtype=torch.float64)
    X = torch.tensor(draw(1, 2, 12))
    changed = X.clone()
    changed[:, :, 6] += 1
    moved = (layer(changed) - layer(X)).abs().amax((0, 1)).detach().numpy()
    assert list(np.flatnonzero(moved)) == [5, 6, 7]


@given(st.integers(0, 20), st.integers(1, 4), st.integers(1, 3))
def test_the_last_inputs_are_its_whole_state(cut, width, d):
    X, weights = draw(2, 2, 20), kernels(width=width)
    V = draw(2, 2, d * (width - 1), seed=9)
    whole = causal_convolution(X, V, weights, d)
    halves = [half for half in (X[:, :, :cut], X[:, :, cut:]) if half.shape[2]]
    parts, state = [], V
    for half in halves:
        parts.append(causal_convolution(half, state, weights, d))
        seen = np.concatenate((state, half), axis=2)
        state = seen[:, :, seen.shape[2] - V.shape[2] :]
    assert_allclose(np.concatenate(parts, axis=2), whole, rtol=0, atol=TOLERANCE)


def test_tensors_stay_tensors_and_have_a_gradient():
    X, weights = draw(2, 2, 7), kernels()
    tensors = ConvolutionWeights(*(torch.tensor(one, requires_grad=True) for one in weights))
    theirs = causal_convolution(torch.tensor(X), silence(torch.tensor(X), tensors, 2), tensors, 2)
    ours = causal_convolution(X, silence(X, weights, 2), weights, 2)
    assert_allclose(ours, theirs.detach(), rtol=0, atol=TOLERANCE)
    theirs.sum().backward()
    assert_allclose(tensors.b.grad, [14, 14, 14])


@pytest.mark.parametrize(
    "widths, dilations", [([3], [4]), ([2, 2, 2], [1, 2, 4]), ([1, 5], [3, 2])]
)
def test_the_receptive_field_is_what_a_gradient_reaches(widths, dilations):
    field = receptive_field(np.array(widths), np.array(dilations))
    X = torch.zeros(1, 1, 40, dtype=torch.float64, requires_grad=True)
    Y = X
    for width, d in zip(widths, dilations, strict=True):
        ones = ConvolutionWeights(*map(torch.tensor, (np.ones((1, 1, width)), np.zeros(1))))
        Y = causal_convolution(Y, silence(Y, ones, d), ones, d)
    Y[0, 0, -1].backward()
    reached = X.grad[0, 0].nonzero()
    assert field == 40 - reached.min()


@pytest.mark.parametrize(
    "attempt, message",
    [
        (lambda: convolve_time(draw(5), draw(2)), "X: expected an array with one axis for each"),
        (lambda: convolve_time(draw(1, 5), draw(2, 2)), "w: expected an array with one axis"),
        (lambda: convolve_time(draw(1, 5), draw(6)), "w: a kernel of 6 time steps does not fit"),
        (lambda: convolve_time(draw(1, 5) / 0.0, draw(2)), "X: expected finite numbers, got"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_what_does_not_fit_is_refused(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt()


@pytest.mark.parametrize(
    "X, V, d, message",
    [
        (
            draw(4, 9, 2),
            draw(4, 2, 2),
            1,
            r"X: expected shape \(batch, input, time\) = \(4, 2, 2\)",
        ),
        (draw(4, 2, 9), draw(4, 2, 2), 2, r"V: expected shape .*d \(width - 1\)\) = \(4, 2, 4\)"),
        (draw(4, 2, 9), draw(1, 2, 2), 1, r"V: expected shape .* = \(4, 2, 2\), got \(1, 2, 2\)"),
        (draw(4, 2, 9), draw(4, 2, 2), 0, "d: expected a whole number of time steps from 1 on"),
        (draw(4, 2, 9), draw(4, 2, 2), 1.5, "d: expected a whole number of time steps from 1 on"),
    ],
)
def test_channels_that_do_not_fit_are_refused(X, V, d, message):
    with pytest.raises(ValueError, match=message):
        causal_convolution(X, V, kernels(), d)


@pytest.mark.parametrize(
    "k, d, message",
    [
        ([2, 2], [1], r"d: expected the shape of k, \(2,\), got \(1,\)"),
        ([2, 0], [1, 1], r"k: expected whole numbers from 1 on, got \[2 0\]"),
        ([2, 2], [1, 0], r"d: expected whole numbers from 1 on, got \[1 0\]"),
    ],
)
def test_layers_that_do_not_fit_are_refused(k, d, message):
    with pytest.raises(ValueError, match=message):
        receptive_field(np.array(k), np.array(d))


class TestForecaster:
    X = np.sin(np.arange(80) / 3)
    PAIRS = windows(X, 12, 3)

    @pytest.mark.parametrize("front", [{}, {"every": 4}, {"every": 4, "channels": 2, "width": 3}])
    def test_it_learns_and_the_same_seed_gives_the_same(self, front):
        one, same, other = (
            train_forecaster(self.PAIRS, 4, 80, 0.05, seed, **front) for seed in (1, 1, 2)
        )
        assert_array_equal(one.losses, same.losses)
        assert (one.losses != other.losses).any()
        assert one.losses[-5:].mean() < 0.5 * one.losses[:5].mean()
        forecast = one(self.PAIRS.inputs)
        assert forecast.shape == self.PAIRS.targets.shape
        naive = ((self.PAIRS.inputs[:, -1:] - self.PAIRS.targets) ** 2).mean()
        assert ((forecast - self.PAIRS.targets) ** 2).mean() < naive

    def test_every_reads_the_last_step_and_leaves_out_the_others(self):
        model = train_forecaster(self.PAIRS, 4, 1, 0.02, 1, every=5)
        changed = self.PAIRS.inputs[:1].repeat(12, axis=0) + np.eye(12)
        moved = abs(model(changed) - model(self.PAIRS.inputs[:1])).max(1)
        assert set(np.flatnonzero(moved > 1e-6)) == {1, 6, 11}

    def test_it_forecasts_relative_to_the_last_value(self):
        model, past = train_forecaster(self.PAIRS, 4, 1, 0.02, 1), self.PAIRS.inputs
        assert_allclose(model(past + 5), model(past) + 5, rtol=0, atol=1e-5)

    @pytest.mark.parametrize("shape", [(60, 12, 2), (59, 12)])
    def test_windows_and_targets_that_do_not_fit_are_refused(self, shape):
        pairs = Windows(np.ones(shape), np.ones((60, 3)))
        with pytest.raises(ValueError, match=r"pairs: expected windows of shape \(pairs, window\)"):
            train_forecaster(pairs, 4, 1, 0.02, 1)

    def test_a_stride_below_1_is_refused(self):
        with pytest.raises(ValueError, match="every: expected at least 1 time step, got 0"):
            train_forecaster(self.PAIRS, 4, 1, 0.02, 1, every=0)

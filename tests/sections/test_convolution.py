"""Convolution: the slides' nine steps, and against torch and scipy on random shapes."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.signal import convolve2d, correlate2d

from lecture_code.sections.convolution import (
    convolution_layer,
    convolve,
    convolve_strided,
    kernel_gradient,
    pad,
    positions,
)
from lecture_code.sections.optimizer import descend

SLIDE = np.array(
    [[0, 1, 0, 0, 0], [1, -1, 1, 0, 0], [0, 0, 0, 0, 0], [0, -1, 0, 0, 0], [0, 1, -1, 0, 0]]
)
IDENTITY = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
TOLERANCE = 1e-12


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def torch_conv2d(X, w, **options):
    image = torch.tensor(X).reshape(-1, 1, *X.shape[-2:])
    result = torch.nn.functional.conv2d(image, torch.tensor(w)[None, None], **options)
    return result.reshape(*X.shape[:-2], *result.shape[-2:]).numpy()


@st.composite
def images_and_kernels(draw):
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    rows, columns = draw(st.integers(height, 9)), draw(st.integers(width, 9))
    random = np.random.default_rng(draw(st.integers(0, 1000)))
    return random.normal(size=(rows, columns)), random.normal(size=(height, width))


def test_the_slides_output():
    assert_array_equal(convolve(SLIDE, IDENTITY), [[-1, 1, 0], [0, 0, 0], [-1, 0, 0]])


@pytest.mark.parametrize("i, j", list(np.ndindex(3, 3)))
def test_each_of_the_nine_steps(i, j):
    kernel = np.arange(1, 10).reshape(3, 3)
    by_hand = 0
    for m in range(3):
        for n in range(3):
            by_hand += kernel[m][n] * SLIDE[i + m][j + n]
    assert convolve(SLIDE, kernel)[i, j] == by_hand


@given(images_and_kernels())
def test_it_is_torchs_conv2d_and_scipys_correlation(pair):
    X, w = pair
    assert_allclose(convolve(X, w), torch_conv2d(X, w), rtol=0, atol=TOLERANCE)
    assert_allclose(convolve(X, w), correlate2d(X, w, mode="valid"), rtol=0, atol=TOLERANCE)
    turned = convolve2d(X, w[::-1, ::-1], mode="valid")
    assert_allclose(convolve(X, w), turned, rtol=0, atol=TOLERANCE)


@given(images_and_kernels(), st.integers(1, 4), st.integers(0, 3))
def test_stride_and_padding_are_torchs(pair, stride, padding):
    X, w = pair
    theirs = torch_conv2d(X, w, stride=stride, padding=padding)
    ours = convolve_strided(pad(X, padding), w, stride)
    assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


def test_a_true_convolution_is_another_one_unless_the_kernel_is_symmetric():
    X, w = draw(6, 7), draw(3, 3, seed=1)
    assert abs(convolve(X, w) - convolve2d(X, w, mode="valid")).max() > 0.1
    symmetric = w + w[::-1, ::-1]
    theirs = convolve2d(X, symmetric, mode="valid")
    assert_allclose(convolve(X, symmetric), theirs, rtol=0, atol=TOLERANCE)


def test_a_batch_is_one_image_after_the_other():
    X, w = draw(2, 3, 6, 5), draw(2, 3, seed=1)
    together = convolve(X, w)
    assert together.shape == (2, 3, 5, 3)
    for index in np.ndindex(2, 3):
        assert_array_equal(together[index], convolve(X[index], w))


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_stride_takes_every_so_manieth_place(stride):
    X, w = draw(8, 9), draw(3, 2, seed=1)
    expected = convolve(X, w)[::stride, ::stride]
    assert_array_equal(convolve_strided(X, w, stride), expected)


def test_the_identity_kernel_gives_back_the_inside_and_with_a_border_all():
    X = draw(5, 6)
    assert_array_equal(convolve(X, IDENTITY), X[1:-1, 1:-1])
    assert_array_equal(convolve(pad(X, 1), IDENTITY), X)


def test_a_moved_image_gives_a_moved_output():
    X, w = draw(7, 7), draw(3, 3, seed=1)
    assert_array_equal(convolve(np.roll(X, 1, axis=1), w)[:, 1:], convolve(X, w)[:, :-1])


@pytest.mark.parametrize("shape", [(4, 5), (2, 4, 5)])
@pytest.mark.parametrize("width", [0, 1, 3])
def test_padding_is_numpys(shape, width):
    X = draw(*shape)
    around = [(0, 0)] * (X.ndim - 2) + [(width, width)] * 2
    assert_array_equal(pad(X, width), np.pad(X, around))
    assert_array_equal(pad(torch.tensor(X), width), np.pad(X, around))


def test_a_layer_is_torchs_with_a_sigmoid():
    X, w, b = draw(3, 6, 5), draw(2, 3, seed=1), np.array(0.7)
    theirs = torch.sigmoid(torch.tensor(torch_conv2d(X, w)) + b.item())
    assert_allclose(convolution_layer(X, w, b), theirs, rtol=0, atol=TOLERANCE)


@given(images_and_kernels())
def test_the_kernels_gradient_is_autograds(pair):
    X, w = pair
    Y = draw(*convolve(X, w).shape, seed=2)
    leaf = torch.tensor(w, requires_grad=True)
    (torch.tensor(Y) - convolve(torch.tensor(X), leaf)).square().sum().backward()
    assert_allclose(kernel_gradient(X, Y, w), leaf.grad, rtol=0, atol=TOLERANCE)


def test_a_hidden_kernel_is_found():
    X, hidden = draw(12, 12), draw(3, 3, seed=1)
    Y, w = convolve(X, hidden), np.zeros((3, 3))
    for _ in range(300):
        w, _ = descend(w, 0.0, kernel_gradient(X, Y, w), 0.0, 0.002)
    assert_allclose(w, hidden, rtol=0, atol=1e-10)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_and_library_stay(dtype):
    X, w = draw(5, 5).astype(dtype), draw(2, 2, seed=1).astype(dtype)
    ours, theirs = convolve(X, w), convolve(torch.tensor(X), torch.tensor(w))
    assert ours.dtype == dtype and theirs.dtype == getattr(torch, dtype)
    assert_allclose(ours, theirs, rtol=0, atol=1e-6 if dtype == "float32" else TOLERANCE)


def test_the_places_are_rows_and_columns():
    i, j = positions(draw(5, 6), draw(3, 2), stride=2)
    assert_array_equal(i, [[0], [1]])
    assert_array_equal(j, [0, 1, 2])


@pytest.mark.parametrize("image, kernel", [((2, 5), (3, 3)), ((5, 2), (3, 3)), ((5, 5), (0, 2))])
def test_a_kernel_that_does_not_fit_is_refused(image, kernel):
    with pytest.raises(ValueError, match=r"w: a kernel of shape .* does not fit into an image"):
        convolve(np.zeros(image), np.zeros(kernel))


@pytest.mark.parametrize("image, kernel", [((5,), (1, 1)), ((5, 5), (3,)), ((5, 5), (1, 3, 3))])
def test_wrong_axes_are_refused(image, kernel):
    with pytest.raises(ValueError, match=r"expected an image X of shape \(..., rows, columns\)"):
        convolve(np.zeros(image), np.zeros(kernel))


@pytest.mark.parametrize("stride", [0, -1, 1.5, "2"])
def test_a_stride_that_is_no_whole_number_from_1_is_refused(stride):
    with pytest.raises(ValueError, match="stride: expected a whole number from 1 on, got"):
        convolve_strided(np.zeros((5, 5)), np.zeros((2, 2)), stride)


@pytest.mark.parametrize("width", [-1, 0.5])
def test_a_border_that_is_no_whole_number_from_0_is_refused(width):
    with pytest.raises(ValueError, match="width: expected a whole number from 0 on, got"):
        pad(np.zeros((5, 5)), width)


def test_a_target_of_another_shape_is_refused():
    with pytest.raises(
        ValueError, match=r"Y: expected the shape of w \* X, \(3, 3\), got \(5, 5\)"
    ):
        kernel_gradient(SLIDE, SLIDE, IDENTITY)

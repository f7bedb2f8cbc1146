"""The slides' table, and what torch counts."""

import pytest
import torch

from lecture_code.sections.dimensionality import dense_weights

SLIDES = {
    28: (784, 614_656),
    100: (10_000, 100_000_000),
    200: (40_000, 1_600_000_000),
    400: (160_000, 25_600_000_000),
}


@pytest.mark.parametrize("side, numbers", SLIDES.items())
def test_the_slides_table(side, numbers):
    assert dense_weights(side, side) == numbers


@pytest.mark.parametrize("width, height", [(1, 1), (3, 5), (28, 28), (640, 480)])
def test_torch_counts_the_same_without_biases(width, height):
    features, weights = dense_weights(width, height)
    layer = torch.nn.Linear(features, features, bias=False, device="meta")
    assert layer.weight.numel() == weights


def test_with_biases_there_is_one_more_for_each_output():
    features, weights = dense_weights(28, 28)
    layer = torch.nn.Linear(features, features, device="meta")
    assert sum(array.numel() for array in layer.parameters()) == weights + features == 615_440


def test_twice_the_side_is_sixteen_times_the_weights():
    assert dense_weights(34, 34)[1] == 16 * dense_weights(17, 17)[1]


def test_width_and_height_count_alike():
    assert dense_weights(3, 7) == dense_weights(7, 3) == (21, 441)

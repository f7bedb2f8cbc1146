"""Two products or one: what is measured, and what is said of it. No test asserts a time."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from lecture_code.publish import timing
from lecture_code.publish.timing import SHAPES, Timing, two_products_over_one


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(timing, "SECONDS", 0)
    monkeypatch.setattr(timing, "LEAST", 4)
    two_products_over_one.cache_clear()
    yield
    two_products_over_one.cache_clear()


def test_every_shape_is_measured_once_in_both_libraries(short):
    measured = two_products_over_one()
    assert [(one.library, one.shape) for one in measured] == [
        (library, shape) for library in ("numpy", "torch") for shape in SHAPES
    ]
    assert all(0 < one.lower <= one.median <= one.upper for one in measured)


def test_a_build_measures_once(short):
    assert two_products_over_one() is two_products_over_one()


@pytest.mark.parametrize("shape", [(1,), (3, 5), (256, 320)])
def test_numpys_arrays_begin_where_torchs_do(shape):
    original = np.random.default_rng(0).normal(size=shape).astype("float32")
    copies = [timing._aligned(original) for _ in range(10)]
    for copy in copies:
        assert copy.ctypes.data % 64 == 0
        assert copy.dtype == original.dtype and not np.shares_memory(copy, original)
        assert_array_equal(copy, original)
    assert torch.tensor(original).data_ptr() % 64 == 0


def test_the_ratio_is_the_first_over_the_second(short, monkeypatch):
    """Whoever runs first: the clock goes on by 2 in the first function and by 1 in the second."""
    clock = [0.0]
    monkeypatch.setattr(timing, "perf_counter", lambda: clock[0])

    def takes(seconds):
        def run():
            clock[0] += seconds

        return run

    assert timing._ratios(takes(2.0), takes(1.0)) == [2.0] * 4


@pytest.mark.parametrize(
    ("quartiles", "verdict"),
    [
        ((1.1, 1.2, 1.3), "faster"),
        ((0.9, 1.2, 1.3), "no difference"),
        ((0.7, 0.8, 0.9), "slower"),
        ((0.7, 0.8, 1.1), "no difference"),
        ((1.01, 1.05, 1.1), "no difference"),
        ((0.9, 0.95, 0.99), "no difference"),
    ],
)
def test_the_verdict_is_that_of_the_middle_half(quartiles, verdict):
    assert Timing("numpy", (1, 8, 16), *quartiles).verdict == verdict

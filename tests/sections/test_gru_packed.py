"""The full GRU with packed weights: the same numbers in another arrangement."""

import numpy as np
import pytest
from cells import SIZES, CellTests, draw, largest_difference

from lecture_code import GRUPackedWeights, gru_packed_step, gru_step, unroll


@pytest.mark.parametrize("step", [gru_packed_step])
class TestCell(CellTests):
    pass


def pack(weights):
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    return GRUPackedWeights(
        W_1=np.hstack([W_u.T, W_r.T]), b_1=np.concatenate([b_u, b_r]), W_2=W_h.T, b_2=b_h
    )


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_packed_and_unpacked_are_equal(sizes):
    weights, inputs, h = draw(gru_step, *sizes)
    unpacked = unroll(gru_step, inputs, h, weights)
    packed = unroll(gru_packed_step, inputs, h, pack(weights))
    assert largest_difference(unpacked, packed) <= 1e-14


@pytest.mark.parametrize("sizes", [size for size in SIZES if size[-1] > 1], ids=str)
def test_the_order_of_the_gates_matters(sizes):
    weights, inputs, h = draw(gru_step, *sizes)
    packed = pack(weights)
    swapped = packed._replace(
        W_1=np.roll(packed.W_1, len(h.T), axis=1), b_1=np.roll(packed.b_1, len(h.T))
    )
    right = unroll(gru_packed_step, inputs, h, packed)
    wrong = unroll(gru_packed_step, inputs, h, swapped)
    assert largest_difference(right, wrong) > 1e-3

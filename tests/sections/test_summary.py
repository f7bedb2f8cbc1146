"""What the cells cost, and the tasks on which the summary compares them."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import unroll
from lecture_code.core.state import state_of
from lecture_code.experiments.tasks import (
    BITS,
    CELLS,
    SYMBOLS,
    copy_number,
    copy_symbol,
    gradient_reach,
    number_errors,
    parity,
    parity_accuracy,
    symbol_accuracies,
)
from lecture_code.sections.summary import parameter_count

MAPS = {"RNN": 1, "GRU": 3, "LSTM": 4}
EACH = pytest.mark.parametrize("cell", CELLS)


def random(seed=0):
    return np.random.default_rng(seed)


def test_the_slides_size_by_hand():
    # 16 units that read 8 inputs and 16 units, and have a bias each.
    assert [parameter_count(8, 16, g) for g in MAPS.values()] == [400, 1200, 1600]


@EACH
@pytest.mark.parametrize("n_x, n_h", [(1, 1), (3, 7), (8, 16), (40, 5)])
def test_the_count_is_that_of_the_weights_and_torch_has_a_second_bias(cell, n_x, n_h):
    g = MAPS[cell]
    ours = sum(array.size for array in CELLS[cell].weights.init(n_x, n_h, seed=0))
    module = getattr(torch.nn, cell)
    theirs = sum(array.numel() for array in module(n_x, n_h).parameters())
    without = sum(array.numel() for array in module(n_x, n_h, bias=False).parameters())
    assert parameter_count(n_x, n_h, g) == ours == theirs - g * n_h == without + g * n_h


@pytest.mark.parametrize("lag", [1, 7])
def test_the_number_to_be_said_is_the_marked_one(lag):
    inputs, numbers = copy_number(lag, 50, random())
    assert inputs.shape == (lag + 1, 50, 2) and inputs.dtype == numbers.dtype == "float32"
    assert_array_equal(inputs[0, :, :1], numbers)
    assert_array_equal(inputs[0, :, 1], 1)
    assert not inputs[1:, :, 1].any()
    assert abs(inputs[..., 0]).max() <= 1


@pytest.mark.parametrize("lag", [1, 7])
def test_the_symbol_to_be_said_is_the_marked_one(lag):
    inputs, symbols = copy_symbol(lag, 50, random())
    assert inputs.shape == (lag + 1, 50, SYMBOLS + 1)
    assert_array_equal(inputs[0, :, :SYMBOLS].argmax(-1), symbols)
    assert_array_equal(inputs[..., :SYMBOLS].sum(-1), 1)
    assert_array_equal(inputs[..., SYMBOLS], [[1] * 50] + [[0] * 50] * lag)


@pytest.mark.parametrize("draw", [copy_number, copy_symbol])
def test_without_a_lag_there_is_nothing_to_remember(draw):
    with pytest.raises(ValueError, match="lag: expected at least 1 time step, got 0"):
        draw(0, 5, random())


def test_the_parity_is_that_of_the_last_bits():
    bits, odd = parity(9, 40, random())
    for t in range(9):
        for sample in range(40):
            ones = (bits[max(0, t - BITS + 1) : t + 1, sample, 0] == 1).sum()
            assert odd[t, sample, 0] == ones % 2


def test_no_answer_is_more_frequent_than_the_others():
    _, symbols = copy_symbol(3, 20_000, random())
    assert_allclose(np.bincount(symbols) / len(symbols), 1 / SYMBOLS, rtol=0, atol=0.02)
    _, odd = parity(20, 2000, random())
    assert_allclose(odd.mean(), 1 / 2, rtol=0, atol=0.02)


def test_a_gru_with_weights_set_by_hand_keeps_the_number():
    """The task can be done: the mark closes the update gate, everything else opens it."""
    step, kind = CELLS["GRU"].step, CELLS["GRU"].weights
    weights = kind(
        W_u=np.array([[0.0, -80.0, 0.0]]),
        b_u=np.array([40.0]),
        W_r=np.zeros((1, 3)),
        b_r=np.zeros(1),
        W_h=np.array([[1e-4, 0.0, 0.0]]),
        b_h=np.zeros(1),
    )
    inputs, numbers = copy_number(60, 30, random())
    _, last = unroll(step, inputs.astype("float64"), np.zeros((30, 1)), weights)
    assert abs(1e4 * last - numbers).max() < 1e-6


@EACH
@pytest.mark.parametrize("run", [number_errors, symbol_accuracies])
def test_training_gives_the_same_again_and_another_seed_something_else(cell, run):
    one, again = (run(cell, (1, 3), hidden=3, steps=2, seed=1) for _ in range(2))
    other = run(cell, (1, 3), hidden=3, steps=2, seed=2)
    assert one.shape == (2,) and np.isfinite(one).all()
    assert_array_equal(one, again)
    assert (one != other).any()


@EACH
def test_the_reach_is_the_gradient_by_differences(cell):
    step, kind = CELLS[cell].step, CELLS[cell].weights
    weights, inputs = kind.init(4, 2, seed=0), random([3, 0]).normal(size=(4, 1, 4))
    state = state_of([np.zeros((1, 2)) for _ in kind.state])
    gradient = np.zeros_like(inputs)
    for place in np.ndindex(*inputs.shape):
        moved = np.zeros_like(inputs)
        moved[place] = 1e-5
        ahead, back = (
            unroll(step, inputs + sign * moved, state, weights)[0][-1].sum() for sign in (1, -1)
        )
        gradient[place] = (ahead - back) / 2e-5
    by_lag = np.linalg.norm(gradient[::-1, 0], axis=-1)
    assert_allclose(gradient_reach(cell, 3, hidden=2, draws=1), by_lag, rtol=0, atol=1e-8)


def test_a_bias_on_the_forget_gate_reaches_further():
    plain, biased = (gradient_reach("LSTM", 20, 4, draws=3, forget=bias) for bias in (0, 5))
    assert biased[-1] > 100 * plain[-1]


@EACH
def test_without_training_the_parity_is_a_guess(cell):
    accuracy = parity_accuracy(cell, hidden=8, steps=1, seed=0)
    assert accuracy == parity_accuracy(cell, hidden=8, steps=1, seed=0)
    assert abs(accuracy - 0.5) < 0.1


def test_more_training_helps():
    few, many = (number_errors("GRU", (2,), hidden=6, steps=n, seed=0)[0] for n in (1, 200))
    assert many < few / 2


def test_an_unknown_cell_is_refused():
    with pytest.raises(ValueError, match="cell: expected one of RNN, GRU, LSTM, got 'gru'"):
        parity_accuracy("gru", hidden=2, steps=1, seed=0)

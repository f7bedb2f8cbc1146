"""The LSTM, the slides' reading of it to the letter, and the LSTM with a projection."""

import re
from math import exp, tanh

import numpy as np
import pytest
from cells import SIZES, CellTests, GradientTests, draw, largest_difference
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import (
    LSTMProjectedWeights,
    LSTMWeights,
    lstm_literal_step,
    lstm_projected_step,
    lstm_step,
    unroll,
)
from lecture_code.oracles import torch_nn

STEPS = [lstm_step, lstm_literal_step, lstm_projected_step]


@pytest.mark.parametrize("step", STEPS)
class TestCell(CellTests):
    pass


@pytest.mark.parametrize(
    "step, module",
    [(lstm_step, torch_nn.lstm), (lstm_projected_step, torch_nn.lstm_projected)],
)
class TestGradients(GradientTests):
    pass


def sigma(x):
    return 1 / (1 + exp(-x))


def test_one_step_by_hand():
    weights = LSTMWeights(
        W_u=np.array([[1.0, -2.0]]),
        b_u=np.array([0.25]),
        W_i=np.array([[3.0, 1.0]]),
        b_i=np.array([-0.5]),
        W_f=np.array([[-1.0, 2.0]]),
        b_f=np.array([0.75]),
        W_c=np.array([[2.0, 4.0]]),
        b_c=np.array([-0.125]),
    )
    x, h, c = np.array([0.5]), np.array([0.3]), np.array([-0.9])
    update, input_ = sigma(0.5 - 2 * 0.3 + 0.25), sigma(3 * 0.5 + 0.3 - 0.5)
    forget, candidate = sigma(-0.5 + 2 * 0.3 + 0.75), tanh(2 * 0.5 + 4 * 0.3 - 0.125)
    memory = forget * -0.9 + input_ * candidate

    h_next, c_next = lstm_step(x, (h, c), weights)
    assert_allclose([h_next, c_next], [[update * tanh(memory)], [memory]], rtol=0, atol=1e-15)

    h_next, c_next = lstm_literal_step(x, (h, c), weights)
    expected = [[update * tanh(memory)], [tanh(memory)]]
    assert_allclose([h_next, c_next], expected, rtol=0, atol=1e-15)


def test_the_literal_reading_departs_after_the_first_step():
    weights, inputs, (h, c) = draw(lstm_step)
    zero = (0 * h, 0 * c)
    real, _ = unroll(lstm_step, inputs, zero, weights)
    literal, _ = unroll(lstm_literal_step, inputs, zero, weights)
    assert_allclose(literal[0], real[0], rtol=0, atol=1e-16)
    assert (np.abs(literal - real)[1:].max(axis=(1, 2)) > 1e-4).all()


def test_the_memory_of_the_literal_reading_fades():
    weights, inputs, (h, _) = draw(lstm_step, batch=(), time=1000, features=1, hidden=1)
    # The forget gate is open and the input gate shut: nothing to do but keep the memory.
    weights = weights._replace(W_f=0 * weights.W_f, b_f=np.array([40.0]))
    weights = weights._replace(W_i=0 * weights.W_i, b_i=np.array([-800.0]))
    expected = [0.9]
    for _ in inputs:
        expected.append(tanh(expected[-1]))
    for time, about in ((10, 0.35), (100, 0.12), (1000, 0.039)):
        state = (h, np.array([0.9]))
        _, (_, real) = unroll(lstm_step, inputs[:time], state, weights)
        _, (_, literal) = unroll(lstm_literal_step, inputs[:time], state, weights)
        assert_array_equal(real, [0.9])
        assert_allclose(literal, [expected[time]], rtol=0, atol=1e-14)
        assert_allclose(literal, [about], rtol=0.02)


def test_a_forget_gate_of_0_forgets_and_an_input_gate_of_0_takes_nothing_in():
    weights, inputs, (h, c) = draw(lstm_step)
    forgets = weights._replace(W_f=0 * weights.W_f, b_f=0 * weights.b_f - 800)
    one = lstm_step(inputs[0], (h, c), forgets)
    two = lstm_step(inputs[0], (h, 5 - c), forgets)
    assert_allclose(one, two, rtol=0, atol=1e-15)
    closed = weights._replace(W_i=0 * weights.W_i, b_i=0 * weights.b_i - 800)
    kept = closed._replace(W_f=0 * weights.W_f, b_f=0 * weights.b_f + 40)
    assert_array_equal(lstm_step(inputs[0], (h, c), kept)[1], c)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_a_projection_by_the_identity_changes_nothing(sizes):
    weights, inputs, state = draw(lstm_step, *sizes)
    projected = LSTMProjectedWeights(*weights, W_p=np.eye(weights.sizes()["hidden"]))
    one = unroll(lstm_step, inputs, state, weights)
    two = unroll(lstm_projected_step, inputs, state, projected)
    assert largest_difference(one, two) <= 1e-14


def test_a_projection_may_be_larger_than_the_memory():
    # torch refuses this one; the projection is checked against the plain product.
    weights = LSTMProjectedWeights.init(3, 2, projection=5, seed=0)
    random = np.random.default_rng(0)
    x, h, c = random.normal(size=(4, 3)), random.normal(size=(4, 5)), random.normal(size=(4, 2))
    h_next, c_next = lstm_projected_step(x, (h, c), weights)
    v = np.concatenate([x, h], axis=-1)
    update = 1 / (1 + np.exp(-(v @ weights.W_u.T + weights.b_u)))
    assert_allclose(h_next, (update * np.tanh(c_next)) @ weights.W_p.T, rtol=0, atol=1e-15)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "change, message",
    [
        (lambda h, c: h, "state: expected a tuple (h, c), got ndarray"),
        (lambda h, c: None, "state: expected a tuple (h, c), got NoneType"),
        (lambda h, c: (h,), "state: expected a tuple (h, c), got tuple of length 1"),
        (lambda h, c: (h, c, c), "state: expected a tuple (h, c), got tuple of length 3"),
        (lambda h, c: (h, None), "c: expected an array of shape (2, hidden) = (2, "),
    ],
    ids=["h alone", "None", "one", "three", "no memory"],
)
def test_a_state_that_is_no_pair_is_named(step, change, message):
    weights, inputs, state = draw(step)
    with pytest.raises(TypeError, match=re.escape(message)):
        step(inputs[0], change(*state), weights)


def test_the_memory_is_as_wide_as_the_units_and_the_state_as_the_projection():
    weights, inputs, (h, c) = draw(lstm_projected_step)
    message = re.escape("h: expected shape (2, projection) = (2, 4), got (2, 5)")
    with pytest.raises(ValueError, match=message):
        lstm_projected_step(inputs[0], (c, h), weights)
    message = re.escape("c: expected shape (2, hidden) = (2, 5), got (2, 4)")
    with pytest.raises(ValueError, match=message):
        lstm_projected_step(inputs[0], (h, h), weights)

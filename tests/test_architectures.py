"""The five shapes: against torch's modules, and against loops written out."""

import re

import numpy as np
import pytest
import torch
from cells import map_arrays
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import LSTMWeights, RNNWeights, lstm_step, rnn_step, to_torch
from lecture_code.architectures import (
    ReadoutWeights,
    encode_decode,
    many_to_many,
    many_to_one,
    one_to_many,
    one_to_one,
    readout,
)
from lecture_code.publish.shapes import SHAPES, Column, shape

TOLERANCE = 1e-12
BATCH, TIME, INPUT, HIDDEN, OUTPUT = 3, 6, 4, 5, 2


def draw(step, inputs=INPUT, outputs=OUTPUT, seed=0):
    kind = RNNWeights if step is rnn_step else LSTMWeights
    cell = kind.init(inputs, HIDDEN, seed=seed)
    out = ReadoutWeights.init(hidden_size=HIDDEN, output=outputs, seed=seed + 1)
    random = np.random.default_rng(seed)
    h, c = random.normal(size=(2, BATCH, HIDDEN))
    X = random.normal(size=(TIME, BATCH, inputs))
    return X, h if step is rnn_step else (h, c), cell, out


def linear(out):
    module = torch.nn.Linear(out.W_y.shape[1], out.W_y.shape[0]).double()
    module.load_state_dict({"weight": torch.tensor(out.W_y), "bias": torch.tensor(out.b_y)})
    return module


def torch_run(cell, out, X, state):
    """Outputs at each step, and the last state, by torch's modules."""
    with torch.no_grad():
        state = map_arrays(lambda array: torch.tensor(array)[None], state)
        outputs, last = to_torch(cell)(torch.tensor(X), state)
        last = (
            tuple(array[0].numpy() for array in last)
            if isinstance(last, tuple)
            else last[0].numpy()
        )
        return linear(out)(outputs).numpy(), last


STEPS = pytest.mark.parametrize("step", [rnn_step, lstm_step])


def test_the_readout_by_hand():
    out = ReadoutWeights(np.array([[1.0, -2.0]]), np.array([0.5]))
    assert_array_equal(readout(np.array([3.0, 1.0]), out), [1.5])


def test_the_readout_of_a_state_of_another_size_is_refused():
    with pytest.raises(ValueError):
        readout(np.zeros(3), ReadoutWeights(np.zeros((1, 2)), np.zeros(1)))


@STEPS
def test_many_to_many_is_torchs_layer_and_linear(step):
    X, state, cell, out = draw(step)
    theirs, _ = torch_run(cell, out, X, state)
    ours = many_to_many(step, X, state, cell, out)
    assert ours.shape == (TIME, BATCH, OUTPUT)
    assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


@STEPS
def test_many_to_one_is_the_last_of_many_to_many(step):
    X, state, cell, out = draw(step)
    theirs, _ = torch_run(cell, out, X, state)
    assert_allclose(many_to_one(step, X, state, cell, out), theirs[-1], rtol=0, atol=TOLERANCE)


@STEPS
def test_one_to_one_is_one_step_and_has_no_order(step):
    X, state, cell, out = draw(step)
    ours = [one_to_one(step, x, state, cell, out) for x in X]
    for x, output in zip(X, ours, strict=True):
        theirs, _ = torch_run(cell, out, x[None], state)
        assert_allclose(output, theirs[0], rtol=0, atol=TOLERANCE)
    backward = [one_to_one(step, x, state, cell, out) for x in X[::-1]]
    assert_array_equal(ours, backward[::-1])


@STEPS
def test_one_to_many_feeds_each_output_back(step):
    X, state, cell, out = draw(step, outputs=INPUT)
    ours = one_to_many(step, X[0], state, cell, out, steps=5)
    assert ours.shape == (5, BATCH, INPUT)
    # Fed from outside with the same outputs, a cell of torch's says the same.
    fed = np.concatenate((X[:1], ours[:-1]))
    theirs, _ = torch_run(cell, out, fed, state)
    assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


@STEPS
def test_encode_decode_hands_over_the_state_and_begins_with_zero(step):
    X, state, encoder, _ = draw(step)
    _, _, decoder, out = draw(step, inputs=OUTPUT, seed=7)
    ours = encode_decode(step, X, state, encoder, decoder, out, steps=4)
    assert ours.shape == (4, BATCH, OUTPUT)
    _, last = torch_run(encoder, out, X, state)
    fed = np.concatenate((np.zeros((1, BATCH, OUTPUT)), ours[:-1]))
    theirs, _ = torch_run(decoder, out, fed, last)
    assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


def test_a_generator_knows_nothing_but_its_start():
    X, state, cell, out = draw(rnn_step, outputs=INPUT)
    short, long = (one_to_many(rnn_step, X[0], state, cell, out, steps) for steps in (2, 5))
    assert_array_equal(short, long[:2])


@STEPS
def test_torch_computes_what_numpy_computes(step):
    X, state, cell, out = draw(step, outputs=INPUT)
    _, _, decoder, _ = draw(step, inputs=INPUT, seed=3)
    for function, arguments in (
        (one_to_one, (X[0], state, cell, out)),
        (many_to_one, (X, state, cell, out)),
        (many_to_many, (X, state, cell, out)),
    ):
        theirs = function(step, *(map_arrays(torch.tensor, argument) for argument in arguments))
        assert_allclose(function(step, *arguments), theirs, rtol=0, atol=TOLERANCE)
    arguments = X, state, cell, decoder, out
    tensors = (map_arrays(torch.tensor, argument) for argument in arguments)
    ours, theirs = encode_decode(step, *arguments, 3), encode_decode(step, *tensors, 3)
    assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("steps", [0, -2])
def test_a_generator_of_no_step_is_refused(steps):
    X, state, cell, out = draw(rnn_step, outputs=INPUT)
    with pytest.raises(ValueError, match=f"steps: expected at least 1 output, got {steps}"):
        one_to_many(rnn_step, X[0], state, cell, out, steps)
    with pytest.raises(ValueError, match=f"steps: expected at least 1 output, got {steps}"):
        encode_decode(rnn_step, X, state, cell, cell, out, steps)


def test_an_output_that_does_not_fit_as_an_input_is_refused():
    X, state, cell, out = draw(rnn_step)
    with pytest.raises(ValueError, match="x"):
        one_to_many(rnn_step, X[0], state, cell, out, steps=2)


@pytest.mark.parametrize("name, columns", SHAPES.items())
def test_a_picture_has_as_many_inputs_and_outputs_as_its_shape(name, columns):
    picture = shape(columns, name)
    inputs = sum(column.reads and not column.fed for column in columns)
    assert picture.count("<rect ") == len(columns)
    assert len(re.findall(r">x<tspan", picture)) == inputs
    assert len(re.findall(r">y<tspan", picture)) == sum(column.writes for column in columns)
    assert picture.count('class="fed"') == sum(column.fed for column in columns)
    assert f'aria-label="{name}: {len(columns)} step' in picture


@pytest.mark.parametrize("columns", [(), (Column(fed=True),)])
def test_a_shape_without_a_beginning_is_refused(columns):
    with pytest.raises(ValueError, match="columns: expected a first time step that is not fed"):
        shape(columns, "nothing")

"""The five shapes, against torch's modules and a readout of torch's, and their pictures."""

import re

import numpy as np
import pytest
import torch
from cells import draw, map_arrays, states_of, to_torch
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import (
    RNNWeights,
    gru_reset_after_step,
    gru_step,
    lstm_step,
    rnn_step,
    unroll,
)
from lecture_code import to_torch as to_module
from lecture_code.publish import SHAPES, shape
from lecture_code.publish.shapes import Column
from lecture_code.sections.architectures import (
    ReadoutWeights,
    encode_decode,
    many_to_many,
    many_to_one,
    one_to_many,
    one_to_one,
    readout,
)

TOLERANCE = 1e-13
# The steps that torch has a module for, and the slides' GRU where no module is needed.
TORCHS = [rnn_step, gru_reset_after_step, lstm_step]
STEPS = [*TORCHS, gru_step]
INPUTS, HIDDEN, TIME = 3, 4, 5


def case(step, output=INPUTS, batch=(2,), seed=0):
    """A cell, a sequence, a state that is not zero, and a readout; outputs fit as inputs."""
    cell, inputs, state = draw(step, batch, TIME, INPUTS, HIDDEN, seed)
    random = np.random.default_rng([seed, output])
    out = ReadoutWeights(random.normal(size=(output, HIDDEN)), random.normal(size=output))
    return cell, inputs, state, out


def layer(out):
    """torch's own readout, with the same numbers."""
    module = torch.nn.Linear(*out.W_y.shape[::-1], dtype=torch.float64)
    module.weight.data, module.bias.data = torch.tensor(out.W_y), torch.tensor(out.b_y)
    return module


def module_state(state):
    return map_arrays(lambda array: torch.tensor(array)[None], state)


def close(ours, theirs):
    assert ours.shape == tuple(theirs.shape)
    assert_allclose(ours, theirs.detach(), rtol=0, atol=TOLERANCE)


# --- the readout


def test_a_readout_by_hand():
    out = ReadoutWeights(np.array([[1.0, -2.0], [0.5, 0.0]]), np.array([0.25, -1.0]))
    # 0.5 - 2 * 0.3 + 0.25 and 0.5 * 0.5 - 1
    assert_allclose(readout(np.array([0.5, 0.3]), out), [0.15, -0.75], rtol=0, atol=1e-15)


@pytest.mark.parametrize("batch", [(), (4,), (2, 3)], ids=str)
def test_a_readout_is_torchs_linear_layer(batch):
    out = case(rnn_step, output=6)[-1]
    h = np.random.default_rng(3).normal(size=(*batch, HIDDEN))
    close(readout(h, out), layer(out)(torch.tensor(h)))


def test_a_state_that_the_readout_cannot_read_is_named():
    with pytest.raises(ValueError, match=r"takes arrays of shape \(\.\.\., 4\).*got \(5,\)"):
        readout(np.ones(5), case(rnn_step)[-1])


# --- against torch


@pytest.mark.parametrize("step", TORCHS)
def test_one_to_one_is_torchs_module_over_one_step(step):
    cell, inputs, state, out = case(step, output=2)
    hidden, _ = to_module(cell)(torch.tensor(inputs[:1]), module_state(state))
    close(one_to_one(step, inputs[0], state, cell, out), layer(out)(hidden[0]))


@pytest.mark.parametrize("step", TORCHS)
def test_many_to_many_is_torchs_module_and_a_linear_layer(step):
    cell, inputs, state, out = case(step, output=2)
    hidden, _ = to_module(cell)(torch.tensor(inputs), module_state(state))
    close(many_to_many(step, inputs, state, cell, out), layer(out)(hidden))


@pytest.mark.parametrize("step", TORCHS)
def test_many_to_one_is_the_linear_layer_on_torchs_last_state(step):
    cell, inputs, state, out = case(step, output=2)
    _, last = to_module(cell)(torch.tensor(inputs), module_state(state))
    close(many_to_one(step, inputs, state, cell, out), layer(out)(states_of(last)[0][0]))


@pytest.mark.parametrize("step", TORCHS)
def test_one_to_many_is_torchs_module_fed_with_its_own_outputs(step):
    cell, inputs, state, out = case(step)
    module, linear = to_module(cell), layer(out)
    x, carried, outputs = torch.tensor(inputs[:1]), module_state(state), []
    for _ in range(6):
        hidden, carried = module(x, carried)
        x = linear(hidden)
        outputs.append(x[0])
    close(one_to_many(step, inputs[0], state, cell, out, 6), torch.stack(outputs))


@pytest.mark.parametrize("step", TORCHS)
def test_encode_decode_is_two_of_torchs_modules(step):
    reads, inputs, state, out = case(step)
    writes = case(step, seed=1)[0]
    decoder, linear = to_module(writes), layer(out)
    _, carried = to_module(reads)(torch.tensor(inputs), module_state(state))
    x, outputs = torch.zeros(1, 2, INPUTS, dtype=torch.float64), []
    for _ in range(7):
        hidden, carried = decoder(x, carried)
        x = linear(hidden)
        outputs.append(x[0])
    ours = encode_decode(step, inputs, state, reads, writes, out, 7)
    close(ours, torch.stack(outputs))


# --- against loops, and against each other


@pytest.mark.parametrize("step", STEPS)
def test_the_shapes_are_loops_around_a_step(step):
    cell, inputs, state, out = case(step)
    first, outputs = state, []
    for x in inputs:
        state = step(x, state, cell)
        outputs.append(states_of(state)[0] @ out.W_y.T + out.b_y)
    many = many_to_many(step, inputs, first, cell, out)
    assert_allclose(many, outputs, rtol=0, atol=TOLERANCE)
    last = many_to_one(step, inputs, first, cell, out)
    assert_allclose(last, outputs[-1], rtol=0, atol=TOLERANCE)
    single = one_to_one(step, inputs[0], first, cell, out)
    assert_allclose(single, outputs[0], rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("step", STEPS)
def test_a_melody_of_one_note_is_one_to_one(step):
    cell, inputs, state, out = case(step)
    [note] = one_to_many(step, inputs[0], state, cell, out, 1)
    assert_array_equal(note, one_to_one(step, inputs[0], state, cell, out))


@pytest.mark.parametrize("step", STEPS)
def test_a_melody_goes_on_where_a_sequence_of_its_own_notes_ends(step):
    """What is generated, read back as inputs, gives the same outputs again."""
    cell, inputs, state, out = case(step)
    notes = one_to_many(step, inputs[0], state, cell, out, 5)
    heard = np.concatenate((inputs[:1], notes[:-1]))
    again = many_to_many(step, heard, state, cell, out)
    assert_allclose(again, notes, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("step", STEPS)
def test_the_decoder_sees_the_input_through_the_state_alone(step):
    reads, inputs, state, out = case(step)
    writes = case(step, seed=1)[0]
    _, thought = unroll(step, inputs, state, reads)
    ours = encode_decode(step, inputs, state, reads, writes, out, 3)
    assert_array_equal(ours, one_to_many(step, np.zeros((2, INPUTS)), thought, writes, out, 3))


def test_a_longer_melody_begins_with_the_shorter_one():
    cell, inputs, state, out = case(rnn_step)
    short, long = (one_to_many(rnn_step, inputs[0], state, cell, out, n) for n in (2, 5))
    assert_array_equal(short, long[:2])


def test_one_to_many_by_hand():
    # tanh is left out by a slope of 1e-6 and made good by the readout: each output is half its
    # input, and the state adds nothing.
    cell = RNNWeights(np.array([[1e-6, 0.0]]), np.zeros(1))
    out = ReadoutWeights(np.array([[0.5e6]]), np.zeros(1))
    notes = one_to_many(rnn_step, np.array([8.0]), np.zeros(1), cell, out, 4)
    # tanh(x) is x - x**3 / 3, which is off by at most 64e-12 / 3 of 8.
    assert_allclose(notes[:, 0], [4, 2, 1, 0.5], rtol=0, atol=2e-10)


def test_many_to_one_by_hand():
    # tanh(0 + 0.5), then tanh(0.7 + 0.2 * tanh(0.5) + 0.5)
    cell = RNNWeights(np.array([[1.0, 0.2]]), np.array([0.5]))
    out = ReadoutWeights(np.array([[3.0]]), np.array([-1.0]))
    answer = many_to_one(rnn_step, np.array([[0.0], [0.7]]), np.zeros(1), cell, out)
    assert_allclose(answer, [3 * np.tanh(1.2 + 0.2 * np.tanh(0.5)) - 1], rtol=0, atol=1e-15)


@pytest.mark.parametrize("batch", [(), (3,), (2, 3)], ids=str)
def test_every_shape_keeps_the_batch(batch):
    cell, inputs, state, out = case(rnn_step, batch=batch)
    shapes = {
        (*batch, INPUTS): one_to_one(rnn_step, inputs[0], state, cell, out),
        (6, *batch, INPUTS): one_to_many(rnn_step, inputs[0], state, cell, out, 6),
        (TIME, *batch, INPUTS): many_to_many(rnn_step, inputs, state, cell, out),
        (7, *batch, INPUTS): encode_decode(rnn_step, inputs, state, cell, cell, out, 7),
    }
    for expected, outputs in shapes.items():
        assert outputs.shape == expected
    assert many_to_one(rnn_step, inputs, state, cell, out).shape == (*batch, INPUTS)


@pytest.mark.parametrize("step", STEPS)
def test_tensors_give_the_same_numbers_and_gradients_flow_back(step):
    arrays = case(step)
    cell, inputs, state, out = map(to_torch, arrays)
    inputs.requires_grad_()
    written = encode_decode(step, inputs, state, cell, cell, out, 3)
    cell_, inputs_, state_, out_ = arrays
    expected = encode_decode(step, inputs_, state_, cell_, cell_, out_, 3)
    assert_allclose(written.detach(), expected, rtol=0, atol=TOLERANCE)
    written.sum().backward()
    # Every input reaches every output through the state.
    assert (inputs.grad.abs().amax((1, 2)) > 0).all()


@pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_float32_stays_float32(convert):
    cell, inputs, state, out = (
        map_arrays(lambda array: convert(array.astype("float32")), part) for part in case(rnn_step)
    )
    outputs = encode_decode(rnn_step, inputs, state, cell, cell, out, 3)
    assert outputs.dtype == inputs.dtype


# --- errors


@pytest.mark.parametrize("steps", [0, -1])
def test_no_outputs_at_all_are_refused(steps):
    cell, inputs, state, out = case(rnn_step)
    with pytest.raises(ValueError, match=f"steps: expected at least 1 output, got {steps}"):
        one_to_many(rnn_step, inputs[0], state, cell, out, steps)
    with pytest.raises(ValueError, match=f"steps: expected at least 1 output, got {steps}"):
        encode_decode(rnn_step, inputs, state, cell, cell, out, steps)


def test_an_output_that_does_not_fit_as_an_input_is_named():
    cell, inputs, state, out = case(rnn_step, output=2)
    with pytest.raises(ValueError, match=r"x: expected shape .* got \(2, 2\)"):
        one_to_many(rnn_step, inputs[0], state, cell, out, 2)
    with pytest.raises(ValueError, match=r"x: expected shape .* got \(2, 2\)"):
        encode_decode(rnn_step, inputs, state, cell, cell, out, 1)


# --- the pictures


def drawn(columns):
    """What a picture holds: cells, and the numbers of its inputs and its outputs."""
    page = shape(columns, "a test")
    letters = re.findall(r'>([xy])<tspan dy="4" font-size="10">(\d+)<', page)
    inputs, outputs = ([int(i) for name, i in letters if name == which] for which in "xy")
    return page.count("<rect"), inputs, outputs


@pytest.mark.parametrize(
    ("name", "cells", "inputs", "outputs"),
    [
        ("one to one", 1, [1], [1]),
        ("one to many", 4, [1], [1, 2, 3, 4]),
        ("many to one", 4, [1, 2, 3, 4], [1]),
        ("many to many, same length", 4, [1, 2, 3, 4], [1, 2, 3, 4]),
        ("many to many, different lengths", 6, [1, 2, 3], [1, 2, 3]),
    ],
)
def test_a_picture_has_the_inputs_and_outputs_of_its_shape(name, cells, inputs, outputs):
    assert drawn(SHAPES[name]) == (cells, inputs, outputs)


@pytest.mark.parametrize("time", [1, 2, 7])
@pytest.mark.parametrize("reads, writes", [(True, True), (True, False), (False, True)])
def test_a_picture_has_as_many_inputs_and_outputs_as_asked(time, reads, writes):
    numbers = list(range(1, time + 1))
    expected = (time, numbers * reads, numbers * writes)
    assert drawn([Column(reads, writes)] * time) == expected


def test_what_is_fed_back_is_drawn():
    fed = {name: shape(columns, name).count('class="fed"') for name, columns in SHAPES.items()}
    assert fed == {
        "one to one": 0,
        "one to many": 3,
        "many to one": 0,
        "many to many, same length": 0,
        "many to many, different lengths": 2,
    }


def test_a_picture_says_what_it_shows():
    page = shape(SHAPES["many to one"], "many to one")
    assert 'role="img" aria-label="many to one: 4 steps, 4 inputs, 1 output"' in page
    assert "currentColor" in page and not re.search(r"#[0-9a-f]{3,6}\b", page)


def test_two_pictures_of_a_page_do_not_share_an_id():
    ids = [re.findall(r' id="(.*?)"', shape(columns, name)) for name, columns in SHAPES.items()]
    assert len({one for found in ids for one in found}) == sum(map(len, ids))
    for (own,), (name, columns) in zip(ids, SHAPES.items(), strict=True):
        assert set(re.findall(r"url\(#(.*?)\)", shape(columns, name))) == {own}


@pytest.mark.parametrize("columns", [(), (Column(fed=True), Column())], ids=["empty", "fed first"])
def test_a_picture_without_a_beginning_is_refused(columns):
    with pytest.raises(ValueError, match="columns: expected a first time step"):
        shape(columns, "nothing")

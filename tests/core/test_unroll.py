"""The loop over time: its order, its padding, both directions, several layers, and its errors."""

import re
from functools import wraps

import numpy as np
import pytest
import torch
from cells import draw, map_arrays, states_of, to_torch
from numpy.testing import assert_allclose, assert_array_equal

import lecture_code
from lecture_code import (
    GRUWeights,
    LSTMWeights,
    RNNWeights,
    gate,
    gru_packed_step,
    gru_step,
    lstm_projected_step,
    lstm_step,
    rnn_step,
    unroll,
    unroll_backward,
    unroll_layers,
)

STEPS = [getattr(lecture_code, name) for name in lecture_code.__all__ if name.endswith("_step")]
FEW = [rnn_step, gru_step, gru_packed_step, lstm_step, lstm_projected_step]
DIRECTIONS = [unroll, unroll_backward]
LENGTHS = [[7, 4, 1], [2, 2, 2], [1, 7, 3]]

every_step = pytest.mark.parametrize("step", STEPS)
some_steps = pytest.mark.parametrize("step", FEW)
both_directions = pytest.mark.parametrize("run", DIRECTIONS)
both = pytest.mark.parametrize("convert", [lambda array: array, to_torch], ids=["numpy", "torch"])
every_lengths = pytest.mark.parametrize("lengths", LENGTHS, ids=str)


def assert_same(ours, theirs, atol=1e-14):
    """Outputs and state against outputs and state; every state is one array or a tuple."""
    (outputs, state), (their_outputs, their_state) = ours, theirs
    assert isinstance(state, tuple) == isinstance(their_state, tuple)
    pairs = [(outputs, their_outputs), *zip(states_of(state), states_of(their_state), strict=True)]
    for a, b in pairs:
        a, b = np.asarray(a), np.asarray(b)
        assert a.shape == b.shape and a.dtype == b.dtype
        assert_allclose(a, b, rtol=0, atol=atol)


def loop(step, inputs, state, weights, order=None):
    """The loop written out: the outputs in the order of time, and the last state."""
    outputs = [None] * len(inputs)
    for time in range(len(inputs)) if order is None else order:
        state = step(inputs[time], state, weights)
        outputs[time] = np.asarray(states_of(state)[0])
    return np.stack(outputs), map_arrays(np.asarray, state)


def padded(step, batch=(3,), time=7, seed=0):
    weights, inputs, state = draw(step, batch=batch, time=time, seed=seed)
    return inputs, state, weights


def one_by_one(run, step, inputs, state, weights, lengths):
    """Each sequence alone, without its padding; 0 stands where it has ended."""
    outputs, last = 0, []
    for i, length in enumerate(lengths):
        alone = map_arrays(lambda array: array[i], state)  # noqa: B023
        its_outputs, its_state = run(step, inputs[:length, i], alone, weights)
        if i == 0:
            outputs = np.zeros((*inputs.shape[:2], its_outputs.shape[-1]))
        outputs[:length, i] = its_outputs
        last.append(states_of(its_state))
    stacked = tuple(np.stack(arrays) for arrays in zip(*last, strict=True))
    return outputs, stacked if isinstance(state, tuple) else stacked[0]


# ONE SEQUENCE


@both
@every_step
@pytest.mark.parametrize("time, batch", [(1, ()), (6, ()), (5, (1,)), (4, (3,)), (3, (2, 5))])
def test_unroll_is_the_loop_written_out(step, time, batch, convert):
    arguments = map(convert, padded(step, batch, time))
    inputs, state, weights = arguments
    ours = unroll(step, inputs, state, weights)
    assert type(ours[0]) is type(inputs)
    assert_same(ours, loop(step, inputs, state, weights), atol=1e-15)


@both
@every_step
@pytest.mark.parametrize("time, batch", [(1, ()), (6, ()), (4, (3,)), (3, (2, 5))])
def test_backward_is_the_loop_from_the_end(step, time, batch, convert):
    inputs, state, weights = map(convert, padded(step, batch, time))
    ours = unroll_backward(step, inputs, state, weights)
    order = reversed(range(time))
    assert_same(ours, loop(step, inputs, state, weights, order), atol=1e-15)
    outputs, last = unroll(step, convert(np.asarray(inputs)[::-1].copy()), state, weights)
    assert_same((np.asarray(ours[0])[::-1], ours[1]), (outputs, last), atol=1e-15)


def test_time_comes_first():
    """A counter: each step adds its input to the state."""
    inputs = np.array([[1.0, 10], [2, 20], [3, 30]])
    weights = RNNWeights(np.ones((2, 4)), np.ones(2))
    outputs, last = unroll(lambda x, h, w: h + x, inputs, np.zeros(2), weights)
    assert_array_equal(outputs, [[1, 10], [3, 30], [6, 60]])
    assert_array_equal(last, [6, 60])
    outputs, last = unroll_backward(lambda x, h, w: h + x, inputs, np.zeros(2), weights)
    assert_array_equal(outputs, [[6, 60], [5, 50], [3, 30]])
    assert_array_equal(last, [6, 60])


@both_directions
@some_steps
def test_axes_in_front_are_sequences_of_their_own(step, run):
    inputs, state, weights = padded(step, (2, 3), 4)
    outputs, last = run(step, inputs, state, weights)
    for i, j in np.ndindex(2, 3):
        alone = map_arrays(lambda array: array[i, j], state)  # noqa: B023
        ours = outputs[:, i, j], map_arrays(lambda array: array[i, j], last)  # noqa: B023
        assert_same(ours, run(step, inputs[:, i, j], alone, weights), atol=1e-15)


@both_directions
@pytest.mark.parametrize("step", [lstm_step, lstm_projected_step])
def test_the_outputs_of_an_lstm_are_its_h(step, run):
    inputs, state, weights = padded(step)
    outputs, (h, c) = run(step, inputs, state, weights)
    assert outputs.shape == (7, *h.shape)
    assert_array_equal(outputs[-1 if run is unroll else 0], h)
    assert np.abs(h).max() < np.abs(c).max()


@some_steps
def test_a_sequence_may_be_cut_where_the_state_is_handed_on(step):
    inputs, state, weights = padded(step)
    first, between = unroll(step, inputs[:3], state, weights)
    second, last = unroll(step, inputs[3:], between, weights)
    ours = np.concatenate([first, second]), last
    assert_same(ours, unroll(step, inputs, state, weights), atol=1e-15)


@both
@both_directions
@every_step
def test_the_layout_of_weights_and_inputs_in_memory_makes_no_difference(step, run, convert):
    inputs, state, weights = padded(step)
    expected = run(step, inputs, state, weights)
    for layout in (np.ascontiguousarray, np.asfortranarray):
        made = [map_arrays(layout, arrays) for arrays in (inputs, state, weights)]
        if convert is to_torch:
            # torch.tensor would lay them out anew.
            made = [map_arrays(torch.from_numpy, arrays) for arrays in made]
        assert_same(run(step, *made), expected)
    every_other = np.repeat(inputs, 2, axis=0)[::2]
    assert not every_other.flags.contiguous
    assert_same(run(step, every_other, state, weights), expected)


@pytest.mark.parametrize("lengths", [None, [7, 4, 1]], ids=["whole", "padded"])
@both
@both_directions
@every_step
def test_nothing_given_is_changed(step, run, convert, lengths):
    given = list(map(convert, padded(step)))
    originals = padded(step)
    flags = [str(getattr(array, "flags", "")) for array in given[2]]
    counted = None if lengths is None else np.array(lengths)
    outputs, last = run(step, *given, counted)
    for array in (outputs, *states_of(last)):
        # Nor does a result share memory with what was given.
        array[...] = 99
    for arrays, original in zip(given, originals, strict=True):
        for a, b in zip(states_of(arrays), states_of(original), strict=True):
            assert_array_equal(a, b)
    assert [str(getattr(array, "flags", "")) for array in given[2]] == flags
    assert lengths is None or counted.tolist() == lengths


@pytest.mark.parametrize("dtype", ["float16", "float32"])
@both_directions
@some_steps
def test_a_smaller_dtype_is_kept(step, run, dtype):
    arguments = padded(step)
    expected = run(step, *arguments, [7, 4, 1])
    small = [map_arrays(lambda array: array.astype(dtype), argument) for argument in arguments]
    atol = 16 * np.finfo(dtype).eps
    for convert in (lambda array: array, to_torch):
        outputs, last = run(step, *map(convert, small), [7, 4, 1])
        arrays = zip((outputs, *states_of(last)), (expected[0], *states_of(expected[1])))  # noqa: B905
        for a, b in arrays:
            assert str(a.dtype).endswith(dtype)
            assert_allclose(a, b, rtol=0, atol=atol)


@both
@both_directions
@some_steps
def test_nan_goes_on_in_the_direction_of_the_loop(step, run, convert):
    inputs, state, weights = padded(step)
    clean, _ = run(step, inputs, state, weights)
    inputs[3, 1, 0] = np.nan
    outputs, last = (
        map_arrays(np.asarray, part) for part in run(step, *map(convert, (inputs, state, weights)))
    )
    reached = np.zeros((7, 3), bool)
    reached[slice(3, None) if run is unroll else slice(4), 1] = True
    assert_array_equal(np.isnan(outputs), np.broadcast_to(reached[..., None], outputs.shape))
    assert_allclose(outputs[~reached], clean[~reached], rtol=0, atol=1e-15)
    for array in states_of(last):
        assert_array_equal(np.isnan(array).all(axis=-1), [False, True, False])
        assert_array_equal(np.isnan(array).any(axis=-1), [False, True, False])


@both_directions
def test_nan_in_state_or_weights_passes(run):
    inputs, h, weights = padded(gru_step)
    nan_state = h.copy()
    nan_state[0, 0] = np.nan
    outputs, _ = run(gru_step, inputs, nan_state, weights)
    assert np.isnan(outputs[:, 0]).all() and not np.isnan(outputs[:, 1:]).any()
    b_h = weights.b_h.copy()
    b_h[2] = np.nan
    outputs, _ = run(gru_step, inputs, h, weights._replace(b_h=b_h))
    assert np.isnan(outputs[..., 2]).all()


def test_a_step_of_ones_own_and_its_decorator_run():
    inputs, h, weights = padded(gru_step)

    @wraps(gru_step)
    def halved(x, h, weights):
        return gru_step(x, h, weights) / 2

    assert_same(unroll(halved, inputs, h, weights), loop(halved, inputs, h, weights))
    outputs, _ = unroll(gru_step, inputs, h, weights)
    assert np.abs(unroll(halved, inputs, h, weights)[0] - outputs).min() > 0


def test_the_step_is_given_each_input_with_the_state_before():
    inputs, h, weights = padded(rnn_step, (), 4)
    seen = []

    def step(x, h, weights):
        seen.append((x.copy(), h.copy()))
        return 2 * h

    unroll(step, inputs, h, weights)
    assert_array_equal([x for x, _ in seen], inputs)
    assert_array_equal([state for _, state in seen], [h, 2 * h, 4 * h, 8 * h])


# GRADIENTS


@pytest.mark.parametrize("lengths", [None, [3, 1]], ids=["whole", "padded"])
@both_directions
@pytest.mark.parametrize("step", [gru_step, lstm_step])
def test_gradients_flow_to_everything(step, run, lengths):
    weights, inputs, state = draw(step, batch=(2,), time=3, features=2, hidden=2)
    leaves = [
        array.requires_grad_()
        for array in (torch.tensor(inputs), *states_of(to_torch(state)), *to_torch(weights))
    ]
    count = len(states_of(state))

    def results(x, *rest):
        h = rest[:count] if count > 1 else rest[0]
        outputs, last = run(step, x, h, type(weights)(*rest[count:]), lengths)
        return (outputs, *states_of(last))

    assert torch.autograd.gradcheck(results, leaves)
    sum(array.sum() for array in results(*leaves)).backward()
    for leaf in leaves[1:]:
        assert (leaf.grad != 0).all()
    ended = leaves[0].grad[1:, 1]
    assert (ended == 0).all() if lengths else (ended != 0).all()


@both_directions
@pytest.mark.parametrize("junk", [np.nan, np.inf, 1e300])
def test_the_padding_reaches_no_gradient(run, junk):
    inputs, h, weights = map(to_torch, padded(gru_step))
    lengths = [7, 4, 1]
    gradients = []
    for value in (0.5, junk):
        made = GRUWeights(*(array.clone().requires_grad_() for array in weights))
        filled = inputs.clone()
        filled[4:, 1], filled[1:, 2] = value, value
        run(gru_step, filled, h, made, lengths)[0].sum().backward()
        gradients.append([array.grad for array in made])
    for clean, filled in zip(*gradients, strict=True):
        assert (clean != 0).all()
        torch.testing.assert_close(filled, clean, rtol=0, atol=1e-15)


# LENGTHS


@every_lengths
@both
@both_directions
@every_step
def test_padded_sequences_are_what_each_is_alone(step, run, convert, lengths):
    inputs, state, weights = padded(step)
    expected = one_by_one(run, step, inputs, state, weights, lengths)
    assert_same(run(step, *map(convert, (inputs, state, weights)), lengths), expected)
    for i, length in enumerate(lengths):
        assert_array_equal(expected[0][length:, i], np.zeros_like(expected[0][length:, i]))


@pytest.mark.parametrize("junk", [np.nan, np.inf, 1e300])
@both
@both_directions
@some_steps
def test_what_stands_in_the_padding_does_not_matter(step, run, convert, junk):
    inputs, state, weights = padded(step)
    lengths = [7, 4, 1]
    expected = run(step, inputs, state, weights, lengths)
    for i, length in enumerate(lengths):
        inputs[length:, i] = junk
    with np.errstate(all="raise", under="ignore"):
        ours = run(step, *map(convert, (inputs, state, weights)), lengths)
    outputs, _ = ours
    assert_same(ours, expected, atol=1e-15)
    for i, length in enumerate(lengths):
        assert (outputs[length:, i] == 0).all()


@both_directions
def test_outputs_after_the_end_are_0_even_after_nan(run):
    inputs, h, weights = padded(gru_step)
    inputs[0, 1] = np.nan
    outputs, last = run(gru_step, inputs, h, weights, [7, 4, 1])
    assert np.isnan(last[1]).all()
    assert_array_equal(outputs[4:, 1], np.zeros((3, 4)))
    assert_array_equal(outputs[1:, 2], np.zeros((6, 4)))


@pytest.mark.parametrize(
    "make",
    [list, tuple, np.array, torch.tensor, lambda lengths: np.array(lengths, "uint8")],
    ids=["list", "tuple", "numpy", "torch", "uint8"],
)
@both
@both_directions
def test_lengths_may_be_of_any_kind(run, convert, make):
    inputs, h, weights = padded(gru_step)
    expected = run(gru_step, inputs, h, weights, [7, 4, 1])
    ours = run(gru_step, *map(convert, (inputs, h, weights)), make([7, 4, 1]))
    assert_same(ours, expected, atol=1e-15)


@both_directions
@some_steps
def test_full_lengths_change_nothing(step, run):
    inputs, state, weights = padded(step)
    expected = run(step, inputs, state, weights)
    assert_same(run(step, inputs, state, weights, [7, 7, 7]), expected, atol=0)


# LAYERS


def stack(step, layers, directions, hidden=4, batch=(3,), time=5):
    """Weights and states for layers, the inputs of each as wide as the outputs of the one below."""
    weights, states, features = [], [], 3
    for layer in range(layers):
        drawn = [
            draw(step, batch, time, features, hidden, seed=10 * layer + direction)
            for direction in range(directions)
        ]
        weights.append([one for one, _, _ in drawn])
        states.append([state for _, _, state in drawn])
        features = sum(states_of(state)[0].shape[-1] for state in states[-1])
    return draw(step, batch, time, seed=99)[1], states, weights


def by_hand(step, inputs, states, layers, lengths=None):
    last = []
    for its_states, its_weights in zip(states, layers, strict=True):
        outputs, state = unroll(step, inputs, its_states[0], its_weights[0], lengths)
        last.append([state])
        if len(its_weights) == 2:
            back, state = unroll_backward(step, inputs, its_states[1], its_weights[1], lengths)
            last[-1].append(state)
            outputs = np.concatenate([outputs, back], axis=-1)
        inputs = outputs
    return inputs, last


@pytest.mark.parametrize("lengths", [None, [5, 3, 1]], ids=["whole", "padded"])
@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("layers", [1, 3])
@both
@some_steps
def test_layers_are_composed(step, convert, layers, directions, lengths):
    inputs, states, weights = stack(step, layers, directions)
    expected, expected_last = by_hand(step, inputs, states, weights, lengths)
    outputs, last = unroll_layers(
        step,
        convert(inputs),
        [[convert(state) for state in its_states] for its_states in states],
        [[convert(one) for one in its_weights] for its_weights in weights],
        lengths,
    )
    assert [len(its_states) for its_states in last] == [directions] * layers
    for ours, theirs in zip(last, expected_last, strict=True):
        for one, two in zip(ours, theirs, strict=True):
            assert_same((outputs, one), (expected, two))


def test_layers_may_differ_in_size_and_in_directions():
    inputs = np.random.default_rng(0).normal(size=(5, 2, 3))
    sizes = [[(3, 4), (3, 2)], [(6, 5)], [(5, 1), (5, 7)]]
    layers = [[GRUWeights.init(*size, seed=sum(size)) for size in pair] for pair in sizes]
    states = [[np.full((2, hidden), 0.5) for _, hidden in pair] for pair in sizes]
    outputs, last = unroll_layers(gru_step, inputs, states, layers)
    expected, expected_last = by_hand(gru_step, inputs, states, layers)
    assert outputs.shape == (5, 2, 8)
    assert_allclose(outputs, expected, rtol=0, atol=1e-15)
    for ours, theirs in zip(last, expected_last, strict=True):
        for one, two in zip(ours, theirs, strict=True):
            assert_allclose(one, two, rtol=0, atol=1e-15)


def test_no_layers_leave_the_inputs():
    inputs = np.ones((5, 2, 3))
    outputs, last = unroll_layers(gru_step, inputs, [], [])
    assert outputs is inputs and last == []


@pytest.mark.parametrize(
    "states, layers, message",
    [
        (
            [1, 1],
            [1],
            "states: expected one state for each of the weights, [1] by layer, got [1, 1]",
        ),
        (
            [1],
            [1, 1],
            "states: expected one state for each of the weights, [1, 1] by layer, got [1]",
        ),
        ([2], [1], "states: expected one state for each of the weights, [1] by layer, got [2]"),
        ([1, 1], [1, 2], "[1, 2] by layer, got [1, 1]"),
        ([], [2], "[2] by layer, got []"),
        ([3], [3], "layers: expected a list of one or two weights for each layer, forward and b"),
        ([1, 0], [1, 0], "got [1, 0] by layer"),
    ],
    ids=[
        "a layer too few",
        "a state too few",
        "no backward weights",
        "no backward state",
        "no states",
        "three directions",
        "no direction",
    ],
)
def test_states_and_layers_must_match(states, layers, message):
    inputs, h, weights = padded(gru_step)
    with pytest.raises(ValueError, match=re.escape(message)):
        unroll_layers(
            gru_step, inputs, [[h] * count for count in states], [[weights] * n for n in layers]
        )


def test_a_layer_must_read_what_the_one_below_gives():
    inputs, h, weights = padded(gru_step)
    message = "inputs at each time step: expected shape (3, input) = (3, 3), got (3, 4)"
    with pytest.raises(ValueError, match=re.escape(message)):
        unroll_layers(gru_step, inputs, [[h], [h]], [[weights], [weights]])


def test_weights_that_are_not_in_lists():
    inputs, h, weights = padded(rnn_step, (2,))
    with pytest.raises(TypeError, match=r"weights: rnn_step expects RNNWeights, got ndarray"):
        unroll_layers(rnn_step, inputs, [h], [weights])


# ERRORS

SHAPE_ERRORS = {
    "empty": ((0, 3, 3), "inputs: expected at least one time step, got shape (0, 3, 3)"),
    "empty single": ((0, 3), "inputs: expected at least one time step, got shape (0, 3)"),
    "no features": ((3,), "inputs: expected shape (time, ..., input), got (3,)"),
    "features": (
        (7, 3, 2),
        "inputs at each time step: expected shape (3, input) = (3, 3), got (3, 2)",
    ),
    "batch": ((7, 2, 3), "h: expected shape (2, hidden) = (2, 4), got (3, 4)"),
    "no batch": ((7, 3), "h: expected shape (hidden) = (4,), got (3, 4)"),
}


@pytest.mark.parametrize("shape, message", SHAPE_ERRORS.values(), ids=SHAPE_ERRORS)
@both
@both_directions
def test_inputs_of_a_wrong_shape(run, convert, shape, message):
    _, h, weights = map(convert, padded(gru_step))
    with pytest.raises(ValueError) as caught:
        run(gru_step, convert(np.ones(shape)), h, weights)
    assert str(caught.value) == message


@pytest.mark.parametrize("value", [None, 1.0, [[1.0, 2.0, 3.0]]], ids=repr)
@both_directions
def test_inputs_that_are_no_array(run, value):
    _, h, weights = padded(gru_step)
    message = f"inputs: expected shape (time, ..., input), got {value!r}"
    with pytest.raises(ValueError, match=re.escape(message)):
        run(gru_step, value, h, weights)


@both_directions
def test_state_and_weights_are_checked_before_the_loop(run):
    inputs, h, weights = padded(gru_step)
    for state, error, message in [
        (h[:1], ValueError, "h: expected shape (3, hidden) = (3, 4), got (1, 4)"),
        ((h, h), TypeError, "h: expected an array of shape (3, hidden) = (3, 4), got ("),
        (None, TypeError, "h: expected an array of shape (3, hidden) = (3, 4), got None"),
        (torch.tensor(h), TypeError, "h: expected a ndarray, as the weights are, got a Tensor"),
        (h.astype("float32"), ValueError, "h: expected dtype float64, as the weights have"),
    ]:
        with pytest.raises(error, match=re.escape(message)):
            run(gru_step, inputs, state, weights)
    message = "inputs at each time step: expected dtype float64, as the weights have, got float32"
    with pytest.raises(ValueError, match=message):
        run(gru_step, inputs.astype("float32"), h, weights)
    for value in (None, tuple(weights), GRUWeights):
        with pytest.raises(TypeError, match="weights: gru_step expects GRUWeights, got"):
            run(gru_step, inputs, h, value)
    pair = padded(lstm_step)
    with pytest.raises(TypeError, match=re.escape("state: expected a tuple (h, c), got ndarray")):
        run(lstm_step, pair[0], h, pair[2])


OF_SHAPE = "lengths: expected shape (batch,) for inputs of shape (time, batch, input) = "
LENGTH_ERRORS = {
    "0": ([7, 0, 1], ValueError, "lengths: expected values from 1 to 7, got [7, 0, 1]"),
    "negative": ([7, -1, 1], ValueError, "lengths: expected values from 1 to 7, got [7, -1, 1]"),
    "too long": ([8, 1, 1], ValueError, "lengths: expected values from 1 to 7, got [8, 1, 1]"),
    "too few": ([7, 4], ValueError, f"{OF_SHAPE}(7, 3, 3), got (2,)"),
    "one for all": ([7], ValueError, f"{OF_SHAPE}(7, 3, 3), got (1,)"),
    "a number": (7, ValueError, f"{OF_SHAPE}(7, 3, 3), got ()"),
    "a matrix": ([[7, 4, 1]], ValueError, f"{OF_SHAPE}(7, 3, 3), got (1, 3)"),
    "none": ([], ValueError, f"{OF_SHAPE}(7, 3, 3), got (0,)"),
    "halves": ([7, 2.5, 1], TypeError, "lengths: expected integers, got float64"),
    "whole floats": ([7.0, 2.0, 1.0], TypeError, "lengths: expected integers, got float64"),
    "NaN": ([7, np.nan, 1], TypeError, "lengths: expected integers, got float64"),
    "booleans": ([True, True, True], TypeError, "lengths: expected integers, got bool"),
    "text": (["7", "4", "1"], TypeError, "lengths: expected integers, got <U1"),
}


@pytest.mark.parametrize("lengths, error, message", LENGTH_ERRORS.values(), ids=LENGTH_ERRORS)
@both
@both_directions
def test_lengths_that_do_not_fit(run, convert, lengths, error, message):
    with pytest.raises(error) as caught:
        run(gru_step, *map(convert, padded(gru_step)), lengths)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["0", "too long", "too few", "a matrix", "halves", "booleans"])
@both_directions
def test_lengths_of_torch_that_do_not_fit(run, name):
    lengths, error, message = LENGTH_ERRORS[name]
    with pytest.raises(error) as caught:
        run(gru_step, *map(to_torch, padded(gru_step)), torch.tensor(lengths))
    # torch's default floats are smaller.
    assert str(caught.value) == message.replace("float64", "float32")


@both_directions
@pytest.mark.parametrize("batch, lengths", [((), 7), ((), [7]), ((2, 3), [7, 7])], ids=str)
def test_lengths_need_one_axis_of_sequences(run, batch, lengths):
    inputs, h, weights = padded(gru_step, batch)
    message = f"{OF_SHAPE}{inputs.shape}, got {np.shape(lengths)}"
    with pytest.raises(ValueError, match=re.escape(message)):
        run(gru_step, inputs, h, weights, lengths)


def test_layers_check_their_lengths():
    inputs, states, layers = stack(gru_step, 2, 2)
    with pytest.raises(ValueError, match=re.escape("from 1 to 5, got [6, 1, 1]")):
        unroll_layers(gru_step, inputs, states, layers, [6, 1, 1])


def test_what_a_gate_gives_is_no_state_but_could_be_unrolled():
    """`gate` has a step's arguments; unrolled, each gate is the next one's state."""
    inputs, h, weights = padded(gate, (), 3)
    outputs, last = unroll(gate, inputs, h, weights)
    assert_array_equal(last, outputs[-1])
    assert_allclose(outputs[1], gate(inputs[1], outputs[0], weights), rtol=0, atol=1e-15)


def test_the_device_is_kept():
    inputs, h, weights = (
        map_arrays(lambda array: torch.empty(array.shape, device="meta"), arrays)
        for arrays in padded(lstm_step)
    )
    weights = LSTMWeights(*weights)
    for lengths in (None, [7, 4, 1]):
        outputs, (h_last, c_last) = unroll(lstm_step, inputs, h, weights, lengths)
        assert {array.device.type for array in (outputs, h_last, c_last)} == {"meta"}
        outputs, _ = unroll_backward(lstm_step, inputs, h, weights, lengths)
        assert outputs.device.type == "meta"

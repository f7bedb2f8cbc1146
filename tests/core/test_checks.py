"""What a step checks before it computes: no shape is broadcast, and every error says what to do."""

import inspect
import re
from functools import wraps

import numpy as np
import pytest
import torch
from cells import draw, map_arrays, states_of, to_torch, weights_class
from numpy.testing import assert_array_equal

import lecture_code
from lecture_code import (
    DenseWeights,
    GRUWeights,
    RNNWeights,
    gate,
    gru_step,
    lstm_literal_step,
    lstm_projected_step,
    lstm_step,
    rnn_step,
    unroll,
)
from lecture_code.core.checks import (
    check_array,
    check_same_shape,
    check_step,
    checked,
    without_checks,
)

STEPS = [getattr(lecture_code, name) for name in lecture_code.__all__ if name.endswith("_step")]
STEPS.append(gate)
PAIRS = [lstm_step, lstm_literal_step, lstm_projected_step]

every_step = pytest.mark.parametrize("step", STEPS)
every_pair = pytest.mark.parametrize("step", PAIRS)
every_single = pytest.mark.parametrize("step", [step for step in STEPS if step not in PAIRS])
both = pytest.mark.parametrize("convert", [lambda array: array, to_torch], ids=["numpy", "torch"])


def case(step, batch=(3,)):
    """x, the state and the weights, for an input of 3 and a state of 4."""
    weights, inputs, state = draw(step, batch=batch, time=1)
    return inputs[0], state, weights


def parameters(step):
    return list(inspect.signature(step).parameters)


def assert_refused(step, x, state, weights, error, message):
    with pytest.raises(error) as caught:
        step(x, state, weights)
    assert str(caught.value).startswith(message), str(caught.value)


def test_all_steps_are_here():
    assert set(PAIRS) | {gate, gru_step, rnn_step} <= set(STEPS)
    assert all(step.checked is step for step in STEPS)


# STEPS REFUSE


@both
@every_step
@pytest.mark.parametrize(
    "shape", [(3, 2), (3, 4), (3, 1), (4,), (2, 3, 5), (1,)], ids=lambda shape: f"x {shape}"
)
def test_an_input_with_other_features(step, shape, convert):
    _, state, weights = case(step)
    x = convert(np.ones(shape))
    leading = "".join(f"{length}, " for length in shape[:-1])
    expected = (*shape[:-1], 3)
    message = f"x: expected shape ({leading}input) = {expected}, got {shape}"
    assert_refused(step, x, convert(state), convert(weights), ValueError, message)


@both
@every_step
def test_an_input_without_axes(step, convert):
    _, state, weights = case(step)
    message = "x: expected shape (input) = (3,), got ()"
    x = convert(np.array(1.0))
    assert_refused(step, x, convert(state), convert(weights), ValueError, message)


STATE_SHAPES = {
    "one batch for all": ((3,), (1, None)),
    "no batch": ((3,), (None,)),
    "a batch for a single input": ((), (3, None)),
    "a batch of 1 for a single input": ((), (1, None)),
    "another batch": ((3,), (2, None)),
    "an axis of 1 less": ((2, 3), (3, None)),
    "axes exchanged": ((2, 3), (3, 2, None)),
    "one unit": ((3,), (3, 1)),
    "a unit more": ((3,), (3, 6)),
    "no units": ((3,), (3, 0)),
}
"""The input's batch and the state's shape; None stands for the right number of units."""


@both
@every_step
@pytest.mark.parametrize("batch, shape", STATE_SHAPES.values(), ids=STATE_SHAPES)
def test_a_state_of_another_shape(step, batch, shape, convert):
    """numpy and torch would broadcast many of these, and give an answer."""
    x, state, weights = case(step, batch)
    for position, (name, size) in enumerate(weights.state.items()):
        states = list(states_of(state))
        units = states[position].shape[-1]
        actual = tuple(units if length is None else length for length in shape)
        states[position] = np.ones(actual)
        leading = "".join(f"{length}, " for length in batch)
        message = f"{name}: expected shape ({leading}{size}) = {(*batch, units)}, got {actual}"
        bad = tuple(states) if len(states) > 1 else states[0]
        assert_refused(step, *map(convert, (x, bad, weights)), ValueError, message)


@every_step
@pytest.mark.parametrize("dtype", ["float16", "float32", "int64", "complex128"])
def test_two_dtypes(step, dtype):
    x, state, weights = case(step)
    message = f"expected dtype float64, as the weights have, got {dtype}"
    other = map_arrays(lambda array: array.astype(dtype), state)
    assert_refused(step, x.astype(dtype), state, weights, ValueError, f"x: {message}")
    assert_refused(step, x, other, weights, ValueError, f"h: {message}")
    if step in PAIRS:
        h, c = state
        assert_refused(step, x, (h, c.astype(dtype)), weights, ValueError, f"c: {message}")


@every_step
def test_two_of_torchs_dtypes(step):
    x, state, weights = map(to_torch, case(step))
    message = "expected dtype torch.float64, as the weights have, got torch.float32"
    assert_refused(step, x.float(), state, weights, ValueError, f"x: {message}")
    single = map_arrays(torch.Tensor.float, state)
    assert_refused(step, x, single, weights, ValueError, f"h: {message}")


@every_step
def test_numpy_against_torch(step):
    x, state, weights = case(step)
    for first, second, names in [
        (lambda arrays: arrays, to_torch, ("ndarray", "Tensor")),
        (to_torch, lambda arrays: arrays, ("Tensor", "ndarray")),
    ]:
        message = "expected a {}, as the weights are, got a {}".format(*names)
        made = first(weights)
        assert_refused(step, second(x), first(state), made, TypeError, f"x: {message}")
        assert_refused(step, first(x), second(state), made, TypeError, f"h: {message}")
        if step in PAIRS:
            h, c = state
            mixed = first(h), second(c)
            assert_refused(step, first(x), mixed, made, TypeError, f"c: {message}")


@every_step
@pytest.mark.parametrize("value", [None, 1.0, "x", [[1.0, 2.0, 3.0]]], ids=repr)
def test_what_is_no_array(step, value):
    x, state, weights = case(step)
    message = f"x: expected an array of shape (input) = (3,), got {value!r}"
    assert_refused(step, value, state, weights, TypeError, message)
    size = weights.state["h"]
    message = f"h: expected an array of shape (3, {size}) = (3, 4), got {value!r}"
    bad = (value, state[1]) if step in PAIRS else value
    assert_refused(step, x, bad, weights, TypeError, message)


@every_single
@pytest.mark.parametrize("wrap", [lambda h: (h,), lambda h: (h, h), lambda h: [h]])
def test_a_tuple_where_an_array_is_wanted(step, wrap):
    x, h, weights = case(step)
    message = "h: expected an array of shape (3, hidden) = (3, 4), got "
    assert_refused(step, x, wrap(h), weights, TypeError, message)


@every_pair
@pytest.mark.parametrize(
    "change, got",
    [
        (lambda h, c: h, "ndarray"),
        (lambda h, c: np.stack([h, h]), "ndarray"),
        (lambda h, c: torch.tensor(h), "Tensor"),
        (lambda h, c: None, "NoneType"),
        (lambda h, c: {"h": h, "c": c}, "dict"),
        (lambda h, c: (), "tuple of length 0"),
        (lambda h, c: (h,), "tuple of length 1"),
        (lambda h, c: [h, c, c], "list of length 3"),
    ],
    ids=["h alone", "stacked", "torch", "None", "dict", "empty", "c is missing", "three"],
)
def test_no_pair_where_a_pair_is_wanted(step, change, got):
    x, state, weights = case(step)
    message = f"state: expected a tuple (h, c), got {got}"
    assert_refused(step, x, change(*state), weights, TypeError, message)


@every_pair
def test_a_pair_without_memory(step):
    x, (h, _), weights = case(step)
    units = weights.sizes()["hidden"]
    message = f"c: expected an array of shape (3, hidden) = (3, {units}), got None"
    assert_refused(step, x, (h, None), weights, TypeError, message)


@every_pair
def test_a_list_is_a_pair_too(step):
    x, state, weights = case(step)
    for a, b in zip(step(x, list(state), weights), step(x, state, weights), strict=True):
        assert_array_equal(a, b)


@every_step
def test_none_in_place_of_weights_is_refused(step):
    x, state, weights = case(step)
    for value, got in [
        (tuple(weights), "tuple"),
        (list(weights), "list"),
        (weights[0], "ndarray"),
        (weights._asdict(), "dict"),
        (None, "NoneType"),
        (type(weights), "type"),
        # A layer's weights: there is no state to go with them.
        (DenseWeights.init(3, 4, seed=0), "DenseWeights"),
    ]:
        message = f"weights: {step.__name__} expects {type(weights).__name__}, got {got}"
        assert_refused(step, x, state, value, TypeError, message)


# STEPS TAKE


@every_step
def test_arguments_may_be_named(step):
    arguments = case(step)
    expected = states_of(step(*arguments))
    named = dict(zip(parameters(step), arguments, strict=True))
    assert list(named) in (["x", "h", "weights"], ["x", "state", "weights"])
    backwards = dict(reversed(named.items()))
    mixed = step(arguments[0], **{name: named[name] for name in parameters(step)[1:]})
    for result in (step(**named), step(**backwards), mixed):
        for a, b in zip(states_of(result), expected, strict=True):
            assert_array_equal(a, b)


@every_step
def test_arguments_are_counted_and_their_names_known(step):
    x, state, weights = case(step)
    with pytest.raises(TypeError, match="missing a required argument: 'weights'"):
        step(x, state)
    with pytest.raises(TypeError, match="too many positional arguments"):
        step(x, state, weights, weights)
    with pytest.raises(TypeError, match="multiple values for argument 'x'"):
        step(x, state, weights, x=x)
    with pytest.raises(TypeError, match="unexpected keyword argument 'W'"):
        step(x, state, weights, W=1)


@every_step
def test_name_docstring_and_signature_stay(step):
    inner = step.__wrapped__
    assert step.__name__ == inner.__name__ != "with_checks"
    assert step.__module__ == inner.__module__ != "lecture_code.core.checks"
    assert step.__qualname__ == inner.__qualname__ == step.__name__
    assert step.__doc__ is inner.__doc__ and "$$" in step.__doc__
    assert inspect.signature(step) == inspect.signature(inner)
    assert inspect.getsource(step) == inspect.getsource(inner)
    assert step.__annotations__["weights"] is weights_class(step)


@every_step
def test_the_checks_change_no_value(step):
    arguments = case(step, (2, 3))
    ours = states_of(step(*arguments))
    for a, b in zip(ours, states_of(step.__wrapped__(*arguments)), strict=True):
        assert_array_equal(a, b)


@every_step
def test_an_empty_batch_is_a_batch(step):
    x, state, weights = case(step, (0,))
    for array, given in zip(states_of(step(x, state, weights)), states_of(state), strict=True):
        assert array.shape == given.shape and array.dtype == given.dtype


# THE CHECKS THEMSELVES


def test_check_array_passes_what_fits():
    like = np.zeros(1)
    assert check_array("v", np.ones((2, 3)), ["2", "units"], (2, 3), like) is None
    assert check_array("v", torch.ones(2, 3), ["2", "units"], (2, 3), torch.zeros(1)) is None
    assert check_array("v", np.array(1.0), [], (), like) is None


@pytest.mark.parametrize(
    "array, error, message",
    [
        ("v", TypeError, "v: expected an array of shape (2, units) = (2, 3), got 'v'"),
        (list(range(99)), TypeError, "got [0, 1, 2, "),
        (torch.ones(2, 3).double(), TypeError, "v: expected a ndarray, as the weights are, got a "),
        (np.ones((3, 2)), ValueError, "v: expected shape (2, units) = (2, 3), got (3, 2)"),
        (np.ones((2, 3), int), ValueError, "v: expected dtype float64, as the weights have, got i"),
    ],
    ids=["text", "list", "library", "shape", "dtype"],
)
def test_check_array_names_what_does_not_fit(array, error, message):
    with pytest.raises(error, match=re.escape(message)) as caught:
        check_array("v", array, ["2", "units"], (2, 3), np.zeros(1))
    assert len(str(caught.value)) < 150


def test_check_same_shape():
    assert check_same_shape("a", np.ones((2, 3)), "b", torch.ones(2, 3)) is None
    for one, two in [((3,), (2, 3)), ((2, 1), (2, 3)), ((), (1,)), ((3, 2), (2, 3))]:
        message = f"a: expected the shape of b, {two}, got {one}"
        for ones in (np.ones, torch.ones):
            with pytest.raises(ValueError, match=re.escape(message)):
                check_same_shape("a", ones(one), "b", ones(two))


@pytest.mark.parametrize("value", [1.0, [1.0], None], ids=repr)
def test_check_same_shape_names_what_is_no_array(value):
    with pytest.raises(TypeError, match=re.escape(f"a: expected an array, got {value!r}")):
        check_same_shape("a", value, "b", np.ones(1))
    with pytest.raises(TypeError, match=re.escape(f"b: expected an array, got {value!r}")):
        check_same_shape("a", np.ones(1), "b", value)


def test_check_step_calls_the_input_as_the_caller_does():
    x, h, weights = case(gru_step)
    assert check_step(x, h, weights) is None
    for name in ("x", "the third input"):
        with pytest.raises(ValueError, match=f"^{name}: expected shape"):
            check_step(x[:, :2], h, weights, x_name=name)


def test_checked_checks_once_and_before_the_step():
    calls = []

    @checked
    def step(x, h, weights):
        calls.append((x, h, weights))
        return "what the step returns"

    x, h, weights = case(rnn_step)
    assert step(x, weights=weights, h=h) == "what the step returns"
    assert [id(value) for value in calls[0]] == [id(x), id(h), id(weights)]
    with pytest.raises(ValueError, match="h: expected shape"):
        step(x, h[:1], weights)
    assert len(calls) == 1


@every_step
def test_without_checks_is_the_step_itself(step):
    assert without_checks(step) is step.__wrapped__


def test_without_checks_leaves_other_functions_alone():
    def plain(x, h, weights):
        return h

    @wraps(gru_step)
    def recorded(*arguments):
        return gru_step(*arguments)

    # `wraps` copies the attributes of what it wraps; the decorator must run all the same.
    assert recorded.__wrapped__ is gru_step
    assert without_checks(recorded) is recorded
    assert without_checks(plain) is plain
    assert without_checks(len) is len


def test_weights_that_changed_size_are_checked_with_their_new_size():
    x, h, _ = case(rnn_step)
    assert rnn_step(x, h, RNNWeights.init(3, 4, seed=0)).shape == (3, 4)
    with pytest.raises(ValueError, match=re.escape("h: expected shape (3, hidden) = (3, 5), got")):
        rnn_step(x, h, RNNWeights.init(3, 5, seed=0))
    with pytest.raises(ValueError, match=re.escape("x: expected shape (3, input) = (3, 2), got")):
        gru_step(x, h, GRUWeights.init(2, 4, seed=0))


@pytest.mark.parametrize(
    "call",
    [
        lambda weights: gate(np.ones(3), np.ones(4), weights),
        lambda weights: unroll(gate, np.ones((2, 3)), np.ones(4), weights),
    ],
    ids=["step", "unroll"],
)
def test_weights_of_another_cell_are_refused_though_their_shapes_fit(call):
    with pytest.raises(TypeError, match="weights: gate expects GateWeights, got RNNWeights"):
        call(RNNWeights.init(3, 4, seed=0))


@pytest.mark.parametrize("weights", [None, (1, 2), DenseWeights.init(3, 4, seed=0)])
def test_a_step_without_a_signature_still_needs_a_cells_weights(weights):
    with pytest.raises(TypeError, match="weights: expected a cell's weights, such as GRUWeights"):
        check_step(np.ones(3), np.ones(4), weights)

"""Backpropagation through time: by hand, against torch.autograd, and by trying."""

from functools import partial

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import GRUWeights, LSTMWeights, RNNWeights, gru_step, lstm_step, rnn_step, unroll
from lecture_code.experiments.reach import reach, with_largest
from lecture_code.sections.learning import (
    GRUKept,
    LSTMKept,
    chain,
    gru_backward,
    gru_through_time,
    lstm_backward,
    lstm_through_time,
    rnn_backward,
    rnn_jacobians,
    rnn_through_time,
    sum_over_time,
)

TOLERANCE = 1e-12
CELLS = {
    "rnn": (rnn_step, RNNWeights, rnn_through_time),
    "gru": (gru_step, GRUWeights, gru_through_time),
    "lstm": (lstm_step, LSTMWeights, lstm_through_time),
}
EVERY_CELL = pytest.mark.parametrize("cell", CELLS)
# (time, batch, input, hidden), with each of them 1 somewhere, and different elsewhere.
SIZES = pytest.mark.parametrize(
    "size", [(1, 1, 1, 1), (1, 2, 3, 4), (7, 1, 2, 3), (5, 3, 1, 2), (4, 2, 3, 1), (60, 2, 3, 5)]
)


def case(cell, size, seed=0):
    """Weights, inputs, a first state that is not zero, and targets of every step."""
    time, batch, features, hidden = size
    random = np.random.default_rng(seed)
    weights = CELLS[cell][1].init(features, hidden, seed=seed)
    state = [random.uniform(-1, 1, (batch, hidden)) for _ in weights.state]
    inputs = random.normal(size=(time, batch, features))
    targets = random.normal(size=(time, batch, hidden))
    return weights, inputs, tuple(state) if len(state) > 1 else state[0], targets


def arrays(state):
    return list(state) if isinstance(state, tuple) else [state]


def loss_of(cell, weights, inputs, state, targets):
    outputs, _ = unroll(CELLS[cell][0], inputs, state, weights)
    return ((outputs - targets) ** 2).sum(), outputs


def ours(cell, weights, inputs, state, targets):
    _, outputs = loss_of(cell, weights, inputs, state, targets)
    return CELLS[cell][2](inputs, state, weights, 2 * (outputs - targets))


def leaf(array):
    return torch.tensor(array, requires_grad=True)


@EVERY_CELL
@SIZES
def test_the_gradients_are_autograds(cell, size):
    weights, inputs, state, targets = case(cell, size)
    found = ours(cell, weights, inputs, state, targets)
    leaves = type(weights)(*map(leaf, weights))
    start = [leaf(array) for array in arrays(state)]
    given = tuple(start) if isinstance(state, tuple) else start[0]
    loss, _ = loss_of(cell, leaves, torch.tensor(inputs), given, torch.tensor(targets))
    loss.backward()
    assert type(found.weights) is type(weights)
    pairs = [*zip(found.weights, leaves, strict=True)]
    pairs += [*zip(arrays(found.state), start, strict=True)]
    for gradient, theirs in pairs:
        assert gradient.shape == tuple(theirs.shape)
        assert_allclose(gradient, theirs.grad, rtol=0, atol=TOLERANCE)


@EVERY_CELL
def test_the_gradient_for_the_state_after_each_step_is_autograds(cell):
    """A state is taken for a new beginning: what depends on it is its own loss and all later."""
    weights, inputs, state, targets = case(cell, (5, 2, 3, 4))
    found = ours(cell, weights, inputs, state, targets)
    on_torch = type(weights)(*map(torch.tensor, weights))
    for t in range(5):
        _, after = unroll(CELLS[cell][0], inputs[: t + 1], state, weights)
        start = [leaf(array) for array in arrays(after)]
        loss = ((start[0] - torch.tensor(targets[t])) ** 2).sum()
        if t < 4:
            given = tuple(start) if isinstance(state, tuple) else start[0]
            rest, later = torch.tensor(inputs[t + 1 :]), torch.tensor(targets[t + 1 :])
            loss = loss + loss_of(cell, on_torch, rest, given, later)[0]
        theirs = torch.autograd.grad(loss, start, materialize_grads=True)
        for ours_at, theirs_at in zip(arrays(found.states), theirs, strict=True):
            assert_allclose(ours_at[t], theirs_at, rtol=0, atol=TOLERANCE)


@EVERY_CELL
def test_the_gradients_are_what_trying_finds(cell):
    weights, inputs, state, targets = case(cell, (6, 2, 2, 3))
    found = ours(cell, weights, inputs, state, targets).weights

    def tried(field, place):
        moved = []
        for by in (1e-5, -1e-5):
            array = getattr(weights, field).copy()
            array[place] += by
            changed = weights._replace(**{field: array})
            moved.append(loss_of(cell, changed, inputs, state, targets)[0])
        return (moved[0] - moved[1]) / 2e-5

    for field in weights._fields:
        for place in np.ndindex(getattr(weights, field).shape):
            # A difference quotient keeps about half of the digits of losses up to 100.
            assert_allclose(getattr(found, field)[place], tried(field, place), rtol=0, atol=1e-7)


@pytest.mark.parametrize("kind", ["RNN", "LSTM"])
def test_torchs_own_module_has_the_same_gradients(kind):
    """torch keeps two biases that are added, so that both have the gradient of the one bias."""
    cell = kind.lower()
    module = getattr(torch.nn, kind)(3, 4, dtype=torch.float64)
    weights = CELLS[cell][1].init(3, 4, seed=1)
    _, inputs, state, targets = case(cell, (9, 2, 3, 4))
    order = {"rnn": [("W", "b")], "lstm": [("W_i", "b_i"), ("W_f", "b_f"), ("W_c", "b_c")]}[cell]
    order += [("W_u", "b_u")] if cell == "lstm" else []
    named = weights._asdict()
    matrix = np.concatenate([named[W] for W, _ in order])
    bias = np.concatenate([named[b] for _, b in order])
    with torch.no_grad():
        module.weight_ih_l0.copy_(torch.tensor(matrix[:, :3]))
        module.weight_hh_l0.copy_(torch.tensor(matrix[:, 3:]))
        module.bias_ih_l0.copy_(torch.tensor(bias))
        module.bias_hh_l0.zero_()
    first = [torch.tensor(array)[None] for array in arrays(state)]
    outputs, _ = module(torch.tensor(inputs), tuple(first) if cell == "lstm" else first[0])
    ((outputs - torch.tensor(targets)) ** 2).sum().backward()
    found = ours(cell, weights, inputs, state, targets).weights._asdict()
    mine = np.concatenate([found[W] for W, _ in order])
    theirs = torch.hstack([module.weight_ih_l0.grad, module.weight_hh_l0.grad])
    assert_allclose(mine, theirs, rtol=0, atol=TOLERANCE)
    mine = np.concatenate([found[b] for _, b in order])
    assert_allclose(mine, module.bias_hh_l0.grad, rtol=0, atol=TOLERANCE)


def test_two_steps_by_hand():
    """tanh(ln 2) = 0.6 and tanh(ln 3) = 0.8, so that every number is a short decimal."""
    weights = RNNWeights(W=np.array([[1.0, 0.5]]), b=np.zeros(1))
    inputs = np.array([np.log(2), np.log(3) - 0.3]).reshape(2, 1, 1)
    slopes = np.array([0.0, 2 * (0.8 - 1)]).reshape(2, 1, 1)
    found = rnn_through_time(inputs, np.zeros((1, 1)), weights, slopes)
    assert_allclose(found.states.ravel(), [-0.072, -0.4], rtol=0, atol=1e-15)
    assert_allclose(found.weights.b, [-0.144 - 0.04608], rtol=0, atol=1e-15)
    of_input = -0.144 * (np.log(3) - 0.3) - 0.04608 * np.log(2)
    assert_allclose(found.weights.W, [[of_input, -0.144 * 0.6]], rtol=0, atol=1e-15)
    assert_allclose(found.state, [[0.5 * -0.04608]], rtol=0, atol=1e-15)


@EVERY_CELL
def test_sequences_of_a_batch_do_not_mix(cell):
    weights, inputs, state, targets = case(cell, (6, 3, 2, 4))
    together = ours(cell, weights, inputs, state, targets)
    alone = []
    for n in range(3):
        one = [array[n : n + 1] for array in arrays(state)]
        start = tuple(one) if isinstance(state, tuple) else one[0]
        alone.append(ours(cell, weights, inputs[:, n : n + 1], start, targets[:, n : n + 1]))
    for field in weights._fields:
        parts = sum(getattr(one.weights, field) for one in alone)
        assert_allclose(getattr(together.weights, field), parts, rtol=0, atol=TOLERANCE)
    for place, array in enumerate(arrays(together.states)):
        parts = [arrays(one.states)[place] for one in alone]
        assert_allclose(array, np.concatenate(parts, axis=1), rtol=0, atol=TOLERANCE)


@EVERY_CELL
def test_torch_computes_what_numpy_computes(cell):
    weights, inputs, state, targets = case(cell, (5, 2, 3, 4))
    found = ours(cell, weights, inputs, state, targets)
    tensors = [torch.tensor(array) for array in arrays(state)]
    start = tuple(tensors) if isinstance(state, tuple) else tensors[0]
    on_torch = type(weights)(*map(torch.tensor, weights))
    theirs = ours(cell, on_torch, torch.tensor(inputs), start, torch.tensor(targets))
    for gradient, other in zip(found.weights, theirs.weights, strict=True):
        assert isinstance(other, torch.Tensor)
        assert_allclose(gradient, other, rtol=0, atol=TOLERANCE)


def test_the_product_of_jacobians_is_autograds_over_the_whole_sequence():
    weights, inputs, state, _ = case("rnn", (12, 1, 2, 4))
    outputs, _ = unroll(rnn_step, inputs[:, 0], state[0], weights)
    product = np.eye(4)
    for J in rnn_jacobians(outputs, weights.W, n_x=2):
        product = chain(J, product)
    on_torch = RNNWeights(*map(torch.tensor, weights))
    theirs = torch.autograd.functional.jacobian(
        lambda h: unroll(rnn_step, torch.tensor(inputs[:, 0]), h, on_torch)[1],
        torch.tensor(state[0]),
    )
    assert_allclose(product, theirs, rtol=0, atol=TOLERANCE)


def test_a_step_back_is_the_jacobian_turned():
    weights, inputs, state, _ = case("rnn", (1, 1, 2, 4))
    h_next = rnn_step(inputs[0], state, weights)
    [J] = rnn_jacobians(h_next, weights.W, n_x=2)
    _, before = rnn_backward(np.eye(4), np.repeat(h_next, 4, axis=0), weights.W[:, 2:])
    assert_allclose(before, J, rtol=0, atol=1e-15)


@pytest.mark.parametrize("largest", [0.3, 1.0, 2.5])
@EVERY_CELL
def test_all_singular_values_are_set(cell, largest):
    kind = CELLS[cell][1]
    weights = with_largest(kind.init(3, 5, seed=1), largest, np.random.default_rng(0))
    for name, array in weights._asdict().items():
        if name.startswith("W"):
            values = np.linalg.svd(array[:, 3:], compute_uv=False)
            assert_allclose(values, largest, rtol=0, atol=1e-12)
            assert_array_equal(array[:, :3], getattr(kind.init(3, 5, seed=1), name)[:, :3])


@pytest.mark.parametrize("largest", [0.5, 1.0])
def test_an_rnns_gradient_and_memory_stay_below_the_power(largest):
    forward, backward = reach("rnn", largest, steps=30, hidden=8, draws=3)
    bound = largest ** np.arange(31) * (1 + 1e-12)
    assert (forward <= bound).all() and (backward <= bound).all()


@EVERY_CELL
def test_the_gradients_reach_is_autograds(cell):
    """For one draw, the derivative of the last hidden state for each array of the first one."""
    step, kind, _ = CELLS[cell]
    random = np.random.default_rng([7, 0])
    weights = with_largest(kind.init(4, 3, seed=0), 1.2, random)
    inputs = torch.tensor(random.normal(size=(9, 4)))
    start = torch.zeros(3 * len(weights.state), dtype=torch.float64)
    on_torch = kind(*map(torch.tensor, weights))

    def last(flat):
        state = tuple(flat.split(3)) if len(kind.state) > 1 else flat
        return unroll(step, inputs, state, on_torch)[0][-1]

    theirs = torch.autograd.functional.jacobian(last, start)
    found = reach(cell, 1.2, steps=9, hidden=3, draws=1)
    assert_allclose(found.backward[-1], np.linalg.norm(theirs, ord=2), rtol=0, atol=TOLERANCE)
    assert_allclose(found.backward[0], 1, rtol=0, atol=TOLERANCE)
    assert found.forward[0] == 1


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("elman", 1.0), "cell"),
        (("rnn", -1.0), "largest: expected a singular value from 0 on, got -1.0"),
        (("rnn", 1.0, 4.0), "gate: rnn has no gate that keeps its state, got 4.0"),
    ],
)
def test_reach_refuses_what_there_is_not(arguments, message):
    cell, largest, *gate = arguments
    with pytest.raises(ValueError, match=message):
        reach(cell, largest, 3, 2, 1, *gate)


@EVERY_CELL
def test_weights_of_another_cell_are_refused(cell):
    _, inputs, state, targets = case(cell, (2, 1, 2, 3))
    other = (RNNWeights if cell == "gru" else GRUWeights).init(2, 3, seed=0)
    with pytest.raises(TypeError, match=f"weights: expected the arrays .*{type(other).__name__}"):
        CELLS[cell][2](inputs, state, other, targets)


@EVERY_CELL
def test_slopes_of_another_shape_and_no_steps_are_refused(cell):
    weights, inputs, state, targets = case(cell, (3, 2, 2, 4))
    run = partial(CELLS[cell][2], weights=weights)
    with pytest.raises(ValueError, match=r"slopes: expected shape \(time, batch, hidden\) = \(3"):
        run(inputs, state, slopes=targets[:2])
    with pytest.raises(ValueError, match=r"inputs: expected shape \(time, batch, input\)"):
        run(inputs[:0], state, slopes=targets[:0])
    with pytest.raises(ValueError, match="inputs at each time step: expected shape"):
        run(inputs[:, :, :1], state, slopes=targets)


def test_one_step_back_refuses_other_shapes():
    h, W = np.zeros((2, 3)), np.zeros((3, 3))
    with pytest.raises(ValueError, match="dh: expected the shape of h_next"):
        rnn_backward(h[:1], h, W)
    with pytest.raises(ValueError, match=r"W_h: expected shape \(hidden, hidden\) = \(3, 3\)"):
        rnn_backward(h, h, W[:, :2])
    with pytest.raises(ValueError, match=r"kept\.reset: expected the shape of dh"):
        gru_backward(h, GRUKept(h, h, h[:1], h), W, W, W)
    with pytest.raises(ValueError, match="W_rh: expected shape"):
        gru_backward(h, GRUKept(h, h, h, h), W, W[:2], W)
    with pytest.raises(ValueError, match="dc: expected the shape of dh"):
        lstm_backward(h, h[:1], LSTMKept(h, h, h, h, h, h), W, W, W, W)
    with pytest.raises(ValueError, match="W_ch: expected shape"):
        lstm_backward(h, h, LSTMKept(h, h, h, h, h, h), W, W, W, W[:1])


def test_sums_and_products_refuse_other_shapes():
    with pytest.raises(ValueError, match=r"V: expected shape \(time, batch, read\)"):
        sum_over_time(np.zeros((2, 3, 4)), np.zeros((2, 1, 5)))
    with pytest.raises(ValueError, match=r"W: expected shape \(hidden, n_x \+ hidden\)"):
        rnn_jacobians(np.zeros((2, 3)), np.zeros((3, 4)), n_x=2)
    with pytest.raises(ValueError, match="dh_dk: expected the shape of J"):
        chain(np.zeros((2, 2)), np.zeros((2, 3)))
    with pytest.raises(ValueError, match="J: expected shape"):
        chain(np.zeros((2, 3)), np.zeros((2, 3)))

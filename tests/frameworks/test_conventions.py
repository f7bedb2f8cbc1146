"""Conventions: each owner computes what is said of it, and each pair is exact or refused."""

import itertools
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import GRUResetAfterWeights, GRUWeights, LSTMWeights
from lecture_code.core.tolerances import TOLERANCES
from lecture_code.course.cells import CELLS
from lecture_code.frameworks.convert import ConversionError, convert, draw, parameters, run
from lecture_code.frameworks.table import CONVENTIONS, convention
from lecture_code.oracles.owners import OWNERS

PAIRS = [
    (cell, source, target)
    for cell, named in CONVENTIONS.items()
    for source, target in itertools.product(named, repeat=2)
]
SIZES = [(5, 2, 3, 4), (3, 1, 4, 2), (2, 3, 1, 1)]


def case(cell, name, sizes=(5, 2, 3, 4), seed=1):
    time, batch, features, hidden = sizes
    random = np.random.default_rng(seed + 100)
    weights = draw(name, features, hidden, seed=seed, cell=cell)
    inputs = random.normal(size=(time, batch, features))
    states = [random.normal(size=(batch, hidden)) for _ in CELLS[cell].weights.state]
    return weights, inputs, states


def state_of(states):
    return tuple(states) if len(states) > 1 else states[0]


def compute(cell, name, weights, inputs, states):
    outputs, last = run(weights, name, inputs, state_of(states), cell)
    return [outputs, *(last if isinstance(last, tuple) else (last,))]


def judged(cell, name, owner, sizes):
    """Assert that a convention's owner, handed its own layout, computes what `run` does."""
    weights, inputs, states = case(cell, name, sizes)
    ours = compute(cell, name, weights, inputs, states)
    as_owner = [np.asarray(array, owner.dtype) for array in (inputs, *states)]
    outputs, last = owner.run(
        {key: np.asarray(array, owner.dtype) for key, array in weights.items()}, *as_owner
    )
    for a, b in zip(ours, [outputs, *last], strict=True):
        assert b.dtype == owner.dtype and a.shape == b.shape
        assert_allclose(a, b, rtol=0, atol=TOLERANCES[owner.dtype])


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("cell, name", OWNERS)
def test_the_owner_computes_what_its_convention_says(cell, name, sizes):
    for owner in OWNERS[cell, name]:
        judged(cell, name, owner, sizes)


# WHAT CANNOT BE INSTALLED: THE FORMULAS, WORKED OUT HERE


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def trax_gru(weights, x, h):
    joined = np.concatenate([x, h], -1)
    update, reset = np.split(sigmoid(joined @ weights["W_1"] + weights["b_1"]), 2, axis=-1)
    read = np.concatenate([x, reset * h], -1)
    return [update * h + (1 - update) * np.tanh(read @ weights["W_2"] + weights["b_2"])]


def trax_lstm(weights, x, h, c, w="w", b="b", forget_bias=0.0):
    i, j, f, o = np.split(np.concatenate([x, h], -1) @ weights[w] + weights[b], 4, axis=-1)
    c = c * sigmoid(f + forget_bias) + sigmoid(i) * np.tanh(j)
    return [np.tanh(c) * sigmoid(o), c]


def tf1_lstm(weights, x, h, c):
    return trax_lstm(weights, x, h, c, "kernel", "bias", 1.0)


def cho_v1(weights, x, h):
    z = sigmoid(x @ weights["W_z"].T + h @ weights["U_z"].T)
    r = sigmoid(x @ weights["W_r"].T + h @ weights["U_r"].T)
    return [z * h + (1 - z) * np.tanh(x @ weights["W"].T + r * (h @ weights["U"].T))]


def cho_v3(weights, x, h, takes=False):
    z = sigmoid(x @ weights["W_z"].T + h @ weights["U_z"].T)
    r = sigmoid(x @ weights["W_r"].T + h @ weights["U_r"].T)
    candidate = np.tanh(x @ weights["W"].T + (r * h) @ weights["U"].T)
    return [(1 - z) * h + z * candidate if takes else z * h + (1 - z) * candidate]


def chung(weights, x, h):
    return cho_v3(weights, x, h, takes=True)


def olah_lstm(weights, x, h, c):
    both = np.concatenate([h, x], -1)
    f, i, C, o = (both @ weights[f"W_{gate}"].T + weights[f"b_{gate}"] for gate in "fiCo")
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(C)
    return [sigmoid(o) * np.tanh(c), c]


FORMULAS = {
    ("lstm", "olah2015"): olah_lstm,
    ("gru", "trax"): trax_gru,
    ("lstm", "trax"): trax_lstm,
    ("lstm", "tf1"): tf1_lstm,
    ("gru", "cho2014-v1"): cho_v1,
    ("gru", "cho2014-v3"): cho_v3,
    ("gru", "chung2014"): chung,
}


@pytest.mark.parametrize("cell, name", FORMULAS)
def test_the_formula_gives_what_the_convention_says(cell, name):
    weights, inputs, states = case(cell, name)
    ours = compute(cell, name, weights, inputs, states)
    outputs, current = [], states
    for x in inputs:
        current = FORMULAS[cell, name](weights, x, *current)
        outputs.append(current[0])
    for a, b in zip(ours, [np.stack(outputs), *current], strict=True):
        assert_allclose(a, b, rtol=0, atol=1e-12)


def test_trax_by_hand():
    """One unit, one input, numbers worked out with a pocket calculator."""
    weights = {
        "W_1": np.array([[0.5, -0.5], [1.0, 0.5]]),
        "b_1": np.array([0.0, 0.25]),
        "W_2": np.array([[1.0], [-1.0]]),
        "b_2": np.array([0.5]),
    }
    _, last = run(weights, "trax", np.array([[[1.0]]]), np.array([[0.5]]))
    # u = σ(0.5 + 0.5) = 0.731059, r = σ(-0.5 + 0.25 + 0.25) = 0.5, c = tanh(1 - 0.25 + 0.5)
    assert_allclose(last, [[0.731059 * 0.5 + 0.268941 * 0.848284]], rtol=0, atol=1e-5)


# EVERY PAIR


def converted(cell, source, target, weights):
    try:
        return convert(weights, source, target, cell)
    except ConversionError:
        return None


@pytest.mark.parametrize("cell, source, target", PAIRS, ids=map(", ".join, PAIRS))
def test_a_conversion_computes_the_same_or_is_refused(cell, source, target):
    weights, inputs, states = case(cell, source)
    given, wanted = convention(source, cell), convention(target, cell)
    moved = converted(cell, source, target, weights)
    same = (given.reset, given.hands_on, given.activation) == (
        wanted.reset,
        wanted.hands_on,
        wanted.activation,
    )
    if moved is None:
        # Refused: another equation, or biases that have no place.
        assert not same or (given.biases and not wanted.biases)
        return
    assert same
    ours = compute(cell, source, weights, inputs, states)
    theirs = compute(cell, target, moved, inputs, states)
    for a, b in zip(ours, theirs, strict=True):
        assert_allclose(a, b, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell, source, target", PAIRS, ids=map(", ".join, PAIRS))
def test_a_round_trip_is_exact(cell, source, target):
    weights, _, _ = case(cell, source)
    moved = converted(cell, source, target, weights)
    if moved is None:
        return
    back = arrays(convert(moved, target, source, cell))
    again = arrays(convert(convert(back, source, target, cell), target, source, cell))
    given, wanted = convention(source, cell), convention(target, cell)
    rounding = 0 if given.added == wanted.added else 1e-15
    for name in weights:
        assert_allclose(again[name], back[name], rtol=0, atol=rounding)
    sums = any(
        len(given.biases_of(gate)) > len(wanted.biases_of(gate)) for gate in CELLS[cell].gates
    )
    for place in given.places:
        if place.is_matrix or not sums:
            assert_allclose(back[place.name], weights[place.name], rtol=0, atol=rounding)


def arrays(weights):
    return weights._asdict() if hasattr(weights, "_asdict") else weights


def test_two_biases_come_back_as_their_sum_and_zero():
    weights, _, _ = case("lstm", "torch")
    back = convert(convert(weights, "torch", "keras", "lstm"), "keras", "torch", "lstm")
    both = weights["bias_ih_l0"] + weights["bias_hh_l0"]
    assert_array_equal(back["bias_ih_l0"], both)
    assert_array_equal(back["bias_hh_l0"], 0)


@given(
    sizes=st.tuples(*(st.integers(1, 4) for _ in range(4))),
    pair=st.sampled_from(PAIRS),
    seed=st.integers(0, 2**20),
)
def test_any_sizes(sizes, pair, seed):
    cell, source, target = pair
    weights, inputs, states = case(cell, source, sizes, seed)
    moved = converted(cell, source, target, weights)
    if moved is not None:
        ours = compute(cell, source, weights, inputs, states)
        theirs = compute(cell, target, moved, inputs, states)
        for a, b in zip(ours, theirs, strict=True):
            assert_allclose(a, b, rtol=0, atol=1e-12)


# WHAT IS REFUSED


@pytest.mark.parametrize(
    "cell, source, target, message",
    [
        ("gru", "torch", "slides", "slides has no place for Γ_r ⊗ (W_hh h + b_hh)"),
        ("gru", "keras", "torch", "torch has no place for W_h [x, Γ_r ⊗ h]"),
        ("gru", "slides", "cho2014-v3", "no biases, and so no place for b_h of slides"),
        ("gru", "torch", "cho2014-v1", "no place for Γ_r ⊗ b_hh, the bias of torch inside"),
        ("lstm", "slides-literal", "torch", "no place for tanh(Γ_f ⊗ C + h̃)"),
        ("lstm", "torch", "slides-literal", "no place for Γ_f ⊗ C + h̃"),
        ("rnn", "slides-literal", "torch", "torch has tanh where slides-literal has σ"),
    ],
    ids=str,
)
def test_what_has_no_equivalent_is_refused_with_its_term(cell, source, target, message):
    weights, _, _ = case(cell, source)
    with pytest.raises(ConversionError, match=re.escape(message)):
        convert(weights, source, target, cell)


def test_biases_of_zero_need_no_place():
    weights, _, _ = case("gru", "torch")
    weights = {name: array * ("weight" in name) for name, array in weights.items()}
    papers = convert(weights, "torch", "cho2014-v1")
    back = convert(papers, "cho2014-v1", "torch")
    for name, array in weights.items():
        assert_array_equal(back[name], array)


# ARRAYS OF ANY KIND


def test_the_lectures_weights_go_in_and_come_out():
    weights = GRUWeights.init(3, 4, seed=1)
    moved = convert(weights, "slides", "onnx")
    back = convert(moved, "onnx", "slides")
    assert isinstance(back, GRUWeights)
    for a, b in zip(weights, back, strict=True):
        assert_array_equal(a, b)
    assert isinstance(
        convert(case("gru", "torch")[0], "torch", "slides-reset-after"), GRUResetAfterWeights
    )
    assert isinstance(convert(case("lstm", "keras")[0], "keras", "slides", "lstm"), LSTMWeights)


def test_tensors_stay_tensors_and_gradients_flow():
    lstm = torch.nn.LSTM(3, 4)
    moved = convert(dict(lstm.named_parameters()), "torch", "keras", "lstm")
    assert all(isinstance(array, torch.Tensor) for array in moved.values())
    assert moved["kernel"].dtype == torch.float32
    sum(array.sum() for array in moved.values()).backward()
    assert (lstm.weight_ih_l0.grad == 1).all()


def test_the_source_stays_as_it_was():
    weights, _, _ = case("gru", "chung2014")
    before = {name: array.copy() for name, array in weights.items()}
    moved = convert(weights, "chung2014", "cho2014-v3")
    for array in moved.values():
        array += 1
    for name, array in weights.items():
        assert_array_equal(array, before[name])


@pytest.mark.parametrize(
    "change, error, message",
    [
        (lambda w: w | {"extra": w["R"]}, ValueError, "onnx has W, R, B; unknown: extra"),
        (lambda w: {"W": w["W"], "B": w["B"]}, ValueError, "onnx has W, R, B; missing: R"),
        (lambda w: w | {"W": w["W"][0]}, ValueError, "W: expected 3 axes, got shape (12, 3)"),
        (lambda w: w | {"R": w["R"][:, :11]}, ValueError, "R: expected 3 gates of one size"),
        (lambda w: w | {"B": w["B"][:, :20]}, ValueError, "B: expected shape (1, 24) for input"),
        (lambda w: w | {"B": w["B"].astype("f4")}, ValueError, "B: expected dtype float64, as W"),
        (lambda w: w | {"B": w["B"].tolist()}, TypeError, "B: expected an array, got list"),
        (lambda w: list(w.values()), TypeError, "onnx expects a dictionary of arrays, got list"),
    ],
    ids=["extra", "missing", "axes", "gates", "shape", "dtype", "list", "no dictionary"],
)
def test_bad_weights_are_named(change, error, message):
    weights, _, _ = case("gru", "onnx")
    with pytest.raises(error, match=re.escape(message)):
        convert(change(weights), "onnx", "torch")


def test_unknown_names_are_told():
    with pytest.raises(ValueError, match=r"convention: expected one of slides, .*, got 'pytorch'"):
        convert({}, "pytorch", "keras")
    with pytest.raises(ValueError, match=f"expected one of {', '.join(CONVENTIONS)}, got 'cnn'"):
        convert({}, "torch", "keras", "cnn")


# HOW MANY NUMBERS


@pytest.mark.parametrize(
    "cell, kind", [("gru", torch.nn.GRU), ("lstm", torch.nn.LSTM), ("rnn", torch.nn.RNN)]
)
def test_parameters_are_counted_as_torch_does(cell, kind):
    counted = {term.name: term.count for term in parameters("torch", 3, 4, cell)}
    assert counted == {name: array.numel() for name, array in kind(3, 4).named_parameters()}


def test_keras_counts_more_biases_with_reset_after():
    def count(name):
        return {term.name: term.count for term in parameters(name, 3, 4)}

    assert count("keras")["bias"] == 3 * 4
    assert count("keras-reset-after")["bias"] == 2 * 3 * 4

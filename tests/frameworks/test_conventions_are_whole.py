"""A convention needs a row in the table and a judge: with the row alone it appears everywhere."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from test_conventions import FORMULAS, case, compute, sigmoid

from lecture_code.course.cells import CELLS
from lecture_code.frameworks.bridge import to_torch, weights_from_torch
from lecture_code.frameworks.convert import ConversionError, convert, draw, parameters
from lecture_code.frameworks.description import (
    VARIES,
    Convention,
    Join,
    Place,
    both_matrices,
    each_alone,
)
from lecture_code.frameworks.table import (
    CONVENTIONS,
    TEXTBOOK_ORDERS,
    convention,
    lecture_convention,
    packing_orders,
)
from lecture_code.oracles.owners import FRAMEWORKS, OWNERS
from lecture_code.publish.conventions import (
    conventions_table,
    parameters_table,
    refusal,
    refusals_table,
)
from lecture_code.publish.steppers.rosetta import rosetta_stepper

EVERY = [one for named in CONVENTIONS.values() for one in named.values()]
JUDGES = {**OWNERS, **FRAMEWORKS, **FORMULAS}

TABLE = "in lecture_code/frameworks/table.py"
TITLE = f"title and source, {TABLE}"
MATRICES = f"places with each gate's two matrices, {TABLE}"
BIASES = f"places with at most one bias of a kind for each gate, {TABLE}"
NAMES = f"places with names of their own, {TABLE}"
JOIN = f"how two parts are joined, {TABLE}"
EQUATION = f"reset and update, hands_on or activation, as its cell needs, {TABLE}"
STEP = f"a row of the lecture with its equation, {TABLE}"
WEIGHTS = f"the weights of its step, {TABLE}"
OWNER = f"the owner of its order of gates, {TABLE}"
LETTERS = f"the letters of its order of gates, {TABLE}"
JUDGE = (
    "a judge, in lecture_code/oracles/owners.py, or where its owner cannot be installed a formula "
    "in tests/frameworks/test_conventions.py"
)


def missing(one: Convention) -> set[str]:
    """What a convention lacks, and where it belongs."""
    held = Counter(
        (gate, part) for place in one.places for gate in place.gates for part in place.parts
    )
    gates, biases = one.cell.gates, [one.biases_of(gate) for gate in one.cell.gates]
    named = CONVENTIONS[one.cell.name].values()
    ours = [own for own in named if own.step]
    has = {
        TITLE: one.title and one.source,
        MATRICES: all(held[gate, part] == 1 for gate in gates for part in ("W_x", "W_h"))
        and {gate for gate, _ in held} == set(gates),
        BIASES: all(sorted(of) in ([], ["b"], ["b_h"], ["b_h", "b_x"]) for of in biases),
        NAMES: len({place.name for place in one.places}) == len(one.places),
        JOIN: all(fits(place) for place in one.places),
        EQUATION: all(
            getattr(one, field) in (values if any(getattr(own, field) for own in ours) else [""])
            for field, values in VARIES.items()
        ),
        STEP: any(own.computes_like(one) for own in ours),
        WEIGHTS: bool(one.step) == bool(one.weights)
        and (not one.weights or set(one.weights._fields) == {place.name for place in one.places}),
        OWNER: one.owner or len(one.order) < 2,
        LETTERS: len(one.order) < 2
        or len(one.letters) == len(one.order)
        or (not one.letters and any(two.letters and two.order == one.order for two in named)),
        JUDGE: one.step or (one.cell.name, one.name) in JUDGES,
    }
    return {what for what, is_there in has.items() if not is_there}


def fits(place: Place) -> bool:
    """Whether an array's parts can be joined as it says."""
    return (len(place.parts), place.is_matrix, place.join) in {
        (1, True, None),
        (1, False, None),
        (2, True, Join.SIDE_BY_SIDE),
        (2, False, Join.STACKED),
        (2, False, Join.END_TO_END),
    }


def label(one):
    return f"{one.cell.name}, {one.name}"


@pytest.mark.parametrize("one", EVERY, ids=label)
def test_a_convention_is_whole(one):
    assert missing(one) == set()


def test_each_judge_has_a_convention():
    assert set(JUDGES) <= {(one.cell.name, one.name) for one in EVERY}


# A ROW IS ENOUGH

HUR = Convention(
    name="toy",
    cell=CELLS["gru"],
    title="A toy & its owner",
    source="nowhere",
    places=(both_matrices("M", "hur", state_first=True), Place("a", "hur", ("b",))),
    owner="Toy",
    letters="nzr",
    reset="before",
    update="takes",
    transposed=True,
)
CFIU = Convention(
    name="toy",
    cell=CELLS["lstm"],
    title="A toy & its owner",
    source="nowhere",
    places=(
        Place("K", "cfiu", ("W_x",)),
        Place("R", "cfiu", ("W_h",)),
        Place("a", "cfiu", ("b_h", "b_x"), Join.STACKED),
    ),
    owner="Toy",
    letters="cfio",
    hands_on="memory",
    leading=True,
    added={"f": 0.5},
)


def hur(weights, x, h):
    M, a = weights["M"], weights["a"]
    units = h.shape[-1]
    _, z, r = np.split(np.concatenate([h, x], -1) @ M + a, 3, axis=-1)
    read = np.concatenate([sigmoid(r) * h, x], -1)
    candidate = np.tanh(read @ M[:, :units] + a[:units])
    return [(1 - sigmoid(z)) * h + sigmoid(z) * candidate]


def cfiu(weights, x, h, c):
    (K,), (R,), (a,) = weights["K"], weights["R"], weights["a"]
    g, f, i, o = np.split(x @ K.T + h @ R.T + a[0] + a[1], 4, axis=-1)
    c = sigmoid(f + 0.5) * c + sigmoid(i) * np.tanh(g)
    return [sigmoid(o) * np.tanh(c), c]


@pytest.fixture(params=[(HUR, hur), (CFIU, cfiu)], ids=["gru", "lstm"])
def toy(request, monkeypatch):
    """A convention that is in the table for one test, and its formula."""
    one, formula = request.param
    monkeypatch.setitem(CONVENTIONS, one.cell.name, {**without_order(one), one.name: one})
    return one, formula


def without_order(one):
    """The conventions of a cell that do not have the order of gates of this one."""
    named = CONVENTIONS[one.cell.name].items()
    return {name: other for name, other in named if other.order != one.order}


def test_a_row_is_computed(toy):
    one, formula = toy
    weights, inputs, states = case(one.cell.name, one.name)
    outputs, current = [], states
    for x in inputs:
        current = formula(weights, x, *current)
        outputs.append(current[0])
    ours = compute(one.cell.name, one.name, weights, inputs, states)
    for a, b in zip(ours, [np.stack(outputs), *current], strict=True):
        assert_allclose(a, b, rtol=0, atol=1e-12)


def test_a_row_is_converted_or_refused(toy):
    one, _ = toy
    cell = one.cell.name
    weights, inputs, states = case(cell, one.name)
    ours = compute(cell, one.name, weights, inputs, states)
    refused = set()
    for target in CONVENTIONS[cell]:
        try:
            moved = convert(weights, one.name, target, cell)
        except ConversionError as error:
            assert (error.source, error.target) == (one.name, target)
            assert error.term in str(error) and error.reason
            refused.add(target)
            continue
        for a, b in zip(ours, compute(cell, target, moved, inputs, states), strict=True):
            assert_allclose(a, b, rtol=0, atol=1e-12)
        back = convert(moved, target, one.name, cell)
        assert list(back) == list(weights)
        for place in one.places:
            if place.is_matrix:
                assert_array_equal(back[place.name], weights[place.name])
        for a, b in zip(ours, compute(cell, one.name, back, inputs, states), strict=True):
            assert_allclose(a, b, rtol=0, atol=1e-12)
    another = {name for name, other in CONVENTIONS[cell].items() if not one.computes_like(other)}
    without = {name for name, other in CONVENTIONS[cell].items() if not other.biases}
    assert refused == another | without


def test_a_row_has_parameters(toy):
    one, _ = toy
    terms = [tuple(term) for term in parameters(one.name, 3, 4, one.cell.name)]
    assert (
        terms
        == {
            "gru": [("M", (7, 12), 84, "what reads input and state"), ("a", (12,), 12, "bias")],
            "lstm": [
                ("K", (1, 16, 3), 48, "what reads the input"),
                ("R", (1, 16, 4), 64, "what reads the state"),
                ("a", (1, 2, 16), 32, "two biases"),
            ],
        }[one.cell.name]
    )
    drawn = draw(one.name, 3, 4, seed=1, cell=one.cell.name)
    shapes = {name: array.shape for name, array in drawn.items()}
    assert shapes == {name: shape for name, shape, _, _ in terms}


def test_a_row_is_on_the_page(toy):
    one, _ = toy
    title = "<strong>A toy &amp; its owner</strong><br><small><code>toy</code>, nowhere</small>"
    assert title in conventions_table(one.cell) and title in parameters_table(one.cell)
    assert f"<code>{one.name}</code>" in refusals_table(one.cell)
    html = rosetta_stepper(one.cell, "Toys", one.name, "torch")
    assert '<option value="toy">A toy &amp; its owner</option>' in html
    assert f"<caption><code>{one.places[-1].name}</code>" in html


def test_a_row_has_its_order_of_gates(toy):
    one, _ = toy
    orders = {"gru": {"hur": "Toy (n, z, r)"}, "lstm": {"cfiu": "Toy (c, f, i, o)"}}
    assert orders[one.cell.name].items() <= packing_orders(one.cell).items()


# WHAT IS FORGOTTEN IS NAMED


def test_a_row_alone_lacks_a_judge(toy):
    assert missing(toy[0]) == {JUDGE}


@pytest.mark.parametrize(
    "change, lacks",
    [
        ({"title": ""}, {TITLE}),
        ({"source": ""}, {TITLE}),
        ({"places": each_alone("ur")}, {MATRICES}),
        ({"places": each_alone("urhc")}, {MATRICES}),
        ({"places": (*HUR.places, Place("b", "u", ("b_x",)))}, {BIASES}),
        ({"places": (HUR.places[0], Place("M", "hur", ("b",)))}, {NAMES}),
        ({"places": (HUR.places[0], Place("a", "hur", ("b_x", "b_h")))}, {JOIN}),
        ({"places": (Place("M", "hur", ("W_x", "W_h"), Join.STACKED),)}, {JOIN}),
        ({"reset": ""}, {EQUATION, STEP}),
        ({"update": "forgets"}, {EQUATION}),
        ({"activation": "tanh"}, {EQUATION, STEP}),
        ({"owner": ""}, {OWNER}),
        ({"letters": ""}, {LETTERS}),
        ({"letters": "zr"}, {LETTERS}),
        ({"step": CELLS["gru"].step}, {WEIGHTS}),
    ],
    ids=[
        "no title",
        "no source",
        "too few matrices",
        "too many matrices",
        "a bias too many",
        "one name twice",
        "two biases, not joined",
        "matrices, stacked",
        "no reset",
        "another update",
        "another activation",
        "no owner",
        "no letters",
        "too few letters",
        "another step",
    ],
)
def test_what_a_row_lacks_is_named(change, lacks, monkeypatch):
    monkeypatch.setitem(CONVENTIONS, "gru", without_order(HUR))
    assert missing(replace(HUR, **change)) - {JUDGE} == lacks


def test_an_equation_that_the_lecture_lacks_is_told(monkeypatch):
    monkeypatch.setitem(CONVENTIONS["gru"], "toy", replace(HUR, reset="nowhere"))
    with pytest.raises(ValueError, match="the lecture has no step with the equation of toy"):
        lecture_convention(convention("toy", "gru"))


def test_a_refusal_begins_with_a_capital_but_for_a_symbol():
    rnn = CELLS["rnn"]
    assert refusal(rnn, "torch", "slides-literal").startswith("σ where the other has tanh")
    assert refusal(rnn, "slides-literal", "torch").startswith("Tanh where the other has σ")
    assert refusal(CELLS["gru"], "slides", "torch").startswith("No place for W_h")
    assert refusal(rnn, "torch", "keras") == ""


# THE ORDERS OF GATES


def test_who_packs_the_gates_in_which_order():
    """Written out, from the owners' documentation: so is a new convention that packs gates."""
    assert packing_orders(CELLS["lstm"]) == {
        "ifcu": "torch and Keras (i, f, g, o)",
        "iufc": "ONNX (i, o, f, c)",
        "icfu": "TensorFlow 1 and Trax (i, j, f, o)",
    }
    assert packing_orders(CELLS["gru"]) == {
        "ruh": "torch (r, z, n)",
        "urh": "Keras and ONNX (z, r, h)",
    }
    assert packing_orders(CELLS["rnn"]) == packing_orders(CELLS["gru-one-gate"]) == {}


def test_textbooks_list_the_gates_as_olah_does():
    [order] = TEXTBOOK_ORDERS["lstm"]
    assert order == "".join(convention("olah2015", "lstm").gates)


@pytest.mark.parametrize("cell, own", [("gru", "slides-reset-after"), ("lstm", "slides")])
def test_the_bridge_has_the_order_of_the_table(cell, own):
    weights = convention(own, cell).weights.init(3, 4, seed=1)
    module = to_torch(weights)
    theirs = {name: array.detach().numpy() for name, array in module.named_parameters()}
    ours = convert(weights, own, "torch", cell)
    assert list(ours) == list(theirs)
    for name, array in ours.items():
        assert_array_equal(theirs[name], array)
    [[back]] = weights_from_torch(module)
    for a, b in zip(back, weights, strict=True):
        assert_array_equal(a.detach().numpy(), b)

"""The pictures of the cells: the graph is taken back out of the SVG, and run as a program."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pages import PAGES

import lecture_code
from lecture_code.equations import to_mathml
from lecture_code.evidence.measure import random_case
from lecture_code.pairing.functions import quantity
from lecture_code.pairing.graph import graph_of
from lecture_code.publish.diagram import _lay_out, diagram

PICTURED = [
    getattr(lecture_code, name)
    for page in PAGES
    for name in re.findall(r"\bcard\((\w+),[^)]*picture=True", page.read_text("utf-8"))
]
"""Every cell whose card on a page has a picture."""

each_cell = pytest.mark.parametrize("function", PICTURED, ids=lambda f: f.__name__)
each_form = pytest.mark.parametrize("form", ["wide", "tall"])


def picture(function, form):
    svgs = re.findall(r"<svg.*?</svg>", diagram(function), re.DOTALL)
    [svg] = [svg for svg in svgs if f"diagram-{form}" in svg]
    return ElementTree.fromstring(svg)


def nodes(svg):
    return {group.get("data-node"): group for group in svg.iter("g") if group.get("data-node")}


def edges(svg):
    return [path for path in svg.iter("path") if path.get("data-from")]


def symbols(group):
    return list(filter(None, group.get("data-symbols").split("; ")))


def run(svg, values):
    """Compute every node of a picture from what flows into it; `values` are inputs and weights."""
    found, arrows = nodes(svg), edges(svg)

    def value(key):
        if key in values:
            return values[key]
        into = sorted(
            (arrow for arrow in arrows if arrow.get("data-to") == key),
            key=lambda arrow: int(arrow.get("data-place")),
        )
        operands = [value(arrow.get("data-from")) for arrow in into]
        operators = found[key].get("data-operators").split()
        weights = [values[name] for name in symbols(found[key]) if operators]
        for operator in operators:
            operands = [apply(operator, operands, weights)]
        [result] = operands
        return result

    return {key: value(key) for key in found}


def apply(operator, operands, weights):
    match operator, operands:
        case "juxtaposition", [vector]:
            return vector @ weights.pop(0).T
        case "sum", [vector]:
            return vector + weights.pop(0)
        case "sum", [left, right]:
            return left + right
        case "product", [left, right]:
            return left * right
        case "concatenation", parts:
            return np.concatenate(parts, -1)
        case "complement", [one]:
            return 1 - one
        case r"\sigma", [one]:
            return 1 / (1 + np.exp(-one))
        case r"\tanh", [one]:
            return np.tanh(one)
    raise AssertionError(f"an operator that no picture should have: {operator}")


def arguments(function):
    """Random arguments of a step, and their values by the canonical name of their symbols."""
    inputs, state, weights = random_case(function, (1, 3, 2, 5), "float64")
    parts = state if isinstance(state, tuple) else (state,)
    by_variable = {"x": inputs[0], "h": parts[0], **weights._asdict()}
    if len(parts) > 1:
        by_variable["c"] = parts[1]
    graph = graph_of(function)
    targets = {edge.target for edge in graph.edges}
    values = {
        name: by_variable[row.variable]
        for name, row in graph.quantities.items()
        if name not in targets
    }
    return (inputs[0], state, weights), values


@each_cell
@each_form
def test_the_picture_computes_what_the_step_computes(function, form):
    case, values = arguments(function)
    ours = run(picture(function, form), values)
    theirs = function(*case)
    theirs = theirs if isinstance(theirs, tuple) else (theirs,)
    by_variable = {
        quantity(name).variable: value for name, value in ours.items() if "(" not in name
    }
    for name, value in zip(("h_next", "c_next"), theirs, strict=False):
        assert_allclose(by_variable[name], value, rtol=0, atol=1e-12)


def test_swapped_labels_would_be_noticed():
    """What happened to a published picture of a GRU: two labels change places."""
    case, values = arguments(lecture_code.gru_step)
    svg = picture(lecture_code.gru_step, "wide")
    gates = [group for group in nodes(svg).values() if r"\sigma" in group.get("data-operators")]
    exchange(*gates, "data-symbols")
    assert abs(run(svg, values)["h_t"] - lecture_code.gru_step(*case)).max() > 0.01

    svg = picture(lecture_code.gru_step, "wide")
    update, reset = (nodes(svg)[rf"\Gamma_{letter}"].find("rect") for letter in "ur")
    for place in ("x", "y"):
        exchange(update, reset, place)
    assert {key for key, *_ in geometry_problems(svg)} == {r"\Gamma_u", r"\Gamma_r"}


def exchange(one, other, attribute):
    before = one.get(attribute)
    one.set(attribute, other.get(attribute))
    other.set(attribute, before)


def geometry_problems(svg):
    """Arrows that do not begin and end at the boxes that they name."""
    boxes = {
        key: tuple(float(group.find("rect").get(name)) for name in ("x", "y", "width", "height"))
        for key, group in nodes(svg).items()
    }
    problems = []
    for path in edges(svg):
        points = [float(number) for number in re.findall(r"-?\d+\.?\d*", path.get("d"))]
        for key, x, y in (
            (path.get("data-from"), *points[:2]),
            (path.get("data-to"), *points[-2:]),
        ):
            left, top, width, height = boxes[key]
            beside = max(left - x, x - left - width, top - y, y - top - height)
            # On the border of the box: neither away from it nor inside.
            if abs(beside) > 2.5:
                problems.append((key, x, y))
    return problems


@each_cell
@each_form
def test_arrows_lead_from_box_to_box(function, form):
    assert geometry_problems(picture(function, form)) == []


@each_cell
@each_form
def test_boxes_do_not_overlap_and_are_all_in_view(function, form):
    svg = picture(function, form)
    x, y, width, height = map(float, svg.get("viewBox").split())
    places = [
        tuple(float(group.find("rect").get(name)) for name in ("x", "y", "width", "height"))
        for group in nodes(svg).values()
    ]
    for i, (left, top, wide, high) in enumerate(places):
        assert x <= left and left + wide <= x + width
        assert y <= top and top + high <= y + height
        for other in places[:i]:
            apart = max(
                other[0] - left - wide,
                left - other[0] - other[2],
                other[1] - top - high,
                top - other[1] - other[3],
            )
            assert apart > 4


@each_cell
@each_form
def test_every_box_shows_what_it_is(function, form):
    graph = graph_of(function)
    for key, group in nodes(picture(function, form)).items():
        node = graph.nodes[key]
        shown = "".join(group.find("foreignObject").itertext())
        assert group.get("data-operators").split() == list(node.operators)
        assert symbols(group) == [symbol.name for symbol in node.symbols]
        for symbol in node.symbols:
            assert "".join(ElementTree.fromstring(to_mathml(symbol.latex)).itertext()) in shown
        for operator in node.operators:
            sign = {r"\sigma": "σ", r"\tanh": "tanh", "product": "⊗", "complement": "1−"}
            assert sign.get(operator, "") in shown
        if not node.operators:
            row = graph.quantities[key]
            assert group.get("data-quantity") == row.variable
            assert group.get("data-role") == row.role


@each_cell
def test_the_same_picture_in_every_build(function, monkeypatch):
    kept = diagram(function)
    monkeypatch.setattr("lecture_code.publish.diagram._laid_out", _lay_out)
    assert diagram(function) == kept


def test_a_shared_expression_is_one_box():
    graph = graph_of(lecture_code.lstm_step)
    joined = [key for key, node in graph.nodes.items() if node.operators == ("concatenation",)]
    assert len(joined) == 1
    assert sum(edge.source == joined[0] for edge in graph.edges) == 4


def test_what_cannot_be_pictured_is_refused():
    from lecture_code.sections.convolution import convolve
    from lecture_code.sections.loss import squared_error

    with pytest.raises(ValueError, match="there is no picture of this operation"):
        graph_of(squared_error)
    with pytest.raises(ValueError, match="there is no picture of this operation"):
        graph_of(convolve)


def test_the_text_alternative_says_where_it_begins_and_ends():
    svg = picture(lecture_code.gru_step, "wide")
    assert svg.get("aria-label") == (
        "Data flow in 10 operations, from the input at time t and hidden state before this "
        "step, to the hidden state after this step."
    )

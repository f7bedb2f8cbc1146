"""What pages call: the card, its evidence, pictures and tables; and the mathematics font."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from markupsafe import Markup
from pages import ROOT

from lecture_code import gru_step, lstm_step, rnn_step
from lecture_code.evidence.judges import JUDGES
from lecture_code.evidence.measure import EvidenceError, functions_with_equations
from lecture_code.evidence.measure import evidence as measured
from lecture_code.pairing.functions import pair_lines
from lecture_code.publish import (
    Matrix,
    card,
    curves,
    evidence_table,
    matrices,
    notation_table,
    there_and_back,
    unrolled,
    versions,
)
from lecture_code.publish.figures import Axis, frame
from lecture_code.publish.mathematics import render
from tools.font import FONT, characters, missing_characters


@pytest.fixture
def fresh():
    """Measure anew, and leave nothing measured with a changed judge behind."""
    measured.cache_clear()
    yield
    measured.cache_clear()


# --- the card


def test_a_card_has_a_row_for_each_line_and_links_both_sides():
    html = card(gru_step, "GRU")
    assert html.count('<li class="card-line">') == len(pair_lines(gru_step))
    for variable in ("x", "h", "update", "reset", "candidate", "h_next", "W_u", "b_r"):
        assert re.search(rf'<mrow [^>]*data-quantity="{variable}"', html), variable
        assert re.search(rf'<span [^>]*data-quantity="{variable}"', html), variable


def test_both_sides_of_a_row_hold_the_same_quantities():
    html = card(lstm_step, "LSTM")
    for row in re.findall(r'<li class="card-line">(.*?)</li>', html, re.DOTALL):
        equation, code = row.split('<div class="card-code')
        quantities = [set(re.findall(r'data-quantity="(\w+)"', side)) for side in (equation, code)]
        assert quantities[0] == quantities[1]


def test_a_card_shows_what_was_measured(fresh, monkeypatch):
    """The numbers come from the judges of this run, not from a text."""
    judge = JUDGES[rnn_step][0]

    def off_by_a_trifle(weights, inputs, state):
        outputs, last = judge.run(weights, inputs, state)
        return outputs + 3.25e-13, last

    monkeypatch.setitem(JUDGES, rnn_step, (replace(judge, run=off_by_a_trifle),))
    assert "<strong>3.3e-13</strong>" in card(rnn_step, "RNN")


def test_evidence_above_its_tolerance_raises(fresh, monkeypatch):
    judge = JUDGES[rnn_step][0]

    def wrong(weights, inputs, state):
        outputs, last = judge.run(weights, inputs, state)
        return outputs + 1e-9, last

    monkeypatch.setitem(JUDGES, rnn_step, (replace(judge, run=wrong),))
    with pytest.raises(
        EvidenceError, match=r"judge torch.nn.RNN .* differ by 1e-09, allowed 1e-12"
    ):
        card(rnn_step, "RNN")


def test_a_difference_that_vanishes_raises(fresh, monkeypatch):
    agrees, *_, differs = JUDGES[gru_step]
    assert not differs.agrees
    monkeypatch.setitem(JUDGES, gru_step, (replace(differs, run=agrees.run),))
    with pytest.raises(EvidenceError, match=r"differs on purpose .*, expected more than 0\.001"):
        card(gru_step, "GRU")


def test_nan_is_no_evidence(fresh, monkeypatch):
    judge = JUDGES[rnn_step][0]

    def lost(weights, inputs, state):
        outputs, last = judge.run(weights, inputs, state)
        return outputs * np.nan, last

    monkeypatch.setitem(JUDGES, rnn_step, (replace(judge, run=lost),))
    with pytest.raises(EvidenceError, match=r"torch.nn.RNN gives nan at \[0, 0, 0\]"):
        card(rnn_step, "RNN")


def test_a_code_that_leaves_its_text_has_no_card(fresh):
    def rnn_step(x, h, weights):
        r"""$$ h_t = \tanh(W [X_t, h_{t-1}] + b) $$"""
        W, b = weights
        h_next = np.tanh(np.concatenate([x, h], -1) @ W.T - b)
        return h_next

    from lecture_code import RNNWeights

    rnn_step.__annotations__["weights"] = RNNWeights
    with pytest.raises(EvidenceError, match=r"line 1 of its equation: h_t .*: h_next .* differ by"):
        measured(rnn_step)


# --- tables


def test_the_evidence_table_has_every_function_and_every_judge():
    html = evidence_table()
    for function in functions_with_equations():
        assert f"<code>{function.__name__}</code>" in html
    functions = functions_with_equations()
    assert html.count("<tr>") == 1 + sum(1 + len(measured(function)) for function in functions)


def test_the_notation_table_sets_every_symbol():
    assert notation_table().count("<math") >= 40


def test_versions_name_torch():
    assert versions()["torch"].startswith("2.")


# --- pictures


def test_a_matrix_shows_its_numbers():
    html = matrices(("X", np.array([[1.0, -0.5], [0.0, -0.0]])), "=", ("y", [2]), caption="see")
    entries = re.findall(r"<td class=\"(\w+)\"[^>]*>(.*?)</td>", html)
    assert entries == [
        ("positive", "1"),
        ("negative", "−0.5"),
        ("positive", "0"),
        ("positive", "0"),
        ("positive", "2"),
    ]
    assert "<figcaption>see</figcaption>" in html


def test_a_matrix_with_a_role_has_its_colour_and_a_name_for_scripts():
    html = matrices(
        Matrix(Markup("Γ<sub>u</sub>, <i>a &amp; b</i>"), [[1]], role="gate"), ("X", [[2]])
    )
    assert 'data-name="Γu, a &amp; b" data-role="gate"' in html
    assert html.count("data-role") == 1 and 'data-name="X"' in html


CURVES = dict(xlabel="time", ylabel="state", description="Two lines that cross.")


def test_curves_take_the_pages_colours_and_say_what_to_see():
    html = curves([1, 2, 3], {"a": [1, 2, 3], "b": [3, 2, 1]}, **CURVES)
    assert "#0000f1" not in html and "var(--curve-1)" in html and "currentColor" in html
    assert 'aria-label="state against time"' in html and "Two lines that cross." in html


DRAW = """
import hashlib, numpy as np
from lecture_code.publish.diagram import _lay_out
from lecture_code.publish.figures import Axis, _draw, _frame
from lecture_code import gru_step
from lecture_code.pairing.graph import graph_of
graph = graph_of(gru_step)
drawn = [
    _draw(np.arange(3.0), (("a", np.ones(3)), ("b", np.arange(3.0))), "t", "h", "d", "y", True),
    _frame("plot", Axis("time", 1, 100, True), Axis("state", 0, 1)),
    repr(_lay_out(tuple((key, 40, 30) for key in graph.nodes), tuple(graph.edges), "LR")),
]
print(hashlib.sha256("".join(drawn).encode()).hexdigest())
"""


def test_pictures_are_the_same_bytes_in_every_process():
    """Nothing is looked up here: the pictures are drawn anew, by two processes."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", DRAW],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] and len(runs[0]) > 60


def test_a_frame_says_where_its_numbers_lie():
    svg = frame(
        "decay",
        Axis("time steps", 1, 1000, log=True),
        Axis("memory", 0, 1),
        lines={"gru": "--state"},
        dots={"now": "--output"},
    )
    axes = json.loads(unescape(re.search(r'data-axes="(.*?)"', svg)[1]))
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    assert axes["x"]["limits"] == [1, 1000] and axes["x"]["log"]
    left, right = axes["x"]["pixels"]
    bottom, top = axes["y"]["pixels"]
    assert 0 < left < right < width and 0 < top < bottom < height
    # The axes that matplotlib has drawn begin and end at these places.
    spines = re.findall(r'<path d="M ([\d.]+) ([\d.]+)\s*L ([\d.]+) ([\d.]+)', svg)
    corners = {(round(float(x), 1), round(float(y), 1)) for a in spines for x, y in (a[:2], a[2:])}
    assert {(round(x, 1), round(y, 1)) for x in (left, right) for y in (bottom,)} <= corners
    assert 'data-line="gru" class="plot-line" style="stroke: var(--state)"' in svg
    assert 'data-dot="now"' in svg and 'data-plot="decay"' in svg


def test_the_chain_has_as_many_cells_as_steps():
    html = unrolled(4)
    assert html.count("<rect") == 1 + 4
    inputs = re.findall(r'>X<tspan dy="4" font-size="10">(\w+)<', html)
    assert inputs == ["t", "1", "2", "3", "4"]


def test_the_way_back_has_a_gradient_for_each_state_and_arrows_the_other_way():
    html = there_and_back()
    assert html.count("<rect") == 3
    forward, back = html.split("stroke-dasharray")
    states, gradients = (
        re.findall(r">(∂L/∂h|h)<tspan[^>]*>(\d)<", part) for part in (forward, back)
    )
    assert states == [("h", "0"), ("h", "1"), ("h", "2")]
    assert gradients == [("∂L/∂h", "1"), ("∂L/∂h", "2")]
    for part, sign in ((forward, 1), (back, -1)):
        ways = re.findall(r'd="M(\d+) \d+ H(\d+)"', part)
        assert ways and all(sign * (int(end) - int(start)) > 0 for start, end in ways)


def test_too_many_curves_are_refused():
    with pytest.raises(ValueError, match="at most 5 curves, got 6"):
        curves([0], {str(i): [0] for i in range(6)}, xlabel="", ylabel="", description="")


# --- mathematics in prose


def test_arithmatex_becomes_mathml():
    html = render(r'<p>(<span class="arithmatex">\(\Gamma_r=1\)</span>: all)</p>')
    assert html.startswith("<p>(<math>") and "Γ" in html and "arithmatex" not in html


def test_display_mathematics_can_be_scrolled():
    html = render(r'<div class="arithmatex">\[a &lt; b\]</div>')
    assert 'class="equation"' in html and '<math display="block">' in html


# --- the font


def test_the_font_is_there_with_its_licence():
    assert FONT.stat().st_size < 60_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT.parent / "OFL.txt").read_text("utf-8")


def test_single_letters_are_drawn_italic():
    assert characters("<math><mi>x</mi><mi>h</mi><mi>tanh</mi><mn>1</mn></math>") == set("𝑥ℎtan1h")
    assert characters('<math><mi mathvariant="normal">Γ</mi></math>') == {"Γ"}
    assert missing_characters("<math><mi>x</mi><mo>=</mo></math>") == set()


def test_a_root_has_its_sign():
    assert characters("<math><msqrt><mi>x</mi></msqrt></math>") == set("√𝑥")
    assert missing_characters("<math><msqrt><mi>x</mi></msqrt></math>") == set()

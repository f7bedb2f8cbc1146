"""Text that looks like HTML is shown as text, and escaped once, by all that a page calls."""

from datetime import date
from html.parser import HTMLParser

import numpy as np
import pytest
from markupsafe import Markup

from lecture_code import rnn_step
from lecture_code.checker.result import CheckResult, LineFound
from lecture_code.publish import Matrix, card, credit, curves, inline, matrices, shape, table
from lecture_code.publish.blocks.conversion import failure_box
from lecture_code.publish.figures import Axis, frame
from lecture_code.publish.records import Record
from lecture_code.publish.series import Series
from lecture_code.publish.shapes import SHAPES
from lecture_code.publish.steppers.base import (
    choice,
    legend,
    slider,
    stepper,
    steps,
    switch,
    turns,
)
from lecture_code.publish.timeline import Event, timeline

TEXT = "<b>&\"'"


class Reader(HTMLParser):
    """What a browser finds in HTML: the names of its elements, and all that is text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts = set(), []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.texts += [value or "" for _, value in attributes]

    def handle_data(self, data):
        self.texts.append(data)


STEPPER = {
    "title": TEXT,
    "data": {},
    "stage": turns({TEXT: TEXT}),
    "controls": slider("a", TEXT, 0, 1, 0, says=TEXT)
    + choice("b", TEXT, [TEXT])
    + switch("c", TEXT)
    + steps("d", TEXT, 2),
    "plain": legend({TEXT: "--curve-1"}),
}
CURVES = {"xlabel": TEXT, "ylabel": TEXT, "description": TEXT}
AXIS = Axis(TEXT, 0, 1)
LINE = LineFound(1, "h_t = x", value=TEXT, found=TEXT)
RESULT = CheckResult(TEXT, "rnn", "differs", TEXT, lines=(LINE,), notes=(TEXT,))

# How often the text is to be found: in what is seen, and in what is heard.
SHOWN = {
    "table": (lambda: table((TEXT,), [(TEXT,)], TEXT), 4),
    "card": (lambda: card(rnn_step, TEXT), 2),
    "stepper": (lambda: stepper("x", **STEPPER), 2 + 2 + 2 + 3 + 1 + 1 + 1),
    "stepper, parts": (lambda: stepper("x", **STEPPER | {"stage": TEXT, "plain": TEXT}), 11),
    "curves": (lambda: curves([1, 2], {TEXT: [1, 2], "b": [2, 1]}, **CURVES), 1 + 2 + 2 + 1),
    "frame": (
        lambda: frame("x", AXIS, AXIS, lines={TEXT: "--curve-1"}, dots={TEXT: "--curve-1"}),
        2 + 2 + 2,
    ),
    "matrices": (lambda: matrices(Matrix(TEXT, [[1]], [TEXT], [TEXT]), TEXT, caption=TEXT), 7),
    "shape": (lambda: shape(SHAPES["one to one"], TEXT), 1 + 1 + 2),
    "timeline": (lambda: timeline((Event(2014, TEXT, TEXT, ((TEXT, TEXT),), TEXT, TEXT),)), 6),
    "credit": (lambda: credit(Series(TEXT, np.ones(1), np.ones(1), "", TEXT, TEXT)), 3),
    "record": (
        lambda: Record(date(2025, 5, 13), TEXT, TEXT, 2, TEXT, {TEXT: TEXT}, []).sentence,
        5,
    ),
    "inline": (lambda: inline(f"{TEXT} $x$ {TEXT}"), 2),
    "failure": (lambda: failure_box(TEXT, TEXT), 2),
    "result": (RESULT._repr_html_, 5),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_text_is_escaped_once(name):
    make, count = SHOWN[name]
    html = make()
    assert isinstance(html, Markup)
    found = Reader(html)
    assert "b" not in found.elements
    assert sum(text.count(TEXT) for text in found.texts) == count


def test_markup_stays_markup():
    name = Markup("<i>x<sub>t</sub></i>")
    html = matrices((name, [[1]], [name], [name]), caption=name) + table((name,), [(name,)], "")
    assert html.count(name) == 6 and "&lt;" not in html
    assert 'data-name="xt"' in html and 'aria-label="xt"' in html

"""How far memory and gradient reach: the script draws what Python measured."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from steppers import STEPPERS, Live

from lecture_code.publish.steppers import reach_stepper
from lecture_code.publish.steppers.reach import CHOICES, LARGEST, STEPS, measured

POSITIONS = [("rnn", 0), ("rnn", 10), ("gru", 4), ("gru_open", 8), ("lstm", 2), ("lstm_open", 9)]


@pytest.fixture(scope="module")
def live(site, browser):
    page = browser.new_page()
    page.goto(f"{site}{STEPPERS['reach']}/")
    yield Live(page, "reach")
    page.close()


def said(live):
    return live.element.locator("[role=status]").inner_text()


@pytest.mark.parametrize("cell, place", POSITIONS)
def test_the_curves_are_what_was_measured(live, cell, place):
    values, largest = live.set(cell=cell, place=place), LARGEST[place]
    found = measured(cell, largest)
    assert_array_equal(values["steps"], np.arange(0, STEPS + 1, 2))
    for side in ("forward", "backward"):
        # Three digits are sent.
        assert_allclose(values[side], getattr(found, side)[::2], rtol=5.1e-3, atol=0)
    power = largest ** np.arange(0.0, STEPS + 1, 2)
    # JSON has large numbers as integers.
    assert_allclose(np.array(values["power"], "float64"), power, rtol=1e-12, atol=0)


@pytest.mark.parametrize("cell, place", POSITIONS)
def test_the_sentence_has_the_last_values(live, cell, place):
    values = live.set(cell=cell, place=place)
    text = said(live)
    assert text.startswith(f"{CHOICES[cell].title}, s = {LARGEST[place]:g}: after {STEPS} steps")
    shown = re.findall(r"(\d[\d.]*(?:e[+-]\d+)?) of the", text)
    last = [values["forward"][-1], values["backward"][-1]]
    assert_allclose([float(number) for number in shown], last, rtol=0.05, atol=0)


def test_the_slider_says_the_singular_value(live):
    live.set(place=LARGEST.index(1.3))
    assert live.element.locator("output").inner_text() == "1.3"


def test_the_plain_figure_has_every_cell():
    plain = reach_stepper().split('class="stepper-plain"')[1]
    assert "<svg" in plain
    for choice in CHOICES.values():
        assert plain.count(f"<td>{choice.title}</td>") == 4


@pytest.mark.parametrize("gate", ["gru_open", "lstm_open"])
def test_an_open_gate_lets_both_pass(gate):
    closed = measured(gate.removesuffix("_open"), 1.0)
    opened = measured(gate, 1.0)
    assert opened.forward[-1] > 1e4 * closed.forward[-1]
    assert opened.backward[-1] > 1e4 * closed.backward[-1]

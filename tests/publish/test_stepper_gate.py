"""The gate: what the browser lets pass is what Python does, down to the sign of a zero."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from steppers import STEPPERS, Live

from lecture_code.publish.steppers import gate_stepper
from lecture_code.sections.gates import apply_gate

X = np.array([[0, 1, 0, 0], [1, -1, 1, 0], [0, 0, 0, 0], [0, -1, 0, 0]])
POSITIONS = [tenth / 10 for tenth in range(11)]


@pytest.fixture(scope="module")
def live(site, browser):
    page = browser.new_page()
    page.goto(f"{site}{STEPPERS['gate']}/")
    yield Live(page, "gate")
    page.close()


def passed(live):
    """What the script computed; JSON would lose the sign of a zero, so this goes round it."""
    return np.array(live.element.evaluate("element => element.values.Y"), dtype="float64")


def check(live, gate):
    Y, expected = passed(live), apply_gate(X, gate)
    assert_allclose(Y, expected, rtol=0, atol=1e-12)
    assert_array_equal(np.signbit(Y), np.signbit(expected))
    shown = live.element.locator("[data-name=Y] td").all_inner_texts()
    for text, value in zip(shown, expected.flat, strict=True):
        assert float(text.replace("−", "-")) == value
        assert text.startswith("−") == np.signbit(value)


def said(live):
    return live.element.locator("[role=status]").inner_text()


@pytest.mark.parametrize("value", POSITIONS)
def test_the_large_slider_moves_every_entry(live, value):
    live.set(all=value)
    check(live, np.full(X.shape, value))
    entries = live.element.locator("td input").all()
    assert [float(entry.input_value()) for entry in entries] == [value] * 16
    assert f"{round(100 * value)} %" in said(live) or value in (0, 1)


@pytest.mark.parametrize("seed", range(5))
def test_every_entry_has_its_own_slider(live, seed):
    gate = np.random.default_rng(seed).choice(POSITIONS, X.shape)
    live.set(**{f"gate-{i}-{j}": gate[i, j] for i, j in np.ndindex(X.shape)})
    check(live, gate)
    shown = live.element.locator("[data-name=Γ] output").all_inner_texts()
    assert_array_equal([float(text) for text in shown], gate.flat)
    share = np.abs(apply_gate(X, gate)).sum() / np.abs(X).sum()
    assert f"pass: {share:.0%}".replace("%", " %") in said(live)
    assert live.element.locator("[name=all] + output").inner_text() == "mixed"


def test_the_sentence_names_the_ends_and_the_zeros_that_are_negative(live):
    live.set(all=1)
    assert said(live) == "Open: everything passes, and Y is X."
    live.set(**{"gate-1-1": 0})
    assert "4 of 5 pass: 80 %. One zero is −0" in said(live)
    live.set(all=0)
    assert said(live).startswith("Closed: nothing passes. 2 of the zeros are −0")


def test_the_large_slider_comes_before_the_small_ones(live):
    names = live.element.locator("input").evaluate_all("inputs => inputs.map((one) => one.name)")
    assert names[:2] == ["all", "gate-0-0"]
    above, below = (live.element.locator(part).first for part in ("[name=all]", "td input"))
    assert above.bounding_box()["y"] < below.bounding_box()["y"]


def test_the_keyboard_goes_from_entry_to_entry(live):
    live.set(all=0.5)
    live.element.locator("td input").first.focus()
    gate = np.full(X.shape, 0.5)
    for i, j in np.ndindex(X.shape):
        named = live.element.evaluate("() => document.activeElement.ariaLabel")
        assert named == f"Γ row {i + 1}, column {j + 1}"
        live.element.page.keyboard.press("ArrowRight")
        gate[i, j] = 0.6
        check(live, gate)
        live.element.page.keyboard.press("Tab")
    # All entries are alike again, and so the large slider stands with them.
    assert live.element.locator("[name=all]").input_value() == "0.6"


def test_every_entry_can_be_touched_on_a_phone(site, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}{STEPPERS['gate']}/")
    live = Live(page, "gate")
    for entry in live.element.locator("td input").all():
        box = entry.bounding_box()
        # Both sides are at least what WCAG 2.2 asks of a target.
        assert min(box["width"], box["height"]) >= 24
        entry.tap(position={"x": box["width"] - 2, "y": box["height"] / 2})
        assert entry.input_value() == "1"
    assert_array_equal(passed(live), X)
    context.close()


def test_the_plain_figure_has_the_three_gates_of_the_slides():
    plain = gate_stepper(X).split('class="stepper-plain"')[1]
    for says in ("closed", "open", "half open"):
        assert f"<figcaption>{says}" in plain
    assert plain.count('data-role="gate"') == 3


@pytest.mark.parametrize("X", [np.ones(4), np.full((2, 2), 1.5)], ids=["one axis", "too large"])
def test_what_cannot_be_shown_is_refused(X):
    with pytest.raises(ValueError, match=r"X: expected a matrix with entries from -1 to 1, got \["):
        gate_stepper(X)

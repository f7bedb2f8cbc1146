"""Displayed equations: each is evaluated, or says that it is not, and both are counted."""

import inspect
import pkgutil
import re
from importlib import import_module

import pytest
from pages import PAGES, name

import lecture_code
from lecture_code.course.sections import SECTIONS
from lecture_code.equations import parse, to_mathml
from lecture_code.evidence.measure import EvidenceError, functions_with_equations
from lecture_code.pairing.functions import pair_lines
from lecture_code.publish import coverage_table
from lecture_code.publish import formulas as module
from lecture_code.publish.formulas import (
    NOT_EVALUATED,
    READINGS,
    Reading,
    formula_summary,
    formulas,
)
from lecture_code.publish.tables import inline

# What sets an equation on a line of its own, in Markdown or in what a block prints.
DISPLAYED = re.compile(r"\$\$|\\\[|\\begin\{|<math\b|display=True|arithmatex")


@pytest.fixture
def fresh():
    formulas.cache_clear()
    yield
    formulas.cache_clear()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_displays_an_equation_that_is_not_on_a_card(page):
    """Such an equation would be shown without having been evaluated: put it on a card."""
    assert not DISPLAYED.findall(page.read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "Then\n\n$$ h_t = \\tanh(x) $$\n",
        "\\[ h_t = x \\]",
        "\\begin{aligned}",
        '```python exec="true" session="gru"\nprint(r"$$ h_t = x $$")\n```',
        '```python exec="true" html="true"\nprint(to_mathml("h_t = x", display=True))\n```',
        '<math display="block">',
    ],
)
def test_displayed_equations_are_found(text):
    assert DISPLAYED.search(text)


def test_every_displayed_equation_of_the_reference_is_evaluated():
    """The reference shows docstrings: those with an equation belong to functions with a card."""
    with_card = {function.__qualname__ for function in functions_with_equations()}
    found = set()
    for info in pkgutil.walk_packages(lecture_code.__path__, "lecture_code."):
        if info.name.endswith("__main__"):
            continue
        part = import_module(info.name)
        own = [part, *(one for one in vars(part).values() if inspect.getmodule(one) is part)]
        own += [member for one in own if inspect.isclass(one) for member in vars(one).values()]
        for one in own:
            text = re.sub("`[^`]*`", "", one.__doc__ or "" if hasattr(one, "__doc__") else "")
            if "$$" in text:
                found.add(one.__qualname__)
    assert found == with_card


def test_every_printed_line_is_evaluated_or_says_why_not():
    assert [(one.stem, one.latex) for one in formulas()] == [
        (section.stem, latex) for section in SECTIONS for latex in section.printed
    ]
    for formula in formulas():
        assert bool(formula.reading) != bool(formula.reason), formula
        assert formula.error <= 1e-12


def test_the_table_says_it_below_the_line():
    table = coverage_table()
    for formula in formulas():
        note = f"<br><small>{inline(formula.note)}</small>" if formula.note else ""
        assert f"<div>{to_mathml(formula.latex)}{note}</div>" in table
    assert table.count("not evaluated: ") == sum(map(len, NOT_EVALUATED.values()))


def test_the_evidence_counts_both_kinds():
    functions, found = functions_with_equations(), formulas()
    text = formula_summary()
    left = [one for one in found if not one.reading]
    assert f"{len(functions)} equations with {sum(map(len, map(pair_lines, functions)))} " in text
    assert f"{len(found)} lines. {len(found) - len(left)} were evaluated" in text
    assert f"Not evaluated, with the reason: {len(left)}." in text
    for one in left:
        assert f"- ${one.latex}$: {one.reason}.\n" in text


@pytest.mark.parametrize(
    ("stem", "latex", "reading"),
    [(stem, *item) for stem, lines in READINGS.items() for item in lines.items()],
)
def test_a_reading_keeps_the_line(stem, latex, reading):
    """It may add a side or turn the two round, and changes neither of them."""
    if reading.written:
        sides = (
            reading.written.removesuffix("(X)").replace("= (f_2", "= f_2").replace("f_1)", "f_1")
        )
        left, right = sides.split(" = ")
        assert latex in (right, f"{right} = {left}")
    else:
        assert " = " in latex


def changed(table, stem, **lines):
    return {**table, stem: {**table.get(stem, {}), **lines}}


def test_a_line_that_is_read_with_wrong_symbols_ends_the_build(fresh, monkeypatch):
    latex, reading = next(iter(READINGS["gru"].items()))
    wrong = reading._replace(symbols={"W": "W_r", "b": "b_u"})
    monkeypatch.setattr(module, "READINGS", changed(READINGS, "gru", **{latex: wrong}))
    with pytest.raises(EvidenceError, match=r"gru: .* away from gru_step"):
        formulas()


def test_a_line_that_is_not_the_cards_ends_the_build(fresh, monkeypatch):
    """The evaluated LaTeX is the printed one: a sign that is changed there is noticed."""
    monkeypatch.setattr(
        module, "parse", lambda latex, roles: parse(latex.replace("wx + b", "wx - b"), roles)
    )
    with pytest.raises(EvidenceError, match=r"neuron: .* away from predict"):
        formulas()


def with_line(latex):
    [section] = [section for section in SECTIONS if section.stem == "rnn"]
    place = SECTIONS.index(section)
    added = section._replace(printed=(latex,))
    return (*SECTIONS[:place], added, *SECTIONS[place + 1 :])


@pytest.mark.parametrize("latex", [r"h_t = \tanh(W X_t + b)", "O(n)", r"h_t \approx X_t"])
def test_a_line_without_card_and_reason_ends_the_build(fresh, monkeypatch, latex):
    monkeypatch.setattr(module, "SECTIONS", with_line(latex))
    with pytest.raises(EvidenceError, match=r"rnn: expected a reading of .* got neither"):
        formulas()
    monkeypatch.setattr(module, "NOT_EVALUATED", {**NOT_EVALUATED, "rnn": {latex: "why"}})
    assert [one.note for one in formulas() if one.stem == "rnn"] == ["not evaluated: why"]


def test_a_line_that_is_evaluated_has_no_reason_for_not_being(fresh, monkeypatch):
    latex = r"z = (y - \hat{y})^2"
    monkeypatch.setattr(
        module, "NOT_EVALUATED", changed(NOT_EVALUATED, "loss", **{latex: "no time"})
    )
    with pytest.raises(EvidenceError, match=r"loss: expected a reading of .* got both"):
        formulas()


@pytest.mark.parametrize(
    ("table", "entry"),
    [("READINGS", Reading(functions_with_equations()[0])), ("NOT_EVALUATED", "no time")],
)
def test_what_the_slides_do_not_print_needs_no_entry(fresh, monkeypatch, table, entry):
    lines = changed(getattr(module, table), "rnn", **{"h = x": entry})
    monkeypatch.setattr(module, table, lines)
    with pytest.raises(EvidenceError, match="rnn: the slides do not print h = x"):
        formulas()

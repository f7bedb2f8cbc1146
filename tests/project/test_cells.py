"""Each cell has one record, and all that knows cells knows it: or it is said here what does not."""

import runpy

import pytest
from cells import draw, states_of
from numpy.testing import assert_allclose
from pages import ROOT

import lecture_code
from lecture_code.checker.catalogue import OF_CELL
from lecture_code.course.cells import CELLS, Cell, cell_named
from lecture_code.course.sections import SECTIONS
from lecture_code.equations.evaluator import results_of
from lecture_code.equations.parser import canonical
from lecture_code.evidence.judges import JUDGES
from lecture_code.evidence.measure import functions_with_equations, is_step
from lecture_code.experiments import tasks
from lecture_code.frameworks.table import CONVENTIONS
from lecture_code.pairing.functions import arguments_of, pair_lines, section_of
from lecture_code.worksheets import worksheet

TIMED = {cell for cell, *_ in runpy.run_path(str(ROOT / "bench" / "cells.py"))["TIMED"]}
DESCRIBED = {one.step for named in CONVENTIONS.values() for one in named.values()}
STEPS = {cell.step for cell in CELLS.values()}

MISTAKES = "its usual mistakes, in lecture_code/checker/catalogue.py"
CONVENTION = "a row of the lecture with its step, in lecture_code/frameworks/table.py"
TIME = "its time, in bench/cells.py"
COMPARED = "its place in the comparison, in lecture_code/experiments/tasks.py"
JUDGE = "a judge that agrees, in lecture_code/evidence/judges.py"
CARD = "a card, in docs/lecture/{stem}.md"
TEST = "a test, in tests/sections/test_{stem}.py"
NAMES = "its step and its weights among the names of lecture_code/__init__.py"
GATES = r"names that begin with \Gamma for its gates, in its equation"
SHEET = "a sheet, in docs/worksheets.md"
KEY = "the key of its sheet, in docs/worksheets_key.md"
AS = "the name that --as takes, in docs/teachers.md"
STEPPER = "its conventions, in docs/rosetta.md"
MIXES = "mixes, the gate that `update` is about, in lecture_code/course/cells.py"


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def missing(cell: Cell) -> set[str]:
    """What a cell has not, and where it would stand."""
    stem, name = section_of(cell.step), cell.step.__name__
    quantities = {
        symbol: row for line in pair_lines(cell.step) for symbol, row in line.quantities.items()
    }
    has_update = any(one.update for one in CONVENTIONS.get(cell.name, {}).values())
    gates = [symbol for symbol, row in quantities.items() if row.role == "gate"]
    has = {
        MISTAKES: cell.name in OF_CELL,
        CONVENTION: cell.step in DESCRIBED,
        TIME: cell in TIMED,
        COMPARED: cell in tasks.CELLS.values(),
        JUDGE: any(judge.agrees for judge in JUDGES.get(cell.step, ())),
        CARD.format(stem=stem): f"card({name}," in text(f"docs/lecture/{stem}.md"),
        TEST.format(stem=stem): name in text(f"tests/sections/test_{stem}.py"),
        NAMES: {name, cell.weights.__name__} <= set(lecture_code.__all__),
        GATES: all(symbol.startswith(r"\Gamma") for symbol in gates),
        SHEET: f'worksheet_sheet("{cell.name}")' in text("docs/worksheets.md"),
        KEY: f'worksheet_sheet("{cell.name}", key=True)' in text("docs/worksheets_key.md"),
        AS: cell.name not in OF_CELL or f"`{cell.name}`" in text("docs/teachers.md"),
        MIXES: not has_update or cell.mixes in cell.gates,
        STEPPER: cell.name not in CONVENTIONS or f'CELLS["{cell.name}"]' in text("docs/rosetta.md"),
    }
    return {what for what, is_there in has.items() if not is_there}


# What a cell goes without on purpose. Nobody else has the slides' GRU with one gate; whose cell
# resets after the product is told by the checker of the GRU; and the lecture compares three cells.
LEFT_OUT = {
    "rnn": {TIME},
    "gru-one-gate": {MISTAKES, CONVENTION, TIME, COMPARED},
    "gru-reset-after": {MISTAKES, COMPARED},
}

# Steps that are another form of a cell's, and are no cell of their own.
VARIANTS = {
    "rnn_split_step",
    "rnn_relu_step",
    "rnn_sigmoid_step",
    "gru_packed_step",
    "lstm_literal_step",
    "lstm_projected_step",
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_known_everywhere(name):
    lacks = missing(CELLS[name]) - LEFT_OUT.get(name, set())
    assert not lacks, f"the cell {name} lacks:\n" + "\n".join(sorted(lacks))


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_is_missing(name):
    assert missing(CELLS[name]) >= LEFT_OUT[name]


def test_every_step_has_a_record():
    steps = {f.__name__ for f in functions_with_equations() if is_step(f) and f not in STEPS}
    without = sorted(steps - VARIANTS)
    assert not without, f"{without} need a record, in lecture_code/course/cells.py"
    assert steps == VARIANTS


def test_a_cell_that_only_has_a_record_lacks_the_rest(monkeypatch):
    toy = Cell("toy", "A toy", lambda x, h, weights: h, object, ("h_t",), {}, {})
    toy.step.__module__ = "lecture_code.sections.rnn"
    monkeypatch.setitem(globals(), "pair_lines", lambda step: [])
    assert missing(toy) == {
        *(MISTAKES, CONVENTION, TIME, COMPARED, JUDGE, NAMES, SHEET, KEY),
        CARD.format(stem="rnn"),
        TEST.format(stem="rnn"),
    }


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_a_record_says_what_the_equation_says(cell):
    assert cell.step in functions_with_equations()
    assert section_of(cell.step) in {section.stem for section in SECTIONS}
    computed = [symbol.latex for line in pair_lines(cell.step) for symbol in line.equation.left]
    assert set(cell.quantities) == set(computed), f"quantities of {cell.name}, in course/cells.py"
    assert len(cell.returns) == len(cell.weights.state)
    assert worksheet(cell.name).cell == cell.name


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_a_record_says_what_is_returned(cell):
    weights, inputs, state = draw(cell.step)
    values = evaluate_lines(cell, inputs[0], state, weights)
    returned = states_of(cell.step(inputs[0], state, weights))
    for symbol, array in zip(cell.returns, returned, strict=True):
        assert_allclose(values[canonical(symbol)], array, rtol=0, atol=1e-15, err_msg=symbol)


def evaluate_lines(cell, x, state, weights):
    """The value of every line of a cell's equation, by its symbol."""
    known = {canonical(s): v for s, v in arguments_of(cell.step, x, state, weights).items()}
    for line in pair_lines(cell.step):
        known |= results_of(line.equation, known)
    return known


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_a_record_has_the_letters_of_the_weights_in_their_order(cell):
    subscripts = [name.partition("_")[2] for name in cell.weights._fields]
    letters = list(dict.fromkeys(subscript[0] for subscript in subscripts if subscript))
    # The RNN's only matrix is called W.
    assert list(cell.gates) == (letters or ["h"]), f"gates of {cell.name}, in course/cells.py"
    assert {f"the {words}" for words in cell.gates.values()} <= set(cell.quantities.values())
    assert not cell.mixes or cell.mixes in cell.gates


def test_a_cell_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"cell: expected one of rnn, .*, lstm, got 'elman'"):
        cell_named("elman")

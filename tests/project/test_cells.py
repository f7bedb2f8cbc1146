"""Each cell has one record, and all that knows cells knows it: or it is said here what does not."""

import runpy

import pytest
from pages import DOCS, ROOT

from lecture_code.checker.mistakes import CHECKED
from lecture_code.course.cells import CELLS, Cell, cell_named
from lecture_code.evidence.judges import JUDGES
from lecture_code.evidence.measure import functions_with_equations
from lecture_code.frameworks.table import CONVENTIONS
from lecture_code.pairing.functions import pair_lines, section_of
from lecture_code.worksheets import worksheet

BENCH = {cell for cell, *_ in runpy.run_path(str(ROOT / "bench" / "cells.py"))["TIMED"]}
DESCRIBED = {one.weights for named in CONVENTIONS.values() for one in named.values()}

MISTAKES = "its usual mistakes, in lecture_code/checker/catalogue.py"
CONVENTION = "how others write it, in lecture_code/frameworks/table.py"
TIME = "its time, in bench/cells.py"
JUDGE = "a judge, in lecture_code/evidence/judges.py"
CARD = "a card on its page"


def missing(cell: Cell) -> set[str]:
    """What a cell has not, and where it would stand."""
    page = (DOCS / "lecture" / f"{section_of(cell.step)}.md").read_text("utf-8")
    has = {
        MISTAKES: cell.name in CHECKED,
        CONVENTION: cell.weights in DESCRIBED,
        TIME: cell in BENCH,
        JUDGE: bool(JUDGES.get(cell.step)),
        CARD: f"card({cell.step.__name__}," in page,
    }
    return {what for what, is_there in has.items() if not is_there}


# What is left out on purpose: nobody else has the slides' GRU with one gate, and whose cell resets
# after the product is told by the checker of the GRU.
LEFT_OUT = {
    "rnn": {TIME},
    "gru-one-gate": {MISTAKES, CONVENTION, TIME},
    "gru": set(),
    "gru-reset-after": {MISTAKES},
    "lstm": set(),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_known_everywhere(name):
    assert missing(CELLS[name]) == LEFT_OUT[name]


def test_a_cell_that_only_has_a_record_lacks_the_rest():
    toy = Cell("toy", "A toy", lambda x, h, weights: h, object, ("h_t",), {}, {})
    toy.step.__module__ = "lecture_code.sections.rnn"
    assert missing(toy) == {MISTAKES, CONVENTION, TIME, JUDGE, CARD}


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_a_record_says_what_the_equation_says(cell):
    assert cell.step in functions_with_equations()
    computed = [symbol.latex for line in pair_lines(cell.step) for symbol in line.equation.left]
    assert set(cell.quantities) == set(computed)
    assert set(cell.returns) <= set(computed)
    assert len(cell.returns) == len(cell.weights.state)
    assert {f"the {words}" for words in cell.gates.values()} <= set(cell.quantities.values())
    assert worksheet(cell.name).cell == cell.name


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_a_record_has_the_letters_of_the_weights_in_their_order(cell):
    subscripts = [name.partition("_")[2] for name in cell.weights._fields]
    letters = list(dict.fromkeys(subscript[0] for subscript in subscripts if subscript))
    assert list(cell.gates) == (letters or ["h"])  # the RNN's only matrix is called W


def test_a_cell_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"cell: expected one of rnn, .*, lstm, got 'elman'"):
        cell_named("elman")

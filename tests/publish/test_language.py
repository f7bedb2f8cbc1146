"""The page of what the equations can say: whole, right, and as the engine says it."""

import re

import numpy as np
import pytest
from pages import DOCS, ROOT

from lecture_code.equations import FUNCTIONS, ROLES, canonical, grammar, parser
from lecture_code.equations.language import ENVIRONMENTS, OPERATORS, REDUCTIONS, SPELLINGS
from lecture_code.evidence.measure import EvidenceError
from lecture_code.publish import language_list, refused_list
from lecture_code.publish.language_list import identifier, raised, read, shown, spelled
from lecture_code.publish.language_rows import REFUSED, ROWS, Refusal, Row

GRAMMAR = (ROOT / "lecture_code/equations/grammar.lark").read_text("utf-8")
ALL = [row for rows in ROWS.values() for row in rows]
LATEX = [latex for row in ALL for latex in (row.latex, *(one for one, _ in spelled(row, {})))]
WHERE = "lecture_code/publish/language_rows.py needs a row with"


def label(row):
    return row.latex


# --- whole: what is added to the language needs a row


def expressions():
    """Everything that the rows are made of, as the engine reads them."""
    for row in ALL:
        names = map(canonical, read(row).given)
        for line in parser.parse(row.latex, row.roles, tuple(names)):
            yield from line.right.walk()


@pytest.fixture(scope="module")
def found():
    return list(expressions())


def test_every_function_has_a_row(found):
    used = {getattr(one, "function", None) for one in found}
    for function in FUNCTIONS:
        assert function in used, f"{WHERE} {function}"


def test_every_operator_has_a_row(found):
    used = {getattr(one, "operator", None) for one in found}
    for operator in OPERATORS:
        assert operator in used, f"{WHERE} the operator {operator}"


def test_every_reduction_has_a_row(found):
    used = {getattr(one, "reduction", None) for one in found}
    for reduction in REDUCTIONS:
        assert reduction in used, f"{WHERE} {reduction} over an index"


def test_every_rule_of_the_grammar_has_a_row():
    rules = set(re.findall(r"-> (\w+)$", GRAMMAR, re.MULTILINE)) - {
        "function_name"
    }  # of keys, not of lines
    used = {
        str(tree.data) for latex in LATEX for tree in grammar.read(latex, "start").iter_subtrees()
    }
    assert not rules - used, f"{WHERE} what the grammar calls {', '.join(sorted(rules - used))}"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_row(role):
    assert any(role in row.roles.values() for row in ROWS["roles"]), f"{WHERE} the role {role}"


@pytest.mark.parametrize("environment", ENVIRONMENTS.split("|"))
def test_every_environment_has_a_row(environment):
    begin = rf"\begin{{{environment}}}"
    assert any(begin in latex for latex in LATEX), f"{WHERE} {begin}"


@pytest.mark.parametrize("name", SPELLINGS)
def test_every_other_name_of_a_function_has_a_row(name):
    """Those with a capital letter are said in a sentence."""
    assert any(re.search(rf"[\\{{]{name}\b", latex, re.IGNORECASE) for latex in LATEX), name


@pytest.mark.parametrize("terminal", ["ACCENT", "FONT", "_ARROW", "_TIMES", "SUM", "EXTREME"])
def test_every_command_of_a_kind_has_a_row(terminal):
    lines = re.search(rf"^{terminal}(?:\.\d)?: (.*(?:\n    \|.*)*)", GRAMMAR, re.MULTILINE)
    for group in re.findall(r"/\(([a-z|]+)\)", lines[1]):
        for command in group.split("|"):
            pattern = rf"\\{command}(?![a-zA-Z])"
            assert any(re.search(pattern, latex) for latex in LATEX), rf"{WHERE} \{command}"


# --- right: the rows hold, and one that does not is noticed


@pytest.mark.parametrize("row", ALL, ids=label)
def test_a_row_has_the_value_that_numpy_has(row):
    assert read(row).results


@pytest.mark.parametrize("refusal", REFUSED, ids=label)
def test_a_refusal_is_raised_as_it_says(refusal):
    assert refusal.says in str(raised(refusal))
    if refusal.instead:
        assert read(refusal.instead).results


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (Row("y = x + h", "", "x - h"), "and of numpy"),
        (Row("y = x + h", "", "x[0] + h[0]"), "shape"),
        (Row("y = x + h", "", "x + h", also=("+", "-")), "and of numpy"),
        (Row("y = x + h", "", "x + h", also=("*", "-")), "there is no"),
    ],
)
def test_a_wrong_row_ends_the_build(row, says):
    with pytest.raises(EvidenceError, match=says):
        read(row)


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        (Refusal("y = x", "", ValueError, ""), "has the value"),
        (Refusal("y = x h", "", ValueError, "no such words"), "expected ValueError"),
        (Refusal("y = x h", "", TypeError, ""), "got ValueError"),
        (Refusal("y = q", "", ValueError, ""), "got UnknownSymbolError"),
    ],
)
def test_a_wrong_refusal_ends_the_build(refusal, says):
    with pytest.raises(EvidenceError, match=says):
        raised(refusal)


# --- as a reader sees it


def test_the_page_shows_each_part_once():
    page = (DOCS / "reference/language.md").read_text("utf-8")
    parts = re.findall(r'print\(language_list\("(\w+)"\)\)', page)
    assert parts == list(ROWS)
    assert page.count("print(refused_list())") == 1


@pytest.mark.parametrize("part", ROWS)
def test_a_part_shows_all_of_its_rows(part):
    html = language_list(part)
    assert html.count('<div class="reads-formula">') == len(ROWS[part])
    assert html.count("<dt>gives</dt>") == html.count("<dt>numpy</dt>") == len(ROWS[part])


def test_refusals_show_the_error_as_it_was_raised():
    html = refused_list()
    assert html.count('<p class="reads-error">') == len(REFUSED)
    assert "<strong>AmbiguousError</strong>" in html


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (17.0, "= 17"),
        (np.array([17.0, 39.0]), "= [17, 39]"),
        (np.array([[0.5, -0.0]]), "= [[0.5, 0]]"),
        (2 / 3, "≈ 0.6667"),
        (0.1 + 0.2, "= 0.3"),
        (1e-5 / 3, "≈ 3.333e-06"),
    ],
)
def test_a_value_says_whether_it_is_rounded(value, says):
    assert shown(value) == says


@pytest.mark.parametrize(
    ("latex", "name"),
    [("h_{t-1}", "h_t_1"), (r"\hat{y}_t", "hat_y_t"), ("x'", "x_prime"), ("W^{z}", "W_z")],
)
def test_names_in_numpy(latex, name):
    assert identifier(latex) == name
    assert name.isidentifier()

"""The checker: it says which cell was written, and is not fooled."""

import json
import random

import numpy as np
import pytest
import student_cells
from orders import exchanged
from student_cells import RIGHT, WRONG

from lecture_code import gru_reset_after_step, gru_step, lstm_literal_step, lstm_step, rnn_step
from lecture_code.checker import check
from lecture_code.checker import mistakes as catalogue
from lecture_code.checker.cases import draw_cases, expected
from lecture_code.checker.mistakes import (
    CHECKED,
    changed,
    mistakes,
    right_variant,
    symbols,
    variants,
)
from lecture_code.core.tolerances import TOLERANCES
from lecture_code.equations.parser import parse
from lecture_code.rewriting.trees import with_right

CELLS = list(CHECKED.values())
COUNTS = {"gru": 78, "lstm": 117, "rnn": 14}
"""How many mistakes are looked for in each cell: one that vanishes does not go unseen."""

LSTM = CHECKED["lstm"]


def by_name(cell):
    return cell.name


def known(cell, case):
    return symbols(cell, case.x, case.state, case.weights)


def as_student(cell, made):
    """A step function that makes these mistakes: the equation with them, evaluated."""
    wrong = changed(cell, made)

    def step(x, state, weights):
        result = wrong.compute(symbols(cell, x, state, weights))
        return result if len(result) > 1 else result[0]

    return step


@pytest.mark.parametrize("function", RIGHT, ids=lambda function: function.__name__)
def test_a_right_cell_is_right(function):
    result = check(function, RIGHT[function])
    assert (result.verdict, result.exit_code) == ("right", 0), result
    assert result.difference <= TOLERANCES["float64"]


@pytest.mark.parametrize("cell", CELLS, ids=by_name)
def test_the_lectures_step_is_right(cell):
    assert check(cell.step, cell.name).verdict == "right"


@pytest.mark.parametrize("function", WRONG, ids=lambda function: function.__name__)
def test_a_wrong_cell_is_named(function):
    cell, sentences = WRONG[function]
    result = check(function, cell)
    assert (result.verdict, result.exit_code) == ("differs", 1), result
    for sentence in sentences:
        assert sentence.lower() in result.sentence.lower(), result


@pytest.mark.parametrize("seed", [0, 2, 12345])
def test_findings_do_not_depend_on_the_seed(seed):
    for function in (student_cells.gru_two_things, student_cells.lstm_gates_rotated):
        cell = WRONG[function][0]
        assert check(function, cell, seed=seed).sentence == check(function, cell).sentence


@pytest.mark.parametrize("cell", CELLS, ids=by_name)
def test_every_mistake_is_found(cell):
    for mistake in mistakes(cell):
        result = check(as_student(cell, [mistake]), cell.name)
        assert result.verdict == "differs"
        # With a matrix turned round that is not square, the step runs in the square cases only.
        assert mistake.sentence in result.mistakes, (mistake, result)
        assert all(line.written != line.lecture for line in result.lines), result
    assert COUNTS.get(cell.name) == len(mistakes(cell)), "COUNTS, in tests/checker/test_checker.py"


@pytest.mark.parametrize("cell", CELLS, ids=by_name)
def test_pairs_of_mistakes_are_found(cell):
    every = [made for made, _ in variants(cell) if len(made) == 2]
    for made in random.Random(1).sample(every, 15):
        result = check(as_student(cell, made), cell.name)
        assert result.verdict == "differs"
        assert result.mistakes, (made, result)
        # Another pair may write the same function; then its numbers are the same.
        by_sentence = {mistake.sentence: mistake for mistake in mistakes(cell)}
        found = changed(cell, tuple(by_sentence[sentence] for sentence in result.mistakes))
        for case in draw_cases(cell, 99)[-2:]:
            ours, theirs = (
                found.compute(known(cell, case)),
                changed(cell, made).compute(known(cell, case)),
            )
            for a, b in zip(ours, theirs, strict=True):
                np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS, ids=by_name)
def test_no_variant_agrees_with_the_lecture_on_what_is_drawn(cell):
    """And no two mistakes agree with each other, so that a finding is the only one."""
    cases = draw_cases(cell, 1)
    for part in (cases[:3], cases[3:4], cases[4:]):
        values = {}
        given, computed = [known(cell, case) for case in part], [{} for _ in part]
        for made, wrong in variants(cell):
            try:
                results = [wrong.compute(*one) for one in zip(given, computed, strict=True)]
            except ValueError:
                continue
            values[made] = np.concatenate([array.ravel() for arrays in results for array in arrays])
        right = np.concatenate([array.ravel() for case in part for array in expected(cell, case)])
        distances = np.abs(np.array(list(values.values())) - right).max(1)
        assert distances.min() > 1e-3
        alone = np.array([value for made, value in values.items() if len(made) == 1])
        apart = np.abs(alone[:, None] - alone).max(-1) + np.eye(len(alone))
        assert apart.min() > 1e-3


def test_from_a_zero_state_mistakes_hide():
    """Why states are drawn at random: from zeros, these two would be right."""
    case = draw_cases(LSTM, 1)[0]
    zeros = case._replace(state=(np.zeros(4), np.zeros(4)))
    by_sentence = {mistake.sentence: mistake for mistake in mistakes(LSTM)}
    wrong = changed(LSTM, (by_sentence["the forget gate is missing"],))
    for a, b in zip(wrong.compute(known(LSTM, zeros)), expected(LSTM, zeros), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-15)
    assert not np.allclose(wrong.compute(known(LSTM, case))[0], expected(LSTM, case)[0])


@pytest.mark.parametrize("cell", CELLS, ids=by_name)
def test_the_equation_without_a_mistake_is_the_lectures(cell):
    for case in draw_cases(cell, 3):
        for a, b in zip(
            right_variant(cell).compute(known(cell, case)), expected(cell, case), strict=True
        ):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-15)


def test_sizes_weights_and_biases_are_generic():
    for cell in CELLS:
        case = draw_cases(cell, 1)[0]
        numbers = np.concatenate([array.ravel() for array in case.weights])
        assert len(np.unique(numbers)) == len(numbers)
        assert case.weights.sizes()["input"] != case.weights.sizes()["hidden"]
        assert isinstance(case.weights, cell.weights)


def test_the_lectures_other_cells_are_recognized():
    def reset_after(x, h, weights):
        W_hx, W_hh = weights.W_h[:, :3], weights.W_h[:, 3:]
        from lecture_code import GRUResetAfterWeights

        packed = GRUResetAfterWeights(
            *weights[:4], W_hx, weights.b_h, W_hh, np.zeros_like(weights.b_h)
        )
        return gru_reset_after_step(x, h, packed)

    assert "after the product" in check(reset_after, "gru").sentence
    assert "after the tanh" in check(lstm_literal_step, "lstm").sentence


# WHERE NO MISTAKE EXPLAINS IT


def test_the_first_line_that_differs_is_shown_with_both_values():
    def my_gru(x, h, weights):
        both = np.concatenate([x, h], -1)
        update = student_cells.sigmoid(both @ weights.W_u.T + weights.b_u)
        reset = 0.9 * student_cells.sigmoid(both @ weights.W_r.T + weights.b_r)
        n = np.tanh(np.concatenate([x, reset * h], -1) @ weights.W_h.T + weights.b_h)
        return update * h + (1 - update) * n

    result = check(my_gru, "gru")
    [line] = result.lines
    assert (result.verdict, line.number) == ("differs", 2)
    assert line.lecture.startswith(r"\Gamma_r")
    theirs = np.array(json.loads(line.found.split(" (")[0]))
    ours = np.array(json.loads(line.value))
    np.testing.assert_allclose(theirs, 0.9 * ours, rtol=0, atol=1e-4)
    assert "`reset` after line" in line.found
    line_number = int(line.found.split("after line ")[1].split(" ")[0])
    source = open(__file__).read().splitlines()
    assert source[line_number - 1].strip().startswith("reset = 0.9")


def test_without_variables_it_says_how_to_get_them():
    result = check(lambda x, h, weights: 0.3 * h, "gru")
    assert "give each line of the equation a variable" in result.sentence
    assert result.lines[0].value and result.lines[0].found


# WHAT CANNOT BE COMPARED


@pytest.mark.parametrize(
    "step, verdict, message",
    [
        (lambda h: h, "cannot be run", "expected <lambda>(x, h, weights) or"),
        (lambda x, h, w, a, b: h, "cannot be run", "<lambda>(x, h, w, a, b): expected"),
        (3, "cannot be run", "expected a function step(x, h, weights), got a int"),
        (dict, "cannot be run", "got a class"),
        (lambda x, h, w: None, "cannot be run", "returned None"),
        (lambda x, h, w: h.tolist(), "cannot be run", "returned a list of length 4 for h"),
        (lambda x, h, w: (h, h), "cannot be run", "returned a tuple of length 2 for h"),
        (lambda x, h, w: 0.5, "cannot be run", "returned a float for h"),
        (lambda x, h, w: h > 0, "cannot be run", "dtype bool"),
        (lambda x, h, w: gru_step(x, h, w).astype("f2"), "cannot be run", "dtype float16"),
        (lambda x, h, w: x @ w.W_u.T, "cannot be run", "Matrices have shape"),
        (lambda x, h, w: 1 / 0, "cannot be run", "ZeroDivisionError"),
        (lambda x, h, w: exit(3), "cannot be run", "called exit(3)"),
        (lambda x, h, w: h[:2], "differs", "shape (2,) for h, expected (hidden,) = (4,)"),
        (lambda x, h, w: h.sum(), "differs", "summed over an axis"),
        (lambda x, h, w: h * np.nan, "differs", "NaN or infinity"),
    ],
    ids=[
        "one argument",
        "five arguments",
        "no function",
        "class",
        "None",
        "list",
        "tuple",
        "number",
        "dtype",
        "half precision",
        "matrix",
        "error",
        "exit",
        "shape",
        "sum",
        "NaN",
    ],
)
def test_what_is_no_step_is_told(step, verdict, message):
    result = check(step, "gru")
    assert result.verdict == verdict
    assert message in result.sentence, result.sentence
    assert "\n" not in result.sentence


def test_an_lstm_returns_two_states():
    assert "expected a tuple (h, c)" in check(lambda x, s, w: s[0], "lstm").sentence
    assert "3 values" in check(lambda x, s, w: (*s, s[0]), "lstm").sentence
    named = check(lambda x, s: s, "lstm").sentence
    assert "(x, (h, c), weights) or <lambda>(x, h, c, weights)" in named


def test_float32_is_right_with_a_note():
    result = check(lambda *a: gru_step(*a).astype("float32"), "gru")
    assert result.verdict == "cannot be run"  # *a tells no arguments

    def single(x, h, weights):
        return gru_step(x, h, weights).astype("float32")

    result = check(single, "gru")
    assert result.verdict == "right"
    assert "float32 where float64 came in" in result.notes[0]


def test_a_step_that_writes_into_its_arguments_is_told():
    def my_rnn(x, h, weights):
        new = rnn_step(x, h, weights)
        h[...] = new
        return h

    result = check(my_rnn, "rnn")
    assert result.verdict == "right"
    assert "writes into its argument h" in result.notes[0]


def test_an_unknown_cell_is_named():
    with pytest.raises(ValueError, match=f"cell: expected one of {', '.join(CHECKED)}, got 'cnn'"):
        check(lstm_step, "cnn")


# HOW IT SHOWS


def test_the_result_shows_in_a_notebook():
    shown = check(student_cells.gru_two_things, "gru")._repr_html_()
    assert shown.count("<math") == 4
    assert "gru_two_things: differs." in shown
    assert "first" in check(student_cells.gru_broadcast_gate, "gru")._repr_html_()
    assert "<math" not in check(student_cells.gru_torch, "gru")._repr_html_()


def test_the_result_prints_as_text():
    lines = str(check(student_cells.gru_flipped, "gru")).splitlines()
    assert lines[0].startswith("gru_flipped: differs. The update gate is turned round")
    assert max(map(len, lines)) <= 88
    assert lines[-2:] == [
        "  line 4, lecture: hₜ = Γ_u ⊗ hₜ₋₁ + (1 - Γ_u) ⊗ h̃ₜ",
        "  line 4, yours:   hₜ = (1 - Γ_u) ⊗ hₜ₋₁ + Γ_u ⊗ h̃ₜ",
    ]


def written_as(monkeypatch, cell, lines):
    """Let the checker know other lines of a cell's equation."""
    other = right_variant(cell)._replace(lines=tuple(lines))
    monkeypatch.setattr(catalogue, "right_variant", lambda cell: other)
    return other


@pytest.mark.parametrize("cell", CELLS, ids=by_name)
def test_mistakes_find_their_place_in_whatever_order(cell, monkeypatch):
    """With summands and factors exchanged, the mathematics is the same, and so are its mistakes."""
    case = draw_cases(cell, 5)[0]
    right = right_variant(cell)
    usual = {one.sentence: right.with_mistake(one) for one in mistakes(cell)}
    turned = written_as(
        monkeypatch, cell, [with_right(line, exchanged(line.right)) for line in right.lines]
    )
    assert all(one != other for one, other in zip(turned.lines, right.lines, strict=True))
    found = mistakes.__wrapped__(cell)
    assert [one.sentence for one in found] == list(usual)
    for mistake in found:
        try:
            wanted = usual[mistake.sentence].compute(known(cell, case))
        except ValueError:  # a matrix that is not square, turned round
            continue
        got = turned.with_mistake(mistake).compute(known(cell, case))
        for a, b in zip(got, wanted, strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-12, err_msg=mistake.sentence)


@pytest.mark.parametrize(
    "line, sentence",
    [
        (r"h_t = \Gamma_u \otimes h_{t-1} + \tilde{h}_t", "the update gate is turned round"),
        (r"h_t = \tilde{h}_t", "the update gate is turned round"),
        (r"c_t = \Gamma_u \otimes h_{t-1}", "the update gate is turned round"),
    ],
)
def test_an_equation_without_the_place_of_a_mistake_is_refused(line, sentence, monkeypatch):
    cell = CHECKED["gru"]
    written_as(monkeypatch, cell, [*right_variant(cell).lines[:-1], *parse(line)])
    with pytest.raises(ValueError, match=f"gru: the equation has no place for: {sentence}"):
        mistakes.__wrapped__(cell)

"""Worksheets: their numbers are what the judges compute, and their blanks are the key's results."""

import re
import subprocess
import sys
from io import StringIO
from itertools import combinations

import numpy as np
import pytest
import torch
from cells import judges, states_of
from click.testing import CliRunner
from numpy.testing import assert_allclose
from pages import ROOT
from rich.console import Console

import lecture_code
from lecture_code import to_torch
from lecture_code.cli import main
from lecture_code.course.cells import CELLS
from lecture_code.course.notation import NOTATION
from lecture_code.equations import LatexError, evaluate
from lecture_code.equations.parser import canonical
from lecture_code.equations.text import to_text
from lecture_code.pairing.functions import arguments_of, latex_of, pair_lines, returned_by
from lecture_code.pairing.trace import stages, trace
from lecture_code.publish import function_table, worksheet_sheet
from lecture_code.worksheets.sheets import (
    BLANK,
    DIGITS,
    MOST_STEPS,
    SLACK,
    at_time,
    draw,
    number,
    sheet,
    worksheet,
)

SEEDS = range(12)
HALF_DIGIT = 0.5 * 10**-DIGITS

every_cell = pytest.mark.parametrize("cell", CELLS)


def printed(cell, seed=1, steps=2, key=False):
    console = Console(file=StringIO(), width=80)
    console.print(sheet(worksheet(cell, seed, steps), key))
    return console.file.getvalue()


def results(text):
    """The numbers of a key behind what they are called, row by row."""
    rows = re.findall(r"^  (\S.*?)  +(-?\d\.\d{4})  +(-?\d\.\d{4}) *$", text, re.MULTILINE)
    return [(name, [float(one), float(two)]) for name, one, two in rows]


# --- the numbers


@every_cell
def test_the_key_has_the_states_that_the_judges_compute(cell):
    step = CELLS[cell].step
    for seed in SEEDS:
        weights, state, inputs = draw(step, seed, 2)
        key = results(printed(cell, seed, key=True))
        states = [values for name, values in key if name.startswith(("h₁ =", "h₂ ="))]
        assert judges(step, agree=True)
        for judge in judges(step, agree=True):
            outputs, _ = judge.run(weights, inputs, state)
            assert_allclose(states, outputs, rtol=0, atol=HALF_DIGIT + judge.tolerance)


@pytest.mark.parametrize(
    ("cell", "module"),
    [("rnn", "RNNCell"), ("gru-reset-after", "GRUCell"), ("lstm", "LSTMCell")],
)
def test_the_key_is_what_a_cell_of_torch_computes(cell, module):
    step = CELLS[cell].step
    weights, state, inputs = draw(step, 7, 2)
    theirs = getattr(torch.nn, module)(1, 2, dtype=torch.float64)
    parameters = to_torch(weights).state_dict()
    theirs.load_state_dict({name.removesuffix("_l0"): v for name, v in parameters.items()})
    after = tuple(map(torch.tensor, states_of(state)))
    after = after if len(after) > 1 else after[0]
    for time, lines in enumerate(worksheet(cell, 7).steps):
        after = theirs(torch.tensor(inputs[time]), after)
        last = after[0] if isinstance(after, tuple) else after
        assert_allclose(lines[-1][-1].values, last.detach(), rtol=0, atol=1e-12)


def test_the_gru_of_seed_7_by_hand():
    key = results(printed("gru", 7, key=True))
    given = {row.latex: row.values for row in worksheet("gru", 7).given}
    joined = np.concatenate([given["X_{1}"], given["h_{0}"]])
    sums = given["W_u"] @ joined + given["b_u"]
    assert [name for name, _ in key[:2]] == ["W_u [X₁, h₀] + b_u", "Γ_u = σ(W_u [X₁, h₀] + b_u)"]
    assert_allclose(key[0][1], sums, rtol=0, atol=HALF_DIGIT)
    assert_allclose(key[1][1], 1 / (1 + np.exp(-sums)), rtol=0, atol=HALF_DIGIT)


def rounded_on_the_way(step, inputs, state, weights):
    """What somebody gets who rounds every result that is written down, and goes on with that."""
    for x in inputs:
        known, written, found = arguments_of(step, x, state, weights), {}, {}
        for line in pair_lines(step):
            names, result = {}, line.equation.left[0].name
            for stage in stages(line.equation.right):
                latex = stage.latex
                for before, name in names.items():
                    latex = latex.replace(before, name)
                name = names[latex] = f"s_{{{len(names)}}}"
                known[name] = evaluate(f"y = {latex}", known)["y"].round(DIGITS)
                written[stage.latex] = known[name]
            written[result] = known[result] = found[result] = known[name]
        yield written
        state = returned_by(step, found)


@every_cell
def test_who_rounds_on_the_way_stays_near_the_key(cell):
    step = CELLS[cell].step
    largest = 0
    for seed in SEEDS:
        weights, state, inputs = draw(step, seed, 3)
        exact = trace(step, inputs, state, weights)
        hand = rounded_on_the_way(step, inputs, state, weights)
        for values, written in zip(exact, hand, strict=True):
            differences = [values[n].round(DIGITS) - written[n] for n in written if n in values]
            assert len(differences) > len(pair_lines(step))
            largest = max(largest, np.abs(differences).max())
    assert 0 < largest <= SLACK


# --- what is drawn

GATES = {canonical(row.latex) for row in NOTATION if row.role == "gate"}


@every_cell
@pytest.mark.parametrize("steps", [1, 3])
def test_numbers_are_small_and_round_and_none_is_0(cell, steps):
    step = CELLS[cell].step
    for seed in SEEDS:
        weights, state, inputs = draw(step, seed, steps)
        for array in (*weights, *states_of(state), inputs):
            assert np.array_equal(2 * array, np.round(2 * array))
            assert 0.5 <= np.abs(array).min() and np.abs(array).max() <= 1.5
        for array in (*weights, *states_of(state)):
            assert (array[0] != array[1]).any()
        assert (inputs[1:] != inputs[:-1]).all()


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell != "rnn"])
def test_no_gate_is_saturated_and_none_is_like_another(cell):
    step = CELLS[cell].step
    for seed in SEEDS:
        weights, state, inputs = draw(step, seed, 2)
        for values in trace(step, inputs, state, weights):
            gates = np.array([value for name, value in values.items() if name in GATES])
            assert len(gates) == len(CELLS[cell].gates) - 1  # but the candidate
            assert 0.11 < gates.min() and gates.max() < 0.89
            # At 2, the steepness of σ is 0.1: sums that differ by 0.05 differ by 0.005 as gates.
            assert np.abs(gates[:, 0] - gates[:, 1]).min() > 0.005
            for one, other in combinations(gates, 2):
                assert np.abs(one - other).min() > 0.005


@every_cell
def test_who_takes_the_wrong_weights_gets_another_state(cell):
    step = CELLS[cell].step
    weights, state, inputs = draw(step, 7, 1)
    right = step(inputs[0], state, weights)
    swapped = 0
    for one, other in combinations(weights._fields, 2):
        a, b = getattr(weights, one), getattr(weights, other)
        if a.shape == b.shape and (a != b).any():
            wrong = step(inputs[0], state, weights._replace(**{one: b, other: a}))
            differences = np.abs(np.subtract(states_of(right), states_of(wrong)))
            assert differences.max() > 2 * SLACK, (one, other)
            swapped += 1
    assert (swapped > 0) == (cell != "rnn")


@every_cell
def test_a_seed_gives_the_same_numbers_again_and_another_seed_others(cell):
    assert printed(cell, 3) == printed(cell, 3)
    assert printed(cell, 3) != printed(cell, 4)


# --- the sheet


def squeezed(text):
    return [" ".join(line.split()) for line in text.splitlines()]


@every_cell
def test_sheet_and_key_have_the_same_lines_and_a_blank_for_each_result(cell):
    blank, key = printed(cell, 7, 3), printed(cell, 7, 3, key=True)
    emptied = re.sub(r"-?\d\.\d{4}", BLANK, key).replace(": key,", ": worksheet,")
    assert squeezed(blank) == squeezed(emptied)
    rows = [row for step in worksheet(cell, 7, 3).steps for line in step for row in line]
    assert blank.count(BLANK) == 2 * len(rows)
    shown = [number(value) for row in rows for value in row.values]
    assert [number(value) for _, values in results(key) for value in values] == shown
    assert max(map(len, key.splitlines())) <= 80


@every_cell
def test_sheet_and_key_of_a_page_have_the_same_lines_and_a_blank_for_each_result(cell):
    blank, key = worksheet_sheet(cell), worksheet_sheet(cell, key=True)
    asked = [re.findall("<dt>(.*?)</dt>", text) for text in (blank, key)]
    assert asked[0] == asked[1]
    entries = re.findall(r'<dd><span class="unseen">unit [12]: </span>(-?\d\.\d{4})</dd>', key)
    rows = [row for step in worksheet(cell, 7).steps for line in step for row in line]
    assert entries == [number(value) for row in rows for value in row.values]
    assert blank.count('<dd class="blank">') == len(entries) == 2 * len(asked[0])
    assert re.findall(r"\d\.\d{4}", re.sub("<.*?>", "", blank)) == []
    assert "<details>" in key and "<details>" not in blank
    assert blank.count("<mtable") == len(worksheet(cell, 7).given)


def test_the_table_has_both_functions():
    rows = re.findall(r"<td>([\d.]+)</td><td>([\d.]+)</td><td>([\d.]+)</td>", function_table())
    assert len(rows) == 9
    z, sigmoid, tanh = np.array(rows, float).T
    assert_allclose(sigmoid, torch.sigmoid(torch.tensor(z)), rtol=0, atol=HALF_DIGIT)
    assert_allclose(tanh, torch.tanh(torch.tensor(z)), rtol=0, atol=HALF_DIGIT)


def test_a_result_that_rounds_to_nothing_has_no_sign():
    assert [number(-0.00001), number(-0.5), number(2)] == ["0.0000", "-0.5000", "2.0000"]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\tilde{h}_t", r"\tilde{h}_{2}"),
        (r"\tanh C_t", r"\tanh C_{2}"),
        ("W [X_t, h_{t-1}] + b", "W [X_{2}, h_{1}] + b"),
        (r"\tilde{h}", r"\tilde{h}"),
    ],
)
def test_a_step_has_its_number_in_place_of_t(latex, expected):
    assert at_time(latex, 2) == expected


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\Gamma_u = \sigma(W_u [X_t, h_{t-1}] + b_u)", "Γ_u = σ(W_u [Xₜ, hₜ₋₁] + b_u)"),
        (r"\tilde{h}_t = \tanh(W_{hx} X_t)", "h\u0303ₜ = tanh(W_hx Xₜ)"),
        (r"(1 - \Gamma) \otimes \tilde h", "(1 - Γ) ⊗ h\u0303"),
        (r"\operatorname{ReLU}(W_1^\top X_{12})", "ReLU(W₁ᵀ X₁₂)"),
    ],
)
def test_equations_in_unicode(latex, expected):
    assert to_text(latex) == expected


def test_what_has_no_character_is_refused():
    with pytest.raises(LatexError, match=r"no character for \\frac in \\frac"):
        to_text(r"\frac{1}{2}")


@every_cell
def test_the_equations_are_the_cells(cell):
    lines = latex_of(CELLS[cell].step).replace("&", "").split("\n")
    found = [line.removesuffix(r"\\").strip() for line in lines if "=" in line]
    assert list(worksheet(cell).equations) == found


# --- the command


def run(*arguments):
    return CliRunner().invoke(main, ["trace", *arguments])


@pytest.mark.parametrize("key", [False, True])
def test_the_command_prints_what_is_asked_for(key):
    found = run("lstm", "--seed", "7", "--steps", "3", *["--key"] * key)
    assert found.exit_code == 0, found.output
    assert found.output == printed("lstm", 7, 3, key)
    assert "\x1b" not in found.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["elman"], f"'elman' is not one of {str([*CELLS])[1:-1]}."),
        (["gru", "--seed", "seven"], "Invalid value for '--seed': 'seven' is not a valid integer."),
        (["gru", "--seed", "-1"], "seed: expected 0 or more, got -1"),
        (["gru", "--steps", "-2"], "steps: expected 1 to 4, got -2"),
        (["gru", "--steps", "5"], "steps: expected 1 to 4, got 5"),
        (["gru", "--steps", "2.5"], "Invalid value for '--steps': '2.5' is not a valid integer."),
        ([], "Missing argument 'CELL'"),
    ],
)
def test_bad_input_is_told_in_one_line(arguments, message):
    found = run(*arguments)
    assert found.exit_code == 2
    [line] = [line for line in found.output.splitlines() if line.startswith("Error: ")]
    assert message in line


def test_the_help_names_every_cell_and_the_limits():
    words = " ".join(run("--help").output.split())
    assert f"CELL is one of {', '.join(CELLS)}." in words
    assert f"1 to {MOST_STEPS}." in words


def test_a_cell_that_has_no_worksheet_is_refused_in_python_too():
    with pytest.raises(ValueError, match=r"cell: expected one of rnn, .*, got 'elman'"):
        worksheet("elman")


def test_the_command_needs_no_torch_and_the_bridge_still_comes_from_the_package():
    code = (
        "import sys; from lecture_code.cli import main; assert 'torch' not in sys.modules; "
        "from lecture_code import to_torch; assert 'torch' in sys.modules; "
        "import lecture_code; assert 'from_torch' in dir(lecture_code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_name_that_the_package_lacks_is_refused():
    with pytest.raises(AttributeError, match="has no attribute 'from_tensorflow'"):
        _ = lecture_code.from_tensorflow


def test_a_sheet_goes_into_a_file_whatever_the_encoding():
    command = [sys.executable, "-m", "lecture_code", "trace", "rnn"]
    environment = {"PYTHONIOENCODING": "cp1252", "PATH": ""}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert "tanh(W [Xₜ, hₜ₋₁] + b)" in done.stdout.decode()

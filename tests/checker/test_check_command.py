"""`lecture-code check`: what a student sees, and what a grader reads."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from pages import ROOT

from lecture_code.checker import check_file, process
from lecture_code.checker.catalogue import OF_CELL
from lecture_code.cli import main

CELLS = ROOT / "tests" / "support" / "student_cells.py"

RIGHT = """
import numpy as np

def sigmoid(a):
    return 1 / (1 + np.exp(-a))

def my_gru(x, h, weights):
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    both = np.concatenate([x, h], -1)
    update, reset = sigmoid(both @ W_u.T + b_u), sigmoid(both @ W_r.T + b_r)
    candidate = np.tanh(np.concatenate([x, reset * h], -1) @ W_h.T + b_h)
    return update * h + (1 - update) * candidate
"""


def run(*arguments):
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


@pytest.fixture
def write(tmp_path):
    """Write a student's file, and give its path."""

    def write(source, name="my_cells.py"):
        file = tmp_path / name
        file.write_text(source, "utf-8")
        return file

    return write


def test_a_right_cell_exits_with_0(write):
    result = run(f"{write(RIGHT)}:my_gru", "--as", "gru")
    assert result.exit_code == 0
    said = "Keras, reset_after=False; ONNX, linear_before_reset=0; Trax"
    assert result.output == f"my_gru: right. It computes the lecture's GRU. So do: {said}.\n"


def test_a_wrong_cell_exits_with_1_and_is_named(write):
    file = write(RIGHT.replace("update * h + (1 - update) * c", "(1 - update) * h + update * c"))
    result = run(f"{file}:my_gru", "--as", "gru")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("my_gru: differs. The update gate is turned round")
    assert re.fullmatch(r"  line 4 +lecture +hₜ = Γ_u ⊗ hₜ₋₁ \+ \(1 - Γ_u\) ⊗ h̃ₜ *", lines[1])
    assert re.fullmatch(r" +yours +hₜ = \(1 - Γ_u\) ⊗ hₜ₋₁ \+ Γ_u ⊗ h̃ₜ *", lines[2])


def test_json_is_for_graders():
    result = run(f"{CELLS}:gru_two_things", "--as", "gru", "--json")
    found = json.loads(result.output)
    assert result.exit_code == found["exit_code"] == 1
    assert found["verdict"] == "differs" and found["function"] == "gru_two_things"
    assert len(found["mistakes"]) == len(found["lines"]) == 2
    assert found["difference"] > 0.01


def test_numbers_are_drawn_by_the_seed():
    differences = [
        json.loads(run(f"{CELLS}:gru_flipped", "--as", "gru", "--json", "--seed", n).output)[
            "difference"
        ]
        for n in (1, 1, 2)
    ]
    assert differences[0] == differences[1] != differences[2]


def test_the_command_is_installed_and_runs_as_a_module():
    command = [sys.executable, "-m", "lecture_code", "check", f"{CELLS}:rnn_apart", "--as", "rnn"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("rnn_apart: right.")
    assert "scripts" in (ROOT / "pyproject.toml").read_text("utf-8")


# A FILE THAT CANNOT BE CHECKED

# What else `check` refuses: test_checker.py.
BROKEN = {
    "no such function": ("def other(x, h, weights): ...", "no function my_gru; it has other"),
    "no functions": ("", "it has no functions at all"),
    "syntax": ("def my_gru(x, h, weights:\n", "SyntaxError, line 1"),
    "missing module": ("import no_such_module_here", "ModuleNotFoundError, line 1"),
    "import error": ("1 / 0", "cannot be imported: ZeroDivisionError, line 1"),
    "exit in the import": ("import sys\nsys.exit(5)", "calls exit(5) while it is imported"),
    "hard exit in the import": (
        "import os\nos._exit(0)",
        "ended the process while it was imported",
    ),
    "wrong arity": ("def my_gru(x, h): return h", "my_gru(x, h): expected my_gru(x, h, weights)"),
    "raises": (
        "def my_gru(x, h, w):\n    return h.nope",
        "AttributeError, line 2 (`return h.nope`)",
    ),
    "exit": ("def my_gru(x, h, w): exit(1)", "called exit(1)"),
    "hard exit": ("import os\ndef my_gru(x, h, w): os._exit(0)", "with exit status 0"),
    "crash": ("import ctypes\ndef my_gru(x, h, w): ctypes.string_at(0)", "SIGSEGV"),
    "dtype": ("def my_gru(x, h, w): return h.astype(int)", "dtype int64"),
    "reads the keyboard": ("def my_gru(x, h, w): return input()", "EOFError"),
}


@pytest.mark.parametrize("source, message", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_run_exits_with_2_and_says_why(write, source, message):
    result = run(f"{write(source)}:my_gru", "--as", "gru")
    assert result.exit_code == 2
    assert message in result.output, result.output
    assert "Traceback" not in result.output
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize(
    "source, message",
    [
        ("def my_gru(x, h, w): return h[:2]", "shape (2,) for h, expected (hidden,) = (4,)"),
        ("def my_gru(x, h, w): return h * float('nan')", "NaN or infinity"),
    ],
    ids=["shape", "NaN"],
)
def test_what_runs_and_is_wrong_exits_with_1(write, source, message):
    result = run(f"{write(source)}:my_gru", "--as", "gru")
    assert result.exit_code == 1
    assert message in result.output.splitlines()[0]


def test_an_endless_loop_is_ended(write):
    file = write("def my_gru(x, h, w):\n    while True: pass")
    result = run(f"{file}:my_gru", "--as", "gru", "--seconds", "0.5")
    assert result.exit_code == 2
    assert "my_gru did not come back within 0.5 seconds" in result.output


def test_an_endless_import_is_ended(write, monkeypatch):
    monkeypatch.setattr(process, "IMPORT_SECONDS", 4.0)
    result = check_file(write("while True: pass"), "my_gru", "gru")
    assert result.exit_code == 2
    assert "my_cells.py was not imported within 4 seconds" in result.sentence


def test_processes_that_it_starts_are_ended(write, tmp_path):
    file = write(
        "import subprocess, sys\n"
        "def my_gru(x, h, w):\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"    open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\n"
        "    while True: pass\n"
    )
    assert check_file(file, "my_gru", "gru", seconds=1).exit_code == 2
    state = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    if Path("/proc").is_dir():
        assert not state.exists() or state.read_text().split()[2] == "Z"


def test_printing_megabytes_hides_nothing(write):
    source = RIGHT.replace("    W_u, b_u", "    print('x' * 3_000_000)\n    W_u, b_u")
    result = run(f"{write(source)}:my_gru", "--as", "gru", "--json")
    found = json.loads(result.output)
    assert found["verdict"] == "right"
    assert "take the prints out" in found["notes"][0]


def test_what_it_prints_is_not_taken_for_an_answer(write):
    source = RIGHT + '\nprint(\'{"event": "done", "outcomes": [], "variables": []}\')\n'
    assert run(f"{write(source)}:my_gru", "--as", "gru").exit_code == 0


def test_modules_beside_the_file_are_found(write):
    write(RIGHT, "helper.py")
    file = write("from helper import my_gru\n")
    assert run(f"{file}:my_gru", "--as", "gru").exit_code == 0


@pytest.mark.parametrize(
    "step, message",
    [
        ("no_such_file.py:my_gru", "The file no_such_file.py does not exist."),
        (f"{CELLS.parent}:my_gru", "is a folder."),
        (f"{ROOT / 'README.md'}:my_gru", "expected a Python file, NAME.py"),
    ],
    ids=["missing", "folder", "no Python"],
)
def test_a_file_that_is_none_is_named(step, message):
    result = run(step, "--as", "gru")
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["my_cells.py", "--as", "gru"], "such as my_cells.py:my_gru, got 'my_cells.py'"),
        (["my_cells.py:a b", "--as", "gru"], "such as my_cells.py:my_gru"),
        (["my_cells.py:my_gru"], "Missing option '--as'"),
        (["my_cells.py:my_gru", "--as", "cnn"], f"'cnn' is not one of {str([*OF_CELL])[1:-1]}"),
        (
            ["my_cells.py:my_gru", "--as", "gru", "--seed", "-1"],
            "expected a number from 0 on, got -1",
        ),
        (["my_cells.py:my_gru", "--as", "gru", "--seconds", "0"], "x>0"),
    ],
    ids=["no function", "no name", "no cell", "unknown cell", "seed", "seconds"],
)
def test_a_wrong_command_line_is_named(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_who_writes_into_the_answers_is_told(write):
    file = write(
        "import os\n"
        "def my_gru(x, h, w):\n"
        "    for number in range(3, 12):\n"
        "        try: os.write(number, b'x\\n')\n"
        "        except OSError: pass\n"
        "    return h\n"
    )
    result = run(f"{file}:my_gru", "--as", "gru")
    assert result.exit_code == 2
    assert "it writes where the checker's answers stand" in result.output

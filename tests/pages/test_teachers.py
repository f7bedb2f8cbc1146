"""The page for teachers: its shell scripts grade as it says."""

import csv
import json
import subprocess
import sys

import pytest
from pages import DOCS, fences

from lecture_code.course.sections import SECTIONS
from lecture_code.publish.exercises import exercise_table

PAGE = DOCS / "teachers.md"
SCRIPTS = [fence.code for fence in fences(PAGE) if fence.language == "bash"]

RIGHT = """
import numpy as np

def my_gru(x, h, weights):
    both = np.concatenate((x, h), -1)
    update = 1 / (1 + np.exp(-both @ weights.W_u.T - weights.b_u))
    reset = 1 / (1 + np.exp(-both @ weights.W_r.T - weights.b_r))
    read = np.concatenate((x, reset * h), -1)
    return update * h + (1 - update) * np.tanh(read @ weights.W_h.T + weights.b_h)
"""
DIFFERS = RIGHT.replace("update * h + (1 - update)", "(1 - update) * h + update")


def script(word: str) -> str:
    [found] = [text for text in SCRIPTS if word in text]
    return found


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a script in an empty folder where `lecture-code` is this package's command."""
    command = tmp_path / "bin" / "lecture-code"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lecture_code "$@"\n', "utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent), prepend=":")
    monkeypatch.setenv("PYTHONPATH", str(DOCS.parent))
    return lambda text: subprocess.run(["bash", "-c", text], cwd=tmp_path, check=True)


def test_the_loop_marks_every_file_of_a_folder(run, tmp_path):
    folder = tmp_path / "submissions"
    folder.mkdir()
    for name, text in (("ada", RIGHT), ("ben", DIFFERS), ("eva", RIGHT.replace("):", ")"))):
        (folder / f"{name}.py").write_text(text, "utf-8")
    run(script("for file in"))
    with (tmp_path / "marks.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["ada", "0"], ["ben", "1"], ["eva", "2"]]
    finding = json.loads((folder / "ben.json").read_text("utf-8"))
    assert finding["verdict"] == "differs" and "update gate" in finding["sentence"]


@pytest.mark.parametrize(("text", "score"), [(RIGHT, 10), (DIFFERS, 0), ("", 0)])
def test_the_graders_script_writes_score_and_finding(run, tmp_path, text, score):
    for name in ("submission", "results"):
        (tmp_path / name).mkdir()
    (tmp_path / "submission" / "my_cells.py").write_text(text, "utf-8")
    run(script("/autograder").replace("/autograder", str(tmp_path)))
    found = json.loads((tmp_path / "results" / "results.json").read_text("utf-8"))
    assert found["score"] == score and "my_gru" in found["output"]


def test_the_table_names_every_slide_that_has_a_page():
    for section in SECTIONS:
        link = f'<a href="../lecture/{section.stem}/">'
        assert (link in exercise_table()) == (not section.to_come), section.stem

"""Without a program or a package, tests are skipped and say why; where CI is set, they fail."""

import os
import subprocess
import sys

import pytest
from pages import ROOT

HIDES = """
from importlib.machinery import PathFinder

find = PathFinder.find_spec.__func__
PathFinder.find_spec = classmethod(
    lambda cls, name, path=None, target=None: (
        None if name.split(".")[0] in {hidden} else find(cls, name, path, target)
    )
)
"""
NEEDS = {
    "tests/tools/test_notebooks.py::test_the_link_stands_by_the_title_and_not_on_paper": (
        "none, which is no program: install it (Debian: apt install chromium), or name it in the"
    ),
    "tests/frameworks/test_frameworks.py::test_parameters_are_counted_as_keras_does": (
        "keras is not installed: make test-all"
    ),
    "tests/oracles/test_oracles.py::test_a_model_is_built_once": (
        "onnxruntime is missing: run `make test`, which installs it into .venv"
    ),
}
"""Tests that need what is hidden, and what they say without it."""


def run(folder, hidden, *tests, CI=""):
    (folder / "sitecustomize.py").write_text(HIDES.format(hidden=hidden))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    path = os.pathsep.join([str(folder), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "", "-p", "no:cacheprovider", *tests],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": path, "CHROMIUM": str(folder / "none"), "CI": CI},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(("CI", "ends"), [("", "7 skipped in"), ("true", "5 failed, 2 errors in")])
def test_what_is_missing_is_told(tmp_path, CI, ends):
    done = run(tmp_path, ("keras", "onnxruntime"), *NEEDS, CI=CI)
    assert bool(done.returncode) == bool(CI), done.stdout + done.stderr
    assert ends in done.stdout, done.stdout
    for reason in NEEDS.values():
        assert reason in done.stdout


def test_a_file_that_cannot_be_imported_is_skipped(tmp_path):
    done = run(tmp_path, ("onnx",), "tests/evidence", "tests/tools/test_serve.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_mutations.py:1: onnx is missing: run `make test`" in done.stdout

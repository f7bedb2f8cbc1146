"""A saved edit of the package shows while the site is served, though Python keeps its modules."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "lecture_code"

SCRIPT = """
import time
from pathlib import Path
from markdown import Markdown

def convert():
    Markdown(extensions=["lecture_code.publish.extension"])
    import lecture_code, lecture_code.sections.rnn
    return lecture_code, lecture_code.sections.rnn.rnn_step.__doc__.split(".")[0]

first, before = convert()
again, _ = convert()
path = Path("lecture_code/sections/rnn.py")
time.sleep(0.01)
path.write_text(path.read_text().replace("One step of the simple RNN", "One edited step", 1))
second, after = convert()
print(before, "|", after, "|", first is again, "|", first is second)
"""


def test_a_saved_edit_is_read_again_and_nothing_else_is(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "lecture_code")
    (tmp_path / "docs" / "assets").mkdir(parents=True)
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    before, after, kept, renewed = result.stdout.strip().split(" | ")
    assert before.startswith("One step of the simple RNN")
    assert after.startswith("One edited step")
    assert (kept, renewed) == ("True", "False")

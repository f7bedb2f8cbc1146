"""While the site is served, an edit shows; what is wrong is on the page, and a save mends it."""

import html
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from urllib.request import urlopen

import pytest
import yaml
from pages import ROOT

PAGES = ("index.md", "lecture/gates.md", "lecture/rnn.md", "errata.md")
GATES = "lecture_code/sections/gates.py"
SECONDS = 60
"""How long a test waits for what must come; how fast it comes is measured by the benchmark."""

BLOCK = '\n\n```python exec="true" session="gates"{}\n{}\n```\n'


class Served:
    """A copy of the site with a few pages, served while it is edited."""

    def __init__(self, folder, address):
        self.folder, self.address = folder, address

    def page(self, path):
        with urlopen(f"{self.address}{path}", timeout=SECONDS) as answer:
            return answer.read().decode()

    def wait(self, path, holds):
        """Wait until a page holds something, or until it satisfies a condition."""
        end = time.monotonic() + SECONDS
        page = ""
        while time.monotonic() < end:
            with suppress(OSError):
                page = self.page(path)
                if holds(page) if callable(holds) else holds in page:
                    return page
            time.sleep(0.1)
        raise AssertionError(f"{path} did not change: {re.findall('block-failed.{0,300}', page)}")

    def edit(self, name, old, new):
        file = self.folder / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    def append(self, name, text):
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)


def is_well(page):
    return "block-failed" not in page and "</html>" in page and "<!-- ran:" in page


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    for name in ("docs", "lecture_code", "overrides", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for page in (folder / "docs").rglob("*.md"):
        if page.relative_to(folder / "docs").as_posix() not in PAGES:
            page.unlink()
    configuration = (ROOT / "mkdocs.yml").read_text("utf-8")
    nav = "nav:\n" + "".join(f"  - {page}\n" for page in PAGES)
    configuration = re.sub(r"^nav:\n(?:(?: .*)?\n)*", nav + "\n", configuration, flags=re.M)
    assert yaml.compose(configuration)
    (folder / "mkdocs.yml").write_text(configuration, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "tools.preview", "--address", address]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, stderr=log
        )
    try:
        found = Served(folder, f"http://{address}/")
        # The first start runs every page.
        for _ in range(3):
            with suppress(AssertionError):
                found.wait("lecture/gates/", is_well)
        yield found
        assert process.poll() is None, (folder / "log").read_text()
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def gates(served):
    """The page of the gates, well before the test and well again after it."""
    names = ("docs/lecture/gates.md", GATES)
    before = {name: (served.folder / name).read_bytes() for name in names}
    served.wait("lecture/gates/", is_well)
    yield served
    for name, content in before.items():
        if (served.folder / name).read_bytes() != content:
            (served.folder / name).write_bytes(content)
    served.wait("lecture/gates/", is_well)


def failure(page):
    box = r'class="block-failed" role="alert"><p><strong>(.*?)</strong>'
    return html.unescape(re.search(box, page, re.DOTALL)[1])


def line_of(served, text):
    lines = (served.folder / "docs/lecture/gates.md").read_text("utf-8").splitlines()
    return max(number for number, line in enumerate(lines, 1) if text in line)


def test_an_edited_sentence_shows(gates):
    gates.append("docs/lecture/gates.md", "\n\nA new sentence.\n")
    assert is_well(gates.wait("lecture/gates/", "A new sentence."))


def test_an_edited_block_runs(gates):
    gates.append("docs/lecture/gates.md", BLOCK.format("", "print(41 + 1, 'it is')"))
    gates.wait("lecture/gates/", "42 it is")


def test_an_edited_module_shows_on_the_page_that_is_looked_at(gates):
    gates.edit(GATES, "    gate = sigmoid(", "    # Anew.\n    gate = sigmoid(")
    assert is_well(gates.wait("lecture/gates/", "# Anew."))


@pytest.mark.parametrize(
    ("text", "marker", "says"),
    [
        ("\n\nBad: $\\frac{1$ here.\n", "Bad:", "invalid LaTeX"),
        (BLOCK.format("", "raise SystemExit(0)"), "raise SystemExit", "SystemExit: 0"),
        (BLOCK.format("", "import os; os._exit(0)"), "```python", "ended with exit status 0"),
        (BLOCK.format(' timeout="1"', "while True: pass"), "while True", "more than 1 s"),
        (BLOCK.format("", "1 / 0"), "1 / 0", "ZeroDivisionError"),
        ("\n\n```pyhton\na\n```\n", "```pyhton", "unknown language pyhton"),
    ],
)
def test_what_is_wrong_is_on_the_page_with_its_line(gates, text, marker, says):
    gates.append("docs/lecture/gates.md", text)
    said = failure(gates.wait("lecture/gates/", "block-failed"))
    assert said.startswith(f"docs/lecture/gates.md, line {line_of(gates, marker)}: ")
    assert says in said


def test_a_code_that_leaves_its_equation_is_on_the_page(gates):
    gates.edit(GATES, "    gate = sigmoid(", "    gate = 1 - sigmoid(")
    said = failure(gates.wait("lecture/gates/", "block-failed"))
    assert "gate, line 1 of its equation" in said and "lecture_code/sections/gates.py:" in said


def test_a_package_that_cannot_be_imported_is_on_the_page(gates):
    gates.append(GATES, "\ndef f(:\n")
    said = failure(gates.wait("lecture/gates/", "block-failed"))
    assert "gates.py, line " in said and "SyntaxError" in said


def test_a_style_sheet_is_taken_over(served):
    served.append("docs/assets/site.css", "\n/* new */\n")
    served.wait("assets/site.css", "/* new */")


def test_an_editor_that_locks_the_files_in_it(gates):
    """Emacs links a file that is being edited to a name that is no file."""
    names = ("docs/lecture/.#gates.md", "lecture_code/.#gates.py", "overrides/.#main.html")
    locks = [gates.folder / name for name in names]
    try:
        for lock in locks:
            lock.symlink_to("someone@somewhere.1")
        gates.append("docs/lecture/gates.md", "\n\nA locked sentence.\n")
        assert is_well(gates.wait("lecture/gates/", "A locked sentence."))
    finally:
        for lock in locks:
            lock.unlink()

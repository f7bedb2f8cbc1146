"""`make serve`: how long after an edit is saved a browser is given the changed page."""

import ast
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from bench.parts import verdict, warm_site

LOOKED_AT = "lecture/gru"
SECONDS = 300
"""How long to wait for anything before giving up."""

PAUSE = 3
"""Seconds between an answer and the next edit, as of somebody who types fast."""


class Browser:
    """Looks at one page, and loads it again when the server says that it is new.

    Args:
        address: the server's address, with a slash at its end.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self.page, self._livereload = "", ""

    def load(self) -> None:
        """Load the page."""
        self.page = self._get(f"{LOOKED_AT}/")
        epoch, request = re.search(r"livereload\((\d+), (\d+)\)", self.page).groups()
        self._livereload = f"livereload/{epoch}/{request}"

    def wait(self) -> None:
        """Wait until there is a new page, as its script does, and load it."""
        epoch = self._livereload.split("/")[1]
        while self._get(self._livereload) == epoch:
            pass
        self.load()

    def _get(self, path: str) -> str:
        with urlopen(self._address + path, timeout=SECONDS) as answer:
            return answer.read().decode()


def with_comment(text: str, function: str, comment: str) -> str:
    """Write a comment into a function.

    Args:
        text: a module's source.
        function: the name of a function at the top of the module.
        comment: what to write.

    Returns:
        The source with a line more, above the function's last statement.
    """
    [node] = [
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name == function
    ]
    lines, last = text.splitlines(keepends=True), node.body[-1]
    lines.insert(last.lineno - 1, f"{' ' * last.col_offset}# {comment}\n")
    return "".join(lines)


@contextmanager
def preview(site: Path, log: Path) -> Iterator[Browser]:
    """Serve a site as `make serve` does.

    Args:
        site: a copy of the project.
        log: where to write what the server says.

    Yields:
        A browser that has loaded the page.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "tools.preview", "--address", address]
    own = {"PYTHONPATH": str(site), "NO_MKDOCS_2_WARNING": "1", "COLUMNS": "200"}
    own["TMPDIR"] = str(log.parent)  # where it is stopped, its folder stays until the bench's goes
    with open(log, "w") as output:
        server = subprocess.Popen(
            command, cwd=site, env=os.environ | own, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        browser = Browser(f"http://{address}/")
        _until_served(browser, server, log)
        yield browser
    finally:
        _end(server)


def _end(server: subprocess.Popen) -> None:
    """End the server and what it started, which would still write into folders that go away."""
    family = psutil.Process(server.pid).children(recursive=True)
    server.terminate()
    server.wait()
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=5)


def _until_served(browser: Browser, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            return browser.load()
        except URLError as error:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"nothing is served:\n{log.read_text('utf-8')}") from error
            time.sleep(0.2)


def measure(folder: Path, rounds: int) -> None:
    """Print the seconds from saving to the changed page, for prose and for two modules.

    Args:
        folder: where copies are made; `site` is taken from there if it is.
        rounds: how often to measure each edit.
    """
    site, log = warm_site(folder / "site"), folder / "preview.log"

    def prose(text: str, mark: str) -> str:
        return f"{text}\n{mark}\n"

    edits = {
        "prose": (f"docs/{LOOKED_AT}.md", prose, 2),
        "its module": (
            "lecture_code/sections/gru.py",
            lambda text, mark: with_comment(text, "gru_step", mark),
            5,
        ),
        "ops.py": (
            "lecture_code/core/ops.py",
            lambda text, mark: with_comment(text, "sigmoid", mark),
            5,
        ),
    }
    print(f"  looked at: {LOOKED_AT}/; waiting until it is served", flush=True)
    with preview(site, log) as browser:
        for title, (file, edit, wanted) in edits.items():
            times = []
            for number in range(rounds):
                times.append(_edit(browser, site / file, edit, f"Edit {number} of {title}.", log))
                print(f"  {title}, edit {number + 1}: {times[-1]:.1f} s", flush=True)
            verdict(f"seconds from saving {file} to the page", median(times), f"{wanted}")


def _edit(
    browser: Browser, file: Path, edit: Callable[[str, str], str], mark: str, log: Path
) -> float:
    """Save an edit, and wait until the page was rendered after it and is loaded again."""
    time.sleep(PAUSE)
    browser.load()
    said = log.stat().st_size
    text = edit(file.read_text("utf-8"), mark)
    start = time.perf_counter()
    file.write_text(text, "utf-8")
    while f"{LOOKED_AT}.md" not in rendered(log.read_bytes()[said:].decode()):
        browser.wait()
    if file.suffix == ".md" and mark not in browser.page:
        raise RuntimeError(f"the page is served without {mark!r}")
    return time.perf_counter() - start


def rendered(log: str) -> str:
    """Read from what the server says which pages it has rendered because somebody looks at them.

    Args:
        log: what it said.

    Returns:
        Their names.
    """
    return " ".join(re.findall(r"(.*) rendered in", log))

"""Run the blocks of pages, each page in a process of its own, and keep what they print.

A page's output is what was printed now, or what was kept when the same blocks ran before and
nothing that they depend on has changed. Whatever ends badly is a failure that names page, line and
block, and is never kept: an exception, an exit, a crash, too much time, too much memory.
"""

import contextlib
import hashlib
import itertools
import json
import logging
import multiprocessing
import os
import re
import runpy
import signal
import tempfile
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import psutil

from lecture_code.publish.blocks import child
from lecture_code.publish.blocks.dependencies import Parts, Seen, distributions, stamps, state
from lecture_code.publish.blocks.fences import Fence, executed_blocks
from lecture_code.publish.blocks.processes import context, no_main_module, processors
from lecture_code.support.store import CACHE, Store

SECONDS, SERVED_SECONDS = 60, 10
"""How long a block may take unless its fence says otherwise: in a build, and while one edits."""

MEMORY = 6 * 2**30
"""How many bytes the processes of a page may use."""

START = 120
"""How long a process may take before its first block, in seconds: it imports what is large."""

LOOK, LOOK_AT_MEMORY = 0.2, 1.0
"""How often a running page is looked at, and how often at its memory, in seconds: to find the
processes that it has started takes 10 ms."""

_log = logging.getLogger("mkdocs.lecture_code")


class Failure(NamedTuple):
    """A block that did not end well.

    Attributes:
        page: the page's path below `docs/`.
        line: the line of the page.
        block: the block's number on the page, from 1.
        says: what happened, in a line.
        details: a traceback, or "".
    """

    page: str
    line: int
    block: int
    says: str
    details: str = ""

    def __str__(self) -> str:
        """The failure in a line, with its place first."""
        return f"docs/{self.page}, line {self.line}: block {self.block}: {self.says}"


class Result(NamedTuple):
    """What came of a page's blocks.

    Attributes:
        outputs: what each block printed, up to one that failed.
        failure: what went wrong, or None.
        ran: whether the blocks ran now; False if the output was kept.
    """

    outputs: tuple[str, ...]
    failure: Failure | None
    ran: bool


class Runner:
    """Runs the pages of one site, as many at a time as there are processors.

    Args:
        docs: the folder of the pages.
        seconds: how long a block may take unless its fence says otherwise.

    Attributes:
        failed: what went wrong on pages that did not end well the last time.
        edits: how often `forget` was called.
    """

    def __init__(self, docs: Path, seconds: float = SECONDS) -> None:
        self.docs = docs.absolute()
        self.seconds = seconds
        self.failed: dict[str, Failure] = {}
        self.edits = 0
        self._kept = Store(CACHE / "pages", "the output of a page")
        self._parts = Parts()
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], Future] = {}
        self._waiting: SimpleQueue = SimpleQueue()
        # For the pages' processes. It is never put back: a program that another thread starts at
        # that moment would read an environment that is being freed.
        os.environ.update(child.ENVIRONMENT)
        for _ in range(processors()):
            # Daemons, so that Ctrl-C ends the program at once, and with it the pages' processes.
            threading.Thread(target=self._work, daemon=True).start()

    def start(self, pages: Iterable[str]) -> dict[str, Future]:
        """Begin to run pages, in the given order; `result` hands on what comes of it, once.

        Args:
            pages: paths below `docs`.

        Returns:
            For each page what will be its result.
        """
        texts = {page: (self.docs / page).read_text("utf-8-sig") for page in pages}
        futures = {}
        for page, text in texts.items():
            blocks = executed_blocks(text)
            futures[page] = self._future(page, blocks)
            self._waiting.put((futures[page], page, blocks))
        return futures

    def result(self, page: str, text: str) -> Result:
        """Run a page, or wait for it if it runs already.

        Args:
            page: its path below `docs`.
            text: its source.

        Returns:
            What came of its blocks.
        """
        blocks = executed_blocks(text)
        future = self._future(page, blocks)
        try:
            # Here and now, whatever else is waiting for its turn.
            self._work_on(future, page, blocks)
            return future.result()
        finally:
            with self._lock:
                self._running.pop(_key(page, blocks), None)

    def forget(self) -> None:
        """End what runs, and look anew at every page: something that they depend on was edited."""
        with self._lock:
            for future in self._running.values():
                future.cancel()  # those that wait; those that run see the number of edits
            self._running.clear()
            self.edits += 1

    def is_kept(self, page: str, text: str) -> bool:
        """Whether the output of a page is at hand.

        Args:
            page: its path below `docs`.
            text: its source.

        Returns:
            False if its blocks would have to run.
        """
        blocks = executed_blocks(text)
        return not blocks or self._look_up(_entry(page, blocks), len(blocks)) is not None

    def _future(self, page: str, blocks: list[Fence]) -> Future:
        with self._lock:
            return self._running.setdefault(_key(page, blocks), Future())

    def _work(self) -> None:
        while True:
            self._work_on(*self._waiting.get())

    def _work_on(self, future: Future, page: str, blocks: list[Fence]) -> None:
        """Run a page, unless somebody else does or did."""
        with self._lock:
            if future.running() or future.done():
                return
            future.set_running_or_notify_cancel()
        try:
            future.set_result(self._run(page, blocks))
        except BaseException as error:
            future.set_exception(error)

    def _run(self, page: str, blocks: list[Fence]) -> Result:
        if not blocks:
            return Result((), None, ran=False)
        if not __debug__:
            says = "Python was started with -O or PYTHONOPTIMIZE, and leaves out what is asserted"
            return Result((), Failure(page, blocks[0].line, 1, says), ran=False)
        key = _entry(page, blocks)
        kept = self._look_up(key, len(blocks))
        if kept is not None:
            return Result(kept, None, ran=False)
        edits = self.edits
        result = _Run(self, page, blocks).run(key)
        if edits == self.edits:
            self.failed.pop(page, None)
            if result.failure:
                self.failed[page] = result.failure
        return result

    def _look_up(self, key: str, count: int) -> tuple[str, ...] | None:
        content = self._kept.get(key)
        if content is None:
            return None
        try:
            entry = json.loads(content)
            outputs, then = entry["outputs"], entry["state"]
            parts = {file: list(names) for file, names in then["parts"].items()}
            unchanged = then == state(parts, then["versions"], self._parts)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._kept.refuse(key, f"it cannot be read: {error}")
            return None
        if len(outputs) != count or not all(isinstance(output, str) for output in outputs):
            self._kept.refuse(key, f"expected {count} outputs")
            return None
        return tuple(outputs) if unchanged else None

    def keep(self, key: str, outputs: list[str], seen: Seen, began: dict) -> None:
        """Keep the output of a page, unless what it depends on changed while it ran.

        Args:
            key: what to keep it under.
            outputs: what each block printed.
            seen: what it depends on.
            began: the stamps of the project's files when it began to run.
        """
        parts = seen.all_parts()
        after = stamps()
        if any(file not in after or began.get(file) != after[file] for file in parts):
            return
        installed = sorted({*distributions(seen.packages), *seen.installed})
        now = state(parts, installed, self._parts)
        self._kept.put(key, json.dumps({"outputs": outputs, "state": now}).encode())


class _Run:
    """One run of a page's blocks, watched from outside."""

    def __init__(self, runner: Runner, page: str, blocks: list[Fence]) -> None:
        self._runner, self._page, self._blocks = runner, page, blocks
        self._edits = runner.edits
        self._outputs: list[str] = []

    def run(self, key: str) -> Result:
        began, before = time.monotonic(), stamps()
        with tempfile.TemporaryDirectory(prefix="page-", ignore_cleanup_errors=True) as folder:
            process, connection = self._start(folder)
            try:
                last = self._watch(process, connection, folder)
            finally:
                _end(process)
                connection.close()
        if isinstance(last, Failure):
            return Result(tuple(self._outputs), last, ran=True)
        self._runner.keep(key, self._outputs, last, before)
        _log.info(
            "docs/%s: %d blocks ran in %.1f s",
            self._page,
            len(self._blocks),
            time.monotonic() - began,
        )
        return Result(tuple(self._outputs), None, ran=True)

    def _start(self, folder: str) -> tuple[BaseProcess, Connection]:
        ours, theirs = multiprocessing.Pipe()
        file = f"docs/{self._page}"
        blocks = [(block.line, block.code) for block in self._blocks]
        arguments = (theirs, file, blocks, folder, str(CACHE), MEMORY)
        process = context().Process(
            target=runpy.run_path,
            args=(child.__file__, {"ARGUMENTS": arguments}, child.PROCESS),
            daemon=True,
        )
        with no_main_module():
            process.start()
        theirs.close()
        return process, ours

    def _watch(self, process: BaseProcess, connection: Connection, folder: str) -> Failure | Seen:
        """Listen until the process is done, has failed, or must be ended."""
        block, deadline = 1, time.monotonic() + START
        memory_at = time.monotonic() + LOOK
        while True:
            try:
                told = connection.recv() if connection.poll(LOOK) else None
            except (EOFError, OSError):
                return self._failure(block, _ended(process))
            match told:
                case ("begins", number):
                    block, deadline = number, time.monotonic() + self._seconds(number)
                case ("done", _, output):
                    self._outputs.append(output)
                case ("failed", number, line, message, details):
                    return Failure(self._page, line, number, message, details)
                case ("seen", *seen):
                    return Seen(*seen)
            if self._edits != self._runner.edits:
                return self._failure(block, "it was ended because of an edit")
            if time.monotonic() > deadline:
                seconds = self._seconds(block)
                says = (
                    f"it ran for more than {seconds:g} s and was ended; if it must take longer, "
                    'its fence says so: timeout="…", in seconds'
                )
                return self._failure(block, says, _stack(process, folder))
            if time.monotonic() < memory_at:
                continue
            memory_at = time.monotonic() + LOOK_AT_MEMORY
            if _memory(process) > MEMORY:
                says = f"it used more than {MEMORY / 2**30:g} GiB of memory and was ended"
                return self._failure(block, says, _stack(process, folder))

    def _seconds(self, number: int) -> float:
        """How long a block may take."""
        return float(self._blocks[number - 1].options.get("timeout", self._runner.seconds))

    def _failure(self, block: int, says: str, stack: str = "") -> Failure:
        """A failure seen from outside: at the line that ran, or where the block begins."""
        # The stack of another process comes from faulthandler, which gives it as text alone.
        name = re.escape(child.block_name(f"docs/{self._page}", block))
        lines = re.findall(rf'File "{name}", line (\d+)', stack)
        line = self._blocks[block - 1].line + int(lines[0] if lines else 0)
        return Failure(self._page, line, block, says, stack)


def _ended(process: BaseProcess) -> str:
    """How a process ended that had not said that it was done."""
    process.join(5)
    code = process.exitcode
    if code is None:
        return "its process closed its connection"
    if code < 0:
        name = signal.Signals(-code).name
        return f"its process was ended by {name}: a crash outside Python, or something killed it"
    return f"its process ended with exit status {code}: a block must not end the program"


def _memory(process: BaseProcess) -> int:
    """The memory of a process and of those that it started, in bytes."""
    with contextlib.suppress(psutil.Error):
        return sum(one.memory_info().rss for one in _family(process))
    return 0


def _family(process: BaseProcess) -> list[psutil.Process]:
    """A process and those that it started, as far as they are still there."""
    assert process.pid  # it was started; without a number, psutil would take this very process
    with contextlib.suppress(psutil.Error):
        first = psutil.Process(process.pid)
        return [first, *first.children(recursive=True)]
    return []


def _stack(process: BaseProcess, folder: str) -> str:
    """Where a process is, if it can be made to tell: the block, and what it called."""
    if not hasattr(signal, "SIGUSR1"):
        return ""
    assert process.pid  # it was started
    with contextlib.suppress(OSError):
        os.kill(process.pid, signal.SIGUSR1)
        time.sleep(LOOK)
        lines = Path(folder, "stack").read_text("utf-8", "replace").splitlines()
        within = itertools.takewhile(lambda line: child.__file__ not in line, lines)
        return "\n".join(["It was at (the last call comes first):", *list(within)[1:]])
    return ""


def _end(process: BaseProcess) -> None:
    """End a process and those that it started; it has told all that it had to."""
    assert process.pid  # it was started
    family = _family(process)
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    for one in family:  # some may have left the group
        with contextlib.suppress(psutil.Error):
            one.kill()
    process.join()


def _key(page: str, blocks: list[Fence]) -> tuple[str, str]:
    return page, _hash([(block.line, block.code, block.options) for block in blocks])


def _entry(page: str, blocks: list[Fence]) -> str:
    """What the output of a page is kept under."""
    return f"{page} {_hash([block.code for block in blocks])}"


def _hash(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()

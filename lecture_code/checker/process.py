"""Run somebody else's step in a process of its own, and wait no longer than was said."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from io import BufferedReader
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any, NamedTuple

import numpy as np

from lecture_code.checker.calling import Outcome, Variable

IMPORT_SECONDS = 60.0
"""How long an import may take: that of torch takes seconds, on a slow disk many."""

MUCH_OUTPUT = 100_000
"""From how many printed bytes on a note says so."""

_IS_POSIX = os.name == "posix"


class Answers(NamedTuple):
    """What a process told.

    Attributes:
        outcomes: what came of each case; empty if `problem` says why there is nothing.
        variables: what the function's variables held in the first case.
        problem: why it could not be run; empty if it could.
        printed: how many bytes it printed.
    """

    outcomes: list[Outcome]
    variables: list[Variable]
    problem: str
    printed: int


def run_file(file: Path, function: str, cell: str, seed: int, seconds: float) -> Answers:
    """Call a function of a file with every case, in a process of its own.

    This keeps the caller safe from crashes, endless loops and `exit`; it is no sandbox: the code
    can read and write what the caller can.

    Args:
        file: a Python file.
        function: the name of a function in it.
        cell: `gru`, `lstm` or `rnn`.
        seed: the seed of the cases.
        seconds: how long all its calls together may take, once it is imported.

    Returns:
        What it told.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "lecture_code.checker.child", str(file), function, cell, str(seed)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # The processes that it starts are ended with it.
        start_new_session=_IS_POSIX,
    )
    facts: Queue = Queue()
    assert process.stdout and isinstance(process.stderr, BufferedReader)  # pipes, as asked for
    printed = _Counter(process.stderr)
    threading.Thread(target=_read, args=(process.stdout, facts), daemon=True).start()
    try:
        answers = _wait(process, facts, file.name, function, seconds)
    finally:
        _end(process)
    return answers._replace(printed=printed.total())


def _wait(
    process: subprocess.Popen, facts: Queue, file: str, function: str, seconds: float
) -> Answers:
    deadline, doing = time.monotonic() + IMPORT_SECONDS, "importing"
    while True:
        try:
            fact = facts.get(timeout=max(0, deadline - time.monotonic()))
        except Empty:
            if doing == "importing":
                return _problem(f"{file} was not imported within {IMPORT_SECONDS:.0f} seconds")
            return _problem(
                f"{function} did not come back within {seconds:g} seconds; look for a loop that "
                "does not end"
            )
        match fact:
            case {"event": "imported"}:
                deadline, doing = time.monotonic() + seconds, "calling"
            case {"event": "failed", "problem": problem}:
                return _problem(problem)
            case {"event": "done", "outcomes": outcomes, "variables": variables}:
                return Answers(
                    [_outcome(one) for one in outcomes],
                    [Variable(**one | {"value": _array(one["value"])}) for one in variables],
                    "",
                    0,
                )
            case None:
                return _problem(_ended(process.wait(), file, function, doing))


def _problem(sentence: str) -> Answers:
    return Answers([], [], sentence, 0)


def _ended(code: int, file: str, function: str, doing: str) -> str:
    what = (
        f"{file} ended the process while it was imported"
        if doing == "importing"
        else (f"{function} ended the process")
    )
    if code < 0:
        return f"{what}: {signal.Signals(-code).name}, a crash outside Python"
    return f"{what} with exit status {code}; a step returns, and does not exit"


def _end(process: subprocess.Popen) -> None:
    if _IS_POSIX:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    else:
        process.kill()
    process.wait()


def _read(pipe: IO[bytes], facts: Queue) -> None:
    """Hand on each line of a pipe as a fact, and None at its end."""
    for line in pipe:
        try:
            facts.put(json.loads(line))
        except ValueError:
            facts.put({"event": "failed", "problem": "it writes where the checker's answers stand"})
    facts.put(None)


class _Counter(threading.Thread):
    """Reads a pipe to its end and counts the bytes, so that who writes never waits."""

    def __init__(self, pipe: BufferedReader):
        super().__init__(daemon=True)
        self.pipe, self.count = pipe, 0
        self.start()

    def run(self) -> None:
        while some := self.pipe.read1(1 << 16):
            self.count += len(some)

    def total(self) -> int:
        self.join(1)
        return self.count


def _outcome(fact: dict[str, Any]) -> Outcome:
    arrays = tuple(_array(one) for one in fact["arrays"])
    return Outcome(**fact | {"arrays": arrays, "changed": tuple(fact["changed"])})


def _array(fact: dict[str, Any]) -> np.ndarray:
    return np.array(fact["values"], fact["dtype"]).reshape(fact["shape"])

"""Results that take long to compute, kept on disk: a training runs once, and again when it must.

A result is kept under the function's name, its arguments, the code of its module and of every
module of this package that it imports, and the versions of Python and of the numerical libraries;
with it, the state of the project's files that were read for it.
Trainings are seeded, so what is kept is what would be computed again.
"""

import hashlib
import importlib
import importlib.metadata
import logging
import os
import pickle
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from time import perf_counter
from typing import Any

from lecture_code.publish.blocks.dependencies import KEPT, PACKAGE, Parts, below_root, module_files
from lecture_code.support.store import CACHE, Store

LIBRARIES = ("matplotlib", "numpy", "onnx", "onnxruntime", "scipy", "torch")

_log = logging.getLogger("mkdocs.lecture_code")
_kept = Store(CACHE / "results", "a computed result")
_files = Parts()
_listeners: list[set[str]] = []


def cached(function: Callable, level: int = logging.INFO) -> Callable:
    """Let a function of the package look on disk before it computes.

    Args:
        function: a function at the top of a module of the package, whose result depends on nothing
            but its arguments and files of the project.
        level: how important it is to know that it computes.

    Returns:
        A function of the same arguments. It says so when it computes, and how long that took.

    Raises:
        ValueError: if the function is none of the package's: its code would be no part of the key.
    """
    where, called = function.__module__, function.__qualname__
    if str(where).partition(".")[0] != PACKAGE.name or not called.isidentifier():
        raise ValueError(
            f"function: expected one at the top of a module of {PACKAGE.name}, "
            f"got {called} of {where}"
        )

    @wraps(function)
    def look_up(*arguments: Any, **named: Any) -> Any:
        module, name = function.__module__, function.__name__
        # The computation may not run now, but what called it depends on it all the same.
        sys.audit(KEPT, module)
        asked = pickle.dumps((arguments, sorted(named.items())))
        key = " ".join((module, name, fingerprint(module), hashlib.sha256(asked).hexdigest()))
        content = _kept.get(key)
        if content is not None:
            try:
                inputs, result = pickle.loads(content)
                if inputs == {file: _files.digest(file) for file in inputs}:
                    return result
            except Exception as error:
                _kept.refuse(key, f"it cannot be read: {error}")
        _log.log(level, "computing %s.%s, which is kept for the next build", module, name)
        start = perf_counter()
        with _listening() as opened:
            result = getattr(function, "__wrapped__", function)(*arguments, **named)
        _log.log(level, "computed %s.%s in %.1f s", module, name, perf_counter() - start)
        inputs = {file: _files.digest(file) for file in filter(None, map(below_root, opened))}
        _kept.put(key, pickle.dumps((inputs, result)))
        return result

    return look_up


@contextmanager
def _listening() -> Iterator[set[str]]:
    """Collect the paths of files that are opened meanwhile to be read."""
    _hook()
    opened: set[str] = set()
    _listeners.append(opened)
    try:
        yield opened
    finally:
        _listeners[:] = [one for one in _listeners if one is not opened]


@lru_cache
def _hook() -> None:
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple) -> None:
    if event == "open" and _listeners and isinstance(arguments[0], str | bytes | os.PathLike):
        if not set(arguments[1] or "") & set("wax+"):
            for opened in _listeners:
                opened.add(os.path.abspath(os.fsdecode(arguments[0])))


def fingerprint(module: str) -> str:
    """What a result of a module depends on, in one word: code and versions.

    Args:
        module: the module's name, such as `lecture_code.sections.summary`.

    Returns:
        A hash in hexadecimal digits.
    """
    digest = hashlib.sha256(_versions().encode())
    for path in sorted(module_files(module)):
        # Its place is part of it: two files that change places are another program.
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@lru_cache
def _versions() -> str:
    """The versions of Python and of the libraries, which stay as they are while it runs."""
    return " ".join((platform.python_version(), *map(_version, LIBRARIES)))


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "none"

"""Results that take long to compute, kept on disk: a training runs once, and again when it must.

A result is kept under the function's name, its arguments, the code of its module and of every
module of this package that it imports, and the versions of Python and of the numerical libraries.
Trainings are seeded, so what is kept is what would be computed again.
"""

import ast
import hashlib
import importlib.metadata
import logging
import platform
import warnings
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from time import perf_counter
from typing import Any

from joblib import Memory

PACKAGE = Path(__file__).parents[1]
FOLDER = Path(".cache") / "results"
"""Where results are kept, below the folder in which the site is built; `make clean` empties it."""

LIBRARIES = ("matplotlib", "numpy", "onnx", "onnxruntime", "scipy", "torch")

_log = logging.getLogger("mkdocs.lecture_code")
_memory = Memory(FOLDER, verbose=0)
# It comes where the disk or the machine is busy, and means nothing to a reader.
warnings.filterwarnings("ignore", message="Persisting input arguments took")


def cached(function: Callable, level: int = logging.INFO) -> Callable:
    """Let a function of the package look on disk before it computes.

    Args:
        function: a function at the top of a module of the package, whose result depends on nothing
            but its arguments.
        level: how important it is to know that it computes.

    Returns:
        A function of the same arguments. It says so when it computes, and how long that took.
    """

    @wraps(function)
    def look_up(*arguments: Any, **named: Any) -> Any:
        key = fingerprint(function.__module__)
        return _result(function.__module__, function.__name__, key, arguments, named, level)

    return look_up


def fingerprint(module: str) -> str:
    """What a result of a module depends on, in one word: code and versions.

    Args:
        module: the module's name, such as `lecture_code.summary`.

    Returns:
        A hash in hexadecimal digits.
    """
    digest = hashlib.sha256(_versions().encode())
    for path in sorted(_files(module, set())):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache
def _versions() -> str:
    """The versions of Python and of the libraries, which stay as they are while it runs."""
    libraries = (importlib.metadata.version(library) for library in LIBRARIES)
    return " ".join((platform.python_version(), *libraries))


def _files(module: str, seen: set[Path]) -> set[Path]:
    """The file of a module, and those of every module of the package that it imports."""
    path = PACKAGE.joinpath(*module.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if path in seen or not path.exists():
        return seen
    seen.add(path)
    for name in _imports(path, path.stat().st_mtime_ns):
        if name.split(".")[0] == PACKAGE.name:
            _files(name, seen)
    return seen


@lru_cache
def _imports(path: Path, changed: int) -> list[str]:
    """What a file imports; it is read again when it has changed."""
    return [
        name for node in ast.walk(ast.parse(path.read_text("utf-8"))) for name in _imported(node)
    ]


def _imported(node: ast.AST) -> list[str]:
    """What a statement imports; of `from package import name`, the name may be a module too."""
    match node:
        case ast.Import(names):
            return [alias.name for alias in names]
        case ast.ImportFrom(str(module), names):
            return [module, *(f"{module}.{alias.name}" for alias in names)]
    return []


@_memory.cache(ignore=["level"])
def _result(module: str, name: str, key: str, arguments: tuple, named: dict, level: int) -> Any:
    _log.log(level, "computing %s.%s, which is kept for the next build", module, name)
    start = perf_counter()
    function = getattr(importlib.import_module(module), name)
    result = getattr(function, "__wrapped__", function)(*arguments, **named)
    _log.log(level, "computed %s.%s in %.1f s", module, name, perf_counter() - start)
    return result

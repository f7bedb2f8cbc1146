"""The process in which the blocks of one page run.

It shares nothing with other pages. Within the page, blocks share their names, as the cells of a
notebook do. What it tells the process that watches it is in `run`.

The process runs this file by its path, and imports nothing of the package before the blocks do: so
everything that they depend on is seen, and a package that cannot be imported is their failure.
"""

import contextlib
import ctypes
import faulthandler
import gc
import importlib
import io
import linecache
import logging
import os
import random
import re
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterable
from concurrent.futures import thread as pools
from importlib.machinery import SourceFileLoader
from multiprocessing import forkserver, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

# What the process was forked with stays: to look for garbage in it takes 0.3 s each time.
gc.freeze()

ARGUMENTS: tuple[Any, ...]
"""The arguments of `run`: what runs this file as a program puts them there."""

PROCESS = "__page_process__"
"""The name of this module where it is the program of a page's process."""

ENVIRONMENT = {
    **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")},
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
}
"""What the process begins with in its environment: the same on every machine, for every user."""

INHERITED = frozenset(
    "PATH PYTHONPATH VIRTUAL_ENV HOME LD_LIBRARY_PATH DYLD_LIBRARY_PATH"
    " COMSPEC PATHEXT SYSTEMROOT USERPROFILE WINDIR".split()  # Windows needs these
)
"""What it has of the builder's environment besides, to find programs and libraries; nothing else,
since a kept output does not say which variables its blocks read."""

WIDTH = "100"
"""How many columns the messages of the blocks take, wherever they are made."""

PRELOADED = (
    "array_api_compat.numpy",
    "array_api_compat.torch",
    "lark",
    "math_core",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "numpy",
    "onnx.reference",
    "onnx.reference.ops._op_list",
    "pygments.formatters",
    "pygments.lexers",
    "pygraphviz",
    "scipy.special",
    "statsmodels.api",
    "torch",
    # With sympy: torch imports it when something is trained for the first time.
    "torch._dynamo",
    "ziamath",
    "tools.warm",
)
"""What pages and social pictures are likely to import, and takes long. Nothing of this package,
which may be edited; where there is no such module, pages do without."""

LARGEST = 5_000_000
"""How many characters a block may print: a page that holds more cannot be read."""

NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Characters that are no text, such as those that colour a terminal."""

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.link": ((1, 3),),
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
    "os.utime": ((0, 3),),
}
"""Audit events of what changes files: which arguments are paths, and which their open folders."""


def run(
    connection: Connection,
    file: str,
    blocks: list[tuple[int, str]],
    folder: str,
    cache: str,
    memory: int,
) -> None:
    """Run the blocks of a page, and tell what happens.

    What is told are tuples: `("begins", number)`, `("done", number, output)`, and at the end
    `("seen", …)` with the fields of `dependencies.Seen`; where a block fails
    `("failed", number, line, message, details)`, after which there is nothing more.

    Args:
        connection: where to tell it.
        file: the page's file, as messages name it.
        blocks: for each block the line on which its fence opens, and its code.
        folder: an empty folder that may be written to.
        cache: the folder of what is kept from build to build, which may be written to as well.
        memory: how many bytes this process may use.
    """
    _prepare(folder, memory)
    for name in PRELOADED:  # what it was forked with is there already
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    _seed()
    os.environ["LECTURE_CODE_CACHE"] = cache
    here = Path(__file__).parent
    dependencies = _program(here / "dependencies.py")
    store = _program(here.parents[1] / "support" / "store.py")
    os.chdir(folder)
    _guard([folder, cache])
    kept = store.Store(Path(cache, "code"), "the code of a module")
    recorder = dependencies.Recorder(kept)
    # What is raised where nobody can catch it: in threads, and while an object is removed.
    unseen: list[BaseException] = []

    def keep(raised: Any) -> None:
        # Python may have the type alone.
        value = raised.exc_value
        unseen.append(RuntimeError(raised.exc_type.__name__) if value is None else value)

    threading.excepthook = sys.unraisablehook = keep
    module = ModuleType("__page__")
    sys.modules[module.__name__] = module
    for number, (line, code) in enumerate(blocks, 1):
        connection.send(("begins", number))
        name = block_name(file, number)
        # So that tracebacks and `inspect` find its lines.
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        recorder.hear_block(code)
        try:
            output = _output(compile(code, name, "exec"), module)
            if unseen:
                raise unseen[0]
            _check(output)
        except BaseException as error:
            within, message, details = _told(error, name)
            connection.send(("failed", number, line + within, message, details))
            return
        connection.send(("done", number, output))
    connection.send(("seen", *recorder.seen()))


def block_name(file: str, number: int) -> str:
    """What the code of a block is called where Python names files.

    Args:
        file: the page's file.
        number: the block's number, from 1.

    Returns:
        For example `docs/lecture/gru.md, block 2`; its lines are counted from 1, as in a notebook.
    """
    return f"{file}, block {number}"


def _prepare(folder: str, memory: int) -> None:
    """Make this process one that a watcher can end, and that does not outlive it."""
    if hasattr(os, "setsid"):
        os.setsid()
    end_with_builder()
    if hasattr(faulthandler, "register"):
        # Kept open: the signal's handler writes to it.
        faulthandler.register(signal.SIGUSR1, open(Path(folder, "stack"), "w"))
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    for name in set(os.environ) - INHERITED:
        del os.environ[name]
    os.environ.update(ENVIRONMENT, TMPDIR=folder, TEMP=folder, TMP=folder, MPLCONFIGDIR=folder)
    os.environ["COLUMNS"] = WIDTH
    tempfile.tempdir = None
    logging.basicConfig(level=logging.INFO, format="%(levelname)s    -  %(message)s", force=True)
    for name in ("matplotlib", "onnx", "torch"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _seed() -> None:
    """Let what is random without a seed of its own be the same in every build."""
    random.seed(0)
    with contextlib.suppress(ImportError):
        importlib.import_module("numpy").random.seed(0)
        importlib.import_module("torch").manual_seed(0)


def _program(path: Path) -> ModuleType:
    """A file of the package as a module of its own, which the blocks do not see."""
    program = ModuleType(f"__{path.stem}__")
    loader = SourceFileLoader(program.__name__, str(path))
    program.__file__ = str(path)
    code = loader.get_code(program.__name__)
    assert code  # it has a source
    exec(code, vars(program))
    return program


def end_with_builder() -> None:
    """Let this process end with the program that builds, however that ends."""
    if sys.platform == "linux":
        # The parent is the server that forked this process; it ends with the program that builds.
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        _let_go_of_server()
    else:
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _let_go_of_server() -> None:
    """Close the pipe that tells the server whether anybody still needs it.

    Python hands it to every process that the server forks. While one holds it the server stays, and
    with it all of them, though the program that builds was killed.
    """
    server = forkserver._forkserver
    held = getattr(server, "_forkserver_alive_fd", None)
    if held is not None:
        os.close(held)
        server._forkserver_alive_fd = None  # type: ignore[attr-defined]


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent  # what watches this process has made it
    parent.join()
    os._exit(1)


def _guard(allowed: Iterable[str]) -> None:
    """Refuse what writes elsewhere: a guard against accidents, and no sandbox."""
    roots = [os.path.realpath(folder) + os.sep for folder in allowed]

    def is_allowed(path: str) -> bool:
        path = os.path.realpath(path)
        bytecode = "__pycache__" in path.split(os.sep)
        return bytecode or path == os.devnull or any((path + os.sep).startswith(r) for r in roots)

    def check(event: str, arguments: tuple) -> None:
        if event == "os.fork":
            raise PermissionError("os.fork: a block must not go on in two processes")
        paths: list[Any]
        if event == "sqlite3.connect":
            name = os.fsdecode(arguments[0])
            paths = [] if name == ":memory:" or "mode=ro" in name else [name.removeprefix("file:")]
        elif event == "open":
            path, mode, flags = arguments
            writes = bool(flags & WRITES) or bool(set(mode or "") & set("wax+"))
            paths = [path] if writes else []
        else:
            paths = [_path(arguments, *which) for which in CHANGES.get(event, ())]
        for path in paths:
            # Numbers are files that are open already.
            if isinstance(path, str | bytes | os.PathLike) and not is_allowed(os.fsdecode(path)):
                raise PermissionError(
                    f"{event}: {os.fsdecode(path)!r} is outside of what a page may change; "
                    "write to a temporary file (module tempfile)"
                )

    sys.addaudithook(check)


def _path(arguments: tuple, path: int, folder: int | None) -> str | int:
    """A path among the arguments of an audit event, which may be relative to an open folder."""
    found = arguments[path]
    opened = arguments[folder] if folder is not None and folder < len(arguments) else -1
    if isinstance(found, int) or opened == -1:
        return found
    return os.path.join(os.path.realpath(f"/proc/self/fd/{opened}"), os.fsdecode(found))


def _output(code: CodeType, module: ModuleType) -> str:
    with io.StringIO() as printed:
        with contextlib.redirect_stdout(printed):
            exec(code, vars(module))
            for thread in threading.enumerate():
                if thread is not threading.main_thread() and not thread.daemon:
                    _await(thread)  # what it prints belongs to the block
        return printed.getvalue()


def _await(thread: threading.Thread) -> None:
    """Wait until a thread ends or, in a pool that is still open, has nothing to do."""
    assert thread.ident  # it has been started
    while thread.is_alive():
        thread.join(0.01)
        frame = sys._current_frames().get(thread.ident)
        is_free = frame and frame.f_code is pools._worker.__code__
        if is_free and pools._threads_queues[thread].empty():
            return


def _check(output: str) -> None:
    """Refuse an output that no page can hold."""
    if len(output) > LARGEST:
        raise ValueError(f"it printed {len(output):,} characters; expected at most {LARGEST:,}")
    if found := NO_TEXT.search(output):
        raise ValueError(f"it printed the character {found[0]!r}, which HTML does not allow")
    output.encode()  # pages are written in UTF-8, which has no lone surrogates


def _told(error: BaseException, name: str) -> tuple[int, str, str]:
    """The line of the block in which an error was raised, what it says, and its traceback."""
    trace = traceback.TracebackException.from_exception(error)
    lines = [frame.lineno or 0 for frame in trace.stack if frame.filename.startswith(name)]
    while trace.stack and trace.stack[0].filename == __file__:
        del trace.stack[0]
    said = "".join(trace.format_exception_only()).strip().splitlines()
    message = said[0] if said else type(error).__name__
    if isinstance(error, SyntaxError):
        message = said[-1]
        if error.filename == name:
            lines = [error.lineno or 1]
        else:
            message = f"{error.filename}, line {error.lineno}: {message}"
    if isinstance(error, SystemExit):
        message += ": a block must not end the program"
    return lines[-1] if lines else 0, message, "".join(trace.format())


if __name__ == PROCESS:
    run(*ARGUMENTS)  # noqa: F821 (declared above, and put there by what runs this file)

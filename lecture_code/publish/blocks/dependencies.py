"""What the output of a page depends on: seen while it runs, compared before it is used again.

Of the package's modules a page depends on

- the functions that ran, by their source;
- the rest of each module that was imported, which ran when it was imported: its source without the
  bodies of its functions;
- the whole file, where a source was read (a card shows it) or a kept result was looked up: the
  computation behind that result did not run, so its functions were not seen.

It also depends on every other file of the project that it opened or imported, on the folders of the
project that it listed, on Python, and on the versions of the packages that were imported or asked
for. Another process cannot be looked into: if it runs a module of the package, it counts as all
that this module imports, and otherwise as everything. So does a block that looks into functions
without running them, asks whether a file exists, opens a database, or has a library that reads
files without Python. Not seen is where a module of the package asks whether a file exists.
"""

import ast
import contextlib
import functools
import hashlib
import importlib.metadata
import importlib.util
import marshal
import os
import platform
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple

PACKAGE = Path(__file__).parents[2]
ROOT = PACKAGE.parent

REST = ""
"""The name of what a module is without the bodies of its functions."""

WHOLE = "*"
"""The name of a whole file."""

READS = "lecture_code.reads"
"""An audit event: the source or docstrings of a module were read; its argument is the module."""

TELLS = "__ran__"
"""What a function of the package calls with its name, in a page's process."""

FOLDERS = ("bench", "docs", "lecture_code", "overrides", "tests", "tools")
"""Where the project's files are, beside those at the top."""

ASKS_UNSEEN = re.compile(
    r"__(doc|code|defaults|kwdefaults|wrapped|closure)__"
    r"|\b(help|pydoc|dis)\b|\binspect\b(?! import signature$)"
    r"|\b(exists|is_file|is_dir|isfile|isdir|l?stat|access|getsize|get[acm]time)\b"
    r"|\bjit\.load\b|\bInferenceSession\b",
    re.MULTILINE,
)
"""What a block has that asks for what is not seen: docstrings and code, which are parts of no
function that ran, and whether there is a file, or how large it is. A signature belongs to the rest
of its module."""

READS_UNSEEN = frozenset(
    "cv2 duckdb h5py netCDF4 polars pyarrow safetensors tables tensorflow".split()
)
"""Packages that read files without Python, which no audit event tells."""

FIRST = re.compile(r"[^/.,]*")
"""The package or module that an installed file belongs to."""

METADATA = re.compile(r"([^/\\]+?)-[^/\\-]+\.dist-info[/\\]METADATA$")

UNSEEN = ("os.fork", "os.exec", "os.posix_spawn", "os.system")
"""Audit events of what the recorder cannot look into."""

GRAPHVIZ = ("dot", "neato", "fdp", "sfdp", "twopi", "circo")
"""Programs that know nothing of the package."""

KEPT = "lecture_code.kept"
"""An audit event: a kept result of a module was asked for; its argument is the module."""


class Seen(NamedTuple):
    """What was seen while the blocks of a page ran.

    Attributes:
        parts: names of parts by the file, as paths below `ROOT`; see `REST` and `WHOLE`.
        modules: modules of the package that count whole, with all that they import.
        packages: the packages that were imported, by their top name.
        installed: the distributions whose version was asked for, and packages that were missing.
        everything: whether every file of the project counts.
    """

    parts: dict[str, list[str]]
    modules: list[str]
    packages: list[str]
    installed: list[str]
    everything: bool

    def all_parts(self) -> dict[str, list[str]]:
        """The parts, and the files of the modules.

        Returns:
            Names of parts by the file.
        """
        files = {path for module in self.modules for path in module_files(module)}
        if self.everything:
            every = set(project_files())
            files |= every | {path.parent for path in every}
        whole = {file: {WHOLE} for path in files if (file := below_root(path))}
        return {
            file: sorted({*self.parts.get(file, ()), *whole.get(file, ())})
            for file in sorted({*self.parts, *whole})
        }


class Recorder:
    """Sees what this process depends on, from its making until `seen` is called.

    It is made before anything of the package is imported.

    Args:
        kept: where the code of modules is kept, or None; a `lecture_code.support.store.Store`.
    """

    def __init__(self, kept: Any = None) -> None:
        self._opened: set[str] = set()
        self._listed: set[str] = set()
        self._modules: set[str] = set()
        self._installed: set[str] = set()
        self._ran: dict[str, set[str]] = defaultdict(set)
        self._looked_for: set[str] = set()
        self._everything = False
        sys.meta_path.insert(0, _Finder(self._ran, self._looked_for, kept))
        sys.addaudithook(self._hear)

    def hear_block(self, code: str) -> None:
        """Take notice of a block before it runs.

        Args:
            code: what it is.
        """
        self._everything |= bool(ASKS_UNSEEN.search(code))

    def seen(self) -> Seen:
        """Tell what was seen so far.

        Returns:
            All of it.
        """
        parts: dict[str, set[str]] = defaultdict(set)
        for path, names in list(self._ran.items()):
            if file := below_root(path):
                parts[file] |= names
        for name in self._opened:
            if file := below_root(os.path.abspath(name)):
                parts[file].add(WHOLE)
        for name in self._listed:
            if folder := below_root(os.path.abspath(name)):
                parts[folder].add(WHOLE)
        packages = {name.partition(".")[0] for name in sys.modules}
        missing = self._looked_for - packages - set(sys.stdlib_module_names)
        return Seen(
            {file: sorted(names) for file, names in parts.items()},
            sorted(self._modules),
            sorted(packages - set(sys.stdlib_module_names) - {PACKAGE.name}),
            sorted(self._installed | missing),
            self._everything or not READS_UNSEEN.isdisjoint(packages),
        )

    def _hear(self, event: str, arguments: tuple) -> None:
        if event == "open":
            if isinstance(arguments[0], str | bytes | os.PathLike):
                self._hear_file(os.fsdecode(arguments[0]))
        elif event in ("os.listdir", "os.scandir"):
            if isinstance(arguments[0], str | bytes) and not _is_import_system(sys._getframe(1)):
                self._listed.add(os.fsdecode(arguments[0]))
        elif event in (READS, KEPT):
            self._modules.add(arguments[0])
        elif event == "subprocess.Popen":
            self._hear_program(*arguments[:2])
        elif event in UNSEEN or event == "sqlite3.connect":
            self._everything = True

    def _hear_file(self, name: str) -> None:
        if _is_told(sys._getframe(2)):
            return
        if name.endswith(".pyc"):
            with contextlib.suppress(ValueError):
                name = importlib.util.source_from_cache(name)
        self._opened.add(name)
        if found := METADATA.search(name):
            self._installed.add(found[1])

    def _hear_program(self, program: str, command: list[str] | str) -> None:
        """Another program: of a module of the package that Python runs, its imports are known."""
        words = [command] if isinstance(command, str) else [str(word) for word in command]
        # Perhaps with the name of something in it, as in `my_cells.py:step`.
        self._opened |= {
            name
            for word in words
            for name in (word, word.rpartition(":")[0])
            if os.path.isfile(name)
        }
        module = words[words.index("-m") + 1] if "-m" in words[:-1] else ""
        if module.partition(".")[0] == PACKAGE.name:
            self._modules |= {module, f"{module}.__main__"}
        elif Path(str(program)).stem not in GRAPHVIZ:
            self._everything = True


class _Finder(MetaPathFinder):
    """Finds the package's modules where they are, and lets their functions say that they ran.

    A profiler would tell the same, but takes as long again as what it looks at.
    """

    def __init__(self, ran: dict[str, set[str]], looked_for: set[str], kept: Any) -> None:
        self._ran, self._looked_for, self._kept = ran, looked_for, kept

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name.partition(".")[0] != PACKAGE.name:
            self._looked_for.add(name.partition(".")[0])
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next(filter(None, found), None)
        if not spec:  # it may come to be there
            self._ran[str(PACKAGE.joinpath(*name.split(".")[1:-1]))].add(WHOLE)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(name, spec.loader.path, self._ran, self._kept)
        return spec


class _Loader(SourceFileLoader):
    """Loads a module with a call at the beginning of each function."""

    def __init__(self, name: str, path: str, ran: dict[str, set[str]], kept: Any) -> None:
        super().__init__(name, path)
        self._ran, self._kept = ran, kept

    def get_code(self, fullname: str) -> CodeType | None:
        # Asked by others, such as runpy, which run it elsewhere: it must not tell anything there.
        self._ran[self.path].add(WHOLE)
        return super().get_code(fullname)

    def _telling_code(self) -> CodeType:
        source = self.get_data(self.path)
        key = f"{sys.version} {self.path} {_hash(source)}"
        content = self._kept and self._kept.get(key)
        if content:
            return marshal.loads(content)
        code = compile(_telling(source, self.path), self.path, "exec", dont_inherit=True)
        if self._kept:
            self._kept.put(key, marshal.dumps(code))
        return code

    def exec_module(self, module: ModuleType) -> None:
        vars(module)[TELLS] = self._ran[self.path].add
        self._ran[self.path].add(REST)
        exec(self._telling_code(), vars(module))


def _telling(source: bytes, path: str) -> ast.Module:
    """A module whose functions and methods tell their names when they run."""
    tree = ast.parse(source, path)
    for name, node in _functions(tree):
        has_docstring = ast.get_docstring(node, clean=False) is not None
        call = ast.Call(ast.Name(TELLS, ast.Load()), [ast.Constant(name)], [])
        place = node.body[1] if has_docstring and len(node.body) > 1 else node.body[0]
        told = ast.copy_location(ast.Expr(call), place)
        node.body.insert(int(has_docstring), ast.fix_missing_locations(told))
    return tree


class Parts:
    """The state of the package's files, read when it is asked for and again when they change."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple, dict[str, str]]] = {}

    def digest(self, file: str, part: str = WHOLE) -> str | None:
        """The state of a part of a file.

        Args:
            file: path below `ROOT`.
            part: a function of a module, `REST` or `WHOLE`.

        Returns:
            A hash, that of the whole file if it has no such part; None if there is no such file.
        """
        path = ROOT / file
        try:
            status = path.stat()
            state = stamp(status)
            if path not in self._known or self._known[path][0] != state:
                self._known[path] = state, _digests(path)
        except OSError:
            return None
        digests = self._known[path][1]
        return digests.get(part, digests[WHOLE])


def state(
    parts: Mapping[str, Iterable[str]], installed: Iterable[str], known: Parts
) -> dict[str, Any]:
    """The state of what a page depends on, now.

    Args:
        parts: names of parts by file, as in `Seen`.
        installed: names of distributions.
        known: the state of files.

    Returns:
        Hashes and versions, equal as long as nothing has changed.
    """
    return {
        "parts": {
            file: {name: known.digest(file, name) for name in names}
            for file, names in parts.items()
        },
        "versions": {name: _version(name) for name in installed},
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": f"{sys.platform} {platform.machine()}",
    }


def project_files() -> Iterator[Path]:
    """The files that the project is made of, in order.

    Yields:
        Those at the top and those below `FOLDERS`, links followed; none that is hidden.
    """
    for folder in (ROOT, *(ROOT / name for name in FOLDERS)):
        for place, below, names in os.walk(folder, followlinks=True):
            shown = [name for name in below if not name.startswith((".", "__pycache__"))]
            below[:] = sorted(shown) if folder != ROOT else []
            for name in sorted(names):
                path = Path(place, name)
                if not name.startswith(".") and path.is_file():
                    yield path


def stamp(status: os.stat_result) -> tuple[int, ...]:
    """What the file system says of a file that is another one as soon as the file is.

    Args:
        status: what `os.stat` gives.

    Returns:
        Numbers; the times of change cannot be set back as those of the content can.
    """
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size


def stamps() -> dict[str, tuple]:
    """The stamps of the project's files and of their folders, now.

    Returns:
        By path below `ROOT`.
    """
    files = list(project_files())
    # At the top folders come and go, such as the site's.
    found: dict[str, tuple] = {".": tuple(path.name for path in files if path.parent == ROOT)}
    below = len(str(ROOT)) + 1
    for path in {*map(str, files), *(str(path.parent) for path in files)} - {str(ROOT)}:
        with contextlib.suppress(OSError):
            found[path[below:].replace(os.sep, "/")] = stamp(os.stat(path))
    return found


def module_files(module: str, seen: set[Path] | None = None) -> set[Path]:
    """The file of a module, and those of every module of the package that it imports.

    Args:
        module: the module's name, such as `lecture_code.sections.summary`.
        seen: files that are known already.

    Returns:
        Paths. The packages that the modules lie in are not followed: they only hand on names.
    """
    seen = set() if seen is None else seen
    path = PACKAGE.joinpath(*module.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if path in seen or not path.is_file():
        return seen
    seen.add(path)
    for name in _imports(path, path.stat().st_mtime_ns):
        if name.split(".")[0] == PACKAGE.name:
            module_files(name, seen)
    return seen


@functools.lru_cache(maxsize=1024)
def _imports(path: Path, changed: int) -> tuple[str, ...]:
    """What a file imports; it is read again when it has changed."""
    tree = ast.parse(path.read_text("utf-8"))
    package = path.relative_to(PACKAGE.parent).parent.parts
    return tuple(name for node in _statements(tree) for name in _imported_by(node, package))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """All statements within a node; in a fifth of the time that `ast.walk` takes."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for one in getattr(node, field, ()):
            yield one
            yield from _statements(one)


def _imported_by(node: ast.AST, package: tuple[str, ...]) -> list[str]:
    """What a statement imports; of `from package import name`, the name may be a module too."""
    match node:
        case ast.Import(names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module, names, level):
            above = package[: len(package) - level + 1] if level else ()
            module = ".".join([*above, *filter(None, [module])])
            return [module, *(f"{module}.{alias.name}" for alias in names)]
    return []


def _is_told(frame: FrameType) -> bool:
    """Whether a file is opened for a module that will tell what of it ran."""
    by = frame.f_back and frame.f_back.f_code
    return _is_import_system(frame) and by == _Loader._telling_code.__code__


def _is_import_system(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith("<frozen importlib")


def below_root(path: str | Path) -> str | None:
    """Where a file of the project is.

    Args:
        path: an absolute path.

    Returns:
        Its path below `ROOT`, or None where it is not the project's own.
    """
    path = Path(path)
    if not path.is_relative_to(ROOT):
        return None
    path = path.relative_to(ROOT)
    outside = path.parts[:1] in ((".venv",), (".cache",), (".git",)) or "__pycache__" in path.parts
    return None if outside else path.as_posix()


def _digests(path: Path) -> dict[str, str]:
    """Hashes of a whole file and, of a module, of its functions and of the rest.

    A folder has that of the names in it; at the top of the project only files count.
    """
    if path.is_dir():
        hidden = (".", "__pycache__")
        shown = [one for one in path.iterdir() if not one.name.startswith(hidden)]
        names = sorted(one.name for one in shown if path != ROOT or one.is_file())
        return {WHOLE: _hash(repr(names).encode())}
    content = path.read_bytes()
    digests = {WHOLE: _hash(content)}
    if path.suffix == ".py" and path.is_relative_to(PACKAGE):
        try:
            tree = ast.parse(content)
        except SyntaxError:
            return digests
        lines = content.splitlines(keepends=True)
        rest = list(lines)
        for name, node in _functions(tree):
            assert node.end_lineno  # it was read from a source
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            # Two functions of one name, as for overloads, count as one.
            text = b"".join(lines[first - 1 : node.end_lineno])
            digests[name] = _hash(digests.get(name, "").encode() + text)
            body = node.body[0]
            before = lines[body.lineno - 1][: body.col_offset]  # perhaps the end of `def …:`
            rest[body.lineno - 1 : node.end_lineno] = [
                before,
                *[b""] * (node.end_lineno - body.lineno),
            ]
        # Classes run when they are defined, and are part of the rest.
        digests |= {name: _hash(b"".join(rest)) for name in (REST, *_classes(tree))}
    return digests


def _functions(
    tree: ast.AST, prefix: str = ""
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """The functions and methods of a module, but for those inside of functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        else:
            yield from _functions(node, prefix)


def _classes(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield prefix + node.name
            yield from _classes(node, f"{prefix}{node.name}.")
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _classes(node, prefix)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def distributions(packages: Iterable[str]) -> list[str]:
    """What has to be installed for packages to be imported.

    Args:
        packages: names that are imported, such as `sklearn`.

    Returns:
        Names that are installed, such as `scikit-learn`.
    """
    return sorted({name for package in packages for name in _installed().get(package, ())})


@functools.lru_cache
def _installed() -> dict[str, list[str]]:
    """What installed each package; what the library has for it takes five times as long."""
    found = defaultdict(list)
    for one in importlib.metadata.distributions():
        name = one.metadata["Name"]
        files = one.read_text("RECORD") or one.read_text("top_level.txt") or ""
        for package in {first[0] for file in files.splitlines() if (first := FIRST.match(file))}:
            found[package].append(name)
    return found


@functools.lru_cache
def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        # It may be the name of a module that was missing. Nothing is imported to find it.
        return "a module" if PathFinder.find_spec(distribution) else None

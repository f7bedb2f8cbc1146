"""The notebooks: each page that offers one, as a file that runs on its own.

A notebook has the page's prose, equations and code, from the same Markdown, and installs the
package from the wheel that the site ships. If the site's address is known (`SITE_URL`), a page
offers its notebook, which finds the wheel there. If not, it offers an archive in which the wheel
stands beside the notebook. Run it on the folder that a build wrote:
`python -m tools.notebooks site`.
"""

import ast
import functools
import html
import importlib.metadata
import json
import os
import platform
import posixpath
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lecture_code.publish.blocks.fences import (
    BOX,
    Fence,
    executed_blocks,
    fences,
    front_matter_lines,
)
from lecture_code.support.store import CACHE, Store
from tools.check import nav_pages, navigation, notebook_of, page_of
from tools.refused import RefusedError

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FINDER = ROOT / "lecture_code" / "publish" / "blocks" / "fences.py"
"""Finds what becomes a cell."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""When everything in an archive was written, so that the same site has the same archives."""

ADDRESS = re.compile(r'<meta property="og:url" content="([^"]*)"')
HEADING = re.compile(r"^(#+ [^\n]*?) *\{([^{}\n]*)\} *$", re.MULTILINE)
INLINE = re.compile(
    r"(?P<kept>(?P<tick>`+).*?(?P=tick)|\$\$.*?\$\$|\$[^$]*\$)"
    r"|\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<target>[^()\s]+)\)"
    r"|(?P<attributes> *\{:? *[.#][A-Za-z_][^{}\n]*\})",
    re.DOTALL,
)
FOLDED = {"outputs_hidden": True, "source_hidden": True}
FIRST = """\
# Run this cell first. It installs the lecture's package, and what its figures and judges need.
%pip install --quiet "{package}"
"""
YOURS = "# Your answer.\n"

_kept = Store(CACHE / "notebooks", "a notebook")
BUILD_WHEEL = "from setuptools.build_meta import build_wheel; build_wheel('made')"
"""What pip asks for too, in three steps and twice the time."""

_kept_wheels = Store(CACHE / "wheels", "the package's wheel")


class NotebookError(RefusedError):
    """What cannot be taken along; each reason begins with the file, mostly with the line."""


class Piece(NamedTuple):
    """A part of a notebook.

    Attributes:
        text: Markdown, or Python.
        code: whether it is Python.
        folded: whether a reader has to open it.
    """

    text: str
    code: bool = False
    folded: bool = False


class _Page(NamedTuple):
    """A page that is made into a notebook.

    Attributes:
        lines: its source.
        fences: its fences, each by the index of its first line.
        link: gives the address that a link's target has elsewhere.
    """

    lines: list[str]
    fences: dict[int, Fence]
    link: Callable[[str], str]


def notebooks(site: Path, nav: list) -> Iterator[Path]:
    """Write the notebook of every page of a built site that offers one.

    Args:
        site: the folder that the build wrote.
        nav: the navigation as `mkdocs.yml` gives it.

    Yields:
        The files: notebooks, or archives with the notebook and the package.

    Raises:
        FileNotFoundError: if a page has not been built.
        NotebookError: if a block cannot be a cell, or a module of the package is no Python.
    """
    package = wheel(site / "assets")
    for source in nav_pages(nav):
        page = site / page_of(source)
        if not page.is_file():
            raise FileNotFoundError(f"{page}: build the site first")
        text = page.read_text("utf-8")
        if name := notebook_of(text):
            file = page.parent / name
            address = _address(text, source)
            text = _source(source)
            _check_cells(text, source)
            content = _notebook(text, source, _where(package.name, address), address)
            if file.suffix == ".zip":
                _pack(file, {f"{file.stem}.ipynb": content, package.name: package})
            else:
                file.write_bytes(content)
            yield file


def keep_notebook(source: str, text: str) -> None:
    """Make the notebook of a page that offers one, if it is not kept, and keep it.

    Args:
        source: the page's path below `docs/`.
        text: its HTML.

    Raises:
        NotebookError: if a module of the package is no Python.
    """
    if notebook_of(text):
        address = _address(text, source)
        _notebook(_source(source), source, _where(_package(), address), address)


@functools.cache
def _package() -> str:
    """The name of the wheel, for one build: its sources are read for it."""
    with tempfile.TemporaryDirectory() as folder:
        return wheel(Path(folder)).name


def notebook(text: str, source: str, package: str, address: str = "") -> str:
    """Turn a page's source into a notebook.

    Args:
        text: the page's Markdown.
        source: its path below `docs/`, such as `lecture/gru.md`.
        package: what `pip install` is given.
        address: the site's address, with a slash at its end; "" leaves of links to other pages
            their words.

    Returns:
        The notebook's file. The same arguments make the same bytes.
    """
    import jupytext  # takes half a second, and most notebooks are kept
    import nbformat

    pieces = [
        Piece(FIRST.format(package=package), code=True),
        Piece("from lecture_code.publish.notebook import show\n", code=True),
        *pieces_of(text, lambda target: _elsewhere(target, source, address)),
    ]
    markdown = "\n\n".join(_written(piece) for piece in pieces if piece.text.strip()) + "\n"
    made = jupytext.reads(markdown, {"extension": ".md", "split_at_heading": True})
    for number, cell in enumerate(made.cells):
        cell.id = f"{Path(source).stem}-{number}"
    made.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    nbformat.validate(made)
    return nbformat.writes(made) + "\n"


def _source(page: str) -> str:
    return (DOCS / page).read_text("utf-8-sig")


def _where(package: str, address: str) -> str:
    """What pip is to install."""
    if address:
        return f"lecture-code[pages] @ {address}assets/{package}"
    return f"./{package}[pages]"


def _notebook(*arguments: str) -> bytes:
    """A notebook that was kept, if the same programs have made it of the same page."""
    key = repr((arguments, _programs("jupytext", "nbformat")))
    content = _kept.get(key)
    if content is None:
        content = notebook(*arguments).encode()
        _kept.put(key, content)
    return content


def _programs(*packages: str) -> tuple[str, ...]:
    """What decides what is made, beside its sources: these programs, and the versions of others."""
    own = (Path(__file__).read_text("utf-8"), FINDER.read_text("utf-8"))
    versions = (importlib.metadata.version(package) for package in packages)
    return (*own, platform.python_version(), *versions)


def pieces_of(text: str, link: Callable[[str], str]) -> Iterator[Piece]:
    """Split a page's Markdown into what a notebook has cells for.

    Args:
        text: the page's source.
        link: gives the address that a link's target has elsewhere, or "" if it has none.

    Yields:
        Prose and code, in the page's order. A block that prints HTML shows it instead; what is
        folded on the page is folded; before a solution with code there is room for the reader's.
    """
    lines = text.split("\n")
    page = _Page(lines, {fence.line - 1: fence for fence in fences(text)}, link)
    yield from _pieces(page, front_matter_lines(text), len(lines), "")


def _pieces(page: _Page, start: int, stop: int, margin: str) -> Iterator[Piece]:
    """The pieces of some lines of a page; what is indented by more than their margin is prose."""
    prose: list[str] = []
    number = start
    while number < stop:
        fence, box = page.fences.get(number), BOX.fullmatch(page.lines[number])
        after = number + 1
        made: Iterable[Piece] | None = None
        if fence:
            after = fence.end
            made = [_code(fence)] if fence.prefix == margin else None
        elif box and box["indent"] == margin:
            after = _end_of_box(page, number + 1, stop, margin)
            made = _aside(page, box, number + 1, after)
        if made:
            yield _prose_piece(page, prose)
            yield from made
            prose = []
        else:
            prose += [line[len(margin) :] for line in page.lines[number:after]]
        number = after
    yield _prose_piece(page, prose)


def _end_of_box(page: _Page, start: int, stop: int, margin: str) -> int:
    """Behind the last line of a box's text, which is indented or empty."""
    for number in range(start, stop):
        line = page.lines[number]
        if line.strip(" \t") and not line.startswith(margin + "    "):
            return number
    return stop


def _prose_piece(page: _Page, lines: list[str]) -> Piece:
    return Piece(_prose("\n".join(lines), page.link))


def _code(fence: Fence) -> Piece:
    if fence.runs:
        return Piece(_showing(fence.code) if "html" in fence.options else fence.code, code=True)
    # Tildes, because jupytext makes a cell that runs of every block between backticks.
    return Piece(f"~~~{fence.language}\n{fence.code}~~~")


def _check_cells(text: str, source: str) -> None:
    """Refuse a page whose blocks are not its notebook's cells, one by one."""
    pieces = pieces_of(text, lambda target: "")
    cells = [piece.text.strip() for piece in pieces if piece.code and piece.text != YOURS]
    blocks = executed_blocks(text)
    wanted = [_showing(one.code) if "html" in one.options else one.code for one in blocks]
    for number, (block, code) in enumerate(zip(blocks, wanted, strict=True)):
        if cells[number : number + 1] != [code.strip()]:
            raise NotebookError(
                f"docs/{source}, line {block.line}: this block would be no cell of the notebook; "
                "expected its fence at the beginning of a line, or in a box"
            )


def wheel(folder: Path) -> Path:
    """Build the package, or take the wheel that was built of the same sources.

    Args:
        folder: where the wheel is to stand.

    Returns:
        The wheel. The same sources make the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources = _package_sources()
    key = repr((sorted(sources.items()), _programs("setuptools")))
    kept = _kept_wheels.get(key)
    if kept is None:
        _compile(sources)
        kept = _built(sources)
        _kept_wheels.put(key, kept)
    name, _, content = kept.partition(b"\n")
    file = folder / name.decode()
    file.write_bytes(content)
    return file


def _package_sources() -> dict[str, bytes]:
    """What the wheel is made of: a build leaves files beside its sources."""
    names = ["pyproject.toml", "README.md", "LICENSE"]
    names += [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "lecture_code").rglob("[!.]*"))
        if path.is_file() and path.suffix != ".pyc"
    ]
    return {name: (ROOT / name).read_bytes() for name in names}


def _compile(sources: dict[str, bytes]) -> None:
    """Refuse a module that is no Python: of one that no page imports, nobody else tells."""
    for name, content in sources.items():
        try:
            compile(content if name.endswith(".py") else "", name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            raise NotebookError(f"{name}, line {line}: {type(error).__name__}: {error}") from None


def _built(sources: dict[str, bytes]) -> bytes:
    """The wheel that is built of a copy of the package: a line with its name, then its bytes."""
    with tempfile.TemporaryDirectory() as copy:
        for name, content in sources.items():
            file = Path(copy, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod(0o644)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
        subprocess.run(
            [sys.executable, "-c", BUILD_WHEEL],
            cwd=copy,
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
            umask=0o022,  # a wheel tells who may read the files in it
        )
        [made] = Path(copy, "made").iterdir()
        with zipfile.ZipFile(made) as archive:
            left_out = sorted(
                {name for name in sources if name.startswith("lecture_code/")}
                - {*archive.namelist()}
            )
        if left_out:
            raise NotebookError(
                *(
                    f"{name}: is not in the wheel, which notebooks install: name it in "
                    "pyproject.toml, below tool.setuptools.package-data"
                    for name in left_out
                )
            )
        return made.name.encode() + b"\n" + made.read_bytes()


def _pack(file: Path, members: dict[str, bytes | Path]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, EPOCH)
            member.external_attr = 0o644 << 16
            is_packed = name.endswith(".whl")
            member.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            content = content if isinstance(content, bytes) else content.read_bytes()
            archive.writestr(member, content)


def _address(page: str, source: str) -> str:
    """The site's address, if a page names its own."""
    found = ADDRESS.search(page)
    below = page_of(source).parent.as_posix() + "/"
    return html.unescape(found[1]).removesuffix(below) if found else ""


def _elsewhere(target: str, source: str, address: str) -> str:
    """The address of a link's target for a reader who is not on the page."""
    if re.match(r"https?:|mailto:", target):
        return target
    path, _, anchor = target.partition("#")
    below = posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if path else source
    if below.endswith(".md"):
        below = page_of(below).parent.as_posix() + "/"
    return address and address + below.removeprefix("./") + (f"#{anchor}" if anchor else "")


def _written(piece: Piece) -> str:
    """A piece as jupytext reads it."""
    if not piece.code:
        return piece.text.strip()
    options = f" jupyter={json.dumps(FOLDED)}" if piece.folded else ""
    return f"```python{options}\n{piece.text}```"


def _showing(code: str) -> str:
    """The code of a block that prints HTML, for a notebook: it shows what it printed."""
    lines = [line.encode() for line in code.splitlines(keepends=True)]
    names = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name))
    places = [(name.lineno - 1, name.col_offset) for name in names if name.id == "print"]
    for row, start in sorted(places, reverse=True):
        line = lines[row]
        lines[row] = line[:start] + b"show" + line[start + len("print") :]
    return b"".join(lines).decode()


def _aside(page: _Page, box: re.Match, start: int, stop: int) -> Iterator[Piece]:
    """What is in a box on the page: prose that opens, and code that is folded if it solves."""
    title = box["title"] or box["kind"].capitalize()
    inside = _pieces(page, start, stop, box["indent"] + "    ")
    pieces = [piece for piece in inside if piece.text.strip()]
    solves = box["kind"] == "success"
    if solves and any(piece.code for piece in pieces):
        yield Piece(YOURS, code=True)
    if not pieces or pieces[0].code:
        pieces.insert(0, Piece("Run the next cell, or open it."))
    for number, piece in enumerate(pieces):
        if piece.code:
            yield piece._replace(folded=solves)
        else:
            more = ", continued" * bool(number)
            summary = f"<summary><strong>{title}{more}</strong></summary>"
            yield Piece(f"<details>{summary}\n\n{piece.text.strip()}\n\n</details>")


def _prose(text: str, link: Callable[[str], str]) -> str:
    """Prose in the words of Markdown that a notebook knows."""

    def plain(found: re.Match) -> str:
        if found["kept"]:
            return found["kept"]
        if found["attributes"]:
            return ""
        words, target = _prose(found["words"], link), link(found["target"])
        return f"[{words}]({target})" if target else words

    return INLINE.sub(plain, HEADING.sub(_heading, text))


def _heading(found: re.Match) -> str:
    """A heading without its attributes; of an exercise, a line says what they say."""
    said = dict(re.findall(r'data-(\w+)="([^"]*)"', found[2]))
    if "kind" not in said:
        return found[1]
    line = said["kind"].capitalize()
    if "minutes" in said:
        line += f", about {said['minutes']} minutes"
    if "trains" in said:
        line += f"; trains {said['trains']}"
    return f"{found[1]}\n\n*{line}.*"


def main(site: str) -> None:
    """Write the notebooks of a site.

    Args:
        site: the folder that the build wrote.
    """
    sizes = [file.stat().st_size / 1024 for file in notebooks(Path(site), navigation())]
    print(f"{site}: {len(sizes)} notebooks, at most {max(sizes, default=0):.0f} KiB each")


if __name__ == "__main__":
    main(*sys.argv[1:])

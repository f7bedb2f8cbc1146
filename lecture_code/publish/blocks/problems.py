"""What is wrong in the sources of pages, named with file and line before anything is built.

A generator shows a fence that it does not understand as plain code, or as text, and says nothing.
So every fence, option and session that is not exactly what it should be is named here, and so is
front matter that the theme could not use.
"""

import ast
import difflib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.util import ClassNotFound

from lecture_code.publish.blocks.fences import Fence, executed_blocks, fences, front_matter_lines

OPTIONS = {
    "exec": re.compile("true"),
    "html": re.compile("true"),
    "source": re.compile("above"),
    "result": re.compile("text"),
    "session": re.compile(r"[\w-]+"),
    "timeout": re.compile(r"[1-9]\d{0,3}"),
}
"""The options of a block that runs, and the values that each may have."""

_VALUES = {"session": "the name of the page", "timeout": "seconds, 1 to 9999"}
_RUNNABLE = re.compile(r"i?py(thon)?\d*|pycon\d*|pyodide|pyrepl", re.IGNORECASE)

_NEVER_THE_SAME = re.compile(
    r"(.*\.)?(datetime\.(now|utcnow|today)|date\.today|uuid[14]|urandom|SystemRandom)"
    r"|time\.time(_ns)?|secrets\.\w+"
)
_UNSEEDED = re.compile(
    r"(.*\.)?(default_rng|RandomState|SeedSequence|Random)|time\.(ctime|localtime|gmtime)"
)
"""Calls whose result is another one in every build: these only without an argument."""

FRONT_MATTER = {
    "description": (str, "text"),
    "title": (str, "text"),
    "hide": (list, "a list"),
    "search": (dict, "names and values"),
}
"""What a page's front matter may hold: of which type, and its name in messages."""


class Problem(NamedTuple):
    """Something wrong in a page's source.

    Attributes:
        file: the page, below `docs/`.
        line: the line, counted from 1.
        says: what is wrong, and what was expected.
    """

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        """The problem as one line, with its place first."""
        return f"docs/{self.file}, line {self.line}: {self.says}"


def problems(pages: dict[str, str]) -> Iterator[Problem]:
    """Find what is wrong in the sources of pages.

    Args:
        pages: the text of each page, by its path below `docs/`.

    Yields:
        The problems, page by page.
    """
    sessions = defaultdict(set)
    for file, text in pages.items():
        for fence in executed_blocks(text):
            sessions[fence.options.get("session", "")].add(file)
    for file, text in pages.items():
        for line, content in enumerate(text.split("\n"), 1):
            if not content.isascii() and re.search("[\ud800-\udfff]", content):
                yield Problem(file, line, "is not UTF-8")
        yield from _front_matter_problems(file, text)
        comments = _comments(text)
        for fence in fences(text):
            for says in _fence_problems(fence):
                yield Problem(file, fence.line, says)
            for line, says in _code_problems(fence.code) if fence.runs else ():
                yield Problem(file, fence.line + line, says)
            if fence.runs and any(first <= fence.line <= last for first, last in comments):
                yield Problem(file, fence.line, "a block in a comment: it would run all the same")
            others = sessions[fence.options.get("session", "")] - {file} if fence.runs else ()
            if others:
                name = fence.options.get("session")
                also = ", ".join(f"docs/{other}" for other in sorted(others))
                yield Problem(
                    file,
                    fence.line,
                    f'session="{name}" is that of {also} too: a session belongs to one page'
                    if name
                    else f'no session: write session="{Path(file).stem}"',
                )


def sources(docs: Path) -> dict[str, str]:
    """Read the sources of all pages.

    Args:
        docs: the folder of the pages.

    Returns:
        The text of each page, by its path below the folder; links are followed.
    """
    pages = sorted(
        Path(folder, name)
        for folder, below, names in os.walk(docs, followlinks=True)
        for name in names
        if name.endswith(".md") and not _is_hidden(Path(folder, name).relative_to(docs))
    )
    # What is not UTF-8 is a problem with a line of its own.
    return {
        page.relative_to(docs).as_posix(): page.read_text("utf-8-sig", "surrogateescape")
        for page in pages
    }


def _is_hidden(path: Path) -> bool:
    """Whether the generators leave a file out, such as what an editor writes beside a page."""
    return any(part.startswith(".") for part in path.parts)


def _comments(text: str) -> list[tuple[int, int]]:
    """The first and the last line of each comment that is longer than a line."""
    lines = text.split("\n")
    for fence in fences(text):
        code = range(fence.line, min(fence.end, len(lines)) - 1)
        for number in code:
            lines[number] = ""
    bare = re.sub(r"`[^`\n]*`", "", "\n".join(lines))
    found = []
    for comment in re.finditer(r"<!--.*?-->", bare, re.DOTALL):
        first = bare.count("\n", 0, comment.start()) + 1
        found.append((first, first + comment[0].count("\n")))
    return [(first, last) for first, last in found if first < last]


def _fence_problems(fence: Fence) -> Iterator[str]:
    """What is wrong with one fence."""
    if fence.problem:
        yield fence.problem
        return
    if fence.language != "python":
        yield from _language_problems(fence)
        for name in fence.options:
            yield f"a fence of the language {fence.language} has no options, got {name}"
        return
    for name, value in fence.options.items():
        if name not in OPTIONS:
            yield f"unknown option {name}{_nearest(name, OPTIONS)}: expected {', '.join(OPTIONS)}"
        elif not OPTIONS[name].fullmatch(value):
            yield f'{name}="{value}": expected {_VALUES.get(name, OPTIONS[name].pattern)}'
    if "exec" not in fence.options:
        yield 'Python that is not run: expected exec="true"'
    if "html" in fence.options and "result" in fence.options:
        yield "html and result exclude each other: output is HTML, or text in a box"


def _code_problems(code: str) -> Iterator[tuple[int, str]]:
    """What is wrong with a block before it runs, by its lines."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return  # the block says so when it runs
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        has_arguments = bool(node.args or node.keywords)
        if _NEVER_THE_SAME.fullmatch(name):
            yield node.lineno, f"{name}() gives something else in every build"
        elif _UNSEEDED.fullmatch(name) and not has_arguments:
            yield node.lineno, f"{name}() without an argument gives something else in every build"


def _language_problems(fence: Fence) -> Iterator[str]:
    if _RUNNABLE.fullmatch(fence.language):
        yield f'{fence.language}: a block that runs is written ```python exec="true"'
        return
    if not fence.language:
        yield "a fence without a language: expected one, such as python, bash or text"
        return
    try:
        get_lexer_by_name(fence.language)
    except ClassNotFound:
        known = [alias for lexer in get_all_lexers() for alias in lexer[1]]
        yield f"unknown language {fence.language}{_nearest(fence.language, known)}"


def _nearest(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, known, 1)
    return f" (did you mean {found[0]}?)" if found else ""


def _front_matter_problems(file: str, text: str) -> Iterator[Problem]:
    count = front_matter_lines(text)
    if not count:
        yield Problem(file, 1, "no description: expected front matter with one")
        return
    try:
        found = yaml.safe_load("\n".join(text.split("\n")[1 : count - 1])) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        yield Problem(
            file, line, f"the front matter is no YAML: {getattr(error, 'problem', error)}"
        )
        return
    description = found.get("description") if isinstance(found, dict) else None
    if not isinstance(description, str) or not description.strip():
        yield Problem(file, 1, "no description: expected one in the front matter")
    for name, value in found.items() if isinstance(found, dict) else ():
        if name not in FRONT_MATTER:
            known = ", ".join(FRONT_MATTER)
            says = f"unknown {name} in the front matter{_nearest(str(name), FRONT_MATTER)}"
            yield Problem(file, 1, f"{says}: expected {known}")
        elif not isinstance(value, FRONT_MATTER[name][0]):
            says = f"expected {FRONT_MATTER[name][1]}, got {value!r}"
            yield Problem(file, 1, f"{name} in the front matter: {says}")

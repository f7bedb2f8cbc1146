"""The fenced code of a page's Markdown, found in its source by the rules of `pymdownx.superfences`.

Everything that reads a page's code finds it here. A test compares what is found with what
superfences finds, fence by fence, on every page of the site. A fence that the two could read
differently has a `problem`, which stops the build.
"""

import re
from typing import NamedTuple

_OPENING = re.compile(r"(?P<prefix>[ >]*)(?P<marks>`{3,}|~{3,})(?P<info>.*)")
_LANGUAGE = re.compile(r"[\w#.+-]*")
_OPTION = re.compile(r' +(?P<name>[\w-]+)="(?P<value>[^"`]*)"')
_ITEM = re.compile(r" *([-*+]|\d+\.) +\S.*")
_DEEPER = re.compile(" {4}| *>")

BOX = re.compile(
    r'(?P<indent>(?: {4})*)(?:\?\?\?\+?|!!!) (?P<kind>[\w-]+)(?: "(?P<title>[^"]*)")? *'
)
"""The first line of a box; its text is indented by four spaces more."""


class Fence(NamedTuple):
    """Fenced code in a page's source.

    Attributes:
        line: the line of the opening fence, counted from 1.
        end: the line of the closing one; the last line of the code where there is none.
        prefix: what is before the opening marks: spaces, and `>` in a block quote.
        language: the word after the opening marks.
        options: values by name, as written behind the language.
        code: the code, without the prefix; a tab is as wide as Markdown makes it.
        problem: why the fence cannot be read, or "".
    """

    line: int
    end: int
    prefix: str
    language: str
    options: dict[str, str]
    code: str
    problem: str = ""

    @property
    def runs(self) -> bool:
        """Whether it is a block that the build executes."""
        return self.language == "python" and self.options.get("exec") == "true"


def fences(text: str) -> list[Fence]:
    """Read the fences of a page.

    Args:
        text: the page's source, with or without its front matter.

    Returns:
        The fences in order. A fence inside another one is part of its code.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    number = front_matter_lines(text)
    lines = _lines(text, number)
    found, before = [], []
    while number < len(lines):
        before.append(lines[number])
        opening = _OPENING.fullmatch(lines[number])
        number += 1
        if not opening:
            continue
        prefix, marks = opening["prefix"], opening["marks"]
        end, problem = _end(lines, number, prefix, marks)
        code = "".join(line[len(prefix) :] + "\n" for line in lines[number:end]) or "\n"
        after = end if problem else end + 1
        language, options, unread = _read(opening["info"].strip(" "))
        problem = problem or unread or _misplaced(prefix, before[:-1])
        found.append(Fence(number, after, prefix, language, options, code, problem))
        number = after
    return found


def executed_blocks(text: str) -> list[Fence]:
    """The blocks of a page that a build executes.

    Args:
        text: the page's source, front matter included.

    Returns:
        The blocks in order.
    """
    return [fence for fence in fences(text) if fence.runs]


def front_matter_lines(text: str) -> int:
    """How many lines the front matter of a page takes.

    Args:
        text: the page's source.

    Returns:
        The number of lines, 0 where there is none.
    """
    found = re.match(
        r"---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE
    )
    return found[0].count("\n") if found else 0


def _lines(text: str, start: int) -> list[str]:
    """The lines as Markdown reads them: without tabs; what looks empty is, but for the first."""
    lines = text.replace("\x02", "").replace("\x03", "").expandtabs(4).split("\n")
    first = next((number for number in range(start, len(lines)) if lines[number]), start)
    return lines[: first + 1] + [line if line.strip(" ") else "" for line in lines[first + 1 :]]


def _end(lines: list[str], start: int, prefix: str, marks: str) -> tuple[int, str]:
    """Where the code behind an opening fence ends, and why it cannot be told, if it cannot."""
    for number in range(start, len(lines)):
        line = lines[number]
        if line.startswith(prefix):
            if line[len(prefix) :].rstrip(" ") == marks:
                return number, ""
        elif not (line == prefix.rstrip(" ") if ">" in prefix else not line.strip()):
            break
    else:
        number = len(lines)
    return number, f"the fence {marks} is never closed"


def _read(info: str) -> tuple[str, dict[str, str], str]:
    """The language and the options behind the marks of a fence, and what else is there."""
    found = _LANGUAGE.match(info)
    language = found[0] if found else ""
    options, rest, problem = {}, info[len(language) :], ""
    while found := _OPTION.match(rest):
        if found["name"] in options:
            problem = problem or f'{found["name"]}="…" is given twice'
        options[found["name"]] = found["value"]
        rest = rest[found.end() :]
    if rest:
        problem = problem or f'expected options such as exec="true", got {rest.strip(" ")!r}'
    return language, options, problem


def _misplaced(prefix: str, before: list[str]) -> str:
    """Why Markdown might take a fence for text, or ""."""
    indent, quote, quoted = prefix.partition(">")
    margin = len(indent) // 4 * 4  # what boxes and lists ask for; fewer than 4 spaces are none
    expected = prefix if quote else prefix[:margin]
    in_block = True  # no empty line between this line and the fence, or what the fence is in
    for number in reversed(range(len(before))):
        line = before[number]
        in_block = in_block and bool(line)
        if line and _depth(line) < margin:
            if _depth(line) < margin - 4 or not (BOX.fullmatch(line) or _is_item(number, before)):
                break
            margin -= 4
            expected, in_block = prefix[:margin], True
        elif in_block:
            if not line.startswith(expected) or _DEEPER.match(line[len(expected) :]):
                return "expected an empty line before the fence"
        elif not margin:
            break
    if margin or "    " in quoted:
        return "an indented fence: expected it directly in a list, in a box or at the margin"
    return ""


def _is_item(number: int, before: list[str]) -> bool:
    """Whether a line is an item of a list; a list begins behind an empty line, or in a box."""
    if not _ITEM.fullmatch(before[number]):
        return False
    first = number
    while first and before[first - 1] and not BOX.fullmatch(before[first - 1]):
        first -= 1
    return bool(_ITEM.fullmatch(before[first]))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

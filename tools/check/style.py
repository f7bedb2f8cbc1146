"""What is found in a style sheet and in a script."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from textwrap import shorten

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from tools.check.facts import Facts

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', re.DOTALL)
ADDRESS = re.compile(
    r"""url\(\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^)"']*))\s*\)"""
    r"""|@import\s+(?:"(?P<import2>[^"]*)"|'(?P<import1>[^']*)')""",
    re.IGNORECASE,
)
IMPORTED = re.compile(r"""\b(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"'\n]+)["']""")


def addresses(css: str) -> Iterator[str]:
    """The addresses that a style sheet names.

    Args:
        css: a style sheet, or the value of a property.

    Yields:
        What is in `url()` and after `@import`.
    """
    if "url(" in css or "@import" in css:
        for found in ADDRESS.finditer(COMMENT.sub(" ", css)):
            yield (found[found.lastgroup] or "").strip() if found.lastgroup else ""


def look_at_style(css: str) -> Facts:
    """Find what is to be known of a style sheet.

    Args:
        css: its text.

    Returns:
        Its links, and whether it is whole.
    """
    facts = Facts()
    for address in addresses(css):
        facts.link("load", address)
    bare = COMMENT.sub(" ", STRING.sub("", COMMENT.sub(" ", css)))
    if "/*" in bare:
        facts.problems.append("is cut off: a comment has no end")
    opened, closed = bare.count("{"), bare.count("}")
    depth = accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in bare)
    if opened != closed:
        facts.problems.append(f"is cut off or broken: {opened} times {{, {closed} times }}")
    elif min(depth, default=0) < 0:
        facts.problems.append("is broken: a } comes before its {")
    return facts


def look_at_script(text: str) -> Facts:
    """Find what is to be known of a script.

    Args:
        text: JavaScript.

    Returns:
        The modules that it imports by a relative path, and whether it can be read.
    """
    facts = Facts()
    for address in IMPORTED.findall(text):
        facts.link("load", address)
    if wrong := _first_wrong(_javascript().parse(text.encode()).root_node):
        line = wrong.start_point.row + 1
        what = f"{wrong.type!r} is missing" if wrong.is_missing else f"unexpected {_short(wrong)!r}"
        facts.problems.append(f"a script is cut off or broken: line {line}: {what}")
    return facts


@cache
def _javascript() -> Parser:
    return Parser(Language(tree_sitter_javascript.language()))


def _first_wrong(node: Node) -> Node | None:
    """The first part of a script that its grammar does not allow; None if there is none."""
    while node.has_error and not (node.is_error or node.is_missing):
        node = next(child for child in node.children if child.has_error)
    return node if node.has_error else None


def _short(node: Node) -> str:
    assert node.text is not None  # the tree was read from bytes, and has them
    return shorten(node.text.decode(), 60, placeholder=" …")

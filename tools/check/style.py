"""What is found in a style sheet and in a script."""

import re
from collections.abc import Iterator
from itertools import accumulate

from tools.check.facts import Facts

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', re.DOTALL)
ADDRESS = re.compile(
    r"""url\(\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^)"']*))\s*\)"""
    r"""|@import\s+(?:"(?P<import2>[^"]*)"|'(?P<import1>[^']*)')""",
    re.IGNORECASE,
)
CLOSING = {")": "(", "]": "[", "}": "{"}
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
    """Find what is to be known of a script of this project.

    Args:
        text: JavaScript.

    Returns:
        The modules that it imports by a relative path, and whether it is whole.
    """
    facts = look_at_theme_script(text)
    if why := _why_no_script(text):
        facts.problems.append(f"a script is cut off or broken: {why}")
    return facts


def look_at_theme_script(text: str) -> Facts:
    """Find what is to be known of a script that comes with the theme, byte for byte.

    Args:
        text: JavaScript.

    Returns:
        The modules that it imports by a relative path.
    """
    facts = Facts()
    for address in IMPORTED.findall(text):
        facts.link("load", address)
    return facts


def _why_no_script(text: str) -> str:
    """Why a text is no JavaScript, as far as its words and brackets tell; "" if it seems to be."""
    from pygments.lexers import JavascriptLexer
    from pygments.token import Error, Punctuation, String

    opened = []
    for place, kind, word in JavascriptLexer().get_tokens_unprocessed(text):
        line = text.count("\n", 0, place) + 1
        if kind is Error:
            return f"line {line}: unexpected {word!r}"
        for sign in word if kind in Punctuation or kind in String.Interpol else "":
            if sign in CLOSING.values():
                opened.append((sign, line))
            elif sign in CLOSING and (not opened or opened.pop()[0] != CLOSING[sign]):
                return f"line {line}: unexpected {sign!r}"
    return "line {1}: {0!r} is never closed".format(*opened[-1]) if opened else ""

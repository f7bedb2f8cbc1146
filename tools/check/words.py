"""What must never be read on a page: errors, and what a build failed to turn into something."""

import re
from collections.abc import Iterator

TRACEBACK = "Traceback (most recent call last)"
LOCATION = re.compile(r'File "[^"\n]+", line \d+, in \S')
ERROR = re.compile(r"^\s*([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning)\b.*)$", re.M)
REPR = re.compile(r"\S* at 0x[0-9a-fA-F]{6,}")
"""What Python prints of an object that has no words of its own; another one in every build."""

MATHEMATICS = re.compile(r"\$[^$\n]*\$?|\\\(|\\\[|\\begin\{")
"""What is left on a page where mathematics was not rendered."""

LEFTOVERS = {
    "a template was not filled in": re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"),
    "a code fence was not rendered": re.compile(r"```|~~~"),
    "a box was not rendered": re.compile(r'^ *(?:!!!|\?\?\?\+?|===) ["\w]', re.M),
    "an object of the reference was not found": re.compile(r"^ *::: \w", re.M),
    "a reference was not resolved": re.compile(r"\[[^\[\]\n]+\]\[[A-Za-z_][\w.-]*\]"),
    "a link was not rendered": re.compile(r"\]\((?:#|\.\.?/|https?:|[\w/-]+\.md)[^()\s]*\)"),
    "an attribute list was not rendered": re.compile(r"\{:?\s*[.#][A-Za-z_][^{}\n]*\}"),
    "another dialect's note is shown as text": re.compile(r"\[![A-Z]+\]"),
    "a cell or a line holds no finite number": re.compile(
        r"^[ \t]*[-−+]?(?:nan|inf|infinity)[ \t]*$", re.M | re.IGNORECASE
    ),
    "a footnote was not rendered": re.compile(r"\[\^[\w-]+\]"),
    "an abbreviation was not rendered": re.compile(r"\*\[[^\]\n]+\]:"),
    "a task list was not rendered": re.compile(r"^\s*\[[ xX]\] ", re.M),
    "an emoji or an icon was not rendered": re.compile(
        r"(?<![\w:]):[a-z][a-z0-9_+-]*[a-z0-9]:(?![\w:])"
    ),
    "another dialect's mark is shown as text": re.compile(
        r"~~\S[^~\n]*~~|==\S[^=\n]*==|\+\+\w[\w+-]*\+\+"
    ),
    "a snippet was not included": re.compile(r"-{1,2}8<-{1,2}"),
    "HTML is shown as text": re.compile(
        r"</?(?:a|b|code|div|figure|h[1-6]|i|img|li|math|ol|p|pre|section|span|svg|table|td|tr|ul)"
        r"(?:\s[^<>]*)?/?>"
    ),
    "a character could not be decoded": re.compile("\ufffd"),
}
"""What is left in prose where Markdown or a template was not turned into a page."""

NO_NUMBER = re.compile(r"(?<![\w.])[-−+]?(?:nan|inf|infinity)(?!\w)", re.IGNORECASE)


def errors(text: str) -> Iterator[str]:
    """Find errors that a reader sees.

    Args:
        text: the visible text of a page, code included, without markup.

    Yields:
        A sentence for each.
    """
    places = [found.start() for found in re.finditer(re.escape(TRACEBACK), text)]
    located = LOCATION.search(text)
    if not places and located:
        places = [located.start()]
    for place in places:
        said = ERROR.search(text, place)
        what = f": {said[1].strip()[:100]}" if said else ""
        yield f"a block has failed: the page shows a traceback{what}"
    for found in REPR.finditer(text):
        yield f"shows {found[0]!r}: expected words, not an object's place in memory"


def leftovers(prose: str) -> Iterator[str]:
    """Find what was not turned into a page.

    Args:
        prose: the visible text of a page without code.

    Yields:
        A sentence for each.
    """
    for found in MATHEMATICS.finditer(prose):
        yield f"mathematics was not rendered: {around(prose, found)}"
    for what, pattern in LEFTOVERS.items():
        for found in pattern.finditer(prose):
            yield f"{what}: {around(prose, found)}"


def no_numbers(text: str) -> Iterator[str]:
    """Find measured values that are none.

    Args:
        text: what a card or a table of evidence says.

    Yields:
        A sentence for each `nan` and `inf`.
    """
    for found in NO_NUMBER.finditer(text):
        yield f"a measured value is {found[0]!r}, expected a finite number: {around(text, found)}"


def around(text: str, found: re.Match) -> str:
    """Quote a place of a text.

    Args:
        text: where it was found.
        found: what was found.

    Returns:
        It and a few words before and after, in one line.
    """
    piece = text[max(0, found.start() - 30) : found.end() + 30]
    return f"…{' '.join(piece.split())!r}…"

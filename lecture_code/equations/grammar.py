"""The grammar at work: from text to syntax trees, and errors that point at the place."""

import io
import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import cast

import lark
from lark import Lark, Tree, UnexpectedInput, UnexpectedToken

from lecture_code.equations.language import ENVIRONMENTS, NAMED, SPELLINGS
from lecture_code.equations.limits import unwritable, writable
from lecture_code.support.store import CACHE, PLACE, Store

LARK = {
    "parser": "lalr",
    "start": ["start", "name", "indices", "exponent"],
    "propagate_positions": True,
}
"""How the grammar is read."""


class EquationSyntaxError(ValueError):
    """LaTeX that is no equation of this grammar.

    Attributes:
        line: line of the source, from 1.
        column: column in that line, from 1.
        position: where that is in the source, from 0.
        problem: what was expected there, and what came.
        picture: the line of the source, and below it a mark at the place.

    Examples:
        >>> from lecture_code.equations import EquationSyntaxError, parse
        >>> try:
        ...     parse("y = w x_")
        ... except EquationSyntaxError as error:
        ...     print(error.picture)
            y = w x_
                   ^
    """

    def __init__(self, text: str, position: int, problem: str):
        """Point at the place of a problem.

        Args:
            text: the source.
            position: where in the source the problem is.
            problem: what was expected there, and what came.
        """
        self.position = position
        before = text[:position].split("\n")
        self.line, self.column = len(before), len(before[-1]) + 1
        self.problem = problem
        source = writable(text.split("\n")[self.line - 1])
        self.picture = f"    {source}\n    {' ' * (self.column - 1)}^"
        super().__init__(f"line {self.line}, column {self.column}: {problem}\n{self.picture}")


@cache
def _parser() -> Lark:
    """The grammar's parser. To make it takes 0.1 s, so the pages of a build share one."""
    grammar = Path(__file__).with_name("grammar.lark").read_text("utf-8")
    for place, words in {
        "FUNCTIONS": NAMED,
        "NAMES": "|".join(SPELLINGS),
        "ENVIRONMENTS": ENVIRONMENTS,
    }.items():
        grammar = grammar.replace(f"({place})", f"({words})")
    key = f"lark {lark.__version__} {sys.version} {LARK} {grammar}"
    kept = Store(CACHE / "grammars", "a grammar's parser") if PLACE in os.environ else None
    made = kept and kept.get(key)
    if made:
        return Lark.load(io.BytesIO(made))
    parser = Lark(grammar, **LARK)
    if kept:
        file = io.BytesIO()
        parser.save(file)
        kept.put(key, file.getvalue())
    return parser


_BRACKETS = re.compile(r"\\left\s*|\\right\s*|\\\||\|\||\||\\[{}]|[{}]")


def _with_sides(text: str) -> str:
    r"""The text with bars that open and bars that close as different characters.

    Outside of `\left` and `\right` they take turns, in each pair of braces for itself. A bar that
    stays alone, as in p(x|z), is no absolute value.
    """
    characters = list(text)
    open_bars: list[list[tuple[str, int]]] = [[]]
    side = ""
    for found in _BRACKETS.finditer(text):
        mark = found[0].strip()
        if mark in (r"\left", r"\right"):
            side = mark
            continue
        if mark == "{":
            open_bars.append([])
        elif mark == "}" and len(open_bars) > 1:
            open_bars.pop()
        elif "|" in mark:
            waiting = open_bars[-1]
            codes = "\ue0f2\ue0f3" if len(mark) > 1 else "\ue0f0\ue0f1"
            if side == r"\left" or (not side and not (waiting and waiting[-1][0] == mark)):
                waiting.append((mark, found.start()))
            elif waiting and waiting[-1][0] == mark:
                _, start = waiting.pop()
                characters[start : start + len(mark)] = codes[0] * len(mark)
                characters[found.start() : found.end()] = codes[1] * len(mark)
        side = ""
    return "".join(characters)


def read(text: str, start: str) -> Tree:
    """Read a text by the grammar.

    Args:
        text: LaTeX.
        start: the rule that it has to follow, one of those in `LARK`.

    Returns:
        Its syntax tree; every token and tree knows its place in the text.

    Raises:
        EquationSyntaxError: if the text does not follow the rule.
    """
    if found := unwritable(text):
        raise EquationSyntaxError(text, *found)
    try:
        return _parser().parse(_with_sides(text) if "|" in text else text, start=start)
    except UnexpectedInput as error:
        raise _syntax_error(text, start, error) from None


# The grammar's terminals in readable words, in the order in which a message lists them.
_WORDS = {
    "a symbol": (
        *(
            "LETTER",
            "GREEK",
            "DECORATED",
            "_PARTIAL",
            "DERIVATIVE",
            "NABLA",
            "OWN_FUNCTION",
            "SIGMA",
        ),
    ),
    "a number": ("NUMBER",),
    "a function": ("FUNCTION",),
    r"`\frac`": ("_FRAC", "SHORT_FRACTION"),
    r"`\sum`": ("SUM", "EXTREME"),
    r"`\sqrt`": ("_SQRT",),
    "`(`": ("_LPAR",),
    "`[`": ("_LBRACKET", "_LEFT"),
    "`{`": ("_LBRACE", "_OPENING"),
    "`|`": ("_BAR", "_BARS"),
    "`=`": ("_EQUALS",),
    r"`\leftarrow`": ("_ARROW",),
    "a subscript": ("SUBSCRIPT",),
    "a superscript": ("_TRANSPOSE", "POWER", "LABEL", "PRIMES", "SUPERSCRIPT"),
    "`_`": ("_LOWER",),
    "`^`": ("_CARET",),
    "an operator": ("_PLUS", "_MINUS", "_TIMES", "_STAR", "_SLASH"),
    r"`\circ`": ("_CIRC",),
    r"`\cdot`": ("_CDOT",),
    "`,`": ("_COMMA",),
    "`.`": ("_STOP",),
    "`)`": ("_RPAR",),
    "`]`": ("_RBRACKET",),
    "`}`": ("_RBRACE", "_CLOSING"),
    "a closing `|`": ("_END_BAR", "_END_BARS"),
    r"`\right`": ("_RIGHT",),
    r"`\\`": ("_NEWLINE",),
    r"`\begin{aligned}`": ("_BEGIN",),
    r"the end of the environment": ("_END",),
    "`$$`": ("_FENCE",),
    "the end": ("$END",),
}

_OPENINGS = tuple(_WORDS)[: tuple(_WORDS).index("`|`") + 1]
"""What an expression can begin with."""

HINTS = {
    "_": "a subscript follows a symbol: one letter or digit, a Greek letter, or anything in braces",
    "^": r"one superscript follows a symbol or a group: \top or T (the transpose), a number (a "
    r"power), or a part of a symbol's name, which is ^*, ^\prime, ' or ^{(...)}",
    "{": r"braces belong to \frac, accents, fonts, subscripts and superscripts; to group, write "
    "parentheses",
    r"\cdot": r"\cdot joins two factors; after a function without parentheses, or under a slash, "
    "write parentheses",
}
"""Said in place of what was expected, where a list would not help."""


LEXEME = re.compile(r"\\(begin|end)\{[a-z]*\*?\}|\\[a-zA-Z]+|\\.|.")
"""One sign of LaTeX, for a message."""


def _syntax_error(text: str, start: str, error: UnexpectedInput) -> EquationSyntaxError:
    position, found = len(text.rstrip()), "the end"
    if not (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        position = cast(int, error.pos_in_stream)  # lark declares it as None, and sets it later
        lexeme = LEXEME.match(text, position)
        assert lexeme  # the grammar passes over what is no lexeme: ends of lines
        found = lexeme[0]
    if found in HINTS:
        return EquationSyntaxError(text, position, f"got `{found}`: {HINTS[found]}")
    expected = _expected(text[:position], start)
    shown = found if found == "the end" else f"`{found}`"
    return EquationSyntaxError(text, position, f"expected {expected}, got {shown}")


def _expected(before: str, start: str) -> str:
    """What can follow the beginning of a source, in words: `(`, `[` or a symbol."""
    parser = _parser().parse_interactive(_with_sides(before), start=start)
    parser.exhaust_lexer()
    accepted = parser.accepts()
    words = [word for word, terminals in _WORDS.items() if accepted.intersection(terminals)]
    if "`(`" in words and "`|`" in words:
        words = ["an expression", *(word for word in words if word not in _OPENINGS)]
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last

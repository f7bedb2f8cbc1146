"""The grammar at work: from text to syntax trees, and errors that point at the place."""

import io
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import cast

import lark
from lark import Lark, Tree, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

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


_SPACES = r"\s|\\[,;:! ]|~|&"
_JOINING_WORDS = r"\\(text|textrm|mbox|mathrm)\s*\{\s*(and|where|with)\s*\}"
_IN_WORDS = (
    r"\\text\s*\{\s*for( all| each)?\s*\}|\\forall(?![a-zA-Z])|\\text\s*\{\s*where(?![^=]*=)"
)
_FOR_WHICH = (
    rf"(\\q?quad|[,;\s]){{0,9}}({_IN_WORDS}"
    r"|(\\[a-z]+|[a-zA-Z])(_[a-zA-Z0-9])?\s*(=[^=\\&]*\\l?dots|[<>]|\\(geq?|leq?|in)(?![a-zA-Z])))"
)
"""How a remark begins that tells for which values of a letter a line holds."""
_BRACES = r"\{([^{}]|\{([^{}]|\{[^{}]*\})*\})*\}"
_LEFT = (
    rf"(\\?[a-zA-Z]+\s*({_BRACES})?)(\s*[_^]\s*({_BRACES}|\\?[a-zA-Z0-9*]+)|')*\s*(\([^()=]*\)\s*)?"
    r"&?\s*(:?\s*=|\\((long)?leftarrow|gets|coloneqq|triangleq|doteq|equiv)(?![a-zA-Z]))"
)
"""The left-hand side of another equation, as far as a search for it has to know."""

_EXTREMES = ("max", "min")

_SHIFT = 0xE100
"""From a letter to the character that stands for it in a name of several letters."""


def _shifted(word: str) -> str:
    return "".join(chr(_SHIFT + ord(letter)) for letter in word)


def _lettered(words: Iterable[str]) -> str:
    """A pattern of words in letters, none of which is the beginning of a longer one."""
    found = "|".join(map(_shifted, sorted(words, key=len, reverse=True)))
    return f"(?:{found})(?![{_shifted('A')}-{_shifted('z')}])"


def marked_words(text: str) -> list[str]:
    """The names of several letters that are marked in a text.

    Args:
        text: a token of the grammar.

    Returns:
        Their letters.
    """
    found = re.findall(f"[{_shifted('A')}-{_shifted('z')}]{{2,}}", text)
    return [unmarked(word) for word in found]


def unmarked(text: str) -> str:
    """Put the letters back into a text in which names of several letters are marked.

    Args:
        text: a token of the grammar.

    Returns:
        What the source has in its place.
    """
    return re.sub(
        f"[{_shifted('A')}-{_shifted('z')}]", lambda found: chr(ord(found[0]) - _SHIFT), text
    )


WORD = r"[a-zA-Z](?:[a-zA-Z]|\\_)+"
"""A name of several letters."""

_RUN = re.compile(
    rf"\\(?![dt]?frac(?![a-zA-Z])|sqrt|left|right)[a-zA-Z]+\*?\s*\{{[^{{}}]*\}}|(?<![\\a-zA-Z])({WORD})"
)
_FIRST = re.compile(
    rf"(?:^|\\\\(?:\s*\[[^]]*\])?|\\begin\{{[^{{}}]*\}}(?:\{{[^{{}}]*\}})?|\$\$)[\s&]*({WORD})"
    rf"|(?:\\q?quad|{_JOINING_WORDS})(?:{_SPACES})*(?={_LEFT})({WORD})"
)


def words_in(text: str, names: Iterable[str] = ()) -> frozenset[str]:
    """The names of several letters that a text may have: those given, and those it defines.

    Args:
        text: LaTeX.
        names: canonical names of symbols that have a value.

    Returns:
        The letters without what is below or above them.
    """
    given = (re.match(WORD, name) for name in names)
    defined = (found[1] or found[found.lastindex or 1] for found in _FIRST.finditer(text))
    return frozenset([found[0] for found in given if found] + list(defined))


def _with_words(text: str, start: str, words: frozenset[str]) -> str:
    """The text with the letters of a name as other characters: rel_i is not r e l_i."""
    characters = list(text)
    functions = (*SPELLINGS, *_EXTREMES)
    for found in _RUN.finditer(text):
        word = found[1]
        if word is None:
            continue
        is_name = start == "name" and found.start(1) == len(text) - len(text.lstrip())
        is_function = word in functions and (
            is_name or re.match(r"\s*(\\left\s*)?[(\[]", text[found.end() :])
        )
        if is_name or is_function or word in words:
            characters[found.start(1) : found.end(1)] = _shifted(word)
    for word in words:
        if word.startswith("\\"):
            for found in re.finditer(rf"{re.escape(word)}(?![a-zA-Z])", text):
                characters[found.start() : found.end()] = _shifted(word)
    return "".join(characters)


@cache
def _parser() -> Lark:
    """The grammar's parser. To make it takes 0.1 s, so the pages of a build share one."""
    grammar = Path(__file__).with_name("grammar.lark").read_text("utf-8")
    for place, words in {
        "FUNCTIONS": NAMED,
        "NAMES": "|".join(SPELLINGS),
        "LETTERED": _lettered(SPELLINGS),
        "EXTREMES": _lettered(_EXTREMES),
        "ENVIRONMENTS": ENVIRONMENTS,
        "SPACES": _SPACES,
        "WORDS": _JOINING_WORDS,
        "FOR_WHICH": _FOR_WHICH,
        "IN_WORDS": _IN_WORDS,
        "LEFT": _LEFT,
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


_BRACKETS = re.compile(r"\\left\s*|\\right\s*|\\\||\\[vV]ert(?![a-zA-Z])|\|\||\||\\[{}]|[{}()]")


def _with_sides(text: str) -> str:
    r"""The text with bars that open and bars that close as different characters.

    Outside of `\left` and `\right` they take turns, in each pair of brackets for itself. A bar that
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
        if mark in ("{", "("):
            open_bars.append([])
        elif mark in ("}", ")") and len(open_bars) > 1:
            open_bars.pop()
        elif "|" in mark or "ert" in mark:
            waiting = open_bars[-1]
            is_single = mark in ("|", r"\vert")
            codes = "\ue0f0\ue0f1" if is_single else "\ue0f2\ue0f3"
            if side == r"\left" or (not side and not (waiting and waiting[-1][0] == mark)):
                waiting.append((mark, found.start()))
            elif waiting and waiting[-1][0] == mark:
                _, start = waiting.pop()
                characters[start : start + len(mark)] = codes[0] * len(mark)
                characters[found.start() : found.end()] = codes[1] * len(mark)
        side = ""
    return "".join(characters)


_GRID = re.compile(r"\\(begin|end)\{([dr]?cases|[bp]?matrix)\}|&|\\\\")


def _with_cells(text: str) -> str:
    r"""The text with the & and the \\ of cases and matrices as other characters."""
    if r"\begin" not in text:
        return text
    depth, characters = 0, list(text)
    for found in _GRID.finditer(text):
        if found[1]:
            depth = max(0, depth + (1 if found[1] == "begin" else -1))
        elif depth:
            mark = "\ue0f4" if found[0] == "&" else "\ue0f5"
            characters[found.start() : found.end()] = mark * len(found[0])
    return "".join(characters)


def unaligned(text: str) -> str:
    r"""Take the & out of a text with which lines are aligned.

    Args:
        text: a part of a source.

    Returns:
        The text; cases and matrices keep their &.
    """
    return text if "&" not in text else _unmarked_cells(_with_cells(text).replace("&", ""))


def _unmarked_cells(text: str) -> str:
    """Put the & and the backslashes back into a text in which those of cells are marked."""
    return text.replace("\ue0f4", "&").replace("\ue0f5", "\\")


def _marked(text: str, start: str, words: frozenset[str]) -> str:
    """The text, of the same length, with other characters for what only its context tells."""
    text = _with_cells(_with_words(text, start, words))
    return _with_sides(text) if "|" in text or "ert" in text else text


def read(text: str, start: str, words: frozenset[str] = frozenset()) -> Tree:
    """Read a text by the grammar.

    Args:
        text: LaTeX.
        start: the rule that it has to follow, one of those in `LARK`.
        words: letters side by side that are one name, wherever they stand in the text.

    Returns:
        Its syntax tree; every token and tree knows its place in the text.

    Raises:
        EquationSyntaxError: if the text does not follow the rule.
    """
    if found := unwritable(text):
        raise EquationSyntaxError(text, *found)
    try:
        return _parser().parse(_marked(text, start, words), start=start)
    except UnexpectedInput as error:
        raise _syntax_error(text, start, error, words) from None


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
            "WORD",
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
    r"`\langle`": ("_ANGLE",),
    r"`\begin{cases}`": ("_BEGIN_CASES",),
    r"`\begin{bmatrix}`": ("_BEGIN_MATRIX",),
    "an opening `|`": ("_BAR", "_BARS"),
    "`=`": ("_EQUALS",),
    r"`\leftarrow`": ("_ARROW",),
    "a subscript": ("SUBSCRIPT",),
    "a superscript": (
        "_TRANSPOSE",
        "POWER",
        "LABEL",
        "PRIMES",
        "SUPERSCRIPT",
        "POSITIVE_PART",
        "POWER_ABOVE",
    ),
    "`_`": ("_LOWER",),
    "`^`": ("_CARET",),
    "an operator": ("_PLUS", "_MINUS", "_TIMES", "_STAR", "_SLASH"),
    r"`\circ`": ("_CIRC",),
    r"`\cdot`": ("_CDOT", "_CROSS"),
    r"`\rangle`": ("_END_ANGLE",),
    r"`\in`": ("_IN_ALL",),
    "a condition": ("_IF", "OTHERWISE"),
    "a relation": ("RELATION", "_UNEQUAL"),
    r"`\text{and}`": ("_AND",),
    "`&`": ("_CELL",),
    r"`\end{cases}`": ("_END_CASES",),
    r"`\end{bmatrix}`": ("_END_MATRIX",),
    "`,`": ("_COMMA", "_GIVEN"),
    "`.`": ("_STOP",),
    "`)`": ("_RPAR",),
    "`]`": ("_RBRACKET",),
    "`}`": ("_RBRACE", "_CLOSING"),
    "a closing `|`": ("_END_BAR", "_END_BARS"),
    r"`\right`": ("_RIGHT",),
    r"`\\`": ("_NEWLINE", "_ROW"),
    r"`\begin{aligned}`": ("_BEGIN",),
    r"the end of the environment": ("_END",),
    "`$$`": ("_FENCE",),
    "the end": ("$END",),
    "": ("_SPACE_OF", "_APART", "REMARK"),  # what may be said behind an equation, or not
}

_OPENINGS = tuple(_WORDS)[: tuple(_WORDS).index("an opening `|`") + 1]
"""What an expression can begin with."""

HINTS = {
    "_": "a subscript follows a symbol: one letter or digit, a Greek letter, or anything in braces",
    "^": r"one superscript follows a symbol or a group: \top or T (the transpose), a number (a "
    r"power), or a part of a symbol's name, which is ^*, ^\prime, ' or ^{(...)}",
    r"\dots": "what stands between is not said; write a sum over an index",
    r"\infty": "a sum without end is not computed; write how far it goes",
    r"\approx": "an approximation has no exact value; write =",
    r"\sim": "what is drawn has no value of its own; draw it, and give its value",
    r"\in": r"what is in a set is not said; \mathcal{S} is all that there is, and limits say more",
    r"\oplus": "it joins in one text and adds in another; write [a, b] or a + b",
    r"\bmod": r"there is no remainder; give a function, \operatorname{mod}(a, b)",
    r"\arg": r"a place is no value; give a function, \operatorname{argmax}(x)",
    r"\int": r"integrals are not computed; give a function, or a sum for its approximation",
    "{": r"braces belong to \frac, accents, fonts, subscripts and superscripts; to group, write "
    "parentheses",
    r"\cdot": r"\cdot joins two factors; after a function without parentheses, or under a slash, "
    "write parentheses",
}
"""Said in place of what was expected, where a list would not help."""

HINTS |= dict.fromkeys((r"\cdots", r"\ldots", r"\vdots"), HINTS[r"\dots"])

_CONTEXTS = (
    (r"/\s*[^\s/]+\s*$", r"\w|[({[]", r"below a slash stands one factor; write \frac or brackets"),
    (r"\\sqrt\s*$", r"\[", "roots are square roots; write a power, x^{1/3}"),
    (r"$", r"\d(?=e[-+^\d])", "a number for computers; write 10^{-5}, and e^{-5} for a power of e"),
    (
        r"\\[a-z]+\s*$",
        r"\^\s*\{\s*-",
        "no inverse functions; give yours, \\operatorname{arcsin}(x)",
    ),
    (r"\d,\s*$", r"\d", "a comma ends the equation; write a number without it, 1000"),
    (r"\\\|[^|]*$", r"\\\||\|", "bars that do not close; to join write [a, b]"),
)
"""Hints by what stands before the place, and at it."""


LEXEME = re.compile(r"\\(begin|end)\{[a-z]*\*?\}|\\[a-zA-Z]+|\\.|.")
"""One sign of LaTeX, for a message."""


def _syntax_error(
    text: str, start: str, error: UnexpectedInput, words: frozenset[str]
) -> EquationSyntaxError:
    position, found = len(text.rstrip()), "the end"
    if not (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        position = cast(int, error.pos_in_stream)  # lark declares it as None, and sets it later
        lexeme = LEXEME.match(text, position)
        assert lexeme  # the grammar passes over what is no lexeme: ends of lines
        found = lexeme[0]
    before, behind = text[:position], "" if found == "the end" else text[position:]
    for ahead, at, hint in _CONTEXTS:
        if behind and re.search(ahead, before) and re.match(at, behind):
            return EquationSyntaxError(text, position, f"got `{found}`: {hint}")
    if found in HINTS:
        return EquationSyntaxError(text, position, f"got `{found}`: {HINTS[found]}")
    if isinstance(error, UnexpectedCharacters) and re.match(r"\\[a-zA-Z]", found):
        hint = f"if it is a function, write \\operatorname{{{found[1:]}}} and give it as a value"
        return EquationSyntaxError(text, position, f"got `{found}`, which is not read; {hint}")
    expected = _expected(_marked(text, start, words)[:position], start)
    shown = found if found == "the end" else f"`{found}`"
    return EquationSyntaxError(text, position, f"expected {expected}, got {shown}")


def _expected(before: str, start: str) -> str:
    """What can follow the beginning of a source, in words: `(`, `[` or a symbol."""
    parser = _parser().parse_interactive(before, start=start)
    with suppress(UnexpectedInput):  # the beginning alone may be read in another way
        parser.exhaust_lexer()
    accepted = parser.accepts()
    words = [word for word, terminals in _WORDS.items() if accepted.intersection(terminals)]
    words = [word for word in words if word]
    if "`(`" in words and "an opening `|`" in words:
        words = ["an expression", *(word for word in words if word not in _OPENINGS)]
    *most, last = words or ["something else"]
    return f"{', '.join(most)} or {last}" if most else last

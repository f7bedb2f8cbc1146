r"""Limits: how long, how deep and how large an equation may be. They are checked first.

They are far beyond what anybody writes, and far below what would hang, fill the memory or reach
Python's limit of 1,000 nested calls, half of which the calling application may have used.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import prod
from typing import Any, TypeVar

LONGEST = 50_000
"""Characters of a source: its MathML takes 0.6 s."""

DEEPEST = 40
"""Levels of brackets, braces, functions and sums. Each takes up to 5 nested calls."""

MOST_COMMANDS = 2_000
"""Commands in a row, between two signs: the MathML converter overflows its stack at 5,000."""

MOST_UNCLOSED = 8
"""Brackets without their counterpart: each doubles the time that the MathML converter takes."""

MOST_DIGITS = 300
"""Digits of a number: more than 308 are no float."""

MOST_BITS = 4_096
"""Bits of a whole number that is computed."""

MOST_ENTRIES = 10_000_000
"""Entries that the indices of a line count in all: 80 MB for each array of them."""

MOST_PRODUCT = 100_000_000
"""Entries of a product of two arrays: 800 MB."""

MOST_CALLS = 10_000
"""Calls of the functions that the lines define, made by one line."""


class EquationSizeError(ValueError):
    r"""An equation that is too long, too deep, or whose value would be too large.

    Examples:
        >>> from lecture_code.equations import EquationSizeError, parse
        >>> try:
        ...     parse("y = x" + " + x" * 50_000)
        ... except EquationSizeError as error:
        ...     print(error)
        expected a source of at most 50,000 characters, got 200,005
    """


def check(what: str, limit: int, found: int, where: str = "") -> None:
    """Compare a size with its limit.

    Args:
        what: what is limited, with a place for the limit: `a source of at most {} characters`.
        limit: the limit.
        found: the size.
        where: the LaTeX that it is the size of, for the message.

    Raises:
        EquationSizeError: if it is larger; the message says what was expected, and what came.
    """
    if found > limit:
        got = f"{found:,}" if found.bit_length() < 64 else f"about 2^{found.bit_length()}"
        place = f"`{shortened(where)}`: " if where else ""
        raise EquationSizeError(f"{place}expected {what.format(f'{limit:,}')}, got {got}")


# TEXT

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def check_text(latex: str, name: str = "latex") -> None:
    """Check that a source is text, not too long, and not too deep.

    Args:
        latex: the source.
        name: the argument that it was given as.

    Raises:
        TypeError: if it is no string.
        EquationSizeError: if it is too long or too deep.
    """
    if not isinstance(latex, str):
        raise TypeError(f"{name}: expected a string of LaTeX, got {type(latex).__name__}")
    check("a source of at most {} characters", LONGEST, len(latex))
    depth = deepest = 0
    for found in re.finditer(
        r"\\left(?![a-zA-Z])\s*\\?.|\\right(?![a-zA-Z])\s*\\?.|\\?[][(){}]", latex
    ):
        opens = found[0].startswith(r"\left") or found[0][-1] in "([{"
        depth = max(0, depth + (1 if opens and not found[0].startswith(r"\right") else -1))
        deepest = max(depth, deepest)
    check("brackets and braces at most {} deep", DEEPEST, deepest)


def unwritable(text: str) -> tuple[int, str] | None:
    """Find a character that no text has: a control character, or half of a pair of them.

    Args:
        text: any text.

    Returns:
        Its place and what is wrong with it, or None.
    """
    found = _UNWRITABLE.search(text)
    if not found:
        return None
    hint = "" if ord(found[0]) > 0xFF else '; write LaTeX in a raw string, r"..."'
    return found.start(), f"expected LaTeX, got the character U+{ord(found[0]):04X}{hint}"


_DELIMITER = r"\s*(\\[a-zA-Z]+|\\?.)"


def writable(text: str) -> str:
    """Put a sign in the place of every character that no text has.

    Args:
        text: any text.

    Returns:
        Text of the same length that can be printed.
    """
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


_PIECE = re.compile(
    rf"(?P<begin>\\begin(?![a-zA-Z])|\\left(?![a-zA-Z]){_DELIMITER}|\{{)"
    rf"|(?P<end>\\end(?![a-zA-Z])|\\right(?![a-zA-Z]){_DELIMITER}|\}})"
    r"|(?P<cell>&|\\\\)"
    rf"|(?P<skip>\\[bB]igg?[lrm]?(?![a-zA-Z]){_DELIMITER}|%[^\n]*|\\%)"
    r"|(?P<open>[(\[⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼]|\\\{|\\(u|l+)([aA]ngle|[bB]race|brack|bracket"
    r"|paren|floor|ceil|[vV]ert|group|moustache|corner)(?![a-zA-Z]))"
    r"|(?P<close>[)\]⌉⌋⌝⌟⎱❳⟆⟧⟩⟫⟭⟯⦄⦆⦈⦊⦌⦎⦐⦒⦔⦖⦘⧙⧛⧽]|\\\}"
    r"|\\r(angle|brace|brack|paren|floor|ceil|vert|Vert)(?![a-zA-Z]))"
    # What follows is an argument and closes nothing, but for one behind a letter or a sign.
    r"|(?P<letter>\\(alpha|beta|gamma|delta|(var)?epsilon|zeta|eta|(var)?theta|iota|kappa|lambda|mu"
    r"|nu|xi|pi|rho|(var)?sigma|tau|upsilon|(var)?phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi"
    r"|Sigma|Upsilon|Phi|Psi|Omega|top|infty|[lc]?dots|prime|ell|partial|quad|qquad|[,;:! ])"
    r"(?![a-zA-Z]))"
    r"|(?P<argument>[_^]\s*[)\]]?"
    r"|\\([dtc]?frac|[dt]?binom|overset|underset|stackrel)(?![a-zA-Z])\s*[^\\{}]?\s*[)\]]?"
    r"|\\sqrt\s*\[[^][{}]*\]|\\[a-zA-Z]+\s*[)\]]?)"
    r"|(?P<sign>[-+=,])",
    re.DOTALL,
)


class _Group:
    """What is between two braces, or in one cell of an environment."""

    def __init__(self, latex: str = ""):
        self.has_cells = latex.startswith(r"\begin")
        self.unclosed = self.worst = self.commands = 0


def check_markup(latex: str) -> None:
    r"""Check that LaTeX can be made into MathML in reasonable time.

    Args:
        latex: any LaTeX.

    Raises:
        TypeError: if it is no string.
        EquationSizeError: if it is too long, too deep, or leaves too many brackets open.
    """
    check_text(latex)
    groups, styles = [_Group()], 0
    for piece in _PIECE.finditer(latex):
        group, kind = groups[-1], piece.lastgroup
        if kind == "begin":
            groups.append(_Group(piece[0]))
            check("groups and environments at most {} deep", DEEPEST, len(groups) - 1)
        elif kind == "end" and len(groups) > 1:
            groups.pop()
            groups[-1].unclosed += max(group.worst, group.unclosed)
        elif kind == "cell" and group.has_cells:
            group.worst, group.unclosed = max(group.worst, group.unclosed), 0
            group.commands = 0
        elif kind == "open":
            group.unclosed += 1
        elif kind == "close":
            group.unclosed = max(0, group.unclosed - 1)
        elif kind == "sign":
            group.commands = 0
        elif kind in ("argument", "letter"):
            group.commands += 1
            styles += bool(re.match(r"\\(color|[a-z]*style)(?![a-zA-Z])", piece[0]))
            commands = styles + sum(one.commands for one in groups)
            check("at most {} commands in a row", MOST_COMMANDS, commands)
    unclosed = sum(max(one.worst, one.unclosed) for one in groups)
    check("at most {} brackets that nothing closes", MOST_UNCLOSED, unclosed)


# TREES

_CHAINS = {
    **dict.fromkeys(("sum", "difference", "product", "quotient", "convolution"), 0),
    "juxtaposition": -1,
}
"""Operators that form rows without brackets, and the operand that holds the rest of the row."""


def chain(expression: Any) -> list[Any]:
    """The operations of a row such as $a + b - c$, which are inside each other.

    Args:
        expression: an expression.

    Returns:
        The expression, and what is below it in the same row, the innermost last. The expression
        alone if it is no such operation.
    """
    links = [expression]
    place = _CHAINS.get(getattr(expression, "operator", ""))
    while place is not None:
        below = links[-1].operands[place]
        if below.bracketed or _CHAINS.get(getattr(below, "operator", "")) != place:
            break
        links.append(below)
    return links


def check_depth(expression: Any) -> None:
    """Check that functions can go through an expression by calling themselves.

    Args:
        expression: an expression.

    Raises:
        EquationSizeError: if it is too deep. A row of operations is one level.
    """
    check("an equation at most {} levels deep", DEEPEST, depth(expression))


def depth(expression: Any) -> int:
    """How many levels of an expression are inside each other.

    Args:
        expression: an expression.

    Returns:
        1 for a symbol. A row of operations is one level.
    """
    deepest, rest = 0, [(expression, 1)]
    while rest:
        part, level = rest.pop()
        deepest = max(deepest, level)
        links = chain(part)
        inside = {id(link) for link in links}
        rest += [
            (child, level + 1)
            for link in links
            for child in link.children
            if id(child) not in inside
        ]
    return deepest


_Result = TypeVar("_Result")


def from_inside(compute: Callable[[Any], _Result], ready: dict[int, _Result], part: Any) -> _Result:
    """Compute something of an expression that is computed of its parts, with no deep calls.

    Args:
        compute: the function; of the parts it asks this function again.
        ready: what is known of the links of rows, by their id.
        part: the expression.

    Returns:
        What `compute` gives. The innermost link of a row comes first: each finds the one below.
    """
    if id(part) in ready:
        return ready[id(part)]
    links = chain(part)
    for link in reversed(links[1:]):
        ready[id(link)] = compute(link)
    result = compute(part)
    for link in links[1:]:
        del ready[id(link)]
    return result


# VALUES


def check_entries(what: str, counts: Iterable[range]) -> None:
    """Check that the entries of a line with indices are not too many.

    Args:
        what: the part of the line, in LaTeX.
        counts: the values of each index in force.

    Raises:
        EquationSizeError: if there are too many.
    """
    entries = 1
    for values in counts:
        entries *= max(1, values.stop - values.start)
    check("at most {} entries of indices", MOST_ENTRIES, entries, what)


def check_shape(shape: tuple[int, ...]) -> None:
    """Check that a product of arrays is not too large.

    Args:
        shape: the shape that it would have.

    Raises:
        EquationSizeError: if it has too many entries.
    """
    check("a product of at most {} entries", MOST_PRODUCT, prod(shape))


def power(base: Any, exponent: Any) -> Any:
    """A power, unless it is a whole number of too many bits.

    Args:
        base: a number or an array.
        exponent: a number.

    Returns:
        The power.

    Raises:
        EquationSizeError: if it would be too large.
        ValueError: if it is no real number.
    """
    if isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1 and exponent > 0:
        bits = (abs(base).bit_length() - 1) * exponent
        check("a power of at most {} bits", MOST_BITS, bits)
    kinds = [str(getattr(one, "dtype", "")) for one in (base, exponent)]
    try:
        # Powers of whole numbers soon leave their range, and those below 0 are fractions.
        found = (base * 1.0 if any("int" in kind for kind in kinds) else base) ** exponent
    except (ArithmeticError, TypeError) as error:
        raise ValueError(f"{base} to the power of {exponent}: {error}") from error
    if isinstance(found, complex) and not isinstance(base, complex):
        raise ValueError(f"{base} to the power of {exponent}: expected a real number, got {found}")
    return found


@contextmanager
def computing(latex: str) -> Iterator[None]:
    """Name the expression in an error of Python's numbers, such as a division by zero.

    Args:
        latex: the expression that is computed.

    Raises:
        ValueError: in place of an `ArithmeticError`.
    """
    try:
        yield
    except (ArithmeticError, RuntimeError) as error:
        if isinstance(error, RecursionError):
            raise
        raise ValueError(f"`{shortened(latex)}`: {error}") from error


def shortened(latex: str) -> str:
    """Show LaTeX in a message, cut off if it is long.

    Args:
        latex: the source.

    Returns:
        At most 200 characters.
    """
    return latex if len(latex) <= 200 else f"{latex[:190]} ..."

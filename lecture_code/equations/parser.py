"""From LaTeX to equations: what stands on the left, what is computed on the right, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lark import Lark, Token, Transformer, Tree, UnexpectedInput, UnexpectedToken, v_args
from lark.tree import Meta


@dataclass(frozen=True)
class Expression:
    """A part of an equation that has a value.

    Attributes:
        latex: the part as it stands in the source.
    """

    latex: str


@dataclass(frozen=True)
class Symbol(Expression):
    r"""One occurrence of a quantity, such as $h_{t-1}$ or $\frac{\partial z}{\partial w}$.

    Attributes:
        name: the canonical name, equal for every spelling of the symbol.
        span: start and end of the occurrence in the equation's `latex`.
    """

    name: str
    span: tuple[int, int]


@dataclass(frozen=True)
class Number(Expression):
    """A number written in the equation.

    Attributes:
        value: the number.
    """

    value: int | float


@dataclass(frozen=True)
class Call(Expression):
    r"""A function of one argument.

    Attributes:
        function: the function's LaTeX, such as `\tanh` or `\operatorname{ReLU}`.
        argument: what the function is applied to.
    """

    function: str
    argument: Expression


@dataclass(frozen=True)
class Operation(Expression):
    """An operator and its operands.

    Attributes:
        operator: the name in the grammar, such as `sum`, `juxtaposition` or `transpose`.
        operands: the operands, in the order of the source.
    """

    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Equation:
    r"""One line of LaTeX: symbols on the left that get the value of the right.

    Attributes:
        left: one symbol, or the symbols in brackets that share the value.
        right: what is computed.
        latex: the source of the line, without the alignment marks `&` and `\\`.
        symbols: every occurrence of a symbol, left and right, in the order of the source.
    """

    left: tuple[Symbol, ...]
    right: Expression
    latex: str
    symbols: tuple[Symbol, ...]


class EquationSyntaxError(ValueError):
    """LaTeX that is no equation of this grammar.

    Attributes:
        line: line of the source, from 1.
        column: column in that line, from 1.
    """

    def __init__(self, text: str, position: int, problem: str):
        """Point at the place of a problem.

        Args:
            text: the source.
            position: where in the source the problem is.
            problem: what was expected there, and what came.
        """
        before = text[:position].split("\n")
        self.line, self.column = len(before), len(before[-1]) + 1
        source = text.split("\n")[self.line - 1]
        super().__init__(
            f"line {self.line}, column {self.column}: {problem}\n"
            f"    {source}\n"
            f"    {' ' * (self.column - 1)}^"
        )


def parse(latex: str) -> list[Equation]:
    r"""Read the equations of a LaTeX source.

    Args:
        latex: one equation, or several separated by `\\`, with or without an `aligned`, `align` or
            `align*` block and `$$` around them.

    Returns:
        The equations in the order of the source.

    Raises:
        EquationSyntaxError: if the source cannot be read; the message points at the place.
    """
    return list(_equations(latex))


# A cell's equation is evaluated at every time step, and always has the same text.
@cache
def _equations(latex: str) -> tuple[Equation, ...]:
    tree = _tree(latex, "start")
    return tuple(_Line(latex, line.meta.start_pos).transform(line) for line in tree.children)


@cache
def canonical(latex_symbol: str) -> str:
    r"""The one name of a symbol, however it is spelled.

    Args:
        latex_symbol: a symbol, such as `\tilde{h}_{t - 1}`.

    Returns:
        The name without needless spaces and braces, such as `\tilde h_{t-1}`.

    Raises:
        EquationSyntaxError: if the text is not exactly one symbol.
    """
    return _Line(latex_symbol, 0).transform(_tree(latex_symbol, "symbol")).name


@v_args(meta=True)
class _Line(Transformer):
    """Turns the syntax tree of one line into dataclasses."""

    def __init__(self, text: str, start: int):
        super().__init__()
        self.text = text
        self.start = start

    def equation(self, meta: Meta, children: list) -> Equation:
        left, right = children
        return Equation(left, right, self._latex(meta), (*left, *_symbols(right)))

    def left(self, meta: Meta, symbols: list[Symbol]) -> tuple[Symbol, ...]:
        return tuple(symbols)

    def plain(self, meta: Meta, pieces: list[Token]) -> Symbol:
        found = {piece.type: piece for piece in pieces}
        base = pieces[0]
        primes = r"\prime" * len(found.get("PRIMES", ""))
        superscript = found.get("LABEL", f"^{{{primes}}}" if primes else "")
        return self._symbol(meta, base + found.get("SUBSCRIPT", "") + superscript)

    labelled = plain

    def derivative(self, meta: Meta, symbols: list[Symbol]) -> Symbol:
        above, below = symbols
        return self._symbol(meta, rf"\frac{{\partial {above.name}}}{{\partial {below.name}}}")

    def call(self, meta: Meta, children: list) -> Call:
        function, argument = children
        return Call(self._latex(meta), re.sub(r"\s", "", function), argument)

    def NUMBER(self, digits: str) -> Number:
        return Number(str(digits), float(digits) if "." in digits else int(digits))

    def POWER(self, token: Token) -> Number:
        return self.NUMBER(re.sub(r"[^0-9.]", "", token))

    def __default__(self, operator: Token, operands: list[Expression], meta: Meta) -> Operation:
        return Operation(self._latex(meta), str(operator), tuple(operands))

    def _symbol(self, meta: Meta, name: str) -> Symbol:
        return Symbol(self._latex(meta), _tidy(name), self._span(meta))

    def _span(self, meta: Meta) -> tuple[int, int]:
        """Start and end in the line as it is without its alignment marks."""
        before, within = self.text[self.start : meta.start_pos], self._latex(meta)
        start = len(before.replace("&", ""))
        return start, start + len(within)

    def _latex(self, meta: Meta) -> str:
        return self.text[meta.start_pos : meta.end_pos].replace("&", "")


def _symbols(expression: Expression) -> Iterator[Symbol]:
    """Every occurrence of a symbol in an expression, in the order of the source."""
    match expression:
        case Symbol():
            yield expression
        case Call():
            yield from _symbols(expression.argument)
        case Operation():
            for operand in expression.operands:
                yield from _symbols(operand)


def _tidy(name: str) -> str:
    r"""A name without needless spaces and braces: `W_{u}` is `W_u`, `\tilde{h}` is `\tilde h`."""
    name = re.sub(r"\\[,;:!> ]|~|\\q?quad(?![a-zA-Z])", "", name)
    name = re.sub(r"(\\[a-zA-Z]+)|\s+", lambda found: f"{found[1]} " if found[1] else "", name)
    name = re.sub(r"\{(\\[a-zA-Z]+ |[^{}\\])\}", r"\1", name)
    return re.sub(r" (?![a-zA-Z])", "", name)


@cache
def _parser() -> Lark:
    return Lark.open(
        "grammar.lark",
        rel_to=__file__,
        parser="lalr",
        start=["start", "symbol"],
        propagate_positions=True,
    )


def _tree(text: str, start: str) -> Tree:
    try:
        return _parser().parse(text, start=start)
    except UnexpectedInput as error:
        raise _syntax_error(text, start, error) from None


# The grammar's terminals in readable words, in the order in which a message lists them.
_WORDS = {
    "a symbol": ("LETTER", "GREEK", "DECORATED", "_PARTIAL"),
    "a number": ("NUMBER",),
    "a function": ("FUNCTION",),
    r"`\frac`": ("_FRAC",),
    "`(`": ("_LPAR",),
    "`[`": ("_LBRACKET", "_LEFT"),
    "`{`": ("_LBRACE",),
    "`=`": ("_EQUALS",),
    r"`\leftarrow`": ("_ARROW",),
    "a subscript": ("SUBSCRIPT",),
    "a superscript": ("_TRANSPOSE", "POWER", "LABEL", "PRIMES"),
    "an operator": ("_PLUS", "_MINUS", "_TIMES", "_SLASH"),
    r"`\cdot`": ("_CDOT",),
    "`,`": ("_COMMA",),
    "`)`": ("_RPAR",),
    "`]`": ("_RBRACKET",),
    "`}`": ("_RBRACE",),
    r"`\right`": ("_RIGHT",),
    r"`\\`": ("_NEWLINE",),
    r"`\begin{aligned}`": ("_BEGIN_ALIGNED", "_BEGIN_ALIGN", "_BEGIN_ALIGN_STAR"),
    r"`\end{aligned}`": ("_END_ALIGNED",),
    r"`\end{align}`": ("_END_ALIGN",),
    r"`\end{align*}`": ("_END_ALIGN_STAR",),
    "`$$`": ("_FENCE",),
    "the end": ("$END",),
}

# Said in place of what was expected, where a list would not help.
_HINTS = {
    "_": "a subscript follows a symbol: one letter or digit, a Greek letter, or anything in braces",
    "^": r"one superscript follows a symbol or a group: \top or T (the transpose), a number (a "
    r"power), or a part of a symbol's name, which is ^*, ^\prime, ' or ^{(...)}",
    "{": r"braces belong to \frac, accents, fonts, subscripts and superscripts; to group, write "
    "parentheses",
    r"\cdot": r"\cdot joins two factors; after a function without parentheses, or under a slash, "
    "write parentheses",
}


_LEXEME = re.compile(r"\\(begin|end)\{[a-z]*\*?\}|\\[a-zA-Z]+|\\.|.")


def _syntax_error(text: str, start: str, error: UnexpectedInput) -> EquationSyntaxError:
    position, found = len(text.rstrip()), "the end"
    if not (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        position = error.pos_in_stream
        found = _LEXEME.match(text, position)[0]
    if found in _HINTS:
        return EquationSyntaxError(text, position, f"got `{found}`: {_HINTS[found]}")
    expected = _expected(text[:position], start)
    shown = found if found == "the end" else f"`{found}`"
    return EquationSyntaxError(text, position, f"expected {expected}, got {shown}")


def _expected(before: str, start: str) -> str:
    """What can follow the beginning of a source, in words: `(`, `[` or a symbol."""
    parser = _parser().parse_interactive(before, start=start)
    parser.exhaust_lexer()
    accepted = parser.accepts()
    words = [word for word, terminals in _WORDS.items() if accepted.intersection(terminals)]
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last

"""From LaTeX to equations: what stands on the left, what is computed on the right, and where."""

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import lark
from lark import Lark, Token, Tree, UnexpectedInput, UnexpectedToken, v_args
from lark.exceptions import VisitError
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from lecture_code.equations.language import ENVIRONMENTS, FUNCTIONS, NAMED, SPELLINGS
from lecture_code.equations.limits import (
    MOST_DIGITS,
    check,
    check_depth,
    check_text,
    unwritable,
    writable,
)
from lecture_code.support.store import CACHE, PLACE, Store

LARK = {
    "parser": "lalr",
    "start": ["start", "name", "indices", "exponent"],
    "propagate_positions": True,
}
"""How the grammar is read."""


@dataclass(frozen=True)
class Expression:
    """A part of an equation that has a value.

    Two are equal if they compute the same in the same way, however they are written and wherever
    they stand.

    Attributes:
        latex: the part as it stands in the source.
        bracketed: whether brackets stand around it; `latex` shows those of a concatenation only.
        start: where it begins in the `latex` of the equation that it was read from; a number does
            not know it.

    Examples:
        >>> from lecture_code.equations import parse
        >>> [equation] = parse("y = w x + b")
        >>> [part.latex for part in equation.right.walk()]
        ['w x + b', 'w x', 'w', 'x', 'b']
    """

    latex: str = field(compare=False)
    bracketed: bool = field(default=False, kw_only=True, compare=False)
    start: int = field(default=0, kw_only=True, compare=False, repr=False)

    @property
    def children(self) -> tuple["Expression", ...]:
        """The expressions that it is made of, in the order of the source."""
        return ()

    @property
    def symbols(self) -> tuple["Symbol", ...]:
        """Every occurrence of a symbol in it, in the order of the source."""
        return tuple(_symbols(self))

    def with_children(self, *children: "Expression") -> "Expression":
        """Put others in the place of its children.

        Args:
            *children: as many as it has.

        Returns:
            The same expression with these.
        """
        return self

    def walk(self) -> Iterator["Expression"]:
        """Go through everything that it is made of.

        Yields:
            The expression itself, and then what its children are made of.
        """
        rest: list[Expression] = [self]
        while rest:
            part = rest.pop()
            yield part
            rest += reversed(part.children)


@dataclass(frozen=True)
class Symbol(Expression):
    r"""One occurrence of a quantity, such as $h_{t-1}$ or $\frac{\partial z}{\partial w}$.

    Attributes:
        name: the canonical name, equal for every spelling of the symbol.

    Examples:
        >>> from lecture_code.equations import parse
        >>> [equation] = parse("y = x_{t}")
        >>> equation.right.latex, equation.right.name, equation.right.span
        ('x_{t}', 'x_t', (4, 9))
    """

    name: str

    @property
    def span(self) -> tuple[int, int]:
        """Start and end of the occurrence in the equation's `latex`."""
        return self.start, self.start + len(self.latex)


@dataclass(frozen=True)
class Defined(Symbol):
    """What a left-hand side such as $f(x)$ defines.

    Attributes:
        function: the function's name.
        arguments: what it is applied to.
    """

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Indexed(Expression):
    r"""An entry of an array, such as $X_{i+m,j+n}$.

    Attributes:
        symbol: the array.
        indices: which entry, one expression for each of the last axes.
    """

    symbol: Symbol
    indices: tuple[Expression, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        """The indices."""
        return self.indices

    def with_children(self, *children: Expression) -> Expression:
        """The array with other indices."""
        return replace(self, indices=children)


@dataclass(frozen=True)
class Number(Expression):
    """A number written in the equation.

    Attributes:
        value: the number.

    Examples:
        >>> from lecture_code.equations import parse
        >>> [equation] = parse("y = 0.5")
        >>> equation.right.value
        0.5
    """

    value: int | float


@dataclass(frozen=True)
class Call(Expression):
    r"""A function of one argument.

    Attributes:
        function: the function's LaTeX, such as `\tanh` or `\operatorname{ReLU}`.
        argument: what the function is applied to.

    Examples:
        >>> from lecture_code.equations import parse
        >>> [equation] = parse(r"y = \tanh(w x)")
        >>> print(equation.right.function, equation.right.argument.latex)
        \tanh w x
    """

    function: str
    argument: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        """The argument."""
        return (self.argument,)

    def with_children(self, *children: Expression) -> Expression:
        """The function of another argument, with brackets where it has them now."""
        [argument] = children
        bracketed = self.argument.bracketed or argument.bracketed
        return replace(self, argument=replace(argument, bracketed=bracketed))


@dataclass(frozen=True)
class Operation(Expression):
    """An operator and its operands.

    Attributes:
        operator: the name in the grammar, such as `sum`, `juxtaposition` or `transpose`.
        operands: the operands, in the order of the source.

    Examples:
        >>> from lecture_code.equations import parse
        >>> [equation] = parse("y = w x + b")
        >>> equation.right.operator, [part.latex for part in equation.right.operands]
        ('sum', ['w x', 'b'])
    """

    operator: str
    operands: tuple[Expression, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        """The operands."""
        return self.operands

    def with_children(self, *children: Expression) -> Expression:
        """The operator between other operands."""
        return replace(self, operands=children)


@dataclass(frozen=True)
class Sum(Expression):
    r"""A sum over an index, such as $\sum_{m=0}^{k-1} w_m$, or a product, or the largest value.

    Attributes:
        index: the letter that counts.
        limits: its first and its last value, or nothing for all that there are.
        term: what is summed.
        reduction: the LaTeX of what is done, `\sum`, `\prod`, `\max` or `\min`.
    """

    index: Symbol
    limits: tuple[Expression, ...]
    term: Expression
    reduction: str = r"\sum"

    @property
    def children(self) -> tuple[Expression, ...]:
        """The limits, and the term."""
        return (*self.limits, self.term)

    def with_children(self, *children: Expression) -> Expression:
        """The sum between other limits, of another term."""
        return replace(self, limits=children[:-1], term=children[-1])


@dataclass(frozen=True)
class Composition(Expression):
    r"""Functions one after the other, such as $f_2 \circ \sigma \circ f_1$.

    Attributes:
        functions: symbols, and the LaTeX of functions of the language; the last is applied first.
    """

    functions: tuple[Symbol | str, ...]


@dataclass(frozen=True)
class Equation:
    r"""One line of LaTeX: symbols on the left that get the value of the right.

    Two are equal if their LaTeX is.

    Attributes:
        left: one symbol, or the symbols in brackets that share the value.
        right: what is computed.
        latex: the source of the line, without the alignment marks `&` and `\\`.
        symbols: every occurrence of a symbol, left and right, in the order of the source.
        indices: the letters that count the entries of the left, as in $Y_{i,j}$; mostly none.
        others: what the right is equal to as well, as $c$ in $a = b = c$; mostly nothing.

    Examples:
        >>> from lecture_code.equations import parse
        >>> [equation] = parse("y = w x + b")
        >>> equation.left[0].latex, equation.right.latex
        ('y', 'w x + b')
    """

    left: tuple[Symbol, ...] = field(compare=False)
    right: Expression = field(compare=False)
    latex: str
    symbols: tuple[Symbol, ...] = field(compare=False)
    indices: tuple[Symbol, ...] = field(default=(), compare=False)
    others: tuple[Expression, ...] = field(default=(), compare=False)


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


def parse(
    latex: str, roles: Mapping[str, str] | None = None, names: Iterable[str] = ()
) -> list[Equation]:
    r"""Read the equations of a LaTeX source.

    A subscript is a part of a symbol's name, as in $h_{t-1}$, but for three cases. With a comma in
    it, as in $X_{i+m,j+n}$, it holds indices, unless `names` has the whole symbol. Where it is an
    index of the same line, or a sum with one, it is an index too: in $\sum_t z_t x_{t+k}$, and in
    $\sum_n \Delta_{n,i} x_n$. And letters beside such an index are indices: in $\sum_j a_{ij} x_j$.

    Args:
        latex: one equation, or several separated by `\\`, with or without an `aligned`, `align` or
            `align*` block and `$$` around them.
        roles: what symbols hold, by their canonical names. Of these only a kernel changes how an
            equation is read: `*` beside it is a convolution, and else an elementwise product.
        names: canonical names of symbols that have a value. They tell $W_{x,h}$, $W^{z}$ and
            $h(t-1)$, which have one of their own, from an entry, a power and a product.

    Returns:
        The equations in the order of the source.

    Raises:
        EquationSyntaxError: if the source cannot be read; the message points at the place.
        EquationSizeError: if it is too long or too deep.
        TypeError: if it is no string.

    Examples:
        >>> from lecture_code.equations import parse
        >>> [line.latex for line in parse(r"y = w x + b \\ z = y^2")]
        ['y = w x + b', 'z = y^2']
    """
    check_text(latex)
    kernels = (name for name, role in (roles or {}).items() if role in ("kernel", "convolution"))
    return list(_equations(latex, frozenset(kernels), frozenset(names)))


# A cell's equation is evaluated at every time step, and always has the same text.
@cache
def _equations(latex: str, kernels: frozenset[str], names: frozenset[str]) -> tuple[Equation, ...]:
    _check_environment(latex)
    _check_words(latex)
    tree = _tree(latex, "start")
    equations: list[Equation] = []
    try:
        for line in tree.children:
            assert isinstance(line, Tree)  # the grammar has nothing else there
            letters = _letters(latex, line, names)
            reader = _Line(latex, line.meta.start_pos, letters, names, kernels)
            equations.append(reader.transform(line))
            check_depth(equations[-1].right)
            names |= {symbol.name for symbol in equations[-1].left}
    except VisitError as error:
        raise error.orig_exc from None
    return tuple(equations)


def _check_words(latex: str) -> None:
    """Letters such as t a n h before a bracket are a function without its backslash."""
    names = "|".join([*SPELLINGS, "max", "min"])
    found = re.search(rf"(?<![a-zA-Z\\{{])({names})(?=\s*(\\left\s*)?[(\[])", latex)
    if found:
        name = SPELLINGS.get(found[1], f"\\{found[1]}")
        problem = f"expected `{name}`, got the letters `{found[1]}`, which are a product"
        raise EquationSyntaxError(latex, found.start(), problem)


def _check_environment(latex: str) -> None:
    """An environment ends as it began; which ones there are is for the grammar to say."""
    begin = re.search(rf"\\begin\{{((?:{ENVIRONMENTS})\*?)\}}", latex)
    end = re.search(r"\\end\{([^{}]*)\}", latex)
    if begin and end and begin[1] != end[1]:
        problem = f"expected `\\end{{{begin[1]}}}`, got `{end[0]}`"
        raise EquationSyntaxError(latex, end.start(), problem)


def canonical(latex_symbol: str) -> str:
    r"""The one name of a symbol, however it is spelled.

    Args:
        latex_symbol: a symbol, such as `\tilde{h}_{t - 1}`.

    Returns:
        The name without needless spaces and braces, such as `\tilde h_{t-1}`; that of an array, if
        the symbol is an entry of it such as `X_{i,j}`.

    Raises:
        EquationSyntaxError: if the text is not exactly one symbol.
        EquationSizeError: if it is too long or too deep.
        TypeError: if it is no string.

    Examples:
        >>> from lecture_code.equations import canonical
        >>> canonical("h_{ t }"), canonical("h_t")
        ('h_t', 'h_t')
    """
    check_text(latex_symbol, "latex_symbol")
    return _canonical(latex_symbol)


@cache
def _canonical(latex_symbol: str) -> str:
    try:
        symbol = _Line(latex_symbol, 0, is_name=True).transform(_tree(latex_symbol, "name"))
    except VisitError as error:
        raise error.orig_exc from None
    return _base(symbol).name


_Kind = TypeVar("_Kind", bound=Expression)


@v_args(meta=True)
class _Line(Transformer_NonRecursive):
    """Turns the syntax tree of one line into dataclasses."""

    def __init__(
        self,
        text: str,
        start: int,
        letters: frozenset[str] = frozenset(),
        names: frozenset[str] = frozenset(),
        kernels: frozenset[str] = frozenset(),
        is_name: bool = False,
    ):
        super().__init__()
        self.text = text
        self.start = start
        self.letters = letters
        self.names = names
        self.kernels = kernels
        self.is_name = is_name

    def equation(self, meta: Meta, children: list) -> Equation:
        left, right, *others = children
        parts = (*left, right, *others)
        symbols = tuple(symbol for part in parts for symbol in part.symbols)
        names = tuple(map(_base, left))
        free = self._free(left)
        return Equation(names, right, self._latex(meta), symbols, free, tuple(others))

    def left(self, meta: Meta, symbols: list[Symbol | Indexed]) -> tuple[Symbol | Indexed, ...]:
        # A power on the left is a name: x^{n+1} is the next x.
        return tuple(
            one
            if isinstance(one, Symbol | Indexed)
            else Symbol(one.latex, _tidy(one.latex), start=one.start)
            for one in symbols
        )

    def function_name(self, meta: Meta, children: list[str]) -> Symbol:
        return Symbol(children[0], children[0])

    def defined(self, meta: Meta, children: list) -> Defined:
        function, *arguments = children
        name = function if isinstance(function, str) else function.name
        inside = ",".join(_tidy(argument.latex) for argument in arguments)
        return self._made(Defined, meta, f"{name}({inside})", name, tuple(arguments))

    def plain(self, meta: Meta, pieces: list[Token]) -> Symbol | Indexed:
        base, subscript, superscript = _pieces(pieces)
        name = _tidy(base + (subscript or "") + superscript)
        indices = self._indices(subscript) if subscript and name not in self.names else ()
        if not indices:
            return self._made(Symbol, meta, name)
        place = base if len(pieces) == 2 else meta
        symbol = self._made(Symbol, place, _tidy(base + superscript))
        return self._made(Indexed, meta, symbol, indices)

    labelled = plain
    own = plain

    def superscribed(self, meta: Meta, pieces: list[Token]) -> Expression:
        """A name such as $W^{z}$, or a power such as $x^{n}$ and $e^{-x}$."""
        base, subscript, superscript = _pieces(pieces)
        name = _tidy(base + (subscript or "") + superscript)
        exponent = None if self.is_name or name in self.names else self._exponent(pieces)
        place = Meta()
        place.start_pos = meta.start_pos
        place.end_pos = cast(int, (subscript or base).end_pos)
        raised = self.plain(place, [piece for piece in pieces if piece.type != "SUPERSCRIPT"])
        if exponent is None or (_side_by_side(exponent) and not self._is_power(raised, exponent)):
            return self._made(Symbol, meta, name)
        return self._made(Operation, meta, "power", (raised, exponent))

    def _is_power(self, base: Symbol | Indexed, exponent: Expression) -> bool:
        """Whether a superscript of letters is an exponent: base and letters have values."""
        letters = {symbol.name for symbol in exponent.symbols} - self.letters
        has_base = isinstance(base, Indexed) or base.name in self.names or base.name == "e"
        return has_base and letters <= (self.names or letters)

    def _exponent(self, pieces: list[Token]) -> Expression | None:
        """What a superscript says where it is an exponent; None if it cannot be one."""
        [token] = [piece for piece in pieces if piece.type == "SUPERSCRIPT"]
        tree = _inner_tree(self.text, token, "exponent")
        return cast(Expression, self._inner().transform(tree)) if tree else None

    def exponent(self, meta: Meta, children: list[Expression]) -> Expression:
        return children[0]

    def raised(self, meta: Meta, children: list) -> Operation:
        base, token = children
        exponent = self._exponent([token])
        if exponent is None:
            raise EquationSyntaxError(self.text, token.start_pos, f"got `^`: {_HINTS['^']}")
        return self._made(Operation, meta, "power", (base, exponent))

    def raised_beside(self, meta: Meta, children: list) -> Operation:
        number, token, beside = children
        place = Meta()
        place.start_pos, place.end_pos = meta.start_pos, token.end_pos
        return self._made(
            Operation, meta, "juxtaposition", (self.raised(place, [number, token]), beside)
        )

    def power_of_call(self, meta: Meta, children: list) -> Operation:
        function, exponent, argument = children
        call = self._made(Call, meta, function, argument)
        return self._made(Operation, meta, "power", (call, exponent))

    def derivative(self, meta: Meta, symbols: list) -> Symbol | Indexed:
        if isinstance(symbols[0], Token):
            return self._made(Symbol, meta, _tidy(self.text[meta.start_pos : meta.end_pos]))
        above, below = symbols
        name = rf"\frac{{\partial {_base(above).name}}}{{\partial {_base(below).name}}}"
        symbol = self._symbol(meta, name)
        indices = [index for part in symbols if isinstance(part, Indexed) for index in part.indices]
        return self._made(Indexed, meta, symbol, tuple(indices)) if indices else symbol

    def bracketed(self, meta: Meta, children: list[Expression]) -> Expression:
        return replace(children[0], bracketed=True)

    def concatenation(self, meta: Meta, parts: list[Expression]) -> Operation:
        made = self._made(Operation, meta, "concatenation", tuple(parts))
        return replace(made, bracketed=True)

    def call(self, meta: Meta, children: list) -> Call:
        function, argument = children
        return self._made(Call, meta, function, argument)

    def star(self, meta: Meta, operands: list[Expression]) -> Expression:
        """A product entry by entry, or a convolution where one of its operands is a kernel."""
        names = {symbol.name for operand in operands for symbol in operand.symbols}
        if not names & self.kernels and "*" not in self.kernels:
            return self._factors(meta, "product", *operands)
        left = operands[0]
        chained = ("product", "convolution", "quotient")
        if isinstance(left, Operation) and left.operator in chained and not left.bracketed:
            before = self.text[: meta.end_pos - len(operands[1].latex)]
            position = max(before.rfind("*"), before.rfind(r"\ast"))
            found = _LEXEME.match(self.text, position)
            assert found  # the grammar has read it there
            raise EquationSyntaxError(self.text, position, f"got `{found[0]}`: {_STAR_HINT}")
        return self._made(Operation, meta, "convolution", tuple(operands))

    def product(self, meta: Meta, operands: list[Expression]) -> Expression:
        return self._factors(meta, "product", *operands)

    def quotient(self, meta: Meta, operands: list[Expression]) -> Expression:
        return self._factors(meta, "quotient", *operands)

    def short_fraction(self, meta: Meta, children: list[Token]) -> Operation:
        r"""Of $\frac12$ and $\frac 1n$, whose parts are single characters."""
        characters = [place for place in re.finditer(r"\w", children[0][-3:])][-2:]
        offset = cast(int, children[0].end_pos) - len(children[0][-3:])
        parts = []
        for one in characters:
            place = Meta()
            place.start_pos, place.end_pos = offset + one.start(), offset + one.end()
            made: Expression = (
                Number(one[0], int(one[0])) if one[0].isdigit() else self._symbol(place, one[0])
            )
            parts.append(made)
        return self._made(Operation, meta, "quotient", tuple(parts))

    def fraction(self, meta: Meta, operands: list[Expression]) -> Operation:
        return self._made(Operation, meta, "quotient", tuple(operands))

    def letter(self, meta: Meta, children: list[Token]) -> Symbol:
        return self._made(_Letter, meta, _letter_name(children))

    def norm(self, meta: Meta, children: list) -> Operation:
        """A length; which one it is stands below it, and is 2 if nothing does."""
        operand, *below = children
        order = re.sub(r"[_\s{}]", "", below[0]) if below else "2"
        return self._made(Operation, meta, "norm", (operand, Expression(order)))

    def limit(self, meta: Meta, children: list[Token]) -> Symbol:
        return self._symbol(meta, children[0])

    def summation(self, meta: Meta, children: list) -> Sum:
        reduction, *others, term = children
        letters = [one for one in others if isinstance(one, _Letter)]
        limits = tuple(one for one in others if not isinstance(one, _Letter))
        for letter in reversed(letters):
            index = Symbol(letter.latex, letter.name, start=letter.start)
            term = self._made(Sum, meta, index, limits, term, str(reduction).strip())
        return term

    def summation_from_above(self, meta: Meta, children: list) -> Sum:
        reduction, last, letter, first, term = children
        return self.summation(meta, [reduction, letter, first, last, term])

    def juxtaposition(self, meta: Meta, operands: list[Expression]) -> Expression:
        """A product, or a name with an argument that has a value, such as $h(t-1)$."""
        first, second = operands
        inner, *rest = factors(second)
        raised = None
        if isinstance(inner, Operation) and inner.operator in ("transpose", "power"):
            raised, inner = inner, inner.operands[0]
        if isinstance(first, Symbol) and inner.bracketed:
            name = f"{first.name}({_tidy(inner.latex)})"
            if name in self.names:
                place = Meta()
                place.start_pos = meta.start_pos
                place.end_pos = self.text.index(inner.latex, meta.start_pos) + len(inner.latex)
                place.end_pos = 1 + self.text.index(")", place.end_pos)
                symbol: Expression = self._made(Symbol, place, name)
                if raised:
                    operands = [symbol, *raised.operands[1:]]
                    symbol = replace(raised, operands=tuple(operands), start=symbol.start)
                return (
                    self._made(Operation, meta, "juxtaposition", (symbol, *rest))
                    if rest
                    else symbol
                )
        return self._made(Operation, meta, "juxtaposition", tuple(operands))

    def circle(self, meta: Meta, operands: list[Any]) -> Expression:
        r"""Functions in a row, or arrays: values tell which, unless there is more than names."""
        functions: list[Symbol | str] = []
        for one in operands:
            match one:
                case Composition() if not one.bracketed:
                    functions += one.functions
                case str() | Symbol():
                    functions.append(one)
                case _:
                    return self._factors(meta, "product", *map(_as_product, operands))
        return self._made(Composition, meta, tuple(functions))

    def arguments(self, meta: Meta, parts: list[Expression]) -> Operation:
        made = self._made(Operation, meta, "arguments", tuple(parts))
        return replace(made, latex=made.latex[1:-1].strip(), bracketed=True)

    def indices(self, meta: Meta, indices: list[Expression]) -> tuple[Expression, ...]:
        return tuple(indices)

    def FUNCTION(self, token: Token) -> str:
        return _function_name(token)

    def EXTREME(self, token: Token) -> str:
        return str(token).strip()

    def NUMBER(self, digits: str) -> Number:
        check("a number of at most {} digits", MOST_DIGITS, len(digits))
        return Number(str(digits), float(digits) if "." in digits else int(digits))

    def POWER(self, token: Token) -> Number:
        return self.NUMBER(re.sub(r"[^0-9.]", "", token))

    def __default__(self, operator: Token, operands: list[Expression], meta: Meta) -> Operation:
        return self._made(Operation, meta, str(operator), tuple(operands))

    def _factors(
        self, meta: Meta, operator: str, left: Expression, right: Expression
    ) -> Expression:
        r"""A product or a quotient; after a sum whose index it has, it is a part of each summand.

        So $\sum_n x_n \otimes y_n$ is read as the sum of products that it is meant to be.
        """
        match left:
            case Sum(index=index, term=term) if not left.bracketed and index.name in _free_names(
                right
            ):
                return replace(
                    left,
                    latex=self._latex(meta),
                    term=self._factors(meta, operator, term, right),
                )
            case Operation(operator="juxtaposition", operands=(first, Sum() as last)) if not (
                left.bracketed or last.bracketed
            ):
                absorbed = self._factors(meta, operator, last, right)
                if isinstance(absorbed, Sum):
                    return replace(left, latex=self._latex(meta), operands=(first, absorbed))
        return self._made(Operation, meta, operator, (left, right))

    def _indices(self, subscript: Token) -> tuple[Expression, ...]:
        """The indices in a subscript; none where it is a part of the symbol's name."""
        indices = _inner_tree(self.text, subscript, "indices")
        if indices is None:
            return ()
        # Its names are indices, and hold no further ones.
        found = _Line(self.text, self.start).transform(indices)
        names = {symbol.name for index in found for symbol in index.symbols}
        counted = names & self.letters
        if len(found) > 1:
            return found if counted or not names else ()
        letters = _side_by_side(found[0])
        if len(letters) > 1 and counted == names:
            return letters
        is_sum = isinstance(found[0], Operation) and found[0].operator in ("sum", "difference")
        return found if counted and (counted == names or is_sum) else ()

    def _inner(self) -> "_Line":
        return _Line(self.text, self.start, self.letters, self.names, self.kernels)

    def _free(self, left: tuple[Symbol | Indexed, ...]) -> tuple[Symbol, ...]:
        """The letters that count the entries of the left-hand side."""
        if not any(isinstance(part, Indexed) for part in left):
            return ()
        indices = left[0].indices if isinstance(left[0], Indexed) else ()
        letters = tuple(index for index in indices if isinstance(index, Symbol))
        if len(left) > 1 or len({letter.name for letter in letters}) < len(indices):
            raise EquationSyntaxError(
                self.text,
                self.start,
                f"expected one symbol on the left, with different letters as its indices, got "
                f"`{', '.join(part.latex for part in left)}`",
            )
        return letters

    def _symbol(self, meta: Meta, name: str) -> Symbol:
        return self._made(Symbol, meta, _tidy(name))

    def _made(self, kind: type[_Kind], place: Meta | Token, *parts: Any) -> _Kind:
        """An expression with its place in the line as it is without its alignment marks."""
        before = self.text[self.start : place.start_pos].replace("&", "")
        return kind(self._latex(place), *parts, start=len(before))

    def _latex(self, place: Meta | Token) -> str:
        return self.text[place.start_pos : place.end_pos].replace("&", "")


def factors(expression: Expression) -> tuple[Expression, ...]:
    """Take a product of what stands side by side apart.

    Args:
        expression: any expression.

    Returns:
        The first factor and the product of the others, or the expression alone.
    """
    match expression:
        case Operation(operator="juxtaposition", operands=operands) if not expression.bracketed:
            return operands
    return (expression,)


def _letters(text: str, line: Tree, names: frozenset[str]) -> frozenset[str]:
    """The letters of a line that are indices.

    A sum counts them, or they stand beside a comma or beside another index. Those on the left count
    if the right has an index, or all of them in its subscripts.
    """
    left, *rights = line.children
    assert isinstance(left, Tree)
    right = Tree("right", rights)
    letters = {_letter_name(tree.children) for tree in right.find_data("letter")}
    subscripts = list(_subscripts(text, right, names))
    letters |= set().union(*(one.letters for one in subscripts if one.has_comma))
    everywhere = set().union(*(one.letters for one in subscripts))
    for one in _subscripts(text, left, names):
        if letters or one.letters <= everywhere:
            subscripts.append(one)
            letters |= one.letters if one.has_comma else set()
        if one.letters & _of_given_arrays(text, right, names):
            letters |= one.letters
    groups = [one.letters for one in subscripts if one.is_group]
    while more := [group for group in groups if group & letters and not group <= letters]:
        letters |= set().union(*more)
    return frozenset(letters)


def _of_given_arrays(text: str, tree: Tree, names: frozenset[str]) -> set[str]:
    """The letters below arrays that are given as a whole: x_n, where x has a value and x_n none."""
    letters: set[str] = set()
    for symbol in (*tree.find_data("plain"), *tree.find_data("own")):
        pieces = [piece for piece in symbol.children if isinstance(piece, Token)]
        base, subscript, superscript = _pieces(pieces)
        if subscript is None or _tidy(base + subscript + superscript) in names:
            continue
        if _tidy(base + superscript) in names and re.fullmatch(
            r"_\s*\{?\s*[a-zA-Z]\s*\}?", subscript
        ):
            letters.add(re.sub(r"[_{}\s]", "", subscript))
    return letters


class _Subscript(NamedTuple):
    """What a subscript would be if it held indices; a group is of letters side by side."""

    letters: set[str]
    has_comma: bool
    is_group: bool


def _subscripts(text: str, tree: Tree, names: frozenset[str]) -> Iterator[_Subscript]:
    """The subscripts that can hold indices."""
    for symbol in (
        *tree.find_data("plain"),
        *tree.find_data("labelled"),
        *tree.find_data("own"),
        *tree.find_data("superscribed"),
    ):
        pieces = [piece for piece in symbol.children if isinstance(piece, Token)]
        base, subscript, superscript = _pieces(pieces)
        if subscript is None or _tidy(base + subscript + superscript) in names:
            continue
        indices = _inner_tree(text, subscript, "indices")
        if indices is not None:
            letters = {_name_of_letter(letter) for letter in indices.find_data("plain")} - {""}
            is_group = bool(re.fullmatch(r"[\s{}a-zA-Z]*", subscript[1:]))
            yield _Subscript(letters, len(indices.children) > 1, is_group)


def _pieces(pieces: list[Token]) -> tuple[Token, Token | None, str]:
    """The letter of a symbol, its subscript, and its superscript."""
    found = {piece.type: piece for piece in pieces}
    primes = r"\prime" * len(found.get("PRIMES", ""))
    superscript = found.get("LABEL", f"^{{{primes}}}" if primes else "")
    return pieces[0], found.get("SUBSCRIPT"), found.get("SUPERSCRIPT", superscript)


def _side_by_side(expression: Expression) -> tuple[Expression, ...]:
    """The letters of a product of letters; nothing of any other expression."""
    letters: list[Expression] = []
    rest = [expression]
    while rest:
        match rest.pop():
            case Symbol() as letter:
                letters.append(letter)
            case Operation(operator="juxtaposition", operands=operands):
                rest += reversed(operands)
            case _:
                return ()
    return tuple(letters)


def _name_of_letter(symbol: Tree) -> str:
    """The canonical name of a letter without a subscript; nothing of another symbol."""
    pieces = [piece for piece in symbol.children if isinstance(piece, Token)]
    return "" if any(piece.type == "SUBSCRIPT" for piece in pieces) else _letter_name(pieces)


def _letter_name(pieces: list[Any]) -> str:
    r"""The canonical name of an index: t, \tau, or t^\prime for t'."""
    primes = r"\prime" * len(pieces[1]) if len(pieces) > 1 else ""
    return _tidy(f"{pieces[0]}^{{{primes}}}" if primes else pieces[0])


def _tokens(kind: str, tree: Tree) -> Iterator[Token]:
    """The tokens of a kind, wherever in a tree they are."""
    children = (child for part in tree.iter_subtrees() for child in part.children)
    return (child for child in children if isinstance(child, Token) and child.type == kind)


def _inner_tree(text: str, token: Token, start: str) -> Tree | None:
    """What is below or above a symbol, each token with its place; None if it cannot be read."""
    inside = re.fullmatch(r"[_^]\s*(?:\{(.*)\}|(.*))", token, re.DOTALL)
    assert inside and token.start_pos is not None  # the grammar has read it in this text
    group = 2 if inside[1] is None else 1
    before = token.start_pos + inside.start(group)
    try:
        return _tree(" " * before + inside[group], start)
    except EquationSyntaxError:
        return None


class _Letter(Symbol):
    """The index of a sum, while its line is read."""


def _as_product(operand: Any) -> Expression:
    """What stood beside a circle, where the circle is a product of arrays."""
    if isinstance(operand, Composition) and not operand.bracketed:
        first, *others = operand.functions
        if isinstance(first, Symbol) and all(isinstance(one, Symbol) for one in others):
            product: Expression = first
            for one in others:
                assert isinstance(one, Symbol)
                product = Operation(operand.latex, "product", (product, one), start=operand.start)
            return product
    if isinstance(operand, str):
        return Composition(operand, (operand,))
    return operand


def _function_name(token: str) -> str:
    """The one name of a function, however it is spelled."""
    name = re.sub(r"\s|\*", "", token)
    word = re.fullmatch(r"\\(?:[a-zA-Z]+\{([^{}]*)\}|([a-zA-Z]+))", name)
    assert word  # the grammar has read it
    return name if name in FUNCTIONS else SPELLINGS.get(word[1] or word[2], name)


def _base(part: Symbol | Indexed) -> Symbol:
    return part.symbol if isinstance(part, Indexed) else part


def _symbols(expression: Expression) -> Iterator[Symbol]:
    """Every occurrence of a symbol in an expression, in the order of the source."""
    rest = [expression]
    while rest:
        match rest.pop():
            case Symbol() as part:
                yield part
            case Indexed(symbol=symbol, indices=indices):
                yield symbol
                for index in indices:
                    # The indices of a derivative stand inside its symbol, and are marked with it.
                    yield from (part for part in _symbols(index) if part.span[0] >= symbol.span[1])
            case Composition(functions=functions):
                yield from (part for part in functions if isinstance(part, Symbol))
            case part:
                if isinstance(part, Sum):
                    yield part.index
                rest += reversed(part.children)


def _free_names(expression: Expression) -> set[str]:
    """The names of an expression that no sum in it counts."""
    names: set[str] = set()
    rest: list[tuple[Expression, frozenset[str]]] = [(expression, frozenset())]
    while rest:
        part, counted = rest.pop()
        if isinstance(part, Symbol):
            names |= {part.name} - counted
        elif isinstance(part, Sum):
            counted |= {part.index.name}
        rest += [(child, counted) for child in part.children]
    return names


def _tidy(name: str) -> str:
    r"""A name without needless spaces and braces: `W_{u}` is `W_u`, `\tilde{h}` is `\tilde h`."""
    name = re.sub(r"\\[,;:!> ]|~|\\q?quad(?![a-zA-Z])", "", name)
    name = re.sub(r"(\\[a-zA-Z]+)|\s+", lambda found: f"{found[1]} " if found[1] else "", name)
    name = re.sub(r"\{(\\[a-zA-Z]+ |[^{}\\])\}", r"\1", name)
    return re.sub(r" (?![a-zA-Z])", "", name)


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


def _tree(text: str, start: str) -> Tree:
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

_STAR_HINT = "a convolution joins two terms; beside another product, write parentheses around it"


_LEXEME = re.compile(r"\\(begin|end)\{[a-z]*\*?\}|\\[a-zA-Z]+|\\.|.")


def _syntax_error(text: str, start: str, error: UnexpectedInput) -> EquationSyntaxError:
    position, found = len(text.rstrip()), "the end"
    if not (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        position = cast(int, error.pos_in_stream)  # lark declares it as None, and sets it later
        lexeme = _LEXEME.match(text, position)
        assert lexeme  # the grammar passes over what is no lexeme: ends of lines
        found = lexeme[0]
    if found in _HINTS:
        return EquationSyntaxError(text, position, f"got `{found}`: {_HINTS[found]}")
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

"""From LaTeX to equations: what stands on the left, what is computed on the right, and where."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from lark import Token, Tree, v_args
from lark.exceptions import VisitError
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from lecture_code.equations.expressions import (
    Call,
    Cases,
    Comparison,
    Composition,
    Defined,
    Equation,
    Expression,
    Indexed,
    Matrix,
    Number,
    Operation,
    Sum,
    Symbol,
    factors,
)
from lecture_code.equations.grammar import (
    HINTS,
    LEXEME,
    EquationSyntaxError,
    marked_words,
    read,
    unaligned,
    unmarked,
    words_in,
)
from lecture_code.equations.language import ENVIRONMENTS, FUNCTIONS, RELATION_SPELLINGS, SPELLINGS
from lecture_code.equations.limits import (
    MOST_DIGITS,
    check,
    check_depth,
    check_text,
)


def parse(
    latex: str, roles: Mapping[str, str] | None = None, names: Iterable[str] = ()
) -> list[Equation]:
    r"""Read the equations of a LaTeX source.

    A subscript is a part of a symbol's name, as in $h_{t-1}$, but for three cases. With a comma in
    it, as in $X_{i+m,j+n}$, it holds indices, unless `names` has the whole symbol. Where it is an
    index of the same line, or a sum with one, it is an index too: in $\sum_t z_t x_{t+k}$, and in
    $\sum_n \Delta_{n,i} x_n$. And letters beside such an index are indices: in $\sum_j a_{ij} x_j$.

    Letters side by side are a product of symbols, unless `names` has them as one, a line begins
    with them, or they are a function's name in front of brackets.

    Args:
        latex: one equation, or several separated by `\\`, with or without an `aligned`, `align` or
            `align*` block and `$$` around them.
        roles: what symbols hold, by their canonical names. Of these two change how an equation is
            read: `*` beside a kernel is a convolution, and else an elementwise product; and a
            function of the language that is declared to hold something else, as $\\sigma$ a number,
            is a symbol.
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
    symbols = (
        name for name, role in (roles or {}).items() if name in FUNCTIONS and role != "function"
    )
    return list(_equations(latex, frozenset(kernels), frozenset(names), frozenset(symbols)))


# A cell's equation is evaluated at every time step, and always has the same text.
@cache
def _equations(
    latex: str, kernels: frozenset[str], names: frozenset[str], symbols: frozenset[str]
) -> tuple[Equation, ...]:
    _check_environment(latex)
    words = words_in(latex, names) | symbols
    tree = read(latex, "start", words)
    _check_words(latex, tree, names)
    equations: list[Equation] = []
    _check_conditions(latex, tree)
    try:
        for line in tree.children:
            assert isinstance(line, Tree)  # the grammar has nothing else there
            letters = _letters(latex, line, names)
            reader = _Line(
                latex, line.meta.start_pos, letters, names, kernels, words, _bound(latex, line)
            )
            reader.stepped, reader.left_end = _stepped(line)
            equations.append(reader.transform(line))
            check_depth(equations[-1].right)
            names |= {symbol.name for symbol in equations[-1].left}
    except VisitError as error:
        raise error.orig_exc from None
    return tuple(equations)


def _check_words(latex: str, tree: Tree, names: frozenset[str]) -> None:
    """A name of several letters, each of which has a value as well, may be a product."""
    lines = [line for line in tree.children if isinstance(line, Tree)]
    rights = [right for line in lines for right in line.children[1:]]
    right = Tree("rights", rights)
    kinds = ("WORD", "FUNCTION", "SUPERSCRIPT", "LABEL")
    marked = (token for kind in kinds for token in _tokens(kind, right))
    words = [(token, word) for token in marked for word in marked_words(token)]
    for token, word in words:
        letters = set(word) - {"\\", "_"}
        if letters <= names:
            raise EquationSyntaxError(
                latex,
                cast(int, token.start_pos),
                f"`{word}` is one name, or the product of {' and '.join(sorted(letters))}? Write "
                f"`\\mathrm{{{word}}}` for the name, or spaces between factors",
            )


def _check_conditions(latex: str, tree: Tree) -> None:
    """What holds under conditions is defined once: values by cases have their own brace."""
    lefts: list[str] = []
    for line in tree.children:
        assert isinstance(line, Tree) and isinstance(line.children[0], Tree)
        left = line.children[0].meta
        lefts.append(_tidy(latex[left.start_pos : left.end_pos]))
    for line, left_latex in zip(tree.children, lefts, strict=True):
        for remark in line.children if isinstance(line, Tree) else ():
            is_remark = isinstance(remark, Token) and remark.type == "REMARK"
            if isinstance(remark, Token) and is_remark and lefts.count(left_latex) > 1:
                raise EquationSyntaxError(
                    latex,
                    cast(int, remark.start_pos),
                    f"{left_latex} is defined under a condition, and once more; write "
                    "\\begin{cases} for what depends on a condition",
                )


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
        symbol = _Line(latex_symbol, 0, is_name=True).transform(read(latex_symbol, "name"))
    except VisitError as error:
        raise error.orig_exc from None
    return _base(symbol).name


_SUBJECT = re.compile(
    r"([\s,;~&]|\\q?quad(?![a-zA-Z])|\\[,;:! ])*"
    r"(?P<words>\\text\s*\{\s*for[^{}]*\}|\\forall(?![a-zA-Z])|(?=[a-zA-Z\\]))\s*(?!\\text)"
    r"(?P<letter>(\\[a-z]+|[a-zA-Z])(_[a-zA-Z0-9])?(?![a-zA-Z_'^{(]))?\s*"
    r"(?P<relation>=|[<>]|\\(geq?|leq?|in|neq?)(?![a-zA-Z]))?"
)
"""What a remark is about, and how it goes on."""

_STAR_HINT = "a convolution joins two terms; beside another product, write parentheses around it"

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
        words: frozenset[str] = frozenset(),
        bound: frozenset[str] = frozenset(),
        is_name: bool = False,
    ):
        super().__init__()
        self.text = text
        self.start = start
        self.letters = letters
        self.names = names
        self.kernels = kernels
        self.words, self.bound = words, bound
        self.stepped: frozenset[str] = frozenset()
        """Names that stand on the left with letters above them, as x does in x^{k+1}."""
        self.left_end = 0
        self.is_name = is_name

    def equation(self, meta: Meta, children: list) -> Equation:
        left, right, *others = children
        if others and isinstance(others[-1], Token):
            self._check_remark(others.pop())
        parts = (*left, right, *others)
        symbols = tuple(symbol for part in parts for symbol in part.symbols)
        names = tuple(map(_base, left))
        free = self._free(left)
        return Equation(names, right, self._latex(meta), symbols, free, tuple(others))

    def _check_remark(self, remark: Token) -> None:
        """A line holds for all values of a letter without a value, or the remark is a condition."""
        found = _SUBJECT.match(remark)
        if not found or r"\mathbb" in remark:
            return  # prose, or what a value is
        letter, relation = _tidy(found["letter"] or ""), found["relation"] or ""
        is_range = relation == "=" and "dots" in remark
        says_nothing = not relation and not re.search(r"[<>=]|\\(le|ge|in|ne)", remark)
        is_free = letter and letter not in self.names
        if is_free and (is_range or says_nothing or letter not in self.letters):
            return
        raise EquationSyntaxError(
            self.text,
            cast(int, remark.start_pos),
            f"a condition on {letter or 'a value'}, which the line depends on; write "
            "\\begin{cases} for values that depend on it, and no condition for a line that holds",
        )

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

    def function_on_the_left(self, meta: Meta, children: list[str]) -> Symbol:
        return self._made(Symbol, meta, children[0])

    def entry_of_value(self, meta: Meta, children: list) -> Indexed:
        """One entry of a function's value: of f(x)_i the array is f(x)."""
        whole, subscript = children
        return self._made(Indexed, meta, whole, self._indices(subscript))

    def change(self, meta: Meta, children: list) -> Symbol:
        r"""A name such as $\Delta w$."""
        first, second = children
        if first.name != r"\Delta":
            raise EquationSyntaxError(
                self.text, second.start, f"expected one symbol, got `{self._latex(meta)}`"
            )
        return self._made(Symbol, meta, f"{first.name} {_base(second).name}")

    def defined(self, meta: Meta, children: list) -> Defined:
        function, *arguments = children
        name = function if isinstance(function, str) else function.name
        inside = self._latex(meta)[len(function if isinstance(function, str) else function.latex) :]
        inside = re.sub(r"\\(left|right)(?![a-zA-Z])", "", inside).strip()[1:-1]
        return self._made(Defined, meta, f"{name}({_tidy(inside)})", name, tuple(arguments))

    def plain(self, meta: Meta, pieces: list[Token]) -> Symbol | Indexed:
        base, subscript, superscript = _pieces(pieces)
        name = _tidy(base + (subscript or "") + superscript)
        trunk = _tidy(base + superscript)
        is_entry = subscript and name not in self.names
        indices = self._indices(subscript, trunk) if is_entry and subscript else ()
        if not indices:
            return self._made(Symbol, meta, name)
        place = base if len(pieces) == 2 else meta
        symbol = self._made(Symbol, place, _tidy(base + superscript))
        return self._made(Indexed, meta, symbol, indices)

    own = plain

    def labelled(self, meta: Meta, pieces: list[Token]) -> Expression:
        """A name such as $W^{(l)}$; of e it is an exponent in brackets."""
        label = next(piece for piece in pieces if piece.type == "LABEL")
        is_known = self.is_name or _tidy("".join(pieces)) in self.names
        if pieces[0] == "e" and not is_known and "(" in label:
            exponent = self._exponent([label])
            if exponent is not None:
                base = self._made(Symbol, pieces[0], "e")
                return self._made(Operation, meta, "power", (base, exponent))
        return self.plain(meta, pieces)

    def superscribed(self, meta: Meta, pieces: list[Token]) -> Expression:
        """A name such as $W^{z}$ and $a^l_j$, or a power such as $x^{n}$ and $e^{-x}$."""
        base, subscript, superscript = _pieces(pieces)
        name = _tidy(base + (subscript or "") + superscript)
        trunk = _tidy(base + superscript)
        if transposed := self._transposed_name(meta, name):
            return transposed
        is_entry = subscript and name not in self.names
        indices = self._indices(subscript, trunk) if is_entry and subscript else ()
        exponent = None if self.is_name or name in self.names else self._exponent(pieces)
        place = Meta()
        place.start_pos = meta.start_pos
        place.end_pos = cast(int, (subscript or base).end_pos)
        raised = self.plain(place, [piece for piece in pieces if piece.type != "SUPERSCRIPT"])
        is_name = exponent is None or (
            bool(_side_by_side(exponent)) and not self._is_power(raised, exponent)
        )
        if indices and (trunk in self.names or is_name):
            return self._made(Indexed, meta, self._made(Symbol, meta, trunk), indices)
        if is_name:
            return self._made(Symbol, meta, name)
        is_right = meta.start_pos >= self.left_end
        if isinstance(raised, Symbol) and raised.name in self.stepped and is_right:
            raise EquationSyntaxError(
                self.text,
                meta.start_pos,
                f"a power of {raised.latex}, or its value there? Give that under the key `{name}`; "
                f"a power is `({raised.latex})^k`",
            )
        return self._made(Operation, meta, "power", (raised, exponent))

    def _transposed_name(self, meta: Meta, name: str) -> Operation | None:
        r"""The transpose of a name with a superscript, $A^{[l]T}$; None of another name."""
        found = re.fullmatch(r"(.*\^\{.*\S)\s*(T|\\top ?|\\intercal ?)\}", name)
        inner = f"{found[1]}}}" if found else ""
        if name in self.names or inner not in self.names:
            return None
        symbol = self._made(Symbol, meta, inner)
        return self._made(Operation, meta, "transpose", (symbol,))

    def _is_power(self, base: Symbol | Indexed, exponent: Expression) -> bool:
        """Whether a superscript of letters is an exponent: base and letters have values."""
        letters = {symbol.name for symbol in exponent.symbols} - self.letters
        has_base = base.name == "e" if isinstance(base, Symbol) else not self.names
        has_base = has_base or _base(base).name in self.names
        return has_base and letters <= (self.names or letters)

    def _exponent(self, pieces: list[Token]) -> Expression | None:
        """What a superscript says where it is an exponent; None if it cannot be one."""
        [token] = [piece for piece in pieces if piece.type in ("SUPERSCRIPT", "LABEL")]
        tree = _inner_tree(self.text, token, "exponent")
        return cast(Expression, self._inner().transform(tree)) if tree else None

    def exponent(self, meta: Meta, children: list[Expression]) -> Expression:
        return children[0]

    def power(self, meta: Meta, children: list) -> Expression:
        """A name such as $W^1$ and $a^1_j$, or a power."""
        base, exponent = children
        if isinstance(base, Symbol) and not base.bracketed:
            name = f"{base.name}^{_tidy(exponent.latex)}"
            if self.is_name or name in self.names:
                return self._made(Symbol, meta, name)
        if isinstance(base, Indexed) and base.symbol.name not in self.names:
            name = f"{base.symbol.name}^{_tidy(exponent.latex)}"
            if name in self.names:
                symbol = replace(base.symbol, name=name)
                return self._made(Indexed, meta, symbol, base.indices)
        if isinstance(base, Indexed) and not base.bracketed:
            name = f"{base.symbol.name}^{_tidy(exponent.latex)}"
            if name in self.names:
                raise EquationSyntaxError(
                    self.text,
                    meta.start_pos,
                    f"an entry of `{name}`, or a power of one of `{base.symbol.name}`? Both have "
                    "values; for the power write brackets",
                )
        return self._made(Operation, meta, "power", (base, exponent))

    def power_above(self, meta: Meta, pieces: list) -> Expression:
        """The same with the subscript behind: $g^2_t$ is the square of $g_t$."""
        base, exponent, subscript = pieces
        return self.power(meta, [self.plain(meta, [base, subscript]), exponent])

    def positive_part(self, meta: Meta, children: list) -> Call:
        return self._made(Call, meta, r"\operatorname{ReLU}", children[0])

    def raised(self, meta: Meta, children: list) -> Operation:
        base, token = children
        exponent = self._exponent([token])
        if exponent is None:
            raise EquationSyntaxError(self.text, token.start_pos, f"got `^`: {HINTS['^']}")
        return self._made(Operation, meta, "power", (base, exponent))

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
        loose = ("sum", "difference", "negation", "quotient")
        operator = getattr(children[0], "operator", "")
        if self.text[meta.start_pos] == "{" and operator in loose and not children[0].bracketed:
            raise EquationSyntaxError(
                self.text, meta.start_pos, "braces are not printed; write parentheses"
            )
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
            found = LEXEME.match(self.text, position)
            assert found  # the grammar has read it there
            raise EquationSyntaxError(self.text, position, f"got `{found[0]}`: {_STAR_HINT}")
        return self._made(Operation, meta, "convolution", tuple(operands))

    def product(self, meta: Meta, operands: list[Expression]) -> Expression:
        return self._factors(meta, "product", *operands)

    def quotient(self, meta: Meta, operands: list[Expression]) -> Expression:
        last = _last_factor(operands[0])
        if isinstance(last, Call) and not last.argument.bracketed:
            raise EquationSyntaxError(
                self.text,
                meta.start_pos,
                f"does {last.function} take what stands below the slash? Write brackets, or \\frac",
            )
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

    def fraction(self, meta: Meta, operands: list[Expression]) -> Expression:
        name = _tidy(self._latex(meta))
        if name in self.names:
            return self._made(Symbol, meta, name)
        return self._made(Operation, meta, "quotient", tuple(operands))

    def letter(self, meta: Meta, children: list[Token]) -> Symbol:
        return self._made(_Letter, meta, _letter_name(children))

    def quotient_times(self, meta: Meta, children: list[Expression]) -> Expression:
        above, below, beside = children
        place = Meta()
        place.start_pos, place.end_pos = meta.start_pos, meta.end_pos
        quotient = self._factors(place, "quotient", above, below)
        return self._made(Operation, meta, "juxtaposition", (quotient, beside), r"\cdot")

    def comparison(self, meta: Meta, children: list) -> Comparison:
        return self._made(Comparison, meta, tuple(children[::2]), tuple(children[1::2]))

    def relation(self, meta: Meta, children: list[Token]) -> str:
        return RELATION_SPELLINGS.get(str(children[0]), str(children[0]))

    def equals(self, meta: Meta, children: list) -> str:
        return "="

    def condition(self, meta: Meta, children: list[Expression]) -> Expression:
        """One comparison, or several that all have to hold."""
        if len(children) == 1:
            return children[0]
        return self._made(Operation, meta, "conjunction", tuple(children))

    def case(self, meta: Meta, children: list) -> list:
        return children

    def cases(self, meta: Meta, children: list[list]) -> Cases:
        last = isinstance(children[-1][1], Token)
        if any(isinstance(condition, Token) for _, condition in children[:-1]):
            raise EquationSyntaxError(
                self.text, meta.start_pos, "what holds otherwise is the last of the cases"
            )
        conditions = [condition for _, condition in children[: -1 if last else None]]
        values = tuple(value for value, _ in children)
        return self._made(Cases, meta, values, tuple(conditions))

    def row(self, meta: Meta, children: list[Expression]) -> list[Expression]:
        return children

    def matrix(self, meta: Meta, rows: list[list[Expression]]) -> Matrix:
        if len({len(row) for row in rows}) > 1:
            lengths = ", ".join(str(len(row)) for row in rows)
            raise EquationSyntaxError(
                self.text, meta.start_pos, f"expected rows of one length, got {lengths}"
            )
        entries = tuple(entry for row in rows for entry in row)
        return self._made(Matrix, meta, entries, len(rows[0]))

    def norm(self, meta: Meta, children: list) -> Operation:
        """A length; which one it is stands below it, and is 2 if nothing does."""
        operand, *below = children
        order = re.sub(r"\s", "", below[0][1:]).strip("{}") if below else "2"
        return self._made(Operation, meta, "norm", (operand, Expression(order)))

    def power_of_norm(self, meta: Meta, children: list) -> Operation:
        r"""The same with the power in front: $\|x\|^2_2$."""
        operand, exponent, below = children
        return self._made(Operation, meta, "power", (self.norm(meta, [operand, below]), exponent))

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

    def summation_but_one(self, meta: Meta, children: list) -> Sum:
        r"""A sum over all but one value of an index; over pairs, if nothing else counts the other.

        In $\sum_{i \neq j} w_{ij}$ the index j is counted too, unless it stands on the left, or
        below another sum, or has a value.
        """
        reduction, letter, other, term = children
        comparison = Comparison(
            rf"{letter.latex} \neq {other.latex}",
            (Symbol(letter.latex, letter.name), other),
            (r"\neq",),
        )
        left_out = Number("0", 0) if "sum" in reduction else Number("1", 1)
        term = self._made(Cases, meta, (replace(term, bracketed=True), left_out), (comparison,))
        found = self.summation(meta, [reduction, letter, term])
        if isinstance(other, Symbol) and other.name not in self.bound | self.names:
            return self._made(Sum, meta, other, (), found, str(reduction).strip())
        return found

    def summation_from_above(self, meta: Meta, children: list) -> Sum:
        reduction, last, letter, first, term = children
        return self.summation(meta, [reduction, letter, first, last, term])

    def juxtaposition(self, meta: Meta, operands: list[Expression]) -> Expression:
        """A product, or a name with an argument that has a value, such as $h(t-1)$."""
        first, second = operands
        if isinstance(first, Call) and re.match(r"\\[a-z]+\s*\{", first.latex):
            if not re.match(r"\\(operatorname|text|math|mbox)", first.latex):
                raise EquationSyntaxError(
                    self.text,
                    meta.start_pos,
                    f"the braces behind {first.function} are not printed; write parentheses",
                )
        inner, *rest = factors(second)
        raised = None
        if isinstance(inner, Operation) and inner.operator in ("transpose", "power"):
            raised, inner = inner, inner.operands[0]
        if isinstance(first, Symbol) and first.name == r"\Delta":
            if changed := self._changed(meta, first, second):
                return changed
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
                return self._product(meta, symbol, rest, second)
        return self._made(Operation, meta, "juxtaposition", tuple(operands))

    def _changed(self, meta: Meta, delta: Symbol, beside: Expression) -> Expression | None:
        r"""A product that begins with $\Delta w$, where that is one name."""
        first, *rest = factors(beside)
        if not isinstance(first, Symbol) or f"{delta.name} {first.name}" not in self.names:
            return None
        latex = self._latex(meta)
        if delta.name in self.names:
            raise EquationSyntaxError(
                self.text,
                meta.start_pos,
                rf"`{delta.name} {first.name}` and `{delta.name}` both have values; write "
                rf"`{delta.name} \cdot {first.latex}` for the product, or give one of them",
            )
        end = latex.index(first.latex, len(delta.latex)) + len(first.latex)
        symbol = Symbol(latex[:end], f"{delta.name} {first.name}", start=delta.start)
        return self._product(meta, symbol, rest, beside)

    def _product(
        self, meta: Meta, first: Expression, rest: list[Expression], product: Expression
    ) -> Expression:
        """What is made of the first factor of a product, and what stood behind that."""
        if not rest:
            return first
        assert isinstance(product, Operation)  # there are two factors
        return self._made(Operation, meta, "juxtaposition", (first, *rest), product.sign)

    def dot(self, meta: Meta, operands: list[Expression]) -> Expression:
        return self._made(Operation, meta, "juxtaposition", tuple(operands), r"\cdot")

    def cross(self, meta: Meta, operands: list[Expression]) -> Expression:
        return self._made(Operation, meta, "juxtaposition", tuple(operands), r"\times")

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

    def several(self, meta: Meta, parts: list[Expression]) -> Operation:
        return replace(self._made(Operation, meta, "arguments", tuple(parts)), bracketed=True)

    def arguments(self, meta: Meta, parts: list[Expression]) -> Operation:
        made = self._made(Operation, meta, "arguments", tuple(parts))
        return replace(made, latex=made.latex[1:-1].strip(), bracketed=True)

    def indices(self, meta: Meta, indices: list[Expression]) -> tuple[Expression, ...]:
        return tuple(indices)

    def FUNCTION(self, token: Token) -> str:
        return _function_name(token)

    def EXTREME(self, token: Token) -> str:
        return r"\max" if "max" in unmarked(token) else r"\min"

    def NUMBER(self, digits: str) -> Number:
        check("a number of at most {} digits", MOST_DIGITS, len(digits))
        return Number(str(digits), float(digits) if "." in digits else int(digits))

    def POWER_ABOVE(self, token: Token) -> Number:
        return self.POWER(token)

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
        if isinstance(left, Sum) and not left.bracketed and left.reduction != r"\sum":
            if left.index.name not in _free_names(right):
                raise EquationSyntaxError(
                    self.text,
                    meta.start_pos,
                    f"does {left.reduction} take {right.latex}? Write it in front, or brackets",
                )
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

    def _indices(self, subscript: Token, base: str = "") -> tuple[Expression, ...]:
        """The indices in a subscript; none where it is a part of the symbol's name."""
        indices = _inner_tree(self.text, subscript, "indices")
        if indices is None:
            return ()
        found = self._inner().transform(indices)
        names = {symbol.name for index in found for symbol in index.symbols}
        counted = names & self.letters
        if any(isinstance(index, Indexed) for index in found) and counted:
            return found
        if self.letters and base in self.names and names and names <= self.names:
            return found
        if len(found) > 1:
            return found if counted or not names else ()
        letters = _side_by_side(found[0])
        if len(letters) > 1 and counted == names:
            return letters
        is_sum = isinstance(found[0], Operation) and found[0].operator in ("sum", "difference")
        return found if counted and (counted == names or is_sum) else ()

    def _inner(self) -> "_Line":
        return _Line(self.text, self.start, self.letters, self.names, self.kernels, self.words)

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
        before = unaligned(self.text[self.start : place.start_pos])
        return kind(self._latex(place), *parts, start=len(before))

    def _latex(self, place: Meta | Token) -> str:
        return unaligned(self.text[place.start_pos : place.end_pos])


def _letters(text: str, line: Tree, names: frozenset[str]) -> frozenset[str]:
    """The letters of a line that are indices.

    A sum counts them, or they stand beside a comma or beside another index. Those on the left count
    if the right has an index, or all of them in its subscripts.
    """
    left, *rights = line.children
    assert isinstance(left, Tree)
    right = Tree("right", [*rights, *_exponents(text, rights)])
    letters = {_letter_name(tree.children) for tree in right.find_data("letter")}
    subscripts = list(_subscripts(text, right, names))
    letters |= set().union(*(one.letters for one in subscripts if one.has_comma))
    everywhere = set().union(*(one.letters for one in subscripts))
    given = _of_given_arrays(text, right, names)
    for one in _subscripts(text, left, names):
        if not one.has_comma and one.letters <= names:
            continue  # y_t with a value for t is y at that time
        if letters or one.letters <= everywhere:
            subscripts.append(one)
            letters |= one.letters if one.has_comma else set()
        if one.letters & given:
            letters |= one.letters
    for defined in left.find_data("defined"):
        letters |= {_name_of_letter(one) for one in defined.find_data("plain")} & given
    groups = [one.letters for one in subscripts if one.is_group]
    while more := [group for group in groups if group & letters and not group <= letters]:
        letters |= set().union(*more)
    return frozenset(letters)


def _exponents(text: str, trees: Sequence[Any]) -> list[Tree]:
    """The syntax trees of what may be exponents, and of those in them."""
    found = []
    rest = [tree for tree in trees if isinstance(tree, Tree)]
    while rest:
        tree = rest.pop()
        for token in (*_tokens("SUPERSCRIPT", tree), *_tokens("LABEL", tree)):
            inner = _inner_tree(text, token, "exponent")
            if inner is not None:
                found.append(inner)
                rest.append(inner)
    return found


def _last_factor(expression: Expression) -> Expression:
    """What stands last in a product, also in that of a sum."""
    while not expression.bracketed:
        match expression:
            case Operation(operator="juxtaposition", operands=(_, last)) | Sum(term=last):
                expression = last
            case _:
                break
    return expression


def _bound(text: str, line: Tree) -> frozenset[str]:
    """The letters that a line counts for sure: those below its sums, and those on its left."""
    left, *rights = line.children
    assert isinstance(left, Tree)
    right = Tree("right", [*rights, *_exponents(text, rights)])
    letters = {_letter_name(tree.children) for tree in right.find_data("letter")}
    return frozenset(letters.union(*(one.letters for one in _subscripts(text, left, frozenset()))))


def _stepped(line: Tree) -> tuple[frozenset[str], int]:
    """The names on the left of a line that have letters above them, and where the left ends."""
    left = line.children[0]
    assert isinstance(left, Tree)
    found = set()
    for symbol in left.find_data("superscribed"):
        pieces = [piece for piece in symbol.children if isinstance(piece, Token)]
        base, subscript, superscript = _pieces(pieces)
        if re.search(r"[a-z]", superscript):
            found.add(_tidy(base + (subscript or "")))
    return frozenset(found), left.meta.end_pos


def _of_given_arrays(text: str, tree: Tree, names: frozenset[str]) -> set[str]:
    """The letters below arrays that are given as a whole: x_n, where x has a value and x_n none."""
    letters: set[str] = set()
    kinds = ("plain", "own", "labelled", "superscribed")
    for symbol in (found for kind in kinds for found in tree.find_data(kind)):
        pieces = [piece for piece in symbol.children if isinstance(piece, Token)]
        base, subscript, superscript = _pieces(pieces)
        if subscript is None or _tidy(base + subscript + superscript) in names:
            continue
        is_given = {_tidy(base), _tidy(base + superscript)} & names
        if is_given and re.fullmatch(r"_[\s{}a-zA-Z]*", subscript):
            letters |= set(re.sub(r"[_{}\s]", "", subscript))
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
        *tree.find_data("entry_of_value"),
    ):
        pieces = [piece for piece in symbol.children if isinstance(piece, Token)]
        if symbol.data == "entry_of_value":
            pieces = [Token("LETTER", "("), *pieces]
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
    if pieces[0].type == "OWN_FUNCTION":
        pieces = [*_own(pieces[0]), *pieces[1:]]
    if len(pieces) == 1 or all(piece.type != "SUBSCRIPT" for piece in pieces):
        pieces = [*_with_subscript_outside(pieces[0]), *pieces[1:]]
    found = {piece.type: piece for piece in pieces}
    primes = r"\prime" * len(found.get("PRIMES", ""))
    superscript = found.get("LABEL", f"^{{{primes}}}" if primes else "")
    return pieces[0], found.get("SUBSCRIPT"), found.get("SUPERSCRIPT", superscript)


def _with_subscript_outside(token: Token) -> list[Token]:
    r"""An accented letter in pieces: \hat{Y_i} is \hat{Y}_i."""
    letter = r"[a-zA-Z]|\\[a-zA-Z]+"
    found = re.fullmatch(rf"(\\[a-zA-Z]+\s*\{{\s*(?:{letter}))\s*(_.*)\}}", token, re.DOTALL)
    if not found or token.type != "DECORATED" or token.start_pos is None:
        return [token]
    start = token.start_pos + found.start(2)
    base = Token(token.type, found[1] + "}", token.start_pos, end_pos=start)
    return [base, Token("SUBSCRIPT", found[2], start, end_pos=start + len(found[2]))]


def _own(token: Token) -> list[Token]:
    r"""A function of a paper's own in pieces: of \sigma_g the \sigma and the _g."""
    found = re.fullmatch(r"(.*?\S)\s*(_.*|'+)", token, re.DOTALL)
    assert found and token.start_pos is not None  # the grammar has read it
    pieces = []
    for group, kind in ((1, "FUNCTION"), (2, "PRIMES" if found[2][0] == "'" else "SUBSCRIPT")):
        start, end = (token.start_pos + place for place in found.span(group))
        pieces.append(Token(kind, found[group], start, end_pos=end))
    return pieces


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
        return read(" " * before + inside[group], start)
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
    name = re.sub(r"\s|\*", "", unmarked(token))
    if found := re.fullmatch(r"\\log_\{?(\d+)\}?", name):
        return rf"\log_{{{found[1]}}}" if len(found[1]) > 1 else rf"\log_{found[1]}"
    word = re.fullmatch(r"\\(?:[a-zA-Z]+\{([^{}]*)\}|([a-zA-Z]+))|([a-zA-Z]+)", name)
    assert word  # the grammar has read it
    return name if name in FUNCTIONS else SPELLINGS.get(word[1] or word[2] or word[3], name)


def _base(part: Symbol | Indexed) -> Symbol:
    return part.symbol if isinstance(part, Indexed) else part


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
    name = re.sub(r"\\[,;:!>\s]|~|\\q?quad(?![a-zA-Z])", "", unmarked(name))
    name = re.sub(r"(\\[a-zA-Z]+)|\s+", lambda found: f"{found[1]} " if found[1] else "", name)
    name = re.sub(r"\{(\\[a-zA-Z]+ |[^{}\\])\}", r"\1", name)
    return re.sub(r" (?![a-zA-Z])", "", name)

"""What equations are made of: expressions, and the lines that they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace


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

    @property
    def symbols_in_brackets(self) -> list[Symbol]:
        """The arguments that are symbols."""
        return [one for one in self.arguments if isinstance(one, Symbol)]


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
        sign: what stands between two factors, a dot or a cross; mostly nothing does.

    Examples:
        >>> from lecture_code.equations import parse
        >>> [equation] = parse("y = w x + b")
        >>> equation.right.operator, [part.latex for part in equation.right.operands]
        ('sum', ['w x', 'b'])
    """

    operator: str
    operands: tuple[Expression, ...]
    sign: str = ""

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
class Comparison(Expression):
    r"""What a condition asks, such as $0 \leq x < 1$.

    Attributes:
        operands: what is compared, in the order of the source.
        relations: the LaTeX between each two of them, such as `\leq`.
    """

    operands: tuple[Expression, ...]
    relations: tuple[str, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        """What is compared."""
        return self.operands

    def with_children(self, *children: Expression) -> Expression:
        """The same question about others."""
        return replace(self, operands=children)


@dataclass(frozen=True)
class Cases(Expression):
    """Values that depend on conditions, behind a brace.

    Attributes:
        values: one for each condition, and perhaps one more for what meets none of them.
        conditions: the conditions.
    """

    values: tuple[Expression, ...]
    conditions: tuple[Expression, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        """The values, and then the conditions."""
        return (*self.values, *self.conditions)

    def with_children(self, *children: Expression) -> Expression:
        """The same cases of others."""
        count = len(self.values)
        return replace(self, values=children[:count], conditions=children[count:])


@dataclass(frozen=True)
class Matrix(Expression):
    """Entries in rows and columns.

    Attributes:
        entries: all of them, row by row.
        columns: how many stand in a row.
    """

    entries: tuple[Expression, ...]
    columns: int

    @property
    def children(self) -> tuple[Expression, ...]:
        """The entries."""
        return self.entries

    def with_children(self, *children: Expression) -> Expression:
        """A matrix of others."""
        return replace(self, entries=children)


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
        also: what gets the value as well as the left, as $b$ in $a = b = c$; mostly nothing.

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
    also: tuple[Symbol, ...] = field(default=(), compare=False)


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

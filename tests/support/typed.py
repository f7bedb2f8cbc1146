r"""Random equations that know what they mean, and their values by the algebra of a textbook.

A node has a type, as an author has in mind: a number, a column vector, its transpose, a matrix, or
a matrix of samples in rows or in columns. Its value is one matrix for each sample of a batch, of a
vector a column: products are products of matrices, whatever arrays the engine has for them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

NUMBER, VECTOR, COVECTOR, MATRIX, ROWS, COLUMNS = (
    *("number", "vector", "covector", "matrix", "rows", "columns"),
)
SUM, PRODUCT, TERM, TIGHT = range(4)
"""How tightly a node is printed."""

DIFFERENT = {"batch": 3, "n": 6, "p": 2, "q": 4, "r": 5}
EQUAL = dict.fromkeys(DIFFERENT, 3)
"""The samples of a batch, those of a matrix, and three spaces of features."""

NAMES = {
    NUMBER: [r"\alpha", r"\lambda", "s", r"\beta_{1}", "a"],
    VECTOR: [
        *("x_t", "h_{t-1}", r"\tilde{h}_t", "c", "b'", "z^{(1)}", r"\mathbf{u}", "v", "w_{h}"),
        *("X_t", "C_{t-1}", r"\Gamma_u", r"\mathbf{H}", "F_t", r"\hat{Y}"),
    ],
    MATRIX: ["W", "U_{h}", r"\mathbf{V}", r"\hat{W}_{xh}", "A^{(2)}", r"\Theta", "M_1", "M_2", "m"],
    ROWS: ["Q", "X", r"\mathbf{Z}", "S_1", "S_2", "y_1", "y_2"],
    COLUMNS: ["K", "D", r"\mathbf{G}", "J_1", "J_2"],
}
UPPER = {*NAMES[VECTOR][9:], "O_1", r"\Delta_2", "P", r"\mathbf{E}", "B_t"}
RESULTS = ["o", "O_1", r"\tilde{r}", r"\Delta_2", "i_t", "P", r"\mathbf{E}", "g_{t}", "B_t"]

Value = list[np.ndarray]


class Type(NamedTuple):
    """A kind, and the spaces of its rows and its columns."""

    kind: str
    spaces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Node:
    """A part of an equation.

    Attributes:
        latex: how it is printed.
        type: what it is.
        value: one matrix for each sample.
        level: how tightly it is printed.
        batched: whether samples differ.
        is_product: whether a product of arrays is in it.
        is_name: whether a superscript can follow.
        names: the given symbols in it.
        upper: those that are upper-case, or stand behind one that is.
    """

    latex: str
    type: Type
    value: Value = field(repr=False)
    level: int = TIGHT
    batched: bool = False
    is_product: bool = False
    is_name: bool = False
    names: frozenset[str] = frozenset()
    upper: frozenset[str] = frozenset()


class Writer:
    """Makes random equations.

    Attributes:
        values: the arrays of the symbols, as the engine takes them.
        roles: what they hold.
        must: the symbols whose roles nobody can guess.
        lines: definitions, which come first.
    """

    def __init__(self, random: Any, sizes: dict[str, int]):
        """Begin.

        Args:
            random: what decides, like Python's `random`.
            sizes: the length of each axis.
        """
        self.random, self.sizes = random, sizes
        self.values: dict[str, Any] = {}
        self.roles: dict[str, str] = {}
        self.must: set[str] = set()
        self.lines: list[str] = []
        self.defined_names: list[str] = []
        self.nodes: list[Node] = []
        self.numbers = np.random.default_rng(random.randrange(1000))

    def size(self, space: str) -> int:
        """How long the axis of a space is; `pq` has the features of `p` and of `q`."""
        return self.sizes[space] if space in self.sizes else sum(map(self.size, space))

    def is_one_in(self, n: int) -> bool:
        return self.random.randrange(n) == 0

    def any_of(self, *options: Any) -> Any:
        return options[self.random.randrange(len(options))]

    # WHAT THERE IS

    def equation(self, depth: int) -> Node:
        """A line that defines y, after those that it needs; its node."""
        f, g = self.any_of(*"pqr"), self.any_of(*"pqr")
        options = [Type(NUMBER), Type(VECTOR, (f,)), Type(VECTOR, (f,)), Type(COVECTOR, (f,))]
        matrices = [Type(MATRIX, (f, g)), Type(ROWS, (f,)), Type(COLUMNS, (f,))]
        node = self.node(self.any_of(*options, *matrices), depth)
        if self.is_one_in(12):
            a, b = self.node(Type(VECTOR, (f,)), 1), self.node(Type(VECTOR, (g,)), 1)
            if a.batched == b.batched:
                node = self.product(a, self.transposed(b))
        self.lines.append(f"y = {node.latex}")
        return node

    def node(self, kind: Type, depth: int) -> Node:
        """Anything of a type."""
        if depth == 0 or self.is_one_in(6):
            return self.symbol(kind)
        makers = [
            self.sum,
            self.entrywise,
            self.function,
            self.scaled,
            self.of(kind),
            self.of(kind),
        ]
        node = self.any_of(*makers)(kind, depth - 1)
        return self.defined(node) if self.is_one_in(6) and len(self.lines) < 4 else node

    def of(self, kind: Type) -> Callable[[Type, int], Node]:
        """What makes nodes of one kind only."""
        return {
            NUMBER: self.inner,
            VECTOR: self.applied,
            COVECTOR: self.covector,
            MATRIX: self.matrix,
            ROWS: self.rows,
            COLUMNS: self.columns,
        }[kind.kind]

    def symbol(self, kind: Type) -> Node:
        """A symbol, a new one or one that there is; of a transposed vector the vector's."""
        if kind.kind == COVECTOR:
            return self.transposed(self.symbol(Type(VECTOR, kind.spaces)))
        known = [node for node in self.nodes if node.type == kind]
        taken = {node.latex for node in self.nodes}
        names = [name for name in NAMES[kind.kind] if name not in taken]
        if known and self.is_one_in(3):
            return self.any_of(*known)
        names = names or [f"{NAMES[kind.kind][0][-1]}_{{{len(taken)}}}"]
        name, batched = self.any_of(*names), False
        if kind.kind == VECTOR:
            batched = not self.is_one_in(3)
        elif kind.kind == NUMBER:
            batched = self.is_one_in(4)
        shape = (1, 1) if kind.kind == NUMBER else self.shape(kind)
        value = list(
            self.numbers.uniform(0.3, 1.3, (self.sizes["batch"] if batched else 1, *shape))
        )
        value *= self.sizes["batch"] // len(value)
        node = Node(name, kind, value, batched=batched, is_name=not set("^'") & set(name))
        names = frozenset([name])
        node = replace(node, names=names, upper=names & UPPER)
        self.must |= {name} if kind.kind == NUMBER or name == "m" else set()
        self.nodes.append(node)
        self.values[name], self.roles[name] = as_array(node), kind.kind
        return node

    def number(self) -> Node:
        ones = [np.full((1, 1), 2.0)] * self.sizes["batch"]
        return Node("2", Type(NUMBER), ones)

    def shape(self, kind: Type) -> tuple[int, int]:
        spaces = [self.size(space) for space in kind.spaces]
        samples = self.sizes["n"]
        return {
            VECTOR: lambda: (spaces[0], 1),
            MATRIX: lambda: (spaces[0], spaces[-1]),
            ROWS: lambda: (samples, spaces[0]),
            COLUMNS: lambda: (spaces[0], samples),
        }[kind.kind]()

    def defined(self, node: Node) -> Node:
        """A symbol that an earlier line defines."""
        names = [name for name in RESULTS if name not in self.defined_names]
        if node.latex == "2" or not names:
            return node
        name = self.any_of(*names)
        self.defined_names.append(name)
        self.lines.append(f"{name} {self.any_of('=', '&=', chr(92) + 'leftarrow')} {node.latex}")
        upper = node.names if name in UPPER else frozenset()
        return replace(node, latex=name, level=TIGHT, is_name=True, upper=upper)

    # NOTATION

    def grouped(self, node: Node, level: int) -> str:
        """A node in brackets, if its place asks for them, and now and then if not."""
        if node.level >= level and not (self.is_one_in(8) and node.latex != "2"):
            return node.latex
        return self.any_of("({})", r"\left( {} \right)", r"\bigl({}\bigr)").format(node.latex)

    def printed(self, form: str, parts: list[Node], level: int, **changes: Any) -> Node:
        """A node of others."""
        batched = any(part.batched for part in parts)
        is_product = any(part.is_product for part in parts)
        return replace(
            parts[0],
            **{
                **dict(latex=form, level=level, batched=batched, is_product=is_product),
                **dict(
                    is_name=False,
                    names=frozenset().union(*(part.names for part in parts)),
                    upper=frozenset().union(*(part.upper for part in parts)),
                ),
                **changes,
            },
        )

    def each(self, compute: Callable, *parts: Node) -> Value:
        return [compute(*values) for values in zip(*(part.value for part in parts), strict=True)]

    def product(self, a: Node, b: Node) -> Node:
        """Two nodes side by side, with the product of their matrices."""
        kinds = (a.type.kind, b.type.kind)
        spaces = {
            (MATRIX, VECTOR): Type(VECTOR, a.type.spaces[:1]),
            (MATRIX, COLUMNS): Type(COLUMNS, a.type.spaces[:1]),
            (MATRIX, ROWS): Type(ROWS, b.type.spaces[-1:]),
            (MATRIX, MATRIX): Type(MATRIX, (*a.type.spaces[:1], *b.type.spaces[-1:])),
            (COVECTOR, VECTOR): Type(NUMBER),
            (COVECTOR, MATRIX): Type(COVECTOR, b.type.spaces[-1:]),
            (VECTOR, COVECTOR): Type(MATRIX, (*a.type.spaces, *b.type.spaces)),
            (ROWS, MATRIX): Type(ROWS, b.type.spaces[-1:]),
            (ROWS, COLUMNS): Type(MATRIX, ("n", "n")),
            (COLUMNS, ROWS): Type(MATRIX, (*a.type.spaces, *b.type.spaces)),
            (COLUMNS, MATRIX): Type(COLUMNS, a.type.spaces),
        }
        sign = self.any_of(" ", " ", r" \cdot ", r" \, ")
        latex = f"{self.grouped(a, TIGHT)}{sign}{self.grouped(b, TERM)}"
        value = self.each(lambda x, y: np.einsum("ij,jk->ik", x, y), a, b)
        return self.printed(latex, [a, b], TERM, value=value, type=spaces[kinds], is_product=True)

    def raised(self, node: Node, superscript: str) -> str:
        return f"{node.latex if node.is_name else f'({node.latex})'}^{superscript}"

    def transposed(self, node: Node) -> Node:
        """A node with a T."""
        kind, spaces = node.type
        if kind == VECTOR and node.batched:
            # The engine takes an upper-case letter under a T for a matrix.
            self.must |= node.upper
        new = {VECTOR: COVECTOR, COVECTOR: VECTOR, ROWS: COLUMNS, COLUMNS: ROWS}.get(kind, kind)
        return self.printed(
            self.raised(node, self.any_of(r"\top", "T", r"{\top}", r"\intercal")),
            [node],
            TIGHT,
            value=[value.T for value in node.value],
            type=Type(new, spaces[::-1]),
        )

    # ENTRY BY ENTRY

    def pair(self, kind: Type, depth: int) -> tuple[Node, Node]:
        """Two of a type that the engine takes entry by entry: of one batch, or with a bias."""
        a, b = self.node(kind, depth), self.node(kind, depth)
        if kind.kind == NUMBER or a.batched == b.batched:
            return a, b
        constant, other = (b, a) if a.batched else (a, b)
        if kind.kind == VECTOR and not constant.is_product:
            return a, b
        return other, other

    def sum(self, kind: Type, depth: int) -> Node:
        a, b = self.pair(kind, depth)
        if kind.kind in (ROWS, COLUMNS) and self.is_one_in(2):
            bias = self.symbol(Type(VECTOR, kind.spaces))
            b = b if bias.batched else bias
        sign, compute = self.any_of(("+", np.add), ("-", np.subtract))
        order = [a, b]
        values = [a.value, b.value]
        if b.type != a.type:
            column = kind.kind == COLUMNS
            values[1] = [one if column else one.T for one in b.value]
            if self.is_one_in(3):
                order, values = order[::-1], values[::-1]
        latex = f"{self.grouped(order[0], SUM)} {sign} {self.grouped(order[1], PRODUCT)}"
        value = [compute(x, y) for x, y in zip(*values, strict=True)]
        return self.printed(latex, [a, b], SUM, value=value, type=kind)

    def entrywise(self, kind: Type, depth: int) -> Node:
        a, b = self.pair(kind, depth)
        if self.is_one_in(4):
            value = self.each(np.maximum, a, b)
            return self.printed(rf"\max({a.latex}, {b.latex})", [a, b], TIGHT, value=value)
        if self.is_one_in(4):
            b = self.printed(rf"\sigma({b.latex})", [b], TIGHT, value=list(map(sigma, b.value)))
            value = self.each(np.divide, a, b)
            if self.is_one_in(2):
                return self.printed(rf"\frac{{{a.latex}}}{{{b.latex}}}", [a, b], TIGHT, value=value)
            latex = f"{self.grouped(a, PRODUCT)} / {b.latex}"
            return self.printed(latex, [a, b], PRODUCT, value=value)
        sign = self.any_of(r"\odot", r"\otimes", "*", r"\circ")
        latex = f"{self.grouped(a, PRODUCT)} {sign} {self.grouped(b, TERM)}"
        return self.printed(latex, [a, b], PRODUCT, value=self.each(np.multiply, a, b))

    def function(self, kind: Type, depth: int) -> Node:
        a = self.node(kind, depth)
        is_matrix = kind.kind == MATRIX
        choice = self.random.randrange(8)
        if choice == 0 and not is_matrix:
            return self.printed(
                f"e^{{-{self.grouped(a, PRODUCT)}}}", [a], TERM, value=[np.exp(-x) for x in a.value]
            )
        if choice == 1 and not is_matrix:
            value = [np.sqrt(sigma(x)) for x in a.value]
            return self.printed(rf"\sqrt{{\sigma({a.latex})}}", [a], TIGHT, value=value)
        if choice == 2 and not is_matrix and a.latex != "2":
            return self.printed(self.raised(a, "2"), [a], TIGHT, value=[x**2 for x in a.value])
        if choice == 3 and kind.kind in (VECTOR, COVECTOR):
            value = [np.exp(x) / np.exp(x).sum() for x in a.value]
            return self.printed(rf"\operatorname{{softmax}}({a.latex})", [a], TIGHT, value=value)
        if choice == 4:
            body, compute = self.any_of(
                (r"v \odot \sigma(v)", lambda x: x * sigma(x)), ("2 v + 1", lambda x: 2 * x + 1)
            )
            if not any(line.startswith("f(v)") for line in self.lines):
                self.lines.append(f"f(v) = {body}")
                self.own = compute
            return self.printed(f"f({a.latex})", [a], TIGHT, value=[self.own(x) for x in a.value])
        name, compute = self.any_of(
            (r"\tanh", np.tanh),
            (r"\sigma", sigma),
            (r"\operatorname{ReLU}", lambda x: np.maximum(x, 0)),
            (r"\mathrm{sigmoid}", sigma),
        )
        value = list(map(compute, a.value))
        if a.is_name and self.is_one_in(3):
            return self.printed(f"{name} {a.latex}", [a], TERM, value=value)
        return self.printed(f"{name}({a.latex})", [a], TIGHT, value=value)

    def scaled(self, kind: Type, depth: int) -> Node:
        a = self.node(kind, depth)
        choice = self.random.randrange(5)
        if choice == 0:
            value = [-x for x in a.value]
            return self.printed(f"-{self.grouped(a, PRODUCT)}", [a], SUM, value=value)
        if choice == 1:
            value = [1 - x for x in a.value]
            return self.printed(f"1 - {self.grouped(a, PRODUCT)}", [a], SUM, value=value)
        if choice == 2 and a.latex != "2":
            value = [x / 2 for x in a.value]
            form = self.any_of(r"\frac{1}{2} ", r"\frac12 ", r"0.5 \cdot ", "0.5 ")
            # A number stands first.
            level = PRODUCT if "0" in form else TERM
            return self.printed(form + self.grouped(a, TERM), [a], level, value=value)
        s = self.node(Type(NUMBER), depth)
        fits = kind.kind in (NUMBER, VECTOR, COVECTOR) and (a.batched or kind.kind == NUMBER)
        if s.batched and not fits:
            return a
        value = self.each(np.multiply, s, a)
        if s.latex == "2" or a.latex == "2":
            latex = f"2 \\cdot {self.grouped(a if s.latex == '2' else s, TERM)}"
            return self.printed(latex, [a, s], PRODUCT, value=value)
        elif self.is_one_in(2):
            latex = f"{self.grouped(s, TIGHT)} {self.grouped(a, TERM)}"
        else:
            latex = f"{self.grouped(a, TIGHT)} \\cdot {self.grouped(s, TERM)}"
        return self.printed(latex, [a, s], TERM, value=value)

    # OF ONE KIND

    def inner(self, kind: Type, depth: int) -> Node:
        space = (self.any_of(*"pqr"),)
        return self.product(
            self.node(Type(COVECTOR, space), depth), self.node(Type(VECTOR, space), depth)
        )

    def applied(self, kind: Type, depth: int) -> Node:
        if self.is_one_in(6):
            return self.transposed(self.node(Type(COVECTOR, kind.spaces), depth))
        space = self.any_of(*"pqr", "pq")
        matrix = self.node(Type(MATRIX, (*kind.spaces, space)), depth)
        if len(space) == 1:
            return self.product(matrix, self.node(Type(VECTOR, (space,)), depth))
        parts = [self.node(Type(VECTOR, (one,)), depth) for one in space]
        if parts[0].batched != parts[1].batched:
            return self.node(kind, depth)
        return self.product(matrix, self.joined(parts, 0, Type(VECTOR, (space,))))

    def joined(self, parts: list[Node], axis: int, kind: Type) -> Node:
        form = self.any_of("[{}, {}]", "[{}; {}]", r"\left[ {}, {} \right]")
        value = self.each(lambda x, y: np.concatenate([x, y], axis), *parts)
        latex = form.format(*(part.latex for part in parts))
        return self.printed(latex, parts, TIGHT, value=value, type=kind)

    def covector(self, kind: Type, depth: int) -> Node:
        if self.is_one_in(2):
            return self.transposed(self.node(Type(VECTOR, kind.spaces), depth))
        space = self.any_of(*"pqr")
        matrix = self.node(Type(MATRIX, (space, *kind.spaces)), depth)
        return self.product(self.node(Type(COVECTOR, (space,)), depth), matrix)

    def matrix(self, kind: Type, depth: int) -> Node:
        f, g = kind.spaces
        space = self.any_of(*"pqr")
        choice = self.random.randrange(3)
        if choice == 0:
            return self.transposed(self.node(Type(MATRIX, (g, f)), depth))
        if f == g == "n":
            return self.product(
                self.node(Type(ROWS, (space,)), depth), self.node(Type(COLUMNS, (space,)), depth)
            )
        if choice == 1 and not {"n", "pq"} & {f, g}:
            return self.product(
                self.node(Type(COLUMNS, (f,)), depth), self.node(Type(ROWS, (g,)), depth)
            )
        return self.product(
            self.node(Type(MATRIX, (f, space)), depth), self.node(Type(MATRIX, (space, g)), depth)
        )

    def rows(self, kind: Type, depth: int) -> Node:
        choice = self.random.randrange(4)
        if choice == 0:
            return self.transposed(self.node(Type(COLUMNS, kind.spaces), depth))
        if choice == 1:
            return self.product(
                self.node(Type(MATRIX, ("n", "n")), depth),
                self.node(Type(ROWS, kind.spaces), depth),
            )
        space = self.any_of(*"pqr", "pq")
        matrix = self.node(Type(MATRIX, (space, *kind.spaces)), depth)
        if len(space) == 1:
            return self.product(self.node(Type(ROWS, (space,)), depth), matrix)
        parts = [self.node(Type(ROWS, (one,)), depth) for one in space]
        return self.product(self.joined(parts, 1, Type(ROWS, (space,))), matrix)

    def columns(self, kind: Type, depth: int) -> Node:
        if self.is_one_in(4):
            return self.transposed(self.node(Type(ROWS, kind.spaces), depth))
        space = self.any_of(*"pqr", "pq")
        matrix = self.node(Type(MATRIX, (*kind.spaces, space)), depth)
        if len(space) == 1:
            return self.product(matrix, self.node(Type(COLUMNS, (space,)), depth))
        parts = [self.node(Type(COLUMNS, (one,)), depth) for one in space]
        return self.product(matrix, self.joined(parts, 0, Type(COLUMNS, (space,))))


def sigma(x: np.ndarray) -> np.ndarray:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def as_array(node: Node) -> Any:
    """A node's value as the engine has it: features on the last axis, samples in front."""
    flat = {
        NUMBER: lambda x: x[0, 0],
        VECTOR: lambda x: x[:, 0],
        COVECTOR: lambda x: x[0],
    }.get(node.type.kind, lambda x: x)
    values = [flat(value) for value in node.value]
    return np.stack(values) if node.batched else values[0]

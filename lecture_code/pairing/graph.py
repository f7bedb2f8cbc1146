r"""The data flow of an equation: which values go into which operation, and what comes out.

A graph is read from the parsed lines of a function's docstring. Quantities and operations are its
nodes, values flow along its edges. An expression that occurs twice, such as $[X_t, h_{t-1}]$ in the
two gates of a GRU, is one node. Weights are no nodes: they stand in the operation that uses them.
"""

from collections.abc import Callable
from typing import NamedTuple

from lecture_code.course.notation import Quantity
from lecture_code.equations.expressions import Call, Equation, Expression, Number, Operation, Symbol
from lecture_code.equations.language import OPERATORS
from lecture_code.pairing.functions import pair_lines, place_of


class Node(NamedTuple):
    r"""A quantity, or an operation on what flows in.

    Attributes:
        key: its name in the graph.
        operators: what it does, one after the other: names of operations of the grammar, and
            functions such as `\tanh`; nothing for a quantity.
        symbols: the quantity, or the weights that the operation uses, in the order of the text.
        label: LaTeX of what it shows beside its weights.
    """

    key: str
    operators: tuple[str, ...]
    symbols: tuple[Symbol, ...]
    label: str


class Edge(NamedTuple):
    """A value that flows from one node into another.

    Attributes:
        source: key of the node that it comes from.
        target: key of the node that it goes into.
        place: which operand it is there, from 0.
    """

    source: str
    target: str
    place: int


class Graph(NamedTuple):
    """The data flow of a function's equation.

    Attributes:
        nodes: in the order of the text, by their key.
        edges: in the order of the text.
        quantities: the row of the notation for each symbol, by its canonical name.
    """

    nodes: dict[str, Node]
    edges: list[Edge]
    quantities: dict[str, Quantity]

    def into(self, key: str) -> list[str]:
        """The nodes whose values go into a node, in the order of its operands."""
        edges = sorted((edge for edge in self.edges if edge.target == key), key=lambda e: e.place)
        return [edge.source for edge in edges]


_DRAWN = ("sum", "product", "difference", "quotient", "concatenation")
"""The operators of two values that are nodes of their own."""


def graph_of(function: Callable) -> Graph:
    """Read the data flow from the equation in a function's docstring.

    Args:
        function: a lecture function whose equation has no indices and no sums over them.

    Returns:
        The graph.

    Raises:
        ValueError: if the equation holds something that has no picture.
    """
    lines = pair_lines(function)
    builder = _Builder({name: row for line in lines for name, row in line.quantities.items()})
    for line in lines:
        try:
            builder.add_line(line.equation)
        except ValueError as error:
            raise ValueError(f"{place_of(function, line)}; {error}") from error
    return builder.graph


# What a node is made of: its operators, the weights in it, and the operands that flow into it.
_Parts = tuple[tuple[str, ...], tuple[Symbol, ...], tuple[Expression, ...]]


class _Builder:
    def __init__(self, quantities: dict[str, Quantity]):
        self.graph = Graph({}, [], quantities)

    def add_line(self, equation: Equation) -> None:
        source = self.add(equation.right)
        [symbol] = equation.left
        self.graph.edges.append(Edge(source, self.quantity(symbol), 0))

    def add(self, expression: Expression) -> str:
        """Add an expression and all that flows into it; returns the key of its node."""
        if isinstance(expression, Symbol):
            return self.quantity(expression)
        operators, weights, operands = self.parts(expression)
        sources = [self.add(operand) for operand in operands]
        # The same operation on the same values is the same node.
        key = (
            f"{' '.join((*operators, *(weight.name for weight in weights)))}({', '.join(sources)})"
        )
        if key not in self.graph.nodes:
            label = _label(operators, weights, operands)
            self.graph.nodes[key] = Node(key, operators, weights, label)
            self.graph.edges.extend(Edge(one, key, place) for place, one in enumerate(sources))
        return key

    def quantity(self, symbol: Symbol) -> str:
        self.graph.nodes.setdefault(symbol.name, Node(symbol.name, (), (symbol,), symbol.latex))
        return symbol.name

    def parts(self, expression: Expression) -> _Parts:
        match expression:
            case Call(function=function, argument=argument):
                layer = self.layer(argument)
                operators, weights, operands = layer or ((), (), (argument,))
                return (*operators, function), weights, operands
            case Operation(operator="difference", operands=(Number(value=1), operand)):
                return ("complement",), (), (operand,)
            case Operation(operator=operator, operands=operands):
                if layer := self.layer(expression):
                    return layer
                if operator in _DRAWN:
                    return (operator,), (), operands
        raise ValueError(f"`{expression.latex}`: there is no picture of this operation")

    def layer(self, expression: Expression) -> _Parts | None:
        """The parts of a matrix times something, with or without a bias."""
        match expression:
            case Operation(operator="sum", operands=(product, Symbol() as bias)) if self.is_weight(
                bias
            ):
                if found := self.layer(product):
                    operators, weights, operands = found
                    return (*operators, "sum"), (*weights, bias), operands
            case Operation(operator="juxtaposition", operands=(Symbol() as matrix, operand)):
                if self.is_weight(matrix):
                    return ("juxtaposition",), (matrix,), (operand,)
        return None

    def is_weight(self, symbol: Symbol) -> bool:
        return self.graph.quantities[symbol.name].role == "weight"


def _label(
    operators: tuple[str, ...], weights: tuple[Symbol, ...], operands: tuple[Expression, ...]
) -> str:
    """What a node shows, beside its weights; a dot stands for a value without a name."""
    shown = [part.latex if isinstance(part, Symbol) else r"\cdot" for part in operands]
    last = operators[-1]
    if last == "concatenation":
        return f"[{', '.join(shown)}]"
    if last == "complement":
        return r"1 - \cdot"
    if last.startswith("\\"):
        return last
    return "" if weights else OPERATORS[last].sign

"""The data-flow picture of a step, drawn from the equation in its docstring.

Graphviz lays the graph out; the picture is drawn here, so that its nodes and edges carry the same
symbols as the equation card. Each node says in its attributes what it computes, and each edge where
it comes from and which operand it is: a test takes the graph back out of the picture.
"""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from markupsafe import Markup

from lecture_code.course.notation import Quantity
from lecture_code.equations import to_mathml
from lecture_code.equations.mathml import attributes
from lecture_code.pairing.graph import Edge, Graph, Node, graph_of
from lecture_code.publish.cache import cached
from lecture_code.publish.marks import marks
from lecture_code.support.extras import needs_extra

POINTS = 72  # in an inch, Graphviz's unit of a node's size
MARGIN = 6


class Box(NamedTuple):
    """Where a node stands, in points from the upper left corner.

    Attributes:
        x: its middle.
        y: its middle.
        width: its width.
        height: its height.
    """

    x: float
    y: float
    width: float
    height: float


def diagram(function: Callable) -> Markup:
    """Draw the data flow of a function, from left to right, and for narrow screens downwards.

    Args:
        function: a lecture function whose equation has no indices.

    Returns:
        HTML: two pictures, of which the style sheet shows one.

    Raises:
        ValueError: if the equation holds something that has no picture.
    """
    graph = graph_of(function)
    return Markup().join(
        _picture(graph, function.__name__, direction) for direction in ("LR", "TB")
    )


def _picture(graph: Graph, name: str, direction: str) -> Markup:
    sizes = tuple((key, *_size(node)) for key, node in graph.nodes.items())
    (width, height), boxes, paths = _laid_out(sizes, tuple(graph.edges), direction)
    form = "wide" if direction == "LR" else "tall"
    tip = f"tip-{name}-{form}"
    edges = (_edge(edge, path, graph, tip) for edge, path in zip(graph.edges, paths, strict=True))
    nodes = (_node(node, boxes[key], graph) for key, node in graph.nodes.items())
    return Markup(
        '<svg class="diagram diagram-{form}" role="img" aria-label="{words}" '
        'viewBox="{begin} {begin} {width} {height}" width="{width}" height="{height}">'
        '<defs><marker id="{tip}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" '
        'markerHeight="6" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="context-stroke"/></marker>'
        # It is heard as its text alternative, and not bit by bit.
        '</defs><g aria-hidden="true">{edges}{nodes}</g></svg>'
    ).format(
        form=form,
        words=_words(graph),
        begin=-MARGIN,
        width=f"{width + 2 * MARGIN:.0f}",
        height=f"{height + 2 * MARGIN:.0f}",
        tip=tip,
        edges=Markup().join(edges),
        nodes=Markup().join(nodes),
    )


def _size(node: Node) -> tuple[int, int]:
    """The width and the height of a node, in points, for what it shows."""
    if not node.operators:
        return 40, 30
    if node.symbols:
        return 80, 46
    return {"concatenation": (70, 30), "complement": (48, 28), r"\tanh": (54, 30)}.get(
        node.operators[-1], (28, 28)
    )


def _lay_out(
    sizes: tuple[tuple[str, int, int], ...], edges: tuple[Edge, ...], direction: str
) -> tuple[tuple[float, float], dict[str, Box], list[str]]:
    """The size of the picture, the place of each node and the path of each edge."""
    with needs_extra():
        import pygraphviz  # here, because a build that finds all its pictures does not need it

    graph = pygraphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(rankdir=direction, nodesep=0.16, ranksep=0.34, splines="spline")
    graph.node_attr.update(fixedsize=True, shape="box", label="")
    for key, wide, high in sizes:
        graph.add_node(key, width=wide / POINTS, height=high / POINTS)
    for number, (source, target, _) in enumerate(edges):
        graph.add_edge(source, target, key=number)
    graph.layout("dot")
    _, _, width, height = map(float, graph.graph_attr["bb"].split(","))

    def place(point: str) -> tuple[float, float]:
        x, y = map(float, point.split(","))
        return x, height - y

    boxes = {
        key: Box(*place(graph.get_node(key).attr["pos"]), wide, high) for key, wide, high in sizes
    }
    paths = [
        _path([place(point) for point in _points(graph.get_edge(source, target, number))])
        for number, (source, target, _) in enumerate(edges)
    ]
    return (width, height), boxes, paths


_laid_out = cached(_lay_out, logging.DEBUG)


def _points(edge: Any) -> list[str]:
    """The points of a `pygraphviz.Edge`: where it begins, those of control, its arrow's tip."""
    tip, *points = edge.attr["pos"].replace("\\\n", "").split()
    return [*points, tip.removeprefix("e,")]


def _path(points: list[tuple[float, float]]) -> str:
    written = [f"{x:.1f} {y:.1f}" for x, y in points]
    return f"M{written[0]} C{' '.join(written[1:-1])} L{written[-1]}"


def _edge(edge: Edge, path: str, graph: Graph, tip: str) -> Markup:
    # A value without a name has no colour; one that gets a name has that name's.
    named = [graph.nodes[key] for key in (edge.source, edge.target)]
    quantity = next((_row(node, graph) for node in named if not node.operators), None)
    shown = {
        **(marks(quantity, "edge") if quantity else {"class": "edge"}),
        "data-from": edge.source,
        "data-to": edge.target,
        "data-place": str(edge.place),
        "d": path,
        "marker-end": f"url(#{tip})",
    }
    return Markup("<path{}/>").format(attributes(shown))


def _node(node: Node, box: Box, graph: Graph) -> Markup:
    x, y, width, height = box
    place = Markup('x="{:.1f}" y="{:.1f}" width="{}" height="{}"').format(
        x - width / 2, y - height / 2, width, height
    )
    radius = height / 2 if not node.operators or width == height else 5
    shown = {
        **({"class": "operation"} if node.operators else marks(_row(node, graph))),
        "data-node": node.key,
        "data-operators": " ".join(node.operators),
        "data-symbols": "; ".join(symbol.name for symbol in node.symbols),
    }
    label = (to_mathml(node.label) if node.label else Markup()) + _weights(node, graph)
    return Markup(
        '<g{shown}><rect {place} rx="{radius:g}"/>'
        '<foreignObject {place}><div class="node-label">{label}</div></foreignObject></g>'
    ).format(shown=attributes(shown), place=place, radius=radius, label=label)


def _weights(node: Node, graph: Graph) -> Markup:
    """What an operation does with its weights, such as W · + b; the dot is what flows in."""
    if not (node.operators and node.symbols):
        return Markup()
    matrix, *bias = (
        Markup("<span{}>{}</span>").format(
            attributes(marks(graph.quantities[weight.name])), to_mathml(weight.latex)
        )
        for weight in node.symbols
    )
    shown = Markup(" + ").join((matrix + " ·", *bias))
    return Markup('<div class="node-weights">{}</div>').format(shown)


def _row(node: Node, graph: Graph) -> Quantity:
    return graph.quantities[node.symbols[0].name]


def _words(graph: Graph) -> str:
    """What there is to see, in a sentence; each line of the equation stands in words elsewhere."""
    targets = {edge.target for edge in graph.edges}
    sources = {edge.source for edge in graph.edges}
    begin = [node for key, node in graph.nodes.items() if key not in targets]
    end = [node for key, node in graph.nodes.items() if key not in sources]
    inner = sum(bool(node.operators) for node in graph.nodes.values())

    def names(nodes: list[Node]) -> str:
        return " and ".join(_row(node, graph).meaning.split(",")[0] for node in nodes)

    return f"Data flow in {inner} operations, from the {names(begin)}, to the {names(end)}."

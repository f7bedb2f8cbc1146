"""The five shapes of a recurrent network, unrolled, as pictures."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from lecture_code.publish.elements import arrow, arrow_tip, figure
from lecture_code.publish.figures import text

WIDTH, CELL, TOP, BOTTOM = 84, 75, 18, 136


class Column(NamedTuple):
    """One time step of a shape.

    Attributes:
        reads: whether an input goes in.
        writes: whether an output comes out.
        fed: whether its input is the output before it.
        second: whether it belongs to a second cell, with weights of its own.
    """

    reads: bool = True
    writes: bool = True
    fed: bool = False
    second: bool = False


SHAPES = {
    "one to one": (Column(),),
    "one to many": (Column(), *[Column(fed=True)] * 3),
    "many to one": (*[Column(writes=False)] * 3, Column()),
    "many to many, same length": (Column(),) * 4,
    "many to many, different lengths": (
        *[Column(writes=False)] * 3,
        Column(reads=False, second=True),
        *[Column(fed=True, second=True)] * 2,
    ),
}
"""The slides' shapes, each by its time steps."""


def shape(columns: Sequence[Column], name: str) -> Markup:
    """Draw a recurrent network, unrolled over time: inputs below, outputs above.

    Args:
        columns: its time steps.
        name: what it is called, for readers who cannot see it.

    Returns:
        HTML: a figure with an SVG.

    Raises:
        ValueError: if there is no time step, or the first one is fed with an output.
    """
    if not columns or columns[0].fed:
        raise ValueError(
            f"columns: expected a first time step that is not fed with an output, got {columns}"
        )
    tip = f"tip-{'-'.join(name.replace(',', '').split())}"
    parts = [_column(x, t, column, columns, tip) for t, (x, column) in enumerate(_places(columns))]
    inputs = sum(column.reads and not column.fed for column in columns)
    outputs = sum(column.writes for column in columns)
    label = f"{name}: {_count(len(columns), 'step')}, {_count(inputs, 'input')}, "
    label += _count(outputs, "output")
    svg = Markup(
        '<svg role="img" aria-label="{label}" viewBox="0 0 {width} 156" '
        'style="max-width: {width}px" fill="none" stroke="currentColor" stroke-width="1.5">'
        "{tip}{parts}</svg>"
    ).format(
        label=label,
        width=WIDTH * len(columns),
        tip=arrow_tip(tip),
        parts=Markup().join(parts),
    )
    return figure(svg, kind="curves shape")


def _places(columns: Sequence[Column]) -> list[tuple[int, Column]]:
    return [(WIDTH * t + WIDTH // 2, column) for t, column in enumerate(columns)]


def _column(x: int, t: int, column: Column, columns: Sequence[Column], tip: str) -> Markup:
    """A cell around (x, CELL), with what goes in from below and what comes out above."""
    dash = Markup(' stroke-dasharray="5 3"') if column.second else ""
    parts = [
        Markup('<rect x="{}" y="{}" width="44" height="32" rx="5"{}/>').format(
            x - 22, CELL - 16, dash
        ),
        text(x, CELL + 5, "cell"),
    ]
    if column.reads:
        parts.append(arrow(f"M{x} {BOTTOM - 14} V{CELL + 18}", tip))
    if column.fed:
        # The output before it goes round between the two cells, and in from below.
        path = f"M{x - WIDTH + 12} {TOP} H{x - WIDTH // 2} V{BOTTOM - 14} H{x}"
        parts.append(Markup('<path d="{}" stroke-dasharray="2 3" class="fed"/>').format(path))
    elif column.reads:
        parts.append(text(x, BOTTOM, "x", f"{t + 1}", "input"))
    if column.writes:
        number = sum(one.writes for one in columns[: t + 1])
        parts.append(arrow(f"M{x} {CELL - 16} V{TOP + 10}", tip))
        parts.append(text(x, TOP, "y", f"{number}", "output"))
    if t + 1 < len(columns):
        parts.append(arrow(f"M{x + 22} {CELL} H{x + WIDTH - 24}", tip))
    return Markup().join(parts)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"

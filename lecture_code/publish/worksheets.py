"""Worksheets on a page: for each cell a sheet of paper, with blanks or with the results."""

from collections.abc import Iterable

import numpy as np
from markupsafe import Markup

from lecture_code.core.ops import sigmoid, tanh
from lecture_code.equations import to_mathml
from lecture_code.publish.tables import table
from lecture_code.worksheets import Row, number, worksheet

SHEET_SEED = 7
"""The seed of the site's worksheets."""


def worksheet_sheet(cell: str, key: bool = False) -> Markup:
    """A worksheet that can be printed, or the key to it.

    Args:
        cell: a cell's name, as `worksheet` has it.
        key: whether the results stand in it, or blanks.

    Returns:
        HTML. A key is folded on a screen.
    """
    drawn = worksheet(cell, SHEET_SEED)
    body = Markup(
        '<ol class="worksheet-equations" aria-label="Equations">{}</ol>'
        '<ul class="worksheet-given" aria-label="Given">{}</ul>{}'
    ).format(
        _items(drawn.equations),
        _items(map(_with_numbers, drawn.given)),
        Markup().join(_step(time, lines, key) for time, lines in enumerate(drawn.steps, start=1)),
    )
    name = Markup('<p class="worksheet-name" aria-hidden="true">Name</p>')
    if key:
        name = Markup()
        body = Markup("<details><summary>Show the key</summary>{}</details>").format(body)
    return Markup(
        '<section class="worksheet">{}<p class="worksheet-command">'
        "<code>lecture-code trace {} --seed {}{}</code></p>{}</section>"
    ).format(name, cell, SHEET_SEED, " --key" * key, body)


def _items(equations: Iterable[str]) -> Markup:
    return Markup().join(map(Markup("<li>{}</li>").format, map(to_mathml, equations)))


def function_table() -> Markup:
    r"""The logistic function and the hyperbolic tangent at multiples of one quarter.

    Returns:
        HTML.
    """
    rows = [(f"{z:.2f}", number(sigmoid(z)), number(tanh(z))) for z in np.arange(0, 2.01, 0.25)]
    # Mathematics alone is no heading to every screen reader.
    head = [*map(Markup, ("<i>z</i>", "σ(<i>z</i>)", "tanh <i>z</i>"))]
    return table(head, rows, "Both functions, for the first sums")


def _with_numbers(row: Row) -> str:
    """A given quantity as an equation in LaTeX: its name, and its numbers in brackets."""
    lines = np.reshape(row.values, (len(row.values), -1))
    entries = r" \\ ".join(" & ".join(f"{value:g}" for value in line) for line in lines)
    return rf"{row.latex} = \begin{{bmatrix}} {entries} \end{{bmatrix}}"


def _step(time: int, lines: tuple[tuple[Row, ...], ...], key: bool) -> Markup:
    units = range(1, len(lines[0][0].values) + 1)
    heads = Markup().join(map(Markup("<span>unit {}</span>").format, units))
    rows = Markup().join(
        Markup("<dl>{}</dl>").format(Markup().join(_row(row, key) for row in line))
        for line in lines
    )
    return Markup(
        '<div class="worksheet-step"><h3>Step {}</h3>'
        '<p class="worksheet-units" aria-hidden="true">{}</p>{}</div>'
    ).format(time, heads, rows)


def _row(row: Row, key: bool) -> Markup:
    result = Markup(
        '<dd><span class="unseen">unit {}: </span>{}</dd>'
        if key
        else '<dd class="blank"><span class="unseen">unit {}: blank</span></dd>'
    )
    results = Markup().join(
        result.format(unit, number(value)) for unit, value in enumerate(row.values, start=1)
    )
    return Markup("<div><dt>{}</dt>{}</div>").format(to_mathml(row.latex), results)

"""Worksheets on a page: for each cell a sheet of paper, with blanks or with the results."""

import numpy as np

from lecture_code.core.ops import sigmoid, tanh
from lecture_code.equations import to_mathml
from lecture_code.publish.tables import table
from lecture_code.worksheets import Row, number, worksheet

SHEET_SEED = 7
"""The seed of the site's worksheets."""


def worksheet_sheet(cell: str, key: bool = False) -> str:
    """A worksheet that can be printed, or the key to it.

    Args:
        cell: a cell's name, as `worksheet` has it.
        key: whether the results stand in it, or blanks.

    Returns:
        HTML. A key is folded on a screen.
    """
    drawn = worksheet(cell, SHEET_SEED)
    equations = "".join(f"<li>{to_mathml(latex)}</li>" for latex in drawn.equations)
    given = "".join(f"<li>{to_mathml(_with_numbers(row))}</li>" for row in drawn.given)
    steps = "".join(_step(time, lines, key) for time, lines in enumerate(drawn.steps, start=1))
    body = (
        f'<ol class="worksheet-equations" aria-label="Equations">{equations}</ol>'
        f'<ul class="worksheet-given" aria-label="Given">{given}</ul>{steps}'
    )
    command = f"<code>lecture-code trace {cell} --seed {SHEET_SEED}{' --key' * key}</code>"
    if key:
        body = f"<details><summary>Show the key</summary>{body}</details>"
    name = "" if key else '<p class="worksheet-name" aria-hidden="true">Name</p>'
    return (
        f'<section class="worksheet">{name}<p class="worksheet-command">{command}</p>'
        f"{body}</section>"
    )


def function_table() -> str:
    r"""The logistic function and the hyperbolic tangent at multiples of one quarter.

    Returns:
        HTML.
    """
    rows = [(f"{z:.2f}", number(sigmoid(z)), number(tanh(z))) for z in np.arange(0, 2.01, 0.25)]
    # Mathematics alone is no heading to every screen reader.
    head = ("<i>z</i>", "σ(<i>z</i>)", "tanh <i>z</i>")
    return table(head, rows, "Both functions, for the first sums")


def _with_numbers(row: Row) -> str:
    """A given quantity as an equation in LaTeX: its name, and its numbers in brackets."""
    lines = np.reshape(row.values, (len(row.values), -1))
    entries = r" \\ ".join(" & ".join(f"{value:g}" for value in line) for line in lines)
    return rf"{row.latex} = \begin{{bmatrix}} {entries} \end{{bmatrix}}"


def _step(time: int, lines: tuple[tuple[Row, ...], ...], key: bool) -> str:
    units = range(1, len(lines[0][0].values) + 1)
    heads = "".join(f"<span>unit {unit}</span>" for unit in units)
    rows = "".join(f"<dl>{''.join(_row(row, key) for row in line)}</dl>" for line in lines)
    return (
        f'<div class="worksheet-step"><h3>Step {time}</h3>'
        f'<p class="worksheet-units" aria-hidden="true">{heads}</p>{rows}</div>'
    )


def _row(row: Row, key: bool) -> str:
    results = "".join(
        f'<dd><span class="unseen">unit {unit}: </span>{number(value)}</dd>'
        if key
        else f'<dd class="blank"><span class="unseen">unit {unit}: blank</span></dd>'
        for unit, value in enumerate(row.values, start=1)
    )
    return f"<div><dt>{to_mathml(row.latex)}</dt>{results}</div>"

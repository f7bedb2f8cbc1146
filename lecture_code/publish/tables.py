"""Tables that a build computes: all evidence, the notation, the versions."""

import html
import importlib.metadata
import platform
from collections.abc import Iterable, Sequence

from lecture_code.equations import to_mathml
from lecture_code.equations.functions import pair_lines
from lecture_code.equations.notation import NOTATION
from lecture_code.publish.card import number
from lecture_code.publish.evidence import evidence, functions_with_equations

JUDGED_WITH = ("numpy", "torch", "onnx", "onnxruntime", "lark", "math-core")
"""The packages whose versions the evidence depends on."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Make a table that can be scrolled sideways on a narrow screen.

    Args:
        head: the columns' names.
        rows: HTML for each cell.
        caption: what the table holds.

    Returns:
        HTML.
    """
    columns = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    label = html.escape(caption)
    return (
        f'<div class="table-scroll" tabindex="0" role="group" aria-label="{label}"><table>'
        f"<caption>{label}</caption><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def evidence_table() -> str:
    """Every equation of the lecture, what it was compared with, and the largest difference.

    Returns:
        HTML.
    """
    rows = []
    for function in functions_with_equations():
        stem = function.__module__.split(".")[-1]
        equation = "<br>".join(to_mathml(line.equation.latex) for line in pair_lines(function))
        for place, item in enumerate(evidence(function)):
            limit = f"{'≤' if item.agrees else '≥'} {number(item.tolerance)}"
            first = [f'<a href="../lecture/{stem}/"><code>{function.__name__}</code></a>', equation]
            rows.append(
                [
                    *(first if place == 0 else ["", ""]),
                    html.escape(item.name)
                    + (f"<br><small>{html.escape(item.note)}</small>" if item.note else ""),
                    item.dtype,
                    f"<strong>{number(item.error)}</strong>",
                    limit,
                ]
            )
    head = ["Function", "Equation", "Compared with", "Precision", "Largest difference", "Allowed"]
    return table(head, rows, "Every equation and its distance to text and judges")


def notation_table() -> str:
    """Every symbol: LaTeX as set, variable, meaning and shape.

    Returns:
        HTML.
    """
    rows = [
        [
            to_mathml(quantity.latex),
            f"<code>{html.escape(quantity.latex)}</code>",
            f"<code>{quantity.variable}</code>",
            quantity.meaning,
            f"<code>{quantity.shape}</code>",
        ]
        for quantity in NOTATION
    ]
    return table(["Symbol", "LaTeX", "Variable", "Meaning", "Shape"], rows, "The notation")


def versions() -> dict[str, str]:
    """The versions of what the evidence was measured with.

    Returns:
        Names and versions, Python first.
    """
    return {
        "Python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in JUDGED_WITH},
    }

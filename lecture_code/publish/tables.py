"""Tables that a build computes: all evidence, the notation, the versions."""

import html
import importlib.metadata
import platform
import re
from collections.abc import Callable, Iterable, Sequence

from lecture_code.course.notation import NOTATION, Quantity
from lecture_code.course.sections import SECTIONS
from lecture_code.equations import to_mathml
from lecture_code.evidence.measure import evidence, functions_with_equations
from lecture_code.pairing.functions import pair_lines, section_of
from lecture_code.publish.card import number
from lecture_code.support.extras import needs_extra

JUDGED_WITH = ("numpy", "scipy", "torch", "onnx", "onnxruntime", "statsmodels", "lark", "math-core")
"""The packages whose versions the evidence depends on."""


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    caption: str,
    least: float = 0,
    widths: Sequence[float] = (),
) -> str:
    """Make a table that can be scrolled sideways on a narrow screen.

    Args:
        head: the columns' names.
        rows: HTML for each cell.
        caption: what the table holds.
        least: as `scrolled` has it.
        widths: as `scrolled` has it.

    Returns:
        HTML.
    """
    columns = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return scrolled(
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody>", caption, least, widths
    )


def evidence_table() -> str:
    """Every equation of the lecture, what it was compared with, and the largest difference.

    Returns:
        HTML.
    """
    head = ("Compared with", "Largest difference", "Allowed")
    caption = "Every equation, and its distance to its own text and to its judges"
    columns = "".join(f'<th scope="col">{name}</th>' for name in head)
    groups = "".join(map(_evidence_rows, functions_with_equations()))
    rows = f"<thead><tr>{columns}</tr></thead>{groups}"
    return scrolled(rows, caption, least=17, widths=(48, 28, 24))


def _evidence_rows(function: Callable) -> str:
    stem = section_of(function)
    equation = "".join(
        f"<div>{to_mathml(line.equation.latex)}</div>" for line in pair_lines(function)
    )
    rows = [
        f'<tr><th scope="rowgroup" colspan="3"><a href="../lecture/{stem}/">'
        f"<code>{function.__name__}</code></a>{equation}</th></tr>"
    ]
    for item in evidence(function):
        note = f"<br><small>{html.escape(item.note)}</small>" if item.note else ""
        sign, differs = ("≤", "") if item.agrees else ("≥", '<span class="differs">≠</span> ')
        rows.append(
            f"<tr><td>{html.escape(item.name)} <small>{item.dtype}</small>{note}</td>"
            f'<td class="number">{differs}<strong>{number(item.error)}</strong></td>'
            f'<td class="number">{sign} {number(item.tolerance)}</td></tr>'
        )
    return f"<tbody>{''.join(rows)}</tbody>"


def inline(text: str) -> str:
    """Set the mathematics between dollar signs in a text.

    Args:
        text: words with LaTeX between `$` and `$`.

    Returns:
        HTML.
    """
    return re.sub(r"\$(.+?)\$", lambda found: to_mathml(found[1]), text)


def scrolled(rows: str, caption: str, least: float = 0, widths: Sequence[float] = ()) -> str:
    """Put rows into a table that can be scrolled sideways on a narrow screen.

    Args:
        rows: HTML of the table's head and bodies.
        caption: what the table holds.
        least: the width, in rem, below which it is scrolled; for a table with widths.
        widths: the columns' widths in percent. A browser shows a long table before all of it has
            come: with widths, nothing moves when the rest does.

    Returns:
        HTML.
    """
    label = html.escape(caption)
    columns = "".join(f'<col style="width: {width}%">' for width in widths)
    fixed = f' style="--least: {least}rem"' if widths else ""
    return (
        f'<div class="table-scroll" role="group" aria-label="{label}"><table{fixed}>'
        f"<caption>{label}</caption>{columns and f'<colgroup>{columns}</colgroup>'}{rows}"
        "</table></div>"
    )


def notation_table() -> str:
    """Every symbol: LaTeX as set, variable, meaning and shape.

    Returns:
        HTML.
    """
    head = ("Symbol", "Variable", "Meaning", "Shape", "LaTeX")
    rows = [
        [
            to_mathml(quantity.latex),
            f"<code>{quantity.variable}</code>",
            f'<span class="table-words">{quantity.meaning}{_where(quantity)}</span>',
            f"<code>{quantity.shape}</code>",
            f"<code>{html.escape(quantity.latex)}</code>",
        ]
        for quantity in sorted(NOTATION, key=lambda quantity: bool(quantity.sections))
    ]
    return table(head, rows, "The notation", least=43, widths=(10, 14, 24, 25, 27))


def _where(quantity: Quantity) -> str:
    """The sections to which a meaning is limited, as links."""
    titles = {section.stem: section.title for section in SECTIONS}
    links = ", ".join(
        f'<a href="../lecture/{stem}/">{titles[stem]}</a>' for stem in quantity.sections
    )
    return f"<br><small>only in: {links}</small>" if links else ""


def versions() -> dict[str, str]:
    """The versions of what the evidence was measured with.

    Returns:
        Names and versions, Python first.
    """
    with needs_extra():
        found = {name: importlib.metadata.version(name) for name in JUDGED_WITH}
    return {"Python": platform.python_version(), **found}

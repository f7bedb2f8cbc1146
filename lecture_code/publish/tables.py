"""Tables that a build computes: all evidence, the notation, the versions."""

import importlib.metadata
import platform
import re
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from lecture_code.course.notation import NOTATION, Quantity
from lecture_code.course.sections import SECTIONS
from lecture_code.equations import to_mathml
from lecture_code.evidence.measure import Evidence, evidence, functions_with_equations
from lecture_code.pairing.functions import pair_lines, section_of
from lecture_code.publish.card import number
from lecture_code.publish.elements import below, scrolled, table_head, table_row
from lecture_code.support.extras import needs_extra

JUDGED_WITH = ("numpy", "scipy", "torch", "onnx", "onnxruntime", "statsmodels", "lark", "math-core")
"""The packages whose versions the evidence depends on."""


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    caption: str,
    least: float = 0,
    widths: Sequence[float] = (),
) -> Markup:
    """Make a table that can be scrolled sideways on a narrow screen.

    Args:
        head: the columns' names.
        rows: text or `Markup` for each cell.
        caption: what the table holds.
        least: as `scrolled` has it.
        widths: as `scrolled` has it.

    Returns:
        HTML.
    """
    body = Markup("<tbody>{}</tbody>").format(Markup().join(map(table_row, rows)))
    return scrolled(table_head(head) + body, caption, least, widths)


def evidence_table() -> Markup:
    """Every equation of the lecture, what it was compared with, and the largest difference.

    Returns:
        HTML.
    """
    head = ("Compared with", "Largest difference", "Allowed")
    caption = "Every equation, and its distance to its own text and to its judges"
    groups = Markup().join(map(_evidence_rows, functions_with_equations()))
    return scrolled(table_head(head) + groups, caption, least=17, widths=(48, 28, 24))


def _evidence_rows(function: Callable) -> Markup:
    equation = Markup().join(
        Markup("<div>{}</div>").format(to_mathml(line.equation.latex))
        for line in pair_lines(function)
    )
    return Markup(
        '<tbody><tr><th scope="rowgroup" colspan="3"><a href="../lecture/{}/">'
        "<code>{}</code></a>{}</th></tr>{}</tbody>"
    ).format(
        section_of(function),
        function.__name__,
        equation,
        Markup().join(map(_evidence_row, evidence(function))),
    )


def _evidence_row(item: Evidence) -> Markup:
    sign, differs = ("≤", "") if item.agrees else ("≥", Markup('<span class="differs">≠</span> '))
    return Markup(
        "<tr><td>{name} <small>{dtype}</small>{note}</td>"
        '<td class="number">{differs}<strong>{error}</strong></td>'
        '<td class="number">{sign} {tolerance}</td></tr>'
    ).format(
        name=item.name,
        dtype=item.dtype,
        note=below(item.note),
        differs=differs,
        error=number(item.error),
        sign=sign,
        tolerance=number(item.tolerance),
    )


def inline(text: str) -> Markup:
    """Set the mathematics between dollar signs in a text.

    Args:
        text: words with LaTeX between `$` and `$`.

    Returns:
        HTML.
    """
    parts = re.split(r"\$(.+?)\$", text)
    return Markup().join(to_mathml(part) if n % 2 else part for n, part in enumerate(parts))


def notation_table() -> Markup:
    """Every symbol: LaTeX as set, variable, meaning and shape.

    Returns:
        HTML.
    """
    code = Markup("<code>{}</code>").format
    head = ("Symbol", "Variable", "Meaning", "Shape", "LaTeX")
    rows = [
        [
            to_mathml(quantity.latex),
            code(quantity.variable),
            Markup('<span class="table-words">{}{}</span>').format(
                quantity.meaning, _where(quantity)
            ),
            Markup(", or ").join(code(shape) for shape in quantity.shape.split(", or ")),
            code(quantity.latex),
        ]
        for quantity in sorted(NOTATION, key=lambda quantity: bool(quantity.sections))
    ]
    return table(head, rows, "The notation", least=46, widths=(10, 13, 21, 25, 31))


def _where(quantity: Quantity) -> Markup:
    """The sections to which a meaning is limited, as links."""
    titles = {section.stem: section.title for section in SECTIONS}
    links = Markup(", ").join(
        Markup('<a href="../lecture/{}/">{}</a>').format(stem, titles[stem])
        for stem in quantity.sections
    )
    return below(Markup("only in: {}").format(links) if links else "")


def versions() -> dict[str, str]:
    """The versions of what the evidence was measured with.

    Returns:
        Names and versions, Python first.
    """
    with needs_extra():
        found = {name: importlib.metadata.version(name) for name in JUDGED_WITH}
    return {"Python": platform.python_version(), **found}

"""Slide by slide: where each section of the lecture is on this site."""

import html

from lecture_code.course.sections import SECTIONS, Section
from lecture_code.equations import to_mathml
from lecture_code.publish.card import breakable
from lecture_code.publish.formulas import Formula, formulas
from lecture_code.publish.tables import inline, scrolled


def coverage_table() -> str:
    """Every section of the slides with its equations as printed, its page, module and test.

    Returns:
        HTML. An equation that is not a card's to the letter says how it was evaluated, or why not.

    Raises:
        EvidenceError: as `formulas` does.
    """
    parts = dict.fromkeys(section.part for section in SECTIONS)
    groups = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="4">{part}</th></tr>'
        + "".join(_row(section) for section in SECTIONS if section.part == part)
        + "</tbody>"
        for part in parts
    )
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("No.", "On the slides", "Page", "Module and test")
    )
    rows = f"<thead><tr>{head}</tr></thead>{groups}"
    return scrolled(rows, "The lecture, slide by slide", least=27, widths=(8, 42, 22, 28))


def _row(section: Section) -> str:
    equations = "".join(_equation(one) for one in formulas() if one.stem == section.stem)
    page = "to come"
    if not section.to_come:
        page = f'<a href="../lecture/{section.stem}/">{html.escape(section.title)}</a>'
    code = "—"
    if section.has_module and not section.to_come:
        code = (
            f'<a href="../reference/lecture/#lecture_code.sections.{section.stem}">'
            f"<code>{breakable(section.stem)}.py</code></a><br>"
            f"<code>{breakable(f'test_{section.stem}')}.py</code>"
        )
    return (
        f'<tr><td class="number">{section.number}</td>'
        f"<td>{html.escape(section.slide)}{equations}</td><td>{page}</td><td>{code}</td></tr>"
    )


def _equation(formula: Formula) -> str:
    note = f"<br><small>{inline(formula.note)}</small>" if formula.note else ""
    return f"<div>{to_mathml(formula.latex)}{note}</div>"

"""Slide by slide: where each section of the lecture is on this site."""

from markupsafe import Markup

from lecture_code.course.sections import SECTIONS, Section
from lecture_code.equations import to_mathml
from lecture_code.publish.card import breakable
from lecture_code.publish.elements import below, scrolled, table_head
from lecture_code.publish.formulas import Formula, formulas
from lecture_code.publish.tables import inline


def coverage_table() -> Markup:
    """Every section with its equations as the slides print them, its page, module and test.

    Returns:
        HTML. An equation that is not a card's to the letter says how it was evaluated, or why not.

    Raises:
        EvidenceError: as `formulas` does.
    """
    parts = dict.fromkeys(section.part for section in SECTIONS)
    head = table_head(("No.", "On the slides", "Page", "Module and test"))
    rows = head + Markup().join(map(_part, parts))
    return scrolled(rows, "The lecture, slide by slide", least=27, widths=(8, 42, 22, 28))


def _part(part: str) -> Markup:
    rows = Markup().join(_row(section) for section in SECTIONS if section.part == part)
    return Markup('<tbody><tr><th scope="rowgroup" colspan="4">{}</th></tr>{}</tbody>').format(
        part, rows
    )


def _row(section: Section) -> Markup:
    page, code = "to come", "—"
    if not section.to_come:
        page = Markup('<a href="../lecture/{}/">{}</a>').format(section.stem, section.title)
    if section.has_module and not section.to_come:
        code = Markup(
            '<a href="../reference/{}/#lecture_code.sections.{}"><code>{}.py</code></a><br>'
            "<code>{}.py</code>"
        ).format(
            section.reference,
            section.stem,
            breakable(section.stem),
            breakable(f"test_{section.stem}"),
        )
    return Markup('<tr><td class="number">{}</td><td>{}{}</td><td>{}</td><td>{}</td></tr>').format(
        section.number or "—",
        section.slide or Markup("<em>on no slide</em>"),
        Markup().join(_equation(one) for one in formulas() if one.stem == section.stem),
        page,
        code,
    )


def _equation(formula: Formula) -> Markup:
    return Markup("<div>{}{}</div>").format(to_mathml(formula.latex), below(inline(formula.note)))

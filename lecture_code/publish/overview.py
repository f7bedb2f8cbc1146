"""The landing page: what was checked for this build, in numbers, and the course at a glance."""

from markupsafe import Markup

from lecture_code.course.sections import SECTIONS
from lecture_code.evidence.measure import evidence, functions_with_equations
from lecture_code.pairing.functions import pair_lines
from lecture_code.publish.card import number


def claim() -> Markup:
    """What the build of this page has checked, as a row of numbers.

    Returns:
        HTML.
    """
    functions = functions_with_equations()
    compared = [item for function in functions for item in evidence(function)]
    text = max(item.error for function in functions for item in evidence(function)[:1])
    pages = sum(bool(section.number) and not section.to_come for section in SECTIONS)
    facts = {
        "pages, each for a section of the slides": str(pages),
        "equation lines, every one evaluated": str(sum(len(pair_lines(f)) for f in functions)),
        "comparisons of the code with its text and with judges": str(len(compared)),
        "the largest distance between text and code": number(text),
    }
    entry = Markup("<div><dt>{}</dt><dd>{}</dd></div>").format
    return Markup(
        '<dl class="facts" aria-label="Checked while this page was built">{}</dl>'
    ).format(Markup().join(map(entry, facts, facts.values())))


def course() -> Markup:
    """The parts of the lecture, each with links to its pages.

    Returns:
        HTML.
    """
    parts = dict.fromkeys(section.part for section in SECTIONS)
    return Markup('<div class="course">{}</div>').format(Markup().join(map(_part, parts)))


def _part(part: str) -> Markup:
    pages = Markup().join(
        Markup('<li><a href="lecture/{}/">{}</a></li>').format(section.stem, section.title)
        for section in SECTIONS
        if section.part == part and not section.to_come
    )
    return Markup("<section><h3>{}</h3><ul>{}</ul></section>").format(part, pages)

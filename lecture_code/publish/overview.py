"""The landing page: what was checked for this build, in numbers, and the course at a glance."""

import html

from lecture_code.course.sections import SECTIONS
from lecture_code.evidence.measure import evidence, functions_with_equations
from lecture_code.pairing.functions import pair_lines
from lecture_code.publish.card import number


def claim() -> str:
    """What the build of this page has checked, as a row of numbers.

    Returns:
        HTML.
    """
    functions = functions_with_equations()
    compared = [item for function in functions for item in evidence(function)]
    text = max(item.error for function in functions for item in evidence(function)[:1])
    pages = sum(not section.to_come for section in SECTIONS)
    facts = {
        "pages, each for a section of the slides": str(pages),
        "equation lines, every one evaluated": str(sum(len(pair_lines(f)) for f in functions)),
        "comparisons of the code with its text and with judges": str(len(compared)),
        "the largest distance between text and code": number(text),
    }
    entries = "".join(
        f"<div><dt>{words}</dt><dd>{value}</dd></div>" for words, value in facts.items()
    )
    return f'<dl class="facts" aria-label="Checked while this page was built">{entries}</dl>'


def course() -> str:
    """The parts of the lecture, each with links to its pages.

    Returns:
        HTML.
    """
    parts = dict.fromkeys(section.part for section in SECTIONS)
    return f'<div class="course">{"".join(map(_part, parts))}</div>'


def _part(part: str) -> str:
    pages = "".join(
        f'<li><a href="lecture/{section.stem}/">{html.escape(section.title)}</a></li>'
        for section in SECTIONS
        if section.part == part and not section.to_come
    )
    return f"<section><h3>{html.escape(part)}</h3><ul>{pages}</ul></section>"

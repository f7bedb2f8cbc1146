"""Slide by slide: the manifest of the lecture's sections, and the table and lists made from it."""

import re

from lecture_code.course.sections import SECTIONS
from lecture_code.equations import to_mathml
from lecture_code.publish.coverage import coverage_table
from lecture_code.publish.overview import claim, course


def test_every_printed_equation_can_be_set():
    for section in SECTIONS:
        for latex in section.printed:
            assert to_mathml(latex) in coverage_table()


def test_the_table_has_each_section_once():
    table = coverage_table()
    rows = re.findall(r'<tr><td class="number">(\d+)</td>', table)
    assert rows == [str(section.number) for section in SECTIONS]
    for section in SECTIONS:
        assert table.count(f'href="../lecture/{section.stem}/"') == (not section.to_come)
    assert table.count("to come") == sum(section.to_come for section in SECTIONS)


def test_the_course_links_every_page_and_none_that_is_to_come():
    links = re.findall(r'href="lecture/(\w+)/"', course())
    assert links == [section.stem for section in SECTIONS if not section.to_come]


def test_the_claim_counts_the_pages():
    pages = sum(not section.to_come for section in SECTIONS)
    assert f"<dd>{pages}</dd>" in claim()

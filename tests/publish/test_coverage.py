"""Slide by slide: the manifest of the lecture's sections, and the table and lists made from it."""

import re

import pytest

from lecture_code.course.sections import SECTIONS
from lecture_code.equations import to_mathml
from lecture_code.publish import coverage, exercises, overview
from lecture_code.publish.coverage import coverage_table
from lecture_code.publish.overview import claim, course


def test_every_printed_equation_can_be_set():
    for section in SECTIONS:
        for latex in section.printed:
            assert to_mathml(latex) in coverage_table()


def test_the_table_has_each_section_once():
    table = coverage_table()
    rows = re.findall(r'<tr><td class="number">(.*?)</td>', table)
    assert rows == [str(section.number or "—") for section in SECTIONS]
    for section in SECTIONS:
        assert table.count(f'href="../lecture/{section.stem}/"') == (not section.to_come)
    assert table.count("to come") == sum(section.to_come for section in SECTIONS)


def test_the_course_links_every_page_and_none_that_is_to_come():
    links = re.findall(r'href="lecture/(\w+)/"', course())
    assert links == [section.stem for section in SECTIONS if not section.to_come]


def test_the_claim_counts_the_pages():
    pages = sum(bool(section.number) and not section.to_come for section in SECTIONS)
    assert f"<dd>{pages}</dd>" in claim()


@pytest.fixture
def rnn_on_no_slide(monkeypatch):
    """The sections, as they would be if no slide had the RNN."""
    sections = tuple(
        section._replace(number=None, slide="") if section.stem == "rnn" else section
        for section in SECTIONS
    )
    for module in (coverage, exercises, overview):
        monkeypatch.setattr(module, "SECTIONS", sections)


@pytest.mark.usefixtures("rnn_on_no_slide")
def test_a_section_that_is_on_no_slide_is_listed_without_a_number():
    link, dash = '<a href="../lecture/rnn/">RNN</a>', '<td class="number">—</td>'
    assert f"<tr>{dash}<td><em>on no slide</em></td><td>{link}</td>" in coverage_table()
    count = len(exercises.exercises("rnn"))
    assert f'class="number">—</td><td rowspan="{count}">{link}' in exercises.exercise_table()
    assert 'href="lecture/rnn/"' in course()


@pytest.mark.usefixtures("rnn_on_no_slide")
def test_the_claim_counts_no_page_that_is_on_no_slide():
    pages = sum(bool(section.number) and not section.to_come for section in SECTIONS)
    assert f"<dd>{pages - 1}</dd>" in claim()

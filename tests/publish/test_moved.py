"""Headings and objects that had other ids in earlier versions are found under those too."""

import pytest
from markdown import Markdown
from pages import DOCS, PAGES

from lecture_code.publish.moved import HEADINGS, REFERENCE, MovedExtension, ids_before, with_old_ids
from lecture_code.publish.moved import PAGES as MOVED


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("exercises", ["try-it"]),
        ("two-hills", []),
        ("lecture_code.sections.gru", ["lecture_code.gru"]),
        ("lecture_code.sections.gru.gru_step", ["lecture_code.gru.gru_step"]),
        ("lecture_code.sections.gru_packed", ["lecture_code.gru_packed"]),
        (
            "lecture_code.evidence.mutations.code.flip",
            ["lecture_code.mutations.code.flip"],
        ),
        ("lecture_code.core.state.State", ["lecture_code.unroll.State"]),
        ("lecture_code.core.state", []),
        ("lecture_code.publish.card.card", []),
    ],
)
def test_the_ids_that_a_heading_had(now, before):
    assert ids_before(now) == before


def test_a_heading_keeps_its_old_id():
    text = Markdown(extensions=["toc", MovedExtension()]).convert("## Exercises\n\n## More")
    assert text.startswith('<h2 id="exercises"><span id="try-it"></span>Exercises</h2>')
    assert text.count("<span") == 1


def test_an_id_that_the_page_has_otherwise_is_left_alone():
    html = '<h2 id="try-it">Try it</h2><h2 id="exercises">Exercises</h2>'
    assert with_old_ids(html) == html
    assert with_old_ids(with_old_ids('<h2 id="exercises">E</h2>')).count("try-it") == 1


def test_no_name_is_both_old_and_new():
    old = [one for before in (*HEADINGS.values(), *REFERENCE.values()) for one in before]
    assert len(set(old)) == len(old)
    assert not set(REFERENCE) & set(old)


def test_pages_that_have_moved_are_where_the_table_says():
    sources = {page.relative_to(DOCS).as_posix() for page in PAGES}
    assert set(MOVED.values()) <= sources and not set(MOVED) & sources

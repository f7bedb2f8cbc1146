"""Each section is in every list of sections; what it lacks is named, each with its file."""

import pytest
from pages import ROOT

from lecture_code.course.sections import SECTIONS, Section
from tools.check import navigation

PLACES = {
    (part, title, page)
    for entry in navigation()
    for part, pages in entry.items()
    if isinstance(pages, list)
    for one in pages
    for title, page in one.items()
}
"""Part, title and page of each line of the nav."""

PAGE = "its page, docs/lecture/{stem}.md"
NAV = "a line with its title below its part, in the nav of mkdocs.yml"
ROW = "its row with the title of its slide, or —, in the table of README.md"
MODULE = "its module, lecture_code/sections/{stem}.py"
TEST = "its test, tests/sections/test_{stem}.py"
REFERENCE = "a line `::: lecture_code.sections.{stem}`, in docs/reference/{page}.md"


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def missing(section: Section) -> set[str]:
    """What a section has not, and where it would be."""
    stem = section.stem
    row = f"| [{stem}.md](docs/lecture/{stem}.md) |"
    rows = [line for line in text("README.md").splitlines() if line.startswith(row)]
    page, module, test = (
        (ROOT / path.format(stem=stem)).exists()
        for path in (
            "docs/lecture/{stem}.md",
            "lecture_code/sections/{stem}.py",
            "tests/sections/test_{stem}.py",
        )
    )
    reference = text(f"docs/reference/{section.reference}.md")
    shown = f"\n::: lecture_code.sections.{stem}\n" in reference
    has = {
        PAGE: page,
        NAV: (section.part, section.title, f"lecture/{stem}.md") in PLACES,
        ROW: len(rows) == 1 and rows[0].endswith(f"| {section.slide or '—'} |"),
        MODULE: module or not section.has_module,
        TEST: test or not section.has_module,
        REFERENCE: shown or not section.has_module,
    }
    lacks = (what for what, is_there in has.items() if not is_there)
    return {what.format(stem=stem, page=section.reference) for what in lacks}


@pytest.mark.parametrize(
    "section", [one for one in SECTIONS if not one.to_come], ids=lambda section: section.stem
)
def test_a_section_is_known_everywhere(section):
    lacks = missing(section)
    assert not lacks, f"the section {section.stem} lacks:\n" + "\n".join(sorted(lacks))


def test_a_section_that_is_only_in_the_list_lacks_the_rest():
    lacks = {
        what.format(stem="toy", page="lecture")
        for what in (PAGE, NAV, ROW, MODULE, TEST, REFERENCE)
    }
    assert missing(Section(25, "A toy", "toy", "A toy", "Toys")) == lacks
    no_module = Section(None, "", "toy", "A toy", "Toys", has_module=False)
    assert missing(no_module) == {what.format(stem="toy") for what in (PAGE, NAV, ROW)}

"""The pages' sources: one stem a section, every Python fence executed, no state between pages."""

import re
from pathlib import Path

import pytest
from pages import DOCS, PAGES, ROOT, fences, name

from lecture_code.course.sections import SECTIONS as MANIFEST
from lecture_code.evidence.measure import functions_with_equations
from lecture_code.pairing.functions import section_of
from tools.check import nav_pages, navigation

# The sections that have a page, in the order of the lecture, and whether each has a module.
SECTIONS = {section.stem: section.has_module for section in MANIFEST if not section.to_come}


SLIDES = 24
"""How many sections the slides have."""


def nav() -> list[str]:
    return list(nav_pages(navigation()))


def test_the_nav_is_the_lectures_order():
    lectures = [page for page in nav() if page.startswith("lecture/")]
    assert lectures == [f"lecture/{stem}.md" for stem in SECTIONS]


def test_the_nav_has_every_page():
    assert sorted(nav()) == sorted(map(name, PAGES))


def test_the_manifest_leaves_no_section_of_the_lecture_out():
    numbers = [section.number for section in MANIFEST if section.number]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, SLIDES + 1)), (
        "lecture_code/course/sections.py: a number is missing, or beyond SLIDES of this test"
    )
    stems = [section.stem for section in MANIFEST]
    assert len(set(stems)) == len(stems)


@pytest.mark.parametrize("section", MANIFEST, ids=lambda section: section.stem)
def test_a_section_has_a_number_and_a_slide_or_neither(section):
    assert bool(section.number) == bool(section.slide)
    assert section.number or not section.printed, "no slide prints its equations"


def test_every_section_has_a_page_and_every_page_a_section():
    pages = {page.stem for page in (DOCS / "lecture").glob("*.md")}
    assert pages == set(SECTIONS)
    to_come = {section.stem for section in MANIFEST if section.to_come}
    assert to_come == {"deepar", "mqrnn", "tft"}


@pytest.mark.parametrize(
    "section",
    [section for section in MANIFEST if section.printed and not section.to_come],
    ids=lambda section: section.stem,
)
def test_a_section_with_equations_has_an_equation_card(section):
    page = DOCS / f"lecture/{section.stem}.md"
    shown = {
        name
        for fence in fences(page)
        for name in re.findall(r"^print\(card\((\w+),", fence.code, re.MULTILINE)
    }
    own = {function.__name__ for function in functions_with_equations()}
    assert shown & own, "no equation card"
    if section.has_module:
        belongs = {f.__name__ for f in functions_with_equations() if section_of(f) == section.stem}
        assert shown & belongs, f"no card of an equation of lecture_code/sections/{section.stem}.py"


def test_every_function_with_an_equation_has_its_card_on_its_page():
    for function in functions_with_equations():
        page = DOCS / f"lecture/{section_of(function)}.md"
        wanted = rf"\bcard\({function.__name__}\b"
        is_there = re.search(wanted, page.read_text("utf-8"))
        assert is_there, f"{page.relative_to(ROOT)} needs card({function.__name__}, …)"


def test_each_section_has_one_stem():
    modules = {path.stem for path in (ROOT / "lecture_code" / "sections").glob("[!_]*.py")}
    assert modules == {stem for stem, has_module in SECTIONS.items() if has_module}
    tests = {
        path.stem.removeprefix("test_") for path in (ROOT / "tests" / "sections").glob("test_*.py")
    }
    assert modules == tests


def test_the_readmes_table_is_the_mapping():
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"\| \[(\w+)\.md\]\(docs/lecture/\1\.md\) \| (.*?) \| (.*?) \|", readme)
    expected = [
        (
            stem,
            f"[{stem}.py](lecture_code/sections/{stem}.py)" if has_module else "—",
            f"[test_{stem}.py](tests/sections/test_{stem}.py)" if has_module else "—",
        )
        for stem, has_module in SECTIONS.items()
    ]
    assert rows == expected


def test_the_readmes_links_lead_somewhere():
    readme = (ROOT / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_python_fence_is_executed(page: Path):
    for fence in fences(page):
        if "python" in fence.language or "py" == fence.language:
            assert fence.language == "python", fence
            assert fence.options.get("exec") == "true", fence.code
            unknown = set(fence.options) - {
                "exec",
                "html",
                "result",
                "session",
                "source",
                "timeout",
            }
            assert not unknown, f"markdown-exec would silently ignore {unknown}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_output_is_typed(page: Path):
    assert {fence.language for fence in fences(page)} <= {"python", "bash", "powershell"}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_pages_sessions_carry_its_stem(page: Path):
    stem = page.parent.name if page.stem == "index" and page.parent != DOCS else page.stem
    for fence in fences(page):
        if fence.language == "python":
            assert fence.options.get("session") == stem, fence.code


@pytest.mark.parametrize("page", [DOCS / f"lecture/{stem}.md" for stem in SECTIONS], ids=name)
def test_a_lecture_page_has_its_parts_in_order(page: Path):
    text = page.read_text("utf-8")
    parts = [text.index(part) for part in ("# ", "card(", "\n## Run it", "\n## Look at it")]
    parts += [text.index(part) for part in ("\n## Where it breaks", "\n## Exercises")]
    assert parts == sorted(parts)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_pastes_no_function_of_the_package(page: Path):
    from lecture_code import __all__ as names

    defined = {
        found for fence in fences(page) for found in re.findall(r"^def (\w+)", fence.code, re.M)
    }
    assert not defined & set(names)

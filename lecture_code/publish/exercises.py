"""The exercises of the lecture pages: read from their Markdown, and listed for teachers.

An exercise is a heading such as
`### Two hills { .exercise data-kind="build" data-minutes="20" data-trains="counting neurons" }`
with a task, a hint and a solution below it.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from lecture_code.course.sections import SECTIONS, Section
from lecture_code.publish.blocks.fences import fences
from lecture_code.publish.elements import scrolled, table_head

LECTURE = Path(__file__).parents[2] / "docs" / "lecture"

KINDS = ("read", "compute", "predict", "change", "build")
"""What a reader does in an exercise, from easy to hard."""

_HEADING = re.compile(
    r'^### (?P<title>.+?) \{ \.exercise data-kind="(?P<kind>\w+)" '
    r'data-minutes="(?P<minutes>\d+)" data-trains="(?P<trains>[^"]+)" \}$'
)


class Exercise(NamedTuple):
    """An exercise of a lecture page.

    Attributes:
        stem: the page's stem.
        title: its heading.
        kind: one of `KINDS`.
        minutes: how long it takes, an estimate.
        trains: what it trains.
        text: Markdown: the task, a test where one is given, hint and solution.
    """

    stem: str
    title: str
    kind: str
    minutes: int
    trains: str
    text: str

    @property
    def anchor(self) -> str:
        """The id of its heading."""
        return slugify(self.title, "-")


def exercises(stem: str, folder: Path = LECTURE) -> list[Exercise]:
    """Read the exercises of a page.

    Args:
        stem: the page's stem.
        folder: where the pages are.

    Returns:
        The exercises, in the order of the page.

    Raises:
        ValueError: if a heading of the class `exercise` lacks one of its attributes, or they stand
            in another order.
    """
    parts: list[tuple[re.Match, list[str]]] = []
    text = (folder / f"{stem}.md").read_text("utf-8")
    fenced = {number for fence in fences(text) for number in range(fence.line, fence.end + 1)}
    open_exercise = False
    for number, line in enumerate(text.split("\n"), 1):
        if number not in fenced and re.match("#{1,3} ", line):
            heading = _HEADING.match(line)
            if heading is None and ".exercise" in line:
                raise ValueError(
                    f'{stem}.md: expected \'### Title {{ .exercise data-kind="..." '
                    f'data-minutes="..." data-trains="..." }}\', got {line!r}'
                )
            open_exercise = heading is not None
            if heading:
                parts.append((heading, []))
        elif open_exercise:
            parts[-1][1].append(line)
    return [
        Exercise(
            stem,
            heading["title"],
            heading["kind"],
            int(heading["minutes"]),
            heading["trains"],
            "\n".join(lines).strip(),
        )
        for heading, lines in parts
    ]


def exercise_table() -> Markup:
    """Every exercise of the lecture, by slide and page, with the minutes of each part.

    Returns:
        HTML.
    """
    groups = defaultdict(list)
    for section in SECTIONS:
        if not section.to_come:
            groups[section.part].append((section, exercises(section.stem)))
    every = [exercise for pages in groups.values() for _, found in pages for exercise in found]
    rows = Markup(
        '{}{}<tfoot><tr><th scope="row" colspan="5">Together: {} exercises</th>'
        '<td class="number">{}</td></tr></tfoot>'
    ).format(
        table_head(("Slide", "Page", "Exercise", "Kind", "What it trains", "Minutes")),
        Markup().join(map(_part, groups, groups.values())),
        len(every),
        _minutes(every),
    )
    return scrolled(rows, "The exercises, slide by slide")


def _part(part: str, pages: list[tuple[Section, list[Exercise]]]) -> Markup:
    every = [exercise for _, found in pages for exercise in found]
    return Markup(
        '<tbody><tr><th scope="rowgroup" colspan="5">{}: {} exercises</th>'
        '<td class="number"><strong>{}</strong></td></tr>{}</tbody>'
    ).format(
        part,
        len(every),
        _minutes(every),
        Markup().join(_rows(section, found) for section, found in pages),
    )


def _rows(section: Section, found: list[Exercise]) -> Markup:
    address = f"../lecture/{section.stem}/"
    page = Markup(
        '<td rowspan="{rows}" class="number">{number}</td>'
        '<td rowspan="{rows}"><a href="{address}">{title}</a></td>'
    ).format(rows=len(found), number=section.number or "—", address=address, title=section.title)
    return Markup().join(
        Markup(
            '<tr>{page}<td><a href="{address}#{exercise.anchor}">{exercise.title}</a></td>'
            '<td>{exercise.kind}</td><td><span class="table-words">{exercise.trains}</span></td>'
            '<td class="number">{exercise.minutes}</td></tr>'
        ).format(page="" if i else page, address=address, exercise=exercise)
        for i, exercise in enumerate(found)
    )


def _minutes(found: list[Exercise]) -> int:
    return sum(exercise.minutes for exercise in found)


class _Facts(Treeprocessor):
    """Says below the heading of an exercise what its attributes say."""

    def run(self, root: Element) -> None:
        for place, heading in reversed(list(enumerate(root))):
            if "exercise" in heading.get("class", "").split():
                facts = Element("p", {"class": "exercise-facts"})
                says = {
                    "kind": heading.get("data-kind", "").capitalize(),
                    "minutes": f"{heading.get('data-minutes')} minutes",
                    "trains": f"Trains: {heading.get('data-trains')}",
                }
                for name, text in says.items():
                    SubElement(facts, "span", {"class": f"exercise-{name}"}).text = text
                    facts[-1].tail = " "
                root.insert(place + 1, facts)


class ExercisesExtension(Extension):
    """Python-Markdown extension; `attr_list` must be on as well."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the treeprocessor, after the one that sets attributes.

        Args:
            md: the converter to extend.
        """
        md.treeprocessors.register(_Facts(md), "exercises", 4)

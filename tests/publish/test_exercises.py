"""The exercises: each page has some, their code runs, and their tests let no wrong answer by."""

import ast
import re
from pathlib import Path

import markdown
import pytest
from pages import DOCS, ROOT, fences_in, without_fences

from lecture_code.course.sections import SECTIONS
from lecture_code.publish.exercises import (
    KINDS,
    Exercise,
    ExercisesExtension,
    exercise_table,
    exercises,
)

STEMS = [s.stem for s in SECTIONS if not s.to_come]
EXERCISES = [exercise for stem in STEMS for exercise in exercises(stem)]
WRONG = ROOT / "tests" / "support" / "wrong_answers"

GIVEN_TEST = re.compile(r"^def test_(\w+)\((\w+)\):", re.MULTILINE)
HINT, SOLUTION = '\n??? tip "Hint"\n', '\n??? success "Solution"\n'


def title(exercise: Exercise) -> str:
    return f"{exercise.stem}: {exercise.title}"


def page(exercise: Exercise) -> Path:
    return DOCS / f"lecture/{exercise.stem}.md"


def code(text: str, exercise: Exercise) -> str:
    """The code of all blocks in a part of an exercise, one after the other."""
    return "\n".join(fence.code for fence in fences_in(text))


def in_order(exercise: Exercise) -> bool:
    """Whether it has a task, then a hint, then a solution, and one of each."""
    task, *rest = re.split(f"(?:{re.escape(HINT)}|{re.escape(SOLUTION)})", exercise.text)
    found = re.findall(r"^\?\?\? .*$", exercise.text, re.MULTILINE)
    return found == [HINT.strip(), SOLUTION.strip()] and all(map(str.strip, [task, *rest]))


@pytest.mark.parametrize("stem", STEMS)
def test_a_page_has_two_to_four_exercises_from_reading_to_building(stem):
    found = exercises(stem)
    assert 2 <= len(found) <= 4
    order = [KINDS.index(exercise.kind) for exercise in found]
    assert order == sorted(order), [exercise.kind for exercise in found]


@pytest.mark.parametrize("stem", STEMS)
def test_below_exercises_there_is_nothing_else(stem):
    text = (DOCS / f"lecture/{stem}.md").read_text("utf-8")
    _, _, last = text.partition("\n## Exercises\n")
    assert len(re.findall(r"^#{1,3} .*\{ \.exercise ", last, re.MULTILINE)) == len(exercises(stem))
    assert last.lstrip().startswith("### ")
    assert ".exercise" not in text.removesuffix(last)


@pytest.mark.parametrize("exercise", EXERCISES, ids=title)
def test_an_exercise_is_whole(exercise):
    assert in_order(exercise)
    assert 2 <= exercise.minutes <= 45
    assert exercise.trains and not exercise.trains.endswith(".")


@pytest.mark.parametrize("stem", STEMS)
def test_the_table_for_teachers_leads_to_the_headings(stem):
    text = without_fences((DOCS / f"lecture/{stem}.md").read_text("utf-8"))
    html = markdown.markdown(text, extensions=["attr_list", "toc"])
    ids = re.findall(r'<h3 class="exercise"[^>]* id="([^"]+)"', html)
    links = re.findall(rf'href="../lecture/{stem}/#([^"]+)"', exercise_table())
    assert links == ids == [exercise.anchor for exercise in exercises(stem)]


def test_the_table_for_teachers_adds_up():
    html = exercise_table()
    minutes = [int(cell) for cell in re.findall(r'<td class="number">(\d+)</td></tr>', html)]
    parts = [int(cell) for cell in re.findall(r"<strong>(\d+)</strong>", html)]
    assert len(parts) == len({section.part for section in SECTIONS})
    assert sum(parts) == minutes.pop() == sum(minutes)


@pytest.mark.parametrize("stem", STEMS)
def test_the_code_of_an_exercise_runs_on_its_own(stem):
    """Who copies the blocks of an exercise needs nothing else of the page."""
    for exercise in exercises(stem):
        exec(code(exercise.text, exercise), {"__name__": stem})


@pytest.mark.parametrize("exercise", EXERCISES, ids=title)
def test_who_asks_for_code_says_how_it_is_checked(exercise):
    task, _, rest = exercise.text.partition(HINT)
    given = {f"test_{name}" for name, _ in GIVEN_TEST.findall(code(task, exercise))}
    by_the_checker = "lecture-code check" in task
    if exercise.kind == "build":
        assert given or by_the_checker
    solution = ast.parse(code(rest.partition(SOLUTION)[2], exercise))
    called = {ast.unparse(n.func) for n in ast.walk(solution) if isinstance(n, ast.Call)}
    assert given <= called, "the solution is not tested"
    assert "check" in called or not by_the_checker


def wrong_answers(stem: str) -> dict:
    answers = {}
    exec((WRONG / f"{stem}.py").read_text("utf-8"), answers)
    return answers


@pytest.mark.parametrize("stem", STEMS)
def test_a_given_test_refuses_a_wrong_answer(stem):
    for exercise in exercises(stem):
        tests = code(exercise.text.partition(HINT)[0], exercise)
        for name, argument in GIVEN_TEST.findall(tests):
            assert argument == name, f"test_{name}: call its argument {name}"
            scope = {}
            exec(tests, scope)
            with pytest.raises(AssertionError):
                scope[f"test_{name}"](wrong_answers(stem)[name])


def test_every_wrong_answer_belongs_to_a_test():
    assert {path.stem for path in WRONG.glob("*.py")} <= set(STEMS)


# --- reading them

PAGE = """# A page

```python
### no heading { .exercise data-kind="read" data-minutes="1" data-trains="nothing" }
```

## Exercises

### One { .exercise data-kind="read" data-minutes="5" data-trains="reading" }

The task.

### Two & more { .exercise data-kind="build" data-minutes="20" data-trains="building" }

Another.
"""


def test_exercises_are_read_from_a_page(tmp_path):
    (tmp_path / "a.md").write_text(PAGE, "utf-8")
    one, two = exercises("a", tmp_path)
    assert one == Exercise("a", "One", "read", 5, "reading", "The task.")
    assert two.minutes == 20 and two.text == "Another." and two.anchor == "two-more"


def test_what_is_below_the_next_section_belongs_to_no_exercise(tmp_path):
    (tmp_path / "a.md").write_text(PAGE + "\n## After\n\nWords.\n", "utf-8")
    assert exercises("a", tmp_path)[-1].text == "Another."


@pytest.mark.parametrize("wrong", ['data-minutes="five"', 'data-minutes="5" data-x="1"', ""])
def test_a_heading_that_lacks_something_is_named(tmp_path, wrong):
    (tmp_path / "a.md").write_text(PAGE.replace('data-minutes="5"', wrong), "utf-8")
    with pytest.raises(ValueError, match=r"a\.md: expected '### Title .*got '### One"):
        exercises("a", tmp_path)


def test_a_reader_is_told_what_an_exercise_asks_for():
    extensions = ["attr_list", "toc", ExercisesExtension()]
    html = markdown.markdown(PAGE.partition("## Exercises")[2], extensions=extensions)
    facts = re.findall(r'</h3>\s*<p class="exercise-facts">(.*?)</p>', html)
    words = [re.sub("<.*?>", "", fact).strip() for fact in facts]
    assert words == ["Read 5 minutes Trains: reading", "Build 20 minutes Trains: building"]

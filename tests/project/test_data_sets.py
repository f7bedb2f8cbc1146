"""Each series and each task is used, tested and credited; what it lacks is named with its file."""

import ast
import inspect
from collections.abc import Iterator

import pytest
from pages import DOCS, PAGES, ROOT, fences, name

from lecture_code import publish
from lecture_code.experiments import tasks
from lecture_code.publish import series
from lecture_code.publish.series import Series


def functions_of(module) -> dict[str, inspect.Signature]:
    """The public functions that a module defines."""
    return {
        name: inspect.signature(function)
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    }


def calls_in(text: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))


def named(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def code_of(page) -> str:
    return "\n".join(fence.code for fence in fences(page) if fence.language == "python")


CODE = {page: code_of(page) for page in PAGES}
LOADED = [one for one, says in functions_of(series).items() if says.return_annotation is Series]
TASKS = list(functions_of(tasks))

NAME = "its name in lecture_code/publish/__init__.py"
TEST = "its place in SERIES of tests/publish/test_series.py"
EXTRA = "what is said if its package is missing, in USES of tests/project/test_imports.py"
PAGE = "a page in docs/ that uses it"


def missing(one: str) -> set[str]:
    """What a series has not, and where it would be."""
    tests = (ROOT / "tests/publish/test_series.py").read_text("utf-8")
    has = {
        NAME: one in publish.__all__,
        TEST: one in named(tests),
        EXTRA: f"; {one}()" in (ROOT / "tests/project/test_imports.py").read_text("utf-8"),
        PAGE: any(one in named(code) for code in CODE.values()),
    }
    return {what for what, is_there in has.items() if not is_there}


@pytest.mark.parametrize("one", LOADED)
def test_a_series_is_known_everywhere(one):
    lacks = missing(one)
    assert not lacks, f"the series {one} lacks:\n" + "\n".join(sorted(lacks))


def test_a_series_that_there_is_not_lacks_everything():
    assert missing("toy") == {NAME, TEST, EXTRA, PAGE}


WITH_SERIES = [page for page in PAGES if named(CODE[page]) & {*LOADED}]


@pytest.mark.parametrize("page", WITH_SERIES, ids=name)
def test_a_page_credits_the_series_that_it_uses(page):
    used = named(CODE[page]) & {*LOADED}
    credited = [
        argument
        for call in calls_in(CODE[page])
        if isinstance(call.func, ast.Name) and call.func.id == "credit"
        for argument in call.args
    ]
    says = f"docs/{page.relative_to(DOCS)} uses {sorted(used)}: print(credit(…)) with each of them"
    assert len(credited) == len(used), says


@pytest.mark.parametrize("one", TASKS)
def test_a_task_is_used_and_tested(one):
    tests = [file.read_text("utf-8") for file in (ROOT / "tests/sections").glob("*.py")]
    used = [*CODE.values(), inspect.getsource(tasks)]
    where = "of lecture_code/experiments/tasks.py lacks"
    assert any(one in named(code) for code in used), f"{one} {where} a page in docs/ that uses it"
    assert any(one in named(text) for text in tests), f"{one} {where} a test in tests/sections/"

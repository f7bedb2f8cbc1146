"""Results that are kept on disk: computed once, and again when anything they depend on changes."""

import logging
import sys

import pytest
from joblib import Memory

from lecture_code import deep_network
from lecture_code.publish import cache

MODULE = '''
"""A module of its own, with a function that counts its calls."""
from pathlib import Path

from toy import helper


def slow(folder, number, *, power=1):
    with (Path(folder) / "calls").open("a") as file:
        file.write("x")
    return helper.scale(number) ** power
'''
HELPER = "def scale(number):\n    return 10 * number\n"


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A package `toy`, and a place for results of its own."""
    package = tmp_path / "toy"
    package.mkdir()
    for name, source in (("__init__", ""), ("work", MODULE), ("helper", HELPER)):
        (package / f"{name}.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(cache, "PACKAGE", package)
    kept = Memory(tmp_path / "results", verbose=0)
    monkeypatch.setattr(cache, "_result", kept.cache(cache._result.func, ignore=["level"]))
    yield package
    for name in [name for name in sys.modules if name.split(".")[0] == "toy"]:
        del sys.modules[name]


def function(toy):
    from toy import work

    return cache.cached(work.slow)


def calls(toy):
    file = toy.parent / "calls"
    return len(file.read_text()) if file.exists() else 0


def test_a_result_is_computed_once(toy):
    results = [function(toy)(str(toy.parent), 3) for _ in range(3)]
    assert results == [30, 30, 30] and calls(toy) == 1


def test_other_arguments_are_computed_of_their_own(toy):
    run, folder = function(toy), str(toy.parent)
    assert [run(folder, 3), run(folder, 4), run(folder, 3, power=2)] == [30, 40, 900]
    assert calls(toy) == 3


@pytest.mark.parametrize("changed", ["work", "helper"])
def test_a_change_in_the_module_or_in_what_it_imports_computes_again(toy, changed):
    function(toy)(str(toy.parent), 3)
    file = toy / f"{changed}.py"
    file.write_text(file.read_text("utf-8") + "\n# changed\n", "utf-8")
    function(toy)(str(toy.parent), 3)
    assert calls(toy) == 2


def test_a_change_elsewhere_does_not(toy):
    (toy / "other.py").write_text("", "utf-8")
    function(toy)(str(toy.parent), 3)
    (toy / "other.py").write_text("# changed\n", "utf-8")
    function(toy)(str(toy.parent), 3)
    assert calls(toy) == 1


def test_another_version_of_a_library_computes_again(toy, monkeypatch):
    function(toy)(str(toy.parent), 3)
    monkeypatch.setattr(cache.importlib.metadata, "version", lambda name: "99")
    cache._versions.cache_clear()
    function(toy)(str(toy.parent), 3)
    cache._versions.cache_clear()
    assert calls(toy) == 2


def test_it_says_what_it_computes_and_nothing_when_it_looks_up(toy, caplog):
    caplog.set_level(logging.INFO, "mkdocs.lecture_code")
    function(toy)(str(toy.parent), 3)
    assert "computing toy.work.slow, which is kept for the next build" in caplog.text
    assert "computed toy.work.slow in" in caplog.text
    caplog.clear()
    function(toy)(str(toy.parent), 3)
    assert not caplog.text


def test_the_picture_of_a_figure_is_kept_without_a_word(toy, caplog):
    from toy import work

    caplog.set_level(logging.INFO, "mkdocs.lecture_code")
    cache.cached(work.slow, logging.DEBUG)(str(toy.parent), 3)
    assert not caplog.text
    function(toy)(str(toy.parent), 3)
    assert calls(toy) == 1


def test_a_damaged_result_is_computed_again(toy):
    function(toy)(str(toy.parent), 3)
    [output] = (toy.parent / "results").rglob("output.pkl")
    output.write_bytes(b"no result")
    assert function(toy)(str(toy.parent), 3) == 30
    assert calls(toy) == 2


def test_the_trainings_depend_on_the_loop_and_the_operations():
    names = {path.stem for path in cache._files(deep_network.__name__, set())}
    assert {"deep_network", "training", "ops", "universal_approximation"} <= names
    assert "convolution" not in names

"""Results that are kept on disk: computed once, and again when anything they depend on changes."""

import logging
import pickle
import sys

import pytest

from lecture_code.publish import cache
from lecture_code.publish.blocks import dependencies
from lecture_code.sections import deep_network
from lecture_code.support.store import Store

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
    monkeypatch.setattr(dependencies, "PACKAGE", package)
    monkeypatch.setattr(cache, "_kept", Store(tmp_path / "results", "a computed result"))
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


def test_a_function_whose_code_would_be_no_part_of_the_key(toy):
    def own():
        return 1

    for other in (own, lambda: 1, pickle.dumps):
        with pytest.raises(ValueError, match="expected one at the top of a module of toy, got "):
            cache.cached(other)


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


def kept(toy):
    [file] = [file for file in (toy.parent / "results").iterdir()]
    return file


def empty(file):
    file.write_bytes(b"")


def cut(file):
    file.write_bytes(file.read_bytes()[:-3])


def alter_a_number(file):
    content = file.read_bytes()
    thirty, other = (pickle.dumps(number)[2:4] for number in (30, 31))
    assert content.count(thirty) == 1
    file.write_bytes(content.replace(thirty, other))


def put_another_type_in(file):
    head, _, _ = file.read_bytes().partition(b"\n")
    file.write_bytes(head + b"\n" + pickle.dumps("thirty"))


def damage_the_checksum(file):
    first, *rest = file.read_bytes()
    file.write_bytes(bytes([ord("0") if first != ord("0") else ord("1"), *rest]))


@pytest.mark.parametrize(
    "damage", [empty, cut, alter_a_number, put_another_type_in, damage_the_checksum]
)
def test_a_damaged_result_is_noticed_said_and_computed_again(toy, caplog, damage):
    caplog.set_level(logging.INFO, "mkdocs.lecture_code")
    function(toy)(str(toy.parent), 3)
    damage(kept(toy))
    assert function(toy)(str(toy.parent), 3) == 30
    assert calls(toy) == 2
    assert "is damaged (its checksum is wrong) and is made again" in caplog.text
    assert function(toy)(str(toy.parent), 3) == 30
    assert calls(toy) == 2


def test_a_result_under_another_ones_name_is_refused(toy):
    run, folder = function(toy), str(toy.parent)
    run(folder, 3)
    file = kept(toy)
    content = file.read_bytes()
    file.unlink()
    run(folder, 4)
    kept(toy).write_bytes(content)
    assert run(folder, 4) == 40
    assert calls(toy) == 3


def test_a_folder_that_cannot_be_written_costs_time_and_is_said_once(toy, caplog):
    caplog.set_level(logging.INFO, "mkdocs.lecture_code")
    (toy.parent / "results").write_text("a file where the folder should be")
    assert [function(toy)(str(toy.parent), 3) for _ in range(2)] == [30, 30]
    assert calls(toy) == 2
    assert caplog.text.count("so it will be made again") == 1


def test_a_result_is_whole_or_not_there(toy, monkeypatch):
    def fail(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("lecture_code.support.store.os.replace", fail)
    assert function(toy)(str(toy.parent), 3) == 30
    assert list((toy.parent / "results").iterdir()) == []


def test_the_trainings_depend_on_the_loop_and_the_operations():
    names = {path.stem for path in dependencies.module_files(deep_network.__name__)}
    assert {"deep_network", "training", "ops", "layers"} <= names
    assert "convolution" not in names

"""Records: what one has to say, and that none of them is read that does not say it."""

import ast
import datetime
import json
import zipfile
from pathlib import Path

import pytest
from pages import PAGES, ROOT, fences, name

from lecture_code.publish import records
from lecture_code.publish.records import FOLDER, Record, RecordError, positive, read, write
from tools.notebooks import wheel

RECORD = Record(
    date=datetime.date(2026, 3, 9),
    command="make bench",
    processor="A Processor",
    cores=4,
    system="Linux 6.1",
    versions={"Python": "3.11.7", "numpy": "2.4.6"},
    values=[{"ratio": 1.25}],
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    return tmp_path


def test_what_is_written_is_read_again(folder):
    assert write("one", RECORD) == folder / "one.json"
    assert read("one") == RECORD


def test_the_sentence_says_when_by_what_and_where():
    assert RECORD.sentence == (
        "measured on 9 March 2026, by <code>make bench</code>, on a machine with 4 cores "
        "(A Processor, Linux 6.1; Python 3.11.7, numpy 2.4.6)"
    )
    assert "with 1 core (" in RECORD._replace(cores=1).sentence
    assert "(A &amp; B, Linux" in RECORD._replace(processor="A & B").sentence


@pytest.mark.parametrize("month", range(1, 13))
def test_the_month_is_english(month):
    day = datetime.date(2026, month, 1)
    name = "January February March April May June July August September October November December"
    assert f"on 1 {name.split()[month - 1]} 2026," in RECORD._replace(date=day).sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "26 November 2026"),
        ("date", "2026-13-01"),
        ("date", 20261126),
        ("command", ""),
        ("command", " make bench"),
        ("processor", None),
        ("cores", 0),
        ("cores", True),
        ("cores", "2"),
        ("system", ["Linux"]),
        ("versions", {}),
        ("versions", {"numpy": 2.4}),
        ("versions", "numpy 2.4"),
        ("values", []),
        ("values", [{}]),
        ("values", [1.25]),
        ("values", {"ratio": 1.25}),
    ],
)
def test_a_record_of_another_form_is_refused(folder, name, value):
    content = {**RECORD._asdict(), "date": "2026-03-09", name: value}
    (folder / "one.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(RecordError, match=rf"one\.json: expected .* for {name}, got"):
        read("one")


@pytest.mark.parametrize("change", [{"load": 0.5}, {"machine": "x"}])
def test_a_record_has_all_names_and_no_others(folder, change):
    content = {**RECORD._asdict(), "date": "2026-03-09", **change}
    (folder / "one.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(RecordError, match="expected date, command, processor"):
        read("one")
    del content["cores"], content[next(iter(change))]
    (folder / "one.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(RecordError, match="expected date, command, processor"):
        read("one")


@pytest.mark.parametrize("text", ["", "[]", '"x"', "{"])
def test_a_file_that_holds_no_object_is_refused(folder, text):
    (folder / "one.json").write_text(text, "utf-8")
    with pytest.raises(RecordError, match=r"one\.json"):
        read("one")


def test_no_record_is_written_that_could_not_be_read(folder):
    with pytest.raises(RecordError, match="cores"):
        write("one", RECORD._replace(cores=0))
    assert not list(folder.iterdir())


def test_there_is_no_record_of_another_name():
    with pytest.raises(FileNotFoundError):
        read("none")


@pytest.mark.parametrize(
    ("values", "are"),
    [
        ([1, 0.5], True),
        ([0], False),
        ([-1.0], False),
        ([float("nan")], False),
        ([float("inf")], False),
        ([True], False),
        (["1"], False),
        ([None], False),
    ],
)
def test_times_and_ratios_are_positive(values, are):
    assert positive(values) is are


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_every_record_of_the_project_is_read_and_as_it_would_be_written(path: Path, folder):
    content = json.loads(path.read_text("utf-8"))
    found = records.record(content)
    assert write(path.stem, found).read_text("utf-8") == path.read_text("utf-8")
    target = found.command.removeprefix("make ")
    assert f"\n{target}: " in (ROOT / "Makefile").read_text("utf-8")


def clocks(code: str) -> set[str]:
    """The modules that code imports to tell the time."""
    nodes = list(ast.walk(ast.parse(code)))
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    return found & {"time", "timeit"}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_measures_a_time(page):
    """What it prints would be another number in every build: put it into a record."""
    assert not any(clocks(fence.code) for fence in fences(page) if fence.language == "python")


def test_nothing_that_a_page_calls_measures_a_time():
    """The cache and the runner say in the log how long it took; others end what does not end."""
    files = (ROOT / "lecture_code").rglob("*.py")
    timed = {path.name for path in files if clocks(path.read_text("utf-8"))}
    assert timed == {"cache.py", "process.py", "runner.py"}


@pytest.mark.parametrize(
    "code", ["import time", "import numpy, time", "from time import perf_counter", "import timeit"]
)
def test_a_clock_is_found(code):
    assert clocks(f"def measure():\n    {code}\n")


def test_the_records_ship_with_the_package(tmp_path):
    with zipfile.ZipFile(wheel(tmp_path)) as archive:
        shipped = {name for name in archive.namelist() if name.endswith(".json")}
    assert shipped == {path.relative_to(ROOT).as_posix() for path in FOLDER.iterdir()}

"""Two products or one: what was measured, and what is said of it. No test asserts a time."""

import json

import pytest

from bench.two_products import SHAPES
from lecture_code.publish import records
from lecture_code.publish.records import FOLDER, RecordError
from lecture_code.publish.timing import RECORD, Timing, two_products_over_one


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """Puts a record in the place of the project's in which the first row is changed."""
    content = json.loads((FOLDER / f"{RECORD}.json").read_text("utf-8"))

    def change(**row):
        content["values"][0] |= row
        (tmp_path / f"{RECORD}.json").write_text(json.dumps(content), "utf-8")
        monkeypatch.setattr(records, "FOLDER", tmp_path)

    return change


def test_every_shape_was_measured_once_in_both_libraries():
    record, measured = two_products_over_one()
    assert [(one.library, one.shape) for one in measured] == [
        (library, shape) for library in ("numpy", "torch") for shape in SHAPES
    ]
    assert record.command == "make bench"
    assert set(record.versions) == {"Python", "numpy", "torch"}


def test_the_pages_show_what_the_record_has(changed):
    changed(lower=2.25, median=2.5, upper=2.75)
    _, measured = two_products_over_one()
    assert measured[0] == Timing("numpy", SHAPES[0], 2.25, 2.5, 2.75)


@pytest.mark.parametrize(
    "row",
    [
        {"library": "keras"},
        {"shape": [1, 8]},
        {"shape": [1, 8, 16, 1]},
        {"shape": [1, 8, 0]},
        {"shape": [1, 8, 16.5]},
        {"lower": 0.0},
        {"lower": 2.0, "median": 1.0, "upper": 3.0},
        {"upper": None},
        {"upper": float("nan")},
        {"upper": float("inf")},
        {"pairs": 25},
    ],
)
def test_a_record_without_ratios_is_refused(changed, row):
    changed(**row)
    with pytest.raises(RecordError, match=f"{RECORD}: expected"):
        two_products_over_one()


@pytest.mark.parametrize(
    ("quartiles", "verdict"),
    [
        ((1.1, 1.2, 1.3), "faster"),
        ((0.9, 1.2, 1.3), "no difference"),
        ((0.7, 0.8, 0.9), "slower"),
        ((0.7, 0.8, 1.1), "no difference"),
        ((1.01, 1.05, 1.1), "no difference"),
        ((0.9, 0.95, 0.99), "no difference"),
    ],
)
def test_the_verdict_is_that_of_the_middle_half(quartiles, verdict):
    assert Timing("numpy", (1, 8, 16), *quartiles).verdict == verdict

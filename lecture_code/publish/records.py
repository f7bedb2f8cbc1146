"""Records: what was measured outside of a build, and is shown with its date and its machine.

How long something takes depends on the machine, and on what else it is doing. So a build measures
no time: `make bench` does, and writes what it found into `records/`, where the pages read it.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date
from numbers import Real
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

FOLDER = Path(__file__).with_suffix("")
"""Where the records are: one JSON file each."""


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""In English, whatever language the machine speaks."""


class RecordError(ValueError):
    """A record that does not say what it has to."""


class Record(NamedTuple):
    """What was measured, when, by which command and on which machine.

    Attributes:
        date: the day of the measurement.
        command: what measured it, to be typed in the project's folder.
        processor: the name that the processor gives itself.
        cores: how many cores the machine has.
        system: the operating system, with its version.
        versions: versions by name of what was measured.
        values: the numbers, by the names that they have in the file.
    """

    date: date
    command: str
    processor: str
    cores: int
    system: str
    versions: dict[str, str]
    values: list[dict[str, Any]]

    @property
    def sentence(self) -> Markup:
        """When, by what and where it was measured, in HTML, to go on a sentence with."""
        day = f"{self.date.day} {MONTHS[self.date.month - 1]} {self.date.year}"
        cores = f"{self.cores} core{'s' * (self.cores != 1)}"
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        machine = f"{self.processor}, {self.system}; {versions}"
        return Markup("measured on {}, by <code>{}</code>, on a machine with {} ({})").format(
            day, self.command, cores, machine
        )


def read(name: str) -> Record:
    """Read a record, and check its form.

    Args:
        name: its file's name, without the suffix.

    Returns:
        The record.

    Raises:
        FileNotFoundError: if there is no such record.
        RecordError: if something is missing or of another kind, or is there that should not be.
    """
    path = FOLDER / f"{name}.json"
    try:
        return record(json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise RecordError(f"{path.name}: {error}") from error


def record(content: Any) -> Record:
    """Read a record from its file.

    Args:
        content: what JSON has made of the file.

    Returns:
        The record.

    Raises:
        RecordError: as `read` does.
    """
    _require(isinstance(content, dict), "expected an object")
    _require(
        set(content) == set(Record._fields),
        f"expected {', '.join(Record._fields)}, got {', '.join(content)}",
    )
    for name, (words, fits) in _FORM.items():
        _require(fits(content[name]), f"expected {words} for {name}, got {content[name]!r}")
    return Record(**{**content, "date": date.fromisoformat(content["date"])})


def write(name: str, found: Record) -> Path:
    """Write a record, in the form in which `read` wants it.

    Args:
        name: its file's name, without the suffix.
        found: the record.

    Returns:
        Its file.

    Raises:
        RecordError: as `read` does.
    """
    content = {**found._asdict(), "date": found.date.isoformat()}
    record(content)
    path = FOLDER / f"{name}.json"
    # Line by line, so that a change shows what has changed.
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return path


def _require(holds: bool, expected: str) -> None:
    if not holds:
        raise RecordError(expected)


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value == value.strip() != ""


def _is_positive(value: Any) -> bool:
    return 0 < value < float("inf")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _are_versions(value: Any) -> bool:
    return isinstance(value, dict) and value != {} and all(map(_is_text, value.values()))


def _are_values(value: Any) -> bool:
    rows = value if isinstance(value, list) else []
    return rows != [] and all(isinstance(row, dict) and row for row in rows)


_FORM: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "date": ("a date such as 2025-05-13", _is_date),
    "command": ("a command", _is_text),
    "processor": ("a processor's name", _is_text),
    "cores": ("a number of cores", _is_count),
    "system": ("a system's name", _is_text),
    "versions": ("versions by name", _are_versions),
    "values": ("a list of objects", _are_values),
}


def positive(values: Sequence[Any]) -> bool:
    """Whether all values are numbers above 0, and neither infinite nor NaN.

    Args:
        values: what a record has where it should have numbers.

    Returns:
        True if a time or a ratio of times can be any of them.
    """
    return all(
        not isinstance(value, bool) and isinstance(value, Real) and _is_positive(value)
        for value in values
    )

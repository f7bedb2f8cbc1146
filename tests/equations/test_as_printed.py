r"""Equations as others print them: right, or refused with a reason; never a wrong value.

`python tests/equations/test_as_printed.py` prints what comes of each of them.
"""

import inspect
import re
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "support")]

from printed import DIFFERENT, EQUAL, PRINTED, TOPICS, Printed, Sizes

from lecture_code.equations import evaluate

RIGHT = 222
"""So many come out right where all sizes differ."""

REFUSALS = (ValueError, TypeError)


class Outcome(NamedTuple):
    """What came of an equation: its kind, and what there is to say about it."""

    kind: str
    message: str = ""


def outcome(entry: Printed, sizes: Sizes, seed: int = 0) -> Outcome:
    """Evaluate an entry and compare it with what it should be: right, refused or WRONG."""
    values = entry.values(np.random.default_rng([seed, *sizes]), sizes)
    roles = dict(entry.roles)
    if len(set(sizes)) == 1:
        roles |= entry.equal_roles
    options = {"roles": roles} if "roles" in inspect.signature(evaluate).parameters else {}
    try:
        with np.errstate(all="ignore"):
            found = evaluate(entry.latex, values, **options)
    except REFUSALS as error:
        return Outcome("refused", str(error).splitlines()[0])
    except Exception as error:  # a crash is no refusal
        return Outcome("WRONG", f"crashed with {error!r}")
    if entry.expected is None:
        return Outcome("WRONG", f"has a value, and should be refused: {entry.refused}")
    expected = entry.expected(values)
    for place, (key, wanted) in enumerate(reversed(expected.items()), start=1):
        problem = difference(found_for(key, place, found, values), wanted)
        if problem:
            return Outcome("WRONG", f"`{key}`: {problem}")
    return Outcome("right")


def found_for(key, place, found, values):
    """The result of a left-hand side: by its name, or else by its place from the end."""
    by_name = {tidy(name): value for name, value in found.items()}
    names = [tidy(key), tidy(re.sub(r"\(.*\)$", "", key))]
    value = next((by_name[name] for name in names if name in by_name), None)
    if value is None and place <= len(found):
        value = list(found.values())[-place]
    if callable(value):
        arguments = re.search(r"[(\[](.*)[)\]]$", key)
        names = [name.strip() for name in arguments.group(1).split(",")] if arguments else []
        known = names and all(name in values for name in names)
        value = value(*(values[name] for name in names)) if known else None
    return value


def tidy(latex):
    return re.sub(r"[\s{}&]", "", latex)


def difference(found, wanted):
    """What is wrong with a value, or nothing."""
    if found is None:
        return "no value"
    if np.shape(found) != np.shape(wanted):
        return f"shape {np.shape(found)} instead of {np.shape(wanted)}"
    if not np.all(np.isfinite(wanted)):
        return "the expected value is not finite"
    if not np.allclose(found, wanted, rtol=0, atol=1e-9):
        return f"off by {np.max(np.abs(np.subtract(found, wanted))):.3g}"
    return ""


SIZES = {"different": DIFFERENT, "equal": EQUAL}


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("entry", PRINTED, ids=lambda entry: entry.source)
def test_right_or_refused(entry, sizes):
    result = outcome(entry, sizes)
    assert result.kind != "WRONG", result.message


@pytest.mark.parametrize("entry", PRINTED, ids=lambda entry: entry.source)
def test_an_entry_has_a_value_or_says_why_not(entry):
    assert (entry.expected is None) == bool(entry.refused)


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("entry", PRINTED, ids=lambda entry: entry.source)
def test_what_is_expected_is_a_number_everywhere(entry, sizes):
    values = entry.values(np.random.default_rng(0), sizes)
    for name in (*entry.roles, *entry.equal_roles):
        assert name in values or name in entry.latex, name
    for value in (entry.expected(values) if entry.expected else {}).values():
        assert np.isfinite(value).all()


def test_names_are_unique():
    assert len({entry.source for entry in PRINTED}) == len(PRINTED)


def test_many_come_out_right():
    outcomes = {entry.source: outcome(entry, DIFFERENT) for entry in PRINTED}
    for source, result in outcomes.items():
        if result.kind == "refused":
            print(f"{source}: {result.message}")
    assert sum(result.kind == "right" for result in outcomes.values()) >= RIGHT


def report() -> None:
    """Print a table of all entries."""
    for topic, entries in TOPICS.items():
        print(f"\n{topic}")
        for entry in entries:
            different, equal = (outcome(entry, sizes) for sizes in SIZES.values())
            worst = max(
                different, equal, key=lambda one: (one.kind == "WRONG", one.kind != "right")
            )
            message = worst.message
            print(f"  {different.kind:8} {equal.kind:8} {entry.source[:68]:70} {message[:120]}")
    for name, sizes in SIZES.items():
        kinds = [outcome(entry, sizes).kind for entry in PRINTED]
        counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("right", "refused", "WRONG"))
        print(f"\n{name} sizes: {counts}", end="")
    print()


if __name__ == "__main__":
    report()

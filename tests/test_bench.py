"""The benchmark's pure functions: which blocks it runs, and what it divides by what."""

import runpy
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench"
SITE = runpy.run_path(str(BENCH / "bench.py"))
CELLS = runpy.run_path(str(BENCH / "cells.py"))

PAGE = """\
# Title

```python exec="true" source="above" session="one"
a = 1

b = 2
```

```python
shown = "only"
```

- In a list:

    ````python exec="true"
    print("```")
    ````
"""


def test_only_executed_blocks_are_found():
    assert list(SITE["executed_blocks"](PAGE)) == [
        (4, "one", "a = 1\n\nb = 2\n"),
        (16, "", 'print("```")\n'),
    ]


def test_an_unexecuted_page_differs_in_its_fences_only():
    plain = SITE["without_execution"](PAGE)
    assert list(SITE["executed_blocks"](plain)) == []
    changed = [
        pair
        for pair in zip(PAGE.splitlines(), plain.splitlines(), strict=True)
        if len(set(pair)) > 1
    ]
    assert changed == [
        ('```python exec="true" source="above" session="one"', "```python"),
        ('    ````python exec="true"', "    ````python"),
    ]


def test_every_executed_block_of_the_site_is_in_the_program(tmp_path):
    count = SITE["write_program"](tmp_path / "blocks.py")
    program = (tmp_path / "blocks.py").read_text("utf-8")
    compile(program, "blocks.py", "exec")
    pages = [path.read_text("utf-8") for path in (BENCH.parent / "docs").rglob("*.md")]
    assert (
        count == program.count("exec(compile(") == sum(page.count('exec="true"') for page in pages)
    )


def test_the_programs_errors_name_the_line_of_the_page(tmp_path, monkeypatch):
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("nav: [{Home: index.md}]")
    (tmp_path / "docs" / "index.md").write_text(
        'text\n\n```python exec="true"\na = 1\n1 / 0\n```\n'
    )
    monkeypatch.setitem(SITE["write_program"].__globals__, "ROOT", tmp_path)
    SITE["write_program"](tmp_path / "blocks.py")
    with pytest.raises(ZeroDivisionError) as error:
        runpy.run_path(str(tmp_path / "blocks.py"))
    assert error.traceback[-1].frame.code.raw.co_filename == "docs/index.md"
    assert error.traceback[-1].lineno + 1 == 5


def test_the_build_is_divided_by_its_parts():
    assert SITE["over_parts"](12, 6, 4, 2) == (1.2, 1.5)


def test_ratios_are_taken_round_by_round():
    rounds = [[1, 10, 3], [2, 10, 4], [4, 10, 4], [1, 10, 5], [2, 20, 10]]
    assert CELLS["ratios"](rounds, 1) == [5, 10, 10]
    assert CELLS["ratios"](rounds, 2) == [2, 3, 5]


def test_functions_are_timed_by_turns():
    calls = []
    rounds = CELLS["time_in_turn"]([lambda: calls.append(0), lambda: calls.append(1)], 0, least=2)
    assert [len(times) for times in rounds] == [2, 2]
    assert calls[:2] == [0, 1] and calls[-1] == 1

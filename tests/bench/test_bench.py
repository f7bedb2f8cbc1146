"""The benchmark: which blocks it runs, what it divides by what, and the record that it writes.

No test asserts a time.
"""

import ast
import datetime
import runpy
import sys

import nbformat
import numpy as np
import pytest
import torch
from click.testing import CliRunner
from mkdocs.utils.yaml import yaml_load
from numpy.testing import assert_array_equal
from pygments.lexers import PythonLexer, get_lexer_by_name

from bench import bench, growth, jupyter, pages, parts, serve, two_products
from bench.parts import ROOT
from lecture_code.publish import records
from lecture_code.publish.blocks.fences import executed_blocks
from lecture_code.publish.blocks.problems import problems, sources
from lecture_code.publish.timing import two_products_over_one
from tools.check import nav_pages
from tools.notebooks import notebook

CELLS = runpy.run_path(str(ROOT / "bench" / "cells.py"))

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


def test_an_unexecuted_page_differs_in_its_fences_only():
    plain = parts.without_execution(PAGE)
    assert executed_blocks(plain) == []
    changed = [
        pair
        for pair in zip(PAGE.splitlines(), plain.splitlines(), strict=True)
        if len(set(pair)) > 1
    ]
    assert changed == [
        ('```python exec="true" source="above" session="one"', "```starlark"),
        ('    ````python exec="true"', "    ````starlark"),
    ]


def test_an_unexecuted_block_looks_like_python_and_nothing_is_wrong_with_it():
    assert isinstance(get_lexer_by_name(parts.SHOWN), PythonLexer)
    text = (ROOT / "docs" / "lecture" / "gru.md").read_text("utf-8")
    assert executed_blocks(text)
    assert list(problems({"lecture/gru.md": parts.without_execution(text)})) == []


def test_every_executed_block_of_the_site_is_in_the_program(tmp_path):
    program = tmp_path / "blocks.py"
    count = pages.write_program(program, ROOT / "docs", ["lecture/lstm.md"])
    written = runpy.run_path(str(program))["PAGES"]
    assert next(iter(written)) == "lecture/lstm.md"
    texts = [path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md")]
    assert count == sum(map(len, written.values())) == sum(map(len, map(executed_blocks, texts)))


def test_blocks_of_a_page_share_their_names_and_errors_name_the_line(tmp_path, monkeypatch):
    (tmp_path / "index.md").write_text(
        'text\n\n```python exec="true"\na = 0\n```\n\n```python exec="true"\nb = 1\n1 / a\n```\n'
    )
    pages.write_program(tmp_path / "blocks.py", tmp_path)
    run = runpy.run_path(str(tmp_path / "blocks.py"))["run"]
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    with pytest.raises(ZeroDivisionError) as error:
        run("index.md")
    assert error.traceback[-1].frame.code.raw.co_filename == "docs/index.md"
    assert error.traceback[-1].lineno + 1 == 9


def test_the_plain_run_begins_with_what_took_longest_in_the_build():
    log = (
        "INFO     docs/a.md: 1 blocks ran in 0.5 s      \n"
        "INFO     docs/b/c.md: 12 blocks ran in 10.0 s  \n"
        "INFO     computed lecture_code.x in 3.0 s\n"
        "INFO     docs/d.md: 3 blocks ran in 9.9 s\n"
    )
    assert pages.longest_first(log) == ["b/c.md", "d.md", "a.md"]


def test_measurements_are_taken_by_turns(capsys):
    clock = iter(range(6))
    taken = parts.in_turn({"one": lambda: next(clock), "two": lambda: next(clock)}, 3)
    assert taken == {"one": [0, 2, 4], "two": [1, 3, 5]}
    assert capsys.readouterr().out.split() == (
        "one 0.0 s two 1.0 s one 2.0 s two 3.0 s one 4.0 s two 5.0 s".split()
    )


def test_what_takes_minutes_is_measured_less_often_but_once():
    assert [parts.fewer(rounds) for rounds in (1, 3, 4, 9)] == [1, 1, 2, 3]


def test_a_ratio_is_the_median_of_the_rounds():
    assert parts.ratio([1, 10, 6], [1, 2, 3]) == 2


def test_the_exponent_of_growth_is_that_of_the_power():
    sizes = [25, 100, 250]
    assert parts.exponent(sizes, [3 * n for n in sizes]) == pytest.approx(1)
    assert parts.exponent(sizes, [n**2 / 7 for n in sizes]) == pytest.approx(2)


def test_the_notebooks_are_those_of_the_lecture_without_the_installation():
    names = jupyter.lecture_pages()
    assert len(names) == len(list((ROOT / "docs" / "lecture").glob("*.md"))) + 1
    text = (ROOT / "docs" / "lecture" / "neuron.md").read_text("utf-8")
    whole = notebook(text, "lecture/neuron.md", "")
    kept = nbformat.reads(jupyter.without_installation(whole), 4)
    assert [cell.source for cell in kept.cells] == [
        cell.source for cell in nbformat.reads(whole, 4).cells if "%pip" not in cell.source
    ]
    assert len(kept.cells) == len(nbformat.reads(whole, 4).cells) - 1


def test_a_site_of_many_pages_has_blocks_that_nothing_is_wrong_with(tmp_path):
    growth.many_pages(tmp_path / "site", 30)
    texts = sources(tmp_path / "site" / "docs")
    assert len(texts) == 30 and "index.md" in texts
    assert all(len(executed_blocks(text)) == 2 for text in texts.values())
    assert list(problems(texts)) == []
    nav = yaml_load(growth.configuration(30))["nav"]
    assert sorted(nav_pages(nav)) == sorted(texts)
    assert [len(pages) for section in nav for pages in section.values()] == [25, 5]


def test_a_comment_is_written_into_a_function_and_changes_nothing():
    text = (ROOT / "lecture_code" / "sections" / "gru.py").read_text("utf-8")
    changed = serve.with_comment(text, "gru_step", "Edit 1.")
    assert ast.dump(ast.parse(changed)) == ast.dump(ast.parse(text))
    [(before, line)] = [
        (number, line)
        for number, line in enumerate(changed.splitlines())
        if line not in text.splitlines()
    ]
    assert line == "    # Edit 1."
    assert changed.splitlines()[before + 1] == "    return h_next"


def test_the_server_says_which_pages_it_has_rendered():
    log = (
        "INFO     lecture/gru.md, rosetta.md rendered in 0.5 s\nINFO   x\nno page rendered in 0.1 s"
    )
    assert "lecture/gru.md" in serve.rendered(log)
    assert "lecture/gru.md" not in serve.rendered("INFO     docs/lecture/gru.md: 9 blocks ran\n")


def test_every_part_has_a_measurement_and_an_unknown_one_is_refused():
    answer = CliRunner().invoke(bench.main, ["grwoth"])
    assert answer.exit_code == 2
    for part in ("cells", "products", "pages", "jupyter", "growth", "serve"):
        assert part in answer.output


def test_parts_are_run_in_the_order_of_the_words_and_share_a_folder(monkeypatch):
    called = []
    for part in ("serve", "growth"):
        monkeypatch.setitem(
            bench.MEASURES, part, lambda *given, part=part: called.append((part, *given))
        )
    answer = CliRunner().invoke(bench.main, ["growth", "serve", "--rounds", "2"])
    assert answer.exit_code == 0, answer.output
    [(first, folder, rounds), (second, same, _)] = called
    assert (first, second, rounds) == ("growth", "serve", 2)
    assert folder == same and not folder.exists()


def test_what_cannot_be_measured_is_told_with_its_last_lines(monkeypatch):
    def fails(folder, rounds):
        parts.run("-c", "print('why'); raise SystemExit(3)", folder=folder)

    monkeypatch.setitem(bench.MEASURES, "serve", fails)
    answer = CliRunner().invoke(bench.main, ["serve"])
    assert answer.exit_code == 1
    assert "NOT MEASURED" in answer.output and "why" in answer.output


def test_ratios_are_taken_round_by_round():
    rounds = [[1, 10, 3], [2, 10, 4], [4, 10, 4], [1, 10, 5], [2, 20, 10]]
    assert CELLS["ratios"](rounds, 1) == [5, 10, 10]
    assert CELLS["ratios"](rounds, 2) == [2, 3, 5]


def test_functions_are_timed_by_turns():
    calls = []
    rounds = CELLS["time_in_turn"]([lambda: calls.append(0), lambda: calls.append(1)], 0, least=2)
    assert [len(times) for times in rounds] == [2, 2]
    assert calls[:2] == [0, 1] and calls[-1] == 1


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(two_products, "SECONDS", 0)
    monkeypatch.setattr(two_products, "LEAST", 4)


def test_one_product_and_two_are_measured_and_written(short, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    two_products.main()
    record, measured = two_products_over_one()
    assert [(one.library, one.shape) for one in measured] == [
        (library, shape) for library in ("numpy", "torch") for shape in two_products.SHAPES
    ]
    assert all(0 < one.lower <= one.median <= one.upper for one in measured)
    assert abs(record.date - datetime.date.today()) <= datetime.timedelta(days=1)
    assert record.versions["torch"] == torch.__version__
    assert record.processor == two_products.processor()
    assert "two_products.json" in capsys.readouterr().out


@pytest.mark.parametrize("shape", [(1,), (3, 5), (256, 320)])
def test_numpys_arrays_begin_where_torchs_do(shape):
    original = np.random.default_rng(0).normal(size=shape).astype("float32")
    copies = [two_products.aligned(original) for _ in range(10)]
    for copy in copies:
        assert copy.ctypes.data % 64 == 0
        assert copy.dtype == original.dtype and not np.shares_memory(copy, original)
        assert_array_equal(copy, original)
    assert torch.tensor(original).data_ptr() % 64 == 0


def test_the_ratio_is_the_first_over_the_second(short, monkeypatch):
    """Whoever runs first: the clock goes on by 2 in the first function and by 1 in the second."""
    clock = [0.0]
    monkeypatch.setattr(two_products, "perf_counter", lambda: clock[0])

    def takes(seconds):
        def run():
            clock[0] += seconds

        return run

    # Five of each come first and are not measured; with no seconds to fill, the least is enough.
    assert two_products.ratios(takes(2.0), takes(1.0)) == [2.0] * 4


def test_a_shape_is_measured_for_its_time_and_at_least_so_often(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(two_products, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(two_products, "SECONDS", 30)
    monkeypatch.setattr(two_products, "LEAST", 4)

    def run():
        clock[0] += 1

    assert len(two_products.ratios(run, run)) == 15
    monkeypatch.setattr(two_products, "SECONDS", 2)
    assert len(two_products.ratios(run, run)) == 4

"""Pages run in processes of their own; what ends badly is a failure with page, line and block."""

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from multiprocessing import forkserver
from pathlib import Path

import pytest
from conftest import needs
from pages import ROOT

from lecture_code.publish.blocks import runner as module
from lecture_code.publish.blocks.processes import end_server
from lecture_code.publish.blocks.runner import Runner
from lecture_code.support.store import CACHE, Store

HEAD = "---\ndescription: A page.\n---\n\n"
BYTECODE = shutil.ignore_patterns("__pycache__")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits are those of Linux")


def page_of(*blocks, options=""):
    fence = f'```python exec="true" session="page"{options}\n'
    return HEAD + "\n".join(f"{fence}{code}\n```\n" for code in blocks)


class Pages:
    """A folder of pages, and what runs them, with a place of its own for what is kept."""

    def __init__(self, folder, seconds=60):
        self.docs = folder / "docs"
        self.docs.mkdir(exist_ok=True)
        self.runner = Runner(self.docs, seconds)
        self.runner._kept = Store(folder / "pages", "the output of a page")

    def run(self, *blocks, name="page.md", options=""):
        text = page_of(*blocks, options=options)
        (self.docs / name).write_text(text, "utf-8")
        return self.runner.result(name, text)


@pytest.fixture
def pages(tmp_path):
    return Pages(tmp_path)


def test_blocks_share_their_names_and_print_what_they_print(pages):
    result = pages.run("a = 1\nprint(a)", "import sys\nprint(a + 1, 5, sep='-', file=sys.stdout)")
    assert result == (("1\n", "2-5\n"), None, True)


def test_a_page_computes_with_one_thread(pages):
    result = pages.run("import torch\nprint(torch.get_num_threads())")
    assert result.outputs == ("1\n",)


@LINUX
def test_what_pages_do_first_was_done_before_they_were_forked(pages):
    needs("onnxruntime", "test")
    result = pages.run("import sys\nprint('tools.warm' in sys.modules)")
    assert result.outputs == ("True\n",)


@LINUX
def test_a_process_to_fork_from_that_was_ended_is_started_again(pages):
    pages.run("print(1)")
    before = forkserver._forkserver._forkserver_pid
    end_server()
    # It is not taken away here: the library has yet to hear of it.
    look = os.WEXITED | os.WNOWAIT | os.WNOHANG
    ends = (time.sleep(0.1) or os.waitid(os.P_PID, before, look) for _ in range(100))
    assert any(ends), "it goes on"
    assert pages.run("print(2)").outputs == ("2\n",)
    assert forkserver._forkserver._forkserver_pid != before


def test_what_ran_is_kept_and_what_is_kept_does_not_run(pages, tmp_path):
    code = "import os\nprint(os.getpid())"
    first, second = pages.run(code), pages.run(code)
    assert (first.ran, second.ran) == (True, False)
    assert first.outputs == second.outputs
    assert Pages(tmp_path).run(code).outputs == first.outputs
    assert pages.run(code + "  # another block").ran


@pytest.mark.parametrize(
    ("code", "line", "says"),
    [
        ("a = 1\n1 / 0", 11, "ZeroDivisionError: division by zero"),
        ("a = 1\nb = = 2", 11, "SyntaxError: invalid syntax"),
        ("def f():\n    raise ValueError('no')\n\nf()", 11, "ValueError: no"),
        ("raise SystemExit(0)", 10, "SystemExit: 0: a block must not end the program"),
        ("import sys\nsys.exit()", 11, "SystemExit: a block must not end the program"),
        ("import sys\ndef f():\n    sys.exit()\n\nf()", 12, "SystemExit: a block must not end"),
        ("raise KeyboardInterrupt", 10, "KeyboardInterrupt"),
        ("import os\nos._exit(0)", 9, "its process ended with exit status 0"),
        ("import os\nos._exit(3)", 9, "its process ended with exit status 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", 9, "was ended by SIGKILL"),
        ("import ctypes\nctypes.string_at(0)", 9, "was ended by SIGSEGV"),
        ("import nothing_of_this_name", 10, "ModuleNotFoundError"),
        ("def f():\n    f()\n\nf()", 11, "RecursionError"),
        ("print('a' * 6_000_000)", 9, "it printed 6,000,001 characters"),
        ("print('a' + chr(0))", 9, r"it printed the character '\x00', which HTML does not allow"),
        ("print(chr(27) + '[31mred')", 9, r"it printed the character '\x1b'"),
        ("print(chr(0xFFFE))", 9, r"it printed the character '\ufffe'"),
        ("print('a' + chr(0xD800))", 9, "surrogates not allowed"),
        ("import os\nos.fork()\nprint('twice')", 11, "a block must not go on in two processes"),
        ("import threading\nthreading.Timer(0.3, lambda: 1 / 0).start()", 11, "ZeroDivisionError"),
        (
            "import _thread, time\n_thread.start_new_thread(lambda: 1 / 0, ())\ntime.sleep(0.3)",
            11,
            "ZeroDivisionError",
        ),
        ("class A:\n    def __del__(self):\n        1 / 0\nA()", 12, "ZeroDivisionError"),
        (
            "import threading\ndef f():\n    1 / 0\n"
            "t = threading.Thread(target=f)\nt.start(); t.join()",
            12,
            "ZeroDivisionError",
        ),
    ],
)
def test_what_ends_badly_is_a_failure_with_its_place(pages, code, line, says):
    result = pages.run("print('before')", code, "print('after')")
    assert result.outputs == ("before\n",)
    assert (result.failure.page, result.failure.block) == ("page.md", 2)
    assert result.failure.line == line
    assert says in result.failure.says
    assert str(result.failure).startswith(f"docs/page.md, line {line}: block 2: ")


def test_what_a_thread_prints_late_belongs_to_its_block(pages):
    code = "import threading\nthreading.Timer(0.3, lambda: print('late')).start()\nprint('early')"
    assert pages.run(code).outputs == ("early\nlate\n",)


def test_a_pool_stays_open_from_block_to_block(pages):
    first = (
        "import time\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "pool = ThreadPoolExecutor(2)\n"
        "for one in 'abc':\n    pool.submit(lambda: (time.sleep(0.3), print('late')))"
    )
    assert pages.run(first, "print(pool.submit(sum, [1, 2]).result())").outputs == (
        "late\nlate\nlate\n",
        "3\n",
    )


@LINUX
def test_a_program_in_a_group_of_its_own_ends_with_its_page(pages, tmp_path):
    code = (
        "import subprocess, sys\n"
        "said = 'import sys, time; time.sleep(300)'\n"
        "program = subprocess.Popen([sys.executable, '-c', said], start_new_session=True)\n"
        "print(program.pid)"
    )
    [pid] = pages.run(code).outputs
    process = Path("/proc", pid.strip())
    assert not process.exists() or "Z" in (process / "stat").read_text().split()


def test_what_is_random_is_the_same_again(pages):
    code = "import numpy, random, torch\nprint(random.random(), numpy.random.rand(), torch.rand(1))"
    first, second = (pages.run(f"{code}  # {number}") for number in range(2))
    assert first.ran and second.ran and first.outputs == second.outputs


def test_a_traceback_names_block_and_line(pages):
    failure = pages.run("def f():\n    return 1 / 0\n\n\nf()").failure
    assert 'File "docs/page.md, block 1", line 5, in <module>' in failure.details
    assert "return 1 / 0" in failure.details
    assert "child.py" not in failure.details


def test_what_failed_is_never_kept(pages):
    code = "import os\nprint(os.getpid())\nraise ValueError"
    assert [pages.run(code).ran for _ in range(2)] == [True, True]


@pytest.mark.parametrize("code", ["while True:\n    pass", "import time\ntime.sleep(1000)"])
def test_a_block_without_an_end_is_ended(tmp_path, code):
    pages = Pages(tmp_path, seconds=1)
    failure = pages.run("print('before')", "a = 1\n" + code).failure
    assert failure.block == 2
    assert "it ran for more than 1 s and was ended" in failure.says
    if sys.platform != "win32":
        assert failure.line in (11, 12)
        assert 'File "docs/page.md, block 2"' in failure.details


def test_a_block_may_say_that_it_takes_longer(tmp_path):
    pages = Pages(tmp_path, seconds=0.5)
    result = pages.run("import time\ntime.sleep(1.5)\nprint('done')", options=' timeout="60"')
    assert result.outputs == ("done\n",)


def test_a_block_that_swallows_everything_is_ended_too(tmp_path):
    code = (
        "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass"
    )
    assert "more than 1 s" in Pages(tmp_path, seconds=1).run(code).failure.says


@LINUX
def test_too_much_memory_is_a_failure_at_its_line(pages):
    failure = pages.run("import numpy as np\na = np.ones(30 * 2**30 // 8)").failure
    assert failure.line == 7
    assert "Unable to allocate 30.0 GiB" in failure.says


@LINUX
def test_the_memory_of_what_a_page_starts_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MEMORY", 800 * 2**20)
    hungry = "import time; a = b'x' * (500 * 2**20); time.sleep(60)"
    code = (
        "import subprocess, sys\n"
        f"both = [subprocess.Popen([sys.executable, '-c', {hungry!r}]) for _ in range(2)]\n"
        "for one in both:\n    one.wait()"
    )
    failure = Pages(tmp_path).run(code).failure
    assert "GiB of memory and was ended" in failure.says


@LINUX
@pytest.mark.parametrize("end", ["while True: pass", "a = 1"])
def test_what_a_page_started_ends_with_it(tmp_path, end):
    pages = Pages(tmp_path, seconds=2)
    code = (
        "import subprocess, sys\n"
        "process = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(process.pid, flush=True)"
    )
    result = pages.run(code, end)
    time.sleep(0.2)
    state = Path(f"/proc/{result.outputs[0].strip()}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_no_page_can_change_another(pages):
    damage = (
        "import builtins, logging, os, random, sys\n"
        "import numpy as np\n"
        "np.exp = lambda x: 0\n"
        "np.float64 = None\n"
        "logging.disable()\n"
        "os.environ['TZ'] = 'Asia/Tokyo'\n"
        "sys.path.clear()\n"
        "builtins.print = None\n"
        "os.chdir('/')\n"
    )
    look = (
        "import logging, os, sys\nimport numpy as np\n"
        "print(np.exp(np.float64(0)), logging.root.manager.disable, os.environ['TZ'])\n"
        "print(len(sys.path) > 0)"
    )
    before = pages.run(look, name="before.md").outputs
    assert pages.run(damage, name="damage.md").failure is None
    assert pages.run(look + "\n", name="after.md").outputs == before == ("1.0 0 UTC\nTrue\n",)


@pytest.mark.parametrize(
    "code",
    [
        "open({path!r}, 'w')",
        "open({path!r}, 'a')",
        "import os\nos.open({path!r}, os.O_RDWR | os.O_CREAT)",
        "import os\nos.remove({there!r})",
        "import os\nos.rename({there!r}, {path!r})",
        "import os\nos.mkdir({path!r})",
        "import shutil\nshutil.rmtree({folder!r})",
        "from pathlib import Path\nPath({there!r}).write_text('')",
        "import os\nos.truncate({there!r}, 0)",
        "import os\nos.symlink({there!r}, {path!r})",
    ],
)
def test_writing_elsewhere_is_refused(pages, tmp_path, code):
    there = tmp_path / "folder" / "there"
    there.parent.mkdir()
    there.write_text("as it was")
    names = {"path": str(tmp_path / "new"), "there": str(there), "folder": str(there.parent)}
    failure = pages.run(code.format(**names)).failure
    assert "PermissionError" in failure.says
    assert "is outside of what a page may change" in failure.says
    assert there.read_text() == "as it was"
    assert not (tmp_path / "new").exists()


def test_a_page_may_write_temporary_files(pages):
    code = (
        "import tempfile\nfrom pathlib import Path\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    Path(folder, 'a').write_text('b')\n"
        "    print(Path(folder, 'a').read_text())\n"
        "Path('here').write_text('')\n"
    )
    assert pages.run(code).outputs == ("b\n",)


def test_a_page_that_changes_its_folder_does_not_move_the_cache(pages):
    code = "import os\nos.chdir('/')\nfrom lecture_code.support.store import CACHE\nprint(CACHE)"
    assert pages.run(code).outputs == (f"{CACHE}\n",)


def test_the_same_page_prints_the_same_wherever_it_is_built(tmp_path, monkeypatch):
    code = (
        "import time, locale\nprint({'a', 'b', 'c'}, time.tzname, locale.setlocale(locale.LC_ALL))"
    )
    outputs = []
    for number, zone in enumerate(("America/New_York", "Asia/Tokyo")):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LC_ALL", "C")
        folder = tmp_path / str(number)
        folder.mkdir()
        outputs.append(Pages(folder).run(code).outputs)
    assert outputs[0] == outputs[1]


def test_an_edit_ends_what_runs_and_what_waits(pages):
    text = page_of("import time; time.sleep(600)")
    names = [f"page{number}.md" for number in range(8)]
    for name in names:
        (pages.docs / name).write_text(text, "utf-8")
    futures = pages.runner.start(names).values()
    running = [future for future in futures if future.running()]
    while not running:
        running = [future for future in futures if future.running()]
        time.sleep(0.05)
    pages.runner.forget()
    assert all(future.done() or future in running for future in futures)
    ended = {future.result(timeout=30).failure.says for future in running}
    assert ended == {"it was ended because of an edit"}
    assert not pages.runner.failed


# --- what is kept


def entry(tmp_path):
    [file] = (tmp_path / "pages").iterdir()
    return file


def alter_the_output(file):
    content = file.read_bytes()
    assert content.count(b"0.25") == 1
    file.write_bytes(content.replace(b"0.25", b"0.75"))


@pytest.mark.parametrize(
    "damage",
    [
        alter_the_output,
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-10]),
        lambda file: file.write_bytes(b"{}"),
    ],
)
def test_damaged_output_is_noticed_and_the_page_runs_again(pages, tmp_path, caplog, damage):
    caplog.set_level(logging.INFO, "mkdocs.lecture_code")
    pages.run("print(0.25)")
    damage(entry(tmp_path))
    result = pages.run("print(0.25)")
    assert result == (("0.25\n",), None, True)
    assert "the output of a page in" in caplog.text and "is damaged" in caplog.text


@pytest.mark.parametrize(
    "content", [b"[]", b"{}", b"no json", json.dumps({"outputs": [], "state": {}}).encode()]
)
def test_an_entry_with_a_right_checksum_that_is_none_is_refused(pages, monkeypatch, content):
    monkeypatch.setattr(pages.runner._kept, "get", lambda key: content)
    assert pages.run("print(1)").outputs == ("1\n",)


def test_a_folder_that_cannot_be_written_costs_time_and_not_the_page(pages, tmp_path):
    (tmp_path / "pages").write_text("a file where the folder should be")
    assert [pages.run("print(1)").ran for _ in range(2)] == [True, True]


# --- what a page depends on, on a copy of the package

EDIT = """
import json, os, sys, time
from pathlib import Path
from lecture_code.publish.blocks.processes import end_server
from lecture_code.publish.blocks.runner import Runner
from lecture_code.publish.blocks.problems import sources

def look(edits=()):
    for name, old, new in edits:
        file = Path("lecture_code", name)
        text = file.read_text("utf-8") if old else ""
        assert old in text, (name, old)
        file.write_text(text.replace(old, new, 1), "utf-8")
        os.utime(file, (1e9 + look.count, 1e9 + look.count))
    look.count += 1
    futures = Runner(Path("docs")).start(sources(Path("docs")))
    results = {page: future.result() for page, future in futures.items()}
    bad = [str(result.failure) for result in results.values() if result.failure]
    return sorted(page for page, result in results.items() if result.ran), bad, {
        page: "".join(result.outputs) for page, result in results.items()
    }

look.count = 1
if __name__ == "__main__":
    found = [look(), look()]
    for edits in json.loads(sys.argv[1]):
        found.append(look(edits))
    print(json.dumps(found))
"""
PAGES = {
    "gates.md": (
        "import numpy as np\nfrom lecture_code.sections.gates import GateWeights, gate\n"
        "print(gate(np.ones(2), np.ones(1), GateWeights.init(2, 1, seed=1)))"
    ),
    "loss.md": "from lecture_code.sections import loss\nprint(loss.gradient.__name__)",
    "card.md": (
        "from lecture_code import rnn_step\nfrom lecture_code.publish import card\n"
        "print(len(card(rnn_step, 'RNN')))"
    ),
    "kept.md": (
        "from lecture_code.publish import cached\nfrom lecture_code.sections.history import kept\n"
        "print(cached(kept)(2, 8, 2))"
    ),
    "thread.md": (
        "import threading\nfrom lecture_code.core.ops import sigmoid\nimport numpy as np\n"
        "t = threading.Thread(target=lambda: print(sigmoid(np.zeros(1))))\nt.start()\nt.join()"
    ),
    "process.md": (
        "import subprocess, sys\n"
        "run = subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True)\n"
        "print(run.stdout)"
    ),
    "folder.md": (
        "from pathlib import Path\nimport lecture_code\n"
        "print(len(list(Path(lecture_code.__file__).parent.glob('*.txt'))))"
    ),
    "data.md": (
        "from pathlib import Path\nimport lecture_code\n"
        "print(Path(lecture_code.__file__).with_name('equations').joinpath('grammar.lark')"
        ".read_text('utf-8')[:10])"
    ),
}


EDITS = {
    "a function": [("sections/gates.py", "gate = sigmoid(", "gate = 1 - sigmoid(")],
    "a function that only one page runs": [
        ("sections/rnn.py", "h_next = tanh(", "h_next = 1 * tanh(")
    ],
    "a function that no page runs": [
        ("sections/summary.py", "\n    return ", "\n    assert True\n    return ")
    ],
    "the docstring of a function that no page reads": [
        ("sections/forgetting.py", '    r"""', '    r"""Now. ')
    ],
    "what runs when a module is imported": [("sections/gates.py", "\nfrom ", "\nSIZE = 1\nfrom ")],
    "a file that is read": [("equations/grammar.lark", "//", "///")],
    "what computed a kept result": [
        ("sections/history.py", "\n    return ", "\n    assert True\n    return ")
    ],
    "a shared operation": [
        ("core/ops.py", "def sigmoid(", "def other():\n    pass\n\n\ndef sigmoid(")
    ],
    "a new file": [("notes.txt", "", "new")],
    "nothing": [],
}


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """Which pages of a copy ran again after each of the edits, and what they printed."""
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(ROOT / "lecture_code", folder / "lecture_code", ignore=BYTECODE)
    (folder / "docs").mkdir()
    for name, code in PAGES.items():
        (folder / "docs" / name).write_text(page_of(code), "utf-8")
    (folder / "run.py").write_text(EDIT)
    done = subprocess.run(
        [sys.executable, "run.py", json.dumps(list(EDITS.values()))],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second, *others = json.loads(done.stdout.splitlines()[-1])
    return first, second, dict(zip(EDITS, others, strict=True))


ALWAYS = {"process.md"}
"""Of another Python it is not known what it runs: every edit counts."""


def test_a_page_runs_once(edited):
    first, second, _ = edited
    assert first[:2] == [sorted(PAGES), []]
    assert second[:2] == [[], []]
    assert first[2] == second[2]


@pytest.mark.parametrize(
    ("edit", "pages"),
    [
        ("a function", {"gates.md"}),
        ("a function that only one page runs", {"card.md"}),
        ("a function that no page runs", set()),
        ("the docstring of a function that no page reads", set()),
        ("a file that is read", {"data.md", "card.md"}),
        ("what computed a kept result", {"kept.md"}),
        ("a new file", {"folder.md"}),
        ("nothing", None),
    ],
)
def test_an_edit_runs_just_the_pages_that_depend_on_it(edited, edit, pages):
    ran, bad, _ = edited[2][edit]
    assert bad == []
    assert set(ran) == (set() if pages is None else pages | ALWAYS)


@pytest.mark.parametrize("edit", ["what runs when a module is imported", "a shared operation"])
def test_an_edit_of_what_is_imported_runs_every_page_that_imports_it(edited, edit):
    ran, bad, _ = edited[2][edit]
    assert bad == [] and {"gates.md", "card.md"} <= set(ran)


def test_a_changed_function_changes_what_its_page_prints(edited):
    before, after = edited[0][2], edited[2]["a function"][2]
    assert {page for page in PAGES if before[page] != after[page]} == {"gates.md"}


def test_what_runs_in_a_thread_is_seen(edited):
    assert "thread.md" in edited[2]["a shared operation"][0]


UNCHANGED = """\
import sys
from pathlib import Path
from lecture_code.publish.blocks.processes import end_server
from lecture_code.publish.blocks.runner import Runner

runner = Runner(Path("docs"))

def hear(event, arguments):
    if event in ("os.putenv", "os.unsetenv"):
        raise AssertionError(f"{event} {arguments}")

sys.addaudithook(hear)
print(runner.result("page.md", Path("docs/page.md").read_text("utf-8")).outputs)
"""


def test_the_environment_does_not_change_while_other_threads_may_start_programs(tmp_path):
    (tmp_path / "docs").mkdir()
    code = "import os\nprint(os.environ['PYTHONHASHSEED'], hash('a'))"
    (tmp_path / "docs" / "page.md").write_text(page_of(code), "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"}
    program = [sys.executable, "-c", UNCHANGED]
    done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True)
    expected = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
    )
    assert done.stdout == f"{(expected.stdout,)}\n", done.stderr

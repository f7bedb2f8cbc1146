"""What a page's blocks depend on: whatever way they come to it, an edit is seen."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from tempfile import TemporaryDirectory

import numpy
import pytest
from pages import ROOT
from test_blocks import BYTECODE, page_of

from lecture_code.publish.blocks import dependencies

RUN = """\
import importlib.metadata, json, os, sqlite3, sys, time
from pathlib import Path
from threading import Thread
from lecture_code.publish.blocks.runner import Runner
from lecture_code.publish.blocks.problems import sources


def look():
    futures = Runner(Path("docs")).start(sources(Path("docs")))
    results = {page: future.result() for page, future in futures.items()}
    bad = [str(result.failure) for result in results.values() if result.failure]
    assert not bad, bad
    return {page: [result.ran, "".join(result.outputs)] for page, result in results.items()}

"""
EDITED = """\
found = [look()]
for name in json.loads(sys.argv[1]):
    path = Path(name)
    path.touch()
    path.write_text(path.read_text("utf-8").replace("OLD", "NEW"), "utf-8")
Path("docs/longer.txt").write_text("NEWER")
with sqlite3.connect("lecture_code/data.sqlite") as database:
    database.execute("update t set a = 'NEW'")
found.append(look())
print(json.dumps(found))
"""
SWAPPED = """\
def swap():
    while not list(Path(os.environ["TMPDIR"]).glob("page-*/imported")):
        time.sleep(0.05)
    new = Path("lecture_code/new.txt")
    new.write_text("def f():\\n    return 'NEW'\\n")
    os.utime(new, (1e9, 1e9))
    new.rename("lecture_code/probe.py")

Thread(target=swap, daemon=True).start()
print(json.dumps([look(), look()]))
"""
FUNCTION = 'def f(x=0):\n    """OLD"""\n    return "OLD"\n'
HERE = "from pathlib import Path\nimport lecture_code\nR = Path(lecture_code.__file__).parents[1]\n"

FILES = {
    "lecture_code/doc.py": FUNCTION,
    "lecture_code/code.py": FUNCTION,
    "lecture_code/default.py": 'def f(a,\n      b="OLD"): return b\n',
    "lecture_code/forgotten.py": 'X = "OLD"\n',
    "lecture_code/program.py": f"{FUNCTION}\nprint(f())\n",
    "lecture_code/path.py": FUNCTION,
    "lecture_code/other.py": FUNCTION,
    "lecture_code/cell.py": (
        "class A:\n    def __init_subclass__(cls):\n        cls.x = 'OLD'\n"
        "    @property\n    def y(self):\n        return 'OLD'\n"
    ),
    "lecture_code/near.py": 'def f():\n    return "OLD"\n',
    "lecture_code/relative.py": "from .near import f\n\ndef g():\n    return f()\n",
    "lecture_code/shout.py": "import sys\nprint(open(sys.argv[1]).read())\n",
    "lecture_code/reads.py": (
        "from pathlib import Path\n\ndef f(place):\n"
        "    return Path(__file__).with_name('table.txt').read_text()\n"
    ),
    "lecture_code/table.txt": "OLD",
    "lecture_code/weights.txt": "OLD",
    "package/h5py.py": (
        "import ctypes\n\ndef read(path):\n    libc, text = ctypes.CDLL(None), bytes(3)\n"
        "    libc.read(libc.open(path, 0), text, 3)\n    return text.decode()\n"
    ),
    "lecture_code/steps.py": "def f():\n    yield 1\n    yield 'OLD'\n",
    "tools/probe.py": 'X = "OLD"\n',
    "docs/opened.txt": "OLD",
    "docs/shown.txt": "OLD",
    "docs/said.txt": "OLD",
    "docs/longer.txt": "OLD",
    "package/probe-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: probe\nVersion: 1+OLD\n",
}
NEW_FILES = ("docs/new.txt", "new.txt", "lecture_code/fancy.py")
BLOCKS = {
    "doc": "from lecture_code.doc import f\nprint(f.__doc__)",
    "code": "from lecture_code.code import f\nprint(f.__code__.co_consts)",
    "default": "from lecture_code.default import f\nprint(f(1))",
    "forgotten": (
        "import sys\nfrom lecture_code.forgotten import X\n"
        'del sys.modules["lecture_code.forgotten"]\nprint(X)'
    ),
    "program": 'import runpy\nrunpy.run_module("lecture_code.program")',
    "path": f"{HERE}import runpy\nprint(runpy.run_path(str(R / 'lecture_code/path.py'))['f']())",
    "other": (
        f"{HERE}from importlib.util import module_from_spec, spec_from_file_location\n"
        "spec = spec_from_file_location('other', R / 'lecture_code/other.py')\n"
        "module = module_from_spec(spec)\nspec.loader.exec_module(module)\nprint(module.f())"
    ),
    "cell": "from lecture_code.cell import A\nclass B(A):\n    pass\nprint(B.x, A().y)",
    "steps": "from lecture_code.steps import f\nsteps = f()\nnext(steps)\nprint(next(steps))",
    "tools": "from tools.probe import X\nprint(X)",
    "opened": (
        f"{HERE}import os\nfile = os.open(os.fsencode(R / 'docs/opened.txt'), os.O_RDONLY)\n"
        "print(os.read(file, 9))"
    ),
    "shown": (
        f"{HERE}import subprocess\n"
        "print(subprocess.run(['cat', R / 'docs/shown.txt'], capture_output=True).stdout)"
    ),
    "exists": f"{HERE}print('NEW' if (R / 'docs/new.txt').exists() else 'OLD')",
    "relative": (
        "from lecture_code.publish import cached\nfrom lecture_code.relative import g\n"
        "print(cached(g)())"
    ),
    "argument": (
        f"{HERE}import subprocess, sys\nsaid = [sys.executable, '-m', 'lecture_code.shout']\n"
        "print(subprocess.check_output([*said, R / 'docs/said.txt'], text=True))"
    ),
    "input of a kept result": (
        "from lecture_code.publish import cached\nfrom lecture_code.reads import f\n"
        "print(cached(f)(1))"
    ),
    "result that is kept already": (
        "from lecture_code.publish import cached\nfrom lecture_code.reads import f\n"
        "print(cached(f)(1), cached(f)(1))"
    ),
    "read without Python": (
        f"{HERE}import h5py\nprint(h5py.read(bytes(R / 'lecture_code/weights.txt')))"
    ),
    "database": (
        f"{HERE}import sqlite3\nfile = f'file:{{R}}/lecture_code/data.sqlite?mode=ro'\n"
        "print(*sqlite3.connect(file, uri=True).execute('select * from t'))"
    ),
    "missing": (
        "try:\n    from lecture_code import fancy\n    print('NEW')\n"
        "except ImportError:\n    print('OLD')"
    ),
    "size": f"{HERE}print('NEW' if (R / 'docs/longer.txt').stat().st_size > 3 else 'OLD')",
    "exists at the top": f"{HERE}print('NEW' if (R / 'new.txt').exists() else 'OLD')",
    "version": "import importlib.metadata\nprint(importlib.metadata.version('probe'))",
}


def copied(folder):
    """A copy of the package, with a folder for pages."""
    shutil.copytree(ROOT / "lecture_code", folder / "lecture_code", ignore=BYTECODE)
    (folder / "docs").mkdir()
    return folder


def run(folder, program, argument):
    done = subprocess.run(
        [sys.executable, "-c", RUN + program, argument],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}:{folder / 'package'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """What each page printed before and after an edit of all that they come to."""
    folder = copied(tmp_path_factory.mktemp("edited"))
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    with sqlite3.connect(folder / "lecture_code" / "data.sqlite") as database:
        database.execute("create table t(a)")
        database.execute("insert into t values ('OLD')")
    for name, code in BLOCKS.items():
        (folder / "docs" / f"{name}.md").write_text(page_of(code), "utf-8")
    return run(folder, EDITED, json.dumps([*FILES, *NEW_FILES]))


@pytest.mark.parametrize("page", BLOCKS)
def test_an_edit_is_seen(edited, page):
    (_, before), (ran, after) = (look[f"{page}.md"] for look in edited)
    assert "OLD" in before and "NEW" not in before
    assert ran and "NEW" in after and "OLD" not in after


# It says when it has the old module, and goes on when there is the new one.
SWAPPED_PAGE = """\
import os, tempfile, time
from pathlib import Path
from lecture_code import probe
print(probe.f())
Path(tempfile.gettempdir(), "imported").touch()
while os.stat(probe.__file__).st_mtime != 1e9:
    time.sleep(0.05)"""


def test_a_module_that_is_replaced_by_an_older_one_while_a_page_runs(tmp_path, monkeypatch):
    folder = copied(tmp_path)
    (folder / "lecture_code" / "probe.py").write_text("def f():\n    return 'OLD'\n")
    (folder / "docs" / "page.md").write_text(page_of(SWAPPED_PAGE), "utf-8")
    with TemporaryDirectory() as place:  # of a short name: the pages' server has a socket in it
        monkeypatch.setenv("TMPDIR", place)
        looks = run(folder, SWAPPED, "")
    assert [look["page.md"] for look in looks] == [[True, "OLD\n"], [True, "NEW\n"]]


def test_a_package_that_comes_to_be_there(tmp_path):
    folder = copied(tmp_path)
    code = "try:\n    import fancy\n    print('NEW')\nexcept ImportError:\n    print('OLD')"
    (folder / "docs" / "page.md").write_text(page_of(code), "utf-8")
    program = 'print(json.dumps(look()["page.md"]))'
    assert [run(folder, program, "") for _ in range(2)] == [[True, "OLD\n"], [False, "OLD\n"]]
    (folder / "package").mkdir()
    (folder / "package" / "fancy.py").touch()
    assert run(folder, program, "") == [True, "NEW\n"]


def test_what_is_no_longer_installed_has_no_version():
    # To look for the module of such a name would import the package before its dot.
    assert dependencies._version("no_such.thing") is None
    assert dependencies._version("numpy") == numpy.__version__


def test_the_environment_of_the_builder_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("OF_THE_BUILDER", "1")
    folder = copied(tmp_path)
    (folder / "docs" / "page.md").write_text(
        page_of("import os\nprint(os.environ.get('OF_THE_BUILDER'))"), "utf-8"
    )
    assert run(folder, "print(json.dumps(look()))", "")["page.md"] == [True, "None\n"]

"""Faults of every kind, put into a small site: the build refuses them or heals them, and never
publishes anything but a whole site.

After each fault: the exit status is not 0, and a message names file and line; or the site comes out
as if nothing had been wrong. What was published before is the same, byte for byte.
"""

import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psutil
import pytest
from small_site import GATE, NEURON, Project, fence, full, small, state

pytestmark = pytest.mark.faults
slow = pytest.mark.slow
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits and mounts are those of Linux")


@pytest.fixture(scope="session")
def good(once):
    """The small site, built once without a fault; not to be changed."""

    def build(folder):
        status, said = small(folder).build()
        assert status == 0, said

    return Project(once("good", build))


@pytest.fixture(scope="session")
def whole(good):
    """What the good site holds."""
    return state(good.site)


@pytest.fixture
def project(good, tmp_path):
    """A copy of the good project, to put a fault in."""
    return good.copy(tmp_path / "project")


def is_clean(project: Project) -> bool:
    """Whether nothing is left beside the site but its lock."""
    left = {path.name for path in project.folder.glob(".site.*")}
    return left <= {".site.lock"} and not (project.folder / "mkdocs.zensical.yml").exists()


def refused(project: Project, *says: str, **how) -> str:
    """Build what has a fault: it is refused for the reasons given, and nothing is changed."""
    sources, before = state(project.docs), state(project.site)
    assert before
    status, said = project.build(**how)
    assert status != 0, said
    for one in says:
        assert one in said, said
    assert "nothing was published" in said or "as it was" in said, said
    assert (state(project.site) == before, state(project.docs) == sources) == (True, True)
    assert is_clean(project)
    return said


def healed(project: Project, whole: dict[str, str], *says: str, **how) -> str:
    """Build what has a fault that does not count: the site is that without it."""
    status, said = project.build(**how)
    assert status == 0, said
    for one in says:
        assert one in said, said
    assert "is up to date" not in said
    assert state(project.site) == whole
    assert is_clean(project)
    return said


def forget(project: Project, *names: str) -> None:
    """Remove some of what is kept."""
    for name in names:
        shutil.rmtree(project.folder / ".cache" / name)


def fast(only: str, names) -> list:
    """Test parameters: all but those of one name are slow."""
    return [pytest.param(name, marks=[] if name == only else slow) for name in names]


# --- the sources of the pages


# What else is wrong in a source is found by the same function: tests/publish/test_problems.py.
def test_a_fence(project):
    line = project.add(NEURON, fence('python exce="true"'))
    refused(project, f"docs/{NEURON}, line {line}: unknown option exce (did you mean exec?)")


@slow
def test_an_id_that_is_there_twice(project):
    line = project.add(NEURON, '<span id="run-it">Once more.</span>\n')
    first = (project.docs / NEURON).read_text("utf-8").splitlines().index("## Run it") + 1
    refused(
        project,
        "lecture/neuron/index.html: 2 elements have the id 'run-it', expected one "
        f"(docs/{NEURON}:{first}, docs/{NEURON}:{line})",
    )


@slow
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("So $\\frac{1}{$ it is.", "docs/{page}, line {line}: "),
        ("So\n\n$$\n\\nosuch{x}\n$$\n", "docs/{page}, line {below}: "),
        ("[Nowhere](nowhere.md)", "'lecture/nowhere.md' is not found"),
        ("See [x](#no-such-place).", "#no-such-place"),
    ],
)
def test_prose(project, text, says):
    line = project.add(NEURON, text + "\n")
    said = refused(project, says.format(page=NEURON, line=line, below=line + 3))
    assert NEURON in said


# --- blocks

# How else a block ends badly: tests/publish/test_blocks.py.
BLOCKS = {
    "an exception": ("a = 1\n1 / 0", 2, "ZeroDivisionError: division by zero"),
    "an exit": ("raise SystemExit(0)", 1, "SystemExit: 0: a block must not end the program"),
    "writing a page": (
        "import lecture_code\nfrom pathlib import Path\n"
        "docs = Path(lecture_code.__file__).parents[1] / 'docs'\n"
        "(docs / 'index.md').write_text('')",
        4,
        "is outside of what a page may change",
    ),
    "removing a page": (
        "import lecture_code, os\nfrom pathlib import Path\n"
        "docs = Path(lecture_code.__file__).parents[1] / 'docs'\nos.remove(docs / 'index.md')",
        4,
        "is outside of what a page may change",
    ),
}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(name, marks=[] if name in ("an exception", "an exit") else slow)
        for name in BLOCKS
    ],
)
def test_a_block(project, fault):
    code, below, says = BLOCKS[fault]
    line = project.add_block(NEURON, code) + below
    said = refused(project, f"docs/{NEURON}, line {line}: block 1: ", says)
    assert "1 problems: nothing was published" in said


def test_a_block_without_an_end(project):
    line = project.add_block(NEURON, "a = 1\nwhile True:\n    a += 1", ' timeout="2"')
    said = refused(project, "block 1: it ran for more than 2 s and was ended")
    assert any(f"docs/{NEURON}, line {line + n}: " in said for n in (2, 3))


@slow
def test_all_failures_are_told_at_once(project):
    lines = {page: project.add_block(page, "1 / 0") + 1 for page in (NEURON, GATE, "index.md")}
    refused(project, *(f"docs/{page}, line {line}: " for page, line in lines.items()))


DAMAGE = (
    "import builtins, logging, os, random, sys\n"
    "import numpy as np\n"
    "np.exp = np.tanh = lambda x: 0 * x\n"
    "logging.disable()\n"
    "os.environ.clear()\n"
    "os.chdir('/')\n"
    "sys.path.clear()\n"
    "random.seed(3)\n"
)


@slow
def test_a_block_that_changes_what_it_can_changes_no_other_page(project, whole):
    forget(project, "pages")
    project.add_block("index.md", DAMAGE)
    project.edit("docs/index.md", "from lecture_code.publish import cached\n", "")
    project.edit("docs/index.md", "trained = cached(train_wave)(5, steps=20, seed=0)\n", "")
    project.edit("docs/index.md", "shallow_network(t[:, None], trained)[:, 0]", "t")
    project.edit(
        "docs/index.md",
        "from lecture_code.sections.universal_approximation import shallow_network, train_wave\n",
        "",
    )
    status, said = project.build()
    assert status == 0, said
    changed = {file for file, content in state(project.site).items() if content != whole[file]}
    assert "index.html" in changed
    assert changed <= {"index.html", "search/search_index.json"}


OUTPUTS = {
    "nan in the evidence": (
        "import sys\n"
        "from lecture_code.publish import card\n"
        "from lecture_code.sections.neuron import predict\n"
        "module = sys.modules['lecture_code.publish.card']\n"
        "found = module.evidence(predict)\n"
        "wrong = tuple(one._replace(error=float('nan')) for one in found)\n"
        "module.evidence = lambda function: wrong\n"
        "print(card(predict, 'Once more'))",
        ' html="true"',
        "lecture/neuron/index.html: a measured value is 'nan'",
    ),
    "a traceback in a box": (
        "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n"
        "    print(traceback.format_exc())",
        ' result="text"',
        "lecture/neuron/index.html: a block has failed: the page shows a traceback: "
        "ZeroDivisionError",
    ),
    "a traceback in HTML": (
        "print('<pre>Traceback (most recent call last):\\nValueError: no</pre>')",
        ' html="true"',
        "lecture/neuron/index.html: a block has failed: the page shows a traceback: ValueError",
    ),
    "mathematics that was not rendered": (
        "print('<p>So $x$ it is.</p>')",
        ' html="true"',
        "lecture/neuron/index.html: mathematics was not rendered",
    ),
    "a fake record": (
        "print('<!-- ran: lecture/neuron.md 13 0123456789abcdef -->')",
        ' html="true"',
        f"docs/{NEURON}: expected the records of 13 blocks that ran, found 14",
    ),
    "the record of another block": (
        "print('<!-- ran: lecture/gru_one_gate.md 1 0123456789abcdef -->')",
        "",
        f"docs/{NEURON}: expected the records of 13 blocks that ran, found 14",
    ),
}


@slow
@pytest.mark.parametrize("fault", OUTPUTS)
def test_an_output(project, fault):
    code, options, says = OUTPUTS[fault]
    line = project.add_block(NEURON, code, options)
    said = refused(project, says)
    assert f"(printed by docs/{NEURON}, line {line}" in said


@slow
@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("<div hidden><p>all that follows</p>", "<div> is never closed"),
        ("<p>one</p></div></div>", "unexpected </div>: nothing is open"),
        ("<p>one</p><!-- note", "what begins with '<!-- note"),
    ],
)
def test_html_that_changes_the_page_around_it(project, output, says):
    line = project.add_block(NEURON, f"print({output!r})", ' html="true"')
    refused(project, f"docs/{NEURON}, line {line}: the block's HTML is not whole: {says}")


@slow
@pytest.mark.parametrize(
    ("code", "below"),
    [
        (r"print('So $\\frac{1}{$ it is.')", 1),  # as the page has it
        (r"print('So $\\fr' + 'ac{1}{$ it is.')", 0),
    ],
)
def test_mathematics_that_a_block_prints_and_that_is_wrong(project, code, below):
    line = project.add_block(NEURON, code) + below
    refused(project, f"docs/{NEURON}, line {line}: invalid LaTeX")


# --- the package

MODULE = "lecture_code/sections/gru_one_gate.py"


def line_of(project: Project, name: str, words: str) -> int:
    lines = (project.folder / name).read_text("utf-8").splitlines()
    [number] = [number for number, line in enumerate(lines, 1) if words in line]
    return number


@slow
def test_mathematics_in_a_docstring(project):
    project.edit(MODULE, "x: input $X_t$", r"x: input $\frac{X_t}{$")
    line = line_of(project, MODULE, "x: input $")
    refused(project, f"{MODULE}, line {line}: ")


@slow
def test_code_and_equation_that_disagree(project):
    project.edit(MODULE, "gate * h + (1 - gate) * candidate", "gate * candidate + (1 - gate) * h")
    line = line_of(project, MODULE, "h_next = ")
    refused(
        project,
        f"docs/{GATE}, line ",
        "gru_one_gate_step, line 3 of its equation: h_t = ",
        f"{MODULE}:{line}: h_next = gate * candidate + (1 - gate) * h",
    )


@slow
@pytest.mark.parametrize(
    "name", [MODULE, "lecture_code/__init__.py", "lecture_code/equations/mathml.py"]
)
def test_a_module_that_cannot_be_read(project, name):
    with (project.folder / name).open("a") as file:
        file.write("\ndef broken(:\n")
    line = line_of(project, name, "def broken(:")
    sources, before = state(project.docs), state(project.site)
    status, said = project.build()
    assert status != 0
    assert re.search(rf'{re.escape(name)}"?, line {line}\b', said), said
    assert (state(project.site), state(project.docs)) == (before, sources)
    assert is_clean(project)


# --- what is kept


def kept(project: Project, name: str, holds: bytes) -> Path:
    """The one kept file of a kind that holds something."""
    files = (project.folder / ".cache" / name).iterdir()
    [found] = [file for file in files if holds in file.read_bytes()]
    return found


def alter(file: Path, old: bytes, new: bytes) -> None:
    content = file.read_bytes()
    assert old in content
    file.write_bytes(content.replace(old, new))


def alter_a_training(project: Project) -> None:
    forget(project, "pages")
    file = kept(project, "results", b"ShallowWeights")
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)


def put_another_type_in(project: Project) -> None:
    forget(project, "pages")
    file = kept(project, "results", b"ShallowWeights")
    head = file.read_bytes().partition(b"\n")[0]
    file.write_bytes(head + b"\n" + pickle.dumps("weights"))


def alter_an_output(project: Project) -> None:
    alter(kept(project, "pages", b"w= 1 b= 0"), b"0.5", b"0.6")


def alter_parser(project: Project) -> None:
    forget(project, "pages")
    alter(kept(project, "grammars", b"juxtaposition"), b"juxtaposition", b"product".ljust(13))


def on_each(project: Project, name: str, damage) -> None:
    for file in (project.folder / ".cache" / name).iterdir():
        file.write_bytes(damage(file.read_bytes()))


KEPT = {
    "an altered training": (alter_a_training, "a computed result in "),
    "another type": (put_another_type_in, "a computed result in "),
    "an altered output": (alter_an_output, "the output of a page in "),
    "empty pictures": (lambda p: on_each(p, "social", lambda _: b""), "a social picture in "),
    "cut pictures": (lambda p: on_each(p, "social", lambda c: c[:-9]), "a social picture in "),
    "cut notebooks": (lambda p: on_each(p, "notebooks", lambda c: c[:-9]), "a notebook in "),
    "a cut wheel": (lambda p: on_each(p, "wheels", lambda c: c[:-9]), "the package's wheel in "),
    "the parser": (alter_parser, "a grammar's parser in "),
    "what was found in files": (lambda p: on_each(p, "check", lambda c: c[:-1]), "in a file in "),
}


@pytest.mark.parametrize("fault", fast("an altered output", KEPT))
def test_what_is_kept_and_damaged_is_made_again(project, whole, fault):
    damage, says = KEPT[fault]
    damage(project)
    said = healed(project, whole, says)
    assert "is damaged (its checksum is wrong) and is made again" in " ".join(said.split())


@slow
def test_a_file_where_everything_is_kept(project, whole):
    forget(project, "")
    (project.folder / ".cache").write_text("not a folder")
    healed(project, whole, "nothing is kept in ")


@contextmanager
def mounted(folder: Path, options: str):
    """A file system in memory at a folder; where that is not permitted the test is skipped."""
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@slow
@LINUX
@pytest.mark.parametrize("options", ["size=64k", "ro"])
def test_a_disk_for_what_is_kept_that_is_full_or_read_only(project, whole, options):
    forget(project, "")
    (project.folder / ".cache").mkdir()
    with mounted(project.folder / ".cache", options):
        healed(project, whole, "nothing is kept in ")


# --- what is edited while the site is made, and what is kept of it


EDITS = {
    "a module": (
        "lecture_code/sections/gru_one_gate.py",
        "gate * h + (1 - gate) * candidate",
        "gate * candidate + (1 - gate) * h",
    ),
    "a page": (f"docs/{NEURON}", "worst.min().round(3)", "1 / 0"),
    "a word": ("README.md", "Recurrent networks", "Recurrent nets"),
}


@slow
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_while_the_site_is_made(project, edit):
    project.add(GATE, "One more word.\n")
    before = state(project.site)
    process = project.start(PYTHONUNBUFFERED="1")
    wait_until(project, process, "Social pictures")
    project.edit(*EDITS[edit])
    said, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert f"{EDITS[edit][0]}: changed while the site was made" in said
    assert state(project.site) == before and is_clean(project)


READS = """\
import lecture_code
from pathlib import Path
print(Path(lecture_code.__file__).parents[1].joinpath('CHANGES.txt').read_text())
"""


@slow
def test_a_site_is_not_up_to_date_if_another_file_changes(project):
    (project.folder / "CHANGES.txt").write_text("old words")
    (project.folder / "base.yml").write_text("site_author: old line\n")
    (project.folder / "more").mkdir()
    (project.docs / "more").symlink_to("../more")
    more = "---\ndescription: One more page.\n---\n# One more\n\n" + "It has old words. " * 20
    (project.folder / "more" / "page.md").write_text(more + "\n")
    project.edit("mkdocs.yml", "nav:\n", "nav:\n- More: more/page.md\n")
    project.edit("mkdocs.yml", "site_name:", "INHERIT: base.yml\nsite_name:")
    project.add_block(NEURON, READS)
    pages = ("lecture/neuron", "index.html", "more/page")
    for word in ("old", "new"):
        for name in ("CHANGES.txt", "base.yml", "more/page.md"):
            file = project.folder / name
            file.write_text(file.read_text().replace("old", word))
        status, said = project.build()
        assert status == 0, said
        for page in pages:
            file = project.site / page
            text = (file / "index.html" if file.is_dir() else file).read_text("utf-8")
            assert f"{word} words" in text or f"{word} line" in text, page


@slow
def test_a_site_is_not_up_to_date_if_what_it_reads_elsewhere_changes(project):
    """Data in a folder that the project does not know, and what the environment says."""
    (project.folder / "data").mkdir()
    data = project.folder / "data" / "words.txt"
    data.write_text("old words")
    project.add_block(NEURON, READS.replace("CHANGES.txt", "data/words.txt"))
    project.edit("mkdocs.yml", "nav:\n", "site_author: !ENV [AN_AUTHOR, nobody]\nnav:\n")
    for word in ("old", "new"):
        data.write_text(f"{word} words")
        status, said = project.build(AN_AUTHOR=f"{word} author")
        assert status == 0, said
        page = (project.site / "lecture" / "neuron" / "index.html").read_text("utf-8")
        assert f"{word} words" in page and f"{word} author" in page


@slow
def test_a_parser_that_is_kept_is_that_of_its_options(project):
    parser = "lecture_code/equations/grammar.py"
    project.edit(parser, '"propagate_positions": True', '"propagate_positions": False')
    refused(project, "has no attribute 'start_pos'")


@slow
def test_python_without_asserts(project):
    line = project.add_block(NEURON, "assert 1 == 2")
    said = refused(project, "leaves out what is asserted", PYTHONOPTIMIZE="1")
    assert f"docs/{NEURON}, line {line}: block 1: " in said
    refused(project, f"docs/{NEURON}, line {line + 1}: block 1: AssertionError")


@slow
def test_a_hook_of_the_site_is_called(project):
    hook = "def on_page_content(html, **more):\n    return html + '<p>hooked</p>'\n"
    (project.folder / "tools" / "hook.py").write_text(hook)
    project.edit("mkdocs.yml", "nav:\n", "hooks: [tools/hook.py]\nnav:\n")
    status, said = project.build()
    assert status == 0, said
    assert "<p>hooked</p>" in (project.site / "index.html").read_text("utf-8")


@slow
def test_a_program_of_a_block_that_changes_the_site_is_told(project):
    """A block's own writes are refused; what it starts is not held back, but not denied either."""
    project.add_block(NEURON, f"import os\nos.system('echo x >> {project.site}/index.html')\n1 / 0")
    status, said = project.build()
    assert status != 0 and "but site is not as it was" in said, said


@slow
def test_a_database_in_the_site(project):
    place = str(project.site / "log.sqlite")
    project.add_block(NEURON, f"import sqlite3\nsqlite3.connect({place!r})")
    refused(project, "sqlite3.connect", "is outside of what a page may change")


@slow
def test_data_of_the_package_that_its_wheel_would_not_have(project):
    (project.folder / "lecture_code" / "values.csv").write_text("1\n")
    refused(project, "lecture_code/values.csv: is not in the wheel")


HIDDEN_INTERRUPT = """\
import tools.build
def look_over(*arguments, **more):
    class Attribute:
        def __set_name__(self, owner, name):
            raise KeyboardInterrupt
    class Owner:
        attribute = Attribute()
tools.build.check.look_over = look_over
"""


@slow
def test_an_interrupt_while_a_class_is_made(project):
    project.add(GATE, "One more word.\n")
    before = state(project.site)
    status, said = project.build(program=HIDDEN_INTERRUPT)
    assert status != 0 and "Stopped; site is as it was." in said, said
    assert state(project.site) == before and is_clean(project)


INTERRUPTED = """\
import os, signal, tools.publishing as module
exchange = module.exchange
def late(new, site):
    exchange(new, site)
    os.kill(os.getpid(), signal.SIGINT)
module.exchange = late
"""


@slow
def test_an_interrupt_after_the_exchange_is_too_late(project):
    before = state(project.site)
    project.add(GATE, "One more word.\n")
    status, said = project.build(program=INTERRUPTED)
    assert status == 0 and "Done in " in said, said
    assert state(project.site) != before and is_clean(project)
    status, said = project.build()
    assert status == 0 and "site is up to date" in said


# --- what goes along with the pages


FENCED = 'exec="true" source="above" session="neuron"'


@slow
def test_a_fence_of_tildes_is_a_cell_of_the_notebook(project):
    project.add(NEURON, f"~~~python {FENCED}\nTILDE = 1\n~~~ \n\nAnd so on.\n")
    status, said = project.build()
    assert status == 0, said
    with zipfile.ZipFile(project.site / "lecture" / "neuron" / "neuron.zip") as archive:
        cells = json.loads(archive.read("neuron.ipynb"))["cells"]
    assert ["TILDE = 1"] in [cell["source"] for cell in cells if cell["cell_type"] == "code"]


@slow
@pytest.mark.parametrize(
    ("text", "below"),
    [
        (f"- item\n\n    ```python {FENCED}\n    LISTED = 1\n    ```\n", 2),
        (f"> ```python {FENCED}\n> QUOTED = 1\n> ```\n", 0),
        (f" ```python {FENCED}\n INDENTED = 1\n ```\n\nText.\n", 0),
    ],
)
def test_a_block_that_would_be_no_cell_of_the_notebook(project, text, below):
    line = project.add(NEURON, text)
    where = f"docs/{NEURON}, line {line + below}: "
    refused(project, f"{where}this block would be no cell of the notebook")


@slow
def test_a_page_that_begins_with_a_mark_of_its_encoding(project, whole):
    page = project.docs / NEURON
    page.write_bytes(b"\xef\xbb\xbf" + page.read_bytes())
    healed(project, whole)


@slow
def test_a_module_that_no_page_imports(project):
    name = "lecture_code/cli.py"
    with (project.folder / name).open("a") as file:
        file.write("\ndef broken(:\n")
    refused(project, f"{name}, line {line_of(project, name, 'def broken(:')}: SyntaxError")


@slow
def test_a_script_that_is_cut_off(project):
    script = project.docs / "assets" / "card.js"
    script.write_text(script.read_text("utf-8")[: script.stat().st_size // 2], "utf-8")
    refused(project, "assets/card.js: a script is cut off or broken: line ")


@slow
def test_a_script_with_a_wrong_word(project):
    script = project.docs / "assets" / "card.js"
    text = script.read_text("utf-8")
    assert "const " in text
    script.write_text(text.replace("const ", "cosnt ", 1), "utf-8")
    refused(project, "assets/card.js: a script is cut off or broken: line ")


@slow
def test_a_script_of_the_theme_replaced_by_half_of_it(project):
    [script] = project.site.glob("assets/javascripts/bundle.*.js")
    half = project.folder / "overrides" / script.relative_to(project.site)
    half.parent.mkdir(parents=True)
    half.write_bytes(script.read_bytes()[: script.stat().st_size // 2])
    refused(project, f"{script.name}: a script is cut off or broken: line ")


@slow
def test_an_icon_that_is_not_there(project):
    file = project.folder / "mkdocs.yml"
    file.write_text(file.read_text("utf-8").replace("material/sync", "no/such"), "utf-8")
    line = line_of(project, "mkdocs.yml", "no/such")
    refused(project, f"mkdocs.yml, line {line}: there is no template or icon .icons/no/such.svg")


@slow
@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("<script>function f( {</script>", "a script is cut off or broken: line 1: "),
        ('<script type="module">import "./lost.js";</script>', "./lost.js"),
        ('<meta http-equiv="refresh" content="3; lost/">', "lost/"),
    ],
)
def test_a_script_or_an_address_that_a_block_prints(project, output, says):
    line = project.add_block(NEURON, f"print({output!r})", ' html="true"')
    refused(project, says, f"(printed by docs/{NEURON}, line {line})")


# --- files that are no pages, or not as they should be


@slow
def test_a_page_in_another_encoding(project):
    line = project.add(NEURON, "caf")
    (project.docs / NEURON).write_bytes((project.docs / NEURON).read_bytes() + b"\xe9\n")
    refused(project, f"docs/{NEURON}, line {line}: is not UTF-8")


@slow
def test_what_an_editor_writes_beside_a_page(project, whole):
    for name in ("docs/lecture/.#neuron.md", "lecture_code/.#neuron.py", "tools/check/.#page.py"):
        (project.folder / name).symlink_to("someone@somewhere.1")
    (project.docs / "lecture" / ".neuron.md").write_text("a page that is not ready")
    healed(project, whole)


@slow
def test_another_end_of_a_line_in_the_front_matter(project):
    project.edit(f"docs/{NEURON}", "description: A", "description: A\u2028")
    status, said = project.build()
    assert status == 0, said


@slow
def test_a_block_in_a_comment(project):
    line = project.add(NEURON, f"<!--\n\n```python {FENCED}\nprint(1)\n```\n\n-->\n")
    refused(project, f"docs/{NEURON}, line {line + 2}: a block in a comment")


@slow
@pytest.mark.parametrize("option", ["exclude_docs", "draft_docs"])
def test_a_page_of_the_navigation_that_is_left_out(project, option):
    project.edit("mkdocs.yml", "nav:\n", f"{option}: {GATE}\nnav:\n")
    refused(project, GATE)


# --- the build itself


def wait_until(project: Project, process: subprocess.Popen, words: str) -> str:
    """Read what a build says until it says something."""
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


STEPS = {
    "while blocks run": ("The pages' blocks", 0.5),
    "while pages are written": (f"{NEURON}: 12 blocks ran", 0.5),
    "while notebooks are written": ("Social pictures", 0),  # they are made before
}
"""What a build says, and how many seconds later it is ended."""


@slow
@pytest.mark.parametrize("step", STEPS)
def test_an_interrupt(project, step):
    before = state(project.site)
    forget(project, "pages", "social", "wheels", "notebooks")
    process = project.start(PYTHONUNBUFFERED="1")
    words, seconds = STEPS[step]
    wait_until(project, process, words)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does: to all that it started, too
    said, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Stopped; site is as it was." in said
    assert state(project.site) == before
    assert is_clean(project)


@slow
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_and_the_build_after_it(project, whole, step):
    forget(project, "pages", "social", "wheels", "notebooks")
    process = project.start(PYTHONUNBUFFERED="1")
    words, seconds = STEPS[step]
    wait_until(project, process, words)
    time.sleep(seconds)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert not alive, "the pages' processes outlive the build"
    assert state(project.site) == whole
    assert (project.folder / ".site.new").is_dir()
    healed(project, whole)


@slow
def test_what_a_killed_build_left_is_cleared_where_nothing_is_to_be_done(project, whole):
    healed(project, whole)
    left = project.folder / ".site.new"
    left.mkdir()
    (left / "index.html").write_text("half of it")
    status, said = project.build()
    assert status == 0 and "site is up to date" in said
    assert is_clean(project) and state(project.site) == whole


@slow
def test_two_builds_at_once(project, whole):
    forget(project, "pages")
    both = [project.start() for _ in range(2)]
    said = [process.communicate(timeout=600)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Another build of " in one for one in said) == 1, said
    assert sum("is up to date" in one for one in said) == 1, said
    assert state(project.site) == whole
    assert is_clean(project)


@slow
def test_the_order_of_the_pages_is_that_of_mkdocs(project, whole):
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", "bare"]
    subprocess.run(command, cwd=project.folder, env=project.environment(), check=True)
    bare = state(project.folder / "bare")
    del bare["sitemap.xml.gz"]  # it holds the time, which `tools.build` sets
    assert bare == {file: digest for file, digest in whole.items() if file in bare}
    assert {"search/search_index.json", "sitemap.xml", "objects.inv"} <= set(bare)


@slow
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{% block extrahead %}", "{% block extrahead", "TemplateSyntaxError: expected"),
        ("{% block extrahead %}", "{% block extrahead %}{{ 1 / 0 }}", "division by zero"),
        ("{% block extrahead %}", "{% block extrahead %}{{ nothing.of.it }}", "undefined"),
    ],
)
def test_a_template_that_fails(project, old, new, says):
    project.edit("overrides/main.html", old, new)
    said = refused(project, says)
    assert re.search(r'overrides/main\.html"?, line \d+', said), said


@slow
def test_a_configuration_that_cannot_be_read(project):
    with (project.folder / "mkdocs.yml").open("a") as file:
        file.write("\nnav: [\n")
    refused(project, "mkdocs.yml", "line ")


def test_a_file_where_the_site_should_be(project):
    shutil.rmtree(project.site)
    project.site.write_text("mine")
    status, said = project.build()
    assert status != 0 and "expected a folder, found a file" in said
    assert project.site.read_text() == "mine"
    assert is_clean(project)


@slow
def test_a_folder_of_something_else_where_the_site_should_be(project):
    shutil.rmtree(project.site)
    project.site.mkdir()
    (project.site / "thesis.tex").write_text("mine")
    refused(project, "holds something that is no site")


@slow
@LINUX
def test_a_site_that_is_mounted(project, whole):
    copy = shutil.copytree(project.site, project.folder / "elsewhere")
    command = ["mount", "--bind", str(copy), str(project.site)]
    if shutil.which("mount") and not subprocess.run(command, capture_output=True).returncode:
        try:
            refused(project, f"{project.site} is mounted")
        finally:
            subprocess.run(["umount", "--lazy", str(project.site)], check=True)
    program = "import os.path\nos.path.ismount = lambda path: str(path).endswith('site')"
    refused(project, f"{project.site} is mounted", program=program)


IN_TWO_STEPS = "import tools.publishing\ntools.publishing._exchange_at_once = lambda *_: False\n"
DIES_BETWEEN = (
    IN_TWO_STEPS
    + """
import os
from pathlib import Path
rename = Path.rename
def rename_and_die(path, target):
    rename(path, target)
    if Path(target).name == ".site.old":
        os._exit(9)
Path.rename = rename_and_die
"""
)


@slow
def test_an_exchange_in_two_steps(project, whole):
    healed(project, whole, program=IN_TWO_STEPS)


@slow
def test_an_exchange_that_is_cut_off_in_the_middle_is_mended(project, whole):
    status, _ = project.build(program=DIES_BETWEEN)
    assert status == 9
    assert not project.site.exists() and state(project.folder / ".site.old") == whole
    line = project.add(NEURON, fence("pyhton"))
    status, said = project.build(program=IN_TWO_STEPS)
    assert status != 0 and f"line {line}: unknown language" in said
    assert state(project.site) == whole and is_clean(project), "even a build that fails mends it"


def edit_the_site(site: Path) -> None:
    (site / "index.html").write_text((site / "index.html").read_text("utf-8") + " ", "utf-8")


SITES = {
    "an edited file": edit_the_site,
    "a removed file": lambda site: (site / "sitemap.xml").unlink(),
    "an added file": lambda site: (site / "more.html").write_text("more"),
    "no site": shutil.rmtree,
}


@pytest.mark.parametrize("fault", fast("an edited file", SITES))
def test_a_damaged_site_is_built_again(project, whole, fault):
    healed(project, whole)
    SITES[fault](project.site)
    assert state(project.site) != whole
    healed(project, whole)
    status, said = project.build()
    assert status == 0 and "site is up to date" in said
    assert state(project.site) == whole


# --- the same sources, the same site

PLACES = (
    {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "C", "LANG": "C", "umask": 0o077},
    {"TZ": "America/New_York", "PYTHONHASHSEED": "77", "LC_ALL": "C.UTF-8", "umask": 0o002},
)


@slow
def test_it_is_the_same_site_wherever_it_is_built_and_with_nothing_kept(whole, tmp_path):
    built = small(tmp_path / "a folder of another name")
    healed(built, whole, **PLACES[0])


@slow
@pytest.mark.parametrize("dated", ["a date", "a commit"])
def test_it_is_the_same_site_for_the_same_date(good, whole, tmp_path, dated):
    sites = []
    for number, place in zip(count(), PLACES):
        project = good.copy(tmp_path / ("x" * number) / "project")
        if number:
            forget(project, "pages", "notebooks", "wheels", "social", "check")
        date = {"SOURCE_DATE_EPOCH": "1700000000"} if dated == "a date" else commit(project)
        status, said = project.build(**place, **date)
        assert status == 0, said
        sites.append(state(project.site))
    assert sites[0] == sites[1]
    assert {file for file in whole if sites[0][file] != whole[file]} <= {
        "sitemap.xml",
        "sitemap.xml.gz",
    }


def commit(project: Project) -> dict:
    when = "2025-05-13T12:00:00+0200"
    environment = project.environment(GIT_COMMITTER_DATE=when, GIT_AUTHOR_DATE=when)
    for words in ("init -q", "add docs", "commit -q -m docs"):
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        command = ["git", *who, *words.split()]
        subprocess.run(command, cwd=project.folder, env=environment, check=True)
    return {}


# --- the other generator


@pytest.fixture(scope="session")
def by_zensical(good, once):
    """The good project, built by Zensical."""

    def build(folder):
        project = good.copy(folder)
        status, said = project.build(generator="zensical")
        assert status == 0, said
        assert is_clean(project)

    return Project(once("good_by_zensical", build))


ZENSICAL = {
    "an exception": ("1 / 0", "", "ZeroDivisionError: division by zero"),
    "no end": ("while True:\n    pass", ' timeout="2"', "it ran for more than 2 s and was ended"),
    "a traceback": (*OUTPUTS["a traceback in a box"][:2], "the page shows a traceback"),
    "a fake record": (*OUTPUTS["a fake record"][:2], "expected the records of 13 blocks"),
}


@slow
@pytest.mark.parametrize("fault", ZENSICAL)
def test_a_block_by_zensical(by_zensical, tmp_path, fault):
    project = by_zensical.copy(tmp_path / "project")
    code, options, says = ZENSICAL[fault]
    line = project.add_block(NEURON, code, options)
    said = refused(project, says, generator="zensical")
    assert re.search(rf"docs/{NEURON}, line ({line}|{line + 1}|{line + 2})\b", said)


@slow
def test_prose_by_zensical(by_zensical, tmp_path):
    project = by_zensical.copy(tmp_path / "project")
    line = project.add(NEURON, "So $\\frac{1}{$ it is.\n")
    refused(project, f"docs/{NEURON}, line {line}: ", generator="zensical")


@slow
def test_an_interrupt_by_zensical(by_zensical, tmp_path):
    project = by_zensical.copy(tmp_path / "project")
    before = state(project.site)
    process = project.start(generator="zensical", PYTHONUNBUFFERED="1")
    wait_until(project, process, "The pages, by zensical")
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert state(project.site) == before and is_clean(project)


# --- the whole site


@slow
def test_faults_in_the_whole_site(tmp_path):
    project = full(tmp_path / "project")
    status, said = project.build()
    assert status == 0, said
    whole = state(project.site)
    text = (project.docs / NEURON).read_text("utf-8")
    page = project.docs / NEURON

    line = project.add_block(NEURON, "1 / 0")
    refused(project, f"docs/{NEURON}, line {line + 1}: block 1: ZeroDivisionError")
    page.write_text(text, "utf-8")

    project.add_block(NEURON, "while True:\n    pass", ' timeout="2"')
    refused(project, f"docs/{NEURON}, line ", "it ran for more than 2 s and was ended")
    page.write_text(text, "utf-8")

    for file in (project.folder / ".cache" / "pages").iterdir():
        if b"w= 1 b= 0" in file.read_bytes():
            alter(file, b"0.5", b"0.6")
    shutil.rmtree(project.folder / ".cache" / "sites")
    healed(project, whole, "the output of a page in ")

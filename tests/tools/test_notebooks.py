"""The notebooks: what they hold is what their pages hold, and each runs on its own."""

import html
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
import pytest
from markupsafe import Markup
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.utils.meta import get_data
from nbclient import NotebookClient
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pages import DOCS, ROOT, fences_in, name, without_fences

from lecture_code.publish.notebook import MOVES, STYLE, standing_alone
from lecture_code.publish.steppers import gate_stepper
from lecture_code.support.store import Store
from tools import notebook_style, notebooks
from tools.check import NOTEBOOK, notebook_of, page_of
from tools.notebooks import YOURS, notebook, pieces_of, wheel
from tools.serve import serve

SOURCES = [name(page) for page in sorted((DOCS / "lecture").glob("*.md"))] + ["errata.md"]
INSTALLS = "lecture/hidden_state.md"
"""The page whose notebook runs its first cell as well."""

CODE_SPAN = re.compile(r"`[^`]*`")
MATHEMATICS = re.compile(r"\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)
TEXT_RESULT = re.compile(r'<div class="language-text highlight">.*?<code>(.*?)</code>', re.DOTALL)
LEFTOVERS = re.compile(
    r'exec="|^---|\?\?\?|^!!!|\{:? ?[.#]|--8<--|\]\([^)]*\.md|markdown="|^=== |^description:', re.M
)
ENDS = "import lecture_code; print(lecture_code.__file__)"
HIDES = """
import sys
from importlib.machinery import PathFinder

class Finder(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name in {hidden} else super().find_spec(name, path, target)

    @classmethod
    def find_distributions(cls, *context):
        found = super().find_distributions(*context)
        return (one for one in found if one.name.lower().replace("_", "-") in {allowed})

sys.meta_path[sys.meta_path.index(PathFinder)] = Finder
"""
"""Hides from a notebook what somebody who has run its first cell need not have."""


def source_of(page: str) -> str:
    return get_data((DOCS / page).read_text("utf-8"))[0]


def read(content: str):
    return nbformat.reads(content, as_version=4)


def made_of(page: str):
    return read(notebook((DOCS / page).read_text("utf-8"), page, "the package"))


def cells(made, kind: str) -> list[str]:
    return [cell.source for cell in made.cells if cell.cell_type == kind]


def outputs(made) -> list[str]:
    """What each cell that prints text has printed."""
    printed = []
    for cell in made.cells:
        if cell.cell_type == "code":
            texts = [output.text for output in cell.outputs if output.output_type == "stream"]
            printed += ["".join(texts).rstrip()] if texts else []
    return printed


# --- what they hold


@pytest.mark.parametrize("page", SOURCES)
def test_a_notebook_is_valid_has_no_outputs_and_installs_first(page):
    made = made_of(page)
    nbformat.validate(made)
    assert (made.nbformat, made.metadata.kernelspec.name) == (4, "python3")
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    for cell in made.cells:
        assert set(cell.metadata) <= {"jupyter"}
        assert cell.cell_type == "markdown" or (cell.outputs, cell.execution_count) == ([], None)
    first, second, title = made.cells[:3]
    assert re.search(r'^%pip install --quiet "the package"$', first.source, re.MULTILINE)
    assert second.source == "from lecture_code.publish.notebook import show"
    assert title.source.startswith("# ")


@pytest.mark.parametrize("page", SOURCES)
def test_a_notebook_has_all_code_in_order(page):
    expected = []
    for fence in fences_in(source_of(page)):
        if fence.language == "python":
            shows = "html" in fence.options
            code = re.sub(r"\bprint\(", "show(", fence.code) if shows else fence.code
            expected.append(code.rstrip("\n"))
    got = [code for code in cells(made_of(page), "code")[2:] if code != YOURS.strip()]
    assert got == expected and got


@pytest.mark.parametrize("page", SOURCES)
def test_a_notebook_has_all_equations_in_order(page):
    prose = CODE_SPAN.sub("", without_fences(source_of(page)))
    got = CODE_SPAN.sub("", "\n\n".join(cells(made_of(page), "markdown")))
    assert MATHEMATICS.findall(got) == [
        textwrap.dedent(found) for found in MATHEMATICS.findall(prose)
    ]


def words(markdown: str) -> list[str]:
    """The words of prose, without marks, the targets of links and what attributes say."""
    markdown = re.sub(
        r"\]\([^()\s]+\)|^(\?\?\?\+?|!!!) \w+|</?\w+>|~~~\w*", " ", markdown, flags=re.M
    )
    return re.findall(r"\w+", markdown)


@pytest.mark.parametrize("page", SOURCES)
def test_a_notebook_has_all_prose_in_order(page):
    lines = source_of(page).split("\n")
    for fence in reversed(fences_in(source_of(page))):
        shown = [] if fence.language == "python" else fence.code.split("\n")
        lines[fence.line - 1 : fence.end] = shown
    prose = re.sub(r" *\{:? *[.#][^{}\n]*\}", "", "\n".join(lines))
    text = "\n\n".join(cells(made_of(page), "markdown"))
    text = re.sub(
        r"^\*\w+, about \d+ minutes.*\*$|, continued\b|^Run the next .*", "", text, flags=re.M
    )
    assert words(text) == words(prose)


@pytest.mark.parametrize("page", SOURCES)
def test_nothing_is_left_over_that_only_the_site_understands(page):
    made = made_of(page)
    for text in cells(made, "markdown"):
        assert not LEFTOVERS.search(CODE_SPAN.sub("", text)), text
    assert not any('exec="' in code or "```" in code for code in cells(made, "code"))


EXERCISE = """\
### Which cell is left? { .exercise data-kind="build" data-minutes="5" data-trains="what $r$ does" }

Write it, as in [the gates](gates.md#gate-of-the-past){ .x }, and see [a page](https://example.org/a).

```bash
lecture-code check my_cells.py
```

```python exec="true" source="above" session="gru"
def test_mine(mine): ...
```

??? tip "Hint"
    Look at $h_{t-1}$.

??? success "Solution"
    It is this:

    ```python exec="true" source="above" result="text" session="gru"
    if 1:
        print(1)
    ```

    And that is all { .y }

After it, `{ .code }` and $\\{ .5 \\}$ stay.
"""


def test_an_exercise_folds_its_solution_and_leaves_room_for_the_readers():
    made = read(notebook(EXERCISE, "lecture/gru.md", "p", "https://example.org/x/"))
    task, given, hint, room, before, solution, after = made.cells[2:]
    assert task.source == (
        "### Which cell is left?\n\n*Build, about 5 minutes; trains what $r$ does.*\n\n"
        "Write it, as in [the gates](https://example.org/x/lecture/gates/#gate-of-the-past), "
        "and see [a page](https://example.org/a).\n\n~~~bash\nlecture-code check my_cells.py\n~~~"
    )
    assert given.source == "def test_mine(mine): ..."
    summary = "<details><summary><strong>{}</strong></summary>\n\n{}\n\n</details>"
    assert hint.source == summary.format("Hint", "Look at $h_{t-1}$.")
    assert room.source == YOURS.strip()
    assert before.source == summary.format("Solution", "It is this:")
    assert solution.source == "if 1:\n    print(1)"
    assert solution.metadata == {"jupyter": {"source_hidden": True, "outputs_hidden": True}}
    assert after.source == (
        summary.format("Solution, continued", "And that is all")
        + "\n\nAfter it, `{ .code }` and $\\{ .5 \\}$ stay."
    )
    assert not any(cell.metadata for cell in made.cells if cell is not solution)


def test_a_solution_of_words_alone_has_no_room_for_code():
    pieces = list(pieces_of('??? success "Solution"\n    The bias.\n', lambda target: ""))
    assert not any(piece.code for piece in pieces)


def test_a_hint_with_code_is_neither_folded_nor_answered():
    text = '??? tip "Hint"\n    See:\n\n    ```python exec="true" session="x"\n    a = 1\n    ```\n'
    pieces = [piece for piece in pieces_of(text, str) if piece.text.strip()]
    assert [(piece.code, piece.folded) for piece in pieces] == [(False, False), (True, False)]


def test_without_an_address_a_link_is_its_words_unless_it_leads_out():
    made = read(notebook("See [*a* $[b]$](gates.md), [c](https://example.org).\n", "x.md", "p"))
    assert made.cells[2].source == "See *a* $[b]$, [c](https://example.org)."


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("gates.md", "lecture/gates/"),
        ("../errata.md#o-of-k", "errata/#o-of-k"),
        ("../index.md", ""),
        ("../reference/index.md", "reference/"),
        ("#here", "lecture/gru/#here"),
    ],
)
def test_with_an_address_a_link_leads_to_the_site(target, leads):
    made = read(notebook(f"[a]({target})\n", "lecture/gru.md", "p", "https://example.org/x/"))
    assert made.cells[2].source == f"[a](https://example.org/x/{leads})"


def test_what_prints_html_shows_it():
    text = (
        '```python exec="true" html="true" session="x"\n'
        "a = 'é', print; print(f'{1}', print)\n```\n"
    )
    [shown] = [piece.text for piece in pieces_of(text, str) if piece.code]
    assert shown == "a = 'é', show; show(f'{1}', show)\n"


# --- how they look


def test_the_style_is_the_sites():
    says = "the site's styles have changed: run `python -m tools.notebook_style`"
    assert STYLE.read_text("utf-8") == notebook_style.style(), says
    assert STYLE.stat().st_size < 16 * 1024, "it comes with every figure"


def test_a_figure_stands_alone():
    page = gate_stepper(np.array([[1.0, -1.0]]))
    assert "<script" in page and "<link" in page and "<lecture-gate>" in page
    links = Markup('<a href="../x/"><code>x</code></a> <a href="https://a.b/">y</a>')
    text = standing_alone(page + links)
    assert MOVES in text and "stepper-plain" in text
    assert not re.search(r"<script|<link|<lecture-|<input", text)
    assert '<code>x</code> <a href="https://a.b/">y</a>' in text and "../" not in text


# --- they run


def needed(requirements: list[str], extra: str = "") -> set[str]:
    """The names of all that is installed with requirements."""
    names = set()
    for line in requirements:
        wanted = Requirement(line)
        name = canonicalize_name(wanted.name)
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        if name not in names:
            names.add(name)
            further = importlib.metadata.requires(name) or []
            names |= needed([one for one in further if "extra ==" not in one])
    return names


@pytest.fixture(scope="session")
def package(once):
    """The wheel, and a folder that holds what is in it."""

    def install(folder):
        with zipfile.ZipFile(wheel(folder / "wheel")) as archive:
            archive.extractall(folder / "installed")
        hide_all_but_what_is_asked_for(folder / "installed")

    folder = once("package", install)
    return next((folder / "wheel").glob("*.whl")), folder / "installed"


def hide_all_but_what_is_asked_for(folder: Path) -> None:
    asked = importlib.metadata.Distribution.at(next(folder.glob("*.dist-info"))).requires
    allowed = needed(asked, extra="pages") | needed(["ipykernel"]) | {"lecture-code", "pip"}
    owners = importlib.metadata.packages_distributions()
    hidden = {
        module for module in owners if not allowed & set(map(canonicalize_name, owners[module]))
    }
    assert {"markdown", "mkdocs", "pytest"} <= hidden and not {"torch", "pip"} & hidden
    (folder / "sitecustomize.py").write_text(
        HIDES.format(hidden=sorted(hidden), allowed=sorted(allowed)), "utf-8"
    )


by_page = pytest.mark.parametrize("page", SOURCES, scope="module")
"""All that is tested of one page comes together, in one process."""


@pytest.fixture(scope="module")
def ran(page, package, once):
    """The page's notebook, run: once for all tests, with a kernel of its own in an empty folder."""
    made, installed = package

    def run(folder):
        (folder / "empty").mkdir(parents=True)
        content = (DOCS / page).read_text("utf-8")
        found = read(notebook(content, page, f"./{made.name}[pages]"))
        environment = {**os.environ, "PYTHONPATH": str(installed), "OMP_NUM_THREADS": "1"}
        if page == INSTALLS:
            (folder / "empty" / made.name).write_bytes(made.read_bytes())
            target = folder / "empty" / "target"
            target.mkdir()
            shutil.copy(installed / "sitecustomize.py", target)
            environment["PYTHONPATH"] = environment["PIP_TARGET"] = str(target)
            environment |= {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}
        else:
            del found.cells[0]
        found.cells.append(nbformat.v4.new_code_cell(ENDS))
        place = {"metadata": {"path": str(folder / "empty")}}
        client = NotebookClient(found, timeout=300, resources=place)
        try:
            # In a thread of its own, since Playwright may run in this one.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(client.execute, env=environment).result()
        except Exception as error:
            (folder / "error.txt").write_text(str(error), "utf-8")
        (folder / "ran.ipynb").write_text(nbformat.writes(found), "utf-8")

    folder = once(f"notebooks/{Path(page).stem}", run)
    if (folder / "error.txt").exists():
        pytest.fail(f"{page}: {(folder / 'error.txt').read_text('utf-8')}")
    return read((folder / "ran.ipynb").read_text("utf-8"))


@by_page
def test_a_notebook_runs_with_nothing_but_the_package(ran, package, page):
    where = Path(outputs(ran)[-1]).parents[1]
    assert where.name == "target" if page == INSTALLS else where == package[1]
    assert not [
        output.text
        for cell in ran.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]


@by_page
def test_every_figure_shows_and_needs_nothing_of_the_site(ran):
    for cell in ran.cells:
        if cell.cell_type == "code" and re.search(r"^ *show\(", cell.source, re.MULTILINE):
            shown = [o.data["text/html"] for o in cell.outputs if o.output_type == "display_data"]
            assert shown
            for text in shown:
                assert text.startswith('<div class="lecture"><style>')
                assert not re.search(r'<script|<link|<lecture-|(href|src)="(?!https?:|#)', text)


@by_page
def test_a_notebook_prints_what_its_page_shows(ran, built, page):
    shown = TEXT_RESULT.findall((built / page_of(page)).read_text("utf-8"))
    shown = [html.unescape(re.sub("<[^>]+>", "", text)).rstrip() for text in shown]
    got = outputs(ran)[:-1]
    assert got[1 if page == INSTALLS else 0 :] == shown


def test_the_package_asks_for_the_versions_that_the_site_is_built_with():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    built_with = [
        Requirement(line) for name in ("oracles", "docs") for line in groups[name] if line
    ]
    by_name = {one.name: one.specifier for one in built_with}
    asked = [Requirement(line) for line in project["project"]["optional-dependencies"]["pages"]]
    shared = [one for one in asked if one.name in by_name]
    assert len(shared) >= 6
    assert all(one.specifier == by_name[one.name] for one in shared)


# --- on the site


def run_tool(folder: Path, seed: str, kept: Path | None = None) -> str:
    """Make the notebooks of a site; what is kept is in a folder of its own if none is named."""
    return subprocess.run(
        [sys.executable, "-m", "tools.notebooks", str(folder)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONHASHSEED": seed,
            "LECTURE_CODE_CACHE": str(kept or folder.with_name(f"{folder.name}.cache")),
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def site_of(folder: Path, link: str, address: str = "") -> Path:
    """A site of which every page is empty, but for the link of those that have one."""
    meta = '<meta property="og:url" content="{}">' if address else ""
    for page in notebooks.nav_pages(notebooks.navigation()):
        file = folder / page_of(page)
        file.parent.mkdir(parents=True, exist_ok=True)
        below = page_of(page).parent.as_posix() + "/"
        href = f"{Path(page).stem}.{link}"
        offers = f'<a class="notebook x" href="{href}">' if page in SOURCES else ""
        file.write_text(meta.format(address + below) + offers, "utf-8")
    return folder


def made_files(folder: Path) -> dict[Path, bytes]:
    files = [*folder.rglob("*.zip"), *folder.rglob("*.whl")]
    return {file.relative_to(folder): file.read_bytes() for file in files}


@pytest.mark.notebooks
def test_the_same_sources_make_the_same_bytes(tmp_path):
    made = []
    for seed in ("1", "2"):
        folder = site_of(tmp_path / seed, "zip")
        assert f"{len(SOURCES)} notebooks" in run_tool(folder, seed)
        made.append(made_files(folder))
    assert made[0] == made[1] and len(made[0]) == len(SOURCES) + 1
    again = site_of(tmp_path / "3", "zip")
    run_tool(again, "3", tmp_path / "2.cache")
    assert made_files(again) == made[0], "what was kept is what was made"
    assert len(list((tmp_path / "2.cache/notebooks").iterdir())) == len(SOURCES)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The names of what is made and not taken from what is kept, in a place of its own."""
    names = []

    def notebook(*arguments):
        names.append(arguments[1])
        return " ".join(arguments)

    def built(sources):
        names.append("wheel")
        return b"a.whl\n" + repr(sorted(sources)).encode()

    monkeypatch.setattr(notebooks, "_kept", Store(tmp_path / "n", "a notebook"))
    monkeypatch.setattr(notebooks, "_kept_wheels", Store(tmp_path / "w", "the package's wheel"))
    monkeypatch.setattr(notebooks, "notebook", notebook)
    monkeypatch.setattr(notebooks, "_built", built)
    return names


def test_a_notebook_is_made_once_and_again_when_anything_that_it_is_made_of_changes(made):
    asked = [("text", "a.md", "p", ""), ("text 2", "a.md", "p", ""), ("text", "b.md", "p", "")]
    asked += [("text", "a.md", "p 2", ""), ("text", "a.md", "p", "https://example.org/")]
    for _ in range(2):
        for arguments in asked:
            assert notebooks._notebook(*arguments) == " ".join(arguments).encode()
    assert made == [source for _, source, *_ in asked]


def test_a_wheel_is_built_once_and_again_when_a_source_or_a_program_changes(
    made, monkeypatch, tmp_path
):
    def build() -> bytes:
        file = wheel(tmp_path / "site")
        assert file.name == "a.whl"
        return file.read_bytes()

    sources = notebooks._package_sources()
    assert build() == build() == repr(sorted(sources)).encode()
    assert len(made) == 1
    changed = {
        **sources,
        "lecture_code/sections/gru.py": sources["lecture_code/sections/gru.py"] + b"#",
    }
    monkeypatch.setattr(notebooks, "_package_sources", lambda: changed)
    build()
    assert len(made) == 2
    monkeypatch.setattr(notebooks.importlib.metadata, "version", lambda name: "99")
    build()
    assert len(made) == 3


def test_what_is_kept_and_damaged_is_made_again(made, tmp_path):
    before = notebooks._notebook("text", "a.md", "p", ""), wheel(tmp_path).read_bytes()
    for file in [*(tmp_path / "n").iterdir(), *(tmp_path / "w").iterdir()]:
        file.write_bytes(file.read_bytes()[:-3])
    assert before == (notebooks._notebook("text", "a.md", "p", ""), wheel(tmp_path).read_bytes())
    assert made == ["a.md", "wheel"] * 2


@pytest.mark.notebooks
def test_an_archive_has_the_notebook_and_the_package_that_it_installs(tmp_path):
    run_tool(site_of(tmp_path, "zip"), "0")
    [made] = (tmp_path / "assets").glob("*.whl")
    with zipfile.ZipFile(tmp_path / "lecture/gru/gru.zip") as archive:
        assert archive.namelist() == ["gru.ipynb", made.name]
        assert archive.read(made.name) == made.read_bytes()
        first = read(archive.read("gru.ipynb").decode()).cells[0].source
    assert f'"./{made.name}[pages]"' in first


@pytest.mark.notebooks
def test_with_an_address_the_notebook_installs_the_package_from_the_site(tmp_path):
    with serve(tmp_path) as address:
        run_tool(site_of(tmp_path, "ipynb", address), "0")
        first = read((tmp_path / "lecture/gru/gru.ipynb").read_text("utf-8")).cells[0].source
        asked = re.search(r'"(lecture-code\[pages\] @ .*?)"', first)[1]
        command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target"]
        subprocess.run([*command, str(tmp_path / "t"), asked], cwd=tmp_path, check=True)
    assert (tmp_path / "t/lecture_code/publish/notebook.css").is_file()
    assert (tmp_path / "t/lecture_code/equations/grammar.lark").is_file()


@pytest.mark.parametrize("generator", ["mkdocs", "zensical"])
@pytest.mark.parametrize(("address", "kind"), [(None, "zip"), ("https://example.org/x", "ipynb")])
def test_both_generators_offer_it(tmp_path, monkeypatch, generator, address, kind):
    folder = small_site(tmp_path)
    monkeypatch.delenv("SITE_URL", raising=False)
    if address:
        monkeypatch.setenv("SITE_URL", address)
    subprocess.run([sys.executable, "-m", generator, "build"], cwd=folder, check=True)
    text = (folder / "site/lecture/gru/index.html").read_text("utf-8")
    assert NOTEBOOK.findall(text) == [f"gru.{kind}"]
    assert text.index('class="notebook') < text.index("<h1")
    assert notebook_of((folder / "site/index.html").read_text("utf-8")) is None
    if address:
        assert notebooks._address(text, "lecture/gru.md") == f"{address}/"


@pytest.mark.parametrize("width", [1440, 390])
def test_the_link_stands_by_the_title_and_not_on_paper(browser, site, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{site}lecture/universal_approximation/")
    link, title = page.get_by_role("link", name="Notebook", exact=True), page.locator("h1")
    place, words = link.bounding_box(), title.bounding_box()
    assert 24 <= place["height"] <= 40
    assert place["x"] + place["width"] <= width
    if width == 390:
        assert place["y"] + place["height"] <= words["y"], "it takes no room from the title"
    else:
        assert words["y"] <= place["y"] < words["y"] + words["height"]
    link.focus()
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("universal_")
    page.emulate_media(media="print")
    for paper in (width, 718):
        page.set_viewport_size({"width": paper, "height": 800})
        assert not link.is_visible()
    page.close()


def test_where_the_site_is_served_while_it_is_edited_there_is_none_to_offer(tmp_path):
    folder = small_site(tmp_path)
    config = load_config(str(folder / "mkdocs.yml"))
    config.site_url = f"http://{config.dev_addr}/"  # as `mkdocs serve` has it
    build(config)
    assert notebook_of((folder / "site/lecture/gru/index.html").read_text("utf-8")) is None


def small_site(folder: Path) -> Path:
    (folder / "docs/lecture").mkdir(parents=True)
    (folder / "docs/index.md").write_text("---\ndescription: D.\n---\n# Home\n", "utf-8")
    (folder / "docs/lecture/gru.md").write_text("---\ndescription: D.\n---\n# GRU\n", "utf-8")
    (folder / "mkdocs.yml").write_text(
        "site_name: S\nsite_url: !ENV SITE_URL\nnav: [index.md, lecture/gru.md]\n"
        f"theme: {{name: material, font: false, custom_dir: {ROOT / 'overrides'}}}\n",
        "utf-8",
    )
    return folder


def test_a_folder_without_the_site_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"index\.html: build the site first"):
        list(notebooks.notebooks(tmp_path, notebooks.navigation()))

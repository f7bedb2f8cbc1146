"""mkdocs-jupyter over the site's build: the same lecture as notebooks that it executes."""

import json
import shutil
from pathlib import Path

from bench.parts import BUILD, ROOT, empty, fewer, in_turn, ratio, run, verdict, warm_site
from tools.check import nav_pages, navigation
from tools.notebooks import notebook

CONFIGURATION = """\
site_name: The same lecture, as notebooks
theme: {name: material, font: false}
plugins:
  - search
  - mkdocs-jupyter: {execute: true, allow_errors: false, kernel_name: python3, cache: false}
"""


def lecture_pages() -> list[str]:
    """The pages that have notebooks.

    Returns:
        Paths below `docs/`: the lecture's and the errata.
    """
    pages = nav_pages(navigation())
    return [page for page in pages if page.startswith("lecture/") or page == "errata.md"]


def without_installation(text: str) -> str:
    """Leave out the cell that installs the package.

    Args:
        text: a notebook's file.

    Returns:
        The same notebook without the cell.
    """
    book = json.loads(text)
    book["cells"] = [cell for cell in book["cells"] if "%pip" not in "".join(cell["source"])]
    return json.dumps(book)


def notebook_site(folder: Path) -> Path:
    """Write a site of the lecture's notebooks, and nothing else.

    Args:
        folder: where to; it is made.

    Returns:
        The folder.
    """
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# The same lecture\n", "utf-8")
    (folder / "mkdocs.yml").write_text(CONFIGURATION, "utf-8")
    for page in lecture_pages():
        text = (ROOT / "docs" / page).read_text("utf-8")
        book = (folder / "docs" / page).with_suffix(".ipynb")
        book.parent.mkdir(exist_ok=True)
        book.write_text(without_installation(notebook(text, page, "")), "utf-8")
    return folder


def measure(folder: Path, rounds: int) -> None:
    """Print how many times longer mkdocs-jupyter takes, with trained results at hand for both.

    Args:
        folder: where copies are made; `site` is taken from there if it is.
        rounds: how often to measure.
    """
    site = warm_site(folder / "site")
    books = notebook_site(folder / "notebooks")
    shutil.copytree(site / "lecture_code", books / "lecture_code")
    cache = {"LECTURE_CODE_CACHE": str(site / ".cache")}

    def build() -> float:
        empty(site, "pages")
        return run(*BUILD, folder=site)[0]

    taken = in_turn(
        {
            "build, all blocks run, trained results kept": build,
            f"mkdocs-jupyter, {len(lecture_pages())} notebooks": lambda: run(
                "-m", "mkdocs", "build", "--clean", folder=books, **cache
            )[0],
        },
        fewer(rounds),
    )
    ours, theirs = taken.values()
    verdict("mkdocs-jupyter / build, trained results kept", ratio(theirs, ours), "at least 6")

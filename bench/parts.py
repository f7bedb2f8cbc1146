"""What the parts of the benchmark share: copies of the project, timed programs, ratios."""

import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from lecture_code.publish.blocks.fences import executed_blocks

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "lecture_code", "overrides", "tools", "bench")
FILES = ("mkdocs.yml", "pyproject.toml", "README.md", "LICENSE")
"""What a copy of the project needs to make the site."""

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")
}
"""Numpy's libraries read these when they are imported, so they are set for a process of its own."""

SHOWN = "starlark"
"""Pygments' other name for Python: of a block in Python, the site would ask why it does not run."""

UNEXECUTED = ("-m", "mkdocs", "build", "--clean", "--no-strict")
BUILD = ("-m", "tools.build")


def copy_of_the_project(folder: Path, cache: bool = False) -> Path:
    """Copy all that a site is made from.

    Args:
        folder: where to; it is made.
        cache: whether to copy what earlier builds kept as well.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    if cache and (ROOT / ".cache").is_dir():
        shutil.copytree(ROOT / ".cache", folder / ".cache")
    run("-m", "compileall", "-q", *FOLDERS[1:], folder=folder)
    return folder


def warm_site(folder: Path) -> Path:
    """A copy of the project whose site is built, and whose cache holds all that it needs.

    Args:
        folder: where it is, or where to make it.

    Returns:
        The folder.
    """
    if not folder.is_dir():
        copy_of_the_project(folder, cache=True)
    if not (folder / "site").is_dir():
        print("  (a first build, which is not measured)", flush=True)
        run(*BUILD, folder=folder)
    return folder


def empty(folder: Path, *kept: str) -> None:
    """Remove a copy's site, and what was kept.

    Args:
        folder: the copy.
        *kept: folders below `.cache`; without any, all of it.
    """
    for name in ("site", *(f".cache/{one}" for one in kept or [""])):
        shutil.rmtree(folder / name, ignore_errors=True)


def unexecuted_copy(folder: Path) -> Path:
    """Copy the project with blocks that are only shown.

    Args:
        folder: where to; it is made.

    Returns:
        The folder.
    """
    copy_of_the_project(folder)
    for page in (folder / "docs").rglob("*.md"):
        page.write_text(without_execution(page.read_text("utf-8")), "utf-8")
    return folder


def without_execution(text: str) -> str:
    """Make every executed block of a page one that is only shown.

    Args:
        text: the page's Markdown.

    Returns:
        The same page with other opening fences.
    """
    lines = text.split("\n")
    for block in executed_blocks(text):
        lines[block.line - 1] = re.sub(r"python\b.*", SHOWN, lines[block.line - 1])
    return "\n".join(lines)


def run(*command: str | Path, folder: Path, **environment: str) -> tuple[float, str]:
    """Run a command of this Python in a process of its own, and time it.

    Args:
        *command: what follows `python`.
        folder: where to run it; Python finds the package there.
        **environment: variables to set.

    Returns:
        Seconds from start to end, and what it printed.

    Raises:
        subprocess.CalledProcessError: if the command fails.
    """
    own = {"PYTHONPATH": str(folder), "NO_MKDOCS_2_WARNING": "1", "COLUMNS": "200"}
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=os.environ | own | environment,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return perf_counter() - start, done.stdout


def in_turn(measures: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Take measurements by turns, so that a busy moment of the machine meets all of them.

    Args:
        measures: for each title a function that gives its seconds.
        rounds: how often.

    Returns:
        For each title, the seconds of each round; they are printed as they come.
    """
    taken = {title: [] for title in measures}
    for _ in range(rounds):
        for title, measure in measures.items():
            print(f"  {title:68}", end="", flush=True)
            taken[title].append(measure())
            print(f"{taken[title][-1]:8.1f} s", flush=True)
    return taken


def fewer(rounds: int) -> int:
    """How often to measure what takes minutes.

    Args:
        rounds: how often what takes seconds is measured.

    Returns:
        A third of it, but at least once.
    """
    return (rounds + 2) // 3


def ratio(over: list[float], under: list[float]) -> float:
    """Divide round by round.

    Args:
        over: seconds of each round.
        under: seconds of the same rounds.

    Returns:
        The median of the ratios.
    """
    return median(a / b for a, b in zip(over, under, strict=True))


def exponent(sizes: list[float], times: list[float]) -> float:
    """Fit `seconds = factor * size ** exponent`, by least squares of the logarithms.

    Args:
        sizes: at least two sizes.
        times: the seconds of each.

    Returns:
        The exponent; 1 is linear.
    """
    x, y = [math.log(size) for size in sizes], [math.log(time) for time in times]
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    along = sum((a - middle_x) ** 2 for a in x)
    return sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / along


def verdict(title: str, value: float, wanted: str = "") -> None:
    """Print a figure, and what is wanted.

    Args:
        title: what it is.
        value: the figure.
        wanted: the wish in words, "" for none.
    """
    print(f"  {title:68}{value:8.2f}{f'   wanted: {wanted}' if wanted else ''}", flush=True)

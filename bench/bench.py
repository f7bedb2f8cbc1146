"""Measure what the lecture costs: its cells against torch.nn, and its pages against their parts.

Run it from the repository: `make bench`. It takes a few minutes, and prints as it goes.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from textwrap import dedent
from time import perf_counter

from mkdocs.utils.yaml import yaml_load

from tools.check import nav_pages

ROOT = Path(__file__).parents[1]
BENCH = ROOT / "bench"

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")
}
"""Numpy's libraries read these when they are imported, so they are set for a process of its own."""

ROUNDS = 5
ALLOWED = 1.5
"""How much longer a build may take than its parts."""

COLD, AGAIN = 60, 1 / 3
"""How long a first build may take, trainings included, in seconds; and what part of it a second."""

FENCE = re.compile(
    r'^(?P<indent> *)(?P<ticks>`{3,})python\b(?P<options>[^\n]*\bexec="true"[^\n]*)\n'
    r"(?P<code>.*?)^(?P=indent)(?P=ticks) *$",
    re.MULTILINE | re.DOTALL,
)


def executed_blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Find the blocks of a page that a build executes.

    Args:
        text: the page's Markdown.

    Yields:
        For each block the line on which its code begins, its session (empty if it has none), and
        its code.
    """
    for found in FENCE.finditer(text):
        session = re.search(r'\bsession="([^"]*)"', found["options"])
        line = text.count("\n", 0, found.start("code")) + 1
        yield line, session[1] if session else "", dedent(found["code"])


def without_execution(text: str) -> str:
    """Make every executed block of a page one that is only shown.

    Args:
        text: the page's Markdown.

    Returns:
        The same page, with the options of those fences removed.
    """
    return FENCE.sub(r"\g<indent>\g<ticks>python\n\g<code>\g<indent>\g<ticks>", text)


def write_program(path: Path) -> int:
    """Write the blocks of all pages, in the navigation's order, as one Python program.

    Args:
        path: where to write it.

    Returns:
        How many blocks there are.
    """
    nav = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    blocks = [
        (f"docs/{page}", *block)
        for page in nav_pages(nav)
        for block in executed_blocks((ROOT / "docs" / page).read_text("utf-8"))
    ]
    lines = ["from types import ModuleType", "import sys", "", "sessions = {}"]
    for page, line, session, code in blocks:
        name = f"blocks of {session or f'{page}, line {line}'}"
        lines += [
            f"module = sessions.setdefault({name!r}, ModuleType({name!r}))",
            "sys.modules[module.__name__] = module",
            # Empty lines in front, so that an error names the line of the page.
            f"exec(compile({chr(10) * (line - 1) + code!r}, {page!r}, 'exec'), vars(module))",
        ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return len(blocks)


def copy_of_the_site(folder: Path) -> Path:
    """Copy what a build reads.

    Args:
        folder: an empty folder.

    Returns:
        The copy's `mkdocs.yml`.
    """
    for name in ("docs", "lecture_code", "overrides"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return shutil.copy(ROOT / "mkdocs.yml", folder)


def copy_without_execution(folder: Path) -> Path:
    """Copy what a build reads, with blocks that are only shown.

    Args:
        folder: an empty folder.

    Returns:
        The copy's `mkdocs.yml`.
    """
    configuration = copy_of_the_site(folder)
    for page in (folder / "docs").rglob("*.md"):
        page.write_text(without_execution(page.read_text("utf-8")), "utf-8")
    return configuration


def seconds(*command: str | Path, cwd: Path = ROOT) -> tuple[float, float]:
    """Run a command of this Python in a process of its own, and time it.

    Args:
        *command: what follows `python`.
        cwd: where to run it.

    Returns:
        Seconds from start to end, and seconds of processor time, which a busy machine changes less.

    Raises:
        subprocess.CalledProcessError: if the command fails.
    """
    start, before = perf_counter(), os.times()
    subprocess.run([sys.executable, *command], cwd=cwd, check=True, capture_output=True, text=True)
    end, after = perf_counter(), os.times()
    user, system = after.children_user, after.children_system
    return end - start, user + system - before.children_user - before.children_system


def measure_pages() -> None:
    """Time the site's build against an unexecuted build and a plain run of the same blocks.

    Raises:
        subprocess.CalledProcessError: if one of them fails.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        blocks = write_program(folder / "blocks.py")
        (folder / "copy").mkdir()
        unexecuted = copy_without_execution(folder / "copy")
        build = ("-m", "mkdocs", "build", "--clean", "--config-file")
        commands = {
            "the site's build": (*build, ROOT / "mkdocs.yml", "--site-dir", folder / "site"),
            "(a) unexecuted build": (*build, unexecuted, "--site-dir", folder / "unexecuted"),
            "(b) plain run of blocks": (folder / "blocks.py",),
            "(c) start-up alone": ("-c", "import lecture_code.publish"),
        }
        print(f"\nSite, {blocks} blocks: seconds, each a process of its own with its start-up.")
        print("(a) + (b) counts the start-up twice, (a) + (b) - (c) once.")
        print(f"{'':12}" + "".join(f"{name:>25}" for name in commands), end="")
        print(f"{'over a + b':>13}{'over a + b - c':>17}")
        for command in commands.values():  # what the first run leaves in caches counts for none
            seconds(*command)
        seconds("-m", "tools.social", folder / "site")
        seconds("-m", "tools.check", folder / "site")
        rounds = []
        for number in range(1, ROUNDS + 1):
            rounds.append([])
            print(f"{f'round {number}':12}", end="", flush=True)
            for command in commands.values():
                rounds[-1].append(seconds(*command))
                print(f"{rounds[-1][-1][0]:25.2f}", end="", flush=True)
            print("{:13.2f}{:17.2f}".format(*over_parts(*(wall for wall, _ in rounds[-1]))))
        for title, which in (("median", 0), ("of CPU time", 1)):
            medians = [median(time[which] for time in times) for times in zip(*rounds, strict=True)]
            print(f"{title:12}" + "".join(f"{value:25.2f}" for value in medians), end="")
            print("{:13.2f}{:17.2f}".format(*over_parts(*medians)), f"  wanted: at most {ALLOWED}")


def measure_cache() -> None:
    """Time a first build, which trains and draws all that the pages show, and a second one.

    Raises:
        subprocess.CalledProcessError: if one of them fails.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_of_the_site(folder)
        print("\nSite, from an empty .cache and once more: seconds.")
        for number in range(1, 3):
            shutil.rmtree(folder / ".cache", ignore_errors=True)
            first, again = (seconds("-m", "mkdocs", "build", cwd=folder)[0] for _ in range(2))
            print(f"round {number}: first {first:.1f}, wanted: at most {COLD}; ", end="")
            print(f"second {again:.1f}, {again / first:.2f} of it, wanted: at most {AGAIN:.2f}")


def over_parts(
    whole: float, unexecuted: float, blocks: float, start_up: float
) -> tuple[float, float]:
    """Divide the time of the site's build by that of its parts.

    Args:
        whole: seconds of the build.
        unexecuted: seconds of a build that executes nothing.
        blocks: seconds of a plain run of the blocks.
        start_up: seconds of what both parts begin with.

    Returns:
        The ratio to the sum of the parts, and that to the sum with the start-up counted once.
    """
    parts = unexecuted + blocks
    return whole / parts, whole / (parts - start_up)


def main() -> int:
    """Measure the cells, then the pages.

    Returns:
        An exit status: 1 if something could not be measured.
    """
    subprocess.run([sys.executable, BENCH / "cells.py"], check=True, env=os.environ | ONE_THREAD)
    try:
        measure_pages()
        measure_cache()
    except subprocess.CalledProcessError as error:
        print(f"\n\nNOT MEASURED: {' '.join(map(str, error.cmd))} failed. Its last lines:")
        print(*(error.stdout + error.stderr).rstrip().splitlines()[-25:], sep="\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The site's build over its parts: the same site unexecuted, and a plain run of its blocks."""

import itertools
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from bench.parts import (
    BUILD,
    ONE_THREAD,
    UNEXECUTED,
    copy_of_the_project,
    empty,
    fewer,
    in_turn,
    ratio,
    run,
    unexecuted_copy,
    verdict,
)
from lecture_code.publish.blocks.fences import executed_blocks
from lecture_code.publish.blocks.problems import sources
from lecture_code.publish.blocks.processes import processors

RAN = re.compile(r"docs/(\S+): \d+ blocks ran in ([\d.]+)\s+s")

EDITED = "docs/lecture/gru.md"
BARE = ("-m", "mkdocs", "build", "--clean", "--site-dir", "bare")

PROGRAM = '''\
import sys
from multiprocessing import Pool
from types import ModuleType

PAGES = {pages!r}


def run(page):
    """Run the blocks of a page in a module of their own."""
    module = sys.modules[page] = ModuleType(page)
    for line, code in PAGES[page]:
        # Empty lines in front, so that an error names the line of the page.
        exec(compile("\\n" * line + code, f"docs/{{page}}", "exec"), vars(module))


if __name__ == "__main__":
    with Pool({cores}) as pool:
        list(pool.imap_unordered(run, PAGES))
'''


def write_program(path: Path, docs: Path, first: Iterable[str] = ()) -> int:
    """Write the blocks of all pages as one Python program, with a process for each core.

    Args:
        path: where to write it.
        docs: the folder of the pages.
        first: the pages to begin with, in this order; those that take long.

    Returns:
        How many blocks there are.
    """
    pages = {
        page: [(block.line, block.code) for block in executed_blocks(text)]
        for page, text in sources(docs).items()
    }
    order = {page: pages[page] for page in [*first, *pages] if pages[page]}
    path.write_text(PROGRAM.format(pages=order, cores=processors()), "utf-8")
    return sum(map(len, pages.values()))


def longest_first(log: str) -> list[str]:
    """Read from a build's output which pages took how long.

    Args:
        log: the output.

    Returns:
        The pages whose blocks ran, the one that took longest first.
    """
    took = {page: float(time) for page, time in RAN.findall(log)}
    return sorted(took, key=took.get, reverse=True)


def measure(folder: Path, rounds: int) -> None:
    """Print how long builds take, cold and warm, over the unexecuted build.

    Args:
        folder: where copies are made; `site` is left there, built.
        rounds: how often to measure what is warm; what is cold is measured less often.
    """
    site = copy_of_the_project(folder / "site")
    plain = copy_of_the_project(folder / "plain")
    shown = unexecuted_copy(folder / "unexecuted")
    blocks = write_program(plain / "blocks.py", site / "docs")
    print(
        f"{blocks} blocks on {processors()} cores; a first unexecuted build is not counted",
        flush=True,
    )
    run(*UNEXECUTED, folder=shown)

    def unexecuted() -> float:
        return run(*UNEXECUTED, folder=shown)[0]

    _measure_cold(site, plain, unexecuted, fewer(rounds))
    _measure_warm(site, unexecuted, rounds)


def _measure_cold(site: Path, plain: Path, unexecuted: Callable[[], float], rounds: int) -> None:
    def cold() -> float:
        empty(site)
        took, log = run(*BUILD, folder=site)
        write_program(plain / "blocks.py", site / "docs", longest_first(log))
        return took

    def blocks() -> float:
        empty(plain)
        return run("blocks.py", folder=plain, **ONE_THREAD)[0]

    taken = in_turn(
        {"build, cold": cold, "plain run of the blocks, cold": blocks, "unexecuted": unexecuted},
        rounds,
    )
    build, *parts = taken.values()
    both = [sum(times) for times in zip(*parts, strict=True)]
    verdict("cold build / (unexecuted + plain run on all cores)", ratio(build, both), "at most 1.2")


def _measure_warm(site: Path, unexecuted: Callable[[], float], rounds: int) -> None:
    words = itertools.count(1)

    def edited() -> float:
        with open(site / EDITED, "a", encoding="utf-8") as page:
            page.write(f"\nWord {next(words)}.\n")
        return run(*BUILD, folder=site)[0]

    taken = in_turn(
        {
            "build, nothing changed": lambda: run(*BUILD, folder=site)[0],
            "unexecuted": unexecuted,
            "build, a page's prose edited": edited,
            "bare mkdocs build": lambda: run(*BARE, folder=site)[0],
        },
        rounds,
    )
    unchanged, shown, again, bare = taken.values()
    verdict("build where nothing changed / unexecuted", ratio(unchanged, shown), "at most 1.1")
    verdict("rendered again: one page edited / unexecuted", ratio(again, shown))
    verdict("bare mkdocs build with kept output / unexecuted", ratio(bare, shown))

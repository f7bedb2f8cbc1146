"""Measure what the lecture costs: its cells against torch.nn, its site against what it is made of.

`make bench` runs all parts, and prints as it goes; `python -m bench.bench growth` runs one. What a
site's build takes is given as ratios of one run, taken by turns, so that they say the same on a
busy machine. Where a page shows a time, it was measured here, and written to
`lecture_code/publish/records/`.
"""

# Where the time of the unexecuted build goes, as cProfile has it: half to mkdocstrings, which
# renders the eight pages of the reference (a tenth of the build is ruff, started once for each of
# 178 signatures); a quarter to the search plugin, which reads every page again as HTML; an eighth
# to the other pages' Markdown; a twentieth each to templates, to start-up and to the rest. A site
# of 250 small pages spends a third on the navigation, which is rendered anew for every page.

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import click

from bench import growth, jupyter, pages, serve
from bench.parts import ONE_THREAD, ROOT

PROGRAMS = {"cells": "bench.cells", "products": "bench.two_products"}
MEASURES = {
    "pages": pages.measure,
    "jupyter": jupyter.measure,
    "growth": growth.measure,
    "serve": serve.measure,
}


@click.command(help=__doc__)
@click.argument("parts", nargs=-1, type=click.Choice([*PROGRAMS, *MEASURES]))
@click.option("--rounds", type=click.IntRange(1), default=3, help="How often to measure.")
def main(parts: tuple[str, ...], rounds: int) -> None:
    """Measure some parts, or all; the exit status is 1 if something could not be measured."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        for part in parts or (*PROGRAMS, *MEASURES):
            start = perf_counter()
            print(f"\n{part.upper()}", flush=True)
            try:
                _measure(part, Path(folder), rounds)
            except subprocess.CalledProcessError as error:
                print(f"\n\nNOT MEASURED: {' '.join(map(str, error.cmd))} failed. Its last lines:")
                print(*(error.stdout or "").rstrip().splitlines()[-25:], sep="\n")
                sys.exit(1)
            print(f"  ({part}: {perf_counter() - start:.0f} s)", flush=True)


def _measure(part: str, folder: Path, rounds: int) -> None:
    if part in MEASURES:
        MEASURES[part](folder, rounds)
    else:
        command = [sys.executable, "-m", PROGRAMS[part]]
        subprocess.run(command, cwd=ROOT, check=True, env=os.environ | ONE_THREAD)


if __name__ == "__main__":
    main()

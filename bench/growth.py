"""How a build grows with the number of pages: small ones, each with two blocks that run."""

import shutil
from pathlib import Path
from statistics import median

from bench.parts import ROOT, copy_of_the_project, empty, exponent, fewer, in_turn, run, verdict

SIZES = (25, 100, 250)
START_UP = 1
"""A site of one page: what is left is the start-up, of which a longer build has no more."""

SECTION = 25
"""How many pages the navigation has in a section."""

PAGE = """\
---
description: Page {number} of many.
---

# Page {number}

Some words in front of the first block, which adds squares.

```python exec="true" source="above" session="page_{number}"
squares = [n * n for n in range({number})]
print(f"Their sum is **{{sum(squares)}}**.")
```

The second one shows the last of them.

```python exec="true" source="above" result="text" session="page_{number}"
print(squares[-3:])
```
"""


def many_pages(folder: Path, count: int) -> Path:
    """Make a site of small pages that this project's settings and extensions build.

    Args:
        folder: where to; it is made.
        count: how many pages.

    Returns:
        The folder.
    """
    copy_of_the_project(folder)
    shutil.rmtree(folder / "docs")
    shutil.copytree(ROOT / "docs" / "assets", folder / "docs" / "assets")
    (folder / "mkdocs.yml").rename(folder / "base.yml")
    (folder / "mkdocs.yml").write_text(configuration(count), "utf-8")
    for number in range(1, count + 1):
        (folder / "docs" / name(number)).write_text(PAGE.format(number=number), "utf-8")
    return folder


def name(number: int) -> str:
    """The source file of a page.

    Args:
        number: the page's number, from 1.

    Returns:
        The path below `docs/`.
    """
    return "index.md" if number == 1 else f"page_{number}.md"


def configuration(count: int) -> str:
    """The site's configuration: this project's, with other pages.

    Args:
        count: how many pages.

    Returns:
        What `mkdocs.yml` holds.
    """
    lines = ["INHERIT: base.yml", "nav:"]
    for number in range(1, count + 1):
        if number % SECTION == 1:
            lines.append(f"  - Pages from {number}:")
        lines.append(f"      - {name(number)}")
    return "\n".join(lines) + "\n"


def measure(folder: Path, rounds: int) -> None:
    """Print seconds a page for each size, and how the build grows.

    Args:
        folder: where the sites are made.
        rounds: how often to measure.
    """

    def timed(site: Path) -> float:
        empty(site)
        return run("-m", "mkdocs", "build", "--clean", folder=site)[0]

    sites = {count: many_pages(folder / f"{count}-pages", count) for count in (START_UP, *SIZES)}
    measures = {f"{count} pages": lambda site=site: timed(site) for count, site in sites.items()}
    start_up, *times = (median(one) for one in in_turn(measures, fewer(rounds)).values())
    for count, time in zip(SIZES, times, strict=True):
        verdict(f"seconds a page of {count}", time / count)
    verdict("exponent of growth, fitted to all sizes", exponent(SIZES, times), "at most 1.1")
    pages_alone = [time - start_up for time in times]
    verdict("exponent without the start-up, as one page has it", exponent(SIZES, pages_alone))

"""Measure what a reader waits for and what may keep one out: speed, weight, jumps, accessibility.

Run it on the folder that a build wrote: `python -m tools.audit site`. Lighthouse judges three pages
as a phone on a slow network gets them; the weight is measured on every page.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Request, sync_playwright

from tools.browser import FLAGS, chromium
from tools.check import nav_pages, navigation, page_of
from tools.serve import serve

JUDGED = ("index.md", "lecture/gru.md", "lecture/convolution.md")
"""The pages that Lighthouse judges."""

LIMITS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
"""The least that Lighthouse may give, of 100."""

WEIGHT = 150 * 1024
"""The most bytes that a page's first view may move, compressed, headers and fonts included."""

WIDTHS = (390, 1440)
"""A phone and a desktop, on which no lecture page may jump while it loads."""

LIGHTHOUSE = Path("node_modules/lighthouse/cli/index.js")

# The sum of all shifts, not the worst five seconds that the field's measure counts.
SHIFT = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


class View(NamedTuple):
    """The first view of a page, by a reader who has nothing of the site yet."""

    page: str
    files: dict[str, int]
    """What comes to a phone, and how many bytes of it."""
    shifts: dict[int, float]
    """By width: how far what was shown has moved, the sum of all layout shifts, without unit."""

    @property
    def weight(self) -> int:
        """Bytes, together."""
        return sum(self.files.values())


class Scores(NamedTuple):
    """What Lighthouse gives a page."""

    page: str
    scores: dict[str, int]
    """By category, of 100."""
    shift: float


def first_view(browser: Browser, site: str, page: str) -> View:
    """Open a page in new windows, and wait until nothing more comes.

    Args:
        browser: Chromium, running.
        site: the site's address, with a slash at its end.
        page: the page's source below `docs/`.

    Returns:
        What came, and what has moved.
    """
    seen = {width: _open(browser, site + _path(page), width) for width in WIDTHS}
    came, _ = seen[WIDTHS[0]]
    files = {address.removeprefix(site): size for address, size in came.items()}
    return View(page, files, {width: shift for width, (_, shift) in seen.items()})


def _open(browser: Browser, address: str, width: int) -> tuple[dict[str, int], float]:
    context = browser.new_context(viewport={"width": width, "height": 844})
    window = context.new_page()
    window.add_init_script(SHIFT)
    came: list[Request] = []
    window.on("requestfinished", lambda request: came.append(request))
    window.goto(address)
    window.wait_for_load_state("networkidle")
    sizes = {request.url: _bytes(request) for request in came}
    shift = window.evaluate("shift")
    context.close()
    return sizes, shift


def _path(page: str) -> str:
    return page_of(page).parent.as_posix().removeprefix(".") + "/" * (page != "index.md")


def _bytes(request: Request) -> int:
    if request.url.startswith("data:"):
        return 0
    sizes = request.sizes()
    # Chromium does not say how much of a worker's script came; the server does.
    response = request.response()
    told = int(response.headers.get("content-length", 0)) if response else 0
    return sizes["responseHeadersSize"] + max(sizes["responseBodySize"], told)


def judge(site: str, page: str, performance: int = LIMITS["performance"], runs: int = 1) -> Scores:
    """Let Lighthouse judge a page, as a phone on a slow network gets it.

    Args:
        site: the site's address, with a slash at its end.
        page: the page's source below `docs/`.
        performance: the least score for performance, of 100. What else the machine does can only
            lower it, so below it the page is judged again.
        runs: how often at the most.

    Returns:
        Scores and shift.
    """
    reports: list[dict] = []
    while len(reports) < runs:
        reports.append(_lighthouse(site, page))
        scores = read(page, reports)
        if scores.scores["performance"] >= performance:
            break
    return scores


def _lighthouse(site: str, page: str) -> dict:
    """Lighthouse's report on a page."""
    command = ["node", str(LIGHTHOUSE), site + _path(page), "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(LIMITS)}", "--no-enable-error-reporting"]
    command += [f"--chrome-flags=--headless=new {' '.join(FLAGS)}"]
    environment = os.environ | {"CHROME_PATH": chromium()}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"Lighthouse has failed on {page}:\n{done.stderr}")
    return json.loads(done.stdout)


def read(page: str, reports: list[dict]) -> Scores:
    """Take the scores from Lighthouse's reports on a page.

    Args:
        page: the page's source below `docs/`.
        reports: one or more of Lighthouse's, as read from JSON.

    Returns:
        For performance the best score, since other programs can only lower it; of all else the
        worst: the lowest score, the largest shift.
    """
    given = {name: [report["categories"][name]["score"] for report in reports] for name in LIMITS}
    scores = {name: round(100 * min(values)) for name, values in given.items()}
    scores["performance"] = round(100 * max(given["performance"]))
    shifts = [report["audits"]["cumulative-layout-shift"]["numericValue"] for report in reports]
    return Scores(page, scores, max(shifts))


def problems(
    judged: Iterable[Scores], views: Iterable[View], performance: int = LIMITS["performance"]
) -> Iterator[str]:
    """Find what is beyond a limit.

    Args:
        judged: the pages that Lighthouse has seen.
        views: first views.
        performance: the least score for performance, of 100.

    Yields:
        One sentence for each score below its limit, each page that is too heavy, and each jump on
        the landing page or a lecture page.
    """
    for page, scores, shift in judged:
        for name, limit in (LIMITS | {"performance": performance}).items():
            if scores[name] < limit:
                yield f"{page}: {name} {scores[name]}, at least {limit} wanted"
        if shift:
            yield f"{page}: Lighthouse saw it jump by {shift:.4f}"
    for view in views:
        if view.weight > WEIGHT:
            heaviest = max(view.files, key=view.files.__getitem__)
            yield (
                f"{view.page}: {view.weight / 1024:.1f} KiB, at most {WEIGHT / 1024:.0f} wanted; "
                f"{view.files[heaviest] / 1024:.1f} of them are {heaviest}"
            )
        if view.page == "index.md" or view.page.startswith("lecture/"):
            for width, shift in view.shifts.items():
                if shift:
                    yield f"{view.page}: jumps by {shift:.4f} at {width} pixels"


def table(judged: Iterable[Scores], views: Iterable[View]) -> str:
    """Write down what was measured.

    Args:
        judged: the pages that Lighthouse has seen.
        views: first views.

    Returns:
        Text: the scores, then the weights, the heaviest page first, with what makes them up.
    """
    lines = [" ".join(f"{name:>14}" for name in [*LIMITS, "shift"])]
    for page, scores, shift in judged:
        lines.append(" ".join(f"{scores[name]:14}" for name in LIMITS) + f" {shift:14.4f}  {page}")
    lines += ["", "   KiB" + "".join(f" shift at {width:4}" for width in WIDTHS)]
    for view in sorted(views, key=lambda view: -view.weight):
        heaviest = sorted(view.files.items(), key=lambda file: -file[1])[:4]
        parts = (f"{Path(name).name or 'page'} {size / 1024:.1f}" for name, size in heaviest)
        shifts = "".join(f" {view.shifts[width]:13.4f}" for width in WIDTHS)
        lines.append(f"{view.weight / 1024:6.1f}{shifts}  {view.page}: {', '.join(parts)}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure a site, and print what was measured and what is beyond a limit.

    Args:
        arguments: the command line; without it, that of this process.

    Returns:
        An exit status: 1 if something is beyond a limit.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.audit", description=__doc__)
    parser.add_argument("site", type=Path, help="the folder that a build wrote")
    parser.add_argument("--performance", type=int, default=LIMITS["performance"])
    parser.add_argument("--runs", type=int, default=1, help="Lighthouse's runs for a slow page")
    asked = parser.parse_args(arguments)
    if not LIGHTHOUSE.exists():
        parser.error(f"{LIGHTHOUSE} is missing: npm ci --ignore-scripts")
    pages = list(nav_pages(navigation()))
    with serve(asked.site) as address:
        judged = [judge(address, page, asked.performance, asked.runs) for page in JUDGED]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            views = [first_view(browser, address, page) for page in pages]
            browser.close()
    print(table(judged, views))
    found = list(problems(judged, views, asked.performance))
    print(f"\n{asked.site}: {len(pages)} pages measured, {len(found)} problems")
    for problem in found:
        print(problem)
    return min(1, len(found))


if __name__ == "__main__":
    sys.exit(main())

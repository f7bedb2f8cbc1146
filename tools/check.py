"""Look a built site over: what a build can get wrong without saying so.

Run it on the folder that a build wrote: `python -m tools.check site`.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from mkdocs.utils.yaml import yaml_load

from tools.font import FONT, missing_characters

# In two pieces, because the reference shows this very line on a page.
FAILURE = "Traceback (most" + " recent call last)"
"""Words that stand on a page only when a block of code on it has failed."""

MATHEMATICS = re.compile(r"\$[^$\n]*\$?|\\\(|\\\[|\\begin\{")
"""What is left on a page where mathematics was not rendered."""

FOREIGN_IN_CSS = re.compile(r"(?:url\(|@import )['\"]?((?:https?:)?//[^'\")]+)")
PICTURE = re.compile(r'<meta property="og:image" content="[^"]*?(assets/social/[^"]+)"')
NOTEBOOK = re.compile(r'<a class="notebook[^"]*" href="([^"]+)"')
LOADING = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src"}
LOADING_LINKS = {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch", "modulepreload"}


class _Page(HTMLParser):
    """Collects a page's visible text outside code, and the addresses that a browser would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.prose: list[str] = []
        self.loads: list[str] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in ("code", "pre", "script", "style"):
            self._inside.append(tag)
        if attributes.get(LOADING.get(tag, "")):
            self.loads.append(attributes[LOADING[tag]])
        if tag == "link" and LOADING_LINKS & set((attributes.get("rel") or "").split()):
            self.loads.append(attributes["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.prose.append(data)


def problems(site: Path, nav: list) -> Iterator[str]:
    """Find what is wrong with a built site.

    Args:
        site: the folder that the build wrote.
        nav: the navigation as `mkdocs.yml` gives it.

    Yields:
        One sentence for each problem: a page of the navigation that is missing, a failed block,
        mathematics that was not rendered, a file from another host, a character that the
        mathematics font does not have, a social picture that was not drawn, a notebook that was not
        made.
    """
    for source in nav_pages(nav):
        page = site / page_of(source)
        if not page.is_file():
            yield f"{source}: the page is missing from the site"
        elif source.startswith("lecture/") and not notebook_of(page.read_text("utf-8")):
            yield f"{source}: the page has no link to its notebook"
    for path in sorted(site.rglob("*.html")):
        text = path.read_text("utf-8")
        for problem in _page_problems(text):
            yield f"{path.relative_to(site)}: {problem}"
        picture = picture_of(text)
        if picture and not (site / picture).is_file():
            command = f"python -m tools.social {site}"
            yield f"{path.relative_to(site)}: {picture} is missing: run `{command}`"
        notebook = notebook_of(text)
        if notebook and not (path.parent / notebook).is_file():
            command = f"python -m tools.notebooks {site}"
            yield f"{path.relative_to(site)}: {notebook} is missing: run `{command}`"
    for path in sorted(site.rglob("*.css")):
        for address in FOREIGN_IN_CSS.findall(path.read_text("utf-8")):
            yield f"{path.relative_to(site)}: loads {address} from another host"


def navigation() -> list:
    """The navigation of this project's site.

    Returns:
        `nav` as `mkdocs.yml` gives it.
    """
    return yaml_load(Path("mkdocs.yml").read_text("utf-8"))["nav"]


def nav_pages(nav: Any) -> Iterator[str]:
    """The source files that a navigation names, in order.

    Args:
        nav: a list, mapping or string of `mkdocs.yml`'s `nav`.

    Yields:
        Paths below `docs/`.
    """
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict | list):
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from nav_pages(part)


def page_of(source: str) -> Path:
    """Where the page of a source file stands in the site.

    Args:
        source: path below `docs/`, such as `lecture/gru.md`.

    Returns:
        Path below the site, such as `lecture/gru/index.html`.
    """
    path = Path(source).with_suffix("")
    return (path.parent if path.name == "index" else path) / "index.html"


def picture_of(page: str) -> Path | None:
    """Where the social picture of a page stands in the site.

    Args:
        page: HTML.

    Returns:
        Path below the site, such as `assets/social/lecture/gru.png`; None if the page names none.
    """
    found = PICTURE.search(page)
    return Path(found[1]) if found else None


def notebook_of(page: str) -> str | None:
    """Where the notebook of a page stands.

    Args:
        page: HTML.

    Returns:
        The name of a file beside the page, such as `gru.zip`; None if the page offers none.
    """
    found = NOTEBOOK.search(page)
    return found[1] if found else None


def _page_problems(text: str) -> Iterator[str]:
    page = _Page(text)
    prose = " ".join(page.prose)
    if FAILURE in text:
        yield "a block has failed: the page holds a traceback"
    for found in MATHEMATICS.finditer(prose):
        around = prose[max(0, found.start() - 30) : found.end() + 30]
        yield f"mathematics was not rendered: …{around!r}…"
    for address in page.loads:
        if re.match(r"(https?:)?//", address):
            yield f"loads {address} from another host"
    for character in sorted(missing_characters(text)):
        yield f"the mathematics font lacks {character!r} (U+{ord(character):04X}): run `make font`"


def main(site: str) -> int:
    """Print the problems of a site.

    Args:
        site: the folder that the build wrote.

    Returns:
        How many there are, at most 1: an exit status.
    """
    nav = navigation()
    found = list(problems(Path(site), nav))
    for problem in found:
        print(problem)
    pages = len(list(nav_pages(nav)))
    print(f"{site}: {pages} pages looked over with {FONT.name}, {len(found)} problems")
    return min(1, len(found))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

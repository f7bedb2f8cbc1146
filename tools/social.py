"""The social pictures: what is shown elsewhere when somebody shares a link to a page of the site.

A picture has what the page itself has: its part, its title and its first equation. Run it on the
folder that a build wrote: `python -m tools.social site`.
"""

import html
import importlib.metadata
import io
import re
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from lecture_code.support.store import CACHE, Store
from tools.check import nav_pages, navigation, page_of, picture_of

TOOLS = Path(__file__).parent
STYLE = TOOLS.parent / "docs" / "assets" / "site.css"
META = re.compile(r'<meta property="([\w:]+)" content="([^"]*)">')
CARD = re.compile(r'<section class="card".*?</section>', re.DOTALL)
EQUATION = re.compile(r'<div class="card-equation">(<math.*?</math>)', re.DOTALL)

SHARED_FROM = 8
"""How many pictures are drawn in the second that another process takes to start."""

_kept = Store(CACHE / "social", "a social picture")


class Preview(NamedTuple):
    """What a picture shows.

    Attributes:
        site: the site's name.
        part: the part of the site that the page belongs to, or "".
        title: the page's title.
        description: what stands below the title of a page without an equation.
        equation: the lines of the page's first equation, in MathML.
        accent: the part's colour.
        colours: the colours of the site's light scheme, by the names that its style sheet has.
    """

    site: str
    part: str
    title: str
    description: str
    equation: tuple[str, ...]
    accent: str
    colours: dict[str, str]


def pictures(site: Path, nav: list, workers: Executor | None = None) -> Iterator[Path]:
    """Draw the picture of every page of a built site.

    Args:
        site: the folder that the build wrote.
        nav: the navigation as `mkdocs.yml` gives it.
        workers: processes that share the work, if there is much of it.

    Yields:
        The pictures' files.

    Raises:
        FileNotFoundError: if a page has not been built.
        ValueError: if a page does not say where its picture is to stand.
    """
    shown = {}
    for source in nav_pages(nav):
        page = site / page_of(source)
        if not page.is_file():
            raise FileNotFoundError(f"{page}: build the site first")
        text = page.read_text("utf-8")
        place = picture_of(text)
        if place is None:
            raise ValueError(
                f"{page}: expected og:image, as overrides/main.html writes it, found none"
            )
        shown[site / place] = preview(text, nav)
    for file, content in zip(shown, _pictures(list(shown.values()), workers), strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        yield file


def keep_picture(page: str, nav: list) -> None:
    """Draw the picture of a page, if it is not kept, and keep it.

    Args:
        page: HTML.
        nav: the navigation as `mkdocs.yml` gives it.
    """
    _pictures([preview(page, nav)], None)


def preview(page: str, nav: list) -> Preview:
    """Read from a page what its picture shows.

    Args:
        page: HTML.
        nav: the navigation as `mkdocs.yml` gives it; its first five parts have a colour each.

    Returns:
        What the page's first card and its `meta` elements say.
    """
    said = {name: html.unescape(content) for name, content in META.findall(page)}
    part, title = said.get("article:section", ""), said["og:title"]
    parts = [name for entry in nav for name, below in entry.items() if isinstance(below, list)]
    card = CARD.search(page)
    colours = light_colours()
    number = parts.index(part) + 1 if part in parts else 0
    return Preview(
        site=said["og:site_name"],
        part=part if part != title else "",
        title=title,
        description=said["og:description"],
        equation=tuple(EQUATION.findall(card[0])) if card else (),
        accent=colours.get(f"curve-{number}", colours["md-primary-fg-color"]),
        colours=colours,
    )


def light_colours() -> dict[str, str]:
    """The colours of the site's light scheme.

    Returns:
        Colours such as `#1f4e79`, by the names of the style sheet's custom properties.
    """
    [scheme] = re.findall(
        r"\[data-md-color-scheme\] \{(.*?)\}", STYLE.read_text("utf-8"), re.DOTALL
    )
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", scheme))


def _pictures(shown: list[Preview], workers: Executor | None) -> list[bytes]:
    """Pictures that were kept, if the same programs have drawn the same before, or new ones."""
    found = [_kept_picture(one) for one in shown]
    new = [one for one, content in zip(shown, found, strict=True) if content is None]
    drawn = _drawn(new, workers)
    pictures = []
    for one, kept in zip(shown, found, strict=True):
        if kept is None:
            kept = next(drawn)
            _kept.put(_key(one), kept)
        pictures.append(kept)
    return pictures


def _drawn(shown: list[Preview], workers: Executor | None) -> Iterator[bytes]:
    if workers is None or len(shown) < SHARED_FROM:
        return map(_draw, shown)
    return workers.map(_draw, shown, chunksize=4)


def _draw(shown: Preview) -> bytes:
    from tools.social_picture import draw  # takes a second to import

    return draw(shown)


def _kept_picture(shown: Preview) -> bytes | None:
    content = _kept.get(_key(shown))
    why = _why_no_picture(content) if content is not None else ""
    if why:
        _kept.refuse(_key(shown), why)
    return None if why else content


def _key(shown: Preview) -> str:
    return f"{shown!r} {_programs()}"


@cache
def _programs() -> tuple[str, ...]:
    """What draws pictures, in its present state."""
    libraries = ("matplotlib", "pillow", "ziamath")
    sources = [(TOOLS / name).read_text("utf-8") for name in ("social.py", "social_picture.py")]
    return *map(importlib.metadata.version, libraries), *sources


def _why_no_picture(content: bytes) -> str:
    """Why bytes are no picture, or "" if they are one."""
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            picture.verify()  # to load it is not enough: what is cut off counts as black
    except Exception as error:  # a damaged file may break its reader in any way
        return f"it cannot be read: {error}"
    return ""


def main(site: str) -> None:
    """Draw the pictures of a site.

    Args:
        site: the folder that the build wrote.
    """
    sizes = [file.stat().st_size / 1024 for file in pictures(Path(site), navigation())]
    print(f"{site}: {len(sizes)} social pictures, at most {max(sizes):.0f} KiB each")


if __name__ == "__main__":
    main(*sys.argv[1:])

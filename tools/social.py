"""The social pictures: what is shown elsewhere when somebody shares a link to a page of the site.

A picture has what the page itself has: its part, its title and its first equation. Run it on the
folder that a build wrote: `python -m tools.social site`.
"""

import hashlib
import html
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.check import nav_pages, navigation, page_of, picture_of

TOOLS = Path(__file__).parent
STYLE = TOOLS.parent / "docs" / "assets" / "site.css"
KEPT = Path(".cache") / "social"
"""Where pictures are kept from build to build; `make clean` empties it."""

META = re.compile(r'<meta property="([\w:]+)" content="([^"]*)">')
CARD = re.compile(r'<section class="card".*?</section>', re.DOTALL)
EQUATION = re.compile(r'<div class="card-equation">(<math.*?</math>)', re.DOTALL)


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


def pictures(site: Path, nav: list) -> Iterator[Path]:
    """Draw the picture of every page of a built site.

    Args:
        site: the folder that the build wrote.
        nav: the navigation as `mkdocs.yml` gives it.

    Yields:
        The pictures' files.

    Raises:
        FileNotFoundError: if a page has not been built.
        ValueError: if a page does not say where its picture is to stand.
    """
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
        file = site / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_kept(preview(text, nav)))
        yield file


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


def _kept(shown: Preview) -> bytes:
    """A picture from disk, if the same programs have drawn the same before."""
    programs = [importlib.metadata.version(name) for name in ("matplotlib", "pillow", "ziamath")]
    programs += [(TOOLS / name).read_text("utf-8") for name in ("social.py", "social_picture.py")]
    key = hashlib.sha256(repr((shown, programs)).encode()).hexdigest()
    file = KEPT / f"{key}.png"
    if not file.exists():
        from tools.social_picture import draw  # takes a second to import

        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(draw(shown))
    return file.read_bytes()


def main(site: str) -> None:
    """Draw the pictures of a site.

    Args:
        site: the folder that the build wrote.
    """
    sizes = [file.stat().st_size / 1024 for file in pictures(Path(site), navigation())]
    print(f"{site}: {len(sizes)} social pictures, at most {max(sizes):.0f} KiB each")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Which pages the site has, and where they are."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.utils.yaml import yaml_load

PICTURE = re.compile(r'<meta property="og:image" content="[^"]*?(assets/social/[^"]+)"')
RECORD = re.compile(r"<!-- ran: [^>]*? -->")
NOTEBOOK = re.compile(r'<a class="notebook[^"]*" href="([^"]+)"')


def navigation() -> list:
    """The navigation of this project's site.

    Returns:
        `nav` as `mkdocs.yml` gives it; an empty list if it gives none.
    """
    with Path("mkdocs.yml").open(encoding="utf-8") as file:  # its name is in errors of YAML
        found = yaml_load(file)
    return (isinstance(found, dict) and found.get("nav")) or []


def nav_pages(nav: Any) -> Iterator[str]:
    """The source files that a navigation names, in order.

    Args:
        nav: a list, mapping or string of `mkdocs.yml`'s `nav`.

    Yields:
        Paths below `docs/`; addresses of other sites are left out.
    """
    if isinstance(nav, str):
        if not urlsplit(nav).scheme:
            yield nav
    elif isinstance(nav, dict | list):
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from nav_pages(part)


def page_of(source: str) -> Path:
    """Where the page of a source file is in the site.

    Args:
        source: path below `docs/`, such as `lecture/gru.md`.

    Returns:
        Path below the site, such as `lecture/gru/index.html`.
    """
    path = Path(source).with_suffix("")
    return (path.parent if path.name in ("index", "README") else path) / "index.html"


def picture_of(page: str) -> Path | None:
    """Where the social picture of a page is in the site.

    Args:
        page: HTML.

    Returns:
        Path below the site, such as `assets/social/lecture/gru.png`; None if the page names none.
    """
    found = PICTURE.search(page)
    return Path(found[1]) if found else None


def notebook_of(page: str) -> str | None:
    """Where the notebook of a page is.

    Args:
        page: HTML.

    Returns:
        The name of a file beside the page, such as `gru.zip`; None if the page offers none.
    """
    found = NOTEBOOK.search(page)
    return found[1] if found else None


def records_of(page: str) -> list[str]:
    """The records of blocks that ran which a page holds.

    Args:
        page: HTML.

    Returns:
        HTML comments, in the page's order.
    """
    return RECORD.findall(page)

"""What the tests of the pages share: the pages' sources and the fences in them."""

import re
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from tools.check import page_of

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
ADDRESSES = [page_of(str(page.relative_to(DOCS))).parent.as_posix() for page in PAGES]

# A fence inside a folded part is indented as that part is.
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<code>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)


class Fence(NamedTuple):
    page: Path
    language: str
    options: dict[str, str]
    code: str


def fences(page: Path) -> list[Fence]:
    return fences_in(page.read_text("utf-8"), page)


def fences_in(text: str, page: Path) -> list[Fence]:
    found = []
    for match in FENCE.finditer(text):
        language, _, rest = match["info"].partition(" ")
        options = dict(re.findall(r'(\S+?)="([^"]*)"', rest))
        found.append(Fence(page, language, options, dedent(match["code"])))
    return found


def name(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()

"""What the tests of the pages share: the pages' sources and the fences in them."""

from pathlib import Path

from lecture_code.publish.blocks.fences import Fence
from lecture_code.publish.blocks.fences import fences as fences_in
from tools.check import page_of

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
ADDRESSES = [page_of(str(page.relative_to(DOCS))).parent.as_posix() for page in PAGES]


def fences(page: Path) -> list[Fence]:
    return fences_in(page.read_text("utf-8"))


def without_fences(text: str) -> str:
    """A page's source with an empty line for each line of its fences."""
    lines = text.split("\n")
    for fence in fences_in(text):
        lines[fence.line - 1 : fence.end] = [""] * (fence.end - fence.line + 1)
    return "\n".join(lines)


def name(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()

"""Links in the HTML that blocks print, for both programs that build the site.

Such a link is written as the page needs it: `../../reference/` on `lecture/gru/`. MkDocs leaves it
alone. Zensical takes every link for one that begins at the source file, `lecture/gru.md`, and adds
the step from the page to that file's folder. So for Zensical that step is taken away first.
"""

import re
from pathlib import PurePosixPath
from typing import Any

from markdown import Markdown
from markdown.postprocessors import Postprocessor

_LINK = re.compile(r'(?P<before><[a-z][^<>]*?\s(?:href|src)=")(?P<path>[^"#?:/][^":]*)(?=")')
_SOURCE = re.compile(r"\.md(?:#|$)")


def from_source(text: str, source: str) -> str:
    """Rewrite the relative links of raw HTML so that they begin at the source file's folder.

    Args:
        text: HTML with links that begin at the page.
        source: the page's source, below `docs/`.

    Returns:
        The same HTML. Links to other sources begin at the source already, and stay.
    """
    stem = PurePosixPath(source).stem
    if stem == "index":
        return text

    def moved(found: re.Match) -> str:
        path = found["path"]
        if _SOURCE.search(path):
            return found[0]
        below = path.removeprefix("../") or "./" if path.startswith("../") else f"{stem}/{path}"
        return found["before"] + below

    return _LINK.sub(moved, text)


class RawLinksPostprocessor(Postprocessor):
    """Rewrites a page's raw HTML before it is put back, if Zensical builds the site."""

    def __init__(self, md: Markdown) -> None:
        """Begin with nothing rewritten.

        Args:
            md: the converter whose raw HTML it is.
        """
        super().__init__(md)
        self._written: list[object] = []

    def run(self, text: str) -> str:
        """Rewrite what is kept aside and was not rewritten yet: headings ask for it one by one.

        Args:
            text: the page, or a heading, without its raw HTML.

        Returns:
            The same text.
        """
        # markdown-exec converts what blocks print by converters of their own, inside this one.
        if "rendering_context" in self.md.preprocessors and not hasattr(self.md, "_original_md"):
            context: Any = self.md.preprocessors["rendering_context"]  # that of Zensical
            source = context.page.path
            blocks = self.md.htmlStash.rawHtmlBlocks
            written = self._written[: len(blocks)] + [None] * (len(blocks) - len(self._written))
            for place, (block, before) in enumerate(zip(blocks, written, strict=True)):
                if block is not before and isinstance(block, str):
                    blocks[place] = from_source(block, source)
            self._written = list(blocks)
        return text

"""Mathematics in prose: `$...$` and `$$...$$` become MathML while the site is built."""

import html
import logging
import re
from collections.abc import Callable
from pathlib import Path

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markupsafe import Markup

from lecture_code.equations.limits import EquationSizeError
from lecture_code.equations.mathml import LatexError, to_mathml
from lecture_code.publish.blocks.conversion import failure_box
from lecture_code.publish.raw_links import RawLinksPostprocessor

PACKAGE = Path(__file__).parents[1]

_log = logging.getLogger("mkdocs.lecture_code")

# pymdownx.arithmatex finds the mathematics in the text; with `generic: true` it leaves these.
_ARITHMATEX = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">'
    r"(?:\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\])</(?P=tag)>",
    re.DOTALL,
)


def render(text: str, place: Callable[[str], str] = lambda latex: "") -> str:
    """Turn the mathematics that arithmatex has marked in a page into MathML.

    Args:
        text: HTML with arithmatex's `span` and `div` elements.
        place: tells where a formula's LaTeX is written, for a message about it.

    Returns:
        HTML with `math` elements in their place. Display mathematics can be scrolled sideways.
        Where a formula is invalid there is a box that says so, and a warning is logged.
    """

    def replace(found: re.Match) -> str:
        try:
            return _to_mathml(found)
        except (LatexError, EquationSizeError) as error:
            latex = html.unescape(found["inline"] or found["display"])
            says = f"{place(latex)}{error}"
            _log.warning("%s", says)
            return failure_box(says)

    return _ARITHMATEX.sub(replace, text)


def _to_mathml(found: re.Match) -> Markup:
    if found["inline"] is not None:
        return to_mathml(html.unescape(found["inline"]))
    mathml = to_mathml(html.unescape(found["display"]).strip(), display=True)
    return Markup('<div class="equation" role="group" aria-label="Equation">{}</div>').format(
        mathml
    )


class _MathMLPostprocessor(Postprocessor):
    def run(self, text: str) -> str:
        return render(text, self._place)

    def _place(self, latex: str) -> str:
        """The file and line of a formula: of a page, of a block that printed it, or of a module."""
        # Markdown may have changed the space within it.
        words = re.compile(r"\s+".join(map(re.escape, latex.split())))
        page = getattr(getattr(self.md, "_original_md", self.md), "lecture_page", None)
        if page is None:
            return _place_in_package(words)
        if found := words.search(page.text):
            return f"docs/{page.name}, line {_line(found)}: "
        for block, output in zip(page.blocks, page.result.outputs, strict=False):
            if words.search(output):
                return f"docs/{page.name}, line {block.line}: "
        return f"docs/{page.name}: "


def _place_in_package(words: re.Pattern) -> str:
    """Where a docstring of the package holds a formula, or "" if none does."""
    for file in sorted(PACKAGE.rglob("[!.]*.py")):
        if found := words.search(file.read_text("utf-8")):
            return f"{file.relative_to(PACKAGE.parent).as_posix()}, line {_line(found)}: "
    return ""


def _line(found: re.Match) -> int:
    return found.string.count("\n", 0, found.start()) + 1


class MathematicsExtension(Extension):
    """Python-Markdown extension; `pymdownx.arithmatex` with `generic: true` must be on as well."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the postprocessors: this one after the one that puts raw HTML back.

        Args:
            md: the converter to extend.
        """
        md.postprocessors.register(_MathMLPostprocessor(md), "mathml", 0)
        md.postprocessors.register(RawLinksPostprocessor(md), "raw_links", 40)

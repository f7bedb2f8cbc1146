"""Mathematics in prose: `$...$` and `$$...$$` become MathML while the site is built."""

import html
import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

from lecture_code.equations import to_mathml

# pymdownx.arithmatex finds the mathematics in the text; with `generic: true` it leaves these.
_ARITHMATEX = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">'
    r"(?:\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\])</(?P=tag)>",
    re.DOTALL,
)


def render(text: str) -> str:
    """Turn the mathematics that arithmatex has marked in a page into MathML.

    Args:
        text: HTML with arithmatex's `span` and `div` elements.

    Returns:
        HTML with `math` elements in their place. Display mathematics can be scrolled sideways.
    """
    return _ARITHMATEX.sub(_to_mathml, text)


def _to_mathml(found: re.Match) -> str:
    if found["inline"] is not None:
        return to_mathml(html.unescape(found["inline"]))
    mathml = to_mathml(html.unescape(found["display"]).strip(), display=True)
    return f'<div class="equation" role="group" aria-label="Equation">{mathml}</div>'


class _MathMLPostprocessor(Postprocessor):
    def run(self, text: str) -> str:
        return render(text)


class MathematicsExtension(Extension):
    """Python-Markdown extension; `pymdownx.arithmatex` with `generic: true` must be on as well."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the postprocessor, after the one that puts raw HTML back.

        Args:
            md: the converter to extend.
        """
        md.postprocessors.register(_MathMLPostprocessor(md), "mathml", 0)

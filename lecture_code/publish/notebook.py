"""What a page prints, shown in a notebook: cards, figures and tables, with the style they need."""

import re
from pathlib import Path

from markupsafe import Markup

from lecture_code.support.extras import needs_extra

STYLE = Path(__file__).with_suffix(".css")
"""Made from the site's style sheets by `python -m tools.notebook_style`."""

MOVING = re.compile(r"<lecture-(\w+)>.*?</lecture-\1>", re.DOTALL)
SITES_OWN = re.compile(r"<link [^>]*>|<script [^>]*src=[^>]*></script>")
RELATIVE_LINK = re.compile(r'<a href="(?!https?:)[^"]*">(.*?)</a>', re.DOTALL)
MOVES = "<p><small>On the page this figure can be moved; here are its steps.</small></p>"


def show(*parts: str) -> None:
    """Show in a notebook what `print` puts on a page.

    Args:
        *parts: HTML from `lecture_code.publish`.
    """
    with needs_extra():
        from IPython.display import HTML, display  # here, because a page does not need it

    display(HTML(standing_alone("".join(parts))))


def standing_alone(text: str) -> Markup:
    """Make HTML of a page fit for a place without the site's styles, scripts and other pages.

    Args:
        text: HTML from `lecture_code.publish`.

    Returns:
        HTML with its style. A stepper is its plain figure; links into the site are their words.
    """
    text = MOVING.sub(MOVES, SITES_OWN.sub("", text))
    text = RELATIVE_LINK.sub(r"\1", text)
    # With every output, since some programs keep each of them in a frame of its own.
    style = STYLE.read_text("utf-8")
    return Markup('<div class="lecture"><style>{}</style>{}</div>').format(
        Markup(style), Markup(text)
    )

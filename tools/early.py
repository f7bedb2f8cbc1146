"""What can be done for a page as soon as it is finished, while others are not."""

from tools import social
from tools.check.file import look_at_all


def prepare(path: str, text: str, nav: list) -> None:
    """Draw a page's picture and look at the page; all that comes of it is kept, and found later.

    Args:
        path: where the page is below the site.
        text: its HTML.
        nav: the navigation as `mkdocs.yml` gives it.
    """
    social.keep_picture(text, nav)
    look_at_all({path: text.encode()})

"""Leave a stub where a page was in an earlier version: it leads on to where the page is now."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from markupsafe import Markup

from tools.check import page_of
from tools.refused import RefusedError

TITLE = re.compile(r"<h1\b[^<>]*>(.*?)(?:<a class=\"headerlink\"|</h1>)", re.DOTALL)
STUB = Markup("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>This page has moved</title>
<meta name="robots" content="noindex">
<script>location.replace("{target}" + location.search + location.hash);</script>
<meta http-equiv="refresh" content="0; url={target}">
</head>
<body>
<h1>This page has moved</h1>
<p>You find it under a new address: <a href="{target}">{title}</a></p>
</body>
</html>
""")


class StubError(RefusedError):
    """A page cannot leave a stub at its old address."""


def stubs(site: Path, moved: Mapping[str, str]) -> Iterator[Path]:
    """Write the stubs of a site.

    Args:
        site: the folder that the build wrote.
        moved: the old source of each page that has moved, and its new one, below `docs/`.

    Yields:
        Each stub that was written.

    Raises:
        StubError: if there is still a page at the old address, or none at the new one.
    """
    for old, new in moved.items():
        place, page = page_of(old), page_of(new)
        if (site / place).exists():
            raise StubError(f"docs/{old}: has moved to docs/{new}, but is still a page as well")
        if not (site / page).is_file():
            raise StubError(f"docs/{old}: has moved to docs/{new}, which is no page of the site")
        target = posixpath.relpath(page.parent.as_posix(), place.parent.as_posix()) + "/"
        title = TITLE.search((site / page).read_text("utf-8"))
        words = Markup(title[1]).striptags() if title else target
        (site / place).parent.mkdir(parents=True, exist_ok=True)
        (site / place).write_text(STUB.format(target=target, title=words), "utf-8")
        yield site / place

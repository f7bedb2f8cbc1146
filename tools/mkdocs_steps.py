"""What keeps both processors busy while MkDocs renders: its order, and what begins meanwhile.

Pages without blocks are rendered before those that have to wait. The large imports that blocks need
take three seconds on one processor. In that time the other one renders the reference, which takes
as long as all other pages. The site's own order is not changed: the search index and the site map
are written in the order that MkDocs has found the pages in.

When all blocks have run, MkDocs fills in its templates for two seconds. In that time the other
processor draws the pictures of the pages that are finished, makes their notebooks, and looks these
over.
"""

from collections.abc import Callable
from typing import Any

from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from lecture_code.publish.blocks.fences import executed_blocks


class Steps(BasePlugin):
    """What MkDocs calls at its steps; `tools.build` adds it, and nobody else.

    Args:
        finished: called with the path below `docs/` and the HTML of each page that is finished.
    """

    def __init__(self, finished: Callable[[str, str], object]) -> None:
        self._finished = finished

    @event_priority(-100)
    def on_files(self, files: Files, **more: Any) -> None:
        """Put what has to wait for blocks at the end, before anything is rendered.

        Args:
            files: all files of the site; their order changes.
            **more: not used.
        """
        self._found = list(files)
        _order(files, sorted(self._found, key=_waits))

    @event_priority(-100)
    def on_env(self, env: Any, files: Files, **more: Any) -> None:
        """Put the files back in order, before anything is written.

        Args:
            env: not used.
            files: all files of the site.
            **more: not used.
        """
        order = {file.src_uri: place for place, file in enumerate(self._found)}
        _order(files, sorted(files, key=lambda file: order.get(file.src_uri, len(order))))

    @event_priority(-100)
    def on_post_page(self, output: str, page: Page, **more: Any) -> None:
        """Hand on a page before it is written.

        Args:
            output: the page.
            page: what it is.
            **more: not used.
        """
        self._finished(page.file.src_uri, output)


def _waits(file: File) -> bool:
    """Whether a file is a page with blocks; what MkDocs leaves out may not even be readable."""
    is_page = file.is_documentation_page() and not file.inclusion.is_excluded()
    return is_page and bool(executed_blocks(file.content_string))


def _order(files: Files, wanted: list[File]) -> None:
    for file in wanted:
        files.remove(file)
        files.append(file)

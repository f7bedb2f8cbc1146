"""What can be done for a page as soon as it is finished, while others are not."""

import contextlib
import tempfile
from collections.abc import Iterable
from concurrent.futures import Future, wait
from pathlib import Path
from threading import Thread

from tools import notebooks, social
from tools.check import page_of
from tools.check.file import look_at_all


def prepare(source: str, text: str, nav: list) -> None:
    """Draw a page's picture, make its notebook and look at the page.

    All that comes of it is kept, and found later.

    Args:
        source: the page's path below `docs/`.
        text: its HTML.
        nav: the navigation as `mkdocs.yml` gives it.
    """
    social.keep_picture(text, nav)
    with contextlib.suppress(notebooks.NotebookError):  # told when all notebooks are written
        notebooks.keep_notebook(source, text)
    look_at_all({page_of(source).as_posix(): text.encode()})


def prepare_wheel(running: Iterable[Future]) -> Thread:
    """Build the package's wheel, which is kept, when all blocks have run.

    Then one processor has little to do until the first pages are finished.

    Args:
        running: what will be the results of the blocks.

    Returns:
        What does so. It is a daemon, so that it holds back nothing that ends the program.
    """
    running = list(running)

    def build() -> None:
        wait(running)
        # What is raised here is raised again, and told, when the notebooks are written.
        with contextlib.suppress(Exception), tempfile.TemporaryDirectory() as folder:
            results = [future.result() for future in running]
            if any(one.ran for one in results) and not any(one.failure for one in results):
                notebooks.wheel(Path(folder))

    thread = Thread(target=build, daemon=True)
    thread.start()
    return thread

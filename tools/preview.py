"""Show the site while it is edited: `make serve`.

What `mkdocs serve` does, but an edit renders what it changed and no more. What is in the browser
comes first; other pages that the edit changed follow, and let a new edit pass. Whatever is wrong
on a page is said on the page, and the next save mends it.
"""

import contextlib
import logging
import os
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, wait
from pathlib import Path
from urllib.parse import urlsplit

import click
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer, _serve_url
from rich.console import Console
from rich.logging import RichHandler

from lecture_code.publish.blocks.conversion import SERVED, runner
from lecture_code.publish.blocks.problems import sources
from tools.check import page_of

ROOT = Path(__file__).parents[1]
DOCS, PACKAGE, OVERRIDES = ROOT / "docs", ROOT / "lecture_code", ROOT / "overrides"
CONFIGURATION = ROOT / "mkdocs.yml"

REFERENCE = "\n::: lecture_code"
"""What a page of the reference has in its source."""

PAUSE = 1.0
"""How long nothing is saved before pages that nobody looks at are rendered, in seconds."""

_log = logging.getLogger("mkdocs.preview")


class Server(LiveReloadServer):
    """MkDocs' server, which also knows what is being looked at.

    Attributes:
        looked_at: the path of the page that a browser asked for last.
    """

    looked_at: str = ""

    def _serve_request(self, environ: dict, start_response: object) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"]
        if path.endswith("/") and not path.startswith("/livereload/"):
            self.looked_at = path
        return super()._serve_request(environ, start_response)

    def show(self) -> None:
        """Let browsers load what has been written so far."""
        with self._epoch_cond:
            self._visible_epoch = self._wanted_epoch
            self._epoch_cond.notify_all()

    def is_edited(self) -> bool:
        """Whether something was saved since the last rebuild began."""
        with self._rebuild_cond:
            return self._want_rebuild


class Preview:
    """The site in a folder of its own, kept up to date.

    Args:
        address: host and port.
        folder: an empty folder for the site.
    """

    def __init__(self, address: str, folder: str) -> None:
        self._folder = folder
        self._address = address
        self._runner = runner()
        self._stale: set[str] = set()
        self._looked = 0.0
        self._url = ""
        config = self._config()
        config.plugins.on_startup(command="serve", dirty=True)
        host, port = config.dev_addr
        path = urlsplit(config.site_url or "/").path
        self._url = config.site_url = _serve_url(host, port, path)
        self.server = Server(self.rebuild, host, port, folder, mount_path=path)
        self.server.error_handler = self._error_page
        self._everything(config)
        for watched in (DOCS, PACKAGE, OVERRIDES, CONFIGURATION):
            self.server.watch(str(watched))
        config.plugins.on_serve(self.server, config=config, builder=self.rebuild)

    def rebuild(self) -> None:
        """Render what has changed since the last time: first what is looked at."""
        start = time.perf_counter()
        since, self._looked = self._looked, time.time()
        self._runner.forget()
        try:
            if max(_saved(CONFIGURATION), _saved(OVERRIDES)) >= since:
                self._everything(self._config())
                return
            pages = sources(DOCS)
            edited = {page for page in pages if _saved(DOCS / page) >= since}
            self._stale |= edited | self._changed(pages, since)
            self._stale &= set(pages)
            looked_at = {page for page in pages if _address(page) == self.server.looked_at}
            first = self._stale & (edited | looked_at)
            self._render(first)
            self.server.show()
            shown = ", ".join(sorted(first)) or "no page"
            _log.info("%s rendered in %.1f s", shown, time.perf_counter() - start)
            self._render_others()
        except (Exception, SystemExit) as error:
            _log.error("%s: %s; save again when it is mended", type(error).__name__, error)

    def _everything(self, config: MkDocsConfig) -> None:
        self._looked = time.time()
        build(config, serve_url=self._url)
        self._stale = set()

    def _changed(self, pages: dict[str, str], since: float) -> set[str]:
        """The pages that an edit elsewhere has changed."""
        code, failed = _saved(PACKAGE) >= since, self._runner.failed
        return {
            page
            for page, text in pages.items()
            if (code and (REFERENCE in text or page in failed))
            or (page not in failed and not self._runner.is_kept(page, text))
        }

    def _render(self, pages: set[str]) -> None:
        """Render some pages; MkDocs renders those that are older than their sources."""
        for page in pages:
            with contextlib.suppress(FileNotFoundError):
                os.utime(Path(self._folder, page_of(page)), (0, 0))
        build(self._config(), serve_url=self._url, dirty=True)
        self._stale -= pages

    def _render_others(self) -> None:
        """Run and render what nobody looks at, one by one, until there is a new edit."""
        futures = self._runner.start(sorted(self._stale))
        begin = time.monotonic() + PAUSE
        while self._stale and not self.server.is_edited():
            wait(futures.values(), timeout=0.1, return_when=FIRST_COMPLETED)
            time.sleep(0.05)
            ready = sorted(page for page in self._stale if futures[page].done())
            if ready and time.monotonic() >= begin:
                self._render({ready[0]})

    def _config(self) -> MkDocsConfig:
        config = load_config(
            str(CONFIGURATION), site_dir=self._folder, dev_addr=self._address, strict=False
        )
        config.site_url = self._url or config.site_url
        return config

    def _error_page(self, code: int) -> bytes | None:
        page = Path(self._folder, f"{code}.html")
        return page.read_bytes() if page.is_file() else None


def _address(page: str) -> str:
    """Where a page is served."""
    return f"/{page_of(page).parent.as_posix()}/".replace("/./", "/")


def _saved(path: Path) -> float:
    """When a file, or the last of a folder's files, was saved."""
    files = [path] if path.is_file() else path.rglob("*")
    return max((_time(file) for file in files if "__pycache__" not in file.parts), default=0.0)


def _time(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # what an editor puts beside the file that is open in it
        return 0.0


@click.command(help=__doc__)
@click.option("--address", default="127.0.0.1:8000", help="Host and port.")
def main(address: str) -> None:
    """Serve from the command line, until Ctrl-C."""
    handler = RichHandler(
        console=Console(stderr=True, soft_wrap=True), show_time=False, show_path=False
    )
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[handler])
    # It warns of every build that renders less than everything, and that is what this is for.
    logging.getLogger("mkdocs.commands.build").addFilter(lambda one: "'dirty'" not in one.msg)
    os.environ[SERVED] = "1"
    with tempfile.TemporaryDirectory(prefix="preview-") as folder:
        preview = Preview(address, folder)
        try:
            preview.server.serve()
        except KeyboardInterrupt:
            _log.info("stopped")
        finally:
            preview.server.shutdown()


if __name__ == "__main__":
    # Material for MkDocs prints a page about MkDocs 2 when it is loaded; mkdocs<2 is pinned.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    main()

"""Settings for all tests, and the site that is built once for those in a browser."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading

import pytest
import torch
from hypothesis import settings
from pages import ROOT
from playwright.sync_api import Error, sync_playwright

torch.set_num_threads(1)

settings.register_profile("repeatable", derandomize=True, deadline=None)
# Other examples in every run: pytest --hypothesis-profile=search
settings.register_profile("search", derandomize=False, deadline=None)
settings.load_profile("repeatable")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: install it, or name it in the variable CHROMIUM"
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder of a site that was built just now."""
    if os.environ.get("SITE"):
        from pathlib import Path
        return Path(os.environ["SITE"])
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def site(built):
    """The address of that site."""
    handler = functools.partial(Quiet, directory=str(built))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Error as error:
            pytest.fail(f"{CHROMIUM} does not start: {error}")
        yield started
        started.close()

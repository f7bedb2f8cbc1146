"""Settings for all tests, and the built site in a browser for those that look at it there."""

import os
import subprocess
import sys

import pytest
import torch
from hypothesis import settings
from pages import ROOT
from playwright.sync_api import Error, sync_playwright

import tools.browser
from tools.serve import serve

# One thread, and the same random examples in every run.
torch.set_num_threads(1)
settings.register_profile("repeatable", derandomize=True, deadline=None)
# Other examples in every run: pytest --hypothesis-profile=search
settings.register_profile("search", derandomize=False, deadline=None)
settings.load_profile("repeatable")


def leave_out(reason: str) -> None:
    """Skip a test for lack of a program; where everything must be tested (CI), let it fail."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium."""
    try:
        return tools.browser.chromium()
    except FileNotFoundError as error:
        leave_out(str(error))


@pytest.fixture(scope="session")
def browser(chromium):
    """Chromium, running. While it runs, no other Playwright and no asyncio may in this process."""
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=chromium, args=tools.browser.FLAGS)
        except Error as error:
            pytest.fail(f"{chromium} does not start: {error}")
        yield started
        started.close()


@pytest.fixture(scope="session")
def built(chromium, tmp_path_factory):
    """The folder of a site that was built just now, once for all tests, if there is a browser."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def site(built):
    """The address of that site, served as a good host does."""
    with serve(built) as address:
        yield address

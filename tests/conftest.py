"""Settings for all tests, what is made once for all processes, and the site in a browser."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import PathFinder
from pathlib import Path

import pytest
import torch
from filelock import FileLock
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


def needs(package: str, target: str) -> None:
    """Leave out a test for lack of a package that a target of the Makefile installs."""
    if not importlib.util.find_spec(package):
        leave_out(f"{package} is not installed: make {target}")


def missing(error: BaseException | None) -> str:
    """What the lecture says of a package that is not installed, if an error comes of that."""
    while error is not None:
        if isinstance(error, ImportError) and " is missing: " in str(error):
            return "" if PathFinder.find_spec(error.name) else str(error)
        error = error.__cause__ or error.__context__
    return ""


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Leave out a file of tests that cannot be imported for lack of a package."""
    report = yield
    if report.failed and not os.environ.get("CI"):
        if reason := missing(report.call.excinfo.value):
            report.outcome, report.longrepr = "skipped", (str(collector.path), 1, reason)
    return report


def leave_out_what_is_missing(item):
    """Leave out a test that cannot be run for lack of a package."""
    try:
        return (yield)
    except Exception as error:
        if reason := missing(error):
            leave_out(reason)
        raise


pytest_runtest_setup = pytest.hookimpl(wrapper=True)(leave_out_what_is_missing)
pytest_runtest_call = pytest.hookimpl(wrapper=True)(leave_out_what_is_missing)


MARKERS = {"chromium": "browser", "ran": "notebooks"}
"""A test that needs one of these fixtures need not say what it is."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark the tests by the fixtures that they need."""
    for item in items:
        for fixture in MARKERS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKERS[fixture])


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Make a folder in the first process that needs it, for all that test at once."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent

    def once(name: str, make: Callable[[Path], object]) -> Path:
        folder, made = place / name, place / f"{name}.made"
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place / f"{name}.lock"):
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                made.touch()
        return folder

    return once


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
def built(chromium, once):
    """The folder of a site that was built just now, once for all tests, if there is a browser."""

    def build(folder):
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
        subprocess.run(command, cwd=ROOT, check=True)

    return once("site", build)


@pytest.fixture(scope="session")
def site(built):
    """The address of that site, served as a good host does."""
    with serve(built) as address:
        yield address

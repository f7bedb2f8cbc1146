"""Chromium, in which the tests, the audit and the README's picture look at the site."""

import os
import shutil

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""What it is started with: no sandbox, since builds run as root, and no request of its own."""


def chromium() -> str:
    """Find Chromium.

    Returns:
        Its path: what the variable CHROMIUM names, or the first of the usual names.

    Raises:
        FileNotFoundError: if there is none.
    """
    usual = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    found = os.environ.get("CHROMIUM") or next(filter(None, usual), None)
    if found is None:
        raise FileNotFoundError("no Chromium: install it, or name it in the variable CHROMIUM")
    return found

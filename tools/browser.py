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
    named = os.environ.get("CHROMIUM")
    names = (named,) if named else ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        where = f"CHROMIUM names {named}, which is no program" if named else "no Chromium"
        remedy = "install it (Debian: apt install chromium), or name it in the variable CHROMIUM"
        raise FileNotFoundError(f"{where}: {remedy}")
    return found

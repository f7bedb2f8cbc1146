"""Put a finished site in the place of the published one: all of it, or nothing."""

import ctypes
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from filelock import FileLock, Timeout

from tools.refused import RefusedError

ROOT = Path(__file__).parents[1]

_HERE, _EXCHANGE = -100, 2
"""`AT_FDCWD` and `RENAME_EXCHANGE` of Linux."""


class PlaceError(RefusedError):
    """A site cannot be published where it was asked for."""


@contextmanager
def alone(site: Path) -> Iterator[None]:
    """Be the only process that builds a site; a second one waits.

    Whatever ends the first, the operating system lets its lock go, and the next one puts right what
    it left.

    Args:
        site: where the site is to stand.

    Raises:
        PlaceError: if no site can be put there, or something else stands there.
    """
    site = site.resolve()
    check_place(site)
    with _locked(site):
        recover(site)
        yield


@contextmanager
def staged(site: Path) -> Iterator[Path]:
    """Make a site in a folder beside its place, and publish it if nothing is raised meanwhile.

    Args:
        site: where the site is to stand, `alone`. What stands there stays as it is until the end.

    Yields:
        An empty folder to make the site in.
    """
    site = site.resolve()
    new, old = _beside(site, "new"), _beside(site, "old")
    new.mkdir()
    try:
        yield new
        # From here on Ctrl-C is too late: it would be said that nothing was published.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        exchange(new, site)
    finally:
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)


def check_place(site: Path) -> None:
    """Refuse a place that no site can be put in, or that holds something else.

    Args:
        site: where the site is to stand, as an absolute path.

    Raises:
        PlaceError: with the reason.
    """
    if ROOT.is_relative_to(site):
        raise PlaceError(
            f"{site}: expected a folder for the site alone, but the project lies in it"
        )
    if not site.parent.is_dir():
        raise PlaceError(f"{site}: there is no folder {site.parent}")
    if not os.access(site.parent, os.W_OK):
        raise PlaceError(f"{site}: {site.parent} cannot be written to")
    if not site.exists():
        return
    if not site.is_dir():
        raise PlaceError(f"{site}: expected a folder, found a file")
    if os.path.ismount(site) or str(site) in _mounts():
        raise PlaceError(
            f"{site} is mounted, so a finished site cannot take its place in one step; build "
            "into a folder below it, or copy a finished site there"
        )
    parts = ("index.html", "404.html", "assets", "search")
    if any(site.iterdir()) and not any((site / part).exists() for part in parts):
        raise PlaceError(
            f"{site} holds something that is no site; name another folder, or empty it"
        )


def recover(site: Path) -> None:
    """Put right what a build left that was killed.

    Args:
        site: where the site stands, or stood before that build moved it aside.
    """
    new, old = _beside(site, "new"), _beside(site, "old")
    if old.exists() and not site.exists():
        old.rename(site)
    for folder in (new, old):
        if folder.exists():
            shutil.rmtree(folder)


def exchange(new: Path, site: Path) -> None:
    """Let a folder take the place of another.

    On Linux this is one step: whoever looks sees the one or the other. Elsewhere there is a moment
    without a site; a process that is killed in it leaves the work to `recover`.

    Args:
        new: the finished site; afterwards, if there was an old one, perhaps that one.
        site: its place.
    """
    if not site.exists():
        new.rename(site)
    elif not _exchange_at_once(new, site):
        site.rename(_beside(site, "old"))
        new.rename(site)


def _exchange_at_once(new: Path, site: Path) -> bool:
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    return rename is not None and not rename(
        _HERE, os.fsencode(new), _HERE, os.fsencode(site), _EXCHANGE
    )


def _mounts() -> list[str]:
    """Where something is mounted, as Linux tells it: a folder of the same disk, for example."""
    try:
        lines = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    places = (line.split(" ")[4] for line in lines)
    return [re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), place) for place in places]


@contextmanager
def _locked(site: Path) -> Iterator[None]:
    lock = FileLock(_beside(site, "lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        click.echo(f"Another build of {site} is at work; waiting for it.", err=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _beside(site: Path, what: str) -> Path:
    return site.with_name(f".{site.name}.{what}")

"""Whether a published site is still what a build would write.

A build remembers everything that it was made from, and each file that it published. While none of
that has changed, there is nothing to build. If any of it changes while the site is made, part of
the site may be older than the rest, and it is not published.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from lecture_code.publish.blocks.dependencies import ROOT, project_files, stamp
from lecture_code.support.store import CACHE, Store

ENVIRONMENT = ("SITE_URL", "SOURCE_DATE_EPOCH")
FROM_THE_ENVIRONMENT = re.compile(r"!ENV\s+(?:\[([^\]]*)\]|(\S+))")
"""Where a configuration takes a value from the environment: a name, or a list with names."""

PASSING = "mkdocs.zensical.yml"
"""A build by Zensical writes this file and removes it."""

_kept = Store(CACHE / "sites", "what a site was made from")


class Made(NamedTuple):
    """Everything that a site is made from, at one moment.

    Attributes:
        about: the generator, Python, the installed packages and the environment.
        files: the hash of each of the project's files, by its path below `ROOT`.
        stamps: what the file system says of each; it changes even where the content does not.
    """

    about: str
    files: dict[str, str]
    stamps: dict[str, tuple]

    @property
    def digest(self) -> str:
        """All but the stamps in one word."""
        return hashlib.sha256(repr((self.about, sorted(self.files.items()))).encode()).hexdigest()

    def edited(self, now: "Made") -> list[str]:
        """The files that were saved, added or removed since.

        Args:
            now: what `made_from` gives now.

        Returns:
            Paths below `ROOT`.
        """
        paths = sorted({*self.stamps, *now.stamps})
        return [path for path in paths if self.stamps.get(path) != now.stamps.get(path)]


def made_from(generator: str) -> Made:
    """Everything that a site is made from.

    Args:
        generator: `mkdocs` or `zensical`.

    Returns:
        Sources, installed packages, Python and environment.
    """
    installed = sorted(
        f"{found.name} {found.version}" for found in importlib.metadata.distributions()
    )
    environment = {name: os.environ.get(name) for name in (*ENVIRONMENT, *_asked_for())}
    about = (generator, platform.python_version(), platform.platform(), installed, environment)
    files, stamps = {}, {}
    for path in project_files():
        name = path.relative_to(ROOT).as_posix()
        try:
            status, digest = path.stat(), _hash(path)
        except FileNotFoundError:  # an editor's own file, that is gone again
            continue
        if name != PASSING:
            stamps[name] = stamp(status)
            files[name] = digest
    return Made(repr(about), files, stamps)


def is_up_to_date(site: Path, made: Made) -> bool:
    """Whether a site is, byte for byte, what was published when it was made from the same.

    Args:
        site: where it stands.
        made: what `made_from` gives now.

    Returns:
        False where a file was changed, is missing, or was added.
    """
    content = _kept.get(str(site.resolve()))
    if content is None or not site.is_dir():
        return False
    return json.loads(content) == {"made": made.digest, "files": files_of(site)}


def files_of(site: Path) -> dict[str, str]:
    """What a folder holds.

    Args:
        site: the folder.

    Returns:
        The hash of each file, by its path below it; none if there is no folder.
    """
    return {
        path.relative_to(site).as_posix(): _hash(path)
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def remember(site: Path, folder: Path, made: Made) -> None:
    """Remember what a site was made from.

    Args:
        site: where it will stand.
        folder: where it is. Should it never stand in its place, what is remembered fits nothing.
        made: what `made_from` gave before it was made.
    """
    record = {"made": made.digest, "files": files_of(folder)}
    _kept.put(str(site.resolve()), json.dumps(record).encode())


def date_of_the_sources() -> str:
    """When the sources were committed, so that one commit gives one site wherever it is built.

    Returns:
        Seconds since 1970; without a commit those of 1980, the earliest that an archive can name.
    """
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        found = ""
    return found if found.isdigit() else "315532800"


def _asked_for() -> list[str]:
    """The names that the configuration asks the environment for, and perhaps other words."""
    texts = [file.read_text("utf-8", "replace") for file in sorted(ROOT.glob("[!.]*.yml"))]
    found = [one for text in texts for one in FROM_THE_ENVIRONMENT.findall(text)]
    return sorted({word for one in found for word in re.findall(r"\w+", " ".join(one))})


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

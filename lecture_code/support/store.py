"""Bytes kept on disk under keys, from build to build; what was damaged is noticed, never used.

Everything that a build keeps goes through here: the output of pages, trained results, pictures.
A file begins with a checksum of its key and its content, and is written under another name first,
so that it is whole or not there. A folder that cannot be written costs time, not the build.
"""

import contextlib
import hashlib
import logging
import os
import tempfile
from pathlib import Path

PLACE = "LECTURE_CODE_CACHE"
"""The environment may name the folder of what is kept: so pages find that of the build."""

CACHE = Path(os.environ.get(PLACE, ".cache")).absolute()
"""What is kept, below the folder in which the site is built; `make clean` empties it."""

_log = logging.getLogger("mkdocs.lecture_code")
_unwritable: set[Path] = set()


class Store:
    """A folder of kept results.

    Args:
        folder: where they are; it is made when something is kept.
        what: what one of them is, in words for messages, such as "a picture".
    """

    def __init__(self, folder: Path, what: str) -> None:
        self.folder = folder
        self.what = what

    def get(self, key: str) -> bytes | None:
        """Look something up.

        Args:
            key: what it was kept under.

        Returns:
            Its bytes, or None if there is nothing, or only something damaged; that is said.
        """
        file = self._file(key)
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.info("%s in %s cannot be read and is made again: %s", self.what, file, error)
            return None
        head, _, value = content.partition(b"\n")
        if head == _checksum(key, value):
            return value
        self.refuse(key, "its checksum is wrong")
        return None

    def put(self, key: str, value: bytes) -> None:
        """Keep something.

        Args:
            key: what to keep it under; what was there before is replaced.
            value: its bytes.
        """
        file = self._file(key)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            try:
                with open(handle, "wb") as new:
                    new.write(_checksum(key, value) + b"\n" + value)
                os.replace(name, file)
            except BaseException:
                os.unlink(name)
                raise
        except OSError as error:
            if self.folder not in _unwritable:
                _unwritable.add(self.folder)
                _log.info("nothing is kept in %s, so it will be made again: %s", self.folder, error)

    def refuse(self, key: str, why: str) -> None:
        """Say that something kept is damaged, and remove it.

        Args:
            key: what it was kept under.
            why: what is wrong with it.
        """
        file = self._file(key)
        _log.info("%s in %s is damaged (%s) and is made again", self.what, file, why)
        with contextlib.suppress(OSError):
            file.unlink()

    def _file(self, key: str) -> Path:
        return self.folder / hashlib.sha256(key.encode()).hexdigest()[:40]


def _checksum(key: str, value: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + value).hexdigest().encode()

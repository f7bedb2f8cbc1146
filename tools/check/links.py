"""Where links lead: within the site, to other hosts, or nowhere."""

import posixpath
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tools.check.facts import Facts

HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]+")
OWN_MACHINE = re.compile(
    r"localhost|.*\.local(?:host)?|127\..*|0\.0\.0\.0|10\.\d+\..*|192\.168\..*|::1", re.IGNORECASE
)


class Target(NamedTuple):
    """Where an address leads.

    Attributes:
        file: path below the site; None if it is elsewhere.
        fragment: the id in it, or "".
        host: the other host, or "".
        problem: what is wrong with the address itself, or "".
    """

    file: str | None = None
    fragment: str = ""
    host: str = ""
    problem: str = ""


class Links:
    """All links of a site."""

    def __init__(self, files: dict[str, Facts], address: str = "") -> None:
        """Take the files whose links these are.

        Args:
            files: what was found in each file, by its path below the site.
            address: the site's own, with a slash at its end; "" if it is not known.
        """
        self.files = files
        self.address = address
        own = urlsplit(address)
        self._origin = (own.scheme, own.netloc.lower())
        self._base = own.path or "/"
        self._folders = {parent for path in files for parent in _parents(path)}
        self._places: dict[tuple[str, str], Target] = {}

    def target(self, path: str, address: str) -> Target:
        """Find where an address leads.

        Args:
            path: the file that has it, below the site.
            address: as the file has it.

        Returns:
            Its target; whether that exists is another question.
        """
        fragment_only = not address or address.startswith("#")
        folder = path if fragment_only else posixpath.dirname(path)
        key = folder, address
        if key not in self._places:
            self._places[key] = self._target(path, folder, address)
        return self._places[key]

    def problem(self, path: str, use: str, address: str) -> str | None:
        """Say what is wrong with a link.

        Args:
            path: the file that has it.
            use: what the address is used for; see `Facts.links`.
            address: as the file has it.

        Returns:
            A sentence, or None.
        """
        if use == "id":
            return self._missing_id(path, address)
        if use == "load" and not address:
            return "an element loads a file without saying which"
        target = self.target(path, address)
        if target.problem:
            return f"{_says(use, address)} {target.problem}"
        if target.host:
            return f"loads {address} from another host" if use in ("load", "picture") else None
        if target.file is None:
            return None
        return self._missing(use, address, target.file, target.fragment)

    def _target(self, path: str, folder: str, address: str) -> Target:
        if re.search(r"[\s<>\"{}|\\^`]", address) and not address.startswith("data:"):
            return Target(problem="has characters that no address may have")
        try:
            split = urlsplit(address)
            port = split.port
        except ValueError as error:
            return Target(problem=f"is no address: {error}")
        if split.scheme not in ("", "http", "https"):
            return Target(problem=_scheme(split.scheme, split.path))
        if split.netloc or split.scheme:
            if (split.scheme or self._origin[0], split.netloc.lower()) != self._origin:
                return _elsewhere(split.hostname or "", port)
            if not (split.path or "/").startswith(self._base):
                return Target(host=split.hostname or "")
        return self._inside(path, folder, split.path, unquote(split.fragment))

    def _inside(self, path: str, folder: str, below: str, fragment: str) -> Target:
        """Where a path leads that begins at the site, at its host or at the file's folder."""
        below = unquote(below)
        if not below:
            return Target(path, fragment)
        if below.startswith("/"):
            if not below.startswith(self._base):
                return Target(problem=f"leads out of the site, which begins at {self._base}")
            file = posixpath.normpath("./" + below.removeprefix(self._base))
        else:
            file = posixpath.normpath(posixpath.join(folder, below))
        if file.startswith(".."):
            return Target(problem="leads out of the site")
        if below.endswith(("/", "/.", "/..")) or below in (".", ".."):
            file = posixpath.normpath(f"{file}/index.html")
        return Target(file, fragment)

    def _missing(self, use: str, address: str, file: str, fragment: str) -> str | None:
        if file in self._folders:
            return f"{_says(use, address)} names a folder: expected a slash at its end"
        if file not in self.files:
            near = _near(file, self.files)
            return f"{_says(use, address)} leads nowhere: the site has no {file}{near}"
        facts = self.files[file]
        if not fragment or fragment == "top" or fragment.startswith(":~:"):
            return None
        if not file.endswith((".html", ".svg")) or fragment in facts.ids or fragment in facts.names:
            return None
        near = _near(fragment, facts.ids)
        return f"{_says(use, address)} leads nowhere: {file} has no id {fragment!r}{near}"

    def _missing_id(self, path: str, name: str) -> str | None:
        facts = self.files[path]
        if name in facts.ids or name in facts.names:
            return None
        return f"an element refers to the id {name!r}, which the page does not have" + _near(
            name, facts.ids
        )


def _says(use: str, address: str) -> str:
    address = address if len(address) <= 120 else f"{address[:120]}…"
    return f"the {'file' if use == 'load' else 'link'} {address!r}"


def _scheme(scheme: str, path: str) -> str:
    if scheme in ("mailto", "tel"):
        return "" if path else f"names nobody after {scheme}:"
    if scheme == "data":
        return ""
    if scheme == "javascript":
        return "" if path.startswith("void") else "is a script: expected an address"
    if scheme == "file" or len(scheme) == 1:
        return "leads to a file of one machine"
    return f"has the scheme {scheme!r}: expected http or https"


def _elsewhere(host: str, port: int | None) -> Target:
    if OWN_MACHINE.fullmatch(host):
        return Target(problem="leads to the reader's own machine or network")
    if not HOST.fullmatch(host) or port == 0:
        return Target(problem=f"names no host that can be: {host!r}")
    return Target(host=host)


def _near(name: str, names: Iterable[str]) -> str:
    found = get_close_matches(name, list(names), 1, 0.8)
    return f" (it has {found[0]!r})" if found else ""


def _parents(path: str) -> Iterable[str]:
    while path := posixpath.dirname(path):
        yield path

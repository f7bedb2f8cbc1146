"""What is found in one file: found once, then kept for as long as the file's bytes are the same."""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from tools.check import formats
from tools.check.facts import Facts
from tools.check.navigation import page_of
from tools.check.page import look_at_page, look_at_stub
from tools.check.style import look_at_script, look_at_style

if TYPE_CHECKING:
    from lecture_code.support.store import Store

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FONT = ROOT / "docs/assets/fonts/STIXTwoMath-subset.woff2"


def module_at(path: str) -> ModuleType:
    """A module of the package, by its file: to import the package takes longer than a whole check.

    Args:
        path: the module's file, below the project's folder. It imports nothing of the package.

    Returns:
        The module.
    """
    spec = spec_from_file_location(f"tools.check.{Path(path).stem}", ROOT / path)
    assert spec and spec.loader  # the file's name ends in .py
    module = module_from_spec(spec)
    # Where classes look for the module that they are defined in.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


store = module_at("lecture_code/support/store.py")
moved = module_at("lecture_code/publish/moved.py")
STORE: "Store" = store.Store(store.CACHE / "check", "what was found in a file")
SHARED_FROM = 2_000_000
"""Bytes from which it pays to start more processes."""

LOOKS = {
    "page": lambda content: look_at_page(content.decode()),
    "page of its own": lambda content: look_at_page(content.decode(), standing_alone=True),
    "stub": lambda content: look_at_stub(content.decode()),
    "style": lambda content: look_at_style(content.decode()),
    "script": lambda content: _own_script(content.decode()),
    "theme script": lambda content: look_at_script(content.decode()),
    "text": lambda content: content.decode() and Facts(),
    "drawing": formats.drawing,
    "picture": formats.picture,
    "social picture": formats.social_picture,
    "font": formats.font,
    "notebook": formats.notebook,
    "archive": formats.archive,
    "wheel": formats.wheel,
    "json": formats.data,
    "search index": formats.search_index,
    "site map": formats.site_map,
    "packed site map": formats.packed_site_map,
    "inventory": formats.inventory,
}
NAMED = {
    "404.html": "page of its own",
    "search.json": "search index",
    "search/search_index.json": "search index",
    "sitemap.xml": "site map",
    "sitemap.xml.gz": "packed site map",
    "objects.inv": "inventory",
}
NAMED |= {page_of(old).as_posix(): "stub" for old in moved.PAGES}
KINDS = dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".avif"), "picture")
KINDS |= dict.fromkeys((".woff2", ".woff", ".ttf", ".otf"), "font")
KINDS |= dict.fromkeys((".js", ".mjs"), "script") | dict.fromkeys((".json", ".map"), "json")
KINDS |= dict.fromkeys((".txt", ".csv", ".xml", "LICENSE"), "text")
KINDS |= {".html": "page", ".css": "style", ".svg": "drawing", ".whl": "wheel"}
KINDS |= {".ipynb": "notebook", ".zip": "archive"}


@cache
def kind_of(path: str) -> str | None:
    """What a file has to be.

    Args:
        path: below the site.

    Returns:
        A key of `LOOKS`; None if files of this name are not known.
    """
    if path in NAMED:
        return NAMED[path]
    if path.startswith("assets/social/") and path.endswith(".png"):
        return "social picture"
    if path.startswith("assets/javascripts/") and path.endswith(".js"):
        return "theme script"
    file = Path(path)
    return KINDS.get(file.suffix.lower() or file.name)


def look(kind: str, content: bytes) -> Facts:
    """Find what is to be known of a file.

    Args:
        kind: what it has to be, a key of `LOOKS`.
        content: its bytes.

    Returns:
        Its facts. They depend on the arguments alone.
    """
    if not content:
        return Facts([f"is empty: expected a {kind}"])
    try:
        return LOOKS[kind](content)
    except formats.UnreadableError as error:
        return Facts([str(error)])
    except UnicodeDecodeError as error:
        return Facts([f"is not UTF-8: {error}"])
    except ImportError:  # what is missing is no fault of the file
        raise
    except Exception as error:  # a damaged file may break its reader in any way
        return Facts([f"cannot be read as a {kind}: {type(error).__name__}: {error}"])


def look_at_all(
    files: dict[str, bytes], workers: Executor | None = None, kept_in: "Store" = STORE
) -> dict[str, Facts]:
    """Find what is to be known of each file of a site.

    Args:
        files: the files' bytes, by their paths below the site.
        workers: processes that share the work, if there is much of it.
        kept_in: where it is kept what was found.

    Returns:
        Their facts, by the same paths.
    """
    found, new = {}, {}
    for path, content in files.items():
        kind = kind_of(path)
        if kind is None:
            found[path] = Facts(["is a file of no known kind"])
            continue
        key = f"{kind} {hashlib.sha256(content).hexdigest()} {_version()}"
        kept = kept_in.get(key)
        if kept is None:
            new[path] = key, kind, content
        else:
            found[path] = Facts.from_bytes(kept)
    work = [(kind, content) for _, kind, content in new.values()]
    for (path, (key, _, _)), facts in zip(new.items(), _looked(work, workers), strict=True):
        found[path] = facts
        kept_in.put(key, facts.to_bytes())
    return found


def _looked(work: list[tuple[str, bytes]], workers: Executor | None) -> Iterator[Facts]:
    """The facts of files of given kinds, in order."""
    if workers is None or sum(len(content) for _, content in work) < SHARED_FROM:
        return map(_look, work)
    return workers.map(_look, work, chunksize=4)


def _own_script(text: str) -> Facts:
    facts = look_at_script(text)
    if not text.endswith("\n"):
        facts.problems.append("is cut off: expected the end of a line at its end")
    return facts


def _look(one: tuple[str, bytes]) -> Facts:
    return look(*one)


@cache
def _version() -> str:
    """Changes with everything but its bytes that decides what is found in a file."""
    return _hash([*sorted(HERE.glob("[!.]*.py")), HERE.parent / "font.py", FONT])


def _hash(files: Iterable[Path]) -> str:
    made = hashlib.sha256(sys.version.encode())
    for file in files:
        made.update(hashlib.sha256(file.read_bytes()).digest())
    return made.hexdigest()[:16]

"""Where the files of a site come from: is each what the build meant, and which line made an id?"""

import re
from collections.abc import Iterator
from html import unescape
from importlib.util import find_spec
from pathlib import Path

from markdown.extensions.toc import slugify

from tools.check.file import ROOT, kind_of

GENERATED = {"assets/_mkdocstrings.css"}
GENERATED_KINDS = {
    "page",
    "page of its own",
    "stub",
    "social picture",
    "notebook",
    "archive",
    "wheel",
    "search index",
    "site map",
    "packed site map",
    "inventory",
}
HEADING = re.compile(r"#{1,6} +(.*?)(?: +#+)? *(?:\{[^{}]*\})? *$")


def copied(docs: Path, zensical: bool) -> dict[str, Path]:
    """The files that a build copies as they are.

    Args:
        docs: the folder of the sources.
        zensical: whether Zensical has built the site, and not MkDocs.

    Returns:
        Their sources, by their paths below the site.
    """
    theme = _package("zensical" if zensical else "material") / "templates"
    found = {}
    for folder, below in ((theme, "assets"), (ROOT / "overrides", ""), (docs, "")):
        for file in sorted((folder / below).rglob("*")):
            path = file.relative_to(folder)
            hidden = any(part.startswith((".", "__")) for part in path.parts)
            if file.is_file() and file.suffix not in (".md", ".html") and not hidden:
                found[path.as_posix()] = file
    return found


def problems_of_copies(
    files: dict[str, bytes], docs: Path, zensical: bool
) -> Iterator[tuple[str, str]]:
    """Find the files that are not what the build meant.

    Args:
        files: the bytes of the site's files, by their paths below it.
        docs: the folder of the sources.
        zensical: whether Zensical has built the site, and not MkDocs.

    Yields:
        A path and a sentence for each problem.
    """
    sources = copied(docs, zensical)
    for path, source in sources.items():
        if path not in files:
            yield path, f"is missing: expected a copy of {_named(source)}"
        elif files[path] and files[path] != source.read_bytes():
            yield path, f"is not the same as its source {_named(source)}"
    for path in files.keys() - sources.keys() - GENERATED:
        kind = kind_of(path)
        if kind and kind not in GENERATED_KINDS:
            yield path, f"comes from nowhere: neither docs/ nor the theme has this {kind}"


def made_at(docs: Path, source: str, name: str) -> list[str]:
    """Find the lines of a page's source that make an id.

    Args:
        docs: the folder of the sources.
        source: the page's path below it.
        name: the id.

    Returns:
        Places such as `docs/lecture/gru.md:12`.
    """
    given = re.compile(rf"""\{{[^{{}}]*#{re.escape(name)}[\s}}]|\bid=["']{re.escape(name)}["']""")
    lines = (docs / source).read_text("utf-8").splitlines()
    return [
        f"{_named(docs / source)}:{number}"
        for number, line in enumerate(lines, 1)
        if given.search(unescape(line)) or _slug(line) == name
    ]


def _slug(line: str) -> str | None:
    heading = HEADING.match(line.strip())
    return slugify(re.sub(r"<[^>]*>|[`*]", "", heading[1]), "-") if heading else None


def _package(name: str) -> Path:
    """The folder of an installed package; it is not imported, which would take long."""
    spec = find_spec(name)
    assert spec and spec.submodule_search_locations  # it is installed, and is a folder
    return Path(spec.submodule_search_locations[0])


def _named(file: Path) -> str:
    """A file's path below the project, or below the folder where packages are installed."""
    parts = file.parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    if file.is_relative_to(ROOT):
        return file.relative_to(ROOT).as_posix()
    if "docs" in parts:
        return "/".join(parts[parts.index("docs") :])
    return file.name

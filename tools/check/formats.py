"""What is found in the files that are no pages: does each open, and is it whole?

Modules that are slow to import are imported where they are needed: nothing of this runs for a file
that was looked at before.
"""

import base64
import csv
import gzip
import hashlib
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from tools.check.facts import Facts
from tools.check.style import addresses, look_at_style

SOCIAL_SIZE = (1200, 630)
"""Width and height of a social picture; other sites cut another one."""

SITE_MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TARGET = re.compile(r"\]\((https?://[^()\s]+)\)")
SVG_LINKS = ("href", "{http://www.w3.org/1999/xlink}href")


class UnreadableError(ValueError):
    """A file is not what it has to be; the message, after the file's name, says why."""


def picture(content: bytes, size: tuple[int, int] | None = None) -> Facts:
    """Open a picture, down to its last row.

    Args:
        content: the file.
        size: the width and height that it has to have; any if None.

    Returns:
        What is wrong with it.
    """
    from PIL import Image

    with _reading("cannot be opened as a picture"):
        with Image.open(io.BytesIO(content)) as opened:
            for frame in range(getattr(opened, "n_frames", 1)):
                opened.seek(frame)
                opened.load()
            found = opened.size
    if size and found != size:
        return Facts([f"is {found[0]} × {found[1]} pixels, expected {size[0]} × {size[1]}"])
    return Facts()


def social_picture(content: bytes) -> Facts:
    """Open a social picture.

    Args:
        content: the file.

    Returns:
        What is wrong with it, its size included.
    """
    return picture(content, SOCIAL_SIZE)


def drawing(content: bytes) -> Facts:
    """Read an SVG.

    Args:
        content: the file.

    Returns:
        Its ids and links, and whether it is XML.
    """
    with _reading("cannot be read as XML"):
        root = ET.fromstring(content)
    facts = Facts()
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        facts.problems.append(f"begins with <{root.tag}>, expected <svg>")
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag == "style":
            facts.add(look_at_style(element.text or ""))
        for name, value in element.attrib.items():
            if name == "id":
                facts.ids[value] += 1
            elif name in SVG_LINKS:
                facts.link("link" if tag == "a" else "load", value.strip())
            else:
                for address in addresses(value):
                    facts.link("load", address)
    return facts


def font(content: bytes) -> Facts:
    """Open a font.

    Args:
        content: the file.

    Returns:
        What is wrong with it.
    """
    from fontTools.ttLib import TTFont

    with _reading("cannot be opened as a font"):
        opened = TTFont(io.BytesIO(content))
        characters = opened.getBestCmap()
        for table in opened.keys():
            opened[table]
    return Facts([] if characters else ["is a font without characters"])


def notebook(content: bytes) -> Facts:
    """Read a notebook.

    Args:
        content: the file.

    Returns:
        Its links, and whether it is a valid notebook with cells.
    """
    import nbformat

    with _reading("is no valid notebook"):
        made = nbformat.reads(content.decode(), as_version=4)
        nbformat.validate(made)
    facts = Facts([] if made.cells else ["is a notebook without cells"])
    for cell in made.cells:
        for address in TARGET.findall(cell.source) if cell.cell_type == "markdown" else ():
            facts.link("link", address)
    return facts


def archive(content: bytes) -> Facts:
    """Open an archive with a notebook and the package.

    Args:
        content: the file.

    Returns:
        What is wrong with it and with what it holds.
    """
    members = _members(content)
    facts = Facts()
    suffixes = sorted(name.rpartition(".")[2] for name in members)
    if suffixes != ["ipynb", "whl"]:
        facts.problems.append(f"holds {', '.join(members)}: expected a notebook and a wheel")
    for name, member in members.items():
        if name.endswith((".ipynb", ".whl")):
            try:
                inside = notebook(member) if name.endswith(".ipynb") else wheel(member)
            except UnreadableError as error:
                inside = Facts([str(error)])
            facts.problems += [f"{name} in it {problem}" for problem in inside.problems]
            facts.add(Facts(links=inside.links))
    return facts


def wheel(content: bytes) -> Facts:
    """Open a wheel and compare its files with its own list of hashes.

    Args:
        content: the file.

    Returns:
        What is wrong with it.
    """
    members = _members(content)
    records = [name for name in members if name.endswith(".dist-info/RECORD")]
    if len(records) != 1:
        return Facts([f"has {len(records)} times .dist-info/RECORD, expected 1"])
    facts = Facts()
    listed = {}
    for row in csv.reader(io.StringIO(members[records[0]].decode())):
        listed[row[0]] = row[1]
    for name in sorted(members.keys() - listed.keys()):
        facts.problems.append(f"{name} in it is not in its RECORD")
    for name, expected in listed.items():
        if name not in members:
            facts.problems.append(f"{name} is in its RECORD and not in it")
        elif name != records[0] and _recorded(members[name]) != expected:
            facts.problems.append(f"{name} in it is not what its RECORD says")
    return facts


def data(content: bytes) -> Facts:
    """Read JSON.

    Args:
        content: the file.

    Returns:
        What is wrong with it.
    """
    _json(content)
    return Facts()


def search_index(content: bytes) -> Facts:
    """Read the search's index, of either generator.

    Args:
        content: the file.

    Returns:
        The places that it leads to, as links.
    """
    read = _json(content)
    entries = (read.get("docs") or read.get("items")) if isinstance(read, dict) else None
    if not entries:
        return Facts(["the search index has no entries: expected some for every page"])
    facts = Facts()
    for entry in entries:
        facts.link("link", entry["location"] or ".")
        if not entry.get("title") and not entry.get("text"):
            facts.problems.append(f"the entry of {entry['location']!r} has no words")
    return facts


def site_map(content: bytes) -> Facts:
    """Read the site map.

    Args:
        content: the file.

    Returns:
        The addresses in it, as links.
    """
    with _reading("cannot be read as XML"):
        root = ET.fromstring(content)
    if root.tag != f"{SITE_MAP}urlset":
        return Facts([f"begins with <{root.tag}>, expected <urlset>"])
    facts = Facts()
    for place in root.iter(f"{SITE_MAP}loc"):
        facts.link("link", (place.text or "").strip())
    return facts


def packed_site_map(content: bytes) -> Facts:
    """Read the packed site map.

    Args:
        content: the file.

    Returns:
        The addresses in it, as links.
    """
    with _reading("cannot be unpacked"):
        unpacked = gzip.decompress(content)
    return site_map(unpacked)


def inventory(content: bytes) -> Facts:
    """Read the list of the reference's objects, which other projects link to.

    Args:
        content: the file, in the format of Sphinx.

    Returns:
        The places that it names, as links.
    """
    *head, packed = content.split(b"\n", 4)
    if len(head) != 4 or not head[0].startswith(b"# Sphinx inventory version 2"):
        return Facts(["is no inventory of Sphinx, version 2"])
    with _reading("cannot be unpacked"):
        lines = zlib.decompress(packed).decode().splitlines()
    facts = Facts()
    for line in lines:
        found = re.match(r"(.+?) +\S+:\S+ +-?\d+ +(\S*) +.*$", line)
        if found:
            name, place = found.groups()
            facts.link("link", place[:-1] + name if place.endswith("$") else place)
        else:
            facts.problems.append(f"a line of the inventory cannot be read: {line!r}")
    return facts


@contextmanager
def _reading(what: str) -> Iterator[None]:
    """What goes wrong while a file is read says that it is damaged: readers break in any way."""
    try:
        yield
    except ImportError:  # what is missing is no fault of the file
        raise
    except Exception as error:
        raise UnreadableError(f"{what}: {_one_line(error)}") from error


def _members(content: bytes) -> dict[str, bytes]:
    """What a zip file holds."""
    with _reading("cannot be unpacked"), zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _recorded(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return "sha256=" + digest.rstrip(b"=").decode()


def _json(content: bytes) -> object:
    with _reading("cannot be read as JSON"):
        return json.loads(content)


def _one_line(error: Exception) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    return said if len(said) <= 160 else f"{said[:160]}…"

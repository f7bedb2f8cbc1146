"""Whether the files of a site fit together."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import NamedTuple

from tools.check.facts import Facts
from tools.check.file import ROOT, kind_of, look_at_all, module_at
from tools.check.links import Links
from tools.check.navigation import nav_pages, page_of, records_of
from tools.check.sources import made_at, problems_of_copies
from tools.check.weight import problems_of_weight

fences = module_at("lecture_code/publish/blocks/fences.py")

DOCS = ROOT / "docs"
FRONT_MATTER = re.compile(r"---\n(.*?)^---$", re.DOTALL | re.MULTILINE)
UNSEARCHED = re.compile(r"^search:\s*\n\s+exclude: *true", re.MULTILINE)


class Problem(NamedTuple):
    """Something wrong with a file of a site.

    Attributes:
        file: the file's path below the site, or that of a page's source.
        says: what is wrong with it.
    """

    file: str
    says: str

    def __str__(self) -> str:
        """The problem as one line, with its file first."""
        return f"{self.file}: {self.says}"


class Report(NamedTuple):
    """What was found in a site.

    Attributes:
        problems: all of them, sorted.
        pages: how many pages the navigation has.
        internal: how many links lead to a place of the site.
        external: the addresses on other hosts, each with the files that have it.
    """

    problems: list[Problem]
    pages: int
    internal: int
    external: dict[str, list[str]]


class Site(NamedTuple):
    """A built site.

    Attributes:
        folder: where it is.
        docs: the folder of its sources.
        sources: the pages of its navigation, as paths below `docs`.
        files: the bytes of its files, by their paths below `folder`.
        facts: what was found in each.
        links: all its links.
    """

    folder: Path
    docs: Path
    sources: list[str]
    files: dict[str, bytes]
    facts: dict[str, Facts]
    links: Links

    @property
    def zensical(self) -> bool:
        """Whether Zensical has built it, and not MkDocs."""
        made_by = (facts.about.get("generator", "") for facts in self.facts.values())
        return any(name.startswith("zensical") for name in made_by)


def problems(site: Path, nav: list, docs: Path = DOCS) -> Iterator[str]:
    """Find what is wrong with a built site.

    Args:
        site: the folder that the build wrote.
        nav: the navigation as `mkdocs.yml` gives it.
        docs: the folder of the sources.

    Yields:
        A line for each problem, sorted: the file's path, and what is wrong.
    """
    yield from map(str, look_over(site, nav, docs).problems)


def look_over(site: Path, nav: list, docs: Path = DOCS, workers: Executor | None = None) -> Report:
    """Find what is wrong with a built site, and where its links lead.

    Args:
        site: the folder that the build wrote.
        nav: the navigation as `mkdocs.yml` gives it.
        docs: the folder of the sources.
        workers: processes that share the work.

    Returns:
        All of it.
    """
    paths = sorted(path for path in site.rglob("*") if path.is_file())
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in paths}
    facts = look_at_all(files, workers)
    links = Links(facts, _address(facts))
    whole = Site(site, docs, list(nav_pages(nav)), files, facts, links)
    found = {Problem(*problem) for problem in _all_problems(whole)}
    return Report(sorted(found, key=str), len(whole.sources), *_counted(whole))


def _all_problems(site: Site) -> Iterator[tuple[str, str]]:
    for path, facts in site.facts.items():
        for problem in facts.problems:
            yield path, problem
        yield from _links(site, path, facts)
        if kind_of(path) == "page":
            yield from _own_address(site, path, facts)
    yield from _nav(site)
    yield from _records(site)
    yield from _ids(site)
    yield from _search(site)
    yield from _site_map(site)
    yield from _required(site)
    yield from problems_of_copies(site.files, site.docs, site.zensical)
    yield from problems_of_weight(site.files)


def _links(site: Site, path: str, facts: Facts) -> Iterator[tuple[str, str]]:
    begins = _begins(path)
    for use, address, _ in _uses(facts):
        problem = site.links.problem(begins, use, address)
        if problem:
            yield path, _made_by_tool(site, path, use, address) or problem


def _begins(path: str) -> str:
    """The file from which a file's relative links begin: lists of places begin at the site."""
    lists = ("search index", "inventory", "site map", "packed site map")
    return "index.html" if kind_of(path) in lists else path


def _made_by_tool(site: Site, path: str, use: str, address: str) -> str | None:
    """Say which tool makes a missing file, if it is one of those that a tool makes."""
    file = site.links.target(path, address).file or ""
    if file in site.files:
        return None
    if use == "picture" and file.startswith("assets/social/"):
        return f"{file} is missing: run `python -m tools.social {site.folder}`"
    if use == "notebook":
        return f"{address} is missing: run `python -m tools.notebooks {site.folder}`"
    return None


def _own_address(site: Site, path: str, facts: Facts) -> Iterator[tuple[str, str]]:
    """Whether a page says of itself where it is."""
    expected = site.links.address + path.removesuffix("index.html")
    said = facts.links.get("self", ())
    for address in said:
        if address != expected and site.links.address:
            yield path, f"says that its address is {address}, expected {expected}"
    if site.links.address and not said:
        yield path, f"does not say its address, expected {expected}"


def _nav(site: Site) -> Iterator[tuple[str, str]]:
    for source in site.sources:
        facts = site.facts.get(page_of(source).as_posix())
        if facts is None:
            yield source, "the page is missing from the site"
        elif source.startswith("lecture/") and "notebook" not in facts.links:
            yield source, "the page has no link to its notebook"


def _records(site: Site) -> Iterator[tuple[str, str]]:
    """Whether each page has a record of each of its blocks, in order, and no others."""
    for source in site.sources:
        path, page = page_of(source).as_posix(), site.docs / source
        if path not in site.files or not page.is_file():
            continue
        blocks = fences.executed_blocks(page.read_text("utf-8-sig"))
        wanted = [f"<!-- ran: {source} {number} " for number in range(1, len(blocks) + 1)]
        found = records_of(site.files[path].decode("utf-8", "replace"))
        if [record.rpartition(" ")[0].rpartition(" ")[0] + " " for record in found] != wanted:
            yield path, f"expected records of {len(wanted)} blocks that ran, found {len(found)}"


def _ids(site: Site) -> Iterator[tuple[str, str]]:
    sources = {page_of(source).as_posix(): source for source in site.sources}
    for path, facts in site.facts.items():
        for name, times in facts.ids.items():
            if times == 1:
                continue
            source = sources.get(path)
            if source and not (site.docs / source).is_file():
                source = None
            places = made_at(site.docs, source, name) if source else []
            where = ", ".join(places) or "made by a block of code or by the theme"
            yield path, f"{times} elements have the id {name!r}, expected one ({where})"


def _search(site: Site) -> Iterator[tuple[str, str]]:
    name = "search.json" if site.zensical else "search/search_index.json"
    if name not in site.facts:
        yield name, "is missing: the search needs it"
        return
    if site.facts[name].problems:
        return
    known = _targets(site, name)
    for source in site.sources:
        if page_of(source).as_posix() not in known and not _unsearched(site.docs / source):
            yield name, f"has no entry for {page_of(source).as_posix()}"


def _unsearched(source: Path) -> bool:
    """Whether a page's front matter keeps it out of the search."""
    if not source.is_file():
        return False
    found = FRONT_MATTER.match(source.read_text("utf-8-sig"))
    return bool(found and UNSEARCHED.search(found[1]))


def _site_map(site: Site) -> Iterator[tuple[str, str]]:
    if "sitemap.xml" not in site.facts or site.facts["sitemap.xml"].problems:
        return
    known = _targets(site, "sitemap.xml")
    for source in site.sources if site.links.address else ():
        if page_of(source).as_posix() not in known:
            yield "sitemap.xml", f"does not name {page_of(source).as_posix()}"
    packed = site.facts.get("sitemap.xml.gz")
    if packed and not packed.problems and packed.links != site.facts["sitemap.xml"].links:
        yield "sitemap.xml.gz", "does not hold what sitemap.xml holds"


def _targets(site: Site, path: str) -> set[str | None]:
    """The files that a list of places names."""
    addresses = site.facts[path].links.get("link", ())
    return {site.links.target("index.html", address).file for address in addresses}


def _required(site: Site) -> Iterator[tuple[str, str]]:
    names = ["404.html", "sitemap.xml"]
    if not site.zensical:
        names.append("sitemap.xml.gz")
    if any(source.startswith("reference/") for source in site.sources):
        names.append("objects.inv")
    for name in names:
        if name not in site.files:
            yield name, "is missing: the build writes it"


def _address(facts: dict[str, Facts]) -> str:
    """The site's own address, from what most of its pages say of theirs; "" if they say none."""
    said: Counter[str] = Counter()
    for path, found in facts.items():
        below = path.removesuffix("index.html")
        address = found.about.get("canonical", "")
        if kind_of(path) == "page" and address.endswith("/" + below):
            said[address.removesuffix(below)] += 1
    return said.most_common(1)[0][0] if said else ""


def _counted(site: Site) -> tuple[int, dict[str, list[str]]]:
    internal = 0
    external: dict[str, list[str]] = {}
    for path, facts in site.facts.items():
        begins = _begins(path)
        for use, address, times in _uses(facts):
            if use == "id":
                continue
            if not site.links.target(begins, address).host:
                internal += times
            else:
                external.setdefault(address, []).append(path)
    return internal, dict(sorted(external.items()))


def _uses(facts: Facts) -> Iterable[tuple[str, str, int]]:
    for use, addresses in facts.links.items():
        for address, times in addresses.items():
            yield use, address, times

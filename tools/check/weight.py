"""How heavy a site may be: a limit for each kind of file, with its reason.

The limits are what the site weighed on 28 November 2026, built by MkDocs or by Zensical, whichever
was heavier, and 15 percent more. Whoever adds a page may raise one, beside its reason.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tools.check.file import kind_of

MB = 1_000_000


class Limit(NamedTuple):
    """What files of some kinds may weigh.

    Attributes:
        kinds: the kinds, as `kind_of` names them.
        most: bytes, all such files together, as they are on the disk of the host.
        why: what makes the weight.
    """

    kinds: tuple[str, ...]
    most: int
    why: str


LIMITS = {
    "pages": Limit(
        ("page", "page of its own", "stub"),
        int(14 * MB),
        "the reference shows the source of every module, colored: half of it",
    ),
    "notebooks": Limit(
        ("notebook", "archive"),
        int(14 * MB),
        "without SITE_URL each of the archives holds the wheel",
    ),
    "pictures": Limit(
        ("picture", "social picture", "drawing"),
        int(1.8 * MB),
        "a social card of at most 30 KiB a page, and the README's two pictures",
    ),
    "scripts": Limit(
        ("script", "theme script"),
        int(1.3 * MB),
        "the theme's search brings a word list for each of thirty languages",
    ),
    "maps of scripts": Limit(
        ("json",),
        int(1.5 * MB),
        "the theme ships them; a browser fetches them only for its developer tools",
    ),
    "search": Limit(
        ("search index",),
        int(1.35 * MB),
        "every word of every page, which a reader fetches whole at the first search",
    ),
    "package": Limit(("wheel",), int(0.5 * MB), "the wheel, which each archive holds again"),
    "styles": Limit(
        ("style",),
        int(0.41 * MB),
        "the theme's style sheets, of which Zensical has two sets, and ours",
    ),
    "fonts": Limit(
        ("font",),
        20_500,
        "a subset of the mathematics font, which every page fetches at once: the list of "
        "what the equations can say needs a quarter of it",
    ),
    "lists": Limit(
        ("text", "site map", "packed site map", "inventory"),
        40_000,
        "the site map with SITE_URL, the inventory for other projects' links, the font's licence",
    ),
}


def weights(files: Mapping[str, bytes]) -> dict[str, dict[str, int]]:
    """What the files of a site weigh.

    Args:
        files: their bytes, by their paths below the site.

    Returns:
        The bytes of each file by its path, by the name of the limit that holds for it.
    """
    limit_of = {kind: name for name, limit in LIMITS.items() for kind in limit.kinds}
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for path, content in files.items():
        if (kind := kind_of(path)) in limit_of:
            found[limit_of[kind]][path] = len(content)
    return dict(found)


def problems_of_weight(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Find the kinds of files that are too heavy together.

    Args:
        files: the bytes of the site's files, by their paths below it.

    Yields:
        For each such kind the path of the heaviest file, and a sentence.
    """
    for name, sizes in weights(files).items():
        limit, together = LIMITS[name], sum(sizes.values())
        if together > limit.most:
            heaviest = max(sizes, key=sizes.__getitem__)
            yield (
                heaviest,
                f"is the heaviest of the {name}, {together / MB:.2f} MB together: expected at most "
                f"{limit.most / MB:.2f} MB ({limit.why}; tools/check/weight.py has the limits)",
            )

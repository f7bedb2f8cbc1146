"""What was found in one file, in a form that can be kept."""

import json
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Facts:
    """What was found in one file.

    Attributes:
        problems: what is wrong with the file alone, a sentence each.
        links: how often each address is used, by what it is used for: `link` (a reader follows it),
            `load` (a browser fetches it), `id` (an element of the same page), `self` (the page's
            own address), `picture`, `notebook`.
        ids: how often the file gives each id.
        names: the anchors and maps that have a name in place of an id.
        about: what else the rest of the site has to fit: `canonical`, `generator`, `title`.
    """

    problems: list[str] = field(default_factory=list)
    links: dict[str, Counter[str]] = field(default_factory=dict)
    ids: Counter[str] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)

    def link(self, use: str, address: str) -> None:
        """Note an address.

        Args:
            use: what for; see `links`.
            address: as the file has it.
        """
        self.links.setdefault(use, Counter())[address] += 1

    def add(self, other: "Facts") -> None:
        """Take over the problems and links of a part of this file, such as a `style` element.

        Args:
            other: what was found in the part.
        """
        self.problems += other.problems
        for use, addresses in other.links.items():
            self.links.setdefault(use, Counter()).update(addresses)

    def to_bytes(self) -> bytes:
        """Returns: these facts as JSON."""
        return json.dumps(vars(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Facts":
        """Read what `to_bytes` wrote.

        Args:
            content: JSON.

        Returns:
            The facts.
        """
        read = json.loads(content)
        read["ids"] = Counter(read["ids"])
        read["links"] = {use: Counter(addresses) for use, addresses in read["links"].items()}
        return cls(**read)

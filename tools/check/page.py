"""What is found in a page."""

import json
import re
from html.parser import HTMLParser

from tools.check.facts import Facts
from tools.check.style import addresses, look_at_script, look_at_style
from tools.check.words import errors, leftovers, no_numbers

LEAST_TEXT = 200
"""Characters that a page says at least, in its main part."""

WHOLE = ("html", "head", "body", "main", "article")
"""The elements that hold a page together."""

VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()  # HTML's own list
)
FOREIGN = frozenset(("svg", "math"))
"""Elements in which a slash at the end of a tag closes what it opens."""

INLINE = frozenset(
    "a abbr b cite code del em i ins kbd label mark q s samp small span strong sub sup time u var"
    " wbr".split()
)
"""Elements that do not part the words before and after them."""

LOADING_LINKS = frozenset(
    "stylesheet icon preload preconnect dns-prefetch prefetch modulepreload manifest mask-icon"
    " apple-touch-icon".split()
)
REFERRING = frozenset(
    "aria-activedescendant aria-controls aria-describedby aria-details aria-errormessage"
    " aria-flowto aria-labelledby aria-owns for form headers list popovertarget".split()
)
"""Attributes that name ids of the same page."""

LEAF = re.compile(
    r"<(span|mi|mo|mn)"
    r"""(?: class="[a-z]{1,3}\d?"| mathvariant="normal"| (?:stretchy|lspace|rspace)="[^"]*")*>"""
    r"([^<>]*)</\1>"
)
"""Words of coloured code and symbols of mathematics: half of all elements, and all but their text
is of no interest here. Without them a page is read in half the time."""

USES = {"src": "load", "poster": "load", "background": "load", "manifest": "load"}
USES |= {"action": "link", "formaction": "link", "cite": "link", "longdesc": "link"}
REFRESH = re.compile(r"[\d.\s]*[;,]\s*(?:url\s*=\s*)?(.+)", re.IGNORECASE)
PICTURES = {"og:image", "og:image:url", "og:image:secure_url", "twitter:image"}

# What holds for the text inside an element, as bits.
HIDDEN, CODE, MEASURED, MAIN = 1, 2, 4, 8
INSIDE = dict.fromkeys(("script", "style", "template"), HIDDEN | CODE)
INSIDE |= {"code": CODE, "pre": CODE, "textarea": CODE, "article": MAIN}
BOUNDARY = ("\n", 0)


class _Parser(HTMLParser):
    """Collects a page's facts and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.facts = Facts()
        self.text: list[tuple[str, int]] = []
        self.opened = dict.fromkeys(WHOLE, 0)
        self.closed = dict.fromkeys(WHOLE, 0)
        self.titles: list[str] = []
        self.headings: list[str] = []
        self.said: dict[str, str] = {}
        self.bad: list[str] = []
        self._unexpected = ""
        self._stack: list[tuple[str, int]] = []
        self._bits = 0
        self._config = self._data = False
        self._heading = self._title = False

    def why_not_balanced(self) -> str:
        """The first thing that is wrong with the order of tags, or "".

        Returns:
            What is closed that was not open, or open and never closed.
        """
        never = f"<{self._stack[-1][0]}> is never closed" if self._stack else ""
        return self._unexpected or never

    def updatepos(self, i: int, j: int) -> int:
        """Leave the lines uncounted: nobody asks for them, and it takes a tenth of the time."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self._attributes(tag, attrs)
            if tag in ("br", "hr"):
                self.text.append(BOUNDARY)
            return
        bits = self._bits | INSIDE.get(tag, 0) | self._attributes(tag, attrs)
        self._stack.append((tag, self._bits))
        self._bits = bits
        if tag in self.opened:
            self.opened[tag] += 1
        if tag == "h1":
            self._heading = True
            self.headings.append("")
        elif tag == "title" and not any(name == "svg" for name, _ in self._stack):
            self._title = True
            self.titles.append("")
        elif tag in ("merror", "autoref"):
            self.bad.append(f"<{tag}>")
        if tag not in INLINE:
            self.text.append(BOUNDARY)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, attrs)
        if tag not in VOID and not any(name in FOREIGN for name, _ in self._stack):
            says = f"<{tag}/> is not closed by its slash: write <{tag}></{tag}>"
            self._unexpected = self._unexpected or says

    def handle_endtag(self, tag: str) -> None:
        if tag in self.closed:
            self.closed[tag] += 1
        elif tag == "h1":
            self._heading = False
        elif tag == "title":
            self._title = False
        if tag not in INLINE:
            self.text.append(BOUNDARY)
        if tag not in VOID and (not self._stack or self._stack[-1][0] != tag):
            expected = f"expected </{self._stack[-1][0]}>" if self._stack else "nothing is open"
            self._unexpected = self._unexpected or f"unexpected </{tag}>: {expected}"
        for place in range(len(self._stack) - 1, -1, -1):
            if self._stack[place][0] == tag:
                self._bits = self._stack[place][1]
                del self._stack[place:]
                break

    def handle_data(self, data: str) -> None:
        if self._bits & HIDDEN:
            self._hidden(self._stack[-1][0], data)
            return
        self.text.append((data, self._bits))
        if self._title:
            self.titles[-1] += data
        elif self._heading:
            self.headings[-1] += data

    def _hidden(self, tag: str, data: str) -> None:
        if tag == "style":
            self.facts.add(look_at_style(data))
        elif tag == "script" and self._data:
            self._script_data(data)
        elif tag == "script":
            self.facts.add(look_at_script(data))

    def _script_data(self, data: str) -> None:
        """Read what a script is given; the theme's says where the site and its search begin."""
        try:
            given = json.loads(data, parse_constant=_refuse)
            if self._config:
                self.facts.link("link", given["base"].rstrip("/") + "/")
                self.facts.link("load", given["search"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.facts.problems.append(f"the data of a script cannot be read: {error}")
        self._config = self._data = False

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> int:
        """Note what the attributes say, and return what holds inside the element."""
        bits = 0
        for name, value in attrs:
            if value is None:
                continue
            if name == "class":
                bits |= self._classes(value)
            elif name == "id":
                self.facts.ids[value] += 1
                self._config |= value == "__config"
            elif name in ("href", "xlink:href"):
                self._reference(tag, value.strip(), dict(attrs))
            elif name in USES:
                self.facts.link(USES[name], value.strip())
            elif name in REFERRING and (tag, name) != ("mo", "form"):
                for one in value.split():
                    self.facts.link("id", one)
            elif name in ("srcset", "imagesrcset"):
                self._candidates(value)
            elif name == "style" or "url(" in value:
                for address in addresses(value):
                    self.facts.link("load", address)
            elif name == "usemap":
                self.facts.link("id", value.removeprefix("#"))
            elif name == "type" and tag == "script":
                self._data = value.endswith("json")
            elif name == "name" and tag in ("a", "map"):
                self.facts.names.append(value)
            elif name == "data" and tag == "object":
                self.facts.link("load", value.strip())
        if tag == "meta":
            self._meta({name: value or "" for name, value in attrs})
        return bits

    def _classes(self, value: str) -> int:
        bits = 0
        for name in value.split():
            if name.startswith(("card", "evidence")) or name in ("number", "facts"):
                bits |= MEASURED
            elif name == "block-failed":
                self.bad.append('class="block-failed"')
        return bits

    def _reference(self, tag: str, address: str, attributes: dict[str, str | None]) -> None:
        if tag == "base":
            self.bad.append("<base>, which moves every link")
        elif tag == "link":
            rel = set((attributes.get("rel") or "").lower().split())
            if "canonical" in rel:
                self.facts.about["canonical"] = address
                self.facts.link("self", address)
            else:
                self.facts.link("load" if rel & LOADING_LINKS else "link", address)
        elif tag in ("a", "area"):
            classes = (attributes.get("class") or "").split()
            self.facts.link("notebook" if "notebook" in classes else "link", address)
        else:
            self.facts.link("load", address)

    def _candidates(self, value: str) -> None:
        """The addresses of a `srcset`; one in `data:` has commas of its own."""
        for candidate in re.findall(r"(?:data:\S+|[^\s,][^\s]*[^\s,]|[^\s,])(?=[\s,]|$)", value):
            if not re.fullmatch(r"[\d.]+[wx]", candidate):
                self.facts.link("load", candidate)

    def _meta(self, said: dict[str, str]) -> None:
        name, content = said.get("property") or said.get("name") or "", said.get("content", "")
        self.said.setdefault(name.lower(), content)
        if name in PICTURES:
            self.facts.link("picture", content)
        elif name == "og:url":
            self.facts.link("self", content)
        elif said.get("http-equiv", "").lower() == "refresh" and (to := REFRESH.match(content)):
            self.said["refresh"] = content
            self.facts.link("link", to[1].strip(" '\""))


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def look_at_page(text: str, standing_alone: bool = False) -> Facts:
    """Find what is to be known of a page.

    Args:
        text: HTML.
        standing_alone: whether it is no page of the notes, such as `404.html`: it needs no
            description, no social picture, and few words.

    Returns:
        Its facts.
    """
    # Only for a page: the font's module is slow to import.
    from tools.font import missing_characters

    parser = _Parser()
    parser.feed(LEAF.sub(r"\2", text))
    parser.close()
    facts = parser.facts
    facts.about["generator"] = parser.said.get("generator", "")
    why = parser.why_not_balanced()
    facts.problems += _whole(parser, text) or ([f"its HTML is not whole: {why}"] if why else [])
    facts.problems += _named(parser, standing_alone)
    facts.problems += _said(parser)
    facts.problems += [
        f"the mathematics font lacks {character!r} (U+{ord(character):04X}): run `make font`"
        for character in sorted(missing_characters(text))
    ]
    return facts


def look_at_stub(text: str) -> Facts:
    """Find what is to be known of the stub that a page has left at its old address.

    Args:
        text: HTML.

    Returns:
        Its facts: it has a title, and leads to another page by itself.
    """
    parser = _Parser()
    parser.feed(text)
    parser.close()
    why = parser.why_not_balanced()
    parser.facts.problems += [f"its HTML is not whole: {why}"] if why else []
    parser.facts.problems += _named(parser, standing_alone=True)
    if "refresh" not in parser.said:
        parser.facts.problems.append("leads nowhere by itself: expected http-equiv=refresh")
    return parser.facts


def is_printed(problem: str, output: str) -> bool:
    """Tell whether a problem of a page comes from what one of its blocks printed.

    Args:
        problem: what is wrong with the page.
        output: HTML, Markdown or text that the block printed.

    Returns:
        Whether the output alone has this problem too, or the address that leads nowhere.
    """
    parser = _Parser()
    parser.feed(LEAF.sub(r"\2", output))
    parser.close()
    own = [*parser.facts.problems, *_said(parser), *errors(output)]
    # The words around what was found may be others on the page.
    if problem.partition(": …")[0] in [one.partition(": …")[0] for one in own]:
        return True
    addresses = (address for uses in parser.facts.links.values() for address in uses)
    return any(f"{address!r} leads nowhere" in problem for address in addresses)


def why_not_balanced(output: str) -> str:
    """Tell why HTML would change the page around it.

    Args:
        output: HTML that a block printed.

    Returns:
        The first thing that is wrong, or "" if everything that it opens it also closes.
    """
    parser = _Parser()
    parser.feed(output)
    if parser.rawdata.startswith("<"):
        return f"what begins with {parser.rawdata[:40]!r} is never closed"
    parser.close()
    return parser.why_not_balanced()


def _whole(parser: _Parser, text: str) -> list[str]:
    wrong = []
    if not text.rstrip().endswith("</html>"):
        wrong.append("is cut off: expected </html> at its end")
    for tag in WHOLE:
        opened, closed = parser.opened[tag], parser.closed[tag]
        if not opened:
            wrong.append(f"has no <{tag}>")
        elif opened != closed or opened > 1:
            wrong.append(f"<{tag}> is opened {opened} times and closed {closed} times, expected 1")
    return wrong


def _named(parser: _Parser, standing_alone: bool) -> list[str]:
    wrong = []
    if not any(title.strip() for title in parser.titles):
        wrong.append("has no title: expected words in <title>")
    if len(parser.headings) != 1:
        titles = "".join(f" {' '.join(heading.split())!r}" for heading in parser.headings)
        wrong.append(f"has {len(parser.headings)} h1{titles}, expected one")
    if standing_alone:
        return wrong
    main = "".join(text for text, bits in parser.text if bits & MAIN)
    length = len(" ".join(main.split()))
    if length < LEAST_TEXT:
        wrong.append(f"says {length} characters in its main part, expected at least {LEAST_TEXT}")
    if not parser.said.get("description", "").strip():
        wrong.append("has no description: expected `description` in its source's front matter")
    if not parser.said.get("og:image", "").strip():
        wrong.append("names no social picture: expected og:image")
    return wrong


def _said(parser: _Parser) -> list[str]:
    wrong = [f"holds {bad}" for bad in dict.fromkeys(parser.bad)]
    wrong += errors("".join(text for text, _ in parser.text))
    wrong += leftovers("".join(text for text, bits in parser.text if not bits & CODE))
    measured = "".join(text for text, bits in parser.text if bits & MEASURED or text == "\n")
    return [*wrong, *no_numbers(measured)]

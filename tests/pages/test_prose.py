"""Numbers in prose: what was measured is printed by a block; what is typed says where it is from.

A number that is typed is right on the day on which it is typed. So decimals, percentages, powers of
ten and counts of tests or mistakes are printed by an executed block, or are on the list in
`prose_numbers.toml`, with the words around them and the reason why they may be typed.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pages import DOCS, PAGES, fences_in, name, without_fences

LIST = tomllib.loads(Path(__file__).with_name("prose_numbers.toml").read_text("utf-8"))
"""Pages, and for each of them the words with their numbers and the reason why they are typed."""

REASONS = ("input", "hand arithmetic: ", "quoted from the slide", "from the literature: ")
"""How a reason begins: nothing else may be typed."""

WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
    "hundreds thousand thousands million dozen dozens"
).split()
COUNT = rf"(?:\d[\d,]*|{'|'.join(WORDS)})"
NUMBER = re.compile(
    rf"""
    (?<![\w.])\d+(?:,\d{{3}})*\.\d++(?!\.\d)(?:e[-+]?\d+)?         # 0.25, 1,234.5, 2.5e-16
    | (?<![\w.])\d+e[-+]?\d+                                        # 1e-16
    | 10\s*\^ | 10[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]                                    # 10^{{-16}}, 10⁻¹⁶
    | \b[\w.,]+\s*(?:\\?%|‰) | \b[\w.,]+[\s-]per\s?cent\b           # 5%, five percent
    | \b{COUNT}(?:[\s-]\w+){{0,3}}\s(?:tests|mistakes|mutations|mutants|comparisons|checks)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).)*?(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(r"\[(?P<words>[^\[\]]*)\]\((?P<target>(?:[^()\s]|\([^()\s]*\))*)\)")
ATTRIBUTES = re.compile(r"\{:? *[.#][A-Za-z_][^{}\n]*\}")
TAG = re.compile(r"</?[a-z][^<>]*>")

SENTENCE = re.compile(r"(?:[^\W\d_]{2,}\W(?:.*?\W)?){4}[^\W\d_]{2,}", re.DOTALL)
"""What makes a string in a block prose and no label: five words."""


class Found(NamedTuple):
    number: str
    around: str
    span: tuple[int, int]


def linked(link: re.Match) -> str:
    """The words of a link, without those numbers that are its address: arXiv 1303.5778."""
    return NUMBER.sub(lambda one: "" if one[0] in link["target"] else one[0], link["words"])


def prose(text: str) -> str:
    """A page's words in one line: those of its Markdown, and the sentences in executed blocks."""
    said = " ".join(f"\n\n{sentence}" for sentence in sentences(text))
    text = FRONT_MATTER.sub("", without_fences(text))
    text = TAG.sub("", ATTRIBUTES.sub("", LINK.sub(linked, INLINE_CODE.sub("`…`", text))))
    return " ".join(f"{text} {said}".split())


def sentences(text: str) -> Iterator[str]:
    """What executed blocks have of text that is neither computed nor a docstring."""
    for fence in fences_in(text):
        if fence.options.get("exec") == "true":
            tree = ast.parse(fence.code)
            alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    if id(node) not in alone and SENTENCE.search(node.value):
                        yield node.value


def numbers(text: str) -> list[Found]:
    """The numbers of a page's prose that could have been measured."""
    words = prose(text)
    return [
        Found(one[0], words[max(one.start() - 60, 0) : one.end() + 40], one.span())
        for one in NUMBER.finditer(words)
    ]


def typed(text: str, allowed: dict[str, str]) -> list[str]:
    """The numbers of a page's prose that are not on the list."""
    words = prose(text)
    spans = [one.span() for part in allowed for one in re.finditer(re.escape(part), words)]
    return [
        f"{one.number}, in: … {one.around} …"
        for one in numbers(text)
        if not any(start <= one.span[0] and one.span[1] <= end for start, end in spans)
    ]


def idle(text: str, allowed: dict[str, str]) -> list[str]:
    """The entries of a page whose number or words its prose does not have."""
    found, words = [one.span for one in numbers(text)], prose(text)
    return [
        part
        for part in allowed
        if not any(
            one.start() <= start and end <= one.end()
            for one in re.finditer(re.escape(part), words)
            for start, end in found
        )
    ]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_was_measured_is_printed_and_not_typed(page):
    """Print it from an executed block; what may be typed goes into `prose_numbers.toml`."""
    assert not typed(page.read_text("utf-8"), LIST.get(name(page), {}))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_list_has_nothing_that_the_page_has_not(page):
    assert not idle(page.read_text("utf-8"), LIST.get(name(page), {}))


def test_the_list_has_no_page_that_there_is_not():
    assert set(LIST) <= set(map(name, PAGES))


@pytest.mark.parametrize("page", LIST)
def test_every_entry_says_why(page):
    for part, reason in LIST[page].items():
        assert reason.startswith(REASONS), part
        assert part == " ".join(part.split()), f"one line, single spaces: {part}"


INSERTED = [
    "The two differ by 0.25.",
    "They agree to $2.2 \\cdot 10^{-16}$.",
    "They agree to $10^{-16}$.",
    "They agree to 10⁻¹⁶.",
    "They agree to 1e-16.",
    "It is 12% faster.",
    "It is $12\\%$ faster.",
    "It is 12 percent faster.",
    "It is twelve percent faster.",
    "A share of 12 per cent.",
    "A table has 1,234.5 of them.",
    "More than two hundred tests hold it.",
    "It knows 31 mistakes.",
    "It knows thirty-one usual mistakes.",
    "It notices 1,234 mutations.",
    "[The page](gru.md) has 0.25.",
    "- in a list: 0.25",
    '??? tip "Hint"\n    It is about 0.73.',
    "| a | 0.25 |",
    "> 0.25",
    "### It is 0.25",
    "**0.25**",
    "<p>0.25</p>",
    '```python exec="true" session="gru"\nprint("the two differ by 0.25 at most")\n```',
    '```python exec="true" session="gru"\nprint(f"{n} steps later they differ by 0.25")\n```',
]


@pytest.mark.parametrize("sentence", INSERTED)
def test_a_number_that_somebody_types_into_a_page_is_found(sentence):
    page = DOCS / "lecture/gru.md"
    text, allowed = page.read_text("utf-8"), LIST[name(page)]
    before, after = text.split("\n## Where it breaks\n")
    changed = f"{before}\n\n{sentence}\n\n## Where it breaks\n{after}"
    assert not typed(text, allowed)
    assert typed(changed, allowed)


@pytest.mark.parametrize(
    "sentence",
    [
        "On 13 May 2025, in section 3 of 24, at 400 × 400.",
        "`0.25` and ``a ` 0.25``",
        "[arXiv 1303.5778](https://arxiv.org/abs/1303.5778)",
        "[there](gru.md#0.25)",
        '### Title { .exercise data-trains="0.25" }',
        '<p class="0.25">words</p>',
        '```python exec="true" session="gru"\nx = 0.25  # 0.25\n```',
        '```python exec="true" session="gru"\nprint(f"the two of them differ by {gap:.2f}")\n```',
        '```python exec="true" session="gru"\nprint("times 0.25:", y)\n```',
        "```bash\nsleep 0.25\n```",
        "One mistake, and no test.",
        "Python 3.11.7",
    ],
)
def test_what_is_no_measured_number_may_stay(sentence):
    assert not typed(f"---\ndescription: 0.25\n---\n\n{sentence}\n", {})


def test_an_entry_stands_for_its_own_words_only():
    text = "The rate is 0.5 here.\n\nThe error is 0.5 there.\n"
    assert len(typed(text, {"rate is 0.5": "input"})) == 1
    assert not typed(text, {"rate is 0.5": "input", "error is 0.5": "input"})


@pytest.mark.parametrize("part", ["rate is 0.6", "The rate", "rate is 0.5 there"])
def test_an_entry_that_matches_nothing_is_found(part):
    assert idle("The rate is 0.5 here.\n", {part: "input"}) == [part]

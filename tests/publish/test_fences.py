"""The fences of a page are found as superfences finds them, or the page is refused."""

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.utils.meta import get_data
from pages import PAGES, ROOT, fences_in, name
from pymdownx.superfences import SuperFencesCodeExtension

from lecture_code.publish.blocks.fences import executed_blocks, fences
from lecture_code.publish.blocks.problems import problems

HEAD = "---\ndescription: A page.\n---\n\n"
RUNS = 'python exec="true" session="page"'
BLOCK = f"```{RUNS}\na = 1\n```\n"

Found = tuple[str, dict[str, str], str]
"""The language of a fence, its options and its code."""


@cache
def configuration():
    return load_config(str(ROOT / "mkdocs.yml"))


def of_superfences(text: str) -> list[Found]:
    """The fences that superfences finds in a page and that are shown as such, in order."""
    found = []

    def record(src, language, options, **more):
        found.append((language or "", dict(options), src + "\n"))
        return f"<i>fence {len(found) - 1}</i>"

    site = configuration()
    md = Markdown(extensions=site.markdown_extensions, extension_configs=site.mdx_configs)
    [superfences] = [
        one for one in md.registeredExtensions if isinstance(one, SuperFencesCodeExtension)
    ]
    # Each kind of fence keeps the validator that mkdocs.yml gives it: it says what is a fence.
    assert [kind["name"] for kind in superfences.superfences] == ["superfences", "python"]
    for kind in superfences.superfences:
        kind["formatter"] = record
    # Of a fence in an indented block of code, superfences thinks better once it was formatted.
    shown = re.findall(r"<i>fence (\d+)</i>", md.convert(get_data(text)[0]))
    return [found[int(number)] for number in shown]


def of_the_finder(text: str) -> list[Found]:
    return [(fence.language, fence.options, fence.code) for fence in fences(text)]


def refused(text: str) -> list[str]:
    return [problem.says for problem in problems({"page.md": text})]


# --- on the site


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_superfences_finds_the_same_fences_on_every_page(page):
    text = page.read_text("utf-8")
    assert of_the_finder(text) == of_superfences(text)


def test_so_many_fences_were_compared():
    found = [fence for page in PAGES for fence in fences_in(page.read_text("utf-8"))]
    assert (len(found), sum(fence.runs for fence in found)) == (492, 485)


def test_so_many_of_them_are_in_folded_boxes():
    """Counted without the finder: a box has all lines below it that are indented or empty."""
    folded = re.compile(r"^\?\?\?.*\n((?: {4}.*\n| *\n)+)", re.MULTILINE)
    bodies = [body for page in PAGES for body in folded.findall(page.read_text("utf-8"))]
    opened_or_closed = sum(len(re.findall("^    ```", body, re.MULTILINE)) for body in bodies)
    found = [fence for page in PAGES for fence in fences_in(page.read_text("utf-8"))]
    assert sum(fence.prefix == "    " for fence in found) == 102
    assert sum(fence.prefix != "" for fence in found) == 102
    assert opened_or_closed == 2 * 102


# --- on pages that nobody has written


AGREED = {
    "tildes": "~~~bash\na\n~~~\n",
    "longer around shorter": f"````text\n{BLOCK}````\n",
    "backticks around tildes": "```text\n~~~bash\n~~~\n```\n",
    "a longer end is none": "```text\n````\n```\n",
    "an indented end is none": "```text\n  ```\n```\n",
    "a quoted end is none": "```text\n> ```\n```\n",
    "one behind another": BLOCK + BLOCK,
    "directly below text": f"Text:\n{BLOCK}More text.\n",
    "in a box": f'??? tip "Hint"\n\n    ```{RUNS}\n    if a:\n\n        b\n    ```\n\nText.\n',
    "directly below the first line of a box": "!!! note\n    ```bash\n    a\n    ```\n",
    "in a box in a box": '??? tip "A"\n\n    !!! note\n\n        ```bash\n        a\n        ```\n',
    "in a list": "- item\n\n    ```bash\n    a\n      b\n    ```\n- item\n",
    "in a list of a box": "!!! note\n\n    1. item\n\n        ```bash\n        a\n        ```\n",
    "in a list of a list": "- item\n    - item\n\n        ```bash\n        a\n        ```\n",
    "in a block quote": "> ```bash\n> a\n>\n> > b\n>   c\n> ```\n",
    "in a quote of a list": "- item\n\n    > ```bash\n    > a\n    > ```\n",
    "a quote of a quote in code": ">```bash\n>> a\n>```\n",
    "in a quote of a quote": "> > ```bash\n> > a\n> > ```\n",
    "indented a little": "  ```bash\n  a\n\n    b\n  ```\n",
    "all of its code is indented": "```text\n    a\n      b\n```\n",
    "in an element": "<div>\n\n```bash\na\n```\n\n</div>\n",
    "in an element with Markdown": f"<div markdown>\n\n{BLOCK}\n</div>\n",
    "in a comment": "<!--\n\n```bash\na\n```\n\n-->\n",
    "spaces behind the marks": "```bash \t\na\n``` \t\n",
    "spaces before the language": "```  bash\na\n```\n",
    "tabs": "- item\n\n\t```bash\n\ta\tb\n\t```\n",
    "a tab in code": "```bash\na\tb\n\tc\n```\n",
    "spaces in an empty line of code": "```text\na\n   \nb\n```\n",
    "no code": "```text\n```\n",
    "other ends of lines": "- item\r\n\r\n    ```bash\r\n    b\r\n\r\n    c\r\n    ```\r\n",
    "what ends lines elsewhere": "```text\na\u2028```\x0bb\x0c\n\x0c\n```\n",
    "marks of Markdown itself": "\x02```text\na\x03\n```\n",
    "in backticks within a line": "A ```code``` span, and `` ``` ``.\n",
}

BELOW = "expected an empty line before the fence"
CLOSED, INDENTED = "is never closed", "an indented fence: expected it directly in"
OPTIONS = "expected options such as"
REFUSED = {
    "unclosed": (f"```{RUNS}\na\n", CLOSED),
    "unclosed in a box": (f'??? tip "A"\n\n    ```{RUNS}\n    a\n\nText.\n\n{BLOCK}', CLOSED),
    "unclosed in a quote": (f"> ```bash\n> a\n\n{BLOCK}", CLOSED),
    "a quote that goes on lazily": ("> ```bash\n> a\nb\n> ```\n", CLOSED),
    "a quote with an empty line without its mark": ("> ```bash\n> a\n\n> ```\n", CLOSED),
    "a deeper quote": ("> ```bash\n>> a\n> ```\n", CLOSED),
    "code that is indented less": ("- item\n\n    ```bash\n  a\n    ```\n", CLOSED),
    "a quote in the margin of a fence": ("- item\n\n    ```bash\n  > a\n    ```\n", CLOSED),
    "an end that is indented less": ("- item\n\n    ```bash\n    a\n```\n", CLOSED),
    "an attribute list": ("```{.python .class}\na\n```\n", OPTIONS),
    "an attribute list behind a language": ("```bash {.class}\na\n```\n", OPTIONS),
    "lines to mark": ('```bash hl_lines="1"\na\n```\n', "has no options, got hl_lines"),
    "a title with a backtick": ('```bash title="`a`"\na\n```\n', OPTIONS),
    "a dot before the language": ("```.bash\na\n```\n", "unknown language .bash"),
    "another space behind the language": ("```bash\u00a0\na\n```\n", OPTIONS),
    "a language behind a list's mark": ("- ```bash\n  a\n  ```\n", CLOSED),
    "an indented block of code": ("Text.\n\n    ```bash\n    a\n    ```\n", INDENTED),
    "behind a list": ("- item\n\nText.\n\n    ```bash\n    a\n    ```\n", INDENTED),
    "behind a fence behind a list": (
        "- a\n\n```bash\na\n```\n\n    ```bash\n    a\n    ```\n",
        INDENTED,
    ),
    "what looks like a list": ("Text\n- no item\n\n    ```bash\n    a\n    ```\n", INDENTED),
    "what looks like a box": ("??? tip 'A'\n\n    ```bash\n    a\n    ```\n", INDENTED),
    "a box that begins with a space": (" !!! note\n\n    ```bash\n    a\n    ```\n", INDENTED),
    "indented too much for its box": (
        "!!! note\n\n        ```bash\n        a\n        ```\n",
        INDENTED,
    ),
    "indented too much for its list": ("- a\n- b\n\n        ```text\n        ```\n", INDENTED),
    "a list of indented code": ("    - a\n- b\n\n    ```text\n    ```\n", BELOW),
    "indented in a quote": (">     ```bash\n>     a\n>     ```\n", INDENTED),
    "directly below indented code": (
        "    code\n```bash\na\n```\n",
        "expected an empty line before the fence",
    ),
    "directly below a quote": (
        "> -     code\n```bash\na\n```\n",
        "expected an empty line before the fence",
    ),
    "a triple span that begins a line": ("```a``` is code.\n", CLOSED),
}


@pytest.mark.parametrize("text", AGREED.values(), ids=AGREED)
def test_superfences_finds_the_same_fences_on_a_page_that_is_hard_to_read(text):
    assert of_the_finder(HEAD + text) == of_superfences(HEAD + text)
    assert not [fence.problem for fence in fences(HEAD + text) if fence.problem]


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED)
def test_what_the_two_might_read_differently_is_refused(text, says):
    assert any(says in problem for problem in refused(HEAD + text)), refused(HEAD + text)


PREFIX = st.sampled_from(["", "", "    ", "        ", "> ", ">", "  ", "\t", "    > ", "> > "])
# No elements: one that is not closed may swallow a fence, and the check of the site names it.
WORDS = ["", "a", "- item", "1. item", '??? tip "A"', "!!! note", "# A", "    a", "<!--", "-->"]
MARKS = ["$$", "```", "~~~", "```a```", "```bash {.a}"]
LINE = st.tuples(PREFIX, st.sampled_from(WORDS + MARKS)).map("".join)
WHOLE = st.tuples(
    PREFIX, st.sampled_from(["", "a", "  b", "> c", "```"]), st.sampled_from(["```", "~~~~"])
).map(lambda drawn: "\n".join(drawn[0] + line for line in (f"{drawn[2]}bash", *drawn[1:])))


@settings(max_examples=500)
@given(st.lists(LINE | WHOLE, min_size=1, max_size=9).map("\n".join))
def test_on_a_page_of_any_lines_the_two_agree_or_it_is_refused(text):
    text = f"{HEAD}{text}\n"
    assert refused(text) or of_the_finder(text) == of_superfences(text)


def test_what_is_inside_of_a_fence_is_no_fence():
    text = HEAD + "````text\n```pyhton\n```\n````\n" + BLOCK
    assert [fence.language for fence in fences(text)] == ["text", "python"]
    assert not refused(text)


def test_blocks_have_their_line_and_their_code_without_indentation():
    text = (
        HEAD
        + '- In a list:\n\n    ```python exec="true" session="page"\n'
        + "    if a:\n        b\n    ```\n"
    )
    [block] = executed_blocks(text)
    assert (block.line, block.end, block.prefix) == (7, 10, "    ")
    assert block.code == "if a:\n    b\n"

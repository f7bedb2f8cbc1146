"""What is wrong in a page's source is named with file and line, before anything is built."""

from pathlib import Path

import pytest
from pages import DOCS

from lecture_code.publish.blocks.problems import problems, sources

HEAD = "---\ndescription: A page.\n---\n\n"
GOOD = '```python exec="true" session="page"\na = 1\n```\n'


def found(text, name="page.md", **others):
    return [str(one) for one in problems({name: text, **others})]


def test_the_pages_of_the_site_have_no_problems():
    assert [str(problem) for problem in problems(sources(DOCS))] == []


def test_a_good_page_has_no_problems():
    shown = "```bash\nmake serve\n```\n"
    assert found(HEAD + GOOD + shown) == []


@pytest.mark.parametrize(
    ("fence", "says"),
    [
        ("```pyhton\na = 1\n```", "unknown language pyhton (did you mean python?)"),
        ("```\na = 1\n```", "a fence without a language"),
        ("```py\na = 1\n```", 'a block that runs is written ```python exec="true"'),
        ("```Python\na = 1\n```", 'a block that runs is written ```python exec="true"'),
        ('```python3 exec="true"\na = 1\n```', "a block that runs is written"),
        ("```python\na = 1\n```", 'Python that is not run: expected exec="true"'),
        ('```python exce="true"\na = 1\n```', "unknown option exce (did you mean exec?)"),
        ('```python exec="no"\na = 1\n```', 'exec="no": expected true'),
        ('```python exec="True"\na = 1\n```', 'exec="True": expected true'),
        (
            '```python exec="true" htlm="true"\na = 1\n```',
            "unknown option htlm (did you mean html?)",
        ),
        ('```python exec="true" html="yes"\na = 1\n```', 'html="yes": expected true'),
        ('```python exec="true" source="abvoe"\na = 1\n```', 'source="abvoe": expected above'),
        ('```python exec="true" result="txt"\na = 1\n```', 'result="txt": expected text'),
        ('```python exec="true" timeout="soon"\na = 1\n```', 'timeout="soon": expected seconds'),
        ('```python exec="true" timeout="0"\na = 1\n```', 'timeout="0": expected seconds'),
        (
            "```python exec=true\na = 1\n```",
            "expected options such as exec=\"true\", got 'exec=true'",
        ),
        ('```python {exec="true"}\na = 1\n```', "expected options such as"),
        ('```python exec="true" exec="true"\na = 1\n```', 'exec="…" is given twice'),
        ('```python exec="true" html="true" result="text"\na\n```', "exclude each other"),
        ('```bash exec="true"\nls\n```', "a fence of the language bash has no options, got exec"),
        ("~~~pyhton\na = 1\n~~~", "unknown language pyhton"),
        ('```python exec="true"\na = 1\n', "the fence ``` is never closed"),
        ('````python exec="true"\na = 1\n```\n', "the fence ```` is never closed"),
    ],
)
def test_a_bad_fence_is_named_with_file_and_line(fence, says):
    if "session" not in fence:
        fence = fence.replace('exec="true"', 'exec="true" session="page"', 1)
    messages = found(f"{HEAD}# Title\n\nText.\n\n{fence}\n")
    assert any(one.startswith("docs/page.md, line 9: ") and says in one for one in messages), (
        messages
    )


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (
            "datetime.datetime.now(UTC)",
            "datetime.datetime.now() gives something else in every build",
        ),
        ("date.today()", "date.today() gives something else"),
        ("f(time.time())", "time.time() gives something else"),
        ("secrets.token_hex(8)", "secrets.token_hex() gives something else"),
        ("str(uuid.uuid4())", "uuid.uuid4() gives something else"),
        ("np.random.default_rng().random()", "np.random.default_rng() without an argument gives"),
        ("time.localtime()", "time.localtime() without an argument gives"),
    ],
)
def test_a_call_that_gives_something_else_in_every_build(code, says):
    block = f'```python exec="true" session="page"\na = 1\nprint({code})\n```\n'
    [message] = found(f"{HEAD}# Title\n\nText.\n\n{block}")
    assert message.startswith("docs/page.md, line 11: ") and says in message


def test_calls_with_a_seed_and_of_a_date_are_well():
    code = (
        "rng = np.random.default_rng(0)\nday = datetime.date(2020, 1, 2)\nb = time.perf_counter()"
    )
    assert not found(f'{HEAD}```python exec="true" session="page"\n{code}\n```\n')


def test_a_bad_fence_in_a_folded_part_is_found():
    folded = '??? tip "Hint"\n\n    ```pyhton\n    a\n    ```\n\nText.\n'
    [message] = found(HEAD + folded)
    assert message.startswith("docs/page.md, line 7: unknown language pyhton")


def test_an_unclosed_fence_in_a_folded_part_ends_with_it():
    folded = '??? tip "Hint"\n\n    ```python exec="true" session="page"\n    a\n\nText.\n\n'
    messages = found(HEAD + folded + GOOD)
    assert messages == ["docs/page.md, line 7: the fence ``` is never closed"]


def test_a_session_belongs_to_one_page():
    messages = found(HEAD + GOOD, **{"lecture/other.md": HEAD + GOOD})
    assert messages == [
        'docs/page.md, line 5: session="page" is that of docs/lecture/other.md too: '
        "a session belongs to one page",
        'docs/lecture/other.md, line 5: session="page" is that of docs/page.md too: '
        "a session belongs to one page",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# Title\n", "docs/page.md, line 1: no description"),
        ("---\ntitle: A page\n---\n", "docs/page.md, line 1: no description"),
        ("---\ndescription: ' '\n---\n", "docs/page.md, line 1: no description"),
        (
            "---\na: 1\ndescription: a: b\n---\n",
            "docs/page.md, line 3: the front matter is no YAML",
        ),
    ],
)
def test_a_page_without_a_description_is_found(text, says):
    [message] = found(text)
    assert message.startswith(says)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("hide: 5", "hide in the front matter: expected a list, got 5"),
        ("title: [a]", "title in the front matter: expected text, got ['a']"),
        ("search: yes", "search in the front matter: expected names and values, got True"),
        ("icon: no-such-icon", "unknown icon in the front matter: expected description, title"),
        ("serch: {}", "unknown serch in the front matter (did you mean search?)"),
    ],
)
def test_front_matter_that_the_theme_could_not_use(line, says):
    [message] = found(f"---\ndescription: A page.\n{line}\n---\n")
    assert message.startswith(f"docs/page.md, line 1: {says}")


def test_a_byte_order_mark_is_no_part_of_a_page(tmp_path):
    Path(tmp_path, "page.md").write_text(HEAD + GOOD, "utf-8-sig")
    assert list(problems(sources(tmp_path))) == []

"""The check of a built site: a whole one has no problems, and each kind of damage is found."""

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from mkdocs.utils.yaml import yaml_load
from pages import DOCS, ROOT
from PIL import Image

from lecture_code.publish.blocks.processes import Workers
from tools import notebooks, social
from tools.check import file as one_file
from tools.check import look_over, nav_pages, page_of, problems
from tools.check.__main__ import main
from tools.check.facts import Facts
from tools.check.file import STORE, look, look_at_all, store
from tools.check.links import Links
from tools.check.style import addresses
from tools.check.words import errors, leftovers, no_numbers

pytestmark = pytest.mark.faults

NAV = [
    {"Home": "index.md"},
    {"Recurrent networks": [{"Hidden states": "lecture/hidden_state.md"}]},
    {"Reference": [{"The lecture": "reference/lecture.md"}]},
]
ADDRESS = "https://example.org/notes/"
LINK = re.compile(r"\[([^\[\]]+)\]\([\w/]+\.md[^)]*\)")
HOME = """\
---
description: Lecture notes on recurrent networks, cut down to three pages.
---
# Recurrent networks

Three pages of the notes: [hidden states](lecture/hidden_state.md), and their
[reference](reference/lecture.md#lecture_code.sections.rnn.rnn_step). They hold what all other pages
hold: a card with its evidence, matrices, mathematics such as $h_t$, exercises, code that ran,
curves, and a notebook to take away.

```python exec="true" html="true"
from lecture_code.publish import curves

for name in ("one", "two"):
    print(curves([1, 2], {"a": [1, 2]}, xlabel="time", ylabel=name, description=f"Curve {name}."))
```
"""
REFERENCE = """\
---
description: The reference of the module that the other pages speak of.
---
# The lecture

::: lecture_code.sections.rnn
"""
FAILS = """\
---
description: A page with a block that fails.
---
# {title}

```python exec="true"{options}
{code}
```
"""


def project(folder: Path, pages: dict[str, str]) -> Path:
    """Write a project with the real configuration and a few pages; return its configuration."""
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    kept, rest = settings.split("\nnav:\n")
    if len(pages) < 3:  # without mathematics: to import it takes longer than all the rest
        rest = re.sub(r"  - lecture_code\.\S+\n", "", rest)
        # What runs here is markdown-exec, and shows its own tracebacks.
        rest = re.sub(r"superfences:\n(?:      .*\n)+", "superfences\n", rest)
        rest = rest.replace("languages: [tree]", "languages: [python]")
    nav = yaml.safe_dump({"nav": list(pages) if len(pages) < 3 else NAV})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mkdocs.yml").write_text(kept + "\n" + nav + rest[rest.index("\nplugins:") :])
    for name in ("overrides", "lecture_code"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(DOCS / "assets", folder / "docs/assets")
    for name, text in pages.items():
        (folder / "docs" / name).parent.mkdir(exist_ok=True)
        (folder / "docs" / name).write_text(text, "utf-8")
    return folder / "mkdocs.yml"


def build(generator: str, config: Path, address: str = "") -> Path:
    """Build a project, whatever its blocks say; return the site."""
    command = [sys.executable, "-m", generator, "build", "--clean", "--config-file", str(config)]
    environment = {**os.environ, "SITE_URL": address}
    if not address:
        del environment["SITE_URL"]
    strict = ["--no-strict"] if generator == "mkdocs" else []
    subprocess.run([*command, *strict], cwd=ROOT, check=True, env=environment)
    return config.parent / "site"


def whole_site(generator: str, folder: Path, address: str = "") -> None:
    """Three pages of the real notes, with their picture and notebook, in the folder `site`."""
    hidden = LINK.sub(r"\1", (DOCS / "lecture/hidden_state.md").read_text("utf-8"))
    pages = {"index.md": HOME, "lecture/hidden_state.md": hidden, "reference/lecture.md": REFERENCE}
    site = build(generator, project(folder, pages), address)
    list(social.pictures(site, NAV))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notebooks, "DOCS", folder / "docs")
        list(notebooks.notebooks(site, NAV))


@pytest.fixture(scope="session")
def by_mkdocs(once):
    return once("three_pages", lambda folder: whole_site("mkdocs", folder)) / "site"


@pytest.fixture(scope="session")
def by_zensical(once):
    name = "three_pages_by_zensical"
    return once(name, lambda folder: whole_site("zensical", folder, ADDRESS)) / "site"


@pytest.fixture
def site(by_mkdocs, tmp_path):
    """A copy to be damaged."""
    return Path(shutil.copytree(by_mkdocs, tmp_path / "site"))


@pytest.fixture
def addressed(by_zensical, tmp_path):
    """A copy to be damaged of the site that knows its address."""
    return Path(shutil.copytree(by_zensical, tmp_path / "site"))


@pytest.fixture
def found(by_mkdocs):
    """The problems of a copy of the site; its sources are in the project that was built."""
    return lambda site: list(problems(site, NAV, by_mkdocs.parent / "docs"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, f"{file} has no {old!r}"
    file.write_text(text.replace(old, new, 1), "utf-8")


def add(site: Path, html: str) -> None:
    """Put HTML at the end of the home page's text."""
    edit(site / "index.html", "</article>", f"{html}</article>")


# --- whole sites


def test_a_whole_site_has_no_problems(by_mkdocs, found):
    report = look_over(by_mkdocs, NAV, by_mkdocs.parent / "docs")
    assert report.problems == found(by_mkdocs) == []
    assert report.pages == 3 and report.internal > 200
    assert all(address.startswith("https://") for address in report.external)


def test_a_whole_site_by_the_other_generator_has_none_either(by_zensical):
    report = look_over(by_zensical, NAV, by_zensical.parent / "docs")
    assert report.problems == []
    assert not any(address.startswith(ADDRESS) for address in report.external)


def test_the_command_prints_problems_and_addresses(site, capsys, monkeypatch):
    monkeypatch.setattr("tools.check.__main__.navigation", lambda: ["index.md"])
    (site / "404.html").unlink()
    add(site, '<a href="https://example.com/there">there</a>')
    assert main([str(site), "--external"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "404.html: is missing: the build writes it" in said
    assert "https://example.com/there (index.html)" in said
    assert re.search(r": 1 pages looked over with STIX\S+, \d+ internal links, \d+ to ", said[-1])


# --- pages

HIDDEN = "lecture/hidden_state/index.html"


def test_a_page_cut_in_half(site, found):
    text = (site / HIDDEN).read_text("utf-8")
    (site / HIDDEN).write_text(text[: len(text) // 2], "utf-8")
    said = found(site)
    assert f"{HIDDEN}: is cut off: expected </html> at its end" in said
    assert f"{HIDDEN}: <body> is opened 1 times and closed 0 times, expected 1" in said


def test_an_empty_home_page(site, found):
    (site / "index.html").write_bytes(b"")
    assert "index.html: is empty: expected a page" in found(site)


def test_a_home_page_without_text(site, found):
    text = (site / "index.html").read_text("utf-8")
    title = '<article class="md-content__inner md-typeset"><h1>Home</h1></article>'
    (site / "index.html").write_text(
        re.sub("<article.*</article>", title, text, flags=re.DOTALL), "utf-8"
    )
    says = "index.html: says 4 characters in its main part, expected at least 200"
    assert says in found(site)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (r"<title>.*?</title>", "<title> </title>", "has no title: expected words in <title>"),
        (r"</article>", "<h1>B</h1></article>", "has 2 h1 'Recurrent networks¶' 'B', expected one"),
        (r"<h1(.*?)</h1>", r"<h2\1</h2>", "has 0 h1, expected one"),
        (
            r'<meta name="description"[^>]*>',
            "",
            "has no description: expected `description` in its source's front matter",
        ),
        (r'<meta property="og:image" [^>]*>', "", "names no social picture: expected og:image"),
        (r"</main>", "", "<main> is opened 1 times and closed 0 times, expected 1"),
        (
            r'"base": "[^"]*"',
            '"base": "nowhere"',
            "the link 'nowhere/' leads nowhere: the site has",
        ),
    ],
)
def test_a_page_that_is_not_whole(site, found, old, new, says):
    text = (site / "index.html").read_text("utf-8")
    changed = re.sub(old, new, text, count=1, flags=re.DOTALL)
    assert changed != text
    (site / "index.html").write_text(changed, "utf-8")
    [problem] = found(site)
    assert problem.startswith(f"index.html: {says}")


def test_a_page_that_is_no_text(site, found):
    (site / "index.html").write_bytes(b"<html>\xff</html>")
    assert any(line.startswith("index.html: is not UTF-8: ") for line in found(site))


def test_a_missing_page(site, found):
    (site / HIDDEN).unlink()
    assert "lecture/hidden_state.md: the page is missing from the site" in found(site)


def test_an_id_that_is_there_twice(site, found):
    add(site, '<p id="twice">a</p><p id="twice">b</p><p id="twice">c</p>')
    [problem] = found(site)
    assert problem == (
        "index.html: 3 elements have the id 'twice', expected one "
        "(made by a block of code or by the theme)"
    )


def test_an_id_that_is_there_twice_is_found_in_the_sources(site, found, by_mkdocs):
    edit(site / HIDDEN, "</article>", '<p id="run-it">a</p></article>')
    lines = (by_mkdocs.parent / "docs/lecture/hidden_state.md").read_text("utf-8").splitlines()
    [problem] = found(site)
    place = f"(docs/lecture/hidden_state.md:{lines.index('## Run it') + 1})"
    assert problem == f"{HIDDEN}: 2 elements have the id 'run-it', expected one {place}"


# --- links


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ('<a href="lectur/">x</a>', "the link 'lectur/' leads nowhere: the site has no lectur/"),
        ('<a href="lecture/hidden_state/#x">x</a>', f"leads nowhere: {HIDDEN} has no id 'x'"),
        ('<a href="#nowhere">x</a>', "leads nowhere: index.html has no id 'nowhere'"),
        ('<a href="lecture/hidden_state">x</a>', "names a folder: expected a slash at its end"),
        ('<a href="../up/">x</a>', "the link '../up/' leads out of the site"),
        ('<a href="/lost/">x</a>', "the link '/lost/' leads nowhere: the site has no lost/"),
        ('<img src="lost.png" alt="">', "the file 'lost.png' leads nowhere"),
        ('<img srcset="assets/favicon.svg 1x, lost.png 2x">', "the file 'lost.png' leads nowhere"),
        ('<video poster="lost.png"></video>', "the file 'lost.png' leads nowhere"),
        ('<object data="lost.svg"></object>', "the file 'lost.svg' leads nowhere"),
        ('<form action="lost/"></form>', "the link 'lost/' leads nowhere"),
        ('<p style="background: url(lost.png)">x</p>', "the file 'lost.png' leads nowhere"),
        ("<style>p { background: url('lost.png') }</style>", "the file 'lost.png' leads nowhere"),
        ('<style>@import "lost.css";</style>', "the file 'lost.css' leads nowhere"),
        ('<svg><use href="#lost"/></svg>', "the file '#lost' leads nowhere"),
        ('<svg><use xlink:href="#lost"/></svg>', "the file '#lost' leads nowhere"),
        ('<svg><path clip-path="url(#lost)"/></svg>', "the file '#lost' leads nowhere"),
        ('<p aria-labelledby="lost">x</p>', "an element refers to the id 'lost'"),
        ('<p aria-describedby="lost">x</p>', "an element refers to the id 'lost'"),
        ('<p aria-controls="lost">x</p>', "an element refers to the id 'lost'"),
        ('<label for="lost">x</label>', "an element refers to the id 'lost'"),
        ('<img src="assets/favicon.svg" usemap="#lost">', "an element refers to the id 'lost'"),
        ('<a href="file:///home/me/x">x</a>', "leads to a file of one machine"),
        ('<a href="C:/me/x">x</a>', "leads to a file of one machine"),
        ('<a href="http://localhost:8000/">x</a>', "leads to the reader's own machine or network"),
        ('<a href="http://127.0.0.1/">x</a>', "leads to the reader's own machine or network"),
        ('<a href="https://exa mple.org/">x</a>', "has characters that no address may have"),
        ('<a href="https:///x">x</a>', "names no host that can be: ''"),
        ('<a href="https://example/x">x</a>', "names no host that can be: 'example'"),
        ('<a href="https://[x/">x</a>', "is no address"),
        ('<a href="ftp://example.org/x">x</a>', "has the scheme 'ftp': expected http or https"),
        ('<a href="javascript:alert(1)">x</a>', "is a script: expected an address"),
        ('<script src="https://cdn.example.org/x.js"></script>', "from another host"),
        ('<link rel="stylesheet" href="//fonts.example.org/x.css">', "from another host"),
        ('<img src="http://example.org/x.png">', "from another host"),
        ('<img srcset="https://example.org/x.png 2x">', "from another host"),
        ("<style>p { background: url(https://example.org/x) }</style>", "from another host"),
    ],
)
def test_a_bad_link(site, found, html, says):
    add(site, html)
    [problem] = found(site)
    assert problem.startswith("index.html: ") and says in problem


@pytest.mark.parametrize(
    "html",
    [
        '<a href="">x</a><a href="#">x</a><a href="#top">x</a><a href="?q=1">x</a>',
        '<a href="lecture/hidden_state/?q=1#run-it">x</a><a href="/lecture/hidden_state/">x</a>',
        '<a href="%6Cecture/hidden_state/">x</a><a href="./">x</a><a href=".">x</a>',
        '<a href="mailto:a@example.org">x</a><a href="javascript:void(0)">x</a>',
        '<img src="data:image/png;base64,AAAA" srcset="data:image/png;base64,AA,AA 2x" alt="">',
        '<a href="https://example.org:8080/a?b#c">x</a><a href="//example.org/">x</a>',
        '<a name="old"></a><a href="#old">x</a><map name="m"></map><img usemap="#m" alt="">',
        '<code>$x$ {{ y }} &lt;div&gt; ```</code><img src="assets/favicon.svg" alt="">',
        '<math><mo form="infix">∼</mo></math>',
        "<pre>ValueError: expected 3 numbers, got nan\ninf</pre><p>info, nano, infinite</p>",
    ],
)
def test_what_is_no_problem(site, found, html):
    add(site, html)
    assert found(site) == []


def test_a_suggestion_for_a_link_that_is_nearly_right(site, found):
    add(site, '<a href="lecture/hidden_state/#run-its">x</a>')
    [problem] = found(site)
    assert problem.endswith(f"{HIDDEN} has no id 'run-its' (it has 'run-it')")


def test_links_of_a_site_that_knows_its_address(addressed, by_zensical):
    for path in ("lost/", "reference/lecture/#lost", ""):
        add(addressed, f'<a href="{ADDRESS}{path}">x</a>')
    add(addressed, '<a href="https://example.org/other/">x</a><a href="/other/">x</a>')
    report = look_over(addressed, NAV, by_zensical.parent / "docs")
    [out, lost, lost_id] = [one.says for one in report.problems if one.file == "index.html"]
    assert "'/other/' leads out of the site, which begins at /notes/" in out
    assert f"'{ADDRESS}lost/' leads nowhere: the site has no lost/index.html" in lost
    assert "reference/lecture/index.html has no id 'lost'" in lost_id
    assert "https://example.org/other/" in report.external


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (HIDDEN, 'canonical" href="', 'canonical" href="https://example.com/', "its address is"),
        (HIDDEN, 'og:url" content="', 'og:url" content="https://example.com/', "its address is"),
        (HIDDEN, 'og:image" content="', 'og:image" content="https://example.com/', "another host"),
        ("sitemap.xml", "/hidden_state/", "/hidden/", "the site has no lecture/hidden/index.html"),
        ("sitemap.xml", "reference/lecture/", "", "does not name reference/lecture/index.html"),
        ("search.json", "hidden_state/#run-it", "hidden_state/#run", "has no id 'run'"),
        ("search.json", '"lecture/hidden_state', '"hidden_state', "the site has no hidden_state/"),
    ],
)
def test_what_the_site_says_of_itself(addressed, by_zensical, file, old, new, says):
    edit(addressed / file, old, new)
    said = list(problems(addressed, NAV, by_zensical.parent / "docs"))
    assert any(line.startswith(f"{file}: ") and says in line for line in said), said


def test_the_page_for_lost_readers_begins_its_links_at_the_sites_root(addressed, by_zensical):
    edit(addressed / "404.html", '"/notes/lecture/hidden_state/', '"/notes/lecture/lost/')
    [problem] = problems(addressed, NAV, by_zensical.parent / "docs")
    assert problem.startswith("404.html: ") and "the site has no lecture/lost/index.html" in problem


def test_where_relative_addresses_lead():
    files = {path: Facts() for path in ("index.html", "a/index.html", "a/b/index.html", "x.css")}
    links = Links(files, "https://example.org/n/")
    for path, address, file in (
        ("a/b/index.html", "../..", "index.html"),
        ("a/b/index.html", "../../", "index.html"),
        ("a/b/index.html", ".", "a/b/index.html"),
        ("a/b/index.html", "../../x.css?v=1", "x.css"),
        ("a/b/index.html", "/n/a/", "a/index.html"),
        ("a/b/index.html", "//example.org/n/a/", "a/index.html"),
        ("index.html", "HTTPS://EXAMPLE.org/n/", "index.html"),
    ):
        assert links.target(path, address).file == file, address
        assert links.problem(path, "link", address) is None


def test_the_addresses_of_a_style_sheet():
    css = "@import 'a.css'; @import url(b.css); /* url(no) */ p { src: url( \"c)d\" ), url('e') }"
    assert list(addresses(css)) == ["a.css", "b.css", "c)d", "e"]


# --- files

STYLE = "assets/site.css"
FONT = "assets/fonts/STIXTwoMath-subset.woff2"
SCRIPT = "assets/card.js"
PICTURE = "assets/social/lecture/hidden_state.png"
NOTEBOOK = "lecture/hidden_state/hidden_state.zip"


@pytest.mark.parametrize("path", [STYLE, FONT, SCRIPT, "assets/favicon.svg"])
def test_a_file_that_is_missing_empty_or_changed(site, found, path):
    content = (site / path).read_bytes()
    (site / path).write_bytes(content + b"\n")
    assert f"{path}: is not the same as its source docs/{path}" in found(site)
    (site / path).write_bytes(b"")
    assert any(line.startswith(f"{path}: is empty: expected a ") for line in found(site))
    (site / path).unlink()
    said = found(site)
    assert f"{path}: is missing: expected a copy of docs/{path}" in said
    assert any(line.startswith("index.html: ") and "leads nowhere" in line for line in said)


def test_a_style_sheet_that_loads_from_another_host(site, found):
    edit(site / STYLE, "", '@import "https://fonts.example.org/x.css"; p { src: url(//a.org/b) }')
    said = found(site)
    assert f"{STYLE}: loads https://fonts.example.org/x.css from another host" in said
    assert f"{STYLE}: loads //a.org/b from another host" in said


@pytest.mark.parametrize("pattern", ["stylesheets/main.*.css", "javascripts/bundle.*.js"])
def test_a_file_of_the_theme_that_has_changed(site, found, pattern):
    [path] = (site / "assets").glob(pattern)
    path.write_bytes(path.read_bytes()[:-100])
    said = found(site)
    name = path.relative_to(site).as_posix()
    assert f"{name}: is not the same as its source material/templates/{name}" in said


def cut(content: bytes) -> bytes:
    return content[: len(content) * 9 // 10]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (PICTURE, "cannot be opened as a picture: "),
        (FONT, "cannot be opened as a font: "),
        (STYLE, "is not the same as its source "),
        ("assets/favicon.svg", "cannot be read as XML: "),
        ("search/search_index.json", "cannot be read as JSON: "),
        ("sitemap.xml", "cannot be read as XML: "),
        ("sitemap.xml.gz", "cannot be unpacked: "),
        ("objects.inv", "cannot be unpacked: "),
        (NOTEBOOK, "cannot be unpacked: "),
    ],
)
def test_a_file_that_is_cut_or_empty(site, found, path, says):
    content = (site / path).read_bytes()
    for less, problem in ((cut(content), says), (b"", "is empty: expected a")):
        (site / path).write_bytes(less)
        assert any(line.startswith(f"{path}: {problem}") for line in found(site))


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("404.html", "is missing: the build writes it"),
        ("search/search_index.json", "is missing: the search needs it"),
        ("sitemap.xml", "is missing: the build writes it"),
        ("objects.inv", "is missing: the build writes it"),
    ],
)
def test_a_file_that_the_build_has_not_written(site, found, path, says):
    (site / path).unlink()
    assert found(site) == [f"{path}: {says}"]


def test_what_a_tool_has_not_made(site, found):
    (site / PICTURE).unlink()
    (site / NOTEBOOK).unlink()
    assert found(site) == [
        f"{HIDDEN}: {PICTURE} is missing: run `python -m tools.social {site}`",
        f"{HIDDEN}: hidden_state.zip is missing: run `python -m tools.notebooks {site}`",
    ]


def test_a_lecture_page_without_a_link_to_its_notebook(site, found):
    edit(site / HIDDEN, 'class="notebook ', 'class="')
    assert found(site) == ["lecture/hidden_state.md: the page has no link to its notebook"]


def test_a_social_picture_of_another_size(site, found):
    Image.new("P", (600, 315)).save(site / PICTURE)
    assert found(site) == [f"{PICTURE}: is 600 × 315 pixels, expected 1200 × 630"]


def test_a_search_index_without_entries_or_without_a_page(site, found):
    file = site / "search/search_index.json"
    index = json.loads(file.read_text("utf-8"))
    entries = [entry for entry in index["docs"] if not entry["location"].startswith("lecture/")]
    file.write_text(json.dumps(index | {"docs": entries}), "utf-8")
    assert found(site) == [f"search/search_index.json: has no entry for {HIDDEN}"]
    file.write_text(json.dumps(index | {"docs": []}), "utf-8")
    [problem] = found(site)
    assert problem.startswith("search/search_index.json: the search index has no entries")


def test_a_packed_site_map_that_says_something_else(addressed, by_zensical):
    text = (addressed / "sitemap.xml").read_text("utf-8").replace("hidden_state", "hidden")
    (addressed / "sitemap.xml.gz").write_bytes(gzip.compress(text.encode()))
    said = list(problems(addressed, NAV, by_zensical.parent / "docs"))
    assert "sitemap.xml.gz: does not hold what sitemap.xml holds" in said


def test_a_wheel_that_is_cut_or_changed(site, found):
    [file] = (site / "assets").glob("*.whl")
    name = file.relative_to(site)
    content = file.read_bytes()
    file.write_bytes(cut(content))
    [problem] = found(site)
    assert problem.startswith(f"{name}: cannot be unpacked: ")
    file.write_bytes(repacked(content, "lecture_code/sections/rnn.py", lambda text: text + b"#"))
    assert found(site) == [
        f"{name}: lecture_code/sections/rnn.py in it is not what its RECORD says"
    ]
    file.write_bytes(repacked(content, "lecture_code/sections/rnn.py", None))
    assert found(site) == [f"{name}: lecture_code/sections/rnn.py is in its RECORD and not in it"]


def test_an_archive_with_a_broken_notebook(site, found):
    file = site / NOTEBOOK
    content = file.read_bytes()
    file.write_bytes(repacked(content, "hidden_state.ipynb", cut))
    [problem] = found(site)
    assert problem.startswith(f"{NOTEBOOK}: hidden_state.ipynb in it is no valid notebook: ")
    file.write_bytes(repacked(content, "hidden_state.ipynb", None))
    [problem] = found(site)
    assert problem.endswith(".whl: expected a notebook and a wheel")


def test_a_notebook_that_is_broken(addressed, by_zensical):
    file = addressed / "lecture/hidden_state/hidden_state.ipynb"
    content = file.read_bytes()
    for less, says in (
        (b"", "is empty: expected a notebook"),
        (cut(content), "is no valid notebook: "),
        (content.replace(b'"cell_type": "code"', b'"cell_type": "cod"', 1), "is no valid notebook"),
    ):
        file.write_bytes(less)
        [problem] = problems(addressed, NAV, by_zensical.parent / "docs")
        assert problem.startswith(f"lecture/hidden_state/hidden_state.ipynb: {says}")


def repacked(content: bytes, name: str, change) -> bytes:
    """A zip file in which one member has been changed, or is missing."""
    made = io.BytesIO()
    packed = zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(io.BytesIO(content)) as old, packed as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
            elif change:
                new.writestr(member, change(old.read(member)))
    return made.getvalue()


def test_files_that_nobody_meant(site, found):
    (site / "notes.docx").write_bytes(b"x")
    (site / "assets/extra.js").write_text("1;\n", "utf-8")
    assert found(site) == [
        "assets/extra.js: comes from nowhere: neither docs/ nor the theme has this script",
        "notes.docx: is a file of no known kind",
    ]


def test_a_script_that_imports_what_is_not_there(site, found):
    edit(site / "assets/steppers/gate.js", '"./stepper.js"', '"./steppers.js"')
    says = "assets/steppers/gate.js: the file './steppers.js' leads nowhere"
    assert any(line.startswith(says) for line in found(site))


def test_a_drawing_whose_parts_are_not_there(site, found):
    edit(site / "assets/favicon.svg", "</svg>", '<use href="#lost"/></svg>')
    says = "assets/favicon.svg: the file '#lost' leads nowhere: assets/favicon.svg has no id 'lost'"
    assert says in found(site)


# --- words


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "NaN", "Infinity"])
def test_evidence_that_is_no_number(site, found, value):
    text = (site / HIDDEN).read_text("utf-8")
    evidence = r'(<ul class="card-evidence".*?<strong>)[^<]*'
    (site / HIDDEN).write_text(
        re.sub(evidence, rf"\g<1>{value}", text, count=1, flags=re.DOTALL), "utf-8"
    )
    [problem] = found(site)
    assert problem.startswith(f"{HIDDEN}: a measured value is '{value}', expected a finite number")


def test_a_nav_may_name_other_sites():
    assert list(nav_pages([{"Code": "https://example.org/"}, "a.md"])) == ["a.md"]
    assert page_of("lecture/README.md").as_posix() == "lecture/index.html"


def test_a_picture_is_opened_to_its_last_frame():
    frames = [Image.effect_noise((80, 80), 90 + number) for number in range(5)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    assert not look("picture", file.getvalue()).problems
    assert look("picture", file.getvalue()[: len(file.getvalue()) // 2]).problems


def test_a_style_sheet_with_braces_in_a_wrong_order():
    [problem] = look("style", b"} .a { color: red").problems
    assert "a } comes before its {" in problem


def test_a_table_of_evidence_that_has_no_number(site, found):
    add(site, '<table><tr><td>why nan is none</td><td class="number">≤ nan</td></tr></table>')
    [problem] = found(site)
    assert "a measured value is 'nan'" in problem


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<pre>Traceback (most recent call last):\nE: x</pre>", "a block has failed: the page"),
        (
            '<pre><span class="n">File</span> <span>"a.py"</span>, <span>line</span> 3, in f</pre>',
            "a block has failed",
        ),
        ('<script type="application/json">{"a": NaN}</script>', "NaN is no JSON"),
        ('<div class="block-failed">x</div>', 'holds class="block-failed"'),
        ("<math><merror><mtext>x</mtext></merror></math>", "holds <merror>"),
        ("<autoref identifier='x'>x</autoref>", "holds <autoref>"),
        ("<p>the state $h_t$ stays</p>", "mathematics was not rendered"),
        (r"<p>the state \(h_t\) stays</p>", "mathematics was not rendered"),
        (r"<p>\begin{aligned}</p>", "mathematics was not rendered"),
        ("<math><mi>ק</mi></math>", "the mathematics font lacks"),
        ("<p>by {{ page.title }}</p>", "a template was not filled in"),
        ("<p>{% include x %}</p>", "a template was not filled in"),
        ("<p>```python</p>", "a code fence was not rendered"),
        ("<p>??? tip</p>", "a box was not rendered"),
        ("<p>::: lecture_code.sections.gru</p>", "an object of the reference was not found"),
        (
            "<p>see [the step][lecture_code.sections.gru.gru_stop]</p>",
            "a reference was not resolved",
        ),
        ("<p>see [the step](gru.md)</p>", "a link was not rendered"),
        ("<p>Title { #id }</p>", "an attribute list was not rendered"),
        ("<p>&lt;div class=x&gt;</p>", "HTML is shown as text"),
        ("<p>a \ufffd b</p>", "a character could not be decoded"),
        ("<p>&lt;function f at 0x7f3a12bc&gt;</p>", "expected words"),
        ("<p>[Generator(PCG64) at 0x7F3A12BC1020]</p>", "expected words"),
        ("<p>&lt;frame at 0x7f3a12bc, file &quot;a&quot;&gt;</p>", "expected words"),
        ("<table><tr><td>nan</td></tr></table>", "no finite number"),
        ("<p>[!NOTE] Mind this.</p>", "another dialect's note"),
        ("<p>as he said[^1]</p>", "a footnote was not rendered"),
        ("<p>*[GRU]: a cell</p>", "an abbreviation was not rendered"),
        ("<ul><li>[ ] to do</li></ul>", "a task list was not rendered"),
        ("<p>well :smile: and :material-check:.</p>", "an emoji or an icon was not rendered"),
        ("<p>~~no~~ yes</p>", "another dialect's mark"),
        ("<p>==mind==</p>", "another dialect's mark"),
        ("<p>++ctrl+c++</p>", "another dialect's mark"),
        ("<p>one</p></div></div>", "its HTML is not whole: unexpected </div>: expected </"),
        ('<div class="x"><p>one</p>', "its HTML is not whole: unexpected </"),
        ("<textarea rows=2>", "its HTML is not whole: unexpected </"),
        ('<p><a id="here"/>All of this.</p>', "<a/> is not closed by its slash"),
    ],
)
def test_what_must_not_be_read(site, found, html, says):
    add(site, html)
    [problem] = found(site)
    assert problem.startswith("index.html: ") and says in problem


@pytest.mark.parametrize("generator", ["mkdocs", "zensical"])
def test_a_block_that_fails_is_found_on_the_page_of_either_generator(tmp_path, generator):
    pages = {
        "index.md": FAILS.format(title="Home", options="", code="1 / 0"),
        "b.md": FAILS.format(title="B", options=' html="true"', code='raise ValueError("{{ }}")'),
    }
    site = build(generator, project(tmp_path, pages))
    assert "Traceback (most" not in (site / "index.html").read_text("utf-8"), "it is in pieces"
    said = list(problems(site, list(pages), tmp_path / "docs"))
    for page, error in (
        ("index", "ZeroDivisionError: division by zero"),
        ("b/index", "ValueError"),
    ):
        says = f"{page}.html: a block has failed: the page shows a traceback: {error}"
        assert any(line.startswith(says) for line in said), said


def test_words_that_only_look_like_errors():
    assert not list(errors('ValueError: expected 3, got 4\nin the File "x" there is line 3'))
    assert not list(leftovers("a ~ b, x[1][2], {a}, f(x), 50 % of {b}, a < b, [0, 1](0.5)"))
    assert not list(no_numbers("information, np.inf, nanometre, x_nan"))


# --- what is kept


def test_an_unchanged_file_is_not_looked_at_again(tmp_path, monkeypatch):
    looked = []
    monkeypatch.setattr(
        one_file, "look", lambda kind, content: looked.append(content) or look(kind, content)
    )
    kept = store.Store(tmp_path, "what was found in a file")
    files = {"a.css": b"p { color: url(x) }", "b.css": b"p {"}
    first = look_at_all(files, kept_in=kept)
    assert look_at_all(files, kept_in=kept) == first and len(looked) == 2
    look_at_all({**files, "b.css": b"p {}"}, kept_in=kept)
    assert looked == [*files.values(), b"p {}"]
    monkeypatch.setattr(one_file, "_version", lambda: "another check")
    look_at_all(files, kept_in=kept)
    assert len(looked) == 5


def test_several_processes_find_the_same(by_mkdocs, tmp_path, monkeypatch):
    monkeypatch.setattr(one_file, "SHARED_FROM", 0)
    paths = [path for path in by_mkdocs.rglob("*") if path.is_file()]
    files = {path.relative_to(by_mkdocs).as_posix(): path.read_bytes() for path in paths}
    with Workers() as workers:
        shared = look_at_all(files, workers, store.Store(tmp_path, "what was found in a file"))
    assert shared == look_at_all(files)


def test_facts_come_back_as_they_were_kept():
    facts = look("page", b'<p id="a"><a href="x">y</a><a name="z"></a></p>')
    assert Facts.from_bytes(facts.to_bytes()) == facts
    assert facts.links == {"link": {"x": 1}} and facts.ids == {"a": 1} and facts.names == ["z"]


def test_the_check_starts_fast():
    """It does not import the package, and with it PyTorch."""
    code = "import sys, tools.check.__main__; sys.exit('torch' in sys.modules)"
    paths = [path for path in sys.path if path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *paths])}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, env=environment)
    assert STORE.folder.name == "check"


# --- where pages are


def test_the_pages_of_a_navigation():
    assert list(nav_pages(NAV)) == ["index.md", "lecture/hidden_state.md", "reference/lecture.md"]
    real = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    assert len(list(nav_pages(real))) == len(list(DOCS.rglob("*.md")))


def test_where_pages_are():
    assert page_of("lecture/gru.md") == Path("lecture/gru/index.html")
    assert page_of("index.md") == Path("index.html")
    assert page_of("reference/index.md") == Path("reference/index.html")


def test_a_block_without_a_record_is_found(site, found):
    page = site / "lecture/hidden_state/index.html"
    text = page.read_text("utf-8")
    record = re.search(r"<!-- ran: lecture/hidden_state\.md 2 \w+ -->", text)[0]
    page.write_text(text.replace(record, ""), "utf-8")
    assert any(
        one.startswith("lecture/hidden_state/index.html: expected records of ")
        for one in found(site)
    )

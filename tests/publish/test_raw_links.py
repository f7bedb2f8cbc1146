"""Links in raw HTML lead to the same place, whichever program builds the site."""

import re
import subprocess
import sys

import pytest
from pages import ROOT

from lecture_code.publish.raw_links import from_source

PAGE = """\
# B

<p><a href="../../c/">raw</a></p>

Words with a <a href="../../c/#inline">raw link</a>, and a [link](../index.md).

## Two *headings*

## And `another`

```python exec="true" html="true"
print('<section><a class="x" href="../../c/#block">a</a><img src="y.png"><a href="#here">b</a></section>')
```

```python exec="true"
print('<div><a href="../../c/#printed">a</a></div>')
```
"""  # noqa: E501


@pytest.mark.parametrize("generator", ["mkdocs", "zensical"])
def test_raw_links_lead_where_they_say(tmp_path, generator):
    (tmp_path / "docs/a").mkdir(parents=True)
    (tmp_path / "docs/index.md").write_text("# Home\n", "utf-8")
    (tmp_path / "docs/a/b.md").write_text(PAGE, "utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: S\nnav: [index.md, a/b.md]\ntheme: {name: material, font: false}\n"
        "plugins: [markdown-exec]\nmarkdown_extensions:\n"
        "  - toc: {permalink: true}\n  - md_in_html\n  - attr_list\n"
        "  - pymdownx.superfences\n  - lecture_code.publish.extension\n",
        "utf-8",
    )
    command = [sys.executable, "-m", generator, "build", "-f", str(tmp_path / "mkdocs.yml")]
    subprocess.run(command, cwd=ROOT, check=True)
    text = (tmp_path / "site/a/b/index.html").read_text("utf-8")
    article = text[text.index("<article") : text.index("</article>")]
    links = [link for link in re.findall(r'(?:href|src)="([^"]*)"', article) if "#" != link[0]]
    c = "../../c/"
    assert [link for link in links if "c/" in link] == [
        c,
        f"{c}#inline",
        f"{c}#block",
        f"{c}#printed",
    ]
    pictures = [link for link in links if link.endswith("y.png")]
    assert pictures in (["y.png"], ["../b/y.png"])
    assert [link for link in links if link not in pictures and "c/" not in link] == ["../../"]
    assert 'href="#here"' in article


def test_from_source_moves_relative_links_only():
    same = (
        '<a href="https://example.org/">a</a><a href="/x">b</a><a href="#x">c</a><a href="">d</a>'
        '<a href="../gru.md#x">e</a><a href="mailto:a@b.c">f</a><a title="a href= ../x">g</a>'
    )
    assert from_source(same, "lecture/gru.md") == same
    assert from_source('<a href="../../x/">a</a>', "lecture/gru.md") == '<a href="../x/">a</a>'
    assert from_source('<a href="../">a</a>', "lecture/gru.md") == '<a href="./">a</a>'
    assert from_source('<img alt="" src="x.png">', "errata.md") == '<img alt="" src="errata/x.png">'
    assert from_source('<a href="../x/">a</a>', "reference/index.md") == '<a href="../x/">a</a>'

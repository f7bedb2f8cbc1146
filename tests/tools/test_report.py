"""Where the project's address is known, each page links to a form to report a problem."""

import html
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from mkdocs.utils.yaml import yaml_load
from pages import ROOT

LINK = re.compile(r'<p class="report"><a href="([^"]*)">Report a problem with this page</a></p>')


def project(folder):
    """Two pages, with the real theme and the real `extra`."""
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    extra = re.search(r"^extra:\n(?:(?:  .*)\n)+", settings, flags=re.MULTILINE)[0]
    (folder / "docs/lecture").mkdir(parents=True)
    (folder / "docs/index.md").write_text("# Home\n", "utf-8")
    (folder / "docs/lecture/a.md").write_text("# RNN & “GRU”: 100 % + ½\n", "utf-8")
    (folder / "mkdocs.yml").write_text(
        f"site_name: S & T\nsite_url: !ENV SITE_URL\n{extra}nav: [index.md, lecture/a.md]\n"
        f"theme: {{name: material, font: false, custom_dir: {ROOT / 'overrides'}}}\n",
        "utf-8",
    )


def links(folder, generator, monkeypatch, **environment):
    """The links for reports on both pages, as a browser reads them."""
    for name in ("REPO_URL", "SITE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    subprocess.run([sys.executable, "-m", generator, "build"], cwd=folder, check=True)
    pages = [folder / "site/index.html", folder / "site/lecture/a/index.html"]
    return [[html.unescape(one) for one in LINK.findall(page.read_text("utf-8"))] for page in pages]


@pytest.mark.parametrize("generator", ["mkdocs", "zensical"])
def test_without_an_address_pages_say_nothing(tmp_path, monkeypatch, generator):
    project(tmp_path)
    assert links(tmp_path, generator, monkeypatch) == [[], []]
    for page in (tmp_path / "site").rglob("*.html"):
        text = page.read_text("utf-8")
        assert "issues/new" not in text and 'class="report"' not in text


@pytest.mark.parametrize("generator", ["mkdocs", "zensical"])
@pytest.mark.parametrize("site", ["", "https://example.org/notes/"])
def test_with_an_address_the_form_is_filled_in(tmp_path, monkeypatch, generator, site):
    project(tmp_path)
    more = {"SITE_URL": site} if site else {}
    found = links(tmp_path, generator, monkeypatch, REPO_URL="https://example.com/o/n/", **more)
    [home], [page] = found
    release = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))["extra"]["release"]
    split = urlsplit(page)
    assert (split.netloc, split.path) == ("example.com", "/o/n/issues/new")
    assert parse_qs(split.query, strict_parsing=True) == {
        "template": ["page.yml"],
        "title": ["Page: RNN & “GRU”: 100 % + ½"],
        "page": [f"RNN & “GRU”: 100 % + ½: {site}lecture/a/"],
        "version": [release],
    }
    asked = parse_qs(urlsplit(home).query)
    assert asked["title"] == ["Page: S & T"]
    assert asked["page"] == [f"S & T: {site or 'index.html'}"]
    assert page.isascii() and not set(' "<>{}|\\^`') & set(page)


def test_no_page_asks_another_host_for_anything(tmp_path, monkeypatch):
    """The theme's own `repo_url` would have each reader's browser ask GitHub for stars."""
    project(tmp_path)
    links(tmp_path, "mkdocs", monkeypatch, REPO_URL="https://github.com/o/n")
    text = (tmp_path / "site/index.html").read_text("utf-8")
    assert 'data-md-component="source"' not in text

"""A page that moves leaves a stub, which leads on; the check of the site knows it."""

import re
import shutil

import pytest
from small_site import GATE, small, state

from tools.check import file as one_file
from tools.check.file import look
from tools.stubs import StubError, stubs

OLD = "gates/one_gate.md"
STUB = "gates/one_gate/index.html"


@pytest.fixture
def site(tmp_path):
    """A site with one page."""
    page = tmp_path / "lecture/gru_one_gate/index.html"
    page.parent.mkdir(parents=True)
    page.write_text('<h1 id="a">GRU, one <em>gate</em><a class="headerlink" href="#a">¶</a></h1>')
    return tmp_path


def test_a_stub_leads_on(site):
    [made] = stubs(site, {OLD: GATE})
    assert made == site / STUB
    text = made.read_text("utf-8")
    target = "../../lecture/gru_one_gate/"
    assert (made.parent / target).resolve() == site / "lecture/gru_one_gate"
    assert f'<meta http-equiv="refresh" content="0; url={target}">' in text
    assert f'location.replace("{target}" + location.search + location.hash)' in text
    assert f'<a href="{target}">GRU, one gate</a>' in text
    facts = look("stub", made.read_bytes())
    assert facts.problems == [] and set(facts.links["link"]) == {target}


def test_a_page_that_is_still_there_or_nowhere(site):
    with pytest.raises(StubError, match="is still a page as well"):
        list(stubs(site, {GATE: GATE}))
    with pytest.raises(StubError, match=r"docs/nowhere\.md, which is no page of the site"):
        list(stubs(site, {OLD: "nowhere.md"}))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('http-equiv="refresh"', 'name="refresher"', "leads nowhere by itself"),
        ("</p>", "", "its HTML is not whole"),
        ("<title>This page has moved</title>", "", "has no title"),
    ],
)
def test_a_stub_that_is_broken_is_found(site, old, new, says):
    [made] = stubs(site, {OLD: GATE})
    broken = made.read_text("utf-8").replace(old, new, 1)
    assert any(says in problem for problem in look("stub", broken.encode()).problems)


def test_a_stub_is_known_by_its_place(monkeypatch):
    monkeypatch.setitem(one_file.NAMED, STUB, "stub")
    one_file.kind_of.cache_clear()
    assert one_file.kind_of(STUB) == "stub"
    monkeypatch.undo()
    one_file.kind_of.cache_clear()
    assert one_file.kind_of(STUB) == "page"


def test_a_site_with_a_moved_page_and_a_repository_is_built(tmp_path):
    """By the real command, whose check refuses files that come from nowhere and dead links."""
    project = small(tmp_path / "project")
    project.edit(
        "lecture_code/publish/moved.py",
        "PAGES: dict[str, str] = {}",
        f'PAGES: dict[str, str] = {{"{OLD}": "{GATE}"}}',
    )
    address = "https://example.com/notes"
    status, said = project.build(REPO_URL=address, SITE_URL="https://example.org/rnn/")
    assert status == 0, said
    assert (project.site / STUB).is_file()
    assert STUB not in (project.site / "sitemap.xml").read_text("utf-8")
    page = (project.site / "lecture/gru_one_gate/index.html").read_text("utf-8")
    assert len(re.findall(rf'href="{address}/issues/new\?', page)) == 1
    assert 'id="try-it"' in page
    reference = (project.site / "reference/lecture/index.html").read_text("utf-8")
    assert 'id="lecture_code.gru_one_gate.gru_one_gate_step"' in reference

    # The same sources without an address: another site, so it is built again, and says nothing.
    before = state(project.site)
    status, said = project.build()
    assert status == 0 and "is up to date" not in said, said
    assert state(project.site) != before
    pages = [file.read_text("utf-8") for file in project.site.rglob("*.html")]
    assert not any("Report a problem" in text or "issues/new" in text for text in pages)

    # A page at the old address after all: the build is refused.
    before = state(project.site)
    (project.docs / OLD).parent.mkdir()
    shutil.copy(project.docs / "index.md", project.docs / OLD)
    project.edit("mkdocs.yml", "- Home: index.md\n", f"- Home: index.md\n- Old: {OLD}\n")
    text = (project.docs / OLD).read_text("utf-8")
    text = text.partition("```")[0].replace("](", "](../").rstrip() + "\n"
    (project.docs / OLD).write_text(text, "utf-8")
    status, said = project.build()
    assert status != 0 and "is still a page as well" in said, said
    assert state(project.site) == before

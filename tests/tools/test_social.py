"""What is shown elsewhere of a page: its description, its `meta` elements, its social picture."""

import html
import io
import logging
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from mkdocs.utils.meta import get_data
from pages import PAGES, ROOT, name
from PIL import Image, ImageColor

from lecture_code.evidence.measure import functions_with_equations
from lecture_code.pairing.functions import pair_lines
from lecture_code.support.store import Store
from tools import notebooks, social, social_picture
from tools.check import navigation, page_of, picture_of, problems
from tools.check.file import LOOKS, look_at_all
from tools.early import prepare
from tools.social import CARD, EQUATION, META, Preview, light_colours, pictures, preview
from tools.social_picture import LEFT, RIGHT, SIZE, draw

DESCRIPTIONS = {name(page): get_data(page.read_text("utf-8"))[1]["description"] for page in PAGES}


def html_of(folder, page):
    return (folder / page_of(page)).read_text("utf-8")


@pytest.fixture(scope="module")
def drawn(built, tmp_path_factory):
    """A copy of the built site with its pictures, drawn by a process of its own."""
    folder = tmp_path_factory.mktemp("social") / "site"
    shutil.copytree(built, folder)
    command = [sys.executable, "-m", "tools.social", str(folder)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert f"{len(PAGES)} social pictures" in said
    return folder


# --- descriptions


@pytest.mark.parametrize("page", DESCRIPTIONS)
def test_a_page_is_described_in_plain_sentences(page):
    description = DESCRIPTIONS[page]
    assert 70 <= len(description) <= 160, len(description)
    assert description[0].isupper() and description.endswith(".")
    assert description.count(". ") <= 1
    assert not set('"<>&$`*\\\n') & set(description), "no markup, and nothing to be escaped"


def test_no_two_descriptions_are_the_same():
    assert len(set(DESCRIPTIONS.values())) == len(PAGES)


# --- meta elements


@pytest.mark.parametrize("page", DESCRIPTIONS)
def test_a_page_says_what_others_may_show_of_it(built, page):
    text = html_of(built, page)
    said = dict(META.findall(text))
    assert f'<meta name="description" content="{DESCRIPTIONS[page]}">' in text
    assert '<meta name="twitter:card" content="summary_large_image">' in text
    assert html.unescape(said["og:description"]) == DESCRIPTIONS[page]
    assert said["og:type"] == "article"
    assert said["og:title"] and said["og:title"] in said["og:image:alt"]
    assert (int(said["og:image:width"]), int(said["og:image:height"])) == SIZE
    folder = (built / page_of(page)).parent
    assert (folder / said["og:image"]).resolve() == (built / picture_of(text)).resolve()


def test_the_landing_page_has_the_sites_name_and_a_page_its_part(built):
    start, gru = (
        dict(META.findall(html_of(built, page))) for page in ("index.md", "lecture/gru.md")
    )
    assert start["og:title"] == start["og:site_name"] == gru["og:site_name"]
    assert "article:section" not in start
    assert (gru["og:title"], gru["article:section"]) == ("GRU, full", "Recurrent networks")


@pytest.mark.parametrize("generator", ["mkdocs", "zensical"])
@pytest.mark.parametrize(
    ("address", "before"), [(None, "../../"), ("https://example.org/x", "https://example.org/x/")]
)
def test_both_generators_write_them(tmp_path, monkeypatch, generator, address, before):
    (tmp_path / "docs/a").mkdir(parents=True)
    (tmp_path / "docs/index.md").write_text("# Home\n", "utf-8")
    (tmp_path / "docs/a/b.md").write_text("---\ndescription: Or & “and”\n---\n# B & C\n", "utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: S & T\nsite_url: !ENV SITE_URL\nnav: [index.md, {P & Q: [a/b.md]}]\n"
        f"theme: {{name: material, font: false, custom_dir: {ROOT / 'overrides'}}}\n",
        "utf-8",
    )
    monkeypatch.delenv("SITE_URL", raising=False)
    if address:
        monkeypatch.setenv("SITE_URL", address)
    subprocess.run([sys.executable, "-m", generator, "build"], cwd=tmp_path, check=True)
    text = html_of(tmp_path / "site", "a/b.md")
    said = dict(META.findall(text))
    assert said["og:image"] == f"{before}assets/social/a/b.png"
    assert said.get("og:url") == (f"{before}a/b/" if address else None)
    assert said["og:title"] == "B &amp; C" and said["og:site_name"] == "S &amp; T"
    assert said["article:section"] == "P &amp; Q"
    assert said["og:description"] == "Or &amp; “and”"
    assert picture_of(text).as_posix() == "assets/social/a/b.png"


# --- pictures


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def assert_inside_the_margins(picture):
    """Nothing but the ground, and the band on the left, beside and below what is written."""
    names = ("line", "ground")
    ground = {(255, 255, 255), *(ImageColor.getrgb(light_colours()[name]) for name in names)}
    for margin in (picture[:, 24 : LEFT - 6], picture[:, RIGHT + 6 :], picture[-24:, 24:]):
        assert set(map(tuple, margin.reshape(-1, 3))) <= ground


def test_every_page_has_a_picture_of_its_own(drawn):
    files = [drawn / picture_of(html_of(drawn, page)) for page in DESCRIPTIONS]
    assert len({file.read_bytes() for file in files}) == len(files) == len(PAGES)
    for file in files:
        with Image.open(file) as picture:
            assert (picture.format, picture.mode, picture.size) == ("PNG", "P", SIZE), file
        assert file.stat().st_size <= 30 * 1024, file
        assert_inside_the_margins(pixels(file.read_bytes()))


@pytest.mark.parametrize("page", ["lecture/lstm.md", "lecture/windowing.md", "errata.md"])
def test_a_picture_is_the_same_bytes_in_every_process(drawn, page):
    text = html_of(drawn, page)
    shown = preview(text, navigation())
    assert draw(shown) == draw(shown) == (drawn / picture_of(text)).read_bytes()


def test_a_picture_shows_what_its_page_says(built):
    shown = preview(html_of(built, "lecture/gru.md"), [{"Recurrent networks": []}])
    assert (shown.title, shown.part) == ("GRU, full", "Recurrent networks")
    assert shown.accent == light_colours()["curve-1"]
    assert len(shown.equation) == 4 and all("<math" in line for line in shown.equation)
    assert not preview(html_of(built, "errata.md"), []).equation
    same = html_of(built, "lecture/gru.md").replace("Recurrent networks", "GRU, full")
    assert preview(same, []).part == "", "a part is not said twice"


def test_every_equation_of_every_card_can_be_set(built):
    colours = light_colours()
    seen = []
    for page in DESCRIPTIONS:
        for card in CARD.findall(html_of(built, page)):
            for line in EQUATION.findall(card):
                shapes = social_picture._set(line, colours)
                roles = set(re.findall(r'data-role="(\w+)"', line))
                drawn_in = {shape.colour for shape in shapes} - {social_picture.INK}
                assert drawn_in == {colours.get(role, colours["weight"]) for role in roles}
                seen.append(line)
    lines = [line for function in functions_with_equations() for line in pair_lines(function)]
    assert len(seen) >= len(lines) > 70


LINE = "<math><mi>h</mi><mo>=</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>+</mo><mi>c</mi></math>"
WIDE = f"<math><mi>h</mi>{'<mo>+</mo><mi>W</mi>' * 40}</math>"


@pytest.mark.parametrize("equation", [(), (LINE,), (LINE,) * 2, (LINE,) * 9, (WIDE,), (WIDE,) * 6])
@pytest.mark.parametrize(
    "title", ["RNN", "The temporal fusion transformer, and what it attends to"]
)
def test_whatever_is_written_stays_inside(title, equation):
    description = "A sentence that is as long as any, and then some. " * 3
    colours = light_colours()
    shown = Preview("Site", "Part", title, description, equation, colours["curve-2"], colours)
    picture = pixels(draw(shown))
    assert_inside_the_margins(picture)
    assert tuple(picture[300, 5]) == ImageColor.getrgb(colours["curve-2"])


@pytest.fixture
def titles(tmp_path, monkeypatch):
    """The titles of all pictures that are drawn, tiny ones, kept in a place of their own."""
    drawn = []

    def tiny(shown):
        drawn.append(shown.title)
        with io.BytesIO() as file:
            Image.new("L", (len(shown.title), 1)).save(file, "PNG")
            return file.getvalue()

    monkeypatch.setattr(social, "_kept", Store(tmp_path / "social", "a social picture"))
    monkeypatch.setattr(social_picture, "draw", tiny)
    return drawn


SHOWN = Preview("S", "P", "One", "D", (), "#123456", {})


def _picture(shown=SHOWN):
    [content] = social._pictures([shown], workers=None)
    return content


def test_a_picture_is_drawn_once_and_again_when_the_page_says_something_else(titles):
    first, second = (_picture() for _ in range(2))
    assert first == second and Image.open(io.BytesIO(first)).size == (3, 1)
    assert Image.open(io.BytesIO(_picture(SHOWN._replace(title="Second")))).size == (6, 1)
    assert titles == ["One", "Second"]


def test_what_is_prepared_early_is_found_later(titles, built, tmp_path, monkeypatch):
    text = html_of(built, "lecture/gru.md")
    monkeypatch.setattr(notebooks, "_kept", Store(tmp_path / "notebooks", "a notebook"))
    prepare("lecture/gru.md", text, navigation())
    monkeypatch.setattr(notebooks, "notebook", lambda *_: pytest.fail("it is made again"))
    page = tmp_path / "site" / "lecture" / "gru" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(text, "utf-8")
    assert list(notebooks.notebooks(tmp_path / "site", [{"GRU": "lecture/gru.md"}]))
    monkeypatch.setitem(LOOKS, "page", lambda content: pytest.fail("it is looked at again"))
    [facts] = look_at_all({"lecture/gru/index.html": text.encode()}).values()
    assert facts.about and not facts.problems
    assert _picture(preview(text, navigation()))
    assert len(titles) == 1


@pytest.mark.parametrize(
    "damage", [lambda kept: b"", lambda kept: kept[:-9], lambda kept: kept + b"x"]
)
def test_a_damaged_picture_is_drawn_again(titles, tmp_path, damage):
    before = _picture()
    [file] = (tmp_path / "social").iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert [_picture() for _ in range(2)] == [before, before]
    assert titles == ["One", "One"]


def test_what_was_kept_whole_but_is_no_picture_is_drawn_again(titles, monkeypatch, caplog):
    caplog.set_level(logging.INFO, "mkdocs.lecture_code")
    before = _picture()
    for content in (b"", b"no picture", before[:-20]):
        monkeypatch.setattr(social._kept, "get", lambda key, content=content: content)
        assert _picture() == before
    assert caplog.text.count("is damaged (it cannot be read: ") == 3
    assert titles == ["One"] * 4


def test_a_folder_without_the_site_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"index\.html: build the site first"):
        list(pictures(tmp_path, navigation()))
    (tmp_path / "index.html").write_text("<html><head></head></html>", "utf-8")
    with pytest.raises(ValueError, match=r"index\.html: expected og:image, .* found none"):
        list(pictures(tmp_path, navigation()))


def test_the_check_finds_a_picture_that_was_not_drawn(built, drawn):
    def missing(site):
        return [problem for problem in problems(site, []) if "assets/social/" in problem]

    assert len(missing(built)) == len(PAGES)
    says = "index.html: assets/social/index.png is missing: run `python -m tools.social "
    assert any(problem.startswith(says) for problem in missing(built))
    assert missing(drawn) == []

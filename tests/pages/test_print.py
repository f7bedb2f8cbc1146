"""A page on paper: a handout, everything open but solutions, nothing cut off, the ground white."""

import re

import pytest
from pages import DOCS, PAGES

from tools.check import page_of

ADDRESSES = [page_of(str(page.relative_to(DOCS))).parent.as_posix() for page in PAGES]
WIDTH = int((210 - 2 * 16) / 25.4 * 96)
"""Pixels between the margins of A4."""

FURNITURE = "header.md-header, nav, button, input, label, form, .headerlink, [role=dialog]"

# What can be seen of the site's furniture.
SEEN = """
(furniture) => [...document.querySelectorAll(furniture)]
  .filter((part) => part.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((part) => part.getBoundingClientRect().height > 1)
  .map((part) => part.outerHTML.slice(0, 80))
"""

# What cannot be seen of folded parts, hints and solutions left aside, and of the figures in place
# of those that move.
FOLDED = """
[...document.querySelectorAll("details > :not(summary), .stepper-plain > *")]
  .filter((part) => !part.closest("h3.exercise ~ details"))
  .filter((part) => !part.checkVisibility() || !part.getBoundingClientRect().height)
  .map((part) => part.outerHTML.slice(0, 80))
"""

# What reaches beyond the margin, or could be seen by scrolling only. Words that are only read aloud
# stand nowhere.
CUT_OFF = """
[...document.querySelectorAll(".md-content *, .md-footer *")]
  .filter((box) => box.checkVisibility() && box.getBoundingClientRect().height)
  .filter((box) => !box.closest(".unseen"))
  .filter((box) => {
    const scrolls = getComputedStyle(box).overflowX !== "visible";
    const beyond = box.getBoundingClientRect().right > innerWidth + 1;
    return beyond || (scrolls && box.clientWidth && box.scrollWidth > box.clientWidth + 1);
  })
  .map((box) => box.outerHTML.slice(0, 80))
"""

# Every colour on the page, element by element.
COLOURS = """
[...document.querySelectorAll("html, body, .md-container *")]
  .filter((part) => part.checkVisibility())
  .map((part) => {
    const style = getComputedStyle(part);
    const { color, backgroundColor, borderTopColor, borderLeftColor, fill, stroke } = style;
    const colours = [color, backgroundColor, borderTopColor, borderLeftColor, fill, stroke].join();
    return `<${part.localName} class="${part.getAttribute("class") ?? ""}"> ${colours}`;
  })
"""

# The grounds behind the text, of what can be seen: white where they are white or clear.
GROUNDS = """
["html", "body", ".md-container", ".md-main", ".md-content", ".md-footer", ".card"]
  .flatMap((name) => [...document.querySelectorAll(name)])
  .map((part) => getComputedStyle(part).backgroundColor)
  .map((ground) => (["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(ground) ? "white" : ground))
"""

TOGETHER = "pre, figure, .card-lines, .card-evidence, .table-scroll tr"


@pytest.fixture
def paper(browser):
    """Opens a page as a printer sees it."""
    contexts = []

    def open_page(**settings):
        size = {"width": WIDTH, "height": 1000}
        contexts.append(browser.new_context(viewport=size, **settings))
        page = contexts[-1].new_page()
        page.emulate_media(media="print")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def gru(site, paper):
    page = paper()
    page.goto(f"{site}lecture/gru/")
    return page


# With scripts the theme adds buttons and opens what is folded; without them our style opens it.
@pytest.mark.parametrize("scripts", [True, False])
def test_a_handout_holds_all_that_the_page_says_and_nothing_else(site, paper, scripts):
    page = paper(java_script_enabled=scripts)
    closed = 0
    for address in ADDRESSES:
        page.goto(f"{site}{address}/")
        assert page.evaluate(SEEN, FURNITURE) == [], address
        assert page.evaluate(FOLDED) == [], address
        assert page.evaluate(CUT_OFF) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, address
        says = page.locator(".md-copyright__highlight")
        assert says.is_visible() and "Raoul Grouls" in says.inner_text(), address
        closed += page.locator("details:not([open])").count()
    assert (closed > 30) == (not scripts)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_class_gets_the_tasks_without_hints_and_solutions(site, paper, scripts):
    page = paper(java_script_enabled=scripts)
    page.goto(f"{site}lecture/neuron/")
    folded = page.locator("h3.exercise ~ details").all()
    assert len(folded) == 2 * page.locator("h3.exercise").count() > 0
    for part in folded:
        assert not part.is_visible() and not part.locator("summary").is_visible()
    for part in page.locator("h3.exercise, .exercise-facts").all():
        assert part.is_visible()


def test_the_dark_scheme_is_printed_as_the_light_one(site, paper):
    pages = [paper(color_scheme=scheme) for scheme in ("light", "dark")]
    for address in ADDRESSES:
        for page in pages:
            page.goto(f"{site}{address}/")
        light, dark = (page.evaluate(COLOURS) for page in pages)
        others = [pair for pair in zip(light, dark, strict=True) if pair[0] != pair[1]]
        assert others[:3] == [], address
        assert set(pages[1].evaluate(GROUNDS)) == {"white"}, address


def test_what_belongs_together_is_not_broken(gru):
    broken = "(parts) => parts.map((part) => getComputedStyle(part).breakInside)"
    assert set(gru.locator(TOGETHER).evaluate_all(broken)) == {"avoid"}
    after = "(parts) => parts.map((part) => getComputedStyle(part).breakAfter)"
    assert set(gru.locator("h1, h2, h3, .card-head, summary").evaluate_all(after)) == {"avoid"}


def test_equation_and_code_stand_side_by_side(gru):
    for line in gru.locator(".card-line").all():
        equation, code = (
            line.locator(part).bounding_box() for part in (".card-equation", ".card-code")
        )
        assert equation["y"] == code["y"]
        assert equation["x"] + equation["width"] <= code["x"] + 1


def test_the_colours_of_heat_maps_are_printed(gru):
    adjust = "(cells) => cells.map((cell) => getComputedStyle(cell).printColorAdjust)"
    assert set(gru.locator(".matrix td").evaluate_all(adjust)) == {"exact"}


def test_a_page_is_printed_on_a4(gru):
    pdf = gru.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert 3 <= len(boxes) <= 9
    for width, height in boxes:
        assert float(width) == pytest.approx(595, abs=1)
        assert float(height) == pytest.approx(842, abs=1)


def test_each_worksheet_starts_a_sheet_with_room_to_write_and_a_key_is_open(site, paper):
    page = paper()
    page.goto(f"{site}worksheets/")
    heads = page.locator("h2:has(+ .worksheet)")
    breaks = "(parts) => parts.map((part) => getComputedStyle(part).breakBefore)"
    assert heads.evaluate_all(breaks) == ["page"] * 5
    heights = page.locator(".blank").evaluate_all("(all) => all.map((one) => one.offsetHeight)")
    assert min(heights) >= 30
    assert page.locator(".worksheet-name").first.is_visible()
    assert not page.locator(".worksheet-more, .worksheet-hint").first.is_visible()
    page.goto(f"{site}worksheets_key/")
    # The first key is short, and shares its sheet with the words in front.
    assert heads.evaluate_all(breaks) == ["auto"] + ["page"] * 4
    assert all(entry.is_visible() for entry in page.locator(".worksheet dd").all())

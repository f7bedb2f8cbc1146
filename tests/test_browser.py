"""The built site in a real browser: nothing from elsewhere, nothing cut off, cards that answer."""

import subprocess
import sys

import pytest
from pages import ADDRESSES, ROOT

from tools.picture import take


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_whole(site, browser, width, scheme):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, has_touch=width < 500
    )
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for address in ADDRESSES:
        response = page.goto(f"{site}{address}/")
        assert response.ok, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        cut = page.evaluate(CUT_OFF)
        assert cut == [], address
        assert page.evaluate(HIDDEN_MATHEMATICS) == [], address
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(255, 255, 255)") == (scheme == "light"), address
    assert said == []
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    context.close()


# What is wider than its box in a card, and cannot be scrolled into view.
CUT_OFF = """
[...document.querySelectorAll(".card *, .matrix-row, .curves, .table-scroll")]
  .filter((box) => box.clientWidth && box.scrollWidth > box.clientWidth + 1)
  .filter((box) => !["auto", "scroll"].includes(getComputedStyle(box).overflowX))
  .filter((box) => !box.closest("math, details"))
  .map((box) => box.className)
"""


# An equation of a card is to be seen whole, without scrolling.
HIDDEN_MATHEMATICS = """
[...document.querySelectorAll(".card-equation")]
  .filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => box.textContent)
"""


def lit(card) -> set[str]:
    return set(
        card.locator(".quantity.lit").evaluate_all(
            "marks => marks.map(mark => (mark.closest('math') ? 'math ' : 'code ')"
            " + mark.dataset.quantity)"
        )
    )


@pytest.fixture
def gru(site, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{site}lecture/gru/")
    yield page.locator(".card").first
    context.close()


@pytest.mark.parametrize("side", ["mrow", "span"])
def test_pointing_lights_up_both_sides(gru, side):
    gru.locator(f"{side}.quantity[data-quantity=reset]").first.hover()
    assert lit(gru) == {"math reset", "code reset"}
    assert gru.locator(".card-meaning").inner_text().startswith("reset: reset gate")
    gru.locator(".card-head strong").hover()
    assert lit(gru) == set()


def test_the_keyboard_reaches_every_symbol(gru):
    gru.locator(".card-head a").focus()
    gru.page.keyboard.press("Tab")
    assert lit(gru) == {"math update", "code update"}
    seen = set()
    for _ in range(gru.locator(".quantity").count()):
        seen |= lit(gru)
        gru.page.keyboard.press("ArrowRight")
    assert {name.removeprefix("math ") for name in seen if name.startswith("math")} == {
        *("x", "h", "h_next", "update", "reset", "candidate"),
        *("W_u", "b_u", "W_r", "b_r", "W_h", "b_h"),
    }
    gru.page.keyboard.press("Home")
    assert lit(gru) == {"math update", "code update"}
    gru.page.keyboard.press("Tab")
    assert lit(gru) == set()


def test_a_touch_lights_up_and_a_second_one_puts_out(site, browser):
    context = browser.new_context(viewport={"width": 390, "height": 900}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}lecture/gru/")
    card = page.locator(".card").first
    mark = card.locator("span.quantity[data-quantity=candidate]").first
    mark.tap()
    assert lit(card) == {"math candidate", "code candidate"}
    mark.tap()
    assert lit(card) == set()
    context.close()


def test_the_mathematics_font_is_the_sites_own(gru):
    gru.page.evaluate("document.fonts.ready")
    assert gru.page.evaluate("document.fonts.check('16px \"STIX Two Math\"', 'Γ')")
    loaded = "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)"
    assert gru.page.evaluate(loaded) == ["STIX Two Math"]


def test_a_page_works_without_scripts(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}lecture/gru/")
    assert page.locator(".card math").count() >= 8
    context.close()


def test_the_readmes_picture_is_a_card_in_light_and_in_dark(chromium, built, tmp_path):
    # A process of its own, since Playwright runs in this one already.
    command = [sys.executable, "-m", "tools.picture", str(built), str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True)
    light, dark = ((tmp_path / f"card-{s}.png").read_bytes() for s in ("light", "dark"))
    assert light[:8] == dark[:8] == b"\x89PNG\r\n\x1a\n"
    assert light != dark


def test_a_picture_of_a_site_that_was_not_built_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"index.html: build the site first"):
        take(tmp_path, tmp_path)

"""The built site in a real browser: nothing from elsewhere, nothing cut off, cards that answer."""

import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pages import ADDRESSES, ROOT

from tools.audit import SHIFT
from tools.picture import take


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_whole(site, browser, width):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="light", has_touch=width < 500
    )
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for address in ADDRESSES:
        page.emulate_media(color_scheme="light")
        response = page.goto(f"{site}{address}/")
        assert response.ok, address
        for scheme in ("default", "slate"):
            page.wait_for_selector(f"body[data-md-color-scheme={scheme}]")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert page.evaluate(CUT_OFF) == [], address
            assert page.evaluate(HIDDEN_MATHEMATICS) == [], address
            background = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (background == "rgb(255, 255, 255)") == (scheme == "default"), address
            page.emulate_media(color_scheme="dark")
    assert said == []
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    context.close()


class _Halting(SimpleHTTPRequestHandler):
    """A network that stops for a while in the middle of a page's first equation."""

    def do_GET(self):
        if not self.path.endswith("/"):
            return super().do_GET()
        body = (ROOT / self.translate_path(self.path) / "index.html").read_bytes()
        middle = body.index(b"</mrow>", body.index(b'<math display="block">'))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body[:middle])
        time.sleep(1)
        self.wfile.write(body[middle:])

    def log_message(self, *_):
        pass


def test_nothing_moves_where_the_network_stops_in_the_middle_of_an_equation(built, browser):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Halting, directory=str(built)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(SHIFT)
    page.goto(f"http://127.0.0.1:{server.server_port}/lecture/sequences/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("shift") == 0
    page.close()
    server.shutdown()


@pytest.mark.parametrize("preferred, scheme", [("light", "default"), ("dark", "slate")])
def test_a_first_visit_is_in_the_systems_colours_before_the_theme_has_run(
    site, browser, preferred, scheme
):
    context = browser.new_context(color_scheme=preferred)
    page = context.new_page()
    page.route("**/bundle.*.js", lambda route: route.abort())
    page.goto(f"{site}lecture/gru/")
    body = page.locator("body")
    assert body.get_attribute("data-md-color-scheme") == scheme
    page.unroute("**/bundle.*.js")
    page.reload()
    page.wait_for_selector("body:not([data-md-color-switching])")  # the theme ends it
    assert body.get_attribute("data-md-color-scheme") == scheme
    page.locator("[data-md-component=palette] label:visible").click()
    page.wait_for_selector("body[data-md-color-media='(prefers-color-scheme: light)']")
    page.reload()  # what a reader has chosen is kept
    page.wait_for_selector("body:not([data-md-color-switching])")
    assert body.get_attribute("data-md-color-media") == "(prefers-color-scheme: light)"
    context.close()


# What is wider than its box in a card, and cannot be scrolled into view.
CUT_OFF = """
[...document.querySelectorAll(".card *, .matrix-row, .curves, .table-scroll, .table-scroll tr *")]
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
    """Everything of a card that is lit up: where it stands, and the quantity."""
    return set(
        card.locator(".lit").evaluate_all(
            "marks => marks.map(mark => (mark.closest('svg') ? 'picture ' : "
            "mark.closest('math') ? 'math ' : 'code ') + mark.dataset.quantity)"
        )
    )


@pytest.fixture
def gru(site, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{site}lecture/gru/")
    yield page.locator(".card").first
    context.close()


@pytest.mark.parametrize(
    "where",
    [
        ".card-equation [data-quantity=reset]",
        ".card-code [data-quantity=reset]",
        ".diagram-wide g[data-quantity=reset] math",
    ],
)
def test_pointing_lights_up_equation_code_and_picture(gru, where):
    gru.locator(where).first.hover()
    assert lit(gru) == {"math reset", "code reset", "picture reset"}
    assert gru.locator(".diagram-wide .edge.lit").count() == 2
    assert gru.locator(".card-meaning").inner_text().startswith("reset: reset gate")
    gru.locator(".card-head strong").hover()
    assert lit(gru) == set()


def test_the_keyboard_reaches_every_symbol(gru):
    gru.locator(".card-head a").focus()
    gru.page.keyboard.press("Tab")
    assert lit(gru) == {"math update", "code update", "picture update"}
    seen = set()
    for _ in range(gru.locator(".quantity[tabindex]").count()):
        seen |= lit(gru)
        gru.page.keyboard.press("ArrowRight")
    assert {name.removeprefix("code ") for name in seen if name.startswith("code")} == {
        *("x", "h", "h_next", "update", "reset", "candidate"),
        *("W_u", "b_u", "W_r", "b_r", "W_h", "b_h"),
    }
    gru.page.keyboard.press("Home")
    assert lit(gru) == {"math update", "code update", "picture update"}
    gru.page.keyboard.press("Tab")
    assert lit(gru) == set()


def test_a_touch_lights_up_and_a_second_one_puts_out(site, browser):
    context = browser.new_context(viewport={"width": 390, "height": 900}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}lecture/gru/")
    card = page.locator(".card").first
    mark = card.locator("span.quantity[data-quantity=candidate]").first
    mark.tap()
    assert lit(card) == {"math candidate", "code candidate", "picture candidate"}
    mark.tap()
    assert lit(card) == set()
    card.locator(".diagram-tall g[data-quantity=candidate] math").tap()
    assert lit(card) == {"math candidate", "code candidate", "picture candidate"}
    context.close()


def test_what_can_be_scrolled_sideways_shows_where_there_is_more(site, browser):
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(f"{site}slides/")
    table = page.locator(".table-scroll")
    assert table.get_attribute("data-more") == "after"
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-more='before after']")
    table.evaluate("table => table.scrollTo({ left: table.scrollWidth })")
    page.wait_for_selector("[data-more='before']")
    assert page.locator("[data-more]").count() == 1
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_selector(".table-scroll:not([data-more], [tabindex])")
    context.close()


def test_the_first_card_of_a_page_says_how_to_use_them_all(gru):
    hints = gru.page.locator(".card-hint").all()
    assert [hint.is_visible() for hint in hints] == [True, False]


def test_nothing_moves_when_a_symbol_says_what_it_is(gru):
    for card in gru.page.locator(".card").all():
        meaning = card.locator(".card-meaning")
        height = meaning.bounding_box()["height"]
        for mark in card.locator("span.quantity").all():
            mark.focus()
            assert card.locator(".card-says").inner_text()
            assert meaning.bounding_box()["height"] == height


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

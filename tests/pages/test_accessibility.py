"""axe-core finds nothing on any page; and what axe can't see: no stop of the Tab key is hidden."""

import pytest
from conftest import leave_out
from pages import ADDRESSES, ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core's script."""
    if not AXE.is_file():
        leave_out("no axe-core: run `npm ci --ignore-scripts`, which needs npm")
    return AXE.read_text("utf-8")


@pytest.fixture
def open_page(site, browser, axe):
    """Open pages in one window of a width and a colour scheme, with axe at hand."""
    contexts = []

    def start(width: int, scheme: str):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=site
        )
        context.add_init_script(axe)
        contexts.append(context)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()


def start(page, options: dict | None = None, leave_out: str = "") -> None:
    """Let axe begin on a page as it is now, with all its rules but the experimental ones."""
    page.evaluate(
        """([options, leaveOut]) => {
          // axe passes over what is folded away; it is quicker where that is not there.
          for (const part of document.querySelectorAll("details:not([open]) > :not(summary)")) {
            part.remove();
          }
          const context = leaveOut ? { exclude: [leaveOut] } : document;
          window.found = new Promise((done) => setTimeout(() => done(axe.run(context, options))));
        }""",
        [{"resultTypes": ["violations"], "preload": False} | (options or {}), leave_out],
    )


def collect(page) -> list[str]:
    """What axe has found."""
    return [
        f"{rule['id']}: {part['html'][:120]} {part['failureSummary']}"
        for rule in page.evaluate("window.found")["violations"]
        for part in rule["nodes"]
    ]


def findings(page) -> list[str]:
    start(page)
    return collect(page)


def turn(page, width: int, scheme: str) -> None:
    """Let an open page have another width and colour scheme, and wait until it has."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    name = {"light": "default", "dark": "slate"}[scheme]
    page.wait_for_selector(f"body[data-md-color-scheme={name}]")
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")


COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
NO_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
# Every page is loaded once. All rules hold at both widths, and the colours in both schemes; those
# of a listing, most of a page's words, do not depend on the width.
LOOKS = [
    (1440, "light", {}, ""),
    (1440, "dark", COLOURS, ""),
    (390, "dark", COLOURS, "pre"),
    (390, "light", COLOURS, "pre"),
    (390, "light", NO_COLOURS, ""),
]


def test_axe_finds_nothing_on_any_page(open_page):
    # Two windows, for two processors.
    windows = [open_page(1440, "light"), open_page(1440, "light")]
    found = {}
    for first in range(0, len(ADDRESSES), len(windows)):
        opened = dict(zip(ADDRESSES[first:], windows, strict=False))
        for address, page in opened.items():
            page.goto(f"{address}/")
        for width, scheme, options, unread in LOOKS:
            for page in opened.values():
                turn(page, width, scheme)
                start(page, options, unread)
            for address, page in opened.items():
                found[address, width, scheme] = collect(page)
    assert {address for address, *_ in found} == set(ADDRESSES)
    assert {look: what for look, what in found.items() if what} == {}


# A faint paragraph in one scheme at one width, and a button without a name at the other width.
FAULTS = """() => {
  const style = document.createElement("style");
  style.textContent = `
    @media (width < 500px) { [data-md-color-scheme=SCHEME] article p { color: #808080 !important } }
    @media (width > 500px) { #unnamed { display: none } }`;
  document.head.append(style);
  document.querySelector("article").insertAdjacentHTML("beforeend", "<button id=unnamed>");
}"""


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_axe_finds_what_is_wrong_in_one_scheme_at_one_width(open_page, scheme):
    page = open_page(1440, "light")
    page.goto("lecture/history/")
    page.evaluate(FAULTS.replace("SCHEME", scheme))
    found = []
    for width, light, options, unread in LOOKS:
        turn(page, width, light)
        start(page, options, unread)
        found.append({line.split(":")[0] for line in collect(page)})
    faint = {"default": 3, "slate": 2}[scheme]
    expected = [set(), set(), set(), set(), {"button-name"}]
    expected[faint] = {"color-contrast"}
    assert found == expected


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_search(open_page, width, scheme):
    page = open_page(width, scheme)
    page.goto("lecture/gru/")
    page.keyboard.press("/")
    page.keyboard.type("gate")
    page.wait_for_selector(".md-search-result__item")
    page.wait_for_timeout(500)  # until it has faded in: axe measures the colours of the moment
    assert findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_drawer(open_page, scheme):
    page = open_page(390, scheme)
    page.goto("lecture/gru/")
    page.get_by_role("button", name="Navigation").click()
    page.wait_for_timeout(500)
    assert findings(page) == []


def test_axe_can_find_something(open_page):
    page = open_page(1440, "light")
    page.goto("lecture/gru/")
    page.evaluate(
        """() => {
          document.querySelector("article p").style.color = "#aaa";
          document.querySelector("article").append(document.createElement("button"));
        }"""
    )
    assert {line.split(":")[0] for line in findings(page)} == {"color-contrast", "button-name"}


# The element with the focus, and whether it is in the window and shown: it, its label, or what
# follows it, since the theme's radio buttons for the colours show their focus there.
STOP = """() => {
  const at = document.activeElement;
  if (at === document.body) return null;
  const next = at.matches(".md-option") ? [at.nextElementSibling] : [];
  const shown = [at, ...(at.labels ?? []), ...next].some((box) => {
    const { left, right, top, bottom, width, height } = box.getBoundingClientRect();
    return width > 2 && height > 2 && left < innerWidth && right > 0 && top < innerHeight
      && bottom > 0 && box.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  });
  return { shown, html: at.outerHTML.slice(0, 120), label: at.getAttribute("aria-label") };
}"""


def stops(page, most=400):
    """Go through the page by Tab until the focus leaves it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        page.wait_for_timeout(20)  # the theme reacts to a focus a moment later
        stop = page.evaluate(STOP)
        if stop and not stop["shown"]:
            page.wait_for_timeout(500)  # it may be fading in
            stop = page.evaluate(STOP)
        if stop is None:
            return
        yield stop
    pytest.fail(f"more than {most} stops")


@pytest.mark.parametrize("width", [1440, 390])
def test_every_stop_of_the_tab_key_is_in_view(open_page, width):
    page = open_page(width, "light")
    page.goto("lecture/gru/")
    page.wait_for_timeout(500)
    passed = list(stops(page))
    assert [stop["html"] for stop in passed if not stop["shown"]] == []
    assert len(passed) > 20


def test_the_drawer_opens_and_closes_by_keyboard(open_page):
    page = open_page(390, "light")
    page.goto("lecture/gru/")
    button = page.get_by_role("button", name="Navigation")
    assert button.get_attribute("aria-expanded") == "false"
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    page.wait_for_timeout(500)
    # The drawer shows the section of the page; a space on its toggle leads up to all sections.
    section = page.locator(".md-nav--primary .md-nav__toggle:checked").first
    section.focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(500)
    images = page.get_by_role("checkbox", name="Images")
    images.focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(500)
    link = page.locator(".md-nav--primary").get_by_role("link", name="Convolution")
    link.focus()
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("button => button === document.activeElement")
    page.wait_for_timeout(500)
    assert not link.is_visible()


def test_mathematics_is_there_for_screen_readers(open_page):
    page = open_page(1440, "light")
    page.goto("lecture/gru/")
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    heard = [n for n in tree if not n["ignored"] and n["role"]["value"] == "MathMLMath"]
    shown = page.locator("math").evaluate_all(
        # Pictures are heard as their text alternatives, and tables of a cell by their labels.
        "all => all.filter((m) => m.checkVisibility() && !m.closest('[aria-hidden=true]')).length"
    )
    assert len(heard) == shown > 20

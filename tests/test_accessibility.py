"""axe-core finds nothing on any page; and what axe can't see: no stop of the Tab key is hidden."""

import pytest
from conftest import leave_out
from pages import ADDRESSES, ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core's script."""
    if not AXE.is_file():
        leave_out("no axe-core: npm ci --ignore-scripts")
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


def start(page, options: dict | None = None) -> None:
    """Let axe begin on a page as it is now, with all its rules but the experimental ones."""
    page.evaluate(
        """options => {
          // axe passes over what is folded away; it is quicker where that is not there.
          for (const part of document.querySelectorAll("details:not([open]) > :not(summary)")) {
            part.remove();
          }
          window.found = new Promise((done) => setTimeout(() => done(axe.run(document, options))));
        }""",
        {"resultTypes": ["violations"], "preload": False} | (options or {}),
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


# All rules on the wide page, and again on the narrow one, where the colours are the same; once more
# in the dark what depends on the colour scheme.
@pytest.mark.parametrize(
    ("width", "scheme", "options"),
    [
        (1440, "light", {}),
        (390, "light", {"rules": {"color-contrast": {"enabled": False}}}),
        (1440, "dark", {"runOnly": ["color-contrast", "link-in-text-block"]}),
    ],
)
def test_axe_finds_nothing_on_any_page(open_page, width, scheme, options):
    # Two windows, for two processors: one page is looked at while the next one loads.
    windows = [open_page(width, scheme), open_page(width, scheme)]
    looked_at, found = {}, {}
    for number, address in enumerate(ADDRESSES):
        page = windows[number % 2]
        if page in looked_at:
            found[looked_at[page]] = collect(page)
        page.goto(f"{address}/")
        start(page, options)
        looked_at[page] = address
    found |= {address: collect(page) for page, address in looked_at.items()}
    assert list(found) == ADDRESSES
    assert {address: what for address, what in found.items() if what} == {}


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

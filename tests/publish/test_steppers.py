"""Every stepper in a real browser: by mouse and by keyboard, still, on paper, and without scripts.

What a stepper computes is compared with Python in the test of its own, `test_stepper_*.py`.
"""

import pytest
from steppers import STEPPERS, Live

pytestmark = pytest.mark.parametrize("name", STEPPERS)


@pytest.fixture
def opened(site, browser):
    """Opens a stepper's page with settings of the browser; closes it after the test."""
    contexts = []

    def open_page(name, **settings):
        contexts.append(browser.new_context(**settings))
        page = contexts[-1].new_page()
        page.goto(f"{site}{STEPPERS[name]}/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_every_slider_answers_to_the_keyboard(opened, name):
    live = Live(opened(name), name)
    for slider in live.element.locator("input[type=range]:visible").all()[:3]:
        before = live.state()
        slider.focus()
        slider.press("Home")
        first = live.state()
        slider.press("ArrowRight")
        second = live.state()
        slider.press("End")
        assert len({before, first, second, live.state()}) >= 3


def test_every_slider_answers_to_the_mouse(opened, name):
    live = Live(opened(name), name)
    for slider in live.element.locator("input[type=range]:visible").all()[:3]:
        box = slider.bounding_box()
        states = set()
        for share in (0.05, 0.6, 0.95):
            slider.click(position={"x": box["width"] * share, "y": box["height"] / 2})
            states.add(live.state())
        assert len(states) >= 2


def test_every_button_choice_and_switch_answers(opened, name):
    live = Live(opened(name), name)
    for button in live.element.locator("[data-next]").all():
        before = live.state()
        button.click()
        assert live.state() != before
        live.element.locator("[data-back]").first.press("Enter")
        assert live.state() == before
    for select in live.element.locator("select").all():
        before = live.state()
        select.focus()
        select.press("ArrowDown")
        assert live.state() != before
    for switch in live.element.locator("input[type=checkbox]").all():
        before = live.state()
        switch.focus()
        switch.press("Space")
        assert live.state() != before


def test_it_fits_and_says_what_is_seen_on_a_phone(opened, name):
    page = opened(name, viewport={"width": 390, "height": 844}, has_touch=True)
    live = Live(page, name)
    assert live.element.locator("[role=status]").inner_text().strip()
    cut = """element => [...element.querySelectorAll("*")]
        // The text of a plot has no box that could cut it; what only screen readers say is cut.
        .filter((box) => !box.ownerSVGElement && !box.matches(".unseen"))
        .filter((box) => box.clientWidth && box.scrollWidth > box.clientWidth + 1)
        .filter((box) => !["auto", "scroll"].includes(getComputedStyle(box).overflowX))
        .map((box) => box.outerHTML.slice(0, 80))"""
    assert live.element.evaluate(cut) == []
    outside = """element => [...element.querySelectorAll("input, button, select, output")]
        .filter((box) => box.getBoundingClientRect().right > 390 - 16)
        .map((box) => box.outerHTML.slice(0, 80))"""
    assert live.element.evaluate(outside) == []
    for slider in live.element.locator("input[type=range]:visible").all()[:1]:
        before = live.state()
        box = slider.bounding_box()
        slider.tap(position={"x": box["width"] * 0.7, "y": box["height"] / 2})
        assert live.state() != before


def test_every_control_has_a_name(opened, name):
    live = Live(opened(name), name)
    for control in live.element.locator("input, select, button").all():
        assert control.evaluate(
            "it => it.getAttribute('aria-label') || it.labels?.[0]?.textContent.trim()"
        )


def test_playing_stops_at_the_end_and_on_a_second_click(opened, name):
    page = opened(name)
    live = Live(page, name)
    for player in live.element.locator("[data-play]").all():
        page.clock.install()
        page.reload()
        step = live.element.locator(f"input[name={player.get_attribute('data-play')}]")
        player.click()
        page.clock.run_for(2000)
        assert step.input_value() == "3"
        assert player.get_attribute("aria-label") == "Pause"
        player.click()
        page.clock.run_for(2000)
        assert step.input_value() == "3"
        player.click()
        page.clock.run_for(100_000)
        assert step.input_value() == step.get_attribute("max")
        assert player.get_attribute("aria-label") == "Play"


def test_nothing_moves_by_itself_where_motion_is_reduced(opened, name):
    live = Live(opened(name, reduced_motion="reduce"), name)
    assert live.element.locator("[data-play]:visible").count() == 0
    moving = """element => [element, ...element.querySelectorAll("*")]
        .flatMap((part) => part.getAnimations()).length"""
    assert live.element.evaluate(moving) == 0


def test_without_scripts_the_plain_figure_stands_there(opened, name):
    page = opened(name, java_script_enabled=False)
    stepper = page.locator(f".stepper:has(lecture-{name})")
    assert stepper.locator(".stepper-live").is_hidden()
    plain = stepper.locator(".stepper-plain")
    assert plain.is_visible()
    assert plain.locator("table, svg").count() >= 1


def test_on_paper_the_plain_figure_stands_there(opened, name):
    page = opened(name)
    stepper = page.locator(f".stepper:has(lecture-{name})")
    assert stepper.locator(".stepper-plain").is_hidden()
    page.emulate_media(media="print")
    assert stepper.locator(".stepper-live").is_hidden()
    assert stepper.locator(".stepper-plain").is_visible()


def test_nothing_shifts_when_the_script_starts(opened, name):
    page = opened(name)
    page.route("**/steppers/*.js", lambda route: route.abort())
    page.reload()
    before = page.locator(f"lecture-{name}").bounding_box()
    page.unroute("**/steppers/*.js")
    # Under another address, since a browser does not ask again for what has failed.
    page.evaluate(
        """async (name) => {
            await import(document.querySelector(`script[src$="/${name}.js"]`).src + "?again");
        }""",
        name,
    )
    assert Live(page, name).element.bounding_box()["height"] == before["height"]

"""The search, by keyboard: it finds a gate by name and by letter, and costs nothing until then."""

import pytest


@pytest.fixture
def page(site, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{site}lecture/neuron/")
    yield page
    context.close()


def search(page, words) -> list[str]:
    """Put words into the search at one stroke; return the first pages found, the best first."""
    page.keyboard.press("/")
    page.keyboard.insert_text(words)
    page.keyboard.press("End")
    page.wait_for_selector(".md-search-result__item")
    links = page.locator(".md-search-result__item > a")
    found = links.evaluate_all("links => links.map((link) => new URL(link.href).pathname)")
    return [path.strip("/") for path in found]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("reset gate", "lecture/gru"),
        ("update gate", "lecture/gru"),
        ("forget gate", "lecture/lstm"),
        ("Γ", "lecture/lstm"),
        ("torch.nn.GRU", "lecture/gru"),
        ("gru_step", "lecture/gru"),
        ("learning rate", "lecture/optimizer"),
    ],
)
def test_enter_opens_the_page_on_what_was_typed(page, words, wanted):
    found = search(page, words)
    assert wanted in found[:2]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{found[0]}/**")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("backpropagation through time", "lecture/learning"),
        ("BPTT", "lecture/learning"),
        ("vanishing", "lecture/learning"),
        ("exploding", "lecture/learning"),
        ("truncated", "lecture/training"),
        ("clipping", "lecture/training"),
        ("epoch", "lecture/training"),
        ("mini-batch", "lecture/optimizer"),
        ("stochastic", "lecture/optimizer"),
        ("overfitting", "lecture/training"),
        ("early stopping", "lecture/training"),
        ("teacher forcing", "lecture/training"),
        ("persistence", "lecture/training"),
    ],
)
def test_what_a_student_of_training_looks_for_is_found(page, words, wanted):
    assert wanted in search(page, words)


def test_a_result_can_be_chosen_with_the_arrow_keys_and_is_marked_on_its_page(page):
    found = search(page, "reset gate")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{found[0]}/?h=**")
    page.locator("article mark", has_text="reset").first.wait_for()


def test_program_and_index_are_fetched_with_the_first_letter(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.reload()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    assert not [name for name in asked if "index" in name or "worker" in name]
    with page.expect_request("**/search_index.json"):
        page.keyboard.type("g")


def test_the_next_letter_tries_again_where_the_index_did_not_arrive(page):
    page.context.route("**/search_index.json", lambda route: route.abort())
    page.keyboard.press("/")
    with page.expect_event("requestfailed"):
        page.keyboard.type("gat")
    page.context.unroute("**/search_index.json")
    page.keyboard.type("e")
    page.wait_for_selector(".md-search-result__item")

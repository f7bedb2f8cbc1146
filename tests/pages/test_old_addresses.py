"""The site that was built still has every old id that the table promises, on one page at least."""

import re

from lecture_code.publish.moved import HEADINGS, REFERENCE


def test_every_old_id_is_on_the_site(built):
    texts = [file.read_text("utf-8") for file in built.rglob("*.html")]
    found = {one for text in texts for one in re.findall(r'<span id="([^"]+)"></span>', text)}
    old = {one for before in (*HEADINGS.values(), *REFERENCE.values()) for one in before}
    lost = {one for one in old if not any(f"{name}.".startswith(f"{one}.") for name in found)}
    assert lost == set()


def test_every_lecture_page_has_the_old_id_of_its_exercises(built):
    pages = sorted((built / "lecture").glob("*/index.html"))
    assert len(pages) > 20
    for page in pages:
        assert page.read_text("utf-8").count('id="try-it"') == 1, page

"""Rosetta in the browser: for every pair what Python's `convert` gives, or its refusal."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from steppers import STEPPERS, Live

from lecture_code.course import cells
from lecture_code.frameworks.convert import ConversionError, convert
from lecture_code.frameworks.table import CONVENTIONS
from lecture_code.publish.steppers.rosetta import round_weights

CELLS = {"rosetta": "gru", "rosetta-lstm": "lstm", "rosetta-rnn": "rnn"}


def arrays(values):
    return {name: np.reshape(one["rows"], one["shape"]) for name, one in values.items()}


@pytest.mark.parametrize("name, cell", CELLS.items())
def test_every_pair_is_what_python_converts(site, browser, name, cell):
    page = browser.new_page()
    page.goto(f"{site}{STEPPERS[name]}/")
    live = Live(page, name)
    for source in CONVENTIONS[cell]:
        weights = round_weights(cells.CELLS[cell], source)
        for target in CONVENTIONS[cell]:
            values = live.set(source=source, target=target)
            said = live.element.locator("[role=status]").inner_text()
            try:
                moved = convert(weights, source, target, cell)
            except ConversionError:
                assert values["refused"] and said.startswith("Refused:")
                assert live.element.locator("[data-arrays=to] table").count() == 0
                continue
            moved = moved._asdict() if hasattr(moved, "_asdict") else moved
            found = arrays(values["to"])
            assert list(found) == list(moved)
            for key, array in moved.items():
                assert_array_equal(found[key], array)
            for key, array in arrays(values["from"]).items():
                assert_array_equal(array, weights[key])
            captions = live.element.locator("[data-arrays=to] caption code").all_inner_texts()
            assert captions == list(moved)
    page.close()


def test_the_numbers_that_are_shown_are_all_different():
    for cell in CELLS.values():
        for name in CONVENTIONS[cell]:
            numbers = np.concatenate(
                [array.ravel() for array in round_weights(cells.CELLS[cell], name).values()]
            )
            assert len(np.unique(numbers)) == len(numbers)

"""The sliding kernel: what the browser shows is what Python computes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from steppers import STEPPERS, Live

from lecture_code.publish.steppers import convolution_stepper
from lecture_code.sections.convolution import convolve

X = np.array(
    [[0, 1, 0, 0, 0], [1, -1, 1, 0, 0], [0, 0, 0, 0, 0], [0, -1, 0, 0, 0], [0, 1, -1, 0, 0]]
)
KERNELS = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "brighter to the right": [[0, 0, 0], [0, -1, 1], [0, 0, 0]],
    "brighter below": [[0, 0, 0], [0, -1, 0], [0, 1, 0]],
    "sum of all": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
}


def test_every_step_of_every_kernel(site, browser):
    page = browser.new_page()
    page.goto(f"{site}{STEPPERS['convolution']}/")
    live = Live(page, "convolution")
    for name, kernel in KERNELS.items():
        w, Y = np.array(kernel), convolve(X, np.array(kernel))
        for step, (i, j) in enumerate(np.ndindex(3, 3), start=1):
            values = live.set(kernel=name, step=step)
            assert values["place"] == [i, j]
            assert_allclose(values["products"], w * X[i : i + 3, j : j + 3], rtol=0, atol=1e-12)
            assert_allclose(values["sum"], Y[i, j], rtol=0, atol=1e-12)
            filled = [value for row in values["output"] for value in row if value is not None]
            assert_allclose(filled, Y.flat[:step], rtol=0, atol=1e-12)
            shown = live.element.locator("table[data-name=Y] td.lit")
            assert shown.inner_text().replace("−", "-") == f"{Y[i, j]:g}"
            assert live.element.locator("table[data-name=X] td.lit").count() == 9
    page.close()


def test_the_plain_figure_has_every_step():
    html = convolution_stepper(X, {name: np.array(w) for name, w in KERNELS.items()})
    plain = html.split('class="stepper-plain"')[1]
    assert [f"step {step}: window" in plain for step in range(1, 10)] == [True] * 9
    assert plain.count('data-role="output"') == 9


def test_kernels_of_two_shapes_are_refused():
    with pytest.raises(ValueError, match=r"kernels: expected kernels of one shape, got \[\(1, 2\)"):
        convolution_stepper(X, {"a": np.ones((1, 2)), "b": np.ones((2, 2))})

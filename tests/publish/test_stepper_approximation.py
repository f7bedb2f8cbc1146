"""Staircases of growing width: what the browser shows is what Python computes."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from steppers import STEPPERS, Live

from lecture_code.core.ops import sigmoid
from lecture_code.publish.steppers import approximation_stepper
from lecture_code.publish.steppers.approximation import WIDTHS
from lecture_code.sections.universal_approximation import (
    ShallowWeights,
    shallow_network,
    staircase,
    wave,
)

FUNCTIONS = {
    "wave": wave,
    "kink": lambda x: abs(x - 0.3),
    "root": np.sqrt,
    "rough": lambda x: sum(np.cos(3**k * np.pi * x) / 2**k for k in range(8)),
}


def network(x, weights):
    return shallow_network(np.asarray(x)[:, None], weights)[:, 0]


def first_units(weights, count):
    W_1, b_1, W_2, b_2 = weights
    return ShallowWeights(W_1[:count], b_1[:count], W_2[:, :count], b_2)


@pytest.fixture(scope="module")
def live(site, browser):
    page = browser.new_page()
    page.goto(f"{site}{STEPPERS['approximation']}/")
    yield Live(page, "approximation")
    page.close()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_width_of_every_function(live, name):
    for place, width in enumerate(WIDTHS):
        values = live.set(function=name, width=place + 1)
        weights = staircase(FUNCTIONS[name], 0, 1, width)
        assert values["units"] == width
        assert_allclose(values["x"], np.linspace(0, 1, 401), rtol=0, atol=1e-15)
        assert_allclose(values["outputs"], network(values["x"], weights), rtol=0, atol=1e-12)
        assert len(values["firsts"]) == (width - 1 if width <= 10 else 0)
        for count, outputs in enumerate(values["firsts"], start=1):
            expected = network(values["x"], first_units(weights, count))
            assert_allclose(outputs, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_largest_error_is_that_of_a_fine_grid(live, name):
    x = np.linspace(0, 1, 4001)
    farthest = live.set(function=name)["farthest"]
    for width, seen in zip(WIDTHS, farthest, strict=True):
        gaps = abs(network(x, staircase(FUNCTIONS[name], 0, 1, width)) - FUNCTIONS[name](x))
        assert_allclose(seen["error"], gaps.max(), rtol=0, atol=1e-12)
        assert_allclose(seen["x"], x[gaps.argmax()], rtol=0, atol=0)


def test_what_is_seen_is_said(live):
    live.set(function="root", width=1)
    says = live.element.locator("[role=status]")
    assert says.inner_text() == (
        "1 unit, 4 weights and biases. The network is farthest from root at x = 0.321, by 0.238."
    )
    live.set(width=5)
    assert live.element.locator("output").inner_text() == "20 units"
    assert says.inner_text().startswith("20 units, 61 weights and biases. ")
    assert says.inner_text().endswith("; with 10 it was 0.0742.")


def test_the_plot_of_the_chosen_function_is_shown_and_its_curve_is_the_function(live):
    for name, function in FUNCTIONS.items():
        live.set(function=name)
        shown = live.element.locator("svg[data-plot^=fit-]:visible")
        assert shown.get_attribute("data-plot") == f"fit-{name}"
        axes = json.loads(shown.get_attribute("data-axes"))
        path = shown.locator("[data-line=function]").get_attribute("d")
        drawn = np.array([point.split() for point in path[1:].split("L")], "float64")
        assert_allclose(drawn[:, 0], np.linspace(*axes["x"]["pixels"], 401), rtol=0, atol=0.01)
        bottom, top = axes["y"]["pixels"]
        low, high = axes["y"]["limits"]
        expected = bottom + (function(np.linspace(0, 1, 401)) - low) / (high - low) * (top - bottom)
        # It is drawn from three digits: less than a fifth of a pixel.
        assert_allclose(drawn[:, 1], expected, rtol=0, atol=0.2)


def test_the_logistic_function_and_the_three_digits(live):
    v = [*np.linspace(-800, 800, 161), *np.random.default_rng(3).normal(size=50)]
    module = "await import(new URL('../../assets/steppers/stepper.js', location.href))"
    computed = live.element.page.evaluate(
        f"async (v) => {{ const {{ sigmoid }} = {module}; return v.map(sigmoid); }}",
        [float(value) for value in v],
    )
    assert_allclose(computed, sigmoid(np.array(v)), rtol=0, atol=1e-12)
    written = live.element.page.evaluate(
        f"async (v) => {{ const {{ brief }} = {module}; return v.map(brief); }}",
        [0, 1.5, -0.0357, 999.6, -26900.4, 1e5, 0.000012345, -2e53],
    )
    assert written == ["0", "1.50", "−0.0357", "1000", "−26900", "1.00e5", "1.23e−5", "−2.00e53"]


def test_the_plain_figure_has_two_widths_and_the_error_of_every_function():
    plain = approximation_stepper(FUNCTIONS).split('class="stepper-plain"')[1]
    assert plain.count("<svg") == 2
    for label in ("width 5", "width 20", *FUNCTIONS):
        assert label in plain

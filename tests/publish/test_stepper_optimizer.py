"""Gradient descent on the loss curve: what the browser shows is what Python computes."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from steppers import STEPPERS, Live

from lecture_code.publish.steppers import optimizer_stepper
from lecture_code.publish.steppers.optimizer import RATES, STEPS
from lecture_code.sections.loss import gradient, squared_error
from lecture_code.sections.neuron import predict
from lecture_code.sections.optimizer import ascend, descend

X, Y, BIAS = 1.5, 0.9, -0.3
LIMIT = 1 / X**2
LEARNING_RATES = sorted((*RATES, LIMIT))
SIGNS = {"minus": descend, "plus": ascend}
STARTS = ("logistic -1.0", "logistic 0.8", "logistic -5.0", "linear 0")
QUANTITIES = ("w", "y_hat", "z", "slope")


def look(neuron, w):
    """Weight, prediction, loss and slope, by the lecture's functions."""
    if neuron == "logistic":
        y_hat, (slope, _) = predict(X, w, BIAS), gradient(X, Y, w, BIAS)
    else:
        y_hat, slope = w * X, -2 * (Y - w * X) * X
    return w, y_hat, squared_error(Y, y_hat), slope


def walk(start, sign, learning_rate, steps):
    """What is seen before each step, and after the last."""
    neuron, w = start.split()
    seen = [look(neuron, float(w))]
    for _ in range(steps):
        w, *_, slope = seen[-1]
        w, _ = SIGNS[sign](w, 0.0, slope, 0.0, learning_rate)
        seen.append(look(neuron, w))
    return np.array(seen)


def table(path):
    return np.array([[at[quantity] for quantity in QUANTITIES] for at in path], "float64")


@pytest.fixture(scope="module")
def live(site, browser):
    page = browser.new_page()
    page.goto(f"{site}{STEPPERS['optimizer']}/")
    yield Live(page, "optimizer")
    page.close()


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("sign", SIGNS)
def test_every_step_with_every_rate(live, start, sign):
    for rate, learning_rate in enumerate(LEARNING_RATES):
        values = live.set(start=start, sign=sign, rate=rate, step=STEPS + 1)
        seen = table([*values["path"], values["next"]])
        # Beyond the limit the weight itself grows to 1e53, so the error is one of its share.
        expected = walk(start, sign, learning_rate, STEPS + 1)
        assert_allclose(seen, expected, rtol=1e-12, atol=1e-12)


def test_the_drawn_path_ends_at_the_chosen_step(live):
    random = np.random.default_rng(7)
    for _ in range(30):
        start, sign = str(random.choice(STARTS)), str(random.choice(list(SIGNS)))
        rate, step = int(random.integers(len(LEARNING_RATES))), int(random.integers(STEPS + 1))
        values = live.set(start=start, sign=sign, rate=rate, step=step + 1)
        assert len(values["path"]) == step + 1
        seen = table([*values["path"], values["next"]])
        expected = walk(start, sign, LEARNING_RATES[rate], step + 1)
        assert_allclose(seen, expected, rtol=1e-12, atol=1e-12)
        assert live.element.locator("output").first.inner_text() == f"{step} of {STEPS}"


@pytest.mark.parametrize("start", STARTS)
def test_the_curve_is_the_loss_of_the_neuron_that_is_shown(live, start):
    curve = live.set(start=start)["curve"]
    neuron = start.split()[0]
    assert_allclose(curve["z"], look(neuron, np.array(curve["w"]))[2], rtol=0, atol=1e-12)
    for other in ("logistic", "linear"):
        plot = live.element.locator(f"svg[data-plot={other}-valley]")
        assert plot.is_visible() == (other == neuron)


SAID = {
    ("logistic -1.0", "minus", 5, 1): "Step 0: w = −1.00, z = 0.575, slope −0.277. The next step "
    "moves w by +1.38: downhill, and z falls to 0.110.",
    ("logistic 0.8", "plus", 1, 1): "uphill, and z rises to 0.0512.",
    ("logistic 0.8", "minus", 50, 1): "over the valley, and z falls to 0.00999.",
    ("logistic 0.8", "minus", 50, 2): "A plain, with next to no slope: the next step moves w by "
    "−0.000974 only.",
    ("logistic -5.0", "plus", 0.5, 1): "A plain, with next to no slope: the next step moves w",
    ("logistic 0.8", "minus", 100, 2): "Step 1: off the picture, w = 12.5, z = 0.0100. A plain",
    ("linear 0", "minus", 0.2, 21): "This is the floor of the valley: w stays.",
    ("linear 0", "minus", LIMIT, 8): "over the valley, and z stays at 0.810.",
    ("linear 0", "minus", 0.5, 1): "over the valley, and z rises to 1.27.",
    ("linear 0", "minus", 0.5, 21): "Step 20: off the picture, w = −51.4, z = 6094. The next step",
}


@pytest.mark.parametrize("position", SAID)
def test_what_happens_is_said(live, position):
    start, sign, learning_rate, step = position
    rate = LEARNING_RATES.index(learning_rate)
    live.set(start=start, sign=sign, rate=rate, step=step)
    assert SAID[position] in live.element.locator("[role=status]").inner_text()


def test_off_the_picture_there_is_no_dot_and_nothing_too_large_to_draw(live):
    rate = LEARNING_RATES.index(100)
    dot = live.element.locator("svg[data-plot=linear-valley] [data-dot=now]")
    live.set(start="linear 0", sign="minus", rate=rate, step=1)
    assert dot.is_visible()
    values = live.set(step=STEPS + 1)
    assert values["path"][-1]["z"] > 1e100
    assert not dot.is_visible()
    paths = live.element.locator("path[data-line]").evaluate_all(
        "paths => paths.map((path) => path.getAttribute('d') ?? '')"
    )
    numbers = [
        float(number)
        for path in paths
        for number in path.replace("M", " ").replace("L", " ").split()
    ]
    assert numbers and max(map(abs, numbers)) <= 1e6


def test_the_dots_stand_on_the_curve(live):
    for start, rate, step in itertools.product(STARTS, (3, 5), (1, 5)):
        values = live.set(start=start, sign="minus", rate=rate, step=step)
        neuron = start.split()[0]
        plot = live.element.locator(f"svg[data-plot={neuron}-valley]")
        axes = plot.evaluate("svg => JSON.parse(svg.dataset.axes)")
        for axis, place, value in (("x", "cx", "w"), ("y", "cy", "z")):
            (low, high), pixels = axes[axis]["limits"], axes[axis]["pixels"]
            expected = np.interp(values["path"][-1][value], (low, high), pixels)
            seen = float(plot.locator("[data-dot=now]").get_attribute(place))
            assert_allclose(seen, expected, rtol=0, atol=0.01)


def test_the_plain_figure_has_both_signs_and_several_rates():
    plain = optimizer_stepper(X, Y, BIAS, {"here": 0.8}).split('class="stepper-plain"')[1]
    assert plain.count("<svg") == 3
    for label in (
        "minus, η = 0.5",
        "minus, η = 20",
        "plus, η = 5",
        "minus, η = 0.444",
        "η = 0.489",
    ):
        assert label in plain


def test_what_lies_beyond_the_axes_is_cut_off():
    html = optimizer_stepper(X, Y, BIAS, {"here": 0.8})
    for name in ("logistic-valley", "linear-valley", "course"):
        assert f'<clipPath id="inside-{name}">' in html
        assert f'<g clip-path="url(#inside-{name})"><path data-line=' in html

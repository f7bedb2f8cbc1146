"""Gradient descent on the loss curve: how far a step goes, and which way."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from lecture_code.core.ops import Array
from lecture_code.publish.elements import figure
from lecture_code.publish.figures import Axis, curves, frame
from lecture_code.publish.steppers.base import choice, legend, slider, stepper, steps, turns
from lecture_code.sections.loss import gradient, squared_error
from lecture_code.sections.neuron import predict
from lecture_code.sections.optimizer import ascend, descend

STEPS = 20
"""How many steps the stepper makes."""

RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Its learning rates, besides the limit of the linear neuron."""

_LOOKS = {
    "loss z": "--curve-1",
    "slope": "--curve-3 dashed",
    "steps": "--curve-2 dotted",
}
_TRAIL = {"path": "--curve-2 dotted", "visited": "--curve-2 points"}


def optimizer_stepper(x: float, y: float, b: float, starts: Mapping[str, float]) -> Markup:
    """Steps on the loss of one neuron and one sample, over its weight; the bias stays.

    Args:
        x: the input, not 0.
        y: the target, between 0 and 1.
        b: the bias. A linear neuron, for comparison, has none, and starts at 0.
        starts: weights at which the steps start, by where that is.

    Returns:
        HTML.
    """
    neurons: dict[str, dict[str, Any]] = {
        "logistic": {"b": b, "limits": sorted((v - b) / x for v in (-10, 10))},
        "linear": {"b": 0.0, "limits": sorted((-1.5 * y / x, 3.5 * y / x))},
    }
    highest = {"logistic": max(y, 1 - y) ** 2, "linear": (2.5 * y) ** 2}
    rates = sorted((*RATES, 1 / x**2))
    valleys = {
        name: figure(
            frame(
                f"{name}-valley",
                Axis("weight w", *neuron["limits"]),
                # The floor is at 0, and a point on it is to be seen whole.
                Axis("loss z", -0.05 * highest[name], 1.05 * highest[name]),
                lines={"loss": _LOOKS["loss z"], "slope": _LOOKS["slope"], **_TRAIL},
                dots={"now": "--curve-2"},
            )
        )
        for name, neuron in neurons.items()
    }
    course = frame(
        "course",
        Axis("step", -0.5, STEPS + 0.5),
        Axis("loss z", 1e-8, 20, log=True),
        lines=_TRAIL,
        dots={"now": "--curve-2"},
    )
    return stepper(
        "optimizer",
        "Down the loss, or up",
        {"x": x, "y": y, "neurons": neurons, "rates": rates},
        stage=turns(valleys) + figure(course) + legend(_LOOKS),
        controls=steps("step", "Step", STEPS + 1)
        + slider("rate", "Learning rate η", 0, len(rates) - 1, rates.index(2))
        + choice("sign", "Sign", {"minus": "minus: down", "plus": "plus: as the slides print it"})
        + choice("start", "Neuron", _choices(starts)),
        plain=_several(x, y, b, starts, neurons["logistic"]["limits"]),
    )


def _choices(starts: Mapping[str, float]) -> dict[str, str]:
    logistic = {
        f"logistic {w}": f"logistic, w = {_written(w)}: {words}" for words, w in starts.items()
    }
    return logistic | {"linear 0": "linear, w = 0"}


def _written(number: float) -> str:
    return f"{number:g}".replace("-", "−")


def _several(x: float, y: float, b: float, starts: Mapping[str, float], limits: list) -> Markup:
    """The loss over the weight, and over the steps for several learning rates and both signs."""

    def logistic(w: Array) -> tuple[Array, Array]:
        return squared_error(y, predict(x, w, b)), gradient(x, y, w, b)[0]

    def linear(w: float) -> tuple[float, float]:
        return squared_error(y, w * x), -2 * (y - w * x) * x

    def losses(neuron: Callable, w: float, down: Sequence[float], up: Sequence[float]) -> dict:
        return {
            f"{sign}, η = {eta:.3g}": _losses(neuron, w, eta, step)
            for sign, step, rates in (("minus", descend, down), ("plus", ascend, up))
            for eta in rates
        }

    lowest, highest = limits
    places = np.linspace(lowest, highest, 201)
    start, limit = next(iter(starts.values())), 1 / x**2
    over_steps: dict[str, Any] = {"xlabel": "step", "ylabel": "loss z", "log": "y"}
    figures = (
        curves(
            places,
            {"loss": logistic(places)[0]},
            xlabel="weight w",
            ylabel="loss z",
            description="The loss of the logistic neuron over its weight: a valley between two "
            "plains, of which the right one lies only a little above the floor.",
        ),
        curves(
            range(STEPS + 1),
            losses(logistic, start, (0.5, 5.0, 20.0), (0.5, 5.0)),
            **over_steps,
            description=f"The logistic neuron, from w = {_written(start)}. With the minus a small "
            "rate is slow, a good one reaches the floor of the valley, and one that is too large "
            "jumps over it, onto the plain behind. With the printed plus the loss rises until "
            "there is no slope left.",
        ),
        curves(
            range(STEPS + 1),
            losses(linear, 0.0, [share * limit for share in (0.05, 0.9, 1, 1.1)], [0.05 * limit]),
            **over_steps,
            description=f"The linear neuron, whose limit is η = 1 / x² = {limit:.3g}. Below it the "
            "loss falls, at it the loss stays, above it each step is longer than the last. With "
            "the plus every rate climbs.",
        ),
    )
    return Markup('<div class="plain-curves">{}</div>').format(Markup().join(figures))


def _losses(neuron: Callable, w: float, learning_rate: float, step: Callable) -> list[float]:
    """The loss before each step, and after the last."""
    seen = []
    for _ in range(STEPS + 1):
        loss, slope = neuron(w)
        seen.append(loss)
        w, _ = step(w, 0.0, slope, 0.0, learning_rate)
    return seen

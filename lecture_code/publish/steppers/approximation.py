"""A shallow network follows a function, the better the wider it is."""

from collections.abc import Callable, Mapping

import numpy as np
from markupsafe import Markup

from lecture_code.publish.elements import figure
from lecture_code.publish.figures import Axis, curves, frame
from lecture_code.publish.steppers.base import choice, legend, stepper, steps, turns
from lecture_code.sections.universal_approximation import STEEPNESS, shallow_network, staircase

WIDTHS = (1, 2, 5, 10, 20, 40, 80, 160)
"""The numbers of hidden units that the stepper goes through; each divides the last."""

_LOOKS = {
    "function": "--curve-1",
    "network": "--curve-2 dashed",
    "its first units alone": "--curve-2 faint",
    "largest error": "--curve-3",
    "of the others": "--weight faint",
}


def approximation_stepper(functions: Mapping[str, Callable]) -> Markup:
    """Staircases of growing width, and functions that they follow from 0 to 1.

    Args:
        functions: at most five functions of an array of numbers, by their names.

    Returns:
        HTML.
    """
    x = np.linspace(0, 1, 401)
    drawn = {name: function(x) for name, function in functions.items()}
    farthest = {name: _farthest(function) for name, function in functions.items()}
    errors = {name: [error for *_, error in row] for name, row in farthest.items()}
    data = {
        "widths": WIDTHS,
        "steepness": STEEPNESS,
        # What every staircase is built from: the function at the ends of its pieces.
        "ends": {name: f(np.linspace(0, 1, WIDTHS[-1] + 1)) for name, f in functions.items()},
        "farthest": {name: [(x, target) for x, target, _ in row] for name, row in farthest.items()},
        # These are drawn, and compared with nothing.
        "drawn": {name: values.round(3) for name, values in drawn.items()},
    }
    fits = {name: figure(_fit(f"fit-{name}", values)) for name, values in drawn.items()}
    return stepper(
        "approximation",
        "As wide as you like",
        data,
        stage=turns(fits) + figure(_error(errors)) + legend(_LOOKS),
        controls=steps("width", "Width", len(WIDTHS))
        + choice("function", "Function", list(functions)),
        plain=_several(*next(iter(functions.items())), errors),
    )


def _farthest(function: Callable) -> list[tuple[float, float, float]]:
    """For each width the place of the largest error, the function there, and the error."""
    x = np.linspace(0, 1, 4001)
    targets, places = function(x), []
    for width in WIDTHS:
        outputs = shallow_network(x[:, None], staircase(function, 0, 1, width))[:, 0]
        errors = np.abs(outputs - targets)
        worst = errors.argmax()
        places.append((x[worst], targets[worst], errors[worst]))
    return places


def _fit(name: str, values: np.ndarray) -> Markup:
    low, high = values.min(), values.max()
    room = 0.08 * (high - low)
    return frame(
        name,
        Axis("x", 0, 1),
        Axis("output", low - room, high + room),
        lines={
            "firsts": _LOOKS["its first units alone"],
            "function": _LOOKS["function"],
            "network": _LOOKS["network"],
            "gap": _LOOKS["largest error"],
        },
        dots={"now": "--curve-3"},
    )


def _error(errors: Mapping[str, list]) -> Markup:
    every = [error for row in errors.values() for error in row]
    return frame(
        "error",
        Axis("width (hidden units)", 0.8 * WIDTHS[0], 1.25 * WIDTHS[-1], log=True),
        Axis("largest error", 0.5 * min(every), 2 * max(every), log=True),
        lines={
            **{f"of-{name}": _LOOKS["of the others"] for name in errors},
            "chosen": _LOOKS["largest error"],
        },
        dots={"now": "--curve-3"},
    )


def _several(name: str, function: Callable, errors: Mapping[str, list]) -> Markup:
    """One function with the networks of two widths, and the errors of all over the width."""
    x, widths = np.linspace(0, 1, 201), (5, 20)
    networks = {
        f"width {width}": shallow_network(x[:, None], staircase(function, 0, 1, width))[:, 0]
        for width in widths
    }
    figures = (
        curves(
            x,
            {name: function(x), **networks},
            xlabel="x",
            ylabel="output",
            description=f"The function {name}, and the staircases of two widths. The wider one "
            "hides most of its steps.",
        ),
        curves(
            WIDTHS,
            errors,
            xlabel="width (hidden units)",
            ylabel="largest error",
            log="xy",
            markers=True,
            description="The largest error over the width, on two logarithmic axes. A straight "
            "line is a power law, and its slope the rate of the table above.",
        ),
    )
    return Markup('<div class="plain-curves">{}</div>').format(Markup().join(figures))

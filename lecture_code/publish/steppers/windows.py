"""A window and its horizon travel over a series; the scaling knows the future, or does not."""

import math

import numpy as np
from markupsafe import Markup

from lecture_code.publish.elements import figure
from lecture_code.publish.figures import Axis, curves, frame
from lecture_code.publish.steppers.base import legend, slider, stepper, steps, switch
from lecture_code.publish.tables import table
from lecture_code.sections.windowing import split_in_time, standardize, windows

WINDOWS, HORIZONS, SHARES = range(4, 29, 4), range(2, 13, 2), range(50, 86, 5)
"""Where the sliders may stand: in time steps, in time steps, and in per cent of the series."""

WINDOW, HORIZON, SHARE = 20, 10, 70
"""Where they stand at first."""

POSITIONS = 24
"""How many of the pairs are visited, evenly from the first to the last."""

RAISED = 100
"""By how much the future is higher where it is asked who notices, in the series' unit."""

SERIES = {
    "band": "--gate",
    "mean": "--gate dashed",
    "split": "--weight faint",
    "training": "--curve-3",
    "test": "--curve-4 dashed",
    "window": "--input thick",
    "horizon": "--output thick dashed",
}
PAIR = {
    "mean": "--gate dashed",
    "split": "--weight faint",
    "honest": "--weight dotted",
    "window": "--input thick",
    "horizon": "--output thick dashed",
}
"""How the lines of the two plots are drawn."""


def windows_stepper(
    x: np.ndarray, times: np.ndarray, *, title: str, unit: str, step: str
) -> Markup:
    """Pairs of past and future on a series, and what leaks when the series is scaled first.

    Args:
        x: series, shape `(time,)`.
        times: when, in years, at equal distances, shape `(time,)`.
        title: the stepper's heading.
        unit: the unit of the series, such as `ppm`.
        step: the time steps in words, such as `weeks`.

    Returns:
        HTML.

    Raises:
        ValueError: if the longest window and horizon do not fit into the shortest test part.
    """
    shortest = len(split_in_time(x, SHARES[-1] / 100)[1])
    if shortest < WINDOWS[-1] + HORIZONS[-1]:
        raise ValueError(
            f"x: expected at least {WINDOWS[-1] + HORIZONS[-1]} time steps in the last "
            f"{100 - SHARES[-1]} %, got {shortest}"
        )
    lengths = {len(x), *(len(split_in_time(x, share / 100)[0]) for share in SHARES)}
    scaled = np.concatenate([standardize(x, T) for T in lengths])
    series = frame(
        "series",
        Axis("year", times[0], times[-1]),
        Axis(unit, math.floor(x.min()) - 1, math.ceil(x.max()) + 1),
        lines=SERIES,
    )
    pair = frame(
        "pair",
        Axis(f"{step} from now", 1 - WINDOWS[-1], HORIZONS[-1]),
        Axis("scaled", math.floor(scaled.min()), math.ceil(scaled.max())),
        lines=PAIR,
    )
    names = {
        "training part": SERIES["training"],
        "test part": SERIES["test"],
        "window": SERIES["window"],
        "horizon": SERIES["horizon"],
        "the scaling's mean, ± one deviation": SERIES["mean"],
        "scaled by the training part": PAIR["honest"],
    }
    data = {
        "values": x,
        "times": times[[0, -1]],
        "positions": POSITIONS,
        "raised": RAISED,
        "unit": unit,
        "step": step,
    }
    return stepper(
        "windows",
        title,
        data,
        stage=figure(series) + figure(pair) + legend(names),
        controls=steps("position", "Place", POSITIONS)
        + _slider("window", "Window", WINDOWS, WINDOW, step)
        + _slider("horizon", "Horizon", HORIZONS, HORIZON, step)
        + _slider("share", "Training", SHARES, SHARE, "%")
        + switch("leak", "Scale first (the leak)"),
        plain=_plain(x, times, unit, step),
    )


def _slider(name: str, label: str, places: range, start: int, unit: str) -> Markup:
    says = f"{start} {unit}"
    return slider(name, label, places[0], places[-1], start, step=places.step, says=says)


def _plain(x: np.ndarray, times: np.ndarray, unit: str, step: str) -> Markup:
    """The split with one pair, and the numbers of the honest way beside those of the leak."""
    known = len(split_in_time(x, SHARE / 100)[0])
    place, now, end = np.arange(len(x)), known // 2, known // 2 + HORIZON
    parts = {
        "training part": place < known,
        "test part": place >= known,
        "window": (place >= now - WINDOW) & (place < now),
        "horizon": (place >= now) & (place < end),
    }
    picture = curves(
        times,
        {name: np.where(inside, x, np.nan) for name, inside in parts.items()},
        xlabel="year",
        ylabel=unit,
        description=f"The split in time, and one pair: a window of {WINDOW} {step}, and the "
        f"{HORIZON} {step} that followed. Pairs are cut from each part on its own, so none reaches "
        "over the split.",
    )
    honest, leaky = (_figures(x, known, T) for T in (known, len(x)))
    rows = [(name, honest[name], leaky[name]) for name in honest]
    head = ("", "by the training part", "by everything, the leak")
    return picture + table(head, rows, f"Scaled by a mean and a deviation, in {unit}")


def _figures(x: np.ndarray, known: int, T: int) -> dict[str, str]:
    """What a reader compares, where the first `T` values give the scaling."""
    raised = x + RAISED * (np.arange(len(x)) >= known)
    before, after = (
        windows(standardize(series, T)[:known], WINDOW, HORIZON).inputs for series in (x, raised)
    )
    scaled = standardize(x, T)
    pairs = [len(windows(part, WINDOW, HORIZON).inputs) for part in (x[:known], x[known:])]
    rows = {
        "mean": x[:T].mean(),
        "deviation": x[:T].std(),
        "mean of the training part, scaled": scaled[:known].mean(),
        "mean of the test part, scaled": scaled[known:].mean(),
        f"move of a training input, were the future {RAISED} higher": abs(after - before).max(),
    }
    # + 0.0 turns -0 into 0
    figures = {
        name: f"{round(value, 2) + 0.0:.2f}".replace("-", "−") for name, value in rows.items()
    }
    return figures | {"pairs for training": str(pairs[0]), "pairs for the test": str(pairs[1])}

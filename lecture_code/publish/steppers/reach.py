"""How far memory and gradient reach, for each cell and each largest singular value."""

from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from lecture_code.experiments.reach import Reach, reach
from lecture_code.publish.cache import cached
from lecture_code.publish.elements import figure
from lecture_code.publish.figures import Axis, curves, frame
from lecture_code.publish.steppers.base import choice, legend, slider, stepper
from lecture_code.publish.tables import table

STEPS, HIDDEN, DRAWS = 50, 16, 9

LARGEST = (0.3, 0.5, 0.7, 0.9, 1.0, 1.1, 1.3, 1.5, 2.0, 3.0, 5.0)
"""The positions of the slider: the largest singular value."""

FLOOR = 1e-8
"""What is below is drawn there."""


class Choice(NamedTuple):
    """A cell, and how far its gate is open.

    Attributes:
        cell: `rnn`, `gru` or `lstm`.
        gate: the bias of the gate that keeps the past.
        title: what a reader chooses.
    """

    cell: str
    gate: float
    title: str


CHOICES = {
    "rnn": Choice("rnn", 0, "RNN"),
    "gru": Choice("gru", 0, "GRU"),
    "gru_open": Choice("gru", 4, "GRU, update gate open"),
    "lstm": Choice("lstm", 0, "LSTM"),
    "lstm_open": Choice("lstm", 4, "LSTM, forget gate open"),
}
"""The cells that are measured, by the names that the script has."""

CURVES = {
    "forward": ("--curve-1", "memory, forward: distance between two runs"),
    "backward": ("--curve-2 dashed", "gradient, backward: norm of the derivative"),
    "power": ("--weight dotted", "s, multiplied with itself once a step"),
}


def measured(name: str, largest: float) -> Reach:
    """Measure one position of the figure.

    Args:
        name: a key of `CHOICES`.
        largest: the largest singular value.

    Returns:
        What is left after 0 to `STEPS` steps.
    """
    cell, gate, _ = CHOICES[name]
    return reach(cell, largest, STEPS, HIDDEN, DRAWS, gate)


def _all() -> dict[str, list[Reach]]:
    return {name: [measured(name, largest) for largest in LARGEST] for name in CHOICES}


_kept = cached(_all)


def reach_stepper() -> Markup:
    """Memory and gradient over fifty steps, for a cell and a largest singular value.

    Returns:
        HTML.
    """
    found = _kept()
    plot = frame(
        "reach",
        Axis("steps between the two states", 0, STEPS),
        Axis("what is left", FLOOR, 1e8, log=True),
        lines={"one": "--weight faint"} | {name: look for name, (look, _) in CURVES.items()},
    )
    names = legend({words: look for look, words in CURVES.values()})
    start = LARGEST.index(1.0)
    return stepper(
        "reach",
        "What is left after fifty steps",
        {
            "largest": LARGEST,
            "titles": {name: one.title for name, one in CHOICES.items()},
            "curves": {
                name: [
                    {side: _digits(one) for side, one in zip(Reach._fields, pair, strict=True)}
                    for pair in pairs
                ]
                for name, pairs in found.items()
            },
        },
        stage=figure(plot) + names,
        controls=choice("cell", "Cell", {name: one.title for name, one in CHOICES.items()})
        + slider("place", "Scale s", 0, len(LARGEST) - 1, start, says="1"),
        plain=_plain(found),
    )


def _digits(values: np.ndarray) -> list[float]:
    """Every other value with three digits: as many as a picture shows."""
    return [float(f"{value:.2e}") for value in values[::2]]


def _plain(found: dict[str, list[Reach]]) -> Markup:
    shown = {
        f"{side}, s = {LARGEST[place]:g}": getattr(found["rnn"][place], side)
        for side in Reach._fields
        for place in (LARGEST.index(0.9), LARGEST.index(3.0))
    }
    picture = curves(
        range(STEPS + 1),
        {label: np.maximum(values, FLOOR) for label, values in shown.items()},
        xlabel="steps between the two states",
        ylabel="what is left",
        log="y",
        description="The simple RNN. Below 1 both memory and gradient vanish. Far above 1 the "
        "gradient explodes; the memory cannot, because the states have bounds.",
    )
    rows = [
        (
            one.title,
            f"{largest:g}",
            f"{found[name][place].forward[-1]:.0e}",
            f"{found[name][place].backward[-1]:.0e}",
        )
        for name, one in CHOICES.items()
        for place, largest in enumerate(LARGEST)
        if largest in (0.5, 1.0, 2.0, 5.0)
    ]
    head = ("Cell", "Largest singular value", "Memory", "Gradient")
    return picture + table(head, rows, f"What is left after {STEPS} steps")

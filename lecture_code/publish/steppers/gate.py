"""A gate opens and closes: one slider for all of its entries, and one in each."""

import numpy as np
from markupsafe import Markup

from lecture_code.publish.elements import figure
from lecture_code.publish.figures import Matrix, matrices
from lecture_code.publish.steppers.base import slider, stepper
from lecture_code.sections.gates import apply_gate

START = 0.5
"""How far the gate stands open at first."""

GATES = {0.0: "closed: nothing passes", 1.0: "open: everything passes", 0.5: "half open"}
"""The gates of the slides, for the plain figure."""


def gate_stepper(X: np.ndarray) -> Markup:
    """A matrix behind a gate of which every entry can be moved.

    Args:
        X: the values, of which none is larger than 1, shape `(rows, columns)`.

    Returns:
        HTML.

    Raises:
        ValueError: if X has not two axes, or an entry beyond 1 and -1.
    """
    if X.ndim != 2 or np.abs(X).max() > 1:
        raise ValueError(f"X: expected a matrix with entries from -1 to 1, got {X}")
    # Where they do not fit beside each other, a sign stays with its matrix.
    stage = (
        matrices(Matrix("X", X, role="input"), "⊗", largest=1),
        _sliders(*X.shape),
        matrices("=", Matrix("Y", _through(X, START), role="output"), largest=1),
    )
    return stepper(
        "gate",
        "From forget to remember",
        {"X": X},
        stage=Markup().join(stage),
        controls=slider("all", "All of Γ", 0, 1, START, step=0.1),
        controls_first=True,
        plain=Markup().join(
            matrices(
                Matrix("X", X, role="input"),
                "⊗",
                Matrix("Γ", np.full(X.shape, value), role="gate"),
                "=",
                Matrix("Y", _through(X, value), role="output"),
                caption=says,
                largest=1,
            )
            for value, says in GATES.items()
        ),
    )


def _through(X: np.ndarray, value: float) -> np.ndarray:
    return apply_gate(X, np.full(X.shape, value))


def _sliders(rows: int, columns: int) -> Markup:
    """The gate as a matrix with a slider in each entry."""
    # A screen reader speaks the slider that moves, and not all those that move with it.
    entry = Markup(
        '<td class="positive" style="--size: {start}"><input type="range" name="gate-{i}-{j}" '
        'aria-label="Γ row {row}, column {column}" min="0" max="1" step="0.1" value="{start}" '
        'autocomplete="off"><output aria-live="off">{start}</output></td>'
    )
    body = Markup().join(
        Markup("<tr>{}</tr>").format(
            Markup().join(
                entry.format(start=START, i=i, j=j, row=i + 1, column=j + 1) for j in range(columns)
            )
        )
        for i in range(rows)
    )
    matrix = Markup(
        '<table class="matrix" data-name="Γ" data-role="gate"><caption>Γ <small>{} × {}</small>'
        "</caption><tbody>{}</tbody></table>"
    ).format(rows, columns, body)
    return figure(matrix, kind="matrices")

"""How long each cell holds a bit: what is left of a state of 1, step by step, without input."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from markupsafe import Markup
from scipy.special import logit

from lecture_code.core.state import arrays_of
from lecture_code.course.cells import CELLS, Cell
from lecture_code.publish.elements import figure
from lecture_code.publish.figures import Axis, curves, frame
from lecture_code.publish.steppers.base import legend, slider, stepper
from lecture_code.publish.tables import inline, table
from lecture_code.sections.lstm import lstm_literal_step

STEPS = 1000
"""For how long the bit is watched."""

GATES = (0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 1)
"""The gate's positions: most of them near 1, where they make a difference."""

# How each curve is drawn, and what its cell comes down to.
CURVES = {
    "rnn": ("--curve-1", r"RNN: $h_t = \tanh(w\, h_{t-1})$"),
    "gru": ("--curve-3 wide", r"GRU: $h_t = \Gamma_u h_{t-1}$"),
    "lstm": ("--curve-4 dashed", r"LSTM: $C_t = \Gamma_f C_{t-1}$"),
    "literal": ("--curve-2 dotted", r"LSTM to the letter: $\tilde{C} = \tanh(\Gamma_f C)$"),
}

LITERAL = replace(CELLS["lstm"], step=lstm_literal_step)
"""The LSTM as the slide has it, to the letter."""


def memory_stepper() -> Markup:
    """A bit that fades, or stays: in an RNN, a GRU, an LSTM, and the LSTM read to the letter.

    Returns:
        HTML.
    """
    plot = frame(
        "memory",
        Axis("steps without input", 1, STEPS, log=True),
        Axis("what is left of a 1", 0, 1.05),
        lines={"half": "--weight faint"} | {name: look for name, (look, _) in CURVES.items()},
        dots={name: look.split()[0] for name, (look, _) in CURVES.items()},
    )
    span = Markup("<span>{}</span>").format
    names = legend({span(inline(words)): look for look, words in CURVES.values()})
    return stepper(
        "memory",
        "What is left of a bit",
        {"gates": GATES, "steps": STEPS},
        stage=figure(plot) + names,
        controls=slider("gate", "Gate Γ", 0, len(GATES) - 1, GATES.index(0.99), says="0.99")
        + slider("weight", "RNN's weight w", 0, 2, 0.9, step=0.1),
        plain=_plain(),
    )


def gated(cell: Cell, gates: Sequence[float]) -> np.ndarray:
    """What cells hold of a 1 without input, one unit for each gate.

    Every weight is 0 but the bias of the gate that keeps. So the candidate is tanh(0), and what it
    would add is 0.

    Args:
        cell: the lecture's GRU or LSTM, or `LITERAL`.
        gates: values of the gate that keeps the state or the memory, from 0 to 1.

    Returns:
        The state, or the LSTM's memory, after each step, shape `(time, gates)`.
    """
    one, zero = np.ones(len(gates)), np.zeros(len(gates))
    has_memory = len(cell.weights.state) > 1
    drawn = cell.weights.init(1, len(gates), seed=0)
    silent = cell.weights(*(0 * array for array in drawn))
    # The logistic function of the infinities, with which 0 and 1 begin and end, is exact.
    weights = silent._replace(**{"b_f" if has_memory else "b_u": logit(gates)})
    return _watched(cell.step, (zero, one) if has_memory else one, weights)


def recurrent(w: Sequence[float]) -> np.ndarray:
    """What simple RNNs hold of a 1 without input, one unit for each recurrent weight.

    Args:
        w: the units' weights, by which each reads its own state.

    Returns:
        The state after each step, shape `(time, weights)`.
    """
    W = np.hstack([np.zeros((len(w), 1)), np.diag(np.asarray(w, "float64"))])
    rnn = CELLS["rnn"]
    return _watched(rnn.step, np.ones(len(w)), rnn.weights(W, np.zeros(len(w))))


def _watched(step: Callable, state: Any, weights: Any) -> np.ndarray:
    held, silence = [], np.zeros(1)
    for _ in range(STEPS):
        state = step(silence, state, weights)
        held.append(arrays_of(state)[-1])  # of an LSTM its memory
    return np.array(held)


def half(left: np.ndarray) -> int | None:
    """After how many steps at most half is left.

    Args:
        left: what is left after each step, shape `(time,)`.

    Returns:
        The number of steps, or None if more than half is left after all of them.
    """
    gone = np.flatnonzero(left <= 0.5)
    return int(gone[0]) + 1 if gone.size else None


def _plain() -> Markup:
    """Curves and half-lives for several gates and weights."""
    gates, weights = (0, 0.5, 0.9, 0.99, 0.999, 1), (0.5, 0.9, 1, 1.1, 1.5)
    cells = [gated(cell, gates) for cell in (CELLS["gru"], CELLS["lstm"], LITERAL)]
    rnn = recurrent(weights)
    picture = curves(
        range(1, STEPS + 1),
        {f"Γ = {gates[i]}": cells[1][:, i] for i in (2, 3, 4)}
        | {"letter, Γ = 1": cells[2][:, 5], "RNN, w = 1.5": rnn[:, 4]},
        xlabel="steps without input",
        ylabel="what is left of a 1",
        log="x",
        description="What is left of a bit. GRU and LSTM hold it about ten times longer with each "
        "nine more in their gate Γ. The LSTM read to the letter loses it even with Γ = 1; an RNN "
        "with a weight above 1 keeps it, at a height of its own.",
    )
    by_gate = table(
        ("Gate", "GRU", "LSTM", "LSTM to the letter"),
        [(str(gate), *(_steps(left[:, i]) for left in cells)) for i, gate in enumerate(gates)],
        "Half of the bit is left after",
    )
    by_weight = table(
        ("RNN's weight", "Half is left after", f"Left after {STEPS} steps"),
        [(str(w), _steps(rnn[:, i]), f"{rnn[-1, i]:.3f}") for i, w in enumerate(weights)],
        "The simple RNN",
    )
    return picture + by_gate + by_weight


def _steps(left: np.ndarray) -> str:
    steps = half(left)
    if steps is None:
        return f"not within {STEPS} steps"
    return f"{steps} step{'s' * (steps > 1)}"

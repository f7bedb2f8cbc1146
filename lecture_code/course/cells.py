r"""The lecture's recurrent cells: one record each, shared by all that handles several of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lecture_code.core.weights import Weights
from lecture_code.sections.gru import (
    GRUResetAfterWeights,
    GRUWeights,
    gru_reset_after_step,
    gru_step,
)
from lecture_code.sections.gru_one_gate import OneGateGRUWeights, gru_one_gate_step
from lecture_code.sections.lstm import LSTMWeights, lstm_step
from lecture_code.sections.rnn import RNNWeights, rnn_step


@dataclass(frozen=True, eq=False)
class Cell:
    """A recurrent cell.

    Attributes:
        name: what commands and tables call it.
        title: what a reader is told.
        step: its step function.
        weights: the class of its weights; its `state` names the arrays that the cell hands on.
        returns: the symbols of these arrays in its equation, in order.
        quantities: in words, what the lines of its equation compute, by their symbols.
        gates: in words, what has weights of its own, by the letter of these weights: gates and
            candidate, in the lecture's order.
        mixes: the letter of the gate that decides between the old state and the candidate, if there
            is one.
    """

    name: str
    title: str
    step: Callable
    weights: type[Weights]
    returns: tuple[str, ...]
    quantities: Mapping[str, str]
    gates: Mapping[str, str]
    mixes: str = ""


_UPDATE, _RESET = {r"\Gamma_u": "the update gate"}, {r"\Gamma_r": "the reset gate"}
_CANDIDATE = {r"\tilde{h}_t": "the candidate"}
_NEW = {"h_t": "the new state"}

_GRU_GATES = {"u": "update gate", "r": "reset gate", "h": "candidate"}

CELLS = {
    cell.name: cell
    for cell in (
        Cell("rnn", "RNN", rnn_step, RNNWeights, ("h_t",), _NEW, {"h": "new state"}),
        Cell(
            "gru-one-gate",
            "GRU, one gate",
            gru_one_gate_step,
            OneGateGRUWeights,
            ("h_t",),
            {r"\Gamma": "the gate"} | _CANDIDATE | _NEW,
            {"g": "gate", "h": "candidate"},
            mixes="g",
        ),
        Cell(
            "gru",
            "GRU, full",
            gru_step,
            GRUWeights,
            ("h_t",),
            _UPDATE | _RESET | _CANDIDATE | _NEW,
            _GRU_GATES,
            mixes="u",
        ),
        Cell(
            "gru-reset-after",
            "GRU, reset after the product",
            gru_reset_after_step,
            GRUResetAfterWeights,
            ("h_t",),
            _UPDATE | _RESET | _CANDIDATE | _NEW,
            _GRU_GATES,
            mixes="u",
        ),
        Cell(
            "lstm",
            "LSTM",
            lstm_step,
            LSTMWeights,
            ("h_t", "C_t"),
            _UPDATE
            | {r"\Gamma_i": "the input gate", r"\Gamma_f": "the forget gate"}
            | {r"\tilde{h}": "the candidate", "C_t": "the memory"}
            | _NEW,
            {"u": "update gate", "i": "input gate", "f": "forget gate", "c": "candidate"},
        ),
    )
}
"""The cells by their names, in the lecture's order."""


def cell_named(name: str, among: Mapping[str, Cell] = CELLS) -> Cell:
    """Find a cell.

    Args:
        name: what it is called.
        among: the cells that come into question, by their names.

    Returns:
        The cell.

    Raises:
        ValueError: if none of them is called so.
    """
    if name not in among:
        raise ValueError(f"cell: expected one of {', '.join(among)}, got {name!r}")
    return among[name]

"""Recurrent neural networks, as a lecture whose equations are programs.

Each section of the lecture is a module of short functions; a function's docstring holds the
equation that the function computes. Other code may rely on the names below, and on those that the
reference's first page, docs/reference/index.md, adds to them.
"""

from typing import TYPE_CHECKING

from lecture_code.core.layers import DenseWeights
from lecture_code.core.unroll import unroll, unroll_backward, unroll_layers
from lecture_code.sections.concatenation import joined
from lecture_code.sections.forgetting import retain
from lecture_code.sections.gates import GateWeights, apply_gate, gate
from lecture_code.sections.gru import (
    GRUResetAfterWeights,
    GRUWeights,
    gru_reset_after_step,
    gru_step,
)
from lecture_code.sections.gru_one_gate import OneGateGRUWeights, gru_one_gate_step
from lecture_code.sections.gru_packed import GRUPackedWeights, gru_packed_step
from lecture_code.sections.lstm import (
    LSTMProjectedWeights,
    LSTMWeights,
    lstm_literal_step,
    lstm_projected_step,
    lstm_step,
)
from lecture_code.sections.new_state import RNNSplitWeights, dense, rnn_split_step
from lecture_code.sections.rnn import RNNWeights, rnn_relu_step, rnn_sigmoid_step, rnn_step
from lecture_code.support.on_demand import importer

if TYPE_CHECKING:
    from lecture_code.frameworks.bridge import from_torch, to_torch, weights_from_torch

__all__ = [
    "DenseWeights",
    "GRUPackedWeights",
    "GRUResetAfterWeights",
    "GRUWeights",
    "GateWeights",
    "LSTMProjectedWeights",
    "LSTMWeights",
    "OneGateGRUWeights",
    "RNNSplitWeights",
    "RNNWeights",
    "apply_gate",
    "dense",
    "from_torch",
    "gate",
    "gru_one_gate_step",
    "gru_packed_step",
    "gru_reset_after_step",
    "gru_step",
    "joined",
    "lstm_literal_step",
    "lstm_projected_step",
    "lstm_step",
    "retain",
    "rnn_relu_step",
    "rnn_sigmoid_step",
    "rnn_split_step",
    "rnn_step",
    "to_torch",
    "unroll",
    "unroll_backward",
    "unroll_layers",
    "weights_from_torch",
]


# Only the bridge needs torch, which takes longer to import than a command takes to run.
__getattr__ = importer(
    __name__, dict.fromkeys(("from_torch", "to_torch", "weights_from_torch"), ".frameworks.bridge")
)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""The conventions: a row for each, and the lookups that read them.

`description.py` says what the fields of a row mean.
"""

from collections.abc import Iterable

from lecture_code.course.cells import CELLS, Cell, cell_named
from lecture_code.frameworks.description import (
    Convention,
    Join,
    Place,
    both_matrices,
    each_alone,
)
from lecture_code.sections.lstm import lstm_literal_step
from lecture_code.sections.rnn import rnn_sigmoid_step

_GRU, _LSTM, _RNN = CELLS["gru"], CELLS["lstm"], CELLS["rnn"]
_GRU_AFTER = CELLS["gru-reset-after"]


# THE LAYOUTS THAT SEVERAL ROWS SHARE


def _torch(gates: str) -> tuple[Place, ...]:
    return (
        Place("weight_ih_l0", gates, ("W_x",)),
        Place("weight_hh_l0", gates, ("W_h",)),
        Place("bias_ih_l0", gates, ("b_x",)),
        Place("bias_hh_l0", gates, ("b_h",)),
    )


def _keras(gates: str, *, two_biases: bool = False) -> tuple[Place, ...]:
    return (
        Place("kernel", gates, ("W_x",)),
        Place("recurrent_kernel", gates, ("W_h",)),
        Place("bias", gates, ("b_x", "b_h"), Join.STACKED)
        if two_biases
        else Place("bias", gates, ("b",)),
    )


def _onnx(gates: str) -> tuple[Place, ...]:
    return (
        Place("W", gates, ("W_x",)),
        Place("R", gates, ("W_h",)),
        Place("B", gates, ("b_x", "b_h"), Join.END_TO_END),
    )


_PAPER = (
    Place("W_z", "u", ("W_x",)),
    Place("U_z", "u", ("W_h",)),
    Place("W_r", "r", ("W_x",)),
    Place("U_r", "r", ("W_h",)),
    Place("W", "h", ("W_x",)),
    Place("U", "h", ("W_h",)),
)


# THE TABLE

_ROWS = (
    Convention(
        name="slides",
        cell=_GRU,
        title="The slides",
        source="the lecture's GRU, full",
        places=each_alone("urh"),
        reset="before",
        update="keeps",
        step=_GRU.step,
        weights=_GRU.weights,
    ),
    Convention(
        name="slides-reset-after",
        cell=_GRU,
        title="The slides' symbols, reset after",
        source="gru_reset_after_step",
        places=(
            *each_alone("ur"),
            Place("W_hx", "h", ("W_x",)),
            Place("b_hx", "h", ("b_x",)),
            Place("W_hh", "h", ("W_h",)),
            Place("b_hh", "h", ("b_h",)),
        ),
        reset="after",
        update="keeps",
        step=_GRU_AFTER.step,
        weights=_GRU_AFTER.weights,
    ),
    Convention(
        name="cho2014-v1",
        cell=_GRU,
        title="Cho et al. (2014), version 1",
        source="arXiv 1406.1078v1",
        places=_PAPER,
        reset="after",
        update="keeps",
    ),
    Convention(
        name="cho2014-v3",
        cell=_GRU,
        title="Cho et al. (2014), version 3",
        source="arXiv 1406.1078v3",
        places=_PAPER,
        reset="before",
        update="keeps",
    ),
    Convention(
        name="chung2014",
        cell=_GRU,
        title="Chung et al. (2014)",
        source="arXiv 1412.3555",
        places=_PAPER,
        reset="before",
        update="takes",
    ),
    Convention(
        name="torch",
        cell=_GRU,
        title="PyTorch and cuDNN",
        source="torch.nn.GRU",
        places=_torch("ruh"),
        owner="torch",
        letters="rzn",
        reset="after",
        update="keeps",
    ),
    Convention(
        name="keras",
        cell=_GRU,
        title="Keras, reset_after=False",
        source="keras.layers.GRU",
        places=_keras("urh"),
        owner="Keras",
        letters="zrh",
        reset="before",
        update="keeps",
        transposed=True,
    ),
    Convention(
        name="keras-reset-after",
        cell=_GRU,
        title="Keras, reset_after=True",
        source="keras.layers.GRU",
        places=_keras("urh", two_biases=True),
        owner="Keras",
        letters="zrh",
        reset="after",
        update="keeps",
        transposed=True,
    ),
    Convention(
        name="onnx",
        cell=_GRU,
        title="ONNX, linear_before_reset=0",
        source="operator GRU",
        places=_onnx("urh"),
        owner="ONNX",
        letters="zrh",
        reset="before",
        update="keeps",
        leading=True,
    ),
    Convention(
        name="onnx-linear-before-reset",
        cell=_GRU,
        title="ONNX, linear_before_reset=1",
        source="operator GRU",
        places=_onnx("urh"),
        owner="ONNX",
        letters="zrh",
        reset="after",
        update="keeps",
        leading=True,
    ),
    Convention(
        name="trax",
        cell=_GRU,
        title="Trax",
        source="trax.layers.GRUCell",
        places=(
            both_matrices("W_1", "ur"),
            Place("b_1", "ur", ("b",)),
            both_matrices("W_2", "h"),
            Place("b_2", "h", ("b",)),
        ),
        reset="before",
        update="keeps",
        transposed=True,
    ),
    Convention(
        name="flax",
        cell=_GRU,
        title="Flax",
        source="flax.linen.GRUCell",
        places=(
            Place("ir/kernel", "r", ("W_x",)),
            Place("ir/bias", "r", ("b",)),
            Place("iz/kernel", "u", ("W_x",)),
            Place("iz/bias", "u", ("b",)),
            Place("in/kernel", "h", ("W_x",)),
            Place("in/bias", "h", ("b_x",)),
            Place("hr/kernel", "r", ("W_h",)),
            Place("hz/kernel", "u", ("W_h",)),
            Place("hn/kernel", "h", ("W_h",)),
            Place("hn/bias", "h", ("b_h",)),
        ),
        reset="after",
        update="keeps",
        transposed=True,
    ),
    Convention(
        name="slides",
        cell=_LSTM,
        title="The slides, as meant",
        source="the lecture's LSTM",
        places=each_alone("uifc"),
        hands_on="memory",
        step=_LSTM.step,
        weights=_LSTM.weights,
    ),
    Convention(
        name="slides-literal",
        cell=_LSTM,
        title="The slides, to the letter",
        source="lstm_literal_step",
        places=each_alone("uifc"),
        hands_on="tanh",
        step=lstm_literal_step,
        weights=_LSTM.weights,
    ),
    Convention(
        name="torch",
        cell=_LSTM,
        title="PyTorch and cuDNN",
        source="torch.nn.LSTM",
        places=_torch("ifcu"),
        owner="torch",
        letters="ifgo",
        hands_on="memory",
    ),
    Convention(
        name="keras",
        cell=_LSTM,
        title="Keras",
        source="keras.layers.LSTM",
        places=_keras("ifcu"),
        owner="Keras",
        letters="ifco",
        transposed=True,
        hands_on="memory",
    ),
    Convention(
        name="onnx",
        cell=_LSTM,
        title="ONNX",
        source="operator LSTM",
        places=_onnx("iufc"),
        owner="ONNX",
        letters="iofc",
        leading=True,
        hands_on="memory",
    ),
    Convention(
        name="trax",
        cell=_LSTM,
        title="Trax",
        source="trax.layers.LSTMCell",
        places=(both_matrices("w", "icfu"), Place("b", "icfu", ("b",))),
        owner="Trax",
        transposed=True,
        hands_on="memory",
    ),
    Convention(
        name="tf1",
        cell=_LSTM,
        title="TensorFlow 1",
        source="tf.nn.rnn_cell.BasicLSTMCell",
        places=(both_matrices("kernel", "icfu"), Place("bias", "icfu", ("b",))),
        owner="TensorFlow 1",
        letters="ijfo",
        transposed=True,
        hands_on="memory",
        added={"f": 1.0},
    ),
    Convention(
        name="olah2015",
        cell=_LSTM,
        title="Olah (2015)",
        source="Understanding LSTM Networks",
        places=each_alone("ficu", "fiCo", state_first=True),
        hands_on="memory",
    ),
    Convention(
        name="flax",
        cell=_LSTM,
        title="Flax",
        source="flax.linen.LSTMCell",
        places=tuple(
            place
            for gate, letter in zip("ifcu", "ifgo", strict=True)
            for place in (
                Place(f"i{letter}/kernel", gate, ("W_x",)),
                Place(f"h{letter}/kernel", gate, ("W_h",)),
                Place(f"h{letter}/bias", gate, ("b",)),
            )
        ),
        transposed=True,
        hands_on="memory",
    ),
    Convention(
        name="slides",
        cell=_RNN,
        title="The slides, with tanh",
        source="the lecture's RNN",
        places=(both_matrices("W", "h"), Place("b", "h", ("b",))),
        activation="tanh",
        step=_RNN.step,
        weights=_RNN.weights,
    ),
    Convention(
        name="slides-literal",
        cell=_RNN,
        title="The slides, to the letter",
        source="rnn_sigmoid_step",
        places=(both_matrices("W", "h"), Place("b", "h", ("b",))),
        activation="σ",
        step=rnn_sigmoid_step,
        weights=_RNN.weights,
    ),
    Convention(
        name="torch",
        cell=_RNN,
        title="PyTorch and cuDNN",
        source="torch.nn.RNN",
        places=_torch("h"),
        activation="tanh",
    ),
    Convention(
        name="keras",
        cell=_RNN,
        title="Keras",
        source="keras.layers.SimpleRNN",
        places=_keras("h"),
        transposed=True,
        activation="tanh",
    ),
    Convention(
        name="onnx",
        cell=_RNN,
        title="ONNX",
        source="operator RNN",
        places=_onnx("h"),
        leading=True,
        activation="tanh",
    ),
    Convention(
        name="flax",
        cell=_RNN,
        title="Flax",
        source="flax.linen.SimpleCell",
        places=(
            Place("i/kernel", "h", ("W_x",)),
            Place("i/bias", "h", ("b",)),
            Place("h/kernel", "h", ("W_h",)),
        ),
        transposed=True,
        activation="tanh",
    ),
)

CONVENTIONS: dict[str, dict[str, Convention]] = {
    cell.name: {row.name: row for row in _ROWS if row.cell is cell}
    for cell in dict.fromkeys(row.cell for row in _ROWS)
}
"""The conventions by the name of their cell, and by their own name."""

TEXTBOOK_ORDERS = {"lstm": {"ficu": "many textbooks (f, i, c, o)"}}
"""By the name of a cell: orders in which textbooks list the gates, and who does. Nobody here packs
them so: Olah (2015) has this order, with arrays for each gate."""


# LOOKING THINGS UP


def convention(name: str, cell: str) -> Convention:
    """Look a convention up.

    Args:
        name: its name.
        cell: `gru`, `lstm` or `rnn`.

    Returns:
        The convention.

    Raises:
        ValueError: if there is none of this name.
    """
    named = CONVENTIONS[cell_named(cell, {name: CELLS[name] for name in CONVENTIONS}).name]
    if name not in named:
        raise ValueError(f"convention: expected one of {', '.join(named)}, got {name!r}")
    return named[name]


def lecture_convention(chosen: Convention) -> Convention:
    """Find the lecture's convention with the equation of another.

    Args:
        chosen: a convention.

    Returns:
        A convention that has a step, and whose weights are the lecture's.

    Raises:
        ValueError: if the lecture has no such equation.
    """
    for own in CONVENTIONS[chosen.cell.name].values():
        if own.step and own.computes_like(chosen):
            return own
    raise ValueError(f"convention: the lecture has no step with the equation of {chosen.name}")


def packing_orders(cell: Cell) -> dict[str, str]:
    """In which orders programs pack the gates of a cell into one array.

    Args:
        cell: a cell of the lecture.

    Returns:
        Who has it and what the gates are called there, such as `torch and Keras (i, f, g, o)`, by
        the order in the lecture's letters, such as `ifcu`. Who gave the letters comes first.
    """
    found: dict[str, list[Convention]] = {}
    for one in CONVENTIONS.get(cell.name, {}).values():
        if len(one.order) > 1:
            found.setdefault(one.order, []).append(one)
    return {order: _whose(owners) for order, owners in found.items()}


def _whose(owners: Iterable[Convention]) -> str:
    letters_first = sorted(owners, key=lambda one: not one.letters)
    names = dict.fromkeys(one.owner for one in letters_first)
    return f"{' and '.join(names)} ({', '.join(letters_first[0].letters)})"

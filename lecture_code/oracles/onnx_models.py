"""ONNX as a judge: models built in memory, run by two engines.

ONNX Runtime has the recurrent operators in float32 only; `onnx.reference` computes them in float64,
but its RNN has no activation except tanh. ONNX stacks the GRU's gates as z, r, h and the LSTM's as
i, o, f, c. Its z is the slides' update gate, its h and c are the candidates, and its o is the
update gate of the slides' LSTM. Where ONNX has two biases and the lecture one, the second is 0.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from lecture_code.core.layers import DenseWeights
from lecture_code.oracles.layout import Gate, saturated_gate, stack, unpack
from lecture_code.sections.gates import GateWeights
from lecture_code.sections.gru import GRUResetAfterWeights, GRUWeights
from lecture_code.sections.gru_one_gate import OneGateGRUWeights
from lecture_code.sections.gru_packed import GRUPackedWeights
from lecture_code.sections.lstm import LSTMProjectedWeights, LSTMWeights
from lecture_code.sections.new_state import RNNSplitWeights
from lecture_code.sections.rnn import RNNWeights
from lecture_code.support.extras import needs_extra

with needs_extra():
    import onnx
    from onnx import helper
    from onnx.reference import ReferenceEvaluator

States = list[np.ndarray]
Run = Callable[[dict[str, np.ndarray]], list[np.ndarray]]
"""A model that is ready: from its inputs by name to its outputs."""

Engine = Callable[["Operator"], Run]


class Operator(NamedTuple):
    """What a model computes, without its weights.

    Attributes:
        kind: `RNN`, `GRU` or `LSTM`, the operators of ONNX, or `Dense` for a dense layer.
        hidden_size: how many units it has.
        attributes: names and values of the operator's other attributes; for `Dense`, the names of
            its inputs.
    """

    kind: str
    hidden_size: int
    attributes: tuple[tuple[str, Any], ...] = ()


class Layer(NamedTuple):
    """An operator with the lecture's weights in it.

    Attributes:
        operator: the operator.
        parameters: its weights under ONNX's names: `W` reads the input, `R` the state, `B` holds
            both biases.
    """

    operator: Operator
    parameters: dict[str, np.ndarray]


def rnn(weights: RNNWeights, activation: str = "Tanh") -> Layer:
    """The simple RNN.

    Args:
        weights: the lecture's weights.
        activation: ONNX's name of the activation, such as `Tanh`, `Relu` or `Sigmoid`.

    Returns:
        The operator with these weights.
    """
    return _layer("RNN", weights, [weights], activations=(activation,))


def rnn_split(weights: RNNSplitWeights) -> Layer:
    """The simple RNN with two matrices, which is how ONNX keeps them.

    Args:
        weights: the lecture's weights.

    Returns:
        The operator with these weights.
    """
    W_x, W_h, b = weights
    return rnn(RNNWeights(np.concatenate([W_x, W_h], axis=1), b))


def gru(weights: GRUWeights) -> Layer:
    """The slides' GRU: ONNX resets before the product unless told otherwise.

    Args:
        weights: the lecture's weights.

    Returns:
        The operator with these weights.
    """
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    gates = [(W_u, b_u), (W_r, b_r), (W_h, b_h)]
    return _layer("GRU", weights, gates, linear_before_reset=0)


def gru_packed(weights: GRUPackedWeights) -> Layer:
    """The slides' GRU from packed weights.

    Args:
        weights: the lecture's weights.

    Returns:
        The operator with these weights.
    """
    return gru(unpack(weights))


def gru_reset_after(weights: GRUResetAfterWeights) -> Layer:
    """The GRU that resets after the product.

    Args:
        weights: the lecture's weights.

    Returns:
        The operator with these weights.
    """
    W_u, b_u, W_r, b_r, W_hx, b_hx, W_hh, b_hh = weights
    gates = [(W_u, b_u), (W_r, b_r), (np.concatenate([W_hx, W_hh], axis=1), b_hx)]
    return _layer("GRU", weights, gates, candidate_bias=b_hh, linear_before_reset=1)


def gru_one_gate(weights: OneGateGRUWeights) -> Layer:
    """The GRU with one gate: the full one, with a reset gate that is exactly 1.

    Args:
        weights: the lecture's weights.

    Returns:
        The operator with these weights.
    """
    W_g, b_g, W_h, b_h = weights
    gates = [(W_g, b_g), saturated_gate(W_g), (W_h, b_h)]
    return _layer("GRU", weights, gates, linear_before_reset=0)


def lstm(weights: LSTMWeights) -> Layer:
    """The LSTM.

    Args:
        weights: the lecture's weights.

    Returns:
        The operator with these weights.
    """
    W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c = weights
    return _layer("LSTM", weights, [(W_i, b_i), (W_u, b_u), (W_f, b_f), (W_c, b_c)])


def run(
    make: Callable[[Any], Layer],
    engine: Engine,
    weights: Any,
    inputs: np.ndarray,
    *states: np.ndarray,
) -> tuple[np.ndarray, States]:
    """Let an operator run over a sequence.

    Args:
        make: one of the functions above.
        engine: `runtime` or `reference`.
        weights: the lecture's weights.
        inputs: sequence, shape `(time, batch, input)`.
        *states: the state before the first time step, one array or two of shape `(batch, hidden)`.

    Returns:
        The outputs, shape `(time, batch, hidden)`, and the final states.
    """
    operator, parameters = make(weights)
    first = dict(zip(["initial_h", "initial_c"], (state[None] for state in states), strict=False))
    outputs, *last = engine(operator)({"X": inputs, **parameters, **first})
    return outputs[:, 0], [state[0] for state in last]


def run_lstm_literal(
    engine: Engine, weights: LSTMWeights, inputs: np.ndarray, h: np.ndarray, c: np.ndarray
) -> tuple[np.ndarray, States]:
    """The slides' LSTM read to the letter: one step at a time, handing on the tanh of the memory.

    Args:
        engine: `runtime` or `reference`.
        weights: the lecture's weights.
        inputs: sequence, shape `(time, batch, input)`.
        h: the hidden state before the first time step, shape `(batch, hidden)`.
        c: the memory before the first time step, shape `(batch, hidden)`.

    Returns:
        The outputs, shape `(time, batch, hidden)`, and the final hidden state and memory.
    """
    outputs = []
    for x in inputs:
        _, [h, c] = run(lstm, engine, weights, x[None], h, c)
        c = np.tanh(c)
        outputs.append(h)
    return np.stack(outputs), [h, c]


def run_lstm_projected(
    engine: Engine,
    weights: LSTMProjectedWeights,
    inputs: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
) -> tuple[np.ndarray, States]:
    r"""The projected LSTM, by way of ONNX's, which has no projection.

    With $h = W_p m$ the gates read $W h = (W W_p) m$, so an LSTM whose hidden state is $m$ and
    whose matrices are $W W_p$ computes the same memory. It starts from an $m$ that $W_p$ maps to
    the $h$ given; there is one if the projection is no larger than the state.

    Args:
        engine: `runtime` or `reference`.
        weights: the lecture's weights.
        inputs: sequence, shape `(time, batch, input)`.
        h: the hidden state before the first time step, shape `(batch, projection)`.
        c: the memory before the first time step, shape `(batch, hidden)`.

    Returns:
        The outputs, shape `(time, batch, projection)`, and the final hidden state and memory.
    """
    W_p, size = weights.W_p, inputs.shape[-1]
    unprojected = LSTMWeights(
        *(
            np.concatenate([array[:, :size], array[:, size:] @ W_p], axis=1)
            if array.ndim == 2
            else array
            for array in weights[:8]
        )
    )
    m = np.linalg.lstsq(W_p, h.T)[0].T
    outputs, [m, c] = run(lstm, engine, unprojected, inputs, m, c)
    return outputs @ W_p.T, [m @ W_p.T, c]


def run_dense(
    engine: Engine, weights: GateWeights | DenseWeights, *inputs: np.ndarray
) -> np.ndarray:
    """A gate or another dense layer: a concatenation, a product, a sum and a logistic function.

    Args:
        engine: `runtime` or `reference`.
        weights: the lecture's weights.
        *inputs: what the layer reads, arrays of shape `(..., features)`, side by side.

    Returns:
        What the layer gives, shape `(..., hidden)`.
    """
    W, b = weights
    parts = {f"part_{number}": array for number, array in enumerate(inputs)}
    [y] = engine(Operator("Dense", len(b), (("parts", tuple(parts)),)))({**parts, "W": W, "b": b})
    return y


@cache
def runtime(operator: Operator) -> Run:
    """ONNX Runtime, in float32 and on one thread; it shares no threads with numpy or torch.

    Args:
        operator: what to run.

    Returns:
        The model, ready to run.
    """
    with needs_extra():
        import onnxruntime  # to load it takes as long as to load all of this package

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = _model(operator, onnx.TensorProto.FLOAT).SerializeToString()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(None, inputs)


@cache
def reference(operator: Operator) -> Run:
    """The evaluator that comes with ONNX as its reference, in float64.

    Args:
        operator: what to run.

    Returns:
        The model, ready to run.
    """
    evaluator = ReferenceEvaluator(_model(operator, onnx.TensorProto.DOUBLE))

    def run(inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        outputs = evaluator.run(None, inputs)
        assert isinstance(outputs, list)  # a dictionary comes only where intermediate results do
        return outputs

    return run


def _layer(
    kind: str,
    weights: Any,
    gates: Sequence[Gate],
    candidate_bias: np.ndarray | None = None,
    **attributes: Any,
) -> Layer:
    """Put the gates into an operator in this order."""
    sizes = weights.sizes()
    W_x, W_h, b = stack(gates, sizes["input"])
    second_bias = np.zeros_like(b)
    if candidate_bias is not None:
        second_bias[-len(candidate_bias) :] = candidate_bias
    parameters = {"W": W_x, "R": W_h, "B": np.concatenate([b, second_bias])}
    return Layer(
        Operator(kind, sizes["hidden"], tuple(attributes.items())),
        {name: array[None] for name, array in parameters.items()},
    )


def _model(operator: Operator, number: int) -> onnx.ModelProto:
    """A model of one operator, or of the five that make a dense layer, for arrays of any shape."""
    attributes = dict(operator.attributes)
    if operator.kind == "Dense":
        inputs, outputs = [*attributes["parts"], "W", "b"], ["y"]
        nodes = [
            helper.make_node("Concat", attributes["parts"], ["v"], axis=-1),
            helper.make_node("Transpose", ["W"], ["W_transposed"]),
            helper.make_node("MatMul", ["v", "W_transposed"], ["product"]),
            helper.make_node("Add", ["product", "b"], ["sum"]),
            helper.make_node("Sigmoid", ["sum"], ["y"]),
        ]
    else:
        # The empty name leaves out an input: lengths of the sequences.
        inputs, outputs = ["X", "W", "R", "B", "", "initial_h"], ["Y", "Y_h"]
        if operator.kind == "LSTM":
            inputs, outputs = [*inputs, "initial_c"], [*outputs, "Y_c"]
        attributes["hidden_size"] = operator.hidden_size
        nodes = [helper.make_node(operator.kind, inputs, outputs, **attributes)]
    graph = helper.make_graph(
        nodes,
        operator.kind,
        [helper.make_tensor_value_info(name, number, None) for name in inputs if name],
        [helper.make_tensor_value_info(name, number, None) for name in outputs],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)

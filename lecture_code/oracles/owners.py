"""The owners of conventions: programs that take weights in their own layout, as they are.

Each takes arrays by its own names, inputs of shape `(time, batch, input)` and states of shape
`(batch, hidden)`, all numpy's, and returns the outputs and the list of final states. Keras and
Flax are imported when they are asked, since they are large and need not be installed.
"""

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch

from lecture_code.oracles import onnx_models, torch_nn
from lecture_code.oracles.onnx_models import Engine, Layer, Operator
from lecture_code.support.extras import needs_extra

Weights = Mapping[str, np.ndarray]
Result = tuple[np.ndarray, list[np.ndarray]]


class Owner(NamedTuple):
    """A program that has a convention.

    Attributes:
        name: what it is.
        run: a function of `(weights, inputs, *states)`.
        dtype: what it computes in, `float64` or `float32`.
    """

    name: str
    run: Callable[..., Result]
    dtype: str


def run_torch(kind: type, weights: Weights, inputs: np.ndarray, *states: np.ndarray) -> Result:
    """Let a module of torch compute, with its parameters as given.

    Args:
        kind: `torch.nn.GRU`, `LSTM` or `RNN`.
        weights: its parameters by name.
        inputs: sequence.
        *states: the state before the first step.

    Returns:
        Outputs and final states.
    """

    def make(given: Weights) -> torch.nn.Module:
        hidden = given["weight_hh_l0"].shape[1]
        module = kind(inputs.shape[-1], hidden, dtype=torch.float64)
        module.load_state_dict({name: torch.tensor(array) for name, array in given.items()})
        return module

    return torch_nn.run(make, weights, inputs, *states)


def run_onnx(
    engine: Engine,
    kind: str,
    attributes: tuple[tuple[str, Any], ...],
    weights: Weights,
    inputs: np.ndarray,
    *states: np.ndarray,
) -> Result:
    """Let an operator of ONNX compute, with its weights as given.

    Args:
        engine: `onnx_models.runtime` or `onnx_models.reference`.
        kind: `GRU`, `LSTM` or `RNN`.
        attributes: names and values of further attributes.
        weights: `W`, `R` and `B`.
        inputs: sequence.
        *states: the state before the first step.

    Returns:
        Outputs and final states.
    """
    operator = Operator(kind, weights["R"].shape[-1], attributes)
    return onnx_models.run(
        lambda given: Layer(operator, dict(given)), engine, weights, inputs, *states
    )


def run_keras(
    kind: str, options: Mapping[str, Any], weights: Weights, inputs: np.ndarray, *states: np.ndarray
) -> Result:
    """Let a layer of Keras compute on torch, in the dtype of the inputs, with its weights as given.

    Args:
        kind: `GRU`, `LSTM` or `SimpleRNN`.
        options: further arguments of the layer.
        weights: its weights by name.
        inputs: sequence.
        *states: the state before the first step.

    Returns:
        Outputs and final states.

    Raises:
        ImportError: if Keras is not installed; it says how to.
    """
    # Keras chooses its backend once, when it is imported.
    os.environ.setdefault("KERAS_BACKEND", "torch")
    with needs_extra():
        import keras

    # Keras would make float32 of whatever comes without a dtype, states among it.
    usual = keras.config.floatx()
    keras.config.set_floatx(inputs.dtype.name)
    try:
        layer = getattr(keras.layers, kind)(
            weights["recurrent_kernel"].shape[0],
            return_sequences=True,
            return_state=True,
            dtype=inputs.dtype.name,
            **options,
        )
        batch_first = np.ascontiguousarray(inputs.swapaxes(0, 1))
        layer.build(batch_first.shape)
        for variable in layer.weights:
            variable.assign(weights[variable.name])
        outputs, *last = layer(batch_first, initial_state=list(states))
    finally:
        keras.config.set_floatx(usual)
    to_numpy = keras.ops.convert_to_numpy
    return to_numpy(outputs).swapaxes(0, 1), [to_numpy(array) for array in last]


def run_flax(kind: str, weights: Weights, inputs: np.ndarray, *states: np.ndarray) -> Result:
    """Let a cell of Flax compute, in float64, with its parameters as given.

    Args:
        kind: `GRUCell`, `LSTMCell` or `SimpleCell` of `flax.linen`.
        weights: its parameters, `ir/kernel` for the kernel of `ir`.
        inputs: sequence.
        *states: the state before the first step.

    Returns:
        Outputs and final states.

    Raises:
        ImportError: if Flax is not installed; it says how to.
    """
    with needs_extra():
        import jax
        from flax import linen

    cell = getattr(linen, kind)(states[0].shape[-1], dtype=np.float64, param_dtype=np.float64)
    parameters: dict[str, dict[str, np.ndarray]] = {}
    for name, array in weights.items():
        part, kernel_or_bias = name.split("/")
        parameters.setdefault(part, {})[kernel_or_bias] = array
    # Flax carries the memory in front of the hidden state.
    carry = tuple(reversed(states)) if len(states) > 1 else states[0]
    outputs = []
    with jax.enable_x64(True):
        for x in inputs:
            carry, y = cell.apply({"params": parameters}, carry, x)
            outputs.append(np.asarray(y))
    last = list(reversed(carry)) if isinstance(carry, tuple) else [carry]
    return np.stack(outputs), [np.asarray(array) for array in last]


def _onnx(kind: str, **attributes: Any) -> tuple[Owner, Owner]:
    more = tuple(attributes.items())
    return (
        Owner("onnx.reference", partial(run_onnx, onnx_models.reference, kind, more), "float64"),
        Owner("ONNX Runtime", partial(run_onnx, onnx_models.runtime, kind, more), "float32"),
    )


def _torch(kind: type) -> tuple[Owner]:
    return (Owner(f"torch.nn.{kind.__name__}", partial(run_torch, kind), "float64"),)


def _keras(kind: str, dtype: str = "float64", **options: Any) -> tuple[Owner]:
    return (Owner(f"keras.layers.{kind}", partial(run_keras, kind, options), dtype),)


def _flax(kind: str) -> tuple[Owner]:
    return (Owner(f"flax.linen.{kind}", partial(run_flax, kind), "float64"),)


OWNERS: dict[tuple[str, str], tuple[Owner, ...]] = {
    ("gru", "torch"): _torch(torch.nn.GRU),
    ("lstm", "torch"): _torch(torch.nn.LSTM),
    ("rnn", "torch"): _torch(torch.nn.RNN),
    ("gru", "onnx"): _onnx("GRU", linear_before_reset=0),
    ("gru", "onnx-linear-before-reset"): _onnx("GRU", linear_before_reset=1),
    ("lstm", "onnx"): _onnx("LSTM"),
    ("rnn", "onnx"): _onnx("RNN"),
}
"""The owners that are always there, by cell and convention."""

# On torch, the product of Keras 3 that these two go through (`ops.matmul`) rounds to float32 even
# where all that comes is float64: 6e-8 off in one product.
_SINGLE = "float32"

FRAMEWORKS: dict[tuple[str, str], tuple[Owner, ...]] = {
    ("gru", "keras"): _keras("GRU", _SINGLE, reset_after=False),
    ("gru", "keras-reset-after"): _keras("GRU", reset_after=True),
    ("lstm", "keras"): _keras("LSTM"),
    ("rnn", "keras"): _keras("SimpleRNN", _SINGLE),
    ("gru", "flax"): _flax("GRUCell"),
    ("lstm", "flax"): _flax("LSTMCell"),
    ("rnn", "flax"): _flax("SimpleCell"),
}
"""Those that `make test-all` installs."""

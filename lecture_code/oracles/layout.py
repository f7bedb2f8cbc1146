"""What the judges share: gates stacked as the frameworks want them, and one batch axis."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lecture_code.sections.gru import GRUWeights
from lecture_code.sections.gru_packed import GRUPackedWeights

Gate = tuple[np.ndarray, np.ndarray]
"""A gate's matrix, shape `(hidden, input + hidden)`, and its bias, shape `(hidden,)`."""

SATURATED = 1000.0
"""A bias that makes a gate exactly 1: the logistic function is 1.0 from 37 on, in float64."""


def stack(gates: Sequence[Gate], input_size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stack gates in the order given, and cut their matrices into the parts of input and state.

    Args:
        gates: matrix and bias of each gate.
        input_size: features of the input.

    Returns:
        Matrices of shapes `(gates * hidden, input)` and `(gates * hidden, hidden)`, and a bias of
        shape `(gates * hidden,)`.
    """
    W = np.concatenate([W for W, _ in gates])
    b = np.concatenate([b for _, b in gates])
    return W[:, :input_size], W[:, input_size:], b


def saturated_gate(like: np.ndarray) -> Gate:
    """A gate that is exactly 1, whatever it reads.

    Args:
        like: another gate's matrix.

    Returns:
        Its matrix and its bias.
    """
    return np.zeros_like(like), np.full_like(like[:, 0], SATURATED)


def unpack(weights: GRUPackedWeights) -> GRUWeights:
    """The packed GRU's weights, one matrix a gate.

    Args:
        weights: packed weights; the update gate stands before the reset gate.

    Returns:
        The same numbers as `GRUWeights`.
    """
    W_1, b_1, W_2, b_2 = weights
    hidden = len(b_2)
    return GRUWeights(
        W_u=W_1[:, :hidden].T,
        b_u=b_1[:hidden],
        W_r=W_1[:, hidden:].T,
        b_r=b_1[hidden:],
        W_h=W_2.T,
        b_h=b_2,
    )


def cast(weights: Any, dtype: str) -> Any:
    """Weights of the same kind as numpy arrays of another dtype.

    Args:
        weights: the lecture's weights.
        dtype: numpy's name of a dtype.

    Returns:
        The weights, cast.
    """
    return type(weights)(*(np.asarray(array, dtype) for array in weights))


def over_any_batch(judge: Callable, dtype: str) -> Callable:
    """Let a judge that wants exactly one batch axis, and one dtype, take whatever `unroll` takes.

    Args:
        judge: function of `(weights, inputs, *states)`, which wants arrays of shapes
            `(time, batch, input)` and `(batch, hidden)`, and returns the outputs and the list of
            final states, shaped likewise.
        dtype: the dtype in which the judge computes.

    Returns:
        A function of `(weights, inputs, state)` that returns `(outputs, state)`, as `unroll` does.
    """

    def run(weights: Any, inputs: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        inputs = np.asarray(inputs, dtype)
        states = [np.asarray(array, dtype) for array in _as_tuple(state)]
        time, *batch, features = inputs.shape
        outputs, last = judge(
            cast(weights, dtype),
            inputs.reshape(time, -1, features),
            *(array.reshape(-1, array.shape[-1]) for array in states),
        )
        states = [array.reshape(*batch, -1) for array in last]
        return (
            outputs.reshape(time, *batch, -1),
            tuple(states) if isinstance(state, tuple) else states[0],
        )

    return run


def _as_tuple(state: Any) -> tuple:
    return state if isinstance(state, tuple) else (state,)

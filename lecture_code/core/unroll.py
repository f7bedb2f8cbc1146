"""The loop over time, over layers, and in both directions."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lecture_code.core.checks import check_step, check_weights, without_checks, wrong_shape
from lecture_code.core.ops import Array, concat, namespace
from lecture_code.core.state import State, arrays_of


def unroll(
    step: Callable[[Array, State, Any], State],
    inputs: Array,
    state: State,
    weights: Any,
    lengths: Sequence[int] | None = None,
) -> tuple[Array, State]:
    """Run a step over a sequence: the state of one time step goes into the next.

    Args:
        step: a step function of `(x, state, weights)`, such as `gru_step`.
        inputs: sequence, shape `(time, ..., input)`, time first.
        state: the state before the first time step, shape `(..., hidden)`.
        weights: the cell's weights.
        lengths: how many time steps of each sequence count, one number a sequence, for padded
            inputs of shape `(time, batch, input)`. A sequence that has ended keeps its state; its
            outputs are 0.

    Returns:
        The outputs, shape `(time, ..., hidden)`, and the state after the last time step. The output
        of a cell whose state is a tuple is the tuple's first array.

    Raises:
        TypeError: if an argument is not of the expected type.
        ValueError: if a shape or a dtype does not fit, or the sequence is empty.

    Examples:
        A cell that adds its input to its state:

        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_relu_step, unroll
        >>> add = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1))
        >>> inputs = np.array([[1.0], [2.0], [3.0]])
        >>> outputs, state = unroll(rnn_relu_step, inputs, np.zeros(1), add)
        >>> print(outputs.ravel(), state)
        [1. 3. 6.] [6.]
    """
    _check_sequence(step, inputs, state, weights, lengths)
    step, weights = without_checks(step), _by_columns(weights)
    running = [None] * len(inputs)
    if lengths is not None:
        running = _running(inputs, lengths)
        # NaN in the padding would reach the gradients, though not the outputs.
        inputs = _choose(running, inputs, 0)
    outputs = []
    for x, runs in zip(inputs, running, strict=True):
        following = step(x, state, weights)
        state = following if runs is None else _choose(runs, following, state)
        outputs.append(arrays_of(state)[0])
    outputs = namespace(inputs).stack(outputs)
    return (outputs if lengths is None else _choose(running, outputs, 0)), state


def unroll_backward(
    step: Callable[[Array, State, Any], State],
    inputs: Array,
    state: State,
    weights: Any,
    lengths: Sequence[int] | None = None,
) -> tuple[Array, State]:
    """Run a step over a sequence from its end to its beginning.

    Args:
        step: a step function of `(x, state, weights)`.
        inputs: sequence, shape `(time, ..., input)`.
        state: the state after the last time step, shape `(..., hidden)`.
        weights: the cell's weights.
        lengths: how many time steps of each sequence count.

    Returns:
        The outputs, each at the time of its input, shape `(time, ..., hidden)`, and the state
        before the first time step.

    Examples:
        A cell that adds its input to its state, from the end:

        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_relu_step, unroll_backward
        >>> add = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1))
        >>> inputs = np.array([[1.0], [2.0], [3.0]])
        >>> outputs, state = unroll_backward(rnn_relu_step, inputs, np.zeros(1), add)
        >>> print(outputs.ravel(), state)
        [6. 5. 3.] [6.]
    """
    _check_sequence(step, inputs, state, weights, lengths)
    outputs, state = unroll(step, _reversed(inputs, lengths), state, weights, lengths)
    return _reversed(outputs, lengths), state


def unroll_layers(
    step: Callable[[Array, State, Any], State],
    inputs: Array,
    states: Sequence[Sequence[State]],
    layers: Sequence[Sequence[Any]],
    lengths: Sequence[int] | None = None,
) -> tuple[Array, list[list[State]]]:
    """Run a stack of layers, each in one direction or in both.

    Every layer reads the outputs of the layer below; those of two directions are concatenated.

    Args:
        step: a step function of `(x, state, weights)`.
        inputs: sequence, shape `(time, ..., input)`.
        states: a list for each layer: the forward state, and the backward state if there is one.
        layers: a list for each layer: the forward weights, and the backward weights if there are.
        lengths: how many time steps of each sequence count.

    Returns:
        The outputs of the last layer, shape `(time, ..., directions * hidden)`, and the final
        states in the order of `states`.

    Raises:
        ValueError: if states and layers differ in number, or a shape does not fit.

    Examples:
        A cell that adds its input to its state, in both directions:

        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_relu_step, unroll_layers
        >>> add, zero = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1)), np.zeros(1)
        >>> inputs = np.array([[1.0], [2.0], [3.0]])
        >>> outputs, _ = unroll_layers(rnn_relu_step, inputs, [[zero, zero]], [[add, add]])
        >>> print(outputs[:, 0], outputs[:, 1])
        [1. 3. 6.] [6. 5. 3.]
    """
    if [len(directions) for directions in states] != [len(directions) for directions in layers]:
        raise ValueError(
            f"states: expected one state for each of the weights, "
            f"{[len(directions) for directions in layers]} by layer, "
            f"got {[len(directions) for directions in states]}"
        )
    if any(len(directions) not in (1, 2) for directions in layers):
        raise ValueError(
            "layers: expected a list of one or two weights for each layer, forward and backward, "
            f"got {[len(directions) for directions in layers]} by layer"
        )
    final_states = []
    for layer_states, directions in zip(states, layers, strict=True):
        results = [
            run(step, inputs, state, weights, lengths)
            for run, state, weights in zip((unroll, unroll_backward), layer_states, directions)  # noqa: B905
        ]
        inputs = concat(*(outputs for outputs, _ in results))
        final_states.append([state for _, state in results])
    return inputs, final_states


def _check_sequence(
    step: Callable, inputs: Array, state: State, weights: Any, lengths: Sequence[int] | None
) -> None:
    check_weights(step, weights)
    shape = tuple(getattr(inputs, "shape", ()))
    if len(shape) < 2:
        found = f"{shape or inputs!r:.80}"
        raise ValueError(wrong_shape("inputs", ["time", "...", "input"], None, found))
    if shape[0] == 0:
        raise ValueError(f"inputs: expected at least one time step, got shape {shape}")
    check_step(inputs[0], state, weights, x_name="inputs at each time step")
    if lengths is None:
        return
    if len(shape) != 3 or np.shape(lengths) != shape[1:2]:
        raise ValueError(
            f"lengths: expected shape (batch,) for inputs of shape (time, batch, input) = {shape}, "
            f"got {tuple(np.shape(lengths))}"
        )
    counts = np.asarray(lengths)
    if counts.dtype.kind not in "iu":
        raise TypeError(f"lengths: expected integers, got {counts.dtype}")
    if (counts < 1).any() or (counts > shape[0]).any():
        raise ValueError(f"lengths: expected values from 1 to {shape[0]}, got {counts.tolist()}")


def _by_columns(weights: Any) -> Any:
    """Lay numpy matrices out by columns: a product with `W.T` then runs up to twice as fast."""
    if isinstance(weights[0], np.ndarray):
        return type(weights)(*map(np.asfortranarray, weights))
    return weights


def _running(inputs: Array, lengths: Sequence[int]) -> Array:
    """True where a sequence has not ended, shape `(time, batch, 1)`."""
    running = np.arange(len(inputs))[:, None] < np.asarray(lengths)
    return namespace(inputs).asarray(running[..., None], device=inputs.device)


def _choose(condition: Array, yes: State, no: State) -> State:
    """`yes` where the condition holds and `no` elsewhere, for one array or for a tuple of them."""
    if isinstance(yes, tuple):
        return tuple(_choose(condition, *pair) for pair in zip(yes, no, strict=True))
    return namespace(yes).where(condition, yes, no)


def _reversed(inputs: Array, lengths: Sequence[int] | None) -> Array:
    """Turn each sequence round within its own length; its padding stays where it is."""
    if lengths is None:
        return namespace(inputs).flip(inputs, axis=(0,))
    time, ends = np.arange(len(inputs))[:, None], np.asarray(lengths)
    source = np.where(time < ends, ends - 1 - time, time)
    return inputs[source, np.arange(len(ends))]

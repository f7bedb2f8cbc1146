"""The five shapes of a recurrent network: what goes in, what comes out, and when."""

from collections.abc import Callable
from typing import Annotated, Any

from lecture_code.core.ops import Array, affine, namespace
from lecture_code.core.state import State, arrays_of
from lecture_code.core.unroll import unroll
from lecture_code.core.weights import Weights, container


@container()
class ReadoutWeights(Weights):
    r"""Weights of the layer that turns a state into an output.

    Attributes:
        W_y: matrix $W_y$, shape `(output, hidden)`.
        b_y: bias $b_y$, shape `(output,)`.

    Examples:
        >>> from lecture_code.sections.architectures import ReadoutWeights
        >>> ReadoutWeights.init(hidden_size=4, output=2, seed=1).W_y.shape
        (2, 4)
    """

    W_y: Annotated[Array, "output, hidden"]
    b_y: Annotated[Array, "output"]


def readout(h: Array, weights: ReadoutWeights) -> Array:
    r"""The output that belongs to a state: an affine map of it.

    $$
    y_t = W_y h_t + b_y
    $$

    Args:
        h: state $h_t$, shape `(..., hidden)`.
        weights: `ReadoutWeights(W_y, b_y)`.

    Returns:
        The output $y_t$, shape `(..., output)`.

    Raises:
        ValueError: if `h` does not have as many features as `W_y` has columns.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.architectures import ReadoutWeights, readout
        >>> weights = ReadoutWeights(W_y=np.array([[1.0, 2.0]]), b_y=np.array([0.5]))
        >>> readout(np.array([3.0, 4.0]), weights)
        array([11.5])
    """
    W_y, b_y = weights
    y = affine(W_y, h, b_y)
    return y


def one_to_one(step: Callable, x: Array, state: State, cell: Any, out: ReadoutWeights) -> Array:
    """One input, one output: a single step, so that nothing recurs.

    Args:
        step: a step function of `(x, state, weights)`, such as `gru_step`.
        x: input, shape `(..., input)`.
        state: the state before the step, such as zeros of shape `(..., hidden)`.
        cell: the step's weights.
        out: weights of the readout.

    Returns:
        The output, shape `(..., output)`.

    Examples:
        A cell that adds its input to its state, and a readout that multiplies by 10:

        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_relu_step
        >>> from lecture_code.sections.architectures import ReadoutWeights, one_to_one
        >>> add = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1))
        >>> out = ReadoutWeights(W_y=np.array([[10.0]]), b_y=np.zeros(1))
        >>> one_to_one(rnn_relu_step, np.array([2.0]), np.array([1.0]), add, out)
        array([30.])
    """
    return readout(_shown(step(x, state, cell)), out)


def one_to_many(
    step: Callable, x: Array, state: State, cell: Any, out: ReadoutWeights, steps: int
) -> Array:
    """One input, a sequence of outputs: each output is the next input.

    Args:
        step: a step function of `(x, state, weights)`.
        x: the first input, shape `(..., input)`.
        state: the state before the first step.
        cell: the step's weights.
        out: weights of the readout, with as many outputs as the cell has inputs.
        steps: how many outputs, at least 1.

    Returns:
        The outputs, shape `(steps, ..., output)`.

    Raises:
        ValueError: if `steps` is below 1, or an output does not fit as an input.

    Examples:
        A cell that adds its input to its state, and a readout that multiplies by 2:

        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_relu_step
        >>> from lecture_code.sections.architectures import ReadoutWeights, one_to_many
        >>> add = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1))
        >>> out = ReadoutWeights(W_y=np.array([[2.0]]), b_y=np.zeros(1))
        >>> one_to_many(rnn_relu_step, np.array([1.0]), np.zeros(1), add, out, 3).ravel()
        array([ 2.,  6., 18.])
    """
    if steps < 1:
        raise ValueError(f"steps: expected at least 1 output, got {steps}")
    outputs = []
    for _ in range(steps):
        state = step(x, state, cell)
        x = readout(_shown(state), out)
        outputs.append(x)
    return namespace(x).stack(outputs)


def many_to_one(
    step: Callable, inputs: Array, state: State, cell: Any, out: ReadoutWeights
) -> Array:
    """A sequence in, one output: what the state holds at the end.

    Args:
        step: a step function of `(x, state, weights)`.
        inputs: sequence, shape `(time, ..., input)`.
        state: the state before the first step.
        cell: the step's weights.
        out: weights of the readout.

    Returns:
        The output, shape `(..., output)`.

    Examples:
        A cell that adds its input to its state, and a readout that multiplies by 10:

        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_relu_step
        >>> from lecture_code.sections.architectures import ReadoutWeights, many_to_one
        >>> add = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1))
        >>> out = ReadoutWeights(W_y=np.array([[10.0]]), b_y=np.zeros(1))
        >>> inputs = np.array([[1.0], [2.0], [3.0]])
        >>> many_to_one(rnn_relu_step, inputs, np.zeros(1), add, out)
        array([60.])
    """
    _, state = unroll(step, inputs, state, cell)
    return readout(_shown(state), out)


def many_to_many(
    step: Callable, inputs: Array, state: State, cell: Any, out: ReadoutWeights
) -> Array:
    """A sequence in, a sequence of the same length out: one output for each input.

    Args:
        step: a step function of `(x, state, weights)`.
        inputs: sequence, shape `(time, ..., input)`.
        state: the state before the first step.
        cell: the step's weights.
        out: weights of the readout.

    Returns:
        The outputs, shape `(time, ..., output)`.

    Examples:
        A cell that adds its input to its state, and a readout that multiplies by 10:

        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_relu_step
        >>> from lecture_code.sections.architectures import ReadoutWeights, many_to_many
        >>> add = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1))
        >>> out = ReadoutWeights(W_y=np.array([[10.0]]), b_y=np.zeros(1))
        >>> inputs = np.array([[1.0], [2.0], [3.0]])
        >>> many_to_many(rnn_relu_step, inputs, np.zeros(1), add, out).ravel()
        array([10., 30., 60.])
    """
    states, _ = unroll(step, inputs, state, cell)
    return readout(states, out)


def encode_decode(
    step: Callable,
    inputs: Array,
    state: State,
    encoder: Any,
    decoder: Any,
    out: ReadoutWeights,
    steps: int,
) -> Array:
    """A sequence in, a sequence of another length out: one cell reads, a second one writes.

    The decoder starts from the state in which the encoder ends. Its first input is zero, which
    stands for "begin"; after that it reads its own outputs.

    Args:
        step: a step function of `(x, state, weights)`.
        inputs: sequence, shape `(time, ..., input)`.
        state: the state before the first input.
        encoder: weights of the cell that reads.
        decoder: weights of the cell that writes, with as many inputs as there are outputs.
        out: weights of the readout.
        steps: how many outputs, at least 1.

    Returns:
        The outputs, shape `(steps, ..., output)`.

    Raises:
        ValueError: if `steps` is below 1, or an output does not fit as the decoder's input.

    Examples:
        A cell that adds its input to its state, and a readout that multiplies by 2:

        >>> import numpy as np
        >>> from lecture_code import RNNWeights, rnn_relu_step
        >>> from lecture_code.sections.architectures import ReadoutWeights, encode_decode
        >>> add = RNNWeights(W=np.ones((1, 2)), b=np.zeros(1))
        >>> out = ReadoutWeights(W_y=np.array([[2.0]]), b_y=np.zeros(1))
        >>> inputs = np.array([[1.0], [2.0]])
        >>> encode_decode(rnn_relu_step, inputs, np.zeros(1), add, add, out, 3).ravel()
        array([ 6., 18., 54.])
    """
    _, state = unroll(step, inputs, state, encoder)
    begin = 0 * readout(_shown(state), out)
    return one_to_many(step, begin, state, decoder, out, steps)


def _shown(state: State) -> Array:
    """The hidden state, where a cell hands on a memory too."""
    return arrays_of(state)[0]

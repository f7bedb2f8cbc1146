"""Small tasks that ask for memory in different ways, and the lecture's cells trained on them."""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from lecture_code.core.state import State, state_of
from lecture_code.core.training import fit
from lecture_code.core.unroll import unroll
from lecture_code.core.weights import Weights
from lecture_code.course import cells
from lecture_code.sections.architectures import ReadoutWeights, many_to_many, many_to_one
from lecture_code.sections.lstm import LSTMWeights
from lecture_code.sections.universal_approximation import ShallowWeights, shallow_network
from lecture_code.sections.windowing import split_in_time, standardize, windows

CELLS = {name.upper(): cells.CELLS[name] for name in ("rnn", "gru", "lstm")}
"""The three cells that are compared, by what `torch.nn` calls them."""

SYMBOLS = 4
LONGEST_LAG = 20
BITS = 3
BATCH, TEST = 32, 500

Task = tuple[np.ndarray, np.ndarray]


def copy_number(lag: int, samples: int, random: np.random.Generator) -> Task:
    """Draw sequences whose first number is to be said at the end, with others in between.

    Args:
        lag: how many numbers follow the first one, at least 1.
        samples: how many sequences.
        random: what draws them.

    Returns:
        The inputs, shape `(lag + 1, samples, 2)`: a number from -1 to 1, and a 1 that marks the
        first time step. And the number to be said, shape `(samples, 1)`.

    Raises:
        ValueError: if `lag` is below 1.
    """
    numbers = random.uniform(-1, 1, (_steps(lag), samples, 1))
    return _marked(numbers), numbers[0].astype("float32")


def copy_symbol(lag: int, samples: int, random: np.random.Generator) -> Task:
    """Draw sequences whose first symbol is to be said at the end, with others in between.

    Args:
        lag: how many symbols follow the first one, at least 1.
        samples: how many sequences.
        random: what draws them.

    Returns:
        The inputs, shape `(lag + 1, samples, SYMBOLS + 1)`: each symbol as a 1 in its place, and a
        1 that marks the first time step. And the symbol to be said, shape `(samples,)`, from 0.

    Raises:
        ValueError: if `lag` is below 1.
    """
    symbols = random.integers(SYMBOLS, size=(_steps(lag), samples))
    return _marked(np.eye(SYMBOLS)[symbols]), symbols[0]


def parity(time: int, samples: int, random: np.random.Generator) -> Task:
    """Draw sequences of bits; at each step, is the number of ones among the last few bits odd?

    Args:
        time: how many bits.
        samples: how many sequences.
        random: what draws them.

    Returns:
        The bits as -1 and 1, and the answers as 0 and 1, both of shape `(time, samples, 1)`. What
        lies before the first bit counts as 0.
    """
    bits = random.integers(2, size=(time, samples, 1))
    before = np.concatenate((np.zeros((BITS - 1, samples, 1), int), bits))
    ones = np.sum([before[i : i + time] for i in range(BITS)], axis=0)
    return (2 * bits - 1).astype("float32"), (ones % 2).astype("float32")


def number_errors(cell: str, lags: Sequence[int], hidden: int, steps: int, seed: int) -> np.ndarray:
    """Train a cell to copy a number over lags up to `LONGEST_LAG`, and test it on any.

    Args:
        cell: a name in `CELLS`.
        lags: the lags to test it on.
        hidden: how many units.
        steps: how many steps of training, each with one lag drawn at random.
        seed: seed of the first weights and of the training sequences.

    Returns:
        The root mean square error for each lag, divided by that of always saying 0.

    Raises:
        ValueError: if there is no such cell.
    """

    def draw(random: np.random.Generator) -> Task:
        return copy_number(int(random.integers(1, LONGEST_LAG + 1)), BATCH, random)

    loss = torch.nn.functional.mse_loss
    answer = _trained(cell, many_to_one, (2, hidden, 1), draw, loss, steps, 0.02, seed)
    errors = []
    for inputs, numbers in (copy_number(lag, TEST, _random(2, lag)) for lag in lags):
        errors.append(np.sqrt(((answer(inputs) - numbers) ** 2).mean() / (numbers**2).mean()))
    return np.array(errors)


def symbol_accuracies(
    cell: str, lags: Sequence[int], hidden: int, steps: int, seed: int
) -> np.ndarray:
    """Train a cell to copy a symbol over lags up to `LONGEST_LAG`, and test it on any.

    Args:
        cell: a name in `CELLS`.
        lags: the lags to test it on.
        hidden: how many units.
        steps: how many steps of training, each with one lag drawn at random.
        seed: seed of the first weights and of the training sequences.

    Returns:
        The share of right symbols for each lag; a guess is right in 1 of `SYMBOLS`.

    Raises:
        ValueError: if there is no such cell.
    """

    def draw(random: np.random.Generator) -> Task:
        return copy_symbol(int(random.integers(1, LONGEST_LAG + 1)), BATCH, random)

    sizes, loss = (SYMBOLS + 1, hidden, SYMBOLS), torch.nn.functional.cross_entropy
    answer = _trained(cell, many_to_one, sizes, draw, loss, steps, 0.02, seed)
    tests = (copy_symbol(lag, TEST, _random(2, lag)) for lag in lags)
    return np.array([(answer(inputs).argmax(-1) == symbols).mean() for inputs, symbols in tests])


def parity_accuracy(cell: str, hidden: int, steps: int, seed: int) -> float:
    """Train a cell to tell the parity of the last few bits, and test it.

    Args:
        cell: a name in `CELLS`.
        hidden: how many units.
        steps: how many steps of training, each on sequences of 20 bits.
        seed: seed of the first weights and of the training sequences.

    Returns:
        The share of right answers; a guess is right in one half.

    Raises:
        ValueError: if there is no such cell.
    """

    def draw(random: np.random.Generator) -> Task:
        return parity(20, BATCH, random)

    loss = torch.nn.functional.binary_cross_entropy_with_logits
    answer = _trained(cell, many_to_many, (1, hidden, 1), draw, loss, steps, 0.01, seed)
    bits, odd = parity(20, TEST, _random(2, 20))
    return float(((answer(bits) > 0) == odd).mean())


def gradient_reach(cell: str, lags: int, hidden: int, draws: int, forget: float = 0) -> np.ndarray:
    """Measure how much an input still moves the state some steps later, before any training.

    Args:
        cell: a name in `CELLS`.
        lags: the longest lag.
        hidden: how many units.
        draws: over how many random weights and inputs to take the mean.
        forget: what is added to the bias of the LSTM's forget gate.

    Returns:
        The norm of the gradient of the last state's sum for the input, by lag from 0, shape
        `(lags + 1,)`.

    Raises:
        ValueError: if there is no such cell.
    """
    chosen = cells.cell_named(cell, CELLS)
    step, kind = chosen.step, chosen.weights
    total = np.zeros(lags + 1)
    for seed in range(draws):
        weights = kind.init(4, hidden, seed=seed)
        if forget:
            assert isinstance(weights, LSTMWeights)  # no other cell has a forget gate
            weights = weights._replace(b_f=weights.b_f + forget)
        x = _random(3, seed).normal(size=(lags + 1, 1, 4))
        inputs = torch.tensor(x, requires_grad=True)
        state = _zeros(kind, 1, hidden, torch.float64)
        outputs, _ = unroll(step, inputs, state, kind(*map(torch.tensor, weights)))
        outputs[-1].sum().backward()
        assert inputs.grad is not None  # `backward` has been there
        total += inputs.grad.norm(dim=(1, 2)).flip(0).numpy()
    return total / draws


def _trained(
    cell: str,
    shape: Callable,
    sizes: tuple[int, int, int],
    draw: Callable[[np.random.Generator], Task],
    loss: Callable,
    steps: int,
    learning_rate: float,
    seed: int,
) -> Callable[[np.ndarray], np.ndarray]:
    """Train a cell of these sizes (input, hidden, output); return what answers for it."""
    chosen, (inputs, hidden, outputs) = cells.cell_named(cell, CELLS), sizes
    step, kind = chosen.step, chosen.weights
    weights = (
        kind.init(inputs, hidden, seed=seed, dtype="float32"),
        ReadoutWeights.init(hidden_size=hidden, output=outputs, seed=seed, dtype="float32"),
    )
    random = _random(1, seed)

    def run(weights: tuple, x: np.ndarray) -> torch.Tensor:
        state = _zeros(kind, x.shape[1], hidden, torch.float32)
        return shape(step, torch.tensor(x), state, *weights)

    def distance(weights: tuple, number: int) -> torch.Tensor:
        x, y = draw(random)
        return loss(run(weights, x), torch.tensor(y))

    trained = fit(weights, distance, steps, learning_rate).weights
    tensors = tuple(type(one)(*map(torch.tensor, one)) for one in trained)
    return lambda x: run(tensors, x).numpy()


def _zeros(kind: type[Weights], samples: int, hidden: int, dtype: torch.dtype) -> State:
    """The state before the first step: zeros, as many arrays as the cell hands on."""
    return state_of([torch.zeros(samples, hidden, dtype=dtype) for _ in kind.state])


def _steps(lag: int) -> int:
    if lag < 1:
        raise ValueError(f"lag: expected at least 1 time step, got {lag}")
    return lag + 1


def _marked(values: np.ndarray) -> np.ndarray:
    marks = np.zeros((*values.shape[:2], 1))
    marks[0] = 1
    return np.concatenate((values, marks), axis=-1).astype("float32")


def _random(*seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def scaling_error(x: np.ndarray, known: int, steps: int, seed: int) -> float:
    """Train a shallow network to forecast a series, scaled by what counts as known.

    Windows of 20 values are followed by horizons of 10. The first four fifths of the series are
    for training, the rest is for the score.

    Args:
        x: series, shape `(time,)`.
        known: by how many of the first values the series is scaled: those of the training part, or,
            which leaks, all of them.
        steps: how many steps of Adam.
        seed: seed of the first weights.

    Returns:
        The root mean square error on the last fifth, in units of the series.
    """
    train, test = (windows(part, 20, 10) for part in split_in_time(standardize(x, known), 0.8))
    inputs, targets = map(torch.tensor, train)
    start = ShallowWeights.init(20, 16, output=10, seed=seed)

    def loss(weights: ShallowWeights, step: int) -> torch.Tensor:
        return (shallow_network(inputs, weights) - targets).square().mean()

    trained = fit(start, loss, steps, learning_rate=0.01).weights
    wrong = (shallow_network(test.inputs, trained) - test.targets) ** 2
    return float(x[:known].std() * np.sqrt(wrong.mean()))

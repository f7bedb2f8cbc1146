"""Time the lecture's loops in numpy against torch.nn. `bench.py` runs this with one thread."""

from collections.abc import Callable, Iterator, Sequence
from statistics import median, quantiles
from time import perf_counter, process_time
from timeit import Timer

import numpy as np
import torch

from lecture_code import GRUWeights, LSTMWeights, unroll
from lecture_code.course.cells import CELLS, Cell

SIZES = ((1, 100, 8, 16), (32, 100, 16, 64), (32, 200, 64, 256))
"""(batch, time, input, hidden)."""

SECONDS = 8
"""How long a row is measured."""

LEAST = 9
"""How many rounds a row is measured at least."""

SAMPLE = 0.01
"""A function is repeated for this many seconds at a time, so that it runs from warm caches."""


def sigmoid(x: np.ndarray) -> np.ndarray:
    """The logistic function, as one would write it in numpy."""
    return 1 / (1 + np.exp(-x))


def plain_gru(inputs: np.ndarray, h: np.ndarray, weights: GRUWeights) -> np.ndarray:
    """A GRU in numpy and nothing else: what the lecture's checks and choices are measured by."""
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    outputs = []
    for x in inputs:
        update = sigmoid(np.concatenate([x, h], -1) @ W_u.T + b_u)
        reset = sigmoid(np.concatenate([x, h], -1) @ W_r.T + b_r)
        candidate = np.tanh(np.concatenate([x, reset * h], -1) @ W_h.T + b_h)
        h = update * h + (1 - update) * candidate
        outputs.append(h)
    return np.stack(outputs)


def plain_lstm(
    inputs: np.ndarray, state: tuple[np.ndarray, np.ndarray], weights: LSTMWeights
) -> np.ndarray:
    """An LSTM in numpy and nothing else."""
    W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c = weights
    h, c = state
    outputs = []
    for x in inputs:
        update = sigmoid(np.concatenate([x, h], -1) @ W_u.T + b_u)
        input_ = sigmoid(np.concatenate([x, h], -1) @ W_i.T + b_i)
        forget = sigmoid(np.concatenate([x, h], -1) @ W_f.T + b_f)
        candidate = input_ * np.tanh(np.concatenate([x, h], -1) @ W_c.T + b_c)
        c = forget * c + candidate
        h = update * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs)


TIMED = (
    (CELLS["gru"], torch.nn.GRU, plain_gru, (1.1, 1.0, 1.2)),
    (CELLS["gru-reset-after"], torch.nn.GRU, None, None),
    (CELLS["lstm"], torch.nn.LSTM, plain_lstm, (12.5, 2.7, 2.2)),
)
"""The cell, the module that does the same work, a plain loop over the same equations, and what a
plain loop took on another machine."""


def time_in_turn(
    functions: Sequence[Callable], for_seconds: float = SECONDS, least: int = LEAST
) -> list[list[float]]:
    """Time functions by turns, so that a busy moment of the machine meets all of them.

    The time is the processor's: with one thread, that of a machine with nothing else to do.

    Args:
        functions: functions without arguments.
        for_seconds: how long to go on.
        least: how many rounds to measure even if that takes longer.

    Returns:
        For each round, the seconds of one call of each function.
    """
    timers = [Timer(function, timer=process_time) for function in functions]
    for timer in timers:
        timer.timeit(1)  # what only a first call pays is not counted
    repeats = [max(1, round(SAMPLE / timer.timeit(1))) for timer in timers]
    rounds, end = [], perf_counter() + for_seconds
    while len(rounds) < least or perf_counter() < end:
        rounds.append([timer.timeit(n) / n for timer, n in zip(timers, repeats, strict=True)])
    return rounds


def ratios(rounds: list[list[float]], number: int) -> list[float]:
    """Divide the time of one function by that of the first, round by round.

    Args:
        rounds: at least two rounds of seconds.
        number: which function.

    Returns:
        Lower quartile, median and upper quartile.
    """
    return quantiles((times[number] / times[0] for times in rounds), n=4, method="inclusive")


def measure(cell: Cell, module: type, plain: Callable | None, size: tuple) -> list[list[float]]:
    """Time torch's module, the lecture's cell and the plain loop, on the same inputs.

    Args:
        cell: the lecture's cell.
        module: `torch.nn.GRU` or `torch.nn.LSTM`.
        plain: the plain loop, if there is one.
        size: (batch, time, input, hidden).

    Returns:
        For each round, the seconds of the three, in this order.
    """
    batch, time, features, hidden = size
    inputs = np.random.default_rng(0).normal(size=(time, batch, features)).astype("float32")
    zeros = np.zeros((batch, hidden), "float32")
    state = zeros if len(cell.weights.state) == 1 else (zeros, zeros)
    weights = cell.weights.init(features, hidden, seed=0, dtype=np.float32)
    theirs, tensor = module(features, hidden), torch.from_numpy(inputs)
    functions = [lambda: theirs(tensor), lambda: unroll(cell.step, inputs, state, weights)]
    if plain is not None:
        np.testing.assert_allclose(
            plain(inputs, state, weights), functions[1]()[0], rtol=0, atol=1e-5
        )
        functions.append(lambda: plain(inputs, state, weights))
    with torch.no_grad():
        return time_in_turn(functions)


def rows() -> Iterator[str]:
    """Measure each cell at each size.

    Yields:
        The lines of a table.
    """
    yield (
        f"{'(batch, time, input, hidden)':30}{'step':22}{'torch ms':>9}{'unroll':>8}"
        f"{'quartiles':>16}{'plain loop':>12}{'quartiles':>16}{'elsewhere':>11}{'rounds':>8}"
    )
    for number, size in enumerate(SIZES):
        for cell, module, plain, elsewhere in TIMED:
            rounds = measure(cell, module, plain, size)
            milliseconds = 1000 * median(times[0] for times in rounds)
            lower, middle, upper = ratios(rounds, 1)
            row = f"{size!s:30}{cell.step.__name__:22}{milliseconds:9.2f}{middle:8.2f}"
            row += f"{f'{lower:.2f} to {upper:.2f}':>16}"
            if plain is not None:
                lower, middle, upper = ratios(rounds, 2)
                row += f"{middle:12.2f}{f'{lower:.2f} to {upper:.2f}':>16}{elsewhere[number]:11}"
            yield f"{row:124}{len(rounds):8}"


def main() -> None:
    """Print the table as it is measured."""
    torch.set_num_threads(1)
    print("Cells in numpy: CPU time over that of torch.nn (no_grad, float32, one thread), medians.")
    print("plain loop: the same equations in numpy, measured here; elsewhere: on another machine.")
    for row in rows():
        print(row, flush=True)


if __name__ == "__main__":
    main()

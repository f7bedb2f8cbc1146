"""Time the lecture's loops in numpy against torch.nn. `bench.py` runs this with one thread."""

from collections.abc import Callable
from statistics import quantiles
from time import perf_counter, process_time

import numpy as np
import torch

from lecture_code import (
    GRUResetAfterWeights,
    GRUWeights,
    LSTMWeights,
    gru_reset_after_step,
    gru_step,
    lstm_step,
    unroll,
)

SIZES = ((1, 100, 8, 16), (32, 100, 16, 64), (32, 200, 64, 256))
"""(batch, time, input, hidden)."""

CELLS = (
    (gru_step, GRUWeights, torch.nn.GRU, (1.1, 1.0, 1.2)),
    (gru_reset_after_step, GRUResetAfterWeights, torch.nn.GRU, (None, None, None)),
    (lstm_step, LSTMWeights, torch.nn.LSTM, (12.5, 2.7, 2.2)),
)
"""Step, its weights, the module with the same work, and what a plain loop took elsewhere."""

SECONDS = 8
LEAST = 9
"""A row is measured for this long, and in at least so many pairs."""


def time_in_turn(
    first: Callable, second: Callable, for_seconds: float = SECONDS, least: int = LEAST
) -> list[tuple[float, float]]:
    """Time two functions by turns, so that a busy moment of the machine meets both.

    The time is the processor's: with one thread that is the time on a machine that does nothing else.

    Args:
        first: a function without arguments.
        second: another.
        for_seconds: how long to go on.
        least: how many pairs to measure even if that takes longer.

    Returns:
        Pairs of seconds.
    """
    first(), second()  # what only a first call pays is not counted
    pairs, end = [], perf_counter() + for_seconds
    while len(pairs) < least or perf_counter() < end:
        times = [process_time()]
        for function in (first, second):
            function()
            times.append(process_time())
        pairs.append((times[1] - times[0], times[2] - times[1]))
    return pairs


def quartiles_of_ratios(pairs: list[tuple[float, float]]) -> list[float]:
    """Divide the first of each pair by the second.

    Args:
        pairs: at least two pairs of seconds.

    Returns:
        Lower quartile, median and upper quartile of the ratios.
    """
    return quantiles((first / second for first, second in pairs), n=4, method="inclusive")


def measure(step: Callable, make: type, module: type, size: tuple[int, int, int, int]) -> list:
    """Time a lecture cell and a torch module on the same inputs, from a zero state.

    Args:
        step: the lecture's step function.
        make: the class of its weights.
        module: `torch.nn.GRU` or `torch.nn.LSTM`.
        size: (batch, time, input, hidden).

    Returns:
        Pairs of seconds, the lecture's first.
    """
    batch, time, features, hidden = size
    inputs = np.random.default_rng(0).normal(size=(time, batch, features)).astype("float32")
    zeros = np.zeros((batch, hidden), "float32")
    state = zeros if len(make.state) == 1 else (zeros, zeros)
    weights = make.init(features, hidden, seed=0, dtype=np.float32)
    theirs, tensor = module(features, hidden), torch.from_numpy(inputs)
    with torch.inference_mode():
        return time_in_turn(lambda: unroll(step, inputs, state, weights), lambda: theirs(tensor))


def main() -> None:
    """Print a row for each cell and size."""
    torch.set_num_threads(1)
    print("Cells: CPU time of `unroll` with numpy over that of torch.nn, float32, one thread")
    print(f"{'(batch, time, input, hidden)':30}{'step':22}{'torch.nn':9}{'torch ms':>9}", end="")
    print(f"{'ratio':>8}{'quartiles':>16}{'pairs':>7}{'plain loop elsewhere':>22}")
    for size_number, size in enumerate(SIZES):
        for step, make, module, elsewhere in CELLS:
            pairs = measure(step, make, module, size)
            lower, middle, upper = quartiles_of_ratios(pairs)
            milliseconds = 1000 * np.median([theirs for _, theirs in pairs])
            print(
                f"{size!s:30}{step.__name__:22}{module.__name__:9}{milliseconds:9.2f}{middle:8.2f}"
                f"{f'{lower:.2f} to {upper:.2f}':>16}{len(pairs):7}"
                f"{elsewhere[size_number] or '–':>22}",
                flush=True,
            )


if __name__ == "__main__":
    main()

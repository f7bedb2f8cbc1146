"""Which is faster, two products or one? `bench.py` runs this with one thread; the pages show it."""

import platform
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from os import cpu_count
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from lecture_code.core.ops import concat
from lecture_code.publish.records import Record, write
from lecture_code.publish.timing import RECORD, Timing
from lecture_code.sections.new_state import RNNSplitWeights, rnn_split_step
from lecture_code.sections.rnn import RNNWeights, rnn_step

SHAPES = ((1, 8, 16), (1, 64, 256), (1, 128, 512), (32, 16, 64), (32, 64, 256), (128, 128, 512))
"""What is measured: (batch, input, hidden)."""

SECONDS = 3
"""How long a shape is measured."""

LEAST = 25
"""How many pairs of runs a shape is measured at least."""


def measure(library: str, shape: tuple[int, int, int]) -> Timing:
    """Time one step of the RNN with two products, and with one product of the joined array.

    Both run in float32 without the checks of their arguments, in turns.

    Args:
        library: `numpy` or `torch`.
        shape: (batch, input, hidden).

    Returns:
        The quartiles of the ratios; above 1 the one product is faster, as the slides say.
    """
    batch, features, hidden = shape
    convert = torch.tensor if library == "torch" else aligned
    drawn = RNNSplitWeights.init(features, hidden, seed=1, dtype="float32")
    split = RNNSplitWeights(*map(convert, drawn))
    joined = RNNWeights(convert(concat(drawn.W_x, drawn.W_h)), split.b)
    random = np.random.default_rng(2)
    x, h = (convert(random.normal(size=(batch, n)).astype("float32")) for n in (features, hidden))

    def two() -> None:
        rnn_split_step.__wrapped__(x, h, split)

    def one() -> None:
        rnn_step.__wrapped__(x, h, joined)

    quartiles = np.quantile(ratios(two, one), [0.25, 0.5, 0.75])
    return Timing(library, shape, *(round(float(ratio), 3) for ratio in quartiles))


def aligned(array: np.ndarray) -> np.ndarray:
    """A copy that begins at a multiple of 64 bytes, as torch's do.

    numpy's begin at any multiple of 16, and a matrix that lies badly is slower: by chance, one of
    the two ways would win.

    Args:
        array: an array of any shape.

    Returns:
        A copy of it.
    """
    room = np.empty(array.nbytes + 64, "uint8")
    begin = -room.ctypes.data % 64
    copy = room[begin : begin + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def ratios(first: Callable, second: Callable) -> list[float]:
    """Time two functions by turns, each of them first as often as second.

    Args:
        first: a function without arguments.
        second: another one.

    Returns:
        For each pair of runs, the time of the first over that of the second.
    """
    for _ in range(5):
        first(), second()
    found, begin = [], perf_counter()
    while len(found) < LEAST or perf_counter() - begin < SECONDS:
        times = []
        for run in (first, second) if len(found) % 2 else (second, first):
            start = perf_counter()
            run()
            times.append(perf_counter() - start)
        found.append(times[0] / times[1] if len(found) % 2 else times[1] / times[0])
    return found


def processor() -> str:
    """The name that the processor gives itself, without marks and double spaces.

    Returns:
        For example `AMD EPYC`; the architecture where the system does not tell more.
    """
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return " ".join(name.replace("(R)", "").replace("(TM)", "").split())


def main() -> None:
    """Measure each shape in both libraries, print the ratios, and write the record."""
    torch.set_num_threads(1)
    print("One step with two products over one with one: lower quartile, median, upper quartile.")
    timings = []
    for library in ("numpy", "torch"):
        for shape in SHAPES:
            timings.append(measure(library, shape))
            numbers = "".join(f"{ratio:8.3f}" for ratio in timings[-1][2:])
            print(f"{library:8}{shape!s:18}{numbers}  {timings[-1].verdict}", flush=True)
    found = Record(
        date=date.today(),
        command="make bench",
        processor=processor(),
        cores=cpu_count() or 1,
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        versions={
            "Python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "torch")},
        },
        values=[timing._asdict() for timing in timings],
    )
    print(f"written: {write(RECORD, found)}")


if __name__ == "__main__":
    main()

"""Which is faster, two products or one? Measured once in a build, on the machine that builds."""

from collections.abc import Callable
from functools import cache
from time import perf_counter
from typing import NamedTuple

import numpy as np
import torch

from lecture_code.new_state import RNNSplitWeights, rnn_split_step
from lecture_code.ops import concat
from lecture_code.rnn import RNNWeights, rnn_step

SHAPES = ((1, 8, 16), (1, 64, 256), (1, 128, 512), (32, 16, 64), (32, 64, 256), (128, 128, 512))
"""What is measured: (batch, input, hidden)."""

SECONDS = 0.03
LEAST, MOST = 25, 1000


class Timing(NamedTuple):
    """The time of a step with two products over that with one, from many pairs of runs.

    Attributes:
        library: `numpy` or `torch`.
        shape: (batch, input, hidden).
        lower: the lower quartile of the ratios.
        median: their median.
        upper: their upper quartile.
    """

    library: str
    shape: tuple[int, int, int]
    lower: float
    median: float
    upper: float

    @property
    def verdict(self) -> str:
        """Whether the slide is right, by the middle half of all pairs: at least 2 percent apart."""
        if self.lower > 1.02:
            return "faster"
        return "slower" if self.upper < 1 / 1.02 else "no difference"


@cache
def two_products_over_one() -> tuple[Timing, ...]:
    """Time one step of the RNN with two products, and with one product of the joined array.

    Both run in float32 without the checks of their arguments, in turns.

    Returns:
        The ratios by library and shape; above 1 the one product is faster, as the slides say.
    """
    return tuple(_time(library, shape) for library in ("numpy", "torch") for shape in SHAPES)


def _time(library: str, shape: tuple[int, int, int]) -> Timing:
    batch, features, hidden = shape
    convert = torch.tensor if library == "torch" else _aligned
    drawn = RNNSplitWeights.init(features, hidden, seed=1, dtype="float32")
    split = RNNSplitWeights(*map(convert, drawn))
    joined = RNNWeights(convert(concat(drawn.W_x, drawn.W_h)), split.b)
    random = np.random.default_rng(2)
    x, h = (convert(random.normal(size=(batch, n)).astype("float32")) for n in (features, hidden))

    def two() -> None:
        rnn_split_step.__wrapped__(x, h, split)

    def one() -> None:
        rnn_step.__wrapped__(x, h, joined)

    ratios = _ratios(two, one)
    return Timing(library, shape, *map(float, np.quantile(ratios, [0.25, 0.5, 0.75])))


def _aligned(array: np.ndarray) -> np.ndarray:
    """A copy that begins at a multiple of 64 bytes, as torch's do.

    numpy's begin at any multiple of 16, and a matrix that lies badly is slower: by chance, one of
    the two ways would win.
    """
    room = np.empty(array.nbytes + 64, "uint8")
    begin = -room.ctypes.data % 64
    copy = room[begin : begin + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def _ratios(first: Callable, second: Callable) -> list[float]:
    for _ in range(5):
        first(), second()
    ratios, begin = [], perf_counter()
    while len(ratios) < LEAST or (perf_counter() - begin < SECONDS and len(ratios) < MOST):
        times = []
        # In turns, and each of them first as often as second.
        for run in (first, second) if len(ratios) % 2 else (second, first):
            start = perf_counter()
            run()
            times.append(perf_counter() - start)
        ratios.append(times[0] / times[1] if len(ratios) % 2 else times[1] / times[0])
    return ratios

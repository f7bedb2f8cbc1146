"""Which is faster, two products or one? From the record that `make bench` writes."""

from typing import Any, NamedTuple

from lecture_code.publish.records import Record, RecordError, positive, read

RECORD = "two_products"

NOTICEABLE = 0.02
"""How far from 1 a ratio has to be before it counts as a difference."""


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
        """Whether the slide is right, by the middle half of all pairs."""
        if self.lower > 1 + NOTICEABLE:
            return "faster"
        return "slower" if self.upper < 1 / (1 + NOTICEABLE) else "no difference"


def two_products_over_one() -> tuple[Record, tuple[Timing, ...]]:
    """How long a step of the RNN takes with two products, over one product of the joined array.

    Returns:
        The record, and its ratios by library and shape; above 1 the one product is faster, as the
        slides say.

    Raises:
        RecordError: if the record does not hold such ratios.
    """
    found = read(RECORD)
    return found, tuple(map(_timing, found.values))


def _timing(row: dict[str, Any]) -> Timing:
    if set(row) != set(Timing._fields):
        raise RecordError(f"{RECORD}: expected {', '.join(Timing._fields)}, got {', '.join(row)}")
    timing = Timing(**{**row, "shape": tuple(row["shape"])})
    quartiles = timing[2:]
    sizes = [size for size in timing.shape if isinstance(size, int) and size > 0]
    if timing.library not in ("numpy", "torch") or len(sizes) != 3 or len(timing.shape) != 3:
        raise RecordError(f"{RECORD}: expected a library and three sizes, got {timing[:2]}")
    if not positive(quartiles) or list(quartiles) != sorted(quartiles):
        raise RecordError(f"{RECORD}: expected three quartiles, got {quartiles}")
    return timing

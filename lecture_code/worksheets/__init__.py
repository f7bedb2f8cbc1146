"""A cell as a worksheet to be computed by hand, with small round numbers, and its key."""

from lecture_code.worksheets.sheets import (
    DIGITS,
    MOST_STEPS,
    SLACK,
    Row,
    number,
    sheet,
    worksheet,
)

__all__ = [
    "DIGITS",
    "MOST_STEPS",
    "SLACK",
    "Row",
    "number",
    "sheet",
    "worksheet",
]

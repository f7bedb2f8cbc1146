"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np

from lecture_code.sections.convolution import convolve, pad

# Moved to the right.
kernels = {
    "left": np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
    "blur": np.full((3, 3), 1 / 9),
}


def merge(first, second):
    """The second kernel slides over the first one, and is not turned round."""
    return convolve(pad(first, 2), second)


def as_dense(w, rows, columns):
    """The kernel turned round, as signal processing has it."""
    pixels = np.eye(rows * columns).reshape(-1, rows, columns)
    return convolve(pixels, w[::-1, ::-1]).reshape(rows * columns, -1).T

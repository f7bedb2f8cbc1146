"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np

from lecture_code import RNNWeights
from lecture_code.sections.architectures import ReadoutWeights

# The judge's “not” holds itself, and no full stop lets it go.
long_not = RNNWeights(
    10
    * np.array(
        [
            [0, 0, 2, 0, 1, 0, 0, 0, 0, 0],
            [2, 0, 0, 0, -1, 0, 0, 0, 0, 0],
            [0, 2, 0, 0, 1, 0, 0, 0, 0, 0],
            [0, 2, 0, 0, -1, 0, 0, 0, 0, 0],
            [2, 0, 0, 0, 1, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0.01, 0.01, -0.01, -0.01, 0.1],
        ]
    ),
    10 * np.array([0.0, -2, -2, -2, -2, 0]),
)


def translator(words):
    """As many boxes as words, and none that the readout looks into."""
    size = 3 * max(words, 1)
    push = 10 * np.eye(size, k=-3)
    empty = np.repeat([-10.0, 0.0], [3, size - 3])
    read = RNNWeights(np.hstack((20 * np.eye(size, 3), push)), empty)
    write = RNNWeights(np.hstack((np.zeros((size, 4)), push)), empty)
    last_box = np.vstack((np.eye(size)[-3:], np.zeros(size)))
    return read, write, ReadoutWeights(last_box, np.zeros(4)), size

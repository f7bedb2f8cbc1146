"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np

from lecture_code.sections.history import recall


def settle(h, W):
    """All units at once: it can go to and fro, so it gives up after a while."""
    for _ in range(100):
        if np.array_equal(recall(h, W), h):
            break
        h = recall(h, W)
    return h

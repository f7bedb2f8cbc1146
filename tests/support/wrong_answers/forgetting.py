"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np


def sensitivity(w, start, steps):
    """The slope at the old state, in place of that at the new one."""
    h, product = start, 1.0
    for _ in range(steps):
        product *= w * (1 - h**2)
        h = np.tanh(w * h)
    return product

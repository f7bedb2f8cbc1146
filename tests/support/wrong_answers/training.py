"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np


def clip_by_value(g, limit):
    """By norm, as on the page."""
    return g * min(1, limit / np.linalg.norm(g))

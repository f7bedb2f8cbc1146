"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np

from lecture_code.sections.universal_approximation import staircase


def root_steps(width):
    """Pieces of equal length."""
    return staircase(np.sqrt, 0, 1, width)

"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np

from lecture_code.core.layers import Affine


def folds(depth):
    """A valley in place of a hill: the last map does not turn it over."""
    first = Affine(np.array([[2.0]]), np.array([-1.0]))
    return [*[first] * depth, Affine(np.array([[1.0]]), np.array([0.0]))]


def flat():
    """Bends by 32, which only make the line level."""
    bends = np.where(np.arange(32) % 2, -32.0, 32.0)
    return Affine(np.ones((32, 1)), -np.arange(32) / 32), Affine(bends[None], np.zeros(1))

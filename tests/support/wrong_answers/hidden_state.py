"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np

from lecture_code import RNNWeights

# The weights of the page: both words are remembered, and both win.
_W = np.zeros((4, 7))
_W[:2, :2] = 2 * np.eye(2)
_W[:2, 3:5] = 2 * np.eye(2)
_W[2:, 2] = 3
_W[2:, 3:5] = 3 * np.eye(2)
later_wins = RNNWeights(_W, np.array([0.0, 0.0, -4.0, -4.0]))

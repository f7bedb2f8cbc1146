"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np


def torch_gru(x, h, W_ih, W_hh, b_ih, b_hh):
    """The second bias of the candidate outside of what the reset gate multiplies."""
    x_r, x_u, x_c = np.split(x @ W_ih.T + b_ih + b_hh, 3, axis=-1)
    h_r, h_u, h_c = np.split(h @ W_hh.T, 3, axis=-1)
    reset, update = 1 / (1 + np.exp(-(x_r + h_r))), 1 / (1 + np.exp(-(x_u + h_u)))
    return update * h + (1 - update) * np.tanh(x_c + reset * h_c)


def convention(weights, x, h, h_next):
    """A guess: the convention of the lecture."""
    return "update first", "keeps"

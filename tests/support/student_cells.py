"""Step functions as students write them: some right, most with one or two of the usual mistakes.

`WRONG` and `RIGHT` name them with the cell that each should be.
"""

import numpy as np
import torch

from lecture_code import LSTMWeights, lstm_step

WRONG: dict = {}
RIGHT: dict = {}


def should_be(cell, *sentences):
    """Register a function with the words that the checker should find for it."""

    def register(function):
        if sentences:
            WRONG[function] = (cell, sentences)
        else:
            RIGHT[function] = cell
        return function

    return register


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# RIGHT ONES


@should_be("gru")
def gru_batches(x, h, weights):
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    both = np.concatenate([x, h], axis=-1)
    u = sigmoid(both @ W_u.T + b_u)
    r = sigmoid(both @ W_r.T + b_r)
    n = np.tanh(np.concatenate([x, r * h], axis=-1) @ W_h.T + b_h)
    return (1 - u) * n + u * h


@should_be("gru")
def gru_vectors(x, h, W_u, b_u, W_r, b_r, W_h, b_h):
    both = np.concatenate([x, h])
    u, r = sigmoid(W_u @ both + b_u), sigmoid(W_r @ both + b_r)
    return u * h + (1 - u) * np.tanh(W_h @ np.concatenate([x, r * h]) + b_h)


@should_be("gru")
def gru_torch(x, h, weights):
    both = torch.cat([x, h], -1)
    u = torch.sigmoid(torch.nn.functional.linear(both, weights.W_u, weights.b_u))
    r = torch.sigmoid(torch.nn.functional.linear(both, weights.W_r, weights.b_r))
    read = torch.cat([x, r * h], -1)
    n = torch.tanh(torch.nn.functional.linear(read, weights.W_h, weights.b_h))
    return u * h + (1 - u) * n


@should_be("gru")
def gru_torch_batches_only(x, h, weights):
    both = torch.cat([x, h], dim=1)
    u = torch.sigmoid(both @ weights.W_u.T + weights.b_u)
    r = torch.sigmoid(both @ weights.W_r.T + weights.b_r)
    n = torch.tanh(torch.cat([x, r * h], dim=1) @ weights.W_h.T + weights.b_h)
    return u * h + (1 - u) * n


@should_be("lstm")
def lstm_pair(x, state, weights):
    h, c = state
    W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c = weights
    both = np.concatenate([x, h], -1)
    u, i, f = (sigmoid(both @ W.T + b) for W, b in ((W_u, b_u), (W_i, b_i), (W_f, b_f)))
    c = f * c + i * np.tanh(both @ W_c.T + b_c)
    return u * np.tanh(c), c


@should_be("lstm")
def lstm_apart(x, h, c, weights):
    return lstm_pair(x, (h, c), weights)


@should_be("lstm")
def lstm_by_name(x, h, c, W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c):
    return lstm_pair(x, (h, c), (W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c))


@should_be("rnn")
def rnn_apart(x, h, W, b):
    inputs = x.shape[-1]
    return np.tanh(x @ W[:, :inputs].T + h @ W[:, inputs:].T + b)


# WRONG ONES


def gru(x, h, weights, *, polarity=1, reset="before", gates="ur", order=1, biases=1):
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    if gates == "ru":
        W_u, b_u, W_r, b_r = W_r, b_r, W_u, b_u
    join = lambda *parts: np.concatenate(parts[::order], -1)  # noqa: E731
    u = sigmoid(join(x, h) @ W_u.T + biases * b_u)
    r = sigmoid(join(x, h) @ W_r.T + biases * b_r)
    inputs = x.shape[-1]
    W_x, W_hh = W_h[:, :inputs], W_h[:, inputs:]
    if reset == "before":
        n = np.tanh(join(x, r * h) @ W_h.T + biases * b_h)
    elif reset == "after":
        n = np.tanh(x @ W_x.T + b_h + r * (h @ W_hh.T))
    elif reset == "after, with the bias":
        n = np.tanh(x @ W_x.T + r * (h @ W_hh.T + b_h))
    elif reset == "all":
        n = np.tanh(r * (join(x, h) @ W_h.T + b_h))
    elif reset == "turned":
        n = np.tanh(x @ W_x.T + (r * h) @ W_hh + b_h)
    else:
        n = np.tanh(join(x, h) @ W_h.T + b_h)
    return u * h + (1 - u) * n if polarity > 0 else (1 - u) * h + u * n


@should_be("gru", "the update gate is turned round")
def gru_flipped(x, h, weights):
    return gru(x, h, weights, polarity=-1)


@should_be("gru", "the reset gate comes after the product", "torch.nn.GRU")
def gru_of_torch(x, h, weights):
    return gru(x, h, weights, reset="after")


@should_be("gru", "the bias stands inside")
def gru_of_torch_bias_inside(x, h, weights):
    return gru(x, h, weights, reset="after, with the bias")


@should_be("gru", "the reset gate is missing")
def gru_without_reset(x, h, weights):
    return gru(x, h, weights, reset="missing")


@should_be("gru", "multiplies all that stands in the tanh")
def gru_resets_all(x, h, weights):
    return gru(x, h, weights, reset="all")


@should_be("gru", "the update gate and the reset gate have exchanged their weights")
def gru_gates_swapped(x, h, weights):
    return gru(x, h, weights, gates="ru")


@should_be("gru", "every concatenation is turned round")
def gru_state_first(x, h, weights):
    return gru(x, h, weights, order=-1)


@should_be("gru", "every bias is counted twice")
def gru_two_biases(x, h, weights):
    return gru(x, h, weights, biases=2)


@should_be("gru", "all biases are missing")
def gru_no_biases(x, h, weights):
    return gru(x, h, weights, biases=0)


@should_be("gru", "in the candidate the part of the matrix that reads the state is not transposed")
def gru_not_transposed(x, h, weights):
    return gru(x, h, weights, reset="turned")


@should_be("gru", "the update gate is turned round", "comes after the product", "Two things differ")
def gru_two_things(x, h, weights):
    return gru(x, h, weights, reset="after", polarity=-1)


@should_be("gru", "have exchanged their weights", "is turned round", "Two things differ")
def gru_swapped_and_flipped(x, h, weights):
    return gru(x, h, weights, gates="ru", polarity=-1)


@should_be("gru", "the candidate has σ where tanh belongs")
def gru_sigmoid_candidate(x, h, weights):
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    both = torch.cat([x, h], -1)
    u, r = torch.sigmoid(both @ W_u.T + b_u), torch.sigmoid(both @ W_r.T + b_r)
    return u * h + (1 - u) * torch.sigmoid(torch.cat([x, r * h], -1) @ W_h.T + b_h)


@should_be("gru", "the update gate has one value, that of the first unit")
def gru_broadcast_gate(x, h, weights):
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    both = np.concatenate([x, h], -1)
    u = sigmoid(both @ W_u.T + b_u)[..., :1]
    r = sigmoid(both @ W_r.T + b_r)
    n = np.tanh(np.concatenate([x, r * h], -1) @ W_h.T + b_h)
    return u * h + (1 - u) * n


@should_be("gru", "right for a single vector, but not for a batch")
def gru_mixes_rows(x, h, weights):
    W_u, b_u, W_r, b_r, W_h, b_h = weights
    both = np.concatenate([x, h], -1)
    u = sigmoid(both @ W_u.T + b_u)
    r = sigmoid(both @ W_r.T + b_r)
    if r.ndim == 2:
        r = r.mean(0)
    n = np.tanh(np.concatenate([x, r * h], -1) @ W_h.T + b_h)
    return u * h + (1 - u) * n


@should_be("gru", "returned shape (4, 4) for h", "broadcasting")
def gru_columns(x, h, weights):
    W_u, b_u, W_r, b_r = weights[:4]
    both = np.concatenate([x, h])[:, None]
    u, r = sigmoid(W_u @ both + b_u), sigmoid(W_r @ both + b_r)
    return u * h + (1 - u) * r


def lstm(x, state, weights, *, hand_on="memory", forget=1, show="tanh", gates=(0, 1, 2), bias=0):
    h, c = state
    pairs = [weights[2 * n : 2 * n + 2] for n in gates]
    (W_u, b_u), (W_i, b_i), (W_f, b_f) = pairs
    W_c, b_c = weights[6:]
    both = np.concatenate([x, h], -1)
    u, i, f = (sigmoid(both @ W.T + b) for W, b in ((W_u, b_u), (W_i, b_i), (W_f, b_f + bias)))
    if forget < 0:
        f = 1 - f
    c = f * c + i * np.tanh(both @ W_c.T + b_c)
    h = u * (np.tanh(c) if show == "tanh" else c)
    return h, np.tanh(c) if hand_on == "tanh" else c


@should_be("lstm", "the memory is handed on after the tanh", "the slide has it so")
def lstm_of_the_slide(x, state, weights):
    return lstm(x, state, weights, hand_on="tanh")


@should_be("lstm", "the forget gate is turned round")
def lstm_forgets(x, state, weights):
    return lstm(x, state, weights, forget=-1)


@should_be("lstm", "the tanh of the memory is missing")
def lstm_without_tanh(x, state, weights):
    return lstm(x, state, weights, show="memory")


@should_be("lstm", "1 is added to the forget gate's bias")
def lstm_forget_bias(x, state, weights):
    return lstm(x, state, weights, bias=1)


@should_be("lstm", "the update gate and the forget gate have exchanged their weights")
def lstm_gates_swapped(x, state, weights):
    return lstm(x, state, weights, gates=(2, 1, 0))


@should_be("lstm", "Two things differ", "have exchanged their weights")
def lstm_gates_rotated(x, state, weights):
    return lstm(x, state, weights, gates=(1, 2, 0))


@should_be("lstm", "the order of torch and Keras")
def lstm_in_torchs_order(x, state, weights):
    W_i, b_i, W_f, b_f, W_c, b_c, W_u, b_u = weights
    return lstm_step(x, state, LSTMWeights(W_u, b_u, W_i, b_i, W_f, b_f, W_c, b_c))


@should_be("lstm", "returned in the other order")
def lstm_states_swapped(x, state, weights):
    return lstm(x, state, weights)[::-1]


@should_be("lstm", "the memory is returned as the hidden state as well")
def lstm_returns_memory(x, state, weights):
    return (lstm(x, state, weights)[1],) * 2


@should_be("lstm", "the input gate is missing")
def lstm_without_input_gate(x, h, c, weights):
    W_u, b_u, _, _, W_f, b_f, W_c, b_c = weights
    both = np.concatenate([x, h], -1)
    u, f = sigmoid(both @ W_u.T + b_u), sigmoid(both @ W_f.T + b_f)
    c = f * c + np.tanh(both @ W_c.T + b_c)
    return u * np.tanh(c), c


@should_be("rnn", "σ where tanh belongs")
def rnn_of_the_slide(x, h, weights):
    return sigmoid(np.concatenate([x, h], -1) @ weights.W.T + weights.b)


@should_be("rnn", "the part of the matrix that reads the state is not transposed")
def rnn_not_transposed(x, h, W, b):
    inputs = x.shape[-1]
    return np.tanh(x @ W[:, :inputs].T + h @ W[:, inputs:] + b)


@should_be("rnn", "the bias of the new state is missing")
def rnn_without_bias(x, h, W, b):
    return np.tanh(np.concatenate([x, h], -1) @ W.T)


@should_be("rnn", "right only where input and state are of one size")
def rnn_only_square(x, h, W, b):
    W_x, W_h = np.split(W, 2, axis=1)
    return np.tanh(x @ W_x.T + h @ W_h.T + b)

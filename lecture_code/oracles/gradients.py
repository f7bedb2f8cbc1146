"""Judges of the way back through a cell: torch differentiates the step that lies in front.

A function that goes one step back is given what the forward pass kept. A judge puts those values
back into a step: it finds what each activation must have read, lets torch compute the step from
there, and asks torch.autograd for the gradients.
"""

from collections.abc import Sequence

import numpy as np
import torch

from lecture_code.sections.learning import GRUKept, LSTMKept


def rnn_backward(dh: np.ndarray, h_next: np.ndarray, W_h: np.ndarray) -> tuple[np.ndarray, ...]:
    """Torch's automatic derivative of a step that gives `h_next`.

    Args:
        dh: gradient for the state after the step, shape `(batch, hidden)`.
        h_next: state after the step.
        W_h: matrix that reads the state, shape `(hidden, hidden)`.

    Returns:
        The gradients for what tanh reads, and for the state before the step.
    """
    (of_tanh,), h = _leaves(np.arctanh(h_next)), _leaf(0 * h_next)
    return _gradients([torch.tanh(of_tanh + h @ _tensor(W_h).T)], [dh], [of_tanh, h])


def gru_backward(dh: np.ndarray, kept: GRUKept, *matrices: np.ndarray) -> tuple[np.ndarray, ...]:
    """Torch's automatic derivative of a GRU step with these gates.

    Args:
        dh: gradient for the state after the step, shape `(batch, hidden)`.
        kept: state before the step, update gate, reset gate, and candidate.
        *matrices: those that read the state, of update gate, reset gate and candidate.

    Returns:
        The gradients for what the three activations read, and for the state before the step.
    """
    h = _leaf(kept.h)
    u, r, a = _leaves(_logit(kept.update), _logit(kept.reset), np.arctanh(kept.candidate))
    before = _tensor(kept.h)
    W_u, W_r, W_h = map(_tensor, matrices)
    # What changes with the state, and is 0 where the state is the one that was kept.
    update = torch.sigmoid(u + (h - before) @ W_u.T)
    reset = torch.sigmoid(r + (h - before) @ W_r.T)
    candidate = torch.tanh(a + (reset * h - _tensor(kept.reset) * before) @ W_h.T)
    h_next = update * h + (1 - update) * candidate
    return _gradients([h_next], [dh], [u, r, a, h])


def lstm_backward(
    dh: np.ndarray, dc: np.ndarray, kept: LSTMKept, *matrices: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Torch's automatic derivative of an LSTM step with these gates.

    Args:
        dh: gradient for the hidden state after the step, shape `(batch, hidden)`.
        dc: gradient for the memory after the step.
        kept: memory before the step, the three gates, the candidate's tanh, and the new memory,
            which is computed again.
        *matrices: those that read the state, of the three gates and of the candidate.

    Returns:
        The gradients for what the four activations read, for the hidden state and for the memory
        before the step.
    """
    moved, c = _leaf(0 * kept.c), _leaf(kept.c)
    before = [_logit(gate) for gate in kept[1:4]]
    leaves = _leaves(*before, np.arctanh(kept.new))
    read = [leaf + moved @ _tensor(W).T for leaf, W in zip(leaves, matrices, strict=True)]
    update, input_, forget = map(torch.sigmoid, read[:3])
    c_next = forget * c + input_ * torch.tanh(read[3])
    h_next = update * torch.tanh(c_next)
    return _gradients([h_next, c_next], [dh, dc], [*leaves, moved, c])


def sum_over_time(delta: np.ndarray, V: np.ndarray) -> tuple[np.ndarray, ...]:
    """Torch's automatic derivative of a linear layer that is applied at every step.

    Args:
        delta: gradient for its outputs, shape `(time, batch, hidden)`.
        V: its inputs, shape `(time, batch, read)`.

    Returns:
        The gradients for matrix and bias.
    """
    W, b = _leaves(np.zeros((delta.shape[-1], V.shape[-1])), np.zeros(delta.shape[-1]))
    outputs = torch.nn.functional.linear(_tensor(V), W, b)
    return _gradients([outputs], [delta], [W, b])


def rnn_jacobians(h: np.ndarray, W: np.ndarray, n_x: int) -> np.ndarray:
    """`torch.autograd.functional.jacobian` of each step.

    Args:
        h: states after each step, shape `(time, hidden)`.
        W: matrix of the RNN, shape `(hidden, n_x + hidden)`.
        n_x: input size.

    Returns:
        The Jacobians, shape `(time, hidden, hidden)`.
    """
    W_h = _tensor(W)[:, n_x:]

    def jacobian(state: torch.Tensor) -> torch.Tensor:
        of_tanh = torch.atanh(state)
        return torch.autograd.functional.jacobian(
            lambda before: torch.tanh(of_tanh + W_h @ before), torch.zeros_like(state)
        )

    return torch.stack([jacobian(state) for state in _tensor(h)]).numpy()


def cross_entropy(Z: np.ndarray, Y: np.ndarray) -> tuple[np.ndarray, ...]:
    """`torch.nn.functional.cross_entropy` of the numbers of the right classes, and its derivative.

    Args:
        Z: scores, shape `(samples, classes)`.
        Y: targets, a 1 for the right class, shape `(samples, classes)`.

    Returns:
        The loss and its gradient for the scores.
    """
    scores = _leaf(Z)
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(Y.argmax(1)))
    return loss.detach().numpy(), *_gradients([loss], [np.ones(())], [scores])


def _gradients(
    outputs: Sequence[torch.Tensor], slopes: Sequence[np.ndarray], leaves: Sequence[torch.Tensor]
) -> tuple[np.ndarray, ...]:
    found = torch.autograd.grad(outputs, leaves, [_tensor(slope) for slope in slopes])
    return tuple(gradient.numpy() for gradient in found)


def _logit(gate: np.ndarray) -> np.ndarray:
    return np.log(gate) - np.log1p(-gate)


def _leaves(*arrays: np.ndarray) -> list[torch.Tensor]:
    return [_leaf(array) for array in arrays]


def _leaf(array: np.ndarray) -> torch.Tensor:
    return _tensor(array).requires_grad_()


def _tensor(array: np.ndarray) -> torch.Tensor:
    return torch.tensor(np.asarray(array, np.float64))

"""Training: one loop for every model that a page trains; torch.autograd works out the gradients."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import torch


class Fit(NamedTuple):
    """What a training leaves behind.

    Attributes:
        weights: the trained weights, as numpy arrays in the classes that they came in.
        losses: the loss before each step, shape `(steps,)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.training import fit
        >>> start = (np.array(0.0),)
        >>> found = fit(start, lambda w, step: (w[0] - 3) ** 2, steps=5, learning_rate=0.1)
        >>> print(found.losses.shape, found.losses[0])  # at first (0 - 3)²
        (5,) 9.0
    """

    weights: Any
    losses: np.ndarray


def fit(
    weights: Any,
    loss: Callable[[Any, int], torch.Tensor],
    steps: int,
    learning_rate: float,
    clip: float = 1.0,
) -> Fit:
    """Train weights by gradient descent with Adam's step sizes.

    It runs on one thread, so that the same seed gives the same weights.

    Args:
        weights: the weights to start from: a NamedTuple of numpy arrays, or a tuple of such.
        loss: function of `(weights, step)`, with the weights as tensors; it draws or picks the
            samples of that step, counted from 0, and returns a number.
        steps: how many steps.
        learning_rate: Adam's learning rate.
        clip: the largest norm of the gradient; a longer one is shortened to it.

    Returns:
        The trained weights, and the loss at each step. The given weights stay as they are.

    Raises:
        ValueError: if `steps` is below 1.
        FloatingPointError: if the loss is no longer a finite number.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.training import fit
        >>> start = (np.array(0.0),)
        >>> found = fit(start, lambda w, step: (w[0] - 3) ** 2, steps=300, learning_rate=0.1)
        >>> print(found.weights[0].round(2))
        3.0
    """
    if steps < 1:
        raise ValueError(f"steps: expected at least 1, got {steps}")
    leaves: list[torch.Tensor] = []
    trained = _map(lambda array: _leaf(array, leaves), weights)
    optimizer = torch.optim.Adam(leaves, lr=learning_rate)
    losses = np.empty(steps)
    with one_thread():
        for step in range(steps):
            optimizer.zero_grad()
            value = loss(trained, step)
            losses[step] = value.item()
            if not np.isfinite(losses[step]):
                raise FloatingPointError(
                    f"loss: {losses[step]} at step {step}; try a smaller learning rate"
                )
            value.backward()
            torch.nn.utils.clip_grad_norm_(leaves, clip)
            optimizer.step()
    return Fit(_map(lambda tensor: tensor.detach().numpy(), trained), losses)


def _map(function: Callable, weights: Any) -> Any:
    """Apply a function to every array, and keep the tuples."""
    if not isinstance(weights, tuple):
        return function(weights)
    values = (_map(function, value) for value in weights)
    return type(weights)(*values) if hasattr(weights, "_fields") else tuple(values)


def _leaf(array: np.ndarray, leaves: list[torch.Tensor]) -> torch.Tensor:
    leaves.append(torch.tensor(array, requires_grad=True))
    return leaves[-1]


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute on one thread, so that the same seed gives the same numbers.

    Yields:
        Nothing. Afterwards torch has as many threads as before.

    Examples:
        >>> import torch
        >>> from lecture_code.core.training import one_thread
        >>> with one_thread():
        ...     print(torch.get_num_threads())
        1
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)

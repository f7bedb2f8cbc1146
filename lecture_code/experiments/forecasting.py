"""Forecasts of a series by small trained networks: a GRU, with or without a front end."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from lecture_code.core.training import fit
from lecture_code.sections.architectures import ReadoutWeights, many_to_one
from lecture_code.sections.gru import GRUWeights, gru_step
from lecture_code.sections.temporal_convolution import (
    ConvolutionWeights,
    causal_convolution,
    silence,
)
from lecture_code.sections.windowing import Windows

BATCH = 64


@dataclass(frozen=True)
class Forecaster:
    """A trained GRU with a readout of one value for each step ahead.

    Attributes:
        weights: its weights: of the convolution in front, if there is one, the GRU and the readout.
        losses: the loss before each step of training, shape `(steps,)`.
        every: it reads every so-manieth time step, the last one among them.
    """

    weights: tuple
    losses: np.ndarray
    every: int

    def __call__(self, past: np.ndarray) -> np.ndarray:
        """Forecast what follows windows of the past.

        Args:
            past: windows, shape `(pairs, window)`.

        Returns:
            The forecast, shape `(pairs, horizon)`.
        """
        tensors = tuple(type(one)(*map(torch.tensor, one)) for one in self.weights)
        inputs = torch.tensor(np.asarray(past, "float32"))
        return _answer(tensors, inputs, self.every).numpy()


def train_forecaster(
    pairs: Windows,
    hidden: int,
    steps: int,
    learning_rate: float,
    seed: int,
    *,
    every: int = 1,
    channels: int = 0,
    width: int = 1,
) -> Forecaster:
    """Train a GRU on windows of a series and what followed them.

    It reads each window, and forecasts, relative to the window's last value.

    Args:
        pairs: windows and targets of the training part, scaled.
        hidden: how many units.
        steps: how many steps of Adam, each on `BATCH` pairs drawn at random.
        learning_rate: Adam's learning rate.
        seed: seed of the first weights and of the pairs that are drawn.
        every: let the GRU read every so-manieth time step only.
        channels: channels of a causal convolution with ReLU in front of the GRU; 0 for none.
        width: width of its kernels.

    Returns:
        The trained network.

    Raises:
        ValueError: if the windows and the targets do not fit, or a size is below 1.
    """
    inputs, targets = (torch.tensor(np.asarray(part, "float32")) for part in pairs)
    if inputs.ndim != 2 or targets.ndim != 2 or len(inputs) != len(targets):
        raise ValueError(
            "pairs: expected windows of shape (pairs, window) and targets of shape "
            f"(pairs, horizon), got {tuple(inputs.shape)} and {tuple(targets.shape)}"
        )
    if every < 1:
        raise ValueError(f"every: expected at least 1 time step, got {every}")
    front = (
        [ConvolutionWeights.init(1, channels, width=width, seed=seed, dtype="float32")]
        if channels
        else []
    )
    start: Any = (
        *front,
        GRUWeights.init(channels or 1, hidden, seed=seed, dtype="float32"),
        ReadoutWeights.init(
            hidden_size=hidden, output=targets.shape[1], seed=seed, dtype="float32"
        ),
    )
    random = np.random.default_rng(seed)

    def loss(weights: tuple, step: int) -> torch.Tensor:
        drawn = torch.tensor(random.integers(len(inputs), size=BATCH))
        return (_answer(weights, inputs[drawn], every) - targets[drawn]).square().mean()

    trained = fit(start, loss, steps, learning_rate)
    return Forecaster(trained.weights, trained.losses, every)


def _answer(weights: tuple, past: torch.Tensor, every: int) -> torch.Tensor:
    *front, cell, out = weights
    last = past[:, -1:]
    X = (past - last)[:, None]
    if front:
        X = torch.relu(causal_convolution(X, silence(X, front[0], 1), front[0], 1))
    X = X[:, :, (X.shape[2] - 1) % every :: every]
    state = torch.zeros(len(past), cell.b_u.shape[0])
    return last + many_to_one(gru_step, X.permute(2, 0, 1), state, cell, out)

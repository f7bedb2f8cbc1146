"""What the page about training in practice measures: small models, each trained with a seed."""

import copy
from typing import NamedTuple

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from lecture_code.core.state import state_of
from lecture_code.core.training import fit, one_thread
from lecture_code.core.unroll import unroll
from lecture_code.experiments.tasks import SYMBOLS, copy_symbol
from lecture_code.sections.architectures import ReadoutWeights, many_to_many, many_to_one
from lecture_code.sections.gru import GRUWeights, gru_step
from lecture_code.sections.lstm import LSTMWeights, lstm_step
from lecture_code.sections.rnn import RNNWeights, rnn_step
from lecture_code.sections.training import mask, masked_error
from lecture_code.sections.windowing import split_in_time, standardize, windows


class Forecaster(torch.nn.Module):
    """A GRU of torch that reads a window, and a linear layer that says the next value."""

    def __init__(self, hidden: int):
        """Make the two layers.

        Args:
            hidden: how many units.
        """
        super().__init__()
        self.gru = torch.nn.GRU(1, hidden, batch_first=True)
        self.readout = torch.nn.Linear(hidden, 1)

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """Predict.

        Args:
            windows: shape `(batch, window)`.

        Returns:
            The next value of each, shape `(batch, 1)`.
        """
        outputs, _ = self.gru(windows[..., None])
        return self.readout(outputs[:, -1])


class History(NamedTuple):
    """What a training by epochs has seen.

    Attributes:
        train: the mean squared error on the training data in each epoch, shape `(epochs,)`.
        validation: that on the validation data after each epoch.
        best: the epoch with the smallest validation error, from 0.
        weights: the weights of the best epoch.
        last_weights: those of the last one.
    """

    train: np.ndarray
    validation: np.ndarray
    best: int
    weights: dict[str, torch.Tensor]
    last_weights: dict[str, torch.Tensor]


def train_by_epochs(
    model: torch.nn.Module,
    train: tuple[torch.Tensor, torch.Tensor],
    validation: tuple[torch.Tensor, torch.Tensor],
    epochs: int,
    patience: int,
    seed: int,
) -> History:
    """Train on shuffled mini-batches, and stop early.

    Args:
        model: a module from inputs to predictions.
        train: inputs and targets, samples first.
        validation: the same, of later times.
        epochs: how many passes over the training data at the most.
        patience: after how many epochs without a smaller validation error it stops.
        seed: seed of the order of the samples.

    Returns:
        The errors by epoch, and the weights of the best epoch and of the last one.

    Raises:
        ValueError: if there is no epoch, or no patience.
    """
    for name, number in (("epochs", epochs), ("patience", patience)):
        if number < 1:
            raise ValueError(f"{name}: expected at least 1, got {number}")
    order = torch.Generator().manual_seed(seed)
    loader = DataLoader(TensorDataset(*train), batch_size=32, shuffle=True, generator=order)
    optimizer, mse = torch.optim.Adam(model.parameters(), lr=0.003), torch.nn.MSELoss()
    on_training, on_validation, best, kept = [], [], 0, {}
    for epoch in range(epochs):
        losses = []
        model.train()
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = mse(model(inputs), targets)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
        on_training.append(np.mean(losses))

        model.eval()
        with torch.no_grad():
            on_validation.append(mse(model(validation[0]), validation[1]).item())
        if on_validation[-1] <= min(on_validation):
            best, kept = epoch, copy.deepcopy(model.state_dict())
        if epoch - best >= patience:
            break
    last = copy.deepcopy(model.state_dict())
    return History(np.array(on_training), np.array(on_validation), best, kept, last)


class Forecast(NamedTuple):
    """A forecaster that was trained on a series, and its mean squared errors on the test part.

    Attributes:
        history: the errors by epoch.
        test: that of the weights of the best epoch.
        last_test: that of the weights of the last epoch.
        persistence: that of saying the last value again.
    """

    history: History
    test: float
    last_test: float
    persistence: float


def sunspot_forecast(x: np.ndarray, hidden: int, epochs: int, patience: int, seed: int) -> Forecast:
    """Train a forecaster of the next value on the first three fifths of a series.

    The next fifth is for validation, and the last one for the test. All is scaled by the training
    part; windows have twelve values.

    Args:
        x: series, shape `(time,)`.
        hidden: how many units.
        epochs: how many epochs at the most.
        patience: after how many epochs without a smaller validation error to stop.
        seed: seed of the first weights and of the order of the samples.

    Returns:
        The errors by epoch and those on the test part, scaled as the series is.
    """
    known = len(split_in_time(x, 0.6, 0.2)[0])
    parts = (windows(part, 12, 1) for part in split_in_time(standardize(x, known), 0.6, 0.2))
    train, validation, test = (
        (torch.tensor(inputs).float(), torch.tensor(targets).float()) for inputs, targets in parts
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = Forecaster(hidden)
    with one_thread():
        history = train_by_epochs(model, train, validation, epochs, patience, seed)

    def error(state: dict[str, torch.Tensor]) -> float:
        model.load_state_dict(state)
        with torch.no_grad():
            return (model(test[0]) - test[1]).square().mean().item()

    persistence = (test[0][:, -1:] - test[1]).square().mean().item()
    return Forecast(history, error(history.weights), error(history.last_weights), persistence)


def carried(way: str, passes: int, seed: int) -> float:
    """Train a GRU on windows of long streams, in which the sign of the last mark is to be said.

    Args:
        way: what a window begins with: `carried`, the state after the window before it; `zeros`; or
            `shuffled`, the state after whatever window was trained on before.
        passes: how often the streams are read.
        seed: seed of weights, streams and order.

    Returns:
        The share of right signs on new streams, read in the same way; a guess is right in one half.

    Raises:
        ValueError: if there is no such way.
    """
    if way not in ("carried", "zeros", "shuffled"):
        raise ValueError(f"way: expected carried, zeros or shuffled, got {way!r}")
    hidden, window = 8, 10
    random = np.random.default_rng([11, seed])
    inputs, targets = _marks(1000, 32, random)
    pieces = list(zip(inputs.split(window), targets.split(window), strict=True))
    start = torch.zeros(32, hidden)
    state, order = start, np.arange(len(pieces))
    weights = (
        GRUWeights.init(1, hidden, seed=seed, dtype="float32"),
        ReadoutWeights.init(hidden_size=hidden, output=1, seed=seed, dtype="float32"),
    )
    distance = torch.nn.functional.binary_cross_entropy_with_logits

    def loss(weights: tuple, step: int) -> torch.Tensor:
        nonlocal state, order
        place = step % len(pieces)
        if place == 0:
            state = start
            order = random.permutation(len(pieces)) if way == "shuffled" else order
        x, y = pieces[order[place]]
        outputs, last = unroll(gru_step, x, start if way == "zeros" else state, weights[0])
        state = last.detach()
        return distance(outputs @ weights[1].W_y.T + weights[1].b_y, y)

    trained = fit(weights, loss, passes * len(pieces), learning_rate=0.01).weights
    cell, out = (type(one)(*map(torch.tensor, one)) for one in trained)
    inputs, targets = _marks(1000, 32, random)
    state, right = start, []
    for x, y in zip(inputs.split(window), targets.split(window), strict=True):
        outputs, last = unroll(gru_step, x, start if way == "zeros" else state, cell)
        state = last
        right.append((((outputs @ out.W_y.T + out.b_y) > 0) == (y > 0.5)).float().mean().item())
    return float(np.mean(right))


def _marks(time: int, streams: int, random: np.random.Generator) -> tuple:
    """Streams of 0 with a mark of -1 or 1 here and there, and whether the last mark was 1."""
    signs = random.choice([-1.0, 1.0], size=(time, streams, 1))
    is_mark = random.uniform(size=signs.shape) < 0.05
    is_mark[0] = True
    latest = np.maximum.accumulate(np.where(is_mark, np.arange(time)[:, None, None], 0), axis=0)
    answers = np.take_along_axis(signs, latest, axis=0) > 0
    return torch.tensor(is_mark * signs).float(), torch.tensor(answers).float()


def padded(masked: bool, steps: int, seed: int) -> tuple[float, float]:
    """Train an RNN on padded sequences, with a masked loss or with a mean over everything.

    The task: say the mean of all inputs so far, which are near 5. Inputs and targets in the padding
    are 0.

    Args:
        masked: whether the loss leaves the padding out.
        steps: how many steps of training.
        seed: seed of weights and sequences.

    Returns:
        The loss that the training reports at the end, as a mean of its last steps, and the mean
        squared error on the time steps that are there.
    """
    hidden, time = 8, 12
    random = np.random.default_rng([12, seed])
    weights = (
        RNNWeights.init(1, hidden, seed=seed, dtype="float32"),
        ReadoutWeights.init(hidden_size=hidden, output=1, seed=seed, dtype="float32"),
    )

    def draw() -> tuple:
        there = mask(torch.tensor(random.integers(2, time + 1, 64)), time)
        x = torch.tensor(random.normal(5, 2, size=(time, 64)).astype("float32")) * there
        y = x.cumsum(0) / torch.arange(1, time + 1)[:, None] * there
        return x, y, there

    def predict(weights: tuple, x: torch.Tensor) -> torch.Tensor:
        start = torch.zeros(x.shape[1], hidden)
        return many_to_many(rnn_step, x[..., None], start, *weights)[..., 0]

    def loss(weights: tuple, step: int) -> torch.Tensor:
        x, y, there = draw()
        y_hat = predict(weights, x)
        return masked_error(y, y_hat, there if masked else torch.ones_like(there))

    found = fit(weights, loss, steps, learning_rate=0.01)
    trained = tuple(type(one)(*map(torch.tensor, one)) for one in found.weights)
    errors = []
    for _ in range(20):
        x, y, there = draw()
        errors.append(masked_error(y, predict(trained, x), there).item())
    return float(found.losses[-50:].mean()), float(np.mean(errors))


def forget_bias(bias: float, lag: int, steps: int, seed: int) -> np.ndarray:
    """Train an LSTM to say the first symbol of a sequence, from a bias of its forget gate.

    Args:
        bias: what every forget gate's bias begins with.
        lag: how many symbols follow the first one.
        steps: how many steps of training.
        seed: seed of weights and sequences.

    Returns:
        The cross-entropy at each step, in nats, shape `(steps,)`.
    """
    hidden = 16
    random = np.random.default_rng([13, seed])
    weights = (
        LSTMWeights.init(SYMBOLS + 1, hidden, seed=seed, dtype="float32"),
        ReadoutWeights.init(hidden_size=hidden, output=SYMBOLS, seed=seed, dtype="float32"),
    )
    filled = np.full(hidden, bias, "float32")
    weights = (weights[0]._replace(b_f=filled), weights[1])

    def loss(weights: tuple, step: int) -> torch.Tensor:
        x, y = copy_symbol(lag, 32, random)
        state = state_of([torch.zeros(32, hidden)] * 2)
        scores = many_to_one(lstm_step, torch.tensor(x), state, *weights)
        return torch.nn.functional.cross_entropy(scores, torch.tensor(y))

    return fit(weights, loss, steps, learning_rate=0.02).losses

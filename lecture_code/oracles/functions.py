"""Judges of the functions that are no recurrences: torch, scipy, statsmodels and numpy.

Each takes the arguments of the function that it judges, and answers with numpy arrays.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.interpolate
import scipy.signal
import scipy.stats
import torch
from torch.optim.sgd import sgd as torch_sgd

from lecture_code.core.layers import Affine, DenseWeights
from lecture_code.sections.architectures import ReadoutWeights
from lecture_code.sections.temporal_convolution import ConvolutionWeights
from lecture_code.sections.universal_approximation import ShallowWeights
from lecture_code.support.extras import needs_extra


def predict(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """One neuron, as a linear layer of size 1 and `torch.sigmoid`.

    Args:
        x: inputs, any shape.
        w: weight, a number.
        b: bias, a number.

    Returns:
        The predictions.
    """
    layer = _linear(np.reshape(w, (1, 1)), np.reshape(b, 1))
    return torch.sigmoid(layer(_tensor(x)[..., None]))[..., 0].numpy()


def squared_error(y: np.ndarray, y_hat: np.ndarray) -> np.ndarray:
    """`torch.nn.functional.mse_loss` without a mean.

    Args:
        y: targets.
        y_hat: predictions.

    Returns:
        The squared errors.
    """
    return torch.nn.functional.mse_loss(_tensor(y_hat), _tensor(y), reduction="none").numpy()


def gradient(x: Any, y: Any, w: Any, b: Any) -> tuple[np.ndarray, ...]:
    """Torch's automatic derivative of one neuron's squared error.

    Args:
        x: input, a number.
        y: target, a number.
        w: weight, a number.
        b: bias, a number.

    Returns:
        The gradients for weight and bias.
    """
    x, y = _tensor(x), _tensor(y)
    return _autograd(lambda w, b: (y - torch.sigmoid(w * x + b)) ** 2, w, b)


def layer_gradient(X: np.ndarray, Y: np.ndarray, weights: DenseWeights) -> tuple[np.ndarray, ...]:
    """Torch's automatic derivative of a layer's summed squared error.

    Args:
        X: inputs, shape `(samples, input)`.
        Y: targets, shape `(samples, hidden)`.
        weights: the lecture's weights.

    Returns:
        The gradients for matrix and bias.
    """

    def loss(W: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        outputs = torch.sigmoid(torch.nn.functional.linear(_tensor(X), W, b))
        return torch.nn.functional.mse_loss(outputs, _tensor(Y), reduction="sum")

    return _autograd(loss, *weights)


def sgd(maximize: bool = False) -> Callable[..., tuple[np.ndarray, ...]]:
    """What `torch.optim.SGD` calls for its step, down the slope or up.

    The function, because making an optimizer imports torch's compiler, which takes longer than all
    other judges together.

    Args:
        maximize: whether it goes up, which is what the slides' sign does.

    Returns:
        A function of the arguments of `descend`.
    """

    def step(*arguments: Any) -> tuple[np.ndarray, ...]:
        *arrays, learning_rate = arguments
        w, b, dz_dw, dz_db = (_tensor(array).clone() for array in arrays)
        torch_sgd(
            [w, b],
            [dz_dw, dz_db],
            [None, None],
            lr=float(learning_rate),
            momentum=0.0,
            dampening=0.0,
            weight_decay=0.0,
            nesterov=False,
            maximize=maximize,
        )
        return w.numpy(), b.numpy()

    return step


def descend_on_batch(w: np.ndarray, slopes: np.ndarray, learning_rate: float) -> np.ndarray:
    """Torch's step after the backward pass of a mean: `torch.optim.SGD`.

    Args:
        w: weights, shape `(parameters,)`.
        slopes: the gradient of each sample's loss, shape `(batch, parameters)`.
        learning_rate: the learning rate.

    Returns:
        The new weights.
    """
    # A loss that has these gradients: the mean of straight lines.
    [mean] = _autograd(lambda w: (_tensor(slopes) @ w).mean(), w)
    new, _ = sgd()(w, np.zeros(1), mean, np.zeros(1), learning_rate)
    return new


def masked_error(Y: np.ndarray, Y_hat: np.ndarray, M: np.ndarray) -> float:
    """`torch.nn.functional.mse_loss` of those entries that the mask picks.

    Args:
        Y: targets, shape `(time, batch)`.
        Y_hat: predictions, shape `(time, batch)`.
        M: mask, shape `(time, batch)`.

    Returns:
        The mean squared error.
    """
    there = _tensor(M).bool()
    return torch.nn.functional.mse_loss(_tensor(Y_hat)[there], _tensor(Y)[there]).item()


def clip_by_norm(g: np.ndarray, largest: float) -> np.ndarray:
    """`torch.nn.utils.clip_grad_norm_`.

    Args:
        g: gradients, shape `(samples, parameters)`.
        largest: the largest norm.

    Returns:
        The shortened gradients.
    """
    shortened = []
    for gradient in g:
        parameter = torch.zeros(len(gradient), dtype=torch.float64)
        parameter.grad = _tensor(gradient)
        torch.nn.utils.clip_grad_norm_([parameter], largest)
        shortened.append(parameter.grad.numpy())
    return np.stack(shortened)


def composed(activation: torch.nn.Module) -> Callable[..., np.ndarray]:
    """`torch.nn.Sequential` of linear layers with an activation between them.

    Args:
        activation: the module between two layers.

    Returns:
        A function of an input and affine maps, the first one first.
    """

    def run(X: np.ndarray, *maps: Affine) -> np.ndarray:
        layers = [module for W, b in maps for module in (_linear(W, b), activation)]
        return torch.nn.Sequential(*layers[:-1])(_tensor(X)).numpy()

    return run


def shallow_network(X: np.ndarray, weights: ShallowWeights) -> np.ndarray:
    """`torch.nn.Sequential` of two linear layers and a sigmoid.

    Args:
        X: inputs, shape `(..., input)`.
        weights: the lecture's weights.

    Returns:
        The outputs, shape `(..., output)`.
    """
    W_1, b_1, W_2, b_2 = weights
    return composed(torch.nn.Sigmoid())(X, Affine(W_1, b_1), Affine(W_2, b_2))


def dense_weights(width: int, height: int) -> tuple[int, int]:
    """The size of a `torch.nn.Linear` without bias, made without its numbers.

    Args:
        width: width of the image.
        height: height of the image.

    Returns:
        Features and weights.
    """
    pixels = torch.empty(width, height, device="meta").flatten()
    layer = torch.nn.Linear(len(pixels), len(pixels), bias=False, device="meta")
    return len(pixels), layer.weight.numel()


def conv2d(X: np.ndarray, w: np.ndarray, stride: int = 1) -> np.ndarray:
    """`torch.nn.functional.conv2d`.

    Args:
        X: images, shape `(..., rows, columns)`.
        w: kernel, shape `(height, width)`.
        stride: the stride.

    Returns:
        The outputs, shape `(..., rows, columns)`.
    """
    batch = _tensor(X).reshape(-1, 1, *X.shape[-2:])
    Y = torch.nn.functional.conv2d(batch, _tensor(w)[None, None], stride=int(stride))
    return Y.reshape(*X.shape[:-2], *Y.shape[-2:]).numpy()


def scipy_2d(name: str) -> Callable[..., np.ndarray]:
    """`scipy.signal.correlate2d` or `convolve2d` where the kernel fits.

    Args:
        name: the function's name.

    Returns:
        A function of images, shape `(..., rows, columns)`, and a kernel.
    """

    def run(X: np.ndarray, w: np.ndarray) -> np.ndarray:
        images = X.reshape(-1, *X.shape[-2:])
        Y = np.stack([getattr(scipy.signal, name)(image, w, mode="valid") for image in images])
        return Y.reshape(*X.shape[:-2], *Y.shape[-2:])

    return run


def convolution_layer(X: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """`torch.nn.Conv2d` with the lecture's kernel and bias, and `torch.sigmoid`.

    Args:
        X: images, shape `(..., rows, columns)`.
        w: kernel, shape `(height, width)`.
        b: bias, a number.

    Returns:
        The outputs, shape `(..., rows, columns)`.
    """
    layer = torch.nn.Conv2d(1, 1, w.shape, dtype=torch.float64, device="meta")
    state = {"weight": _tensor(w)[None, None], "bias": _tensor(b).reshape(1)}
    layer.load_state_dict(state, assign=True)
    with torch.no_grad():
        Y = torch.sigmoid(layer(_tensor(X).reshape(-1, 1, *X.shape[-2:])))
    return Y.reshape(*X.shape[:-2], *Y.shape[-2:]).numpy()


def conv1d(X: np.ndarray, w: np.ndarray) -> np.ndarray:
    """`torch.nn.functional.conv1d` of one channel.

    Args:
        X: sequences, shape `(batch, time)`.
        w: kernel, shape `(width,)`.

    Returns:
        The outputs, shape `(batch, time - width + 1)`.
    """
    Y = torch.nn.functional.conv1d(_tensor(X)[:, None], _tensor(w)[None, None])
    return Y[:, 0].numpy()


def correlate(X: np.ndarray, w: np.ndarray) -> np.ndarray:
    """`numpy.correlate` where the kernel fits.

    Args:
        X: sequences, shape `(batch, time)`.
        w: kernel, shape `(width,)`.

    Returns:
        The outputs, shape `(batch, time - width + 1)`.
    """
    return np.stack([np.correlate(sequence, w, mode="valid") for sequence in X])


def turned_1d(X: np.ndarray, w: np.ndarray) -> np.ndarray:
    """`numpy.convolve` where the kernel fits: signal processing's convolution.

    Args:
        X: sequences, shape `(batch, time)`.
        w: kernel, shape `(width,)`.

    Returns:
        The outputs, shape `(batch, time - width + 1)`.
    """
    return np.stack([np.convolve(sequence, w, mode="valid") for sequence in X])


def causal_convolution(
    X: np.ndarray, V: np.ndarray, weights: ConvolutionWeights, d: int
) -> np.ndarray:
    """A `torch.nn.Conv1d` with the lecture's weights, over both parts of the sequences.

    Args:
        X: sequences, shape `(batch, input, time)`.
        V: what came before, shape `(batch, input, d (width - 1))`.
        weights: the lecture's weights.
        d: dilation.

    Returns:
        The outputs, shape `(batch, hidden, time)`.
    """
    W, b = map(_tensor, weights)
    layer = torch.nn.Conv1d(
        W.shape[1], W.shape[0], W.shape[2], dilation=d, dtype=torch.float64, device="meta"
    )
    layer.load_state_dict({"weight": W, "bias": b}, assign=True)
    with torch.no_grad():
        return layer(torch.cat((_tensor(V), _tensor(X)), dim=-1)).numpy()


def receptive_field(k: np.ndarray, d: np.ndarray) -> int:
    """How many inputs have a gradient that is not 0, through layers whose kernels are all ones.

    Args:
        k: widths, shape `(layers,)`.
        d: dilations, shape `(layers,)`.

    Returns:
        From the first such input to the last, in time steps.
    """
    x = torch.zeros(1, 1, 1 + int(np.sum(k * d)), dtype=torch.float64, requires_grad=True)
    y = x
    for width, dilation in zip(k, d, strict=True):
        ones = torch.ones(1, 1, int(width), dtype=torch.float64)
        y = torch.nn.functional.conv1d(y, ones, dilation=int(dilation))
    [slope] = torch.autograd.grad(y[0, 0, -1], x)
    seen = slope[0, 0].nonzero()
    return int(seen.max() - seen.min()) + 1


def kernel_gradient(X: np.ndarray, Y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Torch's automatic derivative of the summed squared error of `conv2d`.

    Args:
        X: image, shape `(rows, columns)`.
        Y: target, shape of the output.
        w: kernel, shape `(height, width)`.

    Returns:
        The gradient for the kernel.
    """

    def loss(w: torch.Tensor) -> torch.Tensor:
        Y_hat = torch.nn.functional.conv2d(_tensor(X)[None, None], w[None, None])[0, 0]
        return torch.nn.functional.mse_loss(Y_hat, _tensor(Y), reduction="sum")

    [dz_dw] = _autograd(loss, w)
    return dz_dw


def autocorrelation(x: np.ndarray, k: int) -> np.ndarray:
    """`statsmodels.tsa.stattools.acf`.

    Args:
        x: series, shape `(time,)`.
        k: lag.

    Returns:
        The autocorrelation at the lag.
    """
    with needs_extra():
        from statsmodels.tsa.stattools import acf  # takes a second to import

    return acf(x, nlags=k, fft=False)[k]


def standardize(x: np.ndarray, T: int) -> np.ndarray:
    """`scipy.stats.zmap`: one sample scaled by another.

    Args:
        x: series, shape `(time,)`.
        T: how many values count as known.

    Returns:
        The scaled series.
    """
    return scipy.stats.zmap(x, x[:T])


def naive(X: np.ndarray) -> np.ndarray:
    """A filter of `scipy.signal` that delays by one time step.

    Args:
        X: windows, shape `(pairs, window)`.

    Returns:
        What leaves it one step after the end of each window, shape `(pairs,)`.
    """
    return _delayed(X, 1)[:, 0]


def seasonal_naive(X: np.ndarray, m: int) -> np.ndarray:
    """A filter of `scipy.signal` that delays by a season.

    Args:
        X: windows, shape `(pairs, window)`.
        m: length of a season.

    Returns:
        What leaves it in the season after the end of each window, shape `(pairs, m)`.
    """
    return _delayed(X, int(m))


def drift(X: np.ndarray, h: np.ndarray) -> np.ndarray:
    """`scipy.interpolate.interp1d` through the first and the last value, and on beyond them.

    Args:
        X: windows, shape `(pairs, window)`.
        h: steps ahead, shape `(horizon,)`.

    Returns:
        The forecast, shape `(pairs, horizon)`.
    """
    last = X.shape[1] - 1
    ends = X[:, [0, last]]
    return scipy.interpolate.interp1d([0, last], ends, fill_value="extrapolate")(last + h)


def naive_scale(x: np.ndarray, m: int) -> float:
    """`torch.nn.functional.l1_loss` of the series and itself a season earlier.

    Args:
        x: series, shape `(time,)`.
        m: length of a season.

    Returns:
        The scale.
    """
    return torch.nn.functional.l1_loss(_tensor(x)[m:], _tensor(x)[:-m]).item()


def mase(Y: np.ndarray, Y_hat: np.ndarray, s: float) -> np.ndarray:
    """`torch.nn.functional.l1_loss` of both, each in units of the scale.

    Args:
        Y: what came, shape `(pairs, horizon)`.
        Y_hat: what was forecast, the same shape.
        s: the scale.

    Returns:
        The scaled error.
    """
    return torch.nn.functional.l1_loss(_tensor(Y_hat) / s, _tensor(Y) / s).numpy()


def direct_forecast(X: np.ndarray, weights: DenseWeights) -> np.ndarray:
    """A `torch.nn.Linear`.

    Args:
        X: windows, shape `(pairs, window)`.
        weights: the lecture's weights.

    Returns:
        The forecast, shape `(pairs, horizon)`.
    """
    return _linear(*weights)(_tensor(X)).numpy()


def move_on(X: np.ndarray, weights: DenseWeights) -> tuple[np.ndarray, np.ndarray]:
    """A `torch.nn.Linear`, and `torch.roll` of the windows with the forecast in the last place.

    Args:
        X: windows, shape `(pairs, window)`.
        weights: the lecture's weights, for one step.

    Returns:
        The forecast, shape `(pairs, 1)`, and the windows one step later.
    """
    windows = _tensor(X)
    forecast = _linear(*weights)(windows)
    rolled = windows.roll(-1, dims=1)
    rolled[:, -1:] = forecast
    return forecast.numpy(), rolled.numpy()


def step_errors(Y: np.ndarray, Y_hat: np.ndarray) -> np.ndarray:
    """`statsmodels.tools.eval_measures.rmse` over the pairs.

    Args:
        Y: what came, shape `(pairs, horizon)`.
        Y_hat: what was forecast, the same shape.

    Returns:
        The error of each step, shape `(horizon,)`.
    """
    with needs_extra():
        from statsmodels.tools.eval_measures import rmse

    return rmse(Y, Y_hat, axis=0)


def late_error(y: np.ndarray, y_hat: np.ndarray, s: int) -> np.ndarray:
    """`torch.nn.functional.mse_loss` of the forecast and what came earlier.

    Args:
        y: what came, shape `(time,)`.
        y_hat: the forecast, shape `(time,)`.
        s: how much earlier.

    Returns:
        The error.
    """
    earlier = _tensor(y)[: len(y) - s]
    return torch.nn.functional.mse_loss(_tensor(y_hat)[s:], earlier).numpy()


def gain_over_seeds(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, ...]:
    """`scipy.stats.ttest_rel`, with the standard error of the mean that it divides by.

    Args:
        a: errors of one setting, shape `(seeds,)`.
        b: errors of the other, from the same seeds.

    Returns:
        The mean of the differences, its standard error, and t.
    """
    return np.mean(a) - np.mean(b), scipy.stats.sem(a - b), scipy.stats.ttest_rel(a, b).statistic


def store(X: np.ndarray) -> np.ndarray:
    """`numpy.einsum` over the same letters.

    Args:
        X: patterns, shape `(patterns, units)`.

    Returns:
        The weights, shape `(units, units)`.
    """
    return np.einsum("pi,pj->ij", X, X) / X.shape[-1]


def recall(h: np.ndarray, W: np.ndarray) -> np.ndarray:
    """A `torch.nn.Linear` and `torch.sign`.

    Args:
        h: state, shape `(..., units)`.
        W: weights, shape `(units, units)`.

    Returns:
        The new state.
    """
    return torch.sign(_linear(W, np.zeros(len(W)))(_tensor(h))).numpy()


def readout(h: np.ndarray, weights: ReadoutWeights) -> np.ndarray:
    """A `torch.nn.Linear`.

    Args:
        h: state, shape `(..., hidden)`.
        weights: the lecture's weights.

    Returns:
        The output, shape `(..., output)`.
    """
    return _linear(*weights)(_tensor(h)).numpy()


def parameter_count(n_x: int, n_h: int, g: int) -> int:
    """The size of torch's module with that many affine maps, its second biases left out.

    Args:
        n_x: input size.
        n_h: hidden size.
        g: 1 for `torch.nn.RNN`, 3 for `torch.nn.GRU`, 4 for `torch.nn.LSTM`.

    Returns:
        The number of parameters.
    """
    kind = {1: torch.nn.RNN, 3: torch.nn.GRU, 4: torch.nn.LSTM}[g]
    named = kind(n_x, n_h, device="meta").named_parameters()
    return sum(parameter.numel() for name, parameter in named if not name.startswith("bias_hh"))


def _delayed(X: np.ndarray, steps: int) -> np.ndarray:
    """What a delay by so many steps gives in as many steps after the end."""
    silence = np.zeros((len(X), steps))
    impulse = np.eye(steps + 1)[steps]
    return scipy.signal.lfilter(impulse, [1.0], np.hstack((X, silence)))[:, X.shape[1] :]


def _autograd(loss: Callable[..., torch.Tensor], *arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    leaves = [_tensor(array).requires_grad_() for array in arrays]
    return tuple(grad.numpy() for grad in torch.autograd.grad(loss(*leaves), leaves))


def _linear(W: np.ndarray, b: np.ndarray) -> torch.nn.Linear:
    layer = torch.nn.Linear(W.shape[1], W.shape[0], dtype=torch.float64, device="meta")
    layer.load_state_dict({"weight": _tensor(W), "bias": _tensor(b)}, assign=True)
    return layer.requires_grad_(False)


def _tensor(array: Any) -> torch.Tensor:
    return torch.tensor(np.array(array, np.float64))

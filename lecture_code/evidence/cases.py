"""Random arguments for the functions whose arguments are not simply arrays of one shape."""

from collections.abc import Callable

import numpy as np

from lecture_code.core.layers import Affine, DenseWeights
from lecture_code.sections.architectures import ReadoutWeights, readout
from lecture_code.sections.convolution import (
    convolution_layer,
    convolve,
    convolve_strided,
    kernel_gradient,
)
from lecture_code.sections.deep_network import deep
from lecture_code.sections.dimensionality import dense_weights
from lecture_code.sections.history import recall, store
from lecture_code.sections.learning import (
    GRUKept,
    LSTMKept,
    chain,
    gru_backward,
    lstm_backward,
    rnn_backward,
    rnn_jacobians,
    sum_over_time,
)
from lecture_code.sections.loss import gradient, layer_gradient
from lecture_code.sections.naive import drift, mase, naive, naive_scale, seasonal_naive
from lecture_code.sections.neuron import predict
from lecture_code.sections.optimizer import ascend, descend, descend_on_batch
from lecture_code.sections.sequences import autocorrelation, bag_of_words
from lecture_code.sections.several_steps import (
    direct_forecast,
    late_error,
    move_on,
)
from lecture_code.sections.summary import parameter_count
from lecture_code.sections.temporal_convolution import (
    ConvolutionWeights,
    causal_convolution,
    convolve_time,
    receptive_field,
)
from lecture_code.sections.training import clip_by_norm, cross_entropy, masked_error
from lecture_code.sections.tuning import gain_over_seeds
from lecture_code.sections.universal_approximation import ShallowWeights, shallow, shallow_network
from lecture_code.sections.windowing import standardize

Draw = Callable[..., np.ndarray]
Size = tuple[int, int, int, int]


def _layer_gradient(draw: Draw, size: Size) -> tuple:
    _, batch, features, hidden = size
    weights = DenseWeights(draw(hidden, features), draw(hidden))
    return draw(batch, features), draw(batch, hidden), weights


def _optimizer(draw: Draw, size: Size) -> tuple:
    _, _, features, hidden = size
    w, b = (hidden, features), (hidden,)
    # A power of two, by which a product is exact: torch rounds product and sum together.
    return draw(*w), draw(*b), draw(*w), draw(*b), 0.125


def _affine(draw: Draw, outputs: int, inputs: int) -> Affine:
    return Affine(draw(outputs, inputs), draw(outputs))


def _shallow_network(draw: Draw, size: Size) -> tuple:
    _, batch, features, hidden = size
    maps = _affine(draw, hidden, features), _affine(draw, 2, hidden)
    return draw(batch, features), ShallowWeights(*maps[0], *maps[1])


def _shallow(draw: Draw, size: Size) -> tuple:
    _, batch, features, hidden = size
    return draw(batch, features), _affine(draw, hidden, features), _affine(draw, 2, hidden)


def _deep(draw: Draw, size: Size) -> tuple:
    X, f_1, f_2 = _shallow(draw, size)
    return X, f_1, f_2, _affine(draw, size[-1], 2)


def _image_and_kernel(draw: Draw, size: Size) -> tuple:
    _, batch, height, width = size
    return draw(batch, height + 4, width + 3), draw(height, width)


def _kernel_gradient(draw: Draw, size: Size) -> tuple:
    _, _, height, width = size
    return draw(height + 4, width + 3), draw(5, 4), draw(height, width)


def _causal_convolution(draw: Draw, size: Size) -> tuple:
    time, batch, features, hidden = size
    weights = ConvolutionWeights(draw(hidden, features, 3), draw(hidden))
    return draw(batch, features, time), draw(batch, features, 4), weights, 2


def _patterns(draw: Draw, size: Size) -> np.ndarray:
    return np.sign(draw(size[1], 2 * size[3] + 1))


def _gates(draw: Draw, count: int, *shape: int) -> tuple:
    return tuple((draw(*shape) + 1) / 2 for _ in range(count))


def _rnn_backward(draw: Draw, size: Size) -> tuple:
    _, batch, _, hidden = size
    return draw(batch, hidden), draw(batch, hidden), draw(hidden, hidden)


def _gru_backward(draw: Draw, size: Size) -> tuple:
    _, batch, _, hidden = size
    update, reset = _gates(draw, 2, batch, hidden)
    kept = GRUKept(draw(batch, hidden), update, reset, draw(batch, hidden))
    return draw(batch, hidden), kept, *(draw(hidden, hidden) for _ in range(3))


def _lstm_backward(draw: Draw, size: Size) -> tuple:
    _, batch, _, hidden = size
    update, input_, forget = _gates(draw, 3, batch, hidden)
    c, new = draw(batch, hidden), draw(batch, hidden)
    # A memory after the step that fits what it is made of: a judge computes it again.
    kept = LSTMKept(c, update, input_, forget, new, forget * c + input_ * new)
    slopes = draw(batch, hidden), draw(batch, hidden)
    return *slopes, kept, *(draw(hidden, hidden) for _ in range(4))


def _sum_over_time(draw: Draw, size: Size) -> tuple:
    time, batch, features, hidden = size
    return draw(time, batch, hidden), draw(time, batch, features + hidden)


def _cross_entropy(draw: Draw, size: Size) -> tuple:
    _, batch, _, hidden = size
    classes = abs(draw(batch, hidden)).argmax(1)
    return 3 * draw(batch, hidden), np.eye(hidden)[classes]


def _clip_by_norm(draw: Draw, size: Size) -> tuple:
    _, batch, _, hidden = size
    directions = draw(batch, hidden)
    # The first one is short enough, the others are longer.
    lengths = np.arange(1, batch + 1)[:, None]
    return directions / np.linalg.norm(directions, axis=1, keepdims=True) * lengths, 1.5


def _masked_error(draw: Draw, size: Size) -> tuple:
    time, batch, _, _ = size
    lengths = np.maximum(1, np.rint((draw(batch) + 1) / 2 * time))
    there = (np.arange(time)[:, None] < lengths).astype(float)
    return draw(time, batch), draw(time, batch), there


CASES: dict[Callable, Callable[[Draw, Size], tuple]] = {
    predict: lambda draw, size: (draw(*size[1:3]), draw(), draw()),
    gradient: lambda draw, size: (draw(), draw(), draw(), draw()),
    layer_gradient: _layer_gradient,
    descend: _optimizer,
    ascend: _optimizer,
    descend_on_batch: lambda draw, size: (draw(size[3]), draw(size[1], size[3]), draw()),
    rnn_backward: _rnn_backward,
    gru_backward: _gru_backward,
    lstm_backward: _lstm_backward,
    sum_over_time: _sum_over_time,
    rnn_jacobians: lambda draw, size: (
        draw(size[0], size[3]),
        draw(size[3], size[2] + size[3]),
        size[2],
    ),
    chain: lambda draw, size: (draw(size[3], size[3]), draw(size[3], size[3])),
    cross_entropy: _cross_entropy,
    masked_error: _masked_error,
    clip_by_norm: _clip_by_norm,
    shallow: _shallow,
    shallow_network: _shallow_network,
    dense_weights: lambda draw, size: size[2:],
    convolve: _image_and_kernel,
    convolve_strided: lambda draw, size: (*_image_and_kernel(draw, size), 2),
    convolution_layer: lambda draw, size: (*_image_and_kernel(draw, size), draw()),
    kernel_gradient: _kernel_gradient,
    deep: _deep,
    bag_of_words: lambda draw, size: (draw(size[0], size[2]),),
    autocorrelation: lambda draw, size: (draw(size[0] + 3), 2),
    standardize: lambda draw, size: (draw(size[0] + 3), size[0] + 1),
    naive: lambda draw, size: (draw(size[1], size[0]),),
    seasonal_naive: lambda draw, size: (draw(size[1], size[0] + 2), 3),
    drift: lambda draw, size: (draw(size[1], size[0] + 2), np.arange(1, size[2] + 2)),
    naive_scale: lambda draw, size: (draw(size[0] + 3), 3),
    mase: lambda draw, size: (draw(*size[1:3]), draw(*size[1:3]), 0.7),
    store: lambda draw, size: (_patterns(draw, size),),
    recall: lambda draw, size: (
        _patterns(draw, size),
        draw(2 * size[3] + 1, 2 * size[3] + 1),
    ),
    readout: lambda draw, size: (
        draw(size[1], size[3]),
        ReadoutWeights(draw(2, size[3]), draw(2)),
    ),
    convolve_time: lambda draw, size: (draw(size[1], size[0] + 3), draw(size[2] + 1)),
    causal_convolution: _causal_convolution,
    receptive_field: lambda draw, size: (np.array([3, 1 + size[1], 2]), np.array([2, 1, size[3]])),
    direct_forecast: lambda draw, size: (
        draw(size[1], size[0]),
        DenseWeights(draw(size[3], size[0]), draw(size[3])),
    ),
    move_on: lambda draw, size: (
        draw(size[1], size[0] + 1),
        DenseWeights(draw(1, size[0] + 1), draw(1)),
    ),
    late_error: lambda draw, size: (draw(size[0] + 3), draw(size[0] + 3), 2),
    gain_over_seeds: lambda draw, size: (draw(size[0] + 3), draw(size[0] + 3)),
    parameter_count: lambda draw, size: (*size[2:], {1: 1, 6: 3}.get(size[0], 4)),
}
"""Arguments by function, drawn with `draw(*shape)` for a size (time, batch, input, hidden)."""

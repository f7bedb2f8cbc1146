r"""Universal approximation: a shallow network, and weights with which it follows a function."""

from collections.abc import Callable
from typing import Annotated

import numpy as np
import torch

from lecture_code.core.ops import Array, affine, compose, sigmoid
from lecture_code.core.training import fit
from lecture_code.core.weights import Bias, Weights, container

STEEPNESS = 4.0
"""How steep a smooth step of the staircase is, in units of one over its width."""


@container()
class ShallowWeights(Weights):
    """Weights of a network with one hidden layer.

    Attributes:
        W_1: matrix of the first layer, shape `(hidden, input)`.
        b_1: bias of the first layer, shape `(hidden,)`.
        W_2: matrix of the second layer, shape `(output, hidden)`.
        b_2: bias of the second layer, shape `(output,)`.

    Examples:
        >>> from lecture_code.sections.universal_approximation import ShallowWeights
        >>> weights = ShallowWeights.init(input_size=1, hidden_size=5, output=2, seed=1)
        >>> weights.W_1.shape, weights.W_2.shape
        ((5, 1), (2, 5))
    """

    W_1: Annotated[Array, "hidden, input"]
    b_1: Bias
    W_2: Annotated[Array, "output, hidden"]
    b_2: Annotated[Array, "output"]


def shallow(X: Array, f_1: Callable, f_2: Callable) -> Array:
    r"""A shallow network as a composition: an affine map, the logistic function, an affine map.

    $$
    \hat{y} = (f_2 \circ \sigma \circ f_1)(X)
    $$

    Args:
        X: input $X$, shape `(..., input)`.
        f_1: affine map from `(..., input)` to `(..., hidden)`, such as `Affine(W_1, b_1)`.
        f_2: affine map from `(..., hidden)` to `(..., output)`.

    Returns:
        $\hat{y}$, shape `(..., output)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.layers import Affine
        >>> from lecture_code.sections.universal_approximation import shallow
        >>> f_1 = Affine(W=np.array([[1.0]]), b=np.array([-2.0]))
        >>> f_2 = Affine(W=np.array([[4.0]]), b=np.array([1.0]))
        >>> shallow(np.array([2.0]), f_1, f_2)  # 4 σ(0) + 1
        array([3.])
    """
    y_hat = compose(f_2, sigmoid, f_1)(X)
    return y_hat


def shallow_network(X: Array, weights: ShallowWeights) -> Array:
    r"""The same network with its weights written out.

    $$
    \hat{y} = W_2 \sigma(W_1 X + b_1) + b_2
    $$

    Args:
        X: input $X$, shape `(..., input)`.
        weights: `ShallowWeights(W_1, b_1, W_2, b_2)`.

    Returns:
        $\hat{y}$, shape `(..., output)`.

    Raises:
        ValueError: if `X` does not have as many features as `W_1` has columns.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections import universal_approximation as ua
        >>> W, b = np.array([[1.0]]), np.array([0.0])
        >>> weights = ua.ShallowWeights(W_1=W, b_1=b, W_2=4 * W, b_2=b + 1)
        >>> ua.shallow_network(np.zeros(1), weights)  # 4 σ(0) + 1
        array([3.])
    """
    W_1, b_1, W_2, b_2 = weights
    y_hat = affine(W_2, sigmoid(affine(W_1, X, b_1)), b_2)
    return y_hat


def staircase(function: Callable, a: float, b: float, width: int) -> ShallowWeights:
    """Build weights with which a shallow network follows a function, as the theorem promises.

    The interval is cut into as many pieces as there are hidden units. Each unit is a smooth step in
    the middle of its piece, as high as the function rises there.

    Args:
        function: function of an array of numbers.
        a: left end of the interval.
        b: right end of the interval, above `a`.
        width: how many hidden units, at least 1.

    Returns:
        Weights of a network with one input, `width` hidden units and one output.

    Raises:
        ValueError: if `b` is not above `a`, or `width` is below 1.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.universal_approximation import shallow_network, staircase
        >>> weights = staircase(np.square, 0.0, 1.0, width=100)
        >>> shallow_network(np.array([0.5]), weights).round(2)
        array([0.25])
    """
    if not a < b:
        raise ValueError(f"b: expected an end above a = {a}, got {b}")
    if width < 1:
        raise ValueError(f"width: expected at least 1 hidden unit, got {width}")
    ends = np.linspace(a, b, width + 1)
    values = function(ends)
    steepness = np.full(width, STEEPNESS * width / (b - a))
    middles = (ends[1:] + ends[:-1]) / 2
    return ShallowWeights(
        W_1=steepness[:, None],
        b_1=-steepness * middles,
        W_2=np.diff(values)[None],
        b_2=values[:1],
    )


def wave(x: Array) -> Array:
    r"""A smooth function to follow.

    Args:
        x: numbers, any shape, of numpy.

    Returns:
        $\sin 2 \pi x + x$.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.universal_approximation import wave
        >>> wave(np.array([0.0, 0.25]))
        array([0.  , 1.25])
    """
    return np.sin(2 * np.pi * x) + x


def train_wave(width: int, steps: int, seed: int) -> ShallowWeights:
    """Train a shallow network to follow `wave` from 0 to 1, from random weights.

    Args:
        width: how many hidden units.
        steps: how many steps of Adam, each on 200 places evenly spread over the interval.
        seed: seed of the first weights.

    Returns:
        The trained weights.

    Examples:
        >>> from lecture_code.sections.universal_approximation import train_wave
        >>> train_wave(width=5, steps=2, seed=1).sizes()
        {'hidden': 5, 'output': 1, 'input': 1}
    """
    x = np.linspace(0, 1, 200)[:, None]
    inputs, targets = torch.tensor(x), torch.tensor(wave(x))
    start = ShallowWeights.init(1, width, output=1, seed=seed)

    def loss(weights: ShallowWeights, step: int) -> torch.Tensor:
        return (shallow_network(inputs, weights) - targets).square().mean()

    return fit(start, loss, steps, learning_rate=0.05).weights

r"""Deep networks: $f_2 \circ \sigma \circ f_1$ repeated, and what the repetition buys."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from lecture_code.core.layers import Affine
from lecture_code.core.ops import Array, compose, relu
from lecture_code.core.training import fit


def deep(X: Array, f_1: Callable, f_2: Callable, f_3: Callable) -> Array:
    r"""A network with two hidden layers as a composition, with a rectifier between affine maps.

    $$
    \hat{y} = (f_3 \circ \operatorname{ReLU} \circ f_2 \circ \operatorname{ReLU} \circ f_1)(X)
    $$

    Args:
        X: input $X$, shape `(..., input)`.
        f_1: affine map from `(..., input)` to the first hidden layer.
        f_2: affine map from the first hidden layer to the second.
        f_3: affine map from the second hidden layer to `(..., output)`.

    Returns:
        $\hat{y}$, shape `(..., output)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.layers import Affine
        >>> from lecture_code.sections.deep_network import deep
        >>> double = Affine(W=np.array([[2.0]]), b=np.zeros(1))
        >>> deep(np.array([[3.0], [-3.0]]), double, double, double).ravel()
        array([24.,  0.])
    """
    y_hat = compose(f_3, relu, f_2, relu, f_1)(X)
    return y_hat


def network(layers: Sequence[Affine], activation: Callable = relu) -> Callable[[Array], Array]:
    """Make a network of any depth: affine maps with an activation between them.

    Args:
        layers: the affine maps, the first one first.
        activation: function of an array, entry by entry.

    Returns:
        A function from `(..., inputs of the first map)` to `(..., outputs of the last)`.

    Raises:
        ValueError: if there is no layer.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.layers import Affine
        >>> from lecture_code.sections.deep_network import network
        >>> double = Affine(W=np.array([[2.0]]), b=np.zeros(1))
        >>> network([double, double])(np.array([[3.0], [-3.0]])).ravel()
        array([12.,  0.])
    """
    if not layers:
        raise ValueError("layers: expected at least one affine map, got none")
    first, *others = layers
    functions: list[Any] = [first]
    for layer in others:
        functions = [layer, activation, *functions]
    return compose(*functions)


def zigzag(depth: int) -> tuple[Affine, ...]:
    r"""Weights with which a network of two units a layer goes up and down $2^{\text{depth}}$ times.

    Each hidden layer folds the interval from 0 to 1 once: $\min(2x, 2 - 2x)$, after Telgarsky
    (2016), *Benefits of depth in neural networks*, arXiv 1602.04485.

    Args:
        depth: how many hidden layers, at least 1.

    Returns:
        `depth + 1` affine maps for `network`, from one input to one output.

    Raises:
        ValueError: if `depth` is below 1.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.deep_network import network, zigzag
        >>> x = np.array([[0.0], [0.25], [0.5], [0.75], [1.0]])
        >>> network(zigzag(depth=2))(x).ravel()
        array([0., 1., 0., 1., 0.])
    """
    if depth < 1:
        raise ValueError(f"depth: expected at least 1 hidden layer, got {depth}")
    begin = Affine(np.array([[1.0], [1.0]]), np.array([0.0, -0.5]))
    fold = Affine(np.array([[2.0, -4.0], [2.0, -4.0]]), np.array([0.0, -0.5]))
    end = Affine(np.array([[2.0, -4.0]]), np.array([0.0]))
    return begin, *[fold] * (depth - 1), end


def random_layers(sizes: Sequence[int], seed: int) -> tuple[Affine, ...]:
    r"""Draw affine maps uniformly from $\pm 1/\sqrt{\text{inputs}}$, as `torch.nn.Linear` does.

    Args:
        sizes: features before the first map, and after each one.
        seed: the same seed gives the same maps.

    Returns:
        One map fewer than there are sizes.

    Examples:
        >>> from lecture_code.sections.deep_network import random_layers
        >>> [layer.W.shape for layer in random_layers([1, 4, 2], seed=1)]
        [(4, 1), (2, 4)]
    """
    random = np.random.default_rng(seed)
    maps = []
    for inputs, outputs in pairwise(sizes):
        bound = inputs**-0.5
        W = random.uniform(-bound, bound, (outputs, inputs))
        maps.append(Affine(W, random.uniform(-bound, bound, outputs)))
    return tuple(maps)


def train(sizes: Sequence[int], depth: int, steps: int, seed: int) -> tuple[Affine, ...]:
    """Train a network to follow the zigzag of a depth, from random weights.

    Args:
        sizes: features before the first map, and after each one; the ends are 1.
        depth: of the zigzag that is to be followed.
        steps: how many steps of Adam, each on 257 places evenly spread from 0 to 1.
        seed: seed of the first weights.

    Returns:
        The trained maps.

    Examples:
        >>> from lecture_code.sections.deep_network import train
        >>> layers = train([1, 4, 1], depth=1, steps=2, seed=1)
        >>> [layer.W.shape for layer in layers]
        [(4, 1), (1, 4)]
    """
    x = np.linspace(0, 1, 257)[:, None]
    inputs, targets = torch.tensor(x), torch.tensor(network(zigzag(depth))(x))

    def loss(layers: tuple[Affine, ...], step: int) -> torch.Tensor:
        return (network(layers)(inputs) - targets).square().mean()

    return fit(random_layers(sizes, seed), loss, steps, learning_rate=0.01).weights

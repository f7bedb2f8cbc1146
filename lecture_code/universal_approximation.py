r"""Universal approximation: a shallow network, and weights with which it follows a function."""

from collections.abc import Callable
from typing import Annotated, NamedTuple

from lecture_code.ops import Array, affine, compose, sigmoid
from lecture_code.weights import Bias, weights


@weights()
class ShallowWeights(NamedTuple):
    """Weights of a network with one hidden layer.

    Attributes:
        W_1: matrix of the first layer, shape `(hidden, input)`.
        b_1: bias of the first layer, shape `(hidden,)`.
        W_2: matrix of the second layer, shape `(output, hidden)`.
        b_2: bias of the second layer, shape `(output,)`.
    """

    W_1: Annotated[Array, "hidden, input"]
    b_1: Bias
    W_2: Annotated[Array, "output, hidden"]
    b_2: Annotated[Array, "output"]


class Affine(NamedTuple):
    """An affine map as a function: what the slides call a linear transformation $f$.

    Attributes:
        W: matrix, shape `(outputs, features)`.
        b: bias, shape `(outputs,)`.
    """

    W: Array
    b: Array

    def __call__(self, v: Array) -> Array:
        """Apply the map.

        Args:
            v: array, shape `(..., features)`.

        Returns:
            $W v + b$, shape `(..., outputs)`.
        """
        return affine(self.W, v, self.b)


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
    """
    W_1, b_1, W_2, b_2 = weights
    y_hat = affine(W_2, sigmoid(affine(W_1, X, b_1)), b_2)
    return y_hat

"""Layers that more than one section uses: the weights of a dense layer, and an affine map."""

from typing import Annotated, NamedTuple

from lecture_code.core.ops import Array, affine
from lecture_code.core.weights import Bias, Weights, container


@container()
class DenseWeights(Weights):
    """Weights of a dense layer.

    Attributes:
        W: matrix, shape `(hidden, input)`.
        b: bias, shape `(hidden,)`.

    Examples:
        >>> from lecture_code import DenseWeights
        >>> weights = DenseWeights.init(input_size=3, hidden_size=2, seed=1)
        >>> weights.W.shape, weights.b.shape
        ((2, 3), (2,))
    """

    W: Annotated[Array, "hidden, input"]
    b: Bias


class Affine(NamedTuple):
    """An affine map as a function: what the slides call a linear transformation $f$.

    Attributes:
        W: matrix, shape `(outputs, features)`.
        b: bias, shape `(outputs,)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.layers import Affine
        >>> f = Affine(W=np.array([[2.0]]), b=np.array([1.0]))
        >>> f(np.array([3.0]))
        array([7.])
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

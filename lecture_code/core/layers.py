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
    """

    W: Annotated[Array, "hidden, input"]
    b: Bias


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

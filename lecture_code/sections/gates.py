"""Gates: numbers between 0 and 1 that decide how much of each entry passes."""

from lecture_code.core.checks import check_same_shape, checked
from lecture_code.core.ops import Array, affine, concat, sigmoid
from lecture_code.core.weights import Bias, Matrix, Weights, container


@container(h="hidden")
class GateWeights(Weights):
    """Weights of one gate.

    Attributes:
        W: matrix that reads $[X_t, h_{t-1}]$, shape `(hidden, input + hidden)`.
        b: bias, shape `(hidden,)`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import GateWeights
        >>> GateWeights(W=np.zeros((4, 7)), b=np.zeros(4)).sizes()
        {'hidden': 4, 'input': 3}
    """

    W: Matrix
    b: Bias


@checked
def gate(x: Array, h: Array, weights: GateWeights) -> Array:
    r"""A learned gate: one number between 0 and 1 for each unit of the state.

    $$
    \Gamma = \sigma(W [X_t, h_{t-1}] + b)
    $$

    Args:
        x: input $X_t$, shape `(..., input)`.
        h: state $h_{t-1}$, shape `(..., hidden)`.
        weights: `GateWeights(W, b)`.

    Returns:
        The gate $\Gamma$, shape `(..., hidden)`: the shape of the state that it opens and closes.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import GateWeights, gate
        >>> weights = GateWeights(W=np.zeros((3, 4)), b=np.array([-1000.0, 0.0, 1000.0]))
        >>> gate(np.ones(1), np.ones(3), weights)
        array([0. , 0.5, 1. ])
    """
    W, b = weights
    gate = sigmoid(affine(W, concat(x, h), b))
    return gate


def apply_gate(X: Array, gate: Array) -> Array:
    r"""What passes a gate: every entry, multiplied by the gate's entry at the same place.

    $$
    Y = X \otimes \Gamma
    $$

    Args:
        X: the values, any shape.
        gate: the gate $\Gamma$, the same shape.

    Returns:
        $Y$, the same shape.

    Raises:
        ValueError: if the shapes differ.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import apply_gate
        >>> apply_gate(np.array([4.0, 4.0, 4.0]), np.array([0.0, 0.5, 1.0]))
        array([0., 2., 4.])
    """
    check_same_shape("gate", gate, "X", X)
    Y = X * gate
    return Y

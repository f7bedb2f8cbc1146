"""The loss, and its gradient worked out by hand: how the loss changes with weight and bias."""

from lecture_code.core.checks import check_same_shape
from lecture_code.core.layers import DenseWeights
from lecture_code.core.ops import Array, affine, sigmoid


def squared_error(y: Array, y_hat: Array) -> Array:
    r"""The squared difference between target and prediction.

    $$
    z = (y - \hat{y})^2
    $$

    Args:
        y: target $y$, any shape, or a number: one target for all predictions.
        y_hat: prediction $\hat{y}$, the shape of `y`; any shape, or a number, if `y` is a number.

    Returns:
        The loss $z$ of each prediction, the shape of `y_hat`, in the square of the target's unit.

    Raises:
        ValueError: if `y` is an array of another shape than `y_hat`.

    Examples:
        >>> from lecture_code.sections.loss import squared_error
        >>> squared_error(1.0, 0.5)
        0.25
    """
    if getattr(y, "shape", ()) != ():
        check_same_shape("y_hat", y_hat, "y", y)
    z = (y - y_hat) ** 2
    return z


def gradient(x: Array, y: Array, w: Array, b: Array) -> tuple[Array, Array]:
    r"""The gradient of the squared error of one neuron, by the chain rule.

    $$
    \begin{aligned}
    \hat{y} &= \sigma(w x + b) \\
    \frac{\partial z}{\partial w} &= -2 (y - \hat{y}) \hat{y} (1 - \hat{y}) x \\
    \frac{\partial z}{\partial b} &= -2 (y - \hat{y}) \hat{y} (1 - \hat{y})
    \end{aligned}
    $$

    Args:
        x: input $x$, a number.
        y: target $y$, a number.
        w: weight $w$, a number.
        b: bias $b$, a number.

    Returns:
        $\partial z / \partial w$ and $\partial z / \partial b$.

    Examples:
        >>> from lecture_code.sections.loss import gradient
        >>> print(*gradient(x=2.0, y=1.0, w=0.0, b=0.0))
        -0.5 -0.25
    """
    y_hat = sigmoid(w * x + b)
    dz_dw = -2 * (y - y_hat) * y_hat * (1 - y_hat) * x
    dz_db = -2 * (y - y_hat) * y_hat * (1 - y_hat)
    return dz_dw, dz_db


def layer_gradient(X: Array, Y: Array, weights: DenseWeights) -> tuple[Array, Array]:
    r"""The gradient of the squared error of a dense layer, summed over samples and outputs.

    $$
    \begin{aligned}
    \hat{Y} &= \sigma(W X + b) \\
    \Delta &= -2 (Y - \hat{Y}) \otimes \hat{Y} \otimes (1 - \hat{Y}) \\
    \frac{\partial z}{\partial W_{i,j}} &= \sum_n \Delta_{n,i} X_{n,j} \\
    \frac{\partial z}{\partial b_i} &= \sum_n \Delta_{n,i}
    \end{aligned}
    $$

    Args:
        X: inputs $X$, shape `(samples, input)`.
        Y: targets $Y$, shape `(samples, hidden)`: one for each output of the layer.
        weights: `DenseWeights(W, b)`.

    Returns:
        $\partial z / \partial W$, shape `(hidden, input)`, and $\partial z / \partial b$, shape
        `(hidden,)`.

    Raises:
        ValueError: if `X` does not fit the weights, or `Y` is not of the shape of the outputs.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import DenseWeights
        >>> from lecture_code.sections.loss import layer_gradient
        >>> weights = DenseWeights(W=np.zeros((1, 1)), b=np.zeros(1))
        >>> layer_gradient(np.array([[2.0]]), np.array([[1.0]]), weights)
        (array([[-0.5]]), array([-0.25]))
    """
    W, b = weights
    Y_hat = sigmoid(affine(W, X, b))
    check_same_shape("Y", Y, "the layer's output", Y_hat)
    delta = -2 * (Y - Y_hat) * Y_hat * (1 - Y_hat)
    dz_dW = delta.T @ X
    dz_db = delta.sum(0)
    return dz_dW, dz_db

"""Gradient descent: a step down the slope of the loss, of all samples or of a few at a time.

And the step as the slides print it, which goes up.
"""

from lecture_code.core.checks import wrong_shape
from lecture_code.core.ops import Array


def descend(
    w: Array, b: Array, dz_dw: Array, dz_db: Array, learning_rate: float
) -> tuple[Array, Array]:
    r"""One step of gradient descent: against the gradient, so that the loss falls.

    $$
    \begin{aligned}
    w &\leftarrow w - \eta \frac{\partial z}{\partial w} \\
    b &\leftarrow b - \eta \frac{\partial z}{\partial b}
    \end{aligned}
    $$

    Args:
        w: weight $w$, any shape.
        b: bias $b$, any shape.
        dz_dw: gradient $\partial z / \partial w$, the shape of `w`.
        dz_db: gradient $\partial z / \partial b$, the shape of `b`.
        learning_rate: learning rate $\eta$, a number.

    Returns:
        The new weight and the new bias.

    Examples:
        >>> from lecture_code.sections.optimizer import descend
        >>> descend(w=1.0, b=0.0, dz_dw=2.0, dz_db=4.0, learning_rate=0.25)
        (0.5, -1.0)
    """
    w = w - learning_rate * dz_dw
    b = b - learning_rate * dz_db
    return w, b


def ascend(
    w: Array, b: Array, dz_dw: Array, dz_db: Array, learning_rate: float
) -> tuple[Array, Array]:
    r"""The step as the slides print it, with a plus: along the gradient, so that the loss rises.

    $$
    \begin{aligned}
    w &\leftarrow w + \eta \frac{\partial z}{\partial w} \\
    b &\leftarrow b + \eta \frac{\partial z}{\partial b}
    \end{aligned}
    $$

    Args:
        w: weight $w$, any shape.
        b: bias $b$, any shape.
        dz_dw: gradient $\partial z / \partial w$, the shape of `w`.
        dz_db: gradient $\partial z / \partial b$, the shape of `b`.
        learning_rate: learning rate $\eta$, a number.

    Returns:
        The new weight and the new bias.

    Examples:
        >>> from lecture_code.sections.optimizer import ascend
        >>> ascend(w=1.0, b=0.0, dz_dw=2.0, dz_db=4.0, learning_rate=0.25)
        (1.5, 1.0)
    """
    w = w + learning_rate * dz_dw
    b = b + learning_rate * dz_db
    return w, b


def descend_on_batch(w: Array, slopes: Array, learning_rate: float) -> Array:
    r"""One step of mini-batch gradient descent: against the mean gradient of a few samples.

    $$
    w_j \leftarrow w_j - \frac{\eta}{B} \sum_n G_{n,j}
    $$

    Args:
        w: weights $w$, shape `(parameters,)`.
        slopes: gradients $G$ of the loss, one row for each of the $B$ samples of the batch, shape
            `(batch, parameters)`.
        learning_rate: learning rate $\eta$, a number.

    Returns:
        The new weights, shape `(parameters,)`.

    Raises:
        ValueError: if the shapes do not fit, or the batch is empty.

    Examples:
        Two samples that pull to both sides, one of them harder:

        >>> import numpy as np
        >>> from lecture_code.sections.optimizer import descend_on_batch
        >>> descend_on_batch(np.array([1.0]), np.array([[3.0], [-1.0]]), learning_rate=0.5)
        array([0.5])
    """
    B = len(slopes)
    if B < 1 or tuple(w.shape) != tuple(slopes.shape[1:]):
        expected = ["batch", f"parameters = {w.shape[0]}"]
        raise ValueError(wrong_shape("slopes", expected, None, tuple(slopes.shape)))
    w = w - learning_rate / B * slopes.sum(0)
    return w

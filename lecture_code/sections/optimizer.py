"""Gradient descent: a step down the slope of the loss, and the slides' step, which goes up."""

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

"""A neuron: a linear part, which is learned, and a non-linear part, which is chosen."""

from lecture_code.core.ops import Array, sigmoid


def predict(x: Array, w: Array, b: Array) -> Array:
    r"""One neuron: the input times a weight, plus a bias, through the logistic function.

    $$
    \hat{y} = \sigma(w x + b)
    $$

    Args:
        x: input $x$, any shape, or a number.
        w: weight $w$, a number.
        b: bias $b$, a number.

    Returns:
        The prediction $\hat{y}$, between 0 and 1, the shape of `x`.

    Examples:
        >>> from lecture_code.sections.neuron import predict
        >>> print(predict(2.0, w=3.0, b=-6.0))
        0.5
    """
    y_hat = sigmoid(w * x + b)
    return y_hat

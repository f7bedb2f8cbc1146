r"""Deep networks: $f_2 \circ \sigma \circ f_1$ repeated, and what the repetition buys."""

from collections.abc import Callable

from lecture_code.ops import Array, compose, relu


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
    """
    y_hat = compose(f_3, relu, f_2, relu, f_1)(X)
    return y_hat

"""Convolution: one small kernel slides over the whole image."""

import numpy as np

from lecture_code.core.checks import check_same_shape
from lecture_code.core.ops import Array, namespace, sigmoid


def convolve(X: Array, w: Array) -> Array:
    r"""Slide a kernel over an image: at each place, multiply entry by entry, and sum.

    This is what deep learning calls convolution, and signal processing cross-correlation: the
    kernel is not turned round.

    $$
    Y_{i,j} = \sum_m \sum_n w_{m,n} X_{i+m,j+n}
    $$

    Args:
        X: image $X$, shape `(..., rows, columns)`.
        w: kernel $w$, shape `(height, width)`.

    Returns:
        $Y$, shape `(..., rows - height + 1, columns - width + 1)`.

    Raises:
        ValueError: if the kernel has not two axes, or is larger than the image.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.convolution import convolve
        >>> convolve(np.arange(9).reshape(3, 3), np.ones((2, 2)))
        array([[ 8., 12.],
               [20., 24.]])
    """
    i, j = positions(X, w)
    Y = sum(w[m, n] * X[..., i + m, j + n] for m, n in np.ndindex(*w.shape))
    return Y


def convolve_strided(X: Array, w: Array, s: int) -> Array:
    r"""Slide a kernel over an image in steps of more than one row and column.

    $$
    Y_{i,j} = \sum_m \sum_n w_{m,n} X_{s i+m,s j+n}
    $$

    Args:
        X: image $X$, shape `(..., rows, columns)`.
        w: kernel $w$, shape `(height, width)`.
        s: stride $s$, in rows and columns, at least 1.

    Returns:
        $Y$, shape `(..., (rows - height) // s + 1, (columns - width) // s + 1)`.

    Raises:
        ValueError: if the kernel has not two axes or is larger than the image, or the stride is no
            whole number from 1 on.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.convolution import convolve_strided
        >>> convolve_strided(np.arange(16).reshape(4, 4), np.ones((2, 2)), 2)
        array([[10., 18.],
               [42., 50.]])
    """
    i, j = positions(X, w, s)
    Y = sum(w[m, n] * X[..., s * i + m, s * j + n] for m, n in np.ndindex(*w.shape))
    return Y


def convolution_layer(X: Array, w: Array, b: Array) -> Array:
    r"""A convolution with a bias, through the logistic function: a neuron that slides.

    $$
    Y = \sigma(w * X + b)
    $$

    Args:
        X: image $X$, shape `(..., rows, columns)`.
        w: kernel $w$, shape `(height, width)`.
        b: bias $b$, a number.

    Returns:
        $Y$, shape `(..., rows - height + 1, columns - width + 1)`.

    Raises:
        ValueError: if the kernel has not two axes, or is larger than the image.

    Examples:
        The kernel sees an edge:

        >>> import numpy as np
        >>> from lecture_code.sections.convolution import convolution_layer
        >>> X, w = np.array([[0.0, 0.0, 9.0, 9.0]]), np.array([[-1.0, 1.0]])
        >>> print(convolution_layer(X, w, -4.5).round(2))
        [[0.01 0.99 0.01]]
    """
    Y = sigmoid(convolve(X, w) + b)
    return Y


def kernel_gradient(X: Array, Y: Array, w: Array) -> Array:
    r"""The gradient of the squared error for the kernel: itself a convolution.

    $$
    \begin{aligned}
    \hat{Y} &= w * X \\
    \Delta &= -2 (Y - \hat{Y}) \\
    \frac{\partial z}{\partial w} &= \Delta * X
    \end{aligned}
    $$

    Args:
        X: image $X$, shape `(rows, columns)`.
        Y: target $Y$, shape `(rows - height + 1, columns - width + 1)`.
        w: kernel $w$, shape `(height, width)`.

    Returns:
        $\partial z / \partial w$, shape `(height, width)`, for the sum of the squared errors.

    Raises:
        ValueError: if the shapes do not fit.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.convolution import kernel_gradient
        >>> X, Y, w = np.array([[1.0, 2.0]]), np.array([[3.0, 3.0]]), np.array([[1.0]])
        >>> kernel_gradient(X, Y, w)  # -2 (3 - 1) 1 - 2 (3 - 2) 2
        array([[-8.]])
    """
    Y_hat = convolve(X, w)
    check_same_shape("Y", Y, "w * X", Y_hat)
    delta = -2 * (Y - Y_hat)
    dz_dw = convolve(X, delta)
    return dz_dw


def pad(X: Array, width: int) -> Array:
    """Put zeros around an image, so that its edge gets outputs too.

    Args:
        X: image, shape `(..., rows, columns)`.
        width: how many rows and columns of zeros on each side.

    Returns:
        Array of shape `(..., rows + 2 width, columns + 2 width)`.

    Raises:
        ValueError: if `width` is no whole number from 0 on.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.convolution import pad
        >>> pad(np.ones((1, 2)), 1)
        array([[0., 0., 0., 0.],
               [0., 1., 1., 0.],
               [0., 0., 0., 0.]])
    """
    if not isinstance(width, int | np.integer) or width < 0:
        raise ValueError(f"width: expected a whole number from 0 on, got {width!r}")
    xp = namespace(X)
    *batch, rows, columns = X.shape
    above = xp.zeros((*batch, width, columns), dtype=X.dtype, device=X.device)
    X = xp.concat((above, X, above), axis=-2)
    beside = xp.zeros((*batch, rows + 2 * width, width), dtype=X.dtype, device=X.device)
    return xp.concat((beside, X, beside), axis=-1)


def positions(X: Array, w: Array, stride: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Every row and column at which a kernel fits into an image.

    Args:
        X: image, shape `(..., rows, columns)`.
        w: kernel, shape `(height, width)`.
        stride: how far apart two places are, in rows and columns.

    Returns:
        The rows' numbers, shape `(rows of the output, 1)`, and the columns' numbers, shape
        `(columns of the output,)`: multiplied by the stride, the kernel's upper left corner.

    Raises:
        ValueError: if the kernel has not two axes or is larger than the image, or the stride is no
            whole number from 1 on.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.convolution import positions
        >>> i, j = positions(np.zeros((3, 4)), np.zeros((2, 2)))
        >>> print(i.ravel(), j)
        [0 1] [0 1 2]
    """
    if not isinstance(stride, int | np.integer) or stride < 1:
        raise ValueError(f"stride: expected a whole number from 1 on, got {stride!r}")
    if len(X.shape) < 2 or len(w.shape) != 2:
        raise ValueError(
            "expected an image X of shape (..., rows, columns) and a kernel w of shape "
            f"(height, width), got {tuple(X.shape)} and {tuple(w.shape)}"
        )
    rows, columns = ((a - b) // stride + 1 for a, b in zip(X.shape[-2:], w.shape, strict=True))
    if min(rows, columns) < 1 or 0 in w.shape:
        raise ValueError(
            f"w: a kernel of shape {tuple(w.shape)} does not fit into an image of shape "
            f"{tuple(X.shape[-2:])}"
        )
    return np.arange(rows)[:, None], np.arange(columns)

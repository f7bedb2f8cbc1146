r"""What the sections share: the logistic function, tanh, concatenation and matrix products.

Features stand on the last axis, so one definition serves a single vector, a batch, and a batch
over time. Every function takes numpy arrays and torch tensors (JAX and CuPy arrays come along), and
gives back the kind, dtype and device that it got.
"""

from collections.abc import Callable
from functools import cache, reduce
from typing import Any

import array_api_compat
import numpy as np

# Any, and no Protocol: numpy and torch annotate their operators so differently that none fits both.
# What an array must be is checked when a function is called.
Array = Any
"""A numpy array, a torch tensor, or any other array that array-api-compat knows."""


_NUMPY = (np.ndarray, np.generic)


def namespace(array: Array) -> Any:
    """The array library that an array belongs to: `numpy`, or array-api-compat's view of another.

    Args:
        array: any array, of any shape.

    Returns:
        A module with the functions of the array API standard.

    Raises:
        TypeError: if `array` is no array of a library that array-api-compat knows.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import namespace
        >>> namespace(np.ones(2)) is np
        True
    """
    # Asking array-api-compat on every call nearly doubles the time of a small step.
    return np if type(array) is np.ndarray else array_api_compat.array_namespace(array)


def sigmoid(x: Array) -> Array:
    r"""The logistic function $1 / (1 + \exp(-x))$, which maps every number into 0 to 1.

    Args:
        x: array of any shape, or a number.

    Returns:
        $\sigma(x)$, same shape, without a warning for any `x`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import sigmoid
        >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
        array([0. , 0.5, 1. ])
    """
    if isinstance(x, _NUMPY):
        # scipy's starts at once and numpy's exp is faster for each number: they meet near 1000.
        # scipy's has no float16.
        return _expit()(x) if x.size < 1000 and x.dtype.char in "fd" else _numpy_sigmoid(x)
    if isinstance(x, int | float):
        return _expit()(np.float64(x))
    xp = namespace(x)
    if hasattr(xp, "sigmoid"):
        # torch has its own, whose gradient is not inf / inf where exp overflows.
        return xp.sigmoid(x)
    return 0.5 * (1 + xp.tanh(0.5 * x))


@cache
def _expit() -> Callable[[Array], Array]:
    # Not above: scipy takes as long to import as all the rest of the package.
    from scipy.special import expit

    return expit


# Where exp(-x) is too large or too small for its dtype, the quotient is 0 or 1, as it should be.
@np.errstate(over="ignore", under="ignore")
def _numpy_sigmoid(x: Array) -> Array:
    if x.dtype.kind != "f":  # the sign of an unsigned integer cannot be turned
        x = x.astype(np.float64)
    return np.reciprocal(1 + np.exp(-x))


def tanh(x: Array) -> Array:
    r"""The hyperbolic tangent, which maps every number into the range from -1 to 1.

    Args:
        x: array of any shape.

    Returns:
        $\tanh(x)$, same shape.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import tanh
        >>> tanh(np.array([-1000.0, 0.0, 1000.0]))
        array([-1.,  0.,  1.])
    """
    return namespace(x).tanh(x)


def relu(x: Array) -> Array:
    r"""The rectifier: what is positive passes, what is negative becomes 0.

    Args:
        x: array of any shape.

    Returns:
        $\max(x, 0)$, same shape.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import relu
        >>> relu(np.array([-2.0, 0.0, 2.0]))
        array([0., 0., 2.])
    """
    # NaN passes, and the derivative at 0 is 0, as in torch.
    return namespace(x).where(x <= 0, 0, x)


def exp(x: Array) -> Array:
    r"""The exponential function.

    Args:
        x: array of any shape.

    Returns:
        $\exp(x)$, same shape.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import exp
        >>> exp(np.array([0.0, 1.0])).round(3)
        array([1.   , 2.718])
    """
    return namespace(x).exp(x)


def log(x: Array) -> Array:
    r"""The natural logarithm.

    Args:
        x: array of any shape, of numbers above 0.

    Returns:
        $\log(x)$, same shape.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import log
        >>> log(np.array([1.0, 2.0])).round(3)
        array([0.   , 0.693])
    """
    return namespace(x).log(x)


def concat(*arrays: Array) -> Array:
    r"""Concatenation $[a, b, \dots]$ along the features.

    Args:
        *arrays: arrays of shapes `(..., n_1)`, `(..., n_2)`, ..., equal on every axis but the last.

    Returns:
        Array of shape `(..., n_1 + n_2 + ...)`.

    Raises:
        ValueError: if the arrays differ on an axis other than the last.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import concat
        >>> concat(np.ones((5, 3)), np.zeros((5, 4))).shape
        (5, 7)
    """
    try:
        return namespace(arrays[0]).concatenate(arrays, -1)
    except (ValueError, RuntimeError) as error:
        shapes = " and ".join(str(tuple(array.shape)) for array in arrays)
        raise ValueError(
            f"concat: expected arrays that agree on every axis but the last, got shapes {shapes}"
        ) from error


def linear(W: Array, v: Array) -> Array:
    r"""The matrix product $Wv$, with the features of `v` on its last axis.

    Args:
        W: matrix, shape `(outputs, features)`.
        v: array, shape `(..., features)`.

    Returns:
        $Wv$, shape `(..., outputs)`.

    Raises:
        ValueError: if `v` does not have as many features as `W` has columns, or, in torch, another
            dtype.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import linear
        >>> linear(np.array([[1.0, 2.0]]), np.array([3.0, 4.0]))
        array([11.])
    """
    try:
        return _product(W, v)
    except (ValueError, RuntimeError) as error:
        raise ValueError(_no_product("linear", W, v)) from error


def affine(W: Array, v: Array, b: Array) -> Array:
    r"""The affine map $Wv + b$, with the features of `v` on its last axis.

    Args:
        W: matrix, shape `(outputs, features)`.
        v: array, shape `(..., features)`.
        b: bias, shape `(outputs,)`.

    Returns:
        $Wv + b$, shape `(..., outputs)`.

    Raises:
        ValueError: if the shapes cannot be multiplied and added, or, in torch, `W` and `v` differ
            in dtype.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import affine
        >>> affine(np.array([[1.0, 2.0]]), np.array([3.0, 4.0]), np.array([0.5]))
        array([11.5])
    """
    try:
        return _product(W, v) + b
    except (ValueError, RuntimeError) as error:
        raise ValueError(_no_product("affine", W, v)) from error


def _product(W: Array, v: Array) -> Array:
    # On small arrays numpy's dot starts a third faster than @; torch's dot takes vectors only.
    return v.dot(W.T) if type(v) is np.ndarray else v @ W.T


def _no_product(name: str, W: Array, v: Array) -> str:
    return (
        f"{name}: W of shape {tuple(W.shape)} and {W.dtype} takes arrays of shape "
        f"(..., {W.shape[-1]}) and the same dtype, got {tuple(v.shape)} and {v.dtype}"
    )


def split(array: Array, parts: int = 2) -> tuple[Array, ...]:
    """Cut an array into equal parts along the features: the way back from `concat`.

    Args:
        array: shape `(..., parts * n)`.
        parts: how many parts.

    Returns:
        `parts` arrays of shape `(..., n)`.

    Raises:
        ValueError: if the last axis cannot be cut into that many equal parts.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.ops import split
        >>> split(np.arange(6), 3)
        (array([0, 1]), array([2, 3]), array([4, 5]))
    """
    size, rest = divmod(array.shape[-1], parts)
    if rest:
        raise ValueError(
            f"split: expected a last axis that {parts} divides, got shape {tuple(array.shape)}"
        )
    return tuple(array[..., i * size : (i + 1) * size] for i in range(parts))


def compose(*functions: Callable) -> Callable:
    r"""Composition $f_n \circ \dots \circ f_1$: the last function is applied first.

    Args:
        *functions: functions of one argument, in the order in which the equation has them.

    Returns:
        The function that applies them all; of no functions, the one that changes nothing.

    Examples:
        >>> from lecture_code.core.ops import compose
        >>> compose(str, abs)(-3)
        '3'
    """
    return lambda x: reduce(lambda value, function: function(value), reversed(functions), x)

r"""Convolution over time: a kernel slides along a sequence, and never looks ahead."""

from typing import Annotated

import numpy as np

from lecture_code.core.checks import check_array, check_finite, check_same_shape
from lecture_code.core.ops import Array, concat, namespace
from lecture_code.core.weights import Weights, container

_AXES = ("batch", "input", "time")
_BEFORE = ("batch", "input", "d (width - 1)")


def convolve_time(X: Array, w: Array) -> Array:
    r"""Slide a kernel along sequences: at each place, multiply entry by entry, and sum.

    It is the convolution of images with one index less. Here, too, the kernel is not turned round.

    $$
    Y_{n,t} = \sum_m w_m X_{n,t+m}
    $$

    Args:
        X: sequences $X$, shape `(batch, time)`.
        w: kernel $w$, shape `(width,)`.

    Returns:
        $Y$, shape `(batch, time - width + 1)`: one value for each place at which the kernel fits.

    Raises:
        ValueError: if `X` or `w` has other axes, a number is not finite, or the kernel is longer
            than the sequences.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.temporal_convolution import convolve_time
        >>> convolve_time(np.array([[1.0, 4.0, 9.0, 16.0]]), np.array([-1.0, 1.0]))
        array([[3., 5., 7.]])
    """
    check_finite("X", X, ["sequence", "time step"])
    check_finite("w", w, ["place in the kernel"])
    if len(w) > X.shape[1]:
        raise ValueError(
            f"w: a kernel of {len(w)} time steps does not fit into sequences of {X.shape[1]}"
        )
    t = np.arange(X.shape[1] - len(w) + 1)
    Y = sum(w[m] * X[:, t + m] for m in range(len(w)))
    return Y


@container()
class ConvolutionWeights(Weights):
    r"""Weights of a convolution over time with several channels in and out.

    Attributes:
        W: kernels $W$, shape `(hidden, input, width)`: one for each pair of channels.
        b: biases $b$, shape `(hidden,)`.

    Examples:
        >>> from lecture_code.sections.temporal_convolution import ConvolutionWeights
        >>> ConvolutionWeights.init(input_size=3, hidden_size=8, width=5, seed=1).W.shape
        (8, 3, 5)
    """

    W: Annotated[Array, "hidden, input, width"]
    b: Annotated[Array, "hidden"]


def causal_convolution(X: Array, V: Array, weights: ConvolutionWeights, d: int) -> Array:
    r"""A convolution whose output at a time step reads that step and earlier ones only.

    What came before the sequence is put in front of it; then no output has to be left out, and none
    reads ahead.

    $$
    \begin{aligned}
    U &= [V, X] \\
    Y_{n,i,t} &= \sum_{j,m} W_{i,j,m} U_{n,j,t+d m} + b_i
    \end{aligned}
    $$

    Args:
        X: sequences $X$, shape `(batch, input, time)`: channels before time, as torch has them.
        V: what came before $V$, shape `(batch, input, d (width - 1))`; zeros where nothing is
            known, see `silence`.
        weights: `ConvolutionWeights(W, b)`.
        d: dilation $d$: how many time steps lie between two entries of the kernel, at least 1.

    Returns:
        $Y$, shape `(batch, hidden, time)`.

    Raises:
        TypeError: if `X` or `V` is no array of the weights' library.
        ValueError: if a shape or a dtype does not fit, or `d` is no whole number from 1 on.

    Examples:
        A mean of this value and the one before, of a sequence that begins after a 0:

        >>> import numpy as np
        >>> from lecture_code.sections.temporal_convolution import ConvolutionWeights
        >>> from lecture_code.sections.temporal_convolution import causal_convolution
        >>> mean = ConvolutionWeights(W=np.array([[[0.5, 0.5]]]), b=np.zeros(1))
        >>> X, V = np.array([[[2.0, 4.0, 8.0]]]), np.zeros((1, 1, 1))
        >>> causal_convolution(X, V, mean, d=1)
        array([[[1., 3., 6.]]])
    """
    check_finite("X", X, ["sequence", "channel", "time step"])
    W, b = weights
    check_array("X", X, _AXES, (X.shape[0], W.shape[1], X.shape[2]), W)
    check_array("V", V, _BEFORE, (X.shape[0], W.shape[1], _reach(W, d)), W)
    t = np.arange(X.shape[2])
    U = concat(V, X)
    Y = sum(W[:, :, m] @ U[:, :, t + d * m] for m in range(W.shape[2])) + b[:, None]
    return Y


def silence(X: Array, weights: ConvolutionWeights, d: int) -> Array:
    """The zeros that come before a sequence of which nothing earlier is known.

    Args:
        X: sequences, shape `(batch, input, time)`.
        weights: weights of the convolution.
        d: dilation, at least 1.

    Returns:
        Zeros of shape `(batch, input, d (width - 1))`, the `V` of `causal_convolution`.

    Raises:
        ValueError: if `d` is no whole number from 1 on.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.temporal_convolution import ConvolutionWeights, silence
        >>> weights = ConvolutionWeights.init(input_size=1, hidden_size=4, width=3, seed=1)
        >>> silence(np.ones((2, 1, 9)), weights, d=2).shape
        (2, 1, 4)
    """
    shape = (*X.shape[:2], _reach(weights.W, d))
    return namespace(X).zeros(shape, dtype=X.dtype, device=X.device)


def _reach(W: Array, d: int) -> int:
    """How far back the first entry of the kernels looks."""
    if not isinstance(d, int | np.integer) or d < 1:
        raise ValueError(f"d: expected a whole number of time steps from 1 on, got {d!r}")
    return int(d) * (W.shape[2] - 1)


def receptive_field(k: Array, d: Array) -> Array:
    r"""How many time steps of the input one output of a stack of convolutions depends on.

    $$
    r = 1 + \sum_l d_l (k_l - 1)
    $$

    Args:
        k: widths $k$ of the kernels, one for each layer, shape `(layers,)`.
        d: dilations $d$, one for each layer, shape `(layers,)`.

    Returns:
        $r$, in time steps, a number.

    Raises:
        TypeError: if `k` or `d` is no array.
        ValueError: if there is not one dilation for each width, or one of them is below 1.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.temporal_convolution import receptive_field
        >>> print(receptive_field(np.array([2, 2, 2]), np.array([1, 2, 4])))
        8
    """
    check_same_shape("d", d, "k", k)
    for name, sizes in (("k", k), ("d", d)):
        check_finite(name, sizes, ["layer"])
        if min(sizes) < 1:
            raise ValueError(f"{name}: expected whole numbers from 1 on, got {sizes}")
    r = 1 + (d * (k - 1)).sum()
    return r

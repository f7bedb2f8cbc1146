"""Sequences: what is lost when the order is, and how much the past says about the present."""

from lecture_code.core.ops import Array


def bag_of_words(X: Array) -> Array:
    r"""Sum a sequence over time, so that its order is gone: what a bag of words keeps.

    $$
    y_i = \sum_t X_{t,i}
    $$

    Args:
        X: sequence $X$, shape `(time, features)`; for words, one row a word.

    Returns:
        $y$, shape `(features,)`; for words, how often each one occurs.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.sequences import bag_of_words
        >>> bag_of_words(np.array([[1, 0], [0, 1], [1, 0]]))
        array([2, 1])
    """
    y = X.sum(0)
    return y


def autocorrelation(x: Array, k: int) -> Array:
    r"""How alike a series and its own past are: the correlation at lag $k$.

    $$
    \begin{aligned}
    \mu &= \frac{1}{T} \sum_{t=0}^{T-1} x_t \\
    r_k &= \frac{\sum_{t=0}^{T-k-1} (x_t - \mu) (x_{t+k} - \mu)}{\sum_{t=0}^{T-1} (x_t - \mu)^2}
    \end{aligned}
    $$

    Args:
        x: series $x$, shape `(time,)`.
        k: lag $k$, in time steps, from 0 to `time - 1`.

    Returns:
        $r_k$, a number from -1 to 1.

    Raises:
        ValueError: if the lag is below 0, or as long as the series.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.sequences import autocorrelation
        >>> print(autocorrelation(np.array([1.0, -1.0, 1.0, -1.0]), 1))
        -0.75
    """
    T = len(x)
    if not 0 <= k < T:
        raise ValueError(f"k: expected a lag from 0 to {T - 1}, got {k}")
    mean = 1 / T * x.sum()
    r = ((x[: T - k] - mean) * (x[k:] - mean)).sum() / ((x - mean) ** 2).sum()
    return r

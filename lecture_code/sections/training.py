"""Training in practice: losses for classes and for padded sequences, and a gradient's length."""

from lecture_code.core.checks import check_same_shape, wrong_shape
from lecture_code.core.ops import Array, exp, log, namespace, relu


def cross_entropy(Z: Array, Y: Array) -> tuple[Array, Array]:
    r"""The loss of a choice among classes, the mean over the samples, and its gradient.

    The softmax makes positive numbers $P$ of the scores, which add up to 1: a probability for each
    class. The loss is small if the right class has a large one.

    $$
    \begin{aligned}
    P_{n,k} &= \frac{\exp(Z_{n,k})}{\sum_j \exp(Z_{n,j})} \\
    L &= -\frac{1}{N} \sum_n \sum_k Y_{n,k} \log P_{n,k} \\
    \frac{\partial L}{\partial Z_{n,k}} &= \frac{P_{n,k} - Y_{n,k}}{N}
    \end{aligned}
    $$

    Args:
        Z: scores (torch: logits), what the readout gives, shape `(samples, classes)`.
        Y: targets, shape `(samples, classes)`: a 1 for the right class of each sample, 0 elsewhere.

    Returns:
        $L$, a number, in nats, and $\partial L / \partial Z$, shape `(samples, classes)`.

    Raises:
        ValueError: if the shapes differ, are not of two axes, or a row of `Y` does not add up to 1.

    Examples:
        Four classes with the same score have probability 1/4 each:

        >>> import numpy as np
        >>> from lecture_code.sections.training import cross_entropy
        >>> loss, slope = cross_entropy(np.zeros((1, 4)), np.array([[0.0, 1.0, 0.0, 0.0]]))
        >>> print(loss.round(4), slope)  # ln 4
        1.3863 [[ 0.25 -0.75  0.25  0.25]]
    """
    check_same_shape("Y", Y, "Z", Z)
    _check_targets(Y)
    N = len(Z)
    P = exp(Z) / exp(Z).sum(1)[:, None]
    L = -1 / N * (Y * log(P)).sum()
    dL_dZ = (P - Y) / N
    return L, dL_dZ


def masked_error(Y: Array, Y_hat: Array, M: Array) -> Array:
    r"""The mean squared error over the time steps that are there, and not over the padding.

    $$
    L = \frac{\sum_t \sum_n M_{t,n} (Y_{t,n} - \hat{Y}_{t,n})^2}{\sum_t \sum_n M_{t,n}}
    $$

    Args:
        Y: targets, shape `(time, batch)`. What they are in the padding does not matter, but they
            must be numbers: 0 times NaN is NaN.
        Y_hat: predictions, shape `(time, batch)`.
        M: mask, shape `(time, batch)`: 1 where there is a time step, 0 where there is padding.

    Returns:
        $L$, a number, in the square of the target's unit.

    Raises:
        ValueError: if the shapes differ, or the mask has no 1, or something else than 0 and 1.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.training import masked_error
        >>> Y, Y_hat = np.array([[5.0], [0.0]]), np.array([[3.0], [3.0]])
        >>> print(masked_error(Y, Y_hat, np.array([[1.0], [0.0]])))  # the second step is padding
        4.0
    """
    check_same_shape("Y_hat", Y_hat, "Y", Y)
    check_same_shape("M", M, "Y", Y)
    _check_mask(M)
    L = (M * (Y - Y_hat) ** 2).sum() / M.sum()
    return L


def mask(lengths: Array, time: int) -> Array:
    """Mark the time steps of padded sequences that are there.

    Args:
        lengths: how many steps each sequence has, shape `(batch,)`, whole numbers from 1 to `time`.
        time: how many steps the padded sequences have.

    Returns:
        1 where there is a time step and 0 where there is padding, shape `(time, batch)`.

    Raises:
        ValueError: if a length is not a whole number from 1 to `time`.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.training import mask
        >>> mask(np.array([3, 1]), time=3)
        array([[1., 1.],
               [1., 0.],
               [1., 0.]])
    """
    xp = namespace(lengths)
    if len(lengths.shape) != 1 or not bool(
        ((lengths >= 1) & (lengths <= time) & (lengths % 1 == 0)).all()
    ):
        raise ValueError(
            f"lengths: expected shape (batch,) and whole numbers from 1 to {time}, got {lengths}"
        )
    there = xp.arange(time)[:, None] < lengths[None, :]
    return xp.where(there, 1.0, 0.0)


def clip_by_norm(g: Array, largest: float) -> Array:
    r"""Shorten a gradient that is too long, and keep its direction.

    $\operatorname{ReLU}(\nu - c)$ is by how much the norm $\nu$ exceeds $c$: a short gradient is
    multiplied by $c / c$, and a long one by $c / \nu$. The $10^{-6}$ is torch's.

    $$
    \begin{aligned}
    \nu_n &= \sqrt{\sum_i g_{n,i}^2} \\
    g_{n,i} &\leftarrow \frac{c g_{n,i}}{c + \operatorname{ReLU}(\nu_n + 10^{-6} - c)}
    \end{aligned}
    $$

    Args:
        g: gradients, one in each row: all parameters of a model in one vector, shape
            `(models, parameters)`.
        largest: the largest norm $c$, above 0.

    Returns:
        The gradients, shape `(models, parameters)`, each with a norm of $c$ at the most.

    Raises:
        ValueError: if `g` has another number of axes, or `largest` is not above 0.

    Examples:
        A gradient of norm 5 is shortened to 1, one of norm 0.5 stays:

        >>> import numpy as np
        >>> from lecture_code.sections.training import clip_by_norm
        >>> print(clip_by_norm(np.array([[3.0, 4.0], [0.3, 0.4]]), largest=1.0).round(4))
        [[0.6 0.8]
         [0.3 0.4]]
    """
    if len(g.shape) != 2:
        raise ValueError(wrong_shape("g", ["models", "parameters"], None, tuple(g.shape)))
    if not largest > 0:
        raise ValueError(f"largest: expected a norm above 0, got {largest}")
    norm = (g**2).sum(1) ** 0.5
    g = largest * g / (largest + relu(norm + 1e-6 - largest))[:, None]
    return g


def _check_targets(Y: Array) -> None:
    if len(Y.shape) != 2:
        raise ValueError(wrong_shape("Y", ["samples", "classes"], None, tuple(Y.shape)))
    sums = Y.sum(-1)
    if not bool((abs(sums - 1) < 1e-6).all()):
        raise ValueError(
            f"Y: expected rows that add up to 1, one for each sample, got sums from "
            f"{float(sums.min()):g} to {float(sums.max()):g}"
        )


def _check_mask(M: Array) -> None:
    if not bool(((M == 0) | (M == 1)).all()) or not bool((M == 1).any()):
        raise ValueError("M: expected a mask of 0 and 1, with a 1 at least once")

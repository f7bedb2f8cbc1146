"""The history of recurrent networks: what Hopfield's network of 1982 computes."""

import numpy as np

from lecture_code.core.ops import Array, linear, namespace


def store(X: Array) -> Array:
    r"""Store patterns in the weights between units: units that agree are tied together.

    $$
    W_{i,j} = \frac{1}{N} \sum_p X_{p,i} X_{p,j}
    $$

    Args:
        X: patterns $X$ of -1 and 1, shape `(patterns, units)`.

    Returns:
        $W$, shape `(units, units)`, symmetric.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.sections.history import store
        >>> store(np.array([[1.0, -1.0]]))
        array([[ 0.5, -0.5],
               [-0.5,  0.5]])
    """
    _, N = X.shape
    W = 1 / N * X.T @ X
    return W


def recall(h: Array, W: Array) -> Array:
    r"""One step of recall: each unit takes the sign of what the others say.

    $$
    h_t = \operatorname{sgn}(W h_{t-1})
    $$

    Args:
        h: state $h_{t-1}$ of -1 and 1, shape `(..., units)`.
        W: weights $W$, shape `(units, units)`.

    Returns:
        The new state $h_t$, shape `(..., units)`.

    Examples:
        The last unit is wrong, and one step corrects it:

        >>> import numpy as np
        >>> from lecture_code.sections.history import recall, store
        >>> W = store(np.array([[1.0, 1.0, -1.0, -1.0]]))
        >>> recall(np.array([1.0, 1.0, -1.0, 1.0]), W)
        array([ 1.,  1., -1., -1.])
    """
    h_next = namespace(h).sign(linear(W, h))
    return h_next


def kept(patterns: int, units: int, trials: int) -> float:
    """Measure how well random patterns are recalled from copies with a tenth of the units wrong.

    Args:
        patterns: how many patterns are stored together.
        units: how many units the network has.
        trials: over how many draws to take the mean.

    Returns:
        The share of units that are right after twenty steps; before them it is 0.9.

    Examples:
        >>> from lecture_code.sections.history import kept
        >>> kept(patterns=1, units=20, trials=2)
        1.0
    """
    shares = []
    for trial in range(trials):
        X = np.random.default_rng([patterns, trial]).choice([-1.0, 1.0], (patterns, units))
        W = store(X)
        np.fill_diagonal(W, 0)  # no unit talks to itself
        h = X.copy()
        h[:, : units // 10] *= -1
        for _ in range(20):
            h = recall(h, W)
        shares.append((h == X).mean())
    return float(np.mean(shares))

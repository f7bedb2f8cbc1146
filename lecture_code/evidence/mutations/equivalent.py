r"""Mutations that change nothing, each with its proof: nobody can notice them."""

from typing import NamedTuple

from lecture_code.evidence.mutations.mutation import Mutation


class Equivalent(NamedTuple):
    """A mutation that has the original's value for every input.

    Attributes:
        function: the name of the function.
        of: `code` or `text`.
        kind: the kind of the mutation.
        detail: the changed line, as the mutation has it.
        proof: why nothing changes, with LaTeX between `$` and `$`.
    """

    function: str
    of: str
    kind: str
    detail: str
    proof: str


_SQUARE = (
    r"$\hat{y} - y = -(y - \hat{y})$, and $(-a)^2 = a^2$. In floating point too: rounding does not "
    "depend on the sign."
)
_SUM_OF_SQUARES = (
    r"$\mu - x_t = -(x_t - \mu)$ and $(-a)^2 = a^2$, so that each term stays what it is. "
    "In floating point too: rounding does not depend on the sign."
)
_ABSOLUTE = (
    "$|b - a| = |a - b|$, so that each term stays what it is. In floating point too: rounding does "
    "not depend on the sign."
)
_TURNED = "turn a difference"

EQUIVALENT = (
    Equivalent("squared_error", "code", _TURNED, "z = (y_hat - y) ** 2", _SQUARE),
    Equivalent("squared_error", "text", _TURNED, r"z = (\hat{y} - y)^{2}", _SQUARE),
    Equivalent(
        "masked_error",
        "code",
        _TURNED,
        "L = (M * (Y_hat - Y) ** 2).sum() / M.sum()",
        _SQUARE,
    ),
    Equivalent(
        "masked_error",
        "text",
        _TURNED,
        r"L = \frac{\sum_{t} \sum_{n} M_{t,n} (\hat{Y}_{t,n} - Y_{t,n})^{2}}"
        r"{\sum_{t} \sum_{n} M_{t,n}}",
        _SQUARE,
    ),
    Equivalent(
        "autocorrelation",
        "code",
        _TURNED,
        "r = ((x[:T - k] - mean) * (x[k:] - mean)).sum() / ((mean - x) ** 2).sum()",
        _SUM_OF_SQUARES,
    ),
    Equivalent(
        "autocorrelation",
        "text",
        _TURNED,
        r"r_k = \frac{\sum_{t=0}^{T - k - 1} (x_{t} - \mu) (x_{t + k} - \mu)}"
        r"{\sum_{t=0}^{T - 1} (\mu - x_{t})^{2}}",
        _SUM_OF_SQUARES,
    ),
    Equivalent(
        "standardize",
        "code",
        _TURNED,
        "deviation = (1 / T * ((mean - x[:T]) ** 2).sum(0)) ** 0.5",
        _SUM_OF_SQUARES,
    ),
    Equivalent(
        "standardize",
        "text",
        _TURNED,
        r"s = \sqrt{\frac{1}{T} \sum_{t=0}^{T - 1} (\mu - x_{t})^{2}}",
        _SUM_OF_SQUARES,
    ),
    Equivalent(
        "naive_scale",
        "code",
        _TURNED,
        "s = 1 / (T - m) * abs(x[:T - m] - x[m:]).sum()",
        _ABSOLUTE,
    ),
    Equivalent(
        "naive_scale",
        "text",
        _TURNED,
        r"s = \frac{1}{T - m} \sum_{t=m}^{T - 1} \sqrt{(x_{t - m} - x_{t})^{2}}",
        _ABSOLUTE,
    ),
    Equivalent("mase", "code", _TURNED, "e = 1 / (N * H) * abs(Y_hat - Y).sum()", _ABSOLUTE),
    Equivalent(
        "mase",
        "text",
        _TURNED,
        r"e = \frac{1}{N H} \sum_{n} \sum_{k} \sqrt{(\hat{Y}_{n,k} - Y_{n,k})^{2}}",
        _ABSOLUTE,
    ),
    Equivalent(
        "step_errors",
        "code",
        _TURNED,
        "e = (1 / N * ((Y_hat - Y) ** 2).sum(0)) ** 0.5",
        _SQUARE,
    ),
    Equivalent(
        "step_errors",
        "text",
        _TURNED,
        r"e_k = \sqrt{\frac{1}{N} \sum_{n=0}^{N - 1} (\hat{Y}_{n,k} - Y_{n,k})^{2}}",
        _SQUARE,
    ),
    Equivalent(
        "late_error",
        "code",
        _TURNED,
        "e = 1 / (T - s) * ((y_hat[s:] - y[:T - s]) ** 2).sum()",
        _SQUARE,
    ),
    Equivalent(
        "late_error",
        "text",
        _TURNED,
        r"e = \frac{1}{T - s} \sum_{t=s}^{T - 1} (\hat{y}_{t} - y_{t - s})^{2}",
        _SQUARE,
    ),
    Equivalent(
        "gain_over_seeds",
        "code",
        _TURNED,
        "s = (1 / (N * (N - 1)) * ((g - (a - b)) ** 2).sum()) ** 0.5",
        _SQUARE,
    ),
    Equivalent(
        "gain_over_seeds",
        "text",
        _TURNED,
        r"s = \sqrt{\frac{1}{N (N - 1)} \sum_{n=0}^{N - 1} (g - (a_{n} - b_{n}))^{2}}",
        _SQUARE,
    ),
)
"""Every mutation of the lecture that changes nothing."""


def equivalent_of(mutation: Mutation) -> Equivalent | None:
    """Find a mutation among those that change nothing.

    Args:
        mutation: the mutation.

    Returns:
        Its entry, or None.
    """
    key = (mutation.function.__name__, mutation.of, mutation.kind, mutation.detail)
    return next((entry for entry in EQUIVALENT if entry[:-1] == key), None)

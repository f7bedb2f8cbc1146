r"""The language of equations: each function and each operator in one row.

The grammar says how they combine. Everything else about them is here and nowhere else: the
evaluator, the writer, plain text, words, pictures and steppers read this table.
"""

import operator
from collections.abc import Callable
from functools import reduce
from typing import NamedTuple

from lecture_code.core.ops import Array, exp, log, namespace, relu, sigmoid, tanh
from lecture_code.equations.limits import check_shape

ADDED, MULTIPLIED, TERM, FACTOR = range(4)
"""How tightly the grammar holds parts together: what is looser than its place needs brackets."""


class Function(NamedTuple):
    """A function of one argument.

    Attributes:
        compute: from an array to an array of the same shape; for some, from several arrays.
        words: its name in a sentence.
        text: its name on one line.
    """

    compute: Callable[..., Array]
    words: str
    text: str


def _log_2(x: Array) -> Array:
    return namespace(x).log2(x)


def _log_10(x: Array) -> Array:
    return namespace(x).log10(x)


def _sign(x: Array) -> Array:
    return namespace(x).sign(x)


def _sin(x: Array) -> Array:
    return namespace(x).sin(x)


def _cos(x: Array) -> Array:
    return namespace(x).cos(x)


def _softplus(x: Array) -> Array:
    xp = namespace(x)
    return relu(x) + xp.log1p(xp.exp(-xp.abs(x)))  # no overflow


def softmax(x: Array, axis: int = -1) -> Array:
    r"""Positive numbers with the sum 1: $\exp(x_i) / \sum_j \exp(x_j)$.

    Args:
        x: array of any shape but `()`.
        axis: the axis over which the sum runs.

    Returns:
        Array of the same shape.

    Raises:
        ValueError: if `x` is one number.
    """
    if not getattr(x, "shape", ()):
        raise ValueError("softmax of one number: it is over the features, or over an index")
    xp = namespace(x)
    powers = xp.exp(x - xp.amax(x, axis, keepdims=True))
    return powers / xp.sum(powers, axis=axis, keepdims=True)


def _diagonal(x: Array) -> Array:
    if len(getattr(x, "shape", ())) != 1:
        raise ValueError("a diagonal matrix is made of one vector, without batch axes")
    check_shape((x.shape[0], x.shape[0]))
    return namespace(x).eye(x.shape[0], dtype=x.dtype) * x


def _determinant(x: Array) -> Array:
    shape: tuple[int, ...] = getattr(x, "shape", ())
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ValueError("a determinant is that of a square matrix")
    return namespace(x).linalg.det(x)


def _largest(*values: Array) -> Array:
    return reduce(lambda a, b: where(a > b, a, b), values)


def _smallest(*values: Array) -> Array:
    return reduce(lambda a, b: where(a < b, a, b), values)


def where(condition: Array, a: Array, b: Array) -> Array:
    """One value where a condition holds, and another one where it does not."""
    if not getattr(condition, "shape", ()):
        return a if condition else b
    return namespace(condition).where(condition, a, b)


FUNCTIONS = {
    r"\sigma": Function(sigmoid, "the logistic function", "σ"),
    r"\tanh": Function(tanh, "the hyperbolic tangent", "tanh"),
    r"\exp": Function(exp, "the exponential function", "exp"),
    r"\log": Function(log, "the logarithm", "log"),
    r"\operatorname{ReLU}": Function(relu, "the rectifier", "ReLU"),
    r"\operatorname{sgn}": Function(_sign, "the sign", "sgn"),
    r"\operatorname{softplus}": Function(_softplus, "the softplus function", "softplus"),
    r"\operatorname{softmax}": Function(softmax, "the softmax function", "softmax"),
    r"\det": Function(_determinant, "the determinant", "det"),
    r"\operatorname{diag}": Function(_diagonal, "the diagonal matrix", "diag"),
    r"\sin": Function(_sin, "the sine", "sin"),
    r"\cos": Function(_cos, "the cosine", "cos"),
    r"\log_2": Function(_log_2, "the logarithm to the base 2", "log₂"),
    r"\log_{10}": Function(_log_10, "the logarithm to the base 10", "log₁₀"),
    r"\max": Function(_largest, "the largest", "max"),
    r"\min": Function(_smallest, "the smallest", "min"),
}
"""The functions by their LaTeX. The last two take several arguments."""

SPELLINGS = {
    "sigmoid": r"\sigma",
    "sigm": r"\sigma",
    "logistic": r"\sigma",
    "tanh": r"\tanh",
    "exp": r"\exp",
    "log": r"\log",
    "ln": r"\log",
    "ReLU": r"\operatorname{ReLU}",
    "relu": r"\operatorname{ReLU}",
    "sgn": r"\operatorname{sgn}",
    "sign": r"\operatorname{sgn}",
    "softplus": r"\operatorname{softplus}",
    "softmax": r"\operatorname{softmax}",
    "diag": r"\operatorname{diag}",
    "sin": r"\sin",
    "cos": r"\cos",
}
SPELLINGS |= {word.capitalize(): latex for word, latex in SPELLINGS.items()}
r"""Other names, in an upright font: `\operatorname{sigmoid}`, `\mathrm{ReLU}`; and `\ln`."""

EXTREMES = (r"\max", r"\min")
"""Functions of several arguments that also run over an index, as a sum does."""

NAMED = "|".join(
    [latex[1:] for latex in FUNCTIONS if latex[1:].isalpha() and latex not in EXTREMES] + ["ln"]
)
"""Those with a command of their own, as the grammar lists them."""

ENVIRONMENTS = "aligned|align|split|gathered|gather|equation|eqnarray|array"
"""Blocks that hold one equation a line."""


class Reduction(NamedTuple):
    """What takes all values of an index together.

    Attributes:
        compute: from an array to one without its last axis.
        words: its name in a sentence.
    """

    compute: Callable[[Array], Array]
    words: str


REDUCTIONS = {
    r"\sum": Reduction(lambda x: x.sum(-1), "the sum"),
    r"\prod": Reduction(lambda x: x.prod(-1), "the product"),
    r"\max": Reduction(lambda x: namespace(x).amax(x, -1), "the largest"),
    r"\min": Reduction(lambda x: namespace(x).amin(x, -1), "the smallest"),
}
"""What runs over an index, by its LaTeX."""


class Operator(NamedTuple):
    """An operator of the grammar.

    Attributes:
        words: how it is said, with a place for each operand.
        sign: the sign between its operands in LaTeX, or "" if there is no single one.
        text: the sign between operands that are shown as numbers, or "" if they never are.
        tightness: how tightly it holds together, `ADDED` to `FACTOR`.
        of_numbers: what it computes of numbers, entry by entry, or None.
        bare: the operators whose results it takes without brackets in words: what binds tighter,
            and where the order makes no difference.
    """

    words: str
    sign: str = ""
    text: str = ""
    tightness: int = FACTOR
    of_numbers: Callable | None = None
    bare: tuple[str, ...] = ()


_PRODUCTS = ("product", "juxtaposition", "quotient", "power", "convolution", "transpose", "root")
_FACTORS = ("power", "transpose", "root")

OPERATORS = {
    "sum": Operator("{}, plus {}", "+", "+", ADDED, operator.add, ("sum", *_PRODUCTS)),
    "difference": Operator("{} minus {}", "-", "−", ADDED, operator.sub, _PRODUCTS),
    "negation": Operator("minus {}", "", "", ADDED, operator.neg, _PRODUCTS),
    "product": Operator(
        "{} times, entry by entry, {}",
        r"\otimes",
        "⊗",
        MULTIPLIED,
        operator.mul,
        ("product", *_FACTORS),
    ),
    "convolution": Operator("{} slid over {}", "*", "", MULTIPLIED),
    "juxtaposition": Operator(
        "{} times {}", "", "·", TERM, operator.mul, ("juxtaposition", *_FACTORS)
    ),
    "quotient": Operator("{} divided by {}", "/", "/", FACTOR, operator.truediv),
    "power": Operator("{} to the power of {}", of_numbers=operator.pow),
    "root": Operator("the square root of {}"),
    "conjunction": Operator("{} and {}"),
    "inner": Operator("the inner product of {} and {}"),
    "absolute": Operator("the absolute value of {}"),
    "norm": Operator("the length of {}"),
    "transpose": Operator("the transpose of {}"),
    "concatenation": Operator("{} joined with {}"),
    "arguments": Operator("{} and {}"),
}
"""The operators by their names in the grammar."""

RELATIONS: dict[str, tuple[Callable, str]] = {
    "<": (operator.lt, "is less than"),
    ">": (operator.gt, "is greater than"),
    r"\leq": (operator.le, "is at most"),
    r"\geq": (operator.ge, "is at least"),
    "=": (operator.eq, "is"),
    r"\neq": (operator.ne, "is not"),
}
"""What a condition asks, by its LaTeX: the question, and how it is said."""

RELATION_SPELLINGS = {
    r"\lt": "<",
    r"\gt": ">",
    r"\le": r"\leq",
    r"\leqslant": r"\leq",
    r"\ge": r"\geq",
    r"\geqslant": r"\geq",
    r"\ne": r"\neq",
}

ACTIVATIONS = (r"\sigma", r"\tanh", r"\operatorname{ReLU}")
"""The functions that a layer may end in."""

CHARACTERS = {r"\otimes": "⊗", r"\odot": "⊙", r"\leftarrow": "←", r"\circ": "∘"}
"""Signs that stand between others, as one character each."""

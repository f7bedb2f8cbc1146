r"""The language of equations: each function and each operator in one row.

The grammar says how they combine. Everything else about them is here and nowhere else: the
evaluator, the writer, plain text, words, pictures and steppers read this table.
"""

import operator
from collections.abc import Callable
from typing import NamedTuple

from lecture_code.core.ops import Array, namespace, relu, sigmoid, tanh

ADDED, MULTIPLIED, TERM, FACTOR = range(4)
"""How tightly the grammar holds parts together: what is looser than its place needs brackets."""


class Function(NamedTuple):
    """A function of one argument.

    Attributes:
        compute: from an array to an array of the same shape.
        words: its name in a sentence.
        text: its name on one line.
    """

    compute: Callable[[Array], Array]
    words: str
    text: str


def _exp(x: Array) -> Array:
    return namespace(x).exp(x)


def _log(x: Array) -> Array:
    return namespace(x).log(x)


def _sign(x: Array) -> Array:
    return namespace(x).sign(x)


FUNCTIONS = {
    r"\sigma": Function(sigmoid, "the logistic function", "σ"),
    r"\tanh": Function(tanh, "the hyperbolic tangent", "tanh"),
    r"\exp": Function(_exp, "the exponential function", "exp"),
    r"\log": Function(_log, "the logarithm", "log"),
    r"\operatorname{ReLU}": Function(relu, "the rectifier", "ReLU"),
    r"\operatorname{sgn}": Function(_sign, "the sign", "sgn"),
}
"""The functions by their LaTeX."""

NAMED = "|".join(latex[1:] for latex in FUNCTIONS if "{" not in latex)
"""Those with a command of their own, as the grammar lists them."""


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
    "transpose": Operator("the transpose of {}"),
    "concatenation": Operator("{} joined with {}"),
}
"""The operators by their names in the grammar."""

ACTIVATIONS = (r"\sigma", r"\tanh", r"\operatorname{ReLU}")
"""The functions that a layer may end in."""

CHARACTERS = {r"\otimes": "⊗", r"\odot": "⊙", r"\leftarrow": "←", r"\circ": "∘"}
"""Signs that stand between others, as one character each."""

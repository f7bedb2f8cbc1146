"""The rules that make one expression of another: of mutations, and of mistakes.

A rule is given an expression and tells what could stand in its place; it knows nothing of what is
around. Some are written in LaTeX, some in Python.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from lecture_code.equations.expressions import (
    Call,
    Composition,
    Expression,
    Number,
    Operation,
    Symbol,
)
from lecture_code.equations.language import ACTIVATIONS
from lecture_code.rewriting.patterns import Rule
from lecture_code.rewriting.trees import operation, put

AnyRule = Callable[[Expression], Iterator[Expression]]
"""What a `Rule` is, and a function can be."""

LAYER = "W [x, v] + b"
"""How weights read the input and the state."""

drop_the_bias = Rule("a + b", "a")
subtract_the_bias = Rule("a + b", "a - b")
turn_the_concatenation = Rule("[x, v]", "[v, x]")
flip_the_gate = Rule(r"g \otimes a + (1 - g) \otimes c", r"(1 - g) \otimes a + g \otimes c")
reset_the_product = Rule(r"m [x, g \otimes h] + b", r"g \otimes (m [x, h]) + b")
reset_all = Rule(r"m [x, g \otimes h] + b", r"g \otimes (m [x, h] + b)")
reset_the_state = Rule(r"g \otimes (m h + b)", r"m (g \otimes h) + b")
reset_without_bias = Rule(r"g \otimes (m h + b)", r"g \otimes (m h) + b")


def change_a_sign(part: Expression) -> Iterator[Expression]:
    """Turn a plus into a minus, a minus into a plus, and leave out a minus in front."""
    match part:
        case Operation(operator="sum", operands=operands):
            yield operation("difference", *operands)
        case Operation(operator="difference", operands=operands):
            yield operation("sum", *operands)
        case Operation(operator="negation", operands=(operand,)):
            yield operand


def turn_a_difference(part: Expression) -> Iterator[Expression]:
    """Exchange the sides of a minus."""
    match part:
        case Operation(operator="difference", operands=(left, right)):
            yield operation("difference", right, left)


def another_operator(part: Expression) -> Iterator[Expression]:
    """Add where there is a product, multiply where there is a sum, a difference or a quotient."""
    match part:
        case Operation(operator="product" | "convolution", operands=operands):
            yield operation("sum", *operands)
        case Operation(operator="juxtaposition", operands=(left, right)) if _multiplies(left):
            yield operation("sum", left, right)
        case Operation(operator="sum" | "difference" | "quotient", operands=(left, right)):
            yield operation("product", left, right)


def drop_a_term(part: Expression) -> Iterator[Expression]:
    """Leave out one side of a plus or a minus, but for a bias."""
    match part:
        case Operation(operator="sum", operands=(left, right)):
            yield from (one for one, other in ((right, left), (left, right)) if not _is_bias(other))
        case Operation(operator="difference", operands=(left, right)):
            yield from (right, left)


def drop_a_factor(part: Expression) -> Iterator[Expression]:
    """Leave out one side of a product."""
    match part:
        case Operation(operator="product", operands=operands):
            yield from operands
        case Operation(operator="juxtaposition", operands=operands) if _multiplies(operands[0]):
            yield from operands


def drop_the_activation(part: Expression) -> Iterator[Expression]:
    """Leave out a function: what it is applied to is the value."""
    match part:
        case Call(argument=argument):
            yield argument


def another_activation(part: Expression) -> Iterator[Expression]:
    """Take another function."""
    match part:
        case Call(function=function):
            yield from (replace(part, function=name) for name in ACTIVATIONS if name != function)
        case Composition(functions=functions):
            for n, name in enumerate(functions):
                if isinstance(name, str):
                    yield replace(part, functions=put(functions, n, r"\tanh"))


def change_a_number(part: Expression) -> Iterator[Expression]:
    """Take the next number."""
    match part:
        case Number(value=value):
            yield Number(str(value + 1), value + 1)


def drop_a_power(part: Expression) -> Iterator[Expression]:
    """Leave out an exponent or a root."""
    match part:
        case Operation(operator="power" | "root", operands=(base, *_)):
            yield base


def turn_a_quotient(part: Expression) -> Iterator[Expression]:
    """Turn a quotient upside down, and leave out what it is divided by."""
    match part:
        case Operation(operator="quotient", operands=(above, below)):
            yield operation("quotient", below, above)
            yield above


def drop_a_transpose(part: Expression) -> Iterator[Expression]:
    """Leave out a transpose."""
    match part:
        case Operation(operator="transpose", operands=(matrix,)):
            yield matrix


def swap_a_composition(part: Expression) -> Iterator[Expression]:
    """Exchange two neighbours of a composition."""
    match part:
        case Composition(functions=functions):
            for n in range(len(functions) - 1):
                swapped = [*functions]
                swapped[n : n + 2] = reversed(functions[n : n + 2])
                yield replace(part, functions=tuple(swapped))


def _is_bias(part: Expression) -> bool:
    return isinstance(part, Symbol) and part.name.startswith("b")


def _multiplies(left: Expression) -> bool:
    """Whether a left-hand neighbour is a factor, and no function."""
    return not isinstance(left, Composition)

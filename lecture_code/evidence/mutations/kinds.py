"""The kinds of mutations: each with what it does to an equation, and to code."""

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lecture_code.equations.expressions import Equation
from lecture_code.evidence.mutations import code_rules, equation_rules
from lecture_code.rewriting import rules
from lecture_code.rewriting.rules import AnyRule


class Kind(NamedTuple):
    """Mutations that put one expression in the place of another.

    Attributes:
        name: what a report calls them.
        text: the rules for an equation.
        code: the rules for a syntax tree.
    """

    name: str
    text: tuple[AnyRule, ...]
    code: tuple[code_rules.Rule, ...]


class WholeKind(NamedTuple):
    """Mutations that change a function or its equation as a whole.

    Attributes:
        name: what a report calls them.
        text: from the lines of an equation to changed ones.
        code: from a function's syntax tree to changed ones.
    """

    name: str
    text: Callable[[list[Equation]], Iterator[list[str]]]
    code: Callable[[ast.FunctionDef], Iterator[ast.FunctionDef]]


KINDS = (
    Kind("flip the update gate", (rules.flip_the_gate,), (code_rules.flip_the_update_gate,)),
    Kind(
        "move the reset",
        (
            rules.reset_the_product,
            rules.reset_all,
            rules.reset_the_state,
            rules.reset_without_bias,
        ),
        (code_rules.move_the_reset,),
    ),
    Kind("drop a bias", (rules.drop_the_bias,), (code_rules.drop_a_bias,)),
    Kind("drop the activation", (rules.drop_the_activation,), (code_rules.drop_the_activation,)),
    Kind("another activation", (rules.another_activation,), (code_rules.another_activation,)),
    Kind(
        "swap the concatenation",
        (rules.turn_the_concatenation,),
        (code_rules.swap_the_concatenation,),
    ),
    Kind("change a sign", (rules.change_a_sign,), (code_rules.change_a_sign,)),
    Kind("turn a difference", (rules.turn_a_difference,), (code_rules.turn_a_difference,)),
    Kind("another operator", (rules.another_operator,), (code_rules.another_operator,)),
    Kind("drop a term", (rules.drop_a_term,), (code_rules.drop_a_term,)),
    Kind("drop a factor", (rules.drop_a_factor,), (code_rules.drop_a_factor,)),
    Kind("change a number", (rules.change_a_number,), (code_rules.change_a_number,)),
    Kind("drop a power", (rules.drop_a_power,), (code_rules.drop_a_power,)),
    Kind("turn a quotient", (rules.turn_a_quotient,), (code_rules.turn_a_quotient,)),
    Kind("drop a transpose", (rules.drop_a_transpose,), (code_rules.drop_a_transpose,)),
    Kind("swap a composition", (rules.swap_a_composition,), (code_rules.swap_a_composition,)),
    # An equation has indices in the place of a kernel that could be turned.
    Kind("turn the kernel", (), (code_rules.turn_the_kernel,)),
)
"""Each kind that changes one expression."""

WHOLE = (
    WholeKind("swap two gates", equation_rules.swap_two_gates, code_rules.swap_two_gates),
    WholeKind("swap the results", equation_rules.swap_the_results, code_rules.swap_the_results),
    WholeKind(
        "hand on the tanh of the memory",
        equation_rules.hand_on_the_tanh,
        code_rules.hand_on_the_tanh,
    ),
)
"""Each kind that changes more than that."""

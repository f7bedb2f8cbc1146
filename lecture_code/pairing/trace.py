r"""A step's equation over time, with every quantity that is computed on the way.

A line such as $\Gamma_u = \sigma(W_u [X_t, h_{t-1}] + b_u)$ is computed from the inside out: the
concatenation, its product with the matrix, the sum with the bias, the gate. `trace` keeps all four,
at every time step.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

from lecture_code.core.checks import check_step, check_weights
from lecture_code.core.ops import Array
from lecture_code.equations.evaluator import results_of, value
from lecture_code.equations.expressions import Call, Expression, Number, Operation, Symbol
from lecture_code.pairing.functions import (
    Line,
    arguments_of,
    pair_lines,
    quantity,
    returned_by,
    roles_in,
    section_of,
)


def trace(step: Callable, inputs: Array, state: Any, weights: Any) -> list[dict[str, Array]]:
    r"""Run a step over a sequence by its equation, and keep everything that is computed.

    Args:
        step: a step function with an equation, such as `gru_step`.
        inputs: sequence, shape `(time, ..., input)`.
        state: the state before the first time step, as the step takes it.
        weights: the cell's weights.

    Returns:
        For each time step the values by LaTeX, in the order in which they are computed: the input
        and the state, then for each line its `parts` and its left-hand side, all of them under
        `name_of` them.

    Raises:
        TypeError: if an argument is not of the expected type.
        ValueError: if a shape or a dtype does not fit.
    """
    check_weights(step, weights)
    roles, steps = roles_in(section_of(step)), []
    for x in inputs:
        check_step(x, state, weights, x_name="inputs at each time step")
        known = arguments_of(step, x, state, weights)
        values = {symbol: value for symbol, value in known.items() if not _is_weight(symbol, step)}
        results: dict[str, Any] = {}
        for line in pair_lines(step):
            equation = line.equation
            for part in parts(equation.right):
                values[name_of(part)] = value(part, known, roles)
            results |= results_of(equation, known, roles)
            known |= results
            values |= results
        steps.append(values)
        state = returned_by(step, results)
    return steps


def parts(expression: Expression) -> Iterator[Expression]:
    r"""Everything that is computed inside an expression, from the inside out.

    Args:
        expression: the right-hand side of an equation without indices, or a part of one.

    Yields:
        Operations and functions: of $\sigma(W_u V_t + b_u)$ the product $W_u V_t$ and the sum, but
        no symbols, no numbers, and not the expression itself.
    """
    for _, operand in _inside_out(expression):
        if not isinstance(operand, Symbol | Number):
            yield operand


def stages(expression: Expression) -> Iterator[Expression]:
    r"""The parts of an expression that somebody who computes by hand would write down.

    Args:
        expression: as for `parts`.

    Yields:
        What stands in brackets, what a function or a concatenation is applied to, and what a
        function gives, from the inside out; last the expression itself. Of
        $\sigma(W_u [X_t, h_{t-1}] + b_u)$ these are the sum and the whole.
    """
    yield from _inner_stages(expression)
    yield expression


def written_down(line: Line) -> tuple[Expression, ...]:
    r"""What somebody who computes a line by hand writes down, ready to be looked up in a trace.

    Args:
        line: a line of an equation.

    Returns:
        The stages on the way, and then what stands on the left in place of the whole right.
    """
    *on_the_way, _ = stages(line.equation.right)
    return (*on_the_way, *line.equation.left)


def _inner_stages(expression: Expression) -> Iterator[Expression]:
    for whole, operand in _inside_out(expression):
        if not operand.children or joins(operand):
            continue
        is_taken = isinstance(whole, Call) or joins(whole)
        if is_taken or isinstance(operand, Call) or operand.bracketed:
            yield operand


def _inside_out(expression: Expression) -> Iterator[tuple[Expression, Expression]]:
    """Everything inside an expression, with what it is an operand of, from the inside out."""
    order, rest = [], [(expression, child) for child in expression.children]
    while rest:
        pair = rest.pop()
        order.append(pair)
        rest += [(pair[1], child) for child in pair[1].children]
    yield from reversed(order)


def name_of(expression: Expression) -> str:
    r"""What a trace calls an expression.

    Args:
        expression: a symbol or a part of an equation.

    Returns:
        The canonical name of a symbol, such as `\Gamma_u`; the text of a part, such as
        `[X_t, h_{t-1}]`.
    """
    return expression.name if isinstance(expression, Symbol) else expression.latex


def joins(expression: Expression) -> TypeGuard[Operation]:
    """Whether an expression is a concatenation.

    Args:
        expression: any expression.

    Returns:
        Whether it puts arrays side by side.
    """
    return isinstance(expression, Operation) and expression.operator == "concatenation"


def _is_weight(symbol: str, step: Callable) -> bool:
    return quantity(symbol, section_of(step)).role == "weight"

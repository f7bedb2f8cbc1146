"""The unrolled cell: a step in numbers, line by line, and time step by time step."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from lecture_code.equations import (
    Call,
    Expression,
    Number,
    Operation,
    Symbol,
    parse,
    to_mathml,
    to_mathml_marked,
)
from lecture_code.equations.language import OPERATORS
from lecture_code.pairing.functions import Line, arguments_of, pair_lines
from lecture_code.pairing.trace import joins, name_of, stages, trace, written_down
from lecture_code.publish.figures import entry
from lecture_code.publish.steppers.base import stepper, steps

DIGITS = 4
"""Digits after the point of what a step computes; weights are shown with all of theirs."""


def cell_stepper(
    function: Callable, inputs: np.ndarray, state: Any, weights: Any, *, title: str
) -> str:
    """A cell that a reader steps through time, with everything that it computes on the way.

    Args:
        function: a step function with an equation, such as `gru_step`.
        inputs: sequence, shape `(time, input)`.
        state: the state before the first time step, as the step takes it, without a batch.
        weights: the cell's weights.
        title: the stepper's heading.

    Returns:
        HTML.

    Raises:
        ValueError: if the sequence has a batch, or fewer than two time steps.
    """
    if inputs.ndim != 2 or len(inputs) < 2:
        raise ValueError(
            f"inputs: expected shape (time, input) with 2 time steps or more, got {inputs.shape}"
        )
    sheet = _Sheet(function, inputs, state, weights)
    data = {
        "steps": sheet.steps,
        "largest": sheet.largest,
        "digits": DIGITS,
        "states": sheet.states(),
    }
    lines = "".join(map(sheet.line, sheet.lines))
    return stepper(
        "cell",
        title,
        data,
        stage=f'{sheet.over_time()}<ol class="cell-lines">{lines}</ol>',
        controls=steps("step", "Step", len(inputs)),
        plain=sheet.all_steps(),
    )


class _Sheet:
    """The quantities of a cell over time, and how they are shown."""

    def __init__(self, function: Callable, inputs: np.ndarray, state: Any, weights: Any):
        self.lines = pair_lines(function)
        self.rows = {name: row for line in self.lines for name, row in line.quantities.items()}
        self.steps = trace(function, inputs, state, weights)
        known = arguments_of(function, inputs[0], state, weights)
        self.weights = {name: v for name, v in known.items() if name not in self.steps[0]}
        self.heaviest = max(float(abs(array).max()) for array in self.weights.values())
        # Gates and states have their full colour at 1; what grows larger has it at its largest.
        self.largest = {
            name: max(1.0, *(float(abs(values[name]).max()) for values in self.steps))
            for name in self.steps[0]
        }

    def states(self) -> list[dict[str, str]]:
        """Each array of the state: its letter, and its symbols before and after a step."""
        symbols = {row.variable: name for name, row in self.rows.items()}
        return [
            {"letter": before[0], "before": before, "after": symbols[f"{variable}_next"]}
            for variable, before in symbols.items()
            if f"{variable}_next" in symbols
        ]

    def over_time(self) -> str:
        """Inputs and states at all time steps, below the chain of cells that they go through."""
        rows = "".join(
            self._over_time(name, row.role, 2)
            for name, row in self.rows.items()
            if name in self.steps[0] and row.role in ("input", "output")
        )
        return (
            '<div class="cell-time"><table class="matrix" data-name="time">'
            f"{self._times()}{rows}</table></div>"
        )

    def _times(self) -> str:
        times = range(1, len(self.steps) + 1)
        cells = "".join(f'<th scope="col"><span>{time}</span></th>' for time in times)
        return f'<thead><tr><th scope="col"><i>t</i></th>{cells}</tr></thead>'

    def _over_time(self, name: str, role: str, digits: int) -> str:
        units = np.array([values[name] for values in self.steps]).T
        # Mathematics alone is no heading to every screen reader.
        words = (
            f'<span class="unseen">{self.rows[name].meaning}</span>' if name in self.rows else ""
        )
        head = f'<th scope="rowgroup" rowspan="{len(units)}">{words}{self.mathml(name)}</th>'
        rows = "".join(
            f"<tr>{'' if unit else head}{_entries(values, self.largest[name], digits)}</tr>"
            for unit, values in enumerate(units)
        )
        return f'<tbody data-role="{role}">{rows}</tbody>'

    def line(self, line: Line) -> str:
        """A line of the equation, and below it what it computes at the first time step."""
        mathml = to_mathml_marked(line.equation, self._mark)
        work = "".join(_together(*one) for one in self._work(line))
        return (
            f'<li class="cell-line"><div class="cell-equation">{mathml}</div>'
            f'<div class="cell-work">{work}</div></li>'
        )

    def _work(self, line: Line) -> list[list[str]]:
        """What a pocket calculator has to do, one result after the other."""
        right, work = line.equation.right, []
        left = [self.table(symbol, line) for symbol in line.equation.left]
        for before, stage in pairwise([None, *stages(right)]):
            result = left if stage is right else [self.table(stage, line, named=False)]
            if not isinstance(stage, Call):
                work.append([*self._formula(stage, line), _together(_sign("="), *result)])
                continue
            if stage.argument is not before:
                work.append([self.table(stage.argument, line)])
            arrow = f'<span class="cell-arrow">{to_mathml(stage.function)}</span>'
            work[-1].append(_together(arrow, *result))
        return work

    def _formula(self, expression: Expression, line: Line) -> Iterator[str]:
        """The operands of a stage as tables, with the signs between them."""
        between = ""
        for operand in expression.children:
            yield between
            between = _sign(OPERATORS[expression.operator].text or expression.operator)
            if isinstance(operand, Number):
                yield _sign(operand.latex)
            elif _is_open(operand):
                yield from self._formula(operand, line)
            else:
                yield self.table(operand, line)

    def table(self, expression: Expression, line: Line, named: bool = True) -> str:
        """A quantity at the first time step, as a column of numbers with its name above it."""
        key, role = name_of(expression), self._role(expression, line)
        words = self.rows[key].meaning if key in self.rows else _text(self.mathml(key))
        if key in self.weights:
            array, largest = self.weights[key], self.heaviest
        else:
            array, largest = self.steps[0][key], self.largest[key]
        exact = key in self.weights and np.array_equal(np.round(array, DIGITS), array)
        rows = array if array.ndim == 2 else array[:, None]
        body = "".join(
            f'<tr data-role="{role}">{_entries(row, largest, DIGITS, exact)}</tr>'
            for row, role in zip(rows, self._roles(expression, line, len(rows)), strict=True)
        )
        name = self._name(expression) if named else ""
        return (
            f'<div class="cell-table" data-role="{role}">'
            f'<span class="cell-name" aria-hidden="true">{name}</span>'
            f'<table class="matrix" data-name="{html.escape(key)}" data-role="{role}" '
            f'aria-label="{html.escape(words)}"><tbody>{body}</tbody></table></div>'
        )

    def _role(self, expression: Expression, line: Line) -> str:
        """A symbol's own role; what is computed on the way has the role of what it leads to."""
        if isinstance(expression, Symbol):
            return self.rows[expression.name].role
        return self.rows[line.equation.left[0].name].role

    def _roles(self, expression: Expression, line: Line, count: int) -> list[str]:
        """The role of each row: in a concatenation those of its parts, one below the other."""
        if not joins(expression):
            return [self._role(expression, line)] * count
        return [
            self._role(part, line)
            for part in expression.operands
            for _ in self.steps[0][name_of(part)]
        ]

    def _name(self, expression: Expression) -> str:
        """A short name: an inner part of more than two symbols was written out just before."""
        mathml = self.mathml(expression.latex)
        if joins(expression) or mathml.count("data-role") <= 2:
            return mathml
        function = expression.function if isinstance(expression, Call) else ""
        return to_mathml(rf"{function}(\dots)")

    def mathml(self, latex: str) -> str:
        """A part of an equation, with each symbol in the colour of its role."""
        [equation] = parse(f"y = {latex}")
        start = len("y = ")
        symbols = tuple(
            replace(symbol, span=(symbol.span[0] - start, symbol.span[1] - start))
            for symbol in equation.symbols[1:]
        )
        return to_mathml_marked(replace(equation, latex=latex, symbols=symbols), self._mark)

    def _mark(self, symbol: Symbol) -> dict[str, str]:
        return {"data-role": self.rows[symbol.name].role}

    def all_steps(self) -> str:
        """The weights, and every quantity at every time step, for paper."""
        named = {
            symbol.name: self.table(symbol, line)
            for line in self.lines
            for symbol in line.equation.symbols
            if symbol.name in self.weights
        }
        given = [
            self._over_time(name, row.role, DIGITS)
            for name, row in self.rows.items()
            if row.role in ("input", "state") and name in self.steps[0]
        ]
        return (
            f'<div class="cell-work">{"".join(named.values())}</div>'
            '<div class="cell-sheet" role="group" aria-label="All time steps">'
            f'<table class="matrix">{self._times()}{"".join(given)}'
            f"{''.join(map(self._sheet, self.lines))}</table></div>"
        )

    def _sheet(self, line: Line) -> str:
        rows = [
            self._over_time(name_of(part), self._role(part, line), DIGITS)
            for part in written_down(line)
        ]
        mathml = to_mathml_marked(line.equation, self._mark)
        head = f'<th scope="rowgroup" colspan="{len(self.steps) + 1}">{mathml}</th>'
        return f"<tbody><tr>{head}</tr></tbody>{''.join(rows)}"


def _is_open(expression: Expression) -> bool:
    """Whether a formula shows the operands of an expression, and not its result."""
    signed = isinstance(expression, Operation) and OPERATORS[expression.operator].text
    return bool(signed) and not expression.bracketed


def _sign(sign: str) -> str:
    return f'<span class="cell-sign">{html.escape(sign)}</span>'


def _together(*parts: str) -> str:
    """Signs and tables that stay on one line as long as there is room."""
    return f'<div class="cell-stage">{"".join(parts)}</div>'


def _entries(values: np.ndarray, largest: float, digits: int, exact: bool = False) -> str:
    rounded = np.round(values, digits) + 0.0  # + 0.0 turns -0 into 0
    return "".join(entry(value, largest, digits, exact) for value in rounded)


def _text(mathml: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", mathml))

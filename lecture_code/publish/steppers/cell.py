"""The unrolled cell: a step in numbers, line by line, and time step by time step."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from markupsafe import Markup

from lecture_code.equations import (
    Call,
    Equation,
    Expression,
    Number,
    Operation,
    Symbol,
    to_mathml,
    to_mathml_marked,
)
from lecture_code.equations.language import OPERATORS
from lecture_code.pairing.functions import Line, arguments_of, pair_lines
from lecture_code.pairing.trace import joins, name_of, stages, trace, written_down
from lecture_code.publish.elements import table_head
from lecture_code.publish.figures import entries
from lecture_code.publish.steppers.base import stepper, steps

DIGITS = 4
"""Digits after the point of what a step computes; weights are shown with all of theirs."""


def cell_stepper(
    function: Callable, inputs: np.ndarray, state: Any, weights: Any, *, title: str
) -> Markup:
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
    lines = Markup().join(map(sheet.line, sheet.lines))
    return stepper(
        "cell",
        title,
        data,
        stage=sheet.over_time() + Markup('<ol class="cell-lines">{}</ol>').format(lines),
        controls=steps("step", "Step", len(inputs)),
        plain=sheet.all_steps(),
    )


class _Sheet:
    """The quantities of a cell over time, and how they are shown."""

    def __init__(self, function: Callable, inputs: np.ndarray, state: Any, weights: Any):
        self.lines = pair_lines(function)
        self.rows = {name: row for line in self.lines for name, row in line.quantities.items()}
        self.symbols = {s.name: s for line in self.lines for s in line.equation.symbols}
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

    def over_time(self) -> Markup:
        """Inputs and states at all time steps, below the chain of cells that they go through."""
        rows = Markup().join(
            self._over_time(self.symbols[name], row.role, 2)
            for name, row in self.rows.items()
            if name in self.steps[0] and row.role in ("input", "output")
        )
        return Markup(
            '<div class="cell-time"><table class="matrix" data-name="time">{}{}</table></div>'
        ).format(self._times(), rows)

    def _times(self) -> Markup:
        times = map(Markup("<span>{}</span>").format, range(1, len(self.steps) + 1))
        return table_head((Markup("<i>t</i>"), *times))

    def _over_time(self, expression: Expression, role: str, digits: int) -> Markup:
        name = name_of(expression)
        units = np.array([values[name] for values in self.steps]).T
        # Mathematics alone is no heading to every screen reader.
        words = ""
        if name in self.rows:
            words = Markup('<span class="unseen">{}</span>').format(self.rows[name].meaning)
        head = Markup('<th scope="rowgroup" rowspan="{}">{}{}</th>').format(
            len(units), words, self._mathml(expression)
        )
        rows = Markup().join(
            Markup("<tr>{}{}</tr>").format(
                "" if unit else head, entries(values, self.largest[name], digits)
            )
            for unit, values in enumerate(units)
        )
        return Markup('<tbody data-role="{}">{}</tbody>').format(role, rows)

    def line(self, line: Line) -> Markup:
        """A line of the equation, and below it what it computes at the first time step."""
        work = Markup().join(_together(*one) for one in self._work(line))
        return Markup(
            '<li class="cell-line"><div class="cell-equation">{}</div>'
            '<div class="cell-work">{}</div></li>'
        ).format(self._mathml(line.equation), work)

    def _work(self, line: Line) -> list[list[Markup]]:
        """What a pocket calculator has to do, one result after the other."""
        right, work = line.equation.right, []
        left = [self.table(symbol, line) for symbol in line.equation.left]
        before: Expression | None = None
        for stage in stages(right):
            result = left if stage is right else [self.table(stage, line, named=False)]
            if not isinstance(stage, Call):
                work.append([*self._formula(stage, line), _together(_sign("="), *result)])
            else:
                if stage.argument is not before:
                    work.append([self.table(stage.argument, line)])
                arrow = Markup('<span class="cell-arrow">{}</span>').format(
                    to_mathml(stage.function)
                )
                work[-1].append(_together(arrow, *result))
            before = stage
        return work

    def _formula(self, expression: Expression, line: Line) -> Iterator[Markup]:
        """The operands of a stage as tables, with the signs between them."""
        between = Markup()
        for operand in expression.children:
            assert isinstance(expression, Operation)  # a cell has neither indices nor sums
            yield between
            between = _sign(OPERATORS[expression.operator].text or expression.operator)
            if isinstance(operand, Number):
                yield _sign(operand.latex)
            elif _is_open(operand):
                yield from self._formula(operand, line)
            else:
                yield self.table(operand, line)

    def table(self, expression: Expression, line: Line, named: bool = True) -> Markup:
        """A quantity at the first time step, as a column of numbers with its name above it."""
        key, role = name_of(expression), self._role(expression, line)
        words = self.rows[key].meaning if key in self.rows else self._mathml(expression).striptags()
        if key in self.weights:
            array, largest = self.weights[key], self.heaviest
        else:
            array, largest = self.steps[0][key], self.largest[key]
        exact = key in self.weights and np.array_equal(np.round(array, DIGITS), array)
        rows = array if array.ndim == 2 else array[:, None]
        body = Markup().join(
            Markup('<tr data-role="{}">{}</tr>').format(role, entries(row, largest, DIGITS, exact))
            for row, role in zip(rows, self._roles(expression, line, len(rows)), strict=True)
        )
        return Markup(
            '<div class="cell-table" data-role="{role}">'
            '<span class="cell-name" aria-hidden="true">{name}</span>'
            '<table class="matrix" data-name="{key}" data-role="{role}" '
            'aria-label="{words}"><tbody>{body}</tbody></table></div>'
        ).format(
            role=role,
            name=self._name(expression) if named else "",
            key=key,
            words=words,
            body=body,
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

    def _name(self, expression: Expression) -> Markup:
        """A short name: an inner part of more than two symbols was written out just before."""
        if joins(expression) or len(expression.symbols) <= 2:
            return self._mathml(expression)
        function = expression.function if isinstance(expression, Call) else ""
        return to_mathml(rf"{function}(\dots)")

    def _mathml(self, part: Equation | Expression) -> Markup:
        """An equation or a part of one, with each symbol in the colour of its role."""
        return to_mathml_marked(part, self._mark)

    def _mark(self, symbol: Symbol) -> dict[str, str]:
        return {"data-role": self.rows[symbol.name].role}

    def all_steps(self) -> Markup:
        """The weights, and every quantity at every time step, for paper."""
        named = {
            symbol.name: self.table(symbol, line)
            for line in self.lines
            for symbol in line.equation.symbols
            if symbol.name in self.weights
        }
        given = (
            self._over_time(self.symbols[name], row.role, DIGITS)
            for name, row in self.rows.items()
            if row.role in ("input", "state") and name in self.steps[0]
        )
        return Markup(
            '<div class="cell-work">{}</div>'
            '<div class="cell-sheet" role="group" aria-label="All time steps">'
            '<table class="matrix">{}{}{}</table></div>'
        ).format(
            Markup().join(named.values()),
            self._times(),
            Markup().join(given),
            Markup().join(map(self._sheet, self.lines)),
        )

    def _sheet(self, line: Line) -> Markup:
        head = Markup('<tbody><tr><th scope="rowgroup" colspan="{}">{}</th></tr></tbody>').format(
            len(self.steps) + 1, self._mathml(line.equation)
        )
        return head + Markup().join(
            self._over_time(part, self._role(part, line), DIGITS) for part in written_down(line)
        )


def _is_open(expression: Expression) -> bool:
    """Whether a formula shows the operands of an expression, and not its result."""
    signed = isinstance(expression, Operation) and OPERATORS[expression.operator].text
    return bool(signed) and not expression.bracketed


def _sign(sign: str) -> Markup:
    return Markup('<span class="cell-sign">{}</span>').format(sign)


def _together(*parts: Markup) -> Markup:
    """Signs and tables that stay on one line as long as there is room."""
    return Markup('<div class="cell-stage">{}</div>').format(Markup().join(parts))

r"""Worksheets: a cell to be computed by hand with small round numbers, and the key to it.

The numbers are drawn so that every one of them counts. Weights are multiples of one half and never
0; at every time step all that goes into $\sigma$ and $\tanh$ lies where these still change, and no
two of these numbers are near each other, so that whoever takes the wrong gate or the wrong unit
gets another result.

The key goes on with all digits, and shows `DIGITS` of them. Whoever rounds each result to as many
before going on stays within `SLACK` of it.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lecture_code.core.state import state_of
from lecture_code.course.cells import CELLS, cell_named
from lecture_code.equations import Call, Expression
from lecture_code.equations.text import to_text
from lecture_code.pairing.functions import Line, arguments_of, pair_lines
from lecture_code.pairing.trace import name_of, trace, written_down

DIGITS = 4
"""Digits after the point of a result."""

MOST_STEPS = 4
"""How many time steps there are at most: numbers that suit more of them are hard to find."""

SLACK = 0.0005
"""How far a key is at most from whoever rounds every result to `DIGITS` and goes on with that.

Measured over 150 seeds of each cell the distance was up to 0.0003.
"""

BLANK = "________"
"""What stands in a worksheet in place of a result."""

RULES = (
    "σ(z) = 1 / (1 + exp(-z)), and tanh(z) = 2 σ(2z) - 1.\n"
    "[a, b] puts b below a, and ⊗ multiplies unit by unit.\n"
    f"Write every result with {DIGITS} digits after the point, and go on with what you wrote."
)
"""What whoever fills it in has to know."""

_INPUT, _HIDDEN = 1, 2
_NUMBERS = np.array([-1, -0.5, 0.5, 1])
_INPUTS = np.array([-1.5, -1, -0.5, 0.5, 1, 1.5])

# What goes into σ and tanh: at 2 they have 88 and 96 percent of their height.
_SMALLEST, _LARGEST, _APART = 0.1, 2.0, 0.05


class Row(NamedTuple):
    """A quantity of a worksheet.

    Attributes:
        latex: what it is called, such as $h_0$; a result is called by what it is computed from.
        values: its numbers: of a vector one for each unit.

    Examples:
        >>> from lecture_code.worksheets import worksheet
        >>> W, *_ = worksheet("rnn", seed=1).given
        >>> W.latex, W.values.shape
        ('W', (2, 3))
    """

    latex: str
    values: np.ndarray


class Worksheet(NamedTuple):
    """A cell with its numbers, and all that is computed from them.

    Attributes:
        cell: the cell's name, a key of `CELLS`.
        seed: what the numbers were drawn with.
        equations: the lines of the cell's equation.
        given: weights, states before the first step and inputs.
        steps: for each time step and each line of the equation what is written down.
    """

    cell: str
    seed: int
    equations: tuple[str, ...]
    given: tuple[Row, ...]
    steps: tuple[tuple[tuple[Row, ...], ...], ...]


def worksheet(cell: str, seed: int = 1, steps: int = 2) -> Worksheet:
    """Draw the numbers of a worksheet, and compute its key.

    Args:
        cell: a key of `CELLS`.
        seed: 0 or more; the same seed gives the same numbers.
        steps: how many time steps, 1 to `MOST_STEPS`.

    Returns:
        The worksheet, with all its results.

    Raises:
        ValueError: if there is no such cell, or no such seed or number of steps.

    Examples:
        >>> from lecture_code.worksheets import worksheet
        >>> rnn = worksheet("rnn", seed=1, steps=2)
        >>> [row.latex for row in rnn.given]
        ['W', 'b', 'h_{0}', 'X_{1}', 'X_{2}']
    """
    chosen = cell_named(cell)
    if seed < 0:
        raise ValueError(f"seed: expected 0 or more, got {seed}")
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"steps: expected 1 to {MOST_STEPS}, got {steps}")
    step = chosen.step
    weights, state, inputs = draw(step, seed, steps)
    lines = pair_lines(step)
    return Worksheet(
        cell,
        seed,
        tuple(line.equation.latex for line in lines),
        tuple(_given(step, weights, state, inputs)),
        tuple(
            tuple(tuple(_results(line, values, time)) for line in lines)
            for time, values in enumerate(trace(step, inputs, state, weights), start=1)
        ),
    )


def _given(step: Callable, weights: Any, state: Any, inputs: np.ndarray) -> Iterator[Row]:
    known = arguments_of(step, inputs[0], state, weights)
    symbols = {s.name: s.latex for line in pair_lines(step) for s in line.equation.symbols}
    roles = {name: row.role for line in pair_lines(step) for name, row in line.quantities.items()}
    for role in ("weight", "state", "input"):
        for name in known:
            if roles[name] != role:
                continue
            values = inputs if role == "input" else known[name][None]
            for time, value in enumerate(values, start=1):
                yield Row(at_time(symbols[name], time), value)


def _results(line: Line, values: dict[str, np.ndarray], time: int) -> Iterator[Row]:
    *on_the_way, result = written_down(line)
    for part in on_the_way:
        yield Row(at_time(part.latex, time), values[name_of(part)])
    yield Row(at_time(line.equation.latex, time), values[name_of(result)])


def at_time(latex: str, time: int) -> str:
    """Put a number in place of the letter t.

    Args:
        latex: mathematics with subscripts such as those of $X_t$ and $h_{t-1}$.
        time: the number of a time step, from 1.

    Returns:
        The mathematics of that step, such as $X_1$ and $h_0$.
    """
    latex = re.sub(r"_t(?![A-Za-z])", f"_{{{time}}}", latex)
    return latex.replace("_{t-1}", f"_{{{time - 1}}}")


def draw(step: Callable, seed: int, steps: int) -> tuple[Any, Any, np.ndarray]:
    """Draw small round numbers with which every number counts.

    Args:
        step: the step function of a cell.
        seed: the same seed gives the same numbers.
        steps: how many time steps.

    Returns:
        Weights, the state before the first step, and the inputs, shape `(time, input)`.
    """
    random = np.random.default_rng(seed)
    kind = inspect.signature(step).parameters["weights"].annotation
    shapes = [array.shape for array in kind.init(_INPUT, _HIDDEN, seed=0)]
    while True:
        weights = kind(*(_distinct_rows(random, shape) for shape in shapes))
        state = state_of([_distinct_rows(random, (_HIDDEN,)) for _ in kind.state])
        inputs = _draw_inputs(step, weights, state, random, steps)
        if inputs is not None:
            return weights, state, inputs


def _distinct_rows(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers with which the two units never compute with the same row."""
    while True:
        array = random.choice(_NUMBERS, shape)
        if len(np.unique(array, axis=0)) == len(array):
            return array


def _draw_inputs(
    step: Callable, weights: Any, state: Any, random: np.random.Generator, steps: int
) -> np.ndarray | None:
    """Inputs that keep all functions where they change, or None if some step has no such input."""
    inputs: list[np.ndarray] = []
    for _ in range(steps):
        # The same input twice would hide a step that reads the wrong one.
        values = [value for value in random.permutation(_INPUTS) if [value] not in inputs[-1:]]
        fitting = (x for x in np.reshape(values, (-1, 1)) if _all_count(step, x, state, weights))
        x = next(fitting, None)
        if x is None:
            return None
        inputs.append(x)
        state = step(x, state, weights)
    return np.array(inputs)


def _all_count(step: Callable, x: np.ndarray, state: Any, weights: Any) -> bool:
    """Whether what goes into functions is neither large nor near 0, and nowhere nearly the same.

    Two functions differ in each unit, and the units differ in each function.
    """
    [values] = trace(step, x[None], state, weights)
    arguments = [
        values[name_of(call.argument)]
        for line in pair_lines(step)
        for call in _calls(line.equation.right)
    ]
    sizes = np.abs(arguments)
    is_apart = all(
        (np.diff(np.sort(arguments, axis), axis=axis) >= _APART).all() for axis in (0, 1)
    )
    return is_apart and sizes.min() >= _SMALLEST and sizes.max() <= _LARGEST


def _calls(expression: Expression) -> Iterator[Call]:
    for operand in expression.children:
        yield from _calls(operand)
    if isinstance(expression, Call):
        yield expression


def sheet(worksheet: Worksheet, key: bool = False) -> RenderableType:
    """Lay a worksheet out for a terminal.

    Args:
        worksheet: what `worksheet` makes.
        key: whether the results stand in it, or blanks.

    Returns:
        What a `rich.console.Console` prints, at a width of 80 or more.

    Examples:
        >>> from rich.console import Console
        >>> from lecture_code.worksheets import sheet, worksheet
        >>> console = Console(width=80, color_system=None)
        >>> with console.capture() as text:
        ...     console.print(sheet(worksheet("rnn", seed=1)))
        >>> print(text.get().splitlines()[0])
        RNN: worksheet, seed 1
    """
    title = CELLS[worksheet.cell].title
    kind = "key" if key else "worksheet"
    parts: list[RenderableType] = [
        Text(f"{title}: {kind}, seed {worksheet.seed}", "bold"),
        "",
        *(Text(f"  {to_text(latex)}") for latex in worksheet.equations),
        "",
        Text(RULES),
        _heading("Given"),
        _indented(Columns([_vector_or_matrix(row) for row in worksheet.given], padding=(0, 3))),
    ]
    for time, lines in enumerate(worksheet.steps, start=1):
        parts += [_heading(f"Step {time}"), _indented(_results_table(lines, key))]
    return Group(*parts)


def number(value: float) -> str:
    """Write a result with `DIGITS` digits after the point.

    Args:
        value: the result.

    Returns:
        Text such as `-0.5000`; what rounds to 0 has no sign.

    Examples:
        >>> from lecture_code.worksheets import number
        >>> number(-0.5), number(-0.00001)
        ('-0.5000', '0.0000')
    """
    return f"{round(float(value), DIGITS) + 0.0:.{DIGITS}f}"


def _heading(words: str) -> Text:
    return Text(f"\n{words}", "bold")


def _indented(part: RenderableType) -> RenderableType:
    return Padding(part, (0, 0, 0, 2), expand=False)


def _vector_or_matrix(row: Row) -> Table:
    """A name and its numbers in brackets, one line for each unit."""
    table = Table.grid(padding=(0, 1, 0, 0))
    lines = np.atleast_1d(row.values)
    lines = lines if lines.ndim == 2 else lines[:, None]
    entries = [[f"{value:g}" for value in line] for line in lines]
    width = max(len(entry) for line in entries for entry in line)
    for place, line in enumerate(entries):
        opening, closing = tuple(_bracket(place, len(entries)))
        name = f"{to_text(row.latex)} =" if place == 0 else ""
        inside = " ".join(entry.rjust(width) for entry in line)
        table.add_row(name, f"{opening}{inside}{closing}")
    return table


def _bracket(place: int, count: int) -> str:
    if count == 1:
        return "[]"
    return {0: "⎡⎤", count - 1: "⎣⎦"}.get(place, "⎢⎥")


def _results_table(lines: tuple[tuple[Row, ...], ...], key: bool) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="not bold dim")
    table.add_column("", no_wrap=True)
    for unit in range(1, _HIDDEN + 1):
        table.add_column(f"unit {unit}", justify="right", no_wrap=True)
    for line in lines:
        for row in line:
            results = [number(value) if key else BLANK for value in row.values]
            table.add_row(to_text(row.latex), *results)
    return table

r"""The equations as the slides print them: which were evaluated, how, and which were not, and why.

A card evaluates the equation of a function. The table of the slides shows lines that no function
has in its docstring; each of them is evaluated here from the LaTeX that is shown, and compared with
a card's line, or it says in the table why it is not.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from lecture_code.course.sections import SECTIONS
from lecture_code.equations import EquationSyntaxError, canonical, parse
from lecture_code.equations.evaluator import results_of
from lecture_code.equations.expressions import Equation
from lecture_code.equations.roles import VECTOR
from lecture_code.equations.writer import write
from lecture_code.evidence.measure import (
    SIZES,
    TEXT_TOLERANCE,
    EvidenceError,
    functions_with_equations,
    is_step,
    random_case,
)
from lecture_code.pairing.functions import (
    arguments_of,
    pair_lines,
    roles_in,
    section_of,
    values_of,
)
from lecture_code.publish.card import number
from lecture_code.sections.concatenation import joined
from lecture_code.sections.gates import apply_gate
from lecture_code.sections.gru import gru_step
from lecture_code.sections.gru_one_gate import gru_one_gate_step
from lecture_code.sections.lstm import lstm_literal_step
from lecture_code.sections.neuron import predict
from lecture_code.sections.universal_approximation import shallow


class Reading(NamedTuple):
    """How a printed line is evaluated.

    Attributes:
        function: the function whose card has the line.
        symbols: the card's symbols by those of the slide, where the two differ.
        written: the line as an equation, where the slide has only one side, or turns them round.
    """

    function: Callable
    symbols: Mapping[str, str] = MappingProxyType({})
    written: str = ""


class Formula(NamedTuple):
    """A line that the slides print.

    Attributes:
        stem: its section.
        latex: the line as printed.
        reading: how it was evaluated, if it was.
        error: its largest distance from the card's line, if it was.
        reason: why it was not, if it was not.
    """

    stem: str
    latex: str
    reading: Reading | None = None
    error: float = 0.0
    reason: str = ""

    @property
    def note(self) -> str:
        """What the table says below the line, with mathematics between dollar signs."""
        if self.reading is None:
            return f"not evaluated: {self.reason}"
        if self.reading.symbols:
            own, printed = (
                ", ".join(f"${symbol}$" for symbol in symbols)
                for symbols in (self.reading.symbols.values(), self.reading.symbols)
            )
            return f"evaluated with {own} for {printed}"
        return f"evaluated as ${self.reading.written}$" if self.reading.written else ""


def _own(letter: str) -> Mapping[str, str]:
    """One matrix and one bias for each line, where the slide has one for all."""
    return {"W": f"W_{letter}", "b": f"b_{letter}"}


_SHALLOW = {
    r"f_2 \circ \sigma \circ f_1": Reading(
        shallow, written=r"\hat{y} = (f_2 \circ \sigma \circ f_1)(X)"
    ),
}
_GATE = r"\sigma(W[X_t, h_{t-1}] + b)"
_GRU = {
    rf"\Gamma_u = {_GATE}": Reading(gru_step, _own("u")),
    rf"\Gamma_r = {_GATE}": Reading(gru_step, _own("r")),
    r"\tilde{h}_t = \tanh(W[X_t, \Gamma_r \otimes h_{t-1}] + b)": Reading(gru_step, _own("h")),
}

READINGS: dict[str, dict[str, Reading]] = {
    "neuron": {r"\sigma(wx + b)": Reading(predict, written=r"\hat{y} = \sigma(wx + b)")},
    "universal_approximation": _SHALLOW,
    "deep_network": _SHALLOW,
    "concatenation": {
        r"[x_t, h_{t-1}]": Reading(joined, {"x_t": "X_t"}, r"V_t = [x_t, h_{t-1}]"),
    },
    "gates": {r"X \otimes \Gamma = Y": Reading(apply_gate, written=r"Y = X \otimes \Gamma")},
    "gru_one_gate": {
        r"\tilde{h}_t = \tanh(W_H[X_t, h_{t-1}] + b_H)": Reading(
            gru_one_gate_step, {"W_H": "W_h", "b_H": "b_h"}
        ),
    },
    "gru": _GRU,
    "gru_packed": _GRU,
    "lstm": {
        **{rf"\Gamma_{gate} = {_GATE}": Reading(lstm_literal_step, _own(gate)) for gate in "uif"},
        r"\tilde{h} = \Gamma_i \otimes \tanh(W[X_t, h_{t-1}] + b)": Reading(
            lstm_literal_step, _own("c")
        ),
    },
}
"""The lines that are on a card, but not to the letter, by section."""

NOT_EVALUATED: dict[str, dict[str, str]] = {
    "loss": {
        r"\frac{\partial z}{\partial w} \quad \frac{\partial z}{\partial b}": (
            "two names, without what they are equal to; the page's cards have that"
        ),
    },
    "dimensionality": {r"O(n^2)": "a rate of growth has no value"},
    "convolution": {
        r"O(k)": "a rate of growth has no value",
        r"\sigma(w * x)": "the line has no bias; the card's has one",
    },
    "new_state": {
        r"h_t = \sigma(W_x X_t + W_h h_{t-1} + b)": (
            r"$\sigma$ is any activation here; the card's line has $\tanh$"
        ),
    },
}
"""The lines that are on no card, and why, by section."""


@cache
def formulas() -> tuple[Formula, ...]:
    """Evaluate every line that the slides print and that can be, and compare it with a card's.

    Returns:
        All printed lines, in the slides' order.

    Raises:
        EvidenceError: if a line has neither a reading nor a reason, or has both; if it is not what
            the card has; or if there is a reading or a reason of a line that is not printed.
    """
    printed = {(section.stem, latex) for section in SECTIONS for latex in section.printed}
    for table in (READINGS, NOT_EVALUATED):
        for stem, lines in table.items():
            for latex in lines:
                if (stem, latex) not in printed:
                    raise EvidenceError(f"{stem}: the slides do not print {latex}")
    return tuple(_formula(section.stem, latex) for section in SECTIONS for latex in section.printed)


def formula_summary() -> str:
    """How many equations there are of each kind, and those that were not evaluated.

    Returns:
        Markdown.
    """
    functions = functions_with_equations()
    lines = sum(len(pair_lines(function)) for function in functions)
    found = formulas()
    evaluated = [formula for formula in found if formula.reading]
    letter = sum(not formula.note for formula in evaluated)
    largest = max(formula.error for formula in evaluated)
    left = [formula for formula in found if not formula.reading]
    reasons = "".join(f"\n    - ${one.latex}$: {one.reason}." for one in left)
    return (
        f"- **On cards**: {len(functions)} equations with {lines} lines. Every line was evaluated "
        "from its own LaTeX.\n"
        f"- **As the slides print them**, in [slide by slide](../slides/): {len(found)} lines. "
        f"{len(evaluated)} were evaluated from the LaTeX that is shown there: {letter} of them are "
        f"a card's line to the letter, and below the other {len(evaluated) - letter} it says how "
        f"they were read. Their largest distance from the card's line: {number(largest)}. Not "
        f"evaluated, with the reason: {len(left)}.{reasons}\n"
        "- **In a sentence**: formulas between words are set, and not evaluated. No page has a "
        "displayed equation outside of cards and tables; a test sees to that."
    )


def _formula(stem: str, latex: str) -> Formula:
    reading = READINGS.get(stem, {}).get(latex) or _to_the_letter(stem, latex)
    reason = NOT_EVALUATED.get(stem, {}).get(latex, "")
    if bool(reading) == bool(reason):
        raise EvidenceError(
            f"{stem}: expected a reading of {latex} or a reason for having none, got "
            f"{'both' if reading else 'neither'}: lecture_code/publish/formulas.py"
        )
    if not reading:
        return Formula(stem, latex, reason=reason)
    error = _error(reading.written or latex, reading)
    if not error <= TEXT_TOLERANCE:
        raise EvidenceError(f"{stem}: {latex} is {error:.3g} away from {reading.function.__name__}")
    return Formula(stem, latex, reading, error)


def _to_the_letter(stem: str, latex: str) -> Reading | None:
    """The function that has the very line, of the section itself if one of its own does."""
    try:
        [equation] = parse(latex, roles_in(stem))
    except EquationSyntaxError:
        return None
    having = [
        function
        for function in functions_with_equations()
        if any(_key(line.equation) == _key(equation) for line in pair_lines(function))
    ]
    own_first = sorted(having, key=lambda function: section_of(function) != stem)
    return Reading(own_first[0]) if own_first else None


def _key(equation: Equation) -> tuple[Any, ...]:
    """What is the same for every spelling of an equation."""
    names = tuple(symbol.name for symbol in equation.left)
    return names, len(equation.indices), write(equation.right)


def _error(latex: str, reading: Reading) -> float:
    """How far a line is from the card's, with the values that the card's has before it."""
    arguments, results = _values(reading.function)
    before = results | arguments  # a line such as w ← w + ... reads the old w
    symbols = {canonical(printed): canonical(own) for printed, own in reading.symbols.items()}
    own_roles = roles_in(section_of(reading.function))
    [equation] = parse(latex, own_roles)
    [left] = equation.left
    read = {symbol.name for symbol in equation.symbols[1:]}
    known = {name: before[symbols.get(name, name)] for name in read}
    roles = {name: own_roles.get(symbols.get(name, name), VECTOR) for name in known}
    [value] = results_of(equation, known, roles).values()
    own = results[symbols.get(left.name, left.name)]
    if np.shape(value) != np.shape(own):
        raise EvidenceError(f"{latex}: shapes differ: {np.shape(value)} and {np.shape(own)}")
    return float(np.max(np.abs(value - own)))


@cache
def _values(function: Callable) -> tuple[dict[str, Any], dict[str, Any]]:
    """Random arguments of a function, and what its equation's lines make of them, by symbol."""
    case = random_case(function, SIZES[1], "float64")
    if is_step(function):
        case = case[0][0], *case[1:]  # one step of the sequence
    arguments = arguments_of(function, *case)
    return arguments, values_of(function, arguments)

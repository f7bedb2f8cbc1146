"""What a check found, for people, for graders and for notebooks."""

import html
import textwrap
from dataclasses import asdict, dataclass
from typing import Any

from lecture_code.checker.catalogue import FIRST_UNIT, MEAN
from lecture_code.equations.mathml import to_mathml
from lecture_code.equations.text import to_text

EXIT_CODES = {"right": 0, "differs": 1, "cannot be run": 2}
"""The command's exit status by verdict."""


WIDTH = 88
"""How many characters a line of the text has."""


@dataclass(frozen=True)
class LineFound:
    """A line of the equation that a finding concerns.

    Attributes:
        number: the line's number, from 1.
        lecture: the lecture's line, LaTeX.
        written: what the function computes in its place, LaTeX; empty if that is not known.
        value: the lecture's value, rounded, where two values are compared; else empty.
        found: the function's value, rounded, and the variable that has it; else empty.
    """

    number: int
    lecture: str
    written: str = ""
    value: str = ""
    found: str = ""


@dataclass(frozen=True)
class CheckResult:
    """What a check of a step function found.

    Attributes:
        function: the function's name.
        cell: `gru`, `lstm` or `rnn`.
        verdict: `right`, `differs` or `cannot be run`.
        sentence: the finding in a sentence.
        mistakes: the mistakes that together explain every number it returned; empty if none do.
        lines: the lines of the equation that are concerned.
        difference: the largest absolute difference from the lecture's step; None if nothing could
            be compared.
        notes: what else was noticed, and what to do about it.
    """

    function: str
    cell: str
    verdict: str
    sentence: str
    mistakes: tuple[str, ...] = ()
    lines: tuple[LineFound, ...] = ()
    difference: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if the function is right, 1 if it differs, 2 if it cannot be run."""
        return EXIT_CODES[self.verdict]

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values, for JSON.

        Returns:
            The attributes, and `exit_code`.
        """
        return asdict(self) | {"exit_code": self.exit_code}

    def __str__(self) -> str:
        """The result as text, a fact a line."""
        head = f"{self.function}: {self.verdict}. {self.sentence}"
        lines = textwrap.wrap(head, WIDTH, subsequent_indent="  ")
        for line in self.lines:
            lines.append(f"  line {line.number}, lecture: {equation_text(line.lecture)}")
            if line.written:
                lines.append(f"  line {line.number}, yours:   {equation_text(line.written)}")
            if line.value:
                lines.append(f"  its value, lecture: {line.value}")
                lines.append(f"  its value, yours:   {line.found}")
        for note in self.notes:
            lines += textwrap.wrap(
                f"note: {note}", WIDTH, initial_indent="  ", subsequent_indent="  "
            )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """How a notebook shows the result."""
        colour = "#1a7f37" if self.verdict == "right" else "#b3261e"
        rows = []
        for line in self.lines:
            rows.append(_row(f"line {line.number}, lecture", equation_math(line.lecture)))
            if line.written:
                rows.append(_row(f"line {line.number}, yours", equation_math(line.written)))
            if line.value:
                rows.append(_row("its value, lecture", html.escape(line.value)))
                rows.append(_row("its value, yours", html.escape(line.found)))
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return (
            f'<div style="border-left: 4px solid {colour}; padding: 0 1em">'
            f"<p><strong>{html.escape(self.function)}: {self.verdict}.</strong> "
            f"{html.escape(self.sentence)}</p>"
            f"<table>{''.join(rows)}</table>{notes}</div>"
        )


def _words(latex: str) -> str:
    """LaTeX in which the functions that only a mistake has are called by their names."""
    names = {FIRST_UNIT: "first", MEAN: "mean"}
    for symbol, name in names.items():
        latex = latex.replace(f"{symbol} (", rf"\operatorname{{{name}}}(")
    return latex


def equation_text(latex: str) -> str:
    """A line of an equation in Unicode, for a terminal.

    Args:
        latex: the line, or nothing.

    Returns:
        Text on one line.
    """
    return to_text(_words(latex))


def equation_math(latex: str) -> str:
    """A line of an equation as MathML, for a browser.

    Args:
        latex: the line.

    Returns:
        A `<math>` element.
    """
    return to_mathml(_words(latex))


def _row(head: str, cell: str) -> str:
    return (
        f'<tr><th style="text-align: left">{head}</th><td style="text-align: left">{cell}</td></tr>'
    )

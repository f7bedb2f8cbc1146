"""What a check found, for people, for graders and for notebooks."""

import textwrap
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from markupsafe import Markup

from lecture_code.checker.catalogue import FIRST_UNIT, MEAN
from lecture_code.equations.mathml import to_mathml
from lecture_code.equations.text import to_text

EXIT_CODES = {"right": 0, "differs": 1, "cannot be run": 2}
"""The command's exit status by verdict."""


WIDTH = 88
"""How many characters a line of the text has."""


class Row(NamedTuple):
    """What a finding shows of a line of the equation, the lecture's or the reader's.

    Attributes:
        what: which line, or its value.
        whose: `lecture` or `yours`.
        value: LaTeX, or a value.
        is_equation: whether it is LaTeX.
    """

    what: str
    whose: str
    value: str
    is_equation: bool = False

    @property
    def label(self) -> str:
        """What it is, and whose."""
        return f"{self.what}, {self.whose}"

    @property
    def text(self) -> str:
        """Its value for a terminal."""
        return to_text(_words(self.value)) if self.is_equation else self.value

    @property
    def html(self) -> str:
        """Its value for a browser: text or `Markup`."""
        return equation_math(self.value) if self.is_equation else self.value


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

    def rows(self) -> list[Row]:
        """What there is to show of it.

        Returns:
            The rows in order, without those that have no value.
        """
        line = f"line {self.number}"
        rows = (
            Row(line, "lecture", self.lecture, is_equation=True),
            Row(line, "yours", self.written, is_equation=True),
            Row("its value", "lecture", self.value),
            Row("its value", "yours", self.found),
        )
        return [row for row in rows if row.value]


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

    Examples:
        >>> from lecture_code import rnn_sigmoid_step
        >>> from lecture_code.checker import check
        >>> result = check(rnn_sigmoid_step, "rnn")
        >>> result.verdict, result.exit_code, result.sentence
        ('differs', 1, 'The new state has σ where tanh belongs.')
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
            lines += [f"  {row.what}, {row.whose + ':':8} {row.text}" for row in line.rows()]
        for note in self.notes:
            lines += textwrap.wrap(
                f"note: {note}", WIDTH, initial_indent="  ", subsequent_indent="  "
            )
        return "\n".join(lines)

    def _repr_html_(self) -> Markup:
        """How a notebook shows the result."""
        row = Markup(
            '<tr><th style="text-align: left">{}</th><td style="text-align: left">{}</td></tr>'
        )
        return Markup(
            '<div style="border-left: 4px solid {colour}; padding: 0 1em">'
            "<p><strong>{found.function}: {found.verdict}.</strong> {found.sentence}</p>"
            "<table>{rows}</table>{notes}</div>"
        ).format(
            colour="#1a7f37" if self.verdict == "right" else "#b3261e",
            found=self,
            rows=Markup().join(
                row.format(one.label, one.html) for line in self.lines for one in line.rows()
            ),
            notes=Markup().join(map(Markup("<p>{}</p>").format, self.notes)),
        )


def _words(latex: str) -> str:
    """LaTeX in which the functions that only a mistake has are called by their names."""
    names = {FIRST_UNIT: "first", MEAN: "mean"}
    for symbol, name in names.items():
        latex = latex.replace(f"{symbol} (", rf"\operatorname{{{name}}}(")
    return latex


def equation_math(latex: str) -> Markup:
    """A line of an equation as MathML, for a browser.

    Args:
        latex: the line.

    Returns:
        A `<math>` element.
    """
    return to_mathml(_words(latex))

"""What a mistake changes in the lines of an equation."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from lecture_code.equations.expressions import Equation, Symbol
from lecture_code.equations.parser import canonical
from lecture_code.rewriting.patterns import NoPlaceError, Rule, rewrite, symbol
from lecture_code.rewriting.trees import put, renamed, with_right

Lines = tuple[Equation, ...]

AnyChange = Callable[[Lines], Lines]
"""From the lines of an equation to changed ones; raises `NoPlaceError` where it does not fit."""


@dataclass(frozen=True)
class Change:
    """One line changed by a rule.

    Attributes:
        line: what the line computes, in LaTeX.
        rule: what is written in the place of what.
        everywhere: whether the rule is applied in every place, in contrast to the first.
    """

    line: str
    rule: Rule
    everywhere: bool = False

    def __call__(self, lines: Lines) -> Lines:
        """Change the line.

        Args:
            lines: the lines of an equation.

        Returns:
            The lines, one of them changed.

        Raises:
            NoPlaceError: if there is no such line, or the rule does not fit it.
        """
        n = _number_of(self.line, lines)
        right = rewrite(lines[n].right, self.rule, self.everywhere)
        return put(lines, n, with_right(lines[n], right))


@dataclass(frozen=True)
class ChangeAll:
    """A rule applied in each of some lines where it fits.

    Attributes:
        computing: what the lines compute, in LaTeX.
        rule: what is written in the place of what.
    """

    computing: tuple[str, ...]
    rule: Rule

    def __call__(self, lines: Lines) -> Lines:
        """Change the lines.

        Args:
            lines: the lines of an equation.

        Returns:
            The lines, changed where the rule fits: another mistake may have left no place in one.

        Raises:
            NoPlaceError: if it fits none of them.
        """
        changed = lines
        for line in self.computing:
            with suppress(NoPlaceError):
                changed = Change(line, self.rule)(changed)
        if changed == lines:
            raise NoPlaceError(self.rule.old, _text(lines))
        return changed


@dataclass(frozen=True)
class Exchange:
    """The weights of two layers exchanged.

    Attributes:
        one: what the line of one layer computes, in LaTeX.
        other: what that of the other one computes.
        kinds: `W` for the matrices, `b` for the biases, `Wb` for both.
    """

    one: str
    other: str
    kinds: str

    def __call__(self, lines: Lines) -> Lines:
        """Exchange the weights.

        Args:
            lines: the lines of an equation.

        Returns:
            The lines, two of them changed.

        Raises:
            NoPlaceError: if there are no such lines, or one of them has no such weights.
        """
        n, m = (_number_of(line, lines) for line in (self.one, self.other))
        changed = lines
        for kind in self.kinds:
            mine, yours = _letter(kind, lines[n]), _letter(kind, lines[m])
            if mine and yours:
                changed = put(changed, n, _with_letters(kind, changed[n], {mine: yours}))
                changed = put(changed, m, _with_letters(kind, changed[m], {yours: mine}))
        if changed == lines:
            raise NoPlaceError(f"{self.kinds} of {self.one} and {self.other}", _text(lines))
        return changed


@dataclass(frozen=True)
class Order:
    """The weights of every layer taken for those of another one.

    Attributes:
        theirs: the letters of the weights in the order in which somebody else has them.
        ours: the same letters in the cell's own order.
    """

    theirs: str
    ours: str

    def __call__(self, lines: Lines) -> Lines:
        """Read the weights in the other order.

        Args:
            lines: the lines of an equation.

        Returns:
            The lines, each layer with the weights that stand in its place.

        Raises:
            NoPlaceError: if no line has such weights.
        """
        letters = dict(zip(self.theirs, self.ours, strict=True))
        changed = lines
        for kind in "Wb":
            changed = tuple(_with_letters(kind, line, letters) for line in changed)
        if changed == lines:
            raise NoPlaceError(f"weights {', '.join(self.ours)}", _text(lines))
        return changed


def _number_of(symbol: str, lines: Lines) -> int:
    for number, line in enumerate(lines):
        if canonical(symbol) in {left.name for left in line.left}:
            return number
    raise NoPlaceError(f"{symbol} =", _text(lines))


def _text(lines: Lines) -> str:
    return r" \\ ".join(line.latex for line in lines)


_WEIGHT = re.compile(r"(?P<kind>[Wb])_\{?(?P<letter>\w)(?P<reads>[xh]?)\}?")
"""A weight's canonical name: its kind, its layer's letter, and what a part of a matrix reads."""


def _weights(kind: str, line: Equation) -> dict[str, re.Match]:
    """The weights of a kind in a line, by their canonical names."""
    names = {part.name for part in line.right.walk() if isinstance(part, Symbol)}
    found = {name: _WEIGHT.fullmatch(name) for name in sorted(names)}
    return {name: weight for name, weight in found.items() if weight and weight["kind"] == kind}


def _letter(kind: str, line: Equation) -> str:
    """Of which layer a line has the weights; nothing if it has none of this kind."""
    return next((weight["letter"] for weight in _weights(kind, line).values()), "")


def _with_letters(kind: str, line: Equation, letters: Mapping[str, str]) -> Equation:
    """A line with the weights of other layers."""
    names = {
        name: symbol(f"{kind}_{{{letters[weight['letter']]}{weight['reads']}}}")
        for name, weight in _weights(kind, line).items()
        if weight["letter"] in letters
    }
    return with_right(line, renamed(line.right, names)) if names else line

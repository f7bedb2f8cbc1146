"""From LaTeX to MathML, which browsers show without a script."""

import html
from collections.abc import Callable, Mapping

import math_core

from lecture_code.equations.parser import Equation, Symbol

_CONVERTER = math_core.LatexToMathML(fancy_error=False)

# Names of characters that HTML knows and XML does not.
_CHARACTERS = {"&ApplyFunction;": "\u2061", "&InvisibleTimes;": "\u2062"}

# Stand-ins for symbols come from Unicode's private use area, which no LaTeX contains.
_FIRST_PRIVATE = 0xE000


class LatexError(ValueError):
    """LaTeX that cannot be rendered."""


def to_mathml(latex: str, display: bool = False) -> str:
    """Render LaTeX, equations of the grammar or any other.

    Args:
        latex: the mathematics, without dollar signs around it.
        display: whether it stands on a line of its own.

    Returns:
        A `<math>` element.

    Raises:
        LatexError: if the LaTeX is invalid; the message shows it.
    """
    try:
        mathml = _CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except math_core.LatexError as error:
        raise LatexError(f"invalid LaTeX at character {error}\n    {latex}") from None
    for name, character in _CHARACTERS.items():
        mathml = mathml.replace(name, character)
    return mathml


def to_mathml_marked(equation: Equation, mark: Callable[[Symbol], Mapping[str, str]]) -> str:
    """Render one equation with an element of its own around every occurrence of a symbol.

    Args:
        equation: an equation from `parse`.
        mark: gives the attributes of a symbol's `<mrow>`, such as `{"class": "gate"}`.

    Returns:
        A `<math>` element in display style.

    Raises:
        LatexError: if the LaTeX is invalid.
    """
    latex = equation.latex
    stand_ins = [chr(_FIRST_PRIVATE + index) for index in range(len(equation.symbols))]
    for symbol, stand_in in reversed(list(zip(equation.symbols, stand_ins, strict=True))):
        start, end = symbol.span
        latex = latex[:start] + stand_in + latex[end:]
    mathml = to_mathml(latex, display=True)
    for symbol, stand_in in zip(equation.symbols, stand_ins, strict=True):
        mathml = mathml.replace(f"<mi>{stand_in}</mi>", _marked(symbol, mark(symbol)))
    return mathml


def _marked(symbol: Symbol, attributes: Mapping[str, str]) -> str:
    inner = to_mathml(symbol.latex).removeprefix("<math>").removesuffix("</math>")
    marks = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<mrow{marks}>{inner}</mrow>"

"""From LaTeX to MathML, which browsers show without a script."""

from collections.abc import Callable, Mapping

import math_core
from markupsafe import Markup

from lecture_code.equations.parser import Equation, Expression, Symbol

_CONVERTER = math_core.LatexToMathML(fancy_error=False)

# Names of characters that HTML knows and XML does not.
_CHARACTERS = {"&ApplyFunction;": "\u2061", "&InvisibleTimes;": "\u2062"}

# Stand-ins for symbols come from Unicode's private use area, which no LaTeX contains.
_FIRST_PRIVATE = 0xE000


class LatexError(ValueError):
    r"""LaTeX that cannot be rendered.

    Examples:
        >>> from lecture_code.equations import LatexError, to_mathml
        >>> try:
        ...     to_mathml(r"\tanhh x")
        ... except LatexError as error:
        ...     print(error)
        invalid LaTeX at character 0: Unknown command "\tanhh".
            \tanhh x
    """


def to_mathml(latex: str, display: bool = False) -> Markup:
    """Render LaTeX, equations of the grammar or any other.

    Args:
        latex: the mathematics, without dollar signs around it.
        display: whether it stands on a line of its own.

    Returns:
        A `<math>` element.

    Raises:
        LatexError: if the LaTeX is invalid; the message shows it.

    Examples:
        >>> from lecture_code.equations import to_mathml
        >>> print(to_mathml("h_t"))
        <math><msub><mi>h</mi><mi>t</mi></msub></math>
    """
    try:
        mathml = _CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except math_core.LatexError as error:
        raise LatexError(f"invalid LaTeX at character {error}\n    {latex}") from None
    for name, character in _CHARACTERS.items():
        mathml = mathml.replace(name, character)
    return Markup(mathml)


def to_mathml_marked(
    part: Equation | Expression, mark: Callable[[Symbol], Mapping[str, str]]
) -> Markup:
    """Render an equation, or a part of one, with an element around every occurrence of a symbol.

    Args:
        part: an equation from `parse`, or an expression in it.
        mark: gives the attributes of a symbol's `<mrow>`, such as `{"class": "gate"}`.

    Returns:
        A `<math>` element in display style.

    Raises:
        LatexError: if the LaTeX is invalid.

    Examples:
        >>> from lecture_code.equations import parse, to_mathml_marked
        >>> [equation] = parse("y = x")
        >>> print(to_mathml_marked(equation.right, lambda symbol: {"class": symbol.name}))
        <math display="block"><mrow class="x"><mi>x</mi></mrow></math>
    """
    latex, symbols = part.latex, part.symbols
    begin = part.start if isinstance(part, Expression) else 0
    stand_ins = [chr(_FIRST_PRIVATE + index) for index in range(len(symbols))]
    for symbol, stand_in in reversed(list(zip(symbols, stand_ins, strict=True))):
        start, end = symbol.span
        latex = latex[: start - begin] + stand_in + latex[end - begin :]
    mathml = to_mathml(latex, display=True)
    for symbol, stand_in in zip(symbols, stand_ins, strict=True):
        mathml = mathml.replace(f"<mi>{stand_in}</mi>", _marked(symbol, mark(symbol)))
    return mathml


def _marked(symbol: Symbol, values: Mapping[str, str]) -> Markup:
    inner = to_mathml(symbol.latex).removeprefix("<math>").removesuffix("</math>")
    return Markup("<mrow{}>{}</mrow>").format(attributes(values), inner)


def attributes(values: Mapping[str, str]) -> Markup:
    """Write attributes into a tag.

    Args:
        values: values by attribute.

    Returns:
        MathML or HTML, with a space in front of each.
    """
    return Markup().join(map(Markup(' {}="{}"').format, values, values.values()))

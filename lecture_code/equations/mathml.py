"""From LaTeX to MathML, which browsers show without a script."""

import re
from collections.abc import Callable, Mapping

import math_core
from markupsafe import Markup

from lecture_code.equations.expressions import Equation, Expression, Symbol
from lecture_code.equations.limits import check_markup, unwritable, writable

_CONVERTER = math_core.LatexToMathML(fancy_error=False)

# Names of characters that HTML knows and XML does not.
_CHARACTERS = {"&ApplyFunction;": "\u2061", "&InvisibleTimes;": "\u2062"}

# Stand-ins for symbols come from Unicode's largest private area: those that the LaTeX lacks.
_PRIVATE = range(0xF0000, 0xFFFFE)


# What a command stands for would be made after its size has been checked.
_DEFINITION = re.compile(r"\\(def|gdef|edef|let|(re)?newcommand|providecommand)(?![a-zA-Z])")


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
        EquationSizeError: if it is too long or too deep, or leaves too many brackets open.
        TypeError: if it is no string.

    Examples:
        >>> from lecture_code.equations import to_mathml
        >>> print(to_mathml("h_t"))
        <math><msub><mi>h</mi><mi>t</mi></msub></math>
    """
    check_markup(latex)
    if found := unwritable(latex):
        problem = f"invalid LaTeX at character {found[0]}: {found[1]}"
        raise LatexError(f"{problem}\n    {writable(latex)}")
    if command := _DEFINITION.search(latex):
        raise LatexError(
            f"invalid LaTeX at character {command.start()}: expected LaTeX that defines no "
            f"commands, got {command[0]}\n    {latex}"
        )
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
        EquationSizeError: if it is too long or too deep.

    Examples:
        >>> from lecture_code.equations import parse, to_mathml_marked
        >>> [equation] = parse("y = x")
        >>> print(to_mathml_marked(equation.right, lambda symbol: {"class": symbol.name}))
        <math display="block"><mrow class="x"><mi>x</mi></mrow></math>
    """
    latex, symbols = part.latex, part.symbols
    begin = part.start if isinstance(part, Expression) else 0
    taken = set(latex)
    free = (chr(place) for place in _PRIVATE if chr(place) not in taken)
    in_order = sorted(symbols, key=lambda symbol: symbol.start)
    marked = dict(zip(free, in_order, strict=False))
    pieces, end = [], 0
    for stand_in, symbol in marked.items():
        pieces += [latex[end : symbol.span[0] - begin], stand_in]
        end = symbol.span[1] - begin
    mathml = to_mathml("".join([*pieces, latex[end:]]), display=True)
    return Markup(
        re.sub(
            "<mi>([\U000f0000-\U000ffffd])</mi>",
            lambda found: (
                _marked(marked[found[1]], mark(marked[found[1]]))
                if found[1] in marked
                else found[0]
            ),
            mathml,
        )
    )


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

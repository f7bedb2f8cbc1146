r"""From equations back to LaTeX: what `parse` reads as the same expression again."""

from lecture_code.equations.language import ADDED, FACTOR, MULTIPLIED, OPERATORS, TERM
from lecture_code.equations.parser import (
    Call,
    Composition,
    Expression,
    Indexed,
    Number,
    Operation,
    Sum,
    Symbol,
)


def write(expression: Expression) -> str:
    r"""Write an expression as LaTeX, with brackets where it has them or needs them.

    Args:
        expression: the right-hand side of an equation, or a part of one, as `parse` makes it. Its
            own `latex` is read only where it is a symbol or a number.

    Returns:
        LaTeX. Functions have brackets around what they are applied to, but for a symbol that has
        none; quotients are fractions.
    """
    written = _bare(expression)
    return f"({written})" if expression.bracketed and not _is_concatenation(expression) else written


def _bare(expression: Expression) -> str:
    match expression:
        case Indexed(symbol=symbol, indices=indices):
            return f"{symbol.latex}_{{{','.join(map(write, indices))}}}"
        case Call(function=function, argument=argument):
            return (
                f"{function} {write(argument)}"
                if _is_open(expression)
                else f"{function}({_bare(argument)})"
            )
        case Composition(functions=functions):
            names = (one if isinstance(one, str) else one.latex for one in functions)
            return r" \circ ".join(names)
        case Sum(index=index, limits=limits, term=term):
            below, above = "", ""
            if limits:
                below, above = f"={write(limits[0])}", f"^{{{write(limits[1])}}}"
            return rf"\sum_{{{index.latex}{below}}}{above} {_at_least(TERM, term)}"
        case Operation():
            return _operation(expression.operator, *expression.operands)
    return expression.latex


def _operation(operator: str, *operands: Expression) -> str:
    match operator, operands:
        case "negation", [operand]:
            return f"-{_at_least(MULTIPLIED, operand)}"
        case "sum" | "difference", [left, right]:
            return f"{write(left)} {OPERATORS[operator].sign} {_at_least(MULTIPLIED, right)}"
        case "product", [left, right]:
            return (
                f"{_at_least(MULTIPLIED, left)} {OPERATORS[operator].sign} {_at_least(TERM, right)}"
            )
        case "convolution", [left, right]:
            return f"{_at_least(TERM, left)} {OPERATORS[operator].sign} {_at_least(TERM, right)}"
        case "juxtaposition", [left, right]:
            # A number stands first: "x 2" would read like x_2.
            last = f"({_bare(right)})" if _is_led_by_number(right) else _at_least(TERM, right)
            return f"{_at_least(FACTOR, left)} {last}"
        case "quotient", [above, below]:
            return rf"\frac{{{_bare(above)}}}{{{_bare(below)}}}"
        case "root", [operand]:
            return rf"\sqrt{{{_bare(operand)}}}"
        case "transpose", [operand]:
            return rf"{_base(operand)}^\top"
        case "power", [base, exponent]:
            return f"{_base(base)}^{{{write(exponent)}}}"
        case "concatenation", parts:
            return f"[{', '.join(map(write, parts))}]"
    raise ValueError(f"no LaTeX for the operator {operator}")


def _at_least(tightness: int, expression: Expression) -> str:
    """The expression, in brackets if it holds together less than its place asks for."""
    written = write(expression)
    needs = not expression.bracketed and _tightness(expression) < tightness
    return f"({written})" if needs else written


def _tightness(expression: Expression) -> int:
    match expression:
        case Composition():
            return ADDED
        case Sum():
            return TERM
        case Call() if _is_open(expression):
            return TERM
        case Operation(operator=operator):
            return OPERATORS[operator].tightness
    return FACTOR


def _is_open(call: Call) -> bool:
    r"""Whether it is written without brackets, as in $\tanh C_t$."""
    return isinstance(call.argument, Symbol) and not call.argument.bracketed


def _base(expression: Expression) -> str:
    """What a superscript follows: one symbol without another superscript, or brackets."""
    written = _bare(expression)
    plain = not isinstance(expression, Operation | Call | Sum | Number)
    # A derivative is a fraction, and a label is a superscript.
    return (
        written
        if plain and not set(r"^'") & set(written) and r"\frac" not in written
        else f"({written})"
    )


def _is_concatenation(expression: Expression) -> bool:
    return isinstance(expression, Operation) and expression.operator == "concatenation"


def _is_led_by_number(expression: Expression) -> bool:
    match expression:
        case Number():
            return True
        case Operation(operator="juxtaposition", operands=(first, _)):
            return isinstance(first, Number)
    return False

r"""From equations back to LaTeX: what `parse` reads as the same expression again."""

from lecture_code.equations.expressions import (
    Call,
    Composition,
    Expression,
    Indexed,
    Number,
    Operation,
    Sum,
    Symbol,
)
from lecture_code.equations.language import ADDED, FACTOR, MULTIPLIED, OPERATORS, TERM
from lecture_code.equations.limits import from_inside


def write(expression: Expression) -> str:
    r"""Write an expression as LaTeX, with brackets where it has them or needs them.

    Args:
        expression: the right-hand side of an equation, or a part of one, as `parse` makes it. Its
            own `latex` is read only where it is a symbol or a number.

    Returns:
        LaTeX. Functions have brackets around what they are applied to, but for a symbol that has
        none; quotients are fractions.
    """
    return _Writer().write(expression)


class _Writer:
    def __init__(self) -> None:
        self.ready: dict[int, str] = {}

    def write(self, expression: Expression) -> str:
        written = self.bare(expression)
        needs = expression.bracketed and not _is_concatenation(expression)
        return f"({written})" if needs else written

    def bare(self, expression: Expression) -> str:
        return from_inside(self.without_brackets, self.ready, expression)

    def without_brackets(self, expression: Expression) -> str:
        match expression:
            case Indexed(symbol=symbol, indices=indices):
                return f"{symbol.latex}_{{{','.join(map(self.write, indices))}}}"
            case Call(function=function, argument=argument):
                return (
                    f"{function} {self.write(argument)}"
                    if _is_open(expression)
                    else f"{function}({self.bare(argument)})"
                )
            case Composition(functions=functions):
                names = (one if isinstance(one, str) else one.latex for one in functions)
                return r" \circ ".join(names)
            case Sum(index=index, limits=limits, term=term):
                below, above = "", ""
                if limits:
                    below, above = f"={self.write(limits[0])}", f"^{{{self.write(limits[1])}}}"
                return rf"\sum_{{{index.latex}{below}}}{above} {self.at_least(TERM, term)}"
            case Operation():
                return self.operation(expression.operator, *expression.operands)
        return expression.latex

    def operation(self, operator: str, *operands: Expression) -> str:
        sign = OPERATORS[operator].sign if operator in OPERATORS else ""
        match operator, operands:
            case "negation", [operand]:
                return f"-{self.at_least(MULTIPLIED, operand)}"
            case "sum" | "difference", [left, right]:
                return f"{self.write(left)} {sign} {self.at_least(MULTIPLIED, right)}"
            case "product", [left, right]:
                return f"{self.at_least(MULTIPLIED, left)} {sign} {self.at_least(TERM, right)}"
            case "convolution", [left, right]:
                return f"{self.at_least(TERM, left)} {sign} {self.at_least(TERM, right)}"
            case "juxtaposition", [left, right]:
                # A number stands first: "x 2" would read like x_2.
                last = (
                    f"({self.bare(right)})"
                    if _is_led_by_number(right)
                    else self.at_least(TERM, right)
                )
                return f"{self.at_least(FACTOR, left)} {last}"
            case "quotient", [above, below]:
                return rf"\frac{{{self.bare(above)}}}{{{self.bare(below)}}}"
            case "root", [operand]:
                return rf"\sqrt{{{self.bare(operand)}}}"
            case "transpose", [operand]:
                return rf"{self.base(operand)}^\top"
            case "power", [base, exponent]:
                return f"{self.base(base)}^{{{self.write(exponent)}}}"
            case "concatenation", parts:
                return f"[{', '.join(map(self.write, parts))}]"
        raise ValueError(f"no LaTeX for the operator {operator}")

    def at_least(self, tightness: int, expression: Expression) -> str:
        """The expression, in brackets if it holds together less than its place asks for."""
        written = self.write(expression)
        needs = not expression.bracketed and _tightness(expression) < tightness
        return f"({written})" if needs else written

    def base(self, expression: Expression) -> str:
        """What a superscript follows: one symbol without another superscript, or brackets."""
        written = self.bare(expression)
        plain = not isinstance(expression, Operation | Call | Sum | Number)
        # A derivative is a fraction, and a label is a superscript.
        return (
            written
            if plain and not set(r"^'") & set(written) and r"\frac" not in written
            else f"({written})"
        )


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


def _is_concatenation(expression: Expression) -> bool:
    return isinstance(expression, Operation) and expression.operator == "concatenation"


def _is_led_by_number(expression: Expression) -> bool:
    match expression:
        case Number():
            return True
        case Operation(operator="juxtaposition", operands=(first, _)):
            return isinstance(first, Number)
    return False

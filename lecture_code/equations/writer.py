r"""From equations back to LaTeX: what `parse` reads as the same expression again."""

from lecture_code.equations.expressions import (
    Call,
    Cases,
    Comparison,
    Composition,
    Expression,
    Indexed,
    Matrix,
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
            case Sum(index=index, limits=limits, term=term, reduction=reduction):
                below, above = "", ""
                if limits:
                    below, above = f"={self.write(limits[0])}", f"^{{{self.write(limits[1])}}}"
                return f"{reduction}_{{{index.latex}{below}}}{above} {self.at_least(TERM, term)}"
            case Comparison(operands=(first, *others), relations=relations):
                pairs = zip(relations, others, strict=True)
                asked = (f"{sign} {self.write(one)}" for sign, one in pairs)
                return " ".join([self.write(first), *asked])
            case Cases(values=values, conditions=conditions):
                lines = [
                    rf"{self.write(value)} & \text{{if }} {self.write(condition)}"
                    for value, condition in zip(values, conditions, strict=False)
                ]
                if len(values) > len(conditions):
                    lines.append(rf"{self.write(values[-1])} & \text{{otherwise}}")
                inside = r" \\ ".join(lines)
                return rf"\begin{{cases}} {inside} \end{{cases}}"
            case Matrix(entries=entries, columns=columns):
                cells = list(map(self.write, entries))
                rows = (cells[at : at + columns] for at in range(0, len(cells), columns))
                inside = r" \\ ".join(" & ".join(row) for row in rows)
                return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}"
            case Operation(operator="juxtaposition", operands=(left, right), sign=sign):
                # A number stands first: "x 2" would read like x_2.
                last = (
                    f"({self.bare(right)})"
                    if _is_led_by_number(right)
                    else self.at_least(TERM, right)
                )
                return " ".join(filter(None, (self.at_least(FACTOR, left), sign, last)))
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
            case "quotient", [above, below]:
                return rf"\frac{{{self.bare(above)}}}{{{self.bare(below)}}}"
            case "root", [operand]:
                return rf"\sqrt{{{self.bare(operand)}}}"
            case "transpose", [operand]:
                return rf"{self.base(operand)}^\top"
            case "power", [base, exponent]:
                return f"{self.base(base)}^{{{self.write(exponent)}}}"
            case "absolute", [operand]:
                return rf"\left|{self.bare(operand)}\right|"
            case "norm", [operand, order]:
                return rf"\|{self.bare(operand)}\|_{order.latex}"
            case "inner", [left, right]:
                return rf"\langle {self.bare(left)}, {self.bare(right)} \rangle"
            case "conjunction", parts:
                return r" \text{ and } ".join(map(self.write, parts))
            case "arguments", parts:
                return ", ".join(map(self.write, parts))
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

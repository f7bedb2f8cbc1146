"""Equations in words, for readers who hear a page, or who read formulas slowly."""

import re
from collections.abc import Mapping

from lecture_code.course.notation import Quantity
from lecture_code.equations.expressions import (
    Call,
    Cases,
    Comparison,
    Composition,
    Equation,
    Expression,
    Indexed,
    Matrix,
    Number,
    Operation,
    Sum,
    Symbol,
)
from lecture_code.equations.language import FUNCTIONS, OPERATORS, REDUCTIONS, RELATIONS
from lecture_code.equations.limits import from_inside


def in_words(equation: Equation, quantities: Mapping[str, Quantity]) -> str:
    """Say one line of an equation as a sentence.

    Args:
        equation: the parsed line.
        quantities: what each of its symbols stands for, by its canonical name.

    Returns:
        A sentence. Brackets stand around what belongs together.
    """
    words = _Words(quantities)
    left = " and ".join(words.symbol(symbol) for symbol in equation.left)
    if equation.indices:
        letters = ", ".join(index.latex for index in equation.indices)
        left = f"{left}, at every {letters},"
    verb = "becomes" if r"\leftarrow" in equation.latex else "is"
    verb = "are" if len(equation.left) > 1 else verb
    sentence = f"{left} {verb} {words.of(equation.right)}."
    return sentence[0].upper() + sentence[1:]


class _Words:
    def __init__(self, quantities: Mapping[str, Quantity]):
        self.quantities = quantities
        self.ready: dict[int, str] = {}

    def of(self, expression: Expression) -> str:
        return from_inside(self.said, self.ready, expression)

    def said(self, expression: Expression) -> str:
        match expression:
            case Symbol():
                return self.symbol(expression)
            case Number():
                return expression.latex
            case Indexed():
                places = ", ".join(index.latex for index in expression.indices)
                return f"{self.symbol(expression.symbol)} at {places}"
            case Call():
                return f"{self.function(expression.function)} of {self.part(expression.argument)}"
            case Composition():
                return ", after ".join(map(self.function, expression.functions))
            case Sum():
                limits = " to ".join(limit.latex for limit in expression.limits)
                where = f" from {limits}" if limits else ""
                what = REDUCTIONS[expression.reduction].words
                over = f"{what} over {expression.index.latex}{where}"
                return f"{over} of {self.part(expression.term)}"
            case Comparison(operands=(first, *others), relations=relations):
                asked = zip(relations, others, strict=True)
                words = [f"{RELATIONS[sign][1]} {self.part(one)}" for sign, one in asked]
                return f"{self.part(first)} {', and '.join(words)}"
            case Cases(values=values, conditions=conditions):
                said = [
                    f"{self.part(value)} if {self.of(condition)}"
                    for value, condition in zip(values, conditions, strict=False)
                ]
                if len(values) > len(conditions):
                    said.append(f"{self.part(values[-1])} otherwise")
                return ", ".join(said)
            case Matrix(entries=entries, columns=columns):
                rows = len(entries) // columns
                size = f"the matrix of {rows} rows and {columns} columns"
                return f"{size} with the entries {', '.join(map(self.part, entries))}"
            case Operation(operator="conjunction"):
                return ", and ".join(map(self.of, expression.operands))
            case Operation(operator="concatenation"):
                return " joined with ".join(map(self.part, expression.operands))
            case Operation(operator="power", operands=(base, exponent)):
                power = "squared" if exponent.latex == "2" else f"to the power of {exponent.latex}"
                return f"{self.part(base)} {power}"
            case Operation(operator="juxtaposition", operands=(function, argument)) if (
                self.is_function(function)
            ):
                return f"{self.of(function)}, of {self.part(argument)}"
        assert isinstance(expression, Operation)  # the other kinds are above
        row = OPERATORS[expression.operator]
        return row.words.format(*(self.part(part, row.bare) for part in expression.operands))

    def part(self, expression: Expression, binds_tighter: tuple[str, ...] = ()) -> str:
        """An operand: in brackets, if it is made of several things that could be misread."""
        words = self.of(expression)
        if isinstance(expression, Operation):
            return words if expression.operator in binds_tighter else f"({words})"
        return f"({words})" if isinstance(expression, Sum) else words

    def function(self, function: Symbol | str) -> str:
        return FUNCTIONS[function].words if isinstance(function, str) else self.symbol(function)

    def is_function(self, expression: Expression) -> bool:
        if isinstance(expression, Composition):
            return True
        return (
            isinstance(expression, Symbol)
            and self.quantities[expression.name].shape == "a function"
        )

    def symbol(self, symbol: Symbol) -> str:
        """What a symbol means, without the explanations after a comma, a colon or a semicolon."""
        row = self.quantities[symbol.name]
        if row.role == "index":
            return symbol.latex
        meaning = re.split("[;:,]", row.meaning)[0]
        return meaning if meaning.startswith("what ") else f"the {meaning}"

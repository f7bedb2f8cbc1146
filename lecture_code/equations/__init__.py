"""LaTeX that runs: the equations of the lecture, parsed, evaluated on arrays, and rendered."""

from lecture_code.equations.evaluator import evaluate, value
from lecture_code.equations.expressions import Call, Equation, Expression, Number, Operation, Symbol
from lecture_code.equations.grammar import EquationSyntaxError
from lecture_code.equations.language import FUNCTIONS
from lecture_code.equations.limits import EquationSizeError
from lecture_code.equations.mathml import LatexError, to_mathml, to_mathml_marked
from lecture_code.equations.names import AmbiguousError, UnknownSymbolError
from lecture_code.equations.parser import canonical, parse
from lecture_code.equations.roles import ROLES

__all__ = [
    "FUNCTIONS",
    "ROLES",
    "AmbiguousError",
    "Call",
    "Equation",
    "EquationSizeError",
    "EquationSyntaxError",
    "Expression",
    "LatexError",
    "Number",
    "Operation",
    "Symbol",
    "UnknownSymbolError",
    "canonical",
    "evaluate",
    "parse",
    "to_mathml",
    "to_mathml_marked",
    "value",
]

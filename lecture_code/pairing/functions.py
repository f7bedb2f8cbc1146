"""A function and the equation in its docstring: which lines belong together, and what they give.

A lecture function assigns one variable for each line of its equation, in the same order. This
module relies on that, and says so where a function breaks the rule.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import zip_longest
from types import CodeType
from typing import Any, NamedTuple

from lecture_code.course.notation import NOTATION, Quantity
from lecture_code.equations.evaluator import results_of
from lecture_code.equations.expressions import Equation
from lecture_code.equations.grammar import EquationSyntaxError
from lecture_code.equations.parser import canonical, parse

QUANTITIES: dict[tuple[str, str], Quantity] = {
    (canonical(quantity.latex), section): quantity
    for quantity in NOTATION
    for section in quantity.sections or ("",)
}
"""The notation by canonical symbol and section; "" is every section without a row of its own."""


class Line(NamedTuple):
    """One line of an equation and the statement that computes it.

    Attributes:
        equation: the parsed line.
        code: the statement, as it stands in the function.
        quantities: what each of the equation's symbols stands for, by its canonical name.
        number: which line of the equation it is, from 1.
        row: the line of the module's file that the statement begins on, from 1.
    """

    equation: Equation
    code: str
    quantities: dict[str, Quantity]
    number: int
    row: int


class MismatchError(ValueError):
    """A function's statements do not follow its equation."""


class UnknownQuantityError(KeyError):
    """A symbol that the notation does not have.

    Attributes:
        symbol: its LaTeX.
        section: the stem of the section whose equation has it, or "".
    """

    def __init__(self, symbol: str, section: str = ""):
        """Name the symbol.

        Args:
            symbol: its LaTeX.
            section: the stem of the section whose equation has it, or "".
        """
        super().__init__(symbol, section)
        self.symbol, self.section = symbol, section

    def __str__(self) -> str:
        """What is missing, and where to add it."""
        place = f" in {self.section}" if self.section else ""
        file = "lecture_code/course/notation.py"
        return f"the notation has no symbol {self.symbol}{place}: add it to {file}"


def quantity(symbol: str, section: str = "") -> Quantity:
    """Look a symbol up in the notation.

    Args:
        symbol: LaTeX, in any spelling.
        section: the stem of the section whose symbol it is; some have rows of their own.

    Returns:
        Its row of the notation table.

    Raises:
        UnknownQuantityError: if the notation does not have it.
    """
    name = canonical(symbol)
    found = QUANTITIES.get((name, section)) or QUANTITIES.get((name, ""))
    if not found:
        raise UnknownQuantityError(symbol, section)
    return found


@cache
def roles_in(section: str) -> dict[str, str]:
    """What the symbols of a section hold.

    Args:
        section: a stem.

    Returns:
        Roles by canonical symbol, as `parse` and `evaluate` take them.
    """
    everywhere = {name: row.holds for (name, stem), row in QUANTITIES.items() if not stem}
    own = {name: row.holds for (name, stem), row in QUANTITIES.items() if stem == section}
    return everywhere | own


def equations_of(function: Callable) -> list[Equation]:
    """The equation in a function's docstring, line by line.

    Args:
        function: a function whose docstring has one `$$` block.

    Returns:
        The lines, read with the roles of the function's section.

    Raises:
        MismatchError: if there is not exactly one such block.
        EquationSyntaxError: if it cannot be read.
    """
    return parse(latex_of(function), roles_in(section_of(function)))


def section_of(function: Callable) -> str:
    """The stem of the section that a function belongs to.

    Args:
        function: a lecture function.

    Returns:
        The name of its module, such as `gru`.
    """
    return function.__module__.split(".")[-1]


def place_of(function: Callable, at: Line | ast.stmt | None = None) -> str:
    """Where a function is, and a line of it, as the beginning of a message.

    Args:
        function: a lecture function.
        at: a line of its equation with its code, or a statement of its `body_of`.

    Returns:
        For example `docs/lecture/gru.md: gru_step, line 1 of its equation: LATEX;
        lecture_code/sections/gru.py:90: CODE`, always on one line.
    """
    if isinstance(at, Line):
        return _place(function, at.number, at.equation.latex, at.row, at.code)
    return (
        _place(function, row=_row(function, at), code=ast.unparse(at)) if at else _place(function)
    )


def _place(
    function: Callable, number: int = 0, latex: str = "", row: int = 0, code: str = ""
) -> str:
    place = f"docs/lecture/{section_of(function)}.md: {function.__name__}"
    if latex:
        place += f", line {number} of its equation: {_on_one_line(latex)}"
    place += (
        f"; {function.__module__.replace('.', '/')}.py:{row or _row(function, _tree(function))}"
    )
    return f"{place}: {_on_one_line(code)}" if code else place


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _first_row(function: Callable) -> int:
    """The line of its file that a function begins on, with its decorators."""
    return inspect.unwrap(function).__code__.co_firstlineno


def _row(function: Callable, statement: ast.stmt) -> int:
    return _first_row(function) + statement.lineno - 1


def latex_of(function: Callable) -> str:
    """The equation in a function's docstring.

    Args:
        function: a function whose docstring has one `$$` block.

    Returns:
        The LaTeX between the fences.

    Raises:
        MismatchError: if there is not exactly one such block.
    """
    # Tells the recorder of dependencies that this text was read.
    sys.audit("lecture_code.reads", function.__module__)
    blocks = re.findall(r"\$\$(.*?)\$\$", inspect.getdoc(function) or "", re.DOTALL)
    if len(blocks) != 1:
        raise MismatchError(
            f"{place_of(function)}; expected one $$ block in the docstring, found {len(blocks)}"
        )
    return blocks[0].strip()


@cache
def pair_lines(function: Callable) -> tuple[Line, ...]:
    """Put each line of a function's equation beside its statement.

    Args:
        function: a lecture function.

    Returns:
        The lines in order.

    Raises:
        MismatchError: if the statements are not one for each line, in the same order, each
            assigning the variable of the line's left-hand side and using the variables of the
            line's symbols, and no others. Indices may be left out of the code.
    """
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    latex = latex_of(function)
    try:
        equations = equations_of(function)
    except EquationSyntaxError as error:
        # Its own line counts \begin{aligned} too; the picture below the problem shows the place.
        place = _place_of_syntax(function, latex, source, error.position)
        raise MismatchError(f"{place}; {error.problem}\n{error.picture}") from error
    return pair(function, equations, source)


def _place_of_syntax(function: Callable, latex: str, source: str, position: int) -> str:
    """The line of an equation that cannot be read, and the statement in the same place."""
    number = 1 + latex[:position].count(r"\\")
    line = re.sub(r"\\(begin|end)\{\w+\*?\}|&", "", latex.split(r"\\")[number - 1])
    statements = _statements(source, section_of(function))[number - 1 :]
    if not statements:
        return _place(function, number, line)
    code, statement = statements[0]
    return _place(function, number, line, _row(function, statement), code)


def pair(function: Callable, equations: Sequence[Equation], source: str) -> tuple[Line, ...]:
    """Put each line of an equation beside its statement in a source.

    Args:
        function: the lecture function that both belong to, which tells its name and its section.
        equations: the equation, line by line.
        source: the function's source, or that of a changed copy.

    Returns:
        The lines in order.

    Raises:
        MismatchError: as `pair_lines` does.
    """
    statements = _statements(source, section_of(function))
    count = (
        f"; the equation's lines: {len(equations)}, the code's: {len(statements)}"
        if len(equations) != len(statements)
        else ""
    )
    lines = []
    for number, (equation, found) in enumerate(zip_longest(equations, statements), 1):
        code, statement = found or ("", None)
        row = _row(function, statement) if statement else 0
        try:
            if not statement or not equation:
                raise MismatchError(f"no {'line' if statement else 'statement'} belongs to it")
            lines.append(Line(equation, code, _matched(equation, statement, function), number, row))
        except MismatchError as error:
            place = _place(function, number, equation.latex if equation else "", row, code)
            raise MismatchError(f"{place}; {error}{count}") from error.__cause__
    return tuple(lines)


def _matched(equation: Equation, statement: ast.Assign, function: Callable) -> dict[str, Quantity]:
    """The quantities of a line, if its statement has exactly their variables."""
    section = section_of(function)
    try:
        found = {symbol.name: quantity(symbol.name, section) for symbol in equation.symbols}
    except UnknownQuantityError as error:
        raise MismatchError(str(error)) from error
    assigned = [found[symbol.name].variable for symbol in equation.left]
    names = [name for target in statement.targets for name in _names(target)]
    if names != assigned:
        raise MismatchError(f"the line must assign {assigned}, but the code assigns {names}")
    right = [found[s.name] for s in equation.symbols if s.span[0] > equation.left[-1].span[1]]
    indices = {row.variable for row in right if row.role == "index"}
    expected = {row.variable for row in right} - indices
    used = (set(_names(statement.value)) & {row.variable for row in NOTATION}) - indices
    if used != expected:
        raise MismatchError(
            f"the line has the variables {sorted(expected)}, but the code has {sorted(used)}"
        )
    return found


def evaluate_text(function: Callable, *arguments: Any) -> Any:
    """Evaluate the equation in a function's docstring with the arguments that the function takes.

    Args:
        function: a lecture function.
        *arguments: its arguments.

    Returns:
        What the function returns, computed from the LaTeX alone.
    """
    results = values_of(function, arguments_of(function, *arguments))
    return returned_by(function, results)


def values_of(function: Callable, known: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate the equation in a function's docstring.

    Args:
        function: a lecture function.
        known: the values of its symbols, by their canonical names.

    Returns:
        The value of every left-hand side, by its canonical name.
    """
    results: dict[str, Any] = {}
    for equation in equations_of(function):
        results |= results_of(equation, {**known, **results}, roles_in(section_of(function)))
    return results


def arguments_of(function: Callable, *arguments: Any) -> dict[str, Any]:
    """What the symbols of a function's equation stand for before its first line is computed.

    Args:
        function: a lecture function.
        *arguments: its arguments.

    Returns:
        The arguments and their parts, such as the matrices of weights, by canonical symbol.
    """
    plain = inspect.unwrap(function)
    variables = dict(zip(inspect.signature(function).parameters, arguments, strict=True))
    exec(_preparation(function), plain.__globals__, variables)
    rows = {symbol: row for line in pair_lines(function) for symbol, row in line.quantities.items()}
    return {
        symbol: variables[row.variable] for symbol, row in rows.items() if row.variable in variables
    }


def returned_by(function: Callable, results: Mapping[str, Any]) -> Any:
    """What a function returns, from the values of its equation's left-hand sides.

    Args:
        function: a lecture function.
        results: values by symbol, in any spelling.

    Returns:
        One value, or a tuple where the function returns one.
    """
    section = section_of(function)
    by_variable = {quantity(symbol, section).variable: value for symbol, value in results.items()}
    last = _tree(function).body[-1]
    assert isinstance(last, ast.Return) and last.value  # a lecture function ends so
    values = tuple(by_variable[name] for name in _names(last.value))
    return values if isinstance(last.value, ast.Tuple) else values[0]


def body_of(function: Callable) -> list[tuple[ast.stmt, int]]:
    """The statements of a function after its docstring.

    Args:
        function: a lecture function.

    Returns:
        Each statement, and the line of the module's file that it begins on: the row of its `Line`.
    """
    return [(statement, _row(function, statement)) for statement in _tree(function).body[1:]]


def source_of(function: Callable) -> str:
    """A function's source without its docstring: what a reader copies.

    Args:
        function: a lecture function.

    Returns:
        Python source.
    """
    tree = _tree(function)
    lines = textwrap.dedent(inspect.getsource(inspect.unwrap(function))).splitlines()
    docstring = tree.body[0]
    return "\n".join(lines[: docstring.lineno - 1] + lines[docstring.end_lineno :])


@cache
def _tree(function: Callable) -> ast.FunctionDef:
    return function_in(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))


def function_in(source: str) -> ast.FunctionDef:
    """Read the source of one function.

    Args:
        source: the function, and nothing else.

    Returns:
        Its syntax tree.
    """
    [tree] = ast.parse(source).body
    assert isinstance(tree, ast.FunctionDef)
    return tree


@cache
def _statements(source: str, section: str) -> list[tuple[str, ast.Assign]]:
    return [
        (ast.get_source_segment(source, statement) or "", statement)
        for statement in function_in(source).body
        if isinstance(statement, ast.Assign) and not _prepares(statement, section)
    ]


@cache
def _preparation(function: Callable) -> CodeType:
    """The statements of a function that prepare, and are no line of its equation."""
    section = section_of(function)
    statements = [one for one in _tree(function).body if _prepares(one, section)]
    return compile(ast.Module(statements, []), function.__name__, "exec")


def _prepares(statement: ast.stmt, section: str) -> bool:
    """Whether a statement only names the parts of an argument, or an index: `h, c = state`."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) > 1:
        return False
    [target] = statement.targets
    unpacks = isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Name)
    indices = {
        row.variable
        for row in NOTATION
        if row.role == "index" and section in (row.sections or (section,))
    }
    return unpacks or set(_names(target)) <= indices | {"_"}


def _names(node: ast.AST) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]

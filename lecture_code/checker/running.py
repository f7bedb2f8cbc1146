"""Call a step with every case: what the notebook and the process of its own both do."""

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

from lecture_code.checker.calling import Outcome, Variable, call, how_to_call, variables_of
from lecture_code.checker.cases import draw_cases
from lecture_code.course.cells import Cell


def run_cases(function: Any, cell: Cell, seed: int) -> tuple[list[Outcome], list[Variable]]:
    """Call a step function with every case.

    Args:
        function: somebody's step.
        cell: the lecture's cell.
        seed: the seed of the cases.

    Returns:
        What came of each, and the values of the function's variables in the first.

    Raises:
        SignatureError: if the function cannot be called as a step.
    """
    step = how_to_call(function, cell)
    cases = draw_cases(cell, seed)
    library = _library(function, step, cell, cases)
    outcomes = [call(step, cell, case, library) for case in cases]
    plain = inspect.unwrap(function)
    file = getattr(getattr(plain, "__code__", None), "co_filename", "")
    return outcomes, variables_of(step, cases[0], library, file)


def _library(function: Callable, step: Callable, cell: Cell, cases: list) -> str:
    """Whose arrays the function takes: numpy's, unless only torch's work."""
    for library in _libraries(function):
        # A function may take single vectors only, or batches only.
        if any(not call(step, cell, cases[n], library).raised for n in (0, 3, 4)):
            return library
    return next(_libraries(function))


def _libraries(function: Callable) -> Iterator[str]:
    """The array libraries that a function's module has imported, the likelier one first."""
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    used = {_root(value) for value in vars(module).values()} if module else set()
    if "torch" not in used:
        yield "numpy"
    elif "numpy" not in used:
        yield "torch"
    else:
        yield from ("numpy", "torch")


def _root(value: Any) -> str:
    """The package that a value is, or comes from."""
    name = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", None)
    return name.split(".")[0] if isinstance(name, str) else ""

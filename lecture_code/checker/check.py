"""Check a step function: given as a function, or in a file."""

from collections.abc import Callable
from pathlib import Path

from lecture_code.checker.calling import SignatureError
from lecture_code.checker.diagnosis import diagnose
from lecture_code.checker.mistakes import CHECKED
from lecture_code.checker.process import MUCH_OUTPUT, run_file
from lecture_code.checker.result import CheckResult
from lecture_code.checker.running import run_cases
from lecture_code.course.cells import cell_named

SEED = 1
"""The seed of the numbers that a step is tried on, unless another is asked for."""

SECONDS = 3.0
"""How long a step's calls may take; what is left of five seconds is for the search."""


def check(step: Callable, cell: str, *, seed: int = SEED) -> CheckResult:
    r"""Compare a step function with the lecture's, and say which cell it is if it differs.

    The function runs in this process, without a time limit; `lecture-code check` and `check_file`
    run it in one of its own.

    Args:
        step: a function of `(x, h, weights)`, for an LSTM of `(x, (h, c), weights)` or
            `(x, h, c, weights)`; in place of `weights` it may take each of them by its name. `x`
            has shape `(input,)` or `(batch, input)`, the states `(hidden,)` or `(batch, hidden)`,
            and `weights` are `GRUWeights`, `LSTMWeights` or `RNNWeights`, numpy's or torch's. It
            returns the new state: `h`, or `(h, c)`.
        cell: `gru`, `lstm` or `rnn`: which of the lecture's steps it should be, `gru_step`,
            `lstm_step` or `rnn_step`.
        seed: draws the numbers that it is tried on.

    Returns:
        The finding; it prints as text, and shows as a table in a notebook.

    Raises:
        ValueError: if `cell` is none of the three.

    Examples:
        >>> from lecture_code import rnn_sigmoid_step
        >>> from lecture_code.checker import check
        >>> print(check(rnn_sigmoid_step, "rnn"))
        rnn_sigmoid_step: differs. The new state has σ where tanh belongs.
          line 1, lecture: hₜ = tanh(W [Xₜ, hₜ₋₁] + b)
          line 1, yours:   hₜ = σ(W [Xₜ, hₜ₋₁] + b)
    """
    lectures = cell_named(cell, CHECKED)
    name = getattr(step, "__name__", "step")
    try:
        outcomes, variables = run_cases(step, lectures, seed)
    except SignatureError as error:
        return CheckResult(name, cell, "cannot be run", str(error))
    return diagnose(name, lectures, seed, outcomes, variables)


def check_file(
    file: str | Path, function: str, cell: str, *, seed: int = SEED, seconds: float = SECONDS
) -> CheckResult:
    """Check a step function that stands in a file, in a process of its own.

    Args:
        file: a Python file.
        function: the name of the function in it.
        cell: `gru`, `lstm` or `rnn`.
        seed: draws the numbers that it is tried on.
        seconds: how long all its calls together may take, once the file is imported.

    Returns:
        The finding. Whatever the code does, crash, loop or exit, it is told here.

    Raises:
        ValueError: if `cell` is none of the three.

    Examples:
        >>> from pathlib import Path
        >>> from lecture_code.checker import check_file
        >>> code = "from lecture_code import rnn_step as my_rnn"
        >>> _ = Path("my_cells.py").write_text(code)
        >>> check_file("my_cells.py", "my_rnn", "rnn").verdict
        'right'
    """
    lectures = cell_named(cell, CHECKED)
    path = Path(file)
    if not path.is_file():
        kind = "is a folder" if path.is_dir() else "does not exist"
        return CheckResult(function, cell, "cannot be run", f"The file {file} {kind}.")
    if path.suffix != ".py":
        return CheckResult(
            function, cell, "cannot be run", f"{file}: expected a Python file, NAME.py."
        )
    answers = run_file(path, function, cell, seed, seconds)
    if answers.problem:
        return CheckResult(
            function, cell, "cannot be run", answers.problem, notes=_printed(answers.printed)
        )
    notes = _printed(answers.printed)
    return diagnose(function, lectures, seed, answers.outcomes, answers.variables, notes)


def _printed(size: int) -> tuple[str, ...]:
    if size < MUCH_OUTPUT:
        return ()
    return (f"it printed {size / 1e6:.1f} MB, which is not shown; take the prints out",)

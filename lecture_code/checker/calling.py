"""How somebody else's step function is called, and what came of it."""

import inspect
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from lecture_code.checker.cases import Case
from lecture_code.core.ops import Array
from lecture_code.core.state import arrays_of
from lecture_code.course.cells import Cell

PACKAGE = Path(__file__).parents[1]

MOST_VARIABLES = 200
"""How many values of a function's variables are kept."""


class Variable(NamedTuple):
    """A value that one of the function's variables had.

    Attributes:
        name: the variable.
        line: the line of its file that gave it.
        value: an array in float64.
    """

    name: str
    line: int
    value: Array


class Outcome(NamedTuple):
    """What came of one call.

    Attributes:
        arrays: what was returned, in its own dtype; empty if `problem` says why nothing was.
        problem: what went wrong, in a sentence; empty if nothing did.
        raised: whether the function raised an error, in contrast to returning what is no state.
        changed: the arguments that the function wrote into.
    """

    arrays: tuple[Array, ...] = ()
    problem: str = ""
    raised: bool = False
    changed: tuple[str, ...] = ()


class SignatureError(TypeError):
    """A function that cannot be called as a step; the message says how a step is called."""


def how_to_call(function: Any, cell: Cell) -> Callable[[Array, Any, Any], Any]:
    """Find out how a function takes a step's arguments.

    Args:
        function: `(x, state, weights)`; for an LSTM also `(x, h, c, weights)`; and in both the
            weights one by one, under the lecture's names, in place of `weights`.
        cell: the lecture's cell.

    Returns:
        A function of `(x, state, weights)` that calls it.

    Raises:
        SignatureError: if the function takes something else.
    """
    fields, states = cell.weights._fields, tuple(cell.weights.state)
    if not callable(function) or inspect.isclass(function):
        kind = "a class" if inspect.isclass(function) else f"a {type(function).__name__}"
        raise SignatureError(f"expected a function {usage('step', cell)[0]}, got {kind}")
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise SignatureError(
            f"{function!r:.60} does not tell its arguments; wrap it: "
            f"def step{usage('', cell)[0]}: ..."
        ) from None
    needed = [
        one.name
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    by_name = [name for name in needed if name in fields]
    if sorted(by_name) == sorted(fields):
        before = [name for name in needed if name not in fields]
        if len(before) == 1 + len(states):
            return lambda x, state, weights: function(
                **dict(zip(before, (x, *arrays_of(state)), strict=True)), **weights._asdict()
            )
        if len(before) == 2:
            return lambda x, state, weights: function(
                **dict(zip(before, (x, state), strict=True)), **weights._asdict()
            )
    if len(needed) == 3:
        return lambda x, state, weights: function(x, state, weights)
    if len(states) > 1 and len(needed) == 2 + len(states):
        return lambda x, state, weights: function(x, *state, weights)
    name = getattr(function, "__name__", "step")
    raise SignatureError(f"{name}({', '.join(needed)}): expected {' or '.join(usage(name, cell))}")


def usage(name: str, cell: Cell) -> list[str]:
    """The signatures that a step may have.

    Args:
        name: the function's name.
        cell: the lecture's cell.

    Returns:
        For example `my_gru(x, h, weights)`, and the one with each weight by its name.
    """
    weights = ", ".join(cell.weights._fields)
    if len(cell.weights.state) > 1:
        return [f"{name}(x, (h, c), weights)", f"{name}(x, h, c, weights)"]
    return [f"{name}(x, h, weights)", f"{name}(x, h, {weights})"]


def call(function: Callable, cell: Cell, case: Case, library: str) -> Outcome:
    """Call a step once.

    Args:
        function: what `how_to_call` returned.
        cell: the lecture's cell.
        case: the arguments.
        library: `numpy` or `torch`, in whose arrays the arguments come.

    Returns:
        What it returned, or what went wrong.
    """
    given = _in(library, case)
    kept = [np.array(_numpy(array)) for _, array in _named(given)]
    try:
        returned = function(given.x, given.state, given.weights)
    except SystemExit as error:
        return Outcome(problem=f"it called exit({error.code!r}); a step returns", raised=True)
    except Exception as error:
        return Outcome(problem=f"it raised {describe(error)}", raised=True)
    changed = tuple(
        name
        for (name, array), before in zip(_named(given), kept, strict=True)
        if not np.array_equal(_numpy(array), before)
    )
    arrays, problem = _arrays(returned, tuple(cell.weights.state), case)
    return Outcome(arrays, problem, changed=changed)


def variables_of(function: Callable, case: Case, library: str, file: str) -> list[Variable]:
    """Call a step once more and note the values of its variables.

    Args:
        function: what `how_to_call` returned.
        case: the arguments.
        library: `numpy` or `torch`.
        file: the file whose functions are watched.

    Returns:
        The arrays of numbers that were assigned, in the order of their assignment.
    """
    found: list[Variable] = []
    seen: dict[tuple[int, str], Any] = {}
    last: dict[int, int] = {}

    def watch(frame: FrameType, event: str, _: Any) -> Callable | None:
        if frame.f_code.co_filename != file:
            return None
        # A line is told before it runs: what has changed is the work of the line before.
        ran = last.get(id(frame), frame.f_lineno)
        last[id(frame)] = frame.f_lineno
        for name, value in list(frame.f_locals.items()):
            key = (id(frame), name)
            if seen.get(key) is not value and len(found) < MOST_VARIABLES:
                seen[key] = value
                if (array := _as_numbers(value)) is not None:
                    found.append(Variable(name, ran, array))
        return watch

    before, given = sys.gettrace(), _in(library, case)
    sys.settrace(watch)
    try:
        function(given.x, given.state, given.weights)
    except (Exception, SystemExit):
        return found
    finally:
        sys.settrace(before)
    return found


def describe(error: BaseException) -> str:
    """An error in one sentence, with the line of the caller's own file where it was raised.

    Args:
        error: what was caught.

    Returns:
        Its type, its place outside this package, and its message.
    """
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}, line {error.lineno}: {error.msg}"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if PACKAGE not in Path(frame.filename).parents and frame.line
    ]
    place = f", line {frames[-1].lineno} (`{frames[-1].line}`)" if frames else ""
    said = " ".join(str(error).split())[:300] or "no message"
    hint = ""
    # numpy and torch raise plain errors: nothing but their words tells that shapes do not fit.
    if re.search("matmul|mat1 and mat2|not aligned|size mismatch", said):
        hint = (
            ". Matrices have shape (hidden, input + hidden): `v @ W.T`, or `W @ v` for one vector"
        )
    return f"{type(error).__name__}{place}: {said}{hint}"


def _in(library: str, case: Case) -> Case:
    """A copy of the arguments as arrays of a library."""
    if library == "torch":
        import torch  # takes seconds, and only who uses it should wait

        make: Callable[[Array], Array] = torch.tensor
    else:
        make = np.array
    state = tuple(map(make, case.state)) if isinstance(case.state, tuple) else make(case.state)
    weights = type(case.weights)(*map(make, case.weights))
    return case._replace(x=make(case.x), state=state, weights=weights)


def _named(case: Case) -> list[tuple[str, Array]]:
    names = case.weights.state
    states = zip(names, arrays_of(case.state), strict=True)
    return [("x", case.x), *states, *case.weights._asdict().items()]


def _numpy(array: Any) -> np.ndarray:
    return np.asarray(array.detach().cpu() if hasattr(array, "detach") else array)


def _as_numbers(value: Any) -> np.ndarray | None:
    if not hasattr(value, "shape") or not hasattr(value, "dtype"):
        return None
    try:
        return np.array(_numpy(value), np.float64)
    except (TypeError, ValueError):
        return None


def _arrays(returned: Any, names: tuple[str, ...], case: Case) -> tuple[tuple[Array, ...], str]:
    """What was returned as arrays of the expected number, or what is wrong with it."""
    expected = "one array, h" if len(names) == 1 else f"a tuple ({', '.join(names)})"
    parts = returned if isinstance(returned, tuple | list) and len(names) > 1 else (returned,)
    if returned is None:
        return (), f"it returned None; expected {expected}: is the `return` missing?"
    if len(parts) != len(names):
        kind = f"{len(parts)} values" if len(parts) > 1 else f"one {type(returned).__name__}"
        return (), f"it returned {kind}; expected {expected}"
    arrays = []
    for name, part in zip(names, parts, strict=True):
        if not hasattr(part, "shape") or not hasattr(part, "dtype"):
            length = f" of length {len(part)}" if isinstance(part, tuple | list) else ""
            return (), (
                f"it returned a {type(part).__name__}{length} for {name}; expected an array of "
                f"shape {_shape(case)}"
            )
        array = _numpy(part)
        # Half precision would hide mistakes.
        if array.dtype.name not in ("float64", "float32"):
            return (), f"it returned dtype {array.dtype} for {name}; expected float64, as it got"
        arrays.append(array)
    return tuple(arrays), ""


def _shape(case: Case) -> str:
    shape = arrays_of(case.state)[0].shape
    names = ("hidden",) if len(shape) == 1 else ("batch", "hidden")
    return f"({', '.join(names)}) = {shape}"

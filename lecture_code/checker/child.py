"""The process in which somebody else's code runs: `python -m lecture_code.checker.child`.

It tells what happens on its standard output, one JSON object a line. What the code prints goes
elsewhere, so that it cannot be taken for an answer.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

from lecture_code.checker.calling import SignatureError, describe
from lecture_code.checker.running import run_cases
from lecture_code.course.cells import CELLS


def main(file: str, function: str, cell: str, seed: str) -> None:
    """Import a file, call a function of it with every case, and tell what came of it.

    Args:
        file: a Python file.
        function: the name of a function in it.
        cell: `gru`, `lstm` or `rnn`.
        seed: the seed of the cases.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(**fact: Any) -> None:
        print(json.dumps(fact), file=answers, flush=True)

    tell(event="started")
    try:
        step = _function(Path(file), function)
        tell(event="imported")
        outcomes, variables = run_cases(step, CELLS[cell], int(seed))
    except (_Problem, SignatureError) as error:
        tell(event="failed", problem=str(error))
        return
    tell(
        event="done",
        outcomes=[
            outcome._asdict() | {"arrays": [_packed(array) for array in outcome.arrays]}
            for outcome in outcomes
        ],
        variables=[
            variable._asdict() | {"value": _packed(variable.value)} for variable in variables
        ],
    )


class _Problem(Exception):
    """A file that cannot be imported, or has no such function."""


def _function(file: Path, name: str) -> Any:
    # Beside the file stand the modules that it imports.
    sys.path.insert(0, str(file.resolve().parent))
    specification = importlib.util.spec_from_file_location(file.stem, file)
    assert specification and specification.loader  # its name ends in .py: `check` has seen to that
    module = importlib.util.module_from_spec(specification)
    sys.modules[file.stem] = module
    try:
        specification.loader.exec_module(module)
    except SystemExit as error:
        raise _Problem(
            f"{file.name} calls exit({error.code!r}) while it is imported; put what only a script "
            'does under `if __name__ == "__main__":`'
        ) from None
    except Exception as error:
        raise _Problem(f"{file.name} cannot be imported: {describe(error)}") from None
    if not hasattr(module, name):
        own = [
            key
            for key, value in vars(module).items()
            if callable(value) and getattr(value, "__module__", "") == file.stem
        ]
        raise _Problem(
            f"{file.name} has no function {name}; it has {', '.join(own) or 'no functions at all'}"
        )
    return getattr(module, name)


def _packed(array: Any) -> dict[str, Any]:
    return {"dtype": array.dtype.name, "shape": array.shape, "values": array.ravel().tolist()}


if __name__ == "__main__":
    main(*sys.argv[1:])

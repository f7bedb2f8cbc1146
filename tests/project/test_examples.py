"""Every public function and class has an example in its docstring, and the example runs.

Public is what other code may rely on: what `__all__` lists in the package and in its rooms for
equations, checker and worksheets, and what the sections, the core and the bridge to torch define.
The inner workings are not public: publish, evidence, oracles, pairing, rewriting and the like. A
constant needs no example: the reference shows its value.
"""

import doctest
import inspect
import pkgutil
from importlib import import_module

import pytest

import lecture_code.core
import lecture_code.sections

LISTED = (
    "lecture_code",
    "lecture_code.equations",
    "lecture_code.checker",
    "lecture_code.worksheets",
)
WHOLE = [
    "lecture_code.frameworks.bridge",
    *(
        module.name
        for room in (lecture_code.core, lecture_code.sections)
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}.")
    ),
]


def found_in(module):
    """The names that a module's `__all__` lists, or those of what it defines itself."""
    if module.__name__ in LISTED:
        return module.__all__
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]


def public():
    """Every public function and class, each once, by its full name."""
    found = {}
    for module in map(import_module, (*LISTED, *WHOLE)):
        for name in found_in(module):
            value = inspect.unwrap(getattr(module, name))
            if inspect.isfunction(value) or inspect.isclass(value):
                found[f"{value.__module__}.{value.__qualname__}"] = value
    return found


PUBLIC = public()


@pytest.mark.parametrize("name", PUBLIC)
def test_the_example_runs(name, tmp_path, monkeypatch):
    """As for a reader who copies it: in an empty folder, with no name that it does not import."""
    monkeypatch.chdir(tmp_path)
    docstring = inspect.getdoc(PUBLIC[name]) or ""
    test = doctest.DocTestParser().get_doctest(docstring, {"__name__": "__main__"}, name, None, 0)
    assert any(example.want for example in test.examples), (
        f"{name}: expected `Examples:` in its docstring, with `>>>` and what it prints"
    )
    assert "\nExamples:\n" in docstring
    report = []
    doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert not report, "".join(report)


def test_the_names_are_found():
    """One of each kind: a step, weights, a cached function, an exception, one that needs torch."""
    assert {
        "lecture_code.sections.gru.gru_step",
        "lecture_code.sections.gru.GRUWeights",
        "lecture_code.equations.parser.canonical",
        "lecture_code.equations.mathml.LatexError",
        "lecture_code.frameworks.bridge.LectureRun",
        "lecture_code.checker.check.check_file",
        "lecture_code.worksheets.sheets.sheet",
        "lecture_code.core.ops.affine",
    } <= set(PUBLIC)

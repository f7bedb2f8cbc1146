"""The judges themselves: complete, independent, and able to say no.

That they agree with each function stands in the function's own test file.
"""

import ast
import importlib
import inspect
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest
import torch
from cells import draw, every_array, judges, largest_difference, map_arrays, states_of
from numpy.testing import assert_array_equal

import lecture_code
from lecture_code import dense, gate, gru_step, lstm_step, rnn_relu_step, rnn_step, unroll
from lecture_code.evidence.judges import JUDGES
from lecture_code.evidence.measure import functions_with_equations
from lecture_code.evidence.reset_position import agreement
from lecture_code.oracles import onnx_models
from lecture_code.publish.tables import JUDGED_WITH
from lecture_code.support.extras import FRAMEWORKS

FOLDER = Path(inspect.getfile(onnx_models)).parent
STEPS = [function for function in JUDGES if function.__name__.endswith("_step")]


def pairs(functions, agree=(True, False)):
    return [
        pytest.param(function, judge, id=f"{function.__name__}-{judge.name}")
        for function in functions
        for judge in JUDGES[function]
        if judge.agrees in agree
    ]


def test_every_step_of_the_lecture_has_judges():
    names = [name for name in lecture_code.__all__ if name.endswith("_step")]
    assert {getattr(lecture_code, name) for name in names} == set(STEPS)
    for function in (*STEPS, dense, gate):
        agreeing = judges(function, agree=True)
        assert len({judge.name.split(",")[0] for judge in agreeing}) >= 2, function.__name__
        assert any(judge.dtype == "float64" for judge in agreeing), function.__name__


def test_every_function_with_an_equation_has_a_judge():
    alone = {"joined", "retain", "apply_gate"}  # a single operation of numpy's
    for function in functions_with_equations():
        if function.__name__ not in alone:
            agreeing = judges(function, agree=True)
            assert any(judge.dtype == "float64" for judge in agreeing), (
                f"{function.__name__} needs a judge that agrees, in lecture_code/evidence/judges.py"
            )


def test_judges_are_told_apart_by_name():
    for function, row in JUDGES.items():
        names = [judge.name for judge in row]
        assert len(set(names)) == len(names), function.__name__
        assert [judge.agrees for judge in row] == sorted((j.agrees for j in row), reverse=True)


@pytest.mark.parametrize("function, judge", pairs(JUDGES))
def test_a_judge_says_what_it_allows(function, judge):
    if judge.agrees:
        assert judge.tolerance == {"float64": 1e-12, "float32": 2e-5}[judge.dtype]
    else:
        assert judge.tolerance == 1e-3 and judge.note
    with pytest.raises(FrozenInstanceError):
        judge.tolerance = 1.0


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("step, judge", pairs(STEPS, agree=[False]))
def test_a_judge_that_computes_something_else_differs(step, judge, seed):
    weights, inputs, state = draw(step, seed=seed)
    ours = unroll(step, inputs, state, weights)
    assert largest_difference(ours, judge.run(weights, inputs, state)) > judge.tolerance


@pytest.mark.parametrize("batch", [(), (1,), (3,), (2, 3)], ids=str)
@pytest.mark.parametrize("step, judge", pairs(STEPS))
def test_a_judge_takes_any_batch_axes_and_answers_in_its_dtype(step, judge, batch):
    weights, inputs, state = draw(step, batch=batch, time=3)
    outputs, last = judge.run(weights, inputs, state)
    assert isinstance(last, tuple) == isinstance(state, tuple)
    for array in every_array((outputs, last)):
        assert isinstance(array, np.ndarray) and array.dtype == judge.dtype
    shapes = [array.shape for array in states_of(state)]
    assert [array.shape for array in states_of(last)] == shapes
    assert outputs.shape == (3, *shapes[0])
    assert_array_equal(outputs[-1], states_of(last)[0])


@pytest.mark.parametrize("step, judge", pairs([rnn_step, lstm_step, gru_step]))
def test_a_judge_takes_arrays_however_they_lie_in_memory(step, judge):
    def turned(array):
        view = np.flip(np.flip(array, -1).copy(), -1)
        view.flags.writeable = False
        return view

    case = draw(step)
    turned_case = [map_arrays(turned, argument) for argument in case]
    assert turned_case[1].strides[-1] < 0
    assert largest_difference(judge.run(*case), judge.run(*turned_case)) == 0


@pytest.mark.parametrize("step, judge", pairs(STEPS))
def test_a_judge_changes_nothing_and_draws_nothing(step, judge):
    arguments, originals = draw(step), draw(step)
    torchs, numpys = torch.random.get_rng_state(), np.random.get_state()[1].copy()
    first, second = judge.run(*arguments), judge.run(*arguments)
    assert largest_difference(first, second) == 0
    assert torch.equal(torchs, torch.random.get_rng_state())
    assert_array_equal(numpys, np.random.get_state()[1])
    for argument, original in zip(arguments, originals, strict=True):
        for a, b in zip(states_of(argument), states_of(original), strict=True):
            assert_array_equal(a, b)


# A rectifier that is off does not hear a single weight.
@pytest.mark.parametrize(
    "step, judge", pairs([step for step in STEPS if step is not rnn_relu_step])
)
def test_a_judge_uses_every_weight(step, judge):
    weights, inputs, state = draw(step)
    answer = judge.run(weights, inputs, state)
    for name, array in weights._asdict().items():
        for place in np.ndindex(array.shape):
            other = array.copy()
            other[place] += 1.0
            changed = judge.run(weights._replace(**{name: other}), inputs, state)
            assert largest_difference(answer, changed) > 1e-6, (name, place)


def test_a_judge_takes_nothing_of_the_lecture_but_containers():
    taken = {
        (node.module, alias.name)
        for file in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("lecture_code")
        for alias in node.names
    }
    own = ("lecture_code.oracles", "lecture_code.support")
    names = {name for module, name in taken if not module.startswith(own)}
    assert {"GRUWeights", "LSTMWeights", "RNNWeights"} <= names
    # The other containers: an affine map, and what a forward step keeps for the way back.
    others = {name for name in names if not name.endswith("Weights")}
    assert others == {"Affine", "GRUKept", "LSTMKept"}


def imports(file):
    """The first names of what a file imports."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]


def test_the_evidence_has_the_version_of_every_package_that_judges():
    judges = {name for file in FOLDER.glob("*.py") for name in imports(file)}
    packages = judges - sys.stdlib_module_names - {"lecture_code", *FRAMEWORKS}
    lacks = packages - set(JUDGED_WITH)
    assert not lacks, f"JUDGED_WITH in lecture_code/publish/tables.py lacks {sorted(lacks)}"


@pytest.mark.parametrize("module", ["functions", "onnx_models", "torch_nn"])
def test_every_judge_is_asked(module):
    """One that no row names judges nothing."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))
    public = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    asked = {
        node.attr
        for file in FOLDER.parent.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }
    idle = sorted(public - asked)
    assert not idle, f"{idle} of oracles/{module}.py: no row of lecture_code/evidence/judges.py"


def test_a_model_is_built_once():
    onnx_models.runtime.cache_clear()
    weights, inputs, state = draw(gru_step)
    [judge] = [judge for judge in JUDGES[gru_step] if judge.name == "ONNX Runtime"]
    for length in (1, 2, 5):
        judge.run(weights, inputs[:length], state)
    assert onnx_models.runtime.cache_info().misses == 1


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_missing_packages_are_named(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.delitem(sys.modules, onnx_models.__name__)
    with pytest.raises(ImportError, match=f"{missing} is missing: run `make test`, which"):
        importlib.import_module(onnx_models.__name__).runtime(onnx_models.Operator("RNN", 2))


def test_agreement_is_repeatable_and_measured():
    once, again, other = (dict(agreement(seed)) for seed in (1, 1, 2))
    assert once == again
    assert list(once) == list(other)
    assert once["any weights"] != other["any weights"]

"""Break each function and each equation in every way that is listed, and see the break noticed."""

import ast
import itertools
from collections import Counter

import pytest
from click.testing import CliRunner
from orders import Exchanged, exchanged

from lecture_code import gru_packed_step, gru_reset_after_step, gru_step, lstm_step
from lecture_code.equations.evaluator import evaluate
from lecture_code.equations.parser import parse
from lecture_code.equations.writer import write
from lecture_code.evidence.measure import EvidenceError, functions_with_equations
from lecture_code.evidence.mutations import check, code, equations
from lecture_code.evidence.mutations.__main__ import main
from lecture_code.evidence.mutations.check import mutations, outcome, outcomes, unchanged
from lecture_code.evidence.mutations.equivalent import EQUIVALENT, equivalent_of
from lecture_code.evidence.mutations.kinds import KINDS, WHOLE
from lecture_code.evidence.mutations.mutation import FAMILIES
from lecture_code.evidence.mutations.survey import tally
from lecture_code.pairing.functions import latex_of
from lecture_code.publish.mutations import tallies
from lecture_code.rewriting.trees import line_of

pytestmark = pytest.mark.faults

FUNCTIONS = functions_with_equations()
BY_NAME = {function.__name__: function for function in FUNCTIONS}


def named(function):
    return function.__name__


@pytest.fixture
def blind(monkeypatch):
    """A check that takes every answer of the right shape for the right one."""
    monkeypatch.setattr(check, "differ", lambda ours, theirs, tolerance: False)


# --- every mutation is noticed


@pytest.mark.parametrize("function", FUNCTIONS, ids=named)
def test_every_mutation_is_noticed(function):
    survivors = [one for one in outcomes(function) if one.survived]
    unproved = [one for one in survivors if not equivalent_of(one.mutation)]
    assert not unproved, "\n".join(f"{one.mutation.name}: {one.unnoticed}" for one in unproved)


@pytest.mark.parametrize("function", FUNCTIONS, ids=named)
def test_no_change_is_not_noticed(function):
    for mutation in unchanged(function):
        result = outcome(mutation)
        assert result.unnoticed and not result.noticed and not result.raised, result
        assert not result.structure


def test_code_is_held_against_its_text_and_every_judge():
    [mutation, *_] = code.code_mutations(gru_step)
    assert outcome(mutation).noticed == ("the text", "onnx.reference", "ONNX Runtime")


def test_a_mutation_that_one_judge_does_not_see_survives(monkeypatch):
    seen = check.differ
    monkeypatch.setattr(check, "differ", lambda *pair: pair[-1] < 1e-6 and seen(*pair))
    [mutation, *_] = code.code_mutations(gru_step)
    assert outcome(mutation).survived
    assert outcome(mutation).unnoticed == ("ONNX Runtime",)


# --- mutations that change nothing


@pytest.mark.parametrize("entry", EQUIVALENT, ids=lambda entry: f"{entry.function} {entry.of}")
def test_an_equivalent_mutation_is_made_and_changes_nothing(entry):
    found = [one for one in mutations(BY_NAME[entry.function]) if equivalent_of(one) is entry]
    assert len(found) == 1
    for size in itertools.product((1, 4, 30), (1, 3), (1, 2, 7), (1, 5)):
        result = outcome(found[0], size)
        assert result.unnoticed and not result.noticed and not result.raised, (size, result)
    assert entry.proof


# --- the list of mutations


def test_no_mutation_is_made_twice_and_each_says_what_changed():
    for function in FUNCTIONS:
        made = mutations(function)
        assert len({mutation.changed for mutation in made}) == len(made)
        originals = {mutation.changed for mutation in unchanged(function)}
        for mutation in made:
            assert mutation.detail and mutation.changed not in originals, mutation.name


# What only one of the two can show: code returns results; a text has indices in the place of axes.
ONLY_CODE = {
    "layer_gradient": {"drop a transpose"},
    "dense_weights": {"swap the results"},
    "convolve": {"turn the kernel"},
    "convolve_strided": {"turn the kernel"},
    "convolution_layer": {"turn the kernel"},
    "kernel_gradient": {"turn the kernel"},
    "bag_of_words": {"change a number"},
    "seasonal_naive": {"change a number"},
    "convolve_time": {"change a number", "turn a difference"},
    "causal_convolution": {"change a number"},
    "move_on": {"swap the results"},
    "gain_over_seeds": {"swap the results"},
    "sum_over_time": {"change a number"},
    "descend_on_batch": {"change a number"},
    "rnn_backward": {"swap the results"},
    "gru_backward": {"swap the results"},
    "store": {"drop a transpose"},
    "lstm_step": {"swap the results"},
    "lstm_literal_step": {"swap the results", "hand on the tanh of the memory"},
    "lstm_projected_step": {"swap the results"},
}
ONLY_TEXT = {
    **{
        name: {"another index"}
        for name in (
            "layer_gradient",
            "bag_of_words",
            "store",
            "seasonal_naive",
            "drift",
            "move_on",
            "step_errors",
            "sum_over_time",
            "rnn_jacobians",
            "cross_entropy",
            "masked_error",
            "clip_by_norm",
            "descend_on_batch",
        )
    },
    # The absolute value is the root of a square there; the code calls it by its name.
    "naive_scale": {"drop a power"},
    "mase": {"drop a power"},
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=named)
def test_what_applies_to_the_text_applies_to_the_code(function):
    kinds = {
        of: {mutation.kind for mutation in mutations(function) if mutation.of == of}
        for of in ("code", "text")
    }
    only = "kinds.py in lecture_code/evidence/mutations needs a rule for the {}, or here {} has it"
    for one, other, listed in (("code", "text", ONLY_CODE), ("text", "code", ONLY_TEXT)):
        name = f"ONLY_{one.upper()}"
        alone = kinds[one] - kinds[other]
        assert alone == listed.get(function.__name__, set()), only.format(other, name)
    assert kinds["text"]


def test_every_rule_makes_a_mutation():
    made = {"code": set(), "text": set()}
    for function in FUNCTIONS:
        for mutation in mutations(function):
            made[mutation.of].add(mutation.kind)
    exchanges = set(FAMILIES.values())
    for of, found in made.items():
        assert found == {kind.name for kind in (*KINDS, *WHOLE) if getattr(kind, of)} | exchanges


@pytest.mark.parametrize(
    "function, kind, in_code, in_text",
    [
        (gru_step, "swap two gates", 3, 3),
        (gru_reset_after_step, "swap two gates", 1, 1),
        (gru_packed_step, "swap two gates", 1, 1),
        (lstm_step, "swap two gates", 6, 6),
        (gru_step, "drop a bias", 3, 3),
        (gru_reset_after_step, "drop a bias", 4, 4),
        (lstm_step, "drop a bias", 4, 4),
        (lstm_step, "drop the activation", 5, 5),
        (gru_step, "swap the concatenation", 3, 3),
        (gru_step, "move the reset", 2, 2),
        (gru_reset_after_step, "move the reset", 2, 2),
        (gru_step, "change a number", 1, 1),
        # 4 matrices and 4 biases, each taken for the 3 others
        (lstm_step, "another weight", 24, 24),
        # Γ_r in the third line; in the fourth, Γ_u twice
        (gru_step, "another gate", 3, 3),
    ],
)
def test_as_many_mutations_as_there_are_places(function, kind, in_code, in_text):
    """Counted by hand, so that a rule that stops to match a line does not go unseen."""
    made = Counter((one.of, one.kind) for one in mutations(function))
    assert (made["code", kind], made["text", kind]) == (in_code, in_text)


def test_the_text_is_changed_as_one_would_write_it():
    lines = {mutation.detail for mutation in equations.text_mutations(gru_step)}
    assert lines >= {
        r"\Gamma_u = \sigma(W_u [X_t, h_{t-1}])",
        r"\Gamma_u = \sigma(W_u [h_{t-1}, X_t] + b_u)",
        r"\Gamma_u = \sigma(W_u [X_t, h_{t-1}] - b_u)",
        r"\Gamma_r = \sigma(W_u [X_t, h_{t-1}] + b_r)",
        r"\tilde{h}_t = \tanh(W_h [X_t, \Gamma_u \otimes h_{t-1}] + b_h)",
        r"\tilde{h}_t = \tanh(\Gamma_r \otimes (W_h [X_t, h_{t-1}]) + b_h)",
        r"h_t = (1 - \Gamma_u) \otimes h_{t-1} + \Gamma_u \otimes \tilde{h}_t",
        r"h_t = \Gamma_u \otimes h_{t-1} + (2 - \Gamma_u) \otimes \tilde{h}_t",
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_rules_find_their_place_in_whatever_order(kind):
    """With summands and factors exchanged, there are as many places, in text and in code."""

    def text_places(right):
        return sum(1 for rule in kind.text for part in right.walk() for _ in rule(part))

    def code_places(tree):
        return sum(1 for rule in kind.code for _ in code.everywhere(rule)(tree))

    for function in FUNCTIONS:
        for equation in parse(latex_of(function)):
            assert text_places(exchanged(equation.right)) == text_places(equation.right), equation
        tree = code.tree_of(function)
        turned = ast.parse(ast.unparse(Exchanged().visit(code.tree_of(function)))).body[0]
        assert code_places(turned) == code_places(tree), function.__name__


# --- LaTeX written anew


@pytest.mark.parametrize("function", FUNCTIONS, ids=named)
def test_what_is_written_reads_the_same_again(function):
    for equation in parse(latex_of(function)):
        written = write(equation.right)
        [again] = parse(line_of(equation))
        assert write(again.right) == written
        assert [symbol.name for symbol in again.symbols] == [
            symbol.name for symbol in equation.symbols
        ]


@pytest.mark.parametrize(
    "latex",
    [
        "a - (b - c)",
        "-(a + b) c",
        "a (b + c)",
        "2 (3 a)",
        "a (2 b)",
        r"(a + b) \otimes c / d",
        r"a \otimes (b / (c + d))",
        "(a + b)^2 - a^3",
        r"\sqrt{a + b} c",
        r"\tanh a b",
        r"\tanh(a)^2 b",
        "-a - (-b)",
        "2^3 a",
    ],
)
def test_brackets_stand_where_they_are_needed(latex):
    values = {"a": 0.3, "b": 1.7, "c": -0.6, "d": 2.9}
    [equation] = parse(f"y = {latex}")
    written = write(equation.right)
    assert evaluate(f"y = {written}", values) == evaluate(f"y = {latex}", values), written


# --- counts and command


def test_a_tally_counts_every_mutation_once():
    counted = tally(BY_NAME["squared_error"])
    assert counted.total("code") + counted.total("text") == len(mutations(BY_NAME["squared_error"]))
    assert counted.noticed + counted.equivalent == sum(counted.kinds.values())
    assert counted.equivalent == 2 and not counted.survivors


def test_the_command_reports_what_was_noticed():
    result = CliRunner().invoke(main, ["retain", "squared_error"])
    assert result.exit_code == 0, result.output
    assert "2 equivalent, 0 not noticed" in result.output
    assert "(-a)^2 = a^2" in result.output


def test_the_command_names_a_survivor(blind):
    result = CliRunner().invoke(main, ["retain"])
    assert result.exit_code == 1
    words = " ".join(result.output.split())
    assert "NOT NOTICED: retain, code, drop a factor: h_next = h [not noticed by the text" in words
    assert r"NOT NOTICED: retain, text, drop a factor: h_t = h_{t-1}" in words


def test_the_command_asks_for_a_proof(monkeypatch):
    monkeypatch.setattr("lecture_code.evidence.mutations.equivalent.EQUIVALENT", ())
    result = CliRunner().invoke(main, ["squared_error"])
    assert result.exit_code == 1
    assert "NOT NOTICED: squared_error, code, turn a difference" in result.output


def test_the_command_knows_its_functions():
    result = CliRunner().invoke(main, ["gru"])
    assert result.exit_code == 2
    assert "expected functions with an equation, got gru; there are predict" in " ".join(
        result.output.split()
    )


def test_a_page_with_a_survivor_is_not_built(blind, monkeypatch):
    monkeypatch.setattr("lecture_code.publish.mutations.cached", lambda function: function)
    found = (tally(BY_NAME["retain"]),)
    monkeypatch.setattr("lecture_code.publish.mutations.survey", lambda sources: found)
    with pytest.raises(EvidenceError, match="retain, code, drop a factor: h_next = h "):
        tallies()

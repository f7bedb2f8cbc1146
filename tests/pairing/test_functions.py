"""Text and code: every function with an equation follows it, line for line and in value."""

import numpy as np
import pytest

from lecture_code.core.ops import affine, concat, sigmoid, tanh
from lecture_code.course.notation import NOTATION
from lecture_code.course.sections import SECTIONS
from lecture_code.equations.parser import canonical
from lecture_code.evidence.measure import functions_with_equations, is_step, random_case
from lecture_code.pairing.functions import (
    MismatchError,
    UnknownQuantityError,
    evaluate_text,
    latex_of,
    pair_lines,
    quantity,
    source_of,
)
from lecture_code.sections.gates import gate
from lecture_code.sections.gru import gru_step
from lecture_code.sections.lstm import lstm_step

FUNCTIONS = functions_with_equations()


def by_name(function) -> str:
    return function.__name__


def test_every_cell_is_among_the_functions():
    names = set(map(by_name, FUNCTIONS))
    assert names >= {
        "apply_gate",
        "dense",
        "gate",
        "gru_one_gate_step",
        "gru_packed_step",
        "gru_reset_after_step",
        "gru_step",
        "joined",
        "lstm_literal_step",
        "lstm_projected_step",
        "lstm_step",
        "retain",
        "rnn_relu_step",
        "rnn_sigmoid_step",
        "rnn_split_step",
        "rnn_step",
    }


@pytest.mark.parametrize("function", FUNCTIONS, ids=by_name)
def test_each_line_has_its_statement(function):
    assert len(pair_lines(function)) == 1 + latex_of(function).count(r"\\")


@pytest.mark.parametrize("function", FUNCTIONS, ids=by_name)
@pytest.mark.parametrize("size", [(1, 1, 1, 2), (5, 3, 2, 4), (40, 2, 5, 3), (4, 4, 4, 4)], ids=str)
def test_the_text_evaluates_to_what_the_code_returns(function, size):
    case = random_case(function, size, "float64")
    if not is_step(function):
        assert_same(evaluate_text(function, *case), function(*case))
        return
    inputs, state, weights = case
    for x in inputs:
        text, state = evaluate_text(function, x, state, weights), function(x, state, weights)
        assert_same(text, state)


def test_a_weight_with_two_axes_is_a_matrix_or_a_kernel():
    for row in NOTATION:
        axes = row.shape.startswith("(") and not row.shape.endswith(",)")
        if row.role == "weight" and axes:
            assert row.holds in ("matrix", "kernel"), row.latex


def assert_same(text, code):
    assert isinstance(text, tuple) == isinstance(code, tuple)
    pairs = zip(text, code, strict=True) if isinstance(code, tuple) else [(text, code)]
    for from_text, from_code in pairs:
        np.testing.assert_allclose(from_text, from_code, 0, 1e-12)


def wrong_order(x, h, weights):
    r"""$$
    \begin{aligned}
    \Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\
    h_t &= \Gamma_u \otimes h_{t-1}
    \end{aligned}
    $$"""
    W_u, b_u = weights
    h_next = h
    update = sigmoid(affine(W_u, concat(x, h), b_u))
    return h_next * update


def wrong_symbol(x, h, weights):
    r"""$$ h_t = \tanh(W_u [X_t, h_{t-1}] + b_u) $$"""
    W_u, _, b_r = weights
    h_next = tanh(affine(W_u, concat(x, h), b_r))
    return h_next


def one_statement_more(x, h, weights):
    r"""$$ h_t = \tanh(W_u [X_t, h_{t-1}] + b_u) $$"""
    W_u, b_u = weights
    both = concat(x, h)
    h_next = tanh(affine(W_u, both, b_u))
    return h_next


def one_statement_less(x, h, weights):
    r"""$$
    \begin{aligned}
    \Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\
    h_t &= \Gamma_u \otimes h_{t-1}
    \end{aligned}
    $$"""
    W_u, b_u = weights
    update = sigmoid(affine(W_u, concat(x, h), b_u))
    return update * h


def two_targets(x, h, weights):
    r"""$$ h_t = \tanh(W_u [X_t, h_{t-1}] + b_u) $$"""
    W_u, b_u = weights
    h_next = other = tanh(affine(W_u, concat(x, h), b_u))
    return h_next + 0 * other


def two_blocks():
    r"""$$ h_t = h_{t-1} $$ and $$ h_t = X_t $$."""


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (wrong_order, r"Gamma_u.* h_next = h; the line must assign \['update'\], but"),
        (wrong_symbol, r"has the variables \['W_u', 'b_u', 'h', 'x'\], but .* 'b_r'"),
        (one_statement_more, "both = concat.*; the equation's lines: 1, the code's: 2"),
        (one_statement_less, r"line 2 of its equation: h_t = .*no statement belongs to it; .*: 1$"),
        (two_targets, r"must assign \['h_next'\], but the code assigns \['h_next', 'other'\]"),
        (two_blocks, r"expected one \$\$ block in the docstring, found 2"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_function_that_leaves_its_equation_is_noticed(function, says):
    with pytest.raises(MismatchError, match=says):
        pair_lines(function)


def test_the_text_of_a_cell_that_returns_a_pair():
    inputs, state, weights = random_case(lstm_step, (1, 2, 3, 4), "float64")
    h, c = evaluate_text(lstm_step, inputs[0], state, weights)
    assert h.shape == c.shape == (2, 4)
    assert np.abs(h - c).max() > 0.01


def test_the_source_is_the_function_without_its_docstring():
    source = source_of(gate)
    assert source.startswith("@checked\ndef gate(")
    assert '"""' not in source
    assert source.endswith("return gate")


def test_a_symbol_has_one_meaning_in_a_section():
    meanings = [
        (canonical(quantity.latex), section)
        for quantity in NOTATION
        for section in quantity.sections or (None,)
    ]
    assert len(meanings) == len(set(meanings))


def test_a_meaning_that_is_limited_is_limited_to_sections_that_there_are():
    limited = {section for quantity in NOTATION for section in quantity.sections}
    assert limited <= {section.stem for section in SECTIONS if section.has_module}


def test_a_sections_own_meaning_comes_before_the_general_one():
    assert quantity("b", "rnn").shape != quantity("b", "neuron").shape
    assert quantity("X", "convolution").meaning != quantity("X", "loss").meaning


def test_a_symbol_without_a_meaning_in_its_section_is_noticed():
    with pytest.raises(KeyError, match="the notation has no symbol w in gru: add it to") as caught:
        quantity("w", "gru")
    assert isinstance(caught.value, UnknownQuantityError)
    assert (caught.value.symbol, caught.value.section) == ("w", "gru")


def test_every_symbol_of_the_notation_is_used():
    used = {
        symbol.name
        for function in FUNCTIONS
        for line in pair_lines(function)
        for symbol in line.equation.symbols
    }
    assert {canonical(quantity.latex) for quantity in NOTATION} == used


def test_the_gru_reads_as_its_equation():
    assert [line.code for line in pair_lines(gru_step)] == [
        "update = sigmoid(affine(W_u, concat(x, h), b_u))",
        "reset = sigmoid(affine(W_r, concat(x, h), b_r))",
        "candidate = tanh(affine(W_h, concat(x, reset * h), b_h))",
        "h_next = update * h + (1 - update) * candidate",
    ]

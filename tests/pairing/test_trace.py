"""What a trace keeps of a step is what the step computes, and what leads to it."""

import numpy as np
import pytest
import torch
from cells import draw, states_of, to_torch
from numpy.testing import assert_allclose

from lecture_code import GRUWeights, LSTMWeights, gru_step, lstm_step, unroll
from lecture_code import to_torch as module_of
from lecture_code.core.ops import concat, linear, sigmoid, tanh
from lecture_code.equations import parse
from lecture_code.evidence.measure import functions_with_equations, is_step
from lecture_code.pairing.functions import latex_of, pair_lines
from lecture_code.pairing.trace import parts, stages, trace
from lecture_code.sections.gru import gru_reset_after_step
from lecture_code.sections.gru_packed import gru_packed_step

STEPS = [function for function in functions_with_equations() if is_step(function)]
TOLERANCE = 1e-12


def close(ours, theirs):
    assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@pytest.mark.parametrize("batch", [(), (3,)], ids=str)
def test_the_states_are_those_of_the_loop(step, batch):
    weights, inputs, state = draw(step, batch)
    steps = trace(step, inputs, state, weights)
    outputs, last = unroll(step, inputs, state, weights)
    close([values["h_t"] for values in steps], outputs)
    returned = [symbol for symbol in (r"h_t", r"C_t", r"\tilde C") if symbol in steps[-1]]
    for symbol, array in zip(returned, states_of(last), strict=True):
        close(steps[-1][symbol], array)
    close([values["X_t"] for values in steps], inputs)
    close([values["h_{t-1}"] for values in steps[1:]], outputs[:-1])
    close(steps[0]["h_{t-1}"], states_of(state)[0])


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_every_line_and_every_part_is_kept_in_the_order_of_the_equation(step):
    weights, inputs, state = draw(step)
    for values in trace(step, inputs, state, weights):
        names = list(values)
        places = [
            names.index(symbol.name) for line in pair_lines(step) for symbol in line.equation.left
        ]
        assert places == sorted(places)
        for line in pair_lines(step):
            result = names.index(line.equation.left[0].name)
            assert all(names.index(part.latex) < result for part in parts(line.equation.right))
        assert not any(name.startswith("b") for name in names)


def test_the_parts_of_a_line_lead_from_the_inside_out():
    [equation] = parse(r"h_t = \tanh(W [X_t, r \otimes h_{t-1}] + b)")
    assert [part.latex for part in parts(equation.right)] == [
        r"r \otimes h_{t-1}",
        r"[X_t, r \otimes h_{t-1}]",
        r"W [X_t, r \otimes h_{t-1}]",
        r"W [X_t, r \otimes h_{t-1}] + b",
    ]
    [copied] = parse("h_t = X_t")
    assert list(parts(copied.right)) == []


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("W [X_t, h_{t-1}] + b", []),
        (r"\tanh(W [X_t, h_{t-1}] + b)", ["W [X_t, h_{t-1}] + b"]),
        (
            r"\tanh(W [X_t, r \otimes h_{t-1}] + b)",
            [r"r \otimes h_{t-1}", r"W [X_t, r \otimes h_{t-1}] + b"],
        ),
        (r"u \otimes h_{t-1} + (1 - u) \otimes c", ["1 - u"]),
        (r"i \otimes \tanh(W h_t)", ["W h_t", r"\tanh(W h_t)"]),
        (r"u \otimes \tanh C_t", [r"\tanh C_t"]),
        (r"\tanh(W X_t + r \otimes (V h_t + b))", ["V h_t + b", r"W X_t + r \otimes (V h_t + b)"]),
        ("h_t", []),
    ],
)
def test_the_stages_are_what_one_writes_down(latex, expected):
    [equation] = parse(f"y = {latex}")
    found = [stage.latex for stage in stages(equation.right)]
    assert found == [*expected, latex]


def test_the_gru_by_hand():
    one, two = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    zero, half = np.zeros(1), np.array([0.5])
    weights = GRUWeights(one, zero, two, half, 2 * one - two, half)
    [values] = trace(gru_step, np.array([[0.5]]), np.array([-1.0]), weights)
    reset = 1 / (1 + np.exp(0.5))
    update = 1 / (1 + np.exp(-0.5))
    candidate = np.tanh(2 * 0.5 + reset + 0.5)
    expected = {
        "X_t": [0.5],
        "h_{t-1}": [-1],
        "[X_t, h_{t-1}]": [0.5, -1],
        "W_u [X_t, h_{t-1}]": [0.5],
        "W_u [X_t, h_{t-1}] + b_u": [0.5],
        r"\Gamma_u": [update],
        "W_r [X_t, h_{t-1}]": [-1],
        "W_r [X_t, h_{t-1}] + b_r": [-0.5],
        r"\Gamma_r": [reset],
        r"\Gamma_r \otimes h_{t-1}": [-reset],
        r"[X_t, \Gamma_r \otimes h_{t-1}]": [0.5, -reset],
        r"W_h [X_t, \Gamma_r \otimes h_{t-1}]": [1 + reset],
        r"W_h [X_t, \Gamma_r \otimes h_{t-1}] + b_h": [1.5 + reset],
        r"\tilde h_t": [candidate],
        r"\Gamma_u \otimes h_{t-1}": [-update],
        r"1 - \Gamma_u": [1 - update],
        r"(1 - \Gamma_u) \otimes \tilde{h}_t": [(1 - update) * candidate],
        "h_t": [(1 - update) * candidate - update],
    }
    assert list(values) == list(expected)
    for latex, value in expected.items():
        close(values[latex], value)


@pytest.mark.parametrize("step", [gru_reset_after_step, lstm_step])
def test_the_states_are_torchs(step):
    weights, inputs, state = draw(step, batch=(3,), time=9)
    steps = trace(step, inputs, state, weights)
    initial = tuple(map(torch.tensor, (array[None] for array in states_of(state))))
    module = module_of(weights)
    theirs, _ = module(torch.tensor(inputs), initial if len(initial) > 1 else initial[0])
    close([values["h_t"] for values in steps], theirs.detach().numpy())


def test_what_goes_into_tanh_in_the_lstm_comes_from_the_parts_before():
    weights, inputs, state = draw(lstm_step)
    for values in trace(lstm_step, inputs, state, weights):
        joined = concat(values["X_t"], values["h_{t-1}"])
        close(values["[X_t, h_{t-1}]"], joined)
        before = values["W_c [X_t, h_{t-1}]"] + weights.b_c
        close(values["W_c [X_t, h_{t-1}] + b_c"], before)
        close(values["W_c [X_t, h_{t-1}]"], linear(weights.W_c, joined))
        close(values[r"\tanh(W_c [X_t, h_{t-1}] + b_c)"], tanh(before))
        close(values[r"\tilde h"], values[r"\Gamma_i"] * tanh(before))
        close(values[r"\Gamma_f"], sigmoid(values["W_f [X_t, h_{t-1}] + b_f"]))
        close(values["C_t"], values[r"\Gamma_f \otimes C_{t-1}"] + values[r"\tilde h"])
        close(values["h_t"], values[r"\Gamma_u"] * values[r"\tanh C_t"])


def test_a_line_with_two_symbols_on_the_left_gives_both():
    assert r"[\Gamma_u, \Gamma_r]" in latex_of(gru_packed_step)
    weights, inputs, state = draw(gru_packed_step, ())
    for values in trace(gru_packed_step, inputs, state, weights):
        both = sigmoid(values[r"W_1^\top [X_t, h_{t-1}] + b_1"])
        close(concat(values[r"\Gamma_u"], values[r"\Gamma_r"]), both)


def test_a_trace_of_tensors_is_of_tensors():
    weights, inputs, state = draw(gru_step)
    theirs = trace(gru_step, to_torch(inputs), to_torch(state), to_torch(weights))
    for values, ours in zip(theirs, trace(gru_step, inputs, state, weights), strict=True):
        assert all(isinstance(value, torch.Tensor) for value in values.values())
        close(values["h_t"], ours["h_t"])


def test_what_does_not_fit_is_refused_by_name():
    weights, inputs, state = draw(gru_step, ())
    with pytest.raises(TypeError, match="weights: gru_step expects GRUWeights, got LSTMWeights"):
        trace(gru_step, inputs, state, LSTMWeights.init(3, 4, seed=0))
    with pytest.raises(ValueError, match=r"inputs at each time step: expected shape \(input\) ="):
        trace(gru_step, inputs[:, :2], state, weights)
    with pytest.raises(ValueError, match=r"h: expected shape \(hidden\) = \(4,\), got \(3,\)"):
        trace(gru_step, inputs, state[:3], weights)

"""What is left of a bit: the browser's curves are those of the lecture's cells."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import logit
from steppers import STEPPERS, Live

from lecture_code.core.ops import sigmoid
from lecture_code.core.unroll import unroll
from lecture_code.course.cells import CELLS
from lecture_code.publish.steppers import memory_stepper
from lecture_code.publish.steppers.memory import GATES, LITERAL, STEPS, gated, half, recurrent
from lecture_code.sections.gru import GRUWeights, gru_step
from lecture_code.sections.gru_one_gate import OneGateGRUWeights, gru_one_gate_step
from lecture_code.sections.lstm import LSTMWeights, lstm_literal_step, lstm_step
from lecture_code.sections.rnn import RNNWeights, rnn_step

SILENCE = np.zeros((STEPS, 1))
WEIGHTS = [tenth / 10 for tenth in range(21)]
TRIALS = [(place, WEIGHTS[2 * place]) for place in range(len(GATES))] + [
    (int(random.integers(len(GATES))), WEIGHTS[random.integers(len(WEIGHTS))])
    for random in map(np.random.default_rng, range(5))
]


def holding(make, **biases):
    """Weights of one unit that holds a gate; all others, but the candidate's, are random."""
    weights = make.init(1, 1, seed=0)
    zero = {name: 0 * getattr(weights, name) for name in weights._fields if name[-1] in "hc"}
    zero |= {name.replace("b", "W"): np.zeros((1, 2)) for name in biases}
    return weights._replace(**zero, **{name: np.array([bias]) for name, bias in biases.items()})


def memory(step, gate):
    """The LSTM's memory after each step; `unroll` gives back what it shows, and the last memory."""
    weights, state = holding(LSTMWeights, b_f=logit(gate)), (np.zeros(1), np.ones(1))
    memories = []
    for x in SILENCE:
        _, state = unroll(step, x[None], state, weights)
        memories.append(state[1][0])
    return memories


@pytest.fixture(scope="module")
def live(site, browser):
    page = browser.new_page()
    page.goto(f"{site}{STEPPERS['memory']}/")
    yield Live(page, "memory")
    page.close()


def said(live):
    return live.element.locator("[role=status]").inner_text()


@pytest.mark.parametrize("place, weight", TRIALS)
def test_the_curves_are_those_of_the_cells(live, place, weight):
    left, gate = live.set(gate=place, weight=weight)["left"], GATES[place]
    assert_allclose(sigmoid(logit(gate)), gate, rtol=0, atol=1e-15)
    rnn = RNNWeights(np.array([[0.7, weight]]), np.zeros(1))
    one = np.ones(1)
    for weights, step in (
        (holding(GRUWeights, b_u=logit(gate)), gru_step),
        (holding(OneGateGRUWeights, b_g=logit(gate)), gru_one_gate_step),
    ):
        states, _ = unroll(step, SILENCE, one, weights)
        assert_allclose(left["gru"], states[:, 0], rtol=0, atol=1e-12)
    states, _ = unroll(rnn_step, SILENCE, one, rnn)
    assert_allclose(left["rnn"], states[:, 0], rtol=0, atol=1e-12)
    assert_allclose(left["lstm"], memory(lstm_step, gate), rtol=0, atol=1e-12)
    assert_allclose(left["literal"], memory(lstm_literal_step, gate), rtol=0, atol=1e-12)


@pytest.mark.parametrize("place", range(len(GATES)))
def test_the_lstm_shows_the_tanh_of_the_memory_that_is_drawn(live, place):
    left, gate = live.set(gate=place)["left"], GATES[place]
    weights = holding(LSTMWeights, b_f=logit(gate), b_u=np.inf)
    start = (np.zeros(1), np.ones(1))
    shown, _ = unroll(lstm_step, SILENCE, start, weights)
    assert_allclose(np.tanh(left["lstm"]), shown[:, 0], rtol=0, atol=1e-12)
    literal, _ = unroll(lstm_literal_step, SILENCE, start, weights)
    assert_allclose(left["literal"], literal[:, 0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("place, weight", TRIALS)
def test_the_sentence_counts_the_steps_until_half_is_left(live, place, weight):
    values = live.set(gate=place, weight=weight)
    names = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM", "literal": "LSTM to the letter"}
    for name, words in names.items():
        left = np.array(values["left"][name])
        counted = half(left)
        assert values["half"][name] == counted
        if counted is None:
            assert left.min() > 0.5
            never = re.search(rf"Never within {STEPS}: ([^.]*)\.", said(live))
            assert words in never[1].split(", ")
        else:
            assert left[counted - 1] <= 0.5 and (left[: counted - 1] > 0.5).all()
            assert re.search(rf"{words} {counted}\b", said(live))
        dot = live.element.locator(f"[data-dot={name}]")
        assert dot.is_visible() == (counted is not None)
    settles = f"settles at {values['left']['rnn'][-1]:.3f}"
    assert (settles in said(live)) == (values["half"]["rnn"] is None)


def test_the_sliders_say_the_values_that_they_stand_for(live):
    live.set(gate=GATES.index(0.995), weight=1.2)
    shown = live.element.locator("output").all_inner_texts()
    assert shown == ["0.995", "1.2"]
    gate = live.element.locator("[name=gate]")
    assert gate.get_attribute("aria-valuetext") == "0.995"


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_gate_holds_a_bit_geometrically(cell):
    left = gated(CELLS[cell], GATES)
    times = np.arange(1, STEPS + 1)[:, None]
    assert_allclose(left, np.array(GATES, "float64") ** times, rtol=0, atol=1e-12)
    assert_array_equal(left[:, -1], 1)


def test_to_the_letter_the_lstm_is_an_rnn_with_the_gate_as_its_weight():
    assert_allclose(gated(LITERAL, GATES), recurrent(GATES), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "left, steps", [([0.9, 0.5, 0.1], 2), ([0.4], 1), ([0.9, 0.6], None), ([0.9, 0.4, 0.9], 2)]
)
def test_half_is_left_at_the_first_step_that_has_no_more(left, steps):
    assert half(np.array(left)) == steps


def test_the_plain_figure_has_the_half_lives():
    plain = memory_stepper().split('class="stepper-plain"')[1]
    assert "<svg" in plain
    by_gate, by_weight = (
        {cells[0]: cells[1:] for cells in (re.findall("<td>(.*?)</td>", row) for row in rows)}
        for rows in (re.findall("<tr>(<td>.*?)</tr>", part) for part in plain.split("<table>")[1:])
    )
    for gate in (0.5, 0.9, 0.99, 0.999):
        steps = int(np.ceil(np.log(0.5) / np.log(gate)))
        assert by_gate[str(gate)][:2] == [f"{steps} step{'s' * (steps > 1)}"] * 2
    assert by_gate["1"] == ["not within 1000 steps"] * 2 + [by_weight["1"][0]]
    assert by_weight["1.5"] == ["not within 1000 steps", f"{recurrent([1.5])[-1, 0]:.3f}"]

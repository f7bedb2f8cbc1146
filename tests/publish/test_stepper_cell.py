"""The unrolled cell: what the browser shows at every time step is what the trace computes."""

import html
import re

import numpy as np
import pytest
from cells import draw
from numpy.testing import assert_allclose
from steppers import Live

from lecture_code import GRUWeights, LSTMWeights, gru_step, lstm_step
from lecture_code.evidence.measure import functions_with_equations, is_step
from lecture_code.pairing.functions import arguments_of, pair_lines
from lecture_code.pairing.trace import name_of, stages, trace
from lecture_code.publish.steppers import cell_stepper

A = np.array
INPUTS = A([[1.0], [0.0], [0.0], [-1.0], [0.5], [1.0]])
GRU = GRUWeights(
    W_u=A([[-3.0, 0.5, 0.0], [3.0, 0.0, 0.5]]),
    b_u=A([1.5, 1.5]),
    W_r=A([[1.0, 0.0, -1.0], [-1.0, -1.0, 0.0]]),
    b_r=A([0.5, 0.5]),
    W_h=A([[2.0, 0.5, -1.0], [2.0, 1.0, 0.5]]),
    b_h=A([0.0, 0.0]),
)
LSTM = LSTMWeights(
    W_u=A([[0.5, 1.0, 0.0], [-0.5, 0.0, 1.0]]),
    b_u=A([1.0, 1.0]),
    W_i=A([[3.0, 0.0, 0.0], [-3.0, 0.0, 0.0]]),
    b_i=A([-2.0, -2.0]),
    W_f=A([[-2.0, 0.5, 0.0], [2.0, 0.0, 0.5]]),
    b_f=A([2.0, 2.0]),
    W_c=A([[2.0, 0.5, 0.0], [2.0, 0.0, 0.5]]),
    b_c=A([0.0, 0.0]),
)
PAGES = {
    "gru": (gru_step, INPUTS, A([-0.5, 0.5]), GRU),
    "lstm": (lstm_step, INPUTS, (A([0.0, 0.5]), A([0.0, 1.0])), LSTM),
}
"""What the steppers of the two pages are made of."""

STEPS = [function for function in functions_with_equations() if is_step(function)]

TABLES = """element => [...element.querySelectorAll(".cell-lines table")].map((table) => [
    table.dataset.name,
    [...table.rows].map((row) => [...row.cells].map((cell) => [
        cell.textContent, Number(cell.style.getPropertyValue("--size")), cell.className])),
])"""


@pytest.mark.parametrize("stem", PAGES)
def test_every_quantity_of_every_step(site, browser, stem):
    step, inputs, state, weights = PAGES[stem]
    known = arguments_of(step, inputs[0], state, weights)
    page = browser.new_page()
    page.goto(f"{site}lecture/{stem}/")
    live = Live(page, "cell")
    for number, expected in enumerate(trace(step, inputs, state, weights), start=1):
        values = live.set(step=number)
        assert list(values) == list(expected)
        for name, value in expected.items():
            assert_allclose(values[name], value, rtol=0, atol=1e-12)
        shown = live.element.evaluate(TABLES)
        assert {name for name, _ in shown} >= {
            symbol.name for line in pair_lines(step) for symbol in line.equation.left
        }
        for name, rows in shown:
            array = np.atleast_2d(expected.get(name, known.get(name)))
            array = array if name.startswith("W") and name in known else array.T
            texts = [[text.replace("−", "-") for text, *_ in row] for row in rows]
            # Half a unit in the last digit, and what the test's own subtraction rounds.
            allowed = 0.5e-4 + 1e-12 if name in expected else 0
            assert_allclose(A(texts, float), array, rtol=0, atol=allowed)
            digits = {len(text.partition(".")[2]) for row in texts for text in row}
            assert digits == {4} if name in expected else digits <= {0, 1}
        lit = live.element.locator("table[data-name=time] .lit")
        states = [row for row in (expected["X_t"], *_after(expected)) for row in row]
        assert lit.all_inner_texts()[0] == f"{number}"
        texts = [text.replace("−", "-") for text in lit.all_inner_texts()[1:]]
        assert_allclose(A(texts, float), states, rtol=0, atol=0.5e-2 + 1e-12)
        said = live.element.locator("[role=status]").inner_text().replace("−", "-")
        assert said.startswith(f"Time step {number}: the input is {inputs[number - 1, 0]:.2f}; h ")
        (before, _), (after, _) = expected["h_{t-1}"], expected["h_t"]
        assert re.search(rf"h goes from \({before:.2f}, \S+ to \({after:.2f}, ", said)
    page.close()


def _after(values):
    return [values[name] for name in ("C_t", "h_t") if name in values]


def test_the_colour_of_a_number_is_its_size_and_sign(site, browser):
    page = browser.new_page()
    page.goto(f"{site}lecture/gru/")
    live = Live(page, "cell")
    steps = trace(*PAGES["gru"])
    for number, expected in enumerate(steps, start=1):
        live.set(step=number)
        for name, rows in live.element.evaluate(TABLES):
            if name not in expected:
                continue
            largest = max(1.0, *(abs(values[name]).max() for values in steps))
            for value, [(_, size, sign)] in zip(expected[name], rows, strict=True):
                assert abs(size - abs(value) / largest) < 0.006
                assert sign == ("negative" if value < 0 else "positive")
    page.close()


@pytest.mark.parametrize("stem", PAGES)
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_when_the_numbers_change(site, browser, stem, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{site}lecture/{stem}/")
    live, heights = Live(page, "cell"), set()
    for step in range(1, len(INPUTS) + 1):
        live.set(step=step)
        heights.add(live.element.bounding_box()["height"])
    assert len(heights) == 1
    page.close()


def test_two_of_them_on_one_page_do_not_disturb_each_other(site, browser):
    page = browser.new_page()
    page.goto(f"{site}lecture/gru/")
    first = Live(page, "cell")
    first.element.evaluate("element => element.after(element.cloneNode(true))")
    page.locator("lecture-cell").nth(1).locator("[data-next]").click()
    states = page.locator("lecture-cell").evaluate_all(
        "both => both.map((one) => one.querySelector('table[data-name=h_t]').innerText.trim())"
    )
    expected = trace(*PAGES["gru"])
    for text, values in zip(states, expected[:2], strict=True):
        assert_allclose(A(text.replace("−", "-").split(), float), values["h_t"], atol=0.5e-4)
    page.close()


@pytest.mark.parametrize("stem", PAGES)
def test_the_numbers_that_stand_there_first_are_those_of_the_first_step(stem):
    step, inputs, state, weights = PAGES[stem]
    live, _ = cell_stepper(step, inputs, state, weights, title="t").split('class="stepper-plain"')
    first = trace(step, inputs, state, weights)[0]
    for name, body in re.findall(r'data-name="([^"]+)"[^>]*><tbody>(.*?)</tbody>', live):
        if html.unescape(name) in first:
            entries = re.findall(r">([^<>]+)</td>", body)
            rounded = [f"{value:.4f}" for value in first[html.unescape(name)]]
            assert [entry.replace("−", "-") for entry in entries] == rounded


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_every_cell_can_be_shown(step):
    weights, inputs, state = draw(step, (), features=1, hidden=2, time=3)
    page = cell_stepper(step, inputs, state, weights, title="t")
    live, plain = page.split('class="stepper-plain"')
    values = trace(step, inputs, state, weights)[0]
    known = {**arguments_of(step, inputs[0], state, weights), **values}
    shown = set(map(html.unescape, re.findall(r'data-name="([^"]+)"', live))) - {"time"}
    symbols = {s.name for line in pair_lines(step) for s in line.equation.symbols}
    assert shown <= set(known)
    # What stands in a concatenation is shown there; every other symbol has a table of its own.
    assert symbols - shown <= {"X_t", "h_{t-1}", *(n for n in symbols if rf"{n}^\top" in shown)}
    for values in trace(step, inputs, state, weights):
        for line in pair_lines(step):
            for stage in (*stages(line.equation.right), *line.equation.left):
                if stage is not line.equation.right:
                    for value in values[name_of(stage)]:
                        assert f">{value:.4f}<".replace("-", "−") in plain
    assert plain.count('scope="col"') == 1 + len(inputs)


INNER = "W_c [X_t, h_{t-1}] + b_c"


@pytest.mark.parametrize(
    ("stem", "number", "expected"),
    [
        (
            "gru",
            4,
            [
                *("1", "−", r"\Gamma_u", "=", r"1 - \Gamma_u"),
                *(r"\Gamma_u", "⊗", "h_{t-1}", "+", r"1 - \Gamma_u", "⊗", r"\tilde h_t"),
                *("=", "h_t"),
            ],
        ),
        (
            "lstm",
            4,
            [
                *("W_c", "·", "[X_t, h_{t-1}]", "+", "b_c", "=", INNER),
                *("tanh", rf"\tanh({INNER})"),
                *(r"\Gamma_i", "⊗", rf"\tanh({INNER})", "=", r"\tilde h"),
            ],
        ),
        (
            "lstm",
            6,
            ["C_t", "tanh", r"\tanh C_t", r"\Gamma_u", "⊗", r"\tanh C_t", "=", "h_t"],
        ),
    ],
)
def test_the_work_of_a_line_goes_from_result_to_result(stem, number, expected):
    step, inputs, state, weights = PAGES[stem]
    page = cell_stepper(step, inputs, state, weights, title="t")
    line = page.split('<li class="cell-line">')[number].split("</li>")[0]
    parts = re.findall(r'data-name="([^"]+)"|cell-sign">(.)|cell-arrow"><math>.*?>(\w+)</m', line)
    assert ["".join(part) for part in parts] == expected


def test_a_concatenation_has_the_colours_of_its_parts_and_a_result_that_of_its_line():
    step, inputs, state, weights = PAGES["gru"]
    page = cell_stepper(step, inputs, state, weights, title="t")
    first = page.split('<li class="cell-line">')[1]
    roles = {
        name: re.findall(r'<tr data-role="(\w+)"', body)
        for name, body in re.findall(r'data-name="([^"]+)"[^>]*><tbody>(.*?)</tbody>', first)
    }
    assert roles == {
        "W_u": ["weight"] * 2,
        "[X_t, h_{t-1}]": ["input", "state", "state"],
        "b_u": ["weight"] * 2,
        "W_u [X_t, h_{t-1}] + b_u": ["gate"] * 2,
        r"\Gamma_u": ["gate"] * 2,
    }


def test_every_table_has_words_and_what_was_just_computed_no_second_name():
    step, inputs, state, weights = PAGES["lstm"]
    page = cell_stepper(step, inputs, state, weights, title="t")
    line = page.split('<li class="cell-line">')[4]
    tables = re.findall(
        r'class="cell-name" aria-hidden="true">(.*?)</span><table[^>]*aria-label="([^"]+)"', line
    )
    named = [re.sub("<[^>]+>", "", name) for name, _ in tables]
    assert named == ["Wc", "[Xt,ht−1]", "bc", "", "", "Γi", "tanh\u2061(...)", "h˜"]
    words = [html.unescape(words) for _, words in tables]
    assert words[0] == "matrix of the LSTM's candidate"
    assert words[3] == "Wc[Xt,ht−1]+bc"
    assert words[5] == "input gate"


def test_what_the_pages_say_of_their_cells():
    gates = A([values[r"\Gamma_u"] for values in trace(*PAGES["gru"])])
    assert gates[0, 0] < 0.25 and gates[0, 1] > 0.95
    assert gates[3, 1] < 0.25 and gates[3, 0] > 0.95
    assert (gates[1:3] > 0.8).all()
    steps = trace(*PAGES["lstm"])
    written = A([values[r"\Gamma_i"] for values in steps])
    assert written[0, 0] > 0.7 and written[3, 1] > 0.7
    assert max(written[0, 1], written[3, 0]) < 0.01
    assert max(values["C_t"].max() for values in steps) > 1
    assert max(abs(values["h_t"]).max() for values in steps) < 1


@pytest.mark.parametrize("inputs", [INPUTS[:1], INPUTS[:, None], INPUTS[:, 0]], ids=len)
def test_a_sequence_that_cannot_be_stepped_through_is_refused(inputs):
    with pytest.raises(ValueError, match=r"inputs: expected shape \(time, input\) with 2 time"):
        cell_stepper(gru_step, inputs, A([0.0, 0.0]), GRU, title="t")

"""Equations in words: every card has them, and they say what the equation says."""

import re

import pytest
from markupsafe import Markup

from lecture_code.equations import parse
from lecture_code.evidence.measure import functions_with_equations
from lecture_code.pairing.functions import pair_lines, quantity
from lecture_code.pairing.words import in_words
from lecture_code.publish.card import card


def words(latex, section=""):
    [equation] = parse(latex)
    found = {symbol.name: quantity(symbol.name, section) for symbol in equation.symbols}
    return in_words(equation, found)


SENTENCES = {
    (r"\Gamma_u = \sigma(W_u [X_t, h_{t-1}] + b_u)", ""): (
        "The update gate is the logistic function of (the matrix of the update gate times (the "
        "input at time t joined with the hidden state before this step), plus the bias of the "
        "update gate)."
    ),
    (r"h_t = \Gamma \otimes h_{t-1} + (1 - \Gamma) \otimes \tilde{h}_t", ""): (
        "The hidden state after this step is the gate times, entry by entry, the hidden state "
        "before this step, plus (1 minus the gate) times, entry by entry, the candidate for the "
        "new state."
    ),
    (r"h_t = \Gamma_u \otimes \tanh C_t", ""): (
        "The hidden state after this step is the update gate times, entry by entry, the hyperbolic "
        "tangent of the memory of the LSTM after this step."
    ),
    (r"z = (y - \hat{y})^2", "loss"): "The loss is (the target minus the prediction) squared.",
    (r"w \leftarrow w - \eta \frac{\partial z}{\partial w}", "optimizer"): (
        "The weight becomes the weight minus the learning rate times the gradient for the weight."
    ),
    (r"\hat{y} = (f_2 \circ \sigma \circ f_1)(X)", ""): (
        "The prediction is the affine map of the second layer, after the logistic function, after "
        "the affine map of the first layer, of the input of a layer."
    ),
    (r"Y_{i,j} = \sum_m \sum_n w_{m,n} X_{i+m,j+n}", "convolution"): (
        "The output of a convolution, at every i, j, is the sum over m of (the sum over n of (the "
        "kernel at m, n times the image at i+m, j+n))."
    ),
    (r"\mu = \frac{1}{T} \sum_{t=0}^{T-1} x_t", "windowing"): (
        "The mean is (1 divided by T) times (the sum over t from 0 to T-1 of the series at t)."
    ),
    (r"h_t = (h_{t-1} + X_t) \otimes \Gamma", ""): (
        "The hidden state after this step is (the hidden state before this step, plus the input at "
        "time t) times, entry by entry, the gate."
    ),
    (r"h_t = -(h_{t-1} + X_t)", ""): (
        "The hidden state after this step is minus (the hidden state before this step, plus the "
        "input at time t)."
    ),
    (r"[\Gamma_u, \Gamma_r] = \sigma(X_t)", ""): (
        "The update gate and the reset gate are the logistic function of the input at time t."
    ),
}


@pytest.mark.parametrize(("case", "sentence"), SENTENCES.items(), ids=lambda x: str(x)[:30])
def test_a_line_in_words(case, sentence):
    assert words(*case) == sentence


@pytest.mark.parametrize("function", functions_with_equations(), ids=lambda f: f.__name__)
def test_every_card_says_every_line_and_every_quantity_of_it(function):
    html = card(function, "A card")
    for line in pair_lines(function):
        sentence = in_words(line.equation, line.quantities)
        assert Markup("<li>{}</li>").format(sentence) in html
        for row in line.quantities.values():
            meaning = re.split("[,:;]", row.meaning)[0]
            # Inside an index a letter is said as it is.
            letters = re.split("[^a-zA-Z]+", sentence)
            assert meaning.lower() in sentence.lower() or row.latex in letters

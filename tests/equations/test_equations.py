r"""The equations' language: what LaTeX evaluates to, and what it is refused for."""

import logging
import operator
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark

from lecture_code.equations import (
    FUNCTIONS,
    EquationSyntaxError,
    Number,
    UnknownSymbolError,
    canonical,
    evaluate,
    grammar,
    parse,
    to_mathml,
)
from lecture_code.equations.indices import has_indices
from lecture_code.equations.language import EXTREMES
from lecture_code.equations.text import to_text

BATCH, INPUT, HIDDEN, OUTPUT = 3, 2, 5, 4
LEADING = [(), (1,), (BATCH,), (7, BATCH), (HIDDEN,)]


def draw(*shape, seed=0):
    """Random numbers, different for every shape and seed."""
    return np.random.default_rng([seed, *shape]).normal(size=shape)


def sigma(x):
    return 1 / (1 + np.exp(-x))


def joined(*arrays):
    return np.concatenate(arrays, axis=-1)


def only(latex, values):
    """The value of the last equation."""
    return list(evaluate(latex, values).values())[-1]


def roles_of(values):
    """What the symbols of a cell hold: W, U and V are matrices, all else vectors."""
    return {
        name: "matrix"
        if np.ndim(value) == 2 and re.sub(r"\\mathbf\W*", "", name)[0] in "WUVR"
        else "vector"
        for name, value in values.items()
        if not callable(value)
    }


def computed(latex, values):
    """All values, with the roles declared where a batch is as large as the state."""
    equal = any(np.shape(value)[:1] == (HIDDEN,) != np.shape(value) for value in values.values())
    return evaluate(latex, values, roles_of(values) if equal else None)


def only_declared(latex, values):
    return list(computed(latex, values).values())[-1]


# The lecture ---------------------------------------------------------------------------------


@pytest.fixture(params=LEADING, ids=str)
def state(request):
    """Input, state, memory and gates with the same leading axes, and weights for three gates."""
    leading, total = request.param, INPUT + HIDDEN
    values = {
        "X_t": draw(*leading, INPUT, seed=1),
        "h_{t-1}": draw(*leading, HIDDEN, seed=2),
        "C_{t-1}": draw(*leading, HIDDEN, seed=3),
    }
    for seed, name in enumerate("urifch"):
        values[f"W_{name}"] = draw(HIDDEN, total, seed=10 + seed)
        values[f"b_{name}"] = draw(HIDDEN, seed=20 + seed)
    return values


def dense(values, name, *inputs):
    return joined(*inputs) @ values[f"W_{name}"].T + values[f"b_{name}"]


@pytest.mark.parametrize(("w", "x"), [(0.5, -1.5), (2.0, draw(4))], ids=["numbers", "array"])
def test_neuron(w, x):
    y = only(r"\hat{y} = \sigma(wx + b)", {"w": w, "x": x, "b": 0.25})
    np.testing.assert_allclose(y, sigma(w * x + 0.25))


def test_loss_and_its_steepest_ascent():
    values = {"y": draw(4), r"\hat y": draw(4, seed=1)}
    np.testing.assert_allclose(
        only(r"z = (y - \hat{y})^2", values), (values["y"] - values[r"\hat y"]) ** 2
    )
    values = {"w": draw(4), r"\eta": 0.1, r"\frac{\partial z}{\partial w}": draw(4, seed=1)}
    result = evaluate(r"w \leftarrow w + \eta \frac{\partial z}{\partial w}", values)
    assert list(result) == ["w"]
    np.testing.assert_allclose(
        result["w"], values["w"] + 0.1 * values[r"\frac{\partial z}{\partial w}"]
    )


@pytest.mark.parametrize("leading", LEADING, ids=str)
def test_new_state_split_and_concatenated(leading):
    x, h = draw(*leading, INPUT), draw(*leading, HIDDEN)
    W_x, W_h, b = draw(HIDDEN, INPUT), draw(HIDDEN, HIDDEN), draw(HIDDEN)
    wanted = sigma(x @ W_x.T + h @ W_h.T + b)
    values = {"W_x": W_x, "W_h": W_h, "b": b, "X_t": x, "h_{t-1}": h, "W": joined(W_x, W_h)}
    split = only_declared(r"h_t = \sigma(W_x X_t + W_h h_{t-1} + b)", values)
    together = only_declared(r"h_t = \sigma(W [X_t, h_{t-1}] + b)", values)
    np.testing.assert_allclose(split, wanted)
    np.testing.assert_allclose(together, wanted)


def test_a_gate_on_the_slide_s_numbers():
    X = np.array([[0.0, 1, 0, 0], [1, -1, 1, 0], [0, 0, 0, 0], [0, -1, 0, 0]])
    for open_ in (0.0, 0.5, 1.0):
        Y = only_declared(r"Y = X \otimes \Gamma", {"X": X, r"\Gamma": np.full((4, 4), open_)})
        np.testing.assert_array_equal(Y, X * open_)


def test_one_gate_gru(state):
    x, h = state["X_t"], state["h_{t-1}"]
    state |= {r"W_{\Gamma}": state["W_u"], r"b_{\Gamma}": state["b_u"]}
    state |= {"W_H": state["W_h"], "b_H": state["b_h"]}
    result = computed(
        r"""
        \begin{aligned}
        \Gamma &= \sigma(W_{\Gamma}[X_t, h_{t-1}] + b_{\Gamma}) \\
        \tilde{h}_t &= \tanh(W_H[X_t, h_{t-1}] + b_H) \\
        h_t &= \Gamma \otimes h_{t-1} + (1 - \Gamma) \otimes \tilde{h}_t
        \end{aligned}
        """,
        state,
    )
    gate, candidate = sigma(dense(state, "u", x, h)), np.tanh(dense(state, "h", x, h))
    np.testing.assert_allclose(result[r"\Gamma"], gate)
    np.testing.assert_allclose(result[r"\tilde{h}_t"], candidate)
    np.testing.assert_allclose(result["h_t"], gate * h + (1 - gate) * candidate)


def gru(state):
    x, h = state["X_t"], state["h_{t-1}"]
    update, reset = sigma(dense(state, "u", x, h)), sigma(dense(state, "r", x, h))
    return update * h + (1 - update) * np.tanh(dense(state, "h", x, reset * h))


def test_gru(state):
    h_t = only_declared(
        r"""
        \begin{aligned}
        \Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\
        \Gamma_r &= \sigma(W_r [X_t, h_{t-1}] + b_r) \\
        \tilde{h}_t &= \tanh(W_h [X_t, \Gamma_r \otimes h_{t-1}] + b_h) \\
        h_t &= \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u) \otimes \tilde{h}_t
        \end{aligned}
        """,
        state,
    )
    np.testing.assert_allclose(h_t, gru(state))


def test_gru_with_packed_gates(state):
    packed = {
        "X_t": state["X_t"],
        "h_{t-1}": state["h_{t-1}"],
        "W_1": np.concatenate([state["W_u"], state["W_r"]]).T,
        "b_1": joined(state["b_u"], state["b_r"]),
        "W_2": state["W_h"].T,
        "b_2": state["b_h"],
    }
    result = computed(
        r"""
        \begin{aligned}
        [\Gamma_u, \Gamma_r] &= \sigma(W_1^\top [X_t, h_{t-1}] + b_1) \\
        \tilde{h}_t &= \tanh(W_2^\top [X_t, \Gamma_r \otimes h_{t-1}] + b_2) \\
        h_t &= \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u) \otimes \tilde{h}_t
        \end{aligned}
        """,
        packed,
    )
    assert list(result) == [r"\Gamma_u", r"\Gamma_r", r"\tilde{h}_t", "h_t"]
    np.testing.assert_allclose(result["h_t"], gru(state))


def test_gru_that_resets_after_the_product(state):
    x, h = state["X_t"], state["h_{t-1}"]
    W_x, W_h = np.split(state["W_h"], [INPUT], axis=1)
    values = state | {"W_{hx}": W_x, "W_{hh}": W_h, "b_{hx}": draw(HIDDEN), "b_{hh}": draw(HIDDEN)}
    result = only_declared(
        r"""
        \Gamma_r = \sigma(W_r [X_t, h_{t-1}] + b_r) \\
        \tilde h_t = \tanh(W_{hx} X_t + b_{hx} + \Gamma_r \otimes (W_{hh} h_{t-1} + b_{hh}))
        """,
        values,
    )
    reset = sigma(dense(state, "r", x, h))
    wanted = np.tanh(x @ W_x.T + values["b_{hx}"] + reset * (h @ W_h.T + values["b_{hh}"]))
    np.testing.assert_allclose(result, wanted)


@pytest.mark.parametrize("literal", [False, True])
def test_lstm(state, literal):
    memory = {
        False: r"C_t &= \Gamma_f \otimes C_{t-1} + \tilde{h} \\ h_t &= \Gamma_u \otimes \tanh C_t",
        True: r"C_t &= \tanh(\Gamma_f \otimes C_{t-1} + \tilde{h}) \\ h_t &= \Gamma_u \otimes C_t",
    }
    result = computed(
        r"\begin{aligned}"
        r"\Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\"
        r"\Gamma_i &= \sigma(W_i [X_t, h_{t-1}] + b_i) \\"
        r"\Gamma_f &= \sigma(W_f [X_t, h_{t-1}] + b_f) \\"
        r"\tilde{h} &= \Gamma_i \otimes \tanh(W_c [X_t, h_{t-1}] + b_c) \\"
        rf"{memory[literal]}"
        r"\end{aligned}",
        state,
    )
    x, h, c = state["X_t"], state["h_{t-1}"], state["C_{t-1}"]
    update, write, forget = (sigma(dense(state, name, x, h)) for name in "uif")
    c_t = forget * c + write * np.tanh(dense(state, "c", x, h))
    c_t = np.tanh(c_t) if literal else c_t
    np.testing.assert_allclose(result["C_t"], c_t)
    np.testing.assert_allclose(result["h_t"], update * (c_t if literal else np.tanh(c_t)))


# Not in the lecture --------------------------------------------------------------------------


@pytest.fixture(params=LEADING, ids=str)
def v(request):
    """Arrays under short names: x, y of INPUT, h, c, z, r, f of HIDDEN, matrices and biases."""
    leading = request.param
    values = {name: draw(*leading, INPUT, seed=i) for i, name in enumerate("xy")}
    values |= {name: draw(*leading, HIDDEN, seed=i + 5) for i, name in enumerate("hczrfo")}
    values |= {name: draw(HIDDEN, INPUT, seed=i + 20) for i, name in enumerate("WVP")}
    values |= {name: draw(HIDDEN, HIDDEN, seed=i + 30) for i, name in enumerate("UQ")}
    values |= {name: draw(HIDDEN, seed=i + 40) for i, name in enumerate("bdp")}
    return values | {"B": draw(OUTPUT, HIDDEN), "k": draw(OUTPUT)}


def test_minimal_gated_unit(v):
    h_t = only_declared(
        r"""
        \begin{align*}
        f_t &= \sigma(W_f x_t + U_f h_{t-1} + b_f) \\
        \hat{h}_t &= \tanh\left(W_h x_t + U_h (f_t \odot h_{t-1}) + b_h\right) \\
        h_t &= (1 - f_t) \odot h_{t-1} + f_t \odot \hat{h}_t
        \end{align*}
        """,
        {"W_f": v["W"], "U_f": v["U"], "b_f": v["b"], "W_h": v["V"], "U_h": v["Q"], "b_h": v["d"]}
        | {"x_t": v["x"], "h_{t-1}": v["h"]},
    )
    f = sigma(v["x"] @ v["W"].T + v["h"] @ v["U"].T + v["b"])
    candidate = np.tanh(v["x"] @ v["V"].T + (f * v["h"]) @ v["Q"].T + v["d"])
    np.testing.assert_allclose(h_t, (1 - f) * v["h"] + f * candidate)


def test_peephole_lstm_with_matrices_written_in_bold(v):
    result = computed(
        r"""
        \mathbf{f}_t = \sigma\bigl(\mathbf{W}_{xf}\,\mathbf{x}_t + \mathbf{W}_{hf}\mathbf{h}_{t-1}
            + \mathbf{p}_f \odot \mathbf{c}_{t-1} + \mathbf{b}_f\bigr) \\
        \mathbf{c}_t = \mathbf{f}_t \odot \mathbf{c}_{t-1}
        """,
        {
            r"\mathbf x_t": v["x"],
            r"\mathbf h_{t-1}": v["h"],
            r"\mathbf c_{t-1}": v["c"],
            r"\mathbf W_{xf}": v["W"],
            r"\mathbf W_{hf}": v["U"],
            r"\mathbf p_f": v["p"],
            r"\mathbf b_f": v["b"],
        },
    )
    f = sigma(v["x"] @ v["W"].T + v["h"] @ v["U"].T + v["p"] * v["c"] + v["b"])
    np.testing.assert_allclose(result[r"\mathbf{c}_t"], f * v["c"])


def test_highway_layer(v):
    y = only_declared(
        r"""T = \sigma(W_T x + b_T) \\
        y = \operatorname{ReLU}(W_H x + b_H) \odot T + x \odot (1 - T)""",
        {"x": v["h"], "W_T": v["U"], "b_T": v["b"], "W_H": v["Q"], "b_H": v["d"]},
    )
    T = sigma(v["h"] @ v["U"].T + v["b"])
    np.testing.assert_allclose(y, np.maximum(v["h"] @ v["Q"].T + v["d"], 0) * T + v["h"] * (1 - T))


def test_leaky_integrator(v):
    h_t = only_declared(
        r"h_t = (1 - \alpha) h_{t-1} + \alpha \tanh(W x_t + U h_{t-1})",
        {r"\alpha": 0.3, "h_{t-1}": v["h"], "W": v["W"], "x_t": v["x"], "U": v["U"]},
    )
    np.testing.assert_allclose(
        h_t, 0.7 * v["h"] + 0.3 * np.tanh(v["x"] @ v["W"].T + v["h"] @ v["U"].T)
    )


def test_elman_network_with_output_layer(v):
    y = only_declared(
        r"""h_t &= \sigma(W_h x_t + U_h h_{t-1} + b_h) \\
        y_t &= \sigma(W_y h_t + b_y)""",
        {"W_h": v["W"], "U_h": v["U"], "b_h": v["b"], "W_y": v["B"], "b_y": v["k"]}
        | {"x_t": v["x"], "h_{t-1}": v["h"]},
    )
    h_t = sigma(v["x"] @ v["W"].T + v["h"] @ v["U"].T + v["b"])
    np.testing.assert_allclose(y, sigma(h_t @ v["B"].T + v["k"]))


def test_residual_block(v):
    y = only_declared(
        r"h' = h + W_2 \operatorname{ReLU}(W_1 h + b)",
        {"h": v["h"], "b": v["b"]} | {"W_1": v["U"], "W_2": v["Q"]},
    )
    np.testing.assert_allclose(y, v["h"] + np.maximum(v["h"] @ v["U"].T + v["b"], 0) @ v["Q"].T)


def test_softplus(v):
    y = only_declared(r"y = \log(1 + \exp x)", v)
    np.testing.assert_allclose(y, np.logaddexp(0, v["x"]))


def test_squared_error(v):
    z = only_declared(r"\ell = \frac{1}{2} (y - \hat y)^2", {"y": v["y"], r"\hat{y}": v["x"]})
    np.testing.assert_allclose(z, 0.5 * (v["y"] - v["x"]) ** 2)


def test_gradient_step_on_a_matrix(v):
    W = only_declared(
        r"W \leftarrow W - \eta \, \partial\mathcal{L} / \partial W",
        {"W": v["W"], r"\eta": 0.1, r"\frac{\partial\mathcal{L}}{\partial W}": v["V"]},
    )
    np.testing.assert_allclose(W, v["W"] - 0.1 * v["V"])


def test_momentum(v):
    result = computed(
        r"""v \leftarrow \mu v - \eta \frac{\partial z}{\partial w} \\ w \leftarrow w + v""",
        {"v": v["x"], "w": v["y"], r"\mu": 0.9, r"\eta": 0.1}
        | {r"\frac{\partial z}{\partial w}": 2 * v["x"] + 1},
    )
    wanted = 0.9 * v["x"] - 0.1 * (2 * v["x"] + 1)
    np.testing.assert_allclose(result["v"], wanted)
    np.testing.assert_allclose(result["w"], v["y"] + wanted)


def test_quasi_recurrent_pooling(v):
    h_t = only_declared(
        r"""c_t = f_t \odot c_{t-1} + (1 - f_t) \odot z_t \\ h_t = o_t \odot c_t""",
        {"f_t": v["f"], "c_{t-1}": v["c"], "z_t": v["z"], "o_t": v["o"]},
    )
    np.testing.assert_allclose(h_t, v["o"] * (v["f"] * v["c"] + (1 - v["f"]) * v["z"]))


def test_gated_linear_unit(v):
    y = only_declared(
        r"[a, g] = U h + b \\ y = a \odot \sigma(g)",
        {"U": np.tile(v["B"], (2, 1)), "h": v["h"], "b": 1},
    )
    a = v["h"] @ v["B"].T + 1
    np.testing.assert_allclose(y, a * sigma(a))


def test_stacked_bidirectional_states_with_layers_in_the_superscript(v):
    y = only_declared(
        r"y^{(2)}_t = W^{(2)} [\overrightarrow{h}_t^{(1)}, \overleftarrow{h}_t^{(1)}]",
        {r"\overrightarrow h^{(1)}_t": v["h"], r"\overleftarrow h^{(1)}_t": v["c"]}
        | {"W^{(2)}": joined(v["U"], v["Q"])},
    )
    np.testing.assert_allclose(y, v["h"] @ v["U"].T + v["c"] @ v["Q"].T)


# Spelling ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("h_{t-1}", "h_{t-1}"),
        ("h_{t - 1}", "h_{t-1}"),
        (r"h _ { t\,-1 }", "h_{t-1}"),
        ("W_u", "W_u"),
        ("W_{u}", "W_u"),
        (r"\tilde{h}_t", r"\tilde h_t"),
        (r"\tilde h_t", r"\tilde h_t"),
        (r"\tilde {h} _{t}", r"\tilde h_t"),
        (r"\tilde{h_t}", r"\tilde h_t"),
        (r"\hat{\mathbf{h}}_{\mathrm{in}}", r"\hat{\mathbf h}_{\mathrm{in}}"),
        (r"W_\Gamma", r"W_\Gamma"),
        (r"W_{\Gamma}", r"W_\Gamma"),
        (r"W_{\Gamma h}", r"W_{\Gamma h}"),
        (r"\Gamma", r"\Gamma"),
        ("h^{(l)}_t", "h_t^{(l)}"),
        ("h_t^{( l )}", "h_t^{(l)}"),
        ("x'", r"x^\prime"),
        (r"x^{\prime}", r"x^\prime"),
        ("x''_t", r"x_t^{\prime\prime}"),
        ("w^{*}", "w^*"),
        (r"\frac{\partial z}{\partial w}", r"\frac{\partial z}{\partial w}"),
        (r"\partial z / \partial w", r"\frac{\partial z}{\partial w}"),
        (r"\dfrac{ \partial z_{t} }{\partial w}", r"\frac{\partial z_t}{\partial w}"),
    ],
)
def test_canonical_names(spelling, name):
    assert canonical(spelling) == name
    assert canonical(name) == name


@pytest.mark.parametrize("text", ["h_t + 1", "", "h h", r"W^\top", "{h}", "2", "h_{t"])
def test_what_is_not_one_symbol_has_no_name(text):
    with pytest.raises(EquationSyntaxError):
        canonical(text)


def test_neither_spaces_nor_braces_nor_the_size_of_brackets_change_a_value():
    values = {"W_u": draw(5, 6), "h_{t - 1}": draw(4), "x_{t}": draw(2), r"\tilde h": draw(5)}
    wanted = (
        np.tanh(values["W_u"] @ joined(values["x_{t}"], values["h_{t - 1}"])) * values[r"\tilde h"]
    )
    for latex in [
        r"y=\tanh(W_u[x_t,h_{t-1}])\otimes\tilde{h}",
        r"y = \tanh \left( W_{u} \left[ x_t , h_{t - 1} \right] \right) \odot \tilde h",
        r"$$ y = \tanh\bigl(W_u \cdot \Bigl[x_t,\, h_{t-1}\Bigr]\bigr) \; \odot \quad \tilde h $$",
        r"$$\begin{align} & y &= \tanh\big(W_u [x_t, h_{t-1}]\big)~& \odot \tilde h \end{align}$$",
        r"\begin{aligned} y &= \! \tanh W_u [x_t, h_{t-1}] \otimes \tilde h \\ \end{aligned}",
    ]:
        np.testing.assert_allclose(evaluate(latex, values)["y"], wanted)


def test_results_are_named_as_the_source_names_them_and_can_be_used_in_any_spelling():
    result = evaluate(r"\tilde h_{ t } = 2 x \\ y = \tilde{h}_t + 1", {"x": 3})
    assert result == {r"\tilde h_{ t }": 6, "y": 7}


def test_given_values_stay_as_they_are():
    values = {"w": np.ones(2)}
    evaluate(r"w \leftarrow w + 1 \\ w \leftarrow 2 w", values)
    assert list(values) == ["w"]
    np.testing.assert_array_equal(values["w"], np.ones(2))


# Precedence ----------------------------------------------------------------------------------

NUMBERS = {"a": 0.5, "b": 0.7, "c": 0.2, "x": 0.3}


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        ("a - b - c", 0.5 - 0.7 - 0.2),
        ("a - (b - c)", 0.5 - (0.7 - 0.2)),
        ("-a + b", -0.5 + 0.7),
        ("-a - b", -0.5 - 0.7),
        (r"-a \otimes b", -0.35),
        ("(-a) b", -0.35),
        (r"a + b \otimes c", 0.5 + 0.7 * 0.2),
        ("a + b c", 0.5 + 0.7 * 0.2),
        (r"a / b \otimes c", 0.5 / 0.7 * 0.2),
        (r"a \otimes b / c", 0.5 * 0.7 / 0.2),
        ("a / b / c", 0.5 / 0.7 / 0.2),
        ("a b / c", 0.5 * 0.7 / 0.2),
        ("a / (b c)", 0.5 / (0.7 * 0.2)),
        ("a / 2", 0.25),
        (r"\frac{a + b}{c} x", 1.2 / 0.2 * 0.3),
        (r"\frac{a}{\frac{b}{c}}", 0.5 / (0.7 / 0.2)),
        ("a b^2", 0.5 * 0.49),
        ("-a^2", -0.25),
        ("(a + b)^2", 1.44),
        ("[a + b]^{2}", 1.44),
        ("a^{0.5}", 0.5**0.5),
        ("2^2 a", 2.0),
        ("x_1^2", 25.0),
        ("2a", 1.0),
        (r"2 \cdot 3 \cdot a", 3.0),
        (r"a \cdot b c", 0.5 * 0.7 * 0.2),
        (r"\tanh(a) b", np.tanh(0.5) * 0.7),
        (r"\tanh a b", np.tanh(0.35)),
        (r"\tanh 2 a", np.tanh(1.0)),
        (r"b \tanh a c", 0.7 * np.tanh(0.1)),
        (r"b \cdot \tanh a c", 0.7 * np.tanh(0.1)),
        (r"\tanh a (b + c)", np.tanh(0.45)),
        (r"\tanh (b + c) a", np.tanh(0.9) * 0.5),
        (r"\tanh [b + c] a", np.tanh(0.9) * 0.5),
        (r"\tanh a \otimes b", np.tanh(0.5) * 0.7),
        (r"\tanh a + b", np.tanh(0.5) + 0.7),
        (r"\tanh a^2", np.tanh(0.25)),
        (r"\tanh(a)^2", np.tanh(0.5) ** 2),
        (r"\tanh a \exp b c", np.tanh(0.5) * np.exp(0.14)),
        (r"\tanh a \exp(b) c", np.tanh(0.5) * np.exp(0.7) * 0.2),
        (r"\log a \tanh b", np.log(0.5) * np.tanh(0.7)),
        (r"c \tanh a b \exp b", 0.2 * np.tanh(0.35) * np.exp(0.7)),
        (r"\tanh a \exp(b)^2 \log c", np.tanh(0.5) * np.exp(0.7) ** 2 * np.log(0.2)),
        (r"\tanh \exp(a) \exp b", np.tanh(np.exp(0.5)) * np.exp(0.7)),
        (r"\tanh \frac{a}{b}", np.tanh(0.5 / 0.7)),
        (r"\tanh(\sigma(a))", np.tanh(sigma(0.5))),
        (r"\log(\exp a)", 0.5),
        (r"\operatorname{ReLU}(-a) + \operatorname { ReLU } b", 0.7),
    ],
)
def test_precedence(latex, wanted):
    np.testing.assert_allclose(evaluate(f"y = {latex}", NUMBERS | {"x_1": 5})["y"], wanted)


def test_juxtaposed_matrices_are_applied_from_right_to_left():
    W_1, W_2, x = draw(3, 4), draw(4, 2), draw(6, 2)
    values = {"W_1": W_1, "W_2": W_2, "x": x}
    np.testing.assert_allclose(only("y = W_1 W_2 x", values), x @ W_2.T @ W_1.T)
    np.testing.assert_allclose(only("y = 2 W_1 W_2 x", values), 2 * x @ W_2.T @ W_1.T)
    np.testing.assert_allclose(
        only(r"y = W_2^\top W_1^T z", {**values, "z": draw(6, 3)}), draw(6, 3) @ W_1 @ W_2
    )


@pytest.mark.parametrize("bracket", ["A B", "A B + A", r"\tanh(A B)"])
def test_a_product_of_matrices_in_a_bracket_is_refused(bracket):
    """With square matrices it would be computed, and wrong."""
    values = {"A": draw(3, 3), "B": draw(3, 3), "x": draw(3)}
    with pytest.raises(ValueError, match=r"W_1 \(W_2 x\) for two of them"):
        only(f"y = ({bracket}) x", values)
    summed = only("y = (A + B) x", values)
    np.testing.assert_allclose(summed, (values["A"] + values["B"]) @ values["x"])


def test_a_matrix_of_any_spelling_is_applied_to_a_single_vector():
    values = {"w": draw(3, 4), "W": draw(3, 4, seed=1), "x": draw(4)}
    np.testing.assert_allclose(only("y = w x", values), values["w"] @ values["x"])
    np.testing.assert_allclose(
        only("y = (w + W) x", values), (values["w"] + values["W"]) @ values["x"]
    )


def test_transposes():
    A = draw(2, 3)
    for latex in ["A^T", r"A^\top", r"A^{\top}", r"A ^ { T }", r"(A)^\top", r"\left(A\right)^T"]:
        np.testing.assert_array_equal(only(f"y = {latex}", {"A": A}), A.T)


def test_zero_dimensional_arrays_are_numbers():
    x = draw(3, 4)
    values = {"a": np.array(2.0), "x": x}
    np.testing.assert_allclose(only("y = a x", values), 2 * x)
    np.testing.assert_allclose(only(r"y = x a - a \odot x + x / a", values), x / 2)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_notation(name):
    (equation,) = parse(f"y = {name}(x, y)")
    assert equation.right.function == name


# Each function by another formula.
COMPUTED = {
    r"\sigma": sigma,
    r"\tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    r"\exp": lambda x: np.e**x,
    r"\log": lambda x: np.log2(x) * np.log(2),
    r"\operatorname{ReLU}": lambda x: np.maximum(x, 0),
    r"\operatorname{sgn}": lambda x: (x > 0) * 1.0 - (x < 0),
    r"\operatorname{softplus}": lambda x: np.log(1 + np.exp(x)),
    r"\operatorname{softmax}": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    r"\sin": lambda x: np.exp(1j * x).imag,
    r"\cos": lambda x: np.exp(1j * x).real,
    r"\log_2": lambda x: np.log(x) / np.log(2),
    r"\log_{10}": lambda x: np.log(x) / np.log(10),
    r"\max": lambda x: (x + 0.1 + abs(x - 0.1)) / 2,
    r"\min": lambda x: (x + 0.1 - abs(x - 0.1)) / 2,
}


def test_a_determinant_and_a_diagonal_matrix():
    x, W, v = draw(4), draw(4, 4), draw(4, seed=1)
    minor = np.linalg.svd(W, compute_uv=False).prod()
    for convert in (np.asarray, torch.tensor):
        values = {"x": convert(x), "W": convert(W), "v": convert(v)}
        np.testing.assert_allclose(abs(only(r"y = \det W", values)), minor)
        diagonal = only(r"y = \operatorname{diag}(x) v", values)
        np.testing.assert_allclose(diagonal, x * v)
        assert type(diagonal) is type(values["x"])
    with pytest.raises(ValueError, match="that of a square matrix"):
        only(r"y = \det x", {"x": x})
    with pytest.raises(ValueError, match="made of one vector"):
        only(r"y = \operatorname{diag}(W)", {"W": W})


OF_MATRICES = (r"\det", r"\operatorname{diag}")


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in OF_MATRICES])
def test_every_function_computes_what_it_is_called(name):
    assert name in COMPUTED, f"{name} needs another formula, in COMPUTED of {__name__}.py"
    x = draw(3, 4)
    x = abs(x) if r"\log" in name else x
    for array in (x, torch.tensor(x)):
        arguments = "v, 0.1" if name in EXTREMES else "v"
        y = only(f"y = {name}({arguments})", {"v": array})
        assert type(y) is type(array)
        np.testing.assert_allclose(y, COMPUTED[name](x), rtol=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_written_as_it_is_called(name):
    assert to_text(f"{name}(x)") == f"{FUNCTIONS[name].text}(x)"
    assert to_mathml(f"{name}(x)")


def test_functions_of_numbers_give_numbers():
    result = only(r"y = \sigma(0) + \exp(0) + \operatorname{ReLU}(-2)", {})
    assert type(result) is float
    assert result == 1.5


# What a parsed equation says -----------------------------------------------------------------


def test_lines_and_symbols_with_their_places():
    first, second = parse(
        r"""$$\begin{aligned}
        & [a, b] &= W^\top \tilde{h}_{t - 1} + b' \\
        w & \leftarrow \partial z / \partial w^{(l)} \otimes 2 x_t^2 \, \\
        \end{aligned}$$"""
    )
    assert first.latex == r"[a, b] = W^\top \tilde{h}_{t - 1} + b'"
    assert second.latex == r"w  \leftarrow \partial z / \partial w^{(l)} \otimes 2 x_t^2"
    assert [s.name for s in first.left] == ["a", "b"]
    assert [s.latex for s in first.symbols] == ["a", "b", "W", r"\tilde{h}_{t - 1}", "b'"]
    assert [s.latex for s in second.symbols] == ["w", r"\partial z / \partial w^{(l)}", "x_t"]
    assert first.symbols[3].span == (16, 33)
    for equation in (first, second):
        assert [equation.latex[slice(*s.span)] for s in equation.symbols] == [
            s.latex for s in equation.symbols
        ]
        assert equation.right.symbols == equation.symbols[-len(equation.right.symbols) :]
        for part in equation.right.walk():
            assert isinstance(part, Number) or equation.latex[part.start :].startswith(part.latex)
    assert [part.start for part in first.right.walk()] == [9, 9, 9, 9, 16, 36]


def test_a_line_parsed_alone_is_the_same_line():
    source = r"\begin{align} a &= b + \frac{c}{2} d \\ e &= [a, \tanh \hat b] \end{align}"
    for equation in parse(source):
        assert repr(parse(equation.latex)) == repr([equation])


def test_changing_the_list_of_equations_does_not_change_the_next_one():
    parse("y = 2 x").clear()
    assert [equation.latex for equation in parse("y = 2 x")] == ["y = 2 x"]


# Syntax errors -------------------------------------------------------------------------------

FACTOR = "an expression"


@pytest.mark.parametrize(
    ("latex", "line", "column", "message"),
    [
        (
            "",
            1,
            1,
            r"a function, `\frac`, `[`, `\\`, `\begin{aligned}` or `$$`, got the end",
        ),
        ("a", 1, 2, r"`=`, `\leftarrow`, a subscript or a superscript, got the end"),
        ("a + b = c", 1, 3, r"`=`, `\leftarrow`, a subscript or a superscript, got `+`"),
        ("f(x)^2 = c", 1, 5, "got `^`: one superscript"),
        ("a = b +  ", 1, 8, f"expected {FACTOR}, got the end"),
        ("a = \\tanh(b\n + + c)", 2, 4, f"expected {FACTOR}, got `+`"),
        (r"a &= b \\" "\n" r"c &= d e)", 2, 9, r"`,`, `.`, `\\` or the end, got `)`"),
        (r"a = \sigma(b", 1, 13, r"`\cdot`, `,` or `)`, got the end"),
        (r"a = \left(b)", 1, 12, r"`\cdot`, `,` or `\right`, got `)`"),
        (r"a = [b, ]", 1, 9, "expected an expression or an operator, got `]`"),
        ("a = [b ! c]", 1, 8, "or `]`, got `!`"),
        ("a = b \\leftarrow c", 1, 7, r"or the end, got `\leftarrow`"),
        (r"a = \leftarrow b", 1, 5, r"got `\leftarrow`"),
        ("a = b,,", 1, 7, r"or the end, got `,`"),
        (r"a = b \div c", 1, 7, r"got `\div`"),
        (r"a = \foo{b}", 1, 5, r"got `\foo`"),
        (r"a = \frac {b} c", 1, 15, "expected `{`, got `c`"),
        (r"\begin{aligned} a = b", 1, 22, "or the end of the environment, got the end"),
        (
            r"\begin{align} a = b \end{aligned}",
            1,
            21,
            r"expected `\end{align}`, got `\end{aligned}`",
        ),
        (r"\begin{cases} a = b \end{cases}", 1, 1, r"got `\begin{cases}`"),
        ("$a = b$", 1, 1, "or `$$`, got `$`"),
        ("$$ a = b", 1, 9, "or `$$`, got the end"),
        (r"a = b \\[2] c = d", 1, 10, r"expected a symbol or `\frac`, got `2`"),
        (
            "a = b / c d",
            1,
            11,
            r"got `d`: below a slash stands one factor; write \frac or brackets",
        ),
        ("a = 2 3", 1, 7, "got `3`"),
        (r"a = 2\,000", 1, 8, "got `0`"),
        ("a = x 2", 1, 7, "got `2`"),
        ("a = b + -c", 1, 9, f"expected {FACTOR}, got `-`"),
        (r"a = \tanh \exp(b) c", 1, 19, r"a function, `\sum`, `=`, a superscript, an operator"),
        (r"a = \tanh b \cdot c", 1, 13, "got `\\cdot`: \\cdot joins two factors; after a function"),
        (r"a = \tanh b x \cdot c", 1, 15, "got `\\cdot`: \\cdot joins two factors"),
        ("a = (x)^{?}", 1, 8, r"got `^`: one superscript follows a symbol or a group: \top or T"),
        ("a = x^y^2", 1, 8, "got `^`: one superscript"),
        ("a = x^2^3", 1, 8, "got `^`: one superscript"),
        ("a = x^10", 1, 8, "got `0`"),
        ("a = x^{(l)}^2", 1, 12, "got `^`: one superscript"),
        (r"a = \partial z / \partial w^*^2", 1, 30, "got `^`: one superscript"),
        (r"a = W^{(l)}^\top", 1, 12, "got `^`: one superscript"),
        (r"a = \frac{b}{c}^2", 1, 16, "got `^`: one superscript"),
        (r"W^\top = a", 1, 2, "got `^`: one superscript"),
        ("(x)^2 = a", 1, 1, "got `(`"),
        ("a = 2^2_t", 1, 8, "got `_`: a subscript follows a symbol"),
        ("a = h_{t-1", 1, 6, "got `_`: a subscript follows a symbol"),
        ("a = b{}", 1, 7, "got `}`"),
        (r"a = \frac{\partial z}{2}", 1, 23, r"got `2`"),
        ("a = b ?", 1, 7, "or the end, got `?`"),
    ],
)
def test_syntax_errors_point_at_the_place(latex, line, column, message):
    with pytest.raises(EquationSyntaxError) as caught:
        parse(latex)
    first, source, caret = str(caught.value).split("\n")
    assert (caught.value.line, caught.value.column) == (line, column)
    assert first.startswith(f"line {line}, column {column}: ")
    assert message in first and first.endswith(f": {caught.value.problem}")
    assert caught.value.picture == f"{source}\n{caret}"
    assert source == "    " + latex.split("\n")[line - 1]
    assert caret == "    " + " " * (column - 1) + "^"


def test_a_syntax_error_in_full():
    with pytest.raises(EquationSyntaxError) as caught:
        parse("y = \\tanh(x\n  + )")
    assert str(caught.value) == (
        "line 2, column 5: expected an expression, got `)`\n      + )\n        ^"
    )


# Errors of evaluation ------------------------------------------------------------------------


def test_an_unknown_symbol_is_named_beside_the_known_ones():
    with pytest.raises(UnknownSymbolError) as caught:
        evaluate(r"a = 1 \\ y = \tilde{h}_t + a", {"h_{t}": 1})
    assert str(caught.value) == r"unknown symbol `\tilde{h}_t`; known: `h_t`, `a`"
    with pytest.raises(UnknownSymbolError, match="known: none"):
        evaluate("y = x", {})


def test_an_unknown_function_is_named_beside_the_known_ones():
    with pytest.raises(UnknownSymbolError) as caught:
        evaluate(r"y = \operatorname{GELU}(x)", {"x": 1})
    assert str(caught.value) == (
        r"unknown function `\operatorname{GELU}`; "
        f"known: {', '.join(f'`{name}`' for name in FUNCTIONS)}; give it as a value under this key"
    )


def test_values_are_arrays_or_numbers():
    with pytest.raises(TypeError, match="`x`: expected an array, a number or a function, got list"):
        evaluate("y = x", {"x": [1, 2]})


def test_one_symbol_has_one_key():
    with pytest.raises(ValueError, match=r"`h_{t}`: another key is the same symbol, `h_t`"):
        evaluate("y = h_t", {"h_t": 1, "h_{t}": 2})


@pytest.mark.parametrize(
    "latex", ["a + b", "a - b", r"a \otimes b", r"a \odot b", r"\frac{a}{b}", "a / b"]
)
@pytest.mark.parametrize(
    ("a", "b"), [((3, 1), (3, 4)), ((1, 4), (3, 4)), ((3,), (3, 4)), ((1,), (4,)), ((2, 4), (3, 4))]
)
def test_nothing_is_broadcast(latex, a, b):
    for first, second in [(a, b), (b, a)]:
        with pytest.raises(ValueError) as caught:
            evaluate(f"y = {latex}", {"a": draw(*first), "b": draw(*second)})
        assert str(caught.value) == (
            f"`{latex}`: `a` of shape {first} and `b` of shape {second}: shapes differ"
        )


@pytest.mark.parametrize("bias", [(), (4,), (3, 4), (2, 3, 4)])
def test_but_numbers_and_biases(bias):
    a, b = draw(2, 3, 4), draw(*bias)
    for sign, compute in [
        ("+", operator.add),
        ("-", operator.sub),
        (r"\odot", operator.mul),
        ("/", operator.truediv),
    ]:
        np.testing.assert_allclose(only(f"y = a {sign} b", {"a": a, "b": b}), compute(a, b))
        np.testing.assert_allclose(only(f"y = b {sign} a", {"a": a, "b": b}), compute(b, a))


@pytest.mark.parametrize(
    ("latex", "left", "right"),
    [
        ("z h", (4,), (4,)),
        ("z h", (4, 4), (4, 4)),
        ("z h", (3, 4), (3, 4)),
        ("z h", (2, 3, 4), (2, 3, 4)),
        ("z h", (4,), (4, 4)),
        (r"\Gamma h", (4, 4), (4, 4)),
        (r"\Gamma_W h", (4, 4), (4, 4)),
        (r"\tilde{h} h", (4, 4), (4, 4)),
        (r"\frac{\partial L}{\partial W} h", (4, 4), (4, 4)),
        (r"z^\top h", (4, 4), (4, 4)),
        ("(1 - z) h", (4, 4), (4, 4)),
        (r"\sigma(W) h", (4, 4), (4, 4)),
        ("W h", (2, 4, 4), (4, 4)),
        ("W h", (4, 4), (4, 4)),
        ("F C", (3, 4), (3, 4)),
        ("W h", (4,), (4,)),
        (r"W U^\top", (4, 4), (4, 4)),
    ],
)
def test_ambiguous_juxtaposition_is_refused(latex, left, right):
    names = [s.latex for s in parse(f"y = {latex}")[0].symbols[1:]]
    values = dict(zip(names, [draw(*left), draw(*right)], strict=False)) | {"h": draw(*right)}
    ways = r"write \\odot .* matrices in upper case" if len(right) > 1 else r"\\odot .* a gate"
    with pytest.raises(ValueError, match=ways) as caught:
        evaluate(f"y = {latex}", values)
    assert f"of shape {left} and " in str(caught.value)


@pytest.mark.parametrize(
    "latex", ["W h", r"\mathbf{W} h", r"\hat{\mathbf W}_{xh} h", r"W'_x h", r"V^\top h", "(W) h"]
)
def test_upper_case_letters_are_matrices_under_any_accent_and_font(latex):
    name = parse(f"y = {latex}")[0].symbols[1].latex
    W, h = draw(4, 4), draw(3, 4)
    wanted = h @ W if "top" in latex else h @ W.T
    np.testing.assert_allclose(only(f"y = {latex}", {name: W, "h": h}), wanted)


def test_sizes_of_a_matrix_product():
    with pytest.raises(ValueError) as caught:
        evaluate(r"y = \tanh(W_u [x, h])", {"W_u": draw(4, 6), "x": draw(3, 2), "h": draw(3, 5)})
    assert str(caught.value) == (
        "`W_u [x, h]`: `W_u` of shape (4, 6) and `[x, h]` of shape (3, 7): "
        "the matrix has another number of columns"
    )


@pytest.mark.parametrize("shapes", [((3, 2), (4, 2)), ((2,), (1, 2)), ((1, 2), (3, 2)), ((), ())])
def test_concatenation_takes_equal_leading_axes(shapes):
    first, second = shapes
    with pytest.raises(ValueError) as caught:
        evaluate("y = [a, b]", {"a": draw(*first), "b": draw(*second)})
    assert f"`[a, b]`: `a` of shape {first} and `b` of shape {second}" in str(caught.value)


def test_a_number_beside_vectors_is_one_more_feature():
    x = draw(3, 2)
    np.testing.assert_array_equal(only("y = [1; x]", {"x": x}), joined(np.ones((3, 1)), x))


def test_a_left_hand_side_in_brackets_splits_evenly():
    value = draw(3, 6)
    parts = evaluate(r"\left[a, b, c\right] = x", {"x": value})
    for name, part in zip("abc", np.split(value, 3, axis=-1), strict=True):
        np.testing.assert_array_equal(parts[name], part)
    for wrong in (draw(3, 5), draw(4), 1.0, np.array(1.0)):
        with pytest.raises(ValueError, match="no 3 equal parts"):
            evaluate("[a, b, c] = x", {"x": wrong})


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4)])
def test_numbers_vectors_and_batches_of_matrices_are_transposed(shape):
    W = draw(*shape)
    wanted = W.swapaxes(-1, -2) if len(shape) > 1 else W
    np.testing.assert_array_equal(only(r"y = W^\top", {"W": W}), wanted)


def test_a_power_of_a_matrix_is_refused():
    with pytest.raises(ValueError, match=r"`W\^2`: `W` of shape \(3, 3\): a power of a matrix"):
        evaluate("y = W^2 x", {"W": draw(3, 3), "x": draw(3)})
    np.testing.assert_allclose(only("y = x^2", {"x": draw(3, 3)}), draw(3, 3) ** 2)


# Libraries and dtypes ------------------------------------------------------------------------

EQUATIONS = r"""
    \Gamma_u = \sigma(W_u [X_t, h_{t-1}] + b_u) \\
    \tilde{h}_t = \operatorname{ReLU}(W_h [X_t, h_{t-1}] + b_h) \log(2 + \exp(0)) / 3 \\
    h_t = \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u)^2 \otimes \tanh 0.5 \tilde h_t
"""


def test_torch_computes_what_numpy_does(state):
    wanted = only(EQUATIONS, state)
    tensors = {name: torch.tensor(value) for name, value in state.items()}
    torch.testing.assert_close(only(EQUATIONS, tensors), torch.tensor(wanted))


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_the_dtype_is_kept(state, kind):
    arrays = {name: value.astype(kind) for name, value in state.items()}
    assert {str(value.dtype) for value in evaluate(EQUATIONS, arrays).values()} == {kind}
    tensors = {name: torch.tensor(value) for name, value in arrays.items()}
    dtypes = {value.dtype for value in evaluate(EQUATIONS, tensors).values()}
    assert dtypes == {getattr(torch, kind)}


def test_gradients_flow():
    values = {
        "W": torch.tensor(draw(4, 5), requires_grad=True),
        "x": torch.tensor(draw(3, 2), requires_grad=True),
        "h": torch.tensor(draw(3, 3), requires_grad=True),
    }

    def y(W, x, h):
        return only(r"y = \sigma(W [x, h])^2 / 2", {"W": W, "x": x, "h": h})

    assert torch.autograd.gradcheck(y, tuple(values.values()))


# The grammar ---------------------------------------------------------------------------------


def test_the_grammar_is_unambiguous(caplog):
    with caplog.at_level(logging.DEBUG, logger="lark"):
        Lark.open(
            "grammar.lark",
            rel_to=grammar.__file__,
            parser="lalr",
            start=["start", "name", "indices", "exponent"],
            debug=True,
        )
    assert "conflict" not in caplog.text.lower()


def test_every_terminal_has_a_word_for_messages():
    lark = grammar._parser()
    worded = {name for names in grammar._WORDS.values() for name in names}
    assert {t.name for t in lark.terminals} - set(lark.ignore_tokens) == worded - {"$END"}


PIECES = (
    r"a W \tilde{h} \Gamma _t _{t-1} ^\top ^T ^2 ^{(l)} ' ^* + - = \leftarrow \otimes \cdot / , ( )"
    r" [ ] \left( \right) \tanh \sigma \frac { } \frac{a}{b} \partial 2 0.5 \\ & \quad \foo ^ _ $$"
    r" \begin{aligned} \end{aligned} \frac{\partial z}{\partial w} \sum \sum_n \sum_{m=0}^{k-1} n"
    r" _n _{m,n} _{t+n} \circ * \ast \sqrt"
).split(" ")


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_any_text_is_an_equation_or_a_syntax_error_at_a_place(pieces):
    text = "a = " + " ".join(pieces)
    try:
        equations = parse(text)
    except EquationSyntaxError as error:
        assert error.line == 1
        assert 1 <= error.column <= len(text) + 1
    else:
        for equation in equations:
            for symbol in equation.symbols:
                assert equation.latex[slice(*symbol.span)] == symbol.latex
                # With an index that a sum counts, the name is that of the array alone.
                if not has_indices(equation):
                    assert canonical(symbol.latex) == symbol.name


# Random expressions, printed and computed apart from the code under test ---------------------

SUM, PRODUCT, TERM, TIGHT = range(4)
ARRAYS = {
    "x": draw(3, 4),
    r"\tilde h_t": draw(3, 4, seed=1),
    r"\Gamma_u": draw(4),
    "b'": draw(4, seed=2),
}
MATRICES = {"W_x": draw(4, 4), r"\mathbf{U}": draw(4, 4, seed=1)}
GROUPS = ["({})", r"\left( {} \right)", r"\bigl({}\bigr)", "[{}]"]
BINARIES = [
    ("+", operator.add, SUM, PRODUCT),
    ("-", operator.sub, SUM, PRODUCT),
    (r"\otimes", operator.mul, PRODUCT, TERM),
    (r"\odot", operator.mul, PRODUCT, TERM),
]
UNARIES = [  # LaTeX, what it computes, how tight its operand and the whole are
    ("-{}", operator.neg, PRODUCT, SUM),
    ("1 - {}", lambda x: 1 - x, PRODUCT, SUM),
    ("2 {}", lambda x: 2 * x, TERM, PRODUCT),
    ("{} / 3", lambda x: x / 3, PRODUCT, PRODUCT),
    (r"\frac{{{}}}{{4}}", lambda x: x / 4, SUM, TIGHT),
    (r"\tanh({})", np.tanh, SUM, TIGHT),
    (r"\tanh({})^2", lambda x: np.tanh(x) ** 2, SUM, TIGHT),
    (r"\sigma\left({}\right)", sigma, SUM, TIGHT),
    (r"\operatorname{{ReLU}}[{}]", lambda x: np.maximum(x, 0), SUM, TIGHT),
    (r"W_x {}", lambda x: x @ MATRICES["W_x"].T, TERM, TERM),
    (r"\mathbf U^\top {}", lambda x: x @ MATRICES[r"\mathbf{U}"], TERM, TERM),
]


def grouped(part, level, group):
    """The LaTeX of a part, in a group unless it binds at least as tightly as asked."""
    latex, _, own = part
    return latex if own >= level else group.format(latex)


@st.composite
def compounds(draw_, parts):
    """A part of an expression: its LaTeX, its value, and how tightly it binds."""
    group = draw_(st.sampled_from(GROUPS))
    if draw_(st.booleans()):
        form, compute, level, own = draw_(st.sampled_from(UNARIES))
        part = draw_(parts)
        return form.format(grouped(part, level, group)), compute(part[1]), own
    sign, compute, own, right_level = draw_(st.sampled_from(BINARIES))
    left, right = draw_(parts), draw_(parts)
    latex = f"{grouped(left, own, group)} {sign} {grouped(right, right_level, group)}"
    return latex, compute(left[1], right[1]), own


LEAVES = st.sampled_from([(latex, value, TIGHT) for latex, value in ARRAYS.items()])


@given(st.recursive(LEAVES, compounds, max_leaves=12))
def test_random_expressions(expression):
    latex, wanted, _ = expression
    result = only(f"y = {latex}", ARRAYS | MATRICES)
    np.testing.assert_allclose(result, wanted, rtol=1e-9, atol=1e-12)

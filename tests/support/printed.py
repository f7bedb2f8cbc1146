r"""Equations as others print them, each with its values and with what it comes to.

Every entry has the LaTeX of a paper, a manual or a textbook, a draw of values for its symbols, and
the result in plain numpy, written from what the source means and not from how it is parsed. Sizes
come from outside, so that an equation can be tried where all of them differ, and where all of them
are equal: there a wrong reading has the right shape.

As in the engine, features stand on the last axis and batch axes in front, whether the source writes
column vectors (`W x`) or row vectors (`x W`). Where a source puts its samples in columns, they stay
there, and the entry's roles say so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import expm

Values = dict[str, Any]


class Sizes(NamedTuple):
    """How long the axes are.

    Attributes:
        batch: samples.
        n_in: features of the input.
        n_h: features of the hidden state.
        n_out: features of the output, or classes.
        time: steps of a sequence.
    """

    batch: int
    n_in: int
    n_h: int
    n_out: int
    time: int


DIFFERENT = Sizes(batch=3, n_in=2, n_h=5, n_out=4, time=6)
EQUAL = Sizes(batch=4, n_in=4, n_h=4, n_out=4, time=4)


@dataclass(frozen=True)
class Printed:
    r"""An equation as it is printed.

    Attributes:
        source: where it is printed so.
        latex: the equation.
        values: draws what its symbols stand for, by their LaTeX.
        expected: the values of its left-hand sides by their LaTeX: of all, or of the last ones.
        roles: what shapes cannot tell, as a careful reader would say it.
        equal_roles: what has to be said besides where all sizes are equal.
        refused: why it can have no value.
    """

    source: str
    latex: str
    values: Callable[[np.random.Generator, Sizes], Values] = lambda rng, sizes: {}
    expected: Callable[[Values], Values] | None = None
    roles: dict[str, str] = field(default_factory=dict)
    equal_roles: dict[str, str] = field(default_factory=dict)
    refused: str = ""


# Draws ---------------------------------------------------------------------------------------

DRAWS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Any]] = {
    "any": lambda rng, shape: rng.normal(size=shape),
    "number": lambda rng, shape: rng.normal(size=shape),
    "positive": lambda rng, shape: rng.uniform(0.5, 1.5, size=shape),
    "unit": lambda rng, shape: rng.uniform(0.1, 0.9, size=shape),
    "shares": lambda rng, shape: rng.dirichlet(np.ones(shape[-1]), size=shape[:-1]),
    "onehot": lambda rng, shape: np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])],
    "sign": lambda rng, shape: rng.choice([-1.0, 1.0], size=shape),
    "covariance": lambda rng, shape: _covariance(rng.normal(size=shape)),
}
"""Ways of drawing an array; the first word of a shape may name one."""


def _covariance(root: np.ndarray) -> np.ndarray:
    return root @ root.T + np.eye(len(root))


def drawn(
    shapes: str,
    given: Values | None = None,
    more: Callable[[Values, Sizes], Values] = lambda values, sizes: {},
    gates: str = "",
) -> Callable[[np.random.Generator, Sizes], Values]:
    """A draw of values.

    Args:
        shapes: "shape: symbols" with " | " between them: the symbols have ", " between them, and a
            shape is such as "batch n_in" or "positive n_h+n_in 4*n_h"; "number" has no axes.
        given: values that are the same in every draw.
        more: values that depend on those drawn before or on the sizes.
        gates: letters; a symbol with ? in it stands for one symbol with each of them.

    Returns:
        What an entry takes for its `values`.
    """

    def draw(rng: np.random.Generator, sizes: Sizes) -> Values:
        values: Values = {}
        for row in shapes.split(" | "):
            shape, symbols = row.split(": ")
            words = shape.split()
            kind = words.pop(0) if words[0] in DRAWS else "any"
            lengths = tuple(_length(word, sizes) for word in words)
            for symbol in symbols.split(", "):
                for letter in gates if "?" in symbol else " ":
                    value = DRAWS[kind](rng, lengths)
                    values[symbol.replace("?", letter)] = value if lengths else float(value)
        values |= given or {}
        return values | more(values, sizes)

    return draw


def _length(word: str, sizes: Sizes) -> int:
    def factor(text: str) -> int:
        return int(text) if text.isdigit() else getattr(sizes, text)

    return sum(prod(map(factor, term.split("*"))) for term in word.split("+"))


def pick(values: Values, names: str) -> list[Any]:
    """The values of names with ", " between them."""
    return [values[name] for name in names.split(", ")]


# Plain numpy ---------------------------------------------------------------------------------


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def relu(x: Any) -> Any:
    return np.maximum(x, 0)


def softmax(x: Any, axis: int = -1) -> Any:
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def softplus(x: Any) -> Any:
    return np.log1p(np.exp(x))


def normalised(x: Any) -> Any:
    """Mean 0 and variance 1 over the features."""
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


def columns(values: Values, terms: str) -> Any:
    """A sum of matrices times column vectors, and of biases: "W x + U h + b"."""
    return _affine(values, terms, lambda matrix, vector: vector @ matrix.T)


def rows(values: Values, terms: str) -> Any:
    """A sum of row vectors times matrices, and of biases: "x W + h U + b"."""
    return _affine(values, terms, lambda vector, matrix: vector @ matrix)


def _affine(values: Values, terms: str, product: Callable[[Any, Any], Any]) -> Any:
    total = 0.0
    for term in terms.split(" + "):
        factors = [values[name] for name in term.split()]
        total = total + (product(*factors) if len(factors) == 2 else factors[0])
    return total


# Recurrent networks --------------------------------------------------------------------------


def _elman(v: Values) -> Values:
    a = columns(
        v,
        r"\boldsymbol{b} + \boldsymbol{W} \boldsymbol{h}^{(t-1)} "
        r"+ \boldsymbol{U} \boldsymbol{x}^{(t)}",
    )
    h = np.tanh(a)
    o = columns(v | {"h": h}, r"\boldsymbol{c} + \boldsymbol{V} h")
    return {
        r"\boldsymbol{a}^{(t)}": a,
        r"\boldsymbol{h}^{(t)}": h,
        r"\boldsymbol{o}^{(t)}": o,
        r"\hat{\boldsymbol{y}}^{(t)}": softmax(o),
    }


def _samples_in_columns(v: Values) -> Values:
    a_before, x = v[r"a^{\langle t-1 \rangle}"], v[r"x^{\langle t \rangle}"]
    a = np.tanh(v["W_{aa}"] @ a_before + v["W_{ax}"] @ x + v["b_a"])
    y = softmax(v["W_{ya}"] @ a + v["b_y"], axis=0)
    return {r"a^{\langle t \rangle}": a, r"\hat{y}^{\langle t \rangle}": y}


def _wikipedia_elman(v: Values) -> Values:
    h = sigmoid(columns(v, "W_{h} x_t + U_{h} h_{t-1} + b_h"))
    return {"h_t": h, "y_t": np.exp(columns(v | {"h": h}, "W_{y} h + b_y"))}


def _wikipedia_jordan(v: Values) -> Values:
    s = np.sin(columns(v, "W_{s,s} s_{t-1} + W_{s,y} y_{t-1} + b_s"))
    h = sigmoid(columns(v | {"s": s}, "W_{h} x_t + U_{h} s + b_h"))
    return {"s_t": s, "h_t": h, "y_t": np.exp(columns(v | {"h": h}, "W_{y} h + b_y"))}


def _d2l_rnn(v: Values) -> Values:
    h = np.tanh(
        rows(
            v,
            r"\mathbf{X}_t \mathbf{W}_{\textrm{xh}} + \mathbf{H}_{t-1} \mathbf{W}_{\textrm{hh}} "
            r"+ \mathbf{b}_\textrm{h}",
        )
    )
    o = rows(v | {"h": h}, r"h \mathbf{W}_{\textrm{hq}} + \mathbf{b}_\textrm{q}")
    return {r"\mathbf{H}_t": h, r"\mathbf{O}_t": o}


def _mikolov(v: Values) -> Values:
    U, W, V, w, s, t = pick(v, "U, W, V, w, s, t")
    state = sigmoid(w[t] @ U.T + s[t - 1] @ W.T)
    return {"s(t)": state, "y(t)": softmax(state @ V.T)}


def _cs231n(v: Values) -> Values:
    h = np.tanh(columns(v, "W_{hh} h_{t-1} + W_{xh} x_t"))
    return {"h_t": h, "y_t": h @ v["W_{hy}"].T}


def _echo_state(v: Values) -> Values:
    W_in, W, u, x, n, alpha = pick(
        v, r"\mathbf{W}^{\text{in}}, \mathbf{W}, \mathbf{u}, \mathbf{x}, n, \alpha"
    )
    ones = np.ones((*u[n].shape[:-1], 1))
    new = np.tanh(np.concatenate([ones, u[n]], axis=-1) @ W_in.T + x[n - 1] @ W.T)
    return {r"\tilde{\mathbf{x}}(n)": new, r"\mathbf{x}(n)": (1 - alpha) * x[n - 1] + alpha * new}


def _bidirectional(v: Values) -> Values:
    right, left = r"\overrightarrow{h}", r"\overleftarrow{h}"
    found = {}
    for h, before in ((right, "t-1"), (left, "t+1")):
        terms = f"W_{{x{h}}} x_t + W_{{{h}{h}}} {h}_{{{before}}} + b_{{{h}}}"
        found[f"{h}_t"] = np.tanh(columns(v, terms))
    terms = f"W_{{{right}y}} {right}_t + W_{{{left}y}} {left}_t + b_y"
    return found | {"y_t": columns(v | found, terms)}


def _second_order(v: Values) -> Values:
    W, h, x, b = pick(v, "W, h^{t-1}, x^t, b")
    return {"h_i^t": sigmoid(np.einsum("ijk,j,k->i", W, h, x) + b)}


def _unitary(v: Values) -> Values:
    D, R = [v[f"D_{i}"] for i in (1, 2, 3)], [v[f"R_{i}"] for i in (1, 2)]
    F, Pi = v["F"], v[r"\Pi"]
    return {"W": D[2] @ R[1] @ np.linalg.inv(F) @ D[1] @ Pi @ R[0] @ F @ D[0]}


RECURRENT = (
    Printed(
        "PyTorch, torch.nn.RNN",
        r"h_t = \tanh(x_t W_{ih}^T + b_{ih} + h_{t-1}W_{hh}^T + b_{hh})",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1} | n_h n_in: W_{ih} | n_h n_h: W_{hh} | "
            "n_h: b_{ih}, b_{hh}"
        ),
        lambda v: {"h_t": np.tanh(columns(v, "W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh}"))},
    ),
    Printed(
        "PyTorch, torch.nn.RNNCell",
        r"h' = \tanh(W_{ih} x + b_{ih}  +  W_{hh} h + b_{hh})",
        drawn(
            "batch n_in: x | batch n_h: h | n_h n_in: W_{ih} | n_h n_h: W_{hh} | "
            "n_h: b_{ih}, b_{hh}"
        ),
        lambda v: {"h'": np.tanh(columns(v, "W_{ih} x + b_{ih} + W_{hh} h + b_{hh}"))},
    ),
    Printed(
        "Flax, nn.SimpleCell with residual",
        r"\begin{array}{ll} h' = \tanh(W_i x + b_i + W_h h + h) \end{array}",
        drawn("batch n_in: x | batch n_h: h | n_h n_in: W_i | n_h n_h: W_h | n_h: b_i"),
        lambda v: {"h'": np.tanh(columns(v, "W_i x + b_i + W_h h + h"))},
    ),
    Printed(
        "CS231n, lecture 10",
        r"h_t = \tanh(W_{hh}h_{t-1} + W_{xh}x_t) \\ y_t = W_{hy}h_t",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1} | n_h n_in: W_{xh} | n_h n_h: W_{hh} | "
            "n_out n_h: W_{hy}"
        ),
        _cs231n,
    ),
    Printed(
        "Goodfellow, Bengio, Courville: Deep Learning, (10.8)-(10.11)",
        r"""\begin{align}
        \boldsymbol{a}^{(t)} &= \boldsymbol{b} + \boldsymbol{W}\boldsymbol{h}^{(t-1)}
            + \boldsymbol{U}\boldsymbol{x}^{(t)}, \\
        \boldsymbol{h}^{(t)} &= \tanh(\boldsymbol{a}^{(t)}), \\
        \boldsymbol{o}^{(t)} &= \boldsymbol{c} + \boldsymbol{V}\boldsymbol{h}^{(t)}, \\
        \hat{\boldsymbol{y}}^{(t)} &= \mathrm{softmax}(\boldsymbol{o}^{(t)}),
        \end{align}""",
        drawn(
            r"batch n_in: \boldsymbol{x}^{(t)} | batch n_h: \boldsymbol{h}^{(t-1)} | "
            r"n_h n_in: \boldsymbol{U} | n_h n_h: \boldsymbol{W} | "
            r"n_out n_h: \boldsymbol{V} | n_h: \boldsymbol{b} | n_out: \boldsymbol{c}"
        ),
        _elman,
    ),
    Printed(
        "Wikipedia, Recurrent neural network: Elman network",
        r"""\begin{align}
        h_t &= \sigma_h(W_{h} x_t + U_{h} h_{t-1} + b_h) \\
        y_t &= \sigma_y(W_{y} h_t + b_y)
        \end{align}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1} | n_h n_in: W_{h} | n_h n_h: U_{h} | "
            "n_out n_h: W_{y} | n_h: b_h | n_out: b_y",
            {r"\sigma_h": sigmoid, r"\sigma_y": np.exp},
        ),
        _wikipedia_elman,
    ),
    Printed(
        "Wikipedia, Recurrent neural network: Jordan network",
        r"""\begin{align}
        s_t &= \sigma_s(W_{s,s} s_{t-1} + W_{s,y}y_{t-1} + b_s) \\
        h_t &= \sigma_h(W_{h} x_t + U_{h} s_t + b_h) \\
        y_t &= \sigma_y(W_{y} h_t + b_y)
        \end{align}""",
        drawn(
            "batch n_in: x_t | batch n_h: s_{t-1} | batch n_out: y_{t-1} | "
            "n_h n_in: W_{h} | n_h n_h: U_{h}, W_{s,s} | n_h n_out: W_{s,y} | "
            "n_out n_h: W_{y} | n_h: b_h, b_s | n_out: b_y",
            {r"\sigma_h": sigmoid, r"\sigma_y": np.exp, r"\sigma_s": np.sin},
        ),
        _wikipedia_jordan,
    ),
    Printed(
        "Dive into Deep Learning, Recurrent neural networks",
        r"""\mathbf{H}_t = \phi(\mathbf{X}_t \mathbf{W}_{\textrm{xh}}
            + \mathbf{H}_{t-1} \mathbf{W}_{\textrm{hh}}  + \mathbf{b}_\textrm{h}). \\
        \mathbf{O}_t = \mathbf{H}_t \mathbf{W}_{\textrm{hq}} + \mathbf{b}_\textrm{q}.""",
        drawn(
            r"batch n_in: \mathbf{X}_t | batch n_h: \mathbf{H}_{t-1} | "
            r"n_in n_h: \mathbf{W}_{\textrm{xh}} | n_h n_h: \mathbf{W}_{\textrm{hh}} | "
            r"n_h n_out: \mathbf{W}_{\textrm{hq}} | n_h: \mathbf{b}_\textrm{h} | "
            r"n_out: \mathbf{b}_\textrm{q}",
            {r"\phi": np.tanh},
        ),
        _d2l_rnn,
        {r"\mathbf{X}_t": "rows", r"\mathbf{H}_{t-1}": "rows"},
    ),
    Printed(
        "Ng, Sequence Models: samples in columns",
        r"""a^{\langle t \rangle} = \tanh(W_{aa} a^{\langle t-1 \rangle}
            + W_{ax} x^{\langle t \rangle} + b_a) \\
        \hat{y}^{\langle t \rangle} = softmax(W_{ya} a^{\langle t \rangle} + b_y)""",
        drawn(
            r"n_in batch: x^{\langle t \rangle} | n_h batch: a^{\langle t-1 \rangle} | "
            "n_h n_in: W_{ax} | n_h n_h: W_{aa} | n_out n_h: W_{ya} | n_h 1: b_a | "
            "n_out 1: b_y"
        ),
        _samples_in_columns,
        {r"x^{\langle t \rangle}": "columns", r"a^{\langle t-1 \rangle}": "columns"},
    ),
    Printed(
        "Mikolov et al. 2010, Recurrent neural network based language model: a sequence each",
        r"s(t) = f(U w(t) + W s(t-1)), \\ y(t) = g(V s(t)),",
        drawn(
            "time batch n_in: w | time batch n_h: s | n_h n_in: U | n_h n_h: W | n_out n_h: V",
            {"f": sigmoid, "g": softmax, "t": 3},
        ),
        _mikolov,
        {"w": "sequence", "s": "sequence"},
    ),
    Printed(
        "Li et al. 2018, Independently Recurrent Neural Network",
        r"\mathbf{h}_t = \sigma(\mathbf{W} \mathbf{x}_t + \mathbf{u} \odot \mathbf{h}_{t-1}"
        r" + \mathbf{b})",
        drawn(
            r"batch n_in: \mathbf{x}_t | batch n_h: \mathbf{h}_{t-1} | "
            r"n_h n_in: \mathbf{W} | n_h: \mathbf{u}, \mathbf{b}",
            {r"\sigma": relu},
        ),
        lambda v: {
            r"\mathbf{h}_t": relu(
                columns(v, r"\mathbf{W} \mathbf{x}_t + \mathbf{b}")
                + v[r"\mathbf{u}"] * v[r"\mathbf{h}_{t-1}"]
            )
        },
    ),
    Printed(
        "Chang et al. 2019, AntisymmetricRNN",
        r"h_t = h_{t-1} + \epsilon \tanh\left( (W_h - W_h^T - \gamma I) h_{t-1}"
        r" + V_h x_t + b_h \right)",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1} | n_h n_in: V_h | n_h n_h: W_h | n_h: b_h",
            {r"\epsilon": 0.01, r"\gamma": 0.1},
            lambda v, s: {"I": np.eye(s.n_h)},
        ),
        lambda v: {
            "h_t": v["h_{t-1}"]
            + 0.01
            * np.tanh(
                v["h_{t-1}"] @ (v["W_h"] - v["W_h"].T - 0.1 * v["I"]).T
                + columns(v, "V_h x_t + b_h")
            )
        },
    ),
    Printed(
        r"Lukoševičius 2012, A practical guide to applying echo state networks, (2)-(3)",
        r"""\tilde{\mathbf{x}}(n) = \tanh\left(\mathbf{W}^{\text{in}}[1;\mathbf{u}(n)]
            + \mathbf{W}\mathbf{x}(n-1)\right), \\
        \mathbf{x}(n) = (1-\alpha)\mathbf{x}(n-1) + \alpha\tilde{\mathbf{x}}(n),""",
        drawn(
            r"time batch n_in: \mathbf{u} | time batch n_h: \mathbf{x} | "
            r"n_h 1+n_in: \mathbf{W}^{\text{in}} | n_h n_h: \mathbf{W}",
            {r"\alpha": 0.3, "n": 2},
        ),
        _echo_state,
        {r"\mathbf{u}": "sequence", r"\mathbf{x}": "sequence"},
    ),
    Printed(
        "Graves et al. 2013, Speech recognition with deep recurrent neural networks, (8)-(10)",
        r"""\begin{aligned}
        \overrightarrow{h}_t &= \mathcal{H}\left(W_{x\overrightarrow{h}} x_t
            + W_{\overrightarrow{h}\overrightarrow{h}} \overrightarrow{h}_{t-1}
            + b_{\overrightarrow{h}}\right) \\
        \overleftarrow{h}_t &= \mathcal{H}\left(W_{x\overleftarrow{h}} x_t
            + W_{\overleftarrow{h}\overleftarrow{h}} \overleftarrow{h}_{t+1}
            + b_{\overleftarrow{h}}\right) \\
        y_t &= W_{\overrightarrow{h}y} \overrightarrow{h}_t
            + W_{\overleftarrow{h}y} \overleftarrow{h}_t + b_y
        \end{aligned}""",
        drawn(
            "batch n_in: x_t | "
            r"batch n_h: \overrightarrow{h}_{t-1}, \overleftarrow{h}_{t+1} | "
            r"n_h n_in: W_{x\overrightarrow{h}}, W_{x\overleftarrow{h}} | "
            r"n_h n_h: W_{\overrightarrow{h}\overrightarrow{h}}, "
            r"W_{\overleftarrow{h}\overleftarrow{h}} | "
            r"n_out n_h: W_{\overrightarrow{h}y}, W_{\overleftarrow{h}y} | "
            r"n_h: b_{\overrightarrow{h}}, b_{\overleftarrow{h}} | n_out: b_y",
            {r"\mathcal{H}": np.tanh},
        ),
        _bidirectional,
    ),
    Printed(
        "Graves 2013, Generating sequences with recurrent neural networks, (2)",
        r"h_t^n = \mathcal{H}\left(W_{ih^n}x_t + W_{h^{n-1}h^n}h_t^{n-1}"
        r" + W_{h^n h^n}h_{t-1}^n + b_h^n\right)",
        drawn(
            "batch n_in: x_t | batch n_h: h_t^{n-1}, h_{t-1}^n | n_h n_in: W_{ih^n} | "
            "n_h n_h: W_{h^{n-1}h^n}, W_{h^nh^n} | n_h: b_h^n",
            {r"\mathcal{H}": np.tanh},
        ),
        lambda v: {
            "h_t^n": np.tanh(
                columns(v, "W_{ih^n} x_t + W_{h^{n-1}h^n} h_t^{n-1} + W_{h^nh^n} h_{t-1}^n + b_h^n")
            )
        },
    ),
    Printed(
        "Pascanu et al. 2013, On the difficulty of training recurrent neural networks, (2)",
        r"\mathbf{x}_t = \mathbf{W}_{rec}\sigma(\mathbf{x}_{t-1}) + \mathbf{W}_{in}\mathbf{u}_t"
        r" + \mathbf{b}",
        drawn(
            r"batch n_in: \mathbf{u}_t | batch n_h: \mathbf{x}_{t-1} | "
            r"n_h n_in: \mathbf{W}_{in} | n_h n_h: \mathbf{W}_{rec} | n_h: \mathbf{b}"
        ),
        lambda v: {
            r"\mathbf{x}_t": sigmoid(v[r"\mathbf{x}_{t-1}"]) @ v[r"\mathbf{W}_{rec}"].T
            + columns(v, r"\mathbf{W}_{in} \mathbf{u}_t + \mathbf{b}")
        },
    ),
    Printed(
        "Giles et al. 1992, second-order recurrent networks",
        r"h_i^t = \sigma\left(\sum_{j,k} W_{ijk} h_j^{t-1} x_k^t + b_i\right)",
        drawn("n_h n_h n_in: W | n_h: h^{t-1}, b | n_in: x^t"),
        _second_order,
    ),
    Printed(
        "Arjovsky et al. 2016, Unitary evolution recurrent neural networks, (6), real",
        r"W = D_3 R_2 F^{-1} D_2 \Pi R_1 F D_1.",
        drawn(r"n_h n_h: D_1, D_2, D_3, R_1, R_2, F, \Pi"),
        _unitary,
        {name: "matrix" for name in ("D_1", "D_2", "R_1", "R_2", "F", r"\Pi", "D_3")},
    ),
    Printed(
        "Sutskever et al. 2011, multiplicative RNN, as in Krause et al. 2016, (3)",
        r"m_t = (W_{mx} x_t) \odot (W_{mh} h_{t-1}) \\ \hat{h}_t = W_{hm} m_t + W_{hx} x_t",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1} | n_out n_in: W_{mx} | "
            "n_out n_h: W_{mh} | n_h n_out: W_{hm} | n_h n_in: W_{hx}"
        ),
        lambda v: {
            r"\hat{h}_t": ((v["x_t"] @ v["W_{mx}"].T) * (v["h_{t-1}"] @ v["W_{mh}"].T))
            @ v["W_{hm}"].T
            + v["x_t"] @ v["W_{hx}"].T
        },
    ),
    Printed(
        "TensorFlow, BasicRNNCell",
        r"\text{output} = \text{new\_state} = \text{act}(W * \text{input} + U * \text{state} + B)",
        drawn(
            r"batch n_in: \text{input} | batch n_h: \text{state} | n_h n_in: W | "
            "n_h n_h: U | n_h: B",
            {r"\text{act}": np.tanh},
        ),
        lambda v: {r"\text{output}": np.tanh(columns(v, r"W \text{input} + U \text{state} + B"))},
    ),
)

# LSTM ----------------------------------------------------------------------------------------


def _gates(v: Values, terms: str, letters: str, candidate: str) -> dict[str, Any]:
    """Each gate's value: `terms` with the gate's letter in the place of ?; the candidate's tanh."""
    return {
        letter: (np.tanh if letter == candidate else sigmoid)(
            columns(v, terms.replace("?", letter))
        )
        for letter in letters
    }


def _torch_lstm(v: Values) -> Values:
    g = _gates(v, "W_{i?} x_t + b_{i?} + W_{h?} h_{t-1} + b_{h?}", "ifgo", "g")
    c = g["f"] * v["c_{t-1}"] + g["i"] * g["g"]
    return {f"{k}_t": gate for k, gate in g.items()} | {"c_t": c, "h_t": g["o"] * np.tanh(c)}


def _torch_lstm_cell(v: Values) -> Values:
    g = _gates(v, "W_{i?} x + b_{i?} + W_{h?} h + b_{h?}", "ifgo", "g")
    c = g["f"] * v["c"] + g["i"] * g["g"]
    return g | {"c'": c, "h'": g["o"] * np.tanh(c)}


def _flax_lstm(v: Values) -> Values:
    g = _gates(v, "W_{i?} x + W_{h?} h + b_{h?}", "ifgo", "g")
    c = g["f"] * v["c"] + g["i"] * g["g"]
    return g | {"c'": c, "h'": g["o"] * np.tanh(c)}


def _wikipedia_lstm(v: Values) -> Values:
    g = _gates(v, "W_{?} x_t + U_{?} h_{t-1} + b_?", "fioc", "c")
    c = g["f"] * v["c_{t-1}"] + g["i"] * g["c"]
    return {"c_t": c, "h_t": g["o"] * np.tanh(c)}


def _wikipedia_peephole(v: Values) -> Values:
    g = _gates(v, "W_{?} x_t + U_{?} c_{t-1} + b_?", "fio", "")
    c = g["f"] * v["c_{t-1}"] + g["i"] * np.tanh(columns(v, "W_{c} x_t + b_c"))
    return {"c_t": c, "h_t": g["o"] * np.tanh(c)}


def _graves_lstm(v: Values) -> Values:
    i = sigmoid(columns(v, "W_{xi} x_t + W_{hi} h_{t-1} + W_{ci} c_{t-1} + b_i"))
    f = sigmoid(columns(v, "W_{xf} x_t + W_{hf} h_{t-1} + W_{cf} c_{t-1} + b_f"))
    c = f * v["c_{t-1}"] + i * np.tanh(columns(v, "W_{xc} x_t + W_{hc} h_{t-1} + b_c"))
    o = sigmoid(columns(v | {"c": c}, "W_{xo} x_t + W_{ho} h_{t-1} + W_{co} c + b_o"))
    return {"i_t": i, "f_t": f, "c_t": c, "o_t": o, "h_t": o * np.tanh(c)}


def _colah_lstm(v: Values) -> Values:
    joined = np.concatenate([v["h_{t-1}"], v["x_t"]], axis=-1)
    f, i, o = (sigmoid(joined @ v[f"W_{k}"].T + v[f"b_{k}"]) for k in "fio")
    new = np.tanh(joined @ v["W_C"].T + v["b_C"])
    c = f * v["C_{t-1}"] + i * new
    return {"f_t": f, "i_t": i, r"\tilde{C}_t": new, "C_t": c, "o_t": o, "h_t": o * np.tanh(c)}


def _d2l_lstm(v: Values) -> Values:
    def gate(k: str) -> Any:
        return rows(
            v,
            rf"\mathbf{{X}}_t \mathbf{{W}}_{{\textrm{{x{k}}}}} + "
            rf"\mathbf{{H}}_{{t-1}} \mathbf{{W}}_{{\textrm{{h{k}}}}} + \mathbf{{b}}_\textrm{{{k}}}",
        )

    i, f, o = (sigmoid(gate(k)) for k in "ifo")
    new = np.tanh(gate("c"))
    c = f * v[r"\mathbf{C}_{t-1}"] + i * new
    return {r"\tilde{\mathbf{C}}_t": new, r"\mathbf{C}_t": c, r"\mathbf{H}_t": o * np.tanh(c)}


def _greff_lstm(v: Values) -> Values:
    def before(k: str) -> Any:
        return columns(
            v,
            rf"\mathbf{{W}}_{k} \mathbf{{x}}^t + \mathbf{{R}}_{k} \mathbf{{y}}^{{t-1}} "
            rf"+ \mathbf{{b}}_{k}",
        )

    memory = v[r"\mathbf{c}^{t-1}"]
    z = np.tanh(before("z"))
    i = sigmoid(before("i") + v[r"\mathbf{p}_i"] * memory)
    f = sigmoid(before("f") + v[r"\mathbf{p}_f"] * memory)
    c = z * i + memory * f
    o = sigmoid(before("o") + v[r"\mathbf{p}_o"] * c)
    return {r"\mathbf{c}^t": c, r"\mathbf{o}^t": o, r"\mathbf{y}^t": np.tanh(c) * o}


def _ng_lstm(v: Values) -> Values:
    a, x = v[r"a^{\langle t-1 \rangle}"], v[r"x^{\langle t \rangle}"]
    both = np.concatenate([a, x])
    u, f, o = (sigmoid(v[f"W_{k}"] @ both + v[f"b_{k}"]) for k in "ufo")
    new = np.tanh(v["W_c"] @ both + v["b_c"])
    c = u * new + f * v[r"c^{\langle t-1 \rangle}"]
    return {r"c^{\langle t \rangle}": c, r"a^{\langle t \rangle}": o * np.tanh(c)}


def _sak_lstm(v: Values) -> Values:
    i = sigmoid(columns(v, "W_{ix} x_t + W_{im} r_{t-1} + W_{ic} c_{t-1} + b_i"))
    f = sigmoid(columns(v, "W_{fx} x_t + W_{fm} r_{t-1} + W_{fc} c_{t-1} + b_f"))
    c = f * v["c_{t-1}"] + i * np.sin(columns(v, "W_{cx} x_t + W_{cm} r_{t-1} + b_c"))
    o = sigmoid(columns(v | {"c": c}, "W_{ox} x_t + W_{om} r_{t-1} + W_{oc} c + b_o"))
    m = o * np.tanh(c)
    r = m @ v["W_{rm}"].T
    return {"c_t": c, "o_t": o, "m_t": m, "r_t": r}


def _zaremba_lstm(v: Values) -> Values:
    both = np.concatenate([v["h_t^{l-1}"], v["h_{t-1}^l"]], axis=-1)
    i, f, o, g = np.split(both @ v["T_{2n,4n}"].T, 4, axis=-1)
    c = sigmoid(f) * v["c_{t-1}^l"] + sigmoid(i) * np.tanh(g)
    return {"c_t^l": c, "h_t^l": sigmoid(o) * np.tanh(c)}


def _slided(kernel: np.ndarray, image: np.ndarray) -> np.ndarray:
    """The cross-correlation with zeros around the image, of the image's own size."""
    m, n = kernel.shape
    padded = np.pad(image, ((m // 2, m // 2), (n // 2, n // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (m, n))
    return np.einsum("ijmn,mn->ij", windows, kernel)


def _conv_lstm(v: Values) -> Values:
    X, H, C = pick(v, r"\mathcal{X}_t, \mathcal{H}_{t-1}, \mathcal{C}_{t-1}")

    def before(k: str) -> Any:
        return _slided(v[f"W_{{x{k}}}"], X) + _slided(v[f"W_{{h{k}}}"], H) + v[f"b_{k}"]

    i = sigmoid(before("i") + v["W_{ci}"] * C)
    f = sigmoid(before("f") + v["W_{cf}"] * C)
    new = f * C + i * np.tanh(before("c"))
    o = sigmoid(before("o") + v["W_{co}"] * new)
    return {r"\mathcal{C}_t": new, "o_t": o, r"\mathcal{H}_t": o * np.tanh(new)}


def _xlstm_scalar(v: Values) -> Values:
    i, f, o, z, c, n = pick(v, r"\tilde{i}_t, \tilde{f}_t, \tilde{o}_t, z_t, c_{t-1}, n_{t-1}")
    i, f, o = np.exp(i), sigmoid(f), sigmoid(o)
    c, n = f * c + i * z, f * n + i
    return {"i_t": i, "f_t": f, "o_t": o, "c_t": c, "n_t": n, "h_t": o * c / n}


def _xlstm_matrix(v: Values) -> Values:
    C, n = v[r"\boldsymbol{C}_{t-1}"], v[r"\boldsymbol{n}_{t-1}"]
    k, q, value = (v[rf"\boldsymbol{{{name}}}_t"] for name in "kqv")
    f, i = v[r"\mathrm{f}_t"], v[r"\mathrm{i}_t"]
    C, n = f * C + i * np.outer(value, k), f * n + i * k
    new = C @ q / max(abs(n @ q), 1)
    return {
        r"\boldsymbol{C}_t": C,
        r"\boldsymbol{n}_t": n,
        r"\tilde{\boldsymbol{h}}_t": new,
        r"\boldsymbol{h}_t": v[r"\mathbf{o}_t"] * new,
    }


LSTMS = (
    Printed(
        "PyTorch, torch.nn.LSTM",
        r"""\begin{array}{ll} \\
            i_t = \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi}) \\
            f_t = \sigma(W_{if} x_t + b_{if} + W_{hf} h_{t-1} + b_{hf}) \\
            g_t = \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg}) \\
            o_t = \sigma(W_{io} x_t + b_{io} + W_{ho} h_{t-1} + b_{ho}) \\
            c_t = f_t \odot c_{t-1} + i_t \odot g_t \\
            h_t = o_t \odot \tanh(c_t) \\
        \end{array}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1}, c_{t-1} | n_h n_in: W_{i?} | "
            "n_h n_h: W_{h?} | n_h: b_{i?}, b_{h?}",
            gates="ifgo",
        ),
        _torch_lstm,
    ),
    Printed(
        "PyTorch, torch.nn.LSTMCell",
        r"""\begin{array}{ll}
        i = \sigma(W_{ii} x + b_{ii} + W_{hi} h + b_{hi}) \\
        f = \sigma(W_{if} x + b_{if} + W_{hf} h + b_{hf}) \\
        g = \tanh(W_{ig} x + b_{ig} + W_{hg} h + b_{hg}) \\
        o = \sigma(W_{io} x + b_{io} + W_{ho} h + b_{ho}) \\
        c' = f \odot c + i \odot g \\
        h' = o \odot \tanh(c') \\
        \end{array}""",
        drawn(
            "batch n_in: x | batch n_h: h, c | n_h n_in: W_{i?} | n_h n_h: W_{h?} | "
            "n_h: b_{i?}, b_{h?}",
            gates="ifgo",
        ),
        _torch_lstm_cell,
    ),
    Printed(
        "Flax, nn.LSTMCell: * between the entries",
        r"""\begin{array}{ll}
        i = \sigma(W_{ii} x + W_{hi} h + b_{hi}) \\
        f = \sigma(W_{if} x + W_{hf} h + b_{hf}) \\
        g = \tanh(W_{ig} x + W_{hg} h + b_{hg}) \\
        o = \sigma(W_{io} x + W_{ho} h + b_{ho}) \\
        c' = f * c + i * g \\
        h' = o * \tanh(c') \\
        \end{array}""",
        drawn(
            "batch n_in: x | batch n_h: h, c | n_h n_in: W_{i?} | n_h n_h: W_{h?} | n_h: b_{h?}",
            gates="ifgo",
        ),
        _flax_lstm,
    ),
    Printed(
        "Wikipedia, Long short-term memory: with a forget gate",
        r"""\begin{align}
        f_t &= \sigma_g(W_{f} x_t + U_{f} h_{t-1} + b_f) \\
        i_t &= \sigma_g(W_{i} x_t + U_{i} h_{t-1} + b_i) \\
        o_t &= \sigma_g(W_{o} x_t + U_{o} h_{t-1} + b_o) \\
        \tilde{c}_t &= \sigma_c(W_{c} x_t + U_{c} h_{t-1} + b_c) \\
        c_t &= f_t \odot c_{t-1} + i_t \odot \tilde{c}_t \\
        h_t &= o_t \odot \sigma_h(c_t)
        \end{align}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1}, c_{t-1} | n_h n_in: W_{?} | "
            "n_h n_h: U_{?} | n_h: b_?",
            {r"\sigma_g": sigmoid, r"\sigma_c": np.tanh, r"\sigma_h": np.tanh},
            gates="fioc",
        ),
        _wikipedia_lstm,
    ),
    Printed(
        r"Wikipedia, Long short-term memory, in 2017: \circ between the entries",
        r"""\begin{align}
        f_t &= \sigma_g(W_{f} x_t + U_{f} h_{t-1} + b_f) \\
        i_t &= \sigma_g(W_{i} x_t + U_{i} h_{t-1} + b_i) \\
        o_t &= \sigma_g(W_{o} x_t + U_{o} h_{t-1} + b_o) \\
        c_t &= f_t \circ c_{t-1} + i_t \circ \sigma_c(W_{c} x_t + U_{c} h_{t-1} + b_c) \\
        h_t &= o_t \circ \sigma_h(c_t)
        \end{align}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1}, c_{t-1} | n_h n_in: W_{?} | "
            "n_h n_h: U_{?} | n_h: b_?",
            {r"\sigma_g": sigmoid, r"\sigma_c": np.tanh, r"\sigma_h": np.tanh},
            gates="fioc",
        ),
        _wikipedia_lstm,
    ),
    Printed(
        "Wikipedia, Long short-term memory: peephole",
        r"""\begin{align}
        f_t &= \sigma_g(W_{f} x_t + U_{f} c_{t-1} + b_f) \\
        i_t &= \sigma_g(W_{i} x_t + U_{i} c_{t-1} + b_i) \\
        o_t &= \sigma_g(W_{o} x_t + U_{o} c_{t-1} + b_o) \\
        c_t &= f_t \odot c_{t-1} + i_t \odot \sigma_c(W_{c} x_t + b_c) \\
        h_t &= o_t \odot \sigma_h(c_t)
        \end{align}""",
        drawn(
            "batch n_in: x_t | batch n_h: c_{t-1} | n_h n_in: W_{?} | n_h n_h: U_{?} | n_h: b_?",
            {r"\sigma_g": sigmoid, r"\sigma_c": np.tanh, r"\sigma_h": np.tanh},
            gates="fioc",
        ),
        _wikipedia_peephole,
    ),
    Printed(
        "Graves 2013, Generating sequences, (7)-(11): side by side is entry by entry",
        r"""\begin{align}
        i_t &= \sigma \left( W_{xi} x_t + W_{hi} h_{t-1} + W_{ci} c_{t-1} + b_i \right) \\
        f_t &= \sigma \left( W_{xf} x_t + W_{hf} h_{t-1} + W_{cf} c_{t-1} + b_f \right) \\
        c_t &= f_t c_{t-1} + i_t \tanh \left( W_{xc} x_t + W_{hc} h_{t-1} + b_c \right) \\
        o_t &= \sigma \left( W_{xo} x_t + W_{ho} h_{t-1} + W_{co} c_{t} + b_o \right) \\
        h_t &= o_t \tanh(c_t)
        \end{align}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1}, c_{t-1} | n_h n_in: W_{x?} | "
            "n_h n_h: W_{h?} | n_h: b_?",
            more=lambda v, s: {
                f"W_{{c{k}}}": np.diag(np.linspace(-1, 1, s.n_h) + 0.1 * j)
                for j, k in enumerate("ifo")
            },
            gates="ifco",
        ),
        _graves_lstm,
    ),
    Printed(
        r"Olah 2015, Understanding LSTM networks: \cdot applies, * is entry by entry",
        r"""\begin{aligned}
        f_t &= \sigma\left(W_f \cdot [h_{t-1}, x_t]  +  b_f\right) \\
        i_t &= \sigma\left(W_i \cdot [h_{t-1}, x_t]  +  b_i\right) \\
        \tilde{C}_t &= \tanh(W_C \cdot [h_{t-1}, x_t]  +  b_C) \\
        C_t &= f_t * C_{t-1} + i_t * \tilde{C}_t \\
        o_t &= \sigma\left(W_o \ [ h_{t-1}, x_t]  +  b_o\right) \\
        h_t &= o_t * \tanh \left(C_t\right)
        \end{aligned}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1}, C_{t-1} | n_h n_h+n_in: W_? | n_h: b_?",
            gates="fiCo",
        ),
        _colah_lstm,
    ),
    Printed(
        "Dive into Deep Learning, Long short-term memory",
        r"""\begin{aligned}
        \mathbf{I}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xi}} + \mathbf{H}_{t-1}
            \mathbf{W}_{\textrm{hi}} + \mathbf{b}_\textrm{i}),\\
        \mathbf{F}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xf}} + \mathbf{H}_{t-1}
            \mathbf{W}_{\textrm{hf}} + \mathbf{b}_\textrm{f}),\\
        \mathbf{O}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xo}} + \mathbf{H}_{t-1}
            \mathbf{W}_{\textrm{ho}} + \mathbf{b}_\textrm{o}),\\
        \tilde{\mathbf{C}}_t &= \textrm{tanh}(\mathbf{X}_t \mathbf{W}_{\textrm{xc}}
            + \mathbf{H}_{t-1} \mathbf{W}_{\textrm{hc}} + \mathbf{b}_\textrm{c}),\\
        \mathbf{C}_t &= \mathbf{F}_t \odot \mathbf{C}_{t-1}
            + \mathbf{I}_t \odot \tilde{\mathbf{C}}_t.\\
        \mathbf{H}_t &= \mathbf{O}_t \odot \tanh(\mathbf{C}_t).
        \end{aligned}""",
        drawn(
            r"batch n_in: \mathbf{X}_t | batch n_h: \mathbf{H}_{t-1}, \mathbf{C}_{t-1} | "
            r"n_in n_h: \mathbf{W}_{\textrm{x?}} | n_h n_h: \mathbf{W}_{\textrm{h?}} | "
            r"n_h: \mathbf{b}_\textrm{?}",
            gates="ifoc",
        ),
        _d2l_lstm,
        {r"\mathbf{X}_t": "rows", r"\mathbf{H}_{t-1}": "rows"},
    ),
    Printed(
        "Greff et al. 2017, LSTM: a search space odyssey",
        r"""\begin{aligned}
        \bar{\mathbf{z}}^t &= \mathbf{W}_z \mathbf{x}^t + \mathbf{R}_z \mathbf{y}^{t-1}
            + \mathbf{b}_z \\
        \mathbf{z}^t &= g(\bar{\mathbf{z}}^t) \\
        \bar{\mathbf{i}}^t &= \mathbf{W}_i \mathbf{x}^t + \mathbf{R}_i \mathbf{y}^{t-1}
            + \mathbf{p}_i \odot \mathbf{c}^{t-1} + \mathbf{b}_i \\
        \mathbf{i}^t &= \sigma(\bar{\mathbf{i}}^t) \\
        \bar{\mathbf{f}}^t &= \mathbf{W}_f \mathbf{x}^t + \mathbf{R}_f \mathbf{y}^{t-1}
            + \mathbf{p}_f \odot \mathbf{c}^{t-1} + \mathbf{b}_f \\
        \mathbf{f}^t &= \sigma(\bar{\mathbf{f}}^t) \\
        \mathbf{c}^t &= \mathbf{z}^t \odot \mathbf{i}^t + \mathbf{c}^{t-1} \odot \mathbf{f}^t \\
        \bar{\mathbf{o}}^t &= \mathbf{W}_o \mathbf{x}^t + \mathbf{R}_o \mathbf{y}^{t-1}
            + \mathbf{p}_o \odot \mathbf{c}^t + \mathbf{b}_o \\
        \mathbf{o}^t &= \sigma(\bar{\mathbf{o}}^t) \\
        \mathbf{y}^t &= h(\mathbf{c}^t) \odot \mathbf{o}^t
        \end{aligned}""",
        drawn(
            r"batch n_in: \mathbf{x}^t | batch n_h: \mathbf{y}^{t-1}, \mathbf{c}^{t-1} | "
            r"n_h n_in: \mathbf{W}_? | n_h n_h: \mathbf{R}_? | "
            r"n_h: \mathbf{b}_?, \mathbf{p}_?",
            {"g": np.tanh, "h": np.tanh},
            gates="zifo",
        ),
        lambda v: {k: x for k, x in _greff_lstm(v).items() if k == r"\mathbf{y}^t"},
    ),
    Printed(
        "Ng, Sequence Models: LSTM, samples in columns",
        r"""\begin{aligned}
        \tilde{c}^{\langle t \rangle} &= \tanh(W_c [a^{\langle t-1 \rangle},
            x^{\langle t \rangle}] + b_c) \\
        \Gamma_u &= \sigma(W_u [a^{\langle t-1 \rangle}, x^{\langle t \rangle}] + b_u) \\
        \Gamma_f &= \sigma(W_f [a^{\langle t-1 \rangle}, x^{\langle t \rangle}] + b_f) \\
        \Gamma_o &= \sigma(W_o [a^{\langle t-1 \rangle}, x^{\langle t \rangle}] + b_o) \\
        c^{\langle t \rangle} &= \Gamma_u * \tilde{c}^{\langle t \rangle}
            + \Gamma_f * c^{\langle t-1 \rangle} \\
        a^{\langle t \rangle} &= \Gamma_o * \tanh c^{\langle t \rangle}
        \end{aligned}""",
        drawn(
            r"n_h n_h+n_in: W_? | n_h 1: b_? | n_in batch: x^{\langle t \rangle} | "
            r"n_h batch: a^{\langle t-1 \rangle}, c^{\langle t-1 \rangle}",
            gates="cufo",
        ),
        lambda v: {k: x for k, x in _ng_lstm(v).items() if k == r"a^{\langle t \rangle}"},
        {
            r"x^{\langle t \rangle}": "columns",
            r"a^{\langle t-1 \rangle}": "columns",
            r"c^{\langle t-1 \rangle}": "columns",
        },
    ),
    Printed(
        "Sak et al. 2014, LSTM with recurrent projection layer",
        r"""\begin{eqnarray}
        i_t &=& \sigma(W_{ix}x_t + W_{im}r_{t-1} + W_{ic}c_{t-1} + b_i) \\
        f_t &=& \sigma(W_{fx}x_t + W_{fm}r_{t-1} + W_{fc}c_{t-1} + b_f) \\
        c_t &=& f_t \odot c_{t-1} + i_t \odot g(W_{cx}x_t + W_{cm}r_{t-1} + b_c) \\
        o_t &=& \sigma(W_{ox}x_t + W_{om}r_{t-1} + W_{oc}c_t + b_o) \\
        m_t &=& o_t \odot h(c_t) \\
        r_t &=& W_{rm}m_t
        \end{eqnarray}""",
        drawn(
            "batch n_in: x_t | batch n_h: c_{t-1} | batch n_out: r_{t-1} | "
            "n_h n_in: W_{?x} | n_h n_out: W_{?m} | n_h: b_? | n_out n_h: W_{rm}",
            {"g": np.sin, "h": np.tanh},
            lambda v, s: {
                f"W_{{{k}c}}": np.diag(np.linspace(-1, 1, s.n_h) + 0.1 * j)
                for j, k in enumerate("ifo")
            },
            gates="ifco",
        ),
        _sak_lstm,
    ),
    Printed(
        "Zaremba et al. 2014, Recurrent neural network regularization",
        r"""\left(\begin{array}{c} i \\ f \\ o \\ g \end{array}\right) =
        \left(\begin{array}{c} \mathrm{sigm} \\ \mathrm{sigm} \\ \mathrm{sigm} \\ \tanh
            \end{array}\right)
        T_{2n,4n} \left(\begin{array}{c} h_t^{l-1} \\ h_{t-1}^l \end{array}\right) \\
        c_t^l = f \odot c_{t-1}^l + i \odot g \\
        h_t^l = o \odot \tanh(c_t^l)""",
        drawn(
            "batch n_h: h_t^{l-1}, h_{t-1}^l, c_{t-1}^l | 4*n_h 2*n_h: T_{2n,4n}",
            {r"\mathrm{sigm}": sigmoid},
        ),
        _zaremba_lstm,
    ),
    Printed(
        "Shi et al. 2015, Convolutional LSTM network, (3), one channel",
        r"""\begin{aligned}
        i_t &= \sigma(W_{xi} * \mathcal{X}_t + W_{hi} * \mathcal{H}_{t-1}
            + W_{ci} \circ \mathcal{C}_{t-1} + b_i) \\
        f_t &= \sigma(W_{xf} * \mathcal{X}_t + W_{hf} * \mathcal{H}_{t-1}
            + W_{cf} \circ \mathcal{C}_{t-1} + b_f) \\
        \mathcal{C}_t &= f_t \circ \mathcal{C}_{t-1} + i_t \circ \tanh(W_{xc} * \mathcal{X}_t
            + W_{hc} * \mathcal{H}_{t-1} + b_c) \\
        o_t &= \sigma(W_{xo} * \mathcal{X}_t + W_{ho} * \mathcal{H}_{t-1}
            + W_{co} \circ \mathcal{C}_t + b_o) \\
        \mathcal{H}_t &= o_t \circ \tanh(\mathcal{C}_t)
        \end{aligned}""",
        drawn(
            "3 3: W_{x?}, W_{h?} | number: b_? | "
            r"n_h n_out: \mathcal{X}_t, \mathcal{H}_{t-1}, \mathcal{C}_{t-1}, "
            "W_{ci}, W_{cf}, W_{co}",
            gates="ifco",
        ),
        _conv_lstm,
        {f"W_{{{a}{b}}}": "kernel" for a in "xh" for b in "ifco"},
    ),
    Printed(
        "Beck et al. 2024, xLSTM: sLSTM, (8)-(14)",
        r"""\begin{align*}
        i_t &= \exp(\tilde{i}_t) \\
        f_t &= \sigma(\tilde{f}_t) \\
        o_t &= \sigma(\tilde{o}_t) \\
        c_t &= f_t \ c_{t-1} + i_t \ z_t \\
        n_t &= f_t \ n_{t-1} + i_t \\
        h_t &= o_t \ \tilde{h}_t, \qquad \tilde{h}_t = c_t / n_t
        \end{align*}""",
        drawn(
            r"n_h: \tilde{i}_t, \tilde{f}_t, \tilde{o}_t, z_t, c_{t-1} | "
            "positive n_h: n_{t-1}"
        ),
        lambda v: {k: x for k, x in _xlstm_scalar(v).items() if k == "h_t"},
    ),
    Printed(
        "Beck et al. 2024, xLSTM: mLSTM, (19)-(21)",
        r"""\begin{aligned}
        \boldsymbol{C}_t &= \mathrm{f}_t \boldsymbol{C}_{t-1}
            + \mathrm{i}_t \boldsymbol{v}_t \boldsymbol{k}_t^\top \\
        \boldsymbol{n}_t &= \mathrm{f}_t \boldsymbol{n}_{t-1} + \mathrm{i}_t \boldsymbol{k}_t \\
        \tilde{\boldsymbol{h}}_t &= \boldsymbol{C}_t \boldsymbol{q}_t \ / \
            \max\left\{|\boldsymbol{n}_t^\top \boldsymbol{q}_t|, 1\right\} \\
        \boldsymbol{h}_t &= \mathbf{o}_t \odot \tilde{\boldsymbol{h}}_t
        \end{aligned}""",
        drawn(
            r"n_h n_h: \boldsymbol{C}_{t-1} | "
            r"n_h: \boldsymbol{v}_t, \boldsymbol{k}_t, \boldsymbol{q}_t, "
            r"\boldsymbol{n}_{t-1}, \mathbf{o}_t",
            {r"\mathrm{f}_t": 0.7, r"\mathrm{i}_t": 1.3},
        ),
        _xlstm_matrix,
    ),
    Printed(
        "Gers et al. 2000, as in Greff et al.: coupled input and forget gate",
        r"c_t = f_t \otimes c_{t-1} + (1 - f_t) \otimes \tilde{c}_t",
        drawn(r"batch n_h: c_{t-1}, \tilde{c}_t | unit batch n_h: f_t"),
        lambda v: {"c_t": v["f_t"] * v["c_{t-1}"] + (1 - v["f_t"]) * v[r"\tilde{c}_t"]},
    ),
    Printed(
        r"Many blogs: \cdot between the entries of gates",
        r"c_t = f_t \cdot c_{t-1} + i_t \cdot g_t \\ h_t = o_t \cdot \tanh(c_t)",
        drawn("batch n_h: f_t, c_{t-1}, i_t, g_t, o_t"),
        lambda v: {"h_t": v["o_t"] * np.tanh(v["f_t"] * v["c_{t-1}"] + v["i_t"] * v["g_t"])},
    ),
    Printed(
        "Ba et al. 2016, Layer normalization, (29)-(31), in an LSTM",
        r"\mathbf{c}_t = \sigma(\mathbf{f}_t) \odot \mathbf{c}_{t-1}"
        r" + \sigma(\mathbf{i}_t) \odot \tanh(\mathbf{g}_t) \\"
        r" \mathbf{h}_t = \sigma(\mathbf{o}_t) \odot \tanh(\operatorname{LN}(\mathbf{c}_t))",
        drawn(
            r"batch n_h: \mathbf{f}_t, \mathbf{i}_t, \mathbf{g}_t, \mathbf{o}_t, \mathbf{c}_{t-1}",
            {r"\operatorname{LN}": normalised},
        ),
        lambda v: {
            r"\mathbf{h}_t": sigmoid(v[r"\mathbf{o}_t"])
            * np.tanh(
                normalised(
                    sigmoid(v[r"\mathbf{f}_t"]) * v[r"\mathbf{c}_{t-1}"]
                    + sigmoid(v[r"\mathbf{i}_t"]) * np.tanh(v[r"\mathbf{g}_t"])
                )
            )
        },
    ),
)

# GRU -----------------------------------------------------------------------------------------


def _torch_gru(v: Values) -> Values:
    r = sigmoid(columns(v, "W_{ir} x_t + b_{ir} + W_{hr} h_{(t-1)} + b_{hr}"))
    z = sigmoid(columns(v, "W_{iz} x_t + b_{iz} + W_{hz} h_{(t-1)} + b_{hz}"))
    n = np.tanh(columns(v, "W_{in} x_t + b_{in}") + r * columns(v, "W_{hn} h_{(t-1)} + b_{hn}"))
    return {"r_t": r, "z_t": z, "n_t": n, "h_t": (1 - z) * n + z * v["h_{(t-1)}"]}


def _flax_gru(v: Values) -> Values:
    r = sigmoid(columns(v, "W_{ir} x + b_{ir} + W_{hr} h"))
    z = sigmoid(columns(v, "W_{iz} x + b_{iz} + W_{hz} h"))
    n = np.tanh(columns(v, "W_{in} x + b_{in}") + r * columns(v, "W_{hn} h + b_{hn}"))
    return {"r": r, "z": z, "n": n, "h'": (1 - z) * n + z * v["h"]}


def _flax_mgu(v: Values) -> Values:
    f = sigmoid(columns(v, "W_{if} x + b_{if} + W_{hf} h"))
    n = np.tanh(columns(v, "W_{in} x + b_{in}") + f * columns(v, "W_{hn} h + b_{hn}"))
    return {"f": f, "n": n, "h'": (1 - f) * n + f * v["h"]}


def _wikipedia_gru(v: Values) -> Values:
    z = sigmoid(columns(v, "W_{z} x_t + U_{z} h_{t-1} + b_z"))
    r = sigmoid(columns(v, "W_{r} x_t + U_{r} h_{t-1} + b_r"))
    new = np.tanh(columns(v | {"rh": r * v["h_{t-1}"]}, "W_{h} x_t + U_{h} rh + b_h"))
    return {"z_t": z, "r_t": r, r"\hat{h}_t": new, "h_t": (1 - z) * v["h_{t-1}"] + z * new}


def _wikipedia_mgu(v: Values) -> Values:
    f = sigmoid(columns(v, "W_{f} x_t + U_{f} h_{t-1} + b_f"))
    new = np.tanh(columns(v | {"fh": f * v["h_{t-1}"]}, "W_{h} x_t + U_{h} fh + b_h"))
    return {"f_t": f, r"\hat{h}_t": new, "h_t": (1 - f) * v["h_{t-1}"] + f * new}


def _colah_gru(v: Values) -> Values:
    x, h = v["x_t"], v["h_{t-1}"]
    both = np.concatenate([h, x], axis=-1)
    z, r = sigmoid(both @ v["W_z"].T), sigmoid(both @ v["W_r"].T)
    new = np.tanh(np.concatenate([r * h, x], axis=-1) @ v["W"].T)
    return {"z_t": z, "r_t": r, r"\tilde{h}_t": new, "h_t": (1 - z) * h + z * new}


def _d2l_gru(v: Values) -> Values:
    def gate(k: str, state: Any) -> Any:
        return rows(
            v | {"s": state},
            rf"\mathbf{{X}}_t \mathbf{{W}}_{{\textrm{{x{k}}}}} + "
            rf"s \mathbf{{W}}_{{\textrm{{h{k}}}}} + \mathbf{{b}}_\textrm{{{k}}}",
        )

    h = v[r"\mathbf{H}_{t-1}"]
    r, z = sigmoid(gate("r", h)), sigmoid(gate("z", h))
    new = np.tanh(gate("h", r * h))
    return {
        r"\mathbf{R}_t": r,
        r"\mathbf{Z}_t": z,
        r"\tilde{\mathbf{H}}_t": new,
        r"\mathbf{H}_t": z * h + (1 - z) * new,
    }


def _chung_gru(v: Values) -> Values:
    x, h = v[r"\mathbf{x}_t"], v[r"\mathbf{h}_{t-1}"]
    z = sigmoid(x @ v["W_z"].T + h @ v["U_z"].T)
    r = sigmoid(x @ v["W_r"].T + h @ v["U_r"].T)
    new = np.tanh(x @ v["W"].T + (r * h) @ v["U"].T)
    return {r"\mathbf{h}_t": (1 - z) * h + z * new}


def _min_gru(v: Values) -> Values:
    z = sigmoid(v[r"\boldsymbol{x}_t"] @ v["W_z"].T)
    new = v[r"\boldsymbol{x}_t"] @ v["W_h"].T
    return {
        r"\boldsymbol{z}_t": z,
        r"\tilde{\boldsymbol{h}}_t": new,
        r"\boldsymbol{h}_t": (1 - z) * v[r"\boldsymbol{h}_{t-1}"] + z * new,
    }


def _light_gru(v: Values) -> Values:
    x, h = v["x_t"], v["h_{t-1}"]
    z = sigmoid(normalised(x @ v["W_z"].T) + h @ v["U_z"].T)
    new = relu(normalised(x @ v["W_h"].T) + h @ v["U_h"].T)
    return {"z_t": z, r"\tilde{h}_t": new, "h_t": z * h + (1 - z) * new}


def _bahdanau_gru(v: Values) -> Values:
    e, s, c = v["e(y_{i-1})"], v["s_{i-1}"], v["c_i"]
    z = sigmoid(e @ v["W_z"].T + s @ v["U_z"].T + c @ v["C_z"].T)
    r = sigmoid(e @ v["W_r"].T + s @ v["U_r"].T + c @ v["C_r"].T)
    new = np.tanh(e @ v["W"].T + (r * s) @ v["U"].T + c @ v["C"].T)
    return {"s_i": (1 - z) * s + z * new}


GRUS = (
    Printed(
        "PyTorch, torch.nn.GRU",
        r"""\begin{array}{ll}
            r_t = \sigma(W_{ir} x_t + b_{ir} + W_{hr} h_{(t-1)} + b_{hr}) \\
            z_t = \sigma(W_{iz} x_t + b_{iz} + W_{hz} h_{(t-1)} + b_{hz}) \\
            n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{(t-1)}+ b_{hn})) \\
            h_t = (1 - z_t) \odot n_t + z_t \odot h_{(t-1)}
        \end{array}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{(t-1)} | n_h n_in: W_{i?} | n_h n_h: W_{h?} | "
            "n_h: b_{i?}, b_{h?}",
            gates="rzn",
        ),
        _torch_gru,
    ),
    Printed(
        "Flax, nn.GRUCell: * between the entries",
        r"""\begin{array}{ll}
        r = \sigma(W_{ir} x + b_{ir} + W_{hr} h) \\
        z = \sigma(W_{iz} x + b_{iz} + W_{hz} h) \\
        n = \tanh(W_{in} x + b_{in} + r * (W_{hn} h + b_{hn})) \\
        h' = (1 - z) * n + z * h \\
        \end{array}""",
        drawn(
            "batch n_in: x | batch n_h: h | n_h n_in: W_{i?} | n_h n_h: W_{h?} | "
            "n_h: b_{i?}, b_{h?}",
            gates="rzn",
        ),
        _flax_gru,
    ),
    Printed(
        "Flax, nn.MGUCell",
        r"""\begin{array}{ll}
        f = \sigma(W_{if} x + b_{if} + W_{hf} h) \\
        n = \tanh(W_{in} x + b_{in} + f * (W_{hn} h + b_{hn})) \\
        h' = (1 - f) * n + f * h \\
        \end{array}""",
        drawn(
            "batch n_in: x | batch n_h: h | n_h n_in: W_{i?} | n_h n_h: W_{h?} | "
            "n_h: b_{i?}, b_{h?}",
            gates="fn",
        ),
        _flax_mgu,
    ),
    Printed(
        "Wikipedia, Gated recurrent unit: fully gated",
        r"""\begin{align}
        z_t &= \sigma(W_{z} x_t + U_{z} h_{t-1} + b_z) \\
        r_t &= \sigma(W_{r} x_t + U_{r} h_{t-1} + b_r) \\
        \hat{h}_t &= \phi(W_{h} x_t + U_{h} (r_t \odot h_{t-1}) + b_h) \\
        h_t &= (1-z_t) \odot h_{t-1} + z_t \odot \hat{h}_t
        \end{align}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1} | n_h n_in: W_{?} | n_h n_h: U_{?} | n_h: b_?",
            {r"\phi": np.tanh},
            gates="zrh",
        ),
        _wikipedia_gru,
    ),
    Printed(
        "Wikipedia, Gated recurrent unit: minimal gated unit",
        r"""\begin{align}
        f_t &= \sigma(W_{f} x_t + U_{f} h_{t-1} + b_f) \\
        \hat{h}_t &= \phi(W_{h} x_t + U_{h} (f_t \odot h_{t-1}) + b_h) \\
        h_t &= (1-f_t) \odot h_{t-1} + f_t \odot \hat{h}_t
        \end{align}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1} | n_h n_in: W_{?} | n_h n_h: U_{?} | n_h: b_?",
            {r"\phi": np.tanh},
            gates="fh",
        ),
        _wikipedia_mgu,
    ),
    Printed(
        "Olah 2015, Understanding LSTM networks: GRU",
        r"""\begin{aligned}
        z_t &= \sigma\left(W_z \cdot [h_{t-1}, x_t]\right) \\
        r_t &= \sigma\left(W_r \cdot [h_{t-1}, x_t]\right) \\
        \tilde{h}_t &= \tanh\left(W \cdot [r_t * h_{t-1}, x_t]\right) \\
        h_t &= (1 - z_t) * h_{t-1} + z_t * \tilde{h}_t
        \end{aligned}""",
        drawn("batch n_in: x_t | batch n_h: h_{t-1} | n_h n_h+n_in: W_z, W_r, W"),
        _colah_gru,
    ),
    Printed(
        "Dive into Deep Learning, Gated recurrent units",
        r"""\begin{aligned}
        \mathbf{R}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xr}} + \mathbf{H}_{t-1}
            \mathbf{W}_{\textrm{hr}} + \mathbf{b}_\textrm{r}),\\
        \mathbf{Z}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xz}} + \mathbf{H}_{t-1}
            \mathbf{W}_{\textrm{hz}} + \mathbf{b}_\textrm{z}),\\
        \tilde{\mathbf{H}}_t &= \tanh(\mathbf{X}_t \mathbf{W}_{\textrm{xh}} +
            \left(\mathbf{R}_t \odot \mathbf{H}_{t-1}\right) \mathbf{W}_{\textrm{hh}}
            + \mathbf{b}_\textrm{h}),\\
        \mathbf{H}_t &= \mathbf{Z}_t \odot \mathbf{H}_{t-1}
            + (1 - \mathbf{Z}_t) \odot \tilde{\mathbf{H}}_t.
        \end{aligned}""",
        drawn(
            r"batch n_in: \mathbf{X}_t | batch n_h: \mathbf{H}_{t-1} | "
            r"n_in n_h: \mathbf{W}_{\textrm{x?}} | n_h n_h: \mathbf{W}_{\textrm{h?}} | "
            r"n_h: \mathbf{b}_\textrm{?}",
            gates="rzh",
        ),
        _d2l_gru,
        {r"\mathbf{X}_t": "rows", r"\mathbf{H}_{t-1}": "rows"},
    ),
    Printed(
        "Chung et al. 2014, Empirical evaluation of gated recurrent neural networks",
        r"""\mathbf{z}_t = \sigma(W_z \mathbf{x}_t + U_z \mathbf{h}_{t-1}) \\
        \mathbf{r}_t = \sigma(W_r \mathbf{x}_t + U_r \mathbf{h}_{t-1}) \\
        \tilde{\mathbf{h}}_t = \tanh(W \mathbf{x}_t + U (\mathbf{r}_t \odot \mathbf{h}_{t-1})) \\
        \mathbf{h}_t = (1 - \mathbf{z}_t) \mathbf{h}_{t-1} + \mathbf{z}_t \tilde{\mathbf{h}}_t""",
        drawn(
            r"batch n_in: \mathbf{x}_t | batch n_h: \mathbf{h}_{t-1} | "
            "n_h n_in: W_z, W_r, W | n_h n_h: U_z, U_r, U"
        ),
        _chung_gru,
    ),
    Printed(
        "Cho et al. 2014, RNN encoder-decoder, (7): of each unit",
        r"h_j^{\langle t \rangle} = z_j h_j^{\langle t-1 \rangle}"
        r" + (1 - z_j) \tilde{h}_j^{\langle t \rangle}",
        drawn(r"n_h: h^{\langle t-1 \rangle}, \tilde{h}^{\langle t \rangle} | unit n_h: z"),
        lambda v: {
            r"h_j^{\langle t \rangle}": v["z"] * v[r"h^{\langle t-1 \rangle}"]
            + (1 - v["z"]) * v[r"\tilde{h}^{\langle t \rangle}"]
        },
    ),
    Printed(
        "Feng et al. 2024, Were RNNs all we needed?: minGRU",
        r"""\begin{aligned}
        \boldsymbol{z}_t &= \sigma(\mathrm{Linear}_{d_h}(\boldsymbol{x}_t)) \\
        \tilde{\boldsymbol{h}}_t &= \mathrm{Linear}_{d_h}'(\boldsymbol{x}_t) \\
        \boldsymbol{h}_t &= (\boldsymbol{1} - \boldsymbol{z}_t) \odot \boldsymbol{h}_{t-1}
            + \boldsymbol{z}_t \odot \tilde{\boldsymbol{h}}_t
        \end{aligned}""",
        drawn(
            r"batch n_in: \boldsymbol{x}_t | batch n_h: \boldsymbol{h}_{t-1} | "
            "n_h n_in: W_z, W_h",
            more=lambda v, s: {
                r"\mathrm{Linear}_{d_h}": lambda x, W=v["W_z"]: x @ W.T,
                r"\mathrm{Linear}_{d_h}'": lambda x, W=v["W_h"]: x @ W.T,
                r"\boldsymbol{1}": np.ones(s.n_h),
            },
        ),
        _min_gru,
    ),
    Printed(
        "Bahdanau et al. 2015, Neural machine translation, A.2.2: the decoder",
        r"""\begin{aligned}
        z_i &= \sigma(W_z e(y_{i-1}) + U_z s_{i-1} + C_z c_i), \\
        r_i &= \sigma(W_r e(y_{i-1}) + U_r s_{i-1} + C_r c_i), \\
        \tilde{s}_i &= \tanh(W e(y_{i-1}) + U [r_i \circ s_{i-1}] + C c_i), \\
        s_i &= (1 - z_i) \circ s_{i-1} + z_i \circ \tilde{s}_i,
        \end{aligned}""",
        drawn(
            "batch n_in: y_{i-1} | batch n_h: s_{i-1} | batch n_out: c_i | "
            "n_h n_in: W_z, W_r, W | n_h n_h: U_z, U_r, U | n_h n_out: C_z, C_r, C",
            {"e": np.sin},
        ),
        lambda v: _bahdanau_gru(v | {"e(y_{i-1})": np.sin(v["y_{i-1}"])}),
    ),
    Printed(
        "Ravanelli et al. 2018, Light gated recurrent units",
        r"""\begin{align}
        z_t &= \sigma(BN(W_z x_t) + U_z h_{t-1}), \\
        \tilde{h}_t &= \mbox{ReLU}(BN(W_h x_t) + U_h h_{t-1}), \\
        h_t &= z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t.
        \end{align}""",
        drawn(
            "batch n_in: x_t | batch n_h: h_{t-1} | n_h n_in: W_z, W_h | n_h n_h: U_z, U_h",
            {"BN": normalised},
        ),
        _light_gru,
    ),
)

# Gates and other memories -------------------------------------------------------------------


def _sru(v: Values) -> Values:
    x, c = v["x_t"], v["c_{t-1}"]
    f = sigmoid(x @ v["W_f"].T + v["v_f"] * c + v["b_f"])
    r = sigmoid(x @ v["W_r"].T + v["v_r"] * c + v["b_r"])
    c = f * c + (1 - f) * (x @ v["W"].T)
    return {"f_t": f, "c_t": c, "r_t": r, "h_t": r * c + (1 - r) * x}


def _grn(v: Values) -> Values:
    a, c = v[r"\boldsymbol{a}"], v[r"\boldsymbol{c}"]
    W = {i: v[rf"\boldsymbol{{W}}_{{{i},\omega}}"] for i in (1, 2, 3)}
    b = {i: v[rf"\boldsymbol{{b}}_{{{i},\omega}}"] for i in (1, 2)}
    two = a @ W[2].T + c @ W[3].T + b[2]
    two = np.where(two > 0, two, np.expm1(two))
    one = two @ W[1].T + b[1]
    return {r"\text{GRN}_\omega(\boldsymbol{a}, \boldsymbol{c})": normalised(a + np.sin(one))}


def _time_gate(v: Values) -> Values:
    phase = np.mod(v["t"] - v["s"], v[r"\tau"]) / v[r"\tau"]
    on = v["r_{on}"]
    rising, falling = 2 * phase / on, 2 - 2 * phase / on
    closed = v[r"\alpha"] * phase
    gate = np.where(phase < on / 2, rising, np.where(phase < on, falling, closed))
    return {r"\phi_t": phase, "k_t": gate}


def _circular(v: Values) -> Values:
    w, s = v["w_t^g"], v["s_t"]
    n = len(w)
    return {
        r"\tilde{w}_t(i)": np.array(
            [sum(w[j] * s[(i - j) % n] for j in range(n)) for i in range(n)]
        )
    }


def _hopfield_energy(v: Values) -> Values:
    w, s, theta = v["w"], v["s"], v[r"\theta"]
    pairs = s @ w @ s - np.sum(np.diag(w) * s**2)
    return {"E": -pairs / 2 + theta @ s}


MEMORIES = (
    Printed(
        "Bradbury et al. 2017, Quasi-recurrent neural networks, (3): width 2",
        r"""\begin{aligned}
        \mathbf{z}_t &= \tanh(\mathbf{W}_z^1 \mathbf{x}_{t-1} + \mathbf{W}_z^2 \mathbf{x}_t) \\
        \mathbf{f}_t &= \sigma(\mathbf{W}_f^1 \mathbf{x}_{t-1} + \mathbf{W}_f^2 \mathbf{x}_t)
        \end{aligned}""",
        drawn(
            r"batch n_in: \mathbf{x}_{t-1}, \mathbf{x}_t | n_h n_in: \mathbf{W}_?^1, \mathbf{W}_?^2",
            gates="zf",
        ),
        lambda v: {
            r"\mathbf{z}_t": np.tanh(
                columns(
                    v,
                    r"\mathbf{W}_z^1 \mathbf{x}_{t-1} + \mathbf{W}_z^2 \mathbf{x}_t",
                )
            ),
            r"\mathbf{f}_t": sigmoid(
                columns(
                    v,
                    r"\mathbf{W}_f^1 \mathbf{x}_{t-1} + \mathbf{W}_f^2 \mathbf{x}_t",
                )
            ),
        },
    ),
    Printed(
        "Bradbury et al. 2017, Quasi-recurrent neural networks, (5): fo-pooling",
        r"\mathbf{c}_t = \mathbf{f}_t \odot \mathbf{c}_{t-1} + (1 - \mathbf{f}_t) \odot \mathbf{z}_t"
        r" \\ \mathbf{h}_t = \mathbf{o}_t \odot \mathbf{c}_t.",
        drawn(
            r"batch n_h: \mathbf{c}_{t-1}, \mathbf{z}_t | unit batch n_h: \mathbf{f}_t, \mathbf{o}_t"
        ),
        lambda v: {
            r"\mathbf{h}_t": v[r"\mathbf{o}_t"]
            * (
                v[r"\mathbf{f}_t"] * v[r"\mathbf{c}_{t-1}"]
                + (1 - v[r"\mathbf{f}_t"]) * v[r"\mathbf{z}_t"]
            )
        },
    ),
    Printed(
        "Lei et al. 2018, Simple recurrent units, (1)-(4)",
        r"""\begin{align}
        f_t &= \sigma(W_f x_t + v_f \odot c_{t-1} + b_f) \\
        c_t &= f_t \odot c_{t-1} + (1 - f_t) \odot (W x_t) \\
        r_t &= \sigma(W_r x_t + v_r \odot c_{t-1} + b_r) \\
        h_t &= r_t \odot c_t + (1 - r_t) \odot x_t
        \end{align}""",
        drawn("batch n_h: x_t, c_{t-1} | n_h n_h: W_f, W_r, W | n_h: v_f, v_r, b_f, b_r"),
        _sru,
    ),
    Printed(
        "Srivastava et al. 2015, Highway networks, (3)",
        r"\mathbf{y} = H(\mathbf{x}, \mathbf{W_H}) \cdot T(\mathbf{x}, \mathbf{W_T})"
        r" + \mathbf{x} \cdot (1 - T(\mathbf{x}, \mathbf{W_T})).",
        drawn(
            r"batch n_h: \mathbf{x} | n_h n_h: \mathbf{W_H}, \mathbf{W_T}",
            {
                "H": lambda x, W: np.tanh(x @ W.T),
                "T": lambda x, W: sigmoid(x @ W.T),
            },
        ),
        lambda v: (lambda x, new, gate: {r"\mathbf{y}": new * gate + x * (1 - gate)})(
            v[r"\mathbf{x}"],
            np.tanh(v[r"\mathbf{x}"] @ v[r"\mathbf{W_H}"].T),
            sigmoid(v[r"\mathbf{x}"] @ v[r"\mathbf{W_T}"].T),
        ),
    ),
    Printed(
        "PyTorch, torch.nn.GLU",
        r"{GLU}(a, b)= a \otimes \sigma(b)",
        drawn("batch n_h: a, b"),
        lambda v: {"{GLU}(a, b)": v["a"] * sigmoid(v["b"])},
    ),
    Printed(
        "Shazeer 2020, GLU variants improve transformer, (5)",
        r"\mathrm{ReGLU}(x, W, V, b, c) = \max(0, xW + b) \otimes (xV + c)",
        drawn("batch n_in: x | n_in n_h: W, V | n_h: b, c"),
        lambda v: {r"\mathrm{ReGLU}(x, W, V, b, c)": relu(rows(v, "x W + b")) * rows(v, "x V + c")},
    ),
    Printed(
        "Shazeer 2020, GLU variants improve transformer, (6): without biases",
        r"\mathrm{FFN}_{\mathrm{SwiGLU}}(x, W, V, W_2) = (\mathrm{Swish}_1(xW) \otimes xV)W_2",
        drawn(
            "batch n_in: x | n_in n_h: W, V | n_h n_out: W_2",
            {r"\mathrm{Swish}_1": lambda x: x * sigmoid(x)},
        ),
        lambda v: {
            r"\mathrm{FFN}_{\mathrm{SwiGLU}}(x, W, V, W_2)": (
                v["x"] @ v["W"] * sigmoid(v["x"] @ v["W"]) * (v["x"] @ v["V"])
            )
            @ v["W_2"]
        },
    ),
    Printed(
        "Lim et al. 2021, Temporal fusion transformers, (2)-(4): a gated residual network",
        r"""\begin{align}
        \text{GRN}_\omega(\boldsymbol{a}, \boldsymbol{c}) &= \text{LayerNorm}(\boldsymbol{a}
            + \text{GLU}_\omega(\boldsymbol{\eta}_1)), \\
        \boldsymbol{\eta}_1 &= \boldsymbol{W}_{1,\omega}~\boldsymbol{\eta}_2
            + \boldsymbol{b}_{1,\omega}, \\
        \boldsymbol{\eta}_2 &= \text{ELU}(\boldsymbol{W}_{2,\omega}~\boldsymbol{a}
            + \boldsymbol{W}_{3,\omega}~\boldsymbol{c} + \boldsymbol{b}_{2,\omega}),
        \end{align}""",
        drawn(
            r"batch n_h: \boldsymbol{a} | batch n_in: \boldsymbol{c} | "
            r"n_h n_out: \boldsymbol{W}_{1,\omega} | n_out n_h: \boldsymbol{W}_{2,\omega} | "
            r"n_out n_in: \boldsymbol{W}_{3,\omega} | n_h: \boldsymbol{b}_{1,\omega} | "
            r"n_out: \boldsymbol{b}_{2,\omega}",
            {
                r"\text{LayerNorm}": normalised,
                r"\text{GLU}_\omega": np.sin,
                r"\text{ELU}": lambda x: np.where(x > 0, x, np.expm1(x)),
            },
        ),
        _grn,
    ),
    Printed(
        "Lim et al. 2021, Temporal fusion transformers, (5): a gated linear unit",
        r"\text{GLU}_\omega(\boldsymbol{\gamma}) = \sigma(\boldsymbol{W}_{4,\omega}~"
        r"\boldsymbol{\gamma} + \boldsymbol{b}_{4,\omega}) \odot (\boldsymbol{W}_{5,\omega}~"
        r"\boldsymbol{\gamma} + \boldsymbol{b}_{5,\omega}),",
        drawn(
            r"batch n_in: \boldsymbol{\gamma} | n_h n_in: \boldsymbol{W}_{?,\omega} | "
            r"n_h: \boldsymbol{b}_{?,\omega}",
            gates="45",
        ),
        lambda v: {
            r"\text{GLU}_\omega(\boldsymbol{\gamma})": sigmoid(
                columns(
                    v,
                    r"\boldsymbol{W}_{4,\omega} \boldsymbol{\gamma} + \boldsymbol{b}_{4,\omega}",
                )
            )
            * columns(
                v,
                r"\boldsymbol{W}_{5,\omega} \boldsymbol{\gamma} + \boldsymbol{b}_{5,\omega}",
            )
        },
    ),
    Printed(
        "Lim et al. 2021, Temporal fusion transformers, (8): variable selection",
        r"\tilde{\boldsymbol{\xi}}_t = \sum_{j=1}^{m_\chi} v_{\chi_t}^{(j)}"
        r" \tilde{\boldsymbol{x}}_t^{(j)},",
        drawn(
            r"shares n_in: v_{\chi_t} | n_in n_h: \tilde{\boldsymbol{x}}_t",
            more=lambda v, s: {r"m_\chi": s.n_in},
        ),
        lambda v: {
            r"\tilde{\boldsymbol{\xi}}_t": v[r"v_{\chi_t}"] @ v[r"\tilde{\boldsymbol{x}}_t"]
        },
    ),
    Printed(
        "He et al. 2016, Identity mappings in deep residual networks, (3)",
        r"\mathbf{x}_{l+1} = \mathbf{x}_l + \mathcal{F}(\mathbf{x}_l, \mathcal{W}_l).",
        drawn(
            r"batch n_h: \mathbf{x}_l | n_h n_h: \mathcal{W}_l",
            {r"\mathcal{F}": lambda x, W: np.tanh(x @ W.T)},
        ),
        lambda v: {
            r"\mathbf{x}_{l+1}": v[r"\mathbf{x}_l"]
            + np.tanh(v[r"\mathbf{x}_l"] @ v[r"\mathcal{W}_l"].T)
        },
    ),
    Printed(
        "He et al. 2016, Deep residual learning, (1)",
        r"\mathbf{y} = \mathcal{F}(\mathbf{x}, \{W_i\}) + \mathbf{x}.",
        drawn(r"batch n_h: \mathbf{x}", {r"\mathcal{F}": lambda x, W: x}),
        refused="a set of weights of unknown number is no value",
    ),
    Printed(
        "Neil et al. 2016, Phased LSTM, (6)",
        r"""\phi_t = \frac{(t-s) \bmod \tau}{\tau}, \quad
        k_t = \begin{cases}
        \frac{2\phi_t}{r_{on}}, & \text{if } \phi_t < \frac{1}{2} r_{on} \\
        2 - \frac{2\phi_t}{r_{on}}, & \text{if } \frac{1}{2} r_{on} < \phi_t < r_{on} \\
        \alpha\phi_t, & \text{otherwise}
        \end{cases}""",
        drawn(r"unit n_h: s | positive n_h: \tau", {"t": 3.7, "r_{on}": 0.4, r"\alpha": 0.001}),
        _time_gate,
    ),
    Printed(
        "Graves et al. 2014, Neural Turing machines, (6): similarity",
        r"K[\mathbf{u}, \mathbf{v}] = \frac{\mathbf{u} \cdot \mathbf{v}}"
        r"{\|\mathbf{u}\| \cdot \|\mathbf{v}\|}.",
        drawn(r"n_h: \mathbf{u}, \mathbf{v}"),
        lambda v: {
            r"K[\mathbf{u}, \mathbf{v}]": (
                v[r"\mathbf{u}"]
                @ v[r"\mathbf{v}"]
                / np.linalg.norm(v[r"\mathbf{u}"])
                / np.linalg.norm(v[r"\mathbf{v}"])
            )
        },
    ),
    Printed(
        "Graves et al. 2014, Neural Turing machines, (2): read",
        r"\mathbf{r}_t \longleftarrow \sum_i w_t(i) \mathbf{M}_t(i),",
        drawn(r"shares time: w_t | time n_h: \mathbf{M}_t"),
        lambda v: {r"\mathbf{r}_t": v["w_t"] @ v[r"\mathbf{M}_t"]},
        {"w_t": "sequence", r"\mathbf{M}_t": "sequence"},
    ),
    Printed(
        "Graves et al. 2014, Neural Turing machines, (3): erase",
        r"\tilde{\mathbf{M}}_t(i) \longleftarrow \mathbf{M}_{t-1}(i)"
        r" \left[\mathbf{1} - w_t(i)\mathbf{e}_t\right],",
        drawn(
            r"shares time: w_t | time n_h: \mathbf{M}_{t-1} | unit n_h: \mathbf{e}_t",
            {"i": 2},
            lambda v, s: {r"\mathbf{1}": np.ones(s.n_h)},
        ),
        lambda v: {
            r"\tilde{\mathbf{M}}_t(i)": v[r"\mathbf{M}_{t-1}"][2]
            * (1 - v["w_t"][2] * v[r"\mathbf{e}_t"])
        },
        {"w_t": "sequence", r"\mathbf{M}_{t-1}": "sequence"},
    ),
    Printed(
        "Graves et al. 2014, Neural Turing machines, (7): interpolation",
        r"\mathbf{w}_t^g \longleftarrow g_t \mathbf{w}_t^c + (1 - g_t) \mathbf{w}_{t-1}.",
        drawn(r"shares batch time: \mathbf{w}_t^c, \mathbf{w}_{t-1}", {"g_t": 0.3}),
        lambda v: {r"\mathbf{w}_t^g": 0.3 * v[r"\mathbf{w}_t^c"] + 0.7 * v[r"\mathbf{w}_{t-1}"]},
    ),
    Printed(
        "Graves et al. 2014, Neural Turing machines, (8): circular, indices modulo N",
        r"\tilde{w}_t(i) \longleftarrow \sum_{j=0}^{N-1} w_t^g(j) \, s_t(i-j)",
        drawn("shares time: w_t^g, s_t", more=lambda v, s: {"N": s.time}),
        _circular,
    ),
    Printed(
        "Graves et al. 2014, Neural Turing machines, (9): sharpen",
        r"w_t(i) \longleftarrow \frac{\tilde{w}_t(i)^{\gamma_t}}{\sum_j \tilde{w}_t(j)^{\gamma_t}}",
        drawn(r"shares time: \tilde{w}_t", {r"\gamma_t": 2.5}),
        lambda v: {
            "w_t(i)": v[r"\tilde{w}_t"] ** 2.5 / np.sum(v[r"\tilde{w}_t"] ** 2.5),
        },
    ),
    Printed(
        "Hopfield 1982: one unit after its neighbours",
        r"s_i \leftarrow \operatorname{sgn}\left(\sum_{j} w_{ij} s_j - \theta_i\right)",
        drawn(r"n_h n_h: w | sign n_h: s | n_h: \theta"),
        lambda v: {"s_i": np.sign(v["w"] @ v["s"] - v[r"\theta"])},
    ),
    Printed(
        "Wikipedia, Hopfield network: energy, without the diagonal",
        r"E = -\frac{1}{2} \sum_{i \neq j} w_{ij} s_i s_j + \sum_i \theta_i s_i",
        drawn(r"n_h n_h: w | sign n_h: s | n_h: \theta"),
        _hopfield_energy,
    ),
    Printed(
        "Wikipedia, Hopfield network: energy, with the diagonal",
        r"E = -\frac{1}{2} \sum_{i,j} w_{ij} s_i s_j + \sum_i \theta_i s_i",
        drawn(r"n_h n_h: w | sign n_h: s | n_h: \theta"),
        lambda v: {"E": -v["s"] @ v["w"] @ v["s"] / 2 + v[r"\theta"] @ v["s"]},
    ),
    Printed(
        "Wikipedia, Hopfield network: Hebbian learning",
        r"w_{ij} = \frac{1}{n} \sum_{\mu=1}^{n} \epsilon_i^\mu \epsilon_j^\mu",
        drawn(r"sign n_h time: \epsilon", more=lambda v, s: {"n": s.time}),
        lambda v: {"w_{ij}": v[r"\epsilon"] @ v[r"\epsilon"].T / v[r"\epsilon"].shape[1]},
    ),
    Printed(
        "Ramsauer et al. 2021, Hopfield networks is all you need, (3): patterns in columns",
        r"\boldsymbol{\xi}^{\text{new}} = \boldsymbol{X} \mathrm{softmax}"
        r"(\beta \boldsymbol{X}^T \boldsymbol{\xi})",
        drawn(r"n_h time: \boldsymbol{X} | n_h: \boldsymbol{\xi}", {r"\beta": 2.0}),
        lambda v: {
            r"\boldsymbol{\xi}^{\text{new}}": v[r"\boldsymbol{X}"]
            @ softmax(2 * v[r"\boldsymbol{X}"].T @ v[r"\boldsymbol{\xi}"])
        },
    ),
    Printed(
        "Ba et al. 2016, Using fast weights to attend to the recent past, (1)",
        r"A(t) = \lambda A(t-1) + \eta h(t) h(t)^T",
        drawn("time n_h n_h: A | time n_h: h", {r"\lambda": 0.9, r"\eta": 0.5, "t": 2}),
        lambda v: {"A(t)": 0.9 * v["A"][1] + 0.5 * np.outer(v["h"][2], v["h"][2])},
        {"A": "sequence", "h": "sequence"},
    ),
    Printed(
        "Voelker et al. 2019, Legendre memory units, (4): a number enters",
        r"\mathbf{m}_t = \mathbf{\bar{A}} \mathbf{m}_{t-1} + \mathbf{\bar{B}} u_t",
        drawn(r"n_h n_h: \mathbf{\bar{A}} | n_h: \mathbf{m}_{t-1}, \mathbf{\bar{B}} | number: u_t"),
        lambda v: {
            r"\mathbf{m}_t": v[r"\mathbf{\bar{A}}"] @ v[r"\mathbf{m}_{t-1}"]
            + v[r"\mathbf{\bar{B}}"] * v["u_t"]
        },
    ),
    Printed(
        "Funahashi, Nakamura 1993, continuous-time recurrent networks",
        r"\frac{d\mathbf{x}(t)}{dt} = -\frac{\mathbf{x}(t)}{\tau} + \mathbf{S}(t)",
        drawn(r"time batch n_h: \mathbf{x}, \mathbf{S}", {r"\tau": 1.5, "t": 2}),
        lambda v: {r"\frac{d\mathbf{x}(t)}{dt}": -v[r"\mathbf{x}"][2] / 1.5 + v[r"\mathbf{S}"][2]},
        {r"\mathbf{x}": "sequence", r"\mathbf{S}": "sequence"},
    ),
)

# Attention -----------------------------------------------------------------------------------


def _attention(Q: Any, K: Any, V: Any) -> Any:
    return softmax(Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])) @ V


def _linear_attention(v: Values) -> Values:
    q, k = np.exp(v["Q"]), np.exp(v["K"])
    return {"V'_i": (q @ (k.T @ v["V"])) / (q @ k.sum(0))[:, None]}


def _transformers_are_rnns(v: Values) -> Values:
    x = v["x_i"]
    q, k, value = np.exp(x @ v["W_Q"]), np.exp(x @ v["W_K"]), x @ v["W_V"]
    s, z = v["s_{i-1}"] + np.outer(k, value), v["z_{i-1}"] + k
    return {"s_i": s, "z_i": z, "y_i": np.tanh(q @ s / (q @ z) + x)}


def _wkv(v: Values) -> Values:
    k, value, w, u, t = pick(v, "k, v, w, u, t")
    # The source counts from 1: k_1 is k[0].
    weights = [np.exp(-(t - 1 - i) * w + k[i - 1]) for i in range(1, t)]
    last = np.exp(u + k[t - 1])
    above = sum(weight * value[i] for i, weight in enumerate(weights)) + last * value[t - 1]
    return {"wkv_t": above / (sum(weights) + last)}


def _wkv_step(v: Values) -> Values:
    a, b, k, value, w, u = pick(v, "a_{t-1}, b_{t-1}, k_t, v_t, w, u")
    last = np.exp(u + k)
    return {
        "wkv_t": (a + last * value) / (b + last),
        "a_t": np.exp(-w) * a + np.exp(k) * value,
        "b_t": np.exp(-w) * b + np.exp(k),
    }


def _bahdanau(v: Values) -> Values:
    alpha = softmax(v["e"])
    return {r"\alpha_{ij}": alpha, "c_i": alpha @ v["h"]}


def _rotary(v: Values) -> Values:
    angle = v["m"] * v[r"\theta"]
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return {"f": rotation @ np.array([v["q_1"], v["q_2"]])}


MATRICES = {"Q": "matrix", "K": "matrix", "V": "matrix"}

ATTENTION = (
    Printed(
        "Vaswani et al. 2017, Attention is all you need, (1)",
        r"\mathrm{Attention}(Q, K, V) = \mathrm{softmax}(\frac{QK^T}{\sqrt{d_k}})V",
        drawn("time n_in: Q | n_out n_in: K | n_out n_h: V", more=lambda v, s: {"d_k": s.n_in}),
        lambda v: {r"\mathrm{Attention}(Q, K, V)": _attention(v["Q"], v["K"], v["V"])},
        MATRICES,
    ),
    Printed(
        "Dive into Deep Learning, Attention scoring functions: batches of matrices",
        r"\mathbf{O} = \mathrm{softmax}\left(\frac{\mathbf Q \mathbf K^\top }{\sqrt{d}}\right)"
        r" \mathbf V \in \mathbb{R}^{n\times v}.",
        drawn(
            r"batch time n_in: \mathbf Q | batch n_out n_in: \mathbf K | "
            r"batch n_out n_h: \mathbf V",
            more=lambda v, s: {"d": s.n_in},
        ),
        lambda v: {r"\mathbf{O}": _attention(v[r"\mathbf Q"], v[r"\mathbf K"], v[r"\mathbf V"])},
        {r"\mathbf Q": "matrix", r"\mathbf K": "matrix", r"\mathbf V": "matrix"},
    ),
    Printed(
        "Vaswani et al. 2017, Attention is all you need, (2)",
        r"\mathrm{FFN}(x)=\max(0, xW_1 + b_1) W_2 + b_2",
        drawn("batch n_in: x | n_in n_h: W_1 | n_h n_out: W_2 | n_h: b_1 | n_out: b_2"),
        lambda v: {
            r"\mathrm{FFN}(x)": relu(rows(v, "x W_1 + b_1")) @ v["W_2"] + v["b_2"],
        },
    ),
    Printed(
        "Vaswani et al. 2017, Attention is all you need, 3.2.2",
        r"\mathrm{MultiHead}(Q, K, V) = \mathrm{Concat}(\mathrm{head}_1, ...,"
        r" \mathrm{head}_h)W^O",
        drawn(r"time n_in: \mathrm{head}_1, \mathrm{head}_h | n_in n_h: W^O"),
        refused="nothing says what stands for the dots",
    ),
    Printed(
        "Vaswani et al. 2017, Attention is all you need, 3.5",
        r"PE_{(pos,2i)} = \sin(pos / 10000^{2i/d_{\text{model}}}) \\"
        r" PE_{(pos,2i+1)} = \cos(pos / 10000^{2i/d_{\text{model}}})",
        drawn(
            "number: noise",
            {"pos": 3, "i": 1, r"d_{\text{model}}": 8},
            lambda v, s: {},
        ),
        lambda v: {
            "PE_{(pos,2i)}": np.sin(3 / 10000 ** (2 / 8)),
            "PE_{(pos,2i+1)}": np.cos(3 / 10000 ** (2 / 8)),
        },
    ),
    Printed(
        "Bahdanau et al. 2015, Neural machine translation, (5)-(6)",
        r"\alpha_{ij} = \frac{\exp\left(e_{ij}\right)}{\sum_{k=1}^{T_x} \exp\left(e_{ik}\right)},"
        r" \\ c_i = \sum_{j=1}^{T_x} \alpha_{ij} h_j.",
        drawn("n_out time: e | time n_h: h", more=lambda v, s: {"T_x": s.time}),
        _bahdanau,
    ),
    Printed(
        "Bahdanau et al. 2015, Neural machine translation, A.1.2: of a batch",
        r"a(s_{i-1}, h_j) = v_a^\top \tanh \left(W_a s_{i-1} + U_a h_j\right)",
        drawn(
            "batch n_h: s_{i-1} | batch n_in: h_j | n_out n_h: W_a | n_out n_in: U_a | n_out: v_a"
        ),
        lambda v: {
            "a(s_{i-1}, h_j)": np.tanh(columns(v, "W_a s_{i-1} + U_a h_j")) @ v["v_a"],
        },
    ),
    Printed(
        "Luong et al. 2015, Effective approaches to attention: general score",
        r"\mathrm{score}(\boldsymbol{h}_t, \bar{\boldsymbol{h}}_s) = \boldsymbol{h}_t^\top"
        r" \boldsymbol{W_a} \bar{\boldsymbol{h}}_s",
        drawn(r"n_h: \boldsymbol{h}_t | n_in: \bar{\boldsymbol{h}}_s | n_h n_in: \boldsymbol{W_a}"),
        lambda v: {
            r"\mathrm{score}(\boldsymbol{h}_t, \bar{\boldsymbol{h}}_s)": v[r"\boldsymbol{h}_t"]
            @ v[r"\boldsymbol{W_a}"]
            @ v[r"\bar{\boldsymbol{h}}_s"]
        },
    ),
    Printed(
        "Luong et al. 2015, Effective approaches to attention: general score of a batch",
        r"s = h_t^\top W_a \bar{h}_s",
        drawn(r"batch n_h: h_t | batch n_in: \bar{h}_s | n_h n_in: W_a"),
        lambda v: {
            "s": np.einsum("bi,ij,bj->b", v["h_t"], v["W_a"], v[r"\bar{h}_s"]),
        },
    ),
    Printed(
        "Luong et al. 2015, Effective approaches to attention, (5)",
        r"\tilde{\boldsymbol{h}}_t = \tanh(\boldsymbol{W_c}[\boldsymbol{c}_t;\boldsymbol{h}_t])",
        drawn(
            r"batch n_in: \boldsymbol{c}_t | batch n_h: \boldsymbol{h}_t | "
            r"n_out n_in+n_h: \boldsymbol{W_c}"
        ),
        lambda v: {
            r"\tilde{\boldsymbol{h}}_t": np.tanh(
                np.concatenate([v[r"\boldsymbol{c}_t"], v[r"\boldsymbol{h}_t"]], -1)
                @ v[r"\boldsymbol{W_c}"].T
            )
        },
    ),
    Printed(
        "Katharopoulos et al. 2020, Transformers are RNNs, (5)",
        r"V'_i = \frac{\phi(Q_i)^T \sum_{j=1}^N \phi(K_j) V_j^T}"
        r"{\phi(Q_i)^T \sum_{j=1}^N \phi(K_j)},",
        drawn(
            "time n_in: Q, K | time n_h: V",
            {r"\phi": np.exp},
            lambda v, s: {"N": s.time},
        ),
        _linear_attention,
    ),
    Printed(
        "Katharopoulos et al. 2020, Transformers are RNNs, (18)-(20)",
        r"""\begin{aligned}
        s_i &= s_{i-1} + \phi(x_i W_K) (x_i W_V)^T, \\
        z_i &= z_{i-1} + \phi(x_i W_K), \\
        y_i &= f_l\left(\frac{\phi(x_i W_Q)^T s_i}{\phi(x_i W_Q)^T z_i} + x_i\right).
        \end{aligned}""",
        drawn(
            "n_h: x_i | n_h n_in: W_K, W_Q | n_h n_h: W_V | n_in n_h: s_{i-1} | "
            "positive n_in: z_{i-1}",
            {r"\phi": np.exp, "f_l": np.tanh},
        ),
        _transformers_are_rnns,
        {"x_i": "rows", "s_{i-1}": "matrix"},
    ),
    Printed(
        "Sun et al. 2023, Retentive network, (6): row vectors in upper case",
        r"S_n = \gamma S_{n-1} + K_n^\intercal V_n \\ \mathrm{Retention}(X_n) = Q_n S_n",
        drawn("n_in: K_n, Q_n | n_h: V_n | n_in n_h: S_{n-1}", {r"\gamma": 0.95, "X_n": 0.0}),
        lambda v: {
            r"\mathrm{Retention}(X_n)": v["Q_n"]
            @ (0.95 * v["S_{n-1}"] + np.outer(v["K_n"], v["V_n"]))
        },
        {"K_n": "rows", "V_n": "rows", "Q_n": "rows", "S_{n-1}": "matrix"},
    ),
    Printed(
        "Schlag et al. 2021, Linear transformers are secretly fast weight programmers: delta rule",
        r"\mathbf{S}_t = \mathbf{S}_{t-1} - \beta_t (\mathbf{S}_{t-1} \mathbf{k}_t - \mathbf{v}_t)"
        r" \mathbf{k}_t^\top",
        drawn(
            r"n_h n_in: \mathbf{S}_{t-1} | n_in: \mathbf{k}_t | n_h: \mathbf{v}_t",
            {r"\beta_t": 0.4},
        ),
        lambda v: {
            r"\mathbf{S}_t": v[r"\mathbf{S}_{t-1}"]
            - 0.4
            * np.outer(
                v[r"\mathbf{S}_{t-1}"] @ v[r"\mathbf{k}_t"] - v[r"\mathbf{v}_t"],
                v[r"\mathbf{k}_t"],
            )
        },
    ),
    Printed(
        "Peng et al. 2023, RWKV, (11)",
        r"r_t = W_r \cdot (\mu_r x_t + (1 - \mu_r) x_{t-1}),",
        drawn(r"batch n_in: x_t, x_{t-1} | n_h n_in: W_r | unit n_in: \mu_r"),
        lambda v: {
            "r_t": (v[r"\mu_r"] * v["x_t"] + (1 - v[r"\mu_r"]) * v["x_{t-1}"]) @ v["W_r"].T,
        },
    ),
    Printed(
        "Peng et al. 2023, RWKV, (14): counts from 1",
        r"wkv_t = \frac{\sum_{i=1}^{t-1} e^{-(t-1-i)w+k_i} v_i + e^{u+k_t} v_t}"
        r"{\sum_{i=1}^{t-1} e^{-(t-1-i)w+k_i} + e^{u+k_t}}.",
        drawn("time n_h: k, v | positive n_h: w | n_h: u", {"t": 4}),
        _wkv,
    ),
    Printed(
        "Peng et al. 2023, RWKV, (20)-(22): as a cell",
        r"""wkv_t = \frac{a_{t-1} + e^{u+k_t} \odot v_t}{b_{t-1} + e^{u+k_t}}, \\
        a_t = e^{-w} \odot a_{t-1} + e^{k_t} \odot v_t, \\
        b_t = e^{-w} \odot b_{t-1} + e^{k_t}.""",
        drawn("batch n_h: a_{t-1}, k_t, v_t | positive batch n_h: b_{t-1} | positive n_h: w, u"),
        _wkv_step,
    ),
    Printed(
        "Peng et al. 2023, RWKV, (18): channel mixing",
        r"o'_t = \sigma(r'_t) \odot (W'_v \cdot \max(k'_t, 0)^2).",
        drawn("batch n_h: r'_t | batch n_in: k'_t | n_h n_in: W'_v"),
        lambda v: {"o'_t": sigmoid(v["r'_t"]) * (relu(v["k'_t"]) ** 2 @ v["W'_v"].T)},
    ),
    Printed(
        "Su et al. 2021, RoFormer, (13): two features",
        r"f = \begin{pmatrix} \cos m\theta & -\sin m\theta \\ \sin m\theta & \cos m\theta"
        r" \end{pmatrix} \begin{pmatrix} q_1 \\ q_2 \end{pmatrix}",
        drawn(r"number: \theta, q_1, q_2", {"m": 3}),
        _rotary,
    ),
    Printed(
        "Press et al. 2022, Train short, test long: ALiBi",
        r"a_i = \text{softmax}(\mathbf{q}_i\mathbf{K}^\top + m \cdot [-(i-1), ..., -2, -1, 0])",
        drawn(r"n_in: \mathbf{q}_i | time n_in: \mathbf{K}", {"m": 0.5, "i": 4}),
        refused="nothing says what stands for the dots",
    ),
    Printed(
        "Xiong et al. 2020, On layer normalization in the transformer: before the layer",
        r"x_{l+1} = x_l + \mathrm{Sublayer}(\mathrm{LN}(x_l))",
        drawn("batch time n_h: x_l", {r"\mathrm{Sublayer}": np.tanh, r"\mathrm{LN}": normalised}),
        lambda v: {"x_{l+1}": v["x_l"] + np.tanh(normalised(v["x_l"]))},
    ),
    Printed(
        "Shazeer et al. 2017, Outrageously large neural networks, (2)",
        r"G_\sigma(x) = Softmax(x \cdot W_g)",
        drawn("batch n_in: x | n_in n_out: W_g"),
        lambda v: {r"G_\sigma(x)": softmax(v["x"] @ v["W_g"])},
    ),
    Printed(
        "Shazeer et al. 2017, Outrageously large neural networks, (4)",
        r"H(x)_i = (x \cdot W_g)_i + StandardNormal() \cdot Softplus((x \cdot W_{noise})_i)",
        drawn("batch n_in: x | n_in n_out: W_g, W_{noise}"),
        refused="it is drawn at random",
    ),
)

# State spaces --------------------------------------------------------------------------------


def _bilinear(v: Values) -> Values:
    A, B, step, one = pick(v, r"\boldsymbol{A}, \boldsymbol{B}, \Delta, \boldsymbol{I}")
    inverse = np.linalg.inv(one - step / 2 * A)
    return {
        r"\boldsymbol{\overline{A}}": inverse @ (one + step / 2 * A),
        r"\boldsymbol{\overline{B}}": inverse @ (step * B),
    }


def _zero_order_hold(v: Values) -> Values:
    A, B, step, one = pick(v, r"\mathbf{A}, \mathbf{B}, \Delta, \mathbf{I}")
    power = expm(step * A)
    return {
        r"\overline{\mathbf{A}}": power,
        r"\overline{\mathbf{B}}": np.linalg.inv(step * A) @ (power - one) @ (step * B),
    }


def _kalman(v: Values) -> Values:
    F, H, P, Q, R, B = pick(v, r"F_k, H_k, P_{k-1|k-1}, Q_k, R_k, B_k")
    x, u, z, one = pick(v, r"\hat{x}_{k-1|k-1}, u_k, z_k, I")
    x, P = F @ x + B @ u, F @ P @ F.T + Q
    y, S = z - H @ x, H @ P @ H.T + R
    K = P @ H.T @ np.linalg.inv(S)
    return {
        r"K_k": K,
        r"\hat{x}_{k|k}": x + K @ y,
        r"P_{k|k}": (one - K @ H) @ P,
    }


STATE_SPACES = (
    Printed(
        "Gu et al. 2022, Efficiently modeling long sequences, (2)",
        r"x_k = \overline{\boldsymbol{A}} x_{k-1} + \overline{\boldsymbol{B}} u_k \qquad"
        r" y_k = \overline{\boldsymbol{C}} x_k",
        drawn(
            r"batch n_h: x_{k-1} | batch n_in: u_k | n_h n_h: \overline{\boldsymbol{A}} | "
            r"n_h n_in: \overline{\boldsymbol{B}} | n_out n_h: \overline{\boldsymbol{C}}"
        ),
        lambda v: {
            "y_k": columns(v, r"\overline{\boldsymbol{A}} x_{k-1} + \overline{\boldsymbol{B}} u_k")
            @ v[r"\overline{\boldsymbol{C}}"].T
        },
    ),
    Printed(
        "Gu et al. 2022, Efficiently modeling long sequences, (3): bilinear",
        r"""\boldsymbol{\overline{A}} = (\boldsymbol{I} - \Delta/2 \cdot \boldsymbol{A})^{-1}
            (\boldsymbol{I} + \Delta/2 \cdot \boldsymbol{A}) \\
        \boldsymbol{\overline{B}} = (\boldsymbol{I} - \Delta/2 \cdot \boldsymbol{A})^{-1}
            \Delta \boldsymbol{B}""",
        drawn(
            r"n_h n_h: \boldsymbol{A} | n_h n_in: \boldsymbol{B}",
            {r"\Delta": 0.1},
            lambda v, s: {r"\boldsymbol{I}": np.eye(s.n_h)},
        ),
        _bilinear,
        {name: "matrix" for name in (r"\boldsymbol{A}", r"\boldsymbol{B}", r"\boldsymbol{I}")},
    ),
    Printed(
        "Gu, Dao 2023, Mamba, (4): exp of a matrix",
        r"\overline{\mathbf{A}} = \exp(\Delta \mathbf{A}) \qquad \overline{\mathbf{B}} ="
        r" (\Delta \mathbf{A})^{-1} (\exp(\Delta \mathbf{A}) - \mathbf{I}) \cdot \Delta \mathbf{B}",
        drawn(
            r"n_h n_h: \mathbf{A} | n_h n_in: \mathbf{B}",
            {r"\Delta": 0.1},
            lambda v, s: {r"\mathbf{I}": np.eye(s.n_h)},
        ),
        _zero_order_hold,
        {name: "matrix" for name in (r"\mathbf{A}", r"\mathbf{B}", r"\mathbf{I}")},
    ),
    Printed(
        "Gu, Dao 2023, Mamba, (1): in continuous time",
        r"h'(t) = A h(t) + B x(t) \\ y(t) = C h(t) + D x(t)",
        drawn(
            "time batch n_h: h | time batch n_in: x | n_h n_h: A | n_h n_in: B | "
            "n_out n_h: C | n_out n_in: D",
            {"t": 1},
        ),
        lambda v: {
            "h'(t)": v["h"][1] @ v["A"].T + v["x"][1] @ v["B"].T,
            "y(t)": v["h"][1] @ v["C"].T + v["x"][1] @ v["D"].T,
        },
        {"h": "sequence", "x": "sequence"},
    ),
    Printed(
        "Gu et al. 2022, Efficiently modeling long sequences, (4)",
        r"y_k = \overline{C} \overline{A}^k \overline{B} u_0 + \overline{C} \overline{A}^{k-1}"
        r" \overline{B} u_1 + \dots + \overline{C} \overline{B} u_k",
        drawn(
            r"n_h n_h: \overline{A} | n_h n_in: \overline{B} | n_out n_h: \overline{C} | "
            "n_in: u_0, u_1, u_k",
            {"k": 3},
        ),
        refused="nothing says what stands for the dots",
    ),
    Printed(
        "Gu et al. 2022, Efficiently modeling long sequences, (5)",
        r"y = \overline{K} * u",
        drawn(r"time: \overline{K}, u"),
        lambda v: {"y": np.convolve(v[r"\overline{K}"], v["u"])[: len(v["u"])]},
        {r"\overline{K}": "kernel"},
    ),
    Printed(
        "Wikipedia, Kalman filter",
        r"""\begin{align}
        \hat{x}_{k|k-1} &= F_k \hat{x}_{k-1|k-1} + B_k u_k \\
        P_{k|k-1} &= F_k P_{k-1|k-1} F_k^\textsf{T} + Q_k \\
        \tilde{y}_k &= z_k - H_k \hat{x}_{k|k-1} \\
        S_k &= H_k P_{k|k-1} H_k^\textsf{T} + R_k \\
        K_k &= P_{k|k-1} H_k^\textsf{T} S_k^{-1} \\
        \hat{x}_{k|k} &= \hat{x}_{k|k-1} + K_k \tilde{y}_k \\
        P_{k|k} &= (I - K_k H_k) P_{k|k-1}
        \end{align}""",
        drawn(
            r"n_h: \hat{x}_{k-1|k-1} | n_in: u_k | n_out: z_k | n_h n_h: F_k | n_h n_in: B_k | "
            r"n_out n_h: H_k | covariance n_h n_h: P_{k-1|k-1}, Q_k | covariance n_out n_out: R_k",
            more=lambda v, s: {"I": np.eye(s.n_h)},
        ),
        _kalman,
        {name: "matrix" for name in ("P_{k-1|k-1}", "F_k", "H_k", "Q_k", "R_k", "I")},
    ),
    Printed(
        "Rangapuram et al. 2018, Deep state space models: the observation",
        r"z_t = a_t^\top l_{t-1} + b_t + \sigma_t \varepsilon_t",
        drawn(r"n_h: a_t, l_{t-1} | number: b_t, \sigma_t, \varepsilon_t"),
        lambda v: {
            "z_t": v["a_t"] @ v["l_{t-1}"] + v["b_t"] + v[r"\sigma_t"] * v[r"\varepsilon_t"]
        },
    ),
    Printed(
        "Rangapuram et al. 2018, Deep state space models, (1)",
        r"\boldsymbol{l}_t = \boldsymbol{F}_t \boldsymbol{l}_{t-1} + \boldsymbol{g}_t \varepsilon_t,"
        r" \qquad \varepsilon_t \sim \mathcal{N}(0, 1).",
        drawn(
            r"n_h: \boldsymbol{l}_{t-1}, \boldsymbol{g}_t | n_h n_h: \boldsymbol{F}_t | "
            r"number: \varepsilon_t"
        ),
        refused="it is drawn at random",
    ),
)

TOPICS: dict[str, tuple[Printed, ...]] = {
    "Recurrent networks": RECURRENT,
    "LSTM": LSTMS,
    "GRU": GRUS,
    "Gates and other memories": MEMORIES,
    "Attention": ATTENTION,
    "State spaces": STATE_SPACES,
}

PRINTED = tuple(entry for entries in TOPICS.values() for entry in entries)

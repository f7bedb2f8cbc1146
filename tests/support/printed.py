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
from scipy.special import ndtr

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
        for row in filter(None, shapes.split(" | ")):
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
        roles={"i_t": "gate", "f_t": "gate", "o_t": "gate"},
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
        roles={"i_t": "gate", "f_t": "gate", "o_t": "gate"},
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
        roles={"f_t": "gate", "i_t": "gate", "o_t": "gate"},
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
        roles={r"\mathbf{z}_t": "gate"},
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


def _highway(v: Values) -> Values:
    x, W_H, W_T = pick(v, r"\mathbf{x}, \mathbf{W_H}, \mathbf{W_T}")
    new, gate = np.tanh(x @ W_H.T), sigmoid(x @ W_T.T)
    return {r"\mathbf{y}": new * gate + x * (1 - gate)}


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
            r"batch n_in: \mathbf{x}_{t-1}, \mathbf{x}_t | "
            r"n_h n_in: \mathbf{W}_?^1, \mathbf{W}_?^2",
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
        r"\mathbf{c}_t = \mathbf{f}_t \odot \mathbf{c}_{t-1}"
        r" + (1 - \mathbf{f}_t) \odot \mathbf{z}_t \\"
        r" \mathbf{h}_t = \mathbf{o}_t \odot \mathbf{c}_t.",
        drawn(
            r"batch n_h: \mathbf{c}_{t-1}, \mathbf{z}_t | "
            r"unit batch n_h: \mathbf{f}_t, \mathbf{o}_t"
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
        _highway,
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
        roles={r"\mathbf{u}": "vector", r"\mathbf{v}": "vector"},
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
        {
            "w_t": "sequence",
            r"\mathbf{M}_{t-1}": "sequence",
            r"\mathbf{1}": "gate",
            r"\mathbf{e}_t": "gate",
        },
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
        drawn("", {"pos": 3, "i": 1, r"d_{\text{model}}": 8}),
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
        roles={"h_t": "vector", r"\bar{h}_s": "vector"},
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
        roles={r"\mu_r": "gate"},
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
        r"\boldsymbol{l}_t = \boldsymbol{F}_t \boldsymbol{l}_{t-1}"
        r" + \boldsymbol{g}_t \varepsilon_t, \qquad \varepsilon_t \sim \mathcal{N}(0, 1).",
        drawn(
            r"n_h: \boldsymbol{l}_{t-1}, \boldsymbol{g}_t | n_h n_h: \boldsymbol{F}_t | "
            r"number: \varepsilon_t"
        ),
        refused="it is drawn at random",
    ),
)

# Activations ---------------------------------------------------------------------------------


def _of_x(name: str, function: Callable[[Any], Any]) -> Callable[[Values], Values]:
    """What a definition of `name` comes to at x."""
    return lambda v: {f"{name}(x)": function(v["x"])}


def _elu(x: Any) -> Any:
    return np.where(x > 0, x, np.expm1(x))


WIDE = drawn("batch n_in: x", more=lambda v, s: {"x": 4 * v["x"]})
"""Arguments on both sides of -3 and 3."""

ACTIVATIONS = (
    Printed(
        "PyTorch, torch.nn.Sigmoid",
        r"\text{Sigmoid}(x) = \sigma(x) = \frac{1}{1 + \exp(-x)}",
        WIDE,
        _of_x(r"\text{Sigmoid}", sigmoid),
    ),
    Printed(
        "PyTorch, torch.nn.Tanh",
        r"\text{Tanh}(x) = \tanh(x) = \frac{\exp(x) - \exp(-x)} {\exp(x) + \exp(-x)}",
        WIDE,
        _of_x(r"\text{Tanh}", np.tanh),
    ),
    Printed(
        "PyTorch, torch.nn.ReLU",
        r"\text{ReLU}(x) = (x)^+ = \max(0, x)",
        WIDE,
        _of_x(r"\text{ReLU}", relu),
    ),
    Printed(
        "PyTorch, torch.nn.ReLU6",
        r"\text{ReLU6}(x) = \min(\max(0,x), 6)",
        WIDE,
        _of_x(r"\text{ReLU6}", lambda x: np.clip(x, 0, 6)),
    ),
    Printed(
        "PyTorch, torch.nn.LeakyReLU",
        r"\text{LeakyReLU}(x) = \max(0, x) + \text{negative\_slope} * \min(0, x)",
        drawn("batch n_in: x", {r"\text{negative\_slope}": 0.01}),
        _of_x(r"\text{LeakyReLU}", lambda x: np.where(x > 0, x, 0.01 * x)),
    ),
    Printed(
        r"PyTorch, torch.nn.LeakyReLU: cases, and \times with a number",
        r"""\text{LeakyReLU}(x) =
        \begin{cases}
        x, & \text{ if } x \geq 0 \\
        \text{negative\_slope} \times x, & \text{ otherwise }
        \end{cases}""",
        drawn("batch n_in: x", {r"\text{negative\_slope}": 0.01}),
        _of_x(r"\text{LeakyReLU}", lambda x: np.where(x > 0, x, 0.01 * x)),
    ),
    Printed(
        "PyTorch, torch.nn.ELU",
        r"""\text{ELU}(x) = \begin{cases}
        x, & \text{ if } x > 0\\
        \alpha * (\exp(x) - 1), & \text{ if } x \leq 0
        \end{cases}""",
        drawn("batch n_in: x", {r"\alpha": 1.0}),
        _of_x(r"\text{ELU}", _elu),
    ),
    Printed(
        "PyTorch, torch.nn.SELU",
        r"\text{SELU}(x) = \text{scale} * (\max(0,x) + \min(0, \alpha * (\exp(x) - 1)))",
        drawn("batch n_in: x", {r"\text{scale}": 1.05, r"\alpha": 1.67}),
        _of_x(r"\text{SELU}", lambda x: 1.05 * (relu(x) + np.minimum(0, 1.67 * (np.exp(x) - 1)))),
    ),
    Printed(
        "PyTorch, torch.nn.Hardsigmoid",
        r"""\text{Hardsigmoid}(x) = \begin{cases}
            0 & \text{if~} x \le -3, \\
            1 & \text{if~} x \ge +3, \\
            x / 6 + 1 / 2 & \text{otherwise}
        \end{cases}""",
        WIDE,
        _of_x(r"\text{Hardsigmoid}", lambda x: np.clip(x / 6 + 1 / 2, 0, 1)),
    ),
    Printed(
        "PyTorch, torch.nn.Hardswish",
        r"""\text{Hardswish}(x) = \begin{cases}
            0 & \text{if~} x \le -3, \\
            x & \text{if~} x \ge +3, \\
            x \cdot (x + 3) /6 & \text{otherwise}
        \end{cases}""",
        WIDE,
        _of_x(r"\text{Hardswish}", lambda x: x * np.clip(x / 6 + 1 / 2, 0, 1)),
        roles={"x": "number"},
    ),
    Printed(
        "PyTorch, torch.nn.SiLU: with words",
        r"\text{silu}(x) = x * \sigma(x), \text{where } \sigma(x) \text{ is the logistic sigmoid.}",
        WIDE,
        _of_x(r"\text{silu}", lambda x: x * sigmoid(x)),
    ),
    Printed(
        "PyTorch, torch.nn.GELU",
        r"\text{GELU}(x) = x * \Phi(x)",
        drawn("batch n_in: x", {r"\Phi": ndtr}),
        _of_x(r"\text{GELU}", lambda x: x * ndtr(x)),
    ),
    Printed(
        "PyTorch, torch.nn.GELU: by tanh",
        r"\text{GELU}(x) = 0.5 * x * (1 + \text{Tanh}(\sqrt{2 / \pi} * (x + 0.044715 * x^3)))",
        WIDE,
        _of_x(
            r"\text{GELU}",
            lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
        ),
    ),
    Printed(
        "PyTorch, torch.nn.Mish",
        r"\text{Mish}(x) = x * \text{Tanh}(\text{Softplus}(x))",
        drawn("batch n_in: x", {r"\text{Softplus}": softplus}),
        _of_x(r"\text{Mish}", lambda x: x * np.tanh(softplus(x))),
    ),
    Printed(
        "PyTorch, torch.nn.Softplus",
        r"\text{Softplus}(x) = \frac{1}{\beta} * \log(1 + \exp(\beta * x))",
        drawn("batch n_in: x", {r"\beta": 2.0}),
        _of_x(r"\text{Softplus}", lambda x: softplus(2 * x) / 2),
    ),
    Printed(
        "PyTorch, torch.nn.Softsign",
        r"\text{SoftSign}(x) = \frac{x}{ 1 + |x|}",
        WIDE,
        _of_x(r"\text{SoftSign}", lambda x: x / (1 + np.abs(x))),
    ),
    Printed(
        "PyTorch, torch.nn.LogSigmoid",
        r"\text{LogSigmoid}(x) = \log\left(\frac{ 1 }{ 1 + \exp(-x)}\right)",
        WIDE,
        _of_x(r"\text{LogSigmoid}", lambda x: -softplus(-x)),
    ),
    Printed(
        "PyTorch, torch.nn.Softmax",
        r"\text{Softmax}(x_{i}) = \frac{\exp(x_i)}{\sum_j \exp(x_j)}",
        drawn("batch n_out: x"),
        lambda v: {r"\text{Softmax}(x_{i})": softmax(v["x"])},
        roles={"x": "vector"},
    ),
    Printed(
        "Wikipedia, Softmax function",
        r"\sigma(\mathbf{z})_i = \frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}",
        drawn("batch n_out: z", more=lambda v, s: {"K": s.n_out}),
        lambda v: {r"\sigma(\mathbf{z})_i": softmax(v["z"])},
        roles={"z": "vector"},
    ),
    Printed(
        "Ramachandran et al. 2017, Searching for activation functions: Swish",
        r"f(x) = x \cdot \sigma(\beta x)",
        drawn("batch n_in: x", {r"\beta": 1.5}),
        _of_x("f", lambda x: x * sigmoid(1.5 * x)),
        roles={"x": "number"},
    ),
    Printed(
        "Wikipedia, Logistic function: its derivative",
        r"\sigma'(z) = \sigma(z)(1 - \sigma(z))",
        drawn("batch n_h: z"),
        lambda v: {r"\sigma'(z)": sigmoid(v["z"]) * (1 - sigmoid(v["z"]))},
        roles={"z": "number"},
    ),
    Printed(
        "Kazemi et al. 2019, Time2Vec: counts from 0",
        r"""\mathbf{t2v}(\tau)[i] = \begin{cases}
        \omega_i \tau + \varphi_i, & \text{if } i = 0. \\
        \mathcal{F}(\omega_i \tau + \varphi_i), & \text{if } 1 \leq i \leq k.
        \end{cases}""",
        drawn(
            r"n_h: \omega, \varphi | number: \tau",
            {r"\mathcal{F}": np.sin},
            lambda v, s: {"k": s.n_h - 1},
        ),
        lambda v: {
            r"\mathbf{t2v}(\tau)[i]": np.where(
                np.arange(len(v[r"\omega"])) == 0,
                v[r"\omega"] * v[r"\tau"] + v[r"\varphi"],
                np.sin(v[r"\omega"] * v[r"\tau"] + v[r"\varphi"]),
            )
        },
    ),
)

# Normalisation -------------------------------------------------------------------------------


def _batch_norm(v: Values) -> Values:
    x = v["x"]
    new = (x - x.mean()) / np.sqrt(x.var() + 1e-3)
    return {r"\widehat{x}_i": new, "y_i": v[r"\gamma"] * new + v[r"\beta"]}


def _responses(v: Values) -> Values:
    a, k, alpha, beta, n, N = pick(v, r"a, k, \alpha, \beta, n, N")
    squares = [np.sum(a[max(0, c - n // 2) : min(N - 1, c + n // 2) + 1] ** 2) for c in range(N)]
    return {"b_{c}": a * (k + alpha / n * np.array(squares)) ** -beta}


def _mean(axis: int) -> Callable[[Any], Any]:
    return lambda x: x.mean(axis, keepdims=True)


def _variance(axis: int) -> Callable[[Any], Any]:
    return lambda x: x.var(axis, keepdims=True)


def _torch_norm(axis: int) -> Callable[[Values], Values]:
    def expected(v: Values) -> Values:
        x = v["x"]
        new = (x - x.mean(axis, keepdims=True)) / np.sqrt(x.var(axis, keepdims=True) + 1e-5)
        return {"y": new * v[r"\gamma"] + v[r"\beta"]}

    return expected


NORMALISATION = (
    Printed(
        "Ioffe, Szegedy 2015, Batch normalization, algorithm 1: one feature",
        r"""\begin{aligned}
        \mu_{\mathcal{B}} &\leftarrow \frac{1}{m} \sum_{i=1}^{m} x_i \\
        \sigma_{\mathcal{B}}^2 &\leftarrow \frac{1}{m} \sum_{i=1}^{m} (x_i - \mu_{\mathcal{B}})^2 \\
        \widehat{x}_i &\leftarrow \frac{x_i - \mu_{\mathcal{B}}}
            {\sqrt{\sigma_{\mathcal{B}}^2 + \epsilon}} \\
        y_i &\leftarrow \gamma \widehat{x}_i + \beta
        \end{aligned}""",
        drawn(
            r"batch: x | number: \gamma, \beta",
            {r"\epsilon": 1e-3},
            lambda v, s: {"m": s.batch},
        ),
        _batch_norm,
    ),
    Printed(
        "PyTorch, torch.nn.LayerNorm",
        r"y = \frac{x - \mathrm{E}[x]}{ \sqrt{\mathrm{Var}[x] + \epsilon}} * \gamma + \beta",
        drawn(
            r"batch n_h: x | n_h: \gamma, \beta",
            {r"\mathrm{E}": _mean(-1), r"\mathrm{Var}": _variance(-1), r"\epsilon": 1e-5},
        ),
        _torch_norm(-1),
    ),
    Printed(
        "PyTorch, torch.nn.BatchNorm1d: the same letters, other axes",
        r"y = \frac{x - \mathrm{E}[x]}{\sqrt{\mathrm{Var}[x] + \epsilon}} * \gamma + \beta",
        drawn(
            r"batch n_h: x | n_h: \gamma, \beta",
            {r"\mathrm{E}": _mean(0), r"\mathrm{Var}": _variance(0), r"\epsilon": 1e-5},
        ),
        _torch_norm(0),
    ),
    Printed(
        "Ba et al. 2016, Layer normalization, (3)",
        r"\mu^l = \frac{1}{H} \sum_{i=1}^{H} a_i^l \qquad"
        r" \sigma^l = \sqrt{\frac{1}{H} \sum_{i=1}^{H} \left(a_i^l - \mu^l\right)^2}",
        drawn("n_h: a^l", more=lambda v, s: {"H": s.n_h}),
        lambda v: {r"\mu^l": v["a^l"].mean(), r"\sigma^l": v["a^l"].std()},
    ),
    Printed(
        "PyTorch, torch.nn.RMSNorm",
        r"y_i = \frac{x_i}{\mathrm{RMS}(x)} * \gamma_i, \quad"
        r" \text{where} \quad \text{RMS}(x) = \sqrt{\epsilon + \frac{1}{n} \sum_{i=1}^{n} x_i^2}",
        drawn(r"n_h: x, \gamma", {r"\epsilon": 1e-5}, lambda v, s: {"n": s.n_h}),
        lambda v: {
            "y_i": v["x"] / np.sqrt(1e-5 + np.mean(v["x"] ** 2)) * v[r"\gamma"],
            r"\text{RMS}(x)": np.sqrt(1e-5 + np.mean(v["x"] ** 2)),
        },
    ),
    Printed(
        "PyTorch, weight_norm",
        r"\mathbf{w} = g \dfrac{\mathbf{v}}{\|\mathbf{v}\|}",
        drawn(r"n_h: \mathbf{v} | number: g"),
        lambda v: {r"\mathbf{w}": v["g"] * v[r"\mathbf{v}"] / np.linalg.norm(v[r"\mathbf{v}"])},
    ),
    Printed(
        "PyTorch, torch.nn.LocalResponseNorm: limits that depend on an index",
        r"b_{c} = a_{c}\left(k + \frac{\alpha}{n}"
        r" \sum_{c'=\max(0, c-n/2)}^{\min(N-1,c+n/2)}a_{c'}^2\right)^{-\beta}",
        drawn(
            "n_h: a",
            {"k": 1.0, r"\alpha": 0.5, r"\beta": 0.75, "n": 2},
            lambda v, s: {"N": s.n_h},
        ),
        _responses,
    ),
    Printed(
        "PyTorch, torch.nn.functional.normalize",
        r"v = \frac{v}{\max(\lVert v \rVert_p, \epsilon)}.",
        drawn("n_h: v", {"p": 3, r"\epsilon": 1e-12}),
        lambda v: {"v": v["v"] / np.sum(np.abs(v["v"]) ** 3) ** (1 / 3)},
    ),
    Printed(
        "Pascanu et al. 2013, On the difficulty of training, algorithm 1",
        r"\hat{\mathbf{g}} \leftarrow \frac{\text{threshold}}{\|\hat{\mathbf{g}}\|}"
        r" \hat{\mathbf{g}}",
        drawn(r"n_h: \hat{\mathbf{g}}", {r"\text{threshold}": 0.5}),
        lambda v: {
            r"\hat{\mathbf{g}}": 0.5
            * v[r"\hat{\mathbf{g}}"]
            / np.linalg.norm(v[r"\hat{\mathbf{g}}"])
        },
    ),
    Printed(
        "Dive into Deep Learning, Gradient clipping",
        r"\mathbf{g} \leftarrow \min\left(1, \frac{\theta}{\|\mathbf{g}\|}\right) \mathbf{g}.",
        drawn(r"n_h: \mathbf{g}", {r"\theta": 0.5}),
        lambda v: {
            r"\mathbf{g}": min(1, 0.5 / np.linalg.norm(v[r"\mathbf{g}"])) * v[r"\mathbf{g}"]
        },
    ),
)

# Losses and scores ---------------------------------------------------------------------------


def _hinge(v: Values) -> Values:
    s, label = v["s"], v["y_i"]
    margins = [max(0, s[j] - s[label] + 1) for j in range(len(s)) if j != label]
    return {"L_i": sum(margins)}


def _bleu(v: Values) -> Values:
    c, r = v["c"], v["r"]
    brevity = 1.0 if c > r else np.exp(1 - r / c)
    return {"BP": brevity, "BLEU": brevity * np.exp(v["w"] @ np.log(v["p"]))}


def _huber(v: Values) -> Values:
    error = np.abs(v["x"] - v["y"])
    return {"l_n": np.where(error < 0.7, error**2 / 2, 0.7 * (error - 0.35))}


def _mase(v: Values) -> Values:
    return {r"\mathrm{MASE}": np.abs(v["e"]).mean() / np.abs(np.diff(v["Y"])).mean()}


LOSSES = (
    Printed(
        "Wikipedia, Mean squared error",
        r"\operatorname{MSE} = \frac{1}{n} \sum_{i=1}^n \left(Y_i - \hat{Y_i}\right)^2",
        drawn(r"time: Y, \hat{Y}", more=lambda v, s: {"n": s.time}),
        lambda v: {r"\operatorname{MSE}": np.mean((v["Y"] - v[r"\hat{Y}"]) ** 2)},
    ),
    Printed(
        "PyTorch, torch.nn.L1Loss: of each sample",
        r"l_n = \left| x_n - y_n \right|,",
        drawn("batch: x, y"),
        lambda v: {"l_n": np.abs(v["x"] - v["y"])},
    ),
    Printed(
        "PyTorch, torch.nn.L1Loss: braces",
        r"\ell(x, y) = L = \{l_1,\dots,l_N\}^\top, \quad l_n = \left| x_n - y_n \right|,",
        drawn("batch: x, y"),
        refused="nothing says what stands for the dots",
    ),
    Printed(
        "PyTorch, torch.nn.BCELoss",
        r"l_n = - w_n \left[ y_n \cdot \log x_n + (1 - y_n) \cdot \log (1 - x_n) \right],",
        drawn("unit batch: x, y | batch: w"),
        lambda v: {
            "l_n": -v["w"] * (v["y"] * np.log(v["x"]) + (1 - v["y"]) * np.log(1 - v["x"])),
        },
    ),
    Printed(
        "PyTorch, torch.nn.CrossEntropyLoss: of shares",
        r"l_n = - \sum_{c=1}^C w_c \log \frac{\exp(x_{n,c})}{\sum_{i=1}^C \exp(x_{n,i})} y_{n,c}",
        drawn(
            "batch n_out: x | shares batch n_out: y | positive n_out: w",
            more=lambda v, s: {"C": s.n_out},
        ),
        lambda v: {"l_n": -np.sum(v["w"] * np.log(softmax(v["x"])) * v["y"], axis=-1)},
    ),
    Printed(
        "PyTorch, torch.nn.NLLLoss: an index in an index",
        r"l_n = - w_{y_n} x_{n,y_n}",
        drawn(
            "batch n_out: x | n_out: w",
            more=lambda v, s: {"y": np.arange(s.batch) * 2 % s.n_out},
        ),
        lambda v: {"l_n": -v["w"][v["y"]] * v["x"][np.arange(len(v["y"])), v["y"]]},
    ),
    Printed(
        "Goodfellow, Bengio, Courville: Deep Learning, cross-entropy of a one-hot target",
        r"L = -\sum_{i} y_i \log \hat{y}_i",
        drawn(r"onehot n_out: y | shares n_out: \hat{y}"),
        lambda v: {"L": -np.sum(v["y"] * np.log(v[r"\hat{y}"]))},
    ),
    Printed(
        "Wikipedia, Cross-entropy",
        r"H(p,q) = -\sum_{x} p(x) \log q(x)",
        drawn("shares n_out: p, q"),
        lambda v: {"H(p,q)": -np.sum(v["p"] * np.log(v["q"]))},
    ),
    Printed(
        "Wikipedia, Kullback-Leibler divergence",
        r"D_\text{KL}(P \parallel Q) = \sum_{x \in \mathcal{X}} P(x)"
        r" \log\frac{P(x)}{Q(x)}",
        drawn("shares n_out: P, Q"),
        lambda v: {r"D_\text{KL}(P \parallel Q)": np.sum(v["P"] * np.log(v["P"] / v["Q"]))},
    ),
    Printed(
        "PyTorch, torch.nn.KLDivLoss: at each place",
        r"L = y_{\text{true}} \cdot \log \frac{y_{\text{true}}}{y_{\text{pred}}}"
        r" = y_{\text{true}} \cdot (\log y_{\text{true}} - \log y_{\text{pred}})",
        drawn(r"shares batch n_out: y_{\text{true}}, y_{\text{pred}}"),
        lambda v: {
            "L": v[r"y_{\text{true}}"] * np.log(v[r"y_{\text{true}}"] / v[r"y_{\text{pred}}"])
        },
        roles={r"y_{\text{true}}": "gate"},
    ),
    Printed(
        "Kingma, Welling 2014, Auto-encoding variational Bayes, appendix B",
        r"\mathcal{L} = \frac{1}{2} \sum_{j=1}^{J} \left(1 + \log ((\sigma_j)^2)"
        r" - (\mu_j)^2 - (\sigma_j)^2\right)",
        drawn(r"positive n_h: \sigma | n_h: \mu", more=lambda v, s: {"J": s.n_h}),
        lambda v: {
            r"\mathcal{L}": np.sum(
                1 + 2 * np.log(v[r"\sigma"]) - v[r"\mu"] ** 2 - v[r"\sigma"] ** 2
            )
            / 2
        },
    ),
    Printed(
        "PyTorch, torch.nn.GaussianNLLLoss",
        r"\text{loss} = \frac{1}{2}\left(\log\left(\text{max}\left(\text{var},"
        r" \ \text{eps}\right)\right) + \frac{\left(\text{input} - \text{target}\right)^2}"
        r" {\text{max}\left(\text{var}, \ \text{eps}\right)}\right) + \text{const.}",
        drawn(
            r"batch n_out: \text{input}, \text{target} | unit batch n_out: \text{var}",
            {r"\text{eps}": 0.3, r"\text{const.}": 0.9},
        ),
        lambda v: {
            r"\text{loss}": (
                np.log(np.maximum(v[r"\text{var}"], 0.3))
                + (v[r"\text{input}"] - v[r"\text{target}"]) ** 2
                / np.maximum(v[r"\text{var}"], 0.3)
            )
            / 2
            + 0.9
        },
    ),
    Printed(
        "Lim et al. 2021, Temporal fusion transformers, (25): quantile loss",
        r"QL\left(y, \hat{y}, q\right) = q(y - \hat{y})_+ + (1-q)(\hat{y} - y)_+",
        drawn(r"batch: y, \hat{y}", {"q": 0.9}),
        lambda v: {
            r"QL(y, \hat{y}, q)": 0.9 * relu(v["y"] - v[r"\hat{y}"])
            + 0.1 * relu(v[r"\hat{y}"] - v["y"])
        },
    ),
    Printed(
        r"Wen et al. 2017, A multi-horizon quantile recurrent forecaster, with \max",
        r"L_q(y, \hat{y}) = q \max(0, y - \hat{y}) + (1 - q) \max(0, \hat{y} - y)",
        drawn(r"batch: y, \hat{y}", {"q": 0.9}),
        lambda v: {
            r"L_q(y, \hat{y})": 0.9 * relu(v["y"] - v[r"\hat{y}"])
            + 0.1 * relu(v[r"\hat{y}"] - v["y"])
        },
    ),
    Printed(
        "PyTorch, torch.nn.HuberLoss",
        r"""l_n = \begin{cases}
        0.5 (x_n - y_n)^2, & \text{if } |x_n - y_n| < delta \\
        delta * (|x_n - y_n| - 0.5 * delta), & \text{otherwise }
        \end{cases}""",
        drawn("batch: x, y", {"delta": 0.7}),
        _huber,
    ),
    Printed(
        "CS231n, Linear classification: hinge loss",
        r"L_i = \sum_{j \neq y_i} \max(0, s_j - s_{y_i} + \Delta)",
        drawn("n_out: s", {"y_i": 1, r"\Delta": 1.0}),
        _hinge,
    ),
    Printed(
        "PyTorch, torch.nn.SoftMarginLoss",
        r"\text{loss}(x, y) = \sum_i \frac{\log(1 + \exp(-y[i]*x[i]))}{\text{x.nelement}()}",
        drawn("n_out: x | sign n_out: y"),
        lambda v: {r"\text{loss}(x, y)": np.mean(softplus(-v["y"] * v["x"]))},
    ),
    Printed(
        "Lin et al. 2017, Focal loss, (4)",
        r"\text{FL}(p_\text{t}) = -(1 - p_\text{t})^\gamma \log(p_\text{t}).",
        drawn(r"unit batch: p_\text{t}", {r"\gamma": 2.0}),
        lambda v: {
            r"\text{FL}(p_\text{t})": -((1 - v[r"p_\text{t}"]) ** 2) * np.log(v[r"p_\text{t}"])
        },
        roles={r"p_\text{t}": "number"},
    ),
    Printed(
        "Wikipedia, Perplexity",
        r"PP = 2^{-\frac{1}{N} \sum_{i=1}^N \log_2 q(x_i)}",
        drawn("time: x", {"q": lambda x: 1 / (1 + x**2)}, more=lambda v, s: {"N": s.time}),
        lambda v: {"PP": np.prod(1 + v["x"] ** 2) ** (1 / len(v["x"]))},
    ),
    Printed(
        "Hugging Face, Perplexity of fixed-length models",
        r"\text{PPL}(X) = \exp \left\{ {-\frac{1}{t}\sum_i^t \log p_\theta (x_i|x_{<i}) } \right\}",
        drawn("time: x", {"t": 3}),
        refused="a probability under a condition is not an array",
    ),
    Printed(
        "Wikipedia, Discounted cumulative gain: of the first few, counted from 1",
        r"\mathrm{DCG_p} = \sum_{i=1}^{p} \frac{rel_i}{\log_2(i+1)}",
        drawn("positive time: rel", {"p": 3}),
        lambda v: {r"\mathrm{DCG_p}": np.sum(v["rel"][:3] / np.log2([2, 3, 4]))},
        roles={"rel": "sequence from 1"},
    ),
    Printed(
        "Papineni et al. 2002, BLEU",
        r"""BP = \begin{cases} 1 & \text{if } c > r \\ e^{(1-r/c)} & \text{if } c \leq r
        \end{cases}. \\
        BLEU = BP \cdot \exp\left(\sum_{n=1}^{N} w_n \log p_n\right).""",
        drawn(
            "shares 4: w | unit 4: p",
            {"c": 18, "r": 20, "N": 4},
        ),
        _bleu,
    ),
    Printed(
        "Lin 2004, ROUGE, (1)",
        r"ROUGE\text{-}N = \frac{\sum_{S \in \{ReferenceSummaries\}} \sum_{gram_n \in S}"
        r" Count_{match}(gram_n)}{\sum_{S \in \{ReferenceSummaries\}} \sum_{gram_n \in S}"
        r" Count(gram_n)}",
        refused="it counts words in texts",
    ),
    Printed(
        "Wikipedia, F-score",
        r"F_1 = 2 \cdot \frac{\mathrm{precision} \cdot \mathrm{recall}}"
        r"{\mathrm{precision} + \mathrm{recall}}",
        drawn("", {r"\mathrm{precision}": 0.8, r"\mathrm{recall}": 0.5}),
        lambda v: {"F_1": 2 * 0.8 * 0.5 / 1.3},
    ),
    Printed(
        "Wikipedia, Mean absolute percentage error",
        r"\mbox{MAPE} = 100\frac{1}{n} \sum_{t=1}^n \left| \frac{A_t-F_t}{A_t} \right|",
        drawn("positive time: A | time: F", more=lambda v, s: {"n": s.time}),
        lambda v: {r"\mbox{MAPE}": 100 * np.mean(np.abs((v["A"] - v["F"]) / v["A"]))},
    ),
    Printed(
        "Wikipedia, Mean absolute scaled error",
        r"\mathrm{MASE} = \frac{\frac{1}{J}\sum_{j}\left| e_j \right|}"
        r"{\frac{1}{T-1}\sum_{t=2}^T \left| Y_t-Y_{t-1} \right|}",
        drawn("n_out: e | time: Y", more=lambda v, s: {"J": s.n_out, "T": s.time}),
        _mase,
        roles={"Y": "sequence from 1"},
    ),
    Printed(
        "PyTorch, torch.nn.CosineSimilarity: of a batch",
        r"\text{similarity} = \dfrac{x_1 \cdot x_2}{\max(\Vert x_1 \Vert _2 \cdot"
        r" \Vert x_2 \Vert _2, \epsilon)}.",
        drawn("batch n_h: x_1, x_2", {r"\epsilon": 1e-8}),
        lambda v: {
            r"\text{similarity}": np.sum(v["x_1"] * v["x_2"], -1)
            / np.linalg.norm(v["x_1"], axis=-1)
            / np.linalg.norm(v["x_2"], axis=-1)
        },
        roles={"x_1": "vector", "x_2": "vector"},
    ),
    Printed(
        "Goodfellow et al. 2014, Generative adversarial nets, (1)",
        r"\min_G \max_D V(D, G) = \mathbb{E}_{x \sim p_{\text{data}}(x)}[\log D(x)]"
        r" + \mathbb{E}_{z \sim p_z(z)}[\log(1 - D(G(z)))].",
        refused="it is an expectation, and a game",
    ),
)

# Optimisers ----------------------------------------------------------------------------------


def _adam(v: Values) -> Values:
    g, m, s, t = v["g_t"], v["m_{t-1}"], v["v_{t-1}"], v["t"]
    m, s = 0.9 * m + 0.1 * g, 0.99 * s + 0.01 * g**2
    step = 0.001 * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.99**t)) + 1e-8)
    return {r"\theta_t": v[r"\theta_{t-1}"] - step}


ADAM = {r"\beta_1": 0.9, r"\beta_2": 0.99, r"\alpha": 0.001, r"\epsilon": 1e-8, "t": 3}


def _ada_belief(v: Values) -> Values:
    g, m, s = v["g_t"], v["m_{t-1}"], v["s_{t-1}"]
    m = 0.9 * m + 0.1 * g
    s = 0.99 * s + 0.01 * (g - m) ** 2 + 1e-16
    return {r"\hat{m}_t": m / (1 - 0.9**3), r"\hat{s}_t": s / (1 - 0.99**3)}


OPTIMISERS = (
    Printed(
        "PyTorch, torch.optim.SGD: momentum",
        r"""\begin{aligned}
            v_{t+1} & = \mu * v_{t} + g_{t+1}, \\
            p_{t+1} & = p_{t} - \text{lr} * v_{t+1},
        \end{aligned}""",
        drawn("n_h n_in: v_{t}, g_{t+1}, p_{t}", {r"\mu": 0.9, r"\text{lr}": 0.1}),
        lambda v: {
            "v_{t+1}": 0.9 * v["v_{t}"] + v["g_{t+1}"],
            "p_{t+1}": v["p_{t}"] - 0.1 * (0.9 * v["v_{t}"] + v["g_{t+1}"]),
        },
    ),
    Printed(
        "Goodfellow, Bengio, Courville: Deep Learning, algorithm 8.2: momentum",
        r"\boldsymbol{v} \leftarrow \alpha \boldsymbol{v} - \epsilon \boldsymbol{g}, \quad"
        r" \boldsymbol{\theta} \leftarrow \boldsymbol{\theta} + \boldsymbol{v}.",
        drawn(
            r"n_h n_in: \boldsymbol{v}, \boldsymbol{g}, \boldsymbol{\theta}",
            {r"\alpha": 0.9, r"\epsilon": 0.1},
        ),
        lambda v: {
            r"\boldsymbol{\theta}": v[r"\boldsymbol{\theta}"]
            + 0.9 * v[r"\boldsymbol{v}"]
            - 0.1 * v[r"\boldsymbol{g}"]
        },
    ),
    Printed(
        "Ruder 2016, An overview of gradient descent: Nesterov",
        r"v_t = \gamma v_{t-1} + \eta \nabla_\theta J(\theta - \gamma v_{t-1}) \\"
        r" \theta = \theta - v_t",
        drawn(
            r"n_h: v_{t-1}, \theta",
            {r"\gamma": 0.9, r"\eta": 0.1, r"\nabla_\theta J": np.sin},
        ),
        lambda v: {
            r"\theta": v[r"\theta"]
            - 0.9 * v["v_{t-1}"]
            - 0.1 * np.sin(v[r"\theta"] - 0.9 * v["v_{t-1}"])
        },
    ),
    Printed(
        "Kingma, Ba 2015, Adam, algorithm 1",
        r"""\begin{aligned}
        m_t &\leftarrow \beta_1 \cdot m_{t-1} + (1 - \beta_1) \cdot g_t \\
        v_t &\leftarrow \beta_2 \cdot v_{t-1} + (1 - \beta_2) \cdot g_t^2 \\
        \widehat{m}_t &\leftarrow m_t / (1 - \beta_1^t) \\
        \widehat{v}_t &\leftarrow v_t / (1 - \beta_2^t) \\
        \theta_t &\leftarrow \theta_{t-1} - \alpha \cdot \widehat{m}_t
            / (\sqrt{\widehat{v}_t} + \epsilon)
        \end{aligned}""",
        drawn(r"n_h n_in: g_t, m_{t-1}, \theta_{t-1} | positive n_h n_in: v_{t-1}", ADAM),
        _adam,
    ),
    Printed(
        "PyTorch, torch.optim.Adam: its last lines",
        r"""\begin{aligned}
            &\hspace{5mm}m_t           \leftarrow   \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
            &\hspace{5mm}v_t           \leftarrow   \beta_2 v_{t-1} + (1-\beta_2) g^2_t \\
            &\hspace{5mm}\widehat{m_t} \leftarrow   m_t/\big(1-\beta_1^t \big) \\
            &\hspace{10mm}\widehat{v_t} \leftarrow   v_t/\big(1-\beta_2^t \big) \\
            &\hspace{5mm}\theta_t \leftarrow \theta_{t-1} - \gamma \widehat{m_t}/
                \big(\sqrt{\widehat{v_t}} + \epsilon \big)
        \end{aligned}""",
        drawn(
            r"n_h n_in: g_t, m_{t-1}, \theta_{t-1} | positive n_h n_in: v_{t-1}",
            ADAM | {r"\gamma": 0.001},
        ),
        _adam,
    ),
    Printed(
        "Optax, adabelief: braces around brackets",
        r"""\begin{align*}
        m_t &\leftarrow \beta_1 \cdot m_{t-1} + (1-\beta_1) \cdot g_t \\
        s_t &\leftarrow \beta_2 \cdot s_{t-1} + (1-\beta_2) \cdot (g_t - m_t)^2
        + \bar{\varepsilon} \\
        \hat{m}_t &\leftarrow m_t / {(1-\beta_1^t)} \\
        \hat{s}_t &\leftarrow s_t / {(1-\beta_2^t)}
        \end{align*}""",
        drawn(
            "n_h n_in: g_t, m_{t-1} | positive n_h n_in: s_{t-1}",
            {r"\beta_1": 0.9, r"\beta_2": 0.99, r"\bar{\varepsilon}": 1e-16, "t": 3},
        ),
        _ada_belief,
    ),
    Printed(
        "Goodfellow, Bengio, Courville: Deep Learning, algorithm 8.5: RMSProp",
        r"\boldsymbol{r} \leftarrow \rho \boldsymbol{r} + (1 - \rho) \boldsymbol{g} \odot"
        r" \boldsymbol{g} \\ \Delta \boldsymbol{\theta} = -\frac{\epsilon}"
        r"{\sqrt{\delta + \boldsymbol{r}}} \odot \boldsymbol{g}",
        drawn(
            r"positive n_h n_in: \boldsymbol{r} | n_h n_in: \boldsymbol{g}",
            {r"\rho": 0.9, r"\epsilon": 0.01, r"\delta": 1e-6},
        ),
        lambda v: {
            r"\Delta \boldsymbol{\theta}": -0.01
            / np.sqrt(1e-6 + 0.9 * v[r"\boldsymbol{r}"] + 0.1 * v[r"\boldsymbol{g}"] ** 2)
            * v[r"\boldsymbol{g}"]
        },
    ),
    Printed(
        r"Dive into Deep Learning, Adagrad: \cdot between the entries",
        r"""\begin{aligned}
        \mathbf{s}_t & = \mathbf{s}_{t-1} + \mathbf{g}_t^2, \\
        \mathbf{w}_t & = \mathbf{w}_{t-1} - \frac{\eta}{\sqrt{\mathbf{s}_t + \epsilon}}
            \cdot \mathbf{g}_t.
        \end{aligned}""",
        drawn(
            r"n_h: \mathbf{g}_t, \mathbf{w}_{t-1} | positive n_h: \mathbf{s}_{t-1}",
            {r"\eta": 0.1, r"\epsilon": 1e-6},
        ),
        lambda v: {
            r"\mathbf{w}_t": v[r"\mathbf{w}_{t-1}"]
            - 0.1
            / np.sqrt(v[r"\mathbf{s}_{t-1}"] + v[r"\mathbf{g}_t"] ** 2 + 1e-6)
            * v[r"\mathbf{g}_t"]
        },
        roles={r"\mathbf{g}_t": "gate"},
    ),
    Printed(
        "Optax, adadelta: brackets in a name",
        r"""\begin{align*}
        &E[g^2]_t = \rho \cdot E[g^2]_{t-1} + (1-\rho) \cdot g_t^2 \\
        &\Delta w_t = -\frac{\sqrt{E[\Delta w^2]_{t-1} + \epsilon}}{\sqrt{E[g^2]_t + \epsilon}}
            \cdot g_t
        \end{align*}""",
        drawn(
            r"positive n_h: E[g^2]_{t-1}, E[\Delta w^2]_{t-1} | n_h: g_t",
            {r"\rho": 0.9, r"\epsilon": 1e-6},
        ),
        lambda v: {
            r"\Delta w_t": -np.sqrt(
                (v[r"E[\Delta w^2]_{t-1}"] + 1e-6)
                / (0.9 * v["E[g^2]_{t-1}"] + 0.1 * v["g_t"] ** 2 + 1e-6)
            )
            * v["g_t"]
        },
    ),
    Printed(
        "Loshchilov, Hutter 2017, SGDR, (5)",
        r"\eta_t = \eta_{min}^i + \frac{1}{2}(\eta_{max}^i - \eta_{min}^i)"
        r"\left(1 + \cos\left(\frac{T_{cur}}{T_i} \pi\right)\right)",
        drawn("", {r"\eta_{min}^i": 0.01, r"\eta_{max}^i": 0.5, "T_{cur}": 3, "T_i": 10}),
        lambda v: {r"\eta_t": 0.01 + 0.5 * 0.49 * (1 + np.cos(0.3 * np.pi))},
    ),
    Printed(
        "Vaswani et al. 2017, Attention is all you need, (3)",
        r"lrate = d_{\text{model}}^{-0.5} \cdot \min(step\_num^{-0.5},"
        r" step\_num \cdot warmup\_steps^{-1.5})",
        drawn("", {r"d_{\text{model}}": 512, r"step\_num": 100, r"warmup\_steps": 4000}),
        lambda v: {"lrate": 512**-0.5 * min(100**-0.5, 100 * 4000**-1.5)},
    ),
)

# Gradients -----------------------------------------------------------------------------------

GRADIENTS = (
    Printed(
        "Nielsen, Neural networks and deep learning, (23): of each neuron",
        r"a^l_j = \sigma\left( \sum_k w^l_{jk} a^{l-1}_k + b^l_j \right),",
        drawn("n_h n_in: w^l | n_in: a^{l-1} | n_h: b^l"),
        lambda v: {"a^l_j": sigmoid(v["w^l"] @ v["a^{l-1}"] + v["b^l"])},
    ),
    Printed(
        "Nielsen, Neural networks and deep learning, (27): cost of one example",
        r"C = \frac{1}{2} \|y-a^L\|^2 = \frac{1}{2} \sum_j (y_j-a^L_j)^2,",
        drawn("n_out: y, a^L"),
        lambda v: {"C": np.sum((v["y"] - v["a^L"]) ** 2) / 2},
    ),
    Printed(
        "Nielsen, Neural networks and deep learning, (BP2)",
        r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l),",
        drawn(
            r"n_out n_h: w^{l+1} | batch n_out: \delta^{l+1} | batch n_h: z^l",
            {r"\sigma'": lambda z: sigmoid(z) * (1 - sigmoid(z))},
        ),
        lambda v: {
            r"\delta^l": v[r"\delta^{l+1}"]
            @ v["w^{l+1}"]
            * sigmoid(v["z^l"])
            * (1 - sigmoid(v["z^l"]))
        },
        {"w^{l+1}": "matrix"},
    ),
    Printed(
        "Nielsen, Neural networks and deep learning, (BP4)",
        r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j.",
        drawn(r"n_in: a^{l-1} | n_h: \delta^l"),
        lambda v: {r"\frac{\partial C}{\partial w^l_{jk}}": np.outer(v[r"\delta^l"], v["a^{l-1}"])},
    ),
    Printed(
        "Nielsen, Neural networks and deep learning, chapter 1: a dot product",
        r"z \equiv w \cdot x+b",
        drawn("n_in: w, x | number: b"),
        lambda v: {"z": v["w"] @ v["x"] + v["b"]},
        roles={"w": "vector", "x": "vector"},
    ),
    Printed(
        "Nielsen, Neural networks and deep learning, chapter 1: a dot product, of a batch",
        r"z \equiv w \cdot x + b",
        drawn("n_in: w | batch n_in: x | number: b"),
        lambda v: {"z": v["x"] @ v["w"] + v["b"]},
        roles={"w": "vector", "x": "vector"},
    ),
    Printed(
        "Ng, Deep Learning: samples in columns",
        r"dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1] T}",
        drawn("n_h batch: dZ^{[l]} | n_in batch: A^{[l-1]}", more=lambda v, s: {"m": s.batch}),
        lambda v: {"dW^{[l]}": v["dZ^{[l]}"] @ v["A^{[l-1]}"].T / v["m"]},
        {"dZ^{[l]}": "columns", "A^{[l-1]}": "columns"},
    ),
    Printed(
        "Ng, Deep Learning: forward, samples in columns",
        r"Z^{[1]} = W^{[1]} X + b^{[1]} \\ A^{[1]} = g^{[1]}(Z^{[1]})",
        drawn("n_in batch: X | n_h n_in: W^{[1]} | n_h 1: b^{[1]}", {"g^{[1]}": np.tanh}),
        lambda v: {"A^{[1]}": np.tanh(v["W^{[1]}"] @ v["X"] + v["b^{[1]}"])},
        {"X": "columns"},
    ),
    Printed(
        "Many notes: gradient of a weight, one sample",
        r"\frac{\partial L}{\partial W} = \delta x^\top",
        drawn(r"n_h: \delta | n_in: x"),
        lambda v: {r"\frac{\partial L}{\partial W}": np.outer(v[r"\delta"], v["x"])},
    ),
    Printed(
        "CS231n, Vanishing gradients: through tanh",
        r"\frac{\partial L}{\partial h_{t-1}} = W_{hh}^T \left( (1 - h_t^2) \odot"
        r" \frac{\partial L}{\partial h_t} \right)",
        drawn(r"batch n_h: h_t, \frac{\partial L}{\partial h_t} | n_h n_h: W_{hh}"),
        lambda v: {
            r"\frac{\partial L}{\partial h_{t-1}}": (
                (1 - v["h_t"] ** 2) * v[r"\frac{\partial L}{\partial h_t}"]
            )
            @ v["W_{hh}"]
        },
    ),
    Printed(
        "Goodfellow, Bengio, Courville: Deep Learning, (10.18): of the outputs",
        r"(\nabla_{\boldsymbol{o}^{(t)}} L)_i = \hat{y}_i^{(t)} - \mathbf{1}_{i = y^{(t)}}",
        drawn(r"shares n_out: \hat{y}^{(t)}", {"y^{(t)}": 1}),
        lambda v: {
            r"(\nabla_{\boldsymbol{o}^{(t)}} L)_i": v[r"\hat{y}^{(t)}"]
            - (np.arange(len(v[r"\hat{y}^{(t)}"])) == 1)
        },
    ),
    Printed(
        "Many notes: a step of gradient descent",
        r"\theta := \theta - \alpha \nabla_\theta J(\theta)",
        drawn(r"n_h: \theta", {r"\alpha": 0.1, r"\nabla_\theta J": np.sin}),
        lambda v: {r"\theta": v[r"\theta"] - 0.1 * np.sin(v[r"\theta"])},
    ),
)

# Statistics and linear algebra ---------------------------------------------------------------


def _gcn(v: Values) -> Values:
    A, D, H, W = pick(v, r"\tilde{A}, \tilde{D}, H^{(l)}, W^{(l)}")
    root = np.diag(1 / np.sqrt(np.diag(D)))
    return {"H^{(l+1)}": relu(root @ A @ root @ H @ W)}


def _degrees(v: Values, s: Sizes) -> Values:
    upper = np.triu(v["noise"] > 0, 1)
    A = (upper + upper.T).astype(float) + np.eye(s.n_h)
    return {r"\tilde{A}": A, r"\tilde{D}": np.diag(A.sum(1))}


def _density(v: Values) -> Values:
    x, mu, sigma = pick(v, r"\mathbf{x}, \boldsymbol{\mu}, \boldsymbol{\Sigma}")
    away, k = x - mu, len(mu)
    square = away @ np.linalg.inv(sigma) @ away
    volume = np.sqrt((2 * np.pi) ** k * np.linalg.det(sigma))
    return {r"p(\mathbf{x})": np.exp(-square / 2) / volume}


def _windows(v: Values) -> Values:
    windows = np.lib.stride_tricks.sliding_window_view(v["I"], v["K"].shape)
    return {"S(i, j)": np.einsum("ijmn,mn->ij", windows, v["K"])}


STATISTICS = (
    Printed(
        "Hastie et al., The elements of statistical learning, (3.44): ridge",
        r"\hat{\beta}^{\text{ridge}} = (\mathbf{X}^T \mathbf{X} + \lambda \mathbf{I})^{-1}"
        r" \mathbf{X}^T \mathbf{y},",
        drawn(
            r"time n_in: \mathbf{X} | time: \mathbf{y}",
            {r"\lambda": 0.5},
            lambda v, s: {r"\mathbf{I}": np.eye(s.n_in)},
        ),
        lambda v: {
            r"\hat{\beta}^{\text{ridge}}": np.linalg.solve(
                v[r"\mathbf{X}"].T @ v[r"\mathbf{X}"] + 0.5 * v[r"\mathbf{I}"],
                v[r"\mathbf{X}"].T @ v[r"\mathbf{y}"],
            )
        },
        {r"\mathbf{X}": "matrix"},
    ),
    Printed(
        "Ng, CS229: logistic regression, of a batch",
        r"h_\theta(x) = g(\theta^T x) = \frac{1}{1 + e^{-\theta^T x}},",
        drawn(r"n_in: \theta | batch n_in: x", {"g": sigmoid}),
        lambda v: {r"h_\theta(x)": sigmoid(v["x"] @ v[r"\theta"])},
    ),
    Printed(
        "Wikipedia, Linear regression: named numbers",
        r"\hat{y} = \beta_0 + \beta_1 x_1 + \beta_2 x_2",
        drawn(r"number: \beta_0, \beta_1, \beta_2, x_1, x_2"),
        lambda v: {r"\hat{y}": v[r"\beta_0"] + v[r"\beta_1"] * v["x_1"] + v[r"\beta_2"] * v["x_2"]},
    ),
    Printed(
        "Wikipedia, Linear regression: dots",
        r"y_i = \beta_0 + \beta_1 x_{i1} + \cdots + \beta_p x_{ip} + \varepsilon_i",
        drawn(r"n_in: \beta | batch n_in: x | batch: \varepsilon", {"p": 2}),
        refused="nothing says what stands for the dots",
    ),
    Printed(
        "Wikipedia, Sample mean and covariance",
        r"q_{jk} = \frac{1}{N-1} \sum_{i=1}^{N} \left(x_{ij}-\bar{x}_j\right)"
        r" \left(x_{ik}-\bar{x}_k\right)",
        drawn(
            "time n_in: x",
            more=lambda v, s: {r"\bar{x}": v["x"].mean(0), "N": s.time},
        ),
        lambda v: {"q_{jk}": np.cov(v["x"].T)},
    ),
    Printed(
        "Wikipedia, Principal component analysis: samples in rows",
        r"\mathbf{T} = \mathbf{X} \mathbf{W}",
        drawn(r"time n_in: \mathbf{X} | n_in n_out: \mathbf{W}"),
        lambda v: {r"\mathbf{T}": v[r"\mathbf{X}"] @ v[r"\mathbf{W}"]},
        equal_roles={r"\mathbf{X}": "rows"},
    ),
    Printed(
        "Many notes: explained variance, counted from 1",
        r"r_k = \frac{\sum_{i=1}^k \lambda_i}{\sum_{i=1}^d \lambda_i}",
        drawn(r"positive n_h: \lambda", {"k": 2}, lambda v, s: {"d": s.n_h}),
        lambda v: {"r_k": v[r"\lambda"][:2].sum() / v[r"\lambda"].sum()},
        roles={r"\lambda": "sequence from 1"},
    ),
    Printed(
        "Many notes: the first terms only, counted from 1",
        r"S_k = \sum_{i=1}^k a_i b_i",
        drawn("n_h: a, b", {"k": 3}),
        lambda v: {"S_k": v["a"][:3] @ v["b"][:3]},
        roles={"a": "sequence from 1", "b": "sequence from 1"},
    ),
    Printed(
        "Many notes: the first terms only, counted from 0",
        r"S_k = \sum_{i=0}^{k-1} a_i b_i",
        drawn("n_h: a, b", {"k": 3}),
        lambda v: {"S_k": v["a"][:3] @ v["b"][:3]},
    ),
    Printed(
        "Wikipedia, Mahalanobis distance",
        r"d_M(\vec{x}, Q) = \sqrt{(\vec{x} - \vec{\mu})^\mathsf{T} S^{-1} (\vec{x} - \vec{\mu})}.",
        drawn(r"n_in: \vec{x}, \vec{\mu} | covariance n_in n_in: S", {"Q": 0.0}),
        lambda v: {
            r"d_M(\vec{x}, Q)": np.sqrt(
                (v[r"\vec{x}"] - v[r"\vec{\mu}"])
                @ np.linalg.inv(v["S"])
                @ (v[r"\vec{x}"] - v[r"\vec{\mu}"])
            )
        },
        roles={"S": "matrix"},
    ),
    Printed(
        "Wikipedia, Multivariate normal distribution: |Σ| is a determinant",
        r"p(\mathbf{x}) = \frac{\exp\left(-\frac 1 2 (\mathbf{x} - \boldsymbol{\mu})^\mathrm{T}"
        r" \boldsymbol{\Sigma}^{-1} (\mathbf{x} - \boldsymbol{\mu})\right)}"
        r"{\sqrt{(2\pi)^k |\boldsymbol{\Sigma}|}}",
        drawn(
            r"n_in: \mathbf{x}, \boldsymbol{\mu} | covariance n_in n_in: \boldsymbol{\Sigma}",
            more=lambda v, s: {"k": s.n_in},
        ),
        _density,
        {r"\boldsymbol{\Sigma}": "matrix"},
    ),
    Printed(
        "Kipf, Welling 2017, Graph convolutional networks, (2)",
        r"H^{(l+1)} = \sigma\left(\tilde{D}^{-\frac{1}{2}} \tilde{A} \tilde{D}^{-\frac{1}{2}}"
        r" H^{(l)} W^{(l)}\right).",
        drawn(
            "n_h n_h: noise | n_h n_in: H^{(l)} | n_in n_out: W^{(l)}", {r"\sigma": relu}, _degrees
        ),
        _gcn,
        {name: "matrix" for name in (r"\tilde{A}", r"\tilde{D}", "H^{(l)}", "W^{(l)}")},
    ),
    Printed(
        "Goodfellow, Bengio, Courville: Deep Learning, (9.6): cross-correlation",
        r"S(i, j) = (K * I)(i, j) = \sum_m \sum_n I(i + m, j + n) K(m, n).",
        drawn("n_h time: I | 3 2: K"),
        _windows,
    ),
    Printed(
        "Wikipedia, Convolution: discrete",
        r"(f * g)[n] = \sum_{m=-\infty}^{\infty} f[m] g[n - m],",
        drawn("time: f, g"),
        refused="it sums without end",
    ),
    Printed(
        "Goodfellow, Bengio, Courville: Deep Learning, norm",
        r"\|\boldsymbol{x}\|_p = \left(\sum_i |x_i|^p\right)^{\frac{1}{p}}.",
        drawn("n_h: x", {"p": 3}),
        lambda v: {r"\|\boldsymbol{x}\|_p": np.sum(np.abs(v["x"]) ** 3) ** (1 / 3)},
    ),
    Printed(
        "Many notes: lasso",
        r"J(w) = \frac{1}{2n} \|y - Xw\|_2^2 + \lambda \|w\|_1",
        drawn("time n_in: X | time: y | n_in: w", {r"\lambda": 0.3}, lambda v, s: {"n": s.time}),
        lambda v: {
            "J(w)": np.sum((v["y"] - v["X"] @ v["w"]) ** 2) / (2 * v["n"])
            + 0.3 * np.abs(v["w"]).sum()
        },
        equal_roles={"X": "matrix"},
    ),
    Printed(
        "Many notes: matrix factorisation, Frobenius norm",
        r"L = \|X - ZW\|_F^2",
        drawn("time n_in: X | time n_h: Z | n_h n_in: W"),
        lambda v: {"L": np.sum((v["X"] - v["Z"] @ v["W"]) ** 2)},
        equal_roles={"X": "matrix", "Z": "matrix", "W": "matrix"},
    ),
    Printed(
        "Wikipedia, LogSumExp",
        r"x^* = \max_i x_i, \quad \mathrm{LSE} = x^* + \log \sum_{i=1}^n \exp(x_i - x^*)",
        drawn("n_out: x", more=lambda v, s: {"n": s.n_out}),
        lambda v: {r"\mathrm{LSE}": np.log(np.sum(np.exp(v["x"])))},
    ),
    Printed(
        "Wikipedia, LogSumExp: dots",
        r"\mathrm{LSE}(x_1, \dots, x_n) = \log\left( \exp(x_1) + \cdots + \exp(x_n) \right)",
        drawn("n_out: x", more=lambda v, s: {"n": s.n_out}),
        refused="nothing says what stands for the dots",
    ),
    Printed(
        "PyTorch, torch.nn.Linear",
        r"y = xA^T + b",
        drawn("batch n_in: x | n_h n_in: A | n_h: b"),
        lambda v: {"y": v["x"] @ v["A"].T + v["b"]},
    ),
    Printed(
        "PyTorch, torch.nn.Bilinear: A has three axes",
        r"y = x_1^T A x_2 + b",
        drawn("batch n_in: x_1 | batch n_h: x_2 | n_out n_in n_h: A | n_out: b"),
        lambda v: {"y": np.einsum("bi,oij,bj->bo", v["x_1"], v["A"], v["x_2"]) + v["b"]},
    ),
    Printed(
        "scikit-learn, Neural network models",
        r"f(x) = W_2 g(W_1^T x + b_1) + b_2",
        drawn(
            "batch n_in: x | n_in n_h: W_1 | n_out n_h: W_2 | n_h: b_1 | n_out: b_2",
            {"g": np.tanh},
        ),
        lambda v: {
            "f(x)": np.tanh(v["x"] @ v["W_1"] + v["b_1"]) @ v["W_2"].T + v["b_2"],
        },
    ),
    Printed(
        "Keras, Dense: words",
        r"\text{output} = \text{activation}(\text{dot}(\text{input}, \text{kernel})"
        r" + \text{bias})",
        drawn(
            r"batch n_in: \text{input} | n_in n_h: \text{kernel} | n_h: \text{bias}",
            {r"\text{activation}": np.tanh, r"\text{dot}": np.matmul},
        ),
        lambda v: {r"\text{output}": np.tanh(rows(v, r"\text{input} \text{kernel} + \text{bias}"))},
        {r"\text{kernel}": "matrix"},
    ),
)

# Forecasts -----------------------------------------------------------------------------------


def _holt_winters(v: Values) -> Values:
    level, trend, season, y = pick(v, r"\ell_{t-1}, b_{t-1}, s_{t-m}, y_t")
    new = 0.3 * (y - season) + 0.7 * (level + trend)
    return {
        r"\ell_t": new,
        "b_t": 0.2 * (new - level) + 0.8 * trend,
        "s_t": 0.1 * (y - level - trend) + 0.9 * season,
    }


def _autocorrelation(v: Values) -> Values:
    away = v["y"] - v[r"\bar{y}"]
    return {"r_k": away[2:] @ away[:-2] / (away @ away)}


def _prophet(v: Values) -> Values:
    n = np.arange(1, len(v["a"]) + 1)
    angles = 2 * np.pi * n * v["t"] / v["P"]
    return {"s(t)": v["a"] @ np.cos(angles) + v["b"] @ np.sin(angles)}


def _arima(v: Values) -> Values:
    y, phi, theta, noise, t = pick(v, r"y, \phi, \theta, \varepsilon, t")
    past = sum(phi[i - 1] * y[t - i] for i in range(1, len(phi) + 1))
    shocks = sum(theta[i - 1] * noise[t - i] for i in range(1, len(theta) + 1))
    return {"y_t": v["c"] + past + shocks + noise[t]}


FORECASTS = (
    Printed(
        "Wikipedia, Autoregressive model: places of the sequence from 0, coefficients from 1",
        r"X_t = \sum_{i=1}^p \varphi_i X_{t-i} + \varepsilon_t",
        drawn(r"time: X | 2: \varphi | number: \varepsilon_t", {"t": 3, "p": 2}),
        lambda v: {
            "X_t": v[r"\varphi"][0] * v["X"][2] + v[r"\varphi"][1] * v["X"][1] + v[r"\varepsilon_t"]
        },
        {"X": "sequence", r"\varphi": "sequence from 1"},
    ),
    Printed(
        "Wikipedia, Autoregressive moving-average model",
        r"y_t = c + \varepsilon_t + \sum_{i=1}^p \phi_i y_{t-i}"
        r" + \sum_{i=1}^q \theta_i \varepsilon_{t-i}",
        drawn(r"time: y, \varepsilon | 2: \phi | 1: \theta | number: c", {"t": 3, "p": 2, "q": 1}),
        _arima,
        {
            "y": "sequence",
            r"\varepsilon": "sequence",
            r"\phi": "sequence from 1",
            r"\theta": "sequence from 1",
        },
    ),
    Printed(
        "Hyndman, Athanasopoulos, Forecasting: autocorrelation, counted from 1",
        r"r_k = \frac{\sum_{t=k+1}^{T} (y_t - \bar{y})(y_{t-k} - \bar{y})}"
        r"{\sum_{t=1}^{T} (y_t - \bar{y})^2}",
        drawn(
            "time: y",
            {"k": 2},
            lambda v, s: {"T": s.time, r"\bar{y}": float(v["y"].mean())},
        ),
        _autocorrelation,
        roles={"y": "sequence from 1"},
    ),
    Printed(
        "Wikipedia, Exponential smoothing",
        r"s_t = \alpha x_t + (1-\alpha)s_{t-1}, \quad t > 0",
        drawn("batch: x_t, s_{t-1}", {r"\alpha": 0.3}),
        lambda v: {"s_t": 0.3 * v["x_t"] + 0.7 * v["s_{t-1}"]},
    ),
    Printed(
        "Hyndman, Athanasopoulos, Forecasting: weighted average form",
        r"\hat{y}_{T+1|T} = \sum_{j=0}^{T-1} \alpha(1-\alpha)^j y_{T-j} + (1-\alpha)^T \ell_0.",
        drawn(r"time: y | number: \ell_0", {r"\alpha": 0.3}, lambda v, s: {"T": s.time}),
        lambda v: {
            r"\hat{y}_{T+1|T}": 0.3 * 0.7 ** np.arange(len(v["y"])) @ v["y"][::-1]
            + 0.7 ** len(v["y"]) * v[r"\ell_0"]
        },
        roles={"y": "sequence from 1"},
    ),
    Printed(
        "Hyndman, Athanasopoulos, Forecasting: Holt-Winters",
        r"""\begin{align*}
        \ell_{t} &= \alpha(y_{t} - s_{t-m}) + (1 - \alpha)(\ell_{t-1} + b_{t-1})\\
        b_{t} &= \beta^*(\ell_{t} - \ell_{t-1}) + (1 - \beta^*)b_{t-1}\\
        s_{t} &= \gamma (y_{t}-\ell_{t-1}-b_{t-1}) + (1-\gamma)s_{t-m},
        \end{align*}""",
        drawn(
            r"number: y_t, s_{t-m}, \ell_{t-1}, b_{t-1}",
            {r"\alpha": 0.3, r"\beta^*": 0.2, r"\gamma": 0.1},
        ),
        _holt_winters,
    ),
    Printed(
        "Wikipedia, GARCH",
        r"\sigma_t^2 = \omega + \alpha \epsilon_{t-1}^2 + \beta \sigma_{t-1}^2",
        drawn(
            r"batch: \epsilon_{t-1} | positive batch: \sigma_{t-1}",
            {r"\omega": 0.1, r"\alpha": 0.2, r"\beta": 0.7},
        ),
        lambda v: {
            r"\sigma_t^2": 0.1 + 0.2 * v[r"\epsilon_{t-1}"] ** 2 + 0.7 * v[r"\sigma_{t-1}"] ** 2
        },
    ),
    Printed(
        "Salinas et al. 2020, DeepAR: likelihood",
        r"\ell_G(z|\mu,\sigma) = (2\pi\sigma^2)^{-\frac{1}{2}} \exp(-(z - \mu)^2/(2\sigma^2))",
        drawn(r"batch: z, \mu | positive batch: \sigma"),
        lambda v: {
            r"\ell_G(z|\mu,\sigma)": np.exp(-((v["z"] - v[r"\mu"]) ** 2) / (2 * v[r"\sigma"] ** 2))
            / np.sqrt(2 * np.pi * v[r"\sigma"] ** 2)
        },
        roles={"z": "number", r"\mu": "number", r"\sigma": "number"},
    ),
    Printed(
        "Salinas et al. 2020, DeepAR: its parameters, one of which is called sigma",
        r"\mu(\mathbf{h}_{i,t}) = \mathbf{w}_\mu^T \mathbf{h}_{i,t} + b_\mu \quad \text{and} \quad"
        r" \sigma(\mathbf{h}_{i,t}) = \log(1 + \exp(\mathbf{w}_\sigma^T \mathbf{h}_{i,t}"
        r" + b_\sigma))",
        drawn(
            r"batch n_h: \mathbf{h}_{i,t} | n_h: \mathbf{w}_\mu, \mathbf{w}_\sigma | "
            r"number: b_\mu, b_\sigma"
        ),
        lambda v: {
            r"\mu(\mathbf{h}_{i,t})": v[r"\mathbf{h}_{i,t}"] @ v[r"\mathbf{w}_\mu"] + v[r"b_\mu"],
            r"\sigma(\mathbf{h}_{i,t})": softplus(
                v[r"\mathbf{h}_{i,t}"] @ v[r"\mathbf{w}_\sigma"] + v[r"b_\sigma"]
            ),
        },
    ),
    Printed(
        "Taylor, Letham 2018, Prophet, (5): counts from 1",
        r"s(t) = \sum_{n=1}^N \left(a_n \cos\left(\frac{2\pi nt}{P}\right)"
        r" + b_n \sin\left(\frac{2\pi nt}{P}\right)\right)",
        drawn("n_h: a, b", {"t": 1.7, "P": 7.0}, lambda v, s: {"N": s.n_h}),
        _prophet,
        roles={"a": "sequence from 1", "b": "sequence from 1"},
    ),
    Printed(
        "Tancik et al. 2020, Fourier features, (5)",
        r"\gamma(\mathbf{v}) = \left[ \cos(2\pi \mathbf{B}\mathbf{v}),"
        r" \sin(2\pi \mathbf{B}\mathbf{v}) \right]^T",
        drawn(r"n_in: \mathbf{v} | n_h n_in: \mathbf{B}"),
        lambda v: {
            r"\gamma(\mathbf{v})": np.concatenate(
                [
                    np.cos(2 * np.pi * v[r"\mathbf{B}"] @ v[r"\mathbf{v}"]),
                    np.sin(2 * np.pi * v[r"\mathbf{B}"] @ v[r"\mathbf{v}"]),
                ]
            )
        },
    ),
    Printed(
        "Wikipedia, Discrete Fourier transform",
        r"X_k = \sum_{n=0}^{N-1} x_n \cdot e^{-i 2 \pi \frac{k}{N} n}",
        drawn("time: x", {"i": 1j}, lambda v, s: {"N": s.time}),
        lambda v: {"X_k": np.fft.fft(v["x"])},
    ),
    Printed(
        "Sutton, Barto, Reinforcement learning, (3.11): counts from 1",
        r"G_t \doteq \sum_{k=0}^{T-t-1} \gamma^k R_{t+k+1}",
        drawn("time: R", {r"\gamma": 0.9, "t": 2}, lambda v, s: {"T": s.time}),
        lambda v: {"G_t": 0.9 ** np.arange(len(v["R"]) - 2) @ v["R"][2:]},
        roles={"R": "sequence from 1"},
    ),
    Printed(
        "Sutton, Barto, Reinforcement learning, (6.8): Q-learning",
        r"Q(s, a) \leftarrow Q(s, a) + \alpha \left[ r + \gamma \max_{a'} Q(s', a')"
        r" - Q(s, a) \right]",
        drawn("n_h n_out: Q", {"s": 1, "a": 2, "s'": 3, "r": 0.5, r"\alpha": 0.1, r"\gamma": 0.9}),
        lambda v: {
            "Q(s, a)": 0.9 * v["Q"][1, 2] + 0.1 * (0.5 + 0.9 * v["Q"][3].max()),
        },
    ),
)

# Generative models --------------------------------------------------------------------------------

GENERATIVE = (
    Printed(
        "Ho et al. 2020, Denoising diffusion, (4): counts from 1",
        r"\bar{\alpha}_t = \prod_{s=1}^t \alpha_s",
        drawn(r"unit time: \alpha", {"t": 3}),
        lambda v: {r"\bar{\alpha}_t": np.prod(v[r"\alpha"][:3])},
        roles={r"\alpha": "sequence from 1"},
    ),
    Printed(
        "Ho et al. 2020, Denoising diffusion, (4): in one step",
        r"\mathbf{x}_t = \sqrt{\bar\alpha_t} \mathbf{x}_0 + \sqrt{1-\bar\alpha_t}"
        r" \boldsymbol{\epsilon}",
        drawn(r"batch n_in: \mathbf{x}_0, \boldsymbol{\epsilon}", {r"\bar\alpha_t": 0.6}),
        lambda v: {
            r"\mathbf{x}_t": np.sqrt(0.6) * v[r"\mathbf{x}_0"]
            + np.sqrt(0.4) * v[r"\boldsymbol{\epsilon}"]
        },
    ),
    Printed(
        "Ho et al. 2020, Denoising diffusion, algorithm 2",
        r"\mathbf{x}_{t-1} = \frac{1}{\sqrt{\alpha_t}}\left( \mathbf{x}_t"
        r" - \frac{1-\alpha_t}{\sqrt{1-\bar\alpha_t}} \boldsymbol{\epsilon}_\theta"
        r"(\mathbf{x}_t, t) \right) + \sigma_t \mathbf{z}",
        drawn(
            r"batch n_in: \mathbf{x}_t, \mathbf{z}",
            {
                r"\alpha_t": 0.9,
                r"\bar\alpha_t": 0.6,
                r"\sigma_t": 0.2,
                "t": 7,
                r"\boldsymbol{\epsilon}_\theta": lambda x, t: np.sin(x) / t,
            },
        ),
        lambda v: {
            r"\mathbf{x}_{t-1}": (
                v[r"\mathbf{x}_t"] - 0.1 / np.sqrt(0.4) * np.sin(v[r"\mathbf{x}_t"]) / 7
            )
            / np.sqrt(0.9)
            + 0.2 * v[r"\mathbf{z}"]
        },
    ),
    Printed(
        "Ho et al. 2020, Denoising diffusion, (2)",
        r"q(\mathbf{x}_t|\mathbf{x}_{t-1}) = \mathcal{N}(\mathbf{x}_t; \sqrt{1-\beta_t}"
        r" \mathbf{x}_{t-1}, \beta_t \mathbf{I})",
        drawn(r"n_in: \mathbf{x}_t, \mathbf{x}_{t-1}", {r"\beta_t": 0.1}),
        refused="it is a distribution",
    ),
    Printed(
        "Kingma, Welling 2014, Auto-encoding variational Bayes, (10)",
        r"\mathbf{z}^{(i,l)} = \boldsymbol{\mu}^{(i)} + \boldsymbol{\sigma}^{(i)} \odot"
        r" \boldsymbol{\epsilon}^{(l)}",
        drawn(
            r"batch n_h: \boldsymbol{\mu}^{(i)}, \boldsymbol{\sigma}^{(i)}, "
            r"\boldsymbol{\epsilon}^{(l)}"
        ),
        lambda v: {
            r"\mathbf{z}^{(i,l)}": v[r"\boldsymbol{\mu}^{(i)}"]
            + v[r"\boldsymbol{\sigma}^{(i)}"] * v[r"\boldsymbol{\epsilon}^{(l)}"]
        },
    ),
    Printed(
        "Kingma, Welling 2014: drawn",
        r"\epsilon \sim \mathcal{N}(0, I)",
        refused="it is drawn at random",
    ),
    Printed(
        "Kingma, Welling 2014, Auto-encoding variational Bayes, (3)",
        r"\mathcal{L} = -D_{KL}(q_\phi(z|x) \| p_\theta(z))"
        r" + \mathbb{E}_{q_\phi(z|x)}[\log p_\theta(x|z)]",
        drawn("batch n_in: x | batch n_h: z"),
        refused="it is an expectation",
    ),
)

# Ways of writing -----------------------------------------------------------------------------


def _joined(v: Values, *names: str) -> Any:
    return np.concatenate([v[name] for name in names], axis=-1)


STATE = "batch n_in: x_t | batch n_h: h_{t-1} | n_h n_h+n_in: W | n_h: b"

WRITING = (
    Printed(
        "Many notes: two matrices, whatever they are",
        r"C = A B",
        drawn("n_h n_in: A | n_in n_out: B"),
        lambda v: {"C": v["A"] @ v["B"]},
        equal_roles={"A": "matrix", "B": "matrix"},
    ),
    Printed(
        "Many notes: two matrices, and a vector",
        r"y = W_2 W_1 x",
        drawn("n_out n_h: W_2 | n_h n_in: W_1 | batch n_in: x"),
        lambda v: {"y": v["x"] @ v["W_1"].T @ v["W_2"].T},
    ),
    Printed(
        "Many notes: Gram matrix",
        r"G = X^\top X",
        drawn("time n_in: X"),
        lambda v: {"G": v["X"].T @ v["X"]},
        {"X": "matrix"},
    ),
    Printed(
        "Many notes: * of two matrices, entry by entry",
        r"C = A * B",
        drawn("n_h n_h: A, B"),
        lambda v: {"C": v["A"] * v["B"]},
    ),
    Printed(
        "Many notes: * of a kernel and an image",
        r"Y = K * X + b",
        drawn("2 3: K | n_h time: X | number: b"),
        lambda v: {
            "Y": np.einsum(
                "ijmn,mn->ij",
                np.lib.stride_tricks.sliding_window_view(v["X"], (2, 3)),
                v["K"],
            )
            + v["b"]
        },
        {"K": "kernel"},
    ),
    Printed(
        "Many notes: a matrix to a power",
        r"y = A^2 x",
        drawn("n_h n_h: A | batch n_h: x"),
        lambda v: {"y": v["x"] @ (v["A"] @ v["A"]).T},
        roles={"A": "matrix"},
    ),
    Printed(
        "Many notes: the inverse of a matrix",
        r"x = A^{-1} b",
        drawn("n_h: b", more=lambda v, s: {"A": np.diag(np.arange(1.0, s.n_h + 1)) + 0.1}),
        lambda v: {"x": np.linalg.solve(v["A"], v["b"])},
        roles={"A": "matrix"},
    ),
    Printed(
        "Many notes: one over each entry",
        r"y = x^{-1}",
        drawn("positive batch n_h: x"),
        lambda v: {"y": 1 / v["x"]},
    ),
    Printed(
        "Many notes: layers counted above",
        r"h^1 = \tanh(W^1 x) \\ h^2 = \tanh(W^2 h^1)",
        drawn("batch n_in: x | n_h n_in: W^1 | n_out n_h: W^2"),
        lambda v: {
            "h^1": np.tanh(v["x"] @ v["W^1"].T),
            "h^2": np.tanh(np.tanh(v["x"] @ v["W^1"].T) @ v["W^2"].T),
        },
    ),
    Printed(
        "Many notes: a semicolon joins",
        r"h_t = \tanh(W [h_{t-1}; x_t] + b)",
        drawn(STATE),
        lambda v: {"h_t": np.tanh(_joined(v, "h_{t-1}", "x_t") @ v["W"].T + v["b"])},
    ),
    Printed(
        r"Many notes: \oplus joins",
        r"h_t = \tanh(W (h_{t-1} \oplus x_t) + b)",
        drawn(STATE),
        lambda v: {"h_t": np.tanh(_joined(v, "h_{t-1}", "x_t") @ v["W"].T + v["b"])},
    ),
    Printed(
        "Many notes: a column of vectors joins",
        r"h_t = \tanh\left(W \begin{bmatrix} h_{t-1} \\ x_t \end{bmatrix} + b\right)",
        drawn(STATE),
        lambda v: {"h_t": np.tanh(_joined(v, "h_{t-1}", "x_t") @ v["W"].T + v["b"])},
    ),
    Printed(
        "Many notes: joined with bars, as in graph attention",
        r"e = a^\top [W h_i \, \| \, W h_j]",
        drawn("n_in: h_i, h_j | n_h n_in: W | 2*n_h: a"),
        lambda v: {"e": v["a"] @ np.concatenate([v["W"] @ v["h_i"], v["W"] @ v["h_j"]])},
    ),
    Printed(
        "Many notes: square brackets that only group",
        r"y = \alpha \left[ x - \beta [x + z] \right]",
        drawn("batch n_h: x, z", {r"\alpha": 0.5, r"\beta": 2.0}),
        lambda v: {"y": 0.5 * (v["x"] - 2 * (v["x"] + v["z"]))},
    ),
    Printed(
        "Many notes: angle brackets are an inner product",
        r"s = \langle x, y \rangle",
        drawn("n_h: x, y"),
        lambda v: {"s": v["x"] @ v["y"]},
    ),
    Printed(
        "Many notes: a diagonal matrix of a vector",
        r"y = \mathrm{diag}(s) W x",
        drawn("n_h: s | n_h n_in: W | batch n_in: x"),
        lambda v: {"y": v["s"] * (v["x"] @ v["W"].T)},
    ),
    Printed(
        "Many notes: a number before brackets is no function",
        r"y = a(x + z)",
        drawn("batch n_h: x, z", {"a": 3.0}),
        lambda v: {"y": 3 * (v["x"] + v["z"])},
    ),
    Printed(
        "Many notes: a function without brackets",
        r"y = \tanh W x + b",
        drawn("batch n_in: x | n_h n_in: W | n_h: b"),
        lambda v: {"y": np.tanh(v["x"] @ v["W"].T) + v["b"]},
    ),
    Printed(
        "Many notes: the power of a function",
        r"y = \sin^2 x + \cos^2(x) + 1 - \tanh^2(x)",
        drawn("batch n_h: x"),
        lambda v: {"y": 2 - np.tanh(v["x"]) ** 2},
    ),
    Printed(
        "Many notes: fractions without braces",
        r"y = \frac12 x + \tfrac{1}{4} x^2",
        drawn("batch n_h: x"),
        lambda v: {"y": v["x"] / 2 + v["x"] ** 2 / 4},
    ),
    Printed(
        "Many notes: natural and other logarithms",
        r"y = \ln x + \log_2 x + \log_{10} x",
        drawn("positive batch n_h: x"),
        lambda v: {"y": np.log(v["x"]) + np.log2(v["x"]) + np.log10(v["x"])},
    ),
    Printed(
        "Many notes: minus before a power",
        r"y = -x^2 + 2^{-x}",
        drawn("batch n_h: x"),
        lambda v: {"y": -(v["x"] ** 2) + 2 ** -v["x"]},
    ),
    Printed(
        "Many notes: a definition sign over the equals",
        r"\hat{y} \triangleq \mathbf{w}^\top \mathbf{x} + b",
        drawn(r"n_in: \mathbf{w} | batch n_in: \mathbf{x} | number: b"),
        lambda v: {r"\hat{y}": v[r"\mathbf{x}"] @ v[r"\mathbf{w}"] + v["b"]},
    ),
    Printed(
        "Many notes: a function of two, and for which times",
        r"h_t = f(h_{t-1}, x_t), \quad t = 1, \ldots, T",
        drawn(
            "batch n_h: h_{t-1} | batch n_in: x_t | n_h n_in: W",
            more=lambda v, s: {"f": lambda h, x, W=v["W"]: np.tanh(h + x @ W.T)},
        ),
        lambda v: {"h_t": np.tanh(v["h_{t-1}"] + v["x_t"] @ v["W"].T)},
    ),
    Printed(
        "Many notes: sets, no equation",
        r"x_t \in \mathbb{R}^{d}, \quad h_t \in \mathbb{R}^{n}",
        drawn("batch n_in: x_t | batch n_h: h_t"),
        refused="it says where they live, not what they are",
    ),
    Printed(
        "Many notes: an argument of a minimum over functions",
        r"\hat{\theta} = \arg\min_\theta \sum_{i=1}^{n} L(f_\theta(x_i), y_i)",
        drawn("time: x, y", more=lambda v, s: {"n": s.time}),
        refused="it is the end of a search",
    ),
    Printed(
        "Many notes: split",
        r"""\begin{split}
        a &= w x \\
        y &= a \left( 1 - a \right)
        \end{split}""",
        drawn("batch: x", {"w": 2.0}),
        lambda v: {"a": 2 * v["x"], "y": 2 * v["x"] * (1 - 2 * v["x"])},
        roles={"a": "gate"},
    ),
    Printed(
        "Many notes: gathered, and a number of the equation",
        r"\begin{gathered} u = x \odot y \\ v = u + 1 \tag{3} \end{gathered}",
        drawn("batch n_h: x, y"),
        lambda v: {"v": v["x"] * v["y"] + 1},
    ),
    Printed(
        "Many notes: an array of three columns",
        r"\begin{array}{rcl} u & = & W x \\ y & = & u + b \end{array}",
        drawn("batch n_in: x | n_h n_in: W | n_h: b"),
        lambda v: {"y": v["x"] @ v["W"].T + v["b"]},
    ),
    Printed(
        "Many notes: equation, with a label",
        r"\begin{equation} \label{eq:step} h = \max(0, W x + b). \end{equation}",
        drawn("batch n_in: x | n_h n_in: W | n_h: b"),
        lambda v: {"h": relu(v["x"] @ v["W"].T + v["b"])},
    ),
    Printed(
        "Many notes: several equations in a line",
        r"u = W x, \; v = U h, \; y = u \odot v",
        drawn("batch n_in: x | batch n_out: h | n_h n_in: W | n_h n_out: U"),
        lambda v: {"y": (v["x"] @ v["W"].T) * (v["h"] @ v["U"].T)},
    ),
    Printed(
        "Many notes: a product of all, of every entry",
        r"P = \prod_{t=1}^{T} p_t",
        drawn("unit time: p", more=lambda v, s: {"T": s.time}),
        lambda v: {"P": np.prod(v["p"])},
    ),
    Printed(
        "Many notes: a primed index, up to a given time",
        r"c_t = \sum_{t'=1}^{t} x_{t'}",
        drawn("time: x", {"t": 3}),
        lambda v: {"c_t": v["x"][:3].sum()},
        roles={"x": "sequence from 1"},
    ),
    Printed(
        "Many notes: two indices without a comma",
        r"c_{ij} = \sum_k a_{ik} b_{kj}",
        drawn("n_h n_in: a | n_in n_out: b"),
        lambda v: {"c_{ij}": v["a"] @ v["b"]},
    ),
    Printed(
        "Many notes: a row and a column of one matrix",
        r"s_i = \sum_{j} a_{ji} x_j",
        drawn("n_h n_in: a | n_h: x"),
        lambda v: {"s_i": v["a"].T @ v["x"]},
    ),
    Printed(
        "Many notes: a double sum, and what stands after it",
        r"L = \sum_{i=1}^{m} \sum_{j=1}^{n} a_{ij} + \lambda",
        drawn(r"n_h n_in: a | number: \lambda", more=lambda v, s: {"m": s.n_h, "n": s.n_in}),
        lambda v: {"L": v["a"].sum() + v[r"\lambda"]},
    ),
    Printed(
        "Many notes: the largest of products",
        r"m = \max_{i} \left( w_i x_i \right)",
        drawn("n_h: w, x"),
        lambda v: {"m": np.max(v["w"] * v["x"])},
    ),
)

TOPICS: dict[str, tuple[Printed, ...]] = {
    "Recurrent networks": RECURRENT,
    "LSTM": LSTMS,
    "GRU": GRUS,
    "Gates and other memories": MEMORIES,
    "Attention": ATTENTION,
    "State spaces": STATE_SPACES,
    "Activations": ACTIVATIONS,
    "Normalisation": NORMALISATION,
    "Losses and scores": LOSSES,
    "Optimisers": OPTIMISERS,
    "Gradients": GRADIENTS,
    "Statistics and linear algebra": STATISTICS,
    "Forecasts": FORECASTS,
    "Generative models": GENERATIVE,
    "Ways of writing": WRITING,
}

PRINTED = tuple(entry for entries in TOPICS.values() for entry in entries)

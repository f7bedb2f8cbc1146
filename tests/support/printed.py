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
from math import prod
from typing import Any, NamedTuple

import numpy as np

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


class Printed(NamedTuple):
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
    roles: dict[str, str] = {}
    equal_roles: dict[str, str] = {}
    refused: str = ""


# Draws ---------------------------------------------------------------------------------------

DRAWS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Any]] = {
    "any": lambda rng, shape: rng.normal(size=shape),
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
    shapes: dict[str, str],
    given: Values | None = None,
    more: Callable[[Values, Sizes], Values] = lambda values, sizes: {},
) -> Callable[[np.random.Generator, Sizes], Values]:
    """A draw of values.

    Args:
        shapes: for a shape such as "batch n_in" or "positive n_h+n_in 4*n_h" the symbols that have
            it, with ", " between them; a shape without axes is a number's.
        given: values that are the same in every draw.
        more: values that depend on those drawn before or on the sizes.

    Returns:
        What an entry takes for its `values`.
    """

    def draw(rng: np.random.Generator, sizes: Sizes) -> Values:
        values: Values = {}
        for shape, names in shapes.items():
            words = shape.split()
            kind = words.pop(0) if words and words[0] in DRAWS else "any"
            lengths = tuple(_length(word, sizes) for word in words)
            for name in names.split(", "):
                value = DRAWS[kind](rng, lengths)
                values[name] = value if lengths else float(value)
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
    h = np.tanh(columns(v, r"\boldsymbol{b} + \boldsymbol{W} \boldsymbol{h}^{(t-1)}"))
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
    return {
        r"\tilde{\mathbf{x}}(n)": new,
        r"\mathbf{x}(n)": (1 - alpha) * x[n - 1] + alpha * new,
    }


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
            {
                "batch n_in": "x_t",
                "batch n_h": "h_{t-1}",
                "n_h n_in": "W_{ih}",
                "n_h n_h": "W_{hh}",
                "n_h": "b_{ih}, b_{hh}",
            }
        ),
        lambda v: {"h_t": np.tanh(columns(v, "W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh}"))},
    ),
    Printed(
        "PyTorch, torch.nn.RNNCell",
        r"h' = \tanh(W_{ih} x + b_{ih}  +  W_{hh} h + b_{hh})",
        drawn(
            {
                "batch n_in": "x",
                "batch n_h": "h",
                "n_h n_in": "W_{ih}",
                "n_h n_h": "W_{hh}",
                "n_h": "b_{ih}, b_{hh}",
            }
        ),
        lambda v: {"h'": np.tanh(columns(v, "W_{ih} x + b_{ih} + W_{hh} h + b_{hh}"))},
    ),
    Printed(
        "Flax, nn.SimpleCell with residual",
        r"\begin{array}{ll} h' = \tanh(W_i x + b_i + W_h h + h) \end{array}",
        drawn(
            {
                "batch n_in": "x",
                "batch n_h": "h",
                "n_h n_in": "W_i",
                "n_h n_h": "W_h",
                "n_h": "b_i",
            }
        ),
        lambda v: {"h'": np.tanh(columns(v, "W_i x + b_i + W_h h + h"))},
    ),
    Printed(
        "CS231n, lecture 10",
        r"h_t = \tanh(W_{hh}h_{t-1} + W_{xh}x_t) \\ y_t = W_{hy}h_t",
        drawn(
            {
                "batch n_in": "x_t",
                "batch n_h": "h_{t-1}",
                "n_h n_in": "W_{xh}",
                "n_h n_h": "W_{hh}",
                "n_out n_h": "W_{hy}",
            }
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
            {
                "batch n_in": r"\boldsymbol{x}^{(t)}",
                "batch n_h": r"\boldsymbol{h}^{(t-1)}",
                "n_h n_in": r"\boldsymbol{U}",
                "n_h n_h": r"\boldsymbol{W}",
                "n_out n_h": r"\boldsymbol{V}",
                "n_h": r"\boldsymbol{b}",
                "n_out": r"\boldsymbol{c}",
            }
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
            {
                "batch n_in": "x_t",
                "batch n_h": "h_{t-1}",
                "n_h n_in": "W_{h}",
                "n_h n_h": "U_{h}",
                "n_out n_h": "W_{y}",
                "n_h": "b_h",
                "n_out": "b_y",
            },
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
            {
                "batch n_in": "x_t",
                "batch n_h": "s_{t-1}",
                "batch n_out": "y_{t-1}",
                "n_h n_in": "W_{h}",
                "n_h n_h": "U_{h}, W_{s,s}",
                "n_h n_out": "W_{s,y}",
                "n_out n_h": "W_{y}",
                "n_h": "b_h, b_s",
                "n_out": "b_y",
            },
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
            {
                "batch n_in": r"\mathbf{X}_t",
                "batch n_h": r"\mathbf{H}_{t-1}",
                "n_in n_h": r"\mathbf{W}_{\textrm{xh}}",
                "n_h n_h": r"\mathbf{W}_{\textrm{hh}}",
                "n_h n_out": r"\mathbf{W}_{\textrm{hq}}",
                "n_h": r"\mathbf{b}_\textrm{h}",
                "n_out": r"\mathbf{b}_\textrm{q}",
            },
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
            {
                "n_in batch": r"x^{\langle t \rangle}",
                "n_h batch": r"a^{\langle t-1 \rangle}",
                "n_h n_in": "W_{ax}",
                "n_h n_h": "W_{aa}",
                "n_out n_h": "W_{ya}",
                "n_h 1": "b_a",
                "n_out 1": "b_y",
            }
        ),
        _samples_in_columns,
        {r"x^{\langle t \rangle}": "columns", r"a^{\langle t-1 \rangle}": "columns"},
    ),
    Printed(
        "Mikolov et al. 2010, Recurrent neural network based language model: a sequence each",
        r"s(t) = f(U w(t) + W s(t-1)), \\ y(t) = g(V s(t)),",
        drawn(
            {
                "time batch n_in": "w",
                "time batch n_h": "s",
                "n_h n_in": "U",
                "n_h n_h": "W",
                "n_out n_h": "V",
            },
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
            {
                "batch n_in": r"\mathbf{x}_t",
                "batch n_h": r"\mathbf{h}_{t-1}",
                "n_h n_in": r"\mathbf{W}",
                "n_h": r"\mathbf{u}, \mathbf{b}",
            },
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
            {
                "batch n_in": "x_t",
                "batch n_h": "h_{t-1}",
                "n_h n_in": "V_h",
                "n_h n_h": "W_h",
                "n_h": "b_h",
            },
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
            {
                "time batch n_in": r"\mathbf{u}",
                "time batch n_h": r"\mathbf{x}",
                "n_h 1+n_in": r"\mathbf{W}^{\text{in}}",
                "n_h n_h": r"\mathbf{W}",
            },
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
            {
                "batch n_in": "x_t",
                "batch n_h": r"\overrightarrow{h}_{t-1}, \overleftarrow{h}_{t+1}",
                "n_h n_in": r"W_{x\overrightarrow{h}}, W_{x\overleftarrow{h}}",
                "n_h n_h": r"W_{\overrightarrow{h}\overrightarrow{h}}, "
                r"W_{\overleftarrow{h}\overleftarrow{h}}",
                "n_out n_h": r"W_{\overrightarrow{h}y}, W_{\overleftarrow{h}y}",
                "n_h": r"b_{\overrightarrow{h}}, b_{\overleftarrow{h}}",
                "n_out": "b_y",
            },
            {r"\mathcal{H}": np.tanh},
        ),
        _bidirectional,
    ),
    Printed(
        "Graves 2013, Generating sequences with recurrent neural networks, (2)",
        r"h_t^n = \mathcal{H}\left(W_{ih^n}x_t + W_{h^{n-1}h^n}h_t^{n-1}"
        r" + W_{h^n h^n}h_{t-1}^n + b_h^n\right)",
        drawn(
            {
                "batch n_in": "x_t",
                "batch n_h": "h_t^{n-1}, h_{t-1}^n",
                "n_h n_in": "W_{ih^n}",
                "n_h n_h": "W_{h^{n-1}h^n}, W_{h^nh^n}",
                "n_h": "b_h^n",
            },
            {r"\mathcal{H}": np.tanh},
        ),
        lambda v: {
            "h_t^n": np.tanh(
                columns(
                    v,
                    "W_{ih^n} x_t + W_{h^{n-1}h^n} h_t^{n-1} + W_{h^nh^n} h_{t-1}^n + b_h^n",
                )
            )
        },
    ),
    Printed(
        "Pascanu et al. 2013, On the difficulty of training recurrent neural networks, (2)",
        r"\mathbf{x}_t = \mathbf{W}_{rec}\sigma(\mathbf{x}_{t-1}) + \mathbf{W}_{in}\mathbf{u}_t"
        r" + \mathbf{b}",
        drawn(
            {
                "batch n_in": r"\mathbf{u}_t",
                "batch n_h": r"\mathbf{x}_{t-1}",
                "n_h n_in": r"\mathbf{W}_{in}",
                "n_h n_h": r"\mathbf{W}_{rec}",
                "n_h": r"\mathbf{b}",
            },
        ),
        lambda v: {
            r"\mathbf{x}_t": sigmoid(v[r"\mathbf{x}_{t-1}"]) @ v[r"\mathbf{W}_{rec}"].T
            + columns(v, r"\mathbf{W}_{in} \mathbf{u}_t + \mathbf{b}")
        },
    ),
    Printed(
        "Giles et al. 1992, second-order recurrent networks",
        r"h_i^t = \sigma\left(\sum_{j,k} W_{ijk} h_j^{t-1} x_k^t + b_i\right)",
        drawn(
            {"n_h n_h n_in": "W", "n_h": "h^{t-1}, b", "n_in": "x^t"},
        ),
        _second_order,
    ),
    Printed(
        "Arjovsky et al. 2016, Unitary evolution recurrent neural networks, (6), real",
        r"W = D_3 R_2 F^{-1} D_2 \Pi R_1 F D_1.",
        drawn({"n_h n_h": r"D_1, D_2, D_3, R_1, R_2, F, \Pi"}),
        _unitary,
        {name: "matrix" for name in ("D_1", "D_2", "R_1", "R_2", "F", r"\Pi", "D_3")},
    ),
    Printed(
        "Sutskever et al. 2011, multiplicative RNN, as in Krause et al. 2016, (3)",
        r"m_t = (W_{mx} x_t) \odot (W_{mh} h_{t-1}) \\ \hat{h}_t = W_{hm} m_t + W_{hx} x_t",
        drawn(
            {
                "batch n_in": "x_t",
                "batch n_h": "h_{t-1}",
                "n_out n_in": "W_{mx}",
                "n_out n_h": "W_{mh}",
                "n_h n_out": "W_{hm}",
                "n_h n_in": "W_{hx}",
            }
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
            {
                "batch n_in": r"\text{input}",
                "batch n_h": r"\text{state}",
                "n_h n_in": "W",
                "n_h n_h": "U",
                "n_h": "B",
            },
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
    return {
        "f_t": f,
        "i_t": i,
        r"\tilde{C}_t": new,
        "C_t": c,
        "o_t": o,
        "h_t": o * np.tanh(c),
    }


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
    return {
        r"\tilde{\mathbf{C}}_t": new,
        r"\mathbf{C}_t": c,
        r"\mathbf{H}_t": o * np.tanh(c),
    }


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
    C, k, q, value, n = pick(v, r"C_{t-1}, k_t, q_t, v_t, n_{t-1}")
    C = v["f_t"] * C + v["i_t"] * np.outer(value, k)
    n = v["f_t"] * n + v["i_t"] * k
    new = C @ q / max(abs(n @ q), 1)
    return {"C_t": C, "n_t": n, r"\tilde{h}_t": new, "h_t": v["o_t"] * new}


def _gate_shapes(
    letters: str, weights: dict[str, str], vectors: dict[str, str], **symbols: str
) -> dict[str, str]:
    """Shapes of weights and biases with ? for the letter of each gate, and of further symbols."""
    shapes = {
        shape: ", ".join(name.replace("?", letter) for letter in letters)
        for shape, name in weights.items()
    }
    for shape, names in vectors.items():
        shapes[shape] = f"{shapes[shape]}, {names}" if shape in shapes else names
    return shapes


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
            _gate_shapes(
                "ifgo",
                {"n_h n_in": "W_{i?}", "n_h n_h": "W_{h?}", "n_h": "b_{i?}, b_{h?}"},
                {"batch n_in": "x_t", "batch n_h": "h_{t-1}, c_{t-1}"},
            )
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
            _gate_shapes(
                "ifgo",
                {"n_h n_in": "W_{i?}", "n_h n_h": "W_{h?}", "n_h": "b_{i?}, b_{h?}"},
                {"batch n_in": "x", "batch n_h": "h, c"},
            )
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
            _gate_shapes(
                "ifgo",
                {"n_h n_in": "W_{i?}", "n_h n_h": "W_{h?}", "n_h": "b_{h?}"},
                {"batch n_in": "x", "batch n_h": "h, c"},
            )
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
            _gate_shapes(
                "fioc",
                {"n_h n_in": "W_{?}", "n_h n_h": "U_{?}", "n_h": "b_?"},
                {"batch n_in": "x_t", "batch n_h": "h_{t-1}, c_{t-1}"},
            ),
            {r"\sigma_g": sigmoid, r"\sigma_c": np.tanh, r"\sigma_h": np.tanh},
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
            _gate_shapes(
                "fioc",
                {"n_h n_in": "W_{?}", "n_h n_h": "U_{?}", "n_h": "b_?"},
                {"batch n_in": "x_t", "batch n_h": "h_{t-1}, c_{t-1}"},
            ),
            {r"\sigma_g": sigmoid, r"\sigma_c": np.tanh, r"\sigma_h": np.tanh},
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
            _gate_shapes(
                "fioc",
                {"n_h n_in": "W_{?}", "n_h n_h": "U_{?}", "n_h": "b_?"},
                {"batch n_in": "x_t", "batch n_h": "c_{t-1}"},
            ),
            {r"\sigma_g": sigmoid, r"\sigma_c": np.tanh, r"\sigma_h": np.tanh},
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
            _gate_shapes(
                "ifco",
                {"n_h n_in": "W_{x?}", "n_h n_h": "W_{h?}", "n_h": "b_?"},
                {"batch n_in": "x_t", "batch n_h": "h_{t-1}, c_{t-1}"},
            ),
            more=lambda v, s: {
                f"W_{{c{k}}}": np.diag(np.linspace(-1, 1, s.n_h) + 0.1 * j)
                for j, k in enumerate("ifo")
            },
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
            _gate_shapes(
                "fiCo",
                {"n_h n_h+n_in": "W_?", "n_h": "b_?"},
                {"batch n_in": "x_t", "batch n_h": "h_{t-1}, C_{t-1}"},
            )
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
            _gate_shapes(
                "ifoc",
                {
                    "n_in n_h": r"\mathbf{W}_{\textrm{x?}}",
                    "n_h n_h": r"\mathbf{W}_{\textrm{h?}}",
                    "n_h": r"\mathbf{b}_\textrm{?}",
                },
                {
                    "batch n_in": r"\mathbf{X}_t",
                    "batch n_h": r"\mathbf{H}_{t-1}, \mathbf{C}_{t-1}",
                },
            )
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
            _gate_shapes(
                "zifo",
                {
                    "n_h n_in": r"\mathbf{W}_?",
                    "n_h n_h": r"\mathbf{R}_?",
                    "n_h": r"\mathbf{b}_?, \mathbf{p}_?",
                },
                {
                    "batch n_in": r"\mathbf{x}^t",
                    "batch n_h": r"\mathbf{y}^{t-1}, \mathbf{c}^{t-1}",
                },
            ),
            {"g": np.tanh, "h": np.tanh},
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
            _gate_shapes(
                "cufo",
                {"n_h n_h+n_in": "W_?", "n_h 1": "b_?"},
                {
                    "n_in batch": r"x^{\langle t \rangle}",
                    "n_h batch": r"a^{\langle t-1 \rangle}, c^{\langle t-1 \rangle}",
                },
            )
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
            _gate_shapes(
                "ifco",
                {"n_h n_in": "W_{?x}", "n_h n_out": "W_{?m}", "n_h": "b_?"},
                {
                    "batch n_in": "x_t",
                    "batch n_h": "c_{t-1}",
                    "batch n_out": "r_{t-1}",
                    "n_out n_h": "W_{rm}",
                },
            ),
            {"g": np.sin, "h": np.tanh},
            lambda v, s: {
                f"W_{{{k}c}}": np.diag(np.linspace(-1, 1, s.n_h) + 0.1 * j)
                for j, k in enumerate("ifo")
            },
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
            {"batch n_h": "h_t^{l-1}, h_{t-1}^l, c_{t-1}^l", "4*n_h 2*n_h": "T_{2n,4n}"},
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
            _gate_shapes(
                "ifco",
                {"3 3": "W_{x?}, W_{h?}", "": "b_?"},
                {
                    "n_h n_out": r"\mathcal{X}_t, \mathcal{H}_{t-1}, \mathcal{C}_{t-1}, "
                    "W_{ci}, W_{cf}, W_{co}"
                },
            )
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
            {
                "n_h": r"\tilde{i}_t, \tilde{f}_t, \tilde{o}_t, z_t, c_{t-1}",
                "positive n_h": "n_{t-1}",
            }
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
            {
                "n_h n_h": r"\boldsymbol{C}_{t-1}",
                "n_h": r"\boldsymbol{v}_t, \boldsymbol{k}_t, \boldsymbol{q}_t, "
                r"\boldsymbol{n}_{t-1}, \mathbf{o}_t",
            },
            {r"\mathrm{f}_t": 0.7, r"\mathrm{i}_t": 1.3},
        ),
        lambda v: {
            rf"\boldsymbol{{{k[0]}}}_t" if k[0] in "Cnh" else r"\tilde{\boldsymbol{h}}_t": x
            for k, x in _xlstm_matrix(
                {
                    "C_{t-1}": v[r"\boldsymbol{C}_{t-1}"],
                    "n_{t-1}": v[r"\boldsymbol{n}_{t-1}"],
                    "k_t": v[r"\boldsymbol{k}_t"],
                    "q_t": v[r"\boldsymbol{q}_t"],
                    "v_t": v[r"\boldsymbol{v}_t"],
                    "o_t": v[r"\mathbf{o}_t"],
                    "f_t": 0.7,
                    "i_t": 1.3,
                }
            ).items()
        },
    ),
    Printed(
        "Gers et al. 2000, as in Greff et al.: coupled input and forget gate",
        r"c_t = f_t \otimes c_{t-1} + (1 - f_t) \otimes \tilde{c}_t",
        drawn({"batch n_h": r"c_{t-1}, \tilde{c}_t", "unit batch n_h": "f_t"}),
        lambda v: {"c_t": v["f_t"] * v["c_{t-1}"] + (1 - v["f_t"]) * v[r"\tilde{c}_t"]},
    ),
    Printed(
        r"Many blogs: \cdot between the entries of gates",
        r"c_t = f_t \cdot c_{t-1} + i_t \cdot g_t \\ h_t = o_t \cdot \tanh(c_t)",
        drawn({"batch n_h": "f_t, c_{t-1}, i_t, g_t, o_t"}),
        lambda v: {
            "h_t": v["o_t"] * np.tanh(v["f_t"] * v["c_{t-1}"] + v["i_t"] * v["g_t"]),
        },
    ),
    Printed(
        "Ba et al. 2016, Layer normalization, (29)-(31), in an LSTM",
        r"\mathbf{c}_t = \sigma(\mathbf{f}_t) \odot \mathbf{c}_{t-1}"
        r" + \sigma(\mathbf{i}_t) \odot \tanh(\mathbf{g}_t) \\"
        r" \mathbf{h}_t = \sigma(\mathbf{o}_t) \odot \tanh(\operatorname{LN}(\mathbf{c}_t))",
        drawn(
            {"batch n_h": ", ".join(rf"\mathbf{{{k}}}_t" for k in "figo") + r", \mathbf{c}_{t-1}"},
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
            _gate_shapes(
                "rzn",
                {"n_h n_in": "W_{i?}", "n_h n_h": "W_{h?}", "n_h": "b_{i?}, b_{h?}"},
                {"batch n_in": "x_t", "batch n_h": "h_{(t-1)}"},
            )
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
            _gate_shapes(
                "rzn",
                {"n_h n_in": "W_{i?}", "n_h n_h": "W_{h?}", "n_h": "b_{i?}, b_{h?}"},
                {"batch n_in": "x", "batch n_h": "h"},
            )
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
            _gate_shapes(
                "fn",
                {"n_h n_in": "W_{i?}", "n_h n_h": "W_{h?}", "n_h": "b_{i?}, b_{h?}"},
                {"batch n_in": "x", "batch n_h": "h"},
            )
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
            _gate_shapes(
                "zrh",
                {"n_h n_in": "W_{?}", "n_h n_h": "U_{?}", "n_h": "b_?"},
                {"batch n_in": "x_t", "batch n_h": "h_{t-1}"},
            ),
            {r"\phi": np.tanh},
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
            _gate_shapes(
                "fh",
                {"n_h n_in": "W_{?}", "n_h n_h": "U_{?}", "n_h": "b_?"},
                {"batch n_in": "x_t", "batch n_h": "h_{t-1}"},
            ),
            {r"\phi": np.tanh},
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
        drawn({"batch n_in": "x_t", "batch n_h": "h_{t-1}", "n_h n_h+n_in": "W_z, W_r, W"}),
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
            _gate_shapes(
                "rzh",
                {
                    "n_in n_h": r"\mathbf{W}_{\textrm{x?}}",
                    "n_h n_h": r"\mathbf{W}_{\textrm{h?}}",
                    "n_h": r"\mathbf{b}_\textrm{?}",
                },
                {"batch n_in": r"\mathbf{X}_t", "batch n_h": r"\mathbf{H}_{t-1}"},
            )
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
            {
                "batch n_in": r"\mathbf{x}_t",
                "batch n_h": r"\mathbf{h}_{t-1}",
                "n_h n_in": "W_z, W_r, W",
                "n_h n_h": "U_z, U_r, U",
            }
        ),
        _chung_gru,
    ),
    Printed(
        "Cho et al. 2014, RNN encoder-decoder, (7): of each unit",
        r"h_j^{\langle t \rangle} = z_j h_j^{\langle t-1 \rangle}"
        r" + (1 - z_j) \tilde{h}_j^{\langle t \rangle}",
        drawn({"n_h": r"h^{\langle t-1 \rangle}, \tilde{h}^{\langle t \rangle}", "unit n_h": "z"}),
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
            {
                "batch n_in": r"\boldsymbol{x}_t",
                "batch n_h": r"\boldsymbol{h}_{t-1}",
                "n_h n_in": "W_z, W_h",
            },
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
            {
                "batch n_in": "y_{i-1}",
                "batch n_h": "s_{i-1}",
                "batch n_out": "c_i",
                "n_h n_in": "W_z, W_r, W",
                "n_h n_h": "U_z, U_r, U",
                "n_h n_out": "C_z, C_r, C",
            },
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
            {
                "batch n_in": "x_t",
                "batch n_h": "h_{t-1}",
                "n_h n_in": "W_z, W_h",
                "n_h n_h": "U_z, U_h",
            },
            {"BN": normalised},
        ),
        lambda v: {
            "h_t": (lambda z, new: z * v["h_{t-1}"] + (1 - z) * new,)[0](
                sigmoid(normalised(v["x_t"] @ v["W_z"].T) + v["h_{t-1}"] @ v["U_z"].T),
                relu(normalised(v["x_t"] @ v["W_h"].T) + v["h_{t-1}"] @ v["U_h"].T),
            )
        },
    ),
)

TOPICS: dict[str, tuple[Printed, ...]] = {
    "Recurrent networks": RECURRENT,
    "LSTM": LSTMS,
    "GRU": GRUS,
}

PRINTED = tuple(entry for entries in TOPICS.values() for entry in entries)

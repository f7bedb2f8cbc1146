r"""What a stranger wrote and got a wrong value for: now it is right, or refused with a reason."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from lecture_code.equations import evaluate

RANDOM = np.random.default_rng(0)


def draw(*shape):
    return RANDOM.normal(size=shape)


def last(latex, values, roles=None):
    return list(evaluate(latex, values, roles).values())[-1]


X, W, x, w = draw(4, 4), draw(4, 4), draw(4, 4), draw(4)
SIGMA = {r"\sigma": 0.5, r"\epsilon": 2.0, r"\mu": 1.0}
COUNTED = {"A": draw(3, 2), "N": 3, "k": 1}

VECTORS = dict.fromkeys("abc", "vector")

REFUSED = [
    # A name that means two things
    (r"y = \mu + \sigma \epsilon", SIGMA, None, r"for a product write `\\sigma \\cdot`, or decl"),
    (r"y = \sigma (\epsilon - \mu)", SIGMA, None, "its value is no function"),
    (r"y = \sigma^2 (\epsilon - \mu)", SIGMA, None, "its value is no function"),
    (r"y = \gamma^T", {r"\gamma": 0.9, "T": 5}, None, "the transpose, or the power T"),
    (r"y = A^{T} x", {"A": W, "x": w, "T": 5}, None, "the transpose, or the power T"),
    # A place in a sequence, or a factor
    ("y = h(n-1)", {"h": w, "n": 3}, None, "h at time n-1, or h times n-1"),
    ("y = h[n]", {"h": w, "n": 3}, None, "h at time n, or h times n"),
    ("y = h(0)", {"h": w}, None, "h at time 0, or h times 0"),
    ("y = h(t-k)", {"h": w, "t": 3, "k": 1}, None, "h at time t-k, or h times t-k"),
    (r"y = h(t-1) \cdot a", {"h": w, "t": 3, "a": 2.0}, None, "h at time t-1, or h times t-1"),
    # Small numbers, of which no two are the same because they are small
    ("Y = W X", {"W": 1e-9 * W, "X": 1e-9 * X}, {"W": "matrix"}, "declare what they hold"),
    (
        "Y = W X",
        {"W": np.float32(1e-3 * W), "X": np.float32(1e-3 * X)},
        {"W": "matrix"},
        "declare what they hold",
    ),
    # Gates of states, which are no matrices
    (
        "f = x W \\\\ h = f C",
        {"x": draw(4, 3), "W": draw(3, 4), "C": X},
        {"W": "matrix"},
        r"\\odot",
    ),
    (
        r"c = \tanh(W [x, h]) \\ y = O c",
        {"W": draw(4, 5), "x": draw(4, 3), "h": draw(4, 2), "O": X},
        None,
        r"\\odot",
    ),
    # A vector for each sample, under a T
    (r"y = (c^2)^\top", {"c": draw(3, 4)}, None, "declare what they hold"),
    (
        r"f(v) = v \odot v \\ y = f(J + b)",
        {"v": w, "J": X, "b": w},
        {"v": "vector"},
        "declare what they hold",
    ),
    # Over which axis
    (
        r"a = \operatorname{softmax}(w^\top x)",
        {"w": w, "x": draw(3, 4)},
        {"x": "vector"},
        "of numbers, one for each sample",
    ),
    (
        r"Y = V \operatorname{softmax}(K^\top Q)",
        {"K": draw(3, 5), "Q": draw(3, 6), "V": draw(2, 5)},
        dict.fromkeys("KQV", "columns"),
        "over the rows of a matrix or over its columns",
    ),
    ("C = [A; B]", {"A": X, "B": W}, dict.fromkeys("AB", "matrix"), "matrices below each other"),
    ("B = A^{-1}", {"A": draw(3, 4)}, {"A": "matrix"}, "a power of a matrix"),
    ("B = A^2", {"A": draw(3, 4)}, {"A": "matrix"}, "a power of a matrix"),
    # What belongs to a product over an index
    (r"c = \prod_i f_i c_0", {"f": w, "c_0": 2.0}, None, r"does c_0 belong to what \\prod takes"),
    (r"c = \max_i f_i g", {"f": w, "g": -2.0}, None, r"does g belong to what \\max takes"),
    (
        r"s = \sum_i a_i \prod_j b_j c_i",
        {"a": w, "b": draw(3), "c": w},
        None,
        r"does c_i belong to what \\prod takes",
    ),
    (
        r"S = \sum_j k_j v_j",
        {"k": draw(3, 2), "v": draw(3, 2)},
        {"k": "sequence", "v": "sequence"},
        r"two vectors side by side; write \\odot",
    ),
    # From 1 in one place, and from 0 in another
    (r"s = \sum_{n=1}^{N} A_{n,1}", COUNTED, None, "a sum counts from 1, and 1 from 0"),
    (r"s = \sum_{n=1}^{N} A_{n,k}", COUNTED, None, "a sum counts from 1, and k from 0"),
    (r"y_j = \sum_{n=1}^{N} j A_{n,j}", COUNTED, None, "a sum counts from 1, and j from 0"),
    (r"y = \sum_{n=1}^{N} \sum_m m A_{n,m}", COUNTED, None, "a sum counts from 1, and m from 0"),
    # Letters
    (
        "y = tanh(x)",
        {"t": 1, "a": 2, "n": 3, "h": 4, "x": w},
        None,
        "`tanh` is one name, or the product of a and h and n and t",
    ),
    ("y = h^{t-1}", {"h": w, "t": 3}, None, "a power, or h at t-1"),
    ("y = x(i, j)", {"x": X, "i": 1, "j": 2}, None, "belong behind a function"),
    # Names of several letters
    (
        "y = ab + 1",
        {"ab": 1.0, "a": 2.0, "b": 3.0},
        None,
        "`ab` is one name, or the product of a and b",
    ),
    ("dW = 2 d \\\\ y = dW", {"d": 1.0, "W": 2.0}, None, "`dW` is one name, or the product"),
    # Conditions that are not computed
    (r"y = x, \quad x > 0 \\ y = 0, \quad x \leq 0", {"x": w}, None, "a condition on x|once more"),
    (r"y = a, \quad s > 0 \\ y = b, \quad s \leq 0", {"a": 1, "b": 2}, None, "once more"),
    (r"y = x, \quad t = 1, \ldots, T", {"x": w, "t": 3}, None, "a condition on t"),
    # Cases of which none holds, or two
    (r"y = \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}", {"x": 0.0}, None, "none of the cond"),
    (
        r"y = \begin{cases} 1 & x \geq 0 \\ 0 & x \leq 0 \end{cases}",
        {"x": np.array([1.0, 0.0])},
        None,
        "two conditions hold",
    ),
    # Products
    (r"y = a \cdot b", {"a": w, "b": w}, None, "declare a gate"),
    (r"Y = A \cdot B", {"A": W, "B": X}, None, "declare a gate"),
    (r"y = a \times b", {"a": w, "b": w}, None, "for a number and an array"),
    ("y = |A|", {"A": W}, {"A": "matrix"}, "determinant"),
    (r"y = (Q K^\top)^2", {"Q": X, "K": W}, {"Q": "rows", "K": "rows"}, "power of a matrix"),
    # Indices
    (r"s_i = \sum_{k=1}^{4} a_i^k", {"a": W}, None, "which index comes first"),
    (r"s = \sum_{i=1}^{4} \sum_{j=1}^{4} x_j^{(i)}", {"x": W}, None, "which index comes first"),
    (r"s = \sum_{i=0}^{1} a_i", {"a": w}, {"a": "sequence from 1"}, "indices count from 1"),
    (r"s = \sum_i a_i b_i", {"a": w, "b": w}, {"a": "sequence from 1"}, "from 1 on"),
    (
        r"s = \sum_i a_i b_i",
        {"a": torch.ones(3, 4), "b": torch.ones(2, 4)},
        {"a": "vector", "b": "vector"},
        "the axes without an index differ",
    ),
    (r"s = \sum_i f(x_i, x_i)", {"f": np.add, "x": w}, None, "takes one entry"),
    (r"s = \sum_{i \in S} x_i", {"x": w, "S": np.array([0, 2])}, None, r"got `\\in`"),
    (r"s = \sum_{i \in \{0, 2\}} x_i", {"x": w}, None, r"got `\\in`"),
    (r"s = \sum_{t=1}^{T} x_t^T", {"x": w, "T": 4}, None, "the transpose, or the power T"),
    (r"s = \sum_x \sum_y p(x,y) p(x)", {"p": X}, None, "2 indices in one place and 1 in another"),
    (r"y = \sum_{k=0}^{2} a_k x^k", {"a": w, "x": w}, None, "a power, or an entry"),
    (
        r"s = \sum_{i=1}^{2} a_i b_i",
        {"a": w, "b": w},
        {"a": "sequence from 1"},
        "other arrays",
    ),
    (r"s = \sum_{i=0}^{2} w_{k_{i-1}}", {"w": w, "k": np.arange(3)}, None, "outside of k"),
    (r"L = \sum_{t=1}^{T} L_t", {"L_t": 2.0, "T": 3}, None, "one value for every t"),
    (
        r"l^{(i)} = a^2 \\ L = \sum_{i=1}^{n} l^{(i)}",
        {"a": 2.0, "n": 3},
        None,
        "for every i",
    ),
    # A value that a later line contradicts, and conditions that nobody computes
    (r"y = a x, \text{ where } a = 3", {"x": w, "a": 2.0}, None, "this one gives another"),
    (r"y = 2 x \text{ for } \mathrm{age} > 2", {"x": w, r"\mathrm{age}": 1.0}, None, "a condition"),
    (r"y_i = 2 x_i, \quad i \geq 1", {"x": w}, None, "a condition on i"),
    (r"y_i = x_i \quad \forall i \neq 2", {"x": w}, None, "a condition on i"),
    (r"y = x, \quad t > 0, z = 2 y", {"x": w}, None, "got `>`"),
    # Gates, vectors and matrices of them
    (r"y = \sigma(W x) \cdot \tanh(U x)", {"W": W, "U": X, "x": w}, {"x": "vector"}, "a gate"),
    (r"i = \sigma(W x) \\ y = i \cdot i", {"W": W, "x": w}, {"x": "vector"}, "a gate"),
    (
        r"y = a \cdot b \cdot c",
        dict.fromkeys("abc", w),
        dict.fromkeys("abc", "vector"),
        "of which two",
    ),
    ("y = W x f", {"W": W, "x": w, "f": w}, {"f": "gate"}, "does the gate close"),
    (r"y = (A^\top A)^+ x", {"A": X, "x": w}, {"A": "matrix"}, "pseudo-inverse"),
    (r"X = \begin{bmatrix} x & y \end{bmatrix}", {"x": w, "y": w}, None, "a matrix of vectors"),
    (r"y = \begin{pmatrix} n \\ k \end{pmatrix}", {"n": 4, "k": 2}, None, "binomial"),
    (r"y = \Delta w x", {r"\Delta": 2, r"\Delta w": 9, "w": 3, "x": 5}, None, "both have values"),
    ("y = 1e-5 + x", {"x": w, "e": 3.0}, None, r"write 10\^\{-5\}"),
    # What a function, a product and a brace take
    (r"s = \sum_i p_i \log p_i / q_i", {"p": w, "q": w}, None, r"does \\log take"),
    (r"y = \tanh x / 2", {"x": w}, None, r"does \\tanh take"),
    (r"y = \prod_i a_i \odot c", {"a": w, "c": 2.0}, None, r"does \\prod take c"),
    (r"y = \max_i a_i / c", {"a": w, "c": 2.0}, None, r"does \\max take c"),
    (r"y = \langle W, U \rangle", {"W": W, "U": X}, None, "angle brackets are for two vectors"),
    (r"y = \langle x, 2 \rangle", {"x": w}, None, "angle brackets are for two vectors"),
    (r"x^{k+1} = x^k - g", {"x": 2.0, "k": 3, "g": 1.0}, None, "a power of x, or its value there"),
    ("y_i = a_i^2", {"a": w, "a^2": w}, None, "an entry of `a\\^2`, or a power"),
    (
        "y = x^{ab}",
        {"x": 5.0, "a": 2.0, "b": 3.0, "ab": 1.0},
        None,
        "`ab` is one name, or the product",
    ),
    (
        "y = f x b",
        {"f": w, "x": X, "b": w},
        {"f": "gate", "x": "rows"},
        "does the gate close|neither",
    ),
    # Braces that LaTeX does not print
    ("y = c{a + b}", {"a": 1.0, "b": 2.0, "c": 3.0}, None, "braces are not printed"),
    (r"y = \log{a} b", {"a": 1.0, "b": 2.0}, None, "are not printed"),
    ("y = {-x}^2", {"x": 3.0}, None, "braces are not printed"),
    (r"m = \sum_i a_i \\ y = W m", {"a": X, "W": W}, {"a": "vector"}, "one number for each sample"),
    # Numbers that there are not
    ("y = (-8)^{1/3}", {}, None, "expected a real number"),
    ("y = 1 / 0", {}, None, "division by zero"),
    (r"s = \sum_n 1 / 0 w_n", {"w": w}, None, "got `w`"),
]


@pytest.mark.parametrize(
    ("latex", "values", "roles", "says"), REFUSED, ids=lambda one: str(one)[:40]
)
def test_what_could_mean_something_else_is_refused(latex, values, roles, says):
    with pytest.raises((ValueError, TypeError), match=says):
        evaluate(latex, values, roles)


def test_the_hints_work():
    assert last(r"y = \mu + \sigma \cdot \epsilon", SIGMA) == 2
    assert_allclose(last(r"y = \pi \cdot (a + 1)", {"a": 1}), 2 * np.pi)
    assert_allclose(last("y = (h)^{t-1}", {"h": w, "t": 3}), w**2)
    assert last(r"y = \gamma^t", {r"\gamma": 0.5, "t": 2}) == 0.25
    assert last(r"y = \gamma^N", {r"\gamma": 0.5, "N": 2}) == 0.25
    assert_allclose(last(r"y = A^\top", {"A": W, "T": 5}), W.T)
    assert_allclose(last(r"y = h \cdot (n-1)", {"h": w, "n": 3}), 2 * w)
    assert_allclose(last("y = h(n-1)", {"h": x, "n": 3}, {"h": "sequence"}), x[2])
    h = draw(3, 2)
    known = {"W": draw(4, 5), "X_t": draw(3, 3), "h": h}
    joined = np.concatenate([known["X_t"], h], 1)
    assert_allclose(last("y = W [X_t; h]", known), joined @ known["W"].T)
    assert_allclose(last(r"c = c_0 \prod_i f_i", {"f": w, "c_0": 2.0}), 2 * w.prod())
    assert_allclose(last(r"c = (\max_i f_i) g", {"f": w, "g": -2.0}), -2 * w.max())


@pytest.mark.parametrize(
    ("latex", "values", "wanted"),
    [
        ("y = a + b", {"a": np.array([True]), "b": np.array([True])}, [2]),
        ("y = -a", {"a": np.array([True])}, [-1]),
        ("y = a - b", {"a": torch.tensor([True]), "b": torch.tensor([True])}, [0]),
        ("y = W x", {"W": np.ones((2, 3), bool), "x": np.ones(3, bool)}, [3, 3]),
        ("y = a + b", {"a": np.uint8([200]), "b": np.uint8([100])}, [300]),
        ("y = a + b", {"a": torch.tensor([200]).byte(), "b": torch.tensor([100]).byte()}, [300]),
        ("y = a - b", {"a": np.uint64([1]), "b": np.uint64([2])}, [-1]),
        ("y = a^{20}", {"a": np.array([10])}, [1e20]),
        ("y = a^{20}", {"a": np.int64(10)}, 1e20),
        ("y = a^{-1}", {"a": np.array([10])}, [0.1]),
        ("y = a^{-1}", {"a": torch.tensor([10])}, [0.1]),
        (r"s = \sum_i a_i^{20}", {"a": np.array([10, 0])}, 1e20),
        (r"s = \sum_{n=0}^{2 N - 1} 1", {"N": np.uint8(200)}, 400),
        (r"s = \sum_{n=0}^{N - 201} 1", {"N": np.uint8(200)}, 0),
    ],
)
def test_whole_numbers_and_truth_values_are_numbers(latex, values, wanted):
    assert_allclose(last(latex, values), wanted, rtol=1e-6)


def test_a_function_keeps_what_its_values_hold():
    s = x @ w
    known, roles = {"w": w, "x": x}, {"w": "vector", "x": "vector"}
    for latex in (
        r"s = w^\top x \\ f(z) = z / s \\ y = f(x)",
        r"f(a) = x / a \\ y = f(w^\top x)",
        r"f(a, z) = z / a \\ y = f(w^\top x, x)",
    ):
        assert_allclose(last(latex, known, roles), x / s[:, None])
    known, roles = {"X": X, "b": w}, {"X": "rows"}
    assert_allclose(last(r"f(Z) = Z^\top \\ y = f(X) + b", known, roles), X.T + w[:, None])
    known, roles = {"W": W, "X": X}, {"z": "vector", "W": "matrix"}
    assert_allclose(last(r"f(z) = W z \\ y = f(X)", known, roles), X @ W.T)


def test_a_function_is_applied_to_the_letter_that_it_was_defined_with():
    assert last(r"f(x) = x^2 \\ x = 3 \\ y = f(x)", {}) == 9
    assert last(r"f(x) = x^2 \\ y = f(3)", {}) == 9
    assert last(r"f(x) = x^2 \\ y = f(x) + f(2)", {"x": 3}) == 13


def test_arrays_with_one_axis_are_not_to_be_declared_matrices():
    with pytest.raises(ValueError, match=r'"h": "gate"\}$'):
        last("y = h x", {"h": w, "x": w})
    with pytest.raises(ValueError, match=r'roles=\{"F": "matrix", "C": "vector"\}, or'):
        last("y = F C", {"F": X, "C": W})


FROM_1 = {"x": "sequence from 1"}
MEANT = [
    (r"p = \prod_{i \neq k} x_i", {"x": np.array([2.0, 3.0, 5.0]), "k": 1}, None, 10.0),
    (
        r"L_j = \prod_{m \neq j} \frac{a - x_m}{x_j - x_m}",
        {"x": np.array([1.0, 2.0, 3.0]), "a": 1.5},
        None,
        [0.375, 0.75, -0.125],
    ),
    (r"y = a x + b \qquad (3)", {"a": 2.0, "x": np.array([1.0, 2.0]), "b": 1.0}, None, [3.0, 5.0]),
    (r"y_t = x_t \\ z = \sum_{t=1}^{2} y_t x_t", {"x": np.array([1.0, 2.0, 3.0])}, FROM_1, 5.0),
    (
        r"s = \sum_{i=1}^{2} x_{k_i}",
        {"x": np.array([1.0, 2.0, 3.0]), "k": np.array([3, 1, 2])},
        FROM_1 | {"k": "sequence from 1"},
        4.0,
    ),
    (r"P(A|B) = \frac{P(B|A) P(A)}{P(B)}", {"P(B|A)": 0.5, "P(A)": 0.2, "P(B)": 0.4}, None, 0.25),
    (r"y = \frac{dx}{dt}", {"dx": 6.0, "dt": 2.0, r"\frac{dx}{dt}": 9.0}, None, 9.0),
    ("y = 2^x", {"x": np.array([70])}, None, [2.0**70]),
    (r"p = \prod_i x_i", {"x": np.arange(1, 31)}, None, 2.6525285981219103e32),
    (r"y = \|x\|_2", {"x": np.array([4 * 10**9, 3 * 10**9])}, None, 5e9),
    (r"f(x) = x^2 \\ g(x) = f(x) + x \\ y = g(3)", {"x": 2.0}, None, 12.0),
    (r"f(a) = a^2 \\ g(a) = f(f(a)) \\ y = g(3)", {"a": 2.0}, None, 81.0),
    (r"f(a, b) = a - b \\ g(b, a) = f(a, b) \\ y = g(1, 5)", {"a": 5.0, "b": 2.0}, None, 4.0),
    (r"f(x) = x^2 \\ x \leftarrow x + 1 \\ y = f(x)", {"x": 2.0}, None, 9.0),
    (r"m = \sum_i a_i \\ y = a / m", {"a": X}, {"a": "vector"}, X / X.sum(1, keepdims=True)),
    (r"m = \max_i a_i \\ y = a - m", {"a": X}, {"a": "vector"}, X - X.max(1, keepdims=True)),
    (r"x^{k+1} = x^k - g", {"x^k": 2.0, "k": 3, "g": 1.0}, None, 1.0),
    (r"s = 0 \\ s = s + a", {"a": 2.0}, None, 2.0),
    (
        r"y = W x, \quad W \in \mathbb{R}^{2 \times 2}",
        {"W": np.eye(2), "x": np.ones(2)},
        None,
        [1, 1],
    ),
]


@pytest.mark.parametrize(("latex", "values", "roles", "meant"), MEANT)
def test_what_was_wrong_is_what_is_meant(latex, values, roles, meant):
    assert_allclose(last(latex, values, roles), meant)


def test_two_names_of_one_value_both_get_it():
    assert evaluate("a = b = 3", {}) == {"a": 3, "b": 3}


def test_counted_numbers_are_of_the_arrays_library():
    x = torch.arange(3.0, requires_grad=True)
    found = last(r"y_i = i x_i + \sum_{j \neq i} x_j", {"x": x})
    assert found.dtype == torch.float32
    assert_allclose(found.detach(), [3.0, 3.0, 5.0])
    (gradient,) = torch.autograd.grad(found.sum(), x)
    assert_allclose(gradient, [2.0, 3.0, 4.0])


def test_tensors_with_gradients_stand_in_front_of_brackets():
    a = torch.ones(3, requires_grad=True)
    found = last("y = W (a + b)", {"W": torch.eye(3), "a": a, "b": a})
    assert_allclose(found.detach(), [2.0, 2.0, 2.0])


SLOW_ONCE = [
    r"y = \begin{cases} "
    + r" \\ ".join(f"{i} x & x = {i}" for i in range(1, 10))
    + r" \end{cases}",
    "y = [" + ", ".join("x" * 20) + "]",
    r"y = \begin{cases} 1 & " + " < ".join("x" * 30) + r" \\ 0 & \text{otherwise} \end{cases}",
    "y = x" + "~ " * 2000 + "+ 1",
    "y = x" + r"\, " * 8000 + "+ 1",
    r" \\ ".join(f"a_{{{i}}} = a_{{{i + 1}}} + 1" for i in range(500)) + r" \\ a_{500} = x",
]


@pytest.mark.parametrize("latex", SLOW_ONCE, ids=range(len(SLOW_ONCE)))
def test_no_equation_takes_forever(latex):
    """Without a limit each takes minutes or forever."""
    code = "import numpy, sys; from lecture_code.equations import evaluate; "
    code += "evaluate(sys.argv[1], {'x': numpy.array([1.0, 2.0, 3.0])})"
    subprocess.run([sys.executable, "-c", code, latex], check=True, timeout=120)

"""Lines with indices and sums: against numpy written another way, and the errors."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.equations import evaluate
from lecture_code.equations.evaluator import UnknownSymbolError
from lecture_code.ops import sigmoid

TOLERANCE = 1e-12
RANDOM = np.random.default_rng(0)
A, B = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=(3, 5))
x, y = RANDOM.normal(size=7), RANDOM.normal(size=7)


def value(latex, **known):
    """The one result of an equation, from values by the letters of their symbols."""
    [result] = evaluate(latex, known).values()
    return result


# What a sum computes -----------------------------------------------------------------------------

CASES = {
    r"s = \sum_n x_n": x.sum(),
    r"s = \sum_{n} x_{n}": x.sum(),
    r"s = \sum_{n=0}^{2} x_n": x[:3].sum(),
    r"s = \sum_{n=1}^{k+1} x_n": x[1:4].sum(),
    r"s = \sum_{n=0}^{2k} x_n": x[:5].sum(),
    r"s = \sum_n x_n y_n": x @ y,
    r"s = \sum_n x_n + c": x.sum() + 10,
    r"s = \sum_n (x_n + c)": (x + 10).sum(),
    r"s = \sum_n c x_n": 10 * x.sum(),
    r"s = c \sum_n x_n": 10 * x.sum(),
    r"s = \sum_n x_n - \sum_n y_n": x.sum() - y.sum(),
    r"s = \sum_n x_n^2": (x**2).sum(),
    r"s = (\sum_n x_n)^2": x.sum() ** 2,
    r"s = \frac{\sum_n x_n y_n}{\sum_n x_n^2}": (x @ y) / (x @ x),
    r"s = \sqrt{\sum_n x_n^2}": np.sqrt(x @ x),
    r"s = \sum_n \sigma(x_n)": sigmoid(x).sum(),
    r"s = \sum_n (-x_n)": -x.sum(),
    r"s = \sum_{n=0}^{3} 5": 20,
    r"s = \sum_n \sum_m A_{n,m}": A.sum(),
    r"s = \sum_{t=0}^{4} x_t x_{t+k}": (x[:5] * x[2:]).sum(),
    r"D_{i,j} = x_{i+j} A_{i,j}": np.array([[x[i + j] for j in range(3)] for i in range(4)]) * A,
    r"d_i = \sum_j A_{i,j}": A.sum(1),
    r"d_j = \sum_i A_{i,j}": A.sum(0),
    r"D_{i,j} = A_{i,j}": A,
    r"D_{j,i} = A_{i,j}": A.T,
    r"D_{i,k} = \sum_j A_{i,j} B_{j,k}": A @ B,
    r"D_{i,j} = x_i y_j": np.outer(x, y),
    r"d_i = \sum_j A_{i,j} \sum_k B_{j,k}": A @ B.sum(1),
    r"D_{i,j} = \frac{A_{i,j}}{\sum_m A_{i,m}}": A / A.sum(1, keepdims=True),
}


@pytest.mark.parametrize("latex, expected", CASES.items(), ids=CASES)
def test_a_line_with_indices(latex, expected):
    # A letter that the line counts hides the value of the same name, as k and n here.
    result = value(latex, x=x, y=y, A=A, B=B, c=10, k=2, n=99)
    assert np.shape(result) == np.shape(expected)
    assert_allclose(result, expected, rtol=0, atol=TOLERANCE)


def test_the_result_has_the_arrays_name():
    assert list(evaluate(r"D_{i,j} = A_{j,i}", {"A": A})) == ["D"]


def test_a_later_line_reads_an_earlier_ones_entries():
    lines = r"d_i = \sum_j A_{i,j} \\ s = \sum_i d_i^2"
    assert_allclose(evaluate(lines, {"A": A})["s"], (A.sum(1) ** 2).sum(), rtol=0, atol=TOLERANCE)


def test_a_line_with_indices_stands_beside_one_without():
    lines = r"y = W x \\ s = \sum_i y_i"
    result = evaluate(lines, {"W": A, "x": np.ones(3)})
    assert_allclose(result["s"], A.sum(), rtol=0, atol=TOLERANCE)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.integers(0, 100))
def test_a_product_of_matrices_of_any_shape(rows, inner, columns, seed):
    random = np.random.default_rng(seed)
    left, right = random.normal(size=(rows, inner)), random.normal(size=(inner, columns))
    ours = value(r"D_{i,k} = \sum_j L_{i,j} R_{j,k}", L=left, R=right)
    assert_allclose(ours, np.einsum("ij,jk->ik", left, right), rtol=0, atol=TOLERANCE)


@given(st.integers(1, 3), st.integers(1, 3), st.integers(0, 4), st.integers(1, 3))
def test_a_sliding_kernel_of_any_shape_and_stride(height, width, more, stride):
    image = RANDOM.normal(size=(height + more, width + more))
    kernel = RANDOM.normal(size=(height, width))
    latex = r"Y_{i,j} = \sum_m \sum_n w_{m,n} X_{s i+m,s j+n}"
    ours = value(latex, X=image, w=kernel, s=stride)
    theirs = torch.nn.functional.conv2d(
        torch.tensor(image)[None, None], torch.tensor(kernel)[None, None], stride=stride
    )[0, 0]
    assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


def test_axes_in_front_of_the_indexed_ones_are_kept():
    batch = RANDOM.normal(size=(2, 6, 4, 3))
    assert_allclose(value(r"d_i = \sum_j A_{i,j}", A=batch), batch.sum(-1), rtol=0, atol=TOLERANCE)


def test_a_tensor_gives_a_tensor():
    ours = value(r"d_i = \sum_j A_{i,j} x_j", A=torch.tensor(A), x=torch.ones(3).double())
    assert isinstance(ours, torch.Tensor)
    assert_allclose(ours, A.sum(1), rtol=0, atol=TOLERANCE)


def test_a_subscript_without_a_count_is_a_name():
    assert value(r"y = W_h x", **{"W_h": A, "x": np.ones(3)}).shape == (4,)
    assert value(r"y_t = x_t + x_{t+1}", **{"x_t": 1, "x_{t+1}": 2}) == 3


# Compositions and functions ----------------------------------------------------------------------


def test_a_composition_is_read_from_right_to_left():
    known = {"f": lambda v: 10 * v, "g": lambda v: v + 1, "x": x}
    assert_array_equal(evaluate(r"y = (f \circ g)(x)", known)["y"], 10 * (x + 1))
    assert_array_equal(evaluate(r"y = f(g(x))", known)["y"], 10 * (x + 1))
    assert_array_equal(
        evaluate(r"y = (f \circ \sigma \circ g)(x)", known)["y"], 10 * sigmoid(x + 1)
    )


def test_a_function_without_brackets_is_refused():
    with pytest.raises(ValueError, match=r"`f x`: what a function is applied to stands in brack"):
        evaluate("y = f x", {"f": np.tanh, "x": x})


def test_an_array_in_a_composition_is_refused():
    with pytest.raises(TypeError, match="`A`: expected a function, got ndarray"):
        evaluate(r"y = (A \circ f)(x)", {"A": A, "f": np.tanh, "x": x})


def test_a_star_is_the_cross_correlation():
    image, kernel = RANDOM.normal(size=(5, 6)), RANDOM.normal(size=(2, 3))
    theirs = torch.nn.functional.conv2d(
        torch.tensor(image)[None, None], torch.tensor(kernel)[None, None]
    )[0, 0]
    for sign in ("*", r"\ast"):
        ours = value(f"Y = w {sign} X", w=kernel, X=image)
        assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


def test_roots_and_signs():
    assert_array_equal(value(r"y = \sqrt{x}", x=np.array([0.0, 4.0, 9.0])), [0, 2, 3])
    assert_array_equal(value(r"y = \operatorname{sgn}(x)", x=np.array([-2.0, 0, 3])), [-1, 0, 1])
    assert value(r"y = \sqrt{x}", x=2.25) == 1.5


# Errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "says"),
    [
        (r"s = \sum_n A_{n,m}", "the index m is on no sum around it, not on the left"),
        (r"s = \sum_n c", "nothing tells which values the index n runs over"),
        (r"s = \sum_{n=0}^{7} x_n", "runs from 0 to 7, on an axis of length 7"),
        (r"s = \sum_{n=0}^{3} x_{n-1}", "runs from -1 to 2, on an axis of length 7"),
        (r"s = \sum_n x_n A_{n,0}", "runs over 4 values in one place and over 7 in another"),
        (r"s = \sum_n x_{n,n}", r"2 indices, but `x` has shape \(7,\)"),
        (r"s = \sum_n x_n A", r"`A` of shape \(4, 3\): in a line with indices every array needs"),
        (r"s = \sum_n \sum_n x_n", "the index n is in use around this sum"),
        (r"d_n = \sum_n x_n", "the index n is in use around this sum"),
        (r"s = \sum_{n=0}^{2} x_{n^2}", "is no index; one is made of letters and whole numbers"),
        (r"s = \sum_{n=0}^{2} x_{n+c}", "is no index"),
    ],
)
def test_what_has_no_meaning_is_refused(latex, says):
    with pytest.raises(ValueError, match=says):
        evaluate(latex, {"x": x, "A": A, "c": 0.5})


def test_an_unknown_array_is_named():
    with pytest.raises(UnknownSymbolError, match="unknown symbol `z`"):
        evaluate(r"s = \sum_n x_n z_n", {"x": x})

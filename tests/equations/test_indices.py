"""Lines with indices and sums: against numpy written another way, and the errors."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.core.ops import sigmoid
from lecture_code.equations import AmbiguousError, EquationSyntaxError, UnknownSymbolError, evaluate

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
    r"s = \sum_{n=1}^{7} x_n": x.sum(),
    r"s = \sum_{n=1}^{N} x_n": x.sum(),
    r"s = \sum_{n=3}^{N} x_n": x[2:].sum(),
    r"s = \frac{1}{N} \sum_{n=1}^{N} x_n^2": (x**2).mean(),
    r"s = \sum_{n=1}^{4} \sum_{m=1}^{3} A_{n,m}": A.sum(),
    r"d_n = \sum_{m=1}^{3} A_{n,m}": A.sum(1),
    r"s = \sum_{n=1}^{k} 5": 10,
    r"s = \sum_{n=0}^{2k} x_n": x[:5].sum(),
    r"s = \sum_n x_n y_n": x @ y,
    r"s = \sum_n x_n + c": x.sum() + 10,
    r"s = \sum_n (x_n + c)": (x + 10).sum(),
    r"s = \sum_n c x_n": 10 * x.sum(),
    r"s = \sum_n x_n * y_n": x @ y,
    r"s = \sum_n x_n \otimes y_n / c": x @ y / 10,
    r"s = \sum_n x_n / y_n": (x / y).sum(),
    r"s = \frac{1}{c} \sum_n x_n \odot y_n + c": x @ y / 10 + 10,
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
    r"d_i = \sum_j A_{ij}": A.sum(1),
    r"D_{ik} = \sum_j A_{ij} B_{jk}": A @ B,
    r"D_{ij} = \frac{A_{ij}}{\sum_m A_{im}}": A / A.sum(1, keepdims=True),
    r"s = -\frac{1}{2} \sum_i \sum_j A_{ij} x_i y_j": -(x[:4] @ A @ y[:3]) / 2,
    r"d_i = \sum_j A_{i,j}": A.sum(1),
    r"d_j = \sum_i A_{i,j}": A.sum(0),
    r"D_{i,j} = A_{i,j}": A,
    r"D_{j,i} = A_{i,j}": A.T,
    r"D_{i,k} = \sum_j A_{i,j} B_{j,k}": A @ B,
    r"D_{i,j} = x_i y_j": np.outer(x, y),
    r"d_i = \sum_j A_{i,j} \sum_k B_{j,k}": A @ B.sum(1),
    r"D_{i,j} = \frac{A_{i,j}}{\sum_m A_{i,m}}": A / A.sum(1, keepdims=True),
    r"s = \sum_{n=0}^{2} x_n - \sum_{n=k}^{5} y_n": x[:3].sum() - y[2:6].sum(),
    r"s = \sum_{n=0}^{k-3} x_n": 0.0,
    r"s = \sum_{n=3}^{k} 5": 0,
    r"s = \sum_n x_{2 n}": x[::2].sum(),
    r"s = \sum_{t=k}^{6} x_{t-k} x_t": (x[:5] * x[2:]).sum(),
    r"s = \sum_n \exp(\sum_m A_{n,m})": np.exp(A.sum(1)).sum(),
    r"s = (\sum_n x_n) (\sum_n y_n)": x.sum() * y.sum(),
    r"s = -\sum_n x_n / c": -x.sum() / 10,
    r"s = \sum_n 2 x_n \cdot y_n": 2 * (x @ y),
    r"s = \sum_n \sum_m \sum_p A_{n,m} B_{m,p} y_p": A.sum(0) @ (B @ y[:5]),
    r"d_i = A_{i,0} \otimes \sum_j A_{i,j} - c": A[:, 0] * A.sum(1) - 10,
    r"d_i = \frac{1}{k} \sum_j A_{i,j}^2": (A**2).sum(1) / 2,
}


@pytest.mark.parametrize("latex, expected", CASES.items(), ids=CASES)
def test_a_line_with_indices(latex, expected):
    # A letter that the line counts hides the value of the same name, as k and n here.
    known = {"y": y[:5]} if "p" in latex else {"y": y}
    if "x_i y_j" in latex and "s =" in latex:
        known = {"y": y[:3]}
    result = value(
        latex, x=x[:4] if len(known["y"]) == 3 else x, A=A, B=B, c=10, k=2, n=99, N=7, **known
    )
    assert np.shape(result) == np.shape(expected)
    assert_allclose(result, expected, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(
    ("left", "name"),
    [
        ("D_{i,j}", "D"),
        (r"\hat{D}_{i,j}", r"\hat D"),
        ("D_{i,j}^{(1)}", "D^{(1)}"),
        (r"\frac{\partial z}{\partial D_{i,j}}", r"\frac{\partial z}{\partial D}"),
    ],
)
def test_the_result_has_the_arrays_name(left, name):
    assert list(evaluate(f"{left} = A_{{j,i}}", {"A": A})) == [name]


def test_a_derivative_has_the_indices_above_and_below():
    jacobian = {r"\frac{\partial z}{\partial w}": A}
    latex = r"D_{i,k} = \sum_j \frac{\partial z_i}{\partial w_j} v_{j,k}"
    ours = evaluate(latex, {**jacobian, "v": B})
    assert_allclose(ours["D"], A @ B, rtol=0, atol=TOLERANCE)


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


@given(st.integers(1, 9), st.data())
def test_a_sum_with_limits_takes_the_first_and_the_last(length, data):
    series = RANDOM.normal(size=length)
    first = data.draw(st.integers(0, length - 1))
    last = data.draw(st.integers(first - 1, length - 1))
    ours = value(r"s = \sum_{n=a}^{b} x_n^2", x=series, a=first, b=last)
    assert_allclose(ours, (series[first : last + 1] ** 2).sum(), rtol=0, atol=TOLERANCE)


@given(st.integers(1, 9), st.data())
def test_a_shifted_series_is_its_own_past(length, data):
    series = RANDOM.normal(size=length)
    lag = data.draw(st.integers(0, length - 1))
    expected = np.correlate(series, series, "full")[length - 1 + lag]
    with_limits = value(r"s = \sum_{t=0}^{T-k-1} x_t x_{t+k}", x=series, T=length, k=lag)
    assert_allclose(with_limits, expected, rtol=0, atol=TOLERANCE)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(0, 3))
def test_windows_of_a_sequence_of_any_shape(window, features, outputs, more):
    """The one-dimensional convolution of a sequence, whose free indices are found."""
    sequence = RANDOM.normal(size=(window + more, features))
    kernel = RANDOM.normal(size=(window, features, outputs))
    latex = r"Y_{t,o} = \sum_m \sum_f w_{m,f,o} X_{t+m,f}"
    views = np.lib.stride_tricks.sliding_window_view(sequence, window, axis=0)
    expected = np.einsum("tfm,mfo->to", views, kernel)
    assert_allclose(value(latex, X=sequence, w=kernel), expected, rtol=0, atol=TOLERANCE)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_the_order_of_two_sums_makes_no_difference(rows, columns, depth, batch):
    array = RANDOM.normal(size=(batch, rows, columns, depth))
    roles = {"A": "vector"}
    inner = evaluate(r"d_k = \sum_i \sum_j A_{i,j,k}", {"A": array}, roles)["d"]
    outer = evaluate(r"d_k = \sum_j \sum_i A_{i,j,k}", {"A": array}, roles)["d"]
    assert_allclose(inner, array.sum((1, 2)), rtol=0, atol=TOLERANCE)
    assert_allclose(outer, inner, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_float32_stays_float32(convert):
    series = convert(x.astype("float32"))
    latex = r"m = \frac{1}{T} \sum_{t=0}^{T-1} x_t \\ s = \sqrt{\frac{1}{T} \sum_t (x_t - m)^2}"
    result = evaluate(latex, {"x": series, "T": 7})
    assert all(number.dtype == series.dtype for number in result.values())
    assert_allclose(float(result["s"]), x.std(), rtol=0, atol=1e-6)  # float32


def test_gradients_flow_through_sums_and_indices():
    image, kernel = (torch.tensor(array, requires_grad=True) for array in (A, A[:2, :2].copy()))

    def outputs(X, w):
        return value(r"Y_{i,j} = \sigma(\sum_m \sum_n w_{m,n} X_{i+m,j+n})", X=X, w=w)

    assert torch.autograd.gradcheck(outputs, (image, kernel))


def test_axes_in_front_of_the_indexed_ones_are_kept():
    batch = RANDOM.normal(size=(2, 6, 4, 3))
    last = evaluate(r"d_i = \sum_j A_{i,j}", {"A": batch}, {"A": "vector"})["d"]
    assert_allclose(last, batch.sum(-1), rtol=0, atol=TOLERANCE)
    first = evaluate(r"d_i = \sum_j A_{i,j}", {"A": batch}, {"A": "sequence"})["d"]
    assert_allclose(first, batch.sum(1), rtol=0, atol=TOLERANCE)
    with pytest.raises(AmbiguousError, match="has 2 of 4 axes with an index"):
        value(r"d_i = \sum_j A_{i,j}", A=batch)


def test_where_sizes_tell_on_which_axis_an_index_stands_nothing_is_declared():
    h, weights = RANDOM.normal(size=(7, 5)), RANDOM.normal(size=(4, 7))
    context = value(r"c_i = \sum_j \alpha_{ij} h_j", **{"h": h, r"\alpha": weights})
    assert_allclose(context, weights @ h, rtol=0, atol=TOLERANCE)
    with pytest.raises(AmbiguousError, match="has 1 of 2 axes with an index"):
        value(r"c_i = \sum_j \alpha_{ij} h_j", **{"h": A[:3], r"\alpha": A})


def test_entries_of_given_arrays_are_computed_one_by_one():
    result = evaluate(r"l_n = x_n y_n + (1 - x_n) c", {"x": x, "y": y, "c": 2.0})
    assert_allclose(result["l"], x * y + (1 - x) * 2, rtol=0, atol=TOLERANCE)
    assert evaluate("y_t = x_t + 1", {"x_t": 1.0, "x": x}) == {"y_t": 2.0}


def test_an_entry_of_a_sequence_is_a_vector():
    """The context of an attention: its size does not tell on which axis the index stands."""
    for features in (5, 7):
        h, weights = RANDOM.normal(size=(7, features)), RANDOM.normal(size=(4, 7))
        known, roles = {"h": h, r"\alpha": weights}, {"h": "sequence"}
        context = evaluate(r"c_i = \sum_{j=1}^{7} \alpha_{ij} h_j", known, roles)["c"]
        assert_allclose(context, weights @ h, rtol=0, atol=TOLERANCE)


def test_a_tensor_gives_a_tensor():
    ours = value(r"d_i = \sum_j A_{i,j} x_j", A=torch.tensor(A), x=torch.ones(3).double())
    assert isinstance(ours, torch.Tensor)
    assert_allclose(ours, A.sum(1), rtol=0, atol=TOLERANCE)


def test_a_name_may_hold_a_comma():
    known = {"W_{x,h}": A, "x": np.ones(3), "b_{h, f}": np.ones(4)}
    result = evaluate(r"h_{t,f} = W_{x,h} x + b_{h,f} \\ y = 2 h_{t,f}", known)
    assert_allclose(result["y"], 2 * (A.sum(1) + 1), rtol=0, atol=TOLERANCE)
    assert list(result) == ["h_{t,f}", "y"]
    beside = evaluate(r"d_i = \sum_j W_{x,h} A_{ij}", {"W_{x,h}": 2.0, "A": A})
    assert_allclose(beside["d"], 2 * A.sum(1), rtol=0, atol=TOLERANCE)


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


@pytest.mark.parametrize(
    "latex",
    [
        *("f + x", "x - f", r"f \otimes x", "x / f", "-f", "f^2", r"\tanh(f)", r"\sqrt{f}"),
        *("[f, x]", "x f", "2 f", "f(f)", "f(2) f", r"f^\top", r"(f \circ f) + x", "x * f"),
    ],
)
def test_a_function_where_a_number_should_be_is_refused(latex):
    with pytest.raises(TypeError, match=r"`f.*`: expected an array or a number, got a function"):
        evaluate(f"y = {latex}", {"f": np.tanh, "x": x})


def test_a_function_takes_what_stands_in_the_next_brackets_and_no_more():
    def double(v):
        return 2 * v

    known = {"f": double, "g": np.exp, "x": x}
    for latex, expected in {
        "f(x)": 2 * x,
        "f[x]": 2 * x,
        "f[x, x]": 2 * np.concatenate([x, x]),
        "f(2) x": 4 * x,
        r"f(2) \cdot x": 4 * x,
        "x f(2)": 4 * x,
        "3 f(x)": 6 * x,
        "f(f(x + 1))": 4 * (x + 1),
        r"f(x) \otimes g(x)": 2 * x * np.exp(x),
        r"\tanh(f(x)) + g(x)": np.tanh(2 * x) + np.exp(x),
        r"(\tanh \circ f)(x)": np.tanh(2 * x),
    }.items():
        assert_allclose(evaluate(f"y = {latex}", known)["y"], expected, rtol=0, atol=TOLERANCE)


def test_a_function_of_a_number_gives_a_number_or_an_array():
    known = {"f": lambda v: v * np.ones(3), "g": np.exp}
    assert_array_equal(evaluate("y = f(2)", known)["y"], [2, 2, 2])
    assert type(evaluate("y = g(0)", known)["y"]) is float


def test_a_composition_has_a_name_and_is_applied_in_a_later_line():
    known = {"f": lambda v: 10 * v, "x": x}
    result = evaluate(r"g = f \circ \tanh \\ y = g(x)", known)
    assert_array_equal(result["y"], 10 * np.tanh(x))


def test_a_function_in_a_line_with_indices_takes_one_entry_at_a_time():
    found = evaluate(r"s = \sum_n f(x_n)", {"f": lambda x: x if x > 0 else 0 * x, "x": x})
    np.testing.assert_allclose(found["s"], x[x > 0].sum())
    with pytest.raises(TypeError, match="`f`: expected a number, got a function; in a line with i"):
        evaluate(r"s = \sum_n x_n f", {"f": np.tanh, "x": x})
    with pytest.raises(ValueError, match=r"`f \\circ f`: a line with indices computes with numb"):
        evaluate(r"s = \sum_n (f \circ f)(x_n)", {"f": np.tanh, "x": x})


def test_an_array_in_a_composition_is_refused():
    with pytest.raises(TypeError, match="`A`: expected a function, got ndarray"):
        evaluate(r"y = (A \circ f)(x)", {"A": A, "f": np.tanh, "x": x})


KERNELS = {"w": "kernel"}
BOTH = {"v": "kernel", "w": "kernel"}


def test_a_star_is_the_cross_correlation():
    image, kernel = RANDOM.normal(size=(5, 6)), RANDOM.normal(size=(2, 3))
    theirs = torch.nn.functional.conv2d(
        torch.tensor(image)[None, None], torch.tensor(kernel)[None, None]
    )[0, 0]
    for sign in ("*", r"\ast"):
        ours = evaluate(f"Y = w {sign} X", {"w": kernel, "X": image}, KERNELS)["Y"]
        assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


def test_a_star_takes_batches_and_tensors_and_keeps_their_dtype():
    images, kernel = torch.randn(3, 2, 5, 6), torch.randn(2, 3)
    theirs = torch.nn.functional.conv2d(images.reshape(6, 1, 5, 6), kernel[None, None])
    ours = evaluate("Y = w * X", {"w": kernel, "X": images}, KERNELS)["Y"]
    assert isinstance(ours, torch.Tensor) and ours.dtype == torch.float32
    assert_allclose(ours, theirs.reshape(3, 2, 4, 4), rtol=0, atol=1e-5)  # float32


def test_a_star_binds_like_a_product():
    image, kernel = RANDOM.normal(size=(4, 4)), RANDOM.normal(size=(2, 2))
    known = {"w": kernel, "X": image, "b": 2.0, "Y": image[:3, :3]}
    slid = evaluate("Y = w * X", {"w": kernel, "X": image}, KERNELS)["Y"]
    for latex, expected in {
        "w * X + b": slid + 2,
        "b - w * X": 2 - slid,
        "-w * X": -slid,
        r"w * X \otimes Y": slid * image[:3, :3],
        "w * X / 2": slid / 2,
        "2 w * X": 2 * slid,
        r"\sigma(w * X + b)": sigmoid(slid + 2),
    }.items():
        ours = evaluate(f"Z = {latex}", known, KERNELS)["Z"]
        assert_allclose(ours, expected, rtol=0, atol=TOLERANCE)


def test_two_kernels_in_a_row_need_brackets():
    """The cross-correlation is not associative: both ways to read them would have a value."""
    first, second = RANDOM.normal(size=(2, 2)), RANDOM.normal(size=(2, 2))
    known = {"v": second, "w": first, "X": RANDOM.normal(size=(5, 5))}
    inner = evaluate("Y = v * (w * X)", known, BOTH)["Y"]
    outer = evaluate("Y = (v * w) * X", known, BOTH)["Y"]
    assert inner.shape == (3, 3) and outer.shape == (5, 5)
    for latex in ("v * w * X", r"v \otimes w * X", r"v \ast w \ast X"):
        with pytest.raises(EquationSyntaxError, match="a convolution joins two terms; beside anot"):
            evaluate(f"Y = {latex}", known, BOTH)


@pytest.mark.parametrize(
    ("kernel", "image", "says"),
    [
        ((2,), (5, 5), "a convolution takes a kernel with two axes and an image with two or more"),
        ((1, 2, 2), (5, 5), "a convolution takes a kernel with two axes"),
        ((2, 2), (5,), "an image with two or more"),
        ((2, 6), (5, 5), "the kernel is larger than the image"),
        ((6, 2), (5, 5), "the kernel is larger than the image"),
    ],
    ids=str,
)
def test_a_kernel_that_does_not_fit_is_refused(kernel, image, says):
    with pytest.raises(ValueError, match=r"`w \* X`: `w` of shape .* and `X` of shape .*" + says):
        evaluate("Y = w * X", {"w": np.ones(kernel), "X": np.ones(image)}, KERNELS)


def test_a_star_without_a_kernel_is_a_product():
    """Shapes that broadcast are no convolution: LSTMs are printed with stars."""
    f, c = RANDOM.normal(size=(2, 2, 3))
    for sign in ("*", r"\ast"):
        assert_array_equal(
            value(f"y = f {sign} c + c {sign} c {sign} f", f=f, c=c), f * c + c * c * f
        )
    with pytest.raises(
        ValueError, match=r"shapes differ; if \* is a convolution, declare its kernel"
    ):
        value("y = w * X", w=np.ones((2, 2)), X=np.ones((4, 4)))


def test_a_kernel_may_stand_on_the_right_and_a_star_may_be_declared():
    image, kernel = RANDOM.normal(size=(5, 6)), RANDOM.normal(size=(2, 3))
    slid = evaluate("Y = w * X", {"w": kernel, "X": image}, KERNELS)["Y"]
    for latex, roles in {"Y = X * w": KERNELS, "Y = w * X": {"*": "convolution"}}.items():
        assert_array_equal(evaluate(latex, {"w": kernel, "X": image}, roles)["Y"], slid)


def test_roots_and_signs():
    assert_array_equal(value(r"y = \sqrt{x}", x=np.array([0.0, 4.0, 9.0])), [0, 2, 3])
    assert_array_equal(value(r"y = \operatorname{sgn}(x)", x=np.array([-2.0, 0, 3])), [-1, 0, 1])
    assert value(r"y = \sqrt{x}", x=2.25) == 1.5


# Errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "says"),
    [
        (r"s = \sum_n A_{n,m}", "`A_{n,m}`: the index m is on no sum around it and on no"),
        (r"s = \sum_n c", "nothing tells which values the index n runs over"),
        (r"s = \sum_{n=0}^{7} x_n", "runs from 0 to 7, on an axis of length 7"),
        (r"s = \sum_{n=0}^{3} x_{n-1}", "runs from -1 to 2, on an axis of length 7"),
        (
            r"s = \sum_{n=1}^{6} x_n",
            "the index n begins at 1, and it is not clear whether the first",
        ),
        (r"s = \sum_{n=1}^{3} x_n", "it ends at 3, and they have 7 entries; declare what"),
        (r"s = \sum_{n=1}^{N} n x_n", "they have 7 entries; it is also a number here"),
        (r"s = \sum_{n=2}^{N} x_n x_{n-1}", "the index n begins at 2, and it is not clear"),
        (r"s = \sum_n x_n A_{n,0}", "runs over 4 values in one place and over 7 in another"),
        (r"s = \sum_n x_{n,n}", r"2 indices, but `x` has shape \(7,\)"),
        (r"s = \sum_n x_n A", r"`A` of shape \(4, 3\): in a line with indices every array needs"),
        (r"s = \sum_n \sum_n x_n", "the index n is in use around this sum"),
        (r"d_n = \sum_n x_n", "the index n is in use around this sum"),
        (r"s = \sum_{n=0}^{2} x_{n^2}", "is no index; one is made of letters and whole numbers"),
        (
            r"s = \sum_{n=0}^{2} x_{n+c}",
            "`x_{n.c}`: the index c .* no whole number is given for it",
        ),
        (r"s = \sum_n x_{n+K}", "the index n runs over"),
        (r"s = \sum_{n=0}^{2} x_{n+K}", "`x_{n.K}`: the index K .* no whole number is given"),
        (r"s = \sum_{n=0}^{c} x_n", "no whole number is given for c; a limit cannot depend on"),
        (r"s = \sum_{n=0}^{2.5} x_n", r"`2.5` is no index"),
        (r"d_i = \sum_{m=0}^{i} A_{i,m}", "no whole number is given for i; a limit cannot depend"),
        (r"s = \sum_{n=0}^{3} \sum_{m=0}^{n} x_m", "no whole number is given for n; a limit can"),
        (r"s = \sum_n x_n - \sum_{n=0}^{2} x_n", "the index n has limits in one sum and none in"),
        (r"s = \frac{\sum_{n=0}^{2} x_n}{\sum_n x_n}", "the index n has limits in one sum and non"),
        (r"d_i = x_i A_{i,0}", "the index i runs over 4 values in one place and over 7 in another"),
        (r"D_{i,j} = \sum_{m=0}^{1} x_{i+m} A_{i+m,j}", "the index i runs over 3 values in one"),
        (r"s = \sum_n x_n y_{n+2}", r"`y_{n\+2}`: the index n\+2 runs from 2 to 8, on an axis of"),
        (r"s = \sum_n x_n \sum_n x_n", "the index n is in use around this sum"),
        (r"s = \sum_n z_n", "which values the index n runs over; no value is given for `z`"),
        (r"s = \sum_n x_{k-n}", "nothing tells which values the index n runs over"),
        (r"y_t = \sum_m x_m x_{t+m}", "`x_{t.m}`: the index t is on no sum around it and on no"),
        (
            r"s = \sum_n [x_n, x_n]",
            r"`\[x_n, x_n\]`: a line with indices computes with numbers only",
        ),
    ],
)
def test_what_has_no_meaning_is_refused(latex, says):
    with pytest.raises(ValueError, match=says):
        evaluate(latex, {"x": x, "y": y, "A": A, "N": 7, "c": 0.5, "k": 2, "K": np.array([0, 1])})


@pytest.mark.parametrize(
    "left", ["D_{i,i}", "[D_{i,j}, e]", "[e, D_{i,j}]", "D_{i+1,j}", "D_{i,0}"]
)
def test_on_the_left_stands_one_array_with_letters(left):
    with pytest.raises(EquationSyntaxError, match="line 1, column 1: expected one symbol on the "):
        evaluate(f"{left} = A_{{i,j}}", {"A": A})


def test_an_unknown_array_is_named():
    with pytest.raises(UnknownSymbolError, match="unknown symbol `z`"):
        evaluate(r"s = \sum_n x_n z_n", {"x": x})

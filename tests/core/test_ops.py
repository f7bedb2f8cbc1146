"""What the sections share: σ, tanh, the rectifier, concatenation, products, and parts."""

import math
import re
from decimal import Decimal, localcontext
from types import SimpleNamespace

import array_api_compat
import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code.core import ops
from lecture_code.core.ops import (
    affine,
    compose,
    concat,
    exp,
    linear,
    log,
    namespace,
    relu,
    sigmoid,
    split,
    tanh,
)
from lecture_code.equations import evaluate

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

NAN, INF = math.nan, math.inf
BATCHES = [(), (3,), (2, 3)]


class Kind:
    """A library and a dtype: makes arrays, and recognises its own."""

    def __init__(self, library, dtype):
        self.library, self.name = library, dtype
        self.dtype = getattr(library, dtype)
        self.eps = np.finfo(dtype).eps

    def __call__(self, values):
        if self.library is np:
            return np.asarray(values, self.dtype)
        return torch.tensor(np.asarray(values), dtype=self.dtype)

    def owns(self, array):
        expected = torch.Tensor if self.library is torch else np.ndarray | np.generic
        return isinstance(array, expected) and array.dtype == self.dtype

    def __repr__(self):
        return f"{self.library.__name__} {self.name}"


NUMPY = [Kind(np, dtype) for dtype in ("float16", "float32", "float64")]
TORCH = [Kind(torch, dtype) for dtype in ("float32", "float64")]
every_kind = pytest.mark.parametrize("kind", NUMPY + TORCH, ids=repr)
every_batch = pytest.mark.parametrize("batch", BATCHES, ids=str)


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def exact_sigmoid(x):
    """The logistic function of every number, from 40 decimal digits."""
    with localcontext(prec=40):
        values = [float(1 / (1 + (-Decimal(float(number))).exp())) for number in np.ravel(x)]
    return np.reshape(values, np.shape(x))


# SIGMOID


@pytest.mark.parametrize(
    "kind, lowest, highest, rtol",
    [
        (NUMPY[2], -700, 700, 1e-14),
        (TORCH[1], -700, 700, 1e-14),
        # As far down as the result is a normal number; some units in the last place.
        (NUMPY[1], -87, 88, 1e-6),
        (TORCH[0], -87, 88, 1e-6),
        (NUMPY[0], -9.5, 11, 2e-3),
    ],
    ids=["numpy float64", "torch float64", "numpy float32", "torch float32", "numpy float16"],
)
def test_sigmoid_is_accurate_over_its_whole_range(kind, lowest, highest, rtol):
    grid = np.concatenate(
        [np.linspace(lowest, highest, 501), np.linspace(-8, 8, 101), [1e-4, -1e-4, 0]]
    )
    x = kind(grid)
    assert_allclose(sigmoid(x), exact_sigmoid(x), rtol=rtol, atol=0)


@pytest.mark.filterwarnings("error")
@every_kind
def test_sigmoid_reaches_its_limits_without_a_warning(kind):
    x = kind([-INF, -1000, 0, 1000, INF, NAN])
    with np.errstate(all="raise"):
        y = sigmoid(x)
    assert_array_equal(y, [0, 0, 0.5, 1, 1, NAN])
    assert kind.owns(y)


@pytest.mark.parametrize("over", ["ignore", "warn", "raise"])
def test_sigmoid_leaves_numpys_settings_as_they_are(over):
    with np.errstate(over=over):
        sigmoid(np.array([-1000.0]))
        assert np.geterr()["over"] == over


@every_kind
def test_sigmoid_is_symmetric(kind):
    x = kind(np.linspace(-12, 12, 97))
    assert_allclose(sigmoid(x) + sigmoid(-x), np.ones(97), rtol=0, atol=kind.eps)


@every_kind
def test_sigmoid_is_what_its_equation_computes(kind):
    x = kind(np.linspace(-8, 8, 33))
    y = evaluate(r"y = \frac{1}{1 + \exp(-x)}", {"x": x})["y"]
    assert_allclose(sigmoid(x), y, rtol=8 * kind.eps, atol=0)


@pytest.mark.parametrize("kind", TORCH, ids=repr)
def test_the_gradient_of_sigmoid_is_finite_and_right(kind):
    x = kind([0.0, 2.0, -2.0, 1000.0, -1000.0, INF, -INF]).requires_grad_()
    sigmoid(x).sum().backward()
    at_2 = math.exp(-2) / (1 + math.exp(-2)) ** 2
    assert_allclose(x.grad, [0.25, at_2, at_2, 0, 0, 0, 0], rtol=16 * kind.eps, atol=0)


@pytest.mark.parametrize("dtype", ["int8", "int64", "uint8", "bool"])
@pytest.mark.parametrize("function", [sigmoid, tanh])
def test_integers_are_taken_as_the_numbers_that_they_are(function, dtype):
    x = np.array([0, 1, 2, 100, 128, 200]).astype(dtype)
    with np.errstate(all="raise"):
        y = function(x)
    assert y.dtype.kind == "f"
    assert_allclose(y, function(x.astype("float64")), rtol=0, atol=2 * np.finfo(y.dtype).eps)


def test_sigmoid_of_torchs_integers():
    y = sigmoid(torch.tensor([-2, 0, 3]))
    assert_allclose(y, exact_sigmoid([-2, 0, 3]), rtol=1e-6, atol=0)


def test_sigmoid_of_a_library_that_has_none(monkeypatch):
    """The formula for JAX and others, here on torch's tanh; absolute accuracy only."""
    monkeypatch.setattr(ops, "namespace", lambda array: SimpleNamespace(tanh=torch.tanh))
    x = torch.linspace(-50, 50, 101, dtype=torch.float64)
    assert_allclose(sigmoid(x), exact_sigmoid(x), rtol=0, atol=1e-15)
    assert_array_equal(sigmoid(torch.tensor([-INF, -1000, 1000, INF, NAN])), [0, 0, 1, 1, NAN])


# TANH AND THE RECTIFIER


@every_kind
def test_tanh_is_that_of_the_standard_library(kind):
    x = kind(np.concatenate([np.linspace(-9, 9, 73), [-INF, -1000, 1e-3, 1000, INF, NAN]]))
    expected = [math.tanh(number) for number in x.tolist()]
    y = tanh(x)
    assert_allclose(y, expected, rtol=4 * kind.eps, atol=0)
    assert kind.owns(y)


def test_tanh_is_a_stretched_sigmoid():
    x = np.linspace(-20, 20, 81)
    assert_allclose(2 * sigmoid(2 * x) - 1, tanh(x), rtol=0, atol=1e-15)


@every_kind
def test_relu_cuts_what_is_negative(kind):
    x = kind([-INF, -2.5, -0.0, 0.0, 1.5, INF, NAN])
    with np.errstate(all="raise"):
        y = relu(x)
    assert_array_equal(y, [0, 0, 0, 0, 1.5, INF, NAN])
    assert kind.owns(y)


def test_relu_and_its_gradient_are_torchs():
    values = [-INF, -2.5, -0.0, 0.0, 1.5, INF]
    ours, theirs = (torch.tensor(values, requires_grad=True) for _ in range(2))
    relu(ours).sum().backward()
    torch.relu(theirs).sum().backward()
    torch.testing.assert_close(relu(ours), torch.relu(theirs), rtol=0, atol=0)
    torch.testing.assert_close(ours.grad, theirs.grad, rtol=0, atol=0)


@pytest.mark.parametrize("convert", [np.array, torch.tensor], ids=["numpy", "torch"])
def test_relu_of_integers_gives_integers(convert):
    x = convert([-3, 0, 4])
    assert_array_equal(relu(x), [0, 0, 4])
    assert relu(x).dtype == x.dtype


# WHAT ALL ELEMENTWISE FUNCTIONS SHARE


@every_kind
@pytest.mark.parametrize("batch", [*BATCHES, (0, 3)], ids=str)
@pytest.mark.parametrize("function", [sigmoid, tanh, relu])
def test_every_entry_is_computed_on_its_own(function, batch, kind):
    x = kind(draw(*batch, 4))
    original = x.tolist()
    y = function(x)
    assert kind.owns(y) and y.shape == x.shape
    for place in np.ndindex(*x.shape):
        assert_allclose(y[place], function(x[place]), rtol=2 * kind.eps, atol=0)
    assert x.tolist() == original


@pytest.mark.parametrize("scalar", [np.float16, np.float32, np.float64, np.array])
@pytest.mark.parametrize(
    "function, expected",
    [(sigmoid, 1 / (1 + math.exp(0.75))), (tanh, math.tanh(-0.75)), (relu, 0.0)],
    ids=["sigmoid", "tanh", "relu"],
)
def test_numpys_scalars_are_arrays_without_axes(function, expected, scalar):
    x = scalar(-0.75)
    y = function(x)
    assert y.shape == () and y.dtype == x.dtype
    assert_allclose(y, expected, rtol=2 * np.finfo(x.dtype).eps, atol=0)


@pytest.mark.parametrize("function", [sigmoid, tanh, relu])
@pytest.mark.parametrize("value", [[0.5], "x", None], ids=repr)
def test_what_is_no_array_is_refused(function, value):
    with pytest.raises(TypeError, match=r"array"):
        function(value)


@pytest.mark.parametrize("function", [tanh, relu])
@pytest.mark.parametrize("value", [0.5, 1])
def test_pythons_numbers_are_for_sigmoid_only(function, value):
    with pytest.raises(TypeError, match=r"array"):
        function(value)


@pytest.mark.parametrize("value", [-800.0, -0.75, 0, 1, 2.5, 800])
def test_sigmoid_of_pythons_numbers_is_that_of_an_array(value):
    assert sigmoid(value) == sigmoid(np.array(float(value)))


def test_a_composition_applies_its_functions_from_right_to_left():
    assert compose(str, abs, lambda x: x - 5)(2) == "3"


def test_a_composition_of_one_function_is_that_function():
    assert compose(abs)(-3) == 3


def test_a_composition_is_associative():
    double, add, square = (lambda x: 2 * x), (lambda x: x + 1), (lambda x: x * x)
    inside, outside = compose(double, compose(add, square)), compose(compose(double, add), square)
    assert inside(3) == outside(3) == compose(double, add, square)(3) == 20


def test_the_library_of_an_array():
    assert namespace(np.zeros(2)) is np
    assert namespace(np.float32(1)) is array_api_compat.array_namespace(np.zeros(2))
    assert namespace(torch.zeros(2)) is array_api_compat.array_namespace(torch.zeros(2))
    assert namespace(torch.nn.Parameter(torch.zeros(2))) is namespace(torch.zeros(2))


def test_a_device_is_kept():
    W, v, b = (torch.empty(shape, device="meta") for shape in [(2, 3), (5, 3), (2,)])
    results = [sigmoid(v), tanh(v), relu(v), concat(v, v), linear(W, v), affine(W, v, b)]
    for result in [*results, *split(v, 3)]:
        assert result.device == v.device


# CONCATENATION


@every_kind
@every_batch
def test_concat_puts_features_side_by_side(batch, kind):
    a, b, c = (kind(draw(*batch, size, seed=size)) for size in (2, 1, 4))
    joined = concat(a, b, c)
    assert kind.owns(joined) and joined.shape == (*batch, 7)
    assert_array_equal(joined[..., :2], a)
    assert_array_equal(joined[..., 2:3], b)
    assert_array_equal(joined[..., 3:], c)


@every_kind
def test_concat_of_one_array_is_a_copy(kind):
    a = kind([1, 2])
    joined = concat(a)
    joined[0] = 9
    assert a.tolist() == [1, 2] and joined.tolist() == [9, 2]


@pytest.mark.parametrize("kind", [NUMPY[2], TORCH[1]], ids=repr)
@pytest.mark.parametrize(
    "one, two",
    [((2,), (1, 2)), ((2, 3), (1, 3)), ((4, 2, 3), (2, 3)), ((2, 4, 3), (4, 2, 3)), ((), ())],
    ids=str,
)
def test_concat_does_not_broadcast(one, two, kind):
    message = f"concat: expected arrays that agree on every axis but the last, got shapes {one} "
    with pytest.raises(ValueError, match=re.escape(f"{message}and {two}")):
        concat(kind(np.ones(one)), kind(np.ones(two)))


# PRODUCTS


def product_by_hand(W, v):
    """W v for each vector, number by number, in float64."""
    result = np.zeros((*v.shape[:-1], len(W)))
    for *place, row, column in np.ndindex(*v.shape[:-1], *W.shape):
        result[*place, row] += float(W[row, column]) * float(v[*place, column])
    return result


@every_kind
@pytest.mark.parametrize("rows, columns", [(2, 3), (3, 3), (4, 1), (1, 2), (1, 1)])
@pytest.mark.parametrize("batch", [*BATCHES, (1, 0, 2)], ids=str)
def test_products_are_those_by_hand(batch, rows, columns, kind):
    W, v, b = kind(draw(rows, columns)), kind(draw(*batch, columns, seed=1)), kind(draw(rows) + 1)
    originals = [array.tolist() for array in (W, v, b)]
    product, sum_ = linear(W, v), affine(W, v, b)
    assert kind.owns(product) and kind.owns(sum_)
    expected = product_by_hand(W, v)
    # A handful of roundings of numbers of about 3.
    assert_allclose(product, expected, rtol=0, atol=16 * kind.eps)
    assert_allclose(sum_, expected + np.asarray(b, "float64"), rtol=0, atol=16 * kind.eps)
    assert [array.tolist() for array in (W, v, b)] == originals


@pytest.mark.parametrize("kind", [NUMPY[2], TORCH[1]], ids=repr)
def test_products_do_not_depend_on_the_layout_in_memory(kind):
    W, v = draw(3, 4), draw(5, 4, seed=1)
    expected = product_by_hand(W, v)
    by_columns = kind(np.ascontiguousarray(W.T)).T, kind(np.ascontiguousarray(v.T)).T
    every_other = kind(np.repeat(W, 2, axis=1))[:, ::2], kind(np.repeat(v, 2, axis=1))[:, ::2]
    for W_, v_ in (by_columns, every_other):
        assert_allclose(linear(W_, v_), expected, rtol=0, atol=1e-14)


@every_kind
def test_nan_and_infinity_pass_a_product(kind):
    W = kind([[1, 2], [3, 4]])
    # Some builds of BLAS compute with more lanes than there are numbers, and warn of those.
    with np.errstate(invalid="ignore"):
        assert_array_equal(linear(W, kind([[NAN, 1], [1, 1]])), [[NAN, NAN], [3, 7]])
        assert_array_equal(affine(W, kind([INF, 1]), kind([1, 1])), [INF, INF])


@pytest.mark.parametrize("kind", [NUMPY[2], TORCH[1]], ids=repr)
@pytest.mark.parametrize("shape", [(2,), (4,), (3, 2), (5, 3, 1)], ids=str)
@pytest.mark.parametrize("name", ["linear", "affine"])
def test_a_wrong_number_of_features_is_refused(name, shape, kind):
    W, v, b = kind(np.ones((2, 3))), kind(np.ones(shape)), kind(np.ones(2))
    expected = (
        f"{name}: W of shape (2, 3) and {W.dtype} takes arrays of shape (..., 3) and the same "
        f"dtype, got {shape} and {v.dtype}"
    )
    with pytest.raises(ValueError, match=re.escape(expected)):
        linear(W, v) if name == "linear" else affine(W, v, b)


@pytest.mark.parametrize("kind", [NUMPY[2], TORCH[1]], ids=repr)
def test_a_bias_of_another_length_is_refused(kind):
    with pytest.raises(ValueError, match=r"affine: W of shape \(2, 3\)"):
        affine(kind(np.ones((2, 3))), kind(np.ones(3)), kind(np.ones(3)))


def test_torch_refuses_a_product_of_two_dtypes():
    W, v = torch.ones(2, 3), torch.ones(3).double()
    expected = "linear: W of shape (2, 3) and torch.float32 takes arrays of shape (..., 3)"
    with pytest.raises(ValueError, match=re.escape(expected) + ".*and torch.float64"):
        linear(W, v)


def test_gradients_of_products_and_concatenation():
    W, v, w, b = (
        torch.tensor(draw(*shape, seed=seed), requires_grad=True)
        for seed, shape in enumerate([(2, 5), (4, 3), (4, 2), (2,)])
    )
    assert torch.autograd.gradcheck(lambda *args: affine(args[0], concat(*args[1:3]), b), [W, v, w])
    assert torch.autograd.gradcheck(lambda b: affine(W, concat(v, w), b), [b])


# PARTS


@every_kind
@every_batch
@pytest.mark.parametrize("parts", [1, 2, 3, 6])
def test_split_is_the_way_back_from_concat(parts, batch, kind):
    arrays = [kind(draw(*batch, 6 // parts, seed=seed)) for seed in range(parts)]
    found = split(concat(*arrays), parts)
    assert isinstance(found, tuple) and len(found) == parts
    for part, array in zip(found, arrays, strict=True):
        assert kind.owns(part)
        assert_array_equal(part, array)


def test_split_cuts_in_two_unless_told_otherwise():
    first, second = split(np.array([[1, 2, 3, 4], [5, 6, 7, 8]]))
    assert_array_equal(first, [[1, 2], [5, 6]])
    assert_array_equal(second, [[3, 4], [7, 8]])


@pytest.mark.parametrize("kind", [NUMPY[2], TORCH[1]], ids=repr)
@pytest.mark.parametrize("shape, parts", [((5,), 2), ((2, 4), 3), ((6, 1), 2)], ids=str)
def test_split_into_unequal_parts_is_refused(shape, parts, kind):
    expected = f"split: expected a last axis that {parts} divides, got shape {shape}"
    with pytest.raises(ValueError, match=re.escape(expected)):
        split(kind(np.ones(shape)), parts)


@every_kind
@every_batch
def test_the_exponential_function_and_the_logarithm_are_pythons(kind, batch):
    x = kind(np.random.default_rng(0).uniform(0.5, 2, (*batch, 3)))
    for function, plain in ((exp, math.exp), (log, math.log)):
        result = function(x)
        assert kind.owns(result) and result.shape == x.shape
        expected = np.vectorize(plain)(np.asarray(x, "float64"))
        assert_allclose(np.asarray(result, "float64"), expected, rtol=4 * kind.eps, atol=kind.eps)

"""What all weights have in common: named arrays, checked when made, and a seeded `init`."""

import copy
import inspect
import pickle
import re

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

import lecture_code
from lecture_code import (
    DenseWeights,
    GateWeights,
    GRUPackedWeights,
    GRUResetAfterWeights,
    GRUWeights,
    LSTMProjectedWeights,
    LSTMWeights,
    OneGateGRUWeights,
    RNNSplitWeights,
    RNNWeights,
)

INPUT, HIDDEN, PROJECTION = 3, 4, 2
M, B, P = (4, 7), (4,), (4, 5)

SHAPES = {
    DenseWeights: {"W": (4, 3), "b": B},
    GateWeights: {"W": M, "b": B},
    RNNWeights: {"W": M, "b": B},
    RNNSplitWeights: {"W_x": (4, 3), "W_h": (4, 4), "b": B},
    OneGateGRUWeights: {"W_g": M, "b_g": B, "W_h": M, "b_h": B},
    GRUWeights: {"W_u": M, "b_u": B, "W_r": M, "b_r": B, "W_h": M, "b_h": B},
    GRUResetAfterWeights: {
        **{"W_u": M, "b_u": B, "W_r": M, "b_r": B},
        **{"W_hx": (4, 3), "b_hx": B, "W_hh": (4, 4), "b_hh": B},
    },
    GRUPackedWeights: {"W_1": (7, 8), "b_1": (8,), "W_2": (7, 4), "b_2": B},
    LSTMWeights: {"W_u": M, "b_u": B, "W_i": M, "b_i": B, "W_f": M, "b_f": B, "W_c": M, "b_c": B},
    LSTMProjectedWeights: {
        **{"W_u": P, "b_u": B, "W_i": P, "b_i": B, "W_f": P, "b_f": B, "W_c": P, "b_c": B},
        "W_p": (2, 4),
    },
}
"""The shapes for an input of 3, a state of 4 and a projection to 2, written out."""

STATES = {
    DenseWeights: {},
    LSTMWeights: {"h": "hidden", "c": "hidden"},
    LSTMProjectedWeights: {"h": "projection", "c": "hidden"},
}

FIELDS = [(cls, field) for cls, shapes in SHAPES.items() for field in shapes]

every_class = pytest.mark.parametrize("cls", SHAPES)
every_field = pytest.mark.parametrize(
    "cls, field", FIELDS, ids=[f"{cls.__name__}.{field}" for cls, field in FIELDS]
)


def init(cls, features=INPUT, hidden=HIDDEN, seed=0, **options):
    if cls is LSTMProjectedWeights:
        options = {"projection": PROJECTION, **options}
    return cls.init(features, hidden, seed=seed, **options)


def as_torch(weights):
    return [torch.tensor(array) for array in weights]


def test_every_class_is_tested():
    classes = {getattr(lecture_code, name) for name in lecture_code.__all__}
    weights = {cls for cls in classes if inspect.isclass(cls) and hasattr(cls, "init")}
    assert weights == set(SHAPES), (
        "SHAPES, in tests/core/test_weights.py, has each class of weights"
    )


# INIT


@every_class
def test_init_draws_the_shapes_of_the_equations(cls):
    weights = init(cls)
    assert isinstance(weights, cls)
    assert {name: array.shape for name, array in weights._asdict().items()} == SHAPES[cls]


@every_class
def test_the_same_seed_gives_the_same_weights(cls):
    first, again, other = init(cls, seed=7), init(cls, seed=7), init(cls, seed=8)
    for a, b, c in zip(first, again, other, strict=True):
        assert_array_equal(a, b)
        assert (a != c).all()
    numbers = np.concatenate([array.ravel() for array in first])
    assert len(np.unique(numbers)) == numbers.size


@pytest.mark.parametrize("hidden", [1, 4, 100, 400])
@every_class
def test_weights_are_uniform_within_one_over_the_root_of_hidden(cls, hidden):
    numbers = np.concatenate([array.ravel() for array in init(cls, 2, hidden)])
    bound = {1: 1.0, 4: 0.5, 100: 0.1, 400: 0.05}[hidden]
    assert np.abs(numbers).max() <= bound
    if hidden >= 100:
        assert numbers.min() < -0.97 * bound and numbers.max() > 0.97 * bound
        # A uniform distribution's deciles; 0.15 is five standard errors of 300 numbers.
        deciles = np.quantile(numbers / bound, np.linspace(0.1, 0.9, 9))
        assert_allclose(deciles, np.linspace(-0.8, 0.8, 9), rtol=0, atol=0.15)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, "float32", ">f4"])
@every_class
def test_another_dtype_has_the_same_weights_rounded(cls, dtype):
    for rounded, exact in zip(init(cls, dtype=dtype), init(cls), strict=True):
        assert rounded.dtype == np.dtype(dtype) and exact.dtype == np.float64
        assert_array_equal(rounded, exact.astype(dtype))


def test_init_leaves_numpys_global_generator_alone():
    np.random.seed(0)
    expected = np.random.random()
    np.random.seed(0)
    init(GRUWeights)
    assert np.random.random() == expected


@pytest.mark.parametrize(
    "sizes, message",
    [
        ((0, 4), "input size must be at least 1, got 0"),
        ((3, 0), "hidden size must be at least 1, got 0"),
        ((3, -4), "hidden size must be at least 1, got -4"),
        ((2.0, 4), "input size must be at least 1, got 2.0"),
        ((3, "4"), "hidden size must be at least 1, got '4'"),
    ],
    ids=["input 0", "hidden 0", "negative", "float", "text"],
)
@every_class
def test_a_size_below_1_is_refused(cls, sizes, message):
    with pytest.raises(ValueError, match=re.escape(f"{cls.__name__}.init: {message}")):
        init(cls, *sizes)


@every_class
@pytest.mark.parametrize("missing, sizes", [("input", (None, 4)), ("hidden", (3, None))])
def test_a_missing_size_is_named(cls, missing, sizes):
    message = rf"{cls.__name__}.init: expected the sizes .*{missing}.*, got (?!.*{missing})"
    with pytest.raises(TypeError, match=message):
        init(cls, *sizes)


def test_a_projection_below_1_is_refused():
    message = "LSTMProjectedWeights.init: projection size must be at least 1, got 0"
    with pytest.raises(ValueError, match=re.escape(message)):
        init(LSTMProjectedWeights, projection=0)


def test_a_missing_projection_is_named():
    message = (
        "LSTMProjectedWeights.init: expected the sizes hidden, input, projection, got hidden, input"
    )
    with pytest.raises(TypeError, match=re.escape(message)):
        LSTMProjectedWeights.init(3, 4, seed=0)


def test_a_size_that_the_cell_does_not_name_is_refused():
    message = "GRUWeights.init: expected the sizes hidden, input, got hidden, input, projection"
    with pytest.raises(TypeError, match=re.escape(message)):
        GRUWeights.init(3, 4, seed=0, projection=2)


@pytest.mark.parametrize("dtype", [int, "uint8", bool, complex])
def test_a_dtype_that_would_round_the_weights_away_is_refused(dtype):
    message = f"GRUWeights.init: dtype must be floating, got {np.dtype(dtype)}"
    with pytest.raises(ValueError, match=re.escape(message)):
        GRUWeights.init(3, 4, seed=0, dtype=dtype)


@every_class
def test_a_seed_is_asked_for(cls):
    with pytest.raises(TypeError, match="seed"):
        cls.init(3, 4)


# SIZES


@pytest.mark.parametrize("features, hidden, projection", [(3, 4, 2), (1, 1, 1), (5, 2, 7)])
@every_class
def test_sizes_are_found_from_the_arrays(cls, features, hidden, projection):
    expected = {"input": features, "hidden": hidden}
    further = {"projection": projection} if cls is LSTMProjectedWeights else {}
    weights = init(cls, features, hidden, **further)
    assert weights.sizes() == expected | further
    assert cls(*as_torch(weights)).sizes() == expected | further


@every_class
def test_the_state_has_names_and_sizes(cls):
    assert cls.state == STATES.get(cls, {"h": "hidden"})


# THE CONSTRUCTOR


@every_class
def test_arrays_are_taken_as_they_are_by_place_and_by_name(cls):
    arrays = [np.array(array) for array in init(cls)]
    named = dict(zip(SHAPES[cls], arrays, strict=True))
    for weights in (cls(*arrays), cls(**named), cls._make(arrays), cls(*arrays)._replace(**named)):
        assert isinstance(weights, cls)
        for name, array in named.items():
            assert getattr(weights, name) is array


@every_class
def test_torchs_parameters_are_taken_as_they_are(cls):
    parameters = [torch.nn.Parameter(array) for array in as_torch(init(cls))]
    weights = cls(*parameters)
    assert all(a is b for a, b in zip(weights, parameters, strict=True))


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda weights: pickle.loads(pickle.dumps(weights))]
)
@every_class
def test_weights_can_be_copied_and_stored(cls, duplicate):
    weights = init(cls)
    twin = duplicate(weights)
    assert type(twin) is cls
    for a, b in zip(twin, weights, strict=True):
        assert_array_equal(a, b)


@every_class
def test_a_number_of_arrays_too_few_or_too_many_is_refused(cls):
    arrays = list(init(cls))
    for wrong in (arrays[:-1], [*arrays, arrays[0]]):
        with pytest.raises(TypeError, match="argument"):
            cls(*wrong)
        with pytest.raises(TypeError, match="argument"):
            cls._make(wrong)
    with pytest.raises((TypeError, ValueError), match="W_x_y"):
        cls(*arrays)._replace(W_x_y=arrays[0])


def ways_to_make(cls, field, value):
    """Every way to come to weights with a field changed; each one must check."""
    weights = init(cls)
    arrays = {**weights._asdict(), field: value}
    yield lambda: cls(**arrays)
    yield lambda: cls(*arrays.values())
    yield lambda: cls._make(arrays.values())
    yield lambda: weights._replace(**{field: value})


def assert_refused(cls, field, value, error, message):
    for make in ways_to_make(cls, field, value):
        with pytest.raises(error) as caught:
            make()
        assert re.fullmatch(message, str(caught.value)), str(caught.value)


SHAPE_ERRORS = [
    (RNNWeights, "W", (5, 7), "W", "hidden, input + hidden", (4, 7), (5, 7)),
    (RNNWeights, "b", (3,), "W", "hidden, input + hidden", (3, 7), (4, 7)),
    (GateWeights, "W", (7, 4), "W", "hidden, input + hidden", (4, 4), (7, 4)),
    (DenseWeights, "W", (3, 4), "W", "hidden, input", (4, 4), (3, 4)),
    (DenseWeights, "b", (1,), "W", "hidden, input", (1, 3), (4, 3)),
    (RNNSplitWeights, "W_x", (3, 3), "W_x", "hidden, input", (4, 3), (3, 3)),
    (RNNSplitWeights, "W_h", (4, 3), "W_h", "hidden, hidden", (4, 4), (4, 3)),
    (RNNSplitWeights, "W_h", (1, 1), "W_h", "hidden, hidden", (4, 4), (1, 1)),
    (OneGateGRUWeights, "b_h", (1,), "b_h", "hidden", (4,), (1,)),
    (OneGateGRUWeights, "W_h", (4, 6), "W_h", "hidden, input + hidden", (4, 7), (4, 6)),
    (GRUWeights, "W_r", (4, 8), "W_r", "hidden, input + hidden", (4, 7), (4, 8)),
    (GRUWeights, "W_h", (1, 7), "W_h", "hidden, input + hidden", (4, 7), (1, 7)),
    (GRUWeights, "b_r", (5,), "b_r", "hidden", (4,), (5,)),
    (GRUResetAfterWeights, "W_hh", (4, 7), "W_hh", "hidden, hidden", (4, 4), (4, 7)),
    (GRUResetAfterWeights, "W_r", (4, 3), "W_r", "hidden, input + hidden", (4, 7), (4, 3)),
    (GRUResetAfterWeights, "b_hh", (3,), "b_hh", "hidden", (4,), (3,)),
    (GRUPackedWeights, "b_1", (4,), "b_1", "hidden + hidden", (8,), (4,)),
    (GRUPackedWeights, "b_1", (7,), "b_1", "hidden + hidden", (8,), (7,)),
    (GRUPackedWeights, "W_1", (8, 7), "W_1", "input + hidden, hidden + hidden", (7, 8), (8, 7)),
    (GRUPackedWeights, "W_1", (7, 4), "W_1", "input + hidden, hidden + hidden", (7, 8), (7, 4)),
    (LSTMWeights, "W_f", (4, 4), "W_f", "hidden, input + hidden", (4, 7), (4, 4)),
    (LSTMWeights, "b_c", (1,), "b_c", "hidden", (4,), (1,)),
    (LSTMProjectedWeights, "W_p", (2, 3), "W_p", "projection, hidden", (2, 4), (2, 3)),
    (LSTMProjectedWeights, "W_c", (4, 7), "W_c", "hidden, input + projection", (4, 5), (4, 7)),
]


@pytest.mark.parametrize(
    "cls, field, shape, named, axes, expected, got",
    SHAPE_ERRORS,
    ids=[f"{cls.__name__}.{field} {shape}" for cls, field, shape, *_ in SHAPE_ERRORS],
)
def test_a_wrong_shape_is_named_with_what_was_expected(
    cls, field, shape, named, axes, expected, got
):
    """The field named is the one that contradicts the others, read from biases to matrices."""
    message = f"{cls.__name__}: {named} must have shape ({axes}) = {expected} with "
    message = re.escape(message) + r"(\w+ = -?\d+, )*\w+ = -?\d+" + re.escape(f", got {got}")
    assert_refused(cls, field, np.ones(shape), ValueError, message)


@every_field
def test_no_field_may_have_a_row_more_than_the_others_say(cls, field):
    rows, *columns = SHAPES[cls][field]
    weights, larger = init(cls), np.ones((rows + 1, *columns))
    for make in ways_to_make(cls, field, larger):
        if (cls, field) == (LSTMProjectedWeights, "W_p"):
            # A projection to one number more, and an input of one number less.
            assert make().sizes() == {"input": 2, "hidden": 4, "projection": 3}
            continue
        with pytest.raises(ValueError) as caught:
            make()
        found = re.fullmatch(
            r"(\w+): (\w+) must have shape \(.*\) = (\(.*\)) with .*, got (\(.*\))",
            str(caught.value),
        )
        assert found[1] == cls.__name__
        shapes = {name: array.shape for name, array in weights._asdict().items()}
        assert str({**shapes, field: larger.shape}[found[2]]) == found[4] != found[3]


@every_class
@pytest.mark.parametrize("change", ["an axis more", "an axis less"])
def test_a_wrong_number_of_axes_is_refused(cls, change):
    for field, array in init(cls)._asdict().items():
        wrong = array[None] if change == "an axis more" else np.asarray(array[0])
        axes = ", ".join(cls.shapes[field])
        message = f"{cls.__name__}: {field} must have shape ({axes}), got {wrong.shape}"
        assert_refused(cls, field, wrong, ValueError, re.escape(message))


@every_class
@pytest.mark.parametrize("value", [[[1.0, 2.0], [3.0, 4.0]], None, 1.0, "W"], ids=repr)
def test_what_is_no_array_is_refused(cls, value):
    for field in SHAPES[cls]:
        axes, kind = ", ".join(cls.shapes[field]), type(value).__name__
        message = f"{cls.__name__}: {field} must be an array of shape ({axes}), got {kind}"
        assert_refused(cls, field, value, TypeError, re.escape(message))


@every_class
@pytest.mark.parametrize(
    "convert, name",
    [
        (lambda array: array.astype("float32"), "ndarray float32"),
        (lambda array: array.astype("int64"), "ndarray int64"),
        (torch.tensor, "Tensor torch.float64"),
        (lambda array: torch.tensor(array).float(), "Tensor torch.float32"),
    ],
    ids=["float32", "int64", "torch", "torch float32"],
)
def test_two_dtypes_or_two_libraries_are_refused(cls, convert, name):
    first, second, *_ = SHAPES[cls]
    for field, array in init(cls)._asdict().items():
        # The first field is what the others are compared with.
        one, other = (name, "ndarray float64") if field == first else ("ndarray float64", name)
        named = second if field == first else field
        message = f"all weights must have one dtype; {first} has {one}, {named} has {other}"
        expected = re.escape(f"{cls.__name__}: {message}")
        assert_refused(cls, field, convert(array), ValueError, expected)


def test_torchs_dtypes_are_told_apart():
    W, b = torch.ones(4, 7), torch.ones(4).double()
    message = "W has Tensor torch.float32, b has Tensor torch.float64"
    with pytest.raises(ValueError, match=re.escape(message)):
        RNNWeights(W, b)


@pytest.mark.parametrize(
    "W, b, message",
    [
        ((0, 3), (0,), "W must have shape (hidden, input + hidden) = (0, 3) with hidden = 0"),
        ((4, 4), (4,), "(4, 4) with hidden = 4, input = 0, got (4, 4)"),
        ((4, 3), (4,), "(4, 3) with hidden = 4, input = -1, got (4, 3)"),
        ((0, 0), (0,), "(0, 0) with hidden = 0, input = 0, got (0, 0)"),
    ],
    ids=["no units", "no input", "fewer columns than units", "nothing"],
)
@pytest.mark.parametrize("ones", [np.ones, torch.ones], ids=["numpy", "torch"])
def test_a_size_of_0_is_refused(W, b, message, ones):
    with pytest.raises(ValueError, match=re.escape(message)):
        RNNWeights(ones(W), ones(b))

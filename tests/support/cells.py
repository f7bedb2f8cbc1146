"""What the tests of all cells share: random cases, runs, and the tests that every cell must pass.

A section's test file derives a class from `StepTests` or `CellTests` and names its functions in a
`parametrize` mark; its own tests are those of its own mathematics.
"""

import inspect
import re

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lecture_code import unroll
from lecture_code.evidence.judges import JUDGES
from lecture_code.oracles.layout import SATURATED

# (batch, time, input, hidden)
SIZES = [
    ((), 1, 1, 1),
    ((), 5, 3, 2),
    ((1,), 1, 2, 3),
    ((4,), 7, 1, 3),
    ((3,), 2, 5, 1),
    ((2, 3), 4, 5, 7),
    ((2,), 60, 3, 4),
]


def weights_class(step):
    return inspect.signature(step).parameters["weights"].annotation


def draw(step, batch=(2,), time=5, features=3, hidden=4, seed=0):
    """Random weights with distinct biases, a sequence, and a state that is not zero, in float64."""
    kind, further = weights_class(step), {}
    if "projection" in kind.state.values():
        # torch wants it smaller than the memory.
        hidden, further = hidden + 1, {"projection": hidden}
    weights = kind.init(features, hidden, seed=seed, **further)
    random = np.random.default_rng([seed, time, features, hidden])
    inputs = random.normal(size=(time, *batch, features))
    states = [random.normal(size=(*batch, weights.sizes()[size])) for size in kind.state.values()]
    return weights, inputs, tuple(states) if len(states) > 1 else states[0]


def map_arrays(function, arrays):
    """Apply a function to an array, or to every array of a tuple and keep the tuple's type."""
    if not isinstance(arrays, tuple):
        return function(arrays)
    values = map(function, arrays)
    return type(arrays)(*values) if hasattr(arrays, "_fields") else tuple(values)


def to_torch(arrays):
    return map_arrays(torch.tensor, arrays)


def states_of(state):
    return state if isinstance(state, tuple) else (state,)


def every_array(result):
    """The arrays of `(outputs, state)`, or of a gate, as one list."""
    if not isinstance(result, tuple):
        return [result]
    outputs, state = result
    return [outputs, *states_of(state)]


def largest_difference(ours, theirs):
    ours, theirs = every_array(ours), every_array(theirs)
    assert [array.shape for array in ours] == [array.shape for array in theirs]
    return max(np.abs(a - b).max() for a, b in zip(ours, theirs, strict=True))


def judges(function, agree):
    return [judge for judge in JUDGES.get(function, ()) if judge.agrees == agree]


def drop_last(array):
    """An array that is one shorter along every axis."""
    return array[(slice(-1),) * array.ndim]


def leaves(arrays):
    return map_arrays(lambda array: torch.tensor(array, requires_grad=True), arrays)


def cotangents_of(result):
    """Numbers by which to weigh every output and every final state, so that each one counts."""
    random = np.random.default_rng(1)
    return [torch.tensor(random.normal(size=array.shape)) for array in every_array(result)]


def weighted_sum(result, cotangents):
    return sum(
        (array.reshape(weight.shape) * weight).sum()
        for array, weight in zip(every_array(result), cotangents, strict=True)
    )


class StepTests:
    """What holds for every function of `(x, state, weights)` that checks its arguments."""

    def case(self, step):
        weights, inputs, state = draw(step)
        return inputs[0], state, weights

    def test_torch_computes_what_numpy_computes(self, step):
        arguments = self.case(step)
        ours = states_of(step(*arguments))
        theirs = states_of(step(*map(to_torch, arguments)))
        for a, b in zip(ours, theirs, strict=True):
            assert isinstance(b, torch.Tensor) and b.dtype == torch.float64
            assert_allclose(b, a, rtol=0, atol=1e-15)

    @pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])
    def test_float32_stays_float32(self, step, convert):
        arguments = [
            map_arrays(lambda array: convert(array.astype("float32")), argument)
            for argument in self.case(step)
        ]
        ours = states_of(step(*arguments))
        exact = states_of(step(*self.case(step)))
        for a, b in zip(ours, exact, strict=True):
            assert a.dtype == convert(np.float32(0)).dtype
            assert_allclose(a, b, rtol=0, atol=1e-6)

    def test_arguments_stay_as_they_are(self, step):
        arguments, originals = self.case(step), self.case(step)
        step(*arguments)
        for argument, original in zip(arguments, originals, strict=True):
            for a, b in zip(states_of(argument), states_of(original), strict=True):
                assert_array_equal(a, b)

    def test_a_sequence_does_not_see_its_neighbours(self, step):
        weights, inputs, state = draw(step, batch=(2, 3), time=1)
        together = states_of(step(inputs[0], state, weights))
        for i, j in np.ndindex(2, 3):
            alone = step(inputs[0, i, j], map_arrays(lambda a: a[i, j], state), weights)  # noqa: B023
            for a, b in zip(together, states_of(alone), strict=True):
                assert_allclose(a[i, j], b, rtol=0, atol=1e-15)

    def test_nan_in_gives_nan_out(self, step):
        x, state, weights = self.case(step)
        clean = states_of(step(x, state, weights))
        x[0, 0] = np.nan
        for a, b in zip(states_of(step(x, state, weights)), clean, strict=True):
            assert np.isnan(a[0]).all()
            assert_allclose(a[1], b[1], rtol=0, atol=1e-15)

    @pytest.mark.parametrize(
        "change, error, message",
        [
            (lambda x: x[:, :2], ValueError, "x: expected shape (2, input) = (2, 3), got (2, 2)"),
            (
                lambda x: x[0],
                ValueError,
                "h: expected shape (hidden) = (4,), got (2, 4)",
            ),
            (
                lambda x: x[None],
                ValueError,
                "h: expected shape (1, 2, hidden) = (1, 2, 4), got (2, 4)",
            ),
            (
                lambda x: x.astype("float32"),
                ValueError,
                "x: expected dtype float64, as the weights have, got float32",
            ),
            (
                lambda x: x.tolist(),
                TypeError,
                "x: expected an array of shape (input) = (3,), got [[",
            ),
            (lambda x: None, TypeError, "x: expected an array of shape (input) = (3,), got None"),
            (torch.tensor, TypeError, "x: expected a ndarray, as the weights are, got a Tensor"),
        ],
        ids=["features", "too few axes", "too many axes", "dtype", "list", "None", "torch"],
    )
    def test_a_bad_input_is_named(self, step, change, error, message):
        x, state, weights = self.case(step)
        size = next(iter(weights.state.values()))
        with pytest.raises(error, match=re.escape(message.replace("hidden", size))):
            step(change(x), state, weights)

    @pytest.mark.parametrize(
        "change, error, message",
        [
            # numpy would broadcast the first two, and answer.
            (lambda h: h[:1], ValueError, "expected shape (2, {size}) = {shape}, got (1, {last})"),
            (lambda h: h[:, :1], ValueError, "expected shape (2, {size}) = {shape}, got (2, 1)"),
            (lambda h: h[0], ValueError, "expected shape (2, {size}) = {shape}, got ({last},)"),
            (
                lambda h: h.astype("float32"),
                ValueError,
                "expected dtype float64, as the weights have, got float32",
            ),
            (lambda h: h.tolist(), TypeError, "expected an array of shape (2, {size}) = {shape}"),
            (lambda h: None, TypeError, "expected an array of shape (2, {size}) = {shape}"),
            (torch.tensor, TypeError, "expected a ndarray, as the weights are, got a Tensor"),
        ],
        ids=["batch", "units", "axes", "dtype", "list", "None", "torch"],
    )
    def test_a_bad_state_is_named(self, step, change, error, message):
        x, state, weights = self.case(step)
        for position, (name, size) in enumerate(weights.state.items()):
            states = list(states_of(state))
            shape = states[position].shape
            states[position] = change(states[position])
            expected = f"{name}: {message}".format(size=size, shape=shape, last=shape[-1])
            with pytest.raises(error, match=re.escape(expected)):
                step(x, tuple(states) if len(states) > 1 else states[0], weights)

    def test_none_in_place_of_weights_is_named(self, step):
        x, state, weights = self.case(step)
        expected = f"weights: {step.__name__} expects {type(weights).__name__}, got tuple"
        with pytest.raises(TypeError, match=expected):
            step(x, state, tuple(weights))

    @pytest.mark.parametrize(
        "change, error, message",
        [
            # Only fewer columns, or only fewer rows, can be a smaller input or projection.
            (drop_last, ValueError, r"\w+ must have shape \(.*\) = \(.*, got \("),
            (lambda array: array[None], ValueError, r"{field} must have shape \(.*\), got \(1, "),
            (
                lambda array: array.astype("float32"),
                ValueError,
                "all weights must have one dtype; .* float32",
            ),
            (
                lambda array: array.tolist(),
                TypeError,
                r"{field} must be an array of shape \(.*\), got list",
            ),
        ],
        ids=["size", "axes", "dtype", "list"],
    )
    def test_weights_are_checked_when_made(self, step, change, error, message):
        weights = self.case(step)[2]
        for field, array in weights._asdict().items():
            bad = {field: change(array)}
            expected = f"{type(weights).__name__}: {message.format(field=field)}"
            with pytest.raises(error, match=expected):
                weights._replace(**bad)
            with pytest.raises(error, match=expected):
                type(weights)(**{**weights._asdict(), **bad})

    def test_init_is_seeded(self, step):
        first, again, other = (draw(step, seed=seed)[0] for seed in (3, 3, 4))
        bound = first.sizes()["hidden"] ** -0.5
        for a, b, c in zip(first, again, other, strict=True):
            assert_array_equal(a, b)
            assert (a != c).all() and (a != 0).all() and (np.abs(a) <= bound).all()
        drawn = np.concatenate([array.ravel() for array in first])
        assert len(np.unique(drawn)) == len(drawn)


class CellTests(StepTests):
    """What holds for every step, over time."""

    @pytest.mark.parametrize("sizes", SIZES, ids=str)
    def test_values_are_those_of_the_judges(self, step, sizes):
        weights, inputs, state = draw(step, *sizes)
        ours = unroll(step, inputs, state, weights)
        assert judges(step, agree=True), (
            f"{step.__name__} needs a judge, in lecture_code/evidence/judges.py"
        )
        for judge in judges(step, agree=True):
            difference = largest_difference(ours, judge.run(weights, inputs, state))
            assert difference <= judge.tolerance, f"{judge.name}: {difference:.1e}"

    def test_unroll_hands_the_state_on(self, step):
        weights, inputs, state = draw(step, time=3)
        outputs, last = unroll(step, inputs, state, weights)
        for x, output in zip(inputs, outputs, strict=True):
            state = step(x, state, weights)
            assert_allclose(output, states_of(state)[0], rtol=0, atol=1e-15)
        for a, b in zip(states_of(last), states_of(state), strict=True):
            assert_allclose(a, b, rtol=0, atol=1e-15)

    def test_nan_stays_in_its_sequence(self, step):
        weights, inputs, state = draw(step)
        clean, _ = unroll(step, inputs, state, weights)
        inputs[2, 0, 0] = np.nan
        outputs, _ = unroll(step, inputs, state, weights)
        assert np.isnan(outputs[2:, 0]).all()
        assert_array_equal(outputs[:2], clean[:2])
        assert_allclose(outputs[:, 1], clean[:, 1], rtol=0, atol=1e-15)

    def test_gradients_are_those_of_finite_differences(self, step):
        weights, inputs, state = draw(step, time=3, features=2, hidden=3)
        cotangents = cotangents_of(unroll(step, inputs, state, weights))

        def loss(*arrays):
            made, (sequence, *states) = arrays[: len(weights)], arrays[len(weights) :]
            states = tuple(states) if len(states) > 1 else states[0]
            return weighted_sum(unroll(step, sequence, states, type(weights)(*made)), cotangents)

        arrays = [*to_torch(weights), torch.tensor(inputs), *states_of(to_torch(state))]
        leaves = [array.requires_grad_() for array in arrays]
        assert torch.autograd.gradcheck(loss, leaves, atol=1e-8, rtol=1e-6)


class GradientTests:
    """What holds for every step that torch has a module for: `module` makes it from weights."""

    @pytest.mark.parametrize("sizes", SIZES, ids=str)
    def test_gradients_are_those_of_torch(self, step, module, sizes):
        numpy_weights, inputs, state = draw(step, *sizes)
        cotangents = cotangents_of(unroll(step, inputs, state, numpy_weights))

        weights, x, h = leaves(numpy_weights), leaves(inputs), leaves(state)
        weighted_sum(unroll(step, x, h, weights), cotangents).backward()

        theirs, x_there, h_there = module(numpy_weights), leaves(inputs), leaves(state)
        outputs, last = theirs(
            x_there.reshape(len(x), -1, x.shape[-1]),
            map_arrays(lambda array: array.reshape(1, -1, array.shape[-1]), h_there),
        )
        flat_cotangents = [array.reshape(-1, array.shape[-1]) for array in cotangents]
        weighted_sum((outputs, last), flat_cotangents).backward()

        for ours, there in zip([x, *states_of(h)], [x_there, *states_of(h_there)], strict=True):
            assert_allclose(ours.grad, there.grad, rtol=0, atol=1e-10)
        # The weights go into torch's parameters by a linear map, and so do their gradients.
        gradients = type(weights)(*(array.grad.numpy() for array in weights))
        expected = {name: parameter.grad for name, parameter in theirs.named_parameters()}
        for name, gradient in module(gradients).state_dict().items():
            # torch alone has second biases, which are 0 here, and the bias that fixes a gate at 1.
            torchs = [SATURATED, 0.0] if name == "bias_hh_l0" else [SATURATED]
            ours = ~np.isin(gradient, torchs)
            assert_allclose(gradient[ours], expected[name][ours], rtol=0, atol=1e-10)

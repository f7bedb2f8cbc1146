"""The bridge to torch: same call, same result, same gradients for every option; every error."""

import copy
import re

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pack_sequence

from lecture_code import (
    GateWeights,
    GRUPackedWeights,
    GRUResetAfterWeights,
    GRUWeights,
    LSTMProjectedWeights,
    LSTMWeights,
    OneGateGRUWeights,
    RNNSplitWeights,
    RNNWeights,
    gru_one_gate_step,
    gru_reset_after_step,
    lstm_projected_step,
    lstm_step,
    rnn_relu_step,
    rnn_split_step,
    rnn_step,
    unroll,
    unroll_layers,
)
from lecture_code.frameworks.bridge import from_torch, to_torch, weights_from_torch

CELLS = (nn.RNNCell, nn.GRUCell, nn.LSTMCell)
INPUT, HIDDEN, TIME = 3, 4, 5
LENGTHS = [2, 5, 1]
BATCH = len(LENGTHS)

MODULES = [
    (nn.RNN, {}),
    (nn.RNN, {"nonlinearity": "relu"}),
    (nn.RNN, {"bias": False, "bidirectional": True}),
    (nn.RNN, {"nonlinearity": "relu", "num_layers": 2, "bidirectional": True}),
    (nn.GRU, {}),
    (nn.GRU, {"bias": False}),
    (nn.GRU, {"num_layers": 3}),
    (nn.GRU, {"num_layers": 2, "bidirectional": True, "batch_first": True}),
    (nn.LSTM, {}),
    (nn.LSTM, {"bias": False, "num_layers": 2}),
    (nn.LSTM, {"num_layers": 2, "bidirectional": True, "batch_first": True}),
    (nn.LSTM, {"proj_size": 2}),
    (nn.LSTM, {"proj_size": 1, "num_layers": 3, "bidirectional": True}),
    (nn.LSTM, {"proj_size": 2, "bias": False, "batch_first": True}),
    (nn.RNNCell, {}),
    (nn.RNNCell, {"nonlinearity": "relu"}),
    (nn.RNNCell, {"bias": False}),
    (nn.GRUCell, {}),
    (nn.GRUCell, {"bias": False}),
    (nn.LSTMCell, {}),
    (nn.LSTMCell, {"bias": False}),
]
FORMS = ["batched", "one sequence in a batch", "unbatched", "packed", "packed, not sorted"]


def is_lstm(module):
    return isinstance(module, nn.LSTM | nn.LSTMCell)


def make(kind, seed=0, dtype=torch.float64, **options):
    """A module with random weights; torch draws every one of them, the biases too."""
    torch.manual_seed(seed)
    return kind(INPUT, HIDDEN, dtype=dtype, **options)


def call_of(module, form, seed=1):
    """An input of a form, and a random state that fits."""
    generator = torch.Generator().manual_seed(seed)

    def random(*shape):
        return torch.randn(*shape, generator=generator, dtype=next(module.parameters()).dtype)

    batch = {"unbatched": (), "one sequence in a batch": (1,)}.get(form, (BATCH,))
    if isinstance(module, CELLS):
        input, leading = random(*batch, INPUT), batch
    else:
        input = random(TIME, *batch, INPUT)
        leading = (module.num_layers * (1 + module.bidirectional), *batch)
        if form == "packed":
            input = pack_padded_sequence(input, sorted(LENGTHS, reverse=True))
        elif form == "packed, not sorted":
            input = pack_padded_sequence(input, LENGTHS, enforce_sorted=False)
        elif module.batch_first and batch:
            input = input.transpose(0, 1).contiguous()
    state = random(*leading, getattr(module, "proj_size", 0) or HIDDEN)
    return input, (state, random(*leading, HIDDEN)) if is_lstm(module) else state


def tensors(result):
    """All tensors of floating-point numbers in a result or a call, in order."""
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, PackedSequence):
        return [result.data]
    return [tensor for part in result for tensor in tensors(part)]


def assert_same(actual, expected, **tolerance):
    """Compare types, order, shapes, dtypes and values; NaN is equal to NaN."""
    assert type(actual) is type(expected)
    if isinstance(expected, torch.Tensor):
        tolerance = tolerance or {"rtol": 0, "atol": 1e-12}
        torch.testing.assert_close(actual, expected, equal_nan=True, **tolerance)
    elif isinstance(expected, PackedSequence):
        assert_same(actual.data, expected.data, **tolerance)
        for indices, wanted in zip(actual[1:], expected[1:], strict=True):
            assert indices is wanted or torch.equal(indices, wanted)
    else:
        assert len(actual) == len(expected)
        for part, wanted in zip(actual, expected, strict=True):
            assert_same(part, wanted, **tolerance)


def name_of(value):
    if isinstance(value, dict):
        return ",".join(f"{name}={option}" for name, option in value.items()) or "default"
    return getattr(value, "__name__", None)


CALLS = pytest.mark.parametrize(
    ("kind", "options", "form"),
    [
        (kind, options, form)
        for kind, options in MODULES
        for form in (FORMS[:3] if kind in CELLS else FORMS)
    ],
    ids=name_of,
)
ALL_MODULES = pytest.mark.parametrize(("kind", "options"), MODULES, ids=name_of)


class TestFromTorch:
    @CALLS
    def test_returns_what_the_module_returns(self, kind, options, form):
        module = make(kind, **options)
        input, state = call_of(module, form)
        assert_same(from_torch(module)(input, state), module(input, state))

    @CALLS
    def test_a_state_that_is_omitted_is_zero(self, kind, options, form):
        module = make(kind, **options)
        input, _ = call_of(module, form)
        assert_same(from_torch(module)(input), module(input))
        assert_same(from_torch(module)(input, state=None), module(input, None))

    @pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
    @ALL_MODULES
    def test_float32(self, kind, options):
        module = make(kind, dtype=torch.float32, **options)
        input, state = call_of(module, "batched")
        expected = module(input, state)
        assert_same(from_torch(module)(input, state), expected, rtol=0, atol=2e-6)

    @ALL_MODULES
    def test_a_batch_without_sequences(self, kind, options):
        module = make(kind, **options)
        input = torch.zeros(0, INPUT, dtype=torch.float64)
        if kind not in CELLS:
            input = input.expand(TIME, 0, INPUT)
            input = input.transpose(0, 1) if module.batch_first else input
        assert_same(from_torch(module)(input), module(input))

    @pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
    def test_one_time_step(self, kind):
        module = make(kind, bidirectional=True)
        input = torch.randn(1, 2, INPUT, dtype=torch.float64)
        assert_same(from_torch(module)(input), module(input))

    @pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
    def test_sequences_from_pack_sequence(self, kind):
        module = make(kind, bidirectional=True)
        sequences = [torch.randn(n, INPUT, dtype=torch.float64) for n in (1, 4, 4)]
        input = pack_sequence(sequences, enforce_sorted=False)
        assert_same(from_torch(module)(input), module(input))

    @pytest.mark.parametrize("kind", [nn.LSTM, nn.LSTMCell])
    def test_the_state_of_an_lstm_may_be_a_list(self, kind):
        module = make(kind)
        input, state = call_of(module, "batched")
        assert_same(from_torch(module)(input, list(state)), module(input, list(state)))

    @CALLS
    def test_nan_comes_out_where_torch_has_it(self, kind, options, form):
        module = make(kind, **options)
        input, state = call_of(module, form)
        data = tensors(input)[0]
        data[-1] = torch.nan
        result = from_torch(module)(input, state)
        assert_same(result, module(input, state))
        assert any(tensor.isnan().any() for tensor in tensors(result))

    @ALL_MODULES
    def test_nan_in_the_state_comes_out_where_torch_has_it(self, kind, options):
        module = make(kind, **options)
        input, state = call_of(module, "batched")
        tensors(state)[-1][..., 0, 1] = torch.nan
        result = from_torch(module)(input, state)
        assert_same(result, module(input, state))
        isnan = tensors(result)[0].isnan()
        assert isnan.any() and not isnan.all()

    def test_follows_a_module_whose_weights_are_computed(self):
        module = weight_norm(make(nn.GRU), "weight_hh_l0")
        input, state = call_of(module, "batched")
        assert_same(from_torch(module)(input, state), module(input, state))

    def test_dropout_that_torch_does_not_apply(self):
        input, state = call_of(make(nn.LSTM, num_layers=2), "batched")
        module = make(nn.LSTM, num_layers=2, dropout=0.5).eval()
        assert_same(from_torch(module)(input, state), module(input, state))
        with pytest.warns(UserWarning, match="dropout"):
            module = make(nn.LSTM, dropout=0.5)
        input, state = call_of(module, "batched")
        assert_same(from_torch(module)(input, state), module(input, state))

    def test_dropout_in_training_is_refused_when_it_is_called(self):
        module = make(nn.GRU, num_layers=2, dropout=0.25)
        input, state = call_of(module, "batched")
        run = from_torch(module)
        message = "dropout=0.25 in training mode.*call module.eval() first"
        with pytest.raises(ValueError, match=message.replace("()", r"\(\)")):
            run(input, state)
        module.eval()
        assert_same(run(input, state), module(input, state))

    def test_repr_is_the_call_that_made_it(self):
        run = from_torch(nn.LSTM(3, 4, num_layers=2))
        assert repr(run) == "from_torch(LSTM(3, 4, num_layers=2))"


def gradients(compute, module, input, state, seed=2):
    """Gradients of a weighted sum of everything that comes out, by everything that goes in."""
    leaves = [tensor.detach().clone().requires_grad_() for tensor in tensors((input, state))]
    data, *arrays = leaves
    if isinstance(input, PackedSequence):
        data = PackedSequence(data, *input[1:])
    results = tensors(compute(data, tuple(arrays) if is_lstm(module) else arrays[0]))
    generator = torch.Generator().manual_seed(seed)
    total = sum((torch.randn(r.shape, generator=generator).to(r) * r).sum() for r in results)
    return torch.autograd.grad(total, [*module.parameters(), *leaves])


class TestGradients:
    @CALLS
    def test_are_those_of_torch(self, kind, options, form):
        module = make(kind, **options)
        input, state = call_of(module, form)
        actual = gradients(from_torch(module), module, input, state)
        expected = gradients(module, module, input, state)
        assert all(gradient.abs().max() > 0 for gradient in expected)
        assert_same(actual, expected, rtol=0, atol=1e-10)

    @ALL_MODULES
    def test_accumulate_over_calls(self, kind, options):
        module = make(kind, **options)
        input, state = call_of(module, "batched")
        run = from_torch(module)
        total = sum(tensor.sum() for tensor in tensors(run(input, state)))
        total.backward(retain_graph=True)
        once = [parameter.grad.clone() for parameter in module.parameters()]
        total.backward()
        sum(tensor.sum() for tensor in tensors(run(input, state))).backward()
        for parameter, gradient in zip(module.parameters(), once, strict=True):
            assert_same(parameter.grad, 3 * gradient, rtol=0, atol=1e-10)

    @ALL_MODULES
    def test_run_follows_a_module_in_training(self, kind, options):
        module = make(kind, **options)
        reference = copy.deepcopy(module)
        input, state = call_of(module, "batched")
        run = from_torch(module)
        before = run(input, state)
        for trained, compute in ((module, run), (reference, reference)):
            optimiser = torch.optim.SGD(trained.parameters(), lr=0.1)
            tensors(compute(input, state))[0].square().sum().backward()
            optimiser.step()
        after = run(input, state)
        assert_same(after, module(input, state))
        assert_same(after, reference(input, state))
        difference = tensors(after)[0] - tensors(before)[0]
        assert difference.abs().max() > 1e-3

    @ALL_MODULES
    def test_weights_that_were_read_stay_as_they_were(self, kind, options):
        module = make(kind, **options)
        with torch.no_grad():
            read = tensors(from_torch(module).weights)
            kept = [tensor.clone() for tensor in read]
            for parameter in module.parameters():
                parameter += 1.0
        assert all(map(torch.equal, read, kept))


class TestWeightsFromTorch:
    @ALL_MODULES
    def test_are_by_layer_and_by_direction(self, kind, options):
        module = make(kind, **options)
        layers = from_torch(module).weights
        directions = 2 if options.get("bidirectional") else 1
        assert [len(layer) for layer in layers] == [directions] * options.get("num_layers", 1)
        for ours, again in zip(tensors(layers), tensors(weights_from_torch(module)), strict=True):
            assert torch.equal(ours, again)

    def test_of_an_rnn(self):
        module = make(nn.RNN)
        [[weights]] = weights_from_torch(module)
        assert isinstance(weights, RNNWeights)
        assert torch.equal(weights.W[:, :INPUT], module.weight_ih_l0)
        assert torch.equal(weights.W[:, INPUT:], module.weight_hh_l0)
        assert torch.equal(weights.b, module.bias_ih_l0 + module.bias_hh_l0)

    def test_of_a_gru_are_in_the_order_reset_update_candidate(self):
        module = make(nn.GRU)
        [[weights]] = weights_from_torch(module)
        assert isinstance(weights, GRUResetAfterWeights)
        ih, hh = module.weight_ih_l0, module.weight_hh_l0
        b_ih, b_hh = module.bias_ih_l0, module.bias_hh_l0
        reset, update, candidate = (slice(n * HIDDEN, (n + 1) * HIDDEN) for n in range(3))
        assert torch.equal(weights.W_r, torch.cat([ih[reset], hh[reset]], 1))
        assert torch.equal(weights.b_r, b_ih[reset] + b_hh[reset])
        assert torch.equal(weights.W_u, torch.cat([ih[update], hh[update]], 1))
        assert torch.equal(weights.b_u, b_ih[update] + b_hh[update])
        assert torch.equal(weights.W_hx, ih[candidate])
        assert torch.equal(weights.b_hx, b_ih[candidate])
        assert torch.equal(weights.W_hh, hh[candidate])
        assert torch.equal(weights.b_hh, b_hh[candidate])

    def test_of_an_lstm_are_in_the_order_input_forget_candidate_output(self):
        module = make(nn.LSTM, proj_size=2)
        [[weights]] = weights_from_torch(module)
        assert isinstance(weights, LSTMProjectedWeights)
        W = torch.cat([module.weight_ih_l0, module.weight_hh_l0], 1)
        b = module.bias_ih_l0 + module.bias_hh_l0
        for n, gate in enumerate("ifcu"):
            rows = slice(n * HIDDEN, (n + 1) * HIDDEN)
            assert torch.equal(getattr(weights, f"W_{gate}"), W[rows])
            assert torch.equal(getattr(weights, f"b_{gate}"), b[rows])
        assert torch.equal(weights.W_p, module.weight_hr_l0)

    def test_the_two_biases_of_the_grus_candidate_cannot_be_one(self):
        module = make(nn.GRU)
        input, state = call_of(module, "batched")
        before = module(input, state)[1]
        with torch.no_grad():
            moved = module.bias_hh_l0[-HIDDEN:].clone()
            module.bias_hh_l0[-HIDDEN:] -= moved
            module.bias_ih_l0[-HIDDEN:] += moved
        assert (module(input, state)[1] - before).abs().max() > 1e-2


CONVERTIBLE = [
    (rnn_step, RNNWeights, {}, nn.RNN),
    (rnn_relu_step, RNNWeights, {"nonlinearity": "relu"}, nn.RNN),
    (rnn_split_step, RNNSplitWeights, {}, nn.RNN),
    (gru_reset_after_step, GRUResetAfterWeights, {}, nn.GRU),
    (gru_one_gate_step, OneGateGRUWeights, {}, nn.GRU),
    (lstm_step, LSTMWeights, {}, nn.LSTM),
    (lstm_projected_step, LSTMProjectedWeights, {}, nn.LSTM),
]
CONVERSIONS = pytest.mark.parametrize(
    ("step", "made_by", "options", "kind"), CONVERTIBLE, ids=name_of
)
UNCHANGED = (RNNWeights, GRUResetAfterWeights, LSTMWeights, LSTMProjectedWeights)


def draw(made_by, input_size=INPUT, seed=3, dtype=np.float64):
    """Weights as numpy arrays."""
    sizes = {"projection": 2} if made_by is LSTMProjectedWeights else {}
    return made_by.init(input_size, HIDDEN, seed=seed, dtype=dtype, **sizes)


def as_torch(weights):
    return type(weights)(*map(torch.from_numpy, weights))


def state_of(weights, seed=4):
    """A random state for a batch, as torch tensors."""
    random, sizes = np.random.default_rng(seed), weights.sizes()
    arrays = [random.normal(size=(BATCH, sizes[size])) for size in weights.state.values()]
    arrays = [torch.from_numpy(array.astype(weights[0].dtype)) for array in arrays]
    return tuple(arrays) if len(arrays) > 1 else arrays[0]


def stacked(state):
    """A state with torch's axis for layers in front."""
    return tuple(array[None] for array in state) if isinstance(state, tuple) else state[None]


def sequence(dtype=torch.float64, seed=5):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(TIME, BATCH, INPUT, generator=generator, dtype=torch.float64).to(dtype)


class TestToTorch:
    @CONVERSIONS
    def test_the_module_computes_what_the_step_computes(self, step, made_by, options, kind):
        weights = draw(made_by)
        state, inputs = state_of(weights), sequence()
        output, final = unroll(step, inputs, state, as_torch(weights))
        module = to_torch(weights, **options)
        assert type(module) is kind
        assert_same(module(inputs, stacked(state)), (output, stacked(final)))
        assert_same(from_torch(module)(inputs, stacked(state)), (output, stacked(final)))

    @CONVERSIONS
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_takes_numpy_and_torch_and_keeps_the_dtype(self, step, made_by, options, kind, dtype):
        weights = draw(made_by, dtype=dtype)
        from_numpy, from_tensors = to_torch(weights), to_torch(as_torch(weights))
        for ours, theirs in zip(from_numpy.parameters(), from_tensors.parameters(), strict=True):
            assert ours.dtype == as_torch(weights)[0].dtype
            assert ours.requires_grad and torch.equal(ours, theirs)

    @pytest.mark.parametrize("made_by", UNCHANGED)
    def test_and_back_gives_equal_weights(self, made_by):
        weights = draw(made_by)
        [[again]] = weights_from_torch(to_torch(weights))
        assert type(again) is made_by
        for ours, theirs in zip(as_torch(weights), again, strict=True):
            assert torch.equal(ours, theirs)

    def test_split_weights_come_back_joined(self):
        weights = draw(RNNSplitWeights)
        [[again]] = weights_from_torch(to_torch(weights))
        assert isinstance(again, RNNWeights)
        np.testing.assert_array_equal(again.W.detach(), np.hstack([weights.W_x, weights.W_h]))

    @pytest.mark.parametrize(
        ("kind", "options"), [case for case in MODULES if case[0] not in CELLS], ids=name_of
    )
    def test_computes_what_the_module_computed_that_the_weights_came_from(self, kind, options):
        module = make(kind, **options)
        run = from_torch(module)
        keywords = {
            name: options[name] for name in ("nonlinearity", "batch_first") if name in options
        }
        again = to_torch(run.weights, **keywords)
        assert repr(again) == repr(module).replace(", bias=False", "")
        assert all(map(torch.equal, tensors(run.weights), tensors(weights_from_torch(again))))
        input, state = call_of(module, "batched")
        assert_same(again(input, state), module(input, state))

    def test_layers_and_directions(self):
        layers = [
            [draw(LSTMWeights, size, seed=seed), draw(LSTMWeights, size, seed=seed + 1)]
            for size, seed in ((INPUT, 10), (2 * HIDDEN, 20))
        ]
        as_tensors = [[as_torch(weights) for weights in directions] for directions in layers]
        states = [[state_of(weights, seed=n) for n, weights in enumerate(d)] for d in layers]
        output, final = unroll_layers(lstm_step, sequence(), states, as_tensors)
        flat = [state for directions in states for state in directions]
        given = tuple(torch.stack(arrays) for arrays in zip(*flat, strict=True))
        module = to_torch(layers)
        assert repr(module) == f"LSTM({INPUT}, {HIDDEN}, num_layers=2, bidirectional=True)"
        actual, (h, c) = module(sequence(), given)
        assert_same(actual, output)
        for n, state in enumerate(state for directions in final for state in directions):
            assert_same((h[n], c[n]), state)

    def test_the_one_bias_becomes_bias_ih(self):
        weights = draw(LSTMWeights)
        module = to_torch(weights)
        expected = np.concatenate([weights.b_i, weights.b_f, weights.b_c, weights.b_u])
        np.testing.assert_array_equal(module.bias_ih_l0.detach(), expected)
        assert not module.bias_hh_l0.any()

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_the_reset_gate_of_the_gru_with_one_gate_is_exactly_open(self, dtype):
        module = to_torch(draw(OneGateGRUWeights, dtype=dtype))
        [[weights]] = weights_from_torch(module)
        assert not weights.W_r.any()
        assert torch.equal(weights.b_r.sigmoid(), torch.ones_like(weights.b_r))
        assert not weights.b_hh.any()

    def test_the_reset_gate_of_the_gru_with_one_gate_stays_open_in_training(self):
        module = to_torch(draw(OneGateGRUWeights))
        module(sequence())[0].square().sum().backward()
        for parameter in module.parameters():
            assert not parameter.grad[:HIDDEN].any()
            assert parameter.grad[HIDDEN:].any()

    def test_copies(self):
        weights = draw(RNNWeights)
        module = to_torch(as_torch(weights))
        before = weights.W.copy()
        with torch.no_grad():
            module.weight_ih_l0 += 1.0
        np.testing.assert_array_equal(weights.W, before)

    def test_arrays_of_any_layout(self):
        W, b = draw(RNNWeights)
        [[again]] = weights_from_torch(to_torch(RNNWeights(W[::-1].T[::-1].T, b[::-1])))
        np.testing.assert_array_equal(again.W.detach(), W[::-1, ::-1])
        np.testing.assert_array_equal(again.b.detach(), b[::-1])

    def test_draws_no_random_numbers(self):
        torch.manual_seed(7)
        before = torch.get_rng_state()
        to_torch(draw(LSTMWeights))
        assert torch.equal(torch.get_rng_state(), before)

    @pytest.mark.parametrize("made_by", [GRUWeights, GRUPackedWeights])
    @pytest.mark.parametrize("nested", [False, True])
    def test_the_gru_of_the_slides_is_refused(self, made_by, nested):
        weights = [[draw(made_by)]] if nested else draw(made_by)
        message = (
            rf"torch has no module for {made_by.__name__}\. .*resets the state before the product"
            ".*ONNX's GRU with linear_before_reset=0, or use GRUResetAfterWeights"
        )
        with pytest.raises(ValueError, match=message):
            to_torch(weights)


def raises(error, message):
    """Expect an error whose message holds a text, to the letter."""
    return pytest.raises(error, match=re.escape(message))


def zeros(*shape, dtype=torch.float64, device=None):
    return torch.zeros(*shape, dtype=dtype, device=device)


def wrong_shape(name, axes, expected, got):
    return f"{name}: expected shape ({axes}) = {expected}, got {got}"


F32 = torch.float32
SEQUENCE = "shape (time, input) or (time, batch, input)"
BATCH_FIRST = "shape (time, input) or (batch, time, input)"
CELL = "shape (input) or (batch, input)"
DTYPE = "expected dtype torch.float64, as the module's weights have, got torch.float32"
DEVICE = "expected device cpu, as the module's weights have, got meta"
NO_TIME = "input: expected at least one time step, got shape "
NO_TENSOR = f"input: expected a torch.Tensor of {SEQUENCE} or a PackedSequence, got "
NO_CELL_TENSOR = f"input: expected a torch.Tensor of {CELL}, got "

WRONG_INPUT_TYPES = [
    (nn.GRU, np.zeros((5, 2, 3)), NO_TENSOR + "ndarray"),
    (nn.RNN, [[1.0] * 3], NO_TENSOR + "list of length 1"),
    (nn.LSTM, None, NO_TENSOR + "NoneType"),
    (nn.GRUCell, np.zeros((2, 3)), NO_CELL_TENSOR + "ndarray"),
    (nn.LSTMCell, pack_sequence([zeros(5, 3)]), NO_CELL_TENSOR + "PackedSequence"),
]
TIME_FIRST = "time, batch, input"
PACKED = "packed time and batch, input"
WRONG_INPUTS = [
    (nn.GRU, zeros(3), f"input: expected {SEQUENCE}, got (3,)"),
    (nn.GRU, zeros(1, 5, 2, 3), f"input: expected {SEQUENCE}, got (1, 5, 2, 3)"),
    (nn.LSTM, zeros(5, 2, 1), wrong_shape("input", TIME_FIRST, (5, 2, 3), (5, 2, 1))),
    (nn.RNN, zeros(5, 4), wrong_shape("input", "time, input", (5, 3), (5, 4))),
    (nn.GRU, zeros(0, 2, 3), NO_TIME + "(0, 2, 3)"),
    (nn.LSTM, zeros(0, 3), NO_TIME + "(0, 3)"),
    (
        nn.RNN,
        PackedSequence(zeros(0, 3), torch.zeros(0, dtype=torch.int64)),
        "input: expected at least one time step, got an empty PackedSequence",
    ),
    (nn.GRU, zeros(5, 2, 3, dtype=F32), f"input: {DTYPE}"),
    (nn.GRU, zeros(5, 2, 3, device="meta"), f"input: {DEVICE}"),
    (nn.GRU, pack_sequence([zeros(5, 4)]), wrong_shape("input.data", PACKED, (5, 3), (5, 4))),
    (nn.LSTM, pack_sequence([zeros(5, 3, dtype=F32)]), f"input.data: {DTYPE}"),
    (nn.RNN, pack_sequence([zeros(5)]), f"input.data: expected shape ({PACKED}), got (5,)"),
    (nn.RNNCell, zeros(5, 2, 3), f"input: expected {CELL}, got (5, 2, 3)"),
    (nn.LSTMCell, torch.tensor(1.0), f"input: expected {CELL}, got ()"),
    (nn.GRUCell, zeros(2, 1), wrong_shape("input", "batch, input", (2, 3), (2, 1))),
    (nn.RNNCell, zeros(4), wrong_shape("input", "input", (3,), (4,))),
    (nn.LSTMCell, zeros(2, 3, dtype=F32), f"input: {DTYPE}"),
]
WRONG_BATCH_FIRST_INPUTS = [
    (zeros(3), f"input: expected {BATCH_FIRST}, got (3,)"),
    (zeros(2, 5, 4), wrong_shape("input", "batch, time, input", (2, 5, 3), (2, 5, 4))),
    (zeros(2, 0, 3), NO_TIME + "(2, 0, 3)"),
]

STACKED = "shape (layers * directions, batch, hidden) = (4, 2, 4)"
H, C = zeros(4, 2, 4), zeros(4, 2, 4)
WRONG_STATE_TYPES = [
    (nn.GRU, H.numpy(), f"state: expected a torch.Tensor of {STACKED}, got ndarray"),
    (nn.RNN, (H,), f"state: expected a torch.Tensor of {STACKED}, got tuple of length 1"),
    (nn.RNN, [0.0], f"state: expected a torch.Tensor of {STACKED}, got list of length 1"),
    (nn.LSTM, H, "state: expected a tuple (h_0, c_0), got Tensor"),
    (nn.LSTM, torch.stack([H, C]), "state: expected a tuple (h_0, c_0), got Tensor"),
    (nn.LSTM, (H,), "state: expected a tuple (h_0, c_0), got tuple of length 1"),
    (nn.LSTM, [H, C, C], "state: expected a tuple (h_0, c_0), got list of length 3"),
    (nn.LSTM, (H, None), f"state[1] (c_0): expected a torch.Tensor of {STACKED}, got NoneType"),
]
WRONG_STATES = [
    (nn.GRU, zeros(4, 1, 4), f"state: expected {STACKED}, got (4, 1, 4)"),
    (nn.GRU, zeros(1, 2, 4), f"state: expected {STACKED}, got (1, 2, 4)"),
    (nn.GRU, zeros(4, 2, 1), f"state: expected {STACKED}, got (4, 2, 1)"),
    (nn.GRU, zeros(2, 4, 4), f"state: expected {STACKED}, got (2, 4, 4)"),
    (nn.GRU, zeros(4, 4), f"state: expected {STACKED}, got (4, 4)"),
    (nn.GRU, zeros(4), f"state: expected {STACKED}, got (4,)"),
    (nn.RNN, H.float(), f"state: {DTYPE}"),
    (nn.RNN, H.to("meta"), f"state: {DEVICE}"),
    (nn.LSTM, (zeros(4, 1, 4), C), f"state[0] (h_0): expected {STACKED}, got (4, 1, 4)"),
    (nn.LSTM, (H, zeros(4, 1, 4)), f"state[1] (c_0): expected {STACKED}, got (4, 1, 4)"),
    (nn.LSTM, (H, C.float()), f"state[1] (c_0): {DTYPE}"),
]
WRONG_CELL_STATES = [
    (nn.GRUCell, zeros(2, 3), zeros(1, 4), wrong_shape("state", "batch, hidden", (2, 4), (1, 4))),
    (nn.GRUCell, zeros(2, 3), zeros(4), wrong_shape("state", "batch, hidden", (2, 4), (4,))),
    (nn.RNNCell, zeros(3), zeros(1, 4), wrong_shape("state", "hidden", (4,), (1, 4))),
    (nn.RNNCell, zeros(3), zeros(1), wrong_shape("state", "hidden", (4,), (1,))),
    (
        nn.LSTMCell,
        zeros(2, 3),
        (zeros(2, 4), zeros(1, 4)),
        wrong_shape("state[1] (c_0)", "batch, hidden", (2, 4), (1, 4)),
    ),
]


class TestErrors:
    @pytest.mark.parametrize(("kind", "input", "message"), WRONG_INPUT_TYPES)
    def test_wrong_type_of_input(self, kind, input, message):
        with raises(TypeError, message):
            from_torch(make(kind))(input)

    @pytest.mark.parametrize(("kind", "input", "message"), WRONG_INPUTS)
    def test_wrong_input(self, kind, input, message):
        with raises(ValueError, message):
            from_torch(make(kind))(input)

    @pytest.mark.parametrize(("input", "message"), WRONG_BATCH_FIRST_INPUTS)
    def test_wrong_input_with_the_batch_first(self, input, message):
        with raises(ValueError, message):
            from_torch(make(nn.LSTM, batch_first=True))(input)

    @pytest.mark.parametrize(("kind", "state", "message"), WRONG_STATE_TYPES)
    def test_wrong_type_of_state(self, kind, state, message):
        with raises(TypeError, message):
            from_torch(make(kind, num_layers=2, bidirectional=True))(zeros(5, 2, 3), state)

    @pytest.mark.parametrize(("kind", "state", "message"), WRONG_STATES)
    def test_wrong_state(self, kind, state, message):
        with raises(ValueError, message):
            from_torch(make(kind, num_layers=2, bidirectional=True))(zeros(5, 2, 3), state)

    @pytest.mark.parametrize(("kind", "input", "state", "message"), WRONG_CELL_STATES)
    def test_wrong_state_of_a_cell(self, kind, input, state, message):
        with raises(ValueError, message):
            from_torch(make(kind))(input, state)

    def test_a_cell_without_its_memory(self):
        with raises(TypeError, "state: expected a tuple (h_0, c_0), got Tensor"):
            from_torch(make(nn.LSTMCell))(zeros(2, 3), zeros(2, 4))

    def test_wrong_state_without_a_batch(self):
        with raises(
            ValueError, "state: expected shape (layers * directions, hidden) = (1, 4), got"
        ):
            from_torch(make(nn.GRU))(zeros(5, 3), zeros(1, 1, 4))

    @pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
    @pytest.mark.parametrize("batch", [1, 4])
    def test_wrong_state_of_packed_sequences(self, kind, batch):
        """torch itself takes a batch that is too large here, and leaves out what is too much."""
        module = make(kind)
        input, _ = call_of(module, "packed, not sorted")
        state = zeros(1, batch, 4)
        with raises(ValueError, f"hidden) = (1, 3, 4), got (1, {batch}, 4)"):
            from_torch(module)(input, (state, state) if is_lstm(module) else state)

    def test_the_state_of_a_projection_has_two_sizes(self):
        run = from_torch(make(nn.LSTM, proj_size=2))
        expected = "shape (layers * directions, batch, "
        with raises(ValueError, f"state[0] (h_0): expected {expected}projection) = (1, 2, 2), got"):
            run(zeros(5, 2, 3), (zeros(1, 2, 4), zeros(1, 2, 4)))
        with raises(ValueError, f"state[1] (c_0): expected {expected}hidden) = (1, 2, 4), got"):
            run(zeros(5, 2, 3), (zeros(1, 2, 2), zeros(1, 2, 2)))

    @pytest.mark.parametrize("module", [nn.Linear(3, 4), nn.GRU, "LSTM", None])
    @pytest.mark.parametrize("function", [from_torch, weights_from_torch])
    def test_no_module_of_these_kinds(self, function, module):
        with raises(TypeError, "module: expected one of torch.nn.RNN, torch.nn.GRU, torch.nn.LSTM"):
            function(module)

    def test_a_module_with_an_equation_of_its_own(self):
        class Other(nn.GRU):
            def forward(self, input, hx=None):
                return super().forward(2 * input, hx)

        with raises(TypeError, "got Other, which has a forward() of its own"):
            from_torch(Other(3, 4))

    def test_a_nonlinearity_that_torch_refuses_too(self):
        with raises(ValueError, "module: expected nonlinearity 'tanh' or 'relu', got 'sigmoid'"):
            from_torch(nn.RNNCell(3, 4, nonlinearity="sigmoid"))

    def test_parameters_of_two_dtypes(self):
        module = make(nn.GRU)
        module.weight_hh_l0 = nn.Parameter(module.weight_hh_l0.detach().float())
        with raises(
            ValueError, "expected parameters of one dtype, got torch.float32 and torch.float64"
        ):
            from_torch(module)(zeros(5, 2, 3))

    @pytest.mark.parametrize("weights", [draw(GateWeights), [[draw(GateWeights)]], [[1]], [["W"]]])
    def test_no_weights_of_a_cell(self, weights):
        with raises(TypeError, "weights: expected RNNWeights, RNNSplitWeights, GRUResetAfterW"):
            to_torch(weights)

    @pytest.mark.parametrize(
        ("weights", "got"),
        [
            (None, "NoneType"),
            (np.zeros(3), "ndarray"),
            ([], "list of length 0"),
            ([[]], "a list with list of length 0"),
            ([draw(RNNWeights)], "a list with RNNWeights of length 2"),
        ],
    )
    def test_no_lists_of_weights(self, weights, got):
        with raises(TypeError, f"such as [[forward, backward]], got {got}"):
            to_torch(weights)

    @pytest.mark.parametrize(
        ("weights", "message"),
        [
            ([[draw(RNNWeights)] * 3], "weights: expected one or two directions, got 3 in layer 0"),
            (
                [[draw(RNNWeights)] * 2, [draw(RNNWeights, 8)]],
                "weights: expected 2 directions in every layer, as in layer 0, got 1 in layer 1",
            ),
            (
                [[draw(RNNWeights)], [draw(RNNWeights, 4)] * 2],
                "weights: expected 1 direction in every layer, as in layer 0, got 2 in layer 1",
            ),
            (
                [[draw(RNNWeights)], [draw(RNNWeights)]],
                "weights: expected RNNWeights with hidden = 4, input = 4 (torch.float64, cpu) in "
                "layer 1, direction 0, got RNNWeights with hidden = 4, input = 3 (torch.",
            ),
            (
                [[draw(RNNWeights), RNNWeights.init(3, 5, seed=0)]],
                "weights: expected RNNWeights with hidden = 4, input = 3 (torch.float64, cpu) in "
                "layer 0, direction 1, got RNNWeights with hidden = 5, input = 3 (torch.",
            ),
            ([[draw(RNNWeights), draw(RNNWeights, dtype=np.float32)]], "got RNNWeights with"),
            ([[draw(LSTMWeights)], [draw(GRUResetAfterWeights, 4)]], "got GRUResetAfterWeights"),
            (
                [[draw(LSTMProjectedWeights)], [draw(LSTMProjectedWeights, 4)]],
                "weights: expected LSTMProjectedWeights with hidden = 4, input = 2, projection = 2",
            ),
            (
                LSTMProjectedWeights.init(3, 4, seed=0, projection=4),
                "weights: torch.nn.LSTM only projects to fewer features than the hidden size, "
                "got projection = 4, hidden = 4",
            ),
            (
                RNNWeights(np.ones((4, 7), int), np.ones(4, int)),
                "weights: expected floating-point numbers, got int64",
            ),
            (
                RNNWeights(np.ones((4, 7), ">f8"), np.ones(4, ">f8")),
                "weights: expected a dtype that torch has, got >f8",
            ),
        ],
    )
    def test_weights_that_make_no_module(self, weights, message):
        with raises(ValueError, message):
            to_torch(weights)

    @pytest.mark.parametrize(
        ("made_by", "nonlinearity"), [(RNNWeights, "sigmoid"), (LSTMWeights, "relu")]
    )
    def test_a_nonlinearity_that_torch_does_not_have(self, made_by, nonlinearity):
        message = f"RNN, got '{nonlinearity}' for {made_by.__name__}"
        with raises(
            ValueError, "nonlinearity: expected 'tanh', or 'relu' for the weights of an " + message
        ):
            to_torch(draw(made_by), nonlinearity=nonlinearity)

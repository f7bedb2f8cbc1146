"""The lecture's cells against torch, in random configurations of every kind of module."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from lecture_code.frameworks.bridge import from_torch

LAYERED = (nn.RNN, nn.GRU, nn.LSTM)
CELLS = (nn.RNNCell, nn.GRUCell, nn.LSTMCell)
FORMS = ("batched", "unbatched", "packed", "packed, not sorted")


@st.composite
def calls(draw, dtype, largest_scale):
    """A module, an input and a state. Hypothesis draws the options; a seed gives the numbers."""
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(LAYERED * 2 + CELLS))
    options = {"bias": draw(st.sampled_from([True, True, False])), "dtype": dtype}
    input_size, hidden = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    if kind in (nn.RNN, nn.RNNCell):
        options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    if kind not in CELLS:
        options["num_layers"] = draw(st.integers(1, 3))
        options["bidirectional"] = draw(st.booleans())
        options["batch_first"] = draw(st.booleans())
    if kind is nn.LSTM and hidden > 1 and draw(st.booleans()):
        options["proj_size"] = draw(st.integers(1, hidden - 1))
    module = kind(input_size, hidden, **options)
    set_weights(module, draw(st.floats(0.1, largest_scale)), generator)

    def random(*shape):
        return torch.randn(*shape, generator=generator, dtype=dtype)

    form = draw(st.sampled_from(FORMS[:2] if kind in CELLS else FORMS))
    batch = () if form == "unbatched" else (draw(st.integers(1, 5)),)
    if kind in CELLS:
        input, leading = random(*batch, input_size), batch
    else:
        time = draw(st.integers(1, 50))
        leading = (options["num_layers"] * (1 + options["bidirectional"]), *batch)
        if form.startswith("packed"):
            lengths = torch.randint(1, time + 1, batch, generator=generator)
            if form == "packed":
                lengths = lengths.sort(descending=True).values
            input = pack_padded_sequence(
                random(time, *batch, input_size), lengths, enforce_sorted=form == "packed"
            )
        elif form == "batched" and options["batch_first"]:
            input = random(*batch, time, input_size)
        else:
            input = random(time, *batch, input_size)

    state = None
    if draw(st.sampled_from([True, True, True, False])):
        state = random(*leading, options.get("proj_size", hidden))
        if kind in (nn.LSTM, nn.LSTMCell):
            state = state, random(*leading, hidden)
    return module, input, state


@torch.no_grad()
def set_weights(module, scale, generator):
    """Draw all weights, up to `scale` times as large as torch draws them."""
    bound = scale * module.hidden_size**-0.5
    for name, parameter in module.named_parameters():
        parameter.uniform_(-bound, bound, generator=generator)
        # A rectifier has no upper end: where its recurrence expands, states of 1e9 come out, whose
        # neighbouring floating-point numbers are 1e-7 apart. So it is made to contract.
        if getattr(module, "nonlinearity", "tanh") == "relu" and "weight_hh" in name:
            parameter /= max(1.0, 2 * torch.linalg.matrix_norm(parameter, 2).item())


def assert_same(actual, expected, atol):
    assert type(actual) is type(expected)
    if isinstance(expected, torch.Tensor):
        torch.testing.assert_close(actual, expected, rtol=0, atol=atol)
    elif isinstance(expected, PackedSequence):
        assert_same(actual.data, expected.data, atol)
        for indices, wanted in zip(actual[1:], expected[1:], strict=True):
            assert wanted is indices or torch.equal(indices, wanted)
    else:
        assert len(actual) == len(expected)
        for part, wanted in zip(actual, expected, strict=True):
            assert_same(part, wanted, atol)


@settings(max_examples=1000)
@given(call=calls(torch.float64, 2.0))
def test_computes_what_torch_computes(call):
    module, input, state = call
    with torch.no_grad():
        assert_same(from_torch(module)(input, state), module(input, state), atol=1e-12)


# Where the recurrence expands, a rounding error of 1e-7 grows over 50 time steps beyond the bound,
# in torch as in the lecture. So the weights are no larger here than torch draws them.
@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@settings(max_examples=1000)
@given(call=calls(torch.float32, 1.0))
def test_computes_what_torch_computes_in_float32(call):
    module, input, state = call
    with torch.no_grad():
        assert_same(from_torch(module)(input, state), module(input, state), atol=2e-5)

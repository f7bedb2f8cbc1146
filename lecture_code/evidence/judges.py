"""Which judge computes which of the lecture's functions, and how near the two must come."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from lecture_code.core.tolerances import TOLERANCES
from lecture_code.oracles import functions, gradients, onnx_models, torch_nn
from lecture_code.oracles.layout import cast, over_any_batch
from lecture_code.sections.architectures import readout
from lecture_code.sections.convolution import (
    convolution_layer,
    convolve,
    convolve_strided,
    kernel_gradient,
)
from lecture_code.sections.deep_network import deep
from lecture_code.sections.dimensionality import dense_weights
from lecture_code.sections.gates import gate
from lecture_code.sections.gru import gru_reset_after_step, gru_step
from lecture_code.sections.gru_one_gate import gru_one_gate_step
from lecture_code.sections.gru_packed import gru_packed_step
from lecture_code.sections.history import recall, store
from lecture_code.sections.learning import (
    chain,
    gru_backward,
    lstm_backward,
    rnn_backward,
    rnn_jacobians,
    sum_over_time,
)
from lecture_code.sections.loss import gradient, layer_gradient, squared_error
from lecture_code.sections.lstm import lstm_literal_step, lstm_projected_step, lstm_step
from lecture_code.sections.naive import drift, mase, naive, naive_scale, seasonal_naive
from lecture_code.sections.neuron import predict
from lecture_code.sections.new_state import dense, rnn_split_step
from lecture_code.sections.optimizer import ascend, descend, descend_on_batch
from lecture_code.sections.rnn import rnn_relu_step, rnn_sigmoid_step, rnn_step
from lecture_code.sections.sequences import autocorrelation, bag_of_words
from lecture_code.sections.several_steps import (
    direct_forecast,
    late_error,
    move_on,
    step_errors,
)
from lecture_code.sections.summary import parameter_count
from lecture_code.sections.temporal_convolution import (
    causal_convolution,
    convolve_time,
    receptive_field,
)
from lecture_code.sections.training import clip_by_norm, cross_entropy, masked_error
from lecture_code.sections.tuning import gain_over_seeds
from lecture_code.sections.universal_approximation import shallow, shallow_network
from lecture_code.sections.windowing import standardize

LEAST_DIFFERENCE = 1e-3
"""What the largest difference exceeds where a judge computes something else.

This holds where it can differ: two time steps or more, two units or more, a state that is not zero.
"""


@dataclass(frozen=True)
class Judge:
    """Another program that computes what a function of the lecture computes.

    Attributes:
        name: what it is, in a few words.
        run: for a step, a function of `(weights, inputs, state)` that returns `(outputs, state)`
            as `unroll` does; for any other function, one of the same arguments and results.
        dtype: what it computes in, `float64` or `float32`.
        tolerance: the largest absolute difference that rounding explains; for a judge that computes
            something else, the least absolute difference, which it must exceed somewhere.
        agrees: False for one that computes something else.
        note: what else it computes, or how it was brought to compute the same.
    """

    name: str
    run: Callable[..., Any]
    dtype: str
    tolerance: float
    agrees: bool = True
    note: str = ""


def _judge(
    name: str, run: Callable, dtype: str = "float64", agrees: bool = True, note: str = ""
) -> Judge:
    tolerance = TOLERANCES[dtype] if agrees else LEAST_DIFFERENCE
    return Judge(name, over_any_batch(run, dtype), dtype, tolerance, agrees, note)


def _torch(kind: str, make: Callable, **more: Any) -> Judge:
    return _judge(f"torch.nn.{kind}", partial(torch_nn.run, make), **more)


def _runtime(run: Callable, detail: str = "", **more: Any) -> Judge:
    run = partial(run, onnx_models.runtime)
    return _judge(f"ONNX Runtime{detail}", run, "float32", **more)


def _reference(run: Callable, detail: str = "", **more: Any) -> Judge:
    return _judge(f"onnx.reference{detail}", partial(run, onnx_models.reference), **more)


def _onnx(make: Callable, detail: str = "", **more: Any) -> tuple[Judge, Judge]:
    run = partial(onnx_models.run, make)
    return _reference(run, detail, **more), _runtime(run, detail, **more)


def _dense() -> tuple[Judge, ...]:
    def judge(name: str, run: Callable, dtype: str) -> Judge:
        def run_in_dtype(*arguments: Any) -> np.ndarray:
            *inputs, weights = arguments
            return run(cast(weights, dtype), *(np.asarray(array, dtype) for array in inputs))

        return Judge(name, run_in_dtype, dtype, TOLERANCES[dtype])

    reference, runtime = onnx_models.reference, onnx_models.runtime
    return (
        judge("torch.nn.Linear, sigmoid", torch_nn.run_dense, "float64"),
        judge("onnx.reference", partial(onnx_models.run_dense, reference), "float64"),
        judge("ONNX Runtime", partial(onnx_models.run_dense, runtime), "float32"),
    )


def _same(name: str, run: Callable, agrees: bool = True, note: str = "") -> Judge:
    """A judge in float64 that takes the function's own arguments."""
    tolerance = TOLERANCES["float64"] if agrees else LEAST_DIFFERENCE
    return Judge(name, run, "float64", tolerance, agrees, note)


RESETS_AFTER = "resets after the product, here without a bias inside"
TANH_BETWEEN = "its memory is replaced by its tanh after each step"

JUDGES: dict[Callable, tuple[Judge, ...]] = {
    predict: (_same("torch.nn.Linear, sigmoid", functions.predict),),
    squared_error: (_same("torch mse_loss", functions.squared_error),),
    gradient: (_same("torch.autograd", functions.gradient),),
    layer_gradient: (_same("torch.autograd", functions.layer_gradient),),
    descend: (_same("torch.optim.SGD", functions.sgd()),),
    ascend: (
        _same("torch.optim.SGD, maximize", functions.sgd(maximize=True)),
        _same("torch.optim.SGD", functions.sgd(), agrees=False, note="goes down the slope"),
    ),
    rnn_backward: (_same("torch.autograd", gradients.rnn_backward),),
    gru_backward: (_same("torch.autograd", gradients.gru_backward),),
    lstm_backward: (_same("torch.autograd", gradients.lstm_backward),),
    sum_over_time: (_same("torch.autograd", gradients.sum_over_time),),
    rnn_jacobians: (_same("torch.autograd jacobian", gradients.rnn_jacobians),),
    chain: (_same("numpy einsum", partial(np.einsum, "ij,jk->ik")),),
    cross_entropy: (_same("torch cross_entropy, autograd", gradients.cross_entropy),),
    masked_error: (_same("torch mse_loss of what is there", functions.masked_error),),
    clip_by_norm: (_same("torch clip_grad_norm_", functions.clip_by_norm),),
    descend_on_batch: (_same("torch.optim.SGD, mean", functions.descend_on_batch),),
    shallow: (_same("torch.nn.Sequential", functions.composed(torch.nn.Sigmoid())),),
    shallow_network: (_same("torch.nn.Sequential", functions.shallow_network),),
    dense_weights: (_same("torch.nn.Linear", functions.dense_weights),),
    convolve: (
        _same("torch conv2d", functions.conv2d),
        _same("scipy correlate2d", functions.scipy_2d("correlate2d")),
        _same(
            "scipy convolve2d",
            functions.scipy_2d("convolve2d"),
            agrees=False,
            note="turns the kernel round first",
        ),
    ),
    convolve_strided: (_same("torch conv2d", functions.conv2d),),
    convolution_layer: (_same("torch.nn.Conv2d, sigmoid", functions.convolution_layer),),
    kernel_gradient: (_same("torch.autograd", functions.kernel_gradient),),
    deep: (_same("torch.nn.Sequential", functions.composed(torch.nn.ReLU())),),
    bag_of_words: (_same("numpy einsum", partial(np.einsum, "ti->i")),),
    autocorrelation: (_same("statsmodels acf", functions.autocorrelation),),
    standardize: (_same("scipy.stats.zmap", functions.standardize),),
    naive: (_same("scipy lfilter, a delay of 1", functions.naive),),
    seasonal_naive: (_same("scipy lfilter, a delay of m", functions.seasonal_naive),),
    drift: (_same("scipy interp1d, extrapolated", functions.drift),),
    naive_scale: (_same("torch l1_loss", functions.naive_scale),),
    mase: (_same("torch l1_loss", functions.mase),),
    store: (_same("numpy einsum", functions.store),),
    recall: (_same("torch.nn.Linear, sign", functions.recall),),
    readout: (_same("torch.nn.Linear", functions.readout),),
    convolve_time: (
        _same("torch conv1d", functions.conv1d),
        _same("numpy correlate", functions.correlate),
        _same(
            "numpy convolve",
            functions.turned_1d,
            agrees=False,
            note="turns the kernel round first",
        ),
    ),
    causal_convolution: (_same("torch.nn.Conv1d", functions.causal_convolution),),
    receptive_field: (_same("torch.autograd", functions.receptive_field),),
    direct_forecast: (_same("torch.nn.Linear", functions.direct_forecast),),
    move_on: (_same("torch.nn.Linear, roll", functions.move_on),),
    step_errors: (_same("statsmodels rmse", functions.step_errors),),
    late_error: (_same("torch mse_loss", functions.late_error),),
    gain_over_seeds: (_same("scipy ttest_rel, sem", functions.gain_over_seeds),),
    parameter_count: (_same("torch.nn, one bias", functions.parameter_count),),
    dense: _dense(),
    gate: _dense(),
    rnn_step: (
        _torch("RNN", torch_nn.rnn),
        *_onnx(onnx_models.rnn),
    ),
    rnn_relu_step: (
        _torch("RNN", partial(torch_nn.rnn, nonlinearity="relu")),
        _runtime(partial(onnx_models.run, partial(onnx_models.rnn, activation="Relu"))),
    ),
    rnn_sigmoid_step: (
        _judge(
            "torch.nn.RNN, rescaled",
            torch_nn.run_rnn_rescaled,
            note="σ(x) = (1 + tanh(x/2))/2 turns its tanh into σ",
        ),
        _runtime(partial(onnx_models.run, partial(onnx_models.rnn, activation="Sigmoid"))),
        _torch("RNN", torch_nn.rnn, agrees=False, note="has tanh where the slides print σ"),
    ),
    rnn_split_step: (
        _torch("RNN", torch_nn.rnn_split),
        *_onnx(onnx_models.rnn_split),
    ),
    gru_one_gate_step: (
        _torch("GRU, reset = 1", torch_nn.gru_one_gate),
        *_onnx(onnx_models.gru_one_gate, ", reset = 1"),
    ),
    gru_step: (
        *_onnx(onnx_models.gru),
        _torch("GRU", torch_nn.gru_same_numbers, agrees=False, note=RESETS_AFTER),
    ),
    gru_reset_after_step: (
        _torch("GRU", torch_nn.gru_reset_after),
        *_onnx(onnx_models.gru_reset_after),
    ),
    gru_packed_step: (
        *_onnx(onnx_models.gru_packed),
        _torch("GRU", torch_nn.gru_same_numbers_packed, agrees=False, note=RESETS_AFTER),
    ),
    lstm_step: (
        _torch("LSTM", torch_nn.lstm),
        *_onnx(onnx_models.lstm),
    ),
    lstm_literal_step: (
        _judge(
            "torch.nn.LSTMCell, tanh between steps", torch_nn.run_lstm_literal, note=TANH_BETWEEN
        ),
        _reference(onnx_models.run_lstm_literal, ", tanh between steps", note=TANH_BETWEEN),
        _runtime(onnx_models.run_lstm_literal, ", tanh between steps", note=TANH_BETWEEN),
        _torch("LSTM", torch_nn.lstm, agrees=False, note="hands on the memory before the tanh"),
    ),
    lstm_projected_step: (
        _torch("LSTM", torch_nn.lstm_projected),
        _reference(
            onnx_models.run_lstm_projected,
            ", unprojected",
            note="its gates read W_p's product through their own matrices",
        ),
    ),
}
"""The judges of each function, those that agree with it first."""

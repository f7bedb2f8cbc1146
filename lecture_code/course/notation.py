r"""The notation: one table of symbols, the variables that hold them, their meaning, shape and role.

The table drives three things: which array a symbol of an equation takes when a function's equation
is evaluated, which symbol and which variable light up together on a page, and the page "Notation".
"""

from typing import NamedTuple

from lecture_code.equations.roles import FUNCTION, KERNEL, MATRIX, NUMBER, VECTOR


class Quantity(NamedTuple):
    """One symbol of the equations.

    Attributes:
        latex: the symbol as the equations write it.
        variable: the variable that holds it in the code.
        meaning: what it is, in words.
        shape: its shape, features last.
        role: `input`, `state`, `gate`, `candidate`, `output`, `weight`, or `index` for what counts.
        sections: the stems of the sections in which it means this; by default all of them that have
            no row of their own.
        holds: what its value is in an equation, a role of `lecture_code.equations.roles`.
    """

    latex: str
    variable: str
    meaning: str
    shape: str
    role: str
    sections: tuple[str, ...] = ()
    holds: str = VECTOR


STATE, SHOWN = "(..., hidden)", "(..., hidden or projection)"
READS_BOTH, BIAS = "(hidden, input + hidden)", "(hidden,)"
NEURON, SERIES = ("neuron", "loss"), ("sequences", "windowing")
AHEAD, TUNING = ("several_steps",), ("tuning",)
SHALLOW, NAIVE, IN_TIME = ("universal_approximation",), ("naive",), ("temporal_convolution",)

NOTATION = (
    Quantity("X_t", "x", "input at time t", "(..., input)", "input"),
    Quantity("X", "X", "input of a layer, a network or a gate", "(..., input)", "input"),
    Quantity("h_{t-1}", "h", "hidden state before this step", SHOWN, "state"),
    Quantity("h_t", "h_next", "hidden state after this step", SHOWN, "output"),
    Quantity("C_{t-1}", "c", "memory of the LSTM before this step", STATE, "state"),
    Quantity("C", "c", "context of the LSTM before this step, as on the slide", STATE, "state"),
    Quantity("C_t", "c_next", "memory of the LSTM after this step", STATE, "output"),
    Quantity(
        r"\tilde{C}",
        "c_next",
        "context of the LSTM after this step, as on the slide",
        STATE,
        "output",
    ),
    Quantity("V_t", "joined", "input and state in one array", "(..., input + hidden)", "input"),
    Quantity("y", "y", "output of a layer", "(..., outputs)", "output"),
    Quantity("Y", "Y", "what passes a gate", "any", "output"),
    Quantity("X", "X", "values in front of a gate", "any", "input", ("gates",)),
    Quantity(r"\Gamma", "gate", "gate: 1 keeps, 0 lets go", STATE, "gate"),
    Quantity(
        r"\Gamma_u",
        "update",
        "update gate; that of an LSTM is elsewhere called output gate",
        STATE,
        "gate",
    ),
    Quantity(r"\Gamma_r", "reset", "reset gate", STATE, "gate"),
    Quantity(r"\Gamma_i", "input_", "input gate", STATE, "gate"),
    Quantity(r"\Gamma_f", "forget", "forget gate", STATE, "gate"),
    Quantity(r"\tilde{h}_t", "candidate", "candidate for the new state", STATE, "candidate"),
    Quantity(r"\tilde{h}", "candidate", "what is added to the memory", STATE, "candidate"),
    Quantity(
        "W",
        "W",
        "matrix: that of the only affine map",
        "(hidden, what it reads)",
        "weight",
        holds=MATRIX,
    ),
    Quantity("b", "b", "bias: that of the only affine map", BIAS, "weight"),
    Quantity(
        "W_x", "W_x", "matrix that reads the input alone", "(hidden, input)", "weight", holds=MATRIX
    ),
    Quantity("W_h", "W_h", "matrix of the candidate", READS_BOTH, "weight", holds=MATRIX),
    Quantity(
        "W_h",
        "W_h",
        "matrix that reads the state alone",
        "(hidden, hidden)",
        "weight",
        ("new_state",),
        holds=MATRIX,
    ),
    Quantity("b_h", "b_h", "bias of the candidate", BIAS, "weight"),
    Quantity(r"W_{\Gamma}", "W_g", "matrix of the only gate", READS_BOTH, "weight", holds=MATRIX),
    Quantity(r"b_{\Gamma}", "b_g", "bias of the only gate", BIAS, "weight"),
    Quantity("W_u", "W_u", "matrix of the update gate", READS_BOTH, "weight", holds=MATRIX),
    Quantity("b_u", "b_u", "bias of the update gate", BIAS, "weight"),
    Quantity("W_r", "W_r", "matrix of the reset gate", READS_BOTH, "weight", holds=MATRIX),
    Quantity("b_r", "b_r", "bias of the reset gate", BIAS, "weight"),
    Quantity(
        "W_{hx}",
        "W_hx",
        "matrix of the candidate that reads the input",
        "(hidden, input)",
        "weight",
        holds=MATRIX,
    ),
    Quantity("b_{hx}", "b_hx", "bias of the candidate outside the reset", BIAS, "weight"),
    Quantity(
        "W_{hh}",
        "W_hh",
        "matrix of the candidate that reads the state",
        "(hidden, hidden)",
        "weight",
        holds=MATRIX,
    ),
    Quantity("b_{hh}", "b_hh", "bias of the candidate inside the reset", BIAS, "weight"),
    Quantity(
        "W_1",
        "W_1",
        "matrices of both gates side by side",
        "(input + hidden, 2 hidden)",
        "weight",
        holds=MATRIX,
    ),
    Quantity("b_1", "b_1", "biases of both gates", "(2 hidden,)", "weight"),
    Quantity(
        "W_2",
        "W_2",
        "matrix of the candidate, packed layout",
        "(input + hidden, hidden)",
        "weight",
        holds=MATRIX,
    ),
    Quantity("b_2", "b_2", "bias of the candidate, packed layout", BIAS, "weight"),
    Quantity("W_i", "W_i", "matrix of the input gate", READS_BOTH, "weight", holds=MATRIX),
    Quantity("b_i", "b_i", "bias of the input gate", BIAS, "weight"),
    Quantity("W_f", "W_f", "matrix of the forget gate", READS_BOTH, "weight", holds=MATRIX),
    Quantity("b_f", "b_f", "bias of the forget gate", BIAS, "weight"),
    Quantity("W_c", "W_c", "matrix of the LSTM's candidate", READS_BOTH, "weight", holds=MATRIX),
    Quantity("b_c", "b_c", "bias of the LSTM's candidate", BIAS, "weight"),
    Quantity(
        "W_p",
        "W_p",
        "matrix that projects the hidden state",
        "(projection, hidden)",
        "weight",
        holds=MATRIX,
    ),
    Quantity("x", "x", "input of one neuron", "any", "input", NEURON),
    Quantity("w", "w", "weight of one neuron", "a number", "weight", NEURON, holds=NUMBER),
    Quantity("b", "b", "bias", "a number, or (hidden,)", "weight", NEURON),
    Quantity(r"\hat{y}", "y_hat", "prediction", "any", "output"),
    Quantity("y", "y", "target: what the prediction should be", "any", "input", ("loss",)),
    Quantity("z", "z", "loss: the squared error", "any", "output"),
    Quantity(
        r"\frac{\partial z}{\partial w}", "dz_dw", "gradient for the weight", "that of w", "output"
    ),
    Quantity(
        r"\frac{\partial z}{\partial b}", "dz_db", "gradient for the bias", "that of b", "output"
    ),
    Quantity(
        r"\frac{\partial z}{\partial W}",
        "dz_dW",
        "gradient for the matrix",
        "that of W",
        "output",
        holds=MATRIX,
    ),
    Quantity("X", "X", "inputs, one row a sample", "(samples, input)", "input", ("loss",)),
    Quantity("Y", "Y", "targets, one row a sample", "(samples, hidden)", "input", ("loss",)),
    Quantity(r"\hat{Y}", "Y_hat", "prediction, one row a sample", "(samples, hidden)", "output"),
    Quantity(
        r"\Delta", "delta", "gradient before the activation", "(samples, hidden)", "candidate"
    ),
    Quantity("n", "n", "number of a sample", "counts from 0", "index", ("loss",), holds=NUMBER),
    Quantity("i", "i", "number of an output, or of a row", "counts from 0", "index", holds=NUMBER),
    Quantity(
        "j", "j", "number of an input, or of a column", "counts from 0", "index", holds=NUMBER
    ),
    Quantity("w", "w", "weight", "any", "weight", ("optimizer",)),
    Quantity("b", "b", "bias", "any", "weight", ("optimizer",)),
    Quantity(
        "G", "slopes", "gradients, one row a sample", "(batch, parameters)", "input", ("optimizer",)
    ),
    Quantity("B", "B", "number of samples in a batch", "a number", "index", holds=NUMBER),
    Quantity(
        "n", "n", "number of a sample", "counts from 0", "index", ("optimizer",), holds=NUMBER
    ),
    Quantity(
        "j", "j", "number of a weight", "counts from 0", "index", ("optimizer",), holds=NUMBER
    ),
    Quantity(r"\eta", "learning_rate", "learning rate", "a number", "gate", holds=NUMBER),
    Quantity("f_1", "f_1", "affine map of the first layer", "a function", "weight", holds=FUNCTION),
    Quantity(
        "f_2", "f_2", "affine map of the second layer", "a function", "weight", holds=FUNCTION
    ),
    Quantity("f_3", "f_3", "affine map of the third layer", "a function", "weight", holds=FUNCTION),
    Quantity(
        "W_1",
        "W_1",
        "matrix of the first layer",
        "(hidden, input)",
        "weight",
        SHALLOW,
        holds=MATRIX,
    ),
    Quantity("b_1", "b_1", "bias of the first layer", "(hidden,)", "weight", SHALLOW),
    Quantity(
        "W_2",
        "W_2",
        "matrix of the second layer",
        "(output, hidden)",
        "weight",
        SHALLOW,
        holds=MATRIX,
    ),
    Quantity("b_2", "b_2", "bias of the second layer", "(output,)", "weight", SHALLOW),
    Quantity(
        "w", "width", "width of an image", "pixels", "input", ("dimensionality",), holds=NUMBER
    ),
    Quantity(
        "h", "height", "height of an image", "pixels", "input", ("dimensionality",), holds=NUMBER
    ),
    Quantity(
        "n",
        "features",
        "number of features",
        "a number",
        "candidate",
        ("dimensionality",),
        holds=NUMBER,
    ),
    Quantity(
        "N", "count", "number of weights", "a number", "output", ("dimensionality",), holds=NUMBER
    ),
    Quantity("X", "X", "image", "(..., rows, columns)", "input", ("convolution",)),
    Quantity("w", "w", "kernel", "(height, width)", "weight", ("convolution",), holds=KERNEL),
    Quantity(
        "b", "b", "bias of a convolution", "a number", "weight", ("convolution",), holds=NUMBER
    ),
    Quantity(
        "Y",
        "Y",
        "output of a convolution, or its target",
        "(..., rows, columns)",
        "output",
        ("convolution",),
    ),
    Quantity(
        r"\hat{Y}",
        "Y_hat",
        "prediction: the output of a convolution",
        "(rows, columns)",
        "output",
        ("convolution",),
    ),
    Quantity(
        r"\Delta",
        "delta",
        "gradient for the output",
        "(rows, columns)",
        "candidate",
        ("convolution",),
        holds=KERNEL,
    ),
    Quantity("s", "s", "stride", "rows and columns", "input", ("convolution",), holds=NUMBER),
    Quantity("m", "m", "row in the kernel", "counts from 0", "index", holds=NUMBER),
    Quantity(
        "n", "n", "column in the kernel", "counts from 0", "index", ("convolution",), holds=NUMBER
    ),
    Quantity("X", "X", "sequence", "(time, features)", "input", ("sequences",)),
    Quantity("y", "y", "sum of a sequence", "(features,)", "output", ("sequences",)),
    Quantity("x", "x", "series", "(time,)", "input", SERIES),
    Quantity("t", "t", "time step", "counts from 0", "index", holds=NUMBER),
    Quantity("T", "T", "number of time steps that count", "a number", "index", holds=NUMBER),
    Quantity("k", "k", "lag", "time steps", "input", ("sequences",), holds=NUMBER),
    Quantity(r"\mu", "mean", "mean", "a number", "candidate", holds=NUMBER),
    Quantity("r_k", "r", "autocorrelation at lag k", "a number", "output", holds=NUMBER),
    Quantity(
        "s",
        "deviation",
        "standard deviation",
        "a number",
        "candidate",
        ("windowing",),
        holds=NUMBER,
    ),
    Quantity("y", "y", "scaled series", "(time,)", "output", ("windowing",)),
    Quantity("X", "X", "windows of the past", "(pairs, window)", "input", NAIVE),
    Quantity(r"\hat{y}", "y_hat", "forecast for every step ahead", "(pairs,)", "output", NAIVE),
    Quantity("Y", "Y", "what came", "(pairs, horizon)", "input", NAIVE),
    Quantity(r"\hat{Y}", "Y_hat", "forecast", "(pairs, horizon)", "output", NAIVE),
    Quantity("x", "x", "series", "(time,)", "input", NAIVE),
    Quantity("m", "m", "length of a season", "time steps", "input", NAIVE, holds=NUMBER),
    Quantity("h", "h", "steps ahead", "(horizon,)", "input", NAIVE),
    Quantity("n", "n", "number of a pair", "counts from 0", "index", NAIVE, holds=NUMBER),
    Quantity(
        "k", "k", "place in the horizon, or in a season", "counts from 0", "index", NAIVE, NUMBER
    ),
    Quantity("N", "N", "number of pairs", "a number", "index", NAIVE, holds=NUMBER),
    Quantity("H", "H", "horizon", "time steps", "index", NAIVE, holds=NUMBER),
    Quantity("s", "s", "scale: error of a naive forecast", "a number", "weight", NAIVE, NUMBER),
    Quantity("e", "e", "mean absolute error", "a number", "candidate", NAIVE, holds=NUMBER),
    Quantity(
        r"\mathrm{MASE}", "scaled", "mean absolute scaled error", "a number", "output", holds=NUMBER
    ),
    Quantity("X", "X", "patterns of -1 and 1", "(patterns, units)", "input", ("history",)),
    Quantity(
        "W", "W", "weights between units", "(units, units)", "weight", ("history",), holds=MATRIX
    ),
    Quantity("N", "N", "number of units", "a number", "index", ("history",), holds=NUMBER),
    Quantity("p", "p", "number of a pattern", "counts from 0", "index", holds=NUMBER),
    Quantity(
        r"\frac{\partial L}{\partial h_t}",
        "dh",
        "gradient for the hidden state after this step",
        STATE,
        "input",
    ),
    Quantity(
        r"\frac{\partial L}{\partial h_{t-1}}",
        "dh_before",
        "gradient for the hidden state before this step",
        STATE,
        "output",
    ),
    Quantity(
        r"\frac{\partial L}{\partial C_t}",
        "dc",
        "gradient for the memory, from the step after this one",
        STATE,
        "input",
    ),
    Quantity(
        r"\frac{\partial L}{\partial C_{t-1}}",
        "dc_before",
        "gradient for the memory before this step",
        STATE,
        "output",
    ),
    Quantity(r"\Delta_t", "delta", "gradient before the tanh of an RNN", STATE, "candidate"),
    Quantity(r"\Delta_u", "delta_u", "gradient before the update gate's σ", STATE, "gate"),
    Quantity(r"\Delta_r", "delta_r", "gradient before the reset gate's σ", STATE, "gate"),
    Quantity(r"\Delta_i", "delta_i", "gradient before the input gate's σ", STATE, "gate"),
    Quantity(r"\Delta_f", "delta_f", "gradient before the forget gate's σ", STATE, "gate"),
    Quantity(r"\Delta_h", "delta_h", "gradient before the candidate's tanh", STATE, "candidate"),
    Quantity(
        r"\Delta_c",
        "delta_c",
        "gradient before the tanh of an LSTM's candidate",
        STATE,
        "candidate",
    ),
    Quantity("D", "d_seen", "gradient for the state behind the reset gate", STATE, "candidate"),
    Quantity(
        "E",
        "d_memory",
        "gradient for the memory after this step, from everywhere",
        STATE,
        "candidate",
    ),
    Quantity("S", "shown", "tanh of the memory", STATE, "candidate"),
    Quantity("G", "new", "tanh in an LSTM's candidate", STATE, "candidate"),
    Quantity(
        r"\frac{\partial L}{\partial W}",
        "dL_dW",
        "gradient for the matrix of an affine map",
        "that of W",
        "output",
        holds=MATRIX,
    ),
    Quantity(
        r"\frac{\partial L}{\partial b}",
        "dL_db",
        "gradient for the bias of an affine map",
        "that of b",
        "output",
    ),
    Quantity(
        r"\Delta",
        "delta",
        "gradient of what an affine map gives",
        "(time, batch, hidden)",
        "candidate",
        ("learning",),
    ),
    Quantity("V", "V", "what an affine map reads", "(time, batch, read)", "input"),
    Quantity(
        "n", "n", "number of a sequence", "counts from 0", "index", ("learning",), holds=NUMBER
    ),
    Quantity("h", "h", "states, time first", "(time, hidden)", "state", ("learning",)),
    Quantity("d", "n_x", "input size", "a number", "index", ("learning",), holds=NUMBER),
    Quantity("J", "J", "Jacobians of all steps", "(time, hidden, hidden)", "output"),
    Quantity(
        "J_t",
        "J",
        "Jacobian of one step",
        "(hidden, hidden)",
        "input",
        holds=MATRIX,
    ),
    Quantity(
        r"\frac{\partial h_{t-1}}{\partial h_k}",
        "dh_dk",
        "how the state before this step depends on that of step k",
        "(hidden, hidden)",
        "state",
        holds=MATRIX,
    ),
    Quantity(
        r"\frac{\partial h_t}{\partial h_k}",
        "dh_next_dk",
        "how the state after this step depends on that of step k",
        "(hidden, hidden)",
        "output",
        holds=MATRIX,
    ),
    Quantity(
        "W_h",
        "W_h",
        "columns of W that read the state",
        "(hidden, hidden)",
        "weight",
        ("learning",),
        holds=MATRIX,
    ),
    Quantity(
        "W_{uh}",
        "W_uh",
        "columns of W_u that read the state",
        "(hidden, hidden)",
        "weight",
        holds=MATRIX,
    ),
    Quantity(
        "W_{rh}",
        "W_rh",
        "columns of W_r that read the state",
        "(hidden, hidden)",
        "weight",
        holds=MATRIX,
    ),
    Quantity(
        "W_{ih}",
        "W_ih",
        "columns of W_i that read the state",
        "(hidden, hidden)",
        "weight",
        holds=MATRIX,
    ),
    Quantity(
        "W_{fh}",
        "W_fh",
        "columns of W_f that read the state",
        "(hidden, hidden)",
        "weight",
        holds=MATRIX,
    ),
    Quantity(
        "W_{ch}",
        "W_ch",
        "columns of W_c that read the state",
        "(hidden, hidden)",
        "weight",
        holds=MATRIX,
    ),
    Quantity("Z", "Z", "scores of the classes", "(samples, classes)", "input"),
    Quantity("Y", "Y", "targets", "(samples, classes), or (time, batch)", "input", ("training",)),
    Quantity("P", "P", "probabilities of the classes", "(samples, classes)", "candidate"),
    Quantity("L", "L", "loss", "a number", "output", holds=NUMBER),
    Quantity(
        r"\frac{\partial L}{\partial Z}",
        "dL_dZ",
        "gradient for the scores",
        "(samples, classes)",
        "output",
    ),
    Quantity("N", "N", "number of samples", "a number", "index", ("training",), holds=NUMBER),
    Quantity("n", "n", "number of a sample", "counts from 0", "index", ("training",), holds=NUMBER),
    Quantity("k", "k", "number of a class", "counts from 0", "index", ("training",), holds=NUMBER),
    Quantity("M", "M", "mask", "(time, batch)", "gate"),
    Quantity(r"\hat{Y}", "Y_hat", "predictions", "(time, batch)", "input", ("training",)),
    Quantity("g", "g", "gradients, one a row", "(models, parameters)", "input", ("training",)),
    Quantity(r"\nu", "norm", "norm of a gradient", "(models,)", "candidate"),
    Quantity("c", "largest", "largest norm", "a number", "gate", ("training",), holds=NUMBER),
    Quantity("h_t", "h", "hidden state that is read out", STATE, "state", ("architectures",)),
    Quantity("y_t", "y", "output of a readout", "(..., output)", "output"),
    Quantity("X", "X", "sequences", "(batch, input, time)", "input", IN_TIME),
    Quantity("V", "V", "what came before", "(batch, input, d (width - 1))", "state", IN_TIME),
    Quantity("U", "U", "sequences with what came before", "(batch, input, …)", "input", IN_TIME),
    Quantity("Y", "Y", "output of a convolution", "(batch, hidden, time)", "output", IN_TIME),
    Quantity("w", "w", "kernel", "(width,)", "weight", IN_TIME),
    Quantity(
        "W", "W", "kernels of all channels", "(hidden, input, width)", "weight", IN_TIME, KERNEL
    ),
    Quantity("m", "m", "place in the kernel", "counts from 0", "index", IN_TIME, NUMBER),
    Quantity("n", "n", "number of a sequence", "counts from 0", "index", IN_TIME, NUMBER),
    Quantity("d", "d", "dilation, of one layer or of each", "time steps", "gate", IN_TIME),
    Quantity("k", "k", "width of the kernel, for each layer", "(layers,)", "input", IN_TIME),
    Quantity("l", "l", "number of a layer", "counts from 0", "index", IN_TIME, NUMBER),
    Quantity("r", "r", "receptive field", "time steps", "output", IN_TIME, NUMBER),
    Quantity("X", "X", "windows of the past", "(pairs, window)", "input", AHEAD),
    Quantity("W", "W", "a row for each step ahead", "(horizon, window)", "weight", AHEAD, MATRIX),
    Quantity("b", "b", "bias for each step ahead", "(horizon,)", "weight", AHEAD),
    Quantity(r"\hat{Y}", "Y_hat", "forecast", "(pairs, horizon)", "output", AHEAD),
    Quantity("V", "V", "windows without their oldest value", "(pairs, window - 1)", "state", AHEAD),
    Quantity("U", "U", "windows one step later", "(pairs, window)", "output", AHEAD),
    Quantity("Y", "Y", "what came", "(pairs, horizon)", "input", AHEAD),
    Quantity("y", "y", "what came, over time", "(time,)", "input", AHEAD),
    Quantity(r"\hat{y}", "y_hat", "forecast, over time", "(time,)", "input", AHEAD),
    Quantity("e", "e", "error", "a number, or (horizon,)", "output", AHEAD),
    Quantity("s", "s", "lateness", "time steps", "gate", AHEAD, NUMBER),
    Quantity("n", "n", "number of a pair", "counts from 0", "index", AHEAD, NUMBER),
    Quantity("j", "j", "place in the window", "counts from 0", "index", AHEAD, NUMBER),
    Quantity("k", "k", "number of a step ahead", "counts from 0", "index", AHEAD, NUMBER),
    Quantity("N", "N", "number of pairs", "a number", "index", AHEAD, NUMBER),
    Quantity("a", "a", "errors of one setting", "(seeds,)", "input", TUNING),
    Quantity("b", "b", "errors of the other setting", "(seeds,)", "input", TUNING),
    Quantity("n", "n", "number of a seed", "counts from 0", "index", TUNING, NUMBER),
    Quantity("N", "N", "number of seeds", "a number", "index", TUNING, NUMBER),
    Quantity("g", "g", "mean gain", "a number", "output", TUNING, NUMBER),
    Quantity("s", "s", "standard error of the gain", "a number", "candidate", TUNING, NUMBER),
    Quantity("t", "t_value", "gain in standard errors", "a number", "output", TUNING, NUMBER),
    Quantity("n_x", "n_x", "input size", "a number", "input", holds=NUMBER),
    Quantity("n_h", "n_h", "hidden size", "a number", "state", holds=NUMBER),
    Quantity("g", "g", "number of affine maps in a step", "a number", "gate", holds=NUMBER),
    Quantity("N", "N", "number of parameters", "a number", "output", ("summary",), holds=NUMBER),
    Quantity("W_y", "W_y", "matrix of a readout", "(output, hidden)", "weight", holds=MATRIX),
    Quantity("b_y", "b_y", "bias of a readout", "(output,)", "weight"),
)
"""Every symbol of the lecture's equations; some letters mean something else in some sections."""

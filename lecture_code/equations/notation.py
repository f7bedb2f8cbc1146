r"""The notation: one table of symbols, the variables that hold them, their meaning, shape and role.

The table drives three things: which array a symbol of an equation takes when a function's equation
is evaluated, which symbol and which variable light up together on a page, and the page "Notation".
"""

from typing import NamedTuple


class Quantity(NamedTuple):
    """One symbol of the equations.

    Attributes:
        latex: the symbol as the equations write it.
        variable: the variable that holds it in the code.
        meaning: what it is, in words.
        shape: its shape, features last.
        role: `input`, `state`, `gate`, `candidate`, `output` or `weight`.
    """

    latex: str
    variable: str
    meaning: str
    shape: str
    role: str


STATE, SHOWN = "(..., hidden)", "(..., hidden or projection)"
MATRIX, BIAS = "(hidden, input + hidden)", "(hidden,)"

NOTATION = (
    Quantity("X_t", "x", "input at time t", "(..., input)", "input"),
    Quantity("X", "X", "input of a layer or of a gate", "(..., input)", "input"),
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
    Quantity("W", "W", "matrix of the only affine map", "(hidden, what it reads)", "weight"),
    Quantity("b", "b", "bias of the only affine map", BIAS, "weight"),
    Quantity("W_x", "W_x", "matrix that reads the input alone", "(hidden, input)", "weight"),
    Quantity(
        "W_h",
        "W_h",
        "matrix that reads the state, or gives the candidate",
        "(hidden, what it reads)",
        "weight",
    ),
    Quantity("b_h", "b_h", "bias of the candidate", BIAS, "weight"),
    Quantity(r"W_{\Gamma}", "W_g", "matrix of the only gate", MATRIX, "weight"),
    Quantity(r"b_{\Gamma}", "b_g", "bias of the only gate", BIAS, "weight"),
    Quantity("W_u", "W_u", "matrix of the update gate", MATRIX, "weight"),
    Quantity("b_u", "b_u", "bias of the update gate", BIAS, "weight"),
    Quantity("W_r", "W_r", "matrix of the reset gate", MATRIX, "weight"),
    Quantity("b_r", "b_r", "bias of the reset gate", BIAS, "weight"),
    Quantity(
        "W_{hx}",
        "W_hx",
        "matrix of the candidate that reads the input",
        "(hidden, input)",
        "weight",
    ),
    Quantity("b_{hx}", "b_hx", "bias of the candidate outside the reset", BIAS, "weight"),
    Quantity(
        "W_{hh}",
        "W_hh",
        "matrix of the candidate that reads the state",
        "(hidden, hidden)",
        "weight",
    ),
    Quantity("b_{hh}", "b_hh", "bias of the candidate inside the reset", BIAS, "weight"),
    Quantity(
        "W_1", "W_1", "both gates' matrices side by side", "(input + hidden, 2 hidden)", "weight"
    ),
    Quantity("b_1", "b_1", "both gates' biases", "(2 hidden,)", "weight"),
    Quantity(
        "W_2", "W_2", "matrix of the candidate, packed layout", "(input + hidden, hidden)", "weight"
    ),
    Quantity("b_2", "b_2", "bias of the candidate, packed layout", BIAS, "weight"),
    Quantity("W_i", "W_i", "matrix of the input gate", MATRIX, "weight"),
    Quantity("b_i", "b_i", "bias of the input gate", BIAS, "weight"),
    Quantity("W_f", "W_f", "matrix of the forget gate", MATRIX, "weight"),
    Quantity("b_f", "b_f", "bias of the forget gate", BIAS, "weight"),
    Quantity("W_c", "W_c", "matrix of the LSTM's candidate", MATRIX, "weight"),
    Quantity("b_c", "b_c", "bias of the LSTM's candidate", BIAS, "weight"),
    Quantity(
        "W_p", "W_p", "matrix that projects the hidden state", "(projection, hidden)", "weight"
    ),
)
"""Every symbol of the lecture's equations, in the order in which they appear."""

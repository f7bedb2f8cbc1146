r"""The lecture, section by section: the one list that nav, coverage, README and tests follow."""

from typing import NamedTuple


class Section(NamedTuple):
    r"""One section of the notes: where the slides have it, and where this project does.

    Attributes:
        number: its place in the lecture, from 1; None for a section that is on no slide.
        slide: the title on the slides; empty for a section that is on none.
        stem: the one name of its page, module and test.
        title: the title in the site's navigation.
        part: the part of the lecture.
        printed: the equations as the slides print them, in LaTeX; none where there are none.
        has_module: whether functions of its own belong to it.
        to_come: whether it has no page yet.
    """

    number: int | None
    slide: str
    stem: str
    title: str
    part: str
    printed: tuple[str, ...] = ()
    has_module: bool = True
    to_come: bool = False

    @property
    def reference(self) -> str:
        """The page of the reference that shows its module."""
        return "beyond" if self.number is None else "lecture"


NETWORKS, IMAGES, SERIES = "Neural networks", "Images", "Time series"
RECURRENT, BUILD = "Recurrent networks", "What to build with them"

SECTIONS = (
    Section(1, "Neural networks", "neuron", "A neuron", NETWORKS, (r"\sigma(wx + b)",)),
    Section(
        2,
        "Neural networks: prediction, gradient",
        "loss",
        "Loss and gradient",
        NETWORKS,
        (
            r"\hat{y} = \sigma(wx + b)",
            r"z = (y - \hat{y})^2",
            r"\frac{\partial z}{\partial w} \quad \frac{\partial z}{\partial b}",
        ),
    ),
    Section(
        3,
        "Neural networks: update, optimizer, learning rate",
        "optimizer",
        "Optimizer",
        NETWORKS,
        (
            r"w \leftarrow w + \eta \frac{\partial z}{\partial w}",
            r"b \leftarrow b + \eta \frac{\partial z}{\partial b}",
        ),
    ),
    Section(
        4,
        "Universal approximation theorem",
        "universal_approximation",
        "Universal approximation",
        NETWORKS,
        (r"f_2 \circ \sigma \circ f_1",),
    ),
    Section(
        5,
        "Images: the curse of dimensionality",
        "dimensionality",
        "The curse of dimensionality",
        IMAGES,
        (r"O(n^2)",),
    ),
    Section(
        6,
        "Convolutions",
        "convolution",
        "Convolution",
        IMAGES,
        (r"O(k)", r"\sigma(w * x)"),
    ),
    Section(
        7,
        "Deep neural networks",
        "deep_network",
        "Deep networks",
        IMAGES,
        (r"f_2 \circ \sigma \circ f_1",),
    ),
    Section(8, "Timeseries: motivation", "sequences", "Why order matters", SERIES),
    Section(9, "Data considerations", "windowing", "Windows without leaks", SERIES),
    Section(None, "", "naive", "Naive forecasts", SERIES),
    Section(10, "History of RNNs", "history", "History", SERIES),
    Section(
        11, "Hidden states: state", "hidden_state", "Hidden states", RECURRENT, has_module=False
    ),
    Section(12, "Concatenation", "concatenation", "Concatenation", RECURRENT, (r"[x_t, h_{t-1}]",)),
    Section(
        13,
        "New state, equivalent output",
        "new_state",
        "New state",
        RECURRENT,
        (
            r"y = \sigma(WX + b)",
            r"h_t = \sigma(W_x X_t + W_h h_{t-1} + b)",
            r"h_t = \sigma(W [X_t, h_{t-1}] + b)",
        ),
    ),
    Section(14, "RNN", "rnn", "RNN", RECURRENT),
    Section(15, "The art of forgetting", "forgetting", "The art of forgetting", RECURRENT),
    Section(
        16,
        "Gates",
        "gates",
        "Gates",
        RECURRENT,
        (r"X \otimes \Gamma = Y", r"\Gamma = \sigma(W[X_t, h_{t-1}] + b)"),
    ),
    Section(
        17,
        "GRU: remember and forget",
        "gru_one_gate",
        "GRU, one gate",
        RECURRENT,
        (
            r"\Gamma = \sigma(W_{\Gamma}[X_t, h_{t-1}] + b_{\Gamma})",
            r"\tilde{h}_t = \tanh(W_H[X_t, h_{t-1}] + b_H)",
            r"h_t = \Gamma \otimes h_{t-1} + (1 - \Gamma) \otimes \tilde{h}_t",
        ),
    ),
    Section(
        18,
        "GRU, full",
        "gru",
        "GRU, full",
        RECURRENT,
        (
            r"\Gamma_u = \sigma(W[X_t, h_{t-1}] + b)",
            r"\Gamma_r = \sigma(W[X_t, h_{t-1}] + b)",
            r"\tilde{h}_t = \tanh(W[X_t, \Gamma_r \otimes h_{t-1}] + b)",
            r"h_t = \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u) \otimes \tilde{h}_t",
        ),
    ),
    Section(
        19,
        "GRU, compared with Trax",
        "gru_packed",
        "GRU, packed",
        RECURRENT,
        (
            r"\Gamma_u = \sigma(W[X_t, h_{t-1}] + b)",
            r"\Gamma_r = \sigma(W[X_t, h_{t-1}] + b)",
            r"\tilde{h}_t = \tanh(W[X_t, \Gamma_r \otimes h_{t-1}] + b)",
            r"h_t = \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u) \otimes \tilde{h}_t",
        ),
    ),
    Section(
        20,
        "LSTM",
        "lstm",
        "LSTM",
        RECURRENT,
        (
            r"\Gamma_u = \sigma(W[X_t, h_{t-1}] + b)",
            r"\Gamma_i = \sigma(W[X_t, h_{t-1}] + b)",
            r"\Gamma_f = \sigma(W[X_t, h_{t-1}] + b)",
            r"\tilde{h} = \Gamma_i \otimes \tanh(W[X_t, h_{t-1}] + b)",
            r"\tilde{C} = \tanh(\Gamma_f \otimes C + \tilde{h})",
            r"h_t = \Gamma_u \otimes \tilde{C}",
        ),
    ),
    Section(
        21,
        "Overview: RNN, LSTM, GRU",
        "comparison",
        "Overview: RNN, LSTM, GRU",
        RECURRENT,
        has_module=False,
    ),
    Section(None, "", "learning", "How a recurrent network learns", RECURRENT),
    Section(None, "", "training", "Training in practice", RECURRENT),
    Section(22, "RNN architectures", "architectures", "Five architectures", BUILD),
    Section(None, "", "temporal_convolution", "Convolution over time", BUILD),
    Section(None, "", "several_steps", "Several steps ahead", BUILD),
    Section(None, "", "tuning", "Tuning by hand", BUILD),
    Section(23, "History, 2017: DeepAR", "deepar", "DeepAR", BUILD, to_come=True),
    Section(23, "History, 2017: MQRNN", "mqrnn", "MQRNN", BUILD, to_come=True),
    Section(
        23,
        "Temporal Fusion Transformer, Lim et al. (2021)",
        "tft",
        "Temporal fusion transformer",
        BUILD,
        to_come=True,
    ),
    Section(24, "Summary", "summary", "Summary", BUILD),
)
"""Every section in the order of the pages, which is the lecture's."""

"""What ends a build says first where to look: the page, the line of the equation, the statement."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.faults

PACKAGE = Path(__file__).parents[2] / "lecture_code"


class Edit(NamedTuple):
    """A change of the package, and what the message about it must begin with.

    Attributes:
        function: its module and its name.
        old: text of a file.
        new: what is put in its place, where it is first.
        number: the line of the equation that the message names.
        equation: that line.
        code: the statement beside it.
        says: what is wrong.
    """

    function: str
    old: str
    new: str
    number: int
    equation: str
    code: str
    says: str

    @property
    def replacements(self) -> list[tuple[str, str]]:
        numpy = ("from lecture_code.core.ops", "import numpy as np\nfrom lecture_code.core.ops")
        return [(self.old, self.new), *([numpy] if "np." in self.new else [])]


BLEND = r"h_t = \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u) \otimes \tilde{h}_t"
BLENDED = "h_next = update * h + (1 - update) * candidate"
RNN = r"h_t = \tanh(W [X_t, h_{t-1}] + b)"
RNN_CODE = "h_next = tanh(affine(W, concat(x, h), b))"
NEURON = r"\hat{y} = \sigma(w x + b)"
FORGET = r"\Gamma_f = \sigma(W_f [X_t, h_{t-1}] + b_f)"
CANDIDATE = r"\tilde{h} = \Gamma_i \otimes \tanh(W_c [X_t, h_{t-1}] + b_c)"
DELTA = r"\Delta = -2 (Y - \hat{Y}) \otimes \hat{Y} \otimes (1 - \hat{Y})"
CONVOLVED = r"Y_{i,j} = \sum_m \sum_n w_{m,n} X_{i+m,j+n}"
DIFFER = r"they differ by [0-9.]+, allowed 1e-12\."

EDITS = {
    "a sign in the code": Edit(
        "gru.gru_step",
        BLENDED,
        "h_next = update * h - (1 - update) * candidate",
        4,
        BLEND,
        "h_next = update * h - (1 - update) * candidate",
        DIFFER,
    ),
    "a sign in the equation": Edit(
        "gru.gru_step",
        r"h_{t-1} + (1 - \Gamma_u)",
        r"h_{t-1} + (1 + \Gamma_u)",
        4,
        BLEND.replace("(1 -", "(1 +"),
        BLENDED,
        DIFFER,
    ),
    "a swapped concatenation, above a line that is right": Edit(
        "gru.gru_step",
        "concat(x, reset * h)",
        "concat(reset * h, x)",
        3,
        r"\tilde{h}_t = \tanh(W_h [X_t, \Gamma_r \otimes h_{t-1}] + b_h)",
        "candidate = tanh(affine(W_h, concat(reset * h, x), b_h))",
        DIFFER,
    ),
    "another matrix": Edit(
        "lstm.lstm_step",
        "affine(W_f,",
        "affine(W_i,",
        3,
        FORGET,
        "forget = sigmoid(affine(W_i, concat(x, h), b_f))",
        r"the line has the variables \['W_f', .* but the code has \['W_i', ",
    ),
    "no bias": Edit(
        "lstm.lstm_step",
        "tanh(affine(W_c, concat(x, h), b_c))",
        "tanh(linear(W_c, concat(x, h)))",
        4,
        CANDIDATE,
        "candidate = input_ * tanh(linear(W_c, concat(x, h)))",
        r"the line has the variables .*'b_c'.* but the code has \['W_c', 'h', 'input_', 'x'\]",
    ),
    "a sign in the middle of the LSTM": Edit(
        "lstm.lstm_step",
        "c_next = forget * c + candidate",
        "c_next = forget * c - candidate",
        5,
        r"C_t = \Gamma_f \otimes C_{t-1} + \tilde{h}",
        "c_next = forget * c - candidate",
        DIFFER,
    ),
    "a symbol that the notation has not": Edit(
        "rnn.rnn_step",
        RNN,
        RNN.replace("+ b", "+ q"),
        1,
        RNN.replace("+ b", "+ q"),
        RNN_CODE,
        "the notation has no symbol q in rnn: add it to lecture_code/course/notation.py",
    ),
    "LaTeX that cannot be read": Edit(
        "lstm.lstm_step",
        r"\Gamma_f &= \sigma(W_f [X_t, h_{t-1}] + b_f) \\",
        r"\Gamma_f &= \sigma(W_f [X_t, h_{t-1}] + b_f \\",
        3,
        FORGET[:-1],
        "forget = sigmoid(affine(W_f, concat(x, h), b_f))",
        r"expected .*`\)`.*, got `\\\\`",
    ),
    "a sign in a function without a state": Edit(
        "neuron.predict",
        "sigmoid(w * x + b)",
        "sigmoid(w * x - b)",
        1,
        NEURON,
        "y_hat = sigmoid(w * x - b)",
        DIFFER,
    ),
    "an answer that is no number": Edit(
        "neuron.predict",
        "sigmoid(w * x + b)",
        "sigmoid(w * x + b) + x * np.nan",
        1,
        NEURON,
        "y_hat = sigmoid(w * x + b) + x * np.nan",
        r"the code gives nan at \[0, 0\], in an array of shape \(1, 1\)",
    ),
    "an answer that is infinite late": Edit(
        "neuron.predict",
        "sigmoid(w * x + b)",
        "np.where(np.arange(x.shape[-1]) > 1, -np.inf, sigmoid(w * x + b))",
        1,
        NEURON,
        "y_hat = np.where(np.arange(x.shape[-1]) > 1, -np.inf, sigmoid(w * x + b))",
        r"the code gives -inf at \[0, 2\]",
    ),
    "a statement without a line": Edit(
        "loss.gradient",
        "    dz_dw = -2",
        "    doubled = 2 * x\n    dz_dw = -2",
        2,
        r"\frac{\partial z}{\partial w} = -2 (y - \hat{y}) \hat{y} (1 - \hat{y}) x",
        "doubled = 2 * x",
        r"must assign \['dz_dw'\], but the code assigns \['doubled'\]; "
        "the equation's lines: 3, the code's: 4",
    ),
    "a product of the wrong shapes": Edit(
        "loss.layer_gradient",
        "delta.T @ X",
        "delta @ X",
        3,
        r"\frac{\partial z}{\partial W_{i,j}} = \sum_n \Delta_{n,i} X_{n,j}",
        "dz_dW = delta @ X",
        "the code raises ValueError: matmul",
    ),
    "a result of another shape": Edit(
        "loss.layer_gradient",
        "delta.sum(0)",
        "delta.sum(1)",
        4,
        r"\frac{\partial z}{\partial b_i} = \sum_n \Delta_{n,i}",
        "dz_db = delta.sum(1)",
        r"its equation gives the shape \(5,\), the code \(3,\)",
    ),
    "an equation of the wrong shapes": Edit(
        "loss.layer_gradient",
        r"\Delta &= -2 (Y - \hat{Y}) \otimes",
        r"\Delta &= -2 (Y - \hat{Y})",
        2,
        DELTA.replace(r"\hat{Y}) \otimes", r"\hat{Y})"),
        "delta = -2 * (Y - Y_hat) * Y_hat * (1 - Y_hat)",
        "the equation cannot be computed: ValueError: ",
    ),
    "another index in a sum": Edit(
        "convolution.convolve",
        "i + m, j + n] for",
        "i + m, j] for",
        1,
        CONVOLVED,
        "Y = sum(w[m, n] * X[..., i + m, j] for m, n in np.ndindex(*w.shape))",
        DIFFER,
    ),
    "a sign, with a check between the lines": Edit(
        "convolution.kernel_gradient",
        "delta = -2 * (Y - Y_hat)",
        "delta = -2 * (Y + Y_hat)",
        2,
        r"\Delta = -2 (Y - \hat{Y})",
        "delta = -2 * (Y + Y_hat)",
        DIFFER,
    ),
}

# In one process, which reads the package anew after each edit; reading torch anew takes seconds.
TRY = """
import importlib, json, sys
from pathlib import Path

sys.dont_write_bytecode = True
for file, edits, function in json.load(sys.stdin):
    path, (module, name) = Path("lecture_code", file), function.split(".")
    original = path.read_text("utf-8")
    text = original
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    for loaded in [one for one in sys.modules if one.split(".")[0] == "lecture_code"]:
        del sys.modules[loaded]
    try:
        from lecture_code.publish.card import card
        section = importlib.import_module(f"lecture_code.sections.{module}")
        card(getattr(section, name), "", picture=True)
        message = "no error"
    except Exception as error:
        message = str(error)
    path.write_text(original, "utf-8")
    print(json.dumps(message))
"""


def messages(folder: Path, edits: list[tuple[str, list[tuple[str, str]], str]]) -> list[str]:
    """What a card ends in, for each edit of a copy of the package: file, replacements, function."""
    copy = folder / "lecture_code"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    result = subprocess.run(
        [sys.executable, "-c", TRY],
        input=json.dumps(edits),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def row_of(edit: Edit) -> int:
    """The line of the edited file that its statement is on."""
    module, function = edit.function.split(".")
    text = (PACKAGE / "sections" / f"{module}.py").read_text("utf-8")
    for old, new in edit.replacements:
        text = text.replace(old, new, 1)
    before, _, after = text.partition(f"def {function}(")
    return 1 + before.count("\n") + after.partition(f"    {edit.code}\n")[0].count("\n")


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    edits = [
        (f"sections/{edit.function.split('.')[0]}.py", edit.replacements, edit.function)
        for edit in EDITS.values()
    ]
    found = messages(tmp_path_factory.mktemp("edited"), edits)
    return dict(zip(EDITS, found, strict=True))


@pytest.mark.parametrize("name", EDITS)
def test_a_difference_says_first_where_it_is(said, name):
    edit = EDITS[name]
    module, function = edit.function.split(".")
    first = said[name].split("\n")[0]
    assert first.startswith(
        f"docs/lecture/{module}.md: {function}, line {edit.number} of its equation: "
        f"{edit.equation}; lecture_code/sections/{module}.py:{row_of(edit)}: {edit.code}; "
    )
    assert re.search(edit.says, first), first


def test_lines_above_a_difference_are_cleared(said):
    assert said["a sign in the code"].endswith("\nEvery line above it agrees.")


def test_an_equation_that_cannot_be_read_is_pointed_at(said):
    *_, line, pointer = said["LaTeX that cannot be read"].split("\n")
    assert line[pointer.index("^") :] == "\\\\" and "b_f" in line


BETWEEN = {
    "what is returned": (
        "sections/gru.py",
        [("return h_next", "return -h_next")],
        "gru.gru_step",
        "; lecture_code/sections/gru.py:ROW: return -h_next; every line agrees with its statement, "
        "but what is returned differs by more than 1e-12.",
    ),
    "what is unpacked": (
        "sections/gru.py",
        [("W_r, b_r, W_h, b_h = weights", "W_r, b_r, W_h = weights")],
        "gru.gru_step",
        "; lecture_code/sections/gru.py:ROW: W_u, b_u, W_r, b_r, W_h = weights; the code raises "
        "ValueError: too many values to unpack (expected 5)",
    ),
    "what has no picture": (
        "sections/gru.py",
        [(r"h_{t-1} + (1 - \Gamma_u)", r"h_{t-1} + (2 - 1 - \Gamma_u)")],
        "gru.gru_step",
        f", line 4 of its equation: {BLEND.replace('(1 -', '(2 - 1 -')}; "
        f"lecture_code/sections/gru.py:ROW: {BLENDED}; `2`: there is no picture of this operation",
    ),
}


def test_what_is_wrong_beside_the_lines_has_its_place(tmp_path):
    found = messages(tmp_path, [edit[:3] for edit in BETWEEN.values()])
    for message, (*_, says) in zip(found, BETWEEN.values(), strict=True):
        message = re.sub(r"gru\.py:\d+:", "gru.py:ROW:", message)
        assert message.startswith(f"docs/lecture/gru.md: gru_step{says}")


GRADIENT = r"= -2 (y - \hat{y}) \hat{y} (1 - \hat{y}) x \\"
JUDGED = {
    "one mistake in code and text": (
        "sections/loss.py",
        [(GRADIENT, GRADIENT.replace("-2", "-3")), ("dz_dw = -2 *", "dz_dw = -3 *")],
        "loss.gradient",
    ),
    "a judge that allows too little": (
        "core/tolerances.py",
        [('"float32": 2e-5', '"float32": 2e-9')],
        "gru.gru_step",
    ),
    "a difference on purpose that is none": (
        "evidence/judges.py",
        [("LEAST_DIFFERENCE = 1e-3", "LEAST_DIFFERENCE = 1e3")],
        "gru.gru_step",
    ),
    "a judge that gives nan late": (
        "oracles/functions.py",
        [
            (
                "return torch.sigmoid(layer(_tensor(x)[..., None]))[..., 0].numpy()",
                "return torch.sigmoid(layer(_tensor(x)[..., None]))[..., 0].numpy() + np.where(\n"
                "        np.arange(x.size).reshape(x.shape) == 5, np.nan, 0)",
            )
        ],
        "neuron.predict",
    ),
    "a judge that cannot compute": (
        "oracles/functions.py",
        [("(w, (1, 1))", "(w, (2, 1))")],
        "neuron.predict",
    ),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    found = messages(tmp_path_factory.mktemp("judged"), list(JUDGED.values()))
    return dict(zip(JUDGED, found, strict=True))


@pytest.mark.parametrize(
    "name, says",
    [
        (
            "one mistake in code and text",
            "code and equation agree with each other, but not with their judge torch.autograd "
            r"\(float64\): they differ by 0\.\d+, allowed 1e-12\.",
        ),
        (
            "a judge that allows too little",
            r"agree with each other, .* ONNX Runtime \(float32\): they differ by \S+e-\d+, "
            r"allowed 2e-09\.",
        ),
        (
            "a difference on purpose that is none",
            r"the judge torch.nn.GRU \(float64\), which differs on purpose \(resets after .*\): "
            r"they differ by 0\.\d+, expected more than 1000\.",
        ),
        (
            "a judge that gives nan late",
            r"judge torch.nn.Linear, sigmoid \(float64\): torch.nn.Linear, sigmoid gives nan at "
            r"\[2, 1\], in an array of shape \(3, 2\)\.",
        ),
        (
            "a judge that cannot compute",
            r"judge torch.nn.Linear, sigmoid \(float64\): ValueError: cannot reshape array",
        ),
    ],
)
def test_a_judge_that_disagrees_is_named_behind_the_place(judged, name, says):
    module, function = JUDGED[name][2].split(".")
    source = (PACKAGE / "sections" / f"{module}.py").read_text("utf-8").splitlines()
    row = 1 + next(i for i, line in enumerate(source) if line.startswith(f"def {function}("))
    first = judged[name].split("\n")[0]
    assert first.startswith(
        f"docs/lecture/{module}.md: {function}; lecture_code/sections/{module}.py:{row};"
    )
    assert re.search(says, first), first

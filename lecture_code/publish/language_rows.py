r"""What the equations can say, row by row, and what they cannot.

A new row is one line: LaTeX, what it means, and the same in numpy. Its values come from `GIVEN`, or
are given beside; names are those of the LaTeX, without what Python does not take: `h_{t-1}` is
`h_t_1`, and `\hat y` is `hat_y`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from lecture_code.equations import AmbiguousError, EquationSyntaxError, UnknownSymbolError
from lecture_code.equations.language import SPELLINGS

NONE: Mapping[str, str] = MappingProxyType({})

GIVEN: Mapping[str, str] = {
    "W": "[[1, 2], [3, 4]]",
    "U": "[[0, 1], [1, 0]]",
    "X": "[[1, 0], [1, 1], [0, 2]]",
    "x": "[5, 6]",
    "h": "[2, 3]",
    "b": "[1, -1]",
    "a": "2",
    "c": "10",
}
"""The values that every row may use, by their LaTeX, as Python has them."""


class Row(NamedTuple):
    r"""Something that can be read.

    Attributes:
        latex: one line or several.
        means: what it says, with mathematics between dollar signs and code between backticks.
        numpy: what the last line comes to, or a tuple of what the last lines come to.
        given: values beside those of `GIVEN`, by their LaTeX.
        roles: as `evaluate` takes them.
        also: a part of the line, and then what may stand in its place.
        drawn: the arrays as they are laid out: `<x>` has the numbers of `x`, `<x|>` in a column.
    """

    latex: str
    means: str
    numpy: str
    given: Mapping[str, str] = NONE
    roles: Mapping[str, str] = NONE
    also: tuple[str, ...] = ()
    drawn: str = ""


class Refusal(NamedTuple):
    """Something that is refused.

    Attributes:
        latex: one line or several.
        because: why it has no value, and what to do.
        error: what is raised, exactly.
        says: words of its message.
        instead: what works.
        given: values beside those of `GIVEN`.
        roles: as `evaluate` takes them.
    """

    latex: str
    because: str
    error: type[Exception]
    says: str
    instead: Row | None = None
    given: Mapping[str, str] = NONE
    roles: Mapping[str, str] = NONE


def _spellings(latex: str) -> tuple[str, ...]:
    """A function's LaTeX, and its other names; those with a capital letter are the same."""
    names = [name for name, function in SPELLINGS.items() if function == latex]
    lower = [name for name in names if not (name[:1].isupper() and name.lower() in names)]
    spelled = [rf"\operatorname{{{name}}}" for name in lower]
    return (latex, *(one for one in spelled if one != latex))


_ACCENTS = (
    *(r"\hat", r"\widehat", r"\tilde", r"\widetilde", r"\bar", r"\overline", r"\underline"),
    *(r"\vec", r"\overrightarrow", r"\overleftarrow", r"\dot", r"\ddot", r"\check", r"\breve"),
    *(r"\mathring", r"\acute"),
)
_FONTS = (
    *(r"\mathbf", r"\mathrm", r"\mathit", r"\mathsf", r"\mathcal", r"\mathbb", r"\mathfrak"),
    *(r"\mathscr", r"\boldsymbol", r"\bm", r"\pmb"),
)
_WORDS = (
    *(r"\text", r"\mathrm", r"\mathit", r"\textrm", r"\textbf", r"\textit", r"\textsf"),
    *(r"\textnormal", r"\texttt", r"\mbox", r"\rm", r"\bf"),
)
_IMAGE = {"w": "[[1, 0], [0, 1]]", "X": "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]"}
_STEPS = {"x": "[[1, 2], [3, 4], [5, 6]]"}
_SLID = "[[np.sum(w * X[i : i + 2, j : j + 2]) for j in range(2)] for i in range(2)]"

ROWS: dict[str, tuple[Row, ...]] = {
    "names": (
        Row("y = x", "One letter is one symbol.", "x"),
        Row(r"y = \alpha x", "A Greek letter, too.", "alpha * x", {r"\alpha": "3"}),
        Row("y = h_{t-1}", "A subscript is part of the name.", "h_t_1", {"h_{t-1}": "[7, 8]"}),
        Row("y = x_1 - x_2", "A number as a subscript.", "x_1 - x_2", {"x_1": "9", "x_2": "4"}),
        Row("y = W_{xh} x", "Letters as a subscript.", "W_xh @ x", {"W_{xh}": "[[1, 1], [0, 2]]"}),
        Row(
            "y = W_{x,h} x",
            "With a comma it is a name if the whole symbol has a value, and else an entry of $W$.",
            "W_x_h @ x",
            {"W_{x,h}": "[[1, 1], [0, 2]]"},
        ),
        Row(
            "y = W^{z} x",
            "A superscript of letters is a name if the whole symbol has a value, and else a power.",
            "W_z @ x",
            {"W^{z}": "[[2, 0], [0, 2]]"},
        ),
        Row(
            "y = h^{(1)} + x^*",
            "A number in brackets and a star are labels, not powers.",
            "h_1 + x",
            {"h^{(1)}": "1", "x^*": "2"},
        ),
        Row("y = x'", "A prime.", "x_prime", {"x'": "3"}, also=("x'", r"x^\prime", r"x^{\prime}")),
        Row(r"y = \hat{x}", "An accent.", "hat_x", {r"\hat{x}": "3"}, also=_ACCENTS),
        Row(
            r"y = \mathbf{x}",
            "A font: a bold $x$ is another symbol than $x$.",
            "mathbf_x",
            {r"\mathbf{x}": "[1, 2]"},
            also=_FONTS,
        ),
        Row(
            r"y = \mathrm{loss}",
            "A name of several letters is set upright.",
            "3",
            {r"\mathrm{loss}": "3"},
            also=(r"\mathrm", *(word for word in _WORDS if word != r"\mathrm")),
        ),
        Row(
            "y = loss + 1",
            "Letters without a command are one name if it has a value.",
            "loss + 1",
            {"loss": "3"},
        ),
        Row(
            "y = W^1 x + h^2",
            "So are a letter and a number above it, and else they are a power.",
            "W_1 @ x + h**2",
            {"W^1": "[[2, 0], [0, 2]]"},
        ),
        Row(
            "y = x(t-1)",
            "Time in brackets is a name if the whole symbol has a value.",
            "x_t_1",
            {"x(t-1)": "[7, 8]"},
        ),
        Row(
            r"w \leftarrow w - \eta \frac{\partial L}{\partial w}",
            "A derivative is one symbol, whose value you give.",
            "w - eta * 4",
            {"w": "3", r"\eta": "0.5", r"\frac{\partial L}{\partial w}": "4"},
            also=(r"\frac{\partial L}{\partial w}", r"\partial L / \partial w"),
        ),
        Row(
            r"w = w - \eta \nabla_w L",
            "A gradient is one symbol, too.",
            "3 - 0.5 * 4",
            given={"w": "3", r"\eta": "0.5", r"\nabla_w L": "4"},
        ),
        Row(
            r"\Delta w = -\eta g \\ w = w + \Delta w",
            r"A change $\Delta w$ is one symbol, unless $\Delta$ has a value.",
            "-0.5 * 4, 3 - 0.5 * 4",
            {"w": "3", r"\eta": "0.5", "g": "4"},
        ),
        Row(r"y = \frac{dx}{dt}", "A derivative in time.", "4", {r"\frac{dx}{dt}": "4"}),
    ),
    "numbers": (
        Row("y = 2 \\cdot 3 + 0.5", "Numbers, whole or with a point.", "2 * 3 + 0.5"),
        Row("y = 2 x", "A number comes before what it multiplies.", "2 * x"),
        Row(r"y = 10^{-3} c", "A power of ten.", "c / 1000"),
        Row("y = -x^2", "The power comes before the minus sign.", "-(x**2)"),
        Row("y = e^{-x}", "$e$ is Euler's number, unless you give it a value.", "np.exp(-x)"),
    ),
    "arrays": (
        Row("y = x + h - b", "Sums and differences, entry by entry.", "x + h - b"),
        Row("y = x + 1", "A number is added to every entry.", "x + 1"),
        Row("y = a x", "A number times an array.", "a * x"),
        Row("y = W x", "A matrix applied to a vector.", "W @ x"),
        Row("y = W x + b", "A matrix applied to a vector, with a bias.", "W @ x + b"),
        Row("y = W U x", "Products are taken from the right: $W (U x)$.", "W @ (U @ x)"),
        Row(
            "y = X W^\\top + b",
            "Row vectors times a matrix; every row gets the bias.",
            "X @ W.T + b",
        ),
        Row(
            r"y = a \cdot (x + h)",
            "A dot, and a cross beside a number, are products, too; brackets group.",
            "a * (x + h)",
            also=(r"\cdot", r"\times"),
        ),
        Row(
            r"y = a / 2 \cdot x",
            "A dot behind a number below a slash: from left to right.",
            "a / 2 * x",
        ),
        Row(
            r"y = a \left( x + h \right)",
            "Brackets of any kind and size.",
            "a * (x + h)",
            also=(
                r"\left( x + h \right)",
                r"\bigl( x + h \bigr)",
                "[x + h]",
                r"\{x + h\}",
                r"\left[ x + h \right]",
            ),
        ),
    ),
    "roles": (
        Row(
            "y = W x",
            "`vector`: a column to the right of a matrix.",
            "W @ x",
            roles={"W": "matrix", "x": "vector"},
            drawn="<W> <x|> = <y|>",
        ),
        Row(
            "y = x W",
            "`rows`: a row to the left of a matrix.",
            "x @ W",
            roles={"x": "rows", "W": "matrix"},
            drawn="<x> <W> = <y>",
        ),
        Row(
            "Y = X W",
            "`rows`: many samples, one in each row.",
            "X @ W",
            roles={"X": "rows", "W": "matrix"},
            drawn="<X> <W> = <Y>",
        ),
        Row(
            "Y = W X + b",
            "`columns`: many samples, one in each column; each of them gets the bias.",
            "W @ X + b[:, None]",
            {"X": "[[1, 1, 0], [0, 1, 2]]"},
            {"W": "matrix", "X": "columns"},
            drawn="<W> <X> + <b|> = <Y>",
        ),
        Row(
            "y = W x",
            "`vector`, in a batch: the array has one sample in each row, as in PyTorch, and the "
            "equation is that of one sample.",
            "x @ W.T",
            {"x": "[[1, 0], [1, 1], [0, 2]]"},
            {"W": "matrix", "x": "vector"},
        ),
        Row(
            "Y = W U",
            "`matrix`: the product of two.",
            "W @ U",
            roles={"W": "matrix", "U": "matrix"},
            drawn="<W> <U> = <Y>",
        ),
        Row(
            r"y = \sigma (x - h)",
            "`number`: a function's sign that stands for a number.",
            "2 * (x - h)",
            {r"\sigma": "2"},
            {r"\sigma": "number"},
            also=(r"\sigma (x - h)", r"(x - h) \sigma"),
        ),
        Row(
            "Y = a X",
            "`number`: one, or one for each sample of a batch.",
            "a[:, None] * X",
            {"a": "[1, 2, 3]"},
            {"a": "number", "X": "rows"},
        ),
        Row(
            "y = f h",
            "`gate`: it multiplies entry by entry what it stands beside.",
            "f * h",
            {"f": "[0, 1]"},
            {"f": "gate"},
            also=("f h", r"f \cdot h", r"h f"),
        ),
        Row(
            r"y = x \cdot h",
            "`vector` and `vector`: the dot is their inner product.",
            "x @ h",
            roles={"x": "vector", "h": "vector"},
        ),
        Row(
            "Y = w * X",
            "`kernel`: the star is a convolution. As in deep learning, the kernel is not flipped.",
            _SLID,
            _IMAGE,
            {"w": "kernel"},
            drawn=r"<w> * <X> = <Y>",
        ),
        Row(
            "Y = w * X",
            '`{"*": "convolution"}`: every star is one, with the kernel first.',
            _SLID,
            _IMAGE,
            {"*": "convolution"},
        ),
        Row(
            "y = x(t-1)",
            "`sequence`: time is the first axis, and counts from 0.",
            "x[t - 1]",
            _STEPS | {"t": "2"},
            {"x": "sequence"},
        ),
        Row(
            r"s = \sum_t x_t",
            "`sequence`: the index counts time, and each $x_t$ is a vector.",
            "x.sum(axis=0)",
            _STEPS,
            {"x": "sequence"},
        ),
        Row(
            r"s = \sum_{i=1}^{2} w_i x_i",
            "`sequence from 1`: the first entry has the number 1.",
            "w[0] * x[0] + w[1] * x[1]",
            {"w": "[1, 10, 100]", "x": "[1, 2, 3]"},
            {"w": "sequence from 1", "x": "sequence from 1"},
        ),
        Row(
            "y = f(x)",
            "`function`: something that can be called. It need not be declared.",
            "f(x)",
            {"f": "lambda v: v**2"},
            {"f": "function"},
        ),
    ),
    "entrywise": (
        Row(
            r"y = x \odot h",
            "The product entry by entry.",
            "x * h",
            also=(r"\odot", r"\otimes", r"\circ", "*", r"\ast"),
        ),
        Row(
            r"y = z \odot h + (1 - z) \odot x",
            "A gate: products come before sums.",
            "z * h + (1 - z) * x",
            {"z": "[1, 0]"},
        ),
        Row(
            "y = W x \\odot h",
            "Side by side comes before the sign: $(W x) \\odot h$.",
            "(W @ x) * h",
        ),
        Row(
            "Y = X \\odot b",
            "A smaller array may have the last axes of the larger one.",
            "X * b",
            roles={"X": "rows"},
        ),
    ),
    "functions": (
        Row(
            r"y = \sigma(x)",
            "The logistic function.",
            "1 / (1 + np.exp(-x))",
            also=_spellings(r"\sigma"),
        ),
        Row(r"y = \tanh(b)", "The hyperbolic tangent.", "np.tanh(b)", also=_spellings(r"\tanh")),
        Row(r"y = \exp(b)", "The exponential function.", "np.exp(b)", also=_spellings(r"\exp")),
        Row(
            r"y = \log(x)",
            "The natural logarithm.",
            "np.log(x)",
            also=(*_spellings(r"\log"), r"\ln"),
        ),
        Row(r"y = \sin(x)", "The sine.", "np.sin(x)", also=_spellings(r"\sin")),
        Row(r"y = \cos(x)", "The cosine.", "np.cos(x)", also=_spellings(r"\cos")),
        Row(
            r"y = \operatorname{ReLU}(b)",
            "The rectifier.",
            "np.where(b > 0, b, 0)",
            also=(*_spellings(r"\operatorname{ReLU}"), r"\mathrm{ReLU}", r"\text{ReLU}"),
        ),
        Row(
            r"y = \operatorname{sgn}(b)",
            "The sign.",
            "np.sign(b)",
            also=_spellings(r"\operatorname{sgn}"),
        ),
        Row(
            r"y = \operatorname{softplus}(b)",
            "Softplus.",
            "np.log(1 + np.exp(b))",
            also=_spellings(r"\operatorname{softplus}"),
        ),
        Row(
            r"y = \operatorname{softmax}(x)",
            "Softmax, over the features.",
            "np.exp(x) / np.exp(x).sum()",
            also=_spellings(r"\operatorname{softmax}"),
        ),
        Row(
            r"y = \log_2 x",
            "The logarithm to the base 2.",
            "np.log2(x)",
            also=(r"\log_2", r"\log_{2}"),
        ),
        Row(r"y = \log_{10} x", "The logarithm to the base 10.", "np.log10(x)"),
        Row(r"d = \det W", "The determinant of a matrix.", "np.linalg.det(W)"),
        Row(
            r"y = \operatorname{diag}(x) h",
            "The diagonal matrix of a vector.",
            "np.diag(x) @ h",
            also=_spellings(r"\operatorname{diag}"),
        ),
        Row(
            r"y = \max(0, b)",
            "The larger one, entry by entry.",
            "np.maximum(0, b)",
            also=(r"\max(0, b)", r"\max\{0, b\}", "max(0, b)", r"\text{max}(0, b)"),
        ),
        Row(
            "y = (b)_+",
            "The positive part, which is the rectifier.",
            "np.maximum(0, b)",
            also=("_+", "^+"),
        ),
        Row(r"y = \min(x, h, 4)", "The smallest of any number of arguments.", "np.minimum(h, 4)"),
        Row(
            r"y = \tanh W b", "Without brackets it takes the rest of the product.", "np.tanh(W @ b)"
        ),
        Row(r"y = \log a \exp b", "But it ends before the next function.", "np.log(a) * np.exp(b)"),
        Row(
            r"y = \sin^2(x)",
            "A power of the function's value.",
            "np.sin(x) ** 2",
            also=(r"\sin^2(x)", r"\sin^2 x"),
        ),
        Row(
            "y = tanh(b)", "Letters in front of brackets, as they come out of a PDF.", "np.tanh(b)"
        ),
    ),
    "own": (
        Row("y = f(x)", "A letter can be a function.", "f(x)", {"f": "lambda v: v**2"}),
        Row("y = g(x, h)", "Several arguments.", "g(x, h)", {"g": "lambda u, v: u - v"}),
        Row(
            r"y = \operatorname{BN}(x)",
            "A name; its key is the whole command.",
            "x - x.mean()",
            {r"\operatorname{BN}": "lambda v: v - v.mean()"},
        ),
        Row(
            r"y = \sigma_g(x)",
            "With a subscript or a prime, a function's sign is a name of yours.",
            "2 * x",
            {r"\sigma_g": "lambda v: 2 * v"},
            also=(r"\sigma_g", r"\sigma'"),
        ),
        Row(
            "y = x - E[x]",
            "A mean that keeps its axes, with the length 1, goes to every entry.",
            "x - x.mean()",
            {"E": "lambda v: v.mean(-1, keepdims=True)", "x": "[[5, 6]]"},
        ),
        Row(
            r"y = \sigma(x)",
            "Your own function takes the place of the one above.",
            "x + 1",
            {r"\sigma": "lambda v: v + 1"},
        ),
        Row(
            r"y = (g \circ f)(x)",
            "One after the other, $f$ first.",
            "g(f(x))",
            {"f": "lambda v: v + 1", "g": "lambda v: 2 * v"},
        ),
        Row(
            r"y = (f \circ \tanh)(b)",
            "Together with a function from above.",
            "f(np.tanh(b))",
            {"f": "lambda v: v + 1"},
        ),
    ),
    "powers": (
        Row("y = x^2", "A power, entry by entry.", "x**2"),
        Row("y = x^{0.5}", "Any number can be the exponent.", "np.sqrt(x)"),
        Row("y = x^{a+1}", "So can an expression whose symbols have values.", "x ** (a + 1)"),
        Row("y = 2^a x", "A power of a number.", "2**a * x"),
        Row(
            "y = g_t^2",
            "The square of what has a subscript.",
            "g_t**2",
            {"g_t": "[1, 2]"},
            also=("g_t^2", "g^2_t"),
        ),
        Row(
            "y = W^2 x",
            "Of what is declared a matrix: a product.",
            "W @ W @ x",
            roles={"W": "matrix"},
        ),
        Row("y = (x + h)^a", "A power of brackets.", "(x + h) ** a"),
        Row("y = x^{-1}", "Of a vector: the reciprocals.", "1 / x"),
        Row(
            "Y = W^{-1}",
            "Of an array that is declared a matrix: the inverse.",
            "np.linalg.inv(W)",
            roles={"W": "matrix"},
        ),
    ),
    "fractions": (
        Row(
            r"y = \frac{x + h}{a}",
            "A fraction, entry by entry.",
            "(x + h) / a",
            also=(r"\frac", r"\dfrac", r"\tfrac"),
        ),
        Row(r"y = \frac12 x", "Single digits and letters need no braces.", "x / 2"),
        Row("y = x / h", "A slash, with one factor below.", "x / h"),
        Row(r"y = \sqrt{x}", "A square root, entry by entry.", "np.sqrt(x)"),
        Row(
            "y = |b|",
            "The absolute value, entry by entry.",
            "np.abs(b)",
            also=("|b|", r"\lvert b \rvert"),
        ),
        Row(
            r"y = \|x\|",
            "The length of a vector; with a 1 below, the sum of its absolute values.",
            "np.sqrt(25 + 36)",
            also=(r"\|x\|", r"\|x\|_2", r"\lVert x \rVert", r"\Vert x \Vert"),
        ),
        Row(
            r"y = \|b\|_p",
            r"The length of order $p$; $\infty$ gives the largest absolute value.",
            "(1 + 1) ** (1 / p)",
            {"p": "3"},
        ),
        Row(
            r"y = \|x\|_2^2",
            "The square of a length.",
            "x @ x",
            also=(r"\|x\|_2^2", r"\|x\|^2_2", r"\|x\|^2"),
        ),
        Row(r"y = \|W\|_F", "The Frobenius norm of a matrix.", "np.sqrt((W**2).sum())"),
        Row(r"y = 2 \pi a", r"The number $\pi$, unless another value is given.", "4 * np.pi"),
    ),
    "transposes": (
        Row(
            r"y = W^\top x",
            "A transpose.",
            "W.T @ x",
            also=(r"^\top", "^T", "^{T}", r"^\intercal", r"^{\mathsf{T}}", r"^{\mathrm{T}}"),
            drawn=r"<W>^\top <x|> = <y|>",
        ),
        Row(r"y = x^\top h", "The inner product is a number.", "x @ h", drawn="<x> <h|> = <y>"),
        Row(r"y = \langle x, h \rangle", "Angle brackets say the same.", "x @ h"),
        Row(
            r"Y = x h^\top",
            "The outer product is a matrix.",
            "np.outer(x, h)",
            drawn="<x|> <h> = <Y>",
        ),
        Row(r"y = x^\top W h", "A number from a matrix and two vectors.", "x @ W @ h"),
        Row(r"y = (W x)^\top h", "The transpose of brackets.", "(W @ x) @ h"),
        Row(r"y = \tanh(b)^\top h", "The transpose of a function's value.", "np.tanh(b) @ h"),
    ),
    "joined": (
        Row("y = [x, h]", "Joined along the features.", "[5, 6, 2, 3]"),
        Row("y = [x; h]", "A semicolon does the same.", "[5, 6, 2, 3]"),
        Row(
            "y = W [x, h] + b",
            "A matrix applied to both.",
            "W @ [5, 6, 2, 3] + b",
            {"W": "[[1, 0, 1, 0], [0, 1, 0, 1]]"},
        ),
        Row(
            r"y = \begin{bmatrix} x \\ h \end{bmatrix}",
            "Vectors below each other.",
            "[5, 6, 2, 3]",
            also=("bmatrix", "pmatrix", "matrix"),
        ),
        Row(
            r"y = \begin{bmatrix} 0 & 1 \\ a & 0 \end{bmatrix} x",
            "A matrix of numbers.",
            "np.array([[0, 1], [a, 0]]) @ x",
        ),
        Row("[u, v] = W x", "On the left: split into equal parts.", "(W @ x)[:1], (W @ x)[1:]"),
    ),
    "indices": (
        Row(r"s = \sum_i x_i", "The sum of all entries.", "x.sum()"),
        Row(r"p = \prod_i x_i", "The product of all entries.", "x.prod()"),
        Row(r"m = \max_i x_i", "The largest entry.", "x.max()"),
        Row(r"m = \min_i x_i", "The smallest entry.", "x.min()"),
        Row(r"s = \sum_i x_i h_i + c", "The sum ends at a plus sign.", "x @ h + c"),
        Row(
            r"s = \sum_{i=0}^{n-1} x_i",
            "With limits: entries count from 0.",
            "x[0] + x[1]",
            {"n": "2"},
            also=(r"\sum_{i=0}^{n-1}", r"\sum^{n-1}_{i=0}", r"\sum\limits_{i=0}^{n-1}"),
        ),
        Row(
            r"s = \sum_{i=1}^{n} x_i",
            "From 1 to $n$, where the array has $n$ entries: all of them.",
            "x[0] + x[1]",
            {"n": "2"},
        ),
        Row(r"s = \sum_{k=1}^3 k^2", "The index is a number, too.", "1 + 4 + 9"),
        Row(
            r"s = \sum_i x_i",
            "Other ways to write an entry and the whole of an index.",
            "x.sum()",
            also=(
                r"\sum_i x_i",
                *(r"\sum_i x(i)", r"\sum_i x[i]", r"\sum_i x^{(i)}"),
                *(r"\sum_{i \in \mathcal{S}} x_i", r"\sum_{i=1}^{2} x^{(i)}"),
            ),
        ),
        Row(
            r"s = \sum_{i \neq j} W_{ij} x_i x_j",
            "All pairs but those with itself.",
            "sum(W[i, j] * x[i] * x[j] for i in (0, 1) for j in (0, 1) if i != j)",
        ),
        Row(
            r"s = \sum_{j \neq k} x_j",
            "All but one, where $k$ has a value.",
            "x[0]",
            {"k": "1"},
        ),
        Row(
            r"s = \sum_i x_{k_i}",
            "An index in an index: an array of places.",
            "x[1] + x[1] + x[0]",
            {"k": "np.array([1, 1, 0])"},
        ),
        Row(
            r"s = \sum_i f(x_i)",
            "Your own function, of one entry at a time.",
            "25 + 36",
            {"f": "lambda v: v**2"},
        ),
        Row(
            r"s = \sum_{i,j} W_{i,j}",
            "Over several indices.",
            "W.sum()",
            also=(r"\sum_{i,j}", r"\sum_{ij}"),
        ),
        Row(
            r"y_i = x_i / \sum_j x_j",
            "A sum below a slash takes the product after it.",
            "x / x.sum()",
        ),
        Row(
            "Y_{ij} = x_i h_j",
            "No sum is needed, where the arrays are given whole.",
            "np.outer(x, h)",
        ),
        Row(r"y_i = \sum_j W_{i,j} x_j", "An index on the left: one value for each.", "W @ x"),
        Row(
            r"y_i = \sum_j W_{ij} x_j",
            "Beside the index of a sum, letters without a comma are indices, too.",
            "W @ x",
        ),
        Row(
            r"Y_{ij} = \operatorname{softmax}_j(W_{ij})",
            "A softmax over the index below it.",
            "np.exp(W) / np.exp(W).sum(axis=1, keepdims=True)",
        ),
        Row("Y_{i,j} = x_i h_j", "Two indices on the left: a matrix.", "np.outer(x, h)"),
        Row(
            "y_{i,j} = W_{j,i}",
            "Indices in another order: the transpose.",
            "W.T",
        ),
        Row(
            r"Y_{i,j} = \sum_m w_m X_{i+m,j}",
            "An index can be a sum. It runs as far as the array goes.",
            "[X[0] - X[1], X[1] - X[2]]",
            {"w": "[1, -1]"},
        ),
        Row(
            r"s = \sum_t a_t x_t",
            "A weighted sum of the vectors in a sequence.",
            "a @ x",
            _STEPS | {"a": "[1, 0, 2]"},
            {"x": "sequence"},
        ),
    ),
    "cases": (
        Row(
            r"y = \begin{cases} b & \text{if } b > 0 \\ a b & \text{otherwise} \end{cases}",
            "For each entry the value whose condition holds.",
            "np.where(b > 0, b, a * b)",
            also=(
                r"& \text{otherwise}",
                *(r", & \text{ otherwise }", r"& \text{else}", r"& \text{if } b \leq 0"),
                *(r"& b \le 0", r"& \mbox{for } b \leqslant 0"),
            ),
        ),
        Row(
            r"y = \begin{cases} 1 & x = 5 \\ 0 & x \neq 5 \end{cases}",
            "Equal, and not equal.",
            "[1, 0]",
            also=(r"x \neq 5", r"x \ne 5", r"x > 5 \text{ and } x < 9", r"5 < x \leq 9"),
        ),
        Row(
            r"y = \begin{cases} 1 & b > 0 \text{ and } x < 9 \\ 0 & \text{otherwise} \end{cases}",
            "Two conditions that both have to hold.",
            "np.where((b > 0) & (x < 9), 1, 0)",
        ),
        Row(
            r"Y_{ij} = \begin{cases} W_{ij} & j \leq i \\ 0 & \text{otherwise} \end{cases}",
            "A condition on indices: what comes later is left out.",
            "np.tril(W)",
        ),
        Row(
            r"y = \begin{cases} 1/c & c \neq 0 \\ 0 & c = 0 \end{cases}",
            "What does not hold is not computed.",
            "0",
            {"c": "0"},
        ),
    ),
    "definitions": (
        Row(r"f(v) = v^2 + 1 \\ y = f(3)", "A function, for the lines below.", "3**2 + 1"),
        Row(r"f(v) = v^2 + 1 \\ y = f(x)", "A defined function, applied to an array.", "x**2 + 1"),
        Row(
            r"g(u, v) = u - v \\ y = g(x, h)", "A defined function with several arguments.", "x - h"
        ),
        Row("f(x) = x^2", "If $x$ has a value, the line gives $f(x)$ at once.", "x**2"),
        Row(
            "g(x, h) = x - h",
            "Several arguments, with other signs between them.",
            "x - h",
            also=("x, h", "x; h", "x | h", r"x \mid h", r"x \parallel h"),
        ),
        Row(
            r"y_i = 2 x_i \\ w(i) = 3 x_i",
            "An index in brackets on the left: an array, not a function.",
            "2 * x, 3 * x",
        ),
        Row(
            r"y(x)_i = \frac{\exp(x_i)}{\sum_j \exp(x_j)}",
            "An entry of a function's value.",
            "np.exp(x) / np.exp(x).sum()",
        ),
    ),
    "lines": (
        Row(
            r"u = W x \\ y = u + b",
            "Each line knows the values of those above.",
            "W @ x, W @ x + b",
            also=(
                r"\\",
                *(r"\\[2pt]", ",", r", \quad", r"\qquad", r"\text{ and }", r", \quad \text{where}"),
            ),
        ),
        Row(
            r"\begin{aligned} u &= W x \\ y &= u + b \end{aligned}",
            "An environment.",
            "W @ x, W @ x + b",
            also=("aligned", "align", "align*", "split", "gathered", "gather"),
        ),
        Row(
            r"y = W u + b, \quad \text{where } u = x + h",
            "A line waits for what a later one defines.",
            "W @ (x + h) + b, x + h",
        ),
        Row("y = u = W x", "Two names for one value.", "W @ x"),
        Row(
            r"y_t = W x \in \mathbb{R}^n",
            "What a value is, and for which letters the line holds, is not computed.",
            "W @ x",
            also=(
                r" \in \mathbb{R}^n",
                *(r", \quad t = 1, \ldots, T", r" \quad \forall t", r", \quad t > 0"),
                *(r" \text{ for } t = 1, 2", r", \text{ where } W \text{ is a matrix}"),
            ),
        ),
        Row(r"\begin{equation} y = W x \end{equation}", "An environment for one line.", "W @ x"),
        Row(
            r"\begin{eqnarray} u &=& W x \\ y &=& u + b \end{eqnarray}",
            "An environment with marks on both sides of the equals sign.",
            "W @ x, W @ x + b",
        ),
        Row(
            r"\begin{array}{rcl} u &=& W x \\ y &=& u + b \end{array}",
            "An environment with its columns.",
            "W @ x, W @ x + b",
        ),
        Row("$$ y = W x. $$", "Dollar signs and a full stop.", "W @ x"),
        Row(
            "y = W x",
            "Other signs for the equals sign.",
            "W @ x",
            also=(
                "=",
                *(r"\leftarrow", r"\longleftarrow", r"\gets", ":=", r"\coloneqq"),
                *(r"\triangleq", r"\doteq", r"\equiv"),
            ),
        ),
        Row(
            r"y = W\,x + b",
            "Spaces, labels and styles have no meaning.",
            "W @ x + b",
            also=(
                r"\,",
                *(r"\;", r"\quad ", "~", r"\displaystyle ", r"\textstyle ", r"\nonumber "),
                *(r"\notag ", r"\tag{1} ", r"\label{eq} ", r"\hspace{1em} ", r"\phantom{x} "),
            ),
        ),
    ),
}
"""What can be read, by the parts of the page."""

REFUSED: tuple[Refusal, ...] = (
    Refusal(
        "y = h x",
        "Two vectors side by side: an inner product, an outer one, or entry by entry?",
        ValueError,
        "elementwise",
        Row("y = h x", "", "h * x", roles={"h": "gate"}),
    ),
    Refusal(
        "Y = W U",
        "Two arrays of one shape: a matrix product, or a gate and a state?",
        ValueError,
        "declare",
        Row("Y = W U", "", "W @ U", roles={"W": "matrix", "U": "matrix"}),
    ),
    Refusal(
        "Y = X W",
        "$W$ is square, so rows times a matrix and a matrix of columns both fit.",
        AmbiguousError,
        "roles",
        Row("Y = X W", "", "X @ W", roles={"X": "rows"}),
    ),
    Refusal(
        "y = x(t-1)",
        "$x$ at time $t-1$, or $x$ times $t-1$?",
        AmbiguousError,
        "sequence",
        Row("y = x(t-1)", "", "x[t - 1]", _STEPS | {"t": "2"}, {"x": "sequence"}),
        _STEPS | {"t": "2"},
    ),
    Refusal(
        r"s = \sum_t x_t",
        "One index, two axes: which of them does it count?",
        AmbiguousError,
        "sequence",
        Row(r"s = \sum_t x_t", "", "x.sum(axis=0)", _STEPS, {"x": "sequence"}),
        _STEPS,
    ),
    Refusal(
        "Y = W^2",
        "A power of a matrix, or of its entries?",
        ValueError,
        "power of a matrix",
        Row("Y = W^2", "", "W @ W", roles={"W": "matrix"}),
    ),
    Refusal(
        r"Y = \exp(W)",
        "The exponential of a matrix is not that of its entries.",
        ValueError,
        "function of a matrix",
        Row(r"Y_{i,j} = \exp(W_{i,j})", "", "np.exp(W)"),
    ),
    Refusal(
        "y = a / 2 x",
        "$(a / 2) x$, or $a / (2 x)$? Readers differ.",
        EquationSyntaxError,
        "got `x`",
        Row(r"y = \frac{a}{2} x", "", "a / 2 * x"),
    ),
    Refusal(
        r"y = \tanh b \cdot h",
        "Does the function take what is behind the dot?",
        EquationSyntaxError,
        "parentheses",
        Row(r"y = \tanh(b) \odot h", "", "np.tanh(b) * h"),
    ),
    Refusal(
        "y = x 2",
        r"A number behind a letter looks like a subscript.",
        EquationSyntaxError,
        "got `2`",
        Row("y = 2 x", "", "2 * x"),
    ),
    Refusal(
        r"y = x \times h",
        "Between two arrays a cross is one of several products.",
        ValueError,
        "a number and an array",
        Row(r"y = x \odot h", "", "x * h"),
    ),
    Refusal(
        "y = ab",
        "One name, or a product?",
        EquationSyntaxError,
        "one name, or the product",
        Row("y = a b", "", "2 * 3", {"b": "3"}),
        {"a": "2", "b": "3", "ab": "4"},
    ),
    Refusal(
        "y = rate + 1",
        "A name of several letters without a value would be a product.",
        UnknownSymbolError,
        r"\mathrm{rate}",
        Row("y = rate + 1", "", "3 + 1", {"rate": "3"}),
    ),
    Refusal(
        r"s_i = \sum_{k=1}^{2} W_i^k",
        "Letters below and above: which of them comes first in the array?",
        AmbiguousError,
        "which index comes first",
        Row(r"s_i = \sum_{k=1}^{2} W_{i,k}", "", "W.sum(axis=1)"),
    ),
    Refusal(
        r"y = \pi(a)",
        r"The number $\pi$ times $a$, or a policy?",
        AmbiguousError,
        "a function",
        Row(r"y = \pi a", "", "np.pi * a"),
    ),
    Refusal(
        "y = f x",
        "What a function is applied to stands in brackets.",
        ValueError,
        "in brackets",
        Row("y = f(x)", "", "f(x)", {"f": "lambda v: v**2"}),
        {"f": "lambda v: v**2"},
    ),
    Refusal(
        "y = W x",
        "Sizes must fit, and nothing is stretched to make them fit.",
        ValueError,
        "number of columns",
        None,
        {"x": "[1, 2, 3]"},
    ),
    Refusal(
        "y = x + v",
        "Only a bias goes to every sample, and a number to every entry.",
        ValueError,
        "shapes differ",
        None,
        {"v": "[1, 2, 3]"},
    ),
    Refusal(
        r"s = \sum_{k=1}^{2} v_k",
        "The first two entries, or the second and the third? Where the end is the length, as in a "
        "sum from 1 to 3 here, there is no doubt.",
        ValueError,
        "begins at 1",
        Row(
            r"s = \sum_{k=1}^{2} v_k",
            "",
            "v[0] + v[1]",
            {"v": "[1, 4, 9]"},
            {"v": "sequence from 1"},
        ),
        {"v": "[1, 4, 9]"},
    ),
    Refusal(
        r"s = \sum_k k^2",
        "No array says how far the index runs.",
        ValueError,
        "nothing tells",
        Row(r"s = \sum_{k=1}^{3} k^2", "", "1 + 4 + 9"),
    ),
    Refusal(
        r"s = x_0 + \dots + x_n",
        "Dots leave to the reader what stands between.",
        EquationSyntaxError,
        r"got `\dots`",
        Row(r"s = \sum_i x_i", "", "x.sum()"),
    ),
    Refusal(
        r"s = \sum_{k=1}^{\infty} a^k",
        "A sum without end is not computed.",
        EquationSyntaxError,
        r"got `\infty`",
        Row(r"s = \sum_{k=1}^{9} 2^{-k}", "", "1 - 2**-9"),
    ),
    Refusal(
        r"y = \sqrt[3]{x}",
        "Roots are square roots.",
        EquationSyntaxError,
        "got `[`",
        Row("y = x^{1/3}", "", "np.cbrt(x)"),
    ),
    Refusal(
        r"x \sim N(0, 1)",
        "A number that is drawn has no value of its own: draw it, and give it.",
        EquationSyntaxError,
        r"got `\sim`",
    ),
    Refusal(
        r"\hat{y} \approx x",
        "An approximation says nothing exact.",
        EquationSyntaxError,
        r"got `\approx`",
        Row(r"\hat{y} = x", "", "x"),
    ),
    Refusal(
        r"k = \arg\max_i x_i",
        "A place is no value of the entries. Give a function of your own.",
        EquationSyntaxError,
        r"got `\arg`",
        Row(
            r"k = \operatorname{argmax}(x)",
            "",
            "np.argmax(x)",
            {r"\operatorname{argmax}": "np.argmax"},
        ),
    ),
    Refusal(
        r"y = \int_0^1 f(v) \, dv",
        "Integrals and limits are not computed.",
        EquationSyntaxError,
        r"got `\int`",
    ),
    Refusal(
        r"y = \begin{cases} 1 & b > 1 \\ 0 & b < 1 \end{cases}",
        "Every entry needs a condition that holds, and only one value.",
        ValueError,
        "none of the conditions",
        Row(
            r"y = \begin{cases} 1 & b > 1 \\ 0 & \text{otherwise} \end{cases}",
            "",
            "np.where(b > 1, 1, 0)",
        ),
    ),
    Refusal(
        r"y = |W|",
        "Absolute values, or the determinant?",
        ValueError,
        "determinant",
        Row(r"y = \det W", "", "np.linalg.det(W)"),
    ),
    Refusal(
        "y = x",
        "Two keys that LaTeX shows alike are one symbol.",
        ValueError,
        "the same symbol",
        None,
        {"h_t": "1", "h_{t}": "2"},
    ),
    Refusal(
        "y = x + 1",
        "Lists are not arrays: `numpy.array` makes one of them.",
        TypeError,
        "expected an array",
        None,
        {"x": "tuple([5, 6])"},
    ),
    Refusal(
        "y = W x",
        "A role is one of the words above.",
        ValueError,
        "roles",
        None,
        roles={"x": "column"},
    ),
)
"""What is refused, the most common first."""

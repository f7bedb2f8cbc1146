r"""MathML: that it is well-formed, that it looks as LaTeX means it, and that symbols are marked."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_code.equations import (
    EquationSyntaxError,
    LatexError,
    canonical,
    parse,
    to_mathml,
    to_mathml_marked,
)

LECTURE = r"""
    \hat{y} &= \sigma(wx + b) \\
    z &= (y - \hat{y})^2 \\
    w &\leftarrow w + \eta \frac{\partial z}{\partial w} \\
    b &\leftarrow b + \eta\,\partial z / \partial b \\
    \Gamma_u &= \sigma(W_u [X_t, h_{t-1}] + b_u) \\
    [\Gamma_u, \Gamma_r] &= \sigma\left(W_1^\top \left[X_t, h_{t-1}\right] + b_1\right) \\
    \tilde h_t &= \operatorname{ReLU}(W_h [X_t, \Gamma_r\otimes h_{t-1}] + b_h) \\
    h_t &= \Gamma_u \otimes h_{t-1} + (1 - \Gamma_u)^2 \otimes \tilde{h}_t^2 \\
    h_t &= -\Gamma_u \odot\tanh C_t + \tilde\Gamma' \\
    z' &= \frac{\partial z / \partial w}{2} \\
    \mathbf{h}^{(l)}_t &= W'^\top x'
"""

PROSE = [
    r"f_2 \circ \sigma \circ f_1",
    r"O(n^2)",
    r"x \in [a, b] \subset \mathbb{R}^{m \times n}",
    r"\sum_{t=1}^T \lVert y_t - \hat{y}_t \rVert_2^2",
    r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}",
    r"\max_\theta \nabla_\theta \mathcal{L}(\theta)",
    r"a < b \;\&\; b \neq c",
]


def shown(mathml):
    """The characters of MathML, in order."""
    return "".join(ElementTree.fromstring(mathml).itertext())


@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize("latex", [*PROSE, rf"\begin{{aligned}}{LECTURE}\end{{aligned}}"])
def test_all_mathematics_becomes_well_formed_xml(latex, display):
    root = ElementTree.fromstring(to_mathml(latex, display))
    assert root.tag == "math"
    assert root.get("display") == ("block" if display else None)


@pytest.mark.parametrize(
    ("latex", "characters"),
    [
        (r"\tilde{h}_t", "h˜t"),
        (r"\Gamma_u \otimes h_{t-1}", "Γu⊗ht−1"),
        (r"\operatorname{ReLU}(x)", "ReLU\u2061(x)"),
        (r"w \leftarrow w + \eta \frac{\partial z}{\partial w}", "w←w+η∂z∂w"),
        (r"W^\top x", "W⊤x"),
        (r"\tanh C_t", "tanh\u2061Ct"),
        (r"\mathbf{W}", "𝐖"),
    ],
)
def test_what_is_shown(latex, characters):
    assert shown(to_mathml(latex)) == characters


def test_lines_of_an_aligned_block_are_rows():
    root = ElementTree.fromstring(
        to_mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", True)
    )
    rows = root.findall("./mtable/mtr")
    assert ["".join(row.itertext()) for row in rows] == ["a=b", "c=d"]


@pytest.mark.parametrize(
    ("latex", "problem"),
    [
        (r"a + \nothing", 'Unknown command "\\nothing"'),
        (r"\frac{a}", "Expected argument"),
        (r"x_t_s", "Duplicate subscript"),
        (r"a & b", 'Found "&"'),
    ],
)
def test_invalid_latex_is_shown_with_the_problem(latex, problem):
    with pytest.raises(LatexError) as caught:
        to_mathml(latex)
    first, source = str(caught.value).split("\n")
    assert first.startswith("invalid LaTeX at character ")
    assert problem in first
    assert source == f"    {latex}"
    assert isinstance(caught.value, ValueError)


def mark(symbol):
    return {"class": "symbol", "data-quantity": symbol.name}


def marked(equation):
    """The elements around symbols, in order, and the whole tree."""
    root = ElementTree.fromstring(to_mathml_marked(equation, mark))
    return root.findall(".//mrow[@class='symbol']"), root


@pytest.mark.parametrize("equation", parse(LECTURE), ids=lambda equation: equation.latex)
def test_every_symbol_of_a_line_is_marked(equation):
    elements, root = marked(equation)
    assert root.get("display") == "block"
    assert [e.get("data-quantity") for e in elements] == [s.name for s in equation.symbols]
    for element, symbol in zip(elements, equation.symbols, strict=True):
        assert "".join(element.itertext()) == shown(to_mathml(symbol.latex))
    assert "".join(root.itertext()) == shown(to_mathml(equation.latex))


def unnested(equation):
    """Whether every symbol is one element of its own: no transpose, no power, no a / b."""
    return not re.search(r"\^(2|\\top)|/", equation.latex)


@pytest.mark.parametrize(
    "equation", [*filter(unnested, parse(LECTURE))], ids=lambda equation: equation.latex
)
def test_marks_change_nothing_else(equation):
    mathml = to_mathml_marked(equation, mark)
    for symbol in equation.symbols:
        inner = to_mathml(symbol.latex).removeprefix("<math>").removesuffix("</math>")
        element = f'<mrow class="symbol" data-quantity="{symbol.name}">{inner}</mrow>'
        mathml = mathml.replace(element, inner, 1)
    assert mathml == to_mathml(equation.latex, display=True)


@pytest.mark.parametrize("equation", parse(LECTURE), ids=lambda equation: equation.latex)
def test_every_part_of_a_line_is_rendered_alone(equation):
    for part in equation.right.walk():
        elements, root = marked(part)
        assert [e.get("data-quantity") for e in elements] == [s.name for s in part.symbols]
        assert "".join(root.itertext()) == shown(to_mathml(part.latex))


@pytest.mark.parametrize(
    ("latex", "base", "superscript"),
    [(r"y = W_1^\top", "W1", "⊤"), ("y = x_t^2", "xt", "2"), (r"y = \tilde h^{2}", "h˜", "2")],
)
def test_a_marked_base_stands_inside_its_superscript(latex, base, superscript):
    elements, root = marked(parse(latex)[0])
    (power,) = root.findall("./msup")
    assert power[0] is elements[1]
    assert "".join(elements[1].itertext()) == base
    assert power[1].text == superscript


def test_a_derivative_under_a_fraction_bar_is_one_element():
    _, root = marked(parse(r"y = \frac{\partial z / \partial w}{2}")[0])
    (fraction,) = root.findall("./mfrac")
    assert ["".join(part.itertext()) for part in fraction] == ["∂z/∂w", "2"]


def test_attributes_are_escaped_and_may_be_none():
    (equation,) = parse("y = x")
    titled = to_mathml_marked(equation, lambda symbol: {"title": 'a "<b>"'})
    assert [row.get("title") for row in ElementTree.fromstring(titled).iter("mrow")] == 2 * [
        'a "<b>"'
    ]
    assert "<mrow><mi>x</mi></mrow>" in to_mathml_marked(equation, lambda symbol: {})


def test_marks_are_asked_once_for_every_occurrence():
    seen = []
    to_mathml_marked(parse("x = x + x")[0], lambda symbol: seen.append(symbol) or {})
    assert [(symbol.name, symbol.span) for symbol in seen] == [
        ("x", (0, 1)),
        ("x", (4, 5)),
        ("x", (8, 9)),
    ]


PIECES = (
    r"a W \tilde{h} \tilde\Gamma \Gamma \mathbf{W} _t _{t-1} ^\top ^2 ^{(l)} ' ^* + - \otimes \cdot"
    r" / ( ) [ ] , \left( \right) \left[ \right] \tanh \sigma \exp \frac{a}{b} 2 0.5 \, \quad"
    r" \frac{\partial z}{\partial w} \partial z/\partial w"
).split(" ")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
def test_whatever_can_be_evaluated_can_be_shown(pieces):
    try:
        (equation,) = parse("a = " + " ".join(pieces))
    except EquationSyntaxError:
        return
    elements, root = marked(equation)
    assert [e.get("data-quantity") for e in elements] == [
        canonical(symbol.latex) for symbol in equation.symbols
    ]
    assert "".join(root.itertext()) == shown(to_mathml(equation.latex))


# Sums, indices, compositions and roots -----------------------------------------------------------

COUNTED = [
    (r"Y_{i,j} = \sum_m \sum_n w_{m,n} X_{i+m,j+n}", ["Y", "w", "X"]),
    (r"r_k = \frac{\sum_{t=0}^{T-k-1} (x_t - \mu) (x_{t+k} - \mu)}{T}", ["x", "\\mu", "T"]),
    (r"\hat{y} = (f_2 \circ \sigma \circ f_1)(X)", [r"\hat y", "f_2", "f_1", "X"]),
    (r"s = \sqrt{\frac{1}{T} \sum_{t=0}^{T-1} x_t^2}", ["s", "T", "x"]),
]


@pytest.mark.parametrize("latex, names", COUNTED, ids=[latex for latex, _ in COUNTED])
def test_indexed_quantities_are_marked_and_nothing_is_lost(latex, names):
    [equation] = parse(latex)
    marked = to_mathml_marked(equation, lambda symbol: {"data-name": symbol.name})
    found = {part.get("data-name") for part in ElementTree.fromstring(marked).iter("mrow")}
    assert set(names) <= found
    assert shown(marked) == shown(to_mathml(latex, display=True))


def test_a_sum_has_its_limits_below_and_above():
    root = ElementTree.fromstring(to_mathml(r"\sum_{m=0}^{k-1} x_m", display=True))
    [limits] = root.iter("munderover")
    sign, below, above = limits
    assert "".join(sign.itertext()) == "∑"
    assert "".join(below.itertext()) == "m=0"
    assert "".join(above.itertext()).replace("−", "-") == "k-1"


def test_a_root_covers_what_stands_in_its_braces():
    root = ElementTree.fromstring(to_mathml(r"\sqrt{x + 1} + y"))
    [under_it] = root.iter("msqrt")
    assert "".join(under_it.itertext()) == "x+1"

r"""Whatever the text: an answer, or an error that the documentation names."""

import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_code.equations import (
    AmbiguousError,
    EquationSizeError,
    EquationSyntaxError,
    LatexError,
    UnknownSymbolError,
    canonical,
    evaluate,
    limits,
    parse,
    to_mathml,
    to_mathml_marked,
    value,
)
from lecture_code.equations.text import to_text
from lecture_code.equations.writer import write
from lecture_code.pairing.trace import parts, stages
from lecture_code.pairing.words import in_words

MANY = 1_000
KNOWN = {"x": 2.0, "y": np.arange(1.0, 4.0), "n": 3, "W": np.eye(3), "f": np.sin}


class Quantities(dict):
    """A row of the notation for any symbol."""

    def __missing__(self, name):
        return SimpleNamespace(meaning=f"quantity {name}", role="input", shape="(n,)")


def marked(equation):
    """The MathML of an equation with every symbol in an element of its own."""
    return to_mathml_marked(equation, lambda symbol: {"class": symbol.name})


def from_deep(call, frames=500):
    """Call a function as an application does that has this many calls around it."""
    frame, used = sys._getframe(), 0
    while frame := frame.f_back:
        used += 1

    def deeper(more):
        return deeper(more - 1) if more > 0 else call()

    return deeper(frames - used)


# LONG, AND NOT DEEP

ROWS = {
    "sum": (" + ", "x", 2.0 * MANY),
    "difference": (" - ", "x", 2.0 * (2 - MANY)),
    "product": (r" \otimes ", "o", 1.0),
    "star": (" * ", "o", 1.0),
    "quotient": (" / ", "o", 1.0),
    "circle": (r" \circ ", "o", 1.0),
    "side by side": (" ", "o", 1.0),
    "dot": (r" \cdot ", "o", 1.0),
    "function": (" ", "g(x)", 1.0),
    "accent": (" ", r"\hat{o}", 1.0),
    "Greek": ("", r"\alpha", 1.0),
    "of calls": (" ", r"\exp(z)", 1.0),
    "of sums": (" + ", "a b", 1.0 * MANY),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_thousand_in_a_row(name):
    sign, part, expected = ROWS[name]
    known = {"x": 2.0, "o": 1.0, "z": 0.0, r"\hat o": 1.0, r"\alpha": 1.0, "a": 1.0, "b": 1.0}
    known["g"] = lambda _: 1.0
    latex = "y = " + sign.join([part] * MANY)

    def everything():
        [equation] = parse(latex)
        symbols = len(equation.right.symbols)
        assert symbols >= MANY
        assert equation.right.latex == latex.removeprefix("y = ").strip()
        assert name == "circle" or sum(1 for _ in equation.right.walk()) >= MANY
        assert marked(equation).count('<mrow class="') == symbols + 1
        written = write(equation.right)
        if name != "quotient":  # which is written as fractions in fractions, too deep to be read
            assert len(parse(f"y = {written}")[0].right.symbols) == symbols
        assert in_words(equation, Quantities()).count("quantity") >= MANY
        assert len(list(parts(equation.right))) < sum(1 for _ in equation.right.walk())
        assert list(stages(equation.right))[-1] is equation.right
        assert value(equation.right, known) == pytest.approx(expected)
        return evaluate(latex, known)["y"]

    assert from_deep(everything) == pytest.approx(expected)


def test_a_thousand_entries_in_a_row():
    latex = "y_{i,j} = " + " + ".join(["a_{i,j} b_{i,j}"] * MANY)
    found = from_deep(
        lambda: evaluate(latex, {"a": np.arange(6).reshape(2, 3), "b": np.ones((2, 3))})
    )
    np.testing.assert_allclose(found["y"], MANY * np.arange(6.0).reshape(2, 3))
    latex = "y_{i,j} = " + " ".join(["a_{i,j}"] * MANY)
    np.testing.assert_allclose(evaluate(latex, {"a": np.ones((2, 3))})["y"], 1)


def test_a_block_of_a_thousand_lines():
    lines = [f"x_{{{n}}} &= x_{{{n - 1}}} + 1" for n in range(1, MANY + 1)]
    latex = r"\begin{aligned}" + " \\\\\n".join(lines) + r"\end{aligned}"
    assert evaluate(latex, {"x_0": 0})[f"x_{{{MANY}}}"] == MANY
    assert to_mathml(latex).count("<mtr>") == MANY


def test_more_symbols_than_a_small_private_area_holds():
    [equation] = parse("y = " + "+".join("x" * 8_000))
    assert marked(equation).count('class="x"') == 8_000


# TOO LONG, TOO DEEP

DEEP = {
    "brackets": ("(", "x", ")"),
    "sized brackets": (r"\left(", "x", r"\right)"),
    "square brackets": ("[", "x", "]"),
    "braces": ("{", "x", "}"),
    "curly brackets": (r"\{", "x", r"\}"),
    "fractions": (r"\frac{", "x", "}{2}"),
    "roots": (r"\sqrt{", "x", "}"),
    "functions": (r"\tanh(", "x", ")"),
    "open functions": (r"\tanh ", "x", ""),
    "powers": ("(", "x", ")^2"),
    "sums": (r"\sum_i x_i ", "x_i", ""),
    "limits": (r"\sum_{i=0}^{3} i ", "3", ""),
    "a row in brackets": ("(x + ", "x", ")"),
    "known functions": ("f(", "x", ")"),
    "minus": ("(-", "x", ")"),
    "concatenations": ("[y, ", "y", "]"),
    "superscripts": ("x^{", "x", "}"),
    "subscripts": ("x_{", "x", "}"),
    "extremes": (r"\max(x, ", "x", ")"),
}


@pytest.mark.parametrize("levels", [limits.DEEPEST - 3, limits.DEEPEST + 1, 400, 10_000])
@pytest.mark.parametrize("name", DEEP)
def test_deep(name, levels):
    before, inside, after = DEEP[name]
    latex = f"z = {before * levels}{inside}{after * levels}"

    def everything():
        for call in (evaluated, rendered, named):
            call(latex)

    from_deep(everything)
    if levels > limits.DEEPEST:
        with pytest.raises((EquationSizeError, EquationSyntaxError)):
            parse(latex)


def test_the_deepest_works():
    n = limits.DEEPEST - 1
    latex = "y = " + "(x + " * n + "x" + ")" * n
    assert from_deep(lambda: evaluate(latex, {"x": 1.0})) == {"y": n + 1.0}
    with pytest.raises(EquationSizeError, match="brackets and braces at most 40 deep, got 41"):
        parse("y = " + "(" * 41 + "x" + ")" * 41)


def test_superscripts_full_of_functions_add_up():
    functions = r"\tanh " * 20
    with pytest.raises(EquationSizeError, match="at most 40 levels deep, got"):
        parse(f"y = a^{{{functions} b^{{{functions} c^{{{functions} x}}}}}}", names="abcxy")


def test_functions_of_functions_add_up():
    """Each line alone is small."""

    def twice(n):
        return rf"f_{{{n}}}({'xz'[n % 2]}) = f_{{{n - 1}}}(f_{{{n - 1}}}({'xz'[n % 2]}))"

    lines = ["f_0(x) = x + 1", *map(twice, range(1, 9))]
    assert evaluate(r"\\".join([*lines, "y = f_8(0)"]), {})["y"] == 256
    lines += map(twice, range(9, 64))
    with pytest.raises(EquationSizeError, match="at most 40 levels inside each other, got"):
        evaluate(r"\\".join(lines), {})

    def forty(n):
        return f"g_{n}({'xz'[n % 2]}) = " + "+".join([f"g_{n - 1}({'xz'[n % 2]})"] * 40)

    with pytest.raises(EquationSizeError, match="at most 10,000 calls of functions, got"):
        evaluate(r"\\".join(["g_0(x) = x", *map(forty, range(1, 9)), "y = g_8(0)"]), {})


@pytest.mark.parametrize("call", [parse, canonical, to_mathml, lambda x: evaluate(x, {})])
@pytest.mark.parametrize(
    "latex", ["y = x" + " + x" * 100_000, "x" * 100_000, r"\\" * 100_000, " " * 100_000]
)
def test_long(call, latex):
    expected = rf"expected a source of at most 50,000 characters, got {len(latex):,}"
    with pytest.raises(EquationSizeError, match=expected):
        call(latex)


@pytest.mark.parametrize("letters", [1, 100, 10_000])
def test_long_names(letters):
    name = rf"x_{{{'a' * letters}}}"
    assert evaluate(f"y = {name}", {name: 1.5}) == {"y": 1.5}
    assert canonical(name).count("a") == letters
    with pytest.raises(UnknownSymbolError):
        evaluate(rf"y = \operatorname{{{'a' * letters}}}(x)", {"x": 1.0})


# MATHML


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "[",
        "f(",
        r"\{",
        r"\langle ",
        r"\lfloor ",
        r"\lvert ",
        r"\lbrace ",
        "{(}",
        r"(\\ ",
        "⟨",
        "⟦",
        r"(\hat)",
        "(x_)",
        r"(\text{)}",
        "(%)\n",
        r"\mathrm{(}",
        r"(\frac1)",
        r"(\operatorname)",
    ],
)
def test_brackets_that_nothing_closes(piece):
    with pytest.raises(EquationSizeError, match="brackets"):
        to_mathml(piece * 60)
    rendered(piece * limits.MOST_UNCLOSED)


def test_brackets_that_something_closes():
    latex = " + ".join(
        [r"]a, b[ (\alpha) (\hat{x}) f(\frac{1}{2}) \left( x \right] \big[ x \big)"] * 60
    )
    assert to_mathml(latex).startswith("<math>")
    lines = r" \\ ".join([r"x &= f(a & + b)", r"& (c", r"& + d)"] * 60)
    assert to_mathml(rf"\begin{{aligned}}{lines}\end{{aligned}}").startswith("<math>")


@pytest.mark.parametrize(
    "prefix",
    [
        r"\hat",
        r"\sqrt",
        r"\frac1",
        r"\not",
        r"\mathbf",
        r"\overset1",
        r"\displaystyle ",
        r"\color{red}",
        r"\sqrt[2]",
        r"\frac+",
        r"\color{red}{x}+",
        r"\left(",
    ],
)
def test_commands_in_a_row(prefix):
    """The converter overflows its stack at 5,000 of them: the process would end."""
    n = min(40_000, limits.LONGEST // len(prefix) - 1)
    with pytest.raises((EquationSizeError, LatexError)):
        to_mathml(prefix * n + "x")


@pytest.mark.parametrize("definition", [r"\def\a{((((}", r"\newcommand{\a}{((((}", r"\let\a="])
def test_definitions(definition):
    with pytest.raises(LatexError, match="defines no commands"):
        to_mathml(definition + r"\a" * 40)


def test_private_characters_are_no_stand_ins():
    private = "\ue000\ue001\U000f0000\U000f0001"
    [equation] = parse(rf"y = x_{{{private}}} + z")
    assert marked(equation).count("<mrow class=") == 3
    assert all(character in to_mathml(private) for character in private)
    text = marked(parse(r"y = x \hspace{1em} + z")[0])
    assert text.count("<mrow class=") == 3


# CHARACTERS


@pytest.mark.parametrize(
    "character", ["\0", "\a", "\b", "\x0c", "\x1b", "\x7f", "\x85", "\ud800", "\udfff", "\uffff"]
)
@pytest.mark.parametrize(
    "text", ["{}", "y = {}", "y = x_{{{}}}", r"y = \text{{{}}}", "y = x {} + 1"]
)
def test_characters_of_no_text(character, text):
    latex = text.format(character)
    shown = f"U\\+{ord(character):04X}"
    for call in (parse, canonical, lambda one: evaluate(one, {"x": 1.0})):
        with pytest.raises(EquationSyntaxError, match=shown) as found:
            call(latex)
        str(found.value).encode()
    with pytest.raises(LatexError, match=shown) as caught:
        to_mathml(latex)
    str(caught.value).encode()


@pytest.mark.parametrize("latex", ["", " ", "\n\n\t ", "\\\\", "&", "~"])
def test_nothing(latex):
    for call in (parse, canonical, lambda one: evaluate(one, {})):
        with pytest.raises(EquationSyntaxError):
            call(latex)
    rendered(latex)


@pytest.mark.parametrize("given_", [None, 3, b"y = x", ["y = x"], np.float64(1)])
def test_no_text(given_):
    for call, name in {
        parse: "latex",
        canonical: "latex_symbol",
        to_mathml: "latex",
        (lambda one: evaluate(one, {})): "latex",
        (lambda one: evaluate("y = x", {one: 1.0})): "latex_symbol",
    }.items():
        if isinstance(given_, list) and name == "latex_symbol":
            continue
        with pytest.raises(TypeError, match=f"^{name}: expected a string of LaTeX, got "):
            call(given_)


# NUMBERS


@pytest.mark.parametrize(
    ("latex", "says"),
    [
        ("y = " + "9" * 301, "a number of at most 300 digits, got 301"),
        ("y = " + "9" * 5_000, "a number of at most 300 digits, got 5,000"),
        ("y = n^{999999999}", "a power of at most 4,096 bits, got 999,999,999"),
        ("y = n^{n^{n^{n^{n^9}}}}", "a power of at most 4,096 bits"),
        (r"\begin{aligned} a &= 9^{999}" + r"\\ a &= a a" * 60 + r"\end{aligned}", "4,096 bits"),
        (r"y = \sum_{i=0}^{1000000000} i", "10,000,000 entries of indices, got 1,000,000,001"),
        (r"y = \sum_{i=0}^{1" + "0" * 40 + "} i", "10,000,000 entries of indices"),
        (r"y = \sum_{i=0}^{9999} \sum_{j=0}^{9999} i j", "entries of indices, got 100,000,000"),
        (r"y = \prod_{i=0}^{1000000000} n", "entries of indices"),
        ("y_{i,j,k} = v_i v_j v_k", "entries of indices, got 1,000,000,000"),
    ],
)
def test_too_large(latex, says):
    with pytest.raises(EquationSizeError, match=re.escape(says)):
        evaluate(latex, {"n": 3, "v": np.ones(1_000)})


@pytest.mark.parametrize(
    ("latex", "says"),
    [
        ("y = 1 / 0", "`1 / 0`: division by zero"),
        (r"y = 1 + \frac{1}{n - n}", "division by zero"),
        ("y = 0^{-1}", "0 to the power of -1"),
        ("y = 10^{400} x", "too large to convert to float"),
        ("y = v + 10^{400}", "int"),
        (r"y = \tanh(10^{400})", "too large to convert to float"),
        (r"y = \sqrt{10^{400}}", "too large to convert to float"),
        (r"y = (-8.0)^{0.5}", "expected a real number"),
        (r"y = 9.5^{999}", "to the power of 999"),
        (r"y_{i,j} = v_i + v_j + 1 / 0", "`1 / 0`: division by zero"),
        (r"y_{i,j} = v_i v_j + 10^{400}", "int"),
        (r"y = \sum_i v_i + 1 / 0", "`1 / 0`"),
    ],
)
def test_numbers_without_a_result(latex, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        evaluate(latex, {"n": 3, "v": np.ones(4), "x": 2.0})


def test_large_and_small_enough():
    assert evaluate("y = 10^{300}", {}) == {"y": 10**300}
    assert evaluate("y = " + "9" * 300, {})["y"] == int("9" * 300)
    assert evaluate(r"y = \sum_{i=0}^{99999} i", {})["y"] == 99_999 * 50_000


# ANY TEXT

PIECES = [
    *(
        "x",
        "y",
        "n",
        "W",
        "f",
        "t",
        "e",
        "z",
        "=",
        "+",
        "-",
        "*",
        "/",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "&",
    ),
    *(
        "_",
        "^",
        "'",
        ",",
        ";",
        ".",
        ":=",
        "$$",
        " ",
        "\n",
        "0",
        "1",
        "2",
        "10",
        "0.5",
        "999999999",
        "|",
        "%",
    ),
    *(
        "\\",
        "\\\\",
        r"\frac",
        r"\frac{",
        r"\frac12",
        r"\sqrt{",
        r"\sqrt[",
        r"\sum_i ",
        r"\sum_{i=0}^{n}",
    ),
    *(
        r"\prod_{i=1}^{9}",
        r"\max",
        r"\max_i",
        r"\min(",
        r"\tanh ",
        r"\exp(",
        r"\log",
        r"\sigma",
        r"\otimes ",
    ),
    *(
        r"\odot",
        r"\cdot ",
        r"\circ ",
        r"\ast",
        r"\left(",
        r"\right)",
        r"\left[",
        r"\right.",
        r"\{",
        r"\}",
    ),
    *(
        r"\begin{aligned}",
        r"\end{aligned}",
        r"\begin{array}{l}",
        r"\end{align}",
        r"\begin",
        r"\end",
    ),
    *(
        r"\hat",
        r"\tilde{",
        r"\mathbf{",
        r"\text{",
        r"\operatorname{",
        r"\operatorname{ReLU}",
        r"\partial",
    ),
    *(
        r"\frac{\partial z}{\partial x}",
        r"\nabla_x z",
        r"^\top",
        "^T",
        "^{-1}",
        "_{t-1}",
        "_{i,j}",
        "_i",
        "^{n}",
    ),
    *(
        "f(",
        "f(x)",
        "h(t-1)",
        "y = ",
        "z = x",
        "y_i = ",
        "W x",
        "[x, y]",
        r"\alpha",
        r"\leftarrow",
        r"\gets ",
    ),
    *(
        "\0",
        "\x0b",
        "\ud800",
        "\ue000",
        "\U000f0000",
        "é",
        "²",
        "٣",
        "Ａ",
        "ﬁ",
        "​",
        "\u202e",
        "😀",
        "∑",
        "⟨",
    ),
    *(
        r"\tag{1}",
        r"\hspace{",
        r"\displaystyle",
        r"\color{red}",
        r"\big(",
        r"\langle ",
        r"\def\a{",
        r"\a",
    ),
]


def nested(texts):
    """Text in brackets, in a row, or repeated."""
    around = st.sampled_from(
        [
            "({})",
            "[{}]",
            "{{{}}}",
            r"\frac{{{}}}{{{}}}",
            r"\tanh({})",
            r"\sqrt{{{}}}",
            "x_{{{}}}",
            "x^{{{}}}",
            r"\left({}\right)",
            r"\sum_i {}",
            "y = {}",
            r"{} \\ z = {}",
            r"\begin{{aligned}}{}\end{{aligned}}",
        ]
    )
    return st.one_of(
        st.builds(lambda form, text: form.format(text, text), around, texts),
        st.builds(lambda text, n: text * n, texts, st.sampled_from([2, 3, 30, 300])),
        st.builds("{} {}".format, texts, texts),
    )


ANY = st.recursive(
    st.one_of(
        st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
        st.lists(st.sampled_from(PIECES), max_size=12).map(lambda some: "y = " + "".join(some)),
        st.text(st.characters(codec=None), max_size=20),
    ),
    nested,
    max_leaves=6,
).filter(lambda text: len(text) < 60_000)


def evaluated(latex):
    """Parse and evaluate, and go through all that comes out."""
    try:
        equations = parse(latex, names=KNOWN)
        for equation in equations:
            assert equation.right.symbols is not None
            try:
                write(equation.right)
            except ValueError:
                pass  # no LaTeX for an operator, as documented
            rendered_marked(equation)
            assert sum(1 for _ in equation.right.walk()) > 0
        with np.errstate(all="ignore"):
            evaluate(latex, KNOWN)
    except (EquationSizeError, EquationSyntaxError, UnknownSymbolError, AmbiguousError) as error:
        str(error).encode()
    except (TypeError, ValueError) as error:
        assert re.search(r"`|function|power", str(error)), repr(error)
        str(error).encode()


def rendered(latex):
    """Render any LaTeX."""
    try:
        to_mathml(latex).encode()
    except (LatexError, EquationSizeError) as error:
        str(error).encode()


def rendered_marked(equation):
    """Render an equation."""
    try:
        marked(equation).encode()
    except (LatexError, EquationSizeError) as error:
        str(error).encode()


def named(latex):
    """Take it as a symbol, and as plain text."""
    try:
        canonical(latex)
    except (EquationSyntaxError, EquationSizeError) as error:
        str(error).encode()
    try:
        to_text(latex)
    except LatexError:
        pass


@pytest.mark.parametrize("call", [evaluated, rendered, named])
@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_any_text(call, data):
    call(data.draw(ANY))

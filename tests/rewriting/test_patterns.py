"""Rules in LaTeX: what they find, in whatever order it stands, and what comes in its place."""

import pytest

from lecture_code.equations.parser import parse
from lecture_code.equations.writer import write
from lecture_code.rewriting.patterns import NoPlaceError, Rule, find, part_of, rewrite
from lecture_code.rewriting.rules import LAYER, flip_the_gate
from lecture_code.rewriting.trees import places, renamed, with_right


def read(latex):
    return parse(f"y = {latex}")[0].right


def all_of(rule, latex):
    """What a rule makes of an expression as a whole."""
    return [write(new) for new in rule(read(latex))]


@pytest.mark.parametrize(
    "old, new, latex, expected",
    [
        ("a + b", "a", "W x + b_u", "W x"),
        ("a + b", "a", "b_u + W x", "W x"),
        ("a + b", "a", "W x + b_u + v", "W x + v"),
        ("a + b", "a - b", r"\sigma(W x + b)", r"\sigma(W x - b)"),
        ("[x, v]", "[v, x]", "W [X_t, h_{t-1}]", "W [h_{t-1}, X_t]"),
        (r"\Gamma_u \otimes a", "a", r"h_t \otimes \Gamma_u", "h_t"),
        (r"\Gamma_u \otimes a", "a", r"y \otimes \Gamma_u \otimes z", r"y \otimes z"),
        (r"\Gamma_u \otimes h_t", "h_t", r"h_t \otimes z \otimes \Gamma_u", r"h_t \otimes z"),
        ("1 - a", "a", r"(1 - \Gamma_u) \otimes z", r"\Gamma_u \otimes z"),
        ("1 - a", "a", r"(-\Gamma_u + 1) \otimes z", r"\Gamma_u \otimes z"),
        ("x_1 - x_2", "x_2 - x_1", "v - x_2 + x_1", "v + x_2 - x_1"),
        ("a", r"\tanh(a)", "x + y", r"\tanh(x + y)"),
        ("W x", r"W_{input} x + W_{state}^\top x", "W_u v", r"W_{ux} v + W_{uh}^\top v"),
        ("W x", "W_{input} x", "W v", "W_x v"),
        (r"\tanh(a)", r"\sigma(a)", r"\tanh C_t", r"\sigma(C_t)"),
        (r"\tanh C_t", "C_t", r"\Gamma_u \otimes \tanh(C_t)", r"\Gamma_u \otimes C_t"),
    ],
)
def test_a_rule_finds_its_place(old, new, latex, expected):
    assert write(rewrite(read(latex), Rule(old, new))) == expected


@pytest.mark.parametrize(
    "old, latex",
    [
        ("a + b", "W x + c"),  # no bias
        ("a + b", "x - b"),  # nothing is added to what begins with a minus
        ("a - c", "x + y"),
        ("1 - a", r"2 - \Gamma_u"),
        (r"a \otimes a", r"x \otimes y"),  # a letter stands for one thing
        (r"g \otimes a", r"x \otimes y"),  # no gate
        ("W [x, v]", "x [y, z]"),
        ("[x, v]", "[x, y, z]"),
        (r"\tanh(a)", r"\sigma(x)"),
        (r"\Gamma_u \otimes h_{t-1}", r"\Gamma_u \otimes h_t"),
        ("x + y", "a_1 b_1"),
    ],
)
def test_a_rule_that_fits_nowhere_says_so(old, latex):
    with pytest.raises(NoPlaceError) as caught:
        rewrite(read(latex), Rule(old, "0"))
    assert (caught.value.old, caught.value.searched) == (old, write(read(latex)))
    assert find(read(latex), old) is None


def test_a_gate_is_flipped_in_every_order():
    kept, taken = r"\Gamma_u \otimes h_{t-1}", r"(1 - \Gamma_u) \otimes \tilde{h}_t"
    back = [r"h_{t-1} \otimes \Gamma_u", r"\tilde{h}_t \otimes (1 - \Gamma_u)"]
    flipped = r"(1 - \Gamma_u) \otimes h_{t-1} + \Gamma_u \otimes \tilde{h}_t"
    for one in (kept, back[0]):
        for other in (taken, back[1]):
            for latex in (f"{one} + {other}", f"{other} + {one}"):
                assert all_of(flip_the_gate, latex) == [flipped]
    # Where the two gates differ, neither is flipped.
    assert not all_of(flip_the_gate, taken.replace("_u", "_r") + " + " + kept)


def test_a_rule_is_applied_in_the_first_place_or_in_every():
    rule = Rule(r"\Gamma_u", r"f_1(\Gamma_u)")
    latex = r"\Gamma_u \otimes h + (1 - \Gamma_u) \otimes z"
    assert write(rewrite(read(latex), rule)).count("f_1") == 1
    assert write(rewrite(read(latex), rule, everywhere=True)).count("f_1") == 2


def test_a_layer_is_found_with_its_weights():
    found = find(read(r"\Gamma_i \otimes \tanh(b_c + W_c [X_t, h_{t-1}])"), LAYER)
    assert {letter: write(part) for letter, part in found.items()} == {
        "W": "W_c",
        "b": "b_c",
        "x": "X_t",
        "v": "h_{t-1}",
    }
    assert part_of("W_c", "x").latex == "W_{cx}"


def test_places_put_something_in_the_place_of_each_part():
    whole = read(r"\sigma(W x + b) \otimes z")
    seen = [write(within(read("q"))) for _, within in places(whole)]
    assert seen == [
        "q",
        r"q \otimes z",
        r"\sigma(q) \otimes z",
        r"\sigma(q + b) \otimes z",
        r"\sigma(q x + b) \otimes z",
        r"\sigma(W q + b) \otimes z",
        r"\sigma(W x + q) \otimes z",
        r"\sigma(W x + b) \otimes q",
    ]


def test_symbols_are_renamed_all_at_once():
    names = {"x": read("y"), "y": read("x")}
    assert write(renamed(read(r"x_{i,j} + y (x - y)"), names)) == "y_{i,j} + x (y - x)"
    assert write(renamed(read(r"(x \circ \sigma)(y)"), names)) == r"(y \circ \sigma) (x)"


def test_an_equation_with_another_right_side_is_written_anew():
    [equation] = parse(r"h_t &\leftarrow \tanh(W x + b)")
    assert with_right(equation, read("W x")).latex == "h_t = W x"
    assert [symbol.name for symbol in with_right(equation, read("W x")).symbols] == [
        "h_t",
        "W",
        "x",
    ]

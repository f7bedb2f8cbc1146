r"""The usual mistakes of each cell, a row a mistake.

Each row says in a clause what was written, and gives the rules that turn the lecture's equation
into it, with the line that each of them changes. A rule's LaTeX is read by `rewriting.patterns`: a
bare letter matches anything, in any order of summands and factors.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lecture_code.checker.changes import AnyChange, Change, ChangeAll, Order
from lecture_code.course.cells import CELLS, Cell
from lecture_code.frameworks.table import TEXTBOOK_ORDERS, packing_orders
from lecture_code.rewriting import rules
from lecture_code.rewriting.patterns import Rule

FIRST_UNIT, MEAN = "f_1", "f_2"
"""Functions in a mistake's equation that give all units one number: each should have its own."""


class Mistake(NamedTuple):
    """Something that is often written in place of the lecture's equation.

    Attributes:
        sentence: what was written, as a clause: "the bias of the reset gate is missing".
        changes: what makes the wrong equation of the right one.
        returns: the symbols whose values are returned, if these are others.
        elsewhere: who has it so, where it is no mistake but another convention.
    """

    sentence: str
    changes: tuple[AnyChange, ...] = ()
    returns: tuple[str, ...] = ()
    elsewhere: str = ""


class Slip(NamedTuple):
    """A way to write a layer wrongly, whichever cell it belongs to.

    Attributes:
        of_one: what is said of one layer.
        of_all: what is said where every layer is written so.
        rule: what makes the wrong layer of the right one.
    """

    of_one: str
    of_all: str
    rule: Rule


LAYER = "W [X_t, v]"
"""What a layer is known by: a matrix that reads the input and something else."""

# Code that does not transpose a matrix has `v @ W`, which the equation writes with a transpose.
OF_LAYERS = (
    Slip(
        "the concatenation in {} is turned round: the state comes first",
        "every concatenation is turned round: the state comes first",
        rules.turn_the_concatenation,
    ),
    Slip(
        "in {} the part of the matrix that reads the state is not transposed",
        "the parts of the matrices that read the state are not transposed",
        Rule(LAYER, r"W_{input} X_t + W_{state}^\top v"),
    ),
    Slip(
        "in {} the part of the matrix that reads the input is not transposed",
        "the parts of the matrices that read the input are not transposed",
        Rule(LAYER, r"W_{input}^\top X_t + W_{state} v"),
    ),
    Slip(
        "in {} neither part of the matrix is transposed",
        "no matrix is transposed",
        Rule(LAYER, r"W_{input}^\top X_t + W_{state}^\top v"),
    ),
    Slip("{} does not read the state", "no line reads the state", Rule(LAYER, "W_{input} X_t")),
    Slip("{} does not read the input", "no line reads the input", Rule(LAYER, "W_{state} (v)")),
)
"""What can be wrong in every layer."""

OF_BIASES = (
    Slip("the bias of {} is missing", "all biases are missing", rules.drop_the_bias),
    Slip(
        "the bias of {} is counted twice", "every bias is counted twice", Rule("a + b", "a + b + b")
    ),
    Slip("the bias of {} is subtracted", "every bias is subtracted", rules.subtract_the_bias),
)
"""What can be wrong in every layer that has a bias."""


def _everywhere(line: str, old: str, new: str) -> tuple[Change, ...]:
    return (Change(line, Rule(old, new), everywhere=True),)


def _in(line: str, *pairs: tuple[str, str]) -> tuple[Change, ...]:
    return tuple(Change(line, Rule(*pair)) for pair in pairs)


def _broadcasts(*gates: tuple[str, str, str]) -> Iterator[Mistake]:
    """A gate, given by its line, its symbol and its name, that has one value for all units."""
    for function, value in (
        (FIRST_UNIT, "that of the first unit"),
        (MEAN, "the mean over the units"),
    ):
        for line, gate, name in gates:
            yield Mistake(
                f"the {name} gate has one value, {value}, for all units: it was broadcast",
                _everywhere(line, gate, f"{function}({gate})"),
            )


def _orders(cell: Cell) -> Iterator[Mistake]:
    """The cell's weights read in the order of somebody else."""
    ours = "".join(cell.gates)
    for theirs, whose in (packing_orders(cell) | TEXTBOOK_ORDERS.get(cell.name, {})).items():
        yield Mistake(
            f"the weights are read in the order of {whose}; here it is {', '.join(ours)}",
            (Order(theirs, ours),),
        )


_NEW, _CANDIDATE = "h_t", r"\tilde{h}_t"

GRU = (
    Mistake(
        "the update gate is turned round: 1 takes the candidate, and 0 keeps the old state",
        (Change(_NEW, rules.flip_the_gate),),
        elsewhere="Chung et al. (2014) have it so",
    ),
    Mistake(
        "the reset gate comes after the product with the state",
        _in(
            _CANDIDATE,
            (
                r"W [X_t, \Gamma_r \otimes h_{t-1}]",
                r"W_{input} X_t + \Gamma_r \otimes (W_{state} h_{t-1})",
            ),
        ),
        elsewhere="torch.nn.GRU, Flax and Keras by default have it so where the bias inside is 0",
    ),
    Mistake(
        "the reset gate comes after the product with the state, and the bias stands inside what it "
        "multiplies",
        _in(
            _CANDIDATE,
            (
                r"W [X_t, \Gamma_r \otimes h_{t-1}] + b",
                r"W_{input} X_t + \Gamma_r \otimes (W_{state} h_{t-1} + b)",
            ),
        ),
        elsewhere="torch.nn.GRU, Flax and Keras by default have it so where the bias outside is 0",
    ),
    Mistake("the reset gate is missing", _in(_CANDIDATE, (r"\Gamma_r \otimes a", "a"))),
    Mistake(
        "the reset gate multiplies the whole product, the input's part as well",
        (Change(_CANDIDATE, rules.reset_the_product),),
    ),
    Mistake(
        "the reset gate multiplies all that stands in the tanh, the input and the bias as well",
        (Change(_CANDIDATE, rules.reset_all),),
    ),
    Mistake(
        "the reset gate comes after the tanh",
        _in(_CANDIDATE, (r"\Gamma_r \otimes a", "a"), ("a", r"\Gamma_r \otimes a")),
    ),
    Mistake(
        "the reset gate is turned round: 1 hides the state",
        _in(_CANDIDATE, (r"\Gamma_r", r"(1 - \Gamma_r)")),
    ),
    Mistake(
        "the update gate stands where the reset gate belongs",
        _in(_CANDIDATE, (r"\Gamma_r", r"\Gamma_u")),
    ),
    Mistake(
        "the reset gate stands where the update gate belongs",
        _everywhere(_NEW, r"\Gamma_u", r"\Gamma_r"),
    ),
    Mistake(
        "the state that is kept has been reset",
        _in(_NEW, ("h_{t-1}", r"(\Gamma_r \otimes h_{t-1})")),
    ),
    Mistake("the candidate is added whole", _in(_NEW, (r"(1 - \Gamma_u) \otimes a", "a"))),
    Mistake("the old state is kept whole", _in(_NEW, (r"\Gamma_u \otimes h_{t-1}", "h_{t-1}"))),
    Mistake("the old state is not kept", _in(_NEW, (r"\Gamma_u \otimes h_{t-1} + a", "a"))),
    Mistake(
        "the candidate is not taken",
        _in(_NEW, (r"a + (1 - \Gamma_u) \otimes \tilde{h}_t", "a")),
    ),
    Mistake(
        "the update gate multiplies both, where the candidate takes 1 minus it",
        _in(_NEW, (r"1 - \Gamma_u", r"\Gamma_u")),
    ),
    Mistake(
        "a minus stands where the two parts are added",
        _in(_NEW, (r"a + (1 - c) \otimes d", r"a - (1 - c) \otimes d")),
    ),
    Mistake("the new state goes through a tanh once more", _in(_NEW, ("a", r"\tanh(a)"))),
    Mistake("the candidate is returned, not the new state", returns=(_CANDIDATE,)),
    Mistake("the old state is returned, not the new one", returns=("h_{t-1}",)),
    *_broadcasts((_NEW, r"\Gamma_u", "update"), (_CANDIDATE, r"\Gamma_r", "reset")),
)

_MEMORY, _ADDED = "C_t", r"\tilde{h}"
_UPDATE, _INPUT, _FORGET = r"\Gamma_u", r"\Gamma_i", r"\Gamma_f"

_TO_MEMORY = ("h_{t-1}", "C_{t-1}")
_IN_TANH = ("a", r"\tanh(a)")

LSTM = (
    Mistake(
        "the memory is handed on after the tanh, as the slide reads to the letter",
        (*_in(_MEMORY, _IN_TANH), *_in(_NEW, (r"\tanh C_t", "C_t"))),
        elsewhere="the slide has it so, and no framework",
    ),
    *_orders(CELLS["lstm"]),
    Mistake("the two states are returned in the other order: (C, h)", returns=(_MEMORY, _NEW)),
    Mistake("the memory is returned as the hidden state as well", returns=(_MEMORY, _MEMORY)),
    Mistake("the hidden state is returned as the memory as well", returns=(_NEW, _NEW)),
    Mistake("the old memory is returned", returns=(_NEW, "C_{t-1}")),
    Mistake("the old hidden state is returned", returns=("h_{t-1}", _MEMORY)),
    Mistake("what is added is returned as the memory", returns=(_NEW, _ADDED)),
    Mistake("the tanh of the memory is missing", _in(_NEW, (r"\tanh C_t", "C_t"))),
    Mistake("σ stands where tanh C belongs", _in(_NEW, (r"\tanh C_t", r"\sigma(C_t)"))),
    Mistake("the hidden state is made from the old memory", _in(_NEW, ("C_t", "C_{t-1}"))),
    Mistake(
        "the tanh is taken of the product with the gate",
        _in(_NEW, (r"\Gamma_u \otimes \tanh C_t", r"\tanh(\Gamma_u \otimes C_t)")),
    ),
    Mistake(
        "the update gate is missing: all of the memory is shown",
        _in(_NEW, (r"\Gamma_u \otimes a", "a")),
    ),
    Mistake(
        "the memory goes through a tanh before it is handed on, and once more in h",
        _in(_MEMORY, _IN_TANH),
    ),
    Mistake(
        "the forget gate is turned round: 1 forgets", _in(_MEMORY, (_FORGET, r"(1 - \Gamma_f)"))
    ),
    Mistake("the forget gate is missing", _in(_MEMORY, (r"\Gamma_f \otimes a", "a"))),
    Mistake("the old memory is missing", _in(_MEMORY, (r"\Gamma_f \otimes C_{t-1} + a", "a"))),
    Mistake("nothing is added to the memory", _in(_MEMORY, (r"a + \tilde{h}", "a"))),
    Mistake(
        "a minus stands where the memory is added to",
        _in(_MEMORY, (r"a + \tilde{h}", r"a - \tilde{h}")),
    ),
    Mistake(
        "the old hidden state stands where the old memory belongs",
        _in(_MEMORY, ("C_{t-1}", "h_{t-1}")),
    ),
    Mistake("the input gate is missing", _in(_ADDED, (r"\Gamma_i \otimes a", "a"))),
    Mistake("the forget gate stands where the input gate belongs", _in(_ADDED, (_INPUT, _FORGET))),
    Mistake("the update gate stands where the input gate belongs", _in(_ADDED, (_INPUT, _UPDATE))),
    Mistake(
        "1 minus the forget gate stands where the input gate belongs",
        _in(_ADDED, (_INPUT, r"(1 - \Gamma_f)")),
    ),
    Mistake("the input gate stands where the forget gate belongs", _in(_MEMORY, (_FORGET, _INPUT))),
    Mistake(
        "the update gate stands where the forget gate belongs", _in(_MEMORY, (_FORGET, _UPDATE))
    ),
    Mistake("the input gate stands where the update gate belongs", _in(_NEW, (_UPDATE, _INPUT))),
    Mistake("the forget gate stands where the update gate belongs", _in(_NEW, (_UPDATE, _FORGET))),
    Mistake(
        "1 is added to the forget gate's bias: a new cell may start so, but a step does not add it",
        _in(_FORGET, ("a + b", "a + b + 1")),
    ),
    Mistake(
        "the update gate reads the memory where it reads the hidden state",
        _in(_UPDATE, _TO_MEMORY),
    ),
    Mistake(
        "the input gate reads the memory where it reads the hidden state", _in(_INPUT, _TO_MEMORY)
    ),
    Mistake(
        "the forget gate reads the memory where it reads the hidden state",
        _in(_FORGET, _TO_MEMORY),
    ),
    Mistake(
        "the candidate reads the memory where it reads the hidden state", _in(_ADDED, _TO_MEMORY)
    ),
    Mistake(
        "every line reads the memory where it reads the hidden state",
        (ChangeAll((_UPDATE, _INPUT, _FORGET, _ADDED), Rule(*_TO_MEMORY)),),
    ),
    *_broadcasts(
        (_NEW, _UPDATE, "update"), (_ADDED, _INPUT, "input"), (_MEMORY, _FORGET, "forget")
    ),
)

RNN = (
    Mistake("the old state is returned, not the new one", returns=("h_{t-1}",)),
    Mistake("the old state is added to the new one", _in(_NEW, ("a", "h_{t-1} + a"))),
)

OF_CELL: Mapping[str, tuple[Mistake, ...]] = {"gru": GRU, "lstm": LSTM, "rnn": RNN}
"""The mistakes that only this cell can have, by its name, the likelier ones first."""

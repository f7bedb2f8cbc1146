r"""The usual mistakes: each one is the lecture's equation with a line changed, and runs as LaTeX.

A mistake is an equation like any other here. It is evaluated with the numbers that the student's
function got, so a student who made it returns the same numbers, up to rounding.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from lecture_code.core.ops import Array
from lecture_code.course.cells import CELLS, Cell
from lecture_code.equations.evaluator import evaluate
from lecture_code.equations.language import ACTIVATIONS, FUNCTIONS
from lecture_code.pairing.functions import arguments_of, pair_lines

FIRST_UNIT, MEAN = "f_1", "f_2"
"""Functions that stand in a mistake's equation: one number where every unit should have its own."""


class Variant(NamedTuple):
    """An equation that may be wrong.

    Attributes:
        lines: LaTeX, one equation a line.
        returns: the symbols whose values are returned.
    """

    lines: tuple[str, ...]
    returns: tuple[str, ...]

    def compute(self, known: dict[str, Any], computed: dict | None = None) -> tuple[Array, ...]:
        """Evaluate the lines one after the other.

        Args:
            known: values by symbol, from `symbols`.
            computed: what the first lines of other cells gave with the same `known`, by those
                lines; this cell's are added. Thousands of variants share most of their lines.

        Returns:
            The values of `returns`.

        Raises:
            ValueError: if the shapes do not fit, as where a matrix that is not square is turned.
        """
        computed = {} if computed is None else computed
        for count in range(1, len(self.lines) + 1):
            first = self.lines[:count]
            if first not in computed:
                computed[first] = known | evaluate(first[-1], known)
            known = computed[first]
        return tuple(known[symbol] for symbol in self.returns)


class Mistake(NamedTuple):
    """Something that is often written in place of the lecture's equation.

    Attributes:
        sentence: what was written, as a clause: "the bias of the reset gate is missing".
        lines: the numbers of the lines concerned, from 0; none if only what is returned differs.
        change: makes the wrong equation from the right one; one that it does not fit stays as it
            is.
    """

    sentence: str
    lines: tuple[int, ...]
    change: Callable[[Variant], Variant]
    elsewhere: str = ""
    """Who has it so, where it is no mistake but another convention."""


def right_variant(cell: Cell) -> Variant:
    """The lecture's equation.

    Args:
        cell: one of `CHECKED`.

    Returns:
        Its lines, and what it returns.
    """
    pairs = pair_lines(cell.step)
    lines = tuple(re.sub(r"\s+", " ", line.equation.latex).strip() for line in pairs)
    return Variant(lines, cell.returns)


def symbols(cell: Cell, x: Array, state: Any, weights: Any) -> dict[str, Any]:
    r"""The values that the equations of a cell and of its mistakes are made from.

    Args:
        cell: one of `CHECKED`.
        x: input, shape `(..., input)`.
        state: as the lecture's step takes it.
        weights: the lecture's weights.

    Returns:
        By symbol the arguments, and each matrix in two: of `W_u` the part $W_{ux}$ that reads the
        input, and $W_{uh}$ that reads the state.
    """
    known = arguments_of(cell.step, x, state, weights)
    for name in [name for name in known if name.startswith("W")]:
        known[_part(name, "x")] = known[name][:, : x.shape[-1]]
        known[_part(name, "h")] = known[name][:, x.shape[-1] :]
    known[FIRST_UNIT] = lambda gate: gate[..., :1] + 0 * gate
    known[MEAN] = lambda gate: gate.mean(-1, keepdims=True) + 0 * gate
    return known


@cache
def mistakes(cell: Cell) -> tuple[Mistake, ...]:
    """The mistakes that are looked for, the likelier ones first.

    Args:
        cell: one of `CHECKED`.

    Returns:
        Mistakes whose equations all differ from the right one and from each other.

    Raises:
        ValueError: if one that only this cell can have finds no place in its equation.
    """
    right = right_variant(cell)
    found: dict[Variant, Mistake] = {right: Mistake("", (), lambda cell: cell)}
    own = [*_OF_CELL[cell.name]()]
    for mistake in own:
        if mistake.change(right) == right:
            raise ValueError(f"{cell.name}: the equation has no place for: {mistake.sentence}")
    for mistake in [*own, *_of_all_lines(right), *_exchanges(right), *_of_lines(right)]:
        found.setdefault(mistake.change(right), mistake)
    return tuple(found.values())[1:]


def variants(cell: Cell) -> Iterator[tuple[tuple[Mistake, ...], Variant]]:
    """Every mistake alone, and then every two together.

    Args:
        cell: one of `CHECKED`.

    Yields:
        The mistakes and their equation. Two that touch one line come last: their lines are read for
        the first time, which takes longest.
    """
    right = right_variant(cell)
    alone = {mistake: mistake.change(right) for mistake in mistakes(cell)}
    for mistake, wrong in alone.items():
        yield (mistake,), wrong
    on_one_line = []
    for one, two in itertools.combinations(alone, 2):
        if set(one.lines) & set(two.lines):
            on_one_line.append((one, two))
        else:
            yield (one, two), two.change(alone[one])
    for one, two in on_one_line:
        both = two.change(alone[one])
        if both not in (right, alone[one], alone[two]):
            yield (one, two), both


def changed(cell: Cell, made: tuple[Mistake, ...]) -> Variant:
    """The equation with mistakes in it.

    Args:
        cell: one of `CHECKED`.
        made: the mistakes.

    Returns:
        The equation.
    """
    wrong = right_variant(cell)
    for mistake in made:
        wrong = mistake.change(wrong)
    return wrong


# HOW AN EQUATION IS CHANGED


def _replace(line: int, pattern: str, new: str | Callable) -> Callable[[Variant], Variant]:
    """Put something in the place of a pattern in a line; where it is not found, the line stays."""

    def change(cell: Variant) -> Variant:
        text = re.sub(pattern, new if callable(new) else lambda _: new, cell.lines[line], count=1)
        return cell._replace(lines=(*cell.lines[:line], text, *cell.lines[line + 1 :]))

    return change


def _literally(line: int, old: str, new: str) -> Callable[[Variant], Variant]:
    return _replace(line, re.escape(old), new)


def _all(*changes: Callable[[Variant], Variant]) -> Callable[[Variant], Variant]:
    def change(cell: Variant) -> Variant:
        for one in changes:
            cell = one(cell)
        return cell

    return change


def _returns(*symbols: str) -> Callable[[Variant], Variant]:
    return lambda cell: cell._replace(returns=symbols)


# MISTAKES IN AN AFFINE MAP: \sigma(W_u [X_t, h_{t-1}] + b_u)

_FUNCTION = r"(\\sigma|\\tanh)(?=\(W)"
_READS = r"(W\S*) \[X_t, (.*?)\]"
_BIAS = r" \+ (b\S*)(?=\))"

_NAMES = {symbol: words for cell in CELLS.values() for symbol, words in cell.quantities.items()}


class _Map(NamedTuple):
    """An affine map in a line, what it is called, and its activation."""

    line: int
    name: str
    function: str


class _Slip(NamedTuple):
    """A way to write an affine map wrongly: said of one map, said of all, and what is replaced."""

    of_one: str
    of_all: str
    pattern: str
    new: str | Callable


def _maps(cell: Variant) -> list[_Map]:
    found = []
    for number, line in enumerate(cell.lines):
        if match := re.search(_FUNCTION, line):
            symbol = line.split("=")[0].strip(" &")
            found.append(_Map(number, _NAMES[symbol], match[1]))
    return found


def _part(matrix: str, letter: str) -> str:
    r"""`W_{ux}` of `W_u`; `W_x` of `W`."""
    subscript = matrix.removeprefix("W").strip("_{}") + letter
    return f"W_{{{subscript}}}" if len(subscript) > 1 else f"W_{subscript}"


def _apart(input_turned: str, state_turned: str) -> Callable[[re.Match], str]:
    def parts(found: re.Match) -> str:
        W, state = found.groups()
        state = state if re.fullmatch(r"\S+", state) else f"({state})"
        return f"{_part(W, 'x')}{input_turned} X_t + {_part(W, 'h')}{state_turned} {state}"

    return parts


_TURNED = r"^\top"

_SLIPS = (
    _Slip("the bias of {} is missing", "all biases are missing", _BIAS, ""),
    _Slip(
        "the bias of {} is counted twice",
        "every bias is counted twice",
        _BIAS,
        lambda found: 2 * found[0],
    ),
    _Slip(
        "the bias of {} is subtracted",
        "every bias is subtracted",
        _BIAS,
        lambda found: f" - {found[1]}",
    ),
    _Slip(
        "the concatenation in {} is turned round: the state comes first",
        "every concatenation is turned round: the state comes first",
        _READS,
        lambda found: f"{found[1]} [{found[2]}, X_t]",
    ),
    _Slip(
        "in {} the part of the matrix that reads the state is not transposed",
        "the parts of the matrices that read the state are not transposed",
        _READS,
        _apart("", _TURNED),
    ),
    _Slip(
        "in {} the part of the matrix that reads the input is not transposed",
        "the parts of the matrices that read the input are not transposed",
        _READS,
        _apart(_TURNED, ""),
    ),
    _Slip(
        "in {} neither part of the matrix is transposed",
        "no matrix is transposed",
        _READS,
        _apart(_TURNED, _TURNED),
    ),
    _Slip(
        "{} does not read the state",
        "no line reads the state",
        _READS,
        lambda found: f"{_part(found[1], 'x')} X_t",
    ),
    _Slip(
        "{} does not read the input",
        "no line reads the input",
        _READS,
        lambda found: f"{_part(found[1], 'h')} ({found[2]})",
    ),
)
"""Code that does not transpose a matrix has `v @ W`, which the equation writes with a transpose."""

_FUNCTIONS = {latex: FUNCTIONS[latex].text for latex in ACTIVATIONS} | {"": "nothing"}


def _other_activations(affine: _Map) -> Iterator[Mistake]:
    for function, word in _FUNCTIONS.items():
        if function != affine.function:
            clause = f"{affine.name} has {word} where {_FUNCTIONS[affine.function]} belongs"
            change = _replace(affine.line, _FUNCTION, function)
            yield Mistake(clause, (affine.line,), change)


def _of_lines(cell: Variant) -> Iterator[Mistake]:
    for affine in _maps(cell):
        yield from _other_activations(affine)
        for slip in _SLIPS:
            clause = slip.of_one.format(affine.name)
            yield Mistake(clause, (affine.line,), _replace(affine.line, slip.pattern, slip.new))


def _of_all_lines(cell: Variant) -> Iterator[Mistake]:
    lines = tuple(affine.line for affine in _maps(cell))
    if len(lines) > 1:
        for slip in _SLIPS:
            changes = (_replace(line, slip.pattern, slip.new) for line in lines)
            yield Mistake(slip.of_all, lines, _all(*changes))


def _exchanges(cell: Variant) -> Iterator[Mistake]:
    """The weights of two lines exchanged: both, the matrices alone, or the biases alone."""
    for one, two in itertools.combinations(_maps(cell), 2):
        names, lines = f"{one.name} and {two.name}", (one.line, two.line)
        yield Mistake(f"{names} have exchanged their weights", lines, _exchange(one, two, "Wb"))
        yield Mistake(f"{names} have exchanged their matrices", lines, _exchange(one, two, "W"))
        yield Mistake(f"{names} have exchanged their biases", lines, _exchange(one, two, "b"))


def _exchange(one: _Map, two: _Map, kinds: str) -> Callable[[Variant], Variant]:
    def change(cell: Variant) -> Variant:
        lines = list(cell.lines)
        for kind in kinds:
            letters = [_letter(kind, cell.lines[line]) for line in (one.line, two.line)]
            if all(letters):
                lines[one.line] = _with_letter(kind, lines[one.line], *letters)
                lines[two.line] = _with_letter(kind, lines[two.line], *reversed(letters))
        return cell._replace(lines=tuple(lines))

    return change


def _letter(kind: str, line: str) -> str:
    """Whose matrix `W` or bias `b` a line has; nothing if it has none."""
    found = re.search(rf"\b{kind}_\{{?(\w)", line)
    return found[1] if found else ""


def _with_letter(kind: str, line: str, old: str, new: str) -> str:
    return re.sub(rf"\b({kind}_\{{?){old}(?=[xh]\}}|\W)", lambda found: found[1] + new, line)


# MISTAKES THAT ONLY ONE CELL CAN HAVE


def _of_gru() -> Iterator[Mistake]:
    candidate, new = 2, 3
    reset, reads = r"\Gamma_r \otimes h_{t-1}", r"(W\S*) \[X_t, \\Gamma_r \\otimes h_{t-1}\]"

    def after(found: re.Match) -> str:
        return rf"{_part(found[1], 'x')} X_t + \Gamma_r \otimes ({_part(found[1], 'h')} h_{{t-1}})"

    def after_with_bias(found: re.Match) -> str:
        W, b = found.groups()
        return rf"{_part(W, 'x')} X_t + \Gamma_r \otimes ({_part(W, 'h')} h_{{t-1}} + {b})"

    def whole(found: re.Match) -> str:
        return rf"\Gamma_r \otimes ({found[1]} [X_t, h_{{t-1}}])"

    def whole_with_bias(found: re.Match) -> str:
        return rf"\Gamma_r \otimes ({found[1]} [X_t, h_{{t-1}}] + {found[2]})"

    def line(clause: str, number: int, *changes: Callable[[Variant], Variant]) -> Mistake:
        return Mistake(clause, (number,), _all(*changes))

    def mix(clause: str, *change: str) -> Mistake:
        return line(clause, new, _literally(new, *change))

    yield mix(
        "the update gate is turned round: 1 takes the candidate, and 0 keeps the old state",
        r"\Gamma_u \otimes h_{t-1} + (1 - \Gamma_u) \otimes \tilde{h}_t",
        r"(1 - \Gamma_u) \otimes h_{t-1} + \Gamma_u \otimes \tilde{h}_t",
    )._replace(elsewhere="Chung et al. (2014) have it so")
    yield line(
        "the reset gate comes after the product with the state",
        candidate,
        _replace(candidate, reads, after),
    )._replace(
        elsewhere="torch.nn.GRU, Flax and Keras by default have it so where the bias inside is 0"
    )
    yield line(
        "the reset gate comes after the product with the state, and the bias stands inside what it "
        "multiplies",
        candidate,
        _replace(candidate, reads + _BIAS, after_with_bias),
    )._replace(
        elsewhere="torch.nn.GRU, Flax and Keras by default have it so where the bias outside is 0"
    )
    yield line("the reset gate is missing", candidate, _literally(candidate, reset, "h_{t-1}"))
    yield line(
        "the reset gate multiplies the whole product, the input's part as well",
        candidate,
        _replace(candidate, reads, whole),
    )
    yield line(
        "the reset gate multiplies all that stands in the tanh, the input and the bias as well",
        candidate,
        _replace(candidate, reads + _BIAS, whole_with_bias),
    )
    yield line(
        "the reset gate comes after the tanh",
        candidate,
        _literally(candidate, reset, "h_{t-1}"),
        _literally(candidate, "= ", r"= \Gamma_r \otimes "),
    )
    yield line(
        "the reset gate is turned round: 1 hides the state",
        candidate,
        _literally(candidate, reset, r"(1 - \Gamma_r) \otimes h_{t-1}"),
    )
    yield line(
        "the update gate stands where the reset gate belongs",
        candidate,
        _literally(candidate, r"\Gamma_r", r"\Gamma_u"),
    )
    yield line(
        "the reset gate stands where the update gate belongs", new, _everywhere(new, r"\Gamma_r")
    )
    yield mix(
        "the state that is kept has been reset",
        "h_{t-1} +",
        rf"({reset}) +",
    )
    yield mix("the candidate is added whole", r"(1 - \Gamma_u) \otimes ", "")
    yield mix("the old state is kept whole", r"\Gamma_u \otimes h_{t-1}", "h_{t-1}")
    yield mix("the old state is not kept", r"\Gamma_u \otimes h_{t-1} + ", "")
    yield mix("the candidate is not taken", r" + (1 - \Gamma_u) \otimes \tilde{h}_t", "")
    yield mix(
        "the update gate multiplies both, where the candidate takes 1 minus it",
        r"(1 - \Gamma_u)",
        r"\Gamma_u",
    )
    yield mix("a minus stands where the two parts are added", "+ (1", "- (1")
    yield line(
        "the new state goes through a tanh once more", new, _replace(new, r"= (.*)", _in_tanh)
    )
    yield Mistake("the candidate is returned, not the new state", (), _returns(r"\tilde{h}_t"))
    yield Mistake("the old state is returned, not the new one", (), _returns("h_{t-1}"))
    for function, clause in _BROADCASTS.items():
        yield line(f"the update gate {clause}", new, _everywhere(new, rf"{function}(\Gamma_u)"))
        yield line(
            f"the reset gate {clause}",
            candidate,
            _literally(candidate, r"\Gamma_r", rf"{function}(\Gamma_r)"),
        )


def _everywhere(line: int, new: str) -> Callable[[Variant], Variant]:
    r"""Put something in the place of every $\Gamma_u$ of a line."""

    def change(cell: Variant) -> Variant:
        text = cell.lines[line].replace(r"\Gamma_u", new)
        return cell._replace(lines=(*cell.lines[:line], text, *cell.lines[line + 1 :]))

    return change


def _in_tanh(found: re.Match) -> str:
    return rf"= \tanh({found[1]})"


_BROADCASTS = {
    FIRST_UNIT: "has one value, that of the first unit, for all units: it was broadcast",
    MEAN: "has one value, the mean over the units, for all units: it was broadcast",
}


def _of_lstm() -> Iterator[Mistake]:
    gates = {"update": 0, "input": 1, "forget": 2}
    candidate, memory, new = 3, 4, 5

    def line(clause: str, number: int, old: str, text: str) -> Mistake:
        return Mistake(clause, (number,), _literally(number, old, text))

    def in_memory(found: re.Match) -> str:
        return found[0].replace("h_{t-1}", "C_{t-1}")

    yield Mistake(
        "the memory is handed on after the tanh, as the slide reads to the letter",
        (memory, new),
        _all(_replace(memory, "= (.*)", _in_tanh), _literally(new, r"\tanh C_t", "C_t")),
        "the slide has it so, and no framework",
    )
    for order, whose in (
        ("ifcu", "torch and Keras (i, f, g, o)"),
        ("iufc", "ONNX (i, o, f, c)"),
        ("icfu", "TensorFlow 1 and Trax (i, j, f, o)"),
        ("ficu", "many textbooks (f, i, c, o)"),
    ):
        lines = (*gates.values(), candidate)
        yield Mistake(
            f"the weights are read in the order of {whose}; here it is u, i, f, c",
            lines,
            _read_as(order),
        )
    yield Mistake(
        "the two states are returned in the other order: (C, h)", (), _returns("C_t", "h_t")
    )
    yield Mistake("the memory is returned as the hidden state as well", (), _returns("C_t", "C_t"))
    yield Mistake("the hidden state is returned as the memory as well", (), _returns("h_t", "h_t"))
    yield Mistake("the old memory is returned", (), _returns("h_t", "C_{t-1}"))
    yield Mistake("the old hidden state is returned", (), _returns("h_{t-1}", "C_t"))
    yield Mistake("what is added is returned as the memory", (), _returns("h_t", r"\tilde{h}"))
    yield line("the tanh of the memory is missing", new, r"\tanh C_t", "C_t")
    yield line("σ stands where tanh C belongs", new, r"\tanh C_t", r"\sigma(C_t)")
    yield line("the hidden state is made from the old memory", new, "C_t", "C_{t-1}")
    yield line(
        "the tanh is taken of the product with the gate",
        new,
        r"\Gamma_u \otimes \tanh C_t",
        r"\tanh(\Gamma_u \otimes C_t)",
    )
    yield line(
        "the update gate is missing: all of the memory is shown", new, r"\Gamma_u \otimes ", ""
    )
    yield Mistake(
        "the memory goes through a tanh before it is handed on, and once more in h",
        (memory,),
        _replace(memory, "= (.*)", _in_tanh),
    )
    yield line("the forget gate is turned round: 1 forgets", memory, r"\Gamma_f", r"(1 - \Gamma_f)")
    yield line("the forget gate is missing", memory, r"\Gamma_f \otimes ", "")
    yield line("the old memory is missing", memory, r"\Gamma_f \otimes C_{t-1} + ", "")
    yield line("nothing is added to the memory", memory, r" + \tilde{h}", "")
    yield line("a minus stands where the memory is added to", memory, "+", "-")
    yield line(
        "the old hidden state stands where the old memory belongs", memory, "C_{t-1}", "h_{t-1}"
    )
    yield line("the input gate is missing", candidate, r"\Gamma_i \otimes ", "")
    for other, name in ((r"\Gamma_f", "forget"), (r"\Gamma_u", "update")):
        yield line(
            f"the {name} gate stands where the input gate belongs", candidate, r"\Gamma_i", other
        )
    yield line(
        "1 minus the forget gate stands where the input gate belongs",
        candidate,
        r"\Gamma_i",
        r"(1 - \Gamma_f)",
    )
    for name, other in (("input", r"\Gamma_i"), ("update", r"\Gamma_u")):
        yield line(
            f"the {name} gate stands where the forget gate belongs", memory, r"\Gamma_f", other
        )
    for name, other in (("input", r"\Gamma_i"), ("forget", r"\Gamma_f")):
        yield line(f"the {name} gate stands where the update gate belongs", new, r"\Gamma_u", other)
    yield Mistake(
        "1 is added to the forget gate's bias: a new cell may start so, but a step does not add it",
        (gates["forget"],),
        _replace(gates["forget"], _BIAS, lambda found: f"{found[0]} + 1"),
    )
    for name, number in gates.items():
        yield Mistake(
            f"the {name} gate reads the memory where it reads the hidden state",
            (number,),
            _replace(number, r"\[.*?\]", in_memory),
        )
    yield Mistake(
        "the candidate reads the memory where it reads the hidden state",
        (candidate,),
        _replace(candidate, r"\[.*?\]", in_memory),
    )
    yield Mistake(
        "every line reads the memory where it reads the hidden state",
        (*gates.values(), candidate),
        _all(*(_replace(n, r"\[.*?\]", in_memory) for n in (*gates.values(), candidate))),
    )
    for function, clause in _BROADCASTS.items():
        for number, gate, name in (
            (new, r"\Gamma_u", "update"),
            (candidate, r"\Gamma_i", "input"),
            (memory, r"\Gamma_f", "forget"),
        ):
            yield line(f"the {name} gate {clause}", number, gate, f"{function}({gate})")


def _read_as(order: str) -> Callable[[Variant], Variant]:
    """The weights of the LSTM, u, i, f and c, taken for those of other lines."""
    lines = {"u": 0, "i": 1, "f": 2, "c": 3}

    def change(cell: Variant) -> Variant:
        changed_lines = list(cell.lines)
        for taken_for, letter in zip(order, lines, strict=True):
            number = lines[taken_for]
            for kind in "Wb":
                line = changed_lines[number]
                changed_lines[number] = _with_letter(kind, line, taken_for, letter)
        return cell._replace(lines=tuple(changed_lines))

    return change


def _of_rnn() -> Iterator[Mistake]:
    yield Mistake("the old state is returned, not the new one", (), _returns("h_{t-1}"))
    yield Mistake(
        "the old state is added to the new one",
        (0,),
        _literally(0, r"h_t = ", r"h_t = h_{t-1} + "),
    )


_OF_CELL = {"gru": _of_gru, "lstm": _of_lstm, "rnn": _of_rnn}

CHECKED = {name: CELLS[name] for name in _OF_CELL}
"""The cells whose usual mistakes are known, by their names."""

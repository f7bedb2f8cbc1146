r"""Mutations of the equations: one change in the parsed LaTeX, written as LaTeX again."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from lecture_code.equations.language import ACTIVATIONS
from lecture_code.equations.parser import (
    Call,
    Composition,
    Equation,
    Expression,
    Indexed,
    Number,
    Operation,
    Symbol,
    canonical,
    parse,
)
from lecture_code.equations.writer import write
from lecture_code.evidence.mutations.mutation import FAMILIES, Mutation, exchanges
from lecture_code.pairing.functions import latex_of, pair_lines

Rule = Callable[[Expression], Iterator[Expression]]


def text_mutations(function: Callable) -> list[Mutation]:
    """Every mutation of the equation in a function's docstring.

    Args:
        function: a function with an equation.

    Returns:
        The mutations; `changed` holds the equation's lines in LaTeX, one of them another one, or
        two where two are exchanged.
    """
    equations = parse(latex_of(function))
    lines = tuple(map(line_of, equations))
    changes = [
        (kind, changed) for kind, rule in RULES.items() for changed in _everywhere(rule, equations)
    ]
    changes += [(kind, changed) for kind, rule in WHOLE.items() for changed in rule(equations)]
    changes += _exchanged(function, equations)
    found = {}
    for kind, changed in changes:
        texts = tuple(changed)
        detail = "; ".join(new for old, new in zip(lines, texts, strict=True) if old != new)
        # Two rules may make the same text; it counts once.
        found.setdefault(texts, Mutation(function, "text", kind, detail, texts))
    return list(found.values())


def line_of(equation: Equation) -> str:
    """An equation as one line of LaTeX, its right-hand side written anew.

    Args:
        equation: the equation.

    Returns:
        LaTeX that `parse` takes.
    """
    return f"{_left(equation)} = {write(equation.right)}"


def _left(equation: Equation) -> str:
    # A sum's limits hold an equals sign too, but further right.
    return equation.latex.replace(r"\leftarrow", "=").split("=")[0].strip()


def operation(operator: str, *operands: Expression) -> Operation:
    """An operation that was not read from a source.

    Args:
        operator: its name in the grammar.
        *operands: its operands.

    Returns:
        The operation, without LaTeX of its own.
    """
    return Operation("", operator, operands)


# --- One expression for another


def drop_a_bias(part: Expression) -> Iterator[Expression]:
    """Leave out a bias: W v + b becomes W v."""
    match part:
        case Operation(operator="sum", operands=(left, right)) if _is_bias(right):
            yield left


def change_a_sign(part: Expression) -> Iterator[Expression]:
    """Turn a plus into a minus, a minus into a plus, and leave out a minus in front."""
    match part:
        case Operation(operator="sum", operands=operands):
            yield operation("difference", *operands)
        case Operation(operator="difference", operands=operands):
            yield operation("sum", *operands)
        case Operation(operator="negation", operands=(operand,)):
            yield operand


def turn_a_difference(part: Expression) -> Iterator[Expression]:
    """Exchange the sides of a minus."""
    match part:
        case Operation(operator="difference", operands=(left, right)):
            yield operation("difference", right, left)


def another_operator(part: Expression) -> Iterator[Expression]:
    """Add where there is a product, multiply where there is a sum, a difference or a quotient."""
    match part:
        case Operation(operator="product" | "convolution", operands=operands):
            yield operation("sum", *operands)
        case Operation(operator="juxtaposition", operands=(left, right)) if _multiplies(left):
            yield operation("sum", left, right)
        case Operation(operator="sum" | "difference" | "quotient", operands=(left, right)):
            yield operation("product", left, right)


def drop_a_term(part: Expression) -> Iterator[Expression]:
    """Leave out one side of a plus or a minus."""
    match part:
        case Operation(operator="sum" | "difference", operands=(left, right)):
            yield right
            if not _is_bias(right):
                yield left


def drop_a_factor(part: Expression) -> Iterator[Expression]:
    """Leave out one side of a product."""
    match part:
        case Operation(operator="product", operands=operands):
            yield from operands
        case Operation(operator="juxtaposition", operands=operands) if _multiplies(operands[0]):
            yield from operands


def drop_the_activation(part: Expression) -> Iterator[Expression]:
    """Leave out a function: what it is applied to is the value."""
    match part:
        case Call(argument=argument):
            yield argument


def another_activation(part: Expression) -> Iterator[Expression]:
    """Take another function."""
    match part:
        case Call(function=function):
            yield from (replace(part, function=name) for name in ACTIVATIONS if name != function)
        case Composition(functions=functions):
            for n, name in enumerate(functions):
                if isinstance(name, str):
                    changed = (*functions[:n], r"\tanh", *functions[n + 1 :])
                    yield replace(part, functions=changed)


def swap_the_concatenation(part: Expression) -> Iterator[Expression]:
    """Turn a concatenation round."""
    match part:
        case Operation(operator="concatenation", operands=operands):
            yield replace(part, operands=operands[::-1])


def change_a_number(part: Expression) -> Iterator[Expression]:
    """Take the next number."""
    match part:
        case Number(value=value):
            yield Number(str(value + 1), value + 1)


def drop_a_power(part: Expression) -> Iterator[Expression]:
    """Leave out an exponent or a root."""
    match part:
        case Operation(operator="power" | "root", operands=(base, *_)):
            yield base


def turn_a_quotient(part: Expression) -> Iterator[Expression]:
    """Turn a quotient upside down, and leave out what it is divided by."""
    match part:
        case Operation(operator="quotient", operands=(above, below)):
            yield operation("quotient", below, above)
            yield above


def drop_a_transpose(part: Expression) -> Iterator[Expression]:
    """Leave out a transpose."""
    match part:
        case Operation(operator="transpose", operands=(matrix,)):
            yield matrix


def swap_a_composition(part: Expression) -> Iterator[Expression]:
    """Exchange two neighbours of a composition."""
    match part:
        case Composition(functions=functions):
            for n in range(len(functions) - 1):
                swapped = [*functions]
                swapped[n : n + 2] = reversed(functions[n : n + 2])
                yield replace(part, functions=tuple(swapped))


def flip_the_update_gate(part: Expression) -> Iterator[Expression]:
    """Let the gate take where it keeps, and keep where it takes."""
    match part:
        case Operation(
            operator="sum",
            operands=(
                Operation(operator="product", operands=(Symbol() as gate, old)),
                Operation(
                    operator="product", operands=(Operation(operator="difference") as rest, new)
                ),
            ),
        ):
            yield operation("sum", operation("product", rest, old), operation("product", gate, new))


def move_the_reset(part: Expression) -> Iterator[Expression]:
    """Reset after the product, with and without the bias, where it is before, and the reverse."""
    match part:
        case Operation(
            operator="sum",
            operands=(
                Operation(
                    operator="juxtaposition",
                    operands=(
                        W,
                        Operation(
                            operator="concatenation",
                            operands=(x, Operation(operator="product", operands=(reset, h))),
                        ),
                    ),
                ),
                b,
            ),
        ):
            product = operation("juxtaposition", W, operation("concatenation", x, h))
            yield operation("sum", operation("product", reset, product), b)
            yield operation("product", reset, operation("sum", product, b))
        case Operation(
            operator="product",
            operands=(
                reset,
                Operation(
                    operator="sum",
                    operands=(Operation(operator="juxtaposition", operands=(W, h)), b),
                ),
            ),
        ):
            inside = operation("juxtaposition", W, operation("product", reset, h))
            yield operation("sum", inside, b)
            outside = operation("product", reset, operation("juxtaposition", W, h))
            yield operation("sum", outside, b)


def _is_bias(part: Expression) -> bool:
    return isinstance(part, Symbol) and part.name.startswith("b")


def _multiplies(left: Expression) -> bool:
    """Whether a left-hand neighbour is a factor, and no function."""
    return not isinstance(left, Composition)


RULES: dict[str, Rule] = {
    "flip the update gate": flip_the_update_gate,
    "move the reset": move_the_reset,
    "drop a bias": drop_a_bias,
    "drop the activation": drop_the_activation,
    "another activation": another_activation,
    "swap the concatenation": swap_the_concatenation,
    "change a sign": change_a_sign,
    "turn a difference": turn_a_difference,
    "another operator": another_operator,
    "drop a term": drop_a_term,
    "drop a factor": drop_a_factor,
    "change a number": change_a_number,
    "drop a power": drop_a_power,
    "turn a quotient": turn_a_quotient,
    "drop a transpose": drop_a_transpose,
    "swap a composition": swap_a_composition,
}
"""The rules that change one expression, by kind."""


def _everywhere(rule: Rule, equations: list[Equation]) -> Iterator[list[str]]:
    """Apply a rule to every part of every line in turn."""
    for n, equation in enumerate(equations):
        for part, put in _places(equation.right):
            for changed in rule(part):
                yield _with_line(equations, n, replace(equation, right=put(changed)))


def _with_line(equations: list[Equation], n: int, changed: Equation) -> list[str]:
    return [line_of(changed if n == m else equation) for m, equation in enumerate(equations)]


def _places(
    part: Expression,
) -> Iterator[tuple[Expression, Callable[[Expression], Expression]]]:
    """Every part of an expression, and a function that puts another one in its place."""
    yield part, lambda new: new
    for n, child in enumerate(part.children):
        for place, within in _places(child):
            yield (
                place,
                lambda new, n=n, within=within: part.with_children(
                    *_put(part.children, n, within(new))
                ),
            )


def _put(parts: tuple, n: int, new: Expression) -> tuple:
    return (*parts[:n], new, *parts[n + 1 :])


# --- One quantity for another


def _exchanged(function: Callable, equations: list[Equation]) -> Iterator[tuple[str, list[str]]]:
    """Write another quantity of the same family in the place of each symbol in turn."""
    lines = zip(exchanges(function), pair_lines(function), strict=True)
    for n, (others, line) in enumerate(lines):
        for part, put in _places(equations[n].right):
            for new, name in _renamed(part, others):
                kind = FAMILIES[line.quantities[name].role]
                yield kind, _with_line(equations, n, replace(equations[n], right=put(new)))


def _renamed(part: Expression, others: dict) -> Iterator[tuple[Expression, str]]:
    """A symbol, the array of an entry, or a function of a composition, exchanged."""
    match part:
        case Symbol(name=name):
            yield from ((replace(part, latex=other, name=other), name) for other, _ in others[name])
        case Indexed(symbol=symbol):
            for new, name in _renamed(symbol, others):
                # The indices of a derivative stand inside its symbol: none can be written behind.
                if r"\frac" not in new.name:
                    yield replace(part, symbol=new), name
        case Composition(functions=functions):
            for n, symbol in enumerate(functions):
                for new, name in _renamed(symbol, others) if isinstance(symbol, Symbol) else ():
                    yield replace(part, functions=_put(functions, n, new)), name


# --- Two lines at once


def swap_two_gates(equations: list[Equation]) -> Iterator[list[str]]:
    """Exchange the weights of two lines, or two gates that come from one line."""
    layers = [(n, weights) for n, line in enumerate(equations) if (weights := _layer(line.right))]
    for (n, one), (m, other) in itertools.combinations(layers, 2):
        if len(equations[n].left) == len(equations[m].left):
            lines = _with_line(equations, n, _with_symbols(equations[n], one, other))
            lines[m] = line_of(_with_symbols(equations[m], other, one))
            yield lines
    for n, equation in enumerate(equations):
        if len(equation.left) > 1:
            names = ", ".join(symbol.latex for symbol in reversed(equation.left))
            lines = _with_line(equations, n, equation)
            lines[n] = f"[{names}] = {write(equation.right)}"
            yield lines


def swap_the_results(equations: list[Equation]) -> Iterator[list[str]]:
    """Exchange what two last lines compute, where none of them needs the other."""
    if len(equations) > 1:
        one, other = equations[-2:]
        if one.left[0].name not in {symbol.name for symbol in other.symbols}:
            lines = list(map(line_of, equations))
            lines[-2:] = [
                f"{_left(other)} = {write(one.right)}",
                f"{_left(one)} = {write(other.right)}",
            ]
            yield lines


def hand_on_the_tanh(equations: list[Equation]) -> Iterator[list[str]]:
    """Hand on the tanh of the memory in its place."""
    for n, equation in enumerate(equations):
        if equation.left[0].name == canonical("C_t"):
            changed = replace(equation, right=Call("", r"\tanh", equation.right))
            yield _with_line(equations, n, changed)


def _layer(right: Expression) -> tuple[Symbol, ...]:
    """The matrix and the bias by which a line reads the input and the state."""
    for part, _ in _places(right):
        match part:
            case Operation(
                operator="sum",
                operands=(
                    Operation(
                        operator="juxtaposition",
                        operands=(Symbol() as W, Operation(operator="concatenation")),
                    ),
                    Symbol() as b,
                ),
            ):
                return W, b
    return ()


def _with_symbols(equation: Equation, old: tuple[Symbol, ...], new: tuple[Symbol, ...]) -> Equation:
    names = {symbol.name: other for symbol, other in zip(old, new, strict=True)}
    right = equation.right
    # A symbol has no parts, so the places of the others stay what they are.
    for n, (part, _) in enumerate([*_places(right)]):
        if isinstance(part, Symbol) and part.name in names:
            _, put = next(itertools.islice(_places(right), n, None))
            right = put(names[part.name])
    return replace(equation, right=right)


WHOLE: dict[str, Callable[[list[Equation]], Iterator[list[str]]]] = {
    "swap two gates": swap_two_gates,
    "swap the results": swap_the_results,
    "hand on the tanh of the memory": hand_on_the_tanh,
}
"""The rules that change an equation as a whole, by kind."""

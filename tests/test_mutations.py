"""Break each function of the lecture in every way listed here, and see the break noticed.

A mutation changes the function's own source. The mutated function then runs over a random case,
and must part from every judge that agrees with the function, or from the text of its equation where
it has no judge. A mutation that nothing notices would be a mistake that the tests could not see.
"""

import ast
import copy
import inspect
import itertools
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from cells import draw, every_array, judges

from lecture_code import (
    apply_gate,
    dense,
    gate,
    gru_one_gate_step,
    gru_packed_step,
    gru_reset_after_step,
    gru_step,
    joined,
    lstm_literal_step,
    lstm_projected_step,
    lstm_step,
    ops,
    retain,
    rnn_relu_step,
    rnn_sigmoid_step,
    rnn_split_step,
    rnn_step,
    unroll,
)
from lecture_code.architectures import readout
from lecture_code.convolution import (
    convolution_layer,
    convolve,
    convolve_strided,
    kernel_gradient,
)
from lecture_code.deep_network import deep
from lecture_code.dimensionality import dense_weights
from lecture_code.equations.functions import evaluate_text
from lecture_code.history import recall, store
from lecture_code.loss import gradient, layer_gradient, squared_error
from lecture_code.neuron import predict
from lecture_code.optimizer import ascend, descend
from lecture_code.publish import cases
from lecture_code.publish.evidence import functions_with_equations, random_case
from lecture_code.sequences import autocorrelation, bag_of_words
from lecture_code.summary import parameter_count
from lecture_code.universal_approximation import shallow, shallow_network
from lecture_code.windowing import standardize

LAYER = {"drop a bias", "drop the activation", "another activation", "change a sign"}
CELL = LAYER | {"swap the concatenation"}
GRU = CELL | {
    "swap two gates",
    "flip the update gate",
    "drop a term",
    "drop a factor",
    "change a number",
}
LSTM = CELL | {"swap two gates", "drop a term", "drop a factor", "hand on the tanh of the memory"}
GRADIENT = LAYER | {"drop a term", "drop a factor", "change a number", "swap the results"}
CONVOLUTION = {"change a sign", "drop a term", "drop a factor", "turn the kernel"}
STATISTIC = {
    "change a sign",
    "drop a term",
    "drop a factor",
    "change a number",
    "drop a power",
    "turn a quotient",
}

KINDS = {
    apply_gate: {"drop a factor"},
    retain: {"drop a factor"},
    joined: {"swap the concatenation"},
    dense: LAYER,
    gate: CELL,
    rnn_step: CELL,
    rnn_relu_step: CELL,
    rnn_sigmoid_step: CELL,
    rnn_split_step: LAYER | {"drop a term"},
    gru_one_gate_step: GRU,
    gru_step: GRU | {"move the reset"},
    gru_reset_after_step: GRU | {"move the reset"},
    gru_packed_step: GRU | {"move the reset", "drop a transpose"},
    lstm_step: LSTM | {"swap the results"},
    lstm_literal_step: LSTM | {"swap the results"},
    lstm_projected_step: LSTM,
    predict: LAYER | {"drop a term", "drop a factor"},
    squared_error: {"change a sign", "drop a term", "change a number", "drop a power"},
    gradient: GRADIENT,
    layer_gradient: GRADIENT | {"drop a transpose"},
    descend: {"change a sign", "drop a term", "drop a factor", "swap the results"},
    ascend: {"change a sign", "drop a term", "drop a factor", "swap the results"},
    shallow: {"swap a composition", "another activation"},
    shallow_network: LAYER,
    dense_weights: {"drop a factor", "change a number", "drop a power", "swap the results"},
    convolve: CONVOLUTION,
    convolve_strided: CONVOLUTION,
    convolution_layer: LAYER | {"drop a term", "turn the kernel"},
    kernel_gradient: CONVOLUTION | {"change a number"},
    deep: {"swap a composition", "another activation"},
    bag_of_words: {"change a number"},
    autocorrelation: STATISTIC,
    standardize: STATISTIC,
    store: {"drop a factor", "change a number", "turn a quotient", "drop a transpose"},
    recall: {"drop the activation"},
    readout: {"drop a bias", "change a sign"},
    parameter_count: {"change a sign", "drop a term", "drop a factor"},
}
"""The kinds of mutation that apply to each function."""

# With a projection the two states differ in size: swapped, they would raise an error.
LEFT_OUT = {(lstm_projected_step, "swap the results")}


class Mutation(NamedTuple):
    """A changed function: what was changed, and the function's syntax tree afterwards."""

    kind: str
    detail: str
    tree: ast.FunctionDef


def expression(source: str, **parts: ast.expr) -> ast.expr:
    """An expression from source in which names in capitals stand for other expressions."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node):
            return copy.deepcopy(parts.get(node.id, node))

    return Fill().visit(ast.parse(source, mode="eval").body)


def drop_a_bias(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(ast.Name("affine"), [W, v, _]):
            yield expression("linear(MATRIX, VECTOR)", MATRIX=W, VECTOR=v)
        case ast.BinOp(left, ast.Add(), ast.Name(name)) if name.startswith("b"):
            yield left


def drop_the_activation(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(ast.Name("tanh" | "sigmoid" | "relu"), [argument]):
            yield argument
        case ast.Call(ast.Attribute(_, "sign"), [argument]):
            yield argument


def another_activation(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(ast.Name("tanh" | "sigmoid" | "relu" as name), [argument]):
            for other in ("tanh", "sigmoid", "relu"):
                if other != name:
                    yield expression(f"{other}(ARGUMENT)", ARGUMENT=argument)
        case ast.Call(ast.Name("compose") as name, functions):
            for n, function in enumerate(functions):
                if isinstance(function, ast.Name) and function.id in ("sigmoid", "relu"):
                    yield ast.Call(
                        name, [*functions[:n], expression("tanh"), *functions[n + 1 :]], []
                    )


def swap_the_concatenation(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(ast.Name("concat"), [left, right]):
            yield expression("concat(SECOND, FIRST)", FIRST=left, SECOND=right)


def change_a_sign(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left, ast.Add(), right):
            yield ast.BinOp(left, ast.Sub(), right)
        case ast.BinOp(left, ast.Sub(), right):
            yield ast.BinOp(left, ast.Add(), right)
        case ast.UnaryOp(ast.USub(), operand):
            yield operand
        case ast.Call(ast.Name("affine"), [W, v, b]):
            yield expression("affine(MATRIX, VECTOR, -BIAS)", MATRIX=W, VECTOR=v, BIAS=b)


def drop_a_term(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left, ast.Add() | ast.Sub(), right):
            yield left
            yield right


def drop_a_factor(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left, ast.Mult(), right):
            yield left
            yield right


def change_a_number(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)


def drop_a_power(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left, ast.Pow(), _):
            yield left


def turn_a_quotient(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left, ast.Div(), right):
            yield ast.BinOp(right, ast.Div(), left)
            yield left


def drop_a_transpose(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Attribute(array, "T"):
            yield array


def swap_a_composition(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(ast.Name("compose") as name, functions):
            for n in range(len(functions) - 1):
                swapped = [*functions]
                swapped[n : n + 2] = reversed(functions[n : n + 2])
                yield ast.Call(name, swapped, [])


def turn_the_kernel(node: ast.AST) -> Iterator[ast.expr]:
    """A true convolution in place of the cross-correlation."""
    match node:
        case ast.Call(ast.Name("convolve") as name, [image, kernel]):
            yield ast.Call(name, [image, expression("KERNEL[::-1, ::-1]", KERNEL=kernel)], [])
        case ast.Subscript(ast.Name("w"), ast.Tuple([m, n])):
            yield expression("w[-1 - ROW, -1 - COLUMN]", ROW=m, COLUMN=n)


def flip_the_update_gate(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(
            ast.BinOp(ast.Name(kept), ast.Mult(), old),
            ast.Add(),
            ast.BinOp(
                ast.BinOp(ast.Constant(1), ast.Sub(), ast.Name(taken)), ast.Mult(), candidate
            ),
        ) if kept == taken:
            yield expression(f"(1 - {kept}) * OLD + {kept} * NEW", OLD=old, NEW=candidate)


def move_the_reset(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(
            ast.Name("affine"),
            [W, ast.Call(ast.Name("concat"), [x, ast.BinOp(reset, ast.Mult(), h)]), b],
        ):
            parts = {"MATRIX": W, "X": x, "RESET": reset, "H": h, "BIAS": b}
            X_part = "affine(MATRIX[:, :X.shape[-1]], X, BIAS)"
            H_part = "linear(MATRIX[:, X.shape[-1]:], H)"
            yield expression(f"{X_part} + RESET * {H_part}", **parts)
            yield expression(f"RESET * ({X_part} + {H_part})", **parts)
        case ast.BinOp(reset, ast.Mult(), ast.Call(ast.Name("affine"), [W, h, b])):
            parts = {"MATRIX": W, "RESET": reset, "H": h, "BIAS": b}
            yield expression("affine(MATRIX, RESET * H, BIAS)", **parts)
            yield expression("RESET * linear(MATRIX, H) + BIAS", **parts)


def swap_two_gates(tree: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Exchange the weights of two lines, or the names of two gates that come from one line."""
    lines = [n for n, statement in enumerate(tree.body) if _dense_layer(statement)]
    packed = [n for n in lines if isinstance(tree.body[n].targets[0], ast.Tuple)]
    for first, second in itertools.combinations([n for n in lines if n not in packed], 2):
        mutated = copy.deepcopy(tree)
        one, two = (_dense_layer(mutated.body[n]) for n in (first, second))
        for position in (0, 2):
            one.args[position], two.args[position] = two.args[position], one.args[position]
        yield mutated
    for n in packed:
        mutated = copy.deepcopy(tree)
        mutated.body[n].targets[0].elts.reverse()
        yield mutated


def _dense_layer(statement: ast.stmt) -> ast.Call | None:
    """The call in a statement by which weights read the input and the state."""
    for node in ast.walk(statement):
        match node:
            case ast.Call(ast.Name("affine"), [_, ast.Call(ast.Name("concat")), _]):
                return node
    return None


def swap_the_results(tree: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Exchange two results where they go out, and two states where they come in."""
    for n, statement in enumerate(tree.body):
        mutated = copy.deepcopy(tree)
        match statement:
            case ast.Assign([ast.Tuple()], ast.Name("state")):
                mutated.body[n].targets[0].elts.reverse()
                yield mutated
            case ast.Return(ast.Tuple()):
                mutated.body[n].value.elts.reverse()
                yield mutated


def hand_on_the_tanh(tree: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Return the tanh of the memory in its place."""
    mutated = copy.deepcopy(tree)
    match mutated.body[-1]:
        case ast.Return(ast.Tuple([h, ast.Name("c_next") as c])):
            mutated.body[-1].value.elts = [h, expression("tanh(MEMORY)", MEMORY=c)]
            yield mutated


def everywhere(
    rule: Callable[[ast.AST], Iterator[ast.expr]],
) -> Callable[[ast.FunctionDef], Iterator[ast.FunctionDef]]:
    """Apply a rule that replaces one expression to every expression in turn."""

    class Replace(ast.NodeTransformer):
        def __init__(self, old, new):
            self.old, self.new = old, new

        def visit(self, node):
            return self.new if node is self.old else self.generic_visit(node)

    def mutate(tree):
        lines = [statement for statement in tree.body if isinstance(statement, ast.Assign)]
        computed = {id(node) for line in lines for node in ast.walk(line.value)}
        for n, node in enumerate(ast.walk(tree)):
            # What checks the arguments is no part of the equation.
            for replacement in rule(node) if id(node) in computed else ():
                mutated = copy.deepcopy(tree)
                old = next(itertools.islice(ast.walk(mutated), n, None))
                yield Replace(old, copy.deepcopy(replacement)).visit(mutated)

    return mutate


RULES = {
    "swap two gates": swap_two_gates,
    "flip the update gate": everywhere(flip_the_update_gate),
    "move the reset": everywhere(move_the_reset),
    "drop a bias": everywhere(drop_a_bias),
    "drop the activation": everywhere(drop_the_activation),
    "another activation": everywhere(another_activation),
    "swap the concatenation": everywhere(swap_the_concatenation),
    "change a sign": everywhere(change_a_sign),
    "drop a term": everywhere(drop_a_term),
    "drop a factor": everywhere(drop_a_factor),
    "change a number": everywhere(change_a_number),
    "drop a power": everywhere(drop_a_power),
    "turn a quotient": everywhere(turn_a_quotient),
    "drop a transpose": everywhere(drop_a_transpose),
    "swap a composition": everywhere(swap_a_composition),
    "turn the kernel": everywhere(turn_the_kernel),
    "swap the results": swap_the_results,
    "hand on the tanh of the memory": hand_on_the_tanh,
}


def tree_of(function: Callable) -> ast.FunctionDef:
    """The function's syntax tree without its decorator and its docstring."""
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    [tree] = ast.parse(source).body
    tree.decorator_list = []
    tree.body = tree.body[1:]
    return tree


@cache
def mutations(function: Callable) -> list[Mutation]:
    tree = tree_of(function)
    lines = ast.unparse(tree).splitlines()
    found = []
    for kind, mutate in RULES.items():
        for mutated in mutate(tree) if (function, kind) not in LEFT_OUT else ():
            changed = ast.unparse(mutated).splitlines()
            detail = [new.strip() for old, new in zip(lines, changed, strict=True) if old != new]
            found.append(Mutation(kind, "; ".join(detail), mutated))
    return found


def compiled(function: Callable, tree: ast.FunctionDef) -> Callable:
    """A function from a syntax tree, in the original's module."""
    names = {**vars(ops), **inspect.unwrap(function).__globals__}
    module = ast.fix_missing_locations(ast.Module([copy.deepcopy(tree)], []))
    exec(compile(module, function.__name__, "exec"), names)
    return names[function.__name__]


def is_step(function: Callable) -> bool:
    return function.__name__.endswith("_step")


def arguments_of(function: Callable) -> tuple:
    """A random case, in the order of the function's parameters; for a step, a whole sequence."""
    if function in cases.CASES:
        return random_case(function, (6, 3, 2, 5), "float64")
    random = np.random.default_rng(0)
    if function is dense:
        weights = inspect.signature(dense).parameters["weights"].annotation.init(3, 4, seed=0)
        return random.normal(size=(2, 3)), weights
    if "weights" not in inspect.signature(function).parameters:
        return random.normal(size=(2, 4)), random.normal(size=(2, 3 if function is joined else 4))
    weights, inputs, state = draw(function)
    return (inputs if is_step(function) else inputs[0]), state, weights


@cache
def expected(function: Callable) -> list[tuple[str, list[np.ndarray], float]]:
    """What the judges answer, or the text where there is none, and what rounding allows."""
    arguments = arguments_of(function)
    in_order = arguments if not is_step(function) else (arguments[-1], *arguments[:-1])
    answers = [
        (judge.name, arrays_of(function, judge.run(*in_order)), judge.tolerance)
        for judge in judges(function, agree=True)
    ]
    text = arrays_of(function, evaluate_text(function, *arguments)) if not answers else None
    return answers or [("the text", text, 1e-12)]


def noticed_by(original: Callable, function: Callable) -> dict[str, bool]:
    """Whether each judge of the original notices that a function is not the original."""
    arguments = arguments_of(original)
    try:
        answer = unroll(function, *arguments) if is_step(original) else function(*arguments)
    except (AttributeError, IndexError, TypeError, ValueError):
        return {name: True for name, _, _ in expected(original)}
    arrays = arrays_of(original, answer)
    return {
        name: not all(
            a.shape == b.shape and np.abs(a - b).max() <= tolerance
            for a, b in zip(arrays, theirs, strict=True)
        )
        for name, theirs, tolerance in expected(original)
    }


def arrays_of(function: Callable, answer) -> list[np.ndarray]:
    if function not in cases.CASES:
        return every_array(answer)
    return [np.asarray(one) for one in (answer if isinstance(answer, tuple) else (answer,))]


CASES = [(function, mutation) for function in KINDS for mutation in mutations(function)]
IDS = [f"{function.__name__}: {mutation.kind}: {mutation.detail}" for function, mutation in CASES]


@pytest.mark.parametrize("function, mutation", CASES, ids=IDS)
def test_a_mutation_is_noticed(function, mutation):
    noticed = noticed_by(function, compiled(function, mutation.tree))
    assert all(noticed.values()), f"survived: {ast.unparse(mutation.tree)}"


@pytest.mark.parametrize("function", KINDS)
def test_an_unchanged_copy_is_not_noticed(function):
    noticed = noticed_by(function, compiled(function, tree_of(function)))
    assert noticed and not any(noticed.values()), noticed


@pytest.mark.parametrize("function", KINDS)
def test_every_kind_that_applies_has_mutations_and_no_other(function):
    assert {mutation.kind for mutation in mutations(function)} == KINDS[function]


def test_every_mutation_changes_the_source():
    for function, mutation in CASES:
        assert ast.unparse(mutation.tree) != ast.unparse(tree_of(function))
        assert mutation.detail


def test_every_function_with_an_equation_is_mutated():
    assert set(functions_with_equations()) == set(KINDS)


def test_every_kind_is_asked_for():
    assert set(RULES) == set().union(*KINDS.values())


def test_as_many_mutations_as_there_are_gates_terms_and_biases():
    """Counted by hand, so that a rule that stops to match a line does not go unseen."""
    counts = {
        (gru_step, "swap two gates"): 3,
        (gru_reset_after_step, "swap two gates"): 1,
        (gru_packed_step, "swap two gates"): 1,
        (lstm_step, "swap two gates"): 6,
        (gru_step, "drop a bias"): 3,
        (gru_reset_after_step, "drop a bias"): 4,
        (lstm_step, "drop a bias"): 4,
        (lstm_step, "drop the activation"): 5,
        (gru_step, "swap the concatenation"): 3,
        (gru_step, "move the reset"): 2,
    }
    for (function, kind), count in counts.items():
        found = [mutation for mutation in mutations(function) if mutation.kind == kind]
        assert len(found) == count, (function.__name__, kind)

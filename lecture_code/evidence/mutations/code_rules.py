"""The rules that change code: of mutations, on the syntax tree of a lecture function."""

import ast
import itertools
from collections.abc import Callable, Iterator
from functools import cache

from lecture_code.course.notation import NOTATION
from lecture_code.equations.language import ACTIVATIONS, FUNCTIONS
from lecture_code.pairing.functions import function_in

Rule = Callable[[ast.AST], Iterator[ast.expr]]

_NAMES = {latex: row.compute.__name__.lstrip("_") for latex, row in FUNCTIONS.items()}
"""What the code calls each function of the language."""

GATES = {quantity.variable for quantity in NOTATION if quantity.role == "gate"}


source_of = cache(ast.unparse)
"""The source of a syntax tree, which must not be changed afterwards."""


def copied(tree: ast.FunctionDef) -> ast.FunctionDef:
    """Copy a function's tree.

    Args:
        tree: the tree.

    Returns:
        A copy, made much faster than by `copy.deepcopy`.
    """
    return function_in(source_of(tree))


# --- One expression for another


def expression(source: str, **parts: ast.expr) -> ast.expr:
    """An expression from source in which names in capitals stand for other expressions."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return parts.get(node.id, node)

    return Fill().visit(ast.parse(source, mode="eval").body)


def drop_a_bias(node: ast.AST) -> Iterator[ast.expr]:
    """Leave out a bias: W v + b becomes W v."""
    match node:
        case ast.Call(ast.Name("affine"), [W, v, _]):
            yield expression("linear(MATRIX, VECTOR)", MATRIX=W, VECTOR=v)
        case ast.BinOp(left, ast.Add(), right):
            yield from (one for one, other in _both_ways(left, right) if _is_bias(other))


def _named(function: ast.expr) -> str | None:
    """What is called: `tanh`, or `sign` in `namespace(h).sign`."""
    match function:
        case ast.Name(name) | ast.Attribute(_, name):
            return name
    return None


def drop_the_activation(node: ast.AST) -> Iterator[ast.expr]:
    """Leave out a function: what it is applied to is the value."""
    match node:
        case ast.Call(function, [argument]) if _named(function) in _NAMES.values():
            yield argument


def another_activation(node: ast.AST) -> Iterator[ast.expr]:
    """Take another function."""
    match node:
        case ast.Call(function, [argument]) if _named(function) in _NAMES.values():
            for other in (_NAMES[latex] for latex in ACTIVATIONS):
                if other != _named(function):
                    yield expression(f"{other}(ARGUMENT)", ARGUMENT=argument)
        case ast.Call(ast.Name("compose") as name, functions):
            for n, function in enumerate(functions):
                if _named(function) in set(_NAMES.values()) - {"tanh"}:
                    yield ast.Call(
                        name, [*functions[:n], expression("tanh"), *functions[n + 1 :]], []
                    )


def swap_the_concatenation(node: ast.AST) -> Iterator[ast.expr]:
    """Turn a concatenation round."""
    match node:
        case ast.Call(ast.Name("concat"), [left, right]):
            yield expression("concat(SECOND, FIRST)", FIRST=left, SECOND=right)


def change_a_sign(node: ast.AST) -> Iterator[ast.expr]:
    """Turn a plus into a minus, a minus into a plus, and leave out a minus in front."""
    match node:
        case ast.BinOp(left, ast.Add(), right):
            yield ast.BinOp(left, ast.Sub(), right)
        case ast.BinOp(left, ast.Sub(), right):
            yield ast.BinOp(left, ast.Add(), right)
        case ast.UnaryOp(ast.USub(), operand):
            yield operand
        case ast.Call(ast.Name("affine"), [W, v, b]):
            yield expression("affine(MATRIX, VECTOR, -BIAS)", MATRIX=W, VECTOR=v, BIAS=b)


def turn_a_difference(node: ast.AST) -> Iterator[ast.expr]:
    """Exchange the sides of a minus."""
    match node:
        case ast.BinOp(left, ast.Sub(), right):
            yield ast.BinOp(right, ast.Sub(), left)


def another_operator(node: ast.AST) -> Iterator[ast.expr]:
    """Add where there is a product, multiply where there is a sum, a difference or a quotient."""
    match node:
        case ast.BinOp(left, ast.Mult() | ast.MatMult(), right):
            yield ast.BinOp(left, ast.Add(), right)
        case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Div(), right):
            yield ast.BinOp(left, ast.Mult(), right)
        case ast.Call(ast.Name("linear" | "convolve"), [left, right]):
            yield ast.BinOp(left, ast.Add(), right)
        case ast.Call(ast.Name("affine"), [W, v, b]):
            yield expression("MATRIX + VECTOR + BIAS", MATRIX=W, VECTOR=v, BIAS=b)
            yield expression("linear(MATRIX, VECTOR) * BIAS", MATRIX=W, VECTOR=v, BIAS=b)


def drop_a_term(node: ast.AST) -> Iterator[ast.expr]:
    """Leave out one side of a plus or a minus, but for a bias."""
    match node:
        case ast.BinOp(left, ast.Add(), right):
            yield from (one for one, other in _both_ways(right, left) if not _is_bias(other))
        case ast.BinOp(left, ast.Sub(), right):
            yield from (right, left)
        case ast.Call(ast.Name("affine"), [_, _, b]):
            yield b


def drop_a_factor(node: ast.AST) -> Iterator[ast.expr]:
    """Leave out one side of a product."""
    match node:
        case ast.BinOp(left, ast.Mult() | ast.MatMult(), right):
            yield left
            yield right
        case ast.Call(ast.Name("linear"), [W, v]):
            yield W
            yield v
        case ast.Call(ast.Name("affine"), [W, v, b]):
            yield expression("MATRIX + BIAS", MATRIX=W, BIAS=b)
            yield expression("VECTOR + BIAS", VECTOR=v, BIAS=b)


def change_a_number(node: ast.AST) -> Iterator[ast.expr]:
    """Take the next number."""
    match node:
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)


def drop_a_power(node: ast.AST) -> Iterator[ast.expr]:
    """Leave out an exponent."""
    match node:
        case ast.BinOp(left, ast.Pow(), _):
            yield left


def turn_a_quotient(node: ast.AST) -> Iterator[ast.expr]:
    """Turn a quotient upside down, and leave out what it is divided by."""
    match node:
        case ast.BinOp(left, ast.Div(), right):
            yield ast.BinOp(right, ast.Div(), left)
            yield left


def drop_a_transpose(node: ast.AST) -> Iterator[ast.expr]:
    """Leave out a transpose."""
    match node:
        case ast.Attribute(array, "T"):
            yield array


def swap_a_composition(node: ast.AST) -> Iterator[ast.expr]:
    """Exchange two neighbours of a composition."""
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
    """Let the gate take where it keeps, and keep where it takes."""
    match node:
        case ast.BinOp(left, ast.Add(), right):
            for kept, taken in _both_ways(left, right):
                for gate, old in _products(kept):
                    for rest, new in _products(taken):
                        if ast.unparse(rest) == f"1 - {ast.unparse(gate)}":
                            parts = {"GATE": gate, "OLD": old, "NEW": new}
                            yield expression("(1 - GATE) * OLD + GATE * NEW", **parts)


def _products(node: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The factors of a product, in both orders."""
    match node:
        case ast.BinOp(left, ast.Mult(), right):
            yield from _both_ways(left, right)


def _both_ways(left: ast.expr, right: ast.expr) -> tuple[tuple[ast.expr, ast.expr], ...]:
    return (left, right), (right, left)


def move_the_reset(node: ast.AST) -> Iterator[ast.expr]:
    """Reset after the product, with and without the bias, where it is before, and the reverse."""
    match node:
        case ast.Call(ast.Name("affine"), [W, ast.Call(ast.Name("concat"), [x, product]), b]):
            for reset, h in _gated(product):
                parts = {"MATRIX": W, "X": x, "RESET": reset, "H": h, "BIAS": b}
                X_part = "affine(MATRIX[:, :X.shape[-1]], X, BIAS)"
                H_part = "linear(MATRIX[:, X.shape[-1]:], H)"
                yield expression(f"{X_part} + RESET * {H_part}", **parts)
                yield expression(f"RESET * ({X_part} + {H_part})", **parts)
        case ast.BinOp():
            for reset, product in _gated(node):
                match product:
                    case ast.Call(ast.Name("affine"), [W, h, b]):
                        parts = {"MATRIX": W, "RESET": reset, "H": h, "BIAS": b}
                        yield expression("affine(MATRIX, RESET * H, BIAS)", **parts)
                        yield expression("RESET * linear(MATRIX, H) + BIAS", **parts)


def _gated(node: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """A product with a gate: the gate, and what it multiplies."""
    for gate, other in _products(node):
        if isinstance(gate, ast.Name) and gate.id in GATES:
            yield gate, other


def _is_bias(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id.startswith("b")


# --- The function as a whole


def swap_two_gates(tree: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Exchange the weights of two lines, or the names of two gates that come from one line."""
    lines = [n for n, statement in enumerate(tree.body) if _dense_layer(statement)]
    packed = [n for n in lines if _assigned_tuple(tree.body[n])]
    for first, second in itertools.combinations([n for n in lines if n not in packed], 2):
        mutated = copied(tree)
        one, two = (_dense_layer(mutated.body[n]) for n in (first, second))
        assert one and two  # as in the tree that was copied
        for position in (0, 2):
            one.args[position], two.args[position] = two.args[position], one.args[position]
        yield mutated
    for n in packed:
        mutated = copied(tree)
        if names := _assigned_tuple(mutated.body[n]):
            names.elts.reverse()
        yield mutated


def _assigned_tuple(statement: ast.stmt) -> ast.Tuple | None:
    """The names in brackets that a statement assigns to; None if it is of another kind."""
    match statement:
        case ast.Assign([ast.Tuple() as names, *_]):
            return names
    return None


def _dense_layer(statement: ast.stmt) -> ast.Call | None:
    """The call in a statement by which weights read the input and the state."""
    for node in ast.walk(statement):
        match node:
            case ast.Call(ast.Name("affine"), [_, ast.Call(ast.Name("concat")), _]):
                return node
    return None


def swap_the_results(tree: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Exchange two results where they go out, and two states where they come in."""
    for n in range(len(tree.body)):
        mutated = copied(tree)
        match mutated.body[n]:
            case ast.Assign([ast.Tuple() as names], ast.Name("state")):
                names.elts.reverse()
                yield mutated
            case ast.Return(ast.Tuple() as results):
                results.elts.reverse()
                yield mutated


def hand_on_the_tanh(tree: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Return the tanh of the memory in its place."""
    mutated = copied(tree)
    match mutated.body[-1]:
        case ast.Return(ast.Tuple([h, ast.Name("c_next") as c]) as results):
            results.elts = [h, expression("tanh(MEMORY)", MEMORY=c)]
            yield mutated

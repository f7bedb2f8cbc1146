"""Mutations of the code: one change in the syntax tree of a lecture function."""

import ast
import inspect
import itertools
import textwrap
from collections.abc import Callable, Iterator
from functools import cache

from lecture_code.core import ops
from lecture_code.evidence.mutations.mutation import FAMILIES, Mutation, exchanges
from lecture_code.pairing.functions import pair_lines

Rule = Callable[[ast.AST], Iterator[ast.expr]]


def code_mutations(function: Callable) -> list[Mutation]:
    """Every mutation of a function's source.

    Args:
        function: a function with an equation in its docstring.

    Returns:
        The mutations; `changed` holds the function's source afterwards, without its docstring.
    """
    tree = tree_of(function)
    lines = _source(tree).splitlines()
    changes = [
        *((kind, changed) for kind, rule in RULES.items() for changed in everywhere(rule)(tree)),
        *((kind, changed) for kind, rule in WHOLE.items() for changed in rule(tree)),
        *_exchanged(function, tree),
    ]
    found = {}
    for kind, changed in changes:
        source = ast.unparse(changed)
        pairs = zip(lines, source.splitlines(), strict=True)
        detail = "; ".join(new.strip() for old, new in pairs if old != new)
        # Two rules may make the same code; it counts once.
        found.setdefault(source, Mutation(function, "code", kind, detail, source))
    return list(found.values())


def tree_of(function: Callable) -> ast.FunctionDef:
    """A function's syntax tree without its decorator and its docstring.

    Args:
        function: a lecture function.

    Returns:
        The tree.
    """
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    [tree] = ast.parse(source).body
    tree.decorator_list = []
    tree.body = tree.body[1:]
    return tree


def compiled(function: Callable, source: str) -> Callable:
    """Make a function from a changed source, in the module of the original.

    Args:
        function: the original.
        source: the changed source.

    Returns:
        The function.
    """
    names = {**vars(ops), **inspect.unwrap(function).__globals__}
    exec(compile(source, function.__name__, "exec"), names)
    return names[function.__name__]


_source = cache(ast.unparse)


def _copied(tree: ast.FunctionDef) -> ast.FunctionDef:
    # Much faster than copy.deepcopy.
    return ast.parse(_source(tree)).body[0]


# --- One expression for another


def expression(source: str, **parts: ast.expr) -> ast.expr:
    """An expression from source in which names in capitals stand for other expressions."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node):
            return parts.get(node.id, node)

    return Fill().visit(ast.parse(source, mode="eval").body)


def drop_a_bias(node: ast.AST) -> Iterator[ast.expr]:
    """Leave out a bias: W v + b becomes W v."""
    match node:
        case ast.Call(ast.Name("affine"), [W, v, _]):
            yield expression("linear(MATRIX, VECTOR)", MATRIX=W, VECTOR=v)
        case ast.BinOp(left, ast.Add(), right) if _is_bias(right):
            yield left


def drop_the_activation(node: ast.AST) -> Iterator[ast.expr]:
    """Leave out a function: what it is applied to is the value."""
    match node:
        case ast.Call(ast.Name("tanh" | "sigmoid" | "relu"), [argument]):
            yield argument
        case ast.Call(ast.Attribute(_, "sign"), [argument]):
            yield argument


def another_activation(node: ast.AST) -> Iterator[ast.expr]:
    """Take another function."""
    match node:
        case ast.Call(ast.Name("tanh" | "sigmoid" | "relu" as name), [argument]):
            for other in ("tanh", "sigmoid", "relu"):
                if other != name:
                    yield expression(f"{other}(ARGUMENT)", ARGUMENT=argument)
        case ast.Call(ast.Attribute(_, "sign"), [argument]):
            for other in ("tanh", "sigmoid", "relu"):
                yield expression(f"{other}(ARGUMENT)", ARGUMENT=argument)
        case ast.Call(ast.Name("compose") as name, functions):
            for n, function in enumerate(functions):
                if isinstance(function, ast.Name) and function.id in ("sigmoid", "relu"):
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
    """Leave out one side of a plus or a minus."""
    match node:
        case ast.BinOp(left, ast.Add() | ast.Sub(), right):
            yield right
            if not _is_bias(right):
                yield left
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
        case ast.BinOp(
            ast.BinOp(ast.Name(kept), ast.Mult(), old),
            ast.Add(),
            ast.BinOp(
                ast.BinOp(ast.Constant(1), ast.Sub(), ast.Name(taken)), ast.Mult(), candidate
            ),
        ) if kept == taken:
            yield expression(f"(1 - {kept}) * OLD + {kept} * NEW", OLD=old, NEW=candidate)


def move_the_reset(node: ast.AST) -> Iterator[ast.expr]:
    """Reset after the product, with and without the bias, where it is before, and the reverse."""
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


def _is_bias(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id.startswith("b")


# --- The function as a whole


def swap_two_gates(tree: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Exchange the weights of two lines, or the names of two gates that come from one line."""
    lines = [n for n, statement in enumerate(tree.body) if _dense_layer(statement)]
    packed = [n for n in lines if isinstance(tree.body[n].targets[0], ast.Tuple)]
    for first, second in itertools.combinations([n for n in lines if n not in packed], 2):
        mutated = _copied(tree)
        one, two = (_dense_layer(mutated.body[n]) for n in (first, second))
        for position in (0, 2):
            one.args[position], two.args[position] = two.args[position], one.args[position]
        yield mutated
    for n in packed:
        mutated = _copied(tree)
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
        mutated = _copied(tree)
        match statement:
            case ast.Assign([ast.Tuple()], ast.Name("state")):
                mutated.body[n].targets[0].elts.reverse()
                yield mutated
            case ast.Return(ast.Tuple()):
                mutated.body[n].value.elts.reverse()
                yield mutated


def hand_on_the_tanh(tree: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Return the tanh of the memory in its place."""
    mutated = _copied(tree)
    match mutated.body[-1]:
        case ast.Return(ast.Tuple([h, ast.Name("c_next") as c])):
            mutated.body[-1].value.elts = [h, expression("tanh(MEMORY)", MEMORY=c)]
            yield mutated


def everywhere(
    rule: Callable[[ast.AST], Iterator[ast.expr]],
) -> Callable[[ast.FunctionDef], Iterator[ast.FunctionDef]]:
    """Apply a rule that replaces one expression to every expression in turn.

    Args:
        rule: gives what can stand in the place of a node.

    Returns:
        A function that gives one tree for each replacement.
    """

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
                mutated = _copied(tree)
                old = next(itertools.islice(ast.walk(mutated), n, None))
                yield Replace(old, replacement).visit(mutated)

    return mutate


def _exchanged(function: Callable, tree: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Write another quantity of the same family in the place of each name in turn."""
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines = [ast.unparse(ast.parse(line.code)) for line in pair_lines(function)]
    for n, statement in enumerate(tree.body):
        if ast.unparse(statement) not in lines:
            continue
        at = lines.index(ast.unparse(statement))
        rows, others = pair_lines(function)[at].quantities, exchanges(function)[at]
        # Two symbols may be one variable; the code knows variables only, and mostly no indices.
        named = {row.variable: (symbol, row) for symbol, row in rows.items()}
        for m, node in enumerate(ast.walk(statement.value)):
            if not isinstance(node, ast.Name) or node.id not in named:
                continue
            symbol, row = named[node.id]
            for other in dict.fromkeys(row.variable for _, row in others[symbol]):
                if other in read - {node.id}:
                    changed = _copied(tree)
                    place = next(itertools.islice(ast.walk(changed.body[n].value), m, None))
                    place.id = other
                    yield FAMILIES[row.role], changed


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
    "turn the kernel": turn_the_kernel,
}
"""The rules that change one expression, by kind."""

WHOLE: dict[str, Callable[[ast.FunctionDef], Iterator[ast.FunctionDef]]] = {
    "swap two gates": swap_two_gates,
    "swap the results": swap_the_results,
    "hand on the tanh of the memory": hand_on_the_tanh,
}
"""The rules that change a function as a whole, by kind."""

"""Mutations of the code: one change in the syntax tree of a lecture function."""

import ast
import inspect
import itertools
import textwrap
from collections.abc import Callable, Iterator

from lecture_code.core import ops
from lecture_code.evidence.mutations.code_rules import copied, source_of
from lecture_code.evidence.mutations.kinds import KINDS, WHOLE
from lecture_code.evidence.mutations.mutation import FAMILIES, Mutation, exchanges
from lecture_code.pairing.functions import function_in, pair_lines


def code_mutations(function: Callable) -> list[Mutation]:
    """Every mutation of a function's source.

    Args:
        function: a function with an equation in its docstring.

    Returns:
        The mutations; `changed` holds the function's source afterwards, without its docstring.
    """
    tree = tree_of(function)
    lines = source_of(tree).splitlines()
    changes = [
        *(
            (kind.name, new)
            for kind in KINDS
            for rule in kind.code
            for new in everywhere(rule)(tree)
        ),
        *((kind.name, new) for kind in WHOLE for new in kind.code(tree)),
        *_exchanged(function, tree),
    ]
    found: dict[str, Mutation] = {}
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
    tree = function_in(source)
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
        def __init__(self, old: ast.AST, new: ast.expr):
            self.old, self.new = old, new

        def visit(self, node: ast.AST) -> ast.AST:
            return self.new if node is self.old else self.generic_visit(node)

    def mutate(tree: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
        lines = [statement for statement in tree.body if isinstance(statement, ast.Assign)]
        computed = {id(node) for line in lines for node in ast.walk(line.value)}
        for n, node in enumerate(ast.walk(tree)):
            # What checks the arguments is no part of the equation.
            for replacement in rule(node) if id(node) in computed else ():
                mutated = copied(tree)
                old = next(itertools.islice(ast.walk(mutated), n, None))
                changed = Replace(old, replacement).visit(mutated)
                assert isinstance(changed, ast.FunctionDef)  # what is replaced is below it
                yield changed

    return mutate


def _exchanged(function: Callable, tree: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Write another quantity of the same family in the place of each name in turn."""
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines = [ast.unparse(ast.parse(line.code)) for line in pair_lines(function)]
    for n, statement in enumerate(tree.body):
        if not isinstance(statement, ast.Assign) or ast.unparse(statement) not in lines:
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
                    changed = copied(tree)
                    line = changed.body[n]
                    assert isinstance(line, ast.Assign)  # as in the tree that was copied
                    place = next(itertools.islice(ast.walk(line.value), m, None))
                    assert isinstance(place, ast.Name)
                    place.id = other
                    yield FAMILIES[row.role], changed

"""Equations and code with their summands and factors in another order: the same mathematics."""

import ast

from lecture_code.equations.expressions import Expression, Operation


def exchanged(part: Expression) -> Expression:
    """An expression in which the sides of every plus and of every ⊗ are exchanged."""
    children = [exchanged(child) for child in part.children]
    if isinstance(part, Operation) and part.operator in ("sum", "product"):
        children.reverse()
    return part.with_children(*children)


class Exchanged(ast.NodeTransformer):
    """Code in which the sides of every plus and of every times are exchanged."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.BinOp:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult):
            node.left, node.right = node.right, node.left
        return node

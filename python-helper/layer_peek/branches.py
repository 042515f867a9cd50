"""The parts of a statement or an expression that run only under a condition, or in a loop."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_TEXT = 60


@dataclass(frozen=True)
class Branch:
    """A condition or a loop that code stands under."""

    line: int
    text: str
    training_only: bool
    is_loop: bool


Branches = tuple[Branch, ...]
"""The outermost first."""

_Part = tuple[ast.AST, Branches]


def under_branches(node: ast.AST, branches: Branches) -> Iterator[_Part]:
    """Gives the parts of a node in source order, each with the branches it stands under; `branches` are the node's."""
    if isinstance(node, (ast.If, ast.IfExp)):
        return _conditional(node, branches)
    if isinstance(node, ast.BoolOp):
        return _operands(node, branches)
    if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
        return _loop(node, branches)
    if isinstance(node, ast.Try):
        return _attempt(node, branches)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        name = "a lambda" if isinstance(node, ast.Lambda) else f"def {node.name}"
        return _all(ast.iter_child_nodes(node), (*branches, Branch(node.lineno, name, False, False)))
    if type(node).__name__ == "match_case":
        line = min((getattr(child, "lineno", 0) for child in getattr(node, "body", [])), default=0)
        return _all(ast.iter_child_nodes(node), (*branches, Branch(line, "a case of match", False, False)))
    return _all(ast.iter_child_nodes(node), branches)


def _all(nodes: Iterable[ast.AST], branches: Branches) -> Iterator[_Part]:
    return ((node, branches) for node in nodes)


def _conditional(node: ast.If | ast.IfExp, branches: Branches) -> Iterator[_Part]:
    line, text = node.test.lineno, ast.unparse(node.test)
    taken = Branch(line, _short(f"if {text}"), _needs_training(node.test), False)
    refused = Branch(line, _short(f"else of if {text}"), _refuses_training(node.test), False)
    yield node.test, branches
    yield from _all(node.body if isinstance(node.body, list) else [node.body], (*branches, taken))
    yield from _all(node.orelse if isinstance(node.orelse, list) else [node.orelse], (*branches, refused))


def _operands(node: ast.BoolOp, branches: Branches) -> Iterator[_Part]:
    yield node.values[0], branches
    yield from _all(node.values[1:], (*branches, Branch(node.lineno, _short(ast.unparse(node)), False, False)))


def _loop(node: ast.For | ast.AsyncFor | ast.While, branches: Branches) -> Iterator[_Part]:
    head = node.test if isinstance(node, ast.While) else node.iter
    word = "while" if isinstance(node, ast.While) else f"for {ast.unparse(node.target)} in"
    yield head, branches
    loop = Branch(node.lineno, _short(f"{word} {ast.unparse(head)}"), False, True)
    yield from _all([*node.body, *node.orelse], (*branches, loop))


def _attempt(node: ast.Try, branches: Branches) -> Iterator[_Part]:
    yield from _all([*node.body, *node.orelse, *node.finalbody], branches)
    for handler in node.handlers:
        kind = "" if handler.type is None else f" {ast.unparse(handler.type)}"
        yield handler, (*branches, Branch(handler.lineno, _short(f"except{kind}"), False, False))


def _needs_training(test: ast.expr) -> bool:
    """`self.training`, `self.training and ...`; the flag of another object may be anything."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(_needs_training(value) for value in test.values)
    if not isinstance(test, ast.Attribute) or test.attr != "training":
        return False
    return isinstance(test.value, ast.Name) and test.value.id == "self"


def _refuses_training(test: ast.expr) -> bool:
    """`not self.training`, `not self.training or ...`: what stands in the else runs in training only."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(_refuses_training(value) for value in test.values)
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and _needs_training(test.operand)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT else line[: _TEXT - 3] + "..."

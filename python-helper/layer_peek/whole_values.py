"""Tells whether a layer's call or an operation is the whole value of its statement, so that it may stand for its line.

In `a = pool(x[:, :3])` only the slice passes through PyTorch, and its shape is not that of `a`.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Iterator
from functools import cache
from types import FrameType

from layer_peek import sources
from layer_peek.positions import Position

# Functions without a frame of their own: what they call seems to be called from where they are.
_CALL_OTHERS = frozenset((*dir(builtins), "reduce", "accumulate", "starmap", "deque", "Counter"))

_ONE_VALUE = (ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Subscript)
_RUN_OTHERS = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def is_operation(position: Position, name: str, frame: FrameType | None = None, function: object = None) -> bool:
    """Tells it of the operation of this name at this place; without columns only where the line has no other one.

    `frame` and `function`, where given, tell what another name stands for: `self.act = F.relu`.
    """
    found = _at(position, _ONE_VALUE)
    if isinstance(found, ast.Call):
        called = _called(found)
        # `torch.linalg.norm` calls itself `linalg_norm`. Other names show that a function in between called it.
        named = called is not None and (name == called or name.endswith(f"_{called}"))
        if named:
            return not (isinstance(found.func, ast.Name) and called in vars(builtins))
        return frame is not None and function is not None and _meant(found.func, frame) is function
    if isinstance(found, ast.Compare):
        # Of a chain each part has the place of the whole; `in` and `is` give what no tensor is.
        return len(found.ops) == 1 and not isinstance(found.ops[0], (ast.In, ast.NotIn))
    return found is not None


def is_call(position: Position) -> bool:
    """Tells it of the layer that is called at this place; without columns only where the line has no other call."""
    found = _at(position, (ast.Call,))
    return isinstance(found, ast.Call) and _called(found) not in _CALL_OTHERS


def _may_be(node: ast.AST, kinds: tuple[type[ast.expr], ...]) -> bool:
    """Tells whether a node is of these kinds, or runs others more than once; the minus of a number is nothing."""
    is_number = isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    return isinstance(node, (*kinds, *_RUN_OTHERS)) and not is_number


def _called(call: ast.Call) -> str | None:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def _meant(function: ast.expr, frame: FrameType) -> object:
    """Tells what a name or an attribute of one stands for, without running anything; None where that can't be told."""
    if isinstance(function, ast.Name):
        return frame.f_locals.get(function.id, frame.f_globals.get(function.id))
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return inspect.getattr_static(_meant(function.value, frame), function.attr, None)
    return None


def _at(position: Position, kinds: tuple[type[ast.expr], ...]) -> ast.expr | ast.stmt | None:
    file, line, end_line, column, end_column = position
    if column is not None and end_column is not None:
        return _wholes(file).get((line, end_line, column, end_column))
    statement = sources.statement_at(file, line, None)
    if statement is None:
        # More than one stand on the line.
        return None
    inside = [node for node in ast.walk(_statements(file)[statement]) if _may_be(node, kinds)]
    spans = [sources.span(node) for node in inside if isinstance(node, ast.expr)]
    whole = _wholes(file).get(spans[0]) if len(spans) == 1 else None
    return whole if isinstance(whole, kinds) else None


@cache
def _statements(file: str) -> dict[sources.Span, ast.stmt]:
    """Statements without a body, by their span."""
    parsed = sources.tree(file)
    nodes = ast.walk(parsed) if parsed is not None else ()
    return {sources.span(node): node for node in nodes if isinstance(node, ast.stmt) and not hasattr(node, "body")}


@cache
def _wholes(file: str) -> dict[sources.Span, ast.expr | ast.stmt]:
    """Expressions that are the whole value of their statement, by every span that a compiler may give them."""
    last: dict[int, sources.Span] = {}
    for span in _statements(file):
        last[span[1]] = max(span, last.get(span[1], span), key=lambda one: (one[0], one[2]))
    found: dict[sources.Span, ast.expr | ast.stmt] = {}
    for span, statement in _statements(file).items():
        # In `x = x + 1; y = pool(x)` the line would read as that of `y`.
        if last[span[1]] != span:
            continue
        if isinstance(statement, ast.AugAssign):
            # Its operation has the place of the statement.
            found[span] = statement
        for whole in _outermost(_value(statement)):
            found[sources.span(whole)] = found[sources.method_span(whole)] = whole
    return found


def _value(statement: ast.stmt) -> ast.expr | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield):
        return statement.value.value
    return statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)) else None


def _outermost(value: ast.expr | None) -> Iterator[ast.expr]:
    if isinstance(value, ast.IfExp):
        # Only the branch that was chosen runs.
        yield from _outermost(value.body)
        yield from _outermost(value.orelse)
    elif isinstance(value, ast.BoolOp):
        # Where the last part runs, it is the value.
        yield from _outermost(value.values[-1])
    elif isinstance(value, ast.NamedExpr):
        yield from _outermost(value.value)
    elif isinstance(value, _ONE_VALUE):
        yield value

"""How a line registers: the form of its statement, which tells the hard sites from the plain ones."""

from __future__ import annotations

import ast
from functools import cache
from typing import Optional

from collect.frames import Place

PLAIN = "self.x ="


def form_of(place: Place, path: str) -> str:
    """Names the form of a registration: `self.x =`, or what stands at the instruction, such as `Sequential(*)`."""
    node = _nodes(place.file).get(place.span)
    if isinstance(node, ast.Call):
        return _call(node)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        alone = place.span in _plain_targets(place.file)
        return PLAIN if alone and node.attr == path else "self.x = of another path" if alone else "self.x among targets"
    if isinstance(node, ast.Attribute):
        return "other.x ="
    if isinstance(node, ast.Subscript):
        return "x[...] ="
    return type(node).__name__ if node is not None else "unknown"


def _call(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call):
        name = f"super().{function.attr}" if _name(function.value) == "super" else function.attr
    else:
        name = _name(node)
    stars = any(isinstance(one, ast.Starred) for one in node.args)
    ordered = any(isinstance(one, ast.Call) and _name(one) == "OrderedDict" for one in node.args)
    computed = name in ("add_module", "register_module", "setattr") and not any(
        isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.args[:2]
    )
    return f"{name}({'*' if stars else 'OrderedDict' if ordered else 'computed name' if computed else ''})"


def _name(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "?")


_Span = tuple[int, int, Optional[int], Optional[int]]


@cache
def _tree(file: str) -> ast.Module | None:
    try:
        with open(file, encoding="utf-8") as source:
            return ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return None


@cache
def _nodes(file: str) -> dict[_Span, ast.AST]:
    tree = _tree(file)
    found: dict[_Span, ast.AST] = {}
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, (ast.Call, ast.Attribute, ast.Subscript, ast.BinOp, ast.ListComp, ast.Name)):
            found.setdefault(_span(node), node)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.end_lineno is not None:
                # A call of a method is at its name where that stands on a later line than the object.
                name = node.func
                start = (name.end_col_offset or 0) - len(name.attr)
                found.setdefault((name.end_lineno or name.lineno, node.end_lineno, start, node.end_col_offset), node)
    return found


@cache
def _plain_targets(file: str) -> frozenset[_Span]:
    tree = _tree(file)
    found: set[_Span] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            found.add(_span(node.targets[0]))
        elif isinstance(node, ast.AnnAssign):
            found.add(_span(node.target))
    return frozenset(found)


def _span(node: ast.expr) -> _Span:
    return (node.lineno, node.end_lineno or node.lineno, node.col_offset, node.end_col_offset)

"""How a constructor uses its parameters, read from the source: what it compares, iterates, asks attributes of."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Usage:
    """What the code does with one name."""

    iterated: bool = False
    called: bool = False
    # Set where the parameter itself is stored on the instance.
    kept: bool = False
    # Strings that it is compared with.
    strings: list[str] = field(default_factory=list)
    # Attributes and keys that are asked of it.
    attributes: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    # Whether an attribute is iterated, by its name.
    iterated_attributes: set[str] = field(default_factory=set)


def usages(kind: Any) -> dict[str, Usage]:
    """Reads what the class does with names; attributes and keys are read from its whole module.

    A configuration is handed on to other classes, mostly under the same name.
    """
    found: dict[str, Usage] = {}
    reader = _Reader(found)
    reader.visit(_tree(kind))
    whole: dict[str, Usage] = {}
    _Reader(whole).visit(_tree(sys.modules.get(getattr(kind, "__module__", ""))))
    for name, usage in found.items():
        if usage.attributes or usage.keys:
            usage.attributes = list(dict.fromkeys(usage.attributes + whole.get(name, usage).attributes))
            usage.keys = list(dict.fromkeys(usage.keys + whole.get(name, usage).keys))
            usage.iterated_attributes |= whole.get(name, usage).iterated_attributes
    return found


def _tree(thing: Any) -> ast.AST:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(thing)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return ast.Module([], [])


class _Reader(ast.NodeVisitor):
    def __init__(self, found: dict[str, Usage]) -> None:
        self._found = found
        # Local names that stand for an attribute or a name: `sizes = args.kernel_sizes`.
        self._aliases: dict[str, ast.AST] = {}

    def visit_Assign(self, node: ast.Assign) -> None:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Attribute) and isinstance(value, ast.Name) and target.attr == value.id:
            self._found.setdefault(value.id, Usage()).kept = True
        if isinstance(node.targets[0], ast.Name) and isinstance(node.value, (ast.Name, ast.Attribute)):
            self._aliases[node.targets[0].id] = node.value
        self.generic_visit(node)

    def _of(self, node: ast.AST) -> tuple[Usage, str | None] | None:
        """Tells the usage of `name`, `self.name` or `name.attribute`, and in the last case the attribute."""
        if isinstance(node, ast.Name):
            return self._found.setdefault(node.id, Usage()), None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "self":
                return self._found.setdefault(node.attr, Usage()), None
            return self._found.setdefault(node.value.id, Usage()), node.attr
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            inner = self._of(node.value)
            return None if inner is None or inner[1] is not None else (inner[0], node.attr)
        return None

    def _iterates(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name) and node.id in self._aliases:
            self._iterates(self._aliases.pop(node.id))
        of = self._of(node)
        if of is not None and of[1] is None:
            of[0].iterated = True
        elif of is not None and of[1] is not None:
            of[0].iterated_attributes.add(of[1])

    def visit_Attribute(self, node: ast.Attribute) -> None:
        of = self._of(node)
        if of is not None and of[1] is not None and isinstance(node.ctx, ast.Load):
            of[0].attributes.append(of[1])
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        key = node.slice
        of = self._of(node.value)
        if of is not None and of[1] is None and isinstance(key, ast.Constant) and isinstance(key.value, str):
            of[0].keys.append(key.value)
        else:
            self._iterates(node.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self._iterates(node.iter)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._iterates(node.iter)
        self.generic_visit(node)

    def visit_Starred(self, node: ast.Starred) -> None:
        self._iterates(node.value)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        called = self._of(node.func)
        if called is not None and called[1] is None:
            called[0].called = True
            called[0].kept = called[0].kept or isinstance(node.func, ast.Name)
        if isinstance(node.func, ast.Name) and node.func.id in (
            "len",
            "enumerate",
            "zip",
            "sum",
            "list",
            "tuple",
            "reversed",
        ):
            for argument in node.args:
                self._iterates(argument)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        of = self._of(node.left)
        if of is not None and of[1] is None:
            for other in node.comparators:
                items = other.elts if isinstance(other, (ast.List, ast.Tuple, ast.Set)) else [other]
                of[0].strings += [
                    one.value for one in items if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
        self.generic_visit(node)

"""Where the source of a class uses one of its layers, and under which condition."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import Any

from torch import nn

from layer_peek import sources
from layer_peek.branches import Branch, under_branches

_BUILDING = frozenset(("__init__", "__new__", "__setstate__", "reset_parameters", "_reset_parameters", "init_weights"))
# What reaches layers without naming them.
_ALL_LAYERS = frozenset(
    ("_modules", "children", "named_children", "modules", "named_modules", "get_submodule", "__getattr__")
)


@dataclass(frozen=True)
class Use:
    """`self.name` in a method."""

    file: str
    line: int
    end_line: int
    function: str
    is_called: bool
    # `self.name.forward(x)`
    is_forward: bool
    branches: tuple[Branch, ...]
    # Line of a return, or of a raise, that stands before it in the same function; None where there is none.
    leaves_before: int | None

    @property
    def branch(self) -> Branch | None:
        """The innermost condition or loop."""
        return self.branches[-1] if self.branches else None

    @property
    def training_branch(self) -> Branch | None:
        """A condition around it that holds in training only."""
        return next((one for one in self.branches if one.training_only), None)


@dataclass(frozen=True)
class ClassUses:
    """All uses of one name in a class and its bases."""

    uses: tuple[Use, ...]
    # False where the source can't be read, or where code reaches layers without naming them.
    is_whole: bool


def uses_of(kind: type[nn.Module], name: str) -> ClassUses:
    """Finds where methods of a class name `self.<name>`; what builds the model is left out."""
    uses: list[Use] = []
    whole = True
    for file, function in _methods(kind):
        node = _function_at(file, function[1], function[0])
        if node is None:
            whole = False
            continue
        found = _Visitor(file, node)
        uses += [use for attribute, use in found.uses if attribute == name]
        whole = whole and not found.reaches_all
    return ClassUses(tuple(uses), whole)


def _methods(kind: type[nn.Module]) -> list[tuple[str, tuple[str, int]]]:
    """File, name and first line of each method that an instance has."""
    found: dict[str, tuple[str, tuple[str, int]]] = {}
    kept = []
    for owner in kind.__mro__:
        if owner is nn.Module:
            break
        for name, value in vars(owner).items():
            function: Any = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
            while hasattr(function, "__wrapped__"):
                function = function.__wrapped__
            code = getattr(function, "__code__", None)
            if code is None or name in _BUILDING:
                continue
            place = (code.co_filename, (code.co_name, code.co_firstlineno))
            # A method that is overridden may still be called through super().
            if name not in found or place != found[name]:
                found.setdefault(name, place)
                kept.append(place)
    return kept


@cache
def _functions(file: str) -> dict[tuple[str, int], ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = sources.tree(file)
    found: dict[tuple[str, int], ast.FunctionDef | ast.AsyncFunctionDef] = {}
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            found[(node.name, first)] = node
    return found


def _function_at(file: str, line: int, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    return _functions(file).get((name, line))


class _Visitor:
    """Walks one method and notes what it does with attributes of its first parameter."""

    def __init__(self, file: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.uses: list[tuple[str, Use]] = []
        self.reaches_all = False
        self._file = file
        self._function = function.name
        parameters = [*function.args.posonlyargs, *function.args.args]
        self._self = parameters[0].arg if parameters else ""
        self._left: int | None = None
        self._called: set[int] = set()
        self._forwarded: set[int] = set()
        for statement in function.body:
            self._visit(statement, ())

    def _visit(self, node: ast.AST, branches: tuple[Branch, ...]) -> None:
        if isinstance(node, ast.Call):
            self._called.add(id(node.func))
            if isinstance(node.func, ast.Attribute) and node.func.attr == "forward":
                self._forwarded.add(id(node.func.value))
        attribute = self._attribute(node)
        if attribute is not None and isinstance(node, ast.expr):
            if attribute in _ALL_LAYERS:
                self.reaches_all = True
            self.uses.append(
                (
                    attribute,
                    Use(
                        self._file,
                        node.lineno,
                        node.end_lineno or node.lineno,
                        self._function,
                        id(node) in self._called,
                        id(node) in self._forwarded,
                        branches,
                        self._left,
                    ),
                )
            )
        left = self._left
        for child, inside in under_branches(node, branches):
            self._visit(child, inside)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            # A function inside of the method returns from itself alone.
            self._left = left
        if isinstance(node, (ast.Return, ast.Raise)) and self._left is None:
            self._left = node.lineno

    def _attribute(self, node: ast.AST) -> str | None:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == self._self:
            return node.attr if isinstance(node.ctx, ast.Load) else None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            of_self = bool(node.args) and isinstance(node.args[0], ast.Name) and node.args[0].id == self._self
            if of_self and len(node.args) > 1:
                name = node.args[1]
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    return name.value
                self.reaches_all = True
        return None

"""Source texts of files that run, and what stands at a place in them."""

from __future__ import annotations

import ast
import linecache
from functools import cache

Span = tuple[int, int, int, int]
"""Line, end line, column, end column; lines 1-based, columns 0-based in UTF-8 bytes, as `ast` counts."""


def is_file(filename: str) -> bool:
    """Tells whether a code object's file name is one; `<string>` and `<recipe>` are not."""
    return bool(filename) and not filename.startswith("<")


def utf16_column(file: str, line: int, byte_column: int) -> int:
    """Converts a 0-based column in UTF-8 bytes to a 1-based one in UTF-16 code units."""
    text = linecache.getline(file, line)
    if text.isascii():
        return byte_column + 1
    before = text.encode("utf-8", "surrogatepass")[:byte_column].decode("utf-8", "replace")
    return len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1


@cache
def tree(file: str) -> ast.Module | None:
    """Parses a file; None where it is no Python."""
    try:
        return ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError, RecursionError):
        return None


@cache
def _simple_statements(file: str) -> dict[int, list[Span]]:
    """Statements without a body, by each line they touch."""
    statements: dict[int, list[Span]] = {}
    parsed = tree(file)
    for node in ast.walk(parsed) if parsed is not None else ():
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            place = span(node)
            for line in range(place[0], place[1] + 1):
                statements.setdefault(line, []).append(place)
    return statements


def statement_at(file: str, line: int, column: int | None) -> Span | None:
    """Finds the simple statement at a place; `column` is 0-based in bytes, None where it is not known."""
    candidates = _simple_statements(file).get(line, [])
    if column is not None:
        candidates = [one for one in candidates if (one[0], one[2]) <= (line, column) < (one[1], one[3])]
    return candidates[0] if len(candidates) == 1 else None


@cache
def _assignments(file: str) -> dict[Span, str]:
    """Names of variables, by the span of the expression whose value they take."""
    names: dict[Span, str] = {}
    parsed = tree(file)
    for node in ast.walk(parsed) if parsed is not None else ():
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            # The operation of an augmented assignment has the place of the whole statement.
            names[span(node)] = node.target.id
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            name = next((target.id for target in targets if isinstance(target, ast.Name)), None)
            if name is not None:
                names[span(node.value)] = name
                names[method_span(node.value)] = name
    return names


def assigned_variable(file: str, place: Span) -> str | None:
    """Tells the name that takes the value of the expression with this very span."""
    return _assignments(file).get(place)


@cache
def _unpacked(file: str) -> frozenset[Span]:
    parsed = tree(file)
    starred = (node.value for node in (ast.walk(parsed) if parsed is not None else ()) if isinstance(node, ast.Starred))
    return frozenset(place for value in starred for place in (span(value), method_span(value)))


def is_unpacked(file: str, place: Span) -> bool:
    """Tells whether the expression with this very span is unpacked by a star: `*self.layers(8)`."""
    return place in _unpacked(file)


def span(node: ast.expr | ast.stmt) -> Span:
    """Tells where a node stands."""
    return (node.lineno, node.end_lineno or node.lineno, node.col_offset, node.end_col_offset or 0)


def method_span(node: ast.expr) -> Span:
    """Tells where compilers place a method call that runs over several lines: at the method's name."""
    place = span(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and place[0] != place[1]:
        line = node.func.end_lineno or node.func.lineno
        return (line, place[1], (node.func.end_col_offset or 0) - len(node.func.attr.encode()), place[3])
    return place

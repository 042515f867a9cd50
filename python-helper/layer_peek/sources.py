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
            span = _span(node)
            for line in range(span[0], span[1] + 1):
                statements.setdefault(line, []).append(span)
    return statements


def statement_at(file: str, line: int, column: int | None) -> Span | None:
    """Finds the simple statement at a place; `column` is 0-based in bytes, None where it is not known."""
    candidates = _simple_statements(file).get(line, [])
    if column is not None:
        candidates = [span for span in candidates if (span[0], span[2]) <= (line, column) < (span[1], span[3])]
    return candidates[0] if len(candidates) == 1 else None


@cache
def _assignments(file: str) -> dict[Span, str]:
    """Names of variables, by the span of the expression whose value they take."""
    names: dict[Span, str] = {}
    parsed = tree(file)
    for node in ast.walk(parsed) if parsed is not None else ():
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            # The operation of an augmented assignment has the place of the whole statement.
            names[_span(node)] = node.target.id
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            name = next((target.id for target in targets if isinstance(target, ast.Name)), None)
            if name is not None:
                names[_span(node.value)] = name
                names[_method_span(node.value)] = name
    return names


def assigned_variable(file: str, span: Span) -> str | None:
    """Tells the name that takes the value of the expression with this very span."""
    return _assignments(file).get(span)


@cache
def _unpacked(file: str) -> frozenset[Span]:
    parsed = tree(file)
    starred = (node.value for node in (ast.walk(parsed) if parsed is not None else ()) if isinstance(node, ast.Starred))
    return frozenset(span for value in starred for span in (_span(value), _method_span(value)))


def is_unpacked(file: str, span: Span) -> bool:
    """Tells whether the expression with this very span is unpacked by a star: `*self.layers(8)`."""
    return span in _unpacked(file)


def _span(node: ast.expr | ast.stmt) -> Span:
    return (node.lineno, node.end_lineno or node.lineno, node.col_offset, node.end_col_offset or 0)


def _method_span(node: ast.expr) -> Span:
    """Compilers place a method call that runs over several lines at the method's name."""
    span = _span(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and span[0] != span[1]:
        line = node.func.end_lineno or node.func.lineno
        return (line, span[1], (node.func.end_col_offset or 0) - len(node.func.attr.encode()), span[3])
    return span

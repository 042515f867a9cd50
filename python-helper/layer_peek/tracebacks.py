"""Where an exception happened, seen from the user's code."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from types import TracebackType

from torch import nn

from layer_peek import positions, sources
from layer_peek.protocol import Site
from layer_peek.torch_files import MODULE_FILE, in_torch, is_ours

_TEXT_LIMIT = 20_000
_MODULE_CALLS = ("_call_impl", "_wrapped_call_impl")


def site(exception: BaseException, prefer: tuple[str, ...] = ()) -> Site | None:
    """Finds the innermost place outside of PyTorch, first in files that start with one of `prefer`."""
    if isinstance(exception, SyntaxError) and exception.filename and sources.is_file(exception.filename):
        return _syntax_site(exception)
    outside = [
        entry
        for entry in _entries(exception)
        if sources.is_file(_file(entry))
        and not in_torch(_file(entry))
        and not is_ours(_file(entry))
        and not _is_import(entry)
    ]
    own = [entry for entry in outside if _file(entry).startswith(prefer) and "site-packages" not in _file(entry)]
    chosen = (own or outside)[-1:]
    return positions.site(positions.of_traceback(chosen[0])) if chosen else None


def text(exception: BaseException) -> str:
    """Prints the traceback without the helper's own frames, cut in the middle where it is endless."""
    first = next((entry for entry in _entries(exception) if not is_ours(_file(entry)) and not _is_import(entry)), None)
    try:
        lines = traceback.format_exception(type(exception), exception, first, limit=None)
    except BaseException:  # noqa: BLE001 - a user's __str__ may raise anything
        return type(exception).__name__
    whole = "".join(lines)
    return whole if len(whole) <= _TEXT_LIMIT else whole[: _TEXT_LIMIT // 2] + "\n...\n" + whole[-_TEXT_LIMIT // 2 :]


def failing_call(exception: BaseException) -> tuple[nn.Module, tuple[object, ...], dict[str, object]] | None:
    """Finds the innermost module call that the exception left, with its arguments."""
    found: tuple[nn.Module, tuple[object, ...], dict[str, object]] | None = None
    for entry in _entries(exception):
        code = entry.tb_frame.f_code
        if code.co_filename == MODULE_FILE and code.co_name in _MODULE_CALLS:
            local = entry.tb_frame.f_locals
            module, args, kwargs = local.get("self"), local.get("args", ()), local.get("kwargs", {})
            if isinstance(module, nn.Module) and isinstance(args, tuple) and isinstance(kwargs, dict):
                found = (module, args, kwargs)
    return found


def functions_left(exception: BaseException) -> dict[int, list[tuple[str, str, int]]]:
    """Tells, by the identity of each module, the functions of it that the exception left: file, name and line."""
    found: dict[int, list[tuple[str, str, int]]] = {}
    for entry in _entries(exception):
        code = entry.tb_frame.f_code
        if code.co_argcount and code.co_filename != MODULE_FILE:
            owner = entry.tb_frame.f_locals.get(code.co_varnames[0])
            if isinstance(owner, nn.Module):
                found.setdefault(id(owner), []).append((code.co_filename, code.co_name, entry.tb_lineno))
    return found


def _entries(exception: BaseException) -> Iterator[TracebackType]:
    entry = exception.__traceback__
    while entry is not None:
        yield entry
        entry = entry.tb_next


def _file(entry: TracebackType) -> str:
    return entry.tb_frame.f_code.co_filename


def _is_import(entry: TracebackType) -> bool:
    return _file(entry).startswith("<frozen")


def _syntax_site(fault: SyntaxError) -> Site:
    line = fault.lineno or 1
    # `end_lineno` is there since Python 3.10, and 0 where it is not known.
    end = getattr(fault, "end_lineno", None) or line
    # Offsets of a SyntaxError are 1-based, in characters.
    column = fault.offset if fault.offset else None
    end_column = getattr(fault, "end_offset", None) or column
    return {
        "file": str(fault.filename),
        "line": line,
        "endLine": end,
        "column": column,
        "endColumn": None if column is None else max(end_column or column, column + 1 if end == line else 1),
    }

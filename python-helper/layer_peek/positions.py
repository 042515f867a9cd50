"""From a running frame to the place in the source that it is at.

Since Python 3.11 a code object knows the columns of each instruction (PEP 657); before, lines only.
"""

from __future__ import annotations

import itertools
from functools import cache
from types import CodeType, FrameType, TracebackType
from typing import Optional

from layer_peek import sources
from layer_peek.protocol import Site

Position = tuple[str, int, int, Optional[int], Optional[int]]
"""File, line, end line, column, end column; columns 0-based in UTF-8 bytes. It can be copied and pickled."""

# By the identity of the code, for hashing it reads all of it; the code is kept, so that no other gets its identity.
_known: dict[tuple[int, int], tuple[CodeType, Position]] = {}


def of_frame(frame: FrameType) -> Position:
    """Tells where a frame is now."""
    return _position(frame.f_code, frame.f_lasti, frame.f_lineno)


def of_traceback(entry: TracebackType) -> Position:
    """Tells where an exception passed through a frame."""
    return _position(entry.tb_frame.f_code, entry.tb_lasti, entry.tb_lineno)


def _position(code: CodeType, instruction: int, line: int | None) -> Position:
    found = _known.get((id(code), instruction))
    if found is None:
        place = (code.co_filename, *_look_up(code, instruction, line or code.co_firstlineno))
        found = _known[(id(code), instruction)] = (code, place)
    return found[1]


def _look_up(code: CodeType, instruction: int, line: int) -> tuple[int, int, int | None, int | None]:
    places = getattr(code, "co_positions", None)
    if places is not None and instruction >= 0:
        start, end, column, end_column = next(
            itertools.islice(places(), instruction // 2, None), (None, None, None, None)
        )
        if start is not None:
            # With PYTHONNODEBUGRANGES only the line is there.
            known = column is not None and end_column is not None
            return (start, end or start, column if known else None, end_column if known else None)
    return (line, line, None, None)


def site(position: Position | None) -> Site | None:
    """Turns a position into the protocol's form; None where there is no file."""
    return None if position is None else _site(position)


@cache
def _site(position: Position) -> Site | None:
    if not sources.is_file(position[0]):
        return None
    file, line, end_line, column, end_column = position
    return {
        "file": file,
        "line": line,
        "endLine": end_line,
        "column": None if column is None else sources.utf16_column(file, line, column),
        "endColumn": None if end_column is None else sources.utf16_column(file, end_line, end_column),
    }


def statement(position: Position) -> Position:
    """Widens a position to the simple statement it is in; as it was where that can't be told."""
    found = sources.statement_at(position[0], position[1], position[3])
    return position if found is None else (position[0], *found)


def is_unpacked(position: Position) -> bool:
    """Tells whether a star unpacks the expression at this very position."""
    file, line, end_line, column, end_column = position
    return (
        column is not None
        and end_column is not None
        and sources.is_unpacked(file, (line, end_line, column, end_column))
    )


def variable(position: Position) -> str | None:
    """Tells the variable that takes the value of the expression at this very position."""
    file, line, end_line, column, end_column = position
    if column is None or end_column is None:
        return None
    return sources.assigned_variable(file, (line, end_line, column, end_column))

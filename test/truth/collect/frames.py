"""From a running frame to the place in the source, and whose frame it is."""

from __future__ import annotations

import itertools
import os
import sysconfig
from dataclasses import dataclass
from functools import cache
from types import CodeType, FrameType
from typing import Any

import torch
from torch.nn.modules import container, module

TORCH_FOLDER = os.path.dirname(torch.__file__) + os.sep
MACHINERY = frozenset((module.__file__, container.__file__))
_LIBRARY = sysconfig.get_path("stdlib") + os.sep
_PACKAGES = os.sep + "site-packages" + os.sep
_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep


@dataclass(frozen=True)
class Place:
    """An instruction: where a frame was when something happened."""

    code: CodeType
    instruction: int
    line: int

    @property
    def file(self) -> str:
        """The source file."""
        return self.code.co_filename

    @property
    def span(self) -> tuple[int, int, int | None, int | None]:
        """First and last line, first and last column; the columns are None before Python 3.11."""
        return _span(self.code, self.instruction, self.line)


def place_of(frame: FrameType) -> Place:
    """Tells where a frame is now."""
    return Place(frame.f_code, frame.f_lasti, frame.f_lineno)


@cache
def in_torch(file: str) -> bool:
    """Tells whether a file belongs to the torch package."""
    return file.startswith(TORCH_FOLDER)


@cache
def is_source(file: str) -> bool:
    """Tells whether a file may hold the code of a model: it is neither torch's, nor Python's, nor ours, nor made up."""
    library = file.startswith(_LIBRARY) and _PACKAGES not in file
    return not (in_torch(file) or library or file.startswith((_HERE, "<")))


def first_argument(frame: FrameType) -> Any:
    """Gives `self` of a method's frame, None for other functions."""
    code = frame.f_code
    if not code.co_argcount or (code.co_varnames[0] != "self" and code.co_name != "__init__"):
        return None
    return frame.f_locals.get(code.co_varnames[0])


def outward(frame: FrameType | None) -> FrameType | None:
    """Climbs from a frame to the nearest one that runs source of a model, itself included."""
    while frame is not None and not is_source(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


@cache
def _span(code: CodeType, instruction: int, line: int) -> tuple[int, int, int | None, int | None]:
    positions = getattr(code, "co_positions", None)
    if positions is not None and instruction >= 0:
        start, end, column, end_column = next(
            itertools.islice(positions(), instruction // 2, None), (None, None, None, None)
        )
        if start is not None and end is not None:
            return (start, end, column, end_column)
    return (line, line, None, None)

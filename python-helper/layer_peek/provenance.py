"""Which source line made a layer: where it was built and where it was registered.

Both are kept in the instance's `__dict__`: they survive `copy.deepcopy` (encoder layers are copies) and stay out of
`state_dict`.
"""

from __future__ import annotations

import functools
import sys
from types import FrameType
from typing import Any

from torch import nn
from torch.nn.modules.module import register_module_module_registration_hook

from layer_peek import positions
from layer_peek.positions import Position
from layer_peek.torch_files import CONTAINER_FILE, MODULE_FILE

_CONSTRUCTION = "_layer_peek_construction"
_REGISTRATIONS = "_layer_peek_registrations"
# How many frames may lie between a module's own `__init__` and that of nn.Module: its bases, and decorators on them.
_INIT_FRAMES = 24


def install() -> None:
    """Starts to note, for every module built from now on, where that happened. Meant for a process of its own."""
    original = nn.Module.__init__

    @functools.wraps(original)
    def init(self: nn.Module, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        # A module that calls nn.Module.__init__ twice keeps its first place.
        self.__dict__.setdefault(_CONSTRUCTION, _construction(self, sys._getframe(1)))

    nn.Module.__init__ = init  # type: ignore[method-assign]
    register_module_module_registration_hook(_note_registration)


def construction(module: nn.Module) -> Position | None:
    """Tells the expression that built a module."""
    found: Position | None = module.__dict__.get(_CONSTRUCTION)
    return found


def registration(parent: nn.Module, name: str) -> Position | None:
    """Tells the place that registered a child, None where a container of PyTorch did."""
    noted: dict[str, Position | None] = parent.__dict__.get(_REGISTRATIONS, {})
    return noted.get(name)


def definition(parent: nn.Module, name: str, child: nn.Module) -> Position | None:
    """Tells the layer definition: the registering statement, or the item that was built inside a container."""
    registered = registration(parent, name)
    return construction(child) if registered is None else positions.statement(registered)


def _construction(module: nn.Module, start: FrameType) -> Position:
    """Climbs out of the `__init__` frames of this very module, and of what is between them."""
    frame: FrameType | None = start
    outermost = start
    for _ in range(_INIT_FRAMES):
        if frame is None:
            break
        code = frame.f_code
        if code.co_name == "__init__" and code.co_argcount and frame.f_locals.get(code.co_varnames[0]) is module:
            outermost = frame
        frame = frame.f_back
    return positions.of_frame(outermost.f_back or outermost)


def _note_registration(parent: nn.Module, name: str, _: nn.Module | None) -> None:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename == MODULE_FILE:
        frame = frame.f_back
    by_container = frame is None or frame.f_code.co_filename == CONTAINER_FILE
    place = None if frame is None or by_container else positions.of_frame(frame)
    parent.__dict__.setdefault(_REGISTRATIONS, {})[name] = place

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

_BUILDERS = "_layer_peek_builders"
_REGISTRATIONS = "_layer_peek_registrations"
_ITEM = "_layer_peek_item"
# How many callers of the constructor are noted: helper functions that build items for a container rarely nest deeper.
_BUILDER_FRAMES = 6
_COMPREHENSIONS = frozenset(("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>"))
# How many frames may lie between a module's own `__init__` and that of nn.Module: its bases, and decorators on them.
_INIT_FRAMES = 24


_Builders = list[tuple[int, Position, bool]]
"""Of frames, the nearest first: identity, where each was, whether it is that of a comprehension. Identities are
compared while the frame that fills a container lives."""


def install() -> None:
    """Starts to note, for every module built from now on, where that happened. Meant for a process of its own."""
    original = nn.Module.__init__

    @functools.wraps(original)
    def init(self: nn.Module, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        # A module that calls nn.Module.__init__ twice keeps its first place.
        self.__dict__.setdefault(_BUILDERS, _builders(self, sys._getframe(1)))

    nn.Module.__init__ = init  # type: ignore[method-assign]
    register_module_module_registration_hook(_note_registration)


def construction(module: nn.Module) -> Position | None:
    """Tells the expression that built a module."""
    builders: _Builders = module.__dict__.get(_BUILDERS, [])
    return builders[0][1] if builders else None


def registration(parent: nn.Module, name: str) -> Position | None:
    """Tells the place that registered a child, None where a container of PyTorch did."""
    noted: dict[str, Position | None] = parent.__dict__.get(_REGISTRATIONS, {})
    return noted.get(name)


def definition(parent: nn.Module, name: str, child: nn.Module) -> Position | None:
    """Tells the layer definition: the registering statement, or the expression that made the item of a container."""
    registered = registration(parent, name)
    if registered is not None:
        return positions.statement(registered)
    item: Position | None = child.__dict__.get(_ITEM)
    return item or construction(child)


def _builders(module: nn.Module, start: FrameType) -> _Builders:
    """Climbs out of the `__init__` frames of this very module, and notes who called it from there."""
    frame: FrameType | None = start
    outermost: FrameType | None = None
    for _ in range(_INIT_FRAMES):
        if frame is None:
            break
        code = frame.f_code
        if code.co_name == "__init__" and code.co_argcount and frame.f_locals.get(code.co_varnames[0]) is module:
            outermost = frame
        frame = frame.f_back
    builders: _Builders = []
    # A class without a constructor of its own is built by the very frame that nn.Module's is called from.
    frame = start if outermost is None else outermost.f_back
    while frame is not None and len(builders) < _BUILDER_FRAMES:
        # A generator runs while a container takes its items; the container itself builds none.
        if frame.f_code.co_filename not in (MODULE_FILE, CONTAINER_FILE):
            builders.append((id(frame), positions.of_frame(frame), frame.f_code.co_name in _COMPREHENSIONS))
        frame = frame.f_back
    return builders


def _note_registration(parent: nn.Module, name: str, child: nn.Module | None) -> None:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename == MODULE_FILE:
        frame = frame.f_back
    by_container = frame is None or frame.f_code.co_filename == CONTAINER_FILE
    place = None if frame is None or by_container else positions.of_frame(frame)
    parent.__dict__.setdefault(_REGISTRATIONS, {})[name] = place
    if by_container and child is not None:
        # Kept by the child: a container renumbers its items without telling.
        child.__dict__.setdefault(_ITEM, _item(frame, child))


def _item(frame: FrameType | None, child: nn.Module) -> Position | None:
    """Tells what made the child in the code that fills the container: in `Sequential(make(8))` that is `make(8)`."""
    while frame is not None and frame.f_code.co_filename in (MODULE_FILE, CONTAINER_FILE):
        frame = frame.f_back
    if frame is None:
        return None
    builders: _Builders = child.__dict__.get(_BUILDERS, [])
    file = frame.f_code.co_filename
    at = next((at for at, (known, place, _) in enumerate(builders) if known == id(frame) and place[0] == file), None)
    if at is None:
        return None
    # Of `*self.items(8)` each item stands where the function makes it.
    # Before Python 3.12 a comprehension has a frame of its own, which knows its element; the frame around does not.
    while at > 0 and (builders[at - 1][2] or positions.is_unpacked(builders[at][1])):
        at -= 1
    return builders[at][1]

"""What layers leave behind that no hook sees: a forward that is called directly, weights used without their layer."""

from __future__ import annotations

import itertools
from types import FrameType
from typing import Any

import torch
from torch import nn

from layer_peek import positions
from layer_peek.layers import Layers
from layer_peek.positions import Position
from layer_peek.torch_files import MODULE_FILE, is_ours

# Frames looked through for the call that runs now; deeper user code between two layers is rare.
_FRAMES = 40


class Footprints:
    """Notes, from the frames and arguments of functions that run, which layers work without being called."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._owners: dict[int, list[nn.Module]] = {}
        for layer in layers:
            module = layer.module
            for tensor in itertools.chain(module._parameters.values(), module._buffers.values()):
                if tensor is not None:
                    self._owners.setdefault(id(tensor), []).append(module)
        self._called: set[int] = set()
        # By the identity of the module: where its forward was called directly, where its weights were used.
        self.direct: dict[int, Position] = {}
        self.weights: dict[int, Position] = {}

    def note_frames(self, start: FrameType | None) -> None:
        """Looks for forwards that run without the call that hooks hang on; `start` is a frame inside of a forward."""
        frame = start
        inner: list[FrameType] = []
        for _ in range(_FRAMES):
            if frame is None:
                break
            code = frame.f_code
            if code.co_filename == MODULE_FILE:
                break
            if code.co_name == "forward":
                inner.append(frame)
            frame = frame.f_back
        if len(inner) > 1:
            self._note_forwards(inner)

    def note_call(self, module: nn.Module) -> None:
        """Notes that a layer is called as it should be: where its weights are used need not be told any more."""
        if id(module) in self._called:
            return
        self._called.add(id(module))
        for tensor in itertools.chain(module._parameters.values(), module._buffers.values()):
            owners = self._owners.get(id(tensor))
            # Of a tied weight, all owners tell whose use of it is a use of its own.
            if owners is not None and self._called.issuperset(map(id, owners)):
                del self._owners[id(tensor)]

    def note_arguments(self, frame: FrameType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Looks for weights among a function's arguments; `frame` called the function."""
        user: nn.Module | None = None
        for value in itertools.chain(args, kwargs.values()) if kwargs else args:
            owners = self._owners.get(id(value))
            # A weight that forward replaced may have left its identity to anything.
            if owners is None or not isinstance(value, torch.Tensor):
                continue
            if self.weights.keys() >= {id(owner) for owner in owners}:
                continue
            user = user or _module_of(frame)
            if user is None or all(owner is not user for owner in owners):
                for owner in owners:
                    self.weights.setdefault(id(owner), positions.of_frame(frame))

    def _note_forwards(self, inner: list[FrameType]) -> None:
        # The outermost is the forward of the layer that was called.
        called = _module_of(inner[-1])
        for frame in inner[:-1]:
            module = _module_of(frame)
            if module is None or module is called or id(module) in self.direct or self._layers.get(module) is None:
                continue
            caller = _caller(frame, module)
            if caller is not None:
                self.direct[id(module)] = positions.of_frame(caller)


def _module_of(frame: FrameType) -> nn.Module | None:
    """The module whose method a frame runs."""
    code = frame.f_code
    if not code.co_argcount:
        return None
    first = frame.f_locals.get(code.co_varnames[0])
    return first if isinstance(first, nn.Module) else None


def _caller(frame: FrameType, module: nn.Module) -> FrameType | None:
    """The frame that called into a module: out of all frames that are the module's own."""
    outer = frame.f_back
    while outer is not None and (_module_of(outer) is module or is_ours(outer.f_code.co_filename)):
        outer = outer.f_back
    return outer

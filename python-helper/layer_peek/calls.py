"""Hooks the selected layers and records each of their calls."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from layer_peek import frames, positions
from layer_peek.layers import Layer, Layers
from layer_peek.protocol import Call
from layer_peek.recording import Recording
from layer_peek.torch_files import is_ours
from layer_peek.values import Describer


@dataclass
class _Open:
    """A call that has begun."""

    module: nn.Module
    call: Call
    handled: BaseException | None


class _Stack(threading.local):
    def __init__(self) -> None:
        self.open: list[_Open] = []


class CallRecorder:
    """Hooks layers while it is entered; hooks are gone afterwards whatever happened."""

    def __init__(self, layers: Layers, hooked: list[Layer], describer: Describer, recording: Recording) -> None:
        self._layers = layers
        self._hooked = hooked
        self._describer = describer
        self._recording = recording
        self._stack = _Stack()
        self._names: dict[type[nn.Module], list[str]] = {}
        self._handles: list[RemovableHandle] = []
        self.unhookable: dict[str, str] = {}
        self.fault: str | None = None

    def __enter__(self) -> CallRecorder:
        for layer in self._hooked:
            try:
                self._handles.append(layer.module.register_forward_pre_hook(self._before, with_kwargs=True))
                self._handles.append(
                    layer.module.register_forward_hook(self._after, with_kwargs=True, always_call=True)
                )
            except RuntimeError as refusal:
                # A ScriptModule takes no hooks.
                self.unhookable[layer.path] = str(refusal)
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    @property
    def current_path(self) -> str:
        """Layer path of the innermost call that is running in this thread; empty for the root or none."""
        return self._stack.open[-1].call["path"] if self._stack.open else ""

    def _before(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            with torch._C.DisableTorchFunction():
                call = self._begin(module, args, kwargs)
            self._stack.open.append(_Open(module, call, sys.exc_info()[1]))
        except Exception as fault:  # noqa: BLE001 - a fault of ours must not break the run
            self.fault = f"{type(fault).__name__}: {fault}"

    def _begin(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        layer = self._layers.get(module)
        path = "" if layer is None else layer.path
        frame, through = frames.calling_frame(sys._getframe(1))
        container = None if through is None else self._layers.get(through)
        names = self._names.get(type(module))
        if names is None:
            names = self._names[type(module)] = frames.parameter_names(module)
        return {
            "path": path,
            "index": self._recording.next_index(path),
            "order": self._recording.next_order(),
            "callSite": None
            if frame is None or is_ours(frame.f_code.co_filename)
            else positions.site(positions.of_frame(frame)),
            "through": None if container is None else container.path,
            "input": self._describer.arguments(names, args, kwargs),
            "output": None,
        }

    def _after(self, module: nn.Module, _: tuple[Any, ...], __: dict[str, Any], output: object) -> None:
        try:
            opened = self._close(module)
            if opened is None:
                return
            # PyTorch calls this hook from its except block when forward raised, with None for the output. An exception
            # that user code was handling already when the call began says nothing about the call.
            if sys.exc_info()[1] is opened.handled:
                with torch._C.DisableTorchFunction():
                    opened.call["output"] = self._describer.describe(output)
            self._recording.add_call(opened.call)
        except Exception as fault:  # noqa: BLE001 - a fault of ours must not break the run
            self.fault = f"{type(fault).__name__}: {fault}"

    def _close(self, module: nn.Module) -> _Open | None:
        stack = self._stack.open
        while stack:
            opened = stack.pop()
            if opened.module is module:
                return opened
            # A call whose hook did not fire, e.g. because another hook of the user raised.
            self._recording.add_call(opened.call)
        return None

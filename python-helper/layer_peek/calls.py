"""Hooks the selected layers and records each of their calls."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.utils.hooks import RemovableHandle

from layer_peek import frames, positions, whole_values
from layer_peek.findings import Findings
from layer_peek.footprints import Footprints
from layer_peek.gradients import GradientRecorder
from layer_peek.layers import Layer, Layers
from layer_peek.protocol import Call
from layer_peek.recording import Recording
from layer_peek.torch_files import is_ours
from layer_peek.unchecked import Unchecked
from layer_peek.values import Describer


class _Open(NamedTuple):
    """A call that has begun."""

    module: nn.Module
    call: Call
    handled: BaseException | None


_DisableTorchFunction = torch._C.DisableTorchFunction
_graph_task = torch._C._current_graph_task_id


class Stopped(BaseException):
    """Ends a run that has told all that was asked; no `except Exception` of user code holds it up."""


class _Stack(threading.local):
    def __init__(self) -> None:
        self.open: list[_Open] = []


class CallRecorder:
    """Hooks layers while it is entered; hooks are gone afterwards whatever happened."""

    def __init__(
        self,
        layers: Layers,
        hooked: list[Layer],
        describer: Describer,
        recording: Recording,
        footprints: Footprints,
    ) -> None:
        self._layers = layers
        self._hooked = hooked
        self._describer = describer
        self._recording = recording
        self._footprints = footprints
        # Only where there is no data.
        self.unchecked: Unchecked | None = None
        # Only where there is data.
        self.findings: Findings | None = None
        # Only where they are asked for.
        self.gradients: GradientRecorder | None = None
        self._awaited: set[int] | None = None
        self._stack = _Stack()
        self._names: dict[type[nn.Module], list[str]] = {}
        self._handles: list[RemovableHandle] = []
        self._scripted: set[int] = set()
        # Identities of modules whose call came back; of layers that are not hooked, those above a hooked one.
        self.finished: set[int] = set()
        self.started: set[str] = set()
        self.unhookable: set[str] = set()
        # Calls that were made again while gradients were computed.
        self.recomputed = 0
        self.fault: str | None = None

    def __enter__(self) -> CallRecorder:
        hooked = {id(layer.module) for layer in self._hooked}
        for layer in self._hooked:
            try:
                self._handles.append(layer.module.register_forward_pre_hook(self._before, with_kwargs=True))
                self._handles.append(
                    layer.module.register_forward_hook(self._after, with_kwargs=True, always_call=True)
                )
            except RuntimeError:
                # A ScriptModule takes no hooks; those of all modules see the outermost one.
                self.unhookable.add(layer.path)
                self._scripted.add(id(layer.module))
        if self._scripted:
            self._handles.append(register_module_forward_pre_hook(self._before_any))
            self._handles.append(register_module_forward_hook(self._after_any))
        for layer in self._layers.above(self._hooked):
            if id(layer.module) not in hooked:
                self._watch(layer)
        return self

    def stop_after(self, layers: list[Layer]) -> None:
        """Raises Stopped out of the run as soon as each of these layers, as far as it can be called, came back."""
        callable_ones = {id(one.module) for one in layers if type(one.module).forward is not nn.Module.forward}
        self._awaited = callable_ones or None

    def _watch(self, layer: Layer) -> None:
        """Notes whether a layer ran, and no more."""

        def before(*_: object) -> None:
            self.started.add(layer.path)

        def after(*_: object) -> None:
            self.finished.add(id(layer.module))

        with contextlib.suppress(RuntimeError):
            self._handles.append(layer.module.register_forward_pre_hook(before))
            self._handles.append(layer.module.register_forward_hook(after))

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    @property
    def current_path(self) -> str:
        """Layer path of the innermost call that is running in this thread; empty for the root or none."""
        return self._stack.open[-1].call["path"] if self._stack.open else ""

    def _before_any(self, module: nn.Module, args: tuple[Any, ...]) -> None:
        if id(module) in self._scripted:
            self._before(module, args, {})

    def _after_any(self, module: nn.Module, args: tuple[Any, ...], output: object) -> None:
        if id(module) in self._scripted:
            self._after(module, args, {}, output)

    def _before(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if _graph_task() != -1:
            # Checkpointing runs layers again in the backward pass, some of them only in part.
            self.recomputed += 1
            return
        try:
            with _DisableTorchFunction():
                call = self._begin(module, args, kwargs)
            if self.findings is not None:
                self.findings.given(call)
            self._stack.open.append(_Open(module, call, sys.exc_info()[1]))
        except Exception as fault:  # noqa: BLE001 - a fault of ours must not break the run
            self.fault = f"{type(fault).__name__}: {fault}"

    def _begin(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        layer = self._layers.get(module)
        path = "" if layer is None else layer.path
        frame, through, caller = frames.calling_frames(sys._getframe(1))
        self._footprints.note_frames(caller)
        self._footprints.note_call(module)
        if self.unchecked is not None:
            self.unchecked.look(module, path, args)
        container = None if through is None else self._layers.get(through)
        names = self._names.get(type(module))
        if names is None:
            names = self._names[type(module)] = frames.parameter_names(module)
        index, order = self._recording.begin_call(path)
        place = None if frame is None or is_ours(frame.f_code.co_filename) else positions.of_frame(frame)
        call: Call = {
            "path": path,
            "index": index,
            "order": order,
            "callSite": positions.site(place),
            "through": None if container is None else container.path,
            "input": self._describer.arguments(names, args, kwargs),
            "output": None,
        }
        # Where PyTorch passes a call on, as `torch.vmap` does, it may make something else of what the layer gives.
        if place is not None and caller is frame and whole_values.is_call(place):
            call["wholeValue"] = True
        return call

    def _after(self, module: nn.Module, _: tuple[Any, ...], __: dict[str, Any], output: object) -> None:
        try:
            opened = self._close(module)
            if opened is None:
                return
            # PyTorch calls this hook from its except block when forward raised, with None for the output. An exception
            # that user code was handling already when the call began says nothing about the call.
            if sys.exc_info()[1] is opened.handled:
                with _DisableTorchFunction():
                    opened.call["output"] = self._describer.describe(output)
                self.finished.add(id(module))
            if self.gradients is not None and opened.call["output"] is not None:
                with _DisableTorchFunction():
                    self.gradients.returned(opened.call, output)
            if self.findings is not None:
                self.findings.returned(opened.call)
            self._recording.add_call(opened.call)
        except Exception as fault:  # noqa: BLE001 - a fault of ours must not break the run
            self.fault = f"{type(fault).__name__}: {fault}"
        if self._awaited is not None:
            self._awaited.discard(id(module))
            if not self._awaited:
                raise Stopped

    def _close(self, module: nn.Module) -> _Open | None:
        stack = self._stack.open
        if stack and stack[-1].module is module:
            return stack.pop()
        if all(opened.module is not module for opened in stack):
            # Its beginning was not recorded.
            return None
        while stack:
            opened = stack.pop()
            if opened.module is module:
                return opened
            # A call whose hook did not fire, e.g. because another hook of the user raised.
            self._recording.add_call(opened.call)
        return None

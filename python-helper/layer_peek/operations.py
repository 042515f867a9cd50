"""Records functions without a module that lines outside of PyTorch call: `x.view(...)`, `F.relu`, `torch.cat`, `+`.

They are recorded only when all layers are: a capture of one line is asked about that line. What they tell of layers
that no hook sees is noted in any case.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import FrameType
from typing import Any, Callable

import torch
from torch.overrides import TorchFunctionMode

from layer_peek import frames, positions, sources, whole_values
from layer_peek.findings import Findings
from layer_peek.footprints import Footprints
from layer_peek.protocol import Operation, Site, Value
from layer_peek.recording import Recording
from layer_peek.values import Describer
from layer_peek.writes import written

MAX_OPERATIONS = 20_000

_DisableTorchFunction = torch._C.DisableTorchFunction

# Reading a property (`x.shape`, `x.device`) comes as `__get__`; these are no results a line is about.
_SILENT = frozenset(("__get__", "__set__", "__len__", "__bool__", "__hash__", "__format__", "__repr__", "size", "dim"))


class OperationRecorder(TorchFunctionMode):
    """While entered, records what passes through PyTorch's Python functions; `path` tells the layer that is running."""

    def __init__(
        self,
        path: Callable[[], str],
        describer: Describer,
        recording: Recording,
        footprints: Footprints,
        before_write: Callable[[torch.Tensor], None],
        listed: bool,
        findings: Findings | None = None,
    ) -> None:
        super().__init__()
        self._path = path
        self._describer = describer
        self._recording = recording
        self._footprints = footprints
        self._before_write = before_write
        self._listed = listed
        self._findings = findings
        # Site and variable of each place; places are made once for each instruction.
        self._told: dict[positions.Position, tuple[Site | None, str | None]] = {}
        self.count = 0
        self.fault: str | None = None

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Runs the function and records it."""
        name = getattr(func, "__name__", "")
        if name in _SILENT:
            return func(*args, **kwargs) if kwargs else func(*args)
        kwargs = kwargs or {}
        place: positions.Position | None = None
        order = -1
        try:
            frame = frames.function_caller(sys._getframe(1))
            if frame is not None:
                self._footprints.note_frames(frame)
                self._footprints.note_arguments(frame, args, kwargs)
                place = self._place(frame)
                order = -1 if place is None else self._recording.next_order()
            changing = written(func, name, args, kwargs)
            if changing is not None:
                with _DisableTorchFunction():
                    self._before_write(changing)
        except Exception as fault:  # noqa: BLE001 - a fault of ours must not break the run
            self.fault = f"{type(fault).__name__}: {fault}"
        output = func(*args, **kwargs)
        if place is not None:
            try:
                whole = whole_values.is_operation(place, name, frame, func)
                self._record(name, place, order, output, whole)
            except Exception as fault:  # noqa: BLE001 - a fault of ours must not break the run
                self.fault = f"{type(fault).__name__}: {fault}"
        return output

    def _place(self, frame: FrameType) -> positions.Position | None:
        if not self._listed or self.count >= MAX_OPERATIONS or not frames.is_users(frame):
            return None
        return positions.of_frame(frame) if sources.is_file(frame.f_code.co_filename) else None

    def _record(self, name: str, place: positions.Position, order: int, output: object, whole: bool) -> None:
        with _DisableTorchFunction():
            value = self._describer.describe(output)
        if value["kind"] != "tensor" and not _has_tensor(value):
            return
        known = self._told.get(place)
        if known is None:
            known = self._told[place] = (positions.site(place), positions.variable(place))
        site, variable = known
        if site is None:
            return
        self.count += 1
        operation: Operation = {
            "file": site["file"],
            "line": site["line"],
            "endLine": site["endLine"],
            "column": site["column"],
            "endColumn": site["endColumn"],
            "name": name,
            "variable": variable,
            "path": self._path(),
            "order": order,
            "output": value,
        }
        if whole:
            operation["wholeValue"] = True
        if self._findings is not None:
            self._findings.computed(operation, site)
        self._recording.add_operation(operation)


def _has_tensor(value: Value) -> bool:
    if value["kind"] == "tensor":
        return True
    return any(_has_tensor(item["value"]) for item in value.get("items", []))  # type: ignore[attr-defined]

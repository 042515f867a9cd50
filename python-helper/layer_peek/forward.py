"""The part of a capture in which the model runs: hooks on, one call, and what is told of it afterwards."""

from __future__ import annotations

import contextlib
import os
from typing import Callable

import torch

from layer_peek import errors, layers, memory, modes, tracebacks, uncalled
from layer_peek.calls import CallRecorder, Stopped
from layer_peek.classes import runtime_classes
from layer_peek.findings import Findings
from layer_peek.footprints import Footprints
from layer_peek.frames import parameter_names
from layer_peek.gradients import GradientRecorder, Loss
from layer_peek.infer.certain import is_certain
from layer_peek.operations import MAX_OPERATIONS, OperationRecorder
from layer_peek.protocol import CaptureError, CaptureRequest, Finding, Gradients, Uncalled
from layer_peek.recipe import Prepared
from layer_peek.recording import Recording
from layer_peek.retained import Retained
from layer_peek.uncalled import Failure
from layer_peek.unchecked import Unchecked
from layer_peek.values import Describer, keep_nothing


class Forward:
    """Runs what was prepared, once."""

    def __init__(
        self,
        request: CaptureRequest,
        mode: str,
        recording: Recording,
        retained: Retained,
        progress: Callable[[str, str], None],
        assumed: bool,
    ) -> None:
        self._request = request
        self._mode = mode
        self._recording = recording
        self._retained = retained
        self._progress = progress
        self._assumed = assumed
        self.notes: list[str] = []
        self.uncalled: list[Uncalled] = []
        self.findings: list[Finding] = []
        self.gradients: Gradients | None = None

    def run(self, prepared: Prepared, loss: Loss | None) -> CaptureError | None:
        """Runs it; gives the error where forward, or the backward pass, failed."""
        request, has_values = self._request, self._mode == "values"
        problem = layers.problem_with(prepared.root)
        if problem is not None:
            raise errors.failure("construct", *problem)
        model = layers.Layers(prepared.root)
        hooked = model.selected(request["select"])
        # Lazy layers know their class and parameters after their first call only.
        lazy = layers.is_lazy(prepared.root)
        if not lazy:
            self._send_modules(model)
        self._progress("forward", "Running forward")
        gradients = GradientRecorder() if has_values and request.get("gradients") else None
        describer = Describer(self._retained.keep if has_values else keep_nothing, self._retained.shares_with)
        footprints = Footprints(model)
        findings = Findings() if has_values else None
        calls = CallRecorder(model, hooked, describer, self._recording, footprints)
        calls.unchecked = None if has_values else Unchecked()
        calls.findings, calls.gradients = findings, gradients
        if request.get("stopEarly") and request["select"] is not None:
            calls.stop_after(hooked)
        before_write = self._retained.before_write if has_values else _nothing
        listed = request["select"] is None
        operations = OperationRecorder(
            lambda: calls.current_path, describer, self._recording, footprints, before_write, listed, findings
        )
        error, failure, switched = self._call(prepared, loss, model, calls, operations)
        if lazy:
            self._send_modules(model)
        self._progress("finish", "Finishing")
        called = calls.started | set(self._recording.calls_by_path)
        run = uncalled.Run(
            called,
            calls.finished,
            calls.unhookable,
            footprints,
            failure,
            prepared.method,
            bool(request.get("training")),
        )
        self.uncalled = uncalled.explain(model, hooked, run)
        if findings is not None:
            self.findings = findings.look(self._retained, model)
        self._tell_gradients(gradients, model)
        self._note(calls, operations, switched, hooked)
        if modes.is_compiled(prepared.root):
            self.notes.append("torch.compile was passed by: the model ran as it is written.")
        return error

    def _call(
        self,
        prepared: Prepared,
        loss: Loss | None,
        model: layers.Layers,
        calls: CallRecorder,
        operations: OperationRecorder,
    ) -> tuple[CaptureError | None, Failure | None, bool]:
        """Gives the error, where it is, and whether a fused path was switched off."""
        with contextlib.ExitStack() as stack:
            training = bool(self._request.get("training"))
            stack.enter_context(modes.running(prepared.root, training, calls.gradients is not None))
            stack.enter_context(modes.eager())
            switched = stack.enter_context(modes.whole_path(prepared.root))
            stack.enter_context(calls)
            try:
                with operations:
                    output = prepared.run()
                if calls.gradients is not None:
                    self._progress("forward", "Going backward")
                    calls.gradients.backward(output, loss)
            except Stopped:
                self.notes.append(
                    "The run was ended after the first call of each layer asked for: later calls are not listed."
                )
            except BaseException as fault:  # noqa: BLE001 - SystemExit of user code is data too
                error = self._error(fault, model)
                site = error.get("site")
                place = None if site is None else (site["file"], site["line"])
                return error, Failure(place, tracebacks.functions_left(fault)), switched
        return None, None, switched

    def _tell_gradients(self, gradients: GradientRecorder | None, model: layers.Layers) -> None:
        if gradients is None:
            if self._request.get("gradients"):
                self.notes.append("Gradients need values: capture in values mode.")
            return
        self.gradients = gradients.result(model)
        if gradients.note is not None:
            self.notes.append(gradients.note)
        if self.gradients is not None:
            self.notes.append(f"Gradients are those of {self.gradients['scalar']}.")

    def _send_modules(self, model: layers.Layers) -> None:
        self._recording.add_modules(layers.describe_all(model), runtime_classes(model))

    def _error(self, fault: BaseException, model: layers.Layers) -> CaptureError:
        dependent = self._mode != "values" and modes.is_data_dependent(fault)
        error: CaptureError = errors.exhaustion(fault) or {
            "kind": "dataDependent" if dependent else "forward",
            "message": errors.message_of(fault),
            "advice": _advice(dependent, self._assumed, fault, model),
        }
        error["exception"] = type(fault).__name__
        error["traceback"] = tracebacks.text(fault)
        site = tracebacks.site(fault, self._preferred_files())
        if site is not None:
            error["site"] = site
        failing = tracebacks.failing_call(fault)
        layer = None if failing is None else model.get(failing[0])
        if failing is not None and layer is not None:
            error["path"] = layer.path
            error["className"] = type(failing[0]).__name__
            error["description"] = layers.description(failing[0])
            error["input"] = Describer().arguments(parameter_names(failing[0]), failing[1], failing[2])
        return error

    def _preferred_files(self) -> tuple[str, ...]:
        workspace = self._request["workspaceRoot"]
        return (self._request["file"],) if workspace is None else (workspace.rstrip(os.sep) + os.sep,)

    def _note(
        self, calls: CallRecorder, operations: OperationRecorder, switched: bool, hooked: list[layers.Layer]
    ) -> None:
        if switched:
            self.notes.append(
                "The fused fast path of transformer layers was switched off, so that their inner layers are seen."
            )
        if self._retained.refused:
            self.notes.append(
                f"At most {memory.text(self._retained.budget)} of tensors are kept of a run: of "
                f"{self._retained.refused} only the descriptions stay, their statistics can't be asked for."
            )
        if self._recording.omitted:
            self.notes.append(
                f"The run was too long to be kept whole: its last {self._recording.omitted} calls are left out."
            )
        if operations.count >= MAX_OPERATIONS:
            self.notes.append(f"Only the first {MAX_OPERATIONS} operations without a layer are listed.")
        if self._request["select"] is not None and not hooked:
            self.notes.append("No layer of this model is defined on the lines asked for.")
        if calls.recomputed:
            self.notes.append(
                f"{calls.recomputed} calls that checkpointing made again while gradients were computed are not listed."
            )
        self.notes.extend([] if calls.unchecked is None else calls.unchecked.notes())
        for fault in (calls.fault, operations.fault):
            if fault is not None:
                self.notes.append(f"A call could not be recorded: {fault}")


def _nothing(_: torch.Tensor) -> None:
    """Where no data is kept, none is lost by writing."""


def _advice(dependent: bool, assumed: bool, fault: BaseException, model: layers.Layers) -> str:
    if dependent:
        return "This line needs a tensor's values, which shapes mode does not compute: capture in values mode."
    if isinstance(fault, RecursionError):
        return "The model calls itself without end: correct the line."
    if not isinstance(fault, Exception):
        return "A capture can't go past this line: leave it out of forward, or write a recipe that does not come here."
    if is_certain(fault, model.root):
        return "Other inputs would not help: correct the line, or what the model is built of."
    if assumed:
        return (
            "The inputs were inferred: write the right ones in a `# peek:` directive by the class, or correct the line."
        )
    return (
        "Compare the shapes on the lines before with what this line expects; correct the line, or the recipe's inputs."
    )

"""One capture from the request to its end, whatever happens on the way."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import platform
import time
from functools import partial
from typing import Callable

import torch

from layer_peek import (
    ends,
    errors,
    infer,
    layers,
    load,
    memory,
    modes,
    overlays,
    processes,
    provenance,
    recipe,
    tracebacks,
    uncalled,
)
from layer_peek.calls import CallRecorder
from layer_peek.channel import ChannelLost
from layer_peek.errors import CaptureFailure
from layer_peek.operations import MAX_OPERATIONS, OperationRecorder
from layer_peek.protocol import CaptureEnd, CaptureError, CaptureRequest, Recipe, Uncalled
from layer_peek.recipe import Namespace, NeedsInputs, Prepared
from layer_peek.recording import Recording, Send
from layer_peek.retained import Retained, budget_within
from layer_peek.torch_files import HELPER_FOLDER
from layer_peek.values import Describer, keep_nothing

Progress = Callable[[str, str], None]


class Capture:
    """Runs one request. Meant for a process of its own: it changes sys.path, the working directory and nn.Module."""

    def __init__(self, request: CaptureRequest, send: Send, progress: Progress) -> None:
        self._request = request
        self._progress = progress
        self._recording = Recording(send)
        self._notes: list[str] = []
        self._uncalled: list[Uncalled] = []
        self._assumed = False
        self._source = request["recipe"]["source"]
        self._expression = request["recipe"]["expression"]
        self.retained = Retained(budget_within(memory.limit(request.get("memoryBytes"))))

    def run(self) -> CaptureEnd:
        """Runs to the end; failures are part of the result."""
        started, clock = dt.datetime.now(dt.timezone.utc), time.perf_counter()
        error: CaptureError | None = None
        try:
            with modes.restored_random_state():
                error = self._run()
        except CaptureFailure as failure:
            error = failure.error
        except ChannelLost:
            raise
        except BaseException as fault:  # noqa: BLE001 - user code may have broken what the helper stands on
            error = errors.exhaustion(fault) or ends.helper_raised(type(fault).__name__, errors.message_of(fault))
            error["traceback"] = tracebacks.text(fault)
        self._recording.close()
        processes.flush_output()
        result: Recipe = {
            "expression": self._expression,
            "source": self._source,
            "assumed": self._assumed,
        }
        return {
            "status": "ok" if error is None else "failed",
            "mode": self._request["mode"],
            "recipe": result,
            "provenance": {
                "torch": torch.__version__,
                "python": platform.python_version(),
                "startedAt": started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "durationMs": (time.perf_counter() - clock) * 1000,
                "training": False,
            },
            "uncalled": self._uncalled,
            "notes": self._notes,
            "error": error,
        }

    def _run(self) -> CaptureError | None:
        namespace = self._import()
        if self._expression is None:
            try:
                self._infer(namespace, self._request["recipe"]["construct"])
            except CaptureFailure as failure:
                if failure.error["kind"] == "recipe":
                    # Nobody wrote that recipe: it was our guess, and none is what there is.
                    failure.error["kind"] = "noRecipe"
                    failure.error["message"] = f"No recipe was found. {failure.error['message']}"
                    failure.error["advice"] = (
                        "Write how to build and call the model in a directive by the class: "
                        "`# peek: Model(arguments)(torch.randn(1, 3, 224, 224))`."
                    )
                raise
        with contextlib.ExitStack() as stack:
            constructing: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
            if self._request["mode"] == "shapes":
                constructing = stack.enter_context(modes.shapes_only())()
            with constructing:
                prepared = self._prepare(namespace)
            return self._forward(prepared)

    def _import(self) -> Namespace:
        request = self._request
        file, workspace = request["file"], request["workspaceRoot"]
        self._progress("import", f"Importing {os.path.basename(file)}")
        overlays.install(request["overlays"])
        text = next((one["text"] for one in request["overlays"] if one["file"] == file), None)
        if text is None:
            try:
                with open(file, encoding="utf-8", errors="replace") as source:
                    text = source.read()
            except OSError as fault:
                raise errors.failure(
                    "import", errors.message_of(fault), "Save the file, then capture again."
                ) from fault
        name = load.module_name(file, text)
        helper_folder = os.path.dirname(os.path.dirname(HELPER_FOLDER))
        load.prepare_path(name.root, workspace, helper_folder)
        with contextlib.suppress(OSError):
            os.chdir(workspace or os.path.dirname(file))
        provenance.install()
        modes.seed()
        return Namespace(load.load(file, name))

    def _infer(self, namespace: Namespace, construct: list[str], given: bool = False) -> None:
        """Finds a recipe; `given` tells that the user wrote how to build the model."""
        self._progress("infer", "Looking for inputs")
        candidates = construct or ([f"{self._request['className']}()"] if self._request["className"] else [])
        found = [] if given else self._request["recipe"].get("found", [])
        if not candidates and not found:
            raise errors.failure("noClass", "No module class is named.", "Name the class: FILE:Class.")
        small = self._request["recipe"].get("small", False)
        try:
            result = infer.infer(candidates, namespace, found, partial(self._progress, "infer"), small=small)
        except CaptureFailure as failure:
            if failure.error.get("exception") in memory.EXHAUSTIONS:
                # No other inputs would help.
                memory.relax()
                raise CaptureFailure(memory.exhausted(failure.error["message"])) from failure
            raise
        self._expression, self._assumed = result.expression, result.assumed
        self._source = result.source or self._source
        self._notes.extend(result.notes)

    def _prepare(self, namespace: Namespace) -> Prepared:
        assert self._expression is not None
        self._progress("construct", f"Building {self._expression}")
        try:
            return recipe.prepare(self._expression, namespace, modes.seed)
        except NeedsInputs:
            construct = self._expression
            self._expression = None
            self._infer(namespace, [construct], given=True)
            return recipe.prepare(str(self._expression), namespace, modes.seed)

    def _forward(self, prepared: Prepared) -> CaptureError | None:
        request = self._request
        problem = layers.problem_with(prepared.root)
        if problem is not None:
            raise errors.failure("construct", *problem)
        model = layers.Layers(prepared.root)
        hooked = model.selected(request["select"])
        # Lazy layers know their class and parameters after their first call only.
        lazy = layers.is_lazy(prepared.root)
        if not lazy:
            self._recording.add_modules([layers.describe(layer) for layer in model])
        self._progress("forward", "Running forward")
        keep = self.retained.keep if request["mode"] == "values" else keep_nothing
        describer = Describer(keep)
        calls = CallRecorder(model, hooked, describer, self._recording)
        operations = OperationRecorder(lambda: calls.current_path, describer, self._recording)
        error: CaptureError | None = None
        with modes.evaluating(prepared.root), modes.eager(), modes.whole_path(prepared.root) as switched, calls:
            try:
                with operations if request["select"] is None else contextlib.nullcontext():
                    prepared.run()
            except BaseException as fault:  # noqa: BLE001 - SystemExit of user code is data too
                error = self._forward_error(fault, model)
        if lazy:
            self._recording.add_modules([layers.describe(layer) for layer in model])
        self._progress("finish", "Finishing")
        called = set(self._recording.calls_by_path)
        self._uncalled = uncalled.explain(model, hooked, called, calls.unhookable, error is not None, prepared.method)
        if modes.is_compiled(prepared.root):
            self._notes.append("torch.compile was passed by: the model ran as it is written.")
        self._note(calls, operations, switched, hooked)
        return error

    def _forward_error(self, fault: BaseException, model: layers.Layers) -> CaptureError:
        dependent = self._request["mode"] == "shapes" and modes.is_data_dependent(fault)
        error: CaptureError = errors.exhaustion(fault) or {
            "kind": "dataDependent" if dependent else "forward",
            "message": errors.message_of(fault),
            "advice": _forward_advice(dependent, self._assumed, fault),
        }
        error["exception"] = type(fault).__name__
        error["traceback"] = tracebacks.text(fault)
        site = tracebacks.site(fault, self._preferred_files())
        if site is not None:
            error["site"] = site
        failing = tracebacks.failing_call(fault)
        layer = None if failing is None else model.get(failing[0])
        if failing is not None and layer is not None:
            from layer_peek.frames import parameter_names

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
            self._notes.append(
                "The fused fast path of transformer layers was switched off, so that their inner layers are seen."
            )
        if self.retained.refused:
            self._notes.append(
                f"At most {memory.text(self.retained.budget)} of tensors are kept of a run: of {self.retained.refused} "
                "only the descriptions stay, their statistics can't be asked for."
            )
        if self._recording.omitted:
            self._notes.append(
                f"The run was too long to be kept whole: its last {self._recording.omitted} calls are left out."
            )
        if operations.count >= MAX_OPERATIONS:
            self._notes.append(f"Only the first {MAX_OPERATIONS} operations without a layer are listed.")
        if self._request["select"] is not None and not hooked:
            self._notes.append("No layer of this model is defined on the lines asked for.")
        for fault in (calls.fault, operations.fault):
            if fault is not None:
                self._notes.append(f"A call could not be recorded: {fault}")


def _forward_advice(dependent: bool, assumed: bool, fault: BaseException) -> str:
    if dependent:
        return "This line needs a tensor's values, which shapes mode does not compute: capture in values mode."
    if isinstance(fault, RecursionError):
        return "The model calls itself without end: correct the line."
    if not isinstance(fault, Exception):
        return "A capture can't go past this line: leave it out of forward, or write a recipe that does not come here."
    if assumed:
        return (
            "The inputs were inferred: write the right ones in a `# peek:` directive by the class, or correct the line."
        )
    return (
        "Compare the shapes on the lines before with what this line expects; correct the line, or the recipe's inputs."
    )

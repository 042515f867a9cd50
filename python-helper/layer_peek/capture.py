"""One capture from the request to its end, whatever happens on the way."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import os
import platform
import time
from typing import Callable

import torch

from layer_peek import errors, infer, load, memory, modes, overlays, processes, provenance, recipe
from layer_peek.errors import CaptureFailure
from layer_peek.forward import Forward
from layer_peek.gradients import Loss, loss_of, split_loss
from layer_peek.protocol import CaptureEnd, CaptureError, CapturePart, CaptureRequest, Recipe
from layer_peek.recipe import Namespace, NeedsInputs, Prepared
from layer_peek.recording import Recording
from layer_peek.retained import Retained
from layer_peek.symbolic import Symbolic
from layer_peek.torch_files import HELPER_FOLDER

Progress = Callable[[str, str], None]


class Capture:
    """Runs one request. Meant for a process of its own: it changes sys.path, the working directory and nn.Module."""

    def __init__(self, request: CaptureRequest, send: Callable[[CapturePart], None], progress: Progress) -> None:
        self._request = request
        self._progress = progress
        self._recording = Recording(send)
        self._notes: list[str] = []
        self._mode = request["mode"]
        self._forward: Forward | None = None
        self._assumed = False
        self._expression = request["recipe"]["expression"]
        self.retained = Retained()

    def run(self) -> CaptureEnd:
        """Runs to the end; failures are part of the result."""
        started, clock = dt.datetime.now(dt.timezone.utc), time.perf_counter()
        error: CaptureError | None = None
        try:
            with modes.restored_random_state():
                error = self._run()
        except CaptureFailure as failure:
            error = failure.error
        self._recording.close()
        processes.flush_output()
        result: Recipe = {
            "expression": self._expression,
            "source": self._request["recipe"]["source"],
            "assumed": self._assumed,
        }
        forward = self._forward
        end: CaptureEnd = {
            "status": "ok" if error is None else "failed",
            "mode": self._mode,
            "recipe": result,
            "provenance": {
                "torch": torch.__version__,
                "python": platform.python_version(),
                "startedAt": started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "durationMs": (time.perf_counter() - clock) * 1000,
                "training": bool(self._request.get("training")),
            },
            "findings": [] if forward is None else forward.findings,
            "uncalled": [] if forward is None else forward.uncalled,
            "notes": self._notes + ([] if forward is None else forward.notes),
            "error": error,
        }
        if forward is not None and forward.gradients is not None:
            end["gradients"] = forward.gradients
        return end

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
        if self._mode == "values":
            limit = self._request.get("memoryLimit") or memory.available()
            try:
                with memory.limited(limit):
                    error = self._run_prepared(namespace)
                    fault = None if self._forward is None else self._forward.fault
            except CaptureFailure as failure:
                error, fault = failure.error, failure.__cause__
                if fault is None or not modes.is_out_of_memory(fault):
                    raise
            if limit is None or fault is None or not modes.is_out_of_memory(fault):
                return error
            # What the run holds must be gone before the next one begins.
            fault.__traceback__ = None
            del fault
            needs = f"Values mode needs more than the {memory.text(limit)} of memory that there are"
            self._begin_again(f"{needs}: this is shapes mode.")
        elif self._mode == "symbolic":
            try:
                error = self._run_symbolic(namespace)
                if error is None:
                    return None
                problem = error["message"]
            except CaptureFailure as failure:
                problem = failure.error["message"]
            self._begin_again(f"Sizes could not have names here, so these are numbers: {problem.splitlines()[0]}")
        return self._run_prepared(namespace)

    def _begin_again(self, note: str) -> None:
        """Goes over to shapes mode."""
        self._mode, self._forward, self.retained = "shapes", None, Retained()
        self._recording.restart()
        gc.collect()
        self._notes.append(note)

    def _run_symbolic(self, namespace: Namespace) -> CaptureError | None:
        symbolic = Symbolic()
        self._recording.hold()
        with symbolic.running() as constructing:
            with constructing:
                prepared, _ = self._prepare(namespace)
            symbolic.name_inputs(prepared)
            self._forward = self._new_forward()
            error = self._forward.run(prepared, None)
            if error is not None:
                return error
        text = symbolic.finish()

        def print_sizes(part: CapturePart) -> None:
            for call in part.get("calls", []):
                symbolic.print_sizes(call["input"], text)
                if call["output"] is not None:
                    symbolic.print_sizes(call["output"], text)
            for operation in part.get("operations", []):
                symbolic.print_sizes(operation["output"], text)

        self._recording.release(print_sizes)
        constraints = text.constraints()
        if constraints:
            self._notes.append(f"The sizes hold for {', '.join(constraints)}.")
        return None

    def _new_forward(self) -> Forward:
        return Forward(self._request, self._mode, self._recording, self.retained, self._progress, self._assumed)

    def _run_prepared(self, namespace: Namespace) -> CaptureError | None:
        with contextlib.ExitStack() as stack:
            constructing: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
            if self._mode != "values":
                constructing = stack.enter_context(modes.shapes_only())[0]()
            with constructing:
                prepared, loss = self._prepare(namespace)
            self._forward = self._new_forward()
            return self._forward.run(prepared, loss)

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

    def _infer(self, namespace: Namespace, construct: list[str]) -> None:
        self._progress("infer", "Looking for inputs")
        candidates = construct or ([f"{self._request['className']}()"] if self._request["className"] else [])
        if not candidates:
            raise errors.failure("noClass", "No module class is named.", "Name the class: FILE:Class.")
        found = infer.infer(candidates, namespace)
        self._expression, self._assumed = found.expression, True
        self._notes.extend(found.notes)

    def _prepare(self, namespace: Namespace) -> tuple[Prepared, Loss | None]:
        assert self._expression is not None
        self._progress("construct", f"Building {self._expression}")
        called, rest = self._expression, None
        if self._request.get("gradients"):
            called, rest = split_loss(self._expression)
        try:
            return recipe.prepare(called, namespace, modes.seed), None if rest is None else loss_of(rest, namespace)
        except NeedsInputs:
            construct = self._expression
            self._expression = None
            self._infer(namespace, [construct])
            return recipe.prepare(str(self._expression), namespace, modes.seed), None

"""One capture from the request to its end, whatever happens on the way."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
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
    load,
    memory,
    modes,
    overlays,
    preload,
    processes,
    provenance,
    recipe,
    tracebacks,
)
from layer_peek.channel import ChannelLost
from layer_peek.errors import CaptureFailure
from layer_peek.forward import Forward
from layer_peek.gradients import Loss, loss_of, split_loss
from layer_peek.protocol import CaptureEnd, CaptureError, CapturePart, CaptureRequest, Recipe
from layer_peek.recipe import Namespace, NeedsInputs, Prepared
from layer_peek.recording import Recording, Send
from layer_peek.retained import Retained, budget_within
from layer_peek.symbolic import Symbolic
from layer_peek.torch_files import HELPER_FOLDER

Progress = Callable[[str, str], None]

# What shapes may take of a model that was too large for values mode: 70 billion parameters take a quarter of it.
_SHAPES_BYTES = 96 * memory.MEBIBYTE


class Capture:
    """Runs one request. Meant for a process of its own: it changes sys.path, the working directory and nn.Module."""

    def __init__(self, request: CaptureRequest, send: Send, progress: Progress) -> None:
        self._request = request
        self._progress = progress
        self._recording = Recording(send)
        self._notes: list[str] = []
        self._mode = request["mode"]
        self._forward: Forward | None = None
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
                        f"`# peek: {self._request['className'] or 'Model'}(arguments)(torch.randn(1, 3, 224, 224))`."
                    )
                raise
        if self._mode == "values":
            return self._run_values(namespace)
        if self._mode == "symbolic":
            try:
                error = self._run_symbolic(namespace)
                if error is None:
                    return None
                problem = error["message"]
            except CaptureFailure as failure:
                problem = failure.error["message"]
            self._begin_again(f"Sizes could not have names here, so these are numbers: {problem.splitlines()[0]}")
            self._restrict()
        return self._run_prepared(namespace)

    def _run_values(self, namespace: Namespace) -> CaptureError | None:
        """Goes over to shapes mode where memory did not do; where that does not help either, memory is the error."""
        error = self._attempt(namespace)
        if error is None or error["kind"] != "memory":
            return error
        self._begin_again(f"Values mode needs more memory than {memory.most_text()}: this is shapes mode.")
        preload.preload()
        # A loop without end, which shapes mode would follow for long, soon comes to the end of this.
        self._restrict(_SHAPES_BYTES)
        again = self._attempt(namespace)
        if again is None or (again["kind"] not in ("memory", "dataDependent") and not _same_line(again, error)):
            return again
        memory.relax()
        self._notes[-1] = f"{self._notes[-1]} It came no further: {again['message'].splitlines()[0]}"
        return error

    def _attempt(self, namespace: Namespace) -> CaptureError | None:
        try:
            return self._run_prepared(namespace)
        except CaptureFailure as failure:
            # Its cause would hold on to what the run holds, which must be gone before another one begins.
            return failure.error

    def _restrict(self, most: int | None = None) -> None:
        limit = memory.limit(self._request.get("memoryBytes"))
        if limit is not None:
            memory.restrict(limit if most is None else min(most, limit))

    def _begin_again(self, note: str) -> None:
        """Goes over to shapes mode."""
        self._mode, self._forward, self.retained = "shapes", None, Retained(self.retained.budget)
        # It is none while inputs are looked for.
        self._expression = self._expression or self._request["recipe"]["expression"]
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
            self._infer(namespace, [construct], given=True)
            return recipe.prepare(str(self._expression), namespace, modes.seed), None


def _same_line(one: CaptureError, other: CaptureError) -> bool:
    """True where both failed on one line: what shapes mode can't do there says nothing about the model."""
    here, there = one.get("site"), other.get("site")
    return here is not None and there is not None and (here["file"], here["line"]) == (there["file"], there["line"])

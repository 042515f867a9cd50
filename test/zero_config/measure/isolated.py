"""Runs one capture in a process of its own, forked from one that has imported what the models need."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import tempfile
import time
from typing import Any

from measure.cases import Case

LIMIT_SECONDS = 120


def run(case: Case, given: str | None) -> dict[str, Any]:
    """Captures; `given` is a recipe that is run in place of what the ladder finds.

    Meant for a process with one thread: a fork of one that has run operations in several would hang.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(case, given, writing)
    os.close(writing)
    text, deadline = b"", time.monotonic() + LIMIT_SECONDS
    while select.select([reading], [], [], max(0.0, deadline - time.monotonic()))[0]:
        piece = os.read(reading, 1 << 16)
        if not piece:
            break
        text += piece
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(reading)
    if not text:
        late = time.monotonic() >= deadline
        reason = f"not done after {LIMIT_SECONDS} s" if late else f"the process ended with status {status}"
        return {"end": None, "input": None, "problem": reason, "inferSeconds": None}
    result: dict[str, Any] = json.loads(text)
    return result


def _child(case: Case, given: str | None, writing: int) -> None:
    """Does not return."""
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.argv = ["capture"]
        result = _capture(case, given)
    except BaseException as fault:  # noqa: BLE001 - whatever happens is the result
        result = {"end": None, "input": None, "problem": repr(fault), "inferSeconds": None}
    with os.fdopen(writing, "w", encoding="utf-8") as out:
        json.dump(result, out)
        out.flush()
    os._exit(0)


def _capture(case: Case, given: str | None) -> dict[str, Any]:
    from layer_peek.capture import Capture

    root_input: list[Any] = []
    clock = {"infer": 0.0, "construct": 0.0}

    def part(piece: dict[str, Any]) -> None:
        root_input.extend(call["input"] for call in piece.get("calls", []) if call["path"] == "")

    def progress(stage: str, _: str) -> None:
        clock.setdefault(f"first {stage}", time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        request = {**case.request}
        if case.text is not None:
            request["file"] = os.path.join(folder, "captured_file.py")
            with open(request["file"], "w", encoding="utf-8") as out:
                out.write(case.text)
        if given is not None:
            request["recipe"] = {"expression": given, "construct": [], "source": "argument"}
        request["select"] = {"paths": [""], "lines": []}
        end = Capture(request, part, progress).run()  # type: ignore[arg-type]
    infer, construct = clock.get("first infer"), clock.get("first construct")
    seconds = None if infer is None else (construct or time.perf_counter()) - infer
    return {"end": end, "input": root_input[0] if root_input else None, "problem": None, "inferSeconds": seconds}

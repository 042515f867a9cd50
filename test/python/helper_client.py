"""Talks to a real helper process over the real framing; every message it sends is checked against the schema."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from layer_peek import schema
from layer_peek.framing import FrameReader, encode

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HELPER = os.path.join(ROOT, "python-helper")
EXAMPLES = os.path.join(ROOT, "examples")
LIMIT_SECONDS = 60.0
# Bytes kept of what was printed.
_PRINTED = 1 << 17

_NOTIFICATIONS = {
    "ready": "Ready",
    "started": "Started",
    "progress": "Progress",
    "part": "CapturePart",
    "exited": "Exited",
}


class Gone(Exception):
    """The helper has closed its side."""


@dataclass
class Result:
    """The answer to a request, and the notifications that came before it."""

    answer: dict[str, Any]
    notifications: list[dict[str, Any]] = field(default_factory=list)

    @property
    def end(self) -> dict[str, Any]:
        assert "result" in self.answer, self.answer
        end: dict[str, Any] = self.answer["result"]
        return end

    def named(self, method: str) -> list[dict[str, Any]]:
        return [one["params"] for one in self.notifications if one["method"] == method]

    def listed(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for part in self.named("part"):
            found = part.get(name, []) if part.get("restarted") else found + part.get(name, [])
        return found

    @property
    def modules(self) -> list[dict[str, Any]]:
        return self.listed("modules")

    @property
    def calls(self) -> list[dict[str, Any]]:
        return sorted(self.listed("calls"), key=lambda call: int(call["order"]))

    @property
    def operations(self) -> list[dict[str, Any]]:
        return self.listed("operations")

    def call(self, path: str, index: int = 0) -> dict[str, Any]:
        return next(call for call in self.calls if call["path"] == path and call["index"] == index)

    def output_shape(self, path: str) -> list[int]:
        shape: list[int] = self.call(path)["output"]["shape"]
        return shape


class HelperClient:
    """One helper process."""

    def __init__(
        self,
        *arguments: str,
        python: str = sys.executable,
        env: dict[str, str] | None = None,
        awaits_ready: bool = True,
    ) -> None:
        self.process = subprocess.Popen(
            [python, HELPER, "serve", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=env,
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        os.set_blocking(self.process.stderr.fileno(), False)
        self._reader = FrameReader()
        self._bodies: list[dict[str, Any]] = []
        self._next_id = 0
        self.printed = ""
        self.printed_bytes = 0
        self.ready: dict[str, Any] = self.expect("ready") if awaits_ready else {}

    def close(self) -> None:
        """Closes the server's side and waits for the end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(LIMIT_SECONDS)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def receive(self) -> dict[str, Any]:
        """Waits for a message; raises Gone at the end."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        deadline = time.monotonic() + LIMIT_SECONDS
        streams = [self.process.stdout, self.process.stderr]
        while not self._bodies:
            readable, _, _ = select.select(streams, [], [], max(0.0, deadline - time.monotonic()))
            assert readable, f"the helper is silent; it printed: {self.printed}"
            if self.process.stderr in readable and not self._read_printed():
                streams.remove(self.process.stderr)
            if self.process.stdout in readable:
                data = os.read(self.process.stdout.fileno(), 1 << 16)
                if not data:
                    raise Gone(self.printed)
                self._bodies += [json.loads(body) for body in self._reader.feed(data)]
        message = self._bodies.pop(0)
        if "method" in message:
            problem = schema.problem_with(message["params"], _NOTIFICATIONS[message["method"]])
            assert problem is None, problem
        return message

    def read_output(self) -> str:
        """Returns all that was printed so far."""
        assert self.process.stderr is not None
        while select.select([self.process.stderr], [], [], 0)[0] and self._read_printed():
            pass
        return self.printed

    def _read_printed(self) -> bool:
        """Reads what is there and keeps the end of it; False at the end of the stream."""
        assert self.process.stderr is not None
        text = os.read(self.process.stderr.fileno(), 1 << 20)
        self.printed_bytes += len(text)
        self.printed = (self.printed + text[-_PRINTED:].decode(errors="replace"))[-_PRINTED:]
        return bool(text)

    def receive_all(self) -> None:
        """Receives what is left to its end, which must come."""
        try:
            while True:
                self.receive()
        except Gone:
            return

    def expect(self, method: str) -> dict[str, Any]:
        """Waits for a notification and skips what comes before it."""
        while True:
            message = self.receive()
            if message.get("method") == method:
                params: dict[str, Any] = message["params"]
                return params

    def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(encode(message))
        self.process.stdin.flush()

    def start(self, method: str, params: object) -> int:
        """Sends a request and returns its id."""
        self._next_id += 1
        self.send({"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params})
        return self._next_id

    def finish(self, request: int) -> Result:
        """Waits for the answer to a request."""
        notifications: list[dict[str, Any]] = []
        while True:
            message = self.receive()
            if message.get("id") == request and "method" not in message:
                return Result(message, notifications)
            if "method" in message:
                notifications.append(message)

    def ask(self, method: str, params: object) -> Result:
        return self.finish(self.start(method, params))

    def capture(self, file: str, **fields: Any) -> Result:
        """Captures; the fields are those of `capture_request`."""
        result = self.ask("capture", capture_request(file, **fields))
        if "result" in result.answer:
            problem = schema.problem_with(result.end, "CaptureEnd")
            assert problem is None, problem
        return result

    def stop(self) -> None:
        self.send({"jsonrpc": "2.0", "method": "stop"})


def capture_request(
    file: str,
    recipe: str | None = None,
    construct: Sequence[str] = (),
    class_name: str | None = None,
    mode: str = "values",
    select: dict[str, Any] | None = None,
    overlays: dict[str, str] | None = None,
    workspace: str | None = None,
    memory: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Makes a CaptureRequest; `more` are fields that may be left out."""
    return {
        **({} if memory is None else {"memoryBytes": memory}),
        **more,
        "file": file,
        "workspaceRoot": workspace,
        "className": class_name,
        "recipe": {
            "expression": recipe,
            "construct": list(construct),
            "source": "argument" if recipe is not None else "defaults",
        },
        "mode": mode,
        "select": select,
        "overlays": [{"file": name, "text": text} for name, text in (overlays or {}).items()],
    }


def processes_of_group(group: int) -> list[int]:
    """Lists the processes of a group that are not zombies (Linux)."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(name))
    return found


def poll(condition: Any, limit: float = 10.0) -> bool:
    """Asks until the condition holds or the time is up."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if condition():
            return True
        select.select([], [], [], 0.01)
    return bool(condition())

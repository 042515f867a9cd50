"""What calls and operations share: their order, and the way out to the server."""

from __future__ import annotations

import threading
from typing import Callable, Optional

from layer_peek.protocol import Call, CapturePart, Operation, RuntimeClass, RuntimeModule

# The first results go out one by one, so that a crash right after them loses nothing; later ones in batches.
_AT_ONCE = 128
_BATCH = 500
_BATCH_SECONDS = 0.05

# A loop without end must fill neither this process nor the server: a model of 10,000 calls needs 10 MB.
MAX_BYTES = 96 * 1024 * 1024
# About what a call takes when it is sent, for calls that are held back.
_HELD_BYTES = 1024

Send = Callable[[CapturePart], Optional[int]]
"""Sends a part; tells its size in bytes where it has one."""


class Recording:
    """Collects results and sends them in parts, bounded in size and time; a thread sends what a hung forward left."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._lock = threading.RLock()
        self._calls: list[Call] = []
        self._operations: list[Operation] = []
        self._order = 0
        self._sent = 0
        self._room = MAX_BYTES
        self.omitted = 0
        self._closed = threading.Event()
        self._flusher: threading.Thread | None = None
        self._before_sending: Callable[[CapturePart], None] | None = None
        self._held = False
        self.calls_by_path: dict[str, int] = {}

    def hold(self) -> None:
        """Keeps calls and operations back until `release`."""
        self._held = True

    def release(self, before_sending: Callable[[CapturePart], None]) -> None:
        """Sends what was held back, once `before_sending` has made it ready."""
        self._held, self._before_sending = False, before_sending
        self.flush()

    def restart(self) -> None:
        """Says that what was sent is void, and counts from the beginning."""
        with self._lock:
            self._calls, self._operations = [], []
            self._held, self._before_sending = False, None
            self._order = self._sent = self.omitted = 0
            self._room = MAX_BYTES
            self.calls_by_path = {}
            self._send({"restarted": True})

    def next_order(self) -> int:
        """Gives the next place in the order in which calls and operations began."""
        with self._lock:
            self._order += 1
            return self._order - 1

    def begin_call(self, path: str) -> tuple[int, int]:
        """Counts a layer's calls, 0 for the first, and gives the call's place in the order."""
        with self._lock:
            index = self.calls_by_path.get(path, 0)
            self.calls_by_path[path] = index + 1
            self._order += 1
            return index, self._order - 1

    def add_modules(self, modules: list[RuntimeModule], classes: list[RuntimeClass]) -> None:
        """Sends descriptions of modules and of their classes at once."""
        self._room -= self._send({"modules": modules, "classes": classes}) or 0

    def add_call(self, call: Call) -> None:
        """Adds a call that has ended."""
        with self._lock:
            if self._has_room():
                self._calls.append(call)
                self._after_adding()

    def add_operation(self, operation: Operation) -> None:
        """Adds an operation that has ended."""
        with self._lock:
            if self._has_room():
                self._operations.append(operation)
                self._after_adding()

    def _has_room(self) -> bool:
        if self._room > 0 and not self._held:
            return True
        held = (len(self._calls) + len(self._operations)) * _HELD_BYTES if self._held else 0
        self.omitted += self._room <= held
        return self._room > held

    def _after_adding(self) -> None:
        self._sent += 1
        if self._sent <= _AT_ONCE or len(self._calls) + len(self._operations) >= _BATCH:
            self.flush()
        if self._sent > _AT_ONCE and self._flusher is None:
            self._flusher = threading.Thread(target=self._flush_regularly, name="layer-peek-parts", daemon=True)
            self._flusher.start()

    def _flush_regularly(self) -> None:
        while not self._closed.wait(_BATCH_SECONDS):
            self.flush()

    def flush(self) -> None:
        """Sends what has been collected."""
        with self._lock:
            part: CapturePart = {}
            if self._held:
                return
            if self._calls:
                part["calls"] = self._calls
            if self._operations:
                part["operations"] = self._operations
            if part:
                self._calls, self._operations = [], []
                if self._before_sending is not None:
                    self._before_sending(part)
                self._room -= self._send(part) or 0

    def close(self) -> None:
        """Sends the rest and ends the thread."""
        self._closed.set()
        if self._flusher is not None:
            self._flusher.join()
        self.flush()

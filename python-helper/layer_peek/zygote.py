"""The warm process on Linux: it has only imported torch, and forks one child per capture.

It never runs an operation: torch's thread pool would not survive the fork. It is single-threaded; it relays whole
messages between the server and the child, and nothing of a child survives it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Callable, cast

from layer_peek import ends, memory, messages, processes
from layer_peek.channel import Channel
from layer_peek.framing import FrameReader, FramingError, frame
from layer_peek.memory_watch import IDLE_WATCH_SECONDS, WATCH_SECONDS, MemoryWatch
from layer_peek.messages import BadMessage, Id, Incoming
from layer_peek.preload import IDLE_SECONDS
from layer_peek.protocol import CaptureError, CaptureRequest

RunChild = Callable[[Channel, Id, CaptureRequest], None]


@dataclass
class _Child:
    pid: int
    channel: Channel
    pending: list[Id]
    watch: MemoryWatch | None
    # When the watch was last asked.
    watched: float = field(default_factory=time.monotonic)
    reader: FrameReader = field(default_factory=FrameReader)
    # Why this process ended it, where it did and the user has to know.
    error: CaptureError | None = None


class Zygote:
    """Serves the server over `channel`.

    `run_child` runs in each forked child and does not return; `preload` runs once, when there is nothing to do.
    """

    def __init__(self, channel: Channel, run_child: RunChild, preload: Callable[[], None]) -> None:
        self._channel = channel
        self._run_child = run_child
        self._preload: Callable[[], None] | None = preload
        self._child: _Child | None = None
        self._wake_reading, self._wake_writing = os.pipe()

    def serve(self) -> None:
        """Relays until the server is gone."""
        os.set_blocking(self._wake_reading, False)
        os.set_blocking(self._wake_writing, False)
        # Without a Python handler the signal would not be written to the wake-up descriptor.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake_writing)
        reader = FrameReader()
        try:
            while True:
                waiting = [self._channel.receiving, self._wake_reading]
                if self._child is not None:
                    waiting.append(self._child.channel.receiving)
                readable, _, _ = select.select(waiting, [], [], self._patience())
                self._watch_memory()
                if not readable and not self._is_busy():
                    self._run_preload()
                if self._wake_reading in readable:
                    os.read(self._wake_reading, 4096)
                    self._reap()
                if self._child is not None and self._child.channel.receiving in readable:
                    self._relay(self._child)
                if self._channel.receiving in readable:
                    data = self._channel.read()
                    if not data:
                        return
                    for body in reader.feed(data):
                        self._handle(body)
        except (BrokenPipeError, ConnectionResetError, FramingError):
            # The server is gone or talks nonsense; either way there is nobody to serve.
            return
        finally:
            if self._child is not None:
                processes.kill_group(self._child.pid)
            processes.kill_children()

    def _patience(self) -> float | None:
        """Tells how long to wait for messages before there is something else to do; None for ever."""
        if self._child is not None and self._child.watch is not None:
            return WATCH_SECONDS if self._is_busy() else IDLE_WATCH_SECONDS
        return None if self._preload is None or self._is_busy() else IDLE_SECONDS

    def _is_busy(self) -> bool:
        return self._child is not None and bool(self._child.pending)

    def _watch_memory(self) -> None:
        child = self._child
        if child is None or child.watch is None or time.monotonic() < child.watched + WATCH_SECONDS:
            return
        child.watched = time.monotonic()
        error = child.watch.exceeded()
        if error is not None:
            self._end_child(error)

    def _run_preload(self) -> None:
        if self._preload is not None:
            preload, self._preload = self._preload, None
            preload()

    def _handle(self, body: bytes) -> None:
        try:
            incoming = messages.parse(body)
        except BadMessage as bad:
            self._channel.send(messages.error(bad.request, bad.code, bad.text))
            return
        if incoming.method == "stop":
            self._end_child()
        elif incoming.id is None:
            return
        elif incoming.method == "capture":
            self._end_child()
            self._start_child(incoming, incoming.id)
        elif self._child is None:
            self._channel.send(
                messages.error(incoming.id, messages.INTERNAL_ERROR, "The tensors are gone: no capture is alive.")
            )
        else:
            self._child.pending.append(incoming.id)
            try:
                self._child.channel.send_bytes(frame(body))
            except BlockingIOError:
                # User code holds the child up, and the pipe to it is full: waiting would hold up `stop` as well.
                self._child.pending.remove(incoming.id)
                self._channel.send(messages.error(incoming.id, messages.INTERNAL_ERROR, "The model's code is busy."))
            except BrokenPipeError:
                # The child has just died; its end answers what is pending.
                return

    def _start_child(self, incoming: Incoming, request: Id) -> None:
        params = cast(CaptureRequest, incoming.params)
        limit = memory.limit(params.get("memoryBytes"))
        to_child, to_zygote = os.pipe(), os.pipe()
        processes.flush_output()
        # User code of the capture before may have switched what all share.
        os.set_blocking(2, True)
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_child(zygote, Channel(to_child[0], to_zygote[1]), (to_child[1], to_zygote[0]), request, params)
        os.close(to_child[0])
        os.close(to_zygote[1])
        os.set_blocking(to_zygote[0], False)
        os.set_blocking(to_child[1], False)
        watch = None if limit is None else MemoryWatch(pid, limit)
        self._child = _Child(pid, Channel(to_zygote[0], to_child[1]), [request], watch)
        self._channel.send(messages.notification("started", {"pid": pid}))

    def _become_child(
        self, zygote: int, channel: Channel, others: tuple[int, int], request: Id, params: CaptureRequest
    ) -> None:
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            processes.lead_group()
            processes.die_with_parent(zygote)
            for descriptor in (*others, self._channel.receiving, self._channel.sending):
                os.close(descriptor)
            os.close(self._wake_reading)
            os.close(self._wake_writing)
            memory.volunteer()
            self._run_child(channel, request, params)
        except BaseException:  # noqa: BLE001 - the zygote's loop must not go on in a child
            sys.excepthook(*sys.exc_info())
            processes.flush_output()
        finally:
            os._exit(ends.HELPER_FAULT)

    def _relay(self, child: _Child) -> None:
        """Passes on the child's whole messages."""
        try:
            data = child.channel.read()
        except BlockingIOError:
            return
        if not data:
            # The child has ended, or user code closed the pipe: no answer can come any more.
            self._end_child(None if processes.ends_soon(child.pid) else ends.closed_descriptors())
            return
        try:
            self._pass_on(child, child.reader.feed(data))
        except FramingError as fault:
            self._pass_on(child, fault.bodies)
            self._end_child(ends.garbled_channel())
            return
        if not child.pending:
            # Captures that follow each other without a pause would never leave the time for it.
            self._run_preload()

    def _pass_on(self, child: _Child, bodies: list[bytes]) -> None:
        for body in bodies:
            answered = messages.answered_id(body)
            if answered is not None and answered in child.pending:
                child.pending.remove(answered)
        self._channel.send_bytes(b"".join(frame(body) for body in bodies))

    def _end_child(self, error: CaptureError | None = None) -> None:
        if self._child is not None:
            self._child.error = error
            processes.kill_group(self._child.pid)
            self._reap(wait=True)

    def _reap(self, wait: bool = False) -> None:
        child = self._child
        if child is None:
            processes.kill_children()
            return
        pid, status, usage = os.wait4(child.pid, 0 if wait else os.WNOHANG)
        if pid == 0:
            processes.bury_others(child.pid)
            return
        self._child = None
        # What the child started may outlive it; it must not.
        processes.kill_group(pid)
        processes.kill_children()
        self._drain(child)
        os.close(child.channel.receiving)
        os.close(child.channel.sending)
        signaled = os.WIFSIGNALED(status)
        killer = os.WTERMSIG(status) if signaled else 0
        end: dict[str, object] = {
            "pid": pid,
            "code": None if signaled else os.WEXITSTATUS(status),
            "signal": _signal_name(killer) if signaled else None,
        }
        error = child.error or ends.error_of(end["code"])
        if error is None and child.watch is not None and end["signal"] in ends.CRASHES:
            error = child.watch.suspect(str(end["signal"]), usage.ru_maxrss * 1024)
        if error is not None:
            end["error"] = error
        self._channel.send(messages.notification("exited", end))
        for request in child.pending:
            self._channel.send(messages.error(request, messages.INTERNAL_ERROR, _end_text(end)))

    def _drain(self, child: _Child) -> None:
        """Passes on the last words of a child that has ended; garbled ones are left out."""
        with contextlib.suppress(BlockingIOError, FramingError):
            data = child.channel.read()
            while data:
                self._pass_on(child, child.reader.feed(data))
                data = child.channel.read()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        # Real-time signals have no names of their own.
        return f"signal {number}"


def _end_text(end: Mapping[str, object]) -> str:
    error = end.get("error")
    if isinstance(error, dict):
        return str(error["message"])
    how = f"by the signal {end['signal']}" if end["signal"] is not None else f"with exit code {end['code']}"
    return f"The process that ran the capture ended {how}."

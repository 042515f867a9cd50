"""A process that runs one capture and then answers questions about it until the other side is gone."""

from __future__ import annotations

import os
import queue
import threading
import time
import traceback
from typing import cast

from layer_peek import ends, memory, messages, preload, processes
from layer_peek.capture import Capture
from layer_peek.channel import Channel, ChannelLost
from layer_peek.framing import FrameReader, FramingError, encode
from layer_peek.memory_watch import WATCH_SECONDS, MemoryWatch
from layer_peek.messages import BadMessage, Id, Incoming
from layer_peek.protocol import CapturePart, CaptureRequest
from layer_peek.statistics import statistics


class Session:
    """Serves one channel. A thread reads it, so that the end of the other side ends a running capture too."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._incoming: queue.SimpleQueue[Incoming | BadMessage] = queue.SimpleQueue()
        self._capture: Capture | None = None

    def serve(self, announce: bool) -> None:
        """Answers messages until the other side is gone; `announce` sends `started` before the capture."""
        self._start_reading()
        if announce and self._is_idle():
            preload.preload()
        try:
            while True:
                message = self._incoming.get()
                if isinstance(message, BadMessage):
                    self._channel.send(messages.error(message.request, message.code, message.text))
                elif message.id is not None:
                    self._answer(message, message.id, announce)
        except ChannelLost:
            ends.because_channel_is_lost()

    def _is_idle(self) -> bool:
        try:
            self._incoming.put(self._incoming.get(timeout=preload.IDLE_SECONDS))
        except queue.Empty:
            return True
        return False

    def serve_capture(self, request: Id, params: CaptureRequest) -> None:
        """Runs the capture, then answers questions about it; does not return."""
        self._incoming.put(Incoming("capture", request, cast("dict[str, object]", params)))
        self.serve(announce=False)

    def _start_reading(self) -> None:
        threading.Thread(target=self._read, name="layer-peek-reader", daemon=True).start()

    def _read(self) -> None:
        reader = FrameReader()
        try:
            while True:
                data = self._channel.read()
                if not data:
                    break
                for body in reader.feed(data):
                    try:
                        message = messages.parse(body)
                    except BadMessage as bad:
                        self._incoming.put(bad)
                        continue
                    if message.method == "stop":
                        processes.end_group()
                    self._incoming.put(message)
        except (OSError, FramingError):
            # The other side does neither; user code has closed the descriptor, or put another file in its place.
            ends.because_channel_is_lost()
        processes.end_group()

    def _answer(self, message: Incoming, request: Id, announce: bool) -> None:
        if message.method == "statistics":
            self._answer_statistics(request, cast(int, message.params["handle"]))
        elif self._capture is not None:
            self._channel.send(
                messages.error(request, messages.INVALID_REQUEST, "This helper runs one capture, and it has run it.")
            )
        else:
            self._run(request, cast(CaptureRequest, message.params), announce)

    def _run(self, request: Id, params: CaptureRequest, announce: bool) -> None:
        limit = memory.limit(params.get("memoryBytes"))
        if announce:
            self._channel.send(messages.notification("started", {"pid": os.getpid()}))
            if limit is not None:
                self._watch_memory(limit)
        if limit is not None:
            memory.restrict(limit)
        self._capture = Capture(params, self._send_part, self._send_progress)
        try:
            end = self._capture.run()
        except ChannelLost:
            raise
        except BaseException:  # noqa: BLE001 - a fault of ours is answered with its text
            memory.relax()
            self._channel.send(messages.error(request, messages.INTERNAL_ERROR, traceback.format_exc()))
        else:
            self._channel.send(messages.answer(request, cast("dict[str, object]", end)))

    def _watch_memory(self, limit: int) -> None:
        """Watches from a thread, where no other process does."""
        watch = MemoryWatch(os.getpid(), limit)

        def look() -> None:
            error = watch.exceeded()
            while error is None:
                time.sleep(WATCH_SECONDS)
                error = watch.exceeded()
            end = {"pid": os.getpid(), "code": None, "signal": "SIGKILL", "error": error}
            self._channel.send(messages.notification("exited", end))
            processes.end_group()

        threading.Thread(target=look, name="layer-peek-memory", daemon=True).start()

    def _answer_statistics(self, request: Id, handle: int) -> None:
        found = None if self._capture is None else self._capture.retained.get(handle)
        if found is None:
            self._channel.send(
                messages.error(request, messages.INVALID_PARAMS, f"No tensor with the handle {handle} is kept.")
            )
            return
        try:
            result = statistics(*found)
        except Exception as fault:  # noqa: BLE001 - subclasses of Tensor run user code
            self._channel.send(
                messages.error(request, messages.INTERNAL_ERROR, f"This tensor has no statistics: {fault}")
            )
        else:
            self._channel.send(messages.answer(request, cast("dict[str, object]", result)))

    def _send_part(self, part: CapturePart) -> int:
        data = encode(messages.notification("part", cast("dict[str, object]", part)))
        self._channel.send_bytes(data)
        return len(data)

    def _send_progress(self, stage: str, message: str) -> None:
        self._channel.send(messages.notification("progress", {"stage": stage, "message": message}))

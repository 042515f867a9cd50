"""Owns the real stdio: what user code prints, from Python or C, goes to stderr and never into the protocol."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping

from layer_peek import framing


def take_stdio() -> tuple[int, int]:
    """Moves descriptors 0 and 1 to private ones that no child process inherits.

    Descriptor 0 then reads nothing, descriptor 1 writes to stderr. Returns the private descriptors to read from and
    to write to. Call it before anything else can print.
    """
    receiving, sending = os.dup(0), os.dup(1)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(receiving, os.O_BINARY)
        msvcrt.setmode(sending, os.O_BINARY)
    for stream in (sys.stdout, sys.stderr):
        # Lines must reach the reader before a crash does, and no text of the user may fail to print.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    return receiving, sending


class ChannelLost(Exception):
    """User code closed a descriptor of ours."""


def _identity(descriptor: int) -> tuple[int, int] | None:
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino


class Channel:
    """Sends messages over a descriptor and reads bytes from another; several threads may send."""

    def __init__(self, receiving: int, sending: int) -> None:
        self.receiving = receiving
        self.sending = sending
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._identity = _identity(sending)

    def read(self) -> bytes:
        """Waits for bytes; empty once the other side is gone."""
        return os.read(self.receiving, 1 << 16)

    def send(self, message: Mapping[str, object]) -> None:
        """Sends one message."""
        self.send_bytes(framing.encode(message))

    def send_bytes(self, data: bytes) -> None:
        """Sends framed bytes; silent in a process that user code forked from ours.

        Raises ChannelLost where the descriptor is no longer ours: user code has closed it.
        """
        if os.getpid() != self._owner:
            return
        with self._lock:
            if _identity(self.sending) != self._identity:
                # Another file may have taken its number; it is the user's, and must not be written to.
                raise ChannelLost
            view = memoryview(data)
            while view:
                view = view[os.write(self.sending, view) :]

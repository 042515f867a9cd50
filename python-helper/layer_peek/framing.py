"""JSON-RPC messages with a `Content-Length` header, as vscode-jsonrpc reads and writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_HEADER_LIMIT = 4096


class FramingError(Exception):
    """The other side sent bytes that are no message; `bodies` are those of whole messages before them."""

    def __init__(self, text: str, bodies: list[bytes]) -> None:
        super().__init__(text)
        self.bodies = bodies


def frame(body: bytes) -> bytes:
    """Puts the header before a body."""
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def encode(message: Mapping[str, object]) -> bytes:
    """Turns a message into a framed body of ASCII JSON."""
    return frame(json.dumps(message, separators=(",", ":"), allow_nan=False).encode("ascii"))


class FrameReader:
    """Cuts a stream of bytes into message bodies."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Adds bytes and returns the bodies they complete; raises FramingError where there is no header."""
        self._buffer += data
        bodies: list[bytes] = []
        while True:
            end = self._buffer.find(b"\r\n\r\n")
            if (len(self._buffer) if end < 0 else end) > _HEADER_LIMIT:
                raise FramingError("no message header within the first 4 kB", bodies)
            if end < 0:
                return bodies
            length = _LENGTH.search(self._buffer, 0, end)
            if length is None:
                raise FramingError("a message without Content-Length", bodies)
            start, size = end + 4, int(length.group(1))
            if len(self._buffer) < start + size:
                return bodies
            bodies.append(bytes(self._buffer[start : start + size]))
            del self._buffer[: start + size]

"""Starts the helper as the server's process: imports torch, says `ready`, serves."""

from __future__ import annotations

import os
import platform
import sys

from layer_peek import channel, messages
from layer_peek.channel import Channel
from layer_peek.guardian import Guardian
from layer_peek.protocol import PROTOCOL_VERSION, CaptureError, CaptureRequest


def serve(forks: bool) -> None:
    """Serves the server on stdin and stdout until it is gone; `forks` runs each capture in a forked child."""
    stdio = Channel(*channel.take_stdio())
    guardian = Guardian() if forks else None
    torch_version, problem = _import_torch()
    stdio.send(
        messages.notification(
            "ready",
            {
                "protocolVersion": PROTOCOL_VERSION,
                "pid": os.getpid(),
                "python": {"version": platform.python_version(), "executable": sys.executable},
                "torch": torch_version,
                "forks": forks,
                "problem": problem,
            },
        )
    )
    if problem is not None:
        _refuse(stdio, problem)
    elif guardian is not None:
        _serve_zygote(stdio, guardian)
    else:
        from layer_peek.session import Session

        Session(stdio).serve(announce=True)


def _import_torch() -> tuple[str | None, CaptureError | None]:
    try:
        import torch
    except BaseException as fault:  # noqa: BLE001 - a broken installation may raise anything
        missing = isinstance(fault, ModuleNotFoundError) and fault.name == "torch"
        how = "has no PyTorch" if missing else f"can't import PyTorch: {type(fault).__name__}: {fault}"
        return None, {
            "kind": "noTorch",
            "message": f"The interpreter {sys.executable} {how}.",
            "advice": f'Install it ("{sys.executable}" -m pip install torch), or choose another interpreter.',
            "exception": type(fault).__name__,
        }
    return str(torch.__version__), None


def _serve_zygote(stdio: Channel, guardian: Guardian) -> None:
    # All that a capture needs is imported here, once; none of it runs an operation.
    from layer_peek.preload import preload_and_freeze
    from layer_peek.session import Session
    from layer_peek.zygote import Zygote

    def run(child: Channel, request: messages.Id, params: CaptureRequest) -> None:
        Session(child).serve_capture(request, params)

    Zygote(stdio, run, preload_and_freeze, guardian).serve()


def _refuse(stdio: Channel, problem: CaptureError) -> None:
    """Answers every request with the reason why nothing can run."""
    from layer_peek.framing import FrameReader

    reader = FrameReader()
    while True:
        data = stdio.read()
        if not data:
            return
        for body in reader.feed(data):
            try:
                request = messages.parse(body).id
            except messages.BadMessage as bad:
                request = bad.request
            if request is not None:
                stdio.send(messages.error(request, messages.INTERNAL_ERROR, problem["message"]))

"""Starts the helper as the server's process: imports torch, says `ready`, serves."""

from __future__ import annotations

import os
import platform
import sys

from layer_peek import channel, messages
from layer_peek.channel import Channel
from layer_peek.protocol import PROTOCOL_VERSION, CaptureError, CaptureRequest

# The first with hooks that are called even where forward raises.
_OLDEST = "2.1"
_ANEW = "install --force-reinstall"


def serve(forks: bool) -> None:
    """Serves the server on stdin and stdout until it is gone; `forks` runs each capture in a forked child."""
    if sys.platform.startswith("linux"):
        from layer_peek import guardian

        guardian.split_off(runs_user_code=not forks)
    stdio = Channel(*channel.take_stdio())
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
    elif forks:
        _serve_zygote(stdio)
    else:
        from layer_peek.session import Session

        Session(stdio).serve(announce=True)


def _import_torch() -> tuple[str | None, CaptureError | None]:
    try:
        import torch
    except BaseException as fault:  # noqa: BLE001 - a broken installation may raise anything
        missing = isinstance(fault, ModuleNotFoundError) and fault.name == "torch"
        how = "has no PyTorch" if missing else f"can't import PyTorch: {_said(fault)}"
        return None, _no_torch(how, "install" if missing else _ANEW, fault)
    version = str(getattr(torch, "__version__", ""))
    try:
        if not _is_new_enough():
            return version, _no_torch(f"has PyTorch {version}; {_OLDEST} or newer is needed", "install --upgrade")
        # All that a capture needs: what is missing of PyTorch shows now, not in the middle of a capture.
        from layer_peek import session  # noqa: F401 - imported for the effect
    except BaseException as fault:  # noqa: BLE001 - half an installation may raise anything
        how = f"has a PyTorch {version} that lacks what is needed: {_said(fault)}"
        return version or None, _no_torch(how, _ANEW, fault)
    return version, None


def _is_new_enough() -> bool:
    """Asks for the youngest of what is needed, not for the version: builds name theirs as they like."""
    import inspect

    from torch import nn

    return "always_call" in inspect.signature(nn.Module.register_forward_hook).parameters


def _said(fault: BaseException) -> str:
    from layer_peek import errors

    return f"{type(fault).__name__}: {errors.message_of(fault)}"


def _no_torch(how: str, pip: str, fault: BaseException | None = None) -> CaptureError:
    error: CaptureError = {
        "kind": "noTorch",
        "message": f"The interpreter {sys.executable} {how}.",
        "advice": f'Install it ("{sys.executable}" -m pip {pip} torch), or choose another interpreter.',
    }
    if fault is not None:
        error["exception"] = type(fault).__name__
    return error


def _serve_zygote(stdio: Channel) -> None:
    # All that a capture needs is imported here, once; none of it runs an operation.
    from layer_peek.preload import preload_and_freeze
    from layer_peek.session import Session
    from layer_peek.zygote import Zygote

    def run(child: Channel, request: messages.Id, params: CaptureRequest) -> None:
        Session(child).serve_capture(request, params)

    Zygote(stdio, run, preload_and_freeze).serve()


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

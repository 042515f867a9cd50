"""Finds, from inside a hook, the frame outside of PyTorch's module machinery that made a call."""

from __future__ import annotations

from types import FrameType

from torch import nn

from layer_peek.torch_files import CONTAINER_FILE, MODULE_FILE, in_torch, is_ours, leads_to_function, passes_calls_on


def calling_frames(hook: FrameType) -> tuple[FrameType | None, nn.Module | None, FrameType | None]:
    """Returns the frame of the call site, the outermost container that passed the call on, and the calling frame.

    The last is the one that called the module, be it PyTorch's own. `hook` is the frame of the hook itself, or of a
    function of ours that it called.
    """
    frame: FrameType | None = hook
    while frame is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    while frame is not None and frame.f_code.co_filename == MODULE_FILE:
        frame = frame.f_back
    caller = frame
    through: nn.Module | None = None
    while frame is not None:
        code = frame.f_code
        if not passes_calls_on(code.co_filename):
            break
        if code.co_filename == CONTAINER_FILE and code.co_name == "forward":
            container = frame.f_locals.get("self")
            through = container if isinstance(container, nn.Module) else through
        frame = frame.f_back
    return frame, through, caller


def function_caller(start: FrameType | None) -> FrameType | None:
    """Returns the frame that called a PyTorch function, past the thin Python functions before it."""
    frame = start
    while frame is not None and leads_to_function(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def is_users(frame: FrameType) -> bool:
    """Tells whether a frame runs code outside of PyTorch."""
    return not in_torch(frame.f_code.co_filename)


def parameter_names(module: nn.Module) -> list[str]:
    """Lists the names of forward's positional parameters, without self."""
    forward = module.forward
    function = getattr(forward, "__func__", forward)
    # A decorator that used functools.wraps leads to the function that was written.
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = getattr(function, "__code__", None)
    if code is None:
        return []
    names = list(code.co_varnames[: code.co_argcount])
    return names[1:] if names[:1] == ["self"] else names

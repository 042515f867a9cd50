"""Why the helper had to end a capture, or failed in it."""

from __future__ import annotations

import contextlib
import os

from layer_peek import processes
from layer_peek.protocol import CaptureError

# Exit codes of a process that ran a capture: the helper's own code failed in it; user code took its descriptors.
HELPER_FAULT = 70
CHANNEL_LOST = 71
# Signals of code that did not expect an allocation to fail.
CRASHES = frozenset(("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGTRAP"))

_KEPT = "What ran before is kept; the next capture starts a new process."


def closed_descriptors() -> CaptureError:
    """User code closed the descriptors over which results go out."""
    return {
        "kind": "died",
        "message": "The model's code closed descriptors that it did not open; results went over one of them.",
        "advice": f"Close only what the code itself has opened (no os.closerange). {_KEPT}",
    }


def garbled_channel() -> CaptureError:
    """User code wrote into the descriptor over which results go out."""
    return {
        "kind": "died",
        "message": "The model's code wrote into a descriptor that it did not open; results go over it.",
        "advice": f"Write only to what the code itself has opened, or print. {_KEPT}",
    }


def helper_fault() -> CaptureError:
    """The helper's own code failed in the process that ran the capture."""
    return {
        "kind": "internal",
        "message": "The helper failed in the process that ran the model; it printed a traceback.",
        "advice": "The model's code may have replaced a function of Python or PyTorch that the helper needs. See "
        f'"Layer Peek: Show Model Output". {_KEPT}',
    }


def helper_raised(name: str, text: str) -> CaptureError:
    """The helper's own code raised, and could still tell so."""
    return {
        "kind": "internal",
        "message": f"The helper failed while it ran the model: {name}: {text}",
        "advice": "The model's code may have replaced a function of Python or PyTorch that the helper needs; the "
        "traceback says which. If it has not, please report the traceback.",
        "exception": name,
    }


def because_channel_is_lost() -> None:
    """Ends this process; where no other one can tell why, the output does. Does not return."""
    error = closed_descriptors()
    with contextlib.suppress(OSError):
        os.write(2, f"{error['message']} {error['advice']}\n".encode())
    processes.flush_output()
    os._exit(CHANNEL_LOST)


def error_of(code: object) -> CaptureError | None:
    """Makes the error that an exit code of a process that ran a capture stands for; None for any other code."""
    makers = {HELPER_FAULT: helper_fault, CHANNEL_LOST: closed_descriptors}
    maker = makers.get(code) if isinstance(code, int) else None
    return None if maker is None else maker()

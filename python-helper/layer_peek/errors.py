"""Failures as data: what happened, why, and what to do next."""

from __future__ import annotations

from layer_peek import memory
from layer_peek.protocol import CaptureError, Site

# An exception may carry a whole tensor in its text.
_MESSAGE_LIMIT = 4000


class CaptureFailure(Exception):
    """Ends a capture with an error for the user."""

    def __init__(self, error: CaptureError) -> None:
        super().__init__(error["message"])
        self.error = error


def failure(kind: str, message: str, advice: str, cause: BaseException | None = None) -> CaptureFailure:
    """Makes a failure; `cause` gives its exception class, its place and its traceback."""
    exhausted = None if cause is None else exhaustion(cause)
    error: CaptureError = exhausted or {"kind": kind, "message": message, "advice": advice}
    if cause is not None:
        from layer_peek import tracebacks

        error["exception"] = type(cause).__name__
        error["traceback"] = tracebacks.text(cause)
        site: Site | None = tracebacks.site(cause)
        if site is not None:
            error["site"] = site
    return CaptureFailure(error)


def exhaustion(cause: BaseException) -> CaptureError | None:
    """Makes the error for an exception that says that memory ran out; None for any other.

    Takes the limit on this process away first: what has failed still holds the memory while it is told of.
    """
    if not memory.is_exhaustion(cause):
        return None
    memory.relax()
    text = message_of(cause)
    said = "" if text == type(cause).__name__ else f" {text}"
    if type(cause).__name__ == "OutOfMemoryError":
        return memory.exhausted(f"A GPU has not enough memory for the model.{said}")
    return memory.exhausted(f"The model needed more memory than {memory.most_text()}.{said}")


def message_of(exception: BaseException) -> str:
    """Tells an exception's message, without its middle where it is long; its class where it has none to print."""
    try:
        text = str(exception).strip()
    except BaseException:  # noqa: BLE001 - a user's __str__ may raise anything
        text = ""
    if len(text) > _MESSAGE_LIMIT:
        left_out = len(text) - _MESSAGE_LIMIT
        half = _MESSAGE_LIMIT // 2
        text = f"{text[:half]} ... ({left_out} characters left out) ... {text[-half:]}"
    if isinstance(exception, SystemExit):
        return f"The code called sys.exit({text})."
    return text or type(exception).__name__

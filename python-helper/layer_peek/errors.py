"""Failures as data: what happened, why, and what to do next."""

from __future__ import annotations

from layer_peek.protocol import CaptureError, Site


class CaptureFailure(Exception):
    """Ends a capture with an error for the user."""

    def __init__(self, error: CaptureError) -> None:
        super().__init__(error["message"])
        self.error = error


def failure(kind: str, message: str, advice: str, cause: BaseException | None = None) -> CaptureFailure:
    """Makes a failure; `cause` gives its exception class, its place and its traceback."""
    error: CaptureError = {"kind": kind, "message": message, "advice": advice}
    if cause is not None:
        from layer_peek import tracebacks

        error["exception"] = type(cause).__name__
        error["traceback"] = tracebacks.text(cause)
        site: Site | None = tracebacks.site(cause)
        if site is not None:
            error["site"] = site
    return CaptureFailure(error)


def message_of(exception: BaseException) -> str:
    """Tells an exception's message; its class where it has none or can't be printed."""
    try:
        text = str(exception).strip()
    except Exception:  # noqa: BLE001 - a user's __str__ may raise
        text = ""
    if isinstance(exception, SystemExit):
        return f"The code called sys.exit({text})."
    return text or type(exception).__name__

"""What makes building a model cheap and harmless: no network, no initial values, memory and time that end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from types import FrameType
from typing import Any, Callable

import torch
from torch import nn
from torch.nn import init
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

_MEMORY = 8 << 30


class TookTooLong(BaseException):
    """A model was not built in time. No `except Exception` of a package can swallow it."""


def isolate() -> None:
    """Takes the network away from this process, and with it every download of weights."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE", "YOLO_OFFLINE"):
        os.environ[name] = "1"
    # A hint that costs a line for each model.
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("The truth is collected without a network.")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse  # type: ignore[assignment]


def limit_memory() -> None:
    """Lets this process take a few gigabytes more than what it has mapped now. Meant for after the imports."""
    try:
        import resource
    except ImportError:  # Windows has none.
        return
    with (
        open("/proc/self/statm", encoding="ascii") if os.path.exists("/proc/self/statm") else open(os.devnull) as pages
    ):
        mapped = int((pages.read().split() or ["0"])[0]) * resource.getpagesize()
    if mapped:
        resource.setrlimit(resource.RLIMIT_AS, (mapped + _MEMORY, resource.RLIM_INFINITY))


def without_values() -> None:
    """Makes `torch.nn.init` leave tensors as they are, and conversions of models too, which meta tensors can't follow.

    Meant for before packages import names from it.
    """

    def leave(*given: Any, **named: Any) -> Any:
        return given[0] if given else next(iter(named.values()))

    for name in dir(init):
        if name.endswith("_") and not name.startswith("_") and callable(getattr(init, name)):
            setattr(init, name, leave)
    for name in ("to", "cuda", "cpu", "half", "bfloat16", "float", "double"):
        setattr(nn.Module, name, leave)


@contextlib.contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raises TookTooLong in the block once the time is over, where the system has alarms."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def end(_: int, __: FrameType | None) -> None:
        # Once more where something swallows even this.
        signal.alarm(5)
        raise TookTooLong(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class EmptyOnMeta(TorchFunctionMode):
    """Puts what `torch.empty` makes, the weights of torch's own layers, on the meta device, and leaves the rest real.

    So schedules and index tables that constructors compute keep their values.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Calls the function, `torch.empty` with another device."""
        given = kwargs or {}
        if func is torch.empty and given.get("device") is None:
            given = {**given, "device": "meta"}
        return func(*args, **given)


class ZeroForItems(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Answers `.item()` of a meta tensor, so that constructors which ask for a value go on."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Calls the operation unless it asks for a value that is not there."""
        if func is torch.ops.aten._local_scalar_dense.default and args[0].is_meta:
            return False if args[0].dtype == torch.bool else 0.0 if args[0].is_floating_point() else 0
        return func(*args, **(kwargs or {}))


@contextlib.contextmanager
def _all_on_meta() -> Iterator[None]:
    with torch.device("meta"), ZeroForItems():  # type: ignore[no-untyped-call]
        yield


WAYS: tuple[tuple[str, Callable[[], contextlib.AbstractContextManager[Any]]], ...] = (
    ("weights on meta", EmptyOnMeta),
    ("all on meta", _all_on_meta),
    ("real", contextlib.nullcontext),
)
"""How to build a model, the next where one fails."""

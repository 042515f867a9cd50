"""Which tensor a function is about to write to."""

from __future__ import annotations

import inspect
from functools import lru_cache
from typing import Any, Callable

import torch

_IN_PLACE = frozenset(
    f"__i{name}__" for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor")
) | {"__ilshift__", "__irshift__", "__setitem__"}


def written(func: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> torch.Tensor | None:
    """Returns the tensor that a call of PyTorch's function will change: `x.add_(1)`, `x += 1`, `F.relu(x, True)`."""
    out = kwargs.get("out")
    if isinstance(out, torch.Tensor):
        return out
    first = args[0] if args else kwargs.get("input")
    if not isinstance(first, torch.Tensor):
        return None
    if name.endswith("_"):
        return first if not name.endswith("__") or name in _IN_PLACE else None
    if kwargs.get("inplace") is True:
        return first
    return first if len(args) > 1 and args[-1] is True and len(args) == _with_inplace(func) else None


@lru_cache(maxsize=1024)
def _with_inplace(func: Callable[..., Any]) -> int:
    """How many parameters a function has whose last one is `inplace`; 0 where it is not."""
    try:
        names = list(inspect.signature(func).parameters)
    except (TypeError, ValueError):
        # Functions of C tell no parameters, and take no `inplace`.
        return 0
    return len(names) if names[-1:] == ["inplace"] else 0

"""Faults of a model's own code that no input changes: told on their line, not as inputs that were not found."""

from __future__ import annotations

import re
from types import FrameType

from torch import nn

_OBJECT = re.compile(r"'(\w+)' object ")


def is_certain(fault: BaseException, model: nn.Module) -> bool:
    """Tells whether a fault is a name, an import or an attribute of a module that is not there, or a misused module.

    `UnboundLocalError` is none of them: whether a local is set may hang on the inputs.
    """
    if isinstance(fault, UnboundLocalError):
        return False
    if isinstance(fault, (NameError, ImportError)):
        return True
    if isinstance(fault, AttributeError):
        return _is_of_module(fault)
    if isinstance(fault, TypeError):
        named = _OBJECT.search(str(fault))
        return named is not None and any(type(module).__name__ == named[1] for module in model.modules())
    return False


def _is_of_module(fault: AttributeError) -> bool:
    """True where `nn.Module.__getattr__` raised, or where Python says that a module was asked (since 3.10)."""
    if isinstance(getattr(fault, "obj", None), nn.Module):
        return True
    frame = _innermost(fault)
    return frame is not None and frame.f_code is nn.Module.__getattr__.__code__


def _innermost(fault: BaseException) -> FrameType | None:
    entry = fault.__traceback__
    while entry is not None and entry.tb_next is not None:
        entry = entry.tb_next
    return None if entry is None else entry.tb_frame

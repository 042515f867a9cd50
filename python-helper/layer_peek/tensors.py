"""The tensors in what a layer was given or returned."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from layer_peek.values import attributes_of

_DEPTH = 4


def tensors_in(value: object, depth: int = _DEPTH) -> Iterator[torch.Tensor]:
    """Finds the tensors in what a layer returned: in containers, and in objects that hold them."""
    if isinstance(value, torch.Tensor):
        yield value
    elif depth and isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors_in(item, depth - 1)
    elif depth and isinstance(value, dict):
        for item in dict.values(value):
            yield from tensors_in(item, depth - 1)
    elif depth and not isinstance(value, (nn.Module, type, str, bytes, int, float)):
        for item in attributes_of(value).values():
            yield from tensors_in(item, depth - 1)

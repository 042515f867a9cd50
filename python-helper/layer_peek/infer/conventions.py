"""Inputs that a class tells of itself, under names that libraries have made customary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import nn

_MODEL = "model"


def expressions(model: nn.Module, construct: str) -> Iterator[tuple[str, str]]:
    """Lists recipes that a built model offers, and what each rests on.

    `example_input_array` is PyTorch Lightning's (a tensor, a tuple of arguments or a dict of keywords), `dummy_inputs`
    Hugging Face's (a dict of keywords), `pretrained_cfg` and `default_cfg` timm's (`input_size` without the batch).
    """
    for name in ("example_input_array", "dummy_inputs"):
        stars = _stars(_attribute(model, name))
        if stars is not None:
            yield f"({_MODEL} := {construct})({stars}{_MODEL}.{name})", name
    for name in ("pretrained_cfg", "default_cfg"):
        config = _attribute(model, name)
        size = config.get("input_size") if isinstance(config, Mapping) else _attribute(config, "input_size")
        if isinstance(size, (tuple, list)) and all(isinstance(one, int) for one in size) and size:
            yield f"{construct}(torch.randn(1, {', '.join(map(str, size))}))", f"{name}.input_size"


def _attribute(owner: Any, name: str) -> Any:
    try:
        return getattr(owner, name, None)
    except Exception:  # noqa: BLE001 - a property may raise whatever it likes
        return None


def _stars(value: Any) -> str | None:
    if isinstance(value, torch.Tensor):
        return ""
    if isinstance(value, (tuple, list)) and value:
        return "*"
    return "**" if isinstance(value, Mapping) and value else None

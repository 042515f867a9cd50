"""The classes outside of PyTorch that a model is made of."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from torch import nn

from layer_peek.layers import Layers
from layer_peek.protocol import RuntimeClass
from layer_peek.sources import is_file
from layer_peek.torch_files import in_torch


def runtime_classes(layers: Layers) -> list[RuntimeClass]:
    """Lists each class of which the model has an instance, bases among them, with the instances' layer paths.

    `none` holds the attributes that are None in every instance: `self.downsample` of a block that needs none.
    """
    found: dict[type, RuntimeClass] = {}
    for layer in layers:
        empty = {name for name, value in vars(layer.module).items() if value is None}
        empty |= {name for name, child in layer.module._modules.items() if child is None}
        for kind in type(layer.module).__mro__:
            if kind is nn.Module:
                break
            file = _file_of(kind)
            if file is None or in_torch(file):
                continue
            known = found.get(kind)
            if known is None:
                found[kind] = {"file": file, "name": kind.__qualname__, "paths": [layer.path], "none": sorted(empty)}
            else:
                known["paths"].append(layer.path)
                known["none"] = [name for name in known["none"] if name in empty]
    return list(found.values())


@cache
def _file_of(kind: type) -> str | None:
    """The file of a class, as its code objects name it; that of its module where it has no code."""
    for value in vars(kind).values():
        function: Any = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
        if code is not None and getattr(function, "__module__", None) == kind.__module__ and is_file(code.co_filename):
            return str(code.co_filename)
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return file if isinstance(file, str) else None

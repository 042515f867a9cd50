"""Why a hooked layer has no calls."""

from __future__ import annotations

from torch import nn

from layer_peek.layers import Layer, Layers
from layer_peek.protocol import Uncalled

_CONTAINERS = (nn.ModuleList, nn.ModuleDict, nn.ParameterList, nn.ParameterDict)


def explain(
    layers: Layers,
    hooked: list[Layer],
    called: set[str],
    unhookable: dict[str, str],
    failed: bool,
    method: str | None,
) -> list[Uncalled]:
    """Gives a reason for every hooked layer that was not called. `method` was called in place of the root."""
    return [
        {"path": layer.path, "reason": _reason(layers, layer, called, unhookable, failed, method)}
        for layer in hooked
        if layer.path not in called
    ]


def _reason(
    layers: Layers, layer: Layer, called: set[str], unhookable: dict[str, str], failed: bool, method: str | None
) -> str:
    module = layer.module
    if layer.path in unhookable:
        return "compiled with TorchScript: it takes no hooks, so its calls can't be seen"
    if isinstance(module, _CONTAINERS) and type(module).forward is nn.Module.forward:
        return "a container: it has no forward of its own"
    if type(module).__call__ is not nn.Module.__call__:
        return "its class overrides __call__, which hooks hang on"
    if module is layers.root and method:
        return f"the recipe calls {method} in place of the model itself"
    parent = layers.root.get_submodule(layer.path.rpartition(".")[0]) if layer.path else None
    if isinstance(parent, nn.MultiheadAttention):
        return "MultiheadAttention uses its weights without calling it"
    if any(path.startswith(f"{layer.path}.") for path in called):
        return "not called itself, only layers inside of it: by its forward(...) directly, or one by one"
    if failed:
        return "not reached: forward failed before"
    return "never called in this run"

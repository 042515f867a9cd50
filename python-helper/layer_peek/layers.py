"""The runtime modules of a model with their layer paths, descriptions and places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import torch
from torch import nn
from torch.nn.parameter import is_lazy as waits

from layer_peek import positions, provenance
from layer_peek.positions import Position
from layer_peek.protocol import OwnParameter, RuntimeModule, Selection

_DESCRIPTION_LIMIT = 200


@dataclass
class Layer:
    """A module and everything that is known of it before it runs."""

    module: nn.Module
    paths: list[str]
    definition: Position | None
    registrations: list[Position]
    construction: Position | None

    @property
    def path(self) -> str:
        """The first of its paths, which names it in calls."""
        return self.paths[0]


class Layers:
    """All modules of a model, each once, in the order of `named_modules`."""

    def __init__(self, root: nn.Module) -> None:
        self.root = root
        self._by_id: dict[int, Layer] = {}
        at: dict[str, nn.Module] = {}
        for path, module in root.named_modules(remove_duplicate=False):
            at[path] = module
            parent, _, name = path.rpartition(".")
            owner = at[parent] if path else None
            registered = None if owner is None else provenance.registration(owner, name)
            layer = self._by_id.get(id(module))
            if layer is None:
                defined = None if owner is None else provenance.definition(owner, name, module)
                layer = Layer(module, [], defined, [], provenance.construction(module))
                self._by_id[id(module)] = layer
            layer.paths.append(path)
            if registered is not None:
                layer.registrations.append(registered)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._by_id.values())

    def get(self, module: object) -> Layer | None:
        """Finds the layer of a module of this model."""
        return self._by_id.get(id(module))

    def above(self, layers: list[Layer]) -> list[Layer]:
        """Lists the layers that hold some of these, the root among them."""
        paths = {path[:end] for layer in layers for path in layer.paths for end in range(len(path)) if path[end] == "."}
        return [layer for layer in self._by_id.values() if any(path == "" or path in paths for path in layer.paths)]

    def selected(self, selection: Selection | None) -> list[Layer]:
        """Lists the layers to hook; all where nothing is selected."""
        if selection is None:
            return list(self._by_id.values())
        patterns = [_pattern(text) for text in selection["paths"]]
        return [
            layer
            for layer in self._by_id.values()
            if any(pattern.fullmatch(path) for pattern in patterns for path in layer.paths)
            or _on_lines(layer, selection)
        ]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(r"\.".join("[^.]+" if part == "*" else re.escape(part) for part in text.split(".")))


def _on_lines(layer: Layer, selection: Selection) -> bool:
    places = [layer.definition, layer.construction, *layer.registrations]
    return any(
        place is not None and place[0] == lines["file"] and lines["line"] <= place[1] <= lines["endLine"]
        for place in places
        for lines in selection["lines"]
    )


def problem_with(root: nn.Module) -> tuple[str, str] | None:
    """Tells what keeps a model from being walked, and the remedy; PyTorch itself could not switch it to eval mode."""
    open_paths: dict[int, str] = {}
    closed: set[int] = set()

    def visit(module: nn.Module, path: str) -> tuple[str, str] | None:
        name = type(module).__name__
        where = f"{path} ({name})" if path else name
        inside = getattr(module, "_modules", None)
        if inside is None:
            return (
                f"{where} was built without nn.Module.__init__.",
                f"Call super().__init__() first in the __init__ of {name}.",
            )
        if id(module) in open_paths:
            return (
                f"The model contains itself: {path} is {open_paths[id(module)] or 'the model'}.",
                "Keep what points back out of the modules, e.g. in a list, or with object.__setattr__.",
            )
        if id(module) in closed:
            return None
        open_paths[id(module)] = path
        for key, child in inside.items():
            found = None if child is None else visit(child, f"{path}.{key}" if path else key)
            if found is not None:
                return found
        del open_paths[id(module)]
        closed.add(id(module))
        return None

    return visit(root, "")


def is_lazy(model: nn.Module) -> bool:
    """Tells whether a layer of the model waits for its first input to know its shapes."""
    for module in model.modules():
        for tensor in itertools.chain(module._parameters.values(), module._buffers.values()):
            if tensor is not None and waits(tensor):
                return True
    return False


def describe_all(layers: Layers) -> list[RuntimeModule]:
    """Describes all layers of a model as the protocol wants them."""
    sizes = {
        id(one.module): {id(own): _size(own) for own in one.module._parameters.values() if own is not None}
        for one in layers
    }
    shared = sum(map(len, sizes.values())) != len(set().union(*sizes.values())) or any(
        len(one.paths) > 1 for one in layers
    )
    if shared:
        # What is shared counts once for each layer that holds it.
        return [_describe(one, sum(_size(parameter) for parameter in one.module.parameters())) for one in layers]
    totals: dict[str, int] = {}
    for one in layers:
        own = sum(sizes[id(one.module)].values())
        path = one.path
        while own:
            totals[path] = totals.get(path, 0) + own
            if not path:
                break
            path = path.rpartition(".")[0]
    return [_describe(one, totals.get(one.path, 0)) for one in layers]


def _describe(layer: Layer, parameters: int) -> RuntimeModule:
    module = layer.module
    return {
        "paths": layer.paths,
        "className": type(module).__name__,
        "description": description(module),
        "definition": positions.site(layer.definition),
        "construction": positions.site(layer.construction),
        "parameters": parameters,
        "ownParameters": [
            _own(name, parameter) for name, parameter in module._parameters.items() if parameter is not None
        ],
    }


def description(module: nn.Module) -> str:
    """Tells a module's `extra_repr` on one line; empty where that raises, for it may be the user's code."""
    try:
        text = " ".join(str(module.extra_repr()).split())
    except Exception:  # noqa: BLE001 - a user's extra_repr may raise
        return ""
    return text if len(text) <= _DESCRIPTION_LIMIT else text[: _DESCRIPTION_LIMIT - 3] + "..."


@cache
def _dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).replace("torch.", "", 1)


def _size(parameter: torch.Tensor) -> int:
    return 0 if isinstance(parameter, nn.UninitializedParameter) else parameter.numel()


def _own(name: str, parameter: nn.Parameter) -> OwnParameter:
    uninitialized = isinstance(parameter, nn.UninitializedParameter)
    return {
        "name": name,
        "shape": [] if uninitialized else list(parameter.shape),
        "dtype": _dtype_name(parameter.dtype),
        "trainable": parameter.requires_grad,
    }

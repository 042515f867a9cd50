"""Why a hooked layer has no calls."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from torch import nn

from layer_peek.footprints import Footprints
from layer_peek.layer_uses import ClassUses, Use, uses_of
from layer_peek.layers import Layer, Layers
from layer_peek.positions import Position
from layer_peek.protocol import Uncalled

_CONTAINERS = (nn.ModuleList, nn.ModuleDict, nn.ParameterList, nn.ParameterDict)
_NEVER = "never called in this run"


@dataclass
class Failure:
    """Where forward failed."""

    # File and line of the innermost place that is not PyTorch's; None where there is none.
    place: tuple[str, int] | None
    # By the identity of a module: the functions of it that the exception left, each with file and line.
    left: dict[int, list[tuple[str, str, int]]] = field(default_factory=dict)


@dataclass
class Run:
    """What was seen of a run."""

    # Layer paths that were called, whatever became of the call.
    called: set[str]
    # Identities of modules whose call came back.
    finished: set[int]
    # Layer paths of scripted layers, which take no hooks.
    unhookable: set[str]
    footprints: Footprints
    failure: Failure | None
    # What the recipe called in place of the root.
    method: str | None
    training: bool = False


def explain(layers: Layers, hooked: list[Layer], run: Run) -> list[Uncalled]:
    """Gives a reason for every hooked layer that was not called."""
    reasons = _Reasons(layers, run)
    return [
        {"path": layer.path, "reason": reasons.of(layer)}
        for layer in hooked
        if not any(path in run.called for path in layer.paths)
    ]


class _Reasons:
    def __init__(self, layers: Layers, run: Run) -> None:
        self._layers = layers
        self._run = run
        self._inside = {path[:end] for path in run.called for end in range(len(path)) if path[end] == "."} | (
            {""} if run.called else set()
        )

    def of(self, layer: Layer) -> str:
        return self._by_kind(layer) or self._by_footprints(layer) or self._by_parent(layer)

    def _by_kind(self, layer: Layer) -> str | None:
        """Reasons that lie in what the layer is."""
        module, run = layer.module, self._run
        if layer.path in run.unhookable:
            return "compiled with TorchScript: it takes no hooks, so its calls can't be seen"
        if module is self._layers.root and run.method:
            return f"the recipe calls {run.method} in place of the model itself"
        scripted = next((path for path in _above(layer.path) if path in run.unhookable or self._is_traced(path)), None)
        if scripted is not None:
            return f"inside of {scripted or 'the model'}, which is compiled with TorchScript: it calls no hooks"
        if type(module).__call__ is not nn.Module.__call__:
            direct = run.footprints.direct.get(id(module))
            where = "" if direct is None else f"; it ran, called {_at(direct)}"
            return f"its class overrides __call__, which hooks hang on{where}"
        if isinstance(self._parent(layer), nn.MultiheadAttention):
            return "MultiheadAttention uses its weights without calling it"
        if _is_container(module) and (layer.path in self._inside or not list(module.children())):
            return "a container: it has no forward of its own"
        return None

    def _by_footprints(self, layer: Layer) -> str | None:
        """Reasons that lie in what was seen of the layer."""
        direct = self._run.footprints.direct.get(id(layer.module))
        if direct is not None:
            return f"its forward(...) is called directly {_at(direct)}, which hooks do not see"
        used = self._run.footprints.weights.get(id(layer.module))
        if used is not None:
            return f"its weights are used {_at(used)} without calling it"
        if layer.path in self._inside:
            return "not called itself, only layers inside of it, one by one"
        return None

    def _is_traced(self, path: str) -> bool:
        module = self._layers.root.get_submodule(path)
        return type(module).__module__.startswith("torch.jit")

    def _parent(self, layer: Layer) -> nn.Module | None:
        return self._layers.root.get_submodule(layer.path.rpartition(".")[0]) if layer.path else None

    def _by_parent(self, layer: Layer) -> str:
        """Reasons that the layer's owner tells: it did not run, it failed, or its source does not come to the layer."""
        owner_path, name, item = self._owner(layer)
        if owner_path is None:
            return self._unknown()
        owner = self._layers.root.get_submodule(owner_path)
        known = self._layers.get(owner)
        label = owner_path or "the model"
        ran = id(owner) in self._run.finished or self._ran_unseen(owner, owner_path)
        failed = None if self._run.failure is None else self._run.failure.left.get(id(owner))
        if not ran and failed is None:
            if known is not None and any(path in self._run.called for path in known.paths):
                return self._unknown()
            return f"{label}, which holds it, was not called" if owner_path else self._unknown()
        return self._by_source(type(owner), name, item, failed)

    def _owner(self, layer: Layer) -> tuple[str | None, str, bool]:
        """Finds the nearest layer above with a forward of its own.

        Tells its path, the attribute of it that leads here, and whether that holds the layer as an item.
        """
        path, name, item = layer.path, "", False
        if not path:
            return None, "", False
        while True:
            path, _, name = path.rpartition(".")
            above = self._layers.root.get_submodule(path)
            if not _is_container(above) or not path:
                return path, name, item
            item = True

    def _ran_unseen(self, owner: nn.Module, path: str) -> bool:
        """Its code ran, though not through the call that hooks hang on: by a method, or by forward directly."""
        if owner is self._layers.root and self._run.method and self._run.failure is None:
            return True
        return id(owner) in self._run.footprints.direct or (
            path in self._inside and self._run.failure is None and path not in self._run.called
        )

    def _by_source(
        self, kind: type[nn.Module], name: str, item: bool, failed: list[tuple[str, str, int]] | None
    ) -> str:
        found = uses_of(kind, name)
        if not found.uses:
            return self._unnamed(kind, name, found, failed is not None)
        calls = [use for use in found.uses if use.is_called and not item] or list(found.uses)
        ahead = [use for use in calls if _is_ahead(use, failed)]
        if failed is not None and (ahead or not all(_is_behind(use, failed) for use in calls)):
            return self._unknown(ahead[0] if ahead else None)
        if not found.is_whole and not all(use.is_called for use in calls):
            return self._unknown()
        return _by_condition(calls, item, self._run.training)

    def _unnamed(self, kind: type[nn.Module], name: str, found: ClassUses, failed: bool) -> str:
        if failed or not found.is_whole or issubclass(kind, nn.Sequential) or not name.isidentifier():
            return self._unknown()
        return f"{_NEVER}: no method of {kind.__name__} but its constructor names self.{name}"

    def _unknown(self, use: Use | None = None) -> str:
        failure = self._run.failure
        if failure is None:
            return _NEVER
        at = "" if failure.place is None else f", on line {failure.place[1]} of {os.path.basename(failure.place[0])}"
        return f"not reached: forward failed before{at}" if use is not None else f"not called before forward failed{at}"


def _is_container(module: nn.Module) -> bool:
    return isinstance(module, _CONTAINERS) and type(module).forward is nn.Module.forward


def _by_condition(uses: list[Use], item: bool, training_mode: bool) -> str:
    """Every call of it stands where this run did not come."""
    direct = next((use for use in uses if use.is_forward), None)
    if direct is not None:
        return f"line {direct.line} calls its forward(...) directly, which hooks do not see"
    first = uses[0]
    training = first.training_branch
    if training is not None and not training_mode and all(use.training_branch is not None for use in uses):
        return (
            f"only in training: line {first.line} uses it under `{training.text}` (line {training.line}), "
            "and this run was in eval mode"
        )
    line = f"line {first.line}, which calls it,"
    branch = next((one for one in reversed(first.branches) if not one.is_loop), first.branch)
    if item or not first.is_called:
        under = "" if branch is None or branch.is_loop else f", under `{branch.text}` (line {branch.line})"
        what = "its container" if item else "it"
        return f"{_NEVER}: line {first.line} names {what}{under}"
    more = "" if len(uses) == 1 else f" (nor did {_listed(uses[1:])})"
    if branch is not None:
        return f"branch not taken: {line} did not run{more}; it stands under `{branch.text}` (line {branch.line})"
    if first.function != "forward":
        return f"{_NEVER}: {line} stands in {first.function}(), and did not run{more}"
    if first.leaves_before is not None:
        return f"{_NEVER}: {line} did not run{more}; forward can end before, on line {first.leaves_before}"
    return f"{_NEVER}: {line} did not run{more}"


def _listed(uses: list[Use]) -> str:
    return "lines " + ", ".join(str(use.line) for use in uses) if len(uses) > 1 else f"line {uses[0].line}"


def _is_ahead(use: Use, failed: list[tuple[str, str, int]] | None) -> bool:
    """The failure left the same function at, or before, the use."""
    return any(file == use.file and name == use.function and line <= use.end_line for file, name, line in failed or ())


def _is_behind(use: Use, failed: list[tuple[str, str, int]] | None) -> bool:
    """The function went past the use before it failed; a loop may come back to it."""
    return not any(one.is_loop for one in use.branches) and any(
        file == use.file and name == use.function and line > use.end_line for file, name, line in failed or ()
    )


def _above(path: str) -> list[str]:
    """The paths above one, the nearest first, the root's last."""
    found = []
    while path:
        path = path.rpartition(".")[0]
        found.append(path)
    return found


def _at(position: Position) -> str:
    return f"on line {position[1]} of {os.path.basename(position[0])}"

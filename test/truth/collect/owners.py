"""Where a container of torch stands in the class that owns it: known only when the whole model is built."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import nn

from collect.recorder import Recorder

_MOST_PLACES = 32


def segment(name: str) -> str:
    """A name of a child as it is compared: positions in containers count alike."""
    return "*" if name.isdigit() else name


def is_of_torch(kind: type) -> bool:
    """Tells whether torch itself defines a class."""
    return kind.__module__.split(".", 1)[0] == "torch"


@dataclass(frozen=True)
class Standing:
    """A module seen from an owner: the serial of the owner and the path that leads to the module, empty for itself."""

    owner: int
    path: tuple[str, ...]
    # True where the module was moved here from another owner, which has a standing of its own.
    moved: bool = False


@dataclass
class Owners:
    """Finds the nearest ancestors whose class is not torch's."""

    recorder: Recorder
    _edges: dict[int, dict[tuple[int, str], None]] = field(default_factory=dict)
    _known: dict[int, tuple[Standing, ...]] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for one in self.recorder.registrations:
            self._edges.setdefault(one.child, {})[one.parent, segment(one.name)] = None
        # Copies, and children that were put into a container's dictionary directly, were not told.
        seen: set[int] = set()
        waiting = list(self.recorder.modules)
        while waiting:
            module = waiting.pop()
            if id(module) in seen:
                continue
            seen.add(id(module))
            for name, child in module._modules.items():
                if isinstance(child, nn.Module):
                    edges = self._edges.setdefault(self.recorder.serial(child), {})
                    edges[self.recorder.serial(module), segment(name)] = None
                    waiting.append(child)

    def standings(self, serial: int) -> tuple[Standing, ...]:
        """Every place where a module stands, the one it got first before others."""
        if serial in self._known:
            return self._known[serial]
        if not is_of_torch(self.recorder.classes[serial]):
            self._known[serial] = (Standing(serial, ()),)
            return self._known[serial]
        if serial in self._open:
            return ()
        self._open.add(serial)
        found: dict[tuple[int, tuple[str, ...]], bool] = {}
        first: set[int] = set()
        for parent, name in self._edges.get(serial, {}):
            above = self.standings(parent)
            first = first or {one.owner for one in above if not one.moved}
            for one in above:
                found.setdefault((one.owner, (*one.path, name)), one.moved or one.owner not in first)
        self._open.remove(serial)
        standings = tuple(Standing(owner, path, moved) for (owner, path), moved in found.items())[:_MOST_PLACES]
        self._known[serial] = standings
        return standings

"""Sites: what was recorded, as it is compared with the static mapping."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from collect.forms import form_of
from collect.frames import Place, is_source
from collect.owners import Owners, is_of_torch, segment
from collect.recorder import Recorder, Registration

Lines = tuple[str, int, int]
"""File, first line, last line."""
ClassName = tuple[str, str]
"""File and name within the file."""
Key = tuple[str, int, ClassName, str]


@dataclass
class Site:
    """One line that registers one path of one owner, over all models that were built."""

    place: Lines
    owner: ClassName
    path: str
    form: str
    inside_torch: bool
    moved: bool
    writers: set[ClassName] = field(default_factory=set)
    built: set[Lines] = field(default_factory=set)
    items: set[Lines] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """What makes it distinct."""
        return (self.place[0], self.place[1], self.owner, self.path)

    def add(self, other: Site) -> bool:
        """Takes over what another model told of the same site; true where that was new."""
        before = (len(self.writers), len(self.built), len(self.items), self.inside_torch, self.moved)
        self.writers |= other.writers
        self.built |= other.built
        self.items |= other.items
        self.inside_torch = self.inside_torch and other.inside_torch
        self.moved = self.moved and other.moved
        return before != (len(self.writers), len(self.built), len(self.items), self.inside_torch, self.moved)


def class_name(kind: type) -> ClassName | None:
    """Names a class statement by its file and by its name there; None where there is no source."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    if file is None or not file.endswith(".py"):
        return None
    return (file, kind.__qualname__.rsplit("<locals>.", 1)[-1])


def sites_of(recorder: Recorder, folder: str) -> tuple[dict[Key, Site], set[ClassName]]:
    """Gives the sites in files under a folder, and the classes there that were built.

    A base counts as built where code of it registered something.
    """
    owners = Owners(recorder)
    sites: dict[Key, Site] = {}
    built = {class_name(kind) for kind in recorder.classes.values() if not is_of_torch(kind)}
    for one in recorder.registrations:
        for standing in owners.standings(one.parent):
            owner = class_name(recorder.classes[standing.owner])
            if owner is None or not is_source(one.place.file):
                continue
            path = ".".join((*standing.path, segment(one.name)))
            writer = _writer(one, standing.owner, recorder)
            built.add(writer)
            if one.place.file.startswith(folder):
                site = Site(
                    place=(one.place.file, one.place.line, one.place.span[1]),
                    owner=owner,
                    path=path,
                    form=form_of(one.place, path),
                    inside_torch=one.inside_torch,
                    moved=standing.moved,
                    writers={writer or owner},
                    built=_lines(one.built),
                    items=_lines(one.item),
                )
                known = sites.setdefault(site.key, site)
                known.add(site)
    return sites, {one for one in built if one is not None and one[0].startswith(folder)}


def _lines(place: Place | None) -> set[Lines]:
    return set() if place is None else {(place.file, place.line, place.span[1])}


def _writer(one: Registration, owner: int, recorder: Recorder) -> ClassName | None:
    """The class in the owner's ancestry whose method was running: an inherited line belongs to the base's statement."""
    for code, serial in one.methods:
        if serial == owner:
            kind = _defining(recorder.classes[owner], code)
            return None if kind is None or is_of_torch(kind) else class_name(kind)
    return None


def _defining(kind: type, code: CodeType) -> type | None:
    for base in kind.__mro__:
        if any(_code(value) is code for value in vars(base).values()):
            return base
    outer = getattr(code, "co_qualname", "").rsplit(".", 1)[0]
    return next((base for base in kind.__mro__ if base.__qualname__ == outer), None)


def _code(value: Any) -> CodeType | None:
    if isinstance(value, property):
        value = value.fget
    elif isinstance(value, (classmethod, staticmethod)):
        value = value.__func__
    if not callable(value):
        return None
    try:
        found: CodeType | None = getattr(inspect.unwrap(value), "__code__", None)
    except ValueError:
        return None
    return found

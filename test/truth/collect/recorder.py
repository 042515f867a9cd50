"""Notes every registration of a submodule while models are built."""

from __future__ import annotations

import contextlib
import functools
import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any, Callable

from torch import nn
from torch.nn.modules.module import register_module_module_registration_hook

from collect.frames import MACHINERY, Place, first_argument, in_torch, outward, place_of

_SERIAL = "_truth_serial"
_COMPREHENSIONS = frozenset(("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>"))
# How many callers of a constructor are noted: helper functions that make items for a container rarely nest deeper.
_BUILDER_FRAMES = 8
# How many frames are looked at for the methods that a registration happened in.
_METHOD_FRAMES = 80
_INIT_FRAMES = 24


@dataclass(frozen=True)
class Builder:
    """A caller of a constructor. The identity of its frame is compared while that frame lives."""

    frame: int
    place: Place


@dataclass(frozen=True)
class Registration:
    """One child that got a name in its parent. Modules are known by serials, which copies share with their original."""

    parent: int
    name: str
    child: int
    place: Place
    # Where the child was built, where an expression of the function that filled the container gave it.
    built: Place | None
    item: Place | None
    # True where a statement of torch registers, such as the one of `out_proj` in MultiheadAttention.
    inside_torch: bool
    # Methods that were running, the innermost first, each with the serial of its self.
    methods: tuple[tuple[CodeType, int], ...]


@dataclass
class Recorder:
    """What was noted since the last reset. Modules are held, so that identities stay unique."""

    registrations: list[Registration] = field(default_factory=list)
    modules: list[nn.Module] = field(default_factory=list)
    classes: dict[int, type[nn.Module]] = field(default_factory=dict)
    _builders: dict[int, tuple[Builder, ...]] = field(default_factory=dict)
    _serials: Any = field(default_factory=itertools.count)

    def install(self) -> None:
        """Starts to note, in this whole process."""
        original = nn.Module.__init__

        @functools.wraps(original)
        def init(module: nn.Module, *args: Any, **kwargs: Any) -> None:
            original(module, *args, **kwargs)
            if _SERIAL not in module.__dict__:
                self._builders[self.serial(module)] = _builders(module, sys._getframe(1))

        nn.Module.__init__ = init  # type: ignore[method-assign, assignment]
        register_module_module_registration_hook(self._note)
        # These two write to the dictionary of children without telling the hook.
        for kind in (nn.Sequential, nn.ModuleList):
            _tell_insert(kind, self._note)

    def reset(self) -> None:
        """Forgets the last model."""
        self.registrations.clear()
        self.modules.clear()
        self.classes.clear()
        self._builders.clear()

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """Forgets what happened in the block if that raises: a class whose constructor failed was not built."""
        registrations, modules = len(self.registrations), len(self.modules)
        try:
            yield
        except BaseException:
            del self.registrations[registrations:]
            for module in self.modules[modules:]:
                del self.classes[module.__dict__[_SERIAL]]
            del self.modules[modules:]
            raise

    def serial(self, module: nn.Module) -> int:
        """Gives what a module and its copies are known by."""
        known: int | None = module.__dict__.get(_SERIAL)
        if known is None:
            known = module.__dict__[_SERIAL] = next(self._serials)
        if known not in self.classes:
            # The class is noted now: parametrized and lazy modules get another one later.
            self.classes[known] = type(module)
            self.modules.append(module)
        return known

    def _note(self, parent: nn.Module, name: str, child: nn.Module | None) -> None:
        if not isinstance(child, nn.Module):
            return
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and (frame.f_code.co_filename in MACHINERY or _passes_on(frame, parent)):
            frame = frame.f_back
        inside_torch = frame is not None and in_torch(frame.f_code.co_filename)
        frame = outward(frame)
        if frame is None:
            return
        number = self.serial(child)
        builders = self._builders.get(number, ())
        self.registrations.append(
            Registration(
                parent=self.serial(parent),
                name=name,
                child=number,
                place=place_of(frame),
                built=builders[0].place if builders else None,
                item=_item(frame, builders),
                inside_torch=inside_torch,
                methods=tuple(self._methods(frame)),
            )
        )

    def _methods(self, frame: FrameType) -> list[tuple[CodeType, int]]:
        found = []
        walked: FrameType | None = frame
        for _ in range(_METHOD_FRAMES):
            if walked is None:
                break
            owner = first_argument(walked)
            if isinstance(owner, nn.Module) and _SERIAL in owner.__dict__:
                found.append((walked.f_code, self.serial(owner)))
            walked = walked.f_back
        return found


def _passes_on(frame: FrameType, parent: nn.Module) -> bool:
    """A class's own `__setattr__` only passes on what another statement registers."""
    return frame.f_code.co_name == "__setattr__" and first_argument(frame) is parent


def _tell_insert(kind: Any, note: Callable[[nn.Module, str, nn.Module], None]) -> None:
    original = kind.insert

    @functools.wraps(original)
    def insert_and_tell(self: nn.Module, index: int, module: nn.Module) -> Any:
        result = original(self, index, module)
        note(self, str(index), module)
        return result

    kind.insert = insert_and_tell


def _builders(module: nn.Module, start: FrameType) -> tuple[Builder, ...]:
    """Climbs out of the `__init__` frames of this very module, and notes who called it from there."""
    frame: FrameType | None = start
    outermost: FrameType | None = None
    for _ in range(_INIT_FRAMES):
        if frame is None:
            break
        if _constructs(frame, module):
            outermost = frame
        frame = frame.f_back
    builders: list[Builder] = []
    frame = outward(start if outermost is None else outermost.f_back)
    while frame is not None and len(builders) < _BUILDER_FRAMES:
        builders.append(Builder(id(frame), place_of(frame)))
        frame = outward(frame.f_back)
    return tuple(builders)


def _constructs(frame: FrameType, module: nn.Module) -> bool:
    """Tells the frames of constructors: `__init__` of the module, and `__call__` of its class's metaclass."""
    code = frame.f_code
    if code.co_name == "__init__":
        return first_argument(frame) is module
    if code.co_name != "__call__" or not code.co_argcount:
        return False
    kind = frame.f_locals.get(code.co_varnames[0])
    return isinstance(kind, type) and type(module) is kind


def _item(frame: FrameType, builders: tuple[Builder, ...]) -> Place | None:
    """Tells what made the child in the very function that registers it: in `Sequential(make(8))` that is `make(8)`."""
    for at, builder in enumerate(builders):
        if builder.frame == id(frame) and builder.place.code is frame.f_code:
            inner = builders[at - 1].place if at else None
            # Before Python 3.12 a comprehension has a frame of its own, which knows its element.
            return inner if inner is not None and inner.code.co_name in _COMPREHENSIONS else builder.place
    return None

"""Describes any value that goes in or out of a layer as a tree, without running user code."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import itertools
import types
from collections.abc import Iterable
from functools import cache
from typing import Any, Callable, Optional

import torch
from torch import nn

from layer_peek.protocol import Item, PlainValue, TensorValue, Value

MAX_ITEMS = 64
MAX_DEPTH = 8
MAX_NODES = 4000
MAX_TEXT = 80
_SEARCH_DEPTH = 4
# Descriptions that are remembered; a loop without end may make new shapes for ever.
_MAX_KNOWN = 4096

Keep = Callable[[torch.Tensor], Optional[int]]
SharesWith = Callable[[int], Optional[int]]

_DESCRIBED_BY_SHAPE = frozenset((torch.Tensor, nn.Parameter))
_PRINTABLE: tuple[type[Any], ...] = (type(None), bool, int, float, complex, str, bytes)
_TORCH_PLAIN = (torch.dtype, torch.device, torch.layout, torch.memory_format)
_OPAQUE = (nn.Module, type, types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType)


def keep_nothing(_: torch.Tensor) -> int | None:
    """Gives no handle: for values that nobody will ask about."""
    return None


def shares_with_none(_: int) -> int | None:
    """Where no tensor is kept, none shares its memory with one."""
    return None


class Describer:
    """Makes value trees.

    `keep` retains a tensor and gives its handle, or None; `shares_with` gives the handle of a tensor seen before that
    lies in the same memory.
    """

    def __init__(self, keep: Keep = keep_nothing, shares_with: SharesWith = shares_with_none) -> None:
        self._keep = keep
        self._shares_with = shares_with
        # Descriptions without handles; many calls hold the same one, so nobody may change them.
        self._known: dict[tuple[torch.Size, torch.dtype, torch.device], TensorValue] = {}

    def describe(self, value: object) -> Value:
        """Describes a value; a tensor inside it is found up to 8 levels deep."""
        return self._quickly(value) or _Walk(self._keep, self._shares_with).value(value, 0)

    def arguments(self, names: list[str], args: tuple[object, ...], kwargs: dict[str, object]) -> Value:
        """Describes what a layer was called with; `names` are its forward's positional parameters."""
        walk: _Walk | None = None
        keyed = [(names[index] if index < len(names) else str(index), value) for index, value in enumerate(args)]
        if kwargs:
            keyed += kwargs.items()
        items: list[Item] = []
        for key, value in keyed[:MAX_ITEMS]:
            described = self._quickly(value)
            if described is None:
                walk = walk or _Walk(self._keep, self._shares_with)
                described = walk.value(value, 1)
            items.append({"key": key, "value": described})
        return {"kind": "arguments", "className": "", "items": items, "omitted": len(keyed) - len(items)}

    def _quickly(self, value: object) -> Value | None:
        """Describes a tensor as one before it of the same shape, type and device; None for all that is special."""
        if type(value) not in _DESCRIBED_BY_SHAPE:
            return None
        tensor: torch.Tensor = value  # type: ignore[assignment]
        if tensor.layout is not torch.strided or tensor.is_nested:
            return None
        try:
            key = (tensor.shape, tensor.dtype, tensor.device)
            known = self._known.get(key)
        except (RuntimeError, TypeError):
            # A size that is an expression has no hash.
            return None
        if known is None:
            shape, dtype, device = key
            if any(type(size) is not int for size in shape):
                return None
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            known = {"kind": "tensor", "shape": list(shape), "dtype": _dtype_name(dtype), "device": str(device)}
            self._known[key] = known
        handle = self._keep(tensor)
        if handle is None:
            return known
        described = known.copy()
        described["handle"] = handle
        shared = self._shares_with(handle)
        if shared is not None:
            described["sharesWith"] = shared
        return described


class _Walk:
    """One description: knows the containers it is inside of, and how many nodes it has made."""

    def __init__(self, keep: Keep, shares_with: SharesWith) -> None:
        self._keep = keep
        self._shares_with = shares_with
        self._inside: set[int] = set()
        self._nodes = 0

    def value(self, value: object, depth: int) -> Value:
        self._nodes += 1
        if isinstance(value, torch.Tensor):
            return self._tensor(value, depth)
        if type(value) in _PRINTABLE:
            return plain(value, _short(repr(value)))
        if isinstance(value, _TORCH_PLAIN):
            return plain(value, str(value))
        if isinstance(value, _OPAQUE):
            return opaque(value)
        if id(value) in self._inside:
            return plain(value, "(contains itself)")
        if depth >= MAX_DEPTH or self._nodes >= MAX_NODES:
            return plain(value, "...")
        self._inside.add(id(value))
        try:
            return self._container(value, depth)
        finally:
            self._inside.discard(id(value))

    def _container(self, value: object, depth: int) -> Value:
        if isinstance(value, tuple):
            # Items are read as the tuple's own: the class of a named tuple may override what reads them.
            names = getattr(type(value), "_fields", None)
            keys = map(str, names if isinstance(names, tuple) else range(len(value)))
            return self._items(value, "tuple", zip(keys, tuple.__iter__(value)), len(value), depth)
        if isinstance(value, (set, frozenset, collections.deque)):
            return self._items(value, "list", zip(map(str, itertools.count()), value), len(value), depth)
        if isinstance(value, list):
            return self._items(value, "list", zip(map(str, itertools.count()), list.__iter__(value)), len(value), depth)
        if isinstance(value, dict):
            pairs = ((key if type(key) is str else _key(key), item) for key, item in dict.items(value))
            return self._items(value, "dict", pairs, dict.__len__(value), depth)
        attributes = attributes_of(value)
        if attributes and (dataclasses.is_dataclass(value) or _holds_tensor(attributes)):
            return self._items(value, "object", attributes.items(), len(attributes), depth)
        return opaque(value)

    def _items(self, value: object, kind: str, pairs: Iterable[tuple[str, object]], length: int, depth: int) -> Value:
        items: list[Item] = []
        for key, item in pairs:
            if len(items) == MAX_ITEMS or self._nodes >= MAX_NODES:
                break
            items.append({"key": key, "value": self.value(item, depth + 1)})
        if kind in ("tuple", "list") and items and all(_is_number(item["value"]) for item in items):
            # Sizes and the like read better as `(1, 3)` than as a tree.
            more = ", ..." if length > len(items) else ""
            text = ", ".join(item["value"]["text"] for item in items if item["value"]["kind"] == "plain") + more  # type: ignore[typeddict-item]
            return plain(value, f"({text})" if kind == "tuple" else f"[{text}]")
        return {"kind": kind, "className": type(value).__name__, "items": items, "omitted": length - len(items)}

    def _tensor(self, value: torch.Tensor, depth: int) -> Value:
        if value.is_nested:
            # It has no single shape: its parts have.
            parts = value.unbind()
            pairs = zip(map(str, itertools.count()), parts)
            described_parts = self._items(value, "list", pairs, len(parts), depth)
            described_parts["className"] = "NestedTensor"
            return described_parts
        sizes: list[Any] | None = None
        try:
            if any(type(size) is not int for size in value.shape):
                # `int` would make a number of it for the rest of the run.
                sizes = [size.node.expr if isinstance(size, torch.SymInt) else int(size) for size in value.shape]
                shape = [size.node.hint if isinstance(size, torch.SymInt) else int(size) for size in value.shape]
            else:
                shape = list(value.shape)
        except RecursionError:
            # A RuntimeError too, which says nothing of the tensor.
            raise
        except (RuntimeError, TypeError, ValueError):
            # A size that hangs on data has no number.
            return plain(value, f"tensor without one shape, {value.dim()} dimensions")
        described: TensorValue = {
            "kind": "tensor",
            "shape": shape,
            "dtype": _dtype_name(value.dtype),
            "device": str(value.device),
        }
        if sizes is not None and all(isinstance(size, int) for size in shape):
            # Expressions until the run is over: it may yet tell that a name is a number.
            described["dims"] = sizes
        if type(value) not in (torch.Tensor, nn.Parameter) and type(value).__name__ != "FakeTensor":
            described["className"] = type(value).__name__
        if value.layout is not torch.strided:
            described["layout"] = str(value.layout).replace("torch.", "", 1)
        handle = self._keep(value)
        if handle is not None:
            described["handle"] = handle
            shared = self._shares_with(handle)
            if shared is not None:
                described["sharesWith"] = shared
        return described


@cache
def _dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).replace("torch.", "", 1)


def opaque(value: object) -> PlainValue:
    """Describes a value by its class alone."""
    return plain(value, type(value).__name__)


def plain(value: object, text: str) -> PlainValue:
    """Describes a value without tensors."""
    return {"kind": "plain", "className": type(value).__name__, "text": text}


def _is_number(value: Value) -> bool:
    return value["kind"] == "plain" and value["className"] in ("int", "float", "bool", "NoneType")


def attributes_of(value: object) -> dict[str, object]:
    """Lists an object's own attributes, those in slots among them, without running its code."""
    found: dict[str, object] = {}
    for kind in type(value).__mro__:
        for name, member in vars(kind).items():
            if isinstance(member, types.MemberDescriptorType):
                with contextlib.suppress(AttributeError):
                    found[name] = member.__get__(value)
    try:
        attributes = object.__getattribute__(value, "__dict__")
    except AttributeError:
        attributes = {}
    if type(attributes) is dict:
        found.update(attributes)
    return found


def _holds_tensor(attributes: dict[str, object]) -> bool:
    """Tells whether an object leads to a tensor, through objects and containers, as caches of keys and values do."""
    budget = itertools.count()

    def holds(value: object, depth: int) -> bool:
        if isinstance(value, torch.Tensor):
            return True
        if depth == 0 or next(budget) > MAX_NODES or type(value) in _PRINTABLE or isinstance(value, _OPAQUE):
            return False
        if isinstance(value, (list, tuple)):
            return any(holds(item, depth - 1) for item in value[:MAX_ITEMS])
        inside = value if isinstance(value, dict) else attributes_of(value)
        return any(holds(item, depth - 1) for item in list(dict.values(inside))[:MAX_ITEMS])

    return any(holds(value, _SEARCH_DEPTH) for value in attributes.values())


def _key(key: object) -> str:
    return _short(repr(key)) if type(key) in _PRINTABLE else type(key).__name__


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 3] + "..."

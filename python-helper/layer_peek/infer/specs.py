"""What an input may look like: sizes are numbers, the batch, or one of three free sizes that the search looks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Callable, Union

import torch

BATCH = "B"
# Height and width of images, and the like; and the length of sequences.
SIZE = "S"
LENGTH = "L"
# How many pictures a clip has.
FRAMES = "F"
Dim = Union[int, str]

Address = tuple[str, ...]
"""Where a tensor stands in the arguments: the parameter's name, then keys inside a dict."""

Known = Mapping[str, int]
"""Numbers for the batch and the free sizes."""

DEFAULT_HIGH = 10
DEFAULT_LENGTH = 16
DEFAULT_FRAMES = 16


@dataclass(frozen=True)
class TensorSpec:
    """A tensor of floats, of integers from 0 up to `high`, of the length of sequences (`length`), or of trues."""

    dims: tuple[Dim, ...]
    kind: str = "float"
    high: int = DEFAULT_HIGH

    def shape(self, known: Known) -> tuple[int, ...]:
        """Fills in the batch and the free sizes."""
        return tuple(known[dim] if isinstance(dim, str) else dim for dim in self.dims)

    def build(self, known: Known) -> torch.Tensor:
        """Makes the tensor on the current default device."""
        shape = self.shape(known)
        if self.kind == "int":
            return torch.randint(0, self.high, shape)
        if self.kind == "length":
            return torch.full(shape, known[LENGTH])
        return torch.ones(shape, dtype=torch.bool) if self.kind == "bool" else torch.randn(shape)

    def text(self, known: Known) -> str:
        """Writes the expression that makes the tensor."""
        sizes = ", ".join(map(str, self.shape(known)))
        tuple_of_sizes = f"({sizes}{',' if len(self.dims) == 1 else ''})"
        if self.kind == "int":
            return f"torch.randint(0, {self.high}, {tuple_of_sizes})"
        if self.kind == "length":
            return f"torch.full({tuple_of_sizes}, {known[LENGTH]})"
        return f"torch.ones({sizes}, dtype=torch.bool)" if self.kind == "bool" else f"torch.randn({sizes})"


@dataclass(frozen=True)
class ConstantSpec:
    """A plain value such as None or 1."""

    value: Any


@dataclass(frozen=True)
class ListSpec:
    """A list or a tuple of tensors; the keys are their indices."""

    items: tuple[tuple[str, Spec], ...]
    is_tuple: bool = False


@dataclass(frozen=True)
class DictSpec:
    """A dict whose keys are found out as the model asks for them."""

    items: tuple[tuple[str, Spec], ...] = ()


Spec = Union[TensorSpec, ConstantSpec, ListSpec, DictSpec]


@dataclass(frozen=True)
class Argument:
    """One parameter of forward with what is given for it."""

    name: str
    spec: Spec
    keyword: bool = False


@dataclass(frozen=True)
class State:
    """One attempt: what is given for each parameter, the free sizes, and the sizes customary for such inputs."""

    arguments: tuple[Argument, ...]
    size: int
    sizes: tuple[int, ...]
    length: int = DEFAULT_LENGTH
    frames: int = DEFAULT_FRAMES
    # Lengths that the model names.
    lengths: tuple[int, ...] = ()

    def known(self, batch: int) -> Known:
        """Returns the numbers that fill in shapes."""
        return {BATCH: batch, SIZE: self.size, LENGTH: self.length, FRAMES: self.frames}

    def at(self, free: str, number: int) -> State:
        """Sets one of the free sizes."""
        if free == SIZE:
            return replace(self, size=number)
        return replace(self, length=number) if free == LENGTH else replace(self, frames=number)

    def leaves(self) -> Iterator[tuple[Address, TensorSpec]]:
        """Lists all tensors."""
        for argument in self.arguments:
            yield from _leaves((argument.name,), argument.spec)

    def tensor(self, address: Address) -> TensorSpec:
        """Returns the tensor at an address."""
        return dict(self.leaves())[address]

    def uses(self, free: str) -> bool:
        """Tells whether a free size occurs."""
        return any(free in spec.dims for _, spec in self.leaves())

    def with_spec(self, address: Address, spec: Spec) -> State:
        """Puts another spec at an address."""
        arguments = tuple(
            replace(argument, spec=_put(argument.spec, address[1:], spec)) if argument.name == address[0] else argument
            for argument in self.arguments
        )
        return replace(self, arguments=arguments)

    def text(self, batch: int) -> str:
        """Writes the arguments of the call."""
        return ", ".join(
            (f"{argument.name}=" if argument.keyword else "") + _text(argument.spec, self.known(batch))
            for argument in self.arguments
        )


def build(spec: Spec, address: Address, known: Known, make_dict: Callable[[Address, dict[str, Any]], Any]) -> Any:
    """Makes the value; `make_dict` wraps dicts, so that missing keys can be noted."""
    if isinstance(spec, TensorSpec):
        return spec.build(known)
    if isinstance(spec, ConstantSpec):
        return spec.value
    items = {key: build(item, (*address, key), known, make_dict) for key, item in spec.items}
    if isinstance(spec, ListSpec):
        return tuple(items.values()) if spec.is_tuple else list(items.values())
    return make_dict(address, items)


def _leaves(address: Address, spec: Spec) -> Iterator[tuple[Address, TensorSpec]]:
    if isinstance(spec, TensorSpec):
        yield address, spec
    elif isinstance(spec, (ListSpec, DictSpec)):
        for key, item in spec.items:
            yield from _leaves((*address, key), item)


def _put(spec: Spec, rest: Address, new: Spec) -> Spec:
    if not rest:
        return new
    assert isinstance(spec, (ListSpec, DictSpec))
    items = dict(spec.items)
    items[rest[0]] = _put(items[rest[0]], rest[1:], new) if rest[0] in items else new
    return replace(spec, items=tuple(items.items()))


def _text(spec: Spec, known: Known) -> str:
    if isinstance(spec, TensorSpec):
        return spec.text(known)
    if isinstance(spec, ConstantSpec):
        return repr(spec.value)
    if isinstance(spec, ListSpec):
        items = ", ".join(_text(item, known) for _, item in spec.items)
        return f"({items}{',' if len(spec.items) == 1 else ''})" if spec.is_tuple else f"[{items}]"
    return "{" + ", ".join(f"{json.dumps(key)}: {_text(item, known)}" for key, item in spec.items) + "}"

"""Runs with names in place of sizes: what a layer gives as `[N, 16, H/2, W/2]`, and what that takes for granted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch

from layer_peek import modes
from layer_peek.protocol import Value
from layer_peek.recipe import Prepared
from layer_peek.symbol_text import SymbolText

_FLOAT_NAMES = {1: "N", 2: "ND", 3: "NTD", 4: "NCHW", 5: "NCDHW"}
_WHOLE_NAMES = {1: "N", 2: "NT"}
_DEPTH = 4


class Symbolic:
    """Names the sizes of a recipe's inputs. Meant for one run."""

    def __init__(self) -> None:
        from torch.fx.experimental.symbolic_shapes import ShapeEnv

        # Without duck shapes a height and a width that are equal keep their own names.
        self.environment: Any = ShapeEnv(duck_shape=False)
        self._mode: Any = None
        self._names: dict[str, str] = {}
        self._taken: dict[str, int] = {}

    @contextlib.contextmanager
    def running(self) -> Iterator[modes.Entered]:
        """Enters fake tensors; gives a context for construction, as `modes.shapes_only` does."""
        with modes.shapes_only(self.environment) as (construction, mode):
            self._mode = mode
            yield construction()

    def name_inputs(self, prepared: Prepared) -> None:
        """Puts tensors with named sizes in place of the tensors among the arguments."""
        whole = list(_tensors([*prepared.args, *prepared.kwargs.values()], _DEPTH))
        # A size of 1 would be taken for granted; the batch of one sample that recipes have stands for any batch.
        grows = bool(whole) and all(tensor.dim() > 0 and tensor.shape[0] == 1 for tensor in whole)
        made: dict[int, torch.Tensor] = {id(tensor): self._named(tensor, grows) for tensor in whole}
        prepared.args[:] = [_replaced(value, made, _DEPTH) for value in prepared.args]
        for name, value in list(prepared.kwargs.items()):
            prepared.kwargs[name] = _replaced(value, made, _DEPTH)

    def _named(self, tensor: torch.Tensor, grows: bool) -> torch.Tensor:
        from torch._dynamo.source import ConstantSource
        from torch._subclasses.fake_tensor import unset_fake_temporarily
        from torch.fx.experimental.symbolic_shapes import DimDynamic, StatelessSymbolicContext

        sizes = [2 if grows and at == 0 else int(size) for at, size in enumerate(tensor.shape)]
        with unset_fake_temporarily():
            real = torch.empty(sizes, dtype=tensor.dtype)
        dynamic = [DimDynamic.STATIC if size < 2 else DimDynamic.DYNAMIC for size in sizes]
        context: Any = StatelessSymbolicContext(dynamic_sizes=dynamic)
        source = ConstantSource(f"input_{len(self._names)}")
        named: torch.Tensor = self._mode.from_tensor(real, symbolic_context=context, source=source)
        names = (_FLOAT_NAMES if tensor.is_floating_point() else _WHOLE_NAMES).get(len(sizes), "")
        for at, size in enumerate(named.shape):
            if isinstance(size, torch.SymInt):
                self._names[str(size.node.expr)] = self._free(names[at] if names else f"D{at}")
        return named

    def _free(self, name: str) -> str:
        count = self._taken[name] = self._taken.get(name, 0) + 1
        return name if count == 1 else f"{name}{count}"

    def finish(self) -> SymbolText:
        """Tells, after the run, how sizes are printed."""
        # Not simplified, which would multiply products out.
        known = self.environment.replacements
        guards = [str(guard.expr.xreplace(known)) for guard in self.environment.guards]
        return SymbolText(self._names, guards)

    def print_sizes(self, value: Value, text: SymbolText) -> None:
        """Turns the sizes of a described value into text; what has turned out to be a number is one."""
        if value["kind"] == "tensor":
            sizes: list[Any] | None = value.pop("dims", None)  # type: ignore[typeddict-item]
            if sizes is None:
                return
            simple = [size if isinstance(size, int) else self.environment.simplify(size) for size in sizes]
            if any(not str(size).isdigit() for size in simple):
                value["dims"] = [text.size(str(size)) for size in simple]  # type: ignore[typeddict-unknown-key]
        for item in value.get("items", []):  # type: ignore[attr-defined]
            self.print_sizes(item["value"], text)


def _tensors(values: Any, depth: int) -> Iterator[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif depth and isinstance(value, dict):
            yield from _tensors(value.values(), depth - 1)
        elif depth and isinstance(value, (list, tuple)):
            yield from _tensors(value, depth - 1)


def _replaced(value: Any, made: dict[int, torch.Tensor], depth: int) -> Any:
    if isinstance(value, torch.Tensor):
        return made.get(id(value), value)
    if depth and type(value) is dict:
        return {key: _replaced(item, made, depth - 1) for key, item in value.items()}
    if depth and type(value) in (list, tuple):
        return type(value)(_replaced(item, made, depth - 1) for item in value)
    return value

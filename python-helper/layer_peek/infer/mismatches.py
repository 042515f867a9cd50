"""From a failure to what was wanted: a size at a dimension, a rank, integers, a key."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Callable

from layer_peek.infer import expectations
from layer_peek.infer.probe import Failure, Seen

_UNPACKED = re.compile(r"values to unpack \(expected (\d+)")
INTEGER_FUNCTIONS = (
    "one_hot",
    "embedding",
    "embedding_bag",
    "gather",
    "index_select",
    "scatter",
    "scatter_",
    "index_add",
    "index_add_",
    "nll_loss",
    "cross_entropy",
)
_ELEMENTWISE = (
    "add",
    "sub",
    "mul",
    "div",
    "where",
    "__add__",
    "__sub__",
    "__mul__",
    "__truediv__",
    "add_",
    "mul_",
    "sub_",
    "rsub",
    "__radd__",
    "__rmul__",
    "__rsub__",
    "iadd",
    "__iadd__",
    "__imul__",
    "masked_fill",
    "lerp",
    "maximum",
    "minimum",
)


@dataclass(frozen=True)
class Mismatch:
    """A tensor that has not what was wanted of it."""

    seen: Seen
    # Size wanted and got at a dimension, or in all dimensions after the batch where `dim` is None.
    got: int = 0
    want: int = 0
    dim: int | None = None
    rank: int | None = None
    integer: bool | None = None
    expectation: expectations.Expectation | None = None
    # The whole shape that was wanted.
    whole: tuple[int, ...] = ()
    # Only larger inputs can help.
    too_small: bool = False


def is_between_tensors(function: str) -> bool:
    """Tells whether a function joins, combines or multiplies tensors whose sizes have to agree."""
    return _HANDLERS.get(function) in (_of_join, _of_elements, _of_product)


def mismatches(failure: Failure, batch: int) -> list[Mismatch]:
    """Lists what may have been wrong, the surest first."""
    found: list[Mismatch] = []
    if failure.module is not None and failure.module_tensors:
        found.extend(_of_layer(failure, failure.module_tensors[0]))
    if failure.tensors:
        found.extend(_of_function(failure, batch))
    unpacked = _UNPACKED.search(str(failure.exception))
    if unpacked is not None and not failure.function and failure.module_tensors:
        found.extend(Mismatch(seen, rank=int(unpacked.group(1))) for seen in failure.module_tensors)
    elif isinstance(failure.exception, IndexError):
        found.extend(Mismatch(seen, rank=len(seen.shape) + 1) for seen in failure.tensors or failure.module_tensors)
    return found


def _of_layer(failure: Failure, seen: Seen) -> Iterator[Mismatch]:
    assert failure.module is not None
    expected = expectations.expectation(failure.module)
    if expected is None:
        if expectations.spatial_pool(failure.module):
            yield Mismatch(seen, too_small=True)
        return
    if expected.integer == seen.floating:
        yield Mismatch(seen, integer=expected.integer, expectation=expected)
    if expected.ranks and len(seen.shape) not in expected.ranks:
        yield Mismatch(seen, rank=expected.ranks[0], expectation=expected)
        return
    wrong = False
    for dim, want in expected.dims.items():
        got = seen.shape[dim] if -len(seen.shape) <= dim < len(seen.shape) else 0
        if got != want:
            wrong = True
            yield Mismatch(seen, got, want, dim, expectation=expected)
    if not wrong and expected.integer != seen.floating and 1 in expected.dims:
        # Rank and channels fit: a kernel is larger than what it is laid over.
        yield Mismatch(seen, too_small=True)


def _of_function(failure: Failure, batch: int) -> Iterator[Mismatch]:
    name, tensors = failure.function, failure.tensors
    handler = _HANDLERS.get(name)
    if handler is not None:
        yield from handler(failure, batch)
    elif name.startswith(("max_pool", "avg_pool", "conv", "topk")):
        yield Mismatch(tensors[0], too_small=True)
    wants_integers = name in INTEGER_FUNCTIONS or (name == "__getitem__" and len(tensors) > 1)
    for seen in tensors:
        if seen.origins and seen.floating == wants_integers:
            yield Mismatch(seen, integer=wants_integers)


def _of_permute(failure: Failure, _: int) -> Iterator[Mismatch]:
    yield Mismatch(failure.tensors[0], rank=len(_sizes(failure.arguments[1:], failure.keywords)))


def _of_product(failure: Failure, _: int) -> Iterator[Mismatch]:
    if len(failure.tensors) > 1:
        left, right = failure.tensors[-2:]
        row = -2 if len(right.shape) > 1 else -1
        outer, inner = (left.shape or (0,))[-1], (right.shape or (0,))[row if right.shape else 0]
        yield Mismatch(left, outer, inner, -1)
        yield Mismatch(right, inner, outer, row)


def _of_linear(failure: Failure, _: int) -> Iterator[Mismatch]:
    if len(failure.tensors) > 1:
        first, weight = failure.tensors[:2]
        yield Mismatch(first, (first.shape or (0,))[-1], (weight.shape or (0,))[-1], -1)


def _of_join(failure: Failure, _: int) -> Iterator[Mismatch]:
    dim = failure.keywords.get("dim", failure.arguments[1] if len(failure.arguments) > 1 else 0)
    joined_along = dim if failure.function != "stack" and isinstance(dim, int) else None
    yield from _unequal(failure.tensors, skip=joined_along)


def _of_elements(failure: Failure, _: int) -> Iterator[Mismatch]:
    if len(failure.tensors) > 1:
        yield from _unequal(failure.tensors[:2], skip=None, broadcast=True)


def _of_split(failure: Failure, _: int) -> Iterator[Mismatch]:
    first = failure.tensors[0]
    sizes = failure.arguments[1] if len(failure.arguments) > 1 else None
    dim = failure.keywords.get("dim", failure.arguments[2] if len(failure.arguments) > 2 else 0)
    if isinstance(sizes, (list, tuple)) and isinstance(dim, int) and -len(first.shape) <= dim < len(first.shape):
        yield Mismatch(first, first.shape[dim], sum(sizes), dim)


def _of_distance(failure: Failure, _: int) -> Iterator[Mismatch]:
    if len(failure.tensors) > 1:
        left, right = failure.tensors[:2]
        yield Mismatch(right, (right.shape or (0,))[-1], (left.shape or (0,))[-1], -1)


def _of_view(failure: Failure, batch: int) -> Iterator[Mismatch]:
    seen, sizes = failure.tensors[0], _sizes(failure.arguments[1:], failure.keywords)
    yield from _of_whole_view(seen, sizes)
    known = math.prod(size for size in sizes if size > 0)
    if sizes and sizes[0] == batch:
        known //= batch
    got = math.prod(seen.shape) // batch
    if known and (got != known):
        yield Mismatch(seen, got, known)


def _of_whole_view(seen: Seen, sizes: list[int]) -> Iterator[Mismatch]:
    """A view that leaves no size open tells the whole input."""
    if len(sizes) > 1 and min(sizes) > 0 and math.prod(sizes) != math.prod(seen.shape):
        yield Mismatch(seen, whole=tuple(sizes))


def _sizes(args: tuple[Any, ...], kwargs: Any) -> list[int]:
    flat = [*args, *kwargs.values()]
    if len(flat) == 1 and isinstance(flat[0], (list, tuple)):
        flat = list(flat[0])
    return [int(size) for size in flat if isinstance(size, int)]


def _unequal(tensors: list[Seen], skip: int | None, broadcast: bool = False) -> Iterator[Mismatch]:
    first = tensors[0]
    for other in tensors[1:]:
        if len(first.shape) != len(other.shape) and not broadcast:
            yield Mismatch(first, rank=len(other.shape))
            yield Mismatch(other, rank=len(first.shape))
            continue
        if len(first.shape) != len(other.shape):
            # One lacks a dimension that the other shows.
            lower, higher = sorted((first, other), key=lambda seen: len(seen.shape))
            yield Mismatch(lower, rank=len(higher.shape))
        for dim in range(-1, -min(len(first.shape), len(other.shape)) - 1, -1):
            ours, theirs = first.shape[dim], other.shape[dim]
            skipped = skip is not None and dim in (skip, skip - len(first.shape))
            if ours != theirs and not skipped and not (broadcast and 1 in (ours, theirs)):
                # What does not come from an input is fixed; what does has to follow.
                yield Mismatch(first, ours, theirs, dim)
                yield Mismatch(other, theirs, ours, dim)


_HANDLERS: dict[str, Callable[[Failure, int], Iterator[Mismatch]]] = {
    **dict.fromkeys(("view", "reshape", "unflatten"), _of_view),
    "permute": _of_permute,
    **dict.fromkeys(("matmul", "__matmul__", "mm", "bmm", "baddbmm", "addmm", "dot"), _of_product),
    "linear": _of_linear,
    **dict.fromkeys(("cat", "concat", "concatenate", "stack"), _of_join),
    **dict.fromkeys(_ELEMENTWISE, _of_elements),
    "split": _of_split,
    "cdist": _of_distance,
}

"""From a mismatch to other attempts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from layer_peek.infer import guesses
from layer_peek.infer.expectations import IMAGE, Expectation
from layer_peek.infer.mismatches import Mismatch, mismatches
from layer_peek.infer.probe import Failure
from layer_peek.infer.specs import BATCH, LENGTH, SIZE, Address, ConstantSpec, DictSpec, Dim, State, TensorSpec


def repairs(state: State, failure: Failure, batch: int, embeds: bool) -> Iterator[State]:
    """Lists attempts that may get further, the likeliest first. `embeds` tells that the model has an embedding."""
    key = _asked_key(failure)
    if key is not None:
        yield from _with_key(state, key, embeds)
        return
    for mismatch in mismatches(failure, batch):
        if mismatch.seen.direct is not None:
            yield from _direct(state, mismatch, mismatch.seen.direct)
        else:
            for address in sorted(mismatch.seen.origins):
                yield from _derived(state, mismatch, address, batch)
    yield from _without_none(state, failure)


def _asked_key(failure: Failure) -> Address | None:
    if failure.missing_key is not None:
        return failure.missing_key
    index = failure.arguments[1] if failure.function == "__getitem__" and len(failure.arguments) > 1 else None
    if isinstance(index, str) and failure.tensors and failure.tensors[0].direct is not None:
        return (*failure.tensors[0].direct, index)
    return None


def _with_key(state: State, key: Address, embeds: bool) -> Iterator[State]:
    holder = state
    if any(address == key[:-1] for address, _ in state.leaves()):
        holder = state.with_spec(key[:-1], DictSpec())
    first = guesses.First(TensorSpec((BATCH, 3, SIZE, SIZE)), IMAGE)
    for spec in guesses.guess(key[-1], "", first, embeds, main=True):
        yield holder.with_spec(key, spec)


def _direct(state: State, mismatch: Mismatch, address: Address) -> Iterator[State]:
    spec = state.tensor(address)
    expected = mismatch.expectation
    if mismatch.integer is not None:
        if expected is not None and mismatch.integer:
            dims = spec.dims if spec.kind == "bool" else expected.template.dims
            yield _sized(state, expected).with_spec(address, replace(expected.template, dims=dims))
        yield state.with_spec(address, replace(spec, kind="int" if mismatch.integer else "float"))
    elif expected is not None:
        if mismatch.dim is not None and mismatch.rank is None:
            # The rank may be right: only the size is not.
            yield state.with_spec(address, _with_dim(spec, mismatch.dim, mismatch.want))
        yield _sized(state, expected).with_spec(address, expected.template)
    elif mismatch.rank is not None:
        yield from _with_rank(state, address, mismatch.rank)
    elif mismatch.dim is not None:
        yield state.with_spec(address, _with_dim(spec, mismatch.dim, mismatch.want))


def _derived(state: State, mismatch: Mismatch, address: Address, batch: int) -> Iterator[State]:
    spec = state.tensor(address)
    if mismatch.integer is not None:
        yield state.with_spec(address, replace(spec, kind="int" if mismatch.integer else "float"))
        return
    if mismatch.rank is not None:
        yield from _with_rank(state, address, len(spec.dims) + mismatch.rank - len(mismatch.seen.shape))
        return
    if mismatch.too_small:
        return
    if mismatch.dim is not None:
        yield from _traced(state, mismatch, address, spec, batch)
    if spec.kind == "float":
        yield from _flattened(state, address, mismatch.want)


def _traced(state: State, mismatch: Mismatch, address: Address, spec: TensorSpec, batch: int) -> Iterator[State]:
    """The wrong size may be one of the input's own, moved by a permutation or kept by an elementwise function."""
    shape = spec.shape(state.known(batch))
    for index in reversed(range(len(shape))):
        if shape[index] != mismatch.got or spec.dims[index] == BATCH:
            continue
        dims: list[Dim] = list(spec.dims)
        was, dims[index] = dims[index], mismatch.want
        if isinstance(was, str):
            # Channels last: what were the channels is a free size then.
            swapped = [was if isinstance(dim, int) and at != index else dim for at, dim in enumerate(dims)]
            yield state.with_spec(address, replace(spec, dims=tuple(swapped)))
        yield state.with_spec(address, replace(spec, dims=tuple(dims)))
    if mismatch.got and mismatch.want:
        # Joined or repeated: one size changes in proportion.
        for index, dim in enumerate(spec.dims):
            scaled = isinstance(dim, int) and dim * mismatch.want % mismatch.got == 0
            if isinstance(dim, int) and scaled and dim * mismatch.want // mismatch.got != dim:
                dims = list(spec.dims)
                dims[index] = dim * mismatch.want // mismatch.got
                yield state.with_spec(address, replace(spec, dims=tuple(dims)))
            joined = mismatch.want - mismatch.got + dim if isinstance(dim, int) else 0
            if isinstance(dim, int) and joined > 0 and joined != dim:
                dims = list(spec.dims)
                dims[index] = joined
                yield state.with_spec(address, replace(spec, dims=tuple(dims)))


def _flattened(state: State, address: Address, features: int) -> Iterator[State]:
    """A layer that follows a flattening tells the number of features of the whole input."""
    if features <= 0:
        return
    spec = state.tensor(address)
    for channels in (1, 3):
        side = math.isqrt(features // channels)
        # A customary side makes it an image rather than a vector.
        if features == channels * side * side and side in (28, 32, 64, 96, 128, 224) and len(spec.dims) != 2:
            yield state.with_spec(address, replace(spec, dims=(BATCH, channels, side, side)))
    if not any(dim in (SIZE, LENGTH) for dim in spec.dims) or len(spec.dims) == 4:
        yield state.with_spec(address, replace(spec, dims=(BATCH, features)))


def _with_rank(state: State, address: Address, rank: int) -> Iterator[State]:
    spec = state.tensor(address)
    numbers = [dim for dim in spec.dims if isinstance(dim, int)]
    last = numbers[-1] if numbers else None
    wide: Dim = LENGTH if last is None else last
    forms: tuple[tuple[Dim, ...], ...] = {
        1: ((BATCH,),),
        2: ((BATCH, wide),),
        3: ((BATCH, LENGTH, wide), (BATCH, wide, LENGTH)),
        4: ((BATCH, last or 3, SIZE, SIZE), (BATCH, SIZE, SIZE, last or 3)),
        5: ((BATCH, last or 3, SIZE, SIZE, SIZE),),
    }.get(rank, ())
    if spec.kind == "int":
        forms = ((BATCH, *([LENGTH] * (rank - 1))),) if rank > 0 else ()
    for dims in forms:
        yield state.with_spec(address, replace(spec, dims=dims))


def _with_dim(spec: TensorSpec, dim: int, size: int) -> TensorSpec:
    dims = list(spec.dims)
    if -len(dims) <= dim < len(dims) and dims[dim] != BATCH:
        dims[dim] = size
    return replace(spec, dims=tuple(dims))


def _sized(state: State, expected: Expectation) -> State:
    return replace(state, size=expected.sizes[0], sizes=expected.sizes)


def _without_none(state: State, failure: Failure) -> Iterator[State]:
    """Where None was given first and code could not do with it, a tensor is."""
    if "NoneType" not in str(failure.exception):
        return
    for argument in state.arguments:
        if isinstance(argument.spec, ConstantSpec) and argument.spec.value is None:
            yield state.with_spec((argument.name,), TensorSpec((BATCH, LENGTH), "bool"))

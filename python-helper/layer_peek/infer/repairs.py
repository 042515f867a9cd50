"""From a mismatch to other attempts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

from layer_peek.infer import guesses
from layer_peek.infer.expectations import Expectation
from layer_peek.infer.mismatches import Mismatch, mismatches
from layer_peek.infer.probe import Failure
from layer_peek.infer.specs import (
    BATCH,
    FRAMES,
    LENGTH,
    SIZE,
    Address,
    Argument,
    ConstantSpec,
    DictSpec,
    Dim,
    State,
    TensorSpec,
)

_MOST_DIMENSIONS = 6


def repairs(state: State, failure: Failure, batch: int, facts: guesses.Known) -> Iterator[State]:
    """Lists attempts that may get further, the likeliest first."""
    key = _asked_key(failure)
    if key is not None:
        yield from _with_key(state, key, facts)
        return
    for mismatch in mismatches(failure, batch):
        if mismatch.rank is not None and mismatch.rank > _MOST_DIMENSIONS:
            continue
        if mismatch.seen.direct is not None:
            yield from _direct(state, mismatch, mismatch.seen.direct)
        else:
            for address in sorted(mismatch.seen.origins):
                yield from _derived(state, mismatch, address, batch)
    yield from _shared_out(state, failure)
    yield from _without_none(state, facts)
    if facts.time_first:
        yield from _transposed(state, failure)


def _asked_key(failure: Failure) -> Address | None:
    if failure.missing_key is not None:
        return failure.missing_key
    index = failure.arguments[1] if failure.function == "__getitem__" and len(failure.arguments) > 1 else None
    if isinstance(index, str) and failure.tensors and failure.tensors[0].direct is not None:
        return (*failure.tensors[0].direct, index)
    return None


def _with_key(state: State, key: Address, facts: guesses.Known) -> Iterator[State]:
    holder = state
    if any(address == key[:-1] for address, _ in state.leaves()):
        holder = state.with_spec(key[:-1], DictSpec())
    specs = list(guesses.guess(key[-1], "", replace(facts, first=facts.floating), main=False))
    for spec in specs:
        yield holder.with_spec(key, spec)
    if TensorSpec((BATCH, 16)) not in specs:
        yield holder.with_spec(key, TensorSpec((BATCH, 16)))


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
    elif mismatch.whole:
        yield state.with_spec(address, replace(spec, dims=(BATCH, *mismatch.whole[1:])))
        yield state.with_spec(address, replace(spec, dims=mismatch.whole))
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
    if mismatch.too_small or mismatch.whole:
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
        0: ((),),
        1: ((BATCH,),),
        2: ((BATCH, 1 if last is None else wide), (BATCH, wide)),
        3: ((BATCH, LENGTH, wide), (BATCH, wide, LENGTH)),
        4: ((BATCH, last or 3, SIZE, SIZE), (BATCH, SIZE, SIZE, last or 3)),
        5: ((BATCH, FRAMES, last or 3, SIZE, SIZE), (BATCH, last or 3, FRAMES, SIZE, SIZE)),
    }.get(rank, ())
    kind = "float" if spec.high == guesses.TIMESTEPS and spec.kind == "int" else spec.kind
    if kind == "int":
        forms = ((BATCH, *([LENGTH] * (rank - 1))),) if rank > 0 else ()
    for dims in forms:
        yield state.with_spec(address, replace(spec, dims=dims, kind=kind))


def _with_dim(spec: TensorSpec, dim: int, size: int) -> TensorSpec:
    dims = list(spec.dims)
    if -len(dims) <= dim < len(dims) and dims[dim] != BATCH:
        dims[dim] = size
    return replace(spec, dims=tuple(dims))


def _sized(state: State, expected: Expectation) -> State:
    return replace(state, size=expected.sizes[0], sizes=expected.sizes)


def _without_none(state: State, facts: guesses.Known) -> Iterator[State]:
    """None was given because it is simpler than what the name lets expect."""
    for argument in state.arguments:
        if isinstance(argument.spec, ConstantSpec) and argument.spec.value is None:
            for spec in guesses.of_name(argument.name, facts):
                yield state.with_spec((argument.name,), spec)


def _transposed(state: State, failure: Failure) -> Iterator[State]:
    """A layer that wants the length before the batch may get what has it behind."""
    origins = {at for seen in [*failure.tensors, *failure.module_tensors] for at in seen.origins}
    for address, spec in state.leaves():
        if address in origins and spec.dims[:2] == (BATCH, LENGTH):
            yield state.with_spec(address, replace(spec, dims=(LENGTH, BATCH, *spec.dims[2:])))


def _shared_out(state: State, failure: Failure) -> Iterator[State]:
    """Inputs that are joined, each as wide as the layer behind wants both: they share the width."""
    if failure.module is None or len(failure.module_tensors) < 1:
        return
    want = next((one.want for one in mismatches(failure, 1) if one.expectation is not None and one.dim is not None), 0)
    tensors = [(at, spec) for at, spec in state.leaves() if at in failure.module_tensors[0].origins]
    places = [(at, spec, len(spec.dims) - 1) for at, spec in tensors if spec.dims and spec.dims[-1] == want]
    if len(places) < 2 or want < len(places):
        return
    shared = state
    for index, (address, spec, dim) in enumerate(places):
        part = want // len(places) + (index < want % len(places))
        shared = shared.with_spec(address, _with_dim(spec, dim, part))
    yield shared


def other_ranks(state: State, failure: Failure) -> Iterator[State]:
    """Where nothing tells what was wrong, a dimension more or less may help."""
    origins = {at for seen in [*failure.tensors, *failure.module_tensors] for at in seen.origins}
    for address, spec in state.leaves():
        if address in origins and spec.kind != "length":
            for rank in (len(spec.dims) + 1, len(spec.dims) - 1):
                if 0 < rank <= 5:
                    yield from _with_rank(state, address, rank)


def more_arguments(state: State, failure: Failure, facts: guesses.Known) -> Iterator[tuple[State, bool]]:
    """What may be left out may be needed all the same; the second value tells that the failure names it."""
    if failure.function:
        return
    given = {one.name for one in state.arguments}
    text = str(failure.exception)
    for name, specs in facts.optional:
        named = re.search(rf"\b{re.escape(name)}\b", text) is not None
        if name not in given and (named or "NoneType" in text):
            for spec in specs:
                yield replace(state, arguments=(*state.arguments, Argument(name, spec, keyword=True))), named

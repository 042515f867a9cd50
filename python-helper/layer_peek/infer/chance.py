"""Sizes that fit by chance: where two tensors made from one input agree at a single pixel only, the model is broken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from torch import nn

from layer_peek.infer.mismatches import is_between_tensors
from layer_peek.infer.probe import Failure
from layer_peek.infer.sizes import PROBE_BATCH
from layer_peek.infer.specs import LENGTH, Address, State

# No input is customarily that small.
_TINY = 3
_LENGTHS = (32, 64, 20, 24, 48, 100, 128)

_Shapes = dict[Address, tuple[int, ...]]


@dataclass(frozen=True)
class Broken:
    """The attempt with customary sizes, what stopped it, and the attempt that passes by chance."""

    state: State
    failure: Failure
    passing: State


class Chance:
    """Notes failures that only the model can be blamed for, and tells whether an attempt passes them by chance."""

    def __init__(self, widths: frozenset[int]) -> None:
        self._widths = widths
        # By what tells attempts of one form: the ranks of their tensors. The first has the sizes most customary.
        self._failed: dict[tuple[tuple[Address, int], ...], tuple[State, Failure]] = {}

    def note(self, state: State, failure: Failure) -> None:
        """Notes a failure between two tensors of which both are computed from one and the same input."""
        origins = {seen.origins for seen in failure.tensors}
        direct = any(seen.direct is not None for seen in failure.tensors)
        one = len(failure.tensors) > 1 and len(origins) == 1 and len(next(iter(origins))) == 1
        if one and not direct and is_between_tensors(failure.function):
            self._failed.setdefault(_form(state), (state, failure))

    def other_length(self, state: State) -> State | None:
        """Gives the attempt with a length that is none of the model's widths, where its own is one."""
        if not state.uses(LENGTH) or state.length not in self._widths:
            return None
        other = next((length for length in _LENGTHS if length not in self._widths), None)
        return None if other is None else state.at(LENGTH, other)

    def broken(self, state: State) -> Broken | None:
        """Tells what an attempt that runs passes by chance; None where its sizes are as good as others."""
        failed = self._failed.get(_form(state))
        if failed is None:
            return None
        before, now = _shapes(failed[0]), _shapes(state)
        changed = [
            (now[address], dim)
            for address in now
            for dim in range(len(now[address]))
            if now[address][dim] != before[address][dim]
        ]
        by_chance = bool(changed) and all(self._is_chance(shape, dim) for shape, dim in changed)
        return Broken(failed[0], failed[1], state) if by_chance else None

    def _is_chance(self, shape: tuple[int, ...], dim: int) -> bool:
        # The sides of an image are equal; the length of a sequence and its width are not.
        return shape[dim] <= _TINY or (len(shape) == 3 and (shape[dim] in self._widths or shape.count(shape[dim]) > 1))


def widths(model: nn.Module, named: Iterable[int]) -> frozenset[int]:
    """Lists the sizes of weights and the numbers that modules keep, such as the width of a head, but those `named`."""
    found = {size for parameter in model.parameters() if _is_known(parameter) for size in parameter.shape}
    for module in model.modules():
        if not type(module).__module__.startswith("torch.nn"):
            found.update(value for value in vars(module).values() if type(value) is int)
    return frozenset(found).difference(named)


def _is_known(parameter: nn.Parameter) -> bool:
    return not isinstance(parameter, nn.UninitializedParameter)


def _form(state: State) -> tuple[tuple[Address, int], ...]:
    return tuple((address, len(spec.dims)) for address, spec in state.leaves())


def _shapes(state: State) -> _Shapes:
    known = state.known(PROBE_BATCH)
    return {address: spec.shape(known) for address, spec in state.leaves()}

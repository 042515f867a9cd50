"""The search: the attempt that got furthest is repaired first."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, replace

from torch import nn

from layer_peek.infer import guesses, sizes, words
from layer_peek.infer.mismatches import mismatches
from layer_peek.infer.probe import Failure, Outcome, OutOfTime, Prober
from layer_peek.infer.repairs import other_ranks, repairs
from layer_peek.infer.sizes import PROBE_BATCH, kept_batch
from layer_peek.infer.specs import BATCH, Address, State, TensorSpec

MAX_PROBES = 600
# Attempts that nothing speaks for wait as if they had got so many times less far.
_BLIND = 4
# Attempts that failed at one place, after which it counts for less.
_CROWD = 12
# Attempts after one that failed for want of values.
_HOPELESS = 40


@dataclass
class Found:
    """An attempt that runs; `keeps_batch` is False where one sample did not stay one."""

    state: State
    batch: int
    keeps_batch: bool


@dataclass
class Stuck:
    """The attempt that got furthest, with what stopped it; both None where there was nothing to attempt."""

    state: State | None
    failure: Failure | None
    probes: int
    out_of_time: bool


def search(model: nn.Module, prober: Prober, expression: str, start: State | None = None) -> Found | Stuck:
    """Looks for inputs that the model takes, with `start` first; `expression` is what built it."""
    facts = guesses.known(model, expression)
    attempts = [*([] if start is None else [start]), *guesses.first_attempts(model, facts)]
    counter = itertools.count()
    queue: list[tuple[int, int, State]] = [(0, next(counter), state) for state in attempts]
    visited: set[State] = set()
    crowd: dict[tuple[int, type, str], int] = {}
    second: State | None = None
    furthest: tuple[int, State | None, Failure | None, int] = (-1, None, None, 0)
    out_of_time = False
    try:
        while queue and prober.count < MAX_PROBES:
            _, _, state = heapq.heappop(queue)
            if state in visited:
                continue
            visited.add(state)
            outcome = prober.run(state, PROBE_BATCH)
            if kept_batch(state, outcome):
                return _finished(prober, state, outcome)
            if outcome.failure is None:
                second = second or (state if outcome.largest <= sizes.MOST_ELEMENTS else None)
            elif outcome.steps > furthest[0]:
                furthest = (outcome.steps, state, outcome.failure, prober.count)
            fitted = None if _tells_shape(outcome.failure) else sizes.fit(prober, state)
            if fitted is not None:
                return _finished(prober, fitted, prober.run(fitted, PROBE_BATCH))
            if outcome.failure is not None:
                # Many attempts fail at one place: others get their turn before all of its repairs are tried.
                place = (outcome.steps, type(outcome.failure.module), outcome.failure.function)
                crowd[place] = crowd.get(place, 0) + 1
                rank = -outcome.steps // (1 + crowd[place] // _CROWD)
                for repaired in repairs(state, outcome.failure, PROBE_BATCH, facts):
                    if repaired not in visited:
                        heapq.heappush(queue, (rank, next(counter), repaired))
                for repaired in other_ranks(state, outcome.failure):
                    if repaired not in visited:
                        heapq.heappush(queue, (-outcome.steps // _BLIND, next(counter), repaired))
            if prober.count - furthest[3] > _HOPELESS and furthest[2] is not None and furthest[2].needs_values:
                # More attempts without values do not get past it.
                break
    except OutOfTime:
        out_of_time = True
    if second is not None:
        return Found(second, 1, keeps_batch=False)
    return Stuck(furthest[1], furthest[2], prober.count, out_of_time)


def _tells_shape(failure: Failure | None) -> bool:
    """Whether the failure tells the whole shape of an input, so that no size has to be looked for."""
    found = [] if failure is None else mismatches(failure, PROBE_BATCH)
    return any(one.whole and one.seen.direct is not None for one in found)


def _finished(prober: Prober, state: State, outcome: Outcome) -> Found:
    try:
        state, outcome = _floating(prober, state, outcome)
        state = _bounded(state, outcome)
        # A model that squeezes, or normalizes over the batch, may not do with a batch of one.
        batch = next((size for size in (1, 2) if prober.run(state, size).failure is None), PROBE_BATCH)
    except OutOfTime:
        batch = 1
    return Found(state, batch, keeps_batch=True)


def _floating(prober: Prober, state: State, outcome: Outcome) -> tuple[State, Outcome]:
    """Integers that nothing is looked up by are floats, but for those of a customary kind: steps, labels, lengths."""
    for address, spec in state.leaves():
        if spec.kind == "int" and address not in outcome.indices and not _is_custom(address, spec):
            changed = state.with_spec(address, replace(spec, kind="float"))
            tried = prober.run(changed, PROBE_BATCH)
            if tried.failure is None:
                state, outcome = changed, tried
    return state, outcome


def _is_custom(address: Address, spec: TensorSpec) -> bool:
    role = words.role(address[-1])
    return (role in words.INTEGERS and address[-1] != "y") or (role == "time" and spec.dims == (BATCH,))


def _bounded(state: State, outcome: Outcome) -> State:
    """Keeps ids below the size of the tables they look up, and sequences no longer than their positions."""
    for address, spec in state.leaves():
        if spec.kind == "int":
            direct = [rows for rows, seen in outcome.lookups if seen.direct == address]
            # Positions made by the ids' shape come from the ids as well, but tell nothing of their values.
            derived = [rows for rows, seen in outcome.lookups if address in seen.origins]
            if direct or derived:
                state = state.with_spec(address, replace(spec, high=min(direct or derived)))
    fixed = [rows for rows, seen in outcome.lookups if not seen.origins and max(seen.shape, default=0) > rows]
    return replace(state, length=min([state.length, *fixed]))

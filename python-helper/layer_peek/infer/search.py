"""The search: the attempt that got furthest is repaired first."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, replace

from torch import nn

from layer_peek.infer import guesses, sizes
from layer_peek.infer.probe import Failure, Outcome, OutOfTime, Prober
from layer_peek.infer.repairs import repairs
from layer_peek.infer.sizes import PROBE_BATCH, kept_batch
from layer_peek.infer.specs import State

MAX_PROBES = 600


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


def search(model: nn.Module, prober: Prober) -> Found | Stuck:
    """Looks for inputs that the model takes."""
    embeds = any(isinstance(module, nn.Embedding) for module in model.modules())
    counter = itertools.count()
    queue: list[tuple[int, int, State]] = [(0, next(counter), state) for state in guesses.first_attempts(model)]
    visited: set[State] = set()
    second: State | None = None
    furthest: tuple[int, State | None, Failure | None] = (-1, None, None)
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
                second = second or state
            elif outcome.steps > furthest[0]:
                furthest = (outcome.steps, state, outcome.failure)
            fitted = sizes.fit(prober, state)
            if fitted is not None:
                return _finished(prober, fitted, prober.run(fitted, PROBE_BATCH))
            if outcome.failure is not None:
                for repaired in repairs(state, outcome.failure, PROBE_BATCH, embeds):
                    if repaired not in visited:
                        heapq.heappush(queue, (-outcome.steps, next(counter), repaired))
    except OutOfTime:
        out_of_time = True
    if second is not None:
        return Found(second, 1, keeps_batch=False)
    return Stuck(furthest[1], furthest[2], prober.count, out_of_time)


def _finished(prober: Prober, state: State, outcome: Outcome) -> Found:
    state = _bounded(state, outcome)
    try:
        single = prober.run(state, 1).failure is None
    except OutOfTime:
        single = True
    # A model that squeezes may not do with a batch of one.
    return Found(state, 1 if single else PROBE_BATCH, keeps_batch=True)


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

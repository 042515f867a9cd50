"""The search: the attempt that got furthest is repaired first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import nn

from layer_peek.infer import guesses, sizes, words
from layer_peek.infer.certain import is_certain
from layer_peek.infer.chance import Broken, Chance
from layer_peek.infer.frontier import Frontier
from layer_peek.infer.mismatches import mismatches
from layer_peek.infer.probe import Failure, Outcome, OutOfTime, Prober
from layer_peek.infer.sizes import PROBE_BATCH, kept_batch
from layer_peek.infer.specs import BATCH, Address, State, TensorSpec

MAX_PROBES = 600
# Attempts after one that failed for want of values.
_HOPELESS = 40
# For running once more what is told.
_PRINTED_SECONDS = 1.0


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
    # Set where no input can change what stopped those that got furthest.
    certain: bool = False
    # Set where an attempt runs, but by chance; `state` and `failure` are then those of customary sizes.
    passing: State | None = None

    @property
    def blames_model(self) -> bool:
        """Tells whether the model is at fault, not the inputs."""
        return self.certain or self.passing is not None


def search(model: nn.Module, prober: Prober, expression: str, start: State | None = None) -> Found | Stuck:
    """Looks for inputs that the model takes, with `start` first; `expression` is what built it."""
    facts = guesses.known(model, expression)
    first = [] if start is None else [start]
    return _Search(prober, Frontier([*first, *guesses.first_attempts(model, facts)], facts), Chance(facts.widths)).run()


class _Search:
    def __init__(self, prober: Prober, frontier: Frontier, chance: Chance) -> None:
        self._prober = prober
        self._frontier = frontier
        self._chance = chance
        self._broken: Broken | None = None
        # The first attempt that ran without keeping the batch.
        self._second: State | None = None
        self._furthest: tuple[int, State | None, Failure | None, int] = (-1, None, None, 0)
        # Whether all that got as far as the furthest failed for what no input changes.
        self._certain = False

    def run(self) -> Found | Stuck:
        out_of_time = False
        found: Found | None = None
        try:
            while found is None and self._prober.count < MAX_PROBES and not self._is_hopeless():
                state = self._frontier.pop()
                if state is None:
                    break
                found = self._try(state)
        except OutOfTime:
            out_of_time = True
        if found is not None:
            return found
        if self._broken is not None:
            broken = self._broken
            return Stuck(broken.state, broken.failure, self._prober.count, out_of_time, passing=broken.passing)
        if self._second is not None:
            return Found(self._second, 1, keeps_batch=False)
        return self._stuck(out_of_time)

    def _stuck(self, out_of_time: bool) -> Found | Stuck:
        """Tells the failure as the printed inputs have it, not with the batch of the search."""
        _, state, failure, _ = self._furthest
        probes = self._prober.count
        if state is not None:
            try:
                failure = self._prober.run_afresh(state, 1, _PRINTED_SECONDS).failure
            except OutOfTime:
                failure = None
            else:
                if failure is None:
                    return Found(state, 1, keeps_batch=False)
        return Stuck(state, failure, probes, out_of_time, self._certain)

    def _is_hopeless(self) -> bool:
        """More attempts without values do not get past what asked for them."""
        _, _, failure, since = self._furthest
        return failure is not None and failure.needs_values and self._prober.count - since > _HOPELESS

    def _try(self, state: State) -> Found | None:
        outcome = self._prober.run(state, PROBE_BATCH)
        if kept_batch(state, outcome):
            return self._checked(state, outcome)
        if outcome.failure is None:
            fits = outcome.largest <= sizes.MOST_ELEMENTS
            self._second = self._second or (state if fits else None)
        else:
            self._chance.note(state, outcome.failure)
            self._note_furthest(state, outcome.steps, outcome.failure)
        fitted = None if _tells_shape(outcome.failure) else sizes.fit(self._prober, state)
        if fitted is not None:
            found = self._checked(fitted, self._prober.run(fitted, PROBE_BATCH))
            if found is not None:
                return found
        if outcome.failure is not None:
            self._frontier.repair(state, outcome, outcome.failure)
        return None

    def _checked(self, state: State, outcome: Outcome) -> Found | None:
        """Keeps what runs by chance aside: other inputs may run for a reason."""
        other = self._chance.other_length(state)
        if other is not None:
            try:
                failure = self._prober.run(other, PROBE_BATCH).failure
            except OutOfTime:
                failure = None
            if failure is not None:
                self._chance.note(other, failure)
        broken = self._chance.broken(state)
        if broken is None:
            return _finished(self._prober, state, outcome)
        self._broken = self._broken or broken
        return None

    def _note_furthest(self, state: State, steps: int, failure: Failure) -> None:
        certain = is_certain(failure.exception, self._prober.model)
        if steps > self._furthest[0]:
            self._furthest = (steps, state, failure, self._prober.count)
            self._certain = certain
        elif steps == self._furthest[0]:
            self._certain = self._certain and certain


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

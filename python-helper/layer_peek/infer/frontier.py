"""Which attempt is tried next: repairs of the one that got furthest, but not of one place alone."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable

from layer_peek.infer.guesses import Known
from layer_peek.infer.probe import Failure, Outcome
from layer_peek.infer.repairs import more_arguments, other_ranks, repairs
from layer_peek.infer.sizes import PROBE_BATCH
from layer_peek.infer.specs import State

# Attempts that nothing speaks for wait as if they had got so many times less far.
_BLIND = 4
# Attempts that failed at one place, after which it counts for less.
_CROWD = 12


class Frontier:
    """Attempts that wait, each given out once."""

    def __init__(self, first: Iterable[State], facts: Known) -> None:
        self._facts = facts
        self._counter = itertools.count()
        self._queue: list[tuple[int, int, State]] = [(0, next(self._counter), state) for state in first]
        self._visited: set[State] = set()
        self._crowd: dict[tuple[int, type, str], int] = {}

    def pop(self) -> State | None:
        """Gives the likeliest attempt; None where there are no more."""
        while self._queue:
            state = heapq.heappop(self._queue)[2]
            if state not in self._visited:
                self._visited.add(state)
                return state
        return None

    def repair(self, state: State, outcome: Outcome, failure: Failure) -> None:
        """Adds what may get further than an attempt that failed."""
        # Many attempts fail at one place: others get their turn before all of its repairs are tried.
        place = (outcome.steps, type(failure.module), failure.function)
        self._crowd[place] = self._crowd.get(place, 0) + 1
        rank = -outcome.steps // (1 + self._crowd[place] // _CROWD)
        for repaired in repairs(state, failure, PROBE_BATCH, self._facts):
            self._push(rank, repaired)
        for repaired, named in more_arguments(state, failure, self._facts):
            self._push(rank if named else rank // _BLIND, repaired)
        for repaired in other_ranks(state, failure):
            self._push(-outcome.steps // _BLIND, repaired)

    def _push(self, rank: int, state: State) -> None:
        if state not in self._visited:
            heapq.heappush(self._queue, (rank, next(self._counter), state))

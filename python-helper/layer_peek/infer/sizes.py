"""Looks for a free size: customary ones first, then by halving the interval, for features grow with it."""

from __future__ import annotations

from layer_peek.infer.expectations import CLIP, SEQUENCE
from layer_peek.infer.mismatches import mismatches
from layer_peek.infer.probe import Outcome, Prober
from layer_peek.infer.specs import BATCH, FRAMES, LENGTH, SIZE, State

PROBE_BATCH = 5
"""A batch that sizes in models seldom are, so that it is not taken for one."""

MOST_ELEMENTS = PROBE_BATCH << 28
"""A tensor of more would not fit where the recipe is run for real: 1 GB of floats for a sample."""

_LARGEST = 2048
_MOST_UNKNOWN = 4


def kept_batch(state: State, outcome: Outcome) -> bool:
    """Tells whether every sample stayed one: the first output has the batch where the inputs have it."""
    if outcome.failure is not None or outcome.largest > MOST_ELEMENTS:
        return False
    shapes = [shape for shape in outcome.outputs if shape]
    if not shapes or not any(BATCH in spec.dims for _, spec in state.leaves()):
        return True
    places = {spec.dims.index(BATCH) for _, spec in state.leaves() if BATCH in spec.dims}
    return any(len(shapes[0]) > place and shapes[0][place] == PROBE_BATCH for place in places | {0})


def fit(prober: Prober, state: State) -> State | None:
    """Finds sizes at which the attempt runs and keeps the batch; None where there seem to be none."""
    for free, customary in ((SIZE, state.sizes), (LENGTH, (*state.lengths, *SEQUENCE)), (FRAMES, CLIP)):
        if state.uses(free):
            fitted = _fit(prober, state, free, customary)
            if fitted is not None:
                return fitted
    return None


def _fit(prober: Prober, state: State, free: str, customary: tuple[int, ...]) -> State | None:
    low, high = 0, _LARGEST
    amounts: dict[int, int] = {}

    def sign(size: int) -> int | None:
        nonlocal low, high
        found = _sign(prober, state.at(free, size), size, amounts)
        if found == 0:
            return 0
        if found is not None and found < 0:
            low = max(low, size)
        elif found is not None:
            high = min(high, size)
        return found

    unknown = 0
    for size in [state.known(1)[free], *customary]:
        found = sign(size) if low < size < high else 1
        if found == 0:
            return state.at(free, size)
        unknown += found is None
        if unknown > _MOST_UNKNOWN:
            # Nothing tells that the size is at fault.
            break
        if len(amounts) > 1 and len(set(amounts.values())) == 1:
            # What was wrong does not hang on the size.
            return None
    while high - low > 1 and unknown <= _MOST_UNKNOWN:
        middle = (low + high) // 2
        found = sign(middle)
        if found == 0:
            return state.at(free, _rounder(prober, state, free, middle, low, high))
        if found is None:
            return None
    return None


def _rounder(prober: Prober, state: State, free: str, size: int, low: int, high: int) -> int:
    """Several neighbours may fit, for strides round down: the one with most factors of two is the likeliest meant."""
    candidates: list[int] = []
    for step in (64, 32, 16, 8, 4, 2):
        candidates += [size // step * step, (size // step + 1) * step]
    for candidate in candidates:
        if low < candidate < high and kept_batch(state, prober.run(state.at(free, candidate), PROBE_BATCH)):
            return candidate
    return size


def _sign(prober: Prober, state: State, size: int, amounts: dict[int, int]) -> int | None:
    """Tells whether a size is too small (-1), fits (0) or is too large (1); None where that can't be told."""
    outcome = prober.run(state, PROBE_BATCH)
    if outcome.largest > MOST_ELEMENTS:
        return 1
    if outcome.failure is None:
        if kept_batch(state, outcome):
            return 0
        rows = next((shape[0] for shape in outcome.outputs if shape), PROBE_BATCH)
        return (rows > PROBE_BATCH) - (rows < PROBE_BATCH) or None
    for mismatch in mismatches(outcome.failure, PROBE_BATCH):
        if mismatch.too_small:
            return -1
        if mismatch.expectation is not None and mismatch.got == size:
            # The layer looks at the free size itself: another dimension was meant, which `repairs` sees to.
            return None
        if mismatch.seen.origins and mismatch.got != mismatch.want:
            amounts[size] = mismatch.got
            return 1 if mismatch.got > mismatch.want else -1
    return None

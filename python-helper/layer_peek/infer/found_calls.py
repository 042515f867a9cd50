"""Which call of the workspace's own code is the recipe: the first that runs, else the first whose forward fails."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Callable

from layer_peek import errors, tracebacks
from layer_peek.infer import trial
from layer_peek.infer.probe import Clock, OutOfTime
from layer_peek.protocol import FoundRecipe
from layer_peek.recipe import Namespace, NeedsInputs


@dataclass
class Choice:
    """The call, None where there is none to take; what its reader must know; what only builds a model."""

    call: FoundRecipe | None = None
    notes: list[str] = field(default_factory=list)
    constructions: list[FoundRecipe] = field(default_factory=list)


def choose(found: Sequence[FoundRecipe], namespace: Namespace, limit: float, progress: Callable[[str], None]) -> Choice:
    """Tries each without data. What can't be evaluated, or takes longer than `limit` seconds, is passed over.

    A call that fails in forward is what its writer runs into as well: where none runs, it is the recipe.
    """
    choice = Choice()
    failing: list[tuple[FoundRecipe, BaseException]] = []
    clock = Clock(limit)
    for one in found:
        progress(f"Trying the call at {one['place']}")
        try:
            fault = trial.fault_of(one["expression"], namespace, clock)
        except NeedsInputs:
            choice.constructions.append(one)
        except OutOfTime:
            clock = Clock(limit)
        else:
            if fault is None:
                choice.call = one
                break
            if fault.in_forward:
                failing.append((one, fault.exception))
    if choice.call is None and failing:
        choice.call = failing.pop(0)[0]
    if choice.call is not None:
        choice.notes.append(f"The recipe stands in the workspace's code: {choice.call['place']}.")
        choice.notes += [_note(*one) for one in failing]
    return choice


def _note(call: FoundRecipe, fault: BaseException) -> str:
    site = tracebacks.site(fault)
    where = "" if site is None else f" at {os.path.basename(site['file'])}:{site['line']}"
    said = errors.message_of(fault).splitlines()[0]
    return f"Another call, at {call['place']}, fails in forward{where} when it is tried without data: {said}"

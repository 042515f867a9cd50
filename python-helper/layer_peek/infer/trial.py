"""Runs a whole recipe without data, to tell whether it may be shown."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import torch

from layer_peek import modes, recipe
from layer_peek.errors import CaptureFailure
from layer_peek.infer.probe import Clock, Tracer, needs_values
from layer_peek.recipe import Namespace, NeedsInputs


@dataclass(frozen=True)
class Fault:
    """What raised; `in_forward` is False where the expression itself can't be evaluated."""

    exception: BaseException
    in_forward: bool


def fault_of(expression: str, namespace: Namespace, clock: Clock) -> Fault | None:
    """Builds the model and calls it on the meta device; None where it ran, or where only values could tell.

    Raises OutOfTime, and NeedsInputs where the expression only builds a model.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(torch.no_grad())
        stack.enter_context(torch.device("meta"))
        stack.enter_context(modes.answering_scalars())
        try:
            prepared = recipe.prepare(expression, namespace, modes.seed)
            stack.enter_context(modes.running(prepared.root))
            stack.enter_context(modes.whole_path(prepared.root))
            stack.enter_context(Tracer("meta", clock))
            prepared.run()
        except NeedsInputs:
            raise
        except CaptureFailure as failure:
            cause = failure.__cause__
            return None if cause is not None and needs_values(cause) else Fault(failure, in_forward=False)
        except Exception as fault:  # noqa: BLE001 - any exception tells that the recipe does not run
            return None if needs_values(fault) else Fault(fault, in_forward=True)
    return None

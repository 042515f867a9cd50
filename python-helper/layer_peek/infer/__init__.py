"""Finds inputs for a model that is known only by how it is built.

The search runs without memory and arithmetic, on the meta device; only the recipe it finds is run for real.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import nn

from layer_peek import errors, layers, modes, preload, recipe, tracebacks
from layer_peek.errors import CaptureFailure
from layer_peek.infer.probe import Clock, Prober
from layer_peek.infer.search import Found, Stuck, search
from layer_peek.recipe import Namespace

LIMIT_SECONDS = 2.0
_EXAMPLE = "torch.randn(1, 3, 224, 224)"


@dataclass
class Inferred:
    """A recipe that was found, and what its reader must know."""

    expression: str
    notes: list[str] = field(default_factory=list)


def infer(construct: list[str], namespace: Namespace, limit: float = LIMIT_SECONDS) -> Inferred:
    """Finds a recipe within `limit` seconds of computing.

    Tries the expressions of `construct` in order until one builds. Raises CaptureFailure of kind `construct` where none
    does, of kind `noRecipe` where no inputs are found.
    """
    # Imports are no part of the search, and they take long where nothing was preloaded.
    preload.preload()
    with _quiet():
        expression, model, device = _build(construct, namespace)
        notes = [] if device == "meta" else [f"{expression} can't be built without memory: inputs were tried for real."]
        result = search(model, Prober(model, device, Clock(limit)))
        if isinstance(result, Stuck) and device == "meta" and _needs_data(result):
            real = _evaluate(expression, namespace, "cpu")
            attempt = search(real, Prober(real, "cpu", Clock(limit)))
            if isinstance(attempt, Found):
                notes.append("Forward needs values, not only shapes: inputs were tried for real.")
            result = attempt if isinstance(attempt, Found) else result
    if isinstance(result, Stuck):
        raise _no_recipe(expression, model, result)
    if not result.keeps_batch:
        notes.append("With these inputs one sample does not stay one row: they are probably not the intended ones.")
    return Inferred(f"{expression}({result.state.text(result.batch)})", notes)


def _build(construct: list[str], namespace: Namespace) -> tuple[str, nn.Module, str]:
    first: CaptureFailure | None = None
    for expression in construct:
        for device in ("meta", "cpu"):
            try:
                return expression, _evaluate(expression, namespace, device), device
            except CaptureFailure as failure:
                # Building for real tells the error that the user knows.
                first = first if first is not None or device == "meta" else failure
    assert first is not None
    raise first


def _evaluate(expression: str, namespace: Namespace, device: str) -> nn.Module:
    with contextlib.ExitStack() as stack:
        stack.enter_context(torch.device(device))
        if device == "meta":
            stack.enter_context(modes.answering_scalars())
        modes.seed()
        model = recipe.evaluate(recipe.parse(expression), namespace, expression)
    if not isinstance(model, nn.Module):
        raise errors.failure(
            "construct",
            f"{expression} builds no module, but {type(model).__name__}.",
            f"Write how to build and call the model: `# peek: Model(arguments)({_EXAMPLE})`.",
        )
    problem = layers.problem_with(model)
    if problem is not None:
        raise errors.failure("construct", *problem)
    return model


def _needs_data(result: Stuck) -> bool:
    fault = None if result.failure is None else result.failure.exception
    return fault is not None and (modes.is_data_dependent(fault) or "meta" in str(fault))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps what the user's code prints and warns on every attempt from flooding the output."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _no_recipe(expression: str, model: nn.Module, stuck: Stuck) -> CaptureFailure:
    attempt = f"{expression}({_EXAMPLE})" if stuck.state is None else f"{expression}({stuck.state.text(1)})"
    tried = f"{stuck.probes} inputs were tried" + (" until time was up" if stuck.out_of_time else "")
    message = f"No inputs were found that {expression} takes: {tried}."
    cause = None if stuck.failure is None else stuck.failure.exception
    if stuck.failure is not None:
        message += (
            f" The furthest, `{attempt}`, stopped{_where(model, stuck)}: {errors.message_of(stuck.failure.exception)}"
        )
    failure = errors.failure(
        "noRecipe",
        message,
        f"Write a directive on the line before the class, e.g. `# peek: {attempt}`, and correct its inputs.",
    )
    site = None if cause is None else tracebacks.site(cause)
    if cause is not None and site is not None:
        failure.error["exception"] = type(cause).__name__
        failure.error["site"] = site
    return failure


def _where(model: nn.Module, stuck: Stuck) -> str:
    assert stuck.failure is not None
    layer = None if stuck.failure.module is None else layers.Layers(model).get(stuck.failure.module)
    if layer is None or not layer.path:
        return f" in {stuck.failure.function}" if stuck.failure.function else ""
    shapes = ", ".join(str(list(seen.shape)) for seen in stuck.failure.module_tensors)
    return f" at {layer.path} ({type(layer.module).__name__}({layers.description(layer.module)})), which got {shapes}"

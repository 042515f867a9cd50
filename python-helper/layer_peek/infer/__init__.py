"""Finds a recipe for a model that nobody told how to build and call.

The search runs without memory and arithmetic, on the meta device; only the recipe it finds is run for real.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Callable

from torch import nn

from layer_peek import errors, layers, preload, tracebacks
from layer_peek.errors import CaptureFailure
from layer_peek.infer import building, conventions, found_calls, trial
from layer_peek.infer.construction import Construction
from layer_peek.infer.probe import Clock, OutOfTime, Prober
from layer_peek.infer.search import Found, Stuck, search
from layer_peek.protocol import FoundRecipe
from layer_peek.recipe import Namespace, NeedsInputs

LIMIT_SECONDS = 2.0
_EXAMPLE = "torch.randn(1, 3, 224, 224)"
# Constructions with made-up arguments whose inputs are looked for.
_MOST_GUESSED = 3
# Time limits that the first attempt without data may take.
_PATIENCE = 3.0
_BARE_CALL = re.compile(r"([A-Za-z_]\w*)\(\)$")


@dataclass
class Inferred:
    """A recipe that was found, what it rests on, and what its reader must know."""

    expression: str
    notes: list[str] = field(default_factory=list)
    # Overrides the source that was asked for where it is another.
    source: str | None = None
    assumed: bool = True


@dataclass(frozen=True)
class _Built:
    expression: str
    model: nn.Module
    device: str
    # Set where the arguments were made up.
    guessed: bool = False
    # Set where the construction stands in the workspace's code.
    found: FoundRecipe | None = None


def infer(
    construct: Sequence[str],
    namespace: Namespace,
    found: Sequence[FoundRecipe] = (),
    progress: Callable[[str], None] = lambda _: None,
    limit: float = LIMIT_SECONDS,
    small: bool = False,
) -> Inferred:
    """Finds a recipe within `limit` seconds of computing.

    Whole recipes of `found` go first, whether or not forward fails with them, then constructions of `found` and
    those of `construct`, in order, until one builds: what its class tells of its inputs, else a search for them.
    Where the model itself is at fault, the recipe is one that fails. Raises CaptureFailure of kind `construct`
    where none builds, of kind `noRecipe` where no inputs are found. `small` has a Hugging Face configuration made
    small.
    """
    # Imports are no part of the search, and they take long where nothing was preloaded.
    preload.preload()
    with _quiet():
        choice = found_calls.choose(found, namespace, limit, progress)
        if choice.call is not None:
            return Inferred(choice.call["expression"], choice.notes, choice.call["source"], assumed=False)
        return _search(construct, choice.constructions, Construction(namespace, small), namespace, progress, limit)


def _search(
    construct: Sequence[str],
    constructions: Sequence[FoundRecipe],
    guesser: Construction,
    namespace: Namespace,
    progress: Callable[[str], None],
    limit: float,
) -> Inferred:
    first: tuple[_Built, Stuck, list[str]] | None = None
    second: Inferred | None = None
    guessed = 0
    clock: Clock | None = None
    for built in _models(construct, constructions, guesser, namespace):
        guessed += built.guessed
        # Building is not searching: large models take longer to build than to be searched.
        clock = clock or Clock(limit, _PATIENCE)
        progress(f"Looking for inputs of {built.expression}")
        told, runs = _convention(built, namespace, Clock(limit))
        if told is not None and runs:
            return told
        result, notes = _inputs(built, namespace, clock, limit)
        if isinstance(result, Found):
            inferred = _inferred(built, result, notes)
            if result.keeps_batch:
                return inferred
            second = second or inferred
        elif told is not None:
            # What the class says counts for more than that it did not run without data.
            return told
        elif first is None:
            first = built, result, notes
        if not built.guessed or guessed >= _MOST_GUESSED or clock.is_over:
            break
    if second is not None:
        return second
    assert first is not None
    built, stuck, notes = first
    if stuck.blames_model and stuck.state is not None:
        return _inferred(built, Found(stuck.state, 1, keeps_batch=True), [*notes, _blame(built, stuck)])
    raise _no_recipe(built.expression, built.model, stuck)


def _inputs(built: _Built, namespace: Namespace, clock: Clock, limit: float) -> tuple[Found | Stuck, list[str]]:
    notes: list[str] = []
    if built.device != "meta":
        notes.append(f"{built.expression} can't be built without memory: inputs were tried for real.")
    result = search(built.model, Prober(built.model, built.device, clock), built.expression)
    if isinstance(result, Stuck) and built.device == "meta" and _needs_data(result):
        attempt = _for_real(built.expression, namespace, result, limit)
        if isinstance(attempt, Found):
            notes.append("Forward needs values, not only shapes: inputs were tried for real.")
        result = attempt if isinstance(attempt, Found) else result
    return result, notes


def _for_real(expression: str, namespace: Namespace, stuck: Stuck, limit: float) -> Found | Stuck:
    """Goes on with real tensors from the attempt that got furthest without."""
    model = building.build(expression, namespace, building.REAL)
    prober = Prober(model, "cpu", Clock(limit))
    try:
        if stuck.state is not None and prober.run(stuck.state, 1).failure is None:
            return Found(stuck.state, 1, keeps_batch=True)
    except OutOfTime:
        return Found(stuck.state, 1, keeps_batch=True) if stuck.state is not None else stuck
    return search(model, prober, expression, stuck.state)


def _inferred(built: _Built, result: Found, notes: list[str]) -> Inferred:
    if not result.keeps_batch:
        notes = [*notes, "With these inputs one sample does not stay one row: they are probably not the intended ones."]
    if built.guessed:
        notes = [*notes, f"Nothing in the code tells the arguments of {built.expression}: they were assumed too."]
    if built.found is not None:
        notes = [*notes, f"The model is built as in the workspace's code: {built.found['place']}."]
    expression = f"{built.expression}({result.state.text(result.batch)})"
    source = "assumed" if built.guessed else None if built.found is None else built.found["source"]
    return Inferred(expression, notes, source)


def _blame(built: _Built, stuck: Stuck) -> str:
    if stuck.passing is None:
        return "No inputs were found with which the model runs, and what stops it here hangs on none."
    passing = f"{built.expression}({stuck.passing.text(1)})"
    return f"`{passing}` runs, but only by chance: with customary sizes, tensors made from this input do not fit."


def _convention(built: _Built, namespace: Namespace, clock: Clock) -> tuple[Inferred | None, bool]:
    """Gives the first recipe that the class offers and that runs; else the first, and False."""
    first: Inferred | None = None
    for expression, basis in conventions.expressions(built.model, built.expression):
        told = Inferred(
            expression, [f"The inputs are what the model tells itself: {basis}."], "convention", assumed=False
        )
        first = first or told
        with contextlib.suppress(OutOfTime, NeedsInputs):
            if trial.fault_of(expression, namespace, clock) is None:
                return told, True
    return first, False


def _models(
    construct: Sequence[str], constructions: Sequence[FoundRecipe], guesser: Construction, namespace: Namespace
) -> Iterator[_Built]:
    """Builds the first that builds as it is written; else those whose arguments have to be guessed."""
    first: CaptureFailure | None = None
    candidates: list[tuple[str, FoundRecipe | None]] = [(one["expression"], one) for one in constructions]
    candidates += [(one, None) for one in construct]
    for expression, found in candidates:
        for way in building.WAYS:
            try:
                model = building.build(expression, namespace, way)
                yield _Built(expression, model, "cpu" if way == building.REAL else "meta", found=found)
            except CaptureFailure as failure:
                # Building for real tells the error that the user knows.
                first = failure if first is None and way == building.REAL else first
            else:
                return
    built = False
    for expression in construct:
        bare = _BARE_CALL.match(expression)
        if bare is not None:
            for attempt in guesser.attempts(bare[1]):
                try:
                    yield _Built(attempt, building.build(attempt, namespace, building.META), "meta", guessed=True)
                    built = True
                except CaptureFailure:
                    continue
    if not built:
        assert first is not None
        raise first


def _needs_data(result: Stuck) -> bool:
    return result.failure is not None and result.failure.needs_values


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

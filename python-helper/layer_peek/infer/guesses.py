"""The first attempts, from forward's signature and the first layers that are registered."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from torch import nn

from layer_peek.infer import expectations
from layer_peek.infer.specs import (
    BATCH,
    LENGTH,
    SIZE,
    Argument,
    ConstantSpec,
    DictSpec,
    ListSpec,
    Spec,
    State,
    TensorSpec,
)

_ID_WORDS = (
    "id",
    "ids",
    "idx",
    "token",
    "tokens",
    "src",
    "tgt",
    "text",
    "texts",
    "word",
    "words",
    "sentence",
    "seq",
    "tok",
)
_TIME_WORDS = ("t", "time", "times", "timestep", "timesteps", "step", "steps", "sigma")
_CLASS_WORDS = ("y", "label", "labels", "target", "targets", "class", "classes", "cls", "lengths")
_STATE_WORDS = ("h", "hx", "hidden", "state", "memory_state", "cache", "past")
_TIMESTEPS = 1000
_MAX_STATES = 24


@dataclass(frozen=True)
class First:
    """The model's first layer that wants something of its input."""

    spec: TensorSpec
    sizes: tuple[int, ...]


def first_attempts(model: nn.Module) -> list[State]:
    """Lists attempts, the likeliest first. Parameters with a default are left out."""
    first = _first(model)
    embeds = any(isinstance(module, nn.Embedding) for module in model.modules())
    parameters = list(_required(model))
    alternatives = [
        list(guess(parameter.name, _annotation(parameter), first, embeds, index == 0))
        for index, parameter in enumerate(parameters)
    ]
    states: list[State] = []
    for specs in itertools.islice(itertools.product(*alternatives), _MAX_STATES):
        arguments = tuple(
            Argument(parameter.name, spec, parameter.kind is inspect.Parameter.KEYWORD_ONLY)
            for parameter, spec in zip(parameters, specs)
        )
        states.append(State(arguments, first.sizes[0], first.sizes))
    return states


def _first(model: nn.Module) -> First:
    for module in model.modules():
        found = expectations.expectation(module)
        if found is not None:
            return First(found.template, found.sizes)
    return First(TensorSpec((BATCH, 3, SIZE, SIZE)), expectations.IMAGE)


def _required(model: nn.Module) -> Iterator[inspect.Parameter]:
    try:
        parameters = list(inspect.signature(model.forward).parameters.values())
    except (TypeError, ValueError):
        return
    variadic = [one for one in parameters if one.kind is inspect.Parameter.VAR_POSITIONAL]
    named = [
        one for one in parameters if one.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    ]
    required = [one for one in named if one.default is inspect.Parameter.empty]
    # `forward(self, *inputs)` is given one input, and so is `forward(self, input_ids=None, mask=None)`.
    yield from required or variadic or named[:1]


def _annotation(parameter: inspect.Parameter) -> str:
    annotation = parameter.annotation
    if annotation is inspect.Parameter.empty:
        return ""
    return annotation if isinstance(annotation, str) else str(getattr(annotation, "__name__", "")) + str(annotation)


def guess(name: str, annotation: str, first: First | None, embeds: bool, main: bool) -> Iterator[Spec]:
    """Lists what may be given for a parameter, the likeliest first.

    `embeds` tells that the model has an embedding, `main` that this is the first parameter.
    """
    words = name.lower().split("_")
    constant = _constant(annotation)
    template = first.spec if first is not None else TensorSpec((BATCH, 3, SIZE, SIZE))
    if constant is not None:
        yield constant
    elif "dict" in annotation.lower() or "Mapping" in annotation:
        yield DictSpec()
    elif "tuple[" in annotation.lower():
        count = max(1, annotation.count("Tensor"))
        yield ListSpec(tuple((str(index), template) for index in range(count)), is_tuple=True)
    elif "List[" in annotation or "list[" in annotation or "Sequence[" in annotation:
        yield ListSpec((("0", template),))
    elif "mask" in words or (not main and name.lower() in _STATE_WORDS):
        yield ConstantSpec(None)
        yield TensorSpec((BATCH, LENGTH), "bool") if "mask" in words else template
        if "mask" in words:
            yield TensorSpec((LENGTH, LENGTH), "bool")
    elif embeds and any(word in _ID_WORDS for word in words):
        yield TensorSpec((BATCH, LENGTH), "int")
    elif not main and any(word in _TIME_WORDS for word in words):
        yield TensorSpec((BATCH,), "int", _TIMESTEPS)
    elif not main and any(word in _CLASS_WORDS for word in words):
        yield TensorSpec((BATCH,), "int")
    else:
        yield template


def _constant(annotation: str) -> ConstantSpec | None:
    for name, value in (("int", 1), ("float", 1.0), ("bool", False)):
        if annotation == name or annotation.startswith(f"{name}<class"):
            return ConstantSpec(value)
    return None

"""The first attempts, from forward's signature and the layers that are registered."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from torch import nn

from layer_peek.infer import chance, expectations, words
from layer_peek.infer.hints import Hints, hints, inner_hints
from layer_peek.infer.specs import (
    BATCH,
    DEFAULT_FRAMES,
    DEFAULT_LENGTH,
    FRAMES,
    LENGTH,
    SIZE,
    Argument,
    ConstantSpec,
    DictSpec,
    Dim,
    ListSpec,
    Spec,
    State,
    TensorSpec,
)

TIMESTEPS = 1000
_MAX_STATES = 64
_POINTS = TensorSpec((BATCH, LENGTH, 3))
_IDS = TensorSpec((BATCH, LENGTH), "int")
_ONE = TensorSpec((BATCH,), "int")


@dataclass(frozen=True)
class Known:
    """What the model's layers tell before anything runs."""

    # What its first layer wants, and the first that takes floats.
    first: TensorSpec
    floating: TensorSpec
    image: TensorSpec
    sizes: tuple[int, ...]
    # How many tables it looks ids up in.
    tables: int
    # What its first recurrent layer takes as its state.
    states: tuple[Spec, ...]
    # Parameters of forward that may be left out, with what may be given for them.
    optional: tuple[tuple[str, tuple[Spec, ...]], ...]
    # Numbers that the model names.
    told: Hints
    inner_lengths: tuple[int, ...]
    # Set where a recurrent layer or attention wants the length before the batch.
    time_first: bool
    # Numbers that a length shall not equal by chance.
    widths: frozenset[int]

    @property
    def embeds(self) -> bool:
        """Tells whether the model has an embedding."""
        return self.tables > 0


def known(model: nn.Module, expression: str) -> Known:
    """Reads the layers in the order in which they were registered; `expression` is what built the model."""
    told, inner = hints(model, expression), inner_hints(model)
    expected = [one for one in map(expectations.expectation, model.modules()) if one is not None]
    floating = [one for one in expected if not one.integer]
    first = expected[0] if expected else None
    customary = expectations.IMAGE if first is None else first.sizes
    image = next((one.template for one in floating if len(one.template.dims) == 4), TensorSpec((BATCH, 3, SIZE, SIZE)))
    main = next(iter(floating), first)
    facts = Known(
        TensorSpec((BATCH, 16)) if first is None else first.template,
        main.template if main is not None and not main.integer else TensorSpec((BATCH, 16)),
        image,
        tuple(dict.fromkeys((*told.sizes, *customary[:1], *inner.sizes, *customary))),
        sum(one.integer for one in expected),
        next((states for states in map(_states, model.modules()) if states), ()),
        (),
        told,
        inner.lengths,
        any(getattr(module, "batch_first", True) is False for module in model.modules()),
        chance.widths(model, (*told.lengths, *inner.lengths)),
    )
    return replace(facts, optional=tuple(_optional(model, facts)))


def _optional(model: nn.Module, facts: Known) -> Iterator[tuple[str, tuple[Spec, ...]]]:
    required = {one.name for one in _required(model)}
    for parameter in _parameters(model):
        if parameter.default is None and parameter.name not in required:
            specs = list(guess(parameter.name, _annotation(parameter), facts, main=False))
            yield parameter.name, tuple(one for one in specs if one != ConstantSpec(None))[:2]


def _states(module: nn.Module) -> tuple[Spec, ...]:
    if isinstance(module, nn.RNNBase):
        layers = int(module.num_layers) * (2 if module.bidirectional else 1)
        hidden = TensorSpec((layers, BATCH, int(module.proj_size or module.hidden_size)))
        cell = TensorSpec((layers, BATCH, int(module.hidden_size)))
        return (_pair(hidden, cell),) if isinstance(module, nn.LSTM) else (hidden,)
    if isinstance(module, nn.RNNCellBase):
        hidden = TensorSpec((BATCH, int(module.hidden_size)))
        return (_pair(hidden, hidden),) if isinstance(module, nn.LSTMCell) else (hidden,)
    return ()


def _pair(one: Spec, other: Spec) -> ListSpec:
    return ListSpec((("0", one), ("1", other)), is_tuple=True)


def first_attempts(model: nn.Module, facts: Known) -> list[State]:
    """Lists attempts, the likeliest first. Parameters with a default are left out."""
    parameters = list(_required(model))
    roles = [words.role(one.name) for one in parameters]
    alternatives = [
        [
            _placed(spec, roles) if not index else spec
            for spec in guess(parameter.name, _annotation(parameter), facts, index == 0, len(parameters) == 1)
        ]
        for index, parameter in enumerate(parameters)
    ]
    states: list[State] = []
    for specs in itertools.islice(_combinations(alternatives), _MAX_STATES):
        arguments = tuple(
            Argument(parameter.name, spec, parameter.kind is inspect.Parameter.KEYWORD_ONLY)
            for parameter, spec in zip(parameters, specs)
        )
        frames = facts.told.frames or (DEFAULT_FRAMES,)
        # A length that is named is mostly the longest that fits: a short sequence is tried before.
        lengths = (*facts.told.lengths, *facts.inner_lengths)
        states.append(State(arguments, facts.sizes[0], facts.sizes, DEFAULT_LENGTH, frames[0], lengths))
    return states


def _combinations(alternatives: list[list[Spec]]) -> Iterator[tuple[Spec, ...]]:
    """Yields the first of each, then the same rank of each, which fits masks of a kind, then all."""
    longest = max((len(one) for one in alternatives), default=0)
    ranks = (tuple(one[min(rank, len(one) - 1)] for one in alternatives) for rank in range(longest))
    return iter(dict.fromkeys(itertools.chain(ranks, itertools.islice(itertools.product(*alternatives), _MAX_STATES))))


def _placed(spec: Spec, roles: list[str]) -> Spec:
    """Nodes of a graph are no batch, and a text with offsets is one long row."""
    if isinstance(spec, TensorSpec) and spec.dims[:1] == (BATCH,):
        if "offsets" in roles and spec.kind == "int":
            return TensorSpec((LENGTH,), "int", spec.high)
        if "edges" in roles and len(spec.dims) == 2:
            return TensorSpec((LENGTH, spec.dims[1]), spec.kind, spec.high)
        if {"adjacency", "lengths"}.intersection(roles) and len(spec.dims) == 2 and spec.kind == "float":
            return TensorSpec((BATCH, LENGTH, spec.dims[1]), spec.kind, spec.high)
    return spec


def _parameters(model: nn.Module) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(model.forward).parameters.values())
    except (TypeError, ValueError):
        return []


def _required(model: nn.Module) -> Iterator[inspect.Parameter]:
    parameters = _parameters(model)
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


def guess(name: str, annotation: str, facts: Known, main: bool, only: bool = False) -> Iterator[Spec]:
    """Lists what may be given for a parameter or a key, the likeliest first.

    `main` tells that it is the first one, `only` that there are no others.
    """
    constant = _constant(annotation)
    lower = annotation.lower()
    template = facts.first if main else facts.floating
    if constant is not None:
        yield constant
    elif "dict" in lower or "Mapping" in annotation:
        yield DictSpec()
    elif "tuple[" in lower:
        count = max(1, annotation.count("Tensor"))
        yield ListSpec(tuple((str(index), template) for index in range(count)), is_tuple=True)
    elif re.search(r"\b(list|sequence|iterable)\b", lower):
        # Samples of different sizes come in a list, without a batch; or several inputs do.
        if len(template.dims) > 2:
            yield ListSpec((("0", TensorSpec(template.dims[1:], template.kind, template.high)),))
        yield ListSpec((("0", template),))
        yield template
    else:
        yield from _of_role(words.role(name), "long" in lower or "int" in lower, facts, main, only)


def of_name(name: str, facts: Known) -> Iterator[Spec]:
    """Lists what a parameter's name alone lets expect, None not among them."""
    yield from (spec for spec in _BY_ROLE.get(words.role(name), _of_nothing)(facts) if spec != ConstantSpec(None))


def _of_role(role: str, integers: bool, facts: Known, main: bool, only: bool) -> Iterator[Spec]:
    template = facts.first if main else facts.floating
    first = role in ("state", "label", "context", "one") or (only and role in ("time", "scalar", "lengths"))
    if first and main and not facts.embeds:
        # What comes first is the input, whatever it is called.
        yield template
    specs = list(_BY_ROLE.get(role, _of_nothing)(facts))
    if integers:
        specs.sort(key=lambda spec: not isinstance(spec, TensorSpec) or spec.kind not in ("int", "length"))
    yield from specs
    if role in ("label", "time", "state", "one", "tokens", "mask", "latent", "context", "points"):
        yield template


def _rows(spec: TensorSpec) -> TensorSpec:
    return TensorSpec((LENGTH, *spec.dims[1:2])) if isinstance(spec.dims[-1], int) else TensorSpec((LENGTH, 1))


def _of_nothing(facts: Known) -> Iterator[Spec]:
    yield facts.first
    if facts.floating != facts.first:
        yield facts.floating


def _of_ids(facts: Known) -> Iterator[Spec]:
    yield _IDS if facts.embeds else facts.first
    if facts.embeds and facts.time_first:
        yield TensorSpec((LENGTH, BATCH), "int")


def _of_one(facts: Known) -> Iterator[Spec]:
    yield _ONE if facts.embeds else facts.floating
    if facts.embeds:
        yield _IDS


def _of_image(facts: Known) -> Iterator[Spec]:
    yield facts.image
    yield facts.floating


def _of_video(facts: Known) -> Iterator[Spec]:
    if len(facts.floating.dims) == 5:
        yield facts.floating
    channels = facts.image.dims[1]
    yield TensorSpec((BATCH, FRAMES, channels, SIZE, SIZE))


def _of_audio(facts: Known) -> Iterator[Spec]:
    yield facts.floating
    yield TensorSpec((BATCH, LENGTH))


def _of_context(facts: Known) -> Iterator[Spec]:
    numbers = [dim for dim in facts.floating.dims[1:] if isinstance(dim, int)]
    wide: Dim = numbers[-1] if numbers else 64
    yield TensorSpec((BATCH, LENGTH, wide))
    yield TensorSpec((BATCH, wide))


def _of_mask(_: Known) -> Iterator[Spec]:
    yield ConstantSpec(None)
    yield TensorSpec((BATCH, LENGTH), "bool")
    yield TensorSpec((LENGTH, LENGTH), "bool")


def _of_state(facts: Known) -> Iterator[Spec]:
    yield from (*facts.states, ConstantSpec(None))
    yield facts.floating
    yield _pair(facts.floating, facts.floating)


_BY_ROLE = {
    "edgeFeatures": lambda facts: iter((_rows(facts.floating), TensorSpec((LENGTH,)))),
    "flag": lambda _: iter((TensorSpec((BATCH,), "bool"), TensorSpec((BATCH, 1), "bool"))),
    "edges": lambda _: iter((TensorSpec((2, LENGTH), "int", 16),)),
    "adjacency": lambda _: iter((TensorSpec((BATCH, LENGTH, LENGTH)), TensorSpec((LENGTH, LENGTH)))),
    "mask": _of_mask,
    "lengths": lambda _: iter((TensorSpec((BATCH,), "length"),)),
    "offsets": lambda _: iter((TensorSpec((BATCH,), "int", 1),)),
    "noiseLevel": lambda _: iter((TensorSpec((BATCH,)), TensorSpec((BATCH, 1)), ConstantSpec(1.0))),
    "time": lambda _: iter((TensorSpec((BATCH,), "int", TIMESTEPS), TensorSpec((BATCH,)), ConstantSpec(1))),
    "label": lambda _: iter((_ONE,)),
    "state": _of_state,
    "scalar": lambda _: iter((ConstantSpec(1.0), TensorSpec((BATCH,)))),
    "categories": lambda facts: iter((TensorSpec((BATCH, max(1, facts.tables)), "int"), _IDS)),
    "one": _of_one,
    "tokens": _of_ids,
    "image": _of_image,
    "video": _of_video,
    "audio": _of_audio,
    "points": lambda _: iter((_POINTS,)),
    "latent": lambda facts: iter((facts.floating,)),
    "context": _of_context,
}


def _constant(annotation: str) -> ConstantSpec | None:
    for name, value in (("int", 1), ("float", 1.0), ("bool", False)):
        if annotation == name or annotation.startswith(f"{name}<class"):
            return ConstantSpec(value)
    return None

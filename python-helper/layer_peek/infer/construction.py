"""Guesses the arguments that a constructor asks for and that nobody has written down."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import itertools
import json
import re
import typing
from collections.abc import Iterator
from typing import Any, Callable

from torch import nn

from layer_peek.errors import CaptureFailure
from layer_peek.infer.customary import customary
from layer_peek.infer.usage import Usage, usages
from layer_peek.recipe import Namespace

_MOST_TRIES = 80
_DEEPEST = 3
_LEFT_OUT = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_LAYERS = ("num_hidden_layers", "encoder_layers", "decoder_layers", "num_layers", "n_layer", "n_layers")
_MODULES = ("nn.Linear(64, 64)", "nn.Identity()", "nn.ReLU()")

Build = Callable[[str], nn.Module]


class Construction:
    """Looks for arguments with which a class or function of the namespace builds."""

    def __init__(self, namespace: Namespace, small: bool = False) -> None:
        self._namespace = namespace
        # Set where the user wants configurations made small.
        self._small = small

    def attempts(self, name: str) -> Iterator[str]:
        """Lists expressions that may build `name`, the likeliest first; none where it asks for no arguments."""
        kind: Any = self._namespace.get(name)
        parameters = _required(kind)
        if not callable(kind) or not parameters:
            return
        read = usages(kind)
        choices = [list(self._options(one, read.get(one.name, Usage()), kind, 0)) for one in parameters]
        if all(choices):
            for values in itertools.islice(_combinations(choices), _MOST_TRIES):
                yield _call(name, parameters, values)

    def search(self, name: str, build: Build) -> tuple[str, nn.Module] | None:
        """Finds the first attempt that `build` builds; what else it raises ends the search."""
        for expression in self.attempts(name):
            try:
                return expression, build(expression)
            except CaptureFailure:
                continue
        return None

    def _options(self, parameter: inspect.Parameter, usage: Usage, owner: Any, depth: int) -> Iterator[str]:
        """Lists expressions for one parameter."""
        seen: set[str] = set()
        for option in itertools.chain(
            self._of_config_class(owner, parameter.name),
            self._of_annotation(_hint(owner, parameter), parameter.name, usage, depth),
            map(json.dumps, usage.strings),
            self._of_class(parameter.name, usage, depth),
            _configuration(usage),
            _MODULES if usage.called and usage.kept else (),
            customary(parameter.name, usage.iterated),
        ):
            if option not in seen:
                seen.add(option)
                yield option

    def _of_config_class(self, owner: Any, name: str) -> Iterator[str]:
        """Hugging Face's models name the class of their configuration; made small only where the user says so."""
        config = getattr(owner, "config_class", None)
        if (
            name == "config"
            and isinstance(config, type)
            and self._namespace.get(str(getattr(owner, "__name__", ""))) is owner
        ):
            whole = f"{getattr(owner, '__name__', name)}.config_class()"
            if self._small:
                with contextlib.suppress(Exception):
                    layers = [one for one in _LAYERS if isinstance(getattr(config(), one, None), int)]
                    if layers:
                        yield f"{whole[:-1]}{', '.join(f'{one}=2' for one in layers)})"
            yield whole

    def _of_annotation(self, hint: Any, name: str, usage: Usage, depth: int) -> Iterator[str]:
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Literal:
            yield from map(repr, inner)
        elif origin in (list, tuple, dict) or (isinstance(hint, type) and hint in (list, tuple)):
            yield from _sequence(origin, inner, name)
        elif type(None) in inner:
            for one in inner:
                yield from self._of_annotation(one, name, usage, depth)
        elif hint is bool:
            yield from ("False", "True")
        elif hint is str:
            yield from map(json.dumps, usage.strings)
        elif hint in (int, float):
            yield from (
                one for one in customary(name) if re.fullmatch(r"[\d.e-]+", one) and (hint is float or one.isdigit())
            )
        elif isinstance(hint, type) and hint.__module__ != "builtins":
            yield from self._builds(hint, depth)

    def _of_class(self, name: str, usage: Usage, depth: int) -> Iterator[str]:
        """A class of the file that is named as the parameter, or has all the fields that are asked of it."""
        plain = _letters(name)
        kinds = [
            one
            for one in dict.values(self._namespace)
            if isinstance(one, type) and not one.__module__.startswith("torch")
        ]
        named = [one for one in kinds if issubclass(one, nn.Module) and _letters(one.__name__) == plain]
        ending = [
            one
            for one in kinds
            if issubclass(one, nn.Module) and len(plain) > 3 and _letters(one.__name__).endswith(plain)
        ]
        fields = {
            one: {field.name for field in dataclasses.fields(one)} for one in kinds if dataclasses.is_dataclass(one)
        }
        fitting = [one for one in fields if usage.attributes and fields[one].issuperset(_asked(usage, one))]
        for kind in dict.fromkeys((*named, *fitting, *ending)):
            yield from self._builds(kind, depth)

    def _builds(self, kind: type, depth: int) -> Iterator[str]:
        name = kind.__name__
        if self._namespace.get(name) is not kind or inspect.isabstract(kind) or depth >= _DEEPEST:
            return
        parameters = _required(kind)
        read = usages(kind) if parameters else {}
        choices = [
            list(itertools.islice(self._options(one, read.get(one.name, Usage()), kind, depth + 1), 3))
            for one in parameters
        ]
        if all(choices):
            for values in itertools.islice(_combinations(choices), 3):
                yield _call(name, parameters, values)


def _asked(usage: Usage, kind: type) -> set[str]:
    return {one for one in usage.attributes if not hasattr(kind, one) or not callable(getattr(kind, one))}


def _required(kind: Any) -> list[inspect.Parameter]:
    try:
        parameters = inspect.signature(kind).parameters.values()
    except (TypeError, ValueError):
        return []
    return [one for one in parameters if one.default is inspect.Parameter.empty and one.kind not in _LEFT_OUT]


def _hint(owner: Any, parameter: inspect.Parameter) -> Any:
    constructor: Any = inspect.getattr_static(owner, "__init__", owner) if isinstance(owner, type) else owner
    try:
        return typing.get_type_hints(constructor).get(parameter.name)
    except Exception:  # noqa: BLE001 - annotations may name what exists for type checkers only
        return None


def _sequence(origin: Any, inner: tuple[Any, ...], name: str) -> Iterator[str]:
    numbers = [one for one in inner if one is int]
    pairs = [typing.get_args(one) for one in inner if typing.get_origin(one) is tuple]
    if origin is dict:
        return
    if pairs and len(pairs[0]) == 2:
        yield "[(10, 8), (20, 8)]"
    elif origin is tuple and len(numbers) == len(inner) and numbers:
        yield f"({', '.join(['64'] * len(numbers))}{',' if len(numbers) == 1 else ''})"
    else:
        yield from customary(name, iterated=True)


def _configuration(usage: Usage) -> Iterator[str]:
    """An object or a dict that has what is asked of it."""
    attributes = [
        one for one in usage.attributes if not one.startswith("_") and one not in ("get", "items", "keys", "values")
    ]
    if usage.keys:
        yield "{" + ", ".join(f"{json.dumps(key)}: {next(customary(key))}" for key in usage.keys) + "}"
    elif len(attributes) > 1:
        values = (f"{one}={next(customary(one, one in usage.iterated_attributes))}" for one in attributes)
        yield f'type("Config", (), dict({", ".join(values)}))()'


def _combinations(choices: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """Yields the first choices, then those with one, then with two changed."""
    first = tuple(one[0] for one in choices)
    yield first
    places = [(at, value) for at, one in enumerate(choices) for value in one[1:6]]
    for count in (1, 2):
        for changed in itertools.combinations(places, count):
            values = list(first)
            for at, value in changed:
                values[at] = value
            if len({at for at, _ in changed}) == count:
                yield tuple(values)


def _call(name: str, parameters: list[inspect.Parameter], values: tuple[str, ...]) -> str:
    named = (
        value if one.kind is inspect.Parameter.POSITIONAL_ONLY else f"{one.name}={value}"
        for one, value in zip(parameters, values)
    )
    return f"{name}({', '.join(named)})"


def _letters(name: str) -> str:
    return name.replace("_", "").lower()

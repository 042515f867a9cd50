"""Builds classes whose constructors ask for arguments, by guesses from the parameters' names and annotations."""

from __future__ import annotations

import enum
import importlib
import inspect
import itertools
import os
import random
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Callable

import torch
from torch import nn

from collect.recorder import Recorder

_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "guesses.txt")
_MOST_TRIES = 40
_MOST_SWITCHES = 16
_DEEPEST = 2
_WEIGHTS = re.compile(r"(.*_)?(pretrained|weights|checkpoint)(_.*)?")


@dataclass(frozen=True)
class Guesses:
    """Expressions to try for parameters, by patterns of their names."""

    table: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
    recorder: Recorder

    @staticmethod
    def read(recorder: Recorder) -> Guesses:
        """Reads the table. The recorder is to forget what failing constructors did."""
        table = []
        with open(_FILE, encoding="utf-8") as file:
            for line in file:
                patterns, equals, values = line.rstrip("\n").partition(" = ")
                if equals and not line.startswith("#"):
                    names = "|".join(f"(?:{one.strip()})" for one in patterns.split(" | "))
                    table.append((re.compile(names, re.IGNORECASE), tuple(one.strip() for one in values.split(" | "))))
        return Guesses(tuple(table), recorder)

    def build(self, module: str, name: str) -> list[Any]:
        """Builds a class in every way that its switches give, once the arguments that it must have are guessed.

        Raises:
            what the constructor raised, where nothing fits
        """
        kind: Any = importlib.import_module(module)
        for part in name.split("."):
            kind = getattr(kind, part)
        first, arguments = self._first(kind, depth=0)
        built = [first]
        for switch, value in itertools.islice(_switches(kind, arguments), _MOST_SWITCHES):
            try:
                with self.recorder.attempt():
                    built.append(kind(**{**arguments, switch: value}))
            except Exception:  # noqa: BLE001 - a switch that does not fit the guesses tells nothing
                continue
        return built

    def _first(self, kind: Callable[..., Any], depth: int) -> tuple[Any, dict[str, Any]]:
        wanted = [one.name for one in _parameters(kind) if one.default is inspect.Parameter.empty]
        try:
            return self._with(kind, wanted, depth)
        except TypeError as error:
            # What a constructor passes on to its base as `**kwargs` is known only from the complaint.
            passed_on = re.search(r"missing \d+ required [\w-]+ arguments?: (.*)", str(error))
            if passed_on is None or not _takes_keywords(kind):
                raise
            more = re.findall(r"'(\w+)'", passed_on[1])
        return self._with(kind, [*wanted, *more], depth)

    def _with(self, kind: Callable[..., Any], wanted: list[str], depth: int) -> tuple[Any, dict[str, Any]]:
        hints = _hints(kind)
        choices = [list(self._values(name, hints.get(name), kind, depth)) for name in wanted]
        without_weights = _without_weights(kind)
        problem: Exception = TypeError("nothing to try")
        for values in _combinations(choices):
            try:
                with self.recorder.attempt():
                    arguments = {**without_weights, **{name: make() for name, make in zip(wanted, values)}}
                    return kind(**arguments), arguments
            except Exception as error:  # noqa: BLE001 - a constructor may raise whatever it likes
                problem = error
        raise problem

    def _values(self, name: str, hint: Any, kind: Any, depth: int) -> Iterator[Callable[[], Any]]:
        config = getattr(kind, "config_class", None)
        if name == "config" and isinstance(config, type):
            yield config
        yield from self._of_hint(hint, depth)
        for pattern, expressions in self.table:
            if pattern.fullmatch(name):
                for one in expressions:
                    yield _evaluation(one)
                break

    def _of_hint(self, hint: Any, depth: int) -> Iterator[Callable[[], Any]]:
        origin = typing.get_origin(hint)
        if origin is typing.Literal:
            for value in typing.get_args(hint)[:4]:
                yield partial(_same, value)
        elif origin is not None and type(None) in typing.get_args(hint):
            for one in typing.get_args(hint):
                yield from self._of_hint(one, depth)
        elif hint is bool:
            yield partial(_same, False)
        elif isinstance(hint, type) and origin is None:
            if issubclass(hint, enum.Enum):
                for member in list(hint)[:3]:
                    yield partial(_same, member)
            elif hint is nn.Module:
                yield lambda: nn.Linear(64, 64)
            elif hint is torch.Tensor:
                yield lambda: torch.zeros(4, 4)
            elif hint.__module__ != "builtins" and not inspect.isabstract(hint) and depth < _DEEPEST:
                # A configuration, or a part of the model.
                yield lambda: self._first(hint, depth + 1)[0]


def _combinations(choices: list[list[Callable[[], Any]]]) -> Iterator[tuple[Callable[[], Any], ...]]:
    """Yields the first choices, then the same rank everywhere, then others by a lot that falls the same each time."""
    seen: set[tuple[int, ...]] = set()
    lot = random.Random(0)
    longest = max((len(one) for one in choices), default=1)
    ranks = [tuple(min(rank, len(one) - 1) for one in choices) for rank in range(longest)]
    singles = [
        tuple(rank if at == which else 0 for at in range(len(choices)))
        for which in range(len(choices))
        for rank in range(1, len(choices[which]))
    ]
    random_ranks = [tuple(lot.randrange(len(one)) for one in choices) for _ in range(_MOST_TRIES)]
    for rank in itertools.islice(itertools.chain(ranks[:3], singles, ranks[3:], random_ranks), 3 * _MOST_TRIES):
        if rank not in seen and len(seen) < _MOST_TRIES:
            seen.add(rank)
            yield tuple(one[at] for one, at in zip(choices, rank))


def _without_weights(kind: Callable[..., Any]) -> dict[str, Any]:
    """Arguments against a download, where the default wants one."""
    return {
        one.name: False if one.default is True else None
        for one in _parameters(kind)
        if _WEIGHTS.fullmatch(one.name) and (one.default is True or isinstance(one.default, str))
    }


def _takes_keywords(kind: Callable[..., Any]) -> bool:
    return any(one.kind == inspect.Parameter.VAR_KEYWORD for one in inspect.signature(kind).parameters.values())


def _switches(kind: Callable[..., Any], arguments: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for one in _parameters(kind):
        if isinstance(one.default, bool):
            yield one.name, not one.default
        elif isinstance(arguments.get(one.name), bool):
            yield one.name, not arguments[one.name]


def _parameters(kind: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        signature = inspect.signature(kind)
    except (TypeError, ValueError):
        return []
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY)
    return [one for one in signature.parameters.values() if one.kind not in variable]


def _hints(kind: Any) -> dict[str, Any]:
    constructor: Any = inspect.getattr_static(kind, "__init__", kind) if isinstance(kind, type) else kind
    try:
        return typing.get_type_hints(constructor)
    except Exception:  # noqa: BLE001 - annotations may name what exists for type checkers only
        return {}


def _same(value: Any) -> Any:
    return value


def _evaluation(expression: str) -> Callable[[], Any]:
    return lambda: eval(expression, {"torch": torch})

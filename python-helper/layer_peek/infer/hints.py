"""Sizes that a model tells by the names of what it was built with: `image_size=64`, `self.seq_len = 96`."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from torch import nn

_SIZES = re.compile(
    r"(.*_)?((image|img|input|crop|spatial)_?(size|sizes|shape|resolution|res|dims?|h|w|height|width)|resolution|imgh|roi_size)"
)
_LENGTHS = re.compile(
    r"(.*_)?((seq|sequence|input|context|history|max|max_seq|block|lookback|backcast|src|segment|window|sample|audio|signal)_?"
    r"(len|length|size|samples)|maxlen|time_?steps|n_?ctx|num_?points|n_?points)"
)
_FRAMES = re.compile(r"(.*_)?((num_|n_)?frames|clip_?(len|length)|n_?segments?|num_?segments?|temporal_?(size|length))")
_LARGEST = 4096


@dataclass(frozen=True)
class Hints:
    """Numbers for the free sizes, the likeliest first."""

    sizes: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()
    frames: tuple[int, ...] = ()


def hints(model: nn.Module, expression: str) -> Hints:
    """Reads the recipe's arguments, then what the model keeps, then its constructor's defaults."""
    return _sorted(_named(model, expression))


def inner_hints(model: nn.Module) -> Hints:
    """Reads what the modules inside of the model keep: sizes that may be of what they get, not of the model's input."""
    return _sorted(
        (name, value)
        for module in model.modules()
        if module is not model and not type(module).__module__.startswith("torch.nn")
        for name, value in vars(module).items()
        if not name.startswith("_")
    )


def _sorted(named: Iterable[tuple[str, Any]]) -> Hints:
    found: dict[str, dict[int, None]] = {"sizes": {}, "lengths": {}, "frames": {}}
    for name, value in named:
        lower = name.lower()
        for kind, pattern in (("frames", _FRAMES), ("sizes", _SIZES), ("lengths", _LENGTHS)):
            if pattern.fullmatch(lower):
                for number in _numbers(value, kind):
                    found[kind][number] = None
                break
    return Hints(tuple(found["sizes"])[:6], tuple(found["lengths"])[:6], tuple(found["frames"])[:4])


def _named(model: nn.Module, expression: str) -> Iterator[tuple[str, Any]]:
    yield from _keywords(expression)
    yield from ((name, value) for name, value in vars(model).items() if not name.startswith("_"))
    yield from _defaults(type(model))
    for value in list(vars(model).values()):
        if hasattr(value, "__dict__") and not isinstance(value, (nn.Module, type)):
            # A configuration that was kept.
            yield from ((name, inner) for name, inner in vars(value).items() if isinstance(name, str))


def _keywords(expression: str) -> Iterator[tuple[str, Any]]:
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg is not None:
            try:
                yield node.arg, ast.literal_eval(node.value)
            except (ValueError, TypeError, SyntaxError):
                continue


def _defaults(kind: type) -> Iterator[tuple[str, Any]]:
    try:
        parameters = inspect.signature(kind).parameters.values()
    except (TypeError, ValueError):
        return
    yield from ((one.name, one.default) for one in parameters if one.default is not inspect.Parameter.empty)


def _numbers(value: Any, kind: str) -> Iterator[int]:
    """One number, or the last of several: a shape tells its channels first."""
    if isinstance(value, (tuple, list)) and value and all(type(one) is int for one in value):
        value = value[-1]
    if type(value) is int and (4 if kind == "sizes" else 2) <= value <= _LARGEST:
        yield value

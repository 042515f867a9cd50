"""The inputs that a model is meant to get, as patterns, and whether a capture's are such.

`x=f(B,3,S,S) t=i(B) S>=64`: for each tensor its path in the arguments and its dimensions. A kind is `f` floating, `i`
integer, `b` boolean, `n` one of the first two, `a` any tensor, `m` any tensor of that shape or nothing, `s` a plain
number; `none` is None or nothing. `?` behind a kind lets it be absent. A dimension is a number, several (`16|17`), or a
letter that stands for the same size wherever it occurs; `S>=64` and `T=16|17` restrict a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Union

Leaf = Union[tuple[str, tuple[int, ...]], str]
"""A tensor's kind and shape, or a plain value's text."""

_ITEM = re.compile(r"(?P<path>[\w.]+)=(?:(?P<kind>[fibnam])(?P<maybe>\??)\((?P<dims>[^)]*)\)|(?P<word>none|s))$")
_RULE = re.compile(r"(?P<letter>[A-Z])(?P<how>>=|<=|=)(?P<sizes>[\d|]+)$")


def leaves(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Lists tensors and plain values of a described value by their paths."""
    if value["kind"] == "tensor":
        dtype = value["dtype"]
        kind = "b" if dtype == "bool" else "i" if dtype.startswith(("int", "uint")) else "f"
        yield path, (kind, tuple(value["shape"]))
    elif value["kind"] == "plain":
        yield path, str(value["text"])
    else:
        for item in value["items"]:
            yield from leaves(item["value"], f"{path}.{item['key']}" if path else item["key"])


def matches(pattern: str, given: dict[str, Leaf]) -> bool:
    """Tells whether arguments are those of a pattern; plain values that it does not name do not matter."""
    parts = pattern.split()
    rules = [match for match in map(_RULE.match, parts) if match is not None and len(match["letter"]) == 1]
    items = [match for match in map(_ITEM.match, parts) if match is not None]
    if len(items) + sum(_ITEM.match(rule.string) is None for rule in rules) != len(parts):
        raise ValueError(f"{pattern} is no pattern")
    sizes: dict[str, int] = {}
    named = {item["path"] for item in items}
    if any(not isinstance(leaf, str) and path not in named for path, leaf in given.items()):
        return False
    return all(_fits(item, given.get(item["path"]), sizes) for item in items) and all(
        _allowed(rule, sizes) for rule in rules
    )


def _fits(item: re.Match[str], leaf: Leaf | None, sizes: dict[str, int]) -> bool:
    nothing = leaf is None or leaf == "None"
    if item["word"] == "none":
        return nothing
    if item["word"] == "s":
        return isinstance(leaf, str) and not nothing
    if nothing:
        return item["kind"] == "m" or bool(item["maybe"])
    dims = [one for one in item["dims"].split(",") if one]
    if isinstance(leaf, str):
        # A plain number stands for a tensor of no dimension.
        return item["kind"] == "n" and not dims
    assert leaf is not None
    kind, shape = leaf
    kinds = {"f": "f", "i": "i", "b": "b", "n": "fi", "a": "fib", "m": "fib"}[item["kind"]]
    return kind in kinds and len(shape) == len(dims) and all(_same(dim, size, sizes) for dim, size in zip(dims, shape))


def _same(dim: str, size: int, sizes: dict[str, int]) -> bool:
    if dim.isalpha():
        return sizes.setdefault(dim, size) == size
    return str(size) in dim.split("|")


def _allowed(rule: re.Match[str], sizes: dict[str, int]) -> bool:
    size, wanted = sizes.get(rule["letter"]), [int(one) for one in rule["sizes"].split("|")]
    if size is None:
        return True
    return size >= wanted[0] if rule["how"] == ">=" else size <= wanted[0] if rule["how"] == "<=" else size in wanted

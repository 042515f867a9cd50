"""Checks messages against `protocol.schema.json`, with the standard library alone.

Only the keywords that the schema uses are known; an unknown one is a fault of ours and raises.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import Any, Callable

SCHEMA_FILE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "protocol.schema.json")

_ANNOTATIONS = {"$schema", "$id", "title", "description", "definitions"}
_TYPES: dict[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    # In JSON Schema 1.0 is an integer as well.
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    ),
}


@lru_cache(maxsize=1)
def definitions() -> dict[str, Any]:
    """Returns the schema's definitions by name."""
    with open(SCHEMA_FILE, encoding="utf-8") as file:
        loaded: dict[str, Any] = json.load(file)["definitions"]
    return loaded


def problem_with(value: object, definition: str) -> str | None:
    """Says where and why `value` does not fit the named definition; None where it does."""
    return _problem(value, definitions()[definition], definition)


def _problem(value: object, schema: dict[str, Any], place: str) -> str | None:
    for keyword, argument in schema.items():
        if keyword in _ANNOTATIONS:
            continue
        found = _KEYWORDS[keyword](value, argument, schema, place)
        if found is not None:
            return found
    return None


def _reference(value: object, argument: str, _: dict[str, Any], place: str) -> str | None:
    return _problem(value, definitions()[argument.rsplit("/", 1)[1]], place)


def _type(value: object, argument: Any, _: dict[str, Any], place: str) -> str | None:
    names = [argument] if isinstance(argument, str) else argument
    if any(_TYPES[name](value) for name in names):
        return None
    return f"{place} must be of type {' or '.join(names)}, not {type(value).__name__}"


def _enum(value: object, argument: Any, _: dict[str, Any], place: str) -> str | None:
    return None if value in argument else f"{place} must be one of {json.dumps(argument)}"


def _const(value: object, argument: Any, _: dict[str, Any], place: str) -> str | None:
    return None if value == argument and type(value) is type(argument) else f"{place} must be {json.dumps(argument)}"


def _required(value: object, argument: Any, _: dict[str, Any], place: str) -> str | None:
    missing = [name for name in argument if name not in value] if isinstance(value, dict) else []
    return f"{place} lacks {', '.join(missing)}" if missing else None


def _properties(value: object, argument: Any, _: dict[str, Any], place: str) -> str | None:
    if isinstance(value, dict):
        for name, schema in argument.items():
            found = _problem(value[name], schema, f"{place}.{name}") if name in value else None
            if found is not None:
                return found
    return None


def _additional(value: object, argument: Any, schema: dict[str, Any], place: str) -> str | None:
    if argument is not False:
        raise NotImplementedError("additionalProperties other than false")
    unknown = [name for name in value if name not in schema.get("properties", {})] if isinstance(value, dict) else []
    return f"{place} has the unknown property {unknown[0]}" if unknown else None


def _items(value: object, argument: Any, _: dict[str, Any], place: str) -> str | None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            found = _problem(item, argument, f"{place}[{index}]")
            if found is not None:
                return found
    return None


def _any_of(value: object, argument: Any, _: dict[str, Any], place: str) -> str | None:
    found = [_problem(value, schema, place) for schema in argument]
    return None if None in found else " or ".join(text for text in found if text is not None)


_KEYWORDS: dict[str, Callable[[object, Any, dict[str, Any], str], str | None]] = {
    "$ref": _reference,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "anyOf": _any_of,
}

"""JSON-RPC 2.0: builds messages, and reads those of the server, each checked against the schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union, cast

from layer_peek import schema

Id = Union[int, str]

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

_PARAMETERS: dict[str, str | None] = {"capture": "CaptureRequest", "statistics": "StatisticsRequest", "stop": None}
_ANSWER = re.compile(rb'\{"jsonrpc":"2\.0","id":([0-9]+|"[^"]*"),')


@dataclass(frozen=True)
class Incoming:
    """A message of the server whose parameters fit the schema; `id` is None for a notification."""

    method: str
    id: Id | None
    params: dict[str, object]


class BadMessage(Exception):
    """A message that can't be obeyed; answered by a JSON-RPC error where it has an id."""

    def __init__(self, code: int, text: str, request: Id | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.request = request


def notification(method: str, params: Mapping[str, object]) -> dict[str, object]:
    """Makes a message that expects no answer."""
    return {"jsonrpc": "2.0", "method": method, "params": params}


def answer(request: Id, result: Mapping[str, object]) -> dict[str, object]:
    """Makes the answer to a request."""
    return {"jsonrpc": "2.0", "id": request, "result": result}


def error(request: Id | None, code: int, text: str) -> dict[str, object]:
    """Makes the answer to a request that failed."""
    return {"jsonrpc": "2.0", "id": request, "error": {"code": code, "message": text}}


def answered_id(body: bytes) -> Id | None:
    """Tells which request a body made by `answer` or `error` answers, without parsing all of it."""
    match = _ANSWER.match(body)
    if match is None:
        return None
    parsed: Id = json.loads(match.group(1))
    return parsed


def parse(body: bytes) -> Incoming:
    """Reads a message of the server; raises BadMessage with the text to answer."""
    try:
        message = json.loads(body)
    except ValueError as fault:
        raise BadMessage(PARSE_ERROR, f"The message is no JSON: {fault}") from None
    if not isinstance(message, dict):
        raise BadMessage(INVALID_REQUEST, "The message is no JSON object.")
    identity = message.get("id")
    request = identity if isinstance(identity, (int, str)) and not isinstance(identity, bool) else None
    method = message.get("method")
    if not isinstance(method, str):
        raise BadMessage(INVALID_REQUEST, "The message names no method.", request)
    if method not in _PARAMETERS:
        raise BadMessage(METHOD_NOT_FOUND, f'The helper knows no method "{method}".', request)
    params = message.get("params")
    definition = _PARAMETERS[method]
    if definition is None:
        return Incoming(method, request, {})
    # vscode-jsonrpc sends a single parameter either as it is or as a list of one.
    if isinstance(params, list) and len(params) == 1:
        params = params[0]
    problem = schema.problem_with(params, definition)
    if problem is not None:
        raise BadMessage(INVALID_PARAMS, f'The message "{method}" does not fit the protocol: {problem}.', request)
    return Incoming(method, request, cast("dict[str, object]", params))

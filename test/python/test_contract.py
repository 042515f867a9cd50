"""Golden messages: this side of the protocol accepts and refuses the same ones as the TypeScript side does."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from helper_client import ROOT
from layer_peek import messages, schema
from layer_peek.framing import FrameReader, FramingError, encode
from layer_peek.protocol import PROTOCOL_VERSION

FOLDER = os.path.join(ROOT, "test", "contract", "messages")


@pytest.mark.parametrize("name", sorted(os.listdir(FOLDER)))
def test_golden_messages(name: str) -> None:
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        golden: dict[str, Any] = json.load(file)
    problem = schema.problem_with(golden["message"], golden["definition"])
    assert (problem is None) == golden["valid"], problem


def test_the_ready_message_carries_this_version() -> None:
    with open(os.path.join(FOLDER, "ready.json"), encoding="utf-8") as file:
        assert json.load(file)["message"]["protocolVersion"] == PROTOCOL_VERSION


def test_a_problem_names_its_place() -> None:
    assert schema.problem_with({"handle": "x"}, "StatisticsRequest") == (
        "StatisticsRequest.handle must be of type integer, not str"
    )


def test_frames_come_whole_however_they_are_cut() -> None:
    sent = [{"jsonrpc": "2.0", "method": "größe 🔥", "params": list(range(count))} for count in (0, 5, 500)]
    stream = b"".join(encode(message) for message in sent)
    for step in (1, 7, len(stream)):
        reader = FrameReader()
        bodies = [body for at in range(0, len(stream), step) for body in reader.feed(stream[at : at + step])]
        assert [json.loads(body) for body in bodies] == sent


@pytest.mark.parametrize("data", [b"nonsense\r\n\r\n", b"x" * 5000])
def test_bytes_that_are_no_frames_are_refused(data: bytes) -> None:
    with pytest.raises(FramingError):
        FrameReader().feed(data)


def test_other_headers_are_skipped() -> None:
    data = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: 2\r\n\r\n{}"
    assert FrameReader().feed(data) == [b"{}"]


def test_answers_are_recognized_without_reading_them() -> None:
    assert messages.answered_id(json.dumps(messages.answer(7, {}), separators=(",", ":")).encode()) == 7
    assert messages.answered_id(json.dumps(messages.error("a", 1, ""), separators=(",", ":")).encode()) == "a"
    assert messages.answered_id(json.dumps(messages.notification("part", {}), separators=(",", ":")).encode()) is None

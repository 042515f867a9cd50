"""Symbolic mode: sizes have names, and what was taken for granted is told."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import WriteFile
from helper_client import HelperClient
from layer_peek.symbol_text import SymbolText

HEAD = """
import torch
from torch import nn

"""

MODELS: dict[str, tuple[str, str, dict[str, list[str]], str | None]] = {
    "a U-Net": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.middle = nn.Conv2d(8, 16, 3, padding=1)
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.out = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        a = self.down(x)
        b = self.middle(self.pool(a))
        return self.out(torch.cat([a, self.up(b)], 1))
""",
        "Net()(torch.randn(1, 3, 64, 64))",
        {
            "down": ["N", "8", "H", "W"],
            "pool": ["N", "8", "H/2", "W/2"],
            "middle": ["N", "16", "H/2", "W/2"],
            "up": ["N", "8", "H", "W"],
            "out": ["N", "2", "H", "W"],
        },
        "The sizes hold for H even, W even.",
    ),
    "a stride": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, stride=2, padding=1)
        self.fc = nn.Linear(16 * 6 * 6, 10)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1))
""",
        "Net()(torch.randn(1, 3, 12, 12))",
        {"conv": ["N", "16", "(H - 1)//2 + 1", "(W - 1)//2 + 1"], "fc": ["N", "10"]},
        "The sizes hold for 16*((W - 1)//2 + 1)*((H - 1)//2 + 1) = 576.",
    ),
    "an encoder of tokens": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 8)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 1)
        self.head = nn.Linear(8, 100)

    def forward(self, x):
        return self.head(self.encoder(self.embed(x)))
""",
        "Net()(torch.zeros(1, 16, dtype=torch.long))",
        {"embed": ["N", "T", "8"], "encoder": ["N", "T", "8"], "head": ["N", "T", "100"]},
        None,
    ),
    "two inputs": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(5, 8)
        self.c = nn.Linear(8, 3)

    def forward(self, batch, *, scale):
        return self.c(self.a(batch["x"]) + self.b(batch["y"])) * scale
""",
        "Net()({'x': torch.randn(3, 4), 'y': torch.randn(3, 5)}, scale=2)",
        {"a": ["N", "8"], "c": ["N", "3"]},
        None,
    ),
}


def sizes(result: Any, path: str) -> list[str]:
    output = result.call(path)["output"]
    return output.get("dims", [str(size) for size in output["shape"]])  # type: ignore[no-any-return]


@pytest.mark.parametrize("case", MODELS)
def test_sizes_have_names(helper: HelperClient, write: WriteFile, case: str) -> None:
    text, recipe, expected, note = MODELS[case]
    result = helper.capture(write(HEAD + text), recipe=recipe, mode="symbolic")
    assert (result.end["status"], result.end["mode"]) == ("ok", "symbolic"), result.end
    assert {path: sizes(result, path) for path in expected} == expected
    holds = [one for one in result.end["notes"] if one.startswith("The sizes hold")]
    # PyTorch may order the factors of a product either way.
    assert [sorted(one) for one in holds] == ([] if note is None else [sorted(note)])


NUMBERS = {
    "a recurrent layer": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 3, batch_first=True)
        self.fc = nn.Linear(3, 3)

    def forward(self, x):
        return self.fc(self.lstm(x)[0])
""",
        "Net()(torch.randn(2, 5, 4))",
        "fc",
        [2, 5, 3],
    ),
    "sizes that code compares": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        assert len(x) == 1
        return self.fc(x)
""",
        "Net()(torch.randn(1, 4))",
        "fc",
        [1, 3],
    ),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_where_names_fail_there_are_numbers(helper: HelperClient, write: WriteFile, case: str) -> None:
    text, recipe, path, shape = NUMBERS[case]
    result = helper.capture(write(HEAD + text), recipe=recipe, mode="symbolic")
    assert result.end["status"] == "ok", result.end["error"]
    assert result.output_shape(path) == shape
    assert len([call for call in result.calls if call["path"] == path]) == 1
    if result.end["mode"] == "shapes":
        assert any("Sizes could not have names here" in note for note in result.end["notes"])


def test_a_failing_model_fails_in_numbers(helper: HelperClient, write: WriteFile) -> None:
    text, _, _, _ = MODELS["a stride"]
    result = helper.capture(write(HEAD + text), recipe="Net()(torch.randn(1, 3, 8, 8))", mode="symbolic")
    assert result.end["status"] == "failed"
    assert result.output_shape("conv") == [1, 16, 4, 4]
    assert result.end["error"]["path"] == "fc"


TEXTS = [
    ("((s1 - 1)//2) + 1", [], "(H - 1)//2 + 1"),
    ("(s1//2)", [], "H//2"),
    ("(s1//2)", ["Eq(2*((s1//2)), s1)"], "H/2"),
    ("(s1//4)", ["Eq(2*((s1//2)), s1)"], "H//4"),
    ("(s1//4)", ["Eq(2*((s1//2)), s1)", "Eq(2*((s1//4)), (s1//2))"], "H/4"),
    ("2*((s1//2))", ["Eq(Mod(s1, 2), 0)"], "H"),
    ("2*s0*s1", [], "2*N*H"),
    ("s10", [], "W"),
]


@pytest.mark.parametrize(("expression", "guards", "expected"), TEXTS)
def test_expressions_are_printed_as_people_write_them(expression: str, guards: list[str], expected: str) -> None:
    assert SymbolText({"s0": "N", "s1": "H", "s10": "W"}, guards).size(expression) == expected


def test_what_must_hold_is_told_once() -> None:
    guards = ["Eq(2*((s1//2)), s1)", "Eq(4*((s1//4)), s1)", "s0 < 16", "Ne(s1, 1)", "Eq(s0*(s1//2), 64)"]
    assert SymbolText({"s0": "N", "s1": "H"}, guards).constraints() == ["H divisible by 4", "N*(H/2) = 64"]

"""Where the first NaN and the first infinite value appeared."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import WriteFile
from helper_client import HelperClient

MODEL = """
    import torch
    from torch import nn

    class Root(nn.Module):
        def forward(self, x):
            return x.sqrt()  # root

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 4)
            self.root = Root()
            self.act = nn.ReLU(inplace=True)

        def forward(self, x):
            {forward}
"""

# What forward does; the kinds found, each with a part of its message and with its line, `None` for the recipe's.
CASES: dict[str, tuple[str, dict[str, tuple[str, int | None]]]] = {
    "nothing": ("return self.fc(x)", {}),
    "an operation": (
        "return self.fc(x).abs().neg().log()",
        {"nan": ("16 of 16 elements of what log on line 16 gave, first at [0, 0]", 16)},
    ),
    "inside of a layer": (
        "return self.root(-x.abs() - 1)",
        {"nan": ("16 of 16 elements of what sqrt on line 6 gave", 6)},
    ),
    "a layer with bad weights": (
        "self.fc.weight.data[1, 2] = float('nan'); return self.fc(x)",
        {"nan": ("4 of 16 elements of what fc gave, first at [0, 1]. Its weight holds such values.", 16)},
    ),
    "both": (
        "return (x * 0 + 1) / 0 - (x * 0 + 1) / 0",
        {"infinite": ("what div on line 16 gave", 16), "nan": ("what sub on line 16 gave", 16)},
    ),
    "a mask": ("return (x + torch.full((4, 4), float('-inf')).triu(1)).softmax(-1)", {}),
    "a filled mask": ("return x.masked_fill(x > 0, float('-inf')).clamp(min=-1)", {}),
    "what an in-place layer took away": (
        "y = x.abs().neg().mul(float('inf')); y = self.act(y); return y",
        {"infinite": ("16 of 16 elements of what mul on line 16 gave", 16)},
    ),
    "the input": ("return self.fc(x / x)", {}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_first_nan_is_found(helper: HelperClient, write: WriteFile, case: str) -> None:
    forward, expected = CASES[case]
    result = helper.capture(write(MODEL.format(forward=forward)), recipe="Net()(torch.randn(4, 4))")
    assert result.end["status"] == "ok", result.end["error"]
    found: dict[str, Any] = {one["kind"]: one for one in result.end["findings"]}
    assert sorted(found) == sorted(expected)
    for kind, (part, line) in expected.items():
        assert part in found[kind]["message"]
        assert found[kind]["site"]["line"] == line


def test_an_input_that_holds_nan_is_what_is_told(helper: HelperClient, write: WriteFile) -> None:
    file = write(MODEL.format(forward="return self.fc(x)"))
    (found,) = helper.capture(file, recipe="Net()(torch.full((4, 4), float('nan')))").end["findings"]
    assert "16 of 16 elements of what the model was given" in found["message"]
    assert found["site"] is None

"""Models that are broken: their fault is told on its line, not hidden by inputs that happen to pass it."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import WriteFile
from helper_client import HelperClient, capture_request

CLASS = """
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self, width=16):
            super().__init__()
            self.a = nn.Conv2d(3, 8, 3, padding=1)
            self.b = nn.Conv2d(3, 8, 3, stride=2, padding=1)
            self.fc = nn.Linear(width, width)
            self.fc2 = nn.Linear(width, width)
            self.fc3 = nn.Linear(width + 1, width)

        def forward(self, x):
            {forward}
"""
CAT = "return torch.cat([self.a(x), self.b(x)], dim=1)"
LINE = 14
PRODUCT = "return (self.fc(x) @ self.fc2(x)).softmax(-1) @ x"


def capture(helper: HelperClient, file: str, *found: dict[str, str]) -> dict[str, Any]:
    request = capture_request(file, construct=["Net()"], class_name="Net")
    request["recipe"].update({"found": list(found)})
    end: dict[str, Any] = helper.ask("capture", request).end
    return end


def at(expression: str, line: int = 7) -> dict[str, str]:
    return {"expression": expression, "source": "workspace", "place": f"train.py:{line}"}


def test_a_found_call_that_fails_in_forward_is_the_recipe(helper: HelperClient, write: WriteFile) -> None:
    end = capture(helper, write(CLASS.format(forward=CAT)), at("Net()(torch.randn(2, 3, 40, 40))"))
    assert end["recipe"] == {
        "expression": "Net()(torch.randn(2, 3, 40, 40))",
        "source": "workspace",
        "assumed": False,
    }
    assert (end["status"], end["error"]["kind"], end["error"]["site"]["line"]) == ("failed", "forward", LINE)
    assert "Expected size 40 but got size 20" in end["error"]["message"]


def test_of_two_found_calls_the_one_that_runs_is_taken_and_the_other_told(
    helper: HelperClient, write: WriteFile
) -> None:
    file = write(CLASS.format(forward="return self.fc(x)"))
    end = capture(helper, file, at("Net()(torch.randn(2, 5))", 3), at("Net()(torch.randn(4, 16))", 9))
    assert (end["status"], end["recipe"]["expression"]) == ("ok", "Net()(torch.randn(4, 16))")
    (note,) = [one for one in end["notes"] if "train.py:3" in one]
    assert f":{LINE}" in note
    assert "fails" in note


UNFIT = ["Net()(missing)", "Net(1, 2, 3)(torch.randn(1, 16))", "Net()(torch.load('none.pt'))"]


@pytest.mark.parametrize("expression", UNFIT)
def test_a_found_call_that_can_not_be_evaluated_is_passed_over(
    helper: HelperClient, write: WriteFile, expression: str
) -> None:
    end = capture(helper, write(CLASS.format(forward="return self.fc(x)")), at(expression))
    assert (end["status"], end["recipe"]["assumed"]) == ("ok", True), end["error"]


CERTAIN = {
    "an attribute that the model has not": ("return self.head(self.fc(x))", "AttributeError", "no attribute 'head'"),
    "a name that is not there": ("return self.fc(y)", "NameError", "'y' is not defined"),
    "a module that is not there": ("import no_such_module", "ModuleNotFoundError", "no_such_module"),
    "a layer that is indexed": ("return self.fc[0](x)", "TypeError", "not subscriptable"),
}


@pytest.mark.parametrize("case", CERTAIN)
def test_what_no_input_changes_is_told_as_the_fault(helper: HelperClient, write: WriteFile, case: str) -> None:
    forward, exception, message = CERTAIN[case]
    end = capture(helper, write(CLASS.format(forward=forward)))
    error = end["error"]
    assert (error["kind"], error["exception"], error["site"]["line"]) == ("forward", exception, LINE)
    assert message in error["message"]
    assert "Other inputs would not help" in error["advice"]
    assert end["recipe"]["assumed"] is True
    assert end["recipe"]["expression"].startswith("Net()(torch.randn(1, ")


def test_the_searchs_own_batch_is_in_no_message(helper: HelperClient, write: WriteFile) -> None:
    error = capture(helper, write(CLASS.format(forward="return self.fc3(self.fc(x))")))["error"]
    assert error["kind"] == "noRecipe"
    assert "which got [1, 3, 224, 16]" in error["message"]
    assert "[5, " not in error["message"]


CHANCE = {
    "joined sizes that are equal at one pixel only": (CAT, "torch.randn(1, 3, 224, 224)", "224"),
    "added sizes that are equal at one pixel only": (
        "return self.a(x) + self.b(x)",
        "torch.randn(1, 3, 224, 224)",
        "224",
    ),
}


@pytest.mark.parametrize("case", CHANCE)
def test_sizes_that_fit_by_chance_do_not_hide_a_fault(helper: HelperClient, write: WriteFile, case: str) -> None:
    forward, inputs, size = CHANCE[case]
    end = capture(helper, write(CLASS.format(forward=forward)))
    assert end["status"] == "failed", end["recipe"]
    assert end["recipe"]["expression"] == f"Net()({inputs})"
    assert (end["error"]["kind"], end["error"]["site"]["line"]) == ("forward", LINE)
    assert size in end["error"]["message"]
    assert any("by chance" in note for note in end["notes"])


def test_a_length_that_is_a_width_does_not_hide_a_fault(helper: HelperClient, write: WriteFile) -> None:
    text = "".join(line for line in CLASS.splitlines(keepends=True) if "Conv2d" not in line)
    end = capture(helper, write(text.format(forward=PRODUCT)))
    assert end["status"] == "failed", end["recipe"]
    assert end["recipe"]["expression"] == "Net()(torch.randn(1, 32, 16))"
    assert (end["error"]["kind"], end["error"]["site"]["line"]) == ("forward", LINE - 2)
    right = text.format(forward=PRODUCT.replace("self.fc2(x)", "self.fc2(x).mT"))
    assert capture(helper, write(right))["recipe"]["expression"] == "Net()(torch.randn(1, 16))"


def test_heads_as_wide_as_a_length_do_not_hide_a_fault(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, dim=64, heads=4):
                super().__init__()
                self.heads, self.wide = heads, dim // heads
                self.qkv = nn.Linear(dim, 3 * dim)

            def forward(self, x):
                b, n, c = x.shape
                q, k, v = self.qkv(x).view(b, n, 3, self.heads, self.wide).permute(2, 0, 3, 1, 4)
                return ((q @ k).softmax(-1) @ v).transpose(1, 2).reshape(b, n, c)
    """)
    end = capture(helper, file)
    assert end["recipe"]["expression"] == "Net()(torch.randn(1, 32, 64))"
    assert (end["error"]["kind"], end["error"]["site"]["line"]) == ("forward", 13)


def test_a_small_size_that_the_model_itself_wants_is_taken(helper: HelperClient, write: WriteFile) -> None:
    forward = "return self.b(x).flatten(1) @ torch.zeros(8, 4, device=x.device)"
    end = capture(helper, write(CLASS.format(forward=forward)))
    assert end["status"] == "ok", end["error"]

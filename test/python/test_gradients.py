"""Gradient norms, train mode, and runs that end early."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from conftest import WriteFile
from helper_client import HelperClient
from layer_peek.gradients import split_loss

MODEL = """
    import torch
    from torch import nn
    import torch.nn.functional as F

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.Linear(4, 4)
            self.act = nn.ReLU(inplace=True)
            self.drop = nn.Dropout(0.5)
            self.b = nn.Linear(4, 2)
            self.unused = nn.Linear(4, 4)
            self.frozen = nn.Linear(2, 2).requires_grad_(False)

        def forward(self, x):
            x = self.act(self.a(x))
            x = self.drop(x)
            return {{"logits": self.frozen(self.b(x)), "note": "text"}}
"""

RECIPES: dict[str, tuple[str, Any]] = {
    "Net()(torch.ones(3, 4))": ("mean of the squares of the output", lambda out: out.square().mean()),
    "Net()(torch.ones(3, 4))['logits']": ("mean of the squares of the output", lambda out: out.square().mean()),
    "Net()(torch.ones(3, 4))['logits'].sum()": ("the recipe's own loss", lambda out: out.sum()),
    "F.cross_entropy(Net()(torch.ones(3, 4))['logits'], torch.zeros(3, dtype=torch.long))": (
        "the recipe's own loss",
        lambda out: torch.nn.functional.cross_entropy(out, torch.zeros(3, dtype=torch.long)),
    ),
}


class Plain(nn.Module):
    """The model of MODEL, without anything that would be in the way."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.drop = nn.Dropout(0.5)
        self.b = nn.Linear(4, 2)
        self.unused = nn.Linear(4, 4)
        self.frozen = nn.Linear(2, 2).requires_grad_(False)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        before = self.a(x)
        before.retain_grad()
        out: torch.Tensor = self.frozen(self.b(self.drop(torch.relu(before))))
        return out, before


@pytest.mark.parametrize("recipe", RECIPES)
def test_norms_are_those_of_a_backward_pass(helper: HelperClient, write: WriteFile, recipe: str) -> None:
    scalar, loss = RECIPES[recipe]
    result = helper.capture(write(MODEL.format()), recipe=recipe, gradients=True)
    assert result.end["status"] == "ok", result.end["error"]
    found = result.end["gradients"]
    torch.manual_seed(0)
    model = Plain().eval()
    out, before = model(torch.ones(3, 4))
    expected = loss(out)
    expected.backward()
    assert before.grad is not None
    assert found["scalar"] == scalar
    assert found["loss"] == pytest.approx(float(expected.detach()))
    outputs = {one["path"]: one["norm"] for one in found["outputs"]}
    # Of the value that the layer returned, though ReLU changed it in place.
    assert outputs["a"] == pytest.approx(float(before.grad.norm()))
    parameters = {(one["path"], one["name"]): one["norm"] for one in found["parameters"]}
    for name, parameter in model.named_parameters():
        path, _, own = name.rpartition(".")
        norm = None if parameter.grad is None else pytest.approx(float(parameter.grad.norm()))
        assert parameters[path, own] == norm
    assert parameters["unused", "weight"] is None


def test_what_has_no_gradients_says_so(helper: HelperClient, write: WriteFile) -> None:
    file = write(MODEL.format())
    frozen = helper.capture(file, recipe="Net().requires_grad_(False)(torch.ones(3, 4))", gradients=True)
    assert "gradients" not in frozen.end
    assert any("There are no gradients" in note for note in frozen.end["notes"])
    shapes = helper.capture(file, recipe="Net()(torch.ones(3, 4))", gradients=True, mode="shapes")
    assert any("Gradients need values" in note for note in shapes.end["notes"])


def test_a_loss_that_fails_names_its_fault(helper: HelperClient, write: WriteFile) -> None:
    recipe = "F.cross_entropy(Net()(torch.ones(3, 4)), torch.zeros(3))"
    result = helper.capture(write(MODEL.format()), recipe=recipe, gradients=True)
    assert result.end["status"] == "failed"
    assert "dict" in result.end["error"]["message"]
    assert result.output_shape("b") == [3, 2]


def test_checkpoints_go_backward(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn
        from torch.utils.checkpoint import checkpoint

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(4, 4)
                self.b = nn.Linear(4, 4)
                self.c = nn.Linear(4, 4)

            def forward(self, x):
                x = self.a(x)
                x = checkpoint(self.b, x, use_reentrant=False)
                return checkpoint(self.c, x, use_reentrant=True)
    """)
    end = helper.capture(file, recipe="Net()(torch.ones(2, 4))", gradients=True).end
    norms = {one["path"]: one["norm"] for one in end["gradients"]["parameters"] if one["name"] == "weight"}
    assert sorted(norms) == ["a", "b", "c"]
    assert all(norms.values())


def test_train_mode_runs_what_training_runs(helper: HelperClient, write: WriteFile) -> None:
    file = write(MODEL.format())
    zeros = {}
    for training in (False, True):
        result = helper.capture(file, recipe="Net()(torch.ones(99, 4))", training=training)
        assert result.end["provenance"]["training"] is training
        handle = result.call("drop")["output"]["handle"]
        zeros[training] = helper.ask("statistics", {"handle": handle}).end["zeros"]
    assert zeros[True] > zeros[False]


def test_a_run_ends_after_the_layer_that_was_asked_for(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(5)])

            def forward(self, x):
                for number, layer in enumerate(self.layers):
                    try:
                        x = layer(x)
                    except Exception:
                        pass
                    print("layer", number, "of this run")
                return x
    """)
    select = {"paths": ["layers.2"], "lines": []}
    result = helper.capture(file, recipe="Net()(torch.ones(1, 4))", select=select, stopEarly=True)
    assert result.end["status"] == "ok"
    assert [call["path"] for call in result.calls] == ["layers.2"]
    assert result.end["uncalled"] == []
    assert any("ended after the first call" in note for note in result.end["notes"])
    assert "layer 1 of this run" in helper.read_output()
    assert "layer 2 of this run" not in helper.read_output()


SPLITS = {
    "Net()(x)": ("Net()(x)", None),
    "Net()(x).sum()": ("Net()(x)", "_layer_peek_output.sum()"),
    "F.mse_loss(Net(4)(x)[0], y)": ("Net(4)(x)", "F.mse_loss(_layer_peek_output[0], y)"),
    "evaluate(net, x)": ("evaluate(net, x)", None),
}


@pytest.mark.parametrize("expression", SPLITS)
def test_the_loss_is_split_off(expression: str) -> None:
    assert split_loss(expression) == SPLITS[expression]

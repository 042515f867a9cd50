"""Where a recipe comes from where nobody wrote one: found calls, what the class tells, made-up arguments."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import WriteFile
from helper_client import HelperClient, capture_request

HEAD = """
    import argparse
    from dataclasses import dataclass
    from typing import List, Optional, Tuple

    import torch
    from torch import nn

"""


def capture(helper: HelperClient, file: str, name: str, *found: dict[str, str], small: bool = False) -> dict[str, Any]:
    """Captures a class that nobody wrote a recipe for, and gives the end."""
    request = capture_request(file, construct=[f"{name}()"], class_name=name)
    request["recipe"].update({"found": list(found), "small": small})
    end: dict[str, Any] = helper.ask("capture", request).end
    return end


def at(expression: str) -> dict[str, str]:
    return {"expression": expression, "source": "workspace", "place": "test_net.py:7"}


NET = (
    HEAD
    + """
    class Net(nn.Module):
        def __init__(self, width, depth=1):
            super().__init__()
            self.layers = nn.Sequential(*[nn.Linear(width, width) for _ in range(depth)])

        def forward(self, x):
            return self.layers(x)
"""
)


def test_a_call_of_the_workspace_is_the_recipe(helper: HelperClient, write: WriteFile) -> None:
    end = capture(helper, write(NET), "Net", at("Net(6)(torch.randn(2, 6))"))
    assert end["status"] == "ok", end["error"]
    assert end["recipe"] == {"expression": "Net(6)(torch.randn(2, 6))", "source": "workspace", "assumed": False}
    assert "The recipe stands in the workspace's code: test_net.py:7." in end["notes"]


def test_one_that_does_not_run_is_passed_over(helper: HelperClient, write: WriteFile) -> None:
    found = [at("Net(6)(torch.randn(2, 5))"), at("Net(no)(1)"), at("Net(7, depth=2)(torch.randn(1, 7))")]
    assert capture(helper, write(NET), "Net", *found)["recipe"]["expression"] == found[2]["expression"]


def test_a_construction_of_the_workspace_gets_inputs(helper: HelperClient, write: WriteFile) -> None:
    end = capture(helper, write(NET), "Net", at("Net(6, depth=3)"))
    assert end["recipe"] == {
        "expression": "Net(6, depth=3)(torch.randn(1, 6))",
        "source": "workspace",
        "assumed": True,
    }


def test_what_is_shown_alone_runs_for_real(helper: HelperClient, write: WriteFile) -> None:
    text = NET.replace(
        "return self.layers(x)", "print('real' if x.device.type == 'cpu' else 'no'); return self.layers(x)"
    )
    before = helper.read_output().count("real")
    capture(helper, write(text), "Net", at("Net(6)(torch.randn(2, 5))"), at("Net(6)(torch.randn(2, 6))"))
    assert helper.read_output().count("real") == before + 1


CONVENTIONS = {
    "example_input_array": (
        "self.example_input_array = torch.randn(2, 5)",
        "(model := Told())(model.example_input_array)",
    ),
    "a tuple": (
        "self.example_input_array = (torch.randn(2, 5),)",
        "(model := Told())(*model.example_input_array)",
    ),
    "dummy_inputs": ("self.dummy_inputs = {'x': torch.randn(3, 5)}", "(model := Told())(**model.dummy_inputs)"),
    "timm's": ("self.pretrained_cfg = {'input_size': (4, 5)}", "Told()(torch.randn(1, 4, 5))"),
    "one that does not fit": ("self.dummy_inputs = {'ids': torch.zeros(1)}", "Told()(torch.randn(1, 5))"),
}


@pytest.mark.parametrize("case", CONVENTIONS)
def test_classes_tell_their_inputs(helper: HelperClient, write: WriteFile, case: str) -> None:
    told, expected = CONVENTIONS[case]
    file = write(
        HEAD
        + f"""
    class Told(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(5, 2)
            {told}

        def forward(self, x):
            return self.fc(x)
"""
    )
    end = capture(helper, file, "Told")
    assert end["recipe"]["expression"] == expected
    fits = case != "one that does not fit"
    assert (end["recipe"]["source"], end["recipe"]["assumed"]) == (
        ("convention", False) if fits else ("defaults", True)
    )


# Parameters, the body of the constructor, and the arguments that are expected.
ARGUMENTS = {
    "names": (
        "in_channels, num_classes",
        "self.a = nn.Conv2d(in_channels, num_classes, 3)",
        "in_channels=3, num_classes=10",
    ),
    "annotations": (
        "flag: bool, sizes: List[int], pair: Tuple[int, int], rate: float",
        "self.a = nn.Linear(sizes[0], pair[1] + int(flag) + int(rate))",
        "flag=False, sizes=[64, 64], pair=(64, 64), rate=0.5",
    ),
    "a dataclass": ("config: Config", "self.a = nn.Linear(config.width, 2)", "config=Config()"),
    "a dataclass by its fields": ("cfg", "self.a = nn.Linear(cfg.width, cfg.heads)", "cfg=Config()"),
    "attributes": (
        "args",
        "self.a = nn.Linear(args.hidden_size, args.num_labels)",
        'args=type("Config", (), dict(hidden_size=64, num_labels=10))()',
    ),
    "keys": (
        "config",
        "self.a = nn.Linear(config['hidden_dim'], config['num_classes'])",
        'config={"hidden_dim": 64, "num_classes": 10}',
    ),
    "strings it is compared with": (
        "kind",
        "self.a = nn.Linear(3, {'LSTM': 4, 'GRU': 5}[kind]) if kind in ('LSTM', 'GRU') else None",
        'kind="LSTM"',
    ),
    "what is iterated": (
        "channels",
        "self.a = nn.ModuleList(nn.Linear(64, c) for c in channels)[0]",
        "channels=[64, 64]",
    ),
    "another class of the file": ("encoder", "self.a = encoder", "encoder=Encoder(width=64)"),
    "what does not fit first": ("act", "self.a = nn.Sequential(nn.Linear(4, 4), act(), nn.ReLU())", "act=nn.ReLU"),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_arguments_are_guessed(helper: HelperClient, write: WriteFile, case: str) -> None:
    parameters, body, expected = ARGUMENTS[case]
    file = write(
        HEAD
        + f"""
    @dataclass
    class Config:
        width: int = 6
        heads: int = 2

    class Encoder(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.fc = nn.Linear(width, width)

        def forward(self, x):
            return self.fc(x)

    class Net(nn.Module):
        def __init__(self, {parameters}):
            super().__init__()
            {body}

        def forward(self, x):
            return self.a(x)
"""
    )
    end = capture(helper, file, "Net")
    assert end["status"] == "ok", end["error"]
    assert end["recipe"]["expression"].startswith(f"Net({expected})(")
    assert end["recipe"]["source"] == "assumed"


CONFIGURED = (
    HEAD
    + """
    class PretrainedConfig:
        def __init__(self, hidden_size=8, num_hidden_layers=12):
            self.hidden_size, self.num_hidden_layers = hidden_size, num_hidden_layers

    class Model(nn.Module):
        config_class = PretrainedConfig

        def __init__(self, config):
            super().__init__()
            self.layers = nn.Sequential(*[nn.Linear(config.hidden_size, config.hidden_size)] * config.num_hidden_layers)

        def forward(self, x):
            return self.layers(x)
"""
)


@pytest.mark.parametrize(("small", "config"), [(False, "config_class()"), (True, "config_class(num_hidden_layers=2)")])
def test_a_configuration_is_made_small_only_where_asked(
    helper: HelperClient, write: WriteFile, small: bool, config: str
) -> None:
    end = capture(helper, write(CONFIGURED), "Model", small=small)
    assert end["recipe"]["expression"] == f"Model(config=Model.{config})(torch.randn(1, 8))"


def test_the_search_says_what_it_is_at(helper: HelperClient, write: WriteFile) -> None:
    request = capture_request(write(NET), construct=["Net()"], class_name="Net")
    messages = [one["message"] for one in helper.ask("capture", request).named("progress")]
    assert "Looking for inputs of Net(width=64)" in messages

"""Where layers are defined and called, for the forms that people write."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from conftest import WriteFile
from helper_client import HelperClient

columns = pytest.mark.skipif(sys.version_info < (3, 11), reason="columns are known since Python 3.11")

DEFINITIONS = """
    import copy
    from collections import OrderedDict
    from functools import partial
    import torch
    from torch import nn

    def make(n):
        return nn.Linear(n, n)

    class Base(nn.Module):
        def __init__(self, n):
            super().__init__()
            self.inherited = nn.Linear(n, n)                                # inherited

    class Swish(nn.Module):
        def forward(self, x):
            return x * torch.sigmoid(x)

    class Inner(nn.Module):
        def __init__(self, n):
            super().__init__()
            self.body = nn.Sequential(                                      # inner.body
                nn.Linear(n, n),                                            # inner.body.0
                nn.Tanh(),                                                  # inner.body.1
                Swish(),                                                    # inner.body.2
            )

    class Stack(nn.Sequential):
        def __init__(self, n):
            super().__init__(
                nn.Linear(n, n),                                            # stack.0
                nn.ReLU(),                                                  # stack.1
            )

    class Net(Base):
        def __init__(self, n=4):
            super().__init__(n)
            self.plain = nn.Linear(n, n)                                    # plain
            self.made = make(n)                                             # made
            self.annotated: nn.Module = nn.ReLU()                           # annotated
            self.a, self.b = nn.ReLU(), nn.Tanh()                           # a b
            self.first = self.second = nn.Linear(n, n)                      # first
            self.several = nn.Sequential(                                   # several
                nn.Linear(n, n),                                            # several.0
                nn.Sequential(                                              # several.1
                    nn.ReLU(),                                              # several.1.0
                ),
            )
            self.ordered = nn.Sequential(OrderedDict([                      # ordered
                ("up", nn.Linear(n, n)),                                    # ordered.up
                ("act", nn.ReLU()),                                         # ordered.act
            ]))
            layers = []
            for _ in range(2):
                layers.append(nn.Linear(n, n))                              # unpacked.0 unpacked.1
            layers += [nn.ReLU()]                                           # unpacked.2
            self.unpacked = nn.Sequential(*layers)                          # unpacked
            self.many = nn.ModuleList([make(n) for _ in range(2)])          # many many.0 many.1
            self.helped = nn.Sequential(                                    # helped
                make(n),                                                    # helped.0
                self.pair(n),                                               # helped.1
            )
            self.grown = nn.ModuleList()                                    # grown
            self.grown.append(nn.Linear(n, n))                              # grown.1
            self.grown.insert(0, nn.ReLU())                                 # grown.0
            self.named = nn.ModuleDict({                                    # named
                "x": nn.Linear(n, n),                                       # named.x
            })
            self.named["y"] = nn.Linear(n, n)                               # named.y
            self.add_module("added", nn.Linear(n, n))                       # added
            for i in range(2):
                setattr(self, f"set{i}", nn.Linear(n, n))                   # set0 set1
            maker = partial(nn.Linear, n)
            self.partial = maker(n)                                         # partial
            self.stack = Stack(n)                                           # stack
            self.copied = copy.deepcopy(self.several)                       # copied
            self.inner = Inner(n)                                           # inner
            self.closing = nn.Sequential(                                   # closing
                nn.Tanh(),                                                  # closing.0
                Swish(),                                                    # closing.1
            )
            self.stages = nn.Sequential(                                    # stages
                *self.stage(n),
                *self.stage(n),
            )
            self.blocks = nn.Sequential(*[                                  # blocks
                nn.Linear(                                                  # blocks.0 blocks.1
                    n,
                    n,
                )
                for _ in range(2)
            ])
            self.lazily = nn.ModuleList(                                    # lazily
                make(n)                                                     # lazily.0 lazily.1
                for _ in range(2)
            )
            self.late()

        def pair(self, n):
            return nn.Sequential(
                make(n),                                                    # helped.1.0
                nn.ReLU(),                                                  # helped.1.1
            )

        def stage(self, n):
            return [
                nn.Linear(n, n),                                            # stages.0 stages.2
                nn.Tanh(),                                                  # stages.1 stages.3
            ]

        def late(self):
            self.later = nn.Linear(4, 4)                                    # later

        def forward(self, x):
            return x
"""


def test_definitions_are_where_they_are_written(helper: HelperClient, write: WriteFile) -> None:
    file = write(DEFINITIONS)
    with open(file, encoding="utf-8") as source:
        expected = {
            path: number
            for number, line in enumerate(source, 1)
            if "# " in line
            for path in line.split("# ")[1].split()
        }
    result = helper.capture(file, recipe="Net()(torch.randn(1, 4))")
    assert result.end["status"] == "ok", result.end["error"]
    found = {path: module for module in result.modules for path in module["paths"]}
    assert {path: found[path]["definition"]["line"] for path in expected} == expected
    assert found["first"]["paths"] == ["first", "second"]
    # A statement over several lines is covered whole; an item only itself.
    several = found["several"]["definition"]
    assert (several["line"], several["endLine"]) == (expected["several"], expected["several"] + 5)
    if sys.version_info >= (3, 11):
        item = found["several.1"]["definition"]
        assert (item["line"], item["endLine"]) == (expected["several.1"], expected["several.1"] + 2)
    # What a helper function builds is defined where it is registered, and constructed in the function.
    assert found["made"]["construction"]["line"] == 8
    assert found["many.0"]["construction"]["line"] == 8
    # Copies of layers were built where the original was.
    assert found["copied.0"]["definition"]["line"] == expected["several.0"]


CALLS = """
    import torch
    from torch import nn
    import torch.nn.functional as F

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(1, 2, 3)
            self.bn1 = nn.BatchNorm2d(2)
            self.tail = nn.Sequential(nn.Sequential(nn.ReLU()), nn.Flatten())
            self.many = nn.ModuleList([nn.Linear(8, 8) for _ in range(2)])

        def forward(self, x):
            größe = "🔥"; x = F.relu(self.bn1(self.conv1(x)))
            y = (x
                 .view(1, -1)
                 .mean(1, keepdim=True))
            x = self.tail(x); y *= 2
            for layer in self.many:
                x = layer(x[:, :8])
            if (z := torch.cat([x, y], 1)).shape[1] > 3:
                z += 1
            total: torch.Tensor = z.sum()
            return total
"""


def text_at(file: str, site: dict[str, Any]) -> str:
    """Cuts a place out of its file, by UTF-16 columns as an editor does."""
    with open(file, encoding="utf-8") as source:
        lines = source.read().splitlines()[site["line"] - 1 : site["endLine"]]
    units = [line.encode("utf-16-le") for line in lines]
    units[-1] = units[-1][: (site["endColumn"] - 1) * 2]
    units[0] = units[0][(site["column"] - 1) * 2 :]
    return "\n".join(unit.decode("utf-16-le") for unit in units)


@columns
def test_calls_and_operations_have_their_own_columns(helper: HelperClient, write: WriteFile) -> None:
    file = write(CALLS)
    result = helper.capture(file, recipe="Net()(torch.randn(1, 1, 4, 4))")
    assert result.end["status"] == "ok", result.end["error"]
    calls: list[tuple[str, str | None, str | None]] = [
        (call["path"], call["callSite"] and text_at(file, call["callSite"]), call["through"]) for call in result.calls
    ]
    assert calls == [
        ("", None, None),
        ("conv1", "self.conv1(x)", None),
        ("bn1", "self.bn1(self.conv1(x))", None),
        ("tail", "self.tail(x)", None),
        ("tail.0", "self.tail(x)", "tail"),
        ("tail.0.0", "self.tail(x)", "tail"),
        ("tail.1", "self.tail(x)", "tail"),
        ("many.0", "layer(x[:, :8])", None),
        ("many.1", "layer(x[:, :8])", None),
    ]
    operations = [(one["name"], text_at(file, one), one["variable"]) for one in result.operations]
    assert ("relu", "F.relu(self.bn1(self.conv1(x)))", "x") in operations
    assert ("view", "view(1, -1)", None) in operations
    assert ("mean", "mean(1, keepdim=True)", None) in operations or (
        "mean",
        "mean(1, keepdim=True)",
        "y",
    ) in operations
    assert any(text == "y *= 2" and variable == "y" for _, text, variable in operations)
    assert ("cat", "torch.cat([x, y], 1)", "z") in operations
    assert any(text == "z += 1" and variable == "z" for _, text, variable in operations)
    assert ("sum", "z.sum()", "total") in operations
    assert all(one["output"]["shape"] for one in result.operations if one["name"] == "view")


@columns
def test_the_variable_of_a_method_chain_over_lines(helper: HelperClient, write: WriteFile) -> None:
    result = helper.capture(write(CALLS), recipe="Net()(torch.randn(1, 1, 4, 4))")
    variables = {one["name"]: one["variable"] for one in result.operations}
    assert variables["mean"] == "y"
    assert variables["view"] is None


def test_one_line_can_be_captured_alone(helper: HelperClient, write: WriteFile) -> None:
    file = write(CALLS)
    line = {"file": file, "line": 10, "endLine": 10}
    result = helper.capture(file, recipe="Net()(torch.randn(1, 1, 4, 4))", select={"paths": [], "lines": [line]})
    assert {call["path"] for call in result.calls} == {"tail", "tail.0", "tail.0.0", "tail.1"}
    assert result.operations == []
    by_path = helper.capture(file, recipe="Net()(torch.randn(1, 1, 4, 4))", select={"paths": ["many.*"], "lines": []})
    assert [call["path"] for call in by_path.calls] == ["many.0", "many.1"]


PASSED_ON = """
    import torch
    from torch import nn
    from torch.utils.checkpoint import checkpoint

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.lazy = nn.LazyLinear(6)
            self.saved = nn.Linear(6, 4)

        def forward(self, x):
            x = self.lazy(x)
            return checkpoint(self.saved, x, use_reentrant=False)
"""


def test_calls_that_pytorch_passes_on_are_the_users(helper: HelperClient, write: WriteFile) -> None:
    file = write(PASSED_ON)
    result = helper.capture(file, recipe="Net()(torch.randn(1, 3))")
    sites = {call["path"]: call["callSite"]["line"] for call in result.calls if call["path"]}
    assert sites == {"lazy": 12, "saved": 13}


def test_lazy_layers_are_described_once_they_know_their_sizes(helper: HelperClient, write: WriteFile) -> None:
    result = helper.capture(write(PASSED_ON), recipe="Net()(torch.randn(1, 3))")
    lazy = next(module for module in result.modules if "lazy" in module["paths"])
    assert (lazy["className"], lazy["parameters"]) == ("Linear", 24)
    assert [one["shape"] for one in lazy["ownParameters"]] == [[6, 3], [6]]


ENCODER = """
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
            self.encoder = nn.TransformerEncoder(layer, 2)

        def forward(self, x, mask=None):
            return self.encoder(x, src_key_padding_mask=mask)
"""


@pytest.mark.parametrize("mask", ["", ", torch.tensor([[False, False, True], [False, True, True]])"])
def test_the_layers_of_a_fused_encoder_are_seen(helper: HelperClient, write: WriteFile, mask: str) -> None:
    result = helper.capture(write(ENCODER), recipe=f"Net()(torch.randn(2, 3, 8){mask})")
    assert result.end["status"] == "ok", result.end["error"]
    assert result.output_shape("encoder.layers.1.linear1") == [2, 3, 16]
    assert result.call("encoder.layers.0.self_attn")["output"]["items"][0]["value"]["shape"] == [2, 3, 8]
    assert any("fast path" in note for note in result.end["notes"])
    definitions = {path: one["definition"] for one in result.modules for path in one["paths"]}
    assert definitions["encoder.layers.1"]["line"] == 7

"""Which layers and operations are the whole value of their statement: only these may stand for a line."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from conftest import WriteFile
from helper_client import HelperClient
from layer_peek import whole_values

columns = pytest.mark.skipif(sys.version_info < (3, 11), reason="columns are known since Python 3.11")

# Behind each line the layers and operations that are its whole value, in the order in which they ran.
LINES = """
    import functools, torch
    from torch import nn
    import torch.nn.functional as F
    from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
    from torch.utils.checkpoint import checkpoint

    def pool(x):
        return x.mean(1)  # mean

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(8, 8)
            self.head = nn.Linear(8, 3)
            self.act, self.squash, self.pool = F.relu, torch.tanh, pool
            self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(2)])

        def reshape(self, x):
            return x.reshape(x.size(0), -1)  # reshape

        def give(self, x):
            yield self.fc(x)  # fc

        async def later(self, x):
            return x.mean(0)  # mean

        def forward(self, x):
            a = pool(x[:, :3])  #
            a = self.reshape(x[:, :2])  #
            a = pad_sequence([x[0], x[1, :2]], batch_first=True)  #
            a = x.detach().numpy().max(0)  #
            a = torch.from_numpy(x.detach().numpy().sum(0))  #
            a = pack_padded_sequence(x, torch.tensor([6, 3]), batch_first=True)  #
            a = x.mean(1), x.sum()  #
            a = (torch.zeros(2, 4), torch.zeros(2, 4))  #
            a = x.max(dim=1).values  #
            a = x.max(dim=1)[0]  #
            a = max((t for t in [x, x]), key=lambda t: t.sum())  #
            a = max(x.sum(), x.mean())  #
            a = sum(t for t in x)  #
            a = list(map(torch.relu, [x, x]))  #
            a = list(x)  #
            a = {"m": x.mean(1)}  #
            a = [t * 2 for t in x]  #
            a = lambda t: t.sum()  #
            a(x)  #
            a = torch.vmap(self.layers[0])(x)  #
            a = list(map(self.fc, [x]))  #
            a = functools.reduce(torch.add, [x, x])  #
            a = checkpoint(self.fc, x, use_reentrant=False)  #
            a = [layer(x) for layer in self.layers]  #
            a = self.fc(x).add(1), x  #
            a = self.fc(x).shape  #
            a = pool(self.fc(x))  #
            a = 0 < x.sum() < 5  #
            a = x.sum() in [x.mean()]  #
            a = x; a += self.fc(x)  # add
            a = x + 1; b = pool(x)  #
            a = x + 1; b = x.mean(1)  # mean
            if x.sum() > 1e9:  #
                pass
            if (a := x.mean(1)).sum() > 1e9: pass  #
            for t in self.fc(x): pass  #
            x.mean(1)  # mean
            (a := x.mean(1))  # mean
            a = (x.mean(1))  # mean
            a = (  #
                x
                .mean(1)  # mean
            )
            a = torch.cat(  #
                [x, x],
            )  # cat
            a = b = x.flatten(1)  # flatten
            a: torch.Tensor = x @ self.fc.weight  # matmul
            a = -x  # neg
            a = x > 0  # gt
            a = x[:, :5]  # getitem
            a, b = x.chunk(2, dim=1)  # chunk
            a = x.mean(1) if x.dim() == 3 else x.sum()  # mean
            a = pool(x) if x.dim() == 3 else x.sum()  #
            a = x.sum() if x.dim() == 2 else x.mean(1)  # mean
            a = None or x.mean(1)  # mean
            a = F.max_pool2d(x, 2)  # max_pool2d
            a = torch.linalg.norm(x)  # linalg_norm
            a = self.act(x)  # relu
            a = self.squash(x)  # tanh
            a = self.pool(x[:, 1:])  #
            act = F.gelu; a = act(x)  # gelu
            a = F.pad(self.fc(x), (1, 1))  # pad
            a = self.fc(x)  # fc
            a = self.layers[1](self.layers[0](x))  # 1
            a = self.fc(  #
                self.layers[0](x)
            )  # fc
            a = next(self.give(x))  #
            self.fc(x)  # fc
            try:
                self.later(x).send(None)  #
            except StopIteration: pass
            return self.head(self.fc(x).relu())  # head
"""


def _wholes(listed: list[dict[str, Any]]) -> dict[int, set[str]]:
    """Names by last line, of what is told to be whole; operators without their underlines."""
    names: dict[int, set[str]] = {}
    for one in listed:
        site = one.get("callSite", one)
        if one.get("wholeValue") and site is not None:
            name = one["name"].strip("_") if "name" in one else one["path"].split(".")[-1]
            names.setdefault(site["endLine"], set()).add(name)
    return names


@columns
def test_only_the_outermost_expression_is_the_value_of_its_line(helper: HelperClient, write: WriteFile) -> None:
    file = write(LINES)
    result = helper.capture(file, recipe="Net()(torch.randn(2, 6, 8))")
    assert result.end["status"] == "ok", result.end["error"]
    with open(file, encoding="utf-8") as source:
        lines = {number: line.rstrip("\n").rsplit("#", 1) for number, line in enumerate(source.read().splitlines(), 1)}
    expected = {number: parts[1].split() for number, parts in lines.items() if len(parts) == 2}
    found = _wholes(result.calls + result.operations)
    shown = {number: sorted(found.get(number, ())) for number in lines}
    wrong = [
        (lines[number][0].strip(), shown[number], names) for number, names in expected.items() if shown[number] != names
    ]
    assert wrong == []


# What is told where Python knows no columns, before 3.11: a line of one operation, or of one call.
WITHOUT_COLUMNS = [
    ("a = x.mean(1)", "mean", True),
    ("a = x + 1", "add", True),
    ("a = (x).add(-1)", "add", True),
    ("a = pool(x[:, :3])", "getitem", False),
    ("a = pool(x)", "mean", False),
    ("a = x.mean(1), 1", "mean", False),
    ("a = x.mean(1).sum()", "sum", False),
    ("a = x.max(1).values", "max", False),
    ("a = x + 1; b = 2", "add", False),
    ("a = [t.sum() for t in x]", "sum", False),
    ("a = self.fc(x)", None, True),
    ("a = self.layers[0](x + 1)", None, True),
    ("a = self.head(self.fc(x))", None, False),
    ("a = self.fc(x) + 1", None, False),
    ("a = list(x)", None, False),
]


@pytest.mark.parametrize(("line", "name", "whole"), WITHOUT_COLUMNS)
def test_without_columns_a_line_of_one_call_is_sure(write: WriteFile, line: str, name: str | None, whole: bool) -> None:
    position = (write(line + "\n"), 1, 1, None, None)
    told = whole_values.is_call(position) if name is None else whole_values.is_operation(position, name)
    assert told == whole

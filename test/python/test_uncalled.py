"""Every layer that was not called says why, and says nothing that is not so."""

from __future__ import annotations

import re

import pytest

from conftest import WriteFile
from helper_client import HelperClient

HEAD = """
import torch
from torch import nn
import torch.nn.functional as F
"""

# Each model registers `x` among others, and the reason for the path must match the pattern. `@word` stands for the
# number of the line that carries the comment `# word`, `@eval` for what is said of eval mode.
CASES: dict[str, tuple[str, str, str]] = {
    "not named by any method": (
        "self.x = nn.Linear(4, 4)",
        "return v",
        "never called in this run: no method of Net but its constructor names self.x",
    ),
    "a branch that was not taken": (
        "self.x = nn.Linear(4, 4); self.deep = False",
        """
        if self.deep:                       # if
            v = self.x(v)                   # use
        return v
        """,
        "branch not taken: line @use, which calls it, did not run; it stands under `if self.deep` (line @if)",
    ),
    "an else that was not taken": (
        "self.x = nn.Linear(4, 4)",
        """
        if len(v) == 2:                     # if
            v = v + 1
        else:
            v = self.x(v)                   # use
        return v
        """,
        "branch not taken: line @use, which calls it, did not run; it stands under `else of if len(v) == 2` (line @if)",
    ),
    "a conditional expression": (
        "self.x = nn.Linear(4, 4)",
        "return v if len(v) else self.x(v)   # use if",
        "branch not taken: line @use, which calls it, did not run; it stands under `else of if len(v)` (line @if)",
    ),
    "training only": (
        "self.x = nn.Linear(4, 4)",
        """
        if self.training and len(v):        # if
            return self.x(v)                # use
        return v
        """,
        "only in training: line @use uses it under `if self.training and len(v)` (line @if), @eval",
    ),
    "training only, by the other branch": (
        "self.x = nn.Linear(4, 4)",
        """
        if not self.training:               # if
            return v
        else:
            return self.x(v)                # use
        """,
        "only in training: line @use uses it under `else of if not self.training` (line @if), @eval",
    ),
    "after a return": (
        "self.x = nn.Linear(4, 4)",
        """
        if v.dim() == 2:
            return v                        # return
        return self.x(v)                    # use
        """,
        "never called in this run: line @use, which calls it, did not run; forward can end before, on line @return",
    ),
    "another method": (
        "self.x = nn.Linear(4, 4)",
        """
        return v

    def extra(self, v):
        return self.x(v)                    # use
        """,
        "never called in this run: line @use, which calls it, stands in extra(), and did not run",
    ),
    "named, not called": (
        "self.x = nn.Linear(4, 4)",
        "return v if self.x is None else v + 1  # use",
        "never called in this run: line @use names it",
    ),
    "an empty loop": (
        "self.x = nn.Linear(4, 4)",
        """
        for _ in range(0):                  # for
            v = self.x(v)                   # use
        return v
        """,
        "branch not taken: line @use, which calls it, did not run; it stands under `for _ in range(0)` (line @for)",
    ),
    "an item of a list": (
        "self.x = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])",
        "return self.x[0](v)                # use",
        "x.1: never called in this run: line @use names its container",
    ),
    "a list of which nothing runs": (
        "self.x = nn.ModuleList([nn.Linear(4, 4)]); self.deep = False",
        """
        if self.deep:                       # if
            for layer in self.x:            # use
                v = layer(v)
        return v
        """,
        "never called in this run: line @use names it, under `if self.deep` (line @if)",
    ),
    "layers that are reached without their name": (
        "self.x = nn.Linear(4, 4)",
        "return [m for m in self.children() if m is None] or v",
        "never called in this run",
    ),
    "inside of a layer that was not called": (
        "self.x = nn.Sequential(nn.Linear(4, 4)); self.deep = False",
        """
        if self.deep:
            v = self.x(v)
        return v
        """,
        "x.0: x, which holds it, was not called",
    ),
    "forward directly": (
        "self.x = nn.Linear(4, 4)",
        "return self.x.forward(v)           # use",
        "its forward(...) is called directly on line @use of model_file.py, which hooks do not see",
    ),
    "forward of a container directly": (
        "self.x = nn.Sequential(nn.Linear(4, 4))",
        "return self.x.forward(v)           # use",
        "its forward(...) is called directly on line @use of model_file.py, which hooks do not see",
    ),
    "forward directly, of a layer that does nothing": (
        "self.x = nn.Identity()",
        "return self.x.forward(v)           # use",
        "line @use calls its forward(...) directly, which hooks do not see",
    ),
    "one by one": (
        "self.x = nn.Sequential(nn.Linear(4, 4))",
        """
        for layer in self.x:
            v = layer(v)
        return v
        """,
        "not called itself, only layers inside of it, one by one",
    ),
    "weights": (
        "self.x = nn.Linear(4, 4)",
        "return F.linear(v, self.x.weight)  # use",
        "its weights are used on line @use of model_file.py without calling it",
    ),
    "weights by an operator": (
        "self.x = nn.Linear(4, 4)",
        "return v @ self.x.weight.t()       # use",
        "its weights are used on line @use of model_file.py without calling it",
    ),
    "weights that are tied": (
        "self.x = nn.Linear(4, 4); self.y = nn.Linear(4, 4); self.y.weight = self.x.weight",
        "return self.y(v)",
        "never called in this run: no method of Net but its constructor names self.x",
    ),
    "a call of its own": (
        "self.x = Loud(4, 4)",
        "return self.x(v)                   # use",
        "its class overrides __call__, which hooks hang on; it ran, called on line @use of model_file.py",
    ),
    "the projection of an attention": (
        "self.x = nn.MultiheadAttention(4, 1)",
        "return self.x(v, v, v)[0]",
        "x.out_proj: MultiheadAttention uses its weights without calling it",
    ),
    "inside of a script": (
        "self.x = torch.jit.script(nn.Sequential(nn.Linear(4, 4)))",
        "return self.x(v)",
        "x.0: compiled with TorchScript: it takes no hooks, so its calls can't be seen",
    ),
    "inside of a trace": (
        "self.x = torch.jit.trace(nn.Sequential(nn.Linear(4, 4)), torch.zeros(1, 4))",
        "return self.x(v)",
        "x.0: inside of x, which is compiled with TorchScript: it calls no hooks",
    ),
    "behind the failure": (
        "self.x = nn.Linear(4, 4)",
        """
        v = v.view(3, 3)                    # failure
        return self.x(v)
        """,
        "not reached: forward failed before, on line @failure of model_file.py",
    ),
    "in a branch before the failure": (
        "self.x = nn.Linear(4, 4); self.deep = False",
        """
        if self.deep:                       # if
            v = self.x(v)                   # use
        v = v.view(3, 3)
        return v
        """,
        "branch not taken: line @use, which calls it, did not run; it stands under `if self.deep` (line @if)",
    ),
    "around the failure": (
        "self.x = nn.Linear(4, 4); self.y = nn.Linear(5, 4)",
        "return self.x(self.y(v))           # failure",
        "not reached: forward failed before, on line @failure of model_file.py",
    ),
    "in a loop that failed": (
        "self.x = nn.Linear(4, 4)",
        """
        for k in range(2):
            if k == 1:
                v = self.x(v)
            v = v.view(3, 3)                # failure
        return v
        """,
        "not called before forward failed, on line @failure of model_file.py",
    ),
    "elsewhere, when forward failed": (
        "self.x = nn.Linear(4, 4)",
        """
        v = v.view(3, 3)                    # failure
        return self.extra(v)

    def extra(self, v):
        return self.x(v)
        """,
        "not called before forward failed, on line @failure of model_file.py",
    ),
    "in a layer that came back before the failure": (
        "self.x = Half()",
        """
        v = self.x(v)
        return v.view(3, 3)
        """,
        "x.unused: never called in this run: no method of Half but its constructor names self.unused",
    ),
}

MODEL = """
class Loud(nn.Linear):
    def __call__(self, v):
        return self.forward(v)

class Half(nn.Module):
    def __init__(self):
        super().__init__()
        self.unused = nn.Linear(4, 4)

    def forward(self, v):
        return v

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {construct}

    def forward(self, v):
        {forward}
"""


def with_lines(text: str, source: str) -> str:
    """Puts the numbers of the lines that carry comments in place of `@word`."""
    lines = {
        word: str(number)
        for number, line in enumerate(source.splitlines(), 1)
        if "# " in line
        for word in line.split("# ")[1].split()
    }
    lines["eval"] = "and this run was in eval mode"
    return re.sub("@([a-z]+)", lambda match: lines[match.group(1)], text)


@pytest.mark.parametrize("case", CASES)
def test_the_reason_is_told(helper: HelperClient, write: WriteFile, case: str) -> None:
    construct, forward, expected = CASES[case]
    body = "\n".join(line.rstrip() for line in forward.strip().splitlines())
    source = (HEAD + MODEL.format(construct=construct, forward=body)).lstrip("\n")
    result = helper.capture(write(source), recipe="Net()(torch.zeros(2, 4))")
    assert (result.end["status"] == "failed") == ("fail" in case or "fail" in expected)
    reasons = {one["path"]: one["reason"] for one in result.end["uncalled"]}
    path, reason = expected.split(": ", 1) if re.match(r"x\.\w+: ", expected) else ("x", expected)
    assert reasons[path] == with_lines(reason, source)


@pytest.mark.parametrize("case", CASES)
def test_a_capture_of_one_line_tells_the_same(helper: HelperClient, write: WriteFile, case: str) -> None:
    construct, forward, _ = CASES[case]
    body = "\n".join(line.rstrip() for line in forward.strip().splitlines())
    source = (HEAD + MODEL.format(construct=construct, forward=body)).lstrip("\n")
    file = write(source)
    every = helper.capture(file, recipe="Net()(torch.zeros(2, 4))").end["uncalled"]
    select = {"paths": ["x", "x.*"], "lines": []}
    one_line = helper.capture(file, recipe="Net()(torch.zeros(2, 4))", select=select).end["uncalled"]
    assert one_line == [one for one in every if one["path"] == "x" or one["path"].startswith("x.")]


def test_nothing_is_silent(helper: HelperClient, write: WriteFile) -> None:
    """Every layer of a model has calls or a reason, and none has both."""
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.first = self.second = nn.Linear(4, 4)
                self.layers = nn.ModuleDict({"a": nn.ReLU(), "b": nn.Sequential(nn.Tanh(), nn.Tanh())})
                layer = nn.TransformerEncoderLayer(4, 1, 8, batch_first=True)
                self.encoder = nn.TransformerEncoder(layer, 1)

            def forward(self, x):
                return self.encoder(self.layers["a"](self.second(x)))
    """)
    result = helper.capture(file, recipe="Net()(torch.zeros(1, 2, 4))")
    called = {call["path"] for call in result.calls}
    explained = {one["path"] for one in result.end["uncalled"]}
    assert [one["paths"] for one in result.modules if not (called | explained) & set(one["paths"])] == []
    assert not called & explained
    assert any("fast path" in note for note in result.end["notes"])


def test_a_script_takes_no_hooks_but_its_own_call_is_seen(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.scripted = torch.jit.script(nn.Sequential(nn.Linear(4, 3)))
                self.traced = torch.jit.trace(nn.Linear(3, 2), torch.zeros(1, 3))

            def forward(self, x):
                return self.traced(self.scripted(x))
    """)
    result = helper.capture(file, recipe="Net()(torch.zeros(1, 4))")
    assert result.output_shape("scripted") == [1, 3]
    assert result.output_shape("traced") == [1, 2]
    assert result.call("scripted")["callSite"]["line"] == 11

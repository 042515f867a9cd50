"""Recipes: what they may be, and what is said where they fail."""

from __future__ import annotations

import pytest

from conftest import WriteFile
from helper_client import HelperClient

FILE = """
    import torch
    from torch import nn

    WIDTH = 4

    class Net(nn.Module):
        def __init__(self, width=WIDTH):
            super().__init__()
            self.fc = nn.Linear(width, 2)

        def forward(self, x, scale=1.0):
            return {"out": self.fc(x) * scale}

        def generate(self, x):
            return self(x)["out"]

        def run(self, x):
            return self.fc(x)

    class Strict(nn.Module):
        def __init__(self, width):
            super().__init__()
            if width > 3:
                raise ValueError("too wide")
            self.fc = nn.Linear(width, 2)

    def build(width=4) -> Net:
        return Net(width)

    def evaluate(model, x):
        return model(x)

    def no_model(x):
        return x
"""

GOOD = [
    "Net()(torch.randn(1, 4))",
    "  Net(4)(torch.randn(1, WIDTH), scale=2.0)  ",
    "Net()(*[torch.randn(1, 4)], **{'scale': 3})",
    "Net().generate(torch.randn(1, 4))",
    "Net()(torch.randn(1, 4))['out']",
    "Net()(torch.randn(1, 4))['out'].sum().item()",
    "Net().eval()(torch.randn(1, 4))",
    "evaluate(Net(), torch.randn(1, 4))",
    "evaluate(x=torch.randn(1, 4), model=build())",
    "build()(torch.ones(1, 4))",
    "(lambda: Net())()(torch.randn(1, 4))",
    "Net().run(torch.randn(1, 4))",
    "(m := Net())(torch.randn(1, m.fc.in_features))",
    "nn.Sequential(Net())(torch.randn(1, 4))",
    "torch.compile(Net())(torch.randn(1, 4))",
    "torch.jit.trace(Net().fc, torch.randn(1, 4))(torch.randn(2, 4))",
]


@pytest.mark.parametrize("recipe", GOOD)
def test_good_recipes(helper: HelperClient, write: WriteFile, recipe: str) -> None:
    result = helper.capture(write(FILE), recipe=recipe)
    assert result.end["status"] == "ok", result.end["error"]
    assert result.modules


BAD = [
    ("Net()(", "recipe", "no Python expression"),
    ("Net()(undefined)", "recipe", "undefined"),
    ("Net", "recipe", "does not call a model"),
    ("no_model(1)", "recipe", "does not call a model"),
    ("Net(1, 2, 3)(1)", "recipe", "positional arguments"),
    ("Strict(4)(torch.randn(1, 4))", "construct", "too wide"),
    ("Net()(torch.randn(1, -4))", "recipe", "negative dimension"),
    ("import os", "recipe", "no Python expression"),
]


@pytest.mark.parametrize(("recipe", "kind", "text"), BAD)
def test_bad_recipes(helper: HelperClient, write: WriteFile, recipe: str, kind: str, text: str) -> None:
    file = write(FILE)
    error = helper.capture(file, recipe=recipe).end["error"]
    assert error["kind"] == kind
    assert text in error["message"]
    assert "# peek:" in error["advice"]
    if kind == "construct":
        assert (error["site"]["file"], error["site"]["line"]) == (file, 24)


@pytest.mark.parametrize("recipe", ["Net()", "build()", "Net(width=4)"])
def test_a_recipe_that_only_builds_gets_inferred_inputs(helper: HelperClient, write: WriteFile, recipe: str) -> None:
    result = helper.capture(write(FILE), recipe=recipe)
    assert result.end["status"] == "ok", result.end["error"]
    assert result.end["recipe"]["expression"] == f"{recipe}(torch.randn(1, 4))"
    assert result.end["recipe"]["assumed"] is True


def test_a_method_is_named_where_the_root_is_not_called(helper: HelperClient, write: WriteFile) -> None:
    result = helper.capture(write(FILE), recipe="Net().run(torch.randn(1, 4))")
    assert result.end["uncalled"] == [{"path": "", "reason": "the recipe calls run in place of the model itself"}]


def test_results_are_the_same_every_time(helper: HelperClient, write: WriteFile) -> None:
    means = []
    for _ in range(2):
        result = helper.capture(write(FILE), recipe="Net()(torch.randn(1, 4))")
        means.append(helper.ask("statistics", {"handle": result.call("fc")["output"]["handle"]}).end["mean"])
    assert means[0] == means[1]


FAILURES = {
    "a value error": ("raise ValueError('bad ' * 3)", "ValueError", "bad bad bad"),
    "an exit": ("raise SystemExit(2)", "SystemExit", "sys.exit"),
    "an interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt", "KeyboardInterrupt"),
    "endless recursion": ("return self(x)", "RecursionError", "recursion"),
    "a broken exception": ("raise Broken", "Broken", "Broken"),
    "an assertion": ("assert x.sum() > 1e9, x", "AssertionError", "tensor"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_whatever_forward_raises_is_a_result(helper: HelperClient, write: WriteFile, case: str) -> None:
    action, exception, message = FAILURES[case]
    file = write(f"""
        import torch
        from torch import nn

        class Broken(Exception):
            def __str__(self):
                raise RuntimeError("no text")

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)

            def forward(self, x):
                x = self.fc(x)
                {action}
    """)
    result = helper.capture(file, recipe="Net()(torch.randn(1, 4))")
    error = result.end["error"]
    assert result.end["status"] == "failed"
    assert (error["kind"], error["exception"]) == ("forward", exception)
    assert message in error["message"]
    assert error["site"]["line"] in (14, 15)
    assert result.output_shape("fc") == [1, 4]


def test_an_exception_that_the_model_handles_is_no_failure(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(4, 4)
                self.b = nn.Linear(5, 4)

            def forward(self, x):
                try:
                    x = self.b(x)
                except RuntimeError:
                    x = self.a(x)
                return x
    """)
    result = helper.capture(file, recipe="Net()(torch.randn(1, 4))")
    assert result.end["status"] == "ok"
    assert result.call("b")["output"] is None
    # Called inside an except block, which is not the call's own failure.
    assert result.output_shape("a") == [1, 4]


DATA = """
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 4)
            nn.init.trunc_normal_(self.fc.weight, std=0.02)

        def forward(self, x):
            x = self.fc(x)
            if x.sum() > 0:
                x = x + 1
            return x
"""


def test_shapes_mode_points_at_the_line_that_needs_values(helper: HelperClient, write: WriteFile) -> None:
    result = helper.capture(write(DATA), recipe="Net()(torch.randn(1, 4))", mode="shapes")
    error = result.end["error"]
    assert error["kind"] == "dataDependent"
    assert error["site"]["line"] == 12
    assert "values mode" in error["advice"]
    assert result.output_shape("fc") == [1, 4]
    assert helper.capture(write(DATA), recipe="Net()(torch.randn(1, 4))").end["status"] == "ok"


def test_shapes_mode_needs_no_memory(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Huge(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.Sequential(*[nn.Linear(100_000, 100_000) for _ in range(4)])

            def forward(self, x):
                return self.layers(x)
    """)
    result = helper.capture(file, recipe="Huge()(torch.randn(64, 100_000))", mode="shapes")
    assert result.end["status"] == "ok", result.end["error"]
    assert result.output_shape("layers.3") == [64, 100_000]
    assert "handle" not in result.call("layers.3")["output"]
    inferred = helper.capture(file, construct=["Huge()"], mode="shapes")
    assert inferred.end["recipe"]["expression"] == "Huge()(torch.randn(1, 100000))"

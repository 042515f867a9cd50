"""Values are described as trees, and statistics are what they say."""

from __future__ import annotations

import math
from typing import Any, Callable

import pytest
import torch
from torch import nn

from conftest import WriteFile
from helper_client import HelperClient
from layer_peek import schema
from layer_peek.retained import Retained
from layer_peek.statistics import statistics
from layer_peek.values import MAX_ITEMS, Describer

FILE = """
    from collections import OrderedDict, namedtuple
    from dataclasses import dataclass
    import collections
    import torch
    from torch import nn

    Pair = namedtuple("Pair", "left right")

    @dataclass
    class Out:
        logits: torch.Tensor
        cache: list
        note: str = "hello"

    class Cache:
        def __init__(self, x):
            self.keys = [x]
        def __repr__(self):
            raise RuntimeError("no text")

    class Layer:
        __slots__ = ("keys", "empty")
        def __init__(self, x):
            self.keys = x

    class KeyValues:
        def __init__(self, x):
            self.layers = [Layer(x), Layer(x)]

    class Opaque:
        def __repr__(self):
            raise RuntimeError("no text")

    class ModelOutput(OrderedDict):
        pass

    class Wrapped(torch.Tensor):
        pass

    class Give(nn.Module):
        def forward(self, x):
            return {value}

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.give = Give()

        def forward(self, x):
            self.give(x)
            return x
"""
T: dict[str, Any] = {"kind": "tensor", "shape": [1, 2], "dtype": "float32", "device": "cpu"}


def plain(class_name: str, text: str) -> dict[str, Any]:
    return {"kind": "plain", "className": class_name, "text": text}


def tree(kind: str, class_name: str, items: dict[str, Any], omitted: int = 0) -> dict[str, Any]:
    listed = [{"key": key, "value": value} for key, value in items.items()]
    return {"kind": kind, "className": class_name, "items": listed, "omitted": omitted}


VALUES = {
    "x": T,
    "None": plain("NoneType", "None"),
    "3.5": plain("float", "3.5"),
    "'text'": plain("str", "'text'"),
    "(x, None)": tree("tuple", "tuple", {"0": T, "1": plain("NoneType", "None")}),
    "[x, [x]]": tree("list", "list", {"0": T, "1": tree("list", "list", {"0": T})}),
    "{'a': x, 2: 1}": tree("dict", "dict", {"a": T, "2": plain("int", "1")}),
    "Pair(x, 1)": tree("tuple", "Pair", {"left": T, "right": plain("int", "1")}),
    "Out(x, [x])": tree(
        "object", "Out", {"logits": T, "cache": tree("list", "list", {"0": T}), "note": plain("str", "'hello'")}
    ),
    "Cache(x)": tree("object", "Cache", {"keys": tree("list", "list", {"0": T})}),
    "KeyValues(x)": tree(
        "object",
        "KeyValues",
        {
            "layers": tree(
                "list", "list", {"0": tree("object", "Layer", {"keys": T}), "1": tree("object", "Layer", {"keys": T})}
            )
        },
    ),
    "collections.deque([x])": tree("list", "deque", {"0": T}),
    "{x}": tree("list", "set", {"0": T}),
    "[{'a': x}, {'a': x}]": tree(
        "list", "list", {"0": tree("dict", "dict", {"a": T}), "1": tree("dict", "dict", {"a": T})}
    ),
    "nn.utils.rnn.pack_padded_sequence(x[None], torch.tensor([1]), batch_first=True)": tree(
        "tuple",
        "PackedSequence",
        {
            "data": T,
            "batch_sizes": {**T, "shape": [1], "dtype": "int64"},
            "sorted_indices": plain("NoneType", "None"),
            "unsorted_indices": plain("NoneType", "None"),
        },
    ),
    "torch.nested.nested_tensor([x[0], x[0, :1]])": tree(
        "list", "NestedTensor", {"0": {**T, "shape": [2]}, "1": {**T, "shape": [1]}}
    ),
    "torch.nested.nested_tensor([x[0], x[0, :1]], layout=torch.jagged)": tree(
        "list", "NestedTensor", {"0": {**T, "shape": [2]}, "1": {**T, "shape": [1]}}
    ),
    "x.to_sparse()": {**T, "layout": "sparse_coo"},
    "torch.quantize_per_tensor(x, 0.1, 0, torch.quint8)": {**T, "dtype": "quint8"},
    "Opaque()": plain("Opaque", "Opaque"),
    "ModelOutput(logits=x)": tree("dict", "ModelOutput", {"logits": T}),
    "tuple(x.shape)": plain("tuple", "(1, 2)"),
    "x.as_subclass(Wrapped)": {**T, "className": "Wrapped"},
    "x.to(torch.bfloat16)": {**T, "dtype": "bfloat16"},
    "torch.ones((), dtype=torch.bool)": {**T, "shape": [], "dtype": "bool"},
    "torch.zeros(0, 3)": {**T, "shape": [0, 3]},
    "torch.float16": plain("dtype", "torch.float16"),
    "(lambda v: v.append(v) or v)([x])": tree("list", "list", {"0": T, "1": plain("list", "(contains itself)")}),
    "[x] * 100": tree("list", "list", {str(index): T for index in range(MAX_ITEMS)}, 100 - MAX_ITEMS),
}


TYPES = [
    *("float16", "bfloat16", "float32", "float64", "complex32", "complex64", "complex128", "bool"),
    *("uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64"),
    *("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"),
]


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("shape", [(), (0,), (2, 3)])
def test_every_type_has_statistics(name: str, shape: tuple[int, ...]) -> None:
    dtype = getattr(torch, name, None)
    if dtype is None:
        pytest.skip(f"this PyTorch has no {name}")
    described: Any = Describer().describe(torch.ones(shape).to(dtype))
    assert (described["shape"], described["dtype"]) == (list(shape), name)
    found = statistics(torch.ones(shape).to(dtype), changed=False)
    elements = math.prod(shape)
    assert (found["minimum"], found["maximum"], found["elements"]) == (
        *([1.0] * 2 if elements else [None] * 2),
        elements,
    )
    assert sum(found["histogram"]) == elements


LAYOUTS: dict[str, Callable[[], Any]] = {
    "quantized": lambda: torch.quantize_per_tensor(torch.tensor([1.0, 2.0]), 0.5, 0, torch.quint8),
    "by channel": lambda: torch.quantize_per_channel(
        torch.tensor([[1.0], [2.0]]), torch.tensor([0.5, 0.5]), torch.tensor([0, 0]), 0, torch.qint8
    ),
    "sparse rows": lambda: torch.tensor([[1.0, 2.0]]).to_sparse_csr(),
    "nested": lambda: torch.nested.nested_tensor([torch.tensor([1.0]), torch.tensor([2.0])]),
    "jagged": lambda: torch.nested.nested_tensor([torch.tensor([1.0]), torch.tensor([2.0])], layout=torch.jagged),
    "a subclass": lambda: torch.tensor([1.0, 2.0]).as_subclass(nn.Parameter),
}


@pytest.mark.parametrize("case", LAYOUTS)
def test_every_layout_has_statistics(case: str) -> None:
    found = statistics(LAYOUTS[case](), changed=False)
    assert (found["minimum"], found["maximum"], found["mean"], found["elements"]) == (1.0, 2.0, 1.5, 2)


def test_the_first_nan_and_the_first_infinite_element_are_told() -> None:
    tensor = torch.zeros(3, 4, 5)
    tensor[1, 2, 3] = tensor[2, 0, 0] = math.nan
    tensor[2, 3, 4] = -math.inf
    found = statistics(tensor, changed=False)
    assert (found["firstNan"], found["firstInfinite"]) == ([1, 2, 3], [2, 3, 4])
    assert (found["nan"], found["infinite"]) == (2, 1)


def test_the_histogram_counts_from_minimum_to_maximum() -> None:
    found = statistics(torch.arange(64.0), changed=False)
    assert found["histogram"] == [2] * 32
    assert found["sampled"] is None


def test_numbers_of_a_sample_are_labelled() -> None:
    tensor = torch.arange(20_000_000).double()
    tensor[7] = math.nan
    found = statistics(tensor, changed=False)
    assert found["sampled"] is not None
    assert 1_000_000 < found["sampled"] < 1_200_000
    # What is not of the sample is exact.
    assert (found["maximum"], found["nan"], found["firstNan"]) == (19_999_999.0, 1, [7])
    assert found["mean"] == pytest.approx(1e7, rel=1e-3)


def test_tensors_in_the_same_memory_say_so(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.same = nn.Identity()
                self.flat = nn.Flatten()
                self.new = nn.ReLU()

            def forward(self, x):
                return self.new(self.flat(self.same(x)))
    """)
    result = helper.capture(file, recipe="Net()(torch.randn(1, 2, 3))")
    given = result.call("same")["input"]["items"][0]["value"]["handle"]
    assert result.call("same")["output"]["handle"] == given
    assert result.call("flat")["output"]["sharesWith"] == given
    assert result.call("flat")["output"]["handle"] != given
    assert "sharesWith" not in result.call("new")["output"]


def without_handles(value: Any) -> Any:
    if isinstance(value, list):
        return [without_handles(item) for item in value]
    if isinstance(value, dict):
        return {key: without_handles(item) for key, item in value.items() if key not in ("handle", "sharesWith")}
    return value


@pytest.mark.parametrize("expression", VALUES)
def test_outputs_of_every_kind(helper: HelperClient, write: WriteFile, expression: str) -> None:
    result = helper.capture(write(FILE.format(value=expression)), recipe="Net()(torch.randn(1, 2))")
    assert result.end["status"] == "ok", result.end["error"]
    assert without_handles(result.call("give")["output"]) == VALUES[expression]
    for call in result.calls:
        assert schema.problem_with(call, "Call") is None


def test_arguments_carry_the_names_of_forward(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import functools
        import torch
        from torch import nn

        def decorated(function):
            @functools.wraps(function)
            def inner(*args, **kwargs):
                return function(*args, **kwargs)
            return inner

        class Give(nn.Module):
            @decorated
            def forward(self, query, key, *rest, scale=1, **more):
                return query

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.give = Give()

            def forward(self, x):
                return self.give(x, x, 5, scale=2, other=None)
    """)
    result = helper.capture(file, recipe="Net()(torch.randn(1, 2))")
    assert [item["key"] for item in result.call("give")["input"]["items"]] == ["query", "key", "2", "scale", "other"]


WRITES = {
    "an in-place layer": "self.relu(y)",
    "an argument": "F.relu(y, inplace=True)",
    "a positional argument": "F.leaky_relu(y, 0.5, True)",
    "a method": "y.abs_().add_(1)",
    "an augmented assignment": "y.__imul__(2)",
    "an item": "y.__setitem__(0, 7.0)",
    "a view": "y[:, 0].fill_(7.0)",
    "an output": "torch.add(y, 1, out=y)",
    "the data": "y.data.add_(1)",
}


@pytest.mark.parametrize("select", [None, {"paths": ["fc"], "lines": []}])
@pytest.mark.parametrize("case", WRITES)
def test_what_is_changed_in_place_keeps_its_earlier_value(
    helper: HelperClient, write: WriteFile, case: str, select: dict[str, Any] | None
) -> None:
    file = write(f"""
        import torch
        from torch import nn
        import torch.nn.functional as F

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(2, 2)
                nn.init.constant_(self.fc.weight, -1.0)
                nn.init.zeros_(self.fc.bias)
                self.relu = nn.ReLU(inplace=True)

            def forward(self, x):
                y = self.fc(x)
                {WRITES[case]}
                return y
    """)
    result = helper.capture(file, recipe="Net()(torch.ones(1, 2))", select=select)
    assert result.end["status"] == "ok", result.end["error"]
    before = helper.ask("statistics", {"handle": result.call("fc")["output"]["handle"]}).end
    assert (before["changed"], before["minimum"], before["maximum"]) == (False, -2.0, -2.0)
    if select is None:
        after = helper.ask("statistics", {"handle": result.call("")["output"]["handle"]}).end
        assert after["maximum"] != -2.0 or after["minimum"] != -2.0


def test_a_tensor_that_was_changed_unseen_says_so(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        @torch.jit.script
        def change(x):
            x.add_(1.0)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(2, 2)

            def forward(self, x):
                y = self.fc(x)
                change(y)
                return y
    """)
    result = helper.capture(file, recipe="Net()(torch.randn(1, 2))")
    assert helper.ask("statistics", {"handle": result.call("fc")["output"]["handle"]}).end["changed"] is True


STATISTICS: dict[str, Any] = {
    "floats": (torch.tensor([1.0, 2.0, 3.0, 0.0]), (0.0, 3.0, 1.5, 1.2909944, 0.25, 0, 0, 4)),
    "nan and inf": (
        torch.tensor([1.0, math.nan, math.inf, -math.inf, 3.0]),
        (1.0, 3.0, 2.0, 1.4142135, 0.0, 1, 2, 5),
    ),
    "all nan": (torch.full((3,), math.nan), (None, None, None, None, 0.0, 3, 0, 3)),
    "empty": (torch.zeros(0), (None, None, None, None, None, 0, 0, 0)),
    "one": (torch.tensor(5), (5.0, 5.0, 5.0, None, 0.0, 0, 0, 1)),
    "bools": (torch.tensor([True, False]), (0.0, 1.0, 0.5, 0.70710678, 0.5, 0, 0, 2)),
    "expanded": (torch.tensor([1.0, 2.0, math.nan]).expand(4, 3), (1.0, 2.0, 1.5, 0.53452248, 0.0, 4, 0, 12)),
    "expanded without end": (torch.ones(1).expand(1 << 40), (1.0, 1.0, 1.0, 0.0, 0.0, 0, 0, 1 << 40)),
    "complex": (torch.tensor([3 + 4j, 0j]), (0.0, 5.0, 2.5, 3.5355339, 0.5, 0, 0, 2)),
    "half": (torch.tensor([65504.0, -65504.0]).half(), (-65504.0, 65504.0, 0.0, 92636.64, 0.0, 0, 0, 2)),
    "sparse": (torch.eye(2).to_sparse(), (0.0, 1.0, 0.5, 0.57735027, 0.5, 0, 0, 4)),
}


@pytest.mark.parametrize("case", STATISTICS)
def test_statistics(case: str) -> None:
    tensor, expected = STATISTICS[case]
    found = statistics(tensor, changed=False)
    names = ("minimum", "maximum", "mean", "std", "zeros", "nan", "infinite", "elements")
    for name, value in zip(names, expected):
        assert found[name] == (value if value is None else pytest.approx(value, rel=1e-5)), name  # type: ignore[literal-required]


def test_statistics_of_a_tensor_larger_than_a_chunk() -> None:
    tensor = torch.randn(5_000_000) * 3 + 100
    found = statistics(tensor, changed=False)
    assert found["mean"] == pytest.approx(float(tensor.double().mean()), rel=1e-9)
    assert found["std"] == pytest.approx(float(tensor.double().std()), rel=1e-9)


def test_sparse_tensors_and_those_of_inference_mode_are_kept() -> None:
    retained = Retained()
    sparse = torch.eye(3).to_sparse()
    handle = retained.keep(sparse)
    assert handle is not None
    with torch.inference_mode():
        tensor = torch.ones(3)
        other = retained.keep(tensor)
        assert other is not None
        retained.before_write(tensor)
        tensor.zero_()
    found = retained.get(other)
    assert found is not None
    assert (float(found[0].sum()), found[1]) == (3.0, False)


def test_retained_tensors_have_a_budget() -> None:
    retained = Retained(budget=5000)
    small, large = torch.zeros(10), torch.zeros(1000)
    first = retained.keep(small)
    assert first is not None
    assert retained.keep(small) == first
    assert retained.keep(large) is None
    assert retained.refused == 1
    assert retained.get(first) == (small, False)
    assert retained.get(99) is None


def test_a_copy_for_the_earlier_value_is_within_the_budget() -> None:
    tensor = torch.zeros(100)
    retained = Retained(budget=2500)
    handle = retained.keep(tensor)
    assert handle is not None
    retained.before_write(tensor)
    tensor.add_(1)
    assert retained.get(handle) == (tensor, True)


def test_a_deep_value_is_cut_and_says_so() -> None:
    value: Any = torch.zeros(1)
    for _ in range(30):
        value = [value]
    described: Any = Describer().describe(value)
    depth = 0
    while described["kind"] == "list":
        described, depth = described["items"][0]["value"], depth + 1
    assert described["text"] == "..."
    assert depth == 8

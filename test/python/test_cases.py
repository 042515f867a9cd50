"""The 25 cases that an engine must get right: the table says which test holds which, those held nowhere else follow."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from conftest import WriteFile
from helper_client import ROOT, HelperClient, poll

TABLE = {
    "1 nested calls on one line": ["test_places.py::test_calls_and_operations_have_their_own_columns"],
    "2 method chains over several lines": ["test_places.py::test_the_variable_of_a_method_chain_over_lines"],
    "3 in-place operations keep the earlier value": [
        "test_values.py::test_what_is_changed_in_place_keeps_its_earlier_value"
    ],
    "4 a shared layer called twice": ["test_cases.py::test_a_shared_layer_keeps_its_calls_apart"],
    "5 a loop over a ModuleList": ["test_cases.py::test_each_turn_of_a_loop_is_a_call"],
    "6 append and Sequential": ["test_places.py::test_definitions_are_where_they_are_written"],
    "7 copied encoder layers": ["test_places.py::test_the_layers_of_a_fused_encoder_are_seen"],
    "8 ModuleDict, setattr, partial, bases": ["test_places.py::test_definitions_are_where_they_are_written"],
    "9 tuples, dicts, dataclasses, None": ["test_values.py::test_outputs_of_every_kind"],
    "10 the fast path of an encoder": ["test_places.py::test_the_layers_of_a_fused_encoder_are_seen"],
    "11 a padding mask": ["test_places.py::test_the_layers_of_a_fused_encoder_are_seen"],
    "12 the projection of an attention": ["test_uncalled.py::test_the_reason_is_told"],
    "13 scripted and traced layers": [
        "test_uncalled.py::test_the_reason_is_told",
        "test_uncalled.py::test_a_script_takes_no_hooks_but_its_own_call_is_seen",
    ],
    "14 compiled layers": ["test_cases.py::test_compiled_layers_run_as_they_are_written"],
    "15 checkpoints": ["test_cases.py::test_checkpoints_are_not_listed_twice"],
    "16 forward directly, a __call__ of its own": ["test_uncalled.py::test_the_reason_is_told"],
    "17 weight norm, spectral norm": ["test_cases.py::test_normed_weights"],
    "18 lazy layers": ["test_places.py::test_lazy_layers_are_described_once_they_know_their_sizes"],
    "19 recurrent layers": ["test_cases.py::test_packed_and_bidirectional_recurrence"],
    "20 what depends on data, in shapes mode": ["test_cases.py::test_what_depends_on_data_names_its_line"],
    "21 the failing line": ["test_recipes.py::test_whatever_forward_raises_is_a_result"],
    "22 types and indices that fake tensors do not check": [
        "test_cases.py::test_real_errors_are_told",
        "test_cases.py::test_shapes_mode_says_what_it_does_not_check",
    ],
    "23 NaN and Inf, and every type": [
        "test_values.py::test_every_type_has_statistics",
        "test_findings.py::test_the_first_nan_is_found",
        "test_values.py::test_statistics",
    ],
    "24 a model of 70 billion parameters, an endless loop, no memory": [
        "test_cases.py::test_a_model_of_70_billion_parameters",
        "test_cases.py::test_what_does_not_fit_the_memory_runs_in_shapes_mode",
        "test_faults.py::test_a_hang_can_be_stopped",
    ],
    "25 the user's own loop with workers and threads": ["test_cases.py::test_workers_and_threads_compute_the_same"],
}

HEAD = """
import torch
from torch import nn
import torch.nn.functional as F
"""


def test_the_table_names_tests_that_exist() -> None:
    folder = os.path.join(ROOT, "test", "python")
    for name in (name for tests in TABLE.values() for name in tests):
        file, test = name.split("::")
        with open(os.path.join(folder, file), encoding="utf-8") as source:
            assert re.search(rf"^def {test}\(", source.read(), re.MULTILINE), name


def test_a_shared_layer_keeps_its_calls_apart(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = self.b = nn.Linear(4, 4)

            def forward(self, x):
                x = self.a(x)
                return self.b(x[:1])
    """)
    calls = [call for call in helper.capture(file, recipe="Net()(torch.zeros(2, 4))").calls if call["path"]]
    told = [(call["path"], call["index"], call["callSite"]["line"], call["output"]["shape"]) for call in calls]
    assert told == [("a", 0, 10, [2, 4]), ("a", 1, 11, [1, 4])]


def test_each_turn_of_a_loop_is_a_call(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(4, 4 * (i + 1)) for i in range(3)])
                self.pool = nn.AvgPool1d(2)

            def forward(self, x):
                y = torch.cat([layer(x) for layer in self.layers], 1)
                while y.shape[1] > 10:
                    y = self.pool(y)
                return y
    """)
    calls = [call for call in helper.capture(file, recipe="Net()(torch.zeros(2, 4))").calls if call["path"]]
    told = [(call["path"], call["index"], call["callSite"]["line"], call["output"]["shape"]) for call in calls]
    assert told == [
        ("layers.0", 0, 11, [2, 4]),
        ("layers.1", 0, 11, [2, 8]),
        ("layers.2", 0, 11, [2, 12]),
        ("pool", 0, 13, [2, 12]),
        ("pool", 1, 13, [2, 6]),
    ]


def test_compiled_layers_run_as_they_are_written(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.wrapped = torch.compile(nn.Sequential(nn.Linear(4, 4), nn.ReLU()))
                self.in_place = nn.Sequential(nn.Linear(4, 3))
                self.in_place.compile()

            @torch.compile
            def tail(self, x):
                return x * 2

            def forward(self, x):
                return self.tail(self.in_place(self.wrapped(x)))
    """)
    result = helper.capture(file, recipe="Net()(torch.zeros(2, 4))")
    assert result.end["status"] == "ok", result.end["error"]
    assert result.output_shape("wrapped._orig_mod.0") == [2, 4]
    assert result.output_shape("in_place.0") == [2, 3]
    assert [one["name"] for one in result.operations] == ["mul"]
    assert "torch.compile was passed by: the model ran as it is written." in result.end["notes"]


def test_checkpoints_are_not_listed_twice(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn
        from torch.utils.checkpoint import checkpoint

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(4, 4)
                self.b = nn.Linear(4, 4)

            def forward(self, x):
                x = checkpoint(self.a, x, use_reentrant=False)
                return checkpoint(self.b, x, use_reentrant=True)

        def train(net, x):
            with torch.enable_grad():
                net(x.requires_grad_()).sum().backward()
    """)
    result = helper.capture(file, recipe="train(Net(), torch.zeros(2, 4))")
    assert result.end["status"] == "ok", result.end["error"]
    told = [(call["path"], call["index"], call["callSite"]["line"], call["output"]["shape"]) for call in result.calls]
    assert told == [("", 0, 17, [2, 4]), ("a", 0, 12, [2, 4]), ("b", 0, 13, [2, 4])]
    assert any("2 calls that checkpointing made again" in note for note in result.end["notes"])


def test_normed_weights(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn
        from torch.nn.utils import parametrizations, spectral_norm, weight_norm

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = weight_norm(nn.Linear(4, 4))
                self.b = spectral_norm(nn.Linear(4, 4))
                self.c = parametrizations.weight_norm(nn.Linear(4, 4))
                self.d = parametrizations.spectral_norm(nn.Linear(4, 4))

            def forward(self, x):
                return self.d(self.c(self.b(self.a(x))))
    """)
    result = helper.capture(file, recipe="Net()(torch.zeros(2, 4))")
    assert result.end["status"] == "ok", result.end["error"]
    definitions = {one["paths"][0]: one["definition"] for one in result.modules}
    for index, path in enumerate("abcd"):
        assert result.call(path)["callSite"]["line"] == 14
        assert definitions[path]["line"] == 8 + index
        assert result.output_shape(path) == [2, 4]


def test_packed_and_bidirectional_recurrence(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn
        from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(4, 3, bidirectional=True, batch_first=True)
                self.cell = nn.GRUCell(6, 3)

            def forward(self, x):
                packed = pack_padded_sequence(x, torch.tensor([3, 2]), batch_first=True)
                out, (h, c) = self.lstm(packed)
                y, lengths = pad_packed_sequence(out, batch_first=True)
                state = None
                for t in range(2):
                    state = self.cell(y[:, t], state)
                return state
    """)
    result = helper.capture(file, recipe="Net()(torch.zeros(2, 3, 4))")
    assert result.end["status"] == "ok", result.end["error"]
    packed, states = (item["value"] for item in result.call("lstm")["output"]["items"])
    assert (packed["className"], packed["items"][0]["value"]["shape"]) == ("PackedSequence", [5, 6])
    assert [item["value"]["shape"] for item in states["items"]] == [[2, 2, 3], [2, 2, 3]]
    assert result.call("cell", 0)["input"]["items"][1]["value"]["text"] == "None"
    assert result.call("cell", 1)["input"]["items"][1]["value"]["shape"] == [2, 3]


DATA_DEPENDENT = [
    "if v.sum() > 0: v = v + 1",
    "v = v[v > 0]",
    "v = v * v.max().item()",
    "v = v * float(v.sum())",
    "v = v.nonzero()",
    "v = torch.unique(v)",
    "v = v.detach().numpy()",
    "v = nn.utils.rnn.pack_padded_sequence(v[None], torch.tensor([2]), batch_first=True)",
]


@pytest.mark.parametrize("line", DATA_DEPENDENT)
def test_what_depends_on_data_names_its_line(helper: HelperClient, write: WriteFile, line: str) -> None:
    file = write(
        HEAD.lstrip()
        + f"""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, v):
        v = self.fc(v)
        {line}
        return v
"""
    )
    result = helper.capture(file, recipe="Net()(torch.zeros(2, 4))", mode="shapes")
    error = result.end["error"]
    assert (error["kind"], error["site"]["line"]) == ("dataDependent", 12)
    assert "values mode" in error["advice"]
    assert result.output_shape("fc") == [2, 4]
    assert helper.capture(file, recipe="Net()(torch.zeros(2, 4))").end["status"] == "ok"


REAL_ERRORS = {
    "a type": ("nn.Linear(4, 4)", "v.double()", "dtype"),
    "an index": ("nn.Embedding(4, 4)", "v.long() + 9", "index out of range"),
    "a shape": ("nn.Linear(5, 4)", "v", "(2x4 and 5x4)"),
}


@pytest.mark.parametrize("case", REAL_ERRORS)
def test_real_errors_are_told(helper: HelperClient, write: WriteFile, case: str) -> None:
    layer, given, message = REAL_ERRORS[case]
    file = write(MODEL.format(layer=layer, given=given))
    error = helper.capture(file, recipe="Net()(torch.zeros(2, 4))").end["error"]
    assert (error["kind"], error["path"], error["site"]["line"]) == ("forward", "layer", 10)
    assert message in error["message"]


MODEL = """
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = {layer}

        def forward(self, v):
            return self.layer({given})
"""

UNCHECKED = {
    "a type": ("nn.Linear(4, 4)", "v.double()", "layer has float32 weights and got float64"),
    "an index": ("nn.Embedding(4, 4)", "v.long() + 9", "whether indices are in range"),
    "nothing": ("nn.Linear(4, 4)", "v", None),
    "what values mode converts too": ("nn.LayerNorm(4)", "v", None),
}


@pytest.mark.parametrize("case", UNCHECKED)
def test_shapes_mode_says_what_it_does_not_check(helper: HelperClient, write: WriteFile, case: str) -> None:
    layer, given, note = UNCHECKED[case]
    file = write(MODEL.format(layer=layer, given=given))
    end = helper.capture(file, recipe="Net()(torch.zeros(2, 4))", mode="shapes").end
    assert end["status"] == "ok"
    assert end["notes"] == [] if note is None else any(note in one for one in end["notes"])


LLAMA = """
    import torch
    from torch import nn
    import torch.nn.functional as F

    class Norm(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(width))

        def forward(self, x):
            return self.weight * (x.float() * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + 1e-5)).type_as(x)

    class Attention(nn.Module):
        def __init__(self, width, heads, groups):
            super().__init__()
            self.heads, self.groups, self.size = heads, groups, width // heads
            self.q_proj = nn.Linear(width, width, bias=False)
            self.k_proj = nn.Linear(width, groups * self.size, bias=False)
            self.v_proj = nn.Linear(width, groups * self.size, bias=False)
            self.o_proj = nn.Linear(width, width, bias=False)

        def forward(self, x, cos, sin):
            batch, length, _ = x.shape
            q = self.q_proj(x).view(batch, length, self.heads, self.size).transpose(1, 2)
            k = self.k_proj(x).view(batch, length, self.groups, self.size).transpose(1, 2)
            v = self.v_proj(x).view(batch, length, self.groups, self.size).transpose(1, 2)
            q, k = self.turn(q, cos, sin), self.turn(k, cos, sin)
            k = k.repeat_interleave(self.heads // self.groups, 1)
            v = v.repeat_interleave(self.heads // self.groups, 1)
            out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            return self.o_proj(out.transpose(1, 2).reshape(batch, length, -1))

        def turn(self, x, cos, sin):
            a, b = x.chunk(2, -1)
            return x * cos + torch.cat((-b, a), -1) * sin

    class Block(nn.Module):
        def __init__(self, width, heads, groups, inner):
            super().__init__()
            self.input_norm = Norm(width)
            self.attention = Attention(width, heads, groups)
            self.output_norm = Norm(width)
            self.gate = nn.Linear(width, inner, bias=False)
            self.up = nn.Linear(width, inner, bias=False)
            self.down = nn.Linear(inner, width, bias=False)

        def forward(self, x, cos, sin):
            x = x + self.attention(self.input_norm(x), cos, sin)
            y = self.output_norm(x)
            return x + self.down(F.silu(self.gate(y)) * self.up(y))

    class Llama(nn.Module):
        def __init__(self, layers=80, width=8192, heads=64, groups=8, inner=28672, words=128256):
            super().__init__()
            self.size = width // heads
            self.embed = nn.Embedding(words, width)
            self.layers = nn.ModuleList([Block(width, heads, groups, inner) for _ in range(layers)])
            self.norm = Norm(width)
            self.head = nn.Linear(width, words, bias=False)

        def forward(self, tokens):
            x = self.embed(tokens)
            angles = torch.outer(torch.arange(tokens.shape[1]).float(), torch.arange(0, self.size, 2).float())
            angles = torch.cat((angles, angles), -1)
            for layer in self.layers:
                x = layer(x, angles.cos(), angles.sin())
            return self.head(self.norm(x))
"""
GIGABYTE = 1 << 30


def peak_memory(pid: int) -> int:
    """The most memory that a process has had, in bytes (Linux)."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))


def test_a_model_of_70_billion_parameters(helper: HelperClient, write: WriteFile) -> None:
    result = helper.capture(write(LLAMA), recipe="Llama()(torch.zeros(1, 128, dtype=torch.long))", mode="shapes")
    assert result.end["status"] == "ok", result.end["error"]
    root = next(one for one in result.modules if one["paths"] == [""])
    assert 70e9 < root["parameters"] < 71e9
    assert result.output_shape("layers.79.down") == [1, 128, 8192]
    assert result.output_shape("head") == [1, 128, 128256]
    assert peak_memory(result.named("started")[0]["pid"]) < GIGABYTE


def test_what_does_not_fit_the_memory_runs_in_shapes_mode(helper: HelperClient, write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=4):
                super().__init__()
                self.fc = nn.Linear(width, width)

            def forward(self, x):
                x = self.fc(x)
                return x.expand(1 << 46, 2, 4).contiguous() if x.shape[1] == 4 else x
    """)
    for recipe, shape in (
        ("Net()(torch.zeros(2, 4))", [1 << 46, 2, 4]),
        ("Net(50_000)(torch.zeros(2, 50_000))", [2, 50_000]),
    ):
        result = helper.capture(file, recipe=recipe, memory=500_000_000)
        assert (result.end["status"], result.end["mode"]) == ("ok", "shapes"), result.end["error"]
        assert result.output_shape("") == shape
        assert [call["path"] for call in result.calls] == ["", "fc"]
        assert any("Values mode needs more memory than the limit of 477 MB" in note for note in result.end["notes"])
    small = helper.capture(file, recipe="Net(5)(torch.zeros(2, 5))", memory=500_000_000)
    assert (small.end["mode"], small.end["notes"]) == ("values", [])


LOOP = """
    import threading
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, Dataset

    class Numbers(Dataset):
        def __len__(self):
            return 6

        def __getitem__(self, index):
            return torch.full((4,), float(index)) + torch.rand(1)

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 2)
            self.drop = nn.Dropout(0.5)

        def forward(self, x):
            return self.drop(self.fc(x)) + torch.rand(1)

    def loop(net):
        total = torch.zeros(())
        for batch in DataLoader(Numbers(), batch_size=2, num_workers=2, shuffle=True):
            total += net(batch).sum()
        seen = []
        threads = [threading.Thread(target=lambda: seen.append(net.fc(torch.ones(1, 4)))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        total += sum(one.sum() for one in seen)
        print("the total is", total.item())

    if __name__ == "__main__":
        torch.manual_seed(0)
        net = Net()
        torch.manual_seed(0)
        with torch.no_grad():
            loop(net.eval())
"""


def test_workers_and_threads_compute_the_same(helper: HelperClient, write: WriteFile) -> None:
    file = write(LOOP)
    plain = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True).stdout.strip()
    result = helper.capture(file, recipe="loop(Net())")
    assert result.end["status"] == "ok", result.end["error"]
    # Three batches, two threads.
    assert [call["path"] for call in result.calls if call["path"] == ""] == [""] * 3
    assert len([call for call in result.calls if call["path"] == "fc"]) == 5
    assert poll(lambda: plain in helper.read_output())

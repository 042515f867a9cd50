"""The examples, against what plain torch hooks and the source text say."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import nn

from helper_client import EXAMPLES, HelperClient


def example(name: str) -> str:
    return os.path.join(EXAMPLES, f"{name}.py")


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", example(name))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def shapes_by_hooks(model: nn.Module, *inputs: Any, **keywords: Any) -> dict[str, list[tuple[int, ...]]]:
    """The truth: what plain forward hooks see, by path."""
    seen: dict[str, list[tuple[int, ...]]] = {}
    for path, module in model.named_modules(remove_duplicate=False):

        def hook(_: nn.Module, __: Any, output: Any, path: str = path) -> None:
            if isinstance(output, torch.Tensor):
                seen.setdefault(path, []).append(tuple(output.shape))

        module.register_forward_hook(hook)
    with torch.no_grad():
        model.eval()(*inputs, **keywords)
    return seen


def line_of(name: str, text: str) -> int:
    with open(example(name), encoding="utf-8") as file:
        found = [number for number, line in enumerate(file, 1) if text in line]
    assert len(found) == 1, f"{text!r} stands on the lines {found}"
    return found[0]


@pytest.mark.parametrize("mode", ["values", "shapes"])
def test_the_first_example_needs_no_recipe(helper: HelperClient, mode: str) -> None:
    result = helper.capture(example("simple_model"), construct=["SimpleModel()"], class_name="SimpleModel", mode=mode)
    assert result.end["status"] == "ok"
    assert result.end["recipe"]["expression"] == "SimpleModel()(torch.randn(1, 3, 8, 8))"
    assert result.end["recipe"]["assumed"] is True
    assert result.output_shape("conv1") == [1, 16, 6, 6]
    assert result.output_shape("fc1") == [1, 10]
    assert [(one["name"], one["variable"], one["output"]["shape"]) for one in result.operations] == [
        ("relu", "x", [1, 16, 6, 6]),
        ("view", "x", [1, 576]),
    ]


def test_resnet_gets_its_customary_input(helper: HelperClient) -> None:
    result = helper.capture(example("resnet"), construct=["resnet18()"], class_name="ResNet")
    assert result.end["recipe"]["expression"] == "resnet18()(torch.randn(1, 3, 224, 224))"
    assert result.output_shape("fc") == [1, 1000]


# Which line of the source is each path's definition, written down by hand from the source text.
RESNET_LINES = [
    (r"conv1", "self.conv1 = nn.Conv2d(3, 64"),
    (r"bn1", "self.bn1 = nn.BatchNorm2d(64)"),
    (r"maxpool", "self.maxpool ="),
    (r"layer1", "self.layer1 ="),
    (r"layer2", "self.layer2 ="),
    (r"layer3", "self.layer3 ="),
    (r"layer4", "self.layer4 ="),
    (r"avgpool", "self.avgpool ="),
    (r"fc", "self.fc ="),
    (r"layer\d\.0", "layers.append(block(self.inplanes, planes, stride, downsample))"),
    (r"layer\d\.1", "layers.append(block(self.inplanes, planes))"),
    (r"layer\d\.\d\.conv1", "self.conv1 = conv3x3"),
    (r"layer\d\.\d\.bn1", "self.bn1 = nn.BatchNorm2d(planes)"),
    (r"layer\d\.\d\.conv2", "self.conv2 = conv3x3"),
    (r"layer\d\.\d\.bn2", "self.bn2 = nn.BatchNorm2d(planes)"),
    (r"layer\d\.\d\.downsample", "self.downsample = downsample"),
    (r"layer\d\.\d\.downsample\.0", "nn.Conv2d(self.inplanes, planes * block.expansion, kernel_size=1"),
    (r"layer\d\.\d\.downsample\.1", "nn.BatchNorm2d(planes * block.expansion),"),
]


def test_every_path_of_resnet_has_its_line_and_shape(helper: HelperClient) -> None:
    result = helper.capture(example("resnet"), recipe="resnet18()(torch.randn(1, 3, 64, 64))", class_name="ResNet")
    model = load("resnet").resnet18()
    expected_paths = [path for path, _ in model.named_modules(remove_duplicate=False)]
    paths = [path for module in result.modules for path in module["paths"]]
    assert sorted(paths) == sorted(expected_paths)
    assert len(paths) > 60

    with open(example("resnet"), encoding="utf-8") as file:
        relu_lines = [number for number, line in enumerate(file, 1) if "self.relu = nn.ReLU" in line]
    for module in result.modules:
        for path in module["paths"]:
            if not path:
                continue
            if path.endswith("relu"):
                expected = relu_lines[0] if "." in path else relu_lines[1]
            else:
                _pattern, text = next(one for one in RESNET_LINES if re.fullmatch(one[0], path))
                expected = line_of("resnet", text)
            assert module["definition"]["line"] == expected, path
            assert module["definition"]["endLine"] == expected, path

    truth = shapes_by_hooks(model, torch.randn(1, 3, 64, 64))
    captured: dict[str, list[tuple[int, ...]]] = {}
    for call in result.calls:
        captured.setdefault(call["path"], []).append(tuple(call["output"]["shape"]))
    assert captured == truth


def test_gpt_with_a_dict_and_a_module_list(helper: HelperClient) -> None:
    recipe = (
        'TinyGPT(GPTConfig())({"input_ids": torch.randint(0, 1000, (1, 16))}, labels=torch.randint(0, 1000, (1, 16)))'
    )
    result = helper.capture(example("tiny_gpt"), recipe=recipe, class_name="TinyGPT")
    assert result.end["status"] == "ok"
    blocks = [one for one in result.modules if re.fullmatch(r"blocks\.\d", one["paths"][0])]
    assert len(blocks) == 4
    assert {one["definition"]["line"] for one in blocks} == {line_of("tiny_gpt", "self.blocks =")}
    module = load("tiny_gpt")
    truth = shapes_by_hooks(
        module.TinyGPT(module.GPTConfig()),
        {"input_ids": torch.randint(0, 1000, (1, 16))},
        labels=torch.randint(0, 1000, (1, 16)),
    )
    captured: dict[str, list[tuple[int, ...]]] = {}
    for call in result.calls:
        if call["output"]["kind"] == "tensor":
            captured.setdefault(call["path"], []).append(tuple(call["output"]["shape"]))
    assert captured == truth
    root = result.call("")
    assert [item["key"] for item in root["input"]["items"]] == ["batch", "labels"]
    assert root["input"]["items"][0]["value"]["items"][0]["key"] == "input_ids"
    assert [item["key"] for item in root["output"]["items"]] == ["logits", "hidden", "loss"]
    assert result.call("blocks.0.mlp.0")["through"] == "blocks.0.mlp"
    assert result.call("blocks.0.mlp")["through"] is None
    assert result.end["uncalled"] == [{"path": "blocks", "reason": "a container: it has no forward of its own"}]


def test_gpt_is_inferred_from_its_dict(helper: HelperClient) -> None:
    result = helper.capture(example("tiny_gpt"), construct=["TinyGPT(GPTConfig())"], class_name="TinyGPT")
    assert result.end["status"] == "ok"
    assert result.end["recipe"]["expression"] == 'TinyGPT(GPTConfig())({"input_ids": torch.randint(0, 1000, (1, 16))})'


@pytest.mark.parametrize("mode", ["values", "shapes"])
def test_a_failing_forward_keeps_what_ran_and_names_the_line(helper: HelperClient, mode: str) -> None:
    result = helper.capture(
        example("shape_mismatch"), recipe="Classifier()(torch.randn(1, 3, 32, 32))", class_name="Classifier", mode=mode
    )
    error = result.end["error"]
    assert result.end["status"] == "failed"
    assert error["kind"] == "forward"
    assert result.output_shape("features.2") == [1, 8, 16, 16]
    assert result.operations[0]["output"]["shape"] == [1, 2048]
    line = line_of("shape_mismatch", "torch.relu(self.hidden(x))")
    text = "        x = torch.relu(self.hidden(x))"
    assert error["site"]["line"] == line
    assert text[error["site"]["column"] - 1 : error["site"]["endColumn"] - 1] == "self.hidden(x)"
    assert error["path"] == "hidden"
    assert error["className"] == "Linear"
    assert "in_features=512" in error["description"]
    assert error["input"]["items"][0]["value"]["shape"] == [1, 2048]
    assert "2048" in error["message"]
    assert result.call("hidden")["output"] is None
    reason = "not reached: forward failed before, on line 22 of shape_mismatch.py"
    assert result.end["uncalled"] == [{"path": "head", "reason": reason}]

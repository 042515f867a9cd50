"""What is measured: the written classes, and the builders of packages."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_FAMILIES = 200


@dataclass(frozen=True)
class Case:
    """A model with its capture request and the patterns of its intended inputs."""

    name: str
    request: dict[str, Any]
    patterns: tuple[str, ...]
    # A recipe that is known to run; empty where nobody wrote one.
    works: str = ""
    # Text of the file that is captured, where it is none of the disk's.
    text: str | None = field(default=None)


def written(folder: str, plans: str) -> list[Case]:
    """Reads the classes of `models` or `holdout`; `plans` is the file of capture requests that the server made."""
    with open(plans, encoding="utf-8") as file:
        requests = {(os.path.basename(one["file"]), one["className"]): one for one in json.load(file)}
    cases: list[Case] = []
    for name in sorted(os.listdir(os.path.join(_HERE, folder))):
        if name.endswith(".intended"):
            source = name.replace(".intended", ".py")
            for model, works, patterns in _intended(os.path.join(_HERE, folder, name)):
                cases.append(Case(f"{source}:{model}", requests[source, model], tuple(patterns), works))
    return cases


def _intended(path: str) -> Iterator[tuple[str, str, list[str]]]:
    with open(path, encoding="utf-8") as file:
        blocks = re.split(r"\n(?=\S)", file.read().strip())
    for block in blocks:
        first, *patterns = block.splitlines()
        name, _, works = first.partition(": ")
        yield name, works, [one.strip() for one in patterns]


def torchvision() -> list[Case]:
    """All builders of classifiers, segmenters, detectors and video models, without weights."""
    models = importlib.import_module("torchvision.models")
    cases = []
    for name in models.list_models():
        builder = models.get_model_builder(name)
        group = builder.__module__.split(".")[2] if builder.__module__.count(".") > 2 else "classification"
        if group in ("quantization", "optical_flow"):
            continue
        known = inspect.signature(builder).parameters
        arguments = "".join(f", {one}=None" for one in ("weights", "weights_backbone") if one in known)
        expression = f"torchvision.models.get_model({name!r}{arguments})"
        cases.append(Case(f"{group}/{name}", _bare(expression), _PATTERNS[group], text="import torchvision\n"))
    return cases


_PATTERNS = {
    "classification": ("x=f(B,3,S,S) S>=160", "input=f(B,3,S,S) S>=160"),
    "segmentation": ("x=f(B,3,S,S) S>=128", "input=f(B,3,S,S) S>=128"),
    "detection": (
        "images=f(B,3,S,S) S>=128",
        "images.0=f(3,S,S) S>=128",
        "images.0=f(3,S,S) images.1=f(3,T,T) S>=128",
    ),
    "video": ("x=f(B,3,T,S,S) S>=64",),
}


def timm() -> list[Case]:
    """One model of each of 200 families: the one with the shortest name, which is mostly the smallest."""
    package = importlib.import_module("timm")
    families: dict[str, list[str]] = {}
    for name in package.list_models():
        entry = package.get_pretrained_cfg(name)
        families.setdefault(_family(name), []).append(name if entry is not None else "")
    chosen = [
        min((one for one in names if one), key=lambda one: (_weight(one), len(one), one)) for names in families.values()
    ]
    cases = []
    for name in sorted(chosen)[:: max(1, len(chosen) // _FAMILIES)][:_FAMILIES]:
        config = package.get_pretrained_cfg(name)
        _, side, _ = config.input_size
        patterns = [f"x=f(B,{config.input_size[0]},{side},{config.input_size[2]})"]
        if not config.fixed_input_size:
            patterns.append(f"x=f(B,{config.input_size[0]},S,S) S>=160")
        expression = f"timm.create_model({name!r}, pretrained=False)"
        cases.append(Case(name, _bare(expression), tuple(patterns), text="import timm\n"))
    return cases


def _family(name: str) -> str:
    """`vit_base_patch16_224` and `vit_small_patch16_224` are one: sizes and numbers do not count."""
    size = re.compile(
        r"\d+|nano|pico|femto|atto|zepto|tiny|small|base|large|huge|giant|gigantic|medium|mini|little|xx?[sl]|[smlbtx]\d*"
    )
    return "_".join(re.sub(r"\d+.*", "", part) for part in name.split("_") if not size.fullmatch(part))[:24]


def _weight(name: str) -> int:
    """Orders sizes by the words for them, so that the machine can run the model."""
    words = (
        "zepto",
        "atto",
        "femto",
        "pico",
        "nano",
        "tiny",
        "mini",
        "small",
        "medium",
        "base",
        "large",
        "huge",
        "giant",
    )
    return next((at for at, word in enumerate(words) if word in name), 5)


def _bare(expression: str) -> dict[str, Any]:
    return {
        "file": "",
        "workspaceRoot": None,
        "className": None,
        "recipe": {"expression": None, "construct": [expression], "source": "defaults"},
        "mode": "values",
        "select": {"paths": [""], "lines": []},
        "overlays": [],
    }

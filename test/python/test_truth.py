"""The truth that the static mapper is measured against: which line registered what, recorded from real models."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import WriteFile

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="older Pythons do not tell where on a line they are")

COLLECTOR = os.path.join(os.path.dirname(__file__), os.pardir, "truth")

SAMPLE = """
import copy

import torch
from torch import nn


def conv(width):
    return nn.Conv2d(width, width, 1)  # conv


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = conv(3)  # stem
        self.finish()

    def finish(self):
        self.add_module("norm", nn.BatchNorm2d(3))  # norm


class Meta(type):
    def __call__(cls, *args, **kwargs):
        return type.__call__(cls, *args, **kwargs)


class Made(nn.Module, metaclass=Meta):
    pass


class Stack(nn.Sequential):
    def __init__(self):
        super().__init__(nn.ReLU())  # stack


class Net(Base):
    def __init__(self, switch=False, *, width):
        super().__init__()
        layers = []
        for _ in range(2):
            layers.append(conv(3))  # append
        layers += [
            nn.ReLU(),  # inline
        ]
        self.body = nn.Sequential(*layers)  # body
        for at in range(2):
            self.add_module(f"block{at}", Stack())  # block
        shared = nn.Linear(width, width)  # shared
        self.first, self.second = shared, shared  # both
        one = nn.Sequential(nn.Linear(4, 4))  # one
        self.copies = nn.ModuleList(copy.deepcopy(one) for _ in range(3))  # copies
        self.blocks = nn.ModuleList()
        self.blocks.insert(0, nn.Tanh())  # insert
        self.attention = nn.MultiheadAttention(4, 1)  # attention
        self.head = nn.Sequential(nn.Linear(4, 4))  # head
        self.head = nn.Identity()  # replaced
        self.made = Made()  # made
        if switch:
            self.extra = nn.Identity()  # extra
        torch.linspace(0, 1, 3)[1].item()
"""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("truth")
    (folder / "sample.py").write_text(SAMPLE, encoding="utf-8")
    return collect(folder, ["guess('sample', 'Net')"])


def collect(folder: Path, models: list[str]) -> list[dict[str, Any]]:
    out = folder / "out.jsonl"
    job = {"folder": os.fspath(folder), "imports": ["sample"], "models": models, "out": os.fspath(out)}
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((COLLECTOR, os.fspath(folder)))}
    command = [sys.executable, "-m", "collect.worker", os.fspath(folder / "job.json")]
    subprocess.run(command, env=environment, check=True, timeout=120)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def line_of(mark: str) -> int:
    return 1 + next(at for at, text in enumerate(SAMPLE.splitlines()) if text.endswith(f"# {mark}"))


def found(records: list[dict[str, Any]], owner: str, path: str) -> set[tuple[int, str]]:
    return {
        (one["line"], one["form"])
        for one in records
        if one["kind"] == "site" and one["owner"][1] == owner and one["path"] == path and not one["insideTorch"]
    }


@pytest.mark.parametrize(
    ("owner", "path", "mark", "form"),
    [
        ("Net", "stem", "stem", "self.x ="),
        ("Net", "norm", "norm", "add_module()"),
        ("Stack", "*", "stack", "super().__init__()"),
        ("Net", "body", "body", "self.x ="),
        ("Net", "body.*", "body", "Sequential(*)"),
        ("Net", "block0", "block", "add_module(computed name)"),
        ("Net", "block1", "block", "add_module(computed name)"),
        ("Net", "first", "both", "self.x among targets"),
        ("Net", "second", "both", "self.x among targets"),
        ("Net", "copies.*", "copies", "ModuleList()"),
        ("Net", "copies.*.*", "one", "Sequential()"),
        ("Net", "blocks.*", "insert", "insert()"),
        ("Net", "attention", "attention", "self.x ="),
        ("Net", "head.*", "head", "Sequential()"),
        ("Net", "extra", "extra", "self.x ="),
    ],
)
def test_each_registration_is_a_site(
    records: list[dict[str, Any]], owner: str, path: str, mark: str, form: str
) -> None:
    assert found(records, owner, path) == {(line_of(mark), form)}


def test_a_replaced_child_keeps_both_lines(records: list[dict[str, Any]]) -> None:
    assert {line for line, _ in found(records, "Net", "head")} == {line_of("head"), line_of("replaced")}


def test_a_site_tells_where_its_child_was_built(records: list[dict[str, Any]]) -> None:
    [site] = [one for one in records if one["kind"] == "site" and one["path"] == "body.*"]
    assert {line for _, line, _ in site["built"]} == {line_of("conv"), line_of("inline")}
    assert {line for _, line, _ in site["items"]} == {line_of("append"), line_of("inline")}
    [made] = [one for one in records if one["kind"] == "site" and one["path"] == "made"]
    assert {line for _, line, _ in made["built"]} == {line_of("made")}
    [shared] = [one for one in records if one["kind"] == "site" and one["path"] == "second"]
    assert {line for _, line, _ in shared["built"]} == {line_of("shared")}


def test_an_inherited_line_names_the_class_that_wrote_it(records: list[dict[str, Any]]) -> None:
    for path in ("stem", "norm"):
        [site] = [one for one in records if one["kind"] == "site" and one["path"] == path]
        assert [name for _, name in site["writers"]] == ["Base"]
    assert {one["name"] for one in records if one["kind"] == "class"} == {"Base", "Made", "Net", "Stack"}


def test_what_torch_registers_inside_is_told_apart(records: list[dict[str, Any]]) -> None:
    [site] = [one for one in records if one["kind"] == "site" and one["path"] == "attention.out_proj"]
    assert site["insideTorch"]
    assert site["line"] == line_of("attention")


def test_a_model_that_fails_is_told_and_leaves_nothing(write: WriteFile, tmp_path: Path) -> None:
    write(
        """
        from torch import nn

        class Broken(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.ReLU()
                raise ValueError("no such luck")

        class Whole(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.ReLU()
        """,
        "sample.py",
    )
    records = collect(tmp_path, ["sample.Broken()", "sample.Whole()"])
    models = [(one["ok"], one.get("problem")) for one in records if one["kind"] == "model"]
    assert models == [(False, "ValueError: no such luck"), (True, None)]
    assert {one["owner"][1] for one in records if one["kind"] == "site"} == {"Whole"}

"""The limit of a capture comes from the machine, or from the container around it; PyTorch reports it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from layer_peek import memory

GIBIBYTE = 1 << 30

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@linux_only
def test_the_limit_leaves_a_part_of_the_machine_free() -> None:
    free, limit, whole = memory.available(), memory.limit(None), memory.total()
    assert free is not None
    assert limit is not None
    assert whole is not None
    assert 0 < limit < whole - memory.reserve() // 2
    assert memory.limit(5) == 5


@linux_only
def test_an_allocation_beyond_the_limit_fails_and_one_afterwards_does_not() -> None:
    memory.restrict(200 << 20)
    try:
        assert torch.zeros(10 << 20).numel() == 10 << 20
        with pytest.raises(RuntimeError) as caught:
            torch.zeros(100 << 20)
    finally:
        memory.relax()
    assert memory.is_exhaustion(caught.value)
    assert torch.zeros(100 << 20).numel() == 100 << 20


# Files of control groups by their paths; and what the tightest leaves for one that is in `/a/b`.
CONTAINERS: dict[str, tuple[dict[str, str], list[int]]] = {
    "none": ({}, []),
    "no limit": ({"a/b/memory.max": "max", "a/b/memory.current": "1"}, []),
    "a limit": ({"a/b/memory.max": str(4 * GIBIBYTE), "a/b/memory.current": str(GIBIBYTE)}, [3 * GIBIBYTE]),
    "files that were read are given back": (
        {
            "a/b/memory.max": str(4 * GIBIBYTE),
            "a/b/memory.current": str(3 * GIBIBYTE),
            "a/b/memory.stat": f"anon 5\ninactive_file {2 * GIBIBYTE}\n",
        },
        [3 * GIBIBYTE],
    ),
    "a limit further up": (
        {
            "a/b/memory.max": "max",
            "a/b/memory.current": "1",
            "a/memory.max": str(2 * GIBIBYTE),
            "a/memory.current": str(GIBIBYTE),
        },
        [GIBIBYTE],
    ),
    "more is used than may be": ({"a/b/memory.max": "5", "a/b/memory.current": "9"}, [0]),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_limits(tmp_path: Path, name: str) -> None:
    files, rooms = CONTAINERS[name]
    for file, text in files.items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert memory.rooms(str(tmp_path), "/a/b", ("memory.max", "memory.current")) == rooms


@pytest.mark.parametrize(
    ("count", "text"), [(512 << 20, "512 MB"), (500_000_000, "477 MB"), (3 << 29, "1.5 GB"), (0, "0 MB")]
)
def test_sizes_are_written_for_a_reader(count: int, text: str) -> None:
    assert memory.text(count) == text

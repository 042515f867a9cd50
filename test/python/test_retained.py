"""Tensors that are kept for questions stay within their budget; of the others the descriptions stay, and it is said."""

from __future__ import annotations

import pytest

from conftest import WriteFile
from faults import MEBIBYTE, assert_works
from faulty_model import RECIPE, net
from helper_client import HelperClient

LAYER = "self.keep = nn.Identity()"


def capture(helper: HelperClient, write: WriteFile, forward: str, memory: int | None) -> tuple[list[bool], list[str]]:
    """Tells of each call of `keep` whether its output can be asked about, and the notes."""
    result = helper.capture(write(net(forward=forward, build=LAYER)), recipe=RECIPE, memory=memory)
    assert result.end["error"] is None
    outputs = [call["output"] for call in result.calls if call["path"] == "keep"]
    assert all(output["shape"] for output in outputs)
    last = max(output.get("handle", 0) for output in outputs)
    assert helper.ask("statistics", {"handle": last}).end["elements"] > 0
    return ["handle" in output for output in outputs], result.end["notes"]


CASES = {
    "within it": ("for _ in range(4): self.keep(torch.zeros(2**20))", 4, 4),
    "beyond it": ("kept = [self.keep(torch.zeros(2**22)) for _ in range(6)]", 6, 3),
    "one alone is too large": ("self.keep(torch.zeros(2**25)); self.keep(torch.zeros(2**20))", 2, 1),
    "views of one memory count once": ("y = torch.zeros(2**23); [self.keep(y[i:]) for i in range(9)]", 9, 9),
}


@pytest.mark.parametrize("name", CASES)
def test_the_budget(helper: HelperClient, write: WriteFile, name: str) -> None:
    forward, calls, kept = CASES[name]
    seen, notes = capture(helper, write, forward, 512 * MEBIBYTE)
    assert (len(seen), sum(seen)) == (calls, kept)
    said = [note for note in notes if "64 MB" in note and "statistics" in note]
    assert bool(said) == (kept < calls)
    assert_works(helper)


def test_many_small_ones_count_too(helper: HelperClient, write: WriteFile) -> None:
    forward = "for _ in range(4500): self.keep(torch.zeros(1))"
    seen, notes = capture(helper, write, forward, 16 * MEBIBYTE)
    assert 0 < sum(seen) < len(seen) == 4500
    assert any("2 MB" in note for note in notes)

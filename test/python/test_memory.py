"""The limit on memory is one that PyTorch reports, and it is gone afterwards."""

from __future__ import annotations

import sys

import pytest
import torch

from layer_peek import memory, modes

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells and limits memory so")


def test_what_is_free_is_told() -> None:
    free = memory.available()
    if free is None:
        pytest.skip("there is a GPU")
    assert 1 << 20 < free < 1 << 50


def test_an_allocation_beyond_the_limit_fails_and_one_afterwards_does_not() -> None:
    with memory.limited(200 << 20):
        assert torch.zeros(10 << 20).numel() == 10 << 20
        with pytest.raises(RuntimeError) as caught:
            torch.zeros(100 << 20)
    assert modes.is_out_of_memory(caught.value)
    assert torch.zeros(100 << 20).numel() == 100 << 20


def test_sizes_are_told_in_words() -> None:
    assert (memory.text(500_000_000), memory.text(3 << 29)) == ("477 MB", "1.5 GB")

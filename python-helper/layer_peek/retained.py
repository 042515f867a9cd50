"""Tensors kept after the capture, so that questions about them can be answered."""

from __future__ import annotations

import torch

BUDGET_BYTES = 512 * 1024 * 1024
# What a tensor takes besides its elements; the outputs of a loop without end may have none.
_OBJECT_BYTES = 512


def budget_within(limit: int | None) -> int:
    """Tells how many bytes may be kept where a capture may take `limit`; None where that is unknown."""
    return BUDGET_BYTES if limit is None else min(BUDGET_BYTES, limit // 8)


class Retained:
    """Keeps tensors up to a memory budget; beyond it only their descriptions stay."""

    def __init__(self, budget: int = BUDGET_BYTES) -> None:
        self.budget = budget
        self._room = budget
        self._tensors: dict[int, tuple[torch.Tensor, int]] = {}
        self._handles: dict[tuple[int, int], int] = {}
        self._storages: set[int] = set()
        self.refused = 0

    def keep(self, tensor: torch.Tensor) -> int | None:
        """Keeps a tensor and gives its handle; None where it has no memory of its own or the budget is used up."""
        try:
            version = tensor._version
            storage = tensor.untyped_storage()
            address, size = storage.data_ptr(), storage.nbytes()
        except (RuntimeError, NotImplementedError):
            # Inference tensors count no versions; sparse and fake ones have no storage.
            return None
        if address == 0:
            return None
        known = self._handles.get((id(tensor), version))
        if known is not None:
            return known
        needed = _OBJECT_BYTES + (0 if address in self._storages else size)
        if needed > self._room:
            self.refused += 1
            return None
        self._room -= needed
        self._storages.add(address)
        handle = len(self._tensors) + 1
        self._tensors[handle] = (tensor, version)
        self._handles[(id(tensor), version)] = handle
        return handle

    def get(self, handle: int) -> tuple[torch.Tensor, bool] | None:
        """Returns a tensor and whether it was changed since it was kept; None for a handle that was never given."""
        found = self._tensors.get(handle)
        return None if found is None else (found[0], found[0]._version != found[1])

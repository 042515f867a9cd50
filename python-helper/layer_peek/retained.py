"""Tensors kept after the capture, so that questions about them can be answered."""

from __future__ import annotations

from typing import NamedTuple

import torch

BUDGET_BYTES = 512 * 1024 * 1024
# What a tensor takes besides its elements, with what is noted of it; the outputs of a loop without end may have none.
_OBJECT_BYTES = 2048


def budget_within(limit: int | None) -> int:
    """Tells how many bytes may be kept where a capture may take `limit`; None where that is unknown."""
    return BUDGET_BYTES if limit is None else min(BUDGET_BYTES, limit // 8)


class _Kept(NamedTuple):
    tensor: torch.Tensor
    version: int
    # Under what the tensor is known; None for a copy, which nobody else can hand over.
    key: tuple[int, int] | None
    address: int


class Retained:
    """Keeps tensors up to a memory budget; beyond it only their descriptions stay."""

    def __init__(self, budget: int = BUDGET_BYTES) -> None:
        self.budget = budget
        self._room = budget
        self._kept: dict[int, _Kept] = {}
        self._handles: dict[tuple[int, int], int] = {}
        # Handles by the address of the memory; an address is there as soon as it is paid for.
        self._at: dict[int, list[int]] = {}
        self.refused = 0

    def handles(self) -> range:
        """All handles, in the order in which they were given."""
        return range(1, len(self._kept) + 1)

    def keep(self, tensor: torch.Tensor) -> int | None:
        """Keeps a tensor and gives its handle; None where it has no memory of its own or the budget is used up."""
        version = _version(tensor)
        key = (id(tensor), version)
        known = self._handles.get(key)
        if known is not None:
            return known
        if self._room < _OBJECT_BYTES and tensor.layout is torch.strided and tensor.numel():
            # Spares the look at the memory of each tensor that comes after the budget is used up.
            self.refused += 1
            return None
        found = _memory(tensor)
        if found is None:
            return None
        address, size = found
        needed = _OBJECT_BYTES + (0 if address in self._at else size)
        if needed > self._room:
            self.refused += 1
            return None
        self._room -= needed
        handle = len(self._kept) + 1
        self._kept[handle] = _Kept(tensor, version, key, address)
        self._handles[key] = handle
        sharing = self._at.get(address)
        if sharing is None:
            self._at[address] = [handle]
        else:
            sharing.append(handle)
        return handle

    def shares_with(self, handle: int) -> int | None:
        """The first other handle on the same memory, which was kept before; None where there is none."""
        sharing = self._at.get(self._kept[handle].address)
        return sharing[0] if sharing and sharing[0] < handle else None

    def before_write(self, tensor: torch.Tensor) -> None:
        """Copies what is kept of this tensor's memory, which is about to be written, as far as the budget goes."""
        found = _memory(tensor) if self._kept else None
        if found is None or not self._at.get(found[0]):
            return
        address = found[0]
        staying = []
        for handle in self._at[address]:
            kept = self._kept[handle]
            size = kept.tensor.numel() * kept.tensor.element_size()
            if size > self._room or _version(kept.tensor) != kept.version:
                staying.append(handle)
                continue
            with torch.no_grad():
                copied = kept.tensor.detach().clone()
            self._room -= size
            # The tensor itself may be gone from now on, and another one may get its identity.
            if kept.key is not None:
                self._handles.pop(kept.key, None)
            self._kept[handle] = _Kept(copied, _version(copied), None, 0)
        self._at[address] = staying

    def get(self, handle: int) -> tuple[torch.Tensor, bool] | None:
        """Returns a tensor and whether it was changed since it was kept; None for a handle that was never given."""
        found = self._kept.get(handle)
        return None if found is None else (found.tensor, _version(found.tensor) != found.version)


def _version(tensor: torch.Tensor) -> int:
    """Counts in-place operations; tensors of inference mode do not."""
    return 0 if tensor.is_inference() else tensor._version


def _memory(tensor: torch.Tensor) -> tuple[int, int] | None:
    """Address and size in bytes of a tensor's memory; None where it has none of its own."""
    try:
        # The elements of a sparse tensor are most of it.
        held = (
            tensor
            if tensor.layout is torch.strided
            else tensor.values()
            if _is_compressed(tensor)
            else tensor._values()
        )
        storage = held.untyped_storage()
        address, size = storage.data_ptr(), storage.nbytes()
    except (RuntimeError, NotImplementedError):
        # Fake tensors and those of other backends have no storage.
        return None
    return None if address == 0 else (address, size)


def _is_compressed(tensor: torch.Tensor) -> bool:
    return tensor.layout in (torch.sparse_csr, torch.sparse_csc, torch.sparse_bsr, torch.sparse_bsc)

"""What a real run would check and a run without data does not: types of inputs, ranges of indices."""

from __future__ import annotations

import torch
from torch import nn

# Layers that refuse an input of another floating type than their weights.
_STRICT = (nn.Linear, nn.Bilinear, nn.RNNBase, nn.RNNCellBase)
_LISTED = 3


class Unchecked:
    """Looks at calls of a run without data for what would fail with data."""

    def __init__(self) -> None:
        self._mismatches: list[str] = []
        self._indexes = False

    def look(self, module: nn.Module, path: str, args: tuple[object, ...]) -> None:
        """Looks at one call."""
        if isinstance(module, (nn.Embedding, nn.EmbeddingBag)):
            self._indexes = True
        if not isinstance(module, _STRICT) or _casts():
            return
        given = next((value.dtype for value in args if isinstance(value, torch.Tensor)), None)
        own = next((parameter.dtype for parameter in module.parameters(recurse=False)), None)
        if given is not None and own is not None and given != own and own.is_floating_point:
            text = f"{path or 'the model'} has {_name(own)} weights and got {_name(given)}"
            if text not in self._mismatches:
                self._mismatches.append(text)

    def notes(self) -> list[str]:
        """Tells what was found."""
        found = []
        if self._mismatches:
            more = len(self._mismatches) - _LISTED
            listed = "; ".join(self._mismatches[:_LISTED]) + (f"; and {more} more" if more > 0 else "")
            found.append(f"With data this run would fail: {listed}. Shapes mode does not check types.")
        if self._indexes:
            found.append("Shapes mode does not see whether indices are in range.")
        return found


def _casts() -> bool:
    """Tells whether autocast is on; for the CPU older PyTorch has a function of its own."""
    on_cpu = getattr(torch, "is_autocast_cpu_enabled", None)
    return torch.is_autocast_enabled() or (on_cpu is not None and bool(on_cpu()))


def _name(dtype: torch.dtype) -> str:
    return str(dtype).replace("torch.", "", 1)

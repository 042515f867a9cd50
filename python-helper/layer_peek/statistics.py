"""Numbers of one tensor."""

from __future__ import annotations

import math

import torch

from layer_peek.protocol import Statistics

# Elements cast to double at a time: 32 MB.
_CHUNK = 1 << 22


def statistics(tensor: torch.Tensor, changed: bool) -> Statistics:
    """Counts NaN and infinite elements; tells minimum, maximum, mean, deviation and share of zeros of the rest.

    All elements are counted. Complex tensors are described by their absolute values. `std` divides by the number of
    elements less one, as `torch.std` does, and is None for fewer than two.
    """
    with torch.no_grad():
        flat = tensor.detach()
        if flat.layout is not torch.strided:
            flat = flat.to_dense()
        if flat.is_quantized:
            flat = flat.dequantize()
        flat = flat.reshape(-1)
        total, nan, infinite, zeros = flat.numel(), 0, 0, 0
        count, mean, squares = 0, 0.0, 0.0
        low, high = math.inf, -math.inf
        for start in range(0, total, _CHUNK):
            chunk = flat[start : start + _CHUNK]
            chunk = (chunk.abs() if chunk.is_complex() else chunk).double()
            nan += int(chunk.isnan().sum())
            infinite += int(chunk.isinf().sum())
            zeros += int((chunk == 0).sum())
            chunk = chunk[chunk.isfinite()]
            if chunk.numel():
                low, high = min(low, float(chunk.min())), max(high, float(chunk.max()))
                # Chan's formula joins means and squares of two parts without losing digits.
                size, part = chunk.numel(), float(chunk.mean())
                difference = part - mean
                squares += float((chunk - part).square().sum()) + difference**2 * count * size / (count + size)
                mean += difference * size / (count + size)
                count += size
    return {
        "minimum": _finite(low),
        "maximum": _finite(high),
        "mean": _finite(mean) if count else None,
        "std": _finite(math.sqrt(squares / (count - 1))) if count > 1 else None,
        "zeros": zeros / total if total else None,
        "nan": nan,
        "infinite": infinite,
        "elements": total,
        "changed": changed,
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None

"""Numbers of one tensor."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch

from layer_peek.protocol import Statistics

BINS = 32
# Elements looked at together: few enough to stay in the cache once they are doubles.
_CHUNK = 1 << 16
# Larger tensors tell mean, deviation, zeros and histogram of a sample of about this many elements.
_EXACT = 1 << 24
_SAMPLE = 1 << 20
# Types whose bounds are found without a cast.
_BOUNDED = (torch.float32, torch.float64, torch.int32, torch.int64)


def statistics(tensor: torch.Tensor, changed: bool) -> Statistics:
    """Counts NaN and infinite elements and tells the first of each; describes the finite rest.

    Minimum, maximum and counts are those of all elements. Mean, deviation, share of zeros and the histogram are those
    of a regular sample where `sampled` gives its size. Complex tensors are described by their absolute values. `std`
    divides by the number of elements less one, as `torch.std` does, and is None for fewer than two. The histogram has
    equal bins from minimum to maximum; it is empty where nothing is finite.
    """
    with torch.no_grad():
        compact, times = without_repeats(tensor.detach())
        flat, shape = _flat(compact)
        extent = _Extent(flat, shape)
        step = 1 if flat.numel() <= _EXACT else flat.numel() // _SAMPLE
        moments = _Moments(flat[::step], extent)
        count = moments.count * times
    return {
        "minimum": _finite(extent.low),
        "maximum": _finite(extent.high),
        "mean": _finite(moments.mean) if moments.count else None,
        "std": _finite(math.sqrt(moments.squares * times / (count - 1))) if count > 1 else None,
        "zeros": moments.zeros / moments.total if moments.total else None,
        "nan": extent.nan * times,
        "infinite": extent.infinite * times,
        "elements": flat.numel() * times,
        "changed": changed,
        "firstNan": extent.first_nan,
        "firstInfinite": extent.first_infinite,
        "histogram": [count * times for count in moments.histogram],
        "sampled": None if step == 1 else moments.total,
    }


def without_repeats(tensor: torch.Tensor) -> tuple[torch.Tensor, int]:
    """Cuts off what `expand` repeats, which takes no memory and may be of any size; tells how often it is repeated."""
    times = 1
    if tensor.layout is torch.strided and not tensor.is_nested and not tensor.is_quantized:
        for dimension, (size, stride) in enumerate(zip(tensor.shape, tensor.stride())):
            if stride == 0 and size > 1:
                tensor, times = tensor.narrow(dimension, 0, 1), times * size
    return tensor, times


def _flat(tensor: torch.Tensor) -> tuple[torch.Tensor, list[int] | None]:
    """The elements in a row, and the shape that indices are told by; None where the parts have several."""
    if tensor.is_nested:
        parts = [_flat(part)[0] for part in tensor.unbind()]
        return torch.cat(parts) if parts else torch.zeros(0), None
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    return tensor.reshape(-1), list(tensor.shape)


def _chunks(flat: torch.Tensor) -> Iterator[tuple[int, torch.Tensor]]:
    """Parts, each with where it begins; real numbers of a type that all operations know."""
    for start in range(0, flat.numel(), _CHUNK):
        chunk = flat[start : start + _CHUNK]
        chunk = chunk.abs() if chunk.is_complex() else chunk
        yield start, chunk if chunk.dtype in _BOUNDED else chunk.double()


class _Extent:
    """What is told of all elements."""

    def __init__(self, flat: torch.Tensor, shape: list[int] | None) -> None:
        self.nan, self.infinite = 0, 0
        self.first_nan: list[int] | None = None
        self.first_infinite: list[int] | None = None
        self.low, self.high = math.inf, -math.inf
        for start, chunk in _chunks(flat):
            low, high = (float(bound) for bound in chunk.aminmax())
            if not (math.isfinite(low) and math.isfinite(high)):
                nans, infinities = chunk.isnan(), chunk.isinf()
                self.nan += int(nans.sum())
                self.infinite += int(infinities.sum())
                self.first_nan = self.first_nan or _first(nans, start, shape)
                self.first_infinite = self.first_infinite or _first(infinities, start, shape)
                rest = chunk[chunk.isfinite()]
                if not rest.numel():
                    continue
                low, high = (float(bound) for bound in rest.aminmax())
            self.low, self.high = min(self.low, low), max(self.high, high)


class _Moments:
    """What may be told of a sample."""

    def __init__(self, flat: torch.Tensor, extent: _Extent) -> None:
        self.total, self.count, self.zeros = flat.numel(), 0, 0
        self.mean, self.squares = 0.0, 0.0
        bins = torch.zeros(BINS, dtype=torch.long)
        is_finite = not extent.nan and not extent.infinite
        for _, whole in _chunks(flat):
            self.zeros += whole.numel() - int(whole.count_nonzero())
            chunk = (whole if is_finite else whole[whole.isfinite()]).double()
            if not chunk.numel():
                continue
            bins += _counts(chunk, extent.low, extent.high)
            # Chan's formula joins means and squares of two parts without losing digits.
            size = chunk.numel()
            variance, mean = torch.var_mean(chunk, correction=0)
            difference = float(mean) - self.mean
            self.squares += float(variance) * size
            self.squares += difference**2 * self.count * size / (self.count + size)
            self.mean += difference * size / (self.count + size)
            self.count += size
        self.histogram = bins.tolist() if self.count else []


def _counts(chunk: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """How many elements are in each bin; `torch.histc` does the same several times slower."""
    width = (high - low) / BINS
    if not width or not math.isfinite(width):
        # All are equal, or their difference is beyond all numbers.
        return torch.histc(chunk, BINS, low, high).long()
    places = ((chunk - low) / width).long().clamp_(0, BINS - 1)
    return torch.bincount(places, minlength=BINS)


def _first(found: torch.Tensor, start: int, shape: list[int] | None) -> list[int] | None:
    places = found.nonzero()
    if not places.numel():
        return None
    at = int(places[0]) + start
    if shape is None:
        return [at]
    index: list[int] = []
    for size in reversed(shape):
        index.insert(0, at % size)
        at //= size
    return index


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None

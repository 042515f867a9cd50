"""Where the first NaN and the first infinite value of a run appeared."""

from __future__ import annotations

from typing import NamedTuple

import torch

from layer_peek.layers import Layers
from layer_peek.protocol import Call, Finding, Operation, Site, Value
from layer_peek.retained import Retained
from layer_peek.statistics import statistics, without_repeats

# Functions that write numbers the user chose: a mask of -inf is no accident, nor is what is computed from it.
_CHOSEN = ("fill", "full", "where", "tensor", "triu", "tril", "setitem", "__set__", "zeros", "ones", "like")


class _Seen(NamedTuple):
    role: str
    # Of a function; empty for a layer.
    name: str
    path: str
    # Which call of the layer; 0 for the first.
    nth: int
    site: Site | None
    # Tensors that nothing before gave.
    handles: list[int]


class Findings:
    """Notes values in the order in which they were seen, and looks at them afterwards.

    Holds nothing for tensors that are not kept: the budget of these bounds what a loop without end adds.
    """

    def __init__(self) -> None:
        self._seen: list[_Seen] = []
        self._noted: set[int] = set()

    def given(self, call: Call) -> None:
        """Notes what a layer was called with."""
        self._note(call["input"], "input", "", call["path"], call["index"], call["callSite"])

    def returned(self, call: Call) -> None:
        """Notes what a layer gave."""
        if call["output"] is not None:
            self._note(call["output"], "output", "", call["path"], call["index"], call["callSite"])

    def computed(self, operation: Operation, site: Site) -> None:
        """Notes what a function without a module gave; `site` is where."""
        self._note(operation["output"], "operation", operation["name"], operation["path"], 0, site)

    def _note(self, value: Value, role: str, name: str, path: str, nth: int, site: Site | None) -> None:
        found = _handles(value)
        handles = [handle for handle in dict.fromkeys(found) if handle not in self._noted] if found else found
        if handles:
            self._noted.update(handles)
            self._seen.append(_Seen(role, name, path, nth, site, handles))

    def look(self, retained: Retained, layers: Layers) -> list[Finding]:
        """Looks at all tensors that are kept; gives at most one finding of each kind."""
        found: dict[str, Finding] = {}
        masked = False
        clean: set[tuple[int, torch.dtype]] = set()
        for seen in self._seen:
            for handle in seen.handles:
                kept = retained.get(handle)
                kinds = set() if kept is None else _kinds_anew(kept[0], clean)
                if seen.role == "operation" and kinds and _is_chosen(seen.name):
                    masked = masked or "infinite" in kinds
                    continue
                if masked:
                    kinds.discard("infinite")
                for kind in sorted(kinds - set(found)):
                    assert kept is not None
                    found[kind] = _finding(kind, seen, kept[0], layers)
                if len(found) == 2:
                    return list(found.values())
        return list(found.values())


def _handles(value: Value) -> list[int]:
    if value["kind"] == "tensor":
        handle = value.get("handle")
        return [handle] if isinstance(handle, int) else []
    handles: list[int] = []
    for item in value.get("items", ()):  # type: ignore[attr-defined]
        handles += _handles(item["value"])
    return handles


def _kinds_anew(tensor: torch.Tensor, clean: set[tuple[int, torch.dtype]]) -> set[str]:
    """As `_kinds`, but looks at memory once: a view of what was found to hold neither holds neither."""
    if type(tensor) is not torch.Tensor or tensor.layout is not torch.strided or tensor.is_nested:
        return _kinds(tensor)
    storage = tensor.untyped_storage()
    place = (storage.data_ptr(), tensor.dtype)
    if place in clean:
        return set()
    kinds = _kinds(tensor)
    if not kinds and tensor.is_contiguous() and tensor.numel() * tensor.element_size() == storage.nbytes():
        clean.add(place)
    return kinds


def _kinds(tensor: torch.Tensor) -> set[str]:
    """Tells whether a tensor holds NaN and whether it holds infinite values; one pass where it holds neither."""
    with torch.no_grad():
        try:
            flat, _ = without_repeats(tensor.detach())
            if flat.is_complex():
                flat = torch.view_as_real(flat.resolve_conj())
            if not flat.is_floating_point() or not flat.numel() or flat.is_quantized:
                return set()
            if flat.layout is not torch.strided:
                flat = flat.to_dense()
            if flat.element_size() == 1:
                flat = flat.float()
            # A sum that is finite has no other parts, and is the fastest way to look at all of them.
            if bool(flat.sum().isfinite()):
                return set()
            return {name for name, mask in (("nan", flat.isnan()), ("infinite", flat.isinf())) if bool(mask.any())}
        except Exception:  # noqa: BLE001 - a kind of tensor that knows none of these, or runs user code
            return set()


def _is_chosen(name: str) -> bool:
    return any(part in name for part in _CHOSEN)


def _finding(kind: str, seen: _Seen, tensor: torch.Tensor, layers: Layers) -> Finding:
    numbers = statistics(tensor, changed=False)
    count, first = (
        (numbers["nan"], numbers["firstNan"]) if kind == "nan" else (numbers["infinite"], numbers["firstInfinite"])
    )
    what = "NaN" if kind == "nan" else "infinite values"
    part = f"{count} of {numbers['elements']} elements"
    message = f"The first {what} of this run: {part} of {_place(seen)}, first at {first}."
    if seen.role == "output":
        message += _weights(layers, seen.path, kind)
    return {"kind": kind, "message": message, "path": seen.path, "site": seen.site}


def _place(seen: _Seen) -> str:
    if seen.role == "operation":
        line = "" if seen.site is None else f" on line {seen.site['line']}"
        return f"what {seen.name}{line} gave"
    name = seen.path or "the model"
    again = "" if seen.nth == 0 else f" (call {seen.nth + 1})"
    return f"what {name} was given{again}" if seen.role == "input" else f"what {name} gave{again}"


def _weights(layers: Layers, path: str, kind: str) -> str:
    """Tells of weights of the layer that hold such values themselves."""
    module = layers.root.get_submodule(path)
    bad = [name for name, parameter in module.named_parameters(recurse=False) if kind in _kinds(parameter)]
    return f" Its {' and '.join(bad)} {'holds' if len(bad) == 1 else 'hold'} such values." if bad else ""

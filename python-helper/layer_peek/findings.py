"""Where the first NaN and the first infinite value of a run appeared."""

from __future__ import annotations

from typing import Union, cast

import torch

from layer_peek.layers import Layers
from layer_peek.protocol import Call, Finding, Operation, Site, Value
from layer_peek.retained import Retained
from layer_peek.statistics import statistics, without_repeats

# Functions that write numbers the user chose: a mask of -inf is no accident, nor is what is computed from it.
_CHOSEN = ("fill", "full", "where", "tensor", "triu", "tril", "setitem", "__set__", "zeros", "ones", "like")

_Step = Union[Call, Operation]


class Findings:
    """Notes values in the order in which they were seen, and looks at them afterwards."""

    def __init__(self) -> None:
        self._seen: list[tuple[str, _Step, Value]] = []

    def given(self, call: Call) -> None:
        """Notes what a layer was called with."""
        self._seen.append(("input", call, call["input"]))

    def returned(self, call: Call) -> None:
        """Notes what a layer gave."""
        if call["output"] is not None:
            self._seen.append(("output", call, call["output"]))

    def computed(self, operation: Operation) -> None:
        """Notes what a function without a module gave."""
        self._seen.append(("operation", operation, operation["output"]))

    def look(self, retained: Retained, layers: Layers) -> list[Finding]:
        """Looks at all tensors that are kept; gives at most one finding of each kind."""
        found: dict[str, Finding] = {}
        clean: set[int] = set()
        masked = False
        for role, step, value in self._seen:
            for handle in _handles(value):
                if handle in clean:
                    continue
                clean.add(handle)
                kept = retained.get(handle)
                kinds = set() if kept is None else _kinds(kept[0])
                if role == "operation" and kinds and _is_chosen(cast("Operation", step)["name"]):
                    masked = masked or "infinite" in kinds
                    continue
                if masked:
                    kinds.discard("infinite")
                for kind in sorted(kinds - set(found)):
                    assert kept is not None
                    found[kind] = _finding(kind, role, step, kept[0], layers)
                if len(found) == 2:
                    return list(found.values())
        return list(found.values())


def _handles(value: Value) -> list[int]:
    if value["kind"] == "tensor":
        handle = value.get("handle")
        return [handle] if isinstance(handle, int) else []
    return [handle for item in value.get("items", []) for handle in _handles(item["value"])]  # type: ignore[attr-defined]


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
        except (RuntimeError, NotImplementedError):
            # A kind of tensor that knows none of these.
            return set()


def _is_chosen(name: str) -> bool:
    return any(part in name for part in _CHOSEN)


def _finding(kind: str, role: str, step: _Step, tensor: torch.Tensor, layers: Layers) -> Finding:
    numbers = statistics(tensor, changed=False)
    count, first = (
        (numbers["nan"], numbers["firstNan"]) if kind == "nan" else (numbers["infinite"], numbers["firstInfinite"])
    )
    path = step["path"]
    where, site = _place(role, step)
    what = "NaN" if kind == "nan" else "infinite values"
    message = f"The first {what} of this run: {count} of {numbers['elements']} elements of {where}, first at {first}."
    if role == "output":
        message += _weights(layers, path, kind)
    return {"kind": kind, "message": message, "path": path, "site": site}


def _place(role: str, step: _Step) -> tuple[str, Site | None]:
    if role == "operation":
        operation = cast("Operation", step)
        return f"what {operation['name']} on line {operation['line']} gave", {
            "file": operation["file"],
            "line": operation["line"],
            "endLine": operation["endLine"],
            "column": operation["column"],
            "endColumn": operation["endColumn"],
        }
    call = cast("Call", step)
    name = call["path"] or "the model"
    again = "" if call["index"] == 0 else f" (call {call['index'] + 1})"
    return (f"what {name} was given{again}" if role == "input" else f"what {name} gave{again}"), call["callSite"]


def _weights(layers: Layers, path: str, kind: str) -> str:
    """Tells of weights of the layer that hold such values themselves."""
    module = layers.root.get_submodule(path)
    bad = [name for name, parameter in module.named_parameters(recurse=False) if kind in _kinds(parameter)]
    return f" Its {' and '.join(bad)} {'holds' if len(bad) == 1 else 'hold'} such values." if bad else ""

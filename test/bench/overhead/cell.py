"""One cell of the overhead benchmark, in a process of its own: a tool on a model, and the plain forward in turns.

Prints one JSON object: times of both in milliseconds, peak memory in bytes, and what the tool sent.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import time
from typing import Any, Callable

import torch
from torch import nn

Tool = Callable[[nn.Module, torch.Tensor], None]


def plain(model: nn.Module, x: torch.Tensor) -> None:
    model(x)


class LayerPeek:
    """The helper's run of a prepared model, with its messages written as JSON."""

    def __init__(self, statistics: bool, budget: int | None = None) -> None:
        self._statistics = statistics
        self._budget = budget
        self.bytes = self.messages = 0

    def _send(self, part: Any) -> None:
        self.messages += 1
        self.bytes += len(json.dumps(part, separators=(",", ":")).encode())

    def __call__(self, model: nn.Module, x: torch.Tensor) -> None:
        from layer_peek.forward import Forward
        from layer_peek.recipe import Prepared
        from layer_peek.recording import Recording
        from layer_peek.retained import BUDGET_BYTES, Retained
        from layer_peek.statistics import statistics

        self.bytes = self.messages = 0
        retained = Retained(BUDGET_BYTES if self._budget is None else self._budget)
        recording = Recording(self._send)
        request: Any = {"file": __file__, "workspaceRoot": None, "select": None, "mode": "values"}
        forward = Forward(request, "values", recording, retained, lambda *_: None, assumed=False)
        error = forward.run(Prepared(model, lambda: model(x), [x], {}), None)
        recording.close()
        if error is not None:
            raise RuntimeError(error["message"])
        if self._statistics:
            for handle in retained.handles():
                found = retained.get(handle)
                if found is not None:
                    statistics(*found)


def torchinfo(model: nn.Module, x: torch.Tensor) -> None:
    from torchinfo import summary

    summary(model, input_data=x, verbose=0)


def torchview(model: nn.Module, x: torch.Tensor) -> None:
    from torchview import draw_graph

    draw_graph(model, input_data=x, expand_nested=True)


def torchlens(model: nn.Module, x: torch.Tensor) -> None:
    from torchlens import trace

    trace(model, x)


TOOLS: dict[str, Tool] = {
    "plain": plain,
    "layer-peek": LayerPeek(statistics=False),
    "layer-peek, nothing kept": LayerPeek(statistics=False, budget=0),
    "layer-peek, statistics": LayerPeek(statistics=True),
    "torchinfo": torchinfo,
    "torchview": torchview,
    "torchlens": torchlens,
}


def timed(tool: Tool, model: nn.Module, x: torch.Tensor) -> float:
    start = time.perf_counter()
    with torch.no_grad(), contextlib.redirect_stdout(io.StringIO()):
        tool(model, x)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    name, model_name, threads, rounds, *folders = sys.argv[1:]
    sys.path[:0] = folders
    from models import MODELS

    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    build, make = MODELS[model_name]
    model, x = build().eval(), make()
    tool = TOOLS[name]
    timed(plain, model, x)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # The first run of a tool loads what later ones find loaded.
    timed(tool, model, x)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pairs = [(timed(plain, model, x), timed(tool, model, x)) for _ in range(int(rounds))]
    print(
        json.dumps(
            {
                "plain": [one for one, _ in pairs],
                "tool": [one for _, one in pairs],
                "plainPeak": before * 1024,
                "peak": peak * 1024,
                "bytes": getattr(tool, "bytes", 0),
                "messages": getattr(tool, "messages", 0),
            }
        )
    )


main()

"""The baseline: in a warm process, import the example anew, build its model and run it once, again and again.

Prints one time in milliseconds for each line it reads.
"""

import importlib.util
import sys
import time

import torch

FILE, RECIPE = sys.argv[1:]


def run_once() -> None:
    spec = importlib.util.spec_from_file_location("example", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with torch.no_grad():
        eval(RECIPE, {**vars(module), "torch": torch})


for _ in sys.stdin:
    start = time.perf_counter()
    run_once()
    print((time.perf_counter() - start) * 1000, flush=True)

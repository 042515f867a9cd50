"""Imports ahead what running without data needs later.

Meta kernels and fake tensors import `torch._dynamo` at their first use: a second or more. Importing it runs no
operation, so it may stand in a process that is forked.
"""

from __future__ import annotations

import contextlib
import gc

IDLE_SECONDS = 0.2


def preload() -> None:
    """Imports it; where that fails, the capture that needs it will say so."""
    with contextlib.suppress(Exception):
        import torch._dynamo  # noqa: F401 - imported for the effect


def preload_and_freeze() -> None:
    """Imports it in a process that is forked afterwards."""
    preload()
    # Objects of the imports are neither collected nor, by their counts being rewritten, copied in forked children.
    gc.collect()
    gc.freeze()

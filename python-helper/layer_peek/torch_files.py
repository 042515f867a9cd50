"""Which files belong to PyTorch, and to its module machinery."""

from __future__ import annotations

import os
from functools import cache

import torch
from torch.nn.modules import container, module

TORCH_FOLDER = os.path.dirname(torch.__file__) + os.sep
MODULE_FILE = module.__file__
CONTAINER_FILE = container.__file__
MACHINERY = frozenset((MODULE_FILE, CONTAINER_FILE))
_MODULES_FOLDER = os.path.dirname(MODULE_FILE) + os.sep
HELPER_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep

_WRAPPERS = frozenset(
    os.path.join(TORCH_FOLDER, *parts)
    for parts in (
        ("functional.py",),
        ("nn", "functional.py"),
        ("_tensor.py",),
        ("overrides.py",),
        ("_jit_internal.py",),
    )
)


@cache
def passes_calls_on(filename: str) -> bool:
    """Tells whether a file of PyTorch calls modules for others: containers, checkpointing, functional calls.

    Code under `nn/modules` makes calls of its own, `TransformerEncoderLayer` for example.
    """
    return filename in MACHINERY or (in_torch(filename) and not filename.startswith(_MODULES_FOLDER))


@cache
def in_torch(filename: str) -> bool:
    """Tells whether a file belongs to the torch package."""
    return filename.startswith(TORCH_FOLDER)


@cache
def is_wrapper(filename: str) -> bool:
    """Tells whether a file holds the thin Python functions before an operation: `F.relu`, `Tensor.split`."""
    return filename in _WRAPPERS


@cache
def leads_to_function(filename: str) -> bool:
    """Tells whether a file may stand between the line that calls a PyTorch function and the function: thin or ours."""
    return is_wrapper(filename) or is_ours(filename)


@cache
def is_ours(filename: str) -> bool:
    """Tells whether a file belongs to the helper."""
    return filename.startswith(HELPER_FOLDER)

"""A model with places for what user code can do, and tools for doing it."""

from __future__ import annotations

RECIPE = "Net()(torch.randn(1, 4))"

_NET = """
import builtins, contextlib, ctypes, inspect, json, multiprocessing, os, signal, subprocess, sys
import threading, time, warnings
import torch
import torch.nn.functional as F
from torch import nn

libc = ctypes.CDLL(None)

def again(x):
    return again(x)

class Hostile(torch.Tensor):
    def __repr__(self, **_):
        raise RuntimeError("no repr")
    __str__ = __format__ = __repr__

class Unspeakable(BaseException):
    def __str__(self):
        raise KeyboardInterrupt
    __repr__ = __str__

class Proxy:
    def __getattribute__(self, name):
        raise SystemExit("proxy asked for " + name)

def scribble():
    for descriptor in range(3, 256):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"x" * 9999)

def daemon(action):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            action()
        os._exit(0)
    os.wait()

{load}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.second = nn.Linear(4, 4)
        {build}

    def forward(self, x):
        x = self.first(x)
        {forward}
        return self.second(x)
"""

# A process that takes all it gets, and holds it.
GREEDY = """
import time
taken = []
while True:
    try:
        taken.append(bytearray(b"1") * 2**24)
    except MemoryError:
        time.sleep(60)
"""


def net(forward: str = "", build: str = "", load: str = "") -> str:
    """Writes a model: `forward` runs between its two layers, `build` in its constructor, `load` before the class."""
    parts = {"forward": (forward, " " * 8), "build": (build, " " * 8), "load": (load, "")}
    text = _NET
    for name, (code, indent) in parts.items():
        text = text.replace(f"{{{name}}}", code.replace("\n", "\n" + indent))
    return text

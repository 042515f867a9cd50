"""What user code can do to the process that runs it: each fault is told clearly, and the next capture works."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from typing import Any, Optional

import pytest

from conftest import WriteFile
from helper_client import EXAMPLES, HelperClient, Result, capture_request, poll, processes_of_group

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the zygote is for Linux")

SIMPLE = os.path.join(EXAMPLES, "simple_model.py")
MEBIBYTE = 1 << 20

# Forward runs `{forward}` between two layers; the model is built by `{build}`, the file begins with `{load}`.
NET = """
import builtins, ctypes, json, multiprocessing, os, signal, subprocess, sys, threading, time, warnings
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
RECIPE = "Net()(torch.randn(1, 4))"


@dataclass(frozen=True)
class Fault:
    """What user code does, and what the user then sees."""

    does: str
    # None where the capture survives it.
    kind: Optional[str] = None
    says: str = ""
    advises: str = ""
    memory: Optional[int] = None
    # Of a process that died by itself.
    code: Optional[int] = None
    signal: Optional[str] = None


FORWARD = {
    # Ends of the process.
    "exits": Fault("os._exit(3)", "died", code=3),
    "exits as if all were well": Fault("os._exit(0)", "died", code=0),
    "segmentation fault": Fault("ctypes.string_at(0)", "died", signal="SIGSEGV"),
    "aborts": Fault("os.abort()", "died", signal="SIGABRT"),
    "kills itself": Fault("os.kill(os.getpid(), 9)", "died", signal="SIGKILL"),
    "kills its group": Fault("os.killpg(0, 9)", "died", signal="SIGKILL"),
    "an alarm": Fault("signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(60)", "died", signal="SIGALRM"),
    "a thread exits": Fault("threading.Timer(0.01, os._exit, [5]).start(); time.sleep(60)", "died", code=5),
    # What outlives forward.
    "forks, both go on": Fault("os.fork()"),
    "forks a child that raises": Fault("if os.fork() == 0: raise ValueError"),
    "forks daemons": Fault("daemon(lambda: time.sleep(1000)); daemon(lambda: os.execvp('sleep', ['sleep', '1000']))"),
    "subprocesses": Fault("[subprocess.Popen(['sleep', '1000'], start_new_session=new) for new in (True, False)]"),
    "threads": Fault("[threading.Thread(target=time.sleep, args=[1000]).start() for _ in range(20)]"),
    "a thread that computes": Fault("threading.Thread(target=lambda: [self.first(x) for _ in iter(int, 1)]).start()"),
    "a worker pool": Fault("multiprocessing.get_context('fork').Pool(2).map(abs, [1, -1])"),
    # Descriptors, folders.
    "closes descriptors": Fault("os.closerange(3, 256)", "died", "closed descriptors", "os.closerange"),
    "closes all descriptors": Fault("os.closerange(0, 256)", "died", "closed descriptors", "os.closerange"),
    "takes over descriptors": Fault(
        "os.closerange(3, 256); kept = [open('/dev/null', 'w') for _ in range(20)]", "died", "closed descriptors"
    ),
    "writes into descriptors": Fault(
        "import stat; [os.write(fd, b'x' * 9999) for fd in map(int, os.listdir('/proc/self/fd')) if fd > 2"
        " and os.path.exists(f'/proc/self/fd/{fd}') is False and 'pipe' in os.readlink(f'/proc/self/fd/{fd}')"
        " and os.access in (os.access,) and (lambda: __import__('fcntl').fcntl(fd, 3) & 3)() == 1]",
        "died",
        "wrote into a descriptor",
    ),
    "unblocks the output": Fault("os.set_blocking(2, False)"),
    "changes the folder": Fault("os.chdir('/')"),
    "a folder that is gone": Fault("os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')"),
    # Monkeypatches.
    "Tensor.__repr__": Fault("torch.Tensor.__repr__ = None"),
    "Tensor.shape": Fault("torch.Tensor.shape = property(lambda self: 1 / 0)", "internal"),
    "Module.__call__": Fault("nn.Module.__call__ = lambda self, *args: self.forward(*args)"),
    "Module.named_modules": Fault("nn.Module.named_modules = nn.Module.modules = None"),
    "Module.named_modules, before": Fault("pass"),
    "torch.randn": Fault("torch.randn = torch.rand = torch.zeros = None"),
    "torch.no_grad": Fault("torch.no_grad = torch.set_grad_enabled = torch.is_grad_enabled = None"),
    "torch.set_rng_state": Fault("torch.set_rng_state = None", "internal", "NoneType", "replaced a function"),
    "the default device": Fault("torch.set_default_device('meta')"),
    "the default type": Fault("torch.set_default_dtype(torch.float64); x = x.double(); self.double()"),
    "json.dumps": Fault("json.dumps = None", "internal", "failed in the process", "replaced a function"),
    "os.write": Fault("os.write = None", "internal"),
    "open and import": Fault("builtins.open = None; sys.path.clear(); sys.meta_path.clear(); sys.modules.pop('torch')"),
    "the standard streams": Fault("sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None"),
    "warnings as errors": Fault("warnings.simplefilter('error')"),
    "a trace function": Fault("sys.settrace(lambda *_: 1 / 0)"),
    "the environment": Fault("os.environ.clear()"),
    "signal handlers": Fault("[signal.signal(n, signal.SIG_IGN) for n in (1, 2, 3, 13, 14, 15, 17)]"),
    # Exceptions.
    "KeyboardInterrupt": Fault("raise KeyboardInterrupt", "forward", "KeyboardInterrupt", "can't go past"),
    "GeneratorExit": Fault("raise GeneratorExit('enough')", "forward", "enough", "can't go past"),
    "sys.exit": Fault("sys.exit('done')", "forward", r"sys.exit\(done\)", "can't go past"),
    "an interrupt from a thread": Fault(
        "threading.Timer(0.01, __import__('_thread').interrupt_main).start(); time.sleep(60)", "forward", "KeyboardInt"
    ),
    "an exception without text": Fault("raise Unspeakable", "forward", "Unspeakable", "can't go past"),
    "an endless text": Fault("raise ValueError('x' * 50_000_000)", "forward", "characters left out"),
    "a cause that is itself": Fault("e = ValueError('mine'); e.__cause__ = e; raise e", "forward", "mine"),
    # Recursion.
    "calls itself": Fault("x = self(x)", "forward", "recursion", "without end"),
    "a function that calls itself": Fault("again(x)", "forward", "recursion", "without end"),
    "recursion past the limit": Fault("sys.setrecursionlimit(10**9); self(x)", "died", signal="SIGSEGV"),
    "a low limit of recursion": Fault("sys.setrecursionlimit(sys._getframe().f_back.f_lineno * 0 + 60)", ...),  # type: ignore[arg-type]
    # Memory.
    "tensors": Fault("x = [torch.ones(2**20) for _ in iter(int, 1)]", "memory", "512 MB", "shapes mode", 512 * MEBIBYTE),
    "one tensor": Fault("torch.empty(2**50)", "memory", "more memory than the limit", "memoryLimitGB"),
    "Python objects": Fault("x = [bytes(2**20) for _ in iter(int, 1)]", "memory", "512 MB", memory=512 * MEBIBYTE),
    "small Python objects": Fault("x = [[] for _ in iter(int, 1)]", "memory", "256 MB", memory=256 * MEBIBYTE),
    "C memory": Fault(
        "libc.malloc.restype = ctypes.c_void_p; [libc.memset(ctypes.c_void_p(libc.malloc(2**26)), 1, 2**26) "
        "for _ in iter(int, 1)]", "died", signal="SIGSEGV", memory=512 * MEBIBYTE,
    ),
    "a subprocess": Fault(
        "subprocess.run([sys.executable, '-c', 'x = [bytes(2**20).replace(bytes(1), bytes([1])) for _ in iter(int, 1)]'])",
        memory=512 * MEBIBYTE,
    ),
    "forked processes": Fault(
        "[os.fork() for _ in range(3)]; y = torch.ones(75 * 2**20); time.sleep(60)", "memory", "processes it started",
        memory=512 * MEBIBYTE,
    ),
    "shared memory": Fault(
        "y = [torch.ones(2**20).share_memory_() for _ in iter(int, 1)]", "memory", "512 MB", memory=512 * MEBIBYTE
    ),
    # Values.
    "a tensor that can't be printed": Fault("x = x.as_subclass(Hostile)"),
    "an object that can't be asked": Fault("x = nn.Identity()([x, Proxy()])[0]"),
}  # fmt: skip


def error_of(result: Result) -> dict[str, Any]:
    """Finds the error as the server would: in the answer, else in how the process ended."""
    if "result" in result.answer:
        error: dict[str, Any] = result.end["error"]
        return error
    # The server knows by `exited` why the request fails: it must come before the answer.
    assert result.notifications[-1]["method"] == "exited"
    exited = result.notifications[-1]["params"]
    assert exited["pid"] == result.named("started")[0]["pid"]
    return {"kind": "died", "message": "", "advice": "", **exited, **exited.get("error", {})}


def assert_works(helper: HelperClient) -> None:
    result = helper.capture(SIMPLE, recipe="SimpleModel()(torch.randn(1, 3, 8, 8))")
    assert result.end["status"] == "ok"
    assert result.output_shape("fc1") == [1, 10]


@pytest.mark.parametrize("name", FORWARD)
def test_in_forward(helper: HelperClient, write: WriteFile, name: str) -> None:
    fault = FORWARD[name]
    text = NET.replace("{forward}", fault.does).replace("{build}", "").replace("{load}", "")
    result = helper.capture(write(text), recipe=RECIPE, memory=fault.memory)
    if fault.kind is None:
        assert result.end["error"] is None
        assert result.output_shape("second") == [1, 4]
    else:
        error = error_of(result)
        print(error)
        assert error["kind"] == fault.kind
        assert re.search(fault.says, error["message"])
        assert re.search(fault.advises, error["advice"])
        assert len(error["message"]) < 5000
        if fault.code is not None or fault.signal is not None:
            assert (error["code"], error["signal"]) == (fault.code, fault.signal)
    assert result.output_shape("first") == [1, 4]
    assert_works(helper)
    child = result.named("started")[0]["pid"]
    assert poll(lambda: processes_of_group(child) == [])

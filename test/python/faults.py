"""What user code can do, and what its user then sees: tables for the tests of the helper."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from faulty_model import GREEDY
from helper_client import EXAMPLES, HelperClient, Result

SIMPLE = os.path.join(EXAMPLES, "simple_model.py")
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Fault:
    """What user code does, and what the user then sees."""

    does: str
    # None where the capture survives it.
    kind: str | None = None
    says: str = ""
    advises: str = ""
    memory: int | None = None
    # Of a process that died by itself.
    code: int | None = None
    signal: str | None = None
    # The layer after the fault is not seen, and the result says so.
    unseen: bool = False
    # Of a capture that survives it.
    mode: str = "values"


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


def check(result: Result, fault: Fault) -> None:
    """Asserts that the result is what the fault's user shall see."""
    if fault.kind is None:
        assert result.end["error"] is None, result.end["error"]
        assert result.end["mode"] == fault.mode
        assert re.search(fault.says, " ".join(result.end["notes"])), result.end["notes"]
        return
    error = error_of(result)
    assert error["kind"] == fault.kind, error
    assert re.search(fault.says, error["message"]), error
    assert re.search(fault.advises, error["advice"]), error
    assert len(error["message"]) < 5000
    if fault.code is not None or fault.signal is not None:
        assert (error["code"], error["signal"]) == (fault.code, fault.signal)


def assert_works(helper: HelperClient) -> None:
    """Asserts that the next capture is as good as the first."""
    result = helper.capture(SIMPLE, recipe="SimpleModel()(torch.randn(1, 3, 8, 8))")
    assert result.end["status"] == "ok"
    assert result.output_shape("fc1") == [1, 10]


# While forward runs.
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
    "writes into descriptors": Fault("scribble()", "died", "wrote into a descriptor"),
    "unblocks the output": Fault("os.set_blocking(2, False)"),
    "changes the folder": Fault("os.chdir('/')"),
    "a folder that is gone": Fault("os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')"),
    # Monkeypatches.
    "Tensor.__repr__": Fault("torch.Tensor.__repr__ = None"),
    "Tensor.shape": Fault("torch.Tensor.shape = property(lambda self: 1 / 0)", unseen=True),
    "Module.__call__": Fault("nn.Module.__call__ = lambda self, *args: self.forward(*args)", unseen=True),
    "Module.named_modules": Fault(
        "nn.Module.named_modules = nn.Module.modules = None", "internal", "NoneType", "replaced a"
    ),
    "torch.randn": Fault("torch.randn = torch.rand = torch.zeros = None"),
    "torch.no_grad": Fault(
        "torch.no_grad = torch.set_grad_enabled = torch.is_grad_enabled = None", "internal", "NoneType"
    ),
    "torch.set_rng_state": Fault("torch.set_rng_state = None", "internal", "NoneType", "replaced a function"),
    "the default device": Fault("torch.set_default_device('meta')"),
    "the default type": Fault("torch.set_default_dtype(torch.float64); x = x.double(); self.double()"),
    "json.dumps": Fault("json.dumps = None", "internal", "failed in the process", "replaced a function"),
    "os.write": Fault("os.write = None", "internal"),
    "open and import": Fault("builtins.open = None; sys.path.clear(); sys.meta_path.clear(); sys.modules.pop('torch')"),
    "the standard streams": Fault("sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None"),
    "warnings as errors": Fault("warnings.simplefilter('error')"),
    "a trace function": Fault("sys.settrace(lambda *_: 1 / 0)", "forward", "division by zero"),
    "the environment": Fault("os.environ.clear()"),
    "signal handlers": Fault("[signal.signal(n, signal.SIG_IGN) for n in (1, 2, 3, 13, 14, 15, 17)]"),
    # Exceptions.
    "KeyboardInterrupt": Fault("raise KeyboardInterrupt", "forward", "KeyboardInterrupt", "can't go past"),
    "GeneratorExit": Fault("raise GeneratorExit('enough')", "forward", "enough", "can't go past"),
    "sys.exit": Fault("sys.exit('done')", "forward", r"sys.exit\(done\)", "can't go past"),
    "an interrupt from a thread": Fault(
        "threading.Timer(0.01, __import__('_thread').interrupt_main).start(); [time.sleep(0.01) for _ in range(999)]",
        "forward",
        "KeyboardInterrupt",
    ),
    "an error without text": Fault(
        "raise type('Mute', (RuntimeError,), {'__str__': lambda self: sys.exit(1)})()", "forward", "Mute"
    ),
    "an exception without text": Fault("raise Unspeakable", "forward", "Unspeakable", "can't go past"),
    "an endless text": Fault("raise ValueError('x' * 50_000_000)", "forward", "characters left out"),
    "a cause that is itself": Fault("e = ValueError('mine'); e.__cause__ = e; raise e", "forward", "mine"),
    # Recursion.
    "calls itself": Fault("x = self(x)", "forward", "recursion", "without end"),
    "a function that calls itself": Fault("again(x)", "forward", "recursion", "without end"),
    "recursion past the limit": Fault("sys.setrecursionlimit(10**9); self(x)", "died", signal="SIGSEGV"),
    "a low limit of recursion": Fault("sys.setrecursionlimit(len(inspect.stack(0)) + 40)"),
    # Memory.
    "tensors": Fault(
        "x = [torch.ones(2**20) for _ in iter(int, 1)]", "memory", "512 MB", "shapes mode", 512 * MEBIBYTE
    ),
    "one tensor": Fault("torch.empty(2**50)", says="more memory than the limit.*shapes mode", mode="shapes"),
    "Python objects": Fault("x = [bytes(2**20) for _ in iter(int, 1)]", "memory", "512 MB", memory=512 * MEBIBYTE),
    "small Python objects": Fault("x = [[] for _ in iter(int, 1)]", "memory", "256 MB", memory=256 * MEBIBYTE),
    "C memory": Fault(
        "libc.malloc.restype = ctypes.c_void_p; [libc.memset(ctypes.c_void_p(libc.malloc(2**26)), 1, 2**26) "
        "for _ in iter(int, 1)]",
        "memory",
        "SIGSEGV",
        memory=512 * MEBIBYTE,
    ),
    "a subprocess": Fault(
        f"subprocess.run([sys.executable, '-c', {GREEDY!r}])", "memory", "processes it started", memory=256 * MEBIBYTE
    ),
    "forked processes": Fault(
        "[os.fork() for _ in range(3)]; y = torch.ones(75 * 2**20); time.sleep(60)",
        "memory",
        "processes it started",
        memory=512 * MEBIBYTE,
    ),
    "shared memory": Fault(
        "y = [torch.ones(2**20).share_memory_() for _ in iter(int, 1)]", "memory", "512 MB", memory=512 * MEBIBYTE
    ),
    # Values.
    "a tensor that can't be printed": Fault("x = x.as_subclass(Hostile)"),
    "an object that can't be asked": Fault("x = nn.Identity()([x, Proxy()])[0]"),
}

# Before forward: while the file is read and imported (`load`), while the model is built (`build`).
BEFORE = {
    "load: syntax": Fault("def f(:", "import", "invalid syntax", "Correct the syntax"),
    "load: indentation": Fault("if True:\npass", "import", "indented block", "Correct the syntax"),
    "load: a zero byte": Fault("x = '\0'", "import", "null bytes", "orrect the"),
    "load: nested too deep": Fault("x = " + "(" * 500 + ")" * 500, "import", "nested", "Correct the syntax"),
    "load: a missing package": Fault("import no_such_one.inside", "import", "no_such_one", "pip install no_such_one"),
    "load: a missing name": Fault("from torch import no_such_name", "import", "no_such_name", "correct the line"),
    "load: an error": Fault("1 / 0", "import", "division by zero", "__main__"),
    "load: sys.exit": Fault("sys.exit(2)", "import", r"sys.exit\(2\)", "__main__"),
    "load: an interrupt": Fault("raise KeyboardInterrupt", "import", "KeyboardInterrupt", "__main__"),
    "load: exits": Fault("os._exit(4)", "died", code=4),
    "load: a crash": Fault("ctypes.string_at(0)", "died", signal="SIGSEGV"),
    "load: recursion": Fault("again(1)", "import", "recursion", "correct the line"),
    "load: memory": Fault("x = [bytes(2**20) for _ in iter(int, 1)]", "memory", "256 MB", memory=256 * MEBIBYTE),
    "load: forks": Fault("os.fork()"),
    "load: a daemon": Fault("daemon(lambda: time.sleep(1000))"),
    "load: closes descriptors": Fault("os.closerange(3, 256)", "died", "closed descriptors"),
    "load: imports itself": Fault("import model_file"),
    "build: an error": Fault("1 / 0", "construct", "division by zero", "arguments"),
    "build: sys.exit": Fault("sys.exit(2)", "construct", r"sys.exit\(2\)", "arguments"),
    "build: an unspeakable error": Fault("raise Unspeakable", "construct", "Unspeakable", "arguments"),
    "build: exits": Fault("os._exit(4)", "died", code=4),
    "build: a crash": Fault("ctypes.string_at(0)", "died", signal="SIGSEGV"),
    "build: recursion": Fault("Net()", "construct", "recursion", "arguments"),
    "build: memory": Fault(
        "self.x = [torch.ones(2**20) for _ in iter(int, 1)]", "memory", "256 MB", memory=256 * MEBIBYTE
    ),
    "build: a layer too large": Fault("self.huge = nn.Linear(2**24, 2**24)", says="more memory", mode="shapes"),
    "build: contains itself": Fault("self.first.parent = self", "construct", "contains itself", "out of"),
    "build: no super().__init__": Fault("del self._modules", "construct", "without nn.Module.__init__", "super()"),
}

# While inputs are looked for: the place, then what it does.
INFER = {
    "forward: exits": Fault("os._exit(3)", "died", code=3),
    "forward: a crash": Fault("ctypes.string_at(0)", "died", signal="SIGSEGV"),
    "forward: sys.exit": Fault("sys.exit(3)", "noRecipe", r"sys.exit\(3\)", "# peek"),
    "forward: an interrupt": Fault("raise KeyboardInterrupt", "noRecipe", "KeyboardInterrupt", "# peek"),
    "forward: recursion": Fault("again(x)", "noRecipe", "recursion", "# peek"),
    "forward: memory": Fault(
        "x = [bytes(2**20) for _ in iter(int, 1)]", "memory", "MemoryError", "shapes mode", memory=256 * MEBIBYTE
    ),
    "forward: much output": Fault("for _ in range(64): sys.stdout.write('x' * 2**20)"),
    "build: sys.exit": Fault("sys.exit(3)", "construct", r"sys.exit\(3\)", "arguments"),
    "build: contains itself": Fault("self.first.parent = self", "construct", "contains itself", "out of"),
    "build: no super().__init__": Fault("del self._modules", "construct", "without nn.Module.__init__", "super()"),
    "build: a layer too large": Fault("self.huge = nn.Linear(2**24, 2**24)", says="more memory", mode="shapes"),
}

# One without end each, anywhere.
HANGS = {
    "a loop": "while True: pass",
    "sleep": "time.sleep(1000)",
    "sleep in C": "libc.sleep(1000)",
    "sleep in C, with Python's lock": "ctypes.PyDLL(None).sleep(1000)",
    "a loop that catches all": "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "while True:\n    try: time.sleep(1)\n    except BaseException: pass",
    "a lock": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "a subprocess": "subprocess.run(['sleep', '1000'])",
}

# A gigabyte each.
FLOODS = {
    "from Python": "for _ in range(1024): sys.stdout.write('x' * 2**20)",
    "from C": "for _ in range(1024): libc.write(1, b'x' * 2**19, 2**19), libc.write(2, b'y' * 2**19, 2**19)",
}

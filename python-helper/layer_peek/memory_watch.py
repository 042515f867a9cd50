"""Watches what the limit on one process does not see: child processes, shared memory, the machine itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from layer_peek import memory, processes
from layer_peek.protocol import CaptureError

# How often to look, in seconds: a process fills about a gigabyte in that time.
WATCH_SECONDS = 0.2
# After the run, when only threads that it left can take more.
IDLE_WATCH_SECONDS = 1.0


class MemoryWatch:
    """Compares what a process and its descendants take with a limit in bytes; asked again and again."""

    def __init__(self, pid: int, limit: int) -> None:
        self._pid = pid
        self._limit = limit
        # Below it the machine swaps or kills.
        self._least_free = memory.reserve() // 4
        self._own = self._taken()
        self._resident = memory.resident(pid)

    def exceeded(self) -> CaptureError | None:
        """Tells the error where the limit is passed, or where the machine is at its end because of this process."""
        taken = self._taken() - self._own
        if taken > self._limit:
            return memory.exhausted(
                f"The model and the processes it started took more memory than the limit of {memory.text(self._limit)}."
            )
        if taken < self._least_free:
            return None
        free = memory.available()
        if free is None or free > self._least_free:
            return None
        return memory.exhausted(
            f"The machine has only {memory.text(free)} of memory left; the model took {memory.text(taken)}."
        )

    def suspect(self, crash: str, peak: int) -> CaptureError | None:
        """Tells the error where a process that crashed had taken about all it may; `peak` is the most it ever held."""
        if peak - self._resident < self._limit * 3 // 4:
            return None
        return memory.exhausted(
            f"The process that ran the model crashed ({crash}) when it had taken about all of the limit of "
            f"{memory.text(self._limit)}: its code did not expect that there is no more."
        )

    def _taken(self) -> int:
        if sys.platform.startswith("linux"):
            return sum(map(memory.taken, _with_descendants(self._pid)))
        return _peak()


def _with_descendants(pid: int) -> Iterator[int]:
    yield pid
    for child in processes.children(pid):
        yield from _with_descendants(child)


def _peak() -> int:
    """Tells the most memory this process has ever held, in bytes; 0 where the platform does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

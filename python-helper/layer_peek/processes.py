"""Process groups and orphans: a capture and all it started die together."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
# A process that waits for a dead network disk can't be killed; nobody must wait for it.
_KILL_SECONDS = 2.0
# The descriptors of a process that ends are closed a moment before its parent can tell the end.
_END_SECONDS = 0.25


def lead_group() -> None:
    """Makes this process the leader of its own group and session."""
    os.setsid()


def _prctl(option: int, value: int) -> None:
    import ctypes

    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def adopt_orphans() -> None:
    """Makes this process the parent of descendants that lose theirs, even if they left its group; Linux only."""
    if sys.platform.startswith("linux"):
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int, by: int = signal.SIGKILL) -> None:
    """Has the kernel send this process a signal when `parent`, which forked it, ends; Linux only."""
    if not sys.platform.startswith("linux"):
        return
    _prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        end_group()


def end_group() -> None:
    """Kills this process, and its group where it leads one. Does not return."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def kill_group(leader: int) -> None:
    """Kills a child that leads a group, and the group; one that is gone is no error."""
    for kill in (os.killpg, os.kill):
        try:
            kill(leader, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def kill_children() -> None:
    """Kills all children of this process with their groups, and the orphans that it adopts by that."""
    deadline = time.monotonic() + _KILL_SECONDS
    while _has_children() and time.monotonic() < deadline:
        for child in children(os.getpid()):
            kill_group(child)
        # The kernel tells of their end within a moment; there is nothing to wait on with a limit.
        time.sleep(0.001)


def _has_children() -> bool:
    """Takes note of children that have ended; tells whether others live."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def ends_soon(child: int) -> bool:
    """Waits a moment for a child to end by itself; leaves its status to be asked for."""
    deadline = time.monotonic() + _END_SECONDS
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return True
        time.sleep(0.001)
    return False


def bury_others(child: int) -> None:
    """Takes note of all children that have ended but one, so that they do not stay as zombies."""
    while True:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None or ended.si_pid == child:
            return
        os.waitpid(ended.si_pid, 0)


def children(parent: int) -> list[int]:
    """Lists the children of a process; Linux only."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{parent}/task"):
            with open(f"/proc/{parent}/task/{thread}/children", encoding="ascii") as file:
                found += map(int, file.read().split())
    return found


def close(descriptor: int) -> None:
    """Closes a descriptor; one that is closed already is no error."""
    with contextlib.suppress(OSError):
        os.close(descriptor)


def flush_output() -> None:
    """Pushes out what Python and C streams hold: a fork must not print it twice, and a crash not lose it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            # User code may have closed or replaced it; there is nothing left to flush then.
            continue
    if sys.platform != "win32":
        import ctypes

        ctypes.CDLL(None).fflush(None)

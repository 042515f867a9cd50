"""Process groups: a capture and all it started die together."""

from __future__ import annotations

import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def lead_group() -> None:
    """Makes this process the leader of its own group and session."""
    os.setsid()


def die_with_parent(parent: int) -> None:
    """Has the kernel kill this process when `parent`, which forked it, ends; Linux only."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
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

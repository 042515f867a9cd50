"""A tiny process above the helper that kills what user code left behind, however the helper ended.

Processes that left the helper's group, daemons for example, become children of the nearest ancestor that adopts
orphans: the helper while it lives, then this process. Whichever is killed, the other one cleans up. Linux only.
"""

from __future__ import annotations

import os
import signal

from layer_peek import processes


def split_off(runs_user_code: bool) -> None:
    """Forks before anything large is imported: returns in the child, which is the helper; the parent guards it.

    A helper that runs user code itself may be held up by it, and is killed when the guardian ends; else it cleans up.
    """
    guardian = os.getpid()
    processes.die_with_parent(os.getppid(), signal.SIGTERM)
    processes.adopt_orphans()
    helper = os.fork()
    if helper == 0:
        processes.lead_group()
        if runs_user_code:
            processes.die_with_parent(guardian)
        else:
            processes.adopt_orphans()
            signal.signal(signal.SIGTERM, _end_helper)
            processes.die_with_parent(guardian, signal.SIGTERM)
        return
    status = 1
    try:
        status = _guard(helper)
    finally:
        _end_like(status)


def _end_helper(*_: object) -> None:
    """The guardian is gone: all that the helper started ends with it."""
    processes.kill_children()
    os._exit(1)


def _guard(helper: int) -> int:
    """Waits for the helper's end and kills what is left; gives the helper's wait status."""
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: processes.kill_group(helper))
    empty = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        # Who waits for the end of the helper's streams must not wait for this process.
        os.dup2(empty, descriptor)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            processes.close(int(name))
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == helper:
            processes.kill_group(helper)
            processes.kill_children()
            return status


def _end_like(status: int) -> None:
    """Ends as the helper did, so that who started this process learns how."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1)

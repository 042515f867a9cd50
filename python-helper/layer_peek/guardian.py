"""A tiny process that outlives the zygote for a moment, to kill what a capture left behind.

When the zygote is killed, the kernel kills the child that runs a capture, but not what that child has started.
The guardian waits on a pipe that only the zygote holds open, and then kills the child's group.
"""

from __future__ import annotations

import os
import signal

from layer_peek import processes

# More than were opened before the fork.
_DESCRIPTORS = 1024


class Guardian:
    """Forked before anything large is imported; told of each child."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        if os.fork() == 0:
            try:
                os.close(self._writing)
                _guard(reading)
            finally:
                os._exit(0)
        os.close(reading)

    def watch(self, child: int) -> None:
        """Has the group of `child` killed when this process ends; 0 for no group."""
        os.write(self._writing, b"%d\n" % child)

    def forget(self) -> None:
        """Closes this process's end, in a forked child."""
        os.close(self._writing)


def _guard(reading: int) -> None:
    # In a session of its own it is not killed with the zygote's group.
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    empty = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        # Who waits for the end of the helper's streams must not wait for this process.
        os.dup2(empty, descriptor)
    kept = os.dup2(reading, 3) if reading != 3 else reading
    os.closerange(4, _DESCRIPTORS)
    told = b""
    while True:
        data = os.read(kept, 4096)
        if not data:
            break
        told = (told + data)[-4096:]
    last = int(told.split()[-1]) if told.split() else 0
    if last:
        processes.kill_group(last)

"""How much memory a capture may take, and an end to it that is an error instead of a killed process."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

# What is left for the rest of the machine.
_SHARE = 0.9
# Limit, use and what the use is made of, for both kinds of control groups.
_GROUP_FILES = tuple(
    tuple(os.path.join("/sys/fs/cgroup", name) for name in names)
    for names in (
        ("memory.max", "memory.current", "memory.stat"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
    )
)
_GPUS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dri/renderD128", "/dev/dxg")
_CACHES = ("inactive_file", "active_file")


def available() -> int | None:
    """Bytes that may still be taken; None where that can't be told (outside of Linux).

    None too where there is a GPU: its driver takes address space in ways that a limit was not tried with.
    """
    if any(os.path.exists(device) for device in _GPUS):
        return None
    free = _meminfo()
    for limit, used, parts in _GROUP_FILES:
        most, now = _number(limit), _number(used)
        if most is not None and now is not None:
            # Cached files give way.
            rest = max(0, most - now + _caches(parts))
            free = rest if free is None else min(free, rest)
    return None if free is None else int(free * _SHARE)


@contextlib.contextmanager
def limited(limit: int | None) -> Iterator[None]:
    """Lets allocations beyond `limit` bytes more than are taken now fail; does nothing for None or outside of Linux."""
    if limit is None or not sys.platform.startswith("linux"):
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _data_size() + limit
    if soft != resource.RLIM_INFINITY:
        wanted = min(wanted, soft)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def text(size: int) -> str:
    """`1.5 GB`."""
    return f"{size / (1 << 30):.1f} GB" if size >= 1 << 30 else f"{size / (1 << 20):.0f} MB"


def _data_size() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")


def _meminfo() -> int | None:
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable")), None)
    except OSError:
        return None


def _caches(file: str) -> int:
    try:
        with open(file, encoding="ascii") as source:
            lines = [line.split() for line in source]
    except OSError:
        return 0
    return sum(int(line[1]) for line in lines if len(line) == 2 and line[0] in _CACHES)


def _number(file: str) -> int | None:
    try:
        with open(file, encoding="ascii") as source:
            text_in_file = source.read().strip()
    except OSError:
        return None
    # "max" stands for no limit.
    return int(text_in_file) if text_in_file.isdigit() else None

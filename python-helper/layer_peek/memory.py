"""How much memory a capture may take, and an end to it before the machine suffers.

The limit is `RLIMIT_DATA`, on private writable memory (Linux 4.7 and later), not `RLIMIT_AS`: files that are mapped to
be read, such as weights, and the address space that CUDA only reserves are no memory taken. What the limit does not
see, child processes and shared memory, is the watch's (`memory_watch`).
"""

from __future__ import annotations

import contextlib
import os
import sys

from layer_peek.protocol import CaptureError

MEBIBYTE = 1 << 20
# A tenth of the machine, within these bounds, stays free for everything else.
_RESERVE_LEAST = 256 * MEBIBYTE
_RESERVE_MOST = 2048 * MEBIBYTE
# The kernel's out-of-memory killer takes the highest first; an editor has 0 to 300.
_OOM_SCORE = 700
# Names of exceptions that say nothing else; the second is PyTorch's for a GPU.
EXHAUSTIONS = frozenset(("MemoryError", "OutOfMemoryError"))
# The limit on this process once it is set.
_restricted: list[int] = []
_V2 = "/sys/fs/cgroup"
_V1 = "/sys/fs/cgroup/memory"


def limit(asked: int | None) -> int | None:
    """Tells how many bytes a capture may take: `asked`, else what is free now less a reserve; None where unknown."""
    if asked is not None:
        return asked
    free = available()
    # A machine that is full already still runs small models.
    return None if free is None else max(free - reserve(), free // 2)


def reserve() -> int:
    """Tells how many bytes must stay free."""
    return min(max((total() or 0) // 10, _RESERVE_LEAST), _RESERVE_MOST)


def total() -> int | None:
    """Tells the bytes of the machine; None where it does not tell (Windows)."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def available() -> int | None:
    """Tells how many bytes can be taken without swapping, within the limit of the container where there is one."""
    free = _numbers("/proc/meminfo").get("MemAvailable")
    if free is None:
        whole = total()
        return None if whole is None else whole * 3 // 4
    return min([free, *_container_rooms()])


def restrict(bytes_more: int) -> None:
    """Has allocations of this process fail that go beyond what it holds now by more than `bytes_more`; Linux only."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    _restricted.append(bytes_more)
    held = _numbers("/proc/self/status").get("VmData", 0)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = held + bytes_more if hard == resource.RLIM_INFINITY else min(held + bytes_more, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def relax() -> None:
    """Takes the limit of `restrict` away, so that there is memory to tell of its effect."""
    if sys.platform.startswith("linux"):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def volunteer() -> None:
    """Makes this process the first that the kernel kills when memory runs out, rather than the editor; Linux only."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write(str(_OOM_SCORE))


def taken(pid: int) -> int:
    """Tells how many bytes of its own and of shared memory a process holds; 0 where it is gone; Linux only."""
    numbers = _numbers(f"/proc/{pid}/status")
    return numbers.get("RssAnon", 0) + numbers.get("RssShmem", 0)


def resident(pid: int) -> int:
    """Tells how many bytes of a process are in memory, files that it has mapped included; Linux only."""
    return _numbers(f"/proc/{pid}/status").get("VmRSS", 0)


def exhausted(message: str) -> CaptureError:
    """Makes the error for a capture that needed more memory than there is for it."""
    return {
        "kind": "memory",
        "message": message,
        "advice": "What ran before is kept. Give a smaller input or model in the recipe, capture in shapes mode "
        "(layerPeek.capture.mode), or raise layerPeek.capture.memoryLimitGB.",
    }


def is_exhaustion(fault: BaseException) -> bool:
    """Tells whether an exception says that there was not enough memory, of the machine or of a GPU."""
    if isinstance(fault, MemoryError) or type(fault).__name__ in EXHAUSTIONS:
        return True
    if not isinstance(fault, RuntimeError):
        return False
    try:
        said = str(fault)
    except BaseException:  # noqa: BLE001 - a user's __str__ may raise anything
        return False
    # PyTorch's CPU allocator raises a plain RuntimeError; the second text is that of Windows.
    return any(part in said for part in ("can't allocate memory", "not enough memory", "bad_alloc", "Cannot allocate"))


def most_text() -> str:
    """Writes how much memory a capture may take in this process."""
    return f"the limit of {text(_restricted[-1])}" if _restricted else "there is"


def text(count: int) -> str:
    """Writes bytes for a reader: `512 MB`, `17.3 GB` (of 1024)."""
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{count / 2**20:.0f} MB"


def _numbers(file: str) -> dict[str, int]:
    """Reads lines such as `VmData:  123 kB`, in bytes; nothing where there is no such file."""
    found: dict[str, int] = {}
    with contextlib.suppress(OSError), open(file, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            name, _, rest = line.partition(":")
            words = rest.split()
            if len(words) == 2 and words[1] == "kB":
                found[name] = int(words[0]) * 1024
    return found


def _container_rooms() -> list[int]:
    """Lists what each control group above this process leaves it, in bytes."""
    found: list[int] = []
    with contextlib.suppress(OSError), open("/proc/self/cgroup", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            _, controllers, path = line.rstrip("\n").split(":", 2)
            if controllers == "":
                found += rooms(_V2, path, ("memory.max", "memory.current"))
            elif "memory" in controllers.split(","):
                found += rooms(_V1, path, ("memory.limit_in_bytes", "memory.usage_in_bytes"))
    return found


def rooms(root: str, path: str, names: tuple[str, str]) -> list[int]:
    """Lists what each control group from `path` upwards leaves, in bytes; `names` are its files of limit and use."""
    found: list[int] = []
    folder = path.rstrip("/")
    while True:
        try:
            most, used = (_number(f"{root}{folder}/{name}") for name in names)
        except (OSError, ValueError):
            # The root group has no limit, `max` is none, and a container may not show the groups above it.
            pass
        else:
            # Pages of files that were read count as used, and are given back when asked for.
            cached = _statistic(f"{root}{folder}/memory.stat", "inactive_file")
            found.append(max(most - used + cached, 0))
        if not folder:
            return found
        folder = folder.rpartition("/")[0]


def _number(file: str) -> int:
    with open(file, encoding="ascii") as opened:
        return int(opened.read())


def _statistic(file: str, name: str) -> int:
    with contextlib.suppress(OSError), open(file, encoding="ascii") as lines:
        for line in lines:
            if line.startswith(name + " "):
                return int(line.split()[1])
    return 0

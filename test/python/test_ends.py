"""Whatever ends, at whatever moment: nothing survives it, it is told, and the next capture works."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest

from conftest import WriteFile
from faults import SIMPLE, assert_works
from faulty_model import RECIPE, net
from helper_client import HelperClient, capture_request, poll

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the guardian is for Linux")

# Processes that leave the group, the session and their parent; and one that does not.
ESCAPE = """
daemon(lambda: time.sleep(1000))
daemon(lambda: os.execve('/bin/sleep', ['sleep', '1000'], {}))
subprocess.Popen(['sleep', '1000'], start_new_session=True)
subprocess.Popen(['sleep', '1000'])
"""
STAGES = ["import", "construct", "forward", "finish"]


def descendants_of(pid: int) -> Iterator[int]:
    """Lists all processes below one, without zombies."""
    parents: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents.setdefault(int(fields[1]), []).append(int(name))
    waiting = list(parents.get(pid, []))
    while waiting:
        child = waiting.pop()
        yield child
        waiting += parents.get(child, [])


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("how", ["stop", "next capture", "kill child"])
def test_what_the_child_started_dies_with_it(helper: HelperClient, write: WriteFile, how: str) -> None:
    result = helper.capture(write(net(forward=ESCAPE)), recipe=RECIPE)
    assert result.end["status"] == "ok"
    child = result.named("started")[0]["pid"]
    helper_pid = helper.ready["pid"]
    below = set(descendants_of(helper_pid))
    assert len(below) == 5
    if how == "stop":
        helper.stop()
    elif how == "kill child":
        os.kill(child, signal.SIGKILL)
    else:
        assert_works(helper)
        assert not any(map(is_alive, below))
    assert poll(lambda: not any(map(is_alive, below)))
    assert_works(helper)


@pytest.mark.parametrize("arguments", [["--zygote"], []])
@pytest.mark.parametrize("who", ["server", "guardian", "helper"])
def test_nothing_survives(write: WriteFile, arguments: list[str], who: str) -> None:
    """The server's side closes, or one of the two processes that clean up is killed."""
    helper = HelperClient(*arguments)
    # The session itself can't outlive its guardian; what it left in its group the server kills.
    escape = "" if who == "guardian" and not arguments else ESCAPE
    file = write(net(forward=escape + "libc.sleep(1000)"))
    helper.start("capture", capture_request(file, recipe=RECIPE))
    started = helper.expect("started")["pid"]
    # The helper, the child where it forks one, and what user code started.
    count = 1 + len(arguments) + (4 if escape else 0)
    assert poll(lambda: len(set(descendants_of(helper.process.pid))) >= count, 30)
    below = {started, *descendants_of(helper.process.pid)}
    if who != "server":
        os.kill(helper.process.pid if who == "guardian" else helper.ready["pid"], signal.SIGKILL)
    helper.close()
    assert poll(lambda: not any(map(is_alive, below)))
    assert helper.process.returncode == (0 if who == "server" and arguments else -signal.SIGKILL)


@pytest.mark.parametrize("stage", STAGES)
def test_the_child_killed_at_each_stage(helper: HelperClient, stage: str) -> None:
    request = helper.start("capture", capture_request(SIMPLE, recipe="SimpleModel()(torch.randn(1, 3, 8, 8))"))
    child = helper.expect("started")["pid"]
    while helper.expect("progress")["stage"] != stage:
        pass
    os.kill(child, signal.SIGKILL)
    result = helper.finish(request)
    if "error" in result.answer:
        # Else it had come to its end before.
        assert result.named("exited")[-1] == {"pid": child, "code": None, "signal": "SIGKILL"}
    assert_works(helper)


@pytest.mark.parametrize("stage", ["before ready", "ready", *STAGES, "answered"])
def test_the_helper_killed_at_each_stage(stage: str) -> None:
    helper = HelperClient("--zygote", awaits_ready=stage != "before ready")
    below = set(descendants_of(helper.process.pid))
    if stage == "answered":
        assert_works(helper)
    elif stage in STAGES:
        helper.start("capture", capture_request(SIMPLE, recipe="SimpleModel()(torch.randn(1, 3, 8, 8))"))
        below.add(helper.expect("started")["pid"])
        while helper.expect("progress")["stage"] != stage:
            pass
    elif stage == "before ready":
        assert poll(lambda: set(descendants_of(helper.process.pid)))
        below = set(descendants_of(helper.process.pid))
    for pid in below:
        os.kill(pid, signal.SIGKILL)
    helper.receive_all()
    helper.close()
    assert helper.process.returncode == -signal.SIGKILL
    assert poll(lambda: not any(map(is_alive, below)))


def test_user_code_kills_the_helper(write: WriteFile) -> None:
    helper = HelperClient("--zygote")
    file = write(net(forward=ESCAPE + "os.kill(os.getppid(), 9); time.sleep(1000)"))
    helper.start("capture", capture_request(file, recipe=RECIPE))
    below = {helper.expect("started")["pid"]}
    helper.receive_all()
    helper.close()
    assert helper.process.returncode == -signal.SIGKILL
    assert poll(lambda: not any(map(is_alive, below)))


@pytest.mark.parametrize(
    ("forward", "kind", "says"),
    [
        ("y = [torch.ones(2**20).share_memory_() for _ in iter(int, 1)]", "memory", "512 MB"),
        ("x = [bytes(2**20) for _ in iter(int, 1)]", "memory", "512 MB"),
    ],
)
def test_a_helper_that_does_not_fork_has_a_limit_too(write: WriteFile, forward: str, kind: str, says: str) -> None:
    helper = HelperClient()
    request = helper.start("capture", capture_request(write(net(forward=forward)), recipe=RECIPE, memory=512 << 20))
    message = helper.receive()
    while message.get("id") != request and message.get("method") != "exited":
        message = helper.receive()
    error = message["params"]["error"] if "params" in message else message["result"]["error"]
    assert error["kind"] == kind
    assert says in error["message"]
    helper.close()


def test_many_captures_leave_nothing_behind(helper: HelperClient) -> None:
    """The short form of `npm run bench -- soak`."""

    def facts() -> tuple[int, int, int]:
        pid = helper.ready["pid"]
        with open(f"/proc/{pid}/status", encoding="utf-8") as status:
            resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        return len(os.listdir(f"/proc/{pid}/fd")), len(set(descendants_of(pid))), resident

    for _ in range(3):
        assert_works(helper)
    before = facts()
    for _ in range(25):
        assert_works(helper)
    after = facts()
    assert after[:2] == before[:2]
    assert after[2] - before[2] < 4096, "kB more"

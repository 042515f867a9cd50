"""Noise on stdout, deaths, hangs, ends: whatever happens, the next capture works and nothing is left over."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from conftest import WriteFile
from faults import SIMPLE, assert_works
from helper_client import EXAMPLES, HELPER, Gone, HelperClient, capture_request, poll

RECIPE = "SimpleModel()(torch.randn(1, 3, 8, 8))"

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the zygote is for Linux")

NET = """
    import ctypes, os, subprocess, sys, time
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(4, 4)
            self.second = nn.Linear(4, 4)

        def forward(self, x):
            x = self.first(x)
            {action}
            return self.second(x)
"""
NET_RECIPE = "Net()(torch.randn(1, 4))"


def test_ready_tells_what_runs() -> None:
    helper = HelperClient()
    assert helper.ready["protocolVersion"] == 1
    assert helper.ready["pid"] > 0
    assert os.path.samefile(helper.ready["python"]["executable"], sys.executable)
    assert helper.ready["torch"]
    assert helper.ready["forks"] is False
    assert helper.ready["problem"] is None
    helper.close()


NOISE = {
    "python": "print('noise from python')",
    "unflushed python": "sys.stdout.write('noise from python')",
    "c": "ctypes.CDLL(None).puts(b'noise from c')",
    "descriptor": "os.write(1, b'noise from a descriptor')",
    "child process": "subprocess.run(['echo', 'noise from a child'], check=True)",
    "a forged message": "os.write(1, b'Content-Length: 2\\r\\n\\r\\n{}noise forged')",
    "closed stdout": "print('noise'); sys.stdout.close(); sys.stderr.close()",
    "replaced stdout": "os.write(2, b'noise'); sys.stdout = None",
    "another folder": "print('noise'); os.chdir('/')",
    "no text": "os.write(1, b'noise \\xff\\xfe' * 1000)",
}


@pytest.mark.parametrize("noise", NOISE)
def test_what_user_code_prints_is_output_and_no_message(helper: HelperClient, write: WriteFile, noise: str) -> None:
    file = write(NET.format(action=NOISE[noise]))
    helper.read_output()
    helper.printed = ""
    result = helper.capture(file, recipe=NET_RECIPE)
    assert result.end["status"] == "ok"
    assert result.output_shape("second") == [1, 4]
    assert poll(lambda: "noise" in helper.read_output())


@linux_only
def test_a_hanging_child_has_told_all_that_ran(helper: HelperClient, write: WriteFile) -> None:
    action = "x = [self.first(x) for _ in range(999)][-1]; time.sleep(1000)"
    request = helper.start("capture", capture_request(write(NET.format(action=action)), recipe=NET_RECIPE))
    count = 0
    while count < 1000:
        count += len(helper.expect("part").get("calls", []))
    helper.stop()
    assert "error" in helper.finish(request).answer


@linux_only
def test_a_new_capture_ends_the_one_before(helper: HelperClient, write: WriteFile) -> None:
    first = helper.start("capture", capture_request(write(NET.format(action="time.sleep(1000)")), recipe=NET_RECIPE))
    helper.expect("started")
    second = helper.start("capture", capture_request(SIMPLE, recipe=RECIPE))
    assert "error" in helper.finish(first).answer
    assert helper.finish(second).end["status"] == "ok"


def test_a_helper_that_does_not_fork_runs_one_capture_and_answers_about_it() -> None:
    helper = HelperClient()
    result = helper.capture(SIMPLE, recipe=RECIPE)
    assert result.named("started") == [{"pid": helper.ready["pid"]}]
    handle = result.call("conv1")["output"]["handle"]
    assert helper.ask("statistics", {"handle": handle}).end["elements"] == 16 * 6 * 6
    assert "error" in helper.capture(SIMPLE, recipe=RECIPE).answer
    helper.close()
    assert helper.process.returncode is not None


@linux_only
def test_threaded_operations_and_backward_work_after_the_fork(write: WriteFile) -> None:
    file = write("""
        import torch
        from torch import nn

        class Heavy(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 64, 3)

            def forward(self, x):
                with torch.enable_grad():
                    y = (self.conv(x).flatten(1)[:, :4096] @ torch.randn(4096, 2048)).sum()
                    y.backward()
                return self.conv.weight.grad
    """)
    helper = HelperClient("--zygote")
    # The zygote preloads while it is idle; wait until it has, which shows in its memory maps no longer growing.
    sizes: dict[str, int] = {"last": 0}

    def settled() -> bool:
        with open(f"/proc/{helper.ready['pid']}/stat", encoding="utf-8") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
        before, sizes["last"] = sizes["last"], ticks
        return fields[0] == "S" and ticks == before

    assert poll(lambda: all(poll(settled, 0.05) for _ in range(20)), 30)
    for _ in range(2):
        result = helper.capture(file, recipe="Heavy()(torch.randn(8, 3, 64, 64))")
        assert result.end["status"] == "ok", result.end["error"]
        assert result.call("")["output"]["shape"] == [64, 3, 3, 3]
    helper.close()


BAD_MESSAGES = [
    ({"id": 901, "method": "capture", "params": {"file": 1}}, "CaptureRequest"),
    ({"id": 902, "method": "nonsense", "params": {}}, "nonsense"),
    ({"id": 903, "method": "statistics", "params": {"handle": "x"}}, "StatisticsRequest.handle"),
    ({"id": 904, "params": {}}, "method"),
]


@pytest.mark.parametrize(("message", "text"), BAD_MESSAGES)
def test_a_bad_message_is_answered_with_its_fault(helper: HelperClient, message: dict[str, Any], text: str) -> None:
    helper.send({"jsonrpc": "2.0", **message})
    answer = helper.finish(message["id"]).answer
    assert text in answer["error"]["message"]
    assert_works(helper)


def test_statistics_after_the_child_is_gone_is_an_error(helper: HelperClient) -> None:
    assert_works(helper)
    assert helper.ask("statistics", {"handle": 1}).end["elements"] > 0
    assert "error" in helper.ask("statistics", {"handle": 12345}).answer
    helper.stop()
    assert "error" in helper.ask("statistics", {"handle": 1}).answer


def test_garbage_in_place_of_a_message_ends_the_helper() -> None:
    helper = HelperClient("--zygote")
    assert helper.process.stdin is not None
    helper.process.stdin.write(b"nonsense\r\n\r\n")
    helper.process.stdin.flush()
    with pytest.raises(Gone):
        helper.receive()
    helper.close()


def test_the_command_line_prints_the_capture_document() -> None:
    environment = {**os.environ, "PYTHONPATH": HELPER}
    run = subprocess.run(
        [sys.executable, "-m", "layer_peek", "capture", SIMPLE, "--json", "--layer", "conv1"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    import json

    from layer_peek import schema

    document = json.loads(run.stdout)
    assert schema.problem_with(document, "Capture") is None
    assert document["className"] == "SimpleModel"
    assert [call["path"] for call in document["calls"]] == ["conv1"]
    built = subprocess.run(
        [sys.executable, "-m", "layer_peek", "capture", os.path.join(EXAMPLES, "resnet.py")],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert "layer4.1.conv2 -> [1, 512, 7, 7]" in built.stdout
    failing = subprocess.run(
        [sys.executable, "-m", "layer_peek", "capture", os.path.join(EXAMPLES, "shape_mismatch.py")],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert failing.returncode == 1
    assert "features.0 -> [1, 8, 32, 32]" in failing.stdout
    assert "forward: mat1 and mat2" in failing.stdout

"""What user code can do to the process that runs it: each fault is told clearly, and the next capture works."""

from __future__ import annotations

import sys

import pytest

from conftest import WriteFile
from faults import BEFORE, FLOODS, FORWARD, HANGS, INFER, assert_works, check, error_of
from faulty_model import RECIPE, net
from helper_client import HelperClient, capture_request, poll, processes_of_group

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the zygote is for Linux")


@pytest.mark.parametrize("name", FORWARD)
def test_in_forward(helper: HelperClient, write: WriteFile, name: str) -> None:
    fault = FORWARD[name]
    result = helper.capture(write(net(forward=fault.does)), recipe=RECIPE, memory=fault.memory)
    check(result, fault)
    assert result.output_shape("first") == [1, 4]
    if fault.kind is None and fault.unseen:
        assert result.end["notes"] or "second" in [one["path"] for one in result.end["uncalled"]]
    elif fault.kind is None:
        assert result.output_shape("second") == [1, 4]
    assert_works(helper)
    child = result.named("started")[0]["pid"]
    assert poll(lambda: processes_of_group(child) == [])


@pytest.mark.parametrize("name", BEFORE)
def test_before_forward(helper: HelperClient, write: WriteFile, name: str) -> None:
    fault = BEFORE[name]
    place = name.partition(":")[0]
    file = write(net(**{place: fault.does}))
    result = helper.capture(file, recipe=RECIPE, memory=fault.memory)
    check(result, fault)
    if fault.kind == "import" and "null" not in fault.says:
        # Where it is in the file, for the editor to show.
        assert error_of(result)["site"]["file"] == file
    assert_works(helper)


@pytest.mark.parametrize("name", INFER)
def test_while_inputs_are_looked_for(helper: HelperClient, write: WriteFile, name: str) -> None:
    fault = INFER[name]
    place = name.partition(":")[0]
    file = write(net(**{place: fault.does}))
    check(helper.capture(file, construct=["Net()"], class_name="Net", memory=fault.memory), fault)
    assert_works(helper)


@pytest.mark.parametrize("name", FLOODS)
def test_a_gigabyte_of_output(helper: HelperClient, write: WriteFile, name: str) -> None:
    before = helper.printed_bytes
    result = helper.capture(write(net(forward=FLOODS[name])), recipe=RECIPE)
    assert result.output_shape("second") == [1, 4]
    assert poll(lambda: bool(helper.read_output()) and helper.printed_bytes - before >= 2**30)
    assert_works(helper)


@pytest.mark.parametrize("name", HANGS)
@pytest.mark.parametrize("place", ["forward", "build", "load"])
def test_a_hang_can_be_stopped(helper: HelperClient, write: WriteFile, name: str, place: str) -> None:
    file = write(net(**{place: f"print('hangs', flush=True)\n{HANGS[name]}"}))
    helper.read_output()
    helper.printed = ""
    request = helper.start("capture", capture_request(file, recipe=RECIPE))
    child = helper.expect("started")["pid"]
    assert poll(lambda: "hangs" in helper.read_output())
    helper.stop()
    result = helper.finish(request)
    assert "error" in result.answer
    assert result.named("exited")[-1]["signal"] == "SIGKILL"
    assert processes_of_group(child) == []
    assert_works(helper)


def test_a_loop_without_end_fills_nothing(helper: HelperClient, write: WriteFile) -> None:
    """Calls without end are told up to a bound, which the memory of helper and server follows."""
    file = write(net(forward="for _ in range(10**9): self.first(x)"))
    request = helper.start("capture", capture_request(file, recipe=RECIPE))
    helper.expect("started")
    while not any(call["index"] > 500 for call in helper.expect("part").get("calls", [])):
        pass
    helper.stop()
    assert "error" in helper.finish(request).answer
    assert_works(helper)

"""Interpreters and folders as they are: no PyTorch, a broken or an old one; odd paths; nothing can be written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from faults import SIMPLE, assert_works
from faulty_model import RECIPE, net
from helper_client import HelperClient


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment without packages."""
    environment = tmp_path_factory.mktemp("environments") / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    return environment


# Files of a package `torch` by their names, and what is said of it.
TORCHES: dict[str, tuple[dict[str, str], str, str]] = {
    "none": ({}, r"has no PyTorch", "pip install torch"),
    "an empty folder": ({"torch/readme.txt": ""}, r"lacks what is needed", "--force-reinstall torch"),
    "a library is missing": (
        {"torch/__init__.py": "import ctypes; ctypes.CDLL('libtorch_that_is_gone.so')"},
        r"can't import PyTorch: OSError: libtorch_that_is_gone",
        "--force-reinstall torch",
    ),
    "half of it is gone": (
        {"torch/__init__.py": "__version__ = '2.13.0'\nfrom torch import _C"},
        r"can't import PyTorch: ImportError",
        "--force-reinstall torch",
    ),
    "it ends the program": ({"torch/__init__.py": "raise SystemExit(3)"}, r"can't import PyTorch: SystemExit", "torch"),
    "too old": (
        {
            "torch/__init__.py": "__version__ = '1.4.0'",
            "torch/nn/__init__.py": "class Module:\n    def register_forward_hook(self, hook): ...",
        },
        r"has PyTorch 1\.4\.0; 2\.1 or newer is needed",
        "--upgrade torch",
    ),
}


@pytest.mark.parametrize("name", TORCHES)
@pytest.mark.parametrize("arguments", [["--zygote"], []])
def test_what_is_wrong_with_torch(bare: Path, tmp_path: Path, name: str, arguments: list[str]) -> None:
    files, says, advises = TORCHES[name]
    for file, text in files.items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    python = os.fspath(bare / "bin" / "python")
    environment = {**os.environ, "PYTHONPATH": os.fspath(tmp_path)}
    helper = HelperClient(*arguments, python=python, env=environment)
    problem = helper.ready["problem"]
    assert problem["kind"] == "noTorch"
    assert python in problem["message"]
    assert re.search(says, problem["message"])
    assert advises in problem["advice"]
    assert "choose another interpreter" in problem["advice"]
    answer = helper.capture(SIMPLE, recipe=RECIPE).answer
    assert answer["error"]["message"] == problem["message"]
    helper.close()


NAMES = [
    "with spaces",
    "it's",
    'a "quote"',
    "new\nline",
    "ü漢字🙂",
    "per%20cent #1?",
    "$HOME `x`; rm",
    "-x",
    "back\\slash",
    "dots.in.it",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_path_may_hold_anything(helper: HelperClient, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "beside.py").write_text("WIDTH = 4\n")
    file = folder / f"{name}.py"
    file.write_text(net(load="from beside import WIDTH"), encoding="utf-8")
    result = helper.capture(os.fspath(file), recipe=RECIPE, workspace=os.fspath(folder))
    assert result.end["error"] is None
    assert result.call("second")["callSite"]["file"] == os.fspath(file)
    file.write_text(net(forward="x = x @ x"), encoding="utf-8")
    error = helper.capture(os.fspath(file), recipe="Net()(torch.randn(2, 4))", workspace=os.fspath(folder)).end["error"]
    assert error["site"]["file"] == os.fspath(file)


@pytest.fixture
def nobody(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who can write nowhere."""
    nowhere = tmp_path / "nowhere"
    return {
        **os.environ,
        "HOME": os.fspath(nowhere),
        "TMPDIR": os.fspath(nowhere),
        "XDG_CACHE_HOME": os.fspath(nowhere),
    }


def test_a_folder_that_can_not_be_written_to(tmp_path: Path, nobody: dict[str, str]) -> None:
    folder = tmp_path / "read only"
    folder.mkdir()
    (folder / "beside.py").write_text("WIDTH = 4\n")
    file = folder / "model.py"
    file.write_text(net(load="from beside import WIDTH"), encoding="utf-8")
    folder.chmod(0o555)
    before = sorted(tmp_path.rglob("*"))
    helper = HelperClient("--zygote", env=nobody)
    result = helper.capture(os.fspath(file), recipe=RECIPE, workspace=os.fspath(folder))
    assert result.end["error"] is None
    assert result.output_shape("second") == [1, 4]
    # The superuser could have written: nothing was.
    assert sorted(tmp_path.rglob("*")) == before
    assert_works(helper)
    helper.close()
    folder.chmod(0o755)


def test_user_code_that_writes_where_it_can_not(helper: HelperClient, tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(net(forward="open('/proc/model.log', 'w')"), encoding="utf-8")
    error = helper.capture(os.fspath(file), recipe=RECIPE).end["error"]
    assert error["kind"] == "forward"
    assert "/proc/model.log" in error["message"]
    assert error["site"]["file"] == os.fspath(file)
    assert_works(helper)


@pytest.mark.parametrize("name", ["missing.py", "a folder.py", "empty.py", "latin1.py"])
def test_files_that_are_none(helper: HelperClient, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name.startswith("a folder"):
        file.mkdir()
    elif name == "empty.py":
        file.write_text("")
    elif name == "latin1.py":
        file.write_bytes(b"x = '\xe9'\n")
    error = helper.capture(os.fspath(file), recipe=RECIPE).end["error"]
    assert error["kind"] == ("recipe" if name == "empty.py" else "import")
    assert error["message"]
    assert error["advice"]
    assert_works(helper)

"""Files are imported as Python would: packages, relative imports, odd names, unsaved texts; errors name their line."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from conftest import WriteFile
from helper_client import HelperClient

NET = """
import torch
from torch import nn
{imports}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear({width}, 2)

    def forward(self, x):
        return self.fc(x)

{after}
"""


def net(imports: str = "", width: str = "4", after: str = "") -> str:
    return NET.format(imports=imports, width=width, after=after)


def assert_width(helper: HelperClient, file: str, width: int = 4, **fields: Any) -> None:
    result = helper.capture(file, recipe=f"Net()(torch.randn(1, {width}))", **fields)
    assert result.end["status"] == "ok", result.end["error"]
    assert result.output_shape("fc") == [1, 2]
    definition = next(one["definition"] for one in result.modules if one["paths"] == ["fc"])
    assert os.path.samefile(definition["file"], file)


FORMS: dict[str, dict[str, str]] = {
    "beside": {"net.py": net("from sizes import W", "W"), "sizes.py": "W = 4"},
    "package": {
        "pkg/__init__.py": "",
        "pkg/deep/__init__.py": "from ..sizes import W",
        "pkg/deep/net.py": net("from . import W\nfrom ..sizes import W as V", "W"),
        "pkg/sizes.py": "W = 4",
    },
    "relative without __init__": {
        "folder/deep/net.py": net("from ..sizes import W\nfrom .more import V", "W"),
        "folder/sizes.py": "W = 4",
        "folder/deep/more.py": "V = 1",
    },
    "the package itself": {"pack/__init__.py": net("from .sizes import W", "W"), "pack/sizes.py": "W = 4"},
    "name that is no identifier": {"01-my net.v2.py": net()},
    "name of a loaded module": {"random.py": net("import random")},
    "name of a package": {"torch.py": net()},
    "workspace": {"a/b/net.py": net("from lib.sizes import W", "W"), "lib/sizes.py": "W = 4"},
    "src of the workspace": {"tools/net.py": net("from lib.sizes import W", "W"), "src/lib/sizes.py": "W = 4"},
    "main block": {"net.py": net(after='if __name__ == "__main__":\n    raise RuntimeError("the main block ran")')},
    "non-ASCII and spaces": {"schöne Netze/nétz 🔥.py": net()},
    "annotations and dataclasses": {
        "net.py": "from __future__ import annotations\n"
        + net("from dataclasses import dataclass\n@dataclass\nclass C:\n    w: int = 4", "C().w")
    },
    "exported notebook": {"net.py": net("get_ipython().run_line_magic('matplotlib', 'inline')")},
}


@pytest.mark.parametrize("form", FORMS)
def test_import_forms(helper: HelperClient, write: WriteFile, tmp_path: Any, form: str) -> None:
    for name, text in FORMS[form].items():
        path = write(text, name)
        if "class Net" in text:
            file = path
    assert_width(helper, file, workspace=os.fspath(tmp_path))
    assert not list(tmp_path.rglob("__pycache__")), "the user's folders stay clean"


def test_unsaved_texts_stand_for_files(helper: HelperClient, write: WriteFile) -> None:
    file = write(net("from sizes import W", "W"), "net.py")
    sizes = write("W = 4", "sizes.py")
    assert_width(helper, file, 4)
    overlay = net(
        "from sizes import W\nimport inspect",
        "W",
        "assert '# unsaved' in inspect.getsource(inspect.getmodule(Net)) # unsaved",
    )
    assert_width(helper, file, 6, overlays={sizes: "W = 6", file: "# pushed down by unsaved lines\n\n" + overlay})
    assert_width(helper, file, 4)


def test_an_overlay_moves_the_lines(helper: HelperClient, write: WriteFile) -> None:
    file = write(net(), "net.py")
    result = helper.capture(
        file,
        recipe="Net()(torch.randn(1, 4))",
        overlays={file: "\n\n\n" + net().replace("Linear(4, 2)", "Linear(4, 3)")},
    )
    assert result.output_shape("fc") == [1, 3]
    assert next(one["definition"]["line"] for one in result.modules if one["paths"] == ["fc"]) == 12


ERRORS = {
    "syntax": ("import torch\nclass Net(:\n    pass\n", "SyntaxError", 2, "syntax"),
    "missing package": (
        "import torch\nimport no_such_package.deep\n",
        "ModuleNotFoundError",
        2,
        "pip install no_such_package",
    ),
    "raises": ("def f():\n    raise ValueError('because')\n\nf()\n", "ValueError", 2, "main"),
    "exits": ("import sys\nsys.exit(3)\n", "SystemExit", 2, "__main__"),
    "interrupts": ("raise KeyboardInterrupt\n", "KeyboardInterrupt", 1, "main"),
    "nul byte": ("x = 1\0\n", "", None, ""),
}


@pytest.mark.parametrize("case", ERRORS)
def test_import_errors_name_their_line(helper: HelperClient, write: WriteFile, case: str) -> None:
    text, exception, line, advice = ERRORS[case]
    file = write(text)
    result = helper.capture(file, recipe="Net()(torch.randn(1, 4))")
    error = result.end["error"]
    assert error["kind"] == "import"
    if exception:
        assert error["exception"] == exception
    if line is not None:
        assert (error["site"]["file"], error["site"]["line"]) == (file, line)
    assert advice in error["advice"]


def test_an_error_in_an_imported_file_is_there(helper: HelperClient, write: WriteFile) -> None:
    broken = write("x = 1\ny = x +\n", "broken.py")
    result = helper.capture(write("import broken\n"), recipe="Net()(1)")
    assert result.end["error"]["site"]["file"] == broken
    assert result.end["error"]["site"]["line"] == 2


def test_a_missing_file_is_an_error(helper: HelperClient, tmp_path: Any) -> None:
    result = helper.capture(os.fspath(tmp_path / "gone.py"), recipe="Net()(1)")
    assert result.end["error"]["kind"] == "import"
    assert "gone.py" in result.end["error"]["message"]


def test_the_interpreter_path_is_named_for_a_missing_package(helper: HelperClient, write: WriteFile) -> None:
    result = helper.capture(write("import no_such_package\n"), recipe="Net()(1)")
    assert os.path.dirname(sys.executable).rsplit("/", 2)[-2] in result.end["error"]["advice"]

"""Shared fixtures: a helper that serves all tests of a file's kind, and a way to write user files."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import pytest

from helper_client import HelperClient

WriteFile = Callable[..., str]


@pytest.fixture(scope="session")
def shared_helper() -> Iterator[HelperClient]:
    client = HelperClient("--zygote")
    yield client
    client.close()


@pytest.fixture
def helper(shared_helper: HelperClient) -> HelperClient:
    """A zygote that has served other tests before: each capture must be as good as the first."""
    assert shared_helper.process.poll() is None
    return shared_helper


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    """Writes a Python file of the user and returns its path."""

    def write_file(text: str, name: str = "model_file.py") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return os.fspath(path)

    return write_file

"""Finds every module class that a package defines."""

from __future__ import annotations

import importlib
import inspect
import os
from collections.abc import Iterator

from torch import nn

from collect.quiet import quiet

_SKIPPED = frozenset(("test", "tests", "testing", "__main__", "setup", "conftest", "scripts", "examples"))


def module_classes(package: str, problems: list[str] | None = None) -> Iterator[tuple[str, str]]:
    """Yields module and name of each class; what can't be imported is added to the problems."""
    for name in _modules(package):
        try:
            with quiet():
                module = importlib.import_module(name)
            found = list(vars(module).items())
        except (Exception, SystemExit) as error:  # noqa: BLE001 - importing runs anything
            if problems is not None:
                problems.append(f"import {name}: {type(error).__name__}: {error}"[:200])
            continue
        for key, value in found:
            if inspect.isclass(value) and issubclass(value, nn.Module) and value.__module__ == name:
                yield name, key


def _modules(package: str) -> Iterator[str]:
    root = importlib.import_module(package)
    yield package
    for folder in root.__path__:
        for base, folders, files in os.walk(folder):
            folders[:] = sorted(one for one in folders if one not in _SKIPPED and one.isidentifier())
            prefix = ".".join((package, *os.path.relpath(base, folder).split(os.sep))).replace("..", "").rstrip(".")
            for file in sorted(files):
                stem, extension = os.path.splitext(file)
                if extension == ".py" and stem.isidentifier() and stem not in _SKIPPED:
                    yield prefix if stem == "__init__" else f"{prefix}.{stem}"

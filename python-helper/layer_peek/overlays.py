"""Unsaved texts stand for the files on disk, for the file that is captured and for what it imports."""

from __future__ import annotations

import importlib.abc
import linecache
import os
import sys
from collections.abc import Mapping
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)
from typing import Any

from layer_peek.protocol import Overlay

_texts: dict[str, bytes] = {}


class OverlayLoader(SourceFileLoader):
    """Loads a source file, or the text that stands for it."""

    def get_data(self, path: str) -> bytes:
        """Returns the text that stands for the file, else what is on disk."""
        text = _texts.get(_key(str(path)))
        return super().get_data(path) if text is None else text

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Refuses for an overlaid file: without a time stamp the import system uses no cached bytecode."""
        if _key(str(path)) in _texts:
            raise OSError(f"{path} is overlaid")
        return super().path_stats(path)


def install(overlays: list[Overlay]) -> None:
    """Makes imports, tracebacks and `inspect` see the texts."""
    for overlay in overlays:
        file = overlay["file"]
        _texts[_key(file)] = overlay["text"].encode("utf-8", "surrogatepass")
        # An entry without a time stamp is never checked against the disk.
        linecache.cache[file] = (len(overlay["text"]), None, overlay["text"].splitlines(keepends=True), file)
    folders = {os.path.dirname(key) for key in _texts}
    loaders = (
        (ExtensionFileLoader, EXTENSION_SUFFIXES),
        (OverlayLoader, SOURCE_SUFFIXES),
        (SourcelessFileLoader, BYTECODE_SUFFIXES),
    )
    hook = FileFinder.path_hook(*loaders)

    def only_overlaid(folder: str) -> importlib.abc.PathEntryFinder:
        if _key(folder) not in folders:
            raise ImportError("no overlay is in this folder", path=folder)
        return hook(folder)

    if overlays:
        sys.path_hooks.insert(0, only_overlaid)
        sys.path_importer_cache.clear()


def _key(path: str) -> str:
    return os.path.normcase(os.path.abspath(path))

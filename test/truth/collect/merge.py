"""What the processes wrote, as one truth file: each site, class and model once."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

_SETS = ("writers", "built", "items")
_ALWAYS = ("insideTorch", "moved")


def merged(package: str, folder: str, problems: list[str], files: list[str]) -> list[dict[str, Any]]:
    """Gives the records of a truth file, in the order of the source; files are relative to where the package lies."""
    root = os.path.dirname(folder.rstrip(os.sep))
    sites: dict[tuple[Any, ...], dict[str, Any]] = {}
    classes: dict[tuple[str, str], dict[str, Any]] = {}
    models: dict[str, dict[str, Any]] = {}
    for record in _records(files):
        if record["kind"] == "site":
            key = (record["file"], record["line"], *record["owner"], record["path"])
            known = sites.setdefault(key, record)
            for name in _SETS:
                known[name] = sorted({tuple(one) for one in (*known[name], *record[name])})
            for name in _ALWAYS:
                known[name] = known[name] and record[name]
        elif record["kind"] == "class":
            classes[record["file"], record["name"]] = {**record, "file": os.path.relpath(record["file"], root)}
        elif record["kind"] == "model":
            models[record["name"]] = record
    head = {"kind": "corpus", "package": package, "root": root, "problems": problems}
    return [
        head,
        *(models[name] for name in sorted(models)),
        *(classes[key] for key in sorted(classes)),
        *(_relative(sites[key], root) for key in sorted(sites)),
    ]


def _relative(site: dict[str, Any], root: str) -> dict[str, Any]:
    def place(one: Any) -> list[Any]:
        return [os.path.relpath(one[0], root), *one[1:]]

    return {
        **site,
        "file": os.path.relpath(site["file"], root),
        "owner": place(site["owner"]),
        **{name: [place(one) for one in site[name]] for name in _SETS},
    }


def _records(files: list[str]) -> Iterator[dict[str, Any]]:
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                try:
                    yield json.loads(line)
                except ValueError:  # The line that a killed process was writing.
                    continue

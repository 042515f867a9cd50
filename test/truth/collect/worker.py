"""Builds models one after the other and appends what it found to a file, a line for each record.

`python -m collect.worker JOB`, where the job is a JSON file: the package, the folder whose sites count, the models, and
the file to append to. A model that kills the process is the last one that the file says was started.
"""

from __future__ import annotations

import gc
import importlib
import json
import re
import sys
import time
from typing import Any, TextIO

import torch

from collect import offline
from collect.guess import Guesses
from collect.limits import SECONDS
from collect.quiet import quiet
from collect.recorder import Recorder
from collect.sites import ClassName, Key, Site, sites_of


class Worker:
    """One process's work on a list of models."""

    def __init__(self, folder: str, out: TextIO) -> None:
        self.folder = folder
        self.out = out
        self.recorder = Recorder()
        self.sites: dict[Key, Site] = {}
        self.classes: set[ClassName] = set()

    def write(self, **record: Any) -> None:
        """Appends one record."""
        self.out.write(json.dumps(record, separators=(",", ":")) + "\n")
        self.out.flush()

    def build(self, expression: str, names: dict[str, Any]) -> None:
        """Builds one model in the first way that works, and writes what is new about it."""
        self.write(kind="start", name=expression)
        start = time.monotonic()
        problem = ""
        _import_named(expression, names)
        for way, context in offline.WAYS:
            self.recorder.reset()
            try:
                with offline.time_limit(SECONDS), context(), torch.no_grad(), quiet():
                    model = eval(expression, dict(names))
            except (Exception, offline.TookTooLong, SystemExit) as error:  # noqa: BLE001 - a package may raise anything
                problem = problem or f"{type(error).__name__}: {error}"[:300]
                if isinstance(error, (offline.TookTooLong, MemoryError)):
                    break
                continue
            self._tell_new(expression)
            del model
            self.write(kind="model", name=expression, ok=True, way=way, seconds=round(time.monotonic() - start, 2))
            return
        self.write(kind="model", name=expression, ok=False, problem=problem)

    def _tell_new(self, expression: str) -> None:
        sites, classes = sites_of(self.recorder, self.folder)
        for key, site in sites.items():
            known = self.sites.setdefault(key, site)
            if known is site or known.add(site):
                self.write(kind="site", **as_record(known), model=expression)
        for one in classes - self.classes:
            self.write(kind="class", file=one[0], name=one[1])
        self.classes |= classes
        self.recorder.reset()


def as_record(site: Site) -> dict[str, Any]:
    """A site as a line of the truth file."""
    return {
        "file": site.place[0],
        "line": site.place[1],
        "endLine": site.place[2],
        "owner": list(site.owner),
        "path": site.path,
        "form": site.form,
        "insideTorch": site.inside_torch,
        "moved": site.moved,
        "writers": sorted(map(list, site.writers)),
        "built": sorted(map(list, site.built)),
        "items": sorted(map(list, site.items)),
    }


def _import_named(expression: str, names: dict[str, Any]) -> None:
    """Imports the modules that an expression names, as `package.module.Class` works only for what is imported."""
    for dotted in re.findall(r"[\w.]+", expression):
        parts = dotted.split(".")
        for end in range(2, len(parts) + 1 if parts[0] in names else 0):
            try:
                importlib.import_module(".".join(parts[:end]))
            except ImportError:
                break


def main() -> None:
    """Does the job named by the only argument."""
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    offline.isolate()
    offline.without_values()
    with open(job["out"], "a", encoding="utf-8") as out:
        worker = Worker(job["folder"], out)
        worker.recorder.install()
        with quiet():
            names: dict[str, Any] = {name: importlib.import_module(name) for name in job["imports"]}
            names["guess"] = Guesses.read(worker.recorder).build
        names["torch"] = torch
        offline.limit_memory()
        for at, expression in enumerate(job["models"]):
            worker.build(expression, names)
            if at % 10 == 9:
                gc.collect()


if __name__ == "__main__":
    main()

"""`python -m collect.listing PACKAGE OUT`: writes what there is to build.

It is a process of its own because importing a package runs its code.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys

from collect import offline
from collect.corpora import CORPORA, expressions


def main() -> None:
    """Writes the package's folder, its models and the problems met while listing them."""
    offline.isolate()
    corpus = CORPORA[sys.argv[1]]
    problems: list[str] = []
    with contextlib.redirect_stdout(io.StringIO()):
        package = importlib.import_module(corpus.package)
        models = expressions(corpus, package, problems)
    folder = os.path.join(os.path.dirname(os.path.abspath(package.__file__ or "")), "")
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        json.dump({"folder": folder, "models": models, "problems": problems}, out)


if __name__ == "__main__":
    main()

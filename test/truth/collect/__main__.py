"""`python -m collect PACKAGE... --out FOLDER`: writes the truth of each package, a file of JSON lines."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from collect.corpora import CORPORA
from collect.limits import SECONDS
from collect.merge import merged

_PROCESSES = 2
_CHUNK = 40
# A process that has told nothing for this long does not even end on the alarm.
_SILENCE = 3 * SECONDS + 60


def main() -> None:
    """Collects one package after the other."""
    parser = argparse.ArgumentParser(prog="collect")
    parser.add_argument("packages", nargs="+", choices=sorted(CORPORA))
    parser.add_argument("--out", required=True)
    parser.add_argument("--most", type=int, default=0, help="only the first so many models, to try things out")
    given = parser.parse_args()
    os.makedirs(given.out, exist_ok=True)
    for package in given.packages:
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            records = _collect(package, folder, given.most)
        with open(os.path.join(given.out, f"{package}.jsonl"), "w", encoding="utf-8") as out:
            out.writelines(json.dumps(one, separators=(",", ":")) + "\n" for one in records)
        count = {kind: sum(one["kind"] == kind for one in records) for kind in ("site", "class", "model")}
        built = sum(one["kind"] == "model" and one["ok"] for one in records)
        print(
            f"  {package}: {built} of {count['model']} models built, {count['site']} sites in "
            f"{count['class']} classes, {time.monotonic() - start:.0f} s",
            flush=True,
        )


def _collect(package: str, folder: str, most: int) -> list[dict[str, Any]]:
    listed = os.path.join(folder, "models.json")
    # Packages keep settings in the home folder as soon as they are imported.
    environment = {**os.environ, "HOME": folder, "XDG_CACHE_HOME": folder, "XDG_CONFIG_HOME": folder}
    command = [sys.executable, "-m", "collect.listing", package, listed]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"The models of {package} could not be listed:\n{done.stderr[-2000:]}")
    with open(listed, encoding="utf-8") as file:
        listing = json.load(file)
    models = listing["models"][:most] if most else listing["models"]
    chunks = [models[at : at + _CHUNK] for at in range(0, len(models), _CHUNK)]
    job = {"folder": listing["folder"], "imports": [package, *CORPORA[package].imports]}
    with ThreadPoolExecutor(_PROCESSES) as pool:
        files = list(
            pool.map(lambda at: _chunk(job, chunks[at], os.path.join(folder, str(at)), environment), range(len(chunks)))
        )
    return merged(package, listing["folder"], listing["problems"], files)


def _chunk(job: dict[str, Any], models: list[str], base: str, environment: dict[str, str]) -> str:
    """Builds the models in one process, and in another from the next model on where one kills it."""
    out = f"{base}.jsonl"
    left = models
    while left:
        with open(f"{base}.json", "w", encoding="utf-8") as file:
            json.dump({**job, "models": left, "out": out}, file)
        before = len(_started(out))
        with open(f"{base}.log", "wb") as log:
            code = _watched([sys.executable, "-m", "collect.worker", f"{base}.json"], out, log, environment)
        done = len(_started(out)) - before
        if code == 0:
            break
        if done == 0:
            with open(f"{base}.log", encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"The worker ended with {code} before it built a model:\n{log.read()[-2000:]}")
        with open(out, "a", encoding="utf-8") as records:
            record = {"kind": "model", "name": left[done - 1], "ok": False, "problem": f"process ended with {code}"}
            # The last line may be half written.
            records.write("\n" + json.dumps(record) + "\n")
        left = left[done:]
    return out


def _watched(command: list[str], out: str, log: Any, environment: dict[str, str]) -> int:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
    heard, size = time.monotonic(), -1
    try:
        while True:
            try:
                return process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                now = os.path.getsize(out) if os.path.exists(out) else 0
                if now != size:
                    heard, size = time.monotonic(), now
                if time.monotonic() - heard > _SILENCE:
                    process.kill()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _started(out: str) -> list[str]:
    if not os.path.exists(out):
        return []
    with open(out, encoding="utf-8") as file:
        return [line for line in file if line.startswith('{"kind":"start"')]


if __name__ == "__main__":
    main()

"""`python -m measure GROUP [--plans FILE] [--only TEXT] [--works] [--misses]`: captures all models of a group."""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import time
from typing import Any

for _threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    # Read when torch is imported; with one thread a fork after operations is safe.
    os.environ[_threads] = "1"
os.environ.update({"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"})

from measure import cases, isolated  # noqa: E402 - after the environment
from measure.intended import leaves, matches  # noqa: E402

GROUPS = ("models", "holdout", "torchvision", "timm")


def main() -> None:
    """Prints a line for each model that is not captured as intended, and the rates."""
    parser = argparse.ArgumentParser(prog="measure")
    parser.add_argument("group", choices=GROUPS)
    parser.add_argument("--plans", default="", help="capture requests of the written classes")
    parser.add_argument("--only", default="", help="models whose names hold this")
    parser.add_argument("--most", type=int, default=0, help="so many models at most, evenly chosen")
    parser.add_argument(
        "--works", action="store_true", help="run the recipes that are known to work, to check the cases"
    )
    parser.add_argument("--misses", action="store_true", help="print what was not captured, or not as intended")
    given = parser.parse_args()
    chosen = _cases(given)
    _warm()
    tally: list[tuple[bool, bool, float | None, float]] = []
    for case in chosen:
        clock = time.perf_counter()
        result = isolated.run(case, case.works if given.works else None)
        seconds = time.perf_counter() - clock
        captured, intended = _verdict(case, result)
        tally.append((captured, intended, result["inferSeconds"], seconds))
        if given.misses and not intended:
            print(_miss(case, result, captured), flush=True)
    _report(given.group, tally)


def _cases(given: argparse.Namespace) -> list[cases.Case]:
    if given.group in ("models", "holdout"):
        found = cases.written(given.group, given.plans)
    else:
        with contextlib.redirect_stderr(None):
            found = cases.torchvision() if given.group == "torchvision" else cases.timm()
    found = [one for one in found if given.only in one.name]
    return found[:: max(1, len(found) // given.most)][: given.most] if given.most else found


def _warm() -> None:
    from layer_peek import capture, preload  # noqa: F401 - what a warm helper has imported

    preload.preload()


def _verdict(case: cases.Case, result: dict[str, Any]) -> tuple[bool, bool]:
    captured = result["end"] is not None and result["end"]["status"] == "ok" and result["input"] is not None
    return captured, captured and any(matches(one, dict(leaves(result["input"]))) for one in case.patterns)


def _miss(case: cases.Case, result: dict[str, Any], captured: bool) -> str:
    end = result["end"]
    if end is None:
        return f"  {case.name}: {result['problem']}"
    if captured:
        return f"  {case.name}: not as intended: {end['recipe']['expression']}"
    error = end["error"] or {"kind": "?", "message": "the model was not called"}
    message = " ".join(error["message"].split())
    return f"  {case.name}: {error['kind']}: {message[:400]}"


def _report(group: str, tally: list[tuple[bool, bool, float | None, float]]) -> None:
    count = len(tally)
    captured, intended = sum(one[0] for one in tally), sum(one[1] for one in tally)
    times = sorted(one[2] for one in tally if one[2] is not None)
    whole = sorted(one[3] for one in tally)
    line = f"{group}: {count} models, captured {_share(captured, count)}"
    line += f", with the intended input {_share(intended, count)}"
    for what, values in (("finding the recipe", times), ("whole capture", whole)):
        if values:
            ninth = values[min(len(values) - 1, int(0.9 * len(values)))]
            line += f"; {what}: median {statistics.median(values):.2f} s, p90 {ninth:.2f} s, max {values[-1]:.2f} s"
    print(line, flush=True)
    sys.stdout.flush()


def _share(some: int, of: int) -> str:
    return f"{some} ({100 * some / max(1, of):.1f} %)"


if __name__ == "__main__":
    main()

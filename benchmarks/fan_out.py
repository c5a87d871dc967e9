"""What do two workers bring? Several editions in one call, on one worker and on two. Run: python benchmarks/fan_out.py

Each call starts from an empty copy of the project: build, workers, all notebooks of every edition.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AUDIENCES = ("partners", "public")


def measure_fan_out(rounds: int = 1, workers: tuple[int, ...] = (1, 2)) -> dict[int, list[float]]:
    """Wall seconds of each round, by the number of workers; the numbers take turns. Prints the ratio of the medians."""
    seconds: dict[int, list[float]] = {number: [] for number in workers}
    for _ in range(rounds):
        for number in workers:
            seconds[number].append(_publish_all(number))
    first, *others = (sorted(taken)[len(taken) // 2] for taken in seconds.values())
    for number, taken in zip(workers[1:], others, strict=True):
        print(f"{len(AUDIENCES)} editions: {number} workers take {taken / first:.2f} of the time of {workers[0]}")
    return seconds


def _publish_all(workers: int) -> float:
    with tempfile.TemporaryDirectory(prefix="swp-bench-", ignore_cleanup_errors=True) as folder:
        for part in ("data/raw", "notebooks", "partnership"):
            shutil.copytree(ROOT / part, Path(folder) / part)
        audiences = [word for audience in AUDIENCES for word in ("--audience", audience)]
        command = [sys.executable, "-m", "swp_analysis", "assess", *audiences, "--workers", str(workers)]
        environment = os.environ | {"SWP_PROJECT": folder, "PYTHONPATH": str(ROOT)}
        started = time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started


if __name__ == "__main__":
    measure_fan_out()

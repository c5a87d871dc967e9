"""How much processor time does a cold edition take, against another checkout? Writes results/processor_time.md. Run:

    python -m benchmarks.processor_time OLD [NEW] [ROUNDS] [shared]

OLD and NEW (default this one) are checkouts, each with a `.venv` of its own: the papermill engine of an environment is
that of the package it was installed from. In each round both publish the partners' edition from nothing, in turn, so
that whatever else the machine does meets both. Counted is the user and system time of the run and of every process it
starts; only the ratio within one run means anything. With `shared` both publish only the notebooks that both have.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results" / "processor_time.md"
PARTS = ("data/raw", "notebooks", "partnership")


def measure_cold(checkout: Path, notebooks: set[str]) -> float:
    """Publish some notebooks from nothing, in a copy of the project, and give the seconds of processors it took."""
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            if (checkout / part).is_dir():
                shutil.copytree(checkout / part, Path(folder) / part)
        for path in (Path(folder) / "notebooks").glob("*.ipynb"):
            if path.name not in notebooks:
                path.unlink()
        # Where no byte code is kept, every run compiles the package again, which users' runs do not.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        named = {"SWP_PROJECT": folder, "PYTHONPATH": str(checkout)}
        command = [checkout / ".venv" / "bin" / "python", "-m", "swp_analysis", "assess", "--audience", "partners"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, env=kept | named, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def name_commit(checkout: Path) -> str:
    command = ["git", "-C", str(checkout), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    places = [Path(word).resolve() for word in sys.argv[1:] if not word.isdigit() and word != "shared"]
    rounds = next((int(word) for word in sys.argv[1:] if word.isdigit()), 5)
    old, new = [*places, ROOT][:2]
    is_shared = "shared" in sys.argv
    names = [{path.name for path in (place / "notebooks").glob("*.ipynb")} for place in (old, new)]
    first, second = [names[0] & names[1]] * 2 if is_shared else names
    pairs = []
    for number in range(1, rounds + 1):
        pairs.append((measure_cold(old, first), measure_cold(new, second)))
        print(f"round {number}: {pairs[-1][0]:.1f} s, {pairs[-1][1]:.1f} s", flush=True)
    ratio = statistics.median(after / before for before, after in pairs)
    rows = [f"| {number} | {before:.1f} | {after:.1f} |" for number, (before, after) in enumerate(pairs, start=1)]
    head = f"| round | {name_commit(old)} | {name_commit(new)} |"
    told = (
        f"Median of the ratios of {rounds} rounds, in turn: {ratio:.2f}, for {len(first)} notebooks before and "
        f"{len(second)} after. Made by `python -m benchmarks.processor_time`."
    )
    lines = ["# Processor time of a cold edition", "", told, "", head, "| ---: | ---: | ---: |", *rows]
    path = RESULTS.with_stem("processor_time_shared") if is_shared else RESULTS
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(told)


if __name__ == "__main__":
    main()

"""How long does an edition take? Writes results/running.md. Run: make bench

Six ways to the same charts and tables, in turn, so that what else the machine does meets all of them alike: the shell
loop that people use today (papermill, then nbconvert, notebook by notebook), `swp assess` with ordinary kernels two at
a time, `swp assess` as it is, the same charts and tables in plain Python without any notebook (twice: as the notebooks
are written, and with the briefing shared), and `swp assess` when nothing has changed. Only ratios within one run mean
anything.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.fan_out import measure_fan_out
from benchmarks.plain_floor import SHARE

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results" / "running.md"
ROUNDS = 5
FAN_OUT_ROUNDS = 2
YEAR, AREA, AUDIENCE = "2017-18", "E08000031", "partners"
STOCK_LOOP = "shell loop of papermill and nbconvert"
FLOOR = "only charts and tables: the notebooks' code in plain Python, two processes"
LOWEST = "the same, the briefing opened once a process instead of once a notebook"
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of processors, for one way in one round."""

    wall: float
    processor: float


def run(command: Sequence[str | Path], project: Path) -> None:
    """One program in the project, its output thrown away; an error ends the benchmark."""
    environment = os.environ | {"SWP_PROJECT": str(project), "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [str(part) for part in command], cwd=project / "notebooks", env=environment, check=True, capture_output=True
    )


def run_stock_loop(project: Path) -> None:
    """What a shell script does: one notebook after the other, each through two programs."""
    with tempfile.TemporaryDirectory() as folder:
        for notebook in notebooks_of(project):
            done = Path(folder) / notebook.name
            parameters = ("-p", "financial_year", YEAR, "-p", "area_code", AREA, "-p", "audience", AUDIENCE)
            run([BIN / "papermill", notebook, done, "-k", "python3", *parameters], project)
            run([BIN / "jupyter-nbconvert", "--to", "html", done], project)


def assess(project: Path, *options: str) -> None:
    """The main job of this project."""
    run([sys.executable, "-m", "swp_analysis", "assess", YEAR, "--audience", AUDIENCE, *options], project)


def run_floor(project: Path, *options: str) -> None:
    """The least that this content can cost, see plain_floor.py."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(__file__).with_name("plain_floor.py")
        run([sys.executable, script, *options, folder, *notebooks_of(project)], project)


WAYS: dict[str, Callable[[Path], None]] = {
    STOCK_LOOP: run_stock_loop,
    "swp assess --engine stock: ordinary kernels, two at a time": lambda project: assess(
        project, "--force", "--engine", "stock"
    ),
    "swp assess, cold": lambda project: assess(project, "--force"),
    FLOOR: run_floor,
    LOWEST: lambda project: run_floor(project, SHARE),
    "swp assess, nothing changed": assess,
}


def notebooks_of(project: Path) -> list[Path]:
    return sorted((project / "notebooks").glob("[0-9][0-9]_*.ipynb"))


@contextmanager
def example_project() -> Iterator[Path]:
    """A copy of what an edition is made of, built once, so that the shell loop too finds its data ready."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for part in ("data/raw", "notebooks", "partnership"):
            shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        assess(project)
        yield project


def time_once(way: Callable[[Path], None], project: Path) -> Cost:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    way(project)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure_memory(way: Callable[[Path], None], project: Path) -> float:
    """The most memory that all processes of a way hold together, shared pages counted once, in MB."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], sum(map(_proportional_size, psutil.Process().children(recursive=True))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    way(project)
    over.set()
    watcher.join()
    return peak[0] / 2**20


def _proportional_size(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except psutil.Error:
        return 0


def measure(project: Path) -> dict[str, list[Cost]]:
    found: dict[str, list[Cost]] = {name: [] for name in WAYS}
    for number in range(ROUNDS):
        names = list(WAYS)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            found[name].append(time_once(WAYS[name], project))
            print(f"round {number + 1}: {name}: {found[name][-1].wall:.2f} s", flush=True)
    return found


def tabulate(found: dict[str, list[Cost]], memory: dict[str, float]) -> list[str]:
    """A row a way: medians, and the median over the rounds of its ratio to the loop and to the floor."""
    lines = [
        "| way | of the loop's time | of the floor's time | seconds | processor seconds | memory, MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, costs in found.items():
        ratios = [_ratio(costs, found[other]) for other in (STOCK_LOOP, FLOOR)]
        wall, processor = (statistics.median(getattr(cost, kind) for cost in costs) for kind in ("wall", "processor"))
        lines.append(
            f"| {name} | {ratios[0]:.3f} | {ratios[1]:.2f} | {wall:.2f} | {processor:.1f} | {memory[name]:.0f} |"
        )
    return lines


def _ratio(costs: Sequence[Cost], others: Sequence[Cost]) -> float:
    return statistics.median(cost.wall / other.wall for cost, other in zip(costs, others, strict=True))


def tabulate_sizes(project: Path) -> list[str]:
    pages = sorted((project / "reports" / YEAR / AUDIENCE).glob("*.html"))
    rows = [f"| {page.name} | {page.stat().st_size / 1000:.0f} |" for page in pages]
    return ["| page | kB, charts included |", "| --- | ---: |", *rows]


def tabulate_fan_out(seconds: dict[int, list[float]]) -> list[str]:
    first = statistics.median(next(iter(seconds.values())))
    rows = [f"| {workers} | {statistics.median(taken) / first:.2f} |" for workers, taken in seconds.items()]
    return ["| workers, for two editions | of one worker's time |", "| ---: | ---: |", *rows]


def main() -> None:
    with example_project() as project:
        found = measure(project)
        memory = {name: measure_memory(way, project) for name, way in WAYS.items()}
        sizes = tabulate_sizes(project)
    text = [
        "# What an edition costs",
        "",
        f"{len(notebooks_of(ROOT))} notebooks for {AUDIENCE}, {ROUNDS} rounds in turn, medians; Python "
        f"{platform.python_version()}, {os.cpu_count()} processors. Made by `make bench`; only ratios mean anything.",
        "",
        *tabulate(found, memory),
        "",
        *sizes,
        "",
        *tabulate_fan_out(measure_fan_out(FAN_OUT_ROUNDS)),
    ]
    RESULTS.write_text("\n".join(text) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

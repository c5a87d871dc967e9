"""What the tests of many editions in one call share: small jobs, workers for them, and what must hold afterwards."""

from __future__ import annotations

import json
import time
from concurrent.futures import Future
from pathlib import Path

from swp_analysis.project import Project
from swp_analysis.publish.state import hash_folder
from swp_analysis.published import read_record
from swp_analysis.runs.fan_out import fan_out, name_editions
from swp_analysis.runs.unattended import Call
from swp_analysis.runs.workers import LocalWorkers, Workers

ROOT = Path(__file__).parents[2]
JOBS = ROOT / "tests" / "fixtures" / "fan_out"
YEARS, AUDIENCES = ["2017-18", "2018-19"], ["partners", "public", "internal"]
EDITIONS = [f"{year}/{audience}" for year in YEARS for audience in AUDIENCES]


def make_trouble(project: Project, **troubles: str) -> None:
    (project.root / "trouble").mkdir(exist_ok=True)
    for edition, trouble in troubles.items():
        name = f"{'2018-19' if edition.endswith('_19') else '2017-18'}_{edition.removesuffix('_19')}"
        (project.root / "trouble" / f"{name}.trouble").write_text(trouble, encoding="utf-8")


class Small:
    """What the workers of a test have in common: they make small editions."""

    def submit(self, function, job) -> Future:
        import small_jobs

        return super().submit(small_jobs.run_small_job, job)


class SmallLocal(Small, LocalWorkers):
    pass


class Here(Workers):
    """Does each job in this process, at once."""

    def submit(self, function, job) -> Future:
        import small_jobs

        future = Future()
        future.set_result(self.do(small_jobs.run_small_job, job))
        return future

    def do(self, function, job):
        return function(job)


def publish(project: Project, hands: Workers, years=YEARS, audiences=AUDIENCES, said=None, **call) -> str:
    calls = name_editions(project, years, audiences, Call("", "", **call))
    with hands:
        return fan_out(project, calls, hands, (said if said is not None else []).append)


def lines_of(project: Project) -> dict[str, list[str]]:
    """What reports/runs.jsonl says of each edition."""
    found: dict[str, list[str]] = {}
    for text in (project.reports / "runs.jsonl").read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        found.setdefault(line["edition"], []).append(line["status"])
    return found


def standing(project: Project) -> set[str]:
    """The editions in reports, each of them whole; nothing lies beside them."""
    assert not [*project.reports.glob("*/.*")]
    assert not (project.cache / "fan_out").exists()
    folders = [path.parent for path in project.reports.glob("*/*/run.json")]
    for folder in folders:
        assert read_record(folder)["outputs"] == hash_folder(folder)
    return {folder.relative_to(project.reports).as_posix() for folder in folders}


def wait_until(condition, seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)

"""What an edition was made of, for whoever must repeat or trust it. In: the files and results of a run. Out: the record
that becomes run.json, and a line in reports/runs.jsonl for every run, published or not. No absolute path, no user name.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.errors import InputError, RunError, describe_error, describe_os_error
from swp_analysis.project import Project
from swp_analysis.publish.state import SEAL, MadeFrom, hash_folder, seal

if TYPE_CHECKING:
    from swp_analysis.publish.execution import NotebookResult

LIBRARIES = """
    swp-analysis afcharts gptables ipykernel jupyter-client matplotlib nbclient nbconvert numpy pandas papermill scipy
    seaborn xlsxwriter
""".split()
CELL_TIMEOUT, NOTEBOOK_TIMEOUT = 120, 600
GIT_TIMEOUT = 20
RUNS_FILE = "runs.jsonl"
WAITING, RUNNING = "waiting", "running"
PUBLISHED, UNCHANGED, FAILED, REFUSED, BUSY = "published", "unchanged", "failed", "refused", "busy"


@dataclass
class RunRecord:
    """One run while it goes on; `as_published` and `as_line` are the two forms in which it is kept.

    `status` ends as published, unchanged (nothing was to do), failed, refused (the input or the call was wrong) or busy
    (another run was going on while this one was waiting for the lock). `reused`: the notebooks whose results come from
    an earlier run.
    """

    financial_year: str
    audience: str
    marking: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    suppression: Mapping[str, Any] = field(default_factory=dict)
    started: str = field(default_factory=lambda: now())
    finished: str = ""
    status: str = RUNNING
    results: list[NotebookResult] = field(default_factory=list)
    reused: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    about: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, Any] = field(default_factory=dict)

    def finish(self, status: str, problems: Iterable[str] = ()) -> None:
        self.status, self.problems, self.finished = status, list(problems), now()

    def as_line(self) -> dict[str, Any]:
        """Give the short form: what ran, how it went."""
        return {
            "edition": f"{self.financial_year}/{self.audience}",
            "marking": self.marking,
            "started": self.started,
            "finished": self.finished,
            "status": self.status,
            "parameters": dict(self.parameters),
            "notebooks": [
                {"name": result.name, "status": result.status, "seconds": result.seconds}
                | ({"reused": True} if result.name in self.reused else {})
                for result in self.results
            ],
            "problems": self.problems,
        }

    def as_published(self, project: Project, folder: Path, made_from: MadeFrom) -> dict[str, Any]:
        """Give the long form: what is needed to make the edition in `folder` again and to see whether anything changed.

        `beside` gets a hash for each edition that it is attacked with (`settle`), the one that it replaces among them.
        """
        record = self.as_line() | {
            "about": dict(self.about),
            "suppression": dict(self.suppression),
            "verdicts": dict(self.verdicts),
            "python": platform.python_version(),
            "packages": {name: _version(name) for name in LIBRARIES},
            "git": git_state(project.root),
            "made_from": made_from.as_record(),
            "beside": [],
            "inputs": dict(made_from.inputs),
            "outputs": hash_folder(folder),
        }
        return record | {SEAL: seal(record)}


@dataclass(frozen=True)
class RunBegun:
    """A run that has begun: its record, what it makes its edition from, whether it takes results of earlier runs.

    `area_code`: the area that its notebooks are about. `cell_timeout`, `notebook_timeout`: seconds for one cell and for
    one whole notebook. `notebooks`: names without .ipynb, for an edition of these alone. `commentary`: a file of an
    analyst's own words. `pdf`: whether it is printed, too.
    """

    record: RunRecord
    made_from: MadeFrom
    reuse: bool = True
    area_code: str = ""
    cell_timeout: int = CELL_TIMEOUT
    notebook_timeout: int = NOTEBOOK_TIMEOUT
    notebooks: tuple[str, ...] | None = None
    commentary: Path | None = None
    pdf: bool = False


def what_went_wrong(error: BaseException, record: RunRecord) -> tuple[str, list[str]]:
    """Give the status and problems of a run that ended with `error`."""
    if isinstance(error, InputError):
        return REFUSED, [str(error)]
    if record.status == WAITING and isinstance(error, RunError):
        return BUSY, [str(error)]
    return FAILED, record.problems or [describe_error(error)]


def now() -> str:
    """Give the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def git_state(root: Path) -> dict[str, Any] | None:
    """Give the commit that is checked out, and whether files differ from it; None without git or without a commit."""
    commit = _git(root, "rev-parse", "HEAD")
    changes = _git(root, "status", "--porcelain")
    return {"commit": commit, "dirty": bool(changes)} if commit and changes is not None else None


def append_line(path: Path, entry: Mapping[str, Any]) -> None:
    """Add one line of JSON to a file that only ever grows.

    It is written in one go, so that lines of runs that end together don't mix; behind one that a crash cut short it
    starts a new line, so that all others can still be read. Where it can't be written, that is said: how the run ended
    is not changed by it.
    """
    line = (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", errors="replace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as lines:
            if size := lines.seek(0, os.SEEK_END):
                lines.seek(size - 1)
                line = line if lines.read(1) == b"\n" else b"\n" + line
            lines.write(line)
    except OSError as error:
        print(f"swp: this run has no line in the log of runs: {describe_os_error(error)}", file=sys.stderr, flush=True)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git(root: Path, *arguments: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, encoding="utf-8", timeout=GIT_TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None

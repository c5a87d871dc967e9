"""What an edition was made of, for whoever must repeat or trust it. In: the files and results of a run. Out: the record
that becomes run.json, and a line in reports/runs.jsonl for every run, published or not. No absolute path, no user name.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import swp_analysis
from swp_analysis.project import Project
from swp_analysis.publish.execution import NotebookResult

LIBRARIES = (
    "swp-analysis",
    "afcharts",
    "gptables",
    "ipykernel",
    "jupyter-client",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "scipy",
    "seaborn",
    "xlsxwriter",
)
GIT_TIMEOUT = 20
RUN_FILE = "run.json"
RUNS_FILE = "runs.jsonl"


@dataclass
class RunRecord:
    """One run while it goes on; `as_published` and `as_line` are the two forms in which it is kept."""

    financial_year: str
    audience: str
    marking: str
    parameters: Mapping[str, Any]
    suppression: Mapping[str, Any]
    started: str = field(default_factory=lambda: now())
    finished: str = ""
    status: str = "running"
    results: list[NotebookResult] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    about: Mapping[str, str] = field(default_factory=dict)

    def finish(self, status: str, problems: Iterable[str] = ()) -> None:
        self.status, self.problems, self.finished = status, list(problems), now()

    def as_line(self) -> dict[str, Any]:
        """The short form: what ran, how it went."""
        return {
            "edition": f"{self.financial_year}/{self.audience}",
            "marking": self.marking,
            "started": self.started,
            "finished": self.finished,
            "status": self.status,
            "parameters": dict(self.parameters),
            "notebooks": [
                {"name": result.name, "status": result.status, "seconds": result.seconds} for result in self.results
            ],
            "problems": self.problems,
        }

    def as_published(
        self,
        project: Project,
        notebooks: Iterable[Path],
        folder: Path,
        further: Mapping[str, Path] = MappingProxyType({}),
    ) -> dict[str, Any]:
        """The long form: what is needed to make the edition in `folder` again and to see whether a file was changed."""
        return self.as_line() | {
            "about": dict(self.about),
            "suppression": dict(self.suppression),
            "python": platform.python_version(),
            "packages": {name: _version(name) for name in LIBRARIES},
            "git": git_state(project.root),
            "inputs": _hashes({**input_files(project, notebooks), **further}),
            "outputs": _hashes({path.relative_to(folder).as_posix(): path for path in files_below(folder)}),
        }


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def files_below(folder: Path) -> list[Path]:
    """All files in a folder and below, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def input_files(project: Project, notebooks: Iterable[Path]) -> dict[str, Path]:
    """Every file that decides what an edition says.

    Raw data of all years, catalogue, notebooks; by its relative name.
    """
    package = Path(swp_analysis.__path__[0])
    raw = {path.relative_to(project.root).as_posix(): path for path in files_below(project.raw)}
    catalogue = {
        f"{package.name}/{path.relative_to(package).as_posix()}": path
        for path in files_below(package / "catalogue")
        if path.suffix in (".yml", ".yaml")
    }
    return raw | catalogue | {path.relative_to(project.root).as_posix(): path for path in notebooks}


def git_state(root: Path) -> dict[str, Any] | None:
    """The commit that is checked out, and whether files differ from it; None without git or without a commit."""
    commit = _git(root, "rev-parse", "HEAD")
    changes = _git(root, "status", "--porcelain")
    return {"commit": commit, "dirty": bool(changes)} if commit and changes is not None else None


def append_line(path: Path, entry: Mapping[str, Any]) -> None:
    """Add one line of JSON to a file that only ever grows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="\n") as lines:
        lines.write(json.dumps(entry, ensure_ascii=False) + "\n")


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _hashes(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def _git(root: Path, *arguments: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, encoding="utf-8", timeout=GIT_TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None

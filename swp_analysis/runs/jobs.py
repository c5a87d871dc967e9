"""One edition as a job for a worker. In: a `Job`, wherever the worker runs. Out: a `JobResult`: a finished edition in a
folder beside its place, or why there is none.

A worker publishes nothing and writes nothing that anybody else reads, so it does no harm if it is done twice, dies
half-way, or goes on when everybody thinks it dead. The one who handed out the jobs publishes (`fan_out`).
"""

from __future__ import annotations

import os
import pickle
import platform
import shutil
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError, RunError
from swp_analysis.lock import read_signature
from swp_analysis.project import PROJECT_VARIABLE, Project
from swp_analysis.publish.execution import import_jupyter
from swp_analysis.publish.made_from import MadeFrom, further_inputs, notebook_files, survey
from swp_analysis.publish.notebook_kernels import start_kernels
from swp_analysis.publish.records import RunBegun, RunRecord, what_went_wrong
from swp_analysis.publish.staging import make_staging
from swp_analysis.runs.unattended import WARM

# What a job sets holds for its whole process, so one with many threads still does one after another.
_one_at_a_time = threading.Lock()

SHOWN = "shown"

Stage = Callable[[Project, Path], AbstractContextManager[Path]]


@dataclass(frozen=True)
class Job:
    """An edition to make. It travels to other machines, so paths are text.

    `root`: the project folder as its sender sees it; a worker that sees it elsewhere has it in `SWP_PROJECT`.
    `signature`: what the run that sent it has signed the lock with. `made_from`: what it must be made from. `tables`:
    the folder of its tables within the project, read from `files`; `batch`: one that it shares with the jobs that were
    sent with it, with a copy of what readers already hold.
    `engine` and `settings` as in `unattended.Call`.
    """

    root: str
    signature: str
    financial_year: str
    audience: str
    made_from: MadeFrom
    tables: str
    batch: str
    files: tuple[str, ...] = ()
    commentary: str | None = None
    reuse: bool = True
    engine: str = WARM
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def edition(self) -> str:
        """Its place in reports/."""
        return f"{self.financial_year}/{self.audience}"


@dataclass(frozen=True)
class JobResult:
    """What became of a job: its record, the finished folder within the project ("" without one), what was said."""

    record: RunRecord
    staging: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lost:
    """A job that gave no result, and why, in a sentence."""

    reason: str


def run_job(job: Job) -> JobResult:
    """Make the edition, all but the last step.

    Whatever is wrong with the edition or its inputs comes back in the record; it would be wrong a second time.
    """
    return finish_edition(job, _make)


def _make(job: Job, project: Project, begun: RunBegun, say: Callable[[str], None], stage: Stage) -> None:
    with start_kernels(project, forked=job.engine == WARM) as kernels:
        import_jupyter()
        # heavy: while the warm process imports, too
        from swp_analysis.assess import make_edition, tell_of_kernels
        from swp_analysis.publish.pdf import require_browser

        commentary, settings = Path(job.commentary) if job.commentary else None, dict(job.settings)
        browser = require_browser() if settings.pop("pdf", False) else None
        make_edition(project, begun, kernels, job.files, commentary, browser, say=say, stage=stage, **settings)
        tell_of_kernels(kernels, say)


def finish_edition(job: Job, make: Callable[[Job, Project, RunBegun, Callable[[str], None], Stage], None]) -> JobResult:
    """Have an edition made by `make` in a folder of its own, and bring back how that went.

    That is noted in the folder of the batch: when a worker dies with a result that nobody has fetched yet, the next one
    finds it there.
    """
    note = _project_here(job).root / job.batch / f"{job.financial_year}_{job.audience}.result"
    with _one_at_a_time:
        if note.exists():
            return pickle.loads(note.read_bytes())
        result = _try(job, make)
        if note.parent.is_dir():
            unfinished = note.with_suffix(f".{os.getpid()}-{platform.node()}")
            unfinished.write_bytes(pickle.dumps(result))
            os.replace(unfinished, note)
        return result


def _try(job: Job, make: Callable[..., None]) -> JobResult:
    record, lines, staging = RunRecord(job.financial_year, job.audience), list[str](), ""
    try:
        staging = _finish(job, record, lines.append, make)
    except Exception as error:
        if not isinstance(error, InputError | RunError):
            lines.append(traceback.format_exc())
        record.finish(*what_went_wrong(error, record))
    record.results = [replace(result, executed=None) for result in record.results]
    return JobResult(record, staging, tuple(lines))


def why_not_here(job: Job) -> str:
    """Why this worker can't do the job, in a sentence; "" when it sees just what the sender sees."""
    project = _project_here(job)
    worker = f"The worker on {platform.node()}"
    if not project.raw.is_dir():
        return f"{worker} does not see the project folder {project.root}; share it, or set {PROJECT_VARIABLE} there."
    if read_signature(project) != job.signature:
        return (
            f"{worker} sees another project folder than the run that sent it the job, or that run has ended: all "
            "workers need the same folder, on a shared disk."
        )
    here = survey(
        project,
        job.financial_year,
        notebook_files(project),
        further=further_inputs(Path(job.commentary) if job.commentary else None),
        parameters=job.made_from.parameters,
    )
    differing = _differences(job.made_from, here)
    if not differing:
        return ""
    return f"{worker} would make the edition from something else than the run that sent it the job: {differing}."


def _differences(sent: MadeFrom, here: MadeFrom) -> str:
    names = [name for name in sorted({*sent.inputs, *here.inputs}) if sent.inputs.get(name) != here.inputs.get(name)]
    names += ["the code of swp_analysis"] * (sent.code != here.code)
    names += ["Python or its packages"] * (sent.environment != here.environment)
    return f"{', '.join(names[:3])}{' and more' if names[3:] else ''} differ" if names else ""


def _finish(job: Job, record: RunRecord, say: Callable[[str], None], make: Callable[..., None]) -> str:
    if reason := why_not_here(job):
        raise RunError(reason)
    project = _project_here(job)
    with _kept_if_finished(project.reports / job.edition) as staging, _named_in_environment(project):
        make(job, project, RunBegun(record, job.made_from, job.reuse), say, lambda *place: nullcontext(staging))
    return staging.relative_to(project.root).as_posix()


@contextmanager
def _kept_if_finished(target: Path) -> Iterator[Path]:
    staging = None
    try:
        staging = make_staging(target)
        yield staging
    except BaseException as error:
        if staging:
            shutil.rmtree(staging, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        reason = error.strerror or type(error).__name__
        raise RunError(f"The {target.name} edition could not be written: {reason}.") from error


def _project_here(job: Job) -> Project:
    root = Path(os.environ.get(PROJECT_VARIABLE) or job.root)
    return Project(root, root / job.tables, root / job.batch / SHOWN)


@contextmanager
def _named_in_environment(project: Project) -> Iterator[None]:
    """What looks for the project (`find_project`) finds this one."""
    before = os.environ.get(PROJECT_VARIABLE)
    os.environ[PROJECT_VARIABLE] = str(project.root)
    try:
        yield
    finally:
        if before is None:
            del os.environ[PROJECT_VARIABLE]
        else:
            os.environ[PROJECT_VARIABLE] = before

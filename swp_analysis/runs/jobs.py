"""Editions as jobs for workers. In: a `Job`, wherever the worker runs. Out: a `JobResult`: a finished edition in a
folder next to its place, or why there is none.

A worker publishes nothing and writes nothing that anybody else reads, so it does no harm if it is done twice, dies
half-way, or goes on when everybody thinks it dead. The one who handed out the jobs publishes (`fan_out`).
"""

import os
import pickle
import platform
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from swp_analysis.errors import RunError
from swp_analysis.lock import read_signature
from swp_analysis.project import PROJECT_VARIABLE, Project, Say
from swp_analysis.publish.notebook_kernels import start_kernels
from swp_analysis.publish.records import FAILED, RunBegun, RunRecord, what_went_wrong
from swp_analysis.publish.state import MadeFrom, survey
from swp_analysis.published import write_whole
from swp_analysis.runs.unattended import WARM, Call
from swp_analysis.runs.workers import MOST_DEATHS, Workers, first_line

# What a job sets holds for its whole process, so one with many threads still does one after another.
_one_at_a_time = threading.Lock()

SHOWN = "shown"
# How long to wait for a worker when there is none: the next one after one that died has started by then.
NO_WORKER_SECONDS = 60
LOOK_AGAIN_SECONDS = 1.0


@dataclass(frozen=True)
class Job:
    """An edition to make, as it was called for. It travels to other machines.

    `root`: the project folder as its sender sees it; a worker that sees it elsewhere has it in `SWP_PROJECT`.
    `signature`: what the run that sent it has signed the lock with. `made_from`: what it must be made from. `tables`:
    the folder of its tables within the project, read from `files`; `batch`: one that it shares with the jobs that were
    sent with it, with a copy of what readers already hold.
    """

    call: Call
    root: str
    signature: str
    made_from: MadeFrom
    tables: str
    batch: str
    files: tuple[str, ...] = ()

    @property
    def project(self) -> Project:
        """The project folder as it is seen here."""
        root = Path(os.environ.get(PROJECT_VARIABLE) or self.root)
        return Project(root, root / self.tables, root / self.batch / SHOWN)

    @property
    def note(self) -> Path:
        """The file in the folder of its batch that holds its result: when a worker dies before that was fetched, the
        next one finds it there."""
        return self.project.root / self.batch / f"{self.call.edition.replace('/', '_')}.result"

    def begin(self) -> RunRecord:
        """Give the record of a run that begins now."""
        return RunRecord(self.call.financial_year, self.call.audience)


@dataclass(frozen=True)
class JobResult:
    """What became of a job: its record, the finished folder within the project ("" without one), what was said."""

    record: RunRecord
    staging: str = ""
    lines: tuple[str, ...] = ()

    @classmethod
    def lost(cls, job: Job, reason: str) -> "JobResult":
        """Give the result of a job that gave none, for a reason in a sentence."""
        record = job.begin()
        record.finish(FAILED, [reason])
        return cls(record)


def run_jobs(workers: Workers, jobs: Sequence[Job], say: Say) -> Iterator[tuple[Job, JobResult]]:
    """Run each job on a worker, and give its result as it ends.

    There are never more jobs out than workers, so that a worker's death costs hardly more than the job that it had. A
    job whose worker died is tried again, until `MOST_DEATHS` workers have died of it.
    """
    waiting, out, deaths = deque(jobs), dict[Future, Job](), Counter[str]()
    last_seen = time.monotonic()
    while waiting or out:
        if there := workers.count():
            last_seen = time.monotonic()
        while waiting and len(out) < there:
            job = waiting.popleft()
            out[workers.submit(run_job, job)] = job
        for future in _wait_for_some(out):
            job = out.pop(future)
            reason, died = _why_lost(future, workers)
            deaths[job.call.edition] += died
            if died and deaths[job.call.edition] < MOST_DEATHS:
                say(f"{job.call.edition}: its worker died, perhaps for want of memory; it is tried again.")
                waiting.append(job)
            else:
                yield job, JobResult.lost(job, reason) if reason else future.result()
        if time.monotonic() - last_seen > NO_WORKER_SECONDS:
            none = f"there has been no worker for {NO_WORKER_SECONDS} seconds."
            yield from ((job, JobResult.lost(job, none)) for job in waiting)
            yield from ((job, JobResult.lost(job, "its worker has gone, and no other came.")) for job in out.values())
            return


def _wait_for_some(out: dict[Future, Job]) -> set[Future]:
    if not out:
        time.sleep(LOOK_AGAIN_SECONDS)
    return wait(out, LOOK_AGAIN_SECONDS, FIRST_COMPLETED).done


def _why_lost(future: Future, workers: Workers) -> tuple[str, int]:
    """Why a job that has ended gave no result, in a sentence, and how many workers died of it; "" when it gave one."""
    try:
        future.result()
    except CancelledError:
        return "the Dask scheduler has gone.", 0
    except Exception as error:
        if died := workers.deaths(error):
            return "its worker died each time it was tried, perhaps for want of memory.", died
        return f"the worker could not run it: {type(error).__name__}: {first_line(error)}.", 0
    return "", 0


def run_job(job: Job) -> JobResult:
    """Make the edition, all but its release, unless its note says that this is done.

    Whatever is wrong with the edition or its inputs comes back in the record; it would be wrong a second time.
    """
    with _one_at_a_time:
        if job.note.exists():
            return pickle.loads(job.note.read_bytes())
        record, lines, staging = job.begin(), list[str](), ""
        try:
            staging = _stage(job, record, lines.append)
        except Exception as error:
            record.finish(*what_went_wrong(error, record))
        record.results = [replace(result, executed=None) for result in record.results]
        result = JobResult(record, staging, tuple(lines))
        if job.note.parent.is_dir():
            write_whole(job.note, pickle.dumps(result))
        return result


def _stage(job: Job, record: RunRecord, say: Say) -> str:
    from swp_analysis.publish.release import staged

    if reason := why_not_here(job):
        raise RunError(reason)
    project = job.project
    with staged(project.reports / job.call.edition) as staging, _named_in_environment(project):
        make_here(staging, project, job.call.begin(record, job.made_from), job, say)
    return staging.relative_to(project.root).as_posix()


def make_here(folder: Path, project: Project, run: RunBegun, job: Job, say: Say) -> None:
    """Make the edition of a job in `folder`."""
    with start_kernels(project, forked=job.call.engine == WARM) as kernels:
        from swp_analysis.assess import fill_edition  # heavy: while the warm process imports, too

        fill_edition(folder, project, run, kernels, job.files, say)


def why_not_here(job: Job) -> str:
    """Say why this worker can't do the job, in a sentence; "" when it sees just what the sender sees."""
    project, worker = job.project, f"The worker on {platform.node()}"
    if not project.raw.is_dir():
        return f"{worker} does not see the project folder {project.root}; share it, or set {PROJECT_VARIABLE} there."
    if read_signature(project) != job.signature:
        return (
            f"{worker} sees another project folder than the run that sent it the job, or that run has ended: all "
            "workers need the same folder, on a shared disk."
        )
    here = survey(project, job.call.financial_year, job.call.commentary, job.made_from.parameters)
    differing = _differences(job.made_from, here)
    if not differing:
        return ""
    return f"{worker} would make the edition from something else than the run that sent it the job: {differing}."


def _differences(sent: MadeFrom, here: MadeFrom) -> str:
    names = [name for name in sorted({*sent.inputs, *here.inputs}) if sent.inputs.get(name) != here.inputs.get(name)]
    names += ["the code of swp_analysis"] * (sent.code != here.code)
    names += ["Python or its packages"] * (sent.environment != here.environment)
    return f"{', '.join(names[:3])}{' and more' if names[3:] else ''} differ" if names else ""


@contextmanager
def _named_in_environment(project: Project) -> Iterator[None]:
    """Let `find_project` find this project inside the `with`."""
    before = os.environ.get(PROJECT_VARIABLE, "")
    os.environ[PROJECT_VARIABLE] = str(project.root)
    try:
        yield
    finally:
        os.environ[PROJECT_VARIABLE] = before

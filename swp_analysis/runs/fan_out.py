"""Many editions in one call, on several workers. In: a `Call` for each edition, workers. Out: each of them published
once, or skipped because it stands already, or a sentence that says why not; a line in reports/runs.jsonl.

Workers only finish editions (`jobs`). Everything that others see happens here, in the one process that holds the
project's lock: the tables are built before, and editions are attacked and swapped in one after another. So nothing is
published twice or half, and no two editions miss each other, whatever workers, networks and disks do.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from swp_analysis.catalogue import load_catalogue, require_audience
from swp_analysis.errors import InputError, RunError
from swp_analysis.ingest.years import choose_year
from swp_analysis.lock import only_run
from swp_analysis.project import Project
from swp_analysis.publish.records import FAILED, REFUSED
from swp_analysis.runs.deadline import ends_within
from swp_analysis.runs.edition_run import EditionRun
from swp_analysis.runs.jobs import SHOWN, Job, JobResult, lose_job, run_job
from swp_analysis.runs.unattended import ENGINES, Call, clean_up_after_kills, fan_out_scratch
from swp_analysis.runs.workers import MOST_DEATHS, Workers, first_line

Say = Callable[[str], None]
# How long to wait for a worker when there is none: the next one after one that died has started by then.
NO_WORKER_SECONDS = 60
LOOK_AGAIN_SECONDS = 1.0


def name_editions(project: Project, years: Sequence[str | None], audiences: Sequence[str], call: Call) -> list[Call]:
    """Name a call for each year (None: the newest) and audience, each edition once.

    Raises
    ------
    InputError
        For a year, an audience or an engine that there is not.
    """
    for audience in audiences:
        require_audience(audience)
    if call.engine not in ENGINES:
        raise InputError(f"{call.engine!r} is not an engine; choose one of {', '.join(ENGINES)}.")
    chosen = dict.fromkeys(choose_year(project.raw, year) for year in years)
    return [replace(call, financial_year=year, audience=one) for year in chosen for one in dict.fromkeys(audiences)]


def fan_out(
    project: Project,
    calls: Sequence[Call],
    workers: Workers,
    say: Say = print,
) -> str:
    """Publish the editions that were called for, those that don't stand already.

    Returns
    -------
    What to say last.

    Raises
    ------
    RunError
        When an edition failed or another run is going on; the other editions are published all the same.
    InputError
        When nothing failed, but editions were refused because of what they were to be made from.
    """
    editions = [EditionRun(project, call, say) for call in calls]
    names = ", ".join(edition.call.edition for edition in editions)
    try:
        with only_run(project, f"swp assess of {names}", say) as held:
            if held:
                clean_up_after_kills(project, say)
            for edition in editions:
                edition.begin()
            with (
                _scratch(project, editions) as scratch,
                ends_within(calls[0].run_timeout, last_words=lambda reason: _say_last_words(reason, editions)),
            ):
                _Run(project, scratch, workers, say).make(editions)
    except BaseException as error:
        _end_all(editions, error)
        raise
    for edition in editions:
        say(f"{edition.call.edition}: {edition.outcome}")
    return _judge(editions)


@contextmanager
def _scratch(project: Project, editions: Sequence[EditionRun]) -> Iterator[Path]:
    """A folder in the cache that workers on other machines see, too; nothing of a run is left there, or in reports."""
    folder = fan_out_scratch(project)
    shutil.rmtree(folder, ignore_errors=True)
    project.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for edition in editions:
            edition.clean_up()


@dataclass(frozen=True)
class _Run:
    """What all editions of a call share while they are made."""

    project: Project
    scratch: Path
    workers: Workers
    say: Say

    def make(self, editions: Sequence[EditionRun]) -> None:
        """Make those that need it: first all that hide something; then what readers may hold is known, and it is said
        in those that hide nothing."""
        todo = [edition for edition in editions if edition.needs_work()]
        if not todo:
            return
        newest = max(edition.call.financial_year for edition in editions)
        built = self._build_tables(todo, newest)
        left = [edition for edition in todo if not edition.outcome]
        if not left:
            return
        self.say(f"Editions to make: {len(left)}.")
        audiences = load_catalogue().audiences
        hiding = [edition for edition in left if audiences[edition.call.audience].suppress_below]
        for batch in (hiding, [edition for edition in left if edition not in hiding]):
            self._make_batch(batch, built)
            for edition in batch:
                if edition.setback and not edition.outcome:
                    edition.say(f"{edition.setback} It is made once more, with what is published now.")
                    self._make_batch([edition], built)

    def _build_tables(self, editions: Sequence[EditionRun], newest: str) -> dict[str, tuple[Path, list[str]]]:
        """The folder of each year's tables, and the files that they were read from; an edition of a year that can't be
        built is refused."""
        from swp_analysis.assess import build_and_describe

        built = {}
        for year in sorted({edition.call.financial_year for edition in editions}):
            # An earlier edition knows nothing of later reports, so it has tables of its own.
            place = replace(self.project, tables=None if year == newest else self.scratch / year)
            try:
                built[year] = place.processed, build_and_describe(place, year, self.say)
            except (InputError, RunError) as error:
                _end_all([edition for edition in editions if edition.call.financial_year == year], error)
        return built

    def _make_batch(self, editions: Sequence[EditionRun], built: Mapping) -> None:
        if not editions:
            return
        from swp_analysis.disclosure.published_figures import copy_shown

        batch = Path(tempfile.mkdtemp(prefix="batch-", dir=self.scratch))
        copy_shown(self.project.reports, batch / SHOWN)
        named = {edition.call.edition: edition for edition in editions}
        jobs = [edition.as_job(batch, *built[edition.call.financial_year]) for edition in editions]
        for ended, (job, result) in enumerate(run_jobs(self.workers, jobs, self.say), start=1):
            named[job.call.edition].take(result)
            self.say(
                f"[{ended}/{len(jobs)}] {job.call.edition}: {named[job.call.edition].outcome or 'to be tried again'}"
            )


def run_jobs(workers: Workers, jobs: Sequence[Job], say: Say) -> Iterator[tuple[Job, JobResult]]:
    """Run each job on a worker, and give its result as it ends.

    There are never more jobs out than workers, so that a worker's death costs hardly more than the job that it had. A
    job whose worker died is tried again, until `MOST_DEATHS` workers have died of it.
    """
    waiting = deque((job, 0) for job in jobs)
    out: dict[Future, tuple[Job, int]] = {}
    last_seen = time.monotonic()
    while waiting or out:
        if there := workers.count():
            last_seen = time.monotonic()
        while waiting and len(out) < there:
            job, deaths = waiting.popleft()
            out[workers.submit(run_job, job)] = job, deaths
        for future in _wait_for_some(out):
            job, deaths = out.pop(future)
            error = None if future.cancelled() else future.exception()
            died = workers.deaths(error)
            if died and deaths + died < MOST_DEATHS:
                say(f"{job.call.edition}: its worker died, perhaps for want of memory; it is tried again.")
                waiting.append((job, deaths + died))
            else:
                yield job, _take_result(future, job, error, died)
        if time.monotonic() - last_seen > NO_WORKER_SECONDS:
            none = f"there has been no worker for {NO_WORKER_SECONDS} seconds."
            yield from ((job, lose_job(job, none)) for job, _ in waiting)
            yield from ((job, lose_job(job, "its worker has gone, and no other came.")) for job, _ in out.values())
            return


def _wait_for_some(out: Mapping[Future, object]) -> set[Future]:
    if not out:
        time.sleep(LOOK_AGAIN_SECONDS)
    return wait(out, LOOK_AGAIN_SECONDS, FIRST_COMPLETED).done


def _take_result(future: Future, job: Job, error: BaseException | None, died: int) -> JobResult:
    if future.cancelled():
        return lose_job(job, "the Dask scheduler has gone.")
    if died:
        return lose_job(job, "its worker died each time it was tried, perhaps for want of memory.")
    if error:
        return lose_job(job, f"the worker could not run it: {type(error).__name__}: {first_line(error)}.")
    return future.result()


def _end_all(editions: Sequence[EditionRun], error: BaseException) -> None:
    for edition in editions:
        edition.end_by(error)


def _say_last_words(reason: str, editions: Sequence[EditionRun]) -> None:
    """For a run that is about to be ended hard."""
    print(f"swp: {reason}", file=sys.stderr, flush=True)
    _end_all(editions, RunError(reason))


def _judge(editions: Sequence[EditionRun]) -> str:
    failed, refused = ([one for one in editions if one.record.status == status] for status in (FAILED, REFUSED))
    if not failed and not refused:
        return f"Done: {len(editions)} of {len(editions)} editions stand in reports."
    wrong = [*failed, *refused]
    kind = RunError if failed else InputError
    names = ", ".join(edition.call.edition for edition in wrong)
    if len(wrong) == 1:
        raise kind(f"{names} was not made; {wrong[0].outcome}")
    raise kind(f"{len(wrong)} of {len(editions)} editions were not made, for the reasons above: {names}.")

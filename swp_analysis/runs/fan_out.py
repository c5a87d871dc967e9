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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from swp_analysis.catalogue import load_catalogue, require_audience
from swp_analysis.errors import InputError, RunError
from swp_analysis.ingest.years import choose_year
from swp_analysis.lock import only_run
from swp_analysis.project import Project
from swp_analysis.publish.records import FAILED, REFUSED
from swp_analysis.runs.crashes import clean_up_after_crashes, fan_out_scratch
from swp_analysis.runs.deadline import ends_within
from swp_analysis.runs.edition_run import EditionRun
from swp_analysis.runs.jobs import SHOWN, Job, JobResult, run_job
from swp_analysis.runs.unattended import ENGINES, Call
from swp_analysis.runs.workers import RunJobs

Say = Callable[[str], None]
# Gives workers for a number of jobs: `Workers.ready`.
Ready = Callable[[int, Say], AbstractContextManager[RunJobs]]


def name_editions(project: Project, years: Sequence[str | None], audiences: Sequence[str], call: Call) -> list[Call]:
    """A call for each year (None: the newest) and audience, each edition once.

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
    ready: Ready,
    say: Say = print,
    function: Callable[[Job], JobResult] = run_job,
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
    names = ", ".join(edition.name for edition in editions)
    try:
        with only_run(project, f"swp assess of {names}", say) as held:
            if held:
                clean_up_after_crashes(project)
            for edition in editions:
                edition.begin()
            with (
                _scratch(project, editions) as scratch,
                ends_within(calls[0].run_timeout, last_words=lambda reason: _say_last_words(reason, editions)),
            ):
                _Run(project, scratch, ready, say, function).make(editions)
    except BaseException as error:
        _end_all(editions, error)
        raise
    for edition in editions:
        say(f"{edition.name}: {edition.outcome}")
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
    ready: Ready
    say: Say
    function: Callable[[Job], JobResult]

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
        with self.ready(len(left), self.say) as run_jobs:
            for batch in (hiding, [edition for edition in left if edition not in hiding]):
                self._make_batch(batch, built, run_jobs)
                for edition in batch:
                    if edition.setback and not edition.outcome:
                        edition.say(f"{edition.setback} It is made once more, with what is published now.")
                        self._make_batch([edition], built, run_jobs)

    def _build_tables(self, editions: Sequence[EditionRun], newest: str) -> dict[str, tuple[Path, list[str]]]:
        """The folder of each year's tables, and the files that they were read from; an edition of a year that can't be
        built is refused."""
        from swp_analysis.assess import build_and_tell

        built = {}
        for year in sorted({edition.call.financial_year for edition in editions}):
            # An earlier edition knows nothing of later reports, so it has tables of its own.
            place = replace(self.project, tables=None if year == newest else self.scratch / year)
            try:
                built[year] = place.processed, build_and_tell(place, year, self.say)
            except (InputError, RunError) as error:
                _end_all([edition for edition in editions if edition.call.financial_year == year], error)
        return built

    def _make_batch(self, editions: Sequence[EditionRun], built: Mapping, run_jobs: RunJobs) -> None:
        if not editions:
            return
        from swp_analysis.disclosure.published_figures import copy_shown

        batch = Path(tempfile.mkdtemp(prefix="batch-", dir=self.scratch))
        copy_shown(self.project.reports, batch / SHOWN)
        named = {edition.name: edition for edition in editions}
        jobs = [edition.as_job(batch, *built[edition.call.financial_year]) for edition in editions]
        with closing(run_jobs(self.function, jobs)) as results:
            for ended, (job, result) in enumerate(results, start=1):
                named[job.edition].take(result)
                self.say(f"[{ended}/{len(jobs)}] {job.edition}: {named[job.edition].outcome or 'to be tried again'}")


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
    names = ", ".join(edition.name for edition in wrong)
    if len(wrong) == 1:
        raise kind(f"{names} was not made; {wrong[0].outcome}")
    raise kind(f"{len(wrong)} of {len(editions)} editions were not made, for the reasons above: {names}.")

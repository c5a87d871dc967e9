"""Many editions in one call, on several workers. In: a `Call` for each edition, workers. Out: each of them published
once, or skipped because it stands already, or a sentence that says why not; a line in reports/runs.jsonl.

Workers only finish editions (`jobs`). Everything that others see happens here, in the one process that holds the
project's lock: the tables are built before, and editions are attacked and swapped in one after another. So nothing is
published twice or half, and no two editions miss each other, whatever workers, networks and disks do.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from swp_analysis.catalogue import load_catalogue, require_audience
from swp_analysis.errors import InputError, RunError
from swp_analysis.ingest.formats.raw_files import choose_year
from swp_analysis.lock import only_run, read_signature
from swp_analysis.project import Project
from swp_analysis.publish import records
from swp_analysis.publish.release import clean_up
from swp_analysis.runs import unattended
from swp_analysis.runs.deadline import ends_within
from swp_analysis.runs.jobs import SHOWN, Job, JobResult, run_jobs
from swp_analysis.runs.unattended import Call, EditionRun, Say, end_all, say_last_words
from swp_analysis.runs.workers import Workers


def name_editions(project: Project, years: Sequence[str | None], audiences: Sequence[str], call: Call) -> list[Call]:
    """Name a call for each year (None: the newest) and audience, each edition once.

    Raises
    ------
    InputError
        For a year or an audience that there is not.
    """
    for audience in audiences:
        require_audience(audience)
    chosen = dict.fromkeys(choose_year(project.raw, year) for year in years)
    return [replace(call, financial_year=year, audience=one) for year in chosen for one in dict.fromkeys(audiences)]


def fan_out(project: Project, calls: Sequence[Call], workers: Workers, say: Say = print) -> str:
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
    editions = [EditionJob(project, call, say, name=f"{call.edition}: ") for call in calls]
    names = ", ".join(edition.call.edition for edition in editions)
    try:
        with only_run(project, f"swp assess of {names}", say) as held:
            if held:
                unattended.clean_up_after_kills(project, say)
            for edition in editions:
                edition.begin()
            with (
                _scratch(project, editions) as scratch,
                ends_within(calls[0].run_timeout, last_words=partial(say_last_words, editions)),
            ):
                _Run(project, scratch, workers, say).make(editions)
    except BaseException as error:
        end_all(editions, error)
        raise
    for edition in editions:
        say(f"{edition.call.edition}: {edition.outcome}")
    return _judge(editions)


class EditionJob(EditionRun):
    """An edition that a worker makes. `setback`: why it could not be published the first time."""

    setback = ""

    def as_job(self, batch: Path, tables: Path, files: Sequence[str]) -> Job:
        """Make the job for a worker."""
        root, commentary = self.project.root, self.call.commentary
        return Job(
            replace(self.call, commentary=commentary and commentary.resolve()),
            root=str(root),
            signature=read_signature(self.project),
            made_from=self.made_from,
            tables=tables.relative_to(root).as_posix(),
            batch=batch.relative_to(root).as_posix(),
            files=tuple(files),
        )

    def take(self, result: JobResult) -> None:
        """Publish what a worker has finished, or write down why there is nothing.

        When it can't be published, because of what was published meanwhile or because a disk was slow to show it, that
        is a `setback` the first time: it is worth another try.
        """
        from swp_analysis.publish.release import settle

        for line in result.lines:
            self.say(line)
        self.record = self.reporter.record = result.record
        try:
            if result.staging:
                settle(self.project, self.project.root / result.staging, self.folder)
        except RunError as error:
            if self.setback:
                self.end(records.FAILED, [str(error)])
            self.setback = str(error)
        else:
            self.end(self.record.status, self.record.problems)


@contextmanager
def _scratch(project: Project, editions: Sequence[EditionJob]) -> Iterator[Path]:
    """A folder in the cache that workers on other machines see, too; nothing of a run is left there, or in reports."""
    folder = unattended.fan_out_scratch(project)
    shutil.rmtree(folder, ignore_errors=True)
    project.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for edition in editions:
            clean_up(edition.folder)


@dataclass(frozen=True)
class _Run:
    """What all editions of a call share while they are made."""

    project: Project
    scratch: Path
    workers: Workers
    say: Say

    def make(self, editions: Sequence[EditionJob]) -> None:
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

    def _build_tables(self, editions: Sequence[EditionJob], newest: str) -> dict[str, tuple[Path, list[str]]]:
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
                end_all([edition for edition in editions if edition.call.financial_year == year], error)
        return built

    def _make_batch(self, editions: Sequence[EditionJob], built: Mapping) -> None:
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


def _judge(editions: Sequence[EditionJob]) -> str:
    failed, refused = (
        [one for one in editions if one.record.status == status] for status in (records.FAILED, records.REFUSED)
    )
    if not failed and not refused:
        return f"Done: {len(editions)} of {len(editions)} editions stand in reports."
    wrong = [*failed, *refused]
    kind = RunError if failed else InputError
    names = ", ".join(edition.call.edition for edition in wrong)
    if len(wrong) == 1:
        raise kind(f"{names} was not made; {wrong[0].outcome}")
    raise kind(f"{len(wrong)} of {len(editions)} editions were not made, for the reasons above: {names}.")

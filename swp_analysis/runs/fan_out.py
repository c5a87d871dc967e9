"""Many editions in one call, on several workers. In: a `Call` for each edition, workers. Out: each of them published
once, or skipped because it stands already, or a sentence that says why not; a line in reports/runs.jsonl.

Workers only finish editions (`jobs`). Everything that others see happens here, in the one process that holds the
project's lock: the tables are built before, and editions are attacked and swapped in one after another. So nothing is
published twice or half, and no two editions miss each other, whatever workers, networks and disks do.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import InputError, RunError, count_noun
from swp_analysis.ingest.formats.raw_files import choose_year
from swp_analysis.lock import read_signature
from swp_analysis.project import Project, Say
from swp_analysis.publish.records import FAILED, REFUSED
from swp_analysis.runs.jobs import SHOWN, Job, JobResult, run_jobs
from swp_analysis.runs.unattended import Call, EditionRun, end_all, fan_out_scratch, require_call, running
from swp_analysis.runs.workers import Workers


def name_editions(project: Project, years: Sequence[str | None], audiences: Sequence[str], call: Call) -> list[Call]:
    """Name a call for each year (None: the newest) and audience, each edition once.

    Raises
    ------
    InputError
        For a year that there is not, or as `require_call` says.
    """
    for audience in audiences:
        require_call(project, replace(call, audience=audience))
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
    editions = [SentEdition(project, call, say, name=f"{call.edition}: ") for call in calls]
    names = ", ".join(edition.call.edition for edition in editions)
    with running(project, f"swp assess of {names}", editions, say), _scratch(project) as scratch:
        todo = [edition for edition in editions if edition.needs_work()]
        _build_tables(todo, max(call.financial_year for call in calls), scratch, say)
        for batch in _order_batches(todo, say):
            _make_batch(batch, scratch, workers, say)
            for edition in batch:
                if not edition.outcome:
                    edition.say(f"{edition.setback} It is made once more, with what is published now.")
                    _make_batch([edition], scratch, workers, say)
    for edition in editions:
        say(f"{edition.call.edition}: {edition.outcome}")
    return _judge(editions)


class SentEdition(EditionRun):
    """An edition that a worker makes, from the `tables` in a folder, which were read from `files`. `setback`: why it
    could not be published the first time."""

    tables, files, setback = Path(), tuple[str, ...](), ""

    def as_job(self, batch: Path) -> Job:
        """Make the job for a worker."""
        root, commentary = self.project.root, self.call.commentary
        return Job(
            replace(self.call, commentary=commentary and commentary.resolve()),
            root=str(root),
            signature=read_signature(self.project),
            made_from=self.made_from,
            tables=self.tables.relative_to(root).as_posix(),
            batch=batch.relative_to(root).as_posix(),
            files=self.files,
        )

    def take(self, result: JobResult) -> None:
        """Publish what a worker has finished, or write down why there is nothing.

        When it can't be published, because of what was published meanwhile or because a disk was slow to show it, that
        is a `setback` the first time: it is worth another try.
        """
        from swp_analysis.publish.release import settle

        for line in result.lines:
            self.say(line)
        self.record = result.record
        try:
            if result.staging:
                settle(self.project, self.project.root / result.staging, self.folder)
        except RunError as error:
            if self.setback:
                self.end(FAILED, [str(error)])
            self.setback = str(error)
        else:
            self.end(self.record.status, self.record.problems)


@contextmanager
def _scratch(project: Project) -> Iterator[Path]:
    """A folder in the cache that workers on other machines see, too."""
    folder = fan_out_scratch(project)
    shutil.rmtree(folder, ignore_errors=True)
    project.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _build_tables(editions: Sequence[SentEdition], newest: str, scratch: Path, say: Say) -> None:
    """Build each year's tables, once; an edition of a year that can't be built is refused."""
    for year in sorted({edition.call.financial_year for edition in editions}):
        from swp_analysis.assess import build_and_describe

        own = [edition for edition in editions if edition.call.financial_year == year]
        # An earlier edition knows nothing of later reports, so it has tables of its own.
        place = replace(own[0].project, tables=None if year == newest else scratch / year)
        try:
            files = tuple(build_and_describe(place, year, say))
        except (InputError, RunError) as error:
            end_all(own, error)
            continue
        for edition in own:
            edition.tables, edition.files = place.processed, files


def _order_batches(editions: Sequence[SentEdition], say: Say) -> Iterator[list[SentEdition]]:
    """First all that hide something; then what readers may hold is known, and it is said in those that hide nothing."""
    left = [edition for edition in editions if not edition.outcome]
    if left:
        say(f"Editions to make: {len(left)}.")
        audiences = load_catalogue().audiences
        for hides in (True, False):
            yield [edition for edition in left if bool(audiences[edition.call.audience].suppress_below) == hides]


def _make_batch(editions: Sequence[SentEdition], scratch: Path, workers: Workers, say: Say) -> None:
    """Have the workers make some editions, and publish each as it is finished."""
    if not editions:
        return
    from swp_analysis.disclosure.published_figures import copy_shown

    batch = Path(tempfile.mkdtemp(prefix="batch-", dir=scratch))
    copy_shown(editions[0].project.reports, batch / SHOWN)
    named = {edition.call.edition: edition for edition in editions}
    jobs = [edition.as_job(batch) for edition in editions]
    for ended, (job, result) in enumerate(run_jobs(workers, jobs, say), start=1):
        edition = named[job.call.edition]
        edition.take(result)
        say(f"[{ended}/{len(jobs)}] {job.call.edition}: {edition.outcome or 'to be tried again'}")


def _judge(editions: Sequence[SentEdition]) -> str:
    wrong = [one for status in (FAILED, REFUSED) for one in editions if one.record.status == status]
    if not wrong:
        stand = f"{count_noun(len(editions), 'edition')} {'stands' if len(editions) == 1 else 'stand'}"
        return f"Done: {len(editions)} of {stand} in reports."
    kind = RunError if wrong[0].record.status == FAILED else InputError
    names = ", ".join(edition.call.edition for edition in wrong)
    if len(wrong) == 1:
        raise kind(f"{names} was not made; {wrong[0].outcome}")
    every = count_noun(len(editions), "edition")
    raise kind(f"{len(wrong)} of {every} were not made, for the reasons above: {names}.")

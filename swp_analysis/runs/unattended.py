"""`swp assess` as a scheduler calls it: one at a time, nothing done twice, with a deadline and a notification. In: a
call. Out: an edition or none, a line in reports/runs.jsonl, and at most one call of the notify command.

What is heavy is imported only when there is work to do.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from swp_analysis.catalogue.loader import load_catalogue, require_audience
from swp_analysis.engines.warm_kernels.private_folder import remove_abandoned
from swp_analysis.errors import RunError, require_choice
from swp_analysis.ingest.formats.raw_files import choose_year
from swp_analysis.lock import only_run
from swp_analysis.project import Project, Say
from swp_analysis.publish import records
from swp_analysis.publish.notebook_kernels import start_kernels
from swp_analysis.publish.release import clean_up, clean_up_all
from swp_analysis.publish.state import MadeFrom, find_changes, is_still_proven, survey
from swp_analysis.published import read_record
from swp_analysis.runs.deadline import ends_within
from swp_analysis.runs.run_reporter import VerdictsBefore, notify, read_verdicts_before, split_command, summarise_run

RUN_TIMEOUT = 3600
ENGINES = WARM, STOCK = "warm", "stock"
MOST_CHANGES_SHOWN = 5
INDEX = "index.html"
OBSERVATIONS = "observations.csv"


@dataclass(frozen=True)
class Call:
    """What was asked for; without a `financial_year` ("") it is the newest.

    `run_timeout` is seconds for everything together, the others for a cell and for a notebook.

    `engine`: kernels forked from a warm process where that can be done, or stock, each started afresh.
    """

    financial_year: str
    audience: str
    commentary: Path | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    force: bool = False
    run_timeout: float = RUN_TIMEOUT
    notify_command: str | None = None
    engine: str = WARM
    pdf: bool = False
    cell_timeout: int = records.CELL_TIMEOUT
    notebook_timeout: int = records.NOTEBOOK_TIMEOUT

    @property
    def edition(self) -> str:
        """Name its place in reports/."""
        return f"{self.financial_year}/{self.audience}"

    def begin(self, record: records.RunRecord, made_from: MadeFrom) -> records.RunBegun:
        """Begin the run of a record as it was asked for."""
        same = ("cell_timeout", "notebook_timeout", "commentary", "pdf")
        return records.RunBegun(record, made_from, not self.force, **{name: getattr(self, name) for name in same})


class EditionRun:
    """An edition from the call to its end. `outcome` is empty until then, and afterwards never changes.

    `say` gets its lines, each with `name` before it.

    Raises
    ------
    InputError
        For an engine that there is not, or a notify command that can't be read.
    """

    def __init__(self, project: Project, call: Call, say: Say, name: str = "") -> None:
        require_choice("engine", call.engine, ENGINES)
        self.project, self.call, self.outcome = project, call, ""
        self.say: Say = lambda line: say(f"{name}{line}")
        self.record = records.RunRecord(call.financial_year or "newest", call.audience, status=records.WAITING)
        self._command = [] if call.notify_command is None else split_command(call.notify_command)
        self._before = VerdictsBefore()

    @property
    def folder(self) -> Path:
        """Name the folder that it is published in."""
        return self.project.reports / self.call.edition

    @property
    def page(self) -> Path:
        """Name its first page, within the project."""
        return (self.folder / INDEX).relative_to(self.project.root)

    def begin(self) -> None:
        """Undo what a killed run has left, and remember the verdicts that stand; the lock is held."""
        self.record.status = records.RUNNING
        clean_up(self.folder)
        self._before = read_verdicts_before(self.project, self.call.financial_year, self.call.audience)

    def needs_work(self) -> bool:
        """Tell whether it has to be made; if not, this is its end. A wrong call is refused before anything is said."""
        self.made_from = survey_for(self.call, self.project, self.call.financial_year)
        changes = list_changes(self.project, self.folder, self.made_from, self.call)
        if changes or self.call.force:
            require_call(self.project, self.call)
            self.say(describe_work(changes))
            return True
        published = datetime.fromisoformat((read_record(self.folder) or {})["finished"]).astimezone()
        stands = f"{self.page} of {published:%Y-%m-%d %H:%M} was made from the same; --force makes it again."
        self.end(records.UNCHANGED, outcome=f"unchanged: {stands}")
        return False

    def end(self, status: str, problems: Sequence[str] = (), outcome: str = "") -> None:
        """Write the line in runs.jsonl, say which verdicts changed, and call the notify command, once."""
        if self.outcome:
            return
        done = f"published: open {self.page}" if status == records.PUBLISHED else f"{status}: {' '.join(problems)}"
        self.outcome = outcome or done
        self.record.finish(status, problems)
        records.append_line(self.project.reports / records.RUNS_FILE, self.record.as_line())
        if status != records.UNCHANGED:
            self._tell(summarise_run(self.record, self._before))

    def _tell(self, summary: dict[str, Any]) -> None:
        for change in summary["verdicts_changed"]:
            self.say(f"Verdict changed: {change['label']}: from {change['from']} to {change['to']}.")
        if self._command:
            notify(self._command, summary, say=self.say, folder=self.project.root)


@contextmanager
def running(project: Project, what: str, editions: Sequence[EditionRun], say: Say) -> Iterator[None]:
    """Hold the project's lock and the deadline for some editions; `what`: the run in a few words.

    What stops the block ends all editions that have not ended, and nothing half made is left beside them.
    """
    with ended_by_errors(editions), only_run(project, what, say) as held:
        if held:
            clean_up_after_kills(project, say)
        for edition in editions:
            edition.begin()
        try:
            with ends_within(editions[0].call.run_timeout, last_words=partial(_say_last_words, editions)):
                yield
        finally:
            for edition in editions:
                clean_up(edition.folder)


@contextmanager
def ended_by_errors(editions: Sequence[EditionRun]) -> Iterator[None]:
    """End the editions that have not ended when an error stops the block."""
    try:
        yield
    except BaseException as error:
        end_all(editions, error)
        raise


def end_all(editions: Sequence[EditionRun], error: BaseException) -> None:
    """End editions that an error has stopped."""
    for edition in editions:
        edition.end(*records.what_went_wrong(error, edition.record))


def _say_last_words(editions: Sequence[EditionRun], reason: str) -> None:
    """End editions for a run that is about to be ended hard."""
    print(f"swp: {reason}", file=sys.stderr, flush=True)
    end_all(editions, RunError(reason))


def run_assess(project: Project, call: Call, say: Say = print) -> str:
    """Publish the edition that was asked for, unless it stands already, made from the same.

    Returns
    -------
    What to say last.

    Raises
    ------
    InputError, RunError
        As `assess` does; `RunError` also when another run is going on, or the time is over.
    """
    edition = EditionRun(project, call, say)
    with ended_by_errors([edition]):
        year = edition.record.financial_year = choose_year(project.raw, call.financial_year or None)
    edition.call = replace(call, financial_year=year)
    with running(project, f"swp assess {year} --audience {call.audience}", [edition], say):
        if edition.needs_work():
            if call.commentary and not call.financial_year:
                say(f"No year was named, so your words go into the newest edition, {year}.")
            _make(edition)
            edition.end(records.PUBLISHED)
    return f"{edition.outcome[0].upper()}{edition.outcome[1:]}"


def require_call(project: Project, call: Call) -> None:
    """Refuse what is wrong with a call before anything is said or made.

    Raises
    ------
    InputError
        For an audience that there is not, a parameter that no notebook has, or a file of words that can't be read.
    """
    require_audience(call.audience)
    if call.parameters:
        from swp_analysis.publish.edition import choose_notebooks  # heavy, as the next one

        choose_notebooks(project, call.audience, call.parameters)
    if call.commentary:
        from swp_analysis.publish.commentary import read_commentary

        read_commentary(call.commentary, load_catalogue().indicators)


def _make(edition: EditionRun) -> None:
    with start_kernels(edition.project, forked=edition.call.engine == WARM) as kernels:
        from swp_analysis.assess import assess  # heavy: while the warm process imports too

        assess(edition.project, edition.call.begin(edition.record, edition.made_from), kernels, edition.say)


def clean_up_after_kills(project: Project, say: Say) -> None:
    """Remove what runs that were killed have left, whichever edition they were making, and say what that was.

    Only for who holds the lock: what another run is using looks just the same.
    """
    remove_abandoned()
    if left := clean_up_all(project.reports):
        say(f"A run was killed before its end; removed what it had left in reports: {', '.join(left)}.")
    shutil.rmtree(fan_out_scratch(project), ignore_errors=True)


def fan_out_scratch(project: Project) -> Path:
    """Name the folder of a run of many editions, where workers on other machines see it, too."""
    return project.cache / "fan_out"


def survey_for(call: Call, project: Project, year: str) -> MadeFrom:
    """Survey what the edition of a year that was called for is made from, as it is now."""
    if any((folder / "open").is_dir() for folder in (project.raw, project.processed)):
        from swp_analysis.open_data.tables import build_open  # heavy: most projects have none

        build_open(project)
    return survey(project, year, call.commentary, call.parameters)


def list_changes(project: Project, folder: Path, made_from: MadeFrom, call: Call) -> list[str]:
    """List why the edition in `folder` has to be made; empty when it stands, made from the same."""
    changes = find_changes(folder, made_from)
    if not changes and not is_still_proven(project, folder, made_from.code):
        changes.append("other editions in reports changed")
    if not changes and not (project.processed / OBSERVATIONS).exists():
        changes.append("data/processed is missing")
    if call.pdf and not any(folder.glob("*.pdf")):
        changes.append("it has no PDF yet")
    return changes


def describe_work(changes: list[str]) -> str:
    """Say why an edition is made."""
    if not changes:
        return "Nothing has changed; all is made again."
    more = f" and {len(changes) - MOST_CHANGES_SHOWN} more" if len(changes) > MOST_CHANGES_SHOWN else ""
    return f"To do, because: {', '.join(changes[:MOST_CHANGES_SHOWN])}{more}."

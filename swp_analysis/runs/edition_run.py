"""One of the editions of a call for many. In: its `Call`, and later what a worker made of its job. Out: the edition in
reports/, and the line and the call of the notify command with which each edition's run ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from swp_analysis.errors import RunError
from swp_analysis.lock import read_signature
from swp_analysis.project import Project
from swp_analysis.publish.records import FAILED, PUBLISHED, RUNNING, UNCHANGED, WAITING, RunRecord, what_went_wrong
from swp_analysis.publish.release import clean_up
from swp_analysis.runs.jobs import Job, JobResult
from swp_analysis.runs.notify import split_command
from swp_analysis.runs.run_reporter import RunReporter
from swp_analysis.runs.unattended import INDEX, Call, describe_standing, describe_work, list_changes, survey_for


class EditionRun:
    """An edition from the call to its end. `outcome` is empty until then, and afterwards never changes."""

    def __init__(self, project: Project, call: Call, say: Callable[[str], None]) -> None:
        self.project, self.call, self._say = project, call, say
        self.record = RunRecord(call.financial_year, call.audience, status=WAITING)
        command = [] if call.notify_command is None else split_command(call.notify_command)
        self._reporter = RunReporter(project, self.record, command, self.say)
        self.outcome, self.setback = "", ""

    @property
    def folder(self) -> Path:
        """Name the folder that it is published in."""
        return self.project.reports / self.call.edition

    def say(self, line: str) -> None:
        """Say something of this edition."""
        self._say(f"{self.call.edition}: {line}")

    def begin(self) -> None:
        """Undo what a killed run has left, and remember what stands; the lock is held."""
        self.record.status = RUNNING
        self.clean_up()
        self._reporter.remember_verdicts()

    def clean_up(self) -> None:
        """Delete what workers have left beside it."""
        clean_up(self.folder)

    def needs_work(self) -> bool:
        """Tell whether it has to be made; if not, this is its end."""
        self._made_from = survey_for(self.call, self.project, self.call.financial_year)
        changes = list_changes(self.project, self.folder, self._made_from, self.call)
        if changes or self.call.force:
            self.say(describe_work(changes))
            return True
        self.end(UNCHANGED, outcome=f"unchanged: {describe_standing(self.project, self.folder)}")
        return False

    def as_job(self, batch: Path, tables: Path, files: Sequence[str]) -> Job:
        """Make the job for a worker."""
        root, commentary = self.project.root, self.call.commentary
        return Job(
            replace(self.call, commentary=commentary and commentary.resolve()),
            root=str(root),
            signature=read_signature(self.project),
            made_from=self._made_from,
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
        self.record = self._reporter.record = result.record
        try:
            if result.staging:
                settle(self.project, self.project.root / result.staging, self.folder)
        except RunError as error:
            if self.setback:
                self.end(FAILED, [str(error)])
            self.setback = str(error)
        else:
            self.end(self.record.status, self.record.problems)

    def end_by(self, error: BaseException) -> None:
        """End because of an error outside of it."""
        self.end(*what_went_wrong(error, self.record))

    def end(self, status: str, problems: Sequence[str] = (), outcome: str = "") -> None:
        """Write the line in runs.jsonl and tell, once."""
        if self.outcome:
            return
        page = (self.folder / INDEX).relative_to(self.project.root)
        done = f"published: open {page}" if status == PUBLISHED else f"{status}: {' '.join(problems)}"
        self.outcome = outcome or done
        self._reporter.end(status, problems)

"""`swp assess` as a scheduler calls it: one at a time, nothing done twice, over in time, and somebody is told. In: a
call. Out: an edition or none, a line in reports/runs.jsonl, and at most one call of the notify command.

What is heavy is imported only when there is work to do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.years import choose_year
from swp_analysis.lock import only_run
from swp_analysis.project import Project
from swp_analysis.publish.execution import import_jupyter
from swp_analysis.publish.made_from import (
    MadeFrom,
    find_changes,
    further_inputs,
    notebook_files,
    read_record,
    survey,
)
from swp_analysis.publish.neighbours import is_still_proven
from swp_analysis.publish.notebook_kernels import start_kernels
from swp_analysis.publish.records import (
    FAILED,
    RUNNING,
    RUNS_FILE,
    UNCHANGED,
    WAITING,
    RunBegun,
    RunRecord,
    append_line,
    written_down,
)
from swp_analysis.runs.crashes import clean_up_after_crashes
from swp_analysis.runs.deadline import ends_within
from swp_analysis.runs.notify import notify, split_command
from swp_analysis.runs.verdict_changes import VerdictsBefore, read_verdicts_before, summarise

RUN_TIMEOUT = 3600
ENGINES = WARM, STOCK = "warm", "stock"
MOST_CHANGES_SHOWN = 5
INDEX = "index.html"
OBSERVATIONS = "observations.csv"


@dataclass(frozen=True)
class Call:
    """What was asked for. `settings` go on to `run_notebooks`; `run_timeout` is seconds for everything together.

    `engine`: kernels forked from a warm process where that can be done, or stock, each started afresh.
    """

    financial_year: str | None
    audience: str
    commentary: Path | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    force: bool = False
    run_timeout: float = RUN_TIMEOUT
    notify_command: str | None = None
    engine: str = WARM
    settings: dict[str, Any] = field(default_factory=dict)


def run_assess(project: Project, call: Call, say: Callable[[str], None] = print) -> str:
    """Publish the edition that was asked for, unless it stands already, made from the same.

    Returns
    -------
    What to say last.

    Raises
    ------
    InputError, RunError
        As `assess` does; `RunError` also when another run is going on, or the time is over.
    """
    if call.engine not in ENGINES:
        raise InputError(f"{call.engine!r} is not an engine; choose one of {', '.join(ENGINES)}.")
    record = RunRecord(call.financial_year or "newest", call.audience, status=WAITING)
    command = [] if call.notify_command is None else split_command(call.notify_command)
    teller = Teller(project, record, command, say)
    with teller.tells_at_the_end(), written_down(record, project.reports / RUNS_FILE, even_refused=True):
        record.financial_year = year = choose_year(project.raw, call.financial_year)
        with only_run(project, f"swp assess {year} --audience {call.audience}", say) as held:
            record.status = RUNNING
            if held:
                clean_up_after_crashes(project)
            teller.remember_verdicts()
            with ends_within(call.run_timeout, last_words=teller.say_last_words):
                return _run_if_needed(project, year, call, record, say)


def _run_if_needed(project: Project, year: str, call: Call, record: RunRecord, say: Callable[[str], None]) -> str:
    folder = project.reports / year / call.audience
    made_from = survey_for(call, project, year)
    changes = list_changes(project, folder, made_from, call)
    if not changes and not call.force:
        record.finish(UNCHANGED)
        return f"Unchanged: {describe_standing(project, folder)}"
    say(describe_work(changes))
    with start_kernels(project, forked=call.engine == WARM) as kernels:
        import_jupyter()
        from swp_analysis.assess import assess  # heavy: only when there is work, and while the warm process imports too

        begun = RunBegun(record, made_from, reuse=not call.force)
        edition = assess(project, begun, kernels, commentary=call.commentary, say=say, **call.settings)
    return f"Published: open {edition.folder / INDEX}"


def survey_for(call: Call, project: Project, year: str) -> MadeFrom:
    """What the edition of a year that was called for is made from, as it is now."""
    further = further_inputs(call.commentary)
    return survey(project, year, notebook_files(project), further=further, parameters=call.parameters)


def list_changes(project: Project, folder: Path, made_from: MadeFrom, call: Call) -> list[str]:
    """Why the edition in `folder` has to be made, in a few words each; empty when it stands, made from the same."""
    changes = find_changes(folder, made_from)
    if not changes and not is_still_proven(project, folder, made_from.code):
        changes.append("other editions in reports changed")
    if not changes and not (project.processed / OBSERVATIONS).exists():
        changes.append("data/processed is missing")
    if call.settings.get("pdf") and not any(folder.glob("*.pdf")):
        changes.append("it has no PDF yet")
    return changes


def describe_standing(project: Project, folder: Path) -> str:
    """Of an edition that needs no work."""
    published = datetime.fromisoformat(read_record(folder)["finished"]).astimezone()
    page = folder.relative_to(project.root) / INDEX
    return f"{page} of {published:%Y-%m-%d %H:%M} was made from the same; --force makes it anew."


def describe_work(changes: list[str]) -> str:
    """Why an edition is made."""
    if not changes:
        return "Nothing has changed; all is made anew."
    more = f" and {len(changes) - MOST_CHANGES_SHOWN} more" if len(changes) > MOST_CHANGES_SHOWN else ""
    return f"To do, because: {', '.join(changes[:MOST_CHANGES_SHOWN])}{more}."


class Teller:
    """Says which verdicts changed, and calls the notify command once, whatever became of the run."""

    def __init__(self, project: Project, record: RunRecord, command: list[str], say: Callable[[str], None]) -> None:
        self._project, self.record, self._command, self._say = project, record, command, say
        self._before = VerdictsBefore()

    def remember_verdicts(self) -> None:
        """Those of the edition that is about to be replaced."""
        self._before = read_verdicts_before(self._project, self.record.financial_year, self.record.audience)

    @contextmanager
    def tells_at_the_end(self) -> Iterator[None]:
        try:
            yield
        finally:
            self.tell()

    def say_last_words(self, reason: str) -> None:
        """For a run that is about to be ended hard."""
        print(f"swp: {reason}", file=sys.stderr, flush=True)
        self.record.finish(FAILED, [reason])
        append_line(self._project.reports / RUNS_FILE, self.record.as_line())
        self.tell()

    def tell(self) -> None:
        """Tell how the run in `record` ended."""
        if self.record.status == UNCHANGED:
            return
        summary = summarise(self.record, self._before)
        for change in summary["verdicts_changed"]:
            self._say(f"Verdict changed: {change['label']}: from {change['from']} to {change['to']}.")
        if self._command:
            notify(self._command, summary, say=self._say, folder=self._project.root)

"""Report how a run ended: which verdicts are not what they were, and the summary that `notify` hands over. In: run.json
of an edition before, and the record of a run. Out: names and words, never a figure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.project import Project
from swp_analysis.publish.records import FAILED, PUBLISHED, RUNS_FILE, UNCHANGED, RunRecord, append_line
from swp_analysis.published import RUN_FILE, read_record
from swp_analysis.runs.notify import notify

# The one audience that may see everything. For others a summary stops where a sentence quotes what was found.
SEES_EVERYTHING = "internal"


@dataclass(frozen=True)
class VerdictsBefore:
    """The verdicts of an earlier edition, by indicator, and its place in reports/; both empty without one."""

    edition: str = ""
    verdicts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_verdicts_before(project: Project, financial_year: str, audience: str) -> VerdictsBefore:
    """Read the verdicts of the edition that stands for this year and audience, else of the newest earlier year's."""
    folders = [path.parent for path in project.reports.glob(f"[!.]*/{audience}/{RUN_FILE}")]
    years = {year: folder for folder in folders if (year := read_financial_year(folder.parent.name))}
    for year in sorted(years, reverse=True):
        verdicts = (read_record(years[year]) or {}).get("verdicts")
        if year <= financial_year and verdicts:
            return VerdictsBefore(f"{years[year].parent.name}/{audience}", verdicts)
    return VerdictsBefore()


def find_verdict_changes(before: VerdictsBefore, now: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """List the indicators that both editions judge, and judge differently: indicator, label, from, to."""
    return [
        {"indicator": name, "label": verdict["label"], "from": _in_words(was), "to": _in_words(verdict)}
        for name, verdict in now.items()
        if (was := before.verdicts.get(name)) and _in_words(was) != _in_words(verdict)
    ]


def summarise_run(record: RunRecord, before: VerdictsBefore) -> dict[str, Any]:
    """Sum up a run that has ended for whoever is notified."""
    changed = find_verdict_changes(before, record.verdicts) if record.status == PUBLISHED else []
    problems = [problem for text in record.problems for problem in _without_quotations(text, record.audience)]
    return {
        "status": record.status,
        "edition": f"{record.financial_year}/{record.audience}",
        "summary": _sentence(record, problems, changed, before.edition),
        "marking": record.marking,
        "started": record.started,
        "finished": record.finished,
        "problems": problems,
        "compared_with": before.edition,
        "verdicts_changed": changed,
        "page": f"reports/{record.financial_year}/{record.audience}/index.html" if record.status == PUBLISHED else "",
    }


def _sentence(record: RunRecord, problems: list[str], changed: list[dict[str, str]], before: str) -> str:
    edition = f"The strategic assessment {record.financial_year} for {record.audience}"
    if record.status != PUBLISHED:
        return f"{edition} was not made ({record.status}): {'; '.join(problems)}"
    if not changed:
        return f"{edition} was published; {f'no verdict differs from {before}' if before else 'it is the first'}."
    names = "; ".join(f"{change['label']}: from {change['from']} to {change['to']}" for change in changed)
    return f"{edition} was published; verdicts that differ from {before}: {names}."


def _in_words(verdict: Mapping[str, str]) -> str:
    judged = f" ({verdict['polarity']})" if verdict["polarity"] != "no judgement" else ""
    return f"{verdict['direction']}{judged}"


def _without_quotations(problem: str, audience: str) -> list[str]:
    """The lines of a problem; for audiences from whom figures are hidden, each without what it quotes."""
    lines = [line.removeprefix("- ") for line in problem.splitlines()]
    if audience == SEES_EVERYTHING:
        return lines
    return [f"{line.partition(': ')[0]} (the log says more)" if ": " in line else line for line in lines]


class RunReporter:
    """Says which verdicts changed, and calls the notify command once, whatever became of the run."""

    def __init__(self, project: Project, record: RunRecord, command: list[str], say: Callable[[str], None]) -> None:
        self._project, self.record, self._command, self._say = project, record, command, say
        self._before = VerdictsBefore()

    def remember_verdicts(self) -> None:
        """Read those of the edition that is about to be replaced."""
        self._before = read_verdicts_before(self._project, self.record.financial_year, self.record.audience)

    @contextmanager
    def reports_at_the_end(self) -> Iterator[None]:
        """Report when the `with` ends, however it does."""
        try:
            yield
        finally:
            self.report()

    def say_last_words(self, reason: str) -> None:
        """Report a run that is about to be ended hard."""
        print(f"swp: {reason}", file=sys.stderr, flush=True)
        self.end(FAILED, [reason])

    def end(self, status: str, problems: Sequence[str]) -> None:
        """End the run: its line in runs.jsonl, and the report."""
        self.record.finish(status, problems)
        append_line(self._project.reports / RUNS_FILE, self.record.as_line())
        self.report()

    def report(self) -> None:
        """Report how the run in `record` ended."""
        if self.record.status == UNCHANGED:
            return
        summary = summarise_run(self.record, self._before)
        for change in summary["verdicts_changed"]:
            self._say(f"Verdict changed: {change['label']}: from {change['from']} to {change['to']}.")
        if self._command:
            notify(self._command, summary, say=self._say, folder=self._project.root)

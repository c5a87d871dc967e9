"""Report how a run ended: which verdicts are not what they were, and one call of the command of `--notify-command`. In:
run.json of an edition before, and the record of a run. Out: names and words, never a figure.

The command is started as it is written, without a shell, and the summary comes to it as data, so that nothing in a
label or an error sentence can become a command. Whatever it does, the run goes on, and the log says so.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError
from swp_analysis.project import Project, Say
from swp_analysis.publish.records import PUBLISHED, RunRecord
from swp_analysis.published import RUN_FILE, read_record

# The one audience that may see everything. For others a summary stops where a sentence quotes what was found.
SEES_EVERYTHING = "internal"
NOTIFY_TIMEOUT = 60.0
LONGEST_ANSWER = 300


class VerdictsBefore(NamedTuple):
    """The verdicts of an earlier edition, by indicator, and its place in reports/; both empty without one."""

    edition: str = ""
    verdicts: Mapping[str, Mapping[str, str]] = {}


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
    return verdict["direction"].replace("can't tell", "not enough data to say") + judged


def _without_quotations(problem: str, audience: str) -> list[str]:
    """The lines of a problem; for audiences from whom figures are hidden, each without what it quotes."""
    lines = [line.removeprefix("- ") for line in problem.splitlines()]
    if audience == SEES_EVERYTHING:
        return lines
    return [f"{line.partition(': ')[0]} (the log says more)" if ": " in line else line for line in lines]


# The command


def split_command(command: str) -> list[str]:
    """Give the program and arguments of a command line, with the quotes that the machine's own shell would take.

    Raises
    ------
    InputError
        When there is no program in it, or a quote without its other half.
    """
    try:
        parts = shlex.split(command, posix=os.name != "nt")
    except ValueError:
        parts = []
    if not parts:
        raise InputError(f"--notify-command {command!r} can't be read as a program with its arguments.")
    return [part[1:-1] if os.name == "nt" and part[:1] == part[-1:] == '"' else part for part in parts]


def notify(
    command: list[str],
    summary: Mapping[str, Any],
    *,
    say: Say = print,
    timeout: float = NOTIFY_TIMEOUT,
    folder: Path | None = None,
) -> bool:
    """Call `command` in `folder` with the summary as JSON on standard input.

    The short fields are set in the environment, too: SWP_STATUS, SWP_EDITION, SWP_SUMMARY and SWP_VERDICTS_CHANGED.

    Returns
    -------
    Whether it ended with 0 in time; if not, `say` got the reason.
    """
    words = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    # Files, not pipes: a grandchild that holds a pipe open would make us wait.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answered:
        given.write(words.encode("utf-8", errors="replace"))
        given.seek(0)
        how = {"stdin": given, "stdout": answered, "stderr": answered, "cwd": folder}
        problem = _call(command, timeout, {**how, "env": {**os.environ, **_variables(summary)}})
        if problem and (words := _last_line(answered)):
            problem = f"{problem}: {words}"
    if problem:
        say(f"The notify command {Path(command[0]).name} {problem}; the run itself is not affected.")
    return not problem


def _call(command: list[str], timeout: float, how: Mapping[str, Any]) -> str:
    """Start the command and wait for its end; say what went wrong, in a few words."""
    try:
        process = subprocess.Popen(command, start_new_session=os.name == "posix", **how)
    except (OSError, ValueError) as error:
        return f"could not be started ({getattr(error, 'strerror', None) or type(error).__name__})"
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        return f"had not ended after {timeout:g} seconds and was stopped"
    finally:
        _end(process)
    return f"failed with exit code {code}" if code else ""


def _end(process: subprocess.Popen) -> None:
    if process.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    elif sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()


def _variables(summary: Mapping[str, Any]) -> dict[str, str]:
    return {
        "SWP_STATUS": str(summary["status"]),
        "SWP_EDITION": str(summary["edition"]),
        "SWP_SUMMARY": str(summary["summary"]).replace("\0", ""),
        "SWP_VERDICTS_CHANGED": str(len(summary["verdicts_changed"])),
    }


def _last_line(file) -> str:
    file.seek(0)
    lines = file.read().decode("utf-8", errors="replace").split("\n")
    return next((line.strip()[:LONGEST_ANSWER] for line in reversed(lines) if line.strip()), "")

"""The first half of the walk: raw -> observations -> quality -> `data/processed`, all or nothing."""

import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from swp_analysis.analysis.candidates import list_candidates
from swp_analysis.audit.audit_year import VERDICTS, Audit, audit_year
from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.open_rows import AuditTables, add_open_rows
from swp_analysis.audit.own_statements import find_contradicted
from swp_analysis.catalogue.loader import CATALOGUE_FOLDER, load_catalogue
from swp_analysis.collect.collection import describe_due, list_due, make_form, read_workshops
from swp_analysis.errors import InputError, count_noun
from swp_analysis.ingest.formats.raw_files import choose_year, raw_years
from swp_analysis.ingest.read_year import RawEvidence, read_editions
from swp_analysis.ingest.records import ReportText
from swp_analysis.lock import AnotherRun, only_run
from swp_analysis.open_data.reader import open_data
from swp_analysis.project import Project, Say
from swp_analysis.quality.processed import check_baselines, check_observations, write_processed
from swp_analysis.quality.totals import annual_totals

# What sets decisions of one kind apart: quoted cells, ids, periods and other numbers.
_NAMES = re.compile(r"'[^']*'|\bof \S+|\S*[\d_]\S*")
INPUTS_FILE = "inputs.sha256"
LONGEST_WAIT_SECONDS, POLL_SECONDS = 300.0, 0.5


@dataclass(frozen=True)
class Build:
    """What a build read and wrote."""

    evidence: RawEvidence
    due: pd.DataFrame
    audit: Audit


def build(project: Project, financial_year: str | None, today: date | None = None) -> Build:
    """Rebuild `data/processed` from the raw folders up to a financial year (default the newest).

    `today` (default the clock's) tells what is due, last year's included, and what lies in the future.

    Raises
    ------
    InputError
        For a raw file that can't be understood, or a statement in `partnership/` that the figures contradict;
        `data/processed` is then as it was.
    """
    catalogue, year, today = load_catalogue(), choose_year(project.raw, financial_year), today or date.today()
    years = [one for one in raw_years(project.raw) if one <= year]
    evidence = read_editions(project.raw, year, catalogue, today)
    everything = check_observations(evidence.everything, catalogue)
    observations = evidence.observations
    baselines = check_baselines(evidence.baselines, catalogue)
    totals = annual_totals(observations, catalogue.indicators)
    audit = _audit(project, year, AuditTables(observations, totals, catalogue), baselines, evidence.report)
    _refuse_contradicted(project, TableFigures(observations, totals, baselines, catalogue), year)
    due = pd.concat([list_due(observations, catalogue, one, today, evidence.unread) for one in years[-2:]])
    write_processed(
        project.processed,
        {
            "observations": everything,
            "baselines": baselines,
            "reconciliation": audit.reconciled,
            "claims": audit.claims,
            "claim_words": audit.words,
            "unread": evidence.unread_frame(),
            "revisions": evidence.revisions,
            "decisions": evidence.decisions_frame(),
            "provisional": evidence.provisional,
            "chase": due,
            "workshop": read_workshops(project.raw, years, catalogue),
            "workshop_form": make_form(list_candidates(catalogue, observations)),
        },
        {INPUTS_FILE: f"{year} {_fingerprint(project)}\n"},
    )
    return Build(evidence, due, audit)


def _audit(project: Project, year: str, tables: AuditTables, baselines: pd.DataFrame, report: ReportText) -> Audit:
    known = add_open_rows(tables, open_data(project), year)
    return audit_year(project.raw / year, year, known.observations, known.totals, baselines, known.catalogue, report)


def _refuse_contradicted(project: Project, figures: TableFigures, year: str) -> None:
    """What a partnership states about its data must hold for the newest year: the pages print it."""
    if year == max(raw_years(project.raw)) and (problems := find_contradicted(project.partnership, figures, year)):
        raise InputError(problems[0], problems=problems)


def build_if_needed(project: Project, financial_year: str, say: Say = print) -> None:
    """Rebuild `data/processed` if it does not reach a year or is older than the raw files.

    Wait for another run that is going on, a moment as a rule: a run builds the data before all else. `say` gets that
    run's name.

    Raises
    ------
    InputError
        For a raw file that can't be understood.
    RunError
        When the other run has not come to its end in time: who it is.
    """
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    told = False
    while not is_current(project, financial_year):
        try:
            with only_run(project, "a build of the data in a notebook", say):
                build(project, None)
                return  # whether it reaches the year is for the reader to say
        except AnotherRun as other:
            if time.monotonic() > until:
                raise
            if not told:
                say(f"Waiting with a build of the data: {other}")
            told = True
            time.sleep(POLL_SECONDS)


def is_current(project: Project, financial_year: str) -> bool:
    """Tell whether `data/processed` reaches a year and was built from the raw files and the catalogue as they are
    now."""
    written = project.processed / INPUTS_FILE
    if not written.exists():
        return False
    reaches, digest = written.read_text(encoding="utf-8").split()
    return reaches >= financial_year and digest == _fingerprint(project)


def _fingerprint(project: Project) -> str:
    """One SHA-256 over the names and contents of everything that a build reads."""
    digest = hashlib.sha256()
    for folder, pattern in ((project.raw, "*"), (project.partnership, "*.yml"), (CATALOGUE_FOLDER, "*.yml")):
        for path in sorted(folder.rglob(pattern)):
            if path.is_file():
                digest.update(path.relative_to(folder).as_posix().encode("utf-8") + b"\0" + path.read_bytes())
    return digest.hexdigest()


def describe_build(built: Build) -> list[str]:
    """Describe what was read, what is missing, what could not be read and what doesn't add up, a line each."""
    evidence = built.evidence
    counts = ", ".join(f"{n} {status}" for status, n in evidence.observations["status"].value_counts().items())
    lines = [
        f"Read {count_noun(len(evidence.files), 'table')}: {', '.join(evidence.files)}.",
        f"{count_noun(len(evidence.observations), 'observation')} ({counts}), "
        f"{count_noun(len(evidence.baselines), 'baseline')}.",
    ]
    lines += [f"Missing: {line}" for line in name_missing(evidence.observations)]
    lines += [f"Decided: {line}" for line in _decided(evidence.notes)]
    lines += [f"Not read: {one}" for one in evidence.overlooked]
    lines += [f"Not read: {unread.address}: {unread.text!r}: {unread.reason}." for unread in evidence.unread]
    differs = built.audit.reconciled[built.audit.reconciled["explanation"] != ""]
    lines += [
        f"Baseline of {row.indicator}, {row.financial_year}: {row.verdict}: {row.explanation}."
        for row in differs.itertuples()
    ]
    lines += [
        f"Restated: {row.indicator}, {row.period_start}: {row.raw_value_before!r} is now {row.raw_value_now!r}."
        for row in evidence.revisions.itertuples()
    ]
    claims = ", ".join(f"{built.audit.count(verdict)} {verdict.replace('_', ' ')}" for verdict in VERDICTS)
    lines += [f"Claims of the report: {claims}; `swp audit` shows them."] if len(built.audit.claims) else []
    lines += [f"To chase: {line}" for line in describe_due(built.due)]
    return lines


def _decided(notes: Sequence[str]) -> Iterator[str]:
    """Decisions, those of one kind in one line; decisions.csv has each."""
    kinds: dict[str, list[str]] = {}
    for note in notes:
        kinds.setdefault(_NAMES.sub("", note.partition(": ")[2]), []).append(note)
    for first, *more in kinds.values():
        yield (
            f"{first.rstrip('.')}, and {len(more)} more of the kind; see data/processed/decisions.csv."
            if more
            else first
        )


def name_missing(observations: pd.DataFrame) -> Iterator[str]:
    """Name the figures that are not given, a line an owner, with what stands in their cells."""
    indicators = load_catalogue().indicators
    blank = observations[observations["status"] == "not_available"]
    owners = blank["indicator"].map(lambda name: indicators[name].owner)
    for owner, rows in blank.groupby(owners, sort=False):
        figures, of = count_noun(len(rows), "figure"), count_noun(rows["indicator"].nunique(), "indicator")
        cells = rows["raw_value"].fillna("").str.strip()
        told = ", ".join(sorted({repr(text) if text else "blank" for text in cells if not re.search(r"\d", text)}))
        yield f"{owner}: {figures} of {of} not given ({told}); see data/processed/observations.csv."

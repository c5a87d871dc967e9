"""What a colleague does before a paper goes to the board: a text against the tables of a year. In: a text or a file.
Out: a table with a line per statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judgements import judge_claims
from swp_analysis.audit.lexing import normalise, split_sentences
from swp_analysis.audit.passages import claims_of_passages
from swp_analysis.audit.statements import StatementReader
from swp_analysis.audit.verdicts import ClaimContext
from swp_analysis.catalogue import load_catalogue
from swp_analysis.catalogue.claim_rules import load_claim_rules
from swp_analysis.errors import InputError
from swp_analysis.ingest.editions import read_editions
from swp_analysis.ingest.formats.raw_files import choose_year
from swp_analysis.ingest.records import ReportPassage, read_report
from swp_analysis.project import Project, find_project
from swp_analysis.quality.totals import annual_totals

STATEMENT_COLUMNS = [
    *("sentence", "statement", "verdict", "words", "explanation"),
    *("place", "indicator", "kind", "recomputed"),
]
NOT_JUDGED = "not judged"
LONGEST_HEADING = 60


@dataclass(frozen=True)
class JudgedText:
    """A text's passages, and its statements with the columns of `judge_text`."""

    passages: list[ReportPassage]
    statements: pd.DataFrame
    financial_year: str


def judge_text(text: str, financial_year: str | None = None, project: Project | None = None) -> pd.DataFrame:
    """Judge every statement of a text against the tables of a year.

    Parameters
    ----------
    text : prose; short lines without a full stop are headings, and count for the lines below them.
    financial_year : like 2017-18, default the newest of the project.
    project : default the one that the call belongs to.

    Returns
    -------
    DataFrame with `STATEMENT_COLUMNS`, a row a statement in the order of the text. `verdict` is `confirmed`,
    `contradicted`, `different_scope` or `not judged`; `words` are those it rests on.

    Raises
    ------
    InputError
        For a year without tables, or a raw file that can't be read.
    """
    figures, year = figures_of_year(project or find_project(), financial_year)
    return judge_passages(passages_of_text(text), figures, year)


def judge_file(path: Path, financial_year: str | None, project: Project) -> JudgedText:
    """Judge a text, Word document, PDF, web page or workbook against the tables of a year.

    Raises
    ------
    InputError
        For a file that can't be read, or a year without tables.
    """
    figures, year = figures_of_year(project, financial_year)
    passages = read_report(path, figures.catalogue).passages
    if not passages:
        raise InputError(f"{path.name} holds no sentence to judge; swp read {path.name} says how it is read.")
    return JudgedText(passages, judge_passages(passages, figures, year), year)


def figures_of_year(project: Project, financial_year: str | None) -> tuple[TableFigures, str]:
    """Give the figures up to a year, as its raw files give them now, and the year."""
    year = choose_year(project.raw, financial_year)
    files = sorted(path for path in project.raw.rglob("*") if path.is_file())
    state = tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files)
    return _read_figures(project.raw, project.partnership, year, state), year


@lru_cache(maxsize=4)
def _read_figures(raw: Path, partnership: Path, year: str, state: tuple) -> TableFigures:
    catalogue = load_catalogue(partnership)
    evidence = read_editions(raw, year, catalogue)
    totals = annual_totals(evidence.observations, catalogue.indicators)
    return TableFigures(evidence.observations, totals, evidence.baselines, catalogue)


@lru_cache(maxsize=4)
def _reader(figures: TableFigures, year: str) -> StatementReader:
    return StatementReader(load_claim_rules(figures.catalogue), figures, year)


def judge_passages(passages: Sequence[ReportPassage], figures: TableFigures, financial_year: str) -> pd.DataFrame:
    """Judge every statement of passages against the tables; see `judge_text` for the columns."""
    claims = list(claims_of_passages(passages, _reader(figures, financial_year)))
    judgements = judge_claims(claims, ClaimContext(figures, claims))
    texts = {passage.key: split_sentences(normalise(passage.text)) for passage in passages}
    rows = [
        {
            "sentence": texts[claim.group][claim.sentence],
            "statement": claim.stated,
            "verdict": NOT_JUDGED if judgement.verdict == "no_table" else judgement.verdict,
            "words": claim.words,
            "explanation": judgement.explanation,
            "place": claim.location,
            "indicator": claim.indicator,
            "kind": claim.kind,
            "recomputed": judgement.recomputed,
        }
        for claim, judgement in zip(claims, judgements, strict=True)
    ]
    return pd.DataFrame(rows, columns=STATEMENT_COLUMNS)


def judge_sentences(sentences: Sequence[str], figures: TableFigures, financial_year: str) -> pd.DataFrame:
    """Judge sentences that don't follow on each other, as an outsider reads them."""
    passages = [ReportPassage("", f"s{number}", text) for number, text in enumerate(sentences, start=1)]
    return judge_passages(passages, figures, financial_year)


def passages_of_text(text: str) -> list[ReportPassage]:
    """Give the lines of a text, each with the heading above it."""
    passages, heading = [], ""
    for number, line in enumerate(text.splitlines(), start=1):
        if plain := line.strip():
            heading = plain if is_heading(plain) else heading
            passages.append(ReportPassage(f"line {number}", f"x{number}", plain, heading=heading))
    return passages


def is_heading(line: str) -> bool:
    """Tell whether a line is short, no sentence and without a figure but for a period: it stands over what follows.

    >>> is_heading("Knife crime"), is_heading("Quarter 3 2017/18"), is_heading("Knife crime rose by 30.")
    (True, True, False)
    """
    bare = [word.strip(",.():").lower().lstrip("q") for word in line.split() if any(c.isdigit() for c in word)]
    only_periods = len(bare) <= 2 and all(word.replace("/", "").replace("-", "").isdigit() for word in bare)
    is_sentence = line[-1:] in ".!?;," or line[:1] in "-*•–"
    return len(line) < LONGEST_HEADING and not is_sentence and only_periods

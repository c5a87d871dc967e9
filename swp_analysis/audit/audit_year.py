"""Does the published report agree with its own tables? In: the raw folder of a year and the tables. Out: claims with
verdicts.

Last step of the room: typed claims, claims in the report's words, printed baselines and the figures of one row against
those of another are all judged in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.audit.claims import OPEN, Claim, FigureMeant, make_claim, read_typed_claims
from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.audit.judge_text import claims_of_passages
from swp_analysis.audit.judgements import judge_claims
from swp_analysis.audit.recompute import write_number
from swp_analysis.audit.statements import StatementReader
from swp_analysis.audit.verdicts import ClaimContext, sentence
from swp_analysis.catalogue.claim_rules import load_claim_rules
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.engines.small_numbers.rounding import is_print_of, possible_numerators, read_printed
from swp_analysis.ingest.records import ReportText

CLAIM_COLUMNS = ["claim_id", "location", "indicator", "kind", "stated", "recomputed", "verdict", "explanation"]
VERDICTS = ("contradicted", "different_scope", "no_table", "confirmed")


@dataclass(frozen=True)
class Audit:
    """`claims` with the columns of the contract; `words` (claim_id, words) for analysts only."""

    claims: pd.DataFrame
    words: pd.DataFrame

    def count(self, verdict: str) -> int:
        """Count how many claims have a verdict."""
        return int((self.claims["verdict"] == verdict).sum())


def audit_year(
    folder: Path,
    financial_year: str,
    observations: pd.DataFrame,
    totals: pd.DataFrame,
    baselines: pd.DataFrame,
    catalogue: Catalogue,
    report: ReportText,
) -> Audit:
    """Judge everything that the raw folder of a year states.

    Parameters
    ----------
    folder : `data/raw/<financial year>`, for the typed claims.
    observations, totals, baselines : the figures up to that year, as ingest and `annual_totals` give them.
    report : what the year's files say beside their figures, as ingest gives it.

    Raises
    ------
    InputError
        For a claims file that can't be read.
    """
    figures = TableFigures(observations, totals, baselines, catalogue)
    reader = StatementReader(load_claim_rules(catalogue), figures, financial_year)
    typed = read_typed_claims(folder / "claims.csv", catalogue)
    written = list(claims_of_passages(report.passages, reader))
    claims = [*typed, *written, *_baseline_claims(baselines, previous_year(financial_year), figures)]
    evidence = ClaimContext(figures, claims, report.directions)
    judged = judge_claims(claims, evidence)
    rows = [{**vars(claim), **vars(judgement)} for claim, judgement in zip(claims, judged, strict=True)]
    found = pd.DataFrame([*rows, *check_rows(observations, figures)], columns=CLAIM_COLUMNS)
    found["indicator"] = found["indicator"].mask(found["indicator"].str.startswith(OPEN), "")
    words = [{"claim_id": claim.claim_id, "words": claim.words} for claim in claims if claim.words]
    return Audit(found, pd.DataFrame(words, columns=["claim_id", "words"]))


def _baseline_claims(baselines: pd.DataFrame, year: str, figures: TableFigures) -> Iterator[Claim]:
    """Each printed baseline, as a claim about the year that it stands for."""
    rows: Iterable[Any] = baselines[(baselines["financial_year"] == year) & baselines["value"].notna()].itertuples()
    for row in rows:
        name, share = row.indicator, figures.catalogue.indicators[row.indicator].unit == "percent"
        reading = FigureMeant(name, "level", YearSpan(year))
        claim = make_claim("printed_baseline", write_number(row.value, share=share), [reading], group=f"b-{name}")
        published = any(span.year == year for span in figures.spans(name))
        yield replace(
            claim, claim_id=claim.group, location=f"{row.source_file}, row {row.source_row}, printed baseline",
            why_untied="" if published else "the quarters of that year are not published",
        )  # fmt: skip


def check_rows(observations: pd.DataFrame, figures: TableFigures) -> list[dict[str, str]]:
    """Give every reported figure against the rows that bound it; what agrees gives no row."""
    rows = []
    reported: Iterable[Any] = observations[observations["status"] == "reported"].itertuples(index=False)
    for row in reported:
        indicator = figures.catalogue.indicators[row.indicator]
        rows += [_line(row, recomputed, words) for recomputed, words in _problems(indicator, row, figures)]
    return rows


def _problems(indicator: Indicator, row, figures: TableFigures) -> Iterator[tuple[str, str]]:
    quarter = YearSpan(row.financial_year, (row.quarter,))
    stated = write_number(row.value, share=indicator.unit == "percent")
    if indicator.subgroup_of and indicator.unit == "count":
        group = figures.get(indicator.subgroup_of, quarter)
        if group is not None and group.certain and row.value > group.value:
            label = figures.catalogue.indicators[indicator.subgroup_of].label
            yield (
                write_number(group.value),
                f"{stated} in a part of {label!r}, which has {write_number(group.value)} in {quarter}",
            )
    printed = read_printed(f"{row.value:g}")
    if indicator.unit != "percent" or printed is None:
        return
    if pd.notna(row.numerator) and row.denominator and not is_print_of(printed, 100 * row.numerator / row.denominator):
        exact = write_number(100 * row.numerator / row.denominator, share=True)
        yield exact, f"{stated} beside {row.numerator:g} of {row.denominator:g}, which is {exact}"
    whole = figures.get(indicator.denominator, quarter) if indicator.denominator else None
    if whole is None or not whole.value:
        return
    part = figures.get(indicator.numerator, quarter) if indicator.numerator else None
    if part is not None and not is_print_of(printed, 100 * part.value / whole.value):
        exact = write_number(100 * part.value / whole.value, share=True)
        yield exact, f"{stated} in {quarter}, but {part.value:g} of {whole.value:g} is {exact}"
    elif part is None and not possible_numerators(printed, int(whole.value)):
        yield "", f"{stated} of {write_number(whole.value)} in {quarter} is no whole number"


def _line(row, recomputed: str, words: str) -> dict[str, str]:
    return {
        "claim_id": f"r-{row.indicator}-{row.financial_year}-q{row.quarter}",
        "location": f"{row.source_file}, row {row.source_row}, column {row.source_column}",
        "indicator": row.indicator,
        "kind": "table_figure",
        "stated": str(row.raw_value),
        "recomputed": recomputed,
        "verdict": "contradicted",
        "explanation": sentence(words),
    }

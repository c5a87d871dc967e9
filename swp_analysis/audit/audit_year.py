"""Does the published report agree with its own tables? In: the raw folder of a year and the tables. Out: claims with
verdicts.

Last step of the room: typed claims, claims in the report's words, printed baselines and the figures of one row against
those of another are all judged in the same way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.audit.claims import Claim, FigureMeant, make_claim, read_typed_claims
from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.audit.judge_text import claims_of_passages
from swp_analysis.audit.judgements import judge_claims
from swp_analysis.audit.recompute import recompute, write_number
from swp_analysis.audit.statements import StatementReader
from swp_analysis.audit.verdicts import ClaimContext, Judgement, decide
from swp_analysis.catalogue.claim_rules import OPEN, load_claim_rules
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.engines.small_numbers.rounding import is_print_of, possible_counts, read_printed
from swp_analysis.ingest.records import ReportText

CLAIM_COLUMNS = ["claim_id", "location", "indicator", "kind", "stated", "recomputed", "verdict", "explanation"]
RECONCILED_COLUMNS = ["indicator", "financial_year", "printed", "recomputed", "difference", "verdict", "explanation"]
VERDICTS = ("contradicted", "different_scope", "no_table", "confirmed")


@dataclass(frozen=True)
class Audit:
    """`claims` with the columns of the contract; `words` (claim_id, words) for analysts only; `reconciled`, a row a
    printed baseline, with `RECONCILED_COLUMNS`: its verdict is `agrees`, `differs` or `not comparable`."""

    claims: pd.DataFrame
    words: pd.DataFrame
    reconciled: pd.DataFrame

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
    printed = list(_baseline_claims(baselines, figures))
    last = [one for one in printed if one.readings[0].span.year == previous_year(financial_year)]
    claims = [*typed, *claims_of_passages(report.passages, reader), *last]
    judged = judge_claims(claims, ClaimContext(figures, claims, report.directions))
    rows = [{**vars(claim), **vars(judgement)} for claim, judgement in zip(claims, judged, strict=True)]
    found = pd.DataFrame([*rows, *check_rows(observations, figures)], columns=CLAIM_COLUMNS)
    found["indicator"] = found["indicator"].mask(found["indicator"].str.startswith(OPEN), "")
    words = [{"claim_id": claim.claim_id, "words": claim.words} for claim in claims if claim.words]
    return Audit(found, pd.DataFrame(words, columns=["claim_id", "words"]), _reconcile(printed, figures))


def _baseline_claims(baselines: pd.DataFrame, figures: TableFigures) -> Iterator[Claim]:
    """Each printed baseline, as a claim about the year that it stands for."""
    rows: Iterable[Any] = baselines[baselines["value"].notna()].itertuples()
    for row in rows:
        name, year = row.indicator, _span_of_baseline(row, figures)
        shown = write_number(row.value, share=figures.catalogue.indicators[name].unit == "percent")
        claim = make_claim("printed_baseline", shown, [FigureMeant(name, "level", year)], group=f"b-{name}")
        published = any(span.year == year.year for span in figures.spans(name))
        yield replace(
            claim, claim_id=claim.group, location=f"{row.source_file}, row {row.source_row}, printed baseline",
            why_untied="" if published else "the quarters of that year are not published",
        )  # fmt: skip


def _span_of_baseline(row: Any, figures: TableFigures) -> YearSpan:
    """The year, or the last quarter of it where a head count's baseline is the last of them, as in our own form."""
    year, last = YearSpan(row.financial_year), figures.latest(row.indicator, row.financial_year)
    if figures.catalogue.indicators[row.indicator].kind != "stock" or last is None:
        return year
    on_last_day = YearSpan(row.financial_year, (last,))
    newest = figures.get(row.indicator, on_last_day)
    return on_last_day if newest and newest.value == row.value else year


def _reconcile(printed: list[Claim], figures: TableFigures) -> pd.DataFrame:
    """Each printed baseline beside what its year's quarters give."""
    rows = []
    for claim, judgement in zip(printed, judge_claims(printed, ClaimContext(figures)), strict=True):
        (reading,), agrees = claim.readings, judgement.verdict == "confirmed"
        baseline = figures.printed_baseline(reading.indicator, reading.span.year)
        found = None if claim.why_untied else recompute(reading, figures)
        year = found if found is not None and found.certain else None
        stated, given = (one.value if one else float("nan") for one in (baseline, year))
        verdict = "agrees" if agrees else "differs" if year else "not comparable"
        why = "" if agrees else judgement.explanation.removesuffix(".").replace(" in the text", " is printed")
        rows.append((reading.indicator, reading.span.year, stated, given, stated - given, verdict, why))
    return pd.DataFrame(rows, columns=RECONCILED_COLUMNS)


def check_rows(observations: pd.DataFrame, figures: TableFigures) -> list[dict[str, str]]:
    """Give every reported figure against the rows that bound it; what agrees gives no row."""
    rows = []
    reported: Iterable[Any] = observations[observations["status"] == "reported"].itertuples(index=False)
    for row in reported:
        indicator = figures.catalogue.indicators[row.indicator]
        judged = check_relation(indicator, YearSpan(row.financial_year, (row.quarter,)), figures)
        if judged is not None and judged.verdict == "contradicted":
            rows.append({**_place_of(row), **vars(judged)})
    return rows


def _place_of(row) -> dict[str, str]:
    return {
        "claim_id": f"r-{row.indicator}-{row.financial_year}-q{row.quarter}",
        "location": f"{row.source_file}, row {row.source_row}, column {row.source_column}",
        "indicator": row.indicator,
        "kind": "table_figure",
        "stated": str(row.raw_value),
    }


def check_relation(indicator: Indicator, quarter: YearSpan, figures: TableFigures) -> Judgement | None:
    """Hold a quarter's figure against the row that it is part of, or a share of; None where that can't be told."""
    named = indicator.subgroup_of if indicator.unit == "count" else indicator.denominator
    own, whole = figures.get(indicator.id, quarter), figures.get(named, quarter) if named else None
    printed = read_printed(f"{own.value:g}") if own else None
    if own is None or whole is None or printed is None or not whole.value:
        return None
    stated, of = write_number(own.value, share=indicator.unit == "percent"), write_number(whole.value)
    part = figures.get(indicator.numerator, quarter) if indicator.numerator else None
    if indicator.unit == "count":
        label = figures.catalogue.indicators[named or ""].label
        holds, shown = own.lowest <= whole.highest, of
        words = f"{stated} in a part of {label!r}, which has {of} in {quarter}"
    elif part is not None:
        exact = 100 * part.value / whole.value
        holds, shown = is_print_of(printed, exact), write_number(exact, share=True)
        words = f"{stated} in {quarter}, but {part.value:g} of {whole.value:g} is {shown}"
    else:
        holds, shown = bool(possible_counts(int(whole.value), printed, rounded=False)), ""
        words = f"{stated} of {of} in {quarter} is no whole number"
    return decide(holds, shown, words)

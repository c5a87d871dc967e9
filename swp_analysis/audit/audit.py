"""Does the published report agree with its own tables? In: the raw folder of a year and the tables. Out: claims with
verdicts; and the same check for sentences that we wrote ourselves.

Last step of the room: typed claims, claims in the report's words, printed baselines and the figures of one row against
those of another are all judged in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from swp_analysis.audit.claims import Claim, Reading, read_typed_claims
from swp_analysis.audit.cross_checks import check_rows
from swp_analysis.audit.extract import Extractor, Passage
from swp_analysis.audit.figures import Figures, Span
from swp_analysis.audit.recompute import write_number
from swp_analysis.audit.report_text import read_report_text
from swp_analysis.audit.statements import judge
from swp_analysis.audit.verdicts import Evidence
from swp_analysis.catalogue.claim_rules import load_claim_rules
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.errors import RunError

CLAIM_COLUMNS = ["claim_id", "location", "indicator", "kind", "stated", "recomputed", "verdict", "explanation"]
SENTENCE_COLUMNS = ["sentence", *CLAIM_COLUMNS[2:]]
VERDICTS = ("contradicted", "different_scope", "no_table", "confirmed")


@dataclass(frozen=True)
class Audit:
    """`claims` with the columns of the contract; `words` (claim_id, words) for analysts only."""

    claims: pd.DataFrame
    words: pd.DataFrame

    def count(self, verdict: str) -> int:
        """How many claims have a verdict."""
        return int((self.claims["verdict"] == verdict).sum())


def audit_year(
    folder: Path,
    financial_year: str,
    observations: pd.DataFrame,
    totals: pd.DataFrame,
    baselines: pd.DataFrame,
    catalogue: Catalogue,
) -> Audit:
    """Judge everything that the raw folder of a year states.

    Parameters
    ----------
    folder : `data/raw/<financial year>`: typed claims, tables with commentary, the report's text.
    observations, totals, baselines : the figures up to that year, as ingest and `annual_totals` give them.

    Raises
    ------
    InputError
        For a claims file or a report's text that can't be read.
    """
    figures = Figures(observations, totals, baselines, catalogue)
    report = read_report_text(folder, catalogue)
    extractor = _extractor(catalogue, figures, financial_year)
    typed = read_typed_claims(folder / "claims.csv", catalogue)
    written = [claim for passage in report.passages for claim in extractor.extract(passage)]
    claims = [*typed, *written, *_baseline_claims(baselines, previous_year(financial_year), figures)]
    evidence = Evidence(figures, claims, report.directions)
    rows = [_row(claim, evidence) for claim in claims]
    rows += check_rows(observations, figures)
    words = [{"claim_id": claim.claim_id, "words": claim.words} for claim in claims if claim.words]
    return Audit(pd.DataFrame(rows, columns=CLAIM_COLUMNS), pd.DataFrame(words, columns=["claim_id", "words"]))


def audit_sentences(
    sentences: Sequence[str],
    observations: pd.DataFrame,
    totals: pd.DataFrame,
    baselines: pd.DataFrame,
    catalogue: Catalogue,
    financial_year: str | None = None,
) -> pd.DataFrame:
    """Read our own sentences with the extractor that reads other people's, and judge every figure in them.

    Parameters
    ----------
    sentences : plain text, one finding each; its sentences may follow on each other ("This is ...").
    observations, totals, baselines : the figures the audience may see, complete or protected.
    financial_year : default the newest year of `observations`.

    Returns
    -------
    DataFrame with `SENTENCE_COLUMNS`, a row a claim. A figure that no rule could read is a row of kind `unread` with
    the verdict `no_table`.
    """
    figures = Figures(observations, totals, baselines, catalogue)
    year = financial_year or max(observations["financial_year"])
    extractor = _extractor(catalogue, figures, year)
    rows = []
    for number, text in enumerate(sentences, start=1):
        claims = extractor.extract(Passage("", f"s{number}", text))
        evidence = Evidence(figures, claims)
        rows += [{"sentence": text, **_row(claim, evidence)} for claim in claims]
        unread = {"sentence": text, "indicator": "", "kind": "unread", "recomputed": "", "verdict": "no_table"}
        rows += [
            unread | {"stated": figure, "explanation": "No rule of claims.yml reads this figure."}
            for figure in extractor.figures_left(text)
        ]
    return pd.DataFrame(rows, columns=SENTENCE_COLUMNS)


def require_confirmed(audited: pd.DataFrame) -> None:
    """Stop the run when one of our own sentences isn't borne out by the data.

    Raises
    ------
    RunError
        With the first sentence that is contradicted, or else the first figure that can't be confirmed.
    """
    wrong = audited[audited["verdict"] != "confirmed"].sort_values(
        "verdict", key=lambda column: column.map(VERDICTS.index)
    )
    if len(wrong):
        first = wrong.iloc[0]
        said = "disagrees with the data" if first["verdict"] == "contradicted" else "can't be confirmed from the data"
        raise RunError(
            f"Our own text {said} ({len(wrong)} in all): {first['explanation']} "
            f"It is {first['stated']!r} in: {first['sentence']}"
        )


def _extractor(catalogue: Catalogue, figures: Figures, financial_year: str) -> Extractor:
    return Extractor(catalogue, load_claim_rules(frozenset(catalogue.indicators)), figures, financial_year)


def _row(claim: Claim, evidence: Evidence) -> dict[str, str]:
    judgement = judge(claim, evidence)
    return {
        "claim_id": claim.claim_id,
        "location": claim.location,
        "indicator": claim.indicator,
        "kind": claim.kind,
        "stated": claim.stated,
        "recomputed": judgement.recomputed,
        "verdict": judgement.verdict,
        "explanation": judgement.explanation,
    }


def _baseline_claims(baselines: pd.DataFrame, year: str, figures: Figures) -> list[Claim]:
    """Each printed baseline, as a claim about the year that it stands for."""
    claims = []
    for row in baselines[(baselines["financial_year"] == year) & baselines["value"].notna()].itertuples(index=False):
        indicator = figures.catalogue.indicators[row.indicator]
        claim = Claim(
            claim_id=f"b-{row.indicator}",
            location=f"{row.source_file}, row {row.source_row}, printed baseline",
            indicator=row.indicator,
            kind="printed_baseline",
            stated=write_number(row.value, share=indicator.unit == "percent"),
            readings=(Reading(row.indicator, "level", Span(year)),),
            group=f"b-{row.indicator}",
        )
        published = any(span.year == year for span in figures.spans(row.indicator))
        claims.append(claim if published else replace(claim, why_untied="the quarters of that year are not published"))
    return claims

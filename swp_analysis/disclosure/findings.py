"""Findings for an audience. In: findings and protected data. Out: the same findings, those that rest on a hidden
figure withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from swp_analysis.analysis.findings import Evidence, Finding, Verdict
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.disclosure.redact import Protected

HIDDEN = ("suppressed", "withheld")


def hide_findings(findings: Mapping[str, Finding], data: Protected) -> dict[str, Finding]:
    """Withhold every finding that could only be known from hidden figures, and drop hidden baselines and latest
    figures."""
    return {name: _hide(finding, data) for name, finding in findings.items()}


def _hide(finding: Finding, data: Protected) -> Finding:
    name, year = finding.indicator.id, finding.financial_year
    shown = replace(
        finding,
        baseline=None if _is_hidden(data.baselines, name, finding.compared_with) else finding.baseline,
        latest=None if finding.latest and _hidden_quarters(data, name, year, (finding.latest[0],)) else finding.latest,
    )
    if not _rests_on_hidden_figures(finding, data):
        return _take_protected_totals(shown, data)
    evidence = Evidence("none", "withheld", points=finding.verdict.evidence.points)
    verdict = Verdict("can't tell", "no judgement", evidence)
    return replace(shown, before=None, after=None, parts={}, verdict=verdict, withheld=True)


def _take_protected_totals(finding: Finding, data: Protected) -> Finding:
    """A share of a known number, from the totals that may be shown: rounded quarters would give a hidden one away."""
    evidence = finding.verdict.evidence
    if finding.indicator.kind != "rate" or finding.quarters != QUARTERS or evidence.lower is not None:
        return finding
    before, after = (
        _total(data, finding.indicator.id, year) for year in (finding.compared_with, finding.financial_year)
    )
    evidence = replace(evidence, effect=after - before)
    return replace(finding, before=before, after=after, verdict=replace(finding.verdict, evidence=evidence))


def _total(data: Protected, name: str, year: str) -> float:
    rows = data.totals
    rows = rows[(rows["indicator"] == name) & (rows["financial_year"] == year) & (rows["quarters"] == "1,2,3,4")]
    return float(rows["value"].iloc[0])


def _rests_on_hidden_figures(finding: Finding, data: Protected) -> bool:
    years = finding.compared_with, finding.financial_year
    by_quarter = any(_hidden_quarters(data, finding.indicator.id, year, finding.quarters) for year in years)
    if finding.quarters != QUARTERS:
        return by_quarter
    # The scatter between quarters is worked out from the quarters themselves, so it would speak of the hidden ones.
    if by_quarter and finding.verdict.evidence.dispersion is not None:
        return True
    return any(_is_hidden(data.totals, finding.indicator.id, year) for year in years)


def _hidden_quarters(data: Protected, name: str, year: str, quarters: tuple[int, ...]) -> bool:
    rows = data.observations
    rows = rows[(rows["indicator"] == name) & (rows["financial_year"] == year) & rows["quarter"].isin(quarters)]
    return bool(rows["status"].isin(HIDDEN).any())


def _is_hidden(frame: pd.DataFrame, name: str, year: str) -> bool:
    rows = frame[(frame["indicator"] == name) & (frame["financial_year"] == year)]
    return bool(rows["status"].isin(HIDDEN).any())

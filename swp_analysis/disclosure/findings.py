"""Findings for an audience. In: findings and protected data. Out: the same findings, those that rest on a hidden
figure withheld, the others worked out anew from what is shown wherever a hidden quarter had a part in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from swp_analysis.analysis.findings import (
    Evidence,
    Finding,
    Verdict,
    adjust_for_many,
    compare_exactly,
    judge,
    scatters,
)
from swp_analysis.analysis.totals import WHOLE_YEAR
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.disclosure.redact import Protected

HIDDEN = ("suppressed", "withheld")
SCATTER_UNKNOWN = "some quarters are hidden, so the range doesn't allow for how much the quarters vary"


def hide_findings(findings: Mapping[str, Finding], data: Protected) -> dict[str, Finding]:
    """Withhold every finding that could only be known from hidden figures, and drop hidden baselines and latest
    figures; p values are adjusted for those that are left, since an adjusted one speaks of all the others."""
    return adjust_for_many({name: _hide(finding, data) for name, finding in findings.items()})


def _hide(finding: Finding, data: Protected) -> Finding:
    name, year = finding.indicator.id, finding.financial_year
    shown = replace(
        finding,
        baseline=None if _is_hidden(data.baselines, name, finding.compared_with) else finding.baseline,
        latest=None if finding.latest and _hidden_quarters(data, name, year, (finding.latest[0],)) else finding.latest,
    )
    if not _rests_on_hidden_figures(finding, data):
        return _compare_protected_totals(shown, data)
    evidence = Evidence("none", "withheld", points=finding.verdict.evidence.points)
    verdict = Verdict("can't tell", "no judgement", evidence)
    return replace(shown, before=None, after=None, parts={}, verdict=verdict, withheld=True)


def _compare_protected_totals(finding: Finding, data: Protected) -> Finding:
    """The finding from the totals that may be shown: its own rests on the quarters, some of which may be hidden."""
    evidence, indicator = finding.verdict.evidence, finding.indicator
    years = finding.compared_with, finding.financial_year
    if finding.quarters != QUARTERS:
        return finding
    before, after = (_total(data, indicator.id, year) for year in years)
    if indicator.kind == "flow" and any(_hidden_quarters(data, indicator.id, year, QUARTERS) for year in years):
        again = replace(compare_exactly(int(after), int(before)), points=evidence.points, warnings=(SCATTER_UNKNOWN,))
        return replace(finding, verdict=judge(indicator, again))
    if indicator.kind == "flow" or evidence.lower is not None:
        return finding
    evidence = replace(evidence, effect=after - before)
    return replace(finding, before=before, after=after, verdict=replace(finding.verdict, evidence=evidence))


def _total(data: Protected, name: str, year: str) -> float:
    rows = data.totals
    rows = rows[(rows["indicator"] == name) & (rows["financial_year"] == year) & (rows["quarters"] == WHOLE_YEAR)]
    return float(rows["value"].iloc[0])


def _rests_on_hidden_figures(finding: Finding, data: Protected) -> bool:
    years = finding.compared_with, finding.financial_year
    by_quarter = any(_hidden_quarters(data, finding.indicator.id, year, finding.quarters) for year in years)
    if finding.quarters != QUARTERS:
        return by_quarter
    # The allowance for scatter is worked out from all quarters, so it would speak of the hidden ones.
    if by_quarter and finding.indicator.kind == "flow" and scatters(*_shown_pairs(data, finding)):
        return True
    return any(_is_hidden(data.totals, finding.indicator.id, year) for year in years)


def _shown_pairs(data: Protected, finding: Finding) -> tuple[list[float], list[float]]:
    """The quarters that are shown in both years, this year's and last year's."""
    rows = data.observations
    rows = rows[(rows["indicator"] == finding.indicator.id) & (rows["status"] == "reported")]
    years = finding.financial_year, finding.compared_with
    after, before = (rows[rows["financial_year"] == year].set_index("quarter")["value"] for year in years)
    shared = after.index.intersection(before.index)
    return after[shared].tolist(), before[shared].tolist()


def _hidden_quarters(data: Protected, name: str, year: str, quarters: tuple[int, ...]) -> bool:
    rows = data.observations
    rows = rows[(rows["indicator"] == name) & (rows["financial_year"] == year) & rows["quarter"].isin(quarters)]
    return bool(rows["status"].isin(HIDDEN).any())


def _is_hidden(frame: pd.DataFrame, name: str, year: str) -> bool:
    rows = frame[(frame["indicator"] == name) & (frame["financial_year"] == year)]
    return bool(rows["status"].isin(HIDDEN).any())

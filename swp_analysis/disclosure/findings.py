"""Findings for an audience. In: findings and protected data. Out: the same findings, those that rest on a hidden
figure withheld, the others worked out anew from what is shown wherever a hidden quarter had a part in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

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
from swp_analysis.audit.figures import HIDDEN
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.disclosure.redact import Protected

SCATTER_UNKNOWN = "some quarters are hidden, so the range doesn't allow for how much the quarters vary"


def hide_findings(findings: Mapping[str, Finding], data: Protected) -> dict[str, Finding]:
    """Withhold every finding that could only be known from hidden figures, and drop hidden baselines and latest
    figures; p values are adjusted for those that are left, since an adjusted one speaks of all the others."""
    hidden = _Hidden.of(data)
    return adjust_for_many({name: _hide(finding, data, hidden) for name, finding in findings.items()})


@dataclass(frozen=True)
class _Hidden:
    """What is hidden: years of totals and of baselines, and quarters, each with its indicator."""

    totals: frozenset[tuple[str, str]]
    baselines: frozenset[tuple[str, str]]
    quarters: frozenset[tuple[str, str, int]]

    @classmethod
    def of(cls, data: Protected) -> _Hidden:
        def keys(frame: pd.DataFrame, *further: str) -> frozenset[tuple]:
            rows = frame[frame["status"].isin(HIDDEN)]
            return frozenset(rows[["indicator", "financial_year", *further]].itertuples(index=False, name=None))

        return cls(keys(data.totals), keys(data.baselines), keys(data.observations, "quarter"))

    def has_quarter(self, name: str, year: str, quarters: Iterable[int]) -> bool:
        return any((name, year, quarter) in self.quarters for quarter in quarters)


def _hide(finding: Finding, data: Protected, hidden: _Hidden) -> Finding:
    name, year, latest = finding.indicator.id, finding.financial_year, finding.latest
    shown = replace(
        finding,
        baseline=None if (name, finding.compared_with) in hidden.baselines else finding.baseline,
        latest=None if latest and hidden.has_quarter(name, year, latest[:1]) else latest,
    )
    if not _rests_on_hidden_figures(finding, data, hidden):
        return _compare_protected_totals(shown, data, hidden)
    evidence = Evidence("none", "withheld", points=finding.verdict.evidence.points)
    verdict = Verdict("can't tell", "no judgement", evidence)
    return replace(shown, before=None, after=None, parts={}, verdict=verdict, withheld=True)


def _compare_protected_totals(finding: Finding, data: Protected, hidden: _Hidden) -> Finding:
    """The finding from the totals that may be shown: its own rests on the quarters, some of which may be hidden."""
    evidence, indicator = finding.verdict.evidence, finding.indicator
    years = finding.compared_with, finding.financial_year
    if finding.quarters != QUARTERS:
        return finding
    before, after = (_total(data, indicator.id, year) for year in years)
    if indicator.kind == "flow" and any(hidden.has_quarter(indicator.id, year, QUARTERS) for year in years):
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


def _rests_on_hidden_figures(finding: Finding, data: Protected, hidden: _Hidden) -> bool:
    name, years = finding.indicator.id, (finding.compared_with, finding.financial_year)
    by_quarter = any(hidden.has_quarter(name, year, finding.quarters) for year in years)
    if finding.quarters != QUARTERS:
        return by_quarter
    # The allowance for scatter is worked out from all quarters, so it would speak of the hidden ones.
    if by_quarter and finding.indicator.kind == "flow" and scatters(*_shown_pairs(data, finding)):
        return True
    return any((name, year) in hidden.totals for year in years)


def _shown_pairs(data: Protected, finding: Finding) -> tuple[list[float], list[float]]:
    """The quarters that are shown in both years, this year's and last year's."""
    rows = data.observations
    rows = rows[(rows["indicator"] == finding.indicator.id) & (rows["status"] == "reported")]
    years = finding.financial_year, finding.compared_with
    after, before = (rows[rows["financial_year"] == year].set_index("quarter")["value"] for year in years)
    shared = after.index.intersection(before.index)
    return after[shared].tolist(), before[shared].tolist()

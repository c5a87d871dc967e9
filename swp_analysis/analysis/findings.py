"""What changed, and is it real? In: observations and the catalogue. Out: one `Finding` an indicator, with its verdict.

The verdict is computed here once; charts, tables, sentences and the annex only repeat it. Direction, polarity and
evidence are kept apart, so that "up" never silently means "worse".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from swp_analysis.analysis.change import newcombe_difference, quasi_poisson_ratio, rate_ratio, scatter
from swp_analysis.analysis.multiplicity import adjust_benjamini_hochberg, adjust_holm
from swp_analysis.analysis.two_years import (
    WITHHELD,
    YearFigure,
    count_figures,
    explain_no_quarter,
    find_baseline,
    find_latest,
    find_shared_quarters,
    find_shown_quarters,
    name_basis,
    name_quarter,
    quarter_values,
    quarters_in_words,
    total_alike,
)
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.engines.spc.icons import Direction, Polarity, judge_direction
from swp_analysis.quality.totals import annual_totals, single_month

# A percentage change of a small number says more about the small number than about the change (DESIGN section 5).
SMALLEST_BASE_FOR_PERCENT = 20
# Quarters count as scattering more than chance when the Pearson test of the quarter + year model says so at 1%:
# about thirty indicators are looked at together, so 5% would raise one or two false alarms in every edition.
SCATTER_ALARM = 0.01
SCATTER_UNKNOWN = "some quarters are hidden, so the range doesn't allow for how much the quarters vary"
NO_NUMBERS = "a percentage without its numbers can't be tested"


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on: the effect (a ratio, or percentage points) with its 95% interval and p.

    `p_holm` and `p_fdr` are adjusted for the `tested` indicators that were looked at together.
    """

    measure: Literal["ratio", "points", "none"]
    method: str
    effect: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    dispersion: float | None = None
    p_holm: float | None = None
    p_fdr: float | None = None
    tested: int = 0
    points: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Which way it went, whether that is good, and on what evidence: three fields that are never merged."""

    direction: Direction
    polarity: Polarity
    evidence: Evidence


@dataclass(frozen=True)
class Finding:
    """The comparison of one indicator's year with the year before.

    `before` and `after` are in the indicator's unit and refer to `quarters` of each year; None when not known.
    """

    indicator: Indicator
    financial_year: str
    compared_with: str
    basis: str
    quarters: tuple[int, ...]
    before: float | None
    after: float | None
    verdict: Verdict
    parts: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    baseline: float | None = None
    withheld: bool = False
    latest: tuple[int, float] | None = None

    @property
    def change(self) -> float | None:
        """`after - before`: a number of cases, or percentage points."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def change_pct(self) -> float | None:
        """Percentage change of a count; None for a rate and on a base under 20."""
        if self.change is None or self.indicator.unit == "percent" or self.before < SMALLEST_BASE_FOR_PERCENT:
            return None
        return 100 * self.change / self.before


def compare_years(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    financial_year: str,
    baselines: pd.DataFrame | None = None,
    totals: pd.DataFrame | None = None,
) -> dict[str, Finding]:
    """Compare this year with the last, over the quarters that both years have, for every indicator of the catalogue.

    Parameters
    ----------
    observations : columns of DESIGN section 4; only `financial_year` and the year before are used. What is suppressed
        or withheld there has no part in a finding but by a total that is shown.
    baselines : printed baselines; the one of the year before is carried along for display, never used in a test.
    totals : yearly figures as `annual_totals` gives them, protected like the observations; default made from these.

    Returns
    -------
    dict indicator id -> `Finding`, in catalogue order. An indicator without figures has the direction "can't tell".
    """
    years = previous_year(financial_year), financial_year
    two_years = observations[observations["financial_year"].isin(years)]
    totals = annual_totals(two_years, catalogue.indicators) if totals is None else totals
    shared = {name: find_shared_quarters(two_years, totals, name, years) for name in catalogue.indicators}
    alike = total_alike(two_years, totals, catalogue.indicators, shared)
    found = {}
    for name, indicator in catalogue.indicators.items():
        series = two_years[two_years["indicator"] == name]
        finding = _compare(indicator, series, alike, shared[name], years)
        found[name] = replace(
            finding,
            baseline=find_baseline(baselines, name, years[0]),
            latest=find_latest(two_years, name, financial_year),
        )
    return adjust_for_many(found)


def adjust_for_many(findings: Mapping[str, Finding]) -> dict[str, Finding]:
    """Each finding with its p value adjusted for all that were looked at together."""
    tested = [name for name, finding in findings.items() if finding.verdict.evidence.p is not None]
    p_values = [findings[name].verdict.evidence.p for name in tested]
    adjusted = dict(findings)
    for name, holm, fdr in zip(tested, adjust_holm(p_values), adjust_benjamini_hochberg(p_values), strict=True):
        verdict = findings[name].verdict
        evidence = replace(verdict.evidence, p_holm=holm, p_fdr=fdr, tested=len(tested))
        adjusted[name] = replace(findings[name], verdict=replace(verdict, evidence=evidence))
    return adjusted


def _compare(
    indicator: Indicator,
    series: pd.DataFrame,
    totals: Mapping[tuple[str, str], YearFigure],
    quarters: tuple[int, ...],
    years: tuple[str, str],
) -> Finding:
    if not quarters:
        return _no_comparison(indicator, series, years, explain_no_quarter(series))
    before, after = (totals.get((indicator.id, year), {"status": "not_available"}) for year in years)
    if "not_available" in (before["status"], after["status"]):
        return _latest_quarter_comparison(indicator, series, quarters[-1], years)
    if WITHHELD in (before["status"], after["status"]):
        return _withhold(indicator, series, quarters, years)
    if indicator.kind == "flow":
        evidence = _compare_counts(series, quarters, years, (int(before["value"]), int(after["value"])))
        parts = {}
    else:
        evidence, parts = _compare_rates(before, after)
    if evidence is None:
        return _withhold(indicator, series, quarters, years)
    warnings = (*evidence.warnings, *_partial_year_warning(quarters))
    evidence = replace(evidence, points=count_figures(series), warnings=warnings)
    verdict = judge(indicator, evidence)
    values = float(before["value"]), float(after["value"])
    return Finding(indicator, years[1], years[0], name_basis(quarters), quarters, *values, verdict, parts)


def _compare_counts(
    series: pd.DataFrame, quarters: tuple[int, ...], years: tuple[str, str], totals: tuple[int, int]
) -> Evidence | None:
    """Two counts, with the scatter of their quarters; None when that scatter would speak of hidden quarters."""
    shown = find_shown_quarters(series, quarters, years)
    before, after = (quarter_values(series, shown, year) for year in years)
    hidden = shown != quarters
    if not scatters(after, before):
        exact = compare_exactly(totals[1], totals[0])
        return replace(exact, warnings=(SCATTER_UNKNOWN,)) if hidden else exact
    if hidden:
        return None
    quasi, dispersion = quasi_poisson_ratio(after, before)
    warning = (
        f"the quarters vary {dispersion:.1f} times as much as chance alone would make them; the range allows for that"
    )
    return Evidence(
        "ratio", "quasi-Poisson", quasi.ratio, quasi.lower, quasi.upper, quasi.p, dispersion, warnings=(warning,)
    )


def compare_exactly(after: int, before: int) -> Evidence:
    """Two counts, with nothing but chance between them."""
    exact = rate_ratio(after, before)
    return Evidence("ratio", "exact conditional Poisson", exact.ratio, exact.lower, exact.upper, exact.p)


def scatters(after: Sequence[float], before: Sequence[float]) -> bool:
    """Whether quarters, in pairs, vary clearly more than chance would make them."""
    from scipy.stats import chi2

    if sum(after) == 0 or sum(before) == 0 or sum(a + b > 0 for a, b in zip(after, before, strict=True)) < 2:
        return False
    dispersion, df = scatter(after, before)
    return chi2.sf(dispersion * df, df) < SCATTER_ALARM


def _compare_rates(before: YearFigure, after: YearFigure) -> tuple[Evidence, dict[str, tuple[float, float]]]:
    change = float(after["value"] - before["value"])
    if pd.isna(before["numerator"]) or pd.isna(after["numerator"]):
        method = "change only: the number behind each percentage is not published"
        return Evidence("points", method, change, warnings=(NO_NUMBERS,)), {}
    parts = {row["financial_year"]: (float(row["numerator"]), float(row["denominator"])) for row in (before, after)}
    (x2, n2), (x1, n1) = parts.values()
    estimate = newcombe_difference(int(x1), int(n1), int(x2), int(n2))
    lower, upper = 100 * estimate.lower, 100 * estimate.upper
    return Evidence("points", "Newcombe difference of Wilson intervals", change, lower, upper, estimate.p), parts


def _latest_quarter_comparison(
    indicator: Indicator, series: pd.DataFrame, quarter: int, years: tuple[str, str]
) -> Finding:
    """A stock, a percentage without its numbers or a single month: the latest shared one, without a test."""
    if not find_shown_quarters(series, (quarter,), years):
        return _withhold(indicator, series, (quarter,), years)
    before, after = (quarter_values(series, (quarter,), year)[0] for year in years)
    if single_month(series[series["quarter"] == quarter]):
        reason = "a single month of each year can't be tested"
    elif indicator.kind == "stock":
        reason = "a count on one day can't be added up to a year"
    else:
        reason = NO_NUMBERS
    measure = "points" if indicator.unit == "percent" else "none"
    change = after - before if measure == "points" else None
    evidence = Evidence(measure, "change only", change, points=count_figures(series), warnings=(reason,))
    verdict = Verdict("can't tell", "no judgement", evidence)
    return Finding(indicator, years[1], years[0], name_quarter(series, quarter), (quarter,), before, after, verdict)


def _no_comparison(indicator: Indicator, series: pd.DataFrame, years: tuple[str, str], reason: str) -> Finding:
    evidence = Evidence("none", "none", points=count_figures(series), warnings=(reason,))
    verdict = Verdict("can't tell", "no judgement", evidence)
    return Finding(indicator, years[1], years[0], "no comparison", (), None, None, verdict)


def _withhold(indicator: Indicator, series: pd.DataFrame, quarters: tuple[int, ...], years: tuple[str, str]) -> Finding:
    """The finding of an indicator whose figures are too small to be shown."""
    verdict = Verdict("can't tell", "no judgement", Evidence("none", WITHHELD, points=count_figures(series)))
    basis = name_basis(quarters) if len(quarters) > 1 else name_quarter(series, quarters[0])
    return Finding(indicator, years[1], years[0], basis, quarters, None, None, verdict, withheld=True)


def judge(indicator: Indicator, evidence: Evidence) -> Verdict:
    """The three fields of a verdict."""
    direction = _direction(evidence)
    return Verdict(direction, judge_direction(direction, judged_direction(indicator)), evidence)


def _direction(evidence: Evidence) -> Direction:
    if evidence.lower is None or evidence.upper is None:
        return "can't tell"
    level = 1.0 if evidence.measure == "ratio" else 0.0
    if evidence.lower > level:
        return "up"
    return "down" if evidence.upper < level else "no clear change"


def judged_direction(indicator: Indicator) -> Literal["lower", "higher", "neutral"]:
    """The way that is good, or "neutral" for what only counts reports: more or fewer say neither on their own."""
    return "neutral" if indicator.measures in (None, "reporting") else indicator.good_direction


def speaks_of_reports(indicator: Indicator) -> bool:
    """Whether the figure counts reports of a hidden crime, so that a rise can't be told from more reporting."""
    return indicator.measures == "reporting" and indicator.hidden_crime


def _partial_year_warning(quarters: tuple[int, ...]) -> tuple[str, ...]:
    return () if len(quarters) == 4 else (f"only {quarters_in_words(quarters)} has figures in both years",)

"""One indicator against four comparison bases. In: its quarters, its printed baseline. Out: a `Comparison` a base.

The headline verdict is always the year on year one (`findings`); these are shown with it, each with its basis
printed, so that a reader sees what a change was measured against.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

import pandas as pd

from swp_analysis.analysis.change import newcombe_difference
from swp_analysis.analysis.findings import Direction, Finding, name_direction
from swp_analysis.analysis.rates import wilson_interval
from swp_analysis.analysis.usual_scatter import scattered_comparison, usual_scatter
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.quality.totals import quarter_parts


@dataclass(frozen=True)
class Comparison:
    """A figure against one base: both values, and the 95% interval of a ratio (counts) or of points (n/N) if there
    is one.

    A percentage against a printed baseline has the interval of the percentage itself: nothing is known about how
    sure the baseline is.
    """

    basis: str
    figure: str
    against: str
    before: float
    after: float
    lower: float | None = None
    upper: float | None = None
    direction: Direction = "can't tell"


def compare_bases(
    indicator: Indicator, observations: pd.DataFrame, finding: Finding, indicators: Mapping[str, Indicator]
) -> list[Comparison]:
    """Give the latest quarter against the quarter before and the same quarter last year, and the year against the
    baseline.

    Parameters
    ----------
    observations : columns of `data/processed/observations.csv`; only `reported` rows are used: hidden figures stay out.
    finding : the indicator's year on year finding, for the year's figure and the printed baseline.

    Returns
    -------
    list of `Comparison`, without those for which a figure is missing.
    """
    quarters = _known_quarters(indicator, observations, indicators)
    if quarters.empty:
        return []
    latest = quarters.iloc[-1]
    found = [
        _against_quarter("previous quarter", finding, latest, quarters, months=3),
        _against_quarter("same quarter last year", finding, latest, quarters, months=12),
        _against_baseline(finding),
    ]
    return [comparison for comparison in found if comparison]


def _known_quarters(
    indicator: Indicator, observations: pd.DataFrame, indicators: Mapping[str, Indicator]
) -> pd.DataFrame:
    series = observations[observations["indicator"] == indicator.id]
    known = quarter_parts(indicators[indicator.id], series, observations)
    known["starts"] = pd.to_datetime(known["period_start"])
    return known.sort_values("starts")


def _against_quarter(
    basis: str, finding: Finding, latest: pd.Series, quarters: pd.DataFrame, months: int
) -> Comparison | None:
    match = quarters[quarters["starts"] == latest["starts"] - pd.DateOffset(months=months)]
    if match.empty:
        return None
    base = match.iloc[0]
    lower, upper, level = _interval(finding, latest, base)
    return Comparison(
        basis,
        _name(latest),
        _name(base),
        base["value"],
        latest["value"],
        lower,
        upper,
        name_direction(lower, upper, level),
    )


def _interval(finding: Finding, latest: pd.Series, base: pd.Series) -> tuple[float | None, float | None, float]:
    if finding.indicator.kind == "flow":
        return *_ratio_range(finding, int(latest["value"]), int(base["value"])), 1.0
    parts = [row[name] for row in (latest, base) for name in ("numerator", "denominator")]
    if (
        finding.indicator.kind == "stock"
        or any(pd.isna(part) or part == 0 for part in parts[1::2])
        or pd.isna(parts[0::2]).any()
    ):
        return None, None, 0.0
    difference = newcombe_difference(*(int(part) for part in parts))
    return 100 * difference.lower, 100 * difference.upper, 0.0


def _ratio_range(finding: Finding, after: int, before: int) -> tuple[float | None, float | None]:
    """95% range of a ratio of counts; single quarters scatter as the years' do. None where both counts are zero."""
    if not after and not before:
        return None, None
    evidence = finding.verdict.evidence
    dispersion, freedom = evidence.dispersion, evidence.degrees_of_freedom
    if dispersion is None or freedom is None:
        dispersion, freedom = usual_scatter().shrink(nan, 0, (after + before) / 2)
    estimate = scattered_comparison(after, before, dispersion, freedom)
    return estimate.lower, estimate.upper


def _against_baseline(finding: Finding) -> Comparison | None:
    """A count's baseline is last year's total and as uncertain as this year's; a percentage's is taken as it is."""
    base, after = finding.baseline, finding.after
    if base is None or after is None or finding.quarters != QUARTERS:
        return None
    lower = upper = None
    level = base
    if finding.indicator.kind == "flow":
        (lower, upper), level = _ratio_range(finding, int(after), int(base)), 1.0
    elif finding.financial_year in finding.parts:
        n, total = finding.parts[finding.financial_year]
        lower, upper = (100 * end for end in wilson_interval(int(n), int(total)))
    direction = name_direction(lower, upper, level)
    return Comparison("printed baseline", "the year", "the baseline", base, after, lower, upper, direction)


def _name(row: pd.Series) -> str:
    return f"Q{row['quarter']} {display_year(row['financial_year'])}"

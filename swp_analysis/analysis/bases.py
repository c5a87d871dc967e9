"""One indicator against four comparison bases. In: its quarters, its printed baseline. Out: a `Comparison` a base.

The headline verdict is always the year on year one (`findings`); these are shown with it, each with its basis
printed, so that a reader sees what a change was measured against.
"""

from dataclasses import dataclass
from math import nan

import pandas as pd

from swp_analysis.analysis.change import newcombe_difference
from swp_analysis.analysis.findings import Direction, Finding, name_direction
from swp_analysis.analysis.rates import wilson_interval
from swp_analysis.analysis.usual_scatter import scattered_comparison, usual_scatter
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.quality.totals import Row, count_reported, fill_parts, list_rows

MONTHS_BEFORE = {"previous quarter": 3, "same quarter last year": 12}


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


def compare_bases(observations: pd.DataFrame, finding: Finding) -> list[Comparison]:
    """Give an indicator's latest quarter against the quarter before and the same quarter last year, and its year
    against the baseline.

    Parameters
    ----------
    observations : columns of `data/processed/observations.csv`; only `reported` rows are used: hidden figures stay out.
    finding : the indicator's year on year finding, for the year's figure and the printed baseline.

    Returns
    -------
    list of `Comparison`, without those for which a figure is missing.
    """
    rows = list_rows(observations[observations["indicator"] == finding.indicator.id])
    known = {_month(row): row for row in fill_parts(rows, finding.indicator, count_reported(observations))}
    latest = max(known, default=0)
    found = [
        _against_quarter(basis, finding, known[latest], known[latest - months])
        for basis, months in MONTHS_BEFORE.items()
        if latest - months in known
    ]
    baseline = _against_baseline(finding) if known else None
    return [*found, baseline] if baseline else found


def _month(row: Row) -> int:
    """The month in which a row's period begins, counted from the year 0."""
    return 12 * int(row["period_start"][:4]) + int(row["period_start"][5:7])


def _against_quarter(basis: str, finding: Finding, latest: Row, base: Row) -> Comparison:
    figure, against = (f"Q{row['quarter']} {display_year(row['financial_year'])}" for row in (latest, base))
    lower, upper, level = _interval(finding, latest, base)
    direction = name_direction(lower, upper, level)
    return Comparison(basis, figure, against, base["value"], latest["value"], lower, upper, direction)


def _interval(finding: Finding, latest: Row, base: Row) -> tuple[float | None, float | None, float]:
    if finding.indicator.kind == "flow":
        return *_ratio_range(finding, int(latest["value"]), int(base["value"])), 1.0
    parts = [row[name] for row in (latest, base) for name in ("numerator", "denominator")]
    if finding.indicator.kind == "stock" or any(map(pd.isna, parts)) or 0 in parts[1::2]:
        return None, None, 0.0
    difference = newcombe_difference(*map(int, parts))
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

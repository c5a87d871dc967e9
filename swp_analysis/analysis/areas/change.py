"""How a long series moved: this year against last, and the season. In: `AreaSeries`. Out: findings, or why not.

Nothing is compared across a gap in recording or supply, and a part year never with a whole one.
"""

from dataclasses import dataclass
from datetime import date
from math import nan

import numpy as np
import pandas as pd

from swp_analysis.analysis.areas.series import AreaSeries
from swp_analysis.analysis.rates import CONFIDENCE
from swp_analysis.analysis.regression import fit_seasonal_counts
from swp_analysis.analysis.usual_scatter import compare_counts, scattered_comparison, usual_scatter
from swp_analysis.errors import InputError
from swp_analysis.open_data.breaks import OpenBreak

Periods = tuple[tuple[date, date], tuple[date, date]]
FEWEST_YEARS = 3  # for a season
WELL_FITTED = 4.0  # dispersion above which a straight line with seasons doesn't describe the counts


@dataclass(frozen=True)
class AreaChange:
    """Two periods of equal length compared; the ratio is NaN when a year is zero, `why_not` says why there is none."""

    after: float
    before: float
    ratio: float
    lower: float
    upper: float
    p: float
    dispersion: float
    earlier: tuple[date, date]
    later: tuple[date, date]
    quarters: pd.DataFrame
    why_not: str = ""

    @property
    def is_clear(self) -> bool:
        """Whether chance is an unlikely explanation."""
        return self.p < 1 - CONFIDENCE


def compare_quarters(series: AreaSeries, year: str = "", basis: str = "same quarters") -> AreaChange:
    """Compare matched quarters of two years on the headline test: as many and the same ones, scatter allowed for.

    Parameters
    ----------
    year : the later financial year, like "2017-18"; default the newest four quarters.
    basis : "same quarters" of a whole year, or "same quarter": the newest one against that of the year before.

    Raises
    ------
    InputError
        When quarters are missing from either year.
    """
    quarters = series.reported.assign(key=lambda f: f["financial_year"] + " " + f["quarter"].astype(str))
    later = _later_quarters(series, quarters, year)
    pairs = later.assign(before_key=[_year_before(key) for key in later["key"]])
    pairs = pairs.merge(quarters, left_on="before_key", right_on="key", suffixes=("", "_before"))
    if len(pairs) < len(later):
        raise InputError(
            f"{series.area.name}: the year before lacks {len(later) - len(pairs)} of the quarters of "
            f"{year or 'the newest year'}, "
            "so the two are not compared; a part of a year isn't held against a whole one."
        )
    periods = (_days(pairs, "_before"), _days(pairs, ""))
    table = pairs[["quarter", "financial_year_before", "count_before", "financial_year", "count"]]
    gap = gap_between(series, *periods)
    why = f"No figure is compared across {gap.name} ({gap.date_from:%B %Y}): {gap.what_changed}" if gap else ""
    if basis == "same quarter":
        periods = (_days(pairs.tail(1), "_before"), _days(pairs.tail(1), ""))
    return _test(table, periods, why, basis == "same quarter")


def _later_quarters(series: AreaSeries, quarters: pd.DataFrame, year: str) -> pd.DataFrame:
    wanted = year.replace("/", "-")
    later = quarters[quarters["financial_year"] == wanted] if wanted else quarters.tail(4)
    if len(later) < 4:
        raise InputError(
            f"{series.area.name}: {len(later)} of 4 quarters of {year or 'the newest year'} are here, so no year is "
            "compared; "
            "swp open shows what is there."
        )
    return later


def _year_before(key: str) -> str:
    first = int(key[:4]) - 1
    return f"{first}-{(first + 1) % 100:02d}{key[7:]}"


def _days(pairs: pd.DataFrame, which: str) -> tuple[date, date]:
    return date.fromisoformat(pairs[f"period_start{which}"].min()), date.fromisoformat(
        pairs[f"period_end{which}"].max()
    )


def gap_between(series: AreaSeries, earlier: tuple[date, date], later: tuple[date, date]) -> OpenBreak | None:
    """Give the gap that forbids a comparison of two periods, if there is one."""
    return next((one for one in series.breaks if one.draw == "gap" and one.parts(earlier, later)), None)


def _test(table: pd.DataFrame, periods: Periods, why: str, last_only: bool) -> AreaChange:
    compared = table.tail(1) if last_only else table
    a, b = float(compared["count"].sum()), float(compared["count_before"].sum())
    if not why and (table[["count", "count_before"]] < 0).any(axis=None):
        why = "A count is below zero after corrections, so no ratio is given."
    if why:
        return AreaChange(a, b, nan, nan, nan, nan, nan, *periods, table, why)
    whole = compare_counts(table["count"], table["count_before"])
    found = scattered_comparison(a, b, whole.dispersion, whole.degrees_of_freedom) if last_only else whole
    return AreaChange(a, b, found.ratio, found.lower, found.upper, found.p, whole.dispersion, *periods, table)


@dataclass(frozen=True)
class AreaSeason:
    """`profile`: each quarter's usual size against the mean quarter (1 is the mean), from `years` whole years.

    `latest` is the newest quarter, `expected` what season and level of the year before it would give, with a 95% range.
    """

    profile: pd.Series
    years: int
    dispersion: float
    latest: float
    expected: float
    lower: float
    upper: float
    yearly_ratio: float
    adjusted: pd.DataFrame

    @property
    def fits(self) -> bool:
        """Whether a straight line with seasons describes the counts."""
        return self.dispersion <= WELL_FITTED


def measure_season(series: AreaSeries) -> AreaSeason:
    """Measure the season from the years since the last gap, and hold the newest quarter against it.

    Raises
    ------
    InputError
        With fewer than three years since the last gap or break in supply.
    """
    quarters = _since_last_gap(series)
    if len(quarters) < 4 * FEWEST_YEARS:
        raise InputError(
            f"{series.area.name}: {len(quarters)} quarters of {series.group.label} stand since the last gap; a "
            "season needs "
            f"{4 * FEWEST_YEARS}."
        )
    counts, first = quarters["count"].clip(lower=0).to_numpy(), int(quarters["quarter"].iloc[0])
    fit = fit_seasonal_counts(counts, 4, first=first, trend=True)
    effects = np.array([1.0, *(float(fit.frame["ratio"][f"season {each}"]) for each in (2, 3, 4))])
    profile = pd.Series(effects / effects.mean(), index=["Q1", "Q2", "Q3", "Q4"], name="profile")
    usual = profile.to_numpy()[quarters["quarter"].astype(int) - 1]
    adjusted = quarters[["period_start", "financial_year", "quarter", "count"]].assign(
        adjusted=quarters["count"] / usual
    )
    level = float(np.mean((counts / usual)[-5:-1]))
    expected = level * float(usual[-1])
    reach = 1.96 * np.sqrt(usual_scatter().at(expected) * expected * (1 + 1 / 4))
    trend = float(fit.frame["ratio"]["trend"]) ** 4
    whole_years = len(quarters) // 4
    return AreaSeason(
        profile, whole_years, fit.phi, float(counts[-1]), expected, expected - reach, expected + reach, trend, adjusted
    )


def _since_last_gap(series: AreaSeries) -> pd.DataFrame:
    """The quarters after the last gap in recording, and after the last quarter that is missing."""
    frame, gaps = series.frame, [one.date_from for one in series.breaks if one.draw == "gap" and one.date_from]
    if gaps:
        frame = frame[frame["period_start"] >= str(max(gaps))]
    missing = frame.index[frame["status"] != "reported"]
    return frame.loc[missing.max() + 1 :] if len(missing) else frame

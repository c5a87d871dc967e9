"""How a long series moved: this year against last, and the season. In: `AreaSeries`. Out: findings, or why not.

Nothing is compared across a gap in recording or supply, and a part year never with a whole one.
"""

from dataclasses import dataclass, replace
from datetime import date
from math import nan
from numbers import Integral

import numpy as np
import pandas as pd

from swp_analysis.analysis.areas.series import AreaSeries, is_year
from swp_analysis.analysis.regression import fit_seasonal_counts
from swp_analysis.analysis.usual_scatter import CountComparison, compare_counts, scattered_comparison, usual_scatter
from swp_analysis.catalogue.periods import financial_year_id, require_financial_year, start_year
from swp_analysis.errors import InputError, count_noun, require_choice, require_number
from swp_analysis.open_data.breaks import OpenBreak

Days = tuple[date, date]
BASES = ("same quarters", "same quarter")
UNTESTED = dict.fromkeys(("ratio", "lower", "upper", "p", "dispersion", "degrees_of_freedom"), nan)
FEWEST_YEARS = 3  # for a season
WELL_FITTED = 4.0  # dispersion above which a straight line with seasons doesn't describe the counts


@dataclass(frozen=True)
class AreaChange:
    """The days of a period `later` against one as long that is `years` older; `found` has no ratio where `why_not` says
    why, and `breaks` are the recorded changes that lie between."""

    found: CountComparison
    later: Days
    quarters: pd.DataFrame
    why_not: str = ""
    years: int = 1
    breaks: tuple[OpenBreak, ...] = ()


def compare_quarters(series: AreaSeries, year: str = "", basis: str = "same quarters", years: int = 1) -> AreaChange:
    """Compare matched quarters of two years on the headline test: as many and the same ones, scatter allowed for.

    Parameters
    ----------
    year : the later financial year, like "2017-18"; default the newest four quarters.
    basis : "same quarters" of a whole year, or "same quarter": the newest one alone.
    years : how much older the earlier year is.

    Raises
    ------
    InputError
        When quarters are missing from either year.
    """
    require_choice("basis of a change", basis, BASES)
    require_number("number of years; write 1 for the year before", years, above=0, kind=Integral)
    pairs = _pair_quarters(series, year, years)
    compared = pairs.tail(1) if basis == "same quarter" else pairs
    table = pairs[["quarter", "financial_year_before", "count_before", "financial_year", "count"]]
    between = breaks_between(series, _days(compared, "_before"), _days(compared, ""))
    gap, why = next((one for one in between if one.draw == "gap"), None), ""
    if gap:
        why = f"No figure is compared across {gap.name} ({gap.date_from:%B %Y}): {gap.what_changed}"
    elif (table[["count", "count_before"]] < 0).any(axis=None):
        why = "A count is below zero after corrections, so no ratio is given."
    after, before = float(compared["count"].sum()), float(compared["count_before"].sum())
    found = CountComparison(after=after, before=before, **UNTESTED) if why else _test(pairs, after, before)
    return AreaChange(found, _days(compared, ""), table, why, years, between)


def _pair_quarters(series: AreaSeries, year: str, years: int) -> pd.DataFrame:
    """The four quarters of a year with those of a year that is so much older."""
    wanted, named = require_financial_year(year) if year else "", year or "the newest year"
    known = series.reported
    later = known[known["financial_year"] == wanted] if wanted else known.tail(4)
    if len(later) < 4:
        raise InputError(
            f"{series.area.name}: {len(later)} of 4 quarters of {named} are here, so no year is compared; swp open "
            "shows what is there."
        )
    if not is_year(later):
        raise InputError(
            f"{series.area.name}: the newest four quarters of {series.group.label} that are here are not one after the "
            "other, so no year is compared; write year= for one that is whole."
        )
    before = known.rename(columns={"financial_year": "financial_year_before"})
    older = {each: financial_year_id(start_year(each) - years) for each in later["financial_year"]}
    pairs = later.assign(financial_year_before=later["financial_year"].map(older))
    pairs = pairs.merge(before, on=["financial_year_before", "quarter"], suffixes=("", "_before"))
    if len(pairs) < len(later):
        earlier = "the year before" if years == 1 else f"the year that is {years} years older"
        raise InputError(
            f"{series.area.name}: {earlier} lacks {len(later) - len(pairs)} of the quarters of {named}, so the two are "
            "not compared; a part of a year isn't held against a whole one."
        )
    return pairs


def _days(pairs: pd.DataFrame, which: str) -> Days:
    first, last = pairs[f"period_start{which}"].min(), pairs[f"period_end{which}"].max()
    return date.fromisoformat(first), date.fromisoformat(last)


def breaks_between(series: AreaSeries, earlier: Days, later: Days) -> tuple[OpenBreak, ...]:
    """Give the recorded changes that lie between two periods or within one; a gap among them forbids a comparison."""
    return tuple(one for one in series.breaks if one.parts(earlier, later))


def _test(pairs: pd.DataFrame, after: float, before: float) -> CountComparison:
    """Compare the totals, which may be those of the last quarter alone, with the scatter of the whole year."""
    whole = compare_counts(pairs["count"], pairs["count_before"])
    found = scattered_comparison(after, before, whole.dispersion, whole.degrees_of_freedom)
    return replace(whole, after=after, before=before, **vars(found))


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
    quarters: pd.DataFrame  # with the `usual` size of each and the count `adjusted` for it

    @property
    def fits(self) -> bool:
        """Whether a straight line with seasons describes the counts."""
        return self.dispersion <= WELL_FITTED


def measure_season(series: AreaSeries) -> AreaSeason:
    """Measure the season from the years since the last gap, and hold the newest quarter against it.

    Raises
    ------
    InputError
        With fewer than three years since the last gap or break in supply, or a quarter without a case in any year.
    """
    known = _since_last_gap(series)
    if len(known) < 4 * FEWEST_YEARS:
        found = f"{count_noun(len(known), 'quarter')} of {series.group.label}"
        raise InputError(f"{series.area.name}: only {found} since the last gap; a season needs {4 * FEWEST_YEARS}.")
    counts, places = known["count"].clip(lower=0).to_numpy(), known["quarter"].astype(int).to_numpy() - 1
    if not np.bincount(places, counts, minlength=4).all():
        raise InputError(
            f"{series.area.name}: a quarter of {series.group.label} has no case in any year, so no season."
        )
    fit = fit_seasonal_counts(counts, 4, first=int(places[0]) + 1, trend=True)
    ratios = fit.frame["ratio"]
    effects = np.array([1.0, *(float(ratios[f"season {each}"]) for each in (2, 3, 4))])
    profile = pd.Series(effects / effects.mean(), index=["Q1", "Q2", "Q3", "Q4"], name="profile")
    usual = profile.to_numpy()[places]
    expected = float(np.mean((counts / usual)[-5:-1]) * usual[-1])
    reach = 1.96 * np.sqrt(usual_scatter().at(expected) * expected * (1 + 1 / 4))
    ends = float(counts[-1]), expected, expected - reach, expected + reach
    quarters = known[["period_start", "financial_year", "quarter", "count"]].reset_index(drop=True)
    quarters = quarters.assign(adjusted=quarters["count"] / usual, usual=usual)
    return AreaSeason(profile, len(known) // 4, fit.phi, *ends, float(ratios["trend"]) ** 4, quarters)


def _since_last_gap(series: AreaSeries) -> pd.DataFrame:
    """The quarters after the last gap in recording, and after the last quarter that is missing."""
    frame, gaps = series.frame, [one.date_from for one in series.breaks if one.draw == "gap" and one.date_from]
    if gaps:
        frame = frame[frame["period_start"] >= str(max(gaps))]
    missing = frame.index[frame["status"] != "reported"]
    return frame.loc[missing.max() + 1 :] if len(missing) else frame

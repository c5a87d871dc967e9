"""One indicator in two years. In: observations. Out: its shared quarters and their figures, baseline, latest figure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Indicator
from swp_analysis.quality.totals import annual_totals, single_month

YearFigure = Mapping[Hashable, Any]  # a row of `annual_totals`

WITHHELD = "withheld"
# There is a figure, whether or not these readers may see it.
HAS_FIGURE = ("reported", "suppressed", "withheld")


def find_shared_quarters(
    observations: pd.DataFrame, totals: pd.DataFrame, name: str, years: tuple[str, str]
) -> tuple[int, ...]:
    """Find the quarters that have a figure in both years, shown or hidden: those that were added up, if any were."""
    rows = totals[(totals["indicator"] == name) & totals["financial_year"].isin(years) & (totals["quarters"] != "")]
    added = [set(map(int, row.split(","))) for row in rows.drop_duplicates("financial_year")["quarters"]]
    if len(added) == 2:
        return tuple(sorted(added[0] & added[1]))
    known = observations[(observations["indicator"] == name) & observations["status"].isin(HAS_FIGURE)]
    known = known[known["quarter"].notna()]
    # A single month and the quarter that it lies in are not the same period.
    months = known["period_start"].str[5:7] + known["period_end"].str[5:7]
    periods = pd.Series(list(zip(known["quarter"], months, strict=True)), index=known.index, dtype=object)
    before, after = (set(periods[known["financial_year"] == year]) for year in years)
    return tuple(sorted(int(quarter) for quarter, _ in before & after))


def find_shown_quarters(series: pd.DataFrame, quarters: tuple[int, ...], years: tuple[str, str]) -> tuple[int, ...]:
    """Find those of one indicator's quarters whose figures are shown in both years."""
    reported = series[series["status"] == "reported"]
    before, after = (set(reported.loc[reported["financial_year"] == year, "quarter"]) for year in years)
    return tuple(quarter for quarter in quarters if quarter in before & after)


def count_known(series: pd.DataFrame) -> int:
    """Count how many figures an indicator has, shown or hidden."""
    return int(series["status"].isin(HAS_FIGURE).sum())


def quarter_values(series: pd.DataFrame, quarters: tuple[int, ...], year: str) -> list[float]:
    """Give the figures of one indicator's quarters in a year."""
    values = series[series["financial_year"] == year].set_index("quarter")["value"]
    return [float(values.loc[quarter]) for quarter in quarters]


def find_baseline(baselines: pd.DataFrame | None, name: str, year: str) -> float | None:
    """Find the printed baseline of an indicator, if there is one that may be shown."""
    if baselines is None:
        return None
    match = baselines[(baselines["indicator"] == name) & (baselines["financial_year"] == year)]["value"].dropna()
    return float(match.iloc[0]) if len(match) else None


def find_latest(observations: pd.DataFrame, name: str, year: str) -> tuple[int, float] | None:
    """Find the last quarter of a year that has a figure, and the figure; None when that one is hidden."""
    rows = observations[(observations["indicator"] == name) & (observations["financial_year"] == year)]
    known = rows[rows["status"].isin(HAS_FIGURE) & rows["quarter"].notna()].sort_values("quarter")
    if known.empty or known["status"].iloc[-1] != "reported":
        return None
    return int(known["quarter"].iloc[-1]), float(known["value"].iloc[-1])


def total_alike(
    observations: pd.DataFrame,
    totals: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    shared: Mapping[str, tuple[int, ...]],
) -> dict[tuple[str, str], YearFigure]:
    """Total each year's figure over the shared quarters: the total that is shown, or the sum of the quarters that
    are."""
    listed = {name: ",".join(map(str, quarters)) for name, quarters in shared.items()}
    found: dict[tuple[str, str], YearFigure] = {}
    for row in annual_totals(observations, indicators, shared).to_dict("records"):
        # A sum that lacks a hidden quarter is the figure of other quarters.
        short = row["quarters"] not in ("", listed[row["indicator"]])
        found[row["indicator"], row["financial_year"]] = row | ({"status": WITHHELD} if short else {})
    for row in totals.to_dict("records"):
        if (row["indicator"], row["financial_year"]) in found and row["quarters"] == listed[row["indicator"]]:
            found[row["indicator"], row["financial_year"]] = row
    return found


def explain_no_quarter(series: pd.DataFrame) -> str:
    """Say why no quarter of an indicator can be compared."""
    if series.empty:
        return "no figures are published"
    if set(series["status"]) == {"unreadable"}:
        return "the printed figure is damaged and can't be read"
    if series["financial_year"].nunique() == 1:
        return "it was published for one year only"
    return "no quarter has a figure in both years"


def name_basis(quarters: tuple[int, ...]) -> str:
    """Name the quarters that two years are compared over."""
    if quarters == (1, 2, 3, 4):
        return "the same four quarters of each year"
    return f"{quarters_in_words(quarters)} of each year"


def name_quarter(series: pd.DataFrame, quarter: int) -> str:
    """Name the quarter, or the single month, that two years are compared over."""
    month = single_month(series[series["quarter"] == quarter])
    return f"{month or f'Q{quarter}'} of each year"


def quarters_in_words(quarters: tuple[int, ...]) -> str:
    """`(1, 2, 3)` -> `Q1–Q3`; `(1, 2, 4)` -> `Q1–Q2 and Q4`."""
    begins = [quarter for quarter in quarters if quarter - 1 not in quarters]
    ends = [quarter for quarter in quarters if quarter + 1 not in quarters]
    runs = [f"Q{begin}" if begin == end else f"Q{begin}–Q{end}" for begin, end in zip(begins, ends, strict=True)]
    return " and ".join(runs)

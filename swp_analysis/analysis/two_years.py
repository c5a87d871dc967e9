"""One indicator in two years. In: observations. Out: its shared quarters and their figures, baseline, latest figure."""

from __future__ import annotations

import pandas as pd


def find_shared_quarters(observations: pd.DataFrame, name: str, years: tuple[str, str]) -> tuple[int, ...]:
    """The quarters that have a figure in both years."""
    reported = observations[(observations["indicator"] == name) & (observations["status"] == "reported")]
    # A single month and the quarter that it lies in are not the same period.
    months = reported["period_start"].str[5:7] + reported["period_end"].str[5:7]
    periods = pd.Series(list(zip(reported["quarter"], months, strict=True)), index=reported.index, dtype=object)
    before, after = (set(periods[reported["financial_year"] == year]) for year in years)
    return tuple(sorted(int(quarter) for quarter, _ in before & after))


def quarter_values(series: pd.DataFrame, quarters: tuple[int, ...], year: str) -> list[float]:
    """The figures of one indicator's quarters in a year."""
    values = series[series["financial_year"] == year].set_index("quarter")["value"]
    return [float(values.loc[quarter]) for quarter in quarters]


def find_baseline(baselines: pd.DataFrame | None, name: str, year: str) -> float | None:
    """The printed baseline of an indicator, if there is one."""
    if baselines is None:
        return None
    match = baselines[(baselines["indicator"] == name) & (baselines["financial_year"] == year)]["value"].dropna()
    return float(match.iloc[0]) if len(match) else None


def find_latest(observations: pd.DataFrame, name: str, year: str) -> tuple[int, float] | None:
    """The last quarter of a year that has a figure, and the figure."""
    rows = observations[(observations["indicator"] == name) & (observations["financial_year"] == year)]
    reported = rows[rows["status"] == "reported"].sort_values("quarter")
    return (int(reported["quarter"].iloc[-1]), float(reported["value"].iloc[-1])) if len(reported) else None

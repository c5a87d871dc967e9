"""One indicator in two years. In: observations and yearly totals. Out: a `TwoYears` an indicator: the figures of both
years, the quarters that they share, and what these add up to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import display_year
from swp_analysis.quality.totals import (
    Counts,
    Row,
    annual_totals,
    count_reported,
    fill_parts,
    list_rows,
    name_only_month,
)

WITHHELD = "withheld"
# There is a figure, whether or not these readers may see it.
HAS_FIGURE = ("reported", "suppressed", "withheld")
NO_TOTAL: Row = {"status": "not_available"}


@dataclass(frozen=True)
class TwoYears:
    """The figures of an indicator in the year before and the year, as rows.

    `quarters`: those that have a figure in both, shown or withheld. `totals`: what these add up to in each year.
    `counts`: all reported figures, for the n and N of a share.
    """

    indicator: Indicator
    years: tuple[str, str]
    rows: Sequence[Row]
    quarters: tuple[int, ...]
    counts: Counts
    totals: tuple[Row, Row]

    @property
    def known(self) -> int:
        """How many figures there are, shown or withheld."""
        return sum(row["status"] in HAS_FIGURE for row in self.rows)

    def values(self, quarters: Sequence[int]) -> tuple[list[float], list[float]]:
        """Give the figures of those quarters that are shown in both years, of the year before and of the year."""
        shown = [
            {row["quarter"]: float(row["value"]) for row in self.rows if _is_of(row, year, "reported")}
            for year in self.years
        ]
        both = [quarter for quarter in quarters if all(quarter in year for year in shown)]
        return [shown[0][quarter] for quarter in both], [shown[1][quarter] for quarter in both]

    def parts(self) -> list[list[Row]]:
        """Give the quarters that each year's total is made of, with the n and N behind their percentages."""
        listed = [{int(quarter) for quarter in str(total["quarters"]).split(",") if quarter} for total in self.totals]
        return [
            fill_parts(
                (row for row in self.rows if row["financial_year"] == year and row["quarter"] in wanted),
                self.indicator,
                self.counts,
            )
            for year, wanted in zip(self.years, listed, strict=True)
        ]

    def latest(self) -> tuple[int, float] | None:
        """Find the last quarter of the year that has a figure, and the figure; None when that one is withheld."""
        known = [row for row in self.rows if _is_of(row, self.years[1], *HAS_FIGURE)]
        last = max(known, key=lambda row: row["quarter"], default=NO_TOTAL)
        return (int(last["quarter"]), float(last["value"])) if last["status"] == "reported" else None

    def month(self, quarter: int) -> str:
        """Name the single month that a quarter's figures are about; empty when they are about the quarter."""
        return name_only_month(row for row in self.rows if row["quarter"] == quarter)

    def why_not(self) -> str:
        """Say why no quarter can be compared."""
        if not self.rows:
            return "no figures are published"
        if {row["status"] for row in self.rows} == {"unreadable"}:
            return "the printed figure can't be read"
        if len(missing := {*self.years} - {row["financial_year"] for row in self.rows}) == 1:
            return f"no figures of {display_year(missing.pop())} are published"
        return "no quarter has a figure in both years"


def read_two_years(
    observations: pd.DataFrame, totals: pd.DataFrame, indicators: Mapping[str, Indicator], years: tuple[str, str]
) -> dict[str, TwoYears]:
    """Read every indicator's figures of two years, with what they add up to."""
    frame = observations[observations["financial_year"].isin(years)]
    rows: dict[str, list[Row]] = {name: [] for name in indicators}
    for row in list_rows(frame):
        rows.setdefault(row["indicator"], []).append(row)
    added, counts, (before, year) = list_rows(totals), count_reported(frame), years
    shared = {name: _share_quarters(rows[name], added, name, years) for name in indicators}
    alike = _total_alike(frame, added, indicators, shared)
    sums = {name: (alike.get((name, before), NO_TOTAL), alike.get((name, year), NO_TOTAL)) for name in indicators}
    return {
        name: TwoYears(indicator, years, rows[name], shared[name], counts, sums[name])
        for name, indicator in indicators.items()
    }


def _is_of(row: Row, year: str, *statuses: str) -> bool:
    return bool(row["financial_year"] == year and row["status"] in statuses and pd.notna(row["quarter"]))


def _share_quarters(rows: Sequence[Row], totals: Sequence[Row], name: str, years: tuple[str, str]) -> tuple[int, ...]:
    """The quarters that have a figure in both years, shown or withheld: those that were added up, if any were."""
    added = {row["financial_year"]: row["quarters"] for row in totals[::-1] if row["indicator"] == name}
    listed = [added.get(year) for year in years]
    if all(listed):
        before, after = ({int(quarter) for quarter in str(one).split(",")} for one in listed)
        return tuple(sorted(before & after))
    # A single month and the quarter that it lies in are not the same period.
    known = [[row for row in rows if _is_of(row, year, *HAS_FIGURE)] for year in years]
    periods = [{(row["quarter"], row["period_start"][5:7], row["period_end"][5:7]) for row in of} for of in known]
    return tuple(sorted(int(quarter) for quarter, _, _ in periods[0] & periods[1]))


def _total_alike(
    observations: pd.DataFrame,
    totals: Sequence[Row],
    indicators: Mapping[str, Indicator],
    shared: Mapping[str, tuple[int, ...]],
) -> dict[tuple[str, str], Row]:
    """Each year's figure over the shared quarters: the total that is shown, or the sum of the quarters that are."""
    listed = {name: ",".join(map(str, quarters)) for name, quarters in shared.items()}
    found: dict[tuple[str, str], Row] = {}
    for row in list_rows(annual_totals(observations, indicators, shared)):
        # A sum that lacks a withheld quarter is the figure of other quarters.
        short = row["quarters"] not in ("", listed[row["indicator"]])
        found[row["indicator"], row["financial_year"]] = {**row, **({"status": WITHHELD} if short else {})}
    for row in totals:
        if (row["indicator"], row["financial_year"]) in found and row["quarters"] == listed[row["indicator"]]:
            found[row["indicator"], row["financial_year"]] = row
    return found


def quarters_in_words(quarters: Sequence[int]) -> str:
    """Write `(1, 2, 3)` -> `Q1–Q3`; `(1, 2, 4)` -> `Q1–Q2 and Q4`."""
    return join_runs(quarters, [f"Q{quarter}" for quarter in range(5)])


def join_runs(places: Sequence[int], names: Sequence[str]) -> str:
    """Write the names of places in an order, those that follow one another as a run."""
    begins = [names[place] for place in places if place - 1 not in places]
    ends = [names[place] for place in places if place + 1 not in places]
    return " and ".join(a if a == b else f"{a}–{b}" for a, b in zip(begins, ends, strict=True))

"""What a typed number could tell of hidden figures. In: `Protected`. Out: `Unsaid` for each indicator that hides any.

Made from the protected figures alone: what readers can know of a hidden count is the interval that these leave open,
and a number inside it is refused whether it is the true one or not. So a refusal tells nothing that is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any

import pandas as pd

from swp_analysis.disclosure.kpi_tables import link_indicators, to_plain
from swp_analysis.disclosure.protect import Protected
from swp_analysis.engines.small_numbers.cells import WITHHELD, Cell, Edition, Links, Row, cells_of, walk_rows
from swp_analysis.engines.small_numbers.intervals import Interval
from swp_analysis.engines.small_numbers.puzzle import Puzzle

HIDDEN = ("suppressed", WITHHELD)
NUMBERS = ("value", "numerator", "denominator")


@dataclass(frozen=True)
class Unsaid:
    """What is open about one indicator: `counts` and `shares` (in percent) as intervals; and what readers know."""

    counts: frozenset[Interval]
    shares: frozenset[Interval]
    shown_counts: frozenset[float]
    shown_shares: frozenset[float]

    def holds(self, printed: str) -> bool:
        """Tell whether a number as it is written could be a hidden one; a percent sign says that it is no count."""
        number, is_share = float(printed.rstrip(" %").replace(",", "")), printed.endswith("%")
        may_be_share = is_share or "." in printed
        shown = (set() if is_share else self.shown_counts) | (self.shown_shares if may_be_share else set())
        if any(abs(number - known) < 1e-9 for known in shown):
            return False
        intervals = self.shares if is_share else self.counts | self.shares
        return any(low <= number <= high for low, high in intervals)


def find_unsaid(data: Protected, indicators: Mapping[str, Any]) -> dict[str, Unsaid]:
    """Find what a number beside the name of an indicator must not be, for each that hides a figure."""
    links = link_indicators(indicators, data.observations["financial_year"].astype(str))
    edition = Edition(to_plain(data.frames), data.threshold)
    left = Puzzle([edition], links).leave_open()
    counts: dict[str, set[Interval]] = {}
    shares: dict[str, set[Interval]] = {}
    for name, sides in _hidden_sides(edition, links):
        spans = [_add_up([left.get(cell, (0, inf)) for cell in cells]) for cells in sides]
        # Of a denominator that is in no table nothing is hidden.
        counts.setdefault(name, set()).update(span for span in spans if span[0] < span[1] and span != (0, inf))
        if len(spans) == 2:
            shares.setdefault(name, set()).add(_divide(*spans))
    known = _list_shown(data, set(links.parts))
    return {
        name: Unsaid(
            frozenset(counts[name]),
            frozenset(shares.get(name, ())),
            frozenset(known.get((name, False), ())),
            frozenset(known.get((name, True), ())),
        )
        for name in counts
    }


def _hidden_sides(edition: Edition, links: Links) -> Iterator[tuple[str, list[list[Cell]]]]:
    """Each hidden figure: the counts that it adds up, or for a percentage those of its numerator and denominator."""
    for _, row in walk_rows(edition.tables.cells):
        if row["status"] in HIDDEN:
            yield row["series"], [[cell] for cell in cells_of(row, links)]
    rows = edition.tables.cells
    for _, row in walk_rows(edition.tables.sums):
        if row["status"] in HIDDEN:
            yield row["series"], [_cells_of_sum(row, series, rows, links) for series in _series(row, links)]


def _series(row: Row, links: Links) -> tuple[str, ...]:
    return links.parts.get(row["series"], (row["series"],))


def _cells_of_sum(row: Row, series: str, rows: pd.DataFrame, links: Links) -> list[Cell]:
    of_year = rows[(rows["series"] == row["series"]) & (rows["year"] == row["year"]) & (rows["area"] == row["area"])]
    periods = row["periods"].split(",") if row["periods"] else sorted(set(of_year["period"]))
    return [Cell(row["area"], series, row["year"], p) for p in periods if (row["year"], p) not in links.shorter]


def _add_up(spans: list[Interval]) -> Interval:
    return (sum(low for low, _ in spans), sum(high for _, high in spans)) if spans else (0, inf)


def _divide(top: Interval, bottom: Interval) -> Interval:
    """The percentages that two counts can make."""
    least = 100 * top[0] / bottom[1] if bottom[1] else 0.0
    return least, min(100.0, 100 * top[1] / bottom[0]) if bottom[0] else 100.0


def _list_shown(data: Protected, shares: set[str]) -> dict[tuple[str, bool], set[float]]:
    """Every number that the tables show of an indicator, as it may be rounded, and the changes between its years; by
    indicator and whether it is a percentage."""
    shown: dict[tuple[str, bool], set[float]] = {}
    for frame in data.frames:
        for column in (column for column in NUMBERS if column in frame):
            for name, number in zip(frame["indicator"], frame[column], strict=True):
                if pd.notna(number):
                    is_share = column == "value" and name in shares
                    shown.setdefault((name, is_share), set()).update(_as_rounded(float(number)))
    for frame, period in ((data.observations, "quarter"), (data.totals, "quarters")):
        for place, rows in frame.sort_values("financial_year").groupby(["indicator", period], sort=False):
            for before, after in pairwise(rows["value"]):
                if pd.notna(before) and pd.notna(after):
                    name = str(place[0])
                    shown.setdefault((name, name in shares), set()).update(_as_rounded(abs(float(after - before))))
    return shown


def _as_rounded(number: float) -> set[float]:
    return {number, *(round(number, places) for places in range(3))}

"""What a typed number could tell of hidden figures. In: `Protected`. Out: `Unsaid` for each indicator that hides any.

Made from the protected figures alone: what readers can know of a hidden count is the interval that these leave open,
and a number inside it is refused whether it is the true one or not. So a refusal tells nothing that is hidden.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
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
    """What is open about one indicator: `counts` and `shares` (in percent) as intervals; and what readers know.

    `shown`: numbers that the tables print or imply, by kind: "" for counts, "%" for shares, "x" for multiples.
    """

    counts: frozenset[Interval]
    shares: frozenset[Interval]
    shown: Mapping[str, Set[float]]

    def holds(self, printed: str) -> bool:
        """Tell whether a number as it is written ("3", "25%", or "3x" for a multiple) could tell a hidden one."""
        number, kind = float(printed.rstrip(" %x").replace(",", "")), printed[-1] if printed[-1] in "%x" else ""
        kinds = {kind, "%"} if "." in printed else {kind}
        if any(abs(number - known) < 1e-9 for each in kinds for known in self.shown.get(each, ())):
            return False
        intervals = {"": self.counts | self.shares, "%": self.shares, "x": self.counts}[kind]
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
    shown = _list_shown(data, set(links.parts))
    return {name: Unsaid(frozenset(counts[name]), frozenset(shares.get(name, ())), shown[name]) for name in counts}


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


def _list_shown(data: Protected, shares: set[str]) -> dict[str, dict[str, set[float]]]:
    """Every number that the tables show of an indicator, as it may be rounded, and how it moved between years."""
    shown: dict[str, dict[str, set[float]]] = defaultdict(lambda: defaultdict(set))
    for frame in data.frames:
        for column in (column for column in NUMBERS if column in frame):
            for name, number in zip(frame["indicator"], frame[column], strict=True):
                if pd.notna(number):
                    shown[name]["%" if column == "value" and name in shares else ""] |= _as_rounded(float(number))
    for frame, period in ((data.observations, "quarter"), (data.totals, "quarters")):
        for place, rows in frame.sort_values("financial_year").groupby(["indicator", period], sort=False):
            name = str(place[0])
            for before, after in pairwise(rows["value"].astype(float)):
                if pd.notna(before) and pd.notna(after):
                    shown[name]["%" if name in shares else ""] |= _as_rounded(abs(after - before))
                    if min(before, after) > 0:
                        shown[name]["x"] |= _as_rounded(max(before, after) / min(before, after))
    return shown


def _as_rounded(number: float) -> set[float]:
    return {number, *(round(number, places) for places in range(3))}

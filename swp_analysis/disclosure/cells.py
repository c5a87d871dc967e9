"""Names the numbers that a page prints and how they hang together. In: indicators, rows. Out: `Cell`, `Sum`, `Links`.

First step of the room: `protect` hides cells and sums, `attack` tries to work them out; both speak this vocabulary.
A percentage stands on two cells, its numerator and its denominator, whether or not these are printed themselves.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

Row = Mapping[Hashable, Any]

WITHHELD = "withheld"  # the status of a figure that would give a hidden count away
SHORTEST_QUARTER_DAYS = 80


class Cell(NamedTuple):
    """One count of one period; `period` is "1" to "4", or the first day of a period that is no whole quarter."""

    area: str
    series: str
    year: str
    period: str


class Sum(NamedTuple):
    """The sum of one series over periods of a year: a year total, or last year's total as a baseline."""

    area: str
    series: str
    year: str
    periods: tuple[str, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(Cell(self.area, self.series, self.year, period) for period in self.periods)


@dataclass(frozen=True)
class Links:
    """How indicators hang together.

    `parts`: percentage -> the series of its numerator and of its denominator. `wholes`: sub-group -> its group.
    `guessed`: percentages that don't say what they are a share of; taken for a share of the count printed with them.
    """

    parts: Mapping[str, tuple[str, str]]
    wholes: Mapping[str, str]
    guessed: frozenset[str]

    @property
    def below(self) -> list[tuple[str, str]]:
        """Pairs of series of which the first can't be greater than the second."""
        return sorted({*self.parts.values(), *self.wholes.items()})


def link_indicators(indicators: Mapping[str, Any] | Iterable[Any]) -> Links:
    """Read the links from the catalogue's indicators (or anything with the same attributes)."""
    entries = list(indicators.values() if isinstance(indicators, Mapping) else indicators)
    companions = {entry.companion_share: entry.id for entry in entries if entry.companion_share}
    shares = [entry for entry in entries if entry.unit == "percent"]
    guessed = {share.id for share in shares if share.id in companions and not (share.numerator or share.denominator)}
    parts = {}
    for share in shares:
        whole = companions[share.id] if share.id in guessed else share.denominator
        parts[share.id] = share.numerator or f"{share.id}: numerator", whole or f"{share.id}: denominator"
    return Links(parts, {entry.id: entry.subgroup_of for entry in entries if entry.subgroup_of}, frozenset(guessed))


def read_rows(frame: pd.DataFrame) -> Iterator[tuple[int, Row]]:
    """Position and content of each row, an absent area or source column read as empty."""
    blank = {"area_code": "", "raw_value": "", "source_file": ""}
    for position, row in enumerate(frame.to_dict("records")):
        yield position, blank | row


def period_of(row: Row) -> str:
    """The row's quarter, or the first day of its period when that is shorter than a quarter (a monthly snapshot)."""
    first, last = row.get("period_start") or "", row.get("period_end") or ""
    if first and last and (pd.Timestamp(last) - pd.Timestamp(first)).days < SHORTEST_QUARTER_DAYS:
        return str(first)
    return str(int(row["quarter"]))


def cells_of(row: Row, links: Links) -> tuple[Cell, ...]:
    """The cell of an observed count, or the numerator and denominator cells of an observed percentage."""
    series = links.parts.get(row["indicator"], (row["indicator"],))
    return tuple(Cell(row["area_code"], name, row["financial_year"], period_of(row)) for name in series)


def home_area(observations: pd.DataFrame) -> str:
    """The area that totals and baselines speak about when they don't say: the one with the most observations."""
    if "area_code" not in observations or observations.empty:
        return ""
    counted = observations["area_code"].value_counts()
    return min(counted[counted == counted.max()].index)


def is_known(value: Any) -> bool:
    """Whether a frame's entry holds a number."""
    return value is not None and not pd.isna(value)

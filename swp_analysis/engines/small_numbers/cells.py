"""The numbers that a page prints, and how they hang together. In: plain tables. Out: `Cell`, `Sum`, `Links`.

First step of the engine: `suppress` hides cells and sums, `attack` tries to work them out; both speak this vocabulary.
A percentage stands on two cells, its numerator and its denominator, whether or not these are printed themselves.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

Row = Mapping[Hashable, Any]

WITHHELD = "withheld"  # the status of a figure that would give a hidden count away
SUPPRESSED = "suppressed"
NUMBERS = ["value", "lower", "upper", "numerator", "denominator"]
CELL_COLUMNS = ["area", "series", "year", "period", *NUMBERS, "status", "printed"]
SUM_COLUMNS = [
    *("area", "series", "year", "periods", "value", "numerator", "denominator"),
    *("status", "printed", "quoted"),
]


class Tables(NamedTuple):
    """What an edition prints, as two plain frames.

    `cells`: `CELL_COLUMNS`, a row for each figure of one period. `value` is the count or the percentage; `numerator`
    and `denominator` where a percentage prints them; `status` is reported, suppressed, withheld, not_available or
    unreadable; `printed` the text of the printed cell.
    `sums`: `SUM_COLUMNS`, a row for each yearly figure. `periods` names those it adds up, separated by commas, or is
    empty for all of the year; `quoted` sums were printed elsewhere and may be wrong, the others were worked out.
    """

    cells: pd.DataFrame
    sums: pd.DataFrame


class Edition(NamedTuple):
    """What some readers hold: its tables, and the count below which it hides."""

    tables: Tables
    threshold: int


class Cell(NamedTuple):
    """One count of one period."""

    area: str
    series: str
    year: str
    period: str


class Sum(NamedTuple):
    """The sum of one series over periods of a year."""

    area: str
    series: str
    year: str
    periods: tuple[str, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The counts that it adds up."""
        return tuple(Cell(self.area, self.series, self.year, period) for period in self.periods)


class Split(NamedTuple):
    """A count and those that it is made of, all of them or only some: of shorter periods inside its own, or of series
    that add up to its own."""

    whole: Cell
    parts: tuple[Cell, ...]
    complete: bool


@dataclass(frozen=True)
class Links:
    """How series hang together.

    `parts`: percentage -> the series of its numerator and of its denominator. `wholes`: sub-group -> its group.
    `guessed`: percentages that don't say what they are a share of; taken for a share of the count printed with them.
    `inside`: year and period -> the shorter periods that make it up. `made_of`: series -> the series that add up to it.
    `stocks`: series that are never added up. `known`:
    what readers know of a count from elsewhere, as its least and greatest value.
    """

    parts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    wholes: Mapping[str, str] = field(default_factory=dict)
    guessed: frozenset[str] = frozenset()
    inside: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    made_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stocks: frozenset[str] = frozenset()
    known: Mapping[Cell, tuple[float, float]] = field(default_factory=dict)

    @property
    def below(self) -> list[tuple[str, str]]:
        """Pairs of series of which the first can't be greater than the second."""
        return sorted({*self.parts.values(), *self.wholes.items()})

    @cached_property
    def shorter(self) -> frozenset[tuple[str, str]]:
        """The periods, each with its year, that lie inside a longer one: no yearly sum adds them up."""
        return frozenset((year, period) for (year, _), shorter in self.inside.items() for period in shorter)

    @cached_property
    def pieces(self) -> frozenset[str]:
        """The series that add up to another: of their counts, `withheld` says nothing."""
        return frozenset(name for names in self.made_of.values() for name in names)

    def splits(self, cells: set[Cell]) -> list[Split]:
        """Say which of some cells are made up of others."""
        found = []
        for cell in sorted(cells):
            shorter = () if cell.series in self.stocks else self.inside.get((cell.year, cell.period), ())
            inside = [cell._replace(period=period) for period in shorter]
            series = [cell._replace(series=name) for name in self.made_of.get(cell.series, ())]
            for whole in (inside, series):
                if parts := tuple(part for part in whole if part in cells):
                    found.append(Split(cell, parts, len(parts) == len(whole)))
        return found


def walk_rows(frame: pd.DataFrame) -> Iterator[tuple[int, Row]]:
    """Read the position and content of each row."""
    yield from enumerate(frame.to_dict("records"))


def cells_of(row: Row, links: Links) -> tuple[Cell, ...]:
    """Give the cell of a printed count, or the numerator and denominator cells of a printed percentage."""
    series = links.parts.get(row["series"], (row["series"],))
    return tuple(Cell(row["area"], name, row["year"], row["period"]) for name in series)


def is_known(value: Any) -> bool:
    """Tell whether a frame's entry holds a number."""
    return value is not None and not pd.isna(value)

"""Everything that tables say before anything is hidden. In: `Tables`, `Links`. Out: `KnownFigures`.

Second step of the engine: every count behind a printed number gets a value, whether it is printed itself (8 of 49),
implied (60% of 5) or a sum; the small ones are picked out. `suppress` decides what else goes, `redact` writes it down.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from swp_analysis.engines.small_numbers.cells import (
    WITHHELD,
    Cell,
    Edition,
    Links,
    Row,
    Split,
    Sum,
    Tables,
    cells_of,
    is_known,
    walk_rows,
)
from swp_analysis.engines.small_numbers.intervals import Interval
from swp_analysis.engines.small_numbers.rounding import find_printed, possible_counts

ROUNDING_SLACK = 0.5
ABSENT = ("not_available", "unreadable")


@dataclass
class KnownFigures:
    """What is known about every cell and sum.

    `values`: cells whose number is known. `small`: cells that are not shown, with the interval that is printed instead.
    `sums`: printed sums. `contradicting`: positions of sums that don't agree with their own periods, or can't be
    compared with them.
    `unknown`: cells of withheld rows, in an edition that is read again. `public`: what an earlier edition shows.
    `kept`: what earlier editions withheld and none has shown. `closed`: shorter periods of which nothing is said.
    """

    links: Links
    threshold: int
    values: dict[Cell, float] = field(default_factory=dict)
    small: dict[Cell, Interval] = field(default_factory=dict)
    sums: dict[Sum, float] = field(default_factory=dict)
    contradicting: set[int] = field(default_factory=set)
    unknown: set[Cell] = field(default_factory=set)
    public: set[Cell | Sum] = field(default_factory=set)
    kept: set[Cell | Sum] = field(default_factory=set)
    closed: set[Cell] = field(default_factory=set)

    @property
    def interval(self) -> Interval:
        """What a number that is too small to be shown is printed as."""
        return 1.0, float(self.threshold - 1)

    def is_small(self, value: float) -> bool:
        return 0 < value < self.threshold

    def fits(self, split: Split) -> bool:
        """Tell whether a count is what its parts make; what is not known is taken to fit."""
        cells = split.whole, *split.parts
        if any(cell not in self.values for cell in cells):
            return True
        whole, *parts = (self.values[cell] for cell in cells)
        return sum(parts) == whole if split.complete else sum(parts) <= whole

    def periods(self, series: str, area: str, year: str) -> tuple[str, ...]:
        """Give the periods of a year that the tables have for a series, without those that lie inside a longer one."""
        cells = {*self.values, *self.small, *self.unknown}
        own = (c.period for c in cells if c[:3] == (area, series, year))
        return tuple(sorted(period for period in own if (year, period) not in self.links.shorter))

    def note(self, cell: Cell, value: float) -> None:
        """Keep a value; of two that differ the smaller one above zero, so that neither is shown by mistake."""
        seen = {float(value), self.values.get(cell, float(value))}
        self.values[cell] = min((number for number in seen if number), default=0.0)
        if self.is_small(self.values[cell]):
            self.small[cell] = self.interval


def read_figures(tables: Tables, links: Links, threshold: int) -> KnownFigures:
    """Read tables into cells and sums; row order makes no difference."""
    figures = KnownFigures(links, threshold)
    for _, row in walk_rows(tables.cells):
        _read_counts(row, figures)
    for _, row in walk_rows(tables.cells):
        if row["series"] in links.parts and row["status"] == "reported" and is_known(row["value"]):
            _read_implied_numerator(row, figures)
    # Counts before percentages, whose denominators they are; what was quoted last, since it may be wrong.
    for position, row, sums in sorted(sums_of_frame(tables, figures), key=lambda one: (one[1]["quoted"], len(one[2]))):
        _read_sums(position, row, sums, figures)
    return figures


def read_with_earlier(tables: Tables, links: Links, threshold: int, earlier: Iterable[Edition]) -> KnownFigures:
    """Read tables, with what the `earlier` editions of the same readers show and withhold."""
    figures = read_figures(tables, links, threshold)
    for edition in earlier:
        known = read_figures(edition.tables, links, edition.threshold)
        recall(known, figures)
        keep_withheld(edition.tables, known, figures)
    _close_splits(figures)
    return figures


def _close_splits(figures: KnownFigures) -> None:
    """Say nothing of the parts of a period when one of them, or the whole, is small.

    `<5` would say too much of each: three of them are 3 or more together, and no more than what the period has. A
    single part can do no harm.
    """
    splits = [s for s in figures.links.splits({*figures.values, *figures.small}) if len(s.parts) > 1]
    known = -1
    while known < (known := len(figures.closed)):  # what is made of closed parts may itself be part of something
        hidden = figures.small.keys() | figures.closed
        touched = (split for split in splits if not hidden.isdisjoint((split.whole, *split.parts)))
        figures.closed.update(part for split in touched for part in split.parts if part not in figures.public)
    for cell in figures.closed:
        figures.small.pop(cell, None)


def recall(earlier: KnownFigures, figures: KnownFigures) -> None:
    """Note what an earlier edition shows: it can't be taken back. A figure that was revised since is another number."""
    for cell, value in earlier.values.items():
        if figures.values.get(cell) == value and cell not in earlier.small:
            figures.public.add(cell)
    for total, value in earlier.sums.items():
        if figures.sums.get(total, _add_up(total, figures)) == value:
            figures.sums.setdefault(total, value)
            figures.public.add(total)


def keep_withheld(tables: Tables, earlier: KnownFigures, figures: KnownFigures) -> None:
    """Note what an earlier edition withheld, so that the same tables give the same edition however often it is made.

    A numerator or denominator that is a series of its own is told by its own row.
    """
    rows: list[tuple[Row, tuple[Cell | Sum, ...]]] = []
    rows += [(row, cells_of(row, figures.links)) for _, row in walk_rows(tables.cells)]
    rows += [(row, tuple(_sums_of(row, earlier))) for _, row in walk_rows(tables.sums)]
    found: set[Cell | Sum] = set()
    for row, units in sorted(rows, key=lambda pair: len(pair[1])):
        found.update(_own_units(row, units, found | figures.small.keys(), figures.links))
    found -= earlier.values.keys() | earlier.sums.keys()
    # A withheld count is known to be at least the threshold; one that was revised to less is no such count.
    figures.kept |= {unit for unit in found if _value_of(unit, figures) >= figures.threshold}


def _value_of(unit: Cell | Sum, figures: KnownFigures) -> float:
    return figures.threshold if isinstance(unit, Sum) else figures.values.get(unit, figures.threshold)


def _own_units(row: Row, units: tuple[Cell | Sum, ...], gone: Set[Cell | Sum], links: Links) -> Iterable[Cell | Sum]:
    """What a row of an edition withholds and no other row tells: a count, a denominator or a numerator."""
    *top, last = units
    own = [unit for unit in units if unit.series.partition(":")[0] in links.parts]
    if row.get("status") in ABSENT:
        return []
    if top and last in own and not is_known(row.get("denominator")):
        return [last]  # the numerator goes with it
    if row.get("status") != WITHHELD:
        return []
    return [unit for unit in top if unit in own and last not in gone] if top else [last]


def _read_counts(row: Row, figures: KnownFigures) -> None:
    top, *bottom = cells_of(row, figures.links)
    if row["status"] == WITHHELD:
        figures.unknown.update((top, *bottom))
    elif row["status"] == "suppressed":
        figures.small[top] = (row["lower"], row["upper"])
    elif row["status"] == "reported":
        number = row["numerator"] if bottom else row["value"]
        if is_known(number):
            figures.note(top, number)
    if bottom and is_known(row["denominator"]):
        figures.note(bottom[0], row["denominator"])


def _read_implied_numerator(row: Row, figures: KnownFigures) -> None:
    top, bottom = cells_of(row, figures.links)
    if top in figures.values or top in figures.small:
        return
    if bottom in figures.values:
        denominator = figures.values[bottom]
        printed = find_printed(row["value"], str(row["printed"]))
        possible: Sequence[float] = possible_counts(int(denominator), printed, rounded=False)
        if not possible and row["series"] in figures.links.guessed:
            return
        figures.values[top] = float(round(row["value"] * denominator / 100))
        possible = possible or [figures.values[top]]
        if _gives_away(possible, row["value"], figures):
            figures.small[top] = figures.interval
    elif bottom in figures.small and row["value"] > 0 and figures.small[bottom][1] < figures.threshold:
        figures.small[top] = figures.interval


def _gives_away(possible: Sequence[float], percent: float, figures: KnownFigures) -> bool:
    """Whether the numerators that fit a percentage tell more about a small count than `<5` would."""
    if percent == 0 and len(possible) == 1:
        return False
    return len(possible) < figures.threshold - 1 and any(figures.is_small(number) for number in possible)


def sums_of_frame(tables: Tables, figures: KnownFigures) -> Iterator[tuple[int, Row, list[Sum]]]:
    """Give the position, row and sums of every yearly figure; a percentage speaks about two sums, numerator and
    denominator."""
    for position, row in walk_rows(tables.sums):
        if is_known(row["value"]) and row["status"] == "reported":
            yield position, row, _sums_of(row, figures)


def _sums_of(row: Row, figures: KnownFigures) -> list[Sum]:
    area, year = row["area"], row["year"]
    parts = figures.links.parts.get(row["series"], (row["series"],))
    listed = row["periods"]
    periods = listed.split(",") if listed else {p for part in parts for p in figures.periods(part, area, year)}
    return [Sum(area, series, year, tuple(sorted(periods))) for series in parts]


def _read_sums(position: int, row: Row, sums: list[Sum], figures: KnownFigures) -> None:
    for total, printed, slack in _printed_sums(row, sums, figures):
        known = _add_up(total, figures)
        value = printed if printed is not None else known
        if value is None:
            agrees = False
        elif known is None:
            agrees = figures.sums.setdefault(total, value) == value
        elif agrees := abs(known - value) <= slack:
            figures.sums[total] = known
        if not agrees:
            figures.contradicting.add(position)


def _printed_sums(row: Row, sums: list[Sum], figures: KnownFigures) -> Iterator[tuple[Sum, float | None, float]]:
    """Each sum with its printed value, None when it isn't printed, and by how much the print may be off."""
    if len(sums) == 1:
        yield sums[0], row["value"], ROUNDING_SLACK
        return
    top, bottom = sums
    denominator = row.get("denominator")
    if is_known(denominator):
        yield bottom, denominator, ROUNDING_SLACK
    else:
        denominator = figures.sums.get(bottom, _add_up(bottom, figures))
        yield bottom, None, 0.0
    if is_known(row.get("numerator")):
        yield top, row["numerator"], ROUNDING_SLACK
    elif denominator is not None:
        printed = find_printed(row["value"], str(row["printed"]))
        yield top, round(row["value"] * denominator / 100), max(ROUNDING_SLACK, denominator / 100 * printed.unit)


def _add_up(total: Sum, figures: KnownFigures) -> float | None:
    numbers = [figures.values[cell] for cell in total.cells if cell in figures.values]
    return sum(numbers) if numbers and len(numbers) == len(total.cells) else None

"""What secondary suppression costs, against the least that it could. In: tables and what was hidden. Out: two numbers.

No part of a run: nothing is hidden by this. The fewest rows are found by one integer programme for each group of linked
figures. Such a choice withstands an attacker who knows the page, but not one who knows how it was chosen
(docs/disclosure.md); the difference between the numbers is the price of withstanding that one too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.disclosure import Protected, protect
from swp_analysis.disclosure.kpi_tables import Frames, link_indicators, to_plain
from swp_analysis.engines.small_numbers.cells import Cell, Row, Sum, Tables, cells_of, walk_rows
from swp_analysis.engines.small_numbers.figures import KnownFigures, read_figures, recall, sums_of_frame
from swp_analysis.engines.small_numbers.suppress import Group, group_figures
from swp_analysis.ingest.read_year import read_editions
from swp_analysis.quality.totals import annual_totals

FAR_ABOVE = 1_000  # how far above its value a withheld figure may be imagined; no hidden count needs more
SECONDS = 20  # for one group of linked figures; those of the report take hundredths of one
Unit = Cell | Sum


class Loss(NamedTuple):
    """Figures (rows of the three tables): the small ones, what went beyond them, and the fewest that could.

    `least` is None when it was not found: in time, or because the tables contradict themselves.
    """

    primary: int
    secondary: int
    least: int | None

    def __str__(self) -> str:
        least = "not known" if self.least is None else self.least
        return (
            f"{self.primary} small figures are hidden, and {self.secondary} more that would give them away; "
            f"the fewest more that could do is {least}"
        )


def measure_loss(
    frames: Frames, data: Protected, indicators: Mapping[str, Any], earlier: Sequence[Protected] = ()
) -> Loss:
    """What `data`, made from the unprotected `frames`, lost beside the small figures, and the least it had to lose."""
    links = link_indicators(indicators, data.observations["financial_year"])
    tables = to_plain(frames)
    figures = read_figures(tables, links, data.threshold)
    for edition in (one for one in earlier if not _shows_the_same(one, data)):
        recall(read_figures(to_plain(edition.frames), links, edition.threshold), figures)
    secondary = int(data.log["why"].str.startswith("secondary").sum())
    rows = list(_rows(tables, figures))
    fewest = [_fewest(group, [row for row in rows if _belongs(row, group)]) for group in group_figures(figures)]
    known = [number for number in fewest if number is not None]
    return Loss(len(data.log) - secondary, secondary, sum(known) if len(known) == len(fewest) else None)


def _shows_the_same(first: Protected, second: Protected) -> bool:
    """Whether an edition is the same one made again, or made for others: that ties nobody's hands."""
    pairs = ((getattr(first, name), getattr(second, name)) for name in ("observations", "baselines", "totals"))
    return all(list(one["status"]) == list(other["status"]) for one, other in pairs)


def _rows(tables: Tables, figures: KnownFigures) -> Iterator[frozenset[Unit]]:
    """For each row that need not be hidden for its own sake: the units with any of which it has to go."""
    for _, row in walk_rows(tables.cells):
        units = cells_of(row, figures.links)
        if row["status"] == "reported" and units[0] not in figures.small:
            yield frozenset(units[:1] if _is_nought(row, units, figures) else units)
    for position, _, sums in sums_of_frame(tables, figures):
        if not any(figures.is_small(figures.sums.get(total, 0)) for total in sums):
            contradicting = position in figures.contradicting
            yield frozenset(sums) | {cell for total in sums for cell in total.cells if contradicting}


def _is_nought(row: Row, units: tuple[Cell, ...], figures: KnownFigures) -> bool:
    return len(units) == 2 and row["value"] == 0 == figures.values.get(units[0])


def _belongs(row: frozenset[Unit], group: Group) -> bool:
    return not row.isdisjoint({*group.world.values, *group.world.sums, *group.small})


def _fewest(group: Group, rows: Sequence[frozenset[Unit]]) -> int | None:
    """The fewest rows to hide so that each small count of the group can still be at either end of its interval."""
    programme = _Programme()
    gone = {unit: programme.add(0, 1) for unit in [*group.world.values, *group.world.sums]}
    for unit in gone:
        if unit in group.public or (isinstance(unit, Cell) and not group.world.values[unit]):
            programme.require({gone[unit]: 1}, 0, 0)
    for total, value in group.world.sums.items():
        if 0 < value < group.threshold:
            programme.require({gone[total]: 1}, 1, 1)
    for whole, parts in group.drags.items():
        for part in parts:
            programme.require({gone[part]: 1, gone[whole]: -1}, 0, inf)
    for row in rows:
        hidden = programme.add(int(not row.isdisjoint(group.small)), 1, cost=1)
        for unit in row & gone.keys():
            programme.require({hidden: 1, gone[unit]: -1}, 0, inf)
    for cell, ends in group.small.items():
        for end in ends:
            _add_witness(programme, group, gone, cell, end)
    return programme.solve()


def _add_witness(programme: _Programme, group: Group, gone: Mapping[Unit, int], target: Cell, end: float) -> None:
    """A whole set of figures with the target at one end, that fits everything which is not withheld."""
    place = {cell: programme.add(*((end, end) if cell == target else ends)) for cell, ends in group.small.items()}
    for cell, value in group.world.values.items():
        place[cell] = programme.add(min(value, group.threshold), value + FAR_ABOVE)
        programme.require({place[cell]: 1, gone[cell]: max(0, value - group.threshold)}, value, inf)
        programme.require({place[cell]: 1, gone[cell]: -FAR_ABOVE}, -inf, value)
    for total, value in group.world.sums.items():
        parts = dict.fromkeys((place[cell] for cell in total.cells), 1)
        programme.require(parts | {gone[total]: value}, value, inf)
        programme.require(parts | {gone[total]: -FAR_ABOVE * len(parts)}, -inf, value)
    for part, whole in group.below:
        programme.require({place[part]: 1, place[whole]: -1}, -inf, 0)
    for split in group.splits:
        parts = dict.fromkeys((place[cell] for cell in split.parts), 1)
        programme.require(parts | {place[split.whole]: -1}, 0 if split.complete else -inf, 0)


class _Programme:
    """An integer programme that grows unknown by unknown and rule by rule."""

    def __init__(self) -> None:
        self._bounds: list[tuple[float, float]] = []
        self._costs: list[float] = []
        self._rules: list[tuple[dict[int, float], float, float]] = []

    def add(self, low: float, high: float, cost: float = 0) -> int:
        """A whole number between two ends; its column."""
        self._bounds.append((low, high))
        self._costs.append(cost)
        return len(self._costs) - 1

    def require(self, weights: dict[int, float], low: float, high: float) -> None:
        """`low` <= the sum of weight x unknown <= `high`."""
        self._rules.append((weights, low, high))

    def solve(self) -> int | None:
        """The least cost; None when there is no answer."""
        if not self._rules:
            return round(sum(cost * low for cost, (low, _) in zip(self._costs, self._bounds, strict=True)))
        lines, columns, weights = zip(
            *((line, c, w) for line, (rule, *_) in zip(count(), self._rules) for c, w in rule.items()), strict=True
        )
        matrix = coo_array((weights, (lines, columns)), shape=(len(self._rules), len(self._costs))).tocsr()
        low, high = np.array([ends for _, *ends in self._rules], dtype=float).T
        result = milp(
            self._costs,
            integrality=np.ones(len(self._costs)),
            bounds=Bounds(*np.array(self._bounds, dtype=float).T),
            constraints=LinearConstraint(matrix, low, high),
            options={"time_limit": SECONDS},
        )
        return round(result.fun) if result.success else None


def main() -> None:
    """Print what hiding costs on the shipped tables, against the least that it could."""
    catalogue = load_catalogue()
    read = read_editions(Path(__file__).parents[1] / "data" / "raw", "2017-18", catalogue)
    frames = read.observations, read.baselines, annual_totals(read.observations, catalogue.indicators)
    print(measure_loss(frames, protect(*frames, catalogue.indicators), catalogue.indicators))


if __name__ == "__main__":
    main()

"""What published editions say, as intervals and rules over whole numbers. In: editions and links. Out: a `Puzzle`.

`attack` solves it exactly; `leave_open` takes the quick look that says what a reader can know of each count.
"""

from collections.abc import Iterator, Sequence
from math import inf, nan
from typing import NamedTuple

from swp_analysis.engines.small_numbers.cells import (
    SUPPRESSED,
    WITHHELD,
    Cell,
    Edition,
    Links,
    Row,
    cells_of,
    is_known,
    walk_rows,
)
from swp_analysis.engines.small_numbers.intervals import (
    ContradictionError,
    Interval,
    Rule,
    add_up,
    blocks_of,
    feasible_intervals,
    narrow,
    not_above,
    split_up,
    without_known,
)
from swp_analysis.engines.small_numbers.rounding import Printed, find_printed

Claims = dict[Cell, Interval]


class Target(NamedTuple):
    """A hidden count as one edition prints it; `bare` when its row still shows something else; `is_any` when the count
    adds up to another with others, so that it may be small or not."""

    series: str
    area: str
    year: str
    period: str
    cell: Cell
    lower: float
    upper: float
    bare: bool
    is_any: bool = False


class Puzzle:
    """What the editions say, as intervals and rules over cells."""

    def __init__(self, published: Sequence[Edition], links: Links) -> None:
        self.links = links
        self.claims = [_claims_of(edition, links) for edition in published]
        self.domain: Claims = {}
        for number, claims in enumerate(self.claims):
            for cell, interval in claims.items():
                name = self.name(number, cell)
                self.domain[name] = _meet(self.domain.get(name, (0, inf)), interval)
        for cell, interval in links.known.items():
            low, high = _meet(self.domain.get(cell, (0, inf)), interval)
            if low <= high:  # else a revised figure: what is known is of another count
                self.domain[cell] = low, high
        self.rules = [rule for number, edition in enumerate(published) for rule in self._rules(number, edition)]
        for rule in self.rules:
            for cell in rule.weights:
                self.domain.setdefault(cell, (0, inf))
        self.rules += self._ladders()
        self.rules += [split_up(*split) for split in links.splits(set(self.domain))]

    def targets(self, number: int, edition: Edition) -> Iterator[Target]:
        """Give the hidden counts of an edition: suppressed rows, and denominators missing where others are printed."""
        printed = _print_denominators(edition)
        for _, row in walk_rows(edition.tables.cells):
            cells = [self.name(number, cell) for cell in cells_of(row, self.links)]
            place = row["area"], row["year"], row["period"]
            if row["status"] == WITHHELD and _says_nothing(row, self.links):
                yield Target(row["series"], *place, cells[0], 1, edition.threshold - 1, False, row["lower"] == 0)
            least, most = self.domain.get(cells[0], (0, inf))
            if row["status"] == SUPPRESSED and not edition.threshold <= least == most:  # printed elsewhere by its owner
                bare = str(row["printed"]) not in ("", f"<{row['upper'] + 1:.0f}")
                # What is known from elsewhere anyway is not given away here.
                own = row["lower"], row["upper"]
                low, high = _meet(own, self.links.known.get(cells[0], (0, inf)))
                low, high = (low, high) if low <= high else own
                yield Target(row["series"], *place, cells[0], low, high, bare)
            if _hides_denominator(row, printed):
                yield Target(cells[1].series, *place, cells[1], 1, edition.threshold - 1, False)

    def name(self, number: int, cell: Cell) -> Cell:
        """Name the cell itself, or its own name in an edition whose figure another edition has since revised."""
        low, high = 0.0, inf
        for claims in self.claims:
            low, high = _meet((low, high), claims.get(cell, (0, inf)))
        return cell if low <= high else cell._replace(area=f"{cell.area} (edition {number})")

    def solve(self, targets: list[Cell]) -> dict[Cell, tuple[float, float]]:
        """Give each target's interval; links that may be wrong are dropped, one or all, where they contradict the
        rest."""
        rules = without_known(self.rules, self.domain)
        found: dict[Cell, tuple[float, float]] = {}
        for block in blocks_of(self.domain, rules):
            wanted = [cell for cell in targets if cell in block]
            if wanted:
                own = [rule for rule in rules if not block.keys().isdisjoint(rule.weights)]
                found |= _solve_block({cell: self.domain[cell] for cell in block}, own, wanted)
        return found

    def leave_open(self) -> Claims:
        """Say what each count can be, as far as a quick look narrows it; what contradicts the rest is not looked at."""
        for rules in (self.rules, [rule for rule in self.rules if not rule.guess]):
            try:
                return narrow(self.domain, rules)
            except ContradictionError:
                continue
        return self.domain

    def _rules(self, number: int, edition: Edition) -> Iterator[Rule]:
        decimals: dict[tuple[str, str], int] = {}
        for _, row in walk_rows(edition.tables.cells):
            if row["series"] in self.links.parts and is_known(row["value"]):
                printed = find_printed(row["value"], str(row["printed"]))
                key = row["series"], row["year"]
                decimals[key] = min(printed.decimals, decimals.get(key, printed.decimals))
                yield from self._ratio(printed, *([self.name(number, c)] for c in cells_of(row, self.links)))
        for _, row in walk_rows(edition.tables.sums):
            places = decimals.get((row["series"], row["year"]), 0)
            yield from self._sum_rules(number, row, places)

    def _sum_rules(self, number: int, row: Row, places: int) -> Iterator[Rule]:
        parts = self.links.parts.get(row["series"], (row["series"],))
        sides = [self._sum_cells(number, series, row) for series in parts]
        printed = [row["numerator"], row["denominator"]] if len(parts) == 2 else [row["value"]]
        for cells, value in zip(sides, printed, strict=True):
            if cells and is_known(value):
                yield add_up(cells, value, guess=bool(row["quoted"]))
        if len(parts) == 1 or not is_known(row["value"]) or is_known(printed[0]) or not all(sides):
            return
        if is_known(printed[1]):
            # A mean of percentages, each weighted by its own denominator: as sharp as the bluntest of them.
            middle, slack = row["value"] * printed[1] / 100, printed[1] / 100 / 10**places
            yield add_up(sides[0], middle - slack, middle + slack, guess=True)
        else:
            yield from self._ratio(find_printed(row["value"], str(row["printed"])), *sides)

    def _sum_cells(self, number: int, series: str, row: Row) -> list[Cell]:
        if row["periods"]:
            periods = row["periods"].split(",")
        else:
            place = row["area"], series, row["year"]
            known = {cell.period for claims in self.claims for cell in claims if cell[:3] == place}
            periods = sorted(period for period in known if (row["year"], period) not in self.links.shorter)
        return [self.name(number, Cell(row["area"], series, row["year"], period)) for period in periods]

    def _ratio(self, printed: Printed, tops: list[Cell], bottoms: list[Cell]) -> Iterator[Rule]:
        least = sum(self.domain.get(cell, (0, inf))[0] for cell in bottoms)
        if least == 0 and all(self.domain.get(cell, (0, inf))[1] == 0 for cell in bottoms):
            return
        # In whole numbers, so that "less than" is "at least one less"; nothing of nothing is let through.
        scale = 2 * 10**printed.decimals
        low, beyond = (int(limit * scale) for limit in printed.limits)
        hundred = dict.fromkeys(tops, 100.0 * scale)
        yield Rule(hundred | dict.fromkeys(bottoms, -float(low)), 0, inf, guess=True)
        yield Rule(hundred | dict.fromkeys(bottoms, -float(beyond)), -inf, -1 if least else 0, guess=True)

    def _ladders(self) -> Iterator[Rule]:
        for part, whole in self.links.below:
            for cell in self.domain:
                above = cell._replace(series=whole)
                if cell.series == part and above in self.domain:
                    yield not_above(cell, above)


def _claims_of(edition: Edition, links: Links) -> Claims:
    """What one edition says of each cell on its own, whatever its status claims to hide."""
    claims: Claims = {}
    printed = _print_denominators(edition)
    for _, row in walk_rows(edition.tables.cells):
        cells = cells_of(row, links)
        hidden = [(cells[1], (1, inf))] if _hides_denominator(row, printed) else []
        least = 0 if _says_nothing(row, links) else edition.threshold
        for cell, interval in (*_claims_of_row(row, cells, least), *hidden):
            both = _meet(claims.get(cell, (0, inf)), interval)
            # Two rows that differ: the figure lies somewhere between them.
            ends = (*claims.get(cell, interval), *interval)
            claims[cell] = both if both[0] <= both[1] else (min(ends), max(ends))
    return claims


def _says_nothing(row: Row, links: Links) -> bool:
    """Whether a figure that is withheld may be any number, since it is part of another one."""
    return (row["year"], row["period"]) in links.shorter or row["lower"] == 0


def _claims_of_row(row: Row, cells: tuple[Cell, ...], least: int) -> Iterator[tuple[Cell, tuple[float, float]]]:
    top, *bottom = cells
    number = row["numerator"] if bottom else row["value"]
    if is_known(number):
        yield top, (number, number)
    if row["status"] == SUPPRESSED:
        yield top, (row["lower"], row["upper"])
    elif row["status"] == WITHHELD:
        yield top, (least, inf)
    if bottom and is_known(row["denominator"]):
        yield bottom[0], (row["denominator"], row["denominator"])


def _print_denominators(edition: Edition) -> set[str]:
    """The indicators that print denominators of their own."""
    rows = edition.tables.cells
    return set(rows.loc[rows["denominator"].notna(), "series"])


def _hides_denominator(row: Row, printed: set[str]) -> bool:
    known = row["status"] in ("reported", SUPPRESSED, WITHHELD)
    return known and row["series"] in printed and not is_known(row["denominator"])


def _meet(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    return max(first[0], second[0]), min(first[1], second[1])


def _solve_block(domain: Claims, rules: list[Rule], wanted: list[Cell]) -> dict[Cell, tuple[float, float]]:
    guesses = [rule for rule in rules if rule.guess]
    firm = [rule for rule in rules if not rule.guess]
    one_less = [[rule for rule in rules if rule is not left_out] for left_out in guesses]
    for variants in ([rules], one_less, [firm]):
        solved = [result for variant in variants if (result := _try(domain, variant, wanted)) is not None]
        if solved:
            return {c: (max(s[c][0] for s in solved), min(s[c][1] for s in solved)) for c in wanted}
    return dict.fromkeys(wanted, (nan, nan))


def _try(domain: Claims, rules: list[Rule], wanted: list[Cell]) -> dict[Cell, tuple[float, float]] | None:
    try:
        return feasible_intervals(domain, rules, wanted)
    except ContradictionError:
        return None

"""Rows that were printed on several lines, or on two pages. In: a `RawTable`, and what its labels are about. Out: its
rows, each on one line; or a doubt, when lines can be put together in more than one way.

A label that breaks into lines stands above, below or around its figures, so that a line alone does not tell whose it
is. Every way to put neighbouring lines together is compared; a way counts by the lines with figures that it gives a
label the catalogue knows. The best way is taken, when all the best ones agree on what each line with figures is about.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from swp_analysis.ingest.cells import can_be_read, shape_of
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.spelling import letters
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.words import Vocabulary

MOST_LINES_OF_A_ROW = 8
DOUBT = "its lines can be put together to rows in more than one way"
QUARTER_IN_WORDS = re.compile(r"(?P<figure>\d+)\s+(?P<subject>.+?)\s+in\s+Quarter\s+(?P<quarter>[1-4])", re.IGNORECASE)

# The lines with figures of a way, by number, and what each is about.
About = tuple[tuple[int, str], ...]


class Way(NamedTuple):
    """One way from some line on: lines with figures that nobody explains, lines that belong to no row, what each line
    with figures is about, and the rows."""

    unexplained: int
    left: int
    about: About
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class LineJoiner:
    """Puts the lines of one table together to its rows."""

    table: RawTable
    words: Vocabulary

    def join_lines(self) -> RawTable:
        """Give the table with its rows put together, or with a doubt."""
        table, lines = self.table, self._lines()
        best: list[list[Way]] = [[] for _ in lines] + [[Way(0, 0, (), ())]]
        for start in reversed(range(len(lines))):
            is_linked = any(line.touches_above for line in lines[start : start + 2])
            ways = [self._alone(lines[start], is_linked, way) for way in best[start + 1]]
            for end in range(start + 1, min(start + MOST_LINES_OF_A_ROW, len(lines)) + 1):
                if end < len(lines) and lines[end].touches_above:
                    continue
                row, about = self._together(lines[start:end])
                if row:
                    ways += [
                        Way(way.unexplained, way.left, (*about, *way.about), (row, *way.rows)) for way in best[end]
                    ]
            best[start] = _best(ways)
        ways = best[0]
        if len({way.about for way in ways}) > 1:
            where = table.grid.address(lines[0], table.label_column)
            return replace(table, doubt=DOUBT, notes=(*table.notes, f"{where}: {DOUBT}."))
        return replace(table, rows=ways[0].rows)

    def join_over_page(self, rest: RawTable) -> tuple[RawTable, RawTable]:
        """Give the table and its rest on the next page, the row that the page's end cut through made whole: what stands
        on top of the next page has no figures of its own, and the label with it is known and no other one's."""
        table = self.table
        if not table.rows or not rest.rows:
            return table, rest
        upper, lower = table.rows[-1], rest.rows[0]
        about = self._known(_joined([upper, lower], table.label_column))
        has_own_figures = _figures(rest, lower) and not table.snapshots  # a snapshot's cell is a list, and can go on
        if not about or self._known(upper.text(table.label_column)) not in ("", about) or has_own_figures:
            return table, rest
        cells = (_joined([upper, lower], c) for c in range(1, max(len(upper.cells), len(lower.cells)) + 1))
        whole = replace(upper, cells=tuple(cells))
        return replace(table, rows=(*table.rows[:-1], whole)), replace(rest, rows=rest.rows[1:])

    def _known(self, label: str) -> str:
        """What a label is about, or nothing."""
        if not self.table.snapshots:
            indicator = self.words.labels.find_whole(self.words.labels.split(label).name)
            return indicator.id if indicator else ""
        entries = {letters(entry.label) for snapshot in self.table.snapshots.values() for entry in snapshot.rows}
        return label if letters(label) in entries else ""

    def _reads(self, about: str, cells: list[str]) -> bool:
        """Whether cells can be figures of what a label is about."""
        if self.table.snapshots:
            return True
        shape = shape_of(self.words.catalogue.indicators[about])
        filled = [cell for cell in cells if cell]
        in_words = len(filled) == 1 and QUARTER_IN_WORDS.fullmatch(filled[0])
        return bool(in_words) or all(can_be_read(cell, shape, self.words.marks) for cell in filled)

    def _lines(self) -> list[Row]:
        """The lines with a label or figures; commentary alone is left out, and what it links stays linked."""
        lines: list[Row] = []
        linked = True
        for line in self.table.rows:
            linked = linked and line.touches_above
            if line.text(self.table.label_column) or _figures(self.table, line):
                lines.append(replace(line, touches_above=linked and bool(lines)))
                linked = True
        return lines

    def _alone(self, line: Row, is_linked: bool, way: Way) -> Way:
        """A line that is a row by itself, or a note, or nothing that anybody knows. One that is linked with a line
        beside it is part of something, and left unexplained."""
        unexplained = bool(_figures(self.table, line)) or is_linked
        return Way(way.unexplained + unexplained, way.left + 1, way.about, (line, *way.rows))

    def _together(self, lines: list[Row]) -> tuple[Row | None, About]:
        """Some lines as one row, with what its lines of figures are about; or None when they can't be one."""
        label = self.table.label_column
        about = self._known(_joined(lines, label))
        with_figures = [line for line in lines if _figures(self.table, line)]
        if not about or not with_figures or (len(with_figures) > 1 and not self._is_one_row(with_figures, about)):
            return None, ()
        first = with_figures[0]
        columns = first.columns if first.adrift else range(1, max(len(line.cells) for line in lines) + 1)
        cells = (first.text(c) if first.adrift and c != label else _joined(lines, c) for c in columns)
        return Row(first.number, tuple(cells), first.adrift), tuple((line.number, about) for line in with_figures)

    def _is_one_row(self, lines: list[Row], about: str) -> bool:
        """Whether each column's pieces read as one figure. A line further down only goes on with cells that stand
        above: a figure below a blank is another row's."""
        begun: set[int] = set()
        for line in lines:
            own = set(_figures(self.table, line))
            if line.adrift or (begun and not own <= begun and not line.touches_above):
                return False
            begun |= own
        return self._reads(about, [_joined(lines, column) for column in self.table.figure_columns])


def _best(ways: list[Way]) -> list[Way]:
    """Of the ways that leave the fewest figures unexplained, those that differ; of each the one that leaves the fewest
    lines over."""
    least = min(way.unexplained for way in ways)
    by_meaning: dict[tuple, Way] = {}
    for way in sorted(ways, key=lambda one: one.left):
        if way.unexplained == least:
            by_meaning.setdefault(way.about, way)
    # Two ways that differ are enough to see that there is more than one.
    return list(by_meaning.values())[:2]


def _figures(table: RawTable, line: Row) -> list[int]:
    """The columns of figures in which a line has a text."""
    if line.adrift:
        return table.figure_columns
    return [column for column in table.figure_columns if line.text(column)]


def _joined(lines: list[Row], column: int) -> str:
    return " ".join(text for line in lines if (text := line.text(column)))

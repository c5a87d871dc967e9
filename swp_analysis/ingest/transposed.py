"""Tables whose rows are periods and whose columns are indicators. In: a `Grid`. Out: the grid turned so that they stand
as in all others, each cell still at its own address; or the grid itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from swp_analysis.ingest.formats.grid import Address, Grid, Paragraph, Row
from swp_analysis.ingest.labels import LabelBook
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.timeline import LONGEST_HEADING


@dataclass(frozen=True)
class TurnedGrid(Grid):
    """A grid whose rows are the columns of the file; `numbers` are the file's rows, in the order of its columns."""

    numbers: tuple[int, ...] = ()

    def address(self, row: Row, column: int) -> Address:
        """Where the cell stands in the file."""
        return Address(self.file, self.sheet, self.numbers[column - 1], row.number)


def turn_table(grid: Grid, book: LabelBook) -> Grid:
    """The grid turned, when its first heading names indicators over rows of periods."""
    if not grid.has_cells or not grid.rows:
        return grid
    start = next((index for index in range(len(grid.rows)) if _is_heading(grid.rows, index, book)), None)
    if start is None:
        return grid
    lines = [row for row in grid.rows[start:] if len(_filled(row)) > 1]
    notes = [row for row in grid.rows[start:] if len(_filled(row)) == 1]
    width = max(len(row.cells) for row in lines)
    rows = (Row(c, tuple(row.printed(c) for row in lines)) for c in range(1, width + 1) if c not in grid.hidden)
    places = {row.number: position for position, row in enumerate(lines, start=1)}
    return TurnedGrid(
        grid.file,
        grid.sheet,
        tuple(row for row in rows if not row.is_blank),
        grid.notes,
        above=(*grid.above, *_paragraphs(grid, grid.rows[:start], "caption")),
        below=(*_paragraphs(grid, tuple(notes), "note"), *grid.below),
        doubts={(c, places[r]): doubt for (r, c), doubt in grid.doubts.items() if r in places and c},
        numbers=tuple(row.number for row in lines),
    )


def _is_heading(rows: tuple[Row, ...], index: int, book: LabelBook) -> bool:
    """Whether a row names indicators behind its first cells, and the row below begins with a period."""
    filled = _filled(rows[index])
    if len(filled) < 2 or index + 1 == len(rows) or book.find(book.split(rows[index].text(filled[0])).name):
        return False
    known = [c for c in filled if book.find(book.split(rows[index].text(c)).name)]
    below = rows[index + 1]
    return bool(known) and any(_is_period(below.text(c)) for c in range(1, known[0]))


def _is_period(text: str) -> bool:
    if not text or len(text) > LONGEST_HEADING or text.isdigit():
        return False
    when, rest = read_when(text)
    return bool(when) and not rest


def _filled(row: Row) -> list[int]:
    return [column for column in row.columns if row.text(column)]


def _paragraphs(grid: Grid, rows: tuple[Row, ...], kind: str) -> tuple[Paragraph, ...]:
    texts = ((row.number, row.in_one_line) for row in rows if not row.is_blank)
    return tuple(
        Paragraph(grid.file, f"row {number}", text, "caption" if kind == "caption" else "note")
        for number, text in texts
    )

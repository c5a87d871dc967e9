"""What all formats with cells share. In: the cells of a sheet or table as its reader finds them. Out: a `Grid`.

Values are those saved in the file: formulas are not worked out, macros not run, links not followed. Hidden sheets,
rows and columns and what lies under a merge are left out, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import (
    Address,
    Grid,
    Place,
    RawFile,
    Row,
    is_lone_figure,
    name_of,
    raised,
    refuse_vast,
    struck,
)
from swp_analysis.ingest.timeline import is_period

MOST_SHEETS = 200
MOST_CELLS = 250_000
MOST_COVERED = 5_000_000
# No spreadsheet lets anyone type a longer cell; a file of KPI tables has a few hundred thousand letters.
LONGEST_CELL, MOST_LETTERS = 32_767, 10_000_000
# The one error value that says what a blank says.
NOT_AVAILABLE = "#N/A"
NOT_SAVED = "a formula whose value was not saved; open the workbook, save it and send it again"
MERGED = "the figure {!r} stands in merged cells; split them so that each has its own"
COVERED = "the figure {!r} lies hidden under merged cells; split them so that each figure can be seen"


@dataclass
class Sheet:
    """The cells of a sheet or table while it is read: rows and columns from 1, by place what a person sees there; the
    `width` that it has at least."""

    file: str
    name: str
    texts: dict[Place, str] = field(default_factory=dict)
    dates: dict[Place, date] = field(default_factory=dict)
    doubts: dict[Place, str] = field(default_factory=dict)
    spans: dict[Place, Place] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    letters: int = 0
    width: int = 0

    def put(self, place: Place, text: str, day: date | None = None) -> None:
        """Keep what a cell shows.

        Raises
        ------
        InputError
            When the sheet has more cells than a KPI table.
        """
        if not text.strip():
            return
        refuse_vast(self.file, self.name, *place)
        self.letters += len(text)
        if len(self.texts) >= MOST_CELLS or len(text) > LONGEST_CELL or self.letters > MOST_LETTERS:
            raise InputError(
                f"{self._address(place)}: more than {MOST_CELLS:,} filled cells, {LONGEST_CELL:,} letters in a cell or "
                f"{MOST_LETTERS:,} in all, far more than a KPI table needs, so it was not read; send the KPI tables "
                "alone."
            )
        self.texts[place] = text
        if day:
            self.dates[place] = day

    def to_grid(self, notes: Iterable[str] = ()) -> Grid:
        """Give the sheet without what is hidden."""
        left_out = [*notes, *self._uncover()]
        height, width = (max((place[n] for place in {*self.texts, *self.doubts}), default=0) for n in (0, 1))
        width = max(width, self.width)
        rows = []
        for number in range(1, height + 1):
            row = Row(number, tuple(self.texts.get((number, column), "") for column in range(1, width + 1)))
            if number in self.hidden_rows and not row.is_blank:
                found = next(filter(None, row.cells))
                left_out.append(f"{self._address((number, 1))}: the row is hidden; not read: {found!r}.")
            else:
                rows.append(self._without_hidden_cells(row))
        left_out += self._notes_on_columns()
        seen = {place: why for place, why in self.doubts.items() if not self._is_hidden(place)}
        return Grid(
            self.file,
            self.name,
            tuple(rows),
            tuple(left_out),
            hidden=frozenset(self.hidden_columns),
            spans=self.spans,
            dates={place: day for place, day in self.dates.items() if not self._is_hidden(place)},
            doubts=seen,
        )

    def _address(self, place: Place) -> Address:
        return Address(self.file, self.name, *place)

    def _is_hidden(self, place: Place) -> bool:
        return place[0] in self.hidden_rows or place[1] in self.hidden_columns

    def _uncover(self) -> list[str]:
        """Take away what lies under merged cells, with a doubt for each figure; say which words are left out."""
        said = []
        covered = self._covered()
        for start in self.spans:
            if is_lone_figure(self.texts.get(start, "").strip()):
                self.doubts[start] = MERGED.format(self.texts[start].strip())
        for place, start in sorted(covered.items()):
            text = self.texts.pop(place).strip()
            if is_lone_figure(text):
                self.doubts[place] = COVERED.format(text)
            elif text != self.texts.get(start, "").strip():
                said.append(f"{self._address(place)}: hidden under merged cells; not read: {text!r}.")
        return said

    def _covered(self) -> dict[Place, Place]:
        """The filled places under merged cells, each with the first place of its merge."""
        areas = [min(rows * columns, len(self.texts)) for rows, columns in self.spans.values()]
        if sum(areas) > MOST_COVERED:
            raise InputError(
                f"{name_of(self.file, self.name)}: far more merged cells than a KPI table has; send the KPI tables "
                "alone, without merged cells."
            )
        return {
            place: start
            for start, size in self.spans.items()
            for place in self._area(start, size)
            if place != start and place in self.texts
        }

    def _area(self, start: Place, size: Place) -> Iterable[Place]:
        """The places of a merge, or those of them that are filled, whichever are fewer."""
        (top, left), (rows, columns) = start, size
        if rows * columns < len(self.texts):
            return product(range(top, top + rows), range(left, left + columns))
        inside = (range(top, top + rows), range(left, left + columns))
        return [place for place in self.texts if place[0] in inside[0] and place[1] in inside[1]]

    def _without_hidden_cells(self, row: Row) -> Row:
        """The row with blanks for hidden columns. Quarters and years stay: a heading may reach from a hidden column
        over visible ones; no figure is taken from the column even so."""
        if not self.hidden_columns:
            return row
        kept = (
            "" if column in self.hidden_columns and not is_period(row.text(column)) else row.printed(column)
            for column in row.columns
        )
        return Row(row.number, tuple(kept))

    def _notes_on_columns(self) -> list[str]:
        first: dict[int, str] = {}
        for place in sorted(self.texts):
            if place[1] in self.hidden_columns and place[0] not in self.hidden_rows:
                first.setdefault(place[1], " ".join(self.texts[place].split()))
        where = {column: self._address((1, column)).column_letter for column in first}
        return [
            f"{name_of(self.file, self.name)}, column {where[column]}: the column is hidden; not read: {found!r}."
            for column, found in sorted(first.items())
        ]


def join_sheets(file: str, grids: Iterable[Grid]) -> RawFile:
    """Give the sheets of a workbook as one file.

    Raises
    ------
    InputError
        When they hold far more text together than KPI tables.
    """
    kept, letters = [], 0
    for grid in grids:
        letters += sum(len(cell) for row in grid.rows for cell in row.cells)
        if letters > MOST_LETTERS:
            raise InputError(
                f"{file}: its sheets have more than {MOST_LETTERS:,} letters, far more than KPI tables need, so it "
                "was not read; send the KPI tables alone."
            )
        kept.append(grid)
    return RawFile(tuple(kept))


def hidden_sheet(file: str, name: str, notes: Iterable[str] = ()) -> Grid:
    """Give the empty grid of a sheet that is hidden, which says so."""
    return Grid(file, name, (), (*notes, f"{name_of(file, name)}: hidden; not read."))


def refuse_many_sheets(file: str, count: int) -> None:
    """Raise an `InputError` when a workbook has more sheets than one of KPI tables."""
    if count > MOST_SHEETS:
        raise InputError(f"{file}: {count} sheets; a KPI workbook has at most {MOST_SHEETS}; send those alone.")


def marked(text: str, is_struck: bool, is_raised: bool) -> str:
    """Give a piece of text as its look says: struck out, raised, or as it stands."""
    return struck(text) if is_struck else raised(text) if is_raised else text

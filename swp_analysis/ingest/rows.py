"""One row of a quarterly table. In: the row, its label and its indicator. Out: observations and a baseline, added to a
`Reading`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.errors import InputError
from swp_analysis.ingest.alignment import Unplaced, place_cells
from swp_analysis.ingest.cells import NOT_AVAILABLE, UNREADABLE, CellShape, Figure, read_at, shape_of
from swp_analysis.ingest.expectation import expect, owners_of
from swp_analysis.ingest.grids import Row
from swp_analysis.ingest.headings import Table
from swp_analysis.ingest.labels import Label
from swp_analysis.ingest.records import Reading, Unread
from swp_analysis.ingest.timeline import Period

QUARTER_IN_WORDS = re.compile(r"(?P<figure>\d+)\s+(?P<subject>.+?)\s+in\s+Quarter\s+(?P<quarter>[1-4])", re.IGNORECASE)
# Such a sentence without the quarter's number, which may stand among the figures.
_CUT_OFF = re.compile(r"\bin Quarter$", re.IGNORECASE)


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one table; `own_rows` are the indicators that have a row of their own in it."""

    table: Table
    reading: Reading
    catalogue: Catalogue
    own_rows: frozenset[str]

    def read(self, row: Row, label: Label, indicator: Indicator) -> None:
        """Add what a row says.

        Raises
        ------
        InputError
            For a cell that is no figure in a row whose cells are in place.
        """
        if label.swallowed:
            self._add_unreadable(
                row, indicator, Unplaced(row.in_one_line, "its label and its figures have run together")
            )
            return
        if doubt := self.table.grid.doubts.get((row.number, 0)):
            self._add_unreadable(row, indicator, Unplaced(row.in_one_line, doubt))
            return
        if self.table.grid.is_copied and any(_CUT_OFF.search(row.text(column)) for column in row.columns):
            self._add_unreadable(row, indicator, Unplaced(row.in_one_line, "the sentence with its figure is cut off"))
            return
        try:
            self._read_figures(row, label, indicator)
            self._refuse_doubtful_cells(row)
        except InputError as problem:
            if not self.table.grid.is_copied:
                raise
            self._add_unreadable(row, indicator, Unplaced(row.in_one_line, str(problem).removesuffix(".")))

    def _refuse_doubtful_cells(self, row: Row) -> None:
        """Raise an `InputError` for a cell that the file itself makes doubtful: merged, covered, not saved."""
        for column in self.table.quarters:
            if doubt := self.table.grid.doubts.get((row.number, column)):
                raise InputError(f"{self.table.grid.address(row, column)}: {doubt}.")

    def _read_figures(self, row: Row, label: Label, indicator: Indicator) -> None:
        baseline = self._read_baseline(row, label, indicator)
        in_words = self._in_words(row)
        if in_words:
            self._add_in_words(row, indicator, *in_words)
        else:
            self._read_quarters(row, indicator, baseline)

    @cached_property
    def _owners(self) -> frozenset[str]:
        return owners_of(self.table)

    def _shape(self, indicator: Indicator) -> CellShape:
        """What the row's cells hold; a share that has its own row is not printed beside its count."""
        shape = shape_of(indicator)
        return CellShape(count=shape.count) if shape.count and shape.percent in self.own_rows else shape

    def _read_quarters(self, row: Row, indicator: Indicator, baseline: float | None) -> None:
        layouts, shape = self.catalogue.layouts, self._shape(indicator)
        expected = expect(self.table, indicator, shape, baseline, layouts)
        placed = place_cells(self.table, row, expected, self._owners, layouts)
        if isinstance(placed, Unplaced):
            self._add_unreadable(row, indicator, placed)
            return
        if placed.note:
            self.reading.notes.append(f"{self.table.grid.address(row, self.table.label_column)}: {placed.note}.")
        figures = []
        for column, period in self.table.quarters.items():
            piece = placed.cells[column]
            address = self.table.grid.address(row, piece.column)
            printed = piece.text if placed.note else row.printed(column)
            found = read_at(address, piece.text, shape, expected.marks)
            figures += [(name, period, figure, address, printed) for name, figure in found.items()]
        for figure in figures:
            self.reading.add_observation(*figure)

    def _add_unreadable(self, row: Row, indicator: Indicator, problem: Unplaced) -> None:
        where = self.table.grid.address(row, self.table.label_column)
        self.reading.unread.append(Unread(where, problem.text, f"{indicator.label}: {problem.reason}"))
        for column, period in self.table.quarters.items():
            for name in self._shape(indicator).indicators:
                address = self.table.grid.address(row, column)
                self.reading.add_observation(name, period, UNREADABLE, address, row.printed(column))

    def _in_words(self, row: Row) -> tuple[int, Period, Figure] | None:
        """A row whose only figure is a sentence that names its quarter, such as `0 … in Quarter 4`: one of the newest
        year."""
        table = self.table
        beside = {*table.text_columns, *table.owner_columns, table.label_column}
        filled = [column for column in row.columns if column not in beside and row.text(column)]
        match = QUARTER_IN_WORDS.fullmatch(row.text(filled[0])) if len(filled) == 1 else None
        if match is None:
            return None
        figure = Figure("reported", value=float(match["figure"]))
        return filled[0], Period(table.newest_year, int(match["quarter"])), figure

    def _add_in_words(self, row: Row, indicator: Indicator, column: int, named: Period, figure: Figure) -> None:
        for own_column, period in self.table.quarters.items():
            found = period == named
            address = self.table.grid.address(row, column if found else own_column)
            printed = row.printed(address.column)
            self.reading.add_observation(indicator.id, period, figure if found else NOT_AVAILABLE, address, printed)

    def _read_baseline(self, row: Row, label: Label, indicator: Indicator) -> float | None:
        """Keep the baseline that is printed behind the label or in its own column; its count, or None."""
        column = self.table.label_column if label.baseline else self.table.baseline_column
        printed = label.baseline or (row.text(column) if column else "")
        if not printed or printed in self.catalogue.layouts.missing_marks:
            return None
        shape = self._shape(indicator)
        address = self.table.grid.address(row, column)
        figures = read_at(address, printed, shape.printed_alone(printed))
        for name, figure in figures.items():
            self.reading.add_baseline(name, previous_year(self.table.newest_year), figure, address, printed)
        return figures[shape.count].value if shape.count else None

"""One row of a table. In: the row, its label, its indicator and the periods of its columns. Out: observations
and a baseline, added to a `Reading`.
"""

import re
from dataclasses import dataclass, replace

from swp_analysis.catalogue.models import Catalogue, Indicator, Snapshot, SnapshotRow
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.errors import InputError, Problems
from swp_analysis.ingest.align.cells import PlacedRow
from swp_analysis.ingest.align.lines import QUARTER_IN_WORDS
from swp_analysis.ingest.cells import (
    NOT_AVAILABLE,
    UNREADABLE,
    CellShape,
    Figure,
    is_mark,
    is_provisional,
    read_at,
    shape_of,
)
from swp_analysis.ingest.formats.grid import Address, Row
from swp_analysis.ingest.labels import Label
from swp_analysis.ingest.records import Reading, Unread
from swp_analysis.ingest.spelling import letters
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.timeline import Period, month_period
from swp_analysis.ingest.words import Vocabulary

# Such a sentence without the quarter's number, which may stand among the figures.
_CUT_OFF = re.compile(r"\bin Quarter$", re.IGNORECASE)
_STRUCK_OUT = re.compile(r"\[struck out: [^\]]+\]")
_IS_STRUCK_OUT = "the figure is struck out; type the one that counts, or take the line through it away"


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one table; `own_rows` are the indicators that have a row of their own in it."""

    table: RawTable
    reading: Reading
    words: Vocabulary
    own_rows: frozenset[str]

    def read(self, row: Row, label: Label, indicator: Indicator, periods: dict[int, Period]) -> None:
        """Add what a row says; `periods` are those of its columns of figures.

        Raises
        ------
        InputError
            For a cell that is no figure in a row whose cells are in place.
        """
        table = self.table
        if periods is not table.quarters:
            others = table.quarters.keys() - periods.keys()
            table = replace(table, quarters=periods, ignored=table.ignored | others)
        if why := _why_unreadable(table, row, label):
            self._add_unreadable(table, row, indicator, why)
            return
        try:
            self._read_figures(self._set_doubts_aside(table, row, indicator), row, label, indicator)
        except InputError as problem:
            if not table.grid.is_copied:
                raise
            self._add_unreadable(table, row, indicator, str(problem).removesuffix("."))

    def _read_figures(self, table: RawTable, row: Row, label: Label, indicator: Indicator) -> None:
        baseline = self._read_baseline(table, row, label, indicator)
        in_words = self._in_words(table, row)
        if in_words:
            self._add_in_words(table, row, indicator, *in_words)
        else:
            self._read_quarters(table, row, indicator, baseline)

    def _shape(self, indicator: Indicator) -> CellShape:
        """What the row's cells hold; a share that has its own row is not printed beside its count."""
        shape = shape_of(indicator)
        return CellShape(count=shape.count) if shape.count and shape.percent in self.own_rows else shape

    def _read_quarters(self, table: RawTable, row: Row, indicator: Indicator, baseline: float | None) -> None:
        shape = self._shape(indicator)
        sum_due = baseline if indicator.kind == "flow" else None
        if doubt := PlacedRow(table, row, shape, sum_due, self.words).find_doubt():
            self._add_unreadable(table, row, indicator, doubt)
            return
        figures, problems = [], Problems()
        for column, period in table.quarters.items():
            address, text, found = table.grid.address(row, column), row.text(column), {}
            with problems.noting():
                # Nothing says that a share which somebody left out was lost; in a printed page it may have been.
                given = shape.printed_alone(text) if table.grid.has_cells else shape
                found = dict.fromkeys(shape.indicators, NOT_AVAILABLE) | read_at(address, text, given, self.words.marks)
            if is_provisional(text):
                self.reading.notes.append(f"{address}: the figure is provisional; read, and may still change.")
            figures += [(name, period, figure, address, row.printed(column)) for name, figure in found.items()]
        problems.refuse()
        for figure in figures:
            self.reading.add_observation(*figure)

    def _set_doubts_aside(self, table: RawTable, row: Row, indicator: Indicator) -> RawTable:
        """Give the table without the columns whose cells can't be taken as they are, and list those cells: struck out,
        or where nobody can mend them. A typed one is refused."""
        doubts = _doubts(table, row)
        for column, doubt in doubts.items():
            address, text = table.grid.address(row, column), row.printed(column)
            if doubt != _IS_STRUCK_OUT and _is_typed(table):
                raise InputError(f"{address}: {doubt}.")
            self.reading.unread.append(Unread(address, text, f"{indicator.label}: {doubt}"))
            for name in self._shape(indicator).indicators:
                self.reading.add_observation(name, table.quarters[column], UNREADABLE, address, text)
        return table.without(set(doubts))

    def _add_unreadable(self, table: RawTable, row: Row, indicator: Indicator, reason: str, text: str = "") -> None:
        where = table.grid.address(row, table.label_column)
        self.reading.unread.append(Unread(where, text or row.in_one_line, f"{indicator.label}: {reason}"))
        for column, period in table.quarters.items():
            for name in self._shape(indicator).indicators:
                address = table.grid.address(row, column)
                self.reading.add_observation(name, period, UNREADABLE, address, row.printed(column))

    def _in_words(self, table: RawTable, row: Row) -> tuple[int, Period, Figure] | None:
        """A row whose only figure is a sentence that names its quarter, such as `0 … in Quarter 4`: one of the newest
        year."""
        beside = {*table.text_columns, *table.owner_columns, table.label_column}
        filled = [column for column in row.columns if column not in beside and row.text(column)]
        match = QUARTER_IN_WORDS.fullmatch(row.text(filled[0])) if len(filled) == 1 else None
        if match is None:
            return None
        figure = Figure("reported", value=float(match["figure"]))
        return filled[0], Period(table.newest_year, int(match["quarter"])), figure

    def _add_in_words(
        self, table: RawTable, row: Row, indicator: Indicator, column: int, named: Period, figure: Figure
    ) -> None:
        for own_column, period in table.quarters.items():
            found = period == named
            address = table.grid.address(row, column if found else own_column)
            printed = row.printed(address.column)
            self.reading.add_observation(indicator.id, period, figure if found else NOT_AVAILABLE, address, printed)

    def _read_baseline(self, table: RawTable, row: Row, label: Label, indicator: Indicator) -> float | None:
        """Keep the baseline that is printed behind the label or in its own column; its count, or None."""
        column = table.label_column if label.baseline else table.baseline_column
        printed = label.baseline or (row.text(column) if column else "")
        if not printed or not table.newest_year or is_mark(printed, self.words.marks):
            return None
        shape = self._shape(indicator)
        address = table.grid.address(row, column)
        figures = read_at(address, printed, shape.printed_alone(printed), self.words.marks)
        for name, figure in figures.items():
            self.reading.add_baseline(name, previous_year(table.newest_year), figure, address, printed)
        return figures[shape.count].value if shape.count else None


def _is_typed(table: RawTable) -> bool:
    """Whether somebody can mend a cell where it stands; a printed page is as it is."""
    return table.grid.has_cells and not table.grid.sheet.startswith("page ")


def _why_unreadable(table: RawTable, row: Row, label: Label) -> str:
    """Why nothing of a row can be read, or nothing."""
    if label.swallowed:
        return "its label and its figures have run together"
    if table.grid.is_copied and any(_CUT_OFF.search(row.text(column)) for column in row.columns):
        return "the sentence with its figure is cut off"
    return table.grid.doubts.get((row.number, 0), "").removesuffix(".")


def _doubts(table: RawTable, row: Row) -> dict[int, str]:
    """Why figures of a row can't be taken as they are, by column: struck out, merged, covered, cut off."""
    found = {c: _IS_STRUCK_OUT for c in table.quarters if _STRUCK_OUT.fullmatch(row.text(c))}
    given = {c: table.grid.doubts.get((row.number, c), "").removesuffix(".") for c in table.quarters}
    return found | {c: doubt for c, doubt in given.items() if doubt}


# Tables that show one month instead of quarters, with several figures to a cell

UNKNOWN = "not among the rows of this snapshot in layouts.yml"
# What tells a figure from commentary that ran into the column of an area that nobody names.
_COUNT_WITH_SHARE = re.compile(r"\d\s*\(\d")


def read_snapshot_row(table: RawTable, row: Row, reading: Reading, catalogue: Catalogue) -> None:
    """Add the figures of one row of a snapshot table; columns whose area nobody names are listed, not read."""
    for column, unnamed in table.unnamed.items():
        if _COUNT_WITH_SHARE.search(table.joined(row, column)):
            reading.unread.append(Unread(table.grid.address(row, column), table.joined(row, column), unnamed.reason))
    for column, snapshot in table.snapshots.items():
        address, printed = table.grid.address(row, column), table.joined(row, column)
        entry = _entry_of(table, row, snapshot)
        if entry is None:
            reading.unread.append(Unread(table.grid.address(row, table.label_column), row.in_one_line, UNKNOWN))
            continue
        period = month_period(*map(int, snapshot.month.split("-")))
        for indicator, figure in _read_cell(" ".join(printed.split()), entry, address, reading, catalogue).items():
            reading.add_observation(indicator, period, figure, address, printed)


def _entry_of(table: RawTable, row: Row, snapshot: Snapshot) -> SnapshotRow | None:
    """What the layout says of a row; None for one that is listed, as nothing tells what it is about."""
    label = row.text(table.label_column)
    for entry in snapshot.rows:
        if letters(entry.label) == letters(label):
            return entry
    if label and not table.grid.is_copied:
        where = table.grid.address(row, table.label_column)
        raise InputError(f"{where}: the label {label!r} is {UNKNOWN}.")
    return None


def _read_cell(
    text: str, entry: SnapshotRow, address: Address, reading: Reading, catalogue: Catalogue
) -> dict[str, Figure]:
    shapes = {part.group: shape_of(catalogue.indicators[part.indicator]) for part in entry.figures}
    pattern = r"\s+".join(rf"{re.escape(group)}\s+(\S+\s*\([^)]*\))" for group in shapes)
    match = re.fullmatch(pattern, text)
    if match:
        parts = zip(shapes.values(), match.groups(), strict=True)
        return {name: figure for shape, part in parts for name, figure in read_at(address, part, shape).items()}
    figures = {name: UNREADABLE for shape in shapes.values() for name in shape.indicators}
    for hand in catalogue.layouts.hand_readings:
        if text in (hand.printed, *hand.also_printed) and hand.indicator in figures:
            figures |= read_at(address, hand.reads, shape_of(catalogue.indicators[hand.indicator]))
            reading.notes.append(f"{address}: read by hand as {hand.reads} for {hand.indicator}. {hand.reason}")
    left = [name for name, figure in figures.items() if figure.status == "unreadable"]
    if left:
        reading.unread.append(Unread(address, text, f"the cell is damaged in the source; not read: {', '.join(left)}"))
    return figures

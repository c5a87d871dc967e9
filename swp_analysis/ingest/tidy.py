"""Last step of ingest: the rows of a year's tables become observations and baselines, one per indicator and period.

In: the raw folder of a financial year and the catalogue. Out: a `Reading`; every figure in it carries the cell it
came from.
"""

from __future__ import annotations

import re
from pathlib import Path

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.errors import InputError
from swp_analysis.ingest.cells import NOT_AVAILABLE, CellShape, Figure, read_at, shape_of
from swp_analysis.ingest.grids import Address, Row, raw_tables, read_grids
from swp_analysis.ingest.headings import Period, Table, find_tables
from swp_analysis.ingest.labels import LabelBook
from swp_analysis.ingest.records import Reading
from swp_analysis.ingest.snapshots import read_snapshot_row

_QUARTER_IN_WORDS = re.compile(r"(?P<figure>\d+)\s+(?P<subject>.+?)\s+in\s+Quarter\s+(?P<quarter>[1-4])", re.IGNORECASE)


def read_year(folder: Path, financial_year: str, catalogue: Catalogue) -> Reading:
    """Read every KPI table of `data/raw/<financial_year>`.

    Raises
    ------
    InputError
        One sentence with file, row and column for the first thing that can't be understood.
    """
    reading = Reading(financial_year, catalogue.layouts.area_code)
    book = LabelBook(catalogue)
    for path in raw_tables(folder):
        for grid in read_grids(path):
            for table in find_tables(grid, catalogue.layouts):
                _read_table(table, reading, catalogue, book)
        reading.files.append(path.name)
    if not reading.files:
        raise InputError(f"data/raw/{financial_year} holds no KPI table; put the year's CSV files there.")
    _refuse_repeats(reading)
    return reading


def _read_table(table: Table, reading: Reading, catalogue: Catalogue, book: LabelBook) -> None:
    _refuse_later_years(table, reading.financial_year)
    for row, below in zip(table.rows, (*table.rows[1:], None), strict=True):
        if table.snapshots:
            read_snapshot_row(table, row, reading, catalogue)
        else:
            indicator = _indicator_of(table, row, below, reading, book)
            _read_quarters(table, row, indicator, reading, catalogue)
            _read_baseline(table, row, shape_of(indicator), reading, book)


def _refuse_later_years(table: Table, financial_year: str) -> None:
    for period in table.quarters.values():
        if period.financial_year > financial_year:
            raise InputError(
                f"{table.grid.file}: a heading says {period.financial_year}, later than the folder "
                f"data/raw/{financial_year} that the file lies in."
            )


def _indicator_of(table: Table, row: Row, below: Row | None, reading: Reading, book: LabelBook) -> Indicator:
    where = table.grid.address(row, table.label_column)
    name = book.split(row.text(table.label_column)).name
    if not name:
        return _indicator_without_label(table, row, below, reading, book)
    indicator = book.find(name)
    if indicator is None:
        raise InputError(f"{where}: the label {name!r} is not in the catalogue; {book.suggestion(name)}.")
    return indicator


def _indicator_without_label(table: Table, row: Row, below: Row | None, reading: Reading, book: LabelBook) -> Indicator:
    where = table.grid.address(row, table.label_column)
    next_name = book.split(below.text(table.label_column)).name if below else ""
    rule = book.unlabelled_before(next_name)
    if rule is None:
        raise InputError(f"{where}: the row has no label; say in layouts.yml which indicator it is.")
    reading.notes.append(f"{where}: the row has no label and is read as {rule.indicator}. {rule.reason}")
    return book.indicator(rule.indicator)


def _read_quarters(table: Table, row: Row, indicator: Indicator, reading: Reading, catalogue: Catalogue) -> None:
    in_words = _read_in_words(table, row)
    if in_words:
        column, named, figure = in_words
        for own_column, period in table.quarters.items():
            found = period == named
            address = table.grid.address(row, column if found else own_column)
            printed = row.printed(address.column)
            reading.add_observation(indicator.id, period, figure if found else NOT_AVAILABLE, address, printed)
        return
    marks = frozenset(catalogue.layouts.missing_marks)
    for column, period in table.quarters.items():
        address = table.grid.address(row, column)
        for name, figure in read_at(address, row.text(column), shape_of(indicator), marks).items():
            reading.add_observation(name, period, figure, address, row.printed(column))


def _read_in_words(table: Table, row: Row) -> tuple[int, Period, Figure] | None:
    """A row whose only cell is a sentence that names its quarter, such as `0 … in Quarter 4`: one of the newest
    year."""
    filled = [column for column in table.quarters if row.text(column)]
    match = _QUARTER_IN_WORDS.fullmatch(row.text(filled[0])) if len(filled) == 1 else None
    if match is None:
        return None
    figure = Figure("reported", value=float(match["figure"]))
    return filled[0], Period(table.newest_year, int(match["quarter"])), figure


def _read_baseline(table: Table, row: Row, shape: CellShape, reading: Reading, book: LabelBook) -> None:
    printed = book.split(row.text(table.label_column)).baseline
    if printed:
        address: Address = table.grid.address(row, table.label_column)
        year = previous_year(table.newest_year)
        for name, figure in read_at(address, printed, shape.printed_alone(printed)).items():
            reading.add_baseline(name, year, figure, address, printed)


def _refuse_repeats(reading: Reading) -> None:
    first: dict[tuple[str, str], dict] = {}
    for row in reading.observations:
        other = first.setdefault((row["indicator"], row["period_start"]), row)
        if other is not row:
            raise InputError(
                f"{row['source_file']}, row {row['source_row']}, column {row['source_column']}: {row['indicator']} for "
                f"Q{row['quarter']} {row['financial_year']} already stands in {other['source_file']}, "
                f"row {other['source_row']}; expected it once."
            )

"""Last step of ingest: the rows of a year's tables become observations and baselines, one per indicator and period.

In: the raw folder of a financial year and the catalogue. Out: a `Reading`; every figure in it carries the cell it
came from.
"""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from pathlib import Path

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.errors import InputError
from swp_analysis.ingest.cells import shape_of
from swp_analysis.ingest.consistency import drop_unread_future, note_other_shares, refuse_impossible
from swp_analysis.ingest.expectation import expect
from swp_analysis.ingest.grids import Grid, Row, raw_tables, read_grids
from swp_analysis.ingest.headings import Table, continue_table, find_tables
from swp_analysis.ingest.labels import Label, LabelBook
from swp_analysis.ingest.precedence import keep_newest
from swp_analysis.ingest.records import Reading, Unread
from swp_analysis.ingest.rows import QUARTER_IN_WORDS, RowReader
from swp_analysis.ingest.side_by_side import part_tables
from swp_analysis.ingest.snapshots import read_snapshot_row
from swp_analysis.ingest.spelling import letters
from swp_analysis.ingest.unread_rows import list_row
from swp_analysis.ingest.wrapped_rows import Known, join_lines, join_over_page


def read_year(folder: Path, financial_year: str, catalogue: Catalogue, today: date | None = None) -> Reading:
    """Read every KPI table of `data/raw/<financial_year>`.

    `today` (default the clock's) tells which quarters lie in the future.

    Raises
    ------
    InputError
        For each file one sentence, a line each, with row and column of the first thing that can't be understood.
    """
    reading = Reading(financial_year, catalogue.identity.area_code)
    book = LabelBook(catalogue)
    problems = []
    for path in raw_tables(folder):
        try:
            _read_file(path, reading, catalogue, book)
        except InputError as problem:
            problems.append(str(problem))
        reading.files.append(path.name)
    if problems:
        raise InputError("\n".join(problems))
    if not reading.files:
        raise InputError(f"data/raw/{financial_year} holds no KPI table; put the year's files there as received.")
    if not reading.observations:
        raise InputError(f"data/raw/{financial_year} holds headings and no rows of figures.")
    keep_newest(reading)
    today = today or date.today()
    refuse_impossible(reading, catalogue, today)
    note_other_shares(reading, catalogue)
    drop_unread_future(reading, today)
    return reading


def _read_file(path: Path, reading: Reading, catalogue: Catalogue, book: LabelBook) -> None:
    tables: list[Table] = []
    passed_over: list[Grid] = []
    grids = read_grids(path, catalogue.layouts.label_headings)
    for grid in (part for whole in grids for part in part_tables(whole, catalogue.layouts)):
        reading.notes += grid.notes
        found = find_tables(grid, catalogue.layouts)
        if not found and tables and (rest := continue_table(grid, tables[-1])):
            tables[-1], rest = join_over_page(tables[-1], rest, _what_is_known(tables[-1], book))
            found = [rest]
        tables += found
        passed_over += [] if found else [grid]
    if not tables:
        raise InputError(
            f"{path.name}: no table found; expected a heading row that begins with "
            f"{catalogue.layouts.label_headings[0]!r} and names Quarter 1 to Quarter 4."
        )
    reading.notes += [f"{grid.name}: no heading of a KPI table; passed over." for grid in passed_over if grid.rows]
    for table in tables:
        _read_table(table, reading, catalogue, book)


def _read_table(table: Table, reading: Reading, catalogue: Catalogue, book: LabelBook) -> None:
    _refuse_later_years(table, reading.financial_year)
    if table.grid.wraps and not table.doubt:
        table = _unwrapped(table, catalogue, book)
    reading.notes += [table.note] if table.note else []
    rows = [
        (row, below)
        for row, below in zip_longest(table.rows, table.rows[1:])
        if not _is_note(table, row, reading, catalogue, book)
    ]
    if table.snapshots:
        for row, _ in rows:
            read_snapshot_row(table, row, reading, catalogue)
        return
    if table.doubt:
        for row, below in rows:
            list_row(table, row, _known_indicator(table, row, below, book), reading)
        return
    labelled = []
    for row, below in rows:
        label = book.split(row.text(table.label_column))
        indicator = _indicator_of(table, row, label, below, reading, book)
        labelled += [(row, label, indicator)] if indicator else []
    reader = RowReader(table, reading, catalogue, frozenset(indicator.id for _, _, indicator in labelled))
    for row, label, indicator in labelled:
        reader.read(row, label, indicator)


def _unwrapped(table: Table, catalogue: Catalogue, book: LabelBook) -> Table:
    """A table whose rows are printed lines, each row on one line."""

    def reads(about: str, cells: list[str]) -> bool:
        if table.snapshots:
            return True
        indicator = catalogue.indicators[about]
        expected = expect(table, indicator, shape_of(indicator), None, catalogue.layouts)
        filled = [cell for cell in cells if cell]
        in_words = len(filled) == 1 and QUARTER_IN_WORDS.fullmatch(filled[0])
        return bool(in_words) or all(expected.is_figure_or_blank(cell) for cell in cells)

    return join_lines(table, _what_is_known(table, book), reads)


def _what_is_known(table: Table, book: LabelBook) -> Known:
    """What a label of the table is about."""
    entries = {letters(entry.label) for snapshot in table.snapshots.values() for entry in snapshot.rows}

    def known(label: str) -> str:
        indicator = None if table.snapshots else book.find(book.split(label).name)
        return indicator.id if indicator else label if letters(label) in entries else ""

    return known


def _refuse_later_years(table: Table, financial_year: str) -> None:
    for column, period in table.quarters.items():
        if period.financial_year > financial_year:
            raise InputError(
                f"{table.grid.address(Row(table.heading, ()), column)}: found {period.financial_year} in the heading, "
                f"later than the folder data/raw/{financial_year} that the file lies in."
            )


def _is_note(table: Table, row: Row, reading: Reading, catalogue: Catalogue, book: LabelBook) -> bool:
    """Whether a row is a total, or a line of words that no indicator is called; either is passed over and said."""
    text, where = row.text(table.label_column), table.grid.address(row, table.label_column)
    if text.casefold() in {word.casefold() for word in catalogue.layouts.total_labels}:
        reading.notes.append(f"{where}: {text!r} is a total of other rows; passed over.")
        return True
    alone = all(not row.text(c) for c in row.columns if c != table.label_column)
    in_snapshot = any(text == entry.label for snapshot in table.snapshots.values() for entry in snapshot.rows)
    if not alone or in_snapshot or book.find(book.split(text).name):
        return False
    reading.notes.append(f"{where}: a row of words without figures; passed over.")
    return True


def _indicator_of(
    table: Table, row: Row, label: Label, below: Row | None, reading: Reading, book: LabelBook
) -> Indicator | None:
    """The indicator of a row; None for one that is listed, as nothing tells what it is about."""
    if not label.name:
        return _indicator_without_label(table, row, below, reading, book)
    indicator = book.find(label.name)
    if indicator is None:
        where = table.grid.address(row, table.label_column)
        why = f"the label {label.name!r} is not in the catalogue; {book.suggestion(label.name)}"
        if not table.grid.is_copied:
            raise InputError(f"{where}: {why}.")
        reading.unread.append(Unread(where, row.in_one_line, why))
    return indicator


def _known_indicator(table: Table, row: Row, below: Row | None, book: LabelBook) -> Indicator | None:
    """The indicator of a row, if the catalogue tells; for rows that are listed whatever they are called."""
    name = book.split(row.text(table.label_column)).name
    if name:
        return book.find(name)
    rule = book.unlabelled_before(book.split(below.text(table.label_column)).name if below else "")
    return book.indicator(rule.indicator) if rule else None


def _indicator_without_label(
    table: Table, row: Row, below: Row | None, reading: Reading, book: LabelBook
) -> Indicator | None:
    where = table.grid.address(row, table.label_column)
    next_name = book.split(below.text(table.label_column)).name if below else ""
    rule = book.unlabelled_before(next_name)
    if rule is None:
        why = "the row has no label; say under unlabelled_rows in layouts.yml which indicator it is"
        reading.unread.append(Unread(where, row.in_one_line, why))
        return None
    reading.notes.append(f"{where}: the row has no label and is read as {rule.indicator}. {rule.reason}")
    return book.indicator(rule.indicator)

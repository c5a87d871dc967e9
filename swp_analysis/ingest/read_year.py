"""Last step of ingest: the rows of a year's tables become observations and baselines, one per indicator and period.

In: the raw folder of a financial year, or files, and the catalogue. Out: a `Reading`; every figure in it carries the
cell it came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.errors import InputError
from swp_analysis.ingest.consistency import drop_unread_future, note_other_shares, refuse_impossible
from swp_analysis.ingest.formats.grid import Grid
from swp_analysis.ingest.formats.raw_files import raw_tables, read_raw_file
from swp_analysis.ingest.labels import LabelBook
from swp_analysis.ingest.months import derive_quarters
from swp_analysis.ingest.precedence import keep_newest
from swp_analysis.ingest.read_table import TableReader, what_is_known
from swp_analysis.ingest.records import Reading
from swp_analysis.ingest.side_by_side import part_tables
from swp_analysis.ingest.table import Table
from swp_analysis.ingest.tables import continue_table, find_tables
from swp_analysis.ingest.transposed import turn_table
from swp_analysis.ingest.words import Vocabulary
from swp_analysis.ingest.wrapped_rows import join_over_page


def read_year(folder: Path, financial_year: str, catalogue: Catalogue, today: date | None = None) -> Reading:
    """Read every KPI table of `data/raw/<financial_year>`.

    `today` (default the clock's) tells which quarters lie in the future.

    Raises
    ------
    InputError
        For each file one sentence, a line each, with row and column of the first thing that can't be understood.
    """
    paths = raw_tables(folder)
    reading, refused = read_files(paths, financial_year, catalogue, today)
    if refused:
        raise InputError("\n".join(refused.values()))
    if not paths:
        raise InputError(f"data/raw/{financial_year} holds no KPI table; put the year's files there as received.")
    if not reading.observations:
        raise InputError(f"data/raw/{financial_year} holds headings and no rows of figures.")
    return reading


def read_files(
    paths: Iterable[Path], financial_year: str, catalogue: Catalogue, today: date | None = None
) -> tuple[Reading, dict[Path, str]]:
    """Read files as those of a year's folder; and the sentence for each that is refused.

    Raises
    ------
    InputError
        When figures of different files contradict each other.
    """
    reading = Reading(financial_year, catalogue.identity.area_code)
    reader = FileReader(catalogue)
    refused: dict[Path, str] = {}
    for path in paths:
        own = Reading(financial_year, catalogue.identity.area_code)
        try:
            reader.read(path, own)
        except InputError as problem:
            refused[path] = str(problem)
        else:
            reading.add(own)
        reading.files.append(path.name)
    if not refused:
        _settle(reading, catalogue, today or date.today())
    return reading, refused


def _settle(reading: Reading, catalogue: Catalogue, today: date) -> None:
    """Each figure once, none that can't be, and the quarters that months give."""
    keep_newest(reading)
    refuse_impossible(reading, catalogue, today)
    note_other_shares(reading, catalogue)
    drop_unread_future(reading, today)
    derive_quarters(reading, catalogue)


class FileReader:
    """Reads the tables of files; knows the catalogue's labels and the vocabulary."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.book = LabelBook(catalogue)
        self.words = Vocabulary(catalogue)
        self._tables_reader = TableReader(catalogue, self.book, self.words)

    def read(self, path: Path, reading: Reading) -> None:
        """Add the figures of a file to a `Reading`.

        Raises
        ------
        InputError
            With the first thing in the file that can't be understood, or why none of its tables is read.
        """
        raw = read_raw_file(path, self.catalogue.layouts.label_headings)
        reading.passages += raw.paragraphs
        tables = self._tables(raw.grids, reading)
        if not tables and raw.paragraphs and not raw.grids:
            reading.notes.append(f"{path.name}: prose and no table; its sentences are claims to check.")
            return
        if not tables:
            raise InputError(
                f"{path.name}: no table found; expected a heading row that begins with "
                f"{self.catalogue.layouts.label_headings[0]!r} and names quarters, such as `Q1 2018/19`."
            )
        barred = [why for table in tables if (why := self._tables_reader.read(table, reading))]
        if len(barred) == len(tables):
            raise InputError(barred[0])
        reading.notes += [f"Not read: {why}" for why in barred]

    def find_tables(self, path: Path) -> list[Table]:
        """Find the tables of a file, without reading what their rows are about."""
        raw = read_raw_file(path, self.catalogue.layouts.label_headings)
        return self._tables(raw.grids, Reading("", self.catalogue.identity.area_code))

    def _tables(self, grids: Iterable[Grid], reading: Reading) -> list[Table]:
        tables: list[Table] = []
        passed_over: list[Grid] = []
        layouts = self.catalogue.layouts
        for grid in (turn_table(part, self.book) for whole in grids for part in part_tables(whole, layouts)):
            reading.notes += grid.notes
            found = find_tables(grid, layouts, self.words)
            if not found and tables and (rest := continue_table(grid, tables[-1])):
                tables[-1], rest = join_over_page(tables[-1], rest, what_is_known(tables[-1], self.book))
                found = [rest]
            tables += found
            passed_over += [] if found else [grid]
        if tables:
            reading.notes += [
                f"{grid.name}: no heading of a KPI table; passed over." for grid in passed_over if grid.rows
            ]
        return tables

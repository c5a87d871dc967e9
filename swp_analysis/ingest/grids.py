"""First step of ingest: a raw file becomes grids of text cells that keep their addresses.

In: files of `data/raw/<financial year>/`. Out: `Grid`s, whatever the format was; nothing is interpreted here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from swp_analysis.errors import InputError

# Files of a year's folder that hold no KPI table: typed claims, the board's own scores, notes for people.
NOT_TABLES = {"claims.csv", "workshop.csv", "readme.md", "readme.txt"}


@dataclass(frozen=True)
class Address:
    """Where a cell stands, as a person would point at it: rows from 1, columns by letter."""

    file: str
    sheet: str
    row: int
    column: int

    @property
    def column_letter(self) -> str:
        """Spreadsheet letters of the column.

        >>> Address("kpi.csv", "", 3, 27).column_letter
        'AA'
        """
        letters, number = "", self.column
        while number:
            number, remainder = divmod(number - 1, 26)
            letters = chr(ord("A") + remainder) + letters
        return letters

    def __str__(self) -> str:
        sheet = f", sheet {self.sheet!r}" if self.sheet else ""
        return f"{self.file}{sheet}, row {self.row}, column {self.column_letter}"


@dataclass(frozen=True)
class Row:
    """A row of a table: its number in the file and the text of its cells, blanks included."""

    number: int
    cells: tuple[str, ...]

    def printed(self, column: int) -> str:
        """The cell of a 1-based column exactly as printed; a row that ends early has blanks."""
        return self.cells[column - 1] if column <= len(self.cells) else ""

    def text(self, column: int) -> str:
        """The cell with runs of white space made one space: what the readers look at."""
        return " ".join(self.printed(column).split())

    @property
    def columns(self) -> range:
        return range(1, len(self.cells) + 1)

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """A sheet, page or file of text cells."""

    file: str
    sheet: str
    rows: tuple[Row, ...]

    def address(self, row: Row, column: int) -> Address:
        return Address(self.file, self.sheet, row.number, column)


def raw_tables(folder: Path) -> list[Path]:
    """The files of a year's folder that should hold KPI tables, in a fixed order; hidden and office lock files are
    not."""
    files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$"))]
    return sorted((path for path in files if path.name.lower() not in NOT_TABLES), key=lambda path: path.name)


def read_grids(path: Path) -> Iterator[Grid]:
    """The grids of one raw file.

    Raises
    ------
    InputError
        For an empty file, a format that isn't read, or text that isn't UTF-8.
    """
    if path.suffix.lower() != ".csv":
        raise InputError(f"{path.name}: files of this kind are not read; save the table as CSV (UTF-8).")
    yield _read_csv(path)


def _read_csv(path: Path) -> Grid:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InputError(f"{path.name}, row {line}: not UTF-8 text; save the file as CSV UTF-8.") from None
    if not text.strip():
        raise InputError(f"{path.name}: the file is empty; expected a KPI table.")
    if "\0" in text:
        raise InputError(f"{path.name}: this is not a text file, whatever its name says; expected a CSV table.")
    return Grid(path.name, "", tuple(_csv_rows(path.name, text)))


def _csv_rows(name: str, text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    starts_at = 1
    try:
        for cells in reader:
            yield Row(starts_at, tuple(cells))
            starts_at = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}, row {starts_at}: not readable as CSV ({error}).") from None

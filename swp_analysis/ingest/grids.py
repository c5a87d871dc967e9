"""First step of ingest: a raw file becomes grids of text cells that keep their addresses.

In: files of `data/raw/<financial year>/`. Out: `Grid`s, whatever the format was; nothing is interpreted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Files of a year's folder that hold no KPI table: typed claims, the board's own scores, notes for people.
NOT_TABLES = {"claims.csv", "workshop.csv", "readme.md", "readme.txt"}
# Places in a document that are no sheets: "table 2", "page 3, table 1".
_PLACES = ("table ", "page ")


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
        return f"{name_of(self.file, self.sheet)}, row {self.row}, column {self.column_letter}"


def name_of(file: str, sheet: str) -> str:
    """A file with the sheet, or the place in a document, that is meant.

    >>> name_of("kpi.xlsx", "Vulnerability"), name_of("kpi.pdf", "page 3, table 1"), name_of("kpi.csv", "")
    ("kpi.xlsx, sheet 'Vulnerability'", 'kpi.pdf, page 3, table 1', 'kpi.csv')
    """
    place = sheet if sheet.startswith(_PLACES) else f"sheet {sheet!r}" if sheet else ""
    return ", ".join(filter(None, (file, place)))


@dataclass(frozen=True)
class Row:
    """A row of a table: its number in the file and the text of its cells, blanks included. The cells of a row that is
    `adrift` come in the order of print, under no heading in particular. One that `touches_above` is part of the same
    printed row as the line above."""

    number: int
    cells: tuple[str, ...]
    adrift: bool = False
    touches_above: bool = False

    def printed(self, column: int) -> str:
        """The cell of a 1-based column exactly as printed; a row that ends early has blanks."""
        return self.cells[column - 1] if column <= len(self.cells) else ""

    def text(self, column: int) -> str:
        """The cell with runs of white space made one space: what the readers look at."""
        return " ".join(self.printed(column).split())

    @property
    def in_one_line(self) -> str:
        """What the row says, for a list of rows that were not read."""
        return " | ".join(filter(None, (self.text(column) for column in self.columns)))

    @property
    def columns(self) -> range:
        return range(1, len(self.cells) + 1)

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """A sheet, a document's table or a file of text cells; `notes` say what of it was left out, no figure is taken
    from a `hidden` column. In one that `wraps` a printed line is a row, so that a row of the table may be several. One
    that `is_copied` was copied out of a document: a damaged cell is nobody's slip, and its row is listed, where a typed
    table stops the build."""

    file: str
    sheet: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    wraps: bool = False
    hidden: frozenset[int] = frozenset()
    is_copied: bool = False

    @property
    def has_cells(self) -> bool:
        """Whether someone typed the cells where they stand; else a program found them in text."""
        return not (self.is_copied or self.wraps)

    @property
    def name(self) -> str:
        return name_of(self.file, self.sheet)

    def address(self, row: Row, column: int) -> Address:
        return Address(self.file, self.sheet, row.number, column)


def raw_tables(folder: Path) -> list[Path]:
    """The files of a year's folder that should hold KPI tables, in a fixed order; hidden and office lock files are
    not."""
    files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$"))]
    return sorted((path for path in files if path.name.lower() not in NOT_TABLES), key=lambda path: path.name)


def read_grids(path: Path, label_headings: list[str]) -> Iterator[Grid]:
    """The grids of one raw file, read as what its content is, whatever its name says.

    `label_headings` are the words that begin a heading row; they tell a text file's delimiter.

    Raises
    ------
    InputError
        For a file that is empty, too large, locked, damaged or of a kind that isn't read.
    """
    from swp_analysis.ingest.kinds import kind_of

    kind = kind_of(path)
    if kind == "text":
        from swp_analysis.ingest.text_files import read_text_grid

        yield read_text_grid(path, label_headings)
    elif kind in ("xlsx", "xls", "ods"):
        from swp_analysis.ingest.workbooks import read_workbook

        yield from read_workbook(path, kind)
    elif kind == "html":
        from swp_analysis.ingest.web_pages import read_html

        yield from read_html(path)
    elif kind == "docx":
        from swp_analysis.ingest.documents import read_docx

        yield from read_docx(path)
    else:
        from swp_analysis.ingest.pdf_pages import read_pdf

        yield from read_pdf(path, label_headings)

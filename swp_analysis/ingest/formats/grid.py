"""What every format is read into: a `RawFile` of `Grid`s and `Paragraph`s that keep their addresses.

In: the blocks of a file in the order of print. Out: the model; each grid with the words above and below it. A cell
holds the text that a person sees; what a person sees beside the text (merged, hidden, a date behind it, damage) stands
in the grid's own fields. Nothing is interpreted here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from swp_analysis.errors import InputError

MOST_ROWS, MOST_COLUMNS = 5_000, 500
# Places in a document that are no sheets: "table 2", "page 3, table 1".
_PLACES = ("table ", "page ")
WORDS = re.compile(r"[A-Za-z]{2,}")
_FIGURE = r"<?\d[\d,.]*\s*%?(?:\s*\([^()]*\d[^()]*\))?"
LONE_FIGURE = re.compile(_FIGURE)
_FIGURES = re.compile(rf"{_FIGURE}(?:\s+{_FIGURE})*")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-/](?:\d\d)?\d\d)?")
Place = tuple[int, int]
WordsAre = Literal["text", "item", "heading", "caption", "note", "section"]


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
    """Name a file with the sheet, or the place in a document, that is meant.

    >>> name_of("kpi.xlsx", "Vulnerability"), name_of("kpi.pdf", "page 3, table 1"), name_of("kpi.csv", "")
    ("kpi.xlsx, sheet 'Vulnerability'", 'kpi.pdf, page 3, table 1', 'kpi.csv')
    """
    place = f"sheet {sheet!r}" if sheet and not sheet.startswith(_PLACES) else sheet
    return ", ".join(filter(None, (file, place)))


@dataclass(frozen=True)
class Paragraph:
    """Words outside the cells of tables: a line of prose, an item of a list, a caption, a heading, a note; or what a
    whole section, sheet or file is called. `level` is a heading's: 1 for the highest, 0 for a title.

    `place` says where in the file (`line 12`, `paragraph 7`, `page 3, line 4`, `table 2, caption`); `heading` is the
    heading that it stands under, or nothing.
    """

    file: str
    place: str
    text: str
    kind: WordsAre = "text"
    heading: str = ""
    level: int = 1

    def __str__(self) -> str:
        return f"{self.file}, {self.place}"


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
        """Give the cell of a 1-based column exactly as printed; a row that ends early has blanks."""
        return self.cells[column - 1] if column <= len(self.cells) else ""

    def text(self, column: int) -> str:
        """Give the cell with runs of white space made one space: what the readers look at."""
        return self._texts[column - 1] if column <= len(self.cells) else ""

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(" ".join(cell.split()) for cell in self.cells)

    @cached_property
    def filled(self) -> list[int]:
        """The columns in which something stands."""
        return [column for column, text in enumerate(self._texts, start=1) if text]

    @property
    def in_one_line(self) -> str:
        """What the row says, for a list of rows that were not read."""
        return " | ".join(filter(None, self._texts))

    @property
    def columns(self) -> range:
        return range(1, len(self.cells) + 1)

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """A sheet, a document's table or a file of text cells.

    `notes` say what of it was left out. No figure is taken from a `hidden` column. In a grid that `wraps` a printed
    line is a row, so that a row of the table may be several. One that `is_copied` was copied out of a document: a
    damaged cell is nobody's slip, and its row is listed, where a typed table stops the build.

    `doubts` says by place (row number, column), in words with the way out, why what stands there can't be taken as it
    is (a figure in merged cells, one covered by a merge, a struck one); column 0 is the whole row (cut off, or shorter
    than its heading). A cell or row with a doubt gives no figure: a typed table is refused, others list it.

    `above` and `below` are the words next to the grid in a document or page: its caption and the headings and
    paragraphs above it, and the notes below it, in the order of print. In workbooks and CSV such lines are rows.

    `places` say where in the file a cell stands, when the grid was turned, or given another column.
    """

    file: str
    sheet: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    wraps: bool = False
    hidden: frozenset[int] = frozenset()
    is_copied: bool = False
    above: tuple[Paragraph, ...] = ()
    below: tuple[Paragraph, ...] = ()
    doubts: Mapping[Place, str] = field(default_factory=dict)
    places: Mapping[Place, Place] = field(default_factory=dict)

    @property
    def has_cells(self) -> bool:
        """Whether someone typed the cells where they stand; else a program found them in text."""
        return not (self.is_copied or self.wraps)

    @property
    def name(self) -> str:
        return name_of(self.file, self.sheet)

    def address(self, row: Row, column: int) -> Address:
        return Address(self.file, self.sheet, *self.places.get((row.number, column), (row.number, column)))


@dataclass(frozen=True)
class RawFile:
    """All that a file says: its tables and, in the order of print, the words outside them. A file of prose has no
    grid."""

    grids: tuple[Grid, ...]
    paragraphs: tuple[Paragraph, ...] = ()


def is_sheet(grid: Grid) -> bool:
    """Tell whether a grid is a workbook's sheet, and no table or page of a document."""
    return bool(grid.sheet) and not grid.sheet.startswith(_PLACES)


# Why a file is not read


def too_much(name: str, found: str) -> InputError:
    """Give the refusal of a file in which far more was found than in one of KPI tables."""
    return InputError(f"{name}: {found}, far more than a KPI table needs, so it was not read; send the tables alone.")


def damaged(name: str, what: str, error: Exception | str) -> InputError:
    """Give the refusal of a file over which its reader stumbles; `what` it is, and the `error` in one short line."""
    said = " ".join(str(error).split())[:120].rstrip(".") or type(error).__name__
    return InputError(f"{name}: the {what} is damaged and can't be opened ({said}); save it again where it was made.")


def locked(name: str) -> InputError:
    """Give the refusal of a file that has a password."""
    return InputError(f"{name}: the file is protected with a password; save it without one.")


def refuse_vast(file: str, sheet: str, rows: int, columns: int) -> None:
    """Raise an `InputError` when a table has more rows or columns than a KPI table."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        what = f"row {rows:,}" if rows > MOST_ROWS else f"column {columns:,}"
        limit = f"at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns are read"
        raise too_much(name_of(file, sheet), f"it goes on to {what} ({limit})")


def is_lone_figure(text: str) -> bool:
    """Tell whether a cell holds figures and nothing else; a year is none, as headings and titles may span what they
    like."""
    return bool(_FIGURES.fullmatch(text)) and not _YEAR.fullmatch(text)


# The words around the tables of a document or page


# Words further away than so many paragraphs are prose of their own.
NEAREST, LONGEST_TITLE = 3, 10
NOTE_STARTS = ("*", "†", "‡", "¹", "²", "³", "[", "note", "nb", "n.b", "source", "(", "#", "^", "p =", "p=")


def join_blocks(blocks: Iterable[Grid | Paragraph]) -> RawFile:
    """Give the file whose tables and paragraphs come in this order; paragraphs between two tables go to the one that
    they are about.

    A heading holds for all tables up to the next one of its own or a higher level, and a title without a heading for
    the tables that follow it with no words between.
    """
    grids: list[Grid] = []
    between: list[Paragraph] = []
    everything: list[Paragraph] = []
    sections: list[Paragraph] = []
    title: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            between.append(block)
            everything.append(block)
            if block.kind == "heading":
                sections = [*(one for one in sections if one.level < block.level), block]
            continue
        cut = _begin_of_title(between, is_first=not grids)
        _add_below(grids, between[:cut])
        own = between[cut:]
        title = _title(own) or [one for one in title if one.kind != "heading"]
        over = [replace(one, kind="section") for one in sections if one not in own]
        grids.append(replace(block, above=(*over, *title, *block.above)))
        between = []
    _add_below(grids, between)
    return RawFile(tuple(grids), tuple(under_headings(everything)))


def under_headings(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Give each paragraph with the last heading above it."""
    heading = ""
    for one in paragraphs:
        heading = one.text if one.kind == "heading" else heading
        yield replace(one, heading="" if one.kind == "heading" else heading)


def _begin_of_title(between: list[Paragraph], is_first: bool) -> int:
    """Where the words above the next table begin: with the last heading, or behind the notes of the table before."""
    headings = [n for kind in ("caption", "heading") for n, one in enumerate(between) if one.kind == kind]
    notes = [n for n, one in enumerate(between) if one.kind == "note" or one.text.casefold().startswith(NOTE_STARTS)]
    if headings:
        return headings[-1]
    return 0 if is_first or not notes else notes[-1] + 1


def _title(words: list[Paragraph]) -> list[Paragraph]:
    """The heading and the nearest paragraphs; a short line is a title, whatever its style."""
    nearest = words if len(words) <= NEAREST else [*words[:1], *words[-NEAREST:]]
    return [replace(one, kind="caption") if _is_title(one) else one for one in nearest]


def _is_title(paragraph: Paragraph) -> bool:
    is_short = len(paragraph.text.split()) <= LONGEST_TITLE and not paragraph.text.endswith((".", ";"))
    return paragraph.kind == "text" and is_short and not paragraph.text.casefold().startswith(NOTE_STARTS)


def _add_below(grids: list[Grid], words: list[Paragraph]) -> None:
    """Give the last grid the nearest paragraphs that follow it."""
    if grids:
        grids[-1] = replace(grids[-1], below=(*grids[-1].below, *words[:NEAREST]))

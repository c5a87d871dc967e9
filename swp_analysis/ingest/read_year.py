"""Last step of ingest: the rows of a year's tables become observations and baselines, one per indicator and period.

In: the raw folder of a financial year, or files, and the catalogue. Out: a `Reading`; every figure in it carries the
cell it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from swp_analysis.catalogue.models import Catalogue, Layouts
from swp_analysis.errors import InputError, Problems
from swp_analysis.ingest.align.lines import LineJoiner
from swp_analysis.ingest.consistency import drop_unread_future, keep_newest, note_other_shares, refuse_impossible
from swp_analysis.ingest.formats.grid import LONE_FIGURE, Address, Grid, Paragraph, Row
from swp_analysis.ingest.formats.raw_files import raw_tables, read_raw_file
from swp_analysis.ingest.labels import LabelBook
from swp_analysis.ingest.months import derive_quarters
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.read_table import TableReader
from swp_analysis.ingest.records import Reading, Unread
from swp_analysis.ingest.report_text import add_file, name_passages
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.table import TIME_ROLES, Table
from swp_analysis.ingest.tables import continue_table, find_tables
from swp_analysis.ingest.timeline import LONGEST_HEADING, is_period
from swp_analysis.ingest.words import Vocabulary


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
        problems = [problem for error in refused.values() for problem in error.problems]
        raise InputError("\n".join(map(str, refused.values())), problems=problems)
    if not paths:
        raise InputError(f"data/raw/{financial_year} holds no KPI table; put the year's files there as received.")
    if not reading.observations:
        raise InputError(f"data/raw/{financial_year} holds headings and no rows of figures.")
    return reading


def read_files(
    paths: Iterable[Path], financial_year: str, catalogue: Catalogue, today: date | None = None
) -> tuple[Reading, dict[Path, InputError]]:
    """Read files as those of a year's folder; and for each that is refused why, with all that is wrong in `problems`.

    Raises
    ------
    InputError
        When figures of different files contradict each other.
    """
    reading = Reading(financial_year, catalogue.identity.area_code)
    reader = FileReader(catalogue)
    refused: dict[Path, InputError] = {}
    paths = list(paths)
    for path, prefix in name_passages(paths).items():
        own = Reading(financial_year, catalogue.identity.area_code)
        try:
            reader.read(path, own, prefix)
        except InputError as problem:
            refused[path] = problem
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

    def read(self, path: Path, reading: Reading, prefix: str) -> None:
        """Add the figures of a file, and what else it says, to a `Reading`; `prefix` begins the keys of its passages.

        Raises
        ------
        InputError
            With the first thing in the file that can't be understood, or why none of its tables is read.
        """
        raw = read_raw_file(path, self.catalogue.layouts.label_headings)
        add_file(raw, prefix, reading.report, self.catalogue)
        tables = self._tables(raw.grids, reading)
        if not tables and raw.paragraphs and not raw.grids:
            reading.notes.append(f"{path.name}: prose and no table; its sentences are claims to check.")
            return
        if not tables:
            raise InputError(
                f"{path.name}: no table found; expected a heading row that begins with "
                f"{self.catalogue.layouts.label_headings[0]!r} and names quarters, such as `Q1 2018/19`."
            )
        barred: list[tuple[Table, str]] = []
        problems = Problems()
        for table in tables:
            with problems.noting():
                why = self._tables_reader.read(table, reading)
                barred += [(table, why)] if why else []
        problems.refuse()
        if len(barred) == len(tables):
            raise InputError(barred[0][1])
        reading.unread += (_whole_table(table, why) for table, why in barred)

    def find_tables(self, path: Path) -> list[Table]:
        """Find the tables of a file, without reading what their rows are about."""
        raw = read_raw_file(path, self.catalogue.layouts.label_headings)
        return self._tables(raw.grids, Reading("", self.catalogue.identity.area_code))

    def _tables(self, grids: Iterable[Grid], reading: Reading) -> list[Table]:
        tables: list[Table] = []
        passed_over: list[Grid] = []
        layouts = self.catalogue.layouts
        for grid in (
            turn_table(part, self.book, self.words) for whole in grids for part in part_tables(whole, layouts)
        ):
            reading.notes += grid.notes
            found = find_tables(grid, layouts, self.words)
            if not found and tables and (rest := continue_table(grid, tables[-1])):
                tables[-1], rest = LineJoiner(tables[-1], self.catalogue, self.book).join_over_page(rest)
                found = [rest]
            tables += found
            passed_over += [] if found else [grid]
        if tables:
            reading.notes += [
                f"{grid.name}: no heading of a KPI table; passed over." for grid in passed_over if grid.rows
            ]
        return tables


def _whole_table(table: Table, why: str) -> Unread:
    """A table that is not read among others that are, by its heading."""
    heading = next((row for row in table.grid.rows if row.number == table.heading), Row(table.heading, ()))
    return Unread(table.grid.address(heading, table.label_column), heading.in_one_line, f"the whole table: {why}")


def part_tables(grid: Grid, layouts: Layouts) -> list[Grid]:
    """Give the grid itself when no tables stand beside one another in it; else its parts, top to bottom, left to
    right."""
    if grid.wraps or grid.is_copied:
        return [grid]
    words = tuple(word.casefold() for word in layouts.label_headings)
    starts = {index: found for index, row in enumerate(grid.rows) if (found := list(_headings_in(row, words)))}
    if len({column for found in starts.values() for column in found}) < 2:
        return [grid]
    parts = [part for band in _bands(grid, starts) for part in _cut(replace(grid, rows=band, notes=()), words)]
    return [replace(parts[0], notes=grid.notes), *parts[1:]]


def _headings_in(row: Row, words: tuple[str, ...]) -> Iterator[int]:
    """The columns in which a heading begins: a word for labels, with quarters or years behind it; or any other text
    behind a blank cell, when a quarter follows at once and a heading stands before it."""
    begun, has_period = False, True
    for column in row.columns:
        text, follows = fold_look_alikes(row.text(column)).casefold(), [row.text(column + 1), row.text(column + 2)]
        is_word = text.startswith(words)
        is_other = begun and text and not row.text(column - 1) and not is_period(text) and is_period(follows[0])
        if has_period and ((is_word and any(map(is_period, follows))) or is_other):
            begun, has_period = True, False
            yield column
        has_period = has_period or is_period(text)


def _bands(grid: Grid, starts: dict[int, list[int]]) -> Iterator[tuple[Row, ...]]:
    """The rows from one heading at the left edge to the next; titles below a blank row go with the heading that they
    stand over."""
    left = min(column for found in starts.values() for column in found)
    edges = [0]
    for before, index in pairwise([index for index, found in starts.items() if left in found]):
        blank = [n for n in range(before, index) if grid.rows[n].is_blank]
        edges.append(blank[-1] + 1 if blank else index)
    for begin, end in pairwise([*edges, len(grid.rows)]):
        yield grid.rows[begin:end]


def _cut(grid: Grid, words: tuple[str, ...]) -> Iterator[Grid]:
    """A band's tables: cut before each heading that begins behind a blank column, or in one row with another."""
    starts = [(index, column) for index, row in enumerate(grid.rows) for column in _headings_in(row, words)]
    top = min((index for index, _ in starts), default=0)
    left = min((column for _, column in starts), default=1)
    cuts = sorted({column for index, column in starts if column > left and _is_apart(grid.rows, index, column, starts)})
    for begin, end in pairwise([1, *cuts, 1 + max(len(row.cells) for row in grid.rows)]):
        rows = (row if n < top and len(_filled(row)) < 2 else _only(row, begin, end) for n, row in enumerate(grid.rows))
        yield replace(grid, rows=tuple(rows))


def _is_apart(rows: tuple[Row, ...], index: int, column: int, starts: list[tuple[int, int]]) -> bool:
    beside = any(other < column for row, other in starts if row == index)
    return beside or all(not row.text(column - 1) for row in rows[index:])


def _only(row: Row, begin: int, end: int) -> Row:
    """The row with blanks for what stands left and right of some columns."""
    return replace(row, cells=("",) * (begin - 1) + row.cells[begin - 1 : end - 1])


@dataclass(frozen=True)
class TurnedGrid(Grid):
    """A grid whose rows are the columns of the file; `numbers` are the file's rows, in the order of its columns."""

    numbers: tuple[int, ...] = ()

    def address(self, row: Row, column: int) -> Address:
        """Say where the cell stands in the file."""
        return Address(self.file, self.sheet, self.numbers[column - 1], row.number)


def turn_table(grid: Grid, book: LabelBook, words: Vocabulary) -> Grid:
    """Give the grid turned, when its first heading names indicators over rows of periods."""
    if not grid.has_cells or not grid.rows:
        return grid
    start = next((index for index in range(len(grid.rows)) if _is_heading(grid.rows, index, book)), None)
    if start is None:
        return grid
    lines = [row for row in grid.rows[start:] if len(_filled(row)) > 1]
    notes = [row for row in grid.rows[start:] if len(_filled(row)) == 1]
    lines = _join_periods(lines, words)
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
    if any(LONE_FIGURE.fullmatch(rows[index].text(c)) for c in filled):
        return False
    known = [c for c in filled if book.find(book.split(rows[index].text(c)).name)]
    below = rows[index + 1]
    return bool(known) and any(_is_period(below.text(c)) for c in range(1, known[0]))


def _join_periods(lines: list[Row], words: Vocabulary) -> list[Row]:
    """The lines with year and quarter, where both have a column of their own, in the first of them: `2018/19 Q1`."""
    roles = {c: words.role_of(lines[0].text(c)) for c in _filled(lines[0])}
    columns = [c for c, role in roles.items() if role in TIME_ROLES]
    if len(columns) < 2:
        return lines
    joined = []
    for line in lines:
        texts = {c: line.text(c) for c in columns}
        names = (f"Q{text}" if roles[c] == "quarter" and text.isdigit() else text for c, text in texts.items())
        both = "Period" if line is lines[0] else " ".join(filter(None, names))
        joined.append(
            replace(
                line,
                cells=tuple(
                    "" if c in columns[1:] else both if c == columns[0] else line.printed(c) for c in line.columns
                ),
            )
        )
    return joined


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

"""What is known of one table before its rows are read. In: a `Grid`. Out: the model `RawTable`; and the grids of tables
that stand beside one another in it, each with its periods in columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

from swp_analysis.catalogue.models import Snapshot, UnnamedColumn
from swp_analysis.ingest.formats.grid import LONE_FIGURE, Address, Grid, Paragraph, Row
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.timeline import LONGEST_HEADING, Period, When, days_as_periods, is_period
from swp_analysis.ingest.words import Meaning, Vocabulary

# The columns in which rows say what period they are of.
TIME_ROLES = {"year", "quarter", "month", "period"}


@dataclass(frozen=True)
class RawTable:
    """Rows of KPI figures under one heading; columns count from 1.

    `barred` says why nothing of it is read, though every word is understood. With `doubt` no column is known: its
    heading is damaged, and names the `years`.
    """

    grid: Grid
    quarters: dict[int, Period]
    rows: tuple[Row, ...] = ()
    snapshots: dict[int, Snapshot] = field(default_factory=dict)
    unnamed: dict[int, UnnamedColumn] = field(default_factory=dict)
    label_column: int = 1
    ignored: frozenset[int] = frozenset()
    headed: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    doubt: str = ""
    heading: int = 0
    years: tuple[str, ...] = ()
    partial: dict[int, When] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    shares: frozenset[int] = frozenset()
    barred: str = ""
    title_year: str = ""
    said: Meaning = field(default_factory=Meaning)

    @cached_property
    def row_days(self) -> dict[date, Period]:
        """The periods that the days in the rows are about."""
        columns = {column: role for column, role in self.roles.items() if role in TIME_ROLES}
        days = [day for row in self.rows for column in columns for day in read_when(row.text(column))[0].days]
        return days_as_periods(days, next((role for role in columns.values() if role in ("month", "quarter")), ""))

    @cached_property
    def text_columns(self) -> frozenset[int]:
        """The columns of commentary."""
        return self._called("prose")

    @cached_property
    def owner_columns(self) -> frozenset[int]:
        """The columns of data owners."""
        return self._called("owner")

    @cached_property
    def baseline_column(self) -> int:
        """The column of baselines, or 0."""
        return min(self._called("baseline"), default=0)

    def without(self, columns: set[int]) -> RawTable:
        """Give the table with some columns passed over, because they are listed already or hold other figures."""
        if not columns:
            return self
        quarters = {c: period for c, period in self.quarters.items() if c not in columns}
        partial = {c: when for c, when in self.partial.items() if c not in columns}
        return replace(self, quarters=quarters, partial=partial, ignored=self.ignored | columns)

    def _called(self, role: str) -> frozenset[int]:
        return frozenset(column for column, own in self.roles.items() if own == role)

    @cached_property
    def passed_over(self) -> frozenset[int]:
        """The columns that are known, and hold no figure of this table and no commentary."""
        others = {c for c, role in self.roles.items() if role not in ("prose", "owner", "baseline")}
        return (self.ignored | others | self.shares | set(self.partial) | self.grid.hidden) - set(self.quarters)

    @property
    def newest_year(self) -> str:
        return max((period.financial_year for period in self.quarters.values()), default=self.title_year)

    def joined(self, row: Row, column: int) -> str:
        """Give a cell with the pieces of it that stand in the following columns, up to the next that has a heading."""
        end = min((other for other in self.headed if other > column), default=len(row.cells) + 1)
        return " ".join(printed for c in range(column, end) if (printed := row.printed(c)).strip())


# Several tables in a grid, and one whose rows are periods


def part_tables(grid: Grid, words: Vocabulary) -> list[Grid]:
    """Give the grid itself when no tables stand beside one another in it; else its parts, top to bottom, left to
    right."""
    if grid.wraps or grid.is_copied:
        return [grid]
    names = tuple(word.casefold() for word in words.layouts.label_headings)
    starts = {index: found for index, row in enumerate(grid.rows) if (found := list(_headings_in(row, names)))}
    if len({column for found in starts.values() for column in found}) < 2:
        return [grid]
    parts = [part for band in _bands(grid, starts) for part in _cut(replace(grid, rows=band, notes=()), names)]
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


def turn_table(grid: Grid, words: Vocabulary) -> Grid:
    """Give the grid turned, when its first heading names indicators over rows of periods."""
    if not grid.has_cells or not grid.rows:
        return grid
    start = next((index for index in range(len(grid.rows)) if _is_heading(grid.rows, index, words)), None)
    if start is None:
        return grid
    lines = [row for row in grid.rows[start:] if len(_filled(row)) > 1 and (row is grid.rows[start] or _tells(row))]
    notes = [row for row in grid.rows[start:] if row not in lines]
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


def _is_heading(rows: tuple[Row, ...], index: int, words: Vocabulary) -> bool:
    """Whether a row names indicators behind its first cells, and the row below begins with a period."""
    filled = _filled(rows[index])
    if len(filled) < 2 or index + 1 == len(rows) or words.labels.of(rows[index].text(filled[0])):
        return False
    if any(LONE_FIGURE.fullmatch(rows[index].text(c)) for c in filled):
        return False
    known = [c for c in filled if _names_indicator(rows[index].text(c), words)]
    below = rows[index + 1]
    return bool(known) and any(_is_period(below.text(c)) for c in range(1, known[0]))


def _names_indicator(text: str, words: Vocabulary) -> bool:
    """Whether a heading is an indicator's label; for a new partnership, one of more than words about figures."""
    if words.catalogue.indicators:
        return bool(words.labels.of(text))
    return not words.role_of(text) and bool(words.explain(text).left)


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


def _tells(row: Row) -> bool:
    """Whether a line holds a period or a figure, and not only the words of a note."""
    return any(_is_period(row.text(c)) or LONE_FIGURE.fullmatch(row.text(c)) for c in _filled(row))


def _filled(row: Row) -> list[int]:
    return [column for column in row.columns if row.text(column)]


def _paragraphs(grid: Grid, rows: tuple[Row, ...], kind: str) -> tuple[Paragraph, ...]:
    texts = ((row.number, " ".join(map(row.text, _filled(row)))) for row in rows if not row.is_blank)
    return tuple(
        Paragraph(grid.file, f"row {number}", text, "caption" if kind == "caption" else "note")
        for number, text in texts
    )

"""What is known of one table before its rows are read. In: a `Grid`. Out: the models `HeadedColumn` and `RawTable`; and
the grids of tables that stand beside one another in it, each with its periods in columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Literal

from swp_analysis.catalogue.models import Snapshot, UnnamedColumn
from swp_analysis.ingest.formats.grid import LONE_FIGURE, Address, Grid, Paragraph, Row
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.timeline import LONGEST_HEADING, Period, When, days_as_periods, is_period
from swp_analysis.ingest.words import OF_SOME_COLUMNS, Vocabulary

# The columns in which rows say what period they are of; and those in which they say what else their figures are.
TIME_ROLES = {"year", "quarter", "month", "period"}
ROW_ROLES = {"qualifier", "area", *TIME_ROLES}


@dataclass(frozen=True)
class HeadedColumn:
    """The heading cells of one column, top to bottom, what they mean together, and the role of a column that holds no
    figures of a period: one of `words.yml`, `owner` or `baseline`."""

    number: int
    texts: tuple[str, ...] = ()
    meaning: Meaning = field(default_factory=Meaning)
    role: str = ""

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def is_barred(self) -> bool:
        """Whether the words say that the figures are others than those of this area and period."""
        return bool(self.meaning.other_areas or self.meaning.kind_names - {"share", *OF_SOME_COLUMNS})

    @property
    def is_other(self) -> bool:
        """Whether the column is known to hold other figures: targets, changes, another area's, a whole year's."""
        return not self.role and bool(self.is_barred or self.meaning.kinds or self.meaning.when)


@dataclass(frozen=True)
class RawTable:
    """Rows of KPI figures under one heading; columns count from 1.

    `figures` are the columns that are read, each with its period, or the part of it that the heading tells. `barred`
    says why nothing of the table is read, though every word is understood. With `doubt` no column is known: its heading
    is damaged, and names the `years`.
    """

    grid: Grid
    rows: tuple[Row, ...] = ()
    label_column: int = 1
    heading: int = 0
    columns: dict[int, HeadedColumn] = field(default_factory=dict)
    figures: dict[int, Period | When] = field(default_factory=dict)
    title_year: str = ""
    said: Meaning = field(default_factory=Meaning)
    notes: tuple[str, ...] = ()
    barred: str = ""
    doubt: str = ""
    years: tuple[str, ...] = ()
    snapshots: dict[int, Snapshot] = field(default_factory=dict)
    unnamed: dict[int, UnnamedColumn] = field(default_factory=dict)

    @cached_property
    def roles(self) -> dict[int, str]:
        """What the columns beside the figures are about."""
        return {number: column.role for number, column in self.columns.items() if column.role}

    def called(self, *roles: str) -> frozenset[int]:
        """Give the columns with one of these roles."""
        return frozenset(number for number, role in self.roles.items() if role in roles)

    @cached_property
    def figure_columns(self) -> list[int]:
        return sorted(self.figures or self.snapshots)

    @cached_property
    def shares(self) -> frozenset[int]:
        """The columns of figures that hold percentages."""
        return frozenset(c for c in self.figures if "share" in self.columns[c].meaning.kind_names)

    @cached_property
    def is_complete(self) -> bool:
        """Whether the heading alone says what period each column is of."""
        return all(isinstance(found, Period) for found in self.figures.values())

    @cached_property
    def row_days(self) -> dict[date, Period]:
        """The periods that the days in the rows are about."""
        days = [day for row in self.rows for c in self.called(*TIME_ROLES) for day in read_when(row.text(c))[0].days]
        roles = self.roles.values()
        return days_as_periods(days, next((role for role in roles if role in ("month", "quarter")), ""))

    @cached_property
    def rows_above_blanks(self) -> dict[tuple[int, int], Row]:
        """By row number and column, for a blank in a column that tells something of its rows, the row above whose words
        still hold: they were typed once, or stand in merged cells."""
        found: dict[tuple[int, int], Row] = {}
        last: dict[int, Row] = {}
        for row in self.rows if self.grid.has_cells else ():
            last = {} if row.filled == [self.label_column] else last
            for column in self.called(*ROW_ROLES):
                if row.text(column):
                    last[column] = row
                elif column in last:
                    found[row.number, column] = last[column]
        return found

    def without(self, columns: set[int]) -> RawTable:
        """Give the table with some columns passed over."""
        return replace(self, figures={c: found for c, found in self.figures.items() if c not in columns})

    @cached_property
    def passed_over(self) -> frozenset[int]:
        """The columns that are known, and hold no figure that is read and no commentary."""
        known = {c for c, column in self.columns.items() if column.role or column.is_other}
        return frozenset(known | self.grid.hidden) - self.called("prose", "owner", "baseline") - self.figures.keys()

    @property
    def newest_year(self) -> str:
        periods = [found.financial_year for found in self.figures.values() if isinstance(found, Period)]
        return max(periods, default=self.title_year)

    def joined(self, row: Row, column: int) -> str:
        """Give a cell with the pieces of it that stand in the following columns, up to the next that has a heading."""
        end = min((other for other in self.columns if other > column), default=len(row.cells) + 1)
        return " ".join(printed for c in range(column, end) if (printed := row.printed(c)).strip())


# Several tables in a grid, and one whose rows are periods


def part_tables(grid: Grid, words: Vocabulary) -> list[Grid]:
    """Give the grid itself when no tables stand beside one another in it; else its parts, top to bottom, left to
    right."""
    if not grid.has_cells:
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
        rows = (row if n < top and len(row.filled) < 2 else _only(row, begin, end) for n, row in enumerate(grid.rows))
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
    start = next((index for index in range(len(grid.rows) - 1) if _is_turned(grid.rows, index, words)), None)
    if start is None or not grid.has_cells:
        return grid
    heading, rest = grid.rows[start], grid.rows[start + 1 :]
    lines = [heading, *(row for row in rest if len(row.filled) > 1 and _tells(row))]
    notes = [row for row in rest if row not in lines]
    joined = _join_periods(lines, words)
    width = max(len(row.cells) for row in lines)
    rows = (Row(c, tuple(row.printed(c) for row in joined)) for c in range(1, width + 1) if c not in grid.hidden)
    places = {row.number: position for position, row in enumerate(lines, start=1)}
    return TurnedGrid(
        grid.file,
        grid.sheet,
        tuple(row for row in rows if not row.is_blank),
        grid.notes,
        above=(*grid.above, *_paragraphs(grid.file, grid.rows[:start], "caption")),
        below=(*_paragraphs(grid.file, notes, "note"), *grid.below),
        doubts={(c, places[r]): doubt for (r, c), doubt in grid.doubts.items() if r in places and c},
        numbers=tuple(row.number for row in lines),
    )


def _is_turned(rows: tuple[Row, ...], index: int, words: Vocabulary) -> bool:
    """Whether a row names indicators behind its first cells, and the row below begins with a period."""
    row, below = rows[index], rows[index + 1]
    if len(row.filled) < 2 or words.labels.of(row.text(row.filled[0])) or _has_figure(row):
        return False
    known = [c for c in row.filled if _names_indicator(row.text(c), words)]
    return bool(known) and any(_is_period(below.text(c)) for c in range(1, known[0]))


def _names_indicator(text: str, words: Vocabulary) -> bool:
    """Whether a heading is an indicator's label; for a new partnership, one of more than words about figures."""
    if words.catalogue.indicators:
        return bool(words.labels.of(text))
    return not words.role_of(text) and bool(words.explain(text).left)


def _join_periods(lines: list[Row], words: Vocabulary) -> list[Row]:
    """The lines with year and quarter, where both have a column of their own, in the first of them: `2018/19 Q1`."""
    roles = {c: words.role_of(lines[0].text(c)) for c in lines[0].filled}
    columns = [c for c, role in roles.items() if role in TIME_ROLES]
    if len(columns) < 2:
        return lines
    joined = []
    for line in lines:
        texts = (with_its_heading(line.text(c), roles[c]) for c in columns)
        both = "Period" if line is lines[0] else " ".join(filter(None, texts))
        cells = {c: "" for c in columns[1:]} | {columns[0]: both}
        joined.append(replace(line, cells=tuple(cells.get(c, line.printed(c)) for c in line.columns)))
    return joined


def with_its_heading(text: str, role: str) -> str:
    """Give a cell as its column's heading makes it read: `1` under `Quarter` is Q1."""
    return f"Q{text}" if role == "quarter" and text.isdigit() else text


def _is_period(text: str) -> bool:
    if not text or len(text) > LONGEST_HEADING or text.isdigit():
        return False
    when, rest = read_when(text)
    return bool(when) and not rest


def _tells(row: Row) -> bool:
    """Whether a line holds a period or a figure, and not only the words of a note."""
    return _has_figure(row) or any(_is_period(row.text(c)) for c in row.filled)


def _has_figure(row: Row) -> bool:
    return any(LONE_FIGURE.fullmatch(row.text(c)) for c in row.filled)


def _paragraphs(file: str, rows: Iterable[Row], kind: Literal["caption", "note"]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(file, "", " ".join(map(row.text, row.filled)), kind) for row in rows if row.filled)

"""Second step of ingest: where the tables of a grid are, and what each column is about.

In: a `Grid`. Out: `Table`s, whose columns know their quarter and year. Titles, notes and prose around a table are
passed over; a row of figures outside every table is refused, so that nothing is dropped without a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from swp_analysis.catalogue.models import Layouts, Snapshot, UnnamedColumn
from swp_analysis.errors import InputError
from swp_analysis.ingest.columns import read_columns
from swp_analysis.ingest.grids import Grid, Row
from swp_analysis.ingest.spelling import drop_repeat, fold_look_alikes, letters
from swp_analysis.ingest.timeline import YEAR, Columns, Period, quarters_told

NO_HEADING = "figures stand under no heading row"
_FIGURE = re.compile(r"<?\d[\d,.]*\s*%?(?:\s*\([^()]*\d[^()]*\))?")


@dataclass(frozen=True)
class Table:
    """Rows of KPI figures under one heading; columns count from 1. With `doubt` no column is known: its heading is
    damaged, and names the `years`."""

    grid: Grid
    quarters: dict[int, Period]
    rows: tuple[Row, ...]
    snapshots: dict[int, Snapshot] = field(default_factory=dict)
    unnamed: dict[int, UnnamedColumn] = field(default_factory=dict)
    label_column: int = 1
    text_columns: frozenset[int] = frozenset()
    owner_columns: frozenset[int] = frozenset()
    ignored: frozenset[int] = frozenset()
    baseline_column: int = 0
    headed: tuple[int, ...] = ()
    note: str = ""
    doubt: str = ""
    heading: int = 0
    years: tuple[str, ...] = ()

    @property
    def newest_year(self) -> str:
        return max(period.financial_year for period in self.quarters.values())

    def joined(self, row: Row, column: int) -> str:
        """A cell with the pieces of it that stand in the following columns, up to the next that has a heading."""
        end = min((other for other in self.headed if other > column), default=len(row.cells) + 1)
        return " ".join(printed for c in range(column, end) if (printed := row.printed(c)).strip())


def find_tables(grid: Grid, layouts: Layouts) -> list[Table]:
    """The tables of a grid, top to bottom; none when no row is a heading.

    Raises
    ------
    InputError
        When a heading can't be read, or a row of figures stands under no heading.
    """
    starts = [index for index, row in enumerate(grid.rows) if _label_column(row, layouts)]
    starts = [
        index for index in starts if index - 1 not in starts or not _goes_on(grid.rows[index - 1], grid.rows[index])
    ]
    ends = [_end_of_table(grid.rows, start, limit) for start, limit in zip(starts, [*starts[1:], None], strict=False)]
    above = [grid.rows[end:start] for end, start in zip([0, *ends[:-1]], starts, strict=True)] if starts else []
    tables = [
        _read_table(grid, grid.rows[start:end], titles, layouts)
        for start, end, titles in zip(starts, ends, above, strict=True)
    ]
    inside = {index for start, end in zip(starts, ends, strict=True) for index in range(start, end)}
    outside = [row for index, row in enumerate(grid.rows) if index not in inside]
    return [*tables, *_without_heading(grid, outside)] if tables else []


def continue_table(grid: Grid, before: Table) -> Table | None:
    """A grid without heading as the rest of the table before it, when it has as many columns; or None."""
    width = max((len(row.cells) for row in before.rows), default=0)
    if not grid.rows or max(len(row.cells) for row in grid.rows) != width:
        return None
    rows = grid.rows
    if width > 1:
        begin = next(i for i, row in enumerate(rows) if len(row.cells) > 1)
        rows = rows[begin : _end_of_table(rows, begin, None)]
    rows = tuple(row for row in rows if not row.is_blank)
    return Table(
        **{**before.__dict__, "grid": grid, "rows": rows, "note": ""},
    )


def _label_column(row: Row, layouts: Layouts) -> int | None:
    """The column of the labels in a row that is a heading: its first filled cell, with others behind it."""
    filled = [column for column in row.columns if row.text(column)]
    if len(filled) < 2:
        return None
    words = tuple(word.casefold() for word in layouts.label_headings)
    if fold_look_alikes(row.text(filled[0])).casefold().startswith(words):
        return filled[0]
    if len(quarters_told(row.cells)) < 2:
        return None
    # Two quarters' names are a heading, whatever its first cell is called.
    first = next(column for column in filled if quarters_told([row.text(column)]))
    return filled[0] if filled[0] < first else first - 1 or None


def _goes_on(heading: Row, below: Row) -> bool:
    """Whether a row of quarters is the second row of the heading above it: that has no quarters, and the label."""
    first = next(column for column in heading.columns if heading.text(column))
    return not quarters_told(heading.cells) and not below.text(first)


def _end_of_table(rows: tuple[Row, ...], start: int, limit: int | None) -> int:
    """Up to the next heading, or to the first line of prose: a row that has one cell only."""
    end = limit or len(rows)
    return next((i for i in range(start + 1, end) if len(rows[i].cells) == 1 and not rows[i].is_blank), end)


def _read_table(grid: Grid, rows: tuple[Row, ...], titles: tuple[Row, ...], layouts: Layouts) -> Table:
    heading, label_column = rows[0], _label_column(rows[0], layouts) or 1
    names = {c: drop_repeat(fold_look_alikes(heading.text(c))) for c in heading.columns if heading.text(c)}
    spelt = {c: letters(name) for c, name in names.items()}
    snapshots = {c: s for c, name in spelt.items() for s in layouts.snapshots if name == letters(s.heading)}
    if snapshots:
        unnamed = {c: u for c, name in spelt.items() for u in layouts.unnamed_columns if name == letters(u.heading)}
        columns = Columns({}, 1)
    else:
        unnamed, columns = {}, read_columns(grid, rows, label_column, layouts, titles)
    headings = rows[: columns.heading_rows]
    return Table(
        grid,
        _visible_quarters(grid, heading, label_column, columns),
        tuple(row for row in rows[columns.heading_rows :] if not row.is_blank),
        snapshots,
        unnamed,
        label_column,
        _columns_named(headings, layouts.text_headings, columns),
        _columns_named(headings, layouts.owner_headings, columns),
        _columns_named(headings, layouts.ignored_headings, columns) | columns.totals,
        next((c for c, name in names.items() if c != label_column and _is_baseline(name, layouts)), 0),
        tuple(sorted(names)),
        columns.note,
        columns.doubt,
        headings[-1].number,
        columns.years,
    )


def _visible_quarters(grid: Grid, heading: Row, label_column: int, columns: Columns) -> dict[int, Period]:
    quarters = {c: period for c, period in columns.quarters.items() if c not in grid.hidden}
    if label_column in grid.hidden or (columns.quarters and not quarters):
        what = "the column of labels" if quarters else "every column of figures"
        raise InputError(f"{grid.address(heading, label_column)}: {what} of this table is hidden; show it again.")
    return quarters


def _is_baseline(name: str, layouts: Layouts) -> bool:
    return name.casefold().startswith(layouts.baseline_word.casefold())


def _columns_named(headings: tuple[Row, ...], words: list[str], columns: Columns) -> frozenset[int]:
    """The columns whose heading, in the first row or in all rows together, is one of `words`."""
    wanted = {word.casefold() for word in words}
    every = {column for row in headings for column in row.columns} - set(columns.quarters)
    found = set()
    for column in every:
        # A total may name the year that it is of.
        pieces = [YEAR.sub("", fold_look_alikes(row.text(column))).strip().casefold() for row in headings]
        if pieces[0] in wanted or drop_repeat(" ".join(filter(None, pieces))) in wanted:
            found.add(column)
    return frozenset(found)


def _without_heading(grid: Grid, rows: list[Row]) -> list[Table]:
    """Rows of figures outside every table: refused, or of copied text a table that can't be read."""
    lost = [row for row in rows if sum(bool(_FIGURE.fullmatch(row.text(c))) for c in row.columns) > 1]
    if not lost:
        return []
    where = grid.address(lost[0], next(c for c in lost[0].columns if _FIGURE.fullmatch(lost[0].text(c))))
    if grid.is_copied:
        return [Table(grid, {}, tuple(lost), note=f"{where}: {NO_HEADING}.", doubt=NO_HEADING)]
    raise InputError(
        f"{where}: {NO_HEADING}; expected one above them that begins with a word like KPI and names Quarter 1 to "
        "Quarter 4."
    )

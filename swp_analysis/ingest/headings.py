"""Second step of ingest: where the tables of a grid are, and what each column is about.

In: a `Grid`. Out: `Table`s, whose columns know their quarter and year. A column with figures under no heading is
refused, so that nothing is dropped without a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from swp_analysis.catalogue.models import Layouts, Snapshot, UnnamedColumn
from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Grid, Row

_QUARTER = re.compile(r"(?:quarter|qtr|q)\.?\s*([1-4])", re.IGNORECASE)
_YEAR_LIKE = re.compile(r"\d{2,4}\s*[-/–]\s*\d{2,4}")


@dataclass(frozen=True)
class Period:
    """A quarter of a financial year."""

    financial_year: str
    quarter: int


@dataclass(frozen=True)
class Table:
    """Rows of KPI figures under one heading; columns count from 1."""

    grid: Grid
    quarters: dict[int, Period]
    rows: tuple[Row, ...]
    snapshots: dict[int, Snapshot] = field(default_factory=dict)
    unnamed: dict[int, UnnamedColumn] = field(default_factory=dict)
    label_column: int = 1

    @property
    def newest_year(self) -> str:
        return max(period.financial_year for period in self.quarters.values())


def find_tables(grid: Grid, layouts: Layouts) -> list[Table]:
    """The tables of a grid, top to bottom.

    Raises
    ------
    InputError
        When there is no heading, a heading is damaged, or a figure stands under no heading.
    """
    starts = [index for index, row in enumerate(grid.rows) if _is_heading(row, layouts)]
    if not starts:
        raise InputError(
            f"{grid.file}: no table found; expected a heading row that begins with {layouts.label_heading!r} "
            "and names Quarter 1 to Quarter 4."
        )
    ends = [*starts[1:], len(grid.rows)]
    tables = [_read_table(grid, grid.rows[start:end], layouts) for start, end in zip(starts, ends, strict=True)]
    _refuse_figures_above(grid, grid.rows[: starts[0]])
    return tables


def _is_heading(row: Row, layouts: Layouts) -> bool:
    return (
        row.text(1).casefold().startswith(layouts.label_heading.casefold())
        and len([c for c in row.cells if c.strip()]) > 1
    )


def _read_table(grid: Grid, rows: tuple[Row, ...], layouts: Layouts) -> Table:
    heading, body = rows[0], rows[1:]
    snapshots = {c: s for c in heading.columns for s in layouts.snapshots if heading.text(c) == s.heading}
    if snapshots:
        unnamed = {c: u for c in heading.columns for u in layouts.unnamed_columns if heading.text(c) == u.heading}
        quarters: dict[int, Period] = {}
    else:
        unnamed = {}
        quarters, body = _read_quarters(grid, heading, body)
    table = Table(grid, quarters, tuple(row for row in body if not row.is_blank), snapshots, unnamed)
    _refuse_figures_under_no_heading(table, heading, layouts)
    return table


def _read_quarters(grid: Grid, heading: Row, body: tuple[Row, ...]) -> tuple[dict[int, Period], tuple[Row, ...]]:
    if not body or body[0].text(1):
        raise InputError(f"{grid.address(heading, 1)}: expected a row of financial years below this heading.")
    years, columns = body[0], {}
    quarter = None
    for column in years.columns:
        quarter = _quarter_heading(heading.text(column)) or (quarter if not heading.text(column) else None)
        if years.text(column):
            columns[column] = _period(grid, years, column, quarter)
    _refuse_repeats(grid, years, columns)
    return columns, body[1:]


def _quarter_heading(text: str) -> int | None:
    match = _QUARTER.fullmatch(text)
    return int(match[1]) if match else None


def _period(grid: Grid, years: Row, column: int, quarter: int | None) -> Period:
    text = years.text(column)
    year = read_financial_year(text)
    if year is None:
        raise InputError(f"{grid.address(years, column)}: found {text!r}, expected a financial year such as 2016/17.")
    if quarter is None:
        raise InputError(
            f"{grid.address(years, column)}: the year {text!r} stands under no heading such as 'Quarter 1'."
        )
    return Period(year, quarter)


def _refuse_repeats(grid: Grid, years: Row, columns: dict[int, Period]) -> None:
    first: dict[Period, int] = {}
    for column, period in columns.items():
        if period in first:
            raise InputError(
                f"{grid.address(years, column)}: quarter {period.quarter} of {period.financial_year} "
                f"already stands in column {grid.address(years, first[period]).column_letter}."
            )
        first[period] = column
    if not columns:
        raise InputError(
            f"{grid.address(years, 1)}: no financial years in this heading; expected some such as 2016/17."
        )


def _refuse_figures_above(grid: Grid, rows: tuple[Row, ...]) -> None:
    for row in rows:
        if sum(any(ch.isdigit() for ch in cell) for cell in row.cells) > 1:
            raise InputError(
                f"{grid.address(row, 1)}: figures stand above the first heading row; expected a heading first."
            )


def _refuse_figures_under_no_heading(table: Table, heading: Row, layouts: Layouts) -> None:
    known = {*table.quarters, *table.snapshots, *table.unnamed, table.label_column}
    words = {text.casefold() for text in (*layouts.owner_headings, *layouts.text_headings)}
    known |= {column for column in heading.columns if heading.text(column).casefold() in words}
    for row in table.rows:
        for column in row.columns:
            if column not in known and any(ch.isdigit() for ch in _without_years(row.text(column))):
                where = table.grid.address(row, column)
                raise InputError(f"{where}: found {row.text(column)!r} in a column that no heading explains.")


def _without_years(text: str) -> str:
    # "To reduce and be 5% lower than 2015/16" is a target in words, in the column of preferred directions.
    return "" if re.match(r"to\s", text, re.IGNORECASE) else _YEAR_LIKE.sub("", text)

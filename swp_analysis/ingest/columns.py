"""Which quarter and year each column is about. In: the heading rows of a table. Out: `Columns`, or a sentence that
says what is wrong.

Headings in order are read as they stand. Damaged ones (broken over cells, run together, moved) are read only when
one reading alone agrees with the number of columns, the order of the quarters and the years that are printed.
"""

from __future__ import annotations

import re

from swp_analysis.catalogue.models import Layouts
from swp_analysis.catalogue.periods import quarter_of_day, read_financial_year
from swp_analysis.errors import InputError
from swp_analysis.ingest.damaged_headings import read_damaged
from swp_analysis.ingest.grids import Grid, Row
from swp_analysis.ingest.timeline import YEAR, YEAR_LIKE, Columns, Period, month_period, read_quarter, years_in
from swp_analysis.ingest.unresolved import NUMBERED_QUARTER, Misfit, doubt_heading

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(rf"((?:{'|'.join(_MONTHS)})[a-z]*)\s+((?:19|20)\d\d)", re.IGNORECASE)
_MONTHS_OF_YEAR = re.compile(
    rf"(?P<name>.*?)[ :,(]*(?P<first>{'|'.join(_MONTHS)})[a-z]*\s*(?:-|–|to)\s*(?P<last>{'|'.join(_MONTHS)})[a-z]*"
    r"\s+(?P<year>(?:19|20)\d\d)\)?",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def read_columns(
    grid: Grid, rows: tuple[Row, ...], label_column: int, layouts: Layouts, titles: tuple[Row, ...] = ()
) -> Columns:
    """The columns of the table whose heading begins with `rows[0]`.

    `titles` are the rows above it; a heading of quarters alone takes the one year that they, or the sheet, name.

    A damaged heading that no reading, or more than one, agrees with gives `Columns` without quarters.

    Raises
    ------
    InputError
        When the heading is clear, and wrong; `unresolved` says where that line runs.
    """
    try:
        return _read_in_order(grid, rows, label_column, layouts, titles)
    except InputError as problem:
        repaired = read_damaged(grid, rows, label_column, layouts) or _read_under_title(grid, rows, titles)
        repaired = repaired or doubt_heading(grid, rows, label_column, problem)
        if repaired is None:
            raise problem from None
        return repaired


# Headings in order


def _read_in_order(
    grid: Grid, rows: tuple[Row, ...], label_column: int, layouts: Layouts, titles: tuple[Row, ...]
) -> Columns:
    heading = rows[0]
    _refuse_odd_quarters(grid, heading)
    _refuse_odd_years(grid, heading)
    single = {c: period for c in heading.columns if (period := _both_in_one(heading.text(c)))}
    if single:
        _refuse_repeats(grid, heading, single)
        return Columns(single, 1)
    if titles and (years := _years_above(grid, heading, titles[-1])):
        _refuse_repeats(grid, heading, years)
        return Columns(years, 1)
    if len(rows) < 2 or (rows[1].text(label_column) and not any(YEAR.search(cell) for cell in rows[1].cells)):
        raise InputError(
            f"{grid.address(heading, label_column)}: expected a row of financial years below this heading."
        )
    totals: frozenset[int] = frozenset()
    if any(read_financial_year(heading.text(c)) for c in heading.columns):
        columns = _read_quarters_under_years(grid, heading, rows[1])
    else:
        totals = _totals_over_years(heading, rows[1], label_column, layouts)
        columns = _read_years_under_quarters(grid, heading, rows[1], label_column, totals)
    _refuse_repeats(grid, rows[1], columns)
    return Columns(columns, 2, totals=totals)


def _refuse_odd_quarters(grid: Grid, heading: Row) -> None:
    for column in heading.columns:
        text = YEAR.sub("", heading.text(column)).strip(" -–:,()")
        if NUMBERED_QUARTER.fullmatch(text) and read_quarter(text) is None:
            raise InputError(
                f"{grid.address(heading, column)}: found {heading.text(column)!r}, expected Quarter 1 to Quarter 4."
            )


def _refuse_odd_years(grid: Grid, heading: Row) -> None:
    for column in heading.columns:
        year = YEAR_LIKE.search(heading.text(column))
        rest = heading.text(column).replace(year[0], "").strip(" -–:,()") if year else ""
        if read_quarter(rest) and read_financial_year(year[0]) is None:
            raise InputError(
                f"{grid.address(heading, column)}: found {heading.text(column)!r}, expected a quarter and a financial "
                "year such as Q1 2016/17."
            )


def _both_in_one(text: str) -> Period | None:
    """A heading that holds all of a period: `Q1 2016/17`, `2016/17 Quarter 1`, `Apr-Jun 2016`, the date of a quarter's
    first or last day, or `January 2018` for one month alone."""
    month = _MONTH.fullmatch(text)
    if month:
        return month_period(int(month[2]), _MONTHS.index(month[1][:3].casefold()) + 1)
    months = _MONTHS_OF_YEAR.fullmatch(text)
    if months:
        return _quarter_of_months(**months.groupdict())
    day = _DAY.match(text)
    if day:
        found = quarter_of_day(*map(int, day.groups()))
        return Period(*found) if found else None
    year = YEAR.search(text)
    if year is None:
        return None
    quarter, name = read_quarter(text.replace(year[0], " ").strip(" -–:,()")), read_financial_year(year[0])
    return Period(name, quarter) if name and quarter else None


def _quarter_of_months(name: str, first: str, last: str, year: str) -> Period | None:
    """The quarter that lasts from one month to another of a calendar year; None when there is none, or its `name` is
    another's."""
    begin, end = (_MONTHS.index(month[:3].casefold()) + 1 for month in (first, last))
    found = quarter_of_day(int(year), begin, 1)
    is_whole = found and end == begin + 2
    return Period(*found) if is_whole and (not name or read_quarter(name) == found[1]) else None


def _totals_over_years(heading: Row, years: Row, label_column: int, layouts: Layouts) -> frozenset[int]:
    """The columns with years below a heading such as `Total`, which reaches as far as the next one."""
    words = {word.casefold() for word in layouts.ignored_headings}
    found, name = set(), ""
    for column in range(label_column + 1, len(years.cells) + 1):
        name = heading.text(column).casefold() or name
        found |= {column} if name in words and years.text(column) else set()
    return frozenset(found)


def _read_years_under_quarters(
    grid: Grid, heading: Row, years: Row, label_column: int, totals: frozenset[int]
) -> dict[int, Period]:
    columns: dict[int, Period] = {}
    quarter = None
    if not any(years.text(column) for column in range(label_column + 1, len(years.cells) + 1)):
        raise InputError(
            f"{grid.address(years, label_column)}: no financial years in this heading; expected some such as 2016/17."
        )
    for column in range(label_column + 1, len(years.cells) + 1):
        own = read_quarter(heading.text(column))
        quarter = own or (quarter if not heading.text(column) else None)
        if years.text(column) and column not in totals:
            columns[column] = _period(grid, years, column, quarter)
        elif own:
            raise Misfit(f"{grid.address(years, column)}: expected a financial year below {heading.text(column)!r}.")
    return columns


def _years_above(grid: Grid, quarters: Row, above: Row) -> dict[int, Period]:
    """The columns of a heading of quarters, when the row right above it has their years in more than one cell."""
    years = [column for column in above.columns if read_financial_year(above.text(column))]
    adjacent = above.number == quarters.number - 1 and len(years) > 1
    if not adjacent or any(YEAR_LIKE.search(cell) for cell in quarters.cells):
        return {}
    return _read_quarters_under_years(grid, above, quarters)


def _period(grid: Grid, years: Row, column: int, quarter: int | None) -> Period:
    text = years.text(column)
    year = read_financial_year(text)
    if year is None:
        raise InputError(f"{grid.address(years, column)}: found {text!r}, expected a financial year such as 2016/17.")
    if quarter is None:
        raise Misfit(f"{grid.address(years, column)}: the year {text!r} stands under no heading such as 'Quarter 1'.")
    return Period(year, quarter)


def _read_quarters_under_years(grid: Grid, heading: Row, quarters: Row) -> dict[int, Period]:
    columns: dict[int, Period] = {}
    year = None
    for column in quarters.columns:
        year = read_financial_year(heading.text(column)) or (year if not heading.text(column) else None)
        quarter = read_quarter(quarters.text(column))
        if quarter and year is None:
            raise Misfit(f"{grid.address(quarters, column)}: {quarters.text(column)!r} stands under no financial year.")
        if quarter:
            columns[column] = Period(year, quarter)
    if not columns:
        raise InputError(f"{grid.address(quarters, 1)}: expected headings such as 'Quarter 1' below the years.")
    return columns


def _refuse_repeats(grid: Grid, row: Row, columns: dict[int, Period]) -> None:
    first: dict[Period, int] = {}
    for column, period in columns.items():
        if period in first:
            raise InputError(
                f"{grid.address(row, column)}: quarter {period.quarter} of {period.financial_year} "
                f"already stands in column {grid.address(row, first[period]).column_letter}."
            )
        first[period] = column


def _read_under_title(grid: Grid, rows: tuple[Row, ...], titles: tuple[Row, ...]) -> Columns | None:
    heading = rows[0]
    quarters = {c: quarter for c in heading.columns if (quarter := read_quarter(heading.text(c)))}
    told = [years_in(text) for text in (grid.sheet, *(cell for row in titles for cell in row.cells))]
    years = {year for found in told for year in found or []}
    below = rows[1].cells if len(rows) > 1 else ()
    if (
        None in told
        or len(years) != 1
        or not quarters
        or any(YEAR_LIKE.search(cell) for cell in (*heading.cells, *below))
    ):
        return None
    year = years.pop()
    if len(set(quarters.values())) < len(quarters):
        return None
    note = (
        f"{grid.address(heading, 1)}: the heading names no year; it is read as {year}, the only one in the title above."
    )
    return Columns({column: Period(year, quarter) for column, quarter in quarters.items()}, 1, note)

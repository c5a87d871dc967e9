"""Which quarter and year each column is about. In: the heading rows of a table. Out: `Columns`, or a sentence that
says what is wrong.

Headings in order are read as they stand. Damaged ones (broken over cells, run together, moved) are read only when
one reading alone agrees with the number of columns, the order of the quarters and the years that are printed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from itertools import permutations, product

from swp_analysis.catalogue.models import Layouts
from swp_analysis.catalogue.periods import financial_year_id, quarter_bounds, quarter_of_day, read_financial_year
from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Grid, Row
from swp_analysis.ingest.spelling import fold_look_alikes

_QUARTER = re.compile(
    r"(?:(?:quarter|qtr|q)\.?\s*([1-4])|([1-4])(?:st|nd|rd|th) (?:quarter|qtr))"
    # The months that a quarter covers, as many write behind it: "Q1 (Apr-Jun)".
    r"(?:\s*[:(,]?\s*[a-z]{3,9}\s*(?:-|–|to)\s*[a-z]{3,9}\)?)?",
    re.IGNORECASE,
)
_QUARTER_PIECES = re.compile(r"(?:ter|qtr|\bq)\.?\s*([1-4])\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d\s*[-/–]\s*(?:\d{4}|\d{2})(?!\d)")
_YEAR_LIKE = re.compile(r"\d{2,4}\s*[-/–]\s*\d{2,4}")
# A report shows this many years at most; the readings to be compared grow with its factorial.
MOST_YEARS = 3
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(rf"((?:{'|'.join(_MONTHS)})[a-z]*)\s+((?:19|20)\d\d)", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True, order=True)
class Period:
    """A quarter of a financial year, or with `month` (1 to 12) that month of it alone."""

    financial_year: str
    quarter: int
    month: int = 0

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        first, last = quarter_bounds(self.financial_year, self.quarter)
        if not self.month:
            return first, last
        first = first.replace(month=self.month)
        return first, first.replace(day=monthrange(first.year, first.month)[1])


def month_period(year: int, month: int) -> Period:
    """The period of a calendar month."""
    start = year if month >= 4 else year - 1
    return Period(financial_year_id(start), (month - 4) % 12 // 3 + 1, month)


@dataclass(frozen=True)
class Columns:
    """The period of each 1-based column, how many rows the heading has, and how a damaged heading was read."""

    quarters: dict[int, Period]
    heading_rows: int
    note: str = ""


def read_columns(grid: Grid, rows: tuple[Row, ...], label_column: int, layouts: Layouts) -> Columns:
    """The columns of the table whose heading begins with `rows[0]`.

    Raises
    ------
    InputError
        When no reading, or more than one, agrees with what the heading prints.
    """
    try:
        return _read_in_order(grid, rows, label_column)
    except InputError as problem:
        repaired = _read_damaged(grid, rows, label_column, layouts)
        if repaired is None:
            raise problem from None
        return repaired


def read_quarter(text: str) -> int | None:
    """The quarter that a heading names, or None when the text isn't exactly one."""
    match = _QUARTER.fullmatch(fold_look_alikes(text))
    return int(match[1] or match[2]) if match else None


# Headings in order


def _read_in_order(grid: Grid, rows: tuple[Row, ...], label_column: int) -> Columns:
    heading = rows[0]
    single = {c: period for c in heading.columns if (period := _both_in_one(heading.text(c)))}
    if single:
        _refuse_repeats(grid, heading, single)
        return Columns(single, 1)
    if len(rows) < 2 or (rows[1].text(label_column) and not any(_YEAR.search(cell) for cell in rows[1].cells)):
        raise InputError(
            f"{grid.address(heading, label_column)}: expected a row of financial years below this heading."
        )
    if any(read_financial_year(heading.text(c)) for c in heading.columns):
        columns = _read_quarters_under_years(grid, heading, rows[1])
    else:
        columns = _read_years_under_quarters(grid, heading, rows[1], label_column)
    _refuse_repeats(grid, rows[1], columns)
    return Columns(columns, 2)


def _both_in_one(text: str) -> Period | None:
    """A heading that holds all of a period: `Q1 2016/17`, `2016/17 Quarter 1`, the date of a quarter's first or last
    day, or `January 2018` for one month alone."""
    month = _MONTH.fullmatch(text)
    if month:
        return month_period(int(month[2]), _MONTHS.index(month[1][:3].casefold()) + 1)
    day = _DAY.match(text)
    if day:
        found = quarter_of_day(*map(int, day.groups()))
        return Period(*found) if found else None
    year = _YEAR.search(text)
    if year is None:
        return None
    quarter, name = read_quarter(text.replace(year[0], " ").strip(" -–:,()")), read_financial_year(year[0])
    return Period(name, quarter) if name and quarter else None


def _read_years_under_quarters(grid: Grid, heading: Row, years: Row, label_column: int) -> dict[int, Period]:
    columns: dict[int, Period] = {}
    quarter = None
    for column in range(label_column + 1, len(years.cells) + 1):
        own = read_quarter(heading.text(column))
        quarter = own or (quarter if not heading.text(column) else None)
        if years.text(column):
            columns[column] = _period(grid, years, column, quarter)
        elif own:
            raise InputError(
                f"{grid.address(years, column)}: expected a financial year below {heading.text(column)!r}."
            )
    if not columns:
        raise InputError(
            f"{grid.address(years, 1)}: no financial years in this heading; expected some such as 2016/17."
        )
    return columns


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


def _read_quarters_under_years(grid: Grid, heading: Row, quarters: Row) -> dict[int, Period]:
    columns: dict[int, Period] = {}
    year = None
    for column in quarters.columns:
        year = read_financial_year(heading.text(column)) or (year if not heading.text(column) else None)
        quarter = read_quarter(quarters.text(column))
        if quarter and year is None:
            raise InputError(
                f"{grid.address(quarters, column)}: {quarters.text(column)!r} stands under no financial year."
            )
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


# Damaged headings


def _read_damaged(grid: Grid, rows: tuple[Row, ...], label_column: int, layouts: Layouts) -> Columns | None:
    heading, span = rows[0], _figure_span(rows[0], label_column, layouts)
    quarters = [int(n) for n in _QUARTER_PIECES.findall(fold_look_alikes(" ".join(heading.cells[label_column:])))]
    if len(rows) < 2 or not span or not quarters or quarters != sorted(set(quarters)):
        return None
    printed = [_years_in(rows[1].text(c)) for c in range(1, max(len(rows[1].cells), span[-1]) + 1)]
    if None in printed:
        return None
    years = sorted({year for cell in printed for year in cell})
    if not 1 <= len(years) <= MOST_YEARS or len(years) * len(quarters) != len(span):
        return None
    found = _year_sequence(printed, span, years)
    if found is None:
        return None
    each = len(years)
    columns = {c: Period(year, quarters[i // each]) for i, (c, year) in enumerate(zip(span, found, strict=True))}
    first, last = grid.address(heading, span[0]).column_letter, grid.address(heading, span[-1]).column_letter
    note = (
        f"{grid.address(heading, label_column)}: the heading is damaged; columns {first} to {last} are read as "
        f"quarters {quarters[0]} to {quarters[-1]} of {' and '.join(years)}, the only "
        f"reading that fits its {len(span)} columns."
    )
    return Columns(columns, 2, note)


def _figure_span(heading: Row, label_column: int, layouts: Layouts) -> list[int]:
    """The columns from the first piece of a quarter's heading to the last before commentary or owner."""
    words = tuple(word.casefold() for word in (*layouts.text_headings, *layouts.owner_headings))
    first = last = 0
    for column in range(label_column + 1, len(heading.cells) + 1):
        text = fold_look_alikes(heading.text(column)).casefold()
        if not first and text.startswith("q"):
            first = column
        if first and text and (text in words or any(word.startswith(f"{text} ") for word in words)):
            return list(range(first, column))
        last = column if text else last
    return list(range(first, last + 1)) if first else []


def _years_in(text: str) -> list[str] | None:
    """The years in a cell, in order; None when something like a year is no financial year.

    A clipped copy of a year that ran into the cell is not a year.
    """
    years = [read_financial_year(found) for found in _YEAR.findall(text)]
    rest = _YEAR.sub(" ", text)
    return None if None in years or _YEAR_LIKE.search(rest) else years


def _year_sequence(printed: list[list[str]], span: list[int], years: list[str]) -> tuple[str, ...] | None:
    """The year of each column of `span`: each quarter has each year once, and the print decides the order.

    Tried in turn: each cell's years fill its own column and the empty ones behind it; all years in the order of
    print; as few cells as can be out of order, because the other columns leave them no choice.
    """
    outside = any(cell for column, cell in enumerate(printed, start=1) if column not in set(span))
    covers = [] if outside else _covers(printed, span)
    groups = [list(permutations(years))] * (len(span) // len(years))
    sequences = [tuple(year for group in chosen for year in group) for chosen in product(*groups)]
    in_place = tuple(year for _, cell in covers for year in cell)
    in_print = tuple(year for cell in printed for year in cell)
    for told in (in_place, in_print):
        if told in sequences:
            return told
    fitting = {one: _out_of_order(one, span, covers) for one in sequences if covers and _fits(one, span, covers)}
    least = [one for one, count in fitting.items() if count == min(fitting.values())]
    return least[0] if len(least) == 1 else None


def _covers(printed: list[list[str]], span: list[int]) -> list[tuple[list[int], list[str]]]:
    """For each cell with years the columns it must stand for; nothing when a cell lacks the empty ones it needs."""
    covers, column = [], span[0]
    while column <= span[-1]:
        cell = printed[column - 1]
        if not cell:
            return []
        own = list(range(column, column + len(cell)))
        if own[-1] > span[-1] or any(printed[c - 1] for c in own[1:]):
            return []
        covers.append((own, cell))
        column = own[-1] + 1
    return covers


def _fits(sequence: tuple[str, ...], span: list[int], covers: list[tuple[list[int], list[str]]]) -> bool:
    return all(sorted(sequence[c - span[0]] for c in own) == sorted(cell) for own, cell in covers)


def _out_of_order(sequence: tuple[str, ...], span: list[int], covers: list[tuple[list[int], list[str]]]) -> int:
    return sum([sequence[c - span[0]] for c in own] != cell for own, cell in covers)

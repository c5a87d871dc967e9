"""Home Office recorded crime, one row an area, quarter and offence code. In: a published file. Out: a CSV a force.

Rows are written as they are read, in the order of the file. A force or partnership that is missing from a quarter in
which the others stand gets a row `not_supplied`, so that its gap is never taken for a zero.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import BODIES, Gazetteer
from swp_analysis.open_data.layouts import Header, clean, find_header, load_layouts
from swp_analysis.open_data.sheets import Sheet, read_sheets

COLUMNS = (
    "area_code period_start period_end financial_year quarter offence_group offence_subgroup offence_code count status "
    "source edition source_row"
).split()
REPORTED, NOT_SUPPLIED, PARTIAL = "reported", "not_supplied", "partial"
YEAR = re.compile(r"(\d{4})\s*[-/_]\s*(\d{2}|\d{4})")
QUARTER = re.compile(r"(?:Q(?:uarter)?\s*)?([1-4])", re.IGNORECASE)
NUMBER = re.compile(r"-?[\d,]+(?:\.0+)?")
FLUSH_ROWS = 50_000


@dataclass
class ForceTables:
    """The CSV of each force in a folder, appended to as rows come in."""

    folder: Path
    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    waiting: int = 0

    def write(self, force: str, line: str) -> None:
        self.lines[force].append(line)
        self.waiting += 1
        if self.waiting >= FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Append what waits to the files."""
        for force, lines in self.lines.items():
            with (self.folder / f"{force}.csv").open("a", encoding="utf-8", newline="") as file:
                file.writelines(lines)
        self.lines.clear()
        self.waiting = 0


@dataclass
class _Reading:
    """What is known of one sheet's rows: texts made once for each place, quarter and offence."""

    header: Header
    where: str
    book: Gazetteer
    edition: str
    places: dict[tuple, tuple[str, str]] = field(default_factory=dict)
    quarters: dict[tuple, tuple[str, tuple[str, int]]] = field(default_factory=dict)
    offences: dict[tuple, str] = field(default_factory=dict)
    counts: dict[object, str] = field(default_factory=dict)
    seen: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))


def read_recorded_crime(path: Path, book: Gazetteer, edition: str, folder: Path, own: Path | None = None) -> int:
    """Write the rows of a file into a CSV a force in `folder`; the number of rows of the file.

    Parameters
    ----------
    own : the folder with the user's `layouts.yml`.

    Raises
    ------
    InputError
        For a sheet whose header is unknown, a year, quarter or count that can't be read, or a force that nobody knows.
    """
    tables, rows = ForceTables(folder), 0
    seen: dict[str, set] = defaultdict(set)
    source = "home_office_prc"
    for sheet in read_sheets(path):
        header = find_header(sheet.rows, sheet.where, own)
        if header is None:
            refuse_unless_notes(sheet)
            continue
        source = "home_office_prc_csp" if "csp" in header.columns else "home_office_prc"
        reading = _Reading(header, sheet.where, book, edition)
        rows += _read_rows(reading, sheet, f",{source},{edition},", tables)
        for area, quarters in reading.seen.items():
            seen[area] |= quarters
    for force, line in _list_gaps(seen, book, f",{source},{edition},\n"):
        tables.write(force, line)
    tables.flush()
    return rows


def refuse_unless_notes(sheet: Sheet) -> None:
    """Raise an InputError for a sheet without a header that is neither empty nor one of notes."""
    if re.search(load_layouts()["skipped_sheets"], sheet.name, re.IGNORECASE):
        return
    if sum(any(clean(cell) for cell in cells) for cells in sheet.rows) > 0 and YEAR.search(sheet.name):
        raise InputError(
            f"{sheet.where}: no header of a known table stands in its first rows; look at the sheet, and add new "
            "names of columns to data/raw/open/layouts.yml."
        )


def _read_rows(reading: _Reading, sheet: Sheet, tail: str, tables: ForceTables) -> int:
    columns = [
        reading.header.columns.get(name, -1)
        for name in "financial_year quarter force csp group subgroup code count".split()
    ]
    year, quarter, force, csp, group, subgroup, code, count = columns
    places, quarters, offences, counts = reading.places, reading.quarters, reading.offences, reading.counts
    write, seen, rows, last = tables.write, reading.seen, 0, max(columns)
    for number, cells in enumerate(sheet.rows, start=reading.header.row + 1):
        if len(cells) <= last or not cells[year]:
            if any(clean(cell) for cell in cells):
                raise InputError(
                    f"{reading.where}, row {number}: the row has no year or too few columns; mend the file."
                )
            continue  # padding
        rows += 1
        place_key, quarter_key, offence_key = (
            (cells[force], cells[csp] if csp >= 0 else None),
            (cells[year], cells[quarter]),
            (cells[group], cells[subgroup], cells[code]),
        )
        place = places.get(place_key) or _find_place(reading, place_key, number)
        when = quarters.get(quarter_key) or _find_quarter(reading, quarter_key, number)
        offence = offences.get(offence_key) or _write_offence(reading, offence_key)
        amount = counts.get(cells[count]) or _write_count(reading, cells[count], number)
        if amount[0] != ",":
            seen[place[1]].add(when[1])
        write(place[0], f"{place[1]},{when[0]},{offence},{amount}{tail}{number}\n")
    return rows


def _find_place(reading: _Reading, key: tuple, number: int) -> tuple[str, str]:
    force_name, csp = clean(key[0]), key[1]
    try:
        force = reading.book.force_named(force_name)
    except InputError as error:
        raise InputError(f"{reading.where}, row {number}: {error}") from None
    area = force if csp is None else reading.book.partnership_named(clean(csp), force)
    home = reading.book.areas[force]
    reading.places[key] = (BODIES if home.kind == "body" else force), area
    return reading.places[key]


def _find_quarter(reading: _Reading, key: tuple, number: int) -> tuple[str, tuple[str, int]]:
    year, quarter = YEAR.fullmatch(clean(key[0])), QUARTER.fullmatch(clean(key[1]))
    if not year or not quarter:
        raise InputError(
            f"{reading.where}, row {number}: “{clean(key[0])}”, “{clean(key[1])}” is no financial year and quarter; "
            "write them like 2017/18 and 1."
        )
    first, which = int(year[1]), int(quarter[1])
    starts, ends = quarter_days(first, which)
    text = f"{starts},{ends},{first}-{(first + 1) % 100:02d},{which}"
    reading.quarters[key] = text, (f"{first}-{(first + 1) % 100:02d}", which)
    return reading.quarters[key]


def quarter_days(year: int, quarter: int) -> tuple[date, date]:
    """First and last day of a quarter of the financial year that begins in `year`.

    >>> [str(day) for day in quarter_days(2017, 4)]
    ['2018-01-01', '2018-03-31']
    """
    begins, month = (year, 1 + 3 * quarter) if quarter < 4 else (year + 1, 1)
    return date(begins, month, 1), date(begins, month + 2, (30, 31)[month + 2 in (3, 12)])


def _write_offence(reading: _Reading, key: tuple) -> str:
    reading.offences[key] = ",".join(quote(clean(cell)) for cell in key)
    return reading.offences[key]


def quote(text: str) -> str:
    """A text as a cell of a CSV."""
    needed = any(mark in text for mark in ',"\n')
    return '"' + text.replace('"', '""') + '"' if needed else text


def _write_count(reading: _Reading, cell: object, number: int) -> str:
    value = read_count(cell, f"{reading.where}, row {number}")
    reading.counts[cell] = f",{NOT_SUPPLIED}" if value is None else f"{value},{REPORTED}"
    return reading.counts[cell]


def read_count(cell: object, where: str) -> int | None:
    """A count, or None for a cell that says that there is none.

    >>> [read_count(cell, "") for cell in (" 66776 ", "27,222 ", "-00", -3.0, "[x]", "")]
    [66776, 27222, 0, -3, None, None]

    Raises
    ------
    InputError
        For anything else, so that a mark that nobody knows is never taken for a figure.
    """
    text = clean(cell)
    if NUMBER.fullmatch(text):
        return int(float(text.replace(",", "")))
    if text in load_layouts()["missing_marks"]:
        return None
    raise InputError(f"{where}: “{text}” is no count; correct it, or leave the cell empty if the figure is missing.")


def _list_gaps(seen: dict[str, set], book: Gazetteer, tail: str) -> Iterator[tuple[str, str]]:
    """A row `not_supplied` for each quarter in which a force, or a partnership between two of its quarters, is
    absent."""
    everywhere = sorted(set().union(*seen.values())) if seen else []
    by_force: dict[str, set] = defaultdict(set)
    for area, quarters in seen.items():
        by_force[book.areas[area].force_code or area] |= quarters
    for area, quarters in sorted(seen.items()):
        force = book.areas[area].force_code
        if book.areas[area].kind == "body":
            continue
        within = [quarter for quarter in everywhere if min(quarters) <= quarter <= max(quarters)]
        absent = {quarter for quarter in everywhere if quarter not in by_force[force]}
        for year, quarter in sorted((absent | set(within)) - quarters):
            starts, ends = quarter_days(int(year[:4]), quarter)
            yield force, f"{area},{starts},{ends},{year},{quarter},,,,,{NOT_SUPPLIED}{tail}"

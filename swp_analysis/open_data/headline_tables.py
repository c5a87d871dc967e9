"""ONS tables C1 and C2: a year of headline offences by partnership. In: CSV or workbook. Out: rows by area and group.

Force totals stand among the partnerships; the code of a force is wrong here and there, so the name decides and every
correction is told. What the partnerships of a force add up to is held against its total.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pandas as pd

from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import PARTNERSHIP, Gazetteer
from swp_analysis.open_data.layouts import Header, clean, find_header
from swp_analysis.open_data.offences import TOTAL
from swp_analysis.open_data.recorded_crime import COLUMNS, NOT_SUPPLIED, REPORTED, read_count
from swp_analysis.open_data.sheets import PublishedSheet, read_sheets

MONTHS = "January February March April May June July August September October November December".split()
YEAR_ENDING = re.compile(rf"year ending ({'|'.join(MONTHS)}) (\d{{4}})", re.IGNORECASE)


def read_headline_table(path: Path, book: Gazetteer, edition: str, own: Path | None = None) -> pd.DataFrame:
    """Read the rows of a table C1 or C2, with the columns of recorded crime; a rate stands in `count` of C1.

    Raises
    ------
    InputError
        When no sheet has the table, its title names no year, or a cell is neither a figure nor a mark for none.
    """
    for sheet in read_sheets(path):
        titles: list[str] = []
        header = find_header(_watch(sheet, titles), sheet.where, own)
        if header and header.offences:
            return _read(sheet, header, book, edition, _find_year(titles, path.name))
    raise InputError(f"{path.name}: no sheet holds table C1 or C2; fetch it again with swp fetch crime.")


def _watch(sheet: PublishedSheet, titles: list[str]):
    for cells in sheet.rows:
        titles.append(" ".join(clean(cell) for cell in cells))
        yield cells


def _find_year(titles: list[str], name: str) -> tuple[date, date]:
    found = next((match for title in titles if (match := YEAR_ENDING.search(title))), None)
    if not found:
        raise InputError(f"{name}: no title says “year ending June 2025” or the like; write it into the first row.")
    last = pd.Period(f"{found[1]} {found[2]}", freq="M")
    return (last - 11).start_time.date(), last.end_time.date()


def _read(
    sheet: PublishedSheet, header: Header, book: Gazetteer, edition: str, year: tuple[date, date]
) -> pd.DataFrame:
    rows: list[tuple] = []
    codes: dict[str, Counter] = defaultdict(Counter)
    groups = {TOTAL: header.columns["total"], **header.offences}
    read_value = _read_rate if header.kind == "headline_rates" else read_count
    for number, cells in enumerate(sheet.rows, start=header.row + 1):
        force_name = header.get(cells, "force")
        if not force_name or PARTNERSHIP.fullmatch(force_name):
            continue
        force = book.force_named(force_name)
        codes[force][header.get(cells, "force_code"), header.get(cells, "csp")] = number
        area = _find_area(header, cells, book, force)
        for group, column in groups.items():
            cell = cells[column] if column < len(cells) else ""
            value = read_value(cell, f"{sheet.where}, row {number}, {group}")
            status = NOT_SUPPLIED if value is None else REPORTED
            quarter = (year[0], year[1], _financial_year(year), "")
            rows.append((area, *quarter, group, "", "", value, status, header.source, edition, number))
    _tell_wrong_codes(codes, book, sheet.where)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    if header.kind == "headline_counts":
        _tell_gaps(frame, book, sheet.where)
    return frame


def _read_rate(cell: object, where: str) -> float | None:
    text = clean(cell).replace(",", "")
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    return read_count(cell, where)


def _financial_year(year: tuple[date, date]) -> str:
    """The financial year, when the twelve months are one."""
    return f"{year[0].year}-{year[1].year % 100:02d}" if year[0].month == 4 else ""


def _find_area(header: Header, cells, book: Gazetteer, force: str) -> str:
    code, name = header.get(cells, "csp_code"), header.get(cells, "csp")
    if not name:
        return force
    return code if code in book.areas else book.partnership_named(name, force)


def _tell_wrong_codes(codes, book: Gazetteer, where: str) -> None:
    for force, seen in codes.items():
        for (code, name), number in seen.items():
            if code and code != force:
                right, other = book.areas[force].name, book.areas.get(code)
                whose = f"the code of {other.name}" if other else "no force's code"
                book.remarks.append(
                    f"{where}, row {number}: {name or right} stands under {code}, {whose}; read as {right}."
                )


def _tell_gaps(frame: pd.DataFrame, book: Gazetteer, where: str) -> None:
    """Say where the partnerships of a force don't add up to its own row."""
    for force, group, printed, parts in check_parts(frame, book).itertuples(index=False):
        if printed != parts:
            name = book.areas[force].name
            book.remarks.append(
                f"{where}: the areas of {name} add up to {parts:,.0f} {group}, its own row says {printed:,.0f}."
            )


def check_parts(frame: pd.DataFrame, book: Gazetteer) -> pd.DataFrame:
    """For each force and group its own figure (`printed`) and what its areas add up to (`parts`)."""
    known = frame.assign(force=frame["area_code"].map(lambda code: book.areas[code].force_code))
    whole = known[known["area_code"] == known["force"]].set_index(["force", "offence_group"])["count"]
    parts = known[known["area_code"] != known["force"]].groupby(["force", "offence_group"])["count"].sum(min_count=1)
    return pd.concat([whole.rename("printed"), parts.rename("parts")], axis=1).dropna().reset_index()

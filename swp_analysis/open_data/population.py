"""Mid-year populations, each with the edition it is from. In: estimates by authority or LSOA. Out: one row an area and
year.

Two editions of one mid-year differ by as much as a year's change, so a figure without an edition is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import Area, Gazetteer, plain_name
from swp_analysis.open_data.layouts import Header, read_tables
from swp_analysis.open_data.recorded_crime import read_count
from swp_analysis.open_data.sheets import PublishedSheet

COLUMNS = ["area_code", "mid_year", "population", "edition"]
CENSUS_2021, CENSUS_2011 = "census-2021", "census-2011"
FIRST_ON_CENSUS_2021 = 2021  # estimates of mid-2021 and later have only ever been published on this base
SUMS = ("country", "region", "county", "metropolitan county")
AUTHORITY = re.compile(r"[EW]0[6-9]\d{6}")


def read_population(path: Path, book: Gazetteer, edition: str = "", own: Path | None = None) -> pd.DataFrame:
    """Read populations of authorities or LSOAs in a file, an area and year a row.

    Parameters
    ----------
    edition : what the file was filed under; otherwise it is told from the years and codes that it holds.

    Raises
    ------
    InputError
        When the columns are unknown, or the edition can't be told.
    """
    read = {"population_long": _read_long, "population_wide": _read_wide, "population_lsoa": _read_lsoa}
    for header, sheet in read_tables(path, own):
        if header.kind in read:
            rows = list(read[header.kind](header, sheet, book))
            frame = pd.DataFrame(rows, columns=["area_code", "mid_year", "population"]).dropna()
            frame = frame.astype({"mid_year": int, "population": int})
            return frame.assign(edition=_find_edition(frame, header, edition, path.name))
    raise InputError(f"{path.name}: no sheet holds populations; fetch them again with swp fetch population.")


def _find_edition(frame: pd.DataFrame, header: Header, edition: str, name: str) -> str:
    if edition.startswith("census-"):
        return edition
    if frame["mid_year"].max() >= FIRST_ON_CENSUS_2021:
        return CENSUS_2021
    if header.vintage == "2011":  # LSOA 2011 went out of use with the Census 2021 base
        return CENSUS_2011
    raise InputError(
        f"{name}: these mid-years were published on the Census 2011 base and again on that of 2021, and the file "
        "doesn't "
        f"say which it is; file it with swp fetch --from FOLDER --edition {CENSUS_2021} (or {CENSUS_2011})."
    )


def _read_long(header: Header, sheet: PublishedSheet, book: Gazetteer) -> Iterator[tuple]:
    for number, cells in enumerate(sheet.rows, start=header.row + 1):
        code = header.get(cells, "code")
        if AUTHORITY.fullmatch(code):
            year = re.search(r"\d{4}", header.get(cells, "year"))
            if not year:
                raise InputError(f"{sheet.where}, row {number}: no mid-year stands in the row; write it like 2023.")
            yield code, int(year[0]), read_count(header.get(cells, "count"), f"{sheet.where}, row {number}")


def _read_wide(header: Header, sheet: PublishedSheet, book: Gazetteer) -> Iterator[tuple]:
    authorities = {
        plain_name(name): area.area_code
        for area in book.areas.values()
        if area.kind == "authority"
        for name in (*area.aliases, area.name)
    }
    unknown = []
    for number, cells in enumerate(sheet.rows, start=header.row + 1):
        name, kind = header.get(cells, "name"), header.get(cells, "kind").casefold()
        if not name or kind in SUMS:
            continue
        code = header.get(cells, "code") or authorities.get(plain_name(name), "")
        if not code:
            unknown.append(name)
        for year, column in header.years.items() if code else ():
            yield code, int(year), read_count(cells[column], f"{sheet.where}, row {number}, Mid-{year}")
    if unknown:
        book.remarks.append(
            f"{sheet.where}: no code is known for {len(unknown)} authorities ({', '.join(unknown[:3])} …), so they "
            "have no "
            "population; swp fetch areas brings the look-ups."
        )


def _read_lsoa(header: Header, sheet: PublishedSheet, book: Gazetteer) -> Iterator[tuple]:
    year = re.search(r"mid-?_?(20\d\d)", sheet.where)
    if not year:
        raise InputError(f"{sheet.where}: the name says no mid-year; rename the file so that it has, like mid2020.")
    for number, cells in enumerate(sheet.rows, start=header.row + 1):
        if code := header.get(cells, "code"):
            yield code, int(year[1]), read_count(header.get(cells, "count"), f"{sheet.where}, row {number}")


def sum_up(authorities: pd.DataFrame, book: Gazetteer) -> pd.DataFrame:
    """Add partnerships and forces to the populations of authorities; only those of which every part is known.

    A partnership that shares an authority with another has no population of its own, so it gets no row.
    """
    shared = book.shared_authorities()
    parts = [(area.area_code, code) for area in book.areas.values() for code in _parts_of(area, book, shared)]
    links = pd.DataFrame(parts, columns=["area", "area_code"])
    needed = links.groupby("area").size()
    joined = links.merge(authorities, on="area_code")
    grouped = joined.groupby(["area", "mid_year", "edition"])["population"].agg(["sum", "size"]).reset_index()
    whole = grouped[grouped["size"] == grouped["area"].map(needed)]
    sums = whole.rename(columns={"area": "area_code", "sum": "population"})[COLUMNS]
    return pd.concat([authorities[COLUMNS], sums], ignore_index=True).sort_values(COLUMNS[:2]).reset_index(drop=True)


def _parts_of(area: Area, book: Gazetteer, shared: set[str]) -> tuple[str, ...]:
    if area.kind == "csp":
        return () if shared & set(area.la_codes) else area.la_codes
    if area.kind != "force":
        return ()
    everywhere = (one for one in book.areas.values() if one.kind == "authority" and not one.valid_to)
    return tuple(one.area_code for one in everywhere if one.force_code == area.area_code)

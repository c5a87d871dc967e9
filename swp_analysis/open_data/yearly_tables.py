"""Figures of a year by area: ONS table C2, and mid-year populations. In: CSV or workbook. Out: tidy rows.

In C2 force totals stand among the partnerships; the code of a force is wrong here and there, so the name decides
and every correction is told. What the partnerships of a force add up to is held against its total. Two editions of one
mid-year differ by as much as a year's change, so a population without an edition is refused.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.catalogue.periods import financial_year_id
from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import PARTNERSHIP, Area, Gazetteer, plain_name
from swp_analysis.open_data.layouts import YEAR_ENDING, Header, PublishedTable, read_table, read_tables
from swp_analysis.open_data.offences import TOTAL
from swp_analysis.open_data.recorded_crime import COLUMNS, NOT_SUPPLIED, REPORTED, read_count

HEADLINE = "headline_counts"
POPULATION_KINDS = ("population_long", "population_wide", "population_lsoa")
POPULATION_COLUMNS = ["area_code", "mid_year", "population", "edition"]
CENSUS_2021, CENSUS_2011 = "census-2021", "census-2011"
FIRST_ON_CENSUS_2021 = 2021  # estimates of mid-2021 and later have only ever been published on this base
SUMS = ("country", "region", "county", "metropolitan county")
AUTHORITY = r"[EW]0[6-9]\d{6}"


def read_headline_table(path: Path, book: Gazetteer, edition: str, own: Path | None = None) -> pd.DataFrame:
    """Read the rows of every table C2 in a file, with the columns of recorded crime.

    Raises
    ------
    InputError
        When a title names no year, or a cell is neither a figure nor a mark for none.
    """
    found = [_read_headline(table, book, edition) for table in read_tables(path, [HEADLINE], own)]
    return pd.concat(found, ignore_index=True)


def _read_headline(table: PublishedTable, book: Gazetteer, edition: str) -> pd.DataFrame:
    year = _find_year(table.header.above, table.where)
    named = table.frame[(table.frame["force"] != "") & ~table.frame["force"].str.fullmatch(PARTNERSHIP)]
    named = named.assign(right=named["force"].map(book.force_named))
    codes = [_find_area(row, book) for row in named.to_dict("records")]
    tall = named.assign(area_code=codes).melt(["row", "area_code"], [TOTAL, *table.header.offences], "offence_group")
    tall = tall.sort_values("row", kind="stable")
    cells = tall[["value", "row", "offence_group"]].itertuples(index=False, name=None)
    counts = [read_count(cell, f"{table.where}, row {row}, {group}") for cell, row, group in cells]
    status = [NOT_SUPPLIED if count is None else REPORTED for count in counts]
    given = {"source": table.header.source, "edition": edition, "status": status, **year}
    tall = tall.assign(count=pd.Series(counts, index=tall.index), source_row=tall["row"], **given)
    _tell_wrong_codes(named, book, table.where)
    _tell_gaps(tall, book, table.where)
    return tall.reindex(columns=COLUMNS, fill_value="")


def _find_year(titles: Sequence[str], name: str) -> dict[str, Any]:
    """The twelve months that a title names; the financial year, when they are one."""
    found = next((match for title in titles if (match := YEAR_ENDING.search(title))), None)
    last = pd.to_datetime(found[1], format="%B %Y", errors="coerce") if found else pd.NaT
    if pd.isna(last):
        raise InputError(f"{name}: no title says “year ending June 2025” or the like; write it into the first row.")
    first = (last - pd.DateOffset(months=11)).date()
    ends = (last + pd.offsets.MonthEnd()).date()
    year = financial_year_id(first.year) if first.month == 4 else ""
    return {"period_start": first, "period_end": ends, "financial_year": year}


def _find_area(row: dict, book: Gazetteer) -> str:
    if not row["csp"]:
        return row["right"]
    return row["csp_code"] if row["csp_code"] in book.areas else book.partnership_named(row["csp"], row["right"])


def _tell_wrong_codes(named: pd.DataFrame, book: Gazetteer, where: str) -> None:
    wrong = named[(named["force_code"] != "") & (named["force_code"] != named["right"])]
    for row in wrong.drop_duplicates(["right", "force_code", "csp"], keep="last").to_dict("records"):
        right, other = book.areas[row["right"]].name, book.areas.get(row["force_code"])
        whose = f"the code of {other.name}" if other else "no force's code"
        book.remarks.append(
            f"{where}, row {row['row']}: {row['csp'] or right} stands under {row['force_code']}, {whose}; read as "
            f"{right}."
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
    """Give for each force and group its own figure (`printed`) and what its areas add up to (`parts`)."""
    known = frame.assign(force=frame["area_code"].map(lambda code: book.areas[code].force_code))
    whole = known[known["area_code"] == known["force"]].set_index(["force", "offence_group"])["count"]
    parts = known[known["area_code"] != known["force"]].groupby(["force", "offence_group"])["count"].sum(min_count=1)
    return pd.concat([whole.rename("printed"), parts.rename("parts")], axis=1).dropna().reset_index()


# Populations


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
    table = read_table(path, POPULATION_KINDS, own)
    spread = {"population_long": _name_years, "population_wide": _name_authorities, "population_lsoa": _date_lsoas}
    tall = spread[table.header.kind](table, book)
    places = (f"{table.where}, row {row}, mid-{year}" for row, year in zip(tall["row"], tall["year"], strict=True))
    frame = pd.DataFrame({"area_code": tall["code"], "mid_year": tall["year"].astype(int)})
    frame["population"] = [read_count(cell, where) for cell, where in zip(tall["count"], places, strict=True)]
    frame = frame.dropna().astype({"population": int})
    return frame.assign(edition=_find_edition(frame, table.header, edition, path.name))


def _name_years(table: PublishedTable, book: Gazetteer) -> pd.DataFrame:
    frame = table.frame[table.frame["code"].str.fullmatch(AUTHORITY)]
    years = frame["year"].str.extract(r"(\d{4})")[0]
    if years.isna().any():
        row = frame["row"][years.isna()].iloc[0]
        raise InputError(f"{table.where}, row {row}: no mid-year stands in the row; write it like 2023.")
    return frame.assign(year=years)


def _name_authorities(table: PublishedTable, book: Gazetteer) -> pd.DataFrame:
    authorities = {
        plain_name(name): area.area_code
        for area in book.areas.values()
        if area.kind == "authority"
        for name in (*area.aliases, area.name)
    }
    frame = table.frame[(table.frame["name"] != "") & ~table.frame["kind"].str.casefold().isin(SUMS)]
    named = frame["name"].map(plain_name).map(authorities).fillna("")
    frame = frame.assign(code=frame["code"].where(frame["code"] != "", named))
    unknown = frame.loc[frame["code"] == "", "name"].tolist()
    if unknown:
        book.remarks.append(
            f"{table.where}: no population is read of {', '.join(unknown[:3])}{' …' if unknown[3:] else ''}, whose "
            "codes are not known; swp fetch areas brings the look-ups."
        )
    years = list(table.header.years)
    return frame[frame["code"] != ""].melt(["row", "code"], years, "year", "count").sort_values("row", kind="stable")


def _date_lsoas(table: PublishedTable, book: Gazetteer) -> pd.DataFrame:
    year = re.search(r"mid-?_?(20\d\d)", table.where)
    if not year:
        raise InputError(f"{table.where}: the name says no mid-year; rename the file so that it has, like mid2020.")
    return table.frame[table.frame["code"] != ""].assign(year=year[1])


def _find_edition(frame: pd.DataFrame, header: Header, edition: str, name: str) -> str:
    if edition.startswith("census-"):
        return edition
    if frame["mid_year"].max() >= FIRST_ON_CENSUS_2021:
        return CENSUS_2021
    if header.vintage == "2011":  # LSOA 2011 went out of use with the Census 2021 base
        return CENSUS_2011
    raise InputError(
        f"{name}: these mid-years were published on the Census 2011 base and again on that of 2021, and the file "
        f"doesn't say which it is; file it with swp fetch --from FOLDER --edition {CENSUS_2021} (or {CENSUS_2011})."
    )


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
    sums = whole.rename(columns={"area": "area_code", "sum": "population"})[POPULATION_COLUMNS]
    return (
        pd.concat([authorities[POPULATION_COLUMNS], sums], ignore_index=True)
        .sort_values(POPULATION_COLUMNS[:2])
        .reset_index(drop=True)
    )


def _parts_of(area: Area, book: Gazetteer, shared: set[str]) -> tuple[str, ...]:
    if area.kind == "csp":
        return () if shared & set(area.la_codes) else area.la_codes
    if area.kind != "force":
        return ()
    everywhere = (one for one in book.areas.values() if one.kind == "authority" and not one.valid_to)
    return tuple(one.area_code for one in everywhere if one.force_code == area.area_code)

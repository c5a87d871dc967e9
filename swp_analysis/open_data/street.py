"""data.police.uk by small area and month. In: street, outcomes, stop-and-search files. Out: counts by unit and type.

An area is chosen by the LSOA code of a row, never by its LSOA name or the force that sent it. A month that is missing,
and a type that is missing from a month that is there, are `not_supplied`; only what a supplied month lacks is zero.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import Gazetteer
from swp_analysis.open_data.layouts import read_table
from swp_analysis.open_data.recorded_crime import NOT_SUPPLIED, REPORTED
from swp_analysis.open_data.small_areas import Outline, contains, find_vintage

ANTI_SOCIAL = "Anti-social behaviour"
STREET_KINDS = ("street", "outcomes", "stop_and_search")
SEEN_COLUMNS = ["kind", "force_code", "month", "lsoa", "crime_type", "count", "vintage"]
COLUMNS = ["unit_code", "ward_code", "month", "crime_type", "count", "vintage", "status", "source", "edition"]
EXPECTED = 20  # a type with as many in an ordinary month of the force isn't simply absent from one
NAMED = re.compile(r"(?P<month>\d{4}-\d{2})-(?P<force>[a-z-]+?)-(?P<kind>street|outcomes|stop-and-search)\.csv")
OF_POLICE = re.compile(r"\b(police service|police|constabulary|service)\b", re.IGNORECASE)
AIRY = 6377563.396, 6356256.909
WGS84 = 6378137.0, 6356752.314245
SCALE, LAT0, LON0, EAST0, NORTH0 = 0.9996012717, np.radians(49), np.radians(-2), 400_000, -100_000
SHIFT = np.array([446.448, -125.157, 542.060])
TURN = np.radians(np.array([0.1502, 0.2470, 0.8421]) / 3600)
STRETCH = 1 - 20.4894e-6


def read_street_file(
    path: Path, book: Gazetteer, units: pd.DataFrame, outlines: Sequence[Outline] = (), own: Path | None = None
) -> pd.DataFrame:
    """Count the months and forces of a file by LSOA and type; a row without a location has an empty LSOA.

    `outlines`: LSOAs in which the points of the 2011 layout are looked up, since it has no codes.

    Raises
    ------
    InputError
        When columns are unknown, a row was cut off, or a stop-and-search file's name doesn't say its force.
    """
    table = read_table(path, STREET_KINDS, own)
    if table.header.kind == "stop_and_search":
        return _count_stops(path, table.frame, book)
    if table.short:
        raise InputError(
            f"{path.name}, row {table.short[0]}: a row has too few columns; the file was cut off, so fetch it again."
        )
    if table.frame.empty:
        raise InputError(f"{path.name} has headings and no row below them, which no month is; fetch it again.")
    points = "lsoa" not in table.header.columns and "easting" in table.header.columns
    frame = table.frame.assign(lsoa=_locate(table.frame, outlines)) if points else table.frame
    counts = frame.groupby(["reported_by", "month", "lsoa", "crime_type"]).size().rename("count").reset_index()
    months = [rows for _, rows in counts.groupby(["reported_by", "month"])]
    named = [_name_month(rows, book, units, outlines if points else (), path.name) for rows in months]
    return pd.concat(named, ignore_index=True).assign(kind=table.header.kind)[SEEN_COLUMNS]


def _name_month(
    rows: pd.DataFrame, book: Gazetteer, units: pd.DataFrame, outlines: Sequence[Outline], where: str
) -> pd.DataFrame:
    """The rows of one month of a force, with its code and the vintage of their LSOAs."""
    name, month = rows["reported_by"].iloc[0], rows["month"].iloc[0]
    if not re.fullmatch(r"\d{4}-\d{2}", month):
        raise InputError(f"{where}: “{month}” is no month; write it like 2024-05.")
    drawn = outlines[0].vintage.removeprefix("LSOA") if outlines else ""
    vintage = drawn or find_vintage(units, rows["lsoa"].unique(), f"{where}, {month}")
    return rows.assign(force_code=_force(name, book, where), vintage=vintage)


def _force(name: str, book: Gazetteer, where: str) -> str:
    try:
        return book.force_named(OF_POLICE.sub("", name).strip() or name)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _locate(frame: pd.DataFrame, outlines: Sequence[Outline]) -> pd.Series:
    """The LSOA in whose outline each point of the 2011 layout lies; empty when in none."""
    x, y = to_degrees(pd.to_numeric(frame["easting"]).to_numpy(), pd.to_numeric(frame["northing"]).to_numpy())
    lsoa = pd.Series("", index=frame.index)
    for outline in outlines:
        corners = np.concatenate(outline.rings)
        (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
        near = np.flatnonzero((x >= left) & (x <= right) & (y >= low) & (y <= high))
        lsoa.iloc[near[contains(outline.rings, x[near], y[near])]] = outline.code
    return lsoa


def _count_stops(path: Path, frame: pd.DataFrame, book: Gazetteer) -> pd.DataFrame:
    named = NAMED.search(path.name)
    if not named:
        raise InputError(
            f"{path.name}: the file says no force; name it like 2016-01-city-of-london-stop-and-search.csv."
        )
    force = _force(named["force"].replace("-", " "), book, path.name)
    counts = frame["crime_type"].replace("", "nothing recorded").value_counts().reset_index()
    named_by = {"kind": "stop_and_search", "force_code": force, "month": named["month"], "lsoa": "", "vintage": ""}
    return counts.assign(**named_by)[SEEN_COLUMNS]


# From files to areas


def assemble(seen: pd.DataFrame, book: Gazetteer, units: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give the counts of every partnership whose force sent files, and of each force as a whole, by code.

    `seen`: what `read_street_file` gave for one kind of file, with `source` and `edition`; the newest of each month.
    """
    newest = seen.groupby(["force_code", "month"])["edition"].transform("max") == seen["edition"]
    seen = seen[newest].reset_index(drop=True)
    seen = seen.merge(units, "left", left_on=["vintage", "lsoa"], right_on=["vintage", "lsoa_code"])
    seen = seen.assign(unit_code=seen["unit_code"].fillna(seen["lsoa"]), ward_code=seen["ward_code"].fillna(""))
    partnerships = {la: area.area_code for area in book.areas.values() if area.kind == "csp" for la in area.la_codes}
    owner = seen["la_code"].map(partnerships)
    tables = {}
    for force, rows in seen.groupby("force_code"):
        gaps = _gaps(rows)
        tables[str(force)] = _finish(rows.assign(unit_code="", ward_code=""), gaps)
        for area, own in rows.groupby(owner[rows.index]):
            if book.areas[str(area)].force_code == force:
                tables[str(area)] = _finish(own, gaps)
    return tables


def _gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """What a force didn't send between its first and last month: whole months (no type), and types within a month."""
    source, edition = rows["source"].iloc[0], rows["edition"].max()
    months = [str(month) for month in pd.period_range(rows["month"].min(), rows["month"].max(), freq="M")]
    there = set(rows["month"])
    missing = [(month, "") for month in months if month not in there]
    counts = rows.pivot_table(index="month", columns="crime_type", values="count", aggfunc="sum", fill_value=0)
    for kind in counts.columns:
        sent = counts.index[counts[kind] > 0]
        within = counts[(counts.index >= sent.min()) & (counts.index <= sent.max())][kind]
        usual = within[within > 0].median()
        # A type that forces always have is missed at the ends of the span too.
        looked_at = counts[kind] if kind == ANTI_SOCIAL else within
        missing += [(str(month), kind) for month, n in looked_at.items() if n == 0 and usual >= EXPECTED]
    frame = pd.DataFrame(missing, columns=["month", "crime_type"])
    nothing = dict.fromkeys(("unit_code", "ward_code", "vintage"), "")
    return frame.assign(**nothing, count=None, source=source, edition=edition, status=NOT_SUPPLIED)


def _finish(rows: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """The sums of the rows by unit, month and type, and what was not supplied."""
    keys = ["unit_code", "ward_code", "month", "crime_type", "vintage", "source", "edition"]
    counts = rows.groupby(keys).agg({"count": "sum"}).reset_index().assign(status=REPORTED)
    frame = pd.concat([counts, gaps], ignore_index=True) if len(gaps) else counts
    frame["count"] = frame["count"].astype("Int64")
    return frame[COLUMNS].sort_values(["month", "crime_type", "unit_code"]).reset_index(drop=True)


def to_degrees(easting: np.ndarray, northing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give longitude and latitude in degrees of points in metres of the National Grid.

    >>> [round(float(value[0]), 3) for value in to_degrees(np.array([391500.0]), np.array([298700.0]))]
    [-2.127, 52.586]

    Source: Krueger 1912 (series to the third order); Ordnance Survey, A guide to coordinate systems in Great Britain.
    """
    longitude, latitude = _unproject(np.asarray(easting, float), np.asarray(northing, float))
    (a, b), e2 = AIRY, 1 - (AIRY[1] / AIRY[0]) ** 2
    radius = a / np.sqrt(1 - e2 * np.sin(latitude) ** 2)
    flat = radius * np.cos(latitude)
    place = np.array([flat * np.cos(longitude), flat * np.sin(longitude), (b / a) ** 2 * radius * np.sin(latitude)])
    x, y, z = SHIFT[:, None] + STRETCH * place + np.cross(TURN, place, axisb=0).T
    (a, b), e2 = WGS84, 1 - (WGS84[1] / WGS84[0]) ** 2
    for _ in range(6):  # each step divides the error by more than a hundred
        above = e2 * a / np.sqrt(1 - e2 * np.sin(latitude) ** 2) * np.sin(latitude)
        latitude = np.arctan2(z + above, np.hypot(x, y))
    return np.degrees(np.arctan2(y, x)), np.degrees(latitude)


def _unproject(easting: np.ndarray, northing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude on Airy's ellipsoid, in radians."""
    a, b = AIRY
    n = (a - b) / (a + b)
    radius = SCALE * a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    arc = LAT0 - (3 / 2 * n - 9 / 16 * n**3) * np.sin(2 * LAT0) + 15 / 16 * n**2 * np.sin(4 * LAT0)
    plane = arc - 35 / 48 * n**3 * np.sin(6 * LAT0) + (northing - NORTH0 + 1j * (easting - EAST0)) / radius
    back = n / 2 - 2 / 3 * n**2 + 37 / 96 * n**3, n**2 / 48 + n**3 / 15, 17 / 480 * n**3
    plane = plane - sum(part * np.sin(2 * at * plane) for at, part in enumerate(back, start=1))
    chi = np.arcsin(np.sin(plane.real) / np.cosh(plane.imag))
    rise = 2 * n - 2 / 3 * n**2 - 2 * n**3, 7 / 3 * n**2 - 8 / 5 * n**3, 56 / 15 * n**3
    latitude = chi + sum(part * np.sin(2 * at * chi) for at, part in enumerate(rise, start=1))
    return LON0 + np.arctan2(np.sinh(plane.imag), np.cos(plane.real)), latitude

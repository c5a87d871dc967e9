"""Units that both LSOA vintages share, their wards, outlines and deprivation. In: ONS look-ups. Out: one row a unit.

Codes of 2011 and 2021 are never joined as they stand: what was split or merged makes one common unit.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from swp_analysis.errors import InputError
from swp_analysis.open_data.layouts import read_table, read_tables
from swp_analysis.open_data.sheets import read_map

JOINED = "U"  # before the code of a unit that is more than one LSOA
VINTAGES = ("2011", "2021")
WARD = ["ward_code", "ward"]
UNIT_COLUMNS = "vintage lsoa_code unit_code la_code ward_code ward ward_vintage".split()


def find_vintage(units: pd.DataFrame, codes: Iterable[str], where: str) -> str:
    """Say which vintage the LSOA codes of one file are of; "2011" when they are the same in both.

    Raises
    ------
    InputError
        When the file mixes them, which no published file does.
    """
    seen = units[units["lsoa_code"].isin(list(codes))]
    only = seen[~seen.duplicated("lsoa_code", keep=False)].groupby("vintage")["lsoa_code"].min()
    if len(only) > 1:
        raise InputError(
            f"{where}: LSOA codes of 2011 ({only['2011']}) and of 2021 ({only['2021']}) stand in one file; it was put "
            "together from two, so file each on its own."
        )
    return "2021" if "2021" in only else "2011"


def read_small_areas(exact: Iterable[Path], wards: Iterable[Path], own: Path | None = None) -> pd.DataFrame:
    """Read the LSOAs of 2011 and 2021 with the common unit that each lies in, from exact-fit look-ups, and its ward and
    authority, from the newest best-fit look-up; a unit that spans two wards has none. Columns are `UNIT_COLUMNS`.

    Raises
    ------
    InputError
        For a look-up whose columns are unknown.
    """
    pairs = _read_lookups(exact, "lsoa_lookup", own, vintage="2011", lsoa_code="lsoa11")
    placed = _read_lookups(wards, "ward_lookup", own, vintage="2021", lsoa_code="lsoa21")
    units = _connect(pairs)
    units = pd.concat([units, placed.assign(unit_code=placed["lsoa_code"])[units.columns]])
    units = units.drop_duplicates(["vintage", "lsoa_code"], ignore_index=True)
    told = pd.concat([pairs, placed]).merge(units)
    newest = told[(told["vintage"] == "2021") & (told["looked_up"] == placed["looked_up"].max())]
    in_one_ward = newest.drop_duplicates(["unit_code", *WARD]).drop_duplicates("unit_code", keep=False)
    found = units.merge(told.drop_duplicates("unit_code", keep="last")[["unit_code", "la_code"]], "left")
    found = found.merge(in_one_ward[["unit_code", *WARD]], "left").fillna("")
    return found.assign(ward_vintage=placed["looked_up"].max() if len(placed) else "")[UNIT_COLUMNS]


def _read_lookups(paths: Iterable[Path], kind: str, own: Path | None, vintage: str, lsoa_code: str) -> pd.DataFrame:
    """The rows of look-ups of a kind, the newest last, with their LSOA of a `vintage`; `looked_up`: of which vintage a
    look-up itself is."""
    tables = sorted(
        (table for path in paths for table in read_tables(path, [kind], own)), key=lambda t: t.header.vintage
    )
    empty = pd.DataFrame(columns=["lsoa11", "lsoa21", "la_code", *WARD, "looked_up"])
    rows = pd.concat([empty, *(table.frame.assign(looked_up=table.header.vintage) for table in tables)])
    return rows.assign(vintage=vintage, lsoa_code=rows[lsoa_code])


def _connect(pairs: pd.DataFrame) -> pd.DataFrame:
    """Give LSOAs that are connected by splits and merges one unit, named after its first code of 2011."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joined = pairs[(pairs["lsoa11"] != "") & (pairs["lsoa21"] != "")]
    ends = [VINTAGES[0] + joined["lsoa11"], VINTAGES[1] + joined["lsoa21"]]
    nodes, places = np.unique(np.array(ends, dtype=str), return_inverse=True)
    old, new = places.reshape(2, -1)
    links = coo_array((np.ones(len(old)), (old, new)), shape=(len(nodes), len(nodes)))
    frame = pd.DataFrame({"vintage": [node[:4] for node in nodes], "lsoa_code": [node[4:] for node in nodes]})
    label = connected_components(links, directed=False)[1]
    members = frame.groupby(label)["lsoa_code"]  # in the order of their codes, those of 2011 first
    first = members.transform("first").astype(str)
    frame["unit_code"] = first.where(members.transform("nunique") == 1, JOINED + first)
    return frame.iloc[np.lexsort([label, frame["vintage"].to_numpy()])]


# Outlines


@dataclass(frozen=True)
class Outline:
    """The rings of one area in degrees, and the vintage of its code."""

    code: str
    vintage: str
    rings: tuple[np.ndarray, ...]


def read_outlines(path: Path) -> list[Outline]:
    """Read the areas of a GeoJSON file of wards or LSOAs.

    Raises
    ------
    InputError
        When features carry no code that says its vintage, such as LSOA21CD or WD24CD.
    """
    outlines = []
    for feature in read_map(path)["features"]:
        properties, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
        key = next((name for name in properties if re.fullmatch(r"(LSOA|WD)\d\dCD", name)), "")
        if not key:
            raise InputError(
                f"{path.name}: a feature has no LSOA21CD or WD24CD; fetch boundaries with swp fetch areas."
            )
        polygons = geometry.get("coordinates") or []
        polygons = [polygons] if geometry.get("type") == "Polygon" else polygons
        rings = tuple(np.asarray(ring, dtype=float)[:, :2] for polygon in polygons for ring in polygon)
        outlines.append(Outline(str(properties[key]), f"{key[:-4]}20{key[-4:-2]}", rings))
    return outlines


def contains(rings: Iterable[np.ndarray], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Say which points lie inside rings, holes left out (even-odd rule)."""
    inside = np.zeros(len(x), dtype=bool)
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            crosses = (ay > y) != (by > y)
            with np.errstate(divide="ignore", invalid="ignore"):
                inside ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return inside


def read_deprivation(path: Path, own: Path | None = None) -> pd.DataFrame:
    """Rank and decile of each LSOA, with the vintage of its codes: `lsoa_code, vintage, rank, decile`.

    Raises
    ------
    InputError
        When the columns are unknown.
    """
    table = read_table(path, ["deprivation"], own)
    frame = table.frame[table.frame["lsoa"] != ""].rename(columns={"lsoa": "lsoa_code"})
    frame = frame.assign(vintage=table.header.vintage)[["lsoa_code", "vintage", "rank", "decile"]]
    return frame.astype({"rank": float, "decile": float}).astype({"rank": int, "decile": int})

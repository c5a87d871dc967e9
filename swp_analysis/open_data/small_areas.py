"""Units that both LSOA vintages share, their wards, outlines and deprivation. In: ONS look-ups. Out: one row a unit.

Codes of 2011 and 2021 are never joined as they stand: what was split or merged makes one common unit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from swp_analysis.errors import InputError
from swp_analysis.open_data.layouts import PublishedTable, read_table, read_tables
from swp_analysis.open_data.sheets import read_map

JOINED = "U"  # before the code of a unit that is more than one LSOA
VINTAGES = ("2011", "2021")
UNIT_COLUMNS = "vintage lsoa_code unit_code la_code ward_code ward ward_vintage".split()


@dataclass
class SmallAreas:
    """Common units of LSOA 2011 and 2021: `units` by vintage and code, and what each unit lies in."""

    units: dict[str, dict[str, str]] = field(default_factory=lambda: {vintage: {} for vintage in VINTAGES})
    authorities: dict[str, str] = field(default_factory=dict)
    # unit -> ward code and name; none when it spans two
    wards: dict[str, tuple[str, str]] = field(default_factory=dict)
    ward_vintage: str = ""

    def vintage_of(self, codes: Iterable[str], where: str) -> str:
        """Say which vintage the LSOA codes of one file are of; "2011" when they are the same in both.

        Raises
        ------
        InputError
            When the file mixes them, which no published file does.
        """
        seen = {code for code in codes if code}
        only_2011 = seen & (self.units["2011"].keys() - self.units["2021"].keys())
        only_2021 = seen & (self.units["2021"].keys() - self.units["2011"].keys())
        if only_2011 and only_2021:
            raise InputError(
                f"{where}: LSOA codes of 2011 ({min(only_2011)}) and of 2021 ({min(only_2021)}) stand in one file; "
                "it was put together from two, so file each on its own."
            )
        return "2021" if only_2021 else "2011"


def read_small_areas(exact: Iterable[Path], wards: Iterable[Path], own: Path | None = None) -> SmallAreas:
    """Read common units from exact-fit look-ups, with wards from the newest best-fit look-up.

    Raises
    ------
    InputError
        For a look-up whose columns are unknown.
    """
    areas, fields = SmallAreas(), ["lsoa11", "lsoa21", "la_code"]
    frames = [table.frame[fields] for path in exact for table in read_tables(path, ["lsoa_lookup"], own)]
    _connect([pair for frame in frames for pair in frame.itertuples(index=False, name=None)], areas)
    best_fit = [table for path in wards for table in read_tables(path, ["ward_lookup"], own)]
    for table in sorted(best_fit, key=lambda one: one.header.vintage):
        _enter_wards(table, areas)
    return areas


def _connect(pairs: list[tuple[str, str, str]], areas: SmallAreas) -> None:
    """Give LSOAs that are connected by splits and merges one unit, named after its first code of 2011."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joined = [(VINTAGES[0] + old, VINTAGES[1] + new) for old, new, _ in pairs if old and new]
    nodes, places = np.unique(np.array(joined, dtype=str).ravel(), return_inverse=True)
    old, new = places.reshape(-1, 2).T
    links = coo_array((np.ones(len(old)), (old, new)), shape=(len(nodes), len(nodes)))
    members = pd.Series(nodes).groupby(connected_components(links, directed=False)[1])
    for _, own in members:  # in the order of their codes, those of 2011 first
        first = own.iloc[0][4:]
        unit = first if own.str[4:].nunique() == 1 else JOINED + first
        for node in own:
            areas.units[node[:4]][node[4:]] = unit
    areas.authorities.update({areas.units["2011"][old]: authority for old, _, authority in pairs if old})


def _enter_wards(table: PublishedTable, areas: SmallAreas) -> None:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in table.frame.to_dict("records"):
        unit = areas.units["2021"].setdefault(row["lsoa21"], row["lsoa21"])
        found[unit].add((row["ward_code"], row["ward"]))
        areas.authorities[unit] = row["la_code"]
    areas.wards = {unit: next(iter(wards)) for unit, wards in found.items() if len(wards) == 1}
    areas.ward_vintage = table.header.vintage


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
